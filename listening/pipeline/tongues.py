"""Utterances in several languages: told apart, brought together where the model can, and grouped."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from listening.cluster import FOLDS, ON_ITS_OWN, Clustering, cluster, survival
from listening.domain import UtteranceLanguage
from listening.embed import Encoder
from listening.languages import centred, joined_languages, kept_apart, languages_of
from listening.weights import ENCODER_SHA256

DETECTOR = f"py3langid {version('py3langid')}, 1"  # count up when the same words would be told apart differently


class Said(Protocol):
    """What is needed of an utterance."""

    @property
    def id(self) -> str:
        """Its id."""

    @property
    def text(self) -> str:
        """Its words."""

    @property
    def text_sha256(self) -> str:
        """The hash of its words."""

    @property
    def voice_id(self) -> str:
        """Who said it."""

    @property
    def conversation_id(self) -> str:
        """The conversation it comes from."""

    @property
    def stated_language(self) -> str | None:
        """What is known about the language of that conversation."""


@dataclass(frozen=True, slots=True)
class Grouping:
    """The clusters of n utterances of all languages: as `Clustering`, with how often each of k clusters survives."""

    labels: NDArray[np.intp]
    strengths: NDArray[np.float32]
    nearest: NDArray[np.intp]
    nearness: NDArray[np.float32]
    centres: NDArray[np.float32]
    survival: tuple[float | None, ...]  # None where there are too few conversations to leave a tenth out
    parameters: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Spoken:
    """How n utterances are to be grouped: by these vectors, shape (n, d), each part of the rows for itself."""

    languages: tuple[str | None, ...]
    vectors: NDArray[np.float32]
    parts: tuple[NDArray[np.intp], ...]
    notes: tuple[str, ...]


def arrange(vectors: NDArray[np.float32], statements: Sequence[Said], encoder: Encoder) -> Spoken:
    """Tell the languages, and what this encoder can bring together: all-MiniLM-L6-v2 none, any other by trying."""
    languages = languages_of(
        [statement.text for statement in statements],
        [statement.conversation_id for statement in statements],
        [statement.stated_language for statement in statements],
    )
    known: Any = encoder
    joined = _joined(known) if statements else frozenset()
    apart = kept_apart(languages, joined)
    return Spoken(
        languages=tuple(languages),
        vectors=centred(vectors, languages) if joined else vectors,
        parts=apart.parts,
        notes=tuple(note for note in (encoder.note if statements else None, apart.note) if note),
    )


@functools.lru_cache(maxsize=1)
def _joined(encoder: Any) -> frozenset[str]:
    """The languages that this encoder joins: tried once, or known."""
    return frozenset() if encoder.model.weights_sha256 == ENCODER_SHA256 else joined_languages(encoder.encode)


def rows_of(run_id: str, statements: Sequence[Said], spoken: Spoken) -> list[UtteranceLanguage]:
    """The rows that record what was told of each utterance's language."""
    return [
        UtteranceLanguage(run_id, statement.id, language)
        for statement, language in zip(statements, spoken.languages, strict=True)
    ]


def group(spoken: Spoken, statements: Sequence[Said], *, min_voices: int) -> Grouping:
    """Cluster each part for itself, and number the clusters of all parts by voices, then utterances, then key.

    An utterance on its own is near a cluster of its own part only. How often a cluster survives is tried where there
    are conversations enough to leave a tenth of them out.
    """
    found = [_cluster(spoken.vectors[rows], [statements[row] for row in rows], min_voices) for rows in spoken.parts]
    if not found:
        found = [_cluster(spoken.vectors, [], min_voices)]
    parts = spoken.parts or (np.empty(0, dtype=np.intp),)
    firsts = np.cumsum([0, *(len(part.centres) for part, _ in found)])
    labels = _gathered(parts, [_moved(part.labels, first) for (part, _), first in zip(found, firsts, strict=False)])
    nearest = _gathered(parts, [_moved(part.nearest, first) for (part, _), first in zip(found, firsts, strict=False)])
    order = _by_size(labels, statements, count=int(firsts[-1]))
    ranks = np.append(np.argsort(order), ON_ITS_OWN)  # the last is what -1 is looked up as
    survived = [share for _, shares in found for share in shares]
    return Grouping(
        labels=ranks[labels],
        strengths=_gathered(parts, [part.strengths for part, _ in found]),
        nearest=ranks[nearest],
        nearness=_gathered(parts, [part.nearness for part, _ in found]),
        centres=np.concatenate([part.centres for part, _ in found])[order],
        survival=tuple(survived[label] for label in order),
        parameters={"parts": [dict(part.parameters) for part, _ in found]},
    )


def _cluster(
    vectors: NDArray[np.float32], statements: Sequence[Said], min_voices: int
) -> tuple[Clustering, list[float | None]]:
    """The clusters of one part, and how often each survives."""
    voices = [statement.voice_id for statement in statements]
    conversations = [statement.conversation_id for statement in statements]
    found = cluster(
        vectors,
        [statement.text_sha256 for statement in statements],
        voices,
        [statement.text for statement in statements],
        min_voices=min_voices,
    )
    if len(set(conversations)) < FOLDS:
        return found, [None] * len(found.centres)
    return found, [float(share) for share in survival(found, voices, conversations, min_voices=min_voices)]


def _moved(labels: NDArray[np.intp], first: int) -> NDArray[np.intp]:
    return np.where(labels == ON_ITS_OWN, ON_ITS_OWN, labels + first)


def _gathered(parts: Sequence[NDArray[np.intp]], values: Sequence[NDArray[Any]]) -> NDArray[Any]:
    """One value a row of all parts, in the order of the rows."""
    gathered = np.empty(sum(map(len, parts)), dtype=values[0].dtype)
    for rows, found in zip(parts, values, strict=True):
        gathered[rows] = found
    return gathered


def _by_size(labels: NDArray[np.intp], statements: Sequence[Said], *, count: int) -> NDArray[np.intp]:
    """The clusters, most voices first."""
    sizes = []
    for label in range(count):
        said = [statements[row] for row in np.flatnonzero(labels == label).tolist()]
        voices, first = {one.voice_id for one in said}, min(one.text_sha256 for one in said)
        sizes.append((-len(voices), -len(said), first, label))
    return np.array([label for *_, label in sorted(sizes)], dtype=np.intp)
