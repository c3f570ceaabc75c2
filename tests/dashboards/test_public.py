import pytest

from dashboards.public import rough
from listening import pipeline
from listening.domain import Purpose


def test_nobody_is_quoted_in_public_without_their_yes(browser, told):
    page = browser.page("/").text
    for theme in pipeline.themes(told):
        for words in theme.words.values():
            assert words not in page
    assert "teaspoons, please" not in page


def test_whoever_said_yes_is_quoted_without_their_name_until_they_say_no(browser, told):
    [said] = pipeline.find(told, "teaspoons")
    pipeline.choose(told, said.voice, Purpose.QUOTE, given=True)
    page = browser.page("/").text
    assert "Forty teaspoons, please." in page
    assert said.shown not in page
    pipeline.choose(told, said.voice, Purpose.QUOTE, given=False)
    assert "teaspoons, please" not in browser.page("/").text


def test_a_theme_is_shown_by_words_that_may_be_quoted_or_by_a_signed_title(browser, told):
    [theme] = pipeline.themes(told)
    assert "Nothing can be shown here yet" in browser.page("/").text
    pipeline.give_title(told, theme.id, "Getting home", by="Nadia")
    page = browser.page("/").text
    assert "Getting home" in page
    assert "A title by Nadia" in page
    assert theme.name not in page
    pipeline.choose(told, pipeline.show(told, theme.exemplars[0]).voice, Purpose.QUOTE, given=True)
    assert theme.name.replace("'", "&#39;") in browser.page("/").text


def test_decisions_stand_with_reason_challenge_and_day(browser, told):
    page = browser.page("/").text
    for decision in pipeline.decisions(told):
        assert decision.text in page
        assert decision.challenge in page
    assert "It is the county&#39;s." in page
    assert "looked at again on" in page


@pytest.mark.parametrize(
    ("count", "shown"),
    [(0, "none"), (1, "fewer than 10"), (9, "fewer than 10"), (10, "about 10"), (1203, "about 1,205")],
)
def test_small_numbers_point_at_nobody(count, shown):
    assert rough(count) == shown


def test_no_small_count_of_voices_is_on_the_public_page(browser):
    page = browser.page("/").text
    assert "fewer than 10" in page
    assert "about 2 people" not in page
    assert "3 voices" not in page
