"""Who may do what with somebody's words: five separate choices, each with the wording that was shown.

Nothing is assumed beyond what a person was told when they were listened to. Their words may be grouped with others' and
read inside the organisation, since that is what a listening conversation is for, until they say no. Quoting them
outside, and getting in touch again, need their yes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from listening.domain import ConsentEvent, Purpose

WORDING: Mapping[Purpose, str] = MappingProxyType(
    {
        Purpose.GROUP: "May we put your words together with what other people said about the same thing?",
        Purpose.READ: "May the people who decide read your words, just as you said them?",
        Purpose.QUOTE: "May we show your words to everyone, without your name?",
        Purpose.AUDIO: "May we keep the recording of your voice?",
        Purpose.CONTACT: "May we get in touch with you again?",
    }
)
"""What is asked, in the words that are shown. A change of wording is a change of what people agree to."""

TO_BE_RECORDED = "I asked everybody here. All of them say yes to being recorded, and to their words being written down."
"""What whoever records signs before. The five choices are each person's own, and come after."""

UNASKED: Mapping[Purpose, bool] = MappingProxyType(
    {Purpose.GROUP: True, Purpose.READ: True, Purpose.QUOTE: False, Purpose.AUDIO: True, Purpose.CONTACT: False}
)
"""What holds for somebody who has not chosen yet."""


def choices(events: Iterable[ConsentEvent]) -> dict[Purpose, bool | None]:
    """What one voice has chosen for each purpose, in order of time; None where it has not chosen."""
    chosen: dict[Purpose, bool | None] = dict.fromkeys(Purpose)
    for event in sorted(events, key=lambda event: event.happened_at):
        chosen[Purpose(event.purpose)] = event.given
    return chosen


def allowed(chosen: Mapping[Purpose, bool | None], purpose: Purpose) -> bool:
    """Whether this may be done with the words of somebody who chose so."""
    choice = chosen.get(purpose)
    return UNASKED[purpose] if choice is None else choice


def may_stand_in_themes(chosen: Mapping[Purpose, bool | None]) -> bool:
    """Whether these words may be in a theme: there they are grouped, and read by those who decide."""
    return allowed(chosen, Purpose.GROUP) and allowed(chosen, Purpose.READ)
