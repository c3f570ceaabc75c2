"""A backup is one file, and restoring is one step. What was erased since the backup was made is erased again first."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import re
import shutil
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from listening.errors import Refused
from listening.pipeline.erasing import replay
from listening.pipeline.line import Line
from listening.store import BLOCK_BYTES, DATABASE, ERASURES, Store, make_folder, put_in_place

MANIFEST: Final = "manifest.json"
RESTORING: Final = ".restoring"
_NAMES: Final = re.compile(
    rf"{re.escape(DATABASE)}|{re.escape(ERASURES)}|[a-z]+\.key|originals/[0-9a-f]{{2}}/[0-9a-f]{{64}}"
)
_DAMAGED: Final = "This backup is damaged, or is none of ours: {}. Nothing was restored. Use another copy of it."


@dataclass(frozen=True, slots=True)
class BackedUp:
    """What a backup holds, or what was restored from one."""

    files: int
    size: int  # bytes
    erased_again: int = 0  # things that were erased after the backup was made


# --- backup -----------------------------------------------------------------------------------------------------------


def backup(line: Line, file: Path) -> BackedUp:
    """Write all that is kept into one new file, as it is at this moment. Reading and writing go on meanwhile.

    :raises Refused: if there is a file of that name.
    """
    if file.exists():
        raise Refused(f"There is a file called {file} already. Choose another name.")
    making = file.with_name(f"{file.name}.part")
    making.unlink(missing_ok=True)
    making.touch(mode=0o600)  # it holds people's words, and the keys
    store, hashes = line.store, {}
    try:
        with store.erasing(), zipfile.ZipFile(making, "w", zipfile.ZIP_STORED) as packed:
            with store.still() as database:
                hashes[DATABASE] = _put(packed, DATABASE, database)
            # Listed after the database: what it speaks of is on the disk by then.
            for name, path in _beside(store):
                hashes[name] = _put(packed, name, path)
            packed.writestr(MANIFEST, json.dumps({"format": 1, "files": hashes}))
        put_in_place(making, file)
    finally:
        making.unlink(missing_ok=True)
    return BackedUp(len(hashes), file.stat().st_size)


def _beside(store: Store) -> Iterator[tuple[str, Path]]:
    """The files beside the database, under their names in a backup."""
    for path in [*store.key_files(), store.folder / ERASURES, *store.originals.all()]:
        if path.exists():
            yield path.relative_to(store.folder).as_posix(), path


def _put(packed: zipfile.ZipFile, name: str, path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as source, packed.open(name, "w", force_zip64=True) as target:
        while block := source.read(BLOCK_BYTES):
            digest.update(block)
            target.write(block)
    return digest.hexdigest()


# --- restore ----------------------------------------------------------------------------------------------------------


def restore(line: Line, file: Path, *, replace: bool = False) -> BackedUp:
    """Put a backup into the data folder, whole or not at all; with `replace`, in the place of what is there.

    It is unpacked and checked aside, and what was erased since is erased from it, before any of it is used.

    :raises Refused: if there is data and it is not to be replaced, or the backup is damaged or another inquiry's.
    """
    store = line.store
    if store.database.exists() and not replace:
        raise Refused(
            f"There is data in {store.folder} already. Restore into an empty folder with LISTENING_DATA, or say "
            "--replace: then what is there now is gone."
        )
    aside = store.folder / RESTORING
    shutil.rmtree(aside, ignore_errors=True)
    with store.erasing():
        try:
            make_folder(aside)
            files = _unpack(file, aside)
            _same_keys(store, aside)
            _join_records(store, aside)
            restored = Store(aside, line.settings.patience_seconds)
            erased = replay(dataclasses.replace(line, store=restored))
            _move(restored, store)
        finally:
            shutil.rmtree(aside, ignore_errors=True)
    return BackedUp(files, file.stat().st_size, erased)


def _unpack(file: Path, folder: Path) -> int:
    """Unpack a backup and check every byte of it. Gives the number of files."""
    try:
        with zipfile.ZipFile(file) as packed:
            hashes: dict[str, str] = json.loads(packed.read(MANIFEST))["files"]
            if DATABASE not in hashes or {*hashes, MANIFEST} != {*packed.namelist()}:
                raise Refused(_DAMAGED.format("files are missing, or there are too many"))
            for name, sha256 in hashes.items():
                if not _NAMES.fullmatch(name) or _get(packed, name, folder / name) != sha256:
                    raise Refused(_DAMAGED.format(f"{name[:90]} is not as it was"))
    except (zipfile.BadZipFile, KeyError, ValueError, TypeError, EOFError) as error:
        raise Refused(_DAMAGED.format("it cannot be unpacked")) from error
    return len(hashes)


def _get(packed: zipfile.ZipFile, name: str, path: Path) -> str:
    make_folder(path.parent)
    path.touch(mode=0o600)
    digest = hashlib.sha256()
    with packed.open(name) as source, path.open("wb") as target:
        while block := source.read(BLOCK_BYTES):
            digest.update(block)
            target.write(block)
    return digest.hexdigest()


def _same_keys(store: Store, aside: Path) -> None:
    for key in store.key_files():
        other = aside / key.name
        if other.exists() and other.read_bytes() != key.read_bytes():
            raise Refused(f"This is a backup of another inquiry than that in {store.folder}. Use another folder.")


def _join_records(store: Store, aside: Path) -> None:
    """What was erased here since the backup was made counts for it too."""
    records = dict.fromkeys([*Store(aside, 1).erasures(), *store.erasures()])
    (aside / ERASURES).write_text("".join(f"{one}\n" for one in records), encoding="utf-8")


def _move(restored: Store, store: Store) -> None:
    """Give each file its place: those first that harm nothing if the power goes, the database last."""
    for path in [*restored.originals.all(), *restored.key_files(), restored.folder / ERASURES]:
        final = store.folder / path.relative_to(restored.folder)
        if path.name == ERASURES or not final.exists():
            make_folder(final.parent)
            put_in_place(path, final)
            if final.parent.parent.name == "originals":
                final.chmod(0o400)
    with restored.reading() as read:
        known = set(read.values("originals"))
    with restored.still() as database:
        store.take_over(database)
    for path in store.originals.all():
        if path.name not in known:
            store.originals.remove(path.name)
