"""Who may do what: a table of pages, roles and answers."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from tests import factories as make
from tests import people
from tracker.models import (
    Actor,
    Agreement,
    Article,
    Assessment,
    Check,
    Clause,
    Condition,
    Declaration,
    Event,
    Instrument,
    Measure,
    Obligation,
    Observation,
    Outlet,
    Person,
    Phase,
    Report,
    Retraction,
)
from tracker.models.rights import RIGHTS

from .pages import client_of, filled, page
from .world import world

pytestmark = pytest.mark.django_db

ROLES: dict[str, Callable[[], Person] | None] = {
    "nobody": None,
    "reader": people.reader,
    "researcher": people.researcher,
    "reviewer": people.reviewer,
    "administrator": people.administrator,
}

PROMISED = [Agreement, Instrument, Clause, Phase, Obligation, Condition, Measure]
REPORTED = [Outlet, Article, Event, Actor, Declaration]
LOOKED_AT = [Report, Observation, Assessment, Retraction, Check]

# Rows: what is asked for. Columns: the answers to nobody, reader, researcher, reviewer, administrator.
# "in" is the sign-in page; "look" a page without a button to save.
TABLE: list[tuple[Any, str, list[str]]] = [
    *[(table, "changelist", ["in", "403", "200", "200", "200"]) for table in PROMISED + REPORTED + LOOKED_AT],
    *[(table, "add", ["in", "403", "403", "403", "200"]) for table in PROMISED],
    *[(table, "change", ["in", "403", "look", "look", "200"]) for table in PROMISED],
    *[(table, "add", ["in", "403", "200", "200", "200"]) for table in REPORTED],
    *[(table, "change", ["in", "403", "200", "200", "200"]) for table in REPORTED],
    *[(table, "add", ["in", "403", "403", "403", "403"]) for table in LOOKED_AT],
    *[(table, "change", ["in", "403", "look", "look", "look"]) for table in LOOKED_AT],
    *[(table, "delete", ["in", "403", "403", "403", "403"]) for table in LOOKED_AT],
    # What has an address stays at it.
    *[
        (table, "delete", ["in", "403", "403", "403", "403"])
        for table in (Agreement, Obligation, Event, Article, Outlet, Actor)
    ],
    *[
        (table, "delete", ["in", "403", "403", "403", "200"])
        for table in (Instrument, Clause, Phase, Condition, Measure, Declaration)
    ],
    *[(Person, kind, ["in", "403", "403", "403", "200"]) for kind in ("changelist", "add", "change", "delete")],
]


def answer(response: Any) -> str:
    if response.status_code == 302:
        assert response["Location"].startswith(("/admin/login/?next=", "/accounts/login/?next="))
        return "in"
    if response.status_code == 200 and "adminform" in (response.context or {}):
        return "200" if 'name="_save"' in response.content.decode() else "look"
    return str(response.status_code)


@pytest.mark.parametrize("role", ROLES)
def test_who_may_open_what(role: str) -> None:
    world(1)
    column = list(ROLES).index(role)
    who = ROLES[role]
    client = client_of(who()) if who else Client()
    other = people.second_researcher()
    wrong = []
    for table, kind, expected in TABLE:
        row = other if table is Person else table.objects.order_by("pk").first()
        address = page(table, kind, *([] if kind in {"changelist", "add"} else [row.pk]))
        got = answer(client.get(address))
        if got != expected[column]:
            wrong.append(f"{address} {kind}: {got}, not {expected[column]}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("role", ["researcher", "reviewer"])
def test_the_text_of_agreements_is_not_theirs_to_change(role: str) -> None:
    who = ROLES[role]
    assert who
    client = client_of(who())
    duty = make.obligation(make.agreement())
    response = client.post(page(Obligation, "change", duty.pk), {"title": "Something else", "code": duty.code})
    assert response.status_code == 403
    duty.refresh_from_db()
    assert duty.title != "Something else"


def test_the_admin_is_entered_by_the_same_door() -> None:
    client = Client()
    people.researcher()
    response = client.get("/admin/tracker/event/?q=x", follow=True)
    assert response.redirect_chain[-1][0].startswith("/accounts/login/?next=")
    assert 'value="/admin/tracker/event/?q=x"' in response.content.decode()
    response = client.post(
        "/accounts/login/",
        {"login": "researcher-1", "password": people.PASSWORD, "next": "/admin/tracker/event/?q=x"},
        follow=True,
    )
    assert response.redirect_chain == [("/admin/tracker/event/?q=x", 302)]
    assert response.status_code == 200
    assert client.get("/admin/password_change/")["Location"] == "/accounts/password/change/"


def test_without_a_role_there_is_an_answer_and_no_loop() -> None:
    client = client_of(people.reader())
    response = client.get("/admin/", follow=True)
    assert (response.status_code, response.redirect_chain) == (403, [])
    assert "no role that works in the admin" in response.content.decode()
    assert client.get("/admin/login/?next=/admin/", follow=True).status_code == 403


def test_the_start_page_shows_a_role_what_it_can_use() -> None:
    text = client_of(people.researcher()).get("/admin/").content.decode()
    assert "What was promised" in text
    assert "Who works here" not in text
    assert "/admin/tracker/event/add/" in text
    assert "/admin/tracker/agreement/add/" not in text
    assert "Who works here" in client_of(people.administrator()).get("/admin/").content.decode()


def test_every_role_has_the_least_rights() -> None:
    for name, rights in RIGHTS.items():
        written = {right.split("_")[-1] for right in rights if right.startswith(("add_", "change_", "delete_"))}
        assert not written & {"assessment", "evidence", "attribution", "retraction", "check"}, name
    assert not {right for right in RIGHTS["Researcher"] if right.startswith("delete_")} & {
        f"delete_{table}" for table in ("event", "article", "outlet", "actor", "source", "declaration")
    }
    assert "publish" not in RIGHTS["Researcher"]


def test_an_agreement_is_set_up_by_an_administrator() -> None:
    client = client_of(people.administrator())
    address = page(Agreement, "add")
    data = filled(client.get(address)) | {
        "title": "An agreement", "slug": "an-agreement", "review": "required", "external_ids": "{}",
        "phases-TOTAL_FORMS": "1", "phases-0-ordinal": "1", "phases-0-title": "Truce",
    }  # fmt: skip
    assert client.post(address, data).status_code == 302
    agreement = Agreement.objects.get()
    address = page(Agreement, "change", agreement.pk)
    who = make.actor()
    data = filled(client.get(address)) | {
        "obligations-TOTAL_FORMS": "1", "obligations-0-code": "ceasefire", "obligations-0-title": "All fire stops.",
        "obligations-0-phase": str(Phase.objects.get().pk), "obligations-0-category": "hostilities",
        "obligations-0-nature": "continuing", "obligations-0-obligors": [str(who.pk)],
    }  # fmt: skip
    assert client.post(address, data).status_code == 302
    assert list(Obligation.objects.get().obligors.all()) == [who]
    # Saved as it is, the page changes nothing.
    before = Obligation.objects.get().versions.count()  # type: ignore[attr-defined]  # made by pghistory
    assert client.post(address, filled(client.get(address))).status_code == 302
    assert Obligation.objects.get().versions.count() == before  # type: ignore[attr-defined]  # pghistory adds it
