"""`listening flow ...`: the same results as the plain commands, by way of Prefect."""

import json

import pytest
from typer.testing import CliRunner

from listening import cli
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


def test_flow_synthesise_tells_the_run_and_the_counts(run, hand_in):
    run("ingest", hand_in("good.txt", note([*BUSES, *DAMP])))
    told = run("synthesise")
    assert told["utterances"] == 6
    assert told["themes"] >= 1
