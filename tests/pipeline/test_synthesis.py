from listening import pipeline
from listening.domain import Choice
from listening.store import Executor

BUSES = ["The last bus goes before seven.", "No bus runs after seven.", "The bus stops running before seven o'clock."]
DAMP = ["The damp is in every wall.", "Damp walls again this winter.", "My walls are damp all winter."]


def note(sentences):
    return "\n\n".join(f"Voice {number}: {sentence}" for number, sentence in enumerate(sentences))


def bring(line, hand_in, name, sentences):
    return pipeline.ingest(line, hand_in(name, note(sentences)))


def test_themes_and_voices_on_their_own_hold_every_utterance(line, hand_in):
    bring(line, hand_in, "all.txt", [*BUSES, *DAMP, "Forty teaspoons, please."])
    result = pipeline.synthesise(line)
    themes, alone = pipeline.themes(line), pipeline.on_their_own(line)
    assert result.utterances == 7
    assert sum(len(theme.utterances) for theme in themes) + len(alone) == 7
    assert (len(themes), len(alone)) == (result.themes, result.on_their_own)
    assert "Forty teaspoons, please." in [one.text for one in alone]


def test_a_theme_is_named_by_the_exact_words_of_a_member(line, hand_in):
    bring(line, hand_in, "all.txt", [*BUSES, *DAMP])
    pipeline.synthesise(line)
    themes = pipeline.themes(line)
    assert themes
    for theme in themes:
        assert theme.name == pipeline.show(line, theme.exemplars[0]).text
        assert theme.exemplars[0] in theme.utterances


def test_with_nothing_new_a_second_synthesis_changes_nothing(line, hand_in):
    bring(line, hand_in, "all.txt", [*BUSES, *DAMP])
    first, themes = pipeline.synthesise(line), pipeline.themes(line)
    second = pipeline.synthesise(line)
    assert (second.run, second.new) == (first.run, False)
    assert (second.utterances, second.themes, second.on_their_own) == (
        first.utterances,
        first.themes,
        first.on_their_own,
    )
    assert pipeline.themes(line) == themes


def test_a_synthesis_of_nothing_is_empty_and_says_so(line):
    result = pipeline.synthesise(line)
    assert (result.utterances, result.themes, result.on_their_own) == (0, 0, 0)
    assert pipeline.themes(line) == []


def test_a_theme_keeps_its_id_when_more_people_speak_of_it(line, hand_in):
    bring(line, hand_in, "first.txt", [*BUSES, *DAMP])
    pipeline.synthesise(line)
    before = {theme.id for theme in pipeline.themes(line)}
    bring(line, hand_in, "second.txt", ["The last bus runs before seven.", "Damp in all my walls this winter."])
    pipeline.synthesise(line)
    assert before
    assert before <= {theme.id for theme in pipeline.themes(line)}


def test_a_text_is_embedded_once_however_often_it_is_said(line, hand_in):
    bring(line, hand_in, "first.txt", BUSES)
    pipeline.synthesise(line)
    seen = []
    encoder = line.encoder()
    encode = encoder.encode
    encoder.encode = lambda texts: seen.extend(texts) or encode(texts)
    bring(line, hand_in, "second.txt", [BUSES[0], "Something that is quite new."])
    pipeline.synthesise(line)
    assert seen == ["Something that is quite new."]


def test_one_person_alone_never_makes_a_theme(line, hand_in):
    talk = "\n\n".join(f"Ray: {sentence}" for sentence in [*BUSES, *BUSES])
    pipeline.ingest(line, hand_in("ray.txt", talk))
    result = pipeline.synthesise(line)
    assert result.themes == 0
    assert result.on_their_own == result.utterances


def test_what_arrives_after_a_synthesis_waits(line, hand_in):
    bring(line, hand_in, "first.txt", [*BUSES, *DAMP])
    pipeline.synthesise(line)
    new = bring(line, hand_in, "second.txt", ["A bench."])
    ledger = pipeline.ledger(line)
    assert (ledger.waiting, ledger.adds_up) == (new.utterances, True)


def test_a_decision_stays_tied_to_the_words_it_was_made_on(line, hand_in):
    bring(line, hand_in, "first.txt", [*BUSES, *DAMP])
    pipeline.synthesise(line)
    theme = pipeline.themes(line)[0]
    decision = pipeline.decide(line, Choice.DO, "A later bus.", themes=[theme.id])
    before = pipeline.trace(line, decision.id)
    bring(line, hand_in, "second.txt", ["The last bus runs before seven.", "No bus after seven, ever."])
    pipeline.synthesise(line)
    after = pipeline.trace(line, decision.id)
    assert before.utterances == after.utterances == tuple(sorted(theme.utterances))
    assert after.voices == before.voices


def test_no_reference_points_at_nothing(line, hand_in):
    bring(line, hand_in, "first.txt", [*BUSES, *DAMP, "Forty teaspoons, please."])
    pipeline.synthesise(line)
    pipeline.decide(line, Choice.DO, "A bus.", themes=[pipeline.themes(line)[0].id])
    with line.store.reading() as read:
        assert isinstance(read, Executor)
        assert read.rows("broken_references", lambda *row: row) == []
