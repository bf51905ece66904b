"""Dates, figures and languages as readers see them."""

import datetime as dt
from decimal import Decimal

from django.utils.translation import get_language_info

from tracker.codebook import DatePrecision
from tracker.models import Event, Observation
from tracker.rubric.dates import MONTHS, written

WRITTEN_FROM_THE_RIGHT = frozenset({"ar", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"})


def span(start: dt.date, end: dt.date) -> str:
    """A range of days without repeating what both ends share: 13 to 15 Dec 2025."""
    if start == end:
        return written(start)
    if (start.year, start.month) == (end.year, end.month):
        return f"{start.day} to {written(end)}"
    if start.year == end.year:
        return f"{start.day} {MONTHS[start.month - 1]} to {written(end)}"
    return f"{written(start)} to {written(end)}"


def when(event: Event) -> str:
    """The day of an event, as precisely as it is known and no more precisely."""
    return roughly(event.date, event.date_end, event.date_precision)


def roughly(day: dt.date, end: dt.date | None, precision: int) -> str:
    if end is not None:
        known = precision == DatePrecision.DAY
        return span(day, end) if known else f"some time from {span(day, end)}"
    match precision:
        case DatePrecision.DAYS:
            return f"within a few days from {written(day)}"
        case DatePrecision.WEEK:
            return f"in the week of {written(day)}"
        case DatePrecision.MONTH:
            return f"{MONTHS[day.month - 1]} {day.year} (day not known)"
        case DatePrecision.YEAR:
            return f"{day.year} (month not known)"
        case _:
            return written(day)


def number(value: Decimal) -> str:
    """1,968 or 12.5: thousands set apart, no empty decimals."""
    return f"{value.normalize():,f}"


def amount(observation: Observation) -> str:
    """A figure with its range: "24 to 26"."""
    low, high = observation.low, observation.high
    shown = number(observation.value)
    if low is not None and high is not None and low != high:
        return f"{number(low)} to {number(high)}"
    if low is not None and low != observation.value:
        return f"{shown} (at least {number(low)})"
    if high is not None and high != observation.value:
        return f"{shown} (at most {number(high)})"
    return shown


def figure(observation: Observation) -> str:
    """A figure with its range and unit, such as "24 to 26 bodies"."""
    shown = amount(observation)
    unit = observation.measure.unit
    return f"{shown} %" if unit in ("%", "percent") else f"{shown} {unit}"


def language(code: str) -> str:
    """The name of a language in English; the code where there is none."""
    try:
        return str(get_language_info(code)["name"])
    except KeyError:
        return code


def direction(code: str) -> str:
    """``rtl`` for scripts that run from the right, else nothing."""
    return "rtl" if code.split("-")[0].casefold() in WRITTEN_FROM_THE_RIGHT else ""


def counted(count: int, one: str, several: str) -> str:
    return f"{count:,} {one if count == 1 else several}"
