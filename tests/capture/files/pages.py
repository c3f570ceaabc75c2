"""OpenDocument texts by odfpy, PDF by fpdf2, and rich text as word processors write it."""

import io
import zipfile

from fpdf import FPDF
from odf import table, text
from odf.office import Annotation
from odf.opendocument import OpenDocumentText
from odf.style import Style, TextProperties

from tests.capture.files.case import Case

BENCH = "I would like a bench by the bus stop, for my knees."
BUS = "The last bus goes before seven and then my evening is over."
CHAIR = "And somebody on the other chair, if you please."


def odt(fill):
    document = OpenDocumentText()
    fill(document)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def lines(*texts):
    def fill(document):
        for words in texts:
            document.text.addElement(text.P(text=words))

    return odt(fill)


def rich(document):
    ghost = Style(name="Ghost", family="text")
    ghost.addElement(TextProperties(display="none"))
    document.automaticstyles.addElement(ghost)
    document.text.addElement(text.H(outlinelevel=1, text="Fen Street"))
    paragraph = text.P(text="I sleep well")
    paragraph.addElement(text.S(c=3))
    paragraph.addElement(text.Span(text="here "))
    paragraph.addElement(text.Span(stylename=ghost, text="(not true) "))
    paragraph.addText("at last, in the quiet.")
    note = text.Note(noteclass="footnote")
    note.addElement(text.NoteCitation(text="1"))
    body = text.NoteBody()
    body.addElement(text.P(text="She laughed when she said that about the quiet."))
    note.addElement(body)
    paragraph.addElement(note)
    document.text.addElement(paragraph)
    listed = text.List()
    for words in ("Teaspoons", "A kettle"):
        item = text.ListItem()
        item.addElement(text.P(text=words))
        listed.addElement(item)
    document.text.addElement(listed)
    last = text.P(text="And this")
    last.addElement(text.LineBreak())
    last.addText("goes on in the next line of the page.")
    remark = Annotation()
    remark.addElement(text.P(text="Is that so?"))
    last.addElement(remark)
    document.text.addElement(last)


def speakers(document):
    grid = table.Table()
    for row in (("Who", "Words"), ("Amina", BENCH), ("Joe", BUS)):
        line = table.TableRow()
        for words in row:
            cell = table.TableCell()
            cell.addElement(text.P(text=words))
            line.addElement(cell)
        grid.addElement(line)
    document.text.addElement(grid)


def tracked():
    """As LibreOffice writes it: what was deleted lies apart, what was inserted in its place."""
    body = (
        "<text:tracked-changes><text:changed-region><text:deletion><text:p>a bench </text:p></text:deletion>"
        "</text:changed-region></text:tracked-changes>"
        '<text:p>I would like <text:change-start text:change-id="c1"/>two benches <text:change-end text:change-id="c1"/>'
        "\n  by the bus stop.</text:p>"
    )
    content = (
        '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0">'
        f"<office:body><office:text>{body}</office:text></office:body></office:document-content>"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        packed.writestr("content.xml", content)
    return out.getvalue()


def pdf(*pages, **encryption):
    document = FPDF()
    document.set_font("helvetica", size=12)
    for page in pages:
        document.add_page()
        document.multi_cell(0, 6, page)
    if encryption:
        document.set_encryption(**encryption)
    return bytes(document.output())


def blank_pdf():
    document = FPDF()
    document.add_page()
    document.rect(20, 20, 50, 50)
    return bytes(document.output())


INTERVIEW = f"""Nadia: What does a good life look like to you?

Amina: {BENCH} I carry the shopping up the hill every Tuesday and every Friday, and there is no-
where to put it down.

Nadia: Tell me more.

Amina: {CHAIR}"""
WORD = (
    r"{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0\fcharset0 Arial;}{\f1\fcharset204 Arial Cyr;}}"
    r"{\colortbl;\red0\green0\blue0;}{\stylesheet{\s1 heading 1;}}{\info{\title Secret plan}{\author Nadia}}"
    r"{\header\pard Confidential draft\par}"
    r"\pard\outlinelevel0 Fen Street\par\pard "
    r"Nadia: What does a good life look like to you?\par "
    r"Amina: I\rquote d like a caf\'e9 by the \u8222?bus\u8220? stop{\footnote\pard She pointed at it with her stick.\par}, for my knees.\line Every day.\par "
    r"Nadia: Tell me more.\par "
    r"Joe: I sleep well{\v  (not true)} here {\deleted never }{\revised at last}, \f1\'ef\'f0\'e8\'e2\'e5\'f2\f0 .\par "
    r"{\listtext\'b7\tab}\ls1 Teaspoons\par{\listtext\'b7\tab}Kettle \{new\}\par"
    r"\pard\u-10179?\u-8704? says it all, thank you very much for listening.\par}"
)
RTF_SAID = [
    ("Nadia", "What does a good life look like to you?"),
    ("Amina", "I’d like a café by the „bus“ stop, for my knees.\nEvery day."),
    ("Amina", "She pointed at it with her stick."),
    ("Nadia", "Tell me more."),
    ("Joe", "I sleep well here at last, привет."),
    ("Joe", "Teaspoons"), ("Joe", "Kettle {new}"),
    ("Joe", "\U0001f600 says it all, thank you very much for listening."),
]  # fmt: skip
FRONT = "---\nplace: Fen Street\nlistener: Nadia\nvoices: {Amina: amina-7}\n---"

CASES = [
    Case("interview.odt", lines("Nadia: What would help?", f"Amina: {BENCH}", "Nadia: And then?", f"Joe: {BUS}"), [
        ("Nadia", "What would help?"), ("Amina", BENCH), ("Nadia", "And then?"), ("Joe", BUS),
    ]),
    Case("front-matter.odt", lines(*FRONT.split("\n"), "Nadia: What would help?", f"Amina: {BENCH}"), [("amina-7", BENCH)]),
    Case("rich.odt", odt(rich), [
        (None, "I sleep well   here at last, in the quiet."), (None, "She laughed when she said that about the quiet."),
        (None, "Teaspoons"), (None, "A kettle"), (None, "And this\ngoes on in the next line of the page."),
    ], ["1 piece of hidden text was left out", "1 comment in the margin"]),
    Case("speakers.odt", odt(speakers), [("Amina", BENCH), ("Joe", BUS)]),
    Case("tracked.odt", tracked(), [(None, "I would like two benches by the bus stop.")]),
    Case("interview.pdf", pdf(INTERVIEW), [
        ("Nadia", "What does a good life look like to you?"), ("Amina", BENCH),
        ("Amina", "I carry the shopping up the hill every\nTuesday and every Friday, and there is no-\nwhere to put it down."),
        ("Nadia", "Tell me more."), ("Amina", CHAIR),
    ]),
    Case("pages.pdf", pdf(*(f"Draft minutes\n\n{words}\n\nPage {number} of 3" for number, words in enumerate((BENCH, BUS, CHAIR), 1))), [
        (None, BENCH), (None, BUS), (None, CHAIR),
    ]),
    Case("half-scanned.pdf", pdf(BENCH, " "), [(None, BENCH)], ["No text was found on page 2"]),
    Case("front-matter.pdf", pdf(f"{FRONT}\n\nNadia: What would help?\n\nAmina: {BENCH}"), [("amina-7", BENCH)]),
    Case("word.rtf", WORD.encode(), RTF_SAID, ["1 piece of hidden text was left out"]),
    Case("plain.rtf", rb"{\rtf1\ansi A bench by the stop, please.\par And a bus after nine in the evening.}", [
        (None, "A bench by the stop, please."), (None, "And a bus after nine in the evening."),
    ]),
]  # fmt: skip
