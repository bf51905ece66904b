"""The desk's lists of what waits and of what was done, and the page that takes a change back."""

from typing import Any

import pytest
from django.test import Client

from tests import factories
from tracker.codebook import Review
from tracker.models import Assessment, Check, Vantage
from tracker.models.queues import QUEUES

from .base import DAY, Scene, client, colleague, reader, researcher, reviewer, statuses, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene() -> Scene:
    return Scene()


def undo(kind: str, what: Any) -> str:
    return f"/desk/changes/{kind}/{what.pk}/undo/"


def test_a_saved_status_offers_its_undo_which_says_what_it_restores(scene: Scene) -> None:
    browser = client(researcher())
    browser.post(scene.url, scene.filled())
    (saved,) = statuses()
    assert undo("status", saved) in text(browser.get("/desk/"))
    asked = browser.get(undo("status", saved))
    assert "what stood before holds again: not assessed" in text(asked)
    done = browser.post(undo("status", saved), {"reason": "It was another town."})
    assert done.status_code == 303
    assert Assessment.current(scene.duty) is None
    listed = text(browser.get("/desk/changes/"))
    assert "Taken back since" in listed
    assert "It was another town." in listed


def test_an_undo_needs_a_reason(scene: Scene) -> None:
    browser = client(researcher())
    browser.post(scene.url, scene.filled())
    (saved,) = statuses()
    answer = browser.post(undo("status", saved), {"reason": " "})
    assert answer.status_code == 422
    assert "Say why this is taken back." in text(answer)
    assert Assessment.current(scene.duty) == saved


def test_newer_work_on_top_is_named(scene: Scene) -> None:
    browser = client(researcher())
    browser.post(scene.url, scene.filled())
    (saved,) = statuses()
    factories.assessed(scene.duty, DAY, 3, evidence=[scene.event], by=colleague())
    for answer in (browser.get(undo("status", saved)), browser.post(undo("status", saved), {"reason": "Undo"})):
        assert answer.status_code == 409
        assert "Newer work stands on top" in text(answer)
        assert "recorded level 3" in text(answer)
    current = Assessment.current(scene.duty)
    assert current is not None
    assert current.level == 3


def test_a_look_can_be_taken_back(scene: Scene) -> None:
    browser = client(researcher())
    browser.post(f"/desk/obligations/{scene.duty.pk}/check/", {"date": "2025-10-20", "where": "Both sides"})
    look = Check.objects.get()
    assert browser.post(undo("look", look), {"reason": "Wrong duty."}).status_code == 303
    assert not Check.objects.known(Vantage.now()).exists()
    assert browser.get(undo("look", look)).status_code == 409


def test_an_edit_in_the_admin_can_be_taken_back(scene: Scene) -> None:
    browser = client(researcher())
    actor = factories.actor("harbour-guard", name="Harbour Guard")
    page = f"/admin/tracker/actor/{actor.pk}/change/"
    fields = {"name": "Port Guard", "slug": "harbour-guard", "kind": "other", "parent": "", "aliases": ""}
    assert browser.post(page, fields).status_code == 302
    listed = browser.get("/desk/changes/")
    assert "Port Guard" in text(listed)
    (change,) = [one for one in listed.context["changes"] if one.kind == "edit"]
    assert "as it was before" in text(browser.get(undo("edit", change)))
    assert browser.post(undo("edit", change), {"reason": "Its old name."}).status_code == 303
    actor.refresh_from_db()
    assert (actor.name, actor.kind) == ("Harbour Guard", "state")
    # The undo is a change itself, and can be undone.
    (first,) = [one for one in browser.get("/desk/changes/").context["changes"] if one.reason == "Its old name."]
    assert browser.post(undo("edit", first), {"reason": "The new one after all."}).status_code == 303
    actor.refresh_from_db()
    assert actor.name == "Port Guard"


def test_everybody_s_changes_say_whose_they_are(scene: Scene) -> None:
    factories.assessed(scene.duty, DAY, evidence=[scene.event], by=colleague())
    browser = client(researcher())
    assert "Nothing yet" in text(browser.get("/desk/changes/"))
    assert colleague().public_name in text(browser.get("/desk/changes/?by=everybody"))


def test_without_a_session_the_reason_is_kept(scene: Scene) -> None:
    factories.assessed(scene.duty, DAY, evidence=[scene.event], by=colleague())
    (saved,) = statuses()
    browser = Client()
    answer = browser.post(undo("status", saved), {"reason": "It was another town."})
    assert answer.status_code == 302
    browser.force_login(researcher())
    assert Assessment.current(scene.duty) == saved


def test_without_a_role_there_is_nothing_to_see_or_undo(scene: Scene) -> None:
    factories.assessed(scene.duty, DAY, evidence=[scene.event], by=colleague())
    (saved,) = statuses()
    browser = client(reader())
    for url in ("/desk/changes/", "/desk/queues/overdue/", undo("status", saved)):
        assert browser.get(url).status_code == 403, url
    assert browser.post(undo("status", saved), {"reason": "x"}).status_code == 403
    assert Assessment.current(scene.duty) == saved


def test_where_review_is_required_researchers_withdraw_nothing(scene: Scene) -> None:
    scene.agreement.review = Review.REQUIRED
    scene.agreement.save()
    record = factories.assessed(scene.duty, DAY, evidence=[scene.event])
    assert client(researcher()).post(undo("status", record), {"reason": "x"}).status_code == 403
    assert client(reviewer()).post(undo("status", record), {"reason": "x"}).status_code == 303


@pytest.mark.parametrize("address", ["status/1", "edit/1", "magic/1", "look/99999", "withdrawal/x"])
def test_there_is_no_such_change(scene: Scene, address: str) -> None:
    assert client(researcher()).get(f"/desk/changes/{address}/undo/").status_code == 404


def test_every_queue_has_a_page_with_a_next_step(scene: Scene) -> None:
    browser = client(reviewer())
    for queue in QUEUES:
        answer = browser.get(f"/desk/queues/{queue.key}/")
        assert answer.status_code == 200
        assert queue.title in text(answer)
        assert queue.next_step in text(answer)
    assert browser.get("/desk/queues/magic/").status_code == 404
    assert client(researcher()).get("/desk/queues/review/").status_code == 403


def test_the_desk_counts_what_waits(scene: Scene) -> None:
    assert '<b class="num">1</b> Reports without a status' in text(client(researcher()).get("/desk/"))
    listed = text(client(researcher()).get("/desk/queues/unassessed/"))
    assert scene.event.title in listed
    assert f"/desk/obligations/{scene.duty.pk}/status/" in listed
