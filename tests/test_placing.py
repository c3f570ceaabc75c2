from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from listening.placing import place
from tests.fake_encoder import FakeEncoder

BUSES = ["the last bus goes at seven", "no bus goes after seven", "the bus goes at seven and no later"]
DAMP = ["damp walls all winter", "all my walls are damp", "damp walls in winter again"]
LABELS = np.array([0, 0, 0, 1, 1, 1])


def _known() -> NDArray[np.float32]:
    return FakeEncoder().encode([*BUSES, *DAMP])


def test_new_words_join_the_theme_they_are_clearly_nearest_to() -> None:
    found = place(
        FakeEncoder().encode(["the last bus goes at seven no later", "damp walls all winter again"]), _known(), LABELS
    )
    assert found.labels.tolist() == [0, 1]
    assert (found.strengths > 0.3).all()


def test_the_very_words_of_a_small_theme_join_it() -> None:
    assert place(_known(), _known(), LABELS).labels.tolist() == LABELS.tolist()


def test_new_words_that_are_near_nothing_stand_on_their_own_beside_the_nearest() -> None:
    found = place(FakeEncoder().encode(["forty teaspoons please"]), _known(), LABELS)
    assert found.labels.tolist() == [-1]
    assert found.strengths.tolist() == [0]
    assert found.nearest[0] in (0, 1)


def test_without_themes_everything_stands_on_its_own() -> None:
    found = place(FakeEncoder().encode(["a bench"]), np.empty((0, 0), np.float32), np.empty(0, np.intp))
    assert (found.labels.tolist(), found.nearest.tolist()) == ([-1], [-1])


def test_nothing_new_is_no_trouble() -> None:
    assert len(place(np.empty((0, 64), np.float32), _known(), LABELS).labels) == 0


@given(
    st.lists(
        st.sampled_from(["bus", "seven", "damp", "walls", "winter", "teaspoons", "goes", "the"]), min_size=1, max_size=6
    )
)
def test_what_one_statement_gets_does_not_depend_on_the_others(words: list[str]) -> None:
    one = FakeEncoder().encode([" ".join(words)])
    others = FakeEncoder().encode(["a lift", "the bus", "walls"])
    alone = place(one, _known(), LABELS)
    together = place(np.concatenate([one, others]), _known(), LABELS)
    assert alone.labels[0] == together.labels[0]
    assert alone.nearest[0] == together.nearest[0]
