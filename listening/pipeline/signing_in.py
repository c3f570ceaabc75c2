"""Who of the organisation may sign in. Passwords are kept as argon2id hashes, sessions as hashes of their tokens."""

from __future__ import annotations

import functools
import re
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from listening.domain import ID_ALPHABET, Account, Duty, OwnSession, Session, sha256_of
from listening.errors import NotFound, Refused
from listening.pipeline.line import Line
from listening.pipeline.participation import voice_with
from listening.pipeline.views import Recording, recording

if TYPE_CHECKING:
    from argon2 import PasswordHasher

SHORTEST_PASSWORD = 12  # characters
LONGEST_PASSWORD = 200
SIGNED_IN_FOR = timedelta(hours=12)
BACK_FOR = timedelta(hours=1)
COST: dict[str, Any] = {}  # of a hash: argon2id as its makers advise
_NAME = re.compile(r"[\w.@-]{1,60}")


@dataclass(frozen=True, slots=True)
class AccountView:
    """Somebody who may sign in, without anything secret."""

    name: str
    role: Duty
    made_at: datetime


def new_password() -> str:
    """A password of 80 random bits that can be read out over the telephone."""
    return "-".join("".join(secrets.choice(ID_ALPHABET) for _ in range(4)) for _ in range(4))


def add_account(line: Line, name: str, role: Duty, password: str) -> None:
    """Let somebody sign in.

    :raises Refused: if the name is taken or has odd characters, or the password is too short or too long.
    """
    if not _NAME.fullmatch(name):
        raise Refused("A name for signing in has up to 60 letters, digits, dots and dashes, and no space.")
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise Refused(f"A password has {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters. Three or four words do.")
    account = Account(name, role, _hasher().hash(password), datetime.now(UTC))
    with line.store.writing() as write:
        if write.rows("accounts", Account, name=name):
            raise Refused(f"There is an account called {name} already. Choose another name, or remove that one first.")
        write.insert("account", [account])


def remove_account(line: Line, name: str) -> None:
    """Let somebody sign in no more, and sign them out everywhere.

    :raises NotFound: if there is no such account.
    """
    with line.store.writing() as write:
        if not write.rows("accounts", Account, name=name):
            raise NotFound(f"There is no account called {name}. `listening account list` shows them.")
        write.change("end_sessions_of", name=name)
        write.change("remove_account", name=name)


def accounts(line: Line) -> list[AccountView]:
    """Everyone who may sign in, by name."""
    with line.store.reading() as read:
        found = read.rows("accounts", Account, name=None)
    return [AccountView(one.name, Duty(one.role), one.made_at) for one in found]


def sign_in(line: Line, name: str, password: str) -> str:
    """:returns: a token for the browser to keep; only its hash is kept here.

    :raises Refused: if the name or the password is wrong; which of the two is not said.
    """
    from argon2.exceptions import VerifyMismatchError

    with line.store.reading() as read:
        found = read.rows("accounts", Account, name=name)
    try:  # an unknown name takes as long as a wrong password
        _hasher().verify(found[0].password_hash if found else _nobody(), password)
    except VerifyMismatchError:
        found = []
    if not found:
        raise Refused("That name and password do not fit together. Check both and try again.")
    token, now = secrets.token_urlsafe(32), datetime.now(UTC)
    with line.store.writing() as write:
        write.insert("session", [Session(sha256_of(token), name, now, now + SIGNED_IN_FOR)])
    return token


def signed_in(line: Line, token: str) -> AccountView | None:
    """Whoever is signed in with this token, if anybody."""
    with line.store.reading() as read:
        found = read.rows("account_of_session", Account, token_sha256=sha256_of(token), now=datetime.now(UTC))
    return AccountView(found[0].name, Duty(found[0].role), found[0].made_at) if found else None


def sign_out(line: Line, token: str) -> None:
    """End this session; nothing happens if it has ended."""
    with line.store.writing() as write:
        write.change("end_session", token_sha256=sha256_of(token), now=datetime.now(UTC))


@functools.cache
def _hasher() -> PasswordHasher:
    from argon2 import PasswordHasher

    return PasswordHasher(**COST)


@functools.cache
def _nobody() -> str:
    return _hasher().hash(secrets.token_urlsafe())


# --- coming back to one's own words, without an account ---------------------------------------------------------------


def come_back(line: Line, code: str) -> str:
    """:returns: a token for the browser of somebody who has a receipt code; only its hash is kept here.

    :raises Refused: if the code is mistyped.
    :raises NotFound: if it opens nothing.
    """
    voice = voice_with(line, code)
    token, now = secrets.token_urlsafe(32), datetime.now(UTC)
    with line.store.writing() as write:
        write.insert("own_session", [OwnSession(sha256_of(token), voice, now, now + BACK_FOR)])
    return token


def came_back(line: Line, token: str) -> str | None:
    """The voice that came back with this token, while its code still works."""
    with line.store.reading() as read:
        found = read.values("voice_of_session", token_sha256=sha256_of(token), now=datetime.now(UTC))
    return str(found[0]) if found else None


def leave(line: Line, token: str) -> None:
    """End this visit; nothing happens if it has ended."""
    with line.store.writing() as write:
        write.change("end_own_session", token_sha256=sha256_of(token), now=datetime.now(UTC))


def own_recording(line: Line, voice: str, utterance: str) -> Recording:
    """The recording in which this voice said this, where nobody else speaks in it: others' words are not theirs.

    :raises NotFound: if it did not, it was typed, or others speak in it too.
    """
    with line.store.reading() as read:
        found = read.values("own_source", voice_id=voice, utterance_id=utterance)
    if not found:
        raise NotFound("You have no such words here.")
    return recording(line, str(found[0]))
