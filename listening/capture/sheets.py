"""Excel workbooks as tables: one sheet, the values as they are shown, nothing calculated here."""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time
from typing import Any, Final

from listening.capture.markup import declares_a_type
from listening.capture.packed import MEGABYTE, Packed, opened
from listening.capture.tables import MAX_ROWS, MOST_CHARACTERS, Row, Table, asked_for, matching
from listening.capture.text import shown
from listening.domain import Columns, sha256_of
from listening.errors import Refused

MOST_CELLS: Final = 5_000_000
MOST_XML: Final = 200 * MEGABYTE
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")
_NOT_A_WORKBOOK: Final = "This workbook cannot be read: it is damaged, or is no Excel file. Save it as .xlsx again."


def open_workbook(data: bytes, columns: Columns | None = None) -> Table:
    """The first sheet that has the columns asked for; without any, the first that is not empty.

    A date becomes ISO 8601 and a number what is shown of it. Raises Refused for what is damaged, locked or would
    unpack to too much, and for a formula that was never calculated.
    """
    with opened(io.BytesIO(data)) as packed:
        formulas = _checked(packed)
    with _refusing():
        sheets = _sheets(data)
        uncalculated = _uncalculated(data) if formulas else {}
    if not sheets:
        raise Refused("This workbook is empty. Check that it is the right file.")
    named = [sheet for sheet in sheets if columns and _has(_from_heading(sheet[2])[0][0].cells, columns)]
    title, _, rows = (named or [sheet for sheet in sheets if not sheet[1]] or sheets)[0]
    rows, above = _from_heading(rows)
    heading = rows[0].cells
    notes = [*above, *_unread(title, sheets), *_unnamed(heading, rows)]
    _check_formulas(uncalculated.get(title, {}), heading, columns)
    width = len(heading)
    wide = [Row([*row.cells[:width], *[""] * (width - len(row.cells))], row.line) for row in rows[1:]]
    return Table(heading, wide, sha256_of(data), tuple(notes))


Sheet = tuple[str, bool, list[Row]]
"""The title of a sheet, whether it is hidden, and its rows that are not empty."""


def _checked(packed: Packed) -> bool:
    """Whether there are formulas; raises Refused for declarations and for more than a workbook should hold."""
    parts = [name for name in packed.names if name.lower().endswith((".xml", ".rels"))]
    if sum(packed.size(name) for name in parts) > MOST_XML:
        raise Refused("This workbook unpacks to far more than it should. Bring the sheet as a CSV file.")
    formulas = False
    for name in parts:
        part = packed.read(name, MOST_XML)
        declares_a_type(part)
        formulas = formulas or ("worksheets/" in name and bool(_FORMULA.search(part)))
    return formulas


@contextmanager
def _refusing() -> Iterator[None]:
    """Whatever the library stumbles over in a damaged file becomes one sentence."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of styles and extensions that say nothing about the words
            yield
    except Refused:
        raise
    except Exception as error:
        raise Refused(_NOT_A_WORKBOOK) from error


def _open(data: bytes, *, values: bool) -> Any:
    from openpyxl import load_workbook  # slow to load

    return load_workbook(io.BytesIO(data), read_only=True, data_only=values, keep_links=False)


def _sheets(data: bytes) -> list[Sheet]:
    """Every sheet that is not empty."""
    book = _open(data, values=True)
    try:
        found = [(sheet.title, sheet.sheet_state != "visible", list(_rows(sheet))) for sheet in book.worksheets]
    finally:
        book.close()
    return [sheet for sheet in found if sheet[2]]


def _rows(sheet: Any) -> Iterator[Row]:
    sheet.reset_dimensions()  # what a file says of its own size is not to be trusted
    cells = rows = letters = 0
    for line, values in enumerate(sheet.iter_rows(values_only=True), start=1):
        cells += len(values)
        letters += sum(len(value) for value in values if isinstance(value, str))  # one text may stand in many cells
        if cells > MOST_CELLS or rows > MAX_ROWS or letters > MOST_CHARACTERS:
            raise Refused("This workbook has too many cells. Bring it in smaller pieces.")
        texts = [_text(value) for value in values]
        while texts and not texts[-1].strip():
            texts.pop()
        if texts:
            rows += 1
            yield Row(texts, line)


def _text(value: object) -> str:
    """A cell as text, words exactly as they are."""
    if value is None or (isinstance(value, str) and value.startswith("#") and value in _ERRORS):
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return _unescaped(str(value))


_ERRORS: Final = {"#N/A", "#REF!", "#NAME?", "#VALUE!", "#DIV/0!", "#NULL!", "#NUM!"}


def _unescaped(text: str) -> str:
    """Signs that Excel writes as _x000D_ as they are; none that no text holds."""
    return re.sub(r"_x([0-9A-Fa-f]{4})_", lambda found: _sign(int(found[1], 16)), text)


def _sign(number: int) -> str:
    shown_by_nobody = number < 32 and number not in {9, 10, 13}  # noqa: PLR2004
    return "" if shown_by_nobody or 0xD800 <= number <= 0xDFFF else chr(number)  # noqa: PLR2004


def _uncalculated(data: bytes) -> dict[str, dict[int, int]]:
    """By sheet, the columns (from 0) with formulas that have no value, and the line of the first."""
    found: dict[str, dict[int, int]] = {}
    with_formulas, with_values = _open(data, values=False), _open(data, values=True)
    for sheet in with_formulas.worksheets:
        values = with_values[sheet.title]
        sheet.reset_dimensions()
        values.reset_dimensions()
        for line, (row, known) in enumerate(
            zip(sheet.iter_rows(), values.iter_rows(values_only=True), strict=False), start=1
        ):
            for place, (cell, value) in enumerate(zip(row, known, strict=False)):
                if value is None and getattr(cell, "data_type", "") == "f":
                    found.setdefault(sheet.title, {}).setdefault(place, line)
    return found


def _check_formulas(uncalculated: dict[int, int], heading: Sequence[str], columns: Columns | None) -> None:
    asked = {place for name in asked_for(columns) for place in matching(heading, name)} if columns else set()
    for place, line in uncalculated.items():
        if columns is None or place in asked:
            title = shown(heading[place]) if place < len(heading) else ""
            raise Refused(
                f"Row {line} has a formula under “{title}” that was never calculated, so its words are not there. "
                "Open the workbook in a spreadsheet program, save it, and bring it again."
            )


def _from_heading(rows: list[Row]) -> tuple[list[Row], list[str]]:
    """The rows from the heading on, and what is said of lines above: each is one cell over several."""
    start = 0
    while start + 1 < len(rows) and _filled(rows[start]) == 1 < _filled(rows[start + 1]):
        start += 1
    said = [f"What stands above the headings in row {rows[start].line} was not read."] if start else []
    return rows[start:], said


def _filled(row: Row) -> int:
    return sum(bool(cell.strip()) for cell in row.cells)


def _has(heading: Sequence[str], columns: Columns) -> bool:
    return all(matching(heading, name) for name in asked_for(columns))


def _unread(title: str, sheets: Sequence[Sheet]) -> Iterator[str]:
    others = [shown(other[0]) for other in sheets if other[0] != title]
    if others:
        yield (
            f"Only the sheet “{shown(title)}” was read. Not read: {', '.join(others)}. If people's words are in there, "
            "save that sheet as a file of its own."
        )


def _unnamed(heading: Sequence[str], rows: Sequence[Row]) -> Iterator[str]:
    width = len(heading)
    without = any(not title.strip() for title in heading)
    if without or any(len(row.cells) > width for row in rows[1:]):
        yield "Some cells stand in a column without a heading. They were not read."
