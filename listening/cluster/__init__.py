"""Vectors to clusters: which utterances speak of the same thing, and which stand on their own.

Statements are put beside each other by what they mean and by the words they use (`space`), HDBSCAN looks at them
several times (`views`), and those that enough views see together are one cluster (`consensus`). What varies inside
these first clusters is then made to count less, and HDBSCAN looks again, twice. At the edges, far statements leave and
near ones join (`joining`). Nothing is drawn by lot and nothing depends on the order of the rows. All numbers are the
same for every set of words; they were chosen on the frozen harness for theme quality, at 100 to 10,000 statements.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from listening.cluster import joining, sureness
from listening.cluster.consensus import TOGETHER, agreed
from listening.cluster.space import (
    Floats,
    Ints,
    eased,
    edges,
    neighbourhood,
    principal,
    sharpened,
    unit,
    with_words,
)
from listening.cluster.statements import Statements, chosen, gather
from listening.cluster.sureness import FOLDS, Look
from listening.cluster.views import GRAINS, ON_ITS_OWN, SMALLEST, largest_size, least_size, look_through

__all__ = ["FOLDS", "ON_ITS_OWN", "Clustering", "cluster", "survival"]

FIRST = (35,)
"""How many principal components the first look keeps."""

AGAIN, AMONG_MANY = (20, 50, 100), (50,)
"""How many the later looks keep of the sharpened space, and how many above MANY."""

MANY = 4_000
"""Above so many statements one space is looked at: at 10,000 three find no more, and cost half as much again."""

EASE, EASE_AGAIN = 0.5, 0.25
"""How far statements are eased towards their neighbours: in the first look and above MANY, and in later looks."""

LEARNT = 2_000
"""From how many statements the sharpened space is learnt. With more, only the last look sees them all."""

FITTED = 10_000
"""How many statements HDBSCAN looks at. With more, the others join the clusters that these make, and what is then still
left is looked at once more in the same way."""


@dataclass(frozen=True, slots=True)
class Clustering:
    """Which cluster each of n utterances is in, if any, and how firmly. Clusters are numbered by voices, most first.

    An utterance on its own has the label -1 and the strength 0, and still says which cluster is nearest to it.
    """

    labels: Ints  # (n,)
    strengths: NDArray[np.float32]  # (n,) mean share of views that saw it with the others of its cluster
    nearest: Ints  # (n,) the cluster whose centre is nearest, or -1 if there are no clusters
    nearness: NDArray[np.float32]  # (n,) cosine to that centre, or 0
    centres: NDArray[np.float32]  # (k, d), unit length
    parameters: Mapping[str, object]  # what it takes to do it again
    said: Statements = field(repr=False, compare=False)
    look: Look = field(repr=False, compare=False)  # the first of FITTED statements or fewer


def cluster(
    vectors: NDArray[np.float32],
    keys: Sequence[str],
    voices: Sequence[str],
    texts: Sequence[str],
    *,
    min_voices: int = 2,
) -> Clustering:
    """Find the clusters of n utterances. Nothing depends on the order of the rows or on the number of threads.

    :param vectors: unit length, shape (n, d); the same text must come with the same vector.
    :param keys: what is said, as a hash; rows with equal keys or equal vectors say the same and count once for shape.
    :param voices: who says it; everybody counts for size.
    :param texts: the words, which are looked at beside their meaning.
    :param min_voices: how many different voices a cluster needs.
    :raises ValueError: if the lengths differ.
    """
    from threadpoolctl import threadpool_limits

    if not len(vectors) == len(keys) == len(voices) == len(texts):
        message = f"{len(vectors)} vectors, {len(keys)} keys, {len(voices)} voices and {len(texts)} texts"
        raise ValueError(f"{message}: it takes one of each a row")
    with threadpool_limits(1):  # sums shared out among threads differ in their last bits
        said = gather(vectors, keys, voices, texts)
        found, looks = _found(said)
        labels = joining.settled(found, said, min_voices)
        centres = joining.centres(said.points, labels)
        nearest, nearness = joining.nearest_of(said.points, centres)
        strengths = sureness.strengths(said.points, looks, labels)
    of_row = said.of_row
    return Clustering(
        labels=labels[of_row],
        strengths=strengths[of_row],
        nearest=nearest[of_row],
        nearness=nearness[of_row],
        centres=centres.astype(np.float32),
        parameters=_parameters(len(said.points), len(looks[0].fitted), min_voices),
        said=said,
        look=looks[0],
    )


def survival(
    clustering: Clustering, voices: Sequence[str], conversations: Sequence[str], *, min_voices: int = 2
) -> NDArray[np.float32]:
    """How often each cluster is found again when a tenth of the conversations is left out, shape (k,), 0 to 1.

    Every conversation is left out once, by the hash of its id. What this asks: see `sureness.survival`.

    :param conversations: the id of each utterance's conversation, in the order of the rows.
    :raises ValueError: if the lengths differ.
    """
    from threadpoolctl import threadpool_limits

    if not len(clustering.labels) == len(voices) == len(conversations):
        message = f"{len(clustering.labels)} utterances, {len(voices)} voices and {len(conversations)} conversations"
        raise ValueError(f"{message}: it takes one of each a row")
    labels = np.full(len(clustering.said.points), ON_ITS_OWN)
    labels[clustering.said.of_row] = clustering.labels
    with threadpool_limits(1):
        shares = sureness.survival(
            clustering.said, clustering.look, labels, voices, conversations, min_voices=min_voices
        )
    return shares.astype(np.float32)


def _parameters(count: int, fitted: int, min_voices: int) -> Mapping[str, object]:
    return MappingProxyType(
        {
            "statements": count,
            "fitted": fitted,
            "min_voices": min_voices,
            "learnt": min(fitted, LEARNT),
            "components": (*FIRST, *AGAIN) if fitted <= MANY else (*FIRST, *AMONG_MANY),
            "min_cluster_sizes": tuple(least_size(grain, fitted) for grain in GRAINS),
            "max_cluster_size": largest_size(fitted),
            "together": TOGETHER,
            "near": joining.NEAR,
            "close": joining.CLOSE,
        }
    )


def _found(said: Statements) -> tuple[Ints, list[Look]]:
    """Labels of all statements, with two or more to a cluster, and the looks that found them."""
    fitted = chosen(said.keys, FITTED)
    labels, look = _looked_at(said, fitted)
    looks = [look]
    labels = joining.joined(said.points, labels)
    left = np.flatnonzero(labels == ON_ITS_OWN)
    if len(left) > FITTED:
        fitted = left[chosen([said.keys[statement] for statement in left], FITTED)]
        more, look = _looked_at(said, fitted)
        looks.append(look)
        labels = np.where(more >= 0, more + labels.max() + 1, labels)
        labels = joining.joined(said.points, labels)
    return joining.grouped_by_closeness(said.points, labels), looks


def _looked_at(said: Statements, fitted: Ints) -> tuple[Ints, Look]:
    """Labels of all statements, of which only the fitted ones are in a cluster, and the last look at them."""
    points = said.points[fitted]
    labels = np.full(len(said.points), ON_ITS_OWN)
    if len(fitted) < 2 * SMALLEST:  # no room for two groups, which is the least that HDBSCAN can tell apart
        nothing = np.empty((0, 2), dtype=np.intp)
        return labels, Look(fitted, (), nothing, np.full((1, len(fitted)), ON_ITS_OWN))
    meant = with_words(points, [said.texts[statement] for statement in fitted])
    everything = np.arange(len(fitted))
    kept, ease = (AGAIN, EASE_AGAIN) if len(fitted) <= MANY else (AMONG_MANY, EASE)
    few = chosen([said.keys[statement] for statement in fitted], LEARNT)
    look = _look(few, principal(meant[few]), FIRST, EASE)
    for part in (few, everything):
        groups = np.full(len(fitted), ON_ITS_OWN)
        groups[look.fitted] = _grouped(points[look.fitted], look)
        look = _look(part, sharpened(meant[part], groups[part]), kept, ease)
    labels[fitted] = joining.near_ones(points, agreed(look.seen))
    return labels, replace(look, fitted=fitted)


def _grouped(points: Floats, look: Look) -> Ints:
    """What a look makes of its statements, edges included."""
    found = joining.near_ones(points, agreed(look.seen))
    return joining.grouped_by_closeness(points, joining.joined(points, found))


def _look(fitted: Ints, components: Floats, kept: Sequence[int], ease: float) -> Look:
    whole = unit(components)
    near = neighbourhood(whole)
    pairs = edges(whole, near)
    spaces = tuple(eased(unit(components[:, :number]), near, ease) for number in kept)
    return Look(fitted, spaces, pairs, look_through(spaces, pairs))
