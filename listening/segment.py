"""Turns and timed segments cut into parts: the utterances, and all that lies around them. Nothing is lost.

Every character that is not white space is in exactly one part, and no part starts or ends with white space.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from importlib import import_module
from itertools import pairwise, zip_longest
from typing import Final

from listening.domain import Document, Part, Role, Segment, Turn

FEWEST_WORDS: Final = 8  # a shorter sentence says too little to be understood alone: it joins its neighbour
MOST_WORDS: Final = 80
MOST_CHARACTERS: Final = 600
MOST_SPOKEN_WORDS: Final = 40  # speech without full stops has to end somewhere
LONGEST_PAUSE_MS: Final = 1500
USUAL_LANGUAGE: Final = "en"

Span = tuple[int, int]
"""Where something starts and ends in a text; the end is exclusive."""

# Scripts that put no space between words; two of their characters count as one word.
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
)
_FULL_STOPS = ".!?…。！？．｡؟۔।॥։።፧፨᙮᠃᠉၊။។៕‼⁇⁈⁉⸮꓿꘎꘏꛳꛷꡶꡷꣎꣏꤯꧈꧉꩝꩞꩟꫰꫱꯫﹒﹖﹗܀܁܂߹"  # noqa: RUF001
_CLOSERS = "\"'”’»›)]}」』）】〉》*_"  # noqa: RUF001
_SENTENCE_ENDS = re.compile(rf"[{re.escape(_FULL_STOPS)}]{{1,4}}[{re.escape(_CLOSERS)}]{{0,4}}(?=\s)")
_LETTER_OR_DIGIT = re.compile(r"[^\W_]")
# Where an over-long utterance is cut, best places first; each match ends where the cut is made.
_CUTS: Final = (
    re.compile("\r\n|[\n\r\x0b\x0c\x85\u2028\u2029]"),
    _SENTENCE_ENDS,
    re.compile(r"[;:,—–،؛](?=\s)|[、，；：。]"),  # noqa: RUF001
    re.compile(r"\s+"),
)


# --- typed text -------------------------------------------------------------------------------------------------------


def cut(document: Document) -> tuple[Part, ...]:
    """Every turn of a document as parts, in order: the words as utterances, listener and frame a part a turn.

    A sentence of fewer than FEWEST_WORDS, or without a letter or digit, joins its neighbour in the turn. A part of
    more than MOST_WORDS or MOST_CHARACTERS is cut, unless it has no place to cut. A turn without any letter or digit
    ("...", a thumbs-up) stays one utterance: it was somebody's answer. Turns with times that follow each other within
    LONGEST_PAUSE_MS, are of one speaker and all doubtful or none are captions of one speech: they are cut as one turn.
    A part has the times of the turns that it touches.
    """
    return tuple(part for held in _held_turns(document.turns) for part in _cut_of(document, held))


def _held_turns(turns: Sequence[Turn]) -> Iterator[list[Turn]]:
    """Neighbouring turns that are captions of one speech; every other turn alone."""
    held: list[Turn] = []
    for turn in turns:
        if held and not _is_more_of(held[-1], turn):
            yield held
            held = []
        held.append(turn)
    if held:
        yield held


def _is_more_of(before: Turn, turn: Turn) -> bool:
    if before.end_ms is None or turn.start_ms is None or turn.start_ms - before.end_ms > LONGEST_PAUSE_MS:
        return False
    return all(
        getattr(before, what) == getattr(turn, what)
        for what in ("role", "speaker", "handle", "conversation", "whole", "doubtful")
    )


def _cut_of(document: Document, held: Sequence[Turn]) -> Iterator[Part]:
    whole = replace(held[0], end=held[-1].end, end_ms=held[-1].end_ms)
    after = 0
    for start, end in _spans_of(document, whole):
        while held[after].end <= start:
            after += 1
        last = after
        while held[last].end < end:
            last += 1
        yield Part(start, end, whole, held[after].start_ms, held[last].end_ms, whole.doubtful)


def _spans_of(document: Document, turn: Turn) -> Iterator[Span]:
    span = _trimmed(document.text, turn.start, turn.end)
    if span is None:
        return
    if turn.role is not Role.WORDS:
        yield span
        return
    language = document.conversations[turn.conversation].language or USUAL_LANGUAGE
    spans = [span] if turn.whole else _joined(document.text, _sentences(document.text, span, language))
    for each in spans:
        yield from _shortened(document.text, each)


def _sentences(text: str, span: Span, language: str) -> list[Span]:
    """The sentences of a span, each trimmed. What the library calls sentences gives boundaries only, never text."""
    segment: Callable[[str, str], list[str]] = import_module("sentencex").segment
    stretch = text[slice(*span)]
    pieces = segment(language.partition("-")[0].lower(), stretch)
    if "".join(pieces) != stretch:
        pieces = _own_pieces(stretch)
    found, start = [], span[0]
    for piece in pieces:
        sentence = _trimmed(text, start, start + len(piece))
        found += [sentence] if sentence else []
        start += len(piece)
    return found


def _own_pieces(text: str) -> list[str]:
    """A plain cut after full stops, for when the library's pieces do not make up the text."""
    cuts = [0, *(found.end() for found in _SENTENCE_ENDS.finditer(text)), len(text)]
    return [text[start:end] for start, end in pairwise(cuts)]


@dataclass(frozen=True, slots=True)
class _Stretch:
    """One or more sentences of a turn; what was counted is kept, since counting again and again would take long."""

    start: int
    end: int
    words: int
    says_something: bool

    @property
    def too_short(self) -> bool:
        return self.words < FEWEST_WORDS or not self.says_something

    def with_next(self, other: _Stretch) -> _Stretch:
        says_something = self.says_something or other.says_something
        return _Stretch(self.start, other.end, self.words + other.words, says_something)


def _joined(text: str, sentences: Sequence[Span]) -> list[Span]:
    """Sentences with each that is too short joined to the one before, or after where that is nearer."""
    stretches = [_Stretch(*span, _words(text[slice(*span)]), _says_something(text[slice(*span)])) for span in sentences]
    joined: list[_Stretch] = []
    for stretch, after in zip_longest(stretches, stretches[1:]):
        if joined and (joined[-1].too_short or _belongs_before(text, joined[-1], stretch, after)):
            joined[-1] = joined[-1].with_next(stretch)
        else:
            joined.append(stretch)
    if len(joined) > 1 and joined[-1].too_short:
        last = joined.pop()
        joined[-1] = joined[-1].with_next(last)
    return [(stretch.start, stretch.end) for stretch in joined]


def _belongs_before(text: str, before: _Stretch, stretch: _Stretch, after: _Stretch | None) -> bool:
    """Whether a stretch is too short to stand alone, and the one before it is not further away than the one after."""
    if not stretch.too_short:
        return False
    return after is None or _lines_between(text, before, stretch) <= _lines_between(text, stretch, after)


def _lines_between(text: str, left: _Stretch, right: _Stretch) -> int:
    return len(_CUTS[0].findall(text, left.end, right.start))


def _says_something(text: str) -> bool:
    """Whether a text holds a letter or digit of any script."""
    return _LETTER_OR_DIGIT.search(text) is not None


def _words(text: str) -> int:
    """About how many words a text has, in scripts with spaces between words and without."""
    return len(text.split()) + len(_UNSPACED.findall(text)) // 2


def _too_long(text: str, span: Span) -> bool:
    return span[1] - span[0] > MOST_CHARACTERS or _words(text[slice(*span)]) > MOST_WORDS


def _shortened(text: str, span: Span) -> Iterator[Span]:
    """The span cut in two at its best place, and again, until no piece is over-long or none can be cut."""
    waiting = [span]
    while waiting:
        piece = waiting.pop()
        place = _best_cut(text, piece) if _too_long(text, piece) else None
        if place is None:
            yield piece
        else:
            halves = _trimmed(text, piece[0], place), _trimmed(text, place, piece[1])
            waiting += [half for half in reversed(halves) if half]


def _best_cut(text: str, span: Span) -> int | None:
    """Where to cut a span so that both sides say something: the best kind of place, and of those the most central."""
    inner = _cuttable(text, span)
    if inner is None:
        return None
    middle, near = (span[0] + span[1]) // 2, min((span[1] - span[0]) // 4, MOST_CHARACTERS)
    central = max(inner[0], middle - near), min(inner[1], middle + near)
    for pattern, reach in [*((pattern, central) for pattern in _CUTS), (_CUTS[-1], inner)]:
        ends = (found.end() for found in pattern.finditer(text, reach[0] - 1, reach[1] + 1))
        places = (end for end in ends if reach[0] <= end <= reach[1])
        best = min(places, key=lambda place: abs(place - middle), default=None)
        if best is not None:
            return best
    return None


def _cuttable(text: str, span: Span) -> Span | None:
    """From after the first letter or digit to before the last: a cut there leaves one on both sides."""
    found = _LETTER_OR_DIGIT.search(text, *span)
    if found is None:
        return None
    last = next(place for place in range(span[1] - 1, span[0] - 1, -1) if text[place].isalnum())
    return (found.end(), last) if found.end() <= last else None


def _trimmed(text: str, start: int, end: int) -> Span | None:
    """The span without outer white space; None if nothing is left."""
    stretch = text[start:end]
    left, right = len(stretch) - len(stretch.lstrip()), len(stretch.rstrip())
    return (start + left, start + right) if right > left else None


# --- speech -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Placed:
    """A segment and where its text, outer white space included, lies in the body."""

    segment: Segment
    start: int
    end: int
    speaker: str | None = None


def from_speech(
    segments: Sequence[Segment], speakers: Sequence[str | None] | None = None
) -> tuple[str, tuple[Placed, ...], tuple[Part, ...]]:
    """The words of a recording: the body, where each segment lies in it, and its parts.

    The body is the segments' text joined as it is. No segment is split; neighbours are joined until a sentence ends,
    MOST_SPOKEN_WORDS would be passed, the speaker or the language changes, a doubtful segment meets a sure one, or
    LONGEST_PAUSE_MS goes by. `speakers` names the speaker of each segment. A part's times are those of its first and
    last segment. Segments of white space only count in the body and nowhere else. A part without a letter or digit
    that has no neighbour to join is an engine's mark and nobody's answer: its role is FRAME.
    """
    body = "".join(segment.text for segment in segments)
    placed = tuple(_placed(segments, speakers or [None] * len(segments)))
    parts: list[Part] = []
    for held in _held_floors(placed):
        parts += _parts_of(body, held)
    return body, placed, tuple(parts)


def _placed(segments: Sequence[Segment], speakers: Sequence[str | None]) -> Iterator[Placed]:
    start = 0
    for segment, speaker in zip(segments, speakers, strict=True):
        end = start + len(segment.text)
        if segment.text.strip():
            yield Placed(segment, start, end, speaker)
        start = end


def _held_floors(placed: Sequence[Placed]) -> Iterator[list[Placed]]:
    """Neighbouring segments of the same speaker in the same language, all of them doubtful or none."""
    held: list[Placed] = []
    for each in placed:
        if held and _manner(each) != _manner(held[-1]):
            yield held
            held = []
        held.append(each)
    if held:
        yield held


def _manner(placed: Placed) -> tuple[str | None, str | None, bool]:
    return placed.speaker, placed.segment.language, placed.segment.doubtful


def _parts_of(body: str, held: Sequence[Placed]) -> Iterator[Part]:
    floor = _trimmed(body, held[0].start, held[-1].end)
    for group in _groups(body, held):
        span = _trimmed(body, group[0].start, group[-1].end)
        if floor and span:
            said = _says_something(body[slice(*span)])
            turn = Turn(*(floor if said else span), role=Role.WORDS if said else Role.FRAME, speaker=held[0].speaker)
            times = group[0].segment.start_ms, group[-1].segment.end_ms
            yield Part(*span, turn, *times, doubtful=held[0].segment.doubtful)


def _groups(body: str, held: Sequence[Placed]) -> Iterator[list[Placed]]:
    """The segments of each utterance."""
    group: list[Placed] = []
    for each in held:
        if group and not _goes_on(body, group, each):
            yield group
            group = []
        group.append(each)
    if group:
        yield group


def _goes_on(body: str, group: Sequence[Placed], following: Placed) -> bool:
    """Whether a segment belongs to the utterance before it."""
    if following.segment.start_ms - group[-1].segment.end_ms > LONGEST_PAUSE_MS:
        return False
    said = body[group[0].start : group[-1].end]
    if not (_says_something(said) and _says_something(following.segment.text)):
        return True
    full = _words(body[group[0].start : following.end]) > MOST_SPOKEN_WORDS
    return not full and not _ends_sentence(said)


def _ends_sentence(text: str) -> bool:
    bare = text.rstrip().rstrip(_CLOSERS).rstrip()
    return bare.endswith(tuple(_FULL_STOPS))
