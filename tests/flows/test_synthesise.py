import pytest

from flows.listen import listen
from flows.progress import watched
from flows.synthesise import synthesise
from flows.wordless import Trouble
from listening import pipeline
from listening.errors import ModelMissing

SAID = "The bus stops before seven.\n\nA bench by the beck.\n"


def test_what_was_read_is_grouped_and_counted(chosen, received):
    pipeline.read(chosen, received(SAID))
    result = synthesise()
    assert (result.utterances, result.new) == (2, True)
    assert result.themes + result.on_their_own > 0
    assert pipeline.ledger(chosen).waiting == 0


def test_synthesising_twice_changes_nothing(chosen, received):
    pipeline.read(chosen, received(SAID))
    first, again = synthesise(), synthesise()
    assert (again.run, again.new) == (first.run, False)


def test_progress_reaches_the_watcher(chosen, received):
    pipeline.read(chosen, received(SAID))
    seen = []
    with watched(lambda what, *_: seen.append(what)):
        synthesise()
    assert "group" in seen


@pytest.mark.usefixtures("chosen")
def test_a_failure_says_nothing_but_what_kind_it_is(monkeypatch):
    def fail(*_):
        raise ModelMissing("The weights in /home/wilhelmina are not there.")

    monkeypatch.setattr(pipeline, "synthesise", fail)
    with pytest.raises(Trouble, match="ModelMissing in flows") as caught:
        synthesise()
    assert "wilhelmina" not in str(caught.value)


def test_listening_reads_what_is_waiting_and_then_groups_it(chosen, received):
    received(SAID)
    result = listen()
    assert (result.reading.utterances, result.synthesis.utterances) == (2, 2)
    assert pipeline.ledger(chosen).adds_up
