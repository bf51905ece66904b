"""The page of an actor, and the list of all."""

import datetime as dt
import re

import pytest
from django.test import Client

from tests import factories
from tests.browse.reading import days_ago, furnished, nothing_loads_late, number_of_queries, part, read, words
from tests.browse.test_events import link
from tracker.browse import actors
from tracker.codebook import EventState, Stage, Stance
from tracker.models import Actor, Agreement

pytestmark = pytest.mark.django_db


@pytest.fixture
def agreement() -> Agreement:
    return factories.agreement("truce", title="The river truce")


@pytest.fixture
def state(agreement: Agreement) -> Actor:
    made = factories.actor("northland", name="Northland", aliases=["The North"])
    factories.party(agreement, made)
    return made


@pytest.fixture
def army(state: Actor) -> Actor:
    return factories.actor("northland-army", name="Northland army", kind="government_body", parent=state)


# One actor


def test_it_says_who_the_actor_is_and_whom_it_belongs_to(state: Actor, army: Actor, agreement: Agreement) -> None:
    chief = factories.actor("chief", name="The chief", kind="person", parent=army)
    factories.event(agreement, actors=[(chief, "speaker")])
    said = words(read("/actors/northland/"))
    assert "State Northland Also: The North" in said
    assert "Signatory The river truce" in said
    assert "Includes Northland army The chief" in said
    response = read("/actors/chief/")
    assert "Person · belongs to Northland army, Northland The chief" in words(response)
    assert 'href="/actors/northland/"' in response.content.decode()


def test_it_shows_what_it_owes_and_is_owed_and_where_that_stands(state: Actor, agreement: Agreement) -> None:
    other = factories.actor(name="River Front")
    owed = factories.obligation(agreement, title="The guns fall silent", obligors=[state], beneficiaries=[other])
    factories.obligation(agreement, title="The captives come home", obligors=[other], beneficiaries=[state])
    factories.assessed(owed, "2025-10-20", 2)
    response = read("/actors/northland/?as_of=2025-10-25")
    assert "The guns fall silent Northland to River Front Under way" in part(response, "owes")
    assert "The captives come home River Front to Northland Not assessed" in part(response, "is-owed")
    assert "Not assessed" in part(read("/actors/northland/?as_of=2025-10-19"), "owes")


def test_it_includes_those_who_belong_to_it_under_their_own_names(
    state: Actor, army: Actor, agreement: Agreement
) -> None:
    factories.obligation(agreement, title="The guns fall silent", obligors=[army])
    factories.event(
        agreement,
        "2025-10-20",
        title="The bridge falls",
        accused=[army],
        reports=[{"originator": army, "stance": Stance.JUSTIFIES, "quote": "we had to"}],
    )
    response = read("/actors/northland/")
    assert "The guns fall silent Northland army" in part(response, "owes")
    assert "The bridge falls Accused: Northland army" in part(response, "events")
    said = words(response)
    assert "we had to Justified by: Northland army (Northland)" in said
    own = read("/actors/northland-army/")
    assert re.search(r"The bridge falls Accused Statement", words(own))
    # What the state does is not its army's.
    factories.event(agreement, title="The envoys met", actors=[(state, "host")])
    assert "The envoys met" not in words(read("/actors/northland-army/"))


def test_statements_are_newest_first_and_turn_by_place(
    state: Actor, agreement: Agreement, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actors, "STATEMENTS", 2)
    for number in range(5):
        article = factories.article(published_on=dt.date(2025, 10, 20 + number // 2))
        factories.event(
            agreement, "2025-10-15", reports=[{"article": article, "originator": state, "quote": f"word {number}"}]
        )
    seen = []
    url: str | None = "/actors/northland/"
    while url:
        response = read(url)
        seen += re.findall(r"word \d", part(response, "said"))
        url = link(response, "next")
        assert url is None or "said_before=" in url
    assert sorted(seen) == [f"word {number}" for number in range(5)]
    assert seen[0] == "word 4"


def test_events_turn_by_place_too(state: Actor, agreement: Agreement, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actors, "EVENTS", 2)
    for number in range(5):
        factories.event(agreement, "2025-10-15", title=f"Meeting {number}", actors=[(state, "participant")])
    seen = []
    url: str | None = "/actors/northland/?as_of=2025-12-18"
    while url:
        response = read(url)
        seen += re.findall(r"Meeting \d", part(response, "events"))
        url = link(response, "next")
        assert url is None or ("events_before=" in url and "as_of=2025-12-18" in url)
    assert sorted(seen) == [f"Meeting {number}" for number in range(5)]
    read("/actors/northland/?events_before=x", status=400)
    read("/actors/northland/?said_after=x", status=400)


def test_it_shows_conditions_declarations_and_texts(state: Actor, agreement: Agreement) -> None:
    first = factories.phase(agreement, 1, title="The truce")
    second = factories.phase(agreement, 2, title="The long peace")
    duty = factories.obligation(agreement, title="The captives come home", phase=first)
    waiting = factories.obligation(agreement, title="The guns are stored", phase=second)
    factories.condition(second, duty, actor=state)
    factories.condition(waiting, duty, 2, actor=state)
    factories.declaration(second, state, "2025-11-01", "not_begun")
    plan = factories.instrument(agreement, title="The plan", date=dt.date(2025, 10, 1))
    plan.accepted_by.set([state])
    resolution = factories.instrument(agreement, title="The resolution", date=dt.date(2025, 11, 17))
    resolution.disputed_by.set([state])
    said = words(read("/actors/northland/"))
    assert "The captives come home before phase 2, The long peace · not assessed" in said
    assert "The captives come home before The guns are stored · not assessed" in said
    assert "1 Nov 2025 phase two not begun" in said
    assert "Accepts The plan 1 Oct 2025" in said
    assert "Disputes being bound by The resolution 17 Nov 2025" in said
    factories.assessed(duty, "2025-11-05", 3)
    assert "before phase 2, The long peace · met" in words(read("/actors/northland/"))
    earlier = words(read("/actors/northland/?as_of=2025-10-31"))
    assert "phase two not begun" not in earlier
    assert "The resolution" not in earlier


def test_a_scheduled_meeting_stands_among_what_it_takes_part_in(state: Actor, agreement: Agreement) -> None:
    factories.event(
        agreement,
        "2025-12-19",
        title="The envoys are to meet",
        state=EventState.SCHEDULED,
        actors=[(state, "host")],
        reports=[factories.article(published_on=dt.date(2025, 12, 15))],
    )
    said = part(read("/actors/northland/?as_of=2025-12-18"), "events")
    assert "The envoys are to meet Host Scheduled · Statement" in said


# Before it was so


def test_before_anything_of_it_the_page_does_not_even_name_it(agreement: Agreement) -> None:
    office = factories.actor("office", name="The High Office")
    factories.event(agreement, "2026-01-20", actors=[(office, "subject")])
    early = read("/actors/office/?as_of=2025-12-18")
    assert "nothing of this actor was on record" in words(early)
    assert "The High Office" not in early.content.decode()
    assert "The High Office" not in words(read("/actors/?as_of=2025-12-18"))
    assert "The High Office" in words(read("/actors/office/?as_of=2026-01-20"))
    assert "The High Office" in words(read("/actors/?as_of=2026-01-20"))


def test_those_who_are_of_another_kind_than_whom_they_belong_to_say_so(agreement: Agreement) -> None:
    group = factories.actor(name="Movement", kind="armed_group")
    office = factories.actor(name="Health office", kind="government_body", parent=group)
    wing = factories.actor(name="Wing", kind="armed_group", parent=group)
    factories.event(agreement, actors=[(office, "participant"), (wing, "participant")])
    assert "Movement Health office (Government body), Wing" in part(read("/actors/"), "armed_group")


def test_those_who_come_later_are_not_named_on_the_page_of_whom_they_belong_to(
    state: Actor, agreement: Agreement
) -> None:
    envoy = factories.actor("envoy", name="The new envoy", kind="person", parent=state)
    factories.event(agreement, "2026-01-20", actors=[(envoy, "speaker")])
    assert "The new envoy" not in words(read("/actors/northland/?as_of=2025-12-18"))
    assert "The new envoy" not in words(read("/actors/?as_of=2025-12-18"))
    assert "The new envoy" in words(read("/actors/northland/"))


def test_whom_somebody_on_record_belongs_to_is_on_record(agreement: Agreement) -> None:
    top = factories.actor("top", name="The council")
    middle = factories.actor("middle", name="The bureau", parent=top)
    voice = factories.actor("voice", name="The voice", kind="person", parent=middle)
    factories.event(agreement, "2025-10-20", reports=[{"originator": voice}])
    said = words(read("/actors/"))
    assert "The council The bureau, The voice" in said
    assert "Said by: The voice (The council)" in words(read("/actors/top/"))


def test_an_actor_of_whom_nothing_is_public_has_no_page(agreement: Agreement) -> None:
    factories.actor("nobody", name="Nobody")
    read("/actors/nobody/", status=404)
    proposed = factories.actor("proposed", name="Only proposed")
    factories.event(agreement, stage=Stage.IN_REVIEW, actors=[(proposed, "host")])
    read("/actors/proposed/", status=404)
    assert "Only proposed" not in words(read("/actors/"))
    read("/actors/none/", status=404)


def test_as_recorded_before_it_was_entered_it_says_only_that(state: Actor) -> None:
    early = read(f"/actors/northland/?known_on={days_ago(2).isoformat()}")
    assert "Northland" not in early.content.decode()
    assert 'href="/actors/northland/"' in early.content.decode()


# The list


def test_the_list_groups_the_topmost_by_kind(state: Actor, army: Actor, agreement: Agreement) -> None:
    group = factories.actor(name="River Front", kind="armed_group")
    factories.event(agreement, actors=[(army, "participant"), (group, "participant")])
    response = read("/actors/")
    assert "States Northland Northland army" in words(response)
    assert "Armed groups River Front" in words(response)
    assert "Government bodies" not in words(response)


def test_an_empty_list_says_what_comes_next() -> None:
    assert "No actor on record by this day" in words(read("/actors/"))


# Cost


def test_pages_ask_no_more_of_the_database_when_there_is_more(agreement: Agreement, state: Actor, army: Actor) -> None:
    def more(times: int) -> None:
        for _ in range(times):
            one = furnished(factories.agreement())
            factories.party(one, state)
            for duty in one.obligations.all():
                duty.obligors.add(state)
                duty.beneficiaries.add(army)
                event = factories.event(
                    one, days_ago(30), effects=[duty], actors=[(army, "host")], reports=[{"originator": army}]
                )
                factories.event(one, days_ago(30), actors=[(state, "host")], reports=[{"originator": state}])
                factories.observation(duty.measures.all()[0], event, 3, originator=army)
                factories.condition(duty.phase, duty, actor=army)
                factories.declaration(duty.phase, army, days_ago(29))
                duty.phase.declarations.all()
                break
            text = one.instruments.all()[0]
            text.accepted_by.add(state)
            text.disputed_by.add(army)

    more(1)
    urls = ["/actors/", "/actors/northland/", "/actors/northland-army/"]
    before = [number_of_queries(url) for url in urls]
    more(3)
    for _ in range(3):
        extra = factories.actor(parent=army)
        factories.event(agreement, days_ago(10), actors=[(extra, "host")])
    assert [number_of_queries(url) for url in urls] == before


def test_every_row_is_loaded_with_its_query(monkeypatch: pytest.MonkeyPatch) -> None:
    furnished(factories.agreement(), times=2)
    nothing_loads_late(monkeypatch)
    read("/actors/")
    for actor in Actor.objects.exclude(name="Nobody")[:8]:
        Client().get(actor.get_absolute_url())


def test_reading_sets_no_cookie_and_only_reading_is_allowed(state: Actor) -> None:
    for url in ("/actors/", "/actors/northland/"):
        assert not read(url).cookies
        assert Client().post(url).status_code == 405
