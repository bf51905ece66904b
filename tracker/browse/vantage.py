"""The two dates in an address: ``as_of`` (what held on that day) and ``known_on`` (as recorded by that day)."""

import datetime as dt
import re
from urllib.parse import urlencode

from django.http import HttpRequest

from tracker.errors import BadAddress
from tracker.models import Vantage, today

DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def asked_vantage(request: HttpRequest) -> Vantage:
    """The vantage that the query string asks for; today and all that is recorded by default.

    Raises BadAddress for anything but a real day in the form 2025-12-18 that is not in the future.
    """
    now = today()
    as_of = asked_day(request, "as_of", now)
    known_on = asked_day(request, "known_on", now)
    # What was recorded by the end of today is all that is recorded.
    return Vantage(as_of=as_of or now, known_on=known_on if known_on != now else None, today=now)


def asked_day(request: HttpRequest, name: str, now: dt.date) -> dt.date | None:
    """The day that a part of the query gives, or None. Raises BadAddress."""
    text = request.GET.get(name, "")
    if not text:
        return None
    shown = text if len(text) <= 40 else f"{text[:40]}…"
    mend = f"Write a day as year-month-day, for instance {name}=2025-12-18, and none after today."
    if not DAY.fullmatch(text):
        raise BadAddress(f"“{shown}” is not a day.", mend)
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        raise BadAddress(f"There is no day {shown} in the calendar.", mend) from None
    if day > now:
        raise BadAddress(f"{shown} lies in the future; nothing can be said about it yet.", mend)
    return day


def query_of(vantage: Vantage) -> str:
    """The query string, with its question mark, that keeps other pages at the same vantage; empty for now."""
    parts = {}
    if vantage.as_of != vantage.today:
        parts["as_of"] = vantage.as_of.isoformat()
    if vantage.known_on is not None:
        parts["known_on"] = vantage.known_on.isoformat()
    return f"?{urlencode(parts)}" if parts else ""
