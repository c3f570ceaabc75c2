"""What every request shares: the line, what is kept in memory, and the one who reads what came in."""

from __future__ import annotations

import queue
import secrets
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import mkdtemp

from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from dashboards.kept import Memory
from listening import pipeline
from listening.errors import NotFound

TRIES = (parse("10 per 15 minutes"), parse("60 per hour"))  # for one name or code, from one address
LOOK_AGAIN_SECONDS = 30  # another program may have been killed while it erased
PIECES = {"hear": "Hearing", "read": "Reading", "embed": "Placing", "decode": "Opening"}


@dataclass(frozen=True, slots=True)
class Doing:
    """What the reader is at: a source, what is done with it, and how far it is."""

    source: str
    what: str
    done: int
    total: int


class Reader:
    """One thread that reads what was received, one source after the other, and places the new words."""

    def __init__(self, line: pipeline.Line) -> None:
        self._line = line
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
                pipeline.read(self._line, source, self._progress_of(source))
                if self._queue.empty():
                    pipeline.place_waiting(self._line, self._progress_of(source))
            except Exception:  # noqa: S110  the ledger lists it with its reason; the next one must not wait
                pass
            finally:
                self.doing = None

    def _progress_of(self, source: str) -> Callable[[str, int, int], None]:
        def progress(what: str, done: int, total: int) -> None:
            self.doing = Doing(source, PIECES.get(what, "Reading"), done, total)

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
    """How often somebody has tried: at most so many wrong names, passwords or codes in a while."""

    def __init__(self, most: Sequence[RateLimitItem] = TRIES) -> None:
        self._most = most
        self._window = MovingWindowRateLimiter(MemoryStorage())

    def may(self, *who: str) -> bool:
        """Whether another try is allowed."""
        return all(self._window.test(item, *who) for item in self._most)

    def failed(self, *who: str) -> None:
        """Count a try that was wrong."""
        for item in self._most:
            self._window.hit(item, *who)


class Shelf:
    """Tables that are here until somebody says which column holds the words. Emptied when the service ends."""

    def __init__(self) -> None:
        self._folder = Path(mkdtemp(prefix="listening-tables-"))

    def put(self, file: Path) -> str:
        """Keep a file for now; returns what to ask for it by."""
        name = secrets.token_urlsafe(16)
        (self._folder / name).mkdir()
        file.rename(self._folder / name / file.name)
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
        import shutil

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
    reader: Reader
    looking: Looking
    eraser: Eraser
    tries: Tries = field(default_factory=Tries)
    shelf: Shelf = field(default_factory=Shelf)
    largest_upload: int = field(default_factory=pipeline.largest_upload)

    def open(self) -> None:
        """Begin to read what waits, and to erase what was withdrawn."""
        self.reader.start()
        self.eraser.start()

    def close(self) -> None:
        """End."""
        self.reader.stop()
        self.eraser.stop()
        self.shelf.empty()


def open_house(line: pipeline.Line) -> House:
    """Everything that the pages share."""
    return House(line, Memory(line), Reader(line), Looking(line), Eraser(line))
