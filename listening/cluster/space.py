"""Where statements lie: their meaning and their words, eased towards neighbours, sharpened by first groups."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating]
Ints = NDArray[np.intp]

WORDS, WORDS_UP_TO = 0.6, 300
"""How much the words weigh beside the meaning. Above this many statements it sinks with the root of their number: few
statements say a thing in few ways, so that shared words tell; many have neighbours in meaning."""

SPACE = 100
"""How many principal components are kept, and how many dimensions the words get."""

NEIGHBOURS, EDGES = 30, 15
"""How many neighbours ease a statement, and how many of them the spanning tree may choose from."""

SHRINK = 0.7
"""How far the scatter inside first groups is drawn towards a round one: a few statements say little about its shape."""


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """The nearest neighbours of m statements, nearest first."""

    nearest: Ints  # (m, k)
    distances: Floats  # (m, k)


def unit(points: Floats) -> Floats:
    """Each row divided by its length."""
    lengths = np.linalg.norm(points, axis=1, keepdims=True)
    scaled: Floats = points / np.maximum(lengths, 1e-12)
    return scaled


def principal(points: Floats, components: int = SPACE) -> Floats:
    """The first principal components of m points, shape (m, at most components)."""
    centred = points - points.mean(axis=0)
    axes = np.linalg.eigh(centred.T @ centred)[1][:, ::-1]
    found: Floats = centred @ axes[:, : min(components, len(points) - 1)]
    return found


def with_words(points: Floats, texts: Sequence[str]) -> Floats:
    """Meaning and words side by side: (m, d) becomes (m, d + at most SPACE).

    Words weigh by how rare they are in these statements, so no list of small words is needed in any language.
    """
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.utils.extmath import randomized_svd

    weigh = TfidfVectorizer(sublinear_tf=True, min_df=2, max_df=0.3, norm="l2")
    try:
        words = weigh.fit_transform(texts)
    except ValueError:  # sklearn's way to say that no word is said twice, or each by nearly everybody
        return points
    left, strengths, _ = randomized_svd(words, min(SPACE, *words.shape), n_iter=4, random_state=0)
    weight = WORDS * min(1, (WORDS_UP_TO / len(points)) ** 0.5)
    return np.hstack([points, weight * left * strengths])


def sharpened(points: Floats, labels: Ints) -> Floats:
    """Points in which what varies inside first groups counts less, and so what tells them apart counts more."""
    components = principal(points)
    grouped = np.flatnonzero(labels >= 0)
    if not len(grouped):
        return components
    numbers = labels[grouped]
    sums = np.zeros((numbers.max() + 1, components.shape[1]))
    np.add.at(sums, numbers, components[grouped])
    counts = np.maximum(np.bincount(numbers), 1)
    inside = components[grouped] - (sums / counts[:, None])[numbers]
    scatter = inside.T @ inside / max(1, len(grouped) - len(np.unique(numbers)))
    size = len(scatter)
    scatter = (1 - SHRINK) * scatter + SHRINK * np.trace(scatter) / size * np.eye(size)
    strengths, axes = np.linalg.eigh(scatter)
    if strengths.min() <= 0:  # nothing varies inside the groups
        return components
    return principal(unit(components @ ((axes / np.sqrt(strengths)) @ axes.T)))


def neighbourhood(points: Floats) -> Neighbourhood:
    """The exact nearest neighbours of m unit vectors, by Euclidean distance."""
    from sklearn.neighbors import NearestNeighbors

    search = NearestNeighbors(n_neighbors=min(NEIGHBOURS, len(points) - 1), algorithm="brute")
    distances, nearest = search.fit(points.astype(np.float32)).kneighbors()
    return Neighbourhood(nearest, distances)


def eased(points: Floats, near: Neighbourhood, ease: float) -> Floats:
    """Unit vectors moved this far (0 to 1) towards the weighted mean of their neighbours.

    A neighbour weighs by how far it is in the neighbourhood's own measure, as in UMAP: crowds and lonely places alike.
    """
    further = near.distances**2 / 2
    further = further - further[:, :1]
    measure = np.maximum(further.mean(axis=1, keepdims=True) / 3, 1e-6)
    one_way = _matrix(near.nearest, np.exp(-further / measure))
    weights = one_way + one_way.T - one_way.multiply(one_way.T)
    means = weights @ points / np.asarray(weights.sum(axis=1)).reshape(-1, 1)
    return unit((1 - ease) * points + ease * means)


def edges(points: Floats, near: Neighbourhood) -> Ints:
    """Pairs of neighbours, shape (e, 2), that connect all m unit vectors: the tree that HDBSCAN needs is among them."""
    count = len(points)
    nearest = near.nearest[:, :EDGES]
    lefts, rights = np.repeat(np.arange(count), nearest.shape[1]), nearest.ravel()
    pairs = _unique_pairs(lefts, rights, count)
    return connected(points, pairs)


def connected(points: Floats, pairs: Ints) -> Ints:
    """The pairs, with the shortest ones that tie each island to the rest."""
    from scipy.sparse.csgraph import connected_components

    count = len(points)
    rows = points.astype(np.float32)
    while True:
        islands, of_point = connected_components(_graph(pairs, count), directed=False)
        if islands == 1:
            return pairs
        main = np.bincount(of_point).argmax()
        bridges = [_bridge(rows, of_point == island) for island in range(islands) if island != main]
        added = np.concatenate([pairs, np.array(bridges)])
        pairs = _unique_pairs(added[:, 0], added[:, 1], count)


def _bridge(rows: NDArray[np.float32], inside: NDArray[np.bool_]) -> tuple[int, int]:
    """The closest pair of a point inside and one outside."""
    own, others = np.flatnonzero(inside), np.flatnonzero(~inside)
    best = (-np.inf, 0, 0)
    for start in range(0, len(own), 512):
        block = own[start : start + 512]
        cosines = rows[block] @ rows[others].T
        at = int(cosines.argmax())
        here, there = divmod(at, len(others))
        if cosines[here, there] > best[0]:
            best = (float(cosines[here, there]), int(block[here]), int(others[there]))
    return best[1], best[2]


def _unique_pairs(lefts: Ints, rights: Ints, count: int) -> Ints:
    codes = np.unique(np.minimum(lefts, rights) * count + np.maximum(lefts, rights))
    return np.stack([codes // count, codes % count], axis=1)


def _graph(pairs: Ints, count: int) -> Any:
    from scipy.sparse import csr_matrix

    return csr_matrix((np.ones(len(pairs), dtype=bool), (pairs[:, 0], pairs[:, 1])), shape=(count, count))


def _matrix(nearest: Ints, weights: Floats) -> Any:
    from scipy.sparse import csr_matrix

    count, each = nearest.shape
    starts = np.arange(0, count * each + 1, each)
    return csr_matrix((weights.ravel(), nearest.ravel(), starts), shape=(count, count))
