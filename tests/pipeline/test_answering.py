import pytest

from listening import pipeline
from listening.domain import Choice, Purpose
from listening.errors import NotFound
from tests.pipeline.test_synthesis import BUSES, DAMP, bring


@pytest.fixture
def told(line, hand_in):
    bring(line, hand_in, "all.txt", [*BUSES, *DAMP, "Forty teaspoons, please."])
    pipeline.synthesise(line)
    return line


def test_a_voice_has_an_answer_when_a_decision_rests_on_its_words(told):
    assert not any(one.answered for one in pipeline.answers(told))
    theme = pipeline.themes(told)[0]
    decision = pipeline.decide(told, Choice.CANNOT, "No.", because="Money.", themes=[theme.id])
    answered = {one.id for one in pipeline.answers(told) if one.answered}
    assert answered == set(pipeline.trace(told, decision.id).voices)
    assert not any(one.acted_on for one in pipeline.answers(told))
    assert pipeline.decision_counts(told) == {decision.id: (len(answered), len(theme.utterances))}


def test_decisions_are_found_from_the_words_and_themes_they_rest_on(told):
    theme = pipeline.themes(told)[0]
    decision = pipeline.decide(told, Choice.DO, "Yes.", themes=[theme.id])
    on = pipeline.decisions_on(told)
    assert set(on) == {theme.id, *theme.utterances}
    assert set(map(tuple, on.values())) == {(decision.id,)}


def test_quotes_come_in_the_order_asked_for_without_what_is_held_or_withdrawn(told):
    ids = [one.id for one in pipeline.find(told, "bus")]
    assert list(pipeline.quotes(told, ids[::-1])) == ids[::-1]
    pipeline.hold(told, ids[0], "safety")
    pipeline.withdraw(told, ids[1])
    assert list(pipeline.quotes(told, ids)) == ids[2:]


def test_conversations_count_each_of_their_words_once(told):
    [conversation] = pipeline.conversations(told)
    whole = conversation.in_themes + conversation.on_their_own + conversation.waiting + conversation.held
    assert whole == conversation.utterances == 7
    assert pipeline.utterances_in(told, conversation.id) == [one.id for one in pipeline.words_of(told, conversation.id)]
    with pytest.raises(NotFound):
        pipeline.utterances_in(told, "c-000000000000")


def test_the_links_are_the_chain(told):
    decision = pipeline.decide(told, Choice.DO, "Yes.", themes=[pipeline.themes(told)[0].id])
    links, chain = pipeline.links(told, decision.id), pipeline.trace(told, decision.id)
    assert {link.utterance for link in links} == set(chain.utterances)
    assert {link.voice for link in links} == set(chain.voices)


def test_words_of_somebody_who_lets_nobody_read_them_are_not_among_the_held(told):
    [said] = pipeline.find(told, "teaspoons")
    pipeline.hold(told, said.id, "safety")
    assert [one.id for one in pipeline.held(told)] == [said.id]
    pipeline.choose(told, said.voice, Purpose.READ, given=False)
    assert pipeline.held(told) == []


def test_a_table_shows_its_beginning(hand_in):
    found = pipeline.table_beginning(hand_in("t.csv", "a;b\n1;x\n2;y\n3;z\n4;w\n"))
    assert found.heading == ("a", "b")
    assert found.rows == (("1", "x"), ("2", "y"), ("3", "z"))
