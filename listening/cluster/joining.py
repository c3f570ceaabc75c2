"""What happens to statements at the edges of groups: the far ones leave, the near ones join, the close ones pair up."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from listening.cluster.space import unit
from listening.cluster.statements import Statements
from listening.cluster.views import ON_ITS_OWN, SMALLEST

Floats = NDArray[np.floating]
Ints = NDArray[np.intp]

NEAR = 0.35
"""The least cosine of a statement to the middle of the others in its cluster. HDBSCAN only compares distances with each
other: of ten statements that share nothing it would still make groups."""

CLOSE = 0.85
"""Statements still left over form a small cluster if each is at least this close (cosine) to every other of it. Fits
all-MiniLM-L6-v2, where it means nearly the same words; another model may need another number."""

BLOCK = 2_048
"""How many statements are compared with all others at a time, to bound memory."""

AT_ONCE = 10_000
"""Up to so many left over are all compared with each other; of more, those that are nearest to the same cluster."""


def near_ones(points: Floats, labels: Ints) -> Ints:
    """Labels without the statements that are far from the others of their cluster, and what then is too small."""
    near = np.full(len(labels), ON_ITS_OWN)
    for members in groups(labels):
        others = unit(points[members].sum(axis=0) - points[members])
        kept = members[np.einsum("ij,ij->i", points[members], others) >= NEAR]
        if len(kept) >= SMALLEST:
            near[kept] = near.max() + 1
    return near


def joined(points: Floats, labels: Ints) -> Ints:
    """Labels in which statements left over have joined the nearest cluster, if no further out than its own."""
    left = np.flatnonzero(labels == ON_ITS_OWN)
    middles = centres(points, labels)
    if not len(middles) or not len(left):
        return labels
    edges = np.array(
        [(points[members] @ middle).min() for members, middle in zip(groups(labels), middles, strict=True)]
    )
    nearest, nearness = nearest_of(points[left], middles)
    clear = nearness >= np.maximum(edges[nearest], NEAR)
    found = labels.copy()
    found[left[clear]] = nearest[clear]
    return found


def grouped_by_closeness(points: Floats, labels: Ints) -> Ints:
    """Labels in which statements left over that are close to each other form clusters of their own."""
    from scipy.cluster.hierarchy import fcluster, linkage

    found = labels.copy()
    for part in _close_parts(points, labels):
        cosines = (points[part] @ points[part].T)[np.triu_indices(len(part), 1)]
        numbers = fcluster(linkage(np.clip(1 - cosines, 0, 2), "complete"), 1 - CLOSE, "distance")
        for number in np.unique(numbers):
            members = part[numbers == number]
            if len(members) > 1:
                found[members] = found.max() + 1
    return found


def _close_parts(points: Floats, labels: Ints) -> list[Ints]:
    """The statements left over that chains of close pairs hold together, two or more to a part."""
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    left = np.flatnonzero(labels == ON_ITS_OWN)
    lefts, rights = [left[:0]], [left[:0]]
    for cell in _cells(points, labels, left):
        rows = points[cell].astype(np.float32)
        for start in range(0, len(cell), BLOCK):
            one, other = np.nonzero(rows[start : start + BLOCK] @ rows.T >= CLOSE - 1e-6)
            later = other > one + start
            lefts.append(cell[one[later] + start])
            rights.append(cell[other[later]])
    pairs = np.concatenate(lefts), np.concatenate(rights)
    graph = coo_matrix((np.ones(len(pairs[0]), dtype=bool), pairs), shape=(len(labels), len(labels)))
    parts = connected_components(graph, directed=False)[1] if len(labels) else labels
    return [members for members in groups(parts) if len(members) > 1]


def _cells(points: Floats, labels: Ints, left: Ints) -> Iterator[Ints]:
    middles = centres(points, labels)
    if len(left) <= AT_ONCE or not len(middles):
        yield left
        return
    nearest, _ = nearest_of(points[left], middles)
    for members in groups(nearest):
        yield left[members]


def settled(labels: Ints, said: Statements, min_voices: int) -> Ints:
    """Labels numbered by voices, then utterances, then key, without the clusters of too few voices.

    A statement by itself is a cluster if enough voices made it.
    """
    own = np.flatnonzero(labels == ON_ITS_OWN)
    ranked = []
    for members in [*groups(labels), *own.reshape(-1, 1)]:
        voices = len(frozenset().union(*(said.voices[statement] for statement in members)))
        if voices >= min_voices:
            ranked.append((-voices, -int(said.rows[members].sum()), int(members[0]), members))
    numbered = np.full(len(labels), ON_ITS_OWN)
    for number, (*_, members) in enumerate(sorted(ranked, key=lambda rank: rank[:3])):
        numbered[members] = number
    return numbered


def groups(labels: Ints) -> list[Ints]:
    """The members of each label in order, without those on their own. Every label up to the largest must be there."""
    order = np.argsort(labels, kind="stable")
    first = np.searchsorted(labels[order], 0)
    ends = np.cumsum(np.bincount(labels[order[first:]]))
    return np.split(order[first:], ends[:-1]) if len(ends) else []


def centres(points: Floats, labels: Ints) -> Floats:
    """The mean direction of each cluster's statements, shape (k, d), unit length. Copies of a statement count once."""
    means = [points[members].mean(axis=0) for members in groups(labels)]
    return unit(np.array(means).reshape(len(means), points.shape[1]))


def nearest_of(points: Floats, middles: Floats) -> tuple[Ints, NDArray[np.float32]]:
    """For each statement the cluster with the nearest centre, and the cosine to it."""
    nearest = np.full(len(points), ON_ITS_OWN)
    nearness = np.zeros(len(points), dtype=np.float32)
    if len(middles):
        for start in range(0, len(points), BLOCK):
            cosines = points[start : start + BLOCK] @ middles.T
            nearest[start : start + BLOCK] = cosines.argmax(axis=1)
            nearness[start : start + BLOCK] = np.clip(cosines.max(axis=1), -1, 1)
    return nearest, nearness
