"""The program beside the pages that reads what came in: `python -m dashboards.helper`.

Hearing a recording and placing new words among 30,000 others take seconds of a processor. In the program that serves
pages every reader would wait for them. This one gives way to it, and keeps its models from one source to the next.

It is told on its standard input what to read, a line of JSON each, and tells how far it is on its standard output. It
ends when its input does, whatever it is at: what was acknowledged is kept, and the rest is read next time.
"""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from typing import TextIO

from listening import pipeline
from listening.domain import Progress
from listening.errors import ListeningError
from listening.giving_way import give_way
from listening.settings import Settings

COMMAND = (sys.executable, "-m", "dashboards.helper")
TRIES = 2  # a program that was ended from outside is started once more


class Helper:
    """The other program, as the pages see it: started when it is first needed."""

    def __init__(self, settings: Settings, command: Sequence[str] = COMMAND) -> None:
        self._command = command
        # One thread: the other processors are for those who read meanwhile.
        self._environment = {**os.environ, "LISTENING_DATA": str(settings.data), "OMP_NUM_THREADS": "1"}
        self._program: subprocess.Popen[str] | None = None
        self._ended = False

    def read(self, source: str, progress: Progress, *, place: bool) -> None:
        """Have a source read and, if this is the last for now, new words placed. A failure is in the ledger.

        :raises ListeningError: if the program ends before it is done, twice.
        """
        for _ in range(TRIES):
            if not self._ended and self._did(json.dumps([source, place]), progress):
                return
        raise ListeningError("The program that reads what came in was ended. The file is kept, and still waits.")

    def _did(self, asked: str, progress: Progress) -> bool:
        program = self._running()
        assert program.stdin is not None  # noqa: S101  both are pipes
        assert program.stdout is not None  # noqa: S101
        try:
            program.stdin.write(asked + "\n")
            program.stdin.flush()
        except OSError:  # it was ended
            program.wait()
            return False
        for line in program.stdout:
            told = json.loads(line)
            if told is None:
                return True
            progress(*told)
        program.wait()
        return False

    def _running(self) -> subprocess.Popen[str]:
        if self._program is not None and self._program.poll() is not None:
            self._close(self._program)
        if self._program is None:
            self._program = subprocess.Popen(  # noqa: S603  our own program
                self._command, env=self._environment, text=True, encoding="utf-8",
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            )  # fmt: skip
        return self._program

    def stop(self) -> None:
        """End it, at once and for good."""
        self._ended = True
        if self._program is not None:
            self._close(self._program)

    def _close(self, program: subprocess.Popen[str]) -> None:
        program.kill()
        program.wait()
        for pipe in (program.stdin, program.stdout):
            with suppress(OSError):  # what it was never told
                pipe.close()  # type: ignore[union-attr]  # both are pipes
        self._program = None


def read_here(line: pipeline.Line, source: str, progress: Progress, *, place: bool) -> None:
    """Read a source and, if this is the last for now, place new words."""
    pipeline.read(line, source, progress)
    if place:
        pipeline.place_waiting(line, progress)


# --- in the other program ---------------------------------------------------------------------------------------------


def serve(line: pipeline.Line) -> None:
    """Read what is asked for until the input ends."""
    give_way()
    asked: queue.SimpleQueue[str] = queue.SimpleQueue()
    out, sys.stdout = sys.stdout, sys.stderr  # what libraries print is not for the other side
    threading.Thread(target=_listen, args=(sys.stdin, asked), daemon=True).start()
    while True:
        source, place = json.loads(asked.get())
        with suppress(Exception):  # the ledger lists it with its reason; the next one must not wait
            read_here(line, source, lambda what, done, total: _tell(out, [what, done, total]), place=place)
        _tell(out, None)


def _listen(lines: TextIO, asked: queue.SimpleQueue[str]) -> None:
    for line in lines:
        asked.put(line)
    os._exit(0)  # whoever asked is gone


def _tell(out: TextIO, told: object) -> None:
    out.write(json.dumps(told) + "\n")
    out.flush()


if __name__ == "__main__":
    serve(pipeline.open_line(Settings()))
