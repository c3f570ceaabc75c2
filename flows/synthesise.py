"""Group what people said into themes. `python -m flows.synthesise`"""

from __future__ import annotations

import dataclasses
import json

from flows import server
from flows.base import NO_CACHE, flow, task
from flows.current import current_line
from flows.progress import report
from flows.wordless import try_again, wordless
from listening import pipeline
from listening.settings import Settings


@task(
    retries=2,
    retry_delay_seconds=[10, 60],
    retry_condition_fn=try_again,
    cache_policy=NO_CACHE,  # whether anything has changed is known in our own database
    persist_result=False,
    log_prints=False,
)
def group() -> pipeline.Synthesis:
    """Group all utterances that may be grouped. With nothing new since the last time, this changes nothing."""
    return wordless(lambda: pipeline.synthesise(current_line(), report))


@flow(persist_result=False, log_prints=False)
def synthesise() -> pipeline.Synthesis:
    """Find the themes in all that was read, and return the run's id and its counts."""
    return group()


def main() -> None:
    """Synthesise, and print what came of it."""
    server.start(Settings())
    print(json.dumps(dataclasses.asdict(synthesise())))


if __name__ == "__main__":
    main()
