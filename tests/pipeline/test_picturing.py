import numpy as np

from listening import pipeline
from listening.pipeline.picturing import flatten, spread
from tests.pipeline.test_synthesis import BUSES, DAMP, bring


def test_the_map_holds_all_that_stands_and_is_the_same_every_time(line, hand_in):
    bring(line, hand_in, "all.txt", [*BUSES, *DAMP, "Forty teaspoons, please."])
    assert pipeline.word_map(line) == []
    pipeline.synthesise(line)
    dots = pipeline.word_map(line)
    assert len(dots) == 7
    assert {dot.theme for dot in dots if dot.theme} == {theme.id for theme in pipeline.themes(line)}
    assert sum(dot.theme is None for dot in dots) == len(pipeline.on_their_own(line))
    assert all(0 <= dot.x <= 1 and 0 <= dot.y <= 1 for dot in dots)
    assert pipeline.word_map(line) == dots


def test_words_that_are_held_or_taken_out_leave_the_map_at_once(line, hand_in):
    bring(line, hand_in, "all.txt", [*BUSES, *DAMP])
    pipeline.synthesise(line)
    gone = pipeline.word_map(line)[0].utterance
    pipeline.withdraw(line, gone)
    assert gone not in [dot.utterance for dot in pipeline.word_map(line)]


def test_two_themes_lie_apart():
    rng = np.random.default_rng(1)
    middles = np.repeat(rng.standard_normal((2, 8)) * 5, 20, axis=0)
    flat = flatten(middles + rng.standard_normal((40, 8)) * 0.1, ["a"] * 20 + ["b"] * 20)
    one, other = flat[:20].mean(axis=0), flat[20:].mean(axis=0)
    assert np.linalg.norm(one - other) > 10 * flat[:20].std(axis=0).max()


def test_places_fill_the_square_even_where_all_are_one():
    assert spread(np.zeros((3, 2))).min() >= 0
    assert spread(np.array([[0.0, 5.0], [1.0, 5.0]])).max() <= 1
