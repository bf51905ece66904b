"""What was taken out of the record for a reason: it counts nowhere from then on, and did before."""

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from tests import factories
from tests.people import reader, researcher, reviewer
from tracker.codebook import Review, Stage
from tracker.models import Agreement, Article, Event, Obligation, Observation, Report, Vantage, Withdrawal, today
from tracker.models.amending import amend, amend_event
from tracker.models.histories import history
from tracker.models.standing import board

pytestmark = pytest.mark.django_db

DAY = dt.date(2025, 10, 20)
THEN = factories.moment("2025-10-21")


@pytest.fixture
def agreement() -> Agreement:
    return factories.agreement("lakeside-2025", recorded_at=THEN)


@pytest.fixture
def duty(agreement: Agreement) -> Obligation:
    made = factories.obligation(agreement, recorded_at=THEN)
    agreement.phases.update(recorded_at=THEN)
    return made


def told(agreement: Agreement, **fields: Any) -> Event:
    values: dict[str, Any] = {"recorded_at": THEN, "title": "Buses come"}
    made = factories.event(agreement, DAY, **values | fields)
    Article.objects.update(recorded_at=THEN)
    return made


def withdraw(row: Any, *, back: bool = False) -> Withdrawal:
    return Withdrawal.record(row, withdrawn=not back, reason="Another lake.", by=reviewer())


def test_it_counts_nowhere_from_then_on_and_did_before(agreement: Agreement, duty: Obligation) -> None:
    event = told(agreement, effects=[duty])
    figure = factories.observation(factories.measure(duty), event, 5, recorded_at=THEN)
    (article,) = Article.objects.all()
    now, before = Vantage.now(), Vantage(today(), today() - dt.timedelta(days=1))
    row = withdraw(event)
    assert (row.byline, row.reason) == ("Reviewer 1", "Another lake.")
    for rows in (Event.objects.public, Event.objects.happened, Event.objects.on, Event.objects.reached):
        assert event not in rows(now)
        assert event in rows(before)
    assert article not in Article.objects.public(now)
    assert article in Article.objects.public(before)
    assert event in Event.objects.once_public(now)
    withdraw(event, back=True)
    assert event in Event.objects.public(now)
    assert figure in Observation.objects.known(now)


def test_so_with_a_report_and_a_figure(agreement: Agreement, duty: Obligation) -> None:
    event = told(agreement)
    report = event.reports.get()
    figure = factories.observation(factories.measure(duty), event, 5, recorded_at=THEN)
    before = Vantage(today(), today() - dt.timedelta(days=1))
    withdraw(report)
    withdraw(figure)
    assert not Report.objects.known(Vantage.now()).exists()
    assert not Observation.objects.known(Vantage.now()).exists()
    assert list(Report.objects.known(before)) == [report]
    assert list(Observation.objects.known(before)) == [figure]


def test_a_judgement_names_it_as_withdrawn(agreement: Agreement, duty: Obligation) -> None:
    event, other = told(agreement, effects=[duty]), told(agreement, effects=[duty], title="Boats come")
    factories.assessed(duty, DAY, 1, evidence=[event, other], recorded_at=THEN)
    row = withdraw(event)

    def grounds(vantage: Vantage) -> dict[str, Withdrawal | None]:
        now = board(agreement, vantage)
        standing = now.row(duty.code)
        assert standing is not None
        (entry,) = history(now, standing)
        return {ground.event.title: ground.withdrawn for ground in entry.grounds}

    assert grounds(Vantage.now()) == {"Buses come": row, "Boats come": None}
    yesterday = today() - dt.timedelta(days=1)
    assert grounds(Vantage(today(), yesterday)) == {"Buses come": None, "Boats come": None}


def test_nothing_is_withdrawn_twice_or_without_a_reason(agreement: Agreement) -> None:
    event = told(agreement)
    with pytest.raises(ValidationError, match="not withdrawn"):
        withdraw(event, back=True)
    with pytest.raises(ValidationError, match="Say why"):
        Withdrawal.record(event, withdrawn=True, reason=" ", by=reviewer())
    withdraw(event)
    with pytest.raises(ValidationError, match="already"):
        withdraw(event)
    waiting = told(agreement, stage=Stage.IN_REVIEW)
    with pytest.raises(ValidationError, match="not public yet"):
        withdraw(waiting)


def test_who_may(agreement: Agreement) -> None:
    event = told(agreement)
    with pytest.raises(PermissionDenied):
        Withdrawal.record(event, withdrawn=True, reason="No.", by=reader())
    agreement.review = Review.REQUIRED
    agreement.save()
    event.refresh_from_db()
    with pytest.raises(PermissionDenied):
        Withdrawal.record(event, withdrawn=True, reason="No.", by=researcher())
    Withdrawal.record(event, withdrawn=True, reason="No.", by=reviewer())


def test_what_is_withdrawn_is_not_edited(agreement: Agreement) -> None:
    event = told(agreement)
    withdraw(event)
    with pytest.raises(ValidationError, match="Put it back first"):
        amend_event(event, {"title": "Boats come"}, [], [], by=researcher(), reason="Boats.")


def test_an_edit_needs_a_reason_and_a_right(agreement: Agreement) -> None:
    report = told(agreement).reports.get()
    with pytest.raises(ValidationError, match="Say why"):
        amend(report, {"stance": "denies"}, by=researcher(), reason="")
    with pytest.raises(PermissionDenied):
        amend(report, {"stance": "denies"}, by=reader(), reason="Read again.")
    assert not amend(report, {"stance": "asserts"}, by=researcher(), reason="Read again.")
    assert amend(report, {"stance": "denies"}, by=researcher(), reason="Read again.")
