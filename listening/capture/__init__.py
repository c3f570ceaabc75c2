"""Anything people hand in, read into a Document without changing a character of it. One module a format."""

from listening.capture.about import as_yaml, from_json, front_matter, parse, read_side_file, side_file, to_json
from listening.capture.folder import Limits, check_size, find, look, media_of
from listening.capture.notes import read_note
from listening.capture.tables import Beginning, beginning, read_table

__all__ = [
    "Beginning",
    "Limits",
    "as_yaml",
    "beginning",
    "check_size",
    "find",
    "from_json",
    "front_matter",
    "look",
    "media_of",
    "parse",
    "read_note",
    "read_side_file",
    "read_table",
    "side_file",
    "to_json",
]
