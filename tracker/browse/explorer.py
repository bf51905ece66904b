"""The explorer of events: found by words, narrowed by facets, as a list, on a map or in a calendar."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Max, Min, Prefetch, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from tracker.errors import BadAddress, explains_bad_addresses
from tracker.models import Agreement, Effect, Event, EventActor, Obligation, Phase, Report, Vantage
from tracker.models.evidence import EventQuerySet
from tracker.models.facets import COUNTED, OF_EVENTS, Counts, counted, narrowed
from tracker.models.search import (
    RANKED,
    SHOWN_BY_RELEVANCE,
    Marker,
    Piece,
    events_by_relevance,
    events_with,
    obligations_with,
    passage,
)
from tracker.models.standing import board
from tracker.words import number, written

from . import charts, maps, months, paging
from .agreements import find, known_agreements, subnav, unrecorded
from .citations import later
from .events import Entry, entry, listed
from .frame import frame, steps, trail_to
from .narrowing import Facets, Narrowing, Way, asked_narrowing
from .vantage import asked_vantage

SAID = 3
"""How many reports with a word looked for an entry shows."""

FEW = 3
"""Up to so many events are few: what the days leave out is told."""

OFFERED = 5
"""How many obligations with the words looked for are offered."""

VIEWS = ("map", "calendar")


@dataclass(frozen=True, slots=True)
class Heard:
    """A report in which a word looked for occurs, in pieces."""

    report: Report
    quote: list[Piece]
    who: list[Piece]
    outlet: list[Piece]
    title: list[Piece]


@dataclass(frozen=True, slots=True)
class Hit:
    """An event in the list, with where the words looked for stand in it."""

    entry: Entry
    title: list[Piece]
    remarks: list[list[Piece]]
    passage: list[Piece] = field(default_factory=list)
    heard: list[Heard] = field(default_factory=list)
    more: int = 0
    names: list[list[Piece]] = field(default_factory=list)
    duties: list[tuple[Obligation, list[Piece]]] = field(default_factory=list)


@require_safe
@explains_bad_addresses
def index(request: HttpRequest) -> HttpResponse:
    vantage = asked_vantage(request)
    across = Agreement.objects.known(vantage)[:2].count() > 1
    return _explored(request, vantage, Event.objects.on(vantage), {"across": across})


@require_safe
@explains_bad_addresses
def of_agreement(request: HttpRequest, slug: str) -> HttpResponse:
    vantage = asked_vantage(request)
    agreement = find(slug)
    if not known_agreements(vantage).filter(pk=agreement.pk).exists():
        return unrecorded(request, vantage, agreement)
    now = board(agreement, vantage)
    events = Event.objects.on(vantage).filter(agreement=agreement)
    context = {
        "agreement": agreement,
        "subnav": subnav(now, "events"),
        "phases": [one.phase for one in now.phases],
    }
    return _explored(request, vantage, events, context)


def asked_events(events: EventQuerySet, narrowing: Narrowing, vantage: Vantage) -> EventQuerySet:
    """The events that the words and the days leave, before any facet. An imprecise day counts as all it can be."""
    if narrowing.since:
        events = events.filter(interval_end__gte=narrowing.since)
    if narrowing.until:
        events = events.filter(date__lte=narrowing.until)
    return events_with(events, narrowing.question, vantage)


def _explored(request: HttpRequest, vantage: Vantage, events: EventQuerySet, given: dict[str, Any]) -> HttpResponse:
    agreement: Agreement | None = given.get("agreement")
    phases: Sequence[Phase] | None = given.get("phases")
    narrowing = asked_narrowing(request, vantage, OF_EVENTS, VIEWS)
    asked = asked_events(events, narrowing, vantage)
    counts = counted(asked.order_by("-date", "-id"), OF_EVENTS, narrowing.chosen, vantage)
    facets = Facets(narrowing, OF_EVENTS, counts, vantage, phases)
    found = narrowed(asked, OF_EVENTS, narrowing.chosen, vantage)
    total = paging.how_many(found) if counts.partial else number(counts.total)
    context = frame(request, vantage, "agreements" if agreement else "events") | given
    every = Event.objects.filter(agreement=agreement) if agreement else Event.objects.all()
    context |= {
        **steps(request, vantage, every.days_beside(vantage), narrowing.pairs(leave_out=narrowing.dates)),
        "narrowing": narrowing,
        "kept": narrowing.pairs(leave_out=narrowing.dates),
        "today_url": narrowing.url(leave_out=narrowing.dates),
        "views": _views(narrowing),
        "sides": facets.sides(hide=["agreement"] if agreement else []),
        "chips": facets.chips(),
        "total": total,
        "partial": number(COUNTED) if counts.partial else "",
        "trail": trail_to(agreement, str(context["q"])) if agreement else [],
    }
    if narrowing.view == "map":
        context |= {"map": _mapped(request, found, narrowing), "files": _files(request, agreement)}
    elif narrowing.view == "calendar":
        newest = list(found.order_by("-date", "-id")[: months.MOST + 1])
        context["calendar"] = months.laid_out(newest, narrowing, request.GET.get("month", ""))
    else:
        context |= _listing(request, narrowing, found, counts, vantage)
    context["duties"] = _duties(narrowing, counts.total, vantage, agreement)
    outside = _outside(events, narrowing, counts.total, vantage) if counts.total <= FEW else []
    if counts.total:
        context["outside"] = outside
    else:
        context["ways"] = facets.ways() + outside + other_ways(narrowing, days=not outside)
    context["some"] = counts.total > 0
    return render(request, "browse/explorer.html", context)


def _duties(narrowing: Narrowing, total: int, vantage: Vantage, agreement: Agreement | None = None) -> list[Obligation]:
    """The obligations with the words looked for; where there are many of them, only beside few events."""
    found = obligations_with(narrowing.question, vantage).select_related("agreement")
    if agreement:
        found = found.filter(agreement=agreement)
    elif chosen := narrowing.chosen.get("agreement"):
        found = found.filter(agreement__slug__in=chosen)
    duties = list(found.order_by("agreement__slug", "phase__ordinal", "code")[: OFFERED + 1])
    return duties[:OFFERED] if len(duties) <= OFFERED or total <= FEW else []


def _outside(events: EventQuerySet, narrowing: Narrowing, total: int, vantage: Vantage) -> list[Way]:
    """What the days leave out, with the nearest day before and after them: one query, none without days."""
    if not (narrowing.since or narrowing.until):
        return []
    every = narrowed(events_with(events, narrowing.question, vantage), OF_EVENTS, narrowing.chosen, vantage)
    before = Q(interval_end__lt=narrowing.since) if narrowing.since else Q(pk=None)
    after = Q(date__gt=narrowing.until) if narrowing.until else Q(pk=None)
    found = every.order_by().aggregate(
        count=Count("pk"), before=Max("date", filter=before), after=Min("date", filter=after)
    )
    count: int = found["count"]
    if count <= total:
        return []
    label = ngettext("On any day: %(count)s event", "On any day: %(count)s events", count)
    ways = [Way(label % {"count": number(count)}, narrowing.url(leave_out=["from", "to"]))]
    for label, day in ((_("Nearest before: %(day)s"), found["before"]), (_("Nearest after: %(day)s"), found["after"])):
        if day:
            address = narrowing.url(**{"from": day.isoformat(), "to": day.isoformat()})
            ways.append(Way(label % {"day": written(day)}, address))
    return ways


# The map


def _mapped(request: HttpRequest, found: EventQuerySet, narrowing: Narrowing) -> maps.Map:
    area = request.GET.get("area", "")
    if area not in ("", "all"):
        raise BadAddress(_("There is no such part of the map."), _("The values are: %(values)s.") % {"values": "all"})
    return maps.drawn(list(found.order_by("-date", "-id")[: maps.MOST + 1]), narrowing, whole=area == "all")


def _files(request: HttpRequest, agreement: Agreement | None) -> dict[str, str]:
    """The addresses of the map as a file."""
    name, args = ("agreement_events_map", [agreement.slug]) if agreement else ("events_map", [])
    query = request.GET.urlencode()
    return {ending: f"{reverse(f'{name}_{ending}', args=args)}?{query}" for ending in ("svg", "png")}


@require_safe
@explains_bad_addresses
def map_file(request: HttpRequest, ending: str, slug: str = "") -> HttpResponse:
    """The map of what was asked for, with its places as a list."""
    vantage = asked_vantage(request)
    events = Event.objects.on(vantage)
    title, page = _("Events"), reverse("events")
    if slug:
        agreement = find(slug)
        if not known_agreements(vantage).filter(pk=agreement.pk).exists():
            raise Http404(_("Nothing was recorded of this agreement by that day."))
        events = events.filter(agreement=agreement)
        title, page = agreement.title, reverse("agreement_events", args=[slug])
    narrowing = asked_narrowing(request, vantage, OF_EVENTS, VIEWS)
    found = narrowed(asked_events(events, narrowing, vantage), OF_EVENTS, narrowing.chosen, vantage)
    return charts.answer(request, vantage, maps.sheet(_mapped(request, found, narrowing), title, page), ending)


def _views(narrowing: Narrowing) -> list[dict[str, Any]]:
    labels = {"": _("List"), "map": _("Map"), "calendar": _("Calendar")}
    return [
        {"label": label, "url": narrowing.url(view=view), "current": narrowing.view == view}
        for view, label in labels.items()
    ]


def _listing(
    request: HttpRequest, narrowing: Narrowing, found: EventQuerySet, counts: Counts, vantage: Vantage
) -> dict[str, Any]:
    keep = narrowing.parts()
    if narrowing.by_relevance:
        ids = events_by_relevance(found, narrowing.question, vantage)
        page = paging.in_order(ids, request, keep, _rows(Event.objects.all(), narrowing, vantage))
        bound = bound_of(counts.total)
    else:
        page = paging.turned(_rows(found, narrowing, vantage), request, keep)
        bound = ""
    return {"hits": _hits(page.rows, narrowing, vantage), "page": page, "bound": bound}


def bound_of(total: int) -> str:
    """What is left out of a list by relevance, in words; "" where nothing is."""
    if total > RANKED:
        return _("The %(shown)s most relevant of the newest %(ranked)s. By date the list has all of them.") % {
            "shown": number(SHOWN_BY_RELEVANCE),
            "ranked": number(RANKED),
        }
    if total > SHOWN_BY_RELEVANCE:
        return _("The %(shown)s most relevant. By date the list has all of them.") % {
            "shown": number(SHOWN_BY_RELEVANCE)
        }
    return ""


def _rows(events: EventQuerySet, narrowing: Narrowing, vantage: Vantage) -> EventQuerySet:
    events = listed(events, vantage)
    if narrowing.question.can_rank:
        actors = EventActor.objects.known(vantage).select_related("actor").order_by("id")
        agreed = Obligation.objects.agreed(vantage).order_by().values("pk")
        effects = Effect.objects.known(vantage).filter(obligation__in=agreed)
        bearing = effects.select_related("obligation__agreement").order_by("obligation__code")
        events = events.prefetch_related(Prefetch("actors", actors, to_attr="cast"))
        events = events.prefetch_related(Prefetch("effects", bearing, to_attr="bearing"))
    return events


def _hits(events: Sequence[Event], narrowing: Narrowing, vantage: Vantage) -> list[Hit]:
    """The events of a page with the words looked for marked: one query, none where no words are looked for."""
    entries = [entry(event, vantage) for event in events]
    if not narrowing.question.can_rank:
        return [Hit(one, _whole(one.event.title), [_whole(remark) for remark in one.remarks]) for one in entries]
    texts = (text for event in events for text in (*_texts(event, vantage), *(one.title for one in _bearing(event))))
    marker = Marker(narrowing.question, texts)
    return [_hit(one, marker, vantage) for one in entries]


def _whole(text: str) -> list[Piece]:
    return [Piece(text, hit=False)]


def _told(event: Event, vantage: Vantage) -> list[Report]:
    """The reports that count for the search: those of articles that had appeared by the day."""
    reports: list[Report] = getattr(event, "told")  # noqa: B009  # attached by ``listed``
    return [report for report in reports if not later(report.article, vantage)]


def _names(event: Event) -> list[str]:
    cast: list[EventActor] = getattr(event, "cast")  # noqa: B009  # attached by ``_rows``
    return list(dict.fromkeys(one.actor.name for one in cast))


def _bearing(event: Event) -> list[Obligation]:
    effects: list[Effect] = getattr(event, "bearing")  # noqa: B009  # attached by ``_rows``
    return [one.obligation for one in effects]


def _outlets(report: Report) -> str:
    """The outlet, with the one that it cites."""
    outlet = report.article.outlet.name
    return (
        _("%(outlet)s citing %(other)s") % {"outlet": outlet, "other": report.relays.name} if report.relays else outlet
    )


def _texts(event: Event, vantage: Vantage) -> list[str]:
    """What is said of the event itself."""
    texts = [event.title, event.summary, event.place, *_names(event)]
    for report in _told(event, vantage):
        texts += [report.quote, report.originator_name, _outlets(report), report.article.title]
    return texts


def _hit(one: Entry, marker: Marker, vantage: Vantage) -> Hit:
    event = one.event
    heard = [
        Heard(
            report,
            marker.pieces(report.quote),
            marker.pieces(report.originator_name),
            marker.pieces(_outlets(report)),
            marker.pieces(report.article.title),
        )
        for report in _told(event, vantage)
    ]
    heard = [one for one in heard if any(piece.hit for piece in (*one.quote, *one.who, *one.outlet, *one.title))]
    # What is said comes before who says it and where.
    heard.sort(key=lambda one: not any(piece.hit for piece in one.quote))
    own = _marked(marker, _texts(event, vantage))
    return Hit(
        entry=one,
        title=marker.pieces(event.title),
        remarks=[marker.pieces(remark) if remark == event.place else _whole(remark) for remark in one.remarks],
        passage=marker.pieces(passage(event.summary, marker)),
        heard=heard[:SAID],
        more=len(heard[SAID:]),
        names=[marker.pieces(name) for name in _names(event) if marker.finds(name) and not marker.finds(event.title)],
        duties=[(duty, marker.pieces(duty.title)) for duty in _bearing(event) if _marked(marker, [duty.title]) - own],
    )


def _marked(marker: Marker, texts: Sequence[str]) -> set[str]:
    """The words looked for that stand in the texts."""
    return {piece.text.casefold() for text in texts for piece in marker.pieces(text) if piece.hit}


def other_ways(narrowing: Narrowing, *, days: bool = True) -> list[Way]:
    """For an empty list: the address without the words, without the days (if asked), without everything."""
    ways = []
    if not narrowing.question.is_empty:
        ways.append(Way(_("Without the words"), narrowing.url(leave_out=["q", "sort"])))
    if days and (narrowing.since or narrowing.until):
        ways.append(Way(_("On any day"), narrowing.url(leave_out=["from", "to"])))
    if len(ways) + len(narrowing.chosen) > 1:
        ways.append(Way(_("Without any filter"), narrowing.bare()))
    return ways
