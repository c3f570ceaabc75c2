from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from listening.domain import ID_ALPHABET
from listening.receipts import keyed_hash, new_code, read_code

LETTERS = st.sampled_from(ID_ALPHABET)


def test_a_code_is_seven_groups_of_four_and_never_the_same() -> None:
    codes = {new_code() for _ in range(100)}
    assert len(codes) == 100
    assert all([len(group) for group in code.split("-")] == [4] * 7 for code in codes)


def test_a_code_is_read_whatever_the_case_the_spaces_and_the_dashes() -> None:
    code = new_code()
    plain = read_code(code)
    assert plain == code.replace("-", "")
    for typed in (code.upper(), code.replace("-", " "), f"  {code}\n", code.replace("-", "\u2013"), plain):
        assert read_code(typed) == plain


def test_letters_that_look_like_others_are_read_as_meant() -> None:
    code = next(code for code in iter(new_code, "") if "0" in code and "1" in code)
    assert read_code(code.replace("0", "O").replace("1", "l")) == code.replace("-", "")


@given(st.integers(0, 27), LETTERS)
def test_nearly_every_wrong_letter_is_noticed(place: int, letter: str) -> None:
    noticed = 0
    for _ in range(20):
        letters = new_code().replace("-", "")
        wrong = letters[:place] + letter + letters[place + 1 :]
        noticed += wrong == letters or read_code(wrong) is None
    assert noticed >= 18


@given(st.text(max_size=60))
def test_anything_else_is_no_code_and_no_trouble(typed: str) -> None:
    letters = read_code(typed)
    assert letters is None or len(letters) == 28


def test_a_code_cannot_be_found_from_its_hash_without_the_key() -> None:
    letters = new_code().replace("-", "")
    assert keyed_hash(letters, b"a" * 32) != keyed_hash(letters, b"b" * 32)
    assert letters not in keyed_hash(letters, b"a" * 32)
