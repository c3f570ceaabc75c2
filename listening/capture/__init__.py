"""Anything people hand in, read into a Document without changing a character of it. One module a format."""

from listening.capture.about import from_json, read_side_file, side_file, to_json
from listening.capture.folder import Limits, check_size, find, look, media_of
from listening.capture.notes import read_note
from listening.capture.tables import read_table

__all__ = [
    "Limits",
    "check_size",
    "find",
    "from_json",
    "look",
    "media_of",
    "read_note",
    "read_side_file",
    "read_table",
    "side_file",
    "to_json",
]
