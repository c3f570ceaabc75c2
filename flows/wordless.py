"""What Prefect may know of a trouble. It keeps exceptions in clear, and ours may hold words, names and paths."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING, Any, TypeVar

from listening.errors import Busy, ListeningError

if TYPE_CHECKING:
    from prefect import Task
    from prefect.client.schemas.objects import State, TaskRun

Result = TypeVar("Result")


class Trouble(Exception):
    """Something went wrong. The message says what kind of thing and where in our code, and nothing else."""


class PassingTrouble(Trouble):
    """It may work in a moment."""


def wordless(work: Callable[[], Result]) -> Result:
    """Do some work; if it cannot be done, say so without the words of the error.

    :raises Trouble: with nothing tied to it that leads to the error itself.
    """
    try:
        return work()
    except Exception as error:
        trouble = _told(error)
    raise trouble  # out here, so that the error is not its context


def _told(error: Exception) -> Trouble:
    kind = PassingTrouble if may_pass(error) else Trouble
    return kind(
        f"{type(error).__name__} in {_place(error.__traceback__)}. What it says is not kept here: "
        "see `listening ledger`, or do the same by the `listening` command to be told."
    )


def may_pass(error: Exception) -> bool:
    """Whether trying again can help. What we foresaw and cannot mend is a ListeningError; anything else may pass."""
    return isinstance(error, Busy) or not isinstance(error, ListeningError)


def _place(trace: TracebackType | None) -> str:
    """The last line of our own code that an error came through: a module and a number."""
    steps = [(frame.f_globals.get("__name__", ""), line) for frame, line in traceback.walk_tb(trace)]
    ours = [step for step in steps if step[0].split(".")[0] in {"listening", "flows"}]
    return "{}, line {}".format(*ours[-1]) if ours else "the work"


def try_again(task: Task[Any, Any], run: TaskRun, state: State[Any]) -> bool:  # noqa: ARG001
    """For `retry_condition_fn`: whether what ended a task may pass."""
    return isinstance(state.result(raise_on_failure=False), PassingTrouble)
