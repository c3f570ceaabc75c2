"""Read what was received: one task a source. `python -m flows.ingest [source id ...]`

Prefect keeps parameters, names, states and exceptions in clear, so it is given ids and counts and nothing else.
Receiving files, whose names may be people's names, is `listening.pipeline.receive` and comes before.
"""

from __future__ import annotations

import dataclasses
import json
import sys
from dataclasses import dataclass
from typing import Any

from flows import server
from flows.base import NO_CACHE, TaskRunner, ThreadPoolTaskRunner, flow, task
from flows.current import current_line
from flows.progress import report, stoppable
from flows.wordless import try_again, wordless
from listening import pipeline
from listening.domain import Kind, kind_of
from listening.settings import Settings


@dataclass(frozen=True, slots=True)
class Reading:
    """What came of one ingest, as counts, and the ids of the sources that could not be read."""

    sources: int
    conversations: int
    voices: int
    utterances: int
    already_known: int
    failed: tuple[str, ...]  # the ledger says why
    entered: tuple[str, ...]  # the ids of those that were read now
    notes: tuple[tuple[str, str], ...]  # what people should know: the id of a source, and a sentence of our own


@task(
    task_run_name="read {source_id}",  # Prefect does not keep what a task is given: its name tells which one it was
    retries=2,
    retry_delay_seconds=[10, 60],
    retry_condition_fn=try_again,
    cache_policy=NO_CACHE,  # what was read is known by its content, in our own database
    persist_result=False,
    log_prints=False,
)
def read_source(source_id: str) -> pipeline.Entered | None:
    """Turn one source into utterances, all of them or none; None if it was read before."""
    return wordless(lambda: pipeline.read(current_line(), source_id, report))


@task(
    retries=2,
    retry_delay_seconds=[10, 60],
    retry_condition_fn=try_again,
    cache_policy=NO_CACHE,  # what is placed is known in our own database
    persist_result=False,
    log_prints=False,
)
def place() -> pipeline.Placed:
    """Place new words among the themes there are, until the next synthesis."""
    return wordless(lambda: pipeline.place_waiting(current_line(), report))


# Whisper's decoder hooks into its model, so two recordings cannot share one. Where there is room for several models,
# `ingest.with_options(task_runner=...)` takes a runner that works in processes.
ONE_AT_A_TIME: TaskRunner[Any] = ThreadPoolTaskRunner(max_workers=1)


@flow(task_runner=ONE_AT_A_TIME, persist_result=False, log_prints=False)
def ingest(source_ids: list[str] | None = None) -> Reading:
    """Read these sources, or all that are waiting. One that fails does not stop the others."""
    ids = wordless(lambda: pipeline.waiting(current_line())) if source_ids is None else source_ids
    with stoppable():
        futures = [read_source.submit(source_id) for source_id in ids]
        reading = counted(ids, [future.result(raise_on_failure=False) for future in futures])
        if reading.utterances:
            place.submit().wait()  # if it fails, the words wait for the next synthesis
    return reading


def counted(ids: list[str], outcomes: list[pipeline.Entered | BaseException | None]) -> Reading:
    """Put together what came of each source."""
    entered = [outcome for outcome in outcomes if isinstance(outcome, pipeline.Entered)]
    return Reading(
        sources=len(ids),
        conversations=sum(len(one.conversations) for one in entered),
        voices=len({voice for one in entered for voice in one.voices}),
        utterances=sum(len(one.utterances) for one in entered),
        already_known=outcomes.count(None),
        failed=tuple(one for one, outcome in zip(ids, outcomes, strict=True) if isinstance(outcome, BaseException)),
        entered=tuple(one for one, outcome in zip(ids, outcomes, strict=True) if isinstance(outcome, pipeline.Entered)),
        notes=tuple(
            (one, note)
            for one, outcome in zip(ids, outcomes, strict=True)
            if isinstance(outcome, pipeline.Entered)
            for note in outcome.notes
        ),
    )


def main(arguments: list[str]) -> None:
    """Read the sources named, or all that are waiting, and print what came of it."""
    if any(kind_of(argument) is not Kind.SOURCE for argument in arguments):
        sys.exit("Give ids of sources, such as s-0123456789ab, or nothing to read all that are waiting.")
    server.start(Settings())
    print(json.dumps(dataclasses.asdict(ingest(arguments or None))))


if __name__ == "__main__":
    main(sys.argv[1:])
