"""Taking back what somebody did: by a new change, and never over newer work."""

import datetime as dt
from typing import Any

import pghistory
import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction

from tests import factories, people
from tracker.codebook import Review, Stage
from tracker.models import Agreement, Assessment, Check, Effect, Event, Person, Proposal, Report, Vantage, Withdrawal
from tracker.models.base import Overtaken
from tracker.models.undermined import reconsider, undermined
from tracker.models.undo import recent, take_back, undo_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def agreement() -> Agreement:
    return factories.agreement("lakeside-2025")


def edit(by: Person, url: str = "/admin/tracker/event/1/change/") -> Any:
    """As a page of the admin does: everything inside is one change."""
    return pghistory.context(user=by.pk, url=url, byline=by.public_name)


def newest(person: Person) -> Any:
    return recent(person)[0]


def test_a_status_goes_and_what_stood_before_holds_again(agreement: Agreement) -> None:
    duty = factories.obligation(agreement)
    first = factories.assessed(duty, "2025-10-12", 1, by=people.researcher())
    second = factories.assessed(duty, "2025-10-13", 3, by=people.researcher())
    undo = undo_of("status", str(second.pk))
    assert "level 1, true from 12 Oct 2025" in undo.restores
    take_back("status", str(second.pk), by=people.researcher(), reason="Wrong town.")
    assert Assessment.current(duty) == first
    second.refresh_from_db()
    assert second.withdrawn is not None
    assert second.withdrawn.reason == "Wrong town."


def test_the_first_status_leaves_the_duty_unassessed(agreement: Agreement) -> None:
    only = factories.assessed(factories.obligation(agreement))
    assert "not assessed" in undo_of("status", str(only.pk)).restores


def test_newer_work_on_a_status_is_named_and_kept(agreement: Agreement) -> None:
    duty = factories.obligation(agreement)
    first = factories.assessed(duty, "2025-10-12", 1, by=people.researcher())
    factories.assessed(duty, "2025-10-13", 3, by=people.second_researcher())
    with pytest.raises(Overtaken) as overtaken:
        take_back("status", str(first.pk), by=people.researcher(), reason="Undo")
    assert "Researcher 2 recorded level 3" in overtaken.value.newer[0]
    first.refresh_from_db()
    assert first.withdrawn is None


def test_a_withdrawal_of_a_status_is_taken_back_by_recording_it_again(agreement: Agreement) -> None:
    duty = factories.obligation(agreement)
    record = factories.assessed(duty, "2025-10-12", 2, by=people.researcher())
    retraction = record.retract("Wrong.", by=people.researcher())
    take_back("retraction", str(retraction.pk), by=people.researcher(), reason="It was right.")
    current = Assessment.current(duty)
    assert current is not None
    assert (current.level, current.supersedes, current.correction_reason) == (2, record, "It was right.")


def test_a_look_is_withdrawn_and_counts_no_more(agreement: Agreement) -> None:
    duty = factories.obligation(agreement)
    look = Check.record(duty, dt.date(2025, 11, 1), "Both sides", by=people.researcher())
    take_back("look", str(look.pk), by=people.researcher(), reason="It was another duty.")
    assert not Check.objects.known(Vantage.now()).exists()
    with pytest.raises(Overtaken):
        take_back("look", str(look.pk), by=people.researcher(), reason="Again")
    row = Withdrawal.objects.get()
    take_back("withdrawal", str(row.pk), by=people.researcher(), reason="It was this one after all.")
    assert Check.objects.known(Vantage.now()).exists()


def test_an_edited_event_reads_as_before_and_both_versions_stay(agreement: Agreement) -> None:
    event = factories.event(agreement, title="Twenty people come home")
    with edit(people.researcher()):
        event.title, event.place = "Twelve people come home", "Harbour"
        event.save()
    change = newest(people.researcher())
    assert (change.kind, change.byline) == ("edit", "Researcher 1")
    take_back("edit", change.pk, by=people.researcher(), reason="It was twenty.")
    event.refresh_from_db()
    assert (event.title, event.place) == ("Twenty people come home", "")
    kept: Any = event
    titles = list(kept.versions.order_by("pgh_id").values_list("title", flat=True))
    assert titles == ["Twenty people come home", "Twelve people come home", "Twenty people come home"]
    last = kept.versions.order_by("pgh_id").last()
    assert last.pgh_context.metadata["reason"] == "It was twenty."


def test_what_was_removed_comes_back_and_what_was_added_goes(agreement: Agreement) -> None:
    duty, other = factories.obligation(agreement), factories.obligation(agreement)
    event = factories.event(agreement, effects=[duty], reports=[{"quote": "they came home"}])
    (effect,) = event.effects.all()
    (report,) = event.reports.all()
    with edit(people.researcher()):
        effect.delete()
        Report.objects.filter(pk=report.pk).delete()
        Effect.objects.create(event=event, obligation=other, effect="advances")
    take_back("edit", newest(people.researcher()).pk, by=people.researcher(), reason="Undo")
    assert [one.obligation for one in event.effects.all()] == [duty]
    again = Report.objects.get()
    assert (again.pk, again.quote, again.recorded_at) == (report.pk, "they came home", report.recorded_at)


def test_a_public_event_is_withdrawn_rather_than_wiped_out(agreement: Agreement) -> None:
    with edit(people.researcher()):
        event = factories.event(agreement, reports=[])
    take_back("edit", newest(people.researcher()).pk, by=people.researcher(), reason="Never happened.")
    assert Event.objects.filter(pk=event.pk).exists()
    assert not Event.objects.public(Vantage.now()).exists()


def test_a_later_edit_is_not_lost(agreement: Agreement) -> None:
    event = factories.event(agreement)
    with edit(people.researcher()):
        event.title = "Ten people come home"
        event.save()
    change = newest(people.researcher())
    with edit(people.second_researcher()):
        event.place = "Harbour"
        event.save()
    with pytest.raises(Overtaken) as overtaken:
        take_back("edit", change.pk, by=people.researcher(), reason="Undo")
    assert "by Researcher 2" in overtaken.value.newer[0]
    event.refresh_from_db()
    assert (event.title, event.place) == ("Ten people come home", "Harbour")


def test_half_an_undo_is_none(agreement: Agreement) -> None:
    """The accused goes, so that the breach that rests on him cannot come back alone."""
    duty, who = factories.obligation(agreement), factories.actor()
    event = factories.event(agreement, effects=[(duty, "breaches")], accused=[who])
    (effect,) = event.effects.all()
    with edit(people.researcher()), transaction.atomic():
        event.title = "Something else"
        event.save()
        effect.delete()
    change = newest(people.researcher())
    event.actors.all().delete()
    with pytest.raises(Overtaken):
        take_back("edit", change.pk, by=people.researcher(), reason="Undo")
    event.refresh_from_db()
    assert event.title == "Something else"
    assert not event.effects.exists()


def test_an_address_is_never_taken_away(agreement: Agreement) -> None:
    with edit(people.researcher()):
        factories.actor("harbour-guard", name="Harbour Guard")
    with pytest.raises(Overtaken) as overtaken:
        take_back("edit", newest(people.researcher()).pk, by=people.researcher(), reason="Undo")
    assert "addresses are for ever" in overtaken.value.newer[0]


def test_only_who_may_make_a_change_takes_it_back(agreement: Agreement) -> None:
    event = factories.event(agreement)
    with edit(people.researcher()):
        event.title = "Ten people come home"
        event.save()
    with pytest.raises(PermissionDenied):
        take_back("edit", newest(people.researcher()).pk, by=people.reader(), reason="Undo")


def test_researchers_withdraw_nothing_where_review_is_required() -> None:
    agreement = factories.agreement(review=Review.REQUIRED)
    record = factories.assessed(factories.obligation(agreement))
    with pytest.raises(PermissionDenied):
        take_back("status", str(record.pk), by=people.researcher(), reason="Undo")
    take_back("status", str(record.pk), by=people.reviewer(), reason="Undo")


@pytest.mark.parametrize(
    ("kind", "pk"), [("status", "x"), ("edit", "00000000-0000-4000-8000-000000000000"), ("magic", "1")]
)
def test_there_is_no_such_change(kind: str, pk: str) -> None:
    with pytest.raises(LookupError):
        undo_of(kind, pk)


def published_set(agreement: Agreement) -> tuple[Any, Event]:
    """A set with one new event, published by its author: the agreement asks for no review."""
    source = factories.article()
    proposal = Proposal.open_for(agreement, source, people.researcher())
    event = factories.event(agreement, stage=Stage.DRAFT, proposal=proposal, reports=[])
    factories.report(event, source, stage=Stage.DRAFT, proposal=proposal)
    proposal.hand_in(people.researcher())
    return proposal, event


def test_what_a_set_brought_is_withdrawn_as_a_whole(agreement: Agreement) -> None:
    proposal, event = published_set(agreement)
    assert event in Event.objects.public(Vantage.now())
    undo = undo_of("publication", str(proposal.pk))
    assert undo.restores == "Withdraws what the set brought: 1 event with its reports. What stood before holds again."
    take_back("publication", str(proposal.pk), by=people.researcher(), reason="The wrong agreement.")
    assert event not in Event.objects.public(Vantage.now())
    with pytest.raises(Overtaken):
        take_back("publication", str(proposal.pk), by=people.researcher(), reason="Again")


def test_a_set_that_later_work_rests_on_stays(agreement: Agreement) -> None:
    proposal, event = published_set(agreement)
    duty = factories.obligation(agreement)
    Effect.objects.create(event=event, obligation=duty, effect="advances")
    factories.assessed(duty, event.date, 1, evidence=[event])
    with pytest.raises(Overtaken) as overtaken:
        take_back("publication", str(proposal.pk), by=people.researcher(), reason="Undo")
    assert f"A later status of “{duty.title}” rests on it." in overtaken.value.newer
    assert event in Event.objects.public(Vantage.now())


def test_a_confirmation_taken_back_lets_the_status_wait_again(agreement: Agreement) -> None:
    duty = factories.obligation(agreement)
    event = factories.event(agreement, effects=[duty])
    record = factories.assessed(duty, event.date, 1, evidence=[event])
    Withdrawal.record(event, withdrawn=True, reason="Another town.", by=people.researcher())
    assert [doubt.assessment for doubt in undermined()] == [record]
    look = reconsider(record, "The other report carries it.", by=people.researcher())
    assert undermined() == []
    take_back("confirmation", str(look.pk), by=people.researcher(), reason="It does not.")
    assert [doubt.assessment for doubt in undermined()] == [record]
    with pytest.raises(Overtaken):
        take_back("confirmation", str(look.pk), by=people.researcher(), reason="Again")
