"""People put right what a machine heard: which words, whose they are, and whether they were said at all."""

from __future__ import annotations

import wave
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from listening import capture
from listening.capture import sound
from listening.domain import (
    Cause,
    Correction,
    Happening,
    Kind,
    Separation,
    Source,
    UtteranceEvent,
    Voice,
    VoiceEvent,
    new_id,
    sha256_of,
)
from listening.errors import NotFound, Refused
from listening.pipeline.line import Line, signature
from listening.pipeline.views import find_id
from listening.store import Executor
from listening.tape import RATE, Tape

AROUND_MS = 500  # what a clip of an utterance has before and after it
CLIP_MS = 8_000  # of a speaker: enough to know somebody by their voice
ONE_PERSON = ""  # the list of people that handles in notes and side files belong to


# --- words ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Doubtful:
    """Words that may be invented, and where to listen."""

    id: str
    text: str
    source: str
    file: str
    start_ms: int | None  # None where a transcript of another program does not say
    end_ms: int | None


def doubtful(line: Line) -> list[Doubtful]:
    """The utterances that wait for a person to listen to them."""
    with line.store.reading() as read:
        return read.rows("doubtful", Doubtful)


@dataclass(frozen=True, slots=True)
class ToPutRight:
    """One thing that was heard, for somebody who listens and puts it right."""

    id: str
    text: str
    shown: str
    language: str | None
    start_ms: int
    end_ms: int
    heard: str | None  # what the machine heard, where a person put it right
    corrected_by: str | None
    doubtful: bool  # it may not have been said: nobody is shown it until a person has listened


def to_put_right(line: Line, conversation_id: str) -> list[ToPutRight]:
    """What was heard in a conversation, what is in doubt first; what is held back for another reason is left out."""
    with line.store.reading() as read:
        full = find_id(read, conversation_id, Kind.CONVERSATION)
        return read.rows("to_put_right", ToPutRight, conversation_id=full)


def correct(line: Line, utterance_id: str, to: str, by: str | None = None) -> str:
    """Put the words of an utterance of a recording right, by ear. Gives its whole id.

    What the machine heard stays beside them. Words that waited for somebody to listen wait no longer. Words that
    another program heard can be put right where it was not sure of them.

    :raises Refused: if the words are no machine's, or say nothing.
    """
    text = " ".join(to.split())
    if not text:
        raise Refused("Say what you hear. If nobody speaks there, leave the utterance held back.")
    signed, now = signature(line, by), datetime.now(UTC)
    with line.store.writing() as write:
        full = find_id(write, utterance_id, Kind.UTTERANCE)
        if not _heard_elsewhere(write, full):
            _place(write, full)
        write.insert("correction", [Correction(full, text, sha256_of(text), signed, now)])
        heard = UtteranceEvent(full, Happening.RELEASED, "put right by ear", signed, now, Cause.DOUBT)
        write.insert("utterance_event", [heard] if Cause.DOUBT in write.values("held_for", ids=[full]) else [])
    return full


# --- speakers ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SpeakerRow:
    """A speaker as the store tells it."""

    speaker: str
    spoke_ms: int
    voice: str | None
    known_as: str | None
    listen_from_ms: int
    listen_to_ms: int


@dataclass(frozen=True, slots=True)
class Speakers:
    """Who speaks in a conversation, and what is to be known before that is relied on."""

    conversation: str
    speakers: list[SpeakerRow]
    guessed: bool  # nobody said how many people speak
    unknown_ms: int  # speech that sounds like none of the speakers: perhaps somebody who spoke only there
    failed_because: str | None


def speakers(line: Line, conversation_id: str, clips: Path | None = None) -> Speakers:
    """Who speaks in a recorded conversation, the longest first; with `clips`, a few seconds of each go there.

    :raises NotFound: if it is no recorded conversation of several people.
    """
    with line.store.reading() as read:
        full = find_id(read, conversation_id, Kind.CONVERSATION)
        told = read.rows("separation", Separation, conversation_id=full)
        rows = read.rows("speakers", SpeakerRow, conversation_id=full)
        recordings: list[str] = read.values("source_of_conversation", conversation_id=full)
    if not told:
        raise NotFound(
            f"In the conversation {full} no speakers were told apart: it was typed, or all of it is one person's."
        )
    known = [row for row in rows if row.speaker]
    if clips:
        clips.mkdir(parents=True, exist_ok=True)
        places = {
            row.speaker: (row.listen_from_ms, min(row.listen_to_ms, row.listen_from_ms + CLIP_MS)) for row in rows
        }
        for speaker, (start, end) in places.items():
            path = clips / f"{full} {speaker or 'nobody known'}.wav"
            _write_clip(line.store.originals.path(recordings[0]), start, end, path)
    return Speakers(
        conversation=full,
        speakers=known,
        guessed=not told[0].given,
        unknown_ms=sum(row.spoke_ms for row in rows if not row.speaker),
        failed_because=told[0].failed_because,
    )


def people_to_choose(line: Line, conversation_id: str, most: int = 300) -> list[str]:
    """Who a speaker may be: first whoever was named when the recording was brought in, then everybody with a handle."""
    with line.store.reading() as read:
        full = find_id(read, conversation_id, Kind.CONVERSATION)
        hashes: list[str] = read.values("source_of_conversation", conversation_id=full)
        sources = [source for sha256 in hashes for source in read.rows("source_by_hash", Source, sha256=sha256)]
        known = [voice.handle for voice in read.rows("voices_of_people", Voice, people=[ONE_PERSON])]
    named = [handle for source in sources for handle in capture.from_json(source.about).voices.values()]
    return list(dict.fromkeys([*named, *sorted(known, key=str.casefold)]))[:most]


def name_speaker(line: Line, voice_id: str, handle: str | None, by: str | None = None) -> Voice:
    """Say who a speaker of one recording is: from now on one person, one voice. With no handle: nobody knows after all.

    :raises Refused: if the voice is known by a handle already.
    """
    signed = signature(line, by)
    with line.store.writing() as write:
        full = find_id(write, voice_id, Kind.VOICE)
        [voice] = write.rows("voice_by_id", Voice, id=full)
        if not voice.people.startswith(f"{Kind.CONVERSATION}-"):
            raise Refused(
                f"The voice {full} is known as {voice.shown} already. Only a speaker of one talk can be named."
            )
        person = voice if handle is None else _person(write, handle)
        write.insert("voice_event", [VoiceEvent(full, person.id, signed, datetime.now(UTC))])
    return person


def _person(write: Executor, handle: str) -> Voice:
    """The voice with this handle, made if it is not there."""
    handle = handle.strip()
    if not handle:
        raise Refused("Say who it is, by the same handle that is used for this person elsewhere.")
    known = write.rows("voices_of_people", Voice, people=[ONE_PERSON])
    found = next((voice for voice in known if voice.handle == handle), None)
    if found is None:
        found = Voice(id=new_id(Kind.VOICE), people=ONE_PERSON, handle=handle, shown=handle)
        write.insert("voice", [found])
    return found


# --- sound ------------------------------------------------------------------------------------------------------------


def clip(line: Line, utterance_id: str, path: Path) -> str:
    """Write the sound of an utterance, with half a second around it, as a WAV file. Gives the utterance's whole id.

    :raises NotFound: if it is no recording's.
    """
    with line.store.reading() as read:
        full = find_id(read, utterance_id, Kind.UTTERANCE)
        sha256, start, end = _place(read, full)
    _write_clip(line.store.originals.path(sha256), max(0, start - AROUND_MS), end + AROUND_MS, path)
    return full


def _place(read: Executor, utterance_id: str) -> tuple[str, int, int]:
    found: list[tuple[str, int, int]] = read.rows("place_in_sound", lambda *row: row, id=utterance_id)
    elsewhere = None if found else _heard_elsewhere(read, utterance_id)
    if elsewhere:
        name, start_ms = elsewhere
        place = "" if start_ms is None else f"{start_ms // 60_000}:{start_ms // 1000 % 60:02} of "
        raise Refused(
            f"The sound of {utterance_id} is not here: {name} holds only words that another program wrote down. "
            f"Listen to {place}the recording that they were made from. If the words are right, release them; "
            "if not, correct them."
        )
    if not found:
        raise Refused(f"The utterance {utterance_id} was typed: there is nothing to hear. What was typed stays.")
    return found[0]


def _heard_elsewhere(read: Executor, utterance_id: str) -> tuple[str, int | None] | None:
    """The file and the time of words that another program heard and was not sure of; None for any others."""
    found: list[tuple[str, int | None]] = read.rows("heard_elsewhere", lambda *row: row, id=utterance_id)
    return found[0] if found else None


def _write_clip(recording: Path, start_ms: int, end_ms: int, path: Path) -> None:
    samples = Tape(sound.blocks(recording)).take((start_ms, end_ms))
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, RATE, 0, "NONE", "not compressed"))
        file.writeframes((samples * 32767).clip(-32768, 32767).astype("<i2").tobytes())
