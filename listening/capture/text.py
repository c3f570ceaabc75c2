"""Bytes from strangers read as text, and strangers' text shown inside our own sentences."""

from __future__ import annotations

import codecs
import re
from contextlib import suppress

from listening.errors import Refused

SAMPLE_BYTES = 65_536  # what an encoding is guessed from: reading more changes no guess and takes seconds
MOST_RIVAL = 0.99  # how likely, beside the likeliest, the next one may be that gives other letters
LEAST_LETTERS = 4  # beyond ASCII: with fewer, a guess was often wrong
MOST_WESTERN_RIVAL = 0.8  # the same where the letters may be Western, and the likeliest says that they are not

# What people who write in English or a western European language on Windows type beyond ASCII. Letters that other
# Windows alphabets often put other letters in the place of (a Polish "ż" is a Western "¿") are left out.
_WESTERN_LETTERS = "àâäáåçèéêëîïíñòóôöœùúûüßÀÂÄÁÅÇÈÉÊËÎÏÍÑÓÔÖŒÚÛÜ"
_WESTERN_SIGNS = "‘’“”‚„–—…•·£€°½¼¾²³©®™×«»\u00a0"  # noqa: RUF001  each is meant
_WESTERN = re.compile(f"[\x01-\x7f{_WESTERN_LETTERS}{_WESTERN_SIGNS}]*")
_UNLIKELY_IN_WESTERN = re.compile(
    rf"[{_WESTERN_LETTERS}]{{3}}"  # three in a row: another alphabet
    r"|[^\W\d_][£½¼¾°¿¹]|[£½¼¾¹][^\W\d_]"  # a sign beside a letter: a letter of another alphabet
    r"|(?<![\dm])[²³]|[²³][^\W\d_]"  # a power of anything but a number or a metre
)
_FOREIGN_WORD = re.compile(r"\w*(?![\x00-\x7f])[^\W\d_]\w*")
# A Latin letter beside one of another alphabet, or a sign inside a word: nobody writes so.
_MIXED = re.compile(
    "[A-Za-z\u00c0-\u024f][\u0370-\u06ff]|[\u0370-\u06ff][A-Za-z\u00c0-\u024f]"
    "|[^\\W\\d_][\u00a1-\u00a9\u00ab-\u00b4\u00b6-\u00b9\u00bb-\u00bf\u00d7\u00f7][^\\W\\d_]"
)
_BEYOND_ASCII = re.compile(rb"[\x80-\xff]")
_BYTES_NO_TEXT_HOLDS = re.compile(rb"[\x00-\x08\x0e-\x1a\x7f]")
_SAVE_AGAIN = "Open it in the program it was written with, save it as plain text in UTF-8, and bring it again."


def decode(data: bytes) -> str:
    """The text of a file exactly as it was typed; line breaks stay as they are, only the byte order mark goes.

    UTF-8 and UTF-16 (with its mark) are certain. Anything older is taken only where one reading stands out, because
    a wrong guess would change people's words; `guessed` says so to people. Raises Refused otherwise, and for what is
    not text.
    """
    text = _decoded(data)
    if "\x00" in text:
        raise Refused(f"This is not text: it holds NUL characters. {_SAVE_AGAIN}")
    return text


def _decoded(data: bytes) -> str:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _strict(
            data, "utf-16", f"The text is damaged: it starts like UTF-16 but does not go on so. {_SAVE_AGAIN}"
        )
    if data.startswith(codecs.BOM_UTF8):
        return _strict(
            data, "utf-8-sig", f"The text is damaged: it starts like UTF-8 but does not go on so. {_SAVE_AGAIN}"
        )
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _decoded_from_older(data)


def _strict(data: bytes, encoding: str, refusal: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise Refused(refusal) from error


def _decoded_from_older(data: bytes) -> str:
    if _BYTES_NO_TEXT_HOLDS.search(data):
        raise Refused(f"This is not text that can be read. {_SAVE_AGAIN}")
    encoding = _guess(_telling_sample(data))
    return _strict(data, encoding, f"The text is damaged, or was saved in more than one encoding. {_SAVE_AGAIN}")


def guessed(data: bytes) -> str | None:
    """What to tell people where the letters of a text were guessed: a sentence, with a word to look at; else None."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF8)):
            return None
    else:
        return None
    sample = _telling_sample(data)
    encoding = _guess(sample)
    word = _FOREIGN_WORD.search(sample.decode(encoding, "ignore"))
    if word is None:
        return None
    return (
        f"This is not saved as UTF-8, so its letters were guessed ({encoding}). Look at “{shown(word[0])}”: if it is "
        "wrong, withdraw these words, save the file as plain text in UTF-8, and bring that."
    )


def _telling_sample(data: bytes) -> bytes:
    """The first lines that hold more than ASCII, in all about SAMPLE_BYTES of them; over-long lines in part."""
    sample = bytearray()
    beyond = _BEYOND_ASCII.search(data)
    while beyond and len(sample) < SAMPLE_BYTES:
        end = _end_of_line(data, beyond.start())
        sample += data[_start_of_line(data, beyond.start()) : end] + b"\n"
        beyond = _BEYOND_ASCII.search(data, end)
    return bytes(sample)


def _start_of_line(data: bytes, position: int) -> int:
    """Where the line begins; in an over-long one a space shortly before, or else the position itself."""
    low = max(0, position - SAMPLE_BYTES)
    line = data.rfind(b"\n", low, position) + 1
    return line or (data.find(b" ", low, position) + 1 or position if low else 0)


def _end_of_line(data: bytes, position: int) -> int:
    """Where the line ends; in an over-long one the last space within reach, or else the end of the reach."""
    high = position + SAMPLE_BYTES
    line = data.find(b"\n", position, high)
    if line >= 0 or high >= len(data):
        return line if line >= 0 else len(data)
    space = data.rfind(b" ", position, high)
    return space if space > position else high


def _is_western(sample: bytes) -> bool:
    """Whether the bytes, read as Windows-1252, hold what Western typing holds and no sign of another alphabet."""
    try:
        text = sample.decode("cp1252")
    except UnicodeDecodeError:
        return False
    letters = sum(map(str.isalpha, text))
    foreign = sum(not letter.isascii() for letter in text if letter.isalpha())
    unlikely = _UNLIKELY_IN_WESTERN.search(text) or _MIXED.search(text)
    return bool(_WESTERN.fullmatch(text)) and not unlikely and 4 * foreign <= letters


def _guess(sample: bytes) -> str:
    """The encoding that stands out; raises Refused where two that give other letters are about as likely."""
    likely = _likely(sample)
    (best, encoding, text), *rivals = likely or [(0.0, "", "")]
    foreign = sum(letter.isalpha() and not letter.isascii() for letter in text)
    enough = foreign >= LEAST_LETTERS
    if _is_western(sample):
        western = next((rated for rated, _, read in likely if read == sample.decode("cp1252")), 0.0)
        return encoding if enough and western < MOST_WESTERN_RIVAL * best else "cp1252"
    if not enough or (rivals and rivals[0][0] > MOST_RIVAL * best):
        raise Refused(
            f"It is not certain which letters this was saved with, and a guess could change words. {_SAVE_AGAIN}"
        )
    return encoding


def _likely(sample: bytes) -> list[tuple[float, str, str]]:
    """How likely each encoding is, and the text that it gives, the likeliest first; each text once."""
    from chardet import EncodingEra, detect_all  # seldom needed

    eras = EncodingEra.MODERN_WEB | EncodingEra.LEGACY_MAC | EncodingEra.LEGACY_ISO
    found: dict[str, tuple[float, str, str]] = {}
    for one in detect_all(sample, encoding_era=eras, ignore_threshold=True):
        encoding = str(one["encoding"]).lower()
        with suppress(UnicodeDecodeError, LookupError):
            text = sample.decode(encoding)
            if not _MIXED.search(text):
                found.setdefault(text, (float(one["confidence"]), encoding, text))
    return sorted(found.values(), key=lambda each: -each[0])


def shown(text: str, limit: int = 60) -> str:
    """A stranger's text made fit to stand in one of our sentences: printable, on one line, at most `limit` long."""
    clean = "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text.strip())
    return clean if len(clean) <= limit else clean[: limit - 1] + "…"
