"""Memos at the desk: writing one, finding it again, and the status form that offers those that fit."""

import re
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests import factories, people
from tracker.models import Memo

from .base import Scene, by_htmx, client, reader, researcher, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene() -> Scene:
    return Scene()


def said(answer: Any) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", text(answer))))


def memo(scene: Scene, title: str = "Remains count", **fields: Any) -> Memo:
    about = fields or {"obligation": scene.duty}
    return Memo.write(title, f"How {title} was coded.", by=researcher(), **about)


def written(scene: Scene, **fields: Any) -> dict[str, Any]:
    values = {"title": "Remains count", "text": "A body counts as returned.", "obligation": str(scene.duty.pk)}
    return values | {"category": "", "agreement": ""} | fields


@pytest.mark.parametrize("path", ["/desk/memos/", "/desk/memos/new/"])
def test_memos_are_for_researchers(path: str) -> None:
    assert Client().get(path).status_code == 302
    assert client(reader()).get(path).status_code == 403
    for who in (people.researcher, people.reviewer, people.administrator):
        assert client(who()).get(path).status_code == 200
    assert client(reader()).post("/desk/memos/new/", {"title": "x"}).status_code == 403


def test_without_memos_the_page_says_what_they_are_for() -> None:
    assert "No memos yet" in said(client(researcher()).get("/desk/memos/"))


def test_a_memo_is_written_and_found_again(scene: Scene) -> None:
    browser = client(researcher())
    answer = browser.post("/desk/memos/new/", written(scene))
    kept = Memo.objects.get()
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/desk/memos/#memo-{kept.pk}")
    assert (kept.obligation, kept.category, kept.agreement) == (scene.duty, scene.duty.category, scene.agreement)
    assert kept.byline == "Researcher 1"
    memo(scene, "Weather", category="withdrawal")
    assert "Remains count" in said(browser.get("/desk/memos/"))
    for query in ("?q=returned+body", f"?category={scene.duty.category}", "?q=remains"):
        shown = said(browser.get(f"/desk/memos/{query}"))
        assert "A body counts as returned." in shown
        assert "How Weather was coded." not in shown
    assert "No memo has these words" in said(browser.get("/desk/memos/?q=volcano"))
    assert browser.get("/desk/memos/?q=%00&category=nonsense").status_code == 200


@pytest.mark.parametrize(
    ("fields", "complaint"),
    [
        ({"title": ""}, "Give the memo a title"),
        ({"text": " "}, "Say how the case was coded"),
        ({"obligation": ""}, "Say what it is about"),
        ({"category": "nonsense"}, "Select a valid choice"),
    ],
)
def test_half_a_memo_comes_back_as_it_was_typed(scene: Scene, fields: dict[str, str], complaint: str) -> None:
    answer = client(researcher()).post("/desk/memos/new/", written(scene, **fields))
    assert answer.status_code == 422
    assert complaint in said(answer)
    if "text" not in fields:
        assert "A body counts as returned." in text(answer)
    assert not Memo.objects.exists()


def test_the_obligation_and_the_agreement_have_to_belong_together(scene: Scene) -> None:
    other = factories.agreement()
    answer = client(researcher()).post("/desk/memos/new/", written(scene, agreement=str(other.pk)))
    assert "The obligation belongs to another agreement." in said(answer)


def test_a_better_memo_starts_from_the_old_one_and_leaves_it(scene: Scene) -> None:
    old = memo(scene)
    browser = client(researcher())
    assert f"/desk/memos/new/?from={old.pk}" in text(browser.get("/desk/memos/"))
    form = text(browser.get(f"/desk/memos/new/?from={old.pk}"))
    assert 'value="Remains count"' in form
    assert "How Remains count was coded." in form
    assert re.search(rf'value="{scene.duty.pk}"[^>]* selected', form)
    browser.post("/desk/memos/new/", written(scene, title="Remains count, again"))
    assert Memo.objects.count() == 2
    assert browser.get("/desk/memos/new/?from=nonsense&obligation=nonsense").status_code == 200


def test_a_memo_survives_the_end_of_the_session(scene: Scene) -> None:
    browser = Client()
    answer = browser.post("/desk/memos/new/", written(scene))
    kept = re.search(r"kept%3D([^&]*)", answer.headers["Location"])
    assert kept
    people.researcher()
    browser.post("/accounts/login/", {"login": "researcher-1", "password": people.PASSWORD})
    assert "A body counts as returned." in text(browser.get(f"/desk/memos/new/?kept={kept[1]}"))


def test_hostile_words_stay_words(scene: Scene) -> None:
    memo(scene, "<script>alert(1)</script>")
    for url in ("/desk/memos/", scene.url):
        page = text(client(researcher()).get(url))
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert(1)" in page


def test_the_status_form_offers_memos_on_cases_like_it(scene: Scene) -> None:
    browser = client(researcher())
    assert "Coded like this before" not in text(browser.get(scene.url))
    abroad = factories.obligation(factories.agreement())
    memo(scene, "Of its kind", obligation=abroad)
    memo(scene, "Its own")
    memo(scene, "Of another kind", category="withdrawal")
    for answer in (browser.get(scene.url), by_htmx(browser, scene.url)):
        shown = text(answer)
        assert "Coded like this before" in shown
        assert shown.index("Its own") < shown.index("Of its kind")
        assert "Of another kind" not in shown
        # Folded away, so that it is in nobody's way.
        assert re.search(r'<details class="fold"><summary>Coded like this before', shown)
        assert f'href="/desk/memos/#memo-{Memo.objects.get(title="Its own").pk}"' in shown
    # Not for those who are signed out.
    assert "Its own" not in text(by_htmx(Client(), scene.url, scene.filled()))


def test_memos_cost_the_same_number_of_queries_however_many(scene: Scene) -> None:
    browser = client(researcher())

    def queries(url: str) -> int:
        browser.get(url)
        with CaptureQueriesContext(connection) as seen:
            browser.get(url)
        return len(seen)

    memo(scene, "First")
    little = [queries(url) for url in ("/desk/memos/", scene.url)]
    for number in range(5):
        memo(scene, f"Number {number}", obligation=factories.obligation(scene.agreement))
    assert [queries(url) for url in ("/desk/memos/", scene.url)] == little
