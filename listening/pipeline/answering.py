"""Who has an answer and who still waits, and what the pages need to show words with all that is known of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from listening.domain import Cause, Failure, Fate, Kind, Media
from listening.pipeline.ingestion import Failed
from listening.pipeline.line import Line
from listening.pipeline.views import find_id, traced


@dataclass(frozen=True, slots=True)
class QuoteView:
    """One utterance with all that is shown beside it."""

    id: str
    text: str
    voice: str
    shown: str
    conversation: str
    place: str | None
    held_on: date | None
    language: str | None
    source: str
    start_ms: int | None  # of the recording; None for typed words
    end_ms: int | None
    fate: Fate
    theme: str | None
    corrected_by: str | None  # who put what the machine heard right, by ear


@dataclass(frozen=True, slots=True)
class HeldView:
    """Words that are held back, for whoever decides about them."""

    id: str
    text: str
    shown: str
    language: str | None
    cause: Cause
    because: str
    signed: str
    happened_at: datetime


@dataclass(frozen=True, slots=True)
class PublicView:
    """Words that everybody may read; who said them is not among what is shown."""

    id: str
    text: str
    language: str | None
    theme: str | None


@dataclass(frozen=True, slots=True)
class AnswerView:
    """One voice, and what it has been told: an answer is something done or a refusal with its reason."""

    id: str
    shown: str
    utterances: int
    since: datetime
    first_words: str  # the id of the first thing it said
    answered: bool
    acted_on: bool
    thought_about: bool


@dataclass(frozen=True, slots=True)
class ConversationView:
    """One conversation, and what became of its words."""

    id: str
    source: str
    kind: str | None
    place: str | None
    held_on: date | None
    listener: str | None
    media: Media
    received_at: datetime
    voices: int
    utterances: int
    in_themes: int
    on_their_own: int
    waiting: int
    held: int
    in_decisions: int


@dataclass(frozen=True, slots=True)
class SourceView:
    """One thing that was handed in, and whether it is read."""

    id: str
    name: str
    media: Media
    size: int
    received_at: datetime
    is_read: bool
    reason: str | None


@dataclass(frozen=True, slots=True)
class LinkView:
    """One way from a decision to a voice; the first two may be missing."""

    decision: str | None
    theme: str | None
    utterance: str
    conversation: str
    voice: str


def quotes(line: Line, ids: Sequence[str]) -> dict[str, QuoteView]:
    """The words of these utterances, by id and in this order. What is held or withdrawn is left out."""
    with line.store.reading() as read:
        found = {one.id: one for one in read.rows("quotes", QuoteView, ids=list(ids))}
    return {one: found[one] for one in dict.fromkeys(ids) if one in found}


def answers(line: Line) -> list[AnswerView]:
    """Everyone whose words count, whoever came first first."""
    with line.store.reading() as read:
        return read.rows("answers", AnswerView)


def conversations(line: Line) -> list[ConversationView]:
    """Every conversation, latest received first."""
    with line.store.reading() as read:
        return read.rows("conversations", ConversationView)


def sources(line: Line, most: int = 100) -> list[SourceView]:
    """What was handed in, latest first, at most so many."""
    with line.store.reading() as read:
        return read.rows("sources", SourceView, most=most)


def utterances_in(line: Line, which: str) -> list[str]:
    """The ids of what was said in a conversation, or by a voice, in the order it was said.

    :raises NotFound: if there is no such conversation or voice.
    """
    with line.store.reading() as read:
        return read.values("utterances_in", id=find_id(read, which, Kind.CONVERSATION, Kind.VOICE))


def held(line: Line) -> list[HeldView]:
    """What is held back, and why: longest held first, once for each cause."""
    with line.store.reading() as read:
        return read.rows("held", HeldView)


def quotable(line: Line) -> list[PublicView]:
    """What everybody may read: words whose speakers said yes to that."""
    with line.store.reading() as read:
        return read.rows("quotable", PublicView)


def decisions_on(line: Line) -> dict[str, list[str]]:
    """For every utterance and theme that decisions rest on, the ids of those decisions."""
    found: dict[str, list[str]] = {}
    with line.store.reading() as read:
        for decision, rests_on in read.rows("decisions_on", lambda *row: row):
            found.setdefault(rests_on, []).append(decision)
    return found


def links(line: Line, which: str) -> list[LinkView]:
    """Every way through the chain that passes this decision, theme, utterance, conversation or voice.

    :raises NotFound: if it is none of these.
    """
    with line.store.reading() as read:
        return read.rows("chain_links", LinkView, id=traced(read, which))


def decision_counts(line: Line) -> dict[str, tuple[int, int]]:
    """For every decision, how many voices and how many utterances it rests on."""
    with line.store.reading() as read:
        return {one: (voices, words) for one, voices, words in read.rows("decision_counts", lambda *row: row)}


def failures(line: Line) -> list[Failed]:
    """Every file that could not be taken or read and still is not, with its reason."""
    with line.store.reading() as read:
        return [Failed(one.name, one.reason) for one in read.rows("failures", Failure)]
