"""The worked example: decisions that a leadership team might record on the sample conversations."""

from __future__ import annotations

from pathlib import Path

import yaml

from listening.domain import Choice, Decision
from listening.errors import NotFound
from listening.pipeline.deciding import decide
from listening.pipeline.line import Line
from listening.pipeline.views import decisions, find


def record_example_decisions(line: Line, file: Path) -> list[Decision]:
    """Record the decisions written in a file, each citing the utterances that hold the words it names.

    Running it again records nothing twice.

    :returns: all of them, in the order of the file.
    :raises NotFound: if nobody said the words that a decision cites.
    """
    known = {decision.text: decision for decision in decisions(line)}
    written = yaml.safe_load(file.read_text(encoding="utf-8"))
    return [known.get(one["text"]) or _record(line, one) for one in written]


def _record(line: Line, written: dict[str, str | list[str]]) -> Decision:
    return decide(
        line,
        Choice(str(written["choice"])),
        str(written["text"]),
        because=str(written["because"]) if "because" in written else None,
        utterances=[_utterance_saying(line, words) for words in written["cites"]],
        by=str(written["by"]),
    )


def _utterance_saying(line: Line, words: str) -> str:
    found = find(line, words)
    if not found:
        raise NotFound(f"Nobody said “{words}”. Bring in the sample conversations first: listening ingest data/sample")
    return found[0].id
