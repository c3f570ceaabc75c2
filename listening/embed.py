"""Utterances to vectors. The model is a seam: anything with an `encode` and a name will do."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from listening.domain import Model, Progress, no_progress
from listening.errors import ListeningError, ModelMissing

if TYPE_CHECKING:
    from listening.weights import Weights

Vectors = NDArray[np.float32]
Keep = Callable[[Sequence[int], Vectors], None]
"""Called as keep(rows, vectors): which texts, by index, have these vectors, shape (len(rows), d)."""

BATCH = 32
"""Texts in one go through the model: larger batches gain nothing on a processor."""

STEP = 128
"""Texts handed to the model at once, between two calls of progress: it puts them in batches itself."""

CHUNK = 512
"""Texts between two calls of keep: some seconds of work, against some milliseconds for a durable write."""


class Encoder(Protocol):
    """What turns texts into vectors."""

    @property
    def model(self) -> Model:
        """Which model this is, exactly."""

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Vectors of shape (len(texts), d), each of unit length, in the order of the texts."""


class SentenceEncoder:
    """A sentence-transformers model from a folder, on the processor; loaded when first used, then kept.

    Only the first 256 word pieces (about 200 English words) of a text count with all-MiniLM-L6-v2.
    """

    def __init__(self, weights: Weights) -> None:
        self._weights = weights
        self._loaded: Any = None

    @property
    def model(self) -> Model:
        """The model that the weights belong to."""
        return self._weights.model

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Vectors of shape (len(texts), d), unit length. Raises ModelMissing if the folder cannot be loaded."""
        if self._loaded is None:
            self._loaded = _load(self._weights)
        vectors = self._loaded.encode(
            list(texts),
            batch_size=BATCH,
            normalize_embeddings=True,
            convert_to_numpy=True,
            show_progress_bar=False,
        )
        return np.asarray(vectors, dtype=np.float32)


def _load(weights: Weights) -> Any:
    """The model, from its folder only: nothing is looked up, downloaded or reported anywhere."""
    from sentence_transformers import SentenceTransformer

    try:
        with _no_progress_bars():
            return SentenceTransformer(str(weights.path), device="cpu", local_files_only=True)
    except (OSError, ValueError) as error:
        message = f"The model in {weights.path} cannot be loaded ({error}). Install this software again to restore it."
        raise ModelMissing(message) from error


@contextmanager
def _no_progress_bars() -> Iterator[None]:
    """Loading draws a bar on the terminal unless told not to; afterwards it may again."""
    from transformers.utils import logging

    bars: Any = logging
    shown = bars.is_progress_bar_enabled()
    bars.disable_progress_bar()
    try:
        yield
    finally:
        if shown:
            bars.enable_progress_bar()


def load_encoder(weights: Weights) -> Encoder:
    """The encoder for these weights. Costs nothing until it is first used."""
    return SentenceEncoder(weights)


def embed(
    texts: Sequence[str],
    encoder: Encoder,
    *,
    keep: Keep,
    progress: Progress = no_progress,
    step: int = STEP,
    chunk: int = CHUNK,
) -> None:
    """Hand the vector of every text to `keep`, exactly once, a chunk at a time.

    Longest first: texts of one length share a batch, so little is wasted on padding, and the time left is seldom
    guessed too short. What was kept before a stop need not be asked for again. Raises ListeningError if the encoder
    gives back anything but one finite vector a text.
    """
    order = sorted(range(len(texts)), key=lambda row: (-len(texts[row]), texts[row]))
    for start in range(0, len(order), chunk):
        rows = order[start : start + chunk]
        vectors = []
        for first in range(0, len(rows), step):
            part = [texts[row] for row in rows[first : first + step]]
            vectors.append(_checked(encoder.encode(part), len(part)))
            progress("embedding", start + first + len(part), len(texts))
        keep(rows, np.concatenate(vectors))


def _checked(vectors: Vectors, count: int) -> Vectors:
    if vectors.ndim != 2 or len(vectors) != count or not np.isfinite(vectors).all():  # noqa: PLR2004  rows, columns
        message = f"The model did not give one finite vector for each of {count} texts. Nothing of them was kept."
        raise ListeningError(message)
    return vectors
