"""What a recording becomes: words, who says them, what is doubtful, and time that adds up."""

import dataclasses
import io
import wave

import numpy as np
import pytest

from listening import pipeline
from listening.errors import ModelMissing, NotFound
from listening.pipeline.hearing import piece_from_json, piece_to_json
from listening.transcribe import Piece
from tests.fakes import FakeEngine

QUIET, LOUD = 0.05, 0.3


def wav(*parts):
    """A wave file of parts that are each so loud and so many seconds long."""
    random = np.random.default_rng(3)
    samples = np.concatenate([random.uniform(-1, 1, round(seconds * 16_000)) * loud for loud, seconds in parts])
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setparams((1, 2, 16_000, 0, "NONE", ""))
        sound.writeframes((samples * 32767).astype("<i2").tobytes())
    return file.getvalue()


TWO_PEOPLE = wav((QUIET, 8), (0, 3), (LOUD, 12), (0, 60), (QUIET, 4))


class Doubting(FakeEngine):
    """Is unsure of everything that is loud."""

    def hear(self, sound, language):
        return [
            dataclasses.replace(one, average_log_probability=-0.9) if np.abs(part).max() > 0.1 else one
            for one in super().hear(sound, language)
            for part in [sound[one.start_ms * 16 : one.end_ms * 16]]
        ]


@pytest.fixture
def doubting(line):
    """A line whose engine is unsure of everything that is loud."""
    return dataclasses.replace(line, engine=Doubting)


def voices_of(line):
    return {voice.shown: voice for voice in pipeline.voices(line)}


def test_each_speaker_of_a_recording_is_a_voice_of_its_own(line, hand_in):
    result = pipeline.ingest(line, hand_in("two.wav", TWO_PEOPLE))
    assert set(voices_of(line)) == {"speaker 1", "speaker 2"}
    assert list(result.notes) == [
        "two.wav: 2 people seem to speak. Say who they are: `listening speakers CONVERSATION`."
    ]


def test_a_recording_of_one_named_person_is_wholly_theirs(line, hand_in):
    recording = hand_in("two.wav", TWO_PEOPLE)
    hand_in("two.wav.yaml", "voices: [dee-5]\n")
    pipeline.ingest(line, recording)
    assert set(voices_of(line)) == {"dee-5"}


def test_words_are_kept_where_speakers_cannot_be_told_apart(line, hand_in):
    def missing():
        raise ModelMissing("The model that tells voices apart is not here.")

    deaf = dataclasses.replace(line, separator=missing)
    result = pipeline.ingest(deaf, hand_in("two.wav", TWO_PEOPLE))
    assert result.utterances > 3
    assert set(voices_of(line)) == {"someone"}
    assert "all of it is one voice. The model that tells" in result.notes[0]
    [conversation] = pipeline.trace(line, pipeline.voices(line)[0].id).conversations
    assert pipeline.speakers(line, conversation).failed_because == "The model that tells voices apart is not here."


def test_every_millisecond_is_words_or_quiet_or_not_made_out(line, hand_in):
    class HardOfHearing(FakeEngine):
        def hear(self, sound, language):
            return super().hear(sound, language)[:1]

    deaf = dataclasses.replace(line, engine=HardOfHearing)
    result = pipeline.ingest(deaf, hand_in("two.wav", TWO_PEOPLE))
    ledger = pipeline.ledger(line)
    assert ledger.adds_up
    assert ledger.recorded_ms == 87_000 == ledger.words_ms + ledger.quiet_ms + ledger.unheard_ms
    assert 61_000 < ledger.quiet_ms < 63_000
    assert ledger.unheard_ms > 10_000
    assert any("no words could be made out" in note for note in result.notes)


def test_a_ledger_with_a_moment_missing_does_not_add_up(line, hand_in):
    pipeline.ingest(line, hand_in("two.wav", TWO_PEOPLE))
    with line.store.writing() as write:
        write._run("test", "DELETE FROM stretch WHERE ordinal = 1", {})
    assert not pipeline.ledger(line).adds_up


def test_doubtful_words_are_held_back_and_counted(doubting, hand_in):
    result = pipeline.ingest(doubting, hand_in("two.wav", TWO_PEOPLE))
    ledger = pipeline.ledger(doubting)
    waiting = pipeline.doubtful(doubting)
    assert 0 < len(waiting) == ledger.held < ledger.entered == result.utterances
    assert ledger.adds_up
    assert all(one.start_ms < 23_400 and one.end_ms > 10_600 for one in waiting)
    pipeline.synthesise(doubting)
    alone = {one.id for one in pipeline.on_their_own(doubting)}
    assert alone.isdisjoint(one.id for one in waiting)
    assert pipeline.find(doubting, waiting[0].text) == []


def test_a_recording_that_was_cut_short_says_how_much_could_be_read(line, hand_in):
    from tests.capture.test_sound import encoded

    whole = encoded("flac", 12.0)
    result = pipeline.ingest(line, hand_in("half.flac", whole[: len(whole) // 2]))
    [note] = [note for note in result.notes if "could be read" in note]
    [cut] = pipeline.ledger(line).cut_short
    assert cut.source == "half.flac"
    assert f"{cut.read_ms / 1000:.1f} of 12.0 s could be read" in note
    assert 4_000 < cut.read_ms < 8_000 < cut.declared_ms == 12_000


def test_nobody_is_given_a_recording_in_which_others_speak(line, hand_in):
    pipeline.ingest(line, hand_in("two.wav", TWO_PEOPLE))
    for voice in voices_of(line).values():
        words = pipeline.mine(line, voice.id).words
        assert words
        for one in words:
            assert (one.start_ms, one.end_ms) == (None, None)
            with pytest.raises(NotFound, match="no such words"):
                pipeline.own_recording(line, voice.id, one.id)


def test_a_recording_without_speech_is_listed_with_its_reason(line, hand_in):
    result = pipeline.ingest(line, hand_in("silence.wav", wav((0, 5))))
    assert "No speech" in result.failed[0].reason


def test_a_kept_piece_comes_back_equal():
    piece = Piece(2, 10, 90, tuple(FakeEngine().hear(np.ones(5 * 16_000, np.float32), "cy")), "cy")
    assert piece_from_json(piece_to_json(piece)) == piece


def test_nothing_points_at_nothing(doubting, hand_in):
    pipeline.ingest(doubting, hand_in("two.wav", TWO_PEOPLE))
    with doubting.store.reading() as read:
        assert read.rows("broken_references", lambda *row: row) == []
