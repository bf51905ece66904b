"""The index of agreements, and where one of them stands."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Min, Prefetch, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext_lazy
from django.views.decorators.http import require_safe

from tracker.codebook import EventState, PartyRole
from tracker.errors import explains_bad_addresses
from tracker.models import Actor, Agreement, Event, Instrument, Party, Report, Vantage
from tracker.models.standing import Board, board, boards

from . import charts, compare
from .frame import frame, step, steps, trail_to
from .overtime import over_time
from .vantage import asked_vantage, query_of

AT_A_GLANCE = 20
"""How many agreements a list shows with their boards; further ones are linked by title."""

REPORTED_BEFORE = 10
"""How many reported events a page shows of the days before anything was signed."""


CALLED = {
    PartyRole.SIGNATORY: ngettext_lazy("Signatory", "Signatories"),
    PartyRole.MEDIATOR: ngettext_lazy("Mediator", "Mediators"),
    PartyRole.GUARANTOR: ngettext_lazy("Guarantor", "Guarantors"),
    PartyRole.MONITOR: ngettext_lazy("Monitor", "Monitors"),
    PartyRole.OBSERVER: ngettext_lazy("Observer", "Observers"),
    PartyRole.IMPLEMENTER: ngettext_lazy("Implementer", "Implementers"),
}
"""What one party or several parties in a role are called."""


@dataclass(frozen=True, slots=True)
class Parties:
    """The actors in one role."""

    role: str
    actors: list[Actor]


def find(slug: str) -> Agreement:
    """The agreement at an address. Raises Http404."""
    found = Agreement.objects.filter(slug=slug).first()
    if found is None:
        raise Http404(
            _("No agreement has this address. Addresses here are permanent, so a letter may have gone astray.")
        )
    return found


def known_agreements(vantage: Vantage) -> QuerySet[Agreement]:
    return Agreement.objects.known(vantage)


def at_a_glance(vantage: Vantage) -> tuple[list[Board], list[Agreement]]:
    """The boards of the newest agreements, and the agreements beyond them."""
    agreements = list(known_agreements(vantage))
    return boards(agreements[:AT_A_GLANCE], vantage), agreements[AT_A_GLANCE:]


@require_safe
@explains_bad_addresses
def index(request: HttpRequest) -> HttpResponse:
    vantage = asked_vantage(request)
    shown, others = at_a_glance(vantage)
    choices = [*(one.agreement for one in shown), *others]
    found = compare.comparison(request, vantage, choices)
    chosen = [column.agreement.slug for column in found.columns] if found else request.GET.getlist("compare")
    context = frame(request, vantage, "agreements") | {
        "comparison": found,
        "choices": choices,
        "chosen": chosen,
        "files": charts.downloads(request, compare=chosen),
        **steps(request, vantage, [day for one in shown for day in one.change_days]),
        "boards": shown,
        "others": others,
        "first": None if shown else Agreement.objects.order_by("recorded_at").first(),
    }
    return render(request, "browse/agreements.html", context)


@require_safe
@explains_bad_addresses
def standing(request: HttpRequest, slug: str) -> HttpResponse:
    vantage = asked_vantage(request)
    agreement = find(slug)
    if not known_agreements(vantage).filter(pk=agreement.pk).exists():
        return unrecorded(request, vantage, agreement)
    now = board(agreement, vantage)
    reported = [] if now.signed or now.phases else list(_reported(agreement, vantage))
    context = below(request, now, "standing") | {
        "instruments": list(instruments(agreement, vantage)),
        "parties": _parties(agreement, vantage) if now.signed else [],
        "outside": outside(agreement),
        "reported": reported,
        "over_time": over_time(now),
        "begins": None if now.signed else _begins(agreement, vantage),
        "can_assess": may_assess(request, vantage),
    }
    return render(request, "browse/standing.html", context)


def below(request: HttpRequest, now: Board, page: str) -> dict[str, Any]:
    """What every page of an agreement hands to its template. ``page``: the one that is read, as ``subnav`` calls it."""
    vantage = now.vantage
    return frame(request, vantage, "agreements") | {
        "board": now,
        "agreement": now.agreement,
        "subnav": subnav(now, page),
        "previous": step(request, vantage, now.previous_day),
        "next": step(request, vantage, now.next_day),
        "trail": trail_to(now.agreement, query_of(vantage)),
    }


def may_assess(request: HttpRequest, vantage: Vantage) -> bool:
    """Whether the page offers to change a status: to those who may, and on the present only."""
    return not vantage.is_past and request.user.has_perm("tracker.assess")


def subnav(now: Board, current: str) -> list[dict[str, Any]]:
    """The pages of an agreement that exist. ``current``: the one that is read."""
    q, slug = query_of(now.vantage), now.agreement.slug
    happened = Event.objects.on(now.vantage).filter(agreement=now.agreement).count()
    pages = [
        ("standing", "agreement", _("Where it stands")),
        ("timeline", "agreement_timeline", _("Timeline")),
        ("text", "agreement_text", _("Text")),
        ("changes", "agreement_changes", _("Changes")),
        ("disputes", "agreement_disputes", _("Disputes")),
        ("parties", "agreement_parties", _("Parties")),
        ("rates", "agreement_rates_page", _("Better or worse?")),
        ("waiting", "agreement_waiting", _("Waiting for")),
        ("events", "agreement_events", _("Events")),
        ("brief", "agreement_brief", _("Brief")),
    ]
    return [
        {
            "label": label,
            "url": reverse(name, args=[slug]) + q,
            "current": key == current,
            "count": happened if key == "events" else None,
        }
        for key, name, label in pages
    ]


def unrecorded(request: HttpRequest, vantage: Vantage, agreement: Agreement, title: str = "") -> HttpResponse:
    """The page of something of which nothing had been recorded by the record day: no word of what it says today."""
    context = frame(request, vantage, "agreements") | {
        "agreement": agreement,
        "title": title or agreement.title,
        "began": agreement.recorded_at.date(),
        "citable": None,
    }
    return render(request, "browse/unrecorded.html", context)


def instruments(agreement: Agreement, vantage: Vantage) -> Iterable[Instrument]:
    """The texts that existed by the day."""
    rows = Instrument.objects.known(vantage).filter(agreement=agreement)
    rows = rows.exclude(date__gt=vantage.as_of)
    return rows.prefetch_related("accepted_by", "disputed_by")


def _parties(agreement: Agreement, vantage: Vantage) -> list[Parties]:
    by_role: dict[str, list[Actor]] = {}
    for party in Party.objects.known(vantage).filter(agreement=agreement).select_related("actor"):
        by_role.setdefault(party.role, []).append(party.actor)
    return [
        Parties(str(called % len(by_role[role])), by_role[role]) for role, called in CALLED.items() if role in by_role
    ]


def outside(agreement: Agreement) -> list[str]:
    """The agreement's ids in other datasets: "PA-X 2849, 2848"."""
    names = {"pax": "PA-X", "ucdp": "UCDP", "wikidata": "Wikidata"}
    ids = agreement.external_ids if isinstance(agreement.external_ids, dict) else {}
    return [
        f"{names.get(name, name)} {', '.join(str(one) for one in (value if isinstance(value, list) else [value]))}"
        for name, value in ids.items()
    ]


def _reported(agreement: Agreement, vantage: Vantage) -> Iterable[Event]:
    """The newest events that had happened by the day, with who reported them."""
    reports = Report.objects.known(vantage).select_related(
        "article__outlet", "article__same_text_as", "originator__root", "relays"
    )
    events = Event.objects.happened(vantage).filter(agreement=agreement).order_by("-date", "-id")
    return events.prefetch_related(Prefetch("reports", reports, to_attr="told"))[:REPORTED_BEFORE]


def _begins(agreement: Agreement, vantage: Vantage) -> Any:
    """The day of the earliest event on record, or of the agreement's first state."""
    events = Event.objects.public(vantage).filter(agreement=agreement, state=EventState.OCCURRED)
    return events.aggregate(day=Min("date"))["day"]
