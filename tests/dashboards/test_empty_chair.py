"""The pages of the inquiry and of the empty chair, and the questions about people."""

import pytest

from listening import pipeline
from tests.pipeline.test_empty_chair import SEX, tell
from tests.pipeline.test_inquiring import say


@pytest.fixture
def asking(told):
    pipeline.set_inquiry(told, asks=SEX)
    return told


def test_a_leader_names_both_groups_and_is_gently_asked_to_say_it_another_way(told, as_role):
    leader = as_role("leader")
    words = {
        "question": "What helps?",
        "area": "Fen Street",
        "use_most": "People here",
        "reached_poorly": "The elderly",
    }
    assert leader.submit("/inquiry", **words).headers["location"] == "/inquiry?done=inquiry"
    shown = leader.page("/inquiry").text
    assert "You wrote “The elderly”" in shown
    assert "too few to show a number" in shown
    assert pipeline.inquiry(told).signed == "leader"
    assert "in words that people can read" in leader.submit("/inquiry", **words | {"question": ""}).text


def test_a_worker_plans_a_conversation_and_says_that_it_was_held(told, as_role):
    worker = as_role("worker")
    assert "Choose one of the two groups" in worker.submit("/inquiry/plan", with_whom="The bakery", group="").text
    worker.submit("/inquiry/plan", with_whom="The bakery", group="reached-poorly", on="2026-12-01")
    [planned] = pipeline.inquiry_view(told).groups[1].planned
    worker.submit("/inquiry/held", planned=planned.id, what="held")
    assert "1 held of 1 planned" in worker.page("/inquiry").text


def test_whoever_said_something_gives_changes_and_removes_their_own_answers(asking, own):
    assert "Prefer not to say" in own.page("/mine/about").text
    assert "only kept after a clear yes" in own.submit("/mine/about", **{SEX: "female"}).text
    own.submit("/mine/about", agreed="yes", **{SEX: "female"})
    assert 'value="female" checked' in own.page("/mine/about").text
    own.submit("/mine/about/remove")
    assert pipeline.own_about(asking, own.voice) == {}


def test_whoever_notes_answers_is_not_shown_what_was_answered(asking, own, as_role):
    own.submit("/mine/about", agreed="yes", **{SEX: "female"})
    worker = as_role("worker")
    assert "checked" not in worker.page(f"/people/{own.voice}/about").text
    worker.submit(f"/people/{own.voice}/about", agreed="yes", **{SEX: "male"})
    assert pipeline.own_about(asking, own.voice) == {SEX: "male"}
    assert worker.submit(f"/people/{own.voice}/group", group="use-most").status_code == 303
    worker.submit(f"/people/{own.voice}/about/remove")
    assert pipeline.own_about(asking, own.voice) == {}


def test_the_empty_chair_shows_shares_and_no_small_number(asking, as_role, hand_in):
    voices = say(asking, hand_in, 60, "more.txt")
    tell(asking, voices[:33], SEX, "female")
    tell(asking, voices[33:40], SEX, "male")
    shown = as_role("leader").page("/empty-chair").text
    assert '<td class="number">35</td>' in shown
    assert "too few to show" in shown
    assert ">33<" not in shown
    assert ">7<" not in shown
