"""Rich text, word for word, by the same rules as Word documents."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Final

from listening.capture.pages import Paragraph, Shape, read_pages, some
from listening.domain import About, Document
from listening.errors import Refused

MOST_GROUPS: Final = 1000  # within each other
_DAMAGED: Final = "This rich text is damaged. Open it in a word processor, save it as .docx or .odt, and bring that."
_TOKEN = re.compile(
    rb"\\(?P<word>[a-zA-Z]{1,32})(?P<number>-?\d{1,9})?\x20?|\\'(?P<byte>[0-9a-fA-F]{2})|\\(?P<sign>[^a-zA-Z])|"
    rb"(?P<brace>[{}])|(?P<plain>[^\\{}\r\n\x00]+)|[\r\n\x00]+|\\",
    re.DOTALL,
)
_ENDS: Final = {b"par", b"sect", b"page", b"row", b"cell", b"nestcell", b"nestrow"}
_LETTERS: Final = {
    b"line": "\n", b"tab": "\t", b"emdash": "—", b"endash": "–", b"lquote": "‘", b"rquote": "’", b"ldblquote": "“",  # noqa: RUF001
    b"rdblquote": "”", b"bullet": "•", b"emspace": "\u2003", b"enspace": "\u2002", b"zwj": "\u200d", b"zwnj": "\u200c",
}  # fmt: skip
_SIGNS: Final = {b"~": "\u00a0", b"_": "\u2011", b"-": "\u00ad", b"\\": "\\", b"{": "{", b"}": "}"}
_BREAKS: Final = (b"\n", b"\r")  # a line's end after a backslash ends a paragraph
# Parts of the file that are nobody's words. Others that begin with \* are passed over, too.
_PASSED_OVER: Final = {
    *(b"fonttbl", b"colortbl", b"stylesheet", b"info", b"pict", b"objdata", b"objclass", b"sp", b"fldinst", b"pntext"),
    *(b"listtext", b"header", b"headerl", b"headerr", b"headerf", b"footer", b"footerl", b"footerr", b"footerf"),
    *(b"atnid", b"atnauthor", b"nonshppict", b"bkmkstart", b"bkmkend", b"xe", b"tc", b"ftnsep", b"ftnsepc", b"aftnsep"),
    *(b"aftnsepc", b"filetbl", b"revtbl", b"template", b"generator"),
}
_STARRED_WORDS: Final = {b"shpinst", b"shptxt", b"footnote"}
_CHARSETS: Final = {
    0: "cp1252",
    2: "cp1252",
    77: "mac_roman",
    128: "cp932",
    129: "cp949",
    134: "gb18030",
    136: "big5",
    161: "cp1253",
    162: "cp1254",
    163: "cp1258",
    177: "cp1255",
    178: "cp1256",
    186: "cp1257",
    204: "cp1251",
    222: "cp874",
    238: "cp1250",
}


def read_rtf(data: bytes, given: About = About()) -> Document:
    """Read rich text into a Document whose text is its paragraphs, a blank line between.

    Raises Refused for a file that is damaged or cut off.
    """
    reader = _Rtf()
    reader.take(data)
    return read_pages(reader.made, given, list(reader.notes()))


@dataclass(frozen=True, slots=True)
class _State:
    """What holds within one group."""

    passed: bool = False  # nobody's words
    hidden: bool = False
    deleted: bool = False
    width: int = 1  # how many letters stand in for one that older programs cannot show
    font: int = -1
    note: bool = False  # in a footnote
    defining: bool = False  # in the table of fonts
    starred: bool = False
    fresh: bool = True  # nothing but its beginning was read


@dataclass(slots=True)
class _Rtf:
    """Paragraphs as they are read."""

    made: list[Paragraph] = field(default_factory=list)
    state: _State = field(default_factory=_State)
    above: list[_State] = field(default_factory=list)
    text: list[str] = field(default_factory=list)
    aside: list[str] = field(default_factory=list)  # the text of a footnote
    hanging: list[Paragraph] = field(default_factory=list)
    raw: bytearray = field(default_factory=bytearray)  # bytes not decoded yet
    half: int | None = None  # the first of two surrogates
    skip: int = 0
    encoding: str = "cp1252"
    fonts: dict[int, str] = field(default_factory=dict)
    item: bool = False
    heading: bool = False
    hidden: int = 0
    in_hidden: bool = False
    comments: int = 0

    def notes(self) -> Iterator[str]:
        """What was left out, in sentences."""
        if self.hidden:
            many = some(self.hidden, "piece", "pieces")
            yield f"{many} of hidden text {'was' if self.hidden == 1 else 'were'} left out."
        if self.comments:
            many = some(self.comments, "comment", "comments")
            yield f"{many} in the margin {'was' if self.comments == 1 else 'were'} left out."

    def take(self, data: bytes) -> None:
        """Read it all; raises Refused where groups do not match."""
        at = 0
        while at < len(data):
            found = _TOKEN.match(data, at)
            if found is None:
                raise Refused(_DAMAGED)
            at = found.end()
            if found["word"] == b"bin":
                at += max(0, int(found["number"] or 0))
            self.token(found)
            if not self.above and found["brace"]:
                break  # the end; what some programs write after it is nobody's words
        if self.above:
            raise Refused(_DAMAGED)
        self.end()

    def token(self, found: re.Match[bytes]) -> None:
        """One control word, sign, letter or brace."""
        if found["brace"]:
            self.decode()
            self.brace(found["brace"])
        elif found["word"]:
            self.decode()
            self.word(found["word"], int(found["number"]) if found["number"] else None)
        elif found["byte"]:
            self.byte(int(found["byte"], 16))
        elif found["sign"]:
            self.decode()
            self.sign(found["sign"])
        elif found["plain"]:
            for byte in found["plain"]:
                self.byte(byte)

    def brace(self, brace: bytes) -> None:
        """A group begins or ends."""
        if brace == b"{":
            if len(self.above) >= MOST_GROUPS:
                raise Refused(_DAMAGED)
            self.above.append(self.state)
            self.state = replace(self.state, fresh=True, starred=False)
            return
        if not self.above:
            raise Refused(_DAMAGED)
        left, self.state = self.state, self.above.pop()
        self.skip = 0
        if left.note and not self.state.note:
            self.end_aside()

    def sign(self, sign: bytes) -> None:
        """A control sign."""
        if sign == b"*":
            self.state = replace(self.state, starred=True)
        elif sign in _BREAKS:
            self.end_paragraph()
        else:
            self.put(_SIGNS.get(sign, ""))

    def word(self, word: bytes, number: int | None) -> None:
        """A control word."""
        if self.state.fresh:
            self.state = replace(self.state, fresh=False)
            if self.begins_part(word):
                return
        if word in _ENDS:
            self.end_paragraph()
        elif word == b"u" and number is not None:
            self.unicode(number % 65536)
        elif word in _LETTERS:
            self.put(_LETTERS[word])
        else:
            self.format(word, number)

    def begins_part(self, word: bytes) -> bool:
        """Whether a group of its own purpose begins with this word."""
        starred = self.state.starred
        if word in {b"listtext", b"pntext"}:
            self.item = True
        if word == b"annotation" and not self.state.passed:
            self.comments += 1
        if word == b"footnote":
            self.state = replace(self.state, note=True)
        elif word in _STARRED_WORDS:
            self.state = replace(self.state, passed=False)
        elif starred or word in _PASSED_OVER or word == b"annotation":
            self.state = replace(self.state, passed=True, defining=word == b"fonttbl" or self.state.defining)
        else:
            return False
        return True

    def format(self, word: bytes, number: int | None) -> None:
        """A word that changes what holds from here on."""
        on = number != 0
        if word == b"plain":
            self.state = replace(self.state, hidden=False)
        elif word in {b"v", b"deleted"}:
            self.state = replace(self.state, hidden=on) if word == b"v" else replace(self.state, deleted=on)
        elif word == b"uc" and number is not None:
            self.state = replace(self.state, width=min(max(number, 0), 100))
        elif word in {b"f", b"fcharset", b"ansicpg", b"mac"}:
            self.letters(word, number or 0)
        else:
            self.paragraph_format(word, number)

    def paragraph_format(self, word: bytes, number: int | None) -> None:
        """A word that says what kind of paragraph this is."""
        if word == b"pard":
            self.item = self.heading = False
        elif word == b"ls" and number:
            self.item = True
        elif word == b"outlinelevel":
            self.heading = (number or 0) < 9  # noqa: PLR2004

    def letters(self, word: bytes, number: int) -> None:
        """A word that says how bytes are read as letters."""
        if word == b"f":
            self.state = replace(self.state, font=number)
        elif word == b"fcharset":
            if self.state.defining and number in _CHARSETS:
                self.fonts[self.state.font] = _CHARSETS[number]
        else:
            self.encoding = _known(f"cp{number}") if word == b"ansicpg" else "mac_roman"

    # --- text ---

    def byte(self, byte: int) -> None:
        """A letter of the older kind, unless it stands in for one that was read."""
        self.state = replace(self.state, fresh=False) if self.state.fresh else self.state
        if self.skip:
            self.skip -= 1
        else:
            self.raw.append(byte)

    def decode(self) -> None:
        """Read the bytes so far as letters."""
        if self.raw:
            raw = bytes(self.raw)
            self.raw.clear()
            encoding = self.fonts.get(self.state.font, self.encoding)
            self.put(raw.decode(encoding, "replace"), skips=False)

    def unicode(self, number: int) -> None:
        """A letter by its number; two surrogates are one."""
        self.skip = 0
        if 0xD800 <= number < 0xDC00:  # noqa: PLR2004
            self.half = number
        elif 0xDC00 <= number < 0xE000:  # noqa: PLR2004
            if self.half is not None:
                self.put(chr(0x10000 + ((self.half - 0xD800) << 10) + number - 0xDC00), skips=False)
            self.half = None
        else:
            self.put(chr(number), skips=False)
        self.skip = self.state.width

    def put(self, letters: str, *, skips: bool = True) -> None:
        """Add letters where they belong; one that stands in for another is left away."""
        if skips and self.skip:
            self.skip -= 1
            return
        state = self.state
        if state.passed or state.deleted or not letters:
            return
        if state.hidden:
            self.hidden += not self.in_hidden and bool(letters.strip())
            self.in_hidden = self.in_hidden or bool(letters.strip())
            return
        self.in_hidden = False
        (self.aside if state.note else self.text).append(letters)

    def end_paragraph(self) -> None:
        """A paragraph ends here, in the text or in a footnote."""
        self.skip = 0
        if self.state.passed or self.state.deleted:
            return
        if self.state.note:
            self.end_aside()
        else:
            self.end()

    def end_aside(self) -> None:
        """A paragraph of a footnote ends."""
        self.hanging.append(Paragraph("".join(self.aside)))
        self.aside = []

    def end(self) -> None:
        """A paragraph of the text ends, and what hangs on it follows."""
        self.decode()
        shape = Shape.HEADING if self.heading else Shape.ITEM if self.item else Shape.WORDS
        self.made += [Paragraph("".join(self.text), shape), *self.hanging]
        self.text, self.hanging, self.in_hidden = [], [], False


def _known(encoding: str) -> str:
    try:
        return codecs.lookup(encoding).name
    except LookupError:
        return "cp1252"
