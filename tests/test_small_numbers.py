import pytest

from listening.small_numbers import rough, rounded


@pytest.mark.parametrize(
    ("count", "number", "shown"),
    [
        (0, 0, "none"),
        (1, None, "fewer than 10"),
        (9, None, "fewer than 10"),
        (10, 10, "about 10"),
        (1203, 1205, "about 1,205"),
    ],
)
def test_small_numbers_point_at_nobody(count, number, shown):
    assert (rounded(count), rough(count)) == (number, shown)
