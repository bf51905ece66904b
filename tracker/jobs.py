"""What the worker does in the background: reads feeds, looks whether addresses still answer.

``enqueue_due`` puts what is due into the queue; each task notes its outcome on its row, with the time of the next try.
What was taken out of the queue and never finished is due again after a while.
"""

import datetime as dt
import logging
import re
import uuid

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.tasks import task
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from tracker.exchange import feeds
from tracker.exchange.fetching import FEED_TYPES, Limits, Refused, fetch
from tracker.models import Article, Feed, Link, Vantage
from tracker.models.inbox import Announcement

logger = logging.getLogger(__name__)

AT_ONCE = 50
"""Rows of one kind that are put into the queue in one go."""

LEASE = dt.timedelta(minutes=15)
"""After so long a task that never reported counts as lost."""

KEPT_RESULTS = dt.timedelta(days=7)

FEED_LIMITS = Limits(media_types=FEED_TYPES, packed=4_000_000, unpacked=4_000_000)
LINK_LIMITS = Limits()

ANSWERS = frozenset({"forbidden", "not_article", "too_big", "redirect_loop"})
"""Refusals behind which there is a page all the same: it wants a payment, is a film, is large, or sets cookies."""

SILENCE = frozenset({"resolve", "offline", "timeout"})
"""Refusals that a machine without a network gets of every address."""


@task
def poll_feed(pk: str) -> str:
    """Reads one feed; says in a sentence what came of it."""
    feed = Feed.objects.filter(pk=uuid.UUID(pk)).first()
    if feed is None:
        return "There is no such feed any more."
    return poll(feed)


def poll(feed: Feed) -> str:
    """Reads the feed now, and notes new candidates, or why it failed; says in a sentence which."""
    try:
        answer = fetch(feed.url, FEED_LIMITS, contact=settings.CONTACT, etag=feed.etag, modified=feed.modified)
        if answer.status == 304:
            feed.answered(None, answer.etag or feed.etag, answer.modified or feed.modified)
            return "Nothing new since it was read last."
        parsed = feeds.parse(answer.body, answer.url, answer.charset)
    except Refused as refusal:
        reason = _of_a_feed(refusal.reason)
        feed.failed(reason, refusal.retry_after)
        return reason
    except feeds.BadFeed as bad:
        feed.failed(bad.reason)
        return bad.reason
    announced = [Announcement(one.url, one.title, one.summary, one.outlet, one.published_at) for one in parsed.entries]
    new = feed.answered(announced, answer.etag, answer.modified)
    return f"It has {counted(len(announced), 'entry', 'entries')}, {new} of them new."


def _of_a_feed(reason: str) -> str:
    """The reason without the advice to paste the text, which helps with an article only."""
    kept = [sentence for sentence in re.split(r"(?<=[.!?])\s+", reason) if "paste" not in sentence]
    return " ".join(kept) or reason


@task
def check_link(pk: int) -> str:
    """Looks whether an article's address still leads to a page; says in a sentence what came of it."""
    link = Link.objects.select_related("article").filter(pk=pk).first()
    if link is None:
        return "There is no such link any more."
    try:
        fetch(link.article.url, LINK_LIMITS, contact=settings.CONTACT)
    except Refused as refusal:
        if refusal.code in SILENCE and not _others_answer():
            link.not_now()
            return "Nothing at all answers: this says more about the network here than about the address."
        if refusal.code not in ANSWERS:
            link.failed(refusal.reason)
            return refusal.reason
    link.answered()
    return "It answers."


def enqueue_due() -> int:
    """Puts every feed and link that is due into the queue, once; gives their number."""
    now = timezone.now()
    _forget_old_results(now)
    _watch_what_is_public()
    return _enqueue_feeds(now) + _enqueue_links(now)


def _enqueue_feeds(now: dt.datetime) -> int:
    with transaction.atomic():
        due = Feed.objects.filter(Q(due_at__lte=now) | Q(due_at=None), active=True)
        # A second worker takes others.
        rows = list(due.select_for_update(skip_locked=True).order_by("due_at", "pk")[:AT_ONCE])
        Feed.objects.filter(pk__in=[feed.pk for feed in rows]).update(due_at=now + LEASE)
        for feed in rows:
            poll_feed.enqueue(str(feed.pk))
    return len(rows)


def _enqueue_links(now: dt.datetime) -> int:
    """Links of articles that something public rests on; the others wait until something does."""
    public = Article.objects.public(Vantage.now()).order_by()
    with transaction.atomic():
        due = Link.objects.filter(due_at__lte=now, article__in=public.values("pk"))
        rows = list(due.select_for_update(skip_locked=True, of=("self",)).order_by("due_at", "pk")[:AT_ONCE])
        Link.objects.filter(pk__in=[link.pk for link in rows]).update(due_at=now + LEASE)
        for link in rows:
            check_link.enqueue(link.pk)
    return len(rows)


def _watch_what_is_public() -> None:
    """Articles that came in by files or with a judgement get their first look a day later, too."""
    public = Article.objects.public(Vantage.now()).filter(link=None).order_by()
    for article in public[:AT_ONCE]:
        Link.watch(article)


def _others_answer() -> bool:
    """Whether anything was reached in the last two days."""
    lately = timezone.now() - dt.timedelta(days=2)
    return (
        Link.objects.filter(checked_at__gte=lately, failures=0).exists()
        or Feed.objects.filter(answered_at__gte=lately).exists()
    )


def _forget_old_results(now: dt.datetime) -> None:
    DBTaskResult.objects.finished().filter(finished_at__lt=now - KEPT_RESULTS).delete()


def counted(number: int, one: str, several: str) -> str:
    return f"{number} {one if number == 1 else several}"
