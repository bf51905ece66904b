"""The first page: every agreement at a glance, what changed last, what comes next."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tracker.errors import explains_bad_addresses
from tracker.models import Agreement, Event
from tracker.models.standing import Board, Change, Row

from .agreements import at_a_glance
from .frame import frame, step
from .vantage import asked_vantage

LATEST = 10
NEXT = 8


@dataclass(frozen=True, slots=True)
class Coming:
    """What lies ahead: a scheduled event, or an obligation with its day."""

    date: dt.date
    agreement: Agreement
    event: Event | None = None
    row: Row | None = None


@dataclass(frozen=True, slots=True)
class Latest:
    agreement: Agreement
    change: Change


@require_safe
@explains_bad_addresses
def home(request: HttpRequest) -> HttpResponse:
    vantage = asked_vantage(request)
    shown, others = at_a_glance(vantage)
    days = [day for one in shown for day in one.change_days]
    context = frame(request, vantage, "") | {
        "boards": shown,
        "others": others,
        "latest": latest(shown),
        "coming": coming(shown),
        "many": len(shown) > 1,
        "previous": step(request, vantage, vantage.before(days)),
        "next": step(request, vantage, vantage.after(days)),
        "first": None if shown else Agreement.objects.order_by("recorded_at").first(),
    }
    return render(request, "browse/home.html", context)


def latest(shown: Iterable[Board]) -> list[Latest]:
    """The newest changes over all agreements; those that only confirm are left to each agreement's own page."""
    found = [Latest(one.agreement, change) for one in shown for change in one.changes if change.moved]
    found.sort(key=lambda item: item.change.assessment.effective_on, reverse=True)
    return found[:LATEST]


def coming(shown: Iterable[Board]) -> list[Coming]:
    """What is scheduled or falls due, soonest first."""
    found = [Coming(event.date, one.agreement, event=event) for one in shown for event in one.coming]
    found += [
        Coming(row.obligation.due_on, one.agreement, row=row)
        for one in shown
        for row in one.due_next
        if row.obligation.due_on
    ]
    return sorted(found, key=lambda item: item.date)[:NEXT]
