"""The first page."""

import pytest

from tests import factories
from tests.browse.reading import days_ago, furnished, nothing_loads_late, number_of_queries, read, words
from tracker.browse.agreements import AT_A_GLANCE

pytestmark = pytest.mark.django_db


def test_without_an_agreement_it_says_what_will_be_here() -> None:
    response = read("/")
    assert "No agreement is recorded here yet" in words(response)
    assert 'href="/methodology/"' in response.content.decode()


def test_it_shows_where_each_agreement_stands() -> None:
    agreement = factories.agreement("truce", title="The river truce", territory="River valley")
    duty = factories.obligation(agreement, title="The bridge is opened")
    factories.assessed(duty, "2025-10-20", 3)
    response = read("/?as_of=2025-12-18")
    said = words(response)
    assert "River valley · in force since 10 Oct 2025 · day 69" in said
    assert "Phase one: its only obligation fulfilled." in said
    assert 'href="/agreements/truce/?as_of=2025-12-18"' in response.content.decode()
    assert 'aria-label="Phase one: its only obligation fulfilled."' in response.content.decode()


def test_the_latest_changes_say_what_became_what_why_and_on_what_evidence() -> None:
    agreement = factories.agreement("truce")
    duty = factories.obligation(agreement, "bridge", title="The bridge is opened")
    seen = factories.event(agreement, "2025-11-02", title="Engineers start work", effects=[duty])
    factories.assessed(duty, "2025-10-20", 0, reason="Nobody has come.")
    factories.assessed(duty, "2025-11-02", 1, direction="advancing", reason="Work has begun.", evidence=[seen])
    said = words(read("/"))
    assert "2 Nov 2025 The bridge is opened Not started became Under way Work has begun." in said
    assert "evidence: Engineers start work" in said
    assert said.index("Work has begun.") < said.index("Nobody has come.")


def test_its_date_bar_leads_to_the_nearest_changes_of_any_agreement() -> None:
    for day in ("2025-10-20", "2026-01-20"):
        factories.assessed(factories.obligation(factories.agreement()), day, 1)
    text = read("/?as_of=2025-12-18").content.decode()
    assert 'href="/?as_of=2025-10-20" rel="prev"' in text
    assert 'href="/?as_of=2026-01-20" rel="next"' in text


def test_a_change_that_only_confirms_is_left_to_the_agreements_own_page() -> None:
    duty = factories.obligation(factories.agreement())
    factories.assessed(duty, "2025-10-20", 1, reason="Work has begun.")
    factories.assessed(duty, "2025-10-25", 1, reason="Work goes on.")
    said = words(read("/"))
    assert "Work has begun." in said
    assert "Work goes on." not in said


def test_what_comes_next_is_told_in_order_and_only_from_the_day_it_was_announced() -> None:
    agreement = factories.agreement("truce")
    factories.obligation(agreement, title="The bridge is opened", due_on="2025-12-30")
    announced = factories.article(published_on="2025-12-15")
    factories.event(
        agreement, "2025-12-19", title="The envoys meet", state="scheduled", place="Miami", reports=[announced]
    )
    said = words(read("/?as_of=2025-12-18"))
    assert "19 Dec 2025, Miami The envoys meet due 30 Dec 2025 The bridge is opened" in said
    assert "The envoys meet" not in words(read("/?as_of=2025-12-14"))


def test_on_a_record_day_before_the_first_entry_it_says_when_recording_began() -> None:
    furnished(factories.agreement(title="The river truce"))
    said = words(read(f"/?known_on={days_ago(1)}"))
    assert "nothing had been recorded here yet" in said
    assert "Recording began on" in said
    assert "river truce" not in said


def test_before_a_signature_an_agreement_says_so() -> None:
    furnished(factories.agreement(title="The river truce"))
    said = words(read("/?as_of=2025-10-01"))
    assert "Not signed by this day." in said
    assert "Phase" not in said


def test_many_agreements_cost_no_more_queries_than_one_and_the_rest_are_linked(monkeypatch: pytest.MonkeyPatch) -> None:
    furnished(factories.agreement())
    one = number_of_queries("/")
    for _ in range(AT_A_GLANCE):
        factories.agreement()
    # Signed last, and so among those that are shown in full.
    furnished(factories.agreement(signed_on="2025-12-01"), times=2)
    assert number_of_queries("/") == one
    assert "2 more agreements" in words(read("/"))
    nothing_loads_late(monkeypatch)
    read("/")


def test_the_index_shows_the_same_and_links_further_agreements_by_title() -> None:
    furnished(factories.agreement("newest", title="The newest truce", signed_on="2026-01-01"))
    factories.agreement("older-00", title="Older truce 00", signed_on="2020-01-01")
    # One that is alone would be compared as well.
    two = number_of_queries("/agreements/")
    for number in range(1, AT_A_GLANCE):
        factories.agreement(f"older-{number:02}", title=f"Older truce {number:02}", signed_on="2020-01-01")
    response = read("/agreements/")
    said = words(response)
    assert said.index("The newest truce") < said.index("Older truce 00")
    assert f"Further agreements Older truce {AT_A_GLANCE - 1}" in said
    assert number_of_queries("/agreements/") == two


def test_an_agreement_of_no_known_territory_or_state_reads_well() -> None:
    factories.agreement("draft", title="A draft", signed_on=None, effective_on=None, states=[])
    assert "not signed by this day A draft Not signed by this day." in words(read("/agreements/"))
