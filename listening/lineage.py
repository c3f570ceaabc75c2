"""Which theme of the last run a cluster of this run continues."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

LIKE_ENOUGH = 0.25
"""The least Jaccard overlap, 0 to 1, at which a cluster continues a theme; a shuffle of the rest stays below it."""


def match(
    earlier: Mapping[str, frozenset[str]],
    now: Sequence[frozenset[str]],
    *,
    known: frozenset[str] | None = None,
) -> list[str | None]:
    """For each present cluster, the id of the earlier theme it continues, or None if it is new.

    `earlier` maps theme ids to their utterance ids, `now` holds the utterance ids of each present cluster. No theme is
    continued twice; together the pairs overlap as much as they can (Hungarian matching). `known` are the utterances
    that both runs knew, in themes or on their own: given those, only they count, so that a theme which merely grew by
    new words, or shrank because words were withdrawn, stays the same theme. The order of neither argument matters.
    """
    from scipy.optimize import linear_sum_assignment

    themes = sorted(earlier)
    order = sorted(range(len(now)), key=lambda index: sorted(now[index]))
    likeness = np.array([[_jaccard(earlier[theme], now[index], known) for index in order] for theme in themes])
    likeness = np.where(likeness < LIKE_ENOUGH, 0.0, likeness).reshape(len(themes), len(order))
    continues: list[str | None] = [None] * len(now)
    for theme, column in zip(*linear_sum_assignment(likeness, maximize=True), strict=True):
        if likeness[theme, column] > 0:
            continues[order[column]] = themes[theme]
    return continues


def _jaccard(left: frozenset[str], right: frozenset[str], known: frozenset[str] | None) -> float:
    """Shared by both, as a share of all in either; 0 where there is nothing to share."""
    if known is not None:
        left, right = left & known, right & known
    shared = len(left & right)
    return shared / (len(left) + len(right) - shared) if shared else 0.0
