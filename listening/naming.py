"""A theme's name and key phrases, in its members' own words: whole utterances and exact spans, nothing else.

No list of stop words and no code book: what is said in most themes, or as much outside a theme as in it, tells nothing
about it, in any language. Words are runs of letters, marks and digits; where a script writes without spaces (Han,
kana), each character counts as one word. Thai, Lao, Khmer and Burmese are taken from space to space.
"""

from __future__ import annotations

import math
import re
import sys
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

EXEMPLARS = 3
"""How many utterances stand for a theme, where it has as many voices: one alone would misstate dissent."""

FEWEST_WORDS, MOST_WORDS = 5, 22
"""The length, in words, at which an utterance reads well as a name."""

TOO_SHORT, TOO_LONG, WORST = 0.03, 0.01, 0.3
"""What each word too few or too many costs, in cosine to the middle, and the most that length can cost."""

NEARLY_THE_SAME = 0.95
"""Exemplars closer to each other than this, in cosine, say one thing twice."""

FEWEST_VOICES = 2
"""How many voices of a theme must say a key phrase."""

PHRASES, LONGEST = 4, 3
"""How many key phrases a theme has at most, and how many words each has at most."""

LIFT = 3.0
"""How many times as common a key phrase is in a theme's utterances as in all others, at least."""

SHORTEST_STEM = 3
"""From this many letters on, a word that begins another counts as the same word."""

FILLER, ENOUGH_THEMES, COMMON = 0.5, 4, 0.1
"""No phrase begins or ends with filler: a word said in more than this share of the themes, where there are enough of
them to tell, or in more than this share of the utterances outside the theme."""

Vector = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Phrase:
    """An exact span of one utterance: characters from start to end (exclusive) of the text in this row."""

    row: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class ThemeName:
    """What a theme is called: the words of its first exemplar, as they were said."""

    name: str
    exemplars: tuple[int, ...]  # row indices, each from another voice, nearest the middle first
    phrases: tuple[Phrase, ...]  # most telling first


@dataclass(frozen=True, slots=True)
class Everyone:
    """All n utterances of a run, by row: in themes and on their own."""

    texts: Sequence[str]
    voices: Sequence[str]
    keys: Sequence[str]  # ids that settle ties, whatever the order of the rows
    vectors: NDArray[np.float32]  # (n, d), unit length
    labels: NDArray[np.intp]  # (n,) the theme each is in, from 0; -1 for on its own


def name_themes(everyone: Everyone, centres: NDArray[np.float32]) -> tuple[ThemeName, ...]:
    """Name every theme: theme i has its centre in row i of `centres`, shape (k, d), unit length, and the label i.

    No two themes get the same name as long as one of them has other words to offer.
    """
    members = [np.flatnonzero(everyone.labels == theme).tolist() for theme in range(len(centres))]
    spoken = _spoken(everyone.texts, members)
    taken: set[str] = set()
    names = []
    for theme, rows in enumerate(members):
        exemplars = _exemplars(everyone, spoken.lengths, rows, centres[theme], taken)
        name = everyone.texts[exemplars[0]]
        taken.add(_folded(name))
        names.append(ThemeName(name, exemplars, _phrases(everyone, spoken, rows, centres[theme])))
    return tuple(names)


# --- exemplars --------------------------------------------------------------------------------------------------------


def _exemplars(
    everyone: Everyone, lengths: Sequence[int], rows: list[int], centre: Vector, taken: set[str]
) -> tuple[int, ...]:
    """Up to EXEMPLARS rows of different voices, the first one's words not `taken`."""
    fit = {row: float(everyone.vectors[row] @ centre) - _length_cost(lengths[row]) for row in rows}
    ranked = sorted(rows, key=lambda row: (-round(fit[row], 6), everyone.keys[row], everyone.voices[row]))
    first = next((row for row in ranked if _folded(everyone.texts[row]) not in taken), ranked[0])
    chosen = [first]
    for says_enough in (_says_something_else, _is_another_voice):  # the same words again only if there are no others
        for row in ranked:
            if len(chosen) < EXEMPLARS and says_enough(everyone, row, chosen):
                chosen.append(row)
        if len(chosen) > 1:
            break
    return tuple(chosen)


def _length_cost(words: int) -> float:
    cost = TOO_SHORT * max(0, FEWEST_WORDS - words) + TOO_LONG * max(0, words - MOST_WORDS)
    return min(WORST, cost)


def _is_another_voice(everyone: Everyone, row: int, chosen: list[int]) -> bool:
    return all(everyone.voices[row] != everyone.voices[other] for other in chosen)


def _says_something_else(everyone: Everyone, row: int, chosen: list[int]) -> bool:
    likeness = everyone.vectors[chosen] @ everyone.vectors[row]
    return _is_another_voice(everyone, row, chosen) and bool(likeness.max() < NEARLY_THE_SAME)


def _folded(text: str) -> str:
    """The text without regard to case and white space: names that differ only there read as the same."""
    return " ".join(text.casefold().split())


# --- phrases ----------------------------------------------------------------------------------------------------------

Words = tuple[str, ...]
"""A phrase without regard to case."""

Said = dict[Words, list[tuple[int, int]]]
"""Where each phrase of an utterance stands: start and end."""


@cache
def _word_pattern() -> re.Pattern[str]:
    r"""Words: `\w` leaves out the vowel signs of Indic scripts and the marks of decomposed letters: they are added."""
    marks = "".join(
        re.escape(chr(code))
        for code in range(0x300, min(sys.maxunicode, 0x1FFFF))
        if unicodedata.category(chr(code))[0] == "M"
    )
    alone = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    marks = re.sub(f"[{alone}]", "", marks)
    run = rf"(?:[^\W{alone}]+|[{marks}]+)+"
    return re.compile(rf"[{alone}]|{run}(?:['\u2019\-]{run})*")


def _said(text: str) -> tuple[Said, int]:
    """Every run of 1 to LONGEST words with nothing but white space between them, and how many words the text has."""
    words = [(word[0].casefold(), *word.span()) for word in _word_pattern().finditer(text)]
    spans: Said = {}
    for first, (_, start, _) in enumerate(words):
        end = start
        phrase: Words = ()
        for word, begin, stop in words[first : first + LONGEST]:
            if begin > end and not text[end:begin].isspace():
                break
            end, phrase = stop, (*phrase, word)
            spans.setdefault(phrase, []).append((start, end))
    return spans, len(words)


@dataclass(frozen=True, slots=True)
class _Spoken:
    """What is said where, in the whole run: by row, and counted by utterances and by themes."""

    by_row: list[Said]
    lengths: list[int]  # words of each utterance
    utterances: Counter[Words]
    themes: Counter[Words]
    theme_count: int


def _spoken(texts: Sequence[str], members: list[list[int]]) -> _Spoken:
    found = [_said(text) for text in texts]
    by_row = [said for said, _ in found]
    return _Spoken(
        by_row=by_row,
        lengths=[length for _, length in found],
        utterances=Counter(phrase for said in by_row for phrase in said),
        themes=Counter(phrase for rows in members for phrase in {phrase for row in rows for phrase in by_row[row]}),
        theme_count=len(members),
    )


def _phrases(everyone: Everyone, spoken: _Spoken, rows: list[int], centre: Vector) -> tuple[Phrase, ...]:
    """Up to PHRASES key phrases of the theme with these rows, none repeating a word of another."""
    saying: dict[Words, list[int]] = defaultdict(list)
    for row in rows:
        for words in spoken.by_row[row]:
            saying[words].append(row)
    weights = {}
    for words, by in saying.items():
        if len(by) < FEWEST_VOICES:
            continue
        voices = len({everyone.voices[row] for row in by})
        weight = _weight(words, voices, len(by) / len(rows), _rate_outside(spoken, words, len(by), len(rows)))
        if voices >= FEWEST_VOICES and weight > 0 and not _filler_at_edge(spoken, words, saying, len(rows)):
            weights[words] = weight
    chosen: list[Phrase] = []
    used: Words = ()
    for words in sorted(weights, key=lambda words: (-round(weights[words], 9), words)):
        if len(chosen) < PHRASES and not _repeats(words, used):
            used += words
            chosen.append(_as_said(everyone, spoken, words, saying[words], centre))
    return tuple(chosen)


def _repeats(words: Words, used: Words) -> bool:
    """Whether a word was used already, or as the beginning of another (food, foods)."""
    longer = [word for word in used if len(word) >= SHORTEST_STEM]
    return any(
        word in used or (len(word) >= SHORTEST_STEM and any(word.startswith(o) or o.startswith(word) for o in longer))
        for word in words
    )


def _rate_outside(spoken: _Spoken, words: Words, inside: int, size: int) -> float:
    """The share of utterances outside a theme that say this; never 0, since nobody has been asked everything."""
    return (spoken.utterances[words] - inside + 0.5) / (len(spoken.by_row) - size + 1)


def _weight(words: Words, voices: int, rate: float, rate_outside: float) -> float:
    """How telling a phrase is: more voices, more than elsewhere, more words; 0 if not telling at all."""
    lift = rate / rate_outside
    return voices * math.log(lift) * len(words) ** 0.5 if lift >= LIFT else 0.0


def _filler_at_edge(spoken: _Spoken, words: Words, saying: Mapping[Words, list[int]], size: int) -> bool:
    def filler(word: str) -> bool:
        widespread = spoken.theme_count >= ENOUGH_THEMES and spoken.themes[(word,)] > FILLER * spoken.theme_count
        return widespread or _rate_outside(spoken, (word,), len(saying[(word,)]), size) > COMMON

    return filler(words[0]) or filler(words[-1])


def _as_said(everyone: Everyone, spoken: _Spoken, words: Words, rows: list[int], centre: Vector) -> Phrase:
    """Where to show a phrase from: its most usual form, in the utterance nearest the middle."""
    spans = [Phrase(row, *span) for row in rows for span in spoken.by_row[row][words]]
    forms = Counter(everyone.texts[span.row][span.start : span.end] for span in spans)

    def standing(span: Phrase) -> tuple[object, ...]:
        form = everyone.texts[span.row][span.start : span.end]
        nearness = round(float(everyone.vectors[span.row] @ centre), 6)
        return -forms[form], form, -nearness, everyone.keys[span.row], everyone.voices[span.row], span.start

    return min(spans, key=standing)
