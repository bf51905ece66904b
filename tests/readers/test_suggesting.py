"""A reader proposes a correction: taken without an account, kept from everybody until it is answered."""

import re
from html import unescape
from typing import Any

import pytest
from django.test import Client, override_settings

from tests import factories, people
from tests.browse.reading import part, read, words
from tracker.codebook import SuggestionOutcome
from tracker.models import Agreement, Suggestion, today
from tracker.readers.suggesting import LARGEST

pytestmark = pytest.mark.django_db

HOSTILE = "<script>alert(1)</script> \u202edlrow [x](javascript:alert(1))"


@pytest.fixture
def agreement() -> Agreement:
    return factories.agreement("lakeside-2025", title="Lakeside agreement")


@pytest.fixture
def about(agreement: Agreement) -> str:
    return f"/agreements/lakeside-2025/?as_of=2025-12-18&known_on={today()}"


def sent(about: str, *, client: Client | None = None, **fields: Any) -> Any:
    values = {"about": about, "wrong": "The ferry does not run.", "proposed": "It is in dock."}
    return (client or Client()).post("/suggest/", values | fields)


def answered(
    about: str, outcome: str = SuggestionOutcome.DECLINED, *, withheld: bool = False, **fields: Any
) -> Suggestion:
    assert sent(about, **fields).status_code == 303
    made = Suggestion.objects.latest("recorded_at")
    correction = "/agreements/lakeside-2025/" if outcome == SuggestionOutcome.ACCEPTED else ""
    made.settle(outcome, "Two papers saw it sail.", by=people.researcher(), correction=correction, withheld=withheld)
    return Suggestion.objects.select_related("reply").get(pk=made.pk)


# The form


def test_from_the_page_to_the_form_and_on_to_the_address_that_tells_of_it(agreement: Agreement) -> None:
    page = read("/agreements/lakeside-2025/?as_of=2025-12-18")
    link = re.search(r'href="(/suggest/\?about=[^"]+)"', page.content.decode())
    assert link
    browser = Client(enforce_csrf_checks=True)
    form = browser.get(link[1])
    assert form.status_code == 200
    assert "Lakeside agreement" in words(form)
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form.content.decode()))
    data = {
        "about": unescape(hidden["about"]),
        "csrfmiddlewaretoken": hidden["csrfmiddlewaretoken"],
        "wrong": "The ferry does not run.",
        "source": "https://herald.example/ferry",
    }
    answer = browser.post("/suggest/", data)
    assert answer.status_code == 303, words(answer)
    made = Suggestion.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, f"/suggest/{made.pk}/")
    assert made.about == f"/agreements/lakeside-2025/?as_of=2025-12-18&known_on={today()}"
    assert made.title.startswith("Lakeside agreement")
    assert (made.wrong, made.source) == ("The ferry does not run.", "https://herald.example/ferry")
    assert (made.name, made.email, made.named) == ("", "", False)


def test_an_address_gets_both_dates_and_may_name_this_host(agreement: Agreement) -> None:
    for about in ("/agreements/lakeside-2025/", "http://testserver/agreements/lakeside-2025/"):
        assert sent(about).status_code == 303
    expected = f"/agreements/lakeside-2025/?as_of={today()}&known_on={today()}"
    assert {one.about for one in Suggestion.objects.all()} == {expected}


@pytest.mark.parametrize(
    "about",
    [
        "/agreements/nowhere/",
        "/agreements/",
        "/desk/",
        "/suggest/",
        "/agreements/lakeside-2025.bib",
        "/agreements/lakeside-2025/?as_of=2999-01-01",
        "https://evil.example/agreements/lakeside-2025/",
        "//evil.example/agreements/lakeside-2025/",
        "\\\\evil.example/agreements/lakeside-2025/",
        "http://[bad/agreements/lakeside-2025/",
        "////[bad/agreements/lakeside-2025/",
        "javascript:alert(1)",
        "agreements/lakeside-2025/",
        "/agreements/lakeside-2025/?q=" + "x" * 3000,
    ],
)
def test_what_is_no_page_of_ours_is_refused(agreement: Agreement, about: str) -> None:
    answer = Client().get("/suggest/", {"about": about})
    assert answer.status_code == 400
    assert "Propose a correction" in words(answer)
    kept = sent(about)
    assert kept.status_code == 422
    assert "The ferry does not run." in kept.content.decode()
    assert not Suggestion.objects.exists()


def test_without_a_page_it_says_where_to_begin(agreement: Agreement) -> None:
    assert "follow “Propose a correction” at its end" in words(read("/suggest/"))


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"wrong": ""}, "required"),
        ({"wrong": "  "}, "required"),
        ({"wrong": "x" * 4001}, "4000"),
        ({"source": "not an address"}, "valid URL"),
        ({"source": "javascript:alert(1)"}, "valid URL"),
        ({"source": "ftp://herald.example/"}, "https://"),
        ({"email": "nobody"}, "valid email"),
        ({"named": "on"}, "Write the name"),
        ({"website": "https://pills.example"}, "catch programs"),
        ({"wrong": "a\0b"}, "Null characters"),
    ],
)
def test_mistakes_are_shown_with_everything_that_was_typed(about: str, fields: dict[str, Any], problem: str) -> None:
    answer = sent(about, **({"proposed": "Typed with care."} | fields))
    assert answer.status_code == 422
    assert problem in words(answer)
    assert "Typed with care." in answer.content.decode()
    assert not Suggestion.objects.exists()


def test_too_much_is_refused_before_it_is_looked_at(about: str) -> None:
    assert sent(about, wrong="x" * LARGEST).status_code == 413


def test_what_comes_too_often_is_refused_and_not_lost(about: str) -> None:
    with override_settings(ACCOUNT_RATE_LIMITS={"suggest": "2/10m/ip"}):
        for _ in range(2):
            assert sent(about).status_code == 303
        answer = sent(about, wrong="The third one.")
    assert answer.status_code == 429
    assert "Wait ten minutes" in words(answer)
    assert "The third one." in answer.content.decode()
    assert Suggestion.objects.count() == 2


def test_without_a_key_nothing_is_taken_and_nothing_is_lost(about: str) -> None:
    browser = Client(enforce_csrf_checks=True, headers={"Sec-Fetch-Site": "same-origin"})
    answer = sent(about, client=browser, wrong="Typed with care.")
    assert answer.status_code == 403
    assert "Typed with care." in answer.content.decode()
    foreign = Client(enforce_csrf_checks=True, headers={"Sec-Fetch-Site": "cross-site"})
    answer = sent(about, client=foreign, wrong="Typed elsewhere.")
    assert answer.status_code == 403
    assert "Typed elsewhere." not in answer.content.decode()
    assert not Suggestion.objects.exists()


def test_only_the_form_sets_a_cookie_and_nothing_of_it_is_kept_by_caches(about: str) -> None:
    made = answered(about)
    browser = Client()
    for address in ("/suggest/", f"/suggest/{made.pk}/", f"/ar/suggest/{made.pk}/", "/agreements/lakeside-2025/"):
        answer = browser.get(address)
        assert not answer.cookies
        assert ("private" in answer.get("Cache-Control", "")) == ("suggest" in address)
    form = browser.get("/suggest/", {"about": about})
    assert [cookie.key for cookie in form.cookies.values()] == ["csrftoken"]
    assert not form.cookies["csrftoken"]["max-age"]
    assert form["Cache-Control"] == "private, no-store"


# What everybody can read


def test_nothing_of_what_waits_is_shown(about: str) -> None:
    sent(about, wrong=HOSTILE, name="Anna Lund", email="anna@example.org", named="on", source="https://spam.example/")
    made = Suggestion.objects.get()
    page = read(f"/suggest/{made.pk}/")
    assert str(made.pk) in words(page)
    assert "waits for an answer" in words(page)
    for secret in ("alert(1)", "Anna", "anna@example.org", "spam.example", "Lakeside"):
        assert secret not in page.content.decode()
    assert "noindex" in page.content.decode()


def test_the_answer_is_public_with_what_was_proposed(about: str) -> None:
    made = answered(about, SuggestionOutcome.ACCEPTED, wrong=HOSTILE, source="https://herald.example/ferry")
    page = read(f"/suggest/{made.pk}/")
    said = words(page)
    assert "Accepted: the record was corrected." in said
    assert "Two papers saw it sail." in said
    assert "Researcher 1" in said
    assert "<script>alert(1)" in said  # as text
    source = page.content.decode()
    assert "<script>alert(1)" not in source
    assert 'href="https://herald.example/ferry" rel="nofollow ugc noopener external"' in source
    assert 'href="/agreements/lakeside-2025/"' in source
    assert "javascript:" not in re.findall(r'href="([^"]*)"', source)


def test_who_sent_it_is_told_only_if_they_ask_for_it(about: str) -> None:
    hidden = answered(about, name="Anna Lund", email="anna@example.org")
    shown = answered(about, name="Berta Lund", email="berta@example.org", named="on")
    assert "Anna" not in read(f"/suggest/{hidden.pk}/").content.decode()
    page = read(f"/suggest/{shown.pk}/").content.decode()
    assert "Berta Lund" in page
    assert "berta@example.org" not in page


def test_words_that_do_harm_are_left_out(about: str) -> None:
    made = answered(
        about, withheld=True, wrong="My neighbour did it.", name="Anna Lund", named="on", source="https://x.example/"
    )
    page = read(f"/suggest/{made.pk}/").content.decode()
    for secret in ("neighbour", "Anna", "x.example"):
        assert secret not in page
    assert "Two papers saw it sail." in page


def test_answers_are_listed_with_the_corrections(about: str) -> None:
    assert "No reader has proposed" in part(read("/corrections/"), "proposals")
    sent(about, wrong="Still waiting.")
    answered(about)
    listed = part(read("/corrections/"), "proposals")
    assert "Declined" in listed
    assert "Two papers saw it sail." in listed
    assert "Still waiting." not in listed
    assert "Two papers" not in words(read("/corrections/?known_on=2025-12-18"))


def test_unknown_numbers_are_not_found() -> None:
    read("/suggest/9b1deb4d-3b7d-4bad-9bdd-2b0d7b3dcb6d/", status=404)


def test_other_languages_have_the_form_too(about: str) -> None:
    answer = Client().get("/ar/suggest/", {"about": f"/ar{about}"})
    assert answer.status_code == 200
    made = Client().post("/ar/suggest/", {"about": f"/ar{about}", "wrong": "خطأ"})
    assert made["Location"] == f"/ar/suggest/{Suggestion.objects.get().pk}/"


def test_the_address_carries_days_and_no_words_of_the_sender(about: str) -> None:
    assert sent(f"{about}{'&' if '?' in about else '?'}as_of=2025-12-18&x=Name-and-insult").status_code == 303
    kept = Suggestion.objects.get().about
    assert "as_of=2025-12-18" in kept
    assert "insult" not in kept
