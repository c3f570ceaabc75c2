"""Whom the inquiry asks first, who is not here, and the questions about people, for those who answer or note."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from dashboards import reading
from dashboards.door import Asked
from dashboards.pages import Goto, Page
from dashboards.wording import Suggestion, suggestions
from listening import pipeline, questions
from listening.domain import AskedFirst
from listening.errors import ListeningError, NotFound, Refused
from listening.pipeline import OUTCOMES, AskedFirstView, EmptyChair, InquiryView, signature
from listening.questions import Question

WRITTEN = ("question", "area", "use_most", "reached_poorly")

# --- the inquiry ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class InquiryShown(Page, template="leadership/inquiry.html"):
    """What is asked, of whom first, what is planned, and who was heard."""

    question: str
    area: str
    groups: tuple[AskedFirstView, ...]
    may_write: bool
    may_plan: bool
    suggestions: tuple[Suggestion, ...]
    problem: str


def inquiry(asked: Asked) -> InquiryShown:
    """The page of the inquiry."""
    return _inquiry(asked, "")


def _inquiry(asked: Asked, problem: str) -> InquiryShown:
    found: InquiryView = pipeline.inquiry_view(asked.line)
    role = asked.who.role if asked.who else ""
    return InquiryShown(
        question=found.inquiry.question,
        area=found.inquiry.area,
        groups=found.groups,
        may_write=role in ("leader", "admin"),
        may_plan=role != "leader",
        suggestions=suggestions(*(group.words for group in found.groups)),
        problem=problem,
    )


def write(asked: Asked) -> InquiryShown | Goto:
    """Write down what the inquiry is."""
    try:
        pipeline.set_inquiry(asked.line, by=_name(asked), **{name: asked.text(name).strip() for name in WRITTEN})
    except ListeningError as error:
        return _inquiry(asked, str(error))
    return Goto("/inquiry?done=inquiry")


def plan(asked: Asked) -> InquiryShown | Goto:
    """Plan a conversation with people of a group."""
    try:
        on = date.fromisoformat(asked.text("on")) if asked.text("on") else None
        group = AskedFirst(asked.text("group"))
        pipeline.plan_conversation(asked.line, group, asked.text("with_whom"), on=on, by=_name(asked))
    except ListeningError as error:
        return _inquiry(asked, str(error))
    except ValueError:
        return _inquiry(asked, "Choose one of the two groups, and a day such as 2026-12-01.")
    return Goto("/inquiry?done=planned")


def held(asked: Asked) -> Goto:
    """Say that a planned conversation was held, or called off."""
    pipeline.mark_planned(asked.line, asked.text("planned"), asked.text("what"), _name(asked))
    return Goto("/inquiry?done=inquiry")


def _name(asked: Asked) -> str | None:
    return asked.who.name if asked.who else None


# --- the empty chair --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Chair(Page, template="leadership/empty_chair.html"):
    """Who was heard beside who lives there, and whose words are acted on less."""

    chair: EmptyChair
    outcomes: Mapping[str, str]


def chair(asked: Asked) -> Chair:
    """The page of the empty chair."""
    return Chair(pipeline.empty_chair(asked.line), OUTCOMES)


# --- the questions about people ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class About(Page, template="participants/about.html"):
    """The questions about people: one's own answers, or an empty form for whoever notes somebody's."""

    action: str
    shown: str  # whose; nothing if one's own
    groups: tuple[tuple[str, str], ...]  # the two groups that are asked first, for whoever notes
    questions: tuple[Question, ...]
    given: Mapping[str, str]
    wording: str
    problem: str


def own_form(asked: Asked) -> About:
    """My own answers."""
    return _own(asked, "")


def _own(asked: Asked, problem: str) -> About:
    given = pipeline.own_about(asked.line, _me(asked))
    return About("/mine/about", "", (), tuple(pipeline.questions_asked(asked.line)), given, questions.WORDING, problem)


def tell_own(asked: Asked) -> About | Goto:
    """Keep my answers."""
    try:
        _keep(asked, _me(asked), None)
    except Refused as error:
        return _own(asked, str(error))
    return Goto("/mine/about?done=about")


def forget_own(asked: Asked) -> Goto:
    """Remove all my answers."""
    pipeline.forget_about(asked.line, _me(asked))
    return Goto("/mine/about?done=forgotten")


def _me(asked: Asked) -> str:
    if asked.voice is None:
        raise NotFound("Type your code first.")
    return asked.voice


def _keep(asked: Asked, voice: str, by: str | None) -> None:
    given = {one.id: answer for one in pipeline.questions_asked(asked.line) if (answer := asked.text(one.id))}
    if not given:
        raise Refused("Choose an answer first, or leave this page: you do not have to answer.")
    pipeline.tell_about(asked.line, voice, given, agreed=asked.text("agreed") == "yes", by=by)


def form_for(asked: Asked) -> About:
    """An empty form for somebody's answers: what is kept is not shown to whoever notes."""
    return _form_for(asked, "")


def _form_for(asked: Asked, problem: str) -> About:
    voice = reading.voices(asked).get(asked.path["id"])
    if voice is None:
        raise NotFound("There is no such voice here.")
    groups = tuple((str(one.asked_first), one.words) for one in pipeline.inquiry_view(asked.line).groups)
    asks = tuple(pipeline.questions_asked(asked.line))
    return About(f"/people/{voice.id}/about", voice.shown, groups, asks, {}, questions.WORDING, problem)


def tell_for(asked: Asked) -> About | Goto:
    """Note somebody's answers."""
    try:
        _keep(asked, asked.path["id"], signature(asked.line, _name(asked)))
    except Refused as error:
        return _form_for(asked, str(error))
    return Goto(f"/people/{asked.path['id']}/about?done=about")


def forget_for(asked: Asked) -> Goto:
    """Remove somebody's answers, because they ask for it."""
    pipeline.forget_about(asked.line, asked.path["id"])
    return Goto(f"/people/{asked.path['id']}/about?done=forgotten")


def of_group(asked: Asked) -> Goto:
    """Say that somebody is of a group that is asked first, or of neither."""
    chosen = asked.text("group")
    group = AskedFirst(chosen) if chosen in set(AskedFirst) else None
    pipeline.mark_asked_first(asked.line, asked.path["id"], group, _name(asked))
    return Goto(f"/people/{asked.path['id']}/about?done=inquiry")
