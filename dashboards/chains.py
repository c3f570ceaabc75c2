"""Food conversation chains for people of the organisation: the picture, each step on somebody's behalf, the plan."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from starlette.datastructures import UploadFile

from dashboards import reading
from dashboards.chain_picture import REACH_HEIGHT, REACH_WIDTH, ChainPicture, chain_picture, reach_path
from dashboards.door import Asked
from dashboards.pages import Body, Goto, Page
from dashboards.pictures import qr_path
from dashboards.uploads import put_down
from listening import pipeline
from listening.domain import Decision, Duty, Step
from listening.errors import ListeningError, NotFound, Refused
from listening.pipeline import ChainView, NotesOf, PlanView, QuoteView

LONGEST_CODE = 200  # characters that anybody would type


def signer(asked: Asked) -> str:
    """Who signs: whoever is signed in."""
    assert asked.who is not None  # noqa: S101
    return asked.who.name


def may_bring(asked: Asked) -> bool:
    """Whether this person takes steps on others' behalf."""
    return asked.who is not None and asked.who.role is not Duty.LEADER


# --- the chains -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Chains(Page, template="chains/chains.html"):
    """Every chain, and how to start one."""

    chains: tuple[ChainView, ...]
    aim: str
    may_bring: bool


def chains(asked: Asked) -> Chains:
    """The list of chains."""
    return Chains(tuple(pipeline.chain_list(asked.line)), pipeline.AIM, may_bring(asked))


def start(asked: Asked) -> Goto:
    """Start a chain with one person and an aim."""
    made = pipeline.start_chain(
        asked.line, asked.text("chain"), asked.text("aim"), asked.text("starter"), signer(asked)
    )
    return Goto(f"/chains/{made.id}?done=started")


@dataclass(frozen=True)
class Chain(Page, template="chains/chain.html"):
    """One chain, as a picture and as a list that says the same."""

    chain: ChainView
    picture: ChainPicture
    reach: str
    reach_box: tuple[int, int]
    may_bring: bool


def chain(asked: Asked) -> Chain:
    """One chain's page."""
    found = pipeline.chain_view(asked.line, asked.path["id"])
    path = reach_path(found.reach, datetime.now(UTC).date())
    return Chain(found, chain_picture(found), path, (REACH_WIDTH, REACH_HEIGHT), may_bring(asked))


# --- steps on somebody's behalf ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Slip(Page, template="chains/slip.html"):
    """An invitation to hand over: a code, shown once, to print or to photograph. It names nobody."""

    aim: str
    code: str
    address: str
    qr: str
    size: int
    back: str


def slip_for(asked: Asked, made: pipeline.Invited, back: str) -> Slip:
    """The slip for an invitation. The part of the address after # never leaves the browser."""
    address = f"{asked.base}join"
    path, size = qr_path(f"{address}#{made.code}")
    return Slip(made.aim, made.code, address, path, size, back)


def invite(asked: Asked) -> Slip:
    """Invite one person, on behalf of whoever starts the conversation; or a new slip for one that was lost."""
    which = asked.path["id"]
    if link := asked.text("link"):
        made = pipeline.invite_again(asked.line, link, signer(asked))
    else:
        initiator, handle = asked.text("initiator"), asked.text("handle")
        made = pipeline.invite(asked.line, which, initiator, handle=handle, by=signer(asked))
    return slip_for(asked, made, f"/chains/{which}")


def step(asked: Asked) -> Goto:
    """Write one step down for somebody, signed."""
    link, what = asked.text("link"), asked.text("step")
    if what == Step.AGREED:
        pipeline.agree(asked.line, link, asked.text("contact"), signer(asked))
    elif what in set(Step):
        pipeline.take_step(asked.line, link, Step(what), signer(asked))
    else:
        raise Refused("Say what happened.")
    return Goto(f"/chains/{asked.path['id']}?done=stepped#{link}")


@dataclass(frozen=True)
class Contact(Page, template="chains/contact.html"):
    """How to reach somebody, shown once."""

    contact: str
    back: str


def contact(asked: Asked) -> Contact:
    """How to reach whoever said yes: deleted as it is shown."""
    return Contact(pipeline.take_contact(asked.line, asked.text("link")), f"/chains/{asked.path['id']}")


# --- what was said ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Record(Page, template="chains/record.html"):
    """Bring in what was said: typed, or a file."""

    action: str
    back: str
    which: str  # what the form brings back: the link, or the chain
    own: bool  # for one of the two, not for a worker
    typed: NotesOf
    problem: str


EMPTY = NotesOf("", "", "")


def record_form(asked: Asked) -> Record:
    """The empty form, for a worker who types up paper."""
    return _record(asked, asked.asked("link"), EMPTY, "")


def _record(asked: Asked, link: str, typed: NotesOf, problem: str) -> Record:
    here = f"/chains/{asked.path['id']}"
    return Record(f"{here}/record", here, link, own=False, typed=typed, problem=problem)


def record(asked: Asked) -> Record | Goto:
    """Keep what was said. If it cannot be taken, everything typed stays on the page."""
    link, typed = asked.text("link"), typed_notes(asked)
    try:
        keep(asked, link, typed, signer(asked))
    except NotFound:
        raise
    except ListeningError as error:
        return _record(asked, link, typed, str(error))
    return Goto(f"/chains/{asked.path['id']}?done=written#{link}")


def typed_notes(asked: Asked) -> NotesOf:
    """What was typed into the form."""
    fields = ("words", "initiator", "other", "place", "held_on", "language")
    return NotesOf(**{name: asked.text(name) for name in fields})


def keep(asked: Asked, link: str, typed: NotesOf, by: str, *, recordings_only: bool = False) -> None:
    """Keep files if there are any, else what was typed, and have it read.

    :param recordings_only: notes in a file can say of anybody that they said this: those are for workers.
    """
    files = asked.files("files")
    arrivals = [_keep_file(asked, link, one, typed, by, recordings_only=recordings_only) for one in files]
    if not files:
        arrivals = [pipeline.record_notes(asked.line, link, typed, by)]
    asked.house.reader.take([one.source_id for one in arrivals])


def _keep_file(
    asked: Asked, link: str, upload: UploadFile, typed: NotesOf, by: str, *, recordings_only: bool
) -> pipeline.Arrival:
    names = [name for name in (typed.initiator, typed.other) if name.strip()]
    with tempfile.TemporaryDirectory(prefix="listening-") as folder:
        file = put_down(upload, Path(folder))
        if recordings_only and not pipeline.is_recording(file):
            raise Refused("Choose a recording. What you wrote down, type into the form.")
        return pipeline.record_file(asked.line, link, file, names=names, by=by, place=typed.place)


# --- the plan ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class PlanShown(Page, template="chains/plan.html"):
    """The plan of a chain, with all words, and who has signed."""

    view: PlanView
    words: tuple[tuple[QuoteView, bool, bool], ...]  # with whether they may be quoted, and whether they are an offer
    decisions: tuple[Decision, ...]
    may_bring: bool


def plan(asked: Asked) -> PlanShown:
    """The plan as the organisation sees it."""
    view = pipeline.plan_of(asked.line, asked.path["id"])
    shown = reading.quotes(asked, [one.id for one in view.plan.words])
    words = tuple((shown[one.id], one.quotable, one.offered) for one in view.plan.words if one.id in shown)
    decided = reading.decisions(asked)
    decisions: Sequence[Decision] = [decided[one.id] for one in view.plan.decisions if one.id in decided]
    return PlanShown(view, words, tuple(decisions), may_bring(asked))


def plan_file(asked: Asked) -> Body:
    """The plan as a file, to print or to pass on: what may leave the organisation."""
    view = pipeline.plan_of(asked.line, asked.path["id"])
    if asked.asked("form") == "markdown":
        return Body(view.markdown, "text/markdown", name="plan.md")
    return Body(view.html, "text/html", name="plan.html")


def sign(asked: Asked) -> Goto:
    """Write down that somebody signs the plan, as it was read to them."""
    pipeline.sign_plan(asked.line, asked.path["id"], asked.text("voice"), asked.text("sha256"), signer(asked))
    return Goto(f"/chains/{asked.path['id']}/plan?done=signed#signed")


def offer(asked: Asked) -> Goto:
    """Mark words as an offer, or take the mark away, for whoever said them."""
    marked = asked.text("marked") == "yes"
    found = pipeline.mark_offer(asked.line, asked.text("utterance"), marked=marked, by=signer(asked))
    return Goto(f"/chains/{asked.path['id']}/plan?done={'offer' if marked else 'no-offer'}#{found}")
