"""An article, what it reports, and the judgement that rests on it: stored together or not at all."""

import pytest

from tests import factories
from tracker.models import Article, Assessment, Event, Outlet, Report

from .base import Scene, client, researcher, statuses, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene() -> Scene:
    return Scene()


def counted() -> tuple[int, ...]:
    return tuple(model.objects.count() for model in (Outlet, Article, Event, Report, Assessment))


def test_everything_is_stored_in_one_go(scene: Scene) -> None:
    accused = factories.actor("north")
    data = scene.with_article(
        **{
            "event-effect": "breaches",
            "event-verification": "alleged",
            "event-place": "The bridge",
            "event-summary": "Shots were heard.",
            "cast-0-actor": str(accused.pk),
            "cast-0-role": "accused",
            "cast-1-actor": str(accused.pk),
            "cast-1-role": "participant",
            "report-relays": "Radio Shore",
        }
    )
    answer = client(researcher()).post(scene.url, data)
    assert answer.status_code == 303
    (saved,) = statuses()
    (event,) = saved.evidence.all()
    (report,) = event.reports.all()
    assert event.title == "Buses bring people across the bridge"
    assert (event.kind, event.verification, event.place) == ("release", "alleged", "The bridge")
    assert [(one.actor, one.role) for one in event.actors.all()] == [(accused, "accused"), (accused, "participant")]
    assert event.effects.get().effect == "breaches"
    assert report.article.url == "https://news.example/report"
    assert report.article.outlet.name == "The Lake Herald"
    assert report.relays is not None
    assert report.relays.name == "Radio Shore"
    assert (report.originator_text, report.quote) == ("A bridge guard", "they are all across")


def test_a_known_event_and_a_new_one_may_stand_together(scene: Scene) -> None:
    client(researcher()).post(scene.url, scene.with_article(evidence=[str(scene.event.pk)]))
    assert statuses()[0].evidence.count() == 2


def test_a_known_article_and_outlet_are_used_again(scene: Scene) -> None:
    known = factories.article(url="https://news.example/report", outlet=factories.outlet("The Lake Herald"))
    data = scene.with_article(**{"article-title": "", "article-outlet": "", "article-published_on": ""})
    assert client(researcher()).post(scene.url, data).status_code == 303
    assert Report.objects.get(originator_text="A bridge guard").article == known

    other = scene.with_article(**{"article-url": "https://news.example/2", "article-outlet": "the lake herald"})
    assert client(researcher()).post(scene.url, other).status_code == 303
    assert Outlet.objects.filter(name__iexact="the lake herald").count() == 1


@pytest.mark.parametrize(
    ("field", "value", "complaint"),
    [
        ("article-url", "", "Give the address of the article."),
        ("article-url", "not an address", "Write the whole address"),
        ("article-url", "https://somebody:secret@news.example/", "must not carry a login"),
        ("article-title", "", "Give the title of the article."),
        ("article-outlet", "", "Say who published it."),
        ("article-published_on", "2025-13-01", "Write a day of the calendar"),
        ("event-title", "", "Say what happened."),
        ("event-date", "", "Give its day"),
        ("event-date", "2999-01-01", "This day lies in the future."),
        ("event-kind", "", "Choose what sort of event it is."),
        ("event-kind", "rumour", "Select a valid choice"),
        ("event-effect", "", "Say what it means for this obligation."),
        ("event-effect", "breaches", "A breach needs somebody accused"),
        ("report-quote", " ".join(["word"] * 16), "This has 16 words. A quote has at most 15."),
        ("cast-0-actor", "nobody", "Select a valid choice"),
    ],
)
def test_what_is_wrong_with_it_is_said_and_nothing_is_half_written(
    scene: Scene, field: str, value: str, complaint: str
) -> None:
    before = counted()
    answer = client(researcher()).post(scene.url, scene.with_article(**{field: value}))
    assert answer.status_code == 422
    assert complaint in text(answer)
    assert '<details class="fold" open>' in text(answer)
    assert counted() == before


def test_a_judgement_that_is_wrong_takes_the_new_event_down_with_it(scene: Scene) -> None:
    before = counted()
    stale = scene.with_article()
    factories.assessed(scene.duty, evidence=[scene.event])
    after_theirs = counted()
    answer = client(researcher()).post(scene.url, stale)
    assert answer.status_code == 409
    assert counted() == after_theirs != before
    assert "Buses bring people across the bridge" in text(answer)


def test_who_said_it_is_named_once(scene: Scene) -> None:
    speaker = factories.actor("south")
    answer = client(researcher()).post(scene.url, scene.with_article(**{"report-originator": str(speaker.pk)}))
    assert answer.status_code == 422
    assert "not both" in text(answer)


def test_an_untouched_part_asks_for_nothing(scene: Scene) -> None:
    untouched = {
        "article-url": "",
        "article-language": "en",
        "event-date_precision": "1",
        "event-kind": "",
        "cast-0-actor": "",
        "cast-0-role": "participant",
        "report-stance": "asserts",
    }
    assert client(researcher()).post(scene.url, scene.filled(**untouched)).status_code == 303


@pytest.mark.parametrize("address", ["ftp://files.example/copy", "https://someone:secret@archive.example/copy"])
def test_an_archived_copy_is_a_plain_page_of_the_web(scene: Scene, address: str) -> None:
    typed = scene.with_article(**{"article-archive_url": address})
    assert client(researcher()).post(scene.url, typed).status_code == 422
    assert not statuses()
