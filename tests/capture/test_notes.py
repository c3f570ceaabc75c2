import random
import time
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from listening.capture import notes
from listening.capture.notes import read_note
from listening.domain import About, Document, Role
from listening.errors import Refused

INTERVIEW = """\
---
kind: good-life
listener: Sam
voices: {Amina: p-12}
---
# A good life

Sam: What does a good life look like?
Amina: More teaspoons in the kitchen.

And a garden.
Sam: Why?
Amina: To sit in.
"""


def _said(document: Document) -> list[tuple[str | None, str]]:
    return [(turn.speaker, document.text[turn.start : turn.end]) for turn in document.turns if turn.role is Role.WORDS]


def _words(note: str) -> list[tuple[str | None, str]]:
    return _said(read_note(note.encode()))


def _in_role(document: Document, role: Role) -> list[str]:
    return [document.text[turn.start : turn.end] for turn in document.turns if turn.role is role]


def test_an_interview_is_read_turn_by_turn() -> None:
    document = read_note(INTERVIEW.encode())
    assert _said(document) == [
        ("Amina", "More teaspoons in the kitchen."),
        ("Amina", "And a garden."),
        ("Amina", "To sit in."),
    ]
    assert _in_role(document, Role.LISTENER) == ["What does a good life look like?", "Why?"]
    assert _in_role(document, Role.FRAME)[1:] == ["# A good life", "Sam:", "Amina:", "Sam:", "Amina:"]
    assert {turn.handle for turn in document.turns if turn.role is Role.WORDS} == {"p-12"}
    assert document.conversations == (About(kind="good-life", listener="Sam", voices={"Amina": "p-12"}),)


def test_the_text_is_the_decoded_bytes_and_line_breaks_stay() -> None:
    note = "One.\r\n\r\nTwo\rthree.\n  caf\u0065\u0301 \u2028 end\r\n"
    assert read_note(b"\xef\xbb\xbf" + note.encode()).text == note
    assert read_note(note.encode("utf-16")).text == note


def test_a_label_that_occurs_twice_is_a_label() -> None:
    assert _words("Amina: yes, I do.\nand more\nBashir: no\nAMINA : well\nBashir:\nso") == [
        ("Amina", "yes, I do.\nand more"),
        ("Bashir", "no"),
        ("Amina", "well"),
        ("Bashir", "so"),
    ]


def test_a_label_that_occurs_once_is_part_of_the_words() -> None:
    assert _words("Note: she laughed.") == [(None, "Note: she laughed.")]
    assert _words("We met.\n\nNote: she laughed.") == [(None, "We met."), (None, "Note: she laughed.")]


LONG = "I would like a bench by the bus stop, please, for my knees."


def test_it_is_asked_who_speaks_where_one_name_begins_the_words_and_the_answer_is_one_line() -> None:
    for opening in ("Petra", "Note"):  # nobody can tell which of these is a name
        with pytest.raises(Refused, match=f"Line 3 begins with “{opening}:”. Is that who speaks"):
            _words(f"# A talk\n\n{opening}: {LONG}\n\nAnd a bus.")
    assert _words(f"---\nvoices: Petra\n---\nPetra: {LONG}") == [("Petra", LONG)]
    assert _words(f"---\nvoices: someone\n---\nNote: {LONG}") == [("someone", f"Note: {LONG}")]
    assert read_note(f"Petra: {LONG}".encode(), About(voices={"Petra": "p-1"})).turns[1].handle == "p-1"


@pytest.mark.parametrize("words", [f"We met.\n\nNote: {LONG}", f"Date: 5 March\n\n{LONG}", f"I say one thing: {LONG}"])
def test_what_is_hardly_a_name_is_words_without_asking(words: str) -> None:
    assert {speaker for speaker, _ in _words(words)} == {None}


@pytest.mark.parametrize("line", ["7:30 bus", "- Sam", "- I think: yes", "NHS: no", "I - we - went", "- to say: yes"])
def test_a_line_with_a_time_a_bullet_or_a_dash_alone_is_words(line: str) -> None:
    assert {speaker for speaker, _ in _words(f"so\n\n{line}\nand so on\n\nso")} == {None}


def test_a_manner_of_speaking_is_no_name_but_an_age_is() -> None:
    assert _words("Sam: yes\nSam (laughing): no\nWoman (60s): so\nWoman (20s): on") == [
        ("Sam", "yes"), ("Sam", "no"), ("Woman (60s)", "so"), ("Woman (20s)", "on"),
    ]  # fmt: skip


def test_a_label_that_occurs_once_counts_where_it_is_announced() -> None:
    hat = "The man in the hat (60s), I think"
    note = f"---\nvoices: [Amina]\nlistener: {hat}\n---\nAmina: yes\n{hat}: why?"
    document = read_note(note.encode())
    assert _said(document) == [("Amina", "yes")]
    assert _in_role(document, Role.LISTENER) == ["why?"]


def test_labels_count_where_every_paragraph_starts_with_one() -> None:
    assert _words("Amina: yes\nTo be clear: no\nand so on\n\nBashir: so") == [
        ("Amina", "yes\nTo be clear: no\nand so on"),
        ("Bashir", "so"),
    ]
    assert _words("Amina: yes\nBashir: so") == [("Amina", "yes"), ("Bashir", "so")]
    assert _words("Amina: yes\n\nBashir: so\n\nand on") == [
        (None, "Amina: yes"),
        (None, "Bashir: so"),
        (None, "and on"),
    ]


@pytest.mark.parametrize(
    "line",
    [
        "10:30 is early",
        "At 10:30 we met",
        "https://example.org is ours",
        "I said, well: no",
        "one two three four five: no",
        "a" * 41 + ": no",
        "Thanks :) indeed",
        "C:\\words",
        "- food: none",
    ],
)
def test_a_line_that_only_looks_like_a_label_is_words_even_twice(line: str) -> None:
    assert {speaker for speaker, _ in _words(f"{line}\n\n{line}\n\nso")} == {None}


@pytest.mark.parametrize("name", ["Ámina", "अमीना", "فاطمة", "阿明", "Dr. O'Neill-Smith", "Speaker 1", "Woman (60s)"])
def test_names_in_any_script_are_labels(name: str) -> None:
    assert _words(f"{name}: yes\n{name}：no\n  **{name}:** so\n**{name}**: on") == [  # noqa: RUF001
        (name, "yes"),
        (name, "no"),
        (name, "so"),
        (name, "on"),
    ]


def test_words_before_the_first_label_are_nobodys_unless_one_person_was_announced() -> None:
    labelled = "hello\nAmina: yes\nBashir: no\nAmina: so\nBashir: on"
    assert _words(labelled)[0] == (None, "hello")
    assert _words(f"---\nvoices: [Amina]\n---\n{labelled}")[0] == (None, "hello")  # somebody else spoke too
    assert _words("---\nvoices: [Amina]\n---\nhello\n\nAmina: yes")[0] == ("Amina", "hello")
    assert _words(f"---\nvoices: [Amina, Bashir]\n---\n{labelled}")[0] == (None, "hello")


def test_the_listener_is_not_the_one_person_who_spoke() -> None:
    assert _words("---\nvoices: {Sam: s, Amina: p-12}\nlistener: sam\n---\nhello") == [("Amina", "hello")]


def test_a_list_item_is_one_turn_kept_whole_with_its_bullet_outside() -> None:
    document = read_note(b"We need:\n- buses. And trams.\n  at night\n* teaspoons\n\n-5 degrees is cold")
    assert _said(document) == [
        (None, "We need:"),
        (None, "buses. And trams.\n  at night"),
        (None, "teaspoons"),
        (None, "-5 degrees is cold"),
    ]
    assert [turn.whole for turn in document.turns if turn.role is Role.WORDS] == [False, True, True, False]
    assert _in_role(document, Role.FRAME) == ["-", "*"]


def test_headings_and_rules_are_no_speech_but_hashtags_are() -> None:
    document = read_note(b"# Day one\nhello\n***\n- - -\n#food matters\n## ")
    assert _said(document) == [(None, "hello"), (None, "#food matters")]
    assert _in_role(document, Role.FRAME) == ["# Day one", "***", "- - -", "##"]


@pytest.mark.parametrize(
    ("note", "reason"),
    [
        ("---\nlistner: Sam\n---\nhello", "Line 2: “listner”"),
        ("---\r\nplace: x\r\ndate: soon\r\n---\r\nhello", "Line 3: “date”"),
        ("---\nplace: x\nhello", "no later one"),
        ("---", "no later one"),
        ("---\nplace: x\n---\n", "Nobody's words"),
        ("# only a heading", "Nobody's words"),
        ("---\nlistener: Sam\n---\nSam: Why?", "Nobody's words"),
        (" \n\t\n", "Nobody's words"),
        ("", "Nobody's words"),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_reason(note: str, reason: str) -> None:
    with pytest.raises(Refused, match=reason):
        read_note(note.encode())


def test_a_note_with_too_many_lines_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notes, "MAX_LINES", 3)
    assert len(read_note(b"a\n\nb").turns) == 2
    with pytest.raises(Refused, match="smaller pieces"):
        read_note(b"a\n\nb\n")


def assert_tiled(document: Document) -> None:
    """Turns are in order, do not overlap, start and end with more than space, and leave only space between them."""
    end = 0
    for turn in document.turns:
        assert not document.text[end : turn.start].strip()
        assert end <= turn.start < turn.end
        assert not document.text[turn.start].isspace()
        assert not document.text[turn.end - 1].isspace()
        end = turn.end
    assert not document.text[end:].strip()


LINES = st.sampled_from(
    ["Amina: yes. No.", "Bashir： so", "**Sam:** why", "- teaspoons", "* ", "# head", "---", "***", "", " ", "\u2028"]  # noqa: RUF001
)
NOTES = st.lists(
    st.tuples(LINES | st.text(max_size=20), st.sampled_from(["\n", "\r\n", "\r", "\n\n"])), max_size=20
).map(lambda lines: "".join(line + end for line, end in lines))


@settings(max_examples=400, deadline=None)
@given(NOTES | NOTES.map(lambda note: INTERVIEW + note))
def test_nothing_of_any_note_is_lost(note: str) -> None:
    try:
        document = read_note(note.encode("utf-8", "replace"))
    except Refused:
        return
    assert document.text == note.encode("utf-8", "replace").decode("utf-8-sig")
    assert_tiled(document)


@settings(max_examples=300, deadline=None)
@given(st.integers())
def test_a_damaged_note_is_read_or_refused(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311
    data = bytearray(INTERVIEW.encode(chance.choice(["utf-8", "utf-16", "cp1252"])))
    for _ in range(chance.randrange(12)):
        place = chance.randrange(len(data))
        data[place : place + chance.randrange(4)] = chance.choice([b"", b"\n", b":", b"---\n", chance.randbytes(2)])
    try:
        document = read_note(bytes(data))
    except Refused:
        return
    assert_tiled(document)


@pytest.mark.parametrize(
    "piece", ["a", "a ", "- ", "a:", "a: ", "*", "**a", "---", ".", "a\n", "a: b\n", "\u2028a", "\t"]
)
def test_a_large_note_takes_seconds_at_most(piece: str) -> None:
    began = time.process_time()
    with suppress(Refused):
        read_note((piece * 40_000).encode())
    assert time.process_time() - began < 10


# --- whose words they are ---------------------------------------------------------------------------------------------


def _spoken(note: str) -> list[tuple[str | None, str]]:
    document = read_note(note.encode())
    return [(turn.speaker, document.text[turn.start : turn.end]) for turn in document.turns if turn.role is Role.WORDS]


def test_an_answer_without_a_label_is_not_lost_among_the_listeners_questions() -> None:
    note = "---\nlistener: Nadia\n---\nNadia: What is good?\n\nA bench.\n\nNadia: And?\n\nI am afraid at home.\n"
    assert _spoken(note) == [(None, "A bench."), (None, "I am afraid at home.")]


def test_an_answer_without_a_label_is_the_only_persons_where_only_one_spoke() -> None:
    note = "---\nlistener: Nadia\n---\nNadia: Why?\n\nLight.\n\nAmina: A bus.\n\nNadia: And?\n\nA bench.\n"
    assert _spoken(note) == [("Amina", "Light."), ("Amina", "A bus."), ("Amina", "A bench.")]


def test_somebody_who_speaks_once_among_labelled_turns_is_not_taken_for_another() -> None:
    note = "Amina: Somewhere to sit.\nBen: The bus stops at eight\nand I am stuck.\nAmina: And another chair.\n"
    assert _spoken(note) == [
        ("Amina", "Somewhere to sit."),
        ("Ben", "The bus stops at eight\nand I am stuck."),
        ("Amina", "And another chair."),
    ]


def test_a_title_does_not_keep_labels_from_counting() -> None:
    note = "Fen Street\n\nAmina: Somewhere to sit.\n\nBen: The bus stops at eight.\n"
    assert _spoken(note)[1:] == [("Amina", "Somewhere to sit."), ("Ben", "The bus stops at eight.")]


def test_a_bare_name_is_not_the_same_person_in_every_file() -> None:
    document = read_note(b"---\nvoices: [Amina]\n---\nAmina: I need a bench.\n")
    assert [turn.handle for turn in document.turns if turn.role is Role.WORDS] == [None]
