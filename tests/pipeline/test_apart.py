"""The speakers of a stored recording are told apart again."""

import dataclasses

import pytest

from listening import pipeline
from listening.errors import NotFound, Refused
from tests.pipeline.test_hearing import TWO_PEOPLE, voices_of
from tests.pipeline.test_mending import conversation


@pytest.fixture
def heard(line, hand_in):
    pipeline.ingest(line, hand_in("two.wav", TWO_PEOPLE))
    return line


@pytest.fixture
def as_one(line, hand_in):
    """A recording of two people in which a person said there is one."""
    recording = hand_in("two.wav", TWO_PEOPLE)
    hand_in("two.wav.yaml", "people: 1\n")
    pipeline.ingest(line, recording)
    return line


def said_by(line):
    return {shown: {one.text for one in pipeline.words_of(line, one.id)} for shown, one in voices_of(line).items()}


def text(line):
    first = pipeline.words_of(line, pipeline.voices(line)[0].id)[0]
    return pipeline.text_of(line, pipeline.show(line, first.id).source)


def test_the_number_of_people_can_be_said_later(as_one):
    everything, talk = text(as_one), conversation(as_one)
    assert set(said_by(as_one)) == {"speaker 1"}
    changed = pipeline.tell_apart_again(as_one, talk, 2, by="Jo")
    assert set(said_by(as_one)) == {"speaker 1", "speaker 2"}
    assert changed.moved == len(said_by(as_one)["speaker 2"]) > 0
    assert text(as_one) == everything
    found = pipeline.speakers(as_one, talk)
    assert ([one.speaker for one in found.speakers], found.guessed) == (["speaker 1", "speaker 2"], False)
    assert pipeline.ledger(as_one).adds_up
    with as_one.store.reading() as read:
        assert read.rows("broken_references", lambda *row: row) == []


def test_speakers_who_are_as_before_keep_their_words_and_names(heard):
    talk = conversation(heard)
    pipeline.name_speaker(heard, voices_of(heard)["speaker 2"].id, "bill-9", by="Jo")
    before = said_by(heard)
    changed = pipeline.tell_apart_again(heard, talk)
    assert (changed.moved, changed.no_longer) == (0, [])
    assert said_by(heard) == before
    assert {one.known_as for one in pipeline.speakers(heard, talk).speakers} == {None, "bill-9"}


def test_a_name_that_no_longer_fits_is_told_and_comes_back_with_its_voice(heard):
    talk = conversation(heard)
    pipeline.name_speaker(heard, voices_of(heard)["speaker 2"].id, "bill-9", by="Jo")
    before = said_by(heard)
    largest = max(pipeline.speakers(heard, talk).speakers, key=lambda one: one.spoke_ms)
    gone = pipeline.tell_apart_again(heard, talk, 1).no_longer
    assert gone == ([] if largest.known_as else ["bill-9"])
    assert len(said_by(heard)) == 1
    again = pipeline.tell_apart_again(heard, talk, 2)
    assert len(said_by(heard)) == 2
    assert sum(map(len, said_by(heard).values())) == sum(map(len, before.values()))
    assert again.moved > 0


def test_a_new_speaker_never_gets_a_label_that_somebody_else_had(heard):
    talk = conversation(heard)
    pipeline.tell_apart_again(heard, talk, 1)
    pipeline.tell_apart_again(heard, talk, 2)
    assert "speaker 3" in said_by(heard)


def test_what_failed_at_first_can_be_tried_again(line, hand_in):
    def missing():
        raise NotFound("The model that tells voices apart is not here.")

    deaf = dataclasses.replace(line, separator=missing)
    pipeline.ingest(deaf, hand_in("two.wav", TWO_PEOPLE))
    before, talk = said_by(line), conversation(line)
    with pytest.raises(Refused, match=r"not here\. Nothing was changed"):
        pipeline.tell_apart_again(deaf, talk, 2)
    assert said_by(line) == before
    pipeline.tell_apart_again(line, talk)
    assert set(said_by(line)) == {"speaker 1", "speaker 2"}
    assert pipeline.speakers(line, talk).failed_because is None


def test_typed_talks_and_strange_numbers_are_refused(line, heard, hand_in):
    talk = conversation(heard)
    for number in (0, 9):
        with pytest.raises(Refused, match="number from 1"):
            pipeline.tell_apart_again(heard, talk, number)
    pipeline.ingest(line, hand_in("note.txt", "Somewhere to sit that is not a shop."))
    [said] = pipeline.find(line, "Somewhere")
    with pytest.raises(NotFound, match="typed"):
        pipeline.tell_apart_again(line, said.conversation)
