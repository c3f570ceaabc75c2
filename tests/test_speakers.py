"""Telling speakers apart by vectors made here; by voices in the heavy tests."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from listening import speakers
from listening.capture import sound
from listening.speakers import CamPlusPlus, Turn, group, speaker_of_each, spectrum, tell_apart, who_was_who
from listening.tape import RATE
from listening.weights import find_speaker_model
from tests.fakes import FakeSeparator

SAMPLE = Path(__file__).parent.parent / "data" / "sample"
Samples = NDArray[np.float32]


def crowd(sizes: list[int], seed: int = 0, spread: float = 0.25) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Unit vectors around as many centres as there are sizes, and which is whose; they speak in turns of ten."""
    rng = np.random.default_rng(seed)
    centres = rng.standard_normal((len(sizes), 192))
    centres /= np.linalg.norm(centres, axis=1, keepdims=True)
    blocks = [who for who, size in enumerate(sizes) for _ in range(-(-size // 10))]
    whose = np.repeat(rng.permutation(blocks), 10)
    vectors = centres[whose] + rng.standard_normal((len(whose), 192)) * spread / np.sqrt(192) * 2
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32), whose


def agree(found: NDArray[np.int64], whose: NDArray[np.int64]) -> bool:
    return len(set(zip(found.tolist(), whose.tolist(), strict=True))) == len(set(whose.tolist())) == len(set(found))


@pytest.mark.parametrize("sizes", [[60], [60, 60], [120, 40], [50, 50, 50], [60, 50, 40, 40]])
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_the_number_of_people_is_guessed_and_each_is_one_group(sizes: list[int], seed: int) -> None:
    vectors, whose = crowd(sizes, seed)
    assert agree(group(vectors), whose)


def test_a_number_of_people_that_is_given_is_kept_to() -> None:
    vectors, _ = crowd([80, 80, 80])
    assert set(group(vectors, 2)) == {0, 1}
    assert set(group(vectors, 1)) == {0}


def test_with_a_number_given_who_says_little_is_found_before_others_are_split() -> None:
    vectors, whose = crowd([200, 150, 10])
    assert agree(group(vectors, 3), whose)


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_a_person_of_few_words_is_a_speaker(seed: int) -> None:
    vectors, whose = crowd([200, 150, 10], seed)
    assert agree(group(vectors), whose)


def test_two_people_at_once_are_nobody_new() -> None:
    vectors, whose = crowd([120, 120])
    both = vectors[whose == 0][:10] + vectors[whose == 1][:10]
    both /= np.linalg.norm(both, axis=1, keepdims=True)
    assert set(group(np.concatenate([vectors, both]))) == {0, 1}


def test_windows_that_are_mostly_a_pause_are_nobodys_voice() -> None:
    vectors, _ = crowd([80, 80])
    pause, _ = crowd([20], seed=9)
    everything = np.concatenate([vectors, pause])
    sure = np.arange(len(everything)) < len(vectors)
    assert set(group(everything, sure=sure)) == {0, 1}
    assert set(group(everything)) == {0, 1, 2}


def test_long_recordings_are_grouped_by_some_of_their_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(speakers, "MOST_WINDOWS", 60)
    vectors, whose = crowd([120, 120, 80])
    assert agree(group(vectors), whose)


def test_a_voice_like_no_other_is_no_other() -> None:
    vectors, _ = crowd([80, 80])
    stranger, _ = crowd([10], seed=9)
    found = group(np.concatenate([vectors, stranger[:1]]))
    assert set(found[:-1]) == {0, 1}
    assert found[-1] not in {0, 1}


def test_a_voice_that_was_not_there_when_speakers_were_found_is_nobody_known(monkeypatch: pytest.MonkeyPatch) -> None:
    vectors, _ = crowd([80, 80])
    stranger, _ = crowd([10], seed=9)
    monkeypatch.setattr(speakers, "_evenly", lambda count, _most: np.arange(count - 1))
    everybody = np.concatenate([vectors, stranger[:1]])
    assert group(everybody)[-1] == -1
    assert group(everybody, people=2)[-1] in {0, 1}


@pytest.mark.parametrize("count", [1, 2, 3])
def test_a_few_windows_are_somebody(count: int) -> None:
    vectors, _ = crowd([10])
    assert set(group(vectors[:count])) == {0}


def test_speakers_are_numbered_as_they_first_speak_and_turns_lie_in_speech() -> None:
    samples = np.concatenate([np.full(6 * RATE, 0.3), np.full(6 * RATE, 0.01), np.full(6 * RATE, 0.3)])
    turns = tell_apart([samples.astype(np.float32)], [(0, 6_000), (6_000, 12_000), (12_000, 17_900)], FakeSeparator())
    assert turns == [Turn(0, 0, 6_000), Turn(1, 6_000, 12_000), Turn(0, 12_000, 17_900)]


def test_without_speech_nobody_speaks() -> None:
    assert tell_apart([np.zeros(RATE, np.float32)], [], FakeSeparator()) == []
    assert tell_apart([np.zeros(RATE, np.float32)], [(0, 100)], FakeSeparator()) == []


def test_words_go_to_whoever_speaks_in_most_of_them() -> None:
    turns = [Turn(0, 0, 1_000), Turn(1, 1_000, 3_000), Turn(None, 3_000, 4_000)]
    assert speaker_of_each([(0, 1_900), (500, 2_000), (2_900, 4_000), (9_000, 9_500)], turns) == [0, 1, None, None]


def test_the_spectrum_has_a_row_every_ten_milliseconds_and_its_peak_at_the_tone() -> None:
    tone = np.sin(2 * np.pi * 1000 * np.arange(RATE) / RATE).astype(np.float32)
    bands = spectrum(tone).numpy()
    assert bands.shape == (98, 80)
    edges = 700 * (np.exp(np.linspace(1127 * np.log1p(20 / 700), 1127 * np.log1p(8000 / 700), 82) / 1127) - 1)
    loudest = int(bands.mean(axis=0).argmax())
    assert edges[loudest] < 1000 < edges[loudest + 2]


def test_a_speaker_is_who_they_were_where_most_of_their_time_is_the_same() -> None:
    before = [("speaker 1", 0, 4_000), ("speaker 2", 4_000, 8_000), ("speaker 1", 8_000, 9_000)]
    turns = [Turn(0, 0, 3_900), Turn(1, 3_900, 6_500), Turn(None, 6_500, 7_000), Turn(2, 7_000, 9_000)]
    assert who_was_who(turns, before) == {0: "speaker 1", 1: "speaker 2"}
    assert who_was_who(turns, []) == {}


# --- CAM++ itself -----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def ear() -> CamPlusPlus:
    return CamPlusPlus(find_speaker_model())


def recording(name: str) -> Samples:
    return np.concatenate(list(sound.blocks(SAMPLE / name)))


def talk_in_turns(first: Samples, second: Samples, turns: list[int]) -> tuple[Samples, list[tuple[int, int]]]:
    """Two people in turns of so many seconds; and where the second speaks, in milliseconds."""
    parts, told, at, used = [], [], 0, [0, 0]
    for number, seconds in enumerate(turns):
        who = number % 2
        source = (first, second)[who]
        parts.append(source[used[who] * RATE : (used[who] + seconds) * RATE])
        used[who] += seconds
        if who:
            told.append((at * 1000, (at + seconds) * 1000))
        at += seconds
    return np.concatenate(parts), told


@pytest.mark.heavy
@pytest.mark.parametrize("noise", [0.0, 0.01])
def test_two_voices_are_told_apart(ear: CamPlusPlus, noise: float) -> None:
    turns = [8, 5, 6, 9, 4, 7, 9, 8]
    samples, second = talk_in_turns(recording("dee-after-nights.mp3"), recording("tariq-walking-home.m4a"), turns)
    samples += (np.random.default_rng(0).standard_normal(len(samples)) * noise).astype(np.float32)
    spans = [(start, min(start + 28_000, sum(turns) * 1000)) for start in range(0, sum(turns) * 1000, 28_000)]
    found = tell_apart([samples], spans, ear)
    assert {turn.speaker for turn in found} - {None} == {0, 1}
    hers = sum(
        max(0, min(turn.end_ms, end) - max(turn.start_ms, start))
        for turn in found
        if turn.speaker == 1
        for start, end in second
    )
    his = sum(turn.end_ms - turn.start_ms for turn in found if turn.speaker == 1)
    assert hers / sum(end - start for start, end in second) > 0.95
    assert hers / his > 0.95


@pytest.mark.heavy
def test_one_voice_is_one_speaker(ear: CamPlusPlus) -> None:
    samples = recording("dee-after-nights.mp3")
    found = tell_apart([samples], [(0, 28_000), (28_000, 56_000)], ear)
    assert {turn.speaker for turn in found} == {0}
