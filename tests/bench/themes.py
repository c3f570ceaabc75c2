"""How good, quick and steady themes are, ours beside others, in one run: `make bench-themes EVAL=folder`.

The folder holds the frozen harness for theme quality (`eval_themes.py` and its data). Everybody gets the same vectors.
Printed are means over the sets at each size; seconds are processor seconds after a first run on a few statements, so
loading is not counted; megabytes are how far the process grew. Ours is a whole synthesis: themes, how often they
survive, names and contrasts, with every utterance its own voice in its own conversation. Order: ARI between the rows as
they are and shuffled. Tenths: ARI of what remains, when a tenth of the statements is left out, with what it was.
"""

from __future__ import annotations

import argparse
import multiprocessing
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import mean
from typing import Any

import numpy as np
from numpy.typing import NDArray

from listening.cluster import cluster, survival
from listening.contrast import Contrasts
from listening.domain import sha256_of
from listening.naming import Everyone, name_themes

Labels = NDArray[np.intp]
Method = Callable[[list[str], NDArray[np.float32]], Labels]

FEW = 100
COLUMNS = ("ari", "b3", "found", "loneR", "seconds", "megabytes", "order", "tenths")


def ours(texts: list[str], vectors: NDArray[np.float32]) -> Labels:
    keys, voices = [sha256_of(text) for text in texts], [str(row) for row in range(len(texts))]
    found = cluster(vectors, keys, voices, texts)
    survival(found, voices, keys)
    name_themes(Everyone(texts, voices, keys, vectors, found.labels), found.centres)
    contrasts = Contrasts(texts, voices, vectors)
    for theme, centre in enumerate(found.centres):
        contrasts.of(np.flatnonzero(found.labels == theme).tolist(), centre)
    return found.labels


def bertopic(texts: list[str], vectors: NDArray[np.float32]) -> Labels:
    from bertopic import BERTopic

    return np.array(BERTopic(calculate_probabilities=False).fit_transform(texts, vectors)[0])


def evoc(_: list[str], vectors: NDArray[np.float32]) -> Labels:
    from evoc import EVoC

    return np.asarray(EVoC().fit_predict(vectors))


def hdbscan(_: list[str], vectors: NDArray[np.float32]) -> Labels:
    from hdbscan import HDBSCAN

    least = max(3, round(0.3 * len(vectors) ** 0.5))
    return np.asarray(HDBSCAN(min_cluster_size=least, min_samples=1).fit_predict(vectors))


METHODS: dict[str, Method] = {"ours": ours, "BERTopic": bertopic, "EVoC": evoc, "HDBSCAN": hdbscan}


def agreement(one: Labels, other: Labels) -> float:
    """ARI, with everybody on their own as a cluster of one."""
    from sklearn.metrics import adjusted_rand_score

    alone = [np.where(labels < 0, np.arange(len(labels)) + labels.max() + 1, labels) for labels in (one, other)]
    return float(adjusted_rand_score(*alone))


def measure(method: Method, texts: list[str], vectors: NDArray[np.float32], truth: Labels, score: Any) -> list[float]:
    method(texts[:FEW], vectors[:FEW])
    started = time.process_time()
    labels = method(texts, vectors)
    seconds = time.process_time() - started
    dice = np.random.default_rng(1)
    order = dice.permutation(len(texts))
    shuffled = method([texts[row] for row in order], vectors[order])
    kept = np.sort(order[len(order) // 10 :])
    fewer = method([texts[row] for row in kept], vectors[kept])
    found = score(truth, labels)
    steady = agreement(labels[order], shuffled), agreement(labels[kept], fewer)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return [found["ari"], found["b3"], found["found"], found["loneR"], seconds, grown, *steady]


def job(task: tuple[str, int, str]) -> list[list[float]]:
    """One method at one size, in a process of its own, so that memory is its own."""
    name, size, folder = task
    sys.path.insert(0, folder)
    import eval_themes

    rows = []
    for kind in eval_themes.SETS:
        sample = eval_themes.get_sample(kind, size, 0)
        if sample is not None:
            print(f"{name}, {size:,} of {kind} ...", file=sys.stderr, flush=True)
            rows.append(measure(METHODS[name], *sample, eval_themes.score))
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--sizes", default="100,300,1000,3000,10000")
    arguments = parser.parse_args()
    if not (arguments.folder / "eval_themes.py").exists():
        sys.exit(f"There is no eval_themes.py in {arguments.folder}. Say where it is: make bench-themes EVAL=folder")
    print("| n | method | " + " | ".join(COLUMNS) + " |\n|" + "---|" * (len(COLUMNS) + 2))
    start = multiprocessing.get_context("spawn")
    for size in map(int, arguments.sizes.split(",")):
        for name in METHODS:
            with start.Pool(1) as pool:
                rows = pool.apply(job, ((name, size, str(arguments.folder.resolve())),))
            cells = [f"{mean(column):.3f}" for column in zip(*rows, strict=True)]
            print(f"| {size} | {name} | " + " | ".join(cells) + " |", flush=True)


if __name__ == "__main__":
    main()
