"""Real Prefect, with one server for all tests here, and its state in a folder that goes away."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

HOME = Path(tempfile.mkdtemp(prefix="listening-prefect-"))
atexit.register(shutil.rmtree, HOME, ignore_errors=True)
os.environ["PREFECT_HOME"] = str(HOME)  # before any test imports Prefect

import pytest  # noqa: E402

from flows import server  # noqa: E402
from flows.current import working_on  # noqa: E402
from listening import pipeline  # noqa: E402
from listening.settings import Settings  # noqa: E402


@pytest.fixture(scope="session")
def prefect_home():
    """Where Prefect keeps all it knows, with a server running."""
    server.start(Settings())
    return HOME


@pytest.fixture
def chosen(prefect_home, line, monkeypatch):  # noqa: ARG001
    """A line that the flows work on, with nothing to wait for between tries."""
    from flows import ingest, synthesise

    monkeypatch.setattr(ingest.read_source, "retry_delay_seconds", 0)
    monkeypatch.setattr(synthesise.group, "retry_delay_seconds", 0)
    with working_on(line):
        yield line


@pytest.fixture
def received(chosen, hand_in):
    """Hand in some text and receive it, unread; gives the source's id."""

    def receive(text, name="note.txt"):
        return pipeline.receive(chosen, hand_in(name, text)).source_id

    return receive
