"""Disputes in words: what they are about, and who takes which stand."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence

from django import template
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from tracker import words
from tracker.browse.citations import TOLD_IN_ORDER, stood_by
from tracker.browse.phrases import when
from tracker.codebook import Quarrel
from tracker.models import Event, Observation, Report
from tracker.models.disputes import Side
from tracker.models.standing import Row

from .languages import content, names, told
from .record import attributed, day

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
    """Who takes which stance: "Said by: Israel and Qatar · Denied by: Hamas"."""
    sides = list(sides)
    found = ((stance, [side.name for side in sides if stance in _stances(side)]) for stance in TOLD_IN_ORDER)
    return format_html_join(" · ", "{}", ((told(stood_by(stance), who=names(who)),) for stance, who in found if who))


def _stances(side: Side) -> set[str]:
    return {said.report.stance for said in side.said}


@register.simple_tag
def worded(side: str, report: Report, event: Event, q: str = "") -> SafeString:
    """What a side says, in a line: who, the quotation, the event with its day, and the outlet."""
    speaks = report.originator.name if report.originator and report.originator.name != side else ""
    language = report.quote_language or report.article.language
    return told(
        _("%(who)s: %(quote)s %(day)s, %(outlet)s"),
        who=attributed(side, speaks, report),
        quote=format_html('<q lang="{}" dir="{}">{}</q>', language, words.direction(language) or "ltr", report.quote),
        day=format_html('<a href="{}{}">{}</a>', event.get_absolute_url(), q, when(event)),
        outlet=format_html(
            '<a href="{}{}">{}</a>', report.article.get_absolute_url(), q, content(report.article.outlet.name)
        ),
    )


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
