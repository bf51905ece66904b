"""Every correction and withdrawal, for ever: what was said, what is said now, why, by whom and when."""

import datetime as dt
import re
import uuid
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tracker.errors import BadAddress, explains_bad_addresses
from tracker.models import Agreement, Suggestion
from tracker.models.corrections import MENDING, Mark, Scope, edited, marks, told
from tracker.models.edits import Place

from .agreements import known_agreements
from .frame import frame
from .vantage import asked_vantage, query_of

ROWS = 50
EDITS = 30
ANSWERS = 200
MOMENT = r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{6}Z"
CURSOR = re.compile(rf"({MOMENT})\.({'|'.join(MENDING)})\.([0-9a-f-]{{1,36}})", re.ASCII)
UUID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
PLACE = re.compile(rf"({MOMENT})\.({UUID})\.({UUID})", re.ASCII)
SHAPE = "%Y-%m-%dT%H:%M:%S.%fZ"


@require_safe
@explains_bad_addresses
def index(request: HttpRequest) -> HttpResponse:
    vantage = asked_vantage(request)
    agreements = list(known_agreements(vantage))
    chosen = _chosen(request, agreements)
    before, after = _asked(request, "before"), _asked(request, "after")
    if before and after:
        raise BadAddress(_("A page of a list is either before a place or after one, not both."))
    scope = Scope(chosen)
    leaf = marks(MENDING, vantage, scope, size=ROWS, before=before, after=after)
    if after and not leaf.newer:
        # What is left above is less than a page: show the first one whole.
        leaf = marks(MENDING, vantage, scope, size=ROWS)
    edits, older_edits = edited(vantage, scope, size=EDITS, after=_place(request, "edits"))
    keep = _kept(request, chosen)
    answered = list(Suggestion.objects.answered(vantage)[: ANSWERS + 1])

    def address(name: str, value: str, anchor: str = "") -> str:
        return f"{request.path}?{urlencode({**keep, name: value})}{anchor}"

    context = frame(request, vantage, "corrections") | {
        "told": told(leaf.marks, vantage),
        "newer_url": address("after", _written(leaf.marks[0])) if leaf.newer and leaf.marks else None,
        "older_url": address("before", _written(leaf.marks[-1])) if leaf.older and leaf.marks else None,
        "edits": edits,
        "older_edits_url": address("edits", _placed(older_edits), "#edits") if older_edits else None,
        "newest_edits_url": f"{request.path}{'?' if keep else ''}{urlencode(keep)}#edits"
        if request.GET.get("edits")
        else None,
        "suggestions": answered[:ANSWERS],
        "more_suggestions": len(answered) > ANSWERS,
        "agreements": agreements,
        "chosen": chosen,
        "across": chosen is None and len(agreements) > 1,
        "keep": {name: value for name, value in keep.items() if name != "agreement"},
        "all_url": f"{request.path}{query_of(vantage)}",
        "canonical_url": request.build_absolute_uri(f"{request.path}{'?' if keep else ''}{urlencode(keep)}"),
        "first": Agreement.objects.order_by("recorded_at").first(),
    }
    return render(request, "browse/corrections.html", context)


def _chosen(request: HttpRequest, agreements: list[Agreement]) -> Agreement | None:
    slug = request.GET.get("agreement", "")
    found = next((one for one in agreements if one.slug == slug), None)
    if slug and found is None:
        raise BadAddress(_("No agreement has this address."), _("Choose one from the list, or leave it out."))
    return found


def _kept(request: HttpRequest, chosen: Agreement | None) -> dict[str, str]:
    """The parts of the query that every page of the list has."""
    keep: dict[str, Any] = {name: request.GET.get(name, "") for name in ("as_of", "known_on")}
    keep["agreement"] = chosen.slug if chosen else ""
    return {name: value for name, value in keep.items() if value}


def _written(mark: Mark) -> str:
    return f"{mark.at.astimezone(dt.UTC):{SHAPE}}.{mark.kind}.{mark.key}"


def _asked(request: HttpRequest, name: str) -> Mark | None:
    text = request.GET.get(name, "")
    if not text:
        return None
    match = CURSOR.fullmatch(text)
    at = _read(match[1]) if match else None
    if match is None or at is None:
        raise _no_place(text)
    return Mark(at, match[2], match[3])


def _placed(place: Place) -> str:
    at, context, event = place
    return f"{at.astimezone(dt.UTC):{SHAPE}}.{context}.{event}"


def _place(request: HttpRequest, name: str) -> Place | None:
    text = request.GET.get(name, "")
    if not text:
        return None
    match = PLACE.fullmatch(text)
    at = _read(match[1]) if match else None
    if match is None or at is None:
        raise _no_place(text)
    return at, uuid.UUID(match[2]), uuid.UUID(match[3])


def _read(text: str) -> dt.datetime | None:
    try:
        return dt.datetime.strptime(text, SHAPE).replace(tzinfo=dt.UTC)
    except ValueError:
        return None


def _no_place(text: str) -> BadAddress:
    shown = text if len(text) <= 60 else f"{text[:60]}…"
    return BadAddress(
        _("“%(shown)s” is not a place in this list.") % {"shown": shown},
        _("Start at the top of the list and turn its pages from there."),
    )
