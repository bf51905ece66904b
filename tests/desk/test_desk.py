"""The desk's own pages, the search for evidence, and what holds for every address under /desk/."""

import re
from collections import Counter

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests import factories
from tests.people import administrator
from tracker.codebook import Review
from tracker.models import Agreement

from .addresses import addresses
from .base import DAY, HTMX, Scene, by_htmx, client, reader, researcher, reviewer, statuses, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene() -> Scene:
    return Scene()


def test_every_address_needs_an_account_and_is_never_kept(scene: Scene) -> None:
    insiders = [client(person) for person in (researcher(), reviewer(), administrator())]
    for url in addresses(scene):
        outside = Client()
        # What only takes a POST is asked with one.
        ask = outside.post if outside.get(url).status_code == 405 else outside.get
        plain = ask(url)
        assert plain.status_code == 302, url
        assert plain.headers["Location"].startswith("/accounts/login/?next="), url
        swapped = ask(url, headers=HTMX)
        assert swapped.status_code == 401, url
        assert "HX-Retarget" in swapped.headers, url
        inside = [browser.get(url) for browser in insiders]
        # What can be settled only once a round is closed is not there yet.
        assert {one.status_code for one in inside} & {200, 405} or url.endswith("/settle/"), url
        for answer in (plain, swapped, *inside):
            assert answer.headers["Cache-Control"] == "private, no-store", url
            assert answer.status_code == 405 or "HX-Request" in answer.headers["Vary"], url


def test_every_post_needs_its_key(scene: Scene) -> None:
    browser = client(reviewer(), enforce_csrf_checks=True)
    for url in addresses(scene):
        assert browser.post(url, {"reason": "x", "version": 1}).status_code in (403, 405), url
    assert len(statuses()) == 1


def test_the_desk_says_who_i_am_and_what_i_did(scene: Scene) -> None:
    browser = client(researcher())
    empty = text(browser.get("/desk/"))
    assert "Researcher 1" in empty
    assert "Nothing yet" in empty
    browser.post(scene.url, scene.filled())
    (saved,) = statuses()
    browser.post(f"/desk/obligations/{scene.duty.pk}/check/", {"date": "2025-10-20", "where": "Both sides"})
    full = text(browser.get("/desk/"))
    assert f"/desk/assessments/{saved.pk}/correct/" in full
    assert f"/desk/assessments/{saved.pk}/retract/" in full
    assert "Both sides" in full
    browser.post(f"/desk/assessments/{saved.pk}/retract/", {"version": 1, "reason": "It was another town."})
    withdrawn = text(browser.get("/desk/"))
    assert f"/desk/assessments/{saved.pk}/restore/" in withdrawn
    assert f"/desk/assessments/{saved.pk}/correct/" not in withdrawn
    assert "It was another town." in withdrawn


def test_somebody_without_a_role_is_told_what_comes_next(scene: Scene) -> None:
    shown = text(client(reader()).get("/desk/"))
    assert "An administrator of this site can give you one" in shown
    assert "/desk/agreements/" not in shown
    assert client(reader()).get("/desk/agreements/lakeside-2025/").status_code == 403


def test_an_agreement_without_obligations_says_what_comes_next() -> None:
    factories.agreement("empty-2025")
    assert "No obligations yet" in text(client(researcher()).get("/desk/agreements/empty-2025/"))
    assert client(researcher()).get("/desk/agreements/unknown/").status_code == 404


def test_the_rows_offer_the_forms(scene: Scene) -> None:
    shown = text(client(researcher()).get("/desk/agreements/lakeside-2025/"))
    assert f'hx-get="{scene.url}"' in shown
    assert f'href="{scene.url}"' in shown
    assert 'id="form-hostages"' in shown


def test_saving_on_the_desk_puts_the_desks_row_back(scene: Scene) -> None:
    scene.agreement.review = Review.REQUIRED
    scene.agreement.save()
    here = {"HX-Current-URL": "http://testserver/desk/agreements/lakeside-2025/"}
    answer = by_htmx(client(researcher()), scene.url, scene.filled(**{"from": "desk"}), **here)
    assert answer.headers["HX-Retarget"] == "#obligation-hostages"
    assert "<b>Waiting for review</b>: level 2" in text(answer)
    plain = client(researcher()).post(scene.url, scene.filled(**{"from": "desk"}))
    assert plain.headers["Location"] == "/desk/agreements/lakeside-2025/#obligation-hostages"


# Evidence


def test_evidence_is_found_by_its_words(scene: Scene) -> None:
    browser = client(researcher())
    url = f"/desk/obligations/{scene.duty.pk}/evidence/"
    first = text(by_htmx(browser, url))
    assert "Twenty people come home" in first
    assert "advances for this obligation" in first
    assert "Ministers meet" not in first

    found = text(by_htmx(browser, f"{url}?q=LAKE+ministers"))
    assert "Ministers meet by the lake" in found
    assert f'name="effect-{scene.silent.pk}"' in found
    assert "1 found." in found
    assert "No other event has these words." in text(by_htmx(browser, f"{url}?q=volcano"))


def test_events_ticked_stay_when_searching_on(scene: Scene) -> None:
    ticked = f"evidence={scene.silent.pk}&effect-{scene.silent.pk}=context"
    url = f"/desk/obligations/{scene.duty.pk}/evidence/?q=volcano&{ticked}"
    found = text(by_htmx(client(researcher()), url))
    assert f'value="{scene.silent.pk}"' in found
    assert " checked" in found
    assert '<option value="context" selected>' in found


def test_events_of_other_agreements_are_not_offered(scene: Scene) -> None:
    factories.event(factories.agreement(), title="Volcano erupts")
    url = f"/desk/obligations/{scene.duty.pk}/evidence/?q=volcano"
    assert "Volcano erupts" not in text(by_htmx(client(researcher()), url))


def test_the_signed_out_see_no_titles_that_wait_for_review(scene: Scene) -> None:
    scene.agreement.review = Review.REQUIRED
    scene.agreement.save()
    client(researcher()).post(scene.url, scene.with_article())
    hidden = statuses()[0].evidence.get()
    answer = by_htmx(Client(), scene.url, scene.filled(evidence=[str(hidden.pk)]))
    assert answer.status_code == 401
    assert hidden.title not in text(answer)


def test_the_signed_out_do_not_see_what_a_proposal_says_a_public_event_means(scene: Scene) -> None:
    scene.agreement.review = Review.REQUIRED
    scene.agreement.save()
    stated = scene.filled(evidence=[str(scene.silent.pk)], **{f"effect-{scene.silent.pk}": "sets_back"})
    client(researcher()).post(scene.url, stated)
    untouched = text(by_htmx(Client(), scene.url, scene.filled()))
    assert scene.event.title in untouched
    assert scene.silent.title not in untouched
    ticked = text(by_htmx(Client(), scene.url, scene.filled(evidence=[str(scene.silent.pk)])))
    assert scene.silent.title in ticked
    assert "sets back for this obligation" not in ticked.lower()


def test_an_address_known_already_is_said_so_while_typing(scene: Scene) -> None:
    known = scene.event.reports.get().article
    ask = f"/desk/obligations/{scene.duty.pk}/article/?article-url="
    browser = client(researcher())
    found = text(by_htmx(browser, f"{ask}{known.url}?utm_source=feed"))
    assert known.title in found
    assert "Twenty people come home" in found
    for unknown in ("https://news.example/none", "nonsense", ""):
        assert "Known already" not in text(by_htmx(browser, f"{ask}{unknown}"))
    assert client(reader()).get(ask).status_code == 403


# The number of queries


def grow(agreement: Agreement, numbers: range) -> None:
    for number in numbers:
        duty = factories.obligation(agreement, f"more-{number}")
        happened = factories.event(agreement, DAY, effects=[duty], actors=[(factories.actor(), "host")])
        factories.assessed(duty, DAY, evidence=[happened], by=researcher())
        factories.checked(duty, DAY)
        waiting = factories.obligation(agreement, f"wait-{number}")
        factories.event(agreement, DAY, effects=[waiting])


@pytest.mark.parametrize("path", ["/desk/", "/desk/agreements/lakeside-2025/", "status", "evidence", "correct"])
def test_the_number_of_queries_does_not_grow_with_the_data(scene: Scene, path: str) -> None:
    record = factories.assessed(scene.duty, DAY, evidence=[scene.event], by=researcher())
    urls = {
        "status": scene.url,
        "evidence": f"/desk/obligations/{scene.duty.pk}/evidence/?q=what",
        "correct": f"/desk/assessments/{record.pk}/correct/",
    }
    factories.checked(scene.duty, DAY)
    browser = client(researcher())
    url = urls.get(path, path)

    def asked() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert browser.get(url).status_code == 200
        return len(queries)

    # Lists that hold nothing need no further questions about what is in them.
    asked()
    grow(scene.agreement, range(2))
    asked()
    before = asked()
    grow(scene.agreement, range(2, 10))
    assert asked() == before
    assert settings.DEBUG is False


def test_the_review_list_asks_as_often_for_ten_as_for_one(scene: Scene) -> None:
    scene.agreement.review = Review.REQUIRED
    scene.agreement.save()
    browser, judge = client(researcher()), client(reviewer())

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert judge.get("/desk/").status_code == 200
        return len(queries)

    browser.post(scene.url, scene.with_article())
    asked()
    before = asked()
    for _ in range(4):
        browser.post(scene.url, scene.with_article())
    assert asked() == before


def test_nothing_at_the_desk_links_to_nowhere(scene: Scene) -> None:
    """From the desk on, every link that a person is shown answers; of each kind of page two are looked at."""
    addresses(scene)
    for person in (researcher(), administrator()):
        browser = client(person)
        ahead, seen, kinds = ["/desk/"], {"/desk/"}, Counter[str]()
        dead = []
        while ahead:
            path = ahead.pop(0)
            answer = browser.get(path, follow=True)
            if answer.status_code not in (200, 409):
                dead.append((path, answer.status_code))
            if not path.startswith(("/desk/", "/accounts/")) or "text/html" not in answer["Content-Type"]:
                continue  # what the public pages lead to is followed by a test of theirs
            links = re.findall(r'<a [^>]*href="(/(?!admin/|static/)[^"#]*)', text(answer).replace("&amp;", "&"))
            for link in dict.fromkeys(links):
                kind = re.sub(r"[0-9a-f-]{36}|\d+", "*", link.split("?")[0])
                if link not in seen and kinds[kind] < 2:
                    seen.add(link)
                    kinds[kind] += 1
                    ahead.append(link)
        assert dead == []
        assert len(kinds) > 20
