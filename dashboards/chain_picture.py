"""A food conversation chain as a drawing that grows downwards: a stem, and a flower for each person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import cos, pi, sin

from dashboards.pages import day
from listening.chains import STATES
from listening.domain import Step
from listening.drawing import shortened
from listening.pipeline import ChainLinkView, ChainView

TOP, ROW, STEM, LEFT = 24, 58, 24, 20
PETALS, PETAL_RADIUS = 8, 8.5
LABEL_WIDTH = 196
REACH_WIDTH, REACH_HEIGHT = 300, 80


@dataclass(frozen=True, slots=True)
class Flower:
    """One person: where, what to write, where it leads, and whether they have talked."""

    href: str
    name: str
    told: str
    x: int
    y: int
    petals: str  # a path of dots; empty for a bud
    kind: str


@dataclass(frozen=True, slots=True)
class ChainPicture:
    """The whole chain. Labels stand in one column, right of all stems."""

    width: int
    height: int
    label_x: int
    flowers: tuple[Flower, ...]
    stems: tuple[tuple[str, str], ...]  # a path, and whether it is firm


def chain_picture(chain: ChainView) -> ChainPicture:
    """The picture; each flower leads to the words, or to the line of the list that says the same."""
    label_x = LEFT + (max((link.stem for link in chain.links), default=0) + 1) * STEM
    at: dict[str | None, tuple[int, int]] = {None: (LEFT, TOP)}
    started = f"started it, {day(chain.started_on)}"
    flowers = [
        Flower(f"/voices/{chain.starter}", chain.starter_shown, started, LEFT, TOP, _petals(LEFT, TOP), "talked")
    ]
    stems = []
    for row, link in enumerate(chain.links, 1):
        x, y = LEFT + link.stem * STEM, TOP + row * ROW
        at[link.id] = (x, y)
        talked = Step.TALKED in link.steps
        stems.append((_stem(at[link.parent], (x, y)), "firm" if talked else "loose"))
        petals = _petals(x, y) if talked else ""
        flowers.append(Flower(_href(link), shortened(link.other_shown), _told(link), x, y, petals, link.state))
    height = TOP + len(chain.links) * ROW + TOP
    return ChainPicture(label_x + LABEL_WIDTH, height, label_x, tuple(flowers), tuple(stems))


def _href(link: ChainLinkView) -> str:
    return f"/conversations/{link.conversations[0]}" if link.conversations else f"#{link.id}"


def _told(link: ChainLinkView) -> str:
    quiet = ", quiet" if link.quiet else ""
    return f"{STATES[link.state]}, {day(max(link.steps.values()))}{quiet}"


def _petals(x: int, y: int) -> str:
    """A path of dots around a place: lines of no length with round ends."""
    turns = [2 * pi * number / PETALS for number in range(PETALS)]
    return "".join(f"M{x + PETAL_RADIUS * cos(turn):.1f} {y + PETAL_RADIUS * sin(turn):.1f}h0" for turn in turns)


def _stem(start: tuple[int, int], end: tuple[int, int]) -> str:
    (x, y), (to_x, to_y) = start, end
    if x == to_x:
        return f"M{x} {y}V{to_y}"
    return f"M{x} {y}C{x} {y + ROW // 2} {to_x} {y + ROW // 4} {to_x} {y + ROW}V{to_y}"


def reach_path(reach: Sequence[tuple[date, int]], until: date) -> str:
    """How many people over time, as steps that begin at the lower left and end at the upper right."""
    if not reach:
        return ""
    first, most = reach[0][0], reach[-1][1]
    days = max((max(until, reach[-1][0]) - first).days, 1)
    path = f"M0 {REACH_HEIGHT}"
    for when, people in reach:
        path += f"H{(when - first).days / days * REACH_WIDTH:.1f}V{REACH_HEIGHT - people / most * REACH_HEIGHT:.1f}"
    return f"{path}H{REACH_WIDTH}V{REACH_HEIGHT}Z"
