"""A food conversation chain from the first invitation to the plan, and what it must never give away."""

import dataclasses
import json
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from listening import chains, pipeline
from listening.domain import Choice, Purpose, Step
from listening.errors import BrokenStore, NotFound, Refused
from listening.pipeline import NotesOf
from listening.pipeline.chaining import CONTACT_DAYS
from listening.receipts import new_code
from listening.sealing import unseal
from tests.pipeline.test_hearing import TWO_PEOPLE, Doubting
from tests.test_chains import DAY

NUMBER = "07700 900123"
WORDS = (
    "Amina: Rice, one cup more.\n\nGuide: What gets in the way?\n\nColin: Pride. Mine, mostly. I would carve for fifty."
)
SAMPLE = Path(__file__).parent.parent.parent / "data" / "sample"


@pytest.fixture
def chain(line):
    return pipeline.start_chain(line, "north", "No one without food.", "amina-7", "Nadia")


@pytest.fixture
def asked(line, chain):  # noqa: ARG001  the chain it is in
    return pipeline.invite(line, "north", "amina-7", name="Colin", by="Nadia")


def said_yes(line, asked, contact=""):
    return pipeline.answer_invitation(line, asked.code, yes=True, contact=contact)


def states(line, which="north"):
    return [link.state for link in pipeline.chain_view(line, which).links]


def everything_in(folder):
    return b"".join(file.read_bytes() for file in folder.rglob("*") if file.is_file())


def broken(line):
    with line.store.reading() as read:
        return read.rows("broken_references", lambda *row: row)


def test_a_chain_goes_from_one_to_the_next(line, asked):
    colin = said_yes(line, asked)
    pipeline.take_step(line, asked.link, Step.TALKED)
    pipeline.record_notes(line, asked.link, NotesOf(WORDS, "Amina", "Colin", "Fen Street", "2026-03-05"))
    pipeline.ingest(line, None)
    pipeline.take_step(line, asked.link, Step.WENT_ON)
    further = pipeline.invite(line, "north", colin, handle="shanice-5")
    pipeline.agree(line, further.link)
    view = pipeline.chain_view(line, "north")
    assert [(link.initiator_shown, link.other_shown, link.state) for link in view.links] == [
        ("amina-7", asked.other, Step.WENT_ON),
        (asked.other, "shanice-5", Step.AGREED),
    ]
    assert (view.people, view.talks, view.depth, view.open, view.places) == (2, 1, 1, 1, ["Fen Street"])
    assert view.links[0].conversations == [pipeline.find(line, "Rice")[0].conversation]
    assert pipeline.find(line, "Pride")[0].voice == colin
    assert broken(line) == []


def test_the_conversation_is_told_once_though_it_says_itself_which_chain_it_belongs_to(line, asked):
    said_yes(line, asked)
    pipeline.record_notes(line, asked.link, NotesOf(WORDS, "Amina", "Colin"))
    pipeline.ingest(line, None)
    assert states(line) == [Step.RECORDED]


def test_a_code_works_once_and_then_looks_like_one_that_never_was(line, asked):
    assert pipeline.invitation(line, asked.code.upper()).asks == "amina-7"
    said_yes(line, asked)
    with pytest.raises(NotFound) as used:
        pipeline.invitation(line, asked.code)
    with pytest.raises(NotFound) as never:
        pipeline.invitation(line, new_code())
    assert str(used.value) == str(never.value)
    with pytest.raises(Refused, match="not quite the code"):
        pipeline.invitation(line, asked.code[:-1])


def test_a_lost_slip_stops_working_when_a_new_one_is_made(line, asked):
    again = pipeline.invite_again(line, asked.link)
    with pytest.raises(NotFound):
        pipeline.invitation(line, asked.code)
    assert pipeline.invitation(line, again.code).link == asked.link


def test_a_code_is_kept_nowhere(line, asked):
    said_yes(line, asked)
    with line.store._lease.hold():
        kept = everything_in(line.settings.data)
    assert asked.code.encode() not in kept
    assert asked.code.replace("-", "").encode() not in kept


def test_how_to_reach_somebody_is_sealed_read_once_and_then_gone(line, asked):
    said_yes(line, asked, NUMBER)
    assert NUMBER.encode() not in everything_in(line.settings.data)
    assert pipeline.chain_view(line, "north").links[0].may_reach
    assert pipeline.take_contact(line, asked.link) == NUMBER
    assert list((line.settings.data / "contacts").iterdir()) == []
    with pytest.raises(NotFound, match="read already"):
        pipeline.take_contact(line, asked.link)
    assert not pipeline.chain_view(line, "north").links[0].may_reach


@pytest.mark.parametrize("step", [Step.TALKED, Step.RESTED])
def test_what_nobody_used_is_gone_when_they_have_talked_or_the_link_rests(line, asked, step):
    said_yes(line, asked, NUMBER)
    pipeline.take_step(line, asked.link, step)
    assert list((line.settings.data / "contacts").iterdir()) == []


def test_what_nobody_used_for_a_month_is_swept_away(line, asked, monkeypatch):
    said_yes(line, asked, NUMBER)
    later = time.time() + (CONTACT_DAYS + 1) * 86_400
    monkeypatch.setattr("listening.store.contacts.time.time", lambda: later)
    with pytest.raises(NotFound):
        pipeline.take_contact(line, asked.link)
    assert list((line.settings.data / "contacts").iterdir()) == []


def test_what_was_sealed_for_one_link_opens_for_no_other(line, asked):
    said_yes(line, asked, NUMBER)
    folder = line.settings.data / "contacts"
    (folder / f"{asked.link}.sealed").rename(folder / "n-000000000000.sealed")
    with pytest.raises(BrokenStore, match="cannot be read any more"):
        unseal((folder / "n-000000000000.sealed").read_bytes(), line.store.key("contacts"), "n-000000000000")


def test_saying_no_ends_the_link_and_somebody_else_may_be_asked(line, asked):
    pipeline.answer_invitation(line, asked.code, yes=False, contact=NUMBER)
    assert states(line) == [Step.RESTED]
    assert not (line.settings.data / "contacts").exists()
    pipeline.invite(line, "north", "amina-7", name="Bill")
    assert states(line) == [Step.RESTED, Step.INVITED]


def test_one_person_at_a_time(line, asked):
    with pytest.raises(Refused, match="one person at a time"):
        pipeline.invite(line, "north", "amina-7", name="Bill")
    said_yes(line, asked)
    with pytest.raises(Refused, match="started the chain, or went on"):
        pipeline.invite(line, "north", asked.other, name="Bill")


def test_somebody_new_is_never_taken_for_somebody_known(line, asked):
    said_yes(line, asked)
    pipeline.take_step(line, asked.link, Step.TALKED)
    pipeline.take_step(line, asked.link, Step.WENT_ON)
    second = pipeline.invite(line, "north", asked.other, name="amina-7")
    assert second.other != "amina-7"
    assert second.other.startswith("amina-7-")


def test_a_note_that_names_the_chain_and_its_two_people_records_the_link(line, asked, hand_in):
    said_yes(line, asked)
    front = f"---\nkind: food-chain\nchain: north\nlink: 1\nvoices: {{Amina: amina-7, Colin: {asked.other}}}\n---\n\n"
    pipeline.ingest(line, hand_in("paper.md", f"{front}Amina: Rice.\n\nColin: Pride.\n"))
    assert states(line) == [Step.RECORDED]
    pipeline.take_step(line, asked.link, Step.WENT_ON)
    assert states(line) == [Step.WENT_ON]
    assert broken(line) == []


def test_a_typed_sheet_says_who_is_who_by_the_two_names(line, asked, hand_in):
    colin = said_yes(line, asked)
    sheet = hand_in("sheet.txt", WORDS)
    with pytest.raises(Refused, match="two different names"):
        pipeline.record_file(line, asked.link, sheet, names=["Amina", "amina"])
    pipeline.record_file(line, asked.link, sheet, names=["Amina", "Colin"], by="Nadia")
    pipeline.ingest(line, None)
    assert pipeline.find(line, "Pride")[0].voice == colin
    assert states(line) == [Step.RECORDED]


def test_a_recording_is_tied_to_its_link(line, asked, hand_in):
    said_yes(line, asked)
    arrival = pipeline.record_file(line, asked.link, hand_in("talk.wav", TWO_PEOPLE), place="Quay")
    pipeline.ingest(dataclasses.replace(line, engine=Doubting), None)
    view = pipeline.chain_view(line, "north")
    assert view.links[0].state is Step.RECORDED
    assert view.places == ["Quay"]
    assert pipeline.record_source(line, asked.link, arrival.source_id).state is Step.RECORDED


def test_nothing_is_kept_of_a_conversation_before_anybody_said_yes(line, asked, hand_in):
    with pytest.raises(Refused, match="not taken place"):
        pipeline.record_file(line, asked.link, hand_in("sheet.txt", WORDS), names=["Amina", "Colin"])
    assert pipeline.counts(line).sources == 0


def test_a_chain_that_notes_tell_of_is_shown_and_goes_on(line):
    for file in sorted(SAMPLE.glob("fen-street-*.md")):
        pipeline.ingest(line, file)
    [view] = pipeline.chain_list(line)
    assert (view.name, view.people, view.talks) == ("fen-street", 8, 6)  # the third link is a recording
    last = view.links[-1]
    assert (last.initiator_shown, last.other_shown, last.state) == ("leo-3", "farah-6", Step.RECORDED)
    pipeline.take_step(line, last.id, Step.WENT_ON)
    further = pipeline.invite(line, "fen-street", "farah-6", handle="dot-1")
    after = pipeline.chain_view(line, "fen-street")
    assert [link.state for link in after.links][-2:] == [Step.WENT_ON, Step.INVITED]
    assert after.links[-1].id == further.link
    assert len(after.links) == len(view.links) + 1
    assert broken(line) == []


def test_a_link_that_waits_for_two_weeks_is_shown_as_quiet_and_nothing_happens_by_itself(line, asked, monkeypatch):
    real = chains.quiet
    monkeypatch.setattr(chains, "quiet", lambda link, now: real(link, now + timedelta(days=20)))
    view = pipeline.chain_view(line, "north")
    assert view.quiet == 1
    assert view.links[0].quiet == "You might send one kind message. If there is no answer, let it be."
    pipeline.take_step(line, asked.link, Step.REMINDED)
    with pytest.raises(Refused, match="Let it be"):
        pipeline.take_step(line, asked.link, Step.REMINDED)


# --- what a code gives away -------------------------------------------------------------------------------------------


def shown_to(line, voice):
    mine = dataclasses.asdict(pipeline.mine(line, voice))
    return json.dumps([mine, [dataclasses.asdict(one) for one in pipeline.own_chains(line, voice)]], default=str)


def test_a_code_never_tells_who_invited_whom(line, asked):
    colin = said_yes(line, asked)
    pipeline.record_notes(line, asked.link, NotesOf(WORDS, "Amina", "Colin"))
    pipeline.ingest(line, None)
    amina = pipeline.chain_view(line, "north").starter
    told = shown_to(line, colin)
    assert "Pride" in told
    for secret in ("amina-7", amina, asked.link, "Rice", "Nadia"):
        assert secret not in told
    told = shown_to(line, amina)
    for secret in (asked.other, colin, asked.link, "Pride", "Nadia"):
        assert secret not in told


def test_by_their_own_code_people_say_only_what_is_theirs_to_say(line, chain, asked):
    colin = said_yes(line, asked)
    with pytest.raises(Refused, match="other person"):
        pipeline.take_own_step(line, colin, chain.id, Step.TALKED, started=False)
    pipeline.take_own_step(line, chain.starter_id, chain.id, Step.TALKED, started=True)
    with pytest.raises(Refused, match="other person"):
        pipeline.take_own_step(line, chain.starter_id, chain.id, Step.RESTED, started=True)
    pipeline.take_own_step(line, colin, chain.id, Step.WENT_ON, started=False)
    with pytest.raises(NotFound):
        pipeline.own_link(line, colin, chain.id, started=True)
    with pytest.raises(NotFound):
        pipeline.own_link(line, colin, "f-nothing", started=False)


def test_whoever_took_all_their_words_out_is_not_named(line, asked):
    said_yes(line, asked)
    pipeline.record_notes(line, asked.link, NotesOf(WORDS, "Amina", "Colin"))
    pipeline.ingest(line, None)
    pipeline.withdraw(line, pipeline.find(line, "Pride")[0].voice)
    [link] = pipeline.chain_view(line, "north").links
    assert link.other_shown == "someone who took their words out"


# --- the plan ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def spoken(line, asked):
    said_yes(line, asked)
    pipeline.record_notes(line, asked.link, NotesOf(WORDS, "Amina", "Colin"))
    pipeline.ingest(line, None)
    return asked


def test_a_plan_quotes_only_those_who_said_yes_and_names_nobody(line, spoken):
    rice, carve = pipeline.find(line, "Rice")[0], pipeline.find(line, "carve")[0]
    pipeline.choose(line, carve.voice, Purpose.QUOTE, given=True)
    decision = pipeline.decide(line, Choice.DO, "Cook on Thursdays.", utterances=[rice.id, carve.id], by="The board")
    view = pipeline.plan_of(line, "north")
    assert {one.id for one in view.plan.words} >= {rice.id, carve.id}
    for document in (view.markdown, view.html):
        assert "Rice" not in document
        assert carve.text.replace(".", "") in document.replace("\\", "").replace(".", "")
        assert carve.id in document
        assert decision.id in document
        assert "amina-7" not in document
        assert spoken.other not in document
        assert "More was said than is quoted here" in document


@pytest.mark.usefixtures("spoken")
def test_an_offer_is_marked_by_people_signed_and_can_be_taken_back(line):
    carve = pipeline.find(line, "carve")[0]
    pipeline.choose(line, carve.voice, Purpose.QUOTE, given=True)
    pipeline.mark_own_offer(line, carve.voice, carve.id, marked=True)
    assert [one.id for one in pipeline.plan_of(line, "north").plan.offers] == [carve.id]
    assert pipeline.offers_among(line, [carve.id]) == {carve.id}
    pipeline.mark_offer(line, carve.id, marked=False, by="Nadia")
    assert pipeline.plan_of(line, "north").plan.offers == ()
    with pytest.raises(NotFound):
        pipeline.mark_own_offer(line, carve.voice, pipeline.find(line, "Rice")[0].id, marked=True)


def test_the_people_of_a_chain_sign_the_plan_as_they_read_it(line, spoken):
    carve = pipeline.find(line, "carve")[0]
    pipeline.choose(line, carve.voice, Purpose.QUOTE, given=True)
    read = pipeline.plan_of(line, "north").plan.sha256
    pipeline.sign_plan(line, "north", "amina-7", read, "Nadia")
    view = pipeline.plan_of(line, "north")
    assert [(one.shown, one.signed, one.as_it_stands) for one in view.signatures] == [
        ("amina-7", "Nadia", True),
        (spoken.other, None, False),
    ]
    pipeline.decide(line, Choice.DO, "Cook on Thursdays.", utterances=[carve.id])
    signed = pipeline.plan_of(line, "north").signed
    assert (signed.people, signed.now, signed.before) == (2, 0, 1)
    with pytest.raises(Refused, match="has changed since you read it"):
        pipeline.sign_plan(line, "north", carve.voice, read)
    pipeline.ingest(line, None)
    with pytest.raises(NotFound):
        pipeline.sign_plan(line, "north", "nobody-1")


@pytest.mark.usefixtures("spoken")
def test_words_that_are_held_or_withdrawn_are_in_no_plan(line):
    rice = pipeline.find(line, "Rice")[0]
    pipeline.hold(line, rice.id, "she could be found by it")
    assert rice.id not in {one.id for one in pipeline.plan_of(line, "north").plan.words}
    with pytest.raises(Refused, match="held back"):
        pipeline.mark_offer(line, rice.id)


@pytest.mark.usefixtures("spoken")
def test_time_only_goes_forward_in_what_is_kept(line):
    with line.store.reading() as read:
        times = [row[4] for row in read.rows("link_events", lambda *row: row)]
    assert times == sorted(times)
    assert DAY < times[0] <= datetime.now(UTC)
