"""How long pages take: `python -m tests.bench.pages FOLDER [--quiet]`, a folder made by tests.bench.generate.

20 readers ask for pages one after another, while a synthesis runs in another program and somebody hands files in.
Prints the median and the 95th percentile of every page, in milliseconds, and what the uploads took.
"""

from __future__ import annotations

import argparse
import re
import statistics
import subprocess
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import cycle
from pathlib import Path

import httpx

from dashboards.door import COOKIE, token_for
from listening import pipeline
from tests.bench.generate import line_of

READERS, SECONDS, PORT = 20, 60, 8137
SERVE = """
import sys, uvicorn
from pathlib import Path
from dashboards.app import create_app
from dashboards.helper import Helper
from tests.bench.generate import line_of
line = line_of(Path(sys.argv[1]))
helper = Helper(line.settings, (sys.executable, "-m", "tests.bench.generate", sys.argv[1], "--helper"))
uvicorn.run(create_app(line.settings, line, helper), port=int(sys.argv[2]), log_level="error", ws="none")
"""


def paths(line: pipeline.Line) -> list[str]:
    """Every page that reads much."""
    themes = pipeline.themes(line)
    lone = pipeline.on_their_own(line)
    conversation = pipeline.conversations(line)[0]
    voice = pipeline.voices(line)[0]
    decision = pipeline.decisions(line)[0]
    some = lone[0].id if lone else themes[0].utterances[0]
    return [
        "/",
        "/desk",
        "/themes",
        f"/themes/{themes[0].id}",
        f"/themes/{themes[-1].id}",
        "/alone",
        "/alone?page=7",
        "/map",
        "/map/near?x=500&y=300",
        "/wall",
        "/find?words=choir",
        "/decisions",
        f"/decisions/{decision.id}",
        f"/decide?utterance={some}",
        f"/voices/{voice.id}",
        "/voices",
        f"/utterances/{some}",
        "/conversations",
        f"/conversations/{conversation.id}",
        "/coming-in",
        "/bring",
        "/guides/good_life",
    ]


def read(token: str, turns: Iterator[str], until: float, took: dict[str, list[float]], failed: list[str]) -> None:
    """One reader: a page, a moment, the next page."""
    with httpx.Client(base_url=f"http://127.0.0.1:{PORT}", cookies={COOKIE: token}, timeout=60) as client:
        while time.monotonic() < until:
            path = next(turns)
            started = time.perf_counter()
            answer = client.get(path)
            took[re.sub(r"-\w{12}", "-…", path)].append(1000 * (time.perf_counter() - started))
            if answer.status_code != 200:
                failed.append(f"{path}: {answer.status_code}")
            time.sleep(0.5)  # people read


def upload(token: str, until: float, took: list[float], failed: list[str]) -> None:
    """Somebody who hands a note in every two seconds."""
    with httpx.Client(base_url=f"http://127.0.0.1:{PORT}", cookies={COOKIE: token}, timeout=60) as client:
        number = 0
        while time.monotonic() < until:
            number += 1
            words = f"Jo: A kettle for the hall, {time.time_ns()}."
            started = time.perf_counter()
            answer = client.post(
                "/bring", data={"token": token_for(token)}, files={"files": (f"note-{number}.txt", words)}
            )
            took.append(1000 * (time.perf_counter() - started))
            if "safely kept" not in answer.text:
                failed.append(f"upload: {answer.status_code}")
            time.sleep(2)


def bench(folder: Path, seconds: int, *, quiet: bool) -> None:
    """Measure and print."""
    line = line_of(folder)
    token = pipeline.sign_in(line, "admin", "correct horse battery")
    turns = paths(line)
    server = subprocess.Popen([sys.executable, "-c", SERVE, str(folder), str(PORT)])
    busy: list[subprocess.Popen[bytes]] = []
    try:
        _wait()
        if not quiet:
            busy.append(subprocess.Popen([sys.executable, "-m", "tests.bench.generate", str(folder), "--again"]))
        _measure(token, turns, time.monotonic() + seconds, quiet=quiet)
    finally:
        for program in (server, *busy):
            program.terminate()
            program.wait()


def _wait() -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            httpx.get(f"http://127.0.0.1:{PORT}/sign-in")
        except httpx.TransportError:
            time.sleep(0.2)
        else:
            return
    raise SystemExit("The web service did not start.")


def _measure(token: str, turns: Sequence[str], until: float, *, quiet: bool) -> None:
    took: dict[str, list[float]] = defaultdict(list)
    uploads: list[float] = []
    failed: list[str] = []
    threads = [
        threading.Thread(
            target=read, args=(token, cycle([*turns[number:], *turns[:number]]), until, took, failed), daemon=True
        )
        for number in range(READERS)
    ]
    if not quiet:
        threads.append(threading.Thread(target=upload, args=(token, until, uploads, failed), daemon=True))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for path, times in sorted(took.items(), key=lambda item: -statistics.median(item[1])):
        print(f"{statistics.median(times):7.0f} {_high(times):7.0f}  {len(times):5}  {path}")
    if uploads:
        middle = statistics.median(uploads)
        print(f"{middle:7.0f} {_high(uploads):7.0f}  {len(uploads):5}  uploads, worst {max(uploads):.0f}")
    print(f"failed: {len(failed)} {failed[:5]}")


def _high(times: Sequence[float]) -> float:
    return sorted(times)[int(0.95 * (len(times) - 1))]


def main() -> None:
    """What the command does."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seconds", type=int, default=SECONDS)
    parser.add_argument("--quiet", action="store_true", help="with no synthesis and no uploads beside the readers")
    asked = parser.parse_args()
    bench(asked.folder, asked.seconds, quiet=asked.quiet)


if __name__ == "__main__":
    main()
