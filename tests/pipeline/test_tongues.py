"""The same twenty wishes said in six languages: one theme a wish with a model that joins languages, never without."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from listening import pipeline
from listening.domain import Model
from listening.embed import load_encoder
from listening.pipeline import tongues
from listening.pipeline.synthesis import Statement
from listening.settings import Settings
from listening.weights import find_encoder
from tests.fake_encoder import FakeEncoder

WISHES = Path(__file__).parent.parent / "wishes.csv"
LANGUAGES = ("en", "pl", "ur", "bn", "so", "ar")


def said(*rows):
    """Statements in conversations of one language each, written as (language, text)."""
    return [
        Statement(f"u{row}", text, text, f"v{row}", language, language) for row, (language, text) in enumerate(rows)
    ]


def wishes():
    """Meanings, languages and statements of all wishes in all languages."""
    with WISHES.open(encoding="utf-8") as file:
        rows = [(row["wish"], language, row[language]) for row in csv.DictReader(file) for language in LANGUAGES]
    return [wish for wish, *_ in rows], [language for _, language, _ in rows], said(*(row[1:] for row in rows))


def grouped(statements, encoder):
    spoken = tongues.arrange(encoder.encode([one.text for one in statements]), statements, encoder)
    return spoken, tongues.group(spoken, statements, min_voices=2)


def test_nothing_said_is_nothing_grouped():
    spoken, found = grouped([], FakeEncoder())
    assert (spoken.notes, spoken.parts, len(found.labels)) == ((), (), 0)


def test_one_language_is_grouped_as_it_always_was():
    statements = said(*(("en", f"the buses are late again {number}") for number in range(9)))
    encoder = FakeEncoder()
    spoken, found = grouped(statements, encoder)
    vectors = encoder.encode([one.text for one in statements])
    np.testing.assert_array_equal(spoken.vectors, vectors)
    texts = [one.text for one in statements]
    alone = tongues.cluster(vectors, texts, [one.voice_id for one in statements], texts)
    np.testing.assert_array_equal(found.labels, alone.labels)
    assert (spoken.notes, len(spoken.parts)) == ((), 1)


def test_without_a_model_that_joins_them_languages_share_no_theme_and_the_person_is_told():
    polish = [("pl", f"Autobusy jeżdżą tu za rzadko wieczorem Kowalska {number}") for number in range(4)]
    english = [("en", f"The buses here are far too rare in the evening Kowalska {number}") for number in range(6)]
    mixed = [pair for pairs in zip(polish, english, strict=False) for pair in pairs]
    statements = said(*mixed, *english[4:])
    spoken, found = grouped(statements, FakeEncoder())
    told = np.array(spoken.languages)
    themes = [set(found.labels[told == language]) - {-1} for language in ("en", "pl")]
    assert all(themes)
    assert not themes[0] & themes[1]
    assert themes[0] | themes[1] == set(range(len(found.centres)))
    near = [set(found.nearest[told == language]) - {-1} for language in ("en", "pl")]
    assert not near[0] & near[1]
    sizes = [len({statements[row].voice_id for row in np.flatnonzero(found.labels == label)}) for label in range(3)]
    assert sizes == sorted(sizes, reverse=True)
    cosines = FakeEncoder().encode([one.text for one in statements]) @ found.centres.T
    np.testing.assert_allclose(cosines[np.arange(10), found.nearest], found.nearness, atol=1e-5)
    assert "Words in Polish (4) were grouped by themselves" in spoken.notes[0]


def test_a_voice_on_its_own_is_only_near_a_theme_in_its_own_language():
    english = [("en", f"The buses here are far too rare in the evening {number}") for number in range(6)]
    lone = [("pl", "Autobusy jeżdżą tu za rzadko wieczorem")]
    _, found = grouped(said(*english, *lone), FakeEncoder())
    assert (found.labels[-1], found.nearest[-1], found.nearness[-1]) == (-1, -1, 0)


def test_the_order_of_statements_changes_no_theme():
    both = (("en", "The buses here are far too rare at night"), ("pl", "Autobusy jeżdżą tu za rzadko nocą"))
    rows = [(language, f"{text} {number}") for number in range(5) for language, text in both]
    statements = said(*rows)
    _, found = grouped(statements, FakeEncoder())
    _, backwards = grouped(statements[::-1], FakeEncoder())
    np.testing.assert_array_equal(backwards.labels[::-1], found.labels)


def test_what_an_encoder_could_not_do_is_told_too():
    encoder = FakeEncoder()
    encoder.note = "torch was used instead."
    spoken, _ = grouped(said(("en", "The buses are late.")), encoder)
    assert spoken.notes == ("torch was used instead.",)


def test_an_encoder_known_to_join_nothing_is_not_tried():
    encoder = FakeEncoder()
    encoder.model = Model("all-MiniLM-L6-v2", "1", tongues.ENCODER_SHA256)
    statements = said(("en", "The buses are late."))
    tongues.arrange(np.ones((1, 4), dtype=np.float32), statements, encoder)
    assert encoder.calls == []


def test_a_synthesis_records_languages_and_the_engine_and_tells_the_person(line, hand_in):
    polish = [f"Autobusy jeżdżą tu za rzadko wieczorem, numer {number}." for number in range(3)]
    english = [f"The buses here are far too rare in the evening, number {number}." for number in range(4)]
    table = "".join(f"{text.replace(',', '')},v{row}\n" for row, text in enumerate(polish + english))
    pipeline.ingest(line, hand_in("said.csv", f"words,who\n{table}"), pipeline_columns())
    result = pipeline.synthesise(line)
    assert "Words in Polish (3) were grouped by themselves" in result.notes[0]
    with line.store.reading() as read:
        told = dict(read.rows("languages", lambda *row: row))
    assert sorted(told.values()) == ["en"] * 4 + ["pl"] * 3
    assert pipeline.synthesise(line).new is False


def pipeline_columns():
    from listening.domain import Columns

    return Columns("words", "who")


@pytest.mark.heavy
def test_with_the_multilingual_model_the_same_wish_is_one_theme_in_all_languages():
    from sklearn.metrics import adjusted_rand_score

    encoder = load_encoder(find_encoder("multilingual", cache=Settings().cache))
    meanings, languages, statements = wishes()
    spoken, found = grouped(statements, encoder)
    assert list(spoken.languages) == languages
    assert (len(spoken.parts), spoken.notes) == (1, ())
    alone = found.labels < 0
    labels = np.where(alone, -1 - np.arange(len(alone)), found.labels)
    assert adjusted_rand_score(meanings, labels) > 0.9
    assert alone.sum() <= 6


@pytest.mark.heavy
def test_without_it_no_theme_holds_two_languages():
    encoder = load_encoder(find_encoder(None, cache=Settings().cache))
    _, languages, statements = wishes()
    spoken, found = grouped(statements, encoder)
    assert len(spoken.parts) == len(LANGUAGES)
    for label in range(len(found.centres)):
        assert len({languages[row] for row in np.flatnonzero(found.labels == label)}) == 1
    assert tongues.joined_languages(encoder.encode) == frozenset()  # what its weights are known by, found out again
    assert "Polish (20)" in spoken.notes[0]
