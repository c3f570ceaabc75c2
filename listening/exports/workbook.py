"""XLSX: one workbook, one sheet a table. Every cell of words is text, and is never a formula."""

from __future__ import annotations

import io
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from listening.exports.book import Book, Table
from listening.exports.cells import fit_for_xml, safe

MOST_IN_A_CELL = 32_000  # characters; a workbook holds 32,767, and cuts off what is more without a word


def as_workbook(book: Book) -> bytes:
    """The workbook. Words too long for one cell go on in further columns: "text 2", and so on."""
    made = Workbook(write_only=True)
    for table in book.tables():
        _sheet(made.create_sheet(table.name), table)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def pieces(text: str) -> list[str]:
    """A text as the cells that hold it: put together again and read back by `from_xml` and `plain`, it is the same."""
    whole = fit_for_xml(safe(text))
    return [whole[start : start + MOST_IN_A_CELL] for start in range(0, len(whole), MOST_IN_A_CELL)] or [""]


def _sheet(sheet: Any, table: Table) -> None:
    rows = [[pieces(value) if isinstance(value, str) else [value] for value in row] for row in table.rows]
    widths = [max((len(row[number]) for row in rows), default=1) for number in range(len(table.columns))]
    heads = [
        name if not more else f"{name} {more + 1}"
        for name, width in zip(table.columns, widths, strict=True)
        for more in range(width)
    ]
    sheet.freeze_panes = "A2"
    sheet.append([_head(sheet, name) for name in heads])
    for row in rows:
        sheet.append([_cell(sheet, one) for one in _filled(row, widths)])


def _filled(row: list[list[Any]], widths: list[int]) -> Iterable[Any]:
    for some, width in zip(row, widths, strict=True):
        yield from some
        yield from [None] * (width - len(some))


def _head(sheet: Any, name: str) -> Any:
    cell = WriteOnlyCell(sheet, name)
    cell.font = Font(bold=True)
    return cell


def _cell(sheet: Any, value: object) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, date) or not isinstance(value, str):
        return value
    cell = WriteOnlyCell(sheet, value)
    cell.data_type = "s"  # text, whatever it begins with
    return cell
