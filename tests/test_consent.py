from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from listening.consent import UNASKED, WORDING, allowed, choices, may_stand_in_themes
from listening.domain import ConsentEvent, Purpose

START = datetime(2026, 3, 5, tzinfo=UTC)


def _event(purpose: Purpose, day: int, *, given_: bool) -> ConsentEvent:
    return ConsentEvent("v-1", purpose, given_, WORDING[purpose], "Nadia", START + timedelta(days=day))


EVENTS = st.lists(st.builds(_event, st.sampled_from(Purpose), st.integers(0, 1000), given_=st.booleans()), max_size=12)


def test_there_are_five_separate_choices_each_with_its_wording() -> None:
    assert len(Purpose) == 5
    assert set(WORDING) == set(UNASKED) == set(Purpose)
    assert len(set(WORDING.values())) == 5


def test_nothing_is_chosen_beforehand() -> None:
    assert choices([]) == dict.fromkeys(Purpose)


def test_quoting_and_getting_in_touch_need_a_yes() -> None:
    assert not allowed(choices([]), Purpose.QUOTE)
    assert not allowed(choices([]), Purpose.CONTACT)
    assert allowed(choices([_event(Purpose.QUOTE, 1, given_=True)]), Purpose.QUOTE)


def test_the_latest_choice_counts_whatever_order_it_is_read_in() -> None:
    events = [_event(Purpose.QUOTE, 2, given_=False), _event(Purpose.QUOTE, 1, given_=True)]
    assert choices(events)[Purpose.QUOTE] is False
    assert choices(events[::-1])[Purpose.QUOTE] is False


@given(EVENTS, st.sampled_from(Purpose))
def test_no_is_as_easy_as_yes_and_whichever_is_last_counts(events: list[ConsentEvent], purpose: Purpose) -> None:
    assert not allowed(choices([*events, _event(purpose, 2000, given_=False)]), purpose)
    assert allowed(choices([*events, _event(purpose, 2000, given_=True)]), purpose)


@given(EVENTS)
def test_one_choice_changes_no_other(events: list[ConsentEvent]) -> None:
    before = choices(events)
    after = choices([*events, _event(Purpose.AUDIO, 2000, given_=False)])
    assert {purpose: given_ for purpose, given_ in after.items() if purpose is not Purpose.AUDIO} == {
        purpose: given_ for purpose, given_ in before.items() if purpose is not Purpose.AUDIO
    }


def test_words_stand_in_themes_unless_their_voice_says_no_to_grouping_or_reading() -> None:
    assert may_stand_in_themes(choices([]))
    assert not may_stand_in_themes(choices([_event(Purpose.GROUP, 1, given_=False)]))
    assert not may_stand_in_themes(choices([_event(Purpose.READ, 1, given_=False)]))
    assert may_stand_in_themes(choices([_event(Purpose.QUOTE, 1, given_=False)]))
