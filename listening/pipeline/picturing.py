"""A map of all that was said: words of a like meaning lie near each other. For looking, not for counting."""

from __future__ import annotations

import functools
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from listening.pipeline.line import Line

FEWEST_CENTRES = 4  # with fewer themes, the words themselves say which directions matter


@dataclass(frozen=True, slots=True)
class Dot:
    """One utterance on the map; x and y from 0 to 1."""

    utterance: str
    theme: str | None  # None on its own
    x: float
    y: float


def word_map(line: Line) -> list[Dot]:
    """Every utterance that stands in a theme or on its own, at its place. The same words always give the same map."""
    with line.store.reading() as read:
        standing: list[tuple[str, str | None]] = read.rows("standing_now", lambda *row: row)
    places = _places(line, tuple(standing))
    return [Dot(one, theme, *places[one]) for one, theme in standing if one in places]


@functools.lru_cache(maxsize=2)
def _places(line: Line, standing: tuple[tuple[str, str | None], ...]) -> dict[str, tuple[float, float]]:
    """Where each utterance lies. Vectors are only read when what stands has changed."""
    with line.store.reading() as read:
        rows = read.rows("map_vectors", lambda *row: row)
    if not rows or not standing:
        return {}
    vectors = np.frombuffer(b"".join(floats for _, _, floats in rows), dtype="<f4").reshape(len(rows), -1).astype(float)
    xy = spread(flatten(vectors, [theme for _, theme, _ in rows]))
    return {one: (float(x), float(y)) for (one, _, _), (x, y) in zip(rows, xy, strict=True)}


def flatten(vectors: NDArray[np.float64], themes: list[str | None]) -> NDArray[np.float64]:
    """Vectors of shape (n, d) in two dimensions, (n, 2): those in which the middles of the themes differ most."""
    names = sorted({theme for theme in themes if theme})
    number_of = {name: number for number, name in enumerate(names)}
    label = np.array([number_of[theme] if theme else -1 for theme in themes])
    centres = np.array([vectors[label == number].mean(axis=0) for number in range(len(names))])
    basis = centres if len(names) >= FEWEST_CENTRES else vectors
    middle = basis.mean(axis=0)
    _, _, axes = np.linalg.svd(basis - middle, full_matrices=False)
    axes = axes[:2] * np.sign(axes[:2][range(len(axes[:2])), np.abs(axes[:2]).argmax(axis=1)])[:, None]
    flat = (vectors - middle) @ axes.T
    return np.pad(flat, ((0, 0), (0, 2 - flat.shape[1])))


def spread(flat: NDArray[np.float64]) -> NDArray[np.float64]:
    """Both axes from 0 to 1, half by distance and half by rank, so that crowded places open up. Shape (n, 2)."""
    lowest, highest = flat.min(axis=0), flat.max(axis=0)
    by_distance = (flat - lowest) / np.where(highest > lowest, highest - lowest, 1)
    by_rank = flat.argsort(axis=0, kind="stable").argsort(axis=0, kind="stable") / max(len(flat) - 1, 1)
    return np.asarray((by_distance + by_rank) / 2)
