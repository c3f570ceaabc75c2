import dataclasses
import io
import json
import subprocess
import sys

import pytest
from typer.testing import CliRunner

from listening import cli, pipeline
from listening.errors import ModelMissing, NotFound
from tests.pipeline.test_hearing import TWO_PEOPLE, Doubting
from tests.pipeline.test_synthesis import BUSES, DAMP, note


@pytest.fixture
def run(line, monkeypatch):
    """Run a command on a line of its own; gives exit status and standard output."""
    monkeypatch.setattr(cli, "_line", lambda: line)

    def command(*arguments, stdin=None):
        result = CliRunner().invoke(cli.app, [str(argument) for argument in arguments], input=stdin)
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return command


@pytest.fixture
def told(run, hand_in):
    """A line with themes, a voice on its own, and one decision."""
    run("ingest", hand_in("all.txt", note([*BUSES, *DAMP, "Forty teaspoons, please."])))
    run("synthesise")
    [asked] = json.loads(run("find", "teaspoons", "--json").stdout)
    run("decide", "--do", "Forty teaspoons.", "--utterance", asked["id"])
    return run


def as_json(result):
    assert result.exit_code == 0
    return json.loads(result.stdout)


def test_ingest_tells_the_counts_of_its_call(run, hand_in):
    told = as_json(run("ingest", hand_in("note.txt", "A bench."), "--json"))
    assert told == {
        "sources": 1,
        "conversations": 1,
        "voices": 1,
        "utterances": 1,
        "already_known": 0,
        "failed": [],
    }


def test_ingest_takes_a_table_with_its_columns(run, hand_in):
    table = hand_in("cards.csv", "id,said,at\n1,A bench.,2026-03-01\n2,Spoons.,2026-03-02\n")
    told = as_json(run("ingest", table, "--text", "said", "--voice", "id", "--time", "at", "--json"))
    assert (told["utterances"], told["voices"]) == (2, 2)


def test_ingest_takes_what_is_typed(run):
    result = run("ingest", "-", "--json", stdin="I would like a bench by the bus stop.")
    assert as_json(result)["utterances"] == 1


def test_one_answer_does_for_all_notes_that_begin_with_one_name(run, hand_in):
    for name in ("Petra", "Sam", "Amina"):
        folder = hand_in(f"{name}.txt", f"{name}: I would like a bench by the bus stop for my knees.").parent
    asked = run("ingest", folder, "--json")
    assert (asked.exit_code, len(json.loads(asked.stdout)["failed"])) == (1, 3)
    assert "--named" in json.loads(asked.stdout)["failed"][0]["reason"]
    assert as_json(run("ingest", folder, "--named", "--json"))["utterances"] == 3
    assert {one["shown"] for one in as_json(run("voices", "--json"))} == {"Petra", "Sam", "Amina"}
    assert as_json(run("ingest", folder, "--json"))["already_known"] == 3  # the answer is remembered


def test_words_that_begin_like_a_name_can_be_kept_as_words(run):
    words = "Note: I would like a bench by the bus stop for my knees."
    assert as_json(run("ingest", "-", "--not-named", "--json", stdin=words))["utterances"] == 1
    assert [one["text"] for one in as_json(run("find", "bench", "--json"))] == [words]


def test_ingest_says_which_file_was_refused_and_ends_with_1_if_nothing_was_taken(run, hand_in):
    result = run("ingest", hand_in("empty.txt", ""), "--json")
    assert result.exit_code == 1
    [failure] = json.loads(result.stdout)["failed"]
    assert failure["source"] == "empty.txt"
    assert "empty" in failure["reason"]


def test_synthesise_tells_the_run_and_the_counts(run, hand_in):
    run("ingest", hand_in("all.txt", note([*BUSES, *DAMP])))
    told = as_json(run("synthesise", "--json"))
    assert set(told) == {"run", "utterances", "themes", "on_their_own", "seconds"}
    assert told["utterances"] == 6


def test_themes_tell_their_names_voices_and_words(told):
    themes = as_json(told("themes", "--json"))
    assert themes
    for theme in themes:
        assert {"id", "name", "voices", "utterances", "exemplars"} <= set(theme)
        assert set(theme["exemplars"]) <= set(theme["utterances"])
        assert theme["voices"] >= 2


def test_show_tells_the_exact_place_of_the_words(told):
    [asked] = as_json(told("find", "teaspoons", "--json"))
    shown = as_json(told("show", asked["id"], "--json"))
    assert set(shown) == {
        "id", "text", "source", "source_sha256", "start", "end", "unit", "conversation", "voice", "fate",
    }  # fmt: skip
    text = told("source", shown["source"], "--text").stdout
    assert text[shown["start"] : shown["end"]] == shown["text"]
    assert (shown["unit"], shown["fate"]) == ("char", "on_its_own")


def test_source_writes_the_original_byte_for_byte(run, hand_in):
    content = "A bench,\r\n\r\nplease: \N{CHAIR}".encode("utf-16")
    file = hand_in("note.txt", content)
    run("ingest", file)
    [voice] = as_json(run("voices", "--json"))
    [utterance, *_] = as_json(run("trace", voice["id"], "--json"))["utterances"]
    source = as_json(run("show", utterance, "--json"))["source"]
    assert run("source", source).stdout_bytes == content


def test_the_ledger_tells_the_counts_and_that_they_add_up(told):
    ledger = as_json(told("ledger", "--json"))
    fates = ("in_themes", "on_their_own", "waiting", "held", "withdrawn", "failed")
    assert ledger["entered"] == sum(ledger[fate] for fate in fates) == 7
    assert ledger["adds_up"] is True


def test_a_ledger_that_does_not_add_up_ends_with_1(told, monkeypatch):
    from dataclasses import replace

    ledger = pipeline.ledger
    monkeypatch.setattr(pipeline, "ledger", lambda line: replace(ledger(line), adds_up=False))
    result = told("ledger")
    assert result.exit_code == 1
    assert "does NOT add up" in result.stdout


def test_a_decision_and_its_voices_find_each_other(told):
    [theme, *_] = as_json(told("themes", "--json"))
    decision = as_json(
        told("decide", "--cannot", "No bus.", "--because", "The county decides.", "--theme", theme["id"], "--json")
    )
    assert set(decision) == {"id"}
    chain = as_json(told("trace", decision["id"], "--json"))
    assert set(chain) == {"decisions", "themes", "utterances", "conversations", "voices"}
    for voice in chain["voices"]:
        assert decision["id"] in as_json(told("trace", voice, "--json"))["decisions"]


@pytest.mark.parametrize(
    "choices", [[], ["--do", "a", "--cannot", "b"], ["--do", "a", "--thinking", "b"]], ids=["none", "two", "two more"]
)
def test_a_decision_is_exactly_one_of_three(told, choices):
    assert told("decide", *choices, "--utterance", "u-1").exit_code == 2


def test_find_tells_who_said_it(told):
    [found] = as_json(told("find", "teaspoons", "--json"))
    assert found["text"] == "Forty teaspoons, please."


def test_status_says_what_to_do_next(run, hand_in):
    assert "listening ingest" in run("status").stdout
    run("ingest", hand_in("all.txt", note([*BUSES, *DAMP])))
    assert "listening synthesise" in run("status").stdout
    run("synthesise")
    assert "listening decide" in run("status").stdout
    [theme, *_] = as_json(run("themes", "--json"))
    run("decide", "--do", "A bus.", "--theme", theme["id"])
    assert "listening trace" in run("status").stdout
    assert as_json(run("status", "--json"))["decisions"] == 1


def test_guides_are_listed_and_read(run):
    assert "good_life" in run("guides").stdout
    assert "consent" in run("guides", "food_chain").stdout
    assert [guide["name"] for guide in as_json(run("guides", "--json"))] == [
        "chain_slip",
        "food_chain",
        "good_life",
        "paper",
    ]


@pytest.mark.parametrize("command", ["themes", "alone", "voices", "ledger", "status"])
def test_every_page_can_be_read_without_json(told, command):
    result = told(command)
    assert result.exit_code == 0
    assert result.stdout.strip()


def test_words_are_shown_whole_and_never_as_markup(run, hand_in):
    words = "[red]Benches[/red] for *everyone*, and :smile: a link= too."
    run("ingest", hand_in("note.txt", words))
    assert words in " ".join(run("find", "benches").stdout.split())


def test_a_mistake_is_answered_with_one_sentence_and_status_1(tmp_path):
    result = subprocess.run(
        [sys.executable, "-m", "listening", "show", "u-000000000000", "--json"],
        capture_output=True, text=True, check=False, env={"LISTENING_DATA": str(tmp_path), "PATH": ""},
    )  # fmt: skip
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr == "listening: There is no utterance here with the id u-000000000000.\n"


def test_help_loads_nothing_heavy():
    heavy = ("torch", "numpy", "duckdb", "prefect", "pydantic")
    code = f"import sys, listening.cli; print([name for name in {heavy} if name in sys.modules])"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"


def test_standard_input_is_read_as_bytes(monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO("Ein Bänkchen, bitte.".encode("utf-16"))))
    with cli._handed_in("-", None) as file:
        assert file.read_bytes().decode("utf-16") == "Ein Bänkchen, bitte."


# --- one theme --------------------------------------------------------------------------------------------------------


def test_a_theme_tells_its_words_why_and_what_became_of_it(told):
    shown = told("theme", "1", "--why", "--history").stdout
    assert "Why these are together" in shown
    assert "What became of it" in shown
    assert "New, with" in shown
    page = as_json(told("theme", "1", "--json"))
    assert set(page) == {"theme", "members", "contrasts", "why", "history"}
    assert page["why"]


def test_changes_tell_what_the_latest_synthesis_did(told):
    assert {one["change"] for one in as_json(told("changes", "--json"))} == {"new"}
    assert "What changed in the themes" in told("changes").stdout


def test_a_title_is_given_shown_and_taken_away(told):
    assert as_json(told("title", "1", "Night buses", "--by", "Nadia", "--json"))["signed"] == "Nadia"
    assert "Night buses" in told("themes").stdout
    assert "no working title" in told("title", "1").stdout
    assert "Night buses" not in told("themes").stdout


def test_what_is_brought_in_later_is_placed_at_once(told, hand_in):
    result = told("ingest", hand_in("later.txt", note([BUSES[0], "Ducks on the beck."])))
    assert "For now 1 utterance joins a theme, and 1 stands on its own." in " ".join(result.stdout.split())
    assert as_json(told("ledger", "--json"))["waiting"] == 0


def test_what_cannot_be_placed_is_kept_and_waits(told, hand_in, monkeypatch):
    def missing(*_):
        raise ModelMissing("The model is not here. Install this software again.")

    monkeypatch.setattr(pipeline, "place_waiting", missing)
    result = told("ingest", hand_in("later.txt", "Ducks on the beck."))
    assert result.exit_code == 0
    assert "wait for the next synthesis" in result.stderr
    assert as_json(told("ledger", "--json"))["waiting"] == 1


# --- people stay in control of their words ----------------------------------------------------------------------------


@pytest.fixture
def teaspoons(told):
    """The utterance that asks for teaspoons."""
    [asked] = as_json(told("find", "teaspoons", "--json"))
    return asked


def test_words_are_held_released_and_withdrawn(told, teaspoons):
    assert "held back" in told("hold", teaspoons["id"], "--because", "to keep her safe").stdout
    assert as_json(told("ledger", "--json"))["held"] == 1
    assert as_json(told("release", teaspoons["id"], "--because", "she is safe", "--json")) == [teaspoons["id"]]
    assert "withdrawn" in told("withdraw", teaspoons["voice"]).stdout
    assert as_json(told("ledger", "--json"))["withdrawn"] == 1


def test_a_code_brings_a_person_back_to_their_own_words(told, teaspoons):
    code = as_json(told("receipt", teaspoons["voice"], "--json"))["code"]
    shown = told("mine", stdin=f"{code}\n")
    assert "Forty teaspoons, please." in shown.stdout
    assert "a decision rests on this" in " ".join(shown.stdout.split())
    told("receipt", teaspoons["voice"], "--stop")
    with pytest.raises(NotFound):
        told("mine", stdin=f"{code}\n")


def test_choices_are_written_down_and_shown(told, teaspoons):
    chosen = as_json(told("consent", teaspoons["voice"], "--yes", "quote", "--no", "contact", "--json"))
    assert chosen == {"group": None, "read": None, "quote": True, "audio": None, "contact": False}
    assert "not asked yet" in told("consent", teaspoons["voice"]).stdout


def test_who_says_not_what_i_meant_is_listed_and_answered(told, teaspoons, line):
    objection = pipeline.object_to(line, teaspoons["voice"], teaspoons["id"], "I meant forks.")
    assert "A reply is due by" in told("objections").stdout
    told("reply", objection.id, "Forks it is.", "--show-again", "--by", "Nadia")
    assert "Nadia answered: Forks it is." in told("objections").stdout


@pytest.fixture
def recorded(run, line, hand_in):
    """A line with a recording of two people, one of whom was hard to hear."""
    pipeline.ingest(dataclasses.replace(line, engine=Doubting), hand_in("two.wav", TWO_PEOPLE))
    return run


def test_doubtful_words_are_told_released_and_put_right(recorded, tmp_path):
    first, second, *_ = as_json(recorded("doubtful", "--json"))
    assert first.keys() == {"id", "text", "source", "file", "start_ms", "end_ms"}
    assert first["id"] in recorded("doubtful").output
    assert recorded("clip", first["id"], tmp_path / "heard.wav").exit_code == 0
    assert (tmp_path / "heard.wav").is_file()
    assert as_json(recorded("release", first["id"], "--by", "Jo", "--json")) == [first["id"]]
    assert as_json(recorded("show", first["id"], "--json"))["fate"] == "waiting"
    put_right = ("correct", second["id"], "--to", "A bench, please.", "--by", "Jo")
    corrected = as_json(recorded(*put_right, "--json"))
    assert (corrected["text"], corrected["corrected_by"]) == ("A bench, please.", "Jo")
    assert corrected["heard"] == second["text"]
    page = recorded(*put_right).output
    assert "put right by ear by Jo" in page
    assert "The machine heard" in page


def test_speakers_are_told_and_named(recorded, line):
    conversation = pipeline.trace(line, pipeline.voices(line)[0].id).conversations[0]
    found = as_json(recorded("speakers", conversation, "--json"))
    assert {one["speaker"] for one in found["speakers"]} == {"speaker 1", "speaker 2"}
    assert "only a little may be missing" in " ".join(recorded("speakers", conversation).output.split())
    voice = found["speakers"][0]["voice"]
    assert as_json(recorded("speaker", voice, "--is", "amina-7", "--by", "Jo", "--json"))["shown"] == "amina-7"
    assert "amina-7" in recorded("speakers", conversation).output
    assert recorded("speaker", voice, "--by", "Jo").exit_code == 2
    assert "speaker" in as_json(recorded("speaker", voice, "--unknown", "--by", "Jo", "--json"))["shown"]


def test_the_ledger_tells_the_time_of_recordings(recorded):
    assert as_json(recorded("ledger", "--json"))["recorded_ms"] == 87_000
    assert "Recordings: 1:27." in recorded("ledger").output


def test_there_is_a_page_for_no_doubtful_words(run):
    assert "No words wait" in run("doubtful").output


# --- the web ----------------------------------------------------------------------------------------------------------


def test_the_first_account_is_made_by_one_command_and_its_password_shown_once(line, monkeypatch):
    monkeypatch.setattr(cli, "_line", lambda: line)
    runner = CliRunner()
    made = runner.invoke(cli.app, ["account", "add", "nadia", "--role", "admin"], catch_exceptions=False)
    password = made.output.split()[-1]
    assert pipeline.signed_in(line, pipeline.sign_in(line, "nadia", password)).role == "admin"
    listed = runner.invoke(cli.app, ["account", "list"], catch_exceptions=False).output
    assert "nadia  admin" in listed
    assert password not in listed
    runner.invoke(cli.app, ["account", "remove", "nadia"], catch_exceptions=False)
    assert pipeline.accounts(line) == []


def test_an_account_is_for_one_of_the_roles(line, monkeypatch):
    monkeypatch.setattr(cli, "_line", lambda: line)
    assert CliRunner().invoke(cli.app, ["account", "add", "nadia", "--role", "king"]).exit_code == 2


def test_serve_opens_the_pages_and_says_where(line, monkeypatch):
    opened = {}
    monkeypatch.setattr(cli, "_line", lambda: line)
    monkeypatch.setattr("uvicorn.run", lambda app, **options: opened.update(options, app=app))
    result = CliRunner().invoke(cli.app, ["serve", "--port", "8123"], catch_exceptions=False)
    assert "http://127.0.0.1:8123/" in result.stderr
    assert (opened["host"], opened["port"]) == ("127.0.0.1", 8123)
    assert opened["app"].state.house.line is line
    assert not opened["proxy_headers"]  # what visitors write about themselves is not believed
    CliRunner().invoke(cli.app, ["serve", "--port", "8123", "--behind"], catch_exceptions=False)
    assert opened["proxy_headers"]
    assert opened["forwarded_allow_ips"] == ["127.0.0.1", "::1"]


def test_a_port_that_another_program_uses_is_told_in_a_sentence(run):
    import socket

    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        result = run("serve", "--port", port)
    assert result.exit_code == 1
    assert f"--port {port + 1}" in result.stderr
