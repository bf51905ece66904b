"""Weeks, and what was added between two totals of one originator."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from tracker.rubric.rates import (
    Compared,
    Given,
    Step,
    Trend,
    Week,
    added,
    by_week,
    compared,
    periods,
    steps,
    totals,
    trend,
    trend_of,
    weeks,
)

DAY = date(2025, 12, 18)
START = date(2025, 10, 10)


def total(on: str, value: int, high: int | None = None, counting: str = "cumulative", **fields: object) -> Given:
    upper = Decimal(value if high is None else high)
    return Given(date.fromisoformat(on), Decimal(value), upper, counting, **fields)  # type: ignore[arg-type]  # tests


def step(since: str, until: str, low: int, high: int | None = None) -> Step:
    return Step(
        date.fromisoformat(since), date.fromisoformat(until), Decimal(low), Decimal(low if high is None else high)
    )


def weekly(low: int, high: int | None = None) -> tuple[Decimal, Decimal]:
    return Decimal(low), Decimal(low if high is None else high)


# Weeks


def test_weeks_end_on_the_day_and_the_oldest_begins_with_the_agreement() -> None:
    found = weeks(START, DAY, 100)
    assert found[-1] == Week(date(2025, 12, 12), DAY)
    assert found[0] == Week(START, START + timedelta(days=6))
    assert len(found) == 10
    assert all(week.whole for week in found)


def test_the_oldest_week_may_be_short() -> None:
    assert weeks(DAY - timedelta(days=8), DAY, 100) == [
        Week(DAY - timedelta(days=8), DAY - timedelta(days=7)),
        Week(DAY - timedelta(days=6), DAY),
    ]
    assert not weeks(DAY - timedelta(days=8), DAY, 100)[0].whole


def test_weeks_are_cut_to_the_newest() -> None:
    assert len(weeks(date(2000, 1, 1), DAY, 104)) == 104
    assert weeks(date(2000, 1, 1), DAY, 104)[-1].last == DAY


def test_there_is_no_week_before_the_agreement() -> None:
    assert weeks(DAY + timedelta(days=1), DAY, 100) == []


def test_every_day_falls_into_exactly_one_week() -> None:
    days = [START + timedelta(days=number) for number in range((DAY - START).days + 1)]
    counted = by_week(days, weeks(START, DAY, 100))
    assert counted == [7] * 10


def test_four_weeks_beside_the_four_before() -> None:
    dated = [(DAY, 1), (DAY - timedelta(days=27), 2), (DAY - timedelta(days=28), 4), (DAY - timedelta(days=55), 8)]
    dated += [(DAY - timedelta(days=56), 16), (DAY + timedelta(days=1), 32)]
    found = compared(dated, START, DAY)
    assert found == Compared(Decimal(3), Decimal(12))
    assert found.trend == Trend.LOWER


def test_nothing_is_compared_with_days_before_the_agreement() -> None:
    assert compared([], DAY - timedelta(days=55), DAY).before == 0
    early = compared([], DAY - timedelta(days=54), DAY)
    assert early.before is None
    assert early.trend == Trend.UNKNOWN


def test_nothing_on_record_twice_is_not_the_same_as_calm() -> None:
    assert Compared(Decimal(0), Decimal(0)).trend == Trend.UNKNOWN


def test_a_handful_of_events_is_not_called_more_or_less() -> None:
    assert Compared(Decimal(1), Decimal(0)).trend == Trend.FEW
    assert Compared(Decimal(2), Decimal(2)).trend == Trend.FEW
    assert Compared(Decimal(1), Decimal(4)).trend == Trend.LOWER
    assert Compared(Decimal(3), Decimal(3)).trend == Trend.SAME


# Figures


def test_what_was_added_between_totals_of_one_originator() -> None:
    found = steps([total("2025-12-27", 414), total("2025-10-18", 38), total("2025-11-22", 342)])
    assert found == [step("2025-10-18", "2025-11-22", 304), step("2025-11-22", "2025-12-27", 72)]
    assert [one.rate for one in found] == [(Decimal("60.8"), Decimal("60.8")), (Decimal("14.4"), Decimal("14.4"))]


def test_ranges_give_ranges_and_never_less_than_nothing() -> None:
    (found,) = steps([total("2025-11-01", 10, 20), total("2025-11-08", 15, 40)])
    assert found == step("2025-11-01", "2025-11-08", -5, 30)
    assert found.rate == weekly(0, 30)


def test_a_total_that_falls_was_corrected_and_gives_no_rate() -> None:
    (found,) = steps([total("2025-11-01", 20), total("2025-11-08", 12)])
    assert found.revised
    assert found.rate is None


def test_what_was_added_for_earlier_days_spoils_the_rate() -> None:
    figures = [total("2025-11-01", 20), total("2025-11-08", 60), total("2025-11-15", 70)]
    first, second = steps([*figures, total("2025-11-08", 35, counting="retroactive")])
    assert first.mixed
    assert first.rate is None
    assert second.rate == weekly(10)


def test_of_several_totals_for_a_day_the_last_recorded_counts() -> None:
    assert totals([total("2025-11-01", 20), total("2025-11-01", 25)]) == [total("2025-11-01", 25)]


def test_a_total_without_a_word_on_how_it_counts_runs() -> None:
    assert totals([total("2025-11-01", 20, counting="")]) != []


def test_plans_are_no_figures() -> None:
    planned = [total("2025-11-01", 20, nature="planned"), total("2025-11-01", 20, counting="new", nature="planned")]
    assert totals(planned) == []
    assert added(planned) == []


def test_new_figures_of_different_events_add_up_and_of_the_same_replace() -> None:
    first = total("2025-11-01", 2, counting="new", about="raid")
    again = total("2025-11-01", 3, counting="new", about="raid")
    other = total("2025-11-01", 1, counting="new", about="shot")
    assert added([first, other, again]) == [again, other]
    assert totals([first, other]) == []


def test_new_figures_of_whole_weeks_give_a_rate_and_those_of_days_none() -> None:
    week = total("2025-11-07", 14, counting="new", start=date(2025, 11, 1))
    longer = total("2025-11-21", 14, counting="new", start=date(2025, 11, 8))
    short = total("2025-11-24", 3, counting="new", start=date(2025, 11, 22))
    undated = total("2025-11-25", 3, counting="new")
    found = periods([short, longer, week, undated])
    assert found == [step("2025-10-31", "2025-11-07", 14), step("2025-11-07", "2025-11-21", 14)]
    assert [one.rate for one in found] == [weekly(14), weekly(7)]


def test_of_overlapping_periods_the_later_counts() -> None:
    first = total("2025-11-07", 14, counting="new", start=date(2025, 11, 1), about="first")
    second = total("2025-11-09", 14, counting="new", start=date(2025, 11, 3), about="second")
    assert periods([first, second]) == [step("2025-11-02", "2025-11-09", 14)]


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        ((4, 4), (4, 4), Trend.SAME),
        ((4, 4), (3, 3), Trend.LOWER),
        ((4, 4), (5, 5), Trend.HIGHER),
        ((4, 6), (5, 9), Trend.UNCLEAR),
        ((4, 6), (6, 9), Trend.UNCLEAR),
        ((4, 6), (7, 9), Trend.HIGHER),
    ],
)
def test_trend(before: tuple[int, int], after: tuple[int, int], found: Trend) -> None:
    assert trend((Decimal(before[0]), Decimal(before[1])), (Decimal(after[0]), Decimal(after[1]))) == found


def test_the_trend_of_totals_needs_two_steps_and_a_recent_one() -> None:
    taken = [step("2025-10-18", "2025-11-22", 304), step("2025-11-22", "2025-12-14", 44)]
    assert trend_of(taken, DAY) == Trend.LOWER
    assert trend_of(taken[:1], DAY) == Trend.UNKNOWN
    assert trend_of(taken, date(2026, 1, 10)) == Trend.LOWER
    assert trend_of(taken, date(2026, 1, 11)) == Trend.UNKNOWN
    assert trend_of([taken[0], step("2025-11-22", "2025-12-14", -3)], DAY) == Trend.UNKNOWN
