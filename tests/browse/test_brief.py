"""The brief: one page to print, on which every status and every word has a numbered source."""

import re

import pytest

from tests import factories
from tests.browse.reading import days_ago, furnished, nothing_loads_late, part, read, same_number_of_queries, words
from tracker.models import Agreement, today

pytestmark = pytest.mark.django_db


def address(agreement: Agreement, query: str = "") -> str:
    return f"{agreement.get_absolute_url()}brief/{query}"


@pytest.fixture
def agreement() -> Agreement:
    return factories.agreement("lakeside-2025", title="Lakeside agreement", territory="The lake")


def test_it_says_what_it_is_about_and_when(agreement: Agreement) -> None:
    factories.obligation(agreement, title="The ferry runs again")
    page = read(address(agreement, "?as_of=2025-10-14"))
    said = words(page)
    assert "The lake" in said
    assert f"Brief as of 14 Oct 2025, day 4 of the agreement, as recorded by {today():%-d %b %Y}" in said
    assert "The ferry runs again" in part(page, "status")
    assert "No status changed." in part(page, "changes")
    assert f"as_of=2025-10-14&known_on={today()}" in part(page, "quote")


def test_a_status_leads_to_the_article_it_rests_on(agreement: Agreement) -> None:
    duty = factories.obligation(agreement, "ferry", title="The ferry runs again")
    paper = factories.article(title="Ferry back in service", outlet=factories.outlet("The Lake Herald"))
    event = factories.event(agreement, "2025-10-12", effects=[duty], reports=[paper])
    factories.assessed(duty, "2025-10-12", evidence=[event], reason="It runs every hour.")
    page = read(address(agreement, "?as_of=2025-10-14"))
    assert "Fulfilled" in part(page, "obligation-ferry")
    assert part(page, "obligation-ferry").endswith("1")
    assert 'href="#source-1"' in page.content.decode()
    assert "The Lake Herald, Ferry back in service, 10 Oct 2025" in part(page, "source-1")
    assert "It runs every hour." in part(page, "changes")


def test_one_voice_is_cited_once_and_every_number_has_its_source(agreement: Agreement) -> None:
    furnished(agreement, times=2)
    html = read(address(agreement)).content.decode()
    numbers = {int(number) for number in re.findall(r'href="#source-(\d+)"', html)}
    listed = [int(number) for number in re.findall(r'id="source-(\d+)"', html)]
    assert listed == sorted(numbers) == list(range(1, len(listed) + 1))
    assert listed


def test_nothing_of_later_days_is_told(agreement: Agreement) -> None:
    duty = factories.obligation(agreement, title="The ferry runs again")
    late = factories.article(title="Sunk after all", published_on="2025-10-20")
    event = factories.event(agreement, "2025-10-12", effects=[duty], reports=[late])
    factories.assessed(duty, "2025-10-12", evidence=[event])
    factories.assessed(duty, "2025-10-18", 1, reason="It sank.")
    said = words(read(address(agreement, "?as_of=2025-10-14")))
    assert "Sunk after all" not in said
    assert "It sank." not in said


def test_each_side_has_its_latest_words(agreement: Agreement) -> None:
    one, other = factories.actor(name="North shore"), factories.actor(name="South shore")
    duty = factories.obligation(agreement, title="The ferry runs again", obligors=[one])
    factories.event(
        agreement,
        "2025-10-12",
        effects=[duty],
        reports=[
            {"originator": one, "quote": "it runs", "stance": "asserts"},
            {"originator": other, "quote": "it never left port", "stance": "denies"},
        ],
    )
    said = part(read(address(agreement)), "disputed")
    assert "The ferry runs again" in said
    assert "it runs" in said
    assert "it never left port" in said


def test_the_days_of_the_changes_can_be_chosen(agreement: Agreement) -> None:
    duty = factories.obligation(agreement, title="The ferry runs again")
    factories.assessed(duty, days_ago(100), reason="Long ago.")
    assert "Long ago." not in words(read(address(agreement)))
    page = read(address(agreement, f"?since={days_ago(200)}"))
    assert "Long ago." in part(page, "changes")
    assert f'name="since" value="{days_ago(200)}"' in page.content.decode()


@pytest.mark.parametrize("query", ["?since=2999-01-01", "?since=soon", "?as_of=2025-10-14&since=2025-10-15"])
def test_days_that_cannot_be_are_explained(agreement: Agreement, query: str) -> None:
    read(address(agreement, query), status=400)


def test_before_there_is_anything_it_says_so(agreement: Agreement) -> None:
    assert "no obligation of this agreement was on record" in words(read(address(agreement)))
    page = read(address(agreement, "?known_on=2025-01-01"))
    assert "nothing about this agreement had been recorded" in words(page)
    assert 'id="cite"' not in page.content.decode()


def test_no_agreement_no_brief() -> None:
    read("/agreements/nowhere/brief/", status=404)


def test_more_data_asks_no_more_questions() -> None:
    same_number_of_queries(address)


def test_everything_is_loaded_with_its_query(agreement: Agreement, monkeypatch: pytest.MonkeyPatch) -> None:
    furnished(agreement, times=2)
    nothing_loads_late(monkeypatch)
    read(address(agreement))
