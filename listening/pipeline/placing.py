"""New words are placed among the themes at once; the next full synthesis looks at everything again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from listening.domain import Model, Progress, Stage, no_progress
from listening.pipeline import tongues
from listening.pipeline.line import Line, new_run
from listening.pipeline.meaning import Statement, vectors_of
from listening.placing import MARGIN, NEAR, ON_ITS_OWN, OUTER, Placing, place

PLACER = Model(name="nearest middle", version="1")  # count up when the same words would be placed differently


@dataclass(frozen=True, slots=True)
class Placed:
    """What became of words that came in since the last full synthesis, as counts."""

    utterances: int = 0
    in_themes: int = 0
    on_their_own: int = 0


def place_waiting(line: Line, progress: Progress = no_progress) -> Placed:
    """Place every utterance that waits among the themes of the latest synthesis.

    Nothing happens where no synthesis has been made yet, or nothing waits.

    :raises ModelMissing: if the model of meaning is not to be had; the words wait for the next synthesis.
    """
    with line.store.reading() as read:
        waiting = read.rows("utterances_to_place", Statement)
        run_id = next(iter(read.values("current_run_id")), None)
    if not waiting or run_id is None:
        return Placed()
    encoder = line.encoder()
    with line.store.reading() as read:
        grouped = read.rows("grouped_utterances", _grouped)
    statements = [*(statement for statement, _ in grouped), *waiting]
    spoken = tongues.arrange(vectors_of(line, encoder, statements, progress), statements, encoder)
    clusters = sorted({cluster for _, cluster in grouped})
    label_of = {cluster: label for label, cluster in enumerate(clusters)}
    labels = np.array([label_of[cluster] for _, cluster in grouped], dtype=np.intp)
    found = _placed(spoken, labels)
    same = {statement.text_sha256: label_of[cluster] for statement, cluster in grouped}
    found = _with_the_same_words(found, waiting, same)
    _keep(line, run_id, waiting, clusters, found)
    joined = int((found.labels >= 0).sum())
    return Placed(len(waiting), joined, len(waiting) - joined)


def _grouped(*row: Any) -> tuple[Statement, str]:
    return Statement(*row[:-1]), row[-1]


def _placed(spoken: tongues.Spoken, labels: NDArray[np.intp]) -> Placing:
    """Place the rows after the first len(labels), those of a part of the languages among the themes of that part."""
    count, known = len(spoken.vectors) - len(labels), len(labels)
    found = Placing(
        labels=np.full(count, ON_ITS_OWN),
        strengths=np.zeros(count, dtype=np.float32),
        nearest=np.full(count, ON_ITS_OWN),
        nearness=np.zeros(count, dtype=np.float32),
    )
    for part in spoken.parts:
        old, new = part[part < known], part[part >= known]
        themes, numbers = np.unique(labels[old], return_inverse=True)
        within = place(spoken.vectors[new], spoken.vectors[old], numbers)
        looked_up = np.append(themes, ON_ITS_OWN)  # the last is what -1 is looked up as
        found.labels[new - known] = looked_up[within.labels]
        found.strengths[new - known] = within.strengths
        found.nearest[new - known] = looked_up[within.nearest]
        found.nearness[new - known] = within.nearness
    return found


def _with_the_same_words(found: Placing, waiting: Sequence[Statement], label_of: Mapping[str, int]) -> Placing:
    """Whoever says the very words of a theme is in it, however far out those words lie."""
    same = np.array([label_of.get(statement.text_sha256, ON_ITS_OWN) for statement in waiting])
    return replace(
        found,
        labels=np.where(same >= 0, same, found.labels),
        strengths=np.where(same >= 0, 1, found.strengths),
    )


def _keep(line: Line, based_on: str, waiting: list[Statement], clusters: list[str], found: Placing) -> None:
    run = new_run(Stage.PLACE, PLACER, {"outer": OUTER, "margin": MARGIN, "near": NEAR, "based_on": based_on})
    with line.store.writing() as write:
        write.insert("run", [run])
        write.change(
            "keep_placements",
            based_on_run_id=based_on,
            run_id=run.id,
            utterance_id=[statement.id for statement in waiting],
            cluster_id=[clusters[label] if label >= 0 else None for label in found.labels],
            strength=[float(strength) for strength in found.strengths],
            nearest_cluster_id=[clusters[nearest] if nearest >= 0 else None for nearest in found.nearest],
            nearness=[float(nearness) for nearness in found.nearness],
        )
