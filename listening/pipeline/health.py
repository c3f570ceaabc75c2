"""Whether an installation and its data folder are as they should be, and what to mend where they are not."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, requires, version
from typing import Final

from packaging.requirements import Requirement

from listening.domain import sha256_of_file
from listening.errors import ListeningError
from listening.pipeline.line import Line
from listening.pipeline.views import ledger
from listening.store import Store, is_open_to_others
from listening.weights import find_detector, find_speaker_model

PACKAGE: Final = "radical-listening"
PYTHONS: Final = ((3, 11), (3, 14))  # from, and below
LEAST_FREE: Final = 1_000_000_000  # bytes
COPIES: Final = 3  # of the database: erasing writes it anew, and a backup once more
STRAY: Final = (".restoring", "*.rebuilt*", "*.building*", "*.making")
SHOWN: Final = 5


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at: whether it is fine, and if not, what to mend."""

    what: str
    fine: bool
    told: str = ""


Look = Callable[[Line], Iterator[str]]
"""Gives a sentence for each thing to mend."""


def doctor(line: Line, models: Sequence[Callable[[], object]] | None = None) -> list[Check]:
    """Look at everything. `models` find the weights that are needed, and prove their hashes; with none, the usual."""
    wanted = models if models is not None else (find_detector, find_speaker_model, line.encoder, line.engine)
    looks: dict[str, Look] = {
        "Python": _python,
        "packages": _packages,
        "models": lambda _: _models(wanted),
        "rights to files": _rights,
        "room on the disk": _room,
        "database": _database,
        "originals": _originals,
        "stray files": _stray,
        "erasing": _erasing,
    }
    return [_checked(what, look, line) for what, look in looks.items()]


def _checked(what: str, look: Look, line: Line) -> Check:
    try:
        found = list(look(line))
    except (ListeningError, OSError) as error:
        found = [str(error)]
    more = f" And {len(found) - SHOWN} more." if len(found) > SHOWN else ""
    return Check(what, not found, " ".join(found[:SHOWN]) + more)


# --- the installation -------------------------------------------------------------------------------------------------


def _python(_: Line) -> Iterator[str]:
    first, below = PYTHONS
    if not first <= sys.version_info[:2] < below:
        yield f"This is Python {sys.version_info[0]}.{sys.version_info[1]}. Install Python 3.11, 3.12 or 3.13."


def _packages(_: Line) -> Iterator[str]:
    try:
        needed = [Requirement(one) for one in requires(PACKAGE) or []]
    except PackageNotFoundError:
        yield "This software is not installed as a package. Follow the steps under “Install” in the README."
        return
    for one in needed:
        if one.marker is None or one.marker.evaluate({"extra": ""}):
            yield from _package(one)


def _package(needed: Requirement) -> Iterator[str]:
    try:
        found = version(needed.name)
    except PackageNotFoundError:
        yield f"{needed.name} is missing. Install this software again."
        return
    if not needed.specifier.contains(found, prereleases=True):
        yield f"{needed.name} is {found}, and {needed.specifier} is needed. Install this software again."


def _models(wanted: Sequence[Callable[[], object]]) -> Iterator[str]:
    for find in wanted:
        try:
            find()
        except ListeningError as error:
            yield str(error)


# --- the data folder --------------------------------------------------------------------------------------------------


def _rights(line: Line) -> Iterator[str]:
    store = line.store
    for path in [store.database, *store.key_files(), *store.originals.all()]:
        if path.exists() and is_open_to_others(path):
            yield f"Others on this machine can read {path.relative_to(store.folder)}: chmod go-rwx."


def _room(line: Line) -> Iterator[str]:
    database = line.store.database
    free = shutil.disk_usage(line.store.folder).free
    needed = max(LEAST_FREE, COPIES * database.stat().st_size if database.exists() else 0)
    if free < needed:
        yield f"{free / 1e9:.1f} GB are free and {needed / 1e9:.1f} GB are needed. Make room on the disk."


def _database(line: Line) -> Iterator[str]:
    if not ledger(line).adds_up:
        yield "The ledger does not add up. Keep the data folder as it is, and restore a backup into another one."
    with line.store.reading() as read:
        broken = read.rows("broken_references", lambda *row: row)
    if broken:
        tables = ", ".join(sorted({str(table) for table, *_ in broken}))
        yield f"{len(broken)} rows point at nothing ({tables}). Restore a backup into another folder."


def _originals(line: Line) -> Iterator[str]:
    with line.store.reading() as read:
        known = read.values("originals")
    for sha256 in known:
        path = line.store.originals.path(sha256)
        if not path.exists():
            yield f"The original {sha256[:12]} is missing. Put it back from a backup."
        elif sha256_of_file(path) != sha256:
            yield f"The original {sha256[:12]} is damaged. Put it back from a backup."


def _stray(line: Line) -> Iterator[str]:
    store = line.store
    with store.reading() as read:
        known = {*read.values("originals"), *read.values("leftovers")}
    left = [path for pattern in STRAY for path in store.folder.glob(pattern)]
    left += [path for path in store.originals.all() if path.name not in known]
    for path in left:
        yield f"{_short(store, path.as_posix())} belongs to nothing. If no other command is at work, delete it."


def _short(store: Store, path: str) -> str:
    return path.removeprefix(f"{store.folder.as_posix()}/")


def _erasing(line: Line) -> Iterator[str]:
    with line.store.reading() as read:
        if read.values("to_erase") or read.values("unfinished_erasures"):
            yield "Words that were withdrawn are not erased yet. Any other command does it: listening status"
    recorded = {json.loads(record)["id"] for record in line.store.erasures()}
    with line.store.reading() as read:
        missing = sorted({*read.values("erasures")} - recorded)
    if missing:
        yield "The record of an erasure is missing from erasures.jsonl. Put that file back from a backup."
