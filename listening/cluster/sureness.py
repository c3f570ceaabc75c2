"""How sure the clusters are: how firmly each statement belongs, and how often a cluster survives leaving people out."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from listening.cluster.choice import chosen
from listening.cluster.consensus import agreed
from listening.cluster.joining import BLOCK, groups, joined, near_ones
from listening.cluster.space import connected
from listening.cluster.statements import Statements
from listening.cluster.views import GRAINS, ON_ITS_OWN, SMALLEST, distances, largest_size, least_size, linked

Floats = NDArray[np.floating]
Ints = NDArray[np.intp]

FOLDS = 10
"""Every conversation is left out once, together with about a tenth of all."""

SURVIVES = 0.5
"""The least Jaccard overlap of a cluster's remaining statements with a cluster found without those left out."""


@dataclass(frozen=True, slots=True)
class Look:
    """One look at some of the statements: where they lay, and what every view of them saw."""

    fitted: Ints  # (f,) which statements
    spaces: tuple[Floats, ...]  # (f, any), unit length
    pairs: Ints  # (e, 2) neighbours among them
    seen: Ints  # (views, f)


def strengths(points: Floats, looks: Sequence[Look], labels: Ints) -> NDArray[np.float32]:
    """For each statement the mean share of views that see it with the others of its cluster.

    One that joined by nearness alone counts as seen by one view; one that is a cluster by itself has all of them. A
    statement that no view saw, because there are so many, has the strength of the nearest one seen in its cluster.
    """
    found = np.zeros(len(labels), dtype=np.float32)
    looked = np.zeros(len(labels), dtype=bool)
    for look in looks:
        found[look.fitted] = _shares(look.seen, labels[look.fitted])
        looked[look.fitted] = True
    for members in groups(labels):
        fitted, others = members[looked[members]], members[~looked[members]]
        if len(members) == 1:
            found[members] = 1
        elif not len(fitted):
            found[members] = 1 / max(1, *(len(look.seen) for look in looks)) if looks else 1
        else:
            for start in range(0, len(others), BLOCK):
                block = others[start : start + BLOCK]
                found[block] = found[fitted[(points[block] @ points[fitted].T).argmax(axis=1)]]
    return found


def _shares(seen: Ints, labels: Ints) -> Floats:
    shares = np.zeros(len(labels))
    for members in groups(labels):
        together = np.zeros(len(members))
        for view in seen[:, members]:
            counts = np.bincount(view + 1)
            together += np.where(view == ON_ITS_OWN, 0, counts[view + 1] - 1)
        share = together / max(1, len(members) - 1) / len(seen)
        shares[members] = np.clip(share, 1 / len(seen), 1)
    return shares


def survival(
    said: Statements,
    look: Look,
    labels: Ints,
    voices: Sequence[str],
    conversations: Sequence[str],
    *,
    min_voices: int,
) -> Floats:
    """For each cluster the share of folds it survives, shape (k,).

    Each fold leaves out the conversations whose ids hash to it. The trees are drawn again from the neighbours that
    remain, and clusters form as before. One survives if enough of its voices remain, and what remains of it overlaps
    with a cluster found now. The space in which they lie stays: this asks whether a cluster hangs on few
    conversations, not whether another map of meaning would show it. Statements that made a cluster because they are
    close, outside all groups, still do. Only fitted statements take part. A cluster that has none of them gets NaN.
    """
    clusters = int(labels.max(initial=ON_ITS_OWN)) + 1
    used, folds = np.unique([_fold(conversation) for conversation in conversations], return_inverse=True)
    made = np.zeros((len(labels), len(used)), dtype=np.intp)
    np.add.at(made, (said.of_row, folds), 1)
    kept = said.rows[look.fitted, None] > made[look.fitted]
    points, own = said.points[look.fitted].astype(np.float32), labels[look.fitted]
    known = np.bincount(own[own >= 0], minlength=clusters) > 0
    close = np.isin(own, np.setdiff1d(own, own[near_ones(points, agreed(look.seen)) >= 0]))
    apart = [distances(space, look.pairs) for space in look.spaces]
    survived = _voices_left(labels[said.of_row], voices, folds, (clusters, len(used))) >= min_voices
    for fold, here in enumerate(kept.T):
        rows = np.flatnonzero(here)
        found = joined(points[rows], near_ones(points[rows], _again(look, apart, here)))
        stays = close[rows] & (found == ON_ITS_OWN)
        found[stays] = own[rows[stays]] + len(rows)
        survived[:, fold] &= _matched(own[rows], found, clusters)
    return np.where(known, survived.sum(axis=1) / max(1, len(used)), np.nan)


def _again(look: Look, apart: Sequence[Floats], here: NDArray[np.bool_]) -> Ints:
    """The groups of the statements that are here, agreed on by the views of the look."""
    count = int(here.sum())
    views = [np.full(count, ON_ITS_OWN)]
    if look.spaces and count >= 2 * SMALLEST:
        views = []
        both = here[look.pairs].all(axis=1)
        pairs = (np.cumsum(here) - 1)[look.pairs[both]]
        for space, lengths in zip(look.spaces, apart, strict=True):
            linkage = linked(pairs, lengths[both], count)
            if len(linkage) < count - 1:  # islands
                tied = connected(space[here], pairs)
                linkage = linked(tied, distances(space[here], tied), count)
            views += [chosen(linkage, least_size(grain, count), largest_size(count)) for grain in GRAINS]
    return agreed(np.array(views))


def _fold(conversation: str) -> int:
    return int.from_bytes(hashlib.sha256(conversation.encode()).digest()[:8], "big") % FOLDS


def _voices_left(labels: Ints, voices: Sequence[str], folds: Ints, shape: tuple[int, int]) -> Ints:
    """How many voices each cluster has without each fold, shape (k, folds), from the cluster and fold of each row."""
    heard: dict[tuple[int, str], set[int]] = {}
    for label, voice, fold in zip(labels.tolist(), voices, folds.tolist(), strict=True):
        heard.setdefault((label, voice), set()).add(fold)
    left = np.zeros(shape, dtype=np.intp)
    for (label, _), where in heard.items():
        if label >= 0:
            left[label] += 1
            if len(where) == 1:
                left[label, where.pop()] -= 1
    return left


def _matched(before: Ints, after: Ints, clusters: int) -> NDArray[np.bool_]:
    """Which clusters have one among those after that overlaps enough."""
    both = (before >= 0) & (after >= 0)
    counts = np.zeros((clusters, int(after.max(initial=ON_ITS_OWN)) + 1))
    np.add.at(counts, (before[both], after[both]), 1)
    sizes = np.bincount(before[before >= 0], minlength=clusters)[:, None]
    sizes_after = np.bincount(after[after >= 0], minlength=counts.shape[1])
    overlap = counts / np.maximum(sizes + sizes_after - counts, 1)
    matched: NDArray[np.bool_] = overlap.max(axis=1, initial=0) >= SURVIVES
    return matched
