"""One theme, looked at closely: its words, why they are together, where people differ, and what became of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import pairwise

from listening import explain, lineage
from listening.domain import Change, Kind, Title, says_something
from listening.errors import NotFound, Refused
from listening.pipeline.line import Line, signature
from listening.pipeline.views import ThemeView, find_id, themes
from listening.pipeline.writing import readable
from listening.small_numbers import rounded
from listening.store import Executor

LONGEST_TITLE = 120  # characters


@dataclass(frozen=True, slots=True)
class MemberView:
    """One utterance of a theme: the words, who said them and where, and how firmly they belong."""

    id: str
    text: str
    voice: str
    shown: str
    conversation: str
    place: str | None
    held_on: date | None
    strength: float
    placed: bool  # came in after the last full synthesis
    corrected_by: str | None  # who put the words right by ear, if anybody did


@dataclass(frozen=True, slots=True)
class ContrastView:
    """Two utterances to read side by side: they pull apart or, where `ends`, are the least alike of their theme."""

    one: str
    other: str
    ends: bool


@dataclass(frozen=True, slots=True)
class HistoryView:
    """What one synthesis did to one theme."""

    theme: str
    on: datetime
    change: Change
    told: str


@dataclass(frozen=True, slots=True)
class GroupView:
    """People who were heard in one place, with one guide or in one chain, and how many of them are in a theme.

    Counts are to the nearest five; None is fewer than ten.
    """

    by: str  # "place", "guide" or "chain"
    name: str
    heard: int | None
    in_theme: int | None


@dataclass(frozen=True, slots=True)
class WhoIsIn:
    """Which groups of people are in a theme and which are not."""

    groups: list[GroupView]  # of ten people or more, the largest first of each kind
    too_few: int  # groups of fewer, that are not shown


@dataclass(frozen=True, slots=True)
class ThemePage:
    """All there is to see of one theme that has words now."""

    theme: ThemeView
    members: list[MemberView]
    contrasts: list[ContrastView]
    why: list[str]
    history: list[HistoryView]


def theme_page(line: Line, which: str) -> ThemePage:
    """The theme with this id, or with this number in the list of themes (the first is 1).

    :raises NotFound: if there is no such theme, or it is gone; then the message says what became of it.
    """
    theme = _theme(line, which)
    with line.store.reading() as read:
        members = read.rows("theme_members", MemberView, theme_id=theme.id)
        contrasts = read.rows("contrasts_of_theme", ContrastView, theme_id=theme.id)
    facts = explain.ThemeFacts(
        voices=theme.voices,
        utterances=len(members),
        conversations=len({member.conversation for member in members}),
        phrases=[(phrase, _voices_saying(phrase, members)) for phrase in theme.phrases],
        survival=theme.survival,
        loose=sum(member.strength < explain.LOOSE for member in members),
        placed=sum(member.placed for member in members),
    )
    return ThemePage(theme, members, contrasts, explain.why(facts), history(line, theme.id))


def who_is_in(line: Line, theme_id: str) -> WhoIsIn:
    """The places, guides and chains in which people were heard, and how many of them are in this theme, roughly."""
    with line.store.reading() as read:
        groups: list[tuple[str, str, int, int]] = read.rows("groups_in_theme", lambda *row: row, theme_id=theme_id)
    every = [GroupView(by, name, rounded(heard), rounded(within)) for by, name, heard, within in groups]
    shown = [one for one in every if one.heard is not None]
    return WhoIsIn(shown, len(every) - len(shown))


def _theme(line: Line, which: str) -> ThemeView:
    found = themes(line)
    if which.isdecimal():
        if not 1 <= int(which) <= len(found):
            raise NotFound(f"There is no theme number {which}. `listening themes` lists {len(found)}.")
        return found[int(which) - 1]
    with line.store.reading() as read:
        full = find_id(read, which, Kind.THEME)
    now = next((theme for theme in found if theme.id == full), None)
    if now is None:
        told = history(line, full)
        raise NotFound(f"The theme {full} has no words now. {told[-1].told if told else ''}".strip())
    return now


def _voices_saying(phrase: str, members: Sequence[MemberView]) -> int:
    return len({member.voice for member in members if phrase.casefold() in member.text.casefold()})


# --- history ----------------------------------------------------------------------------------------------------------

Sizes = Mapping[str, tuple[int, int]]
"""Voices and utterances of each theme in one run."""


def history(line: Line, theme_id: str) -> list[HistoryView]:
    """What every synthesis did to one theme, oldest first, from when it was new to when it was gone."""
    return [happened for happened in _all_history(line) if happened.theme == theme_id]


def changes(line: Line) -> list[HistoryView]:
    """What the latest synthesis did to every theme; those that merely went on are left out."""
    told = _all_history(line)
    last = max((one.on for one in told), default=None)
    return [one for one in told if one.on == last and one.change is not Change.CONTINUED]


def _all_history(line: Line) -> list[HistoryView]:
    with line.store.reading() as read:
        runs: list[tuple[str, datetime]] = read.rows("syntheses", lambda *row: row)
        sizes, moves = _sizes(read), _moves(read)
        names = dict(read.rows("theme_names", lambda *row: row))
    told: list[HistoryView] = []
    for (before, _), (now, on) in pairwise([("", datetime.min.replace(tzinfo=UTC)), *runs]):
        for event in lineage.events(_utterances(sizes[before]), _utterances(sizes[now]), moves[now]):
            voices = sizes[before].get(event.theme, (0, 0))[0], sizes[now].get(event.theme, (0, 0))[0]
            sentence = explain.happened(event, names, voices, gone=event.theme not in sizes[now])
            told.append(HistoryView(event.theme, on, event.change, sentence))
    return told


def _utterances(sizes: Sizes) -> dict[str, int]:
    return {theme: utterances for theme, (_, utterances) in sizes.items()}


def _sizes(read: Executor) -> Mapping[str, Sizes]:
    sizes: dict[str, dict[str, tuple[int, int]]] = defaultdict(dict)
    for run, theme, voices, utterances in read.rows("theme_sizes", lambda *row: row):
        sizes[run][theme] = voices, utterances
    return sizes


def _moves(read: Executor) -> Mapping[str, lineage.Moves]:
    moves: dict[str, dict[tuple[str | None, str | None], int]] = defaultdict(dict)
    for run, origin, target, utterances in read.rows("theme_moves", lambda *row: row):
        moves[run][origin, target] = utterances
    return moves


# --- titles -----------------------------------------------------------------------------------------------------------


def give_title(line: Line, which: str, text: str | None, by: str | None = None) -> Title:
    """Give a theme a working title of a person's own, signed and dated; with no text, take it away.

    The theme keeps its name in people's own words beside it.

    :raises Refused: if the title is empty or longer than LONGEST_TITLE.
    :raises NotFound: if there is no such theme, or it is gone.
    """
    if text is not None and not (says_something(text) and len(text.strip()) <= LONGEST_TITLE):
        raise Refused(
            f"A title has 1 to {LONGEST_TITLE} letters. Shorten it, and leave the rest to people's own words."
        )
    theme = _theme(line, which)
    title = Title(theme.id, text and readable(" ".join(text.split())), signature(line, by), datetime.now(UTC))
    with line.store.writing() as write:
        write.insert("title", [title])
    return title
