"""Words that are withdrawn are erased for good: from the database, the originals, the vectors and the recordings."""

from __future__ import annotations

import dataclasses
import io
import json
import re
import tempfile
import wave
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import BinaryIO

import numpy as np

from listening import capture
from listening.capture import sound
from listening.domain import Decision, Erasure, Kind, Media, Source, Transcript, Voice, new_id, sha256_of
from listening.pipeline import again
from listening.pipeline.line import Line
from listening.pipeline.recognising import KEY, blanked, is_telling, keyed, of_text, of_turn
from listening.pipeline.views import find_id
from listening.store import Executor
from listening.tape import RATE

INSTEAD = "[words that were withdrawn]"
Span = tuple[int, int]

_BY_UTTERANCE = {
    "utterance_event": "utterance_id",
    "correction": "utterance_id",
    "utterance_language": "utterance_id",
    "membership": "utterance_id",
    "on_its_own": "utterance_id",
    "placement": "utterance_id",
    "exemplar": "utterance_id",
    "phrase": "utterance_id",
    "objection": "utterance_id",
    "told_again": "utterance_id",
    "offer_event": "utterance_id",
    "citation": "utterance_id",
    "utterance": "id",
}
_BY_VOICE = {
    "consent_event": ("voice_id",),
    "receipt": ("voice_id",),
    "felt": ("voice_id",),
    "own_session": ("voice_id",),
    "voice_event": ("voice_id", "is_voice_id"),
    "told": ("voice_id",),
    "plan_signature": ("voice_id",),
    "asked_first_event": ("voice_id",),
    "about_answer": ("voice_id",),
}
_BY_TRANSCRIPT = {
    "heard_segment": "transcript_id",
    "hearing": "transcript_id",
    "stretch": "transcript_id",
    "separation": "transcript_id",
    "speaking": "transcript_id",
    "transcript": "id",
}


@dataclass(frozen=True, slots=True)
class Going:
    """One utterance that goes, and where it lies."""

    id: str
    source_id: str
    conversation_id: str
    start: int
    end: int
    text: str  # as its source gave it
    text_now: str  # as it was put right


@dataclass(frozen=True, slots=True)
class Staying:
    """One utterance of a source that stays, and where it lies."""

    id: str
    source_id: str
    start: int
    end: int
    start_ms: int | None
    end_ms: int | None


@dataclass(frozen=True)
class Plan:
    """All that goes, before anything does."""

    asked: tuple[str, ...]
    words: list[Going]
    voices: list[Voice]
    conversations: list[str]
    whole: list[Source]  # sources of which nothing stays
    parted: list[Source]  # sources that hold words of others too
    texts: dict[str, Transcript]  # by source
    staying: dict[str, list[Staying]]  # by source
    blanks: dict[str, list[Span]] = field(default_factory=dict)  # by source: what is taken out of its text
    known: dict[str, str | None] = field(default_factory=dict)  # keyed hashes, of an utterance that stays or of none
    photos: list[str] = field(default_factory=list)

    @property
    def ids(self) -> list[str]:
        """The utterances that go."""
        return [one.id for one in self.words]


@dataclass(frozen=True, slots=True)
class Erased:
    """What goes, or went, as counts and in sentences."""

    utterances: int
    voices: int
    conversations: int
    files_removed: int
    files_without: int  # files that others' words are in too
    told: tuple[str, ...]


# --- what people call -------------------------------------------------------------------------------------------------


def erase(line: Line, which: str, *, dry_run: bool = False) -> Erased:
    """Erase a voice, a conversation or an utterance for good, or only tell what would go.

    :raises NotFound: if there is no such thing.
    """
    with line.store.reading() as read:
        found = find_id(read, which, Kind.VOICE, Kind.CONVERSATION, Kind.UTTERANCE)
    if dry_run:
        return _tell(_plan(line, [found]))
    with line.store.writing() as write:
        write.change("ask_to_erase", ids=[found], now=datetime.now(UTC))
    return erase_withdrawn(line) or _tell(_plan(line, [found]))


def erase_withdrawn(line: Line) -> Erased | None:
    """Erase all that was withdrawn and is still here, and finish what a killed program began. None if there is nothing.

    Only one program does so at a time; reading and writing go on, but for the moment in which the database is swapped.
    """
    with line.store.reading() as read:
        if not _to_do(read):
            return None
    with line.store.erasing():
        with line.store.reading() as read:
            asked = read.values("to_erase")
        told = _go(line, _plan(line, asked)) if asked else None
        _finish(line)
    return told


def _to_do(read: Executor) -> bool:
    return bool(read.values("to_erase") or read.values("unfinished_erasures"))


def replay(line: Line) -> int:
    """Erase again what the records outside the database say was erased. Gives how many things came back and went."""
    records = [json.loads(one) for one in line.store.erasures()]
    ids = sorted({one for record in records for one in record["ids"]})
    known = {one: utterance for record in records for one, utterance in record["known"].items()}
    key = line.store.key(KEY)
    with line.store.writing() as write:
        write.change("recognise", hashes=list(known), utterances=list(known.values()))
        waiting = write.rows("sources_of_ids", Source, ids=write.values("sources_to_read"))
        again_here = [one.id for one in waiting if keyed(key, "file", one.sha256) in known]
        found = [*write.values("known_ids", ids=ids), *again_here]
        write.change("ask_to_erase", ids=found, now=datetime.now(UTC))
    erase_withdrawn(line)
    return len(found)


# --- what goes --------------------------------------------------------------------------------------------------------


def _plan(line: Line, asked: Sequence[str]) -> Plan:
    ids = list(asked)
    with line.store.reading() as read:
        words = read.rows("words_to_erase", Going, ids=ids)
        going = [one.id for one in words]
        touched = sorted({one.source_id for one in words})
        spoken_in = sorted({one.conversation_id for one in words} | _of_kind(ids, Kind.CONVERSATION))
        conversations = read.values("conversations_left_empty", conversations=spoken_in, ids=going)
        gone_with = sorted(_of_kind(ids, Kind.CONVERSATION) | set(conversations))
        voices = read.rows("voices_to_erase", Voice, ids=[*ids, *gone_with])
        beside = read.rows("sources_of_conversations", Source, ids=spoken_in)
        sources = {one.id: one for one in read.rows("sources_of_ids", Source, ids=[*touched, *ids])} | {
            one.id: one for one in beside
        }
        staying = _by_source(read.rows("words_that_stay", Staying, sources=list(sources), ids=going))
        texts = {one.source_id: one for one in read.rows("transcripts_of_sources", Transcript, ids=list(sources))}
    whole, parted = _sort_out(list(sources.values()), {*touched, *ids}, gone_with, staying, texts)
    plan = _with_copies(line, Plan(tuple(asked), words, voices, conversations, whole, parted, texts, staying))
    everything_of = _all_of(line, ids)
    named = [one for one in plan.voices if one.handle and one.id in everything_of]
    blanks = {one.id: _blanks(plan, one, named) for one in plan.parted}
    with line.store.reading() as read:
        photos = read.values("photos_of_sources", ids=[one.id for one in (*plan.whole, *plan.parted)])
    return dataclasses.replace(plan, blanks=blanks, photos=photos)


def _all_of(line: Line, ids: Sequence[str]) -> set[str]:
    """The voices that are erased because somebody asked for them, under whatever voice they were heard as."""
    with line.store.reading() as read:
        return {one.id for one in read.rows("voices_to_erase", Voice, ids=sorted(_of_kind(ids, Kind.VOICE)))}


def _of_kind(ids: Iterable[str], kind: Kind) -> set[str]:
    return {one for one in ids if one.startswith(f"{kind}-")}


def _by_source(rows: Iterable[Staying]) -> dict[str, list[Staying]]:
    found: dict[str, list[Staying]] = defaultdict(list)
    for row in rows:
        found[row.source_id].append(row)
    return found


def _sort_out(
    sources: Sequence[Source],
    hit: AbstractSet[str],
    gone_with: Sequence[str],
    staying: Mapping[str, list[Staying]],
    texts: Mapping[str, Transcript],
) -> tuple[list[Source], list[Source]]:
    """Which sources go whole, and which lose only some words. A zip loses the recordings that lie in it."""
    with_sound = any(one.id in hit and Media(one.media) is Media.RECORDING for one in sources)
    whole, parted = [], []
    for one in sources:
        if not staying.get(one.id) and (one.id in hit or _part_of(one) in gone_with):
            whole.append(one)
        elif one.id in texts and (one.id in hit or (one.suffix == ".zip" and with_sound)):
            parted.append(one)
    return whole, parted


def _part_of(source: Source) -> str | None:
    if Media(source.media) is Media.TABLE or source.about == "{}":
        return None
    return capture.from_json(source.about).part_of


def _with_copies(line: Line, plan: Plan) -> Plan:
    """The plan with other exports of the same chats and tables, in which the same messages lie once more."""
    key = line.store.key(KEY)
    known = {one for going in plan.words for text in (going.text, going.text_now) if (one := of_text(key, text))}
    known |= {keyed(key, "file", one.sha256) for one in (*plan.whole, *plan.parted)}
    plan = dataclasses.replace(plan, known=dict.fromkeys(known))
    for media in (Media.CHAT, Media.TABLE):
        mine = [one for one in (*plan.whole, *plan.parted) if Media(one.media) is media]
        plan = _copies_of(line, plan, mine, key) if mine else plan
    return plan


def _copies_of(line: Line, plan: Plan, mine: Sequence[Source], key: bytes) -> Plan:
    media = Media(mine[0].media)
    exports = {
        source.id: (source, document)
        for about in {one.about for one in mine}
        for source, document in again.earlier(line, media, "", about, read=True)
    }
    spans = _spans(plan.words)
    going = {
        turn.same
        for source, document in exports.values()
        for turn in document.turns
        if turn.same and _covered((turn.start, turn.end), spans.get(source.id, []))
    }
    whole = {one.id for one in plan.whole}
    blanks = {
        source.id: held
        for source, document in exports.values()
        if source.id not in whole
        and (held := [(turn.start, turn.end) for turn in document.turns if turn.same in going])
    }
    parted = {one.id: one for one in plan.parted} | {one: exports[one][0] for one in blanks}
    with line.store.reading() as read:
        ids = sorted(exports)
        staying = _by_source(read.rows("words_that_stay", Staying, sources=ids, ids=plan.ids))
        texts = {one.source_id: one for one in read.rows("transcripts_of_sources", Transcript, ids=ids)}
    known: dict[str, str | None] = {keyed(key, "file", parted[one].sha256): None for one in blanks}
    for source, document in (exports[one] for one in exports if one in parted or one in whole):
        here = {one.start: one.id for one in staying[source.id]} if media is Media.TABLE else {}
        turns = {one: turn for turn in document.turns if (one := of_turn(key, turn))}
        known |= {one: None for one, turn in turns.items() if turn.same in going}
        # The original of a table is not there to be read again, so its other rows must be known by themselves.
        known |= {one: here[turn.start] for one, turn in turns.items() if turn.same not in going and turn.start in here}
    return dataclasses.replace(
        plan,
        blanks=plan.blanks | blanks,
        parted=list(parted.values()),
        texts=plan.texts | texts,
        staying=plan.staying | staying,
        known=plan.known | known,
    )


def _spans(words: Iterable[Going]) -> dict[str, list[Span]]:
    found: dict[str, list[Span]] = defaultdict(list)
    for one in words:
        found[one.source_id].append((one.start, one.end))
    return found


def _covered(span: Span, spans: Sequence[Span]) -> bool:
    """Whether all words of a turn go: from its first character to its last."""
    inside = [one for one in spans if one[0] >= span[0] and one[1] <= span[1]]
    return bool(inside) and min(inside)[0] == span[0] and max(end for _, end in inside) == span[1]


def _blanks(plan: Plan, source: Source, named: Sequence[Voice]) -> list[Span]:
    """What is taken out of the text of a source that others' words are in: words, wherever they stand, and names."""
    body = plan.texts[source.id].body
    kept = [(one.start, one.end) for one in plan.staying.get(source.id, [])]
    mine = _spans(plan.words).get(source.id, [])
    anywhere = [one.text for one in plan.words if len(one.text.split()) > 1] if mine else []
    labels = [label for voice in named for label in {voice.shown, voice.handle} if label]
    patterns = [re.escape(text) for text in set(anywhere) if body.count(text) > 1]
    patterns += [rf"(?i)(?<!\w){re.escape(label)}(?!\w)" for label in set(labels)]
    found = [match.span() for pattern in patterns for match in re.finditer(pattern, body)]
    return [*mine, *plan.blanks.get(source.id, []), *_outside(found, kept)]


def _outside(found: Sequence[Span], kept: Sequence[Span]) -> Iterator[Span]:
    """Those spans that touch none of the words that stay."""
    starts = np.array([start for start, _ in kept] or [0])
    ends = np.array([end for _, end in kept] or [0])
    for start, end in found:
        if not ((starts < end) & (ends > start)).any():
            yield start, end


def _tell(plan: Plan) -> Erased:
    """What goes, in sentences."""
    typed = [one for one in plan.parted if Media(one.media).typed]
    heard = [one for one in plan.parted if not Media(one.media).typed]
    counted = (
        (len(plan.words), "thing said, with its vector, corrections and place in themes", "things said, with theirs"),
        (len(plan.voices), "voice, with its receipts and choices", "voices, with their receipts and choices"),
        (len(plan.conversations), "conversation", "conversations"),
        (len(plan.whole), "file that was handed in, whole", "files that were handed in, whole"),
        (len(plan.photos), "picture of a paper", "pictures of papers"),
        (
            len(typed),
            "file with others' words in it: its text stays, with these words blanked; the file as it came goes",
            "files with others' words in them: their text stays, with these words blanked; the files as they came go",
        ),
        (
            len(heard),
            "recording of others too: only the moments of their words stay, the rest is made silent",
            "recordings of others too: only the moments of their words stay, the rest is made silent",
        ),
    )
    told = tuple(f"{count} {one if count == 1 else many}" for count, one, many in counted if count)
    return Erased(
        len(plan.words),
        len(plan.voices),
        len(plan.conversations),
        len(plan.whole) + len(plan.photos),
        len(plan.parted),
        told,
    )


# --- how it goes ------------------------------------------------------------------------------------------------------


def _go(line: Line, plan: Plan) -> Erased:
    """Erase what was planned: new files first, then the record outside, then all rows in one transaction."""
    now, erasure_id = datetime.now(UTC), new_id(Kind.ERASURE)
    made = {one.id: _make_anew(line, plan, one) for one in plan.parted}
    ids = [*plan.asked, *plan.ids, *(one.id for one in plan.voices), *(one.id for one in plan.whole)]
    record = {"id": erasure_id, "at": now.isoformat(), "ids": sorted({*ids, *plan.conversations}), "known": plan.known}
    line.store.note_erasure(json.dumps(record))
    with line.store.writing() as write:
        write.insert("erasure", [Erasure(erasure_id, len(plan.words), now, finished=False)])
        write.change("note_erased_citations", erasure_id=erasure_id, ids=plan.ids)
        write.change("recognise", hashes=list(plan.known), utterances=list(plan.known.values()))
        _drop_words(write, plan)
        _drop_sources(write, plan)
        for source in plan.parted:
            _replace(write, plan, source, made[source.id])
        write.change("drop_asked", ids=list(plan.asked))
        links = write.values("links_with", voices=[one.id for one in plan.voices])
    for link in links:
        line.store.contacts.drop(link)
    return _tell(plan)


def _drop_words(write: Executor, plan: Plan) -> None:
    for table, column in _BY_UTTERANCE.items():
        write.delete(table, column, plan.ids)
    write.delete("contrast", "utterance_id", plan.ids)
    write.delete("contrast", "against_utterance_id", plan.ids)
    write.change("drop_replies_to_nothing")
    write.change("drop_orphan_vectors")
    _take_quotes_out(write, _quotable(plan.words))
    voices = [one.id for one in plan.voices]
    for table, columns in _BY_VOICE.items():
        for column in columns:
            write.delete(table, column, voices)
    in_chains = write.values("voices_in_chains", ids=voices)
    write.delete("voice", "id", sorted(set(voices) - set(in_chains)))
    write.change("forget_names", ids=in_chains)  # others of their chains keep their places in it
    write.delete("conversation", "id", plan.conversations)


def _quotable(words: Iterable[Going]) -> list[str]:
    """Words long enough that whoever wrote them elsewhere was quoting, the longest first."""
    found = {text for one in words for text in (one.text, one.text_now) if is_telling(text)}
    return sorted(found, key=len, reverse=True)


def _take_quotes_out(write: Executor, words: Sequence[str]) -> None:
    write.change("drop_titles_with", words=words)
    for one in write.rows("decisions", Decision, id=None):
        text, because = (_without(part, words) for part in (one.text, one.because))
        if (text, because) != (one.text, one.because):
            write.change("take_quotes_out", id=one.id, text=text, because=because)
    for quote in words:
        write.change("take_quote_out_of_notes", quote=quote, instead=INSTEAD)
        write.change("take_quote_out_of_steps", quote=quote, instead=INSTEAD)


def _without(text: str | None, words: Sequence[str]) -> str | None:
    for one in words if text else ():
        text = text.replace(one, INSTEAD) if text else text
    return text


def _drop_sources(write: Executor, plan: Plan) -> None:
    sources = [one.id for one in plan.whole]
    transcripts = [plan.texts[one].id for one in sources if one in plan.texts]
    for table, column in _BY_TRANSCRIPT.items():
        write.delete(table, column, transcripts)
    all_sources = [*plan.whole, *plan.parted]
    gone = [*(one.sha256 for one in all_sources), *plan.photos]
    write.insert("leftover", [Leftover(sha256) for sha256 in gone])
    write.delete("photo", "source_id", [one.id for one in all_sources])
    write.delete("piece", "source_id", [one.id for one in all_sources])
    write.delete("failure", "sha256", gone)
    write.delete("agreement", "source_id", sources)
    write.change("forget_sources_of_links", sources=sources)
    write.delete("source", "id", sources)


@dataclass(frozen=True, slots=True)
class Leftover:
    """One row: a file that has to be removed."""

    sha256: str


@dataclass(frozen=True, slots=True)
class MadeAnew:
    """A file in the place of one that held words which were erased."""

    sha256: str
    size: int
    suffix: str
    body: str


def _make_anew(line: Line, plan: Plan, source: Source) -> MadeAnew:
    """The file that takes the place of one that others' words are in too, safe on the disk."""
    body = blanked(plan.texts[source.id].body, plan.blanks[source.id])
    if Media(source.media).typed:
        content = body.encode()
        while _is_of_another(line, source, sha256_of(content)):
            content += b"\n"  # two files may be alike once words are taken out, and each is a source of its own
        sha256, size = line.store.originals.add(io.BytesIO(content))
        return MadeAnew(sha256, size, ".txt", body)
    with tempfile.TemporaryFile(dir=line.store.folder) as quiet:
        kept = [(one.start_ms, one.end_ms) for one in plan.staying[source.id]]
        _silence(line, source, [(start, end) for start, end in kept if start is not None and end is not None], quiet)
        quiet.seek(0)
        sha256, size = line.store.originals.add(quiet)
    return MadeAnew(sha256, size, ".wav", body)


def _is_of_another(line: Line, source: Source, sha256: str) -> bool:
    with line.store.reading() as read:
        return any(one.id != source.id for one in read.rows("source_by_hash", Source, sha256=sha256))


def _silence(line: Line, source: Source, kept: Sequence[Span], into: BinaryIO) -> None:
    """Write a recording as WAV of the same length, silent but for the times that are kept, in milliseconds."""
    with wave.open(into, "wb") as file:
        file.setparams((1, 2, RATE, 0, "NONE", "not compressed"))
        at = 0
        for block in sound.blocks(line.store.originals.path(source.sha256)):
            loud = np.zeros(len(block), bool)
            for start, end in kept:
                loud[max(0, start * RATE // 1000 - at) : max(0, end * RATE // 1000 - at)] = True
            file.writeframes((np.where(loud, block, 0) * 32767).clip(-32768, 32767).astype("<i2").tobytes())
            at += len(block)


def _replace(write: Executor, plan: Plan, source: Source, made: MadeAnew) -> None:
    write.change("blank_transcript", source_id=source.id, body=made.body)
    write.change(
        "replace_original",
        source_id=source.id,
        sha256=made.sha256,
        suffix=made.suffix,
        size=made.size,
        name=f"{source.id}{made.suffix}",
        about=_about_without(source, plan.voices),
    )


def _about_without(source: Source, voices: Sequence[Voice]) -> str:
    """What is kept about a source, less who those are whose words went."""
    if Media(source.media) is Media.TABLE or source.about == "{}":
        return source.about
    about = capture.from_json(source.about)
    names = {name.casefold() for one in voices for name in (one.shown, one.handle)}
    left = {
        label: handle for label, handle in about.voices.items() if not {label.casefold(), handle.casefold()} & names
    }
    return capture.to_json(dataclasses.replace(about, voices=left, photo=None))


def _finish(line: Line) -> None:
    """Remove the old files, then write the database anew. Killed in between, the next call does it again."""
    with line.store.reading() as read:
        if not read.values("unfinished_erasures"):
            return
        leftovers = read.values("leftovers")
    for sha256 in leftovers:
        line.store.originals.remove(sha256)
    line.store.write_anew()
