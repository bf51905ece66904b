"""The public pages that state something: what is at an address of ours, and what the page there is called."""

import html
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.urls import resolve
from django.utils import translation

STATING = frozenset(
    {
        "agreement",
        "agreement_timeline",
        "agreement_text",
        "agreement_changes",
        "agreement_disputes",
        "agreement_parties",
        "agreement_rates_page",
        "agreement_waiting",
        "agreement_brief",
        "agreement_events",
        "obligation",
        "assessment",
        "event",
        "source",
        "outlet",
        "actor",
    }
)
"""The names of the addresses whose pages can be cited, and of which readers can say that something is wrong."""

TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Page:
    """``address`` is path and query; ``title`` is "" where the ``response`` is no page to be read."""

    address: str
    title: str
    response: HttpResponse

    @property
    def found(self) -> bool:
        return self.response.status_code == 200


def ask(request: HttpRequest, address: str) -> Page:
    """The page at a path and query of this site, as any reader gets it. Raises Http404 where no such page can be."""
    try:
        parts = urlsplit(address)
    except ValueError:
        raise Http404 from None
    if parts.scheme or parts.netloc or not parts.path.startswith("/"):
        raise Http404
    language = translation.get_language_from_path(parts.path) or settings.LANGUAGE_CODE
    with translation.override(language):
        match = resolve(parts.path)
        if match.url_name not in STATING:
            raise Http404
        asked = HttpRequest()
        asked.method = "GET"
        asked.path = asked.path_info = parts.path
        asked.GET = QueryDict(parts.query)
        asked.META = request.META | {"QUERY_STRING": parts.query, "PATH_INFO": parts.path}
        asked.META.pop("HTTP_COOKIE", None)
        asked.user = AnonymousUser()
        asked.resolver_match = match
        response: HttpResponse = match.func(asked, *match.args, **match.kwargs)
    return Page(address, _title(response), response)


def _title(response: HttpResponse) -> str:
    """The words before the name of the site."""
    found = TITLE.search(response.content.decode())
    return html.unescape(found[1]).rpartition(" · ")[0].strip() if found and response.status_code == 200 else ""
