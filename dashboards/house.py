"""What every request shares: the line, what is kept in memory, and the one who reads what came in."""

from __future__ import annotations

import functools
import queue
import secrets
import shutil
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import mkdtemp

from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from dashboards.helper import Helper, read_here
from dashboards.kept import Memory
from dashboards.once import Once
from listening import pipeline
from listening.errors import NotFound

TRIES = (parse("10 per 15 minutes"), parse("60 per hour"))  # for one name, from one address
TRIES_FROM_ADDRESS = (parse("100 per 15 minutes"), parse("300 per hour"))  # for all names and codes together
LOOK_AGAIN_SECONDS = 30  # another program may have been killed while it erased
ENOUGH_SECONDS = 5  # of work before it is said how long the rest takes
PIECES = {"hear": "Hearing", "transcribe": "Hearing", "read": "Reading", "embed": "Placing", "decode": "Opening"}


@dataclass(frozen=True, slots=True)
class Doing:
    """What the reader is at: a source, what is done with it, and how far it is."""

    source: str
    what: str
    done: int
    total: int
    since: float = 0.0  # by the monotonic clock: when this step began,
    began_at: int = 0  # and how far it was then

    @property
    def per_cent(self) -> int:
        """How far it is."""
        return min(99, 100 * self.done // self.total) if self.total else 0

    @property
    def left(self) -> str:
        """How long it will take yet, in words, as soon as that can be told."""
        spent, came = time.monotonic() - self.since, self.done - self.began_at
        if spent < ENOUGH_SECONDS or came <= 0:
            return ""
        minutes = spent * (self.total - self.done) / came / 60
        return "less than a minute" if minutes < 1 else f"about {minutes:.0f} minute{'s' if minutes >= 1.5 else ''}"  # noqa: PLR2004


class Reader:
    """Has what was received read, one source after the other, and the new words placed.

    :param helper: the program that does it; without one it is done here, and pages are slower meanwhile.
    """

    def __init__(self, line: pipeline.Line, helper: Helper | None = None) -> None:
        self._line = line
        self._helper = helper
        self._read: Callable[..., None] = helper.read if helper else functools.partial(read_here, line)
        self._queue: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="reader", daemon=True)
        self.doing: Doing | None = None

    def start(self) -> None:
        """Begin, with whatever still waits from before."""
        self.take(pipeline.waiting(self._line))
        self._thread.start()

    def stop(self) -> None:
        """End soon. A source that is being read goes on from its last finished piece next time."""
        self._queue.put(None)
        if self._helper:
            self._helper.stop()

    def take(self, sources: Sequence[str]) -> None:
        """Put these at the end of the queue."""
        for source in sources:
            self._queue.put(source)

    @property
    def busy(self) -> bool:
        """Whether anything is being read or waits to be."""
        return self.doing is not None or not self._queue.empty()

    def _work(self) -> None:
        while (source := self._queue.get()) is not None:
            self.doing = Doing(source, "Reading", 0, 0)
            try:
                self._read(source, self._progress_of(source), place=self._queue.empty())
            except Exception:  # noqa: S110  the ledger lists it with its reason; the next one must not wait
                pass
            finally:
                self.doing = None

    def _progress_of(self, source: str) -> Callable[[str, int, int], None]:
        def progress(what: str, done: int, total: int) -> None:
            before, called = self.doing, PIECES.get(what, "Reading")
            same = before is not None and before.what == called and before.total == total and before.since
            since, began_at = (before.since, before.began_at) if before and same else (time.monotonic(), done)
            self.doing = Doing(source, called, done, total, since, began_at)

        return progress


class Eraser:
    """One thread that erases what was withdrawn: at once when it is asked to, else it looks now and then."""

    def __init__(self, line: pipeline.Line) -> None:
        self._line = line
        self._wanted = threading.Event()
        self._ended = False
        self._thread = threading.Thread(target=self._work, name="eraser", daemon=True)

    def start(self) -> None:
        """Begin, with whatever was withdrawn before."""
        self._wanted.set()
        self._thread.start()

    def stop(self) -> None:
        """End. What is half erased is finished next time."""
        self._ended = True
        self._wanted.set()

    def soon(self) -> None:
        """Something was withdrawn just now."""
        self._wanted.set()

    def _work(self) -> None:
        while not self._ended:
            self._wanted.clear()
            with suppress(Exception):  # it stays on the list, and is tried again; no words may go into a log
                pipeline.erase_withdrawn(self._line)
            if not self._ended:
                self._wanted.wait(LOOK_AGAIN_SECONDS)


class Tries:
    """How often somebody has tried: at most so many wrong names, passwords or codes in a while.

    Whoever tries is `who`: the address, and the name that was typed if there is one. Many people share the address of a
    hall, so it alone may be wrong more often; but not without end, though each try has another name.
    """

    def __init__(
        self, most: Sequence[RateLimitItem] = TRIES, most_from_address: Sequence[RateLimitItem] = TRIES_FROM_ADDRESS
    ) -> None:
        self._most = most
        self._most_from_address = most_from_address
        self._window = MovingWindowRateLimiter(MemoryStorage())
        self._gate = threading.Lock()
        self._open: Counter[tuple[str, ...]] = Counter()  # tries of which it is not known yet whether they are wrong

    def begin(self, *who: str) -> bool:
        """Whether another try is allowed. If so, it counts as wrong until `end` is called."""
        with self._gate:
            if any(self._left(item, key) <= self._open[key] for item, key in self._limits(who)):
                return False
            self._open.update(self._keys(who))
            return True

    def end(self, *who: str, wrong: bool) -> None:
        """Say how the try went."""
        with self._gate:
            self._open = +(self._open - Counter(self._keys(who)))
            if wrong:
                for item, key in self._limits(who):
                    self._window.hit(item, *key)

    def _left(self, item: RateLimitItem, key: tuple[str, ...]) -> int:
        return self._window.get_window_stats(item, *key).remaining

    @staticmethod
    def _keys(who: tuple[str, ...]) -> set[tuple[str, ...]]:
        return {who, who[:1]}

    def _limits(self, who: tuple[str, ...]) -> list[tuple[RateLimitItem, tuple[str, ...]]]:
        own = [(item, who) for item in self._most] if len(who) > 1 else []
        return [*own, *((item, who[:1]) for item in self._most_from_address)]


class Shelf:
    """Tables that are here until somebody says which column holds the words. Emptied when the service ends."""

    def __init__(self) -> None:
        self._folder = Path(mkdtemp(prefix="listening-tables-"))

    def put(self, file: Path) -> str:
        """Keep a file for now; returns what to ask for it by."""
        name = secrets.token_urlsafe(16)
        (self._folder / name).mkdir()
        shutil.move(file, self._folder / name / file.name)
        return name

    def get(self, name: str) -> Path:
        """The file; raises NotFound if it is not here any more."""
        folder = self._folder / name
        if not name.replace("-", "").replace("_", "").isalnum() or not folder.is_dir():
            raise NotFound("This table is not here any more. Bring the file in again.")
        return next(folder.iterdir())

    def drop(self, name: str) -> None:
        """Forget a file."""
        file = self.get(name)
        file.unlink()
        file.parent.rmdir()

    def empty(self) -> None:
        """Forget all of them."""
        shutil.rmtree(self._folder, ignore_errors=True)


class Looking:
    """Looks at everything again, in a program of its own, so that pages stay quick meanwhile."""

    def __init__(self, line: pipeline.Line) -> None:
        self._data = line.settings.data
        self._program: subprocess.Popen[bytes] | None = None

    @property
    def busy(self) -> bool:
        """Whether it is at it."""
        return self._program is not None and self._program.poll() is None

    def start(self) -> None:
        """Begin, unless it has begun already."""
        import os

        if not self.busy:
            # One thread: the other processors are for those who read meanwhile.
            environment = {**os.environ, "LISTENING_DATA": str(self._data), "OMP_NUM_THREADS": "1"}
            self._program = subprocess.Popen(
                [sys.executable, "-m", "listening", "synthesise", "--json"],
                env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            )  # fmt: skip


@dataclass(frozen=True)
class House:
    """One running web service."""

    line: pipeline.Line
    memory: Memory
    people: Memory  # who is signed in
    arrivals: Memory  # what was handed in
    reader: Reader
    looking: Looking
    eraser: Eraser
    tries: Tries = field(default_factory=Tries)
    shelf: Shelf = field(default_factory=Shelf)
    once: Once = field(default_factory=Once)
    finishing: threading.Lock = field(default_factory=threading.Lock)  # one thing is put together at a time
    largest_upload: int = field(default_factory=pipeline.largest_upload)

    def open(self) -> None:
        """Begin to read what waits, and to erase what was withdrawn."""
        pipeline.forget_abandoned(self.line)
        self.reader.start()
        self.eraser.start()

    def close(self) -> None:
        """End."""
        self.reader.stop()
        self.eraser.stop()
        self.shelf.empty()


def open_house(line: pipeline.Line, helper: Helper | None = None) -> House:
    """Everything that the pages share."""
    return House(
        line=line,
        memory=Memory(line),
        people=Memory(line, pipeline.who_comes_in),
        arrivals=Memory(line, pipeline.what_came_in),
        reader=Reader(line, helper),
        looking=Looking(line),
        eraser=Eraser(line),
    )
