"""The calendar of an agreement."""

import datetime as dt

import pytest

from tests import factories
from tests.browse.reading import days_ago, furnished, nothing_loads_late, number_of_queries, read
from tracker.models import today

pytestmark = pytest.mark.django_db

PAGE = "/agreements/truce/calendar.ics"


def test_it_has_the_due_dates_and_what_is_scheduled() -> None:
    truce = factories.agreement("truce", title="The river truce")
    gate = factories.obligation(
        truce, "gate", title="The gate is opened", due_on=dt.date(2025, 12, 9), due_rule="in two months"
    )
    factories.obligation(truce, title="Guards keep away", nature="continuing", due_on=dt.date(2025, 12, 12))
    factories.obligation(truce, title="No day for this")
    meeting = factories.event(
        truce,
        today() + dt.timedelta(days=5),
        title="The envoys meet",
        state="scheduled",
        place="Miami",
        reports=[factories.article(published_on=days_ago(3))],
    )
    response = read(PAGE)
    assert response.headers["Content-Type"] == "text/calendar; charset=utf-8"
    text = response.content.decode().replace("\r\n ", "")
    assert "SUMMARY:Due: The gate is opened\r\n" in text
    assert "Status today: Not assessed" in text
    assert "in two months" in text
    assert f"URL:http://testserver{gate.get_absolute_url()}\r\n" in text
    assert "SUMMARY:Binds from today: Guards keep away\r\n" in text
    assert "No day for this" not in text
    assert f"UID:event-{meeting.pk}@testserver\r\nDTSTAMP:" in text
    assert "SUMMARY:The envoys meet\r\n" in text
    assert "LOCATION:Miami\r\n" in text
    assert read(PAGE).content == response.content, "the same data are the same file"


def test_it_is_offered_where_the_agreement_stands() -> None:
    furnished(factories.agreement("truce"))
    assert f'href="{PAGE}"' in read("/agreements/truce/").content.decode()
    read("/agreements/nowhere/calendar.ics", status=404)


def test_more_data_asks_no_more_questions(monkeypatch: pytest.MonkeyPatch) -> None:
    little, much = furnished(factories.agreement()), furnished(factories.agreement(), times=3)
    few = number_of_queries(f"{little.get_absolute_url()}calendar.ics")
    assert number_of_queries(f"{much.get_absolute_url()}calendar.ics") == few
    nothing_loads_late(monkeypatch)
    read(f"{much.get_absolute_url()}calendar.ics")
