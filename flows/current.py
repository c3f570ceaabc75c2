"""Which line the tasks work on."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from listening.pipeline import Line, open_line
from listening.settings import Settings

_chosen: ContextVar[Line | None] = ContextVar("line", default=None)

_opened = functools.cache(open_line)  # a line keeps its models: one for all tasks of a process


@contextmanager
def working_on(line: Line) -> Iterator[None]:
    """Flows called inside, in this process, work on this line."""
    token = _chosen.set(line)
    try:
        yield
    finally:
        _chosen.reset(token)


def current_line() -> Line:
    """The line chosen by `working_on`, else the one that the environment describes."""
    return _chosen.get() or _opened(Settings())
