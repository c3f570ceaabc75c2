"""New words among the themes there are, until the next full synthesis looks at everything again.

A new statement joins the theme whose middle is nearest if it lies no further out than that theme's own outer
statements, and is clearly nearer to it than to any other. Nothing that is already in a theme moves.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Ints = NDArray[np.intp]

ON_ITS_OWN = -1

OUTER = 5
"""How many percent of a theme's own statements may lie further out than one that joins."""

MARGIN = 0.02
"""By how much cosine a statement must be nearer to its theme than to any other."""

NEAR = 0.35
"""The least cosine to a theme's middle at which anything joins it."""

ROUNDING = 1e-5
"""The same words must not stay out because sums are rounded differently."""


@dataclass(frozen=True, slots=True)
class Placing:
    """Where each of m new statements is placed among k themes."""

    labels: Ints  # (m,) the theme it joins, or -1 where it stands on its own
    strengths: Floats  # (m,) its cosine to that theme's middle, 0 to 1, or 0
    nearest: Ints  # (m,) the theme whose middle is nearest, or -1 if there are no themes
    nearness: Floats  # (m,) cosine to that middle, or 0


def place(new: Floats, known: Floats, labels: Ints) -> Placing:
    """Place m new vectors, shape (m, d), beside n known ones, shape (n, d), whose themes, 0 to k - 1, are `labels`.

    All are of unit length. What one new statement gets does not depend on the other new ones.
    """
    themes = int(labels.max(initial=ON_ITS_OWN)) + 1
    if not themes or not len(new):
        nothing = np.full(len(new), ON_ITS_OWN), np.zeros(len(new), dtype=np.float32)
        return Placing(*nothing, *nothing)
    middles = np.array([_unit(known[labels == theme].mean(axis=0)) for theme in range(themes)])
    edges = [_edge(known[labels == theme] @ middles[theme]) for theme in range(themes)]
    cosines = new @ middles.T
    nearest = cosines.argmax(axis=1)
    rows = np.arange(len(new))
    nearness = np.clip(cosines[rows, nearest], -1, 1)
    others = cosines.copy()
    others[rows, nearest] = -1
    joins = nearness >= np.maximum(np.array(edges)[nearest], NEAR)
    joins &= nearness - others.max(axis=1) >= MARGIN
    return Placing(
        labels=np.where(joins, nearest, ON_ITS_OWN),
        strengths=np.where(joins, nearness, 0).astype(np.float32),
        nearest=nearest,
        nearness=nearness.astype(np.float32),
    )


def _edge(nearness: Floats) -> float:
    """How near to the middle a statement must be to join; in a small theme, as near as its furthest."""
    return float(np.percentile(nearness, OUTER, method="lower")) - ROUNDING


def _unit(vector: Floats) -> Floats:
    return np.asarray(vector / max(float(np.linalg.norm(vector)), 1e-12), dtype=np.float32)
