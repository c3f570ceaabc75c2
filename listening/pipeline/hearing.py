"""A recording becomes words: where somebody speaks, what they say, and who of them says it."""

from __future__ import annotations

import dataclasses
import json
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path

from listening import activity, capture, segment, speakers
from listening.capture import sound
from listening.domain import (
    About,
    Cause,
    Document,
    Happening,
    HeardSegment,
    Hearing,
    Part,
    Progress,
    Role,
    Run,
    Segment,
    Separation,
    Sounding,
    Source,
    Speaking,
    Stage,
    Stretch,
    Transcript,
    Utterance,
    UtteranceEvent,
)
from listening.errors import ListeningError, Refused
from listening.pipeline.line import Line, new_run, recipe_of
from listening.tape import Span
from listening.transcribe import RECIPE, Piece, transcribe

DOUBTFUL = "doubtful: listen first"  # why an utterance is held back until a person has listened to it
MACHINE = "listening"  # who signs what no person did
UNHEARD_MS = 3_000  # somebody speaks for as long and no words were heard: it is told apart from the room around words


@dataclass(frozen=True, slots=True)
class Told:
    """Who speaks when in a recording, or why that could not be told."""

    run: Run | None
    people: int
    given: bool
    turns: tuple[speakers.Turn, ...] = ()
    failed_because: str | None = None


@dataclass(frozen=True, slots=True)
class Heard:
    """A recording as it is entered: its words, and all that is known about how they were heard."""

    run: Run
    document: Document
    parts: tuple[Part, ...]
    language: str | None
    placed: tuple[segment.Placed, ...]
    found: activity.Activity
    declared_ms: int | None
    told: Told | None  # None where everything is one person's

    def rows(self, transcript: Transcript, utterances: Sequence[Utterance]) -> Iterator[tuple[str, Sequence[object]]]:
        """What is written beside the words: tables and their rows."""
        words = [part for part in self.parts if part.turn.role is Role.WORDS]
        yield "heard_segment", [_heard(transcript.id, number, one) for number, one in enumerate(self.placed)]
        yield "hearing", [Hearing(transcript.id, self.found.duration_ms, self.declared_ms)]
        yield "stretch", list(self.stretches(transcript.id))
        yield from held_until_heard(words, utterances)
        if self.told:
            yield from _separation_rows(transcript.id, self.told)

    def notes(self) -> Iterator[str]:
        """What people should know about how it was heard, a sentence or two each."""
        if self.declared_ms:
            yield (
                f"{self.found.duration_ms / 1000:.1f} of {self.declared_ms / 1000:.1f} s could be read. "
                "Look for a whole copy on the device that made it."
            )
        unheard = sum(one.end_ms - one.start_ms for one in self.stretches("") if one.what is Sounding.UNHEARD)
        if unheard:
            yield f"In {unheard / 1000:.0f} s somebody speaks, but no words could be made out. Listen to it."
        yield from doubt(self.parts)
        if self.told and self.told.failed_because:
            yield f"The speakers could not be told apart, so all of it is one voice. {self.told.failed_because}"
        elif self.told and self.told.people > 1:
            yield f"{self.told.people} people seem to speak. Say who they are: `listening speakers CONVERSATION`."

    def stretches(self, transcript_id: str) -> Iterator[Stretch]:
        """The recording from its start to its end, each millisecond once, by what is to be heard in it."""
        words = [(one.segment.start_ms, one.segment.end_ms) for one in self.placed]
        quiet = activity.quiet_between(self.found.spans, self.found.duration_ms)
        pieces = sorted(
            chain(
                ((start, end, Sounding.QUIET) for start, end in quiet),
                *(_words_and_not(span, words) for span in self.found.spans),
            )
        )
        for ordinal, (start, end, what) in enumerate(pieces):
            yield Stretch(transcript_id, ordinal, start, end, what)


def held_until_heard(
    words: Sequence[Part], utterances: Sequence[Utterance]
) -> Iterator[tuple[str, Sequence[UtteranceEvent]]]:
    """What holds doubtful words back until a person has listened; `words` and `utterances` go in pairs."""
    now = datetime.now(UTC)
    yield (
        "utterance_event",
        [
            UtteranceEvent(utterance.id, Happening.HELD, DOUBTFUL, MACHINE, now, Cause.DOUBT)
            for utterance, part in zip(utterances, words, strict=True)
            if part.doubtful
        ],
    )


def doubt(parts: Sequence[Part]) -> Iterator[str]:
    """How many of the words may be invented, as a sentence for people, if any may."""
    doubtful = sum(part.doubtful for part in parts)
    if doubtful:
        yield f"{doubtful} of the things heard may not have been said. See `listening doubtful`."


def hear(line: Line, source: Source, progress: Progress) -> Heard:
    """Hear one recording, going on from its last finished piece.

    :raises Refused: if no words can be heard in it.
    """
    path = line.store.originals.path(source.sha256)
    about = capture.from_json(source.about)
    engine, detector = line.engine(), line.detector()
    found = activity.find_speech(sound.blocks(path), detector)
    parameters = {**engine.parameters, **activity.RECIPE, **RECIPE, "detector": recipe_of(detector.model, {})}
    recipe = recipe_of(engine.model, {**parameters, "language": about.language})

    def keep(piece: Piece) -> None:
        with line.store.writing() as write:
            write.change(
                "keep_piece",
                source_id=source.id,
                recipe_sha256=recipe,
                ordinal=piece.ordinal,
                heard=piece_to_json(piece),
            )

    with line.store.reading() as read:
        heard = [piece_from_json(kept) for kept in read.values("pieces", source_id=source.id, recipe_sha256=recipe)]
    transcribed = transcribe(
        sound.blocks(path),
        engine,
        spans=found.spans,
        duration_ms=found.duration_ms,
        likeliness=found.likeliness,
        language=about.language,
        heard=heard,
        keep=keep,
        progress=progress,
    )
    if not segment.from_speech(transcribed.segments)[2]:
        raise Refused(
            "No speech could be heard in this recording. Listen to it, and record again if words are missing."
        )
    one_voice = len(about.voices) == 1
    told = None if one_voice else _tell_apart(line, path, found, about)
    named = _speakers(transcribed.segments, told.turns) if told else None
    body, placed, parts = segment.from_speech(transcribed.segments, named)
    if one_voice:
        speaker, handle = _only_voice(about)
        parts = tuple(
            dataclasses.replace(part, turn=dataclasses.replace(part.turn, speaker=speaker, handle=handle))
            for part in parts
        )
    return Heard(
        run=new_run(Stage.TRANSCRIBE, engine.model, parameters),
        document=Document(body, tuple(part.turn for part in parts), (about,), people=about.people),
        parts=parts,
        language=transcribed.language,
        placed=placed,
        found=found,
        declared_ms=_declared(path, found.duration_ms),
        told=told,
    )


def _only_voice(about: About) -> tuple[str, str | None]:
    """The label and handle of the one person of a recording; a person of its conversation only has no handle."""
    [(label, handle)] = about.voices.items()
    return label, None if about.part_of and about.people == about.part_of else handle


def _declared(path: Path, read_ms: int) -> int | None:
    """How long the recording says it is, where less of it could be read."""
    told = sound.probe(path)
    return told.duration_ms if sound.missing_ms(told, read_ms) else None


def piece_to_json(piece: Piece) -> str:
    """A finished piece as it is kept until its recording is wholly heard."""
    return json.dumps(dataclasses.asdict(piece), ensure_ascii=False)


def piece_from_json(kept: str) -> Piece:
    """The piece that `piece_to_json` kept."""
    fields = json.loads(kept)
    return Piece(**{**fields, "segments": tuple(Segment(**segment) for segment in fields["segments"])})


# --- who speaks when --------------------------------------------------------------------------------------------------


def _tell_apart(line: Line, path: Path, found: activity.Activity, about: About) -> Told:
    """Who speaks when. The words are safe without it: whatever goes wrong here is noted, and costs nothing else."""
    people = about.speakers or (len(about.voices) or None)
    try:
        separator = line.separator()
        turns = speakers.tell_apart(
            sound.blocks(path), found.spans, separator, people=people, likeliness=found.likeliness
        )
    except Exception as error:
        reason = str(error) if isinstance(error, ListeningError) else type(error).__name__
        return Told(None, 0, given=people is not None, failed_because=reason)
    run = new_run(Stage.SEPARATE, separator.model, {**speakers.RECIPE, "people": people})
    known = {turn.speaker for turn in turns if turn.speaker is not None}
    return Told(run, len(known), given=people is not None, turns=tuple(turns))


def _speakers(segments: Sequence[Segment], turns: Sequence[speakers.Turn]) -> list[str | None]:
    """What to call the speaker of each segment: whoever speaks in most of it."""
    return [name_of(who) for who in speakers.speaker_of_each([(one.start_ms, one.end_ms) for one in segments], turns)]


def name_of(speaker: int | None) -> str | None:
    """What to call a speaker of a recording until a person says who it is."""
    return None if speaker is None else f"speaker {speaker + 1}"


def _separation_rows(transcript_id: str, told: Told) -> Iterator[tuple[str, Sequence[object]]]:
    run_id = told.run.id if told.run else None
    yield "run", [told.run] if told.run else []
    yield "separation", [Separation(transcript_id, run_id, told.people, told.given, told.failed_because)]
    yield (
        "speaking",
        [
            Speaking(transcript_id, str(run_id), name_of(turn.speaker) or "", turn.start_ms, turn.end_ms)
            for turn in told.turns
        ],
    )


# --- the ledger of time -----------------------------------------------------------------------------------------------


def _words_and_not(span: Span, words: Sequence[Span]) -> Iterator[tuple[int, int, Sounding]]:
    """A span of speech, with the times of at least UNHEARD_MS in which no words were heard apart."""
    inside = [word for word in words if word[0] < span[1] and word[1] > span[0]]
    at = start = span[0]
    for first, last in [*inside, (span[1], span[1])]:
        if first - at >= UNHEARD_MS:
            if at > start:
                yield start, at, Sounding.WORDS
            yield at, first, Sounding.UNHEARD
            start = first
        at = max(at, min(last, span[1]))
    if span[1] > start:
        yield start, span[1], Sounding.WORDS


def _heard(transcript_id: str, number: int, placed: segment.Placed) -> HeardSegment:
    one = placed.segment
    return HeardSegment(
        transcript_id=transcript_id,
        ordinal=number,
        start_char=placed.start,
        end_char=placed.end,
        start_ms=one.start_ms,
        end_ms=one.end_ms,
        confidence=math.exp(min(0.0, one.average_log_probability)),
        no_speech_probability=one.no_speech_probability,
        compression_ratio=one.compression_ratio,
        language=one.language,
        speech_probability=one.speech_probability,
        doubtful=one.doubtful,
    )
