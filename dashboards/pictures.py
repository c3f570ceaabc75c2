"""Pictures as plain geometry, for templates to draw as SVG: a map of all words, and the way from decision to voice."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

import numpy as np

from listening.pipeline import Dot, LinkView

MAP_WIDTH, MAP_HEIGHT, MARGIN = 1000, 640, 24
HUES = 8
MOST_NODES = 24  # of one column; the list below the picture has them all
COLUMN, ROW, NODE_WIDTH, NODE_HEIGHT, TOP = 226, 46, 186, 36, 40
LABEL = 22  # characters of a label


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


# --- the trace --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Node:
    """One thing in the picture."""

    id: str
    label: str
    whole: str
    href: str
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Column:
    """Things of one kind, one below the other; `more` are too many to draw."""

    title: str
    kind: str
    x: int
    nodes: tuple[Node, ...]
    more: int
    more_y: int


@dataclass(frozen=True, slots=True)
class TracePicture:
    """Columns from decision to voice, and the lines between things that hang together."""

    width: int
    height: int
    node_width: int
    node_height: int
    columns: tuple[Column, ...]
    edges: tuple[str, ...]


_KINDS = (
    ("Decisions", "decision", "/decisions/"),
    ("Themes", "theme", "/themes/"),
    ("Words", "utterance", "/utterances/"),
    ("Conversations", "conversation", "/conversations/"),
    ("Voices", "voice", "/voices/"),
)


def trace_picture(links: Sequence[LinkView], name: Callable[[str], str]) -> TracePicture:
    """The picture of these ways; `name` says what to write on a thing, by its id."""
    columns: list[Column] = []
    place: dict[str, Node] = {}
    for title, kind, start in _KINDS:
        ids = list(dict.fromkeys(one for link in links if (one := getattr(link, kind)) is not None))
        if not ids:
            continue
        x = len(columns) * COLUMN
        nodes = tuple(
            Node(one, shortened(name(one)), name(one), f"{start}{one}", x, TOP + row * ROW)
            for row, one in enumerate(ids[:MOST_NODES])
        )
        place.update({node.id: node for node in nodes})
        columns.append(Column(title, kind, x, nodes, len(ids) - len(nodes), TOP + len(nodes) * ROW + 22))
    edges = dict.fromkeys(edge for link in links for edge in _edges(link, place))
    tallest = max((len(column.nodes) + bool(column.more) for column in columns), default=1)
    width = max(len(columns) - 1, 0) * COLUMN + NODE_WIDTH
    return TracePicture(width, TOP + tallest * ROW, NODE_WIDTH, NODE_HEIGHT, tuple(columns), tuple(edges))


def _edges(link: LinkView, place: Mapping[str, Node]) -> Iterable[str]:
    ids = [link.decision, link.theme, link.utterance, link.conversation, link.voice]
    drawn = [place.get(one) if one else None for one in ids]
    chain = [node for one, node in zip(ids, drawn, strict=True) if one]
    for left, right in pairwise(chain):
        if left and right:
            start, end = left.x + NODE_WIDTH, right.x
            y, to = left.y + NODE_HEIGHT // 2, right.y + NODE_HEIGHT // 2
            middle = (start + end) // 2
            yield f"M{start} {y}C{middle} {y} {middle} {to} {end} {to}"


def shortened(text: str) -> str:
    """The beginning of a text, for a label; the whole of it stands in the list."""
    line = " ".join(text.split())
    return line if len(line) <= LABEL else f"{line[: LABEL - 1].rstrip()}…"
