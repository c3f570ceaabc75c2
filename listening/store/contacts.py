"""How to reach people, sealed: each in a file of its own beside the database, until it is used once.

They are files and no rows because a database keeps what was deleted for a while, and these must be gone at once.
"""

from __future__ import annotations

import contextlib
import time
from pathlib import Path

from listening.store.durable import make_folder, put_in_place, sync_folder

SUFFIX, ARRIVING, TAKING = ".sealed", ".arriving", ".taking"


class Contacts:
    """Sealed contact details by the id of the link that they are for."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, link_id: str, sealed: bytes) -> None:
        """Keep this one, in place of any before. It is on the disk when this returns."""
        make_folder(self._folder)
        arriving = self._folder / f"{link_id}{ARRIVING}"
        arriving.touch(mode=0o600)
        arriving.write_bytes(sealed)
        put_in_place(arriving, self._folder / f"{link_id}{SUFFIX}")

    def take(self, link_id: str) -> bytes | None:
        """Hand it out and delete it: of several who ask, one gets it. None if there is none, or no more."""
        taking = self._folder / f"{link_id}{TAKING}"
        try:
            (self._folder / f"{link_id}{SUFFIX}").rename(taking)
        except FileNotFoundError:
            return None
        sealed = taking.read_bytes()
        taking.unlink()
        sync_folder(self._folder)
        return sealed

    def drop(self, link_id: str) -> None:
        """Delete it unread."""
        for suffix in (SUFFIX, ARRIVING, TAKING):
            (self._folder / f"{link_id}{suffix}").unlink(missing_ok=True)

    def has(self, link_id: str) -> bool:
        """Whether there is one that was not used yet."""
        return (self._folder / f"{link_id}{SUFFIX}").exists()

    def sweep(self, seconds: float) -> None:
        """Delete what nobody used for so long, and what a killed program left half done."""
        for file in self._folder.glob("*"):
            with contextlib.suppress(FileNotFoundError):
                if file.suffix == TAKING or time.time() - file.stat().st_mtime > seconds:
                    file.unlink()
