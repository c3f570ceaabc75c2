"""The commands of a food conversation chain: `listening chain ...`. A worker does each step on somebody's behalf."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from listening.domain import Step
from listening.options import By, Json

chain = typer.Typer(help="Food conversation chains.", no_args_is_help=True, rich_markup_mode=None)

Which = Annotated[str, typer.Argument(metavar="CHAIN", help="The name of the chain, or its id.")]
LinkId = Annotated[str, typer.Argument(metavar="LINK", help="Which link: `listening chain show CHAIN` lists them.")]


def _stepped(link: str, step: Step, by: str | None, as_json: bool) -> None:
    from listening import cli, paint_chain, pipeline

    found = pipeline.take_step(cli._line(), link, step, by)
    cli._tell({"link": found.id, "state": found.state}, as_json, lambda _: paint_chain.stepped(found))


@chain.command("start")
def start(
    name: Annotated[str, typer.Argument(help="What to call the chain.")],
    voice: Annotated[str, typer.Option(help="Who starts it: the handle of this person, new or known.")],
    aim: Annotated[str | None, typer.Option(help="What the chain is for.")] = None,
    by: By = None,
    as_json: Json = False,
) -> None:
    """Start a chain with one person and an aim."""
    from listening import cli, paint_chain, pipeline

    line = cli._line()
    started = pipeline.start_chain(line, name, aim or pipeline.AIM, voice, by)
    code = pipeline.give_receipt(line, started.starter_id, by)
    told = {"chain": started.id, "voice": started.starter_id, "code": code}
    cli._tell(told, as_json, lambda _: paint_chain.started(started, code))


@chain.command("list")
def list_chains(as_json: Json = False) -> None:
    """Every chain, and how far it has come."""
    from listening import cli, paint_chain, pipeline

    cli._tell(pipeline.chain_list(cli._line()), as_json, paint_chain.chains)


@chain.command("show")
def show(which: Which, as_json: Json = False) -> None:
    """One chain: who talked with whom, which links have gone quiet, and where it has not reached."""
    from listening import cli, paint_chain, pipeline

    cli._tell(pipeline.chain_view(cli._line(), which), as_json, paint_chain.chain)


@chain.command("invite")
def invite(
    which: Which,
    initiator: Annotated[str, typer.Option("--from", help="Who starts the conversation: their handle.")],
    other: Annotated[str | None, typer.Option("--to", help="Who with: their handle, new or known.")] = None,
    again: Annotated[str | None, typer.Option(metavar="LINK", help="A new code for a slip that was lost.")] = None,
    by: By = None,
    as_json: Json = False,
) -> None:
    """Invite one person. Their code is shown once: write it on the slip (`listening guides chain_slip`)."""
    from listening import cli, paint_chain, pipeline

    if (other is None) is (again is None):
        raise typer.BadParameter("Say who is invited, --to HANDLE, or which slip was lost, --again LINK.")
    line = cli._line()
    if again is not None:
        found = pipeline.invite_again(line, again, by)
    else:
        found = pipeline.invite(line, which, initiator, handle=other or "", by=by)
    cli._tell(found, as_json, paint_chain.invited)


@chain.command("agree")
def agree(
    link: LinkId,
    with_contact: Annotated[
        bool, typer.Option("--with-contact", help="Ask how to reach them, so that it stays out of lists of commands.")
    ] = False,
    by: By = None,
    as_json: Json = False,
) -> None:
    """Write down that the person invited said yes to be contacted, this once."""
    from listening import cli, paint_chain, pipeline

    line = cli._line()
    contact = typer.prompt("How to reach them", err=True, hide_input=sys.stdin.isatty()) if with_contact else ""
    found = pipeline.agree(line, link, contact, by)
    cli._tell({"link": found.id, "state": found.state}, as_json, lambda _: paint_chain.stepped(found))


@chain.command("contact")
def contact(link: LinkId, as_json: Json = False) -> None:
    """How to reach whoever said yes. It is shown once, and deleted."""
    from listening import cli, paint_chain, pipeline

    found = pipeline.take_contact(cli._line(), link)
    cli._tell({"contact": found}, as_json, lambda _: paint_chain.contact(found))


@chain.command("remind")
def remind(link: LinkId, by: By = None, as_json: Json = False) -> None:
    """Write down that you sent one more kind message. Nothing is sent by this command."""
    _stepped(link, Step.REMINDED, by, as_json)


@chain.command("talked")
def talked(link: LinkId, by: By = None, as_json: Json = False) -> None:
    """Write down that the two have talked."""
    _stepped(link, Step.TALKED, by, as_json)


@chain.command("record")
def record(
    link: LinkId,
    file: Annotated[Path | None, typer.Argument(help="Notes or a recording.")] = None,
    source: Annotated[str | None, typer.Option(metavar="ID", help="Or something that was handed in already.")] = None,
    names: Annotated[
        list[str] | None,
        typer.Option("--name", help="What the two are called in the notes; first whoever started the conversation."),
    ] = None,
    place: Annotated[str, typer.Option(help="Where it was.")] = "",
    by: By = None,
    as_json: Json = False,
) -> None:
    """Bring in what was said in a conversation of the chain."""
    from listening import cli, paint, pipeline

    if (file is None) is (source is None):
        raise typer.BadParameter("Name a file, or what was handed in already: --source ID.")
    line = cli._line()
    if source is not None:
        pipeline.record_source(line, link, source, by)
    if file is not None:
        pipeline.record_file(line, link, file, names=names or (), by=by, place=place)
    with paint.progress() as progress:
        result = pipeline.ingest(line, None, progress=progress)
    cli._tell(result, as_json, paint.ingested)


@chain.command("go-on")
def go_on(link: LinkId, by: By = None, as_json: Json = False) -> None:
    """Write down that the other person goes on: the next conversation is theirs to start."""
    _stepped(link, Step.WENT_ON, by, as_json)


@chain.command("rest")
def rest(link: LinkId, by: By = None, as_json: Json = False) -> None:
    """Let a link rest: nobody goes on from there, for now."""
    _stepped(link, Step.RESTED, by, as_json)


@chain.command("offer")
def offer(
    utterance: str,
    no_more: Annotated[bool, typer.Option("--no-more", help="It is no offer after all.")] = False,
    by: By = None,
    as_json: Json = False,
) -> None:
    """Mark words as something that whoever said them offers to do or to give. Ask them first."""
    from listening import cli, paint_chain, pipeline

    line = cli._line()
    found = pipeline.mark_offer(line, utterance, marked=not no_more, by=by)
    cli._tell({"utterance": found, "offer": not no_more}, as_json, paint_chain.offered)


@chain.command("plan")
def plan(
    which: Which,
    html: Annotated[Path | None, typer.Option(help="Write it as one page to print into this file.")] = None,
    markdown: Annotated[Path | None, typer.Option(help="Write it as Markdown into this file.")] = None,
    as_json: Json = False,
) -> None:
    """The plan that came of a chain: what people said, what will be done, what people offer, who has signed."""
    from listening import cli, paint_chain, pipeline

    found = pipeline.plan_of(cli._line(), which)
    if html:
        html.write_text(found.html, encoding="utf-8")
    if markdown:
        markdown.write_text(found.markdown, encoding="utf-8")
    written = [file for file in (html, markdown) if file]
    told = {"sha256": found.plan.sha256, "plan": found.plan, "signatures": found.signatures, "signed": found.signed}
    cli._tell(told, as_json, lambda _: paint_chain.plan(found, written))


@chain.command("sign")
def sign(
    which: Which,
    voice: Annotated[str, typer.Option(help="Who signs, by handle or id. They have read the plan or heard it read.")],
    by: By = None,
    as_json: Json = False,
) -> None:
    """Write down that somebody of the chain signs its plan as it stands."""
    from listening import cli, paint_chain, pipeline

    line = cli._line()
    pipeline.sign_plan(line, which, voice, by=by)
    cli._tell(pipeline.plan_of(line, which).signed, as_json, paint_chain.signed)
