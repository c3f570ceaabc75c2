"""What pages show is worked out once and kept.

Whatever people do to words (decide, hold back, take out, choose, put right) is seen at once, by whatever program it was
done. New words that come in are seen a few seconds later, so that pages are not worked out anew with every file.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from listening.pipeline import Line, seen_at_once, stamp

T = TypeVar("T")

LATER_SECONDS = 5.0  # how much later new words may be seen


@dataclass(slots=True)
class _Kept:
    """A value, the stamp it was worked out under, and until when it may be shown though words came in since."""

    value: Any
    stamp: object
    until: float


class Memory:
    """Values by key. Readers who ask for the same thing at the same time wait for one of them to work it out."""

    def __init__(self, line: Line, most: int = 400, later: float = LATER_SECONDS) -> None:
        self._line = line
        self._most = most
        self._later = later
        self._gate = threading.Lock()
        self._stamp: object = None
        self._urgent: object = None
        self._found: dict[object, _Kept] = {}
        self._making: dict[object, threading.Lock] = {}

    def get(self, key: object, make: Callable[[], T]) -> T:
        """What is kept under this key, made now if it is not there or is too old."""
        now = self._look()
        kept, making = self._kept(key)
        if kept is not None and self._may_show(kept, now):
            return kept.value  # type: ignore[no-any-return]
        if kept is not None and making.locked():
            return kept.value  # type: ignore[no-any-return]  # somebody works it out anew at this moment
        with making:
            kept, _ = self._kept(key)
            if kept is not None and self._may_show(kept, now):
                return kept.value  # type: ignore[no-any-return]
            urgent = self._urgent
            made = make()
            self._keep(key, _Kept(made, now, time.monotonic() + self._later), urgent)
        return made

    def _look(self) -> object:
        """The stamp of the data now. If people did something since the last look, nothing that was kept is shown."""
        now = stamp(self._line)
        if now == self._stamp:
            return now
        urgent = seen_at_once(self._line)
        with self._gate:
            self._stamp = now
            if urgent != self._urgent:
                self._urgent, self._found, self._making = urgent, {}, {}
        return now

    def _kept(self, key: object) -> tuple[_Kept | None, threading.Lock]:
        with self._gate:
            return self._found.get(key), self._making.setdefault(key, threading.Lock())

    @staticmethod
    def _may_show(kept: _Kept, now: object) -> bool:
        return kept.stamp == now or time.monotonic() < kept.until

    def _keep(self, key: object, kept: _Kept, urgent: object) -> None:
        with self._gate:
            if urgent != self._urgent:
                return  # people did something while it was worked out
            if len(self._found) >= self._most:
                oldest = next(iter(self._found))
                self._found.pop(oldest)
                self._making.pop(oldest, None)
            self._found[key] = kept
