"""An agreement's calendar: the days by which something is owed, and what is scheduled."""

from collections.abc import Iterable, Iterator

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tracker.codebook import Nature
from tracker.exchange.calendars import Entry, calendar
from tracker.models import Event, Vantage
from tracker.models.standing import Board, board
from tracker.words import joined, roughly

from .agreements import find

SCHEDULED = 200
"""So many scheduled events it has, the latest ones."""


@require_safe
def of_agreement(request: HttpRequest, slug: str) -> HttpResponse:
    agreement = find(slug)
    vantage = Vantage.now()
    site = f"{request.scheme}://{request.get_host()}"
    host = request.get_host().split(":")[0]
    now = board(agreement, vantage)
    announced = Event.objects.announced(vantage).filter(agreement=agreement).order_by("-date", "-id")[:SCHEDULED]
    entries = [*_due(now, site, host), *_scheduled(announced, site, host)]
    content = calendar(
        _("Ceasefire Tracker: %(title)s") % {"title": agreement.title},
        _("Due dates and scheduled events of the agreement, as recorded today"),
        get_language() or "en",
        sorted(entries, key=lambda entry: (entry.start, entry.uid)),
    )
    return HttpResponse(content, content_type="text/calendar; charset=utf-8")


def _due(now: Board, site: str, host: str) -> Iterator[Entry]:
    for row in now.rows:
        duty = row.obligation
        if duty.due_on is None:
            continue
        binds = duty.nature == Nature.CONTINUING
        title = {"title": duty.title}
        owed = {"status": row.status.label, "who": joined(duty.obligors.all())}
        text = _("Status today: %(status)s. Owed by: %(who)s.") % owed
        written = row.current.recorded_at if row.current else None
        yield Entry(
            uid=f"obligation-{duty.pk}@{host}",
            start=duty.due_on,
            end=duty.due_on,
            title=_("Binds from today: %(title)s") % title if binds else _("Due: %(title)s") % title,
            text="\n".join(filter(None, [text, duty.due_rule])),
            url=site + duty.get_absolute_url(),
            changed=written or duty.recorded_at,
        )


def _scheduled(events: Iterable[Event], site: str, host: str) -> Iterator[Entry]:
    for event in events:
        when = roughly(event.date, event.date_end, event.date_precision)
        yield Entry(
            uid=f"event-{event.pk}@{host}",
            start=event.date,
            end=event.interval_end,
            title=event.title,
            text="\n".join(filter(None, [_("Announced for: %(when)s") % {"when": when}, event.summary])),
            url=site + event.get_absolute_url(),
            changed=event.recorded_at,
            place=event.place,
            tentative=True,
        )
