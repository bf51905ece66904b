"""Atom feeds: of everything, of one agreement, of one obligation."""

import re
from typing import Any

import pytest
from django.test import Client
from feedparser.api import parse

from tests import factories
from tests.browse.reading import days_ago, furnished, nothing_loads_late, number_of_queries, read
from tracker.browse import feeds
from tracker.models import Agreement, Obligation, Withdrawal

pytestmark = pytest.mark.django_db

ALL = "/changes.atom"
ONE = "/agreements/truce/feed.atom"
DUTY = "/agreements/truce/obligations/bridge/feed.atom"


@pytest.fixture
def truce() -> Agreement:
    return factories.agreement("truce", title="The river truce")


@pytest.fixture
def bridge(truce: Agreement) -> Obligation:
    return factories.obligation(truce, "bridge", title="The bridge is opened")


def parsed(url: str) -> Any:
    response = read(url)
    assert response.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    feed = parse(response.content)  # type: ignore[no-untyped-call]  # has no types
    assert not feed.bozo, feed.get("bozo_exception")
    assert feed.version == "atom10"
    return feed


def test_an_entry_says_what_became_what_why_on_what_evidence_and_by_whom(truce: Agreement, bridge: Obligation) -> None:
    seen = factories.event(
        truce,
        "2025-12-07",
        title="Engineers start work",
        effects=[bridge],
        reports=[
            {
                "article": factories.article(title="Work begins", outlet=factories.outlet("The Courier")),
                "originator": factories.actor(name="North"),
                "quote": "we have begun",
            }
        ],
    )
    factories.assessed(bridge, "2025-11-01", 0)
    judged = factories.assessed(
        bridge, "2025-12-07", 1, reason="Work has begun.", evidence=[seen], byline="Researcher 3"
    )
    for url in (ALL, ONE, DUTY):
        feed = parsed(url)
        entry = feed.entries[0]
        assert entry.title == "The bridge is opened: from Not started to Under way"
        assert entry.link == f"http://testserver{judged.get_absolute_url()}"
        assert entry.id == f"tag:testserver,2026:judgement/{judged.pk}"
        assert entry.author == "Researcher 3"
        assert [tag.term for tag in entry.tags] == ["The river truce"]
        for fact in ("Work has begun.", "Engineers start work", "North", "we have begun", "The Courier", "Work begins"):
            assert fact in entry.summary
        assert judged.recorded_at
        assert entry.updated == judged.recorded_at.isoformat()
        assert not re.search(r'href="/', entry.summary), "addresses are whole"
        assert feed.feed.updated == entry.updated


def test_corrections_and_withdrawals_are_entries_of_their_own(truce: Agreement, bridge: Obligation) -> None:
    first = factories.assessed(bridge, "2025-12-07", 3)
    second = factories.assessed(bridge, "2025-12-07", 1, supersedes=first, correction_reason="Wrong photograph.")
    third = factories.assessed(bridge, "2025-12-09", 2)
    third.retract("It was another bridge.", byline="Reviewer 1")
    event = factories.event(truce, "2025-12-07", title="Shots at the ford", effects=[bridge])
    Withdrawal.record(event, withdrawn=True, reason="Another ford.", byline="Reviewer 1")
    entries = parsed(ONE).entries
    assert [entry.title for entry in entries] == [
        "Event withdrawn: Shots at the ford",
        "Withdrawn: The bridge is opened: Under way, level 2",
        "The bridge is opened: Under way, level 2 (changed since)",
        "Corrected: The bridge is opened: Under way, level 1, not Fulfilled, level 3",
        "The bridge is opened: Fulfilled, level 3 (changed since)",
    ]
    assert "Another ford." in entries[0].summary
    assert "It was another bridge." in entries[1].summary
    assert "It was another bridge." in entries[2].summary
    assert "The evidence says so." not in entries[2].summary, "what was withdrawn is not told on"
    assert entries[1].author == "Reviewer 1"
    assert "Wrong photograph." in entries[3].summary
    assert entries[3].link.endswith(second.get_absolute_url())
    assert len({entry.id for entry in entries}) == 5


def test_a_feed_tells_only_of_its_own(truce: Agreement, bridge: Obligation) -> None:
    factories.assessed(bridge, "2025-12-07", 1)
    factories.assessed(factories.obligation(truce, title="The gate is opened"), "2025-12-07", 1)
    elsewhere = factories.obligation(factories.agreement("other"), title="The mill is rebuilt")
    factories.assessed(elsewhere, "2025-12-07", 1)
    assert len(parsed(DUTY).entries) == 1
    assert len(parsed(ONE).entries) == 2
    assert len(parsed(ALL).entries) == 3


def test_it_is_bounded_and_newest_first(bridge: Obligation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feeds, "ENTRIES", 2)
    for day, reason in [("2025-12-01", "First."), ("2025-12-02", "Second."), ("2025-12-03", "Third.")]:
        factories.assessed(bridge, day, 1, reason=reason)
    entries = parsed(ALL).entries
    assert ["Third." in entries[0].summary, "Second." in entries[1].summary, len(entries)] == [True, True, 2]


def test_what_is_not_there_is_404() -> None:
    read("/agreements/nowhere/feed.atom", status=404)
    factories.agreement("truce")
    read(DUTY, status=404)


def test_a_feed_without_entries_is_a_feed_and_stays_as_it_is(bridge: Obligation) -> None:
    for url in (ALL, ONE, DUTY):
        feed = parsed(url)
        assert feed.entries == []
        assert feed.feed.updated == parsed(url).feed.updated


def test_control_characters_do_not_break_it(bridge: Obligation) -> None:
    factories.assessed(bridge, "2025-12-07", 1, reason="Work\x0b has <begun> & \x1b goes on.")
    assert "Work has &lt;begun&gt; &amp;  goes on." in parsed(ONE).entries[0].summary


def test_readers_find_the_feed_on_its_page(bridge: Obligation) -> None:
    factories.assessed(bridge, "2025-12-07", 1)
    pages = {
        "/": ALL,
        "/changes/": ALL,
        "/corrections/": ALL,
        "/agreements/truce/": ONE,
        "/agreements/truce/changes/": ONE,
        "/agreements/truce/obligations/bridge/": DUTY,
    }
    for page, feed in pages.items():
        text = read(page).content.decode()
        assert re.search(rf'<link rel="alternate" type="application/atom\+xml" title="[^"]+" href="{feed}">', text), (
            page
        )
        assert f'<a href="{feed}" type="application/atom+xml">' in text, page


def test_feeds_speak_the_language_of_their_address(bridge: Obligation) -> None:
    factories.assessed(bridge, "2025-12-07", 1)
    feed = parsed(f"/ar{ONE}")
    assert feed.feed.language == "ar"
    assert "/ar/assessments/" in feed.entries[0].link
    assert feed.entries[0].id == parsed(ONE).entries[0].id


def test_they_can_only_be_read_and_set_no_cookie(bridge: Obligation) -> None:
    for url in (ALL, ONE, DUTY):
        assert Client().post(url).status_code == 405
        assert not read(url).cookies


def test_more_data_asks_no_more_questions(monkeypatch: pytest.MonkeyPatch) -> None:
    little, much = furnished(factories.agreement()), furnished(factories.agreement(), times=3)
    few = number_of_queries(f"{little.get_absolute_url()}feed.atom")
    assert number_of_queries(f"{much.get_absolute_url()}feed.atom") == few
    nothing_loads_late(monkeypatch)
    duty = much.obligations.order_by("code")[0]
    Withdrawal.record(factories.event(much, days_ago(3), effects=[duty]), withdrawn=True, reason="A slip.")
    for url in (ALL, f"{much.get_absolute_url()}feed.atom", f"{duty.get_absolute_url()}feed.atom"):
        parsed(url)
