"""The commands of the inquiry and of the empty chair."""

import json

import pytest
from typer.testing import CliRunner

from listening import cli, pipeline
from listening.errors import Refused
from tests.pipeline.test_empty_chair import SEX, tell
from tests.pipeline.test_inquiring import say


@pytest.fixture
def run(line, monkeypatch):
    monkeypatch.setattr(cli, "_line", lambda: line)

    def call(*words):
        result = CliRunner().invoke(cli.app, [str(word) for word in words], catch_exceptions=False)
        assert result.exit_code == 0, result.output
        return result.output

    return call


def test_an_inquiry_is_written_down_planned_and_shown(run):
    run("inquiry", "set", "--area", "Fen Street", "--from", "2026-11-01", "--reached-poorly", "People who work nights")
    planned = json.loads(run("inquiry", "plan", "The bakery", "--group", "reached-poorly", "--json"))
    run("inquiry", "held", planned["id"])
    shown = run("inquiry", "show")
    assert "People who work nights" in shown
    assert "Conversations held: 1 of 1 planned" in shown
    found = json.loads(run("inquiry", "show", "--json"))
    assert found["inquiry"]["starts_on"] == "2026-11-01"
    assert [group["heard"] for group in found["groups"]] == [None, None]


def test_the_empty_chair_shows_no_small_number(run, line, hand_in):
    assert "Nothing is asked about people yet" in run("chair", "show")
    run("inquiry", "set", "--ask", SEX)
    voices = say(line, hand_in, 60)
    tell(line, voices[:33], SEX, "female")
    tell(line, voices[33:40], SEX, "male")
    shown = run("chair", "show")
    assert "too few to show" in shown
    assert "about 35" in shown
    [question] = json.loads(run("chair", "show", "--json"))["questions"]
    assert [group["heard"] for group in question["groups"]] == [35, None]


def test_answers_are_noted_after_a_yes_and_removed(run, line, hand_in):
    [voice] = say(line, hand_in, 1)
    run("inquiry", "set", "--ask", SEX)
    with pytest.raises(Refused):
        run("chair", "note", voice, "--answer", f"{SEX}=male")
    run("chair", "note", voice, "--answer", f"{SEX}=male", "--agreed")
    assert pipeline.own_about(line, voice) == {SEX: "male"}
    run("chair", "forget", voice)
    assert pipeline.own_about(line, voice) == {}
