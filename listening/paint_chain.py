"""How a food conversation chain looks in a terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from rich.markdown import Markdown
from rich.padding import Padding
from rich.text import Text

from listening.chains import STATES, Link
from listening.domain import FoodChain, Step
from listening.paint import heading, out
from listening.pipeline import ChainLinkView, ChainView, Invited, PlanView
from listening.plan import Signed

NEXT = {
    Step.INVITED: "When they say yes: listening chain agree {link}",
    Step.AGREED: "When the two have talked: listening chain talked {link}",
    Step.TALKED: "Bring in what was said: listening chain record {link} FILE",
    Step.RECORDED: "Do they go on? listening chain go-on {link}, or: listening chain rest {link}",
    Step.WENT_ON: "The next conversation is theirs to start: listening chain invite {chain} --from HANDLE --to HANDLE",
    Step.RESTED: "That is a good answer too. A chain may end here, or rest for a while.",
}


def _say(text: str) -> None:
    out.print(text, markup=False)


def started(chain: FoodChain, code: str) -> None:
    """A new chain, and the code of whoever starts it."""
    heading(f"The chain {chain.name}")
    _say(chain.aim)
    _say("The code of whoever starts it is shown only now. With it they invite somebody and see their own words:")
    _say(code)


def invited(found: Invited) -> None:
    """An invitation, with the code to hand over."""
    _say(f"{found.other} is invited ({found.link}). The code is shown only now, and works once:")
    _say(found.code)
    _say("Write it on the slip that `listening guides chain_slip` shows, and hand it to them.")


def stepped(link: Link) -> None:
    """Where a link stands now, and what comes next."""
    _say(f"The link {link.id}: {STATES[link.state]}.")
    _say(NEXT[link.state].format(link=link.id, chain=link.chain))


def contact(text: str) -> None:
    """How to reach somebody, this once."""
    _say(text)
    _say("This is deleted here now. Use it for this one conversation, then forget it.")


def offered(found: Mapping[str, object]) -> None:
    """Words that are an offer now, or no more."""
    _say(f"{found['utterance']} is {'an offer' if found['offer'] else 'no offer'} now.")


def signed(found: Signed) -> None:
    """How many have signed."""
    before = f" {found.before} more signed it as it stood before." if found.before else ""
    _say(f"Signed by {found.now} of {found.people} people.{before}")


def chains(found: Sequence[ChainView]) -> None:
    """Every chain in a line."""
    for one in found:
        quiet = f", {one.quiet} gone quiet" if one.quiet else ""
        _say(f"{one.name}  {one.people} people, {one.depth} deep, {one.open} open{quiet}  ({one.id})")
        _say(f"  {one.aim}")
    if not found:
        _say('There is no chain yet. Start one: listening chain start NAME --voice HANDLE --aim "..."')


def chain(found: ChainView) -> None:
    """One chain: its links as they grew, how far it has come, and where it has not."""
    heading(found.name)
    _say(found.aim)
    _say(f"{found.people} people, {found.talks} conversations, {found.depth} deep, {found.branches} with branches.")
    out.print()
    _say(f"{found.starter_shown} started it on {found.started_on}")
    for link in found.links:
        out.print(Padding(_link(link), (0, 0, 0, 2 * (link.stem + 1))))
        if link.quiet:
            out.print(Padding(Text(link.quiet, style="dim"), (0, 0, 0, 2 * (link.stem + 2))))
    if found.may_start:
        _say(f"May start the next conversation: {', '.join(handle for _, handle in found.may_start)}")
    if found.silent_places:
        _say(f"Not reached yet: {', '.join(found.silent_places)}")


def _link(link: ChainLinkView) -> Text:
    day = max(link.steps.values())
    line = Text(f"{link.initiator_shown} → {link.other_shown}  {STATES[link.state]}, {day}")
    if link.place:
        line.append(f", {link.place}")
    line.append(f"  ({link.id})", style="dim")
    return line


def plan(found: PlanView, written: Sequence[Path]) -> None:
    """The plan, and who has signed it."""
    if not written:
        out.print(Markdown(found.markdown))
    for file in written:
        _say(f"Written to {file}.")
    signed(found.signed)
    waiting = [one.shown for one in found.signatures if not one.as_it_stands]
    if waiting:
        _say(f"Not signed as it stands: {', '.join(waiting)}")
