import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from urllib.parse import urlsplit

import pytest

from flows import server
from flows.serve import deployments
from listening.settings import Settings

STARTS_ONE_AND_WAITS = """
import os, time
from flows import server
from listening.settings import Settings
server.start(Settings())
print(os.environ["PREFECT_API_URL"], flush=True)
time.sleep(60)
"""


def answers(url):
    where = urlsplit(url)
    with socket.socket() as probe:
        return probe.connect_ex((where.hostname, where.port)) == 0


@pytest.mark.usefixtures("prefect_home")
def test_the_server_answers_nobody_without_the_password():
    url = os.environ["PREFECT_API_URL"]
    assert urlsplit(url).hostname == "127.0.0.1"
    with pytest.raises(urllib.error.HTTPError, match="401"):
        urllib.request.urlopen(f"{url}/admin/settings", timeout=10)  # noqa: S310


def test_a_server_that_somebody_has_set_is_used(monkeypatch):
    monkeypatch.setenv("PREFECT_API_URL", "http://prefect.example/api")
    monkeypatch.setattr(server, "_spawn", lambda *_, **__: pytest.fail("It started one of its own."))
    server.start(Settings())


@pytest.mark.skipif(os.name == "nt", reason="Windows has no kill -9")
def test_the_server_ends_with_us_even_if_we_are_killed(tmp_path):
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
    with subprocess.Popen(
        [sys.executable, "-c", STARTS_ONE_AND_WAITS],
        env={**clean, "LISTENING_DATA": str(tmp_path)},
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        url = process.stdout.readline().strip()
        assert answers(url)
        process.send_signal(signal.SIGKILL)
    deadline = time.monotonic() + 15
    while answers(url):
        assert time.monotonic() < deadline, "The server is still there"
        time.sleep(0.1)


@pytest.mark.usefixtures("prefect_home")
def test_reading_is_served_every_few_minutes_and_grouping_nightly():
    reading, grouping = deployments(every_minutes=7, nightly_hour=3)
    assert reading.entrypoint == "flows.ingest.ingest"
    assert reading.schedules[0].schedule.interval.total_seconds() == 7 * 60
    assert grouping.entrypoint == "flows.synthesise.synthesise"
    assert grouping.schedules[0].schedule.cron == "0 3 * * *"
    assert {one.concurrency_options.collision_strategy.value for one in (reading, grouping)} == {"CANCEL_NEW"}
