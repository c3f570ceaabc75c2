"""Which columns of a table hold what: as a person says now, or said of the same heading before, or as forms do."""

from __future__ import annotations

import dataclasses
import json
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from listening import capture
from listening.domain import Columns, sha256_of
from listening.errors import Refused
from listening.pipeline.line import Line


@dataclass(frozen=True, slots=True)
class Guess:
    """What the columns of a table seem to hold, its first row as an example, and the command that confirms it."""

    source: str
    columns: Columns
    example: Mapping[str, str]
    command: str


class Unsure(Refused):
    """A table whose columns a person has to confirm first. The message names columns only, no words from under them."""

    def __init__(self, message: str, guess: Guess) -> None:
        super().__init__(message)
        self.guess = guess


@dataclass(frozen=True, slots=True)
class Mapped:
    """The columns that were settled on, what is to be said about them, and whether they are to be remembered."""

    columns: Columns
    notes: tuple[str, ...]
    heading: str
    confirmed: bool


def columns_of(line: Line, file: Path, given: Columns | None) -> Mapped:
    """Which columns to read a table by.

    :raises Unsure: if nobody said so yet and it is no known form.
    :raises Refused: if it cannot be read, or no column seems to hold words.
    """
    table = capture.open_table(file, file.suffix.lower(), given)
    heading = sha256_of(json.dumps([title.strip().casefold() for title in table.heading]))
    if given:
        private = given.private or bool(given.voice and capture.is_private(given.voice))
        return Mapped(dataclasses.replace(given, private=private), (), heading, confirmed=True)
    with line.store.reading() as read:
        kept = read.values("mapping", heading_sha256=heading)
    if kept:
        columns = capture.columns_from_json(kept[0])
        said = f"This was read as you said for a table with the same headings: {capture.as_sentence(columns)}."
        return Mapped(columns, (said,), heading, confirmed=False)
    guess = capture.guess(table)
    if guess is None:
        raise Refused("This is a table: say which column holds the words, such as --text answer.")
    if guess.form is None:
        raise _unsure(file, guess)
    return Mapped(guess.columns, capture.notes_on(guess), heading, confirmed=False)


def _unsure(file: Path, guess: capture.Guess) -> Unsure:
    command = " ".join(["listening", "ingest", _quoted(str(file)), *_options(guess.columns)])
    return Unsure(
        f"This is a table. It looks as if {capture.as_sentence(guess.columns)}. "
        f"If that is so, give this command; if not, name other columns in it: {command}",
        Guess(file.name, guess.columns, guess.example, command),
    )


def _options(columns: Columns) -> Iterator[str]:
    for option, names in (
        ("--text", (columns.text, *columns.also)),
        ("--voice", (columns.voice,)),
        ("--time", (columns.time,)),
        ("--place", (columns.place,)),
        ("--consent", (columns.consent,)),
        ("--recording", columns.recording),
    ):
        for name in names:
            if name is not None:
                yield f"{option} {_quoted(name)}"


def _quoted(text: str) -> str:
    """A text as one word for a shell: in double quotes, which every shell knows, unless something in it would act."""
    if text.replace("-", "").replace("_", "").replace(".", "").replace("/", "").isalnum():
        return text
    return shlex.quote(text) if set(text) & set('"$`\\!\n\r') else f'"{text}"'


def remember(line: Line, mapped: Mapped) -> None:
    """Keep what a person confirmed, for the next table with the same heading."""
    if not mapped.confirmed:
        return
    with line.store.writing() as write:
        write.change(
            "keep_mapping",
            heading_sha256=mapped.heading,
            columns=json.dumps(dataclasses.asdict(mapped.columns)),
            confirmed_at=datetime.now(UTC),
        )
