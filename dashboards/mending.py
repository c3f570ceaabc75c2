"""Put right by ear what a machine heard, and say who speaks."""

from __future__ import annotations

from dataclasses import dataclass

from dashboards.arriving import name_of
from dashboards.door import Asked
from dashboards.pages import Goto, Page, Stretch, stretch
from dashboards.recording import length
from listening import pipeline
from listening.domain import Cause
from listening.errors import ListeningError, NotFound
from listening.pipeline import ConversationView, Speakers, ToPutRight


@dataclass(frozen=True)
class Listen(Page, template="workers/listen.html"):
    """What was heard in a recording, to listen to and put right; what is in doubt comes first."""

    conversation: ConversationView
    words: Stretch[ToPutRight]
    doubtful: int
    silent: bool  # the recording may not be played


def listen(asked: Asked) -> Listen:
    """The page to listen and put right on."""
    found = conversation(asked)
    words = pipeline.to_put_right(asked.line, found.id)
    return Listen(found, stretch(words, asked.number()), sum(one.doubtful for one in words), is_silent(asked, found))


def conversation(asked: Asked) -> ConversationView:
    """The recorded conversation that the address names; raises NotFound if there is none."""
    which = asked.path["id"]
    found = next((one for one in pipeline.conversations(asked.line) if one.id == which), None)
    if found is None:
        raise NotFound("There is no such conversation here.")
    if found.media != "recording":
        raise NotFound("This conversation was typed. There is nothing to hear: what was typed stays.")
    return found


def is_silent(asked: Asked, found: ConversationView) -> bool:
    """Whether its recording may not be played."""
    try:
        pipeline.recording(asked.line, found.source)
    except NotFound:
        return True
    return False


def put_right(asked: Asked) -> Goto:
    """Keep the words as somebody hears them, or as they stand because somebody listened; then on to the next."""
    found = conversation(asked)
    which, to = asked.text("utterance"), " ".join(asked.text("to").split())
    words = pipeline.to_put_right(asked.line, found.id)
    one = next((one for one in words if one.id == which), None)
    if one is None:
        raise NotFound("There are no such words in this recording, or they are held back for another reason.")
    following = next((after.id for after in words[words.index(one) + 1 :]), one.id)
    done = _kept(asked, one, to)
    return Goto(f"/conversations/{found.id}/listen?page={asked.number()}{done}#to-{following}")


def _kept(asked: Asked, one: ToPutRight, to: str) -> str:
    as_it_is = asked.text("what") == "right" or to == one.text
    if not as_it_is:
        pipeline.correct(asked.line, one.id, to, name_of(asked))
        return "&done=corrected"
    if one.doubtful:
        pipeline.release(asked.line, one.id, "listened to: it is right", name_of(asked), Cause.DOUBT)
        return "&done=listened"
    return ""


# --- who speaks -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class WhoSpeaks(Page, template="workers/speakers.html"):
    """The speakers of a recording, each with a few seconds to listen to."""

    conversation: ConversationView
    told: Speakers | None
    people: tuple[str, ...]
    unknown: str  # how long somebody speaks who is none of them, in words; empty if nobody does
    silent: bool
    problem: str


def speakers(asked: Asked) -> WhoSpeaks:
    """The page to say on who speaks."""
    return _speakers(asked, "")


def _speakers(asked: Asked, problem: str) -> WhoSpeaks:
    found = conversation(asked)
    try:
        told = pipeline.speakers(asked.line, found.id)
    except NotFound:
        told = None
    unknown = length(told.unknown_ms) if told and told.unknown_ms >= 1000 else ""  # noqa: PLR2004
    people = tuple(pipeline.people_to_choose(asked.line, found.id))
    return WhoSpeaks(found, told, people, unknown, is_silent(asked, found), problem)


def name_speaker(asked: Asked) -> WhoSpeaks | Goto:
    """Say who a speaker is, or that nobody knows."""
    found = conversation(asked)
    which = asked.text("voice")
    told = pipeline.speakers(asked.line, found.id)
    if which not in {one.voice for one in told.speakers}:
        raise NotFound("There is no such speaker in this recording.")
    nobody = asked.text("what") == "nobody"
    try:
        pipeline.name_speaker(asked.line, which, None if nobody else asked.text("handle")[:200], name_of(asked))
    except ListeningError as error:
        return _speakers(asked, str(error))
    return Goto(f"/conversations/{found.id}/speakers?done={'unnamed' if nobody else 'named'}")
