"""The two dates in an address: ``as_of`` (what held on that day) and ``known_on`` (as recorded by that day)."""

import datetime as dt
import re
from urllib.parse import urlencode

from django.http import HttpRequest
from django.utils.translation import gettext as _

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


def asked_day(request: HttpRequest, name: str, now: dt.date | None) -> dt.date | None:
    """The day that a part of the query gives, or None. Raises BadAddress; also for one after ``now``, if given."""
    text = request.GET.get(name, "")
    if not text:
        return None
    shown = text if len(text) <= 40 else f"{text[:40]}…"
    mend = (
        _("Write a day as year-month-day, for instance %(example)s, and none after today.")
        if now
        else _("Write a day as year-month-day, for instance %(example)s.")
    ) % {"example": f"{name}=2025-12-18"}
    if not DAY.fullmatch(text):
        raise BadAddress(_("“%(text)s” is not a day.") % {"text": shown}, mend)
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        raise BadAddress(_("There is no day %(day)s in the calendar.") % {"day": shown}, mend) from None
    if now and day > now:
        raise BadAddress(_("%(day)s lies in the future; nothing can be said about it yet.") % {"day": shown}, mend)
    return day


def query_of(vantage: Vantage) -> str:
    """The query string, with its question mark, that keeps other pages at the same vantage; empty for now."""
    parts = {}
    if vantage.as_of != vantage.today:
        parts["as_of"] = vantage.as_of.isoformat()
    if vantage.known_on is not None:
        parts["known_on"] = vantage.known_on.isoformat()
    return f"?{urlencode(parts)}" if parts else ""
