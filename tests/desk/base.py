"""What the tests of the desk share: an agreement with duties and events, people at their desks, a filled-in form."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.test import Client

from tests import factories, people
from tracker.codebook import Review
from tracker.models import Agreement, Assessment, Event, Obligation, Person

HTMX = {"HX-Request": "true"}
DAY = dt.date(2025, 10, 13)


@dataclass
class Scene:
    """An agreement with one duty, not assessed, and three events: one advances it, one says nothing, one accuses."""

    review: str = Review.NONE
    agreement: Agreement = field(init=False)
    duty: Obligation = field(init=False)
    event: Event = field(init=False)
    silent: Event = field(init=False)

    def __post_init__(self) -> None:
        self.agreement = factories.agreement("lakeside-2025", review=self.review)
        self.duty = factories.obligation(self.agreement, "hostages")
        self.event = factories.event(self.agreement, DAY, effects=[self.duty], title="Twenty people come home")
        self.silent = factories.event(self.agreement, DAY, title="Ministers meet by the lake")

    @property
    def url(self) -> str:
        return f"/desk/obligations/{self.duty.pk}/status/"

    def filled(self, **fields: Any) -> dict[str, Any]:
        """A form that can be saved, with ``fields`` put in or, where None, taken out."""
        self.duty.refresh_from_db()
        values: dict[str, Any] = {
            "version": self.duty.version,
            "from": "agreement",
            "effective_on": DAY.isoformat(),
            "effective_precision": "1",
            "level": "2",
            "direction": "advancing",
            "conformity": "as_agreed",
            "reason": "Most of them are back, as two sides say.",
            "evidence": [str(self.event.pk)],
        }
        return {name: value for name, value in (values | fields).items() if value is not None}

    def with_article(self, **fields: Any) -> dict[str, Any]:
        """The same with a new article and event in place of a known one."""
        values: dict[str, Any] = {
            "evidence": [],
            "article-url": "https://news.example/report?utm_source=feed#top",
            "article-title": "Buses cross the bridge",
            "article-outlet": "The Lake Herald",
            "article-published_on": "2025-10-14",
            "article-language": "en",
            "event-title": "Buses bring people across the bridge",
            "event-date": "2025-10-14",
            "event-date_precision": "1",
            "event-kind": "release",
            "event-effect": "advances",
            "report-stance": "asserts",
            "report-originator_text": "A bridge guard",
            "report-quote": "they are all across",
        }
        return self.filled(**(values | fields))


def client(person: Person | None = None, **options: Any) -> Client:
    made = Client(**options)
    if person is not None:
        made.force_login(person)
    return made


def by_htmx(browser: Client, url: str, data: dict[str, Any] | None = None, **headers: str) -> Any:
    """The request as htmx sends it from a form in the duty's row: POST with data, else GET."""
    sent = HTMX | {"HX-Target": "form-hostages", "HX-Current-URL": "http://testserver/agreements/lakeside-2025/"}
    sent |= headers
    return browser.post(url, data, headers=sent) if data is not None else browser.get(url, headers=sent)


def text(answer: Any) -> str:
    decoded: str = answer.content.decode()
    return decoded


def statuses() -> list[Assessment]:
    return list(Assessment.objects.order_by("seen_version"))


def public_page(scene: Scene) -> str:
    answer = Client().get(scene.agreement.get_absolute_url())
    assert answer.status_code == 200
    decoded: str = answer.content.decode()
    return decoded


researcher, colleague, reviewer, reader = people.researcher, people.second_researcher, people.reviewer, people.reader
