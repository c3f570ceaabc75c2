"""Every way in, and whose it is. What is not in this table is not there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from dashboards import (
    accounts,
    arriving,
    chains,
    empty_chair,
    exports,
    in_chain,
    keeping_word,
    leadership,
    mending,
    participants,
    patterns,
    public,
    recording,
    sound,
    workers,
)
from dashboards.door import Asked
from dashboards.pages import Answer
from listening.domain import Duty

EVERYONE: frozenset[Duty] = frozenset()
STAFF = frozenset(Duty)
DECIDE = frozenset({Duty.LEADER, Duty.ADMIN})
BRING = frozenset({Duty.WORKER, Duty.SAFEGUARDING, Duty.ADMIN})
SAFE = frozenset({Duty.SAFEGUARDING, Duty.ADMIN})
ADMIN = frozenset({Duty.ADMIN})


@dataclass(frozen=True, slots=True)
class Way:
    """One way in: an empty set of roles means that it is open to everyone."""

    method: str
    path: str
    handler: Callable[[Asked], Answer]
    roles: frozenset[Duty]
    for_strangers: bool = False  # has a form for people who are not signed in
    files: bool = False  # takes files
    own: bool = False  # for whoever came back to their own words, and for nobody else
    raw: bool = False  # for our own scripts: takes bytes, answers with JSON
    again: bool = False  # doing it twice changes no more than doing it once

    @property
    def name(self) -> str:
        """What to call it."""
        return f"{self.method} {self.path}"


WAYS: tuple[Way, ...] = (
    Way("GET", "/", public.inquiry, EVERYONE),
    Way("GET", "/guides", public.guides, EVERYONE),
    Way("GET", "/guides/{name}", public.guide, EVERYONE),
    Way("GET", "/patterns", patterns.patterns, EVERYONE),
    Way("GET", "/sign-in", accounts.sign_in_form, EVERYONE, for_strangers=True),
    Way("POST", "/sign-in", accounts.sign_in, EVERYONE),
    Way("POST", "/sign-out", accounts.sign_out, STAFF),
    Way("GET", "/accounts", accounts.accounts, ADMIN),
    Way("POST", "/accounts", accounts.add, ADMIN),
    Way("POST", "/accounts/remove", accounts.remove, ADMIN),
    Way("GET", "/desk", leadership.desk, DECIDE),
    Way("POST", "/look-again", leadership.look_again, DECIDE),
    Way("GET", "/themes", leadership.themes, STAFF),
    Way("GET", "/themes/{id}", leadership.theme, STAFF),
    Way("POST", "/themes/{id}/title", leadership.give_title, DECIDE),
    Way("GET", "/alone", leadership.alone, STAFF),
    Way("GET", "/find", leadership.find, STAFF),
    Way("GET", "/map", leadership.word_map, STAFF),
    Way("GET", "/map/near", leadership.near, STAFF),
    Way("GET", "/wall", leadership.wall, STAFF),
    Way("GET", "/decide", leadership.decide_form, DECIDE),
    Way("POST", "/decide", leadership.decide, DECIDE),
    Way("GET", "/decisions", leadership.decisions, STAFF),
    Way("GET", "/decisions/{id}", leadership.trace, STAFF),
    Way("GET", "/decisions/{id}/progress", keeping_word.book, DECIDE),
    Way("POST", "/decisions/{id}/progress", keeping_word.write, DECIDE),
    Way("GET", "/exports", exports.exports, DECIDE),
    Way("GET", "/exports/{whom}/{format}", exports.export, DECIDE),
    Way("GET", "/trace/{id}", leadership.trace, STAFF),
    Way("GET", "/utterances/{id}", leadership.trace, STAFF),
    Way("GET", "/voices", leadership.voices, STAFF),
    Way("GET", "/voices/{id}", leadership.trace, STAFF),
    Way("GET", "/held", leadership.held, SAFE),
    Way("POST", "/hold", workers.hold, BRING),
    Way("POST", "/release", workers.release, SAFE),
    Way("GET", "/people/{id}", participants.person, BRING),
    Way("POST", "/people/{id}", participants.mark_choices, BRING, again=True),
    Way("POST", "/people/{id}/receipt", participants.give_receipt, BRING),
    Way("POST", "/people/{id}/revoke", participants.revoke, BRING),
    Way("GET", "/objections", participants.objections, STAFF),
    Way("POST", "/objections", participants.reply, STAFF),
    Way("GET", "/mine", participants.come_back_form, EVERYONE, for_strangers=True),
    Way("POST", "/mine", participants.come_back, EVERYONE),
    Way("GET", "/mine/words", participants.mine, EVERYONE, own=True),
    Way("GET", "/mine/everything", participants.take_with_me, EVERYONE, own=True),
    Way("GET", "/mine/sound/{id}", participants.sound, EVERYONE, own=True),
    Way("POST", "/mine/choices", participants.choose, EVERYONE, own=True, again=True),
    Way("POST", "/mine/not-meant", participants.not_meant, EVERYONE, own=True),
    Way("POST", "/mine/take-out", participants.take_out, EVERYONE, own=True),
    Way("POST", "/mine/take-all-out", participants.take_all_out, EVERYONE, own=True),
    Way("POST", "/mine/felt", participants.say_felt, EVERYONE, own=True),
    Way("POST", "/mine/leave", participants.leave, EVERYONE, own=True),
    Way("GET", "/bring", workers.bring_form, BRING),
    Way("POST", "/bring", workers.bring, BRING, files=True, again=True),
    Way("GET", "/brought", arriving.brought, BRING),
    Way("POST", "/arriving", arriving.begin, BRING, raw=True),
    Way("GET", "/arriving/{id}", arriving.look, BRING, raw=True),
    Way("PATCH", "/arriving/{id}", arriving.add, BRING, raw=True),
    Way("POST", "/arriving/{id}/finish", arriving.finish, BRING, raw=True),
    Way("GET", "/record", recording.begin_form, BRING),
    Way("POST", "/record", recording.begin, BRING, again=True),
    Way("GET", "/record/{id}", recording.recording, BRING),
    Way("POST", "/record/{id}/finish", recording.finish, BRING, again=True),
    Way("POST", "/record/{id}/file", recording.take_file, BRING, files=True, again=True),
    Way("GET", "/record/{id}/throw-away", recording.ask, BRING),
    Way("POST", "/record/{id}/throw-away", recording.throw_away, BRING, again=True),
    Way("GET", "/bring/note", workers.note_form, BRING),
    Way("POST", "/bring/note", workers.note, BRING),
    Way("GET", "/bring/table/{table}", workers.table_form, BRING),
    Way("POST", "/bring/table/{table}", workers.bring_table, BRING),
    Way("GET", "/coming-in", workers.coming_in, BRING),
    Way("GET", "/conversations", workers.conversations, STAFF),
    Way("GET", "/conversations/{id}", workers.conversation, STAFF),
    Way("GET", "/conversations/{id}/listen", mending.listen, BRING),
    Way("POST", "/conversations/{id}/listen", mending.put_right, BRING),
    Way("GET", "/conversations/{id}/speakers", mending.speakers, BRING),
    Way("POST", "/conversations/{id}/speakers", mending.name_speaker, BRING),
    Way("GET", "/sound/{id}", sound.sound, STAFF),
    Way("GET", "/chains", chains.chains, STAFF),
    Way("POST", "/chains", chains.start, BRING),
    Way("GET", "/chains/{id}", chains.chain, STAFF),
    Way("POST", "/chains/{id}/invite", chains.invite, BRING),
    Way("POST", "/chains/{id}/step", chains.step, BRING),
    Way("POST", "/chains/{id}/contact", chains.contact, BRING),
    Way("GET", "/chains/{id}/record", chains.record_form, BRING),
    Way("POST", "/chains/{id}/record", chains.record, BRING, files=True),
    Way("GET", "/chains/{id}/plan", chains.plan, STAFF),
    Way("GET", "/chains/{id}/plan/file", chains.plan_file, STAFF),
    Way("POST", "/chains/{id}/sign", chains.sign, BRING),
    Way("POST", "/chains/{id}/offer", chains.offer, BRING),
    Way("GET", "/join", in_chain.join_form, EVERYONE, for_strangers=True),
    Way("POST", "/join", in_chain.join, EVERYONE),
    Way("POST", "/join/answer", in_chain.answer, EVERYONE),
    Way("GET", "/mine/chain", in_chain.mine, EVERYONE, own=True),
    Way("POST", "/mine/chain/invite", in_chain.invite, EVERYONE, own=True),
    Way("POST", "/mine/chain/invite-again", in_chain.invite_again, EVERYONE, own=True),
    Way("POST", "/mine/chain/contact", in_chain.contact, EVERYONE, own=True),
    Way("POST", "/mine/chain/step", in_chain.step, EVERYONE, own=True),
    Way("GET", "/mine/chain/record", in_chain.record_form, EVERYONE, own=True),
    Way("POST", "/mine/chain/record", in_chain.record, EVERYONE, own=True, files=True),
    Way("POST", "/mine/chain/offer", in_chain.offer, EVERYONE, own=True),
    Way("GET", "/mine/plan", in_chain.plans, EVERYONE, own=True),
    Way("POST", "/mine/plan/sign", in_chain.sign, EVERYONE, own=True),
    Way("GET", "/inquiry", empty_chair.inquiry, STAFF),
    Way("POST", "/inquiry", empty_chair.write, DECIDE),
    Way("POST", "/inquiry/plan", empty_chair.plan, BRING),
    Way("POST", "/inquiry/held", empty_chair.held, BRING),
    Way("GET", "/empty-chair", empty_chair.chair, STAFF),
    Way("GET", "/people/{id}/about", empty_chair.form_for, BRING),
    Way("POST", "/people/{id}/about", empty_chair.tell_for, BRING),
    Way("POST", "/people/{id}/about/remove", empty_chair.forget_for, BRING),
    Way("POST", "/people/{id}/group", empty_chair.of_group, BRING),
    Way("GET", "/mine/about", empty_chair.own_form, EVERYONE, own=True),
    Way("POST", "/mine/about", empty_chair.tell_own, EVERYONE, own=True),
    Way("POST", "/mine/about/remove", empty_chair.forget_own, EVERYONE, own=True),
)
