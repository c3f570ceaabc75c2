"""A transcriber, a voice detector and an ear for speakers without models: the same sound always gives the same."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from listening.domain import Model, Segment

RATE = 16_000
SENTENCE = 4 * RATE  # samples
WORDS = ["bench", "bus", "bread", "garden", "kitchen", "neighbour", "evening", "walk", "tea", "street", "repair"]


class FakeEngine:
    """Hears one sentence in every 4 s; which one follows from the samples. `heard` are the sounds it was given."""

    model = Model("fake-whisper", "1")
    parameters: Mapping[str, object] = {"seed": 0}

    def __init__(self, language: str | None = "en") -> None:
        self.language = language
        self.asked: list[int] = []  # how many sounds, each time the language was asked for
        self.heard: list[NDArray[np.float32]] = []

    def detect_language(self, sounds: Sequence[NDArray[np.float32]]) -> str | None:
        self.asked.append(len(sounds))
        return self.language

    def hear(self, sound: NDArray[np.float32], language: str | None) -> list[Segment]:
        self.heard.append(sound)
        starts = range(0, max(1, len(sound) - SENTENCE // 2), SENTENCE)  # nobody says so much in a moment
        return [self._one(sound[start : start + SENTENCE], start, language) for start in starts]

    def hear_any(self, sound: NDArray[np.float32], usual: str | None) -> list[Segment]:
        return self.hear(sound, usual)

    def _one(self, sound: NDArray[np.float32], start: int, language: str | None) -> Segment:
        digest = hashlib.sha256(sound.tobytes() + (language or "").encode()).digest()
        words = " ".join(WORDS[byte % len(WORDS)] for byte in digest[:6])
        return Segment(
            start_ms=start * 1000 // RATE,
            end_ms=(start + len(sound)) * 1000 // RATE,
            text=f" We said {words}.",
            average_log_probability=-digest[6] / 512,
            no_speech_probability=digest[7] / 1024,
            compression_ratio=1.2,
        )


class FakeDetector:
    """Somebody speaks wherever a frame of 32 ms is louder than -46 dBFS."""

    model = Model("fake-detector", "1")

    def probabilities(self, sound: Iterable[NDArray[np.float32]]) -> Iterator[NDArray[np.float32]]:
        for block in sound:
            frames = np.pad(block, (0, -len(block) % 512)).reshape(-1, 512)
            yield (np.square(frames).mean(axis=1) > 0.005**2).astype(np.float32)


class FakeSeparator:
    """Voices differ in how loud they are: quieter than -10 dBFS, or louder."""

    model = Model("fake-ear", "1")

    def vectors(self, sound: NDArray[np.float32], windows: Sequence[tuple[int, int]]) -> NDArray[np.float32]:
        parts = [sound[start * 16 : end * 16] for start, end in windows]
        loud = [float(np.sqrt(np.square(part).mean())) > 0.1 if len(part) else False for part in parts]
        return np.eye(2, dtype=np.float32)[np.array(loud, dtype=int)]
