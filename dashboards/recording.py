"""Record a conversation in the browser. Every few seconds are safe here before the next; nothing else can be lost."""

from __future__ import annotations

import contextlib
import dataclasses
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from markupsafe import Markup

from dashboards.arriving import name_of, owner
from dashboards.door import Asked
from dashboards.pages import Goto, Page
from dashboards.public import guide_page
from dashboards.uploads import put_down
from dashboards.workers import Brought, received, refused
from listening import pipeline
from listening.errors import ListeningError, NotFound, Refused
from listening.pipeline import ArrivingView, Coming

SPEAKERS = 3  # lines for people in the form
FACTS = ("guide", "place", "listener", "people", "language", "chain", "link")


@dataclass(frozen=True, slots=True)
class Begun:
    """A recording that was begun and is not finished."""

    id: str
    place: str
    begun_at: datetime
    minutes: str  # how much of it is safe, in words


def _begun(one: ArrivingView) -> Begun:
    return Begun(one.id, one.facts.get("place", ""), one.begun_at, length(one.milliseconds))


def length(milliseconds: int) -> str:
    """How long something lasts, in words: 40 seconds, 12 minutes."""
    seconds = round(milliseconds / 1000)
    number, word = (seconds, "second") if seconds < 60 else (round(seconds / 60), "minute")  # noqa: PLR2004
    return f"{number} {word}{'' if number == 1 else 's'}"


@dataclass(frozen=True)
class RecordForm(Page, template="workers/record_form.html"):
    """What is said before a recording begins."""

    facts: dict[str, str]
    speakers: tuple[tuple[str, str], ...]
    guides: tuple[tuple[str, str], ...]
    wording: str
    problem: str
    begun: tuple[Begun, ...]


def begin_form(asked: Asked) -> RecordForm:
    """The form, and what was begun before and is not finished."""
    facts = dict.fromkeys(FACTS, "") | {"guide": "good_life", "listener": name_of(asked)}
    return _form(asked, facts, (("", ""),) * SPEAKERS, "")


def _form(asked: Asked, facts: dict[str, str], speakers: tuple[tuple[str, str], ...], problem: str) -> RecordForm:
    guides = tuple((one.name, one.title) for one in pipeline.guides() if one.kind in KINDS)
    begun = tuple(_begun(one) for one in pipeline.interrupted(asked.line, owner(asked)))
    return RecordForm(facts, speakers, guides, pipeline.TO_BE_RECORDED, problem, begun)


KINDS = ("good-life", "food-chain")


def begin(asked: Asked) -> RecordForm | Goto:
    """Keep what is known about a recording, and go to where it is made."""
    facts = {name: asked.text(name).strip() for name in FACTS}
    speakers = tuple(zip(asked.texts("label"), asked.texts("handle"), strict=False))[:20]
    voices = {label.strip(): handle.strip() or label.strip() for label, handle in speakers if label.strip()}
    known = facts | {"date": datetime.now(UTC).date().isoformat(), "kind": _kind_of(facts["guide"])}
    if voices and facts["listener"] and facts["listener"] not in voices:
        voices[facts["listener"]] = facts["listener"]  # whoever listens speaks too: their words are not the others'
    try:
        which = pipeline.begin_recording(
            asked.line, known, voices, name_of(asked), agreed=asked.text("agreed") == "yes"
        )
    except ListeningError as error:
        more = speakers + (("", ""),) * (SPEAKERS - len(speakers))
        return _form(asked, facts, more, str(error))
    return Goto(f"/record/{which}")


def _kind_of(guide: str) -> str:
    found = next((one.kind for one in pipeline.guides() if one.name == guide), "")
    return found if found in KINDS else ""


@dataclass(frozen=True)
class Record(Page, template="workers/record.html"):
    """Where a recording is made, with its guide below."""

    begun: Begun
    takes: tuple[dict[str, object], ...]  # what is safe already, for the script
    guide: str
    guide_body: Markup
    problem: str


def recording(asked: Asked) -> Record:
    """One recording: begin, go on, finish or throw away."""
    return _record(asked, "")


def _record(asked: Asked, problem: str) -> Record:
    one = _mine(asked)
    guide = one.facts.get("guide", "")
    shown = guide_page(guide) if guide else None
    takes = tuple({"name": take.name, "ms": take.milliseconds} for take in one.takes)
    return Record(_begun(one), takes, shown.title if shown else "", shown.body if shown else Markup(), problem)


def _mine(asked: Asked) -> ArrivingView:
    one = pipeline.arriving_one(asked.line, asked.path["id"], owner(asked))
    if one.coming is not Coming.RECORDING or one.outcome is not None:
        raise NotFound("This recording is finished. See “Coming in” for what became of it.")
    return one


def finish(asked: Asked) -> Record | Goto:
    """Make one source of what was recorded, and have it heard. Asked a second time, it changes nothing."""
    with asked.house.finishing:
        try:
            arrivals = pipeline.finish_recording(asked.line, asked.path["id"], owner(asked))
        except Refused as error:
            return _record(asked, str(error))
    asked.house.reader.take([one.source_id for one in arrivals if one.new])
    return Goto("/coming-in?done=recorded")


def take_file(asked: Asked) -> Record | Brought:
    """Take a file that was recorded with something else, with what was said before about this recording."""
    one = _mine(asked)
    files = asked.files("files")
    if not files:
        return _record(asked, "Choose a recording first.")
    with tempfile.TemporaryDirectory(prefix="listening-") as folder:
        file = put_down(files[0], Path(folder))
        try:
            arrival = pipeline.receive_recorded(asked.line, one.id, owner(asked), file)
        except ListeningError as error:
            return Brought((refused(asked, file.name, error),))
    return Brought((received(asked, dataclasses.replace(arrival, name=file.name)),))


@dataclass(frozen=True)
class ThrowAway(Page, template="workers/throw_away.html"):
    """Whether to throw a recording away."""

    begun: Begun


def ask(asked: Asked) -> ThrowAway:
    """Ask first: there is no way back."""
    return ThrowAway(_begun(_mine(asked)))


def throw_away(asked: Asked) -> Goto:
    """Throw a recording away."""
    with contextlib.suppress(NotFound):  # it is gone already
        pipeline.throw_away(asked.line, _mine(asked).id, owner(asked))
    return Goto("/record?done=thrown")
