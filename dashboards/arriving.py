"""Files and recordings that scripts send piece by piece. Each piece is safe on the disk before it is acknowledged."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict

from dashboards.door import Asked
from dashboards.pages import Body
from dashboards.uploads import safe_name
from dashboards.workers import Brought, Outcome, refused, take_file
from listening import pipeline
from listening.domain import Duty
from listening.errors import ListeningError, Refused
from listening.pipeline import ArrivingView, Coming, Piece


def owner(asked: Asked) -> str | None:
    """Whose things may be seen: one's own; an admin sees all."""
    assert asked.who is not None  # noqa: S101
    return None if asked.who.role == Duty.ADMIN else asked.who.name


def name_of(asked: Asked) -> str:
    """Whoever begins something."""
    assert asked.who is not None  # noqa: S101
    return asked.who.name


def _json(content: Mapping[str, object]) -> Body:
    return Body(json.dumps(content), "application/json")


def _shown(one: ArrivingView) -> dict[str, object]:
    takes = [{"name": take.name, "length": take.length, "ms": take.milliseconds} for take in one.takes]
    return {"id": one.id, "length": one.length, "takes": takes, "finished": one.outcome is not None}


def begin(asked: Asked) -> Body:
    """Make room for a file. What would not be taken is refused now, before any of it is sent."""
    try:
        said = json.loads(asked.body)
        name, size, modified = safe_name(str(said["name"])), int(said["size"]), int(said.get("modified", 0))
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise Refused("What was sent does not say which file comes. Load the page again.") from error
    try:
        return _json(_shown(pipeline.begin_file(asked.line, name, size, modified, name_of(asked))))
    except Refused as error:
        which = pipeline.note_refused(asked.line, name, name_of(asked), asdict(refused(asked, name, error)))
        return _json({"id": which, "length": 0, "takes": [], "finished": True})


def look(asked: Asked) -> Body:
    """How much of it is safely here."""
    return _json(_shown(pipeline.arriving_one(asked.line, asked.path["id"], owner(asked))))


def _number(asked: Asked, name: str) -> int:
    value = asked.asked(name, "0")
    if not (value.isascii() and value.isdecimal() and len(value) <= 12):  # noqa: PLR2004
        raise Refused("This piece does not say where it belongs. Load the page again.")
    return int(value)


def add(asked: Asked) -> Body:
    """Keep a piece, and say how many bytes of its take are safe now."""
    which = asked.path["id"]
    piece = Piece(asked.asked("take", "0"), _number(asked, "offset"), asked.body, _number(asked, "ms"))
    try:
        return _json({"length": pipeline.add_piece(asked.line, which, owner(asked), piece), "finished": False})
    except Refused as error:
        one = pipeline.arriving_one(asked.line, which, owner(asked))
        if one.coming is Coming.RECORDING or one.outcome is not None:
            raise
        pipeline.finished(asked.line, which, asdict(refused(asked, one.name, error)))
        return _json({"length": 0, "finished": True})


def finish(asked: Asked) -> Body:
    """All of a file is here: have it taken in. Asked a second time, it changes nothing."""
    which = asked.path["id"]
    one = pipeline.arriving_one(asked.line, which, owner(asked))
    if one.outcome is None:
        with asked.house.finishing, pipeline.whole_file(asked.line, which, owner(asked)) as file:
            pipeline.finished(asked.line, which, asdict(take_file(asked, file)))
    return _json({"finished": True})


def brought(asked: Asked) -> Brought:
    """What became of the files that a script sent."""
    outcomes = []
    for which in asked.query.get("one", []):
        try:
            one = pipeline.arriving_one(asked.line, which, owner(asked))
        except ListeningError:
            continue
        outcomes.append(Outcome(**one.outcome) if one.outcome else Outcome(one.name, "unfinished"))
    return Brought(tuple(outcomes))
