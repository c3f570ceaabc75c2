from typer.testing import CliRunner

from listening import cli, pipeline, questions
from listening.domain import Choice, Purpose
from tests.pipeline.test_erasing import CANARY, NOTE


def test_all_that_is_kept_about_a_voice_is_in_one_file(line, hand_in, tmp_path, monkeypatch):
    pipeline.ingest(line, hand_in("second.txt", NOTE))
    said = pipeline.find(line, "heron")[0]
    pipeline.decide(line, Choice.DO, "A roof for the herons.", utterances=[said.id])
    pipeline.choose(line, said.voice, Purpose.QUOTE, given=True, by="Nadia")
    pipeline.mark_offer(line, said.id, marked=True, by="Nadia")
    pipeline.hold(line, said.id, "she may be <known> by it", by="Nadia")
    pipeline.set_inquiry(line, asks="uk-1/tenure")
    asked = questions.known()["uk-1/tenure"]
    answer, words = next(iter(asked.answers.items()))
    pipeline.tell_about(line, said.voice, {asked.id: answer}, agreed=True)
    pipeline.give_receipt(line, said.voice, by="Fen")
    monkeypatch.setattr(cli, "_line", lambda: line)
    file = tmp_path / "mine.html"
    assert CliRunner().invoke(cli.app, ["everything", said.voice, str(file)], catch_exceptions=False).exit_code == 0
    page = file.read_text(encoding="utf-8")
    told = (CANARY, "A roof for the herons.", "she may be &lt;known&gt; by it", "Nadia", "Fen", "said yes")
    for part in (*told, "marked as an offer", words):
        assert part in page
    assert "seven o&#39;clock" not in page  # what somebody else said is theirs
    assert "<known>" not in page
