"""What becomes of a decision: who sees to it, its steps, how it goes. Each line is signed and dated, none changed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from itertools import groupby

from listening.domain import Decision, Kind, Milestone, Owner, ProgressNote, Told, new_id, says_something
from listening.errors import NotFound, Refused
from listening.pipeline.line import Line, signature
from listening.pipeline.views import find_id
from listening.pipeline.writing import LONGEST_NAME, day_gone, day_to_come, readable
from listening.store import Executor

STILL_NEW = timedelta(hours=1)  # what somebody is shown stays marked as new for a visit


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a decision's book: when, by whom, and what, in a sentence around the words that were written."""

    at: datetime
    signed: str
    what: str  # such as "see to it", "step done", "progress"
    text: str
    day: date | None


@dataclass(frozen=True, slots=True)
class FollowUp:
    """How it stands with one decision now, and every line that was ever written about it, oldest first."""

    owner: str | None = None
    milestones: tuple[Milestone, ...] = ()  # as they are now, the first due first
    notes: tuple[ProgressNote, ...] = ()  # oldest first
    entries: tuple[Entry, ...] = field(default=())

    @property
    def changed_at(self) -> datetime | None:
        """When the last line was written; None if there is none."""
        return self.entries[-1].at if self.entries else None


NOTHING_YET = FollowUp()


# --- write ------------------------------------------------------------------------------------------------------------


def set_owner(line: Line, decision: str, owner: str, by: str | None = None) -> Owner:
    """Say who sees to a decision, signed. Who did before stays in its history.

    :raises NotFound: if there is no such decision.
    :raises Refused: if no name is given.
    """
    now, signed = datetime.now(UTC), signature(line, by)
    with line.store.writing() as write:
        found = new_owner(find_id(write, decision, Kind.DECISION), owner, signed, now)
        write.insert("owner", [found])
    return found


def new_owner(decision_id: str, owner: str, signed: str, now: datetime) -> Owner:
    """The row that says who sees to a decision."""
    if not says_something(owner):
        raise Refused("Say who sees to it: a name that people can ask for.")
    return Owner(decision_id, readable(owner, LONGEST_NAME), signed, now)


def add_milestone(line: Line, decision: str, text: str, due_on: date, by: str | None = None) -> Milestone:
    """Add a step: what will be done, and by when; signed.

    :raises NotFound: if there is no such decision.
    :raises Refused: if it says nothing, or the day is not within reason.
    """
    now, signed = datetime.now(UTC), signature(line, by)
    with line.store.writing() as write:
        found = new_milestone(find_id(write, decision, Kind.DECISION), text, due_on, signed, now)
        write.insert("milestone", [found])
    return found


def new_milestone(decision_id: str, text: str, due_on: date, signed: str, now: datetime) -> Milestone:
    """The row of a new step."""
    if not says_something(text):
        raise Refused("Say what the step is, in a few words.")
    due_on = day_to_come(due_on, "The day of the step")
    return Milestone(new_id(Kind.MILESTONE), decision_id, readable(text), due_on, None, signed, now)


def milestone_done(line: Line, milestone: str, on: date | None = None, by: str | None = None) -> Milestone:
    """Say that a step is done, today or on the day given.

    :raises NotFound: if there is no such step.
    :raises Refused: if it is done already, or the day is not within reason.
    """
    day = day_gone(on or datetime.now(UTC).date(), "The day it was done")
    return _change(line, milestone, by, done_on=day)


def move_milestone(line: Line, milestone: str, due_on: date, by: str | None = None) -> Milestone:
    """Give a step another day, or open one again that was said to be done. The day before stays in its history.

    :raises NotFound: if there is no such step.
    :raises Refused: if the day is not within reason.
    """
    return _change(line, milestone, by, due_on=day_to_come(due_on, "The day of the step"))


def _change(
    line: Line, milestone: str, by: str | None, *, due_on: date | None = None, done_on: date | None = None
) -> Milestone:
    signed, now = signature(line, by), datetime.now(UTC)
    with line.store.writing() as write:
        before = write.rows("milestones", Milestone, id=find_id(write, milestone, Kind.MILESTONE))[-1]
        if done_on and before.done_on:
            raise Refused("That step is done already.")
        found = replace(before, due_on=due_on or before.due_on, done_on=done_on, signed=signed, written_at=now)
        write.insert("milestone", [found])
    return found


def note_progress(
    line: Line, decision: str, text: str, look_again_on: date | None = None, by: str | None = None
) -> ProgressNote:
    """Write down how it goes with a decision, signed; with a day, that is when it is looked at again from now on.

    :raises NotFound: if there is no such decision.
    :raises Refused: if it says nothing, or the day is not within reason.
    """
    if not says_something(text):
        raise Refused("Say how it goes, in a sentence that the people it answers can read.")
    day = day_to_come(look_again_on, "The day to look again") if look_again_on else None
    signed, now = signature(line, by), datetime.now(UTC)
    with line.store.writing() as write:
        found = ProgressNote(find_id(write, decision, Kind.DECISION), readable(text), day, signed, now)
        write.insert("progress_note", [found])
    return found


# --- read -------------------------------------------------------------------------------------------------------------


def follow_ups(line: Line, decision: str | None = None) -> dict[str, FollowUp]:
    """How it stands with every decision that something was written about, or with the one with this id."""
    with line.store.reading() as read:
        return read_follow_ups(read, decision)


def read_follow_ups(read: Executor, decision: str | None = None) -> dict[str, FollowUp]:
    """The same over an open reading."""
    owners = read.rows("owners", Owner, id=decision)
    steps = read.rows("milestones", Milestone, id=decision)
    notes = read.rows("progress_notes", ProgressNote, id=decision)
    of = {row.decision_id for row in owners} | {row.decision_id for row in steps} | {row.decision_id for row in notes}
    return {
        one: _follow_up(
            [row for row in owners if row.decision_id == one],
            [row for row in steps if row.decision_id == one],
            [row for row in notes if row.decision_id == one],
        )
        for one in of
    }


def _follow_up(owners: Sequence[Owner], steps: Sequence[Milestone], notes: Sequence[ProgressNote]) -> FollowUp:
    now = {one.id: one for one in steps}
    entries = [
        *(Entry(one.written_at, one.signed, "sees to it", one.owner, None) for one in owners),
        *_step_entries(steps),
        *(Entry(one.written_at, one.signed, "how it goes", one.text, one.look_again_on) for one in notes),
    ]
    return FollowUp(
        owner=owners[-1].owner if owners else None,
        milestones=tuple(sorted(now.values(), key=lambda one: (one.due_on, one.text))),
        notes=tuple(notes),
        entries=tuple(sorted(entries, key=lambda one: one.at)),
    )


def _step_entries(steps: Iterable[Milestone]) -> Iterable[Entry]:
    """A line for each time a step was set or changed."""
    for _, changes in groupby(sorted(steps, key=lambda one: (one.id, one.written_at)), key=lambda one: one.id):
        before: Milestone | None = None
        for one in changes:
            what, day = _what_changed(before, one)
            yield Entry(one.written_at, one.signed, what, one.text, day)
            before = one


def _what_changed(before: Milestone | None, now: Milestone) -> tuple[str, date]:
    if before is None:
        return "new step, by", now.due_on
    if now.done_on:
        return "step done on", now.done_on
    return "step opened again, by" if before.done_on else "step moved to", now.due_on


# --- telling ----------------------------------------------------------------------------------------------------------


def news_for(read: Executor, voice_id: str, decided: Iterable[Decision]) -> dict[str, datetime]:
    """The decisions of these that this voice has not been shown as they now stand, and since when they stand so.

    What was shown less than STILL_NEW ago still counts as new: the page may be loaded again.
    """
    return _news(read, voice_id, decided, datetime.now(UTC) - STILL_NEW)


def _news(read: Executor, voice_id: str, decided: Iterable[Decision], before: datetime) -> dict[str, datetime]:
    following = read_follow_ups(read)
    shown: dict[str, datetime] = dict(read.rows("told_to_voice", lambda *row: row, voice_id=voice_id, before=before))
    stands = {one.id: following.get(one.id, NOTHING_YET).changed_at or one.decided_at for one in decided}
    return {one: at for one, at in stands.items() if one not in shown or shown[one] < at}


def tell(line: Line, voice: str, decided: Sequence[Decision]) -> None:
    """Keep that this voice was shown these decisions as they now stand. What it was shown before is not kept twice.

    :raises NotFound: if there is no such voice.
    """
    now = datetime.now(UTC)
    with line.store.reading() as read:
        voice_id = find_id(read, voice, Kind.VOICE)
        new = _news(read, voice_id, decided, now)
    if new:
        with line.store.writing() as write:
            write.insert("told", [Told(voice_id, one, as_of, now) for one, as_of in new.items()])


def told_counts(line: Line) -> dict[str, int]:
    """For every decision, how many voices have been shown it as it stands now; those with none are left out."""
    with line.store.reading() as read:
        return dict(read.rows("told_counts", lambda *row: row))


def decision_with(line: Line, which: str) -> Decision:
    """The decision with this id, or whose id begins so.

    :raises NotFound: if there is none.
    """
    with line.store.reading() as read:
        found = read.rows("decisions", Decision, id=find_id(read, which, Kind.DECISION))
    if not found:
        raise NotFound(f"There is no decision here with the id {which}.")
    return found[0]
