"""From a food conversation chain to its plan, and who of its people has signed it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from listening.domain import Choice, Decision, PlanSignature
from listening.errors import NotFound, Refused
from listening.pipeline.chaining import ChainView, _who, chain_view
from listening.pipeline.line import Line, signature
from listening.plan import Plan, PlanDecision, PlanWords, Signed, as_html, as_markdown, count_signed
from listening.store import Executor


@dataclass(frozen=True, slots=True)
class SignatureView:
    """One person of the chain, and whether they signed the plan."""

    voice: str
    shown: str
    signed_on: date | None  # None for those who have not yet
    signed: str | None  # who wrote it down: themselves, or somebody for them
    as_it_stands: bool  # signed what is here now, not an earlier text


@dataclass(frozen=True, slots=True)
class PlanView:
    """A plan, and who has signed it and who not yet."""

    plan: Plan
    chain: ChainView
    signatures: list[SignatureView]

    @property
    def signed(self) -> Signed:
        """In counts."""
        known = {one.voice: self.plan.sha256 if one.as_it_stands else "" for one in self.signatures if one.signed_on}
        return count_signed([one.voice for one in self.signatures], known, self.plan.sha256)

    @property
    def markdown(self) -> str:
        """As Markdown."""
        return as_markdown(self.plan)

    @property
    def html(self) -> str:
        """As one page to print."""
        return as_html(self.plan, self.signed)


def plan_of(line: Line, which: str) -> PlanView:
    """The plan of a chain as it stands now.

    :raises NotFound: if there is no such chain.
    """
    chain = chain_view(line, which)
    ids = [conversation for link in chain.links for conversation in link.conversations]
    with line.store.reading() as read:
        words = read.rows("plan_words", PlanWords, conversations=ids)
        decisions = _decisions(read, {one.id for one in words})
        signed = {one.voice_id: one for one in read.rows("plan_signatures", PlanSignature, chain_id=chain.id)}
    plan = Plan(chain.name, chain.aim, chain.people, chain.talks, tuple(words), tuple(decisions))
    return PlanView(plan, chain, _signatures(chain, signed, plan.sha256))


def _decisions(read: Executor, words: set[str]) -> list[PlanDecision]:
    """The decisions that rest on these words, the first one first."""
    cites: dict[str, list[str]] = {}
    for decision, rests_on in read.rows("decisions_on", lambda *row: row):
        if rests_on in words:
            cites.setdefault(decision, []).append(rests_on)
    found = [one for one in read.rows("decisions", Decision, id=None) if one.id in cites]
    return [
        PlanDecision(
            id=one.id,
            choice=Choice(one.choice),
            text=one.text,
            because=one.because,
            who=one.decided_by,
            decided_on=one.decided_at.date(),
            look_again_on=one.look_again_on,
            challenge=one.challenge,
            cites=tuple(cites[one.id]),
        )
        for one in sorted(found, key=lambda one: (one.decided_at, one.id))
    ]


def _signatures(chain: ChainView, signed: dict[str, PlanSignature], sha256: str) -> list[SignatureView]:
    people = {chain.starter: chain.starter_shown}
    for link in chain.links:
        if "talked" in link.steps:
            people |= {link.initiator: link.initiator_shown, link.other: link.other_shown}
    return [
        SignatureView(
            voice=voice,
            shown=shown,
            signed_on=signed[voice].signed_at.date() if voice in signed else None,
            signed=signed[voice].signed if voice in signed else None,
            as_it_stands=voice in signed and signed[voice].plan_sha256 == sha256,
        )
        for voice, shown in people.items()
    ]


def sign_plan(line: Line, which: str, voice: str, read_sha256: str | None = None, by: str | None = None) -> None:
    """A voice signs the plan of its chain, by itself or through somebody who wrote it down.

    :param read_sha256: the hash of what they read; with none, the plan as it stands now.
    :raises NotFound: if there is no such chain, or this voice is none of its people.
    :raises Refused: if the plan has changed since they read it.
    """
    view = plan_of(line, which)
    with line.store.reading() as read:
        full = _who(read, voice)
    if full not in {one.voice for one in view.signatures}:
        raise NotFound("Only the people of a chain sign its plan. This person has not talked in it.")
    if read_sha256 is not None and read_sha256 != view.plan.sha256:
        raise Refused("The plan has changed since you read it. Read it again, then sign.")
    row = PlanSignature(view.chain.id, full, view.plan.sha256, signature(line, by), datetime.now(UTC))
    with line.store.writing() as write:
        write.insert("plan_signature", [row])


def plans_of_voice(line: Line, voice: str, chains: Sequence[str]) -> list[PlanView]:
    """The plans that this voice may sign, of those chains."""
    views = [plan_of(line, chain) for chain in chains]
    return [view for view in views if voice in {one.voice for one in view.signatures}]
