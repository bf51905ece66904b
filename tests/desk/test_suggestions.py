"""What readers propose, at the desk: read as text, answered once and in public."""

import re
from typing import Any

import pytest
from django.test import Client

from tests import factories
from tests.people import administrator
from tracker.models import Agreement, Reply, Suggestion
from tracker.models.queues import waiting_for

from .base import client, colleague, reader, researcher, reviewer, text

pytestmark = pytest.mark.django_db

HOSTILE = "<img src=x onerror=alert(1)> see https://evil.example/"


@pytest.fixture
def agreement() -> Agreement:
    return factories.agreement("lakeside-2025", title="Lakeside agreement")


@pytest.fixture
def suggestion(agreement: Agreement) -> Suggestion:
    return Suggestion.send(
        about=agreement.get_absolute_url(),
        title="Lakeside agreement",
        wrong=f"The ferry does not run. {HOSTILE}",
        source="https://evil.example/proof",
        name="Anna Lund",
        email="anna@example.org",
    )


def url(suggestion: Suggestion) -> str:
    return f"/desk/suggestions/{suggestion.pk}/"


def filled(**fields: Any) -> dict[str, Any]:
    return {"outcome": "declined", "text": "Two papers saw it sail."} | fields


def test_it_waits_in_a_queue_until_it_is_answered(suggestion: Suggestion) -> None:
    (waiting,) = [one for one in waiting_for(researcher()) if one.queue.key == "proposed"]
    assert waiting.count == 1
    page = text(client(researcher()).get("/desk/queues/proposed/"))
    assert "The ferry does not run." in page
    assert f'href="{url(suggestion)}"' in page
    answer = client(researcher()).post(url(suggestion), filled())
    assert (answer.status_code, answer["Location"]) == (303, f"/suggest/{suggestion.pk}/")
    assert "Nothing waits here" in text(client(researcher()).get("/desk/queues/proposed/"))
    assert "Two papers saw it sail." in text(Client().get(f"/suggest/{suggestion.pk}/"))


def test_no_word_of_a_stranger_is_markup_or_a_link(suggestion: Suggestion) -> None:
    for address in ("/desk/queues/proposed/", url(suggestion)):
        page = text(client(researcher()).get(address))
        assert "<img src=x" not in page
        assert not [href for href in re.findall(r'href="([^"]*)"', page) if "evil" in href]
    assert "https://evil.example/proof" in text(client(researcher()).get(url(suggestion)))


def test_a_correction_has_an_address_of_this_site(suggestion: Suggestion) -> None:
    elsewhere = [
        "https://evil.example/",
        "//evil.example/x",
        "////evil.example/x",
        "/\\evil.example/x",
        "javascript:alert(1)",
    ]
    for given in ["", "agreements/lakeside-2025/", *elsewhere]:
        answer = client(researcher()).post(url(suggestion), filled(outcome="accepted", correction=given))
        assert answer.status_code == 422, given
        assert "Two papers saw it sail." in text(answer)
    assert not Reply.objects.exists()
    given = "http://testserver/agreements/lakeside-2025/"
    assert client(researcher()).post(url(suggestion), filled(outcome="accepted", correction=given)).status_code == 303
    assert Reply.objects.get().correction == "/agreements/lakeside-2025/"


@pytest.mark.parametrize("fields", [{"outcome": ""}, {"outcome": "perhaps"}, {"text": ""}, {"text": "x" * 4001}])
def test_mistakes_are_shown(suggestion: Suggestion, fields: dict[str, str]) -> None:
    answer = client(researcher()).post(url(suggestion), filled(**fields))
    assert answer.status_code == 422
    assert "Not saved yet" in text(answer)


def test_whoever_is_second_keeps_their_text(suggestion: Suggestion) -> None:
    assert client(researcher()).post(url(suggestion), filled()).status_code == 303
    answer = client(colleague()).post(url(suggestion), filled(text="It was in dock all week."))
    assert answer.status_code == 409
    assert "Somebody else answered first" in text(answer)
    assert "It was in dock all week." in text(answer)
    assert "Two papers saw it sail." in text(answer)
    assert Reply.objects.get().text == "Two papers saw it sail."


def test_the_readers_words_can_be_left_out(suggestion: Suggestion) -> None:
    assert client(researcher()).post(url(suggestion), filled(withheld="on")).status_code == 303
    assert "The ferry does not run." not in text(Client().get(f"/suggest/{suggestion.pk}/"))


def test_it_is_for_researchers(suggestion: Suggestion) -> None:
    assert client(reader()).get(url(suggestion)).status_code == 403
    assert client(reader()).post(url(suggestion), filled()).status_code == 403
    assert Client().get(url(suggestion)).status_code == 302
    answer = Client().post(url(suggestion), filled(text="Typed signed out."))
    assert answer.status_code == 302
    assert "anna@example.org" not in text(answer)
    assert not Reply.objects.exists()


def test_administrators_erase_who_sent_it(suggestion: Suggestion) -> None:
    erase = f"{url(suggestion)}forget/"
    for person in (researcher(), reviewer()):
        assert "Erase" not in text(client(person).get(url(suggestion)))
        assert client(person).post(erase).status_code == 403
    assert "Erase" in text(client(administrator()).get(url(suggestion)))
    assert client(administrator()).get(erase).status_code == 405
    assert client(administrator()).post(erase).status_code == 303
    page = text(client(administrator()).get(url(suggestion)))
    assert "Anna" not in page
    assert "anna@example.org" not in page
    assert "The ferry does not run." in page
