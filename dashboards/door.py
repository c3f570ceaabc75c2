"""The door every request comes through: who is it, may they, is the form ours; and the headers of every answer."""

from __future__ import annotations

import functools
import hmac
import json
import re
import secrets
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, quote, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, MutableHeaders, UploadFile
from starlette.datastructures import Headers as Sent
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboards import pages
from dashboards.unseen import seen
from dashboards.uploads import read_body, read_form
from listening import pipeline
from listening.domain import Duty, sha256_of
from listening.errors import Busy, ListeningError, NotFound, Refused

if TYPE_CHECKING:
    from dashboards.house import House
    from dashboards.routes import Way

COOKIE = "listening"
COOKIE_OVER_HTTPS = f"__Host-{COOKIE}"  # browsers take it from this very host only, over https
TOKEN_HEADER = "Listening-Token"  # noqa: S105  where scripts put the token that forms have in a field
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; media-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(self)",
}
KEPT_BY_BROWSERS = (200, 206, 304)  # of static files: that one was not there is not for a year
LONGEST_FORM = 2_000_000  # bytes of a form without files
DONE = {
    "title": "The title is kept. The name in people's own words stays beside it.",
    "decision": "The decision is recorded. Everybody whose words it rests on can follow it back.",
    "kept": "It is kept, with your name and the day. Those whose words it rests on are told when they come back.",
    "received": "Your notes are safely kept. They are being read now.",
    "recorded": "The recording is safely kept. It is being heard now.",
    "thrown": "The recording is thrown away.",
    "corrected": "Your words are kept, with your name. What the computer heard stays beside them.",
    "listened": "Kept as it is: you have listened. These words are shown now.",
    "named": "Kept. From now on this person is one voice.",
    "unnamed": "Kept. Nobody is named there any more.",
    "revoked": "Old codes do not work any more. Make a new one if the person wants it.",
    "account": "The account is there. Give its password to that person and to nobody else.",
    "removed": "The account is gone.",
    "out": "You are signed out.",
    "held": "Those words are held back. They are in no theme and no quote until a person decides.",
    "released": "Those words are shown again.",
    "chosen": "Your choices are kept.",
    "marked": "The choices are kept, with the words that were asked.",
    "not-meant": "Those words are hidden now. You will have a reply within 30 days.",
    "taken-out": "Those words are taken out.",
    "felt": "Thank you. Your answers are kept.",
    "replied": "Your reply is there for the person to read.",
    "stepped": "It is written down.",
    "started": "The chain is started. The first person may invite somebody now.",
    "written": "What was said is safely kept. It is being read now.",
    "signed": "Signed, as the plan stands now.",
    "offer": "It is marked. It stands in the plan as an offer.",
    "no-offer": "The mark is gone.",
    "inquiry": "That is kept, with your name.",
    "planned": "The conversation is planned.",
    "about": "The answers are kept, apart from the words.",
    "forgotten": "The answers are removed.",
    "looking": "Everything is being looked at again. This can take some minutes; the pages stay open meanwhile.",
}
"""Sentences that a page may say after a form was taken, by the word in its address."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as a handler sees it."""

    house: House
    way: Way
    who: pipeline.AccountView | None
    path: Mapping[str, str]
    query: Mapping[str, list[str]]
    form: FormData
    cookie: str
    caller: str  # the network address, for counting tries
    frame: pages.Frame = field(repr=False)
    base: str  # the address of this service, for links on paper
    voice: str | None = None  # whoever came back to their own words
    body: bytes = field(default=b"", repr=False)  # what a script sent

    @property
    def line(self) -> pipeline.Line:
        """The inquiry's line."""
        return self.house.line

    def text(self, name: str, default: str = "") -> str:
        """A field of the form; raises Refused if there is something in it that nobody would see."""
        value = self.form.get(name, default)
        return seen(value.replace("\r\n", "\n")) if isinstance(value, str) else default

    def texts(self, name: str) -> list[str]:
        """Every value of a field of the form."""
        return [seen(value) for value in self.form.getlist(name) if isinstance(value, str)]

    def files(self, name: str) -> list[UploadFile]:
        """The files of a field, less those left empty."""
        return [one for one in self.form.getlist(name) if isinstance(one, UploadFile) and one.filename]

    def asked(self, name: str, default: str = "") -> str:
        """A part of the address after the question mark."""
        return (self.query.get(name) or [default])[0]

    def number(self, name: str = "page") -> int:
        """A whole number in the address; 1 if it is not there."""
        value = self.asked(name, "1")
        return int(value) if value.isdecimal() and len(value) < 7 else 1  # noqa: PLR2004


NONCE_LETTERS = 32


def token_for(cookie: str) -> str:
    """What a form must bring back: random letters, and what follows from them and from the cookie."""
    nonce = secrets.token_hex(NONCE_LETTERS // 2)
    return nonce + _sealed(cookie, nonce)


def _sealed(cookie: str, nonce: str) -> str:
    return hmac.new(f"form {cookie}".encode(), nonce.encode(), "sha256").hexdigest()


def links_for(who: pipeline.AccountView | None) -> tuple[tuple[str, str], ...]:
    """The pages in the bar at the top."""
    reading = (
        ("/inquiry", "Inquiry"),
        ("/themes", "Themes"),
        ("/alone", "On their own"),
        ("/map", "Map"),
        ("/wall", "Wall"),
    )
    open_to_all = (("/", "What we heard"), ("/mine", "My words"), ("/guides", "Guides"))
    bringing = (("/bring", "Bring in"), ("/chains", "Food chains"), ("/conversations", "Conversations"))
    if who is None:
        return (*open_to_all, ("/sign-in", "Sign in"))
    own: dict[Duty, tuple[tuple[str, str], ...]] = {
        Duty.WORKER: (*bringing, ("/voices", "People"), ("/guides", "Guides"), *reading, ("/decisions", "Decisions")),
        Duty.SAFEGUARDING: (
            ("/held", "Held back"),
            ("/objections", "Not meant"),
            *bringing,
            *reading,
            ("/decisions", "Decisions"),
        ),
        Duty.LEADER: (("/desk", "Desk"), *reading, ("/decisions", "Decisions"), ("/conversations", "Conversations")),
        Duty.ADMIN: (("/desk", "Desk"), *reading, ("/decisions", "Decisions"), *bringing, ("/accounts", "Accounts")),
    }
    return own[who.role]


def endpoint(house: House, way: Way) -> Callable[[Request], Awaitable[Response]]:
    """What Starlette calls for one way in."""

    async def answer(request: Request) -> Response:
        known = request.cookies.get(_cookie_name(request), "")
        fresh = "" if known or not way.for_strangers else secrets.token_urlsafe(32)
        cookie = known or fresh
        who = await run_in_threadpool(_signed_in, house, known) if known and not way.own else None
        voice = await run_in_threadpool(pipeline.came_back, house.line, known) if known and way.own else None
        frame = _frame(request, who, cookie)
        try:
            refusal = _refusal(way, who, voice, frame) or await _strange_form(request, way, cookie)
            found: pages.Answer = refusal or await _handled(
                request, replace(_asked(house, way, cookie, frame, request), voice=voice)
            )
        except ListeningError as error:
            found = _told(error) if way.raw else _problem(error)
        response = _response(found, frame)
        _set_cookie(response, request, found.cookie if isinstance(found, pages.Goto) else fresh or None)
        return response

    return answer


def _signed_in(house: House, cookie: str) -> pipeline.AccountView | None:
    """Who is signed in: looked up anew every minute, and whenever somebody signed in or out."""
    key = ("who", sha256_of(cookie), int(time.monotonic() // 60))
    return house.people.get(key, lambda: pipeline.signed_in(house.line, cookie))


def _frame(request: Request, who: pipeline.AccountView | None, cookie: str) -> pages.Frame:
    return pages.Frame(
        who=who,
        path=request.url.path,
        mint=functools.partial(token_for, cookie),
        links=links_for(who),
        done=DONE.get(request.query_params.get("done", "")),
    )


async def _handled(request: Request, asked: Asked) -> pages.Answer:
    if asked.way.raw:
        return await _handled_raw(request, asked)
    if asked.way.method == "POST":
        form = await read_form(request, asked.house.largest_upload if asked.way.files else LONGEST_FORM)
        try:
            if not _is_ours(form.get("token"), asked.cookie):
                return _NOT_OURS
            return await run_in_threadpool(asked.house.once.answer, replace(asked, form=form))
        finally:
            await form.close()
    return await run_in_threadpool(asked.way.handler, asked)


async def _handled_raw(request: Request, asked: Asked) -> pages.Answer:
    """What a script of ours sends: bytes, with the token in a header."""
    if asked.way.method != "GET" and not _is_ours(request.headers.get(TOKEN_HEADER), asked.cookie):
        return _NOT_OURS
    body = await read_body(request, pipeline.LARGEST_PIECE)
    return await run_in_threadpool(asked.way.handler, replace(asked, body=body))


MOST_FIELDS = 5000  # of an address; ticking every utterance of a large theme is fine


def _asked(house: House, way: Way, cookie: str, frame: pages.Frame, request: Request) -> Asked:
    try:
        query = parse_qs(request.url.query, keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError:
        raise Refused("This address is too long. Go back, and choose fewer things at a time.") from None
    caller = request.client.host if request.client else ""
    return Asked(
        house, way, frame.who, request.path_params, query, FormData(), cookie, caller, frame, str(request.base_url)
    )


_NOT_OURS = pages.Problem(
    "This form is too old",
    "The page was open for so long that we could not tell whether the form was yours. "
    "Go back, copy what you wrote, load the page again, and send it once more.",
    403,
)


def _refusal(way: Way, who: pipeline.AccountView | None, voice: str | None, frame: pages.Frame) -> pages.Answer | None:
    """Why this person may not come in here, if they may not."""
    if way.own:
        return None if voice else pages.Goto("/mine")
    if not way.roles:
        return None
    if who is None:
        return pages.Goto(f"/sign-in?next={quote(frame.path)}" if way.method == "GET" else "/sign-in")
    if who.role not in way.roles:
        return pages.Problem(
            "This page is not yours", "Your account is for other pages. Ask an admin to change it.", 403
        )
    return None


async def _strange_form(request: Request, way: Way, cookie: str) -> pages.Answer | None:
    """A form that another site sent, or one from a browser that never was here."""
    if way.method == "GET":
        return None
    origin = request.headers.get("origin")
    elsewhere = origin not in (None, "null") and urlsplit(origin or "").netloc != request.headers.get("host")
    if elsewhere or request.headers.get("sec-fetch-site") == "cross-site" or not cookie:
        return _NOT_OURS
    return None


def _is_ours(token: object, cookie: str) -> bool:
    if not isinstance(token, str):
        return False
    nonce, seal = token[:NONCE_LETTERS], token[NONCE_LETTERS:]
    return hmac.compare_digest(seal.encode(), _sealed(cookie, nonce).encode())


def _problem(error: ListeningError) -> pages.Problem:
    if isinstance(error, NotFound):
        return pages.Problem("There is nothing here", str(error), 404)
    if isinstance(error, Busy):
        return pages.Problem("Please try again in a moment", str(error), 503)
    return pages.Problem("That could not be done", str(error), 400)


def _cookie_name(request: Request) -> str:
    return COOKIE_OVER_HTTPS if request.url.scheme == "https" else COOKIE


def _told(error: ListeningError) -> pages.Body:
    """A problem, for a script of ours to show."""
    problem = _problem(error)
    return pages.Body(json.dumps({"problem": problem.sentence}), "application/json", problem.code)


def _set_cookie(response: Response, request: Request, value: str | None) -> None:
    name, secure = _cookie_name(request), request.url.scheme == "https"
    if value is None:
        return
    if value:
        response.set_cookie(name, value, httponly=True, samesite="lax", secure=secure, path="/")
    else:
        response.delete_cookie(name, httponly=True, samesite="lax", secure=secure, path="/")
        response.headers["Clear-Site-Data"] = '"cache"'  # so that going back shows nothing, where browsers know it


def _response(found: pages.Answer, frame: pages.Frame) -> Response:
    if isinstance(found, pages.Goto):
        return RedirectResponse(found.path, 303)
    if isinstance(found, pages.Body):
        kept_as = {"Content-Disposition": f'attachment; filename="{found.name}"'} if found.name else None
        return Response(found.content, found.code, media_type=found.media_type, headers=kept_as)
    if isinstance(found, pages.Kept):
        return FileResponse(found.path, media_type=found.media_type)
    status = found.code if isinstance(found, pages.Problem) else found.status
    headers = {"Refresh": found.refresh} if found.refresh else None
    return HTMLResponse(pages.render(found, frame), status, headers)


_HOST = re.compile(r"([\w.-]+|\[[0-9a-fA-F:.]+\])(:\d{1,5})?")  # addresses on paper are made from it


class Headers:
    """Puts the headers on that every answer leaves with; static files alone may be kept by the browser."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as the app does, with the headers; whoever asks for a host that is no name or number is refused."""
        app = self._app
        if scope["type"] == "http" and not _HOST.fullmatch(Sent(scope=scope).get("host", "")):
            app = PlainTextResponse("This is no address.", 400)

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(HEADERS)
                kept = scope["path"].startswith("/static/") and message["status"] in KEPT_BY_BROWSERS
                headers["Cache-Control"] = "public, max-age=31536000, immutable" if kept else "no-store"
            await send(message)

        await app(scope, receive, with_headers)
