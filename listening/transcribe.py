"""Sound to timed segments, piece by piece, so that a killed run loses one piece and a long one fits in memory.

Sound is mono float32 at 16 kHz, shape (samples,), between -1 and 1. Times are whole milliseconds.
"""

from __future__ import annotations

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
    """A piece of a recording before it is heard."""

    ordinal: int
    start_ms: int
    sound: Sound

    @property
    def end_ms(self) -> int:
        """Where it ends, rounded up: only the end of a recording may lie within a millisecond."""
        return self.start_ms + -(-len(self.sound) * 1000 // RATE)


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
    """Where to cut the first piece off, in samples. Only the first 32 s count, so reading ahead changes nothing."""
    hop = _samples(HOP_MS)
    latest = min(_samples(PIECE_MS), (len(sound) - _samples(SHORTEST_MS)) // hop * hop)
    return quietest(sound, _samples(PIECE_MS - SEARCH_MS), latest)


def cut(blocks: Iterable[Sound]) -> Iterator[Stretch]:
    """Cut a stream of sound at quiet moments into stretches of at most 30 s that together hold every sample once.

    Where it cuts depends on the sound alone, not on how it comes in blocks. Sound of up to 30 s is one stretch.
    """
    ordinal = start_ms = 0
    ahead = _samples(PIECE_MS + SHORTEST_MS)
    waiting: list[Sound] = []
    held = 0

    def take() -> Iterator[Stretch]: ...
