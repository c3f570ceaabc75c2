"""What several pages read, each thing worked out once until something is written."""

from __future__ import annotations

from collections.abc import Sequence

from dashboards.door import Asked
from dashboards.pictures import Places
from listening import pipeline
from listening.domain import Decision


def themes(asked: Asked) -> list[pipeline.ThemeView]:
    """The themes, most voices first."""
    return asked.house.memory.get("themes", lambda: pipeline.themes(asked.line))


def theme(asked: Asked, which: str) -> pipeline.ThemePage:
    """One theme, closely."""
    return asked.house.memory.get(("theme", which), lambda: pipeline.theme_page(asked.line, which))


def who_is_in(asked: Asked, which: str) -> pipeline.WhoIsIn:
    """Which groups of people are in a theme."""
    return asked.house.memory.get(("who is in", which), lambda: pipeline.who_is_in(asked.line, which))


def alone(asked: Asked) -> list[str]:
    """The ids of the words on their own."""
    return asked.house.memory.get("alone", lambda: [one.id for one in pipeline.on_their_own(asked.line)])


def quotes(asked: Asked, ids: Sequence[str]) -> dict[str, pipeline.QuoteView]:
    """The words of these, in this order."""
    return asked.house.memory.get(("quotes", tuple(ids)), lambda: pipeline.quotes(asked.line, ids))


def answers(asked: Asked) -> list[pipeline.AnswerView]:
    """Every voice and what it has been told."""
    return asked.house.memory.get("answers", lambda: pipeline.answers(asked.line))


def decisions(asked: Asked) -> dict[str, Decision]:
    """Every decision by its id, newest first."""
    return asked.house.memory.get("decisions", lambda: {one.id: one for one in pipeline.decisions(asked.line)})


def decisions_on(asked: Asked, *ids: str) -> tuple[Decision, ...]:
    """The decisions that rest on any of these utterances or themes, newest first."""
    on = asked.house.memory.get("decisions on", lambda: pipeline.decisions_on(asked.line))
    found = {decision for one in ids for decision in on.get(one, ())}
    return tuple(one for one in decisions(asked).values() if one.id in found)


def decision_counts(asked: Asked) -> dict[str, tuple[int, int]]:
    """Voices and utterances that each decision rests on."""
    return asked.house.memory.get("decision counts", lambda: pipeline.decision_counts(asked.line))


def following(asked: Asked) -> dict[str, pipeline.FollowUp]:
    """How it stands with every decision that something was written about."""
    return asked.house.memory.get("following", lambda: pipeline.follow_ups(asked.line))


def told_counts(asked: Asked) -> dict[str, int]:
    """How many voices have been shown each decision as it stands now. Read anew each time: it is not words."""
    return pipeline.told_counts(asked.line)


def conversations(asked: Asked) -> list[pipeline.ConversationView]:
    """Every conversation, latest first."""
    return asked.house.memory.get("conversations", lambda: pipeline.conversations(asked.line))


def voices(asked: Asked) -> dict[str, pipeline.VoiceView]:
    """Everyone who said something, by id."""
    return asked.house.memory.get("voices", lambda: {one.id: one for one in pipeline.voices(asked.line)})


def held(asked: Asked) -> list[pipeline.HeldView]:
    """What is held back."""
    return asked.house.memory.get("held", lambda: pipeline.held(asked.line))


def word_map(asked: Asked) -> list[pipeline.Dot]:
    """Every dot of the map."""
    return asked.house.memory.get("map", lambda: pipeline.word_map(asked.line))


def places(asked: Asked) -> Places:
    """Where the dots of the map stand."""
    return asked.house.memory.get("places", lambda: Places(word_map(asked)))


def sources(asked: Asked) -> list[pipeline.SourceView]:
    """What was handed in last."""
    return asked.house.arrivals.get("sources", lambda: pipeline.sources(asked.line))


def failures(asked: Asked) -> list[pipeline.Failed]:
    """What could not be taken or read."""
    return asked.house.arrivals.get("failures", lambda: pipeline.failures(asked.line))
