"""The participants' door: come back by a code, see what became of your own words, and stay in control of them."""

from __future__ import annotations

import mimetypes
from collections.abc import Mapping
from dataclasses import dataclass, replace

from dashboards import public, reading
from dashboards.door import Asked
from dashboards.pages import Body, Goto, Kept, Page, environment
from dashboards.pictures import qr_path
from dashboards.public import Heard
from listening import pipeline
from listening.domain import Cause, Decision, Duty, Happening, Purpose
from listening.errors import ListeningError, NotFound
from listening.pipeline import FELT, WORDING, FeltView, OpenObjection, OwnWords

PLACES = {
    "in_theme": "together with what others said",
    "on_its_own": "on its own: nobody else said the same, and it counts as much",
    "waiting": "safely kept, and soon put beside what others said",
    "held": "held back: nobody sees it",
    "failed": "kept, but it could not be read",
}
STEPS = ("not at all", "a little", "partly", "mostly", "fully")


@dataclass(frozen=True)
class ComeBack(Page, template="participants/come_back.html"):
    """Type your code."""

    problem: str


def come_back_form(_: Asked) -> ComeBack:
    """The empty form."""
    return ComeBack("")


def come_back(asked: Asked) -> ComeBack | Goto:
    """Open somebody's own words, unless there were too many tries. The code is in no address and no log.

    A code that is mistyped is no try: nobody guesses one of 130 random bits by leaving letters out, and in a hall many
    people type theirs at the same address.
    """
    tries = asked.house.tries
    if not tries.begin(asked.caller):
        return ComeBack("There were too many tries. Wait a quarter of an hour, then try again.")
    wrong = False
    try:
        token = pipeline.come_back(asked.line, asked.text("code")[:200])
    except ListeningError as error:
        wrong = isinstance(error, NotFound)
        return ComeBack(str(error))
    finally:
        tries.end(asked.caller, wrong=wrong)
    return Goto("/mine/words", cookie=token)


@dataclass(frozen=True, slots=True)
class Told:
    """One thing I said: where it is, with what, and what was decided because of it."""

    words: OwnWords
    place: str
    heard: Heard | None
    decisions: tuple[Decision, ...]
    objection: OpenObjection | None


@dataclass(frozen=True)
class Mine(Page, template="participants/mine.html"):
    """Everything that one person is shown of their own."""

    told: tuple[Told, ...]
    choices: Mapping[Purpose, bool | None]
    wording: Mapping[Purpose, str]
    statements: tuple[str, ...]
    felt: Mapping[str, int]
    following: Mapping[str, pipeline.FollowUp]
    news: tuple[str, ...]
    others: tuple[FeltView, ...]
    steps: tuple[str, ...]


def mine(asked: Asked) -> Mine:
    """My words, and what became of them."""
    found = pipeline.mine(asked.line, _me(asked))
    decided = {one.id: one for one in found.decisions}
    heard = {one.id: one for one in public.heard(asked)}
    objections = {one.utterance: one for one in found.objections}
    told = tuple(
        Told(
            words=words,
            place=PLACES.get(words.fate, ""),
            heard=heard.get(words.theme) if words.theme else None,
            decisions=tuple(decided[one] for one, ids in found.rests_on.items() if words.id in ids),
            objection=objections.get(words.id),
        )
        for words in found.words
    )
    others = tuple(asked.house.memory.get("felt", lambda: pipeline.felt(asked.line)))
    pipeline.tell(asked.line, found.voice, found.decisions)
    return Mine(told, found.choices, pipeline.WORDING, FELT, found.felt, found.following, found.news, others, STEPS)


def _me(asked: Asked) -> str:
    if asked.voice is None:
        raise NotFound("Type your code first.")
    return asked.voice


def choose(asked: Asked) -> Goto:
    """Keep my choices; what I did not touch stays as it was."""
    keep_choices(asked, _me(asked), None)
    return Goto("/mine/words?done=chosen#choices")


def keep_choices(asked: Asked, voice: str, by: str | None) -> None:
    """Record each choice that is made in the form and differs from the one before."""
    before = pipeline.choices(asked.line, voice)
    for purpose in Purpose:
        said = asked.text(purpose)
        if said in ("yes", "no") and before[purpose] is not (said == "yes"):
            pipeline.choose(asked.line, voice, purpose, given=said == "yes", by=by)


def not_meant(asked: Asked) -> Goto:
    """That is not what I meant: hidden at once, and a reply is due."""
    pipeline.object_to(asked.line, _me(asked), asked.text("utterance"), asked.text("said").strip())
    return Goto("/mine/words?done=not-meant")


def take_out(asked: Asked) -> Goto:
    """Withdraw one thing I said."""
    which = asked.text("utterance")
    if which not in {one.id for one in pipeline.mine(asked.line, _me(asked)).words}:
        raise NotFound("You have no such words here.")
    pipeline.withdraw(asked.line, which, by="the person who said it")
    asked.house.eraser.soon()
    return Goto("/mine/words?done=taken-out")


@dataclass(frozen=True)
class Gone(Page, template="participants/gone.html"):
    """Everything is taken out."""


def take_all_out(asked: Asked) -> Gone | Goto:
    """Withdraw everything I said."""
    if asked.text("sure") != "yes":
        return Goto("/mine/words#withdraw")
    pipeline.withdraw(asked.line, _me(asked), by="the person who said it")
    asked.house.eraser.soon()
    pipeline.leave(asked.line, asked.cookie)
    return Gone()


def say_felt(asked: Asked) -> Goto:
    """Say whether I felt heard."""
    given = {
        statement: int(value)
        for number, statement in enumerate(FELT)
        if (value := asked.text(f"felt-{number}")) in {"1", "2", "3", "4", "5"}
    }
    pipeline.say_felt(asked.line, _me(asked), given)
    return Goto("/mine/words?done=felt#felt")


def sound(asked: Asked) -> Kept:
    """The recording in which I said this."""
    found = pipeline.own_recording(asked.line, _me(asked), asked.path["id"])
    media_type = mimetypes.guess_type(f"sound{found.suffix}")[0] or "application/octet-stream"
    return Kept(str(found.path), media_type)


def take_with_me(asked: Asked) -> Body:
    """All that is kept about me, as one page to keep; why somebody held words back, a person tells me."""
    found = pipeline.everything(asked.line, _me(asked))
    done = [one for one in found.done if one.what not in {Happening.HELD, Happening.RELEASED}]
    return Body(as_page(replace(found, done=done)), "text/html")


def as_page(found: pipeline.Everything) -> str:
    """All that is kept about one voice, as one page that needs nothing else."""
    return (
        environment().get_template("participants/_everything.html").render(found=found, places=PLACES, wording=WORDING)
    )


@dataclass(frozen=True)
class Left(Page, template="participants/left.html"):
    """Away from here, at once."""

    to: str

    @property
    def refresh(self) -> str | None:
        """At once, to somewhere harmless."""
        return f"0; url={self.to}"


def leave(asked: Asked) -> Left:
    """End the visit, and go somewhere harmless."""
    pipeline.leave(asked.line, asked.cookie)
    return Left(asked.line.settings.exit_to)


# --- for whoever listened: receipts and choices -----------------------------------------------------------------------


@dataclass(frozen=True)
class Person(Page, template="participants/person.html"):
    """One voice: what it chose, and a receipt for it."""

    id: str
    shown: str
    choices: Mapping[Purpose, bool | None]
    wording: Mapping[Purpose, str]


def person(asked: Asked) -> Person:
    """The choices of one voice."""
    voice = reading.voices(asked).get(asked.path["id"])
    if voice is None:
        raise NotFound("There is no such voice here.")
    return Person(voice.id, voice.shown, pipeline.choices(asked.line, voice.id), pipeline.WORDING)


def mark_choices(asked: Asked) -> Goto:
    """Mark what a person said when they were asked."""
    keep_choices(asked, asked.path["id"], asked.who.name if asked.who else None)
    return Goto(f"/people/{asked.path['id']}?done=marked")


@dataclass(frozen=True)
class Receipt(Page, template="participants/receipt.html"):
    """A code, shown once: to copy, to print, or to photograph."""

    id: str
    code: str
    address: str
    qr: str  # the path of a QR code
    size: int


def give_receipt(asked: Asked) -> Receipt:
    """Make a receipt for a voice. The part of the address after # never leaves the browser."""
    code = pipeline.give_receipt(asked.line, asked.path["id"], asked.who.name if asked.who else None)
    address = f"{asked.base}mine"
    path, size = qr_path(f"{address}#{code}")
    return Receipt(asked.path["id"], code, address, path, size)


def revoke(asked: Asked) -> Goto:
    """Stop every code of a voice, because a slip was lost."""
    pipeline.revoke_receipts(asked.line, asked.path["id"])
    return Goto(f"/people/{asked.path['id']}?done=revoked")


# --- for whoever replies ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Asking:
    """Somebody who says "that is not what I meant", with the words."""

    objection: OpenObjection
    text: str | None  # None if those words must not be read
    language: str | None


@dataclass(frozen=True)
class Objections(Page, template="participants/objections.html"):
    """Who waits for a reply, the longest first."""

    asking: tuple[Asking, ...]


def _held_by_objection(asked: Asked) -> dict[str, pipeline.HeldView]:
    """Words that are held, by id. What is held to keep somebody safe too is for those who look after that only."""
    assert asked.who is not None  # noqa: S101
    held = reading.held(asked)
    for_safety = {one.id for one in held if one.cause is not Cause.MEANING}
    hidden = set() if asked.who.role in {Duty.SAFEGUARDING, Duty.ADMIN} else for_safety
    return {one.id: one for one in held if one.id not in hidden}


def objections(asked: Asked) -> Objections:
    """The list of those who said "that is not what I meant"."""
    held = _held_by_objection(asked)
    shown = reading.quotes(asked, [one.utterance for one in pipeline.objections(asked.line)])
    asking = []
    for one in pipeline.objections(asked.line):
        words = held.get(one.utterance) or shown.get(one.utterance)
        asking.append(Asking(one, words.text if words else None, words.language if words else None))
    return Objections(tuple(asking))


def reply(asked: Asked) -> Goto:
    """Reply to somebody, signed."""
    assert asked.who is not None  # noqa: S101
    again = asked.text("show_again") == "yes"
    pipeline.reply(asked.line, asked.text("objection"), asked.text("text"), show_again=again, by=asked.who.name)
    return Goto("/objections?done=replied")
