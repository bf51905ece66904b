"""Addresses of merged records lead to their heirs, and no list names the merged ones."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from tests import factories, people
from tests.browse.reading import furnished, nothing_loads_late, number_of_queries, part, read, words
from tests.models.test_regroupings import merged, settle, two_actors, two_articles, two_events, two_outlets
from tracker.models import Actor, Agreement, Assessment, Event
from tracker.models.merging import Pick, merge, split, undo

pytestmark = pytest.mark.django_db

PAIRS: list[Callable[[], tuple[Any, Any]]] = [two_actors, two_outlets, two_articles, two_events]


@pytest.mark.parametrize("pair", PAIRS)
def test_the_address_of_a_merged_record_leads_to_its_heir(pair: Callable[[], tuple[Any, Any]]) -> None:
    record, heir = pair()
    settle()
    merged(record, heir)
    for query in ("", "?as_of=2025-11-10&known_on=2025-11-11"):
        response = Client().get(f"{record.get_absolute_url()}{query}")
        assert response.status_code == 301
        assert response.headers["Location"] == f"{heir.get_absolute_url()}{query}"
        # Taken back, the address shows its own record again; no browser is to have learnt otherwise.
        assert response.headers["Cache-Control"] == "no-cache"
        assert not response.cookies
    assert Client().head(record.get_absolute_url()).status_code == 301
    assert Client().get(f"{record.get_absolute_url()}?as_of=soon").status_code == 400


@pytest.mark.parametrize("pair", PAIRS)
def test_readers_of_the_heir_are_told(pair: Callable[[], tuple[Any, Any]]) -> None:
    record, heir = pair()
    settle()
    one = merged(record, heir, "One body under two names.")
    page = words(read(heir.get_absolute_url()))
    assert f"Merged with “{record}” on" in page
    assert "One body under two names." in page
    settle()
    undo(one, by=people.reviewer())
    assert "Merged with" not in words(read(heir.get_absolute_url()))
    read(record.get_absolute_url())


def test_several_merges_are_one_step() -> None:
    agreement = factories.agreement()
    first, second, third = (factories.event(agreement) for _ in range(3))
    settle()
    merged(first, second)
    merged(second, third)
    assert Client().get(first.get_absolute_url()).headers["Location"] == third.get_absolute_url()


def test_both_halves_of_a_split_name_each_other() -> None:
    agreement = factories.agreement()
    event = factories.event(agreement, reports=[{}, {}], title="Two strikes")
    report = event.reports.all()[0]
    new = Event(agreement=agreement, ref="half", title="The second strike", date=event.date, kind=event.kind)
    pick = Pick(("report", "event"), moved=[report.pk])
    split(event, new, [pick], by=people.reviewer(), reason="An hour apart.")
    assert "part of it is now “The second strike”" in words(read(event.get_absolute_url()))
    assert "Split from “Two strikes”" in words(read(new.get_absolute_url()))


def test_lists_do_not_name_what_was_merged() -> None:
    event, heir = two_events()
    settle()
    merged(event, heir)
    actor, other = two_actors()
    settle()
    merged(actor, other)
    assert event.get_absolute_url() not in read("/events/").content.decode()
    assert actor.get_absolute_url() not in read("/actors/").content.decode()
    page = read(f"/agreements/{event.agreement.slug}/").content.decode()
    assert event.get_absolute_url() not in page
    assert heir.get_absolute_url() in page
    paper, keeps = two_outlets()
    merged(paper, keeps)
    assert paper.get_absolute_url() not in read("/sources/").content.decode()


def test_an_obligation_names_who_owes_it_once() -> None:
    record, heir = two_actors()
    status = Assessment.objects.get()
    settle()
    merged(record, heir)
    page = read(status.obligation.get_absolute_url()).content.decode()
    assert "Harbour Board" not in page.replace("Board of the Harbour", "")
    assert f"/actors/{record.slug}/" not in page
    assert heir.name in words(read(status.get_absolute_url()))
    event = status.standing_evidence[0]
    assert part(read(event.get_absolute_url()), "reports").count("1 independent source") == 1


def test_the_page_of_a_judgement_names_the_heir_of_its_evidence() -> None:
    record, heir = two_events()
    status = Assessment.objects.get()
    settle()
    merged(record, heir)
    for url in (status.get_absolute_url(), status.obligation.get_absolute_url()):
        page = read(url).content.decode()
        assert record.get_absolute_url() not in page
        assert heir.get_absolute_url() in page
    assert status.obligation.title in words(read(heir.get_absolute_url()))


def test_only_those_who_may_merge_are_offered_it() -> None:
    event = factories.event(factories.agreement())
    reviewer, researcher = Client(), Client()
    reviewer.force_login(people.reviewer())
    researcher.force_login(people.researcher())
    offer = f"/desk/merge/events/{event.pk}/"
    assert offer in read(event.get_absolute_url(), reviewer).content.decode()
    assert offer not in read(event.get_absolute_url(), researcher).content.decode()
    assert offer not in read(event.get_absolute_url()).content.decode()
    assert not read(event.get_absolute_url()).cookies


def accused(agreement: Agreement) -> Actor:
    return Actor.objects.filter(events__event__agreement=agreement, events__role="accused").distinct().get()


def with_merged(agreement: Agreement, number: int) -> Agreement:
    """An agreement of whose actors and events so many were merged."""
    furnished(agreement)
    events = list(Event.objects.filter(agreement=agreement, state="occurred").order_by("date", "pk"))
    heir, rest = events[0], events[1:]
    settle()
    for event in rest[:number]:
        merge(event, heir, by=people.reviewer(), reason="The same.")
    for _ in range(number):
        merge(factories.actor(), accused(agreement), by=people.reviewer(), reason="The same.")
    return agreement


@pytest.mark.parametrize("what", ["agreement", "event", "actor", "obligation"])
def test_the_number_of_queries_does_not_depend_on_merges(what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def address(agreement: Agreement) -> str:
        event = Event.objects.filter(agreement=agreement, state="occurred").order_by("date", "pk").first()
        assert event is not None
        if what == "agreement":
            return agreement.get_absolute_url()
        if what == "event":
            return event.get_absolute_url()
        if what == "actor":
            return accused(agreement).get_absolute_url()
        duty = agreement.obligations.order_by("code").first()
        assert duty is not None
        return f"{agreement.get_absolute_url()}obligations/{duty.code}/"

    one, several = with_merged(factories.agreement(), 1), with_merged(factories.agreement(), 2)
    nothing_loads_late(monkeypatch)
    assert number_of_queries(address(one)) == number_of_queries(address(several))
