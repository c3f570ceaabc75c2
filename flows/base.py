"""Prefect as the flows use it. Import it from here, so that it finds its settings made."""

from __future__ import annotations

from flows import quiet
from listening.settings import Settings

quiet.settle(Settings())

from prefect import flow, task  # noqa: E402
from prefect.cache_policies import NO_CACHE  # noqa: E402
from prefect.task_runners import TaskRunner, ThreadPoolTaskRunner  # noqa: E402

__all__ = ["NO_CACHE", "TaskRunner", "ThreadPoolTaskRunner", "flow", "task"]
