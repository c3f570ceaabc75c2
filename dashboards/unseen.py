"""Characters in a form that nobody sees, and that make a text look like another: they are refused with the reason."""

from __future__ import annotations

import unicodedata

from listening.domain import holds_controls
from listening.errors import Refused

_SPACES = "\t\n\v\f\r\x85"  # pasted texts are full of them
_OVERRIDES = {"LRO", "RLO"}
_CLOSED_BY = {"LRE": "PDF", "RLE": "PDF", "LRI": "PDI", "RLI": "PDI", "FSI": "PDI"}


def seen(text: str) -> str:
    """The text as it is.

    :raises Refused: if it holds control characters, letters turned round by force, or a change of direction that is
        not ended in its line. Marks of direction that end are part of how people write, and stay.
    """
    if holds_controls(text, _SPACES):
        raise Refused("There is a character in it that nobody can see. Go back, type those words anew, and send again.")
    if any(_turns(line) for line in text.splitlines()):
        raise Refused(
            "A hidden mark in it makes letters run the other way. Go back, type those words anew, and send again."
        )
    return text


def _turns(line: str) -> bool:
    kinds = [unicodedata.bidirectional(letter) for letter in line if not letter.isascii()]
    waiting = [_CLOSED_BY[kind] for kind in kinds if kind in _CLOSED_BY]
    ended = [kind for kind in kinds if kind in ("PDF", "PDI")]
    return bool(_OVERRIDES & set(kinds)) or any(waiting.count(one) > ended.count(one) for one in set(waiting))
