import json
import os
import subprocess
import sys
import time

import pytest

from dashboards.helper import Helper
from listening import pipeline
from listening.errors import ListeningError
from listening.giving_way import LOWER

HELPER = """
import sys
from pathlib import Path
from dashboards import helper
from listening import pipeline
from listening.settings import Settings
from tests.fake_encoder import FakeEncoder
from tests.fakes import FakeEngine
opened = pipeline.open_line(Settings(data=Path(sys.argv[1])))
encoder = FakeEncoder()
helper.serve(pipeline.Line(opened.store, opened.settings, FakeEngine, lambda: encoder))
"""


@pytest.fixture
def command(told):
    return [sys.executable, "-c", HELPER, str(told.settings.data)]


@pytest.fixture
def helper(told, command):
    made = Helper(told.settings, command)
    yield made
    made.stop()


def received(line, hand_in, name, words):
    return pipeline.receive(line, hand_in(name, words)).source_id


def test_what_came_in_is_read_and_placed_by_another_program(told, hand_in, helper):
    source = received(told, hand_in, "more.txt", "Jo: A piano for the hall.")
    seen = []
    helper.read(source, lambda *how_far: seen.append(how_far), place=True)
    [found] = pipeline.find(told, "piano")
    assert pipeline.show(told, found.id).fate != "waiting"
    assert seen


def test_one_program_reads_one_after_the_other_and_a_failure_does_not_end_it(told, hand_in, helper):
    helper.read("s-000000000000", lambda *_: None, place=False)
    first = helper._program.pid
    helper.read(received(told, hand_in, "more.txt", "Jo: A piano."), lambda *_: None, place=False)
    assert helper._program.pid == first
    assert pipeline.find(told, "piano")


def test_after_kill_9_it_is_started_anew_and_nothing_is_lost(told, hand_in, helper):
    helper.read(received(told, hand_in, "one.txt", "Jo: A drum."), lambda *_: None, place=False)
    helper._program.kill()
    helper._program.wait()
    helper.read(received(told, hand_in, "two.txt", "Jo: A flute."), lambda *_: None, place=False)
    assert pipeline.find(told, "drum")
    assert pipeline.find(told, "flute")


def test_one_that_cannot_stay_is_told_and_the_source_still_waits(told, hand_in):
    source = received(told, hand_in, "more.txt", "Jo: A piano.")
    helper = Helper(told.settings, [sys.executable, "-c", "pass"])
    with pytest.raises(ListeningError, match="still waits"):
        helper.read(source, lambda *_: None, place=True)
    helper.stop()
    assert pipeline.waiting(told) == [source]


def test_it_ends_when_whoever_asked_is_gone(command):
    program = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    program.stdin.write(json.dumps(["s-000000000000", False]) + "\n")
    program.stdin.flush()
    assert program.stdout.readline() == "null\n"
    program.stdin.close()
    assert program.wait(20) == 0
    program.stdout.close()


@pytest.mark.skipif(not hasattr(os, "getpriority"), reason="counted otherwise on Windows")
def test_it_lets_those_who_read_pages_go_first(helper):
    helper.read("s-000000000000", lambda *_: None, place=False)
    deadline = time.monotonic() + 5
    while os.getpriority(os.PRIO_PROCESS, helper._program.pid) < LOWER and time.monotonic() < deadline:
        time.sleep(0.01)
    assert os.getpriority(os.PRIO_PROCESS, helper._program.pid) >= LOWER
