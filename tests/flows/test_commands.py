"""`listening flow ...`: the same results as the plain commands, by way of Prefect."""

import dataclasses
import json

import pytest
from typer.testing import CliRunner

from listening import cli
from listening.store import Store
from tests.pipeline.test_synthesis import BUSES, DAMP, note


@pytest.fixture
def run(chosen, monkeypatch):
    """Run `listening flow ...` on a line of its own; gives what it prints as JSON."""
    monkeypatch.setattr(cli, "_line", lambda: chosen)

    def command(*arguments):
        result = CliRunner().invoke(cli.app, ["flow", *map(str, arguments), "--json"], catch_exceptions=False)
        assert result.exit_code == 0, result.output
        return json.loads(result.stdout)

    return command


def test_flow_ingest_brings_in_a_folder_and_says_what_was_refused(run, hand_in):
    hand_in("good.txt", note(BUSES))
    told = run("ingest", hand_in("empty.txt", "").parent)
    assert (told["sources"], told["voices"], told["utterances"]) == (1, 3, 3)
    assert [failure["source"] for failure in told["failed"]] == ["empty.txt"]


def test_flow_ingest_of_the_same_file_again_changes_nothing(run, hand_in):
    file = hand_in("good.txt", note(BUSES))
    run("ingest", file)
    assert (run("ingest", file)["already_known"], run("ingest", file)["utterances"]) == (1, 0)


CHAT = "13/03/2026, 10:16 - Amina: I would like a bench.\n13/03/2026, 10:17 - Joe: And a bus after seven.\n"
TABLE = "said,ok\nA bench by the bus stop.,yes\nA later bus.,no\n"
HEARD = {"segments": [{"start": 0, "end": 4, "text": "Thank you for watching.", "avg_logprob": -2.0}]}


def test_flow_ingest_tells_the_same_as_the_plain_command(run, hand_in, tmp_path, monkeypatch, chosen):
    hand_in("chat.txt", CHAT)
    hand_in("chat later.txt", CHAT + "13/03/2026, 10:18 - Joe: Yes.\n")
    hand_in("cards.csv", TABLE)
    folder = hand_in("whisper.json", json.dumps(HEARD)).parent
    by_flow = run("ingest", folder, "--text", "said", "--consent", "ok")
    other = dataclasses.replace(chosen, store=Store(tmp_path / "other", 10))
    monkeypatch.setattr(cli, "_line", lambda: other)
    plain = CliRunner().invoke(cli.app, ["ingest", str(folder), "--text", "said", "--consent", "ok", "--json"])
    assert json.loads(plain.stdout) == by_flow
    assert len(by_flow["notes"]) == 3
    assert by_flow["failed"] == []


def test_flow_synthesise_tells_the_run_and_the_counts(run, hand_in):
    run("ingest", hand_in("good.txt", note([*BUSES, *DAMP])))
    told = run("synthesise")
    assert told["utterances"] == 6
    assert told["themes"] >= 1
