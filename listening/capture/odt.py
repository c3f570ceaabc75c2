"""OpenDocument texts (LibreOffice, Google Docs), word for word, by the same rules as Word documents."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain
from typing import Final

from lxml.etree import _Element as Element

from listening.capture.markup import attribute, below, child, local, parse
from listening.capture.packed import Packed, opened
from listening.capture.pages import Paragraph, Shape, labelled, read_pages, some
from listening.domain import About, Document
from listening.errors import Refused

_NOT_TEXT: Final = "This is not an OpenDocument text, whatever its name says. Save it as .odt again, and bring that."
_LOCKED: Final = "This file is locked with a password. Save it without one, and bring it again."
_SPACE = re.compile(r"[ \t\r\n]+")
# What was deleted, what steers rather than speaks, and what a program made of the rest.
_PASSED_OVER: Final = {
    *("tracked-changes", "note-citation", "ruby-text", "forms", "sequence-decls", "variable-decls", "desc", "title"),
    *("table-of-content", "alphabetical-index", "illustration-index", "table-index", "bibliography", "user-index"),
}
_HIDES: Final = ("hidden-text", "hidden-paragraph", "conditional-text")
MOST_SPACES: Final = 100  # of one element


def read_odt(data: bytes, given: About = About()) -> Document:
    """Read an OpenDocument text into a Document whose text is its paragraphs, a blank line between.

    Raises Refused for a file that is damaged, locked, no such text, or would unpack to too much.
    """
    with opened(io.BytesIO(data)) as packed:
        body, hidden = _body(packed)
    text = _Text(hidden)
    try:
        paragraphs = list(text.paragraphs(body))
    except RecursionError as error:
        raise Refused("This document has boxes within boxes without end. Save it anew, and bring that.") from error
    return read_pages(paragraphs, given, text.notes())


def _body(packed: Packed) -> tuple[Element, set[str]]:
    """The body, and the names of the styles that hide."""
    if "META-INF/manifest.xml" in packed.names and b"encryption-data" in packed.read("META-INF/manifest.xml"):
        raise Refused(_LOCKED)
    if "content.xml" not in packed.names:
        raise Refused(_NOT_TEXT)
    roots = [parse(packed.read(name)) for name in ("content.xml", "styles.xml") if name in packed.names]
    body = child(child(roots[0], "body"), "text")
    if body is None:
        raise Refused(_NOT_TEXT)
    styles = {attribute(style, "name") or "": style for root in roots for style in below(root, "style")}
    return body, {name for name in styles if _hides(name, styles)}


def _hides(name: str, styles: dict[str, Element]) -> bool:
    seen: set[str] = set()
    while name in styles and name not in seen:
        seen.add(name)
        display = next((attribute(one, "display") for one in styles[name] if local(one) == "text-properties"), None)
        if display is not None:
            return display == "none"
        name = attribute(styles[name], "parent-style-name") or ""
    return False


@dataclass(slots=True)
class _Text:
    """The paragraphs as they are read, and what was met on the way."""

    hidden_styles: set[str]
    hidden: int = 0
    comments: int = 0

    def notes(self) -> list[str]:
        """What was left out, in sentences."""
        hidden, comments = self.hidden, self.comments
        said = {
            f"{some(hidden, 'piece', 'pieces')} of hidden text {'was' if hidden == 1 else 'were'} left out.": hidden,
            f"{some(comments, 'comment', 'comments')} in the margin "
            f"{'was' if comments == 1 else 'were'} left out.": comments,
        }
        return [sentence for sentence, there in said.items() if there]

    def paragraphs(self, container: Element, shape: Shape = Shape.WORDS) -> Iterator[Paragraph]:
        """Every paragraph in a body, cell, list, box or note, in the order in which it is read."""
        for each in container:
            name = local(each)
            if name in {"p", "h"}:
                yield from self.paragraph(each, Shape.HEADING if name == "h" else shape)
            elif name == "table":
                yield from self.table(each)
            elif name == "annotation":
                self.comments += 1
            elif name not in _PASSED_OVER:
                yield from self.paragraphs(each, Shape.ITEM if name == "list" else shape)

    def paragraph(self, element: Element, shape: Shape) -> Iterator[Paragraph]:
        """One paragraph, then what hangs on it."""
        line = _Line(self)
        line.take(element)
        yield Paragraph("".join(line.pieces).rstrip(" "), shape)
        for hanging in line.hanging:
            yield from self.paragraphs(hanging)

    def table(self, element: Element) -> Iterator[Paragraph]:
        """The cells, row by row. A first column that says who speaks holds labels."""
        rows = [[list(self.paragraphs(cell)) for cell in _cells(row)] for row in _rows(element)]
        return chain.from_iterable(chain.from_iterable(labelled(rows)))


@dataclass(slots=True)
class _Line:
    """The text of one paragraph as it is put together."""

    text: _Text
    pieces: list[str] = field(default_factory=list)
    hanging: list[Element] = field(default_factory=list)  # notes and boxes

    def take(self, element: Element) -> None:
        """The text of an element and of all in it but what is passed over."""
        if self.is_hidden(element):
            self.text.hidden += 1
            return
        self.add(element.text)
        for each in element:
            self.child(local(each), each)
            self.add(each.tail)

    def child(self, name: str, element: Element) -> None:
        """What one element in a paragraph adds."""
        if name in {"s", "tab", "line-break"}:
            self.pieces.append(_sign(name, element))
        elif name in {"note-body", "text-box"}:
            self.hanging.append(element)
        elif name == "annotation":
            self.text.comments += 1
        elif name not in _PASSED_OVER:
            self.take(element)

    def is_hidden(self, element: Element) -> bool:
        """Whether an element holds words and hides them."""
        styled = (attribute(element, "style-name") or "") in self.text.hidden_styles
        by_name = local(element) in _HIDES and attribute(element, "is-hidden") != "false"
        return (styled or by_name) and any(str(words).strip() for words in element.itertext())

    def add(self, words: str | None) -> None:
        """Add words, in which white space of any length is one space, as the format says."""
        words = _SPACE.sub(" ", words or "")
        if not self.pieces or self.pieces[-1].endswith((" ", "\n")):
            words = words.removeprefix(" ")
        if words:
            self.pieces.append(words)


def _sign(name: str, element: Element) -> str:
    if name != "s":
        return "\t" if name == "tab" else "\n"
    count = attribute(element, "c") or "1"
    return " " * min(int(count), MOST_SPACES) if count.isdecimal() and len(count) < 10 else " "  # noqa: PLR2004


def _rows(element: Element) -> Iterator[Element]:
    for each in element:
        if local(each) == "table-row":
            yield each
        elif local(each) in {"table-header-rows", "table-rows", "table-row-group"}:
            yield from _rows(each)


def _cells(row: Element) -> Iterable[Element]:
    return [each for each in row if local(each) == "table-cell"]
