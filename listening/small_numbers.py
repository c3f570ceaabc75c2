"""Counts about groups of people, shown so that no small number can be worked out of them, and what may be said of them.

Everything told about groups follows from the counts that are shown, never from those behind them: so nothing told can
give away more than the counts do.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist

Shown = Mapping[str, int | None]
"""A count for each cell; None where it is too small to show, or hidden because another one is."""

_WIDE = 4  # by how much all counts together must be less than they can be: the sum of all is often known


@dataclass(frozen=True, slots=True)
class Rule:
    """Counts below `fewest` are not shown, others are rounded to `step`."""

    fewest: int = 10
    step: int = 5

    @property
    def blur(self) -> int:
        """How far a count that is shown can be from the true one."""
        return self.step // 2 + (self.fewest - 1) // self.step * self.step


def release(counts: Mapping[str, int], before: Shown, rule: Rule) -> dict[str, int | None]:
    """The counts of one table as they may be shown. Each person is in exactly one cell of it.

    Small counts are hidden, never alone unless it is nobody: with the sum of all people, it would be known. A count
    that was shown before stays until it differs by `fewest` or more. A table of few people is not shown at all, and
    neither is one in which the counts that are hidden must be nearly as large as they can be.

    :param before: what was shown last, empty if nothing was.
    """
    if sum(counts.values()) <= rule.fewest * len(counts):
        return dict.fromkeys(counts)
    shown = {cell: _rounded(count, before.get(cell), rule) for cell, count in counts.items()}
    most = sum(_most_it_can_be(shown[cell], before.get(cell), rule) for cell in counts)
    tight = most - sum(counts.values()) < _WIDE
    small = [count for cell, count in counts.items() if shown[cell] is None]
    while any(small) and total(shown) and (tight or list(shown.values()).count(None) == 1):
        shown[min((cell for cell in shown if shown[cell] is not None), key=lambda cell: shown[cell] or 0)] = None
    return shown


def _rounded(count: int, before: int | None, rule: Rule) -> int | None:
    if count < rule.fewest:
        return None
    now = max(rule.fewest, rule.step * round(count / rule.step))
    return before if before is not None and abs(now - before) < rule.fewest else now


def _most_it_can_be(count: int | None, before: int | None, rule: Rule) -> int:
    if count is None:
        return rule.fewest - 1
    return count + (rule.step // 2 if before is None else rule.blur)


def total(shown: Shown) -> int:
    """The sum of the counts that are shown: never the true sum."""
    return sum(count or 0 for count in shown.values())


# --- what the true counts can be --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Between:
    """The least and the most that a true count can be."""

    least: int
    most: int

    def __add__(self, other: Between) -> Between:
        return Between(self.least + other.least, self.most + other.most)


NOBODY = Between(0, 0)


def between(shown: Shown, cell: str, rule: Rule) -> Between | None:
    """What the true count of a cell can be; None if nothing is known, since nothing of its table is shown."""
    count = shown[cell]
    if count is not None:
        return Between(max(rule.fewest, count - rule.blur), count + rule.blur)
    others = [one for one in shown.values() if one is not None]
    return Between(0, max(rule.fewest - 1, min(others) + rule.blur)) if others else None


# --- intervals --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Share:
    """A share of people, 0 to 1, with the ends of its interval."""

    low: float
    middle: float
    high: float


def wilson(some: int, of: int, level: float = 0.95) -> Share:
    """The score interval of a share (Wilson 1927). With nobody, all shares are possible."""
    if of == 0:
        return Share(0.0, 0.5, 1.0)
    z = NormalDist().inv_cdf(0.5 + level / 2)
    share = some / of
    centre = (share + z * z / (2 * of)) / (1 + z * z / of)
    half = z * sqrt(share * (1 - share) / of + z * z / (4 * of * of)) / (1 + z * z / of)
    return Share(max(0.0, min(centre - half, share)), share, min(1.0, max(centre + half, share)))


def share(some: Between, rest: Between, level: float = 0.95) -> Share:
    """The interval of a share whose counts are only known to lie between two numbers: all they can be is inside."""
    low, high = _least(some, rest, level), _most(some, rest, level)
    return Share(low.low, (low.middle + high.middle) / 2, high.high)


def _least(some: Between, rest: Between, level: float) -> Share:
    return wilson(some.least, some.least + rest.most, level)


def _most(some: Between, rest: Between, level: float) -> Share:
    return wilson(some.most, some.most + rest.least, level)


def difference(
    one: tuple[Between, Between], other: tuple[Between, Between], level: float = 0.95
) -> tuple[float, float]:
    """The interval of the share in one group less that in another, each given as (some, rest).

    Its ends are those of the counts that lie furthest apart, of all that the true counts can be. (Newcombe 1998,
    method 10, which makes it of score intervals.)
    """
    return (
        _lower(_least(*one, level), _most(*other, level)),
        -_lower(_least(*other, level), _most(*one, level)),
    )


def _lower(one: Share, other: Share) -> float:
    return one.middle - other.middle - sqrt((one.middle - one.low) ** 2 + (other.high - other.middle) ** 2)
