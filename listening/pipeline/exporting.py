"""Take everything along: as tables, as a trace that other programs read, as a report that opens anywhere.

What goes out follows what people chose. Inside the organisation: all words that are not held back or withdrawn. For
everybody: only words whose speakers said yes to that, without who, where or when, and counts that point at nobody.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from listening.domain import Decision, Title
from listening.errors import Refused
from listening.exports.book import (
    Book,
    ConversationRow,
    DecisionRow,
    EntryRow,
    LinkRow,
    ThemeRow,
    UtteranceRow,
    VoiceRow,
)
from listening.pipeline.answering import PublicView
from listening.pipeline.keeping_word import FollowUp, read_follow_ups
from listening.pipeline.line import Line
from listening.pipeline.views import ThemeRow as ThemeNow
from listening.small_numbers import rounded
from listening.store import Executor
from listening.store.durable import make_folder, put_in_place


@dataclass(frozen=True, slots=True)
class Format:
    """One way to take everything along."""

    name: str
    what: str
    make: Callable[[Book], Mapping[str, bytes]]


def _csv(book: Book) -> Mapping[str, bytes]:
    from listening.exports.comma_separated import as_csv

    return as_csv(book)


def _xlsx(book: Book) -> Mapping[str, bytes]:
    from listening.exports.workbook import as_workbook

    return {"everything.xlsx": as_workbook(book)}


def _parquet(book: Book) -> Mapping[str, bytes]:
    from listening.store.parquet import parquet

    return {f"{table.name}.parquet": parquet(table.columns, table.rows) for table in book.tables()}


def _prov(book: Book) -> Mapping[str, bytes]:
    from listening.exports.picture import as_picture
    from listening.exports.provenance import as_prov

    return {"trace.prov.json": as_prov(book), "trace.svg": as_picture(book)}


def _refi(book: Book) -> Mapping[str, bytes]:
    from listening.exports.refi import as_qdpx

    return {"project.qdpx": as_qdpx(book)}


def _html(book: Book) -> Mapping[str, bytes]:
    from listening.exports.report import as_report

    return {"report.html": as_report(book)}


FORMATS: Mapping[str, Format] = {
    one.name: one
    for one in (
        Format("html", "A report in one file, to read, to send or to print. It opens without the internet.", _html),
        Format("xlsx", "A workbook for Excel, LibreOffice and others.", _xlsx),
        Format("csv", "Tables as plain text, one file each.", _csv),
        Format("parquet", "Tables for those who count: pandas, R, DuckDB.", _parquet),
        Format("prov", "The trace, as W3C PROV and as a picture.", _prov),
        Format("refi", "A project for NVivo, ATLAS.ti, MAXQDA or QualCoder (REFI-QDA).", _refi),
    )
}
"""Every way to take everything along, by name."""


def export_files(line: Line, name: str, *, public: bool) -> dict[str, bytes]:
    """The files of one format, by name; each name says whether it is for inside or for everybody.

    :raises Refused: if there is no such format.
    """
    return _files(read_book(line, public=public), [name])


def _files(book: Book, names: Sequence[str]) -> dict[str, bytes]:
    unknown = [name for name in names if name not in FORMATS]
    if unknown:
        raise Refused(f"There is no format called {unknown[0]}. Choose from: {', '.join(FORMATS)}.")
    whom = "public" if book.public else "inside"
    made = [FORMATS[name].make(book) for name in dict.fromkeys(names)]
    return {f"{whom}-{file}": content for files in made for file, content in files.items()}


def export(line: Line, folder: Path, names: Sequence[str] = (), *, public: bool = False) -> list[Path]:
    """Write these formats, all with none named, into a folder. A file is there whole or not at all.

    :returns: the files that were written.
    :raises Refused: if there is no such format, or a file of that name is there already.
    """
    made = _files(read_book(line, public=public), names or list(FORMATS))
    make_folder(folder)
    _refuse_to_overwrite(folder, made)
    return [_write(folder / name, content) for name, content in made.items()]


def _refuse_to_overwrite(folder: Path, names: Iterable[str]) -> None:
    there = [name for name in names if (folder / name).exists()]
    if there:
        raise Refused(f"{folder / there[0]} is there already. Name another folder, or move that file away first.")


def _write(file: Path, content: bytes) -> Path:
    """Under another name first, then under its own; for whoever runs this alone to read."""
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=".making-")
    try:
        with os.fdopen(handle, "wb") as making:
            making.write(content)
        _refuse_to_overwrite(file.parent, [file.name])
        put_in_place(Path(name), file)
    finally:
        Path(name).unlink(missing_ok=True)
    return file


# --- the book ---------------------------------------------------------------------------------------------------------


def read_book(line: Line, *, public: bool) -> Book:
    """Everything that is exported, as it stands at one moment."""
    with line.store.reading() as read:
        book = _inside(read)
        quotable = {one.id for one in read.rows("quotable", PublicView)} if public else set()
    return _for_everybody(book, quotable) if public else book


def _inside(read: Executor) -> Book:
    utterances = tuple(read.rows("exported_utterances", UtteranceRow))
    trace = tuple(read.rows("exported_trace", LinkRow))
    voices, conversations = {one.voice for one in utterances}, {one.conversation for one in utterances}
    following = read_follow_ups(read)
    return Book(
        public=False,
        made_at=datetime.now(UTC),
        voices_heard=len(voices),
        conversations=tuple(
            one for one in read.rows("exported_conversations", ConversationRow) if one.id in conversations
        ),
        voices=tuple(one for one in read.rows("exported_voices", VoiceRow) if one.id in voices),
        utterances=utterances,
        themes=_themes(read, utterances, trace),
        decisions=_decisions(read, trace, following),
        entries=tuple(
            EntryRow(decision, one.at, one.signed, one.what, one.text, one.day)
            for decision, found in sorted(following.items())
            for one in found.entries
        ),
        trace=trace,
    )


def _themes(read: Executor, utterances: Sequence[UtteranceRow], trace: Sequence[LinkRow]) -> tuple[ThemeRow, ...]:
    """The themes there are, and those that a decision cited and that have no words now."""
    words = {one.id: one.text for one in utterances}
    titles = {one.theme_id: one for one in read.rows("titles", Title)}
    now = read.rows("themes", ThemeNow)
    gone = sorted({link.theme for link in trace if link.theme} - {one.id for one in now})
    return (
        *(
            _theme(one.id, words.get((one.exemplars or one.utterances)[0]), titles, one.voices, len(one.utterances))
            for one in now
        ),
        *(_theme(one, None, titles, 0, 0) for one in gone),
    )


def _theme(theme_id: str, name: str | None, titles: Mapping[str, Title], voices: int, statements: int) -> ThemeRow:
    title = titles.get(theme_id)
    return ThemeRow(
        id=theme_id,
        name=name,
        title=title.text if title else None,
        titled_by=title.signed if title else None,
        voices=voices,
        statements=statements,
    )


def _decisions(read: Executor, trace: Sequence[LinkRow], following: Mapping[str, FollowUp]) -> tuple[DecisionRow, ...]:
    rests: dict[str, set[str]] = {}
    for link in trace:
        if link.decision and link.voice:
            rests.setdefault(link.decision, set()).add(link.voice)
    return tuple(
        DecisionRow(
            id=one.id,
            choice=one.choice,
            text=one.text,
            because=one.because,
            decided_by=one.decided_by,
            decided_at=one.decided_at,
            look_again_on=one.look_again_on,
            challenge=one.challenge,
            owner=following[one.id].owner if one.id in following else None,
            voices=len(rests.get(one.id, ())),
        )
        for one in read.rows("decisions", Decision, id=None)
    )


def _for_everybody(book: Book, quotable: set[str]) -> Book:
    """The book without anything that its people did not say yes to showing everybody."""
    utterances = tuple(_without_who(one) for one in book.utterances if one.id in quotable)
    words: dict[str | None, str] = {}
    for one in utterances:
        words.setdefault(one.theme, one.text)
    said = {one.text for one in utterances}
    links = (
        LinkRow(link.decision, link.theme, link.utterance, None, None)
        for link in book.trace
        if link.utterance in quotable
    )
    trace = tuple(dict.fromkeys(links))
    traced = {link.theme for link in trace}
    return replace(
        book,
        public=True,
        voices_heard=rounded(book.voices_heard or 0),
        conversations=(),
        voices=(),
        utterances=utterances,
        themes=tuple(
            replace(
                one,
                name=one.name if one.name in said else words.get(one.id),
                voices=rounded(one.voices or 0),
                statements=rounded(one.statements or 0),
            )
            for one in book.themes
            if one.id in traced or one.title
        ),
        decisions=tuple(replace(one, voices=rounded(one.voices or 0)) for one in book.decisions),
        trace=trace,
    )


def _without_who(said: UtteranceRow) -> UtteranceRow:
    return UtteranceRow(said.id, said.text, said.language, said.fate, said.theme, *[None] * 8)
