"""How it goes with a decision: who sees to it, its steps, notes; everything signed, and the whole history readable."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

from dashboards import reading
from dashboards.door import Asked
from dashboards.pages import Goto, Page
from dashboards.wording import Suggestion, suggestions
from listening import pipeline
from listening.domain import Decision
from listening.errors import ListeningError, NotFound, Refused
from listening.pipeline import FollowUp

FIELDS = ("owner", "step", "due", "note", "look")


@dataclass(frozen=True)
class KeepingWord(Page, template="leadership/keeping_word.html"):
    """One decision's book: what stands, what can be written, and every line that was."""

    decision: Decision
    following: FollowUp
    told: int
    voices: int
    typed: Mapping[str, str]
    what: str
    problem: str
    suggestions: tuple[Suggestion, ...]
    today: date


def book(asked: Asked) -> KeepingWord:
    """The page on which a decision's book is kept."""
    return _book(asked, {}, "")


def _book(
    asked: Asked, typed: Mapping[str, str], what: str, problem: str = "", thoughts: tuple[Suggestion, ...] = ()
) -> KeepingWord:
    decision = reading.decisions(asked).get(asked.path["id"])
    if decision is None:
        raise NotFound("There is no such decision here.")
    return KeepingWord(
        decision=decision,
        following=reading.following(asked).get(decision.id, pipeline.NOTHING_YET),
        told=reading.told_counts(asked).get(decision.id, 0),
        voices=reading.decision_counts(asked).get(decision.id, (0, 0))[0],
        typed={name: typed.get(name, "") for name in FIELDS},
        what=what,
        problem=problem,
        suggestions=thoughts,
        today=datetime.now(UTC).date(),
    )


def write(asked: Asked) -> KeepingWord | Goto:
    """Write a line into a decision's book. What cannot be written stays on the page with its reason."""
    typed = {name: asked.text(name) for name in FIELDS}
    what = asked.text("what")
    thoughts = suggestions(typed["owner"], typed["step"], typed["note"])
    if thoughts and not asked.text("as_written"):
        return _book(asked, typed, what, thoughts=thoughts)
    try:
        _WRITE[what](asked, typed)
    except KeyError:
        return _book(asked, typed, what, "Choose what to write down.")
    except ListeningError as error:
        return _book(asked, typed, what, str(error))
    return Goto(f"/decisions/{asked.path['id']}/progress?done=kept")


def _by(asked: Asked) -> str:
    assert asked.who is not None  # noqa: S101  the door lets nobody else in
    return asked.who.name


def _day(typed: str) -> date:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        raise Refused("Say on which day. Write it like 2026-12-01.") from None


def _owner(asked: Asked, typed: Mapping[str, str]) -> None:
    pipeline.set_owner(asked.line, asked.path["id"], typed["owner"], _by(asked))


def _step(asked: Asked, typed: Mapping[str, str]) -> None:
    pipeline.add_milestone(asked.line, asked.path["id"], typed["step"], _day(typed["due"]), _by(asked))


def _done(asked: Asked, typed: Mapping[str, str]) -> None:
    on = _day(typed["due"]) if typed["due"] else None
    pipeline.milestone_done(asked.line, _own_step(asked), on, _by(asked))


def _move(asked: Asked, typed: Mapping[str, str]) -> None:
    pipeline.move_milestone(asked.line, _own_step(asked), _day(typed["due"]), _by(asked))


def _own_step(asked: Asked) -> str:
    """The step that is meant; it belongs to this decision."""
    known = reading.following(asked).get(asked.path["id"], pipeline.NOTHING_YET).milestones
    which = asked.text("which")
    if which not in {one.id for one in known}:
        raise NotFound("There is no such step of this decision.")
    return which


def _note(asked: Asked, typed: Mapping[str, str]) -> None:
    look = _day(typed["look"]) if typed["look"] else None
    pipeline.note_progress(asked.line, asked.path["id"], typed["note"], look, _by(asked))


_WRITE: dict[str, Callable[[Asked, Mapping[str, str]], None]] = {
    "owner": _owner,
    "step": _step,
    "done": _done,
    "move": _move,
    "note": _note,
}
