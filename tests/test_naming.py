from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from listening.naming import Everyone, ThemeName, name_themes
from tests.fake_encoder import FakeEncoder


def _everyone(said: list[tuple[str, str, int]]) -> tuple[Everyone, np.ndarray[tuple[int, int], np.dtype[np.float32]]]:
    """People's words as (text, voice, theme), and the centres of the themes."""
    texts, voices, labels = [list(column) for column in zip(*said, strict=True)] if said else ([], [], [])
    vectors = FakeEncoder().encode(texts)
    everyone = Everyone(texts, voices, texts, vectors, np.array(labels, dtype=np.intp))
    sums = [vectors[everyone.labels == theme].sum(axis=0) for theme in range(max(labels, default=-1) + 1)]
    centres = np.array([total / max(float(np.linalg.norm(total)), 1e-9) for total in sums], dtype=np.float32)
    return everyone, centres.reshape(len(sums), vectors.shape[1])


def _names(said: list[tuple[str, str, int]]) -> tuple[ThemeName, ...]:
    return name_themes(*_everyone(said))


def _spoken(said: list[tuple[str, str, int]], name: ThemeName) -> list[str]:
    return [said[phrase.row][0][phrase.start : phrase.end] for phrase in name.phrases]


BUSES = [
    ("We need more evening buses in the village", "ann", 0),
    ("The Evening buses stop too early for me", "ben", 0),
    ("There should be evening buses on a Sunday", "cat", 0),
    ("Please bring back the evening buses", "ann", 0),
]
PARKS = [
    ("I love the community garden in the summer", "ann", 1),
    ("The community garden needs a tap and a shed", "dan", 1),
    ("More people should know the community garden", "eve", 1),
]
ALONE = [
    ("Teaspoons in the kitchen", "ben", -1),
    ("I would like to hear the church bells again", "cat", -1),
    ("The library closes too soon", "dan", -1),
    ("Nobody asks what the young people want", "eve", -1),
]
ALL = BUSES + PARKS + ALONE


def test_a_theme_is_called_what_one_of_its_members_said() -> None:
    for theme, name in enumerate(_names(ALL)):
        assert (name.name, theme) in [(text, label) for text, _, label in ALL]
        assert name.name == ALL[name.exemplars[0]][0]


def test_exemplars_come_from_different_voices() -> None:
    buses, parks = _names(ALL)
    assert {ALL[row][1] for row in buses.exemplars} == {"ann", "ben", "cat"}
    assert {ALL[row][1] for row in parks.exemplars} == {"ann", "dan", "eve"}


def test_a_name_is_neither_very_short_nor_very_long_where_there_is_a_choice() -> None:
    long = "buses " + "and so on and on about what else I remember of that day when we all went out to the sea and back"
    said = [("buses", "ann", 0), (long, "ben", 0), ("I would like more buses here", "cat", 0)]
    assert _names(said)[0].name == "I would like more buses here"


def test_the_same_words_stand_twice_for_a_theme_only_where_there_are_no_others() -> None:
    same = [("More benches please", "ann", 0), ("More benches please", "ben", 0)]
    assert len(_names(same)[0].exemplars) == 2
    another = [*same, ("Put benches where old people walk", "cat", 0)]
    assert {another[row][0] for row in _names(another)[0].exemplars} == {text for text, _, _ in another}


def test_no_two_themes_have_the_same_name() -> None:
    said = [
        ("I agree with that", "ann", 0),
        ("I agree with that", "ben", 1),
        ("Yes I agree", "cat", 0),
        ("So do I", "dan", 1),
    ]
    first, second = _names(said)
    assert first.name.casefold() != second.name.casefold()


def test_key_phrases_are_what_several_voices_say_and_others_do_not() -> None:
    buses, parks = _names(ALL)
    assert _spoken(ALL, buses)[0] == "evening buses"
    assert _spoken(ALL, parks)[0] == "community garden"


def test_filler_is_no_key_phrase() -> None:
    for name in _names(ALL):
        for phrase in _spoken(ALL, name):
            assert phrase.casefold() not in {"the", "in the", "in", "a"}


def test_what_one_voice_keeps_saying_is_no_key_phrase() -> None:
    said = [("my street is dark", "ann", 0), ("my street is cold", "ann", 0), ("street lamps", "ben", 0), *ALONE]
    assert "my street" not in _spoken(said, _names(said)[0])
    assert _spoken(said, _names(said)[0]) == ["street"]


def test_a_phrase_does_not_run_over_a_full_stop() -> None:
    said = [("More light. Buses later", "ann", 0), ("Late light. Buses", "ben", 0), *ALONE]
    assert "light. Buses" not in _spoken(said, _names(said)[0])


@pytest.mark.parametrize(
    ("one", "two", "other", "expected"),
    [
        ("আমাদের পার্কে আলো চাই", "রাতে পার্কে আলো নেই", "বাস দেরি করে", "পার্কে আলো"),
        ("我们想要公园", "公园太远了", "巴士来得太晚", "公园"),
        ("نريد حديقة عامة", "أحب حديقة عامة", "الحافلة متأخرة", "حديقة عامة"),
        ("Więcej ławek w parku", "Mało ławek przy szkole", "Autobus się spóźnia", "ławek"),
        ("Cafe\u0301 for all", "A cafe\u0301 nearby", "Late buses", "Cafe\u0301"),
    ],
)
def test_key_phrases_come_in_any_script(one: str, two: str, other: str, expected: str) -> None:
    said = [(one, "ann", 0), (two, "ben", 0), *((f"{other} {number}", "cat", -1) for number in range(6))]
    assert expected in _spoken(said, _names(said)[0])


def test_the_case_is_the_one_most_people_used() -> None:
    said = [("The NHS helps", "ann", 0), ("our NHS", "ben", 0), ("nhs waits", "cat", 0), *ALONE]
    assert _spoken(said, _names(said)[0]) == ["NHS"]


def test_no_themes_have_no_names() -> None:
    assert _names([]) == ()
    assert _names(ALONE) == ()


words = st.sampled_from(["the", "a", "bus", "late", "park", "tree", "Green,", "more.", "公园", "и", "don't"])
utterances = st.tuples(
    st.lists(words, min_size=1, max_size=8).map(" ".join), st.sampled_from("abc"), st.integers(-1, 2)
)


def _complete(said: list[tuple[str, str, int]]) -> bool:
    labels = {label for _, _, label in said if label >= 0}
    return labels == set(range(len(labels)))


@given(st.lists(utterances, max_size=12).filter(_complete))
def test_phrases_are_exact_spans_of_what_members_said_and_exemplars_are_members(
    said: list[tuple[str, str, int]],
) -> None:
    for theme, name in enumerate(_names(said)):
        assert all(said[row][2] == theme for row in name.exemplars)
        assert len({said[row][1] for row in name.exemplars}) == len(name.exemplars) <= 3
        assert len(name.phrases) <= 4
        for phrase in name.phrases:
            text, _, label = said[phrase.row]
            span = text[phrase.start : phrase.end]
            assert label == theme
            assert span == span.strip() != ""
            saying = {voice for other, voice, where in said if where == theme and span.casefold() in other.casefold()}
            assert len(saying) >= 2


@given(st.lists(utterances, max_size=12).filter(_complete), st.randoms(use_true_random=False))
def test_the_order_of_the_rows_changes_nothing(said: list[tuple[str, str, int]], random: object) -> None:
    order = list(range(len(said)))
    random.shuffle(order)  # type: ignore[attr-defined]
    shuffled = [said[row] for row in order]

    def shown(of: list[tuple[str, str, int]]) -> list[object]:
        return [(name.name, [of[row] for row in name.exemplars], _spoken(of, name)) for name in _names(of)]

    assert shown(shuffled) == shown(said)
