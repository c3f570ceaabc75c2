"""Sentences in twelve languages, written for these tests, and made-up guesses where a rule is to be seen."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from listening import languages
from listening.languages import Guess, centred, joined_languages, joins, kept_apart, languages_of, primary
from tests.fake_encoder import FakeEncoder

HERE = Path(__file__).parent
WISHES = ("en", "pl", "ur", "bn", "so", "ar")

NAMES_AND_SCRAPS = (
    "Yes.", "Fatima", "Mohammed Ali", "No", "More buses", "Bowling Green", "Ms Kowalska", "Aldi and Lidl",
    "Safe streets", "My GP", "Ibrahim said so", "Dog mess", "Zumba", "Halal food", "Pierogi on Fridays",
    "Dr Hussein", "100%", "...",
    "Fatima Hussein Ali Abdi", "Agnieszka and Piotr Nowak", "José García López", "Siobhán O'Neill",
    "Mr Singh and Mrs Kaur",
    "Llanelli", "Gospel choir", "Gracias to everyone", "Um, I don't know", "Café", "Si", "Da", "Haa", "",
)  # fmt: skip


def sentences() -> list[tuple[str, str]]:
    """Language and sentence: 20 in each of six languages, 15 in each of six more."""
    with (HERE / "wishes.csv").open(encoding="utf-8") as wishes, (HERE / "tongues.csv").open(encoding="utf-8") as more:
        said = [(language, row[language]) for row in csv.DictReader(wishes) for language in WISHES]
        return said + [(row["language"], row["statement"]) for row in csv.DictReader(more)]


def by_themselves(texts: Sequence[str], stated: str | None = None) -> list[str | None]:
    """Each text as a conversation of its own."""
    return languages_of(texts, [str(number) for number in range(len(texts))], [stated] * len(texts))


def test_short_statements_are_told_or_left_open_and_hardly_ever_mistaken() -> None:
    said = sentences()
    assert len(said) == 210
    told = by_themselves([text for _, text in said])
    right = sum(found == language for (language, _), found in zip(said, told, strict=True))
    wrong = [text for (language, text), found in zip(said, told, strict=True) if found not in {language, None}]
    assert right >= 0.95 * len(said)
    assert wrong == []


def test_words_in_another_language_are_told_even_where_somebody_wrote_down_english() -> None:
    said = sentences()
    told = by_themselves([text for _, text in said], "en-GB")
    right = sum(found == language for (language, _), found in zip(said, told, strict=True))
    assert right >= 0.95 * len(said)


def test_names_and_scraps_are_in_the_language_of_their_conversation() -> None:
    for language in ("en", "pl", "so"):
        assert set(languages_of(NAMES_AND_SCRAPS[:9], ["one"] * 9, [language] * 9)) == {language}
    count = len(NAMES_AND_SCRAPS)
    assert set(languages_of(NAMES_AND_SCRAPS, ["one"] * count, ["en"] * count)) == {"en"}


def test_names_and_scraps_alone_are_in_no_known_language() -> None:
    assert set(by_themselves(NAMES_AND_SCRAPS)) <= {None, "en"}
    assert by_themselves(["Fatima", "Mohammed Ali", "Agnieszka and Piotr Nowak", "", "Da"]) == [None] * 5


def test_a_conversation_that_states_no_language_is_in_the_one_most_is_said_in() -> None:
    polish = [text for language, text in sentences() if language == "pl"][:3]
    english = "Our children need a safe place to play."
    texts = [*polish, english, "Zumba", "Tak", "Zumba"]
    told = languages_of(texts, ["a"] * 6 + ["b"], [None] * 7)
    assert told == ["pl", "pl", "pl", "en", "pl", "pl", None]


def guesses(text: str) -> Guess:
    """A guess written as `pl 0.6 cs 0.4`."""
    words = text.split()
    return {language: float(share) for language, share in zip(words[::2], words[1::2], strict=True)}


@pytest.mark.parametrize(
    ("text", "stated", "language"),
    [
        ("pl 0.6 cs 0.3 sk 0.1", None, "pl"),
        ("pl 0.4 cs 0.4 sk 0.2", None, None),
        ("pl 0.4 cs 0.4 sk 0.2", "cs", "cs"),
        ("pl 0.6 cs 0.3 sk 0.1", "cs-CZ", "cs"),  # ten times likelier, from the start
        ("pl 0.95 cs 0.02 sk 0.03", "cs", "pl"),
        ("pl 0.8 cs 0.2", None, None),  # four words may be a name
        ("pl 1.0", None, "pl"),
    ],
)
def test_doubtful_words_are_decided_by_the_conversation(text: str, stated: str | None, language: str | None) -> None:
    assert languages_of([text], ["one"], [stated], guess=guesses) == [language]


@given(st.data())
def test_the_order_of_utterances_changes_no_language(data: st.DataObject) -> None:
    rows = data.draw(
        st.lists(
            st.tuples(
                st.sampled_from(["pl 1.0 a 0 b 0", "en 1.0 a 0 b 0", "en 0.5 pl 0.5", "so 0.1 ar 0.2 ur 0.1"]),
                st.sampled_from("ab"),
            ),
            max_size=8,
        )
    )
    order = data.draw(st.permutations(range(len(rows))))

    def told(picked: Sequence[tuple[str, str]]) -> list[str | None]:
        stated = [{"a": "cy", "b": None}[conversation] for _, conversation in picked]
        return languages_of([text for text, _ in picked], [where for _, where in picked], stated, guess=guesses)

    assert told([rows[row] for row in order]) == [told(rows)[row] for row in order]


def test_a_region_is_no_other_language() -> None:
    assert [primary(code) for code in ("en-GB", "EN", "zh_Hans", "so")] == ["en", "en", "zh", "so"]


# --- what a model joins -----------------------------------------------------------------------------------------------


def test_the_sayings_are_said_in_every_language_alike() -> None:
    assert {len(sayings) for sayings in languages._SAYINGS.values()} == {6}
    for language, sayings in languages._SAYINGS.items():
        assert set(languages_of(sayings, ["one"] * 6, [None] * 6)) == {language}


def translator(knows: frozenset[str]):
    """An encoder to which a saying means the same in each of these languages."""
    places = {text: number for language in knows for number, text in enumerate(languages._SAYINGS[language])}

    def encode(texts: Sequence[str]) -> NDArray[np.float32]:
        return FakeEncoder().encode([f"meaning {places[text]}" if text in places else text for text in texts])

    return encode


def test_a_model_joins_the_languages_in_which_it_knows_what_english_says() -> None:
    knows = frozenset({"en", "pl", "ur"})
    assert joined_languages(translator(knows)) == {"pl", "ur"}
    assert joined_languages(FakeEncoder().encode) == frozenset()
    assert joined_languages(translator(frozenset({"pl", "ur"}))) == frozenset()


def test_an_untried_language_is_joined_only_by_a_model_that_joins_all_tried_ones() -> None:
    everything = frozenset(languages._SAYINGS) - {"en"}
    assert joins("sv", everything)
    assert not joins("sv", everything - {"so"})
    assert not joins("so", everything - {"so"})
    assert [joins("en", known) for known in (everything, frozenset({"pl"}), frozenset())] == [True, True, False]


# --- what is grouped with what ----------------------------------------------------------------------------------------


def test_one_language_is_one_part_and_nothing_to_tell() -> None:
    apart = kept_apart(["en", None, "en"], frozenset())
    assert [part.tolist() for part in apart.parts] == [[0, 1, 2]]
    assert apart.note is None
    assert kept_apart([], frozenset()).parts == ()
    assert [part.tolist() for part in kept_apart([None, None], frozenset({"pl"})).parts] == [[0, 1]]


def test_languages_that_the_model_does_not_join_are_kept_apart_and_the_person_is_told() -> None:
    said = ["pl"] * 2 + ["en"] * 4 + [None] + ["es"]
    apart = kept_apart(said, frozenset())
    assert [part.tolist() for part in apart.parts] == [[2, 3, 4, 5, 6], [0, 1], [7]]
    assert apart.note == (
        "Words in Polish (2) and Spanish (1) were grouped by themselves, each language on its own, because the model "
        "knows only one language at a time. To bring languages together: "
        "`pip install 'radical-listening[languages]'`, then set LISTENING_ENCODER=multilingual."
    )


def test_a_model_that_joins_some_languages_leaves_only_the_others_apart() -> None:
    said = ["en", "pl", "ur", "so", "pl"]
    apart = kept_apart(said, frozenset({"pl", "ur"}))
    assert [part.tolist() for part in apart.parts] == [[0, 1, 2, 4], [3]]
    assert apart.note is not None
    assert "Words in Somali (1) were grouped by themselves, because the model cannot tell" in apart.note
    mostly_somali = kept_apart(["so", "so", None, "en"], frozenset({"pl"}))
    assert [part.tolist() for part in mostly_somali.parts] == [[0, 1, 2], [3]]
    assert mostly_somali.note is not None
    assert "Words in Somali (2) were grouped by themselves" in mostly_somali.note


@given(st.lists(st.sampled_from(["en", "pl", "so", "sv", None])), st.sampled_from([set(), {"pl"}, {"pl", "so"}]))
def test_every_row_is_in_one_part_and_no_part_mixes_what_is_not_joined(
    said: list[str | None], joined: set[str]
) -> None:
    known = frozenset(joined)
    apart = kept_apart(said, known)
    assert sorted(np.concatenate([*apart.parts, []]).astype(int).tolist()) == list(range(len(said)))
    for part in apart.parts:
        spoken = {said[row] for row in part} - {None}
        assert len(spoken) <= 1 or all(joins(language, known) for language in spoken if language)
    assert (apart.note is None) == (len(apart.parts) <= 1)


def test_a_language_of_its_own_name_is_called_by_its_code_if_nothing_better_is_known() -> None:
    assert (languages.name_of("cy"), languages.name_of("xx")) == ("Welsh", "the language 'xx'")


# --- centring ---------------------------------------------------------------------------------------------------------


def test_what_a_language_has_in_common_is_taken_out() -> None:
    draw = np.random.default_rng(0)
    meaning = draw.standard_normal((40, 16))
    accent = {"en": draw.standard_normal(16) * 4, "pl": draw.standard_normal(16) * 4}
    said = ["en"] * 40 + ["pl"] * 40
    loud = np.concatenate([meaning + accent["en"], meaning + accent["pl"]]).astype(np.float32)
    before = loud / np.linalg.norm(loud, axis=1, keepdims=True)
    after = centred(before, said)
    np.testing.assert_allclose(np.linalg.norm(after, axis=1), 1, atol=1e-5)

    def found(vectors: NDArray[np.float32]) -> float:
        cosines = vectors[:40] @ vectors[40:].T
        return float((cosines.argmax(axis=1) == np.arange(40)).mean())

    assert found(after) > found(before) + 0.2

    def accented(vectors: NDArray[np.float32]) -> float:
        return float((vectors[:40] @ vectors[:40].T).mean() - (vectors[:40] @ vectors[40:].T).mean())

    assert accented(after) < accented(before) / 3


def test_a_lone_statement_in_a_language_is_not_centred_on_itself() -> None:
    vectors = np.eye(4, dtype=np.float32)
    moved = centred(vectors, ["en", "en", "en", "pl"])
    assert moved[3] @ vectors[3] > 0.8
    assert np.isfinite(centred(np.ones((1, 3), dtype=np.float32), ["en"])).all()
    assert centred(np.empty((0, 0), dtype=np.float32), []).shape == (0, 0)


@given(st.permutations(range(6)))
def test_the_order_of_rows_changes_no_vector(order: list[int]) -> None:
    vectors = FakeEncoder(8).encode(list("abcdef"))
    said: list[str | None] = ["en", "pl", None, "en", "pl", "en"]
    moved = centred(vectors, said)
    np.testing.assert_allclose(centred(vectors[order], [said[row] for row in order]), moved[order], atol=1e-6)
