"""Sound to timed segments, piece by piece, so that a killed run loses one piece and a long one fits in memory.

Sound is mono float32 at 16 kHz, shape (samples,), between -1 and 1. Times are whole milliseconds.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import TYPE_CHECKING, Any, Final, Protocol

import numpy as np
from numpy.typing import NDArray

from listening.domain import Model, Progress, Segment
from listening.errors import ListeningError, Refused
from listening.weights import Weights

if TYPE_CHECKING:
    from torch import Tensor

Sound = NDArray[np.float32]

RATE: Final = 16_000  # samples a second
PIECE_MS: Final = 30_000  # what Whisper hears at once
SEARCH_MS: Final = 10_000  # a piece is cut somewhere in its last 10 s,
LULL_MS: Final = 200  # in the middle of the quietest 0.2 s
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
        """The words in at most 30 s of sound; times are relative to its start."""
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
    """The sample in the middle of the quietest 0.2 s between two samples, the last such moment if there are several.

    The samples lie a whole number of 10 ms apart, and at least 0.2 s.
    """
    hop, width = _samples(HOP_MS), LULL_MS // HOP_MS
    hops = sound[start : start + (end - start) // hop * hop].astype(np.float64).reshape(-1, hop)
    energy = np.lib.stride_tricks.sliding_window_view(np.square(hops).sum(axis=1), width).sum(axis=1)
    last = len(energy) - 1 - int(np.argmin(energy[::-1]))
    return start + (last + width // 2) * hop


def _first_cut(sound: Sound) -> int:
    """Where to cut the first stretch off, in samples. Only the first 32 s count, so reading ahead changes nothing."""
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
    """Cut a stream of sound at quiet moments into stretches of at most 30 s that together hold every sample once.

    Where it cuts depends on the sound alone, not on how it comes in blocks. Sound of up to 30 s is one stretch.
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

TEMPERATURES: Final = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
TOO_REPETITIVE: Final = 2.4  # compression ratio
TOO_UNSURE: Final = -1.0  # mean log probability of the tokens
NO_SPEECH: Final = 0.6  # probability; counts only where the words are unsure too
SEED: Final = 0
TICK_MS: Final = 20  # one step of Whisper's time tokens
WHISPER_LANGUAGES: Final = {"nb": "no", "fil": "tl", "cmn": "zh", "jv": "jw"}  # where its codes are not BCP 47's


@dataclass(frozen=True, slots=True)
class Said:
    """Tokens between two time tokens; times are in ticks."""

    start: int
    end: int
    tokens: tuple[int, ...]


def read_tokens(tokens: Sequence[int], first_time: int, length: int) -> tuple[list[Said], int]:
    """What Whisper said in a window of `length` ticks, and the tick from which it is to listen again.

    A time token is `first_time` plus its tick. As in whisper.transcribe: words that no time follows are heard again
    from where they start, unless they are all there is; and two times at the end mean that there may be more to hear.
    """
    said: list[Said] = []
    words: list[int] = []
    start = 0
    for token in tokens:
        if token < first_time:
            words.append(token)
            continue
        if words:
            said.append(Said(start, token - first_time, tuple(words)))
            words = []
        start = token - first_time
    if words and not said:
        said.append(Said(start, length, tuple(words)))
        words = []
    more = bool(words) or [token >= first_time for token in tokens[-2:]] == [True, True]
    return said, start if more and start else length


class WhisperEngine:
    """openai-whisper on the processor, loaded when first used and kept.

    It decodes by itself what `whisper.transcribe` would, so that a piece is encoded only once, for finding the
    language as for every temperature.
    """

    def __init__(self, weights: Weights, threads: int | None = None) -> None:
        self.model: Model = weights.model
        self.parameters: Mapping[str, object] = {
            "temperatures": list(TEMPERATURES),
            "too_repetitive": TOO_REPETITIVE,
            "too_unsure": TOO_UNSURE,
            "no_speech": NO_SPEECH,
            "seed": SEED,
        }
        self._weights = weights
        self._threads = threads
        self._loaded: Any = None
        self._encoded: list[tuple[Sound, Tensor]] = []

    def detect_language(self, sounds: Sequence[Sound]) -> str | None:
        """The language with the highest probability summed over the sounds; English for an English-only model."""
        whisper = self._whisper()
        if not whisper.is_multilingual:
            return "en"
        self._encoded = [(sound, self._encode(sound)) for sound in sounds]
        total: Counter[str] = Counter()
        for _, features in self._encoded:
            total.update(whisper.detect_language(features)[1][0])
        return max(total, key=total.__getitem__)

    def hear(self, sound: Sound, language: str | None) -> list[Segment]:
        """The words in a piece of sound; raises Refused where the model does not know the language."""
        import torch

        code = self._code(language)
        segments: list[Segment] = []
        at = 0
        # Above temperature 0 Whisper draws lots: from the same seed for each piece, so a resumed run draws the same.
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(SEED)
            while at < len(sound):
                window = sound[at : at + _samples(PIECE_MS)] if at else sound
                heard, done = self._hear_window(window, code)
                segments.extend(_shift(heard, at * 1000 // RATE))
                at += done
        return segments

    def _hear_window(self, window: Sound, code: str) -> tuple[list[Segment], int]:
        """What is said in at most 30 s, and how many samples of it were dealt with."""
        import whisper

        result = self._decode(self._features(window), code)
        if result.no_speech_prob > NO_SPEECH and result.avg_logprob <= TOO_UNSURE:
            return [], len(window)
        tokenizer = whisper.tokenizer.get_tokenizer(
            self._whisper().is_multilingual, num_languages=self._whisper().num_languages, language=code
        )
        ticks = -(-len(window) // _samples(TICK_MS))
        said, done = read_tokens(result.tokens, tokenizer.timestamp_begin, ticks)
        segments = [
            Segment(
                start_ms=one.start * TICK_MS,
                end_ms=one.end * TICK_MS,
                text=tokenizer.decode(list(one.tokens)),
                average_log_probability=result.avg_logprob,
                no_speech_probability=result.no_speech_prob,
                compression_ratio=result.compression_ratio,
            )
            for one in said
        ]
        return [segment for segment in segments if segment.text.strip()], done * _samples(TICK_MS)

    def _decode(self, features: Tensor, code: str) -> Any:
        """Whisper's result at the lowest temperature at which it neither repeats itself nor gropes for words."""
        import whisper

        for temperature in TEMPERATURES:
            options = whisper.DecodingOptions(language=code, temperature=temperature, fp16=False)
            result = whisper.decode(self._whisper(), features, options)[0]
            unsure = result.avg_logprob < TOO_UNSURE
            silence = unsure and result.no_speech_prob > NO_SPEECH
            if silence or not (unsure or result.compression_ratio > TOO_REPETITIVE):
                break
        return result

    def _features(self, sound: Sound) -> Tensor:
        """The sound encoded: kept from when the language was looked for, or made now."""
        for place, (known, features) in enumerate(self._encoded):
            if known is sound:
                del self._encoded[place]
                return features
        return self._encode(sound)

    def _encode(self, sound: Sound) -> Tensor:
        """Shape (1, 1500, width), from at most 30 s of sound."""
        import torch
        import whisper

        with torch.inference_mode():
            padded = whisper.pad_or_trim(sound)
            features: Tensor = self._whisper().embed_audio(whisper.log_mel_spectrogram(padded)[None])
        return features

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


def _shift(segments: Iterable[Segment], by_ms: int) -> Iterator[Segment]:
    return (replace(one, start_ms=one.start_ms + by_ms, end_ms=one.end_ms + by_ms) for one in segments)


def load_engine(weights: Weights, threads: int | None = None) -> WhisperEngine:
    """An engine for these weights; nothing heavy happens until it is used.

    `threads` is how many threads torch may use in this process, None for as many as there are cores.
    """
    return WhisperEngine(weights, threads)
