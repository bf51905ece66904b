"""What waits at the desk: each queue finds what it is about, and lets go of it once somebody has looked."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import factories, people
from tracker.codebook import Nature, ProposalStage, Review
from tracker.models import Agreement, Article, Assessment, BrokenAnchor, Copy, Link, Proposal, Vantage, today
from tracker.models.queues import QUEUES, waiting_for
from tracker.models.standing import board

pytestmark = pytest.mark.django_db

LONG_AGO = factories.moment("2025-10-20")


@pytest.fixture
def agreement() -> Agreement:
    return factories.agreement("lakeside-2025")


def found(key: str, person: Any = None) -> list[Any]:
    (queue,) = [queue for queue in QUEUES if queue.key == key]
    rows = list(queue.rows(person or people.researcher()))
    counted = queue.counted(person or people.researcher())
    assert counted.count == len(rows)
    return rows


def test_overdue_until_somebody_looks(agreement: Agreement) -> None:
    duty = factories.obligation(agreement, due_on=dt.date(2025, 10, 13), recorded_at=LONG_AGO)
    done = factories.obligation(agreement, due_on=dt.date(2025, 10, 13))
    factories.assessed(done, "2025-10-12", recorded_at=factories.moment("2025-10-12"))
    factories.obligation(agreement, due_on=today())
    factories.obligation(agreement, due_on=dt.date(2025, 10, 13), nature=Nature.CONTINUING)
    assert found("overdue") == [duty]
    (waiting,) = [one for one in waiting_for(people.researcher()) if one.queue.key == "overdue"]
    assert waiting.oldest == dt.date(2025, 10, 13)
    assert waiting.days == (today() - dt.date(2025, 10, 13)).days
    factories.checked(duty, today())
    assert found("overdue") == []


def test_an_assessment_from_before_the_day_is_no_look_after_it(agreement: Agreement) -> None:
    duty = factories.obligation(agreement, due_on=dt.date(2025, 10, 20))
    factories.assessed(duty, "2025-10-12", 1, recorded_at=factories.moment("2025-10-12"))
    assert found("overdue") == [duty]


def test_nothing_is_overdue_in_an_agreement_that_ended() -> None:
    ended = factories.agreement(states=[("in_force", "2025-10-10"), ("lapsed", "2025-11-01")])
    factories.obligation(ended, due_on=dt.date(2025, 10, 13))
    factories.obligation(ended, nature=Nature.CONTINUING, due_on=dt.date(2025, 10, 13))
    assert found("overdue") == found("unchecked") == []


def test_reports_without_a_status_are_those_of_the_public_page(agreement: Agreement) -> None:
    duty = factories.obligation(agreement)
    used = factories.event(agreement, "2025-10-12", effects=[duty])
    factories.assessed(duty, "2025-10-12", 1, evidence=[used])
    factories.event(agreement, "2025-10-11", effects=[duty])
    newer = factories.event(agreement, "2025-10-15", effects=[duty])
    factories.event(agreement, "2025-10-16", effects=[(duty, "context")])
    other = factories.obligation(agreement)
    first = factories.event(agreement, "2025-10-15", effects=[other])
    factories.event(agreement, "2025-10-20", effects=[duty], state="scheduled")
    rows = found("unassessed")
    assert {(row.event, row.obligation) for row in rows} == {(newer, duty), (first, other)}
    shown = board(agreement, Vantage.now())
    assert {event.pk for event, _ in shown.unassessed} == {row.event_id for row in rows}


def test_continuing_duties_wait_after_sixty_days(agreement: Agreement) -> None:
    forgotten = factories.obligation(agreement, nature=Nature.CONTINUING, due_on=dt.date(2025, 10, 10))
    looked_at = factories.obligation(agreement, nature=Nature.CONTINUING, due_on=dt.date(2025, 10, 10))
    factories.assessed(looked_at, today() - dt.timedelta(days=90))
    assert set(found("unchecked")) == {forgotten, looked_at}
    factories.checked(looked_at, today() - dt.timedelta(days=59))
    assert found("unchecked") == [forgotten]


def test_conflicting_reports_wait_until_the_status_is_recorded_anew(agreement: Agreement) -> None:
    duty = factories.obligation(agreement)
    event = factories.event(agreement, "2025-10-12", effects=[duty])
    factories.assessed(duty, "2025-10-12", 1, evidence=[event], recorded_at=LONG_AGO)
    assert found("conflicting") == []
    factories.report(event, stance="denies")
    assert found("conflicting") == [duty]
    factories.assessed(duty, "2025-10-12", 1, direction="stalled", evidence=[event])
    assert found("conflicting") == []


def test_events_nobody_reports(agreement: Agreement) -> None:
    bare = factories.event(agreement, reports=[])
    factories.event(agreement)
    assert found("unsourced") == [bare]


def test_articles_in_use_without_a_date(agreement: Agreement) -> None:
    undated, looked_for = factories.article(published_on=None), factories.article(published_on=None)
    factories.article(published_on=None)
    Article.objects.filter(pk=looked_for.pk).update(date_basis="Looked in the page and its address: none.")
    factories.event(agreement, reports=[undated, looked_for])
    assert found("undated") == [undated]


def test_links_that_died_until_an_archived_copy_is_named() -> None:
    gone = factories.article()
    Link.objects.create(article=gone, due_at=LONG_AGO, dead_since=LONG_AGO, problem="Not found.")
    Link.objects.create(article=factories.article(), due_at=LONG_AGO)
    assert [link.article for link in found("links")] == [gone]
    Article.objects.filter(pk=gone.pk).update(archive_url="https://archive.example/1")
    assert found("links") == []


def test_quotes_not_found_again(agreement: Agreement) -> None:
    event = factories.event(agreement, reports=[{"quote": "they came home"}])
    (report,) = event.reports.all()
    copy = Copy.objects.create(
        article=report.article, origin="pasted", media_type="text/plain", sha256="0" * 64, size=3, text="abc"
    )
    anchor = BrokenAnchor.objects.create(report=report, copy=copy)
    assert found("anchors") == [anchor]


def test_sets_wait_for_the_right_person() -> None:
    agreement = factories.agreement(review=Review.REQUIRED)
    mine: dict[str, Any] = {"agreement": agreement, "author": people.researcher(), "byline": "Researcher 1"}
    begun = Proposal.objects.create(**mine)
    back = Proposal.objects.create(
        **mine, article=factories.article(), stage=ProposalStage.SENT_BACK, decided_at=LONG_AGO
    )
    handed_in = Proposal.objects.create(**mine, stage=ProposalStage.IN_REVIEW, handed_in_at=LONG_AGO)
    assert found("unfinished") == [begun]
    assert found("sent-back") == [back]
    assert found("review") == []
    assert found("review", people.reviewer()) == [handed_in]
    assert found("sent-back", people.reviewer()) == []
    assert "review" not in [one.queue.key for one in waiting_for(people.researcher())]
    assert "review" in [one.queue.key for one in waiting_for(people.reviewer())]


def test_current_statuses_of_an_older_edition(agreement: Agreement) -> None:
    duty = factories.obligation(agreement)
    event = factories.event(agreement, effects=[duty])
    old = Assessment.record(duty, factories.judgement(evidence=[event]), rubric="2019.1")
    assert found("rubric") == [old]
    factories.assessed(duty, "2025-10-15")
    assert found("rubric") == []


def test_the_desk_asks_a_fixed_number_of_questions(agreement: Agreement) -> None:
    person = people.reviewer()
    person.has_perm("tracker.publish")
    with CaptureQueriesContext(
        connection,
    ) as few:
        waiting_for(person)
    for number in range(3):
        duty = factories.obligation(agreement, due_on=dt.date(2025, 10, 13))
        factories.event(agreement, effects=[duty], reports=[{"stance": "denies"}, factories.article(published_on=None)])
        factories.obligation(agreement, f"always-{number}", nature=Nature.CONTINUING, due_on=dt.date(2025, 10, 13))
    with CaptureQueriesContext(connection) as many:
        waiting_for(person)
    assert len(many) == len(few)
