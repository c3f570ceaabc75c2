from datetime import UTC, date, datetime, timedelta

import pytest

from listening import pipeline
from listening.domain import Choice
from listening.errors import NotFound, Refused
from listening.pipeline import keeping_word

TODAY = datetime.now(UTC).date()
SOON = TODAY + timedelta(days=30)


@pytest.fixture
def bench(line, hand_in):
    """A decision to put a bench by the bus stop."""
    pipeline.ingest(line, hand_in("bench.txt", "I would like a bench by the bus stop."))
    [found] = pipeline.find(line, "bench")
    return pipeline.decide(line, Choice.DO, "A bench.", utterances=[found.id])


def now(line, decision):
    return pipeline.follow_ups(line).get(decision.id, pipeline.NOTHING_YET)


def test_a_decision_can_come_with_who_sees_to_it_and_its_steps(line, bench):
    words = pipeline.trace(line, bench.id).utterances
    decision = pipeline.decide(
        line, Choice.DO, "Two.", utterances=words, owner="Jo Marsh", milestones=[("Order it", SOON)], by="Meera"
    )
    found = now(line, decision)
    assert (found.owner, found.milestones[0].text, found.milestones[0].due_on) == ("Jo Marsh", "Order it", SOON)
    assert {one.signed for one in found.entries} == {"Meera"}


def test_who_sees_to_it_can_change_and_who_did_before_stays_in_the_history(line, bench):
    pipeline.set_owner(line, bench.id, "Jo", by="Meera")
    pipeline.set_owner(line, bench.id, "Sam", by="Nadia")
    found = now(line, bench)
    assert found.owner == "Sam"
    assert [(one.text, one.signed) for one in found.entries] == [("Jo", "Meera"), ("Sam", "Nadia")]


def test_a_step_is_moved_done_and_opened_again_and_every_line_stays(line, bench):
    step = pipeline.add_milestone(line, bench.id, "Order it", SOON)
    later = SOON + timedelta(days=9)
    pipeline.move_milestone(line, step.id, later)
    pipeline.milestone_done(line, step.id)
    assert now(line, bench).milestones[0].done_on == TODAY
    with pytest.raises(Refused, match="done already"):
        pipeline.milestone_done(line, step.id)
    pipeline.move_milestone(line, step.id[:8], SOON)
    [left] = now(line, bench).milestones
    assert (left.due_on, left.done_on) == (SOON, None)
    assert [(one.what, one.day) for one in now(line, bench).entries] == [
        ("new step, by", SOON),
        ("step moved to", later),
        ("step done on", TODAY),
        ("step opened again, by", SOON),
    ]


def test_a_note_on_how_it_goes_may_set_another_day_to_look_again(line, bench):
    pipeline.note_progress(line, bench.id, "It is ordered.", by="Jo")
    assert pipeline.decision_with(line, bench.id).look_again_on == bench.look_again_on
    pipeline.note_progress(line, bench.id, "It is late.", SOON)
    assert pipeline.decision_with(line, bench.id).look_again_on == SOON
    assert [note.text for note in now(line, bench).notes] == ["It is ordered.", "It is late."]


@pytest.mark.parametrize("year", [9999, 2020])
def test_a_day_out_of_reason_is_asked_about(line, bench, year):
    day = date(year, 1, 2)
    for write in (
        lambda: pipeline.add_milestone(line, bench.id, "Order it", day),
        lambda: pipeline.note_progress(line, bench.id, "Late.", day),
        lambda: pipeline.decide(
            line, Choice.DO, "B", utterances=pipeline.trace(line, bench.id).utterances, look_again_on=day
        ),
    ):
        with pytest.raises(Refused, match=r"year right|passed already"):
            write()
    assert now(line, bench) == pipeline.NOTHING_YET


def test_a_step_cannot_have_been_done_tomorrow_or_long_ago(line, bench):
    step = pipeline.add_milestone(line, bench.id, "Order it", SOON)
    for day in (TODAY + timedelta(days=1), date(1999, 1, 1)):
        with pytest.raises(Refused):
            pipeline.milestone_done(line, step.id, day)


@pytest.mark.parametrize("text", ["", " ", "\u200b", "a\x00b", "a\x07b", "x" * 4001, "\ud800"])
def test_what_nobody_can_read_is_not_written_down(line, bench, text):
    with pytest.raises(Refused):
        pipeline.note_progress(line, bench.id, text)
    with pytest.raises(Refused):
        pipeline.add_milestone(line, bench.id, text, SOON)
    with pytest.raises(Refused):
        pipeline.set_owner(line, bench.id, text)
    if text.strip(" \u200b"):
        with pytest.raises(Refused):
            pipeline.note_progress(line, bench.id, "Fine.", by=text)


def test_words_in_any_direction_are_kept_as_they_were_written(line, bench):
    text = "\u202eگرم\u200f 12 <b>\nبیس"
    pipeline.note_progress(line, bench.id, text)
    assert now(line, bench).notes[0].text == text


def test_what_is_not_here_is_said_so(line, bench):
    for write in (
        lambda: pipeline.set_owner(line, "d-000000000000", "Jo"),
        lambda: pipeline.milestone_done(line, "m-000000000000"),
        lambda: pipeline.note_progress(line, pipeline.trace(line, bench.id).voices[0], "Well."),
        lambda: pipeline.decision_with(line, "d-000000000000"),
    ):
        with pytest.raises(NotFound):
            write()


def test_somebody_is_told_again_when_something_changes_and_not_otherwise(line, bench, monkeypatch):
    monkeypatch.setattr(keeping_word, "STILL_NEW", timedelta(0))
    [voice] = pipeline.trace(line, bench.id).voices

    def come_back():
        found = pipeline.mine(line, voice)
        pipeline.tell(line, voice, found.decisions)
        return found.news

    assert pipeline.told_counts(line) == {}
    assert come_back() == (bench.id,)
    assert come_back() == ()
    assert pipeline.told_counts(line) == {bench.id: 1}
    pipeline.note_progress(line, bench.id, "It is ordered.")
    assert pipeline.told_counts(line) == {}
    assert come_back() == (bench.id,)
    assert come_back() == ()


def test_what_is_new_stays_marked_for_a_visit(line, bench):
    [voice] = pipeline.trace(line, bench.id).voices
    for _ in range(2):
        found = pipeline.mine(line, voice)
        pipeline.tell(line, voice, found.decisions)
        assert found.news == (bench.id,)


def test_no_reference_points_at_nothing(line, bench):
    pipeline.add_milestone(line, bench.id, "Order it", SOON)
    pipeline.set_owner(line, bench.id, "Jo")
    pipeline.tell(line, pipeline.trace(line, bench.id).voices[0], [bench])
    with line.store.reading() as read:
        assert read.rows("broken_references", lambda *row: row) == []
