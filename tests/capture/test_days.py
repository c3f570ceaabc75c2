from datetime import UTC, datetime

from listening.capture.days import DAY_FIRST, MONTH_FIRST, YEAR_FIRST, goes_forward, moment, orders


def test_the_orders_under_which_every_date_is_a_day():
    assert orders([(13, 3, 2026)]) == [DAY_FIRST]
    assert orders([(3, 13, 26)]) == [MONTH_FIRST]
    assert orders([(2026, 3, 13)]) == [YEAR_FIRST]
    assert orders([(5, 3, 2026)]) == [DAY_FIRST, MONTH_FIRST]
    assert orders([(13, 3, 2026), (3, 13, 2026)]) == []


def test_days_that_go_forward_tell_the_month_from_the_day():
    dates = [(5, 3, 2026), (4, 4, 2026)]
    assert goes_forward(dates, DAY_FIRST)
    assert not goes_forward(dates, MONTH_FIRST)


def test_a_moment_that_does_not_exist_is_none():
    assert moment((5, 3, 26), DAY_FIRST, (10, 15, 0)) == datetime(2026, 3, 5, 10, 15, tzinfo=UTC)
    assert moment((30, 2, 2026), DAY_FIRST, (10, 15, 0)) is None
    assert moment((5, 3, 2026), DAY_FIRST, (25, 15, 0)) is None
