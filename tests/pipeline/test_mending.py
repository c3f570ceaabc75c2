"""People put right what a machine heard."""

import wave

import pytest

from listening import pipeline
from listening.domain import Choice
from listening.errors import NotFound, Refused
from tests.pipeline.test_hearing import TWO_PEOPLE, doubting, voices_of  # noqa: F401 (a fixture)


@pytest.fixture
def heard(doubting, hand_in):  # noqa: F811
    pipeline.ingest(doubting, hand_in("two.wav", TWO_PEOPLE))
    return doubting


def first_of(line, shown):
    return pipeline.words_of(line, voices_of(line)[shown].id)[0]


def conversation(line):
    return pipeline.words_of(line, pipeline.voices(line)[0].id)[0].conversation


def test_nothing_can_rest_on_words_that_nobody_has_listened_to(heard):
    waiting = pipeline.doubtful(heard)[0]
    with pytest.raises(Refused, match="held back"):
        pipeline.decide(heard, Choice.DO, "A bench.", utterances=[waiting.id])
    pipeline.release(heard, waiting.id, by="Jo")
    assert pipeline.decide(heard, Choice.DO, "A bench.", utterances=[waiting.id])


def test_released_words_are_found_and_grouped_and_no_longer_wait(heard):
    waiting = pipeline.doubtful(heard)
    pipeline.release(heard, waiting[0].id, by="Jo")
    assert [one.id for one in pipeline.doubtful(heard)] == [one.id for one in waiting[1:]]
    assert pipeline.show(heard, waiting[0].id).fate == "waiting"
    assert pipeline.ledger(heard).adds_up
    with pytest.raises(Refused, match="nothing to release"):
        pipeline.release(heard, waiting[0].id, by="Jo")


def test_listening_is_signed_by_whoever_is_named_or_the_settings_name(heard):
    waiting, other, *_ = pipeline.doubtful(heard)
    pipeline.correct(heard, waiting.id, to="A bench.", by="Jo")
    pipeline.correct(heard, other.id, to="A bin.")
    assert pipeline.show(heard, waiting.id).corrected_by == "Jo"
    assert pipeline.show(heard, other.id).corrected_by == "Fen Street board"
    with pytest.raises(Refused, match="what you hear"):
        pipeline.correct(heard, waiting.id, to=" ", by="Jo")


def test_corrected_words_are_shown_and_what_the_machine_heard_stays_beside_them(heard):
    before = first_of(heard, "speaker 1")
    pipeline.correct(heard, before.id, to="We would  like a bench.", by="Jo")
    after = pipeline.show(heard, before.id)
    assert (after.text, after.heard, after.corrected_by) == ("We would like a bench.", before.text, "Jo")
    assert [one.corrected_by for one in pipeline.find(heard, "like a bench")] == ["Jo"]
    assert before.text in pipeline.text_of(heard, after.source)
    pipeline.correct(heard, before.id, to="We would like two benches.", by="Sam")
    assert pipeline.show(heard, before.id).corrected_by == "Sam"
    assert pipeline.show(heard, before.id).heard == before.text
    with heard.store.reading() as read:
        assert read._run("test", "SELECT count(*) FROM correction", {}) == [(2,)]


def test_doubtful_words_that_were_put_right_wait_no_longer(heard):
    waiting = pipeline.doubtful(heard)[0]
    pipeline.correct(heard, waiting.id, to="Forty teaspoons.", by="Jo")
    assert waiting.id not in [one.id for one in pipeline.doubtful(heard)]
    assert pipeline.show(heard, waiting.id).fate == "waiting"


def test_grouping_works_on_the_corrected_words(heard):
    said = first_of(heard, "speaker 1")
    pipeline.synthesise(heard)
    assert not pipeline.synthesise(heard).new
    pipeline.correct(heard, said.id, to="Forty teaspoons for the kitchen.", by="Jo")
    assert pipeline.synthesise(heard).new
    assert "Forty teaspoons for the kitchen." in {one.text for one in pipeline.on_their_own(heard)} | {
        words for theme in pipeline.themes(heard) for words in theme.words.values()
    }


def test_typed_words_stay_as_they_were_typed(line, hand_in):
    pipeline.ingest(line, hand_in("note.txt", "Somewhere to sit that is not a shop."))
    [said] = pipeline.find(line, "Somewhere")
    with pytest.raises(Refused, match="was typed"):
        pipeline.correct(line, said.id, to="Somewhere to stand.", by="Jo")
    with pytest.raises(NotFound, match="typed"):
        pipeline.speakers(line, said.conversation)


def test_speakers_are_listed_with_how_long_they_spoke_and_where_to_listen(heard, tmp_path):
    found = pipeline.speakers(heard, conversation(heard), tmp_path / "clips")
    assert {one.speaker: round(one.spoke_ms / 1000) for one in found.speakers} == {"speaker 1": 13, "speaker 2": 13}
    assert found.guessed
    assert found.failed_because is None
    for one in found.speakers:
        assert one.voice in {voice.id for voice in pipeline.voices(heard)}
        [clip] = (tmp_path / "clips").glob(f"*{one.speaker}.wav")
        with wave.open(str(clip)) as sound:
            assert 3 < sound.getnframes() / 16_000 <= 8


def test_two_speakers_who_are_one_person_are_one_voice(heard, hand_in):
    talk = conversation(heard)
    pipeline.ingest(heard, hand_in("note.txt", "---\nvoices: {Amina: amina-7}\n---\nAmina: Somewhere to sit, please."))
    before = voices_of(heard)
    words = sum(voice.utterances for voice in before.values())
    for speaker in ("speaker 1", "speaker 2"):
        pipeline.name_speaker(heard, before[speaker].id, "amina-7", by="Jo")
    [amina] = pipeline.voices(heard)
    assert (amina.id, amina.utterances, amina.conversations) == (before["amina-7"].id, words, 2)
    assert pipeline.trace(heard, before["speaker 2"].id) == pipeline.trace(heard, amina.id)
    assert {one.known_as for one in pipeline.speakers(heard, talk).speakers} == {"amina-7"}


def test_a_speaker_can_become_somebody_new_somebody_else_and_unknown_again(heard):
    speaker = voices_of(heard)["speaker 2"].id
    pipeline.name_speaker(heard, speaker, "bill-9", by="Jo")
    pipeline.name_speaker(heard, speaker, "colin-4", by="Sam")
    assert set(voices_of(heard)) == {"speaker 1", "colin-4"}
    pipeline.name_speaker(heard, speaker, None, by="Sam")
    assert set(voices_of(heard)) == {"speaker 1", "speaker 2"}
    with heard.store.reading() as read:
        assert read._run("test", "SELECT count(*) FROM voice_event", {}) == [(3,)]
        assert read.rows("broken_references", lambda *row: row) == []


def test_only_a_speaker_of_one_recording_can_be_named(heard):
    pipeline.name_speaker(heard, voices_of(heard)["speaker 2"].id, "bill-9", by="Jo")
    with pytest.raises(Refused, match="known as bill-9 already"):
        pipeline.name_speaker(heard, voices_of(heard)["bill-9"].id, "colin-4", by="Jo")


def test_an_utterance_can_be_listened_to(heard, tmp_path):
    waiting = pipeline.doubtful(heard)[0]
    pipeline.clip(heard, waiting.id, tmp_path / "one.wav")
    with wave.open(str(tmp_path / "one.wav")) as sound:
        assert sound.getnframes() / 16 == pytest.approx(waiting.end_ms - waiting.start_ms + 1_000, abs=1)


def test_a_voice_of_doubtful_words_only_is_shown_as_such(heard, capsys):
    from listening import paint

    unsure = [one for one in pipeline.voices(heard) if one.doubtful == one.utterances]
    assert [one.shown for one in unsure] == ["speaker 2"]
    paint.voices(pipeline.voices(heard))
    printed = " ".join(capsys.readouterr().out.split())
    assert "speaker 2 (nothing" in printed
    assert "1 voice may have said nothing" in printed
    for one in pipeline.doubtful(heard):
        pipeline.release(heard, one.id, by="Jo")
    assert not any(one.doubtful for one in pipeline.voices(heard))
