"""Which events a page about a day shows, and from which day an imprecise one counts."""

import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction

from tests import factories
from tracker.codebook import DatePrecision, EventState, Stage
from tracker.models import Agreement, Event, EventActor, Obligation, Vantage
from tracker.rubric.dates import interval_end

pytestmark = pytest.mark.django_db

TODAY = dt.date(2026, 6, 1)


def on(day: str, known_on: str | None = None) -> Vantage:
    known = dt.date.fromisoformat(known_on) if known_on else None
    return Vantage(dt.date.fromisoformat(day), known, TODAY)


def shown(vantage: Vantage) -> set[str]:
    return set(Event.objects.on(vantage).values_list("ref", flat=True))


@pytest.mark.parametrize("precision", DatePrecision.values)
@pytest.mark.parametrize("day", ["2025-12-01", "2025-12-14", "2025-12-15", "2025-12-31", "2024-02-10", "2026-01-01"])
@pytest.mark.parametrize("end", [None, "2026-02-03"])
def test_the_database_ends_intervals_as_the_rubric_does(day: str, precision: int, end: str | None) -> None:
    last = dt.date.fromisoformat(end) if end else None
    event = factories.event(factories.agreement(), day, date_precision=precision, date_end=last)
    event.refresh_from_db()
    assert event.interval_end == interval_end(event.date, precision, last)


def test_an_event_counts_from_its_day() -> None:
    factories.event(factories.agreement(), "2025-12-13", ref="strike")
    assert shown(on("2025-12-12")) == set()
    assert shown(on("2025-12-13")) == {"strike"}


def test_an_imprecise_event_counts_from_the_end_of_its_interval() -> None:
    article = factories.article(published_on=None)
    factories.event(factories.agreement(), "2025-12-01", date_precision=4, ref="month", reports=[article])
    assert shown(on("2025-12-30")) == set()
    assert shown(on("2025-12-31")) == {"month"}


def test_an_article_that_reports_it_ends_the_interval_earlier() -> None:
    article = factories.article(published_on=dt.date(2025, 12, 18))
    factories.event(factories.agreement(), "2025-12-01", date_precision=4, ref="month", reports=[article])
    assert shown(on("2025-12-17")) == set()
    assert shown(on("2025-12-18")) == {"month"}


def test_a_later_article_does_not_move_a_precise_event() -> None:
    article = factories.article(published_on=dt.date(2026, 1, 5))
    factories.event(factories.agreement(), "2025-12-13", ref="strike", reports=[article])
    assert shown(on("2025-12-13")) == {"strike"}


def test_a_scheduled_event_shows_from_its_announcement_until_its_outcome() -> None:
    agreement = factories.agreement()
    held = factories.event(agreement, "2025-12-19", ref="held")
    announced = factories.article(published_on=dt.date(2025, 12, 18))
    factories.event(
        agreement, "2025-12-19", ref="planned", state=EventState.SCHEDULED, outcome=held, reports=[announced]
    )
    assert shown(on("2025-12-17")) == set()
    assert shown(on("2025-12-18")) == {"planned"}
    assert shown(on("2025-12-19")) == {"held"}


def test_a_scheduled_event_without_outcome_stays() -> None:
    announced = factories.article(published_on=dt.date(2025, 12, 18))
    agreement = factories.agreement()
    factories.event(agreement, "2025-12-19", ref="planned", state=EventState.SCHEDULED, reports=[announced])
    assert shown(on("2026-05-01")) == {"planned"}


def test_an_outcome_recorded_later_leaves_the_plan_open_until_then() -> None:
    agreement = factories.agreement(recorded_at=factories.moment("2025-10-09"))
    held = factories.event(agreement, "2025-12-19", ref="held", recorded_at=factories.moment("2026-01-10"))
    announced = factories.article(published_on=dt.date(2025, 12, 18), recorded_at=factories.moment("2025-12-18"))
    factories.event(
        agreement,
        "2025-12-19",
        ref="planned",
        state=EventState.SCHEDULED,
        outcome=held,
        reports=[announced],
        recorded_at=factories.moment("2025-12-18"),
    )
    assert shown(on("2025-12-20", "2026-01-09")) == {"planned"}
    assert shown(on("2025-12-20", "2026-01-10")) == {"held"}


def test_what_is_not_published_is_shown_to_nobody() -> None:
    factories.event(factories.agreement(), "2025-12-13", stage=Stage.IN_REVIEW)
    assert shown(on("2026-01-01")) == set()


def unfounded_breach(agreement: Agreement, duty: Obligation) -> None:
    factories.event(agreement, effects=[(duty, "breaches")])
    with connection.cursor() as cursor:
        # The rule is checked at the end of the transaction, which a test never reaches.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_a_breach_needs_somebody_accused_and_a_verification() -> None:
    agreement = factories.agreement()
    duty = factories.obligation(agreement)
    accused = factories.actor()
    factories.event(agreement, effects=[(duty, "breaches")], accused=[accused])
    with pytest.raises(IntegrityError, match="accused actor"), transaction.atomic():
        unfounded_breach(agreement, duty)
    assert EventActor.objects.count() == 1


def test_an_effect_stays_within_its_agreement() -> None:
    elsewhere = factories.obligation(factories.agreement())
    with pytest.raises(IntegrityError, match="different agreements"), transaction.atomic():
        factories.event(factories.agreement(), effects=[elsewhere])


@pytest.mark.parametrize(("words", "kept"), [(15, True), (16, False)])
def test_quotes_are_short(words: int, kept: bool) -> None:
    event = factories.event(factories.agreement())
    quote = " ".join(["word"] * words)
    if kept:
        factories.report(event, quote=quote)
        return
    with pytest.raises(IntegrityError, match="report_quote_short"), transaction.atomic():
        factories.report(event, quote=quote)
