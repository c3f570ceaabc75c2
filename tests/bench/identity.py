"""Do themes stay themselves while conversations keep arriving? `python -m tests.bench.identity TABLE.csv`

The table (columns comment-body, author-id, timestamp) comes in ten parts, by time, with a full synthesis after each.
Printed for each part: how many themes there were before; of those whose words stayed together (at least half of what
both runs knew is in one theme now, and makes up at least half of what that theme holds of it), how many kept their id;
and the share of all statements known to both runs that are where they were, under the same id.
"""

from __future__ import annotations

import csv
import sys
import tempfile
from collections import Counter
from pathlib import Path

from listening import pipeline
from listening.domain import Columns
from listening.settings import Settings

PARTS = 10
COLUMNS = Columns("comment-body", voice="author-id", time="timestamp")

Where = dict[str, str | None]
"""The theme of each utterance; None is on its own."""


def in_parts(table: Path) -> list[list[dict[str, str]]]:
    """The rows of the table in ten parts, oldest first."""
    with table.open(encoding="utf-8", newline="") as file:
        rows = sorted(csv.DictReader(file), key=lambda row: int(row[COLUMNS.time or ""]))
    return [rows[len(rows) * part // PARTS : len(rows) * (part + 1) // PARTS] for part in range(PARTS)]


def write(rows: list[dict[str, str]], file: Path) -> None:
    """Write rows as a table."""
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def kept(before: Where, now: Where) -> tuple[int, int, int]:
    """How many themes there were, how many of them kept their words together, and how many of those their id."""
    shared = set(before) & set(now)
    of_old = Counter(before[one] for one in shared if before[one])
    of_new = Counter(now[one] for one in shared if now[one])
    pairs = Counter((before[one], now[one]) for one in shared if before[one] and now[one])
    together = [(old, new) for (old, new), both in pairs.items() if 2 * both >= of_old[old] and 2 * both >= of_new[new]]
    return len(of_old), len(together), sum(old == new for old, new in together)


def main(table: Path) -> None:
    """Print the table."""
    print("| part | utterances | themes before | words stayed together | kept their id | statements where they were |")
    print("|---|---|---|---|---|---|")
    totals = Counter[str]()
    with tempfile.TemporaryDirectory() as folder:
        line = pipeline.open_line(Settings(data=Path(folder) / "data"))
        before: Where = {}
        for part, rows in enumerate(in_parts(table), start=1):
            file = Path(folder) / f"part-{part}.csv"
            write(rows, file)
            pipeline.ingest(line, file, COLUMNS)
            pipeline.synthesise(line)
            now = where(line)
            themes, together, same = kept(before, now)
            stayed = sum(now[one] == theme for one, theme in before.items())
            print(
                f"| {part} | {len(now)} | {themes} | {together} | {same} | {stayed / max(1, len(before)):.0%} |",
                flush=True,
            )
            totals.update(together=together, same=same)
            before = now
    print(f"kept their id: {totals['same']} of {totals['together']} ({totals['same'] / totals['together']:.1%})")


def where(line: pipeline.Line) -> Where:
    """Where every utterance is now."""
    found: Where = {alone.id: None for alone in pipeline.on_their_own(line)}
    for theme in pipeline.themes(line):
        found |= dict.fromkeys(theme.utterances, theme.id)
    return found


if __name__ == "__main__":
    main(Path(sys.argv[1]))
