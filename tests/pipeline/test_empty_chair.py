"""Who is not here, and whose words are acted on less: nobody is exposed, and chance is never taken for a difference."""

import random
from datetime import UTC, datetime

import pytest

from listening import pipeline, questions, small_numbers
from listening.domain import AboutAnswer, Choice
from listening.errors import Refused
from listening.pipeline.empty_chair import NO_ANSWER, ChairView, GroupOfPeople, acted_on_less, outcomes_of
from listening.small_numbers import Rule
from tests.pipeline.test_inquiring import say

RULE = Rule()
TENURE, SEX = "uk-1/tenure", "uk-1/sex"


@pytest.fixture
def asking(line):
    pipeline.set_inquiry(line, asks=f"{SEX} {TENURE}")
    return line


def tell(line, voices, question, answer):
    """All of them at once: one by one takes long."""
    now = datetime.now(UTC)
    with line.store.writing() as write:
        write.insert("about_answer", [AboutAnswer(one, question, answer, "", "a test", now) for one in voices])


def chair_of(line, question):
    return next(one for one in pipeline.empty_chair(line).questions if one.id == question)


def test_every_question_can_be_left_unanswered():
    assert len(questions.known()) == 6
    assert all(list(one.answers)[-1] == questions.RATHER_NOT for one in questions.known().values())


def test_nothing_is_kept_without_a_yes(asking, hand_in):
    [voice] = say(asking, hand_in, 1)
    with pytest.raises(Refused, match="clear yes"):
        pipeline.tell_about(asking, voice, {SEX: "male"}, agreed=False)
    assert pipeline.own_about(asking, voice) == {}


@pytest.mark.parametrize("answers", [{"uk-1/age": "under-25"}, {SEX: "tall"}, {"shoe-size": "9"}])
def test_only_what_is_asked_is_kept(asking, hand_in, answers):
    [voice] = say(asking, hand_in, 1)
    with pytest.raises(Refused):
        pipeline.tell_about(asking, voice, answers, agreed=True)


def test_an_answer_can_be_changed_and_removed_and_leaves_nothing_behind(asking, hand_in):
    [voice] = say(asking, hand_in, 1)
    for question, answer in ((SEX, "male"), (SEX, "female"), (TENURE, questions.RATHER_NOT)):
        pipeline.tell_about(asking, voice, {question: answer}, agreed=True)
    assert pipeline.own_about(asking, voice) == {SEX: "female", TENURE: questions.RATHER_NOT}
    pipeline.forget_about(asking, voice)
    assert pipeline.own_about(asking, voice) == {}


def test_whoever_withdraws_everything_is_forgotten_here_too(asking, hand_in):
    [voice] = say(asking, hand_in, 1)
    pipeline.tell_about(asking, voice, {SEX: "male"}, agreed=True)
    pipeline.withdraw(asking, voice)
    assert pipeline.own_about(asking, voice) == {}


def test_who_was_heard_is_shown_beside_the_area(asking, hand_in, tmp_path):
    voices = say(asking, hand_in, 140)
    tell(asking, voices[:101], SEX, "female")
    tell(asking, voices[101:122], SEX, "male")
    profile = tmp_path / "area.csv"
    profile.write_text(
        "question,answer,people\nsex,female,5100\nsex,Male,4900\nplace,Fen Street,600\nplace,Mill Lane,400\n"
    )
    assert pipeline.load_profile(asking, profile) == 4
    found = chair_of(asking, SEX)
    assert [(one.words, one.heard, one.area, one.told) for one in found.groups] == [
        ("Female", 100, 0.51, "more"),
        ("Male", 20, 0.49, "fewer"),
    ]
    assert found.no_answer == 20
    assert found.shown == 140
    assert pipeline.empty_chair(asking).silent == ("Mill Lane",)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("a,b\n1,2\n", "three columns"),
        ("question,answer,people\nsex,male,some\n", "Row 2"),
        ("question,answer,people\nsex,tall,4\n", "no answer tall"),
        ("question,answer,people\nshoes,9,4\n", "no question shoes"),
        ("question,answer,people\nsex,male,4\nsex,Male,5\n", "more than once"),
    ],
)
def test_a_profile_that_cannot_be_right_is_refused_with_its_reason(asking, tmp_path, text, reason):
    profile = tmp_path / "area.csv"
    profile.write_text(text)
    with pytest.raises(Refused, match=reason):
        pipeline.load_profile(asking, profile)


def test_whose_words_are_acted_on_less_is_told(asking, hand_in):
    voices = say(asking, hand_in, 240)
    tell(asking, voices[:120], SEX, "female")
    tell(asking, voices[120:], SEX, "male")
    words = {one.voice: one.id for one in pipeline.find(asking, "bench")}
    acted = [words[one] for one in (*voices[:20], *voices[120:220])]
    pipeline.decide(asking, Choice.DO, "Benches.", utterances=acted)
    told = pipeline.empty_chair(asking).acted_on_less
    assert "Female: fewer were acted on than of everybody else who answered “What is your sex?”" in told
    counts = {one.outcome: one.count for one in chair_of(asking, SEX).groups[0].outcomes}
    assert counts == {"acted-on": 20, "refused": None, "waiting": 100}


def claims(sorted_people):
    """What is claimed of people sorted into groups, each with an outcome."""
    kinds = {}
    groups = sorted({group for group, _ in sorted_people})
    for outcome in ("acted-on", "refused", "waiting"):
        counts = {group: sum(one == (group, outcome) for one in sorted_people) for group in groups}
        kinds[outcome] = small_numbers.release({**counts, NO_ANSWER: 25}, {}, RULE)
    everybody = {group: sum(one == group for one, _ in sorted_people) for group in groups}
    heard = small_numbers.release({**everybody, NO_ANSWER: 75}, {}, RULE)
    level = 1 - 0.05 / (3 * len(groups))
    rows = tuple(
        GroupOfPeople(one, one, None, None, None, "", outcomes_of(one, heard, kinds, RULE, level)) for one in groups
    )
    return acted_on_less(ChairView("q", "Q?", rows, None, 0))


def test_of_a_thousand_inquiries_without_a_difference_at_most_fifty_claim_one():
    chance = random.Random(7)  # noqa: S311  nothing secret
    wrong = 0
    for _ in range(1000):
        acted, groups = chance.uniform(0.15, 0.6), chance.choice([2, 3, 4])
        outcomes = ("acted-on", "refused", "waiting")
        people = [
            (str(chance.randrange(groups)), chance.choices(outcomes, (acted, 0.2, 0.8 - acted))[0])
            for _ in range(chance.choice([200, 400, 800]))
        ]
        wrong += bool(claims(people))
    assert wrong <= 50


def test_a_difference_that_is_there_is_seen_with_enough_people():
    less = [("a", "acted-on")] * 20 + [("a", "waiting")] * 80 + [("a", "refused")] * 20
    usual = [("b", "acted-on")] * 160 + [("b", "waiting")] * 80 + [("b", "refused")] * 40
    assert "a: fewer were acted on than of everybody else who answered “Q?”" in claims(less + usual)
    assert claims(less * 1 + [("b", outcome) for _, outcome in less]) == ()
