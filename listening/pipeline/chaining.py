"""Food conversation chains: start one, invite, agree, talk, record, go on or rest; and what a chain looks like."""

from __future__ import annotations

import secrets
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from listening import capture, chains, receipts
from listening.chains import Link, Placed, ToldConversation
from listening.domain import (
    ID_ALPHABET,
    ChainLink,
    FoodChain,
    Invitation,
    Kind,
    LinkEvent,
    Media,
    OfferEvent,
    Step,
    Voice,
    id_from,
    new_id,
    says_something,
)
from listening.errors import NotFound, Refused
from listening.pipeline.ingestion import Arrival, receive, type_note
from listening.pipeline.line import Line, signature
from listening.pipeline.participation import KEY, PARTICIPANT
from listening.pipeline.views import SHORTEST_BEGINNING, find_id
from listening.sealing import seal, unseal
from listening.store import Executor

CONTACT_KEY = "contacts"
CONTACT_DAYS = 30  # what nobody used for so long is deleted
AIM = "A neighbourhood where no one is without food."
NOBODY = "This code does not open anything here. Ask the person who gave it to you for a new one."
LONGEST_NAME, LONGEST_AIM, LONGEST_CONTACT = 60, 300, 200  # characters
SUFFIX_LETTERS = 4  # so that two people of one name are two
QUESTIONS = "Guide"  # the label of what is asked from the guide
CHAIN_GUIDE = "food_chain"


# --- what there is ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Known:
    """One chain as it is: kept here, told of by conversations, or both."""

    chain: FoodChain
    links: list[Link]
    kept: frozenset[str]  # the ids of the links that have rows; the chain itself among them if it has one


def _load(read: Executor) -> dict[str, Known]:
    """Every chain by id."""
    kept = {chain.id: chain for chain in read.rows("food_chains", FoodChain)}
    events: dict[str, list[LinkEvent]] = {}
    for event in read.rows("link_events", LinkEvent):
        events.setdefault(event.link_id, []).append(event)
    links: dict[str, list[Link]] = {}
    for row in read.rows("chain_links_kept", ChainLink):
        link = Link(row.id, row.chain_id, row.initiator_id, row.other_id, tuple(events[row.id]))
        links.setdefault(row.chain_id, []).append(link)
    told: dict[str, list[ToldConversation]] = {}
    for one in read.rows("chain_conversations", ToldConversation):
        told.setdefault(one.chain, []).append(one)
    names = {chain.name: chain.id for chain in kept.values()} | {name: id_from(Kind.CHAIN, name) for name in told}
    found = {}
    for name, identifier in names.items():
        mine = links.get(identifier, [])
        grown = chains.with_told(identifier, mine, told.get(name, []))
        chain = kept.get(identifier) or _chain_told_of(identifier, name, grown)
        if chain is not None:
            rows = {link.id for link in mine} | ({identifier} if identifier in kept else set())
            found[identifier] = Known(chain, grown, frozenset(rows))
    return found


def _chain_told_of(identifier: str, name: str, links: Sequence[Link]) -> FoodChain | None:
    """A chain that nobody started here, as its conversations tell of it."""
    if not links:
        return None
    first = links[0]
    return FoodChain(identifier, name, AIM, first.initiator, chains.NOTES, first.events[0].happened_at)


def _find_chain(known: Mapping[str, Known], which: str) -> Known:
    """The chain with this name, or whose id begins so."""
    found = [one for one in known.values() if one.chain.name.casefold() == which.strip().casefold()]
    if not found and len(which) >= SHORTEST_BEGINNING:
        found = [one for one in known.values() if one.chain.id.startswith(which)]
    if len(found) != 1:
        raise NotFound(f"There is no chain here called {which}. `listening chain list` shows them.")
    return found[0]


def _find_link(known: Mapping[str, Known], which: str) -> tuple[Known, Link]:
    found = [(one, link) for one in known.values() for link in one.links if link.id.startswith(which)]
    if len(found) != 1 or len(which) < SHORTEST_BEGINNING:
        raise NotFound(f"There is no link here with the id {which}. `listening chain show CHAIN` lists them.")
    return found[0]


# --- start and invite -------------------------------------------------------------------------------------------------


def start_chain(line: Line, name: str, aim: str, handle: str, by: str | None = None) -> FoodChain:
    """Start a chain with one person and an aim.

    :param handle: of whoever starts it: the same as elsewhere for somebody who is known.
    :raises Refused: if there is a chain of this name, or something is missing.
    """
    name, aim = _short(name, "a name", LONGEST_NAME), _short(aim, "what the chain is for", LONGEST_AIM)
    signed = signature(line, by)
    with line.store.writing() as write:
        if any(one.chain.name.casefold() == name.casefold() for one in _load(write).values()):
            raise Refused(f"There is a chain called {name} already. Choose another name.")
        starter = _voice(write, _short(handle, "who starts it", LONGEST_NAME))
        chain = FoodChain(id_from(Kind.CHAIN, name), name, aim, starter.id, signed, datetime.now(UTC))
        write.insert("food_chain", [chain])
    return chain


def _short(text: str, what: str, longest: int) -> str:
    text = " ".join(text.split())
    if not says_something(text):
        raise Refused(f"Say {what}.")
    if len(text) > longest:
        raise Refused(f"That is longer than {longest} letters. Say {what} in fewer.")
    return text


def _voice(write: Executor, handle: str) -> Voice:
    """The voice with this handle, made if it is not there."""
    known = {voice.handle: voice for voice in write.rows("voices_of_people", Voice, people=[""])}
    if handle not in known:
        known[handle] = Voice(id=new_id(Kind.VOICE), people="", handle=handle, shown=handle)
        write.insert("voice", [known[handle]])
    return known[handle]


def _new_handle(name: str) -> str:
    """A handle that nobody has: a name alone could be that of somebody else, whose words are not theirs."""
    letters = "".join(secrets.choice(ID_ALPHABET) for _ in range(SUFFIX_LETTERS))
    return f"{_short(name, 'what to call this person', LONGEST_NAME).casefold()}-{letters}"


@dataclass(frozen=True, slots=True)
class Invited:
    """A link that has just begun, and the code for the other person. It is shown once and kept nowhere."""

    link: str
    chain: str  # its id
    aim: str
    other: str  # their handle
    code: str


def invite(
    line: Line, chain: str, initiator: str, *, name: str = "", handle: str = "", by: str | None = None
) -> Invited:
    """Begin a link: one person invites one other, and gets a code to hand over.

    :param initiator: the id of a voice, or its handle.
    :param name: what to call somebody new; they get a handle of their own.
    :param handle: or the handle of somebody, new or known.
    :raises Refused: if this person may not start a conversation now, or the other is in the chain already.
    """
    signed, now = signature(line, by), datetime.now(UTC)
    code, kept = _new_code(line)
    with line.store.writing() as write:
        known = _load(write)
        found = _find_chain(known, chain)
        starter = _who(write, initiator)
        other = _voice(write, _short(handle, "who", LONGEST_NAME) if handle else _new_handle(name))
        everywhere = [link for one in known.values() for link in one.links]
        chains.check_invite(found.links, everywhere, found.chain.starter_id, starter, other.id)
        link = ChainLink(new_id(Kind.LINK), found.chain.id, starter, other.id)
        _keep_chain(write, found)
        write.insert("chain_link", [link])
        write.insert("link_event", [LinkEvent(link.id, Step.INVITED, None, signed, now)])
        write.insert("invitation", [Invitation(kept, link.id, signed, now, None)])
    return Invited(link.id, found.chain.id, found.chain.aim, other.handle, code)


def _who(read: Executor, which: str) -> str:
    """The id of a voice, by its handle or the beginning of its id."""
    handles = {voice.handle: voice.id for voice in read.rows("voices_of_people", Voice, people=[""])}
    return handles.get(which.strip()) or find_id(read, which, Kind.VOICE)


def _new_code(line: Line) -> tuple[str, str]:
    """A code, and what is kept of it."""
    code = receipts.new_code()
    letters = receipts.read_code(code)
    assert letters is not None  # noqa: S101  what we spell we can read
    return code, receipts.keyed_hash(letters, line.store.key(KEY))


def invite_again(line: Line, link: str, by: str | None = None) -> Invited:
    """A new code for somebody who was invited and lost the slip. The one before stops working.

    :raises Refused: if they have answered already.
    """
    signed, now = signature(line, by), datetime.now(UTC)
    code, kept = _new_code(line)
    with line.store.writing() as write:
        found, one = _find_link(_load(write), link)
        if one.state is not Step.INVITED:
            raise Refused("They have answered already. No code is needed.")
        write.change("use_invitations", link_id=one.id, now=now)
        write.insert("invitation", [Invitation(kept, one.id, signed, now, None)])
        other = dict(write.rows("shown_voices", lambda *row: row, ids=[one.other]))[one.other]
    return Invited(one.id, found.chain.id, found.chain.aim, other, code)


def _keep_chain(write: Executor, known: Known) -> None:
    """Write the row of a chain that only conversations have told of so far."""
    if known.chain.id not in known.kept:
        write.insert("food_chain", [known.chain])


def _keep_link(write: Executor, known: Known, link: Link) -> None:
    """Write the rows of a link that only conversations have told of so far, with all that they prove."""
    _keep_chain(write, known)
    if link.id not in known.kept:
        write.insert("chain_link", [ChainLink(link.id, link.chain, link.initiator, link.other)])
        write.insert("link_event", link.events)
        return
    stored = set(write.rows("link_events", LinkEvent))
    write.insert("link_event", [event for event in link.events if event not in stored])


# --- yes or no --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class InvitationView:
    """What somebody is asked, before they say yes or no."""

    link: str
    aim: str
    asks: str  # the handle of whoever would like to talk with them


def invitation(line: Line, code: str) -> InvitationView:
    """What a code invites to.

    :raises Refused: if it is mistyped.
    :raises NotFound: if it opens nothing: never given out, used, and no longer open look the same.
    """
    kept = _kept_of(line, code)
    with line.store.reading() as read:
        known, link = _invited_by(read, kept)
        shown = dict(read.rows("shown_voices", lambda *row: row, ids=[link.initiator]))
    return InvitationView(link.id, known.chain.aim, shown[link.initiator])


def _kept_of(line: Line, code: str) -> str:
    letters = receipts.read_code(code)
    if letters is None:
        raise Refused("That is not quite the code: a letter is missing or wrong. Look at each group of four again.")
    return receipts.keyed_hash(letters, line.store.key(KEY))


def _invited_by(read: Executor, code_hash: str) -> tuple[Known, Link]:
    found = read.values("link_of_invitation", code_hash=code_hash)
    if not found:
        raise NotFound(NOBODY)
    known, link = _find_link(_load(read), found[0])
    if link.state is not Step.INVITED:
        raise NotFound(NOBODY)
    return known, link


def answer_invitation(line: Line, code: str, *, yes: bool, contact: str = "") -> str:
    """Whoever holds the code says yes or no. The code works once.

    :param contact: how to reach them, if they want; it is sealed, can be read once, and is then gone.
    :returns: the id of their voice.
    :raises Refused: if the code is mistyped, or the contact is too long.
    :raises NotFound: if it opens nothing.
    """
    kept = _kept_of(line, code)
    with line.store.reading() as read:
        _, link = _invited_by(read, kept)
    _answer(line, link.id, yes=yes, contact=contact, signed=PARTICIPANT, code_hash=kept)
    return link.other


def agree(line: Line, link: str, contact: str = "", by: str | None = None) -> Link:
    """Write down that the person invited said yes, on their behalf. Their code is then used.

    :raises Refused: if they cannot say yes now.
    """
    return _answer(line, link, yes=True, contact=contact, signed=signature(line, by))


def _answer(line: Line, which: str, *, yes: bool, contact: str, signed: str, code_hash: str | None = None) -> Link:
    contact = contact.strip()
    if len(contact) > LONGEST_CONTACT:
        raise Refused(f"That is longer than {LONGEST_CONTACT} letters. A telephone number or an address is enough.")
    key = line.store.key(CONTACT_KEY)
    now = datetime.now(UTC)
    with line.store.writing() as write:
        known, link = _find_link(_load(write), which) if code_hash is None else _invited_by(write, code_hash)
        after = link.after(LinkEvent(link.id, Step.AGREED if yes else Step.RESTED, None, signed, now))
        if yes and contact:
            # Before the row: if this is cut off, they are asked again, and the file is replaced or swept away.
            line.store.contacts.put(link.id, seal(contact, key, link.id))
        write.change("use_invitations", link_id=link.id, now=now)
        _keep_link(write, known, after)
    return after


def take_contact(line: Line, link: str) -> str:
    """How to reach whoever said yes. It is deleted as it is read: it can be used once.

    :raises NotFound: if nothing was left, or it was read already.
    """
    sweep_contacts(line)
    with line.store.reading() as read:
        _, found = _find_link(_load(read), link)
    sealed = line.store.contacts.take(found.id)
    if sealed is None:
        raise NotFound("There is nothing here to reach them by: none was left, or it was read already.")
    return unseal(sealed, line.store.key(CONTACT_KEY), found.id)


def sweep_contacts(line: Line) -> None:
    """Delete what nobody has used for CONTACT_DAYS."""
    line.store.contacts.sweep(timedelta(days=CONTACT_DAYS).total_seconds())


# --- talk, record, go on, rest ----------------------------------------------------------------------------------------


def take_step(line: Line, link: str, step: Step, by: str | None = None) -> Link:
    """Write down that the two talked, that a message was sent, or that the other person goes on or rests.

    Once they have talked, or the link rests, what was left to reach them by is deleted, used or not.

    :raises Refused: if this cannot be now, with the reason.
    """
    if step not in (Step.REMINDED, Step.TALKED, Step.WENT_ON, Step.RESTED):
        raise Refused("Inviting, agreeing and recording have commands of their own.")
    signed, now = signature(line, by), datetime.now(UTC)
    with line.store.writing() as write:
        known, found = _find_link(_load(write), link)
        after = found.after(LinkEvent(found.id, step, None, signed, now))
        if step is Step.RESTED:
            write.change("use_invitations", link_id=found.id, now=now)
        _keep_link(write, known, after)
    if step in (Step.TALKED, Step.RESTED):
        line.store.contacts.drop(found.id)
    return after


def take_own_step(line: Line, voice: str, chain: str, step: Step, *, started: bool) -> Link:
    """Somebody says by their own code what happened: of a conversation they started, or the one they were asked to.

    :raises NotFound: if they have no such conversation.
    :raises Refused: if it is not theirs to say, or cannot be now.
    """
    mine = {Step.TALKED, Step.REMINDED, Step.RESTED} if started else {Step.WENT_ON, Step.RESTED}
    link = own_link(line, voice, chain, started=started)
    with line.store.reading() as read:
        _, found = _find_link(_load(read), link)
    if step not in mine or (started and step is Step.RESTED and found.reached):
        raise Refused("That is for the other person to say.")
    return take_step(line, link, step, PARTICIPANT)


@dataclass(frozen=True, slots=True)
class NotesOf:
    """What was typed of one conversation: the words, and what the two are called in them."""

    words: str
    initiator: str
    other: str
    place: str = ""
    held_on: str = ""  # 2026-03-05
    language: str = ""


def record_notes(line: Line, link: str, notes: NotesOf, by: str | None = None) -> Arrival:
    """Keep the typed words of a conversation, tied to its link and to its two voices. They are read afterwards.

    :raises Refused: if the conversation cannot be recorded now, or the notes cannot be taken.
    """
    known, found = _recordable(line, link)
    voices = _who_is_who(line, found, (notes.initiator, notes.other))
    facts = _facts(known, found, notes.place) | {"date": notes.held_on, "language": notes.language}
    name = f"{found.id}-{datetime.now(UTC):%Y-%m-%d-%H%M%S}.md"
    arrival = type_note(line, facts, voices, notes.words, name)
    _tie(line, found.id, arrival.source_id, by)
    return arrival


def record_file(
    line: Line, link: str, file: Path, *, names: Sequence[str] = (), by: str | None = None, place: str = ""
) -> Arrival:
    """Keep a file of a conversation, notes or a recording, tied to its link. The file itself stays as it is.

    What says itself who is who is taken as it is. Of a recording it is said that two people speak.

    :param names: what the two are called in it, whoever started the conversation first.
    :raises Refused: if the conversation cannot be recorded now, or the file cannot be taken.
    """
    known, found = _recordable(line, link)
    media = capture.look(file)
    if media is Media.TABLE:
        raise Refused("A table is no conversation of two people. Hand in notes or a recording.")
    if capture.side_file(file) or (media is Media.NOTE and file.read_bytes().startswith(b"---")):
        arrival = receive(line, file)
    else:
        voices = _who_is_who(line, found, names) if names or media is not Media.RECORDING else {}
        facts = _facts(known, found, place) | ({"people": "2"} if media is Media.RECORDING else {})
        with tempfile.TemporaryDirectory(prefix="listening-") as folder:
            copy = Path(shutil.copy(file, folder))
            copy.with_name(f"{file.name}.yaml").write_text(capture.as_yaml(facts, voices), encoding="utf-8")
            arrival = receive(line, copy)
    _tie(line, found.id, arrival.source_id, by)
    return arrival


def _who_is_who(line: Line, link: Link, names: Sequence[str]) -> dict[str, str]:
    """What the two are called in the notes, and the handles that they are known by."""
    labels = [" ".join(name.split()) for name in names]
    if len(labels) != 2 or not all(labels) or len({capture.same_label(one) for one in labels}) == 1:  # noqa: PLR2004
        raise Refused("Say what the two of you are called in the notes, with two different names.")
    with line.store.reading() as read:
        handles = [read.rows("voice_by_id", Voice, id=one)[0].handle for one in (link.initiator, link.other)]
    return dict(zip(labels, handles, strict=True))


def record_source(line: Line, link: str, source: str, by: str | None = None) -> Link:
    """Tie what was handed in another way, from the browser's microphone say, to its link.

    :raises NotFound: if there is no such source.
    """
    with line.store.reading() as read:
        full = find_id(read, source, Kind.SOURCE)
    _recordable(line, link)
    return _tie(line, link, full, by)


def _recordable(line: Line, which: str) -> tuple[Known, Link]:
    """The link, if its conversation can be recorded now: whoever recorded it has talked, so that needs no saying."""
    with line.store.reading() as read:
        known, link = _find_link(_load(read), which)
    if Step.AGREED not in link.steps or link.reached:
        chains.check_step(link, Step.RECORDED)
    return known, link


def _facts(known: Known, link: Link, place: str) -> dict[str, str]:
    number = next(placed.depth for placed in chains.tree(known.links) if placed.link.id == link.id)
    return {
        "kind": "food-chain",
        "guide": CHAIN_GUIDE,
        "place": place.strip(),
        "chain": known.chain.name,
        "link": str(number),
        "listener": QUESTIONS,
    }


def _tie(line: Line, which: str, source_id: str, by: str | None) -> Link:
    signed, now = signature(line, by), datetime.now(UTC)
    with line.store.writing() as write:
        known, link = _find_link(_load(write), which)
        if any(event.source_id == source_id for event in link.events):
            return link  # handed in twice
        if not link.reached:
            link = link.after(LinkEvent(link.id, Step.TALKED, None, signed, now))
        link = link.after(LinkEvent(link.id, Step.RECORDED, source_id, signed, now))
        _keep_link(write, known, link)
    line.store.contacts.drop(link.id)
    return link


# --- look -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ChainLinkView:
    """One link as people of the organisation see it."""

    id: str
    parent: str | None
    depth: int
    stem: int
    initiator: str
    initiator_shown: str
    other: str
    other_shown: str
    state: Step
    steps: dict[str, date]  # the first day of each
    conversations: list[str]
    place: str | None
    quiet: str | None  # a gentle suggestion
    may_reach: bool  # there is something to reach them by, not used yet


@dataclass(frozen=True, slots=True)
class ChainView:
    """One chain: who talked with whom, how far it has come, and where it has not."""

    id: str
    name: str
    aim: str
    starter: str
    starter_shown: str
    started_on: date
    people: int  # who talked, whoever started included
    talks: int
    depth: int
    branches: int
    open: int
    quiet: int
    reach: list[tuple[date, int]]
    places: list[str]
    silent_places: list[str]
    may_start: list[tuple[str, str]]  # voice and handle of those who may start the next conversation
    links: list[ChainLinkView]


def chain_list(line: Line) -> list[ChainView]:
    """Every chain, the latest first."""
    with line.store.reading() as read:
        found = [_view(line, read, known) for known in _load(read).values()]
    return sorted(found, key=lambda view: view.started_on, reverse=True)


def chain_view(line: Line, which: str) -> ChainView:
    """One chain, by its name or the beginning of its id.

    :raises NotFound: if there is none, or more than one.
    """
    with line.store.reading() as read:
        return _view(line, read, _find_chain(_load(read), which))


def _view(line: Line, read: Executor, known: Known) -> ChainView:
    now = datetime.now(UTC)
    ids = {known.chain.starter_id} | {voice for link in known.links for voice in (link.initiator, link.other)}
    shown = dict(read.rows("shown_voices", lambda *row: row, ids=sorted(ids)))
    held = _conversations(read, known.links)
    busy = {link.initiator for link in known.links if link.is_open}
    free = sorted(chains.may_start(known.links, known.chain.starter_id) - busy, key=lambda one: shown[one])
    views = [_link_view(line, placed, shown, held, now) for placed in chains.tree(known.links)]
    places = sorted({place for links in held.values() for _, place in links if place})
    talks = sum(link.reached for link in known.links)
    return ChainView(
        id=known.chain.id,
        name=known.chain.name,
        aim=known.chain.aim,
        starter=known.chain.starter_id,
        starter_shown=shown[known.chain.starter_id],
        started_on=known.chain.started_at.date(),
        people=len(chains.people(known.links, known.chain.starter_id)),
        talks=talks,
        depth=max((view.depth for view in views if Step.TALKED in view.steps), default=0),
        branches=chains.branches(known.links),
        open=sum(link.is_open for link in known.links),
        quiet=sum(view.quiet is not None for view in views),
        reach=chains.reach(known.links, known.chain.starter_id, known.chain.started_at),
        places=places,
        silent_places=chains.silent_places(read.values("places"), places),
        may_start=[(voice, shown[voice]) for voice in free],
        links=views,
    )


def _conversations(read: Executor, links: Sequence[Link]) -> dict[str, list[tuple[str, str | None]]]:
    """The conversations and places of each link, by its id, through what was handed in."""
    sources = sorted({event.source_id for link in links for event in link.events if event.source_id})
    held: dict[str, list[tuple[str, str | None]]] = {}
    for source, conversation, place in read.rows("conversations_of_sources", lambda *row: row, sources=sources):
        held.setdefault(source, []).append((conversation, place))
    return {
        link.id: [one for event in link.events if event.source_id for one in held.get(event.source_id, ())]
        for link in links
    }


def _link_view(
    line: Line,
    placed: Placed,
    shown: Mapping[str, str],
    held: Mapping[str, Sequence[tuple[str, str | None]]],
    now: datetime,
) -> ChainLinkView:
    link = placed.link
    days = {str(step): on.date() for step in Step if (on := link.on(step))}
    return ChainLinkView(
        id=link.id,
        parent=placed.parent,
        depth=placed.depth,
        stem=placed.stem,
        initiator=link.initiator,
        initiator_shown=shown[link.initiator],
        other=link.other,
        other_shown=shown[link.other],
        state=link.state,
        steps=days,
        conversations=[conversation for conversation, _ in held[link.id]],
        place=next((place for _, place in held[link.id] if place), None),
        quiet=chains.quiet(link, now),
        may_reach=line.store.contacts.has(link.id),
    )


# --- what somebody sees of their own chain ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OwnChain:
    """A chain as one of its people sees it by their own code. It names nobody: a code never tells who invited whom."""

    id: str
    aim: str
    people: int
    asked: Step | None  # the state of the link in which they were asked; None for whoever started the chain
    may_choose: bool  # whether they can say that they go on, or rest
    own: Step | None  # the state of the conversation that they started and that is open
    own_recorded: bool
    own_reminded: bool
    may_reach: bool  # there is something to reach the other by, not used yet
    may_invite: bool
    talks: int  # conversations that they started and that took place
    quiet: str | None


def own_chains(line: Line, voice: str) -> list[OwnChain]:
    """The chains that this voice is in."""
    with line.store.reading() as read:
        known = _load(read)
    found = [_own(line, one, voice) for one in known.values() if _is_in(one, voice)]
    return sorted(found, key=lambda one: one.id)


def _is_in(known: Known, voice: str) -> bool:
    here = {known.chain.starter_id} | {one for link in known.links for one in (link.initiator, link.other)}
    return voice in here


def _own(line: Line, known: Known, voice: str) -> OwnChain:
    asked = _asked(known.links, voice)
    started = [link for link in known.links if link.initiator == voice]
    running = next((link for link in started if link.is_open), None)
    may_start = voice in chains.may_start(known.links, known.chain.starter_id)
    return OwnChain(
        id=known.chain.id,
        aim=known.chain.aim,
        people=len(chains.people(known.links, known.chain.starter_id)),
        asked=asked.state if asked else None,
        may_choose=bool(asked and asked.reached and not started),
        own=running.state if running else None,
        own_recorded=bool(running and Step.RECORDED in running.steps),
        own_reminded=bool(running and Step.REMINDED in running.steps),
        may_reach=bool(running and line.store.contacts.has(running.id)),
        may_invite=may_start and running is None,
        talks=sum(link.reached for link in started),
        quiet=chains.quiet(running, datetime.now(UTC)) if running else None,
    )


def _asked(links: Sequence[Link], voice: str) -> Link | None:
    """The link in which a voice was asked; of several, the one that holds its place in the chain."""
    found = [link for link in links if link.other == voice]
    return max(found, key=lambda link: (link.reached, link.is_open, link.last), default=None)


def own_link(line: Line, voice: str, chain: str, *, started: bool) -> str:
    """The id of the open link that this voice started in a chain, or else of the one in which it was asked.

    :raises NotFound: if there is none.
    """
    with line.store.reading() as read:
        known = _load(read).get(chain)
    links = known.links if known else []
    mine = [link for link in links if link.initiator == voice and link.is_open]
    found = (mine[0] if mine else None) if started else _asked(links, voice)
    if found is None:
        raise NotFound("There is no such conversation of yours here.")
    return found.id


# --- what people offer to do themselves -------------------------------------------------------------------------------


def mark_offer(line: Line, utterance: str, *, marked: bool = True, by: str | None = None) -> str:
    """Mark words as something that whoever said them offers to do or to give, signed; or take the mark away.

    :returns: the whole id.
    :raises NotFound: if there is no such utterance.
    :raises Refused: if it is held back or withdrawn.
    """
    signed, now = signature(line, by), datetime.now(UTC)
    with line.store.writing() as write:
        full = find_id(write, utterance, Kind.UTTERANCE)
        if write.values("kept_out_because", utterance_id=full):
            raise Refused("These words are held back or withdrawn. Choose other words.")
        write.insert("offer_event", [OfferEvent(full, marked, signed, now)])
    return full


def mark_own_offer(line: Line, voice: str, utterance: str, *, marked: bool) -> None:
    """A voice says of its own words that it would do or give this, or not after all.

    :raises NotFound: if this voice did not say that.
    """
    with line.store.reading() as read:
        if utterance not in read.values("utterances_of", id=voice):
            raise NotFound("You have no such words here.")
    mark_offer(line, utterance, marked=marked, by=PARTICIPANT)


def offers_among(line: Line, utterances: Sequence[str]) -> frozenset[str]:
    """Which of these utterances are offers now."""
    with line.store.reading() as read:
        return frozenset(read.values("offers_among", ids=list(utterances)))
