"""Counts about groups never give away a small number, not by subtraction and not over time."""

from collections import defaultdict
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from listening.small_numbers import Between, Rule, between, difference, release, share, total, wilson

RULE = Rule()
CELLS = "abcdef"


def table(*counts):
    return dict(zip(CELLS, counts, strict=False))


def test_small_counts_are_hidden_and_others_are_rounded():
    assert release(table(4, 3, 63, 38), {}, RULE) == table(None, None, 65, 40)


def test_a_single_small_count_is_not_hidden_alone_since_the_sum_would_tell_it():
    assert release(table(6, 96, 31), {}, RULE) == table(None, 95, None)


def test_a_table_of_few_people_is_not_shown_at_all():
    assert release(table(9, 9, 9), {}, RULE) == table(None, None, None)
    assert release(table(0, 0, 30), {}, RULE) == table(None, None, None)


def test_the_sum_is_that_of_the_counts_that_are_shown():
    assert total(release(table(33, 33, 33), {}, RULE)) == 105


def all_tables(people, cells):
    if cells == 1:
        yield (people,)
        return
    for first in range(people + 1):
        for rest in all_tables(people - first, cells - 1):
            yield (first, *rest)


@pytest.mark.parametrize(("cells", "most"), [(2, 130), (3, 64), (4, 46)])
def test_whoever_knows_how_many_people_there_are_cannot_work_out_a_small_number(cells, most):
    for people in range(RULE.fewest * cells - 2, most):
        could_be = defaultdict(list)
        for counts in all_tables(people, cells):
            could_be[tuple(release(table(*counts), {}, RULE).values())].append(counts)
        for counts in could_be.values():
            for cell in zip(*counts, strict=True):
                assert len(set(cell)) > 1 or not 0 < cell[0] < RULE.fewest, (people, counts[0])


@given(st.lists(st.lists(st.integers(0, 60), min_size=3, max_size=3), min_size=2, max_size=12))
def test_what_is_shown_again_never_differs_by_a_small_number(tables):
    shown, released = {}, []
    for counts in tables:
        shown = release(table(*counts), shown, RULE)
        released.append(shown)
    for one, other in pairwise(released):
        for cell in one:
            difference_shown = abs((one[cell] or 0) - (other[cell] or 0))
            assert difference_shown == 0 or difference_shown >= RULE.fewest


@given(st.lists(st.lists(st.integers(0, 60), min_size=3, max_size=3), min_size=1, max_size=12))
def test_the_true_count_is_always_between_what_it_can_be(tables):
    shown = {}
    for counts in tables:
        shown = release(table(*counts), shown, RULE)
        for cell, count in table(*counts).items():
            bounds = between(shown, cell, RULE)
            assert bounds is None or bounds.least <= count <= bounds.most


@settings(max_examples=200)
@given(st.lists(st.integers(0, 200), min_size=6, max_size=6))
def test_hidden_counts_are_never_alone(counts):
    hidden = [one for one in release(table(*counts), {}, RULE).values() if one is None]
    assert len(hidden) != 1 or 0 in counts


def test_the_interval_of_a_share_is_wilsons():
    found = wilson(81, 263)
    assert (round(found.low, 4), round(found.high, 4)) == (0.2553, 0.3662)  # Newcombe 1998, table I
    assert wilson(0, 0).low == 0.0
    assert wilson(0, 0).high == 1.0


def test_the_interval_of_a_difference_is_newcombes():
    low, high = difference((Between(56, 56), Between(14, 14)), (Between(48, 48), Between(32, 32)))
    assert (round(low, 4), round(high, 4)) == (0.0524, 0.3339)  # Newcombe 1998, table II, method 10


def test_not_knowing_a_count_makes_the_interval_wider():
    sure, unsure = share(Between(50, 50), Between(50, 50)), share(Between(43, 57), Between(43, 57))
    assert unsure.low < sure.low < sure.high < unsure.high
