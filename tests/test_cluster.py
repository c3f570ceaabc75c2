from __future__ import annotations

import random
from collections.abc import Sequence

import numpy as np
import pytest
from hdbscan import hdbscan
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from listening import cluster as clustering
from listening.cluster import Clustering
from listening.cluster.choice import chosen
from listening.cluster.consensus import agreed
from listening.cluster.space import connected, with_words
from listening.cluster.statements import gather
from listening.cluster.views import distances, linked
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


@pytest.mark.parametrize("threads", [1, 2, 4])
def test_words_that_people_share_change_nothing_with_threads_or_order(
    threads: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clustering, "LEARNT", 200)  # so that the last look sees more than the first
    vectors = _around(10, 40, lone=100, spread=1.2)
    texts = [f"word{row // 40} word{row % 13} word{row % 7} only{row}" for row in range(500)]
    voices = [str(row) for row in range(500)]
    alone = clustering.cluster(vectors, _keys(500), voices, texts)
    order = random.Random(threads).sample(range(500), 500)  # noqa: S311  no secret
    keys = _keys(500)
    with threadpool_limits(threads):
        again = clustering.cluster(
            vectors[order], [keys[row] for row in order], [voices[row] for row in order], [texts[row] for row in order]
        )
    assert len(alone.centres) > 1
    for name in ("labels", "strengths", "nearest", "nearness"):
        np.testing.assert_array_equal(getattr(again, name), getattr(alone, name)[order])
    np.testing.assert_array_equal(again.centres, alone.centres)


# --- near-identical statements ----------------------------------------------------------------------------------------


def test_what_one_voice_says_again_in_nearly_the_same_words_counts_once() -> None:
    texts = ["More benches!", "more benches", "Late buses"]
    vectors = _around(3, 1)
    said = gather(vectors, ["a", "b", "c"], ["ann", "ann", "ann"], texts)
    assert said.of_row.tolist() == [0, 0, 1]
    assert said.texts == ("More benches!", "Late buses")


def test_nearly_the_same_words_of_two_voices_stay_two_statements() -> None:
    said = gather(_around(2, 1), ["a", "b"], ["ann", "ben"], ["More benches!", "more benches"])
    assert said.of_row.tolist() == [0, 1]


@pytest.mark.parametrize(("cosine", "statements"), [(0.98, 1), (0.85, 2)])
def test_only_nearly_identical_vectors_of_one_voice_are_one_statement(cosine: float, statements: int) -> None:
    vectors = np.array([[1, 0], [cosine, (1 - cosine**2) ** 0.5]], dtype=np.float32)
    said = gather(vectors, ["a", "b"], ["ann", "ann"], ["needs an ordinance", "needs no ordinance"])
    assert len(said.points) == statements


# --- words beside meaning ---------------------------------------------------------------------------------------------


def test_words_that_are_shared_bring_statements_closer_and_words_said_once_do_not() -> None:
    texts = ["warm rooms", "warm halls", "late buses", "wide paths", "green parks", "old trees", "new shops"]
    beside = with_words(np.eye(7), texts)
    near = beside @ beside.T - np.eye(7)
    assert near[0, 1] > 0.1
    assert np.abs(near[2:, 2:]).max() < 1e-9


# --- how sure ---------------------------------------------------------------------------------------------------------


def test_a_theme_of_many_conversations_survives_and_one_that_hangs_on_a_single_conversation_does_not() -> None:
    vectors = _around(8, 12)
    voices = [str(row) for row in range(96)]
    conversations = ["only" if row < 12 else str(row) for row in range(96)]
    found = cluster(vectors, _keys(96), voices)
    survived = clustering.survival(found, voices, conversations)
    alone = found.labels[0]
    assert np.delete(survived, alone).tolist() == [1] * 7
    assert survived[alone] == np.float32(0.9)


def test_two_voices_who_say_the_same_survive_unless_one_of_them_is_left_out() -> None:
    texts = ["teaspoons in the kitchen"] * 2
    found = _of(texts, ["ann", "ben"])
    survived = clustering.survival(found, ["ann", "ben"], ["monday", "friday"])
    assert survived.tolist() == [0]
    assert clustering.survival(found, ["ann", "ben"], ["monday", "friday"], min_voices=1).tolist() == [1]


def test_survival_is_the_same_in_any_order() -> None:
    vectors = _around(6, 20, lone=30, spread=1.4)
    voices = [str(row) for row in range(150)]
    conversations = [str(row // 4) for row in range(150)]
    order = random.Random(3).sample(range(150), 150)  # noqa: S311  no secret
    keys = _keys(150)
    straight = cluster(vectors, keys, voices)
    shuffled = cluster(vectors[order], [keys[row] for row in order], voices := [voices[row] for row in order])
    np.testing.assert_array_equal(
        clustering.survival(straight, [str(row) for row in range(150)], conversations),
        clustering.survival(shuffled, voices, [conversations[row] for row in order]),
    )


def test_survival_of_nothing_is_nothing() -> None:
    assert clustering.survival(_of([], []), [], []).shape == (0,)


def test_survival_refuses_lengths_that_differ() -> None:
    with pytest.raises(ValueError, match="2 utterances, 2 voices and 1 conversations"):
        clustering.survival(_of(["a b", "c d"], ["ann", "ben"]), ["ann", "ben"], ["monday"])


# --- many statements --------------------------------------------------------------------------------------------------


def test_beyond_what_is_fitted_the_others_join_and_the_order_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clustering, "FITTED", 100)
    vectors = _around(5, 50, lone=150)
    keys = _keys(400)
    voices = [str(row) for row in range(400)]
    found = cluster(vectors, keys, voices)
    assert len(found.look.fitted) == 100
    for group in range(5):
        labels = found.labels[group * 50 : group * 50 + 50]
        assert np.bincount(labels[labels >= 0]).max() >= 40
    assert (found.labels[250:] == -1).mean() >= 0.8
    assert ((found.strengths > 0) == (found.labels >= 0)).all()
    order = random.Random(5).sample(range(400), 400)  # noqa: S311  no secret
    shuffled = cluster(vectors[order], [keys[row] for row in order], [voices[row] for row in order])
    np.testing.assert_array_equal(shuffled.labels, found.labels[order])
    np.testing.assert_array_equal(shuffled.strengths, found.strengths[order])


# --- the pieces -------------------------------------------------------------------------------------------------------


@settings(max_examples=50, deadline=None)
@given(st.integers(1, 40), st.integers(1, 6), st.integers(0, 10_000))
def test_linking_what_is_alike_first_gives_what_plain_average_linkage_gives(count: int, seen: int, seed: int) -> None:
    dice = np.random.default_rng(seed)
    truth = dice.integers(0, 4, count)
    views = np.where(dice.random((seen, count)) < 0.3, dice.integers(-1, 3, (seen, count)), truth)
    found = agreed(views, 0.5)
    for members in [np.flatnonzero(found == label) for label in set(found.tolist()) - {-1}]:
        assert len(members) >= 3
        together = ((views[:, members, None] == views[:, None, members]) & (views[:, members, None] >= 0)).mean(axis=0)
        assert together[~np.eye(len(members), dtype=bool)].mean() >= 0.5 - 1e-9


@settings(max_examples=60, deadline=None)
@given(st.integers(6, 150), st.integers(3, 12), st.floats(0.1, 1), st.integers(0, 10_000))
def test_what_is_chosen_when_some_are_left_out_is_what_hdbscan_chooses(
    count: int, least: int, share: float, seed: int
) -> None:
    dice = np.random.default_rng(seed)
    points = dice.normal(size=(count, 4)) + 3 * dice.integers(-1, 2, (count, 4))
    points /= np.linalg.norm(points, axis=1, keepdims=True)
    pairs = np.stack(np.triu_indices(count, 1), axis=1)
    largest = max(least, int(share * count))
    apart = distances(points, pairs)
    ours = chosen(linked(pairs, apart, count), least, largest)
    matrix = np.zeros((count, count))
    matrix[tuple(pairs.T)] = matrix[tuple(pairs.T[::-1])] = apart
    theirs = hdbscan(matrix, least, 1, metric="precomputed", max_cluster_size=largest)[0]
    assert {frozenset(np.flatnonzero(ours == label)) for label in set(ours) - {-1}} == {
        frozenset(np.flatnonzero(theirs == label)) for label in set(theirs) - {-1}
    }


def test_islands_are_tied_to_the_rest_by_their_shortest_pair() -> None:
    points = np.array([[1, 0], [0.99, 0.14], [0, 1], [0.14, 0.99]])
    pairs = connected(points / np.linalg.norm(points, axis=1, keepdims=True), np.array([[0, 1], [2, 3]]))
    assert pairs.tolist() == [[0, 1], [1, 3], [2, 3]]
