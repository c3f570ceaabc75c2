"""Speech that another program wrote down: WebVTT (Teams, Zoom), SubRip, and the JSON of Whisper.

A caption holds half a sentence as often as a whole one, so offsets count in a text that is put together from the
captions' words, each as it stands, a line break between; where the speaker changes, a line with the name. Numbers,
times and tags of style are not in that text.
"""

from __future__ import annotations

import html
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from listening.capture.about import same_label
from listening.capture.notes import People, label_at
from listening.capture.text import decode
from listening.domain import About, Document, Role, Turn
from listening.errors import Refused

MOST_CUES: Final = 100_000
LONGEST_MS: Final = 1000 * 3600 * 1000
_TIME: Final = r"(?:(\d{1,3}):)?(\d{1,2}):(\d{2})(?:[.,](\d{1,3}))?"
_TIMES = re.compile(rf"\s*{_TIME}\s*-->\s*{_TIME}(?:\s.*)?")
_FIRST_LINES = re.compile(rf"\ufeff?(?:WEBVTT(?:\s|$)|\s*(?:\d+\s*\n)?\s*{_TIME}\s*-->\s)")
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
    most captions. Raises Refused where there are none, or nobody's words are in them.
    """
    text = decode(data)
    language, cues = _from_json(text) if text.lstrip()[:1] in {"{", "["} else (None, _from_lines(text))
    cues = [cue for cue in cues if cue.words.strip()]
    if not cues:
        raise Refused(_NOT_CAPTIONS)
    if len(cues) > MOST_CUES:
        raise Refused(f"This file has more than {MOST_CUES} captions. Bring it in smaller pieces.")
    about = replace(given, language=given.language or language)
    people = People(about)
    made = _Made(people)
    for cue in _with_labels(cues, people):
        made.add(cue)
    if not any(turn.role is Role.WORDS for turn in made.turns):
        raise Refused("Only the listener's words are in these captions. Check who is named as “listener”.")
    return Document("".join(made.pieces), tuple(made.turns), (about,))


@dataclass(frozen=True, slots=True)
class _Cue:
    """What one voice says in one caption."""

    start_ms: int
    end_ms: int
    words: str
    speaker: str | None = None


# --- WebVTT and SubRip ------------------------------------------------------------------------------------------------


def _from_lines(text: str) -> list[_Cue]:
    cues: list[_Cue] = []
    is_vtt = text.lstrip().startswith("WEBVTT")
    for times, lines in _captions(text, is_vtt):
        start, end = _milliseconds(times[:4]), _milliseconds(times[4:])
        cues += (replace(cue, start_ms=start, end_ms=max(start, end)) for cue in _voices("\n".join(lines), is_vtt))
    return cues


def _captions(text: str, is_vtt: bool) -> Iterator[tuple[Sequence[str | None], list[str]]]:  # noqa: FBT001
    """The times and the lines of each caption. A blank line within one loses nothing."""
    times: Sequence[str | None] | None = None
    lines: list[str] = []
    passing = False
    before = ""
    for line in re.split("\r\n|\n|\r", text):
        found = _TIMES.fullmatch(line)
        if found:
            if times is not None:
                yield times, _without_name(lines)
            times, lines = found.groups(), []
        passing = bool(line.strip()) and (passing or (is_vtt and not before and bool(_NOT_SPEECH.match(line))))
        if not found and not passing:
            lines.append(line)
        before = line.strip()
    if times is not None:
        yield times, lines


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
        yield _Cue(0, 0, _plain(words[at : found.start()], is_vtt), speaker)
        at, name = found.end(), found[1]
        speaker = " ".join(html.unescape(name).split()) or None if name else None
    yield _Cue(0, 0, _plain(words[at:], is_vtt), speaker)


def _plain(words: str, is_vtt: bool) -> str:  # noqa: FBT001
    """Words without tags; in WebVTT a sign may be written as its name."""
    words = _STYLE.sub("", words)
    return (html.unescape(words) if is_vtt else words).strip()


# --- Whisper's JSON ---------------------------------------------------------------------------------------------------


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
    return _timed(
        float(segment["start"]) * 1000,
        float(segment["end"]) * 1000,
        segment["text"],
        " ".join(speaker.split()) or None if isinstance(speaker, str) else None,
    )


def _cue_of_cpp(segment: dict[str, Any]) -> _Cue:
    return _timed(float(segment["offsets"]["from"]), float(segment["offsets"]["to"]), segment["text"], None)


def _timed(start: float, end: float, words: object, speaker: str | None) -> _Cue:
    if not isinstance(words, str) or not 0 <= start <= LONGEST_MS or not 0 <= end <= LONGEST_MS:
        raise ValueError
    words.encode()  # half of a pair of surrogates is no text
    return _Cue(round(start), max(round(start), round(end)), words.strip(), speaker)


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
            self.turns.append(Turn(*span, role, cue.speaker, handle, start_ms=cue.start_ms, end_ms=cue.end_ms))
            self.put(cue.words)

    def put(self, piece: str) -> None:
        """Add to the text."""
        self.pieces.append(piece)
        self.length += len(piece)
