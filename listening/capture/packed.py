"""Packed files from strangers (zip, and the formats that are zips inside), opened without trusting what they say.

Nothing is ever unpacked to the disk, so the names inside are only names.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from listening.capture.text import shown
from listening.errors import Refused

MEGABYTE: Final = 1024 * 1024
MOST_PARTS: Final = 10_000
MOST_UNPACKED: Final = 2000 * MEGABYTE  # of all parts, as the file itself says; what is read is counted
MOST_PART: Final = 40 * MEGABYTE  # of one part that is read as text
GREATEST_RATIO: Final = 200  # of unpacked to packed size, for parts that are not small
SMALL_PART: Final = 5 * MEGABYTE
TABLES: Final = (".csv", ".tsv", ".xlsx")
_LOCKED: Final = 0x1
_METHODS: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_DAMAGED: Final = "This file is damaged, or was not copied whole. Copy it again from where it came from."
_TOO_MUCH: Final = (
    "This file unpacks to far more than it should. It was not opened. Save it anew, or bring it in pieces."
)


@dataclass(frozen=True, slots=True)
class Packed:
    """An open packed file whose sizes and names are within bounds. Make it with `opened`."""

    _zip: zipfile.ZipFile
    names: tuple[str, ...]  # of its files, as written inside; folders are left out

    def read(self, name: str, limit: int = MOST_PART) -> bytes:
        """The bytes of one part; raises Refused where it is not there, damaged, or larger than `limit`."""
        with self.stream(name) as part:
            data = part.read(limit + 1)
        if len(data) > limit:
            raise Refused(_TOO_MUCH)
        return data

    @contextmanager
    def stream(self, name: str) -> Iterator[IO[bytes]]:
        """One part, to be read piece by piece; raises Refused where it is not there or damaged."""
        with _refusing(), self._zip.open(name) as part:
            yield part

    def size(self, name: str) -> int:
        """How many bytes a part has, as the file itself says."""
        return self._zip.getinfo(name).file_size


@contextmanager
def opened(file: Path | IO[bytes]) -> Iterator[Packed]:
    """A packed file, checked before anything in it is read.

    Raises Refused for what is damaged, locked with a password, packed in an unusual way, has too many parts, two of
    one name, or would unpack to too much.
    """
    with _refusing():
        packed = zipfile.ZipFile(file)
    with packed:
        parts = packed.infolist()
        if len(parts) > MOST_PARTS:
            raise Refused(f"This file holds more than {MOST_PARTS} files. Bring it in smaller pieces.")
        for part in parts:
            _check(part)
        names = tuple(part.filename for part in parts if not part.is_dir())
        if len(set(names)) < len(names):
            raise Refused(_DAMAGED)
        if sum(part.file_size for part in parts) > MOST_UNPACKED:
            raise Refused(_TOO_MUCH)
        yield Packed(packed, names)


def table_in(packed: Packed) -> str | None:
    """The name of the one table in a packed file, if there is one and no other."""
    tables = [name for name in packed.names if name.lower().endswith(TABLES) and not _is_hidden(name)]
    return tables[0] if len(tables) == 1 else None


def _is_hidden(name: str) -> bool:
    return any(part.startswith((".", "__MACOSX")) for part in name.split("/"))


def _check(part: zipfile.ZipInfo) -> None:
    if part.flag_bits & _LOCKED:
        raise Refused("This file is locked with a password. Save it without one, and bring it again.")
    if part.compress_type not in _METHODS:
        raise Refused(
            f"“{shown(part.filename)}” is packed in a way that is not read here. Make a plain zip file of it."
        )
    if part.file_size > max(SMALL_PART, GREATEST_RATIO * part.compress_size):
        raise Refused(_TOO_MUCH)


@contextmanager
def _refusing() -> Iterator[None]:
    try:
        yield
    except (zipfile.BadZipFile, zlib.error, EOFError, KeyError, OSError, ValueError, OverflowError) as error:
        raise Refused(_DAMAGED) from error
    except (NotImplementedError, RuntimeError) as error:
        raise Refused("This file is packed in a way that is not read here. Save it anew, and bring that.") from error
