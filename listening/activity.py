"""Where in a recording somebody speaks, so that Whisper is never asked to find words in silence, music or noise.

A frame is 512 samples: 32 ms.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final, Protocol

import numpy as np
from numpy.typing import NDArray

from listening.domain import Model
from listening.tape import RATE, Sound, Span
from listening.weights import Weights

if TYPE_CHECKING:
    from torch import Tensor

FRAME: Final = 512  # samples
FRAME_MS: Final = FRAME * 1000 // RATE
BLOCK: Final = 512  # frames the detector looks at together; always as many, so that the same sound gives the same sums

SURE: Final = 0.5  # probability at which somebody begins to speak,
UNSURE: Final = 0.35  # and below which they have stopped
SHORTEST_MS: Final = 96  # a shorter sound is a click, not a word
PAUSE_MS: Final = 1_500  # a longer pause is left out
AROUND_MS: Final = 400  # what is kept before and after speech; 200 clipped words
LONGEST_MS: Final = 28_000  # one span; Whisper looks at 30 s at a time
SEARCH_MS: Final = 12_000  # a longer one is cut somewhere in its last 12 s,
LULL_MS: Final = 416  # in the middle of the quietest 0.4 s; a shorter one is rarely the end of a sentence

RECIPE: Final[Mapping[str, object]] = {
    "sure": SURE,
    "unsure": UNSURE,
    "shortest_ms": SHORTEST_MS,
    "pause_ms": PAUSE_MS,
    "around_ms": AROUND_MS,
    "longest_ms": LONGEST_MS,
    "search_ms": SEARCH_MS,
    "lull_ms": LULL_MS,
}
"""How speech is told apart: with the detector's model, what must be the same for the same sound to be cut the same."""


class Detector(Protocol):
    """What tells speech from all else."""

    @property
    def model(self) -> Model:
        """Which model listens."""
        ...

    def probabilities(self, sound: Iterable[Sound]) -> Iterator[NDArray[np.float32]]:
        """How likely somebody speaks in each frame, some frames at a time, for sound in blocks of BLOCK frames.

        The last block may be shorter, and its last frame too. Values lie between 0 and 1.
        """
        ...


@dataclass(frozen=True, slots=True)
class Activity:
    """Where in a recording somebody speaks.

    `spans` are in order and do not overlap, are at most LONGEST_MS long, and have AROUND_MS of room before and after
    the speech where there is room. What lies between them holds no speech.
    """

    duration_ms: int
    spans: tuple[Span, ...]
    probabilities: NDArray[np.float32]  # of speech, shape (frames,)

    def likeliness(self, start_ms: int, end_ms: int) -> float:
        """How likely somebody speaks between two times: the mean over its frames, 0 to 1."""
        frames = self.probabilities[start_ms // FRAME_MS : max(-(-end_ms // FRAME_MS), start_ms // FRAME_MS + 1)]
        return float(frames.mean()) if len(frames) else 0.0


def find_speech(blocks: Iterable[Sound], detector: Detector) -> Activity:
    """Listen through a recording once, and say where somebody speaks. What it finds depends on the sound alone."""
    energy: list[NDArray[np.float32]] = []
    samples = 0

    def heard() -> Iterator[Sound]:
        nonlocal samples
        for block in _even(blocks):
            samples += len(block)
            energy.append(_energy(block))
            yield block

    none = np.empty(0, np.float32)
    probabilities = np.concatenate([none, *detector.probabilities(heard())])
    duration_ms = -(-samples * 1000 // RATE)
    spans = _spans(probabilities, np.concatenate([none, *energy]), duration_ms)
    return Activity(duration_ms, tuple(spans), probabilities)


def _even(blocks: Iterable[Sound]) -> Iterator[Sound]:
    """The same sound in blocks of BLOCK frames; the last may be shorter."""
    size = BLOCK * FRAME
    waiting: list[Sound] = [np.empty(0, np.float32)]
    for block in blocks:
        waiting.append(block)
        if sum(map(len, waiting)) >= size:
            sound = np.concatenate(waiting)
            whole = len(sound) // size * size
            yield from sound[:whole].reshape(-1, size)
            waiting = [sound[whole:]]
    rest = np.concatenate(waiting)
    if len(rest):
        yield rest


def _energy(sound: Sound) -> NDArray[np.float32]:
    """The mean square of each frame."""
    sums = np.add.reduceat(np.square(sound), np.arange(0, len(sound), FRAME))
    return np.asarray(sums / FRAME, dtype=np.float32)


# --- from probabilities to spans --------------------------------------------------------------------------------------


def _spans(probabilities: NDArray[np.float32], energy: NDArray[np.float32], duration_ms: int) -> Iterator[Span]:
    around, pause = AROUND_MS // FRAME_MS + 1, PAUSE_MS // FRAME_MS
    at: list[Span] = []
    for start, end in _talking(probabilities):
        if end - start < SHORTEST_MS // FRAME_MS:
            continue
        if at and start - at[-1][1] <= pause:
            at[-1] = (at[-1][0], end)
        else:
            at.append((start, end))
    for start, end in at:
        for first, last in _bounded(max(0, start - around), min(end + around, len(energy)), energy):
            yield first * FRAME_MS, min(last * FRAME_MS, duration_ms)


def _talking(probabilities: NDArray[np.float32]) -> Iterator[Span]:
    """The runs of frames in which somebody speaks: from one that is sure to the next that is not even unsure."""
    change = np.full(len(probabilities), -1, np.int8)
    change[probabilities >= SURE] = 1
    change[probabilities < UNSURE] = 0
    known = np.maximum.accumulate(np.where(change >= 0, np.arange(len(change)), 0))
    talking = np.concatenate([[False], change[known] == 1, [False]])
    edges = np.flatnonzero(talking[1:] != talking[:-1]).tolist()
    yield from zip(edges[::2], edges[1::2], strict=True)


def _bounded(start: int, end: int, energy: NDArray[np.float32]) -> Iterator[Span]:
    """A span of frames, cut at quiet moments into spans that are short enough."""
    longest, search = LONGEST_MS // FRAME_MS, SEARCH_MS // FRAME_MS
    while end - start > longest:
        cut = _quietest(energy, start + longest - search, start + longest)
        yield start, cut
        start = cut
    yield start, end


def _quietest(energy: NDArray[np.float32], start: int, end: int) -> int:
    """The frame in the middle of the quietest 0.4 s between two frames, the last such moment if there are several."""
    width = LULL_MS // FRAME_MS
    sums = np.lib.stride_tricks.sliding_window_view(energy[start:end].astype(np.float64), width).sum(axis=1)
    last = len(sums) - 1 - int(np.argmin(sums[::-1]))
    return start + last + width // 2


def quiet_between(spans: Iterable[Span], duration_ms: int) -> Iterator[Span]:
    """What lies before, between and after the spans: the rest of the recording."""
    edges = [0, *(edge for span in spans for edge in span), duration_ms]
    yield from ((start, end) for start, end in list(pairwise(edges))[::2] if end > start)


# --- the detector that comes with silero-vad --------------------------------------------------------------------------

CONTEXT: Final = 64  # samples of the frame before that the detector sees again
BINS: Final = 129  # of its spectrum
_MEMORY: Final = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")


class SileroDetector:
    """silero-vad on the processor, its weights loaded when first used and kept.

    Its own program looks at one frame at a time; the same sums over 512 frames at a time are ten times quicker.
    """

    def __init__(self, weights: Weights) -> None:
        self.model: Model = weights.model
        self._path = weights.path
        self._loaded: Any = None

    def probabilities(self, sound: Iterable[Sound]) -> Iterator[NDArray[np.float32]]:
        """See Detector."""
        import torch

        weights, memory = self._silero()
        state = None
        before = torch.zeros(CONTEXT)
        for block in sound:
            with torch.inference_mode():
                samples = torch.from_numpy(np.pad(block, (0, -len(block) % FRAME)))
                frames = samples.reshape(-1, FRAME)
                contexts = torch.cat([before[None], frames[:-1, -CONTEXT:]])
                before = frames[-1, -CONTEXT:]
                seen = _look(torch.cat([contexts, frames], dim=1), weights)
                heard, state = memory(seen[:, None], state)
                said = heard[:, 0].relu() @ weights["decoder.2.weight"].flatten() + weights["decoder.2.bias"]
                yield said.sigmoid().numpy()

    def _silero(self) -> tuple[Mapping[str, Tensor], Any]:
        if self._loaded is None:
            self._loaded = _load(str(self._path))
        return self._loaded[0], self._loaded[1]


def _look(frames: Tensor, weights: Mapping[str, Tensor]) -> Tensor:
    """What the detector makes of each frame by itself: shape (frames, 128)."""
    from torch.nn import functional

    padded = functional.pad(frames[:, None], (0, CONTEXT), mode="reflect")
    waves = functional.conv1d(padded, weights["stft.forward_basis_buffer"], stride=128)
    seen = (waves[:, :BINS] ** 2 + waves[:, BINS:] ** 2).sqrt()
    for layer, stride in enumerate((1, 2, 2, 1)):
        name = f"encoder.{layer}.reparam_conv"
        seen = functional.conv1d(seen, weights[f"{name}.weight"], weights[f"{name}.bias"], stride, padding=1).relu()
    return seen.squeeze(-1)


def _load(path: str) -> tuple[Mapping[str, Tensor], Any]:
    """The detector's weights, and the part of it that remembers."""
    import warnings

    import torch

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # torch would like the package to ship another format
        program: Any = import_module("torch.jit").load(path, map_location="cpu")
    weights = {
        name.removeprefix("_model.").removeprefix("decoder."): value
        for name, value in program.state_dict().items()
        if name.startswith("_model.")  # the other half of it is for sound at 8 kHz
    }
    memory = torch.nn.LSTM(128, 128)
    memory.load_state_dict({f"{name}_l0": weights[f"rnn.{name}"] for name in _MEMORY})
    return weights, memory.eval()
