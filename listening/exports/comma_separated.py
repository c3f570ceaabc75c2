"""CSV: one file a table, in UTF-8 with a mark that says so, as every spreadsheet reads it."""

from __future__ import annotations

import csv
import io
from datetime import date

from listening.exports.book import Book, Table
from listening.exports.cells import safe


def as_csv(book: Book) -> dict[str, bytes]:
    """The files by name. Cells that could run begin with an apostrophe (see `cells.plain`)."""
    return {f"{table.name}.csv": _file(table) for table in book.tables()}


def _file(table: Table) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(table.columns)
    writer.writerows([[_cell(value) for value in row] for row in table.rows])
    return out.getvalue().encode("utf-8-sig")


def _cell(value: object) -> object:
    if isinstance(value, date):
        return value.isoformat()
    return safe(value) if isinstance(value, str) else value
