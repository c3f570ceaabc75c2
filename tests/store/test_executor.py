import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from importlib.resources import files

import duckdb
import pytest

from listening.domain import Decision, Failure
from listening.errors import BrokenStore
from listening.store import Store
from listening.store.executor import Executor, query

QUERIES = sorted(file.name for file in files("listening.store").joinpath("queries").iterdir())


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path, 5)


@pytest.mark.parametrize("name", QUERIES)
def test_every_query_says_in_its_first_line_what_one_row_is(name):
    first = query(name.removesuffix(".sql")).splitlines()[0]
    assert re.match(r"-- (one row|at most one row|removes )", first)


@pytest.mark.parametrize("name", QUERIES)
def test_every_query_is_understood_by_a_new_database(store, name):
    sql = query(name.removesuffix(".sql"))
    with store.reading() as read:
        assert read._connection.execute(f"EXPLAIN {sql}", dict.fromkeys(re.findall(r"\$(\w+)", sql))).fetchall()


def test_a_row_comes_back_as_it_was_put_in(store):
    decision = Decision(
        id="d-1",
        choice="cannot",
        text="No new bus, \N{PERSON WITH FOLDED HANDS} “not this year”",
        because="it's the county's",
        decided_by="Meera O'Neill",
        decided_at=datetime(2026, 5, 1, 9, 30, tzinfo=UTC),
        look_again_on=date(2026, 11, 1),
        challenge="write to us",
    )
    with store.writing() as write:
        write.insert("decision", [decision])
    with store.reading() as read:
        assert read.rows("decisions", Decision, id=None) == [decision]


def test_an_error_inside_takes_everything_back(store):
    def write_and_fail():
        with store.writing() as write:
            write.change("note_failure", sha256="a", name="a.txt", reason="empty", failed_at=datetime.now(UTC))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        write_and_fail()
    with store.reading() as read:
        assert read.rows("failures", Failure) == []


def test_a_failing_query_says_which_and_shows_its_sql_without_anybodys_words(monkeypatch):
    monkeypatch.setattr("listening.store.executor.query", lambda _: "SELECT CAST($words AS INTEGER)")
    with duckdb.connect() as connection, pytest.raises(BrokenStore) as caught:
        Executor(connection).values("counting", words="my landlord never answers")
    assert "counting" in str(caught.value)
    assert "SELECT CAST" in caught.value.__notes__[0]
    assert "landlord" not in str(caught.value)


def test_sql_cannot_reach_other_files(store, tmp_path):
    (tmp_path / "other.csv").write_text("secret\n")
    with store.reading() as read, pytest.raises(duckdb.PermissionException):
        read._connection.execute("SELECT * FROM read_csv($path)", {"path": str(tmp_path / "other.csv")})


def test_inserting_nothing_is_nothing(store):
    with store.writing() as write:
        write.insert("failure", [])


@dataclass(frozen=True)
class Twice:
    sha256: str
    name: str
    reason: str
    failed_at: datetime


def test_two_rows_with_one_key_are_refused_whole(store):
    row = Twice("a", "a.txt", "empty", datetime.now(UTC))
    with pytest.raises(duckdb.ConstraintException), store.writing() as write:
        write.insert("failure", [row, row])
    with store.reading() as read:
        assert read.rows("failures", Failure) == []
