"""Which reader reads what."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Final

from listening.capture import about as descriptions
from listening.capture.captions import read_captions
from listening.capture.chats import read_chat, read_packed_chat
from listening.capture.folder import CHATS
from listening.capture.notes import read_note
from listening.capture.tables import read_table
from listening.domain import About, Columns, Document, Media

Reader = Callable[[bytes, About], Document]


def _read_docx(data: bytes, given: About) -> Document:
    from listening.capture.docx import read_docx  # slow to load, like each of these

    return read_docx(data, given)


_DOCUMENTS: Final[dict[str, Reader]] = {".docx": _read_docx}


def read_document(path: Path, media: Media, suffix: str, about: str) -> Document:
    """A typed source, read: `about` is the JSON that was kept with it, of its Columns if it is a table.

    Raises Refused where it cannot be read.
    """
    if media is Media.TABLE:
        return read_table(path.read_bytes(), columns_from_json(about))
    given = descriptions.from_json(about) if about != "{}" else About()
    if media is Media.CHAT and suffix in CHATS:
        return read_packed_chat(path, given)
    return _reader(media, suffix)(path.read_bytes(), given)


def _reader(media: Media, suffix: str) -> Reader:
    if media is Media.DOCUMENT:
        return _DOCUMENTS[suffix]
    return {Media.NOTE: read_note, Media.TRANSCRIPT: read_captions, Media.CHAT: read_chat}[media]


def columns_from_json(kept: str) -> Columns:
    """The Columns that were kept as JSON."""
    values = json.loads(kept)
    lists = {name: tuple(values[name]) for name in ("also", "recording") if name in values}
    return Columns(**{**values, **lists})
