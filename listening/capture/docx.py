"""Word documents, word for word: insertions that were tracked are kept, deletions and hidden text are not.

Footnotes, endnotes and text boxes follow the paragraph they hang on. Headers, footers and comments in the margin are
nobody's speech and stay out; what stays out is said.
"""

from __future__ import annotations

import io
import posixpath
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain
from typing import Final

from lxml.etree import _Element as Element

from listening.capture.markup import attribute, below, child, local, parse
from listening.capture.packed import Packed, opened
from listening.capture.pages import Paragraph, Shape, labelled, read_pages, some
from listening.domain import About, Document
from listening.errors import Refused

_NOT_WORD: Final = "This is not a Word document, whatever its name says. Save it as .docx again, and bring that."
_OFF: Final = ("0", "false", "off", "none")
_SIGNS: Final = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "\u2011", "softHyphen": "\u00ad"}
# What was deleted or moved away, what is said twice for older programs, and what steers rather than speaks.
_PASSED_OVER: Final = {
    *("del", "moveFrom", "Fallback", "instrText", "delText", "delInstrText", "rt"),
    *("pPr", "rPr", "tblPr", "trPr", "tcPr", "sdtPr", "sdtEndPr"),
}


def read_docx(data: bytes, given: About = About()) -> Document:
    """Read a Word document into a Document whose text is its paragraphs, a blank line between.

    Raises Refused for a file that is damaged, locked, no Word document, or would unpack to too much.
    """
    with opened(io.BytesIO(data)) as packed:
        word = _Word.of(packed)
        try:
            paragraphs = list(word.everything())
        except RecursionError as error:
            raise Refused("This document has boxes within boxes without end. Save it anew, and bring that.") from error
    return read_pages(paragraphs, given, word.notes())


# --- the parts of the file --------------------------------------------------------------------------------------------


def _related(packed: Packed, part: str) -> dict[str, list[str]]:
    """The parts that a part refers to, by what they are to it."""
    folder, name = posixpath.split(part)
    listed = posixpath.join(folder, "_rels", f"{name}.rels")
    found: dict[str, list[str]] = {}
    if listed not in packed.names:
        return found
    for one in parse(packed.read(listed)):
        target, kind = attribute(one, "Target") or "", (attribute(one, "Type") or "").rpartition("/")[2]
        path = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
        if attribute(one, "TargetMode") != "External" and path in packed.names:
            found.setdefault(kind, []).append(path)
    return found


@dataclass(frozen=True, slots=True)
class _Style:
    """What a style says about text, where it says anything; else what it is based on does."""

    hidden: bool | None
    heading: bool | None
    item: bool | None


@dataclass(slots=True)
class _Word:
    """A Word document, and what was met in it on the way."""

    body: Element
    styles: Mapping[str, _Style]
    footnotes: dict[tuple[str, str], Element]  # those not read yet
    margins: bool  # whether there are words in headers or footers
    comments: int
    hidden: int = 0
    embedded: int = 0
    unended: _Text | None = None  # a paragraph whose end was deleted

    @classmethod
    def of(cls, packed: Packed) -> _Word:
        """Read what lies around the body; raises Refused where there is no body."""
        main = next(iter(_related(packed, "").get("officeDocument", ["word/document.xml"])))
        if main not in packed.names:
            raise Refused(_NOT_WORD)
        body = child(parse(packed.read(main)), "body")
        if body is None:
            raise Refused(_NOT_WORD)
        related = _related(packed, main)
        roots = {
            kind: [parse(packed.read(part)) for part in related.get(kind, [])]
            for kind in ("styles", "footnotes", "endnotes", "comments", "header", "footer")
        }
        return cls(
            body=body,
            styles=_styles(roots["styles"]),
            footnotes={
                (kind, attribute(note, "id") or ""): note
                for kind in ("footnote", "endnote")
                for root in roots[f"{kind}s"]
                for note in root
                if attribute(note, "type") in (None, "normal")
            },
            margins=any(
                (text.text or "").strip() for kind in ("header", "footer") for root in roots[kind]
                for text in below(root, "t")
            ),
            comments=sum(local(each) == "comment" for root in roots["comments"] for each in root),
        )  # fmt: skip

    def notes(self) -> list[str]:
        """What was left out, in sentences."""
        hidden, comments = self.hidden, self.comments
        said = {
            f"{some(hidden, 'piece', 'pieces')} of hidden text {'was' if hidden == 1 else 'were'} left out.": hidden,
            f"{some(comments, 'comment', 'comments')} in the margin "
            f"{'was' if comments == 1 else 'were'} left out.": comments,
            "The words at the top and bottom edge of the pages were left out.": self.margins,
            f"{some(self.embedded, 'file', 'files')} inside the document could not be read. "
            "Bring what is in there as a file of its own.": self.embedded,
        }
        return [sentence for sentence, there in said.items() if there]

    # --- paragraphs ---

    def paragraphs(self, container: Element) -> Iterator[Paragraph]:
        """Every paragraph in a body, cell, box or note, in the order in which it is read."""
        for each in container:
            name = local(each)
            if name == "p":
                yield from self.paragraph(each)
            elif name == "tbl":
                yield from self.table(each)
            elif name == "altChunk":
                self.embedded += 1
            elif name not in _PASSED_OVER:
                yield from self.paragraphs(each)

    def paragraph(self, element: Element) -> Iterator[Paragraph]:
        """One paragraph, then what hangs on it. One whose end was deleted goes on in the next."""
        text = self.unended or _Text(self)
        text.hidden_by_style = self._shown_hidden(child(element, "pPr"), "pStyle") or False
        text.take(element)
        text.end_hidden()
        self.unended = text if _is_end_deleted(element) else None
        if self.unended is None:
            yield from self.whole(text, self._shape(element))

    def whole(self, text: _Text, shape: Shape = Shape.WORDS) -> Iterator[Paragraph]:
        """A paragraph that has its end, then what hangs on it."""
        yield Paragraph("".join(text.pieces), shape)
        for hanging in text.hanging:
            yield from self.paragraphs(hanging)

    def everything(self) -> Iterator[Paragraph]:
        """Every paragraph of the document."""
        yield from self.paragraphs(self.body)
        if self.unended:
            yield from self.whole(self.unended)

    def table(self, element: Element) -> Iterator[Paragraph]:
        """The cells, row by row. A first column that says who speaks holds labels."""
        rows = [[list(self.paragraphs(cell)) for cell in _inside(row, "tc")] for row in _inside(element, "tr")]
        return chain.from_iterable(chain.from_iterable(labelled(rows)))

    def _shape(self, element: Element) -> Shape:
        properties = child(element, "pPr")
        style = self.styles.get(_value(child(properties, "pStyle")) or "", _NO_STYLE)
        level = _value(child(properties, "outlineLvl"))
        numbers = child(child(properties, "numPr"), "numId")
        if style.heading or (level is not None and level != "9"):
            return Shape.HEADING
        listed = style.item if numbers is None else _value(numbers) != "0"
        return Shape.ITEM if listed else Shape.WORDS

    def _shown_hidden(self, properties: Element | None, style: str) -> bool | None:
        """Whether properties hide text, themselves or by their style; None where they do not say."""
        own = _switch(properties, "vanish")
        named = self.styles.get(_value(child(properties, style)) or "", _NO_STYLE)
        return named.hidden if own is None else own

    def hides(self, run: Element) -> bool | None:
        """Whether a run's text is hidden; None where its paragraph decides."""
        return self._shown_hidden(child(run, "rPr"), "rStyle")


@dataclass(slots=True)
class _Text:
    """The text of one paragraph as it is put together."""

    word: _Word
    hidden_by_style: bool = False
    pieces: list[str] = field(default_factory=list)
    hanging: list[Element] = field(default_factory=list)  # notes and boxes
    in_hidden: bool = False

    def take(self, element: Element) -> None:
        """Everything under an element but what is passed over."""
        for each in element:
            name = local(each)
            if name == "r" and self.hides(each):
                self.in_hidden = True
            elif name in ("t", "sym") or name in _SIGNS:
                self.add(name, each)
            elif name in ("footnoteReference", "endnoteReference"):
                self.hanging += self.note(name.removesuffix("Reference"), each)
            elif name == "txbxContent":
                self.hanging.append(each)
            elif name not in _PASSED_OVER:
                self.take(each)

    def add(self, name: str, element: Element) -> None:
        """Text that is shown, or a sign for it."""
        if name == "t":
            self.end_hidden()
            self.pieces.append(element.text or "")
        else:
            self.pieces.append(_SIGNS.get(name) or _sign(element))

    def hides(self, run: Element) -> bool:
        """Whether a run holds words and hides them."""
        hidden = self.word.hides(run)
        hidden = self.hidden_by_style if hidden is None else hidden
        return hidden and any((text.text or "").strip() for text in below(run, "t"))

    def end_hidden(self) -> None:
        """Count hidden text that ends here: neighbouring runs are one piece."""
        self.word.hidden += self.in_hidden
        self.in_hidden = False

    def note(self, kind: str, reference: Element) -> list[Element]:
        """The note that is referred to, read once: notes in notes could grow without end."""
        found = self.word.footnotes.pop((kind, attribute(reference, "id") or ""), None)
        return [] if found is None else [found]


# --- small questions --------------------------------------------------------------------------------------------------

_NO_STYLE: Final = _Style(None, None, None)


def _value(element: Element | None) -> str | None:
    return None if element is None else attribute(element, "val")


def _switch(properties: Element | None, name: str) -> bool | None:
    element = child(properties, name)
    return None if element is None else _value(element) not in _OFF


def _sign(element: Element) -> str:
    try:
        return chr(int(attribute(element, "char") or "", 16))
    except (ValueError, OverflowError):
        return "\N{REPLACEMENT CHARACTER}"


def _is_end_deleted(paragraph: Element) -> bool:
    mark = child(child(paragraph, "pPr"), "rPr")
    return child(mark, "del") is not None or child(mark, "moveFrom") is not None


def _inside(element: Element, name: str) -> Iterator[Element]:
    """The rows of a table or the cells of a row, whatever wraps them; not those of a table within."""
    for each in element:
        if local(each) == name:
            yield each
        elif local(each) not in _PASSED_OVER | {"tr", "tc", "p"}:
            yield from _inside(each, name)


def _styles(roots: Iterable[Element]) -> dict[str, _Style]:
    """Every style with what it is based on worked in."""
    found = {attribute(style, "styleId") or "": style for root in roots for style in root if local(style) == "style"}
    return {name: _style(name, found) for name in found}


def _style(name: str, found: Mapping[str, Element]) -> _Style:
    hidden = heading = item = None
    seen: set[str] = set()
    while name in found and name not in seen:
        seen.add(name)
        style = found[name]
        hidden = _switch(child(style, "rPr"), "vanish") if hidden is None else hidden
        heading = _is_heading(style) if heading is None else heading
        numbers = child(child(child(style, "pPr"), "numPr"), "numId")
        item = _value(numbers) != "0" if item is None and numbers is not None else item
        name = _value(child(style, "basedOn")) or ""
    return _Style(hidden, heading, item)


def _is_heading(style: Element) -> bool | None:
    """By its name, which Word keeps in English, or its place in the outline; None where neither says."""
    name = (_value(child(style, "name")) or "").casefold()
    if name in ("title", "subtitle") or name.startswith(("heading", "toc")):
        return True
    level = _value(child(child(style, "pPr"), "outlineLvl"))
    return None if level is None else level != "9"
