"""Where an agreement asks for review, the admin is no way around it."""

from typing import Any

import pytest
from django.test import Client

from tests import factories as make
from tests import people
from tracker.codebook import ProposalStage, Review, Stage
from tracker.models import Agreement, Assessment, Event, Proposal, Report, Vantage

from .pages import added, client_of, filled, page, problems

pytestmark = pytest.mark.django_db


@pytest.fixture
def agreement() -> Agreement:
    return make.agreement(review=Review.REQUIRED)


def enter(client: Client, agreement: Agreement, **fields: Any) -> Any:
    data = filled(client.get(page(Event, "add")))
    data |= {"agreement": agreement.pk, "title": "A strike", "kind": "strike", "date": "2025-12-18"}
    data |= {"reports-0-article": make.article().pk, "reports-0-stance": "asserts"}
    data = added(data, "effects", obligation=make.obligation(agreement).pk, effect="sets_back")
    return client.post(page(Event, "add"), data | fields, follow=True)


def test_a_new_event_waits_for_another_person(agreement: Agreement) -> None:
    answer = enter(client_of(people.reviewer()), agreement)
    event = Event.objects.get()
    proposal = Proposal.objects.get()
    assert proposal.stage == ProposalStage.IN_REVIEW
    assert proposal.get_absolute_url() in answer.content.decode()
    assert {event.stage, event.reports.get().stage, event.effects.get().stage} == {Stage.IN_REVIEW}
    assert event.proposal == event.reports.get().proposal == event.effects.get().proposal == proposal
    assert Client().get(event.get_absolute_url()).status_code == 404
    assert client_of(people.reviewer()).post(f"{proposal.get_absolute_url()}publish/").status_code == 403
    other = people.person("reviewer-2", "Reviewer 2", "Reviewer")
    assert client_of(other).post(f"{proposal.get_absolute_url()}publish/").status_code == 303
    assert Client().get(event.get_absolute_url()).status_code == 200


def test_a_new_report_of_a_public_event_waits_and_the_event_stays(agreement: Agreement) -> None:
    event = make.event(agreement)
    client = client_of(people.researcher())
    address = page(Event, "change", event.pk)
    data = added(filled(client.get(address)), "reports", article=make.article().pk, stance="denies")
    client.post(address, data)
    event.refresh_from_db()
    assert event.stage == Stage.PUBLISHED
    assert Report.objects.known(Vantage.now()).filter(event=event).count() == 1
    assert Proposal.objects.get().reports.get().stance == "denies"
    # What waits is not among what can be changed on the event's page.
    assert "denies" not in str(filled(client.get(address)))


def test_without_review_it_is_public_at_once() -> None:
    enter(client_of(people.researcher()), make.agreement())
    assert Event.objects.get().stage == Stage.PUBLISHED
    assert not Proposal.objects.exists()


def test_what_waits_is_only_shown_and_a_draft_is_its_authors(agreement: Agreement) -> None:
    enter(client_of(people.researcher()), agreement)
    event, proposal = Event.objects.get(), Proposal.objects.get()
    address = page(Event, "change", event.pk)
    for person in (people.researcher(), people.reviewer()):
        client = client_of(person)
        assert client.post(address, {"title": "Something else"}).status_code == 403
        assert "A strike" in client.get(address).content.decode()
    proposal.take_back(people.researcher())
    assert "A strike" not in client_of(people.reviewer()).get(page(Event, "changelist")).content.decode()
    assert "A strike" not in client_of(people.reviewer()).get(page(Report, "changelist")).content.decode()
    client = client_of(people.researcher())
    data = filled(client.get(address)) | {"title": "A shell"}
    assert client.post(address, data).status_code == 302, problems(client.post(address, data))
    event.refresh_from_db()
    assert (event.title, event.stage) == ("A shell", Stage.DRAFT)


def test_publishing_one_status_of_a_set_publishes_the_set(agreement: Agreement) -> None:
    duty = make.obligation(agreement)
    event = make.event(agreement, effects=[duty], stage=Stage.DRAFT)
    proposal = Proposal.open_for(agreement, None, people.researcher())
    for rows in (Event.objects.all(), event.effects.all(), event.reports.all()):
        rows.update(proposal=proposal, stage=Stage.DRAFT)
    for level in (0, 0):
        Assessment.record(duty, make.judgement(evidence=[event], level=level), by=people.researcher())
    proposal.hand_in(people.researcher())
    client = client_of(people.reviewer())
    keys = [str(pk) for pk in Assessment.objects.values_list("pk", flat=True)]
    chosen = {"action": "publish", "_selected_action": keys}
    answer = client.post(page(Assessment, "changelist"), chosen, follow=True)
    assert "no longer waits" not in answer.content.decode()
    assert Assessment.objects.published().count() == 2
