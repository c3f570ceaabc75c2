"""The same form sent twice, by a double click or by going back and sending again, is done once.

Every form brings a token that no other form has. While this service runs, whoever sends the same again gets the same
answer again; and what a form writes is marked with its token in the same transaction, so that it is known for good.
"""

from __future__ import annotations

import threading
import time
from concurrent.futures import Future
from typing import TYPE_CHECKING

from starlette.datastructures import UploadFile

from dashboards import pages
from listening import pipeline
from listening.domain import sha256_of
from listening.errors import AlreadyDone

if TYPE_CHECKING:
    from dashboards.door import Asked

KEPT_SECONDS = 60  # how long an answer can be had again: some are for one pair of eyes


class Once:
    """The answers of the last minute, by what was asked."""

    def __init__(self) -> None:
        self._gate = threading.Lock()
        self._answers: dict[str, tuple[float, Future[pages.Answer]]] = {}

    def answer(self, asked: Asked) -> pages.Answer:
        """What the handler answers to this form; if it was sent before, what was answered then."""
        key = key_of(asked)
        with self._gate:
            self._forget()
            first = key not in self._answers
            _, answer = self._answers.setdefault(key, (time.monotonic(), Future()))
        if first:
            try:
                answer.set_result(_handled(asked, key))
            except BaseException as error:
                with self._gate:
                    del self._answers[key]
                answer.set_exception(error)
        return answer.result()

    def _forget(self) -> None:
        oldest = time.monotonic() - KEPT_SECONDS
        for key in [one for one, (since, answer) in self._answers.items() if since < oldest and answer.done()]:
            del self._answers[key]


def key_of(asked: Asked) -> str:
    """What is the same only if the same form is sent with the same in it."""
    fields = [(name, _plain(value)) for name, value in asked.form.multi_items()]
    return sha256_of(repr((asked.frame.path, fields)))


def _plain(value: UploadFile | str) -> str:
    return value if isinstance(value, str) else f"{value.filename} {value.size}"


def _handled(asked: Asked, key: str) -> pages.Answer:
    if asked.way.again:
        return asked.way.handler(asked)
    try:
        with pipeline.once(asked.line, key):
            return asked.way.handler(asked)
    except AlreadyDone as error:
        return pages.Problem("That was taken already", f"{error} Go back to where you were, and look.", 200)
