"""Utterances to vectors. The model is a seam: anything with an `encode` and a name will do."""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from listening import on_openvino
from listening.domain import Model, Progress, no_progress
from listening.errors import ListeningError, ModelMissing

if TYPE_CHECKING:
    from listening.weights import Weights

EngineName = Literal["auto", "torch", "openvino"]
Vectors = NDArray[np.float32]
Keep = Callable[[Sequence[int], Vectors], None]
"""Called as keep(rows, vectors): which texts, by index, have these vectors, shape (len(rows), d)."""

BATCH = 4
"""Texts in one go through the model: with more, a processor's cache runs over and short texts are padded to long ones.
32 cost a fifth more with torch and a third more with OpenVINO."""

STEP = 128
"""Texts handed to the model at once, between two calls of progress: it puts them in batches itself."""

CHUNK = 512
"""Texts between two calls of keep: some seconds of work, against some milliseconds for a durable write."""


class Encoder(Protocol):
    """What turns texts into vectors."""

    @property
    def model(self) -> Model:
        """Which model this is, exactly."""

    @property
    def engine(self) -> str:
        """What runs the model, with its version. It makes no difference to the vectors that matters to anyone."""

    @property
    def note(self) -> str | None:
        """A sentence for the person, if it could not be run as they asked."""

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Vectors of shape (len(texts), d), each of unit length, in the order of the texts."""


class SentenceEncoder:
    """A sentence-transformers model from a folder, on the processor; loaded when first used, then kept.

    Only the first 256 word pieces (about 200 English words) of a text count with all-MiniLM-L6-v2. Every batch is the
    work of one thread, and as many batches are worked on at once as torch would use threads: threads that share a batch
    mostly wait for each other.
    """

    def __init__(self, weights: Weights, engine: EngineName = "auto") -> None:
        self._weights = weights
        self._wanted = engine

    @property
    def model(self) -> Model:
        """The model that the weights belong to."""
        return self._weights.model

    @property
    def engine(self) -> str:
        """What runs the model. Loads it."""
        return self._loaded.engine

    @property
    def note(self) -> str | None:
        """A sentence for the person, if OpenVINO was asked for and cannot be had. Known once the model was used."""
        loaded: _Loaded | None = self.__dict__.get("_loaded")
        return loaded.note if loaded else None

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Vectors of shape (len(texts), d), unit length. Raises ModelMissing if the folder cannot be loaded."""
        model, threads = self._loaded.model, self._loaded.threads
        order = sorted(range(len(texts)), key=lambda row: (-len(texts[row]), texts[row]))
        prompt = model.prompts.get(model.default_prompt_name)
        parts = [[texts[row] for row in order[start : start + BATCH]] for start in range(0, len(order), BATCH)]
        pieces = [model.preprocess(part, prompt=prompt) for part in parts]  # not in threads: tokenizers cannot
        with _one_thread_a_batch(), ThreadPoolExecutor(threads) as pool:
            found = list(pool.map(lambda piece: _forward(model, piece), pieces))
        vectors = np.empty((len(texts), model.get_embedding_dimension()), dtype=np.float32)
        if found:
            vectors[order] = np.concatenate(found)
        return vectors

    @functools.cached_property
    def _loaded(self) -> _Loaded:
        return _load(self._weights, self._wanted)


@dataclass(frozen=True, slots=True)
class _Loaded:
    """A model that can be used, and how."""

    model: Any
    engine: str
    threads: int
    note: str | None


def _forward(model: Any, pieces: Any) -> Vectors:
    """The unit vectors of one batch of texts that were cut into pieces."""
    import torch

    with torch.inference_mode():
        vectors = torch.nn.functional.normalize(model(pieces)["sentence_embedding"], p=2, dim=1)
    return np.asarray(vectors.numpy(), dtype=np.float32)


@contextmanager
def _one_thread_a_batch() -> Iterator[None]:
    import torch

    usual = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(usual)


def _load(weights: Weights, engine: EngineName) -> _Loaded:
    """The model, from its folder only: nothing is looked up, downloaded or reported anywhere."""
    import torch
    from sentence_transformers import SentenceTransformer

    threads = torch.get_num_threads()
    note = None
    with _quietly():
        try:
            model = SentenceTransformer(str(weights.path), device="cpu", local_files_only=True)
        except (OSError, ValueError) as error:
            message = (
                f"The model in {weights.path} cannot be loaded ({error}). Install this software again to restore it."
            )
            raise ModelMissing(message) from error
        model.eval()
        if engine != "torch":
            try:
                on_openvino.take_over(model, threads)
            except on_openvino.CannotRun as error:
                note = (
                    f"You asked for openvino, but {error}. torch was used instead: the themes are the same. "
                    "To get it: pip install 'radical-listening[fast]'."
                )
            else:
                return _Loaded(model, f"openvino {on_openvino.version()}", threads, None)
    return _Loaded(model, f"torch {torch.__version__}", threads, note if engine == "openvino" else None)


@contextmanager
def _quietly() -> Iterator[None]:
    """Loading draws a bar and writes remarks unless told not to; afterwards it may again."""
    from transformers.utils import logging as transformers_logging

    bars: Any = transformers_logging
    shown = bars.is_progress_bar_enabled()
    loggers = [logging.getLogger(name) for name in ("transformers", "sentence_transformers")]
    levels = [logger.level for logger in loggers]
    bars.disable_progress_bar()
    for logger in loggers:
        logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)
        if shown:
            bars.enable_progress_bar()


def load_encoder(weights: Weights, engine: EngineName = "auto") -> Encoder:
    """The encoder for these weights, run by this engine: with `auto`, by OpenVINO where it is installed.

    Costs nothing until it is first used. What OpenVINO cannot do, torch does.
    """
    return SentenceEncoder(weights, engine)


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
