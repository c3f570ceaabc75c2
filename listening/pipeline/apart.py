"""The speakers of a stored recording are told apart again: the words, and the names that still fit, stay."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count

from listening import activity, speakers
from listening.capture import sound
from listening.domain import Kind, Separation, Speaking, Stage, ToldAgain, Voice, new_id
from listening.errors import ListeningError, NotFound, Refused
from listening.pipeline.hearing import name_of
from listening.pipeline.ingestion import SOMEONE
from listening.pipeline.line import Line, new_run, signature
from listening.pipeline.views import find_id
from listening.store import Executor


@dataclass(frozen=True, slots=True)
class Apart:
    """What telling speakers apart again changed."""

    conversation: str
    moved: int  # utterances that are now another speaker's
    no_longer: list[str]  # people who had been named, and whose voice is now nobody's of these


@dataclass(frozen=True, slots=True)
class _HeardAs:
    id: str
    start_ms: int
    end_ms: int
    voice_id: str


def tell_apart_again(line: Line, conversation_id: str, people: int | None = None, by: str | None = None) -> Apart:
    """Tell the speakers of a recording apart once more; `people` is how many there are, if somebody knows.

    A speaker who is the same as before keeps the label, and with it whoever a person said it is. Only whose the words
    are changes, and it is signed.

    :raises NotFound: if it is no recorded conversation of several people.
    :raises Refused: if it fails. Then nothing is changed.
    """
    signed = signature(line, by)
    if people is not None and not 1 <= people <= speakers.MOST_SPEAKERS:
        raise Refused(f"Up to {speakers.MOST_SPEAKERS} people can be told apart. Give a number from 1 to that.")
    with line.store.reading() as read:
        full = find_id(read, conversation_id, Kind.CONVERSATION)
        told = read.rows("separation", Separation, conversation_id=full)
        recordings = read.values("source_of_conversation", conversation_id=full)
        before = read.rows("speaking_now", Speaking, transcript_id=told[0].transcript_id) if told else []
    if not told:
        raise NotFound(
            f"In the conversation {full} no speakers were told apart: it was typed, or all of it is one person's."
        )
    separator, turns = _turns(line, recordings[0], people)
    run = new_run(Stage.SEPARATE, separator.model, {**speakers.RECIPE, "people": people})
    transcript = told[0].transcript_id
    with line.store.writing() as write:
        used: list[str] = write.values("labels_used", transcript_id=transcript)
        labels = _labels(turns, before, used)
        named: list[tuple[str, str]] = write.rows("named_speakers", lambda *row: row, conversation_id=full)
        write.insert("run", [run])
        write.insert("speaking", [_speaking(transcript, run.id, turn, labels) for turn in turns])
        write.change(
            "separate_again", transcript_id=transcript, run_id=run.id, people=len(labels), given=people is not None
        )
        heard = write.rows("heard_as", _HeardAs, transcript_id=transcript)
        whose = speakers.speaker_of_each([(one.start_ms, one.end_ms) for one in heard], turns)
        voices = _voices(write, full, ["" if who is None else labels[who] for who in whose])
        pairs = [(one.id, voice) for one, voice in zip(heard, voices, strict=True) if voice != one.voice_id]
        write.insert("told_again", [ToldAgain(one, voice, run.id, signed, datetime.now(UTC)) for one, voice in pairs])
    stay = {label.casefold() for label in labels.values()}
    return Apart(full, len(pairs), [shown for handle, shown in named if handle not in stay])


def _turns(line: Line, sha256: str, people: int | None) -> tuple[speakers.Separator, list[speakers.Turn]]:
    path = line.store.originals.path(sha256)
    try:
        found = activity.find_speech(sound.blocks(path), line.detector())
        separator = line.separator()
        turns = speakers.tell_apart(
            sound.blocks(path), found.spans, separator, people=people, likeliness=found.likeliness
        )
    except Exception as error:
        reason = str(error) if isinstance(error, ListeningError) else type(error).__name__
        raise Refused(f"The speakers could not be told apart: {reason} Nothing was changed.") from error
    return separator, turns


def _labels(turns: Sequence[speakers.Turn], before: Sequence[Speaking], used: Sequence[str]) -> Mapping[int, str]:
    """What each speaker is called: as before where it is the same voice, else a label that nobody ever had."""
    old = [(one.speaker, one.start_ms, one.end_ms) for one in before if one.speaker]
    same = speakers.who_was_who(turns, old)
    free = (label for number in count() if (label := name_of(number)) and label not in used)
    everybody = dict.fromkeys(turn.speaker for turn in turns if turn.speaker is not None)
    return {who: same.get(who) or next(free) for who in everybody}


def _speaking(transcript: str, run_id: str, turn: speakers.Turn, labels: Mapping[int, str]) -> Speaking:
    label = "" if turn.speaker is None else labels[turn.speaker]
    return Speaking(transcript, run_id, label, turn.start_ms, turn.end_ms)


def _voices(write: Executor, conversation_id: str, labels: Sequence[str]) -> list[str]:
    """The voice with each label in this conversation, one after another. New voices are written."""
    known = write.rows("voices_of_people", Voice, people=[conversation_id])
    ids = {voice.handle: voice.id for voice in known}
    new = [
        Voice(new_id(Kind.VOICE), conversation_id, label.casefold(), label or SOMEONE)
        for label in dict.fromkeys(labels)
        if label.casefold() not in ids
    ]
    write.insert("voice", new)
    ids |= {voice.handle: voice.id for voice in new}
    return [ids[label.casefold()] for label in labels]
