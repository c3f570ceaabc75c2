"""Bring a database to the shape that this version knows, one numbered step at a time."""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib.resources import files

import duckdb

from listening.domain import sha256_of
from listening.errors import BrokenStore

_RECORD = """
CREATE TABLE IF NOT EXISTS migration (
    number INTEGER PRIMARY KEY,
    name VARCHAR NOT NULL,
    sha256 VARCHAR NOT NULL,
    applied_at TIMESTAMPTZ NOT NULL DEFAULT now()
)
"""


@dataclass(frozen=True, slots=True)
class Migration:
    """One step, from a file such as `001_the_line.sql`."""

    number: int
    name: str
    sql: str


def known_migrations() -> list[Migration]:
    """The steps that this version brings, in order, numbered 1, 2, 3 without a gap."""
    steps = []
    for file in files("listening.store").joinpath("migrations").iterdir():
        if match := re.fullmatch(r"(\d{3})_(\w+)\.sql", file.name):
            # git may write Windows line ends; a step is the same step either way.
            sql = file.read_text(encoding="utf-8").replace("\r\n", "\n")
            steps.append(Migration(int(match[1]), match[2], sql))
    return sorted(steps, key=lambda step: step.number)


def migrate(connection: duckdb.DuckDBPyConnection, steps: list[Migration] | None = None) -> int:
    """Apply the steps that this database has not seen, each together with its record or not at all.

    :returns: how many were applied.
    :raises BrokenStore: if the database comes from a newer version, or from a changed step.
    """
    steps = known_migrations() if steps is None else steps
    connection.execute(_RECORD)
    seen = dict(connection.execute("SELECT number, sha256 FROM migration").fetchall())
    _refuse_strangers(seen, steps)
    missing = [step for step in steps if step.number not in seen]
    for step in missing:
        _apply(connection, step)
    if missing:
        connection.execute("CHECKPOINT")  # no change of shape is ever left in the log beside people's words
    return len(missing)


def _refuse_strangers(seen: dict[int, str], steps: list[Migration]) -> None:
    known = {step.number: sha256_of(step.sql) for step in steps}
    if any(number not in known for number in seen):
        raise BrokenStore(
            "This database was made by a newer version of this software. Install that version, or a newer one."
        )
    if any(known[number] != sha256 for number, sha256 in seen.items()):
        raise BrokenStore(
            "This database was made by a changed copy of this software. Use the copy that made it, or restore a backup."
        )


def _apply(connection: duckdb.DuckDBPyConnection, step: Migration) -> None:
    connection.begin()
    try:
        connection.execute(step.sql)
        connection.execute(
            "INSERT INTO migration (number, name, sha256) VALUES ($number, $name, $sha256)",
            {"number": step.number, "name": step.name, "sha256": sha256_of(step.sql)},
        )
        connection.commit()
    except BaseException:
        connection.rollback()
        raise
