"""Cutting and resuming with an engine that needs no model; Whisper itself in the heavy tests."""

from __future__ import annotations

import dataclasses
import itertools
import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from listening import transcribe as module
from listening.capture import sound
from listening.domain import Model, Segment, no_progress
from listening.errors import ListeningError, Refused
from listening.transcribe import (
    RATE,
    SHORTEST_MS,
    Piece,
    Transcribed,
    WhisperEngine,
    cut,
    is_silent,
    load_engine,
    quietest,
    transcribe,
)
from listening.weights import Weights, find_whisper
from tests.fakes import FakeEngine

Samples = NDArray[np.float32]
# Whisper leaves its list of tokens open after reading it.
pytestmark = pytest.mark.filterwarnings("ignore:unclosed file .*tiktoken:ResourceWarning")

SAMPLE = Path(__file__).parent.parent / "data" / "sample"

PIECE_MS = 28_000  # small pieces keep these tests quick


@pytest.fixture(autouse=True, scope="module")
def small_pieces() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "PIECE_MS", PIECE_MS)
        yield


def talk(seconds: float, seed: int = 0) -> Samples:
    """Noise that falls quiet now and then, as speech does, and here and there is silent for long."""
    rng = np.random.default_rng(seed)
    loudness = np.repeat(rng.choice([0.0, 0.003, 0.2, 0.5], round(seconds * 4) + 1), RATE // 4)
    loudness[: len(loudness) // 3] *= rng.integers(0, 2)
    noise = rng.uniform(-1, 1, round(seconds * RATE))
    return np.asarray(noise * loudness[: len(noise)], np.float32)


def in_blocks(samples: Samples, sizes: list[int]) -> Iterator[Samples]:
    """The sound in blocks of these sizes, over and over."""
    at = 0
    for size in itertools.cycle(sizes):
        if at >= len(samples):
            return
        yield samples[at : at + size]
        at += size


def hear(samples: Samples, engine: FakeEngine, heard: list[Piece], language: str | None = None) -> Transcribed:
    """Transcribe, adding what is kept to `heard`."""
    blocks = in_blocks(samples, [RATE])
    earlier = list(heard)
    return transcribe(
        blocks, engine, language=language, heard=earlier, keep=heard.append, duration_ms=None, progress=no_progress
    )


lengths = st.floats(0, 150)
seeds = st.integers(0, 2**32 - 1)
block_sizes = st.lists(st.integers(1_000, 40 * RATE), min_size=1, max_size=4)


@settings(deadline=None, max_examples=40)
@given(lengths, seeds, block_sizes)
def test_pieces_tile_the_sound_however_it_comes_in_blocks(seconds: float, seed: int, sizes: list[int]) -> None:
    samples = talk(seconds, seed)
    stretches = list(cut(in_blocks(samples, sizes)))
    joined = np.concatenate([np.empty(0, np.float32), *(one.sound for one in stretches)])
    np.testing.assert_array_equal(joined, samples)
    assert [one.ordinal for one in stretches] == list(range(len(stretches)))
    ends = [0, *(one.end_ms for one in stretches)]
    assert [one.start_ms for one in stretches] == ends[:-1]
    assert ends[-1] == -(-len(samples) * 1000 // RATE)
    assert all(len(one.sound) <= PIECE_MS * RATE // 1000 for one in stretches)
    assert all(len(one.sound) >= SHORTEST_MS * RATE // 1000 for one in stretches if len(stretches) > 1)
    assert ends == [0, *(one.end_ms for one in cut([samples]))]


@settings(deadline=None, max_examples=25)
@given(st.floats(20, 150), seeds, st.integers(0, 7), st.sampled_from([None, "en", "cy"]))
def test_a_resumed_transcription_equals_an_uninterrupted_one(
    seconds: float, seed: int, survived: int, language: str | None
) -> None:
    samples = talk(seconds, seed)
    whole: list[Piece] = []
    uninterrupted = hear(samples, FakeEngine("pl"), whole, language)
    kept = whole[:survived]  # the run was killed after so many pieces
    engine = FakeEngine("sw")  # would it be asked for the language again, it would answer otherwise
    resumed = hear(samples, engine if any(one.language for one in kept) else FakeEngine("pl"), kept, language)
    assert resumed == uninterrupted
    assert kept == whole
    assert len(engine.heard) <= len(whole) - min(survived, len(whole))


def test_a_piece_that_was_heard_is_not_heard_again() -> None:
    samples = talk(100, 3)
    kept: list[Piece] = []
    first = FakeEngine()
    hear(samples, first, kept)
    again = FakeEngine()
    hear(samples, again, kept)
    assert first.heard
    assert again.heard == []
    assert again.asked == []


def test_a_short_sound_is_one_piece() -> None:
    samples = talk(PIECE_MS / 1000, 1)
    assert len(list(cut([samples]))) == 1
    assert len(list(cut([samples, samples[:1]]))) == 2
    assert list(cut([])) == []


def test_the_cut_lies_in_the_pause() -> None:
    samples = np.full(50 * RATE, 0.3, np.float32)
    samples[24 * RATE : 24 * RATE + RATE // 2] = 0.002
    first, *_ = cut([samples])
    assert 24_100 <= first.end_ms <= 24_400


def test_the_quietest_moment_is_the_last_of_several() -> None:
    samples = np.full(4 * RATE, 0.3, np.float32)
    samples[RATE : RATE + 6400] = samples[2 * RATE : 2 * RATE + 6400] = 0
    assert quietest(samples, 0, len(samples)) == 2 * RATE + 3200
    assert quietest(samples, 0, 2 * RATE) == RATE + 3200


def test_silence_is_not_given_to_the_engine_and_yields_nothing() -> None:
    engine = FakeEngine()
    kept: list[Piece] = []
    quiet = (np.random.default_rng(0).uniform(-1, 1, 70 * RATE) * 0.0009).astype(np.float32)
    heard = hear(quiet, engine, kept)
    assert (heard.language, heard.segments, heard.duration_ms) == (None, (), 70_000)
    assert (engine.heard, engine.asked) == ([], [])
    assert len(kept) >= 3
    assert is_silent(quiet)
    assert not is_silent(quiet * 2)


def test_no_sound_at_all_is_no_words() -> None:
    assert hear(np.empty(0, np.float32), FakeEngine(), []) == Transcribed(None, (), 0)


@pytest.mark.parametrize(("seconds", "pieces"), [(5, 1), (45, 2), (200, 3)])
def test_the_language_is_looked_for_once_in_up_to_three_pieces_that_hold_sound(seconds: int, pieces: int) -> None:
    engine = FakeEngine("so")
    silence = np.zeros(70 * RATE, np.float32)
    speech = np.full(seconds * RATE, 0.2, np.float32)
    kept: list[Piece] = []
    assert hear(np.concatenate([silence, speech]), engine, kept).language == "so"
    assert engine.asked in ([pieces], [pieces + 1])  # the piece with the end of the silence may count
    assert {one.language for one in kept} == {"so"}


def test_a_language_that_is_given_is_not_looked_for() -> None:
    engine = FakeEngine("so")
    assert hear(talk(10, 1), engine, [], "en-GB").language == "en-GB"
    assert engine.asked == []


class UntidyEngine(FakeEngine):
    """Gives times that run backwards, overlap and leave the sound."""

    def hear(self, sound: Samples, language: str | None) -> list[Segment]:
        rng = np.random.default_rng(len(sound))
        times = rng.integers(-5_000, 40_000, (8, 2)).tolist()
        one = super().hear(sound, language)[0]
        return [dataclasses.replace(one, start_ms=start, end_ms=end) for start, end in times]


@settings(deadline=None, max_examples=20)
@given(st.floats(0.1, 100), seeds)
def test_segments_are_in_order_never_overlap_and_lie_in_their_piece(seconds: float, seed: int) -> None:
    kept: list[Piece] = []
    heard = hear(talk(seconds, seed), UntidyEngine(), kept)
    times = [time for one in heard.segments for time in (one.start_ms, one.end_ms)]
    assert times == sorted(times)
    for piece in kept:
        assert all(piece.start_ms <= one.start_ms <= one.end_ms <= piece.end_ms for one in piece.segments)


def test_progress_counts_milliseconds_up_to_the_end() -> None:
    told: list[tuple[str, int, int]] = []
    transcribe(
        [talk(70, 2)],
        FakeEngine(),
        language="en",
        heard=[],
        keep=lambda _: None,
        duration_ms=69_000,
        progress=lambda *call: told.append(call),
    )
    assert {what for what, _, _ in told} == {"transcribe"}
    assert [total for _, _, total in told] == [69_000, 69_000, 70_000]
    assert told[-1] == ("transcribe", 70_000, 70_000)


@pytest.mark.parametrize("misfit", [Piece(0, 0, 5, ()), Piece(9, 0, 5, ())])
def test_pieces_of_another_recording_are_refused(misfit: Piece) -> None:
    with pytest.raises(ListeningError, match=f"Piece {misfit.ordinal}, heard earlier, does not fit"):
        hear(talk(40, 1), FakeEngine(), [misfit], "en")


def test_a_piece_is_kept_as_soon_as_it_is_heard() -> None:
    class Killed(Exception):
        pass

    class Dies(FakeEngine):
        def hear(self, sound: Samples, language: str | None) -> list[Segment]:
            if len(self.heard) == 2:
                raise Killed
            return super().hear(sound, language)

    samples = np.tile(talk(30, 5) + np.float32(0.01), 4)
    kept: list[Piece] = []
    with pytest.raises(Killed):
        hear(samples, Dies(), kept)
    assert [one.ordinal for one in kept] == [0, 1]
    resumed = hear(samples, FakeEngine(), kept)
    assert resumed == hear(samples, FakeEngine(), [])


# --- Whisper itself ---------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("weights")


@pytest.fixture(scope="session")
def base(cache: Path) -> WhisperEngine:
    return load_engine(find_whisper("base", path=None, cache=cache, allow_downloads=False), threads=1)


@pytest.fixture(scope="session")
def dee() -> Samples:
    """A sample recording, about 70 s."""
    return np.concatenate(list(sound.blocks(SAMPLE / "dee-after-nights.mp3")))


def words(heard: Transcribed) -> list[str]:
    return re.findall(r"[a-z']+", "".join(one.text for one in heard.segments).lower())


def test_an_engine_loads_nothing_before_it_is_used(tmp_path: Path) -> None:
    engine = load_engine(Weights(Model("whisper-base", "1", "0"), tmp_path / "gone.pt"), threads=1)
    assert engine.model.name == "whisper-base"
    assert engine.parameters["seed"] == 0


@pytest.mark.heavy
@pytest.mark.parametrize("name", ["tiny.en", "base"])
def test_both_packaged_models_hear_speech(name: str, cache: Path, dee: Samples) -> None:
    engine = load_engine(find_whisper(name, path=None, cache=cache, allow_downloads=False), threads=1)
    kept: list[Piece] = []
    heard = transcribe([dee], engine, language=None, heard=[], keep=kept.append, duration_ms=None, progress=no_progress)
    assert heard.language == "en"
    assert len(words(heard)) > 100
    assert heard.segments[-1].end_ms <= heard.duration_ms == -(-len(dee) * 1000 // RATE)
    resumed = transcribe(
        [dee], engine, language=None, heard=kept[:2], keep=kept.append, duration_ms=None, progress=no_progress
    )
    assert resumed == heard


@pytest.mark.heavy
def test_whisper_hears_the_same_twice_and_where_it_must_draw_lots(base: WhisperEngine) -> None:
    noise = (np.random.default_rng(2).standard_normal(3 * RATE) * 0.1).astype(np.float32)
    assert base.hear(noise, "en") == base.hear(noise, "en")


@pytest.mark.heavy
def test_languages_are_checked_before_anything_is_heard(base: WhisperEngine, cache: Path) -> None:
    english = load_engine(find_whisper("tiny.en", path=None, cache=cache, allow_downloads=False), threads=1)
    with pytest.raises(Refused, match="hears English only"):
        english.hear(np.zeros(RATE, np.float32), "cy")
    with pytest.raises(Refused, match="does not know the language 'xx'"):
        base.hear(np.zeros(RATE, np.float32), "xx")
    assert base._code("en-GB") == "en"
    assert base._code("nb-NO") == "no"


@pytest.mark.heavy
def test_one_piece_is_enough_for_the_language_where_it_is_sure(
    base: WhisperEngine, dee: Samples, monkeypatch: pytest.MonkeyPatch
) -> None:
    import whisper

    asked: list[object] = []
    detect = whisper.detect_language
    monkeypatch.setattr(whisper, "detect_language", lambda *given: asked.append(given) or detect(*given))
    assert base.detect_language([dee[: 20 * RATE], dee[20 * RATE : 40 * RATE]]) == "en"
    assert len(asked) == 1
    noise = (np.random.default_rng(2).standard_normal(5 * RATE) * 0.1).astype(np.float32)
    assert base.detect_language([noise, dee[: 20 * RATE]]) == "en"
    assert len(asked) == 3
