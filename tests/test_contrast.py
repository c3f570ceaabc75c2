from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from listening.contrast import PAIRS, Contrasts, Pair
from tests.fake_encoder import FakeEncoder


def _pairs(texts: Sequence[str], voices: Sequence[str] | None = None) -> tuple[Pair, ...]:
    vectors = FakeEncoder().encode(texts)
    centre = vectors.mean(axis=0) if len(texts) else np.zeros(64, dtype=np.float32)
    named = voices or [f"v-{row}" for row in range(len(texts))]
    return Contrasts(texts, named, vectors).of(range(len(texts)), centre)


def test_two_that_say_the_opposite_are_put_side_by_side() -> None:
    texts = ["the town needs a fairness ordinance", "parks", "the town does not need a fairness ordinance"]
    assert _pairs(texts) == (Pair(0, 2, ends=False),)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("chcemy nowy plac zabaw przy szkole", "nie chcemy nowy plac zabaw przy szkole"),
        ("queremos una parada de bus aquí", "no queremos una parada de bus aquí"),
        ("ہمیں یہاں نیا اسکول چاہیے", "ہمیں یہاں نیا اسکول نہیں چاہیے"),
        ("আমাদের এখানে বাজার দরকার", "আমাদের এখানে বাজার দরকার নেই"),
        ("the council can be trusted with this", "the council can\u2019t can be trusted with this"),
    ],
)
def test_it_works_in_several_languages(one: str, other: str) -> None:
    assert _pairs([one, other]) == (Pair(0, 1, ends=False),)


def test_two_that_only_differ_in_a_word_of_no_turning_are_the_ends_at_most() -> None:
    assert _pairs(["more benches by the river", "more benches by the beck"]) == ()


def test_turned_round_twice_is_not_turned_round() -> None:
    assert _pairs(["nobody here would never share bread", "we all here would share bread"]) == ()


def test_one_voice_does_not_contradict_itself() -> None:
    assert _pairs(["buses are late here", "buses are not late here"], ["v-1", "v-1"]) == ()


def test_where_nothing_is_turned_round_the_two_least_alike_are_shown() -> None:
    texts = ["bread and soup", "bread and soup today", "soup and bread today please", "a lift to the food hall"]
    [pair] = _pairs(texts)
    assert pair.ends
    assert 3 in (pair.left, pair.right)


def test_nobody_and_one_voice_have_no_contrasts() -> None:
    assert _pairs([]) == ()
    assert _pairs(["only this"]) == ()


@given(
    st.lists(
        st.tuples(st.lists(st.sampled_from(["bus", "late", "not", "never", "here", "bread"]), min_size=1, max_size=6),
                  st.sampled_from("abc")),
        max_size=14,
    )
)  # fmt: skip
def test_each_utterance_is_in_one_pair_at_most_and_pairs_are_of_two_voices(said: list[tuple[list[str], str]]) -> None:
    texts, voices = [" ".join(words) for words, _ in said], [voice for _, voice in said]
    pairs = _pairs(texts, voices)
    rows = [row for pair in pairs for row in (pair.left, pair.right)]
    assert len(rows) == len(set(rows))
    assert len(pairs) <= PAIRS
    assert all(voices[pair.left] != voices[pair.right] for pair in pairs)
