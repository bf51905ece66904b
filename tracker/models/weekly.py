"""What the record has by week: violent events, and totals of harm as each originator gives them.

Only what ``rubric.rates`` needs is gathered here, from the board of the day and one question more.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from tracker.codebook import Category, EventKind, EventRole, MeasureKind
from tracker.codebook import Direction as Side
from tracker.rubric import rates

from .actors import Actor
from .agreements import Agreement, Measure
from .evidence import Event, EventActor
from .standing import Board, Figure, Row, fetched

VIOLENT = (EventKind.STRIKE, EventKind.ATTACK)
"""Kinds of events in which force was used. A bulletin of totals is none, whatever it counts."""

ALLEGED = (EventKind.ALLEGED_VIOLATION,)
"""Acts that somebody calls a breach: the kind does not say whether anybody was hurt, so they stand apart."""

AT_MOST = 104
"""How many weeks are told apart, the newest ones."""


@dataclass(frozen=True, slots=True)
class Happened:
    """Events of some kinds since the agreement took effect, newest first, and how many there were each week.

    ``accused``: the side that is accused of all of them; None where they name nobody, or are not told apart.
    """

    kinds: tuple[EventKind, ...]
    events: list[Event]
    weeks: list[rates.Week]
    counts: list[int]
    compared: rates.Compared
    accused: Actor | None = None

    @property
    def trend(self) -> rates.Trend:
        return self.compared.trend


@dataclass(frozen=True)
class Told:
    """The figures of one originator for one measure of harm, oldest first."""

    row: Row
    measure: Measure
    who: str
    figures: list[Figure]
    day: dt.date

    @cached_property
    def given(self) -> list[rates.Given]:
        return [
            rates.Given(
                as_of=seen.as_of,
                low=seen.value if seen.low is None else seen.low,
                high=seen.value if seen.high is None else seen.high,
                counting=seen.counts,
                start=seen.period_start,
                nature=seen.nature,
                about=seen.event_id,
            )
            for seen in (figure.observation for figure in self.figures)
        ]

    @cached_property
    def totals(self) -> list[rates.Given]:
        return rates.totals(self.given)

    @cached_property
    def computed(self) -> bool:
        """Whether its rates come from differences of totals rather than from counts of whole weeks."""
        return len(self.totals) > 1 or not rates.periods(self.given)

    @cached_property
    def steps(self) -> list[rates.Step]:
        return rates.steps(self.given) if self.computed else rates.periods(self.given)

    @cached_property
    def added(self) -> list[rates.Given]:
        return rates.added(self.given)

    @property
    def trend(self) -> rates.Trend:
        return rates.trend_of(self.steps, self.day)

    def back_on(self, day: dt.date) -> "list[Told]":
        """The same on an earlier day; nothing where it had no figure yet."""
        figures = [figure for figure in self.figures if figure.observation.as_of <= day]
        return [Told(self.row, self.measure, self.who, figures, day)] if figures else []


@dataclass(frozen=True, slots=True)
class Weekly:
    """Everything that is told of the weeks since ``since``."""

    agreement: Agreement
    since: dt.date
    happened: list[Happened]
    told: list[Told]

    @property
    def newest(self) -> dt.date | None:
        """The day of the newest event or figure."""
        days = [fetched(event, "counts_from") for one in self.happened for event in one.events]
        return max([*days, *(one.figures[-1].observation.as_of for one in self.told)], default=None)

    @property
    def trends(self) -> list[rates.Trend]:
        return [*(one.trend for one in self.happened), *(one.trend for one in self.told)]

    @property
    def compares(self) -> bool:
        """Whether any of the rates can be set beside the one before it."""
        return any(trend.compares for trend in self.trends)

    def back_on(self, day: dt.date) -> "Weekly":
        """The same as it is told on an earlier day, the day of the newest event or figure or one before it."""
        weeks = rates.weeks(self.since, day, AT_MOST)
        happened = [
            _happened(
                [event for event in one.events if fetched(event, "counts_from") <= day],
                one.kinds,
                weeks,
                self.since,
                day,
                one.accused,
            )
            for one in self.happened
        ]
        return Weekly(self.agreement, self.since, happened, [told for one in self.told for told in one.back_on(day)])

    def last_compared(self) -> tuple[dt.date, "Weekly"] | None:
        """The newest day of an event or figure on which rates could be compared, and how they were told then."""
        days = {fetched(event, "counts_from") for one in self.happened for event in one.events}
        days |= {figure.observation.as_of for one in self.told for figure in one.figures}
        earlier = ((day, self.back_on(day)) for day in sorted(days, reverse=True) if day >= self.since)
        return next(((day, found) for day, found in earlier if found.compares), None)


def weekly(now: Board) -> Weekly | None:
    """None before the agreement took effect, or where no day is recorded on which it did."""
    since = now.agreement.effective_on
    day = now.vantage.as_of
    if since is None or since > day or not now.signed:
        return None
    weeks = rates.weeks(since, day, AT_MOST)
    kinds = (*VIOLENT, *ALLEGED)
    rows = Event.objects.happened(now.vantage).filter(agreement=now.agreement, kind__in=kinds, date__gte=since)
    events = sorted(rows, key=lambda event: (fetched(event, "counts_from"), str(event.pk)), reverse=True)
    violent = [event for event in events if event.kind in VIOLENT]
    happened = [
        *(_happened(some, VIOLENT, weeks, since, day, side) for side, some in _by_accused(violent, now)),
        _happened([event for event in events if event.kind in ALLEGED], ALLEGED, weeks, since, day),
    ]
    return Weekly(now.agreement, since, happened, list(_told(now)))


def _by_accused(events: Sequence[Event], now: Board) -> list[tuple[Actor | None, list[Event]]]:
    """The events of each side that is accused, by its name, then those of which nobody is; all of them at least once.

    An event of which several are accused is one of each of theirs.
    """
    accused: dict[object, dict[object, Actor]] = {}
    rows = EventActor.objects.known(now.vantage).filter(
        event__agreement=now.agreement, event__kind__in=VIOLENT, role=EventRole.ACCUSED
    )
    for part in rows.select_related("actor__root"):
        side = part.actor.root or part.actor
        accused.setdefault(part.event_id, {})[side.pk] = side
    apart: dict[object, tuple[Actor, list[Event]]] = {}
    nobody = []
    for event in events:
        for key, side in accused.get(event.pk, {}).items():
            apart.setdefault(key, (side, []))[1].append(event)
        if event.pk not in accused:
            nobody.append(event)
    sides = sorted(apart.values(), key=lambda one: (one[0].name.casefold(), one[0].slug))
    return [*sides, *([(None, nobody)] if nobody or not sides else [])]


def _happened(
    events: Sequence[Event],
    kinds: tuple[EventKind, ...],
    weeks: list[rates.Week],
    since: dt.date,
    day: dt.date,
    accused: Actor | None = None,
) -> Happened:
    days = [fetched(event, "counts_from") for event in events]
    return Happened(
        kinds,
        list(events),
        weeks,
        rates.by_week(days, weeks),
        rates.compared([(one, 1) for one in days], since, day),
        accused,
    )


def _told(now: Board) -> Iterable[Told]:
    """Totals that are to stay low, of the duties about hostilities: one series for each originator."""
    for row in now.rows:
        if row.obligation.category != Category.HOSTILITIES:
            continue
        for series in row.series:
            if series.measure.kind != MeasureKind.TOTAL or series.measure.direction != Side.AT_MOST:
                continue
            by: dict[str, list[Figure]] = {}
            for figure in reversed(series.all):
                by.setdefault(figure.who, []).append(figure)
            for who in sorted(by, key=lambda who: (-len(by[who]), who.casefold())):
                yield Told(row, series.measure, who, by[who], now.vantage.as_of)
