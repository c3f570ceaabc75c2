"""The commands of the inquiry and of the empty chair: `listening inquiry ...`, `listening chair ...`."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from listening.domain import AskedFirst
from listening.options import By, Json

inquiry = typer.Typer(help="What is asked, and of whom first.", no_args_is_help=True, rich_markup_mode=None)
chair = typer.Typer(help="The empty chair: who is not here.", no_args_is_help=True, rich_markup_mode=None)

Group = Annotated[AskedFirst, typer.Option(help="Which of the two groups that are asked first.")]
VoiceId = Annotated[str, typer.Argument(metavar="VOICE", help="The id of a voice, or its beginning.")]


def _day(given: datetime | None) -> date | None:
    return given.date() if given else None


# --- the inquiry ------------------------------------------------------------------------------------------------------


@inquiry.command("show")
def show(as_json: Json = False) -> None:
    """What is asked, what is planned with each group, and how many of each were heard."""
    from listening import cli, paint_inquiry, pipeline

    cli._tell(pipeline.inquiry_view(cli._line()), as_json, paint_inquiry.inquiry)


@inquiry.command("set")
def set_(
    question: Annotated[str | None, typer.Option(help="The question that is asked.")] = None,
    area: Annotated[str | None, typer.Option(help="Where it is asked.")] = None,
    starts_on: Annotated[datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="The first day.")] = None,
    ends_on: Annotated[datetime | None, typer.Option("--until", formats=["%Y-%m-%d"], help="The last day.")] = None,
    use_most: Annotated[str | None, typer.Option(help="In your words: who uses your organisation most.")] = None,
    reached_poorly: Annotated[
        str | None, typer.Option(help="In your words: who it reaches poorly, ignores or leaves out.")
    ] = None,
    ask: Annotated[
        list[str] | None, typer.Option(help="A question about people to ask. Can be given again; replaces the list.")
    ] = None,
    by: By = None,
    as_json: Json = False,
) -> None:
    """Write down what this inquiry is. What you do not name stays as it was."""
    from listening import cli, paint_inquiry, pipeline

    given = {
        "question": question,
        "area": area,
        "starts_on": _day(starts_on),
        "ends_on": _day(ends_on),
        "use_most": use_most,
        "reached_poorly": reached_poorly,
        "asks": " ".join(dict.fromkeys(ask)) if ask else None,
    }
    line = cli._line()
    pipeline.set_inquiry(line, by=by, **{name: value for name, value in given.items() if value is not None})
    cli._tell(pipeline.inquiry_view(line), as_json, paint_inquiry.inquiry)


@inquiry.command("plan")
def plan(
    with_whom: Annotated[str, typer.Argument(metavar="WHO", help='Who it is with, for example "the lunch club".')],
    group: Group,
    on: Annotated[datetime | None, typer.Option("--on", formats=["%Y-%m-%d"], help="The day.")] = None,
    by: By = None,
    as_json: Json = False,
) -> None:
    """Plan a conversation with people of one of the two groups."""
    from listening import cli, paint_inquiry, pipeline

    cli._tell(
        pipeline.plan_conversation(cli._line(), group, with_whom, on=_day(on), by=by), as_json, paint_inquiry.planned
    )


@inquiry.command("held")
def held(
    planned: Annotated[str, typer.Argument(metavar="PLANNED", help="The id of the planned conversation.")],
    called_off: Annotated[bool, typer.Option("--called-off", help="It will not be held.")] = False,
    by: By = None,
    as_json: Json = False,
) -> None:
    """Say that a planned conversation was held."""
    from listening import cli, paint_inquiry, pipeline

    what = "called-off" if called_off else "held"
    cli._tell(pipeline.mark_planned(cli._line(), planned, what, by), as_json, lambda _: paint_inquiry.kept())


@inquiry.command("heard")
def heard(
    which: Annotated[str, typer.Argument(metavar="ID", help="A voice, or a conversation: everyone heard in it.")],
    group: Annotated[AskedFirst | None, typer.Option(help="Of which group; with none, of neither.")] = None,
    by: By = None,
    as_json: Json = False,
) -> None:
    """Say that somebody who was heard is of one of the two groups."""
    from listening import cli, paint_inquiry, pipeline

    cli._tell(pipeline.mark_asked_first(cli._line(), which, group, by), as_json, lambda _: paint_inquiry.kept())


# --- the empty chair --------------------------------------------------------------------------------------------------


@chair.command("show")
def chair_show(as_json: Json = False) -> None:
    """Who was heard and who was not, beside the area, and whose words were acted on less. No small numbers."""
    from listening import cli, paint_inquiry, pipeline

    cli._tell(pipeline.empty_chair(cli._line()), as_json, paint_inquiry.chair)


@chair.command("questions")
def chair_questions(as_json: Json = False) -> None:
    """The questions about people that an inquiry can ask, with their answers."""
    from listening import cli, paint_inquiry, questions

    found = [{"id": one.id, "asks": one.asks, "answers": dict(one.answers)} for one in questions.known().values()]
    cli._tell(found, as_json, lambda _: paint_inquiry.questions(questions.known().values()))


@chair.command("note")
def chair_note(
    voice: VoiceId,
    answer: Annotated[list[str], typer.Option(help="QUESTION=ANSWER by their ids. Can be given again.")],
    agreed: Annotated[bool, typer.Option("--agreed", help="They said yes to what `chair wording` asks.")] = False,
    by: By = None,
    as_json: Json = False,
) -> None:
    """Note what somebody said about themselves."""
    from listening import cli, paint_inquiry, pipeline

    line = cli._line()
    answers = dict(one.partition("=")[::2] for one in answer)
    pipeline.tell_about(line, voice, answers, agreed=agreed, by=pipeline.signature(line, by))
    cli._tell({"kept": len(answers)}, as_json, lambda _: paint_inquiry.kept())


@chair.command("wording")
def chair_wording() -> None:
    """What to read out before you ask anybody about themselves."""
    from listening import paint_inquiry, questions

    paint_inquiry.say(questions.WORDING)


@chair.command("forget")
def chair_forget(voice: VoiceId, as_json: Json = False) -> None:
    """Remove all that somebody said about themselves."""
    from listening import cli, paint_inquiry, pipeline

    pipeline.forget_about(cli._line(), voice)
    cli._tell({"forgotten": voice}, as_json, lambda _: paint_inquiry.say("Removed."))


@chair.command("profile")
def chair_profile(
    file: Annotated[Path, typer.Argument(help="A csv with the columns question, answer, people.")],
    by: By = None,
    as_json: Json = False,
) -> None:
    """Take a profile of the area, to see who is missing. It replaces the one before."""
    from listening import cli, paint_inquiry, pipeline

    rows = pipeline.load_profile(cli._line(), file, by)
    cli._tell({"rows": rows}, as_json, lambda _: paint_inquiry.kept())
