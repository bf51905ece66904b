"""Everything that was ever published about one obligation's status, with what each judgement rests on.

``standing`` says what counts; this adds the records that were corrected or withdrawn, so that a page can show both.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch

from tracker.codebook import EffectKind
from tracker.rubric import freshness

from .actors import Actor
from .assessments import Assessment, Attribution, Evidence, Reconsideration, Retraction
from .base import Vantage
from .edits import ADDED, touches
from .evidence import Effect, Event, Observation, Report, Withdrawal
from .standing import Board, Row, Status, fetched, judgements, plain_status


@dataclass(frozen=True, slots=True)
class Ground:
    """One piece of evidence: the event, who reports it, and what it means for the obligation.

    ``effect`` is "" where the link between the two was taken back later. ``withdrawn`` is set where the event was taken
    out of the record; ``changed`` are the days on which it was changed after the judgement was recorded, each once.
    """

    event: Event
    effect: str
    reports: list[Report]
    withdrawn: Withdrawal | None = None
    changed: Sequence[dt.date] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """One published judgement as it was known by the record day.

    ``before`` is None for a record that no longer counts: nothing became another by it. ``instead`` is the record of
    the same chain that counts in its place; ``corrects`` the one that it replaced.
    """

    assessment: Assessment
    before: Status | None
    after: Status
    grounds: list[Ground]
    attributed: list[Actor]
    corrects: Assessment | None
    instead: Assessment | None
    retraction: Retraction | None

    @property
    def counts(self) -> bool:
        return self.instead is None and self.retraction is None

    @property
    def changed(self) -> list[dt.date]:
        """The days on which its evidence was changed or withdrawn after it was recorded, in order."""
        days = {day for ground in self.grounds for day in ground.changed}
        days |= {ground.withdrawn.recorded_at.date() for ground in self.grounds if ground.withdrawn}
        return sorted(days)

    @property
    def corrected(self) -> bool:
        """Whether a later record took its place."""
        return self.instead is not None and self.instead.position > self.assessment.position

    @property
    def moved(self) -> bool:
        """Whether the word or the level became another, rather than being confirmed."""
        return self.before is not None and (self.before.key, self.before.level) != (self.after.key, self.after.level)

    @property
    def reported_on(self) -> dt.date | None:
        """The earliest day on which an article reported its evidence."""
        days = [report.article.published_on for ground in self.grounds for report in ground.reports]
        return min((day for day in days if day is not None), default=None)

    @property
    def in_retrospect(self) -> bool:
        recorded = self.assessment.recorded_at
        return recorded is not None and freshness.in_retrospect(self.assessment.effective_on, recorded.date())


def history(board: Board, row: Row) -> list[Entry]:
    """The obligation's judgements that had become true by the day, newest first, whether they count or not.

    The number of queries does not depend on the data.
    """
    vantage = board.vantage
    published = list(_published(row, vantage))
    ends = _chain_ends(published, vantage)
    happened = {event.pk: event for event in _evidence(published, vantage)}
    withdrawn = last_withdrawals(happened, vantage)
    touched = _touched(happened, row)
    effects = {
        event.pk: str(EffectKind(effect.effect).label)
        for event in row.events
        for effect in fetched(event, "moves")
        if effect.obligation_id == row.obligation.pk
    }
    changes = {change.assessment.pk: change for change in board.changes}
    known: dict[object, Assessment] = {one.pk: one for one in published}
    entries = []
    for one in published:
        if one.effective_on > vantage.as_of:
            continue
        one.obligation = row.obligation
        change = changes.get(one.pk)
        end = ends.get(one.chain)
        entries.append(
            Entry(
                assessment=one,
                before=change.before if change else None,
                after=change.after if change else _as_said(row, one),
                grounds=[
                    Ground(
                        happened[pk],
                        effects.get(pk, ""),
                        [] if pk in withdrawn else fetched(happened[pk], "told"),
                        withdrawn.get(pk),
                        _days_since(one, touched.get(pk, ()), vantage),
                    )
                    for pk in _rests_on(one)
                    if pk in happened
                ],
                attributed=list(dict.fromkeys(share.actor.standing for share in fetched(one, "shares"))),
                corrects=known.get(one.supersedes_id),
                instead=end if end and end.pk != one.pk else None,
                retraction=_retraction(one, vantage),
            )
        )
    entries.sort(key=_place, reverse=True)
    return entries


def _place(entry: Entry) -> tuple[dt.date, dt.datetime, str]:
    one = entry.assessment
    return one.effective_on, one.recorded_at or dt.datetime.min.replace(tzinfo=dt.UTC), str(one.pk)


def _rests_on(one: Assessment) -> Iterable[Any]:
    """The ids of the events, each once; of one that was merged since, the heir's."""
    return dict.fromkeys(fetched(link, "stands") for link in fetched(one, "links"))


def _published(row: Row, vantage: Vantage) -> Iterable[Assessment]:
    links = Evidence.objects.standing().order_by("event__date", "id")
    shares = Attribution.objects.select_related("actor__merged_into").order_by("actor__name", "id")
    rows = Assessment.objects.published(vantage).filter(obligation=row.obligation).select_related("retraction")
    return rows.prefetch_related(
        Prefetch("evidence_links", links, to_attr="links"),
        Prefetch("attributions", shares, to_attr="shares"),
        Prefetch("reconsiderations", Reconsideration.objects.known(vantage), to_attr="looks"),
    )


def _evidence(published: list[Assessment], vantage: Vantage) -> Iterable[Event]:
    """The events behind the judgements that had happened by the day, each with who reported it by then."""
    wanted = {pk for one in published for pk in _rests_on(one)}
    reports = Report.objects.known(vantage).select_related(
        "article__outlet", "article__same_text_as", "originator__root", "relays"
    )
    events = Event.objects.once_public(vantage).by_day(vantage).filter(pk__in=wanted)
    return events.prefetch_related(Prefetch("reports", reports.order_by("recorded_at", "id"), to_attr="told"))


def last_withdrawals(events: Iterable[Any], vantage: Vantage) -> dict[Any, Withdrawal]:
    """Of these events (by id) those that were withdrawn, each with the withdrawal, as recorded by the record day."""
    last = Withdrawal.objects.known(vantage).filter(event__in=list(events))
    last = last.order_by("event_id", "-recorded_at", "-id").distinct("event_id")
    return {one.event_id: one for one in last if one.withdrawn}


def _touched(events: Iterable[Any], row: Row) -> dict[Any, list[dt.datetime]]:
    """When these events, and what they mean for the obligation, were changed. What was added later changes nothing."""
    found: dict[Any, list[dt.datetime]] = defaultdict(list)
    for touch in touches(events):
        elsewhere = touch.table is Effect and touch.row.obligation_id != row.obligation.pk
        if not elsewhere and not (touch.verb == ADDED and touch.table in (Report, Observation)):
            found[touch.event].append(touch.at)
    return found


def _days_since(one: Assessment, moments: Iterable[dt.datetime], vantage: Vantage) -> list[dt.date]:
    after = [at for at in moments if one.recorded_at and at > one.recorded_at and vantage.has_recorded(at)]
    return sorted({at.date() for at in after})


def _retraction(assessment: Assessment, vantage: Vantage) -> Retraction | None:
    withdrawn = assessment.withdrawn
    return withdrawn if withdrawn and vantage.has_recorded(withdrawn.recorded_at) else None


def _chain_ends(published: Iterable[Assessment], vantage: Vantage) -> dict[object, Assessment]:
    """Of each chain of corrections the member that counts; a chain that was withdrawn as a whole has none."""
    chains: dict[object, list[Assessment]] = defaultdict(list)
    for one in published:
        if _retraction(one, vantage) is None:
            chains[one.chain].append(one)
    return {chain: max(members, key=lambda one: one.position) for chain, members in chains.items()}


def _as_said(row: Row, one: Assessment) -> Status:
    """The status that a record gave which no longer counts, by today's rules."""
    earlier = [judged for judged in row.judged if judged.effective_on < one.effective_on]
    return plain_status(row.word_from(earlier + judgements([one]), one.effective_on), one.level)
