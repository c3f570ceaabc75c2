import time
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from listening.capture.about import from_json, parse, read_side_file, side_file, to_json
from listening.domain import About
from listening.errors import Refused

EVERYTHING = """\
kind: food-chain  # a comment is no part of it
guide: food
place: "St Mary's: the hall"
date: 2026-03-05
listener: Sam
voices:
  Amina: p-12
  Bashir: 007
language: cy-GB
chain: north
link: 3
"""


def test_every_key_is_read() -> None:
    assert parse(EVERYTHING) == About(
        kind="food-chain",
        guide="food",
        place="St Mary's: the hall",
        held_on=date(2026, 3, 5),
        listener="Sam",
        language="cy-GB",
        chain="north",
        link=3,
        voices={"Amina": "p-12", "Bashir": "007"},
    )


@pytest.mark.parametrize("text", ["", "\n\n", "# only a comment\n", "place:\nvoices:\nlink:\n"])
def test_nothing_has_to_be_said(text: str) -> None:
    assert parse(text) == About()


@pytest.mark.parametrize(
    ("text", "about"),
    [
        ("voices: [Amina, Bashir]", About(voices={"Amina": "Amina", "Bashir": "Bashir"})),
        ("voices: Amina", About(voices={"Amina": "Amina"})),
        ("Kind: Good life", About(kind="good-life")),
        ("language: no", About(language="no")),
        ("place: 10:30", About(place="10:30")),
    ],
)
def test_values_are_taken_as_people_write_them(text: str, about: About) -> None:
    assert parse(text) == about


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("place: x\nlistner: Sam", r"Line 2: “listner”.*Did you mean “listener”.*kind, guide, place, date, listener"),
        ("kind: interview", "Line 1: “kind” cannot be “interview”.*good-life, food-chain"),
        ("\ndate: 5 March", "Line 2: “date”.*2026-03-05"),
        ("date: 2026-02-30", "“date”"),
        ("date: 20260305", "“date”"),
        ("language: Somali", "“language”.*code"),
        ("link: first", "“link”"),
        ("link: 0", "“link”"),
        ("place: [a, b]", "“place” needs one value"),
        ("place: x\nplace: y", "Line 2: “place” is written twice"),
        ("place: " + "x" * 201, "“place” is longer"),
        ("voices: {Amina: }", "“voices” has a name or a handle missing"),
        ("voices: [Amina, AMINA ]", "“voices” has the same name twice"),
        ("just some words", "Line 1"),
        ("place: a: b", "Line 1.*one “key: value” a line"),
        ("place: &a x\nguide: *a", "Line 1: anchors, aliases and tags"),
        ("place: !!python/object/apply:os.system [ls]", "anchors, aliases and tags"),
        ("voices: {a: [b]}", "lists inside lists"),
        ("[a]: b", "plain word"),
        ("x" * 20_001, "longer than 20000"),
        ("place: a\x07", "Line 1"),
        ("--- a\n--- b", "Line 2"),
    ],
)
def test_what_cannot_be_is_refused_naming_line_and_key(text: str, reason: str) -> None:
    with pytest.raises(Refused, match=reason):
        parse(text)


def test_lines_are_counted_from_where_the_front_matter_stands() -> None:
    with pytest.raises(Refused, match="Line 9: “kind”"):
        parse("place: x\nkind: y", first_line=8)


@pytest.mark.parametrize(
    "text",
    [
        "a: &a [x,x]\nb: &b [*a,*a]\nc: &c [*b,*b]\nd: [*c,*c]",
        "[" * 20_000,
        "{a: " * 5_000,
        "? " * 10_000,
        "- " * 10_000,
        "[" + "a," * 9_990 + "]",
        "link: " + "9" * 5_000,
    ],
)
def test_hostile_yaml_is_refused_quickly(text: str) -> None:
    began = time.process_time()
    with pytest.raises(Refused):
        parse(text)
    assert time.process_time() - began < 5


def test_a_recording_has_its_side_file_beside_it(tmp_path: Path) -> None:
    recording = tmp_path / "talk.mp3"
    assert side_file(recording) is None
    beside = tmp_path / "talk.mp3.yaml"
    beside.write_text("place: Hull", encoding="utf-16")
    assert side_file(recording) == beside
    assert read_side_file(beside) == About(place="Hull")


def test_a_side_file_that_is_huge_or_missing_is_refused(tmp_path: Path) -> None:
    beside = tmp_path / "talk.mp3.yaml"
    with pytest.raises(Refused, match="cannot be opened"):
        read_side_file(beside)
    beside.write_bytes(b"#" * 1_000_000)
    with pytest.raises(Refused, match="longer than"):
        read_side_file(beside)


WORD = st.text(st.characters(exclude_categories=["Cs"]), min_size=1)
ABOUTS = st.builds(
    About,
    kind=st.none() | st.sampled_from(["good-life", "food-chain"]),
    guide=st.none() | WORD,
    place=st.none() | WORD,
    held_on=st.none() | st.dates(),
    listener=st.none() | WORD,
    language=st.none() | st.just("en-GB"),
    chain=st.none() | WORD,
    link=st.none() | st.integers(1, 999),
    voices=st.dictionaries(WORD, WORD),
)


@given(ABOUTS)
def test_an_about_comes_back_from_json_equal(about: About) -> None:
    assert from_json(to_json(about)) == about


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"held_on": 3}', '{"held_on": null, "new": 1}', "[" * 100_000])
def test_json_that_is_not_an_about_is_refused(text: str) -> None:
    with pytest.raises(Refused):
        from_json(text)


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=200) | st.lists(st.sampled_from(list(EVERYTHING)), max_size=60).map("".join))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        about = parse(text)
    except Refused:
        return
    assert from_json(to_json(about)) == about
