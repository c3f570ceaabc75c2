"""Signing in and out, and who may."""

from __future__ import annotations

import re
from dataclasses import dataclass

from dashboards.door import Asked
from dashboards.pages import Goto, Page
from listening import pipeline
from listening.domain import Duty
from listening.errors import ListeningError, Refused
from listening.pipeline import AccountView

HOME = {Duty.WORKER: "/bring", Duty.LEADER: "/desk", Duty.SAFEGUARDING: "/held", Duty.ADMIN: "/desk"}


@dataclass(frozen=True)
class SignIn(Page, template="accounts/sign_in.html"):
    """Name and password."""

    name: str
    next: str
    problem: str


def sign_in_form(asked: Asked) -> SignIn:
    """The empty form."""
    return SignIn("", _own(asked.asked("next")), "")


def sign_in(asked: Asked) -> SignIn | Goto:
    """Sign somebody in, unless they have tried too often."""
    name, going = asked.text("name").strip(), _own(asked.text("next"))
    tries = asked.house.tries
    who = (asked.caller, name.casefold()[:60])
    if not tries.begin(*who):
        return SignIn(name, going, "There were too many tries. Wait a quarter of an hour, then try again.")
    wrong = False
    try:
        token = pipeline.sign_in(asked.line, name, asked.text("password"))
    except Refused as error:
        wrong = True
        return SignIn(name, going, str(error))
    finally:
        tries.end(*who, wrong=wrong)
    if asked.who:
        pipeline.sign_out(asked.line, asked.cookie)  # whoever was signed in here before is not any more
    found = pipeline.signed_in(asked.line, token)
    return Goto(going or (HOME[found.role] if found else "/"), cookie=token)


def _own(path: str) -> str:
    """A page of ours, or nothing: nobody is sent elsewhere by a link that looks like ours."""
    return path if re.fullmatch(r"/(?!/)[\w/.?=&%~-]{0,500}", path) else ""


def sign_out(asked: Asked) -> Goto:
    """End this session."""
    pipeline.sign_out(asked.line, asked.cookie)
    return Goto("/sign-in?done=out", cookie="")


@dataclass(frozen=True)
class Accounts(Page, template="accounts/accounts.html"):
    """Who may sign in."""

    accounts: tuple[AccountView, ...]
    roles: tuple[str, ...]
    name: str
    made: str  # the name of an account just made
    password: str  # shown this once
    problem: str


def accounts(asked: Asked) -> Accounts:
    """The list of accounts."""
    return _accounts(asked)


def _accounts(asked: Asked, name: str = "", made: str = "", password: str = "", problem: str = "") -> Accounts:
    roles = tuple(one.value for one in Duty)
    return Accounts(tuple(pipeline.accounts(asked.line)), roles, name, made, password, problem)


def add(asked: Asked) -> Accounts:
    """Make an account; its password is shown this once."""
    name, password = asked.text("name").strip(), pipeline.new_password()
    try:
        if asked.text("role") not in set(Duty):
            raise Refused("Choose what this person is here for.")
        pipeline.add_account(asked.line, name, Duty(asked.text("role")), password)
    except ListeningError as error:
        return _accounts(asked, name=name, problem=str(error))
    return _accounts(asked, made=name, password=password)


def remove(asked: Asked) -> Accounts | Goto:
    """Let somebody sign in no more; not oneself."""
    name = asked.text("name")
    if asked.who and name == asked.who.name:
        return _accounts(asked, problem="You cannot remove your own account. Ask another admin.")
    pipeline.remove_account(asked.line, name)
    return Goto("/accounts?done=removed")
