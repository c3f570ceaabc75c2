import json

import pytest

from listening import pipeline
from listening.domain import Columns
from listening.errors import Refused
from tests.pipeline.test_papers import VOICE_NOTE, chat_with, sound

FIRST = """13/03/2026, 10:15 - Amina created group "Fen Street"
13/03/2026, 10:16 - Amina: I would like a bench by the bus stop.
13/03/2026, 10:17 - +44 7700 900123: The last bus goes before seven.
13/03/2026, 10:18 - +44 7700 900999: I walk home along the beck in the dark.
13/03/2026, 10:18 - Amina: Yes
13/03/2026, 10:18 - Amina: Yes
"""
LATER = """14/03/2026, 09:00 - Joe: Teaspoons in the kitchen, please.
14/03/2026, 09:01 - +44 7700 900999: And a kettle that works.
14/03/2026, 09:02 - +44 7700 900111: I have a kettle to give away.
"""


def said(line):
    """Who said what, in no order."""
    return sorted(
        (voice.shown, one.text) for voice in pipeline.voices(line) for one in pipeline.words_of(line, voice.id)
    )


def bring(line, path, columns=None):
    result = pipeline.ingest(line, path, columns)
    assert result.failed == ()
    return result


def test_of_a_chat_that_has_grown_only_new_messages_enter(line, hand_in):
    bring(line, hand_in("chat.txt", FIRST))
    before = said(line)
    result = bring(line, hand_in("chat (1).txt", FIRST + LATER))
    assert (result.conversations, result.utterances) == (0, 3)
    assert any("5 messages were here already, 3 are new." in note for note in result.notes)
    assert said(line) == sorted([
        *before,
        ("Joe", "Teaspoons in the kitchen, please."),
        ("person 2", "And a kettle that works."),
        ("person 3", "I have a kettle to give away."),
    ])  # fmt: skip
    assert len(pipeline.voices(line)) == 5


def test_each_later_export_enters_what_is_new_since_the_last(line, hand_in):
    third = FIRST + LATER + "15/03/2026, 09:00 - +44 7700 900111: It is a red one.\n"
    for name, text in (("a.txt", FIRST), ("b.txt", FIRST + LATER), ("c.txt", third)):
        bring(line, hand_in(name, text))
    assert len(said(line)) == 9
    assert ("person 3", "It is a red one.") in said(line)
    again = bring(line, hand_in("b again.txt", FIRST + LATER))
    assert (again.utterances, again.already_known) == (0, 1)


def test_an_export_that_begins_later_keeps_who_is_who(line, hand_in):
    bring(line, hand_in("chat.txt", FIRST))
    begins_later = "".join(FIRST.splitlines(keepends=True)[3:]) + LATER
    bring(line, hand_in("chat (1).txt", begins_later))
    assert ("person 2", "And a kettle that works.") in said(line)
    assert ("person 3", "I have a kettle to give away.") in said(line)
    assert len(said(line)) == 8


def test_exports_brought_in_one_folder_enter_each_message_once(line, tmp_path):
    folder = tmp_path / "handed in"
    folder.mkdir()
    (folder / "a.txt").write_text(FIRST + LATER)
    (folder / "b.txt").write_text(FIRST)
    bring(line, folder)
    assert len(said(line)) == 8


def test_another_phone_writes_the_same_chat_in_another_style(line, hand_in):
    bring(line, hand_in("android.txt", FIRST))
    ios = (
        (FIRST + LATER)
        .replace("13/03/2026, ", "[13.03.26, ")
        .replace("14/03/2026, ", "[14.03.26, ")
        .replace(" - ", ":05] ")
    )
    assert bring(line, hand_in("ios.txt", ios)).utterances == 3


def test_what_was_deleted_stays_and_what_was_changed_is_told(line, hand_in):
    bring(line, hand_in("chat.txt", FIRST))
    changed = FIRST.replace("before seven.", "before seven in winter.").replace("Amina: I would like", "Amina: We want")
    result = bring(line, hand_in("chat (1).txt", changed + LATER))
    assert result.utterances == 5
    assert {text for _, text in said(line)} >= {
        "The last bus goes before seven.",
        "The last bus goes before seven in winter.",
    }
    deleted = "".join(each for each in FIRST.splitlines(keepends=True) if "900123" not in each)
    result = bring(line, hand_in("chat (2).txt", deleted + LATER))
    assert result.utterances == 0
    assert any("that came before" in note and "What came before stays" in note for note in result.notes)


def test_withdrawn_words_do_not_come_back_with_a_later_export(line, hand_in):
    bring(line, hand_in("chat.txt", FIRST))
    [amina] = [voice for voice in pipeline.voices(line) if voice.shown == "Amina"]
    pipeline.withdraw(line, amina.id, by="Nadia")
    bring(line, hand_in("chat (1).txt", FIRST + LATER))
    assert "Amina" not in {who for who, _ in said(line)}


def test_two_chats_that_share_a_message_are_two_chats(line, hand_in):
    bring(line, hand_in("street.txt", FIRST))
    other = "".join(f"13/03/2026, 08:{n:02} - Joe: Other things, number {n}\n" for n in range(10, 30))
    shared = "13/03/2026, 10:16 - Amina: I would like a bench by the bus stop.\n"
    later = other.replace("08:", "20:")
    result = bring(line, hand_in("hall.txt", other + shared + later))
    assert (result.conversations, result.utterances) == (1, 41)


FORM = [
    ["Timestamp", "What would help?", "Who are you?"],
    ["2026-03-05 10:15:22", "A later bus.", "11"],
    ["2026-03-05 10:16:22", "A bench.", "12"],
]
NEW = ["2026-03-06 10:16:22", "A bench.", "11"]
TIMED = Columns("What would help?", voice="Who are you?", time="Timestamp")


def as_csv(rows):
    return "".join(",".join(row) + "\n" for row in rows)


def test_of_a_form_with_more_answers_only_new_ones_enter(line, hand_in):
    bring(line, hand_in("form.csv", as_csv(FORM)), TIMED)
    result = bring(line, hand_in("form (1).csv", as_csv([*FORM, NEW])), TIMED)
    assert (result.conversations, result.voices, result.utterances) == (1, 1, 1)
    assert any("2 answers were here already, 1 is new." in note for note in result.notes)
    assert said(line) == [("11", "A bench."), ("11", "A later bus."), ("12", "A bench.")]


def test_an_answer_is_known_by_its_id_although_the_form_has_grown(line, hand_in):
    uuids = [["words", "_uuid"], ["A bench.", "uuid-0001"], ["A bus.", "uuid-0002"]]
    grown = [
        ["words", "new", "_uuid"],
        ["A bench, long.", "x", "uuid-0001"],
        ["A bus.", "y", "uuid-0002"],
        ["Tea.", "z", "uuid-0003"],
    ]
    grown[1][0] = "A bench and a tree."
    bring(line, hand_in("a.csv", as_csv(uuids)), Columns("words"))
    assert bring(line, hand_in("b.csv", as_csv(grown)), Columns("words")).utterances == 2
    assert len(said(line)) == 4  # an answer that was changed is new words; what was said before stays


def test_rows_without_a_time_are_known_only_where_the_whole_table_came_again(line, hand_in):
    spring = "said\nMore buses.\nA bench.\n"
    bring(line, hand_in("spring.csv", spring), Columns("said"))
    autumn = bring(line, hand_in("autumn.csv", "said\nMore buses.\nTeaspoons.\n"), Columns("said"))
    assert autumn.utterances == 2  # somebody else may have said the same
    assert bring(line, hand_in("spring (1).csv", f"{spring}More buses.\nTrees.\n"), Columns("said")).utterances == 2


ANSWERS = "ID,Start time,What would help?,Voice note\n1,2026-03-05 10:15:22,,bench.wav\n2,2026-03-05 10:16:22,A bus.,\n"
COLUMNS = Columns("What would help?", time="Start time", recording=("Voice note",))


def test_a_row_with_only_a_recording_makes_one_conversation_however_often_its_form_is_exported(line, hand_in):
    hand_in("bench.wav", sound())
    first = bring(line, hand_in("a.csv", ANSWERS), COLUMNS)
    assert (first.sources, first.conversations) == (2, 2)
    assert bring(line, hand_in("b.csv", ANSWERS + "3,2026-03-05 10:17:22,Tea.,\n"), COLUMNS).conversations == 1
    hand_in("talk.wav", sound(seconds=4))
    third = bring(line, hand_in("c.csv", ANSWERS + "4,2026-03-05 10:18:22,,talk.wav\n"), COLUMNS)
    assert third.conversations == 1
    assert "2 answers were here already, 1 is new." in third.notes[0]
    assert len(pipeline.conversations(line)) == 4


def test_a_recording_that_was_missing_joins_its_conversation_when_it_comes_with_a_later_export(line, hand_in):
    assert "is not here" in pipeline.ingest(line, hand_in("a.csv", ANSWERS), COLUMNS).failed[0].reason
    hand_in("bench.wav", sound())
    again = bring(line, hand_in("b.csv", ANSWERS + "3,2026-03-05 10:17:22,Tea.,\n"), COLUMNS)
    assert (again.sources, again.conversations) == (2, 1)


def test_a_later_export_without_recordings_asks_for_none_that_is_here(line, hand_in):
    bring(line, hand_in("a.zip", chat_with(**{VOICE_NOTE: sound()})))
    assert bring(line, hand_in("b.zip", chat_with())).utterances == 0


def test_voice_notes_that_come_with_a_later_export_of_the_same_chat_enter(line, hand_in):
    assert pipeline.ingest(line, hand_in("a.zip", chat_with())).failed != ()
    assert bring(line, hand_in("b.zip", chat_with(**{VOICE_NOTE: sound()}))).utterances > 0


def test_people_known_by_their_address_are_the_same_in_a_later_export(line, hand_in):
    def form(*rows):
        return as_csv([["ID", "Start time", "Email", "What would help?"], *rows])

    first = (
        ["1", "2026-03-05 10:15:22", "a@example.org", "A bench."],
        ["2", "2026-03-05 10:16:22", "b@example.org", "A bus."],
    )
    more = (
        ["3", "2026-03-06 10:16:22", "c@example.org", "Tea."],
        ["4", "2026-03-07 10:16:22", "b@example.org", "And toast."],
    )
    columns = Columns("What would help?", voice="Email", time="Start time")
    bring(line, hand_in("a.csv", form(*first)), columns)
    bring(line, hand_in("b.csv", form(*more, *first)), columns)  # the newest first
    assert said(line) == [
        ("person 1", "A bench."), ("person 2", "A bus."), ("person 2", "And toast."), ("person 3", "Tea."),
    ]  # fmt: skip


@pytest.fixture
def doubted(line, hand_in):
    """What came of a transcript of Whisper with one segment that may be invented."""
    segments = [
        {"start": 0, "end": 4, "text": " I would like a bench by the bus stop.", "avg_logprob": -0.2},
        {
            "start": 9,
            "end": 12,
            "text": " Thank you for watching this video.",
            "avg_logprob": -0.9,
            "no_speech_prob": 0.9,
        },
    ]
    return bring(line, hand_in("whisper.json", json.dumps({"segments": segments})))


def test_the_words_of_a_transcript_that_may_be_invented_wait_for_somebody_to_listen(line, doubted):
    assert [one.text for one in pipeline.doubtful(line)] == ["Thank you for watching this video."]
    assert any("may not have been said" in note for note in doubted.notes)


@pytest.mark.usefixtures("doubted")
def test_doubted_words_of_a_transcript_are_put_right_by_somebody_who_listened_elsewhere(line, tmp_path):
    [waiting] = pipeline.doubtful(line)
    with pytest.raises(Refused, match=r"Listen to 0:09 of the recording .* release them; if not, correct them"):
        pipeline.clip(line, waiting.id, tmp_path / "heard.wav")
    pipeline.correct(line, waiting.id, to="Thank you for listening.", by="Jo")
    assert pipeline.doubtful(line) == []
    now = pipeline.show(line, waiting.id)
    assert (now.text, now.heard, now.corrected_by) == ("Thank you for listening.", waiting.text, "Jo")


@pytest.mark.usefixtures("doubted")
def test_doubted_words_of_a_transcript_are_accepted_by_name_without_listening(line):
    [waiting] = pipeline.doubtful(line)
    pipeline.release(line, waiting.id, because="not listened to", by="Jo")
    assert pipeline.doubtful(line) == []
    with line.store.reading() as read:
        told = read._run("test", "SELECT because, signed FROM utterance_event WHERE what = 'released'", {})
    assert told == [("not listened to", "Jo")]


@pytest.mark.usefixtures("doubted")
def test_words_that_were_typed_or_that_nobody_doubted_stay_as_they_are(line):
    [sure] = pipeline.find(line, "bench")
    with pytest.raises(Refused, match="was typed"):
        pipeline.correct(line, sure.id, to="A bus.", by="Jo")


def test_an_export_that_is_the_same_changes_nothing(line, hand_in):
    bring(line, hand_in("chat.txt", FIRST))
    again = bring(line, hand_in("copy.txt", FIRST))
    assert (again.utterances, again.already_known) == (0, 1)
