"""What is kept: a DuckDB database and the originals. The only room that speaks SQL."""

from __future__ import annotations

import functools
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock

from listening.errors import AlreadyDone, BrokenStore
from listening.store.anew import write_anew
from listening.store.arriving import Arriving, Piece, Take
from listening.store.contacts import Contacts
from listening.store.durable import (
    BLOCK_BYTES,
    Originals,
    append,
    is_open_to_others,
    make_folder,
    put_in_place,
    secret,
    sync_folder,
)
from listening.store.executor import Executor
from listening.store.lease import Lease, connect
from listening.store.migrate import migrate

__all__ = [
    "BLOCK_BYTES",
    "DATABASE",
    "ERASURES",
    "Arriving",
    "Executor",
    "Originals",
    "Piece",
    "Store",
    "Take",
    "is_open_to_others",
    "make_folder",
    "open_store",
    "put_in_place",
]

DATABASE = "listening.duckdb"
ORIGINALS = "originals"
ERASURES = "erasures.jsonl"
ARRIVING = "arriving"

_once: ContextVar[str] = ContextVar("once", default="")  # what marks the next thing this context writes
CONTACTS = "contacts"


class Store:
    """One inquiry's database and originals, in one folder. Make it with `open_store`."""

    def __init__(self, folder: Path, patience_seconds: float) -> None:
        make_folder(folder)
        self.folder = folder
        self.database = folder / DATABASE
        self.originals = Originals(folder / ORIGINALS)
        self.arriving = Arriving(folder / ARRIVING)
        self.contacts = Contacts(folder / CONTACTS)
        self._lease = Lease(self.database, patience_seconds)
        self._writing = threading.Lock()
        self._ready = False
        self._inside = threading.local()  # whether this thread reads or writes at this moment
        self.written = 0  # how often this program has, for those who keep what they read

    @contextmanager
    def reading(self) -> Iterator[Executor]:
        """Read, for a moment: do long work after leaving, not inside. Reading inside of reading is the same reading.

        :raises RuntimeError: inside of writing, where it would not see what is being written.
        """
        if (outer := getattr(self._inside, "reading", None)) is not None:
            yield outer
            return
        self._only_one_thing()
        self._make_ready()
        with self._lease.connection() as connection:
            self._inside.reading = Executor(connection)
            try:
                yield self._inside.reading
            finally:
                self._inside.reading = None

    @contextmanager
    def writing(self) -> Iterator[Executor]:
        """Write, all or nothing. What was written is on the disk when this ends without an error.

        :raises RuntimeError: inside of reading or writing: a thread that waits for itself waits for ever.
        """
        self._only_one_thing()
        self._make_ready()
        with self._writing, self._lease.connection() as connection:
            executor = Executor(connection)
            self._inside.writing = True
            try:
                with executor.transaction():
                    if key := _once.get():
                        executor.change("mark_done", key_sha256=key, now=datetime.now(UTC))
                    yield executor
            finally:
                self._inside.writing = False
            _once.set("")
            self.written += 1

    @contextmanager
    def once(self, key_sha256: str) -> Iterator[None]:
        """What is written inside is marked with this key, in the same transaction as the first of it.

        :raises AlreadyDone: if something was written under this key before.
        """
        with self.reading() as read:
            if read.values("is_done", key_sha256=key_sha256):
                raise AlreadyDone("This was sent before, and it was done then. Nothing was done twice.")
        token = _once.set(key_sha256)
        try:
            yield
        finally:
            _once.reset(token)

    def _only_one_thing(self) -> None:
        if getattr(self._inside, "writing", False) or getattr(self._inside, "reading", None) is not None:
            raise RuntimeError("This thread is reading or writing already. Leave that first: it would wait for itself.")

    def stamp(self) -> tuple[tuple[int, int], ...]:
        """Something that differs after every write by any process: sizes and times of the database and its log.

        Take it before reading: what is read is then at least as new as the stamp.
        """
        return tuple(_size_and_time(file) for file in (self.database, self.database.with_suffix(".duckdb.wal")))

    def key(self, name: str) -> bytes:
        """A secret of 32 bytes for this folder, outside the database; made when first asked for."""
        self._only_one_thing()
        with self._writing, self._lease.hold():
            return secret(self.folder / f"{name}.key")

    @contextmanager
    def erasing(self) -> Iterator[None]:
        """One program at a time erases, or copies what is here; reading and writing go on."""
        with FileLock(self.folder / "erasing.lock", thread_local=False):
            yield

    def write_anew(self) -> None:
        """Write the database into a new file, which then takes its name: what was deleted is in neither any more.

        The database marks its erasures as finished in the same step. Killed at any moment, the old database or the new
        one is there, whole.
        """
        self._make_ready()
        with self._writing, self._lease.hold():
            write_anew(self.database)

    @contextmanager
    def still(self) -> Iterator[Path]:
        """The database file while nobody has it open: only then may it be read by other means (decision 3)."""
        self._make_ready()
        with self._writing, self._lease.hold():
            with connect(self.database) as connection:
                connection.execute("CHECKPOINT")  # so that all of it is in this one file
            yield self.database

    def take_over(self, made: Path) -> None:
        """Put a finished database in the place of the one that is here, if there is one, in one step.

        :raises BrokenStore: if the log of the one that is here cannot be emptied: it would be read into the new one.
        """
        with self._writing, self._lease.hold():
            if self.database.exists():
                with connect(self.database) as connection:
                    connection.execute("CHECKPOINT")
            if self.database.with_suffix(".duckdb.wal").exists():
                raise BrokenStore(f"The log of {self.database} could not be emptied. Make room, and try again.")
            put_in_place(made, self.database)
            self._ready = False

    def key_files(self) -> list[Path]:
        """The files with this folder's secrets."""
        return sorted(self.folder.glob("*.key"))

    def note_erasure(self, record: str) -> None:
        """Keep the record of an erasure, one line, outside the database."""
        append(self.folder / ERASURES, record)

    def erasures(self) -> list[str]:
        """The records of all erasures, oldest first; a last line that was cut off by a crash counts for nothing."""
        path = self.folder / ERASURES
        text = path.read_text(encoding="utf-8") if path.exists() else ""
        return [one for one in text.split("\n")[:-1] if one]

    def _make_ready(self) -> None:
        """Make the database if there is none, and bring its shape up to date, once."""
        if self._ready:
            return
        with self._writing:
            if self._ready:
                return
            with self._lease.hold():
                if not self.database.exists():
                    self._create()
            with self._lease.connection() as connection:
                migrate(connection)
            self.originals.sweep()
            self.arriving.sweep()
            self._ready = True

    def _create(self) -> None:
        """Build a new database under another name, and give it its own only when it is whole."""
        building = self.database.with_suffix(".building")
        for leftover in (building, building.with_name(f"{building.name}.wal")):
            leftover.unlink(missing_ok=True)
        with connect(building) as connection:
            migrate(connection)
        building.chmod(0o600)  # people's words are for whoever keeps this folder, and for nobody else on the machine
        put_in_place(building, self.database)
        sync_folder(self.folder)


def _size_and_time(file: Path) -> tuple[int, int]:
    try:
        status = file.stat()  # does not open the file: DuckDB's lock stays (decision 3)
    except FileNotFoundError:
        return 0, 0
    return status.st_size, status.st_mtime_ns


@functools.cache
def _shared(folder: Path, patience_seconds: float) -> Store:
    return Store(folder, patience_seconds)


def open_store(folder: Path, patience_seconds: float = 60) -> Store:
    """The store in this folder, made if it is not there; one and the same for a whole process."""
    return _shared(folder.resolve(), patience_seconds)
