"""The things that must always be true, on the sample conversations, with the real grouping.

1 verbatim, 2 no voice lost, 3 no categories brought along, 4 one person is one voice, 5 every action comes from voices,
6 honest refusals, 8 local first. Truths 7, 9 and 10 have no part in the product yet, but for words on a screen.
"""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from listening import pipeline
from listening.domain import Choice, Columns
from listening.errors import Refused

ROOT = Path(__file__).parent.parent
SAMPLE = ROOT / "data" / "sample"
LABELS = r"\b(beneficiar(y|ies)|service users?|vulnerable|hard[- ]to[- ]reach|noise|outliers?)\b"


@pytest.fixture(scope="module")
def heard(tmp_path_factory):
    """The typed samples, brought in and grouped."""
    from listening.settings import Settings
    from listening.store import Store
    from tests.fake_encoder import FakeEncoder
    from tests.fakes import FakeDetector, FakeEngine, FakeSeparator

    folder = tmp_path_factory.mktemp("truths")
    settings, encoder, engine = Settings(data=folder), FakeEncoder(), FakeEngine()
    line = pipeline.Line(
        Store(folder, 10),
        settings,
        engine=lambda: engine,
        encoder=lambda: encoder,
        detector=FakeDetector,
        separator=FakeSeparator,
    )
    result = pipeline.ingest(line, SAMPLE, Columns("what they said", voice="person", time="when"))
    assert result.failed == ()
    pipeline.synthesise(line)
    return line


@pytest.fixture(scope="module")
def utterances(heard):
    """Everything that was said, by id."""
    with heard.store.reading() as read:
        ids = [one for one, _ in read.rows("standing_themes", lambda *row: row)]
    return {one: pipeline.show(heard, one) for one in ids}


@pytest.fixture(scope="module")
def texts(heard, utterances):
    """The text of every source, by id."""
    return {source: pipeline.text_of(heard, source) for source in {shown.source for shown in utterances.values()}}


def test_1_every_utterance_is_an_exact_slice_of_what_was_handed_in(utterances, texts):
    for shown in utterances.values():
        if shown.unit == "char":
            assert texts[shown.source][shown.start : shown.end] == shown.text
        else:
            assert 0 <= shown.start < shown.end


def test_1_every_note_is_kept_byte_for_byte(heard, texts):
    kept = {pipeline.original(heard, source).read_bytes() for source in texts}
    assert {file.read_bytes() for file in SAMPLE.iterdir() if file.suffix != ".yaml"} == kept


def test_2_the_ledger_adds_up_and_everyone_is_in_it(heard, utterances):
    ledger = pipeline.ledger(heard)
    assert ledger.adds_up
    assert ledger.entered == len(utterances) == ledger.in_themes + ledger.on_their_own
    assert ledger.failed_sources == []


def test_3_a_theme_is_named_by_somebodys_words_and_by_nothing_else(heard, utterances):
    said = {shown.text for shown in utterances.values()}
    themes = pipeline.themes(heard)
    assert themes
    for theme in themes:
        assert theme.name in said
        assert all(any(phrase in text for text in said) for phrase in theme.phrases)


def test_3_a_single_small_request_can_be_found_and_acted_on(heard):
    [found] = pipeline.find(heard, "more teaspoons in the community kitchen")
    assert pipeline.decide(heard, Choice.DO, "Teaspoons.", utterances=[found.id])


def test_4_a_theme_is_counted_in_people_and_never_made_by_one(heard, utterances):
    for theme in pipeline.themes(heard):
        voices = {utterances[one].voice for one in theme.utterances}
        assert theme.voices == len(voices) >= 2


def test_4_one_person_of_the_chain_is_one_voice_in_both_of_their_conversations(heard):
    voices = {voice.shown: voice for voice in pipeline.voices(heard)}
    assert voices["colin-4"].conversations == 2
    assert len([voice for voice in pipeline.voices(heard) if voice.shown == "colin-4"]) == 1


def test_5_every_decision_finds_its_voices_and_every_voice_its_decision(heard):
    for decision in pipeline.record_example_decisions(heard, ROOT / "data" / "decisions.yaml"):
        chain = pipeline.trace(heard, decision.id)
        assert chain.utterances
        for one in (*chain.voices, *chain.utterances, *chain.conversations, *chain.themes):
            assert decision.id in pipeline.trace(heard, one).decisions


def test_5_the_example_decisions_are_recorded_once(heard):
    first = pipeline.record_example_decisions(heard, ROOT / "data" / "decisions.yaml")
    assert pipeline.record_example_decisions(heard, ROOT / "data" / "decisions.yaml") == first


def test_6_a_refusal_has_a_reason_a_name_a_day_and_a_way_to_challenge_it(heard):
    [found] = pipeline.find(heard, "more teaspoons in the community kitchen")
    with pytest.raises(Refused):
        pipeline.decide(heard, Choice.CANNOT, "No teaspoons.", utterances=[found.id])
    pipeline.record_example_decisions(heard, ROOT / "data" / "decisions.yaml")
    refusals = [decision for decision in pipeline.decisions(heard) if decision.choice == Choice.CANNOT]
    assert refusals
    for refusal in refusals:
        assert all((refusal.because, refusal.decided_by, refusal.look_again_on, refusal.challenge))


OFFLINE = """
import json, socket, sys
reached = []
connect = socket.socket.connect
def watch(self, address):
    if self.family != socket.AF_UNIX and address[0] not in ("127.0.0.1", "::1", "localhost"):
        reached.append(address)
        raise OSError("the cable is out")
    return connect(self, address)
socket.socket.connect = socket.socket.connect_ex = watch
def look_up(host, *rest, real=socket.getaddrinfo, **more):
    if host not in (None, "127.0.0.1", "::1", "localhost"):
        reached.append(host)
        raise OSError("the cable is out")
    return real(host, *rest, **more)
socket.getaddrinfo = look_up
sys.argv = ["listening", *sys.argv[1:]]
from listening.cli import main
try:
    main()
finally:
    print(json.dumps(reached), file=sys.stderr)
"""


@pytest.mark.heavy
def test_8_the_whole_line_runs_with_the_network_cut(tmp_path):
    """Recordings and typed words, real models, real Prefect, in a data folder of their own."""
    import os

    environment = {**os.environ, "LISTENING_DATA": str(tmp_path / "data"), "HOME": os.environ.get("HOME", "")}
    environment |= {"LISTENING_WHISPER_MODEL": "tiny.en"}
    result = subprocess.run(
        [sys.executable, "-c", OFFLINE, "example"],
        capture_output=True, text=True, check=False, env=environment, cwd=ROOT,
    )  # fmt: skip
    assert result.returncode == 0, result.stderr
    assert result.stderr.splitlines()[-1] == "[]"
    assert "It adds up" in result.stdout
    assert "What to try next" in result.stdout
    assert not re.search(r"\d+ sources? waits? to be read", result.stdout)


def test_10_no_words_on_a_screen_put_people_in_a_box():
    screens = [ROOT / "listening" / "paint.py", ROOT / "listening" / "cli.py", *(ROOT / "prompts").glob("*.md")]
    for screen in screens:
        found = re.findall(LABELS, screen.read_text(encoding="utf-8"), re.IGNORECASE)
        assert found == [], screen.name
