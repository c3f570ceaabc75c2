"""What was erased does not come back when the same is handed in again. Only keyed hashes of it are kept."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from listening import segment
from listening.domain import Document, Media, Part, Role, Turn, says_something, sha256_of_file
from listening.errors import Refused
from listening.pipeline.again import WEAK
from listening.pipeline.line import Line
from listening.store import Executor

KEY = "erasing"
LEAST_WORDS: Final = 6  # fewer words are said by many people: they prove nothing about who said them
BLANK: Final = "\u2588"  # a full block, where a character was taken out


def keyed(key: bytes, what: str, value: str) -> str:
    """The keyed hash of something that is to be known again: a file, a message, a text."""
    return hmac.new(key, f"{what}\x1f{value}".encode(), hashlib.sha256).hexdigest()


def of_text(key: bytes, text: str) -> str | None:
    """The keyed hash of somebody's words, however they are spaced; none where they are too few to be theirs alone."""
    return keyed(key, "text", " ".join(text.casefold().split())) if is_telling(text) else None


def is_telling(text: str) -> bool:
    """Whether these are so many words that they are likely one person's alone."""
    return len(text.split()) >= LEAST_WORDS


def of_turn(key: bytes, turn: Turn) -> str | None:
    """The keyed hash of a message or an answer; none for one that another person may have given as well."""
    return keyed(key, "same", turn.same) if turn.same and not turn.same.startswith(WEAK) else None


def blanked(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """The text with every character of these spans replaced, but for the ends of lines: all offsets stay."""
    parts, at = [], 0
    for first, last in sorted(spans):
        start, end = max(first, at), max(last, at)
        parts += [text[at:start], "".join(one if one in "\r\n" else BLANK for one in text[start:end])]
        at = end
    return "".join([*parts, text[at:]])


def less_blank(part: Part, text: str) -> Part:
    """The part as nobody's words, where they were taken out."""
    said = text[part.start : part.end]
    gone = BLANK in said and not says_something(said)
    return replace(part, turn=replace(part.turn, role=Role.FRAME)) if gone else part


class Recognised:
    """What of a file that is handed in was here before and was erased, or lost its original to an erasure."""

    def __init__(self, line: Line) -> None:
        self._line = line
        with line.store.reading() as read:
            self.anything = bool(read.values("anything_recognised")[0])
        self._key = line.store.key(KEY) if self.anything else b""

    def is_erased(self, path: Path) -> bool:
        """Whether this very file held words that were erased."""
        return self.anything and bool(self._known([keyed(self._key, "file", sha256_of_file(path))]))

    def refuse(self, path: Path) -> None:
        """:raises Refused: if this very file held words that were erased."""
        if self.is_erased(path):
            raise Refused(
                "This file was here before, and words in it were withdrawn since. Nothing of it was taken. "
                "To bring in what others said in it, take the withdrawn words out of the file first."
            )

    def erased(self, document: Document) -> list[tuple[int, int]]:
        """The spans of a document that were erased before."""
        return self._spans(document) if self.anything else []

    def here(self, document: Document) -> set[str]:
        """What of a document is here already although its original is not: the `same` of its turns."""
        if not self.anything:
            return set()
        hashes = {turn.same: one for turn in document.turns if turn.same and (one := of_turn(self._key, turn))}
        known = self._known(list(hashes.values()))
        return {same for same, one in hashes.items() if one in known and not known[one]}

    def _spans(self, document: Document) -> list[tuple[int, int]]:
        found = [(turn.start, turn.end, of_turn(self._key, turn)) for turn in document.turns if turn.role is Role.WORDS]
        found += [
            (part.start, part.end, of_text(self._key, document.text[part.start : part.end]))
            for part in segment.cut(document)
            if part.turn.role is Role.WORDS
        ]
        known = self._known([one for _, _, one in found if one])
        return sorted({(start, end) for start, end, one in found if one and known.get(one)})

    def _known(self, hashes: Sequence[str]) -> dict[str, bool]:
        with self._line.store.reading() as read:
            return known_hashes(read, hashes)


def known_hashes(read: Executor, hashes: Sequence[str]) -> dict[str, bool]:
    """Which of these keyed hashes are known, and whether as erased."""
    return dict(read.rows("recognised", lambda *row: row, hashes=list(hashes))) if hashes else {}


def without_erased(line: Line, media: Media, document: Document) -> str | None:
    """The text to keep instead of a file that holds words which were erased before; None if it holds none.

    :raises Refused: if it is no chat: of a chat what remains can still be read as one.
    """
    spans = Recognised(line).erased(document)
    if not spans:
        return None
    if media is not Media.CHAT:
        raise Refused(
            f"{len(spans)} of the things said in this file were withdrawn before; the first begins at letter "
            f"{spans[0][0] + 1} of its words. Take them out of the file, and bring it in again."
        )
    return blanked(document.text, spans)
