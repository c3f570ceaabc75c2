"""The inquiry: what is asked, of whom first, which conversations are planned with them, and how many were heard."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

from listening import questions, small_numbers
from listening.domain import (
    AskedFirst,
    AskedFirstEvent,
    Inquiry,
    Kind,
    PlannedConversation,
    PlannedEvent,
    ShownCell,
    new_id,
    says_something,
)
from listening.errors import NotFound, Refused
from listening.pipeline.line import Line, signature
from listening.pipeline.views import find_id
from listening.small_numbers import Shown
from listening.store import Executor

LONGEST = 400  # characters of what is written about an inquiry
NEITHER = "neither"
UNASKED = Inquiry(
    question="What does a good life look like to you, and how could we get there together?",
    area="",
    starts_on=None,
    ends_on=None,
    use_most="People who use us most",
    reached_poorly="People we have not reached yet",
    asks="",
    signed="",
    written_at=datetime.min.replace(tzinfo=UTC),
)
"""The inquiry of a data folder in which nobody has written one down."""


# --- what it is -------------------------------------------------------------------------------------------------------


def inquiry(line: Line) -> Inquiry:
    """What this inquiry is: as somebody wrote it last, or the usual one."""
    with line.store.reading() as read:
        return current(read)


def current(read: Executor) -> Inquiry:
    """The same, within a piece of work."""
    found = read.rows("inquiry", Inquiry)
    return found[0] if found else UNASKED


def set_inquiry(line: Line, *, by: str | None = None, **changes: str | date | None) -> Inquiry:
    """Write down what this inquiry is. What is not named stays as it was.

    :param changes: fields of Inquiry; `asks` holds ids of questions about people, with spaces between.
    :raises Refused: if a text says nothing or is too long, a question is not known, or it ends before it starts.
    """
    signed = signature(line, by)
    with line.store.writing() as write:
        # mypy cannot know which field is which
        made = dataclasses.replace(current(write), **changes, signed=signed, written_at=datetime.now(UTC))  # type: ignore[arg-type]
        _check(made)
        write.insert("inquiry", [made])
    return made


def _check(made: Inquiry) -> None:
    for what in (made.question, made.use_most, made.reached_poorly):
        if not says_something(what):
            raise Refused("Write the question, and both groups that are asked first, in words that people can read.")
    if max(map(len, (made.question, made.area, made.use_most, made.reached_poorly))) > LONGEST:
        raise Refused(f"That is longer than {LONGEST} letters. Please say it in fewer words.")
    if made.starts_on and made.ends_on and made.ends_on < made.starts_on:
        raise Refused("The inquiry ends before it starts. Look at the two days again.")
    for one in made.asks.split():
        if one not in questions.known():
            raise Refused(f"There is no question {one}. `listening chair questions` lists those there are.")


# --- who is asked first -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PlannedView:
    """A planned conversation, and whether it was held."""

    id: str
    asked_first: AskedFirst
    with_whom: str
    planned_for: date | None
    state: str  # "planned", "held" or "called-off"


@dataclass(frozen=True, slots=True)
class GroupView:
    """A group that is asked first: what is planned with it, and how many of it were heard, as it may be shown."""

    asked_first: AskedFirst
    words: str
    planned: tuple[PlannedView, ...]
    held: int
    heard: int | None  # None while too few were heard for it to be shown


@dataclass(frozen=True, slots=True)
class InquiryView:
    """The inquiry, with both groups."""

    inquiry: Inquiry
    groups: tuple[GroupView, ...]


def plan_conversation(
    line: Line, group: AskedFirst, with_whom: str, *, on: date | None = None, by: str | None = None
) -> PlannedConversation:
    """Plan a conversation with people of a group.

    :raises Refused: if it is not said with whom.
    """
    if not says_something(with_whom) or len(with_whom) > LONGEST:
        raise Refused("Say in a few words who it is with, for example: the Tuesday lunch club.")
    made = PlannedConversation(
        new_id(Kind.PLANNED), group, with_whom.strip(), on, signature(line, by), datetime.now(UTC)
    )
    with line.store.writing() as write:
        write.insert("planned_conversation", [made])
    return made


def mark_planned(line: Line, planned: str, what: str, by: str | None = None) -> PlannedEvent:
    """Say that a planned conversation was held, or called off.

    :raises NotFound: if no such conversation is planned.
    :raises Refused: if it is neither.
    """
    if what not in ("held", "called-off"):
        raise Refused("A planned conversation was held, or it was called off.")
    made = PlannedEvent(planned, what, signature(line, by), datetime.now(UTC))
    with line.store.writing() as write:
        if planned not in {one.id for one in write.rows("planned", PlannedView)}:
            raise NotFound(f"There is no planned conversation here with the id {planned}.")
        write.insert("planned_event", [made])
    return made


def mark_asked_first(line: Line, which: str, group: AskedFirst | None, by: str | None = None) -> list[str]:
    """Say that a voice, or everyone heard in a conversation, is of a group that is asked first, or of neither.

    :returns: the ids of the voices.
    :raises NotFound: if there is no such voice or conversation.
    """
    signed, now = signature(line, by), datetime.now(UTC)
    with line.store.writing() as write:
        found = find_id(write, which, Kind.VOICE, Kind.CONVERSATION)
        voices = write.values("voices_among", id=found)
        if not voices:
            raise NotFound(f"Nobody's words are in {found}.")
        write.insert("asked_first_event", [AskedFirstEvent(one, group, signed, now) for one in voices])
    return voices


def inquiry_view(line: Line) -> InquiryView:
    """The inquiry, what is planned with each group, and how many of each were heard."""
    with line.store.reading() as read:
        what = current(read)
        planned = read.rows("planned", PlannedView)
        counts = dict.fromkeys([*AskedFirst, NEITHER], 0) | dict(
            read.rows("heard_of_groups", lambda *row: (row[0] or NEITHER, row[1]))
        )
    [shown] = released(line, {"asked-first": counts}).values()
    words = {AskedFirst.USE_MOST: what.use_most, AskedFirst.REACHED_POORLY: what.reached_poorly}
    groups = []
    for group, named in words.items():
        of_it = tuple(one for one in planned if one.asked_first == group)
        held = sum(one.state == "held" for one in of_it)
        groups.append(GroupView(group, named, of_it, held, shown[group]))
    return InquiryView(what, tuple(groups))


# --- showing counts ---------------------------------------------------------------------------------------------------


def rule_of(line: Line) -> small_numbers.Rule:
    """The rule for small numbers that is set."""
    return small_numbers.Rule(line.settings.fewest, line.settings.round_to)


def released(line: Line, tables: Mapping[str, Mapping[str, int]]) -> dict[str, Shown]:
    """These tables as they may be shown now; each sorts every voice with words into one cell.

    What was shown stands until as many people as the rule says have been added, left, or may stand elsewhere since. So
    nobody can see what one person answered by looking before and after.
    """
    rule = rule_of(line)
    with line.store.reading() as read:
        kept: dict[str, list[ShownCell]] = {}
        for cell in read.rows("shown_cells", ShownCell):
            kept.setdefault(cell.name, []).append(cell)
        moved = {when: read.values("moved_since", since=when)[0] for when in _times(kept)}
    shown: dict[str, Shown] = {}
    anew: list[ShownCell] = []
    now = datetime.now(UTC)
    for name, counts in tables.items():
        before, people = kept.get(name, []), sum(counts.values())
        shown[name] = {one.cell: one.count for one in before}
        if _stands(before, counts, moved, rule):
            continue
        shown[name] = small_numbers.release(counts, shown[name], rule)
        anew += [ShownCell(name, cell, count, people, now) for cell, count in shown[name].items()]
    if anew:
        with line.store.writing() as write:
            write.change("forget_shown", names=sorted({one.name for one in anew}))
            write.insert("shown_cell", anew)
    return shown


def _times(kept: Mapping[str, list[ShownCell]]) -> set[datetime]:
    return {cell.shown_at for cells in kept.values() for cell in cells}


def _stands(
    before: list[ShownCell], counts: Mapping[str, int], moved: Mapping[datetime, int], rule: small_numbers.Rule
) -> bool:
    """Whether what was shown before is shown still."""
    if {one.cell for one in before} != set(counts):
        return False
    people = abs(sum(counts.values()) - before[0].people)
    return max(people, moved[before[0].shown_at]) < rule.fewest
