import io
import zipfile
import zlib

import pytest

from listening import pipeline
from listening.capture import packed
from listening.capture.docx import read_docx
from listening.capture.odt import read_odt
from listening.capture.packed import opened
from listening.capture.pdf import read_pdf
from listening.errors import Refused
from tests.capture.files import chats, pages, sheets, word

ENTITIES = "<!DOCTYPE a [<!ENTITY a0 'ha'>{}]>".format(
    "".join(f"<!ENTITY a{number} '{f'&a{number - 1};' * 10}'>" for number in range(1, 9))
)


def zipped(compression=zipfile.ZIP_DEFLATED, **parts):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as target:
        for name, content in parts.items():
            target.writestr(name, content)
    return out.getvalue()


def with_part(data, name, content):
    """The same file with other content in one part."""
    with zipfile.ZipFile(io.BytesIO(data)) as source:
        parts = {each: source.read(each) for each in source.namelist()}
    return zipped(**{**parts, name: content})


def locked(data):
    """With the sign that a part is encrypted."""
    return data.replace(b"PK\x01\x02\x14\x03\x14\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "damaged"),
        (b"PK\x03\x04 and no more", "damaged"),
        (zipped(**{"a.txt": b"x" * 1000})[:-30], "damaged"),
        (locked(zipped(**{"a.txt": b"words"})), "locked with a password"),
        (zipped(zipfile.ZIP_BZIP2, **{"a.txt": b"words"}), "packed in a way"),
        (zipped(**{f"{number}": b"" for number in range(10_001)}), "more than 10000 files"),
        (zipped(**{"a.txt": bytes(100_000_000)}), "unpacks to far more"),
    ],
    ids=["empty", "cut", "cut at the end", "locked", "bzip2", "too many parts", "bomb"],
)
def test_a_packed_file_that_is_not_to_be_trusted_is_refused(data, reason):
    with pytest.raises(Refused, match=reason), opened(io.BytesIO(data)):
        pass


def test_what_a_part_says_of_its_size_is_not_believed(monkeypatch):
    monkeypatch.setattr(packed, "MOST_PART", 1000)
    with opened(io.BytesIO(zipped(**{"a.xml": b"x" * 1001}))) as found, pytest.raises(Refused, match="far more"):
        found.read("a.xml", 1000)


def test_a_part_that_is_damaged_or_not_there_is_refused():
    whole = bytearray(zipped(**{"a.txt": bytes(range(256)) * 10}))
    whole[60] ^= 255
    with opened(io.BytesIO(bytes(whole))) as found:
        with pytest.raises(Refused, match="damaged"):
            found.read("a.txt")
        with pytest.raises(Refused, match="damaged"):
            found.read("b.txt")


BOMB = word.by_hand(f"<w:p>{'<w:r><w:t>ha</w:t></w:r>' * 10}</w:p>")
LARGE = b"<a>" + bytes(41 * packed.MEGABYTE)


@pytest.mark.parametrize(
    ("reader", "data", "reason"),
    [
        (read_docx, with_part(BOMB, "word/document.xml", ENTITIES + "<a>&a8;</a>"), "cannot be understood"),
        (read_docx, with_part(BOMB, "word/document.xml", "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"), "declarations"),
        (read_docx, with_part(BOMB, "word/document.xml", LARGE), "far more"),
        (read_docx, with_part(BOMB, "word/document.xml", "<w:p>" * 100_000), "cannot be understood"),
        (read_docx, with_part(BOMB, "word/document.xml", f"<w:document {word.NS}/>"), "not a Word document"),
        (read_docx, zipped(**{"a.txt": b"words"}), "not a Word document"),
        (read_docx, sheets.by_openpyxl(sheets.CARDS), "not a Word document"),
        (read_docx, word.by_hand(word.paragraph()), "no words in this document"),
        (read_odt, with_part(pages.lines("a"), "content.xml", ENTITIES + "<a>&a8;</a>"), "cannot be understood"),
        (
            read_odt,
            with_part(pages.lines("a"), "META-INF/manifest.xml", "<a><encryption-data/></a>"),
            "locked with a password",
        ),
        (read_odt, zipped(**{"a.txt": b"words"}), "not an OpenDocument text"),
        (read_odt, with_part(pages.lines("a"), "content.xml", "<a/>"), "not an OpenDocument text"),
        (read_pdf, b"%PDF-1.4 and no more", "damaged"),
        (read_pdf, pages.pdf(pages.BENCH, owner_password="a", user_password="b"), "locked with a password"),
        (read_pdf, pages.blank_pdf(), "its pages are pictures"),
    ],
)
def test_a_hostile_or_broken_document_is_refused_with_its_reason(reader, data, reason):
    with pytest.raises(Refused, match=reason):
        reader(data)


def flooding_pdf():
    """A page whose content unpacks to more than a gigabyte."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = packer.compress(b" " * 1_000_000) + packer.flush(zlib.Z_FULL_FLUSH)  # can follow itself
    stream = b"\x78\xda" + block * 1600
    whole = pages.pdf("x")
    start = whole.index(b"stream\n") + 7
    return whole[:start] + stream + whole[whole.index(b"\nendstream") :]


def test_a_pdf_that_floods_the_memory_is_refused_in_time():
    with pytest.raises(Refused, match="more time or memory"):
        read_pdf(flooding_pdf())


def test_names_in_a_packed_file_never_become_names_on_the_disk(line, hand_in, tmp_path):
    text = chats.ANDROID.replace("PTT-20260313-WA0002.opus", "evil.opus")
    data = zipped(**{"WhatsApp Chat with Joe.txt": text, "../../evil.opus": b"no sound", "/etc/evil.opus2": b"x"})
    result = pipeline.ingest(line, hand_in("chat.zip", data))
    assert result.utterances == 3
    assert not list(tmp_path.rglob("evil*"))
    assert [failure.source for failure in result.failed] == ["chat.zip: evil.opus"]


def test_a_zip_in_a_zip_is_not_opened(line, hand_in):
    inner = zipped(**{"_chat.txt": chats.IOS})
    result = pipeline.ingest(line, hand_in("outer.zip", zipped(**{"inner.zip": inner})))
    assert "holds no chat and no table" in result.failed[0].reason


def test_bad_files_are_each_named_and_the_others_go_on(line, hand_in):
    bad = {
        "cut.docx": word.CASES[0].content[:2000],
        "empty.docx": b"",
        "locked.docx": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512),
        "really-a-pdf.docx": pages.pdf(pages.BENCH),
        "cut.pdf": pages.pdf(pages.BENCH)[:200],
        "cut.odt": pages.lines("A bench")[:300],
        "cut.rtf": rb"{\rtf1 A bench",
        "cut.xlsx": sheets.by_openpyxl(sheets.CARDS)[:3000],
        "cut.json": b'{"segments": [{"start": 0',
        "nothing.vtt": b"WEBVTT\n\n",
        "two-chats.zip": zipped(**{"a.txt": chats.IOS, "b.txt": chats.ANDROID}),
    }
    for name, content in bad.items():
        file = hand_in(name, content)
    hand_in("good.docx", word.CASES[0].content)
    result = pipeline.ingest(line, file.parent)
    assert sorted(failure.source for failure in result.failed) == sorted(bad)
    assert all(failure.reason.endswith((".", "meant.")) and "fault" not in failure.reason for failure in result.failed)
    assert result.sources == 1
