"""Days: the end of an imprecise date, and the day of the truce."""

from calendar import monthrange
from datetime import date

from tracker.codebook import DatePrecision

LONGEST_FEW_DAYS = 6
SUNDAY = 6


def interval_end(day: date, precision: int, end: date | None = None) -> date:
    """The last day on which something dated ``day`` can have happened; it counts from this day on.

    A stated ``end`` decides. Otherwise ``day`` is the first of a few days (taken as six), or lies in the week (Monday
    to Sunday), month or year that is meant. ``precision`` is a ``DatePrecision``. Raises ValueError for another number
    and for an ``end`` before ``day``.
    """
    if precision not in DatePrecision.values:
        raise ValueError(f"{precision} is no precision of a date")
    if end is not None:
        if end < day:
            raise ValueError(f"ends on {end}, before it begins on {day}")
        return end
    match precision:
        case DatePrecision.DAYS:
            return _days_later(day, LONGEST_FEW_DAYS - 1)
        case DatePrecision.WEEK:
            return _days_later(day, SUNDAY - day.weekday())
        case DatePrecision.MONTH:
            return day.replace(day=monthrange(day.year, day.month)[1])
        case DatePrecision.YEAR:
            return date(day.year, 12, 31)
        case _:
            return day


def day_number(effective_on: date, day: date) -> int:
    """Which day of the agreement ``day`` is, in days since it took effect; that first day is 0, the eve of it -1."""
    return (day - effective_on).days


def _days_later(day: date, days: int) -> date:
    """``day`` plus ``days``, held at the last day that a date can express."""
    return date.fromordinal(min(day.toordinal() + days, date.max.toordinal()))
