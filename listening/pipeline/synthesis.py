"""Utterances become themes: embedded, grouped, named, and tied to the themes of the run before."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from listening import lineage, naming
from listening.contrast import Contrasts, Pair
from listening.domain import (
    Cluster,
    Contrast,
    Exemplar,
    Kind,
    Membership,
    Model,
    Move,
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
from listening.pipeline import tongues
from listening.pipeline.line import Line, new_run, recipe_of
from listening.pipeline.meaning import Statement, vectors_of
from listening.pipeline.tongues import Grouping
from listening.store import Executor

Floats = NDArray[np.float32]

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
    notes: tuple[str, ...] = ()  # what the person should know about how it was done


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
    recipe = recipe_of(GROUPER, {**parameters, "encoder": recipe_of(encoder.model, {}), "languages": tongues.DETECTOR})
    with line.store.reading() as read:
        statements = read.rows("utterances_to_group", Statement)
        last = read.rows("current_run", LastRun)
    inputs = sha256_of("\n".join([recipe, *(f"{one.id} {one.text_sha256} {one.voice_id}" for one in statements)]))
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
    spoken = tongues.arrange(vectors_of(line, encoder, statements, progress), statements, encoder)
    progress("group", 0, 1)
    clustering = tongues.group(spoken, statements, min_voices=line.settings.min_voices)
    run = new_run(Stage.SYNTHESISE, GROUPER, {**parameters, **clustering.parameters}, inputs_sha256=inputs)
    themes = _write(line, run, statements, spoken, clustering)
    progress("group", 1, 1)
    alone = int((clustering.labels < 0).sum())
    return Synthesis(
        run.id, len(statements), themes, alone, round(time.monotonic() - started, 3), new=True, notes=spoken.notes
    )


# --- write what was found ---------------------------------------------------------------------------------------------


def _write(line: Line, run: Run, statements: Sequence[Statement], spoken: tongues.Spoken, clustering: Grouping) -> int:
    """Write one run with all that came of it in one transaction.

    :returns: the number of themes.
    """
    groups = [np.flatnonzero(clustering.labels == label).tolist() for label in range(len(clustering.centres))]
    names = _names(statements, spoken.vectors, clustering)
    pairs = _pairs(statements, spoken.vectors, clustering, groups)
    clusters = [id_from(Kind.CLUSTER, run.id, number) for number in range(len(groups))]
    # The large tables are made ready before: while this writes, nobody else can.
    languages = tongues.rows_of(run.id, statements, spoken)
    memberships = _memberships(statements, clustering, clusters)
    alone = _on_their_own(run, statements, clustering, clusters)
    exemplars = [
        one for cluster, name in zip(clusters, names, strict=True) for one in _exemplars(cluster, statements, name)
    ]
    phrases = [
        one for cluster, name in zip(clusters, names, strict=True) for one in _phrases(cluster, statements, name)
    ]
    with line.store.writing() as write:
        themes = _continue_themes(write, run, statements, clustering, groups)  # looks at the run that is the latest now
        write.insert("run", [run])
        write.insert("utterance_language", languages)
        write.insert(
            "cluster",
            [
                Cluster(cluster_id, run.id, theme, number, survival)
                for number, (cluster_id, theme, survival) in enumerate(
                    zip(clusters, themes, clustering.survival, strict=True)
                )
            ],
        )
        write.insert("membership", memberships)
        write.insert("on_its_own", alone)
        write.insert("exemplar", exemplars)
        write.insert("phrase", phrases)
        write.insert("contrast", _contrasts(clusters, statements, pairs))
    return len(groups)


def _names(statements: Sequence[Statement], vectors: Floats, clustering: Grouping) -> tuple[naming.ThemeName, ...]:
    everyone = naming.Everyone(
        texts=[statement.text for statement in statements],
        voices=[statement.voice_id for statement in statements],
        keys=[statement.id for statement in statements],
        vectors=vectors,
        labels=clustering.labels,
    )
    return naming.name_themes(everyone, clustering.centres)


def _pairs(
    statements: Sequence[Statement], vectors: Floats, clustering: Grouping, groups: Sequence[list[int]]
) -> list[tuple[Pair, ...]]:
    """For each cluster the utterances, by row, to read side by side."""
    contrasts = Contrasts(
        [statement.text for statement in statements], [statement.voice_id for statement in statements], vectors
    )
    return [contrasts.of(rows, centre) for rows, centre in zip(groups, clustering.centres, strict=True)]


def _continue_themes(
    write: Executor,
    run: Run,
    statements: Sequence[Statement],
    clustering: Grouping,
    groups: Sequence[list[int]],
) -> list[str]:
    """The theme that each cluster is: one of the last run or a new one. What moved between themes is written."""
    before: dict[str, str | None] = dict(write.rows("standing_themes", lambda *row: row))
    earlier: dict[str, set[str]] = {}
    for utterance, theme in before.items():
        if theme:
            earlier.setdefault(theme, set()).add(utterance)
    members = [frozenset(statements[row].id for row in group) for group in groups]
    both_knew = frozenset(before) & {statement.id for statement in statements}
    continued = lineage.match({theme: frozenset(ids) for theme, ids in earlier.items()}, members, known=both_knew)
    themes = [theme or new_id(Kind.THEME) for theme in continued]
    write.insert("theme", [Theme(theme, run.id) for theme, old in zip(themes, continued, strict=True) if old is None])
    now = {
        statement.id: themes[label] if label >= 0 else None
        for statement, label in zip(statements, clustering.labels, strict=True)
    }
    moved = lineage.moves(before, now)
    write.insert("move", [Move(run.id, *pair, count) for pair, count in sorted(moved.items(), key=str)])
    return themes


def _memberships(statements: Sequence[Statement], clustering: Grouping, clusters: Sequence[str]) -> list[Membership]:
    return [
        Membership(clusters[label], statement.id, float(strength))
        for statement, label, strength in zip(statements, clustering.labels, clustering.strengths, strict=True)
        if label >= 0
    ]


def _on_their_own(
    run: Run, statements: Sequence[Statement], clustering: Grouping, clusters: Sequence[str]
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


def _contrasts(
    clusters: Sequence[str], statements: Sequence[Statement], pairs: Sequence[Sequence[Pair]]
) -> list[Contrast]:
    return [
        Contrast(cluster_id, rank, statements[pair.left].id, statements[pair.right].id, pair.ends)
        for cluster_id, found in zip(clusters, pairs, strict=True)
        for rank, pair in enumerate(found, start=1)
    ]
