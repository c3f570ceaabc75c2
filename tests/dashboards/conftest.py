import re
import shutil

import pytest
from starlette.testclient import TestClient

from dashboards.app import create_app
from dashboards.door import COOKIE, TOKEN_HEADER, token_for
from listening import pipeline
from listening.domain import Choice, Duty
from listening.pipeline import signing_in
from listening.settings import Settings
from listening.store import Store
from tests.fake_encoder import FakeEncoder
from tests.fakes import FakeEngine
from tests.pipeline.test_synthesis import BUSES, DAMP, note

PASSWORD = "correct horse battery"
STRANGE = "<script>alert('سلام')</script> & \"tea\""


@pytest.fixture(scope="session")
def told_folder(tmp_path_factory):
    """A data folder with themes, voices on their own, and decisions of two kinds; made once, copied for each test."""
    folder = tmp_path_factory.mktemp("told")
    settings = Settings(data=folder / "data", cache=folder / "cache", decided_by="Fen Street board")
    engine, encoder = FakeEngine(), FakeEncoder()
    line = pipeline.Line(Store(settings.data, 10), settings, engine=lambda: engine, encoder=lambda: encoder)
    notes = folder / "all.txt"
    front = "---\nplace: Fen Street\ndate: 2026-03-05\nlanguage: en\n---\n\n"
    notes.write_text(front + note([*BUSES, *DAMP, "Forty teaspoons, please.", STRANGE]), encoding="utf-8")
    pipeline.ingest(line, notes)
    pipeline.synthesise(line)
    [teaspoons] = pipeline.find(line, "teaspoons")
    pipeline.decide(line, Choice.DO, "Forty teaspoons.", utterances=[teaspoons.id])
    theme = pipeline.themes(line)[0]
    pipeline.decide(line, Choice.CANNOT, "No bus.", because="It is the county's.", themes=[theme.id])
    with line.store._lease.hold():  # the turn is over: the file is whole
        pass
    return settings.data


@pytest.fixture
def told(line, told_folder):
    """A line with themes, voices on their own, and decisions of two kinds."""
    shutil.copytree(told_folder, line.settings.data, dirs_exist_ok=True)
    return line


@pytest.fixture(autouse=True)
def quick_passwords(monkeypatch):
    """Hashes that cost little: what is tested is that they are asked for."""
    monkeypatch.setattr("listening.pipeline.signing_in.COST", {"time_cost": 1, "memory_cost": 8, "parallelism": 1})
    signing_in._hasher.cache_clear()
    signing_in._nobody.cache_clear()
    yield
    signing_in._hasher.cache_clear()
    signing_in._nobody.cache_clear()


class Browser(TestClient):
    """A browser that knows how our forms work."""

    def page(self, path):
        return self.get(path, follow_redirects=False)

    def submit(self, path, *, files=None, **fields):
        known = self.cookies.get(COOKIE)
        token = token_for(known) if known else re.search(r'name="token" value="(\w+)"', self.get("/sign-in").text)[1]
        return self.post(path, data={"token": token, **fields}, files=files, follow_redirects=False)

    def script(self, method, path, content=b"", token=None):
        """What our scripts send."""
        token = token or token_for(self.cookies.get(COOKIE, ""))
        return self.request(method, path, content=content, headers={TOKEN_HEADER: token}, follow_redirects=False)


@pytest.fixture
def web(told):
    """The web service over that line."""
    return create_app(told.settings, told)


@pytest.fixture
def browser(web):
    """Nobody in particular."""
    with Browser(web) as client:
        yield client


@pytest.fixture
def as_role(web, told):
    """Make a browser in which somebody with a role is signed in."""
    made = []

    def sign_in(role):
        if role not in [one.name for one in pipeline.accounts(told)]:
            pipeline.add_account(told, role, Duty(role), PASSWORD)
        client = Browser(web)
        client.cookies.set(COOKIE, pipeline.sign_in(told, role, PASSWORD))
        made.append(client)
        return client

    yield sign_in
    for client in made:
        client.close()


@pytest.fixture
def own(web, told):
    """A browser in which whoever asked for teaspoons has come back; with its voice as `.voice`."""
    [said] = pipeline.find(told, "teaspoons")
    client = Browser(web)
    client.cookies.set(COOKIE, pipeline.come_back(told, pipeline.give_receipt(told, said.voice)))
    client.voice, client.said = said.voice, said.id
    yield client
    client.close()
