"""Weekly rates: events counted by week, and totals of one originator turned into what came between two of them.

Nothing here guesses. A total says what was added between two days only beside an earlier total of the same originator,
and spread evenly over those days that is an average, not a count of each week.
"""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from enum import Enum
from itertools import pairwise

from tracker.codebook import Counting, FigureNature

DAYS = 7
COMPARED_WEEKS = 4
"""How many weeks are set beside as many before them."""
ENOUGH_EVENTS = 5
"""Fewer than these, in both spans together, are not called more or less than before."""


class Trend(Enum):
    """How a weekly rate stands to the one before it."""

    LOWER = "lower"
    HIGHER = "higher"
    SAME = "same"
    UNCLEAR = "unclear"
    """The figures are ranges that overlap."""

    FEW = "few"
    """So few events that one more or less would turn the answer."""

    UNKNOWN = "unknown"
    """Too few figures, or none that is recent."""

    @property
    def compares(self) -> bool:
        return self not in (Trend.FEW, Trend.UNKNOWN)


# Weeks


@dataclass(frozen=True, slots=True)
class Week:
    """Seven days, both ends counted; fewer where the agreement had not begun yet."""

    first: date
    last: date

    @property
    def whole(self) -> bool:
        return (self.last - self.first).days == DAYS - 1

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last


def weeks(first: date, last: date, at_most: int) -> list[Week]:
    """The weeks that end on ``last``, oldest first, back to ``first`` but no more than ``at_most``.

    So the newest one is whole; the oldest begins on ``first`` and may be shorter.
    """
    found: list[Week] = []
    end = last
    while end >= first and len(found) < at_most:
        found.append(Week(max(end - timedelta(days=DAYS - 1), first), end))
        end -= timedelta(days=DAYS)
    return found[::-1]


def by_week(days: Iterable[date], counted: Sequence[Week]) -> list[int]:
    """How many of the days fall in each week."""
    days = list(days)
    return [sum(day in week for day in days) for week in counted]


@dataclass(frozen=True, slots=True)
class Compared:
    """How much in the newest weeks and how much in as many before; ``before`` is None where not so many had passed."""

    last: Decimal
    before: Decimal | None

    @property
    def trend(self) -> Trend:
        """Unknown where nothing is on record in either: the record may be silent rather than the guns."""
        if self.before is None or not self.before + self.last:
            return Trend.UNKNOWN
        if self.before + self.last < ENOUGH_EVENTS:
            return Trend.FEW
        return trend((self.before, self.before), (self.last, self.last))


def compared(dated: Iterable[tuple[date, int | Decimal]], since: date, until: date) -> Compared:
    """What falls in the four weeks to ``until`` beside the four before, of an agreement in force from ``since``."""
    dated = list(dated)
    middle = until - timedelta(days=DAYS * COMPARED_WEEKS)
    start = middle - timedelta(days=DAYS * COMPARED_WEEKS)
    last = sum((Decimal(value) for day, value in dated if middle < day <= until), Decimal())
    before = sum((Decimal(value) for day, value in dated if start < day <= middle), Decimal())
    return Compared(last, before if since <= start + timedelta(days=1) else None)


# Figures


@dataclass(frozen=True, slots=True)
class Given:
    """One figure of one originator. ``low`` equals ``high`` unless a range was given.

    ``counting`` "" counts as cumulative: a total runs. ``about``: the event that gave it; a second figure for the same
    event and days replaces the first.
    """

    as_of: date
    low: Decimal
    high: Decimal
    counting: Counting | str = ""
    start: date | None = None
    nature: FigureNature | str = FigureNature.ACTUAL
    about: Hashable = None

    @property
    def runs(self) -> bool:
        """Whether it is a running total."""
        return self.counting in ("", Counting.CUMULATIVE)


@dataclass(frozen=True, slots=True)
class Step:
    """What was added after ``since`` and by ``until``, by one originator's figures.

    ``mixed``: the later total also took in what had happened before ``since``, so that no rate can be told.
    """

    since: date
    until: date
    low: Decimal
    high: Decimal
    mixed: bool = False

    @property
    def days(self) -> int:
        return (self.until - self.since).days

    @property
    def revised(self) -> bool:
        """Whether the total fell, which only a correction of it can do."""
        return self.high < 0

    @property
    def rate(self) -> tuple[Decimal, Decimal] | None:
        """Lowest and highest average for a week; None where none can be told."""
        if self.mixed or self.revised:
            return None
        return _weekly(max(self.low, Decimal()), self.days), _weekly(self.high, self.days)


def _weekly(value: Decimal, days: int) -> Decimal:
    return (value * DAYS / days).quantize(Decimal("0.1"), ROUND_HALF_UP)


def totals(figures: Iterable[Given]) -> list[Given]:
    """The running totals of one originator by day, one for each; of several for a day the one recorded last.

    ``figures`` come in the order of recording. What was only planned is no total.
    """
    by_day = {one.as_of: one for one in figures if one.runs and one.nature != FigureNature.PLANNED}
    return [by_day[day] for day in sorted(by_day)]


def steps(figures: Iterable[Given]) -> list[Step]:
    """What was added from each running total of one originator to the next."""
    figures = list(figures)
    late = [one.as_of for one in figures if one.counting == Counting.RETROACTIVE]
    running = totals(figures)
    return [
        Step(
            earlier.as_of,
            later.as_of,
            later.low - earlier.high,
            later.high - earlier.low,
            mixed=any(earlier.as_of < day <= later.as_of for day in late),
        )
        for earlier, later in pairwise(running)
    ]


def periods(figures: Iterable[Given]) -> list[Step]:
    """What somebody counted as new in periods of a week or more, oldest first; of overlapping ones the later."""
    found: list[Step] = []
    for one in added(figures):
        if one.start is None or (one.as_of - one.start).days < DAYS - 1:
            continue
        eve = one.start - timedelta(days=1)
        while found and found[-1].until > eve:
            found.pop()
        found.append(Step(eve, one.as_of, one.low, one.high))
    return found


def added(figures: Iterable[Given]) -> list[Given]:
    """The figures that count only what was new in their days, oldest first; they are not a running total."""
    new = [one for one in figures if one.counting == Counting.NEW and one.nature != FigureNature.PLANNED]
    last = {(one.about, one.start, one.as_of): one for one in new}
    return sorted(last.values(), key=lambda one: (one.as_of, one.start or one.as_of))


def trend(before: tuple[Decimal, Decimal], after: tuple[Decimal, Decimal]) -> Trend:
    """How the later range (lowest, highest) stands to the earlier one."""
    if after == before:
        return Trend.SAME
    if after[1] < before[0]:
        return Trend.LOWER
    if after[0] > before[1]:
        return Trend.HIGHER
    return Trend.UNCLEAR


def too_short(taken: Sequence[Step]) -> bool:
    """Whether the newest span or the one before is shorter than a week, so that one day would make the average."""
    return any(step.days < DAYS for step in taken[-2:])


def trend_of(taken: Sequence[Step], day: date) -> Trend:
    """How the newest weekly average stands to the one before.

    Unknown where the newest total is four weeks old, or one of the two spans is too short to tell of weeks.
    """
    if len(taken) < 2 or (day - taken[-1].until).days >= DAYS * COMPARED_WEEKS or too_short(taken):
        return Trend.UNKNOWN
    before, after = taken[-2].rate, taken[-1].rate
    return Trend.UNKNOWN if before is None or after is None else trend(before, after)
