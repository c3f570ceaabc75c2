"""Each format is read back by a library that is not ours, and says what the database says."""

import csv
import io
import json
import zipfile
from pathlib import Path

import duckdb
import lxml.etree
import lxml.html
import openpyxl
import pytest
from prov.model import ProvDocument

from listening import pipeline
from listening.exports.cells import from_xml, plain
from listening.exports.refi import SPACE, guid
from listening.exports.workbook import MOST_IN_A_CELL, pieces
from tests.exports.conftest import CANARY, STRANGE

SCHEMA = Path(__file__).parent / "refi" / "Project.xsd"  # its licence is beside it
NAMES = {"q": SPACE}


@pytest.fixture
def files(told):
    """Make one format, and give its files without who they are for in the name."""

    def make(name, *, public=False):
        made = pipeline.export_files(told, name, public=public)
        return {file.partition("-")[2]: content for file, content in made.items()}

    return make


def texts(told):
    return {one.id: one.text for voice in pipeline.voices(told) for one in pipeline.words_of(told, voice.id)}


def rows_of(content):
    [head, *rows] = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    return [dict(zip(head, row, strict=True)) for row in rows]


def test_csv_holds_the_same_trace_and_words_that_never_run(told, files, links):
    made = files("csv")
    trace = {tuple(cell or None for cell in row.values()) for row in rows_of(made["trace.csv"])}
    assert trace == links
    said = {row["id"]: row["text"] for row in rows_of(made["utterances.csv"])}
    known = texts(told)
    assert {one: plain(cell) for one, cell in said.items()} == {one: known[one] for one in said}
    assert f"'{STRANGE}" in said.values()
    cells = [cell for content in made.values() for row in rows_of(content) for cell in row.values()]
    assert not [cell for cell in cells if cell.lstrip()[:1] in tuple("=+-@")]


def test_a_workbook_holds_the_same_and_nothing_in_it_is_a_formula(told, files, links):
    book = openpyxl.load_workbook(io.BytesIO(files("xlsx")["everything.xlsx"]))
    [_, *trace] = book["trace"].iter_rows(values_only=True)
    assert set(trace) == links
    [head, *rows] = book["utterances"].iter_rows(values_only=True)
    said = {row[0]: plain(from_xml(row[head.index("text")])) for row in rows}
    known = texts(told)
    assert said == {one: known[one] for one in said}
    assert STRANGE in said.values()
    assert {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row} <= {
        "s",
        "n",
        "d",
        "inlineStr",
    }


def test_words_longer_than_a_cell_go_on_in_the_next():
    text = "=" + "Somewhere to sit. " * 9000
    some = pieces(text)
    assert len(some) == 6
    assert all(len(one) <= MOST_IN_A_CELL for one in some)
    assert plain(from_xml("".join(some))) == text


def test_parquet_holds_the_same_trace_and_words(told, files, links, tmp_path):
    for name, content in files("parquet").items():
        (tmp_path / name).write_bytes(content)
    with duckdb.connect() as connection:
        assert set(connection.read_parquet(str(tmp_path / "trace.parquet")).fetchall()) == links
        said = dict(connection.read_parquet(str(tmp_path / "utterances.parquet")).project("id, text").fetchall())
    known = texts(told)
    assert said == {one: known[one] for one in said}
    assert STRANGE in said.values()


def ids(record):
    """The two ends of a relation."""
    return tuple(value.localpart for _, value in record.formal_attributes[:2])


def pairs(links, *ends):
    return {tuple(link[end] for end in ends) for link in links if None not in [link[end] for end in ends]}


def test_prov_is_read_by_the_prov_library_with_the_same_trace(files, links):
    content = files("prov")["trace.prov.json"]
    document = ProvDocument.deserialize(content=content.decode(), format="json")
    found = {}
    for record in document.get_records():
        if record.is_relation():
            found.setdefault(type(record).__name__, set()).add(ids(record))
    ours = {
        kind: {pair for pair in some if "entry-" not in pair[0] and "person-" not in pair[1]}
        for kind, some in found.items()
    }
    assert ours["ProvDerivation"] == pairs(links, 0, 2) | pairs(links, 0, 1)
    assert ours["ProvMembership"] == pairs(links, 1, 2)
    assert ours["ProvGeneration"] == pairs(links, 2, 3)
    assert ours["ProvAttribution"] == pairs(links, 2, 4)
    said = {
        record.identifier.localpart: str(next(iter(record.value))) for record in document.get_records() if record.value
    }
    assert STRANGE in said.values()


def test_the_drawing_is_sound_xml(files):
    for public in (True, False):
        root = lxml.etree.fromstring(files("prov", public=public)["trace.svg"])
        assert root.tag.endswith("svg")
        assert not root.xpath("//*[local-name() = 'script' or local-name() = 'image' or @href]")


@pytest.mark.parametrize("public", [True, False])
def test_a_refi_project_is_valid_by_the_published_schema(files, public):
    root = project(files("refi", public=public))
    lxml.etree.XMLSchema(file=SCHEMA).assertValid(root)


def project(made):
    with zipfile.ZipFile(io.BytesIO(made["project.qdpx"])) as packed:
        assert packed.testzip() is None
        return lxml.etree.fromstring(packed.read("project.qde"))


def test_an_empty_refi_project_is_valid_too(line):
    [content] = pipeline.export_files(line, "refi", public=False).values()
    lxml.etree.XMLSchema(file=SCHEMA).assertValid(project({"project.qdpx": content}))


def test_a_refi_project_holds_the_same_trace_and_selects_exactly_the_words(told, files, links):
    root = project(files("refi"))
    known = texts(told)
    coded, noted, within = set(), set(), set()
    for source in root.iterfind(".//q:TextSource", NAMES):
        body = source.findtext("q:PlainTextContent", namespaces=NAMES)
        for selection in source.iterfind("q:PlainTextSelection", NAMES):
            one = selection.get("name")
            assert body[int(selection.get("startPosition")) : int(selection.get("endPosition"))] == known[one]
            within.add((one, source.get("guid")))
            coded |= {(ref.get("targetGUID"), one) for ref in selection.iterfind("q:Coding/q:CodeRef", NAMES)}
            noted |= {(ref.get("targetGUID"), one) for ref in selection.iterfind("q:NoteRef", NAMES)}
    whose = {
        (ref.get("targetGUID"), case.get("guid"))
        for case in root.iterfind(".//q:Case", NAMES)
        for ref in case.iterfind("q:SelectionRef", NAMES)
    }
    assert coded == {(guid(theme), one) for theme, one in pairs(links, 1, 2)}
    assert noted == {(guid(decision), one) for decision, one in pairs(links, 0, 2)}
    assert within == {(one, guid(f"text {conversation}")) for one, conversation in pairs(links, 2, 3)}
    assert whose == {(guid(one), guid(voice)) for one, voice in pairs(links, 2, 4)}


def test_a_report_holds_the_same_trace_and_asks_for_nothing(told, files, links):
    root = lxml.html.document_fromstring(files("html")["report.html"].decode())

    def leads(to):
        found = root.xpath(f"//section[contains(@class, 'decision')][.//li[@class='{to}']]")
        return {(one.get("id"), a.get("href")[1:]) for one in found for a in one.xpath(f".//li[@class='{to}']/a")}

    assert leads("to-utterance") == pairs(links, 0, 2)
    assert leads("to-theme") == pairs(links, 0, 1)
    said = root.xpath("//figure[@class='said']")
    assert {
        (one.getparent().get("id"), one.get("data-utterance")) for one in said if one.getparent().tag == "section"
    } == pairs(links, 1, 2)
    assert {(one.get("data-utterance"), one.get("data-voice")) for one in said} == pairs(links, 2, 4)
    assert {(one.get("data-utterance"), one.get("data-conversation")) for one in said} == pairs(links, 2, 3)
    known = texts(told)
    assert all(one.findtext("blockquote") == known[one.get("data-utterance")] for one in said)
    ids = root.xpath("//@id")
    assert len(ids) == len(set(ids))
    assert {href[1:] for href in root.xpath("//@href")} <= set(ids)
    assert not root.xpath("//script | //img | //link | //iframe | //@src")


@pytest.mark.parametrize("name", list(pipeline.FORMATS))
@pytest.mark.parametrize("public", [True, False])
def test_held_and_withdrawn_words_are_in_no_export(files, name, public):
    held = CANARY.encode()
    for content in files(name, public=public).values():
        assert held not in content
        if zipfile.is_zipfile(io.BytesIO(content)):
            with zipfile.ZipFile(io.BytesIO(content)) as packed:
                assert not [one for one in packed.namelist() if held in packed.read(one)]


def test_what_everybody_may_read_names_nobody_and_shows_no_small_number(told, files):
    tables = {name: rows_of(content) for name, content in files("csv", public=True).items()}
    assert sorted(tables) == ["decisions.csv", "entries.csv", "themes.csv", "trace.csv", "utterances.csv"]
    assert {row["id"] for row in tables["utterances.csv"]} == {one.id for one in pipeline.quotable(told)}
    for row in (*tables["utterances.csv"], *tables["trace.csv"]):
        assert not row.get("voice")
        assert not row.get("conversation")
    for row in (*tables["themes.csv"], *tables["decisions.csv"]):
        assert row["voices"] in ("", "0")
    may = {one.text for one in pipeline.quotable(told)}
    assert {plain(row["name"]) for row in tables["themes.csv"] if row["name"]} <= may
    shown = {voice.id for voice in pipeline.voices(told)} | {"Fen Street"}
    for name in pipeline.FORMATS:
        for content in files(name, public=True).values():
            assert not [one for one in shown - {"Fen Street"} if one.encode() in content]
    assert json.loads(files("prov", public=True)["trace.prov.json"]).keys() >= {"entity", "wasDerivedFrom"}


def test_whoever_takes_back_a_yes_is_in_no_public_export_any_more(told, files):
    from listening.domain import Purpose

    [said] = pipeline.find(told, "teaspoons")
    assert b"teaspoons" in files("html", public=True)["report.html"]
    pipeline.choose(told, said.voice, Purpose.QUOTE, given=False)
    assert b"teaspoons" not in files("html", public=True)["report.html"]
