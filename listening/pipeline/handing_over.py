"""All that is kept about one voice, to hand to the person whose it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from listening import questions
from listening.domain import Kind, Media, Voice
from listening.pipeline.empty_chair import own_about
from listening.pipeline.line import Line
from listening.pipeline.participation import Mine, mine
from listening.pipeline.views import find_id, themes


@dataclass(frozen=True, slots=True)
class Done:
    """One thing that was done with a voice or its words, and by whom."""

    happened_at: datetime
    what: str
    words: str  # why, or with which words
    signed: str


@dataclass(frozen=True, slots=True)
class HandedIn:
    """One file in which a voice says something. Its name may hold other people's: only its kind is told."""

    media: Media
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Everything:
    """All that is kept about one voice."""

    shown: str
    mine: Mine
    done: list[Done]
    files: list[HandedIn]
    themes: Mapping[str, str]  # id -> name, of those that its words are in
    about: Mapping[str, str]  # what the person said about themselves: what was asked -> the answer, in words
    written_at: datetime


def everything(line: Line, voice: str) -> Everything:
    """All that is kept about one voice: words, where they are, choices, decisions, and who did what with them.

    :raises NotFound: if there is no such voice.
    """
    found = mine(line, voice)
    with line.store.reading() as read:
        full = find_id(read, found.voice, Kind.VOICE)
        [who] = read.rows("voice_by_id", Voice, id=full)
        done = read.rows("done_with_voice", Done, voice_id=full)
        files = read.rows("sources_of_voice", HandedIn, voice_id=full)
    used = {one.theme for one in found.words}
    names = {theme.id: theme.name for theme in themes(line) if theme.id in used}
    return Everything(who.shown, found, done, files, names, _about(line, full), datetime.now(UTC))


def _about(line: Line, voice: str) -> dict[str, str]:
    asked = questions.known()
    return {asked[one].asks: asked[one].answers[answer] for one, answer in own_about(line, voice).items()}
