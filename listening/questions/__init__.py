"""Questions about people, in sets that have a version. Each inquiry chooses which it asks."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from types import MappingProxyType

import yaml

RATHER_NOT = "rather-not"
RATHER_NOT_SAY = "Prefer not to say"
WORDING = (
    "These questions are about you. You do not have to answer any of them. We use the answers only to count, to see "
    "who we have not heard. They are kept apart from your words, and you can change or remove them at any time. "
    "May we keep your answers?"
)
"""What is asked before answers are kept. A change of wording is a change of what people agree to."""


@dataclass(frozen=True, slots=True)
class Question:
    """One question about people. The id says of which version of which set it is."""

    id: str
    asks: str
    answers: Mapping[str, str]  # id of the answer -> its words; "prefer not to say" is always there, and last


@functools.cache
def known() -> Mapping[str, Question]:
    """Every question there is, by its id, in the order of the sets. Older versions stay."""
    found = {}
    for file in sorted(files("listening.questions").iterdir(), key=lambda one: one.name):
        if not file.name.endswith(".yaml"):
            continue
        for one in yaml.safe_load(file.read_text(encoding="utf-8"))["questions"]:
            name = f"{file.name.removesuffix('.yaml')}/{one['id']}"
            answers = MappingProxyType({**one["answers"], RATHER_NOT: RATHER_NOT_SAY})
            found[name] = Question(name, one["asks"], answers)
    return MappingProxyType(found)
