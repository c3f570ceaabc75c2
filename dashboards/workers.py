"""The community workers' door: bring conversations in, and see what became of them."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from starlette.datastructures import UploadFile

from dashboards import reading
from dashboards.door import Asked
from dashboards.house import Doing
from dashboards.pages import Goto, Page, Stretch, stretch
from dashboards.uploads import put_down
from listening import pipeline
from listening.domain import Agreement, Columns, Media
from listening.errors import ListeningError, Refused
from listening.pipeline import ConversationView, QuoteView, SourceView

SPEAKERS = 6  # lines for speakers in the form

# --- bring in ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Bring(Page, template="workers/bring.html"):
    """Three ways to bring words in."""

    problem: str
    begun: int  # recordings that are not finished


def bring_form(asked: Asked, problem: str = "") -> Bring:
    """Where to begin."""
    assert asked.who is not None  # noqa: S101
    return Bring(problem, len(pipeline.interrupted(asked.line, asked.who.name)))


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one file that was handed in."""

    name: str
    what: str  # "received", "known", "table", "refused" or "unfinished"
    reason: str = ""
    table: str = ""  # what to ask for it by
    source: str = ""


@dataclass(frozen=True)
class Brought(Page, template="workers/brought.html"):
    """What became of each file."""

    outcomes: tuple[Outcome, ...]


def bring(asked: Asked) -> Bring | Brought:
    """Receive files. Each is safely kept before this says so; one that cannot be taken never stops the others."""
    files = asked.files("files")
    if not files:
        return bring_form(asked, "Choose at least one file first.")
    outcomes = tuple(_take(asked, one) for one in files)
    return Brought(outcomes)


def _take(asked: Asked, upload: UploadFile) -> Outcome:
    with tempfile.TemporaryDirectory(prefix="listening-") as folder:
        return take_file(asked, put_down(upload, Path(folder)))


def take_file(asked: Asked, file: Path) -> Outcome:
    """Take one file in. Whatever is wrong with it is said of it, and never stops another one."""
    try:
        if pipeline.is_table(file) and not _columns_are_known(asked, file):
            pipeline.table_beginning(file)
            return Outcome(file.name, "table", table=asked.house.shelf.put(file))
        arrival = pipeline.receive(asked.line, file, named=_named(asked))
    except ListeningError as error:
        return refused(asked, file.name, error)
    return received(asked, arrival)


def refused(asked: Asked, name: str, error: ListeningError) -> Outcome:
    """Say why a file was not taken, and have the ledger list it."""
    pipeline.refuse(asked.line, name, str(error))
    return Outcome(name, "refused", str(error))


def _named(asked: Asked) -> bool | None:
    """Whether one name that begins a note is who speaks, where that was said."""
    return {"yes": True, "no": False}.get(asked.text("named") or asked.asked("named"))


def _columns_are_known(asked: Asked, file: Path) -> bool:
    """Whether this is a form that is known, or has the headings of a table that somebody told us about."""
    try:
        pipeline.columns_of(asked.line, file, None)
    except Refused:
        return False
    return True


def received(asked: Asked, arrival: pipeline.Arrival) -> Outcome:
    """Have it read, with the recordings that came with it."""
    new = [one.source_id for one in (arrival, *arrival.attached) if one.new]
    asked.house.reader.take(new)
    notes = (*arrival.notes, *(f"{one.source}: {one.reason}" for one in arrival.failed))
    return Outcome(arrival.name, "received" if arrival.new else "known", " ".join(notes), source=arrival.source_id)


# --- a table ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class TableForm(Page, template="workers/table.html"):
    """Which column holds what."""

    name: str
    table: str
    heading: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    text: str
    voice: str
    time: str
    people: str
    problem: str


def table_form(asked: Asked) -> TableForm:
    """The first rows of a table, to choose columns."""
    return _table_form(asked, asked.path["table"])


def _table_form(asked: Asked, table: str, problem: str = "") -> TableForm:
    file = asked.house.shelf.get(table)
    found = pipeline.table_beginning(file)
    typed = {name: asked.text(name) for name in ("text", "voice", "time", "people")}
    if not asked.form:
        typed |= _guessed(asked, file)
    return TableForm(file.name, table, found.heading, found.rows, **typed, problem=problem)


def _guessed(asked: Asked, file: Path) -> dict[str, str]:
    """What the columns seem to hold; a person confirms it."""
    try:
        columns = pipeline.columns_of(asked.line, file, None).columns
    except pipeline.Unsure as error:
        columns = error.guess.columns
    except Refused:
        return {}
    return {"text": columns.text, "voice": columns.voice or "", "time": columns.time or ""}


def bring_table(asked: Asked) -> TableForm | Brought:
    """Receive a table, with its columns."""
    table = asked.path["table"]
    file = asked.house.shelf.get(table)
    try:
        if not asked.text("text"):
            raise Refused("Say which column holds the words.")
        columns = Columns(
            text=asked.text("text"),
            voice=asked.text("voice") or None,
            time=asked.text("time") or None,
            people=asked.text("people").strip(),
        )
        arrival = pipeline.receive(asked.line, file, columns)
    except ListeningError as error:
        return _table_form(asked, table, str(error))
    asked.house.shelf.drop(table)
    return Brought((received(asked, arrival),))


# --- type -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class NoteForm(Page, template="workers/note.html"):
    """Notes typed on a phone."""

    facts: dict[str, str]
    speakers: tuple[tuple[str, str], ...]
    words: str
    problem: str
    named: str | None = None  # whether one name that begins the words is who speaks; None where it need not be asked


FACTS = ("kind", "place", "date", "listener", "language", "chain", "link")


def note_form(asked: Asked) -> NoteForm:
    """An empty note."""
    today = datetime.now(UTC).date().isoformat()
    facts = dict.fromkeys(FACTS, "") | {"kind": "good-life", "date": today}
    facts["listener"] = asked.who.name if asked.who else ""
    return NoteForm(facts, (("", ""),) * SPEAKERS, "", "")


def note(asked: Asked) -> NoteForm | Goto:
    """Keep a typed note. If it cannot be taken, everything typed stays on the page."""
    facts = {name: asked.text(name).strip() for name in FACTS}
    speakers = tuple(zip(asked.texts("label"), asked.texts("handle"), strict=False))
    voices = {label.strip(): handle.strip() or label.strip() for label, handle in speakers if label.strip()}
    words = asked.text("words")
    name = f"typed-{datetime.now(UTC):%Y-%m-%d-%H%M%S}.md"
    try:
        arrival = pipeline.type_note(asked.line, facts, voices, words, name, named=_named(asked))
    except ListeningError as error:
        more = speakers + (("", ""),) * (SPEAKERS - len(speakers))
        asks = isinstance(error, pipeline.WhoSpeaks) or bool(asked.text("named"))
        return NoteForm(facts, more, words, str(error), asked.text("named") if asks else None)
    asked.house.reader.take([arrival.source_id])
    return Goto("/coming-in?done=received")


# --- what came in -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CameIn:
    """One thing that was handed in, and the conversation that came of it."""

    source: SourceView
    conversation: str
    to_listen: bool  # it is a recording, and can be listened to and put right


@dataclass(frozen=True)
class ComingIn(Page, template="workers/coming_in.html"):
    """What was handed in, what is being read now, and what could not be taken."""

    sources: tuple[CameIn, ...]
    doing: Doing | None
    busy: bool
    refused: tuple[tuple[str, str], ...]
    still: bool


def coming_in(asked: Asked) -> ComingIn:
    """The progress page."""
    reader = asked.house.reader
    came_of = {one.source: one for one in reversed(reading.conversations(asked))}
    return ComingIn(
        sources=tuple(_came_in(one, came_of.get(one.id)) for one in reading.sources(asked)),
        doing=reader.doing,
        busy=reader.busy,
        refused=tuple((one.source, one.reason) for one in reading.failures(asked)),
        still=bool(asked.asked("still")),
    )


def _came_in(source: SourceView, came: ConversationView | None) -> CameIn:
    return CameIn(source, came.id if came else "", came is not None and source.media == Media.RECORDING)


@dataclass(frozen=True)
class Conversations(Page, template="workers/conversations.html"):
    """Every conversation, and what became of it."""

    rows: Stretch[ConversationView]


def conversations(asked: Asked) -> Conversations:
    """The list of conversations."""
    return Conversations(stretch(reading.conversations(asked), asked.number()))


@dataclass(frozen=True)
class ConversationShown(Page, template="workers/conversation.html"):
    """One conversation: every word in the order it was said, and where it is now."""

    conversation: ConversationView
    words: Stretch[QuoteView]
    may_decide: bool
    may_hold: bool
    people: tuple[tuple[str, str], ...]
    agreed: Agreement | None  # who signed that everybody agreed to being recorded
    chosen: str  # words to hold back


def conversation(asked: Asked) -> ConversationShown:
    """One conversation's page."""
    which = asked.path["id"]
    ids = asked.house.memory.get(("in", which), lambda: pipeline.utterances_in(asked.line, which))
    some = stretch(ids, asked.number(), 100)
    found = next(one for one in reading.conversations(asked) if one.id.startswith(which))
    words = tuple(reading.quotes(asked, some.things).values())
    role = asked.who.role if asked.who else ""
    return ConversationShown(
        found,
        Stretch(words, some.total, some.number, some.pages, some.first),
        role in ("leader", "admin"),
        role != "leader",
        tuple({one.voice: one.shown for one in words}.items()),
        asked.house.memory.get(("agreed", found.id), lambda: pipeline.agreement(asked.line, found.id)),
        asked.asked("hold"),
    )


def hold(asked: Asked) -> Goto:
    """Hold words back at once, to keep somebody safe."""
    assert asked.who is not None  # noqa: S101
    pipeline.hold(asked.line, asked.text("utterance"), asked.text("because"), asked.who.name)
    return Goto(f"/conversations/{asked.text('conversation')}?done=held")


def release(asked: Asked) -> Goto:
    """Let held words go, signed and with the reason."""
    assert asked.who is not None  # noqa: S101
    pipeline.release(asked.line, asked.text("utterance"), asked.text("because"), asked.who.name)
    return Goto("/held?done=released")
