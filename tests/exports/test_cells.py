import pytest
from hypothesis import given
from hypothesis import strategies as st

from listening.exports.cells import fit_for_xml, from_xml, plain, safe


@pytest.mark.parametrize("text", ["=1+1", "+1", "-2 degrees", "@home", "\t=1", " =1", "\r\n=1", "|x", "＝1"])  # noqa: RUF001
def test_words_that_a_spreadsheet_would_run_begin_with_an_apostrophe(text):
    assert safe(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "A bench.", "سلام", " two words", "5 = 5"])
def test_other_words_stand_as_they_are(text):
    assert safe(text) == text


@given(st.text())
def test_words_can_be_had_back_byte_for_byte(text):
    assert plain(safe(text)) == text
    assert from_xml(fit_for_xml(text)) == text
    assert plain(from_xml(fit_for_xml(safe(text)))) == text
