"""What each stage costs beside the bare library call that it wraps, in one run: `make bench`.

Ours and the bare call take turns (A B, B A, ...), so a machine that slows down slows both. Printed are the medians of
wall and processor seconds, and the median of the ratios turn by turn. Below 1.05 is what we promise for transcribing;
embedding is meant to be quicker than the bare call. `make bench` prints all, and one stage is printed by
`python tests/bench/stages.py embed`.
"""

from __future__ import annotations

import functools
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from listening import pipeline
from listening.activity import SileroDetector, find_speech
from listening.capture import sound
from listening.cluster import cluster
from listening.domain import Columns, no_progress, sha256_of
from listening.embed import embed, load_encoder
from listening.settings import Settings
from listening.store import Store
from listening.transcribe import RATE, load_engine, transcribe
from listening.weights import find_detector, find_encoder, find_whisper

SAMPLE = Path(__file__).parent.parent.parent / "data" / "sample"
TURNS = 4  # even, so that each goes first as often as the other
UTTERANCES = 1_000

Timing = tuple[float, float]
"""Wall and processor seconds."""


def timed(work: Callable[[], object]) -> Timing:
    wall, processor = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - wall, time.process_time() - processor


def compare(name: str, size: str, ours: Callable[[], object], bare: Callable[[], object]) -> None:
    """Run both in turns and print a line."""
    ours()  # once without counting: loading, warming caches
    bare()
    pairs: list[tuple[Timing, Timing]] = []
    for turn in range(TURNS):
        if turn % 2:
            second = timed(bare)
            pairs.append((timed(ours), second))
        else:
            first = timed(ours)
            pairs.append((first, timed(bare)))
    cells = [name, size]
    for kind in (0, 1):
        mine, theirs = ([pair[who][kind] for pair in pairs] for who in (0, 1))
        ratio = statistics.median(a / b for a, b in zip(mine, theirs, strict=True))
        cells += [f"{statistics.median(mine):.3f}", f"{statistics.median(theirs):.3f}", f"{ratio:.3f}"]
    print("| " + " | ".join(cells) + " |", flush=True)


def hear() -> None:
    """`transcribe` beside `whisper.transcribe`, on a sample recording."""
    import whisper

    settings = Settings()
    weights = find_whisper(settings.whisper_model, path=None, cache=settings.cache, allow_downloads=False)
    engine, detector = load_engine(weights), SileroDetector(find_detector())
    bare = whisper.load_model(str(weights.path), device="cpu")
    heard = np.concatenate(list(sound.blocks(SAMPLE / "dee-after-nights.mp3")))

    def ours() -> None:
        blocks = np.array_split(heard, len(heard) // RATE)
        found = find_speech(blocks, detector)
        transcribe(
            blocks,
            engine,
            spans=found.spans,
            likeliness=found.likeliness,
            duration_ms=found.duration_ms,
            language=None,
            heard=[],
            keep=lambda _: None,
            progress=no_progress,
        )

    def theirs() -> None:
        bare.transcribe(heard, fp16=False, verbose=None, condition_on_previous_text=False)

    compare("transcribe / whisper.transcribe", f"{len(heard) / RATE:.0f} s", ours, theirs)


def sentences(tmp: Path) -> list[str]:
    """1,000 different utterances, from the words of the sample conversations."""
    line = pipeline.Line(Store(tmp, 60), Settings(data=tmp), engine=_no_model, encoder=_no_model)
    for file in sorted(SAMPLE.glob("*.*")):
        if file.suffix in {".md", ".txt", ".csv"}:
            columns = Columns("what they said") if file.suffix == ".csv" else None
            pipeline.ingest(line, file, columns)
    said = [words.text for voice in pipeline.voices(line) for words in pipeline.words_of(line, voice.id)]
    joined = [f"{one} {other}" for shift in range(1, 20) for one, other in zip(said, said[shift:], strict=False)]
    return list(dict.fromkeys(said + joined))[:UTTERANCES]


def _no_model() -> None:
    raise AssertionError("typed words need no model")


def weigh(texts: list[str]) -> np.ndarray:
    """`embed` with each engine beside `SentenceTransformer.encode`, as it comes and held to one thread."""
    import torch
    from sentence_transformers import SentenceTransformer

    weights = find_encoder(None, cache=Settings().cache)
    bare = SentenceTransformer(str(weights.path), device="cpu")
    vectors = np.empty((len(texts), 384), dtype=np.float32)

    def theirs() -> np.ndarray:
        return bare.encode(texts, batch_size=32, normalize_embeddings=True, show_progress_bar=False)

    def alone() -> np.ndarray:
        usual = torch.get_num_threads()
        torch.set_num_threads(1)
        try:
            return theirs()
        finally:
            torch.set_num_threads(usual)

    def keep(rows: list[int], found: np.ndarray) -> None:
        vectors[rows] = found

    expected = theirs()
    for engine in ("torch", "openvino"):
        encoder = load_encoder(weights, engine)
        ours = functools.partial(embed, texts, encoder, keep=keep)
        compare(f"embed ({encoder.engine}) / SentenceTransformer.encode", f"{len(texts):,}", ours, theirs)
        compare(f"embed ({encoder.engine}) / the same by one thread", f"{len(texts):,}", ours, alone)
        print(
            f"least cosine of the vectors of {encoder.engine} to theirs: {(vectors * expected).sum(axis=1).min():.7f}"
        )
    return vectors


def group(texts: list[str], vectors: np.ndarray) -> None:
    """`cluster` beside one `HDBSCAN.fit`; ours looks several times, so this ratio is no overhead but a choice."""
    from hdbscan import HDBSCAN
    from sklearn.decomposition import PCA

    keys = [sha256_of(text) for text in texts]
    voices = [str(number) for number in range(len(texts))]
    least = max(3, round(0.3 * len(texts) ** 0.5))

    def bare() -> None:
        HDBSCAN(min_cluster_size=least, min_samples=1).fit(PCA(50, svd_solver="full").fit_transform(vectors))

    compare("cluster / HDBSCAN.fit", f"{len(texts):,}", lambda: cluster(vectors, keys, voices, texts), bare)


def main() -> None:
    """Print the table."""
    import tempfile

    print(f"Python {sys.version.split()[0]}, {TURNS} turns each; seconds are medians, ratios the median of each turn's")
    print("| stage | size | wall, ours | bare | ratio | processor, ours | bare | ratio |")
    print("|---|---|---|---|---|---|---|---|", flush=True)
    wanted = set(sys.argv[1:]) or {"embed", "cluster", "transcribe"}
    if wanted & {"embed", "cluster"}:
        with tempfile.TemporaryDirectory() as tmp:
            texts = sentences(Path(tmp))
        vectors = weigh(texts)
        if "cluster" in wanted:
            group(texts, vectors)
    if "transcribe" in wanted:
        hear()


if __name__ == "__main__":
    main()
