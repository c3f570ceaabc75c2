"""Documents, captions, chats and forms on their way in."""

import io
import json
import shlex
import wave
import zipfile

import duckdb
import pytest
from typer.testing import CliRunner

from listening import cli, pipeline
from listening.domain import Columns
from listening.errors import NotFound
from listening.store.migrate import known_migrations, migrate
from tests.capture.files import captions, chats, sheets, word

VOICE_NOTE = "00000012-AUDIO-2026-03-13-10-19-11.opus"


def sound(seconds=5):
    """A wave file; voice notes are told apart by what is in them, not by their name."""
    out = io.BytesIO()
    with wave.open(out, "wb") as target:
        target.setnchannels(1)
        target.setsampwidth(2)
        target.setframerate(8000)
        target.writeframes(bytes(range(250)) * 64 * seconds)
    return out.getvalue()


def chat_with(**voice_notes):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as target:
        target.writestr("_chat.txt", chats.IOS)
        for name, content in voice_notes.items():
            target.writestr(name, content)
    return out.getvalue()


def test_a_whole_folder_of_real_files_comes_in_and_the_ledger_adds_up(line, hand_in):
    cases = [*word.CASES, *captions.CASES, *chats.CASES]
    for number, case in enumerate(cases):
        file = hand_in(f"{number:02}-{case.name}", case.content)
    result = pipeline.ingest(line, file.parent)
    missing = [failure for failure in result.failed if "is spoken of but is not here" in failure.reason]
    assert list(result.failed) == missing  # voice notes of chats that came without them
    assert result.utterances + result.already_known >= len(cases)
    ledger = pipeline.ledger(line)
    assert ledger.adds_up
    assert ledger.entered == result.utterances
    again = pipeline.ingest(line, file.parent)
    assert (again.sources, again.utterances, again.failed) == (0, 0, result.failed)


def test_captions_keep_their_times(line, hand_in):
    pipeline.ingest(line, hand_in("talk.vtt", captions.ZOOM))
    with line.store.reading() as read:
        found = read._connection.execute("SELECT start_ms, end_ms FROM utterance ORDER BY ordinal").fetchall()
    assert found == [(1000, 6000), (7000, 9000)]


def test_a_voice_note_is_the_same_voice_in_the_same_conversation(line, hand_in):
    file = hand_in("chat.zip", chat_with(**{VOICE_NOTE: sound()}))
    result = pipeline.ingest(line, file)
    assert (result.failed, result.sources, result.conversations, result.voices) == ((), 2, 1, 3)
    [amina] = [voice for voice in pipeline.voices(line) if voice.shown == "Amina"]
    quotes = pipeline.words_of(line, amina.id)
    assert {pipeline.show(line, quote.id).unit for quote in quotes} == {"char", "ms"}
    assert len({quote.conversation for quote in quotes}) == 1
    again = pipeline.ingest(line, file)
    assert (again.sources, again.utterances, again.already_known) == (0, 0, 2)


def test_a_voice_note_that_is_damaged_or_missing_is_named_and_the_chat_goes_on(line, hand_in):
    result = pipeline.ingest(line, hand_in("chat.zip", chat_with(**{VOICE_NOTE: b"no sound"})))
    assert [failure.source for failure in result.failed] == [f"chat.zip: {VOICE_NOTE}"]
    assert result.utterances > 0
    result = pipeline.ingest(line, hand_in("text-only.zip", chat_with()))
    assert "is not here" in result.failed[0].reason
    assert [failure.source for failure in pipeline.ledger(line).failed_sources] == [
        f"chat.zip: {VOICE_NOTE}", f"text-only.zip: {VOICE_NOTE}",
    ]  # fmt: skip
    pipeline.ingest(line, hand_in("text-only.zip", chat_with(**{VOICE_NOTE: sound()})))
    assert [failure.source for failure in pipeline.ledger(line).failed_sources] == [f"chat.zip: {VOICE_NOTE}"]


def test_a_file_beside_a_chat_says_who_listened(line, hand_in):
    hand_in("chat.txt.yaml", "listener: Joe\nplace: Fen Street\n")
    file = hand_in("chat.txt", chats.ANDROID)
    result = pipeline.ingest(line, file.parent)
    assert result.voices == 1
    assert {quote.place for quote in pipeline.find(line, "bench")} == {"Fen Street"}


def test_a_table_is_guessed_then_confirmed_then_remembered(line, hand_in):
    file = hand_in("spring.xlsx", sheets.by_openpyxl(sheets.CARDS))
    result = pipeline.ingest(line, file)
    [guess] = result.guesses
    assert (guess.columns.text, guess.columns.voice) == ("Comment", "Participant")
    assert guess.example["Comment"] == sheets.BENCH
    options = ["--text Comment", "--voice Participant", "--time Date", "--place Where"]
    assert guess.command == " ".join(["listening ingest", str(file), *options])
    assert guess.command in result.failed[0].reason
    assert sheets.BENCH not in pipeline.ledger(line).failed_sources[0].reason
    assert pipeline.ingest(line, file, guess.columns).utterances == 3
    later = hand_in("summer.csv", sheets.as_csv([*sheets.CARDS, ["2026-06-01", "Fen Street", "p-9", "A garden."]]))
    result = pipeline.ingest(line, later)
    assert (result.failed, result.utterances) == ((), 1)  # the others are here already
    assert "as you said for a table with the same headings" in result.notes[0]
    assert {voice.shown: voice.utterances for voice in pipeline.voices(line)}["p-9"] == 1


def test_the_command_that_is_offered_confirms_the_guess(line, hand_in, monkeypatch):
    monkeypatch.setattr(cli, "_line", lambda: line)
    file = hand_in(
        "talks.csv",
        sheets.as_csv(
            [["Who", 'What did "home" mean?', "And then?"], ["1", "A bench", "Tea"], ["2", "A bus", "Bread"]]
        ),
    )
    told = CliRunner().invoke(cli.app, ["ingest", str(file), "--json"])
    assert told.exit_code == 1
    [guess] = json.loads(told.stdout)["guesses"]
    again = CliRunner().invoke(cli.app, [*shlex.split(guess["command"])[1:], "--json"])
    assert (again.exit_code, json.loads(again.stdout)["utterances"]) == (0, 4)
    shown = CliRunner().invoke(cli.app, ["ingest", str(file)])
    assert "as you said" in shown.output


def test_a_form_with_recordings_beside_it_has_them_in_the_same_conversation(line, hand_in):
    rows = [row[:] for row in sheets.KOBO[:3]]
    rows[1][6] = "answer-1.wav"
    hand_in("answer-1.wav", sound())
    file = hand_in("kobo.csv", sheets.as_csv(rows, ";"))
    result = pipeline.ingest(line, file.parent)
    assert (result.failed, result.sources, result.conversations) == ((), 2, 2)
    [heard] = pipeline.find(line, "We said")[:1]
    assert heard.place == "Fen"
    assert len([quote for quote in pipeline.find(line, "") if quote.voice == heard.voice]) > 2
    again = pipeline.ingest(line, file.parent)
    assert (again.sources, again.failed) == (0, ())


def test_nobodys_name_or_address_is_shown(line, hand_in):
    pipeline.ingest(line, hand_in("microsoft.xlsx", sheets.by_openpyxl(sheets.MICROSOFT)))
    assert {voice.shown for voice in pipeline.voices(line)} == {"person 1", "person 2"}


JPG = b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(200)


def test_the_photo_of_a_sheet_is_kept_with_its_note(line, hand_in):
    note = hand_in("sheet-1.md", "---\nphoto: sheet-1.jpg\n---\n\nA: More teaspoons [?] please.\n")
    alone = pipeline.ingest(line, note)
    assert "is not beside this file" in alone.failed[0].reason
    hand_in("sheet-1.jpg", JPG)
    result = pipeline.ingest(line, note.parent)
    assert (result.failed, result.sources) == ((), 1)
    [found] = pipeline.find(line, "teaspoons")
    assert pipeline.photo_of(line, pipeline.show(line, found.id).source).read_bytes() == JPG
    again = pipeline.ingest(line, note.parent)
    assert (again.failed, again.sources) == ((), 0)
    assert pipeline.ledger(line).failed_sources == []


def test_a_photo_that_is_none_or_lies_elsewhere_is_refused(line, hand_in):
    hand_in("words.jpg", b"no picture")
    for name, reason in {
        "words.jpg": "does not hold a picture",
        "../words.jpg": "only the name",
        "a.gif": "not one of",
    }.items():
        result = pipeline.ingest(line, hand_in("note.md", f"---\nphoto: {name}\n---\n\nA bench.\n"))
        assert reason in result.failed[0].reason


def test_a_source_without_a_photo_says_so(line, hand_in):
    pipeline.ingest(line, hand_in("note.md", "A bench by the bus stop."))
    [found] = pipeline.find(line, "bench")
    with pytest.raises(NotFound, match="No picture came"):
        pipeline.photo_of(line, pipeline.show(line, found.id).source)


def test_a_database_from_before_papers_is_brought_up_to_date(tmp_path):
    connection = duckdb.connect(str(tmp_path / "old.duckdb"))
    steps = known_migrations()
    migrate(connection, steps[:1])
    connection.execute(
        "INSERT INTO source VALUES ('s-1', 'abc', 'note', '.md', 'a.md', 3, '{}', '2026-03-05 10:00:00+00')"
    )
    assert migrate(connection, steps) == len(steps) - 1
    connection.execute("INSERT INTO source VALUES ('s-2', 'abd', 'chat', '.zip', 'a.zip', 3, '{}', now())")
    assert connection.execute("SELECT id, media FROM source ORDER BY id").fetchall() == [
        ("s-1", "note"),
        ("s-2", "chat"),
    ]
    with pytest.raises(duckdb.ConstraintException):
        connection.execute("INSERT INTO source VALUES ('s-3', 'abd', 'chat', '.zip', 'a.zip', 3, '{}', now())")
    assert connection.execute("SELECT count(*) FROM chain").fetchall() == [(0,)]
    connection.close()


def test_a_note_can_have_its_description_beside_it(line, hand_in):
    hand_in("note.txt.yaml", "place: Fen Street\nlistener: Nadia\n")
    file = hand_in("note.txt", "Nadia: What would help?\n\nAmina: A bench.\n\nNadia: And?\n\nAmina: A bus.\n")
    result = pipeline.ingest(line, file.parent)
    assert (result.failed, result.voices) == ((), 1)
    assert {quote.place for quote in pipeline.find(line, "bench")} == {"Fen Street"}


def test_what_an_older_version_kept_of_a_source_is_the_same_description(line, hand_in):
    file = hand_in("cards.csv", "who,said\n11,A bench.\n")
    pipeline.ingest(line, file, Columns("said", voice="who"))
    with line.store.writing() as write:
        write._connection.execute(
            'UPDATE source SET about = \'{"text": "said", "voice": "who", "time": null, "people": ""}\''
        )
    again = pipeline.ingest(line, file, Columns("said", voice="who"))
    assert (again.already_known, again.failed) == (1, ())
    other = pipeline.ingest(line, file, Columns("said"))
    assert "other columns" in other.failed[0].reason
