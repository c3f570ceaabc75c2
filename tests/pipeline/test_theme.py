import pytest

from listening import pipeline
from listening.domain import Change, Choice
from listening.errors import NotFound, Refused
from listening.small_numbers import rounded
from tests.pipeline.test_synthesis import BUSES, DAMP, bring, note

TURNED = "The last bus does not go before seven."


@pytest.fixture
def themed(line, hand_in):
    """A line with two themes and a voice on its own."""
    bring(line, hand_in, "first.txt", [*BUSES, *DAMP, "Forty teaspoons, please."])
    pipeline.synthesise(line)
    return line


def told(history):
    return [(happened.change, happened.told) for happened in history]


def test_a_theme_is_found_by_its_number_its_id_and_the_beginning_of_its_id(themed):
    first = pipeline.themes(themed)[0]
    for which in ("1", first.id, first.id[:8]):
        assert pipeline.theme_page(themed, which).theme == first


@pytest.mark.parametrize("which", ["0", "99", "t-zzzzzzzzzzzz", "no"])
def test_a_theme_that_is_not_there_is_said_to_be_missing(themed, which):
    with pytest.raises(NotFound, match="There is no theme"):
        pipeline.theme_page(themed, which)


def test_a_theme_shows_every_word_in_it_with_its_voice(themed):
    for number, theme in enumerate(pipeline.themes(themed), start=1):
        page = pipeline.theme_page(themed, str(number))
        assert [member.id for member in page.members] == theme.utterances
        assert len({member.voice for member in page.members}) == theme.voices
        for member in page.members:
            assert member.text == pipeline.show(themed, member.id).text


def test_what_pulls_apart_is_put_side_by_side_in_exact_words(line, hand_in):
    bring(line, hand_in, "first.txt", [*BUSES, *DAMP, TURNED])
    pipeline.synthesise(line)
    pages = [pipeline.theme_page(line, theme.id) for theme in pipeline.themes(line)]
    pairs = [(page, pair) for page in pages for pair in page.contrasts if not pair.ends]
    assert pairs
    for page, pair in pairs:
        words = {member.id: member.text for member in page.members}
        assert words[pair.other] == TURNED
        assert words[pair.one] in BUSES


def test_a_theme_is_new_then_grows_then_goes_on(themed, hand_in):
    theme = pipeline.themes(themed)[0]
    bring(themed, hand_in, "second.txt", ["The last bus runs before seven.", "No bus runs after seven at all."])
    pipeline.synthesise(themed)
    bring(themed, hand_in, "third.txt", ["Quite another thing entirely, about ducks."])
    pipeline.synthesise(themed)
    [bus] = [one for one in pipeline.themes(themed) if set(theme.utterances) <= set(one.utterances)]
    changes = [change for change, _ in told(pipeline.history(themed, bus.id))]
    assert changes == [Change.NEW, Change.GROWN, Change.CONTINUED]


def test_changes_tell_what_the_latest_synthesis_did_and_leave_out_what_went_on(themed, hand_in):
    assert {change for change, _ in told(pipeline.changes(themed))} == {Change.NEW}
    bring(themed, hand_in, "second.txt", ["Quite another thing entirely, about ducks."])
    pipeline.synthesise(themed)
    assert pipeline.changes(themed) == []


def test_new_words_are_placed_at_once_and_the_next_synthesis_reconciles(themed, hand_in):
    bring(themed, hand_in, "second.txt", ["The last bus goes before seven.", "Ducks on the beck."])
    placed = pipeline.place_waiting(themed)
    ledger = pipeline.ledger(themed)
    assert (placed.utterances, placed.in_themes, placed.on_their_own) == (2, 1, 1)
    assert (ledger.waiting, ledger.adds_up) == (0, True)
    [later] = [
        member
        for one in pipeline.themes(themed)
        for member in pipeline.theme_page(themed, one.id).members
        if member.placed
    ]
    assert later.text == "The last bus goes before seven."
    pipeline.synthesise(themed)
    for one in pipeline.themes(themed):
        assert not any(member.placed for member in pipeline.theme_page(themed, one.id).members)
    assert pipeline.ledger(themed).adds_up


def test_placing_again_or_with_nothing_new_changes_nothing(themed):
    assert pipeline.place_waiting(themed).utterances == 0


def test_before_the_first_synthesis_words_wait(line, hand_in):
    bring(line, hand_in, "first.txt", BUSES)
    assert pipeline.place_waiting(line).utterances == 0
    assert pipeline.ledger(line).waiting == 3


def test_a_decision_on_a_theme_rests_on_what_was_placed_in_it_before_and_not_after(themed, hand_in):
    bring(themed, hand_in, "second.txt", ["The last bus goes before seven.", "Quite another thing."])
    pipeline.place_waiting(themed)
    [theme] = [one for one in pipeline.themes(themed) if any("bus" in words for words in one.words.values())]
    assert any(member.placed for member in pipeline.theme_page(themed, theme.id).members)
    decision = pipeline.decide(themed, Choice.DO, "A later bus.", themes=[theme.id])
    bring(themed, hand_in, "third.txt", ["The last bus goes before seven.", "Ducks on the beck."])
    assert pipeline.place_waiting(themed).in_themes == 1
    assert pipeline.trace(themed, decision.id).utterances == tuple(sorted(theme.utterances))


def test_a_theme_that_is_gone_says_what_became_of_it_and_cannot_be_cited(themed):
    theme = pipeline.themes(themed)[0]
    with themed.store.writing() as write:  # a later run that found nothing
        write._connection.execute("INSERT INTO run SELECT 'r-later', * EXCLUDE (id, started_at), now() FROM run "
                                  "WHERE stage = 'synthesise'")  # fmt: skip
    with pytest.raises(NotFound, match=r"has no words now\. Faded"):
        pipeline.theme_page(themed, theme.id)
    with pytest.raises(NotFound, match="says what became of it"):
        pipeline.decide(themed, Choice.DO, "A bus.", themes=[theme.id])


def test_a_working_title_is_signed_and_stands_beside_the_name(themed):
    name = pipeline.themes(themed)[0].name
    pipeline.give_title(themed, "1", "  Getting home \n at night ", by="Nadia")
    theme = pipeline.themes(themed)[0]
    assert (theme.title.text, theme.title.signed) == ("Getting home at night", "Nadia")
    assert theme.name == name


def test_the_latest_title_counts_and_can_be_taken_away(themed):
    pipeline.give_title(themed, "1", "Buses")
    pipeline.give_title(themed, "1", "Night buses")
    assert pipeline.themes(themed)[0].title.text == "Night buses"
    assert pipeline.themes(themed)[0].title.signed == "Fen Street board"
    pipeline.give_title(themed, "1", None)
    assert pipeline.themes(themed)[0].title is None


@pytest.mark.parametrize("text", ["", "   ", "x" * 121])
def test_a_title_that_is_no_title_is_refused(themed, text):
    with pytest.raises(Refused, match="1 to 120 letters"):
        pipeline.give_title(themed, "1", text)


def test_a_withdrawn_voice_leaves_no_words_in_names_or_history(themed):
    theme = pipeline.themes(themed)[0]
    with themed.store.writing() as write:
        for one in theme.utterances:
            write._connection.execute(
                "INSERT INTO utterance_event VALUES (?, 'withdrawn', 'asked to', 'Nadia', now(), 'person')", [one]
            )
    pipeline.synthesise(themed)
    said = set(theme.words.values())
    everything = [happened.told for happened in pipeline.history(themed, theme.id)]
    assert everything
    assert not any(words in sentence for words in said for sentence in everything)


def test_no_reference_points_at_nothing(themed, hand_in):
    bring(themed, hand_in, "second.txt", ["The last bus goes before seven.", "Quite another thing."])
    pipeline.place_waiting(themed)
    pipeline.give_title(themed, "1", "Buses")
    pipeline.synthesise(themed)
    with themed.store.reading() as read:
        assert read.rows("broken_references", lambda *row: row) == []


def test_who_is_in_a_theme_is_told_in_groups_of_ten_and_more_and_to_the_nearest_five(line, hand_in):
    buses = [f"The last bus leaves at seven and I walk home number {n}." for n in range(12)]
    hand = {
        "Fen Street": buses,
        "Mill Lane": [f"A bench {n} by the river, please." for n in range(11)],
        "Hall": ["Tea."],
    }
    for place, said in hand.items():
        front = f"---\nplace: {place}\nguide: good_life\n---\n\n"
        pipeline.ingest(line, hand_in(f"{place}.txt", front + note(said)))
    pipeline.synthesise(line)
    theme = next(one for one in pipeline.themes(line) if "bus" in one.name)
    page = pipeline.theme_page(line, theme.id)
    who = pipeline.who_is_in(line, theme.id)
    found = {one.name: (one.heard, one.in_theme) for one in who.groups}
    within = {place: len({one.voice for one in page.members if one.place == place}) for place in hand}
    assert within["Fen Street"]
    assert found["Fen Street"] == (10, rounded(within["Fen Street"]))
    assert found["Mill Lane"] == (10, rounded(within["Mill Lane"]))
    assert found["good_life"] == (25, rounded(page.theme.voices))
    assert "Hall" not in found
    assert who.too_few == 1
