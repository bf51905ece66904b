"""Long lists, one page at a time, by the place of the last row seen and never by a running number.

A cursor is the day and the id of a row: ``before=2025-12-18.<id>`` for what is older, ``after=`` for what is newer.
Rows without a day come last and have ``undated`` in its place.
"""

import datetime as dt
import re
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import F, Model, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _

from tracker.errors import BadAddress

ROWS = 50
COUNTED = 10_000
CURSOR = re.compile(r"(undated|\d{4}-\d{2}-\d{2})\.([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Page[M: Model]:
    """The rows to show, and the addresses of the pages before and after; None where there is none."""

    rows: list[M]
    newer_url: str | None
    older_url: str | None


@dataclass(frozen=True, slots=True)
class Cursor:
    day: dt.date | None
    id: uuid.UUID


def turned[M: Model](
    rows: QuerySet[M],
    request: HttpRequest,
    keep: Mapping[str, str | Sequence[str]],
    *,
    day: str = "date",
    downwards: bool = True,
    nullable: bool = False,
    prefix: str = "",
    anchor: str = "",
    size: int | None = None,
) -> Page[M]:
    """One page of ``rows``, newest ``day`` first, then by id (``downwards`` or up).

    ``day`` is a field or a path to one, ``nullable`` whether it can be empty. ``keep`` are the other parts of the
    query. ``prefix`` tells apart two lists on one page, ``anchor`` is where a list starts on it. ``size`` is ROWS
    unless given.
    Raises BadAddress for a cursor that no page of this list can have given out.
    """
    size = size or ROWS
    before = _asked(request, f"{prefix}before", nullable=nullable)
    after = _asked(request, f"{prefix}after", nullable=nullable)
    if before and after:
        raise BadAddress(_("A page of a list is either before a place or after one, not both."))
    newest = [F(day).desc(nulls_last=True) if nullable else F(day).desc(), F("id").desc() if downwards else F("id")]
    oldest = [F(day).asc(nulls_first=True) if nullable else F(day).asc(), F("id") if downwards else F("id").desc()]

    found: list[M] = []
    newer = older = False
    if after:
        above = rows.filter(_beyond(after, day, downwards=downwards, nullable=nullable, up=True))
        found = list(above.order_by(*oldest)[: size + 1])
        newer, older = len(found) > size, True
        found = found[:size][::-1]
        if not newer:
            # What is left above is less than a page: show the first one whole.
            before = after = None
    if not after:
        below = rows
        if before:
            below = rows.filter(_beyond(before, day, downwards=downwards, nullable=nullable, up=False))
        found = list(below.order_by(*newest)[: size + 1])
        newer, older = before is not None, len(found) > size
        found = found[:size]

    def address(name: str, row: M) -> str:
        value = _value(row, day)
        cursor = f"{value.isoformat() if value else 'undated'}.{row.pk}"
        return f"{request.path}?{urlencode({**keep, f'{prefix}{name}': cursor}, doseq=True)}{anchor}"

    first = f"{request.path}{'?' if keep else ''}{urlencode(keep, doseq=True)}{anchor}"
    return Page(
        rows=found,
        newer_url=(address("after", found[0]) if found else first) if newer else None,
        older_url=address("before", found[-1]) if older and found else None,
    )


def in_order[M: Model](
    ids: Sequence[uuid.UUID], request: HttpRequest, keep: Mapping[str, str | Sequence[str]], rows: QuerySet[M]
) -> Page[M]:
    """One page of the rows with these ids, in the order of the ids; ``below=<id>`` is what comes after that row.

    Where that row is no longer among them, the list starts again.
    Raises BadAddress for what is no id.
    """
    start = 0
    if text := request.GET.get("below", ""):
        try:
            below = uuid.UUID(text)
        except ValueError:
            raise _no_place(text) from None
        start = ids.index(below) + 1 if below in ids else 0
    shown = ids[start : start + ROWS]
    found = rows.in_bulk(shown)

    def address(**place: str) -> str:
        query = urlencode({**keep, **place}, doseq=True)
        return f"{request.path}?{query}" if query else request.path

    above = start - ROWS
    return Page(
        rows=[found[one] for one in shown if one in found],
        newer_url=(address(below=str(ids[above - 1])) if above > 0 else address()) if start else None,
        older_url=address(below=str(shown[-1])) if start + ROWS < len(ids) else None,
    )


def how_many(rows: QuerySet[Any]) -> str:
    """The number of rows, not counted further than anybody would want to know."""
    count = rows.order_by()[: COUNTED + 1].count()
    return f"{COUNTED:,}+" if count > COUNTED else f"{count:,}"


def _asked(request: HttpRequest, name: str, *, nullable: bool) -> Cursor | None:
    text = request.GET.get(name, "")
    if not text:
        return None
    match = CURSOR.fullmatch(text)
    try:
        if match is None or (match[1] == "undated" and not nullable):
            raise ValueError
        day = None if match[1] == "undated" else dt.date.fromisoformat(match[1])
        return Cursor(day, uuid.UUID(match[2]))
    except ValueError:
        raise _no_place(text) from None


def _no_place(text: str) -> BadAddress:
    shown = text if len(text) <= 60 else f"{text[:60]}…"
    return BadAddress(
        _("“%(text)s” is not a place in this list.") % {"text": shown},
        _("Start at the top of the list and turn its pages from there."),
    )


def _beyond(cursor: Cursor, day: str, *, downwards: bool, nullable: bool, up: bool) -> Q:
    """The rows after the cursor in the list's order, or before it when going ``up``."""
    smaller = downwards != up
    same_day = Q(**{f"id__{'lt' if smaller else 'gt'}": cursor.id})
    if cursor.day is None:
        undated = Q(**{f"{day}__isnull": True}) & same_day
        return undated | Q(**{f"{day}__isnull": False}) if up else undated
    other_days = Q(**{f"{day}__{'gt' if up else 'lt'}": cursor.day})
    if nullable and not up:
        other_days |= Q(**{f"{day}__isnull": True})
    return other_days | (Q(**{day: cursor.day}) & same_day)


def _value(row: Any, path: str) -> dt.date | None:
    for name in path.split("__"):
        row = getattr(row, name)
    value: dt.date | None = row
    return value
