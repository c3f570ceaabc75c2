"""Many programs at once: nobody is told that a file is locked, and nothing acknowledged is lost."""

import os
import signal
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime

import pytest

from listening.domain import Failure
from listening.errors import BrokenStore, Busy
from listening.store import Store, lease, open_store

WRITER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from listening.store import Store

store = Store(Path(sys.argv[1]), 60)
number = 0
while number < int(sys.argv[3]):
    with store.writing() as write:
        sha256 = f"{sys.argv[2]}-{number}"
        write.change("note_failure", sha256=sha256, name="n", reason="r", failed_at=datetime.now(UTC))
    print(number, flush=True)
    number += 1
"""


def start_writer(folder, name, count):
    return subprocess.Popen([sys.executable, "-c", WRITER, str(folder), name, str(count)], stdout=subprocess.PIPE)


def kept(folder):
    with Store(folder, 60).reading() as read:
        return {failure.sha256 for failure in read.rows("failures", Failure)}


def note(store, sha256):
    with store.writing() as write:
        write.change("note_failure", sha256=sha256, name="n", reason="r", failed_at=datetime.now(UTC))


def test_several_programs_write_and_read_at_once_and_nothing_is_missing(tmp_path):
    writers = [start_writer(tmp_path, name, 15) for name in "abc"]
    while any(writer.poll() is None for writer in writers):
        kept(tmp_path)
    assert [writer.wait() for writer in writers] == [0, 0, 0]
    for writer in writers:
        writer.stdout.close()
    assert kept(tmp_path) == {f"{name}-{number}" for name in "abc" for number in range(15)}


@pytest.mark.parametrize("round_", range(8))
def test_what_was_acknowledged_survives_kill_9(tmp_path, round_):
    writer = start_writer(tmp_path, "k", 100_000)
    acknowledged = [writer.stdout.readline() for _ in range(1 + round_ % 3)]
    time.sleep(0.007 * round_)
    os.kill(writer.pid, signal.SIGKILL)
    acknowledged += writer.stdout.readlines()
    writer.wait()
    writer.stdout.close()
    assert {f"k-{int(line)}" for line in acknowledged if line.endswith(b"\n")} <= kept(tmp_path)
    note(Store(tmp_path, 5), "afterwards")
    assert "afterwards" in kept(tmp_path)


def test_threads_of_one_program_share_the_database(tmp_path):
    store = Store(tmp_path, 5)
    troubles = []

    def work(name):
        try:
            for number in range(10):
                note(store, f"{name}-{number}")
                with store.reading() as read:
                    read.rows("failures", Failure)
        except Exception as error:
            troubles.append(error)

    threads = [threading.Thread(target=work, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert troubles == []
    assert len(kept(tmp_path)) == 40


def test_a_busy_program_lets_another_in(tmp_path):
    store = Store(tmp_path, 30)
    stop = threading.Event()

    def keep_reading():
        while not stop.is_set():
            with store.reading() as read:
                read.rows("failures", Failure)

    readers = [threading.Thread(target=keep_reading) for _ in range(4)]
    for reader in readers:
        reader.start()
    try:
        writer = start_writer(tmp_path, "w", 3)
        assert writer.wait(timeout=60) == 0
        writer.stdout.close()
    finally:
        stop.set()
        for reader in readers:
            reader.join()
    assert kept(tmp_path) == {"w-0", "w-1", "w-2"}


def test_a_batch_of_small_steps_opens_the_database_once_not_often(tmp_path, monkeypatch):
    store = Store(tmp_path, 5)
    note(store, "first")
    time.sleep(0.1)  # idle: the turn ends
    opened = []
    connect = lease.connect
    monkeypatch.setattr(lease, "connect", lambda database: opened.append(database) or connect(database))
    monkeypatch.setattr(lease, "TURN_SECONDS", 30)  # so that a slow machine ends no turn in between
    monkeypatch.setattr(lease, "IDLE_SECONDS", 2)
    for number in range(10):
        note(store, f"step-{number}")
    assert len(opened) == 1
    assert len(kept(tmp_path)) == 11


def test_an_idle_program_lets_another_in_at_once(tmp_path):
    store = Store(tmp_path, 5)
    note(store, "before")
    writer = start_writer(tmp_path, "w", 1)
    assert writer.wait(timeout=60) == 0
    writer.stdout.close()
    assert kept(tmp_path) == {"before", "w-0"}


def test_when_patience_runs_out_the_message_says_what_to_do(tmp_path):
    patient = Store(tmp_path, 5)
    impatient = Store(tmp_path, 0.1)
    note(patient, "before")
    with (
        patient.reading(),
        pytest.raises(Busy, match="Close other programs that have it open, then try again"),
        impatient.reading(),
    ):
        pass


def test_a_program_that_is_not_ours_is_waited_for(tmp_path):
    store = Store(tmp_path, 0.2)
    note(store, "before")
    holder = subprocess.Popen(
        [sys.executable, "-c", "import duckdb,sys; c=duckdb.connect(sys.argv[1]); print(1, flush=True); input()",
         str(store.database)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    holder.stdout.readline()
    with pytest.raises(Busy), store.reading():
        pass
    holder.communicate(b"\n")
    assert kept(tmp_path) == {"before"}


def test_a_half_built_database_is_built_again(tmp_path):
    (tmp_path / "listening.building").write_bytes(b"torn")
    note(Store(tmp_path, 5), "first")
    assert kept(tmp_path) == {"first"}
    assert not (tmp_path / "listening.building").exists()


def test_a_failed_opening_lets_the_lock_go(tmp_path):
    store = Store(tmp_path, 0.2)
    (tmp_path / "listening.duckdb").write_bytes(b"not a database" * 1000)
    for _ in range(2):
        with pytest.raises(BrokenStore, match="restore a backup"), store.reading():
            pass


def test_one_program_has_one_store_for_a_folder(tmp_path):
    assert open_store(tmp_path) is open_store(tmp_path / ".")


def test_reading_inside_of_reading_is_the_same_reading(tmp_path):
    store = Store(tmp_path, 5)
    note(store, "before")
    with store.reading() as outer:
        time.sleep(0.3)  # the turn is over: anybody else would wait for the one who reads
        with store.reading() as inner:
            assert inner is outer
            assert len(inner.rows("failures", Failure)) == 1


def enter(store, what):
    if what == "key":
        store.key("receipts")
    else:
        with getattr(store, what)():
            pass


@pytest.mark.parametrize("inner", ["writing", "key"])
@pytest.mark.parametrize("outer", ["reading", "writing"])
def test_a_thread_that_would_wait_for_itself_is_told_so_at_once(tmp_path, outer, inner):
    store = Store(tmp_path, 5)
    note(store, "before")
    with getattr(store, outer)(), pytest.raises(RuntimeError, match="Leave that first"):
        enter(store, inner)
    note(store, "afterwards")
    assert kept(tmp_path) == {"before", "afterwards"}


def test_reading_inside_of_writing_would_not_see_what_is_written_and_is_refused(tmp_path):
    store = Store(tmp_path, 5)
    with store.writing(), pytest.raises(RuntimeError, match="Leave that first"):
        enter(store, "reading")
