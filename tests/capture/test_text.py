# ruff: noqa: RUF001
import time
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from listening.capture.text import decode, guessed, shown
from listening.errors import Refused


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00\ufeff")))
def test_text_comes_back_character_for_character(text: str) -> None:
    for encoding in ("utf-8", "utf-8-sig", "utf-16"):
        assert decode(text.encode(encoding)) == text


@pytest.mark.parametrize(
    "typed",
    ["It’s £5 a week – café", "£5", "naïve “quotes”…", "½ price, 20°C, 30 m²", "Grüße aus Köln"],
)
def test_what_is_typed_in_western_europe_is_read_from_windows_files(typed: str) -> None:
    assert decode(typed.encode("cp1252")) == typed


@pytest.mark.parametrize(
    ("typed", "encoding"),
    [
        ("Я бы хотел, чтобы в нашем районе было больше зелени и скамеек. Детям негде играть.", "cp1251"),
        ("我希望我们的社区有更多的绿地和长椅。孩子们没有地方玩，老人没有地方坐。", "gb18030"),
    ],
)
def test_an_older_encoding_is_read_where_it_stands_out(typed: str, encoding: str) -> None:
    assert decode(typed.encode(encoding)) == typed


@pytest.mark.parametrize(
    "data",
    [
        "Сад".encode("cp1251"),
        "Děti si nemají kde hrát".encode("cp1250"),
        "It’s £5".encode("mac_roman"),
    ],
)
def test_uncertain_letters_are_refused_rather_than_guessed(data: bytes) -> None:
    with pytest.raises(Refused, match="UTF-8"):
        decode(data)


SHORT = {
    "cp1250": [
        "Chciałabym mieć ławkę na przystanku, bo bolą mnie kolana.",
        "Ostatni autobus odjeżdża przed siódmą i wtedy mój wieczór się kończy.",
        "Żeby było więcej łyżeczek w kuchni.",
        "Dzieci nie mają gdzie się bawić, proszę o plac zabaw.",
        "Chtěla bych lavičku u zastávky, bolí mě kolena.",
        "Poslední autobus jede před sedmou a pak mi končí večer.",
        "Více lžiček v kuchyni, prosím.",
    ],
    "cp1251": [
        "Я хотіла б лавку біля зупинки, бо болять коліна.",
        "Останній автобус їде до сьомої, і мій вечір закінчується.",
        "Більше ложечок на кухні, будь ласка.",
        "Дітям ніде гратися.",
        "Живу тут десять років і почуваюся як удома.",
    ],
    "cp1254": [
        "Durağın yanında bir bank isterim, dizlerim ağrıyor.",
        "Son otobüs yediden önce kalkıyor ve akşamım bitiyor.",
        "Mutfakta daha çok kaşık olsun lütfen.",
        "On yıldır burada yaşıyorum, kendimi evimde hissediyorum.",
    ],
}  # fmt: skip


@pytest.mark.parametrize(("encoding", "typed"), [(one, typed) for one, notes in SHORT.items() for typed in notes])
def test_a_short_note_from_windows_is_read_and_it_is_said_that_its_letters_were_guessed(encoding, typed) -> None:
    data = typed.encode(encoding)
    assert decode(data) == typed
    assert "its letters were guessed" in (guessed(data) or "")


def test_with_too_few_letters_the_guess_is_western_and_a_word_is_shown_to_look_at() -> None:
    data = "Mieszkam tu od dziesięciu lat i czuję się tu dobrze.".encode("cp1250")
    assert "“dziesiêciu”" in (guessed(data) or "")


@pytest.mark.parametrize("data", ["Zażółć".encode(), "Zażółć".encode("utf-16"), "It’s £5".encode("cp1252"), b"plain"])
def test_where_nothing_was_guessed_nothing_is_said(data: bytes) -> None:
    assert guessed(data) is None


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
