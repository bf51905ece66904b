"""The two days of a reader's look at the past: every public page keeps them, says them, and offers the way to today."""

import datetime as dt
import re
from collections.abc import Iterator
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urljoin, urlsplit

import pytest
from django.db import transaction
from django.test import Client
from pytest_django import DjangoDbBlocker

from tests import kinds
from tests.browse.reading import read, words
from tracker.browse import vantage
from tracker.database.embedded import PROJECT
from tracker.exchange.casefile import load
from tracker.models import today

DEMO = PROJECT / "tracker" / "exchange" / "demo" / "gaza-2025.yaml"
DAY = "2025-12-18"

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def gaza(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Loads the case once for all tests of this file, inside a transaction around theirs."""
    with django_db_blocker.unblock(), transaction.atomic():
        load([("gaza-2025.yaml", DEMO.read_bytes())])
        with django_db_blocker.block():
            yield
        transaction.set_rollback(True)


@pytest.fixture
def recorded_by(monkeypatch: pytest.MonkeyPatch) -> str:
    """The day on which the case was loaded, seen from the day after: as a record day it is one like any other."""
    monkeypatch.setattr(vantage, "today", lambda: today() + dt.timedelta(days=1))
    return today().isoformat()


def strays(response: Any, address: str, recorded_by: str) -> set[str]:
    """The links to other public pages that lead away from the two days."""
    found = set()
    for href in re.findall(r'<a\b[^>]*\bhref="([^"]+)"', response.content.decode()):
        target = urlsplit(urljoin(f"http://testserver{address}", unescape(href)))
        same_page = not urlsplit(unescape(href)).path
        if target.netloc != "testserver" or same_page or not target.path.endswith("/"):
            continue
        if target.path.startswith(("/desk/", "/admin/", "/accounts/", "/suggest/")):
            continue
        asked = parse_qs(target.query)
        if asked.get("by") == ["recorded"]:
            # The other question about the same days, whose last one is then the record day.
            kept = asked.get("as_of") == [DAY]
        else:
            kept = asked.get("known_on") == [recorded_by] and ("as_of" in asked or "until" in asked)
        if not kept:
            found.add(f"{target.path}?{target.query}" if target.query else target.path)
    return found


def test_every_link_of_every_page_keeps_both_days(recorded_by: str) -> None:
    client = Client()
    astray = {}
    for kind, address in kinds.pages().items():
        response = client.get(f"{address}?as_of={DAY}&known_on={recorded_by}")
        assert response.status_code == 200, address
        # The one way out is to the same page today.
        others = strays(response, address, recorded_by) - {address}
        if others:
            astray[kind] = others
    assert astray == {}


def test_every_page_about_the_past_says_its_days_and_offers_the_way_to_today(recorded_by: str) -> None:
    for address in kinds.pages().values():
        response = read(f"{address}?as_of={DAY}&known_on={recorded_by}")
        said = words(response)
        assert "18 Dec 2025" in said, address
        assert f'<a class="step" href="{address}">Today</a>' in response.content.decode(), address


def test_a_page_about_today_has_no_days_in_its_links() -> None:
    for address in kinds.pages().values():
        text = read(address).content.decode()
        bar = text[text.index("<nav") : text.index("</nav>")]
        assert "as_of" not in bar, address
        assert "known_on" not in bar, address


def test_one_steps_from_change_to_change_where_a_page_has_changes() -> None:
    still = {"methodology", "about", "terms", "corrections", "changes", "agreement_changes"}
    for kind, address in kinds.pages().items():
        if kind in still:
            continue
        text = read(f"{address}?as_of=2026-02-01").content.decode()
        found = re.findall(r'<a class="step" href="([^"]+)" rel="(prev|next)"', text)
        assert found, kind
        for url, _ in found:
            read(unescape(url))
