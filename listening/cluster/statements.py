"""The different statements among the utterances: what is the same counts once for shape, every voice for size."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating]
Ints = NDArray[np.intp]

SAME = 0.97
"""Two statements of one voice at least this close (cosine) are the same said twice. Opposite claims can lie at 0.85."""


@dataclass(frozen=True, slots=True)
class Statements:
    """The different statements among n utterances, m of them, in the order of their keys."""

    of_row: Ints  # (n,) which statement each utterance makes
    points: Floats  # (m, d) float64
    keys: tuple[str, ...]  # (m,)
    texts: tuple[str, ...]  # (m,)
    voices: tuple[frozenset[str], ...]  # (m,) who said it
    rows: Ints  # (m,) how many utterances make it


def gather(
    vectors: NDArray[np.float32], keys: Sequence[str], voices: Sequence[str], texts: Sequence[str]
) -> Statements:
    """Put the same words together, by key or vector, and for one voice also what is nearly the same."""
    of_row, firsts = _same_words(vectors, keys)
    of_statement = _same_again(vectors[firsts], [texts[row] for row in firsts], _said_by(of_row, voices))
    kept = np.unique(of_statement)
    of_row = np.searchsorted(kept, of_statement[of_row])
    firsts = [firsts[statement] for statement in kept]
    said_by: list[set[str]] = [set() for _ in firsts]
    for row, statement in enumerate(of_row):
        said_by[statement].add(voices[row])
    return Statements(
        of_row=of_row,
        points=vectors[firsts].astype(np.float64),
        keys=tuple(keys[row] for row in firsts),
        texts=tuple(texts[row] for row in firsts),
        voices=tuple(map(frozenset, said_by)),
        rows=np.bincount(of_row, minlength=len(firsts)),
    )


def chosen(keys: Sequence[str], most: int) -> Ints:
    """At most so many of the statements, in their order. The hash of the key chooses, so a new one changes little."""
    if len(keys) <= most:
        return np.arange(len(keys))
    hashes = [hashlib.sha256(key.encode()).digest() for key in keys]
    return np.sort(np.array(sorted(range(len(keys)), key=hashes.__getitem__)[:most], dtype=np.intp))


def _same_words(vectors: NDArray[np.float32], keys: Sequence[str]) -> tuple[Ints, list[int]]:
    """The statement of each row, in the order of keys, and the first row of each statement."""
    order = sorted(range(len(keys)), key=lambda row: (keys[row], vectors[row].tobytes()))
    by_key: dict[str, int] = {}
    by_vector: dict[bytes, int] = {}
    of_row = np.zeros(len(keys), dtype=np.intp)
    firsts: list[int] = []
    for row in order:
        if keys[row] not in by_key:
            by_key[keys[row]] = by_vector.setdefault(vectors[row].tobytes(), len(firsts))
            if by_key[keys[row]] == len(firsts):
                firsts.append(row)
        of_row[row] = by_key[keys[row]]
    return of_row, firsts


def _said_by(of_row: Ints, voices: Sequence[str]) -> list[list[int]]:
    """The statements of each voice, in order, of the voices that made more than one."""
    said: dict[str, set[int]] = {}
    for statement, voice in zip(of_row.tolist(), voices, strict=True):
        said.setdefault(voice, set()).add(statement)
    return sorted(sorted(own) for own in said.values() if len(own) > 1)


def _same_again(vectors: NDArray[np.float32], texts: Sequence[str], said: Sequence[Sequence[int]]) -> Ints:
    """For each statement the first one of which it is nearly a copy, by a voice that made both; mostly itself."""
    copy_of = np.arange(len(vectors))
    for own in said:
        firsts: list[int] = []
        words: dict[str, int] = {}
        for statement in own:
            folded = " ".join(re.findall(r"\w+", texts[statement].casefold()))
            first = words.get(folded) if folded else None
            if first is None and firsts:
                cosines = vectors[firsts] @ vectors[statement]
                first = firsts[int(cosines.argmax())] if cosines.max() >= SAME else None
            if first is None:
                firsts.append(statement)
                words[folded] = statement
            elif copy_of[statement] == statement:  # two voices may each see a copy: the first by order decides
                copy_of[statement] = copy_of[first]
    while (copy_of[copy_of] != copy_of).any():
        copy_of = copy_of[copy_of]
    return copy_of
