"""What the columns of a table seem to hold: known forms by their headings, other tables by what stands in them.

A guess about a known form is taken as it is and said; any other is shown to a person, who confirms it or names others.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import PurePosixPath
from statistics import mean
from typing import Final

from listening.capture.chats import SOUNDS
from listening.capture.tables import Row, Table, agrees, is_yes_or_no, read_time
from listening.capture.text import shown
from listening.domain import Columns

SAMPLE_ROWS: Final = 300
FEWEST_MEAN_WORDS: Final = 3.0  # cells of fewer words are words only if they differ from each other
FEWEST_DIFFERENT: Final = 0.6
MOST_SHOWN: Final = 12
MOST_TITLE_WORDS: Final = 4  # of a title that says what a column is rather than asks

_KOBO = {
    "_uuid",
    "_submission_time",
    "_id",
    "meta/instanceid",
    "meta/rootuuid",
    "meta-instanceid",
    "key",
    "submissiondate",
}
_GOOGLE = {
    "Timestamp", "Zeitstempel", "Horodateur", "Marca temporal", "Carimbo de data/hora", "Informazioni cronologiche",
    "Sygnatura czasowa", "Tijdstempel", "Tidstämpel",
}  # fmt: skip
_TIMES_OF_FORMS = [
    "_submission_time",
    "submissiondate",
    "completion time",
    "end",
    "start time",
    *map(str.casefold, _GOOGLE),
]
_MICROSOFT = {"start time", "completion time"}
# What programs add around the answers.
_BY_THE_PROGRAM = re.compile(
    r"_.*|.*/_.*|meta[/-].*|key|start|end|today|deviceid|device id|subscriberid|simserial|phonenumber|username|audit|"
    r"submissiondate|submitterid|submittername|attachmentspresent|attachmentsexpected|status|reviewstate|deviceid|edits|"
    r"formversion|instanceid|id|#|start time|completion time|last modified time|language|total points|quiz feedback|"
    r"(?:points|feedback) - .*|score|.*_url|.*latitude|.*longitude|.*altitude|.*precision|index|row|number|nr\.?|no\.?",
    re.IGNORECASE,
)
_CONSENT = re.compile(
    r"consent|permission|agree to (?:take part|your|us|my)|use (?:my|your) (?:words|answers)|"
    r"(?:may|can|could|for|let|allow) (?:we|us) (?:to )?(?:use|share|quote|keep|show|publish|pass)|"
    r"einwillig|consenti|zgod[aęy]",
    re.IGNORECASE,
)
_PLACE = re.compile(
    r"\b(?:where|place|location|venue|town|village|area|neighbou?rhood|ward|parish|district|street|site|ort|lieu|lugar)\b",
    re.IGNORECASE,
)
_TIME = re.compile(r"\b(?:date|datetime|time|timestamp|when|submitted|created|datum|fecha)\b", re.IGNORECASE)
_VOICE = re.compile(
    r"\b(?:participant|person|respondent|voice|speaker|author|contributor|who|user|member|handle|code)\b", re.IGNORECASE
)
_PRIVATE = re.compile(
    r"\b(?:e[- ]?mail|name|phone|telephone|mobile|address|username|nom|nombre|courriel)\b|email", re.IGNORECASE
)
_MAIL = re.compile(r"e-?mail|e mail", re.IGNORECASE)
_ABOUT_PEOPLE = re.compile(
    r"\b(?:age|age group|gender|sex|ethnicity|ethnic|postcode|post code|zip|disab\w*|religion|income|tenure|"
    r"how old|born)\b",
    re.IGNORECASE,
)
_CODE = re.compile(
    r"[\d.,%:/\s-]+|[^\s@]+@[^\s@]+|https?://\S+|(?:uuid:)?[0-9a-f]{8}-[0-9a-f-]{20,}|"
    r"true|false|[01]",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Guess:
    """What columns seem to hold. `form` names the program whose form it is; `example` is the first row with words."""

    columns: Columns
    form: str | None
    unread: tuple[str, ...] = ()
    example: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Column:
    """One column: its title, and the cells that are not empty."""

    title: str
    cells: tuple[str, ...]

    @property
    def role(self) -> str:
        """What a short title says: the last step of a path, as words; nothing if it is a question or long."""
        title = re.split(r"[/]", self.title.strip())[-1].replace("_", " ").replace("-", " ").strip()
        return "" if title.endswith("?") or len(title.split()) > MOST_TITLE_WORDS else title

    @property
    def words(self) -> float:
        """How many words a cell has on the average."""
        return mean(len(cell.split()) for cell in self.cells) if self.cells else 0

    def all(self, test: re.Pattern[str]) -> bool:
        """Whether there are cells and each is as the pattern says."""
        return bool(self.cells) and all(test.fullmatch(cell.strip()) for cell in self.cells)

    @property
    def holds_sounds(self) -> bool:
        """Whether its cells are names of sound files."""
        return bool(self.cells) and all(PurePosixPath(cell.strip()).suffix.lower() in SOUNDS for cell in self.cells)

    @property
    def holds_times(self) -> bool:
        """Whether its title speaks of time and every cell has a digit."""
        return bool(_TIME.search(self.role)) and all(any(map(str.isdigit, cell)) for cell in self.cells)

    @property
    def holds_words(self) -> bool:
        """Whether people wrote something of their own here, rather than ticked or numbered something."""
        by_heart = _BY_THE_PROGRAM.fullmatch(self.title.strip()) or _ABOUT_PEOPLE.search(self.title)
        if not self.cells or by_heart or self.holds_times or self.all(_CODE):
            return False
        if all(map(read_time, self.cells)) or all(map(is_yes_or_no, self.cells)):
            return False
        different = len({cell.strip().casefold() for cell in self.cells}) / len(self.cells)
        return self.words >= FEWEST_MEAN_WORDS or (different >= FEWEST_DIFFERENT and any(map(_has_letters, self.cells)))


def _has_letters(cell: str) -> bool:
    return any(letter.isalpha() for letter in cell)


def guess(table: Table) -> Guess | None:
    """What the columns of a table seem to hold; None where no column seems to hold words."""
    rows = list(islice(table.rows, SAMPLE_ROWS))
    columns = [
        _Column(title, tuple(row.cells[place] for row in rows if row.cells[place].strip()))
        for place, title in enumerate(table.heading)
    ]
    columns = [column for column in columns if column.title.strip()]
    form = form_of(table.heading)
    consent = _consent(columns)
    place = _first(columns, _PLACE, but=[consent])
    time = _time(columns, form, but=[consent, place])
    voice = _voice(columns, form, but=[consent, place, time])
    sounds = [column for column in columns if column.holds_sounds]
    taken = [consent, place, time, voice, *sounds]
    words = [
        column
        for column in columns
        if column not in taken
        and column.holds_words
        and not (_PRIVATE.search(column.title) and column.words < FEWEST_MEAN_WORDS)
    ]
    if not words and not (sounds and form):
        return None
    text, *also = words or sounds
    found = Columns(
        text=text.title,
        also=tuple(column.title for column in also if column not in sounds),
        voice=_title(voice),
        time=_title(time),
        place=_title(place),
        consent=_title(consent),
        recording=tuple(column.title for column in sounds),
        private=bool(voice and is_private(voice.title)),
    )
    unread = [column.title for column in columns if column not in [*taken, *words] and column.cells]
    return Guess(found, form, tuple(unread), _example(rows, table.heading, found))


def _title(column: _Column | None) -> str | None:
    return None if column is None else column.title


def form_of(heading: Sequence[str]) -> str | None:
    """The program whose form has such a heading, if it is one that is known."""
    titles = [title.strip().casefold() for title in heading]
    if len(_KOBO & set(titles)) > 1:
        return "KoboToolbox or ODK"
    if set(titles) >= _MICROSOFT:
        return "Microsoft Forms"
    return "Google Forms" if heading and heading[0].strip() in _GOOGLE else None


def is_private(title: str) -> bool:
    """Whether a column seems to hold names or addresses, which are never shown."""
    return bool(_PRIVATE.search(title))


def _first(columns: Sequence[_Column], pattern: re.Pattern[str], but: Sequence[_Column | None] = ()) -> _Column | None:
    free = (column for column in columns if column not in but and column.cells and column.words < 2 * FEWEST_MEAN_WORDS)
    return next((column for column in free if pattern.search(column.role)), None)


def _consent(columns: Sequence[_Column]) -> _Column | None:
    """The column that says whether words may be used: its title may be long."""
    return next((column for column in columns if _is_consent(column)), None)


def _is_consent(column: _Column) -> bool:
    return bool(_CONSENT.search(column.title)) and any(map(agrees, column.cells))


def _time(columns: Sequence[_Column], form: str | None, but: Sequence[_Column | None]) -> _Column | None:
    known = _TIMES_OF_FORMS if form else ()
    by_name = {column.title.strip().casefold(): column for column in reversed(columns) if column.cells}
    certain = next((by_name[name] for name in known if name in by_name), None)
    likely = (column for column in columns if column not in but and column.cells and column.holds_times)
    return certain or next(likely, None)


def _voice(columns: Sequence[_Column], form: str | None, but: Sequence[_Column | None]) -> _Column | None:
    """Who; a code rather than a name. In a form, what the program adds is no person but an address is."""
    free = [column for column in columns if column not in but and column.cells and column.words < FEWEST_MEAN_WORDS]
    free = [column for column in free if not (form and _BY_THE_PROGRAM.fullmatch(column.title.strip()))]
    coded = [column for column in free if _VOICE.search(column.role) and not is_private(column.role)]
    mail = [column for column in free if _MAIL.search(column.role)]
    named = [column for column in free if is_private(column.role)]
    return next(iter([*coded, *mail, *named]), None)


def _example(rows: Sequence[Row], heading: Sequence[str], columns: Columns) -> dict[str, str]:
    asked = [columns.text, *columns.also]
    for row in rows:
        cells = dict(zip(heading, row.cells, strict=False))
        if any(cells[title].strip() for title in asked):
            return {title: cells[title] for title in _named(columns) if cells[title].strip()}
    return {}


def _named(columns: Columns) -> list[str]:
    single = [columns.voice, columns.time, columns.place, columns.consent]
    return [name for name in (columns.text, *columns.also, *columns.recording, *single) if name is not None]


def as_sentence(columns: Columns) -> str:
    """What columns hold, as a person is told."""
    several = [columns.text, *columns.also]
    said = [f"the words are in {_listed(several)}"]
    for name, what in (
        (columns.voice, "who said them in" if not columns.private else "who said them (told apart, never shown) in"),
        (columns.time, "when in"),
        (columns.place, "where in"),
        (columns.consent, "whether they may be used in"),
    ):
        said += [f"{what} {_listed([name])}"] if name else []
    said += [f"recordings in {_listed(columns.recording)}"] if columns.recording else []
    return "; ".join(said)


def _listed(titles: Sequence[str]) -> str:
    more = f" and {len(titles) - MOST_SHOWN} more" if len(titles) > MOST_SHOWN else ""
    return ", ".join(f"“{shown(title)}”" for title in titles[:MOST_SHOWN]) + more


def notes_on(found: Guess) -> tuple[str, ...]:
    """What a person is told about a form that was read by its headings."""
    unread = "" if found.columns.consent else " No column asks whether the words may be used."
    unread += f" Not read: {_listed(found.unread)}." if found.unread else ""
    return (f"This was read as a form of {found.form}: {as_sentence(found.columns)}.{unread}",)
