"""Entering events: the form says what the database would refuse, and published evidence changes with a reason."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client

from tests import factories as make
from tests import people
from tracker.admin.reported import ActorForm
from tracker.models import Actor, Agreement, Effect, Event, EventActor, Person, Report

from .pages import added, client_of, filled, page, problems

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Client:
    return client_of(people.researcher())


@pytest.fixture
def agreement() -> Agreement:
    return make.agreement()


def blank(client: Client, agreement: Agreement, **fields: Any) -> dict[str, Any]:
    data = filled(client.get(page(Event, "add")))
    return data | {"agreement": agreement.pk, "title": "A strike", "kind": "strike", "date": "2025-12-18"} | fields


def send(client: Client, data: dict[str, Any]) -> Any:
    """Saves a new event, and holds the database to its deferred rules at once."""
    response = client.post(page(Event, "add"), data)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    return response


def test_an_event_with_its_report_actor_and_effect(client: Client, agreement: Agreement) -> None:
    duty, who, article = make.obligation(agreement), make.actor(), make.article()
    data = blank(client, agreement, verification="alleged")
    data = added(data, "effects", obligation=duty.pk, effect="breaches")
    data = added(data, "actors", actor=who.pk, role="accused")
    data |= {"reports-0-article": article.pk, "reports-0-originator": who.pk, "reports-0-stance": "denies"}
    response = send(client, data)
    assert response.status_code == 302, problems(response)
    event = Event.objects.get()
    assert event.ref.startswith("2025-12-18-")
    assert event.stage == "published"
    assert Effect.objects.get(event=event).obligation == duty
    assert Report.objects.get(event=event).originator == who


def test_a_breach_without_accused_and_verification_is_explained(client: Client, agreement: Agreement) -> None:
    duty = make.obligation(agreement)
    data = added(blank(client, agreement), "effects", obligation=duty.pk, effect="breaches")
    said = problems(send(client, data))
    assert "name who is accused among the actors" in said
    assert "give the event&#x27;s verification" in said or "give the event's verification" in said
    assert not Event.objects.exists()


def test_the_accused_of_a_breach_cannot_be_removed(client: Client, agreement: Agreement) -> None:
    event = make.event(agreement, effects=[(make.obligation(agreement), "breaches")], accused=[make.actor()])
    address = page(Event, "change", event.pk)
    said = problems(client.post(address, filled(client.get(address)) | {"actors-0-DELETE": "on"}))
    assert "name who is accused among the actors" in said
    assert EventActor.objects.exists()


def test_effects_stay_within_the_agreement(client: Client, agreement: Agreement) -> None:
    elsewhere = make.obligation(make.agreement(title="Another agreement"))
    data = added(blank(client, agreement), "effects", obligation=elsewhere.pk, effect="advances")
    assert "belongs to another agreement: Another agreement" in problems(send(client, data))

    event = make.event(agreement)
    address = page(Event, "change", event.pk)
    data = added(filled(client.get(address)), "effects", obligation=elsewhere.pk, effect="advances")
    assert "Choose one that belongs to this agreement." in problems(client.post(address, data))


def test_figures_stay_within_the_agreement(client: Client, agreement: Agreement) -> None:
    measure = make.measure(make.obligation(make.agreement()))
    data = added(
        blank(client, agreement), "observations", measure=measure.pk, value=3, as_of="2025-12-18", nature="actual"
    ) | {"observations-0-article": make.article().pk}
    assert "belongs to another agreement" in problems(send(client, data))


@pytest.mark.parametrize(
    ("fields", "complaint"),
    [
        ({"date_end": "2025-12-01"}, "The end date lies before the date."),
        ({"latitude": "31.5"}, "Give latitude"),
        ({"ref": "Two Words"}, "Use small Latin letters"),
        ({"date": "2025-02-30"}, "Enter a valid date."),
    ],
)
def test_rules_of_the_table_are_explained(
    client: Client, agreement: Agreement, fields: dict[str, str], complaint: str
) -> None:
    assert complaint in problems(send(client, blank(client, agreement, **fields)))


def test_rules_of_the_parts_are_explained(client: Client, agreement: Agreement) -> None:
    who, article = make.actor(), make.article()
    data = blank(client, agreement)
    data = added(data, "actors", actor=who.pk, role="speaker")
    data = added(data, "actors", actor=who.pk, role="speaker")
    data |= {
        "reports-0-article": article.pk,
        "reports-0-originator": who.pk,
        "reports-0-originator_text": "an official",
        "reports-0-quote": "word " * 16,
    }
    said = problems(send(client, data))
    assert "either as an actor or in words, not both" in said
    assert "A quote has at most 15 words" in said
    assert "Please correct the duplicate data" in said


def test_the_reference_taken_is_explained(client: Client, agreement: Agreement) -> None:
    make.event(agreement, ref="miami")
    assert "already exists" in problems(send(client, blank(client, agreement, ref="miami")))


def test_published_evidence_changes_with_a_reason(client: Client, agreement: Agreement) -> None:
    duty = make.obligation(agreement)
    event = make.event(agreement, effects=[duty])
    address = page(Event, "change", event.pk)
    assert "edit_reason" not in filled(client.get(address))
    make.assessed(duty, evidence=[event])

    data = filled(client.get(address)) | {"title": "Another title", "edit_reason": ""}
    assert "This field is required." in problems(client.post(address, data))
    data["edit_reason"] = "The first title named the wrong town."
    assert client.post(address, data).status_code == 302
    event.refresh_from_db()
    assert event.title == "Another title"
    version: Any = event.versions.order_by("pgh_id").last()  # type: ignore[attr-defined]  # made by pghistory
    assert version.pgh_context.metadata["reason"] == "The first title named the wrong town."
    assert version.pgh_context.metadata["byline"] == "Researcher 1"
    history = client.get(page(Event, "history", event.pk)).content.decode()
    assert "Researcher 1" in history
    assert "The first title named the wrong town." in history
    assert "Another title" in history


def test_search_boxes_offer_rows_of_the_agreement(client: Client, agreement: Agreement) -> None:
    ours, theirs = make.obligation(agreement), make.obligation(make.agreement())
    event = make.event(agreement)
    text = client.get(page(Event, "change", event.pk)).content.decode()
    assert f"/admin/autocomplete/?within={agreement.pk}" in text
    query = {"app_label": "tracker", "model_name": "effect", "field_name": "obligation", "term": "duty"}
    everything = client.get("/admin/autocomplete/", query).json()["results"]
    assert {one["id"] for one in everything} == {str(ours.pk), str(theirs.pk)}
    [found] = client.get("/admin/autocomplete/", query | {"within": str(agreement.pk)}).json()["results"]
    assert found == {"id": str(ours.pk), "text": f"{ours.title} ({ours.code})"}
    assert client.get("/admin/autocomplete/", query | {"within": "x"}).json()["results"] == []


def test_references_are_fixed_a_day_after(client: Client, agreement: Agreement) -> None:
    fresh, old = (
        make.event(agreement, ref="fresh"),
        make.event(agreement, ref="old", recorded_at=make.moment("2026-01-01")),
    )
    for event, ref in ((fresh, "renamed"), (old, "old")):
        address = page(Event, "change", event.pk)
        client.post(address, filled(client.get(address)) | {"ref": "renamed"})
        event.refresh_from_db()
        assert event.ref == ref


def test_what_no_form_foresaw_is_no_server_error(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ActorForm, "clean", lambda form: form.cleaned_data)
    below = make.actor(parent=make.actor())
    above = below.parent
    assert above
    address = page(Actor, "change", above.pk)
    response = client.post(address, filled(client.get(address)) | {"parent": below.pk}, follow=True)
    assert "Nothing was saved. The database says: The parents of an actor form a cycle." in response.content.decode()


def test_a_circle_of_parents_is_explained(client: Client) -> None:
    below = make.actor(parent=make.actor())
    assert below.parent
    address = page(Actor, "change", below.parent.pk)
    said = problems(client.post(address, filled(client.get(address)) | {"parent": below.pk}))
    assert "the parents would form a circle" in said


def test_what_others_rest_on_is_not_deleted(agreement: Agreement) -> None:
    operator = client_of(Person.objects.create_superuser("operator", password=None))
    duty = make.obligation(agreement)
    event = make.event(agreement, effects=[duty])
    make.assessed(duty, evidence=[event])
    for row in (agreement, duty, event, event.reports.all()[0].article):
        address = page(type(row), "delete", row.pk)
        assert "Cannot delete" in operator.get(address).content.decode()
        assert operator.post(address, {"post": "yes"}).status_code == 200
        selected = {"action": "delete_selected", "index": "0", "_selected_action": [str(row.pk)], "post": "yes"}
        assert operator.post(page(type(row), "changelist"), selected).status_code == 200
        row.refresh_from_db()


def test_nobody_writes_over_anothers_change_unawares(client: Client, agreement: Agreement) -> None:
    event = make.event(agreement)
    address = page(Event, "change", event.pk)
    opened = client.get(address)
    data = filled(opened) | {"seen": opened.context["seen"], "title": "Mine"}
    other = client_of(people.second_researcher())
    theirs = other.get(address)
    who = make.actor()
    changed = filled(theirs) | {"seen": theirs.context["seen"], "reports-0-originator": str(who.pk)}
    assert other.post(address, changed).status_code == 302

    held = client.post(address, data)
    assert "Somebody else changed this since you opened the page." in problems(held)
    assert 'value="Mine"' in held.content.decode()
    again = client.post(address, data | {"seen": held.context["seen"]})
    assert again.status_code == 302
    event.refresh_from_db()
    assert event.title == "Mine"
