"""A form sent twice is done once: by double click, by going back, and after the service began anew."""

import threading

import pytest

from dashboards.app import create_app
from dashboards.door import COOKIE, token_for
from listening import pipeline
from listening.domain import Purpose
from tests.dashboards.conftest import Browser


@pytest.fixture
def leader(as_role):
    return as_role("leader")


def send(client, path, token, **fields):
    return client.post(path, data={"token": token, **fields}, follow_redirects=False)


def decision(line):
    [said] = pipeline.find(line, "teaspoons")
    return {"choice": "do", "text": "More teaspoons.", "utterance": said.id}


def how_often(line):
    return sum(one.text == "More teaspoons." for one in pipeline.decisions(line))


def test_the_same_form_sent_again_gets_the_same_answer_and_is_done_once(leader, told):
    token = token_for(leader.cookies[COOKIE])
    first = send(leader, "/decide", token, **decision(told))
    again = send(leader, "/decide", token, **decision(told))
    assert first.status_code == again.status_code == 303
    assert first.headers["location"] == again.headers["location"]
    assert how_often(told) == 1


def test_a_double_click_is_one_click(leader, told):
    token = token_for(leader.cookies[COOKIE])
    answers = []
    clicks = [
        threading.Thread(target=lambda: answers.append(send(leader, "/decide", token, **decision(told))))
        for _ in range(3)
    ]
    for click in clicks:
        click.start()
    for click in clicks:
        click.join()
    assert [one.status_code for one in answers] == [303] * 3
    assert how_often(told) == 1


def test_it_is_known_after_the_service_began_anew(leader, told):
    token = token_for(leader.cookies[COOKIE])
    send(leader, "/decide", token, **decision(told))
    with Browser(create_app(told.settings, told)) as later:
        later.cookies = leader.cookies
        answer = send(later, "/decide", token, **decision(told))
    assert "taken already" in answer.text
    assert how_often(told) == 1


def test_the_same_words_in_a_new_form_are_a_new_act(leader, told):
    leader.submit("/decide", **decision(told))
    leader.submit("/decide", **decision(told))
    assert how_often(told) == 2


def test_what_failed_may_be_sent_again(leader, told, monkeypatch):
    token = token_for(leader.cookies[COOKIE])
    monkeypatch.setattr("dashboards.leadership.pipeline.decide", lambda *_, **__: 1 / 0)
    broken = Browser(leader.app, raise_server_exceptions=False)
    broken.cookies = leader.cookies
    assert send(broken, "/decide", token, **decision(told)).status_code == 500
    monkeypatch.undo()
    assert send(leader, "/decide", token, **decision(told)).status_code == 303
    assert how_often(told) == 1


def test_two_forms_of_one_page_do_not_share_a_token(as_role, told):
    import re

    [said] = pipeline.find(told, "teaspoons")
    tokens = re.findall(r'name="token" value="(\w+)"', as_role("worker").page(f"/people/{said.voice}").text)
    assert len(tokens) >= 3
    assert len(set(tokens)) == len(tokens)


def test_a_receipt_asked_for_twice_by_one_click_is_one_receipt(as_role, told):
    worker = as_role("worker")
    [said] = pipeline.find(told, "teaspoons")
    token = token_for(worker.cookies[COOKIE])
    first = send(worker, f"/people/{said.voice}/receipt", token).text
    again = send(worker, f"/people/{said.voice}/receipt", token).text
    code = first.split('id="code">')[1].split("<")[0]
    assert code in again


def test_choices_that_were_kept_halfway_can_be_sent_again(own, told):
    token = token_for(own.cookies[COOKIE])
    send(own, "/mine/choices", token, quote="no")
    with Browser(create_app(told.settings, told)) as later:
        later.cookies = own.cookies
        assert send(later, "/mine/choices", token, quote="no").status_code == 303
    assert pipeline.choices(told, own.voice)[Purpose.QUOTE] is False
