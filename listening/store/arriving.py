"""What comes in piece by piece, such as a recording that is being made: each piece is safe before it is acknowledged.

A folder a thing: `about.json`, and its pieces. A piece is a file of its own, named by where it belongs, so that it is
there whole or not at all. Pieces that follow on from each other are a take; a recording that was interrupted and goes
on has several.
"""

from __future__ import annotations

import json
import re
import secrets
import shutil
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import copyfileobj

from listening.errors import NotFound, Refused
from listening.store.durable import ABANDONED_SECONDS, make_folder, put_in_place, sync_folder

ABOUT = "about.json"
DONE = "done.json"
MAKING = ".making"
JOINING = ".joining-"
LONGEST_MS = 10**10
_NAME = re.compile(r"[0-9a-f]{32}")
_TAKE = re.compile(r"[0-9a-z]{1,32}")
_PIECE = re.compile(r"([0-9a-z]{1,32})-([0-9]{15})-([0-9]{10})-([0-9]{10})\.piece")


@dataclass(frozen=True, slots=True)
class Take:
    """Pieces that follow on from each other: how many bytes are here, and how long they last, if that was said."""

    name: str
    length: int
    milliseconds: int


@dataclass(frozen=True, slots=True)
class Piece:
    """Some bytes of a take: where they belong in it, and how long the take lasts up to their end, if that is known."""

    take: str
    offset: int
    content: bytes
    milliseconds: int = 0


class Arriving:
    """Things that come in piece by piece, in one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._adding = threading.Lock()  # a piece sent twice at once must not be there twice, cut in two ways

    def begin(self, about: Mapping[str, object]) -> str:
        """Make room for a new thing; gives what to ask for it by, once that is safe on the disk."""
        name = secrets.token_hex(16)
        make_folder(self._folder / name)
        self._write(name, ABOUT, about)
        return name

    def all(self) -> dict[str, dict[str, object]]:
        """What is said about each thing that is still arriving or was finished lately, by its name."""
        if not self._folder.is_dir():
            return {}
        names = [path.name for path in self._folder.iterdir() if (path / ABOUT).is_file()]
        return {name: self.about(name) for name in sorted(names)}

    @contextmanager
    def making(self) -> Iterator[Path]:
        """A folder in which to put something together, for as long as this lasts."""
        make_folder(self._folder)
        with tempfile.TemporaryDirectory(dir=self._folder, prefix=JOINING, ignore_cleanup_errors=True) as folder:
            yield Path(folder)

    def sweep(self) -> None:
        """Remove what a killed program was putting together: the pieces are all there."""
        for folder in self._folder.glob(f"{JOINING}*"):
            if time.time() - folder.stat().st_mtime > ABANDONED_SECONDS:
                shutil.rmtree(folder, ignore_errors=True)

    def about(self, name: str) -> dict[str, object]:
        """What was said about a thing when it began; raises NotFound if there is no such thing."""
        try:
            found: dict[str, object] = json.loads((self._place(name) / ABOUT).read_text(encoding="utf-8"))
        except FileNotFoundError:
            raise _gone() from None
        return found

    def takes(self, name: str) -> list[Take]:
        """The takes of a thing, in the order of their names."""
        takes: dict[str, Take] = {}
        for take, offset, size, milliseconds in self._pieces(name):
            before = takes.get(take, Take(take, 0, 0))
            if offset == before.length:
                takes[take] = Take(take, offset + size, max(before.milliseconds, milliseconds))
        return [takes[take] for take in sorted(takes)]

    def add(self, name: str, piece: Piece) -> int:
        """Keep a piece of a take, from this byte on. Gives how many bytes of the take are safe on the disk now.

        A piece that does not begin where the last one ended changes nothing: see what is given back, and go on there.
        """
        if not _TAKE.fullmatch(piece.take) or not 0 <= piece.milliseconds < LONGEST_MS:
            raise Refused("This piece does not say what it belongs to. Load the page again.")
        with self._adding:
            return self._add(name, piece)

    def _add(self, name: str, piece: Piece) -> int:
        place = self._place(name)
        if not (place / ABOUT).is_file() or (place / DONE).exists():
            raise _gone()
        length = next((one.length for one in self.takes(name) if one.name == piece.take), 0)
        if piece.offset != length or not piece.content:
            return length
        making = place / f"{piece.take}-{secrets.token_hex(8)}{MAKING}"
        try:
            making.write_bytes(piece.content)
            put_in_place(making, place / _file_of(piece.take, length, len(piece.content), piece.milliseconds))
        finally:
            making.unlink(missing_ok=True)
        return length + len(piece.content)

    def join(self, name: str, take: str, into: Path) -> None:
        """Write a take as one file."""
        length = 0
        with into.open("xb") as out:
            for one, offset, size, milliseconds in self._pieces(name):
                if one == take and offset == length:
                    with (self._place(name) / _file_of(one, offset, size, milliseconds)).open("rb") as piece:
                        copyfileobj(piece, out)
                    length += size

    def finish(self, name: str, outcome: Mapping[str, object], takes: Sequence[str]) -> None:
        """These takes are kept elsewhere now: remember what became of the thing, and let their pieces go."""
        self._write(name, DONE, outcome)
        for take in takes:
            for piece in self._place(name).glob(f"{take}-*.piece"):
                piece.unlink(missing_ok=True)

    def outcome(self, name: str) -> dict[str, object] | None:
        """What became of a thing that was finished; None if it was not."""
        try:
            found: dict[str, object] = json.loads((self._place(name) / DONE).read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None
        return found

    def remove(self, name: str) -> None:
        """Throw a thing away, with all its pieces. Nothing happens if it is gone."""
        place = self._place(name)
        (place / ABOUT).unlink(missing_ok=True)  # first: a thing without it is no thing
        shutil.rmtree(place, ignore_errors=True)
        if self._folder.is_dir():
            sync_folder(self._folder)

    def age_seconds(self, name: str, now: float) -> float:
        """How long ago something came."""
        return now - self._place(name).stat().st_mtime

    def _place(self, name: str) -> Path:
        if not _NAME.fullmatch(name):
            raise _gone()
        return self._folder / name

    def _pieces(self, name: str) -> list[tuple[str, int, int, int]]:
        """Take, first byte, bytes and milliseconds of each piece, in order."""
        place = self._place(name)
        found = [_PIECE.fullmatch(path.name) for path in place.iterdir()] if place.is_dir() else []
        return sorted((one[1], int(one[2]), int(one[3]), int(one[4])) for one in found if one)

    def _write(self, name: str, file: str, content: Mapping[str, object]) -> None:
        making = self._place(name) / f"{file}{MAKING}"
        making.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
        put_in_place(making, self._place(name) / file)


def _file_of(take: str, offset: int, size: int, milliseconds: int) -> str:
    return f"{take}-{offset:015}-{size:010}-{milliseconds:010}.piece"


def _gone() -> NotFound:
    return NotFound("This is not here any more: it was finished or thrown away.")
