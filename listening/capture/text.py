"""Bytes from strangers read as text, and strangers' text shown inside our own sentences."""

from __future__ import annotations

import codecs
import re

from listening.errors import Refused

SAMPLE_BYTES = 65_536  # what an encoding is guessed from: reading more changes no guess and takes seconds

# What people who write in English or a western European language on Windows type beyond ASCII. Letters that other
# Windows alphabets often put other letters in the place of (a Polish "ż" is a Western "¿") are left out.
_WESTERN_LETTERS = "àâäáåæçèéêëîïíñòóôöœùúûüßÀÂÄÁÅÆÇÈÉÊËÎÏÍÑÓÔÖŒÚÛÜ"
_WESTERN_SIGNS = "‘’“”‚„–—…•·£€°½¼¾²³©®™×«»\u00a0"
_WESTERN = re.compile(f"[\x01-\x7f{_WESTERN_LETTERS}{_WESTERN_SIGNS}]*")
_UNLIKELY_IN_WESTERN = re.compile(
    rf"[{_WESTERN_LETTERS}]{{3}}"  # three in a row: another alphabet
    r"|[^\W\d_][£½¼¾°]|[£½¼¾][^\W\d_]"  # a sign beside a letter: a letter of another alphabet
    r"|(?<![\dm])[²³]|[²³][^\W\d_]"  # a power of anything but a number or a metre
)
_GUESSES = [
    "cp1250", "cp1251", "cp1252", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp1258", "cp874", "koi8_r",
    "mac_roman", "gb18030", "big5", "cp932", "euc_jp", "cp949",
]  # fmt: skip
_BYTES_NO_TEXT_HOLDS = re.compile(rb"[\x00-\x08\x0e-\x1a\x7f]")
_SAVE_AGAIN = "Open it in the program it was written with, save it as plain text in UTF-8, and bring it again."


def decode(data: bytes) -> str:
    """The text of a file exactly as it was typed; line breaks stay as they are, only the byte order mark goes.

    UTF-8 and UTF-16 (with its mark) are certain. Anything older is taken only where one reading stands out, because
    a wrong guess would change people's words. Raises Refused otherwise, and for what is not text.
    """
    text = _decoded(data)
    if "\x00" in text:
        raise Refused(f"This is not text: it holds NUL characters. {_SAVE_AGAIN}")
    return text


def _decoded(data: bytes) -> str:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _strict(data, "utf-16", f"The text is damaged: it starts like UTF-16 but does not go on so. {_SAVE_AGAIN}")
    if data.startswith(codecs.BOM_UTF8):
        return _strict(data, "utf-8-sig", f"The text is damaged: it starts like UTF-8 but does not go on so. {_SAVE_AGAIN}")
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
    encoding = "cp1252" if _is_western(data) else _only_likely_encoding(data)
    return _strict(data, encoding, f"The text is damaged, or was saved in more than one encoding. {_SAVE_AGAIN}")


def _is_western(data: bytes) -> bool:
    """Whether the bytes, read as Windows-1252, hold what Western typing holds and no sign of another alphabet."""
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError:
        return False
    if not _WESTERN.fullmatch(text) or _UNLIKELY_IN_WESTERN.search(text):
        return False
    letters = sum(map(str.isalpha, text))
    foreign = sum(not letter.isascii() for letter in text if letter.isalpha())
    return 4 * foreign <= letters


def _only_likely_encoding(data: bytes) -> str:
    """The one encoding that stands out; raises Refused where two that differ are as likely as each other."""
    from charset_normalizer import from_bytes  # noqa: PLC0415  seldom needed, and slow to load

    matches = list(from_bytes(_telling_sample(data), cp_isolation=_GUESSES, enable_fallback=False))
    ranks = [(match.chaos, -match.coherence) for match in matches]
    if not matches or (len(matches) > 1 and ranks[0] >= ranks[1]):
        raise Refused(f"It is not certain which letters this text was saved with, and a guess could change words. {_SAVE_AGAIN}")
    return matches[0].encoding


def _telling_sample(data: bytes) -> bytes:
    """The first lines that hold more than ASCII, cut at white space to SAMPLE_BYTES."""
    lines = re.findall(rb"[^\n]*[\x80-\xff][^\n]*\n?", data)
    sample = b"".join(lines)
    if len(sample) <= SAMPLE_BYTES:
        return sample
    cut = max(sample.rfind(b" ", 0, SAMPLE_BYTES), sample.rfind(b"\n", 0, SAMPLE_BYTES))
    return sample[: cut + 1 if cut > 0 else SAMPLE_BYTES]


def shown(text: str, limit: int = 60) -> str:
    """A stranger's text made fit to stand in one of our sentences: printable, on one line, at most `limit` long."""
    clean = "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text.strip())
    return clean if len(clean) <= limit else clean[: limit - 1] + "…"
