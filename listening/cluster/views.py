"""What HDBSCAN sees: the same statements through several numbers of components, with several least sizes of a group."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from listening.cluster.space import unit

Floats = NDArray[np.floating]
Ints = NDArray[np.intp]

ON_ITS_OWN = -1
"""The label of a statement that is in no group."""

GRAINS = (0.2, 0.3, 0.4)
"""The least size of a group in a view, as a factor on the square root of the number of statements."""

SMALLEST = 3
"""The least size of a group in any view, in statements: fewer are neighbours by chance."""

LARGEST = 0.25
"""The largest share of all statements that a group of a view may hold, or 10 if that is more: without this, two groups
can swallow nearly everything."""


def least_size(grain: float, count: int) -> int:
    """The least size of a group at this grain, in statements."""
    return int(max(SMALLEST, round(grain * count**0.5)))


def largest_size(count: int) -> int:
    """The largest size of a group, in statements."""
    return max(10, int(LARGEST * count))


def look_through(spaces: Sequence[Floats], pairs: Ints, grains: Sequence[float] = GRAINS) -> Ints:
    """The labels that each view gives to m statements, shape (views, m): each space with each grain.

    :param spaces: unit vectors, shape (m, any).
    :param pairs: pairs of neighbours that connect all statements, shape (e, 2).
    """
    from hdbscan import hdbscan

    count = len(spaces[0])
    labels = []
    for space in spaces:
        tree = _spanning_tree(unit(space), pairs)
        linkage = _Once()
        for grain in grains:
            view = hdbscan(
                tree,
                metric="precomputed",
                min_samples=1,  # more would let ties between equal distances decide
                min_cluster_size=least_size(grain, count),
                max_cluster_size=largest_size(count),
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


def _spanning_tree(points: Floats, pairs: Ints) -> Any:
    """The minimum spanning tree of m unit vectors over these pairs: a sparse (m, m) matrix of distances.

    With min_samples=1 this tree is all that HDBSCAN needs of the distances. Among the nearest neighbours of each
    statement it is found in a hundredth of the time that all pairs take.
    """
    from scipy.sparse import csr_matrix
    from scipy.sparse.csgraph import minimum_spanning_tree

    count = len(points)
    cosines = np.einsum("ij,ij->i", points[pairs[:, 0]], points[pairs[:, 1]])
    distances = np.sqrt(np.maximum(2 - 2 * cosines, 1e-6))  # 0 would be no edge at all; below this is rounding
    tree = minimum_spanning_tree(csr_matrix((distances, (pairs[:, 0], pairs[:, 1])), shape=(count, count)))
    return tree + tree.T
