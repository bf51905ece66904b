"""Addresses of merged records: each leads to the record that took its place, for ever and in one step."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect


def moved(request: HttpRequest, record: Any) -> HttpResponse:
    """301 to the heir's address, with the reader's query. Needs a record with ``merged_into``."""
    query = request.META.get("QUERY_STRING", "")
    address = record.standing.get_absolute_url()
    response = HttpResponsePermanentRedirect(f"{address}?{query}" if query else address)
    # A merge can be taken back; a browser that kept the answer would go on leading away.
    response.headers["Cache-Control"] = "no-cache"
    return response


def heir(request: HttpRequest, table: Any, **named: Any) -> HttpResponse | None:
    """The redirect of the merged record that is named so, or None where there is none."""
    rows = table.with_merged.filter(merged_into__isnull=False, **named).select_related("merged_into")
    found = rows.first()
    return moved(request, found) if found else None
