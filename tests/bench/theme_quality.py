"""The product's own way from texts and vectors to labels, for the frozen harness for theme quality.

From this folder: `python EVAL/eval_themes.py theme_quality:cluster --sizes 100,300,1000,3000,10000`, where EVAL is the
folder that holds the harness. `make bench-themes` does it, with others beside it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from listening import cluster as clustering
from listening.domain import sha256_of


def cluster(texts: Sequence[str], embeddings: NDArray[np.float32]) -> NDArray[np.intp]:
    """The cluster of each text, or -1; each text is an utterance of its own voice."""
    keys = [sha256_of(text) for text in texts]
    voices = [str(row) for row in range(len(texts))]
    return clustering.cluster(embeddings, keys, voices, texts).labels
