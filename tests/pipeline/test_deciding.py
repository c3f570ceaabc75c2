from datetime import date

import pytest

from listening import pipeline
from listening.domain import Choice
from listening.errors import NotFound, Refused


@pytest.fixture
def bench(line, hand_in):
    """The id of one utterance that asks for a bench."""
    pipeline.ingest(line, hand_in("bench.txt", "I would like a bench by the bus stop."))
    [found] = pipeline.find(line, "BENCH")
    return found.id


def test_a_decision_says_who_decided_when_it_is_looked_at_again_and_how_to_challenge_it(line, bench):
    decision = pipeline.decide(line, Choice.DO, "A bench by June.", utterances=[bench])
    assert decision.decided_by == "Fen Street board"
    assert (decision.look_again_on - decision.decided_at.date()).days == 180
    assert decision.challenge
    assert pipeline.decisions(line) == [decision]


def test_people_can_say_by_whom_until_when_and_how(line, bench):
    day = date(2027, 1, 2)
    decision = pipeline.decide(
        line, Choice.THINKING, "Where?", utterances=[bench], by="Meera", look_again_on=day, challenge="ring the bell"
    )
    assert (decision.decided_by, decision.look_again_on, decision.challenge) == ("Meera", day, "ring the bell")


@pytest.mark.parametrize("because", [None, "", "  ", "\u200b", "\u2060", "\u202e", "\x00", ".", "\u00a0"])
def test_a_refusal_without_a_reason_is_not_recorded(line, bench, because):
    with pytest.raises(Refused, match="--because"):
        pipeline.decide(line, Choice.CANNOT, "No bench.", because=because, utterances=[bench])
    assert pipeline.decisions(line) == []


def test_a_decision_that_rests_on_nobodys_words_is_not_recorded(line):
    with pytest.raises(Refused, match="somebody's words"):
        pipeline.decide(line, Choice.DO, "A bench.")


def test_a_decision_that_says_nothing_is_not_recorded(line, bench):
    with pytest.raises(Refused, match="Say what was decided"):
        pipeline.decide(line, Choice.DO, " ", utterances=[bench])


@pytest.mark.parametrize("wrong", ["u-000000000000", "t-000000000000", "bench", "u-", ""])
def test_a_decision_on_words_that_are_not_here_is_not_recorded(line, bench, wrong):
    with pytest.raises(NotFound):
        pipeline.decide(line, Choice.DO, "A bench.", utterances=[bench, wrong])
    assert pipeline.decisions(line) == []


def test_the_beginning_of_an_id_is_enough_if_it_is_the_only_one(line, bench):
    decision = pipeline.decide(line, Choice.DO, "A bench.", utterances=[bench[:6]])
    assert pipeline.trace(line, decision.id).utterances == (bench,)


def test_citing_the_same_words_twice_is_citing_them_once(line, bench):
    decision = pipeline.decide(line, Choice.DO, "A bench.", utterances=[bench, bench])
    assert pipeline.trace(line, decision.id).utterances == (bench,)
