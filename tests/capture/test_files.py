"""Every real file, read as it is when a person brings it in, gives exactly the words that are in it."""

import json
from dataclasses import asdict, replace

import pytest

from listening import capture, segment
from listening.domain import About, Media, Role
from listening.errors import Refused
from tests.capture.files import captions, chats, notes, pages, sheets, word

CASES = [*word.CASES, *notes.CASES, *captions.CASES, *chats.CASES, *sheets.CASES, *pages.CASES]


def read(path):
    """The document that a file becomes, as the pipeline reads it."""
    media = capture.look(path)
    if media is Media.TABLE:
        guess = capture.guess(capture.open_table(path, path.suffix.lower()))
        if guess is None:
            raise Refused("No column seems to hold words.")
        document = capture.read_document(path, media, path.suffix.lower(), json.dumps(asdict(guess.columns)))
        return replace(document, notes=((*capture.notes_on(guess),) if guess.form else ()) + document.notes)
    about = "{}" if media is Media.NOTE else capture.to_json(About())
    return capture.read_document(path, media, path.suffix.lower(), about)


def assert_nothing_is_lost(document):
    """The turns are in order, do not overlap, and hold every character that is not white space."""
    at = 0
    for turn in document.turns:
        assert at <= turn.start < turn.end
        assert not document.text[at : turn.start].strip()
        at = turn.end
    assert not document.text[at:].strip()


def said(document):
    """Who and what, in order."""
    parts = [part for part in segment.cut(document) if part.turn.role is Role.WORDS]
    return [(part.turn.handle or part.turn.speaker, document.text[part.start : part.end]) for part in parts]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_file_gives_exactly_the_words_that_are_in_it(case, tmp_path):
    path = tmp_path / case.name
    path.write_bytes(case.content)
    document = read(path)
    assert said(document) == case.said
    assert_nothing_is_lost(document)
    assert len(document.notes) == len(case.notes)
    assert all(any(piece in note for note in document.notes) for piece in case.notes), document.notes
