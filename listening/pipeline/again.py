"""A chat or a table that is handed in again after it has grown: what is here already does not enter twice."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from listening import capture
from listening.domain import Document, Kind, Media, Role, Source, Turn, id_from
from listening.errors import ListeningError
from listening.pipeline.line import Line

WEAK: Final = "row:"  # a row that another person may have given as well
SLACK: Final = 0.1  # of an export: how far from its end two exports of one chat may begin to differ
LEAST_SLACK: Final = 2  # messages
_BY_NUMBER = re.compile(r"person (\d+)")


def earlier(line: Line, media: Media, sha256: str, about: str, *, read: bool) -> list[tuple[Source, Document]]:
    """The chats, or the tables with the same columns, that are here, as they were read, oldest first.

    With `read`, only those whose words have entered. One that cannot be read now is left out.
    """
    query = "read_sources_of_kind" if read else "sources_of_kind"
    with line.store.reading() as look:
        sources = look.rows(query, Source, media=media, sha256=sha256)
    found = []
    for source in sources:
        if media is Media.CHAT or capture.same_description(media, source.about, about):
            path = line.store.originals.path(source.sha256)
            try:
                found.append((source, capture.read_document(path, media, source.suffix, source.about)))
            except (ListeningError, OSError):
                continue
    return found


def conversation_of(source: Source) -> str:
    """The conversation of a chat: its own, or that of the export before it."""
    part_of = capture.from_json(source.about).part_of if source.about != "{}" else None
    return part_of or id_from(Kind.CONVERSATION, source.id, 0)


def goes_on(document: Document, exports: Iterable[tuple[Source, Document]]) -> str | None:
    """The conversation that a chat is a later export of, if it is one."""
    shared = [(_shared(document, other), source) for source, other in exports]
    most = max(shared, key=lambda one: one[0], default=None)
    return conversation_of(most[1]) if most and most[0] else None


def _shared(document: Document, other: Document) -> int:
    """How many messages two exports of one chat share; 0 where they are of two chats.

    One begins in the other and one ends in the other, and most messages in between are in both.
    """
    mine, theirs = _keys(document), _keys(other)
    in_mine, in_theirs = _places(mine, set(theirs)), _places(theirs, set(mine))
    if not in_mine:
        return 0
    begins = _near(in_mine[0], mine) or _near(in_theirs[0], theirs)
    ends = _near(len(mine) - 1 - in_mine[-1], mine) or _near(len(theirs) - 1 - in_theirs[-1], theirs)
    most = all(2 * len(places) > places[-1] - places[0] for places in (in_mine, in_theirs))
    return len(in_mine) if begins and ends and most else 0


def _near(distance: int, keys: Sequence[str]) -> bool:
    return distance <= min(max(LEAST_SLACK, SLACK * len(keys)), len(keys) / 2)


def _keys(document: Document) -> list[str]:
    keys = [*(turn.same for turn in document.turns), *(one.same for one in document.attached)]
    return [key for key in keys if key]


def _places(keys: Sequence[str], wanted: set[str]) -> list[int]:
    return [place for place, key in enumerate(keys) if key in wanted]


def only_new(document: Document, before: Iterable[tuple[Source, Document]], what: tuple[str, str]) -> Document:
    """The document less what `before` holds, which becomes frame; its notes say how much, counted in `what`.

    What came twice in one file and twice in the next is known twice. People called by numbers keep theirs. A recording
    that was spoken of before belongs to the conversation that it belonged to then.
    """
    exports = [(source, one) for source, one in before if _is_same(document, one)]
    same = [one for _, one in exports]
    known: Counter[str] = Counter()
    for one in same:
        known |= Counter(_keys(one))
    if not known.keys() & set(_keys(document)):
        return document
    gone = _gone(document, same)
    named: list[Document] = []
    for one in [*same, document]:
        named.append(_renamed(one, named))
    then = _conversations_then(exports)
    less = replace(
        named[-1],
        turns=tuple(_less(named[-1].turns, known)),
        attached=tuple(replace(one, part_of=then.get(one.same or "")) for one in named[-1].attached),
    )
    return replace(less, notes=(*document.notes, *_notes(less, gone, what)))


def _conversations_then(exports: Iterable[tuple[Source, Document]]) -> dict[str, str]:
    """The conversation that each recording of a table entered with, by what is the same of it, the earliest."""
    then: dict[str, str] = {}
    for source, document in exports:
        for one in document.attached:
            if one.same:
                then.setdefault(one.same, id_from(Kind.CONVERSATION, source.id, one.conversation))
    return then


def _less(turns: Iterable[Turn], known: Counter[str]) -> Iterator[Turn]:
    """The turns, those that are known as frame."""
    for turn in turns:
        if turn.same is not None and known[turn.same] > 0:
            known[turn.same] -= 1
            yield replace(turn, role=Role.FRAME)
        else:
            yield turn


def _is_same(document: Document, other: Document) -> bool:
    """Whether what is alike in both is the same. Weak keys count only where the whole of the other came again."""
    keys = Counter(_keys(other))
    return not any(key.startswith(WEAK) for key in keys) or keys <= Counter(_keys(document))


def _gone(document: Document, before: Sequence[Document]) -> int:
    """How many that were between others that are still there are there no longer: deleted, or changed."""
    now = set(_keys(document))
    gone: set[str] = set()
    for one in before:
        keys = _keys(one)
        still = _places(keys, now)
        gone |= set(keys[still[0] : still[-1] + 1]) - now if still else set()
    return len(gone)


def _renamed(document: Document, before: Sequence[Document]) -> Document:
    """The document with people called by numbers as in the files before it, in the same list of people."""
    if not before:
        return document
    names = _names(document, before)

    def called(one: str | None) -> str | None:
        return names.get(one, one) if one else one

    return replace(
        document,
        people=before[0].people,
        turns=tuple(replace(one, speaker=called(one.speaker), handle=called(one.handle)) for one in document.turns),
        attached=tuple(
            replace(one, speaker=called(one.speaker), handle=called(one.handle)) for one in document.attached
        ),
    )


def _names(document: Document, before: Sequence[Document]) -> dict[str, str]:
    """What people called by numbers ("person 2") were called before; one who is new has the next number."""
    then = {turn.same: turn.speaker for one in before for turn in one.turns if turn.same and turn.speaker}
    names: dict[str, str] = {}
    numbered = [(turn.speaker, turn.same) for turn in document.turns if turn.speaker and _number(turn.speaker)]
    for name, same in numbered:
        if same in then:
            names.setdefault(name, then[same])
    last = max(map(_number, then.values()), default=0)
    for name, _ in numbered:
        if name not in names:
            last += 1
            names[name] = f"person {last}"
    return names


def _number(name: str) -> int:
    """The number that somebody is called by; 0 for a name."""
    found = _BY_NUMBER.fullmatch(name)
    return int(found[1]) if found else 0


def _notes(document: Document, gone: int, what: tuple[str, str]) -> Iterator[str]:
    """What to tell whoever brought it in, in sentences. A recording counts where no words stand beside it."""
    written = {turn.conversation for turn in document.turns}
    spoken = [one for one in document.attached if one.same and one.conversation not in written]
    here = sum(map(_is_here, document.turns)) + sum(one.part_of is not None for one in spoken)
    new = sum(turn.role is Role.WORDS for turn in document.turns) + sum(one.part_of is None for one in spoken)
    yield (f"{here} {what[here != 1]} {_was(here)} here already, {new} {_is(new)} new. Only what is new was entered.")
    if gone:
        yield (
            f"{gone} that came before {_is(gone)} not in this file, or changed in it. What came before stays, and "
            "what was changed is here twice. Hold back or withdraw what should not stay."
        )


def _was(number: int) -> str:
    return "was" if number == 1 else "were"


def _is(number: int) -> str:
    return "is" if number == 1 else "are"


def _is_here(turn: Turn) -> bool:
    return bool(turn.same) and turn.role is Role.FRAME


def quiet(document: Document) -> set[int]:
    """Which conversations of a document have entered before, all of them; none where they go on in this one."""
    here = {turn.conversation for turn in document.turns if _is_here(turn)}
    here |= {one.conversation for one in document.attached if one.part_of}
    new = {turn.conversation for turn in document.turns if turn.role is Role.WORDS}
    return here - new - {one.conversation for one in document.attached if not one.part_of}
