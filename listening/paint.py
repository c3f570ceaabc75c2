"""How results look in a terminal: plain words, whole quotes, nothing cut off."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from rich.console import Console
from rich.markdown import Markdown
from rich.padding import Padding
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bars
from rich.table import Table
from rich.text import Text

from listening.consent import WORDING
from listening.domain import Chain, Choice, Decision, ObjectionReply, Progress, Purpose, Title, Voice
from listening.explain import some
from listening.pipeline import (
    BackedUp,
    Check,
    Erased,
    Failed,
    FollowUp,
    Guess,
    Ingested,
    Mine,
    OpenObjection,
    Placed,
    Synthesis,
)
from listening.pipeline.apart import Apart
from listening.pipeline.mending import Doubtful, Speakers
from listening.pipeline.theme import HistoryView, ThemePage
from listening.pipeline.views import (
    AloneView,
    Counts,
    CutShort,
    Guide,
    Ledger,
    ThemeView,
    UtteranceView,
    VoiceView,
    WordsView,
)

out = Console(highlight=False)
aside = Console(stderr=True, highlight=False)

DOING = {
    "receive": "Receiving files",
    "read": "Reading conversations",
    "transcribe": "Listening to a recording (seconds)",
    "embedding": "Weighing what was said",
    "group": "Finding themes",
}
FATES = {
    "in_theme": "in a theme",
    "on_its_own": "on its own",
    "waiting": "waiting for the next synthesis",
    "held": "held back",
    "failed": "could not be processed",
}
CHOICES = {Choice.DO: "Will be done", Choice.CANNOT: "Cannot be done", Choice.THINKING: "Still thinking"}
MANY = 12  # how many voices on their own are shown before pointing to the full list


@contextmanager
def progress() -> Iterator[Progress]:
    """Bars on standard error for the work inside, one for each kind of work."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Bars(*columns, console=aside, transient=True) as bars:
        tasks = {what: bars.add_task(words, total=None, visible=False) for what, words in DOING.items()}

        def report(what: str, done: int, total: int) -> None:
            scale = 1000 if what == "transcribe" else 1
            bars.update(tasks[what], completed=done // scale, total=total // scale, visible=True)

        yield report


@contextmanager
def waiting(what: str) -> Iterator[None]:
    """A sign of life on standard error while something starts."""
    with aside.status(f"{what} ..."):
        yield


def _quote(text: str, *after: str) -> Text:
    """Somebody's exact words, and what is to be said about them."""
    quote = Text(f"“{text}”", style="italic")
    for piece in after:
        quote.append(f"  {piece}", style="dim")
    return quote


def _mark(corrected_by: str | None, *, held: bool = False) -> list[str]:
    """What must be said beside words that are not simply what was handed in."""
    put_right = [f"put right by ear by {corrected_by}"] if corrected_by else []
    return [*put_right, *(["held back"] if held else [])]


def clock(ms: int) -> str:
    """`1:02:03` or `2:03`: hours, minutes, seconds."""
    minutes, seconds = divmod(ms // 1000, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def _facts(*rows: tuple[str, object]) -> Table:
    table = Table.grid(padding=(0, 2))
    table.add_column()
    table.add_column(justify="right")
    for label, value in rows:
        table.add_row(label, f"{value:,}" if isinstance(value, int) else str(value))
    return table


def heading(text: str) -> None:
    """A line that stands out."""
    out.print()
    out.print(Text(text, style="bold"))


def _say(text: str) -> None:
    out.print(text, markup=False)


def _voices(number: int) -> str:
    return some(number, "voice", "voices")


# --- results ----------------------------------------------------------------------------------------------------------


def ingested(result: Ingested) -> None:
    """What came in, and what could not."""
    _say(
        f"Brought in {some(result.sources, 'source', 'sources')}: "
        f"{some(result.conversations, 'conversation', 'conversations')}, {_voices(result.voices)}, "
        f"{some(result.utterances, 'utterance', 'utterances')}."
    )
    if result.already_known:
        _say(
            f"{some(result.already_known, 'source was', 'sources were')} here already. Nothing changed in what is here."
        )
    for note in result.notes:
        _say(note)
    for failure in result.failed:
        refused(failure)
    for guess in result.guesses:
        guessed(guess)
    if result.utterances:
        _say("Next: listening synthesise")


def placed(result: Placed) -> None:
    """Where new words stand among the themes there are."""
    if result.utterances:
        _say(
            f"For now {some(result.in_themes, 'utterance joins a theme', 'utterances join themes')}, and "
            f"{some(result.on_their_own, 'stands on its own', 'stand on their own')}. "
            "The next synthesis looks at everything again."
        )


def guessed(guess: Guess) -> None:
    """What the columns of a table seem to hold, shown on its first row."""
    heading(f"The first row of {guess.source}, as it would be read")
    for title, cell in guess.example.items():
        out.print(Text(f"{title}: {cell}"))
    _say("If that is right, give this command:")
    out.print(Text(guess.command), soft_wrap=True)  # one line, so that it can be copied


def refused(failure: Failed) -> None:
    """A file that was not taken, and why."""
    out.print(Text(f"Not taken: {failure.source}. {failure.reason}", style="red"))


def synthesised(result: Synthesis) -> None:
    """What a synthesis found."""
    if not result.new:
        _say("Nothing new was said since the last synthesis. The themes stay as they are.")
    _say(
        f"{some(result.utterances, 'utterance', 'utterances')}: {some(result.themes, 'theme', 'themes')}, and "
        f"{some(result.on_their_own, 'utterance', 'utterances')} on their own. It took {result.seconds:.1f} s."
    )
    for note in result.notes:
        _say(note)


def themes(found: Sequence[ThemeView]) -> None:
    """Each theme in its members' words."""
    heading(f"{some(len(found), 'theme', 'themes')}, in people's own words")
    for number, one in enumerate(found, start=1):
        out.print()
        _theme_head(one, f"{number}. ")
        for utterance_id in one.exemplars:
            mark = _mark(one.corrected_by.get(utterance_id))
            out.print(Padding(_quote(one.words[utterance_id], utterance_id, *mark), (0, 0, 0, 2)))
        if one.phrases:
            out.print(Padding(Text("said here: " + ", ".join(one.phrases), style="dim"), (0, 0, 0, 2)))
    if found:
        _say("\nLook at one closely: listening theme NUMBER --why")


def _theme_head(one: ThemeView, number: str = "") -> None:
    said = some(len(one.utterances), "utterance", "utterances")
    out.print(Text(f"{number}{_voices(one.voices)}, {said}  {one.id}", style="bold"))
    if one.title:
        _say(f"  Working title by {one.title.signed}, {_day(one.title.written_at)}: {one.title.text}")


def theme(page: ThemePage, *, why: bool, history: bool) -> None:
    """One theme: its words first."""
    _theme_head(page.theme)
    for said in page.members:
        facts = [*(["came in later"] if said.placed else []), said.id, *_mark(said.corrected_by)]
        out.print(Padding(_quote(said.text, said.shown, *facts), (0, 0, 0, 2)))
    words = {said.id: said.text for said in page.members}
    for pair in page.contrasts:
        heading("The two that are least alike" if pair.ends else "These two may pull apart. Read both.")
        out.print(Padding(_quote(words[pair.one], pair.one), (0, 0, 0, 2)))
        out.print(Padding(_quote(words[pair.other], pair.other), (0, 0, 0, 2)))
    if why:
        heading("Why these are together")
        for sentence in page.why:
            _say(sentence)
    if history:
        heading("What became of it")
        for happened in page.history:
            _say(f"{_day(happened.on)}: {happened.told}")


def changes(found: Sequence[HistoryView]) -> None:
    """What the latest synthesis did to the themes."""
    if not found:
        _say("The latest synthesis left the themes as they were.")
        return
    heading("What changed in the themes")
    for happened in found:
        _say(f"  {happened.theme}  {happened.told}")


def title(given: Title) -> None:
    """A working title as it was given."""
    if given.text:
        _say(f"The theme {given.theme_id} now has the working title “{given.text}”, given by {given.signed}.")
    else:
        _say(f"The theme {given.theme_id} has no working title now.")


def on_their_own(found: Sequence[AloneView], *, every: bool = False) -> None:
    """The voices on their own."""
    heading(f"{some(len(found), 'utterance stands', 'utterances stand')} on their own")
    _say("Each can be acted on like a theme.")
    shown = found if every else found[:MANY]
    for alone in shown:
        out.print(Padding(_quote(alone.text, alone.voice, alone.id, *_mark(alone.corrected_by)), (0, 0, 0, 2)))
    if len(shown) < len(found):
        _say(f"  and {len(found) - len(shown):,} more: listening alone")


def voices(found: Sequence[VoiceView]) -> None:
    """A line for each voice."""
    table = Table(box=None, padding=(0, 2, 0, 0))
    for title in ("Id", "Voice"):
        table.add_column(title, overflow="fold", no_wrap=title == "Id")
    for title in ("Talks", "Said", "In themes", "Alone", "Decided on"):
        table.add_column(title, justify="right")
    for voice in found:
        numbers = (voice.conversations, voice.utterances, voice.in_themes, voice.on_their_own, voice.in_decisions)
        unsure = voice.doubtful == voice.utterances
        shown = Text(f"{voice.shown} (nothing that counts yet: listen first)" if unsure else voice.shown)
        table.add_row(voice.id, shown, *(f"{number:,}" for number in numbers))
    out.print(table)
    waiting = sum(voice.doubtful == voice.utterances for voice in found)
    _say(f"{_voices(len(found) - waiting)}. Follow one: listening trace ID")
    if waiting:
        _say(f"{_voices(waiting)} may have said nothing. Listen first: listening doubtful")


def utterance(found: UtteranceView) -> None:
    """One utterance with its place."""
    out.print(_quote(found.text, *_mark(found.corrected_by)))
    if found.heard is not None:
        _say(f"The machine heard: “{found.heard}”")
    unit = "ms" if found.unit == "ms" else "characters"
    out.print(
        _facts(
            ("Utterance", found.id),
            ("Source", found.source),
            ("From, to", f"{found.start:,} to {found.end:,} {unit}"),
            ("Conversation", found.conversation),
            ("Voice", found.voice),
            ("Now", FATES[found.fate] + (f" ({found.because})" if found.because else "")),
        )
    )


def cut_short(cut: CutShort) -> str:
    """How much of a recording could be read."""
    return (
        f"Of {cut.source}, {cut.read_ms / 1000:.1f} of {cut.declared_ms / 1000:.1f} s could be read. "
        "Look for a whole copy on the device that made it."
    )


def doubtful(found: Sequence[Doubtful]) -> None:
    """Words that wait for a person to listen."""
    if not found:
        _say("No words wait for somebody to listen.")
        return
    _say(f"{some(len(found), 'utterance', 'utterances')} may not have been said. They are held back. Listen first:")
    for one in found:
        timed = one.start_ms is not None and one.end_ms is not None
        place = f"{one.file}, {clock(one.start_ms or 0)} to {clock(one.end_ms or 0)}" if timed else one.file
        out.print(Padding(_quote(one.text, place, one.id), (0, 0, 0, 2)))
    _say("Hear one: listening clip ID FILE.wav")
    _say("The words are right: listening release ID --by NAME")
    _say('You cannot listen, and take them as they are: listening release ID --because "not listened to" --by NAME')
    _say('Other words were said: listening correct ID --to "WORDS" --by NAME')
    _say("Nothing was said there: leave it. It stays held back.")


def written(file: Path) -> None:
    """Where something was written."""
    _say(f"Written to {file}")


def speakers(found: Speakers, clips: Path | None) -> None:
    """Who speaks in a recording, as a draft for people to mend."""
    if found.failed_because:
        _say(f"The speakers could not be told apart. {found.failed_because} The words are all here, as one voice.")
        return
    for one in found.speakers:
        who = one.known_as or one.speaker
        until = min(one.listen_to_ms, one.listen_from_ms + 8_000)
        place = f"listen from {clock(one.listen_from_ms)} to {clock(until)}"
        _say(f"{one.voice or '(no words)'}  {who}  spoke {clock(one.spoke_ms)}  {place}")
    if found.unknown_ms:
        _say(f"In {clock(found.unknown_ms)} the voice is like none of these. Somebody may be missing.")
    if found.guessed:
        _say(
            "How many people speak was guessed. Somebody who says only a little may be missing, or counted as another. "
            f"If you know how many there are, say so: listening speakers {found.conversation} --people 3"
        )
    if clips:
        written(clips)
    _say("Say who one is: listening speaker ID --is HANDLE --by NAME")


def apart(found: Apart) -> None:
    """What telling the speakers of a recording apart again changed."""
    _say(f"{some(found.moved, 'utterance is', 'utterances are')} now another speaker's. The words are as they were.")
    for who in found.no_longer:
        _say(f"The voice that was said to be {who} is not among these speakers. Listen, and say who is {who}.")


def named(voice: Voice) -> None:
    """Who a speaker is from now on."""
    _say(f"From now on this is {voice.shown} ({voice.id}).")


def ledger(found: Ledger) -> None:
    """The counts, and whether they add up."""
    heading("The ledger")
    out.print(
        _facts(
            ("Utterances that entered", found.entered),
            ("  in a theme", found.in_themes),
            ("  on their own", found.on_their_own),
            ("  waiting for the next synthesis", found.waiting),
            ("  held back", found.held),
            ("  withdrawn", found.withdrawn),
            ("  could not be processed", found.failed),
        )
    )
    if found.adds_up:
        _say("It adds up: every utterance is in exactly one place.")
    else:
        out.print(
            Text("It does NOT add up. Please stop, make a copy of the data folder, and report this.", style="bold red")
        )
    if found.recorded_ms:
        _say(
            f"Recordings: {clock(found.recorded_ms)}. Words were heard in {clock(found.words_ms)}, nobody speaks in "
            f"{clock(found.quiet_ms)}, and in {clock(found.unheard_ms)} somebody speaks but no words could be made out."
        )
    for cut in found.cut_short:
        _say(cut_short(cut))
    if found.sources_waiting:
        _say(f"{some(found.sources_waiting, 'source is', 'sources are')} waiting to be read: listening ingest")
    for failure in found.failed_sources:
        refused(failure)


def status(folder: Path, found: Counts) -> None:
    """How much is here, and the next step."""
    _say(f"This inquiry is kept in {folder}")
    out.print(
        _facts(
            ("Sources", found.sources),
            ("Conversations", found.conversations),
            ("Voices", found.voices),
            ("Utterances", found.utterances),
            ("Themes", found.themes),
            ("Decisions", found.decisions),
        )
    )
    _say(f"Next: {_next_step(found)}")


def _next_step(found: Counts) -> str:
    if not found.sources:
        return "bring in a conversation with `listening ingest FILE`, or read a guide with `listening guides`."
    if found.sources_to_read:
        return f"{some(found.sources_to_read, 'source waits', 'sources wait')} to be read: `listening ingest`."
    if found.waiting:
        return f"{some(found.waiting, 'utterance waits', 'utterances wait')} to be grouped: `listening synthesise`."
    if not found.decisions:
        return "read the themes with `listening themes`, and record a decision with `listening decide`."
    return "follow any id with `listening trace ID`."


def decision(found: Decision, following: FollowUp | None = None, *, new: bool = False) -> None:
    """A decision, who sees to it, its steps, and how it goes."""
    out.print()
    out.print(Text(f"{'New: ' if new else ''}{CHOICES[Choice(found.choice)]}: {found.text}", style="bold"))
    if found.because:
        _say(f"Because: {found.because}")
    _say(f"Decided by {found.decided_by} on {_day(found.decided_at)}.")
    _say(f"To be looked at again on {_day(found.look_again_on)}.")
    _say(f"If you disagree: {found.challenge}")
    if following:
        _following(following)
    _say(f"Id: {found.id}")


def _following(found: FollowUp) -> None:
    if found.owner:
        _say(f"Seen to by {found.owner}.")
    for step in found.milestones:
        done = f"done on {_day(step.done_on)}" if step.done_on else f"by {_day(step.due_on)}"
        _say(f"  {'✓' if step.done_on else '·'} {step.text}, {done} ({step.id})")
    for note in found.notes:
        _say(f"  {_day(note.written_at)}, {note.signed}: {note.text}")


def history(found: FollowUp | None) -> None:
    """Every line that was ever written about a decision."""
    if found:
        heading("Everything that was written about it")
    for one in found.entries if found else ():
        day = f" {_day(one.day)}" if one.day else ""
        _say(f"  {_day(one.at)}, {one.signed}: {one.what}{day}: {one.text}")


def exported(files: Sequence[str], *, public: bool) -> None:
    """What was taken along, and for whom it is."""
    for file in files:
        _say(file)
    if public:
        _say("Everybody may read this: it holds only words whose speakers said yes to that, and no names.")
    else:
        _say("This is for inside your organisation. If somebody withdraws, make it anew and delete this one.")


def kept(identifier: str | None = None) -> None:
    """Something that was written down, with its id if it has one."""
    _say("It is kept, with your name and the day. Everybody whose words it rests on is told when they come back.")
    if identifier:
        _say(f"Id: {identifier}")


def _day(when: date) -> str:
    return f"{when.day} {when:%B %Y}"


def chain(found: Chain, words: Sequence[WordsView]) -> None:
    """A chain, with the words it runs through."""
    out.print()
    _say(
        " → ".join(
            (
                some(len(found.decisions), "decision", "decisions"),
                some(len(found.themes), "theme", "themes"),
                some(len(found.utterances), "utterance", "utterances"),
                some(len(found.conversations), "conversation", "conversations"),
                _voices(len(found.voices)),
            )
        )
    )
    for identifier in (*found.decisions, *found.themes):
        _say(f"  {identifier}")
    quotes(words)


def quotes(found: Sequence[WordsView]) -> None:
    """Exact words, with who said them and where."""
    for said in found:
        where = ", ".join(str(fact) for fact in (said.place, said.held_on) if fact)
        facts = [said.shown, *([where] if where else []), said.id, *_mark(said.corrected_by, held=said.kept_out)]
        out.print(Padding(_quote(said.text, *facts), (0, 0, 0, 2)))


def found(words: str, said: Sequence[WordsView]) -> None:
    """Who said these words."""
    quotes(said)
    if not said:
        _say(f"Nobody here said “{words}”. Try fewer words.")


# --- people stay in control of their words ----------------------------------------------------------------------------


def _utterances(ids: Sequence[str]) -> str:
    return some(len(ids), "utterance is", "utterances are")


def held(ids: Sequence[str]) -> None:
    """What was held back."""
    _say(f"{_utterances(ids)} held back: in no theme, quote or export until somebody releases them.")


def released(ids: Sequence[str]) -> None:
    """What was let go."""
    _say(f"{_utterances(ids)} not held back by you any more. The next synthesis looks at them again.")


def withdrawn(ids: Sequence[str]) -> None:
    """What was withdrawn."""
    _say(f"{_utterances(ids)} withdrawn: in no theme, quote, decision or export from now on.")
    _say("They are erased from what is kept here. Copies that were made before, such as backups, are yours to delete.")


def erased(found: Erased, *, dry_run: bool) -> None:
    """What went for good, or would go."""
    _say("This would go for good:" if dry_run else "This is gone for good:")
    for sentence in found.told or ("nothing",):
        _say(f"  {sentence}")


def backed_up(found: BackedUp, file: Path) -> None:
    """A backup was made."""
    _say(f"{found.files} files, {found.size / 1e6:,.1f} MB, are in {file}.")
    _say(
        "It holds everybody's words and the keys. Keep it on an encrypted disk, and delete backups you no longer need."
    )


def restored(found: BackedUp) -> None:
    """A backup was put back."""
    _say(f"{found.files} files are restored. Look whether it adds up: listening ledger")
    if found.erased_again:
        _say("What was withdrawn after the backup was made was erased from it again.")


def doctor(found: Sequence[Check]) -> None:
    """What is fine, and what to mend."""
    for check in found:
        _say(f"{'fine' if check.fine else 'MEND'}  {check.what}" + (f": {check.told}" if check.told else ""))


def receipt(code: str) -> None:
    """A code, to write down now."""
    out.print(Text(code, style="bold"))
    _say("Give this to the person now, on paper or as a message. It is kept nowhere and cannot be shown again.")


def receipts_stopped() -> None:
    """No code of this voice works now."""
    _say("No code of this voice works any more. A new one: listening receipt VOICE")


def mine(found: Mine) -> None:
    """What became of one person's words."""
    rests = {utterance for ids in found.rests_on.values() for utterance in ids}
    for said in found.words:
        decided = ["a decision rests on this"] if said.id in rests else []
        out.print(Padding(_quote(said.text, FATES[said.fate], *decided, said.id), (0, 0, 0, 2)))
    for one in found.decisions:
        decision(one, found.following.get(one.id), new=one.id in found.news)
    choices(found.choices)
    objections(found.objections)


def choices(found: Mapping[Purpose, bool | None]) -> None:
    """What somebody's words may be used for."""
    heading("What these words may be used for")
    for purpose, given in found.items():
        chosen = {True: "yes", False: "no", None: "not asked yet"}[given]
        _say(f"  {WORDING[purpose]}  {chosen}  ({purpose.value})")


def objections(found: Sequence[OpenObjection]) -> None:
    """Who said that their words are not what they meant, and what was answered."""
    for one in found:
        _say(f"  {one.id}  {one.utterance}  “That is not what I meant.” {one.said}".rstrip())
        if one.reply:
            _say(f"    {one.replied_by} answered: {one.reply}")
        else:
            late = " This is late." if one.overdue else ""
            _say(f"    A reply is due by {_day(one.reply_by)}.{late} listening reply {one.id} TEXT")


def replied(answer: ObjectionReply) -> None:
    """An answer was kept."""
    _say(f"Your reply to {answer.objection_id} is kept, signed by {answer.signed}. They see it with their code.")


def guides(found: Sequence[Guide]) -> None:
    """The guides there are."""
    for one in found:
        _say(f"{one.name}  {one.title}")
    _say("Read one: listening guides NAME")


def guide(found: Guide) -> None:
    """A guide as a page."""
    out.print(Markdown(found.body))


def next_steps(folder: Path, decision_id: str) -> None:
    """What to try after the example."""
    heading("What to try next")
    _say("Look around in the example:")
    _say(f"  export LISTENING_DATA={folder}")
    for command in ("themes", "alone", "voices", f"trace {decision_id}", 'find "bus"', "guides good_life"):
        _say(f"  .venv/bin/listening {command}")
    _say("Open the web pages of the example, after making an account for yourself:")
    for command in ("account add YOUR-NAME --role admin", "serve"):
        _say(f"  .venv/bin/listening {command}")
    _say("Bring in conversations of your own, into a folder of their own:")
    _say("  export LISTENING_DATA=data")
    for command in ("ingest MY-FOLDER", "synthesise", "themes", 'decide --do "..." --utterance ID', "ledger"):
        _say(f"  .venv/bin/listening {command}")
