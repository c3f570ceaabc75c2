import re

import pytest

from listening import pipeline
from listening.domain import Fate, Purpose


def test_somebody_comes_back_by_a_code_that_is_in_no_address(browser, told):
    [said] = pipeline.find(told, "teaspoons")
    code = pipeline.give_receipt(told, said.voice)
    answer = browser.submit("/mine", code=code.upper().replace("-", " "))
    assert answer.headers["location"] == "/mine/words"
    page = browser.page("/mine/words").text
    assert "Forty teaspoons, please." in page
    assert "because of these words" in page
    assert code not in page


def test_wrong_revoked_and_withdrawn_codes_look_the_same(browser, told):
    from listening.receipts import new_code

    [bus, *others] = pipeline.find(told, "bus")
    revoked, withdrawn = (pipeline.give_receipt(told, one.voice) for one in (bus, others[0]))
    pipeline.revoke_receipts(told, bus.voice)
    pipeline.withdraw(told, others[0].voice)
    answers = [browser.submit("/mine", code=code) for code in (new_code(), revoked, withdrawn)]
    assert len({(one.status_code, one.text) for one in answers}) == 1
    assert "letter is missing or wrong" in browser.submit("/mine", code="7k2m-").text


def test_tries_at_codes_are_limited(browser, told):
    [said] = pipeline.find(told, "teaspoons")
    code = pipeline.give_receipt(told, said.voice)
    for _ in range(10):
        browser.submit("/mine", code="wrong")
    assert "too many tries" in browser.submit("/mine", code=code).text


def test_a_code_that_stops_working_ends_the_visit(own, told):
    assert own.page("/mine/words").status_code == 200
    pipeline.revoke_receipts(told, own.voice)
    assert own.page("/mine/words").headers["location"] == "/mine"


def test_nothing_is_ticked_until_the_person_chooses(own, told):
    form = own.page("/mine/words").text.split('id="choices"')[1].split("</form>")[0]
    assert "checked" not in form
    own.submit("/mine/choices", quote="yes", contact="no", group="perhaps")
    chosen = pipeline.choices(told, own.voice)
    assert chosen[Purpose.QUOTE] is True
    assert chosen[Purpose.CONTACT] is False
    assert chosen[Purpose.GROUP] is None
    assert own.page("/mine/words").text.split('id="choices"')[1].split("</form>")[0].count("checked") == 2


def test_that_is_not_what_i_meant_hides_the_words_and_brings_a_reply(own, told, as_role):
    own.submit("/mine/not-meant", utterance=own.said, said="I meant soup spoons.")
    assert pipeline.show(told, own.said).fate == Fate.HELD
    leader = as_role("leader")
    page = leader.page("/objections").text
    assert "I meant soup spoons." in page
    objection = re.search(r'name="objection" value="([\w-]+)"', page)[1]
    leader.submit("/objections", objection=objection, text="Soup spoons it is.", show_again="yes")
    assert "Soup spoons it is." in own.page("/mine/words").text
    assert pipeline.show(told, own.said).fate == Fate.ON_ITS_OWN


def test_words_held_to_keep_somebody_safe_are_not_shown_beside_an_objection(own, told, as_role):
    pipeline.hold(told, own.said, "she could be found by it")
    pipeline.object_to(told, own.voice, own.said, "I meant soup spoons.")
    for role in ("worker", "leader"):
        page = as_role(role).page("/objections").text
        assert "I meant soup spoons." in page
        assert "Forty teaspoons, please." not in page
    assert "Forty teaspoons, please." in as_role("safeguarding").page("/objections").text


def test_an_address_that_asks_for_far_too_much_is_refused_in_a_sentence(browser, told):  # noqa: ARG001
    answer = browser.page("/?" + "&".join(f"a{number}=1" for number in range(5_100)))
    assert answer.status_code == 400
    assert "too long" in answer.text


def test_one_thing_is_taken_out_in_one_step(own, told, as_role):
    own.submit("/mine/take-out", utterance=own.said)
    assert not pipeline.find(told, "teaspoons")
    assert "teaspoons, please" not in as_role("leader").page("/alone").text


def test_everything_is_taken_out_and_the_code_stops(own, told):
    assert own.submit("/mine/take-all-out").headers["location"] == "/mine/words#withdraw"
    assert pipeline.find(told, "teaspoons")
    assert "taken out" in own.submit("/mine/take-all-out", sure="yes").text
    assert not pipeline.find(told, "teaspoons")
    assert own.page("/mine/words").headers["location"] == "/mine"
    assert pipeline.ledger(told).adds_up


def test_somebody_says_whether_they_felt_heard_and_small_numbers_stay_hidden(own, told):
    own.submit("/mine/felt", **{"felt-0": "4", "felt-1": "9"})
    assert pipeline.mine(told, own.voice).felt == {pipeline.FELT[0]: 4}
    assert "once ten people have" in own.page("/mine/words").text


def test_exit_ends_the_visit_and_goes_somewhere_harmless(own):
    answer = own.submit("/mine/leave")
    assert answer.headers["refresh"].startswith("0; url=https://")
    assert own.page("/mine/words").headers["location"] == "/mine"


def test_the_pages_of_a_participant_are_small(own):
    total = len(own.page("/mine/words").content)
    for name in ("style.css", "listen.js", "receipt.js"):
        total += len(own.get(f"/static/{name}").content)
    assert total < 100_000


def test_a_receipt_is_shown_once_with_a_code_to_photograph(as_role, told, browser):
    worker = as_role("worker")
    [said] = pipeline.find(told, "teaspoons")
    page = worker.submit(f"/people/{said.voice}/receipt").text
    code = re.search(r'id="code">([\w-]+)<', page)[1]
    assert 'class="qr"' in page
    assert code not in worker.page(f"/people/{said.voice}").text
    assert browser.submit("/mine", code=code).headers["location"] == "/mine/words"


def test_whoever_listened_marks_what_was_said_yes_to(as_role, told):
    worker = as_role("worker")
    [said] = pipeline.find(told, "teaspoons")
    assert "checked" not in worker.page(f"/people/{said.voice}").text
    worker.submit(f"/people/{said.voice}", quote="yes")
    assert pipeline.choices(told, said.voice)[Purpose.QUOTE] is True
    assert worker.page("/people/v-000000000000").status_code == 404


@pytest.mark.parametrize("path", ["/mine", "/mine/words"])
def test_there_is_a_way_out_of_own_words_and_no_script_is_needed(own, path):
    page = own.page(path).text
    assert ("Exit this page" in page) == (path == "/mine/words")
    assert page.count("<script") == page.count("<script src=")
