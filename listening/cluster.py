"""Vectors to clusters: which utterances speak of the same thing, and which stand on their own.

HDBSCAN looks at the statements from several sides: through 20 to 100 principal components, and with several sizes that
a group must have. Statements are one cluster when they sit together in at least half of these views; this is steadier
than any single view. Nothing is drawn by lot and nothing depends on the order of the rows. The numbers below are the
same for every amount of words; they were chosen on the frozen harness for theme quality, at 100 to 10,000 statements.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]

ON_ITS_OWN = -1
"""The label of an utterance that joined no cluster."""

COMPONENTS = (20, 35, 50, 75, 100)
"""How many principal components a view keeps."""

GRAINS = (0.2, 0.3, 0.4, 0.5)
"""The least size of a group in a view, as a factor on the square root of the number of statements."""

SMALLEST = 3
"""The least size of a group in any view, in statements: fewer are neighbours by chance."""

LARGEST = 0.25
"""The largest share of all statements that a group of a view may hold, or 10 if that is more: without this, two groups
can swallow nearly everything."""

TOGETHER = 0.5
"""The share of views that must see two groups of statements as one."""

NEAR = 0.3
"""The least cosine of a statement to the middle of the others in its cluster. HDBSCAN only compares distances with each
other: of ten statements that share nothing it would still make groups."""

JOIN_PERCENTILE, JOIN_MARGIN = 5, 0.02
"""A statement left over joins the nearest cluster if it is near, no further out than the outer 5% of that cluster's
own, and nearer to it than to any other by this much cosine."""

CLOSE = 0.75
"""Statements still left over form a small cluster if each is at least this close (cosine) to every other of it. Fits
all-MiniLM-L6-v2, where it means nearly the same words; another model may need another number."""


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


@dataclass(frozen=True, slots=True)
class _Statements:
    """The different statements among n utterances, m of them, in the order of their keys."""

    of_row: Ints  # (n,) which statement each utterance makes
    points: Floats  # (m, d)
    voices: tuple[frozenset[str], ...]  # (m,) who said it
    rows: Ints  # (m,) how many utterances make it


def cluster(
    vectors: NDArray[np.float32], keys: Sequence[str], voices: Sequence[str], *, min_voices: int = 2
) -> Clustering:
    """Cluster n utterances by their vectors, shape (n, d), each of unit length.

    `keys` are ids of the words said: equal keys are one statement, and their order settles the order of work.
    `voices` are who said it. What fewer than `min_voices` of them said stays on its own.
    Works from no utterances on; time grows with the square of n. Raises ValueError if the lengths differ.
    """
    from threadpoolctl import threadpool_limits

    if not len(vectors) == len(keys) == len(voices):
        message = f"{len(vectors)} vectors, {len(keys)} keys and {len(voices)} voices: it takes one of each a row"
        raise ValueError(message)
    said = _statements(vectors, keys, voices)
    with threadpool_limits(1):  # sums shared out among threads differ in their last bits
        views = _views(said.points)
        found = _near_ones(said.points, _consensus(views))
        found = _grouped_by_closeness(said.points, _joined(said.points, found))
        labels = _settled(found, said, min_voices)
        centres = _centres(said.points, labels)
        nearest, nearness = _nearest(said.points, centres)
        strengths = _strengths(views, labels)
    of_row = said.of_row
    return Clustering(
        labels=labels[of_row],
        strengths=strengths[of_row],
        nearest=nearest[of_row],
        nearness=nearness[of_row],
        centres=centres.astype(np.float32),
        parameters=_parameters(len(said.points), min_voices),
    )


def _parameters(statements: int, min_voices: int) -> Mapping[str, object]:
    return MappingProxyType(
        {
            "statements": statements,
            "min_voices": min_voices,
            "components": COMPONENTS,
            "min_cluster_sizes": tuple(_least_size(grain, statements) for grain in GRAINS),
            "max_cluster_size": _largest_size(statements),
            "together": TOGETHER,
            "near": NEAR,
            "join": (JOIN_PERCENTILE, JOIN_MARGIN),
            "close": CLOSE,
        }
    )


# --- statements -------------------------------------------------------------------------------------------------------


def _statements(vectors: NDArray[np.float32], keys: Sequence[str], voices: Sequence[str]) -> _Statements:
    """Put the same words together, by key or because the model cannot tell them apart (case, say)."""
    order = sorted(range(len(keys)), key=lambda row: (keys[row], vectors[row].tobytes()))
    by_key: dict[str, int] = {}
    by_vector: dict[bytes, int] = {}
    of_row = np.zeros(len(keys), dtype=np.intp)
    firsts: list[int] = []
    said_by: list[set[str]] = []
    for row in order:
        if keys[row] not in by_key:
            by_key[keys[row]] = by_vector.setdefault(vectors[row].tobytes(), len(firsts))
        statement = by_key[keys[row]]
        if statement == len(firsts):
            firsts.append(row)
            said_by.append(set())
        of_row[row] = statement
        said_by[statement].add(voices[row])
    return _Statements(
        of_row=of_row,
        points=vectors[firsts].astype(np.float64),
        voices=tuple(map(frozenset, said_by)),
        rows=np.bincount(of_row, minlength=len(firsts)),
    )


# --- views ------------------------------------------------------------------------------------------------------------


def _least_size(grain: float, statements: int) -> int:
    return int(max(SMALLEST, round(grain * statements**0.5)))


def _largest_size(statements: int) -> int:
    return max(10, int(LARGEST * statements))


def _views(points: Floats) -> Ints:
    """The labels that each view gives to m statements, shape (views, m)."""
    from hdbscan import hdbscan

    count = len(points)
    if count < 2 * SMALLEST:  # no room for two groups, which is the least that HDBSCAN can tell apart
        return np.full((1, count), ON_ITS_OWN)
    centred = points - points.mean(axis=0)
    axes = np.linalg.eigh(centred.T @ centred)[1][:, ::-1]
    labels = []
    for components in COMPONENTS:
        tree = _spanning_tree(_unit(centred @ axes[:, : min(components, count - 1)]))
        linkage = _Once()
        for grain in GRAINS:
            view = hdbscan(
                tree,
                metric="precomputed",
                min_samples=1,  # more would let ties between equal distances decide
                min_cluster_size=_least_size(grain, count),
                max_cluster_size=_largest_size(count),
                memory=linkage,
            )
            labels.append(view[0])
    return np.array(labels, dtype=np.intp)


class _Once:
    """Stands where hdbscan expects a joblib.Memory: all grains of one tree share one linkage, kept for that long."""

    def __init__(self) -> None:
        self._kept: Any = None

    def cache(self, function: Callable[..., Any]) -> Callable[..., Any]:
        def once(*arguments: Any, **options: Any) -> Any:
            if self._kept is None:
                self._kept = function(*arguments, **options)
            return self._kept

        return once


def _spanning_tree(points: Floats) -> Any:
    """The exact minimum spanning tree of m unit vectors by Prim's algorithm: a sparse (m, m) matrix of distances.

    With min_samples=1 this tree is all that HDBSCAN needs of the distances. It takes a seventh of the time of
    hdbscan's own, and m numbers of memory instead of m squared.
    """
    from scipy.sparse import csr_matrix

    count = len(points)
    rows = points.astype(np.float32)
    inside = np.zeros(count, dtype=np.intp)  # the nearest point in the tree so far
    cosine = np.full(count, -np.inf, dtype=np.float32)  # and how near it is
    waiting = np.ones(count, dtype=bool)
    starts, ends, cosines = np.zeros(count - 1, np.intp), np.zeros(count - 1, np.intp), np.zeros(count - 1)
    current = 0
    for edge in range(count - 1):
        waiting[current] = False
        cosine[current] = -np.inf
        to_current = rows @ rows[current]
        nearer = waiting & (to_current > cosine)
        cosine[nearer] = to_current[nearer]
        inside[nearer] = current
        current = int(cosine.argmax())
        starts[edge], ends[edge], cosines[edge] = inside[current], current, cosine[current]
    distances = np.sqrt(np.maximum(2 - 2 * cosines, 1e-6))  # 0 would be no edge at all; below this is rounding
    both = np.concatenate([starts, ends]), np.concatenate([ends, starts])
    return csr_matrix((np.tile(distances, 2), both), shape=(count, count))


# --- from views to clusters -------------------------------------------------------------------------------------------


def _agreement(views: Ints, left: Ints, right: Ints) -> NDArray[np.uint8]:
    """How many views see each statement of `left` with each of `right`, shape (left, right)."""
    together = np.zeros((len(left), len(right)), dtype=np.uint8)
    for view in views.astype(np.int32):  # half the bytes to compare
        of_left = np.where(view[left] == ON_ITS_OWN, ON_ITS_OWN - 1, view[left])  # on its own is not together
        together += of_left[:, None] == view[right]
    return together


def _consensus(views: Ints) -> Ints:
    """Labels of m statements by average linkage on the share of views that see them together.

    Groups that average linkage joins at a share of at least TOGETHER hold a pair that alone reaches it. So each
    connected part of the graph of such pairs can be linked for itself, which is exact and needs little memory.
    """
    from scipy.cluster.hierarchy import fcluster, linkage
    from scipy.spatial.distance import squareform

    labels = np.full(views.shape[1], ON_ITS_OWN)
    for part in _connected(views):
        apart = 1 - _agreement(views, part, part) / len(views)
        np.fill_diagonal(apart, 0)
        tree = linkage(squareform(apart, checks=False), "average")
        groups = fcluster(tree, 1 - TOGETHER + 1e-9, "distance")
        for group in np.unique(groups):
            members = part[groups == group]
            if len(members) >= SMALLEST:
                labels[members] = labels.max() + 1
    return labels


def _connected(views: Ints, block: int = 512) -> list[Ints]:
    """The parts, of at least SMALLEST statements, that pairs seen together often enough hold together."""
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    count = views.shape[1]
    everything = np.arange(count)
    lefts, rights = [everything[:0]], [everything[:0]]
    for start in range(0, count, block):
        often = _agreement(views, everything[start : start + block], everything) >= TOGETHER * len(views)
        left, right = np.nonzero(often)
        lefts.append(left + start)
        rights.append(right)
    pairs = np.concatenate(lefts), np.concatenate(rights)
    graph = coo_matrix((np.ones(len(pairs[0]), dtype=bool), pairs), shape=(count, count))
    parts = connected_components(graph, directed=False)[1] if count else everything
    sizes = np.bincount(parts)
    order = np.argsort(parts, kind="stable")
    return [part for part in np.split(order, np.cumsum(sizes)[:-1]) if len(part) >= SMALLEST]


def _near_ones(points: Floats, labels: Ints) -> Ints:
    """Labels without the statements that are far from the others of their cluster, and what then is too small."""
    near = np.full(len(labels), ON_ITS_OWN)
    for number in range(labels.max(initial=ON_ITS_OWN) + 1):
        members = np.flatnonzero(labels == number)
        others = _unit(points[members].sum(axis=0) - points[members])
        members = members[np.sum(points[members] * others, axis=1) >= NEAR]
        if len(members) >= SMALLEST:
            near[members] = near.max() + 1
    return near


def _joined(points: Floats, labels: Ints) -> Ints:
    """Labels in which statements left over have joined the nearest cluster, where that is clear."""
    left = np.flatnonzero(labels == ON_ITS_OWN)
    centres = _centres(points, labels)
    if not len(centres) or not len(left):
        return labels
    cosines = points @ centres.T
    edges = np.array(
        [np.percentile(cosines[labels == number, number], JOIN_PERCENTILE) for number in range(len(centres))]
    )
    nearest = cosines[left].argmax(axis=1)
    nearness = cosines[left, nearest]
    others = cosines[left]
    others[np.arange(len(left)), nearest] = -1
    clear = (nearness >= edges[nearest]) & (nearness - others.max(axis=1) >= JOIN_MARGIN) & (nearness >= NEAR)
    joined = labels.copy()
    joined[left[clear]] = nearest[clear]
    return joined


def _grouped_by_closeness(points: Floats, labels: Ints) -> Ints:
    """Labels in which every statement left over is in a group of close ones, if only with itself."""
    from scipy.cluster.hierarchy import fcluster, linkage

    left = np.flatnonzero(labels == ON_ITS_OWN)
    grouped = labels.copy()
    first = labels.max(initial=ON_ITS_OWN) + 1
    if len(left) < 2:  # noqa: PLR2004  a pair
        grouped[left] = first
        return grouped
    upper = np.triu_indices(len(left), 1)
    cosines = (points[left] @ points[left].T)[upper]
    grouped[left] = first - 1 + fcluster(linkage(np.clip(1 - cosines, 0, 2), "complete"), 1 - CLOSE, "distance")
    return grouped


def _settled(labels: Ints, said: _Statements, min_voices: int) -> Ints:
    """Labels numbered by voices, then utterances, then key, without the clusters of too few voices."""
    members = [np.flatnonzero(labels == label) for label in np.unique(labels)]
    ranked = []
    for cluster_of in members:
        voices = len(frozenset().union(*(said.voices[statement] for statement in cluster_of)))
        if voices >= min_voices:
            ranked.append((-voices, -int(said.rows[cluster_of].sum()), int(cluster_of[0]), cluster_of))
    settled = np.full(len(labels), ON_ITS_OWN)
    for number, (*_, cluster_of) in enumerate(sorted(ranked, key=lambda rank: rank[:3])):
        settled[cluster_of] = number
    return settled


# --- what is said about the clusters ----------------------------------------------------------------------------------


def _unit(points: Floats) -> Floats:
    unit: Floats = points / np.maximum(np.linalg.norm(points, axis=1, keepdims=True), 1e-12)
    return unit


def _centres(points: Floats, labels: Ints) -> Floats:
    """The mean direction of each cluster's statements, shape (k, d), unit length. Copies of a statement count once."""
    means = [points[labels == number].mean(axis=0) for number in range(labels.max(initial=ON_ITS_OWN) + 1)]
    return _unit(np.array(means).reshape(len(means), points.shape[1]))


def _nearest(points: Floats, centres: Floats) -> tuple[Ints, NDArray[np.float32]]:
    """For each statement the cluster with the nearest centre, and the cosine to it."""
    if not len(centres):
        return np.full(len(points), ON_ITS_OWN), np.zeros(len(points), dtype=np.float32)
    cosines = points @ centres.T
    nearest = cosines.argmax(axis=1)
    return nearest, np.clip(cosines.max(axis=1), -1, 1).astype(np.float32)


def _strengths(views: Ints, labels: Ints) -> NDArray[np.float32]:
    """For each statement the mean share of views that see it with the others of its cluster.

    One that joined by nearness alone counts as seen by one view; one that is a cluster by itself has all of them.
    """
    strengths = np.zeros(len(labels), dtype=np.float32)
    for number in range(labels.max(initial=ON_ITS_OWN) + 1):
        members = np.flatnonzero(labels == number)
        together = _agreement(views, members, members).astype(np.float64)
        np.fill_diagonal(together, 0)
        share = together.sum(axis=1) / max(1, len(members) - 1) / len(views)
        strengths[members] = np.clip(share, 1 / len(views), 1) if len(members) > 1 else 1
    return strengths
