"""Sound to timed segments, piece by piece, so that a killed run loses one piece and a long one fits in memory.

Sound is mono float32 at 16 kHz, shape (samples,), between -1 and 1. Times are whole milliseconds.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import accumulate, groupby, pairwise
from operator import itemgetter
from typing import Any, Final, Protocol

from listening.domain import Model, Progress, Segment, Turn
from listening.errors import ListeningError, Refused
from listening.tape import RATE, Sound, Span, Tape
from listening.weights import Weights

PIECE_MS = 120_000  # of speech: shorter ones cost Whisper more part-filled windows, longer ones lose more when stopped
STRAY_MS: Final = 400  # how far a segment may reach into the room around the speech next to its own
LANGUAGE_PIECES: Final = 3  # one noisy piece is a poor judge of the language

# A segment is doubtful beyond any of these.
LEAST_LOG_PROBABILITY: Final = -0.6  # the mean over its tokens
UNSURE_LOG_PROBABILITY: Final = -0.45  # with MOST_NO_SPEECH
MOST_NO_SPEECH: Final = 0.6  # Whisper's own guess that nobody speaks
MOST_COMPRESSION: Final = 2.4  # words that go round in circles
LEAST_SPEECH: Final = 0.3  # the voice detector's guess that somebody speaks
MOST_CHARACTERS_A_SECOND: Final = 35  # faster than anybody speaks
REPEATED: Final = 3  # the same words so many times in a row

RECIPE: Final[Mapping[str, object]] = {
    "piece_ms": PIECE_MS,
    "stray_ms": STRAY_MS,
    "language_pieces": LANGUAGE_PIECES,
    "doubtful": [
        LEAST_LOG_PROBABILITY,
        UNSURE_LOG_PROBABILITY,
        MOST_NO_SPEECH,
        MOST_COMPRESSION,
        LEAST_SPEECH,
        MOST_CHARACTERS_A_SECOND,
        REPEATED,
    ],
}
"""How speech is joined: with an engine's parameters, what must be the same for a transcription to be taken up again."""


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
        """The words in one piece of sound, all of it in this language; times are relative to its start."""
        ...

    def hear_any(self, sound: Sound, usual: str | None) -> list[Segment]:
        """The same, where people may speak several languages, most often the usual one; never translated."""
        ...


@dataclass(frozen=True, slots=True)
class Piece:
    """A heard piece of a recording; times, those of its segments too, are those of the recording.

    It carries the recording's language, so that a resumed run need not find it out again and cannot find another.
    """

    ordinal: int
    start_ms: int
    end_ms: int
    segments: tuple[Segment, ...]
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Transcribed:
    """What was heard in a recording."""

    language: str | None
    segments: tuple[Segment, ...]


# --- pieces of speech -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Stretch:
    """A piece of a recording before it is heard: all of it from start to end, and the spans in which somebody speaks.

    A run is one or more spans that touch: speech without a long silence in it.
    """

    ordinal: int
    start_ms: int
    end_ms: int
    runs: tuple[Span, ...]


def stretches(spans: Sequence[Span], duration_ms: int) -> list[Stretch]:
    """Tile a recording with pieces that hold at most PIECE_MS of speech, or one span that is longer.

    They meet in the middle of the silence between two spans, or where two spans touch. A recording without speech
    has no pieces.
    """
    groups: list[list[Span]] = []
    for span in spans:
        if groups and sum(end - start for start, end in groups[-1]) + span[1] - span[0] <= PIECE_MS:
            groups[-1].append(span)
        else:
            groups.append([span])
    cuts = [(left[-1][1] + right[0][0]) // 2 for left, right in pairwise(groups)]
    edges = pairwise([0, *cuts, duration_ms])
    return [
        Stretch(ordinal, *edge, tuple(_runs(group)))
        for ordinal, (edge, group) in enumerate(zip(edges, groups, strict=False))
    ]


def _runs(spans: Iterable[Span]) -> list[Span]:
    runs: list[Span] = []
    for start, end in spans:
        if runs and runs[-1][1] == start:
            runs[-1] = (runs[-1][0], end)
        else:
            runs.append((start, end))
    return runs


Hear = Callable[[Sound], list[Segment]]


def _hear(sound: Sound, runs: Sequence[Span], hear: Hear) -> Iterator[Segment]:
    """The words in runs of speech, one after another, at their times in the recording.

    Runs are heard together, which is quicker. Where that makes a segment of words from two of them, with a silence in
    between, the runs before and after that silence are heard again, apart.
    """
    starts = list(accumulate((end - start for start, end in runs), initial=0))
    segments = hear(sound)
    apart = next((run for one in segments if (run := _reaches_over(one, starts)) is not None), None)
    if apart is None:
        yield from _place(segments, runs, starts)
        return
    cut = starts[apart + 1] * RATE // 1000
    yield from _hear(sound[:cut], runs[: apart + 1], hear)
    yield from _hear(sound[cut:], runs[apart + 1 :], hear)


def _run_of(segment: Segment, starts: Sequence[int]) -> int:
    """Which run a segment's middle lies in."""
    middle = (segment.start_ms + segment.end_ms) // 2
    return min(max(bisect_right(starts, middle) - 1, 0), len(starts) - 2)


def _reaches_over(segment: Segment, starts: Sequence[int]) -> int | None:
    """The run after which there is a silence that the segment reaches over; None if there is none."""
    run = _run_of(segment, starts)
    if run > 0 and starts[run] - segment.start_ms > STRAY_MS:
        return run - 1
    if run < len(starts) - 2 and segment.end_ms - starts[run + 1] > STRAY_MS:
        return run
    return None


def _place(segments: Iterable[Segment], runs: Sequence[Span], starts: Sequence[int]) -> Iterator[Segment]:
    """The segments at their times in the recording: in order, never overlapping, each inside its run."""
    at = 0
    for segment in segments:
        run = _run_of(segment, starts)
        first, last = runs[run]
        shift = first - starts[run]
        start = min(max(at, first, segment.start_ms + shift), max(at, last))
        at = min(max(start, segment.end_ms + shift), max(start, last))
        yield replace(segment, start_ms=start, end_ms=at)


# --- sure or doubtful -------------------------------------------------------------------------------------------------


def judged(segments: Iterable[Segment], likeliness: Callable[[int, int], float]) -> list[Segment]:
    """The segments with how likely somebody speaks in each, and those marked whose words may be invented."""
    weighed = [replace(one, speech_probability=likeliness(one.start_ms, one.end_ms)) for one in segments]
    repeated = _repeated([_bare(one.text) for one in weighed])
    return [replace(one, doubtful=number in repeated or _is_doubtful(one)) for number, one in enumerate(weighed)]


def judged_elsewhere(turns: Sequence[Turn]) -> tuple[Turn, ...]:
    """The turns, those marked whose words another program may have invented: by the same limits.

    Its recording is not here, so nothing is known of how likely somebody speaks.
    """
    heard = judged([turn.heard for turn in turns if turn.heard], lambda _start, _end: 1.0)
    doubtful = iter(one.doubtful for one in heard)
    return tuple(replace(turn, doubtful=next(doubtful)) if turn.heard else turn for turn in turns)


def _is_doubtful(segment: Segment) -> bool:
    """By itself; the limits are those at which invented words and real ones parted on noise, music and bad lines."""
    return (
        segment.average_log_probability < LEAST_LOG_PROBABILITY
        or segment.compression_ratio > MOST_COMPRESSION
        or segment.speech_probability < LEAST_SPEECH
        or (segment.no_speech_probability > MOST_NO_SPEECH and segment.average_log_probability < UNSURE_LOG_PROBABILITY)
        or len(segment.text) > MOST_CHARACTERS_A_SECOND * max(1, segment.end_ms - segment.start_ms) / 1000 + 10
    )


def _bare(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))


def _repeated(texts: Sequence[str]) -> set[int]:
    """Which of the texts are one of REPEATED or more in a row that are the same."""
    found: set[int] = set()
    for _, group in groupby(enumerate(texts), key=itemgetter(1)):
        numbers = [number for number, _ in group]
        found.update(numbers if len(numbers) >= REPEATED else [])
    return found


# --- the whole recording ----------------------------------------------------------------------------------------------


def transcribe(
    blocks: Iterable[Sound],
    engine: Engine,
    *,
    spans: Sequence[Span],
    duration_ms: int,
    likeliness: Callable[[int, int], float],
    language: str | None,
    heard: Sequence[Piece],
    keep: Callable[[Piece], None],
    progress: Progress,
) -> Transcribed:
    """Hear the speech in a recording piece by piece.

    `spans` is where somebody speaks, in order, and `likeliness(start_ms, end_ms)` how likely that is, 0 to 1.
    Without a `language`, people may speak several: the usual one is found out from the first three pieces, and what
    is surely in another is heard in that. `heard` are the pieces that an earlier run with the same recipe kept: they
    are not heard again, and the result is the one that an undisturbed run gives. `keep` gets each new piece as soon
    as it is there, in order. Progress counts milliseconds of `duration_ms`.

    Raises ListeningError where the pieces heard earlier do not fit the sound, and Refused where the engine does not
    know the language.
    """
    plan = stretches(spans, duration_ms)
    earlier = {piece.ordinal: piece for piece in heard}
    for known in heard:
        if known.ordinal >= len(plan) or _edges(known) != _edges(plan[known.ordinal]):
            raise _misfit(known)
    tape = Tape(blocks)
    missing = [one for one in plan if one.ordinal not in earlier]
    hear_in = engine.hear if language else engine.hear_any
    language = language or next((piece.language for piece in heard if piece.language), None)
    sounds: dict[int, Sound] = {}
    if language is None and missing:
        sounds = {one.ordinal: tape.take(*one.runs) for one in missing[:LANGUAGE_PIECES]}
        language = engine.detect_language(list(sounds.values()))
    segments: list[Segment] = []
    for one in plan:
        piece = earlier.get(one.ordinal)
        if piece is None:
            sound = sounds.pop(one.ordinal) if one.ordinal in sounds else tape.take(*one.runs)
            words = tuple(judged(_hear(sound, one.runs, partial(_in, hear_in, language)), likeliness))
            piece = Piece(*_edges(one), words, language)
            keep(piece)
        segments.extend(piece.segments)
        progress("transcribe", one.end_ms, duration_ms)
    return Transcribed(language, tuple(segments))


def _in(hear: Callable[[Sound, str | None], list[Segment]], language: str | None, sound: Sound) -> list[Segment]:
    """The words in a sound, each with a language, if only the usual one."""
    return [one if one.language else replace(one, language=language) for one in hear(sound, language)]


def _edges(piece: Piece | Stretch) -> tuple[int, int, int]:
    return piece.ordinal, piece.start_ms, piece.end_ms


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


def _code(language: str | None, model: Model, *, multilingual: bool) -> str:
    """Whisper's code for a language in BCP 47; English for none, as only an English-only model needs none."""
    import whisper

    base = (language or "en").replace("_", "-").split("-")[0].lower()
    code = WHISPER_LANGUAGES.get(base, base)
    if code not in whisper.tokenizer.LANGUAGES:
        raise Refused(f"Whisper does not know the language {language!r}. Leave it out, or name another.")
    if code != "en" and not multilingual:
        raise Refused(f"The model {model.name} hears English only. Choose one without .en for {language!r}.")
    return code


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
        return [_segment(one) for one in self._heard(sound, self._code(language))]

    def hear_any(self, sound: Sound, usual: str | None) -> list[Segment]:
        """The words in a piece of sound, each window of 30 s in the language that it is surely in, else the usual."""
        model = self._whisper()
        if not model.is_multilingual:
            return self.hear(sound, usual)
        windows = _Windows(model)
        with windows:
            heard = self._heard(sound, self._code(usual))
        return [replace(_segment(one), language=windows.language_of(one["tokens"])) for one in heard]

    def _heard(self, sound: Sound, code: str) -> list[dict[str, Any]]:
        import torch
        import whisper

        # Above temperature 0 Whisper draws lots: from the same seed for each piece, so a resumed run draws the same.
        with torch.random.fork_rng(devices=[]), torch.inference_mode():
            torch.manual_seed(SEED)
            heard = whisper.transcribe(self._whisper(), sound, language=code, verbose=None, **SETTINGS)
        return [one for one in heard["segments"] if one["text"].strip()]

    def _code(self, language: str | None) -> str:
        return _code(language, self.model, multilingual=self._whisper().is_multilingual)

    def _whisper(self) -> Any:
        if self._loaded is None:
            import torch
            import whisper

            if self._threads is not None:
                torch.set_num_threads(self._threads)
            self._loaded = whisper.load_model(str(self._weights.path), device="cpu").eval()
            self._loaded.encoder.forward = _remembering(self._loaded.encoder.forward)
        return self._loaded


def _segment(heard: Mapping[str, Any]) -> Segment:
    return Segment(
        start_ms=round(heard["start"] * 1000),
        end_ms=round(heard["end"] * 1000),
        text=heard["text"],
        average_log_probability=heard["avg_logprob"],
        no_speech_probability=heard["no_speech_prob"],
        compression_ratio=heard["compression_ratio"],
    )


def _remembering(look: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """The encoder, looking once at a window that is decoded several times: for its language, and when unsure."""
    import torch

    last: list[Any] = []

    def remembered(mel: Any) -> Any:
        if not last or last[0].shape != mel.shape or not torch.equal(last[0], mel):
            last[:] = [mel, look(mel)]
        return last[1]

    return remembered


class _Windows:
    """While it is entered, a model decodes each window in the language that it is surely in."""

    def __init__(self, model: Any) -> None:
        self._model = model
        self._decoded: list[tuple[list[int], str]] = []  # the tokens of each window, and its language

    def __enter__(self) -> None:
        self._model.decode = self._decode

    def __exit__(self, *_: object) -> None:
        del self._model.decode

    def _decode(self, mel: Any, options: Any) -> Any:
        import whisper

        features = self._model.encoder(mel[None])[0]
        probabilities = whisper.detect_language(self._model, features)[1]
        likeliest = max(probabilities, key=probabilities.__getitem__)
        if probabilities[likeliest] >= SURE_OF_LANGUAGE:
            options = replace(options, language=likeliest)
        result = whisper.decode(self._model, features, options)
        self._decoded.append((list(result.tokens), result.language))
        return result

    def language_of(self, tokens: Sequence[int]) -> str | None:
        """The language of the window that a segment's tokens come from; segments are asked for in order."""
        while self._decoded:
            whole, language = self._decoded[0]
            if any(whole[at : at + len(tokens)] == list(tokens) for at in range(len(whole) - len(tokens) + 1)):
                return language
            self._decoded.pop(0)
        return None


def load_engine(weights: Weights, threads: int | None = None) -> WhisperEngine:
    """An engine for these weights; nothing heavy happens until it is used.

    `threads` is how many threads torch may use in this process, None for as many as there are cores.
    """
    return WhisperEngine(weights, threads)


# --- faster-whisper ---------------------------------------------------------------------------------------------------

FASTER_SETTINGS: Final[Mapping[str, object]] = {
    "temperature": SETTINGS["temperature"],
    "compression_ratio_threshold": SETTINGS["compression_ratio_threshold"],
    "log_prob_threshold": SETTINGS["logprob_threshold"],
    "no_speech_threshold": SETTINGS["no_speech_threshold"],
    "condition_on_previous_text": SETTINGS["condition_on_previous_text"],
    "beam_size": 1,
    "best_of": 1,
}
"""The same as for openai-whisper, in faster-whisper's words."""

COMPUTE_TYPE: Final = "int8"  # a third of the time of 32-bit numbers


class FasterEngine:
    """faster-whisper on the processor, for whoever has installed it; loaded when first used and kept."""

    def __init__(self, weights: Weights, threads: int | None = None) -> None:
        self.model: Model = weights.model
        self.parameters: Mapping[str, object] = {
            **FASTER_SETTINGS,
            "seed": SEED,
            "sure_of_language": SURE_OF_LANGUAGE,
            "compute_type": COMPUTE_TYPE,
        }
        self._weights = weights
        self._threads = threads
        self._loaded: Any = None

    def detect_language(self, sounds: Sequence[Sound]) -> str | None:
        """The likeliest language, asking as many of the sounds as it takes to be sure; English if it knows no other."""
        model = self._whisper()
        if not model.model.is_multilingual:
            return "en"
        total: Counter[str] = Counter()
        for sound in sounds:
            probabilities = dict(model.detect_language(sound)[2])
            total.update(probabilities)
            if max(probabilities.values()) >= SURE_OF_LANGUAGE:
                break
        return max(total, key=total.__getitem__)

    def hear(self, sound: Sound, language: str | None) -> list[Segment]:
        """The words in a piece of sound; raises Refused where the model does not know the language."""
        import ctranslate2

        model = self._whisper()
        code = _code(language, self.model, multilingual=model.model.is_multilingual)
        ctranslate2.set_random_seed(SEED)
        heard, _ = model.transcribe(sound, language=code, **FASTER_SETTINGS)
        return [
            Segment(
                start_ms=round(one.start * 1000),
                end_ms=round(one.end * 1000),
                text=one.text,
                average_log_probability=one.avg_logprob,
                no_speech_probability=one.no_speech_prob,
                compression_ratio=one.compression_ratio,
            )
            for one in heard
            if one.text.strip()
        ]

    def hear_any(self, sound: Sound, usual: str | None) -> list[Segment]:
        """The words in a piece of sound, in the language that it surely begins in, else the usual."""
        model = self._whisper()
        language = usual
        if model.model.is_multilingual:
            likeliest, probability, _ = model.detect_language(sound)
            language = likeliest if probability >= SURE_OF_LANGUAGE else usual
        return [replace(one, language=language) for one in self.hear(sound, language)]

    def _whisper(self) -> Any:
        if self._loaded is None:
            from faster_whisper import WhisperModel

            self._loaded = WhisperModel(
                str(self._weights.path), device="cpu", compute_type=COMPUTE_TYPE, cpu_threads=self._threads or 0
            )
        return self._loaded


def load_faster_engine(weights: Weights, threads: int | None = None) -> FasterEngine:
    """The same as `load_engine`, with faster-whisper; `weights` are a folder in its format."""
    return FasterEngine(weights, threads)
