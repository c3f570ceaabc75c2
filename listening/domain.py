"""The things this software speaks of, as frozen values. Standard library only.

Offsets in text count Unicode characters from 0, ends are exclusive. Times in sound are whole milliseconds.
A class that says "one row" is also the shape of one row of the table of that name.
"""

from __future__ import annotations

import hashlib
import secrets
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path

Progress = Callable[[str, int, int], None]
"""Called as progress(what, done, total) while a long piece of work goes on."""


def no_progress(what: str, done: int, total: int) -> None:
    """The progress of work that nobody is watching."""


# --- ids ------------------------------------------------------------------------------------------------------------

ID_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's base 32: nothing that reads like something else
ID_LENGTH = 12  # 60 bits: a clash among a million ids is a 1 in 2 million event


class Kind(StrEnum):
    """What an id stands for: its first letter."""

    SOURCE = "s"
    TRANSCRIPT = "x"
    CONVERSATION = "c"
    VOICE = "v"
    UTTERANCE = "u"
    CLUSTER = "k"
    THEME = "t"
    DECISION = "d"
    RUN = "r"
    OBJECTION = "o"
    MILESTONE = "m"
    CHAIN = "f"  # a food conversation chain
    LINK = "n"  # one link of it
    PLANNED = "p"
    ERASURE = "e"


def _spell(number: int) -> str:
    return "".join(ID_ALPHABET[number >> shift & 31] for shift in range(5 * (ID_LENGTH - 1), -1, -5))


def new_id(kind: Kind) -> str:
    """A random id, for things that happen once."""
    return f"{kind.value}-{_spell(secrets.randbits(5 * ID_LENGTH))}"


def id_from(kind: Kind, *parts: object) -> str:
    """The id that the same parts always give, for things that follow from their content."""
    digest = hashlib.sha256("\x1f".join(map(str, parts)).encode()).digest()
    return f"{kind.value}-{_spell(int.from_bytes(digest, 'big') >> (256 - 5 * ID_LENGTH))}"


def kind_of(identifier: str) -> Kind | None:
    """What an id stands for, or None if it is not one of ours."""
    head, dash, rest = identifier.partition("-")
    known = dash and rest and set(rest) <= set(ID_ALPHABET) and head in set(Kind)
    return Kind(head) if known else None


def says_something(text: str) -> bool:
    """Whether a text has a letter or digit of any script: spaces, marks and invisible characters say nothing."""
    return any(letter.isalnum() for letter in text)


def holds_controls(text: str, allowed: str) -> bool:
    """Whether a text holds control characters or halves of letters, which nobody can see; `allowed` ones are fine."""
    return any(unicodedata.category(letter) in ("Cc", "Cs") and letter not in allowed for letter in text)


def sha256_of(content: bytes | str) -> str:
    """The content hash used everywhere: sha256 in hexadecimal; text counts as its UTF-8 bytes."""
    return hashlib.sha256(content.encode() if isinstance(content, str) else content).hexdigest()


def sha256_of_file(path: Path) -> str:
    """The sha256 of a file of any size, in hexadecimal; raises OSError if it cannot be read."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


# --- what people hand in ----------------------------------------------------------------------------------------------


class Media(StrEnum):
    """How a source holds its words."""

    NOTE = "note"
    TABLE = "table"
    RECORDING = "recording"
    DOCUMENT = "document"  # pages of a word processor
    TRANSCRIPT = "transcript"  # captions: speech that another program wrote down, with times
    CHAT = "chat"

    @property
    def typed(self) -> bool:
        """Whether the words were written rather than recorded."""
        return self is not Media.RECORDING


@dataclass(frozen=True, slots=True)
class About:
    """What the person who brought a conversation in wrote down about it. Everything is optional."""

    kind: str | None = None  # "good-life" or "food-chain"
    guide: str | None = None
    place: str | None = None
    held_on: date | None = None
    listener: str | None = None  # the speaker label of who listened; their questions are not utterances
    language: str | None = None  # BCP 47
    chain: str | None = None
    link: int | None = None
    speakers: int | None = None  # how many people speak in a recording
    voices: Mapping[str, str] = field(default_factory=dict)  # speaker label -> handle, the same person in every file
    photo: str | None = None  # the name of a picture beside the note: the paper that it was typed up from
    people: str = ""  # the list that the handles belong to
    part_of: str | None = None  # the conversation that this recording or later export is a part of


@dataclass(frozen=True, slots=True)
class Columns:
    """Which columns of a table hold what. `people` names the list that the voice column numbers people by.

    With `also`, a row is a conversation: the headings of `text` and `also` are its questions, the cells its answers.
    """

    text: str
    voice: str | None = None
    time: str | None = None
    people: str = ""
    also: tuple[str, ...] = ()
    place: str | None = None
    consent: str | None = None  # a row where this does not clearly say yes is not taken
    recording: tuple[str, ...] = ()  # columns with names of sound files
    private: bool = False  # the voice column holds names or addresses: it tells people apart and is never shown


class Role(StrEnum):
    """Whose a stretch of text is."""

    WORDS = "words"  # someone's words: they become utterances
    LISTENER = "listener"  # what the listener said or asked
    FRAME = "frame"  # front matter, speaker labels, headings: not speech


@dataclass(frozen=True, slots=True)
class Turn:
    """One speaker holding the floor: a span of the text, and whose it is."""

    start: int
    end: int
    role: Role = Role.WORDS
    speaker: str | None = None  # the label as written; None where nobody wrote down who spoke
    handle: str | None = None  # the person behind the label, where someone said who it is
    conversation: int = 0  # which of the document's conversations
    whole: bool = False  # handed in as one statement: kept in one piece
    said_at: datetime | None = None
    start_ms: int | None = None  # where in a recording it was said, when someone wrote that down
    end_ms: int | None = None
    heard: Segment | None = None  # how sure another program was that wrote it down by ear
    doubtful: bool = False  # it may be invented: for a person to listen to first
    same: str | None = None  # a hash that is equal when the same is handed in again; "row:..." proves little by itself


@dataclass(frozen=True, slots=True)
class Attached:
    """A recording that belongs to a conversation of a document: the name it is called by, and who speaks in it."""

    name: str
    speaker: str | None
    handle: str | None
    conversation: int = 0
    held_on: date | None = None
    same: str | None = None  # as of a turn
    part_of: str | None = None  # the conversation that entered earlier and that it belongs to, if it is known


@dataclass(frozen=True, slots=True)
class Document:
    """A typed source, read: its text, whose each stretch of it is, and what is known about its conversations.

    The turns are in order, do not overlap, and together hold every character that is not white space.
    """

    text: str
    turns: tuple[Turn, ...]
    conversations: tuple[About, ...]
    people: str = ""
    attached: tuple[Attached, ...] = ()
    notes: tuple[str, ...] = ()  # what the person who brought it in should know, in sentences


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of timed transcript as the engine gave it; never shown as a quote."""

    start_ms: int
    end_ms: int
    text: str  # verbatim from the engine, leading space included
    average_log_probability: float
    no_speech_probability: float
    compression_ratio: float
    language: str | None = None
    speech_probability: float = 1.0  # the voice detector's mean over its time, 0 to 1
    doubtful: bool = False  # the words may be invented: for a person to listen to first


@dataclass(frozen=True, slots=True)
class Part:
    """A span of a text after cutting: an utterance where role is WORDS, else kept as it is."""

    start: int
    end: int
    turn: Turn
    start_ms: int | None = None
    end_ms: int | None = None
    doubtful: bool = False


# --- how things were derived ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Model:
    """Which model did something, exactly."""

    name: str
    version: str
    weights_sha256: str | None = None  # None for rules that have no weights


class Stage(StrEnum):
    """What a run did."""

    READ = "read"
    TRANSCRIBE = "transcribe"
    SEPARATE = "separate"
    EMBED = "embed"
    SYNTHESISE = "synthesise"
    PLACE = "place"


@dataclass(frozen=True, slots=True)
class Run:
    """One row: one execution of one stage. Every derived row names its run."""

    id: str
    stage: Stage
    model: str
    model_version: str
    weights_sha256: str | None
    parameters: str  # JSON
    seed: int | None
    code_version: str
    inputs_sha256: str | None
    started_at: datetime


# --- rows -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Source:
    """One row: one original, stored under its hash, never changed."""

    id: str
    sha256: str
    media: Media
    suffix: str  # of the name it came with, lower case, with its dot
    name: str  # as it was handed in; may hold a person's name
    size: int  # bytes
    about: str  # JSON: what is needed to read it the same way again
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Photo:
    """One row: a picture of the paper that a source was typed up from, stored under its hash, never changed."""

    source_id: str
    sha256: str
    suffix: str
    name: str
    size: int  # bytes
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Agreement:
    """One row: before a recording was made here, somebody signed that everybody said yes to it, in this wording."""

    source_id: str
    wording: str
    signed: str
    agreed_at: datetime


@dataclass(frozen=True, slots=True)
class Failure:
    """One row: a file that could not be taken or read, and why, until it can be."""

    sha256: str
    name: str
    reason: str
    failed_at: datetime


@dataclass(frozen=True, slots=True)
class Transcript:
    """One row: the words of one source as text, decoded from a typed source or heard by a model."""

    id: str
    source_id: str
    run_id: str
    language: str | None
    body: str


@dataclass(frozen=True, slots=True)
class HeardSegment:
    """One row: one segment of a transcript, with its place in the body and how sure the engine was."""

    transcript_id: str
    ordinal: int
    start_char: int
    end_char: int
    start_ms: int
    end_ms: int
    confidence: float  # exp of the mean log probability of its tokens, 0 to 1; not calibrated
    no_speech_probability: float
    compression_ratio: float
    language: str | None
    speech_probability: float  # the voice detector's mean over its time, 0 to 1
    doubtful: bool  # the words may be invented


@dataclass(frozen=True, slots=True)
class Hearing:
    """One row: how much of a recording could be read, and how much of it the file says there is."""

    transcript_id: str
    read_ms: int
    declared_ms: int | None  # None where the file does not say, or all of it was read


class Sounding(StrEnum):
    """What is to be heard in a stretch of a recording."""

    WORDS = "words"
    UNHEARD = "unheard"  # somebody speaks, but no words were made out
    QUIET = "quiet"  # nobody speaks


@dataclass(frozen=True, slots=True)
class Stretch:
    """One row: a stretch of a recording; together they are all of it."""

    transcript_id: str
    ordinal: int
    start_ms: int
    end_ms: int
    what: Sounding


@dataclass(frozen=True, slots=True)
class Separation:
    """One row: what telling the speakers of a recording apart came to."""

    transcript_id: str
    run_id: str | None  # None where it failed
    people: int  # how many there seem to be; 0 where it failed
    given: bool  # whether a person said how many
    failed_because: str | None


@dataclass(frozen=True, slots=True)
class Speaking:
    """One row: a time in which one speaker of a recording speaks."""

    transcript_id: str
    run_id: str
    speaker: str  # "speaker 1" is the one who speaks first; "" is nobody known: perhaps somebody who spoke only here
    start_ms: int
    end_ms: int


@dataclass(frozen=True, slots=True)
class Conversation:
    """One row: one session between people."""

    id: str
    source_id: str
    kind: str | None
    guide: str | None
    place: str | None
    held_on: date | None
    listener: str | None
    language: str | None
    chain: str | None
    link: int | None


@dataclass(frozen=True, slots=True)
class Voice:
    """One row: one person's pseudonymous handle, unique within the list of people it belongs to."""

    id: str
    people: str
    handle: str
    shown: str  # what to call this voice on a screen


@dataclass(frozen=True, slots=True)
class ToldAgain:
    """One row: telling the speakers of a recording apart again gave an utterance to a voice; the latest counts."""

    utterance_id: str
    voice_id: str
    run_id: str
    signed: str
    happened_at: datetime


@dataclass(frozen=True, slots=True)
class VoiceEvent:
    """One row: a person said who a speaker of one recording is; the latest counts."""

    voice_id: str
    is_voice_id: str  # itself, where nobody knows after all
    signed: str
    happened_at: datetime


@dataclass(frozen=True, slots=True)
class Utterance:
    """One row: an exact span of a transcript, said by one voice in one conversation."""

    id: str
    transcript_id: str
    conversation_id: str
    voice_id: str
    ordinal: int
    start_char: int
    end_char: int
    start_ms: int | None
    end_ms: int | None
    said_at: datetime | None
    text: str  # body[start_char:end_char], kept beside its place so that reading is quick
    text_sha256: str
    run_id: str


class Happening(StrEnum):
    """What can be done to an utterance. It stays what it is; only where it may be shown changes."""

    HELD = "held"
    RELEASED = "released"
    WITHDRAWN = "withdrawn"
    FAILED = "failed"


class Cause(StrEnum):
    """Why an utterance is held. Each cause is let go by itself."""

    PERSON = "person"  # somebody held it back, to keep a person safe, say
    MEANING = "meaning"  # whoever said it says: that is not what I meant
    DOUBT = "doubt"  # the machine is not sure of the words: a person has to listen first


@dataclass(frozen=True, slots=True)
class UtteranceEvent:
    """One row: something a person or a stage did to one utterance, and why; for each cause the latest counts."""

    utterance_id: str
    what: Happening
    because: str
    signed: str
    happened_at: datetime
    cause: Cause


@dataclass(frozen=True, slots=True)
class Correction:
    """One row: what a person heard who listened again; the latest counts, the machine's words stay beside it."""

    utterance_id: str
    text: str
    text_sha256: str
    signed: str
    happened_at: datetime


@dataclass(frozen=True, slots=True)
class Erasure:
    """One row: words were erased for good. It points at no one."""

    id: str
    utterances: int
    erased_at: datetime
    finished: bool  # the old files are gone, and the database was written anew


class Fate(StrEnum):
    """Where an utterance is now. Every utterance has exactly one."""

    IN_THEME = "in_theme"
    ON_ITS_OWN = "on_its_own"
    WAITING = "waiting"
    HELD = "held"
    WITHDRAWN = "withdrawn"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Vector:
    """One row: where the meaning of one text lies, for one set of weights."""

    text_sha256: str
    weights_sha256: str
    run_id: str
    floats: bytes  # 32-bit little-endian, unit length


@dataclass(frozen=True, slots=True)
class UtteranceLanguage:
    """One row: the language that a synthesis took an utterance to be in. A guess, made anew by each."""

    run_id: str
    utterance_id: str
    language: str | None  # BCP 47, without a region; None where nothing tells


@dataclass(frozen=True, slots=True)
class Theme:
    """One row: an identity that lasts over runs, and the run it first appeared in."""

    id: str
    run_id: str


@dataclass(frozen=True, slots=True)
class Cluster:
    """One row: a group that one run found, and the theme that it is."""

    id: str
    run_id: str
    theme_id: str
    ordinal: int
    survival: float | None  # how often it came out again with a tenth of the conversations left out, 0 to 1


@dataclass(frozen=True, slots=True)
class Membership:
    """One row: an utterance in a cluster, and how firmly it belongs, 0 to 1."""

    cluster_id: str
    utterance_id: str
    strength: float


@dataclass(frozen=True, slots=True)
class OnItsOwn:
    """One row: an utterance that a run put in no cluster, and the cosine to the nearest one, if there is one."""

    run_id: str
    utterance_id: str
    nearest_cluster_id: str | None
    nearness: float | None


@dataclass(frozen=True, slots=True)
class Move:
    """One row: how many utterances that both runs knew went from one theme to another; None is on its own."""

    run_id: str
    from_theme_id: str | None
    to_theme_id: str | None
    utterances: int


@dataclass(frozen=True, slots=True)
class Exemplar:
    """One row: an utterance that stands for a cluster; rank 1 names it."""

    cluster_id: str
    rank: int
    utterance_id: str


@dataclass(frozen=True, slots=True)
class Phrase:
    """One row: a key phrase of a cluster, as a span of one member's text."""

    cluster_id: str
    rank: int
    utterance_id: str
    start_char: int
    end_char: int


@dataclass(frozen=True, slots=True)
class Contrast:
    """One row: two utterances of a cluster to read side by side.

    The second turns round what the first says; or, where `ends`, the two are the least alike of the cluster.
    """

    cluster_id: str
    rank: int
    utterance_id: str
    against_utterance_id: str
    ends: bool


@dataclass(frozen=True, slots=True)
class Title:
    """One row: a working title that a person gave a theme, signed; no text takes the last one away."""

    theme_id: str
    text: str | None
    signed: str
    written_at: datetime


class Change(StrEnum):
    """What one run did to one theme."""

    NEW = "new"
    CONTINUED = "continued"
    GROWN = "grown"
    SPLIT = "split"
    MERGED = "merged"
    FADED = "faded"


@dataclass(frozen=True, slots=True)
class Event:
    """What happened to a theme in one run.

    `others` are the themes it has to do with, and how many utterances went there or came from there, most first:
    for SPLIT where its words are now (or, for the newer part, where they came from), for MERGED what it took in (or,
    for a theme that is gone, what took it in).
    """

    theme: str
    change: Change
    others: tuple[tuple[str, int], ...] = ()


class Purpose(StrEnum):
    """What somebody's words may be used for. Each is a choice of its own."""

    GROUP = "group"
    READ = "read"
    QUOTE = "quote"
    AUDIO = "audio"
    CONTACT = "contact"


@dataclass(frozen=True, slots=True)
class ConsentEvent:
    """One row: a voice said yes or no to one use of its words, with the wording it was shown."""

    voice_id: str
    purpose: Purpose
    given: bool
    wording: str
    signed: str
    happened_at: datetime


@dataclass(frozen=True, slots=True)
class Receipt:
    """One row: a code that was given to a voice. The code itself is kept nowhere."""

    code_hash: str
    voice_id: str
    signed: str
    made_at: datetime
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True)
class Objection:
    """One row: a voice says of its own words "that is not what I meant". A reply is due."""

    id: str
    utterance_id: str
    said: str  # in their own words; may be empty
    made_at: datetime
    reply_by: date


@dataclass(frozen=True, slots=True)
class ObjectionReply:
    """One row: an answer to an objection, signed."""

    objection_id: str
    text: str
    signed: str
    replied_at: datetime


@dataclass(frozen=True, slots=True)
class Felt:
    """One row: how far a voice agrees with one statement about being heard, 1 (not at all) to 5 (fully)."""

    voice_id: str
    statement: str
    agreement: int
    answered_at: datetime


class Choice(StrEnum):
    """The three kinds of decision."""

    DO = "do"
    CANNOT = "cannot"
    THINKING = "thinking"


@dataclass(frozen=True, slots=True)
class Decision:
    """One row: what people decided, signed by whoever decided it."""

    id: str
    choice: Choice
    text: str
    because: str | None
    decided_by: str
    decided_at: datetime
    look_again_on: date
    challenge: str


@dataclass(frozen=True, slots=True)
class Citation:
    """One row: what a decision rests on: one utterance, or a theme's cluster as it stood."""

    decision_id: str
    utterance_id: str | None
    cluster_id: str | None


@dataclass(frozen=True, slots=True)
class Owner:
    """One row each time somebody said who sees to a decision; the latest counts."""

    decision_id: str
    owner: str
    signed: str
    written_at: datetime


@dataclass(frozen=True, slots=True)
class Milestone:
    """One row each time a step of a decision was set or changed; the latest counts, and those before it stay."""

    id: str
    decision_id: str
    text: str
    due_on: date
    done_on: date | None
    signed: str
    written_at: datetime


@dataclass(frozen=True, slots=True)
class ProgressNote:
    """One row: how it goes with a decision, and on which day it will be looked at again, if that is another one."""

    decision_id: str
    text: str
    look_again_on: date | None
    signed: str
    written_at: datetime


@dataclass(frozen=True, slots=True)
class Told:
    """One row each time a voice was shown a decision as it stood: it was told all that was written until `as_of`."""

    voice_id: str
    decision_id: str
    as_of: datetime
    told_at: datetime


@dataclass(frozen=True, slots=True)
class Chain:
    """Everything tied to one thing, from voice to decision, as lists of ids in a settled order."""

    decisions: tuple[str, ...]
    themes: tuple[str, ...]
    utterances: tuple[str, ...]
    conversations: tuple[str, ...]
    voices: tuple[str, ...]


# --- food conversation chains -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class FoodChain:
    """One row: a food conversation chain, what it is for, and the voice it starts with."""

    id: str  # follows from the name
    name: str
    aim: str
    starter_id: str
    signed: str
    started_at: datetime


@dataclass(frozen=True, slots=True)
class ChainLink:
    """One row: one link of a chain: who starts the conversation, and with whom."""

    id: str
    chain_id: str
    initiator_id: str
    other_id: str


class Step(StrEnum):
    """What can happen to a link. All but REMINDED are states it can be in."""

    INVITED = "invited"
    REMINDED = "reminded"  # a person sent one more kind message
    AGREED = "agreed"
    TALKED = "talked"
    RECORDED = "recorded"
    WENT_ON = "went_on"  # the other person starts a conversation next
    RESTED = "rested"  # the chain ends here, or rests for a while


@dataclass(frozen=True, slots=True)
class LinkEvent:
    """One row: a step of a link, who signed it and when; only ever added."""

    link_id: str
    step: Step
    source_id: str | None  # of RECORDED: what was handed in
    signed: str
    happened_at: datetime


@dataclass(frozen=True, slots=True)
class Invitation:
    """One row: a code that lets one person say yes or no to one link, once. The code itself is kept nowhere."""

    code_hash: str
    link_id: str
    signed: str
    made_at: datetime
    used_at: datetime | None


@dataclass(frozen=True, slots=True)
class OfferEvent:
    """One row: somebody marked an utterance as an offer of whoever said it, or no more; the latest counts."""

    utterance_id: str
    marked: bool
    signed: str
    happened_at: datetime


@dataclass(frozen=True, slots=True)
class PlanSignature:
    """One row: a voice signed the plan of a chain as it stood."""

    chain_id: str
    voice_id: str
    plan_sha256: str
    signed: str
    signed_at: datetime


# --- people of the organisation ---------------------------------------------------------------------------------------


class Duty(StrEnum):
    """What somebody of the organisation is here for; it decides which pages are theirs."""

    WORKER = "worker"
    LEADER = "leader"
    SAFEGUARDING = "safeguarding"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Account:
    """One row: somebody of the organisation who may sign in."""

    name: str
    role: Duty
    password_hash: str  # argon2id
    made_at: datetime


@dataclass(frozen=True, slots=True)
class OwnSession:
    """One row: a browser in which somebody came back to their own words."""

    token_sha256: str
    voice_id: str
    started_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Session:
    """One row: a browser in which somebody is signed in."""

    token_sha256: str
    account: str
    started_at: datetime
    ends_at: datetime


# --- the inquiry and the empty chair ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Inquiry:
    """One row: what is asked, where and when, and whom first, in the organisation's own words."""

    question: str
    area: str
    starts_on: date | None
    ends_on: date | None
    use_most: str  # who uses the organisation most
    reached_poorly: str  # who it reaches poorly, ignores or leaves out
    asks: str  # ids of the questions about people that are asked, with spaces between
    signed: str
    written_at: datetime


class AskedFirst(StrEnum):
    """The two groups that are asked first."""

    USE_MOST = "use-most"
    REACHED_POORLY = "reached-poorly"


@dataclass(frozen=True, slots=True)
class PlannedConversation:
    """One row: a conversation that is planned with people of a group."""

    id: str
    asked_first: AskedFirst
    with_whom: str
    planned_for: date | None
    signed: str
    planned_at: datetime


@dataclass(frozen=True, slots=True)
class PlannedEvent:
    """One row: a planned conversation was held or called off."""

    planned_id: str
    what: str  # "held" or "called-off"
    signed: str
    happened_at: datetime


@dataclass(frozen=True, slots=True)
class AskedFirstEvent:
    """One row: a voice is of a group that is asked first, or of none; the latest counts."""

    voice_id: str
    asked_first: AskedFirst | None
    signed: str
    happened_at: datetime


@dataclass(frozen=True, slots=True)
class AboutAnswer:
    """One row: what a person said about themselves, with the wording to which they agreed. Kept apart from words."""

    voice_id: str
    question: str
    answer: str
    wording: str
    signed: str
    answered_at: datetime


@dataclass(frozen=True, slots=True)
class AreaProfile:
    """One row: how many people of the area would give this answer."""

    question: str
    answer: str
    people: int
    signed: str
    loaded_at: datetime


@dataclass(frozen=True, slots=True)
class ShownCell:
    """One row: a count about a group as it was shown last; None where it was too small."""

    name: str
    cell: str
    count: int | None
    people: int
    shown_at: datetime
