import pytest

from listening import pipeline
from listening.errors import Refused
from listening.pipeline import exporting


@pytest.fixture
def bench(line, hand_in):
    """A line in which somebody asked for a bench."""
    pipeline.ingest(line, hand_in("bench.txt", "I would like a bench by the bus stop."))
    return line


def test_with_no_format_named_every_one_is_written_for_inside(bench, tmp_path):
    written = pipeline.export(bench, tmp_path / "new" / "out")
    assert sorted(file.name for file in written) == sorted(file.name for file in (tmp_path / "new" / "out").iterdir())
    assert all(file.name.startswith("inside-") for file in written)
    assert {file.suffix for file in written} == {".html", ".xlsx", ".csv", ".parquet", ".json", ".svg", ".qdpx"}


def test_nothing_is_overwritten(bench, tmp_path):
    [report] = pipeline.export(bench, tmp_path, ["html"])
    before = report.read_bytes()
    with pytest.raises(Refused, match="there already"):
        pipeline.export(bench, tmp_path, ["csv", "html"])
    assert report.read_bytes() == before
    assert list(tmp_path.glob("*.csv")) == []
    pipeline.export(bench, tmp_path, ["html"], public=True)


def test_a_file_is_there_whole_or_not_at_all(bench, tmp_path, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(exporting, "put_in_place", full)
    with pytest.raises(OSError, match="No space"):
        pipeline.export(bench, tmp_path / "out", ["html"])
    assert list((tmp_path / "out").iterdir()) == []


def test_a_format_that_is_not_there_is_answered_with_those_that_are(bench, tmp_path):
    with pytest.raises(Refused, match="parquet"):
        pipeline.export(bench, tmp_path, ["docx"])
