"""Files that are still there, and whole, after the power goes. The one room with calls that differ by platform."""

from __future__ import annotations

import contextlib
import hashlib
import os
import secrets
import stat
import tempfile
import time
from pathlib import Path
from typing import BinaryIO

from listening.errors import BrokenStore

BLOCK_BYTES = 1 << 20
ARRIVING = ".arriving-"
SECRET_BYTES = 32
ABANDONED_SECONDS = 24 * 3600  # nothing takes that long to arrive: whoever was writing it is gone


def sync_file(path: Path) -> None:
    """Wait until the file's content is on the disk."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def sync_folder(path: Path) -> None:
    """Wait until the folder's entries are on the disk. Windows does this with the file itself."""
    if os.name == "nt":
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def make_folder(path: Path) -> None:
    """Make the folder and those above it, and wait until they are on the disk."""
    missing = [folder for folder in (path, *path.parents) if not folder.exists()]
    path.mkdir(parents=True, exist_ok=True)
    for folder in missing:
        sync_folder(folder.parent)


def put_in_place(made: Path, final: Path) -> None:
    """Move a finished file to its name in one step: either the whole file is there or none of it."""
    sync_file(made)
    made.replace(final)
    sync_folder(final.parent)


def is_open_to_others(path: Path) -> bool:
    """Whether others on this machine may read or write a file. On Windows the rights of the folder count instead."""
    return os.name != "nt" and bool(path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO))


def secret(path: Path) -> bytes:
    """The 32 random bytes in this file, for its owner's eyes only; made, and safe on the disk, when first asked for.

    Two programs must not ask at once. Raises BrokenStore if the file is not what was written.
    """
    if not path.exists():
        making = path.with_suffix(".making")
        making.unlink(missing_ok=True)
        making.touch(mode=stat.S_IRUSR | stat.S_IWUSR)
        making.write_bytes(secrets.token_bytes(SECRET_BYTES))
        put_in_place(making, path)
    found = path.read_bytes()
    if len(found) != SECRET_BYTES:
        raise BrokenStore(f"{path} is damaged. Put it back from a backup: without it, receipt codes do not work.")
    return found


def append(path: Path, text: str) -> None:
    """Add a line to a file that only its owner may read, and wait until it is on the disk."""
    if not path.exists():
        path.touch(mode=stat.S_IRUSR | stat.S_IWUSR)
        sync_folder(path.parent)
    with path.open("a", encoding="utf-8") as file:
        file.write(f"{text}\n")
        file.flush()
        os.fsync(file.fileno())


class Originals:
    """The originals that were handed in, each under its sha256, never changed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def path(self, sha256: str) -> Path:
        """Where the original with this hash is, or would be."""
        return self._folder / sha256[:2] / sha256

    def remove(self, sha256: str) -> None:
        """Remove the original with this hash for good; it is no fault if it is gone already."""
        path = self.path(sha256)
        with contextlib.suppress(FileNotFoundError):
            if os.name == "nt":
                path.chmod(stat.S_IWUSR)  # Windows removes no file that may not be written
            path.unlink()
            sync_folder(path.parent)

    def all(self) -> list[Path]:
        """Every original that is here, in a settled order."""
        return sorted(file for file in self._folder.glob("??/*") if file.is_file())

    def sweep(self) -> None:
        """Remove what a killed program left half arrived. It was never acknowledged."""
        for file in self._folder.glob(f"{ARRIVING}*"):
            with contextlib.suppress(FileNotFoundError):
                if time.time() - file.stat().st_mtime > ABANDONED_SECONDS:
                    file.unlink()

    def add(self, stream: BinaryIO) -> tuple[str, int]:
        """Keep the content of a stream for good.

        :returns: its sha256 and its size in bytes, once it is safe on the disk.
        """
        make_folder(self._folder)
        handle, name = tempfile.mkstemp(dir=self._folder, prefix=ARRIVING)
        arriving = Path(name)
        digest, size = hashlib.sha256(), 0
        try:
            with os.fdopen(handle, "wb") as file:
                while block := stream.read(BLOCK_BYTES):
                    digest.update(block)
                    size += file.write(block)
            sha256 = digest.hexdigest()
            final = self.path(sha256)
            if not final.exists():
                make_folder(final.parent)
                put_in_place(arriving, final)
                final.chmod(stat.S_IRUSR)
        finally:
            with contextlib.suppress(FileNotFoundError):
                arriving.unlink()
        return sha256, size
