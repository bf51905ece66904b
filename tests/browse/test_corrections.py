"""The list of everything that was corrected, withdrawn or edited later."""

import re

import pghistory
import pytest

from tests import factories, people
from tests.browse.reading import days_ago, furnished, nothing_loads_late, number_of_queries, part, read, words
from tracker.browse import corrections
from tracker.models import Agreement, Event, Obligation, Withdrawal, today
from tracker.models.amending import amend_event

pytestmark = pytest.mark.django_db

PAGE = "/corrections/"


@pytest.fixture
def truce() -> Agreement:
    return factories.agreement("truce", title="The river truce")


@pytest.fixture
def bridge(truce: Agreement) -> Obligation:
    return factories.obligation(truce, "bridge", title="The bridge is opened")


def withdraw(thing: object, reason: str, *, withdrawn: bool = True) -> Withdrawal:
    return Withdrawal.record(thing, withdrawn=withdrawn, reason=reason, byline="Reviewer 1")


def edit(event: Event, **values: str) -> None:
    """Changes the event as a researcher, for a reason."""
    reason = values.pop("reason")
    cast = [(one.actor, one.role) for one in event.actors.select_related("actor")]
    effects = [(one.obligation, one.effect) for one in event.effects.select_related("obligation")]
    amend_event(
        event, {"verification": event.verification} | values, cast, effects, by=people.researcher(), reason=reason
    )


def test_a_correction_says_what_was_said_what_is_said_why_by_whom_and_when(bridge: Obligation) -> None:
    first = factories.assessed(bridge, "2025-12-07", 3, reason="It is open.")
    second = factories.assessed(
        bridge,
        "2025-12-09",
        1,
        reason="Half of it is.",
        supersedes=first,
        correction_reason="Wrong photograph.",
        byline="Researcher 3",
    )
    response = read(PAGE)
    said = part(response, "list")
    assert (
        "Judgement corrected The bridge is opened It said true from 7 Dec 2025 Fulfilled level 3 of 3 It is open."
        in said
    )
    assert "Now it says true from 9 Dec 2025 Under way level 1 of 3 Half of it is. Why Wrong photograph. Record" in said
    assert "UTC · Researcher 3" in said
    for one in (first, second):
        assert f'href="{one.get_absolute_url()}"' in response.content.decode()


def test_a_correction_that_was_corrected_again_says_so(bridge: Obligation) -> None:
    first = factories.assessed(bridge, "2025-12-07", 3)
    second = factories.assessed(bridge, "2025-12-07", 2, supersedes=first)
    factories.assessed(bridge, "2025-12-07", 1, supersedes=second)
    said = part(read(PAGE), "list")
    assert said.count("Judgement corrected") == 2
    assert said.count("changed again; what counts was recorded on") == 1


def test_a_withdrawn_judgement_is_told_without_its_text_and_with_what_counts_instead(bridge: Obligation) -> None:
    first = factories.assessed(bridge, "2025-12-07", 1)
    second = factories.assessed(bridge, "2025-12-07", 3, reason="It is open.", supersedes=first)
    second.retract("It was another bridge.", byline="Reviewer 1")
    response = read(PAGE)
    said = part(response, "list")
    assert "Judgement withdrawn The bridge is opened It said true from 7 Dec 2025 Fulfilled" in said
    assert "Why It was another bridge." in said
    assert "It is open." not in said
    assert f'href="{first.get_absolute_url()}"' in response.content.decode()


def test_withdrawn_events_reports_figures_and_looks_are_told_and_so_is_putting_them_back(bridge: Obligation) -> None:
    measure = factories.measure(bridge, label="Carts")
    event = factories.event(bridge.agreement, "2025-12-07", title="Engineers start work", effects=[bridge])
    figure = factories.observation(measure, event, 4)
    told = factories.report(event, originator=factories.actor(name="North"))
    look = factories.checked(bridge, "2025-12-10")
    withdraw(figure, "A slip.")
    withdraw(told, "Never said.")
    withdraw(look, "Looked elsewhere.")
    withdraw(event, "Another river.")
    withdraw(event, "It was ours after all.", withdrawn=False)
    said = part(read(PAGE), "list")
    for expected in (
        "Event put back Engineers start work Why It was ours after all.",
        "Event withdrawn Engineers start work Why Another river.",
        "Look withdrawn The bridge is opened Look 10 Dec 2025 Why Looked elsewhere.",
        "Report withdrawn Engineers start work Report North,",
        "Figure withdrawn Engineers start work Figure Carts, 7 Dec 2025",
        "Reviewer 1",
    ):
        assert expected in said
    assert said.index("put back") < said.index("Another river.") < said.index("Never said.")


def test_later_edits_are_told_with_reason_and_former_text(bridge: Obligation) -> None:
    event = factories.event(bridge.agreement, "2025-12-07", title="Engineers start work", effects=[bridge])
    edit(event, title="Engineers begin", reason="As the paper has it.")
    said = part(read(PAGE), "edits")
    assert "Engineers begin As the paper has it." in said
    assert "Title Engineers start work became Engineers begin" in said


def test_what_a_file_brings_for_a_reason_is_no_edit(bridge: Obligation) -> None:
    with pghistory.context(reason="Loaded from a file."):
        event = factories.event(bridge.agreement, "2025-12-07", effects=[bridge])
        event.title = "Another title"
        event.save()
    assert "Nothing was edited later." in words(read(PAGE))


def test_a_later_judgement_is_no_correction(bridge: Obligation) -> None:
    factories.assessed(bridge, "2025-12-07", 1)
    factories.assessed(bridge, "2025-12-09", 3)
    said = words(read(PAGE))
    assert "Nothing corrected or withdrawn so far" in said
    assert "Nothing was edited later." in said


def test_what_is_not_public_is_not_told(truce: Agreement) -> None:
    draft = factories.event(truce, "2025-12-07", title="A draft", stage="draft")
    Event.objects.filter(pk=draft.pk).update(title="A better draft")
    assert "draft" not in words(read(PAGE))


def test_it_tells_nothing_of_what_came_after_its_two_days() -> None:
    first_day, second_day = factories.moment("2026-01-05"), factories.moment("2026-02-05")
    old = factories.agreement("old", recorded_at=first_day)
    duty = factories.obligation(old, recorded_at=first_day, phase=factories.phase(old, recorded_at=first_day))
    seen = factories.event(old, "2025-10-20", effects=[duty], recorded_at=first_day)
    first = factories.assessed(duty, "2025-12-20", 3, evidence=[seen], recorded_at=first_day)
    factories.assessed(duty, "2025-12-20", 1, evidence=[seen], supersedes=first, recorded_at=second_day)
    assert "Judgement corrected" in words(read(PAGE))
    assert "Judgement corrected" in words(read(f"{PAGE}?known_on=2026-02-05"))
    assert "Judgement corrected" not in words(read(f"{PAGE}?known_on=2026-02-04"))
    assert "Judgement corrected" not in words(read(f"{PAGE}?as_of=2025-12-19"))


def test_one_agreement_can_be_chosen(bridge: Obligation) -> None:
    other = factories.obligation(factories.agreement("other", title="The hill truce"), title="The gate is opened")
    for duty in (bridge, other):
        first = factories.assessed(duty, "2025-12-07", 3)
        factories.assessed(duty, "2025-12-07", 1, supersedes=first)
        withdraw(factories.event(duty.agreement, "2025-12-07", title=f"Event of {duty.agreement.slug}"), "A slip.")
    every = part(read(PAGE), "list")
    assert "The gate is opened The hill truce" in every
    some = part(read(f"{PAGE}?agreement=truce"), "list")
    assert "The bridge is opened" in some
    assert "Event of truce" in some
    assert "gate" not in some
    assert "Event of other" not in some
    assert "No agreement has this address" in words(read(f"{PAGE}?agreement=nowhere", status=400))


def test_its_pages_are_turned_and_nothing_is_told_twice(bridge: Obligation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(corrections, "ROWS", 3)
    moment = factories.moment("2026-01-05")
    events = [factories.event(bridge.agreement, "2025-12-07", title=f"Event {number}") for number in range(4)]
    for event in events:
        withdraw(event, "A slip.")
    seen = factories.event(bridge.agreement, "2025-10-20", effects=[bridge])
    one = factories.assessed(bridge, "2025-12-07", 3, evidence=[seen])
    for level in (1, 2, 1):
        # Several in the same moment.
        one = factories.assessed(bridge, "2025-12-07", level, evidence=[seen], supersedes=one, recorded_at=moment)
    found: list[str] = []
    url: str | None = PAGE
    last = ""
    while url:
        text = read(url).content.decode()
        found += re.findall(r'<li class="entry" id="([^"]+)"', text)
        older = re.search(r'href="([^"]+before=[^"]+)" rel="next"', text)
        last, url = url, older[1].replace("&amp;", "&") if older else None
    assert len(found) == len(set(found)) == 7
    newer = re.search(r'href="([^"]+after=[^"]+)" rel="prev"', read(last).content.decode())
    assert newer
    assert re.findall(r'<li class="entry" id="([^"]+)"', read(newer[1]).content.decode()) == found[3:6]


@pytest.mark.parametrize(
    "query",
    [
        "before=1",
        "before=2026-13-05T00:00:00.000000Z.correction.1",
        "after=2026-01-05T00:00:00.000000Z.hearsay.1",
        "edits=today",
        "edits=2026-02-30T00:00:00.000000Z",
        "before=%00",
        "before=2026-01-05T00:00:00.000000Z.retraction.1&after=2026-01-05T00:00:00.000000Z.retraction.1",
    ],
)
def test_a_place_that_the_list_never_gave_out_is_explained(query: str) -> None:
    assert "list" in words(read(f"{PAGE}?{query}", status=400))


def test_pages_of_edits_are_turned_too(truce: Agreement, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(corrections, "EDITS", 2)
    for number in range(5):
        event = factories.event(truce, "2025-12-07", title=f"Event {number}")
        edit(event, title=f"Other title {number}", reason=f"Reason {number}.")
    found: list[str] = []
    url: str | None = PAGE
    while url:
        response = read(url)
        found += re.findall(r"Reason (\d)\.", part(response, "edits"))
        older = re.search(r'href="([^"]+edits=[^"]+)#edits" rel="next"', response.content.decode())
        url = older[1].replace("&amp;", "&") if older else None
    assert sorted(found) == ["0", "1", "2", "3", "4"]


def test_more_data_asks_no_more_questions(monkeypatch: pytest.MonkeyPatch) -> None:

    def more() -> None:
        agreement = furnished(factories.agreement())
        for event in agreement.events.order_by("pk")[:2]:
            withdraw(event.reports.all()[0], "A slip.")
            edit(event, note="Mended.", reason="A slip.")

    more()
    few = number_of_queries(PAGE)
    more()
    assert number_of_queries(PAGE) == few
    nothing_loads_late(monkeypatch)
    for query in ("", f"?as_of={days_ago(20)}", f"?known_on={today()}"):
        read(f"{PAGE}{query}")
