import pytest

from listening import pipeline
from listening.settings import Settings
from listening.store import Store
from tests.fake_encoder import FakeEncoder
from tests.fakes import FakeDetector, FakeEngine, FakeSeparator


@pytest.fixture
def line(tmp_path):
    """The listening line in a new data folder, with models that need no weights."""
    settings = Settings(data=tmp_path / "data", cache=tmp_path / "cache", decided_by="Fen Street board")
    engine, encoder = FakeEngine(), FakeEncoder()
    return pipeline.Line(
        Store(settings.data, 10),
        settings,
        engine=lambda: engine,
        encoder=lambda: encoder,
        detector=FakeDetector,
        separator=FakeSeparator,
    )


@pytest.fixture(autouse=True)
def keep_going_first(monkeypatch):
    """Commands that give way to others would slow down all tests after them."""
    monkeypatch.setattr("listening.giving_way.give_way", lambda: None)


@pytest.fixture
def hand_in(tmp_path):
    """Write a file as somebody would hand it in."""

    def write(name, content):
        file = tmp_path / "handed-in" / name
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        return file

    return write
