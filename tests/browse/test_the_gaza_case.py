"""The demo as its readers see it: every link leads somewhere, more data asks no more questions, the days are right."""

import re
from collections import Counter, defaultdict, deque
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import resolve
from pytest_django import DjangoDbBlocker

from tests.browse.reading import part, read, words
from tracker.browse.urls import urlpatterns
from tracker.exchange.casefile import load
from tracker.models import Assessment, Event, today

DEMO = Path(__file__).parents[2] / "tracker" / "exchange" / "demo" / "gaza-2025.yaml"
GAZA = "/agreements/gaza-2025/"
COPIES = 3
OF_A_KIND = 4
"""So many of a kind are opened; of files (pictures, feeds) and of what was read in English already, one."""

pytestmark = pytest.mark.django_db


def demo(slug: str = "gaza-2025") -> tuple[str, bytes]:
    """The demo, or the same under another slug. Actors, outlets and articles are shared by all."""
    return f"{slug}.yaml", DEMO.read_bytes().replace(b"slug: gaza-2025", f"slug: {slug}".encode(), 1)


@pytest.fixture(scope="module", autouse=True)
def gaza(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Loads the case once for all tests of this file, inside a transaction around theirs."""
    with django_db_blocker.unblock(), transaction.atomic():
        load([demo()])
        with django_db_blocker.block():
            yield
        transaction.set_rollback(True)


def links(page: str, address: str) -> Iterator[str]:
    for href in re.findall(r'<a\b[^>]*\bhref="([^"]+)"', page):
        target = urlsplit(urljoin(f"http://testserver{address}", unescape(href)))
        if target.netloc == "testserver":
            yield target.path + (f"?{target.query}" if target.query else "")


def asking(client: Client, address: str) -> tuple[Any, int]:
    """The answer, and how many questions it asked of the database."""
    connection.queries_log.clear()
    with CaptureQueriesContext(connection) as asked:
        response = client.get(address)
    return response, len(asked)


def crawled(client: Client, *starts: str) -> dict[str, tuple[int, int]]:
    """What can be reached without any script: the status and the number of queries.

    Of each kind some are opened, up to ``OF_A_KIND``. The date bar leads to every day of every page, so an address
    with a query string is followed only to what nothing else has led to.
    """
    found: dict[str, tuple[int, int]] = {}
    of_kind: Counter[str] = Counter()
    waiting = deque(starts)
    while waiting:
        address = waiting.popleft()
        name = kind(address)
        if address in found or of_kind[name] == (1 if "<language>" in name or "." in name else OF_A_KIND):
            continue
        if "<language>" in name and ("?" in address or not address.endswith("/")):
            continue  # the same page again, only in other words
        of_kind[name] += 1
        response, queries = asking(client, address)
        found[address] = response.status_code, queries
        followed = "?" not in address or address.endswith("?view=map")
        if followed and response.get("Content-Type", "").startswith("text/html"):
            waiting.extend(links(response.content.decode(), address))
    return found


def kind(address: str) -> str:
    """Pages of one kind share this name: ids, slugs and codes are left out."""
    path, _, query = address.partition("?")
    path = re.sub(r"[0-9a-f-]{36}", "<id>", path)
    path = re.sub(r"\.(bib|ris|csl\.json)$", ".<citation>", path)
    path = re.sub(r"^/(ar|he)/", "/<language>/", path)
    path = re.sub(r"/(agreements|actors|outlets)/[^/.]+(?=[/.])", r"/\1/<slug>", path)
    path = re.sub(r"/obligations/[^/.]+(?=[/.])", "/obligations/<code>", path)
    return path + ("?" + "&".join(sorted(re.findall(r"(\w+)=", query))) if query else "")


def test_everything_linked_answers_and_more_data_asks_no_more_questions(client: Client) -> None:
    little = crawled(client, "/", GAZA)
    assert {address: status for address, (status, _) in little.items() if status != 200} == {}
    english = {address.partition("?")[0] for address in little if "<language>" not in kind(address)}
    reached = {resolve(address).url_name for address in english}
    assert {one.name for one in urlpatterns} - reached == set(), "no link leads there"
    load([demo(f"copy-{number}") for number in range(COPIES)])
    before: dict[str, set[int]] = defaultdict(set)
    for address, (_, queries) in little.items():
        before[kind(address)].add(queries)
    grown = {}
    for address in representatives(little):
        if re.search(r"/agreements\.(svg|png)$", address) or "<language>" in kind(address):
            continue  # compared unasked only where the agreements are few; other words ask no other questions
        response, queries = asking(client, address)
        assert response.status_code == 200, address
        if queries > max(before[kind(address)]):
            grown[address] = (max(before[kind(address)]), queries)
    assert grown == {}


def representatives(pages: dict[str, tuple[int, int]]) -> list[str]:
    """Of each kind of page the one that asked most."""
    most: dict[str, str] = {}
    for address, (_, queries) in pages.items():
        name = kind(address)
        if name not in most or queries > pages[most[name]][1]:
            most[name] = address
    return list(most.values())


def test_a_breach_is_only_alleged_unless_it_is_admitted_observed_or_verified_whoever_is_accused() -> None:
    shown = ("admitted", "observed", "verified")
    for judged in Assessment.objects.filter(conformity__in=("contrary", "contrary_alleged")):
        grounds = judged.evidence.filter(effects__obligation=judged.obligation, effects__effect="breaches")
        assert grounds.filter(verification__in=shown).exists() == (judged.conformity == "contrary"), judged


def test_the_day_of_the_seed_article() -> None:
    page = read(f"{GAZA}?as_of=2025-12-18")
    text = words(page)
    assert "47 of 48 hostages returned" in text.replace("\N{NO-BREAK SPACE}", " ")
    living, dead = part(page, "obligation-hostages-living"), part(page, "obligation-hostages-dead")
    assert "Fulfilled" in living
    assert "20" in living
    assert "Overdue" in dead
    assert "27 of 28" in dead.replace("\N{NO-BREAK SPACE}", " ")
    assert "66 days late" in dead.replace("\N{NO-BREAK SPACE}", " ")
    assert "Waiting" in part(page, "obligation-withdraw2")
    for code in ("ncag", "isf", "bop"):
        assert "Not started" in part(page, f"obligation-{code}")
    disarm = part(page, "obligation-disarm")
    assert "Stalled" in disarm
    assert "legitimate right" in disarm
    assert "will be disarmed" in disarm
    assert "Not assessed" in part(page, "obligation-rebuild")
    for delegation in ("United States", "Qatar", "Egypt", "Türkiye"):
        assert f"({delegation})" in text
    assert "19 Dec 2025, Miami Planned: mediators to meet in Miami on Friday" in text


def test_a_day_later_the_meeting_was_held() -> None:
    held = Event.objects.get(ref="miami")
    page = read(f"{GAZA}events/?as_of=2025-12-20")
    assert held.title in words(page)
    assert "Planned: mediators to meet in Miami" not in words(page)
    assert "Planned: mediators to meet in Miami" not in words(read(f"{GAZA}?as_of=2025-12-20"))


def test_on_the_day_of_signature_nothing_later_is_known() -> None:
    page = read(f"{GAZA}?as_of=2025-10-09")
    # How to cite it names the present year.
    text = words(page).split("Cite this page")[0]
    names = ("2803", "Miami", "Saad", "Mladenov", "Gvili", "legitimate right", "will be disarmed")
    for later in (*names, "2026", "Nov 2025", "Fulfilled"):
        assert later not in text.replace(f"{today():%b %Y}", ""), later
    assert Assessment.objects.filter(effective_on__lte="2025-10-09").count() == 0


def test_before_it_was_loaded_nothing_had_been_recorded() -> None:
    for address in (GAZA, f"{GAZA}events/", f"{GAZA}obligations/disarm/", "/", "/events/", "/sources/", "/actors/"):
        text = words(read(f"{address}?known_on=2026-01-01"))
        assert "hostages returned" not in text
        assert "Witkoff" not in text
    assert "had been recorded" in words(read(f"{GAZA}?known_on=2026-01-01"))


@pytest.mark.parametrize(
    "asked",
    ["as_of=yesterday", "as_of=2025-02-30", "as_of=2025-10-9", "as_of=2999-01-01", "known_on=%00", "known_on=20251009"],
)
def test_impossible_days_are_explained(asked: str) -> None:
    for address in ("/", "/agreements/", GAZA, "/events/", "/sources/", "/actors/"):
        text = words(read(f"{address}?{asked}", status=400))
        assert "2025-12-18" in text  # how to write one


def test_today_is_allowed() -> None:
    read(f"{GAZA}?as_of={today()}&known_on={today()}")
