"""The empty chair: who is not here, beside a profile of the area, and whether some people's words are acted on less.

What people say about themselves is kept apart from words, asked for with a wording, and only ever shown as counts.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from listening import questions, small_numbers
from listening.domain import AboutAnswer, AreaProfile, Kind
from listening.errors import Refused
from listening.pipeline.answering import AnswerView
from listening.pipeline.inquiring import current, released, rule_of
from listening.pipeline.line import Line, signature
from listening.pipeline.participation import PARTICIPANT
from listening.pipeline.views import find_id
from listening.questions import RATHER_NOT, Question
from listening.small_numbers import NOBODY, Between, Rule, Share, Shown
from listening.store import Executor

PLACE = "place"  # of the profile: how many people live in each place
NO_ANSWER = "no answer"  # did not say, was not asked, or would rather not
LEVEL = 0.95
OUTCOMES = {"acted-on": "acted on", "refused": "told why not", "waiting": "still waiting"}


# --- what people say about themselves ---------------------------------------------------------------------------------


def questions_asked(line: Line) -> list[Question]:
    """The questions about people that this inquiry asks, in the order of their sets."""
    with line.store.reading() as read:
        return _asked(read)


def _asked(read: Executor) -> list[Question]:
    asks = current(read).asks.split()
    return [one for one in questions.known().values() if one.id in asks]


def tell_about(line: Line, voice: str, answers: Mapping[str, str], *, agreed: bool, by: str | None = None) -> None:
    """Keep what a person said about themselves. An answer given before to the same question is forgotten.

    :param answers: id of the question -> id of the answer. "Prefer not to say" is an answer.
    :param agreed: whether they said yes to questions.WORDING.
    :raises NotFound: if there is no such voice.
    :raises Refused: if they did not agree, a question is not asked here, or it has no such answer.
    """
    if not agreed:
        raise Refused("Read out what is asked first. Answers are only kept after a clear yes.")
    with line.store.writing() as write:
        voice_id = find_id(write, voice, Kind.VOICE)
        asked = {one.id: one for one in _asked(write)}
        for question, answer in answers.items():
            if question not in asked:
                raise Refused(f"This inquiry does not ask {question}. `listening inquiry set --ask` says what it asks.")
            if answer not in asked[question].answers:
                raise Refused(f"{question} has no answer {answer}. Choose: {', '.join(asked[question].answers)}.")
        now = datetime.now(UTC)
        signed = by or PARTICIPANT
        write.change("forget_about", voice_id=voice_id, questions=list(answers))
        write.insert(
            "about_answer",
            [AboutAnswer(voice_id, one, answer, questions.WORDING, signed, now) for one, answer in answers.items()],
        )


def forget_about(line: Line, voice: str) -> None:
    """Remove all that a person said about themselves.

    :raises NotFound: if there is no such voice.
    """
    with line.store.writing() as write:
        voice_id = find_id(write, voice, Kind.VOICE)
        write.change("forget_about", voice_id=voice_id, questions=None)


def own_about(line: Line, voice: str) -> dict[str, str]:
    """What a person said about themselves: id of the question -> id of the answer. For that person only.

    :raises NotFound: if there is no such voice.
    """
    with line.store.reading() as read:
        voice_id = find_id(read, voice, Kind.VOICE)
        return dict(read.rows("about_of_voice", lambda *row: row, voice_id=voice_id))


# --- the profile of the area ------------------------------------------------------------------------------------------


def load_profile(line: Line, file: Path, by: str | None = None) -> int:
    """Take a profile of the area from a csv with the columns question, answer, people. It replaces the one before.

    A question is one of `questions.known()`, in full or without its set, or "place" for how many people live where.

    :returns: how many rows it has.
    :raises Refused: if it cannot be read, with the row and the reason.
    """
    signed, now = signature(line, by), datetime.now(UTC)
    try:
        with file.open(encoding="utf-8-sig", newline="") as opened:
            rows = list(csv.DictReader(opened))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise Refused(f"The profile {file.name} cannot be read. Save it as a csv in UTF-8.") from error
    if not rows or not {"question", "answer", "people"} <= set(rows[0]):
        raise Refused("A profile needs three columns with the headings question, answer and people, and a row.")
    made = [AreaProfile(*_profile_row(number, row), signed, now) for number, row in enumerate(rows, 2)]
    twice = [key for key, times in Counter((one.question, one.answer) for one in made).items() if times > 1]
    if twice:
        raise Refused(f"The profile says {' / '.join(twice[0])} more than once. Keep one of the rows.")
    with line.store.writing() as write:
        write.change("forget_profile")
        write.insert("area_profile", made)
    return len(made)


def _profile_row(number: int, row: Mapping[str, str | None]) -> tuple[str, str, int]:
    question, answer, people = ((row[name] or "").strip() for name in ("question", "answer", "people"))
    if not people.isdecimal():
        raise Refused(f"Row {number} of the profile does not say how many people, in digits only.")
    if question == PLACE and answer:
        return PLACE, answer, int(people)
    found = [one for one in questions.known().values() if question in (one.id, one.id.split("/")[1])]
    if not found:
        raise Refused(f"Row {number} of the profile: there is no question {question}. See `listening chair questions`.")
    for name, words in found[-1].answers.items():
        if answer.casefold() in (name, words.casefold()) and name != RATHER_NOT:
            return found[-1].id, name, int(people)
    raise Refused(f"Row {number} of the profile: {question} has no answer {answer}. See `listening chair questions`.")


# --- who is not here --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OutcomeView:
    """What became of the words of a group, one kind of it: how many people, and their share with its interval."""

    outcome: str  # a key of OUTCOMES
    count: int | None
    share: Share | None
    against_others: tuple[float, float] | None  # the share less that of everybody else who answered: its interval


@dataclass(frozen=True, slots=True)
class GroupOfPeople:
    """Those who gave one answer: how many were heard, beside the area, and what became of their words."""

    answer: str
    words: str
    heard: int | None
    share: Share | None  # of those who answered
    area: float | None  # the share of the area, 0 to 1
    told: str  # "fewer" or "more" than in the area, or nothing: it may be chance
    outcomes: tuple[OutcomeView, ...]


@dataclass(frozen=True, slots=True)
class ChairView:
    """One question about people, with a row for each answer."""

    id: str
    asks: str
    groups: tuple[GroupOfPeople, ...]
    no_answer: int | None
    shown: int  # the sum of the counts that are shown


@dataclass(frozen=True, slots=True)
class EmptyChair:
    """Who is not here, which places are silent, and whose words are acted on less, in sentences."""

    questions: tuple[ChairView, ...]
    silent: tuple[str, ...]
    acted_on_less: tuple[str, ...]


def empty_chair(line: Line) -> EmptyChair:
    """Who was heard and who was not, and what became of their words, as it may be shown."""
    with line.store.reading() as read:
        asked = _asked(read)
        everyone = read.rows("answers", AnswerView)
        said = {(voice, question): answer for voice, question, answer in read.rows("about", lambda *row: row)}
        profile = read.rows("area_profile", AreaProfile)
        spoken_in = set(read.values("places_heard"))
    shown = released(line, dict(_tables(asked, everyone, said)))
    area = {(one.question, one.answer): one.people for one in profile}
    rule, comparisons = rule_of(line), sum(len(one.answers) - 1 for one in asked) * len(OUTCOMES)
    found = tuple(_chair(one, shown, area, rule, comparisons) for one in asked)
    silent = tuple(one.answer for one in profile if one.question == PLACE and one.answer.casefold() not in spoken_in)
    return EmptyChair(found, silent, tuple(told for one in found for told in acted_on_less(one)))


def _tables(
    asked: Iterable[Question], everyone: Iterable[AnswerView], said: Mapping[tuple[str, str], str]
) -> Iterable[tuple[str, Mapping[str, int]]]:
    """For each question how many gave which answer: of everybody, and of those whose words came to each outcome."""
    outcomes = {"heard": list(everyone)} | {
        outcome: [one for one in everyone if _outcome(one) == outcome] for outcome in OUTCOMES
    }
    for question in asked:
        cells = [one for one in question.answers if one != RATHER_NOT]
        for name, people in outcomes.items():
            counts = Counter(said.get((one.id, question.id), RATHER_NOT) for one in people)
            table = {cell: counts[cell] for cell in cells}
            yield f"{name}/{question.id}", {**table, NO_ANSWER: len(people) - sum(table.values())}


def _outcome(voice: AnswerView) -> str:
    return "acted-on" if voice.acted_on else "refused" if voice.answered else "waiting"


def _chair(
    question: Question,
    shown: Mapping[str, Shown],
    area: Mapping[tuple[str, str], int],
    rule: Rule,
    comparisons: int,
) -> ChairView:
    heard = shown[f"heard/{question.id}"]
    answers = [one for one in heard if one != NO_ANSWER]
    lives: dict[str, int] = {one: area[question.id, one] for one in answers if (question.id, one) in area}
    live = sum(lives.values())
    kinds = {outcome: shown[f"{outcome}/{question.id}"] for outcome in OUTCOMES}
    groups = []
    for one in answers:
        wide = _share(one, answers, heard, rule, 1 - (1 - LEVEL) / len(answers))
        of_area = lives[one] / live if live and len(lives) == len(answers) else None
        groups.append(
            GroupOfPeople(
                answer=one,
                words=question.answers[one],
                heard=heard[one],
                share=wide,
                area=of_area,
                told=_beside(wide, of_area),
                outcomes=outcomes_of(one, heard, kinds, rule, 1 - (1 - LEVEL) / comparisons),
            )
        )
    return ChairView(question.id, question.asks, tuple(groups), heard[NO_ANSWER], small_numbers.total(heard))


def _share(one: str, answers: Iterable[str], shown: Shown, rule: Rule, level: float) -> Share | None:
    some, rest = _between(shown, [one], rule), _between(shown, [cell for cell in answers if cell != one], rule)
    return small_numbers.share(some, rest, level) if some and rest else None


def _between(shown: Shown, cells: Iterable[str], rule: Rule) -> Between | None:
    found = [small_numbers.between(shown, cell, rule) for cell in cells]
    known = [one for one in found if one]
    return sum(known, NOBODY) if len(known) == len(found) else None


def _beside(heard: Share | None, area: float | None) -> str:
    """What may be said of a share beside that of the area: nothing if that is inside the interval."""
    if heard is None or area is None or heard.low <= area <= heard.high:
        return ""
    return "fewer" if heard.high < area else "more"


# --- whose words are acted on less ------------------------------------------------------------------------------------


def outcomes_of(
    one: str, heard: Shown, kinds: Mapping[str, Shown], rule: Rule, level: float
) -> tuple[OutcomeView, ...]:
    """What became of the words of a group, and how that differs from everybody else who answered the same question.

    :param heard: how many of each group were heard, as it is shown.
    :param kinds: for each outcome, how many of each group had it, as it is shown.
    :param level: of one comparison; the more comparisons, the nearer to 1 it must be.
    """
    others = [cell for cell in heard if cell not in (one, NO_ANSWER)]
    found = []
    for outcome, shown in kinds.items():
        mine, theirs = (_some_and_rest(cells, shown, heard, rule) for cells in ([one], others))
        found.append(
            OutcomeView(
                outcome=outcome,
                count=shown[one],
                share=small_numbers.share(*mine) if mine else None,
                against_others=small_numbers.difference(mine, theirs, level) if mine and theirs else None,
            )
        )
    return tuple(found)


def _some_and_rest(cells: list[str], shown: Shown, heard: Shown, rule: Rule) -> tuple[Between, Between] | None:
    """Between what numbers those of a table lie, and those who were heard but are not in it."""
    some, everybody = _between(shown, cells, rule), _between(heard, cells, rule)
    if some is None or everybody is None:
        return None
    return some, Between(max(0, everybody.least - some.most), max(0, everybody.most - some.least))


def acted_on_less(chair: ChairView) -> tuple[str, ...]:
    """What may be said of groups whose words came to something else than others': only what chance does not explain."""
    return tuple(
        f"{group.words}: {'more' if outcome.against_others[0] > 0 else 'fewer'} were {OUTCOMES[outcome.outcome]} "
        f"than of everybody else who answered “{chair.asks}”"
        for group in chair.groups
        for outcome in group.outcomes
        if outcome.against_others and not outcome.against_others[0] <= 0 <= outcome.against_others[1]
    )
