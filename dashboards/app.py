"""The web service: every way in comes from one table, through one door."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.resources import files

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from dashboards import pages
from dashboards.door import HEADERS, Headers, endpoint, links_for
from dashboards.helper import Helper
from dashboards.house import open_house
from dashboards.routes import WAYS
from listening.pipeline import Line, open_line
from listening.settings import Settings


def create_app(settings: Settings, line: Line | None = None, helper: Helper | None = None) -> Starlette:
    """The web service for one inquiry.

    :param helper: the program that reads what comes in; without one it is read here, and pages are slower meanwhile.
    """
    house = open_house(line or open_line(settings), helper)

    @asynccontextmanager
    async def life(_: Starlette) -> AsyncIterator[None]:
        house.open()
        yield
        house.close()

    app = Starlette(
        routes=[
            *(Route(way.path, endpoint(house, way), methods=[way.method], name=way.name) for way in WAYS),
            Mount("/static", StaticFiles(directory=str(files("dashboards") / "static")), name="static"),
        ],
        middleware=[Middleware(Headers)],
        exception_handlers={HTTPException: _strange, Exception: _fault},
        lifespan=life,
    )
    app.state.house = house
    app.router.redirect_slashes = False  # what is not in the table is not there; no address is made from what was sent
    return app


def _problem(request: Request, title: str, sentence: str, status: int, **more: str) -> Response:
    frame = pages.Frame(None, request.url.path, str, links_for(None), None)
    headers = {**more, **HEADERS, "Cache-Control": "no-store"}
    return HTMLResponse(pages.render(pages.Problem(title, sentence, status), frame), status, headers)


def _strange(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 404
    more = dict(error.headers or {}) if isinstance(error, HTTPException) else {}
    sentence = "Check the address, or go back and try another way."
    return _problem(request, "There is nothing here", sentence, status, **more)


def _fault(request: Request, _: Exception) -> Response:
    sentence = "A fault in this software. Nothing that was kept is lost. Tell those who look after it."
    return _problem(request, "That should not have happened", sentence, 500)
