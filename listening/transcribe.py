"""Sound to timed segments, piece by piece, so that a killed run loses one piece and a long one fits in memory.

Sound is mono float32 at 16 kHz, shape (samples,), between -1 and 1. Times are whole milliseconds.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any, Final, Protocol

import numpy as np
from numpy.typing import NDArray

from listening.domain import Model, Progress, Segment
from listening.errors import ListeningError, Refused
from listening.weights import Weights

Sound = NDArray[np.float32]

RATE: Final = 16_000  # samples a second
PIECE_MS = 120_000  # at most: shorter ones cost Whisper more part-filled windows, longer ones lose more when stopped
SEARCH_MS: Final = 12_000  # a piece is cut somewhere in its last 12 s,
LULL_MS: Final = 400  # in the middle of the quietest 0.4 s; a shorter one is rarely the end of a sentence
SHORTEST_MS: Final = 2_000  # the last piece is no shorter than this, unless it is the only one
HOP_MS: Final = 10  # how finely the quietest moment is looked for
SILENT_PEAK: Final = 0.001  # -60 dBFS; Whisper invents words for pieces as quiet as this
LANGUAGE_PIECES: Final = 3  # one noisy piece is a poor judge of the language

RECIPE: Final[Mapping[str, object]] = {
    "piece_ms": PIECE_MS,
    "search_ms": SEARCH_MS,
    "lull_ms": LULL_MS,
    "shortest_ms": SHORTEST_MS,
    "hop_ms": HOP_MS,
    "silent_peak": SILENT_PEAK,
    "language_pieces": LANGUAGE_PIECES,
}
"""How sound is cut: with an engine's parameters, what must be the same for a transcription to be taken up again."""


class Engine(Protocol):
    """What turns a piece of sound into words."""

    @property
    def model(self) -> Model:
        """Which model hears."""
        ...

    @property
    def parameters(self) -> Mapping[str, object]:
        """The settings that its results follow from, fit for JSON."""
        ...

    def detect_language(self, sounds: Sequence[Sound]) -> str | None:
        """The language that all these sounds together are most likely in, as Whisper's code; None if it can't tell."""
        ...

    def hear(self, sound: Sound, language: str | None) -> list[Segment]:
        """The words in one piece of sound; times are relative to its start."""
        ...


@dataclass(frozen=True, slots=True)
class Piece:
    """A heard stretch of a recording; times, those of its segments too, are those of the recording.

    It carries the recording's language, so that a resumed run need not find it out again and cannot find another.
    """

    ordinal: int
    start_ms: int
    end_ms: int
    segments: tuple[Segment, ...]
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Transcribed:
    """What was heard in a recording, and how much of it there was: less than it says of itself if it was cut short."""

    language: str | None
    segments: tuple[Segment, ...]
    duration_ms: int


# --- cutting ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Stretch:
    """A piece of a recording before it is heard. Only a recording's end may lie within a millisecond: rounded up."""

    ordinal: int
    start_ms: int
    end_ms: int
    sound: Sound


def _samples(ms: int) -> int:
    return ms * RATE // 1000


def quietest(sound: Sound, start: int, end: int) -> int:
    """The sample in the middle of the quietest 0.4 s between two samples, the last such moment if there are several.

    The samples lie a whole number of 10 ms apart, and at least 0.4 s.
    """
    hop, width = _samples(HOP_MS), LULL_MS // HOP_MS
    hops = sound[start : start + (end - start) // hop * hop].astype(np.float64).reshape(-1, hop)
    energy = np.lib.stride_tricks.sliding_window_view(np.square(hops).sum(axis=1), width).sum(axis=1)
    last = len(energy) - 1 - int(np.argmin(energy[::-1]))
    return start + (last + width // 2) * hop


def _first_cut(sound: Sound) -> int:
    """Where to cut the first stretch off, in samples. Only one piece and 2 s count: reading ahead changes nothing."""
    hop = _samples(HOP_MS)
    latest = min(_samples(PIECE_MS), (len(sound) - _samples(SHORTEST_MS)) // hop * hop)
    return quietest(sound, _samples(PIECE_MS - SEARCH_MS), latest)


def _parts(blocks: Iterable[Sound]) -> Iterator[Sound]:
    ahead = _samples(PIECE_MS + SHORTEST_MS)
    waiting: list[Sound] = [np.empty(0, np.float32)]
    size = 0
    for block in blocks:
        waiting.append(block)
        size += len(block)
        if size < ahead:
            continue
        sound = np.concatenate(waiting)
        while len(sound) >= ahead:
            at = _first_cut(sound)
            yield sound[:at]
            sound = sound[at:]
        waiting, size = [sound], len(sound)
    sound = np.concatenate(waiting)
    yield from np.split(sound, [_first_cut(sound)] if len(sound) > _samples(PIECE_MS) else [])


def cut(blocks: Iterable[Sound]) -> Iterator[Stretch]:
    """Cut a stream of sound at quiet moments into stretches of at most PIECE_MS that together hold every sample once.

    Where it cuts depends on the sound alone, not on how it comes in blocks. Sound no longer than that is one stretch.
    """
    start = 0
    for ordinal, sound in enumerate(part for part in _parts(blocks) if len(part)):
        end = start + len(sound)
        yield Stretch(ordinal, start * 1000 // RATE, -(-end * 1000 // RATE), sound)
        start = end


def is_silent(sound: Sound) -> bool:
    """Whether nothing in it is louder than -60 dBFS."""
    return not len(sound) or float(np.abs(sound).max()) < SILENT_PEAK


# --- the whole recording ----------------------------------------------------------------------------------------------


def _look_ahead(stretches: Iterator[Stretch]) -> list[Stretch]:
    """The stretches up to the third that holds sound; silent ones lose theirs, so hours of silence take no memory."""
    ahead: list[Stretch] = []
    audible = 0
    for stretch in stretches:
        silent = is_silent(stretch.sound)
        ahead.append(replace(stretch, sound=stretch.sound[:0].copy()) if silent else stretch)
        audible += not silent
        if audible == LANGUAGE_PIECES:
            break
    return ahead


def _place(segments: Iterable[Segment], stretch: Stretch) -> Iterator[Segment]:
    """The segments at their times in the recording: in order, never overlapping, inside their stretch."""
    at = stretch.start_ms
    for segment in segments:
        start = min(max(at, stretch.start_ms + segment.start_ms), stretch.end_ms)
        at = min(max(start, stretch.start_ms + segment.end_ms), stretch.end_ms)
        yield replace(segment, start_ms=start, end_ms=at)


def _hear(stretch: Stretch, engine: Engine, language: str | None) -> Piece:
    segments = [] if is_silent(stretch.sound) else engine.hear(stretch.sound, language)
    placed = tuple(_place(segments, stretch))
    return Piece(stretch.ordinal, stretch.start_ms, stretch.end_ms, placed, language)


def transcribe(
    sound_blocks: Iterable[Sound],
    engine: Engine,
    *,
    language: str | None,
    heard: Sequence[Piece],
    keep: Callable[[Piece], None],
    duration_ms: int | None,
    progress: Progress,
) -> Transcribed:
    """Hear a recording piece by piece.

    `heard` are the pieces that an earlier run with the same recipe kept: they are not heard again, and the result is
    the one that an undisturbed run gives. `keep` gets each new piece as soon as it is there, in order. Without a
    language, it is found out from the first three pieces that hold sound. Progress counts milliseconds; its total
    grows with the sound where `duration_ms`, what the file says of itself, is unknown or too little.

    Raises ListeningError where the pieces heard earlier do not fit the sound, and Refused where the engine does not
    know the language.
    """
    earlier = {piece.ordinal: piece for piece in heard}
    language = language or next((piece.language for piece in heard if piece.language), None)
    stretches = cut(sound_blocks)
    if language is None:
        ahead = _look_ahead(stretches)
        sounds = [stretch.sound for stretch in ahead if len(stretch.sound)]
        language = engine.detect_language(sounds) if sounds else None
        stretches = chain(ahead, stretches)
    segments: list[Segment] = []
    end_ms = 0
    for stretch in stretches:
        piece = earlier.pop(stretch.ordinal, None)
        if piece is None:
            piece = _hear(stretch, engine, language)
            keep(piece)
        elif (piece.start_ms, piece.end_ms) != (stretch.start_ms, stretch.end_ms):
            raise _misfit(piece)
        segments.extend(piece.segments)
        end_ms = stretch.end_ms
        progress("transcribe", end_ms, max(end_ms, duration_ms or 0))
    for piece in earlier.values():
        raise _misfit(piece)
    return Transcribed(language, tuple(segments), end_ms)


def _misfit(piece: Piece) -> ListeningError:
    return ListeningError(
        f"Piece {piece.ordinal}, heard earlier, does not fit this recording. Transcribe the recording from its start."
    )


# --- Whisper ----------------------------------------------------------------------------------------------------------

SETTINGS: Final[Mapping[str, object]] = {
    "temperature": (0.0, 0.2, 0.4, 0.6, 0.8, 1.0),  # greedy; the higher ones only where words repeat or are unsure
    "compression_ratio_threshold": 2.4,
    "logprob_threshold": -1.0,
    "no_speech_threshold": 0.6,
    "condition_on_previous_text": False,  # text carried over spreads invented words
    "fp16": False,
}
"""Whisper's own defaults, written down, but for the last two."""

SEED: Final = 0
SURE_OF_LANGUAGE: Final = 0.8  # probability; below it, the next piece is asked too
WHISPER_LANGUAGES: Final = {"nb": "no", "fil": "tl", "cmn": "zh", "jv": "jw"}  # where its codes are not BCP 47's


class WhisperEngine:
    """openai-whisper on the processor, loaded when first used and kept."""

    def __init__(self, weights: Weights, threads: int | None = None) -> None:
        self.model: Model = weights.model
        self.parameters: Mapping[str, object] = {**SETTINGS, "seed": SEED, "sure_of_language": SURE_OF_LANGUAGE}
        self._weights = weights
        self._threads = threads
        self._loaded: Any = None

    def detect_language(self, sounds: Sequence[Sound]) -> str | None:
        """The likeliest language, asking as many of the sounds as it takes to be sure; English if it knows no other."""
        import whisper

        model = self._whisper()
        if not model.is_multilingual:
            return "en"
        total: Counter[str] = Counter()
        for sound in sounds:
            mel = whisper.log_mel_spectrogram(whisper.pad_or_trim(sound), model.dims.n_mels)
            probabilities = whisper.detect_language(model, mel)[1]
            total.update(probabilities)
            if max(probabilities.values()) >= SURE_OF_LANGUAGE:
                break
        return max(total, key=total.__getitem__)

    def hear(self, sound: Sound, language: str | None) -> list[Segment]:
        """The words in a piece of sound; raises Refused where the model does not know the language."""
        import torch
        import whisper

        code = self._code(language)
        # Above temperature 0 Whisper draws lots: from the same seed for each piece, so a resumed run draws the same.
        with torch.random.fork_rng(devices=[]), torch.inference_mode():
            torch.manual_seed(SEED)
            heard = whisper.transcribe(self._whisper(), sound, language=code, verbose=None, **SETTINGS)
        return [
            Segment(
                start_ms=round(one["start"] * 1000),
                end_ms=round(one["end"] * 1000),
                text=one["text"],
                average_log_probability=one["avg_logprob"],
                no_speech_probability=one["no_speech_prob"],
                compression_ratio=one["compression_ratio"],
            )
            for one in heard["segments"]
            if one["text"].strip()
        ]

    def _code(self, language: str | None) -> str:
        """Whisper's code for a language in BCP 47; English for none, as only an English-only model needs none."""
        import whisper

        base = (language or "en").replace("_", "-").split("-")[0].lower()
        code = WHISPER_LANGUAGES.get(base, base)
        if code not in whisper.tokenizer.LANGUAGES:
            raise Refused(f"Whisper does not know the language {language!r}. Leave it out, or name another.")
        if code != "en" and not self._whisper().is_multilingual:
            raise Refused(f"The model {self.model.name} hears English only. Choose one without .en for {language!r}.")
        return code

    def _whisper(self) -> Any:
        if self._loaded is None:
            import torch
            import whisper

            if self._threads is not None:
                torch.set_num_threads(self._threads)
            self._loaded = whisper.load_model(str(self._weights.path), device="cpu").eval()
        return self._loaded


def load_engine(weights: Weights, threads: int | None = None) -> WhisperEngine:
    """An engine for these weights; nothing heavy happens until it is used.

    `threads` is how many threads torch may use in this process, None for as many as there are cores.
    """
    return WhisperEngine(weights, threads)
