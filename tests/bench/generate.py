"""A big inquiry that nobody said: `python -m tests.bench.generate FOLDER` makes 1,000 conversations of 30 statements.

With --again it adds one conversation and looks at everything again: what a synthesis costs those who read meanwhile.
With --helper it is the program that reads what comes in beside the pages.
"""

from __future__ import annotations

import argparse
import hashlib
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from dashboards import helper
from listening import giving_way, pipeline
from listening.domain import Choice, Duty, Model
from listening.settings import Settings

CONVERSATIONS, STATEMENTS, PEOPLE = 1_000, 30, 1_200
ALONE = 0.4  # of all statements are like no other; of those people really made to councils, 30 to 56 % were
DIMENSIONS = 384
PASSWORD = "correct horse battery"

THINGS = (
    "bus", "bench", "damp", "garden", "kitchen", "library", "lamp", "path", "choir", "doctor", "school", "shop",
    "bridge", "heating", "allotment", "piano", "bread", "crossing", "playground", "bin", "hall", "river", "job",
    "neighbour", "letter", "phone", "queue", "rent", "stairs", "tea",
)  # fmt: skip
WANTS = (
    "I would like",
    "We need",
    "There is no",
    "Nobody minds",
    "They closed",
    "I miss",
    "Somebody mended",
    "Why not",
)
ENDS = (
    "in the evening", "since last winter", "for my mother", "near the square", "open on Sundays", "we could share",
    "for the children", "before seven", "that is not a shop", "on our street", "when it rains", "at the weekend",
)  # fmt: skip


class TopicEncoder:
    """Vectors in which statements about one thing lie together. What is measured is the pages, not the meaning."""

    model = Model("topics", "1")
    engine = "none"
    note: str | None = None

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        found = np.array([self._one(text) for text in texts], dtype=np.float32).reshape(-1, DIMENSIONS)
        return found / np.maximum(np.linalg.norm(found, axis=1, keepdims=True), 1e-9)

    def _one(self, text: str) -> NDArray[np.float64]:
        topic = next((thing for thing in THINGS if thing in text), text)
        return 1.4 * _random(topic) + _random(text)


def _random(text: str) -> NDArray[np.float64]:
    seed = int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")
    return np.random.default_rng(seed).standard_normal(DIMENSIONS)


def line_of(folder: Path) -> pipeline.Line:
    """The line over this folder, with vectors that cost next to nothing."""
    opened = pipeline.open_line(Settings(data=folder))
    encoder = TopicEncoder()
    return pipeline.Line(opened.store, opened.settings, opened.engine, lambda: encoder)


def conversation(number: int) -> str:
    """One conversation as a note; the same number always gives the same."""
    rng = np.random.default_rng(number)
    people = rng.choice(PEOPLE, size=4, replace=False)
    handles = ", ".join(f"P{place}: person-{person}" for place, person in enumerate(people))
    front = f"---\nkind: good-life\nplace: Place {number % 40}\ndate: 2026-0{number % 9 + 1}-1{number % 9}\n"
    lines = [_statement(rng, int(rng.integers(len(people)))) for _ in range(STATEMENTS)]
    return f"{front}language: en\nvoices: {{{handles}}}\n---\n\n" + "\n\n".join(lines)


def _statement(rng: np.random.Generator, place: int) -> str:
    want, thing, end = rng.choice(WANTS), rng.choice(THINGS), rng.choice(ENDS)
    number = int(rng.integers(1_000_000))
    if rng.random() < ALONE:
        return f"P{place}: {want} what only I know of, my {number}."
    return f"P{place}: {want} a {thing} {end}, number {number} I think."


def generate(folder: Path, conversations: int = CONVERSATIONS) -> None:
    """Fill a data folder: conversations, themes, decisions, one account for each role."""
    line = line_of(folder)
    with tempfile.TemporaryDirectory() as notes:
        for number in range(conversations):
            Path(notes, f"{number}.md").write_text(conversation(number), encoding="utf-8")
        print(pipeline.ingest(line, Path(notes)), flush=True)
    print(pipeline.synthesise(line), flush=True)
    for number, theme in enumerate(pipeline.themes(line)[:20]):
        choice = (Choice.DO, Choice.CANNOT, Choice.THINKING)[number % 3]
        pipeline.decide(line, choice, f"Decision {number}.", because="So it is.", utterances=theme.utterances[:9])
    for role in Duty:
        pipeline.add_account(line, role, role, PASSWORD)
    print(pipeline.ledger(line), flush=True)


def again(folder: Path) -> None:
    """Bring in one more conversation and look at everything again, as the pages have it done."""
    giving_way.give_way()
    line = line_of(folder)
    with tempfile.TemporaryDirectory() as notes:
        note = Path(notes, "more.md")
        note.write_text(conversation(time.time_ns() % 10**9), encoding="utf-8")
        pipeline.ingest(line, note)
    print(pipeline.synthesise(line), flush=True)


def main() -> None:
    """What the command does."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--conversations", type=int, default=CONVERSATIONS)
    parser.add_argument("--again", action="store_true")
    parser.add_argument("--helper", action="store_true")
    asked = parser.parse_args()
    if asked.again:
        again(asked.folder)
    elif asked.helper:
        helper.serve(line_of(asked.folder))
    else:
        generate(asked.folder, asked.conversations)


if __name__ == "__main__":
    main()
