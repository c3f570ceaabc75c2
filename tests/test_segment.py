import sys
import time
from collections.abc import Sequence
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from listening.capture import read_note, read_table
from listening.domain import About, Columns, Document, Part, Role, Segment, Turn
from listening.errors import Refused
from listening.segment import MOST_CHARACTERS, MOST_WORDS, cut, from_speech


def _document(text: str, language: str | None = None, *, whole: bool = False, role: Role = Role.WORDS) -> Document:
    return Document(text, (Turn(0, len(text), role, whole=whole),), (About(language=language),))


def _cut(text: str, language: str | None = None, *, whole: bool = False) -> list[str]:
    return [text[part.start : part.end] for part in cut(_document(text, language, whole=whole))]


def assert_nothing_lost(text: str, parts: Sequence[Part]) -> None:
    """Parts are in order, do not overlap, start and end with more than space, and leave only space between them."""
    end = 0
    for part in parts:
        assert end <= part.start < part.end <= len(text)
        assert not text[end : part.start].strip()
        assert not text[part.start].isspace()
        assert not text[part.end - 1].isspace()
        end = part.end
    assert not text[end:].strip()


# --- typed text -------------------------------------------------------------------------------------------------------


def test_a_turn_is_cut_into_sentences_without_the_space_around_them() -> None:
    text = "  We met Mr. Smith at the hall on Monday.  He came by bus again with all his seedlings!"
    assert _cut(f"{text}\nWhy is it that nobody ever asked him before? ") == [
        "We met Mr. Smith at the hall on Monday.",
        "He came by bus again with all his seedlings!",
        "Why is it that nobody ever asked him before?",
    ]


@pytest.mark.parametrize(
    ("language", "sentences"),
    [
        (
            "ur",
            ["ہم اپنے محلے کے پرانے ہال کے پاس باغ چاہتے ہیں۔", "بچے وہاں ہر روز سکول کے بعد آرام سے کھیل سکتے ہیں۔"],  # noqa: RUF001
        ),
        ("ar", ["نحن نريد حديقة هنا بجانب القاعة القديمة في الحي.", "هل هذا ممكن حقا الآن قبل نهاية هذا الصيف؟"]),
        ("zh", ["我们想要在旧礼堂旁边建一个大花园。", "孩子们每天放学以后可以在那里一起玩。"]),
        ("en-GB", ["We want a garden here beside the old hall.", "Children could play there after school every day."]),
        ("tlh", ["We want a garden here beside the old hall.", "Children could play there after school every day."]),
    ],
)
def test_sentences_are_found_in_the_language_of_the_conversation(language: str, sentences: list[str]) -> None:
    assert _cut(" ".join(sentences), language) == sentences


def test_a_short_sentence_joins_the_one_before_it() -> None:
    assert _cut(
        "We want a garden here beside the old hall. Really. Children could play there after school every day."
    ) == [
        "We want a garden here beside the old hall. Really.",
        "Children could play there after school every day.",
    ]


def test_a_short_sentence_at_the_start_joins_the_one_after_it() -> None:
    assert _cut("Yes. We want a garden here beside the old hall. No.") == [
        "Yes. We want a garden here beside the old hall. No."
    ]
    assert _cut("Yes. No. Well. So. Yes. No. Well. So. We want a garden here beside the old hall.") == [
        "Yes. No. Well. So. Yes. No. Well. So.",
        "We want a garden here beside the old hall.",
    ]


def test_a_short_sentence_joins_the_nearer_neighbour() -> None:
    assert _cut(
        "We want a garden here beside the old hall.\n\nWhy? Children could play there after school every day."
    ) == [
        "We want a garden here beside the old hall.",
        "Why? Children could play there after school every day.",
    ]
    assert _cut("We want a garden here beside the old hall.\n\nWhy? Why?") == [
        "We want a garden here beside the old hall.\n\nWhy? Why?"
    ]


def test_a_turn_of_one_short_sentence_stays_as_it_is() -> None:
    assert _cut("Teaspoons.") == ["Teaspoons."]


def test_dots_alone_are_an_utterance_only_where_they_are_the_whole_turn() -> None:
    assert _cut(
        "We want a garden here beside the old hall. ?! ?! ?! ?! Children could play there after school every day."
    ) == [
        "We want a garden here beside the old hall. ?! ?! ?! ?!",
        "Children could play there after school every day.",
    ]
    assert _cut(" ... ") == ["..."]
    assert _cut("👍") == ["👍"]


def test_a_statement_handed_in_whole_stays_whole() -> None:
    statement = "We want a garden here beside the old hall. Children could play there after school every day."
    assert _cut(f" {statement}\n", whole=True) == [statement]


@pytest.mark.parametrize("role", [Role.LISTENER, Role.FRAME])
def test_what_is_no_utterance_is_one_part(role: Role) -> None:
    document = _document(" What do you want? And why do you want it? ", role=role)
    assert [(part.start, part.end, part.turn) for part in cut(document)] == [(1, 42, document.turns[0])]


def test_an_over_long_statement_is_cut_into_balanced_parts() -> None:
    parts = _cut("we want more, " * 40, whole=True)
    assert len(parts) == 2
    assert all(part.endswith("more,") for part in parts)
    assert abs(len(parts[0]) - len(parts[1])) < 30


@pytest.mark.parametrize(
    ("places", "best"),
    [
        ([" ", "\n", ". ", "; ", " "], 1),
        ([" ", ", ", " ", ". ", " "], 3),
        ([" ", "; ", " ", " ", " "], 1),
        ([" ", " ", " ", " — ", " "], 3),
        (["\n", " ", " ", " ", "\n"], 2),  # too far from the middle to be good places
    ],
)
def test_an_over_long_statement_is_cut_at_its_best_place(places: list[str], best: int) -> None:
    stretch = "-".join(["teaspoons"] * 11)
    text = stretch + "".join(place + stretch for place in places)
    start = (best + 1) * len(stretch) + sum(map(len, places[:best]))
    end = start + len(places[best])
    assert len(text) > MOST_CHARACTERS
    assert _cut(text, whole=True) == [text[:end].strip(), text[end:].strip()]


def test_an_over_long_stretch_without_a_place_to_cut_stays_in_one_piece() -> None:
    assert _cut("a" * 2000, whole=True) == ["a" * 2000]
    assert _cut("yes " + "!" * 2000, whole=True) == ["yes " + "!" * 2000]


def test_an_empty_turn_gives_no_part() -> None:
    assert _cut(" \n ") == []


def test_the_language_library_never_gets_to_change_a_text(monkeypatch: pytest.MonkeyPatch) -> None:
    def meddle(language: str, text: str) -> list[str]:
        return [language, text.upper()]

    monkeypatch.setitem(sys.modules, "sentencex", SimpleNamespace(segment=meddle))
    assert _cut("We want to have a garden of “our own here.” Could the children play there after school each day?") == [
        "We want to have a garden of “our own here.”",
        "Could the children play there after school each day?",
    ]


@pytest.mark.parametrize("piece", ["No. ", ".", "a", "a ", "a, ", "!? ", "\n", "。", '"', "a.\n"])
@pytest.mark.parametrize("whole", [True, False])
def test_a_huge_turn_takes_seconds_at_most(piece: str, whole: bool) -> None:  # noqa: FBT001
    text = piece * 50_000
    began = time.process_time()
    assert_nothing_lost(text, cut(_document(text, whole=whole)))
    assert time.process_time() - began < 10


STRANGE = st.sampled_from(
    [
        "Yes. ",
        "No! ",
        "...",
        " — ",
        "\r\n",
        "\u2028",
        "\x85",
        "\x1c",
        "\u200b",
        "\u202e",
        "e\u0301",
        "👩\u200d👧",
        "عربي؟ ",
        "中文。",
        "word " * 30,
        ", ",
        "x" * 300,
    ]
)
TEXTS = st.lists(STRANGE | st.text(max_size=15), max_size=25).map("".join)


def _assert_well_cut(document: Document) -> None:
    parts = cut(document)
    assert_nothing_lost(document.text, parts)
    for part in parts:
        said = document.text[part.start : part.end]
        turn = document.text[part.turn.start : part.turn.end]
        if part.turn.role is not Role.WORDS:
            assert said == turn.strip()
            continue
        assert part.turn.start <= part.start < part.end <= part.turn.end
        assert any(map(str.isalnum, said)) or said == turn.strip()
        fits = len(said) <= MOST_CHARACTERS and len(said.split()) <= MOST_WORDS
        letters = [place for place, letter in enumerate(said) if letter.isalnum()]
        assert fits or not any(map(str.isspace, said[letters[0] : letters[-1]] if letters else ""))


@st.composite
def _documents(draw: st.DrawFn) -> Document:
    """Any turns in any roles, with white space between some of them."""
    text, turns = "", []
    for words in draw(st.lists(TEXTS, max_size=6)):
        turns.append(
            Turn(
                len(text),
                len(text) + len(words),
                draw(st.sampled_from(Role)),
                conversation=draw(st.integers(0, 1)),
                whole=draw(st.booleans()),
            )
        )
        text += words + draw(st.sampled_from(["", "\n", " \u2029 "]))
    return Document(text, tuple(turns), (About(), About(language=draw(st.sampled_from(["ar", "zh-Hant", "de", "?"])))))


@settings(max_examples=400, deadline=None)
@given(_documents())
def test_no_character_of_any_document_is_lost(document: Document) -> None:
    _assert_well_cut(document)


@settings(max_examples=300, deadline=None)
@given(
    TEXTS | st.lists(st.sampled_from(["Amina: ", "Sam: ", "- ", "\n", "\n\n", "# "]) | TEXTS).map("".join),
    st.booleans(),
)
def test_no_character_of_any_note_is_lost(note: str, announced: bool) -> None:  # noqa: FBT001
    note = ("---\nlistener: Sam\nvoices: [Amina]\nlanguage: ar\n---\n" if announced else "") + note
    try:
        document = read_note(note.encode())
    except Refused:
        return
    _assert_well_cut(document)


@settings(max_examples=200, deadline=None)
@given(st.lists(TEXTS.filter(lambda text: text.strip() and "\x00" not in text), min_size=1, max_size=6))
def test_no_character_of_any_table_is_lost(statements: list[str]) -> None:
    rows = "".join('"{}"\n'.format(statement.replace('"', '""')) for statement in statements)
    document = read_table(f"words\n{rows}".encode(), Columns(text="words"))
    assert document.text == "\n\n".join(statements)
    _assert_well_cut(document)


# --- speech -----------------------------------------------------------------------------------------------------------


def _segment(text: str, start_ms: int, end_ms: int) -> Segment:
    return Segment(start_ms, end_ms, text, -0.1, 0.01, 1.2)


def _heard(*texts: str, pause_ms: int = 100) -> list[Segment]:
    return [_segment(text, n * 1000, (n + 1) * 1000 - pause_ms) for n, text in enumerate(texts)]


def _utterances(
    segments: Sequence[Segment], speakers: Sequence[str | None] | None = None
) -> list[tuple[str, int | None, int | None]]:
    body, _, parts = from_speech(segments, speakers)
    return [(body[part.start : part.end], part.start_ms, part.end_ms) for part in parts]


def test_segments_are_joined_until_a_sentence_ends() -> None:
    assert _utterances(_heard(" We want", " a garden.", " Do you?”", " نعم؟", " and so", " on")) == [
        ("We want a garden.", 0, 1900),
        ("Do you?”", 2000, 2900),
        ("نعم؟", 3000, 3900),
        ("and so on", 4000, 5900),
    ]


def test_a_pause_ends_an_utterance() -> None:
    assert _utterances(
        [_segment(" We want", 0, 1000), _segment(" a garden", 2500, 3000), _segment(" now", 4501, 5000)]
    ) == [
        ("We want a garden", 0, 3000),
        ("now", 4501, 5000),
    ]


def test_speech_without_full_stops_is_not_joined_beyond_forty_words() -> None:
    assert [len(text.split()) for text, _, _ in _utterances(_heard(*[" some words" * 9] * 5))] == [36, 36, 18]


def test_a_segment_is_never_split() -> None:
    long = " We want a garden. And we want it now." + " please" * 100
    assert _utterances(_heard(long)) == [(long.strip(), 0, 900)]


def test_a_change_of_speaker_ends_an_utterance() -> None:
    body, placed, parts = from_speech(_heard(" We want", " a garden", " why", " so."), ["A", "A", "B", None])
    assert [(body[part.start : part.end], part.turn.speaker) for part in parts] == [
        ("We want a garden", "A"),
        ("why", "B"),
        ("so.", None),
    ]
    assert [body[part.turn.start : part.turn.end] for part in parts] == ["We want a garden", "why", "so."]
    assert [each.speaker for each in placed] == ["A", "A", "B", None]


def test_segments_lie_in_the_body_as_they_were_heard_and_blank_ones_are_passed_over() -> None:
    segments = [_segment(" We want", 0, 900), *_heard("  ", ""), _segment(" a garden.", 1000, 3900)]
    body, placed, parts = from_speech(segments)
    assert body == " We want   a garden."
    assert [(each.segment, body[each.start : each.end]) for each in placed] == [
        (segments[0], " We want"),
        (segments[3], " a garden."),
    ]
    assert [(part.start, part.end, part.start_ms, part.end_ms) for part in parts] == [(1, 20, 0, 3900)]


def test_marks_without_a_letter_join_their_neighbour_or_are_nobodys_words() -> None:
    assert _utterances(_heard(" ...", " We want a garden.", " ♪")) == [("... We want a garden. ♪", 0, 2900)]
    body, _, parts = from_speech([_segment(" Yes.", 0, 1000), _segment(" ♪♪", 9000, 9500)])
    assert [(body[part.start : part.end], part.turn.role) for part in parts] == [
        ("Yes.", Role.WORDS),
        ("♪♪", Role.FRAME),
    ]


def test_a_list_of_speakers_that_does_not_fit_is_an_error() -> None:
    with pytest.raises(ValueError, match="zip"):
        from_speech(_heard(" a", " b"), ["A"])


def test_a_recording_without_words_has_no_parts() -> None:
    assert from_speech([]) == ("", (), ())
    assert from_speech(_heard(" ")) == (" ", (), ())


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from([" yes", " no.", "", " ", " ♪", "？", "\u3000好。"]) | st.text(max_size=8),  # noqa: RUF001
            st.integers(0, 4000),
        ),
        max_size=20,
    ),
    st.booleans(),
    st.randoms(use_true_random=False),
)
def test_no_character_that_was_heard_is_lost(heard: list[tuple[str, int]], named: bool, chance: object) -> None:  # noqa: FBT001
    segments, now = [], 0
    for text, pause in heard:
        segments.append(_segment(text, now + pause, now + pause + 500))
        now += pause + 500
    speakers = [chance.choice(["A", "B", None]) for _ in segments] if named else None  # type: ignore[attr-defined]
    body, placed, parts = from_speech(segments, speakers)
    assert body == "".join(text for text, _ in heard)
    assert [each.segment.text for each in placed] == [text for text, _ in heard if text.strip()]
    assert all(body[each.start : each.end] == each.segment.text for each in placed)
    assert_nothing_lost(body, parts)
    for part in parts:
        inside = [each for each in placed if part.start < each.end and each.start < part.end]
        assert (part.start_ms, part.end_ms) == (inside[0].segment.start_ms, inside[-1].segment.end_ms)
        assert body[inside[0].start : inside[-1].end].strip() == body[part.start : part.end]
        assert {each.speaker for each in inside} == {part.turn.speaker}
        said = any(map(str.isalnum, body[part.start : part.end]))
        assert part.turn.role is (Role.WORDS if said else Role.FRAME)
