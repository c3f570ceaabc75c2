"""Every way in, and whose it is. What is not in this table is not there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from dashboards import accounts, leadership, participants, patterns, public, sound, workers
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
    Way("GET", "/trace/{id}", leadership.trace, STAFF),
    Way("GET", "/utterances/{id}", leadership.trace, STAFF),
    Way("GET", "/voices", leadership.voices, STAFF),
    Way("GET", "/voices/{id}", leadership.trace, STAFF),
    Way("GET", "/held", leadership.held, SAFE),
    Way("POST", "/hold", workers.hold, BRING),
    Way("POST", "/release", workers.release, SAFE),
    Way("GET", "/people/{id}", participants.person, BRING),
    Way("POST", "/people/{id}", participants.mark_choices, BRING),
    Way("POST", "/people/{id}/receipt", participants.give_receipt, BRING),
    Way("GET", "/objections", participants.objections, STAFF),
    Way("POST", "/objections", participants.reply, STAFF),
    Way("GET", "/mine", participants.come_back_form, EVERYONE, for_strangers=True),
    Way("POST", "/mine", participants.come_back, EVERYONE),
    Way("GET", "/mine/words", participants.mine, EVERYONE, own=True),
    Way("GET", "/mine/everything", participants.take_with_me, EVERYONE, own=True),
    Way("GET", "/mine/sound/{id}", participants.sound, EVERYONE, own=True),
    Way("POST", "/mine/choices", participants.choose, EVERYONE, own=True),
    Way("POST", "/mine/not-meant", participants.not_meant, EVERYONE, own=True),
    Way("POST", "/mine/take-out", participants.take_out, EVERYONE, own=True),
    Way("POST", "/mine/take-all-out", participants.take_all_out, EVERYONE, own=True),
    Way("POST", "/mine/felt", participants.say_felt, EVERYONE, own=True),
    Way("POST", "/mine/leave", participants.leave, EVERYONE, own=True),
    Way("GET", "/bring", workers.bring_form, BRING),
    Way("POST", "/bring", workers.bring, BRING, files=True),
    Way("GET", "/bring/note", workers.note_form, BRING),
    Way("POST", "/bring/note", workers.note, BRING),
    Way("GET", "/bring/table/{table}", workers.table_form, BRING),
    Way("POST", "/bring/table/{table}", workers.bring_table, BRING),
    Way("GET", "/coming-in", workers.coming_in, BRING),
    Way("GET", "/conversations", workers.conversations, STAFF),
    Way("GET", "/conversations/{id}", workers.conversation, STAFF),
    Way("GET", "/sound/{id}", sound.sound, STAFF),
)
