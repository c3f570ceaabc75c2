"""Every component on one page, for those who build pages and for the tests that look at them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

from dashboards.door import Asked
from dashboards.pages import Page, Stretch
from listening.domain import Choice, Decision, Fate
from listening.pipeline import QuoteView


@dataclass(frozen=True)
class Patterns(Page, template="patterns.html"):
    """All components, with words that nobody said."""

    quotes: tuple[QuoteView, ...]
    decisions: tuple[Decision, ...]
    some: Stretch[int]


_WORDS = (
    ("A bench by the bus stop. I do not always want to buy something to sit down.", "en", None),
    ("ہمارے محلے میں شام کو بیٹھنے کی کوئی جگہ نہیں", "ur", None),
    ("<b>Not bold</b> & not run: <script>alert(1)</script>", "en", None),
    ("We said bread, and then the kitchen.", "en", 61_000),
)


def patterns(_: Asked) -> Patterns:
    """The page of patterns."""
    quotes = tuple(
        QuoteView(
            id=f"u-{number:012}",
            text=text,
            voice="v-000000000000",
            shown="Somebody",
            conversation="c-000000000000",
            place="Fen Street",
            held_on=date(2026, 3, 5),
            language=language,
            source="s-000000000000",
            start_ms=start,
            end_ms=start and start + 4000,
            fate=fate,
            theme=None,
            corrected_by=None,
        )
        for number, ((text, language, start), fate) in enumerate(zip(_WORDS, Fate, strict=False))
    )
    decided = datetime(2026, 3, 9, tzinfo=UTC)
    decisions = tuple(
        Decision("d-000000000000", choice, text, because, "Fen Street board", decided, date(2026, 9, 9), "Tell us.")
        for choice, text, because in (
            (Choice.DO, "The kitchen gets forty teaspoons this week.", None),
            (Choice.CANNOT, "We cannot run a later bus this year.", "The county holds the contract until 2027."),
            (Choice.THINKING, "Whether the hall can open on Sundays.", None),
        )
    )
    return Patterns(quotes, decisions, Stretch((1,), 120, 2, 3, 51))
