"""Days, at the borders of months, years and precisions."""

from datetime import date

import pytest

from tracker.codebook import DatePrecision
from tracker.rubric.dates import day_number, interval_end

INTERVALS = {
    "a known day ends on that day": (date(2025, 12, 18), DatePrecision.DAY, None, date(2025, 12, 18)),
    "a known day with an end lasts until then": (
        date(2025, 12, 18),
        DatePrecision.DAY,
        date(2025, 12, 19),
        date(2025, 12, 19),
    ),
    "a few days are at most six": (date(2025, 12, 29), DatePrecision.DAYS, None, date(2026, 1, 3)),
    "a week written as its Monday ends on Sunday": (date(2025, 12, 15), DatePrecision.WEEK, None, date(2025, 12, 21)),
    "a week written as its Thursday ends on the same Sunday": (
        date(2025, 12, 18),
        DatePrecision.WEEK,
        None,
        date(2025, 12, 21),
    ),
    "a week written as its Sunday ends there": (date(2025, 12, 21), DatePrecision.WEEK, None, date(2025, 12, 21)),
    "a month ends on its last day, whichever day was written": (
        date(2025, 12, 18),
        DatePrecision.MONTH,
        None,
        date(2025, 12, 31),
    ),
    "a month written as its last day ends there": (date(2026, 1, 31), DatePrecision.MONTH, None, date(2026, 1, 31)),
    "February of a leap year has 29 days": (date(2028, 2, 1), DatePrecision.MONTH, None, date(2028, 2, 29)),
    "February of another year has 28": (date(2026, 2, 1), DatePrecision.MONTH, None, date(2026, 2, 28)),
    "a year ends on 31 December": (date(2026, 1, 1), DatePrecision.YEAR, None, date(2026, 12, 31)),
    "a stated end decides over the precision": (
        date(2025, 12, 2),
        DatePrecision.MONTH,
        date(2025, 12, 13),
        date(2025, 12, 13),
    ),
    "an end on the first day is no contradiction": (
        date(2025, 12, 2),
        DatePrecision.WEEK,
        date(2025, 12, 2),
        date(2025, 12, 2),
    ),
    "the last week that a date can express ends with it": (
        date(9999, 12, 30),
        DatePrecision.WEEK,
        None,
        date(9999, 12, 31),
    ),
}


@pytest.mark.parametrize(("day", "precision", "end", "expected"), INTERVALS.values(), ids=INTERVALS.keys())
def test_interval_end(day: date, precision: int, end: date | None, expected: date) -> None:
    assert interval_end(day, precision, end) == expected


def test_an_end_before_the_beginning_is_refused() -> None:
    with pytest.raises(ValueError) as refused:
        interval_end(date(2025, 12, 18), DatePrecision.DAY, date(2025, 12, 17))
    assert str(refused.value) == "ends on 2025-12-17, before it begins on 2025-12-18"


@pytest.mark.parametrize("precision", [0, 6])
def test_an_unknown_precision_is_refused(precision: int) -> None:
    with pytest.raises(ValueError) as refused:
        interval_end(date(2025, 12, 18), precision)
    assert str(refused.value) == f"{precision} is no precision of a date"


DAY_NUMBERS = {
    "18 December is day 69 of a truce from 10 October": (date(2025, 12, 18), 69),
    "the first day is day 0": (date(2025, 10, 10), 0),
    "the next day is day 1": (date(2025, 10, 11), 1),
    "the eve is day -1": (date(2025, 10, 9), -1),
}


@pytest.mark.parametrize(("day", "expected"), DAY_NUMBERS.values(), ids=DAY_NUMBERS.keys())
def test_day_number(day: date, expected: int) -> None:
    assert day_number(date(2025, 10, 10), day) == expected
