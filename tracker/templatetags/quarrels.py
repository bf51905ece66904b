"""Disputes in words: what they are about, and who takes which stand."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from tracker import words
from tracker.codebook import Quarrel, Stance
from tracker.models import Observation
from tracker.models.disputes import Side
from tracker.models.standing import Row

from .languages import content
from .record import day

register = template.Library()


@register.simple_tag
def disputes_url(row: Row, q: str = "") -> str:
    """Where it is told who disputes what about an obligation; "" where its status is not marked disputed."""
    if not row.status.disputed:
        return ""
    page = reverse("agreement_disputes", args=[row.obligation.agreement.slug])
    return f"{page}{q}#about-{row.obligation.code}"


@register.filter
def of_kind(names: Mapping[str, str], kind: Quarrel) -> str:
    return names[kind.value]


@register.filter
def stands(sides: Iterable[Side]) -> SafeString:
    """Each side with the stances it takes: "Hamas: denies it; Israel: says so"."""
    told = (format_html("{}: {}", content(side.name), words.strung(_stances(side))) for side in sides)
    return mark_safe(words.apart(told))  # noqa: S308  # each part is escaped


def _stances(side: Side) -> Iterable[str]:
    return dict.fromkeys(str(Stance(said.report.stance).label) for said in side.said)


@register.filter
def covers(seen: Observation) -> SafeString:
    """The day or the days that a figure is about."""
    if seen.period_start and seen.period_start != seen.as_of:
        return format_html("{}", words.span(seen.period_start, seen.as_of))
    return mark_safe(day(seen.as_of))  # noqa: S308  # made by format_html


@register.filter
def later_days(days: Sequence[dt.date]) -> str:
    """All but the first of the days, in words."""
    return words.joined(words.written(one) for one in days[1:])
