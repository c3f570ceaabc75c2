"""Dates as people and phones write them: which number is the day is decided by all of them together, or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import pairwise
from typing import Final

Date = tuple[int, int, int]
"""The three numbers of a date, as they stand."""

Order = tuple[int, int, int]
"""Which of the three numbers is the year, the month and the day."""

YEAR_FIRST: Final = (0, 1, 2)
DAY_FIRST: Final = (2, 1, 0)
MONTH_FIRST: Final = (2, 0, 1)
_LAST_DAY: Final = 31


def moment(date: Date, order: Order, clock: Sequence[int]) -> datetime | None:
    """The time, counted as UTC; None where there is no such day or minute."""
    year, month, day = (date[place] for place in order)
    hour, minute, second = clock
    try:
        return datetime(year + 2000 if year < 100 else year, month, day, hour, minute, second, tzinfo=UTC)  # noqa: PLR2004
    except ValueError:
        return None


def orders(dates: Sequence[Date]) -> list[Order]:
    """The orders under which every date is a day."""
    return [order for order in (YEAR_FIRST, DAY_FIRST, MONTH_FIRST) if all(_is_day(date, order) for date in dates)]


def _is_day(date: Date, order: Order) -> bool:
    if (date[0] > _LAST_DAY) != (order is YEAR_FIRST):
        return False
    return moment(date, order, (0, 0, 0)) is not None


def goes_forward(dates: Sequence[Date], order: Order) -> bool:
    """Whether no date is before the one above it."""
    days = [[date[place] for place in order] for date in dates]
    return all(before <= after for before, after in pairwise(days))
