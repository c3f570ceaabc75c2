import itertools
from datetime import UTC, datetime

import pytest

from listening import pipeline
from listening.domain import Choice
from listening.errors import NotFound
from listening.pipeline import views
from tests.pipeline.test_synthesis import BUSES, DAMP, note


@pytest.fixture
def told(line, hand_in):
    """A line with themes, voices on their own, and a decision of each kind."""
    pipeline.ingest(line, hand_in("all.txt", note([*BUSES, *DAMP, "Forty teaspoons, please.", "A bench."])))
    pipeline.synthesise(line)
    alone = pipeline.on_their_own(line)
    pipeline.decide(line, Choice.DO, "Teaspoons.", utterances=[alone[0].id])
    pipeline.decide(line, Choice.CANNOT, "No bus.", because="It is the county's.", themes=[pipeline.themes(line)[0].id])
    return line


def put_event(line, utterance_id, what):
    with line.store.writing() as write:
        write._run(
            "event",
            "INSERT INTO utterance_event VALUES ($id, $what, 'asked', 'Jo', $now, 'person')",
            {"id": utterance_id, "what": what, "now": datetime.now(UTC)},
        )


def everything(line):
    ids = [voice.id for voice in pipeline.voices(line)]
    ids += [decision.id for decision in pipeline.decisions(line)]
    ids += [theme.id for theme in pipeline.themes(line)]
    ids += [said.id for voice in pipeline.voices(line) for said in pipeline.words_of(line, voice.id)]
    return ids


def all_ids(chain):
    return {*chain.decisions, *chain.themes, *chain.utterances, *chain.conversations, *chain.voices}


def test_the_chain_is_the_same_from_either_end(told):
    ids = everything(told)
    chains = {one: all_ids(pipeline.trace(told, one)) for one in ids}
    for here, there in itertools.product(ids, ids):
        assert (there in chains[here]) == (here in chains[there])


def test_every_voice_a_decision_rests_on_finds_that_decision(told):
    for decision in pipeline.decisions(told):
        chain = pipeline.trace(told, decision.id)
        assert chain.voices
        for voice in chain.voices:
            assert decision.id in pipeline.trace(told, voice).decisions


def test_what_hangs_together_with_nothing_that_is_here_is_said_so(told):
    for wrong in ("d-000000000000", "r-000000000000", "nonsense", "s-"):
        with pytest.raises(NotFound):
            pipeline.trace(told, wrong)


@pytest.mark.parametrize("what", ["held", "failed", "withdrawn"])
def test_words_kept_out_are_in_no_theme_and_still_counted(told, what):
    theme = pipeline.themes(told)[0]
    before = pipeline.ledger(told)
    put_event(told, theme.exemplars[0], what)
    after, now = pipeline.ledger(told), pipeline.themes(told)[0]
    assert after.adds_up
    assert getattr(after, what) == 1
    assert after.in_themes == before.in_themes - 1
    assert theme.exemplars[0] not in now.utterances
    assert now.name != theme.name or now.id != theme.id


def test_words_that_are_released_are_back(told):
    theme = pipeline.themes(told)[0]
    put_event(told, theme.exemplars[0], "held")
    put_event(told, theme.exemplars[0], "released")
    assert pipeline.themes(told)[0] == theme


def test_withdrawn_words_are_not_shown_or_traced(told):
    one = pipeline.themes(told)[0].exemplars[0]
    put_event(told, one, "withdrawn")
    with pytest.raises(NotFound):
        pipeline.show(told, one)
    assert all_ids(pipeline.trace(told, one)) == set()


def test_held_words_are_not_grouped(told):
    one = pipeline.themes(told)[0].exemplars[0]
    put_event(told, one, "held")
    before = pipeline.ledger(told).entered
    assert pipeline.synthesise(told).utterances == before - 1
    assert pipeline.ledger(told).adds_up


def test_the_ledger_shows_an_utterance_that_is_in_two_places(told):
    theme = pipeline.themes(told)[0]
    with told.store.writing() as write:
        write._run(
            "twice",
            "INSERT INTO membership SELECT * FROM membership WHERE utterance_id = $id",
            {"id": theme.utterances[0]},
        )
    assert not pipeline.ledger(told).adds_up


def test_an_utterance_is_the_exact_slice_of_its_sources_text(told):
    for voice in pipeline.voices(told):
        for said in pipeline.words_of(told, voice.id):
            shown = pipeline.show(told, said.id)
            assert pipeline.text_of(told, shown.source)[shown.start : shown.end] == shown.text == said.text
            assert pipeline.original(told, shown.source).read_bytes().decode()[shown.start : shown.end] == shown.text


def test_a_source_that_is_not_read_yet_has_no_text(line, hand_in):
    arrival = pipeline.receive(line, hand_in("note.txt", "A bench."))
    with pytest.raises(NotFound, match="not read yet"):
        pipeline.text_of(line, arrival.source_id)


def test_two_ids_with_one_beginning_are_told_apart(line, hand_in, monkeypatch):
    pipeline.ingest(line, hand_in("all.txt", "\n\n".join(f"Sentence number {n} of many more." for n in range(40))))
    ids = sorted(said.id for said in pipeline.find(line, "sentence"))
    both = next(one[:3] for one, other in itertools.pairwise(ids) if one[:3] == other[:3])
    monkeypatch.setattr(views, "SHORTEST_BEGINNING", 3)
    with line.store.reading() as read, pytest.raises(NotFound, match="Write more"):
        views.find_id(read, both, views.Kind.UTTERANCE)


def test_the_guides_can_be_read():
    names = [guide.name for guide in pipeline.guides()]
    assert names == ["chain_slip", "food_chain", "good_life", "paper"]
    for name in names:
        guide = pipeline.guide(name)
        assert guide.title
        assert name == "chain_slip" or "consent" in guide.body.lower()  # the slips go with a guide


def test_a_guide_that_is_not_there_is_answered_with_those_that_are():
    with pytest.raises(NotFound, match="good_life"):
        pipeline.guide("bad_life")
