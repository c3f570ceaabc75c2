"""What HDBSCAN sees: the same statements through several numbers of components, with several least sizes of a group."""

from __future__ import annotations

from collections.abc import Sequence

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
    from hdbscan.hdbscan_ import _tree_to_labels

    count = len(spaces[0])
    labels = []
    for space in spaces:
        linkage = linked(pairs, distances(unit(space), pairs), count)
        for grain in grains:
            sizes = {"min_cluster_size": least_size(grain, count), "max_cluster_size": largest_size(count)}
            labels.append(_tree_to_labels(None, linkage, **sizes)[0])
    return np.array(labels, dtype=np.intp)


def distances(points: Floats, pairs: Ints) -> Floats:
    """How far apart the two unit vectors of each pair are, shape (e,)."""
    cosines = np.einsum("ij,ij->i", points[pairs[:, 0]], points[pairs[:, 1]])
    apart: Floats = np.sqrt(np.maximum(2 - 2 * cosines, 1e-6))  # 0 would be no edge at all; below this is rounding
    return apart


def linked(pairs: Ints, apart: Floats, count: int) -> Floats:
    """The single linkage of so many statements over pairs that connect them all, shape (count - 1, 4), as in scipy.

    It is HDBSCAN's with min_samples=1: more would let ties between equal distances decide. Among the nearest neighbours
    of each statement the minimum spanning tree is found in a hundredth of the time that all pairs take.
    """
    from hdbscan._hdbscan_linkage import label
    from scipy.sparse import csr_matrix
    from scipy.sparse.csgraph import minimum_spanning_tree

    tree = minimum_spanning_tree(csr_matrix((apart, (pairs[:, 0], pairs[:, 1])), shape=(count, count))).tocoo()
    order = np.argsort(tree.data, kind="stable")
    linkage: Floats = label(np.column_stack([tree.row, tree.col, tree.data])[order])
    return linkage
