"""Small files that were made to take all the time or memory there is."""

import io
import zipfile

import pytest

from listening.capture.captions import read_captions
from listening.capture.chats import read_chat
from listening.capture.docx import read_docx
from listening.capture.notes import read_note
from listening.capture.odt import read_odt
from listening.capture.pdf import document_of
from listening.capture.rtf import read_rtf
from listening.capture.sheets import open_workbook
from listening.capture.tables import read_table
from listening.domain import About, Columns
from listening.errors import Refused
from tests.capture.files import pages, sheets, word
from tests.fuzz.test_importers import within

MANY = 100_000
MESSAGE = "13/03/2026, 10:15 - Amina: "


def workbook_of_one_long_text():
    """One text that thousands of cells point at."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(sheets.by_xlsxwriter([["words"], ["TEXT"]]))) as source,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            part = source.read(name)
            if name.endswith("sharedStrings.xml"):
                part = part.replace(b"TEXT", b"ha " * 100_000)
            if name.endswith("sheet1.xml"):
                rows = b"".join(b'<row r="%d"><c r="A%d" t="s"><v>1</v></c></row>' % (n, n) for n in range(2, 20_000))
                part = part[: part.index(b"</row>") + 6] + rows + b"</sheetData></worksheet>"
            target.writestr(name, part)
    return out.getvalue()


def notes_in_notes():
    """Each footnote refers ten times to the next."""

    def refer(number):
        return f'<w:r><w:footnoteReference w:id="{number}"/></w:r>' * 10

    notes = "".join(
        f'<w:footnote w:id="{n}">{word.paragraph(word.run("ha"), refer(n + 1))}</w:footnote>' for n in range(1, 12)
    )
    return word.by_hand(word.paragraph(word.run("We said this."), refer(1)), footnotes=notes)


def spaces_odt():
    with zipfile.ZipFile(io.BytesIO(pages.tracked())) as source:
        content = source.read("content.xml").replace(
            b"by the bus stop.", b'<text:s text:c="999999999"/>' * 50_000 + b"stop."
        )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        target.writestr("content.xml", content)
    return out.getvalue()


HOSTILE = {
    "voice tags without end": lambda: read_captions(b"WEBVTT\n\n00:01.000 --> 00:02.000\n" + b"<v a" * MANY),
    "classes without end": lambda: read_captions(b"WEBVTT\n\n00:01.000 --> 00:02.000\n" + b"<v.a" * MANY),
    "spaces in a caption": lambda: read_captions(b"WEBVTT\n\n00:01.000 --> 00:02.000\na" + b" " * MANY + b"b"),
    "captions that never begin": lambda: read_captions(b"WEBVTT\n\n" + b"00:00:00" * MANY),
    "spaces in a message": lambda: read_chat(f"{MESSAGE}a\n{MESSAGE}b{' ' * MANY}c\n".encode()),
    "marks in a message": lambda: read_chat(f"{MESSAGE}a\n{MESSAGE}b{chr(0x200E) * MANY}c\n".encode()),
    "brackets in a message": lambda: read_chat(f"{MESSAGE}a\n{MESSAGE}b{'<a: b' * MANY}c\n".encode()),
    "names in a message": lambda: read_chat(f"{MESSAGE}a\n{MESSAGE}{'a.b' * MANY} (\n".encode()),
    "one long text in a workbook": lambda: open_workbook(workbook_of_one_long_text()),
    "notes in notes": lambda: read_docx(notes_in_notes()),
    "spaces in an odt": lambda: read_odt(spaces_odt()),
    "groups in rich text": lambda: read_rtf(b"{\\rtf1" + b"{" * MANY),
    "control words in rich text": lambda: read_rtf(b"{\\rtf1 a" + b"\\b" * MANY + b"}"),
    "a long line of a page": lambda: document_of([f"{' ' * MANY}x", "words"], About()),
    "stamps in a note": lambda: read_note(b"A  0:01\nwords\n" * 10_000),
    "a long question over many rows": lambda: read_table(
        (f"{'why ' * 50_000},b\n" + "c,d\n" * 5000).encode(), Columns(text="b", also=(("why " * 50_000)[:-1],))
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_file_made_to_take_forever_is_read_or_refused_in_time(name):
    with within(5):
        try:
            HOSTILE[name]()
        except Refused as refusal:
            assert str(refusal)  # noqa: PT017  either is right; what counts is the time


def test_a_note_that_is_referred_to_twice_is_read_once():
    assert read_docx(notes_in_notes()).text.count("ha") == 11
