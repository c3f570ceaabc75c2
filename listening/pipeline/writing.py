"""What people write for others to read: it can be read everywhere, is short enough, and its days are within reason."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from listening.domain import holds_controls
from listening.errors import Refused

LONGEST = 4_000  # characters of one thing that somebody writes
LONGEST_NAME = 200
YEARS_AHEAD = 5
_DAYS_A_YEAR = 366
_ALLOWED = "\n\t"


def readable(text: str, longest: int = LONGEST) -> str:
    """The text without spaces around it.

    :raises Refused: if it holds characters that cannot be shown or kept everywhere, or is too long.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    if holds_controls(text, _ALLOWED):
        raise Refused("That holds characters that nobody can read, perhaps from copying. Type those words anew.")
    if len(text) > longest:
        raise Refused(f"That is longer than {longest:,} letters. Shorten it: people will read it.")
    return text


def day_to_come(day: date, what: str) -> date:
    """The day, if it is from today to YEARS_AHEAD years ahead; `what` names it, such as "The day to look again".

    :raises Refused: if it has passed, or is so far away that the year is likely mistyped.
    """
    today = datetime.now(UTC).date()
    if day < today:
        raise Refused(f"{what} has passed already. Choose one to come.")
    if day > today + timedelta(days=YEARS_AHEAD * _DAYS_A_YEAR):
        raise Refused(
            f"{what} is {day.day} {day:%B} {day.year}: more than {YEARS_AHEAD} years away. Is the year right? "
            "Choose one that is nearer."
        )
    return day


def day_gone(day: date, what: str) -> date:
    """The day, if it has come and is not more than YEARS_AHEAD years ago.

    :raises Refused: if it is still to come, or so long ago that the year is likely mistyped.
    """
    today = datetime.now(UTC).date()
    if day > today:
        raise Refused(f"{what} has not come yet. Choose today or a day before.")
    if day < today - timedelta(days=YEARS_AHEAD * _DAYS_A_YEAR):
        raise Refused(f"{what} is more than {YEARS_AHEAD} years ago. Is the year right?")
    return day
