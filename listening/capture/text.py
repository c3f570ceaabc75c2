"""Bytes from strangers read as text, and strangers' text shown inside our own sentences."""

from __future__ import annotations

import codecs
import re

from listening.errors import Refused

SAMPLE_BYTES = 65_536  # what an encoding is guessed from: reading more changes no guess and takes seconds
CLEAR_LEAD = 0.1  # how far the likeliest old encoding must be ahead of the next; closer ones were often wrong
ENOUGH_LETTERS = 40  # beyond ASCII: with fewer, a guess was often wrong

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
_EAST_ASIAN = ["gb18030", "big5", "cp932", "euc_jp", "cp949"]
_GUESSES = [*(f"cp125{number}" for number in range(9)), "koi8_r", "mac_roman", *_EAST_ASIAN]
_BEYOND_ASCII = re.compile(rb"[\x80-\xff]")
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
    sample = _telling_sample(data)
    encoding = "cp1252" if _is_western(sample) else _only_likely_encoding(sample)
    return _strict(data, encoding, f"The text is damaged, or was saved in more than one encoding. {_SAVE_AGAIN}")


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
    return bool(_WESTERN.fullmatch(text)) and not _UNLIKELY_IN_WESTERN.search(text) and 4 * foreign <= letters


def _only_likely_encoding(sample: bytes) -> str:
    """The one encoding that stands out; raises Refused where two that differ are as likely as each other."""
    from charset_normalizer import from_bytes  # seldom needed, and slow to load

    matches = from_bytes(sample, cp_isolation=_GUESSES, enable_fallback=False)
    likely = sorted(((match.coherence - 2 * match.chaos, match.encoding) for match in matches), reverse=True)
    enough = len(_BEYOND_ASCII.findall(sample)) >= ENOUGH_LETTERS
    clear = likely and likely[0][0] - _next_best(likely) >= CLEAR_LEAD
    # Western typing was recognised before; a library that now says "Western" has missed another alphabet.
    if not (enough and clear) or (likely[0][1] == "cp1252" and _UNLIKELY_IN_WESTERN.search(sample.decode("cp1252"))):
        raise Refused(
            f"It is not certain which letters this was saved with, and a guess could change words. {_SAVE_AGAIN}"
        )
    return likely[0][1]


def _next_best(likely: list[tuple[float, str]]) -> float:
    """What the likeliest must be ahead of; without a rival, bytes in an East Asian order are proof enough."""
    if len(likely) > 1:
        return likely[1][0]
    return -1.0 if likely[0][1] in _EAST_ASIAN else 0.0


def shown(text: str, limit: int = 60) -> str:
    """A stranger's text made fit to stand in one of our sentences: printable, on one line, at most `limit` long."""
    clean = "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text.strip())
    return clean if len(clean) <= limit else clean[: limit - 1] + "…"
