"""Finding speech with a detector that needs no model; silero-vad itself in the heavy tests, on sounds made here."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from listening.activity import (
    AROUND_MS,
    FRAME_MS,
    LONGEST_MS,
    Activity,
    SileroDetector,
    find_speech,
    quiet_between,
)
from listening.capture import sound
from listening.tape import RATE
from listening.weights import find_detector
from tests.fakes import FakeDetector

Samples = NDArray[np.float32]
SAMPLE = Path(__file__).parent.parent / "data" / "sample"


def loud(*seconds: float, quiet: float = 0.0) -> Samples:
    """Sound and silence in turns, each so many seconds long; sound comes first."""
    parts = [np.full(round(length * RATE), 0.0 if at % 2 else 0.3, np.float32) for at, length in enumerate(seconds)]
    return np.concatenate(parts) + np.float32(quiet)


def seen(samples: Samples, parts: int = 1) -> Activity:
    return find_speech(np.array_split(samples, parts), FakeDetector())


def near(spans: tuple[tuple[int, int], ...], *expected: tuple[float, float]) -> bool:
    return len(spans) == len(expected) and all(
        abs(start - first * 1000) <= 3 * FRAME_MS and abs(end - last * 1000) <= 3 * FRAME_MS
        for (start, end), (first, last) in zip(spans, expected, strict=True)
    )


def test_speech_has_room_around_it_and_long_silence_is_left_out() -> None:
    found = seen(loud(2, 5, 2, 5))
    assert near(found.spans, (0, 2.4), (6.6, 9.4))
    assert found.duration_ms == 14_000


def test_a_pause_is_kept() -> None:
    assert near(seen(loud(2, 1.4, 2, 3)).spans, (0, 5.8))


def test_a_click_is_no_speech() -> None:
    assert seen(loud(0.05, 4)).spans == ()


def test_a_short_word_is_speech() -> None:
    assert near(seen(loud(0.2, 4)).spans, (0, 0.6))


def test_long_speech_is_cut_where_it_is_quietest() -> None:
    samples = loud(45)
    samples[20 * RATE : 20 * RATE + RATE // 2] = 0.05
    first, second = seen(samples).spans
    assert 20_000 < first[1] == second[0] < 20_500


@settings(deadline=None, max_examples=40)
@given(st.lists(st.floats(0.01, 70), max_size=8), st.integers(1, 50))
def test_spans_and_the_quiet_between_them_are_the_whole_recording_however_it_comes_in_blocks(
    seconds: list[float], parts: int
) -> None:
    samples = loud(*seconds) if seconds else np.empty(0, np.float32)
    found = seen(samples, parts)
    quiet = list(quiet_between(found.spans, found.duration_ms))
    assert sum(end - start for start, end in [*found.spans, *quiet]) == found.duration_ms
    assert found.duration_ms == -(-len(samples) * 1000 // RATE)
    edges = [edge for span in found.spans for edge in span]
    assert edges == sorted(edges)
    assert all(0 < end - start <= LONGEST_MS for start, end in found.spans)
    again = seen(samples)
    assert again.spans == found.spans
    np.testing.assert_array_equal(again.probabilities, found.probabilities)


def test_how_likely_somebody_speaks_is_the_mean_over_the_time() -> None:
    found = Activity(64, ((0, 64),), np.array([0.2, 0.6], np.float32))
    assert found.likeliness(0, 64) == pytest.approx(0.4)
    assert found.likeliness(40, 41) == pytest.approx(0.6)
    assert found.likeliness(90, 91) == 0.0


# --- silero-vad itself ------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def silero() -> SileroDetector:
    return SileroDetector(find_detector())


def chords(seconds: int) -> Samples:
    """Chords of saw-tooth waves, struck every two seconds."""
    t = np.arange(seconds * RATE) / RATE
    root = np.array([220, 196, 175, 165])[(t // 2).astype(int) % 4]
    waves = sum(np.sin(2 * np.pi * root * k * h * t) / h for k in (1, 1.26, 1.5) for h in range(1, 6))
    return np.asarray(0.1 * waves * np.exp(-(t % 2)), np.float32)


def drums(seconds: int) -> Samples:
    t = np.arange(seconds * RATE) / RATE
    noise = np.random.default_rng(0).standard_normal(len(t))
    return np.asarray(0.3 * noise * np.exp(-(t % 0.5) * 25), np.float32)


def made(name: str) -> Samples:
    noise = np.random.default_rng(1).standard_normal(30 * RATE).astype(np.float32)
    sounds = {
        "silence": noise * 0,
        "hiss": noise * np.float32(0.002),
        "noise": noise * np.float32(0.1),
        "a hum": np.sin(np.arange(30 * RATE) * np.float32(0.02)) * np.float32(0.1),
        "chords": chords(30),
        "drums": drums(30),
    }
    return np.asarray(sounds[name], np.float32)


@pytest.mark.heavy
@pytest.mark.parametrize("name", ["silence", "hiss", "noise", "a hum", "chords", "drums"])
def test_no_speech_is_found_where_nobody_speaks(silero: SileroDetector, name: str) -> None:
    assert find_speech([made(name)], silero).spans == ()


@pytest.fixture(scope="session")
def dee() -> Samples:
    return np.concatenate(list(sound.blocks(SAMPLE / "dee-after-nights.mp3")))


@pytest.mark.heavy
@pytest.mark.parametrize("between", ["silence", "chords"])
def test_speech_is_found_to_a_fraction_of_a_second_around_two_minute_gaps(
    silero: SileroDetector, dee: Samples, between: str
) -> None:
    gap = np.tile(made(between), 4)
    part = dee[: 12 * RATE]
    found = find_speech([part, gap, part, gap], silero)
    assert len(found.spans) == 2
    for at, (start, end) in zip((0, 132_000), found.spans, strict=True):
        assert -AROUND_MS - 100 <= start - at <= 600
        assert -600 <= end - (at + 12_000) <= AROUND_MS + 100


@pytest.mark.heavy
def test_frames_looked_at_together_give_what_the_package_gives_one_by_one(silero: SileroDetector, dee: Samples) -> None:
    import warnings

    import torch

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        theirs = torch.jit.load(str(find_detector().path))  # type: ignore[no-untyped-call]
    part = dee[: 512 * 600]

    def one_by_one() -> Iterator[float]:
        with torch.inference_mode():
            for at in range(0, len(part), 512):
                yield theirs(torch.from_numpy(part[at : at + 512]), RATE).item()

    ours = find_speech([part], silero).probabilities
    np.testing.assert_allclose(ours, list(one_by_one()), atol=1e-4)
