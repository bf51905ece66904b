"""What the worker does: feeds and links that are due, failures, and how often each is tried again."""

import datetime as dt
from typing import Any

import pytest
from django.tasks import default_task_backend
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from tests import factories
from tests.loopback import FEED, Web, item, rss, web
from tracker import jobs
from tracker.models import Article, Candidate, Feed, Link
from tracker.models.inbox import LONGEST_PAUSE

__all__ = ["web"]

pytestmark = pytest.mark.django_db


def feed(url: str = "https://herald.example/feed.xml", **fields: Any) -> Feed:
    return Feed.objects.create(**{"title": "The Lake Herald", "url": url} | fields)


def public_article(url: str = "https://news.example/1", **fields: Any) -> Article:
    article = factories.article(url=url, **fields)
    factories.event(factories.agreement(), reports=[article])
    return article


# Feeds


def test_new_articles_become_candidates_once_and_known_ones_none(web: Web) -> None:
    factories.article(url="https://herald.example/known")
    url = web.put(
        "/feed.xml",
        rss(
            item("https://herald.example/1?utm_source=rss#top", "Ferries &lt;b&gt;stop&lt;/b&gt;", "Why &amp; where"),
            item("https://herald.example/1", "The same again"),
            item("https://herald.example/known", "On record already"),
            item("javascript:alert(1)", "No address"),
        ),
        FEED,
    )
    source = feed(url)
    said = jobs.poll(source)
    one = Candidate.objects.get()
    assert one.url == "https://herald.example/1"
    assert one.summary == "Why & where"
    assert one.published_at == dt.datetime(2025, 12, 18, 10, tzinfo=dt.UTC)
    assert "1 of them new" in said
    one.state = "ignored"
    one.save()
    jobs.poll(source)
    assert Candidate.objects.get().state == "ignored"
    source.refresh_from_db()
    assert source.failures == 0
    assert source.due_at is not None
    assert dt.timedelta(minutes=29) < source.due_at - timezone.now() <= dt.timedelta(minutes=30)


def test_a_feed_is_asked_only_for_what_is_new(web: Web) -> None:
    url = web.put(
        "/feed.xml",
        rss(item("https://herald.example/1", "One")),
        FEED,
        ETag='"v1"',
        Last_Modified="Thu, 18 Dec 2025 10:00:00 GMT",
    )
    source = feed(url)
    jobs.poll(source)
    web.put("/feed.xml", "", FEED, status=304, ETag='"v1"')
    source.refresh_from_db()
    assert jobs.poll(source) == "Nothing new since it was read last."
    assert web.asked[1][1]["if-none-match"] == '"v1"'
    assert web.asked[1][1]["if-modified-since"] == "Thu, 18 Dec 2025 10:00:00 GMT"
    source.refresh_from_db()
    assert (source.failures, source.etag) == (0, '"v1"')


@pytest.mark.parametrize(
    ("status", "body", "reason"),
    [
        (404, "", "no such page"),
        (500, "", "fault of its own"),
        (200, "<html><body>hello</body></html>", "not a feed"),
        (200, "", "empty"),
    ],
)
def test_a_feed_that_fails_says_so_in_words(web: Web, status: int, body: str, reason: str) -> None:
    source = feed(web.put("/feed.xml", body, "text/html", status=status))
    assert reason in jobs.poll(source)
    source.refresh_from_db()
    assert reason in source.problem
    assert (source.failures, source.answered_at) == (1, None)


def test_a_feed_that_fails_gives_no_advice_for_articles() -> None:
    source = feed("http://herald.example:8399/feed.xml")
    assert jobs.poll(source) == "The address names port 8399; pages are fetched from the usual ports only."
    source.refresh_from_db()
    assert "paste" not in source.problem


def test_each_failure_doubles_the_wait_up_to_a_day(web: Web) -> None:
    source = feed("http://gone.invalid/feed")
    waits = []
    for _ in range(9):
        jobs.poll(source)
        source.refresh_from_db()
        assert source.due_at is not None
        assert source.tried_at is not None
        waits.append(source.due_at - source.tried_at)
    assert waits[:3] == [dt.timedelta(hours=1), dt.timedelta(hours=2), dt.timedelta(hours=4)]
    assert waits[-1] == LONGEST_PAUSE
    source.failed("x", retry_after=200_000)
    assert source.due_at is not None
    assert source.tried_at is not None
    assert source.due_at - source.tried_at == dt.timedelta(seconds=200_000)


def test_what_somebody_changed_while_it_was_read_stays(web: Web) -> None:
    source = feed(web.put("/feed.xml", rss(), FEED))
    Feed.objects.filter(pk=source.pk).update(title="Renamed", active=False)
    jobs.poll(source)
    source.refresh_from_db()
    assert (source.title, source.active) == ("Renamed", False)


# Links


@pytest.mark.parametrize(
    ("status", "media_type", "alive"),
    [
        (200, "text/html", True),
        (403, "text/html", True),
        (200, "video/mp4", True),
        (404, "text/html", False),
        (500, "text/html", False),
    ],
)
def test_a_link_is_alive_where_there_is_a_page_behind_it(web: Web, status: int, media_type: str, alive: bool) -> None:
    link = Link.watch(public_article(web.put("/1", "something", media_type, status=status)))
    jobs.check_link.call(link.pk)
    link.refresh_from_db()
    assert (link.failures == 0) is alive
    assert bool(link.problem) is not alive
    assert link.checked_at is not None


def test_no_link_dies_of_a_machine_without_a_network(web: Web) -> None:
    link = Link.watch(public_article("http://gone.invalid/1"))
    assert "network" in jobs.check_link.call(link.pk)
    link.refresh_from_db()
    assert (link.failures, link.checked_at) == (0, None)
    other = Link.watch(public_article(web.put("/1", "there")))
    jobs.check_link.call(other.pk)
    jobs.check_link.call(link.pk)
    link.refresh_from_db()
    assert link.failures == 1
    assert "no site named gone.invalid" in link.problem


# What is due


def queued() -> list[str]:
    return [result.task_name for result in DBTaskResult.objects.ready()]


def test_what_is_due_is_queued_once() -> None:
    feed()
    feed("https://off.example/rss", active=False)
    feed("https://later.example/rss", due_at=timezone.now() + dt.timedelta(hours=1))
    due = Link.watch(public_article())
    Link.objects.filter(pk=due.pk).update(due_at=timezone.now())
    unused = Link.watch(factories.article())
    Link.objects.filter(pk=unused.pk).update(due_at=timezone.now())
    assert jobs.enqueue_due() == 2
    assert sorted(queued()) == ["check_link", "poll_feed"]
    assert jobs.enqueue_due() == 0


def test_a_task_that_was_lost_is_due_again_after_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    feed()
    jobs.enqueue_due()
    DBTaskResult.objects.all().delete()
    later = timezone.now() + jobs.LEASE + dt.timedelta(seconds=1)
    monkeypatch.setattr("tracker.jobs.timezone.now", lambda: later)
    assert jobs.enqueue_due() == 1


def test_articles_that_came_in_by_files_are_watched_from_a_day_on() -> None:
    article = public_article()
    jobs.enqueue_due()
    link = Link.objects.get(article=article)
    assert link.due_at > timezone.now() + dt.timedelta(hours=23)


def test_old_results_are_forgotten() -> None:
    feed()
    jobs.enqueue_due()
    DBTaskResult.objects.update(status="SUCCESSFUL", finished_at=timezone.now() - dt.timedelta(days=8))
    jobs.enqueue_due()
    assert not DBTaskResult.objects.finished().exists()


def test_tasks_of_rows_that_are_gone_end_quietly() -> None:
    assert "no such feed" in jobs.poll_feed.call("6a1f6b3e-8a44-4f0e-9c1e-3a7f2f2b8f10")
    assert "no such link" in jobs.check_link.call(123456)
    assert default_task_backend.supports_get_result
