"""No file, however broken, does more than be refused: no crash, no hang, no flood of memory.

`make fuzz` goes on for longer: LISTENING_FUZZ_ROUNDS says how many times each file is made wrong.
"""

import os
import resource
import signal
from contextlib import contextmanager

import pytest

from listening import segment
from listening.capture import pdf
from listening.domain import Role
from listening.errors import Refused
from tests.capture import test_files
from tests.fuzz.mutate import mutated

ROUNDS = int(os.environ.get("LISTENING_FUZZ_ROUNDS", "10"))
SECONDS = 5
MEGABYTES = 700


@contextmanager
def within(seconds):
    """Stop what takes more of the processor; how busy the machine is does not count."""

    def stop(_signal, _frame):
        raise TimeoutError(f"This took more than {seconds} s.")

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


@pytest.fixture(autouse=True)
def in_this_process(monkeypatch):
    """A process for each PDF would take most of the time; that bound has tests of its own."""
    monkeypatch.setattr(pdf, "_read_apart", pdf.pages_of)


@pytest.mark.parametrize("case", test_files.CASES, ids=str)
def test_a_broken_file_is_read_or_refused(case, tmp_path):
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for number in range(ROUNDS):
        path = tmp_path / f"{number}-{case.name}"
        path.write_bytes(mutated(case.content, (case.name, number)))
        try:
            with within(SECONDS):
                document = test_files.read(path)
                parts = segment.cut(document)
        except Refused:
            continue
        test_files.assert_nothing_is_lost(document)
        assert any(part.turn.role is Role.WORDS for part in parts) or document.attached
        path.unlink()
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < MEGABYTES * 1024
