from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from listening.lineage import match


def _ids(*numbers: int) -> frozenset[str]:
    return frozenset(f"u-{number}" for number in numbers)


def test_a_theme_that_kept_most_of_its_words_is_continued() -> None:
    earlier = {"t-parks": _ids(1, 2, 3, 4), "t-food": _ids(5, 6, 7)}
    assert match(earlier, [_ids(5, 6, 7, 8), _ids(1, 2, 3)]) == ["t-food", "t-parks"]


def test_a_cluster_that_shares_too_little_is_new() -> None:
    assert match({"t-parks": _ids(1, 2, 3, 4)}, [_ids(1, 5, 6, 7)]) == [None]


def test_a_quarter_shared_is_enough() -> None:
    assert match({"t-parks": _ids(1, 2)}, [_ids(2, 3, 4)]) == ["t-parks"]


def test_a_theme_that_split_goes_on_in_the_larger_part() -> None:
    assert match({"t-parks": _ids(1, 2, 3, 4, 5)}, [_ids(1, 2), _ids(3, 4, 5)]) == [None, "t-parks"]


def test_of_themes_that_merged_the_larger_goes_on() -> None:
    assert match({"t-a": _ids(1, 2), "t-b": _ids(3, 4, 5)}, [_ids(1, 2, 3, 4, 5)]) == ["t-b"]


def test_the_pairs_overlap_as_much_as_they_can_together() -> None:
    earlier = {"t-a": _ids(*range(10)), "t-b": _ids(*range(10, 14))}
    now = [_ids(*range(5), 10, 11, 12, 13), _ids(*range(5, 10))]
    assert match(earlier, now) == ["t-b", "t-a"]


def test_a_theme_that_only_grew_by_new_words_is_continued_when_the_known_words_are_given() -> None:
    earlier, now = {"t-parks": _ids(1, 2)}, [_ids(1, 2, *range(10, 30))]
    assert match(earlier, now) == [None]
    assert match(earlier, now, known=_ids(1, 2, 3)) == ["t-parks"]


def test_words_that_stood_alone_before_still_count_against_continuing() -> None:
    earlier, now = {"t-parks": _ids(1, 2)}, [_ids(1, *range(10, 30))]
    assert match(earlier, now, known=_ids(1, 2, *range(10, 30))) == [None]


def test_nothing_continues_nothing() -> None:
    assert match({}, []) == []
    assert match({}, [_ids(1)]) == [None]
    assert match({"t-parks": _ids(1)}, []) == []
    assert match({"t-parks": frozenset()}, [frozenset()]) == [None]


groups = st.lists(st.integers(0, 5), max_size=20).map(
    lambda of: [frozenset(f"u-{row}" for row, group in enumerate(of) if group == number) for number in range(6)]
)


@given(groups, groups)
def test_no_theme_is_continued_twice_and_order_changes_nothing(
    before: list[frozenset[str]], now: list[frozenset[str]]
) -> None:
    earlier = {f"t-{number}": ids for number, ids in enumerate(before)}
    continues = match(earlier, now)
    ids = [theme for theme in continues if theme]
    assert len(ids) == len(set(ids))
    backwards = match(dict(reversed(earlier.items())), now[::-1])[::-1]
    assert backwards == continues
