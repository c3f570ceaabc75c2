"""Anything people hand in, read into a Document without changing a character of it. One module a format."""

from listening.capture.about import from_json, read_side_file, side_file, to_json
from listening.capture.attachments import attachments
from listening.capture.folder import Limits, check_size, find, look, media_of
from listening.capture.reading import columns_from_json, read_document

__all__ = [
    "Limits",
    "attachments",
    "check_size",
    "columns_from_json",
    "find",
    "from_json",
    "look",
    "media_of",
    "read_document",
    "read_side_file",
    "side_file",
    "to_json",
]
