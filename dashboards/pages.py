"""What a page is: a frozen dataclass that declares all its template may show, and how it becomes HTML."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from hashlib import sha256
from importlib.resources import files
from math import ceil
from typing import Any, ClassVar, Generic, TypeVar

from jinja2 import Environment, PackageLoader, StrictUndefined

from listening.chains import STATES
from listening.domain import Choice, Fate
from listening.pipeline import AccountView

T = TypeVar("T")
Thing = TypeVar("Thing")

REGISTRY: dict[str, type[Page]] = {}
"""Every page by the name of its template."""


@dataclass(frozen=True, slots=True)
class Frame:
    """What is around every page: who is looking, where, and the token that forms must bring back."""

    who: AccountView | None
    path: str
    mint: Callable[[], str] = field(repr=False)
    links: tuple[tuple[str, str], ...]
    done: str | None

    @property
    def token(self) -> str:
        """What one form must bring back: another one each time, so that the same form sent twice is known."""
        return self.mint()


@dataclass(frozen=True)
class Page:
    """All that a template may show. Each kind of page names its template and is in the registry."""

    template: ClassVar[str]
    status: ClassVar[int] = 200

    @property
    def refresh(self) -> str | None:
        """After how many seconds the browser should look again, and where, if it should."""
        return None

    def __init_subclass__(cls, template: str, status: int = 200, **others: Any) -> None:
        super().__init_subclass__(**others)
        cls.template, cls.status = template, status
        REGISTRY[template] = cls


@dataclass(frozen=True, slots=True)
class Stretch(Generic[Thing]):
    """Some of many: page `number` of `pages`."""

    things: tuple[Thing, ...]
    total: int
    number: int
    pages: int
    first: int  # counted from 1


def stretch(things: Sequence[Thing], number: int, size: int = 50) -> Stretch[Thing]:
    """Page `number` (from 1) of these; a number that is not there gives the nearest one."""
    pages = max(1, ceil(len(things) / size))
    number = min(max(number, 1), pages)
    start = (number - 1) * size
    return Stretch(tuple(things[start : start + size]), len(things), number, pages, start + 1)


def render(page: Page, frame: Frame) -> str:
    """The page as HTML."""
    shown = {one.name: getattr(page, one.name) for one in fields(page)}
    return environment().get_template(page.template).render(**shown, frame=frame)


@functools.cache
def environment() -> Environment:
    """Where templates are found and what all of them may use. What is not declared is an error."""
    made = Environment(
        loader=PackageLoader("dashboards"),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {
        "day": day,
        "moment": moment,
        "many": many,
        "clock": clock,
        "megabytes": megabytes,
        "sort_of": sort_of,
    }
    made.globals |= {"static": static, "FATES": FATES, "CHOICES": CHOICES, "STATES": STATES}
    return made


# --- how things are written -------------------------------------------------------------------------------------------

FATES = {
    Fate.IN_THEME: "in a theme",
    Fate.ON_ITS_OWN: "on its own",
    Fate.WAITING: "waiting for the next look",
    Fate.HELD: "held back",
    Fate.WITHDRAWN: "withdrawn",
    Fate.FAILED: "could not be read",
}
CHOICES = {Choice.DO: "We will", Choice.CANNOT: "We cannot", Choice.THINKING: "Still thinking"}
MEGABYTE = 1_048_576
KINDS = {"good-life": "Good life conversation", "food-chain": "Food conversation"}


def day(when: date | datetime | None) -> str:
    """A day as people write it: 5 March 2026."""
    return f"{when.day} {when:%B %Y}" if when else ""


def moment(when: datetime) -> str:
    """A day and a time: 5 March 2026, 14:05."""
    return f"{day(when)}, {when:%H:%M}"


def clock(milliseconds: int) -> str:
    """A place in a recording: 1:05."""
    return f"{milliseconds // 60_000}:{milliseconds // 1000 % 60:02}"


def many(number: int, one: str, more: str | None = None) -> str:
    """A number with its thing: 1 voice, 2 voices."""
    return f"{number:,} {one if number == 1 else more or one + 's'}"


def megabytes(size: int) -> str:
    """A size people can picture."""
    return f"{size / MEGABYTE:.1f} MB" if size >= MEGABYTE // 10 else f"{max(1, round(size / 1024))} KB"


def sort_of(name: str | None) -> str:
    """What to call a kind of conversation."""
    return KINDS.get((name or "").replace("_", "-"), "Conversation")


@functools.cache
def static(name: str) -> str:
    """The address of a static file; it changes when the file does, so a browser may keep it."""
    content = files("dashboards").joinpath("static", name).read_bytes()
    return f"/static/{name}?v={sha256(content).hexdigest()[:10]}"


# --- what a handler answers with --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Goto:
    """Go and look there: the answer to a form that was taken."""

    path: str
    cookie: str | None = None  # a new session token to keep; empty to forget it


@dataclass(frozen=True, slots=True)
class Body:
    """Something that is not a page. It is made for whoever asked, and kept nowhere here."""

    content: str | bytes
    media_type: str
    code: int = 200
    name: str = ""  # to keep it as a file, in plain letters, digits, dots and dashes; empty: to be opened here


@dataclass(frozen=True, slots=True)
class Kept:
    """A file to send, whole or in part."""

    path: str
    media_type: str


Answer = Page | Goto | Body | Kept
Handler = Callable[[Any], Answer]


@dataclass(frozen=True)
class Problem(Page, template="problem.html"):
    """Something could not be done: what, and what to do next."""

    title: str
    sentence: str
    code: int = field(default=400)
