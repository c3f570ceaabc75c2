"""What HDBSCAN chooses from a linkage, for the many times that it is asked with some statements left out.

The choice is that of the hdbscan package (excess of mass, a largest size, never the root), made in a tenth of the time:
the tree is condensed in whole arrays, and how firmly each statement belongs is not worked out.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from listening.cluster.views import ON_ITS_OWN

Floats = NDArray[np.floating]
Ints = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Branches:
    """A condensed tree of b branches over m statements; branch 0 is the root, and parents come before children."""

    homes: Ints  # (m,) the branch that each statement falls from
    parents: Ints  # (b,) -1 for the root
    sizes: Ints  # (b,) statements
    lives: Floats  # (b,) how long all its statements stay in it: what HDBSCAN calls stability


def chosen(linkage: Floats, least: int, largest: int) -> Ints:
    """The group of each of m statements, shape (m,), -1 for none.

    :param linkage: rows of (left, right, distance, size) as in scipy, shape (m - 1, 4), distances above 0.
    :param least: how many statements a group has at least.
    :param largest: how many at most.
    """
    tree = condensed(linkage, least)
    worth, below = tree.lives.copy(), np.zeros(len(tree.lives))
    passed_over = np.zeros(len(worth), dtype=bool)
    for branch in range(len(worth) - 1, 0, -1):
        passed_over[branch] = below[branch] > worth[branch] or tree.sizes[branch] > largest
        below[tree.parents[branch]] += below[branch] if passed_over[branch] else worth[branch]
    group = np.full(len(worth), ON_ITS_OWN)
    for branch in range(1, len(worth)):
        above = group[tree.parents[branch]]
        group[branch] = above if above >= 0 or passed_over[branch] else branch
    return group[tree.homes]


def condensed(linkage: Floats, least: int) -> Branches:
    """The linkage without the branches that are smaller than `least`: their statements fall from the one above."""
    count = len(linkage) + 1
    nodes = 2 * count - 1
    sides = linkage[:, :2].astype(np.intp)
    above = np.arange(nodes)
    above[sides] = np.arange(count, nodes)[:, None]
    size = np.concatenate([np.ones(count), linkage[:, 3]])
    density = np.concatenate([np.zeros(count), 1 / linkage[:, 2]])
    large = size >= least
    large[-1] = True  # the root
    forks = np.concatenate([np.zeros(count, dtype=bool), large[sides].all(axis=1)])
    starts = large & forks[above]
    starts[-1] = True
    falls_at = _first(above, stop=large)[:count]  # the smallest large node that holds each statement
    begins = np.flatnonzero(starts)[::-1]  # a parent is a later node than its children
    number = np.zeros(nodes, dtype=np.intp)
    number[begins] = np.arange(len(begins))
    branch_of = number[_first(above, stop=starts)]
    homes, parents = branch_of[falls_at], branch_of[above[begins]]
    births = density[above[begins]]
    births[0], parents[0] = 0, ON_ITS_OWN
    sizes = size[begins].astype(np.intp)
    lives = np.bincount(homes, density[falls_at], len(begins)) - births * sizes
    np.add.at(lives, parents[1:], births[1:] * sizes[1:])
    return Branches(homes, parents, sizes, lives)


def _first(above: Ints, stop: NDArray[np.bool_]) -> Ints:
    """For each node the first at or above it where to stop, by jumps that double."""
    jump = np.where(stop, np.arange(len(above)), above)
    while not stop[jump].all():
        jump = jump[jump]
    return jump
