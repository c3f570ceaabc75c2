"""Paragraphs of a word processor put together as text, and read as a note is read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from typing import Final

from listening.capture.notes import lines_of, read_lines
from listening.domain import About, Document
from listening.errors import Refused

BETWEEN: Final = "\n\n"  # stands between two paragraphs in the Document's text
MOST_CHARACTERS: Final = 10_000_000
_SPEAKER_TITLES: Final = {"speaker", "speakers", "who", "name", "voice", "person", "participant"}
# What XML and word processors let through and no text holds.
_NO_TEXT: Final = dict.fromkeys([*range(9), *range(14, 32), 0x7F, 0xFFFE, 0xFFFF])


class Shape(Enum):
    """What kind of paragraph it is."""

    WORDS = "words"
    HEADING = "heading"
    ITEM = "item"  # of a list
    LABEL = "label"  # may hold a speaker label and nothing else
    SPEAKER = "speaker"  # says who speaks


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph, its text as typed."""

    text: str
    shape: Shape = Shape.WORDS


def read_pages(paragraphs: Iterable[Paragraph], given: About, notes: Sequence[str] = ()) -> Document:
    """A Document whose text is the paragraphs, character for character, a blank line between.

    Headings are no speech, an item of a list is kept in one piece; else the rules of notes hold, front matter
    included. Raises Refused where it holds nobody's words.
    """
    kept = [replace(each, text=each.text.translate(_NO_TEXT)) for each in paragraphs if each.text.strip()]
    if sum(len(each.text) for each in kept) > MOST_CHARACTERS:
        raise Refused("This document is longer than a shelf of books. Bring it in smaller pieces.")
    if not kept:
        raise Refused("There are no words in this document. If its pages are pictures, type up what they say.")
    text = BETWEEN.join(each.text for each in kept)
    shapes, start = [], 0
    for each in kept:
        shapes.append((start + len(each.text), each.shape))
        start += len(each.text) + len(BETWEEN)
    lines, at = [], 0
    for line in lines_of(text):
        while line.start > shapes[at][0]:
            at += 1
        shape = shapes[at][1]
        lines.append(
            replace(
                line,
                frame=line.frame or shape is Shape.HEADING,
                whole=shape is Shape.ITEM,
                label=shape is Shape.LABEL,
                speaker=shape is Shape.SPEAKER,
            )
        )
    return replace(read_lines(text, lines, given), notes=tuple(notes))


Rows = list[list[list[Paragraph]]]
"""The rows of a table, each of cells, each of paragraphs."""


def labelled(rows: Rows) -> Rows:
    """The rows, their first cells as labels where a table of two columns may say who speaks, or is headed so."""
    if any(len(cells) != 2 for cells in rows):  # noqa: PLR2004
        return rows
    title = {word for cell in rows[:1] for each in cell[0] for word in each.text.casefold().split()}
    if not title & _SPEAKER_TITLES:
        return [[_as(Shape.LABEL, first), words] for first, words in rows]
    heading, *rest = rows
    return [
        [_as(Shape.HEADING, cell) for cell in heading],
        *([_as(Shape.SPEAKER, first), words] for first, words in rest),
    ]


def _as(shape: Shape, cell: Iterable[Paragraph]) -> list[Paragraph]:
    return [Paragraph(each.text, shape) for each in cell]


def some(number: int, one: str, many: str) -> str:
    """A number and what it counts: "1 comment", "3 comments"."""
    return f"{number} {one if number == 1 else many}"
