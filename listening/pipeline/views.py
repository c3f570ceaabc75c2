"""What is there to see: themes, voices, one utterance, the ledger, the chain. Nothing here changes anything."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from pathlib import Path

import yaml

from listening.domain import Chain, Decision, Failure, Fate, Kind, Media, Photo, Source, Title, Transcript, kind_of
from listening.errors import NotFound
from listening.explain import sureness
from listening.pipeline.ingestion import Failed
from listening.pipeline.line import Line
from listening.store import Executor

SHORTEST_BEGINNING = 6  # of an id, its letter and dash included: shorter ones are more often mistyped than meant
_TRACED = (Kind.DECISION, Kind.THEME, Kind.UTTERANCE, Kind.CONVERSATION, Kind.VOICE)


def find_id(read: Executor, beginning: str, *kinds: Kind) -> str:
    """The one id of these kinds that begins so.

    :raises NotFound: if there is none, or more than one.
    """
    known = kind_of(beginning) in kinds and len(beginning) >= SHORTEST_BEGINNING
    found = read.values("ids_like", beginning=beginning) if known else []
    if not found:
        what = f"no {kinds[0].name.lower()}" if len(kinds) == 1 else "nothing"
        raise NotFound(f"There is {what} here with the id {beginning}.")
    if len(found) > 1 and beginning not in found:
        raise NotFound(f"More than one id begins with {beginning}. Write more of it.")
    return beginning if beginning in found else str(found[0])


# --- themes and voices ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ThemeRow:
    """A theme as the store tells it."""

    id: str
    voices: int
    utterances: list[str]  # exemplars first, then the firmest
    exemplars: list[str]
    strength: float  # mean over the utterances, 0 to 1
    survival: float | None


@dataclass(frozen=True, slots=True)
class ThemeView:
    """A theme as people see it: named in its members' words, counted in voices."""

    id: str
    name: str
    voices: int
    utterances: list[str]
    exemplars: list[str]
    phrases: list[str]
    words: dict[str, str]  # the text of each exemplar
    strength: float  # how firmly its utterances belong, on average, 0 to 1
    survival: float | None  # how often it came out again with a tenth of the conversations left out, 0 to 1
    sure: str  # the same in words
    title: Title | None  # a person's working title
    corrected_by: dict[str, str]  # who put the words of an exemplar right by ear, where somebody did


@dataclass(frozen=True, slots=True)
class AloneView:
    """An utterance on its own, beside the theme it stands nearest to."""

    id: str
    text: str
    voice: str
    nearest_theme: str | None
    nearness: float | None
    corrected_by: str | None


@dataclass(frozen=True, slots=True)
class VoiceView:
    """A voice, and where its words are now."""

    id: str
    shown: str
    conversations: int
    utterances: int
    doubtful: int  # of them; they count for nothing until a person has listened
    in_themes: int
    on_their_own: int
    in_decisions: int


@dataclass(frozen=True, slots=True)
class Words:
    """The exact words of an utterance, and who put them right by ear, if somebody did."""

    id: str
    text: str
    corrected_by: str | None


def themes(line: Line) -> list[ThemeView]:
    """The themes as they are now, those of most voices first."""
    with line.store.reading() as read:
        rows = read.rows("themes", ThemeRow)
        standing = [row.exemplars or row.utterances[:1] for row in rows]
        said = read.rows("texts", Words, ids=[one for some in standing for one in some])
        phrases: dict[str, list[str]] = {}
        for theme_id, phrase in read.rows("phrases", lambda *row: row):
            phrases.setdefault(theme_id, []).append(phrase)
        titles = {title.theme_id: title for title in read.rows("titles", Title)}
    words = {one.id: one.text for one in said}
    corrected = {one.id: one.corrected_by for one in said if one.corrected_by}
    return [
        ThemeView(
            id=row.id,
            name=words[some[0]],
            voices=row.voices,
            utterances=row.utterances,
            exemplars=some,
            phrases=phrases.get(row.id, []),
            words={one: words[one] for one in some},
            strength=row.strength,
            survival=row.survival,
            sure=sureness(row.survival),
            title=titles.get(row.id),
            corrected_by={one: corrected[one] for one in some if one in corrected},
        )
        for row, some in zip(rows, standing, strict=True)
    ]


def on_their_own(line: Line) -> list[AloneView]:
    """The utterances that stand on their own now."""
    with line.store.reading() as read:
        return read.rows("on_their_own", AloneView)


def voices(line: Line) -> list[VoiceView]:
    """Everyone who said something."""
    with line.store.reading() as read:
        return read.rows("voices", VoiceView)


# --- one utterance, one source ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class UtteranceView:
    """One utterance, its exact place in its source, and where it is now."""

    id: str
    text: str
    source: str
    source_sha256: str
    start: int
    end: int
    unit: str  # "char" of the source's text, or "ms" of its sound
    conversation: str
    voice: str
    fate: Fate
    because: str | None  # why it is held back, where it is
    heard: str | None  # what the machine heard, where a person put it right by ear
    corrected_by: str | None  # who did


def show(line: Line, utterance_id: str) -> UtteranceView:
    """:raises NotFound: if there is no such utterance."""
    with line.store.reading() as read:
        full = find_id(read, utterance_id, Kind.UTTERANCE)
        found = read.rows("shown_utterance", UtteranceView, id=full)
    if not found:
        raise NotFound(f"There is no utterance here with the id {utterance_id}.")
    return found[0]


def _source(read: Executor, source_id: str) -> Source:
    return read.rows("source_by_id", Source, id=find_id(read, source_id, Kind.SOURCE))[0]


def original(line: Line, source_id: str) -> Path:
    """Where the stored original is, byte for byte as it was handed in.

    :raises NotFound: if there is no such source.
    """
    with line.store.reading() as read:
        return line.store.originals.path(_source(read, source_id).sha256)


@dataclass(frozen=True, slots=True)
class Recording:
    """Where a recording is kept, and what its name ended in."""

    path: Path
    suffix: str


def recording(line: Line, source_id: str) -> Recording:
    """Where a recording is that may be listened to.

    :raises NotFound: if there is no such source, it is no recording, or it holds words that may not be heard: held
        back, withdrawn, or of somebody who does not want their recording kept.
    """
    with line.store.reading() as read:
        source = _source(read, source_id)
        silent = read.values("not_to_be_heard", source_id=source.id)[0]
    if silent:
        raise NotFound("This recording holds words that may not be heard, so it is not played.")
    if Media(source.media) is not Media.RECORDING:
        raise NotFound("These words were typed. There is no recording of them.")
    return Recording(line.store.originals.path(source.sha256), source.suffix)


def photo_of(line: Line, source_id: str) -> Path:
    """The picture of the paper that a source was typed up from.

    :raises NotFound: if there is no such source, or it has no picture.
    """
    with line.store.reading() as read:
        source = _source(read, source_id)
        photos = read.rows("photos_of_source", Photo, source_id=source.id)
    if not photos:
        raise NotFound(f"No picture came with the source {source.id}.")
    return line.store.originals.path(photos[-1].sha256)


def text_of(line: Line, source_id: str) -> str:
    """The text of a source, in which its utterances' offsets count.

    :raises NotFound: if there is no such source, or it is not read yet.
    """
    with line.store.reading() as read:
        source = _source(read, source_id)
        transcripts = read.rows("transcript_of_source", Transcript, source_id=source.id)
    if not transcripts:
        raise NotFound(f"The source {source.id} is not read yet. Run `listening ingest` to read what is waiting.")
    return transcripts[0].body


# --- the ledger, the chain, the whole ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CutShort:
    """A recording of which less could be read than it says there is."""

    source: str
    read_ms: int
    declared_ms: int


@dataclass(frozen=True, slots=True)
class Time:
    """How long all recordings are together, and what is to be heard in them, in milliseconds."""

    recorded_ms: int
    words_ms: int
    unheard_ms: int
    quiet_ms: int


@dataclass(frozen=True, slots=True)
class Ledger:
    """Where every utterance is, in counts, and every file that could not be taken."""

    entered: int
    in_themes: int
    on_their_own: int
    waiting: int
    held: int
    withdrawn: int  # erased, or about to be
    failed: int
    adds_up: bool
    sources: int
    sources_waiting: int
    failed_sources: list[Failed]
    recorded_ms: int
    words_ms: int  # of what was recorded: words were heard,
    unheard_ms: int  # somebody speaks but no words were made out,
    quiet_ms: int  # nobody speaks
    cut_short: list[CutShort]


@dataclass(frozen=True, slots=True)
class Counts:
    """How much of each thing there is."""

    sources: int
    sources_to_read: int
    conversations: int
    voices: int
    utterances: int
    waiting: int
    themes: int
    decisions: int
    failures: int


def ledger(line: Line) -> Ledger:
    """Count every utterance and every moment of sound once, and say whether that accounts for all that entered."""
    with line.store.reading() as read:
        counts = read.rows("counts", Counts)[0]
        by_fate = dict(read.rows("fates", lambda *row: row))
        failures = read.rows("failures", Failure)
        [time] = read.rows("time_heard", Time)
        cut_short = read.rows("cut_short", CutShort)
        [erased] = read.values("erased_utterances")
    return Ledger(
        entered=counts.utterances + erased,
        in_themes=by_fate.get(Fate.IN_THEME, 0),
        on_their_own=by_fate.get(Fate.ON_ITS_OWN, 0),
        waiting=by_fate.get(Fate.WAITING, 0),
        held=by_fate.get(Fate.HELD, 0),
        withdrawn=by_fate.get(Fate.WITHDRAWN, 0) + erased,
        failed=by_fate.get(Fate.FAILED, 0),
        adds_up=sum(by_fate.values()) == counts.utterances
        and time.recorded_ms == time.words_ms + time.unheard_ms + time.quiet_ms,
        sources=counts.sources,
        sources_waiting=counts.sources_to_read,
        failed_sources=[Failed(failure.name, failure.reason) for failure in failures],
        recorded_ms=time.recorded_ms,
        words_ms=time.words_ms,
        unheard_ms=time.unheard_ms,
        quiet_ms=time.quiet_ms,
        cut_short=cut_short,
    )


def traced(read: Executor, identifier: str) -> str:
    """The whole id; for a speaker of a recording whom somebody named, that of the person."""
    full = find_id(read, identifier, *_TRACED)
    known: list[str] = read.values("known_as", voice_id=full)
    return known[0] if known else full


def trace(line: Line, identifier: str) -> Chain:
    """All that hangs together with one decision, theme, utterance, conversation or voice.

    :raises NotFound: if it is none of these.
    """
    with line.store.reading() as read:
        full = traced(read, identifier)
        return read.rows("chain", lambda *lists: Chain(*map(tuple, lists)), id=full)[0]


@dataclass(frozen=True, slots=True)
class WordsView:
    """One utterance of a chain: the words, who said them, and where."""

    id: str
    text: str
    voice: str
    shown: str
    conversation: str
    place: str | None
    held_on: date | None
    corrected_by: str | None  # who put the words right by ear, if somebody did
    kept_out: bool  # held back from themes and quotes now


def words_of(line: Line, identifier: str) -> list[WordsView]:
    """The words that hang together with one decision, theme, utterance, conversation or voice."""
    with line.store.reading() as read:
        return read.rows("chain_words", WordsView, id=traced(read, identifier))


def find(line: Line, words: str) -> list[WordsView]:
    """The utterances that hold these words, whatever their capitals."""
    with line.store.reading() as read:
        return read.rows("utterances_saying", WordsView, words=words)


def decisions(line: Line, decision_id: str | None = None) -> list[Decision]:
    """All decisions, newest first, or the one with this id."""
    with line.store.reading() as read:
        return read.rows("decisions", Decision, id=decision_id)


def counts(line: Line) -> Counts:
    """How much of each thing there is."""
    with line.store.reading() as read:
        return read.rows("counts", Counts)[0]


# --- guides -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Guide:
    """A guide for people who listen, from `prompts/`."""

    name: str
    title: str
    kind: str
    body: str


def guides() -> Iterator[Guide]:
    """The guides that ship with this software, by name."""
    for file in sorted(files("prompts").iterdir(), key=lambda file: file.name):
        if file.name.endswith(".md"):
            _, front, body = file.read_text(encoding="utf-8").split("---\n", 2)
            facts = yaml.safe_load(front)
            yield Guide(file.name.removesuffix(".md"), facts["title"], facts["kind"], body.strip() + "\n")


def guide(name: str) -> Guide:
    """:raises NotFound: if there is no such guide."""
    known = {one.name: one for one in guides()}
    if name not in known:
        raise NotFound(f"There is no guide called {name}. The guides are: {', '.join(known)}.")
    return known[name]
