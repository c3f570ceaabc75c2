"""Anything people hand in, read into a Document without changing a character of it. One module a format."""

from listening.capture.about import as_yaml, from_json, parse, read_side_file, same_label, side_file, to_json
from listening.capture.attachments import attachments
from listening.capture.folder import PICTURES, RECORDINGS, Limits, check_offer, check_size, find, look, media_of
from listening.capture.forms import Guess, as_sentence, guess, is_private, notes_on
from listening.capture.notes import WhoSpeaks, read_note
from listening.capture.pictures import picture_beside
from listening.capture.reading import columns_from_json, open_table, read_document, same_description
from listening.capture.tables import read_table

__all__ = [
    "PICTURES",
    "RECORDINGS",
    "Guess",
    "Limits",
    "WhoSpeaks",
    "as_sentence",
    "as_yaml",
    "attachments",
    "check_offer",
    "check_size",
    "columns_from_json",
    "find",
    "from_json",
    "guess",
    "is_private",
    "look",
    "media_of",
    "notes_on",
    "open_table",
    "parse",
    "picture_beside",
    "read_document",
    "read_note",
    "read_side_file",
    "read_table",
    "same_description",
    "same_label",
    "side_file",
    "to_json",
]
