"""Lines that say who speaks and when, as programs that write speech down put them above each stretch of it."""

from __future__ import annotations

import re
from typing import Final

_REACH: Final = 120  # characters of a line that can be one
_MOST_NAME_WORDS: Final = 5
_LAST_SECOND: Final = 59
_TIME = r"(?:(?P<hours>[0-9]{1,2}):)?(?P<minutes>[0-9]{1,3}):(?P<seconds>[0-9]{2})"
_STAMP = re.compile(
    # Two spaces or brackets: "First bus 7:30" is somebody's words.
    r"\s*(?P<name>[^\W_][^\n:\[\]()]{0,59}?)[ \u00a0]?(?:\t|[ \u00a0]{2}|(?P<open> [\[(]))[ \t\u00a0]{0,9}"
    rf"{_TIME}(?(open)[\])])[ \t\u00a0]{{0,9}}:?\s*"
)
# The time first: in brackets or with hours, because "7:30 bus" is somebody's words.
_STAMP_FIRST = re.compile(
    rf"\s*(?:(?P<open>[\[(])|(?=[0-9]+:[0-9]+:)){_TIME}(?(open)[\])])[ \t\u00a0]{{1,9}}(?:[-–][ \t])?"  # noqa: RUF001
    r"(?P<name>[^\W\d_][^\n:\[\]()]{0,59}?)[ \t\u00a0]{0,9}:?\s*"
)


def stamped(text: str, start: int, end: int) -> tuple[str, int] | None:
    """Who speaks and from when (milliseconds) if the span is a line such as "Amina Begum  0:03"; else None."""
    if end - start > _REACH:
        return None
    found = _STAMP.fullmatch(text, start, end) or _STAMP_FIRST.fullmatch(text, start, end)
    if found is None or int(found["seconds"]) > _LAST_SECOND or len(found["name"].split()) > _MOST_NAME_WORDS:
        return None
    seconds = (int(found["hours"] or 0) * 60 + int(found["minutes"])) * 60 + int(found["seconds"])
    return found["name"].strip(), seconds * 1000
