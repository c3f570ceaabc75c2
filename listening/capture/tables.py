"""Tables of statements: exports of the tools people already use, one statement a row."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from io import StringIO
from itertools import islice
from typing import Final

from listening.capture.text import decode, shown
from listening.domain import About, Columns, Document, Turn
from listening.errors import Refused

MAX_ROWS: Final = 200_000
BETWEEN: Final = "\n\n"  # stands between two statements in the Document's text
_DELIMITERS: Final = "\t,;|"  # of two that fit equally, the first: a tab stands in no sentence
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_NUMBER = re.compile(r"[0-9]{9,14}(\.[0-9]{1,9})?")  # seconds since 1973, or milliseconds
_FIRST_MILLISECONDS: Final = 100_000_000_000  # as seconds this is the year 5138, as milliseconds 1973
_COLUMNS_SHOWN: Final = 30


def read_table(data: bytes, columns: Columns) -> Document:
    """Read a table into a Document whose text is its statements, character for character, a blank line between.

    Each row with words is one turn and keeps its piece; a cell with white space only holds no words and is passed
    over. Rows of one voice make one conversation, a row without a voice makes its own. Times become UTC; one without
    a zone counts as UTC, one that cannot be read as none. Raises Refused, naming the line, for a missing column, a
    row with more or fewer cells than the heading (its words may be cut or moved) and quotation marks out of place.
    """
    text = decode(data)
    # The csv module's own limit holds for the whole program; it is only ever raised, to what the file can need.
    csv.field_size_limit(max(csv.field_size_limit(), len(text)))
    delimiter = _delimiter(text, columns)
    statements = _Statements(columns.people)
    rows = _rows(text, delimiter)
    places = _Places.of(next(rows).cells, columns)
    for row in rows:
        statements.add(row, places)
    return statements.document()


@dataclass(frozen=True, slots=True)
class Beginning:
    """The heading of a table and its first rows, for somebody to say which column holds what."""

    heading: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def beginning(data: bytes, most: int = 3) -> Beginning:
    """The heading and the first rows of a table; raises Refused as `read_table` does."""
    text = decode(data)
    csv.field_size_limit(max(csv.field_size_limit(), len(text)))
    first = [tuple(row.cells) for row in islice(_rows(text, _delimiter(text, None)), most + 1)]
    return Beginning(first[0], tuple(first[1:]))


@dataclass(frozen=True, slots=True)
class _Row:
    """The cells of one row, and the line of the file it ends on."""

    cells: Sequence[str]
    line: int


def _records(text: str, delimiter: str) -> Iterator[_Row]:
    """All rows but blank lines; raises Refused where quotation marks are out of place."""
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield _Row(cells, reader.line_num)
    except csv.Error as error:
        raise Refused(
            f"The row that ends on line {reader.line_num} cannot be read: its quotation marks do not match. "
            "Open the table in a spreadsheet program, save it as CSV again, and bring that."
        ) from error


def _rows(text: str, delimiter: str) -> Iterator[_Row]:
    """The heading and the rows under it, each as wide as the heading; empty cells too many are left away."""
    width = 0
    for number, row in enumerate(_records(text, delimiter)):
        if number > MAX_ROWS:
            raise Refused(f"This table has more than {MAX_ROWS} rows. Bring it in smaller pieces.")
        width = width or len(row.cells)
        if len(row.cells) < width or any(cell.strip() for cell in row.cells[width:]):
            raise Refused(
                f"The row that ends on line {row.line} has {len(row.cells)} cells and the heading has {width}, so "
                "words may be cut off or in the wrong place. Mend that row, or save the table as CSV again."
            )
        yield row
    if not width:
        raise Refused("This table is empty. Check that it is the right file.")


def _delimiter(text: str, columns: Columns | None) -> str:
    """The delimiter under which the heading holds most of the columns asked for, then most cells."""
    asked = [name for name in (columns.text, columns.voice, columns.time) if name is not None] if columns else []

    def fit(delimiter: str) -> tuple[int, int]:
        heading = _heading(text, delimiter)
        return sum(bool(_matching(heading, name)) for name in asked), len(heading)

    return max(_DELIMITERS, key=fit)


def _heading(text: str, delimiter: str) -> Sequence[str]:
    try:
        return next((row.cells for row in islice(_records(text, delimiter), 1)), [])
    except Refused:
        return []


def _matching(heading: Sequence[str], name: str) -> list[int]:
    """Where a column of that name stands: written exactly so, else but for case and outer space."""
    exact = [place for place, title in enumerate(heading) if title == name]
    same = name.strip().casefold()
    return exact or [place for place, title in enumerate(heading) if title.strip().casefold() == same]


@dataclass(frozen=True, slots=True)
class _Places:
    """Which cell of a row holds what, counted from 0."""

    text: int
    voice: int | None
    time: int | None

    @classmethod
    def of(cls, heading: Sequence[str], columns: Columns) -> _Places:
        """Find the columns asked for; raises Refused for one that is missing or there twice."""
        return cls(
            _place(heading, columns.text),
            None if columns.voice is None else _place(heading, columns.voice),
            None if columns.time is None else _place(heading, columns.time),
        )


def _place(heading: Sequence[str], name: str) -> int:
    places = _matching(heading, name)
    if len(places) > 1:
        raise Refused(
            f"This table has {len(places)} columns called “{shown(name)}”. Give each its own name and try again."
        )
    if not places:
        titles = ", ".join(f"“{shown(title)}”" for title in heading[:_COLUMNS_SHOWN])
        more = f" and {len(heading) - _COLUMNS_SHOWN} more" if len(heading) > _COLUMNS_SHOWN else ""
        raise Refused(
            f"This table has no column called “{shown(name)}”. Its columns are: {titles}{more}. Name one of these."
        )
    return places[0]


@dataclass(slots=True)
class _Statements:
    """The statements read so far."""

    people: str
    texts: list[str] = field(default_factory=list)
    turns: list[Turn] = field(default_factory=list)
    length: int = 0
    voices: dict[str, int] = field(default_factory=dict)  # handle -> its conversation
    conversations: int = 0

    def add(self, row: _Row, places: _Places) -> None:
        """Take one row in; a row without words is passed over."""
        words = row.cells[places.text]
        if not words.strip():
            return
        start = self.length + (len(BETWEEN) if self.texts else 0)
        handle = None if places.voice is None else row.cells[places.voice].strip() or None
        self.texts.append(words)
        self.length = start + len(words)
        self.turns.append(
            Turn(
                start=start + len(words) - len(words.lstrip()),
                end=start + len(words.rstrip()),
                speaker=handle,
                handle=handle,
                conversation=self.conversation_of(handle),
                whole=True,
                said_at=None if places.time is None else read_time(row.cells[places.time]),
            )
        )

    def conversation_of(self, handle: str | None) -> int:
        """The index of this voice's conversation; a new one where the voice is new or nobody knows whose it is."""
        known = self.voices.get(handle) if handle is not None else None
        if known is not None:
            return known
        number, self.conversations = self.conversations, self.conversations + 1
        if handle is not None:
            self.voices[handle] = number
        return number

    def document(self) -> Document:
        """All of it; raises Refused where no row held words."""
        if not self.turns:
            raise Refused("No row of this table holds words. Check that the right column was named for the words.")
        return Document(BETWEEN.join(self.texts), tuple(self.turns), (About(),) * self.conversations, self.people)


def read_time(cell: str) -> datetime | None:
    """The time in a cell, in UTC: ISO 8601, or seconds or milliseconds since 1970; None where it cannot be read."""
    text = cell.strip()
    try:
        if _NUMBER.fullmatch(text):
            number = float(text)
            return _EPOCH + timedelta(**{"milliseconds" if number >= _FIRST_MILLISECONDS else "seconds": number})
        when = datetime.fromisoformat(text)
        return when.replace(tzinfo=UTC) if when.tzinfo is None else when.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
