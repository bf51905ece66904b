"""What every public page hands to its template, and the steps through time under an agreement's title."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from tracker.models import Agreement, Vantage

from .citing import citable
from .vantage import query_of


@dataclass(frozen=True, slots=True)
class Step:
    """A day to go to and its address."""

    date: dt.date
    url: str


def frame(request: HttpRequest, vantage: Vantage, section: str) -> dict[str, Any]:
    """The context that base.html and the date bar read. ``section`` lights an item of the main navigation."""
    q = query_of(vantage)
    return {
        "vantage": vantage,
        "q": q,
        "section": section,
        "known_on": vantage.known_on or vantage.today,
        "canonical_url": request.build_absolute_uri(f"{request.path}{q}"),
        "today_url": request.path,
        "citable": citable(request, vantage),
    }


def trail_to(agreement: Agreement, q: str) -> list[tuple[str, str]]:
    """The way to a page below an agreement."""
    return [(_("Agreements"), reverse("agreements") + q), (agreement.title, agreement.get_absolute_url() + q)]


def step(request: HttpRequest, vantage: Vantage, day: dt.date | None) -> Step | None:
    """The same page on another day, as recorded by the same day."""
    return Step(day, f"{request.path}{query_of(replace(vantage, as_of=day))}") if day else None


def steps(
    request: HttpRequest, vantage: Vantage, days: Iterable[dt.date | None], keep: Iterable[tuple[str, str]] = ()
) -> dict[str, Step | None]:
    """The steps of the date bar to the nearest of these days before and after. ``keep``: other parts of the query."""
    known = [day for day in days if day is not None]
    kept = urlencode(list(keep))

    def to(day: dt.date | None) -> Step | None:
        found = step(request, vantage, day)
        if found is None or not kept:
            return found
        return Step(found.date, f"{found.url}{'&' if '?' in found.url else '?'}{kept}")

    return {"previous": to(vantage.before(known)), "next": to(vantage.after(known))}
