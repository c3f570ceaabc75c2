"""Put right by ear, and say who speaks, on the web."""

import re
import time

import pytest

from listening import pipeline
from listening.domain import Happening
from listening.errors import NotFound
from tests.dashboards.test_workers import worker  # noqa: F401 (a fixture)
from tests.pipeline.test_hearing import TWO_PEOPLE, Doubting, voices_of


@pytest.fixture
def told(told, tmp_path):
    """The line, with a recording of two people too, of whom one is heard in doubt."""
    import dataclasses

    from tests.fakes import FakeDetector, FakeSeparator

    line = dataclasses.replace(told, engine=Doubting, detector=FakeDetector, separator=FakeSeparator)
    recording = tmp_path / "two.wav"
    recording.write_bytes(TWO_PEOPLE)
    (tmp_path / "two.wav.yaml").write_text("place: The hall\nvoices: {Amina: amina-7, Nadia: nadia}\n")
    pipeline.ingest(line, recording)
    return line


@pytest.fixture
def path(told):
    [found] = [one for one in pipeline.conversations(told) if one.place == "The hall"]
    return f"/conversations/{found.id}"


def first_in_doubt(told, path):
    return pipeline.to_put_right(told, path.split("/")[2])[0]


def test_what_is_in_doubt_comes_first_is_marked_and_can_be_played(worker, told, path):  # noqa: F811
    words = pipeline.to_put_right(told, path.split("/")[2])
    doubts = [one.doubtful for one in words]
    assert doubts == sorted(doubts, reverse=True)
    assert 0 < sum(doubts) < len(doubts)
    page = worker.page(f"{path}/listen").text
    assert page.count("may not have been said</span>") == sum(doubts)
    sound = re.search(r'src="(/sound/[^#"]+)#t=', page)[1]
    part = worker.get(sound, headers={"range": "bytes=1000-1999"})
    assert (part.status_code, len(part.content)) == (206, 1000)
    assert part.content == TWO_PEOPLE[1000:2000]


def test_words_put_right_are_signed_and_what_the_machine_heard_stays(worker, told, path):  # noqa: F811
    one = first_in_doubt(told, path)
    answer = worker.submit(f"{path}/listen", utterance=one.id, to="We want  a\nbench.", what="words")
    assert answer.status_code == 303
    after = pipeline.show(told, one.id)
    assert (after.text, after.heard, after.corrected_by, after.fate) == (
        "We want a bench.",
        one.text,
        "worker",
        "waiting",
    )
    page = worker.page(f"{path}/listen").text
    assert "put right by worker" in page
    assert one.text in page
    following = answer.headers["location"].split("#")[1]
    assert following.startswith("to-u-")
    assert following != f"to-{one.id}"


@pytest.mark.parametrize("what", ["right", "words"], ids=["by the button", "by keeping what stands"])
def test_what_is_right_is_kept_because_somebody_listened(worker, told, path, what):  # noqa: F811
    one = first_in_doubt(told, path)
    worker.submit(f"{path}/listen", utterance=one.id, to=one.text, what=what)
    after = pipeline.show(told, one.id)
    assert (after.text, after.corrected_by, after.fate) == (one.text, None, "waiting")
    with told.store.reading() as read:
        events = read._connection.execute(
            "SELECT what, signed FROM utterance_event WHERE utterance_id = ? ORDER BY happened_at", [one.id]
        ).fetchall()
    assert events[-1] == (Happening.RELEASED, "worker")


def test_words_that_say_nothing_are_refused(worker, told, path):  # noqa: F811
    one = first_in_doubt(told, path)
    answer = worker.submit(f"{path}/listen", utterance=one.id, to="  ", what="words")
    assert answer.status_code == 400
    assert "Say what you hear" in answer.text


def test_what_is_held_for_another_reason_is_neither_shown_nor_played(worker, told, path):  # noqa: F811
    one = first_in_doubt(told, path)
    pipeline.hold(told, one.id, "she could be found", "Nadia")
    page = worker.page(f"{path}/listen").text
    assert one.id not in page
    assert "is not played" in page
    assert "<audio" not in page
    source = next(c.source for c in pipeline.conversations(told) if c.id == path.split("/")[2])
    assert worker.page(f"/sound/{source}").status_code == 404
    assert worker.submit(f"{path}/listen", utterance=one.id, to="x", what="right").status_code == 404
    assert pipeline.show(told, one.id).fate == "held"


def test_a_speaker_becomes_a_voice_and_can_be_nobody_again(worker, told, path):  # noqa: F811
    page = worker.page(f"{path}/speakers").text
    assert '<option value="amina-7">' in page
    assert page.index("amina-7") < page.index("This is</label>")
    voice = voices_of(told)["speaker 1"]
    worker.submit(f"{path}/speakers", voice=voice.id, handle="amina-7")
    assert "amina-7" in voices_of(told)
    page = worker.page(f"{path}/speakers").text
    assert "heard as speaker 1" in page
    worker.submit(f"{path}/speakers", voice=voice.id, what="nobody")
    assert "speaker 1" in voices_of(told)
    assert "Say who it is" in worker.submit(f"{path}/speakers", voice=voice.id, handle=" ").text


def test_a_speaker_of_another_recording_cannot_be_named_here(worker, told, path):  # noqa: F811
    [said] = pipeline.find(told, "teaspoons")
    assert worker.submit(f"{path}/speakers", voice=said.voice, handle="amina-7").status_code == 404


def test_a_guess_says_that_somebody_may_be_missing(worker, path, monkeypatch):  # noqa: F811
    import dataclasses

    real = pipeline.speakers
    monkeypatch.setattr(
        "dashboards.mending.pipeline.speakers",
        lambda *given: dataclasses.replace(real(*given), guessed=True, unknown_ms=4000),
    )
    assert "Somebody may be missing: for 4 seconds" in worker.page(f"{path}/speakers").text


def test_a_typed_conversation_has_nothing_to_hear(worker, told):  # noqa: F811
    [said] = pipeline.find(told, "teaspoons")
    for page in ("listen", "speakers"):
        assert worker.page(f"/conversations/{said.conversation}/{page}").status_code == 404


def test_all_a_worker_does_with_a_conversation_is_one_step_away(worker, path):  # noqa: F811
    page = worker.page(path).text
    for link in (f"{path}/listen", f"{path}/speakers", "/people/", "hold="):
        assert link in page
    held = re.search(r"hold=(u-\w+)", page)[1]
    assert f'<option value="{held}" selected>' in worker.page(f"{path}?hold={held}").text


def test_progress_says_how_far_it_is_and_how_long_it_takes(worker):  # noqa: F811
    from dashboards.house import Doing

    doing = Doing("s-1", "Hearing", 34_000, 100_000, since=time.monotonic() - 340, began_at=0)
    assert (doing.per_cent, doing.left) == (34, "about 11 minutes")
    resumed = Doing("s-1", "Hearing", 94_000, 100_000, since=time.monotonic() - 10, began_at=93_000)
    assert resumed.left == "about 1 minute"
    assert Doing("s-1", "Hearing", 0, 100_000, since=time.monotonic()).left == ""
    worker.reader.doing = doing
    assert "34 per cent, about 11 minutes left" in worker.page("/coming-in").text
    worker.reader.doing = None


def test_lost_receipts_can_be_stopped(worker, told):  # noqa: F811
    voice = voices_of(told)["speaker 1"].id
    code = pipeline.give_receipt(told, voice)
    assert worker.submit(f"/people/{voice}/revoke").status_code == 303
    with pytest.raises(NotFound, match="does not open"):
        pipeline.voice_with(told, code)
