"""A database is written into a new file, because DuckDB keeps deleted words in the old one."""

from __future__ import annotations

from pathlib import Path

import duckdb

from listening.errors import BrokenStore
from listening.store.durable import put_in_place
from listening.store.executor import Executor
from listening.store.lease import connect

REBUILT = ".rebuilt"


def write_anew(database: Path) -> None:
    """Copy what there is into a new file and give it the database's name. Nobody else may use the database meanwhile.

    Raises BrokenStore, and leaves all as it was, if the copy does not hold every row, or its log cannot be emptied.
    """
    rebuilt = database.with_suffix(REBUILT)
    for leftover in (rebuilt, rebuilt.with_name(f"{rebuilt.name}.wal")):
        leftover.unlink(missing_ok=True)
    _copy(database, rebuilt)
    with connect(rebuilt) as connection:
        executor = Executor(connection)
        with (
            executor.transaction()
        ):  # only in the copy: were we killed before the swap, the old one still says unfinished
            executor.change("finish_erasures")
            executor.change("forget_leftovers")
        connection.execute("CHECKPOINT")
    # A log that stayed beside the old database would be replayed into the new one.
    logs = [file.with_name(f"{file.name}.wal") for file in (database, rebuilt)]
    if any(log.exists() for log in logs):
        raise BrokenStore(f"The log of {database} could not be emptied. Make room on the disk, and try again.")
    rebuilt.chmod(0o600)
    put_in_place(rebuilt, database)


def _copy(database: Path, rebuilt: Path) -> None:
    # Only here may SQL reach a second file, and it runs nothing but these lines.
    with duckdb.connect(
        config={"autoinstall_known_extensions": False, "autoload_known_extensions": False}
    ) as connection:
        for path, name in ((database, "before"), (rebuilt, "after")):
            quoted = str(path).replace("'", "''")
            connection.execute(f"ATTACH '{quoted}' AS {name}")
        connection.execute("CHECKPOINT before")
        connection.execute("COPY FROM DATABASE before TO after")
        if _rows(connection, "before") != _rows(connection, "after"):
            raise BrokenStore(f"{database} could not be written anew. It stayed as it was. Try again.")
        connection.execute("CHECKPOINT after")
        connection.execute("DETACH before")
        connection.execute("DETACH after")


def _rows(connection: duckdb.DuckDBPyConnection, database: str) -> dict[str, int]:
    """How many rows each table has, and that each view is there."""
    sql = "SELECT table_name, table_type FROM information_schema.tables WHERE table_catalog = $name"
    found = connection.execute(sql, {"name": database}).fetchall()
    return {name: _count(connection, database, name) if kind == "BASE TABLE" else -1 for name, kind in found}


def _count(connection: duckdb.DuckDBPyConnection, database: str, table: str) -> int:
    row = connection.execute(f'SELECT count(*) FROM "{database}"."{table}"').fetchone()  # noqa: S608  our own names
    return int(row[0]) if row else 0
