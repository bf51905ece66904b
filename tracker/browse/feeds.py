"""Atom feeds of what is published, corrected and withdrawn: of everything, of one agreement, of one obligation."""

import datetime as dt
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.http import http_date
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tracker.exchange.xml import writable
from tracker.models import Obligation, Vantage
from tracker.models.corrections import Kind, Scope, Telling, marks, told
from tracker.models.standing import Status

from .agreements import find

ENTRIES = 50
SINCE = 2026
"""The year in the ids of entries: with the host's name it makes them unique for ever (RFC 4151)."""


class AtomFeed(Atom1Feed):
    """Django's feed, which however calls one without entries new at every look. ``begun``: since when it is there."""

    def __init__(self, *, begun: dt.datetime, **facts: Any) -> None:
        super().__init__(**facts)
        self.begun = begun

    def latest_post_date(self) -> dt.datetime:
        return max((item["updateddate"] for item in self.items), default=self.begun)


@require_safe
def of_all(request: HttpRequest) -> HttpResponse:
    return _feed(
        request,
        Scope(),
        title=_("Ceasefire Tracker: changes of all agreements"),
        page=reverse("changes"),
        begun=dt.datetime(SINCE, 1, 1, tzinfo=dt.UTC),
    )


@require_safe
def of_agreement(request: HttpRequest, slug: str) -> HttpResponse:
    agreement = find(slug)
    return _feed(
        request,
        Scope(agreement),
        title=_("Ceasefire Tracker: %(title)s") % {"title": agreement.title},
        page=agreement.get_absolute_url(),
        begun=agreement.recorded_at,
    )


@require_safe
def of_obligation(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    agreement = find(slug)
    duty = Obligation.objects.filter(agreement=agreement, code=code).select_related("agreement").first()
    if duty is None:
        raise Http404(_("This agreement has no obligation with this address."))
    return _feed(
        request,
        Scope(agreement, duty),
        title=_("Ceasefire Tracker: %(title)s") % {"title": duty.title},
        page=duty.get_absolute_url(),
        begun=duty.recorded_at,
    )


def _feed(request: HttpRequest, scope: Scope, *, title: str, page: str, begun: dt.datetime) -> HttpResponse:
    """The newest records by the moment of recording. The number of queries does not depend on the data."""
    vantage = Vantage.now()
    site = f"{request.scheme}://{request.get_host()}"
    host = request.get_host().split(":")[0]
    feed = AtomFeed(
        begun=begun,
        title=writable(title),
        link=site + page,
        description="",
        subtitle=_("New judgements, corrections and withdrawals, with reason and evidence, by the day of recording"),
        language=get_language(),
        feed_url=site + request.path,
        feed_guid=f"tag:{host},{SINCE}:{request.path}",
        author_name=_("Ceasefire Tracker"),
    )
    for one in told(marks(Kind, vantage, scope, size=ENTRIES).marks, vantage):
        address = site + record_url(one)
        content = render_to_string("browse/feed_entry.html", {"one": one, "vantage": vantage, "site": site})
        feed.add_item(
            title=writable(headline(one)),
            link=address,
            description=writable(content.strip()),
            unique_id=f"tag:{host},{SINCE}:{one.kind}/{one.mark.key}",
            pubdate=one.at,
            updateddate=one.at,
            author_name=writable(", ".join(filter(None, [one.byline, one.reviewer]))) or _("Ceasefire Tracker"),
            categories=[writable(one.agreement.title)],
        )
    response = HttpResponse(content_type=feed.content_type)
    response.headers["Last-Modified"] = http_date(feed.latest_post_date().timestamp())
    feed.write(response, "utf-8")
    return response


def record_url(one: Telling) -> str:
    """The page of the record itself; of a withdrawal, that of what was withdrawn."""
    if one.assessment is not None:
        return one.assessment.get_absolute_url()
    if one.event is not None:
        return one.event.get_absolute_url()
    return one.obligation.get_absolute_url() if one.obligation else one.agreement.get_absolute_url()


def headline(one: Telling) -> str:
    """What happened to the record, in one sentence."""
    duty = one.obligation.title if one.obligation else ""
    match one.kind:
        case Kind.JUDGEMENT:
            return _judged(one, duty)
        case Kind.CORRECTION:
            words = {"title": duty, "now": _called(one.now), "was": _called(one.was)}
            return _("Corrected: %(title)s: %(now)s, not %(was)s") % words
        case Kind.RETRACTION:
            return _("Withdrawn: %(title)s: %(was)s") % {"title": duty, "was": _called(one.was)}
        case _other:
            return _withdrawn(one, duty)


def _judged(one: Telling, duty: str) -> str:
    old, new = one.was, one.now
    if old is None or new is None or one.change is None:
        return _("%(title)s: %(new)s (changed since)") % {"title": duty, "new": _called(new)}
    if old.key != new.key:
        return _("%(title)s: from %(old)s to %(new)s") % {"title": duty, "old": old.label, "new": new.label}
    if old.level != new.level and old.level is not None:
        words = {"title": duty, "word": new.label, "old": old.level, "new": new.level}
        return _("%(title)s: %(word)s, from level %(old)s to level %(new)s") % words
    return _("%(title)s: still %(word)s") % {"title": duty, "word": new.label}


def _withdrawn(one: Telling, duty: str) -> str:
    about = {"title": one.event.title if one.event else duty}
    if one.put_back:
        return _("Put back: %(title)s") % about
    if one.report is not None:
        return _("Report withdrawn: %(title)s") % about
    if one.observation is not None:
        return _("Figure withdrawn: %(title)s") % about
    if one.check is not None:
        return _("Look withdrawn: %(title)s") % about
    return _("Event withdrawn: %(title)s") % about


def _called(status: Status | None) -> str:
    if status is None:
        return _("Not assessed")
    if status.level is None:
        return str(status.label)
    return _("%(word)s, level %(level)s") % {"word": status.label, "level": status.level}
