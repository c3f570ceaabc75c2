"""Why a theme is a theme, how sure that is, and what became of it: in plain words, from plain facts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from listening.domain import Change, Event

TRIES = 10
"""How many times a theme is tried, each time without another tenth of the conversations."""

STEADY, FAIRLY_STEADY = 9, 6
"""In how many of the tries a steady theme, and a fairly steady one, comes out again."""

LOOSE = 0.4
"""An utterance of less strength belongs to its theme only loosely."""


TOGETHER = (
    "They are together because their meaning is close. A computer measured that. Nobody chose this theme, or any list "
    "of themes, beforehand."
)


@dataclass(frozen=True, slots=True)
class ThemeFacts:
    """What there is to say about a theme."""

    voices: int
    utterances: int
    conversations: int
    phrases: Sequence[tuple[str, int]]  # each with how many voices said it
    survival: float | None  # share of tries, 0 to 1; None where nothing could be left out
    loose: int  # utterances of little strength
    placed: int  # utterances that came in after the last full synthesis


def some(number: int, one: str, many: str) -> str:
    """`1 voice`, `2 voices`."""
    return f"{number:,} {one if number == 1 else many}"


def why(facts: ThemeFacts) -> list[str]:
    """Why these statements are together and how sure that is, a sentence or two each."""
    said = some(facts.utterances, "thing", "things")
    talks = some(facts.conversations, "conversation", "conversations")
    told = [f"{some(facts.voices, 'voice', 'voices')} said {said} here, in {talks}.", TOGETHER]
    if facts.phrases:
        words = ", ".join(f"“{phrase}” ({some(count, 'voice', 'voices')})" for phrase, count in facts.phrases)
        told.append(f"Words that come back here, and seldom elsewhere: {words}.")
    told.append(sureness(facts.survival))
    if facts.loose:
        told.append(f"{_stand(facts.loose, 'belongs', 'belong')} only loosely. See if you agree.")
    if facts.placed:
        told.append(
            f"{_stand(facts.placed, 'came', 'came')} in later and joined for now. "
            "The next synthesis looks at everything again."
        )
    told.append("To be about the same thing is not to want the same thing. Read the words before you decide.")
    return told


def _stand(number: int, one: str, many: str) -> str:
    return f"{number:,} of them {one if number == 1 else many}"


def sureness(survival: float | None) -> str:
    """How sure a theme is, in words."""
    if survival is None:
        return "How steady it is cannot be told yet: there are too few conversations to leave some out."
    times = round(survival * TRIES)
    there = f"it was there {times} times"
    tried = f"it was looked for {TRIES} times, each time without a tenth of the conversations, and {there}"
    if times >= STEADY:
        return f"This theme is steady: {tried}."
    if times >= FAIRLY_STEADY:
        return f"This theme is fairly steady: {tried}."
    return f"This theme is not steady: {tried}. Treat its words one by one."


def happened(event: Event, name_of: Mapping[str, str], voices: tuple[int, int], *, gone: bool) -> str:
    """What one synthesis did to a theme. `voices` are how many it had before and has now; 0 is none."""
    others = ", ".join(
        f"“{name_of.get(theme, 'words that were withdrawn')}” ({some(count, 'statement', 'statements')})"
        for theme, count in event.others
    )
    return _gone(event.change, others) if gone else _here(event.change, others, *voices)


def _gone(change: Change, others: str) -> str:
    if change is Change.MERGED:
        return f"Went into {others}."
    if change is Change.SPLIT:
        return f"Split: its words are now in {others}."
    rest = f" Some of its words are now in {others}." if others else ""
    return f"Faded: most of its words stand on their own now.{rest}"


def _here(change: Change, others: str, before: int, now: int) -> str:
    has = some(now, "voice", "voices")
    if change is Change.SPLIT and not before:
        return f"Split off from {others}, with {has}."
    told = {
        Change.NEW: f"New, with {has}.",
        Change.CONTINUED: f"Went on, with {has}.",
        Change.GROWN: f"Grew from {before:,} to {has}." if now > before else f"Grew by more words, from {has}.",
        Change.MERGED: f"Took in {others}. It now has {has}.",
        Change.SPLIT: f"Split: some of its words are now in {others}. It has {has}.",
    }
    return told[change]
