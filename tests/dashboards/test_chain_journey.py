"""A chain of four people on four phones, one of them by paper through a worker, looked over by axe at every step."""

import os
from pathlib import Path

import pytest

from listening import pipeline
from listening.domain import Choice, Purpose, Step
from tests.dashboards.test_browser import address, chromium, look_over, sign_in  # noqa: F401  fixtures

PHONE = {"width": 320, "height": 640}
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(
        not Path("/usr/bin/chromium").exists() and not os.environ.get("CI"),
        reason="there is no /usr/bin/chromium: install Debian's chromium to look at the pages",
    ),
]


class Phones:
    """One phone a person; every address that any of them asks for is kept."""

    def __init__(self, browser, where):
        self._chromium, self._address = browser, where
        self.asked, self._open = [], {}

    def of(self, name):
        if name not in self._open:
            context = self._chromium.new_context(base_url=self._address, viewport=PHONE)
            context.on("request", lambda request: self.asked.append(request.url.split("#")[0]))
            page = context.new_page()
            page.set_default_timeout(15_000)
            self._open[name] = page
        return self._open[name]

    def close(self):
        for page in self._open.values():
            page.context.close()


@pytest.fixture
def phones(chromium, address):  # noqa: F811
    made = Phones(chromium, address)
    yield made
    made.close()


def picture(page, name):
    """Keep what is seen at three widths, for whoever wants to look."""
    folder = os.environ.get("LISTENING_PICTURES")
    for width in (320, 768, 1280) if folder else ():
        page.set_viewport_size({"width": width, "height": 900})
        page.screenshot(path=f"{folder}/{name}-{width}.png", full_page=True)
    page.set_viewport_size(PHONE)


def come_back(page, code):
    page.goto(f"/mine#{code}")
    page.click("text=See my words")
    page.goto("/mine/chain")


def invite(page, name):
    page.fill("input[name=other_name]", name)
    page.check("input[name=agreed]")
    page.click("text=Make an invitation for them")
    look_over(page)
    picture(page, "slip")
    return page.inner_text("#code")


def say_yes(page, code, contact=""):
    page.goto(f"/join#{code}")
    assert page.input_value("#code") == code
    look_over(page)
    page.click("text=See what I am asked")
    look_over(page)
    picture(page, "asked")
    page.check("#answer-yes")
    page.fill("#contact", contact)
    page.click("main button:has-text('Answer')")
    look_over(page)
    own = page.inner_text("#code")
    page.click("text=I have kept it")
    page.goto("/mine/chain")
    look_over(page)
    return own


def talk_and_record(page, line, here, there, words):
    page.goto("/mine/chain")
    look_over(page)
    page.click("text=We have talked")
    page.click("text=Bring in what was said")
    look_over(page)
    picture(page, "record")
    page.fill("#initiator", here)
    page.fill("#other", there)
    page.fill("#words", words)
    page.click("text=Keep what was said")
    assert "safely kept" in page.inner_text("[role=status]")
    look_over(page)
    pipeline.ingest(line, None)


def by_paper(worker, told, here):
    """Ed has no phone: the worker does each of his steps, and the paper comes in with his words."""
    worker.goto(here)
    worker.select_option("#initiator", index=1)
    worker.fill("#handle", "ed-2")
    worker.click("text=Make a slip for them")
    look_over(worker)
    for button in ("They said yes", "They have talked"):
        worker.goto(here)
        worker.click(".link:last-of-type summary")
        look_over(worker)
        worker.click(f".link:last-of-type >> text={button}")
    worker.click(".link:last-of-type summary")
    worker.click(".link:last-of-type >> text=Bring in what was said")
    look_over(worker)
    worker.fill("#initiator", "Colin")
    worker.fill("#other", "Ed")
    worker.fill("#words", "Colin: Who is hungry here?\n\nEd: I am, on Thursdays.")
    worker.click("text=Keep what was said")
    pipeline.ingest(told, None)
    worker.goto(here)
    worker.click(".link:last-of-type summary")
    worker.click(".link:last-of-type >> text=They go on")


def from_chain_to_plan(told, colin, worker, here):
    """Colin marks an offer and signs on his phone; Ed signs through the worker."""
    carve = pipeline.find(told, "carve")[0]
    pipeline.choose(told, carve.voice, Purpose.QUOTE, given=True)
    pipeline.decide(told, Choice.DO, "Cook on Thursdays.", utterances=[carve.id])
    colin.goto("/mine/chain")
    colin.click("text=I offer this")
    colin.goto("/mine/plan")
    look_over(colin)
    assert "I would carve for fifty." in colin.inner_text("main")
    colin.click("text=I sign this plan")
    assert "You signed the plan as it stands" in colin.inner_text("main")
    picture(colin, "own-plan")
    worker.goto(f"{here}/plan")
    look_over(worker)
    picture(worker, "plan")
    worker.click("button:has-text('ed-2 signs')")
    signed = pipeline.plan_of(told, "north").signed
    assert (signed.now, signed.people) == (2, 3)


def test_a_chain_of_four_people(phones, told):
    worker = phones.of("worker")
    sign_in(worker, "worker")
    worker.goto("/chains")
    look_over(worker)
    worker.fill("#chain", "north")
    worker.fill("#starter", "amina-7")
    worker.click("main >> text=Start the chain")
    here = worker.url.split("?")[0]
    look_over(worker)
    amina, colin, dot = phones.of("amina"), phones.of("colin"), phones.of("dot")

    come_back(amina, pipeline.give_receipt(told, pipeline.chain_view(told, "north").starter))
    look_over(amina)
    codes = [invite(amina, "Colin")]
    say_yes(colin, codes[0], "07700 900123")
    amina.goto("/mine/chain")
    amina.click("text=Show how to reach them, once")
    assert "07700 900123" in amina.inner_text("main")
    look_over(amina)
    talk_and_record(amina, told, "Amina", "Colin", "Amina: I cook one cup more.\n\nColin: I would carve for fifty.")
    colin.reload()
    picture(colin, "own-chain")
    colin.click("text=Yes, I go on")

    by_paper(worker, told, here)
    ed = next(link.other for link in pipeline.chain_view(told, "north").links if link.other_shown == "ed-2")
    codes.append(pipeline.invite(told, "north", ed, name="Dot", by="worker").code)
    own = say_yes(dot, codes[-1])
    assert [link.state for link in pipeline.chain_view(told, "north").links] == [
        Step.WENT_ON,
        Step.WENT_ON,
        Step.AGREED,
    ]

    from_chain_to_plan(told, colin, worker, here)
    worker.goto(here)
    look_over(worker)
    picture(worker, "chain")
    assert worker.locator(".grown a.flower").count() == 4
    for code in (*codes, own):
        assert not [url for url in phones.asked if code in url]


def test_a_chain_grows_without_scripts(chromium, address, told):  # noqa: F811
    chain = pipeline.start_chain(told, "north", "Food for all.", "amina-7", "Nadia")
    made = pipeline.invite(told, "north", chain.starter_id, name="Colin")
    context = chromium.new_context(base_url=address, java_script_enabled=False, viewport=PHONE)
    page = context.new_page()
    page.goto("/join")
    page.fill("#code", made.code)
    page.click("text=See what I am asked")
    page.check("#answer-yes")
    page.click("main button:has-text('Answer')")
    page.click("text=I have kept it")
    page.goto("/mine/chain")
    assert "You said yes to a conversation" in page.inner_text("main")
    context.close()
    assert pipeline.chain_view(told, "north").links[0].state is Step.AGREED
