"""How sure the clusters are: how firmly each statement belongs, and how often a cluster survives leaving people out."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from listening.cluster.consensus import agreed
from listening.cluster.joining import BLOCK, grouped_by_closeness, groups, joined, near_ones, settled
from listening.cluster.space import connected
from listening.cluster.statements import Statements
from listening.cluster.views import ON_ITS_OWN, SMALLEST, look_through

Floats = NDArray[np.floating]
Ints = NDArray[np.intp]

FOLDS = 10
"""Every conversation is left out once, together with about a tenth of all."""

SURVIVES = 0.5
"""The least Jaccard overlap of a cluster's remaining statements with a cluster found without those left out."""


@dataclass(frozen=True, slots=True)
class Look:
    """One look at some of the statements: where they lay, and what every view of them saw."""

    fitted: Ints  # (f,) which statements
    spaces: tuple[Floats, ...]  # (f, any), unit length
    pairs: Ints  # (e, 2) neighbours among them
    seen: Ints  # (views, f)


def strengths(points: Floats, looks: Sequence[Look], labels: Ints) -> NDArray[np.float32]:
    """For each statement the mean share of views that see it with the others of its cluster.

    One that joined by nearness alone counts as seen by one view; one that is a cluster by itself has all of them. A
    statement that no view saw, because there are so many, has the strength of the nearest one seen in its cluster.
    """
    found = np.zeros(len(labels), dtype=np.float32)
    looked = np.zeros(len(labels), dtype=bool)
    for look in looks:
        found[look.fitted] = _shares(look.seen, labels[look.fitted])
        looked[look.fitted] = True
    for members in groups(labels):
        fitted, others = members[looked[members]], members[~looked[members]]
        if len(members) == 1:
            found[members] = 1
        elif not len(fitted):
            found[members] = 1 / max(1, *(len(look.seen) for look in looks)) if looks else 1
        else:
            for start in range(0, len(others), BLOCK):
                block = others[start : start + BLOCK]
                found[block] = found[fitted[(points[block] @ points[fitted].T).argmax(axis=1)]]
    return found


def _shares(seen: Ints, labels: Ints) -> Floats:
    shares = np.zeros(len(labels))
    for members in groups(labels):
        together = np.zeros(len(members))
        for view in seen[:, members]:
            counts = np.bincount(view + 1)
            together += np.where(view == ON_ITS_OWN, 0, counts[view + 1] - 1)
        share = together / max(1, len(members) - 1) / len(seen)
        shares[members] = np.clip(share, 1 / len(seen), 1)
    return shares


def survival(
    said: Statements,
    look: Look,
    labels: Ints,
    voices: Sequence[str],
    conversations: Sequence[str],
    *,
    min_voices: int,
) -> Floats:
    """For each cluster the share of folds it survives, shape (k,).

    Each fold leaves out the conversations whose ids hash to it, draws the tree and the views of `look` again from the
    neighbours that remain, and forms clusters as before. The space in which they lie stays: this asks whether a cluster
    hangs on few conversations, not whether another map of meaning would show it. Costs about two to three syntheses,
    whatever the number of utterances: only fitted statements take part. A cluster that has none of them gets NaN.
    """
    folds = np.array([_fold(conversation) for conversation in conversations], dtype=np.intp)
    clusters = int(labels.max(initial=ON_ITS_OWN)) + 1
    survived = np.zeros(clusters)
    own = labels[look.fitted]
    used = np.unique(folds)
    for fold in used:
        here = _without(said, look.fitted, voices, folds != fold)
        kept = np.flatnonzero(here.rows > 0)
        again = _again(look, here, kept, min_voices)
        survived += _matched(own[kept], again, clusters)
    known = np.bincount(own[own >= 0], minlength=clusters) > 0
    return np.where(known, survived / max(1, len(used)), np.nan)


def _fold(conversation: str) -> int:
    return int.from_bytes(hashlib.sha256(conversation.encode()).digest()[:8], "big") % FOLDS


def _without(said: Statements, fitted: Ints, voices: Sequence[str], kept: NDArray[np.bool_]) -> Statements:
    """The fitted statements, with the voices and utterances that remain."""
    place = np.full(len(said.points), -1)
    place[fitted] = np.arange(len(fitted))
    remaining: list[set[str]] = [set() for _ in fitted]
    rows = np.zeros(len(fitted), dtype=np.intp)
    for row in np.flatnonzero(kept & (place[said.of_row] >= 0)).tolist():
        statement = place[said.of_row[row]]
        remaining[statement].add(voices[row])
        rows[statement] += 1
    return replace(said, points=said.points[fitted], voices=tuple(map(frozenset, remaining)), rows=rows)


def _again(look: Look, said: Statements, kept: Ints, min_voices: int) -> Ints:
    """The clusters of the statements kept."""
    points = said.points[kept]
    here = replace(said, points=points, voices=tuple(said.voices[index] for index in kept), rows=said.rows[kept])
    labels = np.full(len(kept), ON_ITS_OWN)
    if len(kept) >= 2 * SMALLEST and len(look.spaces):
        spaces = [space[kept] for space in look.spaces]
        place = np.full(len(said.points), -1)
        place[kept] = np.arange(len(kept))
        pairs = place[look.pairs]
        pairs = connected(spaces[-1], pairs[(pairs >= 0).all(axis=1)])
        labels = near_ones(points, agreed(look_through(spaces, pairs)))
    return settled(grouped_by_closeness(points, joined(points, labels)), here, min_voices)


def _matched(before: Ints, after: Ints, clusters: int) -> NDArray[np.bool_]:
    """Which clusters have one among those after that overlaps enough."""
    both = (before >= 0) & (after >= 0)
    counts = np.zeros((clusters, int(after.max(initial=ON_ITS_OWN)) + 1))
    np.add.at(counts, (before[both], after[both]), 1)
    sizes = np.bincount(before[before >= 0], minlength=clusters)[:, None]
    sizes_after = np.bincount(after[after >= 0], minlength=counts.shape[1])
    overlap = counts / np.maximum(sizes + sizes_after - counts, 1)
    matched: NDArray[np.bool_] = overlap.max(axis=1, initial=0) >= SURVIVES
    return matched
