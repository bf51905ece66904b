"""What holds for every answer."""

from collections.abc import Callable
from typing import Any

import pghistory.middleware
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

NEVER_CACHED = ("/desk/", "/admin/", "/accounts/", "/suggest/")


def never_cached_when_signed_in(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[..., HttpResponse]:
    """Answers to people who are signed in, and everything behind the door, must not be kept by anybody."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        signed_in = hasattr(request, "user") and request.session.session_key and request.user.is_authenticated
        if signed_in or _without_language(request.path).startswith(NEVER_CACHED):
            response.headers["Cache-Control"] = "private, no-store"
        return response

    return middleware


def _without_language(path: str) -> str:
    language = translation.get_language_from_path(path)
    return path.removeprefix(f"/{language}") if language else path


def language_of_the_address(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[..., HttpResponse]:
    """A page speaks the language that its address names, whatever the browser prefers: an address is one page.

    Django's own middleware would have every answer vary with the browser's languages, and so keep it out of caches.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        language = translation.get_language_from_path(request.path_info) or settings.LANGUAGE_CODE
        with translation.override(language):
            response = get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response

    return middleware


class HistoryMiddleware(pghistory.middleware.HistoryMiddleware):
    """Notes beside every version of a row who wrote it, also under the public name, which outlives the account."""

    def get_context(self, request: HttpRequest) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request)
        if request.user.is_authenticated:
            context["byline"] = request.user.public_name
        return context
