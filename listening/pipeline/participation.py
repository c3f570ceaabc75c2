"""People stay in control of their words: receipts to come back by, choices, withdrawing, "that is not what I meant"."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from listening import consent, receipts
from listening.domain import (
    Cause,
    ConsentEvent,
    Decision,
    Fate,
    Felt,
    Happening,
    Kind,
    Objection,
    ObjectionReply,
    Purpose,
    Receipt,
    UtteranceEvent,
    new_id,
    says_something,
)
from listening.errors import NotFound, Refused
from listening.pipeline.keeping_word import FollowUp, news_for, read_follow_ups
from listening.pipeline.line import Line, signature
from listening.pipeline.views import find_id
from listening.pipeline.writing import readable
from listening.store import Executor

KEY = "receipts"
PARTICIPANT = "the person who said it"
REPLY_WITHIN_DAYS = 30
FEWEST_ANSWERS = 10  # below this, what people felt is not shown: one could tell who said what
LOOKED_AT = "looked at, and it may be shown"
_HOLDABLE = (Kind.UTTERANCE, Kind.CONVERSATION, Kind.VOICE)
LONGEST = 2_000  # characters of what a participant writes

FELT = (
    "I felt heard and understood.",
    "I was seen as a person.",
    "I could say what I wanted.",
    "I understand what was done and why.",
    "I could challenge it.",
)
"""Short form after scales that were tested with many people (CMS, Roos 2023, Colquitt)."""


# --- holding back, withdrawing ----------------------------------------------------------------------------------------


def hold(line: Line, which: str, because: str, by: str | None = None, cause: Cause = Cause.PERSON) -> list[str]:
    """Hold back an utterance, or all of a conversation or voice: in no theme, quote or export until it is released.

    :returns: the ids of the utterances.
    :raises NotFound: if there is no such thing.
    :raises Refused: if no reason is given.
    """
    return _happen(line, which, Happening.HELD, cause, because=because, by=by)


def release(
    line: Line, which: str, because: str = LOOKED_AT, by: str | None = None, cause: Cause | None = None
) -> list[str]:
    """Let go what was held, for one cause: with none named, the only one there is. What is withdrawn stays so.

    Whoever releases what was held in doubt says that they have listened.

    :returns: the ids of the utterances.
    :raises NotFound: if there is no such thing.
    :raises Refused: if nothing of it is held, or it is held for several causes and none is named.
    """
    with line.store.reading() as read:
        found = find_id(read, which, *_HOLDABLE)
        ids = read.values("utterances_of", id=found)
        open_causes = read.values("held_for", ids=ids) if ids else []
    if cause is None:
        cause = _only_cause(open_causes, found)
    elif cause not in open_causes:
        raise Refused(f"Nothing of {found} is held for this. There is nothing to release.")
    return _happen(line, found, Happening.RELEASED, cause, because=because, by=by)


def _only_cause(causes: Sequence[str], which: str) -> Cause:
    """The one cause that a person may let go; an objection is let go by a reply to it."""
    mine = sorted(set(causes) - {Cause.MEANING})
    if len(mine) > 1:
        raise Refused(f"{which} is held for more than one reason. Say which to let go: --cause {' or '.join(mine)}.")
    if not mine and Cause.MEANING in causes:
        raise Refused("Whoever said this says it is not what they meant. Answer them: `listening objections`.")
    if not mine:
        raise Refused(f"Nothing of {which} is held back. There is nothing to release.")
    return Cause(mine[0])


def withdraw(line: Line, which: str, by: str | None = None, because: str = "asked to") -> list[str]:
    """Take an utterance, or all of a conversation or voice, out of everything that is shown. There is no way back.

    With a voice, its receipts stop working too, and what it said about itself is forgotten. `erase_withdrawn` then
    erases it from everything that is kept.

    :returns: the ids of the utterances.
    :raises NotFound: if there is no such thing.
    """
    return _happen(line, which, Happening.WITHDRAWN, Cause.PERSON, because=because, by=by)


def _happen(line: Line, which: str, what: Happening, cause: Cause, *, because: str, by: str | None) -> list[str]:
    if not says_something(because):
        raise Refused("Say why, in a few words.")
    now = datetime.now(UTC)
    because, signed = readable(because), signature(line, by)
    with line.store.writing() as write:
        found = find_id(write, which, *_HOLDABLE)
        ids: list[str] = write.values("utterances_of", id=found)
        if not ids:
            raise NotFound(
                f"All words of {found} were withdrawn. Nothing of them is shown, and nothing more can be done."
            )
        write.insert("utterance_event", [UtteranceEvent(one, what, because, signed, now, cause) for one in ids])
        if what is Happening.WITHDRAWN and found.startswith(Kind.VOICE):
            write.change("revoke_receipts", voice_id=found, now=now)
            write.change("forget_about", voice_id=found, questions=None)
        if what is Happening.WITHDRAWN:
            write.change("ask_to_erase", ids=[found], now=now)
    return ids


# --- choices ----------------------------------------------------------------------------------------------------------


def choose(line: Line, voice: str, purpose: Purpose, *, given: bool, by: str | None = None) -> ConsentEvent:
    """Record that a voice said yes or no to one use of its words, with the wording that is shown today.

    :raises NotFound: if there is no such voice.
    """
    with line.store.writing() as write:
        event = ConsentEvent(
            voice_id=find_id(write, voice, Kind.VOICE),
            purpose=purpose,
            given=given,
            wording=consent.WORDING[purpose],
            signed=by or PARTICIPANT,
            happened_at=datetime.now(UTC),
        )
        write.insert("consent_event", [event])
    return event


def choices(line: Line, voice: str) -> dict[Purpose, bool | None]:
    """What a voice has chosen for each use of its words; None where it has not.

    :raises NotFound: if there is no such voice.
    """
    with line.store.reading() as read:
        return _choices(read, find_id(read, voice, Kind.VOICE))


def _choices(read: Executor, voice_id: str) -> dict[Purpose, bool | None]:
    return consent.choices(read.rows("consents_of_voice", ConsentEvent, voice_id=voice_id))


# --- receipts ---------------------------------------------------------------------------------------------------------


def give_receipt(line: Line, voice: str, by: str | None = None) -> str:
    """A new code with which this voice comes back to its words. It is shown once and kept nowhere.

    :raises NotFound: if there is no such voice.
    :raises Refused: if all words of this voice were taken out.
    """
    code = receipts.new_code()
    letters = receipts.read_code(code)
    assert letters is not None  # noqa: S101  what we spell we can read
    kept = receipts.keyed_hash(letters, line.store.key(KEY))
    with line.store.writing() as write:
        voice_id = find_id(write, voice, Kind.VOICE)
        if write.values("took_everything_out", voice_id=voice_id):
            raise Refused("Everything this person said was taken out, so there is nothing to come back to.")
        write.insert("receipt", [Receipt(kept, voice_id, signature(line, by), datetime.now(UTC), None)])
    return code


def voice_with(line: Line, typed: str) -> str:
    """The id of the voice that a code belongs to.

    :raises Refused: if the code is mistyped.
    :raises NotFound: if it opens nothing: never given out, revoked and withdrawn look the same.
    """
    letters = receipts.read_code(typed)
    if letters is None:
        raise Refused("That is not quite the code: a letter is missing or wrong. Look at each group of four again.")
    kept = receipts.keyed_hash(letters, line.store.key(KEY))
    with line.store.reading() as read:
        found = read.values("voice_of_receipt", code_hash=kept)
    if not found:
        raise NotFound("This code does not open anything here. Ask the person who gave it to you for a new one.")
    return str(found[0])


def revoke_receipts(line: Line, voice: str) -> None:
    """Stop every code of this voice from working, because a slip was lost, say.

    :raises NotFound: if there is no such voice.
    """
    with line.store.writing() as write:
        write.change("revoke_receipts", voice_id=find_id(write, voice, Kind.VOICE), now=datetime.now(UTC))


# --- what a participant sees ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OwnWords:
    """One utterance as the person who said it sees it: the words, and where they are now."""

    id: str
    text: str
    language: str | None
    conversation: str
    place: str | None
    held_on: date | None
    fate: Fate
    theme: str | None
    start_ms: int | None
    end_ms: int | None


@dataclass(frozen=True, slots=True)
class OpenObjection:
    """An objection, with the reply to it if there is one, and whether the reply is late."""

    id: str
    utterance: str
    said: str
    made_at: datetime
    reply_by: date
    reply: str | None
    replied_by: str | None
    overdue: bool


@dataclass(frozen=True, slots=True)
class Mine:
    """Everything that one voice is shown of its own."""

    voice: str
    words: list[OwnWords]
    decisions: list[Decision]
    rests_on: Mapping[str, tuple[str, ...]]  # decision id -> the utterances of this voice that it rests on
    choices: Mapping[Purpose, bool | None]
    objections: list[OpenObjection]
    felt: Mapping[str, int]
    following: Mapping[str, FollowUp]  # how it stands with each decision that something was written about
    news: tuple[str, ...]  # the decisions that are new or have changed since this voice was last shown them


def mine(line: Line, voice: str) -> Mine:
    """What became of the words of one voice.

    :raises NotFound: if there is no such voice.
    """
    with line.store.reading() as read:
        voice_id = find_id(read, voice, Kind.VOICE)
        words = read.rows("own_words", OwnWords, voice_id=voice_id)
        rests_on: dict[str, list[str]] = {}
        for decision, utterance in read.rows("decisions_on_voice", lambda *row: row, voice_id=voice_id):
            rests_on.setdefault(decision, []).append(utterance)
        decisions = [one for one in read.rows("decisions", Decision, id=None) if one.id in rests_on]
        chosen = _choices(read, voice_id)
        objections = _objections(read, voice_id)
        news = tuple(news_for(read, voice_id, decisions))
        following = {one: found for one, found in read_follow_ups(read).items() if one in rests_on}
        felt = dict(read.rows("felt_by_voice", lambda *row: row, voice_id=voice_id))
    return Mine(
        voice=voice_id,
        words=words,
        decisions=decisions,
        rests_on={decision: tuple(ids) for decision, ids in rests_on.items()},
        choices=chosen,
        objections=objections,
        felt=felt,
        following=following,
        news=news,
    )


# --- that is not what I meant -----------------------------------------------------------------------------------------


def object_to(line: Line, voice: str, utterance: str, said: str = "") -> Objection:
    """A voice says of its own words "that is not what I meant". They are held at once, and a reply is due.

    :raises NotFound: if this voice did not say that.
    :raises Refused: if what is written is longer than LONGEST.
    """
    if len(said) > LONGEST:
        raise Refused(f"That is longer than {LONGEST:,} letters. Please say it in fewer words.")
    said = readable(said)
    now = datetime.now(UTC)
    with line.store.writing() as write:
        voice_id = find_id(write, voice, Kind.VOICE)
        full = find_id(write, utterance, Kind.UTTERANCE)
        if full not in write.values("utterances_of", id=voice_id):
            raise NotFound(f"You have no words here with the id {utterance}.")
        found = Objection(new_id(Kind.OBJECTION), full, said, now, now.date() + timedelta(days=REPLY_WITHIN_DAYS))
        write.insert("objection", [found])
        held = UtteranceEvent(full, Happening.HELD, "not what I meant", PARTICIPANT, now, Cause.MEANING)
        write.insert("utterance_event", [held])
    return found


def reply(line: Line, objection: str, text: str, *, show_again: bool, by: str | None = None) -> ObjectionReply:
    """Answer an objection, signed. The words stay held unless whoever said them agrees that they are shown again.

    :raises NotFound: if there is no such objection.
    :raises Refused: if the reply says nothing, or there is one already that this does not follow up.
    """
    if not says_something(text):
        raise Refused("Write your reply, in words that the person can read.")
    text = readable(text)
    signed, now = signature(line, by), datetime.now(UTC)
    with line.store.writing() as write:
        found = [one for one in _objections(write, None) if one.id == objection]
        if not found:
            raise NotFound(f"There is no objection here with the id {objection}.")
        if found[0].reply is not None and not (show_again and _still_hidden(write, found[0])):
            raise Refused(
                f"{found[0].replied_by} has replied to this already, and the person relies on that. "
                "All that is left is to show the words again, once they agree."
            )
        answer = ObjectionReply(objection, text, signed, now)
        write.insert("objection_reply", [answer])
        if show_again:
            let_go = UtteranceEvent(found[0].utterance, Happening.RELEASED, text, signed, now, Cause.MEANING)
            write.insert("utterance_event", [let_go])
    return answer


def _still_hidden(write: Executor, objection: OpenObjection) -> bool:
    return Cause.MEANING in write.values("held_for", ids=[objection.utterance])


def objections(line: Line) -> list[OpenObjection]:
    """Every "that is not what I meant": those without a reply first, the oldest first."""
    with line.store.reading() as read:
        found = _objections(read, None)
    return sorted(found, key=lambda one: (one.reply is not None, one.made_at))


def _objections(read: Executor, voice_id: str | None) -> list[OpenObjection]:
    return read.rows("objections", OpenObjection, voice_id=voice_id, today=datetime.now(UTC).date())


# --- felt heard -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class FeltView:
    """What people answered to one statement. Hidden (no shares) while fewer than FEWEST_ANSWERS have answered."""

    statement: str
    answered: int
    asked: int  # voices that have a receipt, and so could answer
    shares: tuple[float, ...] | None  # of the answers 1 to 5, 0 to 1; None while hidden


def say_felt(line: Line, voice: str, agreements: Mapping[str, int]) -> list[Felt]:
    """Record how far a voice agrees with statements of FELT, 1 (not at all) to 5 (fully). The latest counts.

    :raises NotFound: if there is no such voice.
    :raises Refused: if a statement or a number is not among those offered.
    """
    if not set(agreements) <= set(FELT) or not set(agreements.values()) <= {1, 2, 3, 4, 5}:
        raise Refused("Choose from 1 (not at all) to 5 (fully) for the statements that are shown.")
    now = datetime.now(UTC)
    with line.store.writing() as write:
        voice_id = find_id(write, voice, Kind.VOICE)
        answers = [Felt(voice_id, statement, agreement, now) for statement, agreement in agreements.items()]
        write.insert("felt", answers)
    return answers


def felt(line: Line) -> list[FeltView]:
    """What people answered, never without how many did, and hidden below FEWEST_ANSWERS."""
    with line.store.reading() as read:
        asked = int(read.values("voices_with_receipts")[0])
        given: dict[str, list[int]] = {statement: [] for statement in FELT}
        for statement, agreement in read.rows("felt_by_all", lambda *row: row):
            given.setdefault(statement, []).append(agreement)
    return [
        FeltView(
            statement=statement,
            answered=len(answers),
            asked=max(asked, len(answers)),
            shares=tuple(answers.count(step) / len(answers) for step in range(1, 6))
            if len(answers) >= FEWEST_ANSWERS
            else None,
        )
        for statement, answers in given.items()
    ]
