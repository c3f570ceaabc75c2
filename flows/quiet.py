"""The settings that make Prefect fit here: nothing leaves the machine, little is kept, nothing is said.

They go into the environment, not into `prefect.temporary_settings`: Prefect makes its folder and sets up its logging
while it is imported, its threads and its server do not see temporary settings, and the environment is what the
processes that it starts inherit. So `settle` comes before the first import of Prefect.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from listening.settings import Settings

ALWAYS = {
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_RESULTS_PERSIST_BY_DEFAULT": "false",
}

UNLESS_SET = {
    "PREFECT_LOGGING_TO_API_ENABLED": "false",
    "PREFECT_LOGGING_LEVEL": "CRITICAL",  # what failed is in what a flow returns, and why is in our ledger
    "PREFECT_INTERNAL_LOGGING_LEVEL": "CRITICAL",
    "PREFECT_SERVER_LOGGING_LEVEL": "CRITICAL",
    "PREFECT_TELEMETRY_ENABLE_RESOURCE_METRICS": "false",
    # What follows is for the server that runs only as long as we do.
    "PREFECT_SERVER_EPHEMERAL_ENABLED": "true",
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "120",  # a busy machine needs more than the usual 20
    "PREFECT_SERVER_UI_ENABLED": "false",
    # Nothing here reacts to events, and storing them holds up SQLite: the next flow then waits for many seconds.
    "PREFECT_SERVER_SERVICES_EVENT_PERSISTER_ENABLED": "false",
    "PREFECT_SERVER_SERVICES_TRIGGERS_ENABLED": "false",
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_BATCH_SIZE": "100",
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_READ_BATCH_SIZE": "100",
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_FLUSH_INTERVAL": "1.0",
}

# A flow waits up to a second for its heartbeat to stop. "None" can only be said as JSON, through the whole group.
NO_HEARTBEAT = {"PREFECT_FLOWS": '{"heartbeat_frequency": null}'}
NEEDS_HEARTBEAT = ("PREFECT_API_URL", "PREFECT_FLOWS_HEARTBEAT_FREQUENCY")  # a server of their own may listen for it


def settle(settings: Settings) -> None:
    """Make Prefect fit, with its state in the inquiry's folder. What a person has set themselves stays.

    Where Prefect was imported before, as in its own command line, whoever did that has chosen its settings. What
    keeps people's words out of Prefect does not depend on settings: it is in the flows.
    """
    os.environ.update(ALWAYS)
    if "prefect" in sys.modules:
        return
    wanted = {"PREFECT_HOME": str((settings.data / "prefect").resolve()), **UNLESS_SET}
    if not any(name in os.environ for name in NEEDS_HEARTBEAT):
        wanted |= NO_HEARTBEAT
    for name, value in wanted.items():
        os.environ.setdefault(name, value)
    Path(os.environ["PREFECT_HOME"]).expanduser().mkdir(mode=0o700, parents=True, exist_ok=True)
