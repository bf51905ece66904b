"""Kept files, texts that are the same, addresses that die, and the day on which a source was published."""

import datetime as dt
import threading
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.utils import timezone

from tests import factories, people
from tracker.codebook import CopyOrigin
from tracker.models import Article, Copy, Link, today
from tracker.models.copies import Incoming, place_of, put_away, storable
from tracker.models.describing import (
    Described,
    Description,
    Redated,
    add_copy,
    dated,
    describe,
    named_in,
    no_day,
    set_day,
)

pytestmark = pytest.mark.django_db

WORDS = " ".join(f"word{number}" for number in range(200))


def incoming(text: str = WORDS, **fields: Any) -> Incoming:
    values: dict[str, Any] = {
        "origin": CopyOrigin.PASTED,
        "body": text.encode("utf-8", "replace"),
        "media_type": "text/plain",
        "text": text,
    }
    return Incoming(**values | fields)


def kept(text: str = WORDS, **fields: Any) -> Copy:
    return Copy.keep(incoming(text, **fields), people.researcher(), factories.agreement())


def told(url: str = "https://news.example/1", **fields: Any) -> Description:
    values: dict[str, Any] = {"url": url, "title": "A title", "outlet": "The Lake Herald"}
    return Description(**values | fields)


# Files


def test_a_file_is_written_whole_or_not_at_all(monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    digest = "ab" * 32

    def full(self: Path, target: Path) -> Path:
        raise OSError("no space left")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="no space"):
        put_away(digest, b"some bytes")
    assert not place_of(digest).exists()
    assert list(place_of(digest).parent.iterdir()) == []


def test_what_the_database_cannot_hold_is_replaced() -> None:
    assert storable("a\0b\ud800c") == "ab\ufffdc"
    copy = kept("a\0b \ud800" + WORDS, found={"title": "T\0itle", "outlet": ""}, notes=["n\0ote"])
    copy.refresh_from_db()
    assert "\0" not in copy.text
    assert (copy.found, copy.notes) == ({"title": "Title"}, ["note"])


def test_only_researchers_keep_describe_and_delete() -> None:
    reader = people.reader()
    with pytest.raises(PermissionDenied):
        Copy.keep(incoming(), reader)
    copy = kept()
    with pytest.raises(PermissionDenied):
        describe(copy, told(), reader)
    with pytest.raises(PermissionDenied):
        add_copy(copy, factories.article(), reader)
    with pytest.raises(PermissionDenied):
        copy.drop(people.second_researcher())


def test_a_described_copy_is_not_deleted() -> None:
    copy = kept()
    describe(copy, told(), people.researcher())
    with pytest.raises(ValidationError):
        copy.drop(people.researcher())
    assert place_of(copy.sha256).exists()


# Describing


def test_a_copy_is_described_once() -> None:
    copy = kept()
    article = describe(copy, told(), people.researcher())
    with pytest.raises(Described) as first:
        describe(copy, told("https://news.example/2"), people.researcher())
    assert first.value.article == article


def test_nothing_is_stored_of_a_description_that_does_not_hold() -> None:
    copy = kept()
    factories.article(url="https://news.example/1")
    for wrong in (told(), told("no address"), told("https://news.example/2", title="")):
        with pytest.raises(ValidationError):
            describe(copy, wrong, people.researcher())
    copy.refresh_from_db()
    assert copy.article is None
    assert Article.objects.count() == 1


def test_the_article_is_named_in_the_case_file_by_outlet_and_day() -> None:
    agreement = factories.agreement()
    outlet = factories.outlet("The Lake Herald")
    refs = [
        named_in(agreement, factories.article(outlet=outlet, published_on=day)).ref
        for day in (dt.date(2025, 12, 18), dt.date(2025, 12, 18), None)
    ]
    assert refs == ["the-lake-herald-2025-12-18", "the-lake-herald-2025-12-18-2", "the-lake-herald-undated"]


@pytest.mark.django_db(transaction=True)
def test_two_people_who_describe_one_address_in_the_same_moment_make_one_article() -> None:
    copies = [kept(), kept()]
    barrier = threading.Barrier(2)
    outcomes: list[str] = []

    def run(copy: Copy) -> None:
        barrier.wait()
        try:
            describe(copy, told(), people.researcher())
            outcomes.append("made")
        except ValidationError as error:
            outcomes.append(next(iter(error.message_dict)))
        finally:
            connection.close()

    people.researcher()
    threads = [threading.Thread(target=run, args=[copy]) for copy in copies]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["made", "url"]
    assert Article.objects.count() == 1


# Texts that are the same


def test_a_reprint_is_found_by_a_share_and_a_text_inside_another_as_such() -> None:
    article = describe(kept(), told(), people.researcher())
    again = kept(WORDS.replace("word50 ", "changed ") + " and a closing line")
    (twin,) = again.twins()
    assert (twin.article, twin.inside) == (article, False)
    assert 90 <= twin.percent < 100
    around = kept(WORDS + " " + " ".join(f"notice{number}" for number in range(90)))
    assert [twin.inside for twin in around.twins()] == [True]
    assert kept("nothing of the kind is in here at all").twins() == []
    assert kept("...").twins() == []


def test_the_search_for_reprints_costs_the_same_for_few_and_many(django_assert_num_queries: Any) -> None:
    for number in range(6):
        describe(kept(f"{WORDS} {number}"), told(f"https://news.example/{number}"), people.researcher())
    copy = kept()
    with django_assert_num_queries(2):
        assert len(copy.twins()) == 6


# Addresses


def test_an_address_is_dead_after_three_failures_over_days_and_alive_again_when_it_answers() -> None:
    link = Link.watch(factories.article(archive_url="https://web.archive.org/web/2025/x"))
    for expected in (False, False, True):
        link.failed("There is no such page.")
        assert (link.dead_since is not None) is expected
        if not expected:
            assert link.due_at >= timezone.now() + dt.timedelta(hours=23)
    assert link.due_at > timezone.now() + dt.timedelta(days=29)
    link.answered()
    link.refresh_from_db()
    assert (link.dead_since, link.failures, link.problem) == (None, 0, "")
    assert link.article.archive_url == "https://web.archive.org/web/2025/x"


# The day


def test_a_date_is_set_with_what_shows_it_and_kept_in_the_history() -> None:
    article = factories.article(published_on=None)
    seen = dated(article)
    set_day(article, dt.date(2025, 12, 18), "its address carries the day", people.researcher(), seen)
    article.refresh_from_db()
    assert (article.published_on, article.date_basis) == (dt.date(2025, 12, 18), "its address carries the day")
    versions: Any = article._meta.get_field("versions").related_model
    newest = versions.objects.filter(pgh_obj=article.pk).order_by("-pgh_id").first()
    assert newest.pgh_context.metadata["reason"] == "Published on 2025-12-18: its address carries the day"


def test_whoever_is_slower_is_told() -> None:
    article = factories.article(published_on=None)
    seen = dated(article)
    no_day(article, "looked everywhere", people.researcher(), seen)
    with pytest.raises(Redated) as first:
        set_day(article, today(), "printed", people.second_researcher(), seen)
    assert first.value.article.date_basis == "looked everywhere"


@pytest.mark.parametrize(("day", "basis"), [(0, ""), (0, " \n "), (1, "printed"), (0, "x" * 201)])
def test_a_date_needs_a_reason_and_lies_not_ahead(day: int, basis: str) -> None:
    article = factories.article(published_on=None)
    with pytest.raises(ValidationError):
        set_day(article, today() + dt.timedelta(days=day), basis, people.researcher(), dated(article))
