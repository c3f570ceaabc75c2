import io
import zipfile
from datetime import UTC, datetime

import openpyxl
import pytest

from listening.capture.sheets import open_workbook
from listening.capture.tables import statements
from listening.domain import Columns
from listening.errors import Refused
from tests.capture.files import sheets


def rows(data, columns=None):
    table = open_workbook(data, columns)
    return [list(table.heading), *(list(row.cells) for row in table.rows)]


def test_every_kind_of_cell_is_text_as_it_is_shown():
    moment = datetime(2026, 3, 5, 10, 15)  # noqa: DTZ001
    row = ["  two  spaces\nand a line ", 5, 5.0, 2.5, True, moment, datetime(2026, 3, 5), None, "=no formula", "end"]  # noqa: DTZ001
    book = openpyxl.Workbook()
    book.active.append([f"c{number}" for number in range(len(row))])
    book.active.append(row)
    book.active.cell(2, 9).data_type = "s"
    out = io.BytesIO()
    book.save(out)
    assert rows(out.getvalue())[1] == [
        "  two  spaces\nand a line ", "5", "5", "2.5", "TRUE", "2026-03-05T10:15:00", "2026-03-05", "", "=no formula", "end",  # noqa: E501
    ]  # fmt: skip


def test_the_first_sheet_with_the_columns_that_were_asked_for_is_read():
    data = sheets.by_openpyxl(sheets.CARDS, more=["Others"])
    assert rows(data, Columns("Words of others"))[1] == ["Somebody wrote here, too."]


def test_a_formula_that_was_never_calculated_is_refused_only_where_words_are_asked_for():
    book = openpyxl.Workbook()
    book.active.append(["Words", "Sum"])
    book.active.append(["A bench", "=1+1"])
    out = io.BytesIO()
    book.save(out)
    assert rows(out.getvalue(), Columns("Words"))[1] == ["A bench", ""]
    with pytest.raises(Refused, match="Row 2 has a formula under “Sum” that was never calculated"):
        open_workbook(out.getvalue(), Columns("Words", also=("Sum",)))
    calculated = sheets.by_xlsxwriter([["Words"]], ("A2", '="A"&" bench"', None, "A bench"))
    assert rows(calculated)[1] == ["A bench"]


def test_times_and_places_come_with_the_words():
    document = statements(
        open_workbook(sheets.by_openpyxl(sheets.CARDS)), Columns("Comment", "Participant", "Date", place="Where")
    )
    assert document.turns[0].said_at == datetime(2026, 3, 5, tzinfo=UTC)
    assert [about.place for about in document.conversations] == ["Fen Street", "Beck Lane", "Beck Lane"]


@pytest.mark.parametrize("declared", ['<!DOCTYPE x [<!ENTITY a "aaaa">]>', "<!DOCTYPE x>"])
def test_a_workbook_that_declares_entities_is_refused(declared):
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(sheets.by_openpyxl(sheets.CARDS))) as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if "sheet1" in name:
                content = declared.encode() + content
            target.writestr(name, content)
    with pytest.raises(Refused, match="declarations"):
        open_workbook(out.getvalue())


@pytest.mark.parametrize(
    "data", [b"", b"PK\x03\x04", sheets.zipped(**{"a.txt": b"no workbook"}), sheets.by_openpyxl([])]
)
def test_what_is_no_workbook_or_is_empty_is_refused(data):
    with pytest.raises(Refused):
        open_workbook(data)


def test_a_title_above_the_headings_is_not_taken_for_them():
    table = open_workbook(sheets.by_openpyxl([["Fen Street survey"], [], *sheets.CARDS]))
    assert list(table.heading) == sheets.CARDS[0]
    assert "above the headings in row 3" in table.notes[0]
    assert rows(sheets.by_openpyxl([["Words"], ["A bench"], ["A bus"]]))[0] == ["Words"]
