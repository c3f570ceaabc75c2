"""Receipt codes: with one, a person comes back to their own words without an account.

A code is 130 random bits and 10 bits to notice a typing mistake, in letters that cannot be taken for each other:
`7k2m-9xq4-...`, seven groups of four. Only a keyed hash of it is kept, so nobody can read a code out of the database.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets

from listening.domain import ID_ALPHABET

RANDOM_LETTERS = 26  # of 5 bits each
CHECK_LETTERS = 2
GROUP = 4  # letters between two dashes

_MEANT = str.maketrans({"o": "0", "i": "1", "l": "1"} | dict.fromkeys("-\u2010\u2011\u2012\u2013\u2014"))


def new_code() -> str:
    """A code that nobody has ever had."""
    letters = "".join(secrets.choice(ID_ALPHABET) for _ in range(RANDOM_LETTERS))
    return spelt(letters + _check(letters))


def spelt(letters: str) -> str:
    """A code as it is shown: in groups."""
    return "-".join(letters[start : start + GROUP] for start in range(0, len(letters), GROUP))


def read_code(typed: str) -> str | None:
    """The letters of a code as somebody typed it, whatever the case, the spaces and the dashes.

    None if it is mistyped: a letter missing or wrong, two swapped. That a code is well typed does not say it was ever
    given out.
    """
    letters = "".join(typed.split()).casefold().translate(_MEANT)
    whole = len(letters) == RANDOM_LETTERS + CHECK_LETTERS and set(letters) <= set(ID_ALPHABET)
    return letters if whole and _check(letters[:RANDOM_LETTERS]) == letters[RANDOM_LETTERS:] else None


def keyed_hash(letters: str, key: bytes) -> str:
    """What is kept of a code, in hexadecimal."""
    return hmac.new(key, letters.encode(), hashlib.sha256).hexdigest()


def _check(letters: str) -> str:
    number = int.from_bytes(hashlib.sha256(letters.encode()).digest()[:2], "big")
    return ID_ALPHABET[number >> 5 & 31] + ID_ALPHABET[number & 31]
