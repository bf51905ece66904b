"""Events: one with everybody who reports it, and plain lists of them."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Prefetch, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from tracker import words
from tracker.codebook import (
    Contestation,
    Counting,
    EffectKind,
    EventKind,
    EventRole,
    EventState,
    FigureNature,
    Stage,
    Verification,
    WherePrecision,
)
from tracker.errors import explains_bad_addresses
from tracker.models import (
    Actor,
    Agreement,
    Effect,
    Event,
    EventActor,
    Evidence,
    Observation,
    Report,
    Vantage,
    Withdrawal,
)
from tracker.models.edits import edits_of
from tracker.models.evidence import EventQuerySet, may_withdraw
from tracker.models.histories import last_withdrawals
from tracker.models.merging import told_of
from tracker.models.standing import Board, Change, Row, board
from tracker.rubric import contestation
from tracker.rubric.facts import Said

from . import phrases
from .absent import not_yet
from .citations import Citation, by_stance, cited_article, later, sentence_case, speaker, voices
from .frame import frame, steps, trail_to
from .moved import heir
from .vantage import asked_vantage, query_of

# Lists


@dataclass(frozen=True, slots=True)
class Entry:
    """An event in a list: what a reader has to know before opening it."""

    event: Event
    remarks: list[str]
    scheduled: str = ""
    notes: Sequence[str] = ()


def listed(events: EventQuerySet, vantage: Vantage) -> EventQuerySet:
    """The events with all that ``entry`` reads, in a fixed number of queries."""
    reports = Report.objects.known(vantage).select_related(
        "article__outlet", "article__same_text_as", "originator__root", "relays"
    )
    told = Prefetch("reports", reports.order_by("recorded_at", "id"), to_attr="told")
    outcome = Event.objects.happened(vantage).filter(pk=OuterRef("outcome"))
    return events.select_related("agreement").annotate(came_of_it=Exists(outcome)).prefetch_related(told)


def entry(event: Event, vantage: Vantage, notes: Sequence[str] = ()) -> Entry:
    """Needs an event from ``listed``."""
    told: list[Report] = getattr(event, "told")  # noqa: B009  # attached by the prefetch, unknown to the type checker
    remarks = [str(EventKind(event.kind).label)]
    if event.place:
        remarks.append(event.place)
    if event.verification:
        remarks.append(str(Verification(event.verification).label.lower()))
    if told:
        count = len(voices(told))
        sources = ngettext("%(count)s independent source", "%(count)s independent sources", count)
        remarks.append(sources % {"count": words.number(count)})
    if contest(told) == Contestation.DISPUTED:
        remarks.append(_("disputed"))
    if reported_later(told, vantage):
        remarks.append(_("reported later"))
    scheduled = ""
    if event.state == EventState.SCHEDULED:
        scheduled = scheduled_words(event, vantage, came_of_it=getattr(event, "came_of_it"))  # noqa: B009  # annotated
    return Entry(event, remarks, scheduled, notes)


def scheduled_words(event: Event, vantage: Vantage, *, came_of_it: bool) -> str:
    """What a scheduled event is called on the day: its day ahead, past without a word, or with an outcome."""
    if came_of_it:
        return _("Scheduled; what came of it is on record")
    return _("Scheduled; no report that it took place") if event.interval_end < vantage.as_of else _("Scheduled")


def first_day(placed: Any) -> dt.date:
    """The first day on which a page about the event tells of it. Needs an event from ``placed``."""
    day: dt.date = placed.counts_from
    if placed.state == EventState.SCHEDULED:
        day = placed.first_report or placed.date
    return day


def reported_later(reports: Sequence[Report], vantage: Vantage) -> bool:
    """Whether everything that reports it appeared after the day asked about; an undated source may not have."""
    return bool(reports) and all(later(report.article, vantage) for report in reports)


def contest(reports: Iterable[Report]) -> Contestation:
    return contestation.contestation([Said(dt.date.min, one.stance, one.independence_key) for one in reports], None)


def parts(vantage: Vantage, **others: str) -> dict[str, str]:
    """The parts of a query that keep the two dates, and others that are not empty."""
    dates = {}
    if vantage.as_of != vantage.today:
        dates["as_of"] = vantage.as_of.isoformat()
    if vantage.known_on is not None:
        dates["known_on"] = vantage.known_on.isoformat()
    return dates | {name: value for name, value in others.items() if value}


def trail_of(agreement: Agreement | None, q: str) -> list[tuple[str, str]]:
    """The way to an event: through its agreement."""
    if agreement is None:
        return []
    return [*trail_to(agreement, q), (_("Events"), f"{agreement.get_absolute_url()}events/{q}")]


# One event


@dataclass(frozen=True, slots=True)
class Cast:
    """Those who took part in one role; each with the name of the one they speak for."""

    role: EventRole
    actors: list[tuple[Actor, str]]

    @property
    def heading(self) -> str:
        return sentence_case(str(self.role.label))


@dataclass(frozen=True, slots=True)
class Bearing:
    """What the event means for a duty, and where that duty stood on the day."""

    effect: EffectKind
    row: Row


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure that somebody gave, in words."""

    what: str
    url: str
    value: str
    remarks: str
    who: str
    who_url: str
    period: str
    source: Citation


@dataclass(frozen=True, slots=True)
class Reported:
    """From when to when sources report it; how many bear no date."""

    first: dt.date | None
    last: dt.date | None
    undated: int


@require_safe
@explains_bad_addresses
def detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    vantage = asked_vantage(request)
    event = Event.objects.reached(vantage).select_related("agreement", "outcome", "proposal").filter(pk=pk).first()
    if event is None:
        return heir(request, Event, pk=pk) or _withdrawn(request, vantage, pk) or _before(request, vantage, pk)

    q = query_of(vantage)
    reports = list(
        Report.objects.known(vantage)
        .filter(event=event)
        .select_related("article__outlet", "article__same_text_as", "originator__root", "relays", "proposal")
        .order_by("recorded_at", "id")
    )
    outcome = Event.objects.happened(vantage).filter(planned_as=event).first()
    agreement_board = board(event.agreement, vantage)
    contested = contest(reports)
    scheduled = event.state == EventState.SCHEDULED
    told_on = [report.article.published_on for report in reports]
    context = frame(request, vantage, "events") | {
        **steps(request, vantage, [day for day in told_on if day and day >= first_day(event)]),
        "event": event,
        "kind": EventKind(event.kind),
        "when": phrases.when(event),
        "scheduled": scheduled,
        "state_words": scheduled_words(event, vantage, came_of_it=outcome is not None) if scheduled else "",
        "overtaken": outcome is None and event.interval_end < vantage.as_of,
        "outcome": outcome,
        "planned_as": list(Event.objects.reached(vantage).filter(outcome=event).order_by("date", "id")),
        "where": WherePrecision(event.where_precision) if event.where_precision else None,
        "coordinates": _coordinates(event),
        "verification": Verification(event.verification) if event.verification else None,
        "reported": _reported(reports),
        "later": reported_later(reports, vantage),
        # How the day was found may rest on a later article, and then tells what came later.
        "note": "" if any(later(report.article, vantage) for report in reports) else event.note,
        "cast": _cast(event, vantage),
        "tellings": by_stance(reports, vantage, q),
        "reports": reports,
        "voices": voices(reports),
        "contested": contested,
        "bearings": _bearings(event, agreement_board, vantage),
        "figures": figures_of(
            Observation.objects.filter(event=event), vantage, {row.obligation.pk for row in agreement_board.rows}
        ),
        "conclusions": resting_on([event], [agreement_board]),
        "signed": _signed(event, reports),
        "edits": edits_of(event),
        "withdrawals": _withdrawals(event, vantage),
        "may_withdraw": may_withdraw(request.user, event),
        "own_figures": _figures_to_edit(request, event, vantage),
        "regrouped": told_of(event, vantage),
        "trail": trail_of(event.agreement, q),
    }
    return render(request, "browse/event.html", context)


@dataclass(frozen=True, slots=True)
class Signed:
    """By whom something was recorded, and who looked at it before it was public; "" where nobody had to."""

    byline: str
    reviewer: str


def _signed(event: Event, reports: Sequence[Report]) -> list[Signed]:
    """Those who recorded the event first, then those who added reports. What came from a case file bears no name."""
    rows: list[Any] = [event, *reports]
    proposals = [row.proposal for row in rows if row.proposal]
    return list(dict.fromkeys(Signed(one.byline, one.reviewer_byline) for one in proposals if one.byline))


@dataclass(frozen=True, slots=True)
class Taken:
    """A withdrawal of the event or of something said of it, or its being put back. ``what`` names it."""

    what: str
    row: Withdrawal


def _withdrawals(event: Event, vantage: Vantage) -> list[Taken]:
    """Newest first, as recorded by the record day."""
    rows = Withdrawal.objects.known(vantage).filter(
        Q(event=event) | Q(report__event=event) | Q(observation__event=event)
    )
    rows = rows.select_related(
        "report__originator", "report__article__outlet", "observation__measure", "observation__article__outlet"
    )
    return [Taken(_what(row), row) for row in rows.order_by("-recorded_at", "-id")]


def _what(row: Withdrawal) -> str:
    if row.report:
        return _("the report of %(who)s") % {"who": row.report.originator_name or row.report.article.outlet.name}
    if row.observation:
        seen = row.observation
        return _("the figure “%(label)s” in %(outlet)s") % {
            "label": seen.measure.label,
            "outlet": seen.article.outlet.name,
        }
    return _("the event")


def _figures_to_edit(request: HttpRequest, event: Event, vantage: Vantage) -> list[Observation]:
    if not request.user.has_perm("tracker.change_observation"):
        return []
    return list(
        Observation.objects.known(vantage).filter(event=event).select_related("measure").order_by("as_of", "id")
    )


def _withdrawn(request: HttpRequest, vantage: Vantage, pk: UUID) -> HttpResponse | None:
    """410 for an event that was withdrawn by the record day; None for any other."""
    event = Event.objects.once_public(vantage).select_related("agreement").filter(pk=pk).first()
    last = last_withdrawals([pk], vantage).get(pk) if event else None
    if event is None or last is None:
        return None
    q = query_of(vantage)
    context = frame(request, vantage, "events") | {
        "title": event.title,
        "reason": last.reason,
        "withdrawn_on": last.recorded_at.date(),
        "withdrawn_by": last.byline,
        "parent": {"url": f"{event.agreement.get_absolute_url()}{q}", "label": event.agreement.title},
        "put_back": f"/desk/events/{pk}/restore/" if may_withdraw(request.user, event) else "",
    }
    return render(request, "410.html", context, status=410)


def _before(request: HttpRequest, vantage: Vantage, pk: UUID) -> HttpResponse:
    """The answer for a day on which nothing of the event was on record. Raises Http404 where there never is."""
    if not Event.objects.filter(pk=pk, stage=Stage.PUBLISHED).exists():
        raise Http404(_("No published event has this address."))
    recorded = Event.objects.known(vantage).filter(pk=pk).exists()
    # As recorded by the record day, if it was; else by what is known now.
    then = vantage if recorded else Vantage(vantage.as_of, today=vantage.today)
    placed = Event.objects.placed(then).get(pk=pk)
    return not_yet(
        request,
        vantage,
        "events",
        what=_("nothing of what this address stands for was on record."),
        first_day=max(first_day(placed), vantage.as_of),
        label=_("Go to the day it is first reported"),
        known=recorded,
        trail=[(_("Events"), reverse("events") + query_of(vantage))],
    )


def _coordinates(event: Event) -> str:
    """Only where they mean a place: the middle of a district or a country is none."""
    exact = event.where_precision in (WherePrecision.EXACT, WherePrecision.NEAR)
    if not exact or event.latitude is None or event.longitude is None:
        return ""
    north = _("%(degrees)s° N") if event.latitude >= 0 else _("%(degrees)s° S")
    east = _("%(degrees)s° E") if event.longitude >= 0 else _("%(degrees)s° W")
    return words.strung(
        [
            north % {"degrees": words.number(abs(event.latitude))},
            east % {"degrees": words.number(abs(event.longitude))},
        ]
    )


def _reported(reports: Sequence[Report]) -> Reported:
    days = [report.article.published_on for report in reports]
    dated = [day for day in days if day is not None]
    return Reported(min(dated, default=None), max(dated, default=None), len(days) - len(dated))


def _cast(event: Event, vantage: Vantage) -> list[Cast]:
    parts_played = EventActor.objects.known(vantage).filter(event=event).select_related("actor__root").order_by("id")
    by_role: dict[str, list[tuple[Actor, str]]] = {}
    for part in parts_played:
        top = part.actor.root
        speaks_for = top.name if top and top.pk != part.actor_id else ""
        by_role.setdefault(part.role, []).append((part.actor, speaks_for))
    return [Cast(role, by_role[role]) for role in EventRole if role in by_role]


def _bearings(event: Event, agreement_board: Board, vantage: Vantage) -> list[Bearing]:
    """In the order of the agreement; duties that had not been agreed by the day are left out."""
    effects = dict(Effect.objects.known(vantage).filter(event=event).values_list("obligation_id", "effect"))
    return [
        Bearing(EffectKind(effects[row.obligation.pk]), row)
        for row in agreement_board.rows
        if row.obligation.pk in effects
    ]


# Shared with the pages of articles and actors


def figures_of(observations: Any, vantage: Vantage, obligations: set[Any]) -> list[Figure]:
    """Figures by the day, of duties that had been agreed by then, in the order of the duties and days."""
    q = query_of(vantage)
    rows: Iterable[Observation] = (
        observations.filter(pk__in=Observation.objects.known(vantage).values("pk"), as_of__lte=vantage.as_of)
        .filter(measure__obligation__in=obligations)
        .select_related(
            "measure__obligation__agreement", "originator__root", "article__outlet", "article__same_text_as"
        )
        .order_by("measure__obligation__phase__ordinal", "measure__obligation__code", "measure__code", "as_of", "id")
    )
    found = []
    for one in rows:
        remarks = [] if one.nature == FigureNature.ACTUAL else [str(FigureNature(one.nature).label.lower())]
        if one.counts:
            remarks.append(str(Counting(one.counts).label))
        if one.note:
            remarks.append(one.note)
        who = speaker(one.originator, one.originator_text)
        found.append(
            Figure(
                what=one.measure.label,
                url=one.measure.obligation.get_absolute_url() + q,
                value=phrases.figure(one),
                remarks=words.strung(remarks),
                who=who or one.article.outlet.name,
                who_url=one.originator.get_absolute_url() + q if one.originator else "",
                period=words.span(one.period_start or one.as_of, one.as_of),
                source=cited_article(one.article, vantage, q),
            )
        )
    return found


def resting_on(events: Sequence[Event], boards: Iterable[Board]) -> list[Change]:
    """The live conclusions that had become true by the day and that name one of these events as evidence."""
    changes = {change.assessment.pk: change for one in boards for change in one.changes}
    links = Evidence.objects.resting_on(list(events)).filter(assessment__in=list(changes))
    named = set(links.values_list("assessment_id", flat=True))
    return [change for key, change in changes.items() if key in named]
