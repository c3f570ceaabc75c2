"""Vectors to clusters: which utterances speak of the same thing, and which stand on their own.

HDBSCAN looks at the statements from several sides: through 20 to 100 principal components, and with several sizes that
a group must have. Statements are one cluster when they sit together in at least half of these views. That is steadier
than any single view, needs no tuning, and nothing in it is drawn by lot. The figures behind each number are in the
frozen harness for theme quality; every number here is used for all sizes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]

ON_ITS_OWN = -1
"""The label of an utterance that joined no cluster."""

COMPONENTS = (20, 35, 50, 75, 100)
"""How many principal components each view keeps."""

GRAINS = (0.3, 0.4, 0.5)
"""The least size of a group in a view, as a factor on the square root of the number of statements."""

SMALLEST = 3
"""Different statements that it takes to see a group at all; fewer are neighbours by chance."""

LARGEST_SHARE = 0.25
"""No group of a view may hold more of the statements than this (or more than 10): two would swallow everything."""

TOGETHER = 0.5
"""The share of views that must see two statements together."""

JOIN_PERCENTILE, JOIN_MARGIN, JOIN_COSINE = 5, 0.02, 0.3
"""A lone statement joins the nearest cluster if it is no further out than the outermost 5% of its own, and clearly
nearer to it than to any other, and near at all."""


@dataclass(frozen=True, slots=True)
class Clustering:
    """Which cluster each of n utterances is in, if any, and how firmly. Clusters are numbered from 0, most voices first.

    An utterance on its own has the label -1 and the strength 0, and still says which cluster it is nearest to.
    """

    labels: Ints  # (n,)
    strengths: NDArray[np.float32]  # (n,) share of views that saw it with the others of its cluster; over 0 to 1
    nearest: Ints  # (n,) its own cluster, or the cluster with the nearest centre; -1 if there are no clusters
    nearness: NDArray[np.float32]  # (n,) cosine to the centre of that cluster
    centres: NDArray[np.float32]  # (k, d), unit length
    parameters: Mapping[str, object]  # as used, enough to do it again


def cluster(
    vectors: NDArray[np.float32], keys: Sequence[str], voices: Sequence[str], *, min_voices: int = 2
) -> Clustering:
    """Cluster n utterances by their vectors, shape (n, d), unit length.

    keys: what each utterance says, as an id of its words: equal keys are the same statement, looked at once. Together
    with the vectors they settle the order of work, so the order of the rows changes nothing.
    voices: who said it. A cluster has at least `min_voices` of them; what fewer said stays on its own.

    Works from 0 utterances on; time grows with the square of n. Raises ValueError if the lengths differ.
    """
    from threadpoolctl import threadpool_limits

    if not len(vectors) == len(keys) == len(voices):
        message = f"{len(vectors)} vectors, {len(keys)} keys and {len(voices)} voices: there must be one of each a row"
        raise ValueError(message)
    rows, points = _statements(vectors, keys)
    with threadpool_limits(1):  # sums taken by several threads differ in their last bits
        views = _views(points)
        found = _consensus(views)
        found = _joined(points, found)
        found = _with_same_words(found, _voices_of(rows, voices, len(points)), min_voices)
        labels = _settled(found[rows], keys, voices, min_voices)
        return _described(vectors, labels, _agreement_within(views, rows, labels), len(points), min_voices)
