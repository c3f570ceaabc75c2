"""Open to everyone: what we heard, what will be done, what cannot be and why, and how many voices still wait."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

from markdown_it import MarkdownIt
from markupsafe import Markup

from dashboards import reading
from dashboards.door import Asked
from dashboards.pages import Page
from listening import pipeline
from listening.domain import Choice, Decision
from listening.pipeline import FollowUp, PublicView
from listening.small_numbers import rough

MOST_WORDS = 3  # of one theme
MOST_ALONE = 30


@dataclass(frozen=True, slots=True)
class Told:
    """A decision as everybody reads it, and on how many voices it rests, roughly."""

    decision: Decision
    voices: str
    following: FollowUp | None


@dataclass(frozen=True, slots=True)
class Heard:
    """A theme as everybody reads it: a title somebody signed, words whose speakers said yes to that, voices roughly."""

    id: str
    title: str | None
    signed: str | None
    words: tuple[PublicView, ...]
    voices: str


@dataclass(frozen=True)
class Inquiry(Page, template="public/inquiry.html"):
    """The public page of the inquiry."""

    voices: str
    waiting: str
    themes: int
    heard: tuple[Heard, ...]
    alone: tuple[PublicView, ...]
    overdue: int
    will: tuple[Told, ...]
    cannot: tuple[Told, ...]
    thinking: tuple[Told, ...]
    today: date


def inquiry(asked: Asked) -> Inquiry:
    """What everybody may read."""
    return asked.house.memory.get("inquiry", lambda: _inquiry(asked))


def _inquiry(asked: Asked) -> Inquiry:
    everyone = reading.answers(asked)
    counts = reading.decision_counts(asked)
    following = reading.following(asked)
    told: dict[Choice, list[Told]] = {choice: [] for choice in Choice}
    for one in reading.decisions(asked).values():
        told[Choice(one.choice)].append(Told(one, rough(counts.get(one.id, (0, 0))[0]), following.get(one.id)))
    found = reading.themes(asked)
    return Inquiry(
        voices=rough(len(everyone)),
        waiting=rough(sum(not one.answered for one in everyone)),
        themes=len(found),
        heard=heard(asked),
        alone=tuple(one for one in quotable(asked) if one.theme is None)[:MOST_ALONE],
        overdue=sum(one.overdue for one in pipeline.objections(asked.line)),
        will=tuple(told[Choice.DO]),
        cannot=tuple(told[Choice.CANNOT]),
        thinking=tuple(told[Choice.THINKING]),
        today=datetime.now(UTC).date(),
    )


def heard(asked: Asked) -> tuple[Heard, ...]:
    """The themes that can be shown: by a title, or by words whose speakers said yes to that."""
    return asked.house.memory.get("heard", lambda: _heard(asked))


def _heard(asked: Asked) -> tuple[Heard, ...]:
    words: dict[str | None, list[PublicView]] = {}
    for one in quotable(asked):
        words.setdefault(one.theme, []).append(one)
    return tuple(
        Heard(
            id=one.id,
            title=one.title.text if one.title else None,
            signed=one.title.signed if one.title else None,
            words=tuple(words.get(one.id, [])[:MOST_WORDS]),
            voices=rough(one.voices),
        )
        for one in reading.themes(asked)
        if one.id in words or (one.title and one.title.text)
    )


def quotable(asked: Asked) -> list[PublicView]:
    """All that everybody may read."""
    return asked.house.memory.get("quotable", lambda: pipeline.quotable(asked.line))


# --- guides -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Guides(Page, template="public/guides.html"):
    """The guides there are."""

    guides: tuple[tuple[str, str], ...]


def guides(_: Asked) -> Guides:
    """The list of guides."""
    return Guides(tuple((one.name, one.title) for one in pipeline.guides()))


@dataclass(frozen=True)
class GuideShown(Page, template="public/guide.html"):
    """A guide as a calm page to have open during a conversation."""

    title: str
    body: Markup


def guide(asked: Asked) -> GuideShown:
    """One guide."""
    return guide_page(asked.path["name"])


def guide_page(name: str) -> GuideShown:
    """A guide as it is shown; raises NotFound if there is none of that name."""
    found = pipeline.guide(name)
    html = MarkdownIt("commonmark", {"html": False}).enable("table").render(found.body)
    return GuideShown(found.title, Markup(html))  # noqa: S704  our own file, and its HTML is switched off
