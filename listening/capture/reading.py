"""Which reader reads what."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Final

from listening.capture import about as descriptions
from listening.capture.captions import read_captions
from listening.capture.chats import read_chat, read_packed_chat
from listening.capture.folder import CHATS
from listening.capture.notes import read_note
from listening.capture.packed import opened, table_in
from listening.capture.pdf import read_pdf
from listening.capture.rtf import read_rtf
from listening.capture.tables import Table, open_text, statements
from listening.capture.text import guessed
from listening.domain import About, Columns, Document, Media
from listening.errors import Refused

Reader = Callable[[bytes, About], Document]


def _read_docx(data: bytes, given: About) -> Document:
    from listening.capture.docx import read_docx  # slow to load, like each of these

    return read_docx(data, given)


def _read_odt(data: bytes, given: About) -> Document:
    from listening.capture.odt import read_odt

    return read_odt(data, given)


_DOCUMENTS: Final[dict[str, Reader]] = {".docx": _read_docx, ".odt": _read_odt, ".rtf": read_rtf, ".pdf": read_pdf}
_TEXTS: Final = (Media.NOTE, Media.TABLE, Media.TRANSCRIPT, Media.CHAT)
_PACKED: Final = (*CHATS, ".xlsx")


def read_document(path: Path, media: Media, suffix: str, about: str) -> Document:
    """A typed source, read: `about` is the JSON that was kept with it, of its Columns if it is a table.

    Raises Refused where it cannot be read.
    """
    document = _read(path, media, suffix, about)
    note = guessed(path.read_bytes()) if media in _TEXTS and suffix not in _PACKED else None
    return replace(document, notes=(*document.notes, note)) if note else document


def _read(path: Path, media: Media, suffix: str, about: str) -> Document:
    if media is Media.TABLE:
        columns = columns_from_json(about)
        return statements(open_table(path, suffix, columns), columns)
    given = descriptions.from_json(about) if about != "{}" else About()
    if media is Media.CHAT and suffix in CHATS:
        return read_packed_chat(path, given)
    return _reader(media, suffix)(path.read_bytes(), given)


def open_table(path: Path, suffix: str, columns: Columns | None = None) -> Table:
    """The table in a file, or in the zip that a form comes in; raises Refused where it cannot be read."""
    if suffix not in CHATS:
        return _table(path.read_bytes(), suffix, columns)
    with opened(path) as packed:
        name = table_in(packed)
        if name is None:
            raise Refused("There is not one table in this file. Unpack it, and bring the folder.")
        data = packed.read(name)
    return _table(data, PurePosixPath(name).suffix.lower(), columns)


def _table(data: bytes, suffix: str, columns: Columns | None) -> Table:
    if suffix == ".xlsx":
        from listening.capture.sheets import open_workbook

        return open_workbook(data, columns)
    return open_text(data, columns)


def _reader(media: Media, suffix: str) -> Reader:
    if media is Media.DOCUMENT:
        return _DOCUMENTS[suffix]
    return {Media.NOTE: read_note, Media.TRANSCRIPT: read_captions, Media.CHAT: read_chat}[media]


def same_description(media: Media, one: str, other: str) -> bool:
    """Whether two JSON texts that were kept with sources of one kind say the same; an older one may say less."""
    if one == other or "{}" in {one, other}:
        return one == other
    if media is Media.TABLE:
        return columns_from_json(one) == columns_from_json(other)
    return descriptions.from_json(one) == descriptions.from_json(other)


def columns_from_json(kept: str) -> Columns:
    """The Columns that were kept as JSON."""
    values = json.loads(kept)
    lists = {name: tuple(values[name]) for name in ("also", "recording") if name in values}
    return Columns(**{**values, **lists})
