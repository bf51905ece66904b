"""Weekly rates in words and as small charts, each with the table behind it."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from tracker import words
from tracker.codebook import Counting, FigureNature
from tracker.models.weekly import VIOLENT, Happened, Told, Weekly
from tracker.rubric.rates import COMPARED_WEEKS, DAYS, Given, Step, Trend, too_short

from . import charts
from .charts import Key, Scale, Span, Tick

TOP, GROUND = 18, 120
"""Between these heights of a plot the bars stand; below them is the axis."""

HEIGHT = 156
MOST_NAMED = 6
MOST_TICKS = 7
ROOM = 14
LAST_LABEL = 86


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar from the ground up; ``upper`` is how much higher the upper end of a range lies, at ``upper_y``.

    ``short``: a week of which the agreement was in force for a part only.
    """

    span: Span
    y: int
    height: int
    upper_y: int
    upper: int
    title: str
    short: bool


@dataclass(frozen=True, slots=True)
class Level:
    y: int
    label: str


@dataclass(frozen=True, slots=True)
class Chart:
    """A small chart. ``computed``: its bars are averages that nobody counted, and are drawn as such."""

    bars: list[Bar]
    scale: Scale
    ticks: list[Tick]
    levels: list[Level]
    computed: bool
    height: int = HEIGHT
    ground: int = GROUND


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the table behind a chart."""

    first: dt.date
    last: dt.date
    value: str
    rate: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Series:
    """One rate: what is counted and by whom, in a sentence by rule, as a chart where there is one, and as a table."""

    key: str
    title: str
    who: str
    url: str
    duty: str
    """The obligation that the figures are about; "" for events."""

    trend: str
    went: Trend
    sentences: list[str]
    includes: list[str]
    chart: Chart | None
    lines: list[Line]
    happened: Happened | None = None
    told: Told | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """Which of the rates went which way: the only answer by rule to "is it getting better or worse?".

    ``day``: the last of the four weeks that are told of; None where nothing could ever be compared.
    ``silent_since``: the day of the newest event or figure, where the four weeks to the page's day have none.
    """

    day: dt.date | None
    silent_since: dt.date | None
    series: list[Series]

    @property
    def lower(self) -> list[Series]:
        return [one for one in self.series if one.went is Trend.LOWER]

    @property
    def higher(self) -> list[Series]:
        return [one for one in self.series if one.went is Trend.HIGHER]

    @property
    def cards(self) -> list[Series]:
        """Those that are drawn; what could be compared stands first."""
        drawn = [one for one in self.series if one.chart]
        return sorted(drawn, key=lambda one: not one.went.compares)

    @property
    def single(self) -> list[Series]:
        """Those without two figures to draw."""
        return [one for one in self.series if not one.chart]


def verdict(found: Weekly, day: dt.date, q: str) -> Verdict:
    """The comparison of the day or, where it has none, the last one that the record allowed."""
    silent = found.newest if found.newest and (day - found.newest).days >= DAYS * COMPARED_WEEKS else None
    if found.compares and not silent:
        return Verdict(day, silent, series(found, day, q))
    last = found.last_compared()
    if last is None:
        return Verdict(None, silent, series(found, day, q))
    then, told = last
    return Verdict(then, silent, series(told, then, q))


def trend_word(trend: Trend) -> str:
    match trend:
        case Trend.LOWER:
            return _("Lower than before")
        case Trend.HIGHER:
            return _("Higher than before")
        case Trend.SAME:
            return _("The same as before")
        case Trend.FEW:
            return _("Too few to compare")
        case _other:
            return _("No recent comparison")


def _scale(found: Weekly, day: dt.date) -> Scale:
    """From a little before the first week, where the heights are written, to the day."""
    first = found.happened[0].weeks[0].first
    return Scale.here(first - dt.timedelta(days=max((day - first).days // ROOM, 1)), day)


def series(found: Weekly, day: dt.date, q: str) -> list[Series]:
    # One scale for all sides of the same kinds: bars of different charts are compared by eye.
    highest = {one.kinds: 0 for one in found.happened}
    for one in found.happened:
        highest[one.kinds] = max(highest[one.kinds], *one.counts, 0)
    counted = [_events(one, found, day, q, highest[one.kinds]) for one in found.happened]
    return counted + [_figures(one, found, day, q) for one in found.told]


# Events on record


def _title(one: Happened) -> str:
    if one.kinds != VIOLENT:
        return _("Other alleged violations on record")
    if one.accused:
        return _("Strikes and attacks on record, %(who)s accused") % {"who": one.accused.name}
    return _("Strikes and attacks on record, nobody accused") if one.events else _("Strikes and attacks on record")


def _events(one: Happened, found: Weekly, day: dt.date, q: str, highest: int) -> Series:
    kinds = words.joined(str(kind.label) for kind in one.kinds)
    plot = _Plot(_scale(found, day), Decimal(highest))
    bars = (
        plot.bar(
            week.first,
            week.last,
            Decimal(count),
            Decimal(count),
            _("%(days)s: %(count)s") % {"days": words.span(week.first, week.last), "count": words.number(count)},
            short=not week.whole,
        )
        for week, count in zip(one.weeks, one.counts, strict=True)
        if count
    )
    return Series(
        key=f"rate-{one.kinds[0].value}" + (f"-{one.accused.slug}" if one.accused else ""),
        title=_title(one),
        who=_("This record"),
        url=_listed(one, found, q),
        duty="",
        trend=trend_word(one.trend),
        went=one.trend,
        sentences=[
            _compared(one.compared.last, one.compared.before, found.since, day),
            _("Fewer events on record is not fewer events: not all are reported, and not every report is recorded."),
            _("An event says nothing of its size."),
        ],
        includes=[
            _("Events of these kinds: %(kinds)s. A bulletin of totals is no event.") % {"kinds": kinds},
            *([_("An event of which several are accused counts for each.")] if one.accused else []),
            _("Each event once, however many report it, in the week of its day; an imprecise one counts at its end."),
        ],
        chart=plot.chart(bars, computed=False) if any(one.counts) else None,
        lines=[
            Line(week.first, week.last, words.number(count), note="" if week.whole else _("not a whole week"))
            for week, count in reversed(list(zip(one.weeks, one.counts, strict=True)))
        ],
        happened=one,
    )


def _listed(one: Happened, found: Weekly, q: str) -> str:
    """The address of these events among all of the agreement."""
    parts = urlencode([*(("kind", kind.value) for kind in one.kinds), ("from", found.since.isoformat())])
    return f"{reverse('agreement_events', args=[found.agreement.slug])}{q}{'&' if q else '?'}{parts}"


def _compared(last: Decimal, before: Decimal | None, since: dt.date, day: dt.date) -> str:
    start = day - dt.timedelta(days=DAYS * COMPARED_WEEKS - 1)
    if since > start:
        return _("Since %(since)s: %(last)s. It is too early to compare weeks.") % {
            "since": words.written(since),
            "last": words.number(last),
        }
    if before is None:
        return _("In the four weeks to %(day)s: %(last)s. It is too early to compare them with four before.") % {
            "day": words.written(day),
            "last": words.number(last),
        }
    return _("In the four weeks to %(day)s: %(last)s; in the four before: %(before)s.") % {
        "day": words.written(day),
        "last": words.number(last),
        "before": words.number(before),
    }


# Figures of somebody


def _figures(one: Told, found: Weekly, day: dt.date, q: str) -> Series:
    steps, added = one.steps, one.added
    sentences = [*_of_totals(one, day)]
    if added and one.computed:
        sentences.append(
            _("Given for single days: %(figures)s. Other days are not on record, so this gives no weekly rate.")
            % {"figures": words.joined(_of_day(given) for given in added[-MOST_NAMED:])}
        )
    rated = [(step, rate) for step in steps if (rate := step.rate) is not None]
    chart = None
    if rated:
        plot = _Plot(_scale(found, day), max(high for _step, (_low, high) in rated))
        bars = (
            plot.bar(step.since + dt.timedelta(days=1), step.until, low, high, _step_title(step, low, high))
            for step, (low, high) in rated
        )
        chart = plot.chart(bars, computed=one.computed)
    return Series(
        key=f"rate-{one.row.obligation.code}-{one.measure.code}-{_slug(one)}",
        title=one.measure.label,
        who=one.who,
        duty=one.row.obligation.title,
        trend=trend_word(one.trend),
        went=one.trend,
        url=f"{one.row.obligation.get_absolute_url()}{q}#figures",
        sentences=sentences,
        includes=_includes(one),
        chart=chart,
        lines=[*_step_lines(one), *(_added_lines(one) if one.computed else [])],
        told=one,
    )


def _slug(one: Told) -> str:
    """Something of the originator that may stand in an address, whatever script the name is in."""
    first = one.figures[0].observation
    return first.originator.slug if first.originator else f"{first.pk}"


def _of_totals(one: Told, day: dt.date) -> list[str]:
    """What the running totals say of the weeks: the newest step beside the one before."""
    totals, steps = one.totals, one.steps
    if not steps:
        return [
            _("One total only: %(value)s on %(day)s. A rate needs two of the same originator.")
            % {"value": words.numbers(total.low, total.high), "day": words.written(total.as_of)}
            for total in totals
        ]
    said = [_step(steps[-1])]
    if len(steps) > 1:
        said.append(_("Before that: %(step)s") % {"step": _step(steps[-2])})
        if too_short(steps):
            said.append(_("One of the two spans is shorter than a week, so that they are not compared."))
    newest = steps[-1].until
    if (day - newest).days >= DAYS * COMPARED_WEEKS:
        said.append(
            _("The newest figure is of %(day)s; of the four weeks before %(now)s it tells nothing.")
            % {"day": words.written(newest), "now": words.written(day)}
        )
    return said


def _step(step: Step) -> str:
    parts = {
        "added": words.numbers(max(step.low, Decimal()), step.high) if step.high >= 0 else "",
        "since": words.written(step.since),
        "until": words.written(step.until),
        "rate": words.numbers(*step.rate) if step.rate else "",
    }
    if step.revised:
        return _("from %(since)s to %(until)s the total fell, so it was corrected and gives no rate.") % parts
    if step.rate is None:
        return (
            _("%(added)s more from %(since)s to %(until)s, some of it for earlier days, so that it gives no rate.")
            % parts
        )
    return _("%(added)s more from %(since)s to %(until)s, %(rate)s a week on average.") % parts


def _step_title(step: Step, low: Decimal, high: Decimal) -> str:
    return _("%(days)s: %(rate)s a week on average") % {
        "days": words.span(step.since, step.until),
        "rate": words.numbers(low, high),
    }


def _of_day(given: Given) -> str:
    return _("%(value)s on %(day)s") % {
        "value": words.numbers(given.low, given.high),
        "day": words.written(given.as_of),
    }


def _step_lines(one: Told) -> list[Line]:
    lines = []
    for step in reversed(one.steps):
        rate = step.rate
        note = ""
        if step.revised:
            note = _("the total was corrected")
        elif rate is None:
            note = _("includes earlier days")
        lines.append(
            Line(
                step.since,
                step.until,
                words.numbers(step.low, step.high),
                words.numbers(*rate) if rate else "",
                note or (_("computed from two totals") if one.computed else _("counted for these days")),
            )
        )
    return lines


def _added_lines(one: Told) -> list[Line]:
    return [
        Line(given.start or given.as_of, given.as_of, words.numbers(given.low, given.high), note=_("given as new"))
        for given in reversed(one.added)
    ]


def _includes(one: Told) -> list[str]:
    """What the count takes in and leaves out, as far as it is recorded."""
    said = []
    if one.measure.counted:
        said.append(_("Counted: %(what)s") % {"what": one.measure.counted})
    if one.measure.not_counted:
        said.append(_("Left out: %(what)s") % {"what": one.measure.not_counted})
    if not said:
        said.append(_("What exactly is counted is not recorded."))
    if one.totals:
        said.append(_("A running total."))
    if one.added:
        said.append(_("Figures of single days, not a running total."))
    if any(given.counting == Counting.RETROACTIVE for given in one.given):
        said.append(_("Some was added later for earlier days."))
    if any(given.nature == FigureNature.ESTIMATE for given in one.given):
        said.append(_("Some of it is an estimate."))
    return said


# The file

PANEL = 540
"""The width of a chart in the file, where two stand side by side."""

PANEL_HEIGHT = 216


@dataclass(frozen=True, slots=True)
class Panel:
    """A chart in the file; ``near`` is the edge where its title begins."""

    title: str
    who: str
    chart: Chart
    x: int
    near: int
    y: int


@dataclass(frozen=True, slots=True)
class Panels:
    panels: list[Panel]
    keys: list[Key[str]]
    height: int


def panels(found: Iterable[Series]) -> Panels | None:
    """The charts two by two, below their legend; None where there is nothing to draw."""
    keys, legend = charts.legend(
        [
            ("rate-bar", _("counted for each week")),
            ("rate-bar rate-computed", _("an average over the days between two totals, computed")),
        ]
    )
    placed: list[Panel] = []
    for one in found:
        if one.chart is None:
            continue
        row, column = divmod(len(placed), 2)
        first = (column == 0) != one.chart.scale.mirrored
        x = charts.MARGIN if first else charts.WIDTH - charts.MARGIN - PANEL
        near = x + PANEL if one.chart.scale.mirrored else x
        who = _("%(who)s, on “%(duty)s”") % {"who": one.who, "duty": one.duty} if one.duty else one.who
        y = charts.TOP + legend + 16 + row * PANEL_HEIGHT
        short = charts.lines(who, PANEL, 12, most=1)[0]
        placed.append(Panel(charts.quoted(one.title), charts.written(short), one.chart, x, near, y))
    if not placed:
        return None
    return Panels(placed, keys, legend + 16 + -(-len(placed) // 2) * PANEL_HEIGHT)


# Geometry


@dataclass(frozen=True, slots=True)
class _Plot:
    """From days and numbers to places in a plot."""

    scale: Scale
    highest: Decimal

    @property
    def ceiling(self) -> Decimal:
        """The first round number that holds everything."""
        step = Decimal(1)
        while True:
            for times in (1, 2, 3, 4, 5, 6, 8):
                if self.highest <= step * times:
                    return step * times
            step *= 10

    def y(self, value: Decimal) -> int:
        return GROUND - round((GROUND - TOP) * value / self.ceiling)

    def bar(
        self, first: dt.date, last: dt.date, low: Decimal, high: Decimal, title: str, *, short: bool = False
    ) -> Bar | None:
        """None where it lies outside the weeks that are shown."""
        span = self.scale.span(first, last)
        if span is None:
            return None
        y, upper = self.y(low), self.y(high)
        return Bar(span, y, GROUND - y, upper, y - upper, title, short)

    def chart(self, bars: Iterable[Bar | None], *, computed: bool) -> Chart:
        whole = [Decimal(), self.ceiling / 2, self.ceiling]
        levels = [Level(self.y(one), words.number(one)) for one in whole if one == one.to_integral_value()]
        return Chart([bar for bar in bars if bar], self.scale, _thinned(self.scale), levels, computed)


def _thinned(scale: Scale) -> list[Tick]:
    """The ticks of a plot that is half as wide as others: fewer, and none whose label would not fit."""
    ticks = scale.ticks()
    every = -(-len(ticks) // MOST_TICKS)
    found, year = [], ""
    for number, tick in enumerate(ticks):
        year = tick.year or year
        if number % every:
            continue
        place = float(tick.x.rstrip("%"))
        fits = (100 - place if scale.mirrored else place) <= LAST_LABEL
        found.append(Tick(tick.x, tick.label if fits else "", year if fits else ""))
        year = ""
    return found
