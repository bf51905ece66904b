from typing import Any

from django.http import Http404, HttpRequest, HttpResponse


def methodology(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise Http404


def about(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise Http404
