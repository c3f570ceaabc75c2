import itertools

import pytest

from listening import consent, pipeline
from listening.domain import Cause, Choice, Fate, Purpose
from listening.errors import NotFound, Refused
from tests.pipeline.test_synthesis import BUSES, DAMP, bring


@pytest.fixture
def themed(line, hand_in):
    """A line with themes, and a decision on the first of them."""
    bring(line, hand_in, "first.txt", [*BUSES, *DAMP, "Forty teaspoons, please."])
    pipeline.synthesise(line)
    pipeline.decide(line, Choice.DO, "A later bus.", themes=[pipeline.themes(line)[0].id])
    return line


def teaspoons(line):
    [found] = pipeline.find(line, "teaspoons")
    return found


def in_a_theme(line):
    theme = pipeline.themes(line)[0]
    return pipeline.show(line, theme.utterances[0])


def everything_shown(line):
    """All the words that any view shows."""
    themes = pipeline.themes(line)
    pages = [pipeline.theme_page(line, theme.id) for theme in themes]
    return [
        *(words for theme in themes for words in theme.words.values()),
        *(member.text for page in pages for member in page.members),
        *(alone.text for alone in pipeline.on_their_own(line)),
        *(said.text for voice in pipeline.voices(line) for said in pipeline.words_of(line, voice.id)),
        *(said.text for decision in pipeline.decisions(line) for said in pipeline.words_of(line, decision.id)),
        *(happened.told for theme in themes for happened in pipeline.history(line, theme.id)),
    ]


# --- holding back and withdrawing -------------------------------------------------------------------------------------


def test_what_is_held_is_in_no_theme_at_once_and_comes_back_when_released(themed):
    held = in_a_theme(themed)
    pipeline.hold(themed, held.id, "she may be found by it", by="Nadia")
    assert pipeline.show(themed, held.id).fate == Fate.HELD
    assert not any(held.id in theme.utterances for theme in pipeline.themes(themed))
    assert pipeline.ledger(themed).adds_up
    pipeline.release(themed, held.id, "she is safe", by="Nadia")
    assert pipeline.show(themed, held.id).fate == Fate.IN_THEME


def test_each_cause_is_let_go_by_itself(themed):
    held = in_a_theme(themed)
    pipeline.hold(themed, held.id, "listen first", cause=Cause.DOUBT)
    pipeline.hold(themed, held.id, "safety")
    with pytest.raises(Refused, match="--cause doubt or person"):
        pipeline.release(themed, held.id, "both at once")
    pipeline.release(themed, held.id, "listened", cause=Cause.DOUBT)
    assert pipeline.show(themed, held.id).fate == Fate.HELD
    pipeline.release(themed, held.id, "safe now")
    assert pipeline.show(themed, held.id).fate == Fate.IN_THEME


def test_holding_needs_a_reason(themed):
    with pytest.raises(Refused, match="Say why"):
        pipeline.hold(themed, in_a_theme(themed).id, " ")


@pytest.mark.parametrize("what", ["id", "voice", "conversation"])
def test_what_is_withdrawn_is_shown_nowhere(themed, what):
    said = in_a_theme(themed)
    gone = pipeline.withdraw(themed, getattr(said, what))
    assert said.id in gone
    assert said.text not in everything_shown(themed)
    with pytest.raises(NotFound):
        pipeline.show(themed, said.id)
    ledger = pipeline.ledger(themed)
    assert (ledger.withdrawn, ledger.adds_up) == (len(gone), True)


def test_what_is_withdrawn_cannot_be_released(themed):
    said = in_a_theme(themed)
    pipeline.withdraw(themed, said.id)
    with pytest.raises(Refused, match="nothing to release"):
        pipeline.release(themed, said.id, "a mistake", cause=Cause.MEANING)
    assert said.text not in everything_shown(themed)


# --- choices ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("said", [list(pairs) for pairs in itertools.product([None, True, False], repeat=2)])
def test_the_store_and_the_rules_agree_on_who_may_stand_in_themes(themed, said):
    words = in_a_theme(themed)
    for purpose, given in zip((Purpose.GROUP, Purpose.READ), said, strict=True):
        if given is not None:
            pipeline.choose(themed, words.voice, purpose, given=given)
    may = consent.may_stand_in_themes(pipeline.choices(themed, words.voice))
    assert (pipeline.show(themed, words.id).fate == Fate.IN_THEME) == may


def test_a_no_holds_for_words_that_come_later_too(line, hand_in):
    notes = "---\nvoices: {Ann: ann-1, Ben: ben-2}\n---\n\nAnn: %s\n\nBen: Ducks.\n"
    pipeline.ingest(line, hand_in("one.md", notes % "The bus is late."))
    [ann] = [voice.id for voice in pipeline.voices(line) if voice.shown == "ann-1"]
    pipeline.choose(line, ann, Purpose.GROUP, given=False)
    pipeline.ingest(line, hand_in("two.md", notes % "Damp in the walls."))
    assert {words.fate for words in pipeline.mine(line, ann).words} == {Fate.HELD}


def test_the_wording_that_was_shown_is_kept_with_the_choice(themed):
    voice = in_a_theme(themed).voice
    event = pipeline.choose(themed, voice, Purpose.QUOTE, given=True, by="Nadia")
    assert (event.wording, event.signed) == (consent.WORDING[Purpose.QUOTE], "Nadia")
    assert pipeline.choices(themed, voice)[Purpose.QUOTE] is True


# --- receipts ---------------------------------------------------------------------------------------------------------


def test_a_code_leads_back_to_the_voice_it_was_given_to_and_to_no_other(themed):
    voices = [voice.id for voice in pipeline.voices(themed)]
    codes = {voice: pipeline.give_receipt(themed, voice) for voice in voices}
    assert {voice: pipeline.voice_with(themed, code) for voice, code in codes.items()} == {one: one for one in voices}


def test_the_code_itself_is_kept_nowhere(themed):
    code = pipeline.give_receipt(themed, teaspoons(themed).voice)
    letters = code.replace("-", "")
    for file in themed.store.folder.rglob("*"):
        if file.is_file() and file.suffix != ".lock":
            content = file.read_bytes()
            assert letters.encode() not in content
            assert code.encode() not in content


def test_never_given_revoked_and_withdrawn_look_the_same(themed):
    from listening.receipts import new_code

    voice = teaspoons(themed).voice
    revoked = pipeline.give_receipt(themed, voice)
    pipeline.revoke_receipts(themed, voice)
    withdrawn = pipeline.give_receipt(themed, voice)
    pipeline.withdraw(themed, voice)
    told = set()
    for code in (new_code(), revoked, withdrawn):
        with pytest.raises(NotFound) as refused:
            pipeline.voice_with(themed, code)
        told.add(str(refused.value))
    assert len(told) == 1


def test_when_every_word_is_withdrawn_one_by_one_the_code_stops_too(themed):
    said = teaspoons(themed)
    code = pipeline.give_receipt(themed, said.voice)
    pipeline.withdraw(themed, said.id)
    with pytest.raises(NotFound):
        pipeline.voice_with(themed, code)


def test_a_mistyped_code_is_said_to_be_mistyped(themed):
    code = pipeline.give_receipt(themed, teaspoons(themed).voice)
    with pytest.raises(Refused, match="a letter is missing or wrong"):
        pipeline.voice_with(themed, code[:-1])


# --- what a participant sees ------------------------------------------------------------------------------------------


def test_mine_shows_every_word_where_it_is_and_what_was_decided(themed):
    said = in_a_theme(themed)
    mine = pipeline.mine(themed, said.voice)
    assert [(words.text, words.fate) for words in mine.words] == [(said.text, Fate.IN_THEME)]
    [decision] = mine.decisions
    assert decision.text == "A later bus."
    assert mine.rests_on == {decision.id: (said.id,)}


def test_mine_shows_nothing_of_anybody_else(themed):
    mine = pipeline.mine(themed, teaspoons(themed).voice)
    assert [words.text for words in mine.words] == ["Forty teaspoons, please."]
    assert mine.decisions == []


# --- that is not what I meant -----------------------------------------------------------------------------------------


def test_not_what_i_meant_hides_the_words_at_once_and_asks_for_a_reply(themed):
    said = in_a_theme(themed)
    objection = pipeline.object_to(themed, said.voice, said.id, "I meant the day bus.")
    assert pipeline.show(themed, said.id).fate == Fate.HELD
    [waiting] = pipeline.objections(themed)
    assert (waiting.said, waiting.reply, waiting.overdue) == ("I meant the day bus.", None, False)
    assert (objection.reply_by - objection.made_at.date()).days == 30


def test_a_reply_is_shown_to_the_voice_and_the_words_stay_hidden_unless_they_agree(themed):
    said = in_a_theme(themed)
    objection = pipeline.object_to(themed, said.voice, said.id)
    pipeline.reply(themed, objection.id, "We listened again. Thank you.", show_again=False, by="Nadia")
    [answered] = pipeline.mine(themed, said.voice).objections
    assert (answered.reply, answered.replied_by) == ("We listened again. Thank you.", "Nadia")
    assert pipeline.show(themed, said.id).fate == Fate.HELD
    pipeline.reply(themed, objection.id, "Shown again, as you asked.", show_again=True)
    assert pipeline.show(themed, said.id).fate == Fate.IN_THEME


def test_a_second_reply_never_takes_the_place_of_the_first(themed):
    said = in_a_theme(themed)
    objection = pipeline.object_to(themed, said.voice, said.id)
    pipeline.reply(themed, objection.id, "We listened again.", show_again=False, by="Nadia")
    with pytest.raises(Refused, match="Nadia has replied"):
        pipeline.reply(themed, objection.id, "Another reply.", show_again=False, by="Sam")
    pipeline.reply(themed, objection.id, "Shown again.", show_again=True, by="Nadia")
    with pytest.raises(Refused, match="Nadia has replied"):
        pipeline.reply(themed, objection.id, "Shown once more.", show_again=True, by="Sam")
    [answered] = pipeline.mine(themed, said.voice).objections
    assert answered.reply == "Shown again."


def test_whoever_took_everything_out_gets_no_receipt_for_nothing(themed):
    voice = teaspoons(themed).voice
    pipeline.withdraw(themed, voice)
    with pytest.raises(Refused, match="nothing to come back to"):
        pipeline.give_receipt(themed, voice)


def test_nobody_objects_to_somebody_elses_words(themed):
    with pytest.raises(NotFound, match="You have no words here"):
        pipeline.object_to(themed, teaspoons(themed).voice, in_a_theme(themed).id)


def test_a_reply_to_nothing_or_of_nothing_is_refused(themed):
    with pytest.raises(NotFound):
        pipeline.reply(themed, "o-000000000000", "Yes.", show_again=False)
    with pytest.raises(Refused):
        pipeline.reply(themed, "o-000000000000", " ", show_again=False)


# --- felt heard -------------------------------------------------------------------------------------------------------


def test_what_people_felt_is_hidden_below_ten_and_never_without_how_many_answered(line, hand_in):
    bring(line, hand_in, "many.txt", [f"This is wish number {number} of many." for number in range(12)])
    voices = [voice.id for voice in pipeline.voices(line)]
    for voice in voices:
        pipeline.give_receipt(line, voice)
    for voice in voices[:9]:
        pipeline.say_felt(line, voice, {pipeline.FELT[0]: 4})
    first = pipeline.felt(line)[0]
    assert (first.answered, first.asked, first.shares) == (9, 12, None)
    pipeline.say_felt(line, voices[9], {pipeline.FELT[0]: 1})
    pipeline.say_felt(line, voices[0], {pipeline.FELT[0]: 5})  # changed their mind: the latest counts
    first = pipeline.felt(line)[0]
    assert first.answered == 10
    assert first.shares == (0.1, 0.0, 0.0, 0.8, 0.1)


@pytest.mark.parametrize("answers", [{"I was given cake.": 5}, {pipeline.FELT[0]: 6}, {pipeline.FELT[0]: 0}])
def test_only_what_is_offered_can_be_answered(themed, answers):
    with pytest.raises(Refused):
        pipeline.say_felt(themed, teaspoons(themed).voice, answers)


def test_no_reference_points_at_nothing(themed):
    said = in_a_theme(themed)
    objection = pipeline.object_to(themed, said.voice, said.id)
    pipeline.reply(themed, objection.id, "Yes.", show_again=True)
    pipeline.choose(themed, said.voice, Purpose.QUOTE, given=True)
    pipeline.give_receipt(themed, said.voice)
    pipeline.say_felt(themed, said.voice, {pipeline.FELT[0]: 5})
    with themed.store.reading() as read:
        assert read.rows("broken_references", lambda *row: row) == []
