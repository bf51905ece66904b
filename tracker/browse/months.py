"""The days on which something happened, month by month. What is dated less exactly is listed apart."""

import datetime as dt
from calendar import Calendar as Weeks
from collections.abc import Sequence
from dataclasses import dataclass

from babel.core import Locale
from babel.dates import format_date, get_day_names
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tracker.codebook import DEFAULT_LANGUAGE, DatePrecision
from tracker.errors import BadAddress
from tracker.models import Event
from tracker.words import here, number, written

from .narrowing import Narrowing

MOST = 5_000
"""How many of the newest events a calendar counts."""

MONTHS = 6
"""How many months a page shows."""

LISTED = 12
"""How many events without an exact day a month names."""

LONGEST = 62
"""Days over which an event is counted on every one of them."""

SUNDAY = 6


@dataclass(frozen=True, slots=True)
class Day:
    """A day of a month; without events it has no address. ``within``: it belongs to the month."""

    number: int
    within: bool
    count: int
    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Month:
    first: dt.date
    label: str
    total: str
    weeks: list[list[Day]]
    roughly: list[Event]
    more: int
    url: str


@dataclass(frozen=True, slots=True)
class Calendar:
    """Months with events, newest first. The addresses lead to later and earlier ones; "" where there are none."""

    weekdays: list[tuple[str, str]]
    months: list[Month]
    later_url: str
    earlier_url: str
    partial: str


def laid_out(events: Sequence[Event], narrowing: Narrowing, asked: str) -> Calendar:
    """The calendar of these events, newest first. ``asked`` is the newest month to show, "" for the newest there is.

    Raises BadAddress for what is no month.
    """
    newest = _month(asked)
    shown = events[:MOST]
    by_month: dict[dt.date, list[Event]] = {}
    by_day: dict[dt.date, int] = {}
    for event in shown:
        for month in {day.replace(day=1) for day in _days(event)}:
            by_month.setdefault(month, []).append(event)
        if event.date_precision == DatePrecision.DAY:
            for day in _days(event):
                by_day[day] = by_day.get(day, 0) + 1
    months = sorted(by_month, reverse=True)
    start = next((at for at, month in enumerate(months) if newest is None or month <= newest), len(months))
    page = months[start : start + MONTHS]
    above = months[max(start - MONTHS, 0)] if start else None
    below = months[start + MONTHS] if start + MONTHS < len(months) else None
    return Calendar(
        weekdays=_weekdays(),
        months=[_laid(month, by_month[month], by_day, narrowing) for month in page],
        later_url=narrowing.url(month=f"{above:%Y-%m}") if above else "",
        earlier_url=narrowing.url(month=f"{below:%Y-%m}") if below else "",
        partial=number(MOST) if len(events) > MOST else "",
    )


def _month(text: str) -> dt.date | None:
    if not text:
        return None
    try:
        return dt.datetime.strptime(f"{text}-01", "%Y-%m-%d").date()  # noqa: DTZ007  # a month has no zone
    except ValueError:
        shown = text if len(text) <= 40 else f"{text[:40]}…"
        mend = _("Write a month as year-month, for instance %(example)s.") % {"example": "month=2025-12"}
        raise BadAddress(_("“%(text)s” is not a month.") % {"text": shown}, mend) from None


def _days(event: Event) -> list[dt.date]:
    """The days on which it is counted: all it lasted, or the first of those on which it may have been."""
    if event.date_precision != DatePrecision.DAY or event.date_end is None:
        return [event.date]
    lasted = min((event.date_end - event.date).days + 1, LONGEST)
    return [event.date + dt.timedelta(days=offset) for offset in range(lasted)]


def _laid(month: dt.date, events: Sequence[Event], by_day: dict[dt.date, int], narrowing: Narrowing) -> Month:
    roughly = [event for event in events if event.date_precision != DatePrecision.DAY]
    last = (month + dt.timedelta(days=31)).replace(day=1) - dt.timedelta(days=1)
    return Month(
        first=month,
        label=format_date(month, "LLLL y", locale=_locale()),
        total=number(len(events)),
        weeks=[
            [_day(day, month, by_day, narrowing) for day in week]
            for week in Weeks(_first_weekday()).monthdatescalendar(month.year, month.month)
        ],
        roughly=roughly[:LISTED],
        more=len(roughly[LISTED:]),
        url=narrowing.url(view=None, **{"from": month.isoformat(), "to": last.isoformat()}),
    )


def _day(day: dt.date, month: dt.date, by_day: dict[dt.date, int], narrowing: Narrowing) -> Day:
    within = (day.year, day.month) == (month.year, month.month)
    count = by_day.get(day, 0) if within else 0
    if not count:
        return Day(day.day, within, 0, "", "")
    label = ngettext("%(day)s: %(count)s event", "%(day)s: %(count)s events", count)
    exact = {"from": day.isoformat(), "to": day.isoformat(), "dated": [str(int(DatePrecision.DAY))]}
    return Day(
        day.day, within, count, label % {"day": written(day), "count": number(count)}, narrowing.url(view=None, **exact)
    )


def _locale() -> Locale:
    return Locale.parse(here().replace("-", "_"))


def _first_weekday() -> int:
    """Monday as in most of the world's English, else what the language is used to."""
    return 0 if here() == DEFAULT_LANGUAGE else {"he": SUNDAY, "ar": SUNDAY}.get(here(), _locale().first_week_day)


def _weekdays() -> list[tuple[str, str]]:
    """Short and long names of the days of a week, in their order."""
    short, long = get_day_names("abbreviated", locale=_locale()), get_day_names("wide", locale=_locale())
    return [(short[day], long[day]) for day in Weeks(_first_weekday()).iterweekdays()]
