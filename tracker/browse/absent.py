"""What to say of a record on a day before it existed."""

import datetime as dt

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from tracker.models import Vantage

from .frame import frame
from .vantage import query_of


def not_yet(
    request: HttpRequest,
    vantage: Vantage,
    section: str,
    *,
    what: str,
    first_day: dt.date | None,
    label: str,
    known: bool,
    trail: list[tuple[str, str]],
) -> HttpResponse:
    """The page of a record that did not exist on the day asked about. It tells nothing that came later.

    ``what`` finishes "By 18 Dec 2025, ...". ``first_day`` is the day to go to, None where there is none yet.
    ``known``: the record day is not what is too early, so that the link keeps it.
    """
    first = None
    if first_day and first_day <= vantage.today:
        then = Vantage(as_of=first_day, known_on=vantage.known_on if known else None, today=vantage.today)
        first = {"url": request.path + query_of(then), "label": label}
    context = frame(request, vantage, section)
    context |= {"what": what, "first": first, "first_day": first_day, "trail": trail, "citable": None}
    return render(request, "browse/not_yet.html", context)
