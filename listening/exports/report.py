"""A report in one file: words, themes, decisions and the trace. It opens offline, asks for nothing, and prints well."""

from __future__ import annotations

import functools
from collections import defaultdict
from dataclasses import dataclass

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from listening.exports import picture
from listening.exports.book import Book, DecisionRow, EntryRow, LinkRow, ThemeRow, UtteranceRow

MOST_DRAWN = 24  # of one kind in the picture of one decision; the lists below it have them all
CHOICES = {"do": "We will", "cannot": "We cannot", "thinking": "Still thinking"}


@dataclass(frozen=True, slots=True)
class Told:
    """A decision with all that hangs together with it."""

    decision: DecisionRow
    entries: tuple[EntryRow, ...]
    themes: tuple[ThemeRow, ...]
    words: tuple[UtteranceRow, ...]
    drawing: Markup | None


@dataclass(frozen=True, slots=True)
class Heard:
    """A theme with the words that are or were in it, and the decisions that rest on any of them."""

    theme: ThemeRow
    words: tuple[UtteranceRow, ...]


def as_report(book: Book) -> bytes:
    """The report as HTML in UTF-8."""
    words = {one.id: one for one in book.utterances}
    themes = {one.id: one for one in book.themes}
    of_theme, of_decision = _by(book, "theme"), _by(book, "decision")
    named = picture.names(book)
    told = [
        Told(
            one,
            tuple(line for line in book.entries if line.decision == one.id),
            tuple(themes[link] for link in _seen(of_decision[one.id], "theme")),
            tuple(words[link] for link in _seen(of_decision[one.id], "utterance")),
            _drawing(of_decision[one.id], named),
        )
        for one in book.decisions
    ]
    heard = [Heard(one, tuple(words[link] for link in _seen(of_theme[one.id], "utterance"))) for one in book.themes]
    together = {link.utterance for link in book.trace if link.theme}
    page = _environment().get_template("report.html")
    html = page.render(
        book=book,
        told=told,
        heard=heard,
        rest=[one for one in book.utterances if one.id not in together],
        where={one.id: one for one in book.conversations},
        by_voice=_by_voice(book),
        who={one.id: one for one in book.voices},
        CHOICES=CHOICES,
    )
    return html.encode("utf-8", "replace")


def _by(book: Book, end: str) -> dict[str, list[LinkRow]]:
    found: dict[str, list[LinkRow]] = defaultdict(list)
    for link in book.trace:
        if which := getattr(link, end):
            found[which].append(link)
    return found


def _by_voice(book: Book) -> dict[str, list[UtteranceRow]]:
    found: dict[str, list[UtteranceRow]] = defaultdict(list)
    for one in book.utterances:
        if one.voice:
            found[one.voice].append(one)
    return found


def _seen(links: list[LinkRow], end: str) -> list[str]:
    return list(dict.fromkeys(one for link in links if (one := getattr(link, end))))


def _drawing(links: list[LinkRow], named: dict[str, str]) -> Markup | None:
    """The picture of one decision; whatever people said is escaped in it."""
    return Markup(picture.drawn(links, named, MOST_DRAWN, anchors=True)) if links else None  # noqa: S704


@functools.cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("listening.exports", ""),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
