"""The parties of an agreement: what each owes, is accused of and says, by one rule; and what the record has by week."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tracker import words
from tracker.codebook import EffectKind, Verification
from tracker.errors import explains_bad_addresses
from tracker.models import Event
from tracker.models.parties import Side, parity
from tracker.models.standing import Board, Row, board, fetched
from tracker.models.weekly import Weekly, weekly
from tracker.rubric.rates import COMPARED_WEEKS, DAYS

from . import charts, rates
from .agreements import find, known_agreements, subnav, unrecorded
from .frame import frame, step
from .vantage import asked_vantage, query_of

SHOWN_EVENTS = 60


@dataclass(frozen=True, slots=True)
class Breach:
    """An event with the obligations that it is said or shown to break."""

    event: Event
    rows: list[Row]


@dataclass(frozen=True, slots=True)
class Degree:
    """The breaches of a party that are verified to one degree."""

    verification: Verification
    breaches: list[Breach]


@dataclass(frozen=True, slots=True)
class Party:
    """A party with its breaches by verification, every degree of them, in the codebook's order."""

    side: Side
    degrees: list[Degree]
    justified: list[Breach]


@require_safe
@explains_bad_addresses
def detail(request: HttpRequest, slug: str) -> HttpResponse:
    vantage = asked_vantage(request)
    agreement = find(slug)
    if not known_agreements(vantage).filter(pk=agreement.pk).exists():
        return unrecorded(request, vantage, agreement)
    now = board(agreement, vantage)
    q = query_of(vantage)
    facts = about(now)
    drawn = any(one.chart for one in facts["rates"])
    context = (
        frame(request, vantage, "agreements")
        | facts
        | {
            "files": _files(request, slug) if drawn else {},
            "subnav": subnav(now, "parties"),
            "previous": step(request, vantage, now.previous_day),
            "next": step(request, vantage, now.next_day),
            "trail": [
                (_("Agreements"), reverse("agreements") + q),
                (agreement.title, agreement.get_absolute_url() + q),
            ],
        }
    )
    return render(request, "browse/parties.html", context)


@require_safe
@explains_bad_addresses
def picture(request: HttpRequest, slug: str, ending: str) -> HttpResponse:
    """The weekly rates as a file."""
    vantage = asked_vantage(request)
    agreement = find(slug)
    known = known_agreements(vantage).filter(pk=agreement.pk).exists()
    found = weekly(board(agreement, vantage)) if known else None
    drawn = rates.panels(rates.series(found, vantage.as_of, "")) if found else None
    if not drawn:
        raise Http404("There are no weeks to draw on this day.")
    sheet = charts.Sheet(
        name=f"{slug}-weekly-{vantage.as_of}",
        title=agreement.title,
        subtitle=_("Weekly rates on record, to %(day)s") % {"day": words.written(vantage.as_of)},
        page=reverse("agreement_parties", args=[slug]),
        template="rates.svg",
        height=drawn.height,
        drawing={"panels": drawn.panels, "panel_width": rates.PANEL, "keys": drawn.keys},
    )
    return charts.answer(request, vantage, sheet, ending)


def _files(request: HttpRequest, slug: str) -> dict[str, str]:
    query = request.GET.urlencode()
    return {
        ending: reverse(f"agreement_rates_{ending}", args=[slug]) + (f"?{query}" if query else "")
        for ending in ("svg", "png")
    }


def about(now: Board) -> dict[str, Any]:
    """What the page says of the day."""
    found = parity(now)
    by_week = weekly(now)
    day = now.vantage.as_of
    return {
        "board": now,
        "agreement": now.agreement,
        "parties": [_party(side, now) for side in found.sides],
        "strangers": [_breach(event, now) for event in found.strangers],
        "verifications": list(Verification),
        "weekly": by_week,
        "verdict": rates.verdict(by_week, day) if by_week else "",
        "silent_since": _silent_since(by_week, day) if by_week else None,
        "rates": rates.series(by_week, day, query_of(now.vantage)) if by_week else [],
        "shown_events": SHOWN_EVENTS,
    }


def _silent_since(found: Weekly, day: dt.date) -> dt.date | None:
    """The day of the newest event or figure, where the four weeks that are compared have none."""
    newest = found.newest
    return newest if newest and (day - newest).days >= DAYS * COMPARED_WEEKS else None


def _party(side: Side, now: Board) -> Party:
    return Party(
        side,
        [Degree(one, [_breach(event, now) for event in side.breaches[one]]) for one in Verification],
        [_breach(event, now) for event in side.justified],
    )


def _breach(event: Event, now: Board) -> Breach:
    broken = {one.obligation_id for one in fetched(event, "moves") if one.effect == EffectKind.BREACHES}
    return Breach(event, [row for row in now.rows if row.obligation.pk in broken])
