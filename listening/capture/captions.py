"""Speech that another program wrote down: WebVTT (Teams, Zoom), SubRip, and the JSON of Whisper.

A caption holds half a sentence as often as a whole one, so offsets count in a text that is put together from the
captions' words, each as it stands, a line break between; where the speaker changes, a line with the name. Numbers,
times and tags of style are not in that text.
"""

from __future__ import annotations

import html
import json
import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any, Final

from listening.capture.about import same_label
from listening.capture.notes import People, label_at
from listening.capture.text import decode
from listening.domain import About, Document, Role, Segment, Turn
from listening.errors import Refused

MOST_CUES: Final = 100_000
FEWEST_ROLLED: Final = 2  # captions that repeat the one before and go on: one may be somebody who repeats themselves
LONGEST_TIMES: Final = 120  # characters of a line that was to hold times
LONGEST_MS: Final = 1000 * 3600 * 1000
_TIME: Final = r"(?:(\d{1,3}):)?(\d{1,2}):(\d{2})(?:[.,](\d{1,3}))?"
_TIMES = re.compile(rf"\s*{_TIME}\s*-->\s*{_TIME}(?:\s.*)?")
_FIRST_LINES = re.compile(rf"\ufeff?(?:WEBVTT(?:\s|$)|\s*(?:\d+\s*\n)?\s*{_TIME}\s*-->\s)")
# A line that was to say when, and cannot be read: damaged, cut off, or written by hand.
_NEARLY_TIMES = re.compile(
    r"[\s\d:.,;]*\d[\s\d:.,;]*-->.{0,100}|.{0,100}-->[\s\d:.,;]*\d[\s\d:.,;]*"
    r"|\s*\d{1,3}:\d{2}:\d{1,2}(?:[.,:;]\d*)?\s*(?:(?:-+>?|=+>|[–—→])[\s\d:.,;]*)?"  # noqa: RUF001
)
_NUMBER = re.compile(r"\s*\d+\s*")
_NOT_SPEECH = re.compile(r"(?:NOTE|STYLE|REGION)(?:\s|$)")
_VOICE = re.compile(r"<v(?:\.[^\s<>]{0,99})?[ \t]{1,9}([^<>]{1,200})>|</v>")
_STYLE = re.compile(
    r"</?(?:c|i|b|u|s|v|font|ruby|rt|lang)(?:[.\s][^<>]{0,200})?>|<\d[\d:.]{0,20}>|\{\\an\d\}", re.IGNORECASE
)
_NOT_CAPTIONS: Final = "No captions could be found in this file. Check that it is the file you meant."
_NOT_WHISPER: Final = (
    "This JSON file is not a transcript as Whisper writes it. Export it as .vtt, .srt or plain text, and bring that."
)


def are_in(text: str) -> bool:
    """Whether a text begins as files of captions do."""
    return bool(_FIRST_LINES.match(text.replace("\r\n", "\n")))


def read_captions(data: bytes, given: About = About()) -> Document:
    """Read captions into a Document of one conversation, each caption a turn with its times.

    Who speaks is said by voice tags, or by labels such as "Amina:" that are announced, come twice, or stand before
    most captions. Captions that roll, as YouTube's do, give each word once. The words of a caption whose time is
    damaged have no time, and that is said. Raises Refused where there are no captions, or nobody's words are in them.
    """
    text = decode(data)
    language, cues = _from_json(text) if text.lstrip()[:1] in {"{", "["} else (None, _from_lines(text))
    cues = [cue for cue in cues if cue.words.strip()]
    if all(cue.start_ms is None for cue in cues):
        raise Refused(_NOT_CAPTIONS)
    once = _each_word_once(cues)
    notes = tuple(_notes(cues, once))
    cues = once
    if len(cues) > MOST_CUES:
        raise Refused(f"This file has more than {MOST_CUES} captions. Bring it in smaller pieces.")
    about = replace(given, language=given.language or language)
    people = People(about)
    made = _Made(people)
    for cue in _with_labels(cues, people):
        made.add(cue)
    if not any(turn.role is Role.WORDS for turn in made.turns):
        raise Refused("Only the listener's words are in these captions. Check who is named as “listener”.")
    return Document("".join(made.pieces), tuple(made.turns), (about,), notes=notes)


def _notes(cues: Sequence[_Cue], once: Sequence[_Cue]) -> Iterator[str]:
    """What the person should know, in sentences."""
    if once is not cues:
        yield "These captions roll: each repeats the one before. Each word was taken once."
    untimed = sum(cue.start_ms is None for cue in once)
    if untimed:
        captions, have, their = ("caption", "has", "Its") if untimed == 1 else ("captions", "have", "Their")
        yield (
            f"{untimed} {captions} {have} a time that is damaged. {their} words are here, but not when they were said. "
            "Look for a whole copy of the file."
        )


@dataclass(frozen=True, slots=True)
class _Cue:
    """What one voice says in one caption."""

    start_ms: int | None  # None where the time is damaged
    end_ms: int | None
    words: str
    speaker: str | None = None
    heard: Segment | None = None


# --- WebVTT and SubRip ------------------------------------------------------------------------------------------------


Times = tuple[int, int] | None
"""When a caption starts and ends, in milliseconds; None where that is damaged."""


def _from_lines(text: str) -> list[_Cue]:
    cues: list[_Cue] = []
    is_vtt = text.lstrip().startswith("WEBVTT")
    for times, lines in _captions(text, is_vtt):
        start, end = times or (None, None)
        cues += (replace(cue, start_ms=start, end_ms=end) for cue in _voices("\n".join(lines), is_vtt))
    return cues


def _captions(text: str, is_vtt: bool) -> Iterator[tuple[Times, list[str]]]:  # noqa: FBT001
    """The times and the lines of each caption. A blank line within one loses nothing."""
    times: Times = None
    lines: list[str] = []
    begun = not is_vtt  # what stands above the captions of WebVTT is about the file
    for line in _spoken_lines(text, is_vtt):
        found = _TIMES.fullmatch(line)
        if not found and not _is_nearly(line, lines):
            lines.append(line)
            continue
        if begun:
            yield times, _without_name(lines)
        times, lines, begun = _times(found) if found else None, [], True
    if begun:
        yield (
            times,
            _without_name(lines) if "" in map(str.strip, lines[:-1]) and _NUMBER.fullmatch(lines[-1]) else lines,
        )


def _spoken_lines(text: str, is_vtt: bool) -> Iterator[str]:  # noqa: FBT001
    """The lines less the blocks that hold notes and styles."""
    passing, before = False, ""
    for line in re.split("\r\n|\n|\r", text):
        passing = bool(line.strip()) and (passing or (is_vtt and not before and bool(_NOT_SPEECH.match(line))))
        if not passing:
            yield line
        before = line.strip()


def _is_nearly(line: str, before: Sequence[str]) -> bool:
    """Whether a line was to hold times, and is damaged: it stands first, after a blank line, or after a number."""
    first = not before or not before[-1].strip() or bool(_NUMBER.fullmatch(before[-1]))
    return first and len(line) <= LONGEST_TIMES and bool(_NEARLY_TIMES.fullmatch(line))


def _times(found: re.Match[str]) -> tuple[int, int]:
    parts = found.groups()
    start = _milliseconds(parts[:4])
    return start, max(start, _milliseconds(parts[4:]))


def _without_name(lines: list[str]) -> list[str]:
    """The lines less the number or name of the next caption, which stands last, alone or after a blank line."""
    named = bool(lines) and bool(lines[-1].strip())
    alone = len(lines) > 1 and not lines[-2].strip()
    return lines[:-1] if named and (alone or _NUMBER.fullmatch(lines[-1])) else lines


def _milliseconds(parts: Sequence[str | None]) -> int:
    hours, minutes, seconds, fraction = parts
    whole = (int(hours or 0) * 60 + int(minutes or 0)) * 60 + int(seconds or 0)
    return whole * 1000 + int((fraction or "0").ljust(3, "0"))


def _voices(words: str, is_vtt: bool) -> Iterator[_Cue]:  # noqa: FBT001
    """The words of a caption, apart for each voice tag in it."""
    at, speaker = 0, None
    for found in _VOICE.finditer(words):
        yield _Cue(None, None, _plain(words[at : found.start()], is_vtt), speaker)
        at, name = found.end(), found[1]
        speaker = " ".join(html.unescape(name).split()) or None if name else None
    yield _Cue(None, None, _plain(words[at:], is_vtt), speaker)


def _plain(words: str, is_vtt: bool) -> str:  # noqa: FBT001
    """Words without tags; in WebVTT a sign may be written as its name."""
    words = _STYLE.sub("", words)
    return (html.unescape(words) if is_vtt else words).strip()


def _each_word_once(cues: list[_Cue]) -> list[_Cue]:
    """Captions that roll, each repeating lines of the one before, less what is repeated; others as they are."""
    said = [[line.strip() for line in cue.words.split("\n") if line.strip()] for cue in cues]
    repeated = [0, *(_repeated(before, lines) for before, lines in pairwise(said))]
    going_on = sum(0 < times < len(lines) for times, lines in zip(repeated, said, strict=True))
    if going_on < FEWEST_ROLLED or 2 * sum(map(bool, repeated)) < len(cues) - 1:
        return cues
    rest = (replace(cue, words="\n".join(lines[n:])) for cue, lines, n in zip(cues, said, repeated, strict=True))
    return [cue for cue in rest if cue.words]


def _repeated(before: Sequence[str], lines: Sequence[str]) -> int:
    """How many first lines are the last of the caption before."""
    return next((n for n in range(min(len(before), len(lines)), 0, -1) if list(before[-n:]) == list(lines[:n])), 0)


# --- Whisper's JSON ---------------------------------------------------------------------------------------------------


_NOTHING_HEARD: Final = Segment(0, 0, "", 0.0, 0.0, 0.0)


def _from_json(text: str) -> tuple[str | None, list[_Cue]]:
    """The language and the segments as openai-whisper, whisperX and whisper.cpp write them."""
    try:
        found = json.loads(text)
        if "transcription" in found:
            return found.get("result", {}).get("language"), [_cue_of_cpp(one) for one in found["transcription"]]
        language = found.get("language")
        return language if isinstance(language, str) else None, [_cue(one) for one in found["segments"]]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, OverflowError) as error:
        raise Refused(_NOT_WHISPER) from error


def _cue(segment: dict[str, Any]) -> _Cue:
    speaker = segment.get("speaker")
    cue = _timed(float(segment["start"]) * 1000, float(segment["end"]) * 1000, segment["text"])
    heard = replace(
        cue.heard or _NOTHING_HEARD,
        average_log_probability=_measured(segment, "avg_logprob", -math.inf),
        no_speech_probability=_measured(segment, "no_speech_prob", 1.0),
        compression_ratio=_measured(segment, "compression_ratio", math.inf),
    )
    return replace(cue, heard=heard, speaker=" ".join(speaker.split()) or None if isinstance(speaker, str) else None)


def _measured(segment: dict[str, Any], name: str, worst: float) -> float:
    """How sure the program was; what it did not write down is not held against the words, what is no number is."""
    value = segment.get(name)
    if value is None:
        return 0.0
    return float(value) if math.isfinite(float(value)) else worst


def _cue_of_cpp(segment: dict[str, Any]) -> _Cue:
    return _timed(float(segment["offsets"]["from"]), float(segment["offsets"]["to"]), segment["text"])


def _timed(start: float, end: float, words: object) -> _Cue:
    if not isinstance(words, str) or not 0 <= start <= LONGEST_MS or not 0 <= end <= LONGEST_MS:
        raise ValueError
    words.encode()  # half of a pair of surrogates is no text
    first, last = round(start), max(round(start), round(end))
    return _Cue(first, last, words.strip(), heard=replace(_NOTHING_HEARD, start_ms=first, end_ms=last, text=words))


# --- who speaks -------------------------------------------------------------------------------------------------------


def _with_labels(cues: Sequence[_Cue], people: People) -> Iterator[_Cue]:
    """The captions with their speakers; a label in a caption's words is taken out of them and lasts."""
    labels = _labels(cues, people)
    lasting: str | None = None
    for cue in cues:
        found = label_at(cue.words) if cue.speaker is None and labels else None
        if found and same_label(found[0]) in labels:
            lasting = labels[same_label(found[0])]
            yield replace(cue, words=cue.words[found[1] :].strip(), speaker=lasting)
        else:
            yield replace(cue, speaker=cue.speaker or lasting)


def _labels(cues: Iterable[_Cue], people: People) -> dict[str, str]:
    """The labels that count, by the same form of each."""
    cues = [cue for cue in cues if cue.speaker is None]
    found = [label[0] for cue in cues if (label := label_at(cue.words))]
    times = Counter(map(same_label, found))
    most = 2 * len(found) > len(cues)
    names = dict(people.labels)
    for name in found:
        if most or times[same_label(name)] > 1:
            names.setdefault(same_label(name), name)
    return names


@dataclass(slots=True)
class _Made:
    """The text and its turns as they are made."""

    people: People
    pieces: list[str] = field(default_factory=list)
    turns: list[Turn] = field(default_factory=list)
    length: int = 0
    speaker: str | None = None

    def add(self, cue: _Cue) -> None:
        """Add what was said, after a line's break or the name of a new speaker."""
        key = same_label(cue.speaker) if cue.speaker else None
        changed = key != self.speaker
        if self.pieces:
            self.put("\n\n" if changed else "\n")
        if changed and cue.speaker:
            self.turns.append(Turn(self.length, self.length + len(cue.speaker) + 1, Role.FRAME))
            self.put(f"{cue.speaker}: ")
        self.speaker = key
        if cue.words:
            role = Role.LISTENER if key and key == self.people.listener else Role.WORDS
            handle = self.people.handles.get(key) if key else None
            span = self.length, self.length + len(cue.words)
            turn = Turn(*span, role, cue.speaker, handle, start_ms=cue.start_ms, end_ms=cue.end_ms, heard=cue.heard)
            self.turns.append(turn)
            self.put(cue.words)

    def put(self, piece: str) -> None:
        """Add to the text."""
        self.pieces.append(piece)
        self.length += len(piece)
