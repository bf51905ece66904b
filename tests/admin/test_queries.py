"""No page of the admin asks the database more often because there is more to show."""

from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection, models
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests import people
from tracker.admin.base import Hinting
from tracker.admin.site import site
from tracker.models import Person

from .world import world

pytestmark = pytest.mark.django_db

TABLES = sorted(site._registry, key=lambda model: model.__name__)


def signed_in() -> Client:
    client = Client()
    client.force_login(Person.objects.create_superuser("operator", password=None))
    return client


def queries(client: Client, address: str) -> int:
    ContentType.objects.clear_cache()
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        response = client.get(address)
    assert response.status_code == 200, (address, response.status_code)
    return len(captured)


def page(table: type[models.Model], kind: str, *arguments: Any) -> str:
    return reverse(f"admin:{table._meta.app_label}_{table._meta.model_name}_{kind}", args=arguments)


@pytest.fixture
def client() -> Client:
    return signed_in()


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.__name__)
def test_lists_do_not_ask_more_for_more_rows(client: Client, table: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    # Not even one query for all rows of the page, where the list could have joined the other table.
    monkeypatch.setattr(Hinting, "fetch_mode", models.FETCH_RAISE)
    first = world(1)
    before = queries(client, page(table, "changelist"))
    rows = table.objects.count()
    world(2, first.agreement)
    people.reviewer()
    assert table.objects.count() > rows
    assert queries(client, page(table, "changelist")) == before


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.__name__)
def test_pages_do_not_ask_more_for_more_parts(client: Client, table: Any) -> None:
    first = world(1)
    mine = {type(row): row for row in vars(first).values()}
    row = mine.get(table) or table.objects.order_by("pk").last()
    kinds = ["change", "history"]
    before = {kind: queries(client, page(table, kind, row.pk)) for kind in kinds}
    world(2, first.agreement)
    assert {kind: queries(client, page(table, kind, row.pk)) for kind in kinds} == before


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.__name__)
def test_pages_to_add_and_search_answer(client: Client, table: Any) -> None:
    world(1)
    can_add = site.get_model_admin(table).has_add_permission
    response = client.get(page(table, "add"))
    request: Any = response.wsgi_request
    assert response.status_code == (200 if can_add(request) else 403)
    assert client.get(page(table, "changelist"), {"q": "something"}).status_code == 200
