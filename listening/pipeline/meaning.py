"""What was said, as vectors: embedded once, kept under the hash of the words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from listening.domain import Progress, Stage
from listening.embed import Encoder, embed
from listening.pipeline.line import Line, new_run


@dataclass(frozen=True, slots=True)
class Statement:
    """An utterance as grouping sees it."""

    id: str
    text: str
    text_sha256: str
    voice_id: str
    conversation_id: str
    stated_language: str | None  # what is known about the language of the conversation


def weights_of(encoder: Encoder) -> str:
    """Under which name the vectors of an encoder are kept."""
    return encoder.model.weights_sha256 or encoder.model.name


def vectors_of(
    line: Line, encoder: Encoder, statements: Sequence[Statement], progress: Progress
) -> NDArray[np.float32]:
    """One unit vector a statement, shape (n, d). Only texts that these weights have not seen are embedded."""
    with line.store.reading() as read:
        known = dict(read.rows("vectors", lambda *row: row, weights_sha256=weights_of(encoder)))
    missing = {statement.text_sha256: statement.text for statement in statements if statement.text_sha256 not in known}
    if missing:
        known |= _embed(line, encoder, missing, progress)
    if not statements:
        return np.empty((0, 0), dtype=np.float32)
    kept = b"".join(known[statement.text_sha256] for statement in statements)
    return np.frombuffer(kept, dtype="<f4").reshape(len(statements), -1)


def _embed(line: Line, encoder: Encoder, missing: Mapping[str, str], progress: Progress) -> dict[str, bytes]:
    """Embed these texts, each under its hash; every chunk is safe on the disk before the next is begun."""
    hashes = list(missing)
    found: dict[str, bytes] = {}
    run = new_run(Stage.EMBED, encoder.model, {"engine": encoder.engine})
    with line.store.writing() as write:
        write.insert("run", [run])

    def keep(rows: Sequence[int], vectors: NDArray[np.float32]) -> None:
        done = {hashes[row]: vector.astype("<f4").tobytes() for row, vector in zip(rows, vectors, strict=True)}
        with line.store.writing() as write:
            write.change(
                "keep_vectors",
                text_sha256=list(done),
                floats=list(done.values()),
                weights_sha256=weights_of(encoder),
                run_id=run.id,
            )
        found.update(done)

    embed(list(missing.values()), encoder, keep=keep, progress=progress)
    return found
