"""The routine for a source without a date."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from tests import factories, people
from tests.desk.base import client, text
from tests.desk.test_bringing_in import article_of, brought, described
from tests.loopback import PARAGRAPHS
from tracker.desk.dating import clues, in_the_address
from tracker.models import Agreement, Article, Link

pytestmark = pytest.mark.django_db


@pytest.fixture
def agreement() -> Agreement:
    return factories.agreement("lakeside-2025")


@pytest.fixture
def desk(agreement: Agreement) -> Client:
    return client(people.researcher())


@pytest.mark.parametrize(
    ("path", "day"),
    [
        ("/2025/12/18/envoys", "2025-12-18"),
        ("/news/2025-12-08-envoys.html", "2025-12-08"),
        ("/a/20251218/x", "2025-12-18"),
        ("/envoys-18-12-2025", "2025-12-18"),
        ("/18-december-2025/envoys", "2025-12-18"),
        ("/dec-18-2025-envoys", "2025-12-18"),
        ("/story?date=2025-12-18", "2025-12-18"),
        ("/2025/13/40/x", None),
        ("/article/320251218999", None),
        ("/2025/envoys", None),
        ("/2025-02-30", None),
    ],
)
def test_a_day_is_read_off_an_address(path: str, day: str | None) -> None:
    found = [clue.day.isoformat() for clue in in_the_address(f"https://news.example{path}")]
    assert found == ([day] if day else [])


def undated(**fields: Any) -> Article:
    return factories.article(published_on=None, **fields)


def test_every_clue_is_offered_with_what_it_proves(agreement: Agreement) -> None:
    article = undated(
        url="https://news.example/2025/12/18/x", archive_url="https://web.archive.org/web/20251220101112/https://x"
    )
    factories.event(agreement, "2025-12-14", reports=[article])
    factories.event(agreement, "2025-12-16", reports=[article])
    found = {(clue.day.isoformat(), clue.bound) for clue in clues(article)}
    assert found == {
        ("2025-12-18", ""),
        ("2025-12-20", "latest"),
        ("2025-12-14", "earliest"),
        ("2025-12-16", "earliest"),
    }


def test_an_article_saved_without_a_date_leads_to_its_clues_and_one_button_dates_it(desk: Client) -> None:
    body = "\n\n".join(["Envoys to meet by the lake", "Posted on December 18, 2025 by a writer", *PARAGRAPHS])
    copy = brought(desk, text=body)
    answer = described(desk, copy, published_on="")
    article = article_of(answer)
    assert answer["Location"] == f"/desk/articles/{article.pk}/date/?agreement=lakeside-2025"
    shown = text(desk.get(answer["Location"]))
    assert "Take 18 Dec 2025" in shown
    assert "Posted on December 18, 2025" in shown
    sent = desk.post(
        answer["Location"],
        {"day": "2025-12-18", "basis": "printed near the top of its text", "seen": "|"},
    )
    assert sent["Location"] == f"/desk/articles/{article.pk}/?agreement=lakeside-2025"
    article.refresh_from_db()
    assert article.published_on == dt.date(2025, 12, 18)


def test_nothing_found_is_noted_with_where_it_was_looked_for(desk: Client) -> None:
    article = undated()
    page = f"/desk/articles/{article.pk}/date/"
    assert "Looked at its address" in text(desk.get(page))
    assert (
        desk.post(page, {"none": "1", "basis": "Looked at its text and the printed paper", "seen": "|"}).status_code
        == 303
    )
    article.refresh_from_db()
    assert (article.published_on, article.date_basis) == (None, "Looked at its text and the printed paper")
    assert "Looked at its text and the printed paper" in text(desk.get(page))


def test_somebody_faster_gives_a_conflict_that_shows_theirs_and_keeps_mine(desk: Client) -> None:
    article = undated()
    page = f"/desk/articles/{article.pk}/date/"
    Article.objects.filter(pk=article.pk).update(published_on=dt.date(2025, 12, 17), date_basis="the paper's archive")
    answer = desk.post(page, {"day": "2025-12-18", "basis": "mine & only mine", "seen": "|"})
    assert answer.status_code == 409
    shown = text(answer)
    assert "the paper&#x27;s archive" in shown
    assert 'value="mine &amp; only mine"' in shown
    again = desk.post(
        page, {"day": "2025-12-18", "basis": "mine & only mine", "seen": "2025-12-17|the paper's archive"}
    )
    assert again.status_code == 303


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"day": "", "basis": "x"}, "Give the day"),
        ({"day": "2125-01-01", "basis": "x"}, "future"),
        ({"day": "2025-12-18", "basis": ""}, "Say what shows this day"),
        ({"none": "1", "basis": ""}, "Say where you looked"),
        ({"day": "18.12.2025", "basis": "kept text"}, "calendar"),
    ],
)
def test_what_does_not_hold_is_sent_back_with_what_was_typed(
    desk: Client, fields: dict[str, str], problem: str
) -> None:
    article = undated()
    answer = desk.post(f"/desk/articles/{article.pk}/date/", fields | {"seen": "|"})
    assert answer.status_code == 422
    assert problem in text(answer)
    if fields["basis"]:
        assert f'value="{fields["basis"]}"' in text(answer)


def test_only_researchers_date(agreement: Agreement) -> None:
    article = undated()
    page = f"/desk/articles/{article.pk}/date/"
    assert client(people.reader()).post(page, {"day": "2025-12-18", "basis": "x y", "seen": "|"}).status_code == 403
    assert Client().get(page).status_code == 302
    article.refresh_from_db()
    assert article.published_on is None


def test_readers_see_how_a_date_was_found_whose_text_it_is_and_that_the_address_died(agreement: Agreement) -> None:
    first = factories.article(title="The first print")
    article = factories.article(
        published_on=dt.date(2025, 12, 18), date_basis="its address carries the day", same_text_as=first
    )
    factories.event(agreement, "2025-12-16", reports=[article])
    link = Link.watch(article)
    for _ in range(3):
        link.failed("There is no such page.")
    shown = text(Client().get(article.get_absolute_url()))
    assert "its address carries the day" in shown
    assert "The first print" in shown
    assert "has not answered since" in shown


# Whose text it is


def joined(article: Article) -> Article | None:
    article.refresh_from_db()
    return article.same_text_as


def test_articles_are_joined_and_parted_later_and_what_hung_on_one_goes_along(desk: Client) -> None:
    first, second, third = (factories.article() for _ in range(3))
    third.same_text_as = second
    third.save()
    page = f"/desk/articles/{second.pk}/same-text/"
    assert "A report of its own" in text(desk.get(page))
    assert desk.post(page, {"seen": "", "address": f"{first.url}#top"}).status_code == 303
    assert joined(second) == joined(third) == first
    assert first.title in text(desk.get(page))
    circle = desk.post(f"/desk/articles/{first.pk}/same-text/", {"seen": "", "address": third.url})
    assert circle.status_code == 422
    assert "Change it there" in text(circle)
    assert desk.post(page, {"seen": str(first.pk), "same_text_as": ""}).status_code == 303
    assert joined(second) is None
    assert joined(third) == first


def test_a_join_made_meanwhile_is_shown_and_an_unknown_address_refused(desk: Client) -> None:
    first, second = factories.article(title="The first print"), factories.article()
    page = f"/desk/articles/{second.pk}/same-text/"
    Article.objects.filter(pk=second.pk).update(same_text_as=first)
    answer = desk.post(page, {"seen": "", "same_text_as": ""})
    assert answer.status_code == 409
    assert "The first print" in text(answer)
    unknown = desk.post(page, {"seen": str(first.pk), "address": "https://nowhere.example/"})
    assert unknown.status_code == 422
    assert "No source on record" in text(unknown)
    assert client(people.reader()).post(page, {"seen": str(first.pk)}).status_code == 403
    assert joined(second) == first
