"""Cite this page: both dates written out, as text and as files whose address is that of the page."""

import html
import json
import re
from typing import Any

import pytest
from django.test import Client, override_settings

from tests import factories, people
from tests.browse.reading import furnished, number_of_queries, part, read
from tracker import pages
from tracker.browse.urls import urlpatterns
from tracker.exchange.citations import FORMATS
from tracker.models import Agreement, Article, Assessment, Event, Vantage, Withdrawal, today

pytestmark = pytest.mark.django_db

ENDINGS = [one.ending for one in FORMATS]


@pytest.fixture
def agreement() -> Agreement:
    return furnished(factories.agreement("lakeside-2025", title="Lakeside agreement"))


def stating(agreement: Agreement) -> dict[str, str]:
    """A page of each kind that states something, by the name of its address."""
    found: dict[str, Any] = {}
    for one in urlpatterns:
        if one.name not in pages.STATING:
            continue
        folder = str(one.pattern).partition("/")[0]
        first: dict[str, Any] = {
            "agreements": agreement,
            "events": Event.objects.order_by("pk").first(),
            "sources": Article.objects.order_by("pk").first(),
            "assessments": Assessment.objects.live(Vantage.now()).order_by("pk").first(),
            "outlets": Article.objects.order_by("pk")[0].outlet,
            "actors": agreement.parties.all()[0].actor,
        }
        if one.name == "obligation":
            found[one.name] = agreement.obligations.all()[0].get_absolute_url()
        elif folder == "agreements":
            found[one.name] = agreement.get_absolute_url() + str(one.pattern).removeprefix("agreements/<slug:slug>/")
        else:
            found[one.name] = first[folder].get_absolute_url()
    return found


def test_every_page_that_states_something_says_how_it_is_cited(agreement: Agreement) -> None:
    found = stating(agreement)
    assert len(found) > 8
    for name, address in found.items():
        page = read(address)
        foot = part(page, "cite")
        assert f"Ceasefire Tracker ({today().year})" in foot, name
        assert f"http://testserver{address}?as_of={today()}&known_on={today()}" in foot, name
        about = re.search(r'href="/suggest/\?about=([^"]+)"', page.content.decode())
        assert about, name
        for ending in ENDINGS:
            assert f'href="{address.rstrip("/")}.{ending}?as_of=' in page.content.decode(), name


def test_the_files_say_what_the_page_is_called(agreement: Agreement) -> None:
    for name, address in stating(agreement).items():
        page = read(address)
        title = re.search(r"<title>(.*) · Ceasefire Tracker</title>", page.content.decode())
        assert title, name
        (entry,) = json.loads(read(f"{address.rstrip('/')}.csl.json").content)
        assert entry["title"] == html.unescape(title[1]), name
        assert entry["URL"] == f"http://testserver{address}?as_of={today()}&known_on={today()}"


@pytest.mark.parametrize("one", FORMATS, ids=ENDINGS)
def test_a_file_comes_with_its_type_and_a_name(agreement: Agreement, one: Any) -> None:
    answer = read(f"/agreements/lakeside-2025.{one.ending}?as_of=2025-12-18")
    assert answer["Content-Type"] == f"{one.media_type}; charset=utf-8"
    name = f"tracker-lakeside-2025-2025-12-18-{today()}.{one.ending}"
    assert answer["Content-Disposition"] == f'attachment; filename="{name}"'
    assert f"as_of=2025-12-18&known_on={today()}" in answer.content.decode()


def test_a_title_is_written_as_text() -> None:
    factories.agreement("odd-2025", title="50 % of {all} & <b>more</b>")
    assert (
        r"50 \% of \textbraceleft{}all\textbraceright{} \& <b>more</b>"
        in read("/agreements/odd-2025.bib").content.decode()
    )
    assert "TI  - 50 % of {all} & <b>more</b>" in read("/agreements/odd-2025.ris").content.decode()
    assert "&lt;b&gt;more" in read("/agreements/odd-2025/").content.decode()


def test_who_runs_the_site_publishes_it(agreement: Agreement) -> None:
    with override_settings(OPERATOR="Lake Institute"):
        assert "PB  - Lake Institute" in read("/agreements/lakeside-2025.ris").content.decode()
        assert "Lake Institute" in part(read("/agreements/lakeside-2025/"), "cite")


def test_it_asks_as_much_as_the_page(agreement: Agreement) -> None:
    for name, address in stating(agreement).items():
        assert number_of_queries(f"{address.rstrip('/')}.bib") <= number_of_queries(address), name


def test_what_the_address_asks_for_is_cited_but_not_the_place_in_a_list(agreement: Agreement) -> None:
    foot = part(read("/agreements/lakeside-2025/brief/?since=2025-11-01"), "cite")
    assert f"brief/?since=2025-11-01&as_of={today()}&known_on={today()}" in foot
    (entry,) = json.loads(read("/agreements/lakeside-2025/brief.csl.json?since=2025-11-01").content)
    assert "since=2025-11-01" in entry["URL"]


def test_in_another_language_the_page_in_that_language_is_cited(agreement: Agreement) -> None:
    (entry,) = json.loads(read("/ar/agreements/lakeside-2025.csl.json").content)
    assert entry["language"] == "ar"
    assert entry["URL"].startswith("http://testserver/ar/agreements/lakeside-2025/?")
    assert "Lakeside agreement" in entry["title"]


def test_what_cannot_be_read_cannot_be_cited(agreement: Agreement) -> None:
    for ending in ENDINGS:
        for address in ("/agreements/nowhere", "/agreements", "/methodology", "/desk", "/suggest", "/x/y"):
            read(f"{address}.{ending}", status=404)
        read(f"/agreements/lakeside-2025.{ending}?as_of=2999-01-01", status=400)
    assert Client().post("/agreements/lakeside-2025.bib").status_code == 405
    for address in ("//[x.bib", "//evil.example/x.bib", "/\\evil.example/x.bib", "/ar//evil.example/x.bib"):
        answer = Client().get("/", {"as_of": "never"}, PATH_INFO=address)
        assert answer.status_code == 404


def test_a_withdrawn_record_says_so_instead(agreement: Agreement) -> None:
    event = factories.event(agreement, title="Slip of the pen")
    Withdrawal.record(event, withdrawn=True, reason="It was another day.", by=people.reviewer())
    for ending in ENDINGS:
        answer = read(f"/events/{event.pk}.{ending}", status=410)
        assert answer["Content-Type"].startswith("text/html")


def test_a_draft_cannot_be_cited(agreement: Agreement) -> None:
    hidden = factories.event(agreement, title="Secret", stage="draft")
    for ending in ENDINGS:
        read(f"/events/{hidden.pk}.{ending}", status=404)
    signed_in = Client()
    signed_in.force_login(people.researcher())
    assert signed_in.get(f"/events/{hidden.pk}.bib").status_code == 404


def test_pages_that_only_lead_on_are_not_cited(agreement: Agreement) -> None:
    for address in ("/", "/agreements/", "/events/", "/sources/", "/actors/"):
        assert 'id="cite"' not in read(address).content.decode()


# Quoting an event


def quote(event: Event) -> str:
    return part(read(f"{event.get_absolute_url()}?as_of=2025-12-18"), "quote")


def test_an_event_is_quoted_with_who_says_so_and_who_does_not() -> None:
    agreement = factories.agreement()
    one, other = factories.actor(name="North shore"), factories.actor(name="South shore")
    event = factories.event(
        agreement,
        "2025-12-13",
        title="Shots at the ferry",
        place="The lake",
        accused=[one],
        reports=[{"originator": other}, {"originator": one, "stance": "denies"}],
    )
    assert quote(event) == (
        "“Shots at the ferry”, 13 Dec 2025, The lake, reported by 2 independent sources. Said by: South shore. "
        "Denied by: North shore. Verification: Alleged. (Ceasefire Tracker, as of 18 Dec 2025, as recorded by "
        f"{today():%-d %b %Y}, http://testserver{event.get_absolute_url()}?as_of=2025-12-18&known_on={today()})"
    )


def test_of_many_who_say_so_some_are_named() -> None:
    names = ["Anna", "Berta", "Carla", "Dora", "Emma", "Frida"]
    reports = [{"originator": factories.actor(name=name)} for name in names]
    event = factories.event(factories.agreement(), "2025-12-13", reports=reports)
    assert "Said by: Anna, Berta, Carla, Dora and 2 others." in quote(event)


def test_what_is_announced_is_quoted_as_that() -> None:
    reports = [{"article": factories.article(published_on="2025-12-10")}]
    event = factories.event(factories.agreement(), "2025-12-30", state="scheduled", title="They meet", reports=reports)
    assert quote(event).startswith("“They meet”, announced for 30 Dec 2025 by 1 independent source.")
