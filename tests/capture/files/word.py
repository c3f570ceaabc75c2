"""Word documents: by python-docx, and by hand where Word writes what python-docx cannot."""

import io
import zipfile
from xml.sax.saxutils import escape

from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from tests.capture.files.case import Case

NS = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:v="urn:schemas-microsoft-com:vml"'
)
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
OFFICE = f'<Relationship Id="rId1" Type="{RELATION}/officeDocument" Target="word/document.xml"/>'


def by_library(fill):
    """A document that python-docx writes."""
    document = Document()
    fill(document)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def relations(inner):
    return (
        f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{inner}</Relationships>'
    )


def by_hand(body, **parts):
    """A document whose body is this XML; `parts` are footnotes, endnotes, styles, comments, header, footer."""
    out = io.BytesIO()
    listed = "".join(
        f'<Relationship Id="r{name}" Type="{RELATION}/{name}" Target="{name}.xml"/>' for name in sorted(parts)
    )
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("[Content_Types].xml", "<Types/>")
        packed.writestr("_rels/.rels", relations(OFFICE))
        packed.writestr("word/_rels/document.xml.rels", relations(listed))
        packed.writestr("word/document.xml", f"<w:document {NS}><w:body>{body}</w:body></w:document>")
        for name, inner in parts.items():
            packed.writestr(f"word/{name}.xml", f"<w:{name} {NS}>{inner}</w:{name}>")
    return out.getvalue()


def run(text, properties=""):
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def paragraph(*inner, properties=""):
    return f"<w:p><w:pPr>{properties}</w:pPr>{''.join(inner)}</w:p>"


def inserted(text):
    return f'<w:ins w:id="1" w:author="N" w:date="2026-03-05T10:00:00Z">{run(text)}</w:ins>'


def deleted(text):
    return f'<w:del w:id="2" w:author="N"><w:r><w:delText xml:space="preserve">{text}</w:delText></w:r></w:del>'


def cell(text):
    return f"<w:tc>{paragraph(run(text))}</w:tc>"


def table(*rows):
    return f"<w:tbl>{''.join('<w:tr>' + ''.join(map(cell, row)) + '</w:tr>' for row in rows)}</w:tbl>"


BENCH = "I would like a bench by the bus stop, for my knees."
BUS = "The last bus goes before seven and then my evening is over."
HIDDEN = "<w:vanish/>"


def interview(document):
    document.add_heading("Fen Street, 5 March", level=1)
    document.add_paragraph("Nadia: What does a good life look like to you?")
    document.add_paragraph(f"Amina: {BENCH}")
    document.add_paragraph("Nadia: Tell me more.")
    document.add_paragraph(f"Joe: {BUS}")


def front_matter(document):
    for text in ("---", "kind: good-life", "place: Fen Street", "listener: Nadia", "voices: {Amina: amina-7}", "---"):
        document.add_paragraph(text)
    document.add_paragraph("Nadia: What does a good life look like to you?")
    document.add_paragraph(f"Amina: {BENCH}")


def items(document):
    document.add_paragraph("People asked for these things at the table near the door:")
    for text in ("More teaspoons", "A kettle that does not leak", "Chairs"):
        document.add_paragraph(text, style="List Bullet")


def libraries_table(document):
    document.add_paragraph("We wrote down what was said at each table that evening.")
    grid = document.add_table(rows=2, cols=3)
    for number, text in enumerate(("Teaspoons", "A ramp", "Warm rooms", "Longer hours", "A garden", "Quiet")):
        grid.cell(number // 3, number % 3).text = text


def with_header(document):
    document.sections[0].header.paragraphs[0].text = "Confidential draft"
    document.add_paragraph(BENCH)


def with_box(document):
    found = document.add_paragraph("On the wall hung a sheet that everybody had written upon.")
    found._p.append(
        parse_xml(
            f"<w:r {nsdecls('w')}><w:pict><v:textbox xmlns:v='urn:schemas-microsoft-com:vml'><w:txbxContent>"
            "<w:p><w:r><w:t>Leave the library open until eight on weekdays.</w:t></w:r></w:p>"
            "</w:txbxContent></v:textbox></w:pict></w:r>"
        )
    )


TEAMS = by_hand(
    paragraph(run("Amina Begum"), run("   0:03"), "<w:r><w:br/></w:r>", run(BENCH))
    + paragraph(run("Nadia Khan"), run("   0:12"), "<w:r><w:br/></w:r>", run("Tell me more about that, if you like."))
    + paragraph(run("Amina Begum"), run("   1:02:15"), "<w:r><w:br/></w:r>", run(BUS))
)

CASES = [
    Case("interview.docx", by_library(interview), [
        ("Nadia", "What does a good life look like to you?"), ("Amina", BENCH), ("Nadia", "Tell me more."), ("Joe", BUS),
    ]),
    Case("front-matter.docx", by_library(front_matter), [("amina-7", BENCH)]),
    Case("list.docx", by_library(items), [
        (None, "People asked for these things at the table near the door:"),
        (None, "More teaspoons"), (None, "A kettle that does not leak"), (None, "Chairs"),
    ]),
    Case("table.docx", by_library(libraries_table), [
        (None, "We wrote down what was said at each table that evening."),
        *((None, text) for text in ("Teaspoons", "A ramp", "Warm rooms", "Longer hours", "A garden", "Quiet")),
    ]),
    Case("header.docx", by_library(with_header), [(None, BENCH)], ["top and bottom edge"]),
    Case("box.docx", by_library(with_box), [
        (None, "On the wall hung a sheet that everybody had written upon."),
        (None, "Leave the library open until eight on weekdays."),
    ]),
    Case("tracked.docx", by_hand(
        paragraph(run("I would like "), inserted("two benches "), deleted("a bench "), run("by the bus stop, please."))
        + paragraph(run("And the other "), properties="<w:rPr><w:del w:id='3'/></w:rPr>") + paragraph(run("chair too."))
    ), [(None, "I would like two benches by the bus stop, please."), (None, "And the other chair too.")]),
    Case("moved.docx", by_hand(
        paragraph(f"<w:moveFrom>{run('Nobody may read this twice.')}</w:moveFrom>", run("First comes the ramp at the door."))
        + paragraph(f"<w:moveTo>{run('Then comes the bench at the stop.')}</w:moveTo>")
    ), [(None, "First comes the ramp at the door."), (None, "Then comes the bench at the stop.")]),
    Case("hidden.docx", by_hand(
        paragraph(run("My street is quiet at night"), run(" (not true)", HIDDEN), run(" and I like it so."))
        + paragraph(run("hidden whole", HIDDEN)) + paragraph(run("secret", '<w:rStyle w:val="Ghost"/>'), run("I sleep well here at last."))
        + paragraph(run("Shown after all, by its own word.", '<w:rStyle w:val="Ghost"/><w:vanish w:val="0"/>')),
        styles='<w:style w:type="character" w:styleId="Ghost"><w:rPr><w:vanish/></w:rPr></w:style>',
    ), [
        (None, "My street is quiet at night and I like it so."), (None, "I sleep well here at last."),
        (None, "Shown after all, by its own word."),
    ], ["3 pieces of hidden text were left out"]),
    Case("footnotes.docx", by_hand(
        paragraph(run("The hall is cold in the winter months"), '<w:r><w:footnoteReference w:id="2"/></w:r>', run(" for us all."))
        + paragraph(run("So we sit in our coats until noon"), '<w:r><w:endnoteReference w:id="2"/></w:r>', run(".")),
        footnotes='<w:footnote w:id="0" w:type="separator"><w:p/></w:footnote>'
        f'<w:footnote w:id="2">{paragraph(run("She laughed when she said that about the hall."))}</w:footnote>',
        endnotes=f'<w:endnote w:id="2">{paragraph(run("Written down on the same evening by hand."))}</w:endnote>',
    ), [
        (None, "The hall is cold in the winter months for us all."),
        (None, "She laughed when she said that about the hall."),
        (None, "So we sit in our coats until noon."),
        (None, "Written down on the same evening by hand."),
    ]),
    Case("comments.docx", by_hand(
        paragraph(run(BENCH), '<w:r><w:commentReference w:id="0"/></w:r>'),
        comments=f'<w:comment w:id="0">{paragraph(run("Is that so?"))}</w:comment>',
    ), [(None, BENCH)], ["1 comment in the margin was left out"]),
    Case("speakers-in-a-table.docx", by_hand(
        table(("Speaker", "Words"), ("Amina", BENCH), ("Joe", BUS), ("Amina", "And somebody on the other chair, if you please."))
    ), [("Amina", BENCH), ("Joe", BUS), ("Amina", "And somebody on the other chair, if you please.")]),
    Case("yes-in-a-table.docx", by_hand(table(("Yes", BENCH), ("Yes", BUS))), [
        (None, "Yes"), (None, BENCH), (None, "Yes"), (None, BUS),
    ]),
    Case("teams.docx", TEAMS, [
        ("Amina Begum", BENCH), ("Nadia Khan", "Tell me more about that, if you like."), ("Amina Begum", BUS),
    ]),
    Case("box-twice.docx", by_hand(
        paragraph(
            run("A box that Word writes in two ways at once."),
            f"<w:r><mc:AlternateContent><mc:Choice><wps:txbx><w:txbxContent>{paragraph(run(BENCH))}</w:txbxContent></wps:txbx>"
            f"</mc:Choice><mc:Fallback><v:textbox><w:txbxContent>{paragraph(run(BENCH))}</w:txbxContent></v:textbox>"
            "</mc:Fallback></mc:AlternateContent></w:r>",
        )
    ), [(None, "A box that Word writes in two ways at once."), (None, BENCH)]),
    Case("fields.docx", by_hand(
        paragraph(
            '<w:r><w:fldChar w:fldCharType="begin"/><w:instrText>HYPERLINK "x"</w:instrText></w:r>',
            f"<w:hyperlink>{run('The library page')}</w:hyperlink>",
            f"<w:sdt><w:sdtPr/><w:sdtContent>{run(' should say when it')}</w:sdtContent></w:sdt>",
            "<w:r><w:noBreakHyphen/><w:t>opens</w:t><w:tab/><w:sym w:char='2026'/></w:r>",
        )
    ), [(None, "The library page should say when it\u2011opens\t…")]),
]  # fmt: skip
