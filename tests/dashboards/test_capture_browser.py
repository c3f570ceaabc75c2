"""Workers' journeys in Chromium: record, hand in over a bad line, put right by ear, say who speaks."""

import contextlib
import dataclasses
import os
import random
import re
import signal
import socket
import threading
import time
from pathlib import Path

import pytest
import uvicorn

from dashboards.app import create_app
from listening import pipeline
from listening.capture import sound
from listening.domain import Duty
from tests.dashboards.conftest import PASSWORD
from tests.dashboards.test_browser import CHROMIUM, NEEDS_CHROMIUM, QUIET, look_over, sign_in
from tests.fakes import FakeDetector, FakeSeparator
from tests.pipeline.test_hearing import TWO_PEOPLE, Doubting, voices_of

pytestmark = NEEDS_CHROMIUM
MICROPHONE = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")


@pytest.fixture
def told(told):
    """The line, with ears that need no weights."""
    line = dataclasses.replace(told, engine=Doubting, detector=FakeDetector, separator=FakeSeparator)
    pipeline.add_account(line, "worker", Duty.WORKER, PASSWORD)
    return line


class Service:
    """The web service, which can be stopped and begun again at the same address."""

    def __init__(self, line):
        self.line = line
        self.port = 0
        self.begin()

    def begin(self):
        door = socket.socket()
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        door.bind(("127.0.0.1", self.port))
        self.port = door.getsockname()[1]
        app = create_app(self.line.settings, self.line)
        self.server = uvicorn.Server(uvicorn.Config(app, log_level="error", ws="none", timeout_graceful_shutdown=1))
        self.thread = threading.Thread(target=self.server.run, kwargs={"sockets": [door]})
        self.thread.start()
        while not self.server.started:
            time.sleep(0.02)
        self.door = door

    def stop(self):
        self.server.should_exit = True
        self.thread.join(20)
        self.door.close()

    @property
    def address(self):
        return f"http://127.0.0.1:{self.port}"


@pytest.fixture
def service(told):
    running = Service(told)
    yield running
    running.stop()


@pytest.fixture(scope="module")
def playwright():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as started:
        yield started


def opened(playwright, folder, *more):
    """A browser with a microphone, whose own store outlives it."""
    return playwright.chromium.launch_persistent_context(
        str(folder), executable_path=str(CHROMIUM), args=[*QUIET, *MICROPHONE, *more], service_workers="block"
    )


@pytest.fixture
def phone(playwright, service, tmp_path):
    context = opened(playwright, tmp_path / "phone")
    context.complaints = []
    page = context.pages[0]
    page.on("pageerror", lambda error: context.complaints.append(str(error)))
    page.set_default_timeout(20_000)
    page.goto(service.address)
    yield page
    context.close()
    assert context.complaints == []


def begin(page, address):
    page.goto(f"{address}/sign-in")
    page.fill("#name", "worker")
    page.fill("#password", PASSWORD)
    page.click("main button")
    page.wait_for_url(re.compile(r"(?<!sign-in)$"))
    page.goto(f"{address}/record")
    page.fill("#place", "The hall")
    page.fill("#label-1", "Amina")
    page.check("#agreed")
    page.click("text=On to the recorder")
    page.wait_for_selector("#recorder")


def safe_ms(line):
    return sum(one.milliseconds for one in pipeline.interrupted(line, None))


def wait_for(what, seconds=20):
    deadline = time.monotonic() + seconds
    while not (found := what()) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert found
    return found


def recorded(line):
    """The one source that was recorded: how long it can be played."""
    [source] = wait_for(lambda: [one for one in pipeline.sources(line) if one.name.startswith("recorded-")])
    return sum(map(len, sound.blocks(pipeline.original(line, source.id)))) / 16_000


def test_a_recording_is_made_paused_and_finished(phone, service, told):
    begin(phone, service.address)
    look_over(phone)
    phone.click("#record")
    phone.wait_for_selector("#recorder.on")
    wait_for(lambda: safe_ms(told) > 3000)
    look_over(phone)
    assert float(phone.evaluate("document.getElementById('level').value")) >= 0
    phone.click("#pause")
    before = phone.inner_text("#time")
    time.sleep(1.2)
    assert phone.inner_text("#time") == before
    phone.click("#record")
    time.sleep(1.5)
    phone.click("text=Finish: it is all said")
    phone.wait_for_url("**/coming-in*")
    assert "safely kept" in phone.inner_text("main")
    assert recorded(told) >= 4
    [found] = wait_for(lambda: [one for one in pipeline.conversations(told) if one.place == "The hall"])
    assert (found.kind, found.listener) == ("good-life", "worker")
    assert "signed on" in phone.request.get(f"{service.address}/conversations/{found.id}").text()
    assert pipeline.agreement(told, found.id).signed == "worker"
    phone.goto(f"{service.address}/sound/{found.source}")
    wait_for(
        lambda: phone.evaluate("document.querySelector('video, audio').duration >= 4")
    )  # it can be played from any second


def test_a_line_that_breaks_off_costs_nothing(phone, service, told):
    begin(phone, service.address)
    phone.click("#record")
    wait_for(lambda: safe_ms(told) > 1500)
    phone.context.set_offline(True)
    time.sleep(4.5)
    there = safe_ms(told)
    assert "line is down" in phone.inner_text("#state")
    look_over(phone)
    phone.context.set_offline(False)
    wait_for(lambda: safe_ms(told) > there + 4000)
    phone.click("text=Finish: it is all said")
    phone.wait_for_url("**/coming-in*")
    assert recorded(told) >= 6


def test_a_tab_that_dies_while_the_line_is_down_loses_a_few_seconds_at_most(playwright, service, told, tmp_path):
    folder = tmp_path / "phone"
    context = opened(playwright, folder)
    page = context.pages[0]
    begin(page, service.address)
    where = page.url
    page.click("#record")
    wait_for(lambda: safe_ms(told) > 1500)
    context.set_offline(True)
    began = time.monotonic()
    time.sleep(6.2)
    there = safe_ms(told)
    killed_after = time.monotonic() - began
    kill_browser_of(folder)
    context.close()
    context = opened(playwright, folder)
    page = context.pages[0]
    page.goto(where)
    if "sign-in" in page.url:
        sign_in_again(page, service)
        page.goto(where)
    wait_for(lambda: safe_ms(told) >= there + 1000 * (killed_after - 4))
    page.reload()
    assert re.search(r"A recording of \d+ seconds was interrupted", page.inner_text("main"))
    page.click("#record")
    time.sleep(3)
    page.click("text=Finish: it is all said")
    page.wait_for_url("**/coming-in*")
    context.close()
    assert recorded(told) >= there / 1000 + killed_after - 4 + 2


def kill_browser_of(folder):
    """Kill every process that works in this folder: the browser that was opened there, and no other."""
    for told in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            if str(folder).encode() in told.read_bytes():
                os.kill(int(told.parent.name), signal.SIGKILL)


def sign_in_again(page, service):
    page.goto(f"{service.address}/sign-in")
    page.fill("#name", "worker")
    page.fill("#password", PASSWORD)
    page.click("main button")
    page.wait_for_url(re.compile(r"(?<!sign-in)$"))


def test_a_server_that_is_away_midway_costs_nothing(phone, service, told):
    begin(phone, service.address)
    phone.click("#record")
    wait_for(lambda: safe_ms(told) > 1500)
    service.stop()
    time.sleep(3)
    service.begin()
    wait_for(lambda: safe_ms(told) > 5000)
    phone.click("text=Finish: it is all said")
    phone.wait_for_url("**/coming-in*")
    assert recorded(told) >= 5


def test_throwing_away_asks_first(phone, service, told):
    begin(phone, service.address)
    phone.click("#record")
    wait_for(lambda: safe_ms(told) > 1500)
    phone.click("#pause")
    phone.reload()
    phone.on("dialog", lambda dialog: dialog.accept())
    phone.click("text=Throw this recording away")
    look_over(phone)
    assert pipeline.interrupted(told, "worker")
    phone.click("text=Throw it away for good")
    phone.wait_for_url("**/record?done=thrown")
    assert not pipeline.interrupted(told, "worker")


def test_without_scripts_a_recording_is_handed_in_as_a_file(playwright, service, told):
    browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=list(QUIET))
    page = browser.new_page(base_url=service.address, java_script_enabled=False)
    begin_without_scripts(page)
    assert "cannot record here" in page.inner_text("main")
    page.set_input_files("#files", {"name": "hall.wav", "mimeType": "audio/wav", "buffer": TWO_PEOPLE})
    page.click("text=Hand in")
    assert "safely kept" in page.inner_text("main")
    browser.close()
    wait_for(lambda: [one for one in pipeline.conversations(told) if one.place == "The hall"])


def begin_without_scripts(page):
    sign_in(page, "worker")
    page.goto("/record")
    page.fill("#place", "The hall")
    page.check("#agreed")
    page.click("text=On to the recorder")


def test_files_come_in_though_three_in_ten_requests_fail(phone, service, told):
    sign_in_again(phone, service)
    phone.goto(f"{service.address}/bring")
    dice = random.Random(11)  # noqa: S311
    failed = []

    def shaky(route):
        if dice.random() < 0.3:
            failed.append(route.request.method)
            route.abort("connectionfailed")
        else:
            route.continue_()

    phone.route("**/arriving**", shaky)
    long = b"Jo: A very long bench.\n" * 300_000
    files = [
        {"name": f"talk-{number}.txt", "mimeType": "text/plain", "buffer": long[: 40_000 * (number + 1)]}
        for number in range(8)
    ]
    sound_file = {"name": "hall.wav", "mimeType": "audio/wav", "buffer": TWO_PEOPLE}
    phone.set_input_files("#files", [*files, {"name": "x.exe", "mimeType": "", "buffer": b"MZ"}, sound_file])
    phone.click("text=Hand in >> nth=-1")
    phone.wait_for_url("**/brought?*", timeout=90_000)
    assert failed
    page = phone.inner_text("main")
    assert page.count("safely kept") == 9
    assert "not known here" in page
    look_over(phone)
    [source] = [one for one in pipeline.sources(told) if one.name == "hall.wav"]
    assert pipeline.original(told, source.id).read_bytes() == TWO_PEOPLE


def test_words_are_put_right_with_the_keyboard_and_speakers_get_names(phone, service, told, tmp_path):
    recording = tmp_path / "two.wav"
    recording.write_bytes(TWO_PEOPLE)
    (tmp_path / "two.wav.yaml").write_text("place: The hall\nvoices: {Amina: amina-7, Nadia: nadia}\n")
    pipeline.ingest(told, recording)
    [found] = [one for one in pipeline.conversations(told) if one.place == "The hall"]
    first, second, *_ = pipeline.to_put_right(told, found.id)
    sign_in_again(phone, service)
    phone.goto(f"{service.address}/conversations/{found.id}")
    look_over(phone)
    phone.click("text=Listen, and put right")
    look_over(phone)
    phone.focus(f"#to-{first.id}")
    phone.keyboard.press("Alt+l")
    wait_for(lambda: phone.evaluate(f"!document.querySelector('#{first.id} audio').paused"))
    at = phone.evaluate(f"document.querySelector('#{first.id} audio').currentTime")
    assert at >= first.start_ms / 1000 - 0.6
    phone.keyboard.press("Control+a")
    phone.keyboard.type("We want a bench.")
    phone.keyboard.press("Control+Enter")
    phone.wait_for_url("**done=corrected*")
    assert pipeline.show(told, first.id).text == "We want a bench."
    wait_for(lambda: phone.evaluate(f"document.activeElement.id === 'to-{second.id}'"))
    look_over(phone)
    phone.click(f"#{second.id} >> text=I listened: it is right")
    phone.wait_for_url("**done=listened*")
    assert pipeline.show(told, second.id).fate == "waiting"
    phone.goto(f"{service.address}/conversations/{found.id}/speakers")
    look_over(phone)
    phone.fill("#handle-1", "amina-7")
    phone.click("text=Keep >> nth=0")
    phone.wait_for_url("**done=named")
    look_over(phone)
    assert "amina-7" in voices_of(told)


def test_progress_is_followed_without_loading_the_page_again(phone, service):
    from dashboards.house import Doing

    sign_in_again(phone, service)
    reader = service.server.config.app.state.house.reader
    reader.doing = Doing("s-1", "Hearing", 34_000, 100_000, time.monotonic() - 340)
    phone.goto(f"{service.address}/coming-in")
    assert "34 per cent, about 11 minutes left" in phone.inner_text("main")
    look_over(phone)
    phone.evaluate("window.stays = true")
    reader.doing = Doing("s-1", "Hearing", 50_000, 100_000, time.monotonic() - 340)
    phone.wait_for_selector("text=50 per cent")
    reader.doing = None
    phone.wait_for_selector("text=50 per cent", state="detached")
    assert phone.evaluate("window.stays")
