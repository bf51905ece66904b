import re
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.core import mail
from django.core.cache import cache
from django.test import Client

from tests import people
from tracker.models import Person

pytestmark = pytest.mark.django_db

SIGN_IN = "/accounts/login/"


def post(client: Client, address: str, follow: bool = False, **data: str) -> Any:
    return client.post(address, data, follow=follow)


def sign_in(client: Client, login: str, password: str = people.PASSWORD, next_page: str = "") -> Any:
    return post(client, SIGN_IN, login=login, password=password, next=next_page)


def confirm(client: Client, next_page: str) -> Any:
    """Says once more who it is, and goes on to the page."""
    return post(client, "/accounts/reauthenticate/", follow=True, password=people.PASSWORD, next=next_page)


def code_of(person: Person) -> str:
    """What the person's authenticator app shows now."""
    secret = Authenticator.objects.get(user=person, type="totp").wrap().instance.data["secret"]
    return current_code(secret)


def current_code(secret: str) -> str:
    counter = next(iter(totp.yield_hotp_counters_from_time()))
    return totp.format_hotp_value(totp.hotp_value(secret, counter))


@pytest.mark.parametrize("login", ["researcher-1", "researcher-1@example.org", "Researcher-1@Example.org"])
def test_sign_in_by_name_or_address(client: Client, login: str) -> None:
    people.researcher()
    response = sign_in(client, login)
    assert (response.status_code, response["Location"]) == (302, "/desk/")


def test_whoever_has_no_role_is_sent_to_read(client: Client) -> None:
    people.reader()
    assert sign_in(client, "reader-1")["Location"] == "/"


def test_the_page_asked_for_is_returned_to(client: Client) -> None:
    people.researcher()
    page = client.get(SIGN_IN, {"next": "/agreements/gaza-2025/?as_of=2025-12-18"})
    assert 'value="/agreements/gaza-2025/?as_of=2025-12-18"' in page.content.decode()
    response = sign_in(client, "researcher-1", next_page="/agreements/gaza-2025/?as_of=2025-12-18")
    assert response["Location"] == "/agreements/gaza-2025/?as_of=2025-12-18"


@pytest.mark.parametrize("away", ["https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)", "/\\x"])
def test_nobody_is_sent_to_another_site(client: Client, away: str) -> None:
    people.researcher()
    location = sign_in(client, "researcher-1", next_page=away)["Location"]
    assert location == "/desk/" or "elsewhere" not in location
    # Nor somebody who is signed in already.
    location = client.get(SIGN_IN, {"next": away})["Location"]
    assert "elsewhere" not in location
    assert "javascript" not in location


def test_a_wrong_password_says_so_without_naming_which(client: Client) -> None:
    people.researcher()
    known, unknown = sign_in(client, "researcher-1", "wrong"), sign_in(client, "nobody", "wrong")
    for response in (known, unknown):
        assert response.status_code == 200
        assert "This name and password do not belong together." in response.content.decode()


def test_the_sixth_wrong_password_is_held_back(client: Client) -> None:
    people.researcher()
    assert [sign_in(client, "researcher-1", "wrong").status_code for _ in range(5)] == [200] * 5
    response = sign_in(client, "researcher-1")
    assert response.status_code == 429
    assert response["Retry-After"] == "300"
    text = response.content.decode()
    assert "Too many attempts" in text
    assert "Ceasefire Tracker" in text
    assert "_auth_user_id" not in client.session


def test_guessing_names_is_held_back_by_address(client: Client) -> None:
    answers = [sign_in(client, f"name-{number}", "wrong").status_code for number in range(11)]
    assert answers == [200] * 10 + [429]


def test_too_many_requests_get_a_page_in_the_design(client: Client) -> None:
    people.researcher()
    for _ in range(6):
        response = post(client, "/accounts/password/reset/", email="researcher-1@example.org")
    assert response.status_code == 429
    assert "Too many attempts" in response.content.decode()
    assert "masthead" in response.content.decode()


def test_signing_out_takes_a_post(client: Client) -> None:
    client.force_login(people.researcher())
    assert client.get("/accounts/logout/").status_code == 200
    assert "_auth_user_id" in client.session
    assert client.post("/accounts/logout/")["Location"] == "/"
    assert "_auth_user_id" not in client.session


def test_nobody_signs_up(client: Client) -> None:
    page = client.get("/accounts/signup/")
    assert page.status_code == 200
    assert "An administrator of this tracker makes them" in page.content.decode()
    post(client, "/accounts/signup/", username="x", email="x@example.org", password1="y" * 20, password2="y" * 20)
    assert not Person.objects.exists()


def test_a_switched_off_account_stays_out(client: Client) -> None:
    person = people.researcher()
    client.force_login(person)
    person.is_active = False
    person.save()
    assert client.get("/accounts/")["Location"].startswith(SIGN_IN)
    fresh = Client()
    sign_in(fresh, "researcher-1")
    assert "_auth_user_id" not in fresh.session


def test_a_lost_password_is_set_anew_by_mail(client: Client) -> None:
    people.researcher()
    done = post(client, "/accounts/password/reset/", follow=True, email="researcher-1@example.org")
    assert "Look at your mail" in done.content.decode()
    [letter] = mail.outbox
    assert letter.subject == "[Ceasefire Tracker] Set a new password"
    assert letter.to == ["researcher-1@example.org"]
    assert not letter.alternatives  # type: ignore[attr-defined]  # letters with parts have it
    assert "example.com" not in letter.body
    assert "Ceasefire Tracker\nhttp://testserver/" in letter.body
    [link] = re.findall(r"http://testserver(/accounts/password/reset/key/\S+)", str(letter.body))

    page = client.get(link, follow=True)
    action = page.request["PATH_INFO"]
    weak = post(client, action, password1="short", password2="short")
    assert "too short" in weak.content.decode()
    new = "another-long-password"
    done = post(client, action, follow=True, password1=new, password2=new)
    assert "The password is set" in done.content.decode()
    assert mail.outbox[1].subject == "[Ceasefire Tracker] Your password was changed"
    assert sign_in(client, "researcher-1", new).status_code == 302

    used = Client().get(link, follow=True)
    assert "This link does not work" in used.content.decode()


def test_an_unknown_address_gets_the_same_answer_and_no_letter(client: Client) -> None:
    done = post(client, "/accounts/password/reset/", follow=True, email="nobody@example.org")
    assert "Look at your mail" in done.content.decode()
    assert not mail.outbox


def test_a_changed_password_ends_other_sessions(client: Client) -> None:
    person = people.researcher()
    other = Client()
    other.force_login(person)
    sign_in(client, "researcher-1")
    new = "another-long-password"
    changed = post(client, "/accounts/password/change/", oldpassword=people.PASSWORD, password1=new, password2=new)
    assert changed.status_code == 302
    assert client.get("/accounts/").status_code == 200
    assert other.get("/accounts/").status_code == 302


def test_a_second_factor_from_setting_it_up_to_giving_it_up(client: Client) -> None:
    person = people.researcher()
    sign_in(client, "researcher-1")
    # Being signed in is not enough: the screen may have been left open.
    asked = client.get("/accounts/2fa/totp/activate/", follow=True)
    assert "Is it you?" in asked.content.decode()
    page = confirm(client, "/accounts/2fa/totp/activate/")
    text = page.content.decode()
    assert 'src="data:image/svg+xml;base64,' in text
    done = post(client, "/accounts/2fa/totp/activate/", follow=True, code=current_code(page.context["form"].secret))
    assert "Recovery codes" in done.content.decode()
    recovery = done.context["unused_codes"][0]
    client.post("/accounts/logout/")

    # The password alone leads to a question, not in.
    response = sign_in(client, "researcher-1", next_page="/desk/?x=1")
    assert response["Location"].startswith("/accounts/2fa/authenticate/")
    assert client.get("/accounts/").status_code == 302
    wrong = post(client, "/accounts/2fa/authenticate/", code="000000")
    assert wrong.status_code == 200
    response = post(client, "/accounts/2fa/authenticate/", code=recovery)
    assert response["Location"] == "/desk/?x=1"
    client.post("/accounts/logout/")
    sign_in(client, "researcher-1")
    assert post(client, "/accounts/2fa/authenticate/", code=recovery).status_code == 200
    # The app's code was used once already, to set it up.
    cache.clear()
    assert post(client, "/accounts/2fa/authenticate/", code=code_of(person))["Location"] == "/desk/"

    assert "Stop using it" in confirm(client, "/accounts/2fa/totp/deactivate/").content.decode()
    client.post("/accounts/2fa/totp/deactivate/")
    assert not Authenticator.objects.filter(user=person).exists()


@pytest.mark.parametrize("page", ["totp/activate/", "recovery-codes/generate/"])
def test_changing_the_second_factor_takes_a_recent_confirmation(client: Client, page: str) -> None:
    people.researcher()
    sign_in(client, "researcher-1")
    address = f"/accounts/2fa/{page}"
    assert client.get(address)["Location"].startswith("/accounts/reauthenticate/?next=")
    refused = post(client, "/accounts/reauthenticate/", password="wrong", next=address)
    assert refused.status_code == 200
    assert confirm(client, address).status_code == 200
    session = client.session
    for record in session["account_authentication_methods"]:
        record["at"] -= 3600
    session.save()
    assert client.get(address).status_code == 302


def test_the_account_page_shows_the_public_name_and_the_role(client: Client) -> None:
    assert client.get("/accounts/")["Location"] == f"{SIGN_IN}?next=/accounts/"
    client.force_login(people.reviewer())
    text = client.get("/accounts/").content.decode()
    assert "Reviewer 1" in text
    assert "reviewer-1@example.org" in text
    assert client.get("/accounts/email/")["Location"] == "/accounts/"


def test_pages_about_accounts_are_kept_by_nobody(client: Client) -> None:
    for address in (SIGN_IN, "/accounts/signup/", "/accounts/password/reset/"):
        response = client.get(address)
        assert response["Cache-Control"] == "private, no-store"
        assert "noindex" in response.content.decode()
