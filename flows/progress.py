"""Progress from inside tasks to whoever watches in the same process. Prefect would store it as a parameter."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from listening.domain import Progress, no_progress

_watcher: ContextVar[Progress] = ContextVar("watcher", default=no_progress)
_stop: ContextVar[threading.Event | None] = ContextVar("stop", default=None)


@contextmanager
def watched(progress: Progress) -> Iterator[None]:
    """Flows called inside report to `progress`. It is called from other threads too."""
    token = _watcher.set(progress)
    try:
        yield
    finally:
        _watcher.reset(token)


@contextmanager
def stoppable() -> Iterator[None]:
    """Work that this thread has handed to others ends with its next report when this thread is interrupted.

    Prefect waits for its threads, and reading a long recording takes hours.
    """
    stop = threading.Event()
    token = _stop.set(stop)
    try:
        yield
    except BaseException:
        stop.set()
        raise
    finally:
        _stop.reset(token)


def report(what: str, done: int, total: int) -> None:
    """The progress to hand to the pipeline inside a task."""
    stop = _stop.get()
    if stop is not None and stop.is_set():
        raise KeyboardInterrupt
    _watcher.get()(what, done, total)
