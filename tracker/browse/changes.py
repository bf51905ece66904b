"""What changed between two days, of one agreement or of all.

``since`` and ``until`` are days of what happened; ``by=recorded`` asks for what was entered here on those days instead.
What was corrected or withdrawn is told apart, by the day on which that was done.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from tracker.codebook import DatePrecision, EventState
from tracker.errors import BadAddress, explains_bad_addresses
from tracker.models import Agreement, Assessment, Event, Vantage
from tracker.models.changes import Changes, Period, Turn, changes, events_in, last_change
from tracker.models.corrections import MENDING, Scope, marks, told
from tracker.models.standing import Board, board
from tracker.words import span, written

from .agreements import at_a_glance, find, known_agreements, subnav, unrecorded
from .frame import frame
from .vantage import asked_day, asked_vantage, query_of

USUAL_DAYS = 30
A_DAY = dt.timedelta(days=1)

SHOWN_TURNS = 200
SHOWN_EVENTS = 100
SHOWN_MENDED = 50


@dataclass(frozen=True, slots=True)
class Asked:
    """The period of the page, the vantage it is read from, and why it begins where it does.

    ``begins``: "asked", "usual" (the last thirty days), or "last" (nothing changed in those, so since the last change).
    """

    period: Period
    vantage: Vantage
    begins: str

    def parts(self, period: Period | None = None) -> dict[str, str]:
        """The query of this page about that period."""
        period = period or self.period
        found = {"since": period.since.isoformat(), "until": period.until.isoformat()}
        if period.recorded:
            found["by"] = "recorded"
            if self.vantage.as_of != self.vantage.today:
                found["as_of"] = self.vantage.as_of.isoformat()
        elif self.vantage.known_on is not None:
            found["known_on"] = self.vantage.known_on.isoformat()
        return found


def asked(request: HttpRequest) -> Asked:
    """The period that the address asks for. Raises BadAddress for one that cannot be told of."""
    vantage = asked_vantage(request)
    by = request.GET.get("by", "")
    if by not in ("", "recorded"):
        raise BadAddress(
            _("Changes can be listed by the day on which they happened, or by the day on which they were recorded."),
            _("Leave “by” out for the first, and write by=recorded for the second."),
        )
    since, until = (asked_day(request, name, vantage.today) for name in ("since", "until"))
    recorded = by == "recorded"
    last = (vantage.known_on or vantage.today) if recorded else vantage.as_of
    if until is not None and until > last and request.GET.get("known_on" if recorded else "as_of"):
        raise BadAddress(
            _("The period ends on %(until)s, after the day that the page is about, %(day)s.")
            % {"until": written(until), "day": written(last)},
            _("Choose a last day that is not later."),
        )
    until = until or last
    if since is not None and since > until:
        raise BadAddress(
            _("The period ends on %(until)s, before it begins on %(since)s.")
            % {"until": written(until), "since": written(since)},
            _("Choose a first day that is not later than the last one."),
        )
    if recorded:
        vantage = replace(vantage, known_on=until if until != vantage.today else None)
    else:
        vantage = replace(vantage, as_of=until)
    begins = "asked" if since else "usual"
    return Asked(Period(since or _earlier(until, USUAL_DAYS - 1), until, recorded), vantage, begins)


def _earlier(day: dt.date, days: int) -> dt.date:
    return dt.date.fromordinal(max(day.toordinal() - days, 1))


@require_safe
@explains_bad_addresses
def of_agreement(request: HttpRequest, slug: str) -> HttpResponse:
    page = asked(request)
    agreement = find(slug)
    if not known_agreements(page.vantage).filter(pk=agreement.pk).exists():
        return unrecorded(request, page.vantage, agreement)
    now = board(agreement, page.vantage)
    more = {
        "agreement": agreement,
        "board": now,
        "subnav": subnav(now, "changes"),
        "feed_url": reverse("agreement_feed", args=[slug]),
        "trail": [(_("Agreements"), reverse("agreements") + query_of(page.vantage))],
    }
    return _page(request, page, [now], Scope(agreement), more)


@require_safe
@explains_bad_addresses
def index(request: HttpRequest) -> HttpResponse:
    page = asked(request)
    shown, others = at_a_glance(page.vantage)
    more = {
        "others": others,
        "across": len(shown) > 1,
        "feed_url": reverse("changes_feed"),
        "first": None if shown else Agreement.objects.order_by("recorded_at").first(),
    }
    return _page(request, page, shown, Scope(), more)


@dataclass(frozen=True, slots=True)
class OfDay[T]:
    """What belongs to one day. ``vague``: the items are events of which the day itself is not known."""

    day: dt.date
    items: list[T]
    vague: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """Another period to look at."""

    label: str
    url: str
    current: bool = False


def _page(
    request: HttpRequest, page: Asked, shown: Sequence[Board], scope: Scope, more: dict[str, Any]
) -> HttpResponse:
    found = changes(shown, page.period)
    if page.begins == "usual" and not page.period.recorded and all(one.nothing for one in found):
        last = last_change(shown, page.vantage)
        if last is not None and last < page.period.since:
            page = replace(page, period=replace(page.period, since=last), begins="last")
            found = changes(shown, page.period)
    period, vantage = page.period, page.vantage
    events = events_in(period, vantage).filter(agreement__in=[one.agreement for one in shown])
    order = "-recorded_at" if period.recorded else "-counts_from"
    newest = list(events.order_by(order, "-id")[: SHOWN_EVENTS + 1])
    leaf = marks(MENDING, vantage, scope, size=SHOWN_MENDED, within=period.moments())
    turns = sorted((turn for one in found for turn in one.turns), key=lambda turn: _day_of(turn, period), reverse=True)
    context = frame(request, vantage, "agreements") | {
        "period": period,
        "begins": page.begins,
        "span": span(period.since, period.until),
        "summary": summary(found, period, len(newest[:SHOWN_EVENTS]), len(leaf.marks)),
        "found": found,
        "days": by_day(turns[:SHOWN_TURNS], lambda turn: _day_of(turn, period)),
        "more_turns": max(len(turns) - SHOWN_TURNS, 0),
        "turned": len(turns),
        "net": [(one.agreement, net) for one in found for net in one.net if not net.first],
        "first_assessed": [(one.agreement, net) for one in found for net in one.net if net.first],
        "confirmed": [turn for one in found for turn in one.confirmed],
        "events": events_by_day(newest[:SHOWN_EVENTS], period),
        "more_events": len(newest) > SHOWN_EVENTS,
        "mended": told(leaf.marks, vantage),
        "more_mended": leaf.older,
        "canonical_url": request.build_absolute_uri(f"{request.path}?{urlencode(page.parts())}")
        if request.GET.get("since") or request.GET.get("until")
        else request.build_absolute_uri(f"{request.path}{_default_query(page)}"),
        "today_url": f"{request.path}{'?by=recorded' if period.recorded else ''}",
        "previous": _shifted(request, page, -1),
        "next": _shifted(request, page, 1),
        "choices": choices(request, page, shown),
        "switch": switch(request, page),
        "keep": _kept(page),
        "first_recorded": _first_recorded(scope),
        "newest_recorded": _newest_recorded(vantage, scope) if period.recorded and not newest and not turns else None,
        "corrections_url": _corrections_url(scope, vantage),
    }
    return render(request, "browse/changes.html", context | more)


def _day_of(turn: Turn, period: Period) -> dt.date:
    recorded = turn.change.assessment.recorded_at if turn.change else None
    return recorded.astimezone(dt.UTC).date() if period.recorded and recorded else turn.day


def _event_day(event: Any, period: Period) -> dt.date:
    """The day under which an event stands: its own, not the one from which it counts."""
    day: dt.date = event.recorded_at.astimezone(dt.UTC).date() if period.recorded else event.counts_from
    if not period.recorded and event.state == "scheduled":
        day = event.announced_on
    return day


def by_day[T](items: Iterable[T], day: Any) -> list[OfDay[T]]:
    """The items in groups, newest day first; within a day in the order given."""
    ordered = sorted(items, key=day, reverse=True)
    return [OfDay(key, list(group)) for key, group in groupby(ordered, key=day)]


def events_by_day(events: Sequence[Any], period: Period) -> list[OfDay[Any]]:
    """Events in groups, newest day first; one of which the day is not known stands alone, under what is known of it."""
    found = []
    for group in by_day(events, lambda event: _event_day(event, period)):
        vague = [one for one in group.items if not period.recorded and _vague(one)]
        exact = [one for one in group.items if one not in vague]
        found += [OfDay(group.day, exact)] if exact else []
        found += [OfDay(group.day, [one], vague=True) for one in vague]
    return found


def _vague(event: Event) -> bool:
    return event.state == EventState.OCCURRED and event.date_precision != DatePrecision.DAY


def _default_query(page: Asked) -> str:
    parts = page.parts()
    kept: dict[str, str] = {name: value for name, value in parts.items() if name not in ("since", "until")}
    if not page.period.recorded and page.vantage.as_of != page.vantage.today:
        kept["as_of"] = page.vantage.as_of.isoformat()
    if page.period.recorded and page.vantage.known_on:
        kept["known_on"] = page.vantage.known_on.isoformat()
    return f"?{urlencode(kept)}" if kept else ""


def _kept(page: Asked) -> dict[str, str]:
    """What the form carries along beside the two days it asks for."""
    return {name: value for name, value in page.parts().items() if name not in ("since", "until", "known_on")}


def _shifted(request: HttpRequest, page: Asked, direction: int) -> Choice | None:
    """The period of the same length before or after this one; None where it lies outside of all days that have come."""
    period, today = page.period, page.vantage.today
    if direction < 0:
        until = period.eve
        if until == period.since:
            return None
        other = replace(period, since=_earlier(until, period.days - 1), until=until)
    else:
        since = period.until + A_DAY
        if since > today:
            return None
        until = min(dt.date.fromordinal(since.toordinal() + period.days - 1), today)
        other = replace(period, since=since, until=until)
    return Choice(span(other.since, other.until), f"{request.path}?{urlencode(page.parts(other))}")


def choices(request: HttpRequest, page: Asked, shown: Sequence[Board]) -> list[Choice]:
    """Periods that readers often want, ending on the same day."""
    until = page.period.until
    starts: list[tuple[str, dt.date]] = [
        (ngettext("The last %(n)s day", "The last %(n)s days", days) % {"n": days}, _earlier(until, days - 1))
        for days in (7, USUAL_DAYS, 90)
    ]
    if len(shown) == 1:
        effective = shown[0].agreement.effective_on or shown[0].agreement.signed_on
        if effective and effective <= until and not page.period.recorded:
            starts.append((_("Since it took effect"), effective))
    found = []
    for label, since in starts:
        other = replace(page.period, since=since)
        url = f"{request.path}?{urlencode(page.parts(other))}"
        found.append(Choice(label, url, current=other == page.period))
    return found


def switch(request: HttpRequest, page: Asked) -> list[Choice]:
    """The same days, by what happened on them and by what was recorded on them."""
    recorded = replace(page, period=replace(page.period, recorded=True))
    happened = replace(page, period=replace(page.period, recorded=False))
    if page.period.recorded:
        happened = replace(happened, vantage=replace(page.vantage, known_on=None))
    return [
        Choice(
            _("By the day it happened"),
            f"{request.path}?{urlencode(happened.parts())}",
            current=not page.period.recorded,
        ),
        Choice(
            _("By the day it was recorded here"),
            f"{request.path}?{urlencode(recorded.parts())}",
            current=page.period.recorded,
        ),
    ]


def _first_recorded(scope: Scope) -> dt.date | None:
    """The day on which recording began."""
    first = scope.agreement or Agreement.objects.order_by("recorded_at").first()
    return first.recorded_at.astimezone(dt.UTC).date() if first else None


def _newest_recorded(vantage: Vantage, scope: Scope) -> dt.date | None:
    """The last day by the record day on which a status or an event was recorded."""
    judged = Assessment.objects.published(vantage).filter(scope.of("obligation"))
    events = Event.objects.public(vantage)
    if scope.agreement is not None:
        events = events.filter(agreement=scope.agreement)
    moments = [rows.order_by().aggregate(newest=Max("recorded_at"))["newest"] for rows in (judged, events)]
    return max((moment.astimezone(dt.UTC).date() for moment in moments if moment), default=None)


def _corrections_url(scope: Scope, vantage: Vantage) -> str:
    q = query_of(vantage)
    if scope.agreement is None:
        return reverse("corrections") + q
    chosen = urlencode({"agreement": scope.agreement.slug})
    return f"{reverse('corrections')}{q}{'&' if q else '?'}{chosen}"


def summary(found: Sequence[Changes], period: Period, events: int, mended: int) -> list[str]:
    """What changed, in whole sentences of counts; the first one is the answer in short."""
    turned = {turn.row.obligation.pk for one in found for turn in one.turns}
    total = sum(len(one.board.rows) for one in found)
    sentences = []
    if period.recorded:
        judged = sum(len(one.moved) + len(one.confirmed) for one in found)
        sentences.append(
            ngettext("%(n)s judgement was recorded.", "%(n)s judgements were recorded.", judged) % {"n": judged}
            if judged
            else _("No judgement was recorded.")
        )
    elif turned:
        sentences.append(
            ngettext(
                "%(n)s of %(all)s obligations changed its status or level.",
                "%(n)s of %(all)s obligations changed their status or level.",
                len(turned),
            )
            % {"n": len(turned), "all": total}
        )
        sentences += _movement(found)
    else:
        sentences.append(_("No status changed."))
    ruled = sum(len(one.by_rule) for one in found)
    if ruled:
        sentences.append(
            ngettext(
                "%(n)s word changed by a rule alone, without a new judgement.",
                "%(n)s words changed by a rule alone, without a new judgement.",
                ruled,
            )
            % {"n": ruled}
        )
    sentences += _counts(found, period, events, mended)
    return sentences


def _movement(found: Sequence[Changes]) -> list[str]:
    """How many were assessed for the first time, and how many ended at a higher or a lower level than before."""
    pairs = [
        (net.before.level, net.after.level)
        for one in found
        for net in one.net
        if net.before and net.before.level is not None and net.after.level is not None
    ]
    up, down = sum(old < new for old, new in pairs), sum(old > new for old, new in pairs)
    sentences = []
    first = sum(net.first for one in found for net in one.net)
    if first:
        sentences.append(
            ngettext(
                "%(n)s of them was assessed for the first time.",
                "%(n)s of them were assessed for the first time.",
                first,
            )
            % {"n": first}
        )
    if up:
        sentences.append(ngettext("%(n)s rose to a higher level.", "%(n)s rose to a higher level.", up) % {"n": up})
    if down:
        sentences.append(ngettext("%(n)s fell to a lower level.", "%(n)s fell to a lower level.", down) % {"n": down})
    return sentences


def _counts(found: Sequence[Changes], period: Period, events: int, mended: int) -> list[str]:
    sentences = []
    declared = sum(len(one.declarations) for one in found)
    if declared:
        sentences.append(
            ngettext(
                "%(n)s declaration about a phase.",
                "%(n)s declarations about phases.",
                declared,
            )
            % {"n": declared}
        )
    due = sum(len(one.due) for one in found)
    if due:
        sentences.append(ngettext("%(n)s due date came.", "%(n)s due dates came.", due) % {"n": due})
    if events:
        sentences.append(
            ngettext("%(n)s new event.", "%(n)s new events.", events) % {"n": events}
            if events < SHOWN_EVENTS
            else _("More than %(n)s new events.") % {"n": events}
        )
    else:
        sentences.append(_("No new event."))
    if mended:
        sentences.append(
            ngettext("%(n)s record was corrected or withdrawn.", "%(n)s records were corrected or withdrawn.", mended)
            % {"n": mended}
        )
    return sentences
