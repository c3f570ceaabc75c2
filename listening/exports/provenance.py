"""W3C PROV, as PROV-JSON: what was said is an entity that came out of a conversation and is somebody's; a theme is a
collection of it; a decision is derived from both, and is whoever decided's."""

from __future__ import annotations

import json
from collections.abc import Iterable
from hashlib import sha256
from typing import Any

from listening.exports.book import Book

OURS = "urn:radical-listening:"
Record = dict[str, Any]


def as_prov(book: Book) -> bytes:
    """The document. Statements are `rl:` and their id."""
    people = sorted({one.decided_by for one in book.decisions} | {one.signed for one in book.entries})
    document = {
        "prefix": {"rl": OURS, "prov": "http://www.w3.org/ns/prov#", "xsd": "http://www.w3.org/2001/XMLSchema#"},
        "entity": dict(_entities(book)),
        "activity": {_id(one.id): _of(type="Conversation", place=one.place, held_on=one.held_on, kind=one.kind)
                     for one in book.conversations},
        "agent": {_id(one.id): _of(type="Voice", label=one.shown) for one in book.voices}
        | {_person(name): _of(type="Person", label=name) for name in people},
        **_relations(book),
    }  # fmt: skip
    return json.dumps({key: some for key, some in document.items() if some}, ensure_ascii=False, indent=1).encode()


def _entities(book: Book) -> Iterable[tuple[str, Record]]:
    for said in book.utterances:
        yield (
            _id(said.id),
            _of(type="Utterance", value=said.text, language=said.language, fate=said.fate, source=said.source,
                start_char=said.start_char, end_char=said.end_char, start_ms=said.start_ms, end_ms=said.end_ms),
        )  # fmt: skip
    for theme in book.themes:
        record = _of(type="Theme", label=book.title_of(theme), voices=theme.voices)
        record["prov:type"] = [record["prov:type"], {"$": "prov:Collection", "type": "prov:QUALIFIED_NAME"}]
        yield _id(theme.id), record
    for one in book.decisions:
        yield (
            _id(one.id),
            _of(type="Decision", value=one.text, choice=one.choice, because=one.because, challenge=one.challenge,
                decided_at=one.decided_at.isoformat(), look_again_on=one.look_again_on, voices=one.voices),
        )  # fmt: skip
    for number, line in enumerate(book.entries):
        yield f"rl:entry-{number}", _of(type="Entry", value=line.text, what=line.what, at=line.at.isoformat())


def _relations(book: Book) -> Record:
    rests = {(one.decision, end) for one in book.trace for end in (one.utterance, one.theme) if one.decision and end}
    derived = [(_id(one), _id(other)) for one, other in sorted(rests)]
    derived += [(f"rl:entry-{number}", _id(line.decision)) for number, line in enumerate(book.entries)]
    whose = [(_id(one), _id(voice)) for one, voice in _pairs(book, "utterance", "voice")]
    whose += [(_id(one.id), _person(one.decided_by)) for one in book.decisions]
    whose += [(f"rl:entry-{number}", _person(line.signed)) for number, line in enumerate(book.entries)]
    came = [(_id(one), _id(other)) for one, other in _pairs(book, "utterance", "conversation")]
    within = [(_id(one), _id(other)) for one, other in _pairs(book, "theme", "utterance")]
    return {
        "wasDerivedFrom": _named("d", "prov:generatedEntity", "prov:usedEntity", derived),
        "wasAttributedTo": _named("a", "prov:entity", "prov:agent", whose),
        "wasGeneratedBy": _named("g", "prov:entity", "prov:activity", came),
        "hadMember": _named("m", "prov:collection", "prov:entity", within),
    }


def _pairs(book: Book, one: str, other: str) -> list[tuple[str, str]]:
    """Every two things that hang together in the trace."""
    found = {(getattr(link, one), getattr(link, other)) for link in book.trace}
    return sorted(pair for pair in found if None not in pair)


def _named(letter: str, one: str, other: str, pairs: Iterable[tuple[str, str]]) -> dict[str, Record]:
    return {f"_:{letter}{number}": {one: left, other: right} for number, (left, right) in enumerate(pairs)}


def _id(identifier: str) -> str:
    return f"rl:{identifier}"


def _person(name: str) -> str:
    return f"rl:person-{sha256(name.encode()).hexdigest()[:16]}"


_PROV = {"label", "value"}


def _of(**facts: object) -> Record:
    """The attributes that there are; `type` is one of ours."""
    kind = facts.pop("type")
    record: Record = {"prov:type": {"$": f"rl:{kind}", "type": "prov:QUALIFIED_NAME"}}
    for name, value in facts.items():
        if value is not None:
            known = "prov" if name in _PROV else "rl"
            record[f"{known}:{name}"] = value if isinstance(value, int | str) else str(value)
    return record
