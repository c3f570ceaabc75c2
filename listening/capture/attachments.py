"""Recordings that a chat or a form speaks of: in the same zip, or beside the file."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path, PurePosixPath
from typing import Final

from listening.capture.folder import CHATS, Limits, find
from listening.capture.packed import Packed, opened
from listening.capture.text import shown
from listening.domain import Attached, Media
from listening.errors import Refused

Fetch = Callable[[], AbstractContextManager[Path]]
"""Gives the recording as a file, for as long as it is needed; raises Refused where it is not there or too large."""

_BLOCK: Final = 1 << 20


@contextmanager
def attachments(file: Path, attached: Sequence[Attached]) -> Iterator[list[tuple[Attached, Fetch]]]:
    """Each recording that `file` speaks of, with the way to get it. Names inside never become names on the disk."""
    if not attached:
        yield []
    elif file.suffix.lower() in CHATS:
        with opened(file) as packed:
            inside = {PurePosixPath(name).name: name for name in packed.names}
            yield [(one, _packed(packed, inside.get(one.name), one.name)) for one in attached]
    else:
        beside = {path.name: path for path in find(file.parent)}
        yield [(one, _beside(beside.get(one.name), one.name)) for one in attached]


def _missing(name: str) -> Refused:
    return Refused(
        f"The recording {shown(name)} is spoken of but is not here. Export again with the recordings, and bring both."
    )


def _beside(path: Path | None, name: str) -> Fetch:
    @contextmanager
    def fetch() -> Iterator[Path]:
        if path is None:
            raise _missing(name)
        yield path

    return fetch


def _packed(packed: Packed, part: str | None, name: str) -> Fetch:
    @contextmanager
    def fetch() -> Iterator[Path]:
        if part is None:
            raise _missing(name)
        with tempfile.TemporaryDirectory(prefix="listening-") as folder:
            path = Path(folder, f"recording{_suffix(name)}")
            with packed.stream(part) as source, path.open("wb") as target:
                _copy(source.read, target.write, Limits().of(Media.RECORDING))
            yield path

    return fetch


def _suffix(name: str) -> str:
    suffix = PurePosixPath(name).suffix.lower()
    return suffix if suffix[1:].isalnum() and suffix.isascii() else ""


def _copy(read: Callable[[int], bytes], write: Callable[[bytes], int], limit: int) -> None:
    copied = 0
    while block := read(_BLOCK):
        copied += len(block)
        if copied > limit:
            raise Refused("This recording is larger than recordings may be. Bring it in smaller pieces.")
        write(block)
