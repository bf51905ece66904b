"""How these tests read a page: as its words, and with every row loaded beforehand or not at all."""

import datetime as dt
import re
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any

import pytest
from django.db import connection, models
from django.db.models import query
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests import factories
from tracker.codebook import Stance
from tracker.models import Agreement, today

SILENT = {"script", "style", "title", "head"}
APART = {"br", "p", "li", "dd", "dt", "div", "h1", "h2", "h3", "td", "th", "caption", "section", "svg"}


class Words(HTMLParser):
    """The text of a page's main part, blocks set apart by spaces."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.inside = 0
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.inside += tag == "main"
        self.silent += tag in SILENT
        if tag in APART:
            self.found.append(" ")

    def handle_endtag(self, tag: str) -> None:
        self.inside -= tag == "main"
        self.silent -= tag in SILENT
        if tag in APART:
            self.found.append(" ")

    def handle_data(self, data: str) -> None:
        if self.inside and not self.silent:
            self.found.append(data)


def words(response: Any) -> str:
    """What somebody reads in the main part of the page, on one line."""
    return words_of(response.content.decode())


def part(response: Any, id: str) -> str:  # noqa: A002  # what it is called in HTML
    """What somebody reads in the element with that id."""
    text = response.content.decode()
    start = re.search(rf'<(\w+)[^>]*\bid="{re.escape(id)}"', text)
    assert start, f"no #{id}"
    return words_of(f"<main>{enclosed(text, start)}</main>")


def enclosed(page: str, start: re.Match[str]) -> str:
    """The source of the element that begins where ``start`` does; its first group is the element's name."""
    depth = 0
    for tag in re.finditer(rf"<(/?){start[1]}\b", page[start.start() :]):
        depth += -1 if tag[1] else 1
        if depth == 0:
            return page[start.start() : start.start() + tag.start()]
    raise AssertionError(f"{start[0]} does not end")


def words_of(page: str) -> str:
    parser = Words()
    parser.feed(page)
    return re.sub(r"\s+", " ", "".join(parser.found)).strip()


def read(url: str, client: Client | None = None, status: int = 200) -> Any:
    response = (client or Client()).get(url)
    assert response.status_code == status, (url, response.status_code)
    return response


def number_of_queries(url: str, client: Client | None = None) -> int:
    with CaptureQueriesContext(connection) as seen:
        read(url, client)
    return len(seen)


def nothing_loads_late(monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on a related row that was not loaded with its query is an error instead of one more query."""
    monkeypatch.setattr(query, "DEFAULT_FETCH_MODE", models.FETCH_RAISE)


def days_ago(days: int) -> dt.date:
    return today() - dt.timedelta(days=days)


def furnished(agreement: Agreement, times: int = 1) -> Agreement:
    """Fills an agreement with something of everything, so many times over, all of it some days ago."""
    for number in range(times):
        side, other = factories.actor(name=f"Side {number}"), factories.actor(name=f"Other {number}")
        person = factories.actor(kind="person", parent=side)
        factories.party(agreement, side)
        phase = factories.phase(agreement, number + 1)
        text = factories.instrument(agreement, date=factories.SIGNED)
        text.accepted_by.set([side])
        text.disputed_by.set([other])
        clause = factories.clause(text)
        duties = [
            factories.obligation(
                agreement, phase=phase, obligors=[side, other], beneficiaries=[other], instrument=text, clause=clause
            )
            for _ in range(2)
        ]
        for duty in duties:
            measure = factories.measure(duty, target=10)
            event = factories.event(
                agreement,
                days_ago(60),
                effects=[(duty, "breaches")],
                accused=[side],
                actors=[(person, "speaker")],
                reports=[
                    {"originator": person, "quote": "we will see"},
                    {"stance": Stance.DENIES, "originator": other},
                ],
            )
            factories.observation(measure, event, 4, originator=side)
            factories.observation(measure, event, 5, originator=other)
            factories.assessed(duty, days_ago(60), 1, direction="stalled", evidence=[event], attributed_to=[side])
            wrong = factories.assessed(duty, days_ago(50), 1, evidence=[event])
            factories.assessed(duty, days_ago(50), 2, evidence=[event], supersedes=wrong)
            taken_back = factories.assessed(duty, days_ago(45), 3, evidence=[event])
            factories.retracted(taken_back)
            factories.checked(duty, days_ago(40), "the usual places")
            factories.event(agreement, days_ago(30), effects=[(duty, "sets_back")])
        factories.event(
            agreement,
            today() + dt.timedelta(days=5),
            state="scheduled",
            actors=[(person, "participant")],
            reports=[{"article": factories.article(published_on=days_ago(3))}],
        )
        factories.condition(duties[0], duties[1])
        factories.condition(phase, duties[1], actor=other)
        factories.declaration(phase, person, days_ago(20))
        factories.declaration(phase, other, days_ago(20), "not_begun")
    return agreement


def same_number_of_queries(url: Callable[[Agreement], str], client: Client | None = None) -> None:
    """Asserts that an agreement with three times as much asks no more questions of the database."""
    little, much = furnished(factories.agreement()), furnished(factories.agreement(), times=3)
    assert number_of_queries(url(little), client) == number_of_queries(url(much), client)
