"""Whatever people write, in whatever program: it comes out character for character, and nothing is lost."""

import io
import json

import docx
import webvtt
from hypothesis import given, settings
from hypothesis import strategies as st

from listening import segment
from listening.capture.captions import read_captions
from listening.capture.docx import read_docx
from listening.capture.odt import read_odt
from listening.capture.rtf import read_rtf
from listening.capture.sheets import open_workbook
from listening.capture.tables import statements
from listening.domain import Columns, Role
from tests.capture.files import pages, sheets
from tests.capture.test_files import assert_nothing_is_lost

# What XML can hold and a person can type; no line breaks, which are their own elements.
WORDS = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Cn", "Co", "Zl", "Zp"], exclude_characters="\ufeff"),
    min_size=1,
    max_size=60,
).filter(str.strip)
PARAGRAPHS = st.lists(WORDS, min_size=1, max_size=6)
SLOWLY = settings(max_examples=60, deadline=None)


def words_of(document):
    """All words and labels that are somebody's or name somebody, without white space."""
    assert_nothing_is_lost(document)
    for part in segment.cut(document):
        assert document.text[part.start : part.end].strip() == document.text[part.start : part.end] != ""
    return "".join(document.text.split())


def squeezed(paragraphs):
    return "".join("".join(paragraphs).split())


def spoken(paragraphs):
    """With something before each that is neither a label nor a rule or heading."""
    return [f"We said {words}" for words in paragraphs]


@SLOWLY
@given(PARAGRAPHS)
def test_a_word_document_is_kept_character_for_character(paragraphs):
    written = docx.Document()
    for words in spoken(paragraphs):
        written.add_paragraph(words)
    out = io.BytesIO()
    written.save(out)
    document = read_docx(out.getvalue())
    assert document.text == "\n\n".join(spoken(paragraphs))
    assert words_of(document) == squeezed(spoken(paragraphs))


@SLOWLY
@given(PARAGRAPHS)
def test_an_opendocument_text_is_kept_but_for_runs_of_white_space(paragraphs):
    document = read_odt(pages.lines(*spoken(paragraphs)))
    assert words_of(document) == squeezed(spoken(paragraphs))


def as_rtf(words):
    """As word processors write letters beyond ASCII: by number, with a stand-in."""
    units = words.encode("utf-16-le")
    numbers = (int.from_bytes(units[at : at + 2], "little", signed=True) for at in range(0, len(units), 2))
    return "".join(
        chr(number) if 32 <= number < 127 and chr(number) not in "\\{}" else f"\\u{number}?" for number in numbers
    )


@SLOWLY
@given(PARAGRAPHS)
def test_rich_text_is_kept_character_for_character(paragraphs):
    body = r"\par ".join(map(as_rtf, spoken(paragraphs)))
    document = read_rtf(rb"{\rtf1\ansi " + body.encode("ascii") + rb"\par}")
    assert document.text == "\n\n".join(spoken(paragraphs))
    assert words_of(document) == squeezed(spoken(paragraphs))


@SLOWLY
@given(PARAGRAPHS)
def test_a_workbook_is_kept_cell_for_cell(paragraphs):
    data = sheets.by_openpyxl([["words"], *([words] for words in spoken(paragraphs))])
    document = statements(open_workbook(data), Columns("words"))
    assert document.text == "\n\n".join(spoken(paragraphs))
    assert words_of(document) == squeezed(spoken(paragraphs))


@SLOWLY
@given(PARAGRAPHS)
def test_captions_are_kept_character_for_character(paragraphs):
    captions = webvtt.WebVTT()
    plain = [words.replace("<", "(").replace("&", "+").replace("-->", "->") for words in spoken(paragraphs)]
    for number, words in enumerate(plain):
        captions.captions.append(webvtt.Caption(f"00:{number:02}:00.000", f"00:{number:02}:30.000", words))
    out = io.StringIO()
    captions.write(out)
    document = read_captions(out.getvalue().encode())
    assert words_of(document) == squeezed(plain)


@SLOWLY
@given(PARAGRAPHS, st.lists(st.sampled_from([None, "A", "B"]), min_size=6, max_size=6))
def test_a_transcript_of_whisper_is_kept_with_its_speakers(paragraphs, speakers):
    segments = [
        {"start": number, "end": number + 0.5, "text": words, "speaker": speaker}
        for number, (words, speaker) in enumerate(zip(spoken(paragraphs), speakers, strict=False))
    ]
    document = read_captions(json.dumps({"segments": segments}).encode())
    assert_nothing_is_lost(document)
    turns = [turn for turn in document.turns if turn.role is Role.WORDS]
    assert [(turn.speaker, document.text[turn.start : turn.end]) for turn in turns] == [
        (one["speaker"], one["text"].strip()) for one in segments
    ]
