"""The command line: a thin caller of the pipeline.

Every command that tells something takes --json, and then prints one JSON document on standard output and nothing
else there. Progress and messages go to standard error. Imports are inside the commands so that --help is quick.
"""

from __future__ import annotations

import io
import json
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, NoReturn

import typer

from listening import __version__
from listening.chain_cli import chain
from listening.domain import Cause, Purpose
from listening.errors import ListeningError
from listening.inquiry_cli import chair, inquiry
from listening.options import By, Json

if TYPE_CHECKING:
    from listening.domain import Columns
    from listening.pipeline import Ingested, Line

app = typer.Typer(
    name="listening",
    help="Hear people in their own words, and show each of them what became of those words.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
flow = typer.Typer(help="Run the line as Prefect flows.", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(flow, name="flow")
account = typer.Typer(help="Who may sign in to the web pages.", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(account, name="account")
app.add_typer(chain, name="chain")
app.add_typer(inquiry, name="inquiry")
app.add_typer(chair, name="chair")

IF_ANY = {"because", "heard", "corrected_by", "kept_out", "notes", "guesses"}  # in JSON only where there is anything


def main() -> None:
    """The `listening` command: what cannot be done is said in a sentence, with exit status 1."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8")  # a pipe on Windows would not take everybody's words
    try:
        app()
    except ListeningError as error:
        _give_up(str(error))
    except OSError as error:
        _give_up(f"{error.strerror or error} ({error.filename or 'no file'}). Check the name, and that you may use it.")


def _give_up(sentence: str) -> NoReturn:
    print(f"listening: {sentence}", file=sys.stderr)
    sys.exit(1)


# --- what the commands share ------------------------------------------------------------------------------------------


def _line() -> Line:
    """The line that the settings name; what was withdrawn and is still here is erased first."""
    from listening.pipeline import erase_withdrawn

    line = _opened()
    if line.store.database.exists():
        erase_withdrawn(line)
    return line


def _opened() -> Line:
    from pydantic import ValidationError

    from listening.pipeline import open_line
    from listening.settings import Settings

    try:
        settings = Settings()
    except ValidationError as error:
        wrong = ", ".join(f"LISTENING_{str(one['loc'][0]).upper()}: {one['msg']}" for one in error.errors())
        _give_up(f"A setting is wrong. {wrong}.")
    return open_line(settings)


def _print_json(found: Any) -> None:
    print(json.dumps(found, ensure_ascii=False, indent=2, default=_plain))


def _plain(value: object) -> object:
    from dataclasses import asdict, is_dataclass

    if is_dataclass(value) and not isinstance(value, type):
        return {key: told for key, told in asdict(value).items() if told or key not in IF_ANY}
    if isinstance(value, date | datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no form in JSON")


def _tell(found: Any, as_json: bool, paint: Callable[[Any], None]) -> None:
    """Print what was found: as JSON, or as people read it."""
    if as_json:
        _print_json(found)
    else:
        paint(found)


@contextmanager
def _handed_in(path: str | None, columns: Columns | None) -> Iterator[Path | None]:
    """The path that was named; for - a file that holds what comes on standard input."""
    if path == "":
        raise typer.BadParameter("The name of the file or folder is empty.")
    if path != "-":
        yield None if path is None else Path(path)
        return
    with tempfile.TemporaryDirectory(prefix="listening-") as folder:
        file = Path(folder) / ("standard-input.csv" if columns else "standard-input.txt")
        file.write_bytes(sys.stdin.buffer.read())
        yield file


def _columns(
    text: list[str] | None,
    voice: str | None,
    time: str | None,
    people: str,
    place: str | None,
    consent: str | None,
    recording: list[str] | None,
) -> Columns | None:
    from listening.domain import Columns

    if not text and (voice or time or people or place or consent or recording):
        raise typer.BadParameter("Say which column holds the words, too: --text COLUMN.")
    if not text:
        return None
    return Columns(
        text=text[0],
        also=tuple(text[1:]),
        voice=voice,
        time=time,
        people=people,
        place=place,
        consent=consent,
        recording=tuple(recording or ()),
    )


# --- bring conversations in -------------------------------------------------------------------------------------------


def _end(result: Ingested) -> None:
    """End with status 1 if everything that was handed in failed."""
    if result.failed and not (result.utterances or result.already_known):
        raise typer.Exit(1)


What = Annotated[
    str | None, typer.Argument(help="A file, a folder, or - for standard input. With none: read what is still waiting.")
]
TextColumn = Annotated[
    list[str] | None,
    typer.Option("--text", help="Of a table: the column that holds the words. Again for each further question."),
]
VoiceColumn = Annotated[str | None, typer.Option("--voice", help="Of a table: the column that says who.")]
TimeColumn = Annotated[str | None, typer.Option("--time", help="Of a table: the column that says when.")]
People = Annotated[
    str, typer.Option("--people", help="Of a table: the list of people that it numbers, if there are several lists.")
]
PlaceColumn = Annotated[str | None, typer.Option("--place", help="Of a table: the column that says where.")]
ConsentColumn = Annotated[
    str | None, typer.Option("--consent", help="Of a table: the column that must say yes, or the row is not taken.")
]
RecordingColumn = Annotated[
    list[str] | None, typer.Option("--recording", help="Of a table: a column with names of recordings beside it.")
]
Named = Annotated[
    bool | None,
    typer.Option("--named/--not-named", help="Of notes that begin with one name: it says who speaks, or is words."),
]


@app.command()
def ingest(
    path: What = None,
    text: TextColumn = None,
    voice: VoiceColumn = None,
    time: TimeColumn = None,
    people: People = "",
    place: PlaceColumn = None,
    consent: ConsentColumn = None,
    recording: RecordingColumn = None,
    named: Named = None,
    as_json: Json = False,
) -> None:
    """Bring conversations in: notes, documents, tables, captions, chats and recordings."""
    from listening import paint, pipeline

    line = _line()
    columns = _columns(text, voice, time, people, place, consent, recording)
    with paint.progress() as progress, _handed_in(path, columns) as handed_in:
        result = pipeline.ingest(line, handed_in, columns, progress, named=named)
    _tell(result, as_json, paint.ingested)
    if result.utterances:
        _place(line, quiet=as_json)
    _end(result)


def _place(line: Line, *, quiet: bool) -> None:
    """Place new words among the themes. What was brought in is safe, whether or not this can be done."""
    from listening import paint, pipeline

    try:
        with paint.progress() as progress:
            placed = pipeline.place_waiting(line, progress)
    except ListeningError as error:
        print(f"listening: The new words are kept and wait for the next synthesis. {error}", file=sys.stderr)
        return
    if not quiet:
        paint.placed(placed)


@app.command()
def synthesise(as_json: Json = False) -> None:
    """Find the themes in all that was said, without categories brought along."""
    from listening import giving_way, paint, pipeline

    giving_way.give_way()
    line = _line()
    with paint.progress() as progress:
        result = pipeline.synthesise(line, progress)
    if as_json:
        _print_json(
            {
                "run": result.run,
                "utterances": result.utterances,
                "themes": result.themes,
                "on_their_own": result.on_their_own,
                "seconds": result.seconds,
            }
        )
    else:
        paint.synthesised(result)
        if result.new:
            paint.changes(pipeline.changes(line))


# --- look -------------------------------------------------------------------------------------------------------------


@app.command()
def themes(as_json: Json = False) -> None:
    """The themes in people's own words, and the voices on their own beside them."""
    from listening import paint, pipeline

    line = _line()
    found = pipeline.themes(line)
    if as_json:
        _print_json(
            [
                {
                    "id": theme.id,
                    "name": theme.name,
                    "voices": theme.voices,
                    "utterances": theme.utterances,
                    "exemplars": theme.exemplars,
                    "phrases": theme.phrases,
                    "strength": theme.strength,
                    "survival": theme.survival,
                    "title": theme.title,
                }
                for theme in found
            ]
        )
    else:
        paint.themes(found)
        paint.on_their_own(pipeline.on_their_own(line))


@app.command()
def theme(
    which: Annotated[str, typer.Argument(metavar="N", help="Its number in `listening themes`, or its id.")],
    why: Annotated[
        bool, typer.Option("--why", help="Say why these statements are together, and how sure that is.")
    ] = False,
    history: Annotated[bool, typer.Option("--history", help="Say what became of it, from the first time on.")] = False,
    as_json: Json = False,
) -> None:
    """One theme: its words, where people differ, why it is one, and what became of it."""
    from listening import paint, pipeline

    page = pipeline.theme_page(_line(), which)
    _tell(page, as_json, lambda page: paint.theme(page, why=why, history=history))


@app.command()
def changes(as_json: Json = False) -> None:
    """What the latest synthesis did to the themes there were: new, grown, split, merged, faded."""
    from listening import paint, pipeline

    _tell(pipeline.changes(_line()), as_json, paint.changes)


@app.command()
def title(
    which: Annotated[str, typer.Argument(metavar="N", help="The number of the theme, or its id.")],
    text: Annotated[str | None, typer.Argument(help="The title. With none: take the last one away.")] = None,
    by: Annotated[
        str | None, typer.Option(help="Who gives it. With none: LISTENING_DECIDED_BY, or your login.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Give a theme a working title of your own, signed. Its name in people's own words stays beside it."""
    from listening import paint, pipeline

    _tell(pipeline.give_title(_line(), which, text, by), as_json, paint.title)


@app.command()
def alone(as_json: Json = False) -> None:
    """The voices on their own, each with the theme it stands nearest to."""
    from listening import paint, pipeline

    _tell(pipeline.on_their_own(_line()), as_json, lambda found: paint.on_their_own(found, every=True))


@app.command()
def voices(as_json: Json = False) -> None:
    """Everyone who said something, and where their words are now."""
    from listening import paint, pipeline

    _tell(pipeline.voices(_line()), as_json, paint.voices)


@app.command()
def show(utterance: str, as_json: Json = False) -> None:
    """One utterance: the exact words, where they stand in the source, and what became of them."""
    from listening import paint, pipeline

    _tell(pipeline.show(_line(), utterance), as_json, paint.utterance)


@app.command()
def find(words: str, as_json: Json = False) -> None:
    """Who said something: the utterances that hold these words."""
    from listening import paint, pipeline

    _tell(pipeline.find(_line(), words), as_json, lambda found: paint.found(words, found))


@app.command()
def source(
    identifier: Annotated[str, typer.Argument(metavar="ID")],
    text: Annotated[bool, typer.Option("--text", help="The text that the offsets of utterances count in.")] = False,
    photo: Annotated[bool, typer.Option("--photo", help="The picture of the paper that it was typed up from.")] = False,
) -> None:
    """Write a stored original, byte for byte, to standard output."""
    import shutil

    from listening import pipeline

    if text:
        sys.stdout.buffer.write(pipeline.text_of(_line(), identifier).encode())
        return
    find = pipeline.photo_of if photo else pipeline.original
    with find(_line(), identifier).open("rb") as original:
        shutil.copyfileobj(original, sys.stdout.buffer)


@app.command()
def ledger(as_json: Json = False) -> None:
    """Where every utterance is now. The counts must add up."""
    from listening import paint, pipeline

    found = pipeline.ledger(_line())
    _tell(found, as_json, paint.ledger)
    if not found.adds_up:
        raise typer.Exit(1)


@app.command()
def status(as_json: Json = False) -> None:
    """What is here, and what to do next."""
    from listening import paint, pipeline

    line = _line()
    found = pipeline.counts(line)
    if as_json:
        from dataclasses import asdict

        _print_json({"version": __version__, "data": str(line.settings.data), **asdict(found)})
    else:
        paint.status(line.settings.data, found)


@app.command()
def guides(
    name: Annotated[str | None, typer.Argument(help="Which guide to read. With none: list them.")] = None,
    as_json: Json = False,
) -> None:
    """The guides for people who hold conversations."""
    from listening import paint, pipeline

    found = [pipeline.guide(name)] if name else list(pipeline.guides())
    _tell(found, as_json, (lambda found: paint.guide(found[0])) if name else paint.guides)


# --- put right what was heard -----------------------------------------------------------------------------------------


@app.command()
def doubtful(as_json: Json = False) -> None:
    """Words from recordings that may not have been said. They are held back until a person has listened."""
    from listening import paint, pipeline

    _tell(pipeline.doubtful(_line()), as_json, paint.doubtful)


@app.command()
def clip(utterance: str, file: Annotated[Path, typer.Argument(help="The WAV file to write.")]) -> None:
    """Write the sound of an utterance into a file, to listen to."""
    from listening import paint, pipeline

    pipeline.clip(_line(), utterance, file)
    paint.written(file)


@app.command()
def correct(
    utterance: str,
    to: Annotated[str, typer.Option("--to", help="The words that you hear.")],
    by: By = None,
    as_json: Json = False,
) -> None:
    """You have listened, and hear other words. What the machine heard stays beside them."""
    from listening import paint, pipeline

    line = _line()
    _tell(pipeline.show(line, pipeline.correct(line, utterance, to, by)), as_json, paint.utterance)


@app.command()
def speakers(
    conversation: str,
    clips: Annotated[Path | None, typer.Option("--clip", help="A folder for a few seconds of each speaker.")] = None,
    people: Annotated[int | None, typer.Option(help="Tell them apart again: so many people speak.")] = None,
    again: Annotated[bool, typer.Option("--again", help="Tell them apart again, and guess how many speak.")] = False,
    by: By = None,
    as_json: Json = False,
) -> None:
    """Who speaks in a recorded conversation, how long, and where to listen to them."""
    from listening import paint, pipeline

    line = _line()
    if again or people is not None:
        changed = pipeline.tell_apart_again(line, conversation, people, by)
        if not as_json:
            paint.apart(changed)
    found = pipeline.speakers(line, conversation, clips)
    _tell(found, as_json, lambda found: paint.speakers(found, clips))


@app.command()
def speaker(
    voice: str,
    by: By = None,
    handle: Annotated[
        str | None, typer.Option("--is", help="Who it is: the handle used for this person elsewhere.")
    ] = None,
    unknown: Annotated[bool, typer.Option("--unknown", help="Nobody knows after all.")] = False,
    as_json: Json = False,
) -> None:
    """Say who a speaker of a recording is. From then on one person is one voice."""
    from listening import paint, pipeline

    if (handle is None) is not unknown:
        raise typer.BadParameter("Say who it is, --is HANDLE, or --unknown.")
    found = pipeline.name_speaker(_line(), voice, handle, by)
    if as_json:
        _print_json({"id": found.id, "shown": found.shown})
    else:
        paint.named(found)


# --- decide and trace -------------------------------------------------------------------------------------------------


@app.command()
def decide(
    do: Annotated[str | None, typer.Option(help="What will be done.")] = None,
    cannot: Annotated[str | None, typer.Option(help="What cannot be done. Give the reason with --because.")] = None,
    thinking: Annotated[str | None, typer.Option(help="What is still being thought about.")] = None,
    because: Annotated[str | None, typer.Option(help="The reason.")] = None,
    utterance: Annotated[list[str] | None, typer.Option(help="An utterance it rests on. Can be given again.")] = None,
    theme: Annotated[list[str] | None, typer.Option(help="A theme it rests on. Can be given again.")] = None,
    by: Annotated[str | None, typer.Option(help="Who decided. With none: LISTENING_DECIDED_BY, or your login.")] = None,
    look_again: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The day it will be looked at again.")
    ] = None,
    challenge: Annotated[str | None, typer.Option(help="How people can challenge it.")] = None,
    owner: Annotated[str | None, typer.Option(help="Who sees to it.")] = None,
    milestone: Annotated[
        list[str] | None,
        typer.Option(help='A step: by when, and what, such as "2026-12-01 The spoons are here". Can be given again.'),
    ] = None,
    as_json: Json = False,
) -> None:
    """Record a decision: do, cannot (with a reason), or still thinking, resting on somebody's words."""
    from listening import paint, pipeline
    from listening.domain import Choice

    said = {Choice.DO: do, Choice.CANNOT: cannot, Choice.THINKING: thinking}
    chosen = [(choice, words) for choice, words in said.items() if words is not None]
    if len(chosen) != 1:
        raise typer.BadParameter("Say one of --do, --cannot or --thinking, and what.")
    [(choice, words)] = chosen
    line = _line()
    decision = pipeline.decide(
        line,
        choice,
        words,
        because=because,
        utterances=utterance or [],
        themes=theme or [],
        by=by,
        look_again_on=look_again.date() if look_again else None,
        challenge=challenge,
        owner=owner,
        milestones=[_step(one) for one in milestone or []],
    )
    if as_json:
        _print_json({"id": decision.id})
    else:
        paint.decision(decision, pipeline.follow_ups(line, decision.id).get(decision.id))
        paint.chain(pipeline.trace(line, decision.id), pipeline.words_of(line, decision.id))


def _step(written: str) -> tuple[str, date]:
    """A step as it is written: a day, then what."""
    day, _, what = written.strip().partition(" ")
    try:
        return what, date.fromisoformat(day)
    except ValueError:
        raise typer.BadParameter('Write the day first, then what: "2026-12-01 The spoons are here".') from None


DecisionId = Annotated[str, typer.Argument(metavar="DECISION")]


@app.command()
def decisions(
    which: Annotated[str | None, typer.Argument(metavar="[DECISION]", help="Only this one, with its history.")] = None,
    as_json: Json = False,
) -> None:
    """What was decided, who sees to it, its steps, and how it goes."""
    from dataclasses import asdict

    from listening import paint, pipeline

    line = _line()
    found = [pipeline.decision_with(line, which)] if which else pipeline.decisions(line)
    following = pipeline.follow_ups(line)
    if as_json:
        _print_json([{**asdict(one), **asdict(following.get(one.id, pipeline.NOTHING_YET))} for one in found])
        return
    for one in found:
        paint.decision(one, following.get(one.id))
    if which:
        paint.history(following.get(found[0].id))


@app.command()
def owner(decision: DecisionId, name: str, by: By = None, as_json: Json = False) -> None:
    """Say who sees to a decision. Who did before stays in its history."""
    from listening import paint, pipeline

    _tell(pipeline.set_owner(_line(), decision, name, by), as_json, lambda _: paint.kept())


@app.command()
def milestone(
    which: Annotated[str, typer.Argument(metavar="ID", help="The decision; or a step, to give it another day.")],
    text: Annotated[str | None, typer.Argument(help="What the step is.")] = None,
    due: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="By when.")] = None,
    by: By = None,
    as_json: Json = False,
) -> None:
    """Add a step to a decision, what and by when; or give a step another day."""
    from listening import paint, pipeline

    if due is None:
        raise typer.BadParameter("Say by when: --due 2026-12-01.")
    line, day = _line(), due.date()
    found = (
        pipeline.add_milestone(line, which, text, day, by)
        if text is not None
        else pipeline.move_milestone(line, which, day, by)
    )
    _tell(found, as_json, lambda found: paint.kept(found.id))


@app.command()
def done(
    which: Annotated[str, typer.Argument(metavar="STEP")],
    on: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="On which day. With none: today.")] = None,
    by: By = None,
    as_json: Json = False,
) -> None:
    """Say that a step is done."""
    from listening import paint, pipeline

    _tell(pipeline.milestone_done(_line(), which, on.date() if on else None, by), as_json, lambda _: paint.kept())


@app.command()
def progress(
    decision: DecisionId,
    text: Annotated[str, typer.Argument(help="How it goes.")],
    look_again: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Another day to look at it again.")
    ] = None,
    by: By = None,
    as_json: Json = False,
) -> None:
    """Say how it goes with a decision. Everybody whose words it rests on is told."""
    from listening import paint, pipeline

    day = look_again.date() if look_again else None
    _tell(pipeline.note_progress(_line(), decision, text, day, by), as_json, lambda _: paint.kept())


@app.command()
def trace(identifier: Annotated[str, typer.Argument(metavar="ID")], as_json: Json = False) -> None:
    """Follow a decision, theme, utterance, conversation or voice to all that hangs together with it."""
    from listening import paint, pipeline

    line = _line()
    found = pipeline.trace(line, identifier)
    if as_json:
        _print_json(found)
        return
    following = pipeline.follow_ups(line)
    for one in found.decisions:
        paint.decision(pipeline.decision_with(line, one), following.get(one))
    paint.chain(found, pipeline.words_of(line, identifier))


@app.command()
def export(
    folder: Annotated[Path, typer.Argument(help="Where to put the files. Nothing there is overwritten.")],
    formats: Annotated[
        list[str] | None,
        typer.Option("--format", help="html, xlsx, csv, parquet, prov or refi. Can be given again. With none: all."),
    ] = None,
    public: Annotated[
        bool, typer.Option("--public", help="Only what everybody may read: words with a yes to that, and no names.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Take everything along: words, themes, decisions and the trace. Held and withdrawn words stay here."""
    from listening import paint, pipeline

    written = pipeline.export(_line(), folder, formats or [], public=public)
    _tell([str(file) for file in written], as_json, lambda found: paint.exported(found, public=public))


# --- people stay in control of their words ----------------------------------------------------------------------------

Which = Annotated[str, typer.Argument(metavar="ID", help="An utterance, a conversation or a voice.")]
Because = Annotated[str, typer.Option(help="Why, in a few words.")]
VoiceId = Annotated[str, typer.Argument(metavar="VOICE")]


@app.command()
def hold(which: Which, because: Because, by: By = None, as_json: Json = False) -> None:
    """Hold words back: they are in no theme, quote or export until somebody releases them."""
    from listening import paint, pipeline

    _tell(pipeline.hold(_line(), which, because, by), as_json, paint.held)


@app.command()
def release(
    which: Which,
    because: Annotated[str | None, typer.Option(help="Why, in a few words.")] = None,
    cause: Annotated[Cause | None, typer.Option(help="Which of several reasons for holding it to let go.")] = None,
    by: By = None,
    as_json: Json = False,
) -> None:
    """Let go what was held back. Of doubtful words this says: I have listened, and they are right."""
    from listening import paint, pipeline

    given = {"because": because} if because else {}
    _tell(pipeline.release(_line(), which, by=by, cause=cause, **given), as_json, paint.released)


@app.command()
def withdraw(which: Which, by: By = None, as_json: Json = False) -> None:
    """Take words out of everything and erase them for good, because whoever said them asks for it."""
    from listening import paint, pipeline

    line = _line()
    gone = pipeline.withdraw(line, which, by)
    pipeline.erase_withdrawn(line)
    _tell(gone, as_json, paint.withdrawn)


@app.command()
def erase(
    which: Which,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only list what would go.")] = False,
    as_json: Json = False,
) -> None:
    """Erase words for good: from the database, the files and the recordings. There is no way back."""
    from listening import paint, pipeline

    found = pipeline.erase(_line(), which, dry_run=dry_run)
    _tell(found, as_json, lambda found: paint.erased(found, dry_run=dry_run))


@app.command()
def receipt(
    voice: VoiceId,
    stop: Annotated[bool, typer.Option("--stop", help="Stop every code of this voice: a slip was lost, say.")] = False,
    by: By = None,
    as_json: Json = False,
) -> None:
    """A new code with which somebody comes back to their own words. It is shown once."""
    from listening import paint, pipeline

    if stop:
        pipeline.revoke_receipts(_line(), voice)
        _tell({"stopped": voice}, as_json, lambda _: paint.receipts_stopped())
        return
    _tell({"code": pipeline.give_receipt(_line(), voice, by)}, as_json, lambda given: paint.receipt(given["code"]))


@app.command()
def everything(
    voice: VoiceId, file: Annotated[Path, typer.Argument(help="The new HTML file to write.")], as_json: Json = False
) -> None:
    """Write all that is kept about somebody into one file, to hand to them."""
    from dashboards.participants import as_page
    from listening import paint, pipeline

    found = pipeline.everything(_line(), voice)
    with file.open("x", encoding="utf-8") as made:
        made.write(as_page(found))
    _tell(found, as_json, lambda _: paint.written(file))


@app.command()
def mine(as_json: Json = False) -> None:
    """What became of your own words. Asks for your code, so that it stays out of the list of commands."""
    from listening import paint, pipeline

    line = _line()
    typed = typer.prompt("Your code", err=True, hide_input=sys.stdin.isatty())
    found = pipeline.mine(line, pipeline.voice_with(line, typed))
    pipeline.tell(line, found.voice, found.decisions)
    _tell(found, as_json, paint.mine)


@app.command()
def consent(
    voice: VoiceId,
    yes: Annotated[list[Purpose] | None, typer.Option(help="What they say yes to. Can be given again.")] = None,
    no: Annotated[list[Purpose] | None, typer.Option(help="What they say no to. Can be given again.")] = None,
    by: By = None,
    as_json: Json = False,
) -> None:
    """What somebody's words may be used for: show it, or write down what they chose."""
    from listening import paint, pipeline

    line = _line()
    for purpose in yes or []:
        pipeline.choose(line, voice, purpose, given=True, by=by)
    for purpose in no or []:
        pipeline.choose(line, voice, purpose, given=False, by=by)
    _tell(pipeline.choices(line, voice), as_json, paint.choices)


@app.command()
def objections(as_json: Json = False) -> None:
    """Every "that is not what I meant": those that wait for a reply first."""
    from listening import paint, pipeline

    _tell(pipeline.objections(_line()), as_json, paint.objections)


@app.command()
def reply(
    objection: Annotated[str, typer.Argument(metavar="ID", help="Which objection.")],
    text: Annotated[str, typer.Argument(help="What you answer.")],
    show_again: Annotated[
        bool, typer.Option("--show-again", help="Whoever said the words agrees that they are shown again.")
    ] = False,
    by: By = None,
    as_json: Json = False,
) -> None:
    """Answer somebody who said "that is not what I meant"."""
    from listening import paint, pipeline

    _tell(pipeline.reply(_line(), objection, text, show_again=show_again, by=by), as_json, paint.replied)


# --- the line as Prefect flows ----------------------------------------------------------------------------------------


@contextmanager
def _flows(line: Line) -> Iterator[None]:
    """Prefect is there, works on this line, and its tasks show their progress."""
    from flows import server
    from flows.current import working_on
    from flows.progress import watched
    from listening import paint

    with paint.waiting("Starting Prefect"):
        server.start(line.settings)
    with paint.progress() as progress, working_on(line), watched(progress):
        yield


_SEE_LEDGER: Final = "`listening ledger` says why."


@flow.command("ingest")
def flow_ingest(
    path: What = None,
    text: TextColumn = None,
    voice: VoiceColumn = None,
    time: TimeColumn = None,
    people: People = "",
    place: PlaceColumn = None,
    consent: ConsentColumn = None,
    recording: RecordingColumn = None,
    named: Named = None,
    as_json: Json = False,
) -> None:
    """Bring conversations in: receive them, then read each as a task that is tried again if need be."""
    from listening import paint, pipeline

    line = _line()
    columns = _columns(text, voice, time, people, place, consent, recording)
    with paint.progress() as progress, _handed_in(path, columns) as handed_in:
        received = (
            pipeline.receive_all(line, handed_in, columns, progress, named=named)
            if handed_in
            else pipeline.still_waiting(line)
        )
    with _flows(line):
        from flows.ingest import ingest

        reading = ingest([arrival.source_id for arrival in received.arrivals])
    names = {arrival.source_id: arrival.name for arrival in received.arrivals}
    reasons = {one.source: one.reason for one in pipeline.failures(line)}
    result = pipeline.Ingested(
        sources=len({arrival.source_id for arrival in received.arrivals if arrival.new} | set(reading.entered)),
        conversations=reading.conversations,
        voices=reading.voices,
        utterances=reading.utterances,
        already_known=reading.already_known,
        failed=(
            *received.failed,
            *(pipeline.Failed(names[one], reasons.get(names[one], _SEE_LEDGER)) for one in reading.failed),
        ),
        notes=(*received.notes, *(f"{names[one]}: {note}" for one, note in reading.notes)),
        guesses=received.guesses,
    )
    _tell(result, as_json, paint.ingested)
    _end(result)


@flow.command("synthesise")
def flow_synthesise(as_json: Json = False) -> None:
    """Find the themes, as a flow."""
    from listening import paint

    with _flows(_line()):
        from flows.synthesise import synthesise

        result = synthesise()
    _tell(result, as_json, paint.synthesised)


@flow.command("serve")
def flow_serve(
    every: Annotated[int, typer.Option(metavar="MINUTES", min=1, help="How often to read what came in.")] = 5,
    nightly_at: Annotated[int, typer.Option(metavar="HOUR", min=0, max=23, help="When to find themes, in UTC.")] = 2,
) -> None:
    """Stay, read what comes in every few minutes, and find the themes every night. Ctrl-C ends it."""
    from flows.serve import serve

    serve(every, nightly_at)


# --- the web ----------------------------------------------------------------------------------------------------------


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="Which address to listen on; 0.0.0.0 is every one.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="Which port.")] = 8000,
    behind: Annotated[bool, typer.Option("--behind", help="A web server on this machine passes visitors on.")] = False,
) -> None:
    """Open the web pages. Ctrl-C ends it."""
    import uvicorn

    from dashboards.app import create_app
    from dashboards.helper import Helper

    _check_free(host, port)
    line = _line()
    pages = create_app(line.settings, line, Helper(line.settings))
    print(f"The pages are open at http://{host}:{port}/. Ctrl-C closes them.", file=sys.stderr)
    uvicorn.run(
        pages,
        host=host,
        port=port,
        log_level="warning",
        access_log=False,
        server_header=False,
        ws="none",
        # Anybody can write X-Forwarded-For, and tries are counted by address: only a web server here is believed.
        proxy_headers=behind,
        forwarded_allow_ips=["127.0.0.1", "::1"],
    )


def _check_free(host: str, port: int) -> None:
    """Say it in a sentence where another program uses this port."""
    import socket

    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as attempt:
        attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            attempt.bind((host, port))
        except OSError as error:
            reason = error.strerror or str(error)
            _give_up(f"The pages cannot be opened at {host}, port {port}: {reason}. Choose another: --port {port + 1}")


Name = Annotated[str, typer.Argument(help="The name to sign in with.")]
Role = Annotated[str, typer.Option("--role", help="worker, leader, safeguarding or admin.")]


@account.command("add")
def account_add(name: Name, role: Role = "worker") -> None:
    """Let somebody sign in. Type a password, or press Enter to have one made and shown once."""
    from listening import pipeline
    from listening.domain import Duty

    if role not in set(Duty):
        raise typer.BadParameter("Choose worker, leader, safeguarding or admin.", param_hint="--role")
    typed = ""
    if sys.stdin.isatty():
        typed = typer.prompt("Password (Enter makes one)", default="", hide_input=True, show_default=False)
        if typed and typed != typer.prompt("The same again", hide_input=True):
            _give_up("The two passwords are not the same. Try again.")
    password = typed or pipeline.new_password()
    pipeline.add_account(_line(), name, Duty(role), password)
    print(f"{name} may sign in as {role}.")
    if not typed:
        print(f"The password is shown only now: {password}")


@account.command("list")
def account_list() -> None:
    """Everyone who may sign in."""
    from listening import pipeline

    for one in pipeline.accounts(_line()):
        print(f"{one.name}  {one.role}  since {one.made_at:%Y-%m-%d}")


@account.command("remove")
def account_remove(name: Name) -> None:
    """Let somebody sign in no more, and sign them out everywhere."""
    from listening import pipeline

    pipeline.remove_account(_line(), name)
    print(f"{name} may not sign in any more.")


# --- keep it safe -----------------------------------------------------------------------------------------------------


@app.command()
def backup(file: Annotated[Path, typer.Argument(help="The new file to write.")], as_json: Json = False) -> None:
    """Write all that is kept into one file. Work can go on meanwhile."""
    from listening import paint, pipeline

    _tell(pipeline.backup(_line(), file), as_json, lambda found: paint.backed_up(found, file))


@app.command()
def doctor(as_json: Json = False) -> None:
    """Look whether the installation and the data folder are sound, and say what to mend."""
    from listening import paint, pipeline

    found = pipeline.doctor(_opened())
    _tell(found, as_json, paint.doctor)
    if not all(check.fine for check in found):
        raise typer.Exit(1)


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(help="A file that `listening backup` wrote.")],
    replace: Annotated[bool, typer.Option("--replace", help="Put it in the place of what is there now.")] = False,
    as_json: Json = False,
) -> None:
    """Put a backup into the data folder, whole or not at all. What was erased since is erased from it first."""
    from listening import paint, pipeline

    _tell(pipeline.restore(_opened(), file, replace=replace), as_json, paint.restored)


# --- the example ------------------------------------------------------------------------------------------------------


@app.command()
def example(
    folder: Annotated[Path, typer.Argument(help="Where `sample/` and `decisions.yaml` are.")] = Path("data"),
) -> None:
    """Try the whole line, as Prefect flows, on the sample conversations."""
    from listening import paint, pipeline
    from listening.domain import Columns

    line = _line()
    with paint.progress() as progress:
        columns = Columns("what they said", voice="person", time="when")
        received = pipeline.receive_all(line, folder / "sample", columns, progress)
    with _flows(line):
        from flows.listen import listen

        listen()
    decisions = pipeline.record_example_decisions(line, folder / "decisions.yaml")
    for failure in received.failed:
        paint.refused(failure)
    paint.status(line.settings.data, pipeline.counts(line))
    paint.themes(pipeline.themes(line))
    paint.on_their_own(pipeline.on_their_own(line))
    paint.ledger(pipeline.ledger(line))
    paint.decision(decisions[0])
    paint.chain(pipeline.trace(line, decisions[0].id), pipeline.words_of(line, decisions[0].id))
    paint.next_steps(line.settings.data, decisions[0].id)
