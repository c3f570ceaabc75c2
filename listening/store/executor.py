"""The one place that runs SQL: named queries from files, and rows that are domain types."""

from __future__ import annotations

import dataclasses
import functools
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib.resources import files
from typing import Any, TypeVar

import duckdb

from listening.errors import BrokenStore

Row = TypeVar("Row")


@functools.cache
def query(name: str) -> str:
    """The SQL of `queries/<name>.sql`; its first line says what one row is."""
    return files("listening.store").joinpath("queries", f"{name}.sql").read_text(encoding="utf-8")


class Executor:
    """Reads and writes over one connection."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection

    def rows(self, name: str, shape: Callable[..., Row], /, **parameters: object) -> list[Row]:
        """Run a named query; each row becomes a `shape`, column by column."""
        return [shape(*row) for row in self._run(name, query(name), parameters)]

    def values(self, name: str, /, **parameters: object) -> list[Any]:
        """Run a named query that has one column."""
        return [value for (value,) in self._run(name, query(name), parameters)]

    def change(self, name: str, /, **parameters: object) -> None:
        """Run a named statement that changes rows."""
        self._run(name, query(name), parameters)

    def insert(self, table: str, rows: Sequence[Any]) -> None:
        """Add rows, all in one statement. Each is a dataclass whose fields are columns of the table."""
        if not rows:
            return
        columns = [field.name for field in dataclasses.fields(rows[0])]
        listed = ", ".join(f"unnest(${column})" for column in columns)
        sql = f"INSERT INTO {table} ({', '.join(columns)}) SELECT {listed}"
        self._run(f"insert into {table}", sql, {column: [getattr(row, column) for row in rows] for column in columns})

    def delete(self, table: str, column: str, values: Sequence[Any]) -> None:
        """Remove the rows of a table that have one of these values in a column."""
        if values:
            sql = f"DELETE FROM {table} WHERE {column} IN (SELECT unnest($values))"  # noqa: S608  our own names
            self._run(f"removal in {table}", sql, {"values": list(values)})

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All of it or none of it. When this ends without an error, it is on the disk."""
        self._connection.begin()
        try:
            yield
            self._connection.commit()
        except BaseException:
            self._connection.rollback()
            raise

    def _run(self, name: str, sql: str, parameters: dict[str, Any]) -> list[tuple[Any, ...]]:
        try:
            return self._connection.execute(sql, parameters or None).fetchall()
        except duckdb.ConstraintException:
            raise
        except duckdb.Error as error:
            broken = BrokenStore(f"The query '{name}' failed: {_without_values(error)}")
            broken.add_note(sql)  # for those who look into it, not for a person's screen
            raise broken from error


def _without_values(error: duckdb.Error) -> str:
    """The error's own words, less anything quoted: it could be somebody's."""
    return re.sub(r"(\"[^\"]*\"|'[^']*')", "…", str(error).splitlines()[0])
