"""Food conversation chains: which step a link may take, who may start the next one, and what shape the chain has.

Pure rules. A chain is a tree: whoever starts it is its root, each link leads from whoever starts a conversation to the
person it is with, and that person, if they go on, starts the next.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from listening.domain import Kind, LinkEvent, Step, id_from
from listening.errors import Refused

QUIET_DAYS = 14  # a link that waited this long has gone quiet
NOTES = "the notes"  # who signs what follows from a conversation that says which link it is

STATES: Mapping[Step, str] = {
    Step.INVITED: "invited",
    Step.AGREED: "said yes",
    Step.TALKED: "talked",
    Step.RECORDED: "recorded",
    Step.WENT_ON: "went on",
    Step.RESTED: "rests",
}
"""What to call the state of a link."""

_BEFORE: Mapping[Step, Step] = {
    Step.REMINDED: Step.INVITED,
    Step.AGREED: Step.INVITED,
    Step.TALKED: Step.AGREED,
    Step.RECORDED: Step.TALKED,
    Step.WENT_ON: Step.TALKED,
    Step.RESTED: Step.INVITED,
}
_FIRST = {
    Step.INVITED: "Nobody is invited yet.",
    Step.AGREED: "They have not said yes yet. Wait for their yes, or write it down first.",
    Step.TALKED: "The conversation has not taken place yet. Say first that you have talked.",
}
_ALREADY = {
    Step.REMINDED: "One more message was sent already. Let it be: a chain may rest.",
    Step.AGREED: "They have said yes already.",
    Step.TALKED: "It is written down already that you talked.",
    Step.WENT_ON: "They go on already.",
    Step.RESTED: "This link rests already.",
}
_OVER = "This link ended before a conversation took place. Invite somebody anew."


@dataclass(frozen=True, slots=True)
class Link:
    """One link, with all that happened to it, in order. The first event is the invitation."""

    id: str
    chain: str
    initiator: str  # voice ids
    other: str
    events: tuple[LinkEvent, ...]

    @property
    def steps(self) -> frozenset[Step]:
        """What has happened so far."""
        return frozenset(Step(event.step) for event in self.events)

    @property
    def state(self) -> Step:
        """Where it stands: what the other person chose, if they have, else how far it has come."""
        chosen = [Step(event.step) for event in self.events if event.step in (Step.WENT_ON, Step.RESTED)]
        if chosen:
            return chosen[-1]
        return next(step for step in (Step.RECORDED, Step.TALKED, Step.AGREED, Step.INVITED) if step in self.steps)

    @property
    def is_open(self) -> bool:
        """Whether something is still to come: neither gone on nor at rest."""
        return self.state not in (Step.WENT_ON, Step.RESTED)

    @property
    def reached(self) -> bool:
        """Whether the two have talked."""
        return Step.TALKED in self.steps

    @property
    def last(self) -> datetime:
        """When something happened last."""
        return self.events[-1].happened_at

    def on(self, step: Step) -> datetime | None:
        """When this step was taken first, if it was."""
        return next((event.happened_at for event in self.events if event.step == step), None)

    def after(self, event: LinkEvent) -> Link:
        """The link with one more thing happened; raises Refused where that cannot be."""
        check_step(self, Step(event.step))
        return replace(self, events=(*self.events, event))


# --- which steps may be taken -----------------------------------------------------------------------------------------


def check_step(link: Link, step: Step) -> None:
    """:raises Refused: if this link cannot take this step now; the sentence says why and what to do."""
    if step is Step.INVITED:
        raise Refused("They are invited already.")
    if link.state is Step.RESTED and not link.reached and step is not Step.RESTED:
        raise Refused(_OVER)
    if _BEFORE[step] not in link.steps:
        raise Refused(_FIRST[_BEFORE[step]])
    if step in (Step.WENT_ON, Step.RESTED):
        again = link.state is step
    else:
        again = step in link.steps and step is not Step.RECORDED  # there may be notes and a recording
    if again:
        raise Refused(_ALREADY[step])
    if step is Step.REMINDED and link.reached:
        raise Refused("You have talked already. There is nobody to remind.")


def check_invite(links: Sequence[Link], everywhere: Sequence[Link], starter: str, initiator: str, other: str) -> None:
    """See whether one voice may invite another in a chain; `everywhere` are the links of all chains.

    :raises Refused: with the reason and what to do.
    """
    if initiator == other:
        raise Refused("Nobody can invite themselves. Say who else it is.")
    if initiator not in may_start(links, starter):
        raise Refused("Only whoever started the chain, or went on, can start the next conversation.")
    if waiting := [link for link in everywhere if link.is_open and link.initiator == initiator]:
        raise Refused(
            f"There is a conversation that is not finished yet ({waiting[0].id}). "
            "Finish it first, or let it rest: one person at a time."
        )
    if other == starter or any(link.other == other and _counts(link) for link in links):
        raise Refused("This person is in the chain already. Ask somebody who is not.")
    if any(link.is_open and link.other == other for link in everywhere):
        raise Refused("Somebody else has invited this person. Wait until they have talked.")


def may_start(links: Sequence[Link], starter: str) -> frozenset[str]:
    """The voices that may start a conversation: whoever started the chain, and those who went on."""
    return frozenset({starter} | {link.other for link in links if link.state is Step.WENT_ON})


def _counts(link: Link) -> bool:
    """Whether this link holds its place in the tree: it is open, or the two have talked."""
    return link.is_open or link.reached


# --- links that conversations tell of ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ToldConversation:
    """A conversation that says which chain it belongs to, and the voices that speak in it, who spoke first before."""

    id: str
    source: str
    chain: str  # the name of the chain
    number: int | None
    happened_at: datetime
    place: str | None
    voices: Sequence[str]


def with_told(chain_id: str, kept: Sequence[Link], told: Sequence[ToldConversation]) -> list[Link]:
    """The links that were kept, and those that follow from conversations which nobody tied to a link.

    A conversation of two who have a link already is a recording of that link. Otherwise whoever was in the chain
    before starts it, and each person who is new in it is a link. One who starts a later conversation has gone on.
    """
    ours = {_told_id(one, place) for one in told for place in range(len(one.voices))}
    adopted = {link.id: link for link in kept if link.id in ours}
    links = {link.id: link for link in kept if link.id not in ours}
    tied = {event.source_id for link in links.values() for event in link.events if event.source_id}
    for one in sorted(told, key=lambda one: (one.number is None, one.number or 0, one.happened_at, one.id)):
        if one.source in tied:
            continue
        between = [link for link in links.values() if {link.initiator, link.other} <= set(one.voices)]
        found = [_recorded(link, one) for link in between] or _new_links(chain_id, one, list(links.values()))
        for link in found:
            links[link.id] = adopted.pop(link.id, link)
            _go_on(links, link)
    return [*links.values(), *adopted.values()]


def _told_id(one: ToldConversation, place: int) -> str:
    """The id of a link that a conversation tells of; it stays when a speaker is named."""
    return id_from(Kind.LINK, one.id, place)


def _new_links(chain_id: str, one: ToldConversation, links: Sequence[Link]) -> list[Link]:
    known = {voice for link in links for voice in (link.initiator, link.other)}
    last = [link.other for link in reversed(links)]
    started = next((voice for voice in last if voice in one.voices), None)
    initiator = started or next((voice for voice in one.voices if voice in known), None)
    if initiator is None and len(one.voices) > 1:
        initiator = one.voices[0]
    others = [voice for voice in one.voices if initiator and voice != initiator and voice not in known]
    return [
        _recorded(Link(_told_id(one, place), chain_id, str(initiator), other, ()), one)
        for place, other in enumerate(others)
    ]


def _recorded(link: Link, one: ToldConversation) -> Link:
    """The link with all steps that a conversation proves."""
    at = max([one.happened_at, *(event.happened_at for event in link.events)])
    steps = [step for step in (Step.INVITED, Step.AGREED, Step.TALKED) if step not in link.steps]
    events = [LinkEvent(link.id, step, None, NOTES, at) for step in steps]
    events.append(LinkEvent(link.id, Step.RECORDED, one.source, NOTES, at))
    return replace(link, events=(*link.events, *events))


def _go_on(links: dict[str, Link], started: Link) -> None:
    """Whoever starts a conversation has gone on from the one before."""
    since = started.events[0].happened_at
    for link in list(links.values()):
        said_otherwise = link.state is Step.RESTED and link.last > since  # later, by a person
        if link.other == started.initiator and link.reached and link.state is not Step.WENT_ON and not said_otherwise:
            event = LinkEvent(link.id, Step.WENT_ON, None, NOTES, max(since, link.last))
            links[link.id] = replace(link, events=(*link.events, event))


# --- the shape of a chain ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Placed:
    """A link in the tree: how many links lie before it, and how many stems stand to the left of its own.

    A stem goes straight on to the first person somebody talked with; each further person begins a stem of its own.
    """

    link: Link
    parent: str | None  # the link before; None for those of whoever started the chain
    depth: int  # counted from 1
    stem: int


def tree(links: Sequence[Link]) -> list[Placed]:
    """The links from the root on, each one's own links right after it, in the order of invitation."""
    # Who declined keeps their place in the picture, so a later link to the same person is the one that leads on.
    leads_to = {link.other: link for link in sorted(links, key=_counts)}
    following: dict[str | None, list[Link]] = {}
    for link in sorted(links, key=lambda link: (link.events[0].happened_at, link.id)):
        before = leads_to.get(link.initiator)
        following.setdefault(before.id if before else None, []).append(link)
    placed: list[Placed] = []
    stems = 0
    growing: list[tuple[str | None, int, int, Link, int]] = []
    growing += [(None, 1, 0, link, number) for number, link in enumerate(following.get(None, ()))][::-1]
    while growing:
        parent, depth, stem, link, number = growing.pop()
        if number:
            stems += 1
        here = stems if number else stem
        placed.append(Placed(link, parent, depth, here))
        after = [(link.id, depth + 1, here, one, place) for place, one in enumerate(following.get(link.id, ()))]
        growing += after[::-1]
    return placed


def branches(links: Sequence[Link]) -> int:
    """How many people talked with more than one."""
    return sum(number > 1 for number in Counter(link.initiator for link in links if link.reached).values())


def people(links: Sequence[Link], starter: str) -> frozenset[str]:
    """Everyone who talked, and whoever started."""
    return frozenset({starter} | {voice for link in links if link.reached for voice in (link.initiator, link.other)})


def reach(links: Sequence[Link], starter: str, started: datetime) -> list[tuple[date, int]]:
    """How many people had been reached by each day on which there were more, whoever started included."""
    days: dict[date, set[str]] = {}
    for link in links:
        if on := link.on(Step.TALKED):
            days.setdefault(on.date(), set()).update((link.initiator, link.other))
    first = min([started.date(), *days])
    days.setdefault(first, set()).add(starter)
    counts: list[tuple[date, int]] = []
    known: set[str] = set()
    for day in sorted(days):
        known |= days[day]
        counts.append((day, len(known)))
    return counts


def quiet(link: Link, now: datetime) -> str | None:
    """A gentle suggestion where a link has gone quiet. Whether anybody does anything is theirs to decide."""
    if not link.is_open or now - link.last < timedelta(days=QUIET_DAYS):
        return None
    if link.reached and Step.RECORDED not in link.steps:
        return "They have talked. You might ask whether there are notes or a recording, and whether they go on."
    if link.reached:
        return "You might ask whether they would like to go on. A chain may also rest."
    if Step.REMINDED in link.steps:
        return "One more message was sent. Let it be: let this link rest."
    return "You might send one kind message. If there is no answer, let it be."


def silent_places(all_places: Iterable[str], of_chain: Iterable[str]) -> list[str]:
    """The places of the inquiry that the chain has not reached."""
    return sorted(set(all_places) - set(of_chain))
