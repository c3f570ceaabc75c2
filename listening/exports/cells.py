"""Words in the cells of a table: they never run as a formula, and can be had back byte for byte."""

from __future__ import annotations

import re

_RUNS = "=+-@|%\t\r\n＝＋－＠"  # noqa: RUF001  what a spreadsheet may take for the start of a formula
_UNFIT = re.compile(r"[\x00-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
_WRITTEN = re.compile(r"_x([0-9A-Fa-f]{4})_")


def safe(text: str) -> str:
    """The text, with one apostrophe before it if it could run, or begins with an apostrophe itself."""
    first = text.lstrip()[:1] or text[:1]
    return f"'{text}" if text[:1] == "'" or (first and first in _RUNS) or text[:1] in tuple(_RUNS) else text


def plain(cell: str) -> str:
    """The words that `safe` was given: one apostrophe at the beginning is taken away."""
    return cell.removeprefix("'")


def fit_for_xml(text: str) -> str:
    """The text with characters that XML cannot hold written as workbooks do, such as _x0007_."""
    return _UNFIT.sub(lambda found: f"_x{ord(found[0]):04X}_", text)


def from_xml(text: str) -> str:
    """The text that `fit_for_xml` was given."""
    return _WRITTEN.sub(lambda found: chr(int(found[1], 16)), text)
