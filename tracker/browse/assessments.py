"""One judgement at its own address: all that it says, what it rests on, and what became of it."""

import datetime as dt
import uuid
from collections.abc import Sequence

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tracker.codebook import DatePrecision
from tracker.errors import explains_bad_addresses
from tracker.models import Assessment, Vantage
from tracker.models.histories import Entry, history
from tracker.models.standing import board
from tracker.words import written

from .absent import not_yet
from .frame import frame, steps
from .vantage import asked_vantage, query_of


@require_safe
@explains_bad_addresses
def detail(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    vantage = asked_vantage(request)
    rows = Assessment.objects.published().select_related("obligation__agreement", "obligation__phase")
    found = rows.filter(pk=pk).first()
    if found is None or found.recorded_at is None:
        raise Http404(_("No published judgement has this address."))
    if not vantage.has_recorded(found.recorded_at):
        return _absent(request, vantage, found, _("nothing of this judgement had been recorded here."))
    if found.effective_on > vantage.as_of:
        return _absent(request, vantage, found, _("what this judgement says had not become true."))
    now = board(found.obligation.agreement, vantage)
    row = now.row(found.obligation.code)
    if row is None:
        return _absent(request, vantage, found, _("the obligation that this judgement is about had not been agreed."))
    entries = history(now, row)
    entry = next(one for one in entries if one.assessment.pk == pk)
    if entry.retraction is not None:
        return _withdrawn(request, vantage, entry)
    chain = [one for one in entries if one.assessment.chain == found.chain]
    context = frame(request, vantage, "agreements") | {
        **steps(request, vantage, _days(found, row.change_days)),
        "board": now,
        "agreement": now.agreement,
        "row": row,
        "entry": entry,
        "chain": sorted(chain, key=lambda one: one.assessment.position),
        "trail": _trail(vantage, found),
    }
    return render(request, "browse/assessment.html", context)


def _days(found: Assessment, change_days: Sequence[dt.date]) -> list[dt.date]:
    """The days on which this page changes: that from which it is there, where it is known exactly, and later ones."""
    exact = [found.effective_on] if found.effective_precision == DatePrecision.DAY else []
    return [*exact, *(day for day in change_days if day > found.effective_on)]


def _trail(vantage: Vantage, found: Assessment) -> Sequence[tuple[str, str]]:
    duty, q = found.obligation, query_of(vantage)
    return [
        (_("Agreements"), reverse("agreements") + q),
        (duty.agreement.title, f"{duty.agreement.get_absolute_url()}{q}"),
        (duty.title, f"{duty.get_absolute_url()}{q}"),
    ]


def _absent(request: HttpRequest, vantage: Vantage, found: Assessment, what: str) -> HttpResponse:
    """The page of a judgement at a time from which it cannot be seen. It tells nothing of what it says."""
    known = found.recorded_at is not None and vantage.has_recorded(found.recorded_at)
    return not_yet(
        request,
        vantage,
        "agreements",
        what=what,
        first_day=found.effective_on if known else vantage.today,
        label=_("The judgement on the day it became true, %(day)s") % {"day": written(found.effective_on)}
        if known
        else _("The judgement today"),
        known=known,
        trail=[(_("Agreements"), reverse("agreements") + query_of(vantage))],
    )


def _withdrawn(request: HttpRequest, vantage: Vantage, entry: Entry) -> HttpResponse:
    """410: the address goes on saying that the record was withdrawn, why, and what counts in its place."""
    one, retraction, q = entry.assessment, entry.retraction, query_of(vantage)
    duty = one.obligation
    instead = entry.instead
    context = frame(request, vantage, "agreements") | {
        "title": _("%(duty)s: judgement of %(day)s") % {"duty": duty.title, "day": written(one.effective_on)},
        "reason": retraction.reason if retraction else "",
        "withdrawn_on": retraction.recorded_at.date() if retraction else None,
        "withdrawn_by": retraction.byline if retraction else "",
        "replaced_by": instead
        and {
            "url": f"{instead.get_absolute_url()}{q}",
            "label": _("The record entered on %(day)s") % {"day": written(instead.recorded_at.date())}
            if instead.recorded_at
            else _("The record that counts"),
        },
        "parent": {"url": f"{duty.get_absolute_url()}{q}", "label": duty.title},
    }
    return render(request, "410.html", context, status=410)
