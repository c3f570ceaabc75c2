"""The map of all words and codes to photograph as plain geometry, for a template to draw as SVG."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

import numpy as np

from listening.pipeline import Dot

MAP_WIDTH, MAP_HEIGHT, MARGIN = 1000, 640, 24
HUES = 8


# --- the map ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Island:
    """The dots of one theme as one path, with its number and where that stands."""

    theme: str
    number: int
    hue: int
    path: str
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class MapPicture:
    """All dots: those of the themes, and those on their own."""

    width: int
    height: int
    islands: tuple[Island, ...]
    alone: str
    dots: int
    alone_dots: int
    size: float


def at(dot: Dot) -> tuple[int, int]:
    """Where a dot stands in the picture."""
    x = MARGIN + dot.x * (MAP_WIDTH - 2 * MARGIN)
    y = MARGIN + dot.y * (MAP_HEIGHT - 2 * MARGIN)
    return round(x), round(y)


def map_picture(dots: Sequence[Dot], themes: Sequence[str]) -> MapPicture:
    """The map; `themes` in the order of the list of themes, so that the numbers are the same."""
    of: dict[str | None, list[tuple[int, int]]] = {}
    for dot in dots:
        of.setdefault(dot.theme, []).append(at(dot))
    islands = [
        Island(
            theme=theme,
            number=number,
            hue=(number - 1) % HUES,
            path=_dots(of[theme]),
            x=_middle(of[theme])[0],
            y=_middle(of[theme])[1],
        )
        for number, theme in enumerate(themes, 1)
        if theme in of
    ]
    alone = of.get(None, [])
    size = 13 if len(dots) < 500 else 8 if len(dots) < 3000 else 4  # noqa: PLR2004
    return MapPicture(MAP_WIDTH, MAP_HEIGHT, tuple(islands), _dots(alone), len(dots), len(alone), size)


def _middle(places: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """The place nearest to the middle of all: a number stands beside a dot, never in the void."""
    x, y = median(x for x, _ in places), median(y for _, y in places)
    return min(places, key=lambda place: (place[0] - x) ** 2 + (place[1] - y) ** 2)


def _dots(places: Iterable[tuple[int, int]]) -> str:
    """A path that is a dot at each place: lines of no length with round ends."""
    return "".join(f"M{x} {y}h0" for x, y in places)


class Places:
    """Where every dot stands in the picture, to find the nearest in well under a millisecond."""

    def __init__(self, dots: Sequence[Dot]) -> None:
        self._dots = dots
        self._at = np.array([at(dot) for dot in dots], dtype=float).reshape(-1, 2)

    def nearest(self, x: float, y: float) -> Dot | None:
        """The dot nearest to a place in the picture."""
        if not self._dots:
            return None
        return self._dots[int(((self._at - (x, y)) ** 2).sum(axis=1).argmin())]


# --- a code to photograph ---------------------------------------------------------------------------------------------


def qr_path(text: str) -> tuple[str, int]:
    """A QR code as one path, and how wide it is."""
    import segno

    made = segno.make(text, error="m", micro=False)
    rows = [
        f"M{x} {y}h1v1h-1z" for y, row in enumerate(made.matrix_iter(border=4)) for x, dark in enumerate(row) if dark
    ]
    return "".join(rows), len(made.matrix) + 8
