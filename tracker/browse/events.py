from typing import Any

from django.http import Http404, HttpRequest, HttpResponse


def index(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise Http404


def detail(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise Http404


def of_agreement(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise Http404
