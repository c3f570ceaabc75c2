"""Conversations come in: received first, so that nothing is lost, then read into utterances."""

from __future__ import annotations

import dataclasses
import io
import json
import math
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from listening import capture, segment
from listening.capture import sound
from listening.domain import (
    About,
    Columns,
    Conversation,
    Document,
    Failure,
    HeardSegment,
    Kind,
    Media,
    Model,
    Part,
    Progress,
    Role,
    Run,
    Segment,
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
from listening.pipeline.line import Line, new_run, recipe_of
from listening.store import Executor
from listening.transcribe import RECIPE, Piece, transcribe

READER = Model(name="verbatim reader", version="1")  # count up when the same bytes would be cut differently
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


@dataclass(frozen=True, slots=True)
class Ingested:
    """What one call brought in, as counts, and what it could not."""

    sources: int
    conversations: int
    voices: int
    utterances: int
    already_known: int
    failed: tuple[Failed, ...]


@dataclass(frozen=True, slots=True)
class Arrival:
    """A source that is safely kept, and whether it was new."""

    source_id: str
    name: str
    new: bool


@dataclass(frozen=True, slots=True)
class Received:
    """What is safely kept, and what could not be taken."""

    arrivals: tuple[Arrival, ...]
    failed: tuple[Failed, ...]


def ingest(line: Line, path: Path | None, columns: Columns | None = None, progress: Progress = no_progress) -> Ingested:
    """Bring in a file or a folder; with no path, read what was received earlier and is still waiting.

    One file that cannot be taken never stops the others.

    :raises NotFound: if there is nothing at `path`.
    """
    received = still_waiting(line) if path is None else receive_all(line, path, columns, progress)
    failed = list(received.failed)
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
                read_now.add(arrival.source_id)
    progress("read", len(received.arrivals), len(received.arrivals))
    return Ingested(
        sources=len({arrival.source_id for arrival in received.arrivals if arrival.new} | read_now),
        conversations=sum(len(one.conversations) for one in entered),
        voices=len({voice for one in entered for voice in one.voices}),
        utterances=sum(len(one.utterances) for one in entered),
        already_known=already_known,
        failed=tuple(failed),
    )


def still_waiting(line: Line) -> Received:
    """What was received earlier and is not read yet, under its ids: names are not needed to read it."""
    return Received(tuple(Arrival(source_id, source_id, new=False) for source_id in waiting(line)), ())


# --- receive ----------------------------------------------------------------------------------------------------------


def receive_all(line: Line, path: Path, columns: Columns | None = None, progress: Progress = no_progress) -> Received:
    """Check and keep a file, or every file of a folder, without reading them further.

    :raises NotFound: if there is nothing at `path`.
    """
    if not path.exists():
        raise NotFound(f"There is no file or folder at {path}. Check the name and try again.")
    files = capture.find(path)
    arrivals: list[Arrival] = []
    failed: list[Failed] = []
    for number, file in enumerate(files):
        progress("receive", number, len(files))
        try:
            arrivals.append(receive(line, file, columns))
        except Exception as error:
            failed.append(Failed(file.name, _reason(error)))
    progress("receive", len(files), len(files))
    return Received(tuple(arrivals), tuple(failed))


def receive(line: Line, file: Path, columns: Columns | None = None) -> Arrival:
    """Check one file and keep it for good, without reading it further. The file itself stays as it is.

    :raises Refused: if it cannot be taken; the ledger lists it with the reason.
    """
    try:
        return _keep(line, file, columns)
    except Exception as error:
        _note_failure(line, _sha256_of_file(file), file.name, _reason(error))
        raise


def refuse(line: Line, name: str, reason: str) -> None:
    """Note that a file could not even be received, so that the ledger lists it."""
    _note_failure(line, "", name, reason)


def table_beginning(file: Path) -> capture.Beginning:
    """The heading and first rows of a table, so that somebody can say which column holds the words.

    :raises Refused: if the file is no table that can be read.
    """
    if capture.look(file) is not Media.TABLE:
        raise Refused(f"{file.name} is not a table. Bring it in as it is.")
    return capture.beginning(file.read_bytes())


def is_table(file: Path) -> bool:
    """Whether this is a table, for which somebody has to say which column holds the words.

    :raises Refused: if it is nothing that can be taken.
    """
    return capture.look(file) is Media.TABLE


def type_note(line: Line, facts: Mapping[str, str], voices: Mapping[str, str], words: str, name: str) -> Arrival:
    """Keep a note that was typed into a form. `facts` are keys of front matter, `voices` say who each label is.

    :raises Refused: if a fact cannot be, or there are no words.
    """
    if not words.strip():
        raise Refused("There are no words yet. Type what was said.")
    about = capture.parse(capture.as_yaml(facts, voices))
    with tempfile.TemporaryDirectory(prefix="listening-") as folder:
        file = Path(folder) / name
        file.write_bytes((capture.front_matter(about) + words).encode())
        return receive(line, file)


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


def _keep(line: Line, file: Path, columns: Columns | None) -> Arrival:
    media = capture.look(file)
    about = _about(file, media, columns)
    if media.typed:
        content = file.read_bytes()
        if not any(turn.role is Role.WORDS for turn in _document(media, content, about).turns):
            raise Refused("This file holds nobody's words. Check that it is the file you meant.")
        sha256, size = line.store.originals.add(io.BytesIO(content))
    else:
        sound.probe(file)
        with file.open("rb") as stream:
            sha256, size = line.store.originals.add(stream)
    source = Source(
        id=id_from(Kind.SOURCE, sha256),
        sha256=sha256,
        media=media,
        suffix=file.suffix.lower(),
        name=_plain(file.name),
        size=size,
        about=about,
        received_at=datetime.now(UTC),
    )
    with line.store.writing() as write:
        known = write.rows("source_by_hash", Source, sha256=sha256)
        if known and known[0].about != about:
            raise Refused(
                "This file is here already, but was brought in with other columns or another description beside it. "
                "What is here stayed as it was. To read it anew, use another data folder."
            )
        if not known:
            write.insert("source", [source])
        write.change("forget_failures", sha256=sha256, name=source.name)
    return Arrival(source.id, source.name, new=not known)


def _about(file: Path, media: Media, columns: Columns | None) -> str:
    """What must be remembered to read this source the same way again, as JSON."""
    if media is Media.TABLE:
        if columns is None:
            raise Refused("This is a table: say which column holds the words, such as --text answer.")
        return json.dumps(dataclasses.asdict(columns))
    if media is Media.RECORDING:
        side = capture.side_file(file)
        return capture.to_json(capture.read_side_file(side) if side else About())
    return "{}"  # a note says itself what is known about it


def _document(media: Media, content: bytes, about: str) -> Document:
    if media is Media.TABLE:
        return capture.read_table(content, Columns(**json.loads(about)))
    return capture.read_note(content)


def piece_to_json(piece: Piece) -> str:
    """A finished piece as it is kept until its recording is wholly heard."""
    return json.dumps(dataclasses.asdict(piece), ensure_ascii=False)


def piece_from_json(kept: str) -> Piece:
    """The piece that `piece_to_json` kept."""
    fields = json.loads(kept)
    return Piece(**{**fields, "segments": tuple(Segment(**segment) for segment in fields["segments"])})


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
    content = line.store.originals.path(source.sha256).read_bytes()
    document = _document(Media(source.media), content, source.about)
    run = new_run(Stage.READ, READER, {})
    return _enter(line, source, run, document, segment.cut(document), language=document.conversations[0].language)


def _read_recording(line: Line, source: Source, progress: Progress) -> Entered | None:
    path = line.store.originals.path(source.sha256)
    about = capture.from_json(source.about)
    engine = line.engine()
    recipe = recipe_of(engine.model, {**engine.parameters, **RECIPE, "language": about.language})

    def keep(piece: Piece) -> None:
        with line.store.writing() as write:
            write.change(
                "keep_piece",
                source_id=source.id,
                recipe_sha256=recipe,
                ordinal=piece.ordinal,
                heard=piece_to_json(piece),
            )

    with line.store.reading() as read_:
        heard = [piece_from_json(kept) for kept in read_.values("pieces", source_id=source.id, recipe_sha256=recipe)]
    transcribed = transcribe(
        sound.blocks(path),
        engine,
        language=about.language,
        heard=heard,
        keep=keep,
        duration_ms=sound.probe(path).duration_ms,
        progress=progress,
    )
    body, placed, parts = segment.from_speech(transcribed.segments)
    if not parts:
        raise Refused(
            "No speech could be heard in this recording. Listen to it, and record again if words are missing."
        )
    handles = list(about.voices.values())
    only = handles[0] if len(handles) == 1 else None
    parts = tuple(dataclasses.replace(part, turn=dataclasses.replace(part.turn, handle=only)) for part in parts)
    run = new_run(Stage.TRANSCRIBE, engine.model, {**engine.parameters, **RECIPE})
    document = Document(text=body, turns=tuple(part.turn for part in parts), conversations=(about,))
    return _enter(line, source, run, document, parts, language=transcribed.language, heard=placed)


def _enter(
    line: Line,
    source: Source,
    run: Run,
    document: Document,
    parts: Sequence[Part],
    *,
    language: str | None,
    heard: Sequence[segment.Placed] = (),
) -> Entered | None:
    """Write one source's words into the store in one transaction."""
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
        voices = _voices(write, document.people, conversations, words)
        utterances = [
            _utterance(transcript, conversations[part.turn.conversation].id, voice_id, number, part)
            for number, (part, voice_id) in enumerate(zip(words, voices, strict=True))
        ]
        write.insert("run", [run])
        write.insert("transcript", [transcript])
        write.insert("heard_segment", [_heard(transcript.id, number, one) for number, one in enumerate(heard)])
        write.insert("conversation", conversations)
        write.insert("utterance", utterances)
        write.change("drop_pieces", source_id=source.id)
        write.change("forget_failures", sha256=source.sha256, name=source.name)
    return Entered(
        conversations=tuple(conversation.id for conversation in conversations),
        voices=tuple(dict.fromkeys(voices)),
        utterances=tuple(utterance.id for utterance in utterances),
    )


def _conversation(source: Source, number: int, about: About, language: str | None) -> Conversation:
    return Conversation(
        id=id_from(Kind.CONVERSATION, source.id, number),
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


def _heard(transcript_id: str, number: int, placed: segment.Placed) -> HeardSegment:
    return HeardSegment(
        transcript_id=transcript_id,
        ordinal=number,
        start_char=placed.start,
        end_char=placed.end,
        start_ms=placed.segment.start_ms,
        end_ms=placed.segment.end_ms,
        confidence=math.exp(min(0.0, placed.segment.average_log_probability)),
        no_speech_probability=placed.segment.no_speech_probability,
        compression_ratio=placed.segment.compression_ratio,
    )
