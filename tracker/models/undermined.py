"""Published judgements whose ground moved after they were recorded: somebody has to look at them again.

Their evidence was changed or withdrawn, or something dated before them was entered only later. Whoever looks again
corrects the judgement, withdraws it, or notes why it stands (``reconsider``); what came before that is settled.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Case, F, Q, QuerySet, Value, When
from django.db.models import DateTimeField as Moments
from django.db.models.functions import Greatest

from tracker.codebook import EffectKind, Stage
from tracker.words import written

from .assessments import Assessment, Evidence, Reconsideration
from .base import Vantage
from .edits import ADDED, ROWS, SHOWN, Touch, touches
from .evidence import Effect, Event, EventActor, Observation, Report, Withdrawal
from .people import Person
from .versions import versions_in


@dataclass(frozen=True, slots=True)
class Ground:
    """One thing that moved, in a sentence, and when. ``event`` is what it is about, if it is about one."""

    at: dt.datetime
    sentence: str
    event: Event | None = None


@dataclass(slots=True)
class Doubt:
    """A judgement that counts and what moved under it, oldest first."""

    assessment: Assessment
    grounds: list[Ground] = field(default_factory=list)

    @property
    def since(self) -> dt.datetime:
        return self.grounds[0].at


def undermined(only: Collection[Any] | None = None) -> list[Doubt]:
    """The judgements to look at again, the one that waits longest first. The number of queries is fixed.

    ``only`` are ids of judgements; without it all that count are looked at.
    """
    now = Vantage.now()
    rows = Assessment.objects.standing(now).select_related("obligation__agreement")
    standing: dict[Any, list[Assessment]] = defaultdict(list)
    for one in rows:
        standing[one.obligation_id].append(one)
    asked = [one for several in standing.values() for one in several if only is None or one.pk in only]
    settled = _settled(asked)
    doubts = {one.pk: Doubt(one) for one in asked}
    rests = _rests_on(asked)
    _count_changes(doubts, rests, settled)
    _count_withdrawals(doubts, rests, settled)
    _count_events(doubts, rests, settled, standing)
    _count_statuses(doubts, settled, standing)
    found = [doubt for doubt in doubts.values() if doubt.grounds]
    for doubt in found:
        doubt.grounds.sort(key=lambda ground: ground.at)
    return sorted(found, key=lambda doubt: (doubt.since, str(doubt.assessment.pk)))


def doubted() -> QuerySet[Assessment]:
    """The same judgements as rows, each annotated with ``since``, the moment from which it waits."""
    since = {doubt.assessment.pk: doubt.since for doubt in undermined()}
    cases = [When(pk=pk, then=Value(moment, output_field=Moments())) for pk, moment in since.items()]
    empty = Value(None, output_field=Moments())
    moment = Case(*cases, default=empty, output_field=Moments()) if cases else empty
    rows = Assessment.objects.filter(pk__in=since).order_by(moment, "pk").annotate(since=moment)
    return rows.select_related("obligation__agreement")


def reconsider(assessment: Assessment, reason: str, *, by: Person) -> Reconsideration:
    """Notes that somebody looked again and why the judgement stands. Raises PermissionDenied or ValidationError."""
    if not by.has_perm("tracker.assess"):
        raise PermissionDenied("Only researchers look at a status again.")
    if not reason.strip():
        raise ValidationError({"reason": "Say why it stands all the same; readers see it."})
    if assessment.stage != Stage.PUBLISHED:
        raise ValidationError("Only a published status is looked at again.")
    return Reconsideration.objects.create(
        assessment=assessment, reason=reason.strip(), author=by, byline=by.public_name
    )


def _settled(asked: Iterable[Assessment]) -> dict[Any, dt.datetime]:
    """Up to when each judgement's author, or whoever looked again last, knew the record."""
    rows = Reconsideration.objects.filter(assessment__in=list(asked)).order_by("recorded_at", "id")
    again: dict[Any, dt.datetime | None] = {}
    for pk, at, stands in rows.values_list("assessment", "recorded_at", "stands"):
        # A look that was taken back leaves open what any look before it had settled.
        again[pk] = at if stands else None
    return {
        one.pk: max(moment for moment in (one.recorded_at, again.get(one.pk)) if moment is not None) for one in asked
    }


def _rests_on(asked: Iterable[Assessment]) -> dict[Any, list[Assessment]]:
    """The judgements that rest on each event, by the event's id; of one that was merged, the heir's."""
    by_id = {one.pk: one for one in asked}
    found: dict[Any, list[Assessment]] = defaultdict(list)
    links: Any = Evidence.objects.filter(assessment__in=list(by_id)).standing()
    for event, assessment in dict.fromkeys(links.values_list("stands", "assessment")):
        found[event].append(by_id[assessment])
    return found


def _count_changes(
    doubts: dict[Any, Doubt], rests: dict[Any, list[Assessment]], settled: dict[Any, dt.datetime]
) -> None:
    changed = _changed(rests)
    events = Event._base_manager.in_bulk(changed)
    for touch in touches(changed):
        if touch.verb == ADDED and touch.table in (Report, Observation):
            continue
        for one in rests[touch.event]:
            if touch.table is Effect and touch.row.obligation_id != one.obligation_id:
                continue
            if touch.at > settled[one.pk]:
                event = events[touch.event]
                doubts[one.pk].grounds.append(Ground(touch.at, _told(touch, event), event))


def _changed(events: Iterable[Any]) -> list[Any]:
    """Of these events those of which anything was written again after it was entered. One query."""
    ids = list(events)
    rows: list[QuerySet[Any]] = []
    for table in SHOWN:
        key = "pgh_obj" if table is Event else "event"
        again = ~Q(pgh_label="insert")
        if table in (EventActor, Effect):
            again |= Q(pgh_context__isnull=False)
        rows.append(versions_in(table).objects.filter(again, **{f"{key}__in": ids}).order_by().values_list(f"{key}_id"))
    first, *others = rows
    return [row[0] for row in first.union(*others)] if ids else []


def _told(touch: Touch, event: Event) -> str:
    what = f"The event “{event.title}”" if touch.table is Event else f"A {ROWS[touch.table]} of “{event.title}”"
    if touch.table is Effect:
        what = f"What “{event.title}” means for the obligation"
    columns: list[Any] = [touch.table._meta.get_field(name) for name in touch.fields]
    names = ", ".join(str(column.verbose_name) for column in columns)
    which = f" ({names})" if names and touch.table is not Effect else ""
    return f"{what} was {touch.verb} on {written(touch.at.date())}{which}{f': {touch.reason}' if touch.reason else '.'}"


def _count_withdrawals(
    doubts: dict[Any, Doubt], rests: dict[Any, list[Assessment]], settled: dict[Any, dt.datetime]
) -> None:
    ids = list(rests)
    rows = Withdrawal.objects.filter(
        Q(event__in=ids) | Q(report__event__in=ids) | Q(observation__event__in=ids)
    ).select_related("event", "report__event", "observation__event")
    for row in rows:
        event: Any = row.event or (
            row.report.event if row.report else row.observation.event if row.observation else None
        )
        what = "The event" if row.event else "A report of" if row.report else "A figure of"
        verb = "withdrawn" if row.withdrawn else "put back"
        sentence = f"{what} “{event.title}” was {verb} on {written(row.recorded_at.date())}: {row.reason}"
        for one in rests[event.pk]:
            if row.recorded_at > settled[one.pk]:
                doubts[one.pk].grounds.append(Ground(row.recorded_at, sentence, event))


def _undercut(several: Sequence[Assessment], day: dt.date) -> list[Assessment]:
    """The judgements of one obligation that something on the day bears on: the first from then on, and the current."""
    later = [one for one in several if one.effective_on >= day]
    return list(dict.fromkeys([later[0], later[-1]])) if later else []


def _count_events(
    doubts: dict[Any, Doubt],
    rests: dict[Any, list[Assessment]],
    settled: dict[Any, dt.datetime],
    standing: dict[Any, list[Assessment]],
) -> None:
    """Events entered late: dated before a judgement that was recorded without them."""
    if not settled:
        return
    happened = Event.objects.happened(Vantage.now()).order_by().values("pk")
    rows = Effect.objects.known(Vantage.now()).exclude(effect=EffectKind.CONTEXT)
    rows = rows.filter(event__in=happened, obligation__in={doubt.assessment.obligation_id for doubt in doubts.values()})
    entered_late: Any = rows.annotate(entered=Greatest("recorded_at", F("event__recorded_at")))
    for effect in entered_late.filter(entered__gt=min(settled.values())).select_related("event"):
        event, entered = effect.event, effect.entered
        for one in _undercut(standing[effect.obligation_id], event.interval_end):
            known = one in rests.get(event.pk, ())
            if one.pk in doubts and not known and entered > settled[one.pk]:
                sentence = (
                    f"“{event.title}” of {written(event.date)} was entered on {written(entered.date())} and "
                    f"{effect.get_effect_display().casefold()} the obligation; this judgement does not rest on it."
                )
                doubts[one.pk].grounds.append(Ground(entered, sentence, event))


def _count_statuses(
    doubts: dict[Any, Doubt], settled: dict[Any, dt.datetime], standing: dict[Any, list[Assessment]]
) -> None:
    """Judgements about an earlier day that were recorded, or corrected, after a later one."""
    for several in standing.values():
        for place, earlier in enumerate(several):
            for one in _undercut(several[place + 1 :], earlier.effective_on):
                recorded = earlier.recorded_at
                if one.pk in doubts and recorded and recorded > settled[one.pk]:
                    verb = "corrected" if earlier.supersedes_id else "recorded"
                    sentence = (
                        f"The status true from {written(earlier.effective_on)} was {verb} "
                        f"on {written(recorded.date())}, after this one."
                    )
                    doubts[one.pk].grounds.append(Ground(recorded, sentence))
