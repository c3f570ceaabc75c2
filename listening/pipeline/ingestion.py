"""Conversations come in: received first, so that nothing is lost, then read into utterances."""

from __future__ import annotations

import dataclasses
import json
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from listening import capture, segment
from listening.capture import sound
from listening.domain import (
    About,
    Attached,
    Columns,
    Conversation,
    Document,
    Failure,
    Kind,
    Media,
    Model,
    Part,
    Photo,
    Progress,
    Role,
    Run,
    Source,
    Stage,
    Transcript,
    Utterance,
    Voice,
    id_from,
    new_id,
    no_progress,
    sha256_of,
    sha256_of_file,
)
from listening.errors import ListeningError, NotFound, Refused
from listening.pipeline import again, hearing, recognising
from listening.pipeline.line import Line, new_run
from listening.pipeline.mapping import Guess, Unsure, columns_of, remember
from listening.store import Executor
from listening.transcribe import judged_elsewhere

READER = Model(name="verbatim reader", version="2")  # count up when the same bytes would be cut differently
SOMEONE = "someone"  # what to call a voice when nobody wrote down who spoke


@dataclass(frozen=True, slots=True)
class Failed:
    """A file that was not taken in, and why."""

    source: str
    reason: str


@dataclass(frozen=True, slots=True)
class Entered:
    """What came of reading one source: ids, in order."""

    conversations: tuple[str, ...] = ()
    voices: tuple[str, ...] = ()
    utterances: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()  # what people should know about it, such as that its end is missing


@dataclass(frozen=True, slots=True)
class Ingested:
    """What one call brought in, as counts, and what it could not."""

    sources: int
    conversations: int
    voices: int
    utterances: int
    already_known: int
    failed: tuple[Failed, ...]
    notes: tuple[str, ...] = ()  # what whoever brought it in should know, in sentences
    guesses: tuple[Guess, ...] = ()  # tables that failed because nobody said yet which columns hold what


@dataclass(frozen=True, slots=True)
class Arrival:
    """A source that is safely kept, whether it was new, and what came with it."""

    source_id: str
    name: str
    new: bool
    notes: tuple[str, ...] = ()
    attached: tuple[Arrival, ...] = ()  # recordings that are part of its conversations
    failed: tuple[Failed, ...] = ()  # and those that could not be taken
    photo: Path | None = None  # the picture that was kept with it


@dataclass(frozen=True, slots=True)
class Received:
    """What is safely kept, and what could not be taken."""

    arrivals: tuple[Arrival, ...]
    failed: tuple[Failed, ...]
    notes: tuple[str, ...] = ()
    guesses: tuple[Guess, ...] = ()


def ingest(
    line: Line,
    path: Path | None,
    columns: Columns | None = None,
    progress: Progress = no_progress,
    *,
    named: bool | None = None,
) -> Ingested:
    """Bring in a file or a folder; with no path, read what was received earlier and is still waiting.

    One file that cannot be taken never stops the others. `named` says of notes that begin with one name whether it is
    who speaks or a part of the words; with None it is asked.

    :raises NotFound: if there is nothing at `path`.
    """
    received = still_waiting(line) if path is None else receive_all(line, path, columns, progress, named=named)
    failed = list(received.failed)
    notes: list[str] = []
    entered: list[Entered] = []
    read_now: set[str] = set()
    already_known = 0
    for number, arrival in enumerate(received.arrivals):
        progress("read", number, len(received.arrivals))
        try:
            outcome = read(line, arrival.source_id, progress)
        except Exception as error:
            failed.append(Failed(arrival.name, _reason(error)))
        else:
            already_known += outcome is None
            if outcome:
                entered.append(outcome)
                notes += [f"{arrival.name}: {note}" for note in outcome.notes]
                read_now.add(arrival.source_id)
    progress("read", len(received.arrivals), len(received.arrivals))
    return Ingested(
        sources=len({arrival.source_id for arrival in received.arrivals if arrival.new} | read_now),
        conversations=sum(len(one.conversations) for one in entered),
        voices=len({voice for one in entered for voice in one.voices}),
        utterances=sum(len(one.utterances) for one in entered),
        already_known=already_known,
        failed=tuple(failed),
        notes=(*received.notes, *notes),
        guesses=received.guesses,
    )


def still_waiting(line: Line) -> Received:
    """What was received earlier and is not read yet, under its ids: names are not needed to read it."""
    return Received(tuple(Arrival(source_id, source_id, new=False) for source_id in waiting(line)), ())


# --- receive ----------------------------------------------------------------------------------------------------------


def receive_all(
    line: Line,
    path: Path,
    columns: Columns | None = None,
    progress: Progress = no_progress,
    *,
    named: bool | None = None,
) -> Received:
    """Check and keep a file, or every file of a folder, without reading them further.

    :raises NotFound: if there is nothing at `path`.
    """
    if not path.exists():
        raise NotFound(f"There is no file or folder at {path}. Check the name and try again.")
    # What speaks of recordings and pictures comes before them, so that it can say whose they are.
    files = capture.find(path)
    order = sorted(
        range(len(files)), key=lambda place: files[place].suffix.lower() in (*capture.RECORDINGS, *capture.PICTURES)
    )
    arrivals: list[Arrival] = []
    failed: dict[int, tuple[Failed, ...]] = {}
    guesses: list[Guess] = []
    for number, place in enumerate(order):
        file = files[place]
        progress("receive", number, len(files))
        if any(file == arrival.photo for arrival in arrivals):
            continue
        try:
            arrival = receive(line, file, columns, named=named)
        except Exception as error:
            failed[place] = (Failed(file.name, _reason(error)),)
            guesses += [error.guess] if isinstance(error, Unsure) else []
        else:
            arrivals += [arrival, *arrival.attached]
            failed[place] = arrival.failed
    progress("receive", len(files), len(files))
    notes = tuple(f"{arrival.name}: {note}" for arrival in arrivals for note in arrival.notes)
    all_failed = tuple(one for place in sorted(failed) for one in failed[place])
    return Received(tuple(arrivals), all_failed, notes, tuple(guesses))


def receive(line: Line, file: Path, columns: Columns | None = None, *, named: bool | None = None) -> Arrival:
    """Check one file and keep it for good, without reading it further. The file itself stays as it is.

    :raises Refused: if it cannot be taken; the ledger lists it with the reason.
    """
    try:
        return _keep(line, file, columns, named=named)
    except Exception as error:
        _note_failure(line, _sha256_of_file(file), file.name, _reason(error))
        raise


def refuse(line: Line, name: str, reason: str) -> None:
    """Note that a file could not even be received, so that the ledger lists it."""
    _note_failure(line, "", name, reason)


@dataclass(frozen=True, slots=True)
class Beginning:
    """The heading of a table and its first rows, for somebody to say which column holds what."""

    heading: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def table_beginning(file: Path, most: int = 3) -> Beginning:
    """The heading and first rows of a table.

    :raises Refused: if the file is no table that can be read.
    """
    table = capture.open_table(file, file.suffix.lower(), None)
    return Beginning(tuple(table.heading), tuple(tuple(row.cells) for row in islice(table.rows, most)))


def is_table(file: Path) -> bool:
    """Whether this is a table, for which somebody has to say which column holds the words.

    :raises Refused: if it is nothing that can be taken.
    """
    return capture.look(file) is Media.TABLE


def is_recording(file: Path) -> bool:
    """Whether this is a recording.

    :raises Refused: if it is nothing that can be taken.
    """
    return capture.look(file) is Media.RECORDING


def type_note(
    line: Line,
    facts: Mapping[str, str],
    voices: Mapping[str, str],
    words: str,
    name: str,
    *,
    named: bool | None = None,
) -> Arrival:
    """Keep a note that was typed into a form. `facts` are keys of front matter, `voices` say who each label is.

    :raises WhoSpeaks: if it begins with one name, and `named` does not say whether that is who speaks.
    :raises Refused: if a fact cannot be, or there are no words.
    """
    if not words.strip():
        raise Refused("There are no words yet. Type what was said.")
    about = capture.as_yaml(facts, voices)
    capture.parse(about)
    front = f"---\n{about}---\n\n" if about else ""
    with tempfile.TemporaryDirectory(prefix="listening-") as folder:
        file = Path(folder) / name
        file.write_bytes((front + words).encode())
        return receive(line, file, named=named)


def largest_upload() -> int:
    """How many bytes the largest file may have that is taken at all."""
    return max(capture.Limits().document, capture.Limits().recording)


def _reason(error: Exception) -> str:
    """What to tell people. A fault of our own is told as one, without its message: it could hold somebody's words."""
    if isinstance(error, ListeningError):
        return str(error)
    return (
        f"This could not be read because of a fault in this software ({type(error).__name__}). "
        "Keep the file, and tell those who look after the software."
    )


def _sha256_of_file(file: Path) -> str:
    """The content hash of a file, or nothing if it cannot even be opened."""
    try:
        return sha256_of_file(file)
    except OSError:
        return ""


def _plain(name: str) -> str:
    """A file name that can be written down anywhere: bytes that are no text become question marks."""
    return name.encode("utf-8", "replace").decode()


def _note_failure(line: Line, sha256: str, name: str, reason: str) -> None:
    failure = Failure(sha256=sha256, name=_plain(name), reason=reason, failed_at=datetime.now(UTC))
    with line.store.writing() as write:
        write.change("note_failure", **dataclasses.asdict(failure))


def _keep(line: Line, file: Path, columns: Columns | None, *, named: bool | None) -> Arrival:
    media = capture.look(file)
    recognising.Recognised(line).refuse(file)
    if media is Media.TABLE:
        mapped = columns_of(line, file, columns)
        arrival = _keep_typed(line, file, media, json.dumps(dataclasses.asdict(mapped.columns)), mapped.notes)
        remember(line, mapped)
        return arrival
    about = _about(file, media)
    if media is Media.CHAT:
        about = _goes_on(line, file, about)
    if media.typed:
        return _keep_typed(line, file, media, about, named=named)
    sound.probe(file)
    return _keep_original(line, file, media, about)


def _keep_typed(
    line: Line, file: Path, media: Media, about: str, notes: tuple[str, ...] = (), *, named: bool | None = None
) -> Arrival:
    about, document = _read_now(line, file, media, about, named=named)
    if not document.attached and not any(turn.role is Role.WORDS for turn in document.turns):
        raise Refused("This file holds nobody's words. Check that it is the file you meant.")
    name = document.conversations[0].photo if document.conversations else None
    photo = capture.picture_beside(file, name) if name else None
    instead = recognising.without_erased(line, media, document)
    if instead is None and _holds_erased_sound(line, file, document):
        instead = document.text
    if instead is not None:
        return _keep_instead(line, file, media, instead, about)
    arrival = _keep_original(line, file, media, about)
    if photo:
        _keep_photo(line, photo, arrival.source_id)
    new = _less_known(line, media, sha256_of_file(file), about, document, read=False)
    attached, failed = _keep_attached(line, file, arrival.source_id, new)
    return dataclasses.replace(arrival, notes=(*notes, *new.notes), attached=attached, failed=failed, photo=photo)


def _read_now(line: Line, file: Path, media: Media, about: str, *, named: bool | None) -> tuple[str, Document]:
    """A typed file, read, and what to remember about it: also whether the one name that begins it is who speaks."""
    suffix = file.suffix.lower()
    try:
        return about, capture.read_document(file, media, suffix, about)
    except capture.WhoSpeaks as asked:
        if named is not None:
            given = capture.from_json(about) if about != "{}" else About()
            voice = asked.name if named else SOMEONE
            about = capture.to_json(dataclasses.replace(given, voices={voice: voice}))
        elif (known := _known(line, file)) is not None:
            about = known.about
        else:
            raise
    return about, capture.read_document(file, media, suffix, about)


def _known(line: Line, file: Path) -> Source | None:
    """The source with the bytes of this file, if it is here already."""
    with line.store.reading() as read_:
        return next(iter(read_.rows("source_by_hash", Source, sha256=sha256_of_file(file))), None)


def _holds_erased_sound(line: Line, file: Path, document: Document) -> bool:
    """Whether a zip brings a recording along that was erased before."""
    known = recognising.Recognised(line)
    if file.suffix.lower() != ".zip" or not known.anything:
        return False
    with capture.attachments(file, document.attached) as found:
        for _, fetch in found:
            with suppress(Refused), fetch() as recording:  # one that is not there is told later
                if known.is_erased(recording):
                    return True
    return False


def _keep_instead(line: Line, file: Path, media: Media, text: str, about: str) -> Arrival:
    """Keep the text of a chat, less messages that were withdrawn before, in the place of the file.

    :raises Refused: if the file is no chat.
    """
    if media is not Media.CHAT:
        raise Refused("A recording in this file was withdrawn before. Take it out of the file, and bring it in again.")
    with tempfile.TemporaryDirectory(prefix="listening-") as folder:
        blanked = Path(folder) / f"{file.stem}.txt"
        blanked.write_bytes(text.encode())
        arrival = _keep_typed(line, blanked, media, about)
    note = "It holds words that were withdrawn before. Its text was kept without them, and its attachments were not."
    return dataclasses.replace(arrival, notes=(*arrival.notes, note))


def _goes_on(line: Line, file: Path, about: str) -> str:
    """What to remember about a chat: also the conversation that it is a later export of."""
    sha256 = sha256_of_file(file)
    with line.store.reading() as read_:
        known = read_.rows("source_by_hash", Source, sha256=sha256)
    if known:
        part_of = capture.from_json(known[0].about).part_of
    else:
        document = capture.read_document(file, Media.CHAT, file.suffix.lower(), about)
        part_of = again.goes_on(document, again.earlier(line, Media.CHAT, sha256, about, read=False))
    return capture.to_json(dataclasses.replace(capture.from_json(about), part_of=part_of))


def _less_known(line: Line, media: Media, sha256: str, about: str, document: Document, *, read: bool) -> Document:
    """A chat or table less what entered with another export of it."""
    if media not in {Media.CHAT, Media.TABLE}:
        return document
    document = _less_here(document, recognising.Recognised(line).here(document))
    part_of = document.conversations[0].part_of if document.conversations else None
    if media is Media.CHAT and part_of is None:
        return document
    before = again.earlier(line, media, sha256, about, read=read)
    if media is Media.TABLE:
        return again.only_new(document, before, ("answer", "answers"))
    exports = [(source, one) for source, one in before if again.conversation_of(source) == part_of]
    return again.only_new(document, exports, ("message", "messages"))


def _less_here(document: Document, here: set[str]) -> Document:
    """The document with what is here already as frame, where only its hash tells."""
    turns = tuple(dataclasses.replace(one, role=Role.FRAME) if one.same in here else one for one in document.turns)
    return dataclasses.replace(document, turns=turns) if here else document


def _keep_photo(line: Line, file: Path, source_id: str) -> None:
    """Keep the picture of the paper that a source was typed up from."""
    with file.open("rb") as stream:
        sha256, size = line.store.originals.add(stream)
    name = _plain(file.name)
    photo = Photo(source_id, sha256, file.suffix.lower(), name, size, received_at=datetime.now(UTC))
    with line.store.writing() as write:
        known = write.rows("photos_of_source", Photo, source_id=source_id)
        if all(one.sha256 != sha256 for one in known):
            write.insert("photo", [photo])
        write.change("forget_failures", sha256=sha256, name=name)


def _keep_original(line: Line, file: Path, media: Media, about: str, name: str = "") -> Arrival:
    """Keep a file that was checked; one that is here already stays as it was."""
    with file.open("rb") as stream:
        sha256, size = line.store.originals.add(stream)
    source = Source(
        id=id_from(Kind.SOURCE, sha256),
        sha256=sha256,
        media=media,
        suffix=file.suffix.lower(),
        name=_plain(name or file.name),
        size=size,
        about=about,
        received_at=datetime.now(UTC),
    )
    with line.store.writing() as write:
        known = write.rows("source_by_hash", Source, sha256=sha256)
        same = not known or capture.same_description(media, known[0].about, about)
        if not same and not _came_with_another(known[0]):
            raise Refused(
                "This file is here already, but was brought in with other columns or another description beside it. "
                "What is here stayed as it was. To read it anew, use another data folder."
            )
        if not known:
            write.insert("source", [source])
        write.change("forget_failures", sha256=sha256, name=source.name)
    return Arrival(source.id, source.name, new=not known)


def _came_with_another(source: Source) -> bool:
    """Whether this is a recording that came as a part of a chat or form, which says who speaks in it."""
    return source.media == Media.RECORDING and capture.from_json(source.about).part_of is not None


def _keep_attached(
    line: Line, file: Path, source_id: str, document: Document
) -> tuple[tuple[Arrival, ...], tuple[Failed, ...]]:
    """Keep the recordings that a document speaks of; each is a source of its own, in the same conversation."""
    arrivals: list[Arrival] = []
    failed: list[Failed] = []
    with capture.attachments(file, document.attached) as found:
        for one, fetch in found:
            name = f"{file.name}: {one.name}"
            try:
                with fetch() as recording:
                    recognising.Recognised(line).refuse(recording)
                    sound.probe(recording)
                    about = capture.to_json(_about_attached(source_id, document, one))
                    arrivals.append(_keep_original(line, recording, Media.RECORDING, about, name))
            except Exception as error:
                if not _came_before(line, _about_attached(source_id, document, one), one.name):
                    _note_failure(line, "", name, _reason(error))
                    failed.append(Failed(name, _reason(error)))
    return tuple(arrivals), tuple(failed)


def _came_before(line: Line, about: About, name: str) -> bool:
    """Whether a recording of that name came with an earlier export of its conversation."""
    with line.store.reading() as read_:
        names: list[str] = read_.values("recordings_in", conversation_id=about.part_of)
    return any(one.endswith(f": {name}") for one in names)


def _about_attached(source_id: str, document: Document, one: Attached) -> About:
    """What a recording in a conversation is about: the same voice, in the same list of people, as in its text."""
    whole = document.conversations[one.conversation]
    conversation = one.part_of or whole.part_of or id_from(Kind.CONVERSATION, source_id, one.conversation)
    label, handle = one.speaker or SOMEONE, one.handle
    return dataclasses.replace(
        whole,
        held_on=one.held_on or whole.held_on,
        voices={label: handle or label.casefold()} if one.speaker or handle else {},
        people=conversation if handle is None else document.people,
        part_of=conversation,
    )


def _about(file: Path, media: Media) -> str:
    """What must be remembered to read this source the same way again, as JSON."""
    side = capture.side_file(file)
    if media is Media.NOTE and side is None:
        return "{}"  # a note says itself what is known about it
    return capture.to_json(capture.read_side_file(side) if side else About())


# --- read -------------------------------------------------------------------------------------------------------------


def waiting(line: Line) -> list[str]:
    """The ids of the sources that were received and are not read yet, oldest first."""
    with line.store.reading() as read_:
        return read_.values("sources_to_read")


def read(line: Line, source_id: str, progress: Progress = no_progress) -> Entered | None:
    """Turn one source into utterances, all of them or none. A recording goes on from its last finished piece.

    :returns: what was entered, or None if this source was read before.
    :raises ListeningError: if it cannot be read now; it is kept, and the ledger lists it with the reason.
    """
    with line.store.reading() as read_:
        sources = read_.rows("source_by_id", Source, id=source_id)
        done = read_.rows("transcript_of_source", Transcript, source_id=source_id)
    if not sources:
        raise NotFound(f"There is no source with the id {source_id}.")
    if done:
        return None
    source = sources[0]
    try:
        return _read_recording(line, source, progress) if source.media == Media.RECORDING else _read_typed(line, source)
    except Exception as error:
        _note_failure(line, source.sha256, source.name, _reason(error))
        raise


def _read_typed(line: Line, source: Source) -> Entered | None:
    path = line.store.originals.path(source.sha256)
    document = capture.read_document(path, Media(source.media), source.suffix, source.about)
    document = _less_known(line, Media(source.media), source.sha256, source.about, document, read=True)
    document = dataclasses.replace(document, turns=judged_elsewhere(document.turns))
    parts = [recognising.less_blank(part, document.text) for part in segment.cut(document)]
    words = [part for part in parts if part.turn.role is Role.WORDS]
    run = new_run(Stage.READ, READER, {})
    entered = _enter(
        line,
        source,
        run,
        document,
        parts,
        language=document.conversations[0].language,
        beside=lambda _transcript, utterances: hearing.held_until_heard(words, utterances),
    )
    return entered and dataclasses.replace(entered, notes=tuple(hearing.doubt(words)))


def _read_recording(line: Line, source: Source, progress: Progress) -> Entered | None:
    found = hearing.hear(line, source, progress)
    entered = _enter(line, source, found.run, found.document, found.parts, language=found.language, beside=found.rows)
    return entered and dataclasses.replace(entered, notes=tuple(found.notes()))


Beside = Callable[[Transcript, Sequence[Utterance]], Iterable[tuple[str, Sequence[object]]]]


def _enter(
    line: Line,
    source: Source,
    run: Run,
    document: Document,
    parts: Sequence[Part],
    *,
    language: str | None,
    beside: Beside,
) -> Entered | None:
    """Write one source's words into the store in one transaction, with what else is known, table by table."""
    transcript = Transcript(
        id=id_from(Kind.TRANSCRIPT, source.id, run.stage, run.model, run.model_version, run.weights_sha256),
        source_id=source.id,
        run_id=run.id,
        language=language,
        body=document.text,
    )
    conversations = [
        _conversation(source, number, about, language) for number, about in enumerate(document.conversations)
    ]
    words = [part for part in parts if part.turn.role is Role.WORDS]
    with line.store.writing() as write:
        if write.rows("transcript_of_source", Transcript, source_id=source.id):
            return None  # another program was quicker
        part_of = [about.part_of for about in document.conversations if about.part_of]
        if part_of and not write.values("conversation", id=part_of[0]):
            raise Refused("What this came with, or came before it, is not read yet. Run `listening ingest` again.")
        quiet = again.quiet(document)
        mine = [
            one
            for number, (one, about) in enumerate(zip(conversations, document.conversations, strict=True))
            if not about.part_of and number not in quiet
        ]
        voices = _voices(write, document.people, conversations, words)
        utterances = [
            _utterance(transcript, conversations[part.turn.conversation].id, voice_id, number, part)
            for number, (part, voice_id) in enumerate(zip(words, voices, strict=True))
        ]
        write.insert("run", [run])
        write.insert("transcript", [transcript])
        write.insert("conversation", mine)
        write.insert("utterance", utterances)
        for table, rows in beside(transcript, utterances):
            write.insert(table, rows)
        write.change("drop_pieces", source_id=source.id)
        write.change("forget_failures", sha256=source.sha256, name=source.name)
    return Entered(
        conversations=tuple(conversation.id for conversation in mine),
        voices=tuple(dict.fromkeys(voices)),
        utterances=tuple(utterance.id for utterance in utterances),
    )


def _conversation(source: Source, number: int, about: About, language: str | None) -> Conversation:
    return Conversation(
        id=about.part_of or id_from(Kind.CONVERSATION, source.id, number),
        source_id=source.id,
        kind=about.kind,
        guide=about.guide,
        place=about.place,
        held_on=about.held_on,
        listener=about.listener,
        language=about.language or language,
        chain=about.chain,
        link=about.link,
    )


def _voices(write: Executor, people: str, conversations: Sequence[Conversation], words: Sequence[Part]) -> list[str]:
    """The voice of each utterance, one after another. New voices are written.

    A handle is the same person everywhere. A label with no handle is a person of its conversation only: the Amina of
    one file need not be the Amina of the next.
    """
    persons = [_person(people, conversations[part.turn.conversation].id, part) for part in words]
    wanted = {(lists, handle): shown for lists, handle, shown in persons}
    known = write.rows("voices_of_people", Voice, people=sorted({lists for lists, _ in wanted}))
    ids = {(voice.people, voice.handle): voice.id for voice in known}
    new = [
        Voice(id=new_id(Kind.VOICE), people=lists, handle=handle, shown=shown)
        for (lists, handle), shown in wanted.items()
        if (lists, handle) not in ids
    ]
    write.insert("voice", new)
    ids |= {(voice.people, voice.handle): voice.id for voice in new}
    return [ids[lists, handle] for lists, handle, _ in persons]


def _person(people: str, conversation_id: str, part: Part) -> tuple[str, str, str]:
    """Which list of people someone belongs to, their handle in it, and what to call them."""
    if part.turn.handle is not None:
        return people, part.turn.handle, part.turn.handle
    if part.turn.speaker is not None:
        return conversation_id, part.turn.speaker.casefold(), part.turn.speaker
    return conversation_id, "", SOMEONE


def _utterance(transcript: Transcript, conversation_id: str, voice_id: str, number: int, part: Part) -> Utterance:
    text = transcript.body[part.start : part.end]
    return Utterance(
        id=id_from(Kind.UTTERANCE, transcript.id, part.start, part.end),
        transcript_id=transcript.id,
        conversation_id=conversation_id,
        voice_id=voice_id,
        ordinal=number,
        start_char=part.start,
        end_char=part.end,
        start_ms=part.start_ms,
        end_ms=part.end_ms,
        said_at=part.turn.said_at,
        text=text,
        text_sha256=sha256_of(text),
        run_id=transcript.run_id,
    )
