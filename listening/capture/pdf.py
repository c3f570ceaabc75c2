"""PDF files that hold text. A PDF holds places of letters, not paragraphs: lines and gaps are what can be known.

The library that reads them is written in C, so a stranger's file is read in a process of its own, with bounds on its
time and memory: `python -m listening.capture.pdf SECONDS` reads a PDF on standard input and writes JSON.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from statistics import median
from typing import Any, Final

from listening.capture.notes import lines_of, read_lines
from listening.capture.pages import MOST_CHARACTERS
from listening.domain import About, Document
from listening.errors import Refused

MOST_PAGES: Final = 3000
MOST_MEMORY: Final = 1536 * 1024 * 1024  # bytes
SECONDS: Final = 4  # of the processor for any file, and as much again for each megabyte
PATIENCE: Final = 5  # times that on the clock, for a busy machine
GAP: Final = 1.3  # times the usual distance of two lines: more is a new paragraph
LONGEST_PAGE_NUMBER: Final = 40
_REPEATED: Final = 3  # pages on which the same first or last line is no speech
_DAMAGED: Final = "This PDF is damaged, or was not copied whole. Copy it again from where it came from."
_LOCKED: Final = "This PDF is locked with a password. Save it without one, and bring it again."
_PICTURES: Final = (
    "There is no text in this PDF: its pages are pictures. Type up what they say as a note, and keep the picture with "
    "it: `listening guides paper` shows how."
)
_TOO_MUCH: Final = (
    "This PDF takes more time or memory to read than it should. Save its text as a document, and bring that."
)
_PAGE_NUMBER = re.compile(r"\W*(?:page|seite|p\.)?\s*\d{1,4}(?:\s*(?:/|of|von)\s*\d{1,4})?\W*", re.IGNORECASE)


def read_pdf(data: bytes, given: About = About()) -> Document:
    """Read a PDF into a Document whose text is its lines, a blank line where a gap is between two.

    Page numbers, and lines at the edge that three pages share, are no speech. Raises Refused for a file that is damaged
    or locked, takes too much to read, or whose pages are pictures.
    """
    return document_of(_read_apart(data), given)


def document_of(pages: Sequence[str], given: About) -> Document:
    """The Document of pages of text."""
    if not any(page.strip() for page in pages):
        raise Refused(_PICTURES)
    edges = Counter(edge for page in pages for edge in set(map(_same, _edges(page))))
    text, frames, at = "", set(), 0
    pieces: list[str] = []
    for page in pages:
        frames |= {at + start for start, line in _edge_lines(page) if _is_frame(line, edges)}
        pieces.append(page)
        at += len(page) + 1
    text = "\n".join(pieces)
    lines = [replace(line, frame=line.frame or line.start in frames) for line in lines_of(text)]
    empty = [str(number) for number, page in enumerate(pages, start=1) if not page.strip()]
    notes = (f"No text was found on page {', '.join(empty)}. If words are there in a picture, type them up.",)
    return replace(read_lines(text, lines, given), notes=notes if empty else ())


def _edge_lines(page: str) -> list[tuple[int, str]]:
    """The first and the last line with anything on it, and where each starts."""
    lines = [(line.start, page[line.start : line.end]) for line in lines_of(page) if not line.blank]
    return [lines[0], lines[-1]] if lines else []


def _edges(page: str) -> list[str]:
    return [line for _, line in _edge_lines(page)]


def _same(line: str) -> str:
    return re.sub(r"\d+", "0", line.strip().casefold())


def _is_frame(line: str, edges: Counter[str]) -> bool:
    line = line.strip()
    return (len(line) <= LONGEST_PAGE_NUMBER and bool(_PAGE_NUMBER.fullmatch(line))) or edges[_same(line)] >= _REPEATED


# --- apart from the rest ----------------------------------------------------------------------------------------------


def _read_apart(data: bytes) -> list[str]:
    """The text of each page, read in a process of its own."""
    seconds = SECONDS * (1 + len(data) // (1 << 20))
    try:
        done = subprocess.run(  # noqa: S603  our own module; -P: nothing from the folder that we stand in
            [sys.executable, "-P", "-m", "listening.capture.pdf", str(seconds)],
            input=data,
            capture_output=True,
            timeout=PATIENCE * seconds,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise Refused(_TOO_MUCH) from error
    if done.returncode == 1:
        raise RuntimeError("The reader of PDF files broke.")
    try:
        found = json.loads(done.stdout)
    except ValueError as error:  # it was stopped
        raise Refused(_TOO_MUCH) from error
    if "refused" in found:
        raise Refused(found["refused"])
    pages: list[str] = found["pages"]
    return pages


def main() -> None:
    """Read a PDF on standard input; write the text of its pages, or why it is refused, as JSON."""
    _bound(int(sys.argv[1]))
    try:
        found = json.dumps({"pages": pages_of(sys.stdin.buffer.read())})
    except Refused as refusal:
        found = json.dumps({"refused": str(refusal)})
    except MemoryError:
        found = json.dumps({"refused": _TOO_MUCH})
    sys.stdout.write(found)


def _bound(seconds: int) -> None:
    """Take no more memory and processor time than that, where the system can see to it."""
    try:
        import resource
    except ImportError:  # Windows
        return
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))


def pages_of(data: bytes) -> list[str]:
    """The text of each page; raises Refused where the file is damaged, locked or too long."""
    import pypdfium2

    try:
        file = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise Refused(_LOCKED if "password" in str(error).casefold() else _DAMAGED) from error
    try:
        if len(file) > MOST_PAGES:
            raise Refused(f"This PDF has more than {MOST_PAGES} pages. Bring it in smaller pieces.")
        pages: list[str] = []
        for number in range(len(file)):
            pages.append(_page(file, number))
            if sum(map(len, pages)) > MOST_CHARACTERS:
                raise Refused(_TOO_MUCH)
    except pypdfium2.PdfiumError as error:
        raise Refused(_DAMAGED) from error
    finally:
        file.close()
    if not pages:
        raise Refused(_DAMAGED)
    return pages


def _page(file: Any, number: int) -> str:
    page = file[number]
    try:
        letters = page.get_textpage()
        try:
            return _with_gaps(letters)
        finally:
            letters.close()
    finally:
        page.close()


def _with_gaps(letters: Any) -> str:
    """The lines of a page; where the gap between two is wide, a blank line."""
    text: str = letters.get_text_range()
    starts = [0, *(found.end() for found in re.finditer("\r\n|\n|\ufffe", text))]
    # The library puts U+FFFE for a hyphen at the end of a line.
    lines = [_plain(line) for line in re.split("\r\n|\n", text.replace("\ufffe", "-\n"))]
    if len(text) != letters.count_chars() or len(starts) != len(lines):
        return "\n".join(lines)
    tops = [letters.get_charbox(start, loose=True)[3] if start < len(text) else 0.0 for start in starts]
    return "".join(_joined(lines, list(_are_apart(tops))))


def _plain(line: str) -> str:
    """Without the signs that no text holds."""
    return "".join(sign for sign in line if sign == "\t" or (sign >= " " and sign not in "\x7f\ufffe\uffff")).rstrip()


def _are_apart(tops: Sequence[float]) -> Iterator[bool]:
    """For each line but the first, whether it is further from the one above than lines usually are, or above it."""
    distances = [upper - lower for upper, lower in pairwise(tops)]
    usual = median([distance for distance in distances if distance > 0] or [0.0])
    yield from (distance < 0 or distance > GAP * usual for distance in distances)


def _joined(lines: Sequence[str], apart: Sequence[bool]) -> Iterator[str]:
    yield lines[0]
    for line, is_apart in zip(lines[1:], apart, strict=True):
        yield f"\n\n{line}" if is_apart else f"\n{line}"


if __name__ == "__main__":
    main()
