"""How a page is cited: its address with both dates written out, and files for reference managers."""

import datetime as dt
from dataclasses import dataclass

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from tracker import pages
from tracker.errors import explains_bad_addresses
from tracker.exchange.citations import FORMATS, Work
from tracker.models import Vantage

from .vantage import asked_vantage

PAGING = ("after", "before", "page")
"""Parts of a query that say where in a list somebody is."""


@dataclass(frozen=True, slots=True)
class File:
    """The entry in one format."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Citable:
    """What "cite this page" needs. ``path`` is the address with both dates, without the host; ``url`` has it."""

    vantage: Vantage
    path: str
    url: str
    files: list[File]

    @property
    def known_on(self) -> dt.date:
        return self.vantage.known_on or self.vantage.today

    @property
    def year(self) -> str:
        """The year in which what is shown was recorded."""
        return str(self.known_on.year)

    @property
    def publisher(self) -> str:
        return str(settings.OPERATOR)


def citable(request: HttpRequest, vantage: Vantage) -> Citable | None:
    """How the page that was asked for is cited; None for pages that only lead to others."""
    match = request.resolver_match
    if match is None or match.url_name not in pages.STATING:
        return None
    query = pinned_query(request, vantage)
    files = [File(one.label, f"{request.path.rstrip('/')}.{one.ending}?{query}") for one in FORMATS]
    path = f"{request.path}?{query}"
    return Citable(vantage, path, request.build_absolute_uri(path), files)


def pinned_query(request: HttpRequest, vantage: Vantage) -> str:
    """The query with both days written out, so that the address goes on showing what was cited."""
    query = request.GET.copy()
    for name in PAGING:
        query.pop(name, None)
    query["as_of"] = vantage.as_of.isoformat()
    query["known_on"] = (vantage.known_on or vantage.today).isoformat()
    return query.urlencode()


@require_safe
@explains_bad_addresses
def download(request: HttpRequest, ending: str) -> HttpResponse:
    """The entry for the page whose address ends in a slash where this one has an ending."""
    vantage = asked_vantage(request)
    path = f"{request.path.removesuffix(f'.{ending}')}/"
    found = pages.ask(request, f"{path}?{request.GET.urlencode()}")
    if not found.found:
        return found.response
    work = Work(
        title=found.title,
        url=request.build_absolute_uri(f"{path}?{pinned_query(request, vantage)}"),
        as_of=vantage.as_of,
        known_on=vantage.known_on or vantage.today,
        accessed=vantage.today,
        publisher=settings.OPERATOR,
        language=get_language() or settings.LANGUAGE_CODE,
    )
    one = next((one for one in FORMATS if one.ending == ending), None)
    if one is None:
        raise Http404
    response = HttpResponse(one.written(work), content_type=f"{one.media_type}; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{work.key}.{ending}"'
    return response
