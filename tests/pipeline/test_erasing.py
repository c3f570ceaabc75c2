import gzip
import io
import json
import os
import signal
import subprocess
import sys
import time
import wave
import zipfile
import zlib

import numpy as np
import pytest

from listening import pipeline
from listening.capture import sound
from listening.domain import AskedFirst, Choice, Columns, Purpose, Step, sha256_of
from listening.errors import NotFound
from listening.pipeline.meaning import weights_of
from listening.pipeline.recognising import BLANK
from listening.store import Store
from tests.pipeline.test_synthesis import BUSES, DAMP, bring

CANARY = "The violet heron keeps my grandmother awake at night."
NOTE = f"Amina: {CANARY}\n\nSam: The bus stops running before seven o'clock here.\n\nAmina: And nobody mends it."


def copies_of(folder, phrase):
    """The files under a folder in which a phrase is, as it is, in another encoding, or packed."""
    wanted = [phrase.encode(), phrase.encode("utf-16-le"), json.dumps(phrase)[1:-1].encode()]
    found = []
    for file in folder.rglob("*"):
        if file.is_file():
            texts = [file.read_bytes()]
            texts += list(unpacked(file, texts[0]))
            found += [file for text in texts if any(one in text for one in wanted)]
    return found


def unpacked(file, data):
    if zipfile.is_zipfile(file):
        with zipfile.ZipFile(file) as packed:
            yield from (packed.read(name) for name in packed.namelist())
    for unpack in (gzip.decompress, zlib.decompress):
        try:
            yield unpack(data)
        except (OSError, zlib.error, EOFError):
            continue


def broken(line):
    with line.store.reading() as read:
        return read.rows("broken_references", lambda *row: row)


def voice_of(line, words):
    return pipeline.find(line, words)[0].voice


@pytest.fixture
def themed(line, hand_in):
    """A line with themes, decisions and titles in which the canary is used."""
    bring(line, hand_in, "first.txt", [*BUSES, *DAMP, "Forty teaspoons, please."])
    pipeline.ingest(line, hand_in("second.txt", NOTE))
    pipeline.synthesise(line)
    said = pipeline.find(line, "heron")[0]
    pipeline.decide(line, Choice.DO, f"They said: {CANARY}", utterances=[said.id])
    pipeline.give_title(line, "1", f"As in: {CANARY}")
    objection = pipeline.object_to(line, said.voice, said.id, f"I said: {CANARY}")
    pipeline.reply(line, objection.id, f"You are right, you said: {CANARY}", show_again=True)
    pipeline.choose(line, said.voice, Purpose.QUOTE, given=True)
    return line


@pytest.mark.parametrize("what", ["id", "voice", "conversation"])
def test_what_was_withdrawn_is_found_nowhere_afterwards(themed, what):
    said = pipeline.find(themed, "heron")[0]
    folder = themed.store.folder
    assert copies_of(folder, "violet heron")  # the search can find it
    assert copies_of(folder, sha256_of(CANARY))
    assert has_vector(themed, CANARY)
    pipeline.withdraw(themed, getattr(said, what))
    pipeline.erase_withdrawn(themed)
    assert copies_of(folder, "violet heron") == []
    assert copies_of(folder, sha256_of(CANARY)) == []  # nor what its vector and its place were kept under
    assert not has_vector(themed, CANARY)
    assert pipeline.ledger(themed).adds_up
    assert broken(themed) == []
    with pytest.raises(NotFound):
        pipeline.show(themed, said.id)


def has_vector(line, text):
    weights = weights_of(line.encoder())
    with line.store.reading() as read:
        return sha256_of(text) in dict(read.rows("vectors", lambda *row: row, weights_sha256=weights))


def test_the_words_of_others_in_the_same_file_still_prove_exact(themed):
    sam = pipeline.find(themed, "seven o'clock here")[0]
    pipeline.erase(themed, voice_of(themed, "heron"))
    shown = pipeline.show(themed, sam.id)
    text = pipeline.text_of(themed, shown.source)
    assert text[shown.start : shown.end] == sam.text
    assert pipeline.original(themed, shown.source).read_bytes().decode() == text
    assert "Amina" not in text
    assert len(text) == len(NOTE)
    assert BLANK * 5 in text


def test_only_what_was_asked_for_goes(themed):
    before = pipeline.counts(themed)
    pipeline.erase(themed, pipeline.find(themed, "heron")[0].id)
    after = pipeline.counts(themed)
    assert after.utterances == before.utterances - 1
    assert (after.voices, after.conversations, after.sources) == (before.voices, before.conversations, before.sources)
    assert pipeline.find(themed, "nobody mends")


def test_a_dry_run_tells_what_goes_and_changes_nothing(themed):
    before = pipeline.counts(themed)
    told = pipeline.erase(themed, voice_of(themed, "heron"), dry_run=True)
    assert (told.utterances, told.voices, told.files_removed, told.files_without) == (2, 1, 0, 1)
    assert any("blanked" in sentence for sentence in told.told)
    assert pipeline.counts(themed) == before
    assert copies_of(themed.store.folder, "violet heron")
    assert pipeline.erase_withdrawn(themed) is None


def test_a_decision_that_rested_on_erased_words_stays_and_no_longer_quotes_them(themed):
    pipeline.erase(themed, voice_of(themed, "heron"))
    [decision] = pipeline.decisions(themed)
    assert decision.text == "They said: [words that were withdrawn]"


def test_a_theme_is_named_by_somebody_who_stays(themed):
    theme = pipeline.themes(themed)[0]
    pipeline.erase(themed, theme.exemplars[0])
    left = [one for one in pipeline.themes(themed) if one.id == theme.id]
    assert left
    assert left[0].name in left[0].words.values()
    assert left[0].name != theme.name
    assert pipeline.history(themed, theme.id)


def test_the_same_file_is_not_taken_again(themed, hand_in):
    pipeline.erase(themed, voice_of(themed, "heron"))
    result = pipeline.ingest(themed, hand_in("again.txt", NOTE))
    assert "withdrawn" in result.failed[0].reason
    assert copies_of(themed.store.folder, "violet heron") == []


def test_the_same_words_in_another_file_are_not_taken_again(themed, hand_in):
    pipeline.erase(themed, pipeline.find(themed, "heron")[0].id)
    result = pipeline.ingest(themed, hand_in("again.txt", f"Amina:  {CANARY}\n\nSam: Something else that is new."))
    assert "withdrawn before" in result.failed[0].reason
    assert copies_of(themed.store.folder, "violet heron") == []


# --- chats and tables -------------------------------------------------------------------------------------------------

CHAT = """12/03/2026, 10:30 - Amina: The violet heron keeps my grandmother awake at night.
12/03/2026, 10:31 - Sam: Ours too.
12/03/2026, 10:32 - Amina: Yes.
12/03/2026, 10:33 - Sam: The bus is late every single morning now.
12/03/2026, 10:34 - Sam: And the evening one.
"""
GROWN = CHAT + "12/03/2026, 11:00 - Sam: Somebody should write to them about it.\n"


def test_a_message_that_was_erased_does_not_come_back_with_the_next_export(line, hand_in):
    pipeline.ingest(line, hand_in("WhatsApp Chat with Street.txt", CHAT))
    pipeline.erase(line, voice_of(line, "heron"))
    assert pipeline.counts(line).utterances == 3
    result = pipeline.ingest(line, hand_in("WhatsApp Chat with Street.txt", GROWN))
    assert result.failed == ()
    assert result.utterances == 1
    assert copies_of(line.store.folder, "violet heron") == []
    assert pipeline.counts(line).conversations == 1


def test_a_message_that_lies_in_two_exports_goes_from_both(line, hand_in):
    pipeline.ingest(line, hand_in("WhatsApp Chat with Street.txt", CHAT))
    pipeline.ingest(line, hand_in("WhatsApp Chat with Street.txt", GROWN))
    pipeline.erase(line, pipeline.find(line, "heron")[0].id)
    assert copies_of(line.store.folder, "violet heron") == []
    assert pipeline.counts(line).utterances == 5
    assert pipeline.ledger(line).adds_up


ROWS = [f"id-000000{number},p{number},Statement {number} about how the evenings are here." for number in range(6)]
COLUMNS = Columns("text", voice="person")


def table(*rows):
    return "\n".join(["_id,person,text", *rows]) + "\n"


def test_a_row_that_was_erased_does_not_come_back_and_the_others_do_not_enter_twice(line, hand_in):
    pipeline.ingest(line, hand_in("rows.csv", table(*ROWS)), COLUMNS)
    pipeline.erase(line, voice_of(line, "Statement 2"))
    new = "id-0000009,p9,Statement 9 about how the evenings are here."
    refused = pipeline.ingest(line, hand_in("grown.csv", table(*ROWS, new)), COLUMNS)
    assert "withdrawn before" in refused.failed[0].reason
    result = pipeline.ingest(line, hand_in("mended.csv", table(*ROWS[:2], *ROWS[3:], new)), COLUMNS)
    assert result.utterances == 1
    assert copies_of(line.store.folder, "Statement 2 about") == []


# --- recordings -------------------------------------------------------------------------------------------------------


def recording(*loudness):
    """One tone of 4 s for each: a person's voice is how loud it is."""
    tone = np.sin(np.arange(16_000 * 4) * 0.17)
    samples = np.concatenate([tone * loud for loud in loudness])
    made = io.BytesIO()
    with wave.open(made, "wb") as file:
        file.setparams((1, 2, 16_000, 0, "NONE", "not compressed"))
        file.writeframes((samples * 32767).astype("<i2").tobytes())
    return made.getvalue()


def loudness_by_second(path):
    samples = np.concatenate(list(sound.blocks(path)))
    return [float(np.abs(part).max()) for part in np.array_split(samples, round(len(samples) / 16_000))]


def test_in_a_recording_of_two_people_only_the_moments_of_the_other_stay(line, hand_in):
    pipeline.ingest(line, hand_in("two.wav", recording(0.08, 0.7, 0.08, 0.7)))
    utterances = pipeline.find(line, "")
    voices = {one.voice for one in utterances}
    assert len(voices) == 2
    gone = utterances[0].voice
    stays = next(one for one in utterances if one.voice != gone)
    before = pipeline.original(line, pipeline.show(line, stays.id).source)
    assert min(loudness_by_second(before)) > 0.05
    pipeline.erase(line, gone)
    shown = pipeline.show(line, stays.id)
    after = pipeline.original(line, shown.source)
    assert not before.exists()
    loud = loudness_by_second(after)
    assert len(loud) == 16
    assert max(loud[shown.start // 1000 : shown.end // 1000]) > 0.05
    assert min(loud) == 0
    assert pipeline.ledger(line).adds_up
    assert broken(line) == []


def test_a_recording_of_one_person_goes_whole(line, hand_in):
    hand_in("one.wav.md", "---\nspeakers: 1\n---\n")
    pipeline.ingest(line, hand_in("one.wav", recording(0.3)))
    [source] = pipeline.sources(line)
    file = pipeline.original(line, source.id)
    pipeline.erase(line, pipeline.find(line, "")[0].voice)
    assert not file.exists()
    assert pipeline.counts(line).sources == 0
    assert line.store.originals.all() == []


# --- crashes ----------------------------------------------------------------------------------------------------------

ERASER = """
import sys
from pathlib import Path
from listening import pipeline
from listening.settings import Settings

line = pipeline.open_line(Settings(data=Path(sys.argv[1])))
print("go", flush=True)
pipeline.erase_withdrawn(line)
print("done", flush=True)
"""


@pytest.mark.parametrize("wait", [0.0, 0.02, 0.05, 0.1, 0.15, 0.2, 0.3])
def test_killed_at_any_moment_the_next_call_finishes_it_and_nothing_else_is_lost(themed, wait):
    said = pipeline.find(themed, "heron")[0]
    others = {one.text for one in pipeline.find(themed, "") if one.voice != said.voice}
    pipeline.withdraw(themed, said.voice)
    time.sleep(0.1)  # our own turn ends
    command = [sys.executable, "-c", ERASER, str(themed.store.folder)]
    eraser = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    eraser.stdout.readline()
    time.sleep(wait)
    os.kill(eraser.pid, signal.SIGKILL)
    eraser.wait()
    eraser.stdout.close()
    fresh = pipeline.Line(Store(themed.store.folder, 10), themed.settings, themed.engine, themed.encoder)
    pipeline.erase_withdrawn(fresh)
    assert copies_of(fresh.store.folder, "violet heron") == []
    assert {one.text for one in pipeline.find(fresh, "")} == others
    assert pipeline.ledger(fresh).adds_up
    assert broken(fresh) == []


# --- pictures, and voice notes in a chat ------------------------------------------------------------------------------


def test_the_picture_of_a_paper_goes_with_the_words_on_it(line, hand_in):
    hand_in("sheet.jpg", b"\xff\xd8\xff picture")
    pipeline.ingest(line, hand_in("sheet.md", f"---\nphoto: sheet.jpg\n---\n\n{NOTE}"))
    assert any(file.read_bytes().endswith(b"picture") for file in line.store.originals.all())
    pipeline.erase(line, voice_of(line, "heron"))
    assert not any(file.read_bytes().endswith(b"picture") for file in line.store.originals.all())
    assert pipeline.find(line, "seven o'clock here")


def test_a_voice_note_goes_with_the_chat_that_brought_it_and_does_not_come_back(line, hand_in):
    sound_of_it = recording(0.3)
    chat = CHAT + "12/03/2026, 10:40 - Amina: PTT-20260312-WA0001.wav (file attached)\n"
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as made:
        made.writestr("WhatsApp Chat with Street.txt", chat)
        made.writestr("PTT-20260312-WA0001.wav", sound_of_it)
    result = pipeline.ingest(line, hand_in("WhatsApp Chat with Street.zip", packed.getvalue()))
    assert result.failed == ()
    assert pipeline.counts(line).sources == 2
    pipeline.erase(line, voice_of(line, "heron"))
    files = [file.read_bytes() for file in line.store.originals.all()]
    assert len(files) == 1
    assert not any(sound_of_it[100:400] in one or b"heron" in one for one in files)
    assert pipeline.counts(line).utterances == 3


def test_somebody_of_a_chain_who_withdraws_keeps_a_nameless_place_in_it(line):
    pipeline.start_chain(line, "north", "No one without food.", "amina-7", "Nadia")
    colin = _talk(line, "amina-7", "Colin", f"Amina: Rice, one cup more.\n\nColin: {CANARY}")
    _talk(line, colin, "Dot", "Colin: And then?\n\nDot: Then the bread.", goes_on=False)
    said = pipeline.find(line, "heron")[0]
    pipeline.mark_own_offer(line, colin, said.id, marked=True)
    pipeline.mark_asked_first(line, colin, AskedFirst.REACHED_POORLY)
    decision = pipeline.decide(line, Choice.DO, "Cook.", utterances=[said.id])
    pipeline.note_progress(line, decision.id, f"It began with: {CANARY}")
    pipeline.withdraw(line, colin)
    pipeline.erase_withdrawn(line)
    chain = pipeline.chain_view(line, "north")
    assert chain.people == 3
    assert [one.other_shown.partition("-")[0] for one in chain.links] == ["somebody who left", "dot"]
    assert not any(one.may_reach for one in chain.links if colin in (one.initiator, one.other))
    assert copies_of(line.store.folder, CANARY) == []
    assert broken(line) == []


def _talk(line, initiator, name, notes, *, goes_on=True):
    """One link, from the invitation to what was said; gives the voice that was invited."""
    made = pipeline.invite(line, "north", initiator, name=name, by="Nadia")
    other = pipeline.answer_invitation(line, made.code, yes=True, contact="07700 900123")
    mine = notes.partition(":")[0]
    pipeline.record_notes(line, made.link, pipeline.NotesOf(notes, mine, name))
    pipeline.ingest(line, None)
    if goes_on:
        pipeline.take_step(line, made.link, Step.WENT_ON)
    return other
