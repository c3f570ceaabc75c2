"""People decide: an action, a refusal with its reason, or "still thinking", always resting on somebody's words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

from listening.domain import Choice, Citation, Decision, Kind, new_id, says_something
from listening.errors import NotFound, Refused
from listening.pipeline.keeping_word import new_milestone, new_owner
from listening.pipeline.line import Line, signature
from listening.pipeline.views import find_id
from listening.pipeline.writing import day_to_come, readable
from listening.store import Executor


def decide(
    line: Line,
    choice: Choice,
    text: str,
    *,
    because: str | None = None,
    utterances: Sequence[str] = (),
    themes: Sequence[str] = (),
    by: str | None = None,
    look_again_on: date | None = None,
    challenge: str | None = None,
    owner: str | None = None,
    milestones: Sequence[tuple[str, date]] = (),
) -> Decision:
    """Record what people decided, signed, resting on the utterances and themes it cites.

    :param owner: who sees to it.
    :param milestones: its steps: what, and by when.
    :raises Refused: if it cites nothing, says nothing, refuses without a reason, or a day is not within reason.
    :raises NotFound: if something it cites is not here.
    """
    _check(choice, text, because, utterances, themes)
    now = datetime.now(UTC)
    settings = line.settings
    decision = Decision(
        id=new_id(Kind.DECISION),
        choice=choice,
        text=readable(text),
        because=readable(because) if because else because,
        decided_by=signature(line, by),
        decided_at=now,
        look_again_on=day_to_come(look_again_on, "The day to look again")
        if look_again_on
        else now.date() + timedelta(days=settings.look_again_after_days),
        challenge=readable(challenge) if challenge and says_something(challenge) else settings.challenge,
    )
    owners = [new_owner(decision.id, owner, decision.decided_by, now)] if owner else []
    steps = [new_milestone(decision.id, what, day, decision.decided_by, now) for what, day in milestones]
    with line.store.writing() as write:
        cited = [find_id(write, one, Kind.UTTERANCE) for one in utterances]
        for one in cited:
            _check_not_held(write, one)
        clusters = [_cluster_of(write, find_id(write, one, Kind.THEME)) for one in themes]
        cited += [one for cluster in clusters for one in write.values("placed_in_cluster", cluster_id=cluster)]
        write.insert("decision", [decision])
        write.insert("owner", owners)
        write.insert("milestone", steps)
        write.insert("citation", [Citation(decision.id, utterance, None) for utterance in dict.fromkeys(cited)])
        write.insert("citation", [Citation(decision.id, None, cluster) for cluster in dict.fromkeys(clusters)])
    return decision


def _check(choice: Choice, text: str, because: str | None, utterances: Sequence[str], themes: Sequence[str]) -> None:
    if not says_something(text):
        raise Refused("Say what was decided, in a sentence that the people it answers can read.")
    if choice is Choice.CANNOT and not says_something(because or ""):
        raise Refused('A refusal needs its reason. Say why it cannot be done: --because "...".')
    if not utterances and not themes:
        raise Refused(
            "A decision must rest on somebody's words. Name at least one: --utterance ID, or --theme ID. "
            "`listening themes` lists them."
        )


def _check_not_held(write: Executor, utterance_id: str) -> None:
    if write.values("kept_out_because", utterance_id=utterance_id):
        raise Refused(
            f"The utterance {utterance_id} is held back or withdrawn, so nothing can rest on it. Choose other words."
        )


def _cluster_of(write: Executor, theme_id: str) -> str:
    clusters: list[str] = write.values("cluster_of_theme", theme_id=theme_id)
    if not clusters:
        raise NotFound(
            f"The theme {theme_id} has no words now. `listening theme {theme_id}` says what became of it. "
            "Cite the words themselves with --utterance, or the theme they are in now."
        )
    return clusters[0]
