"""Who may use the database now. Why it works this way: docs/decisions/0003-one-writer-many-readers.md."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
from filelock import FileLock, Timeout

from listening.errors import BrokenStore, Busy

TURN_SECONDS = 0.2  # after this long, a busy process lets the others in before it takes new work
IDLE_SECONDS = 0.02  # how long an idle process keeps its turn: a batch of small steps opens the database once
POLL_SECONDS = 0.005

_CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": False,  # nothing is ever fetched
    "autoload_known_extensions": False,
    "enable_external_access": False,  # SQL cannot read or write any other file
}


def connect(database: Path) -> duckdb.DuckDBPyConnection:
    """Open a database file, with no way from SQL to any other file or to the network."""
    return duckdb.connect(database, config=_CONFIG)


class Lease:
    """A database that many processes use in turn, each only for as long as it reads or writes.

    Threads of one process share one connection; it is closed, and the lock let go, soon after the last of them leaves.
    The lock is a file beside the database: DuckDB's own lock is lost if its process opens the database file by other
    means, this one is not, and the system drops it with the process however that ends.
    """

    def __init__(self, database: Path, patience_seconds: float) -> None:
        self._database = database
        self._patience = patience_seconds
        self._lock = FileLock(database.with_suffix(".lock"), thread_local=False)
        self._gate = threading.Condition()
        self._inside = 0
        self._entered = 0  # how often anybody has: a turn is idle if nobody did in the meantime
        self._watched = False  # whether a timer will look for that
        self._since = 0.0
        self._connection: duckdb.DuckDBPyConnection | None = None

    @contextmanager
    def hold(self) -> Iterator[None]:
        """Keep every other process out, with no connection open."""
        with self._gate:
            self._gate.wait_for(lambda: self._inside == 0)
            self._end_turn()
            self._take_lock()
            try:
                yield
            finally:
                self._lock.release()

    @contextmanager
    def connection(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A connection to use and give back soon.

        :raises Busy: if other programs keep the database for longer than the patience allows.
        """
        cursor = self._enter()
        try:
            yield cursor
        finally:
            cursor.close()
            self._leave()

    def _enter(self) -> duckdb.DuckDBPyConnection:
        with self._gate:
            self._gate.wait_for(lambda: self._inside == 0 or self._in_turn())
            if not self._in_turn():
                self._end_turn()
            if self._connection is None:
                self._take_lock()
                try:
                    self._connection = self._connect()
                except BaseException:
                    self._lock.release()
                    raise
                self._since = time.monotonic()
            self._inside += 1
            self._entered += 1
            return self._connection.cursor()

    def _leave(self) -> None:
        with self._gate:
            self._inside -= 1
            if self._inside == 0:
                self._end_turn_when_idle()
            self._gate.notify_all()

    def _in_turn(self) -> bool:
        return time.monotonic() - self._since < TURN_SECONDS

    def _end_turn_when_idle(self) -> None:
        if not self._in_turn():
            self._end_turn()
        elif not self._watched:
            self._watched = True
            threading.Timer(IDLE_SECONDS, self._look_whether_idle, [self._entered]).start()

    def _look_whether_idle(self, entered: int) -> None:
        with self._gate:
            self._watched = False
            if self._inside:
                return  # whoever leaves last sees to it
            if self._entered == entered:
                self._end_turn()
            else:
                self._end_turn_when_idle()

    def _end_turn(self) -> None:
        if self._connection is None:
            return
        try:
            self._connection.close()
        finally:
            self._connection = None
            self._lock.release()

    def _take_lock(self) -> None:
        try:
            self._lock.acquire(timeout=self._patience, poll_interval=POLL_SECONDS)
        except Timeout:
            raise self._busy() from None

    def _connect(self) -> duckdb.DuckDBPyConnection:
        deadline = time.monotonic() + self._patience
        while True:
            try:
                return connect(self._database)
            except duckdb.IOException as error:  # a program that is not ours, such as the duckdb shell
                if not os.access(self._database, os.R_OK | os.W_OK):
                    raise BrokenStore(f"You may not read and write {self._database}. Ask its owner.") from error
                if "lock" not in str(error):
                    raise BrokenStore(
                        f"{self._database} could not be opened as a database. Keep it, and restore a backup beside it."
                    ) from error
                if time.monotonic() > deadline:
                    raise self._busy() from error
            time.sleep(POLL_SECONDS)

    def _busy(self) -> Busy:
        return Busy(
            f"Another program has been using {self._database} for more than {self._patience:g} seconds. "
            "Close other programs that have it open, then try again. Nothing you gave us is lost."
        )
