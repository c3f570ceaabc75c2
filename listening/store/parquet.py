"""Tables as Parquet files, written by DuckDB."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb

_KINDS = {int: "BIGINT", datetime: "TIMESTAMPTZ", date: "DATE", str: "VARCHAR"}


def parquet(columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> bytes:
    """A Parquet file of these rows. A column in which nothing stands is text."""
    kinds = [_kind([row[number] for row in rows]) for number in range(len(columns))]
    with tempfile.TemporaryDirectory(prefix="listening-") as folder, duckdb.connect() as connection:
        shape = ", ".join(f'"{column}" {kind}' for column, kind in zip(columns, kinds, strict=True))
        connection.execute(f"CREATE TABLE taken_along ({shape})")
        if rows:
            listed = ", ".join(f"unnest($c{number}::{kind}[])" for number, kind in enumerate(kinds))
            values = {f"c{number}": [row[number] for row in rows] for number in range(len(columns))}
            connection.execute(f"INSERT INTO taken_along SELECT {listed}", values)
        file = Path(folder) / "table.parquet"
        connection.table("taken_along").write_parquet(str(file), compression="zstd")
        return file.read_bytes()


def _kind(values: Sequence[object]) -> str:
    found = next((type(value) for value in values if value is not None), str)
    return _KINDS[found]
