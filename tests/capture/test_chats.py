from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from listening.capture.chats import is_one, read_chat
from listening.domain import About, Role
from listening.errors import Refused
from tests.capture.files import chats as files


@pytest.mark.parametrize(("text", "last"), files.STYLES.values(), ids=files.STYLES)
def test_the_time_of_a_message_is_read_in_every_style(text, last):
    times = [turn.said_at for turn in read_chat(text.encode()).turns if turn.role is Role.WORDS]
    assert times[-1] == datetime(*last, tzinfo=UTC)
    assert times[0] < times[-1]


def test_a_day_that_may_be_a_month_is_not_guessed():
    document = read_chat(files.chat("05/03/2026, 10:15 - ", "05/03/2026, 10:16 - ").encode())
    assert {turn.said_at for turn in document.turns} == {None}
    document = read_chat(files.chat("13/03/2026, 10:15 - ", "03/13/2026, 10:16 - ").encode())
    assert {turn.said_at for turn in document.turns} == {None}


def test_a_voice_note_is_its_senders_and_knows_its_day():
    [note] = read_chat(files.IOS.encode()).attached
    assert (note.name, note.speaker, str(note.held_on)) == (
        "00000012-AUDIO-2026-03-13-10-19-11.opus", "Amina", "2026-03-13",
    )  # fmt: skip


def test_who_listened_and_whose_handle_it_is_can_be_said_beside_the_chat():
    about = About(listener="Joe", voices={"Amina": "amina-7"})
    document = read_chat(files.ANDROID.encode(), about)
    assert {(turn.role, turn.speaker, turn.handle) for turn in document.turns if turn.speaker} == {
        (Role.WORDS, "Amina", "amina-7"),
        (Role.LISTENER, "Joe", None),
    }


@pytest.mark.parametrize(
    "text", ["", "hello", "hello\n05/03/2026, 10:15 - Amina: Yes\n", "05/03/2026, 10:15 - Amina left\n"]
)
def test_what_is_no_chat_or_holds_nobodys_words_is_refused(text):
    with pytest.raises(Refused):
        read_chat(text.encode())


WORDS = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"], exclude_characters="\u200e\u200f<>()\ufeff"),
    min_size=1,
    max_size=40,
)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["Amina", "Joe"]), WORDS), min_size=2, max_size=8))
def test_every_message_of_any_chat_is_kept_character_for_character(messages):
    text = "".join(f"13/03/2026, 10:15 - {who}: x{words}\n" for who, words in messages)
    assert is_one(text)
    document = read_chat(text.encode())
    kept = [(turn.speaker, document.text[turn.start : turn.end]) for turn in document.turns if turn.role is Role.WORDS]
    assert kept == [(who, f"x{words}".strip()) for who, words in messages]
