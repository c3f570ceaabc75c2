"""The pages as people see them: in Chromium, by mouse and by keyboard, narrow and wide, looked over by axe."""

import os
import re
import socket
import threading
import time
from pathlib import Path

import pytest
import uvicorn

from dashboards.app import create_app
from listening import pipeline
from listening.domain import AskedFirst, Duty, Purpose
from tests.dashboards.conftest import PASSWORD
from tests.pipeline.test_empty_chair import SEX, tell
from tests.pipeline.test_inquiring import say

CHROMIUM = Path("/usr/bin/chromium")
WIDTHS = (320, 768, 1280)
QUIET = (
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
}

pytestmark = NEEDS_CHROMIUM = [
    pytest.mark.browser,
    pytest.mark.skipif(
        not CHROMIUM.exists() and not os.environ.get("CI"),
        reason="there is no /usr/bin/chromium: install Debian's chromium to look at the pages",
    ),
]


@pytest.fixture(scope="module")
def chromium():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=str(CHROMIUM), args=list(QUIET))
        yield opened
        opened.close()


@pytest.fixture
def address(told):
    """Where the web service answers, over a line with everything in it."""
    for duty in Duty:
        pipeline.add_account(told, duty, duty, PASSWORD)
    [said] = pipeline.find(told, "teaspoons")
    pipeline.choose(told, said.voice, Purpose.QUOTE, given=True)
    door = socket.socket()
    door.bind(("127.0.0.1", 0))
    config = uvicorn.Config(create_app(told.settings, told), log_level="error", ws="none")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [door]})
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{door.getsockname()[1]}"
    server.should_exit = True
    thread.join(20)
    door.close()


@pytest.fixture
def page(chromium, address):
    """A page in which nobody is signed in; anything the browser complains about is an error."""
    context = chromium.new_context(base_url=address, service_workers="block")
    asked, complaints = [], []
    context.on("request", lambda request: asked.append(request.url))
    opened = context.new_page()
    opened.set_default_timeout(15_000)
    opened.on("console", lambda told: complaints.append(told.text) if told.type in ("error", "warning") else None)
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    yield opened
    context.close()
    assert [one for one in complaints if "status of 40" not in one] == []
    assert [url for url in asked if not url.startswith((address, "data:"))] == []


def sign_in(page, role):
    page.goto("/sign-in")
    page.fill("#name", role)
    page.fill("#password", PASSWORD)
    page.click("main button")
    page.wait_for_url(re.compile(r"(?<!sign-in)$"))


def look_over(page):
    """No axe violation, and nothing wider than the screen at any width."""
    from axe_playwright_python.sync_playwright import Axe

    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, (page.url, width, wide)
    found = Axe().run(page, options=RULES).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"]) for one in found] == [], page.url


def paths(line):
    theme = pipeline.themes(line)[0]
    [said] = pipeline.find(line, "teaspoons")
    decision = pipeline.decisions(line)[0]
    return {
        Duty.ADMIN: [
            "/accounts",
            "/desk",
            "/decisions",
            f"/decisions/{decision.id}",
            f"/decisions/{decision.id}/progress",
            "/exports",
            "/voices",
            "/held",
        ],
        Duty.LEADER: [
            "/themes",
            f"/themes/{theme.id}",
            "/alone",
            "/map",
            "/wall",
            "/wall?one=1",
            "/find?words=bus",
            f"/decide?theme={theme.id}&utterance={said.id}",
            f"/trace/{theme.id}",
            f"/utterances/{said.id}",
            f"/voices/{said.voice}",
            "/objections",
        ],
        Duty.WORKER: [
            "/bring",
            "/bring/note",
            "/coming-in",
            "/conversations",
            f"/conversations/{said.conversation}",
            f"/people/{said.voice}",
        ],
    }


def test_open_pages_are_fit_for_everybody(page):
    for path in (
        "/",
        "/guides",
        "/guides/good_life",
        "/guides/food_chain",
        "/patterns",
        "/sign-in",
        "/mine",
        "/nothing",
    ):
        page.goto(path)
        look_over(page)


@pytest.mark.parametrize("role", [Duty.ADMIN, Duty.LEADER, Duty.WORKER])
def test_pages_of_the_organisation_are_fit_for_everybody(page, told, role):
    sign_in(page, role)
    for path in paths(told)[role]:
        page.goto(path)
        look_over(page)


def test_the_empty_chair_is_fit_for_everybody(page, told, hand_in):
    [said] = pipeline.find(told, "teaspoons")
    pipeline.set_inquiry(told, asks=f"{SEX} uk-1/tenure", use_most="The elderly")
    pipeline.plan_conversation(told, AskedFirst.USE_MOST, "The lunch club")
    voices = say(told, hand_in, 60, "more.txt")
    tell(told, voices[:33], SEX, "female")
    tell(told, voices[33:40], SEX, "male")
    profile = hand_in("area.csv", "question,answer,people\nsex,female,51\nsex,male,49\nplace,Mill Lane,40\n")
    pipeline.load_profile(told, profile)
    sign_in(page, Duty.ADMIN)
    for path in ("/inquiry", "/empty-chair", f"/people/{said.voice}/about"):
        page.goto(path)
        look_over(page)
    page.goto("/empty-chair")
    page.set_viewport_size({"width": 900, "height": 1200})
    if os.environ.get("PICTURES"):
        page.screenshot(path=os.environ["PICTURES"], full_page=True)
    page.context.clear_cookies()
    page.goto("/mine#" + pipeline.give_receipt(told, said.voice))
    page.click("main button")
    page.goto("/mine/about")
    look_over(page)


def test_a_leader_goes_from_a_theme_to_a_decision_and_its_trace(page, told):
    sign_in(page, "leader")
    page.click("text=Themes")
    page.click(".card h2 a")
    page.click("text=Decide on what is ticked")
    page.check("#choice-cannot")
    page.fill("#text", "We cannot help the elderly with buses.")
    page.click("text=Record this decision")
    look_over(page)
    assert "One thought before this is kept" in page.inner_text("main")
    page.fill("#text", "We cannot run a later bus.")
    page.click("text=Record this decision")
    look_over(page)
    assert "A refusal needs its reason" in page.inner_text("[role=alert]")
    page.fill("#because", "The county holds the contract.")
    page.click("text=Record this decision")
    assert "The decision is recorded" in page.inner_text("[role=status]")
    look_over(page)
    theme = pipeline.themes(told)[0]
    assert page.locator(".picture a.theme").count() == 1
    assert page.locator(".picture a.utterance").count() == len(theme.utterances)
    page.click(".picture a.utterance >> nth=0")
    assert "What became of these words" in page.inner_text("h1")


def test_the_map_says_which_words_lie_under_the_pointer(page, told):
    sign_in(page, "leader")
    page.set_viewport_size({"width": 1280, "height": 1100})
    page.goto("/map")
    dot = pipeline.word_map(told)[0]
    box = page.locator("#map").bounding_box()
    from dashboards.pictures import MAP_HEIGHT, MAP_WIDTH, at

    x, y = at(dot)
    page.mouse.move(box["x"] + x / MAP_WIDTH * box["width"], box["y"] + y / MAP_HEIGHT * box["height"])
    page.wait_for_selector("#near blockquote")
    assert page.inner_text("#near blockquote") == pipeline.show(told, dot.utterance).text
    look_over(page)


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_worker_hands_files_in(chromium, address, told, scripts):
    context = chromium.new_context(base_url=address, java_script_enabled=scripts)
    page = context.new_page()
    sign_in(page, "worker")
    page.goto("/bring")
    page.set_input_files(
        "#files",
        [
            {"name": "kettle.txt", "mimeType": "text/plain", "buffer": b"Jo: A kettle in the hall, please."},
            {"name": "nothing.txt", "mimeType": "text/plain", "buffer": b""},
        ],
    )
    page.click("text=Hand in >> nth=-1")
    page.wait_for_selector("text=What became of your files")
    assert "safely kept" in page.inner_text("main")
    assert "is empty" in page.inner_text("main")
    if scripts:
        look_over(page)
    deadline = time.monotonic() + 20
    while not pipeline.find(told, "kettle") and time.monotonic() < deadline:
        time.sleep(0.05)
    assert pipeline.find(told, "kettle")
    context.close()


def test_a_worker_types_notes_with_nothing_but_the_keyboard(page):
    page.set_viewport_size({"width": 320, "height": 640})
    sign_in(page, "worker")
    page.goto("/bring/note")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the words"
    page.keyboard.press("Enter")
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "words":
            break
    page.keyboard.type("Amina: Lamps that are warm.")
    for _ in range(10):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent") == "Keep these notes":
            break
    page.keyboard.press("Enter")
    page.wait_for_url("**/coming-in*")
    assert "safely kept" in page.inner_text("[role=status] >> nth=0")
    look_over(page)


def test_somebody_comes_back_by_a_link_whose_code_no_server_sees(page, told, address):
    [said] = pipeline.find(told, "teaspoons")
    code = pipeline.give_receipt(told, said.voice)
    sent = []
    page.on("request", lambda request: sent.append(request.url))
    page.goto(f"/mine#{code}")
    assert page.input_value("#code") == code
    assert page.url == f"{address}/mine"
    page.click("text=See my words")
    assert "Forty teaspoons, please." in page.inner_text("main")
    look_over(page)
    page.click("text=That is not what I meant")
    page.fill("textarea[name=said]", "Soup spoons.")
    page.click("text=Hide these words and ask for a reply")
    assert "held back: nobody sees it" in page.inner_text("main")
    look_over(page)
    assert not [url for url in sent if code in url.split("#")[0]]


def test_own_words_need_no_script(chromium, address, told):
    [said] = pipeline.find(told, "teaspoons")
    context = chromium.new_context(base_url=address, java_script_enabled=False, viewport={"width": 320, "height": 640})
    page = context.new_page()
    page.goto("/mine")
    page.fill("#code", pipeline.give_receipt(told, said.voice))
    page.click("text=See my words")
    page.check("#quote-no")
    page.click("text=Keep my choices")
    assert pipeline.choices(told, said.voice)[Purpose.QUOTE] is False
    page.check("#sure")
    page.click("button:has-text('Take everything out')")
    assert "Your words are taken out" in page.inner_text("h1")
    context.close()
    assert not pipeline.find(told, "teaspoons")


def test_a_receipt_is_fit_for_everybody_and_can_be_kept(page, told):
    sign_in(page, "worker")
    [said] = pipeline.find(told, "teaspoons")
    page.goto(f"/people/{said.voice}")
    page.click("text=Make a receipt")
    look_over(page)
    assert page.locator("#print").is_visible()
    assert page.locator("#copy").is_visible()
    assert page.locator("svg.qr path").get_attribute("d")


def test_focus_is_always_to_be_seen(page):
    page.goto("/patterns")
    for _ in range(12):
        page.keyboard.press("Tab")
        width = page.evaluate("parseFloat(getComputedStyle(document.activeElement).outlineWidth)")
        assert width >= 3


def test_a_leader_writes_down_how_it_goes_and_whoever_asked_is_told(page, told):
    decision = next(one for one in pipeline.decisions(told) if one.text == "Forty teaspoons.")
    sign_in(page, "leader")
    page.goto(f"/decisions/{decision.id}")
    page.click("text=Write down how it goes")
    page.fill("#owner", "Jo Marsh")
    page.click("text=Keep this name")
    page.fill("#note", "The elderly like them.")
    page.click("text=Keep this note")
    assert "One thought before this is kept" in page.inner_text("main")
    look_over(page)
    page.click("text=Keep it as I wrote it")
    assert "It is kept" in page.inner_text("[role=status]")
    page.goto("/mine")
    [said] = pipeline.find(told, "teaspoons")
    page.fill("#code", pipeline.give_receipt(told, said.voice))
    page.click("text=See my words")
    assert "new since you last looked" in page.inner_text(".own")
    assert "The elderly like them." in page.inner_text(".own")
    look_over(page)


def test_a_report_opens_from_a_file_and_asks_for_nothing(chromium, told, tmp_path):
    [report] = pipeline.export(told, tmp_path, ["html"])
    context = chromium.new_context()
    page, asked, complaints = context.new_page(), [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda said: complaints.append(said.text))
    page.goto(report.as_uri())
    assert page.locator(".said").count() == len(pipeline.themes(told)[0].utterances) + len(pipeline.on_their_own(told))
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert (asked, complaints) == ([report.as_uri()], [])
    context.close()
