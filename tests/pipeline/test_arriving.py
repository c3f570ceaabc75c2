"""A recording made in pieces becomes one source, whatever happened on the way."""

import av
import numpy as np
import pytest

from listening import pipeline
from listening.capture import sound
from listening.errors import NotFound, Refused
from listening.pipeline import Piece


def take(path, seconds, codec="libopus"):
    """What a browser's recorder gives: sound of one pitch, so long."""
    times = np.arange(int(seconds * 48_000)) / 48_000
    loud = (0.3 * np.sin(2 * np.pi * 300 * times)).astype(np.float32)
    with av.open(str(path), "w") as out:
        stream = out.add_stream(codec, rate=48_000, layout="mono")
        for start in range(0, len(loud), 960):
            frame = av.AudioFrame.from_ndarray(loud[None, start : start + 960], format="flt", layout="mono")
            frame.sample_rate, frame.pts = 48_000, start
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    return path.read_bytes()


@pytest.fixture
def three(tmp_path):
    return take(tmp_path / "three.webm", 3)


def begin(line, **facts):
    return pipeline.begin_recording(line, {"place": "The hall", **facts}, {"Amina": "amina-7"}, "nadia", agreed=True)


def add(line, which, name, content, ms=3000):
    half = len(content) // 2
    length = pipeline.add_piece(line, which, "nadia", Piece(name, 0, content[:half], ms // 2))
    return pipeline.add_piece(line, which, "nadia", Piece(name, length, content[half:], ms))


def lasts(line, source):
    return sum(map(len, sound.blocks(pipeline.original(line, source)))) / 16_000


def test_takes_become_one_source_that_says_how_long_it_is(line, three):
    which = begin(line)
    for name in ("a", "b", "c"):
        add(line, which, name, three)
    assert pipeline.interrupted(line, "nadia")[0].milliseconds == 9000
    [arrival] = pipeline.finish_recording(line, which, "nadia")
    told = sound.probe(pipeline.original(line, arrival.source_id))
    assert told.declared
    assert abs(told.duration_ms - 9000) < 100
    assert abs(lasts(line, arrival.source_id) - 9) < 0.1
    pipeline.read(line, arrival.source_id)
    [found] = pipeline.conversations(line)
    assert found.place == "The hall"
    assert {voice.shown for voice in pipeline.voices(line)} == {"amina-7"}
    agreed = pipeline.agreement(line, found.id)
    assert (agreed.wording, agreed.signed) == (pipeline.TO_BE_RECORDED, "nadia")
    assert not pipeline.interrupted(line, "nadia")


def test_finishing_twice_or_after_a_kill_in_between_makes_one_source(line, three, monkeypatch):
    which = begin(line)
    add(line, which, "a", three)
    add(line, which, "b", three)
    monkeypatch.setattr(type(line.store.arriving), "finish", lambda *_: 1 / 0)  # it ends here, after it was received
    with pytest.raises(ZeroDivisionError):
        pipeline.finish_recording(line, which, "nadia")
    monkeypatch.undo()
    [again] = pipeline.finish_recording(line, which, "nadia")
    assert not again.new
    assert pipeline.finish_recording(line, which, "nadia") == []
    assert len(pipeline.sources(line)) == 1


def test_the_last_take_may_be_cut_off_anywhere(line, three):
    which = begin(line)
    add(line, which, "a", three)
    add(line, which, "b", three[: len(three) * 2 // 3])
    [arrival] = pipeline.finish_recording(line, which, "nadia")
    assert lasts(line, arrival.source_id) > 4.5


def test_a_part_that_cannot_be_played_is_named_and_stays_and_costs_nothing_else(line, three):
    which = begin(line)
    add(line, which, "a", three)
    add(line, which, "b", b"nothing that can be played", 1000)
    [arrival] = pipeline.finish_recording(line, which, "nadia")
    assert abs(lasts(line, arrival.source_id) - 3) < 0.1
    assert "a part of 1 s" in pipeline.failures(line)[0].source
    assert [one.name for one in line.store.arriving.takes(which)] == ["b"]


def test_takes_of_two_kinds_of_browser_are_a_source_each(line, three, tmp_path):
    which = begin(line)
    add(line, which, "a", three)
    add(line, which, "b", take(tmp_path / "b.m4a", 2, "aac"))
    first, second = pipeline.finish_recording(line, which, "nadia")
    assert abs(lasts(line, first.source_id) - 3) < 0.1
    assert abs(lasts(line, second.source_id) - 2) < 0.2


def test_nothing_recorded_is_nothing_finished(line):
    which = begin(line)
    with pytest.raises(Refused, match="Nothing was recorded"):
        pipeline.finish_recording(line, which, "nadia")
    pipeline.throw_away(line, which, "nadia")
    with pytest.raises(NotFound):
        pipeline.add_piece(line, which, "nadia", Piece("a", 0, b"late"))


def test_nobody_is_recorded_who_was_not_asked(line):
    with pytest.raises(Refused, match="Ask everybody first"):
        pipeline.begin_recording(line, {}, {}, "nadia", agreed=False)
    with pytest.raises(Refused, match="number from 1 to 20"):
        begin(line, people="many")
    assert pipeline.interrupted(line, None) == []


@pytest.mark.parametrize("take_name", ["", "../a", "a-b", "A", "a" * 33])
def test_names_of_takes_never_lead_elsewhere(line, take_name):
    which = begin(line)
    with pytest.raises(Refused):
        pipeline.add_piece(line, which, "nadia", Piece(take_name, 0, b"x"))
