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
    "GET /decisions/{id}/progress": "leader admin",
    "POST /decisions/{id}/progress": "leader admin",
    "GET /exports": "leader admin",
    "GET /exports/{whom}/{format}": "leader admin",
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
    "POST /people/{id}/revoke": "worker safeguarding admin",
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
    "GET /brought": "worker safeguarding admin",
    "POST /arriving": "worker safeguarding admin",
    "GET /arriving/{id}": "worker safeguarding admin",
    "PATCH /arriving/{id}": "worker safeguarding admin",
    "POST /arriving/{id}/finish": "worker safeguarding admin",
    "GET /record": "worker safeguarding admin",
    "POST /record": "worker safeguarding admin",
    "GET /record/{id}": "worker safeguarding admin",
    "POST /record/{id}/finish": "worker safeguarding admin",
    "POST /record/{id}/file": "worker safeguarding admin",
    "GET /record/{id}/throw-away": "worker safeguarding admin",
    "POST /record/{id}/throw-away": "worker safeguarding admin",
    "GET /bring/note": "worker safeguarding admin",
    "POST /bring/note": "worker safeguarding admin",
    "GET /bring/table/{table}": "worker safeguarding admin",
    "POST /bring/table/{table}": "worker safeguarding admin",
    "GET /coming-in": "worker safeguarding admin",
    "GET /conversations": STAFF,
    "GET /conversations/{id}": STAFF,
    "GET /conversations/{id}/listen": "worker safeguarding admin",
    "POST /conversations/{id}/listen": "worker safeguarding admin",
    "GET /conversations/{id}/speakers": "worker safeguarding admin",
    "POST /conversations/{id}/speakers": "worker safeguarding admin",
    "GET /sound/{id}": STAFF,
    "GET /chains": STAFF,
    "POST /chains": "worker safeguarding admin",
    "GET /chains/{id}": STAFF,
    "POST /chains/{id}/invite": "worker safeguarding admin",
    "POST /chains/{id}/step": "worker safeguarding admin",
    "POST /chains/{id}/contact": "worker safeguarding admin",
    "GET /chains/{id}/record": "worker safeguarding admin",
    "POST /chains/{id}/record": "worker safeguarding admin",
    "GET /chains/{id}/plan": STAFF,
    "GET /chains/{id}/plan/file": STAFF,
    "POST /chains/{id}/sign": "worker safeguarding admin",
    "POST /chains/{id}/offer": "worker safeguarding admin",
    "GET /join": "everyone",
    "POST /join": "everyone",
    "POST /join/answer": "everyone",
    "GET /mine/chain": "voice",
    "POST /mine/chain/invite": "voice",
    "POST /mine/chain/invite-again": "voice",
    "POST /mine/chain/contact": "voice",
    "POST /mine/chain/step": "voice",
    "GET /mine/chain/record": "voice",
    "POST /mine/chain/record": "voice",
    "POST /mine/chain/offer": "voice",
    "GET /mine/plan": "voice",
    "POST /mine/plan/sign": "voice",
    "GET /inquiry": STAFF,
    "POST /inquiry": "leader admin",
    "POST /inquiry/plan": "worker safeguarding admin",
    "POST /inquiry/held": "worker safeguarding admin",
    "GET /empty-chair": STAFF,
    "GET /people/{id}/about": "worker safeguarding admin",
    "POST /people/{id}/about": "worker safeguarding admin",
    "POST /people/{id}/about/remove": "worker safeguarding admin",
    "POST /people/{id}/group": "worker safeguarding admin",
    "GET /mine/about": "voice",
    "POST /mine/about": "voice",
    "POST /mine/about/remove": "voice",
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


@pytest.fixture
def ids(told):
    """What stands for the id in each kind of address."""
    theme = pipeline.themes(told)[0]
    chain = pipeline.start_chain(told, "north", pipeline.AIM, "amina-7")
    return {
        "/chains": chain.id,
        "/themes": theme.id,
        "/decisions": pipeline.decisions(told)[0].id,
        "/trace": theme.id,
        "/utterances": theme.utterances[0],
        "/voices": pipeline.voices(told)[0].id,
        "/people": pipeline.voices(told)[0].id,
        "/conversations": pipeline.conversations(told)[0].id,
        "/sound": pipeline.conversations(told)[0].source,
        "/mine": theme.utterances[0],
        "/record": "0" * 32,
        "/arriving": "0" * 32,
    }


def filled_in(path, ids):
    first = "/" + path.split("/")[1]
    return (
        path.replace("{whom}/{format}", "inside/csv")
        .replace("{name}", "good_life")
        .replace("{table}", "none")
        .replace("{id}", ids.get(first, ""))
    )


def outcome(client, way, path):
    if way.raw:
        answer = client.script(way.method, path)
    else:
        answer = client.page(path) if way.method == "GET" else client.submit(path)
    if answer.status_code == 403:
        return "refused"
    to = answer.headers.get("location", "")
    sent_away = to == "/mine" or (to.startswith("/sign-in") and "done=out" not in to)
    assert answer.status_code in (200, 303, 400, 404), (way.name, answer.status_code)
    return "sent to the door" if sent_away else "in"


@pytest.mark.usefixtures("no_programs")
@pytest.mark.parametrize("who", ["nobody", "voice", *Duty])
def test_everybody_comes_in_where_the_table_says_and_nowhere_else(ids, browser, as_role, own, who):
    client = {"nobody": browser, "voice": own}.get(who) or as_role(who)
    asked = []
    for way in sorted(WAYS, key=lambda way: way.name in LEAVING):  # leaving comes last: who left is nobody
        may = TABLE[way.name] == "everyone" or who in TABLE[way.name].split()
        refused = "sent to the door" if who in ("nobody", "voice") or TABLE[way.name] == "voice" else "refused"
        path = filled_in(way.path, ids)
        assert (way.name, outcome(client, way, path)) == (way.name, "in" if may else refused)
        asked.append(way.name)
    assert sorted(asked) == sorted(TABLE)


def test_asking_for_the_head_alone_opens_no_other_way_in(ids, browser):
    for way in WAYS:
        if way.method == "GET" and TABLE[way.name] != "everyone":
            answer = browser.head(filled_in(way.path, ids), follow_redirects=False)
            assert (way.name, answer.status_code, answer.content) == (way.name, 303, b"")


@pytest.mark.parametrize("way", [way for way in WAYS if way.own], ids=lambda way: way.name)
def test_a_voice_reaches_and_moves_nothing_of_another(told, own, way):
    other = pipeline.find(told, "bus")[0]
    before = pipeline.mine(told, other.voice), pipeline.themes(told), pipeline.objections(told)
    assert before[0].words
    path = way.path.replace("{id}", other.id)
    fields = {"utterance": other.id, "voice": other.voice, "said": "mine now", "quote": "no", "felt-0": "1"}
    answer = own.page(path) if way.method == "GET" else own.submit(path, **fields)
    assert other.text not in answer.text
    assert (pipeline.mine(told, other.voice), pipeline.themes(told), pipeline.objections(told)) == before


def test_a_voice_reaches_only_its_own_words(told, own):
    others = [said.id for said in pipeline.find(told, "bus")]
    for path in ("/mine/not-meant", "/mine/take-out"):
        assert own.submit(path, utterance=others[0]).status_code == 404
    assert own.page(f"/mine/sound/{others[0]}").status_code == 404
    assert [said.id for said in pipeline.find(told, "bus")] == others
