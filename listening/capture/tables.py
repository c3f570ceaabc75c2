"""Tables of statements: exports of the tools people already use, one statement a row."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from io import StringIO
from itertools import islice
from typing import Final

from listening.capture.about import MAX_VALUE
from listening.capture.days import Date, goes_forward, moment, orders
from listening.capture.text import decode, shown
from listening.domain import About, Attached, Columns, Document, Role, Turn, sha256_of
from listening.errors import Refused

MAX_ROWS: Final = 200_000
MOST_CHARACTERS: Final = 50_000_000
BETWEEN: Final = "\n\n"  # stands between two statements in the Document's text
_DELIMITERS: Final = "\t,;|"  # of two that fit equally, the first: a tab stands in no sentence
_SAID = re.compile(r"\Asep=([\t,;|])(?=\r|\n)", re.IGNORECASE)  # Excel's own first line
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
ENOUGH_DAYS: Final = 4  # different days that must go forward before that says which number is the month
_WRITTEN = re.compile(
    r"(?P<a>\d{1,4})(?P<sep>[./-])(?P<b>\d{1,2})(?P=sep)(?P<c>\d{1,4})"
    r"(?:,?\s+(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2}))?(?:\s?(?P<half>am|pm))?(?:\s?(?:utc|gmt))?)?",
    re.IGNORECASE | re.ASCII,
)
_YES = re.compile(
    r"(?:yes|y|true|1|x|ok|okay|✓|✔|ja|oui|si|sí|sim|tak|agreed?|i (?:do )?(?:agree|consent)|consent(?:ed)?)\b|[✓✔]"
)
_NO = re.compile(r"\b(?:no|not|don.?t|never|nein|nicht|non|nie|withdrawn?)\b")
_NUMBER = re.compile(r"[0-9]{9,14}(\.[0-9]{1,9})?")  # seconds since 1973, or milliseconds
_FIRST_MILLISECONDS: Final = 100_000_000_000  # as seconds this is the year 5138, as milliseconds 1973
_COLUMNS_SHOWN: Final = 30
# What forms call the column with a name that no other answer has.
_ID: Final = re.compile(r"(?:.*/)?(?:_uuid|instanceid|_?_id|key|uuid|(?:response|submission|respondent)[ _-]?id)")
LEAST_ID: Final = 8  # characters: a shorter one is a number that the next form may use again
_WITH_CLOCK = re.compile(r".*\d:\d\d.*|[0-9]{9,14}(\.[0-9]{1,9})?")
MOST_WORDS_OF_A_TICK: Final = 3  # "no thank you"


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of one row, and the line of the file it ends on."""

    cells: Sequence[str]
    line: int


@dataclass(frozen=True, slots=True)
class Table:
    """A table as it lies in its file: the heading, and the rows under it, as wide as the heading."""

    heading: Sequence[str]
    rows: Iterable[Row]
    sha256: str
    notes: tuple[str, ...] = ()


def read_table(data: bytes, columns: Columns) -> Document:
    """Read a table that is text into a Document: see `statements`."""
    return statements(open_text(data, columns), columns)


def open_text(data: bytes, columns: Columns | None = None) -> Table:
    """A table that is text, its cells split as fits the columns asked for best.

    Raises Refused, naming the line, for a row with more or fewer cells than the heading (its words may be cut or
    moved) and quotation marks out of place; for rows, when they are looked at.
    """
    text = decode(data)
    # The csv module's own limit holds for the whole program; it is only ever raised, to what the file can need.
    csv.field_size_limit(max(csv.field_size_limit(), len(text)))
    said = _SAID.match(text)
    delimiter = said[1] if said else None
    text = _SAID.sub("", text)  # its line stays, empty, so that the lines after it keep their numbers
    rows = _rows(text, delimiter or _delimiter(text, columns))
    return Table(next(rows).cells, rows, sha256_of(data))


def statements(table: Table, columns: Columns) -> Document:
    """The words of a table as a Document whose text is its statements, character for character, a blank line between.

    Each cell with words is one turn and keeps its piece; a cell with white space only holds no words and is passed
    over. Rows of one voice (in one place) make one conversation, a row without a voice makes its own. With several
    columns of words each row is a conversation, and the headings are what was asked. A row without a clear yes where
    consent is asked for is not taken, and that is said. Times become UTC; one without a zone counts as UTC, one that
    cannot be read as none. Raises Refused for a missing column, and where no words are left.
    """
    places = _Places.of(table.heading, columns)
    rows = list(table.rows)
    ids = _ids(table.heading, rows)
    when = _times([row.cells[places.time] for row in rows] if places.time is not None else [])
    made = _Statements(columns, table.heading, people=table.sha256[:16] if columns.private else columns.people)
    for number, row in enumerate(rows):
        made.add(row, places, when[number] if when else None, _same(row, places, ids))
    return made.document(table.notes)


def _ids(heading: Sequence[str], rows: Sequence[Row]) -> int | None:
    """The place of the column that gives each answer a name of its own, if there is one."""
    for place, title in enumerate(heading):
        if _ID.fullmatch(title.strip().casefold()):
            found = {row.cells[place].strip() for row in rows}
            if len(found) == len(rows) and min(map(len, found), default=0) >= LEAST_ID:
                return place
    return None


def _same(row: Row, places: _Places, ids: int | None) -> str:
    """What is the same when this row is handed in again: its id, else the whole of it.

    Without an id or a time of day, another person may have given the same row: "row:" says so.
    """
    if ids is not None:
        return row.cells[ids].strip()
    timed = places.time is not None and bool(_WITH_CLOCK.fullmatch(row.cells[places.time].strip()))
    return ("" if timed else "row:") + sha256_of(repr([cell.strip() for cell in row.cells]))


def _part(same: str, heading: str, cell: str) -> str:
    """What is the same when one cell of a row is handed in again, given what is of the row."""
    return same[:4] * same.startswith("row:") + sha256_of(repr((same, heading, cell)))


def _times(cells: Sequence[str]) -> list[datetime | None]:
    """The time in each cell. Dates such as 5/3/2026 are read where all of them together say which number is the day."""
    found = [read_time(cell) for cell in cells]
    written = {number: parts for number, cell in enumerate(cells) if (parts := _WRITTEN.fullmatch(cell.strip()))}
    dates: list[Date] = [(int(parts["a"]), int(parts["b"]), int(parts["c"])) for parts in written.values()]
    fitting = orders(dates) if dates else []
    if len(fitting) > 1 and len(set(dates)) >= ENOUGH_DAYS:
        fitting = [order for order in fitting if goes_forward(dates, order)]
    if len(fitting) == 1:
        for (number, parts), date in zip(written.items(), dates, strict=True):
            found[number] = found[number] or moment(date, fitting[0], _clock(parts))
    return found


def _clock(parts: re.Match[str]) -> tuple[int, int, int]:
    hour, half = int(parts["hour"] or 0), (parts["half"] or "").casefold()
    if half:
        hour = hour % 12 + (12 if half == "pm" else 0)
    return hour, int(parts["minute"] or 0), int(parts["second"] or 0)


def _records(text: str, delimiter: str) -> Iterator[Row]:
    """All rows but blank lines; raises Refused where quotation marks are out of place."""
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield Row(cells, reader.line_num)
    except csv.Error as error:
        raise Refused(
            f"The row that ends on line {reader.line_num} cannot be read: its quotation marks do not match. "
            "Open the table in a spreadsheet program, save it as CSV again, and bring that."
        ) from error


def _rows(text: str, delimiter: str) -> Iterator[Row]:
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
    asked = asked_for(columns) if columns else []

    def fit(delimiter: str) -> tuple[int, int]:
        heading = _heading(text, delimiter)
        return sum(bool(matching(heading, name)) for name in asked), len(heading)

    return max(_DELIMITERS, key=fit)


def _heading(text: str, delimiter: str) -> Sequence[str]:
    try:
        return next((row.cells for row in islice(_records(text, delimiter), 1)), [])
    except Refused:
        return []


def matching(heading: Sequence[str], name: str) -> list[int]:
    """Where a column of that name stands: written exactly so, else but for case and outer space."""
    exact = [place for place, title in enumerate(heading) if title == name]
    same = name.strip().casefold()
    return exact or [place for place, title in enumerate(heading) if title.strip().casefold() == same]


def asked_for(columns: Columns) -> list[str]:
    """The names of all columns that are asked for."""
    single = [columns.text, columns.voice, columns.time, columns.place, columns.consent]
    return [name for name in (*single, *columns.also, *columns.recording) if name is not None]


@dataclass(frozen=True, slots=True)
class _Places:
    """Which cell of a row holds what, counted from 0."""

    words: tuple[int, ...]
    voice: int | None
    time: int | None
    place: int | None
    consent: int | None
    recording: tuple[int, ...]

    @classmethod
    def of(cls, heading: Sequence[str], columns: Columns) -> _Places:
        """Find the columns asked for; raises Refused for one that is missing or there twice."""

        def one(name: str | None) -> int | None:
            return None if name is None else _place(heading, name)

        return cls(
            words=tuple(_place(heading, name) for name in (columns.text, *columns.also)),
            voice=one(columns.voice),
            time=one(columns.time),
            place=one(columns.place),
            consent=one(columns.consent),
            recording=tuple(_place(heading, name) for name in columns.recording),
        )


def _place(heading: Sequence[str], name: str) -> int:
    places = matching(heading, name)
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

    columns: Columns
    heading: Sequence[str]
    people: str
    texts: list[str] = field(default_factory=list)
    turns: list[Turn] = field(default_factory=list)
    length: int = 0
    known: dict[tuple[str | None, ...], int] = field(default_factory=dict)  # voice and place -> conversation
    conversations: list[About] = field(default_factory=list)
    attached: list[Attached] = field(default_factory=list)
    persons: dict[str, str] = field(default_factory=dict)  # names that are not shown, and what they are called here
    without_consent: int = 0

    def add(self, row: Row, places: _Places, when: datetime | None, same: str) -> None:
        """Take one row in; one without words is passed over, one without consent is counted."""
        words = [place for place in places.words if row.cells[place].strip()]
        sounds = [name for place in places.recording if (name := row.cells[place].strip())]
        if not words and not sounds:
            return
        if places.consent is not None and not agrees(row.cells[places.consent]):
            self.without_consent += 1
            return
        handle = None if places.voice is None else self.handle_of(row.cells[places.voice].strip())
        place = None if places.place is None else row.cells[places.place].strip()[:MAX_VALUE] or None
        conversation = self.conversation_of(handle, place, when)
        for each in words:
            if self.columns.also:
                self.put(self.heading[each], Turn(0, 0, Role.LISTENER, conversation=conversation), "\n")
            known_by = _part(same, self.heading[each], row.cells[each])
            said = Turn(0, 0, Role.WORDS, handle, handle, conversation, whole=True, said_at=when, same=known_by)
            self.put(row.cells[each], said, BETWEEN)
        held_on = when.date() if when else None
        self.attached += (
            Attached(name, handle, handle, conversation, held_on, _part(same, "recording", name)) for name in sounds
        )

    def put(self, words: str, turn: Turn, after: str) -> None:
        """Add a text and its turn, less outer white space."""
        stripped = words.strip()
        if stripped:
            start = self.length + words.index(stripped)
            self.turns.append(replace(turn, start=start, end=start + len(stripped)))
        self.texts += [words, after]
        self.length += len(words) + len(after)
        if self.length > MOST_CHARACTERS:
            raise Refused("This table holds more words than a library. Bring it in smaller pieces.")

    def handle_of(self, cell: str) -> str | None:
        """Who a cell means; names and addresses only tell people apart."""
        if not cell or not self.columns.private:
            return cell or None
        return self.persons.setdefault(cell.casefold(), f"person {len(self.persons) + 1}")

    def conversation_of(self, handle: str | None, place: str | None, when: datetime | None) -> int:
        """The index of this voice's conversation there; a new one where nobody knows whose it is, or a row is one."""
        key = handle, place
        alone = handle is None or bool(self.columns.also)
        if not alone and key in self.known:
            return self.known[key]
        self.known[key] = number = len(self.conversations)
        self.conversations.append(About(place=place, held_on=when.date() if when and alone else None))
        return number

    def document(self, notes: Sequence[str]) -> Document:
        """All of it; raises Refused where no row held words."""
        left = self.without_consent
        if not self.turns and not self.attached:
            if left:
                raise Refused("No row of this table says yes to its words being used, so none was taken.")
            raise Refused("No row of this table holds words. Check that the right column was named for the words.")
        if left:
            rows = "1 row was" if left == 1 else f"{left} rows were"
            notes = [*notes, f"{rows} not taken: “{shown(self.columns.consent or '')}” does not say yes there."]
        return Document(
            "".join(self.texts[:-1]),
            tuple(self.turns),
            tuple(self.conversations),
            self.people,
            tuple(self.attached),
            tuple(notes),
        )


def agrees(cell: str) -> bool:
    """Whether a cell clearly says yes."""
    text = cell.strip().casefold()
    return bool(_YES.match(text)) and not _NO.search(text)


def is_yes_or_no(cell: str) -> bool:
    """Whether a cell says yes or no and little else, as somebody ticks a box."""
    text = cell.strip().casefold()
    return len(text.split()) <= MOST_WORDS_OF_A_TICK and bool(_YES.match(text) or _NO.match(text))


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
