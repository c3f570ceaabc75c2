"""What comes in piece by piece: recordings made in a browser, and files over a line that breaks off."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from itertools import groupby
from pathlib import Path, PurePosixPath
from typing import Any

from listening import capture, consent
from listening.capture import sound
from listening.domain import Agreement, Kind, Media
from listening.errors import NotFound, Refused
from listening.pipeline.ingestion import Arrival, receive, refuse
from listening.pipeline.line import Line, signature
from listening.pipeline.views import find_id
from listening.store import Piece, Take

LARGEST_PIECE = 8 * 1024 * 1024  # bytes at a time
MOST_ARRIVING = 200  # things of one person that are not finished
FORGOTTEN_SECONDS = 7 * 24 * 3600  # a file that nobody sent the rest of; a recording is never forgotten
NO_ROOM = "There is no room for more on this machine. What came before is kept. Tell those who look after it."
OTHERS = "This is not here any more: it was finished or thrown away."


class Coming(StrEnum):
    """What comes piece by piece."""

    FILE = "file"
    RECORDING = "recording"


@dataclass(frozen=True, slots=True)
class ArrivingView:
    """One thing that comes piece by piece, and how much of it is safely here."""

    id: str
    coming: Coming
    owner: str
    name: str
    begun_at: datetime
    facts: Mapping[str, str]
    takes: tuple[Take, ...]
    outcome: Mapping[str, Any] | None  # what became of it, if it is finished

    @property
    def length(self) -> int:
        """Bytes that are here."""
        return sum(one.length for one in self.takes)

    @property
    def milliseconds(self) -> int:
        """How long what is here lasts, as far as whoever sent it said."""
        return sum(one.milliseconds for one in self.takes)


# --- begin ------------------------------------------------------------------------------------------------------------


def begin_recording(
    line: Line, facts: Mapping[str, str], voices: Mapping[str, str], owner: str, *, agreed: bool
) -> str:
    """Make room for a recording. `facts` and `voices` are those of a side file. Gives what to ask for it by.

    :raises Refused: if a fact cannot be, or not everybody has agreed to being recorded.
    """
    capture.parse(capture.as_yaml(facts, voices))
    if not agreed:
        raise Refused("Ask everybody first. Record only if all of them say yes.")
    now = datetime.now(UTC)
    about = {
        "coming": Coming.RECORDING,
        "owner": owner,
        "name": f"recorded-{now:%Y-%m-%d-%H%M%S}",
        "begun_at": now.isoformat(),
        "facts": dict(facts),
        "voices": dict(voices),
        "agreed": consent.TO_BE_RECORDED,
    }
    return _begin(line, owner, about)


def begin_file(line: Line, name: str, size: int, modified: int, owner: str) -> ArrivingView:
    """Make room for a file, or find what is here already of the same one.

    :raises Refused: if it is of no kind that is known here, is empty or is too large.
    """
    capture.check_offer(name, size)
    for one in arriving(line, owner):
        facts = {"size": str(size), "modified": str(modified)}
        if one.coming is Coming.FILE and one.outcome is None and (one.name, dict(one.facts)) == (name, facts):
            return one
    return arriving_one(line, _begin(line, owner, _about_file(name, size, modified, owner)), owner)


def note_refused(line: Line, name: str, owner: str, outcome: Mapping[str, object]) -> str:
    """Remember a file that was refused before any of it was sent, so that it is named with the others."""
    which = line.store.arriving.begin(_about_file(name, 0, 0, owner))
    line.store.arriving.finish(which, outcome, ())
    return which


def _about_file(name: str, size: int, modified: int, owner: str) -> dict[str, object]:
    return {
        "coming": Coming.FILE,
        "owner": owner,
        "name": PurePosixPath(name).name,  # it will be the name of a file
        "begun_at": datetime.now(UTC).isoformat(),
        "facts": {"size": str(size), "modified": str(modified)},
    }


def _begin(line: Line, owner: str, about: Mapping[str, object]) -> str:
    if sum(one.outcome is None for one in arriving(line, owner)) >= MOST_ARRIVING:
        raise Refused("Too many things are arriving at once. Wait until some are here, then go on.")
    try:
        return line.store.arriving.begin(about)
    except OSError as error:
        raise Refused(NO_ROOM) from error


# --- look -------------------------------------------------------------------------------------------------------------


def arriving_one(line: Line, which: str, owner: str | None) -> ArrivingView:
    """One thing that comes piece by piece.

    :raises NotFound: if there is no such thing, or it is somebody else's. `owner` None is whoever may see all.
    """
    about: dict[str, Any] = line.store.arriving.about(which)
    if owner is not None and about["owner"] != owner:
        raise NotFound(OTHERS)
    return ArrivingView(
        id=which,
        coming=Coming(about["coming"]),
        owner=about["owner"],
        name=about["name"],
        begun_at=datetime.fromisoformat(about["begun_at"]),
        facts=about["facts"],
        takes=tuple(line.store.arriving.takes(which)),
        outcome=line.store.arriving.outcome(which),
    )


def arriving(line: Line, owner: str | None) -> list[ArrivingView]:
    """Everything of this person that came piece by piece lately, oldest first."""
    found = [
        arriving_one(line, which, None)
        for which, about in line.store.arriving.all().items()
        if owner in (None, about["owner"])
    ]
    return sorted(found, key=lambda one: one.begun_at)


def interrupted(line: Line, owner: str | None) -> list[ArrivingView]:
    """The recordings of this person that have begun and are not finished."""
    return [one for one in arriving(line, owner) if one.coming is Coming.RECORDING and one.outcome is None]


# --- go on ------------------------------------------------------------------------------------------------------------


def add_piece(line: Line, which: str, owner: str | None, piece: Piece) -> int:
    """Keep a piece. Gives how many bytes of its take are safe on the disk: whoever sends it goes on from there.

    :raises NotFound: if there is no such thing, or it is somebody else's.
    :raises Refused: if it is more than was said or is taken, or not what its name says.
    """
    one = arriving_one(line, which, owner)
    most = int(one.facts["size"]) if one.coming is Coming.FILE else capture.Limits().recording
    if len(piece.content) > LARGEST_PIECE or one.length + len(piece.content) > most:
        raise Refused("That is more than is taken. What came before is kept: finish it, and begin a new one.")
    if one.coming is Coming.FILE and piece.offset == 0:
        capture.media_of(one.name, piece.content)
    try:
        return line.store.arriving.add(which, piece)
    except OSError as error:
        raise Refused(NO_ROOM) from error


def throw_away(line: Line, which: str, owner: str | None) -> None:
    """Throw away what came. There is no way back.

    :raises NotFound: if there is no such thing, or it is somebody else's.
    """
    arriving_one(line, which, owner)
    line.store.arriving.remove(which)


def forget_abandoned(line: Line) -> None:
    """Let go of files that nobody sent the rest of for a week, and of what is only remembered as finished."""
    now = time.time()
    for one in arriving(line, None):
        over = one.coming is Coming.FILE or (one.outcome is not None and not one.takes)
        if over and line.store.arriving.age_seconds(one.id, now) > FORGOTTEN_SECONDS:
            line.store.arriving.remove(one.id)


# --- finish -----------------------------------------------------------------------------------------------------------


@contextmanager
def whole_file(line: Line, which: str, owner: str | None) -> Iterator[Path]:
    """The file that came, under its name, for as long as this lasts. End with `finished`.

    :raises Refused: if not all of it is here.
    """
    one = arriving_one(line, which, owner)
    if one.length < int(one.facts["size"]):
        raise Refused("Not all of this file is here yet. Send it again: only the rest is sent.")
    with line.store.arriving.making() as folder:
        file = folder / one.name
        line.store.arriving.join(which, one.takes[0].name, file)
        yield file


def finished(line: Line, which: str, outcome: Mapping[str, object]) -> None:
    """What came as pieces is kept elsewhere, or was refused: remember what became of it, and let the pieces go."""
    takes = [one.name for one in line.store.arriving.takes(which)]
    line.store.arriving.finish(which, outcome, takes)


def finish_recording(line: Line, which: str, owner: str | None) -> list[Arrival]:
    """Make one source of the pieces of a recording, with what is known about it. Doing so again changes nothing.

    Pieces that two different browsers recorded in different ways become a source each. A part that cannot be played
    is noted in the ledger with its reason, and stays.

    :raises Refused: if nothing was recorded, or nothing of it can be played.
    """
    one = arriving_one(line, which, owner)
    if one.outcome is not None:
        return []
    about: dict[str, Any] = line.store.arriving.about(which)
    arrivals: list[Arrival] = []
    kept: list[str] = []
    with line.store.arriving.making() as folder:
        takes = _playable(line, one, folder)
        if not takes:
            raise Refused("Nothing was recorded that can be played. Go on with it, or throw it away.")
        for number, (_, group) in enumerate(groupby(takes, key=lambda take: sound.probe(take).codec)):
            parts = list(group)
            file = sound.join(parts, folder / (one.name if number == 0 else f"{one.name}-{number + 1}"))
            side = file.with_name(f"{file.name}.yaml")
            side.write_text(capture.as_yaml(one.facts, about["voices"]), encoding="utf-8")
            arrivals.append(receive(line, file))
            _agree(line, arrivals[-1].source_id, about)
            kept += [part.stem for part in parts]
    line.store.arriving.finish(which, {"sources": [arrival.source_id for arrival in arrivals]}, kept)
    return arrivals


def receive_recorded(line: Line, which: str, owner: str | None, file: Path) -> Arrival:
    """Receive a recording that was made with something else, with what was said about this one before.

    What was recorded in pieces meanwhile stays: it is finished or thrown away by itself.

    :raises Refused: if the file is no recording.
    """
    one = arriving_one(line, which, owner)
    about: dict[str, Any] = line.store.arriving.about(which)
    if capture.look(file) is not Media.RECORDING:
        raise Refused(f"{file.name} is not a recording. Choose a recording, or hand it in under “Bring in”.")
    side = file.with_name(f"{file.name}.yaml")
    side.write_text(capture.as_yaml(one.facts, about["voices"]), encoding="utf-8")
    arrival = receive(line, file)
    _agree(line, arrival.source_id, about)
    if not one.takes:
        line.store.arriving.finish(which, {"sources": [arrival.source_id]}, ())
    return arrival


def _playable(line: Line, one: ArrivingView, folder: Path) -> list[Path]:
    """The takes as files, less those that cannot be played."""
    takes = []
    for take in one.takes:
        file = folder / f"{take.name}.take"
        line.store.arriving.join(one.id, take.name, file)
        try:
            sound.probe(file)
        except Refused as error:
            refuse(line, f"{one.name}, a part of {take.milliseconds / 1000:.0f} s", str(error))
        else:
            takes.append(file)
    return takes


def _agree(line: Line, source_id: str, about: Mapping[str, Any]) -> None:
    """Keep with the source that everybody agreed, in the wording that was shown."""
    agreed = Agreement(
        source_id, about["agreed"], signature(line, about["owner"]), datetime.fromisoformat(about["begun_at"])
    )
    with line.store.writing() as write:
        if agreed not in write.rows("agreements", Agreement, source_id=source_id):
            write.insert("agreement", [agreed])


def agreement(line: Line, conversation_id: str) -> Agreement | None:
    """Who signed that everybody of a conversation agreed to being recorded; None if it was not recorded here."""
    with line.store.reading() as read:
        full = find_id(read, conversation_id, Kind.CONVERSATION)
        found = read.rows("agreements_of_conversation", Agreement, conversation_id=full)
    return found[0] if found else None
