"""What was published is never changed: not by the ORM, not in bulk, not by SQL."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from tests import factories, people
from tracker.codebook import Stage
from tracker.models import Assessment, Attribution, Evidence, Retraction

pytestmark = pytest.mark.django_db


@pytest.fixture
def published() -> Assessment:
    duty = factories.obligation(factories.agreement())
    assessment = factories.assessed(duty, attributed_to=list(duty.obligors.all()))
    factories.retracted(assessment)
    return assessment


def sql(statement: str) -> Callable[[Assessment], Any]:
    def run(assessment: Assessment) -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement, {"id": assessment.pk})

    return run


def bulk_update(assessment: Assessment) -> None:
    assessment.reason = "other"
    Assessment.objects.bulk_update([assessment], ["reason"])


def save(assessment: Assessment) -> None:
    assessment.level = 0
    assessment.save()


ATTEMPTS: dict[str, Callable[[Assessment], Any]] = {
    "queryset update": lambda one: Assessment.objects.filter(pk=one.pk).update(reason="other"),
    "bulk update": bulk_update,
    "save": save,
    "queryset delete": lambda one: Assessment.objects.filter(pk=one.pk)._raw_delete(using="default"),
    "sql update": sql("UPDATE tracker_assessment SET level = 0 WHERE id = %(id)s"),
    "sql backdating": sql("UPDATE tracker_assessment SET recorded_at = '2020-01-01Z' WHERE id = %(id)s"),
    "sql unpublishing": sql("UPDATE tracker_assessment SET stage = 'draft', recorded_at = NULL WHERE id = %(id)s"),
    "sql delete": sql("DELETE FROM tracker_assessment WHERE id = %(id)s"),
    "evidence update": lambda one: Evidence.objects.filter(assessment=one).update(
        event=factories.event(one.obligation.agreement)
    ),
    "evidence delete": lambda one: Evidence.objects.filter(assessment=one).delete(),
    "evidence added later": lambda one: Evidence.objects.create(
        assessment=one, event=factories.event(one.obligation.agreement, effects=[one.obligation])
    ),
    "sql evidence update": sql("UPDATE tracker_evidence SET assessment_id = %(id)s WHERE assessment_id = %(id)s"),
    "sql evidence delete": sql("DELETE FROM tracker_evidence WHERE assessment_id = %(id)s"),
    "attribution delete": lambda one: Attribution.objects.filter(assessment=one).delete(),
    "retraction update": lambda one: Retraction.objects.filter(assessment=one).update(reason="other"),
    "retraction delete": lambda one: Retraction.objects.filter(assessment=one).delete(),
    "sql retraction update": sql("UPDATE tracker_retraction SET reason = 'other' WHERE assessment_id = %(id)s"),
    "sql retraction delete": sql("DELETE FROM tracker_retraction WHERE assessment_id = %(id)s"),
    "sql publishing at once": sql(
        "INSERT INTO tracker_assessment SELECT (jsonb_populate_record(assessment,"
        " jsonb_build_object('id', gen_random_uuid()))).* FROM tracker_assessment assessment WHERE id = %(id)s"
    ),
}


@pytest.mark.parametrize("attempt", ATTEMPTS.values(), ids=ATTEMPTS.keys())
def test_it_refuses(attempt: Callable[[Assessment], Any], published: Assessment) -> None:
    before = Assessment.objects.filter(pk=published.pk).values().get()
    with pytest.raises(IntegrityError), transaction.atomic():
        attempt(published)
    assert Assessment.objects.filter(pk=published.pk).values().get() == before


def test_the_moment_of_recording_is_the_databases(published: Assessment) -> None:
    claimed = factories.moment("2020-01-01")
    duty = published.obligation
    event = factories.event(duty.agreement, effects=[duty])
    record = Assessment.record(duty, factories.judgement(evidence=[event]), recorded_at=claimed)
    assert record.recorded_at is not None
    assert record.recorded_at > claimed


def test_nothing_is_published_without_evidence() -> None:
    duty = factories.obligation(factories.agreement())
    bare = Assessment(obligation=duty, effective_on=factories.SIGNED, level=0, reason="x", stage=Stage.IN_REVIEW)
    bare.chain = bare.pk
    bare.save(force_insert=True)
    with pytest.raises(IntegrityError, match="needs evidence"), transaction.atomic():
        Assessment.objects.filter(pk=bare.pk).update(stage=Stage.PUBLISHED)


def test_a_proposal_may_still_be_changed() -> None:
    duty = factories.obligation(factories.agreement(review="required"))
    event = factories.event(duty.agreement, effects=[duty])
    proposal = Assessment.record(duty, factories.judgement(evidence=[event]), by=people.researcher())
    Assessment.objects.filter(pk=proposal.pk).update(reason="better")
    proposal.refresh_from_db()
    assert proposal.reason == "better"
    assert proposal.recorded_at is None


def test_erasing_an_account_leaves_the_byline() -> None:
    duty = factories.obligation(factories.agreement())
    author = people.researcher()
    record = factories.assessed(duty, by=author)
    record.retract("Wrong duty.", by=author)
    author.delete()
    record.refresh_from_db()
    assert record.author is None
    assert record.byline == "Researcher 1"
    assert record.retraction.byline == "Researcher 1"
