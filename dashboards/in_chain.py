"""A food conversation chain for the people in it: say yes or no to an invitation, and take each step by one's own code.

Nothing here names anybody but the one question that an invitation asks: a code never tells who invited whom.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dashboards.chains import EMPTY, Contact, Record, Slip, keep, slip_for, typed_notes
from dashboards.door import Asked
from dashboards.pages import Goto, Page
from dashboards.pictures import qr_path
from listening import pipeline
from listening.domain import Step
from listening.errors import ListeningError, NotFound, Refused
from listening.pipeline import PARTICIPANT, InvitationView, NotesOf, OwnChain, OwnWords, PlanView

LONGEST_CODE = 200  # characters that anybody would type
HOME = "/mine/chain"


# --- an invitation ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Join(Page, template="participants/join.html"):
    """Type the code of an invitation."""

    problem: str


def join_form(_: Asked) -> Join:
    """The empty form."""
    return Join("")


@dataclass(frozen=True)
class Ask(Page, template="participants/invitation.html"):
    """What somebody is asked: yes or no."""

    invitation: InvitationView
    code: str
    problem: str


def join(asked: Asked) -> Join | Ask:
    """What the code invites to, unless there were too many tries. The code is in no address and no log."""
    return _tried(asked) or Ask(pipeline.invitation(asked.line, _code(asked)), _code(asked), "")


def _code(asked: Asked) -> str:
    return asked.text("code")[:LONGEST_CODE]


def _tried(asked: Asked) -> Join | None:
    """The form again where a code opens nothing; wrong codes are counted."""
    tries = asked.house.tries
    if not tries.begin(asked.caller):
        return Join("There were too many tries. Wait a quarter of an hour, then try again.")
    wrong = False
    try:
        pipeline.invitation(asked.line, _code(asked))
    except ListeningError as error:
        wrong = isinstance(error, NotFound)
        return Join(str(error))
    finally:
        tries.end(asked.caller, wrong=wrong)
    return None


@dataclass(frozen=True)
class Joined(Page, template="participants/joined.html"):
    """Yes: a code of one's own, shown once."""

    code: str
    address: str
    qr: str
    size: int


@dataclass(frozen=True)
class Declined(Page, template="participants/declined.html"):
    """No: that is fine."""


def answer(asked: Asked) -> Join | Ask | Joined | Declined:
    """Say yes or no. The code of the invitation works once."""
    if problem := _tried(asked):
        return problem
    said = asked.text("answer")
    if said not in ("yes", "no"):
        return Ask(pipeline.invitation(asked.line, _code(asked)), _code(asked), "Choose yes or no.")
    voice = pipeline.answer_invitation(asked.line, _code(asked), yes=said == "yes", contact=asked.text("contact"))
    if said == "no":
        return Declined()
    code = pipeline.give_receipt(asked.line, voice, PARTICIPANT)
    address = f"{asked.base}mine"
    path, size = qr_path(f"{address}#{code}")
    return Joined(code, address, path, size)


# --- one's own chain --------------------------------------------------------------------------------------------------


def me(asked: Asked) -> str:
    """Whoever came back by their code."""
    if asked.voice is None:
        raise NotFound("Type your code first.")
    return asked.voice


@dataclass(frozen=True)
class Mine(Page, template="participants/chain.html"):
    """My chains, what I can do next, and what I could offer."""

    chains: tuple[OwnChain, ...]
    words: tuple[OwnWords, ...]
    offers: frozenset[str]


def mine(asked: Asked) -> Mine:
    """My place in the chain."""
    voice = me(asked)
    words = tuple(one for one in pipeline.mine(asked.line, voice).words if one.fate != "held")
    offers = pipeline.offers_among(asked.line, [one.id for one in words])
    return Mine(tuple(pipeline.own_chains(asked.line, voice)), words, offers)


def invite(asked: Asked) -> Slip:
    """Invite one person, who has said that I may."""
    if asked.text("agreed") != "yes":
        raise Refused("Ask them first: may I contact you about a conversation? Nobody is passed on without knowing.")
    made = pipeline.invite(asked.line, asked.text("chain"), me(asked), name=asked.text("other_name"), by=PARTICIPANT)
    return slip_for(asked, made, HOME)


def invite_again(asked: Asked) -> Slip:
    """A new slip for one that was lost."""
    link = pipeline.own_link(asked.line, me(asked), asked.text("chain"), started=True)
    return slip_for(asked, pipeline.invite_again(asked.line, link, PARTICIPANT), HOME)


def contact(asked: Asked) -> Contact:
    """How to reach whoever said yes to me: deleted as it is shown."""
    link = pipeline.own_link(asked.line, me(asked), asked.text("chain"), started=True)
    return Contact(pipeline.take_contact(asked.line, link), HOME)


STEPS: Mapping[
    str, tuple[Step, bool]
] = {  # what a button says: the step, and whether it is of a conversation I started
    "talked": (Step.TALKED, True),
    "reminded": (Step.REMINDED, True),
    "let it be": (Step.RESTED, True),
    "go on": (Step.WENT_ON, False),
    "rest": (Step.RESTED, False),
}


def step(asked: Asked) -> Goto:
    """Say what happened."""
    if asked.text("step") not in STEPS:
        raise Refused("Say what happened.")
    what, started = STEPS[asked.text("step")]
    pipeline.take_own_step(asked.line, me(asked), asked.text("chain"), what, started=started)
    return Goto(f"{HOME}?done=stepped")


def record_form(asked: Asked) -> Record:
    """The empty form."""
    return _record(asked.asked("chain"), EMPTY, "")


def _record(chain: str, typed: NotesOf, problem: str) -> Record:
    return Record(f"{HOME}/record", HOME, chain, own=True, typed=typed, problem=problem)


def record(asked: Asked) -> Record | Goto:
    """Keep what was said in the conversation that I started. What cannot be taken stays on the page."""
    typed = typed_notes(asked)
    link = pipeline.own_link(asked.line, me(asked), asked.text("link"), started=True)
    try:
        keep(asked, link, typed, PARTICIPANT, recordings_only=True)
    except ListeningError as error:
        return _record(asked.text("link"), typed, str(error))
    return Goto(f"{HOME}?done=recorded")


def offer(asked: Asked) -> Goto:
    """Mark words of mine as something that I would do or give, or take the mark away."""
    marked = asked.text("marked") == "yes"
    pipeline.mark_own_offer(asked.line, me(asked), asked.text("utterance"), marked=marked)
    return Goto(f"{HOME}?done={'offer' if marked else 'no-offer'}#offers")


# --- the plan ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class OwnPlans(Page, template="participants/plan.html"):
    """The plans of my chains, to read and to sign."""

    plans: tuple[tuple[PlanView, bool], ...]  # with whether I signed it as it stands


def plans(asked: Asked) -> OwnPlans:
    """The plans that I may sign."""
    voice = me(asked)
    chains = [one.id for one in pipeline.own_chains(asked.line, voice)]
    found = pipeline.plans_of_voice(asked.line, voice, chains)
    return OwnPlans(
        tuple((one, any(mine.voice == voice and mine.as_it_stands for mine in one.signatures)) for one in found)
    )


def sign(asked: Asked) -> Goto:
    """Sign a plan as I read it."""
    pipeline.sign_plan(asked.line, asked.text("chain"), me(asked), asked.text("sha256"), PARTICIPANT)
    return Goto("/mine/plan?done=signed")
