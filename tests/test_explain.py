from __future__ import annotations

import numpy as np
import pytest

from listening.domain import Change, Event
from listening.explain import ThemeFacts, happened, sureness, why

NAMES = {"t-bus": "The last bus goes at seven.", "t-damp": "Damp in every wall."}


def _facts(**changed: object) -> ThemeFacts:
    facts = {
        "voices": 3,
        "utterances": 5,
        "conversations": 2,
        "phrases": [("after seven", 2)],
        "survival": 0.9,
        "loose": 1,
        "placed": 0,
    }
    return ThemeFacts(**{**facts, **changed})  # type: ignore[arg-type]


def test_why_counts_voices_first_and_says_that_nobody_chose_the_theme() -> None:
    told = why(_facts())
    assert told[0] == "3 voices said 5 things here, in 2 conversations."
    assert "Nobody chose this theme" in told[1]
    assert "“after seven” (2 voices)" in " ".join(told)
    assert "1 of them belongs only loosely" in " ".join(told)


def test_why_says_what_came_in_later_only_if_something_did() -> None:
    assert "came in later" not in " ".join(why(_facts()))
    assert "2 of them came in later" in " ".join(why(_facts(placed=2)))


def test_why_warns_that_a_theme_is_not_an_agreement() -> None:
    assert "not to want the same thing" in why(_facts())[-1]


@pytest.mark.parametrize(
    ("survival", "says"),
    [
        (1.0, "is steady"),
        (float(np.float32(0.9)), "is steady"),
        (0.7, "fairly steady"),
        (0.2, "is not steady"),
        (None, "cannot be told yet"),
    ],
)
def test_how_sure_a_theme_is_is_said_in_words(survival: float | None, says: str) -> None:
    assert says in sureness(survival)


@pytest.mark.parametrize(
    ("event", "voices", "gone", "told"),
    [
        (Event("t-new", Change.NEW), (0, 2), False, "New, with 2 voices."),
        (Event("t-bus", Change.CONTINUED), (3, 3), False, "Went on, with 3 voices."),
        (Event("t-bus", Change.GROWN), (3, 5), False, "Grew from 3 to 5 voices."),
        (Event("t-bus", Change.GROWN), (3, 3), False, "Grew by more words, from 3 voices."),
        (
            Event("t-bus", Change.MERGED, (("t-damp", 4),)),
            (3, 6),
            False,
            "Took in “Damp in every wall.” (4 statements). It now has 6 voices.",
        ),
        (
            Event("t-bus", Change.MERGED, (("t-damp", 1),)),
            (3, 0),
            True,
            "Went into “Damp in every wall.” (1 statement).",
        ),
        (
            Event("t-new", Change.SPLIT, (("t-bus", 2),)),
            (0, 2),
            False,
            "Split off from “The last bus goes at seven.” (2 statements), with 2 voices.",
        ),
        (Event("t-bus", Change.FADED), (3, 0), True, "Faded: most of its words stand on their own now."),
    ],
)
def test_what_happened_is_told_in_a_sentence(event: Event, voices: tuple[int, int], *, gone: bool, told: str) -> None:
    assert happened(event, NAMES, voices, gone=gone) == told


def test_a_theme_whose_words_were_withdrawn_is_not_quoted() -> None:
    told = happened(Event("t-bus", Change.MERGED, (("t-gone", 2),)), NAMES, (2, 4), gone=False)
    assert "words that were withdrawn" in told
