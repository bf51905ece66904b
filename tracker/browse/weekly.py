"""Better or worse: what the record of an agreement has by week, and which of it went up or down."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tracker import words
from tracker.errors import explains_bad_addresses
from tracker.models.standing import board
from tracker.models.weekly import weekly

from . import charts, rates
from .agreements import below, find, known_agreements, unrecorded
from .vantage import asked_vantage, query_of

SHOWN_EVENTS = 60


@require_safe
@explains_bad_addresses
def detail(request: HttpRequest, slug: str) -> HttpResponse:
    vantage = asked_vantage(request)
    agreement = find(slug)
    if not known_agreements(vantage).filter(pk=agreement.pk).exists():
        return unrecorded(request, vantage, agreement)
    now = board(agreement, vantage)
    found = weekly(now)
    verdict = rates.verdict(found, vantage.as_of, query_of(vantage)) if found else None
    context = below(request, now, "rates") | {
        "verdict": verdict,
        "shown_events": SHOWN_EVENTS,
        "files": _files(request, slug) if verdict and verdict.cards else {},
    }
    return render(request, "browse/rates.html", context)


@require_safe
@explains_bad_addresses
def picture(request: HttpRequest, slug: str, ending: str) -> HttpResponse:
    """The charts as a file."""
    vantage = asked_vantage(request)
    agreement = find(slug)
    known = known_agreements(vantage).filter(pk=agreement.pk).exists()
    found = weekly(board(agreement, vantage)) if known else None
    verdict = rates.verdict(found, vantage.as_of, "") if found else None
    drawn = rates.panels(verdict.series) if verdict else None
    if not verdict or not drawn:
        raise Http404(_("There are no weeks to draw on this day."))
    sheet = charts.Sheet(
        name=f"{slug}-weekly-{vantage.as_of}",
        title=agreement.title,
        subtitle=_("Weekly rates on record, to %(day)s") % {"day": words.written(verdict.day or vantage.as_of)},
        page=reverse("agreement_rates_page", args=[slug]),
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
