from __future__ import annotations

import random
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from listening import cluster as clustering
from listening.cluster import Clustering
from tests.fake_encoder import FakeEncoder

Vectors = NDArray[np.float32]


def _around(centres: int, each: int, *, lone: int = 0, spread: float = 0.5, seed: int = 1) -> Vectors:
    """Unit vectors in groups about random directions, then some that stand alone."""
    dice = np.random.default_rng(seed)
    middles = dice.standard_normal((centres, 64))
    middles /= np.linalg.norm(middles, axis=1, keepdims=True)
    points = np.repeat(middles, each, axis=0) + spread / 8 * dice.standard_normal((centres * each, 64))
    points = np.concatenate([points, dice.standard_normal((lone, 64))])
    return np.asarray(points / np.linalg.norm(points, axis=1, keepdims=True), dtype=np.float32)


def _keys(count: int) -> list[str]:
    return [f"{number * 7919 % 100_003:06d}" for number in range(count)]


def cluster(vectors: Vectors, keys: Sequence[str], voices: Sequence[str], *, min_voices: int = 2) -> Clustering:
    """With keys for texts: words that nobody else says."""
    return clustering.cluster(vectors, keys, voices, keys, min_voices=min_voices)


def _of(texts: Sequence[str], voices: Sequence[str]) -> Clustering:
    return cluster(FakeEncoder().encode(texts), texts, voices)


def _groups(clustering: Clustering, names: Sequence[str]) -> list[set[str]]:
    labels = clustering.labels.tolist()
    return [{name for name, label in zip(names, labels, strict=True) if label == k} for k in range(max(labels) + 1)]


def test_statements_about_one_thing_come_together_and_the_others_stay_on_their_own() -> None:
    vectors = _around(4, 15, lone=10)
    found = cluster(vectors, _keys(70), [str(row) for row in range(70)])
    assert len(found.centres) == 4
    for group in range(4):
        assert len(set(found.labels[group * 15 : group * 15 + 15].tolist())) == 1
    assert (found.labels[60:] == -1).sum() >= 8


@pytest.mark.parametrize("count", [0, 1, 2, 3, 4, 5, 6, 7, 10, 11])
@pytest.mark.parametrize("copies", [1, 2])
def test_few_statements_are_no_trouble(count: int, copies: int) -> None:
    vectors = np.tile(_around(count, 1), (copies, 1)).reshape(-1, 64)
    keys = _keys(count) * copies
    found = cluster(vectors, keys, [str(row) for row in range(len(keys))])
    assert len(found.labels) == count * copies
    assert len(found.centres) == (count if copies == 2 else 0)


def test_the_same_words_from_two_voices_are_a_theme_and_from_one_voice_are_not() -> None:
    texts = ["teaspoons in the kitchen", "late buses", "teaspoons in the kitchen", "late buses"]
    found = _of(texts, ["ann", "ben", "cat", "ben"])
    assert _groups(found, texts) == [{"teaspoons in the kitchen"}]
    assert found.labels.tolist() == [0, -1, 0, -1]
    assert found.strengths.tolist() == [1, 0, 1, 0]


def test_words_the_model_cannot_tell_apart_are_the_same_words() -> None:
    assert _of(["More benches", "more BENCHES", "something else"], ["ann", "ben", "cat"]).labels.tolist() == [0, 0, -1]


def test_all_identical_is_one_theme() -> None:
    found = _of(["more benches"] * 50, [str(row) for row in range(50)])
    assert found.labels.tolist() == [0] * 50
    np.testing.assert_allclose(found.nearness, 1, atol=1e-6)


def test_one_talkative_voice_makes_no_theme_alone() -> None:
    vectors = _around(4, 15)
    assert set(cluster(vectors, _keys(60), ["ann"] * 60).labels.tolist()) == {-1}


def test_a_group_with_a_second_voice_is_a_theme_and_one_without_is_not() -> None:
    vectors = _around(4, 15)
    voices = ["ann"] * 15 + ["ben"] * 14 + ["cat"] + [str(row) for row in range(30)]
    labels = cluster(vectors, _keys(60), voices).labels
    assert set(labels[:15].tolist()) == {-1}
    assert set(labels[15:30].tolist()) == {2}
    assert set(cluster(vectors, _keys(60), voices, min_voices=3).labels[15:30].tolist()) == {-1}


def test_clusters_are_numbered_by_voices_before_size() -> None:
    texts = ["a b"] * 5 + ["c d"] * 3 + ["e f"] * 3
    voices = ["ann", "ben", "ann", "ben", "ann", "ann", "ben", "cat", "ann", "ben", "cat"]
    assert _groups(_of(texts, voices), texts) == [{"c d"}, {"e f"}, {"a b"}]


def test_no_group_swallows_everything() -> None:
    vectors = _around(12, 12, spread=2.0)
    found = cluster(vectors, _keys(144), [str(row) for row in range(144)])
    assert np.bincount(found.labels[found.labels >= 0]).max() <= 36


def test_what_is_said_about_clusters_holds() -> None:
    vectors = _around(5, 12, lone=12, spread=0.9)
    found = cluster(vectors, _keys(72), [str(row) for row in range(72)])
    np.testing.assert_allclose(np.linalg.norm(found.centres, axis=1), 1, atol=1e-6)
    cosines = vectors @ found.centres.T
    np.testing.assert_array_equal(found.nearest, cosines.argmax(axis=1))
    np.testing.assert_allclose(found.nearness, cosines.max(axis=1), atol=1e-6)
    assert found.parameters["statements"] == 72


def test_lengths_that_differ_are_refused() -> None:
    with pytest.raises(ValueError, match="3 vectors, 2 keys, 3 voices and 2 texts"):
        cluster(_around(3, 1), ["a", "b"], ["ann", "ben", "cat"])


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 80), st.integers(1, 6), st.floats(0, 3), st.integers(0, 10_000))
def test_the_order_of_the_rows_changes_nothing(count: int, groups: int, spread: float, seed: int) -> None:
    vectors = _around(groups, -(-count // groups), spread=spread, seed=seed)[:count]
    keys = [str(row * 31 % max(1, count * 4 // 5)) for row in range(count)]  # some say the same
    first = {key: row for row, key in reversed(list(enumerate(keys)))}
    vectors = vectors[[first[key] for key in keys]] if count else vectors
    voices = [str(row % 9) for row in range(count)]
    order = random.Random(seed).sample(range(count), count)  # noqa: S311  no secret
    straight = cluster(vectors, keys, voices)
    shuffled = cluster(vectors[order], [keys[row] for row in order], [voices[row] for row in order])
    np.testing.assert_array_equal(shuffled.labels, straight.labels[order])
    np.testing.assert_array_equal(shuffled.strengths, straight.strengths[order])
    np.testing.assert_array_equal(shuffled.nearness, straight.nearness[order])
    np.testing.assert_array_equal(shuffled.centres, straight.centres)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from("abcdefgh"), st.sampled_from("ijkl"), st.sampled_from("xyz")), max_size=40),
    st.integers(1, 3),
)
def test_every_row_has_exactly_one_fate_and_voices_are_counted_once(
    said: list[tuple[str, str, str]], min_voices: int
) -> None:
    texts = [f"{one} {two}" for one, two, _ in said]
    voices = [voice for _, _, voice in said]
    found = cluster(FakeEncoder().encode(texts), texts, voices, min_voices=min_voices)
    clusters = len(found.centres)
    assert len(found.labels) == len(said)
    assert set(found.labels.tolist()) - {-1} == set(range(clusters))
    heard = [len({voices[row] for row in np.flatnonzero(found.labels == number)}) for number in range(clusters)]
    assert all(count >= min_voices for count in heard)
    assert heard == sorted(heard, reverse=True)
    assert ((found.strengths > 0) == (found.labels >= 0)).all()
    assert (found.strengths <= 1).all()
    assert ((found.nearest >= 0) == (clusters > 0)).all()
    for text in set(texts):  # the same words share a fate
        assert len({int(found.labels[row]) for row, other in enumerate(texts) if other == text}) == 1


@pytest.mark.parametrize("threads", [1, 2, 4])
def test_the_number_of_threads_changes_nothing(threads: int) -> None:
    vectors = _around(10, 40, lone=100, spread=1.2)
    voices = [str(row) for row in range(500)]
    alone = cluster(vectors, _keys(500), voices)
    with threadpool_limits(threads):
        again = cluster(vectors, _keys(500), voices)
    for name in ("labels", "strengths", "nearest", "nearness", "centres"):
        np.testing.assert_array_equal(getattr(again, name), getattr(alone, name))
