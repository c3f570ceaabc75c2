"""An encoder without a model: the same words point the same way."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from listening.domain import Model


class FakeEncoder:
    """Deterministic vectors of unit length from the words of a text, in any order and case."""

    model = Model("fake-encoder", "1")
    engine = "fake 1"
    note: str | None = None

    def __init__(self, dimensions: int = 64) -> None:
        self.dimensions = dimensions
        self.calls: list[list[str]] = []

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.calls.append(list(texts))
        return np.array([self._one(text) for text in texts], dtype=np.float32).reshape(-1, self.dimensions)

    def _one(self, text: str) -> NDArray[np.float64]:
        words = sorted(set(text.casefold().split())) or [""]
        vector = np.sum([self._word(word) for word in words], axis=0)
        return np.asarray(vector / np.linalg.norm(vector))

    def _word(self, word: str) -> NDArray[np.float64]:
        seed = int.from_bytes(hashlib.sha256(word.encode()).digest()[:8], "big")
        return np.random.default_rng(seed).standard_normal(self.dimensions)
