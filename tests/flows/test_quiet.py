import os
import sys

import pytest

from flows import quiet
from listening.settings import Settings


@pytest.fixture
def settings(tmp_path, monkeypatch):
    """An environment where nobody has set anything about Prefect, and Prefect is not imported."""
    for name in [name for name in os.environ if name.startswith("PREFECT_") or name == "DO_NOT_TRACK"]:
        monkeypatch.delenv(name)
    monkeypatch.setattr(os, "environ", dict(os.environ))
    monkeypatch.setattr(sys, "modules", {name: it for name, it in sys.modules.items() if name != "prefect"})
    return Settings(data=tmp_path / "data")


def test_prefect_keeps_its_state_with_the_inquiry(settings):
    quiet.settle(settings)
    assert os.environ["PREFECT_HOME"] == str(settings.data / "prefect")
    assert (settings.data / "prefect").is_dir()


def test_nothing_is_told_to_anyone_outside(settings):
    os.environ["PREFECT_SERVER_ANALYTICS_ENABLED"] = "true"
    quiet.settle(settings)
    assert os.environ["DO_NOT_TRACK"] == "1"
    assert os.environ["PREFECT_SERVER_ANALYTICS_ENABLED"] == "false"


def test_what_a_person_has_set_stays(settings, tmp_path):
    os.environ |= {"PREFECT_HOME": str(tmp_path / "elsewhere"), "PREFECT_LOGGING_LEVEL": "INFO"}
    quiet.settle(settings)
    assert os.environ["PREFECT_HOME"] == str(tmp_path / "elsewhere")
    assert os.environ["PREFECT_LOGGING_LEVEL"] == "INFO"


def test_a_server_of_their_own_still_hears_the_heartbeat(settings):
    os.environ["PREFECT_API_URL"] = "http://prefect.example/api"
    quiet.settle(settings)
    assert "PREFECT_FLOWS" not in os.environ
    assert os.environ["PREFECT_API_URL"] == "http://prefect.example/api"


def test_whoever_imported_prefect_first_has_chosen_its_settings(settings):
    sys.modules["prefect"] = os
    quiet.settle(settings)
    assert os.environ["DO_NOT_TRACK"] == "1"
    assert "PREFECT_HOME" not in os.environ


def test_prefect_takes_every_setting_as_it_was_meant(prefect_home):
    from prefect.settings import get_current_settings

    now = get_current_settings()
    assert now.home == prefect_home
    assert now.flows.heartbeat_frequency is None
    assert not now.server.analytics_enabled
    assert not now.logging.to_api.enabled
    assert not now.results.persist_by_default
    known = now.to_environment_variables()
    assert all(known[name].lower() == value.lower() for name, value in quiet.UNLESS_SET.items())
