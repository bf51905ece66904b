"""Where agreements stand on a day, as recorded by a day: the rows of the record, read through the rubric.

``boards`` answers for any number of agreements with a fixed number of queries. Pages, the desk and exports all take
their status words from here, so that no two of them can differ.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Max, Prefetch

from tracker.codebook import (
    ENDED_STATES,
    ActorKind,
    AgreementState,
    Basis,
    Category,
    Contestation,
    Counting,
    EffectKind,
    FigureNature,
    MeasureKind,
    Nature,
    Stance,
    StatusWord,
    Timeliness,
)
from tracker.codebook import Direction as Side
from tracker.rubric import contestation, dates, freshness, quarrels, score, standfirst, status, waiting
from tracker.rubric.facts import Duty, Judged, Said

from .actors import Actor
from .agreements import Agreement, Condition, DatedState, Declaration, Measure, Obligation, Phase
from .assessments import Assessment, Check, Evidence
from .base import Vantage
from .evidence import Effect, Event, EventActor, Observation, Report


@dataclass(frozen=True, slots=True)
class Status:
    """A status word with its marks, in the shape that the status component draws."""

    key: str
    label: str
    level: int | None
    late: bool = False
    disputed: bool = False
    single_originator: bool = False
    modified: bool = False
    last_known: bool = False
    title: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure and who gives it."""

    observation: Observation
    who: str

    @property
    def value(self) -> Decimal:
        return self.observation.value.normalize()

    @property
    def cumulative(self) -> bool:
        return self.observation.counts in ("", Counting.CUMULATIVE)


@dataclass(frozen=True, slots=True)
class Series:
    """A measure with the newest figure of each originator, newest first; what was only planned stands apart.

    ``target`` is None on days before it was known. ``day``: the one that the page is about. ``settled``: the duty is to
    be done once and is done, so that no newer figure is to be expected.
    """

    day: dt.date
    settled: bool
    measure: Measure
    target: Decimal | None
    figures: list[Figure]
    planned: list[Figure]
    all: list[Figure]

    @property
    def latest(self) -> Figure | None:
        """The figure that leads: the newest, unless it counts one period only and somebody gives a recent total."""
        newest = self.figures[0] if self.figures else None
        if newest is None or newest.cumulative:
            return newest
        totals = (one for one in self.all if one.cumulative and one.observation.nature != FigureNature.PLANNED)
        return next((one for one in totals if not self.is_old(one)), newest)

    @property
    def others(self) -> list[Figure]:
        """The newest figures of the originators, without the one that leads."""
        return [one for one in self.figures if one != self.latest]

    def is_old(self, figure: Figure) -> bool:
        return freshness.is_old(figure.observation.as_of, self.day)

    @property
    def last_known(self) -> bool:
        """Whether the figure that leads is old and a newer one was to be expected."""
        return self.latest is not None and self.is_old(self.latest) and not (self.settled or self._reached)

    @property
    def _reached(self) -> bool:
        """Whether the latest figure is all that is owed."""
        return bool(
            self.countable
            and self.measure.kind == MeasureKind.TOTAL
            and self.latest
            and self.target is not None
            and self.latest.value >= self.target
        )

    @property
    def countable(self) -> bool:
        """Whether a bar of the latest figure against the target makes sense."""
        return bool(
            self.latest
            and self.target
            and self.measure.direction == Side.AT_LEAST
            and (self.measure.kind != MeasureKind.TOTAL or self.latest.cumulative)
        )


@dataclass(frozen=True, slots=True)
class Voice:
    """A party's words on an obligation. ``side`` is its topmost parent."""

    side: Actor
    report: Report
    event: Event


@dataclass(frozen=True, slots=True)
class Wait:
    """A condition, whether it was met on the day, and the row of the duty that it asks for.

    ``mutual``: that duty waits in turn, itself or over others, for what waits for it.
    """

    condition: Condition
    met: bool
    row: "Row"
    mutual: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """A status that became another: ``before`` is what the word was on the eve of the day it became true.

    ``events``: those of its evidence that had happened by the day, oldest first.
    """

    obligation: Obligation
    assessment: Assessment
    before: Status
    after: Status
    events: list[Event]

    @property
    def moved(self) -> bool:
        """Whether the word or the level became another, rather than being confirmed."""
        return (self.before.key, self.before.level) != (self.after.key, self.after.level)


@dataclass(slots=True)
class Row:
    """One obligation on the day."""

    day: dt.date
    obligation: Obligation
    duty: Duty
    history: list[Assessment]
    judged: list[Judged]
    word: StatusWord
    status: Status
    timeliness: Timeliness
    contestation: Contestation
    originators: int
    checked: int | None
    series: list[Series]
    reports: list[tuple[Event, Report]]
    events: list[Event]
    unassessed: list[Event]
    word_from: Callable[[list[Judged], dt.date], StatusWord]
    """The word that other judgements would give on a day, such as those that no longer count."""
    change_days: list[dt.date]
    """The days on which a status became true that counts, later ones too."""
    turn_days: list[dt.date]
    """The days on which its word or level may become another one, later ones too."""
    waits: list[Wait] = field(default_factory=list)

    @property
    def current(self) -> Assessment | None:
        return self.history[-1] if self.history else None

    @property
    def words(self) -> list[Voice]:
        """Everything that a side is quoted with, newest first.

        A newsroom takes no side, what somebody passes on is not their own position, and what was printed after the day
        could not be read on it. Words about another duty, to which this one is only context, are left to that one.
        """
        return [
            Voice(report.originator.root, report, event)
            for event, report in self.reports
            if self._is_about(event)
            if report.quote and report.stance != Stance.RELAYS
            if report.originator and report.originator.root and report.originator.root.kind != ActorKind.MEDIA
            if report.article.published_on is None or report.article.published_on <= self.day
        ]

    def _is_about(self, event: Event) -> bool:
        effects = _effects(event)
        only_context = all(effect == EffectKind.CONTEXT for effect in effects.values())
        return only_context or effects.get(self.obligation.pk) != EffectKind.CONTEXT

    @property
    def voices(self) -> list[Voice]:
        """Of each side the words that tell best where it stands, by one rule for all; newest first."""
        by_side: dict[object, list[Voice]] = {}
        for voice in self.words:
            by_side.setdefault(voice.side.pk, []).append(voice)
        chosen = [max(said, key=self._telling) for said in by_side.values()]
        return sorted(chosen, key=lambda voice: fetched(voice.event, "counts_from"), reverse=True)

    def _telling(self, voice: Voice) -> tuple[bool, bool, dt.date]:
        direct = _effects(voice.event).get(self.obligation.pk, EffectKind.CONTEXT) != EffectKind.CONTEXT
        return quarrels.telling(voice.report.quote, fetched(voice.event, "counts_from"), direct=direct)

    @property
    def shows_voices(self) -> bool:
        return self.word == StatusWord.STALLED or self.contestation == Contestation.DISPUTED

    @property
    def open_waits(self) -> list[Wait]:
        return [wait for wait in self.waits if not wait.met]

    @property
    def waits_by_the_text(self) -> bool:
        """Whether one of its open conditions is in the text, rather than what a party insists on."""
        return any(wait.condition.basis == Basis.TEXT for wait in self.open_waits)


def _effects(event: Event) -> dict[UUID, str]:
    """What an event means for each obligation that it bears on."""
    return {effect.obligation_id: effect.effect for effect in fetched(event, "moves")}


@dataclass(slots=True)
class PhaseBoard:
    phase: Phase
    rows: list[Row]
    declarations: list[Declaration]
    waits: list[Wait]
    score: score.Score | None

    @property
    def statuses(self) -> list[Status]:
        return [row.status for row in self.rows]

    @property
    def in_words(self) -> str:
        words = [row.word for row in self.rows]
        return standfirst.plain([standfirst.phase_sentence(standfirst.PhaseWords(self.phase.ordinal, tuple(words)))])

    @property
    def open_waits(self) -> list[Wait]:
        return [wait for wait in self.waits if not wait.met]

    @property
    def insisted(self) -> bool:
        """Whether somebody, rather than the text, asks for one of the open conditions."""
        return any(wait.condition.actor for wait in self.open_waits)


@dataclass(slots=True)
class Board:
    """An agreement on the day."""

    agreement: Agreement
    vantage: Vantage
    state: DatedState | None
    states: list[DatedState]
    """Those that had begun by the day, oldest first."""
    phases: list[PhaseBoard]
    sentences: list[standfirst.Sentence]
    score: score.Score | None
    scheduled: list[Event]
    change_days: list[dt.date]
    changes: list[Change]
    newest_event: Event | None
    """The last one that had happened by the day."""

    @property
    def newest_judgement(self) -> Assessment | None:
        """Of the judgements that count, the one that became true last."""
        counting = [row.current for row in self.rows if row.current]
        return max(counting, key=lambda one: (one.effective_on, one.recorded_at), default=None)

    @property
    def rows(self) -> list[Row]:
        return [row for phase in self.phases for row in phase.rows]

    def row(self, code: str) -> Row | None:
        return next((row for row in self.rows if row.obligation.code == code), None)

    @property
    def summary(self) -> str:
        return standfirst.plain(self.sentences)

    @property
    def day_number(self) -> int | None:
        """The day of the truce, from 0; None before it took effect and after it ended."""
        since = self.agreement.effective_on
        if since is None or since > self.vantage.as_of or (self.state and self.state.state in ENDED_STATES):
            return None
        return dates.day_number(since, self.vantage.as_of)

    @property
    def recorded(self) -> bool:
        """Whether the agreement itself had been entered by the record day."""
        return self.vantage.has_recorded(self.agreement.recorded_at)

    @property
    def signed(self) -> bool:
        """Whether the text had been agreed by the day, as far as the record says."""
        signed_on = self.agreement.signed_on
        if self.state is not None:
            return self.state.state != AgreementState.NEGOTIATION
        return signed_on is not None and signed_on <= self.vantage.as_of

    @property
    def previous_day(self) -> dt.date | None:
        return self.vantage.before(self.change_days)

    @property
    def next_day(self) -> dt.date | None:
        return self.vantage.after(self.change_days)

    @property
    def coming(self) -> list[Event]:
        """Scheduled events whose time has not passed, soonest first."""
        return [event for event in self.scheduled if fetched(event, "counts_from") >= self.vantage.as_of]

    @property
    def overtaken(self) -> list[Event]:
        """Scheduled events whose time has passed without a report of what came of them, newest first."""
        return [event for event in reversed(self.scheduled) if event not in self.coming]

    @property
    def due_next(self) -> list[Row]:
        """Obligations whose day lies ahead and that are not done, soonest first."""
        ahead = [
            row
            for row in self.rows
            if row.obligation.due_on
            and row.obligation.due_on >= self.vantage.as_of
            and row.timeliness == Timeliness.NOT_DUE
        ]
        return sorted(ahead, key=lambda row: (row.obligation.due_on or dt.date.max, row.obligation.code))

    @property
    def unassessed(self) -> list[tuple[Event, list[Obligation]]]:
        """Reported events that move an obligation and that no later assessment has taken up, newest first."""
        touched: dict[Event, list[Obligation]] = {}
        for row in self.rows:
            for event in row.unassessed:
                touched.setdefault(event, []).append(row.obligation)
        return sorted(touched.items(), key=lambda item: (item[0].date, str(item[0].pk)), reverse=True)


def board(agreement: Agreement, vantage: Vantage) -> Board:
    return boards([agreement], vantage)[0]


def boards(agreements: Iterable[Agreement], vantage: Vantage) -> list[Board]:
    """The boards of these agreements, in their order. The number of queries does not depend on the data."""
    agreements = list(agreements)
    facts = _Facts(agreements, vantage)
    return [_board(agreement, facts) for agreement in agreements]


class _Facts:
    """Everything that the boards need, loaded once and keyed by what it belongs to."""

    def __init__(self, agreements: Sequence[Agreement], vantage: Vantage) -> None:
        self.vantage = vantage
        day = vantage.as_of
        self.states: dict[object, list[DatedState]] = defaultdict(list)
        for state in DatedState.objects.known(vantage).filter(agreement__in=agreements).order_by("since", "id"):
            self.states[state.agreement_id].append(state)

        declarations = Declaration.objects.known(vantage).filter(date__lte=day)
        declarations = declarations.select_related("actor__root", "article__outlet", "article__same_text_as")
        conditions = Condition.objects.known(vantage).select_related("actor", "clause", "requires")
        self.phases: dict[object, list[Phase]] = defaultdict(list)
        phases = Phase.objects.known(vantage).filter(agreement__in=agreements).order_by("agreement", "ordinal")
        for phase in phases.prefetch_related(Prefetch("declarations", declarations, to_attr="told")).prefetch_related(
            Prefetch("conditions", conditions, to_attr="asked")
        ):
            self.phases[phase.agreement_id].append(phase)

        obligations = Obligation.objects.agreed(vantage).filter(agreement__in=agreements)
        obligations = obligations.select_related("agreement", "phase", "instrument", "clause")
        self.obligations: dict[object, list[Obligation]] = defaultdict(list)
        obligations = obligations.prefetch_related("obligors", "beneficiaries")
        obligations = obligations.prefetch_related(
            Prefetch("measures", Measure.objects.known(vantage).order_by("code"), to_attr="counted")
        )
        obligations = obligations.prefetch_related(Prefetch("conditions", conditions, to_attr="asked"))
        # By subject, not by the letters of a code: what stops the fighting comes first.
        for obligation in sorted(obligations.order_by(), key=_by_subject):
            self.obligations[obligation.agreement_id].append(obligation)

        self.live: dict[object, list[Assessment]] = defaultdict(list)
        live = Assessment.objects.live(vantage).filter(obligation__agreement__in=agreements)
        for assessment in live.order_by("obligation", "effective_on", "recorded_at", "id"):
            self.live[assessment.obligation_id].append(assessment)

        self.evidence: dict[object, set[object]] = defaultdict(set)
        evidence: Any = Evidence.objects.standing().filter(assessment__in=live.order_by().values("pk"))
        for assessment_id, event_id in evidence.order_by().values_list("assessment", "stands"):
            self.evidence[assessment_id].add(event_id)

        checks = Check.objects.known(vantage).filter(obligation__agreement__in=agreements, date__lte=day)
        self.checked: dict[object, dt.date] = dict(
            checks.order_by().values_list("obligation").annotate(newest=Max("date"))
        )

        self._load_events(agreements)

        self.observations: dict[object, list[Observation]] = defaultdict(list)
        observations = Observation.objects.known(vantage).filter(
            measure__obligation__agreement__in=agreements, as_of__lte=day, event__stage="published"
        )
        observations = observations.filter(vantage.known("event__recorded_at"))
        for observation in observations.select_related("originator", "article__outlet", "event").order_by(
            "-as_of", "-recorded_at", "-id"
        ):
            self.observations[observation.measure_id].append(observation)

    def _load_events(self, agreements: Sequence[Agreement]) -> None:
        vantage = self.vantage
        actors = EventActor.objects.known(vantage).select_related("actor__root")
        reports = Report.objects.known(vantage).select_related(
            "article__outlet", "article__same_text_as", "originator__root", "relays"
        )
        shown = Event.objects.on(vantage).filter(agreement__in=agreements).select_related("outcome")
        shown = shown.prefetch_related(Prefetch("reports", reports.order_by("recorded_at", "id"), to_attr="told"))
        shown = shown.prefetch_related(Prefetch("actors", actors, to_attr="cast"))
        shown = shown.prefetch_related(Prefetch("effects", Effect.objects.known(vantage), to_attr="moves"))
        self.scheduled: dict[object, list[Event]] = defaultdict(list)
        self.events: dict[object, list[tuple[Event, str]]] = defaultdict(list)
        self.newest: dict[object, Event] = {}
        for event in shown.order_by("-date", "-id"):
            if event.state == "scheduled":
                self.scheduled[event.agreement_id].append(event)
                continue
            last = self.newest.setdefault(event.agreement_id, event)
            if fetched(event, "counts_from") > fetched(last, "counts_from"):
                self.newest[event.agreement_id] = event
            for effect in fetched(event, "moves"):
                self.events[effect.obligation_id].append((event, effect.effect))

    def level_on(self, obligation_id: object, day: dt.date) -> int | None:
        """The level that an obligation stood at on an earlier day."""
        standing = [one for one in self.live[obligation_id] if one.effective_on <= day]
        return standing[-1].level if standing else None

    def state_on(self, agreement: Agreement, day: dt.date) -> DatedState | None:
        by_then = [state for state in self.states[agreement.pk] if state.since <= day]
        return by_then[-1] if by_then else None


SUBJECTS = {category.value: number for number, category in enumerate(Category)}


def _by_subject(obligation: Obligation) -> tuple[int, int, dt.date, str]:
    subject = SUBJECTS[obligation.category]
    return obligation.phase.ordinal, subject, obligation.due_on or dt.date.max, obligation.code


def fetched(row: object, name: str) -> Any:
    """What ``_Facts`` attached to a row: a prefetched list, or an annotation."""
    return getattr(row, name)


def _duty(obligation: Obligation) -> Duty:
    starts_on = obligation.due_on or obligation.agreement.effective_on
    return Duty(Nature(obligation.nature), obligation.due_on, starts_on)


def judgements(history: Iterable[Assessment]) -> list[Judged]:
    return [
        Judged(one.effective_on, one.recorded_at.date(), one.level, one.direction, one.conformity)
        for one in history
        if one.recorded_at
    ]


def _word_on(obligation: Obligation, judged: list[Judged], day: dt.date, facts: _Facts) -> StatusWord:
    """The status word on a day, from the judgements that had become true by then."""
    state = facts.state_on(obligation.agreement, day)
    unmet = any(
        not status.condition_met(facts.level_on(condition.requires_id, day), condition.level)
        for condition in fetched(obligation, "asked")
    )
    return status.status_word(
        _duty(obligation),
        [one for one in judged if one.effective_on <= day],
        day,
        ended=state is not None and state.state in ENDED_STATES,
        condition_unmet=unmet,
    )


def plain_status(word: StatusWord, level: int | None) -> Status:
    return Status(key=word.value, label=str(word.label), level=level)


def _row(obligation: Obligation, facts: _Facts) -> Row:
    day = facts.vantage.as_of
    duty = _duty(obligation)
    history = [one for one in facts.live[obligation.pk] if one.effective_on <= day]
    judged = judgements(history)
    word = _word_on(obligation, judged, day, facts)
    timeliness = status.timeliness(duty, judged, day)
    events = [event for event, _ in facts.events[obligation.pk]]
    reports = [(event, report) for event in events for report in fetched(event, "told")]
    said = [Said(fetched(event, "counts_from"), report.stance, report.independence_key) for event, report in reports]
    contested = contestation.contestation(said, status.level_since(judged))
    current = history[-1] if history else None
    checked = freshness.last_checked(day, current.effective_on if current else None, facts.checked.get(obligation.pk))
    return Row(
        day=day,
        obligation=obligation,
        duty=duty,
        history=history,
        judged=judged,
        word=word,
        status=Status(
            key=word.value,
            label=str(word.label),
            level=current.level if current else None,
            late=timeliness in (Timeliness.OVERDUE, Timeliness.DONE_LATE),
            disputed=contested == Contestation.DISPUTED,
            single_originator=bool(current) and contested == Contestation.SINGLE_ORIGINATOR,
            modified=status.as_modified(judged),
            last_known=freshness.is_last_known(duty, checked, assessed=bool(current)),
            title=obligation.title,
        ),
        timeliness=timeliness,
        contestation=contested,
        originators=contestation.independent(said),
        checked=checked,
        series=[
            _series(measure, facts, settled=word in (StatusWord.FULFILLED, StatusWord.FULFILLED_LATE))
            for measure in fetched(obligation, "counted")
        ],
        reports=reports,
        events=events,
        unassessed=[
            event
            for event, effect in facts.events[obligation.pk]
            if effect != EffectKind.CONTEXT
            and (current is None or fetched(event, "counts_from") > current.effective_on)
            and not (current and event.pk in facts.evidence[current.pk])
        ],
        word_from=lambda judged, on: _word_on(obligation, judged, on, facts),
        change_days=sorted({one.effective_on for one in facts.live[obligation.pk]}),
        turn_days=_turn_days(obligation, duty, facts),
    )


def _turn_days(obligation: Obligation, duty: Duty, facts: _Facts) -> list[dt.date]:
    """Every day on which the rules can give another word than on its eve."""
    days = {one.effective_on for one in facts.live[obligation.pk]}
    days |= {state.since for state in facts.states[obligation.agreement_id]}
    for condition in fetched(obligation, "asked"):
        days |= {one.effective_on for one in facts.live[condition.requires_id]}
    days |= {day for day in (duty.starts_on,) if day}
    # Due today is not overdue.
    days |= {day + dt.timedelta(days=1) for day in (duty.due_on,) if day and day < dt.date.max}
    return sorted(days)


def _series(measure: Measure, facts: _Facts, *, settled: bool) -> Series:
    known_target = measure.target_from is None or measure.target_from <= facts.vantage.as_of
    everything = [Figure(one, _figure_by(one)) for one in facts.observations[measure.pk]]
    newest: dict[str, Figure] = {}
    planned: dict[str, Figure] = {}
    for figure in everything:
        kept = planned if figure.observation.nature == FigureNature.PLANNED else newest
        kept.setdefault(figure.who, figure)
    return Series(
        day=facts.vantage.as_of,
        settled=settled,
        measure=measure,
        target=measure.target.normalize() if measure.target is not None and known_target else None,
        figures=list(newest.values()),
        planned=list(planned.values()),
        all=everything,
    )


def _figure_by(observation: Observation) -> str:
    return observation.originator_name or observation.article.outlet.name


def _waits(conditions: Iterable[Condition], rows: dict[object, Row], facts: _Facts) -> list[Wait]:
    """The conditions whose duty is on the day's page, with whether each is met."""
    return [
        Wait(
            condition,
            status.condition_met(facts.level_on(condition.requires_id, facts.vantage.as_of), condition.level),
            rows[condition.requires_id],
        )
        for condition in conditions
        if condition.requires_id in rows
    ]


def _mark_circles(rows: Sequence[Row]) -> None:
    """Marks the open conditions of duties that wait for one another."""
    circles = waiting.each_waits(
        waiting.Ask(row.obligation.pk, wait.row.obligation.pk) for row in rows for wait in row.open_waits
    )
    for row in rows:
        row.waits = [
            replace(wait, mutual=not wait.met and (row.obligation.pk, wait.row.obligation.pk) in circles)
            for wait in row.waits
        ]


def score_of(rows: Iterable[Row]) -> score.Score | None:
    """The score of these duties on their day."""
    return score.score(
        score.Scored(
            row.obligation.weight,
            row.status.level,
            score.binds(row.duty, row.day, condition_unmet=row.waits_by_the_text),
        )
        for row in rows
    )


def _owed(rows: Iterable[Row]) -> Iterator[standfirst.Owed]:
    for row in rows:
        yield standfirst.Owed(
            Category(row.obligation.category),
            tuple(
                standfirst.Measured(
                    MeasureKind(series.measure.kind),
                    Side(series.measure.direction),
                    series.target,
                    series.measure.unit,
                    tuple(
                        standfirst.Figure(
                            figure.observation.as_of,
                            figure.observation.low if figure.observation.low is not None else figure.value,
                            figure.observation.high if figure.observation.high is not None else figure.value,
                            figure.who,
                            FigureNature(figure.observation.nature),
                            figure.observation.counts,
                        )
                        for figure in reversed(series.all)
                    ),
                )
                for series in row.series
            ),
        )


def _changes(rows: Iterable[Row], facts: _Facts) -> list[Change]:
    """Every assessment by the day as old word -> new word, newest first."""
    found = []
    for row in rows:
        for index, assessment in enumerate(row.history):
            on, eve = assessment.effective_on, assessment.effective_on - dt.timedelta(days=1)
            before, after = row.judged[:index], row.judged[: index + 1]
            found.append(
                Change(
                    row.obligation,
                    assessment,
                    plain_status(
                        _word_on(row.obligation, before, eve, facts) if before else StatusWord.NOT_ASSESSED,
                        before[-1].level if before else None,
                    ),
                    plain_status(_word_on(row.obligation, after, on, facts), assessment.level),
                    [event for event in reversed(row.events) if event.pk in facts.evidence[assessment.pk]],
                )
            )
    found.sort(key=lambda change: (change.assessment.effective_on, change.assessment.recorded_at), reverse=True)
    return found


def _board(agreement: Agreement, facts: _Facts) -> Board:
    day = facts.vantage.as_of
    for obligation in facts.obligations[agreement.pk]:
        obligation.agreement = agreement
    rows = [_row(obligation, facts) for obligation in facts.obligations[agreement.pk]]
    by_id: dict[object, Row] = {row.obligation.pk: row for row in rows}
    for row in rows:
        row.waits = _waits(fetched(row.obligation, "asked"), by_id, facts)
    _mark_circles(rows)
    phases = []
    for phase in facts.phases[agreement.pk]:
        agreed_on = phase.agreed_on or agreement.signed_on
        if agreed_on is not None and agreed_on > day:
            continue
        inside = [row for row in rows if row.obligation.phase_id == phase.pk]
        phases.append(
            PhaseBoard(
                phase=phase,
                rows=inside,
                declarations=fetched(phase, "told"),
                waits=_waits(fetched(phase, "asked"), by_id, facts),
                score=score_of(inside),
            )
        )
    state = facts.state_on(agreement, day)
    deal = standfirst.Deal(
        day=day,
        signed_on=agreement.signed_on,
        effective_on=agreement.effective_on,
        state=AgreementState(state.state) if state else None,
        state_since=state.since if state else None,
    )
    words = [standfirst.PhaseWords(one.phase.ordinal, tuple(row.word for row in one.rows)) for one in phases]
    days = {one.effective_on for row in facts.obligations[agreement.pk] for one in facts.live[row.pk]}
    return Board(
        agreement=agreement,
        vantage=facts.vantage,
        state=state,
        states=[one for one in facts.states[agreement.pk] if one.since <= day],
        phases=phases,
        sentences=standfirst.standfirst(deal, words, list(_owed(rows))),
        score=score_of(rows),
        scheduled=sorted(facts.scheduled[agreement.pk], key=lambda event: (event.date, str(event.pk))),
        change_days=sorted(days),
        changes=_changes(rows, facts),
        newest_event=facts.newest.get(agreement.pk),
    )
