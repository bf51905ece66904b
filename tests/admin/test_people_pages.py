"""Administrators make, change and erase accounts, and cannot make more of themselves than they are."""

from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group
from django.contrib.sessions.models import Session
from django.core import mail
from django.db import connection
from django.test import Client
from pghistory.models import Context

from tests import factories as make
from tests import people
from tracker.codebook import Review
from tracker.models import Assessment, Check, Event, Person

from .pages import client_of, filled, page

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Client:
    return client_of(people.administrator())


def role_ids(*names: str) -> list[str]:
    return [str(pk) for pk in Group.objects.filter(name__in=names).values_list("pk", flat=True)]


def new(client: Client, **fields: Any) -> Any:
    data = {
        "username": "somebody",
        "byline": "Researcher 7",
        "email": "somebody@example.org",
        "usable_password": "true",
        "password1": "a-long-first-password",
        "password2": "a-long-first-password",
        "groups": role_ids("Researcher"),
    }
    return client.post(page(Person, "add"), data | fields)


def test_a_new_person_works_in_the_admin_by_their_role(client: Client) -> None:
    response = new(client)
    assert response.status_code == 302
    person = Person.objects.get(username="somebody")
    assert (person.byline, person.role, person.is_staff, person.is_superuser) == (
        "Researcher 7",
        "Researcher",
        True,
        False,
    )
    assert person.check_password("a-long-first-password")


def test_two_people_cannot_share_an_address(client: Client) -> None:
    people.researcher()
    response = new(client, email="Researcher-1@example.org")
    assert "Somebody else has this address." in response.content.decode()


def test_a_person_without_a_first_password_sets_one_by_mail(client: Client) -> None:
    assert new(client, usable_password="false", password1="", password2="").status_code == 302
    assert not Person.objects.get(username="somebody").has_usable_password()
    Client().post("/accounts/password/reset/", {"email": "somebody@example.org"})
    assert [letter.to for letter in mail.outbox] == [["somebody@example.org"]]


def test_taking_the_role_away_closes_the_admin(client: Client) -> None:
    person = people.researcher()
    theirs = client_of(person)
    assert theirs.get("/admin/").status_code == 200
    address = page(Person, "change", person.pk)
    assert client.post(address, filled(client.get(address)) | {"groups": []}).status_code == 302
    assert theirs.get("/admin/").status_code == 403


def test_nobody_makes_themselves_an_operator(client: Client) -> None:
    me = people.administrator()
    for person in (me, people.researcher()):
        address = page(Person, "change", person.pk)
        assert "is_superuser" not in client.get(address).content.decode()
        data = filled(client.get(address)) | {"is_superuser": "on", "is_staff": "on", "user_permissions": ["1"]}
        assert client.post(address, data).status_code == 302
        person.refresh_from_db()
        assert not person.is_superuser
        assert not person.user_permissions.exists()


def test_an_operators_account_is_out_of_reach(client: Client) -> None:
    operator = Person.objects.create_superuser("operator", "operator@example.org", people.PASSWORD)
    assert client.post(page(Person, "change", operator.pk), {"username": "x"}).status_code == 403
    assert client.get(page(Person, "delete", operator.pk)).status_code == 403
    password = f"/admin/tracker/person/{operator.pk}/password/"
    data = {"usable_password": "true", "password1": "taken-over-now", "password2": "taken-over-now"}
    assert client.post(password, data).status_code == 403
    Authenticator.objects.create(user=operator, type="totp", data={"secret": "x"})
    action = {"action": "take_away_second_factor", "index": "0", "_selected_action": [str(operator.pk)]}
    client.post("/admin/tracker/person/", action)
    assert Authenticator.objects.filter(user=operator).exists()
    operator.refresh_from_db()
    assert operator.check_password(people.PASSWORD)


def test_administrators_do_not_lock_themselves_out(client: Client) -> None:
    me = people.administrator()
    address = page(Person, "change", me.pk)
    data = filled(client.get(address))
    data.pop("is_active", None)
    assert client.post(address, data | {"groups": []}).status_code == 302
    me.refresh_from_db()
    assert me.is_active
    assert me.role == "Administrator"
    assert client.get(page(Person, "delete", me.pk)).status_code == 403


def test_an_administrator_sets_a_lost_password_anew(client: Client) -> None:
    person = people.researcher()
    response = client.get(page(Person, "change", person.pk))
    assert "md5" not in response.content.decode()
    assert "pbkdf2" not in response.content.decode()
    data = {"usable_password": "true", "password1": "a-long-new-password", "password2": "a-long-new-password"}
    assert client.post(f"/admin/tracker/person/{person.pk}/password/", data).status_code == 302
    person.refresh_from_db()
    assert person.check_password("a-long-new-password")


def test_a_lost_second_factor_is_taken_away(client: Client) -> None:
    person = people.researcher()
    Authenticator.objects.create(user=person, type="totp", data={"secret": "x"})
    assert 'alt="True"' in client.get("/admin/tracker/person/?q=researcher-1").content.decode()
    data = {"action": "take_away_second_factor", "index": "0", "_selected_action": [str(person.pk)]}
    client.post("/admin/tracker/person/", data)
    assert not Authenticator.objects.exists()
    assert LogEntry.objects.get(object_id=str(person.pk)).get_change_message() == "Second factor taken away."


def test_bulk_deletion_is_not_offered(client: Client) -> None:
    assert "delete_selected" not in client.get("/admin/tracker/person/").content.decode()


def everything_stored() -> str:
    """The text of all rows of all tables, to look for what should no longer be there."""
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        rows = []
        for table in tables:
            cursor.execute(f'SELECT to_jsonb(t)::text FROM "{table}" t')  # noqa: S608  # names of our own tables
            rows += [row[0] for row in cursor.fetchall()]
    return "\n".join(rows)


def test_an_erased_account_leaves_the_record_as_it_was(client: Client) -> None:
    person, reviewer = people.researcher(), people.reviewer()
    person.email = "very-personal@example.org"
    person.save()
    theirs = client_of(person)
    duty = make.obligation(make.agreement(review=Review.NONE))
    event = make.event(duty.agreement, effects=[duty])
    address = page(Event, "change", event.pk)
    theirs.post(address, filled(theirs.get(address)) | {"title": "Changed by the researcher"})
    published = Assessment.record(duty, make.judgement(evidence=[event]), by=person)
    published.retract("Wrong.", by=person)
    Check.record(duty, make.day("2025-12-01"), "", by=person)
    reviewed = make.obligation(make.agreement(review=Review.REQUIRED))
    waiting = Assessment.record(
        reviewed, make.judgement(evidence=[make.event(reviewed.agreement, effects=[reviewed])]), by=reviewer
    )
    person.give_roles(["Reviewer"])
    waiting.publish(Person.objects.get(pk=person.pk))
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    Authenticator.objects.create(user=person, type="totp", data={"secret": "SECRETSECRET"})
    assert LogEntry.objects.filter(user=person).exists()
    assert Context.objects.filter(metadata__user=person.pk).exists()
    before = {row.pk: row for row in Assessment.objects.all()}
    sessions = Session.objects.count()

    page_of = page(Person, "delete", person.pk)
    asked = client.get(page_of).content.decode()
    assert "Erase the account" in asked
    response = client.post(page_of, {"post": "yes"})
    assert response.status_code == 302

    assert not Person.objects.filter(username="researcher-1").exists()
    assert Session.objects.count() == sessions - 1
    assert theirs.get("/accounts/").status_code == 302
    stored = everything_stored()
    assert "very-personal" not in stored
    assert "SECRETSECRET" not in stored
    assert not Context.objects.filter(metadata__user=person.pk).exists()
    for row in Assessment.objects.all():
        old = before[row.pk]
        same = {field.attname for field in row._meta.concrete_fields} - {"author_id", "reviewer_id"}
        assert {name: getattr(row, name) for name in same} == {name: getattr(old, name) for name in same}
    published.refresh_from_db()
    assert (published.author, published.byline) == (None, "Researcher 1")
    assert (published.retraction.author, published.retraction.byline) == (None, "Researcher 1")
    waiting.refresh_from_db()
    assert (waiting.author, waiting.reviewer, waiting.reviewer_byline) == (reviewer, None, "Researcher 1")
    assert (Check.objects.get().author, Check.objects.get().byline) == (None, "Researcher 1")
    # The history of a row still says under which public name it was changed.
    history = client.get(page(Event, "history", event.pk)).content.decode()
    assert "Changed by the researcher" in history
    assert "Researcher 1" in history
    assert "Researcher 1" in Client().get(waiting.get_absolute_url()).content.decode()
