import duckdb
import pytest

from listening.errors import BrokenStore
from listening.store.migrate import Migration, known_migrations, migrate

FIRST = Migration(1, "first", "CREATE TABLE a (x INTEGER)")
SECOND = Migration(2, "second", "CREATE TABLE b (x INTEGER)")


@pytest.fixture
def connection():
    with duckdb.connect() as connection:
        yield connection


def tables(connection):
    return {name for (name,) in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()}


def test_the_steps_are_numbered_without_a_gap():
    steps = known_migrations()
    assert [step.number for step in steps] == list(range(1, len(steps) + 1))
    assert steps


def test_an_empty_database_gets_every_step(connection):
    assert migrate(connection) == len(known_migrations())
    assert {"source", "utterance", "decision", "migration"} <= tables(connection)


def test_migrating_again_changes_nothing(connection):
    migrate(connection)
    assert migrate(connection) == 0


def test_a_database_of_the_first_step_goes_on_with_the_second(connection):
    migrate(connection, [FIRST])
    connection.execute("INSERT INTO a VALUES (7)")
    assert migrate(connection, [FIRST, SECOND]) == 1
    assert connection.execute("SELECT x FROM a").fetchall() == [(7,)]
    assert "b" in tables(connection)


def test_a_step_that_fails_leaves_neither_tables_nor_record(connection):
    broken = Migration(2, "broken", "CREATE TABLE b (x INTEGER); SELECT * FROM nowhere")
    with pytest.raises(duckdb.Error):
        migrate(connection, [FIRST, broken])
    assert tables(connection) == {"migration", "a"}
    assert connection.execute("SELECT number FROM migration").fetchall() == [(1,)]


def test_a_database_from_a_newer_version_is_refused(connection):
    migrate(connection, [FIRST, SECOND])
    with pytest.raises(BrokenStore, match="newer version"):
        migrate(connection, [FIRST])


def test_a_changed_step_is_refused(connection):
    migrate(connection, [FIRST])
    with pytest.raises(BrokenStore, match="changed copy"):
        migrate(connection, [Migration(1, "first", "CREATE TABLE other (x INTEGER)")])
