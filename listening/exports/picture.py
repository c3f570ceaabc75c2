"""The trace as a drawing that stands by itself: from the decisions to the voices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from listening import drawing
from listening.exports.book import Book, LinkRow

MOST_DRAWN = 60  # of one kind; the tables and the PROV document have them all


def as_picture(book: Book) -> bytes:
    """The drawing as SVG. Where there are decisions, it shows what they rest on; else everything."""
    decided = [link for link in book.trace if link.decision]
    return drawn(decided or book.trace, names(book), MOST_DRAWN).encode()


def drawn(links: Sequence[LinkRow], named: Mapping[str, str], most: int, *, anchors: bool = False) -> str:
    """The picture of these ways."""
    picture = drawing.trace_picture(links, lambda one: named.get(one, one), most)
    return drawing.as_svg(picture, anchors=anchors)


def names(book: Book) -> dict[str, str]:
    """What to write on each thing."""
    return (
        {one.id: one.text for one in book.decisions}
        | {one.id: one.text for one in book.utterances}
        | {one.id: book.title_of(one) for one in book.themes}
        | {one.id: one.shown for one in book.voices}
        | {
            one.id: ", ".join(str(part) for part in (one.place, one.held_on) if part) or "Conversation"
            for one in book.conversations
        }
    )
