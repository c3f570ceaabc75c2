"""Every way in, for everybody: who may come in where. A way that is not in the table fails."""

import pytest

from dashboards.routes import WAYS
from listening import pipeline
from listening.domain import Duty

STAFF = "worker leader safeguarding admin"
TABLE = {
    "GET /": "everyone",
    "GET /guides": "everyone",
    "GET /guides/{name}": "everyone",
    "GET /patterns": "everyone",
    "GET /sign-in": "everyone",
    "POST /sign-in": "everyone",
    "POST /sign-out": STAFF,
    "GET /accounts": "admin",
    "POST /accounts": "admin",
    "POST /accounts/remove": "admin",
    "GET /desk": "leader admin",
    "POST /look-again": "leader admin",
    "GET /themes": STAFF,
    "GET /themes/{id}": STAFF,
    "POST /themes/{id}/title": "leader admin",
    "GET /alone": STAFF,
    "GET /find": STAFF,
    "GET /map": STAFF,
    "GET /map/near": STAFF,
    "GET /wall": STAFF,
    "GET /decide": "leader admin",
    "POST /decide": "leader admin",
    "GET /decisions": STAFF,
    "GET /decisions/{id}": STAFF,
    "GET /trace/{id}": STAFF,
    "GET /utterances/{id}": STAFF,
    "GET /voices": STAFF,
    "GET /voices/{id}": STAFF,
    "GET /held": "safeguarding admin",
    "POST /hold": "worker safeguarding admin",
    "POST /release": "safeguarding admin",
    "GET /people/{id}": "worker safeguarding admin",
    "POST /people/{id}": "worker safeguarding admin",
    "POST /people/{id}/receipt": "worker safeguarding admin",
    "GET /objections": STAFF,
    "POST /objections": STAFF,
    "GET /mine": "everyone",
    "POST /mine": "everyone",
    "GET /mine/words": "voice",
    "GET /mine/everything": "voice",
    "GET /mine/sound/{id}": "voice",
    "POST /mine/choices": "voice",
    "POST /mine/not-meant": "voice",
    "POST /mine/take-out": "voice",
    "POST /mine/take-all-out": "voice",
    "POST /mine/felt": "voice",
    "POST /mine/leave": "voice",
    "GET /bring": "worker safeguarding admin",
    "POST /bring": "worker safeguarding admin",
    "GET /bring/note": "worker safeguarding admin",
    "POST /bring/note": "worker safeguarding admin",
    "GET /bring/table/{table}": "worker safeguarding admin",
    "POST /bring/table/{table}": "worker safeguarding admin",
    "GET /coming-in": "worker safeguarding admin",
    "GET /conversations": STAFF,
    "GET /conversations/{id}": STAFF,
    "GET /sound/{id}": STAFF,
}
LEAVING = {"POST /sign-out", "POST /mine/leave"}


@pytest.fixture
def no_programs(monkeypatch):
    monkeypatch.setattr("dashboards.house.subprocess.Popen", lambda *_, **__: None)


def test_every_way_in_is_in_the_table(web):
    served = {
        f"{method} {route.path}" for route in web.routes for method in getattr(route, "methods", ()) if method != "HEAD"
    }
    assert served == set(TABLE) == {way.name for way in WAYS}
    assert [route.path for route in web.routes if not getattr(route, "methods", None)] == ["/static"]


def filled_in(path, line):
    theme = pipeline.themes(line)[0]
    ids = {
        "/themes": theme.id,
        "/decisions": pipeline.decisions(line)[0].id,
        "/trace": theme.id,
        "/utterances": theme.utterances[0],
        "/voices": pipeline.voices(line)[0].id,
        "/people": pipeline.voices(line)[0].id,
        "/conversations": pipeline.conversations(line)[0].id,
        "/sound": pipeline.conversations(line)[0].source,
        "/mine": theme.utterances[0],
    }
    first = "/" + path.split("/")[1]
    return path.replace("{name}", "good_life").replace("{table}", "none").replace("{id}", ids.get(first, ""))


def outcome(client, way, path):
    answer = client.page(path) if way.method == "GET" else client.submit(path)
    if answer.status_code == 403:
        return "refused"
    to = answer.headers.get("location", "")
    sent_away = to == "/mine" or (to.startswith("/sign-in") and "done=out" not in to)
    assert answer.status_code in (200, 303, 400, 404), (way.name, answer.status_code)
    return "sent to the door" if sent_away else "in"


@pytest.mark.usefixtures("no_programs")
@pytest.mark.parametrize("who", ["nobody", "voice", *Duty])
def test_everybody_comes_in_where_the_table_says_and_nowhere_else(told, browser, as_role, own, who):
    clients = {"nobody": browser, "voice": own} if who in ("nobody", "voice") else {}
    for way in WAYS:
        if way.name in LEAVING:
            continue
        client = clients.get(who) or as_role(who)
        clients.setdefault(who, client)
        may = TABLE[way.name] == "everyone" or who in TABLE[way.name].split()
        refused = "sent to the door" if who in ("nobody", "voice") or TABLE[way.name] == "voice" else "refused"
        assert (way.name, outcome(client, way, filled_in(way.path, told))) == (way.name, "in" if may else refused)


def test_a_voice_reaches_only_its_own_words(told, own):
    others = [said.id for said in pipeline.find(told, "bus")]
    for path in ("/mine/not-meant", "/mine/take-out"):
        assert own.submit(path, utterance=others[0]).status_code == 404
    assert own.page(f"/mine/sound/{others[0]}").status_code == 404
    assert [said.id for said in pipeline.find(told, "bus")] == others
