from datetime import UTC, datetime, timedelta

import pytest

from listening import pipeline
from listening.domain import Choice
from tests.dashboards.conftest import STRANGE

SOON = (datetime.now(UTC).date() + timedelta(days=30)).isoformat()


@pytest.fixture
def teaspoons(told):
    """The decision that forty teaspoons will come."""
    return next(one for one in pipeline.decisions(told) if one.choice == Choice.DO)


def now(told, decision):
    return pipeline.follow_ups(told).get(decision.id, pipeline.NOTHING_YET)


def write(client, decision, **fields):
    return client.submit(f"/decisions/{decision.id}/progress", **fields)


def test_a_leader_writes_down_who_sees_to_it_its_steps_and_how_it_goes(as_role, told, teaspoons):
    leader = as_role("leader")
    write(leader, teaspoons, what="owner", owner="Jo Marsh")
    write(leader, teaspoons, what="step", step="They are in the drawer", due=SOON)
    [step] = now(told, teaspoons).milestones
    write(leader, teaspoons, what="done", which=step.id)
    write(leader, teaspoons, what="move", which=step.id, due=SOON)
    assert write(leader, teaspoons, what="note", note="Twenty came.", look=SOON).status_code == 303
    found = now(told, teaspoons)
    assert (found.owner, len(found.entries)) == ("Jo Marsh", 5)
    assert {one.signed for one in found.entries} == {"leader"}
    for path in ("/decisions", f"/decisions/{teaspoons.id}", f"/decisions/{teaspoons.id}/progress"):
        page = leader.page(path).text
        for words in ("Jo Marsh", "They are in the drawer", "Twenty came."):
            assert words in page


def test_a_decision_is_recorded_with_who_sees_to_it_and_its_steps(as_role, told):
    [damp, *_] = pipeline.find(told, "damp")
    fields = {"choice": "do", "text": "Dry it.", "utterance": damp.id, "owner": "Sam"}
    leader = as_role("leader")
    asked = leader.submit("/decide", **fields, **{"step-2": "Find a builder"})
    assert "Say by when step 2 will be done." in asked.text
    assert "Find a builder" in asked.text
    leader.submit("/decide", **fields, **{"step-2": "Find a builder", "due-2": SOON})
    found = now(told, pipeline.decisions(told)[0])
    assert (found.owner, [one.text for one in found.milestones]) == ("Sam", ["Find a builder"])


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"what": "note", "note": " "}, "Say how it goes"),
        ({"what": "note", "note": "Late.", "look": "9999-01-01"}, "Is the year right?"),
        ({"what": "note", "note": "Late.", "look": "soon"}, "Say on which day"),
        ({"what": "step", "step": "Order them"}, "Say on which day"),
        ({"what": "done", "which": "m-000000000000"}, "no such step"),
        ({"what": "owner"}, "Say who sees to it"),
        ({"what": "nonsense"}, "Choose what"),
    ],
)
def test_what_cannot_be_written_down_stays_on_the_page_with_its_reason(as_role, told, teaspoons, fields, sentence):
    page = write(as_role("leader"), teaspoons, **fields).text
    assert sentence in page
    assert fields.get("note", "").strip() in page
    assert now(told, teaspoons) == pipeline.NOTHING_YET


def test_a_word_that_makes_people_small_is_asked_about_once_here_too(as_role, told, teaspoons):
    leader = as_role("leader")
    page = write(leader, teaspoons, what="note", note="Beneficiaries like them.").text
    assert "One thought before this is kept" in page
    assert "Beneficiaries like them." in page
    write(leader, teaspoons, what="note", note="Beneficiaries like them.", as_written="yes")
    assert now(told, teaspoons).notes[0].text == "Beneficiaries like them."


def test_whoever_asked_is_told_what_is_new_and_everybody_can_read_it(own, browser, told, teaspoons):
    assert "new since you last looked" in own.page("/mine/words").text
    pipeline.set_owner(told, teaspoons.id, "Jo Marsh")
    pipeline.note_progress(told, teaspoons.id, STRANGE, by="\u202eoJ")
    for page in (own.page("/mine/words").text, browser.page("/").text):
        assert "Jo Marsh" in page
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert(&#39;سلام&#39;)" in page
        assert "<bdi>\u202eoJ</bdi>" in page
    assert pipeline.told_counts(told)[teaspoons.id] == 1


def test_a_decision_that_is_not_here_has_no_book(as_role):
    leader = as_role("leader")
    assert leader.page("/decisions/d-000000000000/progress").status_code == 404
    assert leader.submit("/decisions/d-000000000000/progress", what="note", note="x").status_code == 404
