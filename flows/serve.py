"""Keep the line going by itself: read what comes in every few minutes, find the themes every night.

`python -m flows.serve [--every MINUTES] [--nightly-at HOUR]` stays until it is stopped. It needs no server: it
brings its own, or uses the one that PREFECT_API_URL names.
"""

from __future__ import annotations

import argparse
import os
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from flows import server
from listening.giving_way import give_way
from listening.settings import Settings

if TYPE_CHECKING:
    from prefect import Flow
    from prefect.deployments.runner import RunnerDeployment
    from prefect.schedules import Schedule


def serve(every_minutes: int = 5, nightly_hour: int = 2) -> None:
    """Serve both flows until stopped.

    :param nightly_hour: the hour, in UTC, at which themes are found.
    """
    settings = Settings()
    os.environ["LISTENING_DATA"] = str(settings.data.resolve())  # each run is a process, perhaps in another folder
    server.start(settings, schedules=True)
    from prefect import serve as serve_deployments

    serve_deployments(*deployments(every_minutes, nightly_hour), print_starting_message=False)


def deployments(every_minutes: int, nightly_hour: int) -> list[RunnerDeployment]:
    """What is served: `ingest` every few minutes and `synthesise` nightly, neither beside itself."""
    from prefect.client.schemas.objects import ConcurrencyLimitConfig, ConcurrencyLimitStrategy
    from prefect.deployments.runner import RunnerDeployment
    from prefect.schedules import Cron, Interval
    from prefect.types.entrypoint import EntrypointType

    from flows.ingest import ingest
    from flows.synthesise import synthesise

    def deployment(flow: Flow[[], Any], schedule: Schedule) -> RunnerDeployment:
        return RunnerDeployment.from_flow(
            flow,
            name="by-itself",
            schedule=schedule,
            concurrency_limit=ConcurrencyLimitConfig(limit=1, collision_strategy=ConcurrencyLimitStrategy.CANCEL_NEW),
            entrypoint_type=EntrypointType.MODULE_PATH,  # found wherever the package is, whatever the folder
        )

    return [
        deployment(ingest, Interval(timedelta(minutes=every_minutes))),
        deployment(synthesise, Cron(f"0 {nightly_hour} * * *")),
    ]


def main() -> None:
    """Read the arguments and serve."""
    parser = argparse.ArgumentParser(prog="python -m flows.serve", description=__doc__)
    parser.add_argument("--every", type=int, default=5, metavar="MINUTES", help="how often to read what came in")
    parser.add_argument("--nightly-at", type=int, default=2, metavar="HOUR", help="when to find the themes, in UTC")
    chosen = parser.parse_args()
    give_way()  # and so does every run that it starts
    serve(chosen.every, chosen.nightly_at)


if __name__ == "__main__":
    main()
