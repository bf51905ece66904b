"""Which events on record are offered for a passage, and why."""

import datetime as dt
from typing import Any

import pytest

from tests import factories, people
from tracker.models import Agreement, Event, Proposal
from tracker.models.likely import OFFERED, Hint, Likely, likely

pytestmark = pytest.mark.django_db

DAY = dt.date(2025, 12, 2)


@pytest.fixture
def agreement() -> Agreement:
    return factories.agreement()


def found(agreement: Agreement, proposal: Proposal | None = None, **hint: Any) -> list[Likely]:
    given: dict[str, Any] = {"first": DAY, "last": DAY, "kind": "strike"}
    return likely(agreement, proposal, Hint(**given | hint))


def test_nothing_is_offered_without_a_day(agreement: Agreement) -> None:
    factories.event(agreement, DAY, kind="strike")
    assert found(agreement, first=None, last=None) == []


def test_day_kind_actors_place_and_obligation_speak_for_an_event(agreement: Agreement) -> None:
    north, south = factories.actor(name="Northland"), factories.actor(name="Southland")
    duty = factories.obligation(agreement)
    event = factories.event(
        agreement, DAY, kind="strike", place="Reedham", effects=[duty], actors=[(north, "accused"), (south, "target")]
    )
    (one,) = found(agreement, actors=[north, south], place="the village of Reedham", obligations=[duty])
    assert one.event == event
    assert one.sure
    assert one.why == ["same day", "strike", "Northland and Southland", "Reedham", "same obligation"]


def test_an_event_far_off_or_about_nothing_alike_is_not_offered(agreement: Agreement) -> None:
    factories.event(agreement, DAY - dt.timedelta(days=11), kind="strike")
    factories.event(agreement, DAY + dt.timedelta(days=5), kind="meeting")
    assert found(agreement) == []


def test_near_days_count_less_and_the_best_comes_first(agreement: Agreement) -> None:
    later = factories.event(agreement, DAY + dt.timedelta(days=2), kind="strike")
    same = factories.event(agreement, DAY, kind="strike")
    assert [one.event for one in found(agreement)] == [same, later]
    assert found(agreement)[1].why[0] == "2 days apart"
    assert not any(one.sure for one in found(agreement))


def test_an_imprecise_event_is_near_all_days_it_may_have_been_on(agreement: Agreement) -> None:
    month = factories.event(agreement, "2025-12-01", kind="strike", date_precision=4)
    (one,) = found(agreement, first=dt.date(2025, 12, 24), last=dt.date(2025, 12, 24))
    assert (one.event, one.why[0]) == (month, "same days")


def test_what_another_one_said_is_another_statement(agreement: Agreement) -> None:
    north, south = factories.actor(), factories.actor()
    said = factories.event(agreement, DAY, kind="statement", actors=[(north, "speaker"), (south, "subject")])
    offered = found(agreement, kind="statement", actors=[south, north], speaker=north)
    assert [one.event for one in offered] == [said]
    assert found(agreement, kind="statement", actors=[south, north], speaker=south) == []


def test_without_a_day_in_the_passage_nothing_is_sure(agreement: Agreement) -> None:
    north = factories.actor()
    factories.event(agreement, DAY, kind="strike", place="Reedham", actors=[(north, "accused")])
    (one,) = found(agreement, dated=False, actors=[north], place="Reedham")
    assert not one.sure


def test_only_what_is_public_or_in_the_set_is_offered(agreement: Agreement) -> None:
    article = factories.article()
    mine = Proposal.open_for(agreement, article, people.researcher())
    theirs = Proposal.open_for(agreement, article, people.second_researcher())
    own = factories.event(agreement, DAY, kind="strike", stage="draft", proposal=mine, reports=[])
    factories.event(agreement, DAY, kind="strike", stage="draft", proposal=theirs, reports=[])
    factories.event(factories.agreement(), DAY, kind="strike")
    assert [(one.event, one.draft) for one in found(agreement, mine)] == [(own, True)]
    assert found(agreement, None) == []


def test_a_few_are_enough(agreement: Agreement) -> None:
    made: list[Event] = [factories.event(agreement, DAY, kind="strike") for _ in range(OFFERED + 3)]
    assert len(found(agreement)) == OFFERED < len(made)
