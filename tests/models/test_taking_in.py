"""Taking what an article reports into an open set: all of it or nothing, and only by whoever the set belongs to."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from tests import factories, people
from tracker.codebook import ActorKind
from tracker.models import Actor, Agreement, Article, Effect, Event, Observation, Outlet, Person, Proposal, Report
from tracker.models.intake import (
    NewEvent,
    NewFigure,
    NewReport,
    add_actor,
    add_figures,
    add_report,
    may_be_reported,
    take_in,
)

pytestmark = pytest.mark.django_db

DAY = dt.date(2025, 12, 2)
NEW = NewEvent(date=DAY, title="Shelling of Reedham", kind="strike")


@pytest.fixture
def agreement() -> Agreement:
    return factories.agreement(review="required")


@pytest.fixture
def article() -> Article:
    return factories.article()


@pytest.fixture
def writer() -> Person:
    return people.researcher()


@pytest.fixture
def proposal(agreement: Agreement, article: Article, writer: Person) -> Proposal:
    return Proposal.open_for(agreement, article, writer)


def written() -> int:
    return sum(table.objects.count() for table in (Event, Report, Effect, Observation, Outlet))


def test_a_set_that_was_handed_in_takes_nothing_more(proposal: Proposal, article: Article, writer: Person) -> None:
    event = take_in(proposal, article, NEW, NewReport(), [], writer)
    proposal.hand_in(writer)
    before = written()
    with pytest.raises(ValidationError, match="waits for review"):
        take_in(proposal, article, NEW, NewReport(), [], writer)
    with pytest.raises(ValidationError, match="waits for review"):
        add_report(proposal, article, event, NewReport(), [], writer)
    assert written() == before


def test_nobody_writes_into_a_colleagues_set(proposal: Proposal, article: Article) -> None:
    for person in (people.second_researcher(), people.reader()):
        with pytest.raises(PermissionDenied):
            take_in(proposal, article, NEW, NewReport(), [], person)
    assert Event.objects.count() == 0


def test_a_breach_by_nobody_writes_nothing(
    agreement: Agreement, proposal: Proposal, article: Article, writer: Person
) -> None:
    duty = factories.obligation(agreement)
    before = written()
    with pytest.raises(ValidationError, match="A breach needs somebody accused"):
        take_in(proposal, article, NEW, NewReport(relays="Radio Shore"), [(duty, "breaches")], writer)
    assert written() == before


def test_a_long_quote_takes_the_event_down_with_it(proposal: Proposal, article: Article, writer: Person) -> None:
    before = written()
    with pytest.raises(ValidationError) as refusal:
        take_in(proposal, article, NEW, NewReport(quote="word " * 16), [], writer)
    assert any(key.startswith("report") for key in refusal.value.message_dict)
    assert written() == before


def test_reports_join_public_events_and_those_of_the_set(
    agreement: Agreement, proposal: Proposal, article: Article, writer: Person
) -> None:
    public = factories.event(agreement, DAY)
    own = take_in(proposal, article, NEW, NewReport(), [], writer)
    elsewhere = factories.event(factories.agreement(), DAY)
    assert set(may_be_reported(agreement, proposal)) == {public, own}
    for event in (public, own):
        assert add_report(proposal, article, event, NewReport(originator_text="A guard"), [], writer).event == event
    with pytest.raises(ValidationError, match="no longer open to reports"):
        add_report(proposal, article, elsewhere, NewReport(), [], writer)


def test_figures_are_stored_all_or_none(
    agreement: Agreement, proposal: Proposal, article: Article, writer: Person
) -> None:
    measure = factories.measure(factories.obligation(agreement))
    foreign = factories.measure(factories.obligation(factories.agreement()))
    event = take_in(proposal, article, NEW, NewReport(), [], writer)
    good = NewFigure(measure=measure, value=Decimal(20), as_of=DAY)
    crossed = NewFigure(measure=measure, value=Decimal(20), low=Decimal(30), high=Decimal(10), as_of=DAY)
    for bad in (crossed, NewFigure(measure=foreign, value=Decimal(1), as_of=DAY)):
        with pytest.raises(ValidationError) as refusal:
            add_figures(proposal, article, event, [good, bad], writer)
        assert next(iter(refusal.value.message_dict)).startswith("1")
        assert Observation.objects.count() == 0
    assert len(add_figures(proposal, article, event, [good], writer)) == 1


def test_an_actor_is_added_once_under_a_slug_of_its_own(writer: Person) -> None:
    factories.actor("tamsin-roe", name="Somebody else")
    made = add_actor("  Tamsin   Roe ", ActorKind.PERSON, None, writer)
    assert (made.name, made.slug) == ("Tamsin Roe", "tamsin-roe-2")
    with pytest.raises(ValidationError, match="is an actor already"):
        add_actor("tamsin roe", ActorKind.PERSON, None, writer)
    arabic = add_actor("هيئة الشاطئ", ActorKind.OTHER, made, writer)
    assert arabic.slug.startswith("actor-")
    with pytest.raises(PermissionDenied):
        add_actor("Nobody", ActorKind.PERSON, None, people.reader())
    assert Actor.objects.count() == 3
