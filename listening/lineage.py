"""Themes over time: which theme of the last run a cluster of this run continues, and what became of the others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from listening.domain import Change, Event

LIKE_ENOUGH = 0.25
"""The least Jaccard overlap, 0 to 1, at which a cluster continues a theme; a shuffle of the rest stays below it."""

PART = 0.25
"""The least share of a theme's words that counts as a part of it when they are now in another theme."""

MOST = 0.5
"""The least share of a theme's words that must now be in one other theme to say that it went into it."""

FEWEST = 2
"""The fewest utterances that count as a part of a theme."""

Moves = Mapping[tuple[str | None, str | None], int]
"""How many utterances that both runs knew went from which theme to which; None is on its own."""


def match(
    earlier: Mapping[str, frozenset[str]],
    now: Sequence[frozenset[str]],
    *,
    known: frozenset[str] | None = None,
) -> list[str | None]:
    """For each present cluster, the id of the earlier theme it continues, or None if it is new.

    `earlier` maps theme ids to their utterance ids, `now` holds the utterance ids of each present cluster. No theme is
    continued twice; together the pairs overlap as much as they can (Hungarian matching). `known` are the utterances
    that both runs knew, in themes or on their own: given those, only they count, so that a theme which merely grew by
    new words, or shrank because words were withdrawn, stays the same theme. The order of neither argument matters.
    """
    from scipy.optimize import linear_sum_assignment

    themes = sorted(earlier)
    order = sorted(range(len(now)), key=lambda index: sorted(now[index]))
    likeness = np.array([[_jaccard(earlier[theme], now[index], known) for index in order] for theme in themes])
    likeness = np.where(likeness < LIKE_ENOUGH, 0.0, likeness).reshape(len(themes), len(order))
    continues: list[str | None] = [None] * len(now)
    for theme, column in zip(*linear_sum_assignment(likeness, maximize=True), strict=True):
        if likeness[theme, column] > 0:
            continues[order[column]] = themes[theme]
    return continues


def _jaccard(left: frozenset[str], right: frozenset[str], known: frozenset[str] | None) -> float:
    """Shared by both, as a share of all in either; 0 where there is nothing to share."""
    if known is not None:
        left, right = left & known, right & known
    shared = len(left & right)
    return shared / (len(left) + len(right) - shared) if shared else 0.0


def moves(earlier: Mapping[str, str | None], now: Mapping[str, str | None]) -> Counter[tuple[str | None, str | None]]:
    """Where the utterances that both runs knew went: each maps utterance ids to theme ids, or None for on its own."""
    return Counter((earlier[utterance], theme) for utterance, theme in now.items() if utterance in earlier)


# --- what became of each theme ----------------------------------------------------------------------------------------


def events(before: Mapping[str, int], now: Mapping[str, int], moved: Moves) -> list[Event]:
    """What happened to every theme between two runs, in order of their ids.

    `before` and `now` are the sizes of the themes there were and are, in utterances; `moved` is what `moves` counts.
    A theme that both grew and took in another has an event for each.
    """
    flows = _Flows(moved)
    found: list[Event] = []
    for theme in sorted(now):
        found += _present(theme, before, now, flows)
    for theme in sorted(set(before) - set(now)):
        found.append(_gone(theme, now, flows))
    return found


@dataclass(frozen=True, slots=True)
class _Flows:
    """Counts of moved utterances, and what counts as a part of a theme or most of it."""

    moved: Moves

    def all_from(self, theme: str) -> int:
        """How many utterances of a theme both runs knew."""
        return sum(count for (origin, _), count in self.moved.items() if origin == theme)

    def is_share(self, origin: str, target: str, share: float) -> bool:
        """Whether at least this share of a theme's words is now in another."""
        count = self.moved.get((origin, target), 0)
        return count >= min(FEWEST, self.all_from(origin)) and 0 < share * self.all_from(origin) <= count

    def ranked(self, pairs: Iterable[tuple[str, tuple[str, str]]]) -> tuple[tuple[str, int], ...]:
        """Themes with how many utterances moved between each pair, most first."""
        counted = [(theme, self.moved[pair]) for theme, pair in pairs]
        return tuple(sorted(counted, key=lambda one: (-one[1], one[0])))


def _present(theme: str, before: Mapping[str, int], now: Mapping[str, int], flows: _Flows) -> list[Event]:
    if theme not in before:
        origins = flows.ranked((o, (o, theme)) for o in before if flows.is_share(o, theme, PART))
        return [Event(theme, Change.SPLIT, origins) if origins else Event(theme, Change.NEW)]
    took_in = flows.ranked((o, (o, theme)) for o in before if o not in now and flows.is_share(o, theme, MOST))
    parts = flows.ranked((t, (theme, t)) for t in now if t not in before and flows.is_share(theme, t, PART))
    grown = Change.GROWN if now[theme] > before[theme] else Change.CONTINUED
    found = [Event(theme, Change.MERGED, took_in)] if took_in else []
    found += [Event(theme, Change.SPLIT, parts)] if parts else []
    return found or [Event(theme, grown)]


def _gone(theme: str, now: Mapping[str, int], flows: _Flows) -> Event:
    into = flows.ranked((t, (theme, t)) for t in now if flows.is_share(theme, t, MOST))
    parts = flows.ranked((t, (theme, t)) for t in now if flows.is_share(theme, t, PART))
    if into:
        return Event(theme, Change.MERGED, into[:1])
    return Event(theme, Change.SPLIT, parts) if len(parts) > 1 else Event(theme, Change.FADED, parts)
