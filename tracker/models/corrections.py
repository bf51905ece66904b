"""What was corrected, withdrawn or put back, and what was edited later with a reason, for ever.

``marks`` names the records of all kinds by the moment of their recording, so that they can be listed together;
``told`` loads what they say. The number of queries does not depend on the data.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db.models import CharField, F, Q, QuerySet, Value
from django.db.models.functions import Cast

from tracker.codebook import EventState, Stage

from .agreements import Agreement, Obligation
from .assessments import Assessment, Check, Retraction
from .base import Vantage
from .edits import Edit, Place, edits_in, explained
from .evidence import Event, Observation, Report, Withdrawal
from .standing import Board, Change, Row, Status, boards, judgements, plain_status


class Kind(StrEnum):
    """The kinds of records by which something published came to read otherwise, and the first judgement itself."""

    JUDGEMENT = "judgement"
    CORRECTION = "correction"
    RETRACTION = "retraction"
    WITHDRAWAL = "withdrawal"


MENDING = (Kind.CORRECTION, Kind.RETRACTION, Kind.WITHDRAWAL)


@dataclass(frozen=True, slots=True, order=True)
class Mark:
    """A record in its place in time: when it was recorded, what kind it is, and its key."""

    at: dt.datetime
    kind: str
    key: str


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose records are meant: of everything, of one agreement, or of one of its obligations."""

    agreement: Agreement | None = None
    obligation: Obligation | None = None

    def of(self, path: str) -> Q:
        """A filter on rows that reach an obligation over ``path``."""
        if self.obligation is not None:
            return Q(**{path: self.obligation})
        return Q(**{f"{path}__agreement": self.agreement}) if self.agreement is not None else Q()


def placed_events(vantage: Vantage) -> QuerySet[Event]:
    """Published events that had happened or been announced by the day, whether they were withdrawn since or not."""
    rows = Event.with_merged.known(vantage).filter(stage=Stage.PUBLISHED).placed(vantage)
    announced = Q(first_report__lte=vantage.as_of) | Q(first_report__isnull=True, date__lte=vantage.as_of)
    return rows.filter(
        Q(state=EventState.OCCURRED, counts_from__lte=vantage.as_of) | Q(announced, state=EventState.SCHEDULED)
    )


def records(kind: str, vantage: Vantage, scope: Scope) -> QuerySet[Any]:
    """The rows of one kind that had been recorded by the record day and are about what was so by the day."""
    day = vantage.as_of
    match kind:
        case Kind.JUDGEMENT:
            rows = Assessment.objects.published(vantage).filter(effective_on__lte=day, supersedes__isnull=True)
            return rows.filter(scope.of("obligation"))
        case Kind.CORRECTION:
            rows = Assessment.objects.published(vantage).filter(effective_on__lte=day, supersedes__isnull=False)
            return rows.filter(scope.of("obligation"))
        case Kind.RETRACTION:
            taken = Retraction.objects.known(vantage).filter(assessment__effective_on__lte=day)
            return taken.filter(scope.of("assessment__obligation"))
        case _:
            return _withdrawals(vantage, scope)


def _withdrawals(vantage: Vantage, scope: Scope) -> QuerySet[Withdrawal]:
    events = placed_events(vantage)
    checks = Check.objects.filter(scope.of("obligation"), date__lte=vantage.as_of)
    if scope.obligation is not None:
        events = events.filter(effects__obligation=scope.obligation)
    elif scope.agreement is not None:
        events = events.filter(agreement=scope.agreement)
    there = events.order_by().values("pk")
    about = (
        Q(event__in=there)
        | Q(report__event__in=there)
        | Q(observation__event__in=there, observation__as_of__lte=vantage.as_of)
        | Q(checked__in=checks.order_by().values("pk"))
    )
    return Withdrawal.objects.known(vantage).filter(about)


@dataclass(frozen=True, slots=True)
class Leaf:
    """Some records, newest first, and whether there are newer and older ones."""

    marks: list[Mark]
    newer: bool
    older: bool


def marks(
    kinds: Iterable[str],
    vantage: Vantage,
    scope: Scope,
    *,
    size: int,
    before: Mark | None = None,
    after: Mark | None = None,
    within: Q | None = None,
) -> Leaf:
    """The newest records of these kinds, older than ``before`` or newer than ``after``, as one list. One query.

    ``within`` is a filter on ``recorded_at``.
    """
    parts = []
    for kind in kinds:
        rows = records(kind, vantage, scope).filter(within or Q()).annotate(key=Cast("pk", CharField()))
        if before:
            rows = rows.filter(_older(before, kind))
        elif after:
            rows = rows.filter(_newer(after, kind))
        named = rows.order_by().annotate(at=F("recorded_at"), kind=Value(str(kind), CharField()))
        parts.append(named.values_list("at", "kind", "key"))
    if not parts:
        return Leaf([], newer=False, older=False)
    every = parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0]
    names = ("at", "kind", "key") if after else ("-at", "-kind", "-key")
    found = [Mark(*row) for row in every.order_by(*names)[: size + 1]]
    more, found = len(found) > size, found[:size]
    if after:
        return Leaf(found[::-1], newer=more, older=True)
    return Leaf(found, newer=before is not None, older=more)


def _older(mark: Mark, kind: str) -> Q:
    if kind < mark.kind:
        return Q(recorded_at__lte=mark.at)
    same = Q(recorded_at=mark.at, key__lt=mark.key) if kind == mark.kind else Q(pk__in=[])
    return Q(recorded_at__lt=mark.at) | same


def _newer(mark: Mark, kind: str) -> Q:
    if kind > mark.kind:
        return Q(recorded_at__gte=mark.at)
    same = Q(recorded_at=mark.at, key__gt=mark.key) if kind == mark.kind else Q(pk__in=[])
    return Q(recorded_at__gt=mark.at) | same


@dataclass(frozen=True, slots=True)
class Telling:
    """One record as readers are told of it.

    ``was`` and ``now`` are what a status was called before and after, by today's rules; None where there is none.
    ``text`` and ``earlier_text`` are the reasons that the judgement and the one that it corrects gave, "" for what was
    withdrawn; ``withdrawn`` is the withdrawal of the judgement. ``change`` is set for one that counts, ``instead`` is
    the record that counts in the place of one that does not. ``event`` is what a withdrawal is about, itself or through
    its report or figure.
    """

    mark: Mark
    agreement: Agreement
    reason: str
    byline: str
    reviewer: str = ""
    obligation: Obligation | None = None
    assessment: Assessment | None = None
    earlier: Assessment | None = None
    was: Status | None = None
    now: Status | None = None
    text: str = ""
    earlier_text: str = ""
    withdrawn: Retraction | None = None
    change: Change | None = None
    instead: Assessment | None = None
    event: Event | None = None
    report: Report | None = None
    observation: Observation | None = None
    check: Check | None = None
    put_back: bool = False

    @property
    def kind(self) -> str:
        return self.mark.kind

    @property
    def at(self) -> dt.datetime:
        return self.mark.at


def told(found: Sequence[Mark], vantage: Vantage) -> list[Telling]:
    """What these records say, in their order."""
    keys: dict[str, list[str]] = defaultdict(list)
    for mark in found:
        keys[mark.kind].append(mark.key)
    about = Assessment.objects.select_related("obligation__agreement", "retraction", "supersedes__retraction")
    judged = {str(one.pk): one for one in about.filter(pk__in=[*keys[Kind.JUDGEMENT], *keys[Kind.CORRECTION]])}
    taken = {
        str(one.pk): one
        for one in Retraction.objects.select_related("assessment__obligation__agreement").filter(
            pk__in=keys[Kind.RETRACTION]
        )
    }
    withdrawn = {str(one.pk): one for one in _with_subjects(keys[Kind.WITHDRAWAL])}
    assessments = [*judged.values(), *(one.assessment for one in taken.values())]
    words = _Words(assessments, vantage)
    tellings = []
    for mark in found:
        if mark.key in judged and mark.kind in (Kind.JUDGEMENT, Kind.CORRECTION):
            tellings.append(words.judgement(mark, judged[mark.key]))
        elif mark.kind == Kind.RETRACTION:
            tellings.append(words.retraction(mark, taken[mark.key]))
        else:
            tellings.append(_withdrawal(mark, withdrawn[mark.key]))
    return tellings


def _with_subjects(keys: Sequence[str]) -> QuerySet[Withdrawal]:
    return Withdrawal.objects.filter(pk__in=keys).select_related(
        "event__agreement",
        "event__merged_into",
        "report__event__agreement",
        "report__event__merged_into",
        "report__originator",
        "report__article__outlet",
        "observation__event__agreement",
        "observation__event__merged_into",
        "observation__measure__obligation__agreement",
        "observation__originator",
        "observation__article__outlet",
        "checked__obligation__agreement",
    )


def _withdrawal(mark: Mark, row: Withdrawal) -> Telling:
    event = row.event
    if event is None and row.report is not None:
        event = row.report.event
    if event is None and row.observation is not None:
        event = row.observation.event
    duty = row.checked.obligation if row.checked else row.observation.measure.obligation if row.observation else None
    agreement = event.agreement if event else duty.agreement if duty else None
    assert agreement is not None  # noqa: S101  # a withdrawal is of one thing
    return Telling(
        mark=mark,
        agreement=agreement,
        reason=row.reason,
        byline=row.byline,
        obligation=duty,
        event=event.standing if event else None,
        report=row.report,
        observation=row.observation,
        check=row.checked,
        put_back=not row.withdrawn,
    )


class _Words:
    """What judgements were called, by the boards of their agreements."""

    def __init__(self, assessments: Sequence[Assessment], vantage: Vantage) -> None:
        self.vantage = vantage
        agreements = {one.obligation.agreement_id: one.obligation.agreement for one in assessments}
        self.boards: dict[Any, Board] = {one.agreement.pk: one for one in boards(agreements.values(), vantage)}
        self.rows: dict[Any, Row] = {row.obligation.pk: row for one in self.boards.values() for row in one.rows}
        self.changes = {change.assessment.pk: change for one in self.boards.values() for change in one.changes}
        chains = {one.chain for one in assessments}
        live = Assessment.objects.live(vantage).filter(chain__in=chains, effective_on__lte=vantage.as_of)
        self.ends: dict[UUID, Assessment] = {one.chain: one for one in live} if chains else {}

    def judgement(self, mark: Mark, one: Assessment) -> Telling:
        change = self.changes.get(one.pk)
        corrected = one.supersedes
        end = self.ends.get(one.chain)
        before = change.before if change else None
        withdrawn = self.withdrawal(one)
        return Telling(
            mark=mark,
            agreement=one.obligation.agreement,
            reason=one.correction_reason,
            byline=one.byline,
            reviewer=one.reviewer_byline,
            obligation=one.obligation,
            assessment=one,
            earlier=corrected,
            was=self.called(corrected, one.obligation) if corrected else before,
            now=change.after if change else self.called(one, one.obligation),
            text="" if withdrawn else one.reason,
            earlier_text=corrected.reason if corrected and self.withdrawal(corrected) is None else "",
            withdrawn=withdrawn,
            change=change,
            instead=end if end and end.pk != one.pk else None,
        )

    def retraction(self, mark: Mark, row: Retraction) -> Telling:
        one = row.assessment
        return Telling(
            mark=mark,
            agreement=one.obligation.agreement,
            reason=row.reason,
            byline=row.byline,
            obligation=one.obligation,
            assessment=one,
            was=self.called(one, one.obligation),
            instead=self.ends.get(one.chain),
        )

    def withdrawal(self, one: Assessment) -> Retraction | None:
        """The withdrawal of the record, if there was one by the record day."""
        taken = one.withdrawn
        return taken if taken and self.vantage.has_recorded(taken.recorded_at) else None

    def called(self, one: Assessment, duty: Obligation) -> Status | None:
        """What a record said in a word, by today's rules; None for a duty that is not on the day's page."""
        row = self.rows.get(duty.pk)
        if row is None:
            return None
        earlier = [judged for judged in row.judged if judged.effective_on < one.effective_on]
        return plain_status(row.word_from(earlier + judgements([one]), one.effective_on), one.level)


# Later edits


@dataclass(frozen=True, slots=True)
class Edited:
    """An event and what was changed of it at a stroke."""

    event: Event
    edit: Edit


def edited(
    vantage: Vantage, scope: Scope, *, size: int, after: Place | None = None
) -> tuple[list[Edited], Place | None]:
    """The newest explained changes of published events and of what belongs to them, and the place of the last one.

    ``after`` is such a place; None where nothing older follows. The number of queries is fixed.
    """
    rows = placed_events(vantage)
    if scope.agreement is not None:
        rows = rows.filter(agreement=scope.agreement)
    found = explained(rows.order_by().values("pk"), vantage.known_before, size + 1, after)
    more, found = len(found) > size, found[:size]
    edits = edits_in({event for _, _, event in found})
    events = Event.with_merged.select_related("agreement", "merged_into").in_bulk({event for _, _, event in found})
    keys = [(event, context) for _, context, event in found if (event, context) in edits]
    listed = [Edited(events[event].standing, edits[event, context]) for event, context in keys]
    return listed, found[-1] if more else None
