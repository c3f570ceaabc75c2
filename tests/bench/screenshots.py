"""The README's pictures, made from the example inquiry in a real browser: `make screenshots`.

    python -m tests.bench.screenshots data/example docs/images

The inquiry is copied first: nothing in it is changed.
"""

from __future__ import annotations

import argparse
import io
import shutil
import socket
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import uvicorn
from PIL import Image

from dashboards.app import create_app
from dashboards.door import COOKIE
from listening import pipeline
from listening.domain import Choice, Duty, Purpose
from listening.settings import Settings

MOST_BYTES = 150_000  # of one picture
COLOURS = (128, 64, 32)
CHROMIUM = ("--no-sandbox", "--disable-background-networking", "--disable-component-update", "--no-first-run")
PASSWORD = "correct horse battery"


def main() -> None:
    """Make every picture."""
    asked = argparse.ArgumentParser()
    asked.add_argument("inquiry", type=Path)
    asked.add_argument("images", type=Path)
    asked.add_argument("--chromium", default="/usr/bin/chromium")
    given = asked.parse_args()
    given.images.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        shutil.copytree(given.inquiry, data)
        line = pipeline.open_line(Settings(data=data, decided_by="Jo Marsh"))
        make_ready(line)
        with served(line) as address:
            take(line, address, given.images, given.chromium)


def make_ready(line: pipeline.Line) -> None:
    """What leaders and workers would have written by now."""
    pipeline.add_account(line, "Helen", Duty.LEADER, PASSWORD)
    decision = next(one for one in pipeline.decisions(line) if one.choice == Choice.DO)
    today = datetime.now(UTC).date()
    pipeline.set_owner(line, decision.id, "Jo Marsh, kitchen manager", by="Helen")
    step = pipeline.add_milestone(line, decision.id, "Forty teaspoons in the drawer", today, by="Jo Marsh")
    pipeline.add_milestone(line, decision.id, "A rack by the urn", today + timedelta(days=21), by="Jo Marsh")
    pipeline.milestone_done(line, step.id, by="Jo Marsh")
    pipeline.note_progress(line, decision.id, "They came on Tuesday. The rack is being made.", by="Jo Marsh")
    for voice in pipeline.voices(line)[:12]:
        pipeline.choose(line, voice.id, Purpose.QUOTE, given=True)


@contextmanager
def served(line: pipeline.Line) -> Iterator[str]:
    """The pages, at an address of this machine."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(create_app(line.settings, line), log_level="error", ws="none"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [door]})
        thread.start()
        while not server.started:
            time.sleep(0.05)
        yield f"http://127.0.0.1:{door.getsockname()[1]}"
        server.should_exit = True
        thread.join(20)


def take(line: pipeline.Line, address: str, images: Path, chromium: str) -> None:
    """Open each page and keep what is to be seen of it."""
    from playwright.sync_api import sync_playwright

    decision = next(one for one in pipeline.decisions(line) if one.choice == Choice.DO)
    theme = pipeline.themes(line)[0]
    voice = pipeline.trace(line, decision.id).voices[0]
    leader = pipeline.sign_in(line, "Helen", PASSWORD)
    own = pipeline.come_back(line, pipeline.give_receipt(line, voice))
    pictures = (
        ("desk", "/desk", leader, 1100, 760),
        ("theme", f"/themes/{theme.id}", leader, 1100, 900),
        ("map", "/map", leader, 1100, 900),
        ("decision", f"/decisions/{decision.id}", leader, 1100, 820),
        ("public", "/", None, 1100, 820),
        ("my-words", "/mine/words", own, 400, 820),
    )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(CHROMIUM))
        for name, path, cookie, width, height in pictures:
            context = browser.new_context(base_url=address, viewport={"width": width, "height": height})
            if cookie:
                context.add_cookies([{"name": COOKIE, "value": cookie, "url": address}])
            page = context.new_page()
            page.goto(path)
            keep(page, images / f"{name}.png")
            context.close()
        browser.close()


def keep(page: Any, file: Path) -> None:
    """The picture with as many colours as fit in MOST_BYTES."""
    shot = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    for colours in COLOURS:
        out = io.BytesIO()
        shot.quantize(colours, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
        if out.tell() <= MOST_BYTES:
            break
    else:
        raise SystemExit(f"{file.name} is {out.tell():,} bytes: more than {MOST_BYTES:,}. Make the picture smaller.")
    file.write_bytes(out.getvalue())
    print(f"{file}  {out.tell():,} bytes, {colours} colours")


if __name__ == "__main__":
    main()
