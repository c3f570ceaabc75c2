import pytest

from listening.capture.notes import read_note
from listening.capture.stamps import stamped
from listening.domain import About, Role


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("Amina Begum  0:03", ("Amina Begum", 3000)),
        ("Speaker 1  1:02:03 ", ("Speaker 1", 3_723_000)),
        ("Amina\t12:03", ("Amina", 723_000)),
        ("Amina Begum   0:03", ("Amina Begum", 3000)),
        ("Joe (00:03):", ("Joe", 3000)),
        ("Joe [0:03]", ("Joe", 3000)),
        ("First bus 7:30", None),
        ("Joe  0:99", None),
        ("I walked up the hill to the old hall  0:03", None),
        ("0:03", None),
        ("Joe: 0:03", None),
    ],
)
def test_a_line_says_who_and_when_or_is_none(line, found):
    assert stamped(line, 0, len(line)) == found


@pytest.mark.parametrize(
    "text",
    [
        "First bus  7:30\nI take it\n",  # one alone
        "Bus  9:40\nto town\nBus  7:30\nback\n",  # times that go back
        "First  7:30\nSecond  9:40\n",  # no words between
    ],
)
def test_times_in_somebodys_notes_are_words(text):
    assert {turn.role for turn in read_note(text.encode()).turns} == {Role.WORDS}


def test_the_listener_of_a_stamped_transcript_listens_over_blank_lines():
    text = "Nadia  0:01\n\nWhat would help?\n\nAnd what else?\n\nAmina  0:09\n\nA bench.\n"
    turns = read_note(text.encode(), About(listener="Nadia")).turns
    assert [turn.role for turn in turns] == [Role.FRAME, Role.LISTENER, Role.LISTENER, Role.FRAME, Role.WORDS]
    assert turns[-1].start_ms == 9000
