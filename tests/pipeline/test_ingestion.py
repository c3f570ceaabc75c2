import pytest

from listening import pipeline
from listening.domain import Columns
from listening.errors import ListeningError, NotFound
from listening.pipeline import ingestion as module

NOTE = """---
kind: good-life
place: Fen Street
date: 2026-03-05
listener: Nadia
voices: {Amina: amina-7}
---

Nadia: What does a good life look like to you?

Amina: Somewhere to sit that is not a shop. I would bring my own cushion if they asked me to.

Joe: The bus stops before seven and that is the end of my evening.

Joe: I walk home along the beck in the dark.
"""
TABLE = """who,said
11,More free meeting space.
12,Skating rink on Gordon Avenue.
11,A bus that runs after nine.
,A bench.
"""


def words_of_every(line):
    return [said.text for voice in pipeline.voices(line) for said in pipeline.words_of(line, voice.id)]


def test_a_note_becomes_voices_and_utterances(line, hand_in):
    result = pipeline.ingest(line, hand_in("note.md", NOTE))
    assert (result.sources, result.conversations, result.voices, result.failed) == (1, 1, 2, ())
    assert result.utterances == len(words_of_every(line))
    assert "The bus stops before seven and that is the end of my evening." in words_of_every(line)


def test_what_the_listener_asked_is_nobodys_utterance(line, hand_in):
    pipeline.ingest(line, hand_in("note.md", NOTE))
    assert not any("What does a good life" in words for words in words_of_every(line))


def test_bringing_the_same_content_again_changes_nothing(line, hand_in):
    pipeline.ingest(line, hand_in("note.md", NOTE))
    before = pipeline.counts(line)
    again = pipeline.ingest(line, hand_in("another-name.md", NOTE))
    assert (again.sources, again.conversations, again.voices, again.utterances, again.already_known) == (0, 0, 0, 0, 1)
    assert pipeline.counts(line) == before


def test_one_person_with_one_handle_is_one_voice_in_every_file(line, hand_in):
    pipeline.ingest(line, hand_in("first.md", NOTE))
    pipeline.ingest(line, hand_in("second.md", NOTE + "\nAmina: And somebody on the other chair, if you please.\n"))
    [amina] = [voice for voice in pipeline.voices(line) if voice.shown == "amina-7"]
    assert amina.conversations == 2


def test_one_name_without_a_handle_is_another_person_in_another_file(line, hand_in):
    pipeline.ingest(line, hand_in("first.md", NOTE))
    pipeline.ingest(line, hand_in("second.md", NOTE + "\nJoe: I am the other Joe and I like the dark.\n"))
    assert len([voice for voice in pipeline.voices(line) if voice.shown == "Joe"]) == 2


def test_a_table_has_one_conversation_a_voice_and_one_utterance_a_statement(line, hand_in):
    result = pipeline.ingest(line, hand_in("cards.csv", TABLE), Columns("said", voice="who"))
    assert (result.conversations, result.voices, result.utterances) == (3, 3, 4)


def test_lists_of_people_that_number_anew_are_kept_apart(line, hand_in):
    pipeline.ingest(line, hand_in("spring.csv", TABLE), Columns("said", voice="who", people="spring"))
    pipeline.ingest(line, hand_in("autumn.csv", TABLE + "11,Warm.\n"), Columns("said", voice="who", people="autumn"))
    assert len([voice for voice in pipeline.voices(line) if voice.shown == "11"]) == 2


def test_one_file_that_cannot_be_read_never_stops_the_others(line, hand_in):
    hand_in("a-broken.mp3", b"this is not sound at all")
    hand_in("b-empty.txt", b"")
    hand_in("c-table.csv", TABLE)
    hand_in("d-nobody.md", "---\nkind: good-life\n---\n")
    note = hand_in("e-note.md", NOTE)
    result = pipeline.ingest(line, note.parent)
    assert result.sources == 1
    assert [failure.source for failure in result.failed] == [
        "a-broken.mp3",
        "b-empty.txt",
        "c-table.csv",
        "d-nobody.md",
    ]
    assert "--text" in result.failed[2].reason
    listed = pipeline.ledger(line).failed_sources
    assert [failure.source for failure in listed] == [failure.source for failure in result.failed]


def test_a_refused_file_stays_where_it_was_and_nothing_of_it_is_kept(line, hand_in):
    file = hand_in("broken.mp3", b"this is not sound at all")
    pipeline.ingest(line, file)
    assert file.read_bytes() == b"this is not sound at all"
    assert not [path for path in line.store.folder.rglob("*") if path.is_file() and "listening." not in path.name]


def test_a_file_that_is_taken_later_is_no_longer_listed_as_failed(line, hand_in):
    file = hand_in("cards.csv", TABLE)
    pipeline.ingest(line, file)
    assert pipeline.ledger(line).failed_sources
    pipeline.ingest(line, file, Columns("said"))
    assert pipeline.ledger(line).failed_sources == []


def test_a_place_with_nothing_there_is_said_so(line, tmp_path):
    with pytest.raises(NotFound, match="no file or folder"):
        pipeline.ingest(line, tmp_path / "nowhere")


def test_what_was_received_is_read_later_after_a_stop_in_between(line, hand_in):
    arrival = pipeline.receive(line, hand_in("note.md", NOTE))
    assert pipeline.waiting(line) == [arrival.source_id]
    assert pipeline.ledger(line).sources_waiting == 1
    assert pipeline.ingest(line, None).utterances > 0
    assert pipeline.waiting(line) == []


def test_reading_a_source_twice_enters_it_once(line, hand_in):
    arrival = pipeline.receive(line, hand_in("note.md", NOTE))
    assert pipeline.read(line, arrival.source_id) is not None
    assert pipeline.read(line, arrival.source_id) is None


def test_a_source_that_another_program_read_meanwhile_is_entered_once(line, hand_in, monkeypatch):
    arrival = pipeline.receive(line, hand_in("note.md", NOTE))
    cut = module.segment.cut

    def slow_cut(document):
        monkeypatch.setattr(module.segment, "cut", cut)
        assert pipeline.read(line, arrival.source_id) is not None
        return cut(document)

    monkeypatch.setattr(module.segment, "cut", slow_cut)
    assert pipeline.read(line, arrival.source_id) is None
    assert pipeline.ledger(line).adds_up


def test_a_reader_that_fails_leaves_the_source_kept_and_listed(line, hand_in, monkeypatch):
    def fail(_document):
        raise ListeningError("The reader broke. Try again.")

    monkeypatch.setattr(module.segment, "cut", fail)
    result = pipeline.ingest(line, hand_in("note.md", NOTE))
    assert [failure.reason for failure in result.failed] == ["The reader broke. Try again."]
    assert pipeline.ledger(line).sources_waiting == 1
    monkeypatch.undo()
    assert pipeline.ingest(line, None).utterances > 0
    assert pipeline.ledger(line).failed_sources == []


def test_a_source_nobody_knows_cannot_be_read(line):
    with pytest.raises(NotFound):
        pipeline.read(line, "s-000000000000")


def test_progress_says_what_is_being_done(line, hand_in):
    seen = []
    pipeline.ingest(line, hand_in("note.md", NOTE), progress=lambda *step: seen.append(step))
    assert ("receive", 1, 1) in seen
    assert ("read", 1, 1) in seen
