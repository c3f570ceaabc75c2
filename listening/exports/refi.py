"""REFI-QDA (.qdpx), which NVivo, ATLAS.ti, MAXQDA, QualCoder and others open: themes are codes, voices are cases."""

from __future__ import annotations

import io
import re
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Mapping
from uuid import UUID, uuid5

from lxml import etree

from listening.exports.book import Book, UtteranceRow

SPACE = "urn:QDA-XML:project:1.0"
OURS = UUID("6f0b3c1e-5d0a-5c3f-9c58-7d8a2f1e4b60")
BETWEEN = "\n\n"  # statements of one conversation
ALL = "all"  # where there are no conversations: everything that was said is one text
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
Node = etree._Element  # noqa: SLF001  lxml has no public name for it


def guid(identifier: str) -> str:
    """The GUID that stands for one of our ids."""
    return str(uuid5(OURS, identifier))


def as_qdpx(book: Book) -> bytes:
    """The project. Each conversation is a text of what was exported of it; each statement is a selection of it."""
    root = etree.Element(_tag("Project"), nsmap={None: SPACE})  # type: ignore[dict-item]  # lxml takes None for no prefix
    root.set("name", "What people said")
    root.set("origin", "Radical Listening")
    root.set("creationDateTime", book.made_at.isoformat(timespec="seconds"))
    for fill in (_users, _codes, _cases, _sources, _notes):
        fill(root, book)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("project.qde", etree.tostring(root, xml_declaration=True, encoding="utf-8"))
    return out.getvalue()


def _users(root: Node, book: Book) -> None:
    names = sorted({one.decided_by for one in book.decisions})
    users = _inside(root, "Users", names)
    for name in names:
        _add(users, "User", guid=guid(f"person {name}"), name=name)


def _codes(root: Node, book: Book) -> None:
    codes = _inside(_inside(root, "CodeBook", book.themes), "Codes", book.themes)
    for theme in book.themes:
        code = _add(codes, "Code", guid=guid(theme.id), name=book.title_of(theme), isCodable="true")
        counted = f", {theme.voices} voices" if theme.voices else ""
        _add(code, "Description", f"Theme {theme.id}{counted}")


def _cases(root: Node, book: Book) -> None:
    said: dict[str, list[str]] = defaultdict(list)
    for words in book.utterances:
        said[words.voice or ""].append(words.id)
    cases = _inside(root, "Cases", book.voices)
    for voice in book.voices:
        case = _add(cases, "Case", guid=guid(voice.id), name=voice.shown)
        for one in said[voice.id]:
            _add(case, "SelectionRef", targetGUID=guid(one))


def _sources(root: Node, book: Book) -> None:
    texts: dict[str, list[UtteranceRow]] = defaultdict(list)
    for one in book.utterances:
        texts[one.conversation or ALL].append(one)
    names = {
        one.id: ", ".join(part for part in (one.place, one.held_on and one.held_on.isoformat(), one.id) if part)
        for one in book.conversations
    }
    themes, decisions = _ends(book, "theme"), _ends(book, "decision")
    sources = _inside(root, "Sources", texts)
    for which, said in texts.items():
        source = _add(sources, "TextSource", guid=guid(f"text {which}"), name=names.get(which, "What people said"))
        _add(source, "PlainTextContent", BETWEEN.join(one.text for one in said))
        start = 0
        for one in said:
            _selection(source, one, start, themes, decisions)
            start += len(one.text) + len(BETWEEN)


def _selection(
    source: Node, said: UtteranceRow, start: int, themes: Mapping[str, list[str]], decisions: Mapping[str, list[str]]
) -> None:
    """One statement: from its first character to the one after its last, counted from 0."""
    selection = _add(
        source, "PlainTextSelection", guid=guid(said.id), name=said.id,
        startPosition=str(start), endPosition=str(start + len(said.text)),
    )  # fmt: skip
    for theme in themes.get(said.id, ()):
        coding = _add(selection, "Coding", guid=guid(f"coding {said.id} {theme}"))
        _add(coding, "CodeRef", targetGUID=guid(theme))
    for decision in decisions.get(said.id, ()):
        _add(selection, "NoteRef", targetGUID=guid(decision))


def _ends(book: Book, end: str) -> dict[str, list[str]]:
    """For each statement, the themes or the decisions that hang together with it."""
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for link in book.trace:
        if other := getattr(link, end):
            found[link.utterance][other] = None
    return {one: list(others) for one, others in found.items()}


def _notes(root: Node, book: Book) -> None:
    notes = _inside(root, "Notes", book.decisions)
    lines: dict[str, list[str]] = defaultdict(list)
    for entry in book.entries:
        day = f" {entry.day}" if entry.day else ""
        lines[entry.decision].append(f"{entry.at:%Y-%m-%d}, {entry.signed}: {entry.what}{day}: {entry.text}")
    for one in book.decisions:
        note = _add(notes, "Note", guid=guid(one.id), name=f"{one.choice}: {one.text}"[:120])
        note.set("creatingUser", guid(f"person {one.decided_by}"))
        note.set("creationDateTime", one.decided_at.isoformat(timespec="seconds"))
        told = [one.text, f"Because: {one.because}" if one.because else "", f"Decided by {one.decided_by}"]
        told += [f"Looked at again on {one.look_again_on}", f"To challenge it: {one.challenge}", *lines[one.id]]
        _add(note, "PlainTextContent", "\n".join(line for line in told if line))


def _inside(parent: Node, name: str, content: Iterable[object]) -> Node:
    """A list, put into its parent only where something will be in it: the schema wants none that is empty."""
    return _add(parent, name) if content else etree.Element(_tag(name))


def _add(parent: Node, name: str, text: str | None = None, /, **attributes: str) -> Node:
    child = etree.SubElement(parent, _tag(name))
    for key, value in attributes.items():
        child.set(key, _fit(value))
    if text is not None:
        child.text = _fit(text)
    return child


def _fit(text: str) -> str:
    """XML holds no control characters: each becomes one mark, so that places in the text stay."""
    return _UNFIT.sub("\N{REPLACEMENT CHARACTER}", text)


def _tag(name: str) -> str:
    return f"{{{SPACE}}}{name}"
