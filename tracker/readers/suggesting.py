"""A reader says that something is wrong, and everybody can read what was answered."""

import uuid
from typing import Any
from urllib.parse import urlsplit

from allauth.core.ratelimit import consume
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from tracker import pages
from tracker.errors import BadAddress, explains_bad_addresses
from tracker.models import Suggestion, today

from .forms import SuggestionForm

DAYS = ("as_of", "known_on", "since", "until", "from", "to")
"""The parts of a query that a proposal keeps."""
LARGEST = 100_000
"""So many bytes may a form have: the longest texts in the widest script fit in."""


@require_http_methods(["GET", "HEAD", "POST"])
@explains_bad_addresses
def suggest(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        return _sent(request)
    about = request.GET.get("about", "")
    if not about:
        return render(request, "readers/suggest.html")
    page = _page(request, about)
    if page is None:
        raise BadAddress(
            _("There is no page here that this could be about."),
            _("Open the page that you mean, and follow “Propose a correction” at its end."),
        )
    return _form(request, SuggestionForm(initial={"about": page.address}), page)


def _sent(request: HttpRequest) -> HttpResponse:
    size = request.headers.get("Content-Length") or "0"
    if not size.isdecimal() or int(size) > LARGEST:
        return render(request, "readers/suggest.html", {"too_large": True}, status=413)
    form = SuggestionForm(request.POST)
    page = _page(request, request.POST.get("about", ""))
    if page is None:
        form.add_error(None, _("The page that this was about is no longer there. Your words are still here."))
    if page is None or not form.is_valid():
        return _form(request, form, page, 422)
    if not consume(request, action="suggest"):
        return _form(request, form, page, 429, too_many=True)
    made = Suggestion.send(**form.cleaned_data | {"about": page.address, "title": page.title[:500]})
    return HttpResponseRedirect(made.get_absolute_url(), status=303)


def _form(
    request: HttpRequest, form: SuggestionForm, page: pages.Page | None, status: int = 200, **outcome: Any
) -> HttpResponse:
    context = {"form": form, "page": page, **outcome}
    return render(request, "readers/suggest.html", context, status=status)


def stale(request: HttpRequest) -> HttpResponse | None:
    """The answer to a form that came without its key or with an old one: the words are kept."""
    if request.headers.get("Sec-Fetch-Site") != "same-origin":
        return None
    form = SuggestionForm(request.POST)
    return _form(request, form, _page(request, request.POST.get("about", "")), 403, stale=True)


# Read by tracker.errors.csrf_failure.
setattr(suggest, "stale", stale)  # noqa: B010  # a function has no such attribute by itself


def _page(request: HttpRequest, about: str) -> pages.Page | None:
    """The page of this site at an address, which is given both dates; None where there is none."""
    try:
        parts = urlsplit(about.strip())
    except ValueError:
        return None
    if (parts.scheme or parts.netloc) and (parts.scheme not in ("http", "https") or parts.netloc != request.get_host()):
        return None
    if len(about) > 1900 or not parts.path.startswith("/"):
        return None
    asked = QueryDict(parts.query)
    query = QueryDict(mutable=True)
    # Days, and nothing else: an address is shown with the answer, and must carry no words of the sender.
    for name in DAYS:
        if asked.get(name):
            query[name] = asked[name]
    for name in ("as_of", "known_on"):
        query.setdefault(name, today().isoformat())
    try:
        page = pages.ask(request, f"{parts.path}?{query.urlencode()}")
    except Http404:
        return None
    return page if page.found else None


@require_safe
def show(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """What became of it. Of what waits nothing is told but that it waits."""
    found = get_object_or_404(Suggestion.objects.select_related("reply"), pk=pk)
    return render(request, "readers/suggestion.html", {"suggestion": found, "reply": found.answer})
