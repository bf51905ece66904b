"""The inbox: what feeds announce, in which order, and what becomes of it; recurring sources that are due."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests import factories, people
from tests.desk.base import HTMX, client, text
from tests.desk.test_bringing_in import article_of, described
from tests.loopback import FEED, Web, item, page, rss, web
from tracker.codebook import ActorKind, CandidateState, Rhythm
from tracker.models import Agreement, Article, Bulletin, Candidate, Copy, Feed, Look, today
from tracker.models.inbox import Announcement

__all__ = ["web"]

pytestmark = pytest.mark.django_db

INBOX = "/desk/inbox/"


@pytest.fixture
def agreement() -> Agreement:
    made = factories.agreement("lakeside-2025", territory="Northern shore")
    north = factories.actor("northern-front", name="Northern Front", aliases=["Shore Movement"])
    envoy = factories.actor("envoy", name="Ada Lindqvist", kind=ActorKind.PERSON)
    factories.obligation(made, "ferries", title="Ferries cross every day", obligors=[north], beneficiaries=[envoy])
    return made


@pytest.fixture
def desk(agreement: Agreement) -> Client:
    return client(people.researcher())


def feed(**fields: Any) -> Feed:
    return Feed.objects.create(**{"title": "The Lake Herald", "url": "https://herald.example/feed.xml"} | fields)


def announce(of: Feed, *titles: str, **fields: Any) -> list[Candidate]:
    now = timezone.now()
    announced = [
        Announcement(
            f"https://herald.example/{number}-{of.pk}",
            title,
            fields.get("summary", ""),
            published_at=now - dt.timedelta(hours=number),
        )
        for number, title in enumerate(titles)
    ]
    of.answered(announced, "", "")
    found = {one.title: one for one in Candidate.objects.filter(feed=of)}
    return [found[title] for title in titles]


def titles(answer: Any) -> list[str]:
    return [one.row.title for one in answer.context["rows"]]


# Order


def test_what_is_about_the_agreement_comes_first_then_the_newest(desk: Client) -> None:
    announce(
        feed(),
        "House prices rise",
        "A festival opens",
        "Shore Movement stops ferries",
        "Lindqvist speaks to Northern Front about the northern shore",
    )
    answer = desk.get(f"{INBOX}?agreement=lakeside-2025")
    assert titles(answer) == [
        "Lindqvist speaks to Northern Front about the northern shore",
        "Shore Movement stops ferries",
        "House prices rise",
        "A festival opens",
    ]
    assert answer.context["rows"][1].words == ["Shore Movement", "ferries"]
    assert "<mark>ferries</mark>" in text(answer)
    assert "no word of this agreement" in text(answer)


def test_words_of_a_name_that_stand_apart_and_single_words_of_duties_are_no_match(desk: Client) -> None:
    announce(feed(), "Fish sells well", "Front of a northern house repaired", "A day in the life of a baker")
    rows = desk.get(INBOX).context["rows"]
    assert [one.fits for one in rows] == [False, False, False]


def test_hostile_announcements_show_as_text(desk: Client) -> None:
    announce(feed(), "Ferries <script>alert(1)</script> & more", summary="<img src=x onerror=alert(2)> ferries")
    shown = text(desk.get(INBOX))
    assert "<script>alert" not in shown
    assert "<img src=x" not in shown
    assert "&lt;script&gt;alert(1)" in shown


def test_names_with_signs_of_the_search_break_nothing(desk: Client, agreement: Agreement) -> None:
    quoted = factories.actor("odd", name='The "Old" Guard \\ & | ! <-> (x)', aliases=["or", "-not", "a:*b"])
    factories.party(agreement, quoted)
    announce(feed(), "The Old Guard & others")
    assert desk.get(INBOX).status_code == 200


def test_a_long_list_goes_on_from_where_it_ended(desk: Client) -> None:
    announce(feed(), *(f"Shore Movement {number}" if number % 3 else f"Prices {number}" for number in range(95)))
    seen: list[str] = []
    address: str | None = f"{INBOX}?agreement=lakeside-2025"
    while address:
        answer = desk.get(address)
        assert answer.status_code == 200
        seen += titles(answer)
        address = answer.context["older_url"]
    assert len(seen) == len(set(seen)) == 95
    assert seen[0].startswith("Shore Movement")
    assert seen[-1].startswith("Prices")


@pytest.mark.parametrize("query", ["state=lost", "after=x", "after=1~2025~x", "after=nan~2025-12-18T10:00:00~x"])
def test_an_address_that_asks_for_nothing_is_refused(desk: Client, query: str) -> None:
    assert desk.get(f"{INBOX}?{query}").status_code == 400


def test_the_lists_can_be_narrowed_to_a_feed_and_counted(desk: Client) -> None:
    announce(feed(), "One", "Two")
    other = feed(title="Another", url="https://other.example/rss")
    announce(other, "Three")
    answer = desk.get(f"{INBOX}?feed={other.pk}")
    assert titles(answer) == ["Three"]
    assert [one["count"] for one in answer.context["states"]] == [1, 0, 0]


def test_the_inbox_costs_the_same_for_few_and_many(desk: Client, django_assert_num_queries: Any) -> None:
    announce(feed(), "One about ferries")
    desk.get(INBOX)
    with django_assert_num_queries(17):
        desk.get(INBOX)
    announce(feed(title="B", url="https://b.example/"), *(f"Ferries {number}" for number in range(30)))
    bulletins(6)
    with django_assert_num_queries(17):
        desk.get(INBOX)


# Deciding


def decide(desk: Client, candidate: Candidate, what: str, **fields: Any) -> Any:
    headers = fields.pop("headers", {})
    values = {"seen": candidate.seen, "agreement": "lakeside-2025"} | fields
    return desk.post(f"/desk/inbox/{candidate.pk}/{what}/", values, headers=headers)


def test_leaving_aside_needs_a_reason_and_can_be_undone(desk: Client) -> None:
    (one,) = announce(feed(), "Prices rise")
    missing = decide(desk, one, "ignore", reason=" ")
    assert missing.status_code == 422
    assert "Say why" in text(missing)
    assert decide(desk, one, "ignore", reason="Another subject").status_code == 303
    one.refresh_from_db()
    assert (one.state, one.reason, one.byline) == (CandidateState.IGNORED, "Another subject", "Researcher 1")
    listed = text(desk.get(f"{INBOX}?state=ignored"))
    assert "Another subject" in listed
    assert decide(desk, one, "undo").status_code == 303
    one.refresh_from_db()
    assert (one.state, one.reason) == (CandidateState.NEW, "")


def test_by_htmx_the_row_comes_back_with_its_undo(desk: Client) -> None:
    (one,) = announce(feed(), "Prices rise")
    answer = decide(desk, one, "ignore", reason="An opinion", headers=HTMX)
    assert answer.status_code == 200
    shown = text(answer)
    assert shown.startswith(f'<li class="entry" id="candidate-{one.pk}"')
    assert f"/desk/inbox/{one.pk}/undo/" in shown
    assert "data-focus" in shown
    wrong = decide(desk, Candidate.objects.get(), "undo", headers=HTMX)
    assert "Take" in text(wrong)
    empty = decide(desk, Candidate.objects.get(), "ignore", reason="", headers=HTMX)
    assert empty.status_code == 422
    assert "aria-invalid" in text(empty)


@pytest.mark.parametrize("what", ["ignore", "undo", "take"])
def test_whoever_is_slower_is_told_and_changes_nothing(desk: Client, what: str) -> None:
    (one,) = announce(feed(), "Prices rise")
    stale = one.seen
    other = client(people.second_researcher())
    assert decide(other, one, "ignore", reason="Nothing new in it").status_code == 303
    one.refresh_from_db()
    for headers in ({}, HTMX):
        answer = decide(desk, one, what, reason="Mine", seen=stale, headers=headers)
        assert answer.status_code == 409
        assert "Somebody else decided" in text(answer)
        assert "Nothing new in it" in text(answer)
    one.refresh_from_db()
    assert one.reason == "Nothing new in it"


def test_taking_fetches_it_and_describing_settles_it(desk: Client, web: Web, agreement: Agreement) -> None:
    source = feed()
    url = web.put("/envoys", page(head=""))
    source.answered([Announcement(url, "Announced title", published_at=timezone.now())], "", "")
    one = Candidate.objects.get()
    answer = decide(desk, one, "take")
    assert answer.status_code == 303
    copy = Copy.objects.get()
    assert answer["Location"] == f"/desk/intake/{copy.pk}/"
    one.refresh_from_db()
    assert one.state == CandidateState.NEW
    assert f'value="{today()}"' in text(desk.get(answer["Location"]))
    # Feeds often give another address than the page's own.
    article = article_of(described(desk, copy, url="https://herald.example/the-real-address"))
    one.refresh_from_db()
    assert (one.state, one.article) == (CandidateState.TAKEN, article)
    assert "read it" in text(desk.get(f"{INBOX}?state=taken"))
    assert decide(desk, one, "undo").status_code == 303
    assert Article.objects.filter(pk=article.pk).exists()


def test_a_page_that_cannot_be_fetched_leads_to_pasting_and_is_still_settled(
    desk: Client, web: Web, agreement: Agreement
) -> None:
    url = web.put("/locked", "no", status=403)
    feed().answered([Announcement(url, "Announced title")], "", "")
    one = Candidate.objects.get()
    answer = decide(desk, one, "take")
    assert answer.status_code == 422
    shown = text(answer)
    assert "does not let programs read" in shown
    assert 'action="/desk/intake/"' in shown
    assert f'value="{url}"' in shown
    assert f'name="candidate" value="{one.pk}"' in shown
    pasted = desk.post(
        "/desk/intake/",
        {"agreement": "lakeside-2025", "address": url, "text": "Some words. " * 30, "candidate": str(one.pk)},
    )
    copy = Copy.objects.get()
    assert pasted["Location"] == f"/desk/intake/{copy.pk}/"
    article = article_of(described(desk, copy))
    one.refresh_from_db()
    assert one.article == article


def test_taking_what_is_on_record_leads_to_it(desk: Client) -> None:
    (one,) = announce(feed(), "Ferries stop")
    known = factories.article(url=one.url)
    assert decide(desk, one, "take")["Location"] == f"/desk/articles/{known.pk}/?agreement=lakeside-2025"
    one.refresh_from_db()
    assert (one.state, one.article) == (CandidateState.TAKEN, known)


def test_only_researchers_decide(agreement: Agreement) -> None:
    (one,) = announce(feed(), "Ferries stop")
    reader = client(people.reader())
    assert reader.get(INBOX).status_code == 403
    for what in ("take", "ignore", "undo"):
        assert decide(reader, one, what, reason="x").status_code == 403
    assert Client().get(INBOX).status_code == 302
    one.refresh_from_db()
    assert one.state == CandidateState.NEW


def test_a_reason_typed_while_signed_out_is_kept(agreement: Agreement) -> None:
    (one,) = announce(feed(), "Ferries stop")
    browser = Client()
    sent = decide(browser, one, "ignore", reason="a reason of my own")
    people.researcher()
    back = browser.post(sent["Location"], {"login": "researcher-1", "password": people.PASSWORD})
    assert "a reason of my own" in text(browser.get(back["Location"]))


# Feeds


def test_a_feed_is_read_at_once_and_says_how_it_does(desk: Client, web: Web) -> None:
    url = web.put("/feed.xml", rss(item("https://herald.example/1", "Ferries stop")), FEED)
    source = feed(url=url)
    assert "not read yet" in text(desk.get(INBOX))
    desk.post(f"/desk/feeds/{source.pk}/poll/")
    shown = text(desk.get(INBOX))
    assert "It has 1 entry, 1 of them new." in shown
    assert "answered" in shown
    del web.answers["/feed.xml"]
    desk.post(f"/desk/feeds/{source.pk}/poll/")
    shown = text(desk.get(INBOX))
    assert "no answer since" in shown
    assert "There is no such page on news.example (404)" in shown
    assert "Next try" in shown
    assert client(people.reader()).post(f"/desk/feeds/{source.pk}/poll/").status_code == 403


def test_feeds_and_recurring_sources_are_added_in_the_admin(desk: Client, agreement: Agreement) -> None:
    values = {"title": "The Lake Herald", "url": "https://herald.example/rss", "active": "on", "every_minutes": "30"}
    assert desk.post("/admin/tracker/feed/add/", values).status_code == 302
    assert desk.post("/admin/tracker/feed/add/", values | {"url": "https://me:pw@x.example/"}).status_code == 200
    assert (
        desk.post("/admin/tracker/feed/add/", values | {"url": "https://y.example/", "every_minutes": "1"}).status_code
        == 200
    )
    assert Feed.objects.count() == 1
    of = {"agreement": str(agreement.pk), "title": "Weekly report", "rhythm": "weekly", "first_on": "2025-12-01"}
    assert desk.post("/admin/tracker/bulletin/add/", of).status_code == 302
    assert desk.post("/admin/tracker/bulletin/add/", of | {"ended_on": "2025-11-01"}).status_code == 200
    assert Bulletin.objects.count() == 1
    index = text(desk.get("/admin/"))
    assert "What is watched" in index


def test_a_new_address_of_a_feed_is_read_afresh(desk: Client) -> None:
    source = feed()
    source.answered([], "an-etag", "a-date")
    values = {"title": "T", "url": "https://new.example/rss", "active": "on", "every_minutes": "30"}
    assert desk.post(f"/admin/tracker/feed/{source.pk}/change/", values).status_code == 302
    source.refresh_from_db()
    assert (source.etag, source.modified, source.due_at) == ("", "", None)


# Recurring sources


def bulletins(number: int) -> None:
    for at in range(number):
        bulletin(title=f"Report {at}")


def bulletin(**fields: Any) -> Bulletin:
    values: dict[str, Any] = {
        "agreement": Agreement.objects.get(slug="lakeside-2025"),
        "title": "Weekly report",
        "rhythm": Rhythm.WEEKLY,
        "first_on": today() - dt.timedelta(days=14),
    }
    return Bulletin.objects.create(**values | fields)


@pytest.mark.parametrize(
    ("rhythm", "first", "since", "until", "days"),
    [
        ("daily", "2025-12-01", "2025-12-30", "2026-01-02", ["12-30", "12-31", "01-01", "01-02"]),
        ("weekly", "2025-12-01", "2025-12-02", "2025-12-22", ["12-08", "12-15", "12-22"]),
        ("weekly", "2025-12-01", "2025-11-01", "2025-12-08", ["12-01", "12-08"]),
        ("monthly", "2025-12-31", "2026-01-01", "2026-04-30", ["01-31", "02-28", "03-31", "04-30"]),
        ("monthly", "2025-12-15", "2025-01-01", "2026-01-14", ["12-15"]),
        ("weekly", "2025-12-01", "2025-12-02", "2025-12-07", []),
    ],
)
def test_the_days_of_a_recurring_source(rhythm: str, first: str, since: str, until: str, days: list[str]) -> None:
    source = Bulletin(rhythm=rhythm, first_on=dt.date.fromisoformat(first))
    found = source.days(dt.date.fromisoformat(since), dt.date.fromisoformat(until))
    assert [f"{day:%m-%d}" for day in found] == days


def test_one_that_has_ended_appears_no_more() -> None:
    source = Bulletin(rhythm="daily", first_on=dt.date(2025, 12, 1), ended_on=dt.date(2025, 12, 3))
    assert list(source.days(dt.date(2025, 12, 2), dt.date(2026, 12, 2))) == [dt.date(2025, 12, 2), dt.date(2025, 12, 3)]
    assert source.next_after(dt.date(2025, 12, 3)) is None


def test_what_is_due_since_the_last_look_is_asked_for_and_looked_nothing_is_one_button(desk: Client) -> None:
    source = bulletin()
    (due,) = desk.get(INBOX).context["due"]
    assert (due.number, due.last, due.looked) == (3, today(), None)
    answer = desk.post(f"/desk/bulletins/{source.pk}/look/", {"date": today().isoformat()})
    assert answer["Location"].endswith("#looks")
    page = desk.get(INBOX)
    assert page.context["due"] == []
    assert page.context["coming"] == [(today() + dt.timedelta(days=7), source)]
    assert "nothing" in text(page)
    noted = Look.objects.get()
    assert (noted.date, noted.article, noted.byline) == (today(), None, "Researcher 1")
    twice = desk.post(f"/desk/bulletins/{source.pk}/look/", {"date": today().isoformat(), "note": "kept words"})
    assert twice.status_code == 422
    assert "noted already by Researcher 1" in text(twice)
    assert 'value="kept words"' in text(twice)


def test_a_look_that_found_an_article_names_it_and_can_be_struck_out(desk: Client, agreement: Agreement) -> None:
    source = bulletin()
    article = factories.article(title="This week's report")
    agreement.sources.create(article=article, ref="x")
    form = desk.get(f"/desk/bulletins/{source.pk}/look/")
    assert "This week&#x27;s report" in text(form)
    sent = {"date": (today() - dt.timedelta(days=7)).isoformat(), "article": str(article.pk)}
    assert desk.post(f"/desk/bulletins/{source.pk}/look/", sent).status_code == 303
    noted = Look.objects.get()
    assert noted.article == article
    (due,) = desk.get(INBOX).context["due"]
    assert due.number == 1
    assert desk.post(f"/desk/looks/{noted.pk}/undo/").status_code == 303
    assert not Look.objects.exists()
    assert desk.post(f"/desk/looks/{noted.pk}/undo/").status_code == 303
    assert "struck out already" in text(desk.get(INBOX))


def test_only_researchers_note_looks(desk: Client) -> None:
    source = bulletin()
    reader = client(people.reader())
    assert reader.post(f"/desk/bulletins/{source.pk}/look/", {"date": today().isoformat()}).status_code == 403
    ahead = desk.post(f"/desk/bulletins/{source.pk}/look/", {"date": "2199-01-01"})
    assert ahead.status_code == 422
    assert not Look.objects.exists()


def test_an_empty_inbox_says_what_comes_next(desk: Client) -> None:
    shown = text(desk.get(INBOX))
    assert "No feed yet" in shown
    assert "/admin/tracker/feed/add/" in shown
