"""The way from decisions to voices as a picture: plain geometry, and the SVG of it that stands by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol
from xml.sax.saxutils import escape

MOST_NODES = 24  # of one column; the list beside the picture has them all
COLUMN, ROW, NODE_WIDTH, NODE_HEIGHT, TOP = 222, 46, 186, 36, 40
LABEL = 22  # characters of a label


class Way(Protocol):
    """One way through the chain; what is not there is None."""

    @property
    def decision(self) -> str | None:
        """The decision, if there is one."""

    @property
    def theme(self) -> str | None:
        """The theme, if there is one."""

    @property
    def utterance(self) -> str:
        """The statement."""

    @property
    def conversation(self) -> str | None:
        """The conversation, unless it must not be shown."""

    @property
    def voice(self) -> str | None:
        """The voice, unless it must not be shown."""


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


def trace_picture(links: Sequence[Way], name: Callable[[str], str], most: int = MOST_NODES) -> TracePicture:
    """The picture of these ways; `name` says what to write on a thing, by its id; at most so many of each are drawn."""
    columns: list[Column] = []
    place: dict[str, Node] = {}
    for title, kind, start in _KINDS:
        ids = list(dict.fromkeys(one for link in links if (one := getattr(link, kind)) is not None))
        if not ids:
            continue
        x = len(columns) * COLUMN
        nodes = tuple(
            Node(one, shortened(name(one)), name(one), f"{start}{one}", x, TOP + row * ROW)
            for row, one in enumerate(ids[:most])
        )
        place.update({node.id: node for node in nodes})
        columns.append(Column(title, kind, x, nodes, len(ids) - len(nodes), TOP + len(nodes) * ROW + 22))
    edges = dict.fromkeys(edge for link in links for edge in _edges(link, place))
    tallest = max((len(column.nodes) + bool(column.more) for column in columns), default=1)
    width = max(len(columns) - 1, 0) * COLUMN + NODE_WIDTH
    return TracePicture(width, TOP + tallest * ROW, NODE_WIDTH, NODE_HEIGHT, tuple(columns), tuple(edges))


def _edges(link: Way, place: Mapping[str, Node]) -> Iterable[str]:
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


_STYLE = (
    "text{font:14px sans-serif;fill:#2a2320}.heading{font-weight:600;fill:#655a51}rect{fill:#fff;stroke:#8d7f6f}"
    "svg .decision>rect{fill:#e6efe2}svg .theme>rect{fill:#f5e5d8}"
    ".edge{fill:none;stroke:#8d7f6f;stroke-width:1.2;stroke-opacity:.55}"
)


def as_svg(picture: TracePicture, *, anchors: bool = False) -> str:
    """The picture as SVG that stands by itself. With anchors, each thing leads to its id in the same document."""
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{picture.width + 2}" height="{picture.height}"',
        f' viewBox="-1 0 {picture.width + 2} {picture.height}" role="group" aria-label="From decisions to voices">',
        f"<style>{_STYLE}</style>",
        *(f'<path class="edge" d="{edge}"/>' for edge in picture.edges),
        *(line for column in picture.columns for line in _column(picture, column, anchors=anchors)),
        "</svg>",
    ]
    return "\n".join(lines)


def _column(picture: TracePicture, column: Column, *, anchors: bool) -> Iterable[str]:
    yield f'<text class="heading" x="{column.x}" y="20">{column.title}</text>'
    for node in column.nodes:
        start, end = (f'<a href="#{node.id}" class="{column.kind}">', "</a>") if anchors else (
            f'<g class="{column.kind}">', "</g>")  # fmt: skip
        yield f"{start}<title>{_written(node.whole)}</title>"
        yield f'<rect x="{node.x}" y="{node.y}" width="{picture.node_width}" height="{picture.node_height}" rx="7"/>'
        yield f'<svg x="{node.x + 10}" y="{node.y}" width="{picture.node_width - 16}" height="{picture.node_height}">'
        yield f'<text y="23">{_written(node.label)}</text></svg>{end}'
    if column.more:
        yield f'<text x="{column.x + 10}" y="{column.more_y}">and {column.more:,} more</text>'


def _written(text: str) -> str:
    """Fit for XML: what it cannot hold becomes a space."""
    return escape("".join(letter if letter.isprintable() or letter in "\n\t" else " " for letter in text))
