"""Who may come to the desk, and what becomes of a request that may not.

Whole pages and fragments get different answers, and neither ever loses what somebody wrote: a form that arrives without
a session, or with a key from before signing in again, comes back filled in.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, Protocol
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render, resolve_url
from django.views.decorators.vary import vary_on_headers
from django_htmx.middleware import HtmxDetails

from tracker.models import Person

from . import kept


class Request(HttpRequest):
    """What views of the desk get: somebody signed in, and htmx's headers read."""

    htmx: HtmxDetails
    user: Person


class Answers(Protocol):
    def answer(self, status: int = 200, **context: Any) -> HttpResponse: ...


type View = Callable[..., HttpResponse]


def at_the_desk(again: Callable[..., Answers] | None = None) -> Callable[[View], View]:
    """Lets only signed-in people in, and turns PermissionDenied into the right kind of refusal.

    ``again`` builds the view's form from what was sent, for people whose session or key is gone.
    """

    def decorator(view: View) -> View:
        @wraps(view)
        def wrapper(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
            try:
                if not is_signed_in(request):
                    # Only what was typed is shown again; who merely asks for a form signs in first.
                    form = again(request, *args, **kwargs) if again and request.method == "POST" else None
                    return _signed_out(request, form)
                return view(request, *args, **kwargs)
            except PermissionDenied as refusal:
                return _refused(request, str(refusal))

        def stale(request: Any, *args: Any, **kwargs: Any) -> HttpResponse | None:
            """The answer to a form whose key no longer fits, if it surely came from one of our own pages."""
            ours = request.htmx or request.headers.get("Sec-Fetch-Site") == "same-origin"
            if again is None or not ours:
                return None
            try:
                form = again(request, *args, **kwargs)
                if not is_signed_in(request):
                    return _signed_out(request, form)
                return form.answer(403, stale=True)
            except PermissionDenied as refusal:
                return _refused(request, str(refusal))

        varying = vary_on_headers("HX-Request")(wrapper)
        # Read by tracker.errors.csrf_failure.
        setattr(varying, "stale", stale)  # noqa: B010  # a function has no such attribute by itself
        return varying

    return decorator


def _signed_out(request: Any, form: Answers | None) -> HttpResponse:
    if request.htmx:
        if form and request.method == "POST":
            return form.answer(401, signed_out=True)
        # The page that the fragment was for is the place to come back to.
        return tell(request, "desk/_signed_out.html", 401, next=request.htmx.current_url_abs_path or "/desk/")
    target = request.get_full_path()
    if request.method == "POST":
        # Where there is no form to come back to, the desk shows what can be done.
        target = request.path if form else "/desk/"
        if form:
            key = kept.keep(request, request.POST)
            if key is None:
                return form.answer(401, signed_out=True)
            target = f"{target}?{urlencode({'kept': key})}"
            messages.warning(request, "You were signed out. What you wrote is kept: sign in and it is there again.")
    return HttpResponseRedirect(sign_in_url(target))


def _refused(request: Any, why: str) -> HttpResponse:
    why = why or "This is for people with another role. Nothing was changed."
    if request.htmx:
        return tell(request, "desk/_refused.html", 403, why=why)
    # Typed text stays within reach even here.
    wrote = [value for key, value in request.POST.items() if key != "csrfmiddlewaretoken" and " " in value.strip()]
    return render(request, "desk/refused.html", {"exception": why, "wrote": wrote}, status=403)


def is_signed_in(request: HttpRequest) -> bool:
    return bool(request.user.is_authenticated)


def tell(request: HttpRequest, template: str, status: int, **context: Any) -> HttpResponse:
    """A message for the live region; nothing else in the page is touched."""
    response = render(request, template, context, status=status)
    response.headers["HX-Retarget"] = "#live"
    response.headers["HX-Reswap"] = "innerHTML"
    return response


def sign_in_url(target: str) -> str:
    return f"{resolve_url('account_login')}?{urlencode({'next': target})}"


def require(person: Person, permission: str, otherwise: str) -> None:
    """Raises PermissionDenied with the sentence ``otherwise``."""
    if not person.has_perm(f"tracker.{permission}"):
        raise PermissionDenied(otherwise)
