import json
import zipfile

import pytest

from listening import pipeline
from listening.errors import Refused
from listening.store import Store
from tests.pipeline.test_erasing import CANARY, NOTE, broken, copies_of
from tests.pipeline.test_synthesis import BUSES, DAMP, bring


@pytest.fixture
def full(line, hand_in):
    bring(line, hand_in, "first.txt", [*BUSES, *DAMP])
    pipeline.ingest(line, hand_in("second.txt", NOTE))
    pipeline.synthesise(line)
    return line


def elsewhere(line, folder):
    return pipeline.Line(Store(folder, 10), line.settings, line.engine, line.encoder)


def test_after_a_restore_all_is_as_it_was(full, tmp_path):
    code = pipeline.give_receipt(full, pipeline.voices(full)[0].id)
    before, themes = pipeline.ledger(full), pipeline.themes(full)
    pipeline.backup(full, tmp_path / "safe.backup")
    other = elsewhere(full, tmp_path / "other")
    pipeline.restore(other, tmp_path / "safe.backup")
    assert pipeline.ledger(other) == before
    assert pipeline.themes(other) == themes
    assert pipeline.voice_with(other, code) == pipeline.voices(full)[0].id
    for source in pipeline.sources(full):
        assert pipeline.original(other, source.id).read_bytes() == pipeline.original(full, source.id).read_bytes()
    assert broken(other) == []
    assert not (tmp_path / "other" / ".restoring").exists()


def test_what_was_erased_after_the_backup_is_erased_before_a_restore_shows_it(full, tmp_path):
    pipeline.backup(full, tmp_path / "safe.backup")
    said = pipeline.find(full, "heron")[0]
    pipeline.erase(full, said.voice)
    told = pipeline.restore(full, tmp_path / "safe.backup", replace=True)
    assert told.erased_again
    assert copies_of(full.store.folder, CANARY) == []
    assert pipeline.find(full, "seven o'clock here")
    assert pipeline.ledger(full).adds_up
    assert broken(full) == []


def test_what_came_after_the_backup_is_gone_when_it_is_replaced(full, hand_in, tmp_path):
    before = pipeline.ledger(full)
    pipeline.backup(full, tmp_path / "safe.backup")
    pipeline.ingest(full, hand_in("third.txt", "Kim: Something that came afterwards."))
    pipeline.restore(full, tmp_path / "safe.backup", replace=True)
    assert pipeline.ledger(full) == before
    assert copies_of(full.store.folder, "came afterwards") == []


def test_nothing_is_restored_over_data_unless_told(full, tmp_path):
    pipeline.backup(full, tmp_path / "safe.backup")
    with pytest.raises(Refused, match="--replace"):
        pipeline.restore(full, tmp_path / "safe.backup")


def test_a_backup_of_another_inquiry_replaces_nothing(full, hand_in, tmp_path):
    pipeline.give_receipt(full, pipeline.voices(full)[0].id)
    pipeline.backup(full, tmp_path / "safe.backup")
    other = elsewhere(full, tmp_path / "other")
    pipeline.ingest(other, hand_in("third.txt", "Kim: Something else that was said."))
    pipeline.give_receipt(other, pipeline.voices(other)[0].id)
    before = pipeline.ledger(other)
    with pytest.raises(Refused, match="another inquiry"):
        pipeline.restore(other, tmp_path / "safe.backup", replace=True)
    assert pipeline.ledger(other) == before


def test_a_backup_is_never_written_over(full, tmp_path):
    (tmp_path / "safe.backup").write_text("something")
    with pytest.raises(Refused, match="already"):
        pipeline.backup(full, tmp_path / "safe.backup")


@pytest.mark.parametrize("place", [0.1, 0.5, 0.9])
def test_a_damaged_backup_restores_nothing(full, tmp_path, place):
    file = tmp_path / "safe.backup"
    pipeline.backup(full, file)
    data = bytearray(file.read_bytes())
    data[int(len(data) * place)] ^= 1
    file.write_bytes(data)
    other = elsewhere(full, tmp_path / "other")
    with pytest.raises(Refused, match="damaged"):
        pipeline.restore(other, file)
    assert not other.store.database.exists()
    assert copies_of(tmp_path / "other", "heron") == []


def test_a_backup_cannot_write_outside_the_folder(full, tmp_path):
    with zipfile.ZipFile(tmp_path / "evil.backup", "w") as packed:
        hashes = {"listening.duckdb": "0" * 64, "../evil.key": "0" * 64}
        for name in hashes:
            packed.writestr(name, "x")
        packed.writestr("manifest.json", json.dumps({"format": 1, "files": hashes}))
    with pytest.raises(Refused, match="damaged"):
        pipeline.restore(elsewhere(full, tmp_path / "other"), tmp_path / "evil.backup")
    assert not list(tmp_path.rglob("evil.key"))
