"""What pages show is worked out once and kept until anything is written, by whatever program."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, TypeVar

from listening.pipeline import Line, stamp

T = TypeVar("T")


class Memory:
    """Answers kept under the stamp of the data they were worked out from; they are never older than the data.

    Readers who ask for the same thing at the same time wait for one of them to work it out.
    """

    def __init__(self, line: Line, most: int = 400) -> None:
        self._line = line
        self._most = most
        self._gate = threading.Lock()
        self._stamp: object = None
        self._found: dict[object, Any] = {}
        self._making: dict[object, threading.Lock] = {}

    def get(self, key: object, make: Callable[[], T]) -> T:
        """What is kept under this key, made now if it is not there or anything has been written since."""
        now = stamp(self._line)
        with self._gate:
            if now != self._stamp:
                self._stamp, self._found, self._making = now, {}, {}
            if key in self._found:
                return self._found[key]  # type: ignore[no-any-return]
            making = self._making.setdefault(key, threading.Lock())
        with making:
            with self._gate:
                if self._stamp == now and key in self._found:
                    return self._found[key]  # type: ignore[no-any-return]
            made = make()
            with self._gate:
                if self._stamp == now:
                    if len(self._found) >= self._most:
                        self._found.pop(next(iter(self._found)))
                    self._found[key] = made
        return made
