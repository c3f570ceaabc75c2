from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from listening.domain import Change
from listening.lineage import events, match, moves


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


# --- what became of each theme ----------------------------------------------------------------------------------------


def _happened(before: dict[str, str], now: dict[str, str]) -> list[tuple[str, Change, tuple[tuple[str, int], ...]]]:
    """Events between two runs; each maps a theme to the letters in it, and "" to those on their own."""
    earlier = {letter: theme or None for theme, letters in before.items() for letter in letters}
    later = {letter: theme or None for theme, letters in now.items() for letter in letters}
    sizes = [{theme: len(letters) for theme, letters in themes.items() if theme} for themes in (before, now)]
    return [(event.theme, event.change, event.others) for event in events(*sizes, moves(earlier, later))]


def test_moves_count_only_words_that_both_runs_knew() -> None:
    assert moves({"a": "t-1", "b": None}, {"b": "t-1", "c": "t-1"}) == {(None, "t-1"): 1}


def test_a_theme_of_new_words_is_new() -> None:
    assert _happened({}, {"t-1": "abc"}) == [("t-1", Change.NEW, ())]


def test_a_theme_that_stays_goes_on_and_one_with_more_words_has_grown() -> None:
    assert _happened({"t-1": "abc", "t-2": "xyz"}, {"t-1": "abc", "t-2": "wxyz"}) == [
        ("t-1", Change.CONTINUED, ()),
        ("t-2", Change.GROWN, ()),
    ]


def test_a_theme_in_two_parts_has_split_and_the_newer_part_says_from_where() -> None:
    assert _happened({"t-1": "abcdef"}, {"t-1": "abcd", "t-2": "ef"}) == [
        ("t-1", Change.SPLIT, (("t-2", 2),)),
        ("t-2", Change.SPLIT, (("t-1", 2),)),
    ]


def test_a_theme_taken_in_by_another_is_told_from_both_ends() -> None:
    assert _happened({"t-1": "abcd", "t-2": "xyz"}, {"t-1": "abcdxyz"}) == [
        ("t-1", Change.MERGED, (("t-2", 3),)),
        ("t-2", Change.MERGED, (("t-1", 3),)),
    ]


def test_a_theme_whose_words_stand_on_their_own_has_faded() -> None:
    assert _happened({"t-1": "abcd"}, {"": "abcd"}) == [("t-1", Change.FADED, ())]


def test_one_word_that_moves_is_no_split() -> None:
    assert _happened({"t-1": "abcdefgh"}, {"t-1": "abcdefg", "t-2": "hijk"}) == [
        ("t-1", Change.CONTINUED, ()),
        ("t-2", Change.NEW, ()),
    ]


_THEMES = st.dictionaries(st.sampled_from("abcdefghij"), st.sampled_from(["t-1", "t-2", "t-3", None]))


@given(_THEMES, _THEMES)
def test_every_theme_there_was_or_is_has_an_event(before: dict[str, str | None], now: dict[str, str | None]) -> None:
    sizes = [dict(Counter(theme for theme in themes.values() if theme)) for themes in (before, now)]
    told = {event.theme for event in events(*sizes, moves(before, now))}
    assert told == set(sizes[0]) | set(sizes[1])
