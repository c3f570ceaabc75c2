"""Files come in: bytes are counted as they arrive, so nobody can fill the disk."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from pathlib import Path, PurePosixPath, PureWindowsPath
from shutil import copyfileobj

from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import FormParser, MultiPartException, MultiPartParser
from starlette.requests import ClientDisconnect, Request

from listening.errors import Refused

MOST_FILES = 100
SILENT_SECONDS = 60
LONGEST_FIELD = 2_000_000  # bytes of typed text


async def read_form(request: Request, most: int) -> FormData:
    """The fields and files of a form; files lie in unnamed temporary files.

    :raises Refused: if more than `most` bytes come, or the form is not whole.
    """
    counted = _counted(request, most)
    try:
        if request.headers.get("content-type", "").startswith("multipart/form-data"):
            parser = MultiPartParser(
                request.headers, counted, max_files=MOST_FILES, max_fields=1000, max_part_size=LONGEST_FIELD
            )
            return await parser.parse()
        return await FormParser(request.headers, counted).parse()
    except MultiPartException as error:
        raise Refused("The form did not arrive whole. Check your connection and send it again.") from error
    except ClientDisconnect as error:
        raise Refused("The connection broke off. Nothing was kept; send it again.") from error


async def read_body(request: Request, most: int) -> bytes:
    """All that a script sent.

    :raises Refused: if it is more than `most` bytes, or did not come whole.
    """
    try:
        return b"".join([chunk async for chunk in _counted(request, most)])
    except ClientDisconnect as error:
        raise Refused("The connection broke off. Nothing of this piece was kept; it is sent again.") from error


async def _counted(request: Request, most: int) -> AsyncGenerator[bytes, None]:
    seen = 0
    async for chunk in _while_it_comes(request):
        seen += len(chunk)
        if seen > most:
            raise Refused(
                f"That is more than {most / 1_048_576:,.0f} MB at once, so it was not taken. Send fewer at a time."
            )
        yield chunk


async def _while_it_comes(request: Request) -> AsyncGenerator[bytes, None]:
    """What is sent, for as long as some of it keeps coming: a line that fell silent is not waited for for ever."""
    chunks = request.stream()
    while True:
        try:
            yield await asyncio.wait_for(anext(chunks), SILENT_SECONDS)
        except StopAsyncIteration:
            return
        except TimeoutError:
            raise Refused(
                "Nothing came for a minute, so we stopped waiting. Nothing was kept; send it again."
            ) from None


def safe_name(name: str) -> str:
    """A name for a file on disk: the last part of what the browser said, without what a disk cannot hold."""
    last = PurePosixPath(PureWindowsPath(name).name).name
    plain = "".join(letter for letter in last if letter.isprintable() and letter not in '<>:"/\\|?*').strip(" .")
    stem, dot, suffix = plain.rpartition(".")
    return f"{(stem or 'file')[:80]}{dot}{suffix[:12]}" if dot else (plain or "file")[:80]


def put_down(upload: UploadFile, folder: Path) -> Path:
    """Write an upload into a folder under its own name."""
    file = folder / safe_name(upload.filename or "file")
    upload.file.seek(0)
    with file.open("xb") as out:
        copyfileobj(upload.file, out)
    return file
