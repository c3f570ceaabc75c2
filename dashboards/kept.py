"""What pages show is worked out once and kept.

Whatever people do to words here (decide, hold back, take out, choose, put right) is seen by the next reader. What
another program did is seen as soon as the database can be asked; readers wait for that only if it takes long. New
words, and a new look at everything, are shown a few seconds later: readers get what was kept, and it is worked out anew
behind them.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, TypeVar

from listening.errors import ListeningError
from listening.pipeline import Line, seen_at_once, stamp, written

T = TypeVar("T")

LATER_SECONDS = 5.0  # how much later new words may be seen
OLDEST_SECONDS = 60.0  # nothing older is shown once words have come in: who asks first then waits for the new
SURE_SECONDS = 5.0  # whoever asks waits for the look at what other programs did, if the last was longer ago
SLOWER = 20  # what takes long is worked out less often: not within so many times as long as it took
REST = 2  # whoever works things out anew rests so many times as long as it worked, so that readers have the processor


@dataclass(slots=True)
class _Kept:
    """A value, the stamp it was worked out under, when that was, and how long it took."""

    value: Any
    stamp: object
    made_at: float
    took: float


class Memory:
    """Values by key. Readers who ask for the same new thing at the same time wait for one of them to work it out.

    :param seen: what differs after everything that must be seen at once.
    """

    def __init__(
        self,
        line: Line,
        seen: Callable[[Line], object] = seen_at_once,
        *,
        most: int = 400,
        later: float = LATER_SECONDS,
    ) -> None:
        self._line = line
        self._seen = seen
        self._most = most
        self._later = later
        self._gate = threading.Lock()
        self._looking = threading.Lock()
        self._stamp: object = None
        self._written = -1
        self._sure_at = 0.0  # when it was last known that nothing unseen was done
        self._urgent: object = None
        self._found: dict[object, _Kept] = {}
        self._making: dict[object, threading.Lock] = {}
        self._asked: set[object] = set()
        self._behind: queue.SimpleQueue[tuple[object, Callable[[], Any]]] = queue.SimpleQueue()
        self._worker: threading.Thread | None = None

    def get(self, key: object, make: Callable[[], T]) -> T:
        """What is kept under this key; made now if nothing is, or if what is there is too old to be shown."""
        if written(self._line) != self._written:
            self.look()
        elif stamp(self._line) == self._stamp:
            self._sure_at = time.monotonic()
        elif time.monotonic() - self._sure_at > SURE_SECONDS:
            self.look()
        else:
            self._do_behind(_LOOK, self.look)
        with self._gate:
            kept = self._found.get(key)
        if kept is None or not self._may_show(kept):
            return self._make(key, make)
        if not self._is_fresh(kept):
            self._do_behind(key, lambda: self._make(key, make))
        return kept.value  # type: ignore[no-any-return]

    def look(self) -> None:
        """See what was done since the last look. If people did something, nothing that was kept is shown."""
        with self._looking:
            count, now = written(self._line), stamp(self._line)
            if (count, now) == (self._written, self._stamp):
                return
            urgent = self._seen(self._line)
            with self._gate:
                self._written, self._stamp, self._sure_at = count, now, time.monotonic()
                if urgent != self._urgent:
                    self._urgent, self._found, self._making = urgent, {}, {}

    def _make(self, key: object, make: Callable[[], T]) -> T:
        with self._gate:
            making = self._making.setdefault(key, threading.Lock())
        with making:
            with self._gate:
                kept, urgent, now = self._found.get(key), self._urgent, self._stamp
            if kept is not None and self._may_show(kept) and self._is_fresh(kept):
                return kept.value  # type: ignore[no-any-return]  # somebody was quicker
            began = time.monotonic()
            made = make()
            ended = time.monotonic()
            self._keep(key, _Kept(made, now, ended, ended - began), urgent)
        return made

    def _is_fresh(self, kept: _Kept) -> bool:
        return kept.stamp == self._stamp or time.monotonic() - kept.made_at < max(self._later, SLOWER * kept.took)

    def _may_show(self, kept: _Kept) -> bool:
        return self._is_fresh(kept) or time.monotonic() - kept.made_at < OLDEST_SECONDS

    def _keep(self, key: object, kept: _Kept, urgent: object) -> None:
        with self._gate:
            if urgent != self._urgent:
                return  # people did something while it was worked out
            self._found.pop(key, None)
            self._found[key] = kept  # at the end: what is at the beginning goes first
            if len(self._found) > self._most:
                oldest = next(iter(self._found))
                self._found.pop(oldest)
                self._making.pop(oldest, None)

    # --- behind the readers -------------------------------------------------------------------------------------------

    def _do_behind(self, key: object, work: Callable[[], Any]) -> None:
        with self._gate:
            if key in self._asked:
                return
            self._asked.add(key)
            if self._worker is None:
                self._worker = threading.Thread(target=self._work, name="renewing", daemon=True)
                self._worker.start()
        self._behind.put((key, work))

    def _work(self) -> None:
        while True:
            key, work = self._behind.get()
            began = time.monotonic()
            with suppress(ListeningError):  # such as a theme that is gone: whoever asks next is told
                work()
            with self._gate:
                self._asked.discard(key)
            if key is not _LOOK:
                time.sleep(REST * (time.monotonic() - began))


_LOOK = object()
