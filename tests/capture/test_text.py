import time
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from listening.capture.text import decode, shown
from listening.errors import Refused


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00\ufeff")))
def test_text_comes_back_character_for_character(text: str) -> None:
    for encoding in ("utf-8", "utf-8-sig", "utf-16"):
        assert decode(text.encode(encoding)) == text


@pytest.mark.parametrize(
    "typed",
    ["It’s £5 a week – café", "£5", "naïve “quotes”…", "½ price, 20°C, 30 m²", "Grüße aus Köln"],  # noqa: RUF001
)
def test_what_is_typed_in_western_europe_is_read_from_windows_files(typed: str) -> None:
    assert decode(typed.encode("cp1252")) == typed


@pytest.mark.parametrize(
    ("typed", "encoding"),
    [
        ("Я бы хотел, чтобы в нашем районе было больше зелени и скамеек. Детям негде играть.", "cp1251"),
        ("我希望我们的社区有更多的绿地和长椅。孩子们没有地方玩，老人没有地方坐。", "gb18030"),  # noqa: RUF001
    ],
)
def test_an_older_encoding_is_read_where_it_stands_out(typed: str, encoding: str) -> None:
    assert decode(typed.encode(encoding)) == typed


@pytest.mark.parametrize(
    "data",
    [
        "Сад".encode("cp1251"),
        "Chciałbym, żeby było więcej ławek".encode("cp1250"),
        "It’s £5".encode("mac_roman"),  # noqa: RUF001
    ],
)
def test_uncertain_letters_are_refused_rather_than_guessed(data: bytes) -> None:
    with pytest.raises(Refused, match="UTF-8"):
        decode(data)


@pytest.mark.parametrize("data", [b"a\x00b", b"\xff\xfea", b"\xff\xfe\x00\xd8", b"\xef\xbb\xbf\xff", b"\xe9\x01\x02"])
def test_what_is_not_text_or_is_damaged_is_refused(data: bytes) -> None:
    with pytest.raises(Refused):
        decode(data)


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=300))
def test_random_bytes_are_text_or_refused(data: bytes) -> None:
    try:
        outcome = decode(data)
    except Refused as refusal:
        outcome = str(refusal)
    assert "\x00" not in outcome


@pytest.mark.parametrize("data", [b"a" * 5_000_000 + b"\xe9", b"\xe9" * 5_000_000, b"a\xe9\n" * 1_500_000])
def test_a_large_old_file_takes_seconds_at_most(data: bytes) -> None:
    began = time.process_time()
    with suppress(Refused):
        decode(data)
    assert time.process_time() - began < 5


def test_a_strangers_text_cannot_break_our_sentences() -> None:
    assert shown("a\nb\u202ec\udcff") == "a\ufffdb\ufffdc\ufffd"
    assert shown("x" * 100) == "x" * 59 + "…"
