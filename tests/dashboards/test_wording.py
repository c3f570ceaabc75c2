import pytest

from dashboards.wording import suggestions


@pytest.mark.parametrize(
    "text",
    [
        "Support for vulnerable people",
        "our beneficiaries",
        "Service users said",
        "the hard to reach",
        "HARD-TO-REACH groups",
        "deprived areas",
        "help the elderly",
    ],
)
def test_words_that_make_people_small_get_a_suggestion(text):
    [found] = suggestions(text)
    assert found.wrote.casefold() in text.casefold()
    assert found.instead


@pytest.mark.parametrize("text", ["We will buy forty teaspoons.", "invulnerable"])
def test_other_words_do_not(text):
    assert suggestions(text) == ()


def test_they_come_in_the_order_they_were_written():
    found = suggestions("Clients and beneficiaries", "vulnerable")
    assert [one.wrote for one in found] == ["Clients", "beneficiaries", "vulnerable"]
