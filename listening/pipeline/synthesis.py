"""Utterances become themes: embedded, grouped, named, and tied to the themes of the run before."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from listening import lineage, naming
from listening.cluster import Clustering, cluster
from listening.domain import (
    Cluster,
    Exemplar,
    Kind,
    Membership,
    Model,
    OnItsOwn,
    Phrase,
    Progress,
    Run,
    Stage,
    Theme,
    id_from,
    new_id,
    no_progress,
    sha256_of,
)
from listening.embed import Encoder, embed
from listening.pipeline.line import Line, new_run, recipe_of

GROUPER = Model(name="hdbscan", version="2")  # count up when the same words would be grouped or named differently


@dataclass(frozen=True, slots=True)
class Synthesis:
    """What one synthesis found, as counts. `new` is False if nothing had changed since the last one."""

    run: str
    utterances: int
    themes: int
    on_their_own: int
    seconds: float
    new: bool


@dataclass(frozen=True, slots=True)
class Statement:
    """An utterance as grouping sees it."""

    id: str
    text: str
    text_sha256: str
    voice_id: str


@dataclass(frozen=True, slots=True)
class LastRun:
    """The latest synthesis, with what came of it."""

    id: str
    inputs_sha256: str
    themes: int
    on_their_own: int
    in_themes: int


def synthesise(line: Line, progress: Progress = no_progress) -> Synthesis:
    """Group all utterances that may be grouped. With nothing new since the last time, this changes nothing."""
    started = time.monotonic()
    encoder = line.encoder()
    parameters = {"min_voices": line.settings.min_voices}
    recipe = recipe_of(GROUPER, {**parameters, "encoder": recipe_of(encoder.model, {})})
    with line.store.reading() as read:
        statements = read.rows("utterances_to_group", Statement)
        last = read.rows("current_run", LastRun)
    inputs = sha256_of("\n".join([recipe, *(statement.id for statement in statements)]))
    if last and last[0].inputs_sha256 == inputs:
        known = last[0]
        return Synthesis(
            run=known.id,
            utterances=known.in_themes + known.on_their_own,
            themes=known.themes,
            on_their_own=known.on_their_own,
            seconds=round(time.monotonic() - started, 3),
            new=False,
        )
    vectors = _vectors(line, encoder, statements, progress)
    progress("group", 0, 1)
    clustering = cluster(
        vectors,
        [statement.text_sha256 for statement in statements],
        [statement.voice_id for statement in statements],
        [statement.text for statement in statements],
        min_voices=line.settings.min_voices,
    )
    run = new_run(Stage.SYNTHESISE, GROUPER, {**parameters, **clustering.parameters}, inputs_sha256=inputs)
    themes = _write(line, run, statements, vectors, clustering)
    progress("group", 1, 1)
    alone = int((clustering.labels < 0).sum())
    return Synthesis(run.id, len(statements), themes, alone, round(time.monotonic() - started, 3), new=True)


# --- embed ------------------------------------------------------------------------------------------------------------


def _vectors(line: Line, encoder: Encoder, statements: Sequence[Statement], progress: Progress) -> NDArray[np.float32]:
    """One unit vector a statement, shape (n, d). Only texts that these weights have not seen are embedded."""
    weights = encoder.model.weights_sha256 or encoder.model.name
    with line.store.reading() as read:
        known = dict(read.rows("vectors", lambda *row: row, weights_sha256=weights))
    missing = {statement.text_sha256: statement.text for statement in statements if statement.text_sha256 not in known}
    if missing:
        known |= _embed(line, encoder, weights, missing, progress)
    if not statements:
        return np.empty((0, 0), dtype=np.float32)
    return np.stack([np.frombuffer(known[statement.text_sha256], dtype="<f4") for statement in statements])


def _embed(
    line: Line, encoder: Encoder, weights: str, missing: Mapping[str, str], progress: Progress
) -> dict[str, bytes]:
    """Embed these texts, each under its hash; every chunk is safe on the disk before the next is begun."""
    hashes = list(missing)
    found: dict[str, bytes] = {}
    run = new_run(Stage.EMBED, encoder.model, {})
    with line.store.writing() as write:
        write.insert("run", [run])

    def keep(rows: Sequence[int], vectors: NDArray[np.float32]) -> None:
        done = {hashes[row]: vector.astype("<f4").tobytes() for row, vector in zip(rows, vectors, strict=True)}
        with line.store.writing() as write:
            write.change(
                "keep_vectors",
                text_sha256=list(done),
                floats=list(done.values()),
                weights_sha256=weights,
                run_id=run.id,
            )
        found.update(done)

    embed(list(missing.values()), encoder, keep=keep, progress=progress)
    return found


# --- write what was found ---------------------------------------------------------------------------------------------


def _write(
    line: Line, run: Run, statements: Sequence[Statement], vectors: NDArray[np.float32], clustering: Clustering
) -> int:
    """Write one run with all that came of it in one transaction.

    :returns: the number of themes.
    """
    groups = [np.flatnonzero(clustering.labels == label).tolist() for label in range(len(clustering.centres))]
    names = naming.name_themes(
        naming.Everyone(
            texts=[statement.text for statement in statements],
            voices=[statement.voice_id for statement in statements],
            keys=[statement.id for statement in statements],
            vectors=vectors,
            labels=clustering.labels,
        ),
        clustering.centres,
    )
    members = [frozenset(statements[row].id for row in group) for group in groups]
    clusters = [id_from(Kind.CLUSTER, run.id, number) for number in range(len(groups))]
    with line.store.writing() as write:
        earlier = {theme: frozenset(ids) for theme, ids in write.rows("current_memberships", lambda *row: row)}
        both_knew = frozenset(write.values("grouped_utterances")) & {statement.id for statement in statements}
        continued = lineage.match(earlier, members, known=both_knew)
        themes = [theme or new_id(Kind.THEME) for theme in continued]
        write.insert("run", [run])
        write.insert(
            "theme", [Theme(theme, run.id) for theme, old in zip(themes, continued, strict=True) if old is None]
        )
        write.insert(
            "cluster",
            [Cluster(clusters[number], run.id, theme, number) for number, theme in enumerate(themes)],
        )
        write.insert("membership", _memberships(statements, clustering, clusters))
        write.insert("on_its_own", _on_their_own(run, statements, clustering, clusters))
        for cluster_id, found in zip(clusters, names, strict=True):
            write.insert("exemplar", _exemplars(cluster_id, statements, found))
            write.insert("phrase", _phrases(cluster_id, statements, found))
    return len(groups)


def _memberships(statements: Sequence[Statement], clustering: Clustering, clusters: Sequence[str]) -> list[Membership]:
    return [
        Membership(clusters[label], statement.id, float(strength))
        for statement, label, strength in zip(statements, clustering.labels, clustering.strengths, strict=True)
        if label >= 0
    ]


def _on_their_own(
    run: Run, statements: Sequence[Statement], clustering: Clustering, clusters: Sequence[str]
) -> list[OnItsOwn]:
    rows = zip(statements, clustering.labels, clustering.nearest, clustering.nearness, strict=True)
    return [
        OnItsOwn(run.id, statement.id, clusters[nearest], float(nearness))
        if nearest >= 0
        else OnItsOwn(run.id, statement.id, None, None)
        for statement, label, nearest, nearness in rows
        if label < 0
    ]


def _exemplars(cluster_id: str, statements: Sequence[Statement], name: naming.ThemeName) -> list[Exemplar]:
    return [Exemplar(cluster_id, rank, statements[row].id) for rank, row in enumerate(name.exemplars, start=1)]


def _phrases(cluster_id: str, statements: Sequence[Statement], name: naming.ThemeName) -> list[Phrase]:
    return [
        Phrase(cluster_id, rank, statements[phrase.row].id, phrase.start, phrase.end)
        for rank, phrase in enumerate(name.phrases, start=1)
    ]
