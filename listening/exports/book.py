"""What is exported, as rows: the words, the themes, the decisions, and the trace between them.

A book for everybody (`public`) holds no voice, no conversation and no place in a source, and counts only roughly: a
count that is too small to be shown is None.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class ConversationRow:
    """One conversation."""

    id: str
    kind: str | None
    place: str | None
    held_on: date | None
    listener: str | None


@dataclass(frozen=True, slots=True)
class VoiceRow:
    """One person, by the handle that is fit to show."""

    id: str
    shown: str


@dataclass(frozen=True, slots=True)
class UtteranceRow:
    """One statement, word for word, and its exact place: characters of its source's text, milliseconds of its sound."""

    id: str
    text: str
    language: str | None
    fate: str
    theme: str | None  # where it is now; the trace also holds where it was when a decision cited it
    conversation: str | None
    voice: str | None
    source: str | None
    start_char: int | None
    end_char: int | None
    start_ms: int | None
    end_ms: int | None
    corrected_by: str | None


@dataclass(frozen=True, slots=True)
class ThemeRow:
    """One theme, named in somebody's own words. No name: it has no words now that may be shown."""

    id: str
    name: str | None
    title: str | None
    titled_by: str | None
    voices: int | None
    statements: int | None


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """One decision, and on how many voices it rests."""

    id: str
    choice: str
    text: str
    because: str | None
    decided_by: str
    decided_at: datetime
    look_again_on: date
    challenge: str
    owner: str | None
    voices: int | None


@dataclass(frozen=True, slots=True)
class EntryRow:
    """One line that was written about a decision."""

    decision: str
    at: datetime
    signed: str
    what: str
    text: str
    day: date | None


@dataclass(frozen=True, slots=True)
class LinkRow:
    """One way from a decision to a voice. Decision and theme are missing where there is none."""

    decision: str | None
    theme: str | None
    utterance: str
    conversation: str | None
    voice: str | None


@dataclass(frozen=True, slots=True)
class Table:
    """Rows as plain values: text, whole numbers, days, moments, or nothing."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]


@dataclass(frozen=True)
class Book:
    """Everything that is exported."""

    public: bool
    made_at: datetime
    voices_heard: int | None
    conversations: tuple[ConversationRow, ...]
    voices: tuple[VoiceRow, ...]
    utterances: tuple[UtteranceRow, ...]
    themes: tuple[ThemeRow, ...]
    decisions: tuple[DecisionRow, ...]
    entries: tuple[EntryRow, ...]
    trace: tuple[LinkRow, ...]

    def tables(self) -> tuple[Table, ...]:
        """All of it as tables, those for everybody without what is not in them."""
        inside: tuple[tuple[str, type[Any], Sequence[Any]], ...] = (
            ("conversations", ConversationRow, self.conversations),
            ("voices", VoiceRow, self.voices),
        )
        every: tuple[tuple[str, type[Any], Sequence[Any]], ...] = (
            *(() if self.public else inside),
            ("utterances", UtteranceRow, self.utterances),
            ("themes", ThemeRow, self.themes),
            ("decisions", DecisionRow, self.decisions),
            ("entries", EntryRow, self.entries),
            ("trace", LinkRow, self.trace),
        )
        return tuple(_table(*one) for one in every)

    def title_of(self, theme: ThemeRow) -> str:
        """What to call a theme: a person's title, else its name in somebody's words."""
        return theme.title or theme.name or "A theme that has no words now"


def _table(name: str, shape: type[Any], rows: Sequence[Any]) -> Table:
    columns = tuple(one.name for one in fields(shape))
    return Table(name, columns, tuple(tuple(getattr(row, column) for column in columns) for row in rows))
