"""Which published judgements have to be looked at again, since when, and why."""

import datetime as dt

import pghistory
import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import factories
from tests.people import reader, researcher, reviewer
from tracker.models import Agreement, Assessment, Effect, Obligation, Withdrawal
from tracker.models.amending import amend, amend_event
from tracker.models.undermined import doubted, reconsider, undermined

pytestmark = pytest.mark.django_db

DAY = dt.date(2025, 10, 20)
THEN = factories.moment("2025-10-21")


@pytest.fixture
def agreement() -> Agreement:
    return factories.agreement("lakeside-2025")


@pytest.fixture
def duty(agreement: Agreement) -> Obligation:
    return factories.obligation(agreement)


@pytest.fixture
def judged(duty: Obligation) -> Assessment:
    """A judgement of October with an event as old as itself."""
    event = factories.event(duty.agreement, DAY, effects=[duty], title="Buses come", recorded_at=THEN)
    return factories.assessed(duty, DAY, 1, evidence=[event], recorded_at=THEN)


def told(only: Assessment) -> list[str]:
    return [ground.sentence for doubt in undermined([only.pk]) for ground in doubt.grounds]


def test_what_did_not_change_is_not_doubted(judged: Assessment) -> None:
    assert undermined() == []
    assert not doubted().exists()


def test_an_edit_of_the_evidence_flags_the_judgement(judged: Assessment) -> None:
    event = judged.evidence.get()
    with pghistory.context(reason="It was the day before."):
        event.date = DAY - dt.timedelta(days=1)
        event.save()
    (sentence,) = told(judged)
    assert "“Buses come” was changed" in sentence
    assert "(date)" in sentence
    assert "It was the day before." in sentence
    (row,) = doubted()
    assert row == judged
    assert row.since == undermined()[0].since  # type: ignore[attr-defined]  # an annotation


@pytest.mark.parametrize("part", ["report", "actor", "effect"])
def test_so_does_a_change_of_what_belongs_to_it(judged: Assessment, duty: Obligation, part: str) -> None:
    event = judged.evidence.get()
    by, reason = researcher(), "Read again."
    if part == "report":
        amend(event.reports.get(), {"stance": "denies"}, by=by, reason=reason)
    else:
        actors = [(factories.actor(), "host")] if part == "actor" else []
        effect = "sets_back" if part == "effect" else "advances"
        amend_event(event, {"verification": ""}, actors, [(duty, effect)], by=by, reason=reason)
    (sentence,) = told(judged)
    assert "Buses come" in sentence
    assert reason in sentence


def test_what_an_event_means_for_another_duty_is_no_matter(judged: Assessment, duty: Obligation) -> None:
    event, other = judged.evidence.get(), factories.obligation(duty.agreement)
    amend_event(event, {}, [], [(duty, "advances"), (other, "sets_back")], by=researcher(), reason="It bears on both.")
    assert told(judged) == []


def test_a_withdrawal_flags_the_judgement(judged: Assessment) -> None:
    event = judged.evidence.get()
    Withdrawal.record(event, withdrawn=True, reason="Another lake.", by=reviewer())
    Withdrawal.record(event.reports.get(), withdrawn=True, reason="A hoax.", by=reviewer())
    first, second = told(judged)
    assert "The event “Buses come” was withdrawn" in first
    assert "Another lake." in first
    assert "A report of “Buses come” was withdrawn" in second


def test_an_event_entered_late_flags_the_status_that_did_not_know_it(judged: Assessment, duty: Obligation) -> None:
    factories.event(duty.agreement, DAY - dt.timedelta(days=3), effects=[(duty, "sets_back")], title="Buses turn back")
    (sentence,) = told(judged)
    assert "“Buses turn back” of 17 Oct 2025 was entered on" in sentence
    assert "sets back the obligation" in sentence


def test_what_undercuts_nothing_flags_nothing(judged: Assessment, duty: Obligation) -> None:
    factories.event(duty.agreement, DAY + dt.timedelta(days=1), effects=[duty])
    factories.event(duty.agreement, DAY - dt.timedelta(days=1), effects=[(duty, "context")])
    factories.event(duty.agreement, DAY - dt.timedelta(days=1), effects=[factories.obligation(duty.agreement)])
    waiting = factories.event(duty.agreement, DAY - dt.timedelta(days=1), stage="in_review")
    Effect.objects.create(event=waiting, obligation=duty, effect="sets_back")
    known = factories.event(duty.agreement, DAY, effects=[duty], recorded_at=THEN - dt.timedelta(days=1))
    assert known.recorded_at < THEN
    assert told(judged) == []


def test_a_status_entered_late_flags_the_later_one(judged: Assessment, duty: Obligation) -> None:
    earlier = factories.assessed(duty, DAY - dt.timedelta(days=5), 0, recorded_at=THEN + dt.timedelta(days=30))
    (sentence,) = [one for one in told(judged) if one.startswith("The status")]
    assert "true from 15 Oct 2025 was recorded on 20 Nov 2025, after this one" in sentence
    assert told(earlier) == []


def test_what_was_corrected_or_withdrawn_is_not_flagged(judged: Assessment, duty: Obligation) -> None:
    event = judged.evidence.get()
    Withdrawal.record(event, withdrawn=True, reason="Another lake.", by=reviewer())
    factories.retracted(judged)
    assert undermined() == []


def test_looking_again_settles_what_came_before(judged: Assessment) -> None:
    event = judged.evidence.get()
    Withdrawal.record(event.reports.get(), withdrawn=True, reason="A hoax.", by=reviewer())
    with pytest.raises(ValidationError):
        reconsider(judged, " ", by=researcher())
    with pytest.raises(PermissionDenied):
        reconsider(judged, "Fine.", by=reader())
    look = reconsider(judged, "The other side says so, too.", by=researcher())
    assert look.byline == "Researcher 1"
    assert undermined() == []
    Withdrawal.record(event.reports.get(), withdrawn=False, reason="It was none.", by=reviewer())
    (sentence,) = told(judged)
    assert "put back" in sentence


def test_the_number_of_queries_is_fixed(judged: Assessment, duty: Obligation) -> None:
    def count() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            undermined()
        return len(queries)

    Withdrawal.record(judged.evidence.get(), withdrawn=True, reason="Another lake.", by=reviewer())
    once = count()
    for _ in range(3):
        other = factories.obligation(duty.agreement)
        event = factories.event(duty.agreement, DAY, effects=[other], recorded_at=THEN)
        factories.assessed(other, DAY, 1, evidence=[event], recorded_at=THEN)
        Withdrawal.record(event, withdrawn=True, reason="Another lake.", by=reviewer())
        factories.event(duty.agreement, DAY, effects=[(other, "sets_back")])
    assert len(undermined()) == 4
    assert count() == once
