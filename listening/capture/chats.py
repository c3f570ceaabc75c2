"""WhatsApp chats as the app exports them: a text, alone or in a zip with the voice notes.

Offsets count in the text as it is. The app writes dates as the phone does, so that 5/3 may be March or May: the
whole chat decides, and where it cannot, no message gets a time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import pairwise
from pathlib import Path, PurePosixPath
from typing import Final

from listening.capture.about import same_label
from listening.capture.days import DAY_FIRST, Order, goes_forward, moment, orders
from listening.capture.notes import People
from listening.capture.packed import Packed, opened
from listening.capture.text import decode
from listening.domain import About, Attached, Document, Role, Turn, sha256_of
from listening.errors import Refused

MOST_MESSAGES: Final = 200_000
MOST_SHORT: Final = 99  # a year may be written with two numbers
SOUNDS: Final = (".opus", ".m4a", ".mp3", ".ogg", ".oga", ".aac", ".amr", ".wav", ".3gp")
_HEAD: Final = 4096  # bytes in which a chat shows that it is one
_MARK: Final = "[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]*"
_GAP: Final = "[ \t\u00a0\u202f]"
_DATE: Final = rf"(?P<a>\d{{1,4}})(?P<sep>[./-]){_GAP}?(?P<b>\d{{1,2}})(?P=sep){_GAP}?(?P<c>\d{{1,4}})\.?"
_EARLY, _LATE = "上午|오전|午前|ص|a\\.?\\s?m\\.?", "下午|오후|午後|م|p\\.?\\s?m\\.?"
_CLOCK: Final = (
    rf"(?P<before>上午|下午|오전|오후|午前|午後)?{_GAP}?(?P<hour>\d{{1,2}})[:.](?P<minute>\d{{2}})"
    rf"(?:[:.](?P<second>\d{{2}}))?(?:{_GAP}?(?P<after>{_EARLY}|{_LATE}))?"
)
_WHEN: Final = rf"{_DATE}[,،]?{_GAP}{{1,2}}(?:[^\W\d]{{1,4}}{_GAP})?{_MARK}{_CLOCK}"
_WHEN_AGAIN: Final = _WHEN.replace("?P<", "?P<_").replace("?P=", "?P=_")  # a group has one name
_STARTS = re.compile(
    rf"^{_MARK}(?:\[{_WHEN}\]{_GAP}|{_WHEN_AGAIN}{_GAP}[-–]{_GAP})",  # noqa: RUF001
    re.MULTILINE | re.IGNORECASE,
)
_AUTHOR = re.compile(rf"{_MARK}(?:~{_GAP})?{_MARK}(?P<name>[^:\n\"“”]{{1,80}}?){_MARK}:(?: |$)", re.MULTILINE)
_LATER = re.compile(_LATE, re.IGNORECASE)
_PHONE = re.compile(r"[+\d][\d\s()./\u00a0\u2010-\u2015-]{5,}")
_FILE: Final = r"(?P<file>[^\n/\\<>:]{1,150}\.[A-Za-z0-9]{2,5})"
_ATTACHED_FIRST = re.compile(rf"{_MARK}{_FILE} \([^()\n]{{3,40}}\)[ \t\r]*$", re.MULTILINE)  # Android
_ATTACHED = re.compile(rf"\u200e?<[^<>\n:]{{2,30}}{_GAP}?: {_FILE}>[ \t\r]*$", re.MULTILINE)  # iOS
_EDITED = re.compile(
    r"\u200e?<(?:This message was edited|Diese Nachricht wurde bearbeitet\.?|Ce message a été modifié|"
    r"Se editó este mensaje\.?|Mensagem editada|Questo messaggio è stato modificato)>[ \t\r]*$",
    re.MULTILINE | re.IGNORECASE,
)
_OMITTED = re.compile(
    r"<?(?:(?:media|image|audio|video|sticker|gif|document|contact card|video note|view once message)s? omitted|"
    r"medien ausgeschlossen|(?:bild|audio|video|sticker|dokument) weggelassen|médias omis|"
    r"(?:image|audio|vidéo) absente|"
    r"multimedia omitido|(?:imagen|audio|video) omitid[oa]|mídia oculta|(?:imagem|áudio|vídeo) ocult[oa]|media omessi|"
    r"media weggelaten|pominięto multimedia|без медиафайлов)>?"
    r"|this message was deleted|you deleted this message|diese nachricht wurde gelöscht|"
    r"du hast diese nachricht gelöscht|ce message a été supprimé|vous avez supprimé ce message|se eliminó este mensaje|"
    r"eliminaste este mensaje|mensagem apagada|você apagou esta mensagem|questo messaggio è stato eliminato|"
    r"ta wiadomość została usunięta|null|missed (?:voice|video|group voice|group video) call|"
    r"waiting for this message.*",
    re.IGNORECASE,
)


def is_one(text: str) -> bool:
    """Whether a text begins as an exported chat does."""
    starts = list(_STARTS.finditer(text[: 2 * _HEAD]))
    return len(starts) > 1 and not text[: starts[0].start()].strip("\ufeff \t\r\n")


def chat_in(packed: Packed) -> str | None:
    """The name of the chat in a packed file; raises Refused where there are several."""
    texts = [name for name in packed.names if name.lower().endswith(".txt") and "__MACOSX" not in name]
    found = [name for name in texts if _is_chat(packed, name)]
    if len(found) > 1:
        raise Refused("This file holds several chats. Export each by itself, and bring them one by one.")
    return found[0] if found else None


def _is_chat(packed: Packed, name: str) -> bool:
    with packed.stream(name) as part:
        return is_one(part.read(_HEAD).decode("utf-8-sig", "ignore"))


def read_packed_chat(path: Path, given: About = About()) -> Document:
    """Read the chat in a zip."""
    with opened(path) as packed:
        name = chat_in(packed)
        if name is None:
            raise Refused("There is no chat in this file. Export the chat again, and bring the file as it comes.")
        data = packed.read(name)
    return read_chat(data, given)


def read_chat(data: bytes, given: About = About()) -> Document:
    """Read a chat into a Document of one conversation whose text is the decoded chat, character for character.

    A message is one turn and keeps its piece, its further lines with it. What the app itself wrote is frame. A phone
    number becomes "person 1", as nobody's number is to be shown. Raises Refused where nobody's words are in it.
    """
    text = decode(data)
    messages = list(_messages(text))
    if len(messages) > MOST_MESSAGES:
        raise Refused(f"This chat has more than {MOST_MESSAGES} messages. Export a part of it, and bring that.")
    order = _order(messages)
    chat = _Chat(text, People(given))
    for message in messages:
        chat.take(message, None if order is None else message.when(order))
    if not chat.attached and not any(turn.role is Role.WORDS for turn in chat.turns):
        raise Refused("Nobody's words are in this chat. Check the file, and that “listener” names only who listened.")
    return Document(text, tuple(chat.turns), (given,), attached=tuple(chat.attached), notes=tuple(chat.notes(order)))


# --- messages and their times -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Message:
    """One message: where it starts, where what follows its time starts, where it ends, and its time as written."""

    start: int
    inner: int
    end: int
    date: tuple[int, int, int]
    dots: bool
    clock: tuple[int, int, int]

    def moment(self) -> tuple[int, ...]:
        """Its minute, in a form that is equal however a phone writes it and whichever number is the day."""
        return (*sorted(number % 100 if number > MOST_SHORT else number for number in self.date), *self.clock[:2])

    def when(self, order: Order) -> datetime | None:
        """Its time, for that order of the date."""
        return moment(self.date, order, self.clock)


def _messages(text: str) -> Iterator[_Message]:
    starts = list(_STARTS.finditer(text))
    ends = [after.start() for _, after in pairwise(starts)] + [len(text)]
    if not starts or text[: starts[0].start()].strip("\ufeff \t\r\n"):
        raise Refused("This is not a chat as WhatsApp exports it. Export it again, and bring the file as it comes.")
    for found, end in zip(starts, ends, strict=True):
        parts = {name.lstrip("_"): value for name, value in found.groupdict().items() if value is not None}
        yield _Message(
            found.start(), found.end(), end,
            date=(int(parts["a"]), int(parts["b"]), int(parts["c"])),
            dots=parts["sep"] == ".",
            clock=(_hour(parts), int(parts["minute"]), int(parts.get("second", 0))),
        )  # fmt: skip


def _hour(parts: dict[str, str]) -> int:
    """The hour of the day, of 24."""
    hour, half = int(parts["hour"]), parts.get("before") or parts.get("after")
    if half is None:
        return hour
    return hour % 12 + (12 if _LATER.fullmatch(half) else 0)


def _order(messages: Sequence[_Message]) -> Order | None:
    """The one order of dates under which every day exists and time goes forward; None where two fit or none does."""
    dates = [message.date for message in messages]
    fitting = [order for order in orders(dates) if goes_forward(dates, order)]
    if len(fitting) > 1 and messages[0].dots and DAY_FIRST in fitting:
        return DAY_FIRST  # nobody writes a month, a dot and a day
    return fitting[0] if len(fitting) == 1 else None


# --- turns ------------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Chat:
    """The turns of a chat as they are made."""

    text: str
    people: People
    turns: list[Turn] = field(default_factory=list)
    attached: list[Attached] = field(default_factory=list)
    left_out: int = 0  # pictures and other files
    numbers: dict[str, str] = field(default_factory=dict)  # phone numbers and what they are called here

    def take(self, message: _Message, when: datetime | None) -> None:
        """One message: its time and author, then its words, less what the app put between them."""
        author = _AUTHOR.match(self.text, message.inner, message.end)
        if author is None:
            self.add(message.start, message.end, Role.FRAME)
            return
        self.add(message.start, author.end(), Role.FRAME)
        name = self.called(author["name"].strip())
        first, at = len(self.turns), author.end()
        for start, end, file in self.by_the_app(author.end(), message):
            self.add(at, start, Role.WORDS, name, when)
            self.add(start, end, Role.FRAME)
            self.attach(file, name, when)
            at = end
        self.add(at, message.end, Role.WORDS, name, when)
        who = same_label(author["name"].strip())
        self.turns[first:] = [self.known_by(turn, message.moment(), who) for turn in self.turns[first:]]

    def known_by(self, turn: Turn, moment: tuple[int, ...], who: str) -> Turn:
        """The turn with what is the same when the chat is exported again: moment, person and words."""
        words = "\n".join(self.text[turn.start : turn.end].splitlines())
        return replace(turn, same=sha256_of(repr((moment, who, words)))) if turn.role is Role.WORDS else turn

    def by_the_app(self, start: int, message: _Message) -> Iterator[tuple[int, int, str | None]]:
        """The spans of a message that the app wrote, and the name of the file if one is attached there."""
        line_end = self.text.find("\n", start, message.end)
        first = start, line_end if line_end >= 0 else message.end
        words = self.text[slice(*first)].strip()
        bare = words.strip("\u200e\u200f").rstrip(".")
        whole = line_end < 0 or not self.text[line_end : message.end].strip()
        if (whole and _OMITTED.fullmatch(bare)) or (words.startswith("\u200e") and not _ATTACHED.search(words)):
            self.left_out += "omitted" in bare
            yield (*first, None)
            return
        found = [(*one.span(), one["file"]) for one in _ATTACHED.finditer(self.text, start, message.end)]
        first_file = _ATTACHED_FIRST.match(self.text, start, message.end)
        found += [(*first_file.span(), first_file["file"])] if first_file else []
        found += [(*one.span(), None) for one in _EDITED.finditer(self.text, start, message.end)]
        yield from sorted(found)

    def attach(self, file: str | None, name: str, when: datetime | None) -> None:
        """Note a file: a voice note is to be heard, of others it is said that they are not read."""
        if file is None:
            return
        if PurePosixPath(file).suffix.lower() not in SOUNDS:
            self.left_out += 1
            return
        held_on = when.date() if when else None
        self.attached.append(Attached(file.strip("\u200e\u200f "), name, self.handle_of(name), held_on=held_on))

    def called(self, author: str) -> str:
        """What to call an author: the name, but not a phone number."""
        if not _PHONE.fullmatch(author):
            return self.people.labels.get(same_label(author), author)
        announced = self.people.labels.get(same_label(author))
        return announced or self.numbers.setdefault(author, f"person {len(self.numbers) + 1}")

    def handle_of(self, name: str) -> str | None:
        """The handle that somebody gave this name."""
        return self.people.handles.get(same_label(name))

    def add(self, start: int, end: int, role: Role, name: str | None = None, when: datetime | None = None) -> None:
        """Add a span without its outer white space and marks of direction, if anything is left."""
        words = self.text[start:end]
        start += len(words) - len(words.lstrip())
        end = start + len(words.strip())
        if start >= end:
            return
        if role is Role.FRAME or not words.strip("\u200e\u200f\ufeff \t\r\n"):
            self.turns.append(Turn(start, end, Role.FRAME))
            return
        listened = same_label(name or "") == self.people.listener
        role = Role.LISTENER if listened else Role.WORDS
        self.turns.append(Turn(start, end, role, name, self.handle_of(name or ""), whole=True, said_at=when))

    def notes(self, order: Order | None) -> Iterator[str]:
        """What the person should know, in sentences."""
        if order is None:
            yield (
                "The dates in this chat can be read in two ways (5/3 is March or May), so no message was given a time. "
                "Its words are all here."
            )
        if self.left_out:
            many = self.left_out != 1
            yield (
                f"{self.left_out} {'pictures or other files' if many else 'picture or other file'} in the chat "
                f"{'were' if many else 'was'} not read."
            )
        if self.numbers:
            yield f"Phone numbers are not shown. Their owners are called {', '.join(self.numbers.values())}."
