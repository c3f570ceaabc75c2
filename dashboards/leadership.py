"""The leadership door: read what emerged, see who waits, decide from what is in front of you, trace it both ways."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from dashboards import reading
from dashboards.door import Asked
from dashboards.pages import Body, Goto, Page, Stretch, day, sort_of, stretch
from dashboards.pictures import MapPicture, at, map_picture
from dashboards.wording import Suggestion, suggestions
from listening import pipeline
from listening.domain import Choice, Decision, Kind, kind_of
from listening.drawing import TracePicture, trace_picture
from listening.errors import ListeningError, Refused
from listening.pipeline import AnswerView, FollowUp, QuoteView, ThemePage, ThemeView
from listening.small_numbers import FEWEST

MOST_AT_ONCE = 2_000  # statements on one page, to print
STEPS = (1, 2, 3)  # as many steps as the form has room for; more can be added afterwards
FIELDS = (
    "choice",
    "text",
    "because",
    "challenge",
    "look",
    "owner",
    *(f"{f}-{n}" for f in ("step", "due") for n in STEPS),
)


# --- the desk ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Waiting:
    """A voice without an answer, with the first thing it said."""

    voice: AnswerView
    words: QuoteView | None


@dataclass(frozen=True)
class Desk(Page, template="leadership/desk.html"):
    """First of all: who still waits for an answer."""

    waiting: Stretch[Waiting]
    voices: int
    answered: int
    acted_on: int
    themes: int
    alone: int
    not_looked_at: int
    held: int
    adds_up: bool
    looking: bool


def desk(asked: Asked) -> Desk:
    """The desk of whoever decides."""
    everyone = reading.answers(asked)
    waiting = stretch([one for one in everyone if not one.answered], asked.number(), 10)
    words = reading.quotes(asked, [one.first_words for one in waiting.things])
    ledger = asked.house.memory.get("ledger", lambda: pipeline.ledger(asked.line))
    return Desk(
        waiting=Stretch(
            tuple(Waiting(one, words.get(one.first_words)) for one in waiting.things),
            waiting.total,
            waiting.number,
            waiting.pages,
            waiting.first,
        ),
        voices=len(everyone),
        answered=sum(one.answered for one in everyone),
        acted_on=sum(one.acted_on for one in everyone),
        themes=len(reading.themes(asked)),
        alone=ledger.on_their_own,
        not_looked_at=ledger.waiting,
        held=ledger.held,
        adds_up=ledger.adds_up,
        looking=asked.house.looking.busy,
    )


def look_again(asked: Asked) -> Goto:
    """Find the themes in everything, in the background."""
    asked.house.looking.start()
    return Goto("/desk?done=looking")


# --- themes -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ThemeCard:
    """A theme in the list: its words, and how many voices it has beside the largest."""

    number: int
    theme: ThemeView
    words: tuple[QuoteView, ...]
    share: int  # per cent of the largest


@dataclass(frozen=True)
class Themes(Page, template="leadership/themes.html"):
    """The themes as they emerged, most voices first."""

    cards: Stretch[ThemeCard]
    voices: int
    alone: int


def themes(asked: Asked) -> Themes:
    """The list of themes."""
    found = reading.themes(asked)
    some = stretch(list(enumerate(found, 1)), asked.number(), 20)
    words = reading.quotes(asked, [one for _, theme in some.things for one in theme.exemplars[:3]])
    most = max((theme.voices for theme in found), default=1)
    cards = tuple(
        ThemeCard(
            number,
            theme,
            tuple(words[one] for one in theme.exemplars[:3] if one in words),
            max(2, round(100 * theme.voices / most)),
        )
        for number, theme in some.things
    )
    return Themes(
        Stretch(cards, some.total, some.number, some.pages, some.first),
        len(reading.answers(asked)),
        len(reading.alone(asked)),
    )


@dataclass(frozen=True, slots=True)
class Group:
    """Some of those who were heard, and roughly how many of them are in a theme: as words, and as a bar."""

    by: str
    name: str
    heard: str
    within: str
    share: int | None  # per cent, from the rounded numbers; None where one is too small to be shown


BY = {"place": "Place", "guide": "Guide", "chain": "Chain of conversations"}


def _group(one: pipeline.GroupView) -> Group:
    heard, within = (_roughly(number) for number in (one.heard, one.in_theme))
    share = None if one.in_theme is None or not one.heard else min(100, round(100 * one.in_theme / one.heard))
    return Group(BY[one.by], sort_of(one.name) if one.by == "guide" else one.name, heard, within, share)


def _roughly(number: int | None) -> str:
    return f"fewer than {FEWEST}" if number is None else f"about {number:,}" if number else "nobody"


@dataclass(frozen=True)
class ThemeShown(Page, template="leadership/theme.html"):
    """One theme: its words first, then what pulls apart in it, why it is one, its history, and what was decided."""

    number: int
    theme: ThemeView
    members: Stretch[QuoteView]
    strengths: dict[str, float]
    pairs: tuple[tuple[QuoteView, QuoteView, bool], ...]
    why: tuple[str, ...]
    history: tuple[pipeline.HistoryView, ...]
    decisions: tuple[Decision, ...]
    following: dict[str, FollowUp]
    who: tuple[Group, ...]
    too_few: int
    placed: int
    suggestions: tuple[Suggestion, ...]
    may_decide: bool


def theme(asked: Asked) -> ThemeShown:
    """One theme's page."""
    found = reading.theme(asked, asked.path["id"])
    members = stretch(found.members, asked.number())
    both = [(pair.one, pair.other, pair.ends) for pair in found.contrasts]
    words = reading.quotes(asked, [*(one.id for one in members.things), *(one for pair in both for one in pair[:2])])
    number = next((n for n, one in enumerate(reading.themes(asked), 1) if one.id == found.theme.id), 0)
    title, who = found.theme.title, reading.who_is_in(asked, found.theme.id)
    return ThemeShown(
        number=number,
        theme=found.theme,
        members=Stretch(
            tuple(words[one.id] for one in members.things if one.id in words),
            members.total,
            members.number,
            members.pages,
            members.first,
        ),
        strengths={one.id: one.strength for one in members.things},
        pairs=tuple((words[one], words[other], ends) for one, other, ends in both if {one, other} <= words.keys()),
        why=tuple(found.why),
        history=tuple(found.history),
        decisions=_decided_on(asked, found),
        following=reading.following(asked),
        who=tuple(_group(one) for one in who.groups),
        too_few=who.too_few,
        placed=sum(one.placed for one in found.members),
        suggestions=suggestions(title.text) if title and title.text else (),
        may_decide=_may_decide(asked),
    )


def _decided_on(asked: Asked, found: ThemePage) -> tuple[Decision, ...]:
    return reading.decisions_on(asked, found.theme.id, *(one.id for one in found.members))


def _may_decide(asked: Asked) -> bool:
    return asked.who is not None and asked.who.role in DECIDERS


DECIDERS = frozenset(("leader", "admin"))


def give_title(asked: Asked) -> Goto:
    """Give a theme a working title, or take it away."""
    assert asked.who is not None  # noqa: S101  the door lets nobody else in
    pipeline.give_title(asked.line, asked.path["id"], asked.text("title").strip() or None, asked.who.name)
    return Goto(f"/themes/{asked.path['id']}?done=title")


# --- on their own, find, the map, the wall ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Alone(Page, template="leadership/alone.html"):
    """Voices on their own: as visible as any theme."""

    words: Stretch[QuoteView]
    may_decide: bool


def alone(asked: Asked) -> Alone:
    """The words that joined no theme."""
    some = stretch(reading.alone(asked), asked.number())
    words = tuple(reading.quotes(asked, some.things).values())
    return Alone(Stretch(words, some.total, some.number, some.pages, some.first), _may_decide(asked))


@dataclass(frozen=True)
class Found(Page, template="leadership/find.html"):
    """Who said something."""

    words: str
    found: Stretch[QuoteView]
    may_decide: bool


def find(asked: Asked) -> Found:
    """The words that hold what was typed."""
    words = asked.asked("words").strip()[:200]
    key = ("find", words)
    ids = asked.house.memory.get(key, lambda: [one.id for one in pipeline.find(asked.line, words)]) if words else []
    some = stretch(ids, asked.number())
    found = tuple(reading.quotes(asked, some.things).values())
    return Found(words, Stretch(found, some.total, some.number, some.pages, some.first), _may_decide(asked))


@dataclass(frozen=True)
class WordMap(Page, template="leadership/map.html"):
    """Everything that was said, as dots; with a table beside it."""

    picture: MapPicture
    rows: tuple[tuple[int, ThemeView], ...]


def word_map(asked: Asked) -> WordMap:
    """The map."""
    found = reading.themes(asked)
    picture = asked.house.memory.get(
        "map picture", lambda: map_picture(reading.word_map(asked), [one.id for one in found])
    )
    return WordMap(picture, tuple(enumerate(found, 1)))


def near(asked: Asked) -> Body:
    """The words nearest to a place on the map, as JSON."""
    try:
        x, y = float(asked.asked("x", "0")), float(asked.asked("y", "0"))
    except ValueError:
        raise Refused("Say where on the map: x and y.") from None
    dot = reading.places(asked).nearest(x, y)
    words = reading.quotes(asked, [dot.utterance]).get(dot.utterance) if dot else None
    if dot is None or words is None:
        return Body("{}", "application/json")
    left, top = at(dot)
    said = {"x": left, "y": top, "text": words.text, "shown": words.shown, "language": words.language or ""}
    return Body(json.dumps({**said, "href": f"/utterances/{words.id}", "alone": dot.theme is None}), "application/json")


@dataclass(frozen=True)
class Wall(Page, template="leadership/wall.html"):
    """Words in large type, for a meeting room."""

    words: tuple[QuoteView, ...]
    one: QuoteView | None
    number: int
    total: int


WALL = 12


def wall(asked: Asked) -> Wall:
    """A calm grid of words, or one at a time: a theme, a voice on its own, a theme, and so on."""
    named = [one.exemplars[0] for one in reading.themes(asked)]
    lone = reading.alone(asked)
    mixed = [one for pair in zip(named, lone, strict=False) for one in pair]
    ids = list(dict.fromkeys([*mixed, *named, *lone]))[:200]
    if asked.asked("one") and ids:
        number = min(max(asked.number("one"), 1), len(ids))
        words = tuple(reading.quotes(asked, [ids[number - 1]]).values())
        return Wall((), words[0] if words else None, number, len(ids))
    some = stretch(ids, asked.number(), WALL)
    return Wall(tuple(reading.quotes(asked, some.things).values()), None, some.number, some.pages)


# --- decide -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Decide(Page, template="leadership/decide.html"):
    """Decide from what is in front of you: the words you ticked stay on the page."""

    words: tuple[QuoteView, ...]
    themes: tuple[ThemeView, ...]
    choice: str
    text: str
    because: str
    challenge: str
    look_again_on: str
    soonest: str
    owner: str
    steps: tuple[tuple[str, str], ...]
    problem: str
    suggestions: tuple[Suggestion, ...]


def decide_form(asked: Asked) -> Decide:
    """The empty form, with the words it rests on."""
    settings = asked.line.settings
    later = date.today() + timedelta(days=settings.look_again_after_days)  # noqa: DTZ011  the day on people's calendar
    return _decide_page(
        asked,
        asked.query.get("utterance", []),
        asked.query.get("theme", []),
        {"choice": "do", "text": "", "because": "", "challenge": settings.challenge, "look": later.isoformat()},
    )


def _decide_page(
    asked: Asked,
    utterances: list[str],
    theme_ids: list[str],
    typed: dict[str, str],
    *,
    problem: str = "",
    found: tuple[Suggestion, ...] = (),
) -> Decide:
    chosen = [one for one in reading.themes(asked) if one.id in theme_ids]
    return Decide(
        words=tuple(reading.quotes(asked, utterances).values()),
        themes=tuple(chosen),
        choice=typed["choice"],
        text=typed["text"],
        because=typed["because"],
        challenge=typed["challenge"],
        look_again_on=typed["look"],
        soonest=date.today().isoformat(),  # noqa: DTZ011
        owner=typed.get("owner", ""),
        steps=tuple((typed.get(f"step-{n}", ""), typed.get(f"due-{n}", "")) for n in STEPS),
        problem=problem,
        suggestions=found,
    )


def decide(asked: Asked) -> Decide | Goto:
    """Record a decision; a word that makes people small is asked about once."""
    assert asked.who is not None  # noqa: S101
    typed = {name: asked.text(name) for name in FIELDS}
    utterances, theme_ids = asked.texts("utterance"), asked.texts("theme")
    found = suggestions(typed["text"], typed["because"], *(typed[f"step-{n}"] for n in STEPS))
    if found and not asked.text("as_written"):
        return _decide_page(asked, utterances, theme_ids, typed, found=found)
    try:
        decision = pipeline.decide(
            asked.line,
            _choice(typed["choice"]),
            typed["text"].strip(),
            because=typed["because"].strip() or None,
            utterances=utterances,
            themes=theme_ids,
            by=asked.who.name,
            look_again_on=_day(typed["look"]),
            challenge=typed["challenge"].strip() or None,
            owner=typed["owner"].strip() or None,
            milestones=list(_steps(typed)),
        )
    except ListeningError as error:
        return _decide_page(asked, utterances, theme_ids, typed, problem=_for_the_web(error))
    return Goto(f"/decisions/{decision.id}?done=decision")


def _choice(typed: str) -> Choice:
    if typed not in set(Choice):
        raise Refused("Choose one: we will, we cannot, or still thinking.")
    return Choice(typed)


def _steps(typed: dict[str, str]) -> Iterable[tuple[str, date]]:
    """The steps that were filled in; each needs its day."""
    for n in STEPS:
        what, by = typed[f"step-{n}"].strip(), typed[f"due-{n}"]
        if what or by:
            day = _day(by, f"The day of step {n}")
            if not day:
                raise Refused(f"Say by when step {n} will be done.")
            yield what, day


def _day(typed: str, what: str = "The day to look again") -> date | None:
    try:
        return date.fromisoformat(typed) if typed else None
    except ValueError:
        raise Refused(f"{what} is not a day. Write it like 2026-12-01.") from None


def _for_the_web(error: ListeningError) -> str:
    """The sentence without the part that speaks of commands."""
    for command, instead in (
        (': --because "...".', "."),
        (
            " Name at least one: --utterance ID, or --theme ID. `listening themes` lists them.",
            " Go back to a theme or to the voices on their own, and tick at least one.",
        ),
    ):
        if command in str(error):
            return str(error).replace(command, instead)
    return str(error)


# --- decisions and the trace ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Decisions(Page, template="leadership/decisions.html"):
    """What was decided, newest first, and on how many voices each decision rests."""

    rows: Stretch[Decision]
    counts: dict[str, tuple[int, int]]
    following: dict[str, FollowUp]
    today: date


def decisions(asked: Asked) -> Decisions:
    """The list of decisions."""
    found = list(reading.decisions(asked).values())
    return Decisions(
        stretch(found, asked.number()),
        reading.decision_counts(asked),
        reading.following(asked),
        date.today(),  # noqa: DTZ011
    )


@dataclass(frozen=True)
class Traced(Page, template="leadership/trace.html"):
    """How one thing came about, and what came of it: as a picture, and as a list."""

    id: str
    kind: str
    heading: str
    decisions: tuple[Decision, ...]
    themes: tuple[ThemeView, ...]
    gone_themes: tuple[str, ...]
    words: Stretch[QuoteView]
    conversations: int
    voices: tuple[tuple[str, str], ...]
    picture: TracePicture
    path: str
    quote: QuoteView | None
    following: dict[str, FollowUp]
    today: date
    may_give: bool
    may_decide: bool


_HEADINGS = {
    Kind.DECISION: "How this decision came about",
    Kind.THEME: "What this theme rests on, and what came of it",
    Kind.UTTERANCE: "What became of these words",
    Kind.VOICE: "What became of this voice",
    Kind.CONVERSATION: "What became of this conversation",
}


def trace(asked: Asked) -> Traced:
    """The trace of a decision, theme, utterance, conversation or voice."""
    which = asked.path["id"]
    links = asked.house.memory.get(("links", which), lambda: pipeline.links(asked.line, which))
    kind = kind_of(which)
    decided = reading.decisions(asked)
    ids = list(dict.fromkeys(link.utterance for link in links))
    some = stretch(ids, asked.number(), MOST_AT_ONCE if asked.asked("all") else 25)
    pictured = list(dict.fromkeys([*ids[:60], *some.things]))
    words = reading.quotes(asked, pictured)
    now = {one.id: one for one in reading.themes(asked)}
    theme_ids = _ids(link.theme for link in links)
    shown = {link.voice: link.voice for link in links} | {one.voice: one.shown for one in words.values()}
    named = _names(words, now, decided)
    return Traced(
        id=which,
        kind=kind.name.lower() if kind else "",
        heading=_HEADINGS.get(kind, "The trace") if kind else "The trace",
        decisions=tuple(decided[one] for one in _ids(link.decision for link in links) if one in decided),
        themes=tuple(now[one] for one in theme_ids if one in now),
        gone_themes=tuple(one for one in theme_ids if one not in now),
        words=Stretch(
            tuple(words[one] for one in some.things if one in words), some.total, some.number, some.pages, some.first
        ),
        conversations=len({link.conversation for link in links}),
        voices=tuple(shown.items()),
        picture=trace_picture(links, lambda one: named.get(one, "Not shown")),
        path=asked.frame.path,
        quote=words.get(which) if kind is Kind.UTTERANCE else None,
        following=reading.following(asked),
        today=date.today(),  # noqa: DTZ011
        may_decide=_may_decide(asked),
        may_give=kind is Kind.VOICE and asked.who is not None and asked.who.role != "leader",
    )


def _ids(found: Iterable[str | None]) -> list[str]:
    return list(dict.fromkeys(one for one in found if one))


def _names(words: dict[str, QuoteView], now: dict[str, ThemeView], decided: dict[str, Decision]) -> dict[str, str]:
    """What to write on each thing in the picture."""
    named = {one.id: one.text for one in decided.values()}
    named |= {one.id: (one.title.text if one.title and one.title.text else one.name) for one in now.values()}
    for one in words.values():
        where = ", ".join(part for part in (one.place or "", day(one.held_on)) if part)
        named |= {one.id: one.text, one.voice: one.shown, one.conversation: where or "Conversation"}
    return named


# --- voices -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Voices(Page, template="leadership/voices.html"):
    """Everyone who said something, and whether they have an answer."""

    rows: Stretch[AnswerView]
    which: str


_WHICH: dict[str, Callable[[AnswerView], bool]] = {
    "waiting": lambda one: not one.answered,
    "answered": lambda one: one.answered,
    "acted-on": lambda one: one.acted_on,
}


def voices(asked: Asked) -> Voices:
    """The list of voices, all or those asked for."""
    which = asked.asked("which")
    keep = _WHICH.get(which)
    found = [one for one in reading.answers(asked) if keep is None or keep(one)]
    return Voices(stretch(found, asked.number()), which if keep else "")


@dataclass(frozen=True)
class Held(Page, template="leadership/held.html"):
    """Words that are held back, for whoever decides about them."""

    words: Stretch[pipeline.HeldView]


def held(asked: Asked) -> Held:
    """The words that are held back."""
    return Held(stretch(reading.held(asked), asked.number()))
