"""What changed about agreements between two days.

The days are those on which something became true. Words are taken from the board of the last day, which knows every
earlier one: so a period is read from one record day, and what was corrected by then counts as corrected throughout.
Asked by the day of recording instead, the same is told of what was newly entered in the period, whenever it happened.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.db.models import Prefetch, Q
from django.db.models.functions import Coalesce

from tracker.codebook import ENDED_STATES, EventState, FigureNature, Nature, StatusWord

from .agreements import Agreement, DatedState, Declaration, Instrument
from .base import Vantage
from .evidence import Event, EventQuerySet, Report
from .standing import Board, Change, Figure, PhaseBoard, Row, Series, Status, plain_status

A_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Period:
    """From one day to another, both included; ``recorded`` asks for what was entered here in between."""

    since: dt.date
    until: dt.date
    recorded: bool = False

    @property
    def eve(self) -> dt.date:
        """The day before the first: what held then is what "before" means."""
        return dt.date.fromordinal(max(self.since.toordinal() - 1, 1))

    @property
    def days(self) -> int:
        return (self.until - self.since).days + 1

    def holds(self, day: dt.date | None) -> bool:
        return day is not None and self.since <= day <= self.until

    def holds_moment(self, moment: dt.datetime | None) -> bool:
        return moment is not None and self.holds(moment.astimezone(dt.UTC).date())

    def moments(self, path: str = "recorded_at") -> Q:
        """A filter on the moment of recording, reached over ``path``."""
        start = dt.datetime.combine(self.since, dt.time(), tzinfo=dt.UTC)
        end = dt.datetime.combine(self.until, dt.time(), tzinfo=dt.UTC) + A_DAY
        return Q(**{f"{path}__gte": start, f"{path}__lt": end})


class Cause(StrEnum):
    """Why a word became another without a new judgement."""

    DUE = "due"
    """Its due date passed."""
    ENDED = "ended"
    """The agreement ended."""
    BINDS = "binds"
    """It began to bind."""
    MET = "met"
    """What it waits for was reached."""
    UNMET = "unmet"
    """What it waits for no longer holds."""
    RULE = "rule"
    """Any other."""


@dataclass(frozen=True, slots=True)
class Turn:
    """A status on the day on which it became another, or was confirmed: by ``change``, or else by a rule alone."""

    day: dt.date
    row: Row
    before: Status
    after: Status
    change: Change | None = None
    cause: Cause | None = None

    @property
    def moved(self) -> bool:
        return (self.before.key, self.before.level) != (self.after.key, self.after.level)


@dataclass(frozen=True, slots=True)
class Net:
    """What an obligation was on the eve and at the end. ``before`` is None where it had not been agreed yet."""

    row: Row
    before: Status | None
    after: Status
    turns: int

    @property
    def first(self) -> bool:
        """Whether it was never assessed before."""
        return self.after.level is not None and (self.before is None or self.before.level is None)

    @property
    def moved(self) -> bool:
        return self.before is None or (self.before.key, self.before.level) != (self.after.key, self.after.level)


@dataclass(frozen=True, slots=True)
class Counted:
    """A figure that its originator raised or lowered; ``before`` is None where it is the first one."""

    row: Row
    series: Series
    before: Figure | None
    after: Figure


@dataclass(slots=True)
class Changes:
    """What changed about one agreement. Lists are newest first, what falls due in order of its day.

    ``confirmed`` are judgements that left word and level as they were.
    """

    board: Board
    period: Period
    moved: list[Turn]
    by_rule: list[Turn]
    confirmed: list[Turn]
    net: list[Net]
    agreed: list[Row]
    due: list[Row]
    figures: list[Counted]
    declarations: list[tuple[PhaseBoard, Declaration]]
    states: list[DatedState] = field(default_factory=list)
    texts: list[Instrument] = field(default_factory=list)

    @property
    def agreement(self) -> Agreement:
        return self.board.agreement

    @property
    def turns(self) -> list[Turn]:
        """Every status that became another, by a judgement or by a rule, newest first."""
        return sorted([*self.moved, *self.by_rule], key=lambda turn: turn.day, reverse=True)

    @property
    def nothing(self) -> bool:
        """Whether nothing changed about what was promised and where it stands; events are asked for apart."""
        told = (self.moved, self.by_rule, self.confirmed, self.agreed, self.due, self.declarations, self.states)
        return not any([*told, self.texts])


def changes(boards: Sequence[Board], period: Period) -> list[Changes]:
    """The changes about each of these agreements, from boards of the period's last day. Two queries."""
    agreements = [one.agreement for one in boards]
    vantage = boards[0].vantage if boards else Vantage.now()
    states: dict[Any, list[DatedState]] = {agreement.pk: [] for agreement in agreements}
    dated = DatedState.objects.known(vantage).filter(agreement__in=agreements, since__lte=vantage.as_of)
    for state in dated.order_by("since", "id"):
        states[state.agreement_id].append(state)
    texts: dict[Any, list[Instrument]] = {agreement.pk: [] for agreement in agreements}
    written = Instrument.objects.known(vantage).filter(agreement__in=agreements).exclude(date__gt=vantage.as_of)
    written = written.filter(period.moments() if period.recorded else Q(date__range=(period.since, period.until)))
    for text in written:
        texts[text.agreement_id].append(text)
    return [_changes(one, period, states[one.agreement.pk], texts[one.agreement.pk]) for one in boards]


def _changes(now: Board, period: Period, states: list[DatedState], texts: list[Instrument]) -> Changes:
    judged = [_judged(now, change) for change in now.changes if _in_period(change, period)]
    if period.recorded:
        judged.sort(key=lambda turn: _recorded(turn.change), reverse=True)
    by_rule = [] if period.recorded else _by_rule(now, period, states)
    moved = [turn for turn in judged if turn.moved]
    told = [(part, one) for part in now.phases for one in part.declarations]
    return Changes(
        board=now,
        period=period,
        moved=moved,
        by_rule=by_rule,
        confirmed=[turn for turn in judged if not turn.moved],
        net=[] if period.recorded else _net(now, period, [*moved, *by_rule]),
        agreed=[row for row in now.rows if _fresh(row.obligation, promised_on(row), period)],
        due=[] if period.recorded else _due(now, period),
        figures=_figures(now, period),
        declarations=[(part, one) for part, one in reversed(told) if _fresh(one, one.date, period)],
        states=[one for one in reversed(states) if _fresh(one, one.since, period)],
        texts=texts,
    )


def _fresh(row: Any, day: dt.date | None, period: Period) -> bool:
    """Whether something dated ``day`` belongs to the period."""
    return period.holds_moment(row.recorded_at) if period.recorded else period.holds(day)


def _in_period(change: Change, period: Period) -> bool:
    one = change.assessment
    if not period.recorded:
        return period.holds(one.effective_on)
    # What mends an earlier record is told among the corrections.
    return period.holds_moment(one.recorded_at) and one.supersedes_id is None


def _recorded(change: Change | None) -> dt.datetime:
    moment = change.assessment.recorded_at if change else None
    return moment or dt.datetime.min.replace(tzinfo=dt.UTC)


def _judged(now: Board, change: Change) -> Turn:
    row = next(row for row in now.rows if row.obligation.pk == change.obligation.pk)
    return Turn(change.assessment.effective_on, row, change.before, change.after, change)


def promised_on(row: Row) -> dt.date | None:
    """The day from which the obligation is there; None where it always is."""
    day: dt.date | None = getattr(row.obligation, "promised_on")  # noqa: B009  # annotated by ``agreed``
    return day


def status_on(row: Row, day: dt.date) -> Status:
    """Word and level on an earlier day, as the row's board knows it."""
    level = next((one.level for one in reversed(row.judged) if one.effective_on <= day), None)
    return plain_status(row.word_from(row.judged, day), level)


def _by_rule(now: Board, period: Period, states: Iterable[DatedState]) -> list[Turn]:
    """Words that became others on days without a judgement of their own.

    A word depends on what is judged, also of other obligations, on the days of the duty, and on the agreement's state;
    so it can only turn on one of those days.
    """
    shared = {one.effective_on for row in now.rows for one in row.history} | {state.since for state in states}
    ends = {state.since for state in states if state.state in ENDED_STATES}
    found = []
    for row in now.rows:
        own = {one.effective_on for one in row.history}
        since = promised_on(row)
        days = shared | {day for day in (row.duty.starts_on, row.duty.due_on) if day}
        days |= {row.duty.due_on + A_DAY} if row.duty.due_on else set()
        for day in sorted(days - own):
            if not period.holds(day) or (since is not None and day <= since):
                continue
            before, after = status_on(row, day - A_DAY), status_on(row, day)
            if before.key != after.key:
                found.append(Turn(day, row, before, after, cause=_cause(row, before, after, day, ended=day in ends)))
    return sorted(found, key=lambda turn: turn.day, reverse=True)


def _cause(row: Row, before: Status, after: Status, day: dt.date, *, ended: bool) -> Cause:
    if ended and after.key == StatusWord.LAPSED:
        return Cause.ENDED
    if after.key == StatusWord.OVERDUE or (row.duty.due_on and day == row.duty.due_on + A_DAY):
        return Cause.DUE
    if row.duty.nature == Nature.CONTINUING and day == row.duty.starts_on:
        return Cause.BINDS
    if before.key == StatusWord.WAITING:
        return Cause.MET
    if after.key == StatusWord.WAITING:
        return Cause.UNMET
    return Cause.RULE


def _net(now: Board, period: Period, turns: Iterable[Turn]) -> list[Net]:
    """Every obligation whose status was another on the last day than on the eve, in the order of the agreement."""
    times: dict[Any, int] = {}
    for turn in turns:
        times[turn.row.obligation.pk] = times.get(turn.row.obligation.pk, 0) + 1
    found = []
    for row in now.rows:
        since = promised_on(row)
        there = since is None or since <= period.eve
        before = status_on(row, period.eve) if there else None
        after = status_on(row, period.until)
        one = Net(row, before, after, times.get(row.obligation.pk, 0))
        if one.turns and one.moved:
            found.append(one)
    return found


def _due(now: Board, period: Period) -> list[Row]:
    """Obligations whose day lies in the period, soonest first: what was to be done by then, or began to bind."""
    rows = [row for row in now.rows if period.holds(row.obligation.due_on)]
    return sorted(rows, key=lambda row: (row.obligation.due_on or dt.date.max, row.obligation.code))


def _figures(now: Board, period: Period) -> list[Counted]:
    """Running totals that are others than before the period, each with who gives it; of what was only planned, none."""
    found = []
    for row in now.rows:
        for series in row.series:
            for latest in series.figures:
                seen = latest.observation
                if not latest.cumulative or not _fresh(seen, seen.as_of, period):
                    continue
                before = next((one for one in series.all if _earlier(one, latest, period)), None)
                if before is None or before.value != latest.value:
                    found.append(Counted(row, series, before, latest))
    return found


def _earlier(one: Figure, latest: Figure, period: Period) -> bool:
    seen = one.observation
    outside = not period.holds_moment(seen.recorded_at) if period.recorded else seen.as_of <= period.eve
    alike = one.cumulative and (seen.period_start is None) == (latest.observation.period_start is None)
    return outside and one.who == latest.who and alike and seen.nature != FigureNature.PLANNED


def events_in(period: Period, vantage: Vantage) -> EventQuerySet:
    """What happened in the period, by the day from which it counts, and what was announced, by its first report.

    Each comes with its agreement and with who reports it.
    """
    rows = Event.objects.reached(vantage)
    if period.recorded:
        rows = rows.filter(period.moments())
    else:
        days = (period.since, period.until)
        rows = rows.annotate(announced_on=Coalesce("first_report", "date")).filter(
            Q(state=EventState.OCCURRED, counts_from__range=days)
            | Q(state=EventState.SCHEDULED, announced_on__range=days)
        )
    reports = Report.objects.known(vantage).select_related(
        "article__outlet", "article__same_text_as", "originator__root", "relays"
    )
    told = Prefetch("reports", reports.order_by("recorded_at", "id"), to_attr="told")
    return rows.select_related("agreement").prefetch_related(told)


def last_change(boards: Iterable[Board], vantage: Vantage) -> dt.date | None:
    """The newest day by the vantage's on which a status became true or somebody declared something of a phase."""
    days = {day for one in boards for day in one.change_days if day <= vantage.as_of}
    days |= {told.date for one in boards for part in one.phases for told in part.declarations}
    return max(days, default=None)
