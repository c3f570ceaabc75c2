"""The commands of a chain, from the first person to the plan."""

import json

import pytest
from typer.testing import CliRunner

from listening import cli, pipeline


@pytest.fixture
def told(line, monkeypatch):
    """Run a command on this line; gives its JSON where --json is asked for, else what a person reads."""
    monkeypatch.setattr(cli, "_line", lambda: line)

    def run(*words, stdin=None):
        result = CliRunner().invoke(cli.app, ["chain", *words], input=stdin, catch_exceptions=False)
        assert result.exit_code == 0, result.output
        return json.loads(result.stdout) if "--json" in words else result.stdout

    return run


def test_a_chain_from_its_start_to_its_plan(line, told, hand_in, tmp_path):
    started = told("start", "north", "--voice", "amina-7", "--by", "Nadia", "--json")
    assert pipeline.voice_with(line, started["code"]) == started["voice"]
    invited = told("invite", "north", "--from", "amina-7", "--to", "colin-4", "--json")
    assert pipeline.invitation(line, invited["code"]).link == invited["link"]
    again = told("invite", "north", "--from", "amina-7", "--again", invited["link"], "--json")
    assert again["code"] != invited["code"]
    link = invited["link"]
    told("remind", link)
    assert "said yes" in told("agree", link, "--with-contact", stdin="07700 900123\n")
    assert "07700 900123" in told("contact", link)
    assert told("talked", link, "--json")["state"] == "talked"
    sheet = hand_in("sheet.txt", "A: Rice.\n\nC: I would carve for fifty.")
    assert told("record", link, str(sheet), "--name", "A", "--name", "C", "--json")["utterances"] == 2
    assert "to start" in told("go-on", link)
    carve = pipeline.find(line, "carve")[0]
    assert told("offer", carve.id, "--json") == {"utterance": carve.id, "offer": True}
    assert told("sign", "north", "--voice", "colin-4", "--json") == {"people": 2, "now": 1, "before": 0}
    told("plan", "north", "--html", str(tmp_path / "plan.html"), "--markdown", str(tmp_path / "plan.md"))
    plan = told("plan", "north", "--json")
    assert plan["signed"] == {"people": 2, "now": 1, "before": 0}
    assert plan["sha256"] in (tmp_path / "plan.html").read_text(encoding="utf-8")
    assert (tmp_path / "plan.md").read_text(encoding="utf-8").startswith("# A neighbourhood")
    assert "Not signed as it stands: amina-7" in told("plan", "north")
    assert "went on" in told("show", "north")
    assert "2 people" in told("list")
    assert told("rest", link, "--json")["state"] == "rested"


def test_where_there_is_no_chain_the_way_to_one_is_shown(told):
    assert "listening chain start" in told("list")


@pytest.mark.parametrize("words", [["invite", "north", "--from", "amina-7"], ["record", "n-00000"]])
def test_a_command_that_is_not_whole_says_what_is_missing(line, monkeypatch, words):
    monkeypatch.setattr(cli, "_line", lambda: line)
    assert CliRunner().invoke(cli.app, ["chain", *words]).exit_code == 2
