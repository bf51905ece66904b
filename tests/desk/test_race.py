"""Two people save at the very same moment, in transactions of their own on the real database."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from tracker.codebook import Review, Stage
from tracker.models import Article, Assessment, Event, Person

from .base import Scene, client, colleague, researcher, reviewer, statuses

pytestmark = pytest.mark.django_db(transaction=True)


def together(*posts: tuple[Client, str, dict[str, Any]]) -> list[int]:
    """The status codes of requests that start at once, each on a connection of its own."""
    start = Barrier(len(posts))

    def send(post: tuple[Client, str, dict[str, Any]]) -> int:
        browser, url, data = post
        try:
            start.wait(timeout=10)
            code: int = browser.post(url, data).status_code
            return code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(posts)) as pool:
        return sorted(pool.map(send, posts))


def test_of_two_writers_one_is_first_and_the_other_is_told() -> None:
    scene = Scene()
    people: list[Person] = [researcher(), colleague()]
    forms = [scene.with_article(**{"article-url": f"https://news.example/{person.pk}"}) for person in people]
    posts = [(client(person), scene.url, form) for person, form in zip(people, forms, strict=True)]
    assert together(*posts) == [303, 409]
    scene.duty.refresh_from_db()
    assert scene.duty.version == 1
    assert Assessment.objects.count() == 1
    # The loser's article and event went with the rest.
    assert Article.objects.filter(title="Buses cross the bridge").count() == 1
    assert Event.objects.filter(title="Buses bring people across the bridge").count() == 1


def test_of_two_reviewers_one_publishes() -> None:
    scene = Scene(review=Review.REQUIRED)
    client(researcher()).post(scene.url, scene.filled())
    (waiting,) = statuses()
    url = f"/desk/proposals/{waiting.proposal_id}/publish/"
    judge = reviewer()
    assert together((client(judge), url, {}), (client(judge), url, {})) == [303, 422]
    waiting.refresh_from_db()
    assert waiting.stage == Stage.PUBLISHED


def test_a_withdrawal_and_a_correction_at_once_do_not_both_happen() -> None:
    scene = Scene()
    client(researcher()).post(scene.url, scene.filled())
    (first,) = statuses()
    correction = scene.filled(correction_reason="The count left two out.")
    codes = together(
        (client(researcher()), f"/desk/assessments/{first.pk}/retract/", {"version": 1, "reason": "Wrong town."}),
        (client(colleague()), f"/desk/assessments/{first.pk}/correct/", correction),
    )
    assert codes == [303, 409]


def test_a_set_is_published_or_taken_back_but_not_both() -> None:
    scene = Scene(review=Review.REQUIRED)
    client(researcher()).post(scene.url, scene.with_article())
    (waiting,) = statuses()
    url = f"/desk/proposals/{waiting.proposal_id}/"
    codes = together((client(reviewer()), f"{url}publish/", {}), (client(researcher()), f"{url}take-back/", {}))
    # Taken back first, it is not there for the reviewer, or no longer waits.
    assert codes in ([303, 404], [303, 422])
    waiting.refresh_from_db()
    event = waiting.evidence.get()
    assert (waiting.stage, event.stage) in {(stage, stage) for stage in (Stage.PUBLISHED, Stage.DRAFT)}


def test_of_two_who_edit_an_event_one_is_first() -> None:
    scene = Scene()
    url = f"/desk/events/{scene.event.pk}/edit/"
    browsers = [client(researcher()), client(colleague())]
    posts = []
    for number, browser in enumerate(browsers):
        form = browser.get(url).context["form"]
        data = {name: form[name].value() for name in ("seen", "kind", "state", "date_precision")}
        data |= {"title": f"Title {number}", "date": "2025-10-13", "edit_reason": "It was another."}
        data |= {"effect-0-obligation": str(scene.duty.pk), "effect-0-effect": "advances"}
        posts.append((browser, url, data))
    assert together(*posts) == [303, 409]
