"""The README is held to its word: every command in it is run, every setting in it exists, every command is in it."""

import dataclasses
import re
import shlex
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from listening import cli, pipeline
from listening.domain import AskedFirst, Choice, Duty, Step
from listening.settings import Settings
from listening.store import Store
from tests.capture.files.sheets import by_openpyxl
from tests.pipeline.test_hearing import TWO_PEOPLE, Doubting
from tests.pipeline.test_synthesis import BUSES, DAMP, note

README = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")
COMMANDS = [
    line
    for block in re.findall(r"```bash\n(.*?)```", README, re.DOTALL)
    for line in block.splitlines()
    if "listening " in line and "listening flow" not in line and "listening serve" not in line
]
OF_RECORDINGS = ("clip", "release", "correct", "speakers", "speaker")
SOON = datetime.now(UTC).date() + timedelta(days=60)
NOTES = re.search(r"```text\n(---\n.*?)```", README, re.DOTALL)[1]


@pytest.fixture
def there(line, hand_in, monkeypatch, tmp_path):
    """A line in which something was said and decided, and the files that the README speaks of."""
    pipeline.ingest(line, hand_in("all.txt", note([*BUSES, *DAMP, "Forty teaspoons, please."])))
    pipeline.ingest(dataclasses.replace(line, engine=Doubting), hand_in("two.wav", TWO_PEOPLE))
    pipeline.synthesise(line)
    (tmp_path / "my-notes.md").write_text(NOTES, encoding="utf-8")
    (tmp_path / "my-folder").mkdir()
    (tmp_path / "my-folder" / "more.txt").write_text("A bench.", encoding="utf-8")
    (tmp_path / "comments.csv").write_text(
        "timestamp,author-id,comment-body\n1726860676783,11,More free meeting space.\n", encoding="utf-8"
    )
    (tmp_path / "area.csv").write_text("question,answer,people\nage,25 to 44,900\n", encoding="utf-8")
    rows = [["What would help?", "What else?", "Where", "May we use this?"], ["A bench.", "Tea.", "The hall", "yes"]]
    (tmp_path / "evening.xlsx").write_bytes(by_openpyxl(rows))
    photographed = hand_in("sheet-1.md", "---\nphoto: sheet-1.jpg\n---\n\nA: A kettle.\n")
    hand_in("sheet-1.jpg", b"\xff\xd8\xff")
    pipeline.ingest(line, photographed)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(cli, "_line", lambda: line)
    empty = dataclasses.replace(line, store=Store(tmp_path / "empty", 10))
    monkeypatch.setattr(cli, "_opened", lambda: empty)
    return line


def a_link(command, line):
    """A link of the chain "north", as far as a command of it needs."""
    pipeline.start_chain(line, "north", pipeline.AIM, "amina-7")
    if "chain invite" in command or "LINK" not in command:
        return ""
    link = pipeline.invite(line, "north", "amina-7", handle="colin-4").link
    if not any(verb in command for verb in ("agree", "remind")):
        pipeline.agree(line, link, "07700 900123")
    if "go-on" in command:
        pipeline.take_step(line, link, Step.TALKED)
    return link


def of_an_inquiry(command, line):
    """What the commands about an inquiry and the empty chair need to be there."""
    if "chair note" in command:
        pipeline.set_inquiry(line, asks="uk-1/age")
    if "inquiry held" in command:
        return {"PLANNED": pipeline.plan_conversation(line, AskedFirst.USE_MOST, "The lunch club").id}
    return {"CONVERSATION": pipeline.conversations(line)[0].id} if "inquiry heard" in command else {}


def fill_in(command, line):
    """Put real ids where the README has names for them."""
    theme = pipeline.themes(line)[0]
    utterance = theme.utterances[0]
    shown = pipeline.show(line, pipeline.find(line, "kettle")[0].id if "--photo" in command else utterance)
    decision = pipeline.decide(line, Choice.DO, "A bench.", utterances=[utterance])
    step = pipeline.add_milestone(line, decision.id, "Order it", SOON)
    names = {
        "DECISION": decision.id,
        "STEP": step.id,
        "THEME": theme.id,
        "UTTERANCE": utterance,
        "VOICE": shown.voice,
        "SOURCE": shown.source,
    }
    if any(f"listening {name} " in command for name in OF_RECORDINGS):
        [waiting, *_] = pipeline.doubtful(line)
        of_it = pipeline.trace(line, waiting.id)
        names |= {"UTTERANCE": waiting.id, "VOICE": of_it.voices[0], "CONVERSATION": of_it.conversations[0]}
    if "listening chain" in command and "chain start" not in command:
        names["LINK"] = a_link(command, line)
    names |= of_an_inquiry(command, line)
    if "account remove" in command:
        pipeline.add_account(line, "sam", Duty.WORKER, pipeline.new_password())
    if any(option in command for option in ("--due", "--milestone", "--look-again")):
        command = re.sub(r"\b20\d\d-\d\d-\d\d\b", SOON.isoformat(), command)  # days to come, whenever this runs
    for name, identifier in names.items():
        command = re.sub(rf"\b{name}\b", identifier, command)
    return command


@pytest.mark.parametrize("command", COMMANDS)
def test_the_command_works(there, command):
    words = shlex.split(fill_in(command, there), comments=True)
    stdin = words[1] if words[0] == "echo" else None
    if words[:2] == ["listening", "mine"]:
        stdin = pipeline.give_receipt(there, pipeline.voices(there)[0].id)
    if "--with-contact" in words:
        stdin = "07700 900123"
    words = words[words.index("listening") + 1 :]
    if words[0] == "restore":
        pipeline.backup(there, Path(words[1]))
    if ">" in words:
        words = words[: words.index(">")]
    result = CliRunner().invoke(cli.app, words, input=stdin, catch_exceptions=False)
    assert result.exit_code == 0, result.output


def test_the_example_note_is_read_as_the_readme_says(there):
    CliRunner().invoke(cli.app, ["ingest", "my-notes.md"], catch_exceptions=False)
    [found] = pipeline.find(there, "not a shop")
    assert found.shown == "amina-7"


def test_every_command_is_in_the_readme():
    commands = typer.main.get_command(cli.app).commands
    assert [name for name in commands if f"listening {name}" not in README] == []


def test_every_setting_is_in_the_readme():
    missing = [name for name in Settings.model_fields if f"`LISTENING_{name.upper()}`" not in README]
    assert missing == []
