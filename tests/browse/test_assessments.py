"""The page of one judgement."""

import uuid

import pytest

from tests import factories, people
from tests.browse.reading import days_ago, furnished, nothing_loads_late, number_of_queries, read, words
from tracker.codebook import Review
from tracker.models import Agreement, Assessment, Obligation, today

pytestmark = pytest.mark.django_db


@pytest.fixture
def truce() -> Agreement:
    return factories.agreement("truce", title="The river truce")


@pytest.fixture
def bridge(truce: Agreement) -> Obligation:
    return factories.obligation(truce, "bridge", title="The bridge is opened")


def test_what_was_never_published_is_404(truce: Agreement, bridge: Obligation) -> None:
    truce.review = Review.REQUIRED
    truce.save()
    bridge.agreement = truce
    seen = factories.event(truce, "2025-11-20", effects=[bridge])
    waiting = factories.assessed(bridge, "2025-11-20", 2, evidence=[seen], by=people.researcher())
    assert "No published judgement has this address" in words(read(waiting.get_absolute_url(), status=404))
    read(f"/assessments/{uuid.uuid4()}/", status=404)


def test_it_says_everything_about_one_judgement(truce: Agreement, bridge: Obligation) -> None:
    seen = factories.event(
        truce,
        "2025-11-02",
        title="Engineers start work",
        effects=[bridge],
        reports=[{"quote": "we have begun", "originator": factories.actor(name="North")}],
    )
    factories.assessed(bridge, "2025-10-20", 0)
    judged = factories.assessed(
        bridge,
        "2025-11-02",
        1,
        direction="advancing",
        conformity="modified",
        reason="Work has begun.",
        evidence=[seen],
        byline="Researcher 3",
        attributed_to=list(bridge.obligors.all()),
    )
    said = words(read(judged.get_absolute_url()))
    for fact in (
        "Judgement, true from 2 Nov 2025 The bridge is opened",
        "Not started became Under way level 1 of 3",
        "Work has begun.",
        "Became true 2 Nov 2025",
        "Earliest report of its evidence 2 Nov 2025",
        "coded in retrospect",
        "By Researcher 3",
        f"About {bridge.obligors.get()}",
        "Direction Advancing",
        "How it fits As modified",
        "Rules edition 2026.1",
        "Engineers start work 2 Nov 2025 · advances",
        "we have begun",
        "Said by: North",
        "by this judgement",
    ):
        assert fact in said


def test_a_month_is_not_told_as_a_day(bridge: Obligation) -> None:
    seen = factories.event(bridge.agreement, "2025-12-10", effects=[bridge])
    judged = factories.assessed(bridge, "2025-12-31", 1, effective_precision=4, evidence=[seen])
    said = words(read(judged.get_absolute_url()))
    assert "true from Dec 2025" in said
    assert "31 Dec 2025" not in said


def test_a_later_judgement_does_not_replace_it_but_is_linked(bridge: Obligation) -> None:
    first = factories.assessed(bridge, "2025-10-20", 1)
    second = factories.assessed(bridge, "2025-11-20", 3)
    response = read(first.get_absolute_url())
    assert "corrected" not in words(response)
    assert f'href="{second.get_absolute_url()}"' in response.content.decode()
    assert "by the judgement true from 20 Nov 2025" in words(response)


def test_a_corrected_record_stays_readable_with_a_strong_note_and_the_way_to_what_counts(bridge: Obligation) -> None:
    first = factories.assessed(bridge, "2025-10-20", 3)
    second = factories.assessed(bridge, "2025-10-20", 2, supersedes=first, correction_reason="Wrong photograph.")
    third = factories.assessed(bridge, "2025-10-20", 1, supersedes=second, correction_reason="Wrong river.")
    for earlier in (first, second):
        response = read(earlier.get_absolute_url())
        assert 'class="note note-strong"' in response.content.decode()
        assert "This record was corrected. What counts is the record entered on" in words(response)
        assert f'href="{third.get_absolute_url()}"' in response.content.decode()
    said = words(read(third.get_absolute_url()))
    assert "Corrects the record entered on" in said
    assert "This record and its corrections" in said
    assert "Fulfilled level 3 of 3 (corrected since)" in said
    assert "Under way level 1 of 3 (counts)" in said
    assert "Wrong photograph." in said


def test_a_withdrawn_record_answers_410_with_the_reason_who_when_and_what_counts_instead(
    bridge: Obligation,
) -> None:
    first = factories.assessed(bridge, "2025-10-20", 1)
    second = factories.assessed(bridge, "2025-10-20", 3, reason="It is open.", supersedes=first)
    second.retract("It was another bridge.", byline="Reviewer 1")
    response = read(second.get_absolute_url(), status=410)
    said = words(response)
    assert "The bridge is opened: judgement of 20 Oct 2025" in said
    assert "It was another bridge." in said
    assert f"{today().day} {today():%b %Y}, Reviewer 1" in said
    assert f'href="{first.get_absolute_url()}"' in response.content.decode()
    assert f'href="{bridge.get_absolute_url()}"' in response.content.decode()
    assert "It is open." not in said


def test_a_withdrawn_record_without_another_leads_to_its_obligation(bridge: Obligation) -> None:
    only = factories.assessed(bridge, "2025-10-20", 3)
    factories.retracted(only)
    response = read(only.get_absolute_url(), status=410)
    assert "In its place" not in words(response)
    assert f'href="{bridge.get_absolute_url()}"' in response.content.decode()


def test_on_an_earlier_record_day_it_reads_as_it_did_then() -> None:
    first_day, second_day = factories.moment("2026-01-05"), factories.moment("2026-02-05")
    old = factories.agreement("old", recorded_at=first_day)
    duty = factories.obligation(old, recorded_at=first_day, phase=factories.phase(old, recorded_at=first_day))
    seen = factories.event(old, "2025-10-20", effects=[duty], recorded_at=first_day)
    judged = factories.assessed(duty, "2025-10-20", 3, reason="It is open.", evidence=[seen], recorded_at=first_day)
    factories.retracted(judged, recorded_at=second_day)
    page = judged.get_absolute_url()
    assert "It is open." in words(read(f"{page}?known_on=2026-02-04"))
    assert "Withdrawn" not in words(read(f"{page}?known_on=2026-02-04"))
    read(f"{page}?known_on=2026-02-05", status=410)
    before = words(read(f"{page}?known_on=2026-01-04"))
    assert "nothing of this judgement had been recorded here" in before
    assert "It is open." not in before


def test_before_it_became_true_nothing_of_it_is_told(bridge: Obligation) -> None:
    judged = factories.assessed(bridge, "2025-11-20", 3, reason="It is open.")
    said = words(read(f"{judged.get_absolute_url()}?as_of=2025-11-19"))
    assert "what this judgement says had not become true" in said
    assert "It is open." not in said
    assert "It is open." in words(read(f"{judged.get_absolute_url()}?as_of=2025-11-20"))


def test_the_page_costs_the_same_queries_for_any_amount_of_data(monkeypatch: pytest.MonkeyPatch) -> None:
    little, much = furnished(factories.agreement()), furnished(factories.agreement(), times=3)
    first, second = _current(little), _current(much)
    assert number_of_queries(first) == number_of_queries(second)
    nothing_loads_late(monkeypatch)
    read(second)
    read(f"{second}?as_of={days_ago(10)}")


def _current(agreement: Agreement) -> str:
    duty = agreement.obligations.order_by("code")[0]
    current = Assessment.current(duty)
    assert current
    return current.get_absolute_url()
