"""What holds for every answer."""

from collections.abc import Callable
from typing import Any

import pghistory.middleware
from django.http import HttpRequest, HttpResponse

NEVER_CACHED = ("/desk/", "/admin/", "/accounts/")


def never_cached_when_signed_in(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[..., HttpResponse]:
    """Answers to people who are signed in, and everything behind the door, must not be kept by anybody."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        signed_in = hasattr(request, "user") and request.session.session_key and request.user.is_authenticated
        if signed_in or request.path.startswith(NEVER_CACHED):
            response.headers["Cache-Control"] = "private, no-store"
        return response

    return middleware


class HistoryMiddleware(pghistory.middleware.HistoryMiddleware):
    """Notes beside every version of a row who wrote it, also under the public name, which outlives the account."""

    def get_context(self, request: HttpRequest) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request)
        if request.user.is_authenticated:
            context["byline"] = request.user.public_name
        return context
