import re
from concurrent.futures import ThreadPoolExecutor

from limits import parse

from dashboards.door import COOKIE
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
        assert tries.begin("here", "nadia")
        tries.end("here", "nadia", wrong=True)
    assert not tries.begin("here", "nadia")
    assert tries.begin("here", "sam")
    assert tries.begin("elsewhere", "nadia")


def test_tries_with_ever_new_names_end_too():
    tries = Tries([parse("2 per hour")], [parse("5 per hour")])
    for number in range(5):
        assert tries.begin("here", f"name-{number}")
        tries.end("here", f"name-{number}", wrong=True)
    assert not tries.begin("here", "another")
    assert not tries.begin("here")
    assert tries.begin("elsewhere", "another")


def test_those_who_are_right_are_never_kept_out_however_many_share_an_address():
    tries = Tries([parse("2 per hour")], [parse("5 per hour")])
    for number in range(100):
        for who in (("hall",), ("hall", f"name-{number % 3}")):
            assert tries.begin(*who)
            tries.end(*who, wrong=False)


def test_tries_at_the_same_moment_are_counted_before_it_is_known_how_they_went():
    tries = Tries([parse("2 per hour")])
    assert [tries.begin("here", "nadia") for _ in range(4)] == [True, True, False, False]
    tries.end("here", "nadia", wrong=False)
    assert tries.begin("here", "nadia")


def test_twenty_passwords_at_the_same_moment_are_not_twenty_tries(browser, told, monkeypatch):
    pipeline.add_account(told, "nadia", Duty.LEADER, PASSWORD)
    tried, real = [], pipeline.sign_in
    monkeypatch.setattr("dashboards.accounts.pipeline.sign_in", lambda *what: tried.append(what) or real(*what))
    browser.page("/sign-in")  # has its cookie from now on
    with ThreadPoolExecutor(20) as together:
        pages = together.map(lambda n: browser.submit("/sign-in", name="nadia", password=f"wrong {n}").text, range(20))
    assert sum("too many tries" in page for page in pages) == 10
    assert len(tried) == 10


def test_whoever_signs_in_anew_is_signed_out_as_who_they_were(browser, told):
    for name in ("nadia", "sam"):
        pipeline.add_account(told, name, Duty.LEADER, PASSWORD)
    browser.submit("/sign-in", name="nadia", password=PASSWORD)
    before = browser.cookies.get(COOKIE)
    browser.submit("/sign-in", name="sam", password=PASSWORD)
    assert browser.cookies.get(COOKIE) != before
    assert pipeline.signed_in(told, before) is None


def test_a_cookie_that_somebody_else_chose_never_becomes_a_session(browser, told):
    pipeline.add_account(told, "nadia", Duty.LEADER, PASSWORD)
    browser.cookies.set(COOKIE, "chosen-by-another")
    answer = browser.submit("/sign-in", name="nadia", password=PASSWORD)
    assert "chosen-by-another" not in answer.headers["set-cookie"]
    assert pipeline.signed_in(told, "chosen-by-another") is None


def test_after_signing_out_going_back_shows_nothing_that_was_kept(browser, told):
    pipeline.add_account(told, "nadia", Duty.LEADER, PASSWORD)
    browser.submit("/sign-in", name="nadia", password=PASSWORD)
    old = browser.cookies.get(COOKIE)
    assert browser.page("/desk").headers["cache-control"] == "no-store"
    assert browser.submit("/sign-out").headers["clear-site-data"] == '"cache"'
    browser.cookies.set(COOKIE, old)
    assert browser.page("/desk").status_code == 303


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
