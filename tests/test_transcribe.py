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
from listening.activity import SileroDetector, find_speech
from listening.capture import sound
from listening.domain import Model, Segment, no_progress
from listening.errors import ListeningError, Refused
from listening.tape import RATE, Span
from listening.transcribe import (
    Piece,
    Transcribed,
    WhisperEngine,
    judged,
    load_engine,
    load_faster_engine,
    stretches,
    transcribe,
)
from listening.weights import Weights, find_detector, find_faster_whisper, find_whisper
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
    """Noise, so that no two moments are alike."""
    return np.random.default_rng(seed).uniform(-0.5, 0.5, round(seconds * RATE)).astype(np.float32)


def spans_of(samples: Samples, seed: int = 0) -> list[Span]:
    """Speech in spans of up to 28 s that touch, or with silence between them."""
    rng = np.random.default_rng(seed)
    spans: list[Span] = []
    at, end = int(rng.integers(0, 3)) * 1_000, len(samples) * 1000 // RATE
    while at < end:
        stop = min(end, at + int(rng.integers(40, 2_800)) * 10)
        spans.append((at, stop))
        at = stop + int(rng.choice([0, 2_000, 30_000]))
    return spans


def in_blocks(samples: Samples, sizes: list[int]) -> Iterator[Samples]:
    """The sound in blocks of these sizes, over and over."""
    at = 0
    for size in itertools.cycle(sizes):
        if at >= len(samples):
            return
        yield samples[at : at + size]
        at += size


def hear(
    samples: Samples,
    engine: FakeEngine,
    heard: list[Piece],
    language: str | None = None,
    *,
    spans: list[Span] | None = None,
    sizes: list[int] | None = None,
) -> Transcribed:
    """Transcribe, adding what is kept to `heard`."""
    return transcribe(
        in_blocks(samples, sizes or [RATE]),
        engine,
        spans=spans_of(samples) if spans is None else spans,
        duration_ms=-(-len(samples) * 1000 // RATE),
        likeliness=lambda _start, _end: 1.0,
        language=language,
        heard=list(heard),
        keep=heard.append,
        progress=no_progress,
    )


class Brief(FakeEngine):
    """Hears one short sentence at the start of each sound, so that nothing has to be heard apart."""

    def hear(self, sound: Samples, language: str | None) -> list[Segment]:
        return [dataclasses.replace(super().hear(sound, language)[0], end_ms=300)]


lengths = st.floats(0, 250)
seeds = st.integers(0, 2**32 - 1)
block_sizes = st.lists(st.integers(1_000, 40 * RATE), min_size=1, max_size=4)


@settings(deadline=None, max_examples=60)
@given(lengths, seeds)
def test_pieces_tile_the_recording_and_hold_every_span_of_speech_once(seconds: float, seed: int) -> None:
    samples = talk(seconds)
    spans, duration = spans_of(samples, seed), -(-len(samples) * 1000 // RATE)
    plan = stretches(spans, duration)
    assert [one.ordinal for one in plan] == list(range(len(plan)))
    assert [one.start_ms for one in plan] == [0, *(one.end_ms for one in plan)][:-1] or not spans
    assert not spans or plan[-1].end_ms == duration
    inside = [run for one in plan for run in one.runs]
    assert inside == sorted(inside)
    assert sum(end - start for start, end in inside) == sum(end - start for start, end in spans)
    for one in plan:
        assert all(one.start_ms <= start < end <= one.end_ms for start, end in one.runs)
        assert sum(end - start for start, end in one.runs) <= PIECE_MS
        assert all(before[1] < after[0] for before, after in itertools.pairwise(one.runs))


@settings(deadline=None, max_examples=25)
@given(st.floats(1, 150), seeds, block_sizes)
def test_the_engine_hears_all_speech_and_nothing_else_however_it_comes_in_blocks(
    seconds: float, seed: int, sizes: list[int]
) -> None:
    samples = talk(seconds, seed)
    spans = spans_of(samples, seed)
    engine = Brief()
    hear(samples, engine, [], "en", spans=spans, sizes=sizes)
    speech = [samples[start * 16 : end * 16] for start, end in spans]
    joined = np.concatenate([np.empty(0, np.float32), *engine.heard])
    np.testing.assert_array_equal(joined, np.concatenate([np.empty(0, np.float32), *speech]))


@settings(deadline=None, max_examples=25)
@given(st.floats(20, 200), seeds, st.integers(0, 7), st.sampled_from([None, "en", "cy"]))
def test_a_resumed_transcription_equals_an_uninterrupted_one(
    seconds: float, seed: int, survived: int, language: str | None
) -> None:
    samples = talk(seconds, seed)
    whole: list[Piece] = []
    first = Brief("pl")
    uninterrupted = hear(samples, first, whole, language)
    kept = whole[:survived]  # the run was killed after so many pieces
    engine = Brief("sw" if kept else "pl")  # would it be asked for the language again, it would answer otherwise
    resumed = hear(samples, engine, kept, language)
    assert resumed == uninterrupted
    assert kept == whole
    assert len(engine.heard) == len(first.heard) - min(survived, len(whole))


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


def test_without_speech_the_engine_is_not_asked_anything() -> None:
    engine = FakeEngine()
    kept: list[Piece] = []
    assert hear(talk(70), engine, kept, spans=[]) == Transcribed(None, ())
    assert (engine.heard, engine.asked, kept) == ([], [], [])
    assert hear(np.empty(0, np.float32), engine, kept) == Transcribed(None, ())


@pytest.mark.parametrize(("spans", "pieces"), [(1, 1), (2, 2), (5, 3)])
def test_the_language_is_looked_for_once_in_up_to_three_pieces(spans: int, pieces: int) -> None:
    engine = FakeEngine("so")
    kept: list[Piece] = []
    told = [(number * 30_000, number * 30_000 + 20_000) for number in range(spans)]
    assert hear(talk(160), engine, kept, spans=told).language == "so"
    assert engine.asked == [pieces]
    assert {one.language for one in kept} == {"so"}


def test_a_language_that_is_given_is_not_looked_for() -> None:
    engine = FakeEngine("so")
    assert hear(talk(10, 1), engine, [], "en-GB").language == "en-GB"
    assert engine.asked == []


class Polyglot(FakeEngine):
    """Hears Welsh in whatever is loud, where it may."""

    def hear_any(self, sound: Samples, usual: str | None) -> list[Segment]:
        language = "cy" if np.abs(sound).max() > 0.1 else usual
        return [dataclasses.replace(one, language=language) for one in self.hear(sound, language)]


@pytest.mark.parametrize(("given", "heard_in"), [(None, ["en", "cy", "en"]), ("pl", ["pl", "pl", "pl"])])
def test_people_may_speak_several_languages_unless_one_is_given(given: str | None, heard_in: list[str]) -> None:
    spans = [(start, start + 25_000) for start in (0, 30_000, 60_000)]
    samples = talk(90) * np.repeat(np.array([0.1, 1, 0.1], np.float32), 30 * RATE)
    kept: list[Piece] = []
    hear(samples, Polyglot("en"), kept, given, spans=spans)
    assert [{one.language for one in piece.segments} for piece in kept] == [{language} for language in heard_in]


def test_each_segment_has_the_language_of_the_window_it_comes_from() -> None:
    windows = module._Windows(object())
    windows._decoded = [([1, 2, 3], "en"), ([9, 4, 5, 6, 7], "de"), ([8], "de"), ([4, 5], "es")]
    asked = ([1, 2], [3], [4, 5], [6, 7], [4, 5], [4, 99])
    assert [windows.language_of(tokens) for tokens in asked] == ["en", "en", "de", "de", "de", None]


class Saying(FakeEngine):
    """Hears the same sentence at these times whenever it is given sound as long as this, and none otherwise."""

    def __init__(self, said: dict[int, list[Span]]) -> None:
        super().__init__()
        self.said = said

    def hear(self, sound: Samples, language: str | None) -> list[Segment]:
        [one, *_] = super().hear(sound, language)
        times = self.said.get(len(sound) * 1000 // RATE, [])
        return [dataclasses.replace(one, start_ms=start, end_ms=end, text=f" {start}.") for start, end in times]


def times(heard: Transcribed) -> list[Span]:
    return [(one.start_ms, one.end_ms) for one in heard.segments]


def test_words_stand_at_their_times_although_silences_were_left_out() -> None:
    engine = Saying({9_000: [(0, 3_900), (4_200, 6_000), (6_000, 8_800)]})
    heard = hear(talk(400), engine, [], "en", spans=[(1_000, 5_000), (200_000, 205_000)])
    assert times(heard) == [(1_000, 4_900), (200_200, 202_000), (202_000, 204_800)]


def test_a_segment_that_strays_into_the_room_around_other_speech_is_cut_back() -> None:
    engine = Saying({9_000: [(0, 4_300), (4_300, 9_000)]})
    heard = hear(talk(400), engine, [], "en", spans=[(1_000, 5_000), (200_000, 205_000)])
    assert times(heard) == [(1_000, 5_000), (200_300, 205_000)]


def test_words_are_never_joined_over_a_silence_that_was_left_out() -> None:
    engine = Saying({9_000: [(0, 9_000)], 4_000: [(0, 4_000)], 5_000: [(500, 5_000)]})
    heard = hear(talk(400), engine, [], "en", spans=[(1_000, 5_000), (200_000, 205_000)])
    assert times(heard) == [(1_000, 5_000), (200_500, 205_000)]
    assert [len(sound) // RATE for sound in engine.heard] == [9, 4, 5]


class UntidyEngine(FakeEngine):
    """Gives times that run backwards, overlap and leave the sound."""

    def hear(self, sound: Samples, language: str | None) -> list[Segment]:
        rng = np.random.default_rng(len(sound))
        times = rng.integers(-5_000, 40_000, (8, 2)).tolist()
        one = super().hear(sound, language)[0]
        return [dataclasses.replace(one, start_ms=start, end_ms=end) for start, end in times]


@settings(deadline=None, max_examples=30)
@given(st.floats(0.1, 100), seeds)
def test_segments_are_in_order_never_overlap_and_lie_in_speech(seconds: float, seed: int) -> None:
    kept: list[Piece] = []
    samples = talk(seconds, seed)
    heard = hear(samples, UntidyEngine(), kept, spans=spans_of(samples, seed))
    edges = [time for span in times(heard) for time in span]
    assert edges == sorted(edges)
    for piece, stretch in zip(kept, stretches(spans_of(samples, seed), -(-len(samples) * 1000 // RATE)), strict=True):
        for one in piece.segments:
            assert any(start <= one.start_ms <= one.end_ms <= end for start, end in stretch.runs)


def test_progress_counts_milliseconds_up_to_the_end() -> None:
    told: list[tuple[str, int, int]] = []
    transcribe(
        [talk(70, 2)],
        FakeEngine(),
        spans=[(0, 20_000), (20_000, 40_000), (60_000, 69_000)],
        duration_ms=70_000,
        likeliness=lambda _start, _end: 1.0,
        language="en",
        heard=[],
        keep=lambda _: None,
        progress=lambda *call: told.append(call),
    )
    assert told == [("transcribe", 20_000, 70_000), ("transcribe", 50_000, 70_000), ("transcribe", 70_000, 70_000)]


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

    samples = talk(120, 5)
    spans = [(start, start + 25_000) for start in range(0, 120_000, 30_000)]
    kept: list[Piece] = []
    with pytest.raises(Killed):
        hear(samples, Dies(), kept, spans=spans)
    assert [one.ordinal for one in kept] == [0, 1]
    assert hear(samples, FakeEngine(), kept, spans=spans) == hear(samples, FakeEngine(), [], spans=spans)


# --- sure or doubtful -------------------------------------------------------------------------------------------------

SURE = Segment(0, 2_000, " We would like a bench.", -0.3, 0.1, 1.3)


@pytest.mark.parametrize(
    ("changes", "speech", "doubtful"),
    [
        ({}, 0.9, False),
        ({}, 0.1, True),
        ({"average_log_probability": -0.7}, 0.9, True),
        ({"average_log_probability": -0.5}, 0.9, False),
        ({"average_log_probability": -0.5, "no_speech_probability": 0.7}, 0.9, True),
        ({"no_speech_probability": 0.9}, 0.9, False),
        ({"compression_ratio": 2.5}, 0.9, True),
        ({"end_ms": 200}, 0.9, True),
    ],
)
def test_each_sign_of_invented_words_makes_a_segment_doubtful(
    changes: dict[str, float], speech: float, *, doubtful: bool
) -> None:
    [found] = judged([dataclasses.replace(SURE, **changes)], lambda _start, _end: speech)  # type: ignore[arg-type]
    assert found.doubtful is doubtful
    assert found.speech_probability == speech


def test_the_same_words_three_times_in_a_row_are_doubtful_and_twice_are_not() -> None:
    texts = [" Yes.", " Yes.", " No.", " Thank you.", " thank you", " Thank you!", " Yes."]
    found = judged([dataclasses.replace(SURE, text=text) for text in texts], lambda _start, _end: 1.0)
    assert [one.doubtful for one in found] == [False, False, False, True, True, True, False]


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
    spans = find_speech([dee], SileroDetector(find_detector())).spans  # a cut in mid-word would rightly be doubted
    heard = hear(dee, engine, kept, spans=spans)  # type: ignore[arg-type]
    assert heard.language == "en"
    assert len(words(heard)) > 100
    assert not any(one.doubtful for one in heard.segments)
    resumed = hear(dee, engine, kept[:-1], spans=spans)  # type: ignore[arg-type]
    assert resumed == heard


@pytest.mark.heavy
def test_free_to_choose_whisper_hears_english_as_english(base: WhisperEngine, dee: Samples) -> None:
    part = dee[: 35 * RATE]
    free = base.hear_any(part, "cy")
    assert {one.language for one in free} == {"en"}
    assert [one.text for one in free] == [one.text for one in base.hear(part, "en")]


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


@pytest.mark.heavy
def test_faster_whisper_hears_the_same_words(tmp_path: Path, base: WhisperEngine, dee: Samples) -> None:
    pytest.importorskip("faster_whisper")
    engine = load_faster_engine(find_faster_whisper("base", path=None, cache=tmp_path), threads=1)
    part = dee[: 26 * RATE]
    assert engine.detect_language([part]) == "en"
    theirs, ours = (re.findall(r"\w+", "".join(one.text for one in one.hear(part, "en"))) for one in (base, engine))
    assert len(set(theirs) & set(ours)) > 0.9 * len(set(theirs))
    with pytest.raises(Refused, match="does not know the language 'xx'"):
        engine.hear(part, "xx")
