from typing import Any

from django.http import Http404, HttpRequest, HttpResponse


def detail(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise Http404
