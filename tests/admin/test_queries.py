"""No page of the admin asks the database more often because there is more to show."""

from collections.abc import Iterable
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection, models
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests import people
from tracker.admin.base import Hinting
from tracker.admin.site import site
from tracker.models import Person

from .pages import client_of, page
from .world import world

pytestmark = pytest.mark.django_db

TABLES: list[Any] = sorted(site._registry, key=lambda model: model.__name__)


@pytest.fixture
def client() -> Client:
    return client_of(Person.objects.create_superuser("operator", password=None))


def counted(client: Client, addresses: Iterable[str]) -> dict[str, int]:
    """How many queries each page takes, once whatever is remembered between requests is there."""
    ContentType.objects.clear_cache()
    client.get("/admin/")
    numbers = {}
    for address in addresses:
        client.get(address)
        with CaptureQueriesContext(connection) as captured:
            response = client.get(address)
        assert response.status_code == 200, (address, response.status_code)
        numbers[address] = len(captured)
    return numbers


def test_lists_do_not_ask_more_for_more_rows(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    # Not even one query for all rows of the page, where the list could have joined the other table.
    monkeypatch.setattr(Hinting, "fetch_mode", models.FETCH_RAISE)
    lists = [page(table, "changelist") for table in TABLES]
    first = world(1)
    rows = {table: table.objects.count() for table in TABLES}
    before = counted(client, lists)
    world(2, first.agreement)
    people.reviewer()
    assert all(table.objects.count() > number for table, number in rows.items())
    assert counted(client, lists) == before


def test_pages_do_not_ask_more_for_more_parts(client: Client) -> None:
    first = world(1)
    mine: dict[type, Any] = {type(row): row for row in vars(first).values()}
    shown = [mine.get(table) or table.objects.order_by("pk").last() for table in TABLES]
    pages = [page(type(row), kind, row.pk) for row in shown for kind in ("change", "history")]
    before = counted(client, pages)
    world(2, first.agreement)
    assert counted(client, pages) == before


def test_search_boxes_do_not_ask_more_for_more_rows(client: Client) -> None:
    first = world(1)
    queries = [
        f"/admin/autocomplete/?app_label=tracker&model_name={model}&field_name={field}"
        for model, field in (
            ("effect", "obligation"),
            ("observation", "measure"),
            ("report", "article"),
            ("event", "outcome"),
            ("obligation", "clause"),
            ("event", "agreement"),
        )
    ]
    before = counted(client, queries)
    world(2, first.agreement)
    assert counted(client, queries) == before


def test_pages_to_add_and_searches_answer(client: Client) -> None:
    world(1)
    for table in TABLES:
        response = client.get(page(table, "add"))
        may_add = site.get_model_admin(table).has_add_permission(response.wsgi_request)
        assert response.status_code == (200 if may_add else 403), table
        assert client.get(page(table, "changelist"), {"q": "something"}).status_code == 200, table
