"""What comes in piece by piece is safe before it is acknowledged, goes on where it broke off, and comes in once."""

import json
import os
import random
import signal
import subprocess
import sys
import time

import pytest

from listening import pipeline
from listening.domain import Duty
from listening.store.arriving import Arriving, Piece
from tests.dashboards.conftest import PASSWORD
from tests.dashboards.test_workers import wait_until_read, worker  # noqa: F401 (a fixture)

NOTE = b"Jo: A lamp for the alley.\n" * 400


def begin(client, name="lamp.txt", content=NOTE, modified=7):
    said = json.dumps({"name": name, "size": len(content), "modified": modified})
    return client.script("POST", "/arriving", said).json()


def add(client, which, offset, piece):
    return client.script("PATCH", f"/arriving/{which}?take=0&offset={offset}&ms=0", piece)


def became(client, *which):
    return client.page("/brought?" + "&".join(f"one={one}" for one in which)).text


def test_a_file_comes_in_pieces_and_goes_on_where_it_broke_off(worker, told):  # noqa: F811
    begun = begin(worker)
    assert add(worker, begun["id"], 0, NOTE[:1000]).json()["length"] == 1000
    assert add(worker, begun["id"], 5000, NOTE[5000:]).json()["length"] == 1000  # not where it goes on: nothing changes
    assert add(worker, begun["id"], 0, NOTE[:500]).json()["length"] == 1000  # sent before
    again = begin(worker)
    assert (again["id"], again["length"]) == (begun["id"], 1000)
    assert worker.script("POST", f"/arriving/{begun['id']}/finish").status_code == 400
    assert add(worker, begun["id"], 1000, NOTE[1000:]).json()["length"] == len(NOTE)
    for _ in range(2):
        assert worker.script("POST", f"/arriving/{begun['id']}/finish").json() == {"finished": True}
    assert "safely kept" in became(worker, begun["id"])
    wait_until_read(worker, told)
    assert len(pipeline.find(told, "lamp for the alley")) > 0
    [source] = [one for one in pipeline.sources(told) if one.name == "lamp.txt"]
    assert pipeline.original(told, source.id).read_bytes() == NOTE


def test_one_bad_file_is_named_early_and_never_stops_the_others(worker, told):  # noqa: F811
    huge = worker.script("POST", "/arriving", json.dumps({"name": "talk.mp3", "size": 10**10})).json()
    strange = begin(worker, "a.exe")
    false = begin(worker, "false.mp3")
    assert huge["finished"]
    assert strange["finished"]
    assert not false["finished"]
    assert add(worker, false["id"], 0, NOTE[:1000]).json()["finished"]  # text, called a recording
    good = begin(worker)
    add(worker, good["id"], 0, NOTE)
    worker.script("POST", f"/arriving/{good['id']}/finish")
    page = became(worker, huge["id"], strange["id"], false["id"], good["id"])
    assert "may have 500 MB" in page
    assert "not known here" in page
    assert "not sound" in page
    assert page.count("safely kept") == 1
    assert {one.source for one in pipeline.failures(told)} >= {"talk.mp3", "a.exe", "false.mp3"}


def test_more_than_was_said_is_refused(worker):  # noqa: F811
    begun = begin(worker, content=b"Jo: A")
    assert add(worker, begun["id"], 0, NOTE).json()["finished"]
    assert "more than is taken" in became(worker, begun["id"])


@pytest.mark.parametrize("name", ["../../etc/lamp.txt", "..\\..\\lamp.txt", "a/../lamp.txt", "\0lamp.txt", "CON.txt"])
def test_hostile_names_never_touch_names_on_disk(worker, told, name):  # noqa: F811
    before = {path for path in told.settings.data.parent.rglob("*") if "data" not in path.parts[-2:]}
    begun = begin(worker, name)
    add(worker, begun["id"], 0, NOTE)
    assert worker.script("POST", f"/arriving/{begun['id']}/finish").json() == {"finished": True}
    assert "safely kept" in became(worker, begun["id"])
    found = {path.name for path in told.settings.data.rglob("*")}
    assert not [one for one in found if "lamp" in one or "CON" in one]
    assert before <= set(told.settings.data.parent.rglob("*"))


@pytest.mark.parametrize("which", ["0" * 32, "%2e%2e", "x", "0" * 31 + "g"])
def test_what_is_not_there_is_not_there(worker, which):  # noqa: F811
    assert worker.script("GET", f"/arriving/{which}").status_code == 404


def test_nobody_reaches_what_somebody_else_sends(worker, told, as_role, web):  # noqa: F811
    from dashboards.door import COOKIE
    from tests.dashboards.conftest import Browser

    begun = begin(worker)
    pipeline.add_account(told, "other", Duty.WORKER, PASSWORD)
    other = Browser(web)
    other.cookies.set(COOKIE, pipeline.sign_in(told, "other", PASSWORD))
    assert other.script("GET", f"/arriving/{begun['id']}").status_code == 404
    assert add(other, begun["id"], 0, NOTE).status_code == 404
    assert as_role("admin").script("GET", f"/arriving/{begun['id']}").status_code == 200


def test_scripts_need_the_token_too(worker):  # noqa: F811
    begun = begin(worker)
    path = f"/arriving/{begun['id']}?offset=0"
    assert worker.script("PATCH", path, NOTE, token="0" * 96).status_code == 403
    assert worker.script("GET", f"/arriving/{begun['id']}").json()["length"] == 0


def test_a_full_disk_is_told_and_nothing_is_claimed(worker, told, monkeypatch):  # noqa: F811
    which = pipeline.begin_recording(told, {}, {}, "worker", agreed=True)

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("listening.store.arriving.put_in_place", full)
    answer = add(worker, which, 0, b"x" * 100)
    assert answer.status_code == 400
    assert "no room" in answer.json()["problem"]
    monkeypatch.undo()
    assert worker.script("GET", f"/arriving/{which}").json()["length"] == 0


def test_a_table_that_came_in_pieces_asks_for_its_columns(worker):  # noqa: F811
    begun = begin(worker, "cards.csv", b"who,what\nann,A longer bench.\n")
    add(worker, begun["id"], 0, b"who,what\nann,A longer bench.\n")
    worker.script("POST", f"/arriving/{begun['id']}/finish")
    assert "/bring/table/" in became(worker, begun["id"])


def test_what_nobody_finished_for_a_week_is_forgotten_but_never_a_recording(worker, told):  # noqa: F811
    file = begin(worker)["id"]
    recording = pipeline.begin_recording(told, {}, {}, "worker", agreed=True)
    week_ago = time.time() - 8 * 24 * 3600
    for one in (file, recording):
        os.utime(told.settings.data / "arriving" / one, (week_ago, week_ago))
    pipeline.forget_abandoned(told)
    assert [one.id for one in pipeline.arriving(told, None)] == [recording]


WRITER = """
import sys
from pathlib import Path
from listening.store.arriving import Arriving, Piece
arriving = Arriving(Path(sys.argv[1]))
name = arriving.begin({})
print(name, flush=True)
length = 0
while True:
    length = arriving.add(name, Piece("0", length, bytes([length % 251]) * 1000, length))
    print(length, flush=True)
"""


def test_no_acknowledged_piece_is_lost_when_the_program_is_killed(tmp_path):
    dice = random.Random(5)  # noqa: S311
    for number in range(8):
        folder = tmp_path / str(number)
        program = subprocess.Popen([sys.executable, "-c", WRITER, str(folder)], stdout=subprocess.PIPE, text=True)
        name = program.stdout.readline().strip()
        for _ in range(dice.randrange(1, 12)):
            said = int(program.stdout.readline())
        program.send_signal(signal.SIGKILL)
        said = max([said, *(int(one) for one in program.stdout.read().split())])
        program.wait()
        program.stdout.close()
        arriving = Arriving(folder)
        [take] = arriving.takes(name)
        assert take.length >= said
        whole = tmp_path / f"{number}.whole"
        arriving.join(name, "0", whole)
        expected = b"".join(bytes([at % 251]) * 1000 for at in range(0, take.length, 1000))
        assert whole.read_bytes() == expected
        assert arriving.add(name, Piece("0", take.length, b"on")) == take.length + 2
