"""How the inquiry and the empty chair look in a terminal."""

from __future__ import annotations

from collections.abc import Iterable

from listening.domain import PlannedConversation
from listening.paint import heading, out
from listening.pipeline import OUTCOMES, AskedFirstView, ChairView, EmptyChair, GroupOfPeople, InquiryView
from listening.questions import Question

FEW = "too few to show"


def say(text: str) -> None:
    """A sentence, just as it is."""
    out.print(text, markup=False)


def kept() -> None:
    """Something was written down."""
    say("Kept.")


def _count(number: int | None) -> str:
    return FEW if number is None else f"about {number:,}"


def inquiry(found: InquiryView) -> None:
    """What is asked, and both groups."""
    heading(found.inquiry.question)
    if found.inquiry.area:
        say(f"In {found.inquiry.area}")
    for group in found.groups:
        _group(group)


def _group(group: AskedFirstView) -> None:
    say("")
    heading(group.words)
    say(f"Heard: {_count(group.heard)}. Conversations held: {group.held} of {len(group.planned)} planned.")
    for one in group.planned:
        say(f"  {one.id}  {one.with_whom}, {one.planned_for or 'no day yet'}: {one.state.replace('-', ' ')}")


def planned(found: PlannedConversation) -> None:
    """A conversation that is planned now."""
    say(f"Planned. When it was held: listening inquiry held {found.id}")


def questions(found: Iterable[Question]) -> None:
    """The questions about people, with their answers."""
    for one in found:
        heading(f"{one.id}  {one.asks}")
        for name, words in one.answers.items():
            say(f"  {name}: {words}")


def chair(found: EmptyChair) -> None:
    """Who was heard and who was not."""
    if not found.questions:
        say("Nothing is asked about people yet. See `listening chair questions`, then `listening inquiry set --ask`.")
    for one in found.questions:
        _question(one)
    if found.silent:
        heading("Places where nobody was heard")
        say(", ".join(found.silent))
    if found.questions:
        heading("Are some people's words acted on less?")
        for sentence in found.acted_on_less:
            say(f"{sentence}.")
        if not found.acted_on_less:
            say("No difference that chance cannot explain. With few people, a difference may not be seen.")


def _question(one: ChairView) -> None:
    heading(one.asks)
    for group in one.groups:
        say(f"{group.words}: heard {_count(group.heard)}{_shares(group)}")
        say("  " + ", ".join(f"{OUTCOMES[each.outcome]}: {_count(each.count)}" for each in group.outcomes))
    say(f"No answer: {_count(one.no_answer)}")


def _shares(group: GroupOfPeople) -> str:
    heard = (
        f", {group.share.low:.0%} to {group.share.high:.0%} of those who answered"
        if group.share and group.heard
        else ""
    )
    area = "" if group.area is None else f", {group.area:.0%} of the area"
    return f"{heard}{area}{f': {group.told} than live there' if group.told else ''}"
