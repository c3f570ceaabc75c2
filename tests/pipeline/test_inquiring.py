"""An inquiry asks two groups first, and shows how many of each were heard."""

from datetime import date

import pytest

from listening import pipeline
from listening.domain import AskedFirst
from listening.errors import NotFound, Refused

MOST, POORLY = AskedFirst.USE_MOST, AskedFirst.REACHED_POORLY


def say(line, hand_in, people, name="talk.txt"):
    """Hand in one statement of each of so many people."""
    words = "\n\n".join(f"P{number}: I would like bench number {number}." for number in range(people))
    front = "".join(f"  P{number}: person-{number}\n" for number in range(people))
    pipeline.ingest(line, hand_in(name, f"---\nplace: Fen Street\nvoices:\n{front}---\n\n{words}\n"))
    return sorted(one.id for one in pipeline.voices(line))


def heard(line):
    return [group.heard for group in pipeline.inquiry_view(line).groups]


def test_there_is_an_inquiry_before_anybody_writes_one_down(line):
    found = pipeline.inquiry_view(line)
    assert found.inquiry.question.startswith("What does a good life look like to you")
    assert [group.words for group in found.groups] == ["People who use us most", "People we have not reached yet"]


def test_what_is_not_named_stays_as_it_was(line):
    pipeline.set_inquiry(line, question="What would help?", use_most="People at the lunch club")
    pipeline.set_inquiry(line, area="Fen Street", ends_on=date(2026, 12, 1))
    found = pipeline.inquiry(line)
    assert (found.question, found.area, found.use_most) == (
        "What would help?",
        "Fen Street",
        "People at the lunch club",
    )
    assert found.signed == "Fen Street board"


@pytest.mark.parametrize(
    "changes",
    [
        {"question": " "},
        {"use_most": "x" * 401},
        {"starts_on": date(2026, 2, 1), "ends_on": date(2026, 1, 1)},
        {"asks": "uk-1/shoe-size"},
    ],
)
def test_an_inquiry_that_makes_no_sense_is_refused(line, changes):
    with pytest.raises(Refused):
        pipeline.set_inquiry(line, **changes)
    assert pipeline.inquiry(line).signed == ""


def test_planned_conversations_are_held_or_called_off(line):
    first = pipeline.plan_conversation(line, POORLY, "The night shift", on=date(2026, 12, 1))
    second = pipeline.plan_conversation(line, POORLY, "The car wash")
    pipeline.mark_planned(line, first.id, "held")
    pipeline.mark_planned(line, second.id, "called-off")
    most, poorly = pipeline.inquiry_view(line).groups
    assert (most.planned, most.held) == ((), 0)
    assert [(one.with_whom, one.state) for one in poorly.planned] == [
        ("The night shift", "held"),
        ("The car wash", "called-off"),
    ]
    assert poorly.held == 1
    with pytest.raises(NotFound):
        pipeline.mark_planned(line, "p-000000000000", "held")
    with pytest.raises(Refused):
        pipeline.plan_conversation(line, MOST, "")


def test_how_many_of_each_group_were_heard_is_shown_in_rounded_numbers(line, hand_in):
    voices = say(line, hand_in, 60)
    for voice in voices[:33]:
        pipeline.mark_asked_first(line, voice, MOST)
    for voice in voices[33:45]:
        pipeline.mark_asked_first(line, voice, POORLY)
    assert heard(line) == [35, 10]


def test_a_whole_conversation_can_be_of_a_group_and_the_last_word_counts(line, hand_in):
    voices = say(line, hand_in, 40)
    [conversation] = pipeline.conversations(line)
    assert pipeline.mark_asked_first(line, conversation.id, POORLY) == voices
    for voice in voices[:20]:
        pipeline.mark_asked_first(line, voice, None)
    assert pipeline.mark_asked_first(line, voices[0], POORLY) == voices[:1]
    assert heard(line) == [None, 20]
    with pytest.raises(NotFound):
        pipeline.mark_asked_first(line, "c-000000000000", MOST)


def test_few_people_are_not_counted_in_public(line, hand_in):
    for voice in say(line, hand_in, 5):
        pipeline.mark_asked_first(line, voice, MOST)
    assert heard(line) == [None, None]


def test_one_more_person_never_moves_what_is_shown(line, hand_in):
    voices = say(line, hand_in, 80)
    for voice in voices[:22]:
        pipeline.mark_asked_first(line, voice, MOST)
    for voice in voices[22:44]:
        pipeline.mark_asked_first(line, voice, POORLY)
    assert heard(line) == [20, 20]
    pipeline.mark_asked_first(line, voices[44], MOST)
    assert heard(line) == [20, 20]
    for voice in voices[45:58]:
        pipeline.mark_asked_first(line, voice, MOST)
    assert heard(line) == [35, 20]
