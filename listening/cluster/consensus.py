"""From views to groups: statements are together when enough views see them together."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from listening.cluster.views import ON_ITS_OWN, SMALLEST

Floats = NDArray[np.floating]
Ints = NDArray[np.intp]

TOGETHER = 0.4
"""The share of views that must see two groups of statements as one."""


def agreed(views: Ints, together: float = TOGETHER) -> Ints:
    """Labels of m statements by average linkage on the share of views that see them together.

    Statements that every view labels alike are one from the start, which is exact and leaves some hundreds to link.
    """
    labels = np.full(views.shape[1], ON_ITS_OWN)
    seen = np.flatnonzero((views != ON_ITS_OWN).mean(axis=0) >= together)  # others cannot agree often enough
    if not len(seen):
        return labels
    alike, firsts, of_seen, sizes = np.unique(
        views[:, seen].T, axis=0, return_index=True, return_inverse=True, return_counts=True
    )
    order = np.argsort(firsts)  # not by label, which is HDBSCAN's choice
    linked = _linked(_shares(alike[order]), sizes[order].astype(np.float64), together)
    place = np.empty_like(order)
    place[order] = np.arange(len(order))
    found = linked[place[of_seen.ravel()]]
    numbers, members = np.unique(found, return_counts=True)
    kept = numbers[members >= SMALLEST]
    place_of = np.searchsorted(kept, found).clip(max=max(0, len(kept) - 1))
    labels[seen] = np.where(np.isin(found, kept), place_of, ON_ITS_OWN)
    return labels


def _shares(alike: Ints) -> Floats:
    """The share of views that see each row with each, shape (a, a)."""
    shares = np.zeros((len(alike), len(alike)))
    for view in alike.T.astype(np.int32):
        shares += (view[:, None] == view) & (view != ON_ITS_OWN)
    shares /= alike.shape[1]
    return shares


def _linked(shares: Floats, sizes: Floats, together: float) -> Ints:
    """Group numbers by average linkage down to a share, by chains of nearest neighbours; ties go to the first."""
    shares = shares.copy()
    np.fill_diagonal(shares, -1)
    joined_to = np.arange(len(shares))
    waiting = np.ones(len(shares), dtype=bool)
    chain: list[int] = []
    while waiting.any():
        if not chain:
            chain = [int(waiting.argmax())]
        last = chain[-1]
        nearest = int(shares[last].argmax())
        if shares[last, nearest] < together - 1e-9:  # nothing will come nearer: this one is finished
            waiting[last] = False
            shares[last] = shares[:, last] = -1
            chain.pop()
        elif len(chain) > 1 and shares[last, chain[-2]] >= shares[last, nearest]:
            first, second = sorted(chain[-2:])
            del chain[-2:]
            _join(shares, sizes, first, second)
            joined_to[second] = first
            waiting[second] = False
        else:
            chain.append(nearest)
    while (joined_to[joined_to] != joined_to).any():
        joined_to = joined_to[joined_to]
    return joined_to


def _join(shares: Floats, sizes: Floats, first: int, second: int) -> None:
    """Put the second into the first, whose shares become the mean of both by size. -1 stays: it is no candidate."""
    mean = (sizes[first] * shares[first] + sizes[second] * shares[second]) / (sizes[first] + sizes[second])
    mean[(shares[first] < 0) | (shares[second] < 0)] = -1
    shares[first] = shares[:, first] = mean
    shares[second] = shares[:, second] = -1
    sizes[first] += sizes[second]
