import asyncio
import re
from types import SimpleNamespace

import pytest

from dashboards.door import COOKIE
from dashboards.uploads import read_form
from listening import pipeline
from listening.domain import Duty
from listening.errors import Refused
from tests.dashboards.conftest import PASSWORD, STRANGE


@pytest.mark.parametrize("path", ["/", "/themes", "/nothing", "/mine", "/patterns"])
def test_every_answer_leaves_with_the_headers(browser, path):
    headers = browser.page(path).headers
    assert headers["cache-control"] == "no-store"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["x-content-type-options"] == "nosniff"
    policy = headers["content-security-policy"]
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy


def test_static_files_may_be_kept_and_change_their_address_when_they_change(browser):
    address = re.search(r'href="(/static/style.css\?v=\w+)"', browser.page("/").text)[1]
    answer = browser.get(address)
    assert answer.status_code == 200
    assert "immutable" in answer.headers["cache-control"]


def test_that_a_static_file_is_not_there_is_not_kept(browser):
    for path in (
        "/static/nothing.css",
        "/static/",
        "/static/../app.py",
        "/static/%2e%2e/app.py",
        "/static/style.css%00",
    ):
        answer = browser.get(path)
        assert answer.status_code in (404, 405)
        assert answer.headers["cache-control"] == "no-store"


def test_a_path_that_is_not_ours_leads_nowhere(browser):
    for path in ("/themes/", "/./themes", "/%2e%2e/themes", "/themes%00", "/%2f%2felsewhere.example/", "/sign-in%2f"):
        answer = browser.page(path)
        assert answer.status_code == 404 or answer.headers["location"].startswith("/sign-in?")
        assert "elsewhere" not in answer.headers.get("location", "")


@pytest.mark.parametrize("host", ["a b", "<script>", "a@b", "a/b", "a:b", "", "[::1", "a:99999999"])
def test_a_host_that_is_no_address_is_refused(browser, host):
    answer = browser.get("/mine", headers={"host": host})
    assert answer.status_code == 400
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:8000", "[::1]:8000", "fen-street.example", "büro.local"])
def test_any_address_of_this_machine_is_fine(browser, host):
    assert browser.get("/mine", headers={"host": host.encode()}).status_code == 200


@pytest.mark.parametrize("method", ["OPTIONS", "TRACE", "PUT", "DELETE", "PATCH", "FROB"])
def test_a_method_that_is_not_in_the_table_does_nothing(browser, method):
    answer = browser.request(method, "/sign-in")
    assert answer.status_code == 405
    assert answer.headers["cache-control"] == "no-store"
    assert "GET" in answer.headers["allow"]


UNSEEN = {
    "nothing": "a\0b",
    "escape": "a\x1b[31mb",
    "turned round": "a\u202egnp",
    "not ended": "a\u2067b",
    "half": "a\ud800b",
}


@pytest.mark.parametrize("title", UNSEEN.values(), ids=UNSEEN)
def test_what_nobody_can_see_is_refused_with_the_reason(as_role, told, title):
    leader, theme = as_role("leader"), pipeline.themes(told)[0].id
    if title == UNSEEN["half"]:
        title = b"a\xed\xa0\x80b"
    answer = leader.submit(f"/themes/{theme}/title", title=title)
    if answer.status_code == 400:
        assert "type those words anew" in answer.text
        assert pipeline.themes(told)[0].title is None
    else:  # what is no letter at all was replaced when the form was read
        assert pipeline.themes(told)[0].title.text.isprintable()


WRITTEN_WITH = ("\u2067\u05e9\u05dc\u2069 and tea", "\u202b\u05e9\u05dc\u202c", "\u05e9 \u200f1", "zero\u200dwidth")


@pytest.mark.parametrize("title", WRITTEN_WITH)
def test_marks_that_people_write_with_stay(as_role, told, title):
    theme = pipeline.themes(told)[0].id
    assert as_role("leader").submit(f"/themes/{theme}/title", title=title).status_code == 303
    assert pipeline.themes(told)[0].title.text == title


def test_odd_letters_in_an_address_find_nothing(as_role):
    leader = as_role("leader")
    for path in (
        "/find?words=%00",
        "/find?words=%ff%fe",
        "/themes/t-%00abcdef",
        "/trace/%e2%80%ae12345",
        "/alone?page=%d9%a3",
    ):
        assert leader.page(path).status_code in (200, 404)


def test_a_form_that_falls_silent_is_not_waited_for(monkeypatch):
    async def silent():
        yield b"title=half"
        await asyncio.sleep(30)

    monkeypatch.setattr("dashboards.uploads.SILENT_SECONDS", 0.05)
    request = SimpleNamespace(headers={}, stream=silent)
    with pytest.raises(Refused, match="Nothing came for a minute"):
        asyncio.run(read_form(request, 1000))


def test_a_fault_of_our_own_is_told_without_what_it_was_about(web, as_role, monkeypatch):
    from tests.dashboards.conftest import Browser

    monkeypatch.setattr("listening.pipeline.themes", lambda _: 1 / 0)
    client = Browser(web, raise_server_exceptions=False)
    client.cookies = as_role("leader").cookies
    answer = client.get("/themes")
    assert answer.status_code == 500
    assert "fault in this software" in answer.text
    assert "division" not in answer.text
    assert answer.headers["cache-control"] == "no-store"


def test_a_form_without_its_token_changes_nothing(as_role, told):
    leader = as_role("leader")
    theme = pipeline.themes(told)[0].id
    for token in ({}, {"token": "0" * 64}, {"token": "é"}):
        answer = leader.post(f"/themes/{theme}/title", data={"title": "Ours", **token}, follow_redirects=False)
        assert answer.status_code == 403
    assert pipeline.themes(told)[0].title is None


@pytest.mark.parametrize(
    "headers", [{"origin": "https://elsewhere.example"}, {"sec-fetch-site": "cross-site"}], ids=["origin", "fetch"]
)
def test_a_form_from_another_site_changes_nothing(as_role, told, headers):
    leader = as_role("leader")
    leader.headers.update(headers)
    assert leader.submit(f"/themes/{pipeline.themes(told)[0].id}/title", title="Ours").status_code == 403
    assert pipeline.themes(told)[0].title is None


def test_the_cookie_holds_a_random_id_that_scripts_cannot_read(browser, told):
    pipeline.add_account(told, "nadia", Duty.WORKER, PASSWORD)
    before = browser.page("/sign-in").headers["set-cookie"]
    answer = browser.submit("/sign-in", name="nadia", password=PASSWORD)
    after = answer.headers["set-cookie"]
    for cookie in (before, after):
        assert "HttpOnly" in cookie
        assert "SameSite=lax" in cookie
        assert "Secure" not in cookie
    assert before.split(";")[0] != after.split(";")[0]
    assert "nadia" not in after


def test_over_https_the_cookie_stays_on_https(web):
    from tests.dashboards.conftest import Browser

    with Browser(web, base_url="https://testserver") as client:
        cookie = client.page("/sign-in").headers["set-cookie"]
    assert cookie.startswith("__Host-")  # browsers take it from this host alone
    assert "Secure" in cookie
    assert "Path=/" in cookie
    assert "Domain" not in cookie


def test_words_are_shown_byte_for_byte_and_never_run(as_role):
    page = as_role("leader").page("/alone").text
    assert "<script>alert" not in page
    import html

    assert STRANGE in html.unescape(page)


def test_every_quote_says_its_language_and_finds_its_direction(as_role, told):
    client = as_role("leader")
    theme = pipeline.themes(told)[0].id
    for path in ("/themes", f"/themes/{theme}", "/alone", "/wall", "/find?words=bus", f"/trace/{theme}", "/desk"):
        for quote in re.findall(r"<blockquote[^>]*>", client.page(path).text):
            assert 'dir="auto"' in quote
            assert 'lang="en"' in quote


def test_a_stranger_gets_no_cookie_where_there_is_no_form(browser):
    assert COOKIE not in browser.page("/").cookies


def test_a_form_that_is_too_large_is_refused_before_it_is_all_read(as_role):
    answer = as_role("worker").submit("/bring/note", words="x" * 3_000_000)
    assert answer.status_code == 400
    assert "MB at once" in answer.text
