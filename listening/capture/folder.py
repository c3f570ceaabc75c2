"""What lies in a folder that someone hands in, and what kind of thing each file is."""

from __future__ import annotations

import codecs
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from pathlib import Path, PurePath
from stat import S_ISREG
from typing import Final

from listening.capture import captions, chats, packed
from listening.capture.text import shown
from listening.domain import Media
from listening.errors import Refused

MEGABYTE: Final = 1024 * 1024
HEAD_BYTES: Final = 4096  # how much of a file `media_of` wants to see
SIDE_SUFFIX: Final = ".yaml"

NOTES: Final = (".txt", ".md", ".markdown")
TABLES: Final = (".csv", ".tsv", ".xlsx")
DOCUMENTS: Final = (".docx", ".odt", ".rtf", ".pdf")
TRANSCRIPTS: Final = (".vtt", ".srt", ".json")
CHATS: Final = (".zip",)
PICTURES: Final = (".jpg", ".jpeg", ".png", ".heic", ".heif")
RECORDINGS: Final = (
    ".wav", ".mp3", ".m4a", ".mp4", ".ogg", ".oga", ".opus", ".webm", ".flac", ".aac", ".wma", ".mov", ".mka", ".mkv",
    ".aif", ".aiff", ".amr", ".caf", ".3gp",
)  # fmt: skip
_MEDIA: Final = {
    **dict.fromkeys(NOTES, Media.NOTE),
    **dict.fromkeys(TABLES, Media.TABLE),
    **dict.fromkeys(DOCUMENTS, Media.DOCUMENT),
    **dict.fromkeys(TRANSCRIPTS, Media.TRANSCRIPT),
    **dict.fromkeys(CHATS, Media.CHAT),
    **dict.fromkeys(RECORDINGS, Media.RECORDING),
}
_WHAT_CAN_BE_READ: Final = (
    f"What can be read: typed notes ({', '.join(NOTES)}), documents ({', '.join(DOCUMENTS)}), tables "
    f"({', '.join(TABLES)}), captions ({', '.join(TRANSCRIPTS)}), WhatsApp chats ({', '.join((*CHATS, '.txt'))}) "
    f"and recordings ({', '.join(RECORDINGS)})."
)
_SAVE_AS: Final = {
    **dict.fromkeys((".doc", ".dot", ".docm", ".pages", ".wpd", ".gdoc"), "Save it as .docx or .odt, and bring that."),
    **dict.fromkeys(
        (".xls", ".xlsm", ".xlsb", ".ods", ".numbers", ".gsheet"), "Save it as .xlsx or .csv, and bring that."
    ),
    **dict.fromkeys((".msg", ".eml"), "Copy the words of the mail into a note, save what hangs on it, and bring both."),
    **dict.fromkeys((".html", ".htm", ".pptx", ".ppt"), "Copy its words into a note or a .docx, and bring that."),
    **dict.fromkeys((".rar", ".7z", ".tar", ".gz", ".tgz"), "Unpack it, and bring the folder."),
    **dict.fromkeys(
        PICTURES,
        "Type up its words as a note. To keep the picture with it, write “photo:” and its name at the top of the note: "
        "`listening guides paper` shows how.",
    ),
}


@dataclass(frozen=True, slots=True)
class Limits:
    """The largest files that are taken, in bytes."""

    document: int = 20 * MEGABYTE
    recording: int = 500 * MEGABYTE

    def of(self, media: Media, suffix: str = "") -> int:
        """The limit for one kind of source; a packed file may hold recordings."""
        return self.document if media.typed and suffix not in CHATS else self.recording


def find(path: Path) -> list[Path]:
    """The files to bring in: a file gives itself, a folder all its files in order of their paths.

    Left out are hidden files, side files, what is no ordinary file, and symbolic links that lead
    out of the folder or to another folder. Raises Refused if there is nothing at the path or it cannot be opened.
    """
    if path.is_file():
        return [path]
    if not path.is_dir():
        raise Refused(f"There is no file or folder at {shown(str(path), 200)}. Check the path and try again.")
    root = path.resolve()
    found = [file for file in _walk(path) if _is_offered(file, root) and not _is_side_file(file)]
    return sorted(found, key=lambda file: file.relative_to(path).parts)


def _walk(folder: Path) -> Iterator[Path]:
    """Every file, and every folder that cannot be opened: reading it as a file will say so."""
    closed: list[Path] = []
    for parent, folders, files in os.walk(folder, onerror=lambda error: closed.append(Path(error.filename))):
        folders[:] = [name for name in folders if not name.startswith(".")]
        yield from (Path(parent, name) for name in files if not name.startswith("."))
    yield from closed


def _is_offered(file: Path, root: Path) -> bool:
    """Whether a file is to be looked at: ordinary, or one that cannot be opened, but no link that leads elsewhere."""
    try:
        if file.is_symlink() and file.exists():
            return file.is_file() and file.resolve().is_relative_to(root)
        return file.is_file() or file.is_symlink() or file.is_dir()
    except (OSError, RuntimeError):  # a link that leads in a circle
        return True


def _is_side_file(file: Path) -> bool:
    """Whether this is NAME.EXT.yaml beside a file NAME.EXT that is read; one that is alone is not passed over."""
    beside = file.with_suffix("")
    described = _MEDIA.get(beside.suffix.lower(), Media.TABLE) is not Media.TABLE
    return file.suffix.lower() == SIDE_SUFFIX and described and beside.is_file()


def look(path: Path, limits: Limits = Limits()) -> Media:
    """What kind of source the file at `path` is; raises Refused where it is none, is empty or is too large."""
    try:
        with path.open("rb") as file:
            status = os.fstat(file.fileno())
            if not S_ISREG(status.st_mode):
                raise Refused(f"{shown(path.name)} is not an ordinary file. Copy its content into one and bring that.")
            media = media_of(path.name, file.read(HEAD_BYTES))
    except OSError as error:
        raise Refused(
            f"{shown(path.name)} cannot be opened. Check that it is there and that you may read it."
        ) from error
    check_size(path.name, media, status.st_size, limits)
    return _packed_media(path) if path.suffix.lower() in CHATS else media


def _packed_media(path: Path) -> Media:
    """What a zip holds: a chat, or the table of a form with its recordings."""
    with packed.opened(path) as inside:
        if chats.chat_in(inside):
            return Media.CHAT
        if packed.table_in(inside):
            return Media.TABLE
    raise Refused(
        f"{shown(path.name)} holds no chat and no table that could be found. Unpack it, and bring the folder."
    )


def check_size(name: str, media: Media, size: int, limits: Limits = Limits()) -> None:
    """Raise Refused where a file of `size` bytes is larger than is taken of its kind."""
    limit = limits.of(media, PurePath(name).suffix.lower())
    if size > limit:
        raise Refused(
            f"{shown(name)} has {size / MEGABYTE:.1f} MB; a {media.value} may have {limit / MEGABYTE:g} MB. "
            "Bring it in smaller pieces."
        )


def check_offer(name: str, size: int, limits: Limits = Limits()) -> None:
    """Raise Refused where a file of this name and size would not be taken, before any of it is sent."""
    if size == 0:
        raise Refused(f"{shown(name)} is empty. If it should hold something, copy it again from where it came from.")
    check_size(name, _by_ending(name), size, limits)


def _by_ending(name: str) -> Media:
    suffix = PurePath(name).suffix.lower()
    media = _MEDIA.get(suffix)
    if media is None:
        ending = f"files that end in {shown(suffix, 20)}" if suffix else "files without an ending like .txt"
        raise Refused(
            f"{shown(name)} was not read: {ending} are not known here. {_SAVE_AS.get(suffix, _WHAT_CAN_BE_READ)}"
        )
    return media


def media_of(name: str, head: bytes) -> Media:
    """What kind of source a file is, by the ending of its name and its first HEAD_BYTES (all, if it has fewer).

    A text may turn out to hold captions or a chat. Raises Refused for an empty file, an unknown ending, and content
    that is not what the ending says.
    """
    called, suffix = shown(name), PurePath(name).suffix.lower()
    media = _by_ending(name)
    if not head:
        raise Refused(f"{called} is empty. If it should hold something, copy it again from where it came from.")
    content = content_of(head)
    if not media.typed and content.form not in {Form.SOUND, Form.UNKNOWN}:
        raise Refused(f"{called} is called {suffix} but holds {content.what}, not sound. {content.advice}")
    if media.typed and content.form is not _FORMS.get(suffix, Form.TEXT):
        advice = _LOCKED_OR_OLD if content.form is Form.OLD_OFFICE and suffix in _FORMS else content.advice
        raise Refused(f"{called} is called {suffix} but holds {content.what}. {advice}")
    return _text_of(head) or media if media is Media.NOTE else media


def _text_of(head: bytes) -> Media | None:
    """What a plain text is by the shape of its first lines, if that is more than a note."""
    wide = head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    text = head.decode("utf-16" if wide else "utf-8-sig", "ignore")
    if captions.are_in(text):
        return Media.TRANSCRIPT
    return Media.CHAT if chats.is_one(text) else None


class Form(Enum):
    """How the bytes of a file are laid out."""

    TEXT = "text"
    SOUND = "sound"
    ZIP = "zip"
    PDF = "pdf"
    RTF = "rtf"
    OLD_OFFICE = "old office"
    OTHER = "other"
    UNKNOWN = "unknown"


_FORMS: Final = {
    **dict.fromkeys((".docx", ".odt", ".xlsx", ".zip"), Form.ZIP),
    ".pdf": Form.PDF,
    ".rtf": Form.RTF,
}
_LOCKED_OR_OLD: Final = (
    "It is locked with a password, or was made by a very old program. Open it, save it anew without a password, and "
    "bring that."
)


@dataclass(frozen=True, slots=True)
class Content:
    """What the first bytes of a file say it is."""

    what: str
    form: Form = Form.OTHER
    advice: str = "Give it the ending that fits what it holds, or bring the file that was meant."


_TEXT = Content("text", Form.TEXT)
_SOUND = Content("a sound or video recording", Form.SOUND)
_UNKNOWN = Content("something that is not text", Form.UNKNOWN)  # whether it is sound, only a decoder can tell
_EXPORT = "Open it in the program it was made with, save it as plain text or CSV, and bring that."
_SIGNS: Final = (
    (re.compile(rb"(?:\xff\xfe|\xfe\xff|\xef\xbb\xbf)"), _TEXT),
    (re.compile(rb"PK(?:\x03\x04|\x05\x06)"), Content("a zip archive or an Office document", Form.ZIP)),
    (re.compile(rb"%PDF-"), Content("a PDF", Form.PDF)),
    (re.compile(rb"\xd0\xcf\x11\xe0"), Content("an old or locked Office document", Form.OLD_OFFICE, _EXPORT)),
    (re.compile(rb"\{\\rtf"), Content("rich text", Form.RTF)),
    (re.compile(rb"\x1f\x8b|7z\xbc\xaf|Rar!\x1a|BZh[1-9]1AY"), Content("a packed archive", advice="Unpack it first.")),
    (
        re.compile(rb"\x89PNG|\xff\xd8\xff|GIF8[79]a"),
        Content("a picture", advice="Type up its words, or bring the recording."),
    ),
    (re.compile(rb"SQLite format 3\x00|MZ.{0,60}\x00|\x7fELF", re.DOTALL), Content("a program or a database")),
    (re.compile(rb"(?:RIFF|RF64).{4}WAVE|RIFF.{4}AVI |OggS\x00|fLaC[\x00\x80]|\x1aE\xdf\xa3", re.DOTALL), _SOUND),
    (
        re.compile(
            rb"\x00...(?:ftyp|moov|mdat|wide|free)|FORM.{4}AIF|#!AMR|caff\x00|\x30\x26\xb2\x75|ID3[\x02-\x04]",
            re.DOTALL,
        ),
        _SOUND,
    ),
    # The sync word of an MPEG or AAC frame, in a file with bytes that no text holds: a Cyrillic "я" starts alike.
    (re.compile(rb"(?=.*[\x00-\x08\x0e-\x1a\x7f])\xff[\xe2-\xe7\xf0-\xfd][\x10-\xef]", re.DOTALL), _SOUND),
)
_NEVER_IN_TEXT = re.compile(rb"[\x00-\x08\x0e-\x1a\x7f]")


def content_of(head: bytes) -> Content:
    """What the first bytes of a file say it is, whatever the file is called."""
    for sign, content in _SIGNS:
        if sign.match(head):
            return content
    return _UNKNOWN if _NEVER_IN_TEXT.search(head) else _TEXT
