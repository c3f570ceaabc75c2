"""A plan shows people's words exactly, in every form it has."""

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from listening.domain import Choice
from listening.plan import Plan, PlanDecision, PlanWords, Signed, as_html, as_markdown, count_signed

DAY = date(2026, 3, 5)
TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), min_size=1).filter(lambda text: text.strip())


def words(text, quotable=True, offered=False, theme=None, identifier="u-1"):
    return PlanWords(identifier, text, "en", theme, quotable, offered)


def plan(*said, decisions=()):
    return Plan("north", "Food for all.", 3, 2, said, tuple(decisions))


def shown(markdown):
    """The text that a reader of Markdown shows."""
    tokens = MarkdownIt("commonmark", {"html": True}).parse(markdown)
    return ["".join(piece.content for piece in token.children) for token in tokens if token.type == "inline"]


@given(TEXT)
@settings(deadline=None)
def test_every_word_is_shown_as_it_was_said(text):
    [quoted] = [one for one in shown(as_markdown(plan(words(text)))) if one.endswith("(u-1)")]
    assert quoted.removesuffix("(u-1)").split() == text.split()


@given(TEXT)
@settings(deadline=None)
def test_no_word_becomes_part_of_the_page(text):
    page = as_html(plan(words(text)), Signed(3, 0, 0))
    assert page.count("<blockquote") == 1
    assert page.count("<script") == 0


def test_the_same_words_give_the_same_hash_and_others_another():
    assert plan(words("Rice.")).sha256 == plan(words("Rice.")).sha256
    assert plan(words("Rice.")).sha256 != plan(words("Rice!")).sha256
    assert (
        plan(words("Rice."), words("Ham.", quotable=False)).sha256
        == plan(words("Rice."), words("Bread.", quotable=False)).sha256
    )


def test_decisions_stand_with_their_words_and_refusals_with_their_reason():
    made = PlanDecision("d-1", Choice.CANNOT, "No bus.", "The county's.", "Board", DAY, DAY, "Ring us.", ("u-1", "u-2"))
    found = as_markdown(plan(words("Bus."), words("Tram.", quotable=False, identifier="u-2"), decisions=[made]))
    text = " ".join(shown(found))
    assert "What cannot be done, and why" in text
    assert "Because: The county's." in text
    assert text.count("Bus.(u-1)") == 2
    assert "Tram" not in text


def test_words_of_one_theme_stand_together_and_the_others_on_their_own():
    groups = plan(words("A", identifier="u-1"), words("B", theme="t", identifier="u-2"), words("C", theme="t")).groups()
    assert [[one.text for one in group] for group in groups] == [["B", "C"], ["A"]]


def test_who_signed_an_earlier_text_is_counted_apart():
    assert count_signed(["a", "b", "c"], {"a": "new", "b": "old", "x": "new"}, "new") == Signed(3, 1, 1)
