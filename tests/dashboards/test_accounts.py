import re

from limits import parse

from dashboards.house import Tries
from listening import pipeline
from listening.domain import Duty
from tests.dashboards.conftest import PASSWORD


def test_somebody_signs_in_comes_to_their_page_and_signs_out(browser, told):
    pipeline.add_account(told, "nadia", Duty.LEADER, PASSWORD)
    answer = browser.submit("/sign-in", name="nadia", password=PASSWORD)
    assert answer.headers["location"] == "/desk"
    assert browser.page("/desk").status_code == 200
    assert browser.submit("/sign-out").headers["location"] == "/sign-in?done=out"
    assert browser.page("/desk").status_code == 303


def test_signing_in_leads_back_to_the_page_that_asked_for_it_and_never_elsewhere(browser, told):
    pipeline.add_account(told, "nadia", Duty.LEADER, PASSWORD)
    assert browser.page("/alone").headers["location"] == "/sign-in?next=/alone"
    for asked, to in (("/alone", "/alone"), ("//elsewhere.example", "/desk"), ("https://elsewhere.example", "/desk")):
        assert browser.submit("/sign-in", name="nadia", password=PASSWORD, next=asked).headers["location"] == to


def test_a_wrong_name_and_a_wrong_password_look_the_same(browser, told):
    pipeline.add_account(told, "nadia", Duty.LEADER, PASSWORD)
    pages = [
        re.sub(r'value="\w+"', "", browser.submit("/sign-in", name=name, password="wrong password").text)
        for name in ("nadia", "nobody")
    ]
    assert pages[0] == pages[1]
    assert "do not fit together" in pages[0]


def test_after_too_many_tries_even_the_right_password_waits(browser, told):
    pipeline.add_account(told, "nadia", Duty.LEADER, PASSWORD)
    for _ in range(10):
        browser.submit("/sign-in", name="nadia", password="wrong password")
    answer = browser.submit("/sign-in", name="Nadia", password=PASSWORD)
    assert answer.status_code == 200
    assert "too many tries" in answer.text


def test_tries_are_counted_for_each_by_itself():
    tries = Tries([parse("2 per hour")])
    for _ in range(2):
        tries.failed("here", "nadia")
    assert not tries.may("here", "nadia")
    assert tries.may("here", "sam")


def test_an_admin_lets_somebody_in_and_takes_them_out(as_role, browser):
    admin = as_role("admin")
    page = admin.submit("/accounts", name="sam", role="worker")
    password = re.search(r'class="receipt">([\w-]+)<', page.text)[1]
    assert browser.submit("/sign-in", name="sam", password=password).headers["location"] == "/bring"
    assert admin.submit("/accounts/remove", name="sam").status_code == 303
    assert browser.page("/bring").status_code == 303
    assert password not in admin.page("/accounts").text


def test_an_admin_cannot_take_themselves_out_or_make_odd_accounts(as_role):
    admin = as_role("admin")
    assert "your own account" in admin.submit("/accounts/remove", name="admin").text
    assert "no space" in admin.submit("/accounts", name="a b", role="worker").text
    assert "already" in admin.submit("/accounts", name="admin", role="worker").text
    assert "here for" in admin.submit("/accounts", name="jo", role="king").text
