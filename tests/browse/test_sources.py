"""The pages of articles and outlets, and the list of sources."""

import datetime as dt
import re
import uuid

import pytest
from django.test import Client

from tests import factories
from tests.browse.reading import days_ago, furnished, nothing_loads_late, number_of_queries, part, read, words
from tests.browse.test_events import link
from tracker.browse import paging
from tracker.codebook import EventState, Stage, Stance
from tracker.models import Agreement, Article, Event

pytestmark = pytest.mark.django_db


@pytest.fixture
def agreement() -> Agreement:
    return factories.agreement("truce", title="The river truce")


def published(day: str, **fields: object) -> Article:
    return factories.article(published_on=dt.date.fromisoformat(day), **fields)


# One article


def test_it_is_cited_in_full(agreement: Agreement) -> None:
    article = published(
        "2025-12-14",
        title="Shots at the river",
        outlet=factories.outlet("The Courier", interest="press", country="Northland"),
        authors="A. Writer",
        accessed_on=dt.date(2025, 12, 15),
        language="fr",
        archive_url="https://archive.example/1",
        copy_of="on mirror.example",
        reliability="B",
    )
    event = factories.event(agreement, reports=[article])
    cited = words(read(event.get_absolute_url()))
    assert "Read as a copy: on mirror.example" in cited
    assert "Original" not in cited
    response = read(article.get_absolute_url())
    said = words(response)
    assert "Shots at the river" in said
    assert "Outlet The Courier, Northland Press: A newsroom or agency." in said
    assert "By A. Writer" in said
    assert "Published 14 Dec 2025 Read on 15 Dec 2025 Recorded" in said
    assert "Where to read it Read as a copy: on mirror.example" in said
    assert "Original" not in said
    assert "Language French" in said
    assert "Reliability B, usually reliable Minor doubts." in said
    html = response.content.decode()
    assert f'href="{article.url}"' in html
    assert 'href="https://archive.example/1"' in html
    assert 'lang="fr"' in html


def test_it_shows_everything_that_rests_on_it(agreement: Agreement) -> None:
    article = published("2025-12-14")
    group = factories.actor(name="River Front")
    duty = factories.obligation(agreement, title="The bridge is opened")
    event = factories.event(
        agreement,
        "2025-12-13",
        title="The bridge falls",
        effects=[(duty, "sets_back")],
        reports=[
            {"article": article, "originator": group, "stance": Stance.DENIES, "about": "author", "quote": "not us"},
            {"article": article},
            {"quote": "told elsewhere"},
        ],
    )
    factories.observation(factories.measure(duty, label="Lorries let in"), event, 12, article=article)
    factories.assessed(duty, "2025-12-13", 1, evidence=[event], reason="Nobody can cross.")
    phase = factories.phase(agreement, 2, title="The long peace")
    factories.declaration(phase, group, "2025-12-14", article=article)
    said = words(read(article.get_absolute_url()))
    assert "13 Dec 2025 The bridge falls" in said
    assert "not us Denied by: River Front · In dispute: who did it" in said
    assert "Said by: the article itself" in said
    assert "told elsewhere" not in said
    assert "River Front: phase two begun The long peace, The river truce" in said
    assert "Lorries let in 12 items" in said
    assert "Nobody can cross." in said


def test_on_earlier_days_it_shows_what_had_happened_by_then(agreement: Agreement) -> None:
    article = published("2025-12-01")
    factories.event(agreement, "2025-11-30", title="The bridge falls", reports=[article])
    factories.event(agreement, "2025-12-19", title="The envoys met", reports=[article])
    said = words(read(f"{article.get_absolute_url()}?as_of=2025-12-02"))
    assert "The bridge falls" in said
    assert "The envoys met" not in said


def test_a_scheduled_event_stays_on_the_page_of_what_announced_it(agreement: Agreement) -> None:
    article = published("2025-12-15")
    held = factories.event(agreement, "2025-12-19", title="The envoys met")
    factories.event(
        agreement, "2025-12-19", title="A meeting is set", state=EventState.SCHEDULED, outcome=held, reports=[article]
    )
    assert "A meeting is set Scheduled · Statement" in words(read(f"{article.get_absolute_url()}?as_of=2025-12-16"))
    after = words(read(article.get_absolute_url()))
    assert "A meeting is set Scheduled; what came of it is on record" in after


def test_before_its_publication_it_says_only_that(agreement: Agreement) -> None:
    article = published("2025-12-14", title="Shots at the river")
    factories.event(agreement, "2025-12-10", reports=[article])
    response = read(f"{article.get_absolute_url()}?as_of=2025-12-13")
    assert "the article at this address had not been published" in words(response)
    html = response.content.decode()
    assert "Shots at the river" not in html
    assert article.outlet.name not in html
    assert f'href="{article.get_absolute_url()}?as_of=2025-12-14"' in html
    assert "Shots at the river" in words(read(f"{article.get_absolute_url()}?as_of=2025-12-14"))


def test_an_undated_article_tells_nothing_before_what_rests_on_it(agreement: Agreement) -> None:
    article = factories.article(published_on=None, title="An office for the river")
    factories.event(agreement, "2026-01-20", reports=[article])
    early = read(f"{article.get_absolute_url()}?as_of=2025-12-18")
    assert "An office for the river" not in early.content.decode()
    assert "An office for the river" not in words(read("/sources/?as_of=2025-12-18"))
    link_to_first = f'href="{article.get_absolute_url()}?as_of=2026-01-20"'
    assert link_to_first in early.content.decode()
    assert "An office for the river" in words(read(f"{article.get_absolute_url()}?as_of=2026-01-20"))


def test_an_article_on_which_nothing_public_rests_has_no_page(agreement: Agreement) -> None:
    unused = factories.article()
    read(unused.get_absolute_url(), status=404)
    proposed = factories.article()
    factories.event(agreement, stage=Stage.IN_REVIEW, reports=[proposed])
    read(proposed.get_absolute_url(), status=404)
    assert proposed.title not in words(read("/sources/"))
    read(f"/sources/{uuid.uuid4()}/", status=404)


def test_an_article_that_only_gives_a_figure_has_a_page(agreement: Agreement) -> None:
    article = published("2025-12-14")
    measure = factories.measure(factories.obligation(agreement), label="Lorries let in")
    factories.observation(measure, factories.event(agreement, "2025-12-13"), 12, article=article)
    assert "Lorries let in 12 items" in words(read(article.get_absolute_url()))


def test_as_recorded_before_anything_rested_on_it_it_says_only_that(agreement: Agreement) -> None:
    article = published("2025-12-14", title="Shots at the river")
    factories.event(agreement, "2025-12-13", reports=[article])
    response = read(f"{article.get_absolute_url()}?known_on={days_ago(2).isoformat()}")
    assert "nothing rested on this article here" in words(response)
    assert "Shots at the river" not in response.content.decode()


# The list


def test_the_list_is_newest_first_with_the_undated_last(agreement: Agreement, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paging, "ROWS", 2)
    articles = [
        published("2025-11-01", title="Article one"),
        published("2025-12-01", title="Article two"),
        published("2025-12-01", title="Article three"),
        factories.article(published_on=None, title="Article four"),
        factories.article(published_on=None, title="Article five"),
    ]
    factories.event(agreement, "2025-10-20", reports=articles)
    seen: list[str] = []
    url: str | None = "/sources/"
    last = ""
    while url:
        response, last = read(url), url
        seen += re.findall(r"Article (\w+)", part(response, "main"))
        url = link(response, "next")
    assert len(seen) == 5
    assert set(seen[:2]) == {"two", "three"}
    assert seen[2] == "one"
    assert set(seen[3:]) == {"four", "five"}
    back = link(read(last), "prev")
    assert back
    assert re.findall(r"Article (\w+)", part(read(back), "main")) == seen[2:4]


def test_the_list_says_how_many_events_rest_on_each(agreement: Agreement) -> None:
    article = published("2025-10-20", title="Shots at the river", language="ar")
    factories.event(agreement, "2025-10-18", reports=[article, {"article": article, "stance": Stance.DENIES}])
    factories.event(agreement, "2025-10-19", reports=[article])
    assert f"{article.outlet.name} · Arabic · 2 events on record" in words(read("/sources/"))
    assert f"{article.outlet.name} 1 article" in words(read("/sources/"))


def test_an_empty_list_says_what_comes_next() -> None:
    assert "No article on record by this day" in words(read("/sources/"))
    read("/sources/?before=x", status=400)


# Outlets


def test_an_outlet_says_whose_it_is_and_who_passes_it_on(agreement: Agreement) -> None:
    agency = factories.outlet("The Agency", interest="ally_of_party", country="Northland")
    own = published("2025-10-20", title="From the agency", outlet=agency)
    factories.event(agreement, "2025-10-20", reports=[own, {"article": own, "relays": agency}])
    courier = published("2025-10-21", outlet=factories.outlet("The Courier"))
    factories.event(agreement, "2025-10-20", reports=[{"article": courier, "relays": agency}])
    factories.event(agreement, "2025-10-20", reports=[{"article": courier, "relays": agency}, {"article": courier}])
    said = words(read("/outlets/the-agency/"))
    assert "Interest Ally of a party Run by or close to an ally of a party." in said
    assert "Country Northland" in said
    assert "Cited by others in 2 reports of 1 other outlet" in said
    assert "From the agency" in said
    assert "The Courier 2 reports" in said


def test_an_outlet_known_only_through_others_has_a_page(agreement: Agreement) -> None:
    agency = factories.outlet("The Agency")
    courier = published("2025-10-21")
    factories.event(agreement, "2025-10-20", reports=[{"article": courier, "relays": agency}])
    said = words(read("/outlets/the-agency/"))
    assert "No article of its own is on record" in said
    early = read("/outlets/the-agency/?as_of=2025-10-12")
    assert "nothing of this outlet was on record" in words(early)
    assert "The Agency" not in early.content.decode()


def test_an_outlet_of_which_nothing_is_public_has_no_page() -> None:
    factories.outlet("The Agency")
    read("/outlets/the-agency/", status=404)
    read("/outlets/none/", status=404)


# Cost


def test_pages_ask_no_more_of_the_database_when_there_is_more() -> None:
    furnished(factories.agreement())
    denying = Article.objects.filter(reports__stance=Stance.DENIES).select_related("outlet").order_by("id")[0]
    addresses = ["/sources/", denying.get_absolute_url(), denying.outlet.get_absolute_url()]
    before = [number_of_queries(address) for address in addresses]
    for _ in range(3):
        agreement = furnished(factories.agreement(), times=2)
        for duty in agreement.obligations.all():
            event = factories.event(
                agreement, days_ago(30), effects=[duty], reports=[{"article": denying, "originator": factories.actor()}]
            )
            factories.observation(duty.measures.all()[0], event, 3, article=denying, originator=factories.actor())
            factories.assessed(duty, days_ago(30), 2, evidence=[event])
            factories.declaration(duty.phase, factories.actor(), days_ago(29), article=denying)
            factories.event(agreement, days_ago(30), reports=[factories.article(outlet=denying.outlet)])
            factories.event(agreement, days_ago(30), reports=[{"relays": denying.outlet}])
    assert [number_of_queries(address) for address in addresses] == before


def test_every_row_is_loaded_with_its_query(monkeypatch: pytest.MonkeyPatch) -> None:
    furnished(factories.agreement(), times=2)
    nothing_loads_late(monkeypatch)
    read("/sources/")
    for event in Event.objects.all()[:6]:
        for told in event.reports.select_related("article__outlet"):
            read(told.article.get_absolute_url())
            read(told.article.outlet.get_absolute_url())


def test_reading_sets_no_cookie_and_only_reading_is_allowed(agreement: Agreement) -> None:
    article = published("2025-10-20")
    factories.event(agreement, reports=[article])
    for url in ("/sources/", article.get_absolute_url(), article.outlet.get_absolute_url()):
        assert not read(url).cookies
        assert Client().post(url).status_code == 405
