"""Error answers in the site's design. Each says what was wrong and what to do."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _


class BadAddress(Exception):
    """The address asks for something impossible. ``problem`` names it, ``help`` says what to write instead."""

    def __init__(self, problem: str, help: str = "") -> None:  # noqa: A002  # the template's word
        super().__init__(problem)
        self.problem = problem
        self.help = help


def explains_bad_addresses[**P](view: Callable[P, HttpResponse]) -> Callable[P, HttpResponse]:
    """Turns a BadAddress raised inside a view into a 400 page."""

    @wraps(view)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        try:
            return view(*args, **kwargs)
        except BadAddress as error:
            request: Any = args[0]
            context = {"problem": error.problem, "help": error.help, "today_url": request.path}
            return render(request, "400.html", context, status=400)

    return wrapper


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    # The host may be what was refused; no address that names it can be made, so the page is not told of the request.
    context = {"problem": _("The request could not be read."), "today_url": "/", "canonical_url": request.path}
    return render(None, "400.html", context, status=400)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    match = request.resolver_match
    # Forms of the desk come back as they were filled in, with a new key.
    stale = getattr(match.func, "stale", None) if match else None
    answer: HttpResponse | None = stale(request, *match.args, **match.kwargs) if match and stale else None
    if answer is not None:
        return answer
    return render(request, "403_csrf.html", {"reason": reason}, status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "404.html", {"exception": exception}, status=404)
