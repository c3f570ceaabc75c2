"""A chain on the web: each step by the right person, and nothing that tells who invited whom."""

import re

import pytest
from limits import parse

from dashboards.chain_picture import REACH_HEIGHT, chain_picture, reach_path
from dashboards.door import COOKIE
from listening import pipeline
from listening.domain import Step
from listening.receipts import new_code
from tests.dashboards.conftest import Browser
from tests.pipeline.test_chaining import NUMBER, WORDS
from tests.test_chains import DAY


@pytest.fixture
def north(told):
    return pipeline.start_chain(told, "north", "No one <i>without</i> food.", "amina-7", "Nadia")


@pytest.fixture
def amina(web, told, north):
    client = Browser(web)
    client.cookies.set(COOKIE, pipeline.come_back(told, pipeline.give_receipt(told, north.starter_id)))
    yield client
    client.close()


def code_in(page):
    return re.search(r'id="code">([\w-]+)<', page.text)[1]


def test_four_pages_take_a_chain_from_one_person_to_the_next(told, north, amina, browser):
    slip = amina.submit("/mine/chain/invite", chain=north.id, other_name="Colin", agreed="yes")
    code = code_in(slip)
    asked = browser.submit("/join", code=code)
    assert "amina-7" in asked.text
    assert "No one &lt;i&gt;without&lt;/i&gt; food." in asked.text
    joined = browser.submit("/join/answer", code=code, answer="yes", contact=NUMBER)
    browser.submit("/mine", code=code_in(joined))
    assert "The person who asked you will get in touch" in browser.page("/mine/chain").text
    shown = amina.submit("/mine/chain/contact", chain=north.id)
    assert NUMBER in shown.text
    assert amina.submit("/mine/chain/contact", chain=north.id).status_code == 404
    amina.submit("/mine/chain/record", link=north.id, initiator="Amina", other="Colin", words=WORDS)
    assert "Would you like to go on" in browser.page("/mine/chain").text
    browser.submit("/mine/chain/step", chain=north.id, step="go on")
    assert "Start the next conversation" in browser.page("/mine/chain").text
    assert pipeline.chain_view(told, "north").links[0].state is Step.WENT_ON


def test_an_invitation_is_made_only_for_somebody_who_was_asked(north, amina):
    answer = amina.submit("/mine/chain/invite", chain=north.id, other_name="Colin")
    assert answer.status_code == 400
    assert "Nobody is passed on without knowing" in answer.text


def test_wrong_codes_are_counted_and_all_look_the_same(browser, north, amina):
    code = code_in(amina.submit("/mine/chain/invite", chain=north.id, other_name="Colin", agreed="yes"))
    browser.submit("/join/answer", code=code, answer="no")
    browser.app.state.house.tries._most_from_address = [parse("2 per hour")]
    tried = [browser.submit("/join", code=one).text for one in (code, new_code())]
    assert len({re.sub(r'value="\w+"', "", one) for one in tried}) == 1
    assert "too many tries" in browser.submit("/join", code=new_code()).text


def test_a_participant_hands_in_no_notes_that_speak_for_others(told, north, amina):
    code = code_in(amina.submit("/mine/chain/invite", chain=north.id, other_name="Colin", agreed="yes"))
    pipeline.answer_invitation(told, code, yes=True)
    forged = b"---\nvoices: {X: bus-1}\n---\n\nX: I said so."
    answer = amina.submit("/mine/chain/record", link=north.id, files={"files": ("x.md", forged)})
    assert "Choose a recording" in answer.text
    assert not pipeline.find(told, "I said so")


def test_a_code_opens_pages_that_name_nobody_else(told, north, amina):
    made = pipeline.invite(told, "north", "amina-7", name="Colin")
    colin = pipeline.answer_invitation(told, made.code, yes=True)
    pipeline.record_notes(told, made.link, pipeline.NotesOf(WORDS, "Amina", "Colin"))
    pipeline.ingest(told, None)
    with Browser(amina.app) as other:
        other.cookies.set(COOKIE, pipeline.come_back(told, pipeline.give_receipt(told, colin)))
        for client, secrets in (
            (other, ("amina-7", north.starter_id, made.link)),
            (amina, (made.other, colin, made.link)),
        ):
            for path in ("/mine/words", "/mine/chain", "/mine/plan", f"/mine/chain/record?chain={north.id}"):
                text = client.page(path).text
                assert [secret for secret in secrets if secret in text] == [], path


def test_somebody_else_s_chain_is_out_of_reach(told, north, own):
    pipeline.invite(told, "north", "amina-7", name="Colin")
    for path, fields in (
        ("/mine/chain/contact", {}),
        ("/mine/chain/step", {"step": "talked"}),
        ("/mine/chain/record", {"link": north.id, "words": WORDS}),
        ("/mine/plan/sign", {}),
    ):
        assert own.submit(path, chain=north.id, **fields).status_code == 404, path
    assert own.submit("/mine/chain/invite", chain=north.id, other_name="X", agreed="yes").status_code == 400


def test_a_worker_takes_each_step_on_paper_and_signs_for_it(told, as_role):
    worker = as_role("worker")
    made = worker.submit("/chains", chain="south", aim="Food for all.", starter="dot-1")
    here = made.headers["location"].split("?")[0]
    page = worker.submit(f"{here}/invite", initiator=pipeline.chain_view(told, "south").starter, handle="ed-2")
    assert code_in(page)
    [link] = pipeline.chain_view(told, "south").links
    worker.submit(f"{here}/step", link=link.id, step="agreed", contact=NUMBER)
    assert NUMBER in worker.submit(f"{here}/contact", link=link.id).text
    typed = {"link": link.id, "initiator": "Dot", "other": "Ed", "words": "Dot: Soup.\n\nEd: Bread."}
    missing = worker.submit(f"{here}/record", **{**typed, "other": ""})
    assert "two different names" in missing.text
    assert "Ed: Bread." in missing.text
    assert worker.submit(f"{here}/record", **typed).status_code == 303
    worker.submit(f"{here}/step", link=link.id, step="rested")
    assert pipeline.chain_view(told, "south").links[0].state is Step.RESTED
    assert worker.submit(f"{here}/step", link=link.id, step="nonsense").status_code == 400
    with told.store.reading() as read:
        signed = {row[3] for row in read.rows("link_events", lambda *row: row) if row[0] == link.id}
    assert signed == {"worker"}


def test_the_plan_leaves_as_a_file_of_its_own(north, as_role):
    leader = as_role("leader")
    page = leader.page(f"/chains/{north.id}/plan/file")
    assert page.headers["content-disposition"] == 'attachment; filename="plan.html"'
    assert "&lt;i&gt;without&lt;/i&gt;" in page.text
    assert leader.page(f"/chains/{north.id}/plan/file?form=markdown").text.startswith("# No one \\<i\\>")
    assert "Who has signed" in leader.page(f"/chains/{north.id}/plan").text


@pytest.mark.usefixtures("north")
def test_the_picture_has_a_flower_for_each_person_and_never_a_line_through_a_name(told):
    for name in ("Colin", "Bill"):
        made = pipeline.invite(told, "north", "amina-7", name=name)
        pipeline.agree(told, made.link)
        pipeline.take_step(told, made.link, Step.TALKED)
        pipeline.take_step(told, made.link, Step.WENT_ON)
    view = pipeline.chain_view(told, "north")
    picture = chain_picture(view)
    assert len(picture.flowers) == 3
    assert len({flower.y for flower in picture.flowers}) == 3
    assert all(flower.x < picture.label_x for flower in picture.flowers)
    assert [flower.href for flower in picture.flowers[1:]] == [f"#{link.id}" for link in view.links]


def test_reach_is_drawn_as_steps_up_to_today():
    path = reach_path([(DAY.date(), 1), (DAY.date().replace(day=11), 4)], DAY.date().replace(day=21))
    assert path == f"M0 {REACH_HEIGHT}H0.0V60.0H150.0V0.0H300V80Z"
    assert reach_path([], DAY.date()) == ""
