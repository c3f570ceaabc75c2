"""The plan of a food conversation chain, as a document: what people said, what will be done, what people offer.

It goes out of the organisation, to the people of the chain: it quotes only those who said yes to being quoted, and it
names nobody. What people sign is its text; the same words give the same text, and so the same hash.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from importlib.resources import files
from typing import Final

from listening.domain import Choice, sha256_of

_MARKS: Final = re.compile(r"([\\`*_{}\[\]()#+\-.!|<>~&:=\"'$%^@])")
CHOSEN: Final = {
    Choice.DO: "What will be done",
    Choice.THINKING: "What is still being thought about",
    Choice.CANNOT: "What cannot be done, and why",
}


@dataclass(frozen=True, slots=True)
class PlanWords:
    """One utterance of the chain."""

    id: str
    text: str
    language: str | None
    theme: str | None
    quotable: bool
    offered: bool


@dataclass(frozen=True, slots=True)
class PlanDecision:
    """One decision, and which words of the chain it rests on."""

    id: str
    choice: Choice
    text: str
    because: str | None
    who: str
    decided_on: date
    look_again_on: date
    challenge: str
    cites: tuple[str, ...]


@dataclass(frozen=True)
class Plan:
    """A plan as it stands now. Words are in the order in which they were said."""

    chain: str
    aim: str
    people: int
    talks: int
    words: tuple[PlanWords, ...]
    decisions: tuple[PlanDecision, ...]

    @cached_property
    def quoted(self) -> tuple[PlanWords, ...]:
        """The words that may be quoted."""
        return tuple(one for one in self.words if one.quotable)

    @cached_property
    def sha256(self) -> str:
        """The hash of what people sign."""
        return sha256_of(as_markdown(self))

    def groups(self) -> list[tuple[PlanWords, ...]]:
        """The quoted words: those spoken of together, the most first, then each that stands on its own."""
        together: dict[str, list[PlanWords]] = {}
        for one in self.quoted:
            together.setdefault(one.theme or one.id, []).append(one)
        return [tuple(some) for some in sorted(together.values(), key=len, reverse=True)]

    def of(self, choice: Choice) -> tuple[PlanDecision, ...]:
        """The decisions of one kind."""
        return tuple(one for one in self.decisions if one.choice == choice)

    def cited(self, decision: PlanDecision) -> tuple[PlanWords, ...]:
        """The quoted words that a decision rests on."""
        return tuple(one for one in self.quoted if one.id in decision.cites)

    @cached_property
    def offers(self) -> tuple[PlanWords, ...]:
        """The quoted words that are offers."""
        return tuple(one for one in self.quoted if one.offered)

    @property
    def not_quoted(self) -> bool:
        """Whether there are words behind the plan that nobody is to quote."""
        return len(self.quoted) < len(self.words)


NOT_QUOTED: Final = "More was said than is quoted here. Some people chose that their words are not shown to others."


def as_markdown(plan: Plan) -> str:
    """The plan as Markdown; every word of it is shown as it was written."""
    return "\n".join(_lines(plan)).rstrip("\n") + "\n"


def _lines(plan: Plan) -> Iterator[str]:
    yield f"# {_plain(plan.aim)}"
    yield ""
    talks = f"{plan.talks} conversation" + ("" if plan.talks == 1 else "s")
    yield f"A plan from the food conversation chain “{_plain(plan.chain)}”: {plan.people} people, {talks}."
    yield ""
    yield "## What people said, in their own words"
    yield ""
    for number, group in enumerate(plan.groups(), 1):
        yield f"### {number}" + (" Heard together" if len(group) > 1 else " On its own")
        yield ""
        for one in group:
            yield from _quote(one)
    if plan.not_quoted:
        yield NOT_QUOTED
        yield ""
    yield from _decided(plan)
    yield "## What people offered to do themselves"
    yield ""
    for one in plan.offers:
        yield from _quote(one)
    if not plan.offers:
        yield "Nobody has been asked yet, or nobody has said so."
        yield ""


def _decided(plan: Plan) -> Iterator[str]:
    for choice, heading in CHOSEN.items():
        found = plan.of(choice)
        if not found and choice is not Choice.DO:
            continue
        yield f"## {heading}"
        yield ""
        for one in found:
            yield from _decision(plan, one)
        if not found:
            yield "Nothing has been decided yet. These words still wait for an answer."
            yield ""


def _decision(plan: Plan, one: PlanDecision) -> Iterator[str]:
    yield f"**{_plain(one.text)}** ({one.id})"
    yield ""
    if one.because:
        yield f"Because: {_plain(one.because)}"
        yield ""
    yield (
        f"Who: {_plain(one.who)}, {one.decided_on.isoformat()}. Looked at again on {one.look_again_on.isoformat()}. "
        f"To challenge it: {_plain(one.challenge)}"
    )
    yield ""
    cited = plan.cited(one)
    yield "Because of these words:" if cited else "It rests on words that are not quoted here."
    yield ""
    for words in cited:
        yield from _quote(words)


def _quote(one: PlanWords) -> Iterator[str]:
    for line in one.text.split("\n"):
        yield f"> {_plain(line)}  ".rstrip() + "\\" * bool(line.strip())
    yield f"> ({one.id})"
    yield ""


def _plain(text: str) -> str:
    """Text in which no character is taken for a mark of Markdown; it is shown as it is."""
    return " ".join(_MARKS.sub(r"\\\1", text).splitlines())


@dataclass(frozen=True, slots=True)
class Signed:
    """How many of the people of the chain have signed the plan as it stands."""

    people: int
    now: int  # signed what is here now
    before: int  # signed it as it stood before


def as_html(plan: Plan, signed: Signed) -> str:
    """The plan as one page that needs nothing else: to read, to print, to pass on."""
    from jinja2 import Environment, StrictUndefined

    template = files("listening").joinpath("plan.html").read_text(encoding="utf-8")
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return environment.from_string(template).render(plan=plan, signed=signed, chosen=CHOSEN, not_quoted=NOT_QUOTED)


def count_signed(voices: Sequence[str], signatures: dict[str, str], sha256: str) -> Signed:
    """How many of these voices signed; `signatures` has the hash that each of them signed."""
    mine = [signatures[voice] for voice in voices if voice in signatures]
    return Signed(len(voices), sum(one == sha256 for one in mine), sum(one != sha256 for one in mine))
