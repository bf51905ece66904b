"""Where an agreement asks for review: nothing is public until another person publishes it."""

import pytest

from tracker.codebook import Review, Stage
from tracker.models import Article, Assessment, Effect, Event

from .base import Scene, by_htmx, client, colleague, public_page, reader, researcher, reviewer, statuses, text

pytestmark = pytest.mark.django_db


def set_of(waiting: Assessment) -> str:
    """The address of the set of changes that a status belongs to."""
    return f"/desk/proposals/{waiting.proposal_id}/"


@pytest.fixture
def scene() -> Scene:
    return Scene(review=Review.REQUIRED)


def test_a_proposal_waits_and_nothing_of_it_is_public(scene: Scene) -> None:
    before = public_page(scene)
    events = text(client().get("/events/"))
    browser = client(researcher())
    answer = by_htmx(browser, scene.url, scene.with_article())
    assert answer.status_code == 200
    assert "Waiting for review" in text(answer)
    assert public_page(scene) == before
    assert text(client().get("/events/")) == events

    (waiting,) = statuses()
    article = Article.objects.get(title="Buses cross the bridge")
    (event,) = waiting.evidence.all()
    assert waiting.stage == event.stage == Stage.IN_REVIEW
    for page in (waiting.get_absolute_url(), event.get_absolute_url(), article.get_absolute_url()):
        assert client().get(page).status_code == 404
    assert "Waiting for review" in text(browser.get("/desk/agreements/lakeside-2025/"))

    plain = browser.post(scene.url, scene.filled())
    assert plain.status_code == 303


def test_what_a_public_event_means_waits_with_the_proposal(scene: Scene) -> None:
    before = public_page(scene)
    stated = scene.filled(evidence=[str(scene.silent.pk)], **{f"effect-{scene.silent.pk}": "sets_back"})
    client(researcher()).post(scene.url, stated)
    assert public_page(scene) == before
    assert Effect.objects.get(event=scene.silent).stage == Stage.IN_REVIEW

    (waiting,) = statuses()
    client(reviewer()).post(f"{set_of(waiting)}publish/")
    effect = Effect.objects.get(event=scene.silent)
    assert effect.stage == Stage.PUBLISHED
    waiting.refresh_from_db()
    assert effect.recorded_at == waiting.recorded_at


def test_another_person_publishes_the_proposal_with_its_evidence(scene: Scene) -> None:
    client(researcher()).post(scene.url, scene.with_article())
    (waiting,) = statuses()
    browser = client(reviewer())
    url = f"{set_of(waiting)}publish/"
    assert set_of(waiting) in text(browser.get("/desk/queues/review/"))
    page = text(browser.get(set_of(waiting)))
    assert "Most of them are back" in page
    assert "they are all across" in page
    assert f'action="{set_of(waiting)}publish/"' in page

    answer = browser.post(url)
    assert answer.status_code == 303
    assert "Published:" in text(browser.get("/desk/"))
    waiting.refresh_from_db()
    assert (waiting.byline, waiting.reviewer_byline) == ("Researcher 1", "Reviewer 1")
    event = Event.objects.get(evidence_for__assessment=waiting)
    assert event.stage == Stage.PUBLISHED
    assert client().get(event.get_absolute_url()).status_code == 200
    assert "Under way" in public_page(scene)


def test_publishing_by_a_plain_form_leads_back_to_the_desk(scene: Scene) -> None:
    client(researcher()).post(scene.url, scene.filled())
    answer = client(reviewer()).post(f"{set_of(statuses()[0])}publish/")
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/desk/"


def test_nobody_publishes_their_own(scene: Scene) -> None:
    browser = client(reviewer())
    browser.post(scene.url, scene.filled())
    (waiting,) = statuses()
    url = f"{set_of(waiting)}publish/"
    page = text(browser.get(set_of(waiting)))
    assert "nobody publishes their own" in page
    assert f'action="{set_of(waiting)}publish/"' not in page
    plain, swapped = browser.post(url), by_htmx(browser, url, {})
    for answer in (plain, swapped):
        assert answer.status_code == 403
        assert "Nobody publishes their own proposal." in text(answer)
    assert swapped.headers["HX-Retarget"] == "#live"
    waiting.refresh_from_db()
    assert waiting.stage == Stage.IN_REVIEW


def test_whoever_is_signed_out_comes_back_to_the_desk(scene: Scene) -> None:
    client(researcher()).post(scene.url, scene.filled())
    for action in ("publish", "take-back"):
        answer = client().post(f"{set_of(statuses()[0])}{action}/")
        assert answer.status_code == 302
        assert answer.headers["Location"] == "/accounts/login/?next=%2Fdesk%2F"


def test_only_reviewers_publish(scene: Scene) -> None:
    client(researcher()).post(scene.url, scene.filled())
    url = f"{set_of(statuses()[0])}publish/"
    for person in (colleague(), reader()):
        assert client(person).post(url).status_code == 403
    assert client(reader()).get(set_of(statuses()[0])).status_code == 403
    read = text(client(colleague()).get(set_of(statuses()[0])))
    assert "Most of them are back" in read
    publish = f'action="{set_of(statuses()[0])}publish/"'
    assert publish not in read
    assert publish in text(client(reviewer()).get(set_of(statuses()[0])))


def test_a_proposal_overtaken_by_another_is_a_conflict(scene: Scene) -> None:
    client(researcher()).post(scene.url, scene.filled(reason="The first to propose."))
    client(colleague()).post(scene.url, scene.filled(reason="The second to propose."))
    first, second = statuses()
    browser = client(reviewer())
    answer = browser.post(f"{set_of(first)}publish/")
    assert answer.status_code == 409
    assert "The second to propose." in text(answer)
    own = text(client(researcher()).get(set_of(first)))
    assert f"/desk/obligations/{scene.duty.pk}/status/?like={first.pk}" in own
    assert browser.post(f"{set_of(second)}publish/").status_code == 303

    again = text(client(researcher()).get(f"{scene.url}?like={first.pk}"))
    assert "The first to propose." in again


def test_its_author_takes_a_proposal_back(scene: Scene) -> None:
    browser = client(researcher())
    both = scene.with_article(evidence=[str(scene.silent.pk)], **{f"effect-{scene.silent.pk}": "context"})
    browser.post(scene.url, both)
    (waiting,) = statuses()
    url = f"{set_of(waiting)}drop/"
    assert f'action="{set_of(waiting)}take-back/"' in text(browser.get(set_of(waiting)))
    assert client(reviewer()).post(url).status_code == 403
    assert browser.post(url).headers["Location"] == "/desk/"
    assert not statuses()
    # What came along goes too; what was there before stays.
    assert not Event.objects.filter(title="Buses bring people across the bridge").exists()
    assert Event.objects.filter(pk=scene.silent.pk).exists()
    assert not Effect.objects.filter(event=scene.silent).exists()


def test_what_another_proposal_rests_on_stays(scene: Scene) -> None:
    client(researcher()).post(scene.url, scene.with_article())
    shared = Event.objects.get(title="Buses bring people across the bridge")
    client(colleague()).post(scene.url, scene.filled(evidence=[str(shared.pk)]))
    first, second = statuses()
    client(researcher()).post(f"{set_of(first)}drop/")
    assert list(second.evidence.all()) == [shared]
    assert client(reviewer()).post(f"{set_of(second)}publish/").status_code == 303


def test_what_is_public_cannot_be_taken_back(scene: Scene) -> None:
    browser = client(researcher())
    browser.post(scene.url, scene.filled())
    (waiting,) = statuses()
    client(reviewer()).post(f"{set_of(waiting)}publish/")
    for action in ("take-back", "drop"):
        answer = browser.post(f"{set_of(waiting)}{action}/")
        assert answer.status_code == 422
        assert "no longer" in text(answer)
    assert statuses() == [waiting]


def test_the_reviewer_sees_at_once_what_was_overtaken(scene: Scene) -> None:
    client(researcher()).post(scene.url, scene.filled())
    client(colleague()).post(scene.url, scene.filled())
    first, second = statuses()
    browser = client(reviewer())
    assert "cannot be published as it is" in text(browser.get(set_of(first)))
    assert "cannot be published as it is" not in text(browser.get(set_of(second)))


def test_what_is_published_already_is_not_published_twice(scene: Scene) -> None:
    client(researcher()).post(scene.url, scene.filled())
    url = f"{set_of(statuses()[0])}publish/"
    browser = client(reviewer())
    browser.post(url)
    assert browser.post(url).status_code == 422
    assert "Public since then" in text(browser.get(set_of(statuses()[0])))
    assert Assessment.objects.published().count() == 1


def test_a_second_event_of_the_article_reuses_it(scene: Scene) -> None:
    browser = client(researcher())
    browser.post(scene.url, scene.with_article())
    browser.post(
        scene.url, scene.with_article(**{"article-title": "", "article-outlet": "", "event-title": "More buses"})
    )
    assert Article.objects.filter(url="https://news.example/report").count() == 1
    assert Event.objects.filter(title="More buses").exists()
