import csv
import io
import random
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from listening.capture import tables
from listening.capture.tables import read_table, read_time
from listening.domain import Columns, Document
from listening.errors import Refused

COLUMNS = Columns(text="words", voice="who", time="when", people="panel")
TABLE = """\
when,who,words
2026-03-05T10:00:00Z,11,More teaspoons
1726860676783,12,"A garden, ""wild"",
and old"
,11,Buses
soon,,Trams
2026-03-05,,Quiet
"""


def _words(document: Document) -> list[str]:
    return [document.text[turn.start : turn.end] for turn in document.turns]


def test_each_row_is_one_whole_turn_of_its_voice() -> None:
    document = read_table(TABLE.encode(), COLUMNS)
    assert _words(document) == ["More teaspoons", 'A garden, "wild",\nand old', "Buses", "Trams", "Quiet"]
    assert document.text == 'More teaspoons\n\nA garden, "wild",\nand old\n\nBuses\n\nTrams\n\nQuiet'
    assert [turn.handle for turn in document.turns] == ["11", "12", "11", None, None]
    assert [turn.conversation for turn in document.turns] == [0, 1, 0, 2, 3]
    assert [turn.said_at for turn in document.turns] == [
        datetime(2026, 3, 5, 10, tzinfo=UTC),
        datetime(2024, 9, 20, 19, 31, 16, 783000, tzinfo=UTC),
        None,
        None,
        datetime(2026, 3, 5, tzinfo=UTC),
    ]
    assert all(turn.whole for turn in document.turns)
    assert len(document.conversations) == 4
    assert document.people == "panel"


def test_without_a_voice_column_every_row_is_its_own_conversation() -> None:
    document = read_table(TABLE.encode(), Columns(text="words"))
    assert [(turn.conversation, turn.handle, turn.said_at) for turn in document.turns] == [
        (number, None, None) for number in range(5)
    ]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("line_break", ["\n", "\r\n", "\r"])
def test_any_usual_delimiter_encoding_and_line_break_is_read(delimiter: str, encoding: str, line_break: str) -> None:
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter, lineterminator=line_break)
    writer.writerows([["who", "words, all"], ["1", "£5, a café; a | b\r\nand\tso"], [" 2 ", "Yes"]])
    document = read_table(out.getvalue().encode(encoding), Columns(text="words, all", voice="who"))
    assert _words(document) == ["£5, a café; a | b\r\nand\tso", "Yes"]
    assert [turn.handle for turn in document.turns] == ["1", "2"]


def test_a_table_of_one_column_keeps_the_commas_of_its_sentences() -> None:
    assert _words(read_table(b"words\nYes, and no; so\n", Columns(text="words"))) == ["Yes, and no; so"]


def test_rows_without_words_are_passed_over() -> None:
    document = read_table(b"who,words\n1, \n\n2,yes\n,\n3,\n4,no,\n", Columns(text="words", voice="who"))
    assert _words(document) == ["yes", "no"]
    assert [turn.conversation for turn in document.turns] == [0, 1]


def test_a_column_is_found_whatever_its_case() -> None:
    assert _words(read_table(b"WHO, Words \n1,yes\n", Columns(text="words"))) == ["yes"]


@pytest.mark.parametrize(
    ("table", "reason"),
    [
        ("who,text\n1,yes\n", "no column called “words”.*“who”, “text”"),
        ("words,Words ,words\na,b,c\n", "2 columns called “words”"),
        ("who,words\n1,yes\n2,well, no\n", "line 3 has 3 cells and the heading has 2"),
        ("who,words,when\n1,yes\n", "line 2 has 2 cells and the heading has 3"),
        ('who,words\n1,"yes\n2,no\n', "quotation marks"),
        ('who,words\n1,"yes" no\n', "line 2 .*quotation marks"),
        ("who,words\n1,\n", "No row of this table holds words"),
        ("who,words\n", "No row of this table holds words"),
        ("\n \n", "empty"),
        ("", "empty"),
    ],
)
def test_what_could_lose_words_is_refused_with_the_reason(table: str, reason: str) -> None:
    with pytest.raises(Refused, match=reason):
        read_table(table.encode(), Columns(text="words"))


def test_a_missing_voice_or_time_column_is_refused() -> None:
    for columns in (Columns(text="words", voice="author"), Columns(text="words", time="author")):
        with pytest.raises(Refused, match="no column called “author”"):
            read_table(TABLE.encode(), columns)


def test_a_huge_cell_is_read_and_the_limit_of_the_csv_module_never_lowered() -> None:
    limit = csv.field_size_limit()
    words = "teaspoons " * 50_000
    assert read_table(f"words\n{words}\n".encode(), Columns(text="words")).text == words
    assert csv.field_size_limit() >= max(limit, len(words))
    read_table(b"words\nyes\n", Columns(text="words"))
    assert csv.field_size_limit() >= max(limit, len(words))


def test_a_table_with_too_many_rows_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "MAX_ROWS", 2)
    assert len(read_table(b"words\na\nb\n", Columns(text="words")).turns) == 2
    with pytest.raises(Refused, match="smaller pieces"):
        read_table(b"words\na\nb\nc\n", Columns(text="words"))


@pytest.mark.parametrize(
    ("cell", "when"),
    [
        (" 2026-03-05 10:00 ", datetime(2026, 3, 5, 10, tzinfo=UTC)),
        ("2026-03-05T10:00:00+02:00", datetime(2026, 3, 5, 8, tzinfo=UTC)),
        ("20260305", datetime(2026, 3, 5, tzinfo=UTC)),
        ("1726860676", datetime(2024, 9, 20, 19, 31, 16, tzinfo=UTC)),
        ("1726860676.5", datetime(2024, 9, 20, 19, 31, 16, 500000, tzinfo=UTC)),
        ("1726860676783", datetime(2024, 9, 20, 19, 31, 16, 783000, tzinfo=UTC)),
        ("", None),
        ("yesterday", None),
        ("5/3/2026", None),
        ("12", None),
        ("99999999999999", datetime(5138, 11, 16, 9, 46, 39, 999000, tzinfo=UTC)),
        ("999999999999999", None),
        ("0001-01-01T00:00:00+23:00", None),
        ("٢٠٢٦-03-05", None),
    ],
)
def test_a_time_is_read_into_utc_or_not_at_all(cell: str, when: datetime | None) -> None:
    assert read_time(cell) == when


CELLS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=30)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(CELLS, CELLS), max_size=12))
def test_every_statement_of_any_table_is_kept_character_for_character(rows: list[tuple[str, str]]) -> None:
    out = io.StringIO(newline="")
    csv.writer(out, quoting=csv.QUOTE_ALL).writerows([("who", "words"), *rows])
    kept = [(who, words) for who, words in rows if words.strip()]
    if not kept:
        with pytest.raises(Refused):
            read_table(out.getvalue().encode(), Columns(text="words", voice="who"))
        return
    document = read_table(out.getvalue().encode(), Columns(text="words", voice="who"))
    assert document.text == "\n\n".join(words for _, words in kept)
    assert _words(document) == [words.strip() for _, words in kept]
    assert [turn.handle for turn in document.turns] == [who.strip() or None for who, _ in kept]
    voices = {who.strip() for who, _ in kept if who.strip()}
    assert len(document.conversations) == len(voices) + sum(not who.strip() for who, _ in kept)


@settings(max_examples=300, deadline=None)
@given(st.integers())
def test_a_damaged_table_is_read_or_refused(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311
    data = bytearray(TABLE.encode(chance.choice(["utf-8", "utf-16", "cp1252"])))
    for _ in range(chance.randrange(12)):
        place = chance.randrange(len(data))
        data[place : place + chance.randrange(4)] = chance.choice([b"", b"\n", b",", b'"', chance.randbytes(2)])
    try:
        document = read_table(bytes(data), chance.choice([COLUMNS, Columns(text="words")]))
    except Refused:
        return
    assert document.turns
    assert all(words == words.strip() != "" for words in _words(document))


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200))
def test_random_bytes_are_a_table_or_refused(data: bytes) -> None:
    try:
        document = read_table(b"words\n" + data, Columns(text="words"))
    except Refused:
        return
    assert document.turns


def test_the_first_line_in_which_excel_says_what_stands_between_cells_is_no_heading() -> None:
    table = tables.open_text(b"sep=;\r\nwho;said\r\np-1;A bench, please.\r\n")
    assert table.heading == ["who", "said"]
    assert [(row.cells, row.line) for row in table.rows] == [(["p-1", "A bench, please."], 3)]
