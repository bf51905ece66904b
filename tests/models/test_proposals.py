"""A set of changes: drafted, handed in, published or sent back, and who may do which of it."""

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from tests import factories
from tests.people import person, researcher, reviewer, second_researcher
from tracker.codebook import ProposalStage, Review, Stage
from tracker.models import (
    RESEARCHERS,
    REVIEWERS,
    Agreement,
    Assessment,
    Conflict,
    Effect,
    Event,
    EventActor,
    Judgement,
    Obligation,
    Proposal,
    Report,
    Vantage,
)

pytestmark = pytest.mark.django_db

DAY = dt.date(2025, 10, 13)
EARLIER = factories.moment("2025-10-14")


@pytest.fixture
def agreement() -> Agreement:
    return factories.agreement("lakeside-2025", review=Review.REQUIRED)


@pytest.fixture
def duty(agreement: Agreement) -> Obligation:
    return factories.obligation(agreement, "hostages")


def draft(agreement: Agreement, duty: Obligation, by: Any = None, **fields: Any) -> Proposal:
    """A set with one new event that has an actor, a report and an effect."""
    proposal = Proposal.open_for(agreement, factories.article(), by or researcher())
    inside: dict[str, Any] = {"proposal": proposal, "stage": Stage.DRAFT}
    event = factories.event(
        agreement,
        DAY,
        reports=[],
        recorded_at=EARLIER,
        actors=[(factories.actor(), "participant")],
        **inside | fields,
    )
    Effect.objects.create(event=event, obligation=duty, effect="advances", **inside)
    factories.report(event, proposal.article, **inside)
    return proposal


def judged(duty: Obligation, events: list[Event], **fields: Any) -> Judgement:
    values: dict[str, Any] = {"effective_on": DAY, "level": 1, "direction": "advancing", "conformity": "as_agreed"}
    return Judgement(**values | {"reason": "Some are back.", "evidence": events} | fields)


def status(duty: Obligation, events: list[Event], by: Any, **fields: Any) -> Assessment:
    duty.refresh_from_db()
    return Assessment.record(duty, judged(duty, events, **fields), by=by, seen_version=duty.version)


def stages(proposal: Proposal) -> set[str]:
    return {
        row.stage
        for rows in (proposal.events, proposal.effects, proposal.reports, proposal.assessments)
        for row in rows.all()
    }


def test_whoever_reads_an_article_again_goes_on_with_the_open_set(agreement: Agreement) -> None:
    article = factories.article()
    first = Proposal.open_for(agreement, article, researcher())
    assert Proposal.open_for(agreement, article, researcher()) == first
    assert Proposal.open_for(agreement, article, second_researcher()) != first
    assert Proposal.open_for(agreement, factories.article(), researcher()) != first
    assert first.byline == "Researcher 1"
    with pytest.raises(PermissionDenied):
        Proposal.open_for(agreement, article, person("reader-1", ""))


def test_a_set_becomes_public_as_one_in_one_moment(agreement: Agreement, duty: Obligation) -> None:
    proposal = draft(agreement, duty)
    event = proposal.events.get()
    status(duty, [event], researcher())
    proposal.hand_in(researcher())
    assert proposal.stage == ProposalStage.IN_REVIEW
    assert stages(proposal) == {Stage.IN_REVIEW}
    assert not Event.objects.public(Vantage.now()).exists()

    proposal.publish(reviewer())
    assert stages(proposal) == {Stage.PUBLISHED}
    assert (proposal.byline, proposal.reviewer_byline) == ("Researcher 1", "Reviewer 1")
    published = Assessment.objects.get()
    assert (published.byline, published.reviewer_byline) == ("Researcher 1", "Reviewer 1")
    rows: list[Any] = [Event.objects.get(), Effect.objects.get(), Report.objects.get(), EventActor.objects.get()]
    moments = {row.recorded_at for row in [*rows, published]} | {proposal.decided_at}
    assert len(moments) == 1
    assert moments != {EARLIER}


def test_a_report_of_an_event_that_is_public_is_recorded_when_it_is_published(
    agreement: Agreement, duty: Obligation
) -> None:
    event = factories.event(agreement, DAY, recorded_at=EARLIER, actors=[(factories.actor(), "host")])
    proposal = Proposal.open_for(agreement, None, researcher())
    told = factories.report(event, proposal=proposal, stage=Stage.DRAFT, recorded_at=EARLIER)
    proposal.hand_in(researcher())
    assert not Report.objects.known(Vantage.now()).filter(pk=told.pk).exists()
    proposal.publish(reviewer())
    told.refresh_from_db()
    event.refresh_from_db()
    assert told.stage == Stage.PUBLISHED
    assert told.recorded_at > EARLIER == event.recorded_at == event.actors.get().recorded_at


def test_without_review_its_author_publishes_by_handing_in(duty: Obligation, agreement: Agreement) -> None:
    agreement.review = Review.NONE
    agreement.save()
    proposal = draft(agreement, duty)
    status(duty, [proposal.events.get()], researcher())
    assert Assessment.objects.get().stage == Stage.DRAFT
    proposal.hand_in(researcher())
    assert proposal.stage == ProposalStage.PUBLISHED
    assert stages(proposal) == {Stage.PUBLISHED}
    assert (proposal.byline, proposal.reviewer_byline) == ("Researcher 1", "")
    assert Assessment.objects.get().byline == "Researcher 1"


def test_nobody_publishes_their_own(agreement: Agreement, duty: Obligation) -> None:
    proposal = draft(agreement, duty, by=reviewer())
    status(duty, [proposal.events.get()], reviewer())
    proposal.hand_in(reviewer())
    for publish in (proposal.publish, Assessment.objects.get().publish):
        with pytest.raises(PermissionDenied, match="their own"):
            publish(reviewer())
    with pytest.raises(PermissionDenied, match="Only reviewers"):
        proposal.publish(second_researcher())
    assert stages(proposal) == {Stage.IN_REVIEW}


def test_nobody_publishes_their_own_through_a_second_account(agreement: Agreement, duty: Obligation) -> None:
    proposal = draft(agreement, duty)
    proposal.hand_in(researcher())
    other = person("researcher-1b", "Somebody else", REVIEWERS)
    other.email = researcher().email.upper()
    other.save()
    with pytest.raises(PermissionDenied, match="their own"):
        proposal.publish(other)


def test_nobody_publishes_their_own_by_way_of_anothers_set(agreement: Agreement, duty: Obligation) -> None:
    first = draft(agreement, duty, by=reviewer())
    event = first.events.get()
    first.hand_in(reviewer())
    second = status(duty, [event], researcher()).proposal
    assert second is not None
    other = person("reviewer-2", "Reviewer 2", REVIEWERS)
    # What waits elsewhere is not made public on the side.
    with pytest.raises(ValidationError, match="waits in another proposal"):
        second.publish(other)
    first.drop(reviewer())
    event.refresh_from_db()
    assert event.proposal == second
    with pytest.raises(PermissionDenied, match="their own"):
        second.publish(reviewer())
    second.publish(other)
    event.refresh_from_db()
    assert event.stage == Stage.PUBLISHED


def test_a_reviewer_sends_it_back_with_a_comment(agreement: Agreement, duty: Obligation) -> None:
    proposal = draft(agreement, duty)
    status(duty, [proposal.events.get()], researcher())
    proposal.hand_in(researcher())
    with pytest.raises(ValidationError, match="Say what is to be mended"):
        proposal.send_back(reviewer(), "  ")
    with pytest.raises(PermissionDenied):
        proposal.send_back(second_researcher(), "No.")
    proposal.send_back(reviewer(), "Which bridge was it?")
    assert proposal.stage == ProposalStage.SENT_BACK
    assert stages(proposal) == {Stage.DRAFT}
    assert [(one.text, one.byline) for one in proposal.remarks.all()] == [("Which bridge was it?", "Reviewer 1")]
    assert list(Proposal.objects.sent_back_to(researcher())) == [proposal]
    with pytest.raises(ValidationError):
        proposal.publish(reviewer())

    proposal.hand_in(researcher())
    proposal.publish(reviewer())
    assert stages(proposal) == {Stage.PUBLISHED}


def test_what_waits_for_review_is_not_changed(agreement: Agreement, duty: Obligation) -> None:
    proposal = draft(agreement, duty)
    proposal.hand_in(researcher())
    report = proposal.reports.get()
    with pytest.raises(ValidationError, match="Take it back first"):
        proposal.remove(report, researcher())
    with pytest.raises(ValidationError, match="Take it back first"):
        proposal.check_writable(researcher())
    with pytest.raises(PermissionDenied):
        proposal.take_back(reviewer())
    proposal.take_back(researcher())
    assert (proposal.stage, stages(proposal)) == (ProposalStage.DRAFT, {Stage.DRAFT})
    with pytest.raises(PermissionDenied):
        proposal.remove(report, reviewer())
    proposal.remove(report, researcher())
    assert not Report.objects.exists()
    assert Event.objects.exists()


def test_what_a_status_of_the_set_rests_on_stays(agreement: Agreement, duty: Obligation) -> None:
    proposal = draft(agreement, duty)
    event, effect = proposal.events.get(), proposal.effects.get()
    one = status(duty, [event], researcher())
    for row in (event, effect):
        with pytest.raises(ValidationError, match="Remove the status first"):
            proposal.remove(row, researcher())
    proposal.remove(one, researcher())
    proposal.remove(event, researcher())
    assert not any(table.objects.exists() for table in (Event, Effect, Report, EventActor, Assessment))


def test_only_parts_of_the_set_are_removed_from_it(agreement: Agreement, duty: Obligation) -> None:
    proposal = draft(agreement, duty)
    public = factories.event(agreement, DAY)
    for row in (public, public.reports.get()):
        with pytest.raises(ValidationError, match="no part"):
            proposal.remove(row, researcher())
    assert Event.objects.filter(pk=public.pk).exists()


def test_a_set_begun_again_while_the_first_waited_is_joined_to_it(agreement: Agreement, duty: Obligation) -> None:
    proposal = draft(agreement, duty)
    proposal.hand_in(researcher())
    again = Proposal.open_for(agreement, proposal.article, researcher())
    assert again != proposal
    report = factories.report(factories.event(agreement, DAY), proposal.article, proposal=again, stage=Stage.DRAFT)
    proposal.send_back(reviewer(), "Say more.")
    again.refresh_from_db()
    report.refresh_from_db()
    assert (again.stage, report.proposal) == (ProposalStage.DROPPED, proposal)
    assert Proposal.open_for(agreement, proposal.article, researcher()) == proposal


def test_an_empty_set_is_not_handed_in(agreement: Agreement) -> None:
    proposal = Proposal.open_for(agreement, None, researcher())
    with pytest.raises(ValidationError, match="nothing in it"):
        proposal.hand_in(researcher())


def test_a_breach_by_nobody_is_not_handed_in(agreement: Agreement, duty: Obligation) -> None:
    accused = factories.actor()
    proposal = Proposal.open_for(agreement, None, researcher())
    inside: dict[str, Any] = {"proposal": proposal, "stage": Stage.DRAFT}
    event = factories.event(agreement, DAY, accused=[accused], reports=[], **inside)
    Effect.objects.create(event=event, obligation=duty, effect="breaches", **inside)
    event.actors.all().delete()
    with pytest.raises(ValidationError, match="accuses nobody"):
        proposal.hand_in(researcher())
    # The database, too, refuses it at the latest when the test ends.
    proposal.drop(researcher())


def test_several_statuses_of_one_duty_are_published_together(agreement: Agreement, duty: Obligation) -> None:
    proposal = draft(agreement, duty)
    event = proposal.events.get()
    status(duty, [event], researcher())
    status(duty, [event], researcher(), effective_on=DAY + dt.timedelta(days=1), level=2)
    proposal.hand_in(researcher())
    proposal.send_back(reviewer(), "Is the second one true?")
    proposal.hand_in(researcher())
    proposal.publish(reviewer())
    assert [one.level for one in Assessment.objects.standing(Vantage.now())] == [1, 2]


@pytest.mark.parametrize("when", ["drafted", "waiting"])
def test_a_status_changed_by_another_in_the_meantime_is_a_conflict(
    agreement: Agreement, duty: Obligation, when: str
) -> None:
    proposal = draft(agreement, duty)
    status(duty, [proposal.events.get()], researcher())
    if when == "waiting":
        proposal.hand_in(researcher())
    public = factories.event(agreement, DAY, effects=[duty])
    between = factories.assessed(duty, DAY, evidence=[public])
    go_on, by = (proposal.publish, reviewer()) if when == "waiting" else (proposal.hand_in, researcher())
    with pytest.raises(Conflict) as caught:
        go_on(by)
    assert (caught.value.obligation, caught.value.current) == (duty, between)
    assert stages(Proposal.objects.get()) == {Stage.IN_REVIEW if when == "waiting" else Stage.DRAFT}


def test_a_draft_status_overtakes_nobody(agreement: Agreement, duty: Obligation) -> None:
    status(duty, [draft(agreement, duty).events.get()], researcher())
    duty.refresh_from_db()
    assert duty.version == 0


def test_a_status_joins_the_set_that_holds_its_evidence(agreement: Agreement, duty: Obligation) -> None:
    proposal = draft(agreement, duty)
    public = factories.event(agreement, DAY, effects=[duty])
    joined = status(duty, [public, proposal.events.get()], researcher())
    alone = status(duty, [public], researcher())
    assert (joined.proposal, joined.stage) == (proposal, Stage.DRAFT)
    assert alone.proposal not in (None, proposal)
    assert alone.stage == Stage.IN_REVIEW


def test_what_others_draft_is_no_evidence(agreement: Agreement, duty: Obligation) -> None:
    proposal = draft(agreement, duty)
    event = proposal.events.get()
    with pytest.raises(ValidationError, match="not public yet"):
        status(duty, [event], second_researcher())
    proposal.hand_in(researcher())
    assert status(duty, [event], second_researcher()).stage == Stage.IN_REVIEW
    agreement.review = Review.NONE
    agreement.save()
    duty = Obligation.objects.get()
    with pytest.raises(ValidationError, match="not public yet"):
        status(duty, [event], second_researcher())


def test_taking_back_one_status_of_many_leaves_a_draft_with_the_rest(agreement: Agreement, duty: Obligation) -> None:
    proposal = draft(agreement, duty)
    event = proposal.events.get()
    first = status(duty, [event], researcher())
    status(duty, [event], researcher(), level=2)
    proposal.hand_in(researcher())
    proposal.take_back(researcher())
    first.refresh_from_db()
    proposal.remove(first, researcher())
    proposal.refresh_from_db()
    assert proposal.stage == ProposalStage.DRAFT
    assert [one.level for one in proposal.assessments.all()] == [2]
    assert list(proposal.events.all()) == [event]


def test_a_dropped_set_leaves_nothing_behind(agreement: Agreement, duty: Obligation) -> None:
    proposal = draft(agreement, duty)
    status(duty, [proposal.events.get()], researcher())
    with pytest.raises(PermissionDenied):
        proposal.drop(second_researcher())
    proposal.drop(researcher())
    assert proposal.stage == ProposalStage.DROPPED
    assert not any(table.objects.exists() for table in (Event, Effect, Report, EventActor, Assessment))
    with pytest.raises(ValidationError, match="can no longer be dropped"):
        proposal.drop(researcher())


def test_who_sees_which_sets(agreement: Agreement, duty: Obligation) -> None:
    proposal = draft(agreement, duty)
    shown = Proposal.objects.shown_to
    assert list(shown(researcher())) == [proposal]
    assert not shown(second_researcher()).exists()
    assert not shown(reviewer()).exists()
    assert not Proposal.objects.waiting_for(reviewer()).exists()
    proposal.hand_in(researcher())
    assert list(shown(second_researcher())) == [proposal]
    assert list(Proposal.objects.waiting_for(reviewer())) == [proposal]
    assert not Proposal.objects.waiting_for(second_researcher()).exists()
    assert not Proposal.objects.waiting_for(person("both", "Both", RESEARCHERS)).exists()


def test_a_withdrawn_event_holds_back_what_is_said_of_it(agreement: Agreement) -> None:
    event = factories.event(agreement, DAY)
    proposal = Proposal.open_for(agreement, None, researcher())
    factories.report(event, proposal=proposal, stage=Stage.DRAFT)
    proposal.hand_in(researcher())
    event.withdrawals.create(reason="It was another year.")
    with pytest.raises(ValidationError, match="withdrawn since"):
        proposal.publish(reviewer())
