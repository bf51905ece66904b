"""Where an agreement stands: its page, on today and on other days."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from tests import factories, people
from tests.browse.reading import (
    days_ago,
    furnished,
    nothing_loads_late,
    part,
    read,
    same_number_of_queries,
    words,
)
from tracker.codebook import Category, Nature, Stance
from tracker.models import Agreement, Obligation, today

pytestmark = pytest.mark.django_db


@pytest.fixture
def truce() -> Agreement:
    return factories.agreement(
        "truce", title="The river truce", territory="River valley", summary="Both sides hold fire."
    )


def bridge(truce: Agreement, **fields: Any) -> Obligation:
    return factories.obligation(truce, "bridge", title="The bridge is opened", **fields)


# The whole


def test_an_unknown_agreement_is_404_in_the_design() -> None:
    assert "No agreement has this address" in words(read("/agreements/nowhere/", status=404))


def test_the_page_costs_the_same_queries_for_any_amount_of_data(monkeypatch: pytest.MonkeyPatch) -> None:
    same_number_of_queries(lambda agreement: agreement.get_absolute_url())
    same_number_of_queries(lambda agreement: f"{agreement.get_absolute_url()}?as_of={days_ago(10)}")
    same_number_of_queries(lambda agreement: f"{agreement.get_absolute_url()}?as_of=2025-10-05")
    nothing_loads_late(monkeypatch)
    for query in ("", f"?as_of={days_ago(10)}", "?as_of=2025-10-05", f"?known_on={days_ago(1)}"):
        read(f"{Agreement.objects.first().get_absolute_url()}{query}")  # type: ignore[union-attr]  # made above


def test_it_opens_with_territory_state_day_and_the_sentences_by_rule(truce: Agreement) -> None:
    factories.assessed(bridge(truce), "2025-10-20", 3)
    response = read("/agreements/truce/?as_of=2025-12-18")
    assert "River valley · in force since 10 Oct 2025 · day 69 The river truce" in words(response)
    assert part(response, "standfirst") == "Phase one: its only obligation fulfilled."
    assert 'content="Phase one: its only obligation fulfilled."' in response.content.decode()


def test_the_date_bar_leads_to_the_changes_before_and_after(truce: Agreement) -> None:
    duty = bridge(truce)
    for day in ("2025-10-20", "2025-11-20", "2026-01-20"):
        factories.assessed(duty, day, 1)
    text = read("/agreements/truce/?as_of=2025-12-18").content.decode()
    assert 'href="/agreements/truce/?as_of=2025-11-20" rel="prev"' in text
    assert 'href="/agreements/truce/?as_of=2026-01-20" rel="next"' in text


def test_a_phase_shows_its_obligations_by_subject(truce: Agreement) -> None:
    factories.obligation(truce, "a-aid", title="Lorries come", category=Category.HUMANITARIAN_AID)
    factories.obligation(truce, "z-fire", title="Guns fall silent", category=Category.HOSTILITIES)
    said = part(read("/agreements/truce/"), "phase-1")
    assert said.index("Guns fall silent") < said.index("Lorries come")


# A row


def test_a_row_says_who_owes_what_to_whom_by_when_and_how_late(truce: Agreement) -> None:
    north, south = factories.actor(name="North"), factories.actor(name="South")
    duty = bridge(truce, obligors=[north], beneficiaries=[south], due_on="2025-10-13", due_rule="within three days")
    factories.assessed(duty, "2025-10-20", 1)
    row = part(read("/agreements/truce/?as_of=2025-12-18"), "obligation-bridge")
    assert "The bridge is opened North to South; within three days" in row
    assert "Overdue level 1 of 3" in row
    assert "66 days late due 13 Oct 2025" in row
    assert "1 independent source checked 59 days before" in row


@pytest.mark.parametrize(
    ("fields", "judged", "said"),
    [
        ({}, None, "No date in the text"),
        ({}, ("2025-10-20", 3), "Done 20 Oct 2025 no date in the text"),
        ({"due_on": "2025-12-30"}, None, "Due 30 Dec 2025 in 12 days"),
        ({"due_on": "2025-12-18"}, None, "Due 18 Dec 2025 that day"),
        ({"due_on": "2025-12-17"}, None, "1 day late due 17 Dec 2025"),
        ({"due_on": "2025-10-25"}, ("2025-10-20", 3), "On time done 20 Oct 2025 due 25 Oct 2025"),
        ({"due_on": "2025-10-15"}, ("2025-10-20", 3), "5 days late done 20 Oct 2025 due 15 Oct 2025"),
        ({"nature": Nature.CONTINUING}, ("2025-10-20", 2), "Continuing since 10 Oct 2025"),
        ({"nature": Nature.CONTINUING, "due_on": "2025-12-30"}, None, "Binds from 30 Dec 2025 in 12 days"),
    ],
)
def test_a_row_says_how_the_duty_stands_to_its_day(
    truce: Agreement, fields: dict[str, Any], judged: tuple[str, int] | None, said: str
) -> None:
    duty = bridge(truce, **fields)
    if judged:
        factories.assessed(duty, judged[0], judged[1])
    assert said in part(read("/agreements/truce/?as_of=2025-12-18"), "obligation-bridge")


def test_figures_stand_beside_one_another_with_who_gives_them(truce: Agreement) -> None:
    duty = bridge(truce, category=Category.HUMANITARIAN_AID)
    lorries = factories.measure(duty, label="Lorries a day", unit="lorries", kind="per_day", target=600)
    counted = factories.event(truce, "2025-12-07", effects=[duty])
    for who, value in (("North", 600), ("United Nations", 113)):
        factories.observation(lorries, counted, value, originator=factories.actor(name=who))
    row = part(read("/agreements/truce/?as_of=2025-12-18"), "obligation-bridge")
    assert "600 of 600 · North, 7 Dec 2025" in row or "113 of 600 · United Nations, 7 Dec 2025" in row
    assert "others: North 600 (7 Dec 2025)" in row or "others: United Nations 113 (7 Dec 2025)" in row


def test_more_than_was_owed_is_not_written_like_a_slip(truce: Agreement) -> None:
    duty = bridge(truce)
    planks = factories.measure(duty, label="Planks laid", unit="planks", target=600)
    counted = factories.event(truce, "2025-12-07", effects=[duty])
    factories.observation(planks, counted, 700, low=600, high=800, originator=factories.actor(name="North"))
    row = part(read("/agreements/truce/"), "obligation-bridge")
    assert "Planks laid: 600 to 800 (600 agreed) · North, 7 Dec 2025" in row


def test_what_is_owed_is_told_where_nobody_gives_a_figure_but_not_before_it_was_known(truce: Agreement) -> None:
    factories.measure(bridge(truce), label="Planks laid", unit="planks", target=20000, target_from="2026-02-19")
    assert "Planks laid: no figure on record (target 20,000)" in words(read("/agreements/truce/?as_of=2026-02-19"))
    before = words(read("/agreements/truce/?as_of=2025-12-18"))
    assert "20,000" not in before
    assert "Planks laid" not in before


def test_a_figure_that_does_not_run_on_is_not_shown_as_a_total(truce: Agreement) -> None:
    duty = bridge(truce)
    planks = factories.measure(duty, label="Planks laid", unit="planks")
    counted = factories.event(truce, "2025-12-07", effects=[duty])
    factories.observation(planks, counted, 12, counts="new", originator=factories.actor(name="North"))
    row = part(read("/agreements/truce/?as_of=2025-12-18"), "obligation-bridge")
    assert "Planks laid: 12, not a running total · North, 7 Dec 2025" in row


def test_a_total_leads_before_a_newer_figure_of_one_period_unless_it_is_old(truce: Agreement) -> None:
    duty = bridge(truce)
    planks = factories.measure(duty, label="Planks laid", unit="planks", target=100)
    counted = factories.event(truce, "2025-12-07", effects=[duty])
    north, south = factories.actor(name="North"), factories.actor(name="South")
    factories.observation(planks, counted, 60, "2025-12-01", counts="cumulative", originator=south)
    factories.observation(planks, counted, 2, "2025-12-07", counts="new", originator=north)
    row = part(read("/agreements/truce/?as_of=2025-12-18"), "obligation-bridge")
    assert "Planks laid: 60 of 100 · South, 1 Dec 2025 others: North 2, not a running total (7 Dec 2025)" in row
    later = part(read("/agreements/truce/?as_of=2026-01-30"), "obligation-bridge")
    assert "Planks laid: 2 of 100, not a running total · North, 7 Dec 2025" in later


def test_an_old_figure_is_the_last_known_one_unless_all_is_done(truce: Agreement) -> None:
    duty = bridge(truce)
    counted = factories.event(truce, "2025-12-07", effects=[duty])
    for label, target in (("Planks", 100), ("Posts", 60)):
        measure = factories.measure(duty, label=label, unit=label, target=target)
        factories.observation(measure, counted, 60, originator=factories.actor(name=f"Count of {label}"))
    eve = part(read("/agreements/truce/?as_of=2026-02-04"), "obligation-bridge")
    assert "Planks: 60 of 100 · Count of Planks, 7 Dec 2025" in eve
    row = part(read("/agreements/truce/?as_of=2026-02-05"), "obligation-bridge")
    assert "Planks: 60 of 100 · Count of Planks, last known 7 Dec 2025" in row
    assert "Posts: 60 of 60 · Count of Posts, 7 Dec 2025" in row
    factories.assessed(duty, "2025-12-10", 3)
    done = part(read("/agreements/truce/?as_of=2026-02-05"), "obligation-bridge")
    assert "Planks: 60 of 100 · Count of Planks, 7 Dec 2025" in done


def test_what_is_owed_stands_before_what_is_only_counted(truce: Agreement) -> None:
    duty = bridge(truce)
    counted = factories.event(truce, "2025-12-07", effects=[duty])
    for code, target in (("beams", None), ("planks", 100)):
        factories.observation(factories.measure(duty, code, target=target), counted, 60)
    row = part(read("/agreements/truce/?as_of=2025-12-18"), "obligation-bridge")
    assert row.index("Number of planks") < row.index("Number of beams")


def test_a_planned_figure_is_no_figure(truce: Agreement) -> None:
    duty = bridge(truce)
    planks = factories.measure(duty, label="Planks laid", target=100)
    promised = factories.event(truce, "2025-11-01", effects=[duty])
    factories.observation(planks, promised, 80, nature="planned")
    assert "Planks laid: no figure on record (target 100 items)" in words(read("/agreements/truce/?as_of=2025-12-18"))


def test_a_stalled_duty_shows_each_sides_position_in_its_own_words(truce: Agreement) -> None:
    north, south, paper = factories.actor(name="North"), factories.actor(name="South"), factories.actor(kind="media")
    envoy = factories.actor(name="The envoy", kind="person", parent=north)
    duty = bridge(truce)
    spoken = [
        ("2025-12-01", {"originator": north, "quote": "an older word"}),
        ("2025-12-14", {"originator": envoy, "quote": "a legitimate right"}),
        ("2025-12-15", {"originator": south, "quote": "it will be opened", "stance": Stance.DENIES}),
        ("2025-12-16", {"originator": paper, "quote": "dragging their feet"}),
        ("2025-12-17", {"originator": south, "quote": "passed on", "stance": Stance.RELAYS}),
    ]
    for day, report in spoken:
        factories.event(truce, day, effects=[(duty, "sets_back")], reports=[report])
    factories.assessed(duty, "2025-12-10", 0, direction="stalled")
    response = read("/agreements/truce/?as_of=2025-12-18")
    row = part(response, "obligation-bridge")
    assert "North, The envoy: a legitimate right, 14 Dec 2025" in row
    assert "Denied by: South: it will be opened, 15 Dec 2025" in row
    assert "an older word" not in row, "each side once, with its newest words"
    assert "dragging" not in row, "a newsroom is no side"
    assert "passed on" not in row, "what is passed on is not the speaker's position"
    assert '<q dir="auto">a legitimate right</q>' in response.content.decode()


def test_words_printed_after_the_day_are_not_quoted_on_it(truce: Agreement) -> None:
    duty = bridge(truce)
    later = factories.article(published_on="2026-01-26", title="What came of it all")
    report = {"article": later, "originator": factories.actor(), "quote": "hindsight"}
    factories.event(truce, "2025-12-01", effects=[(duty, "sets_back")], reports=[report])
    factories.assessed(duty, "2025-12-10", 0, direction="stalled")
    assert "hindsight" in words(read("/agreements/truce/"))
    assert "hindsight" not in words(read("/agreements/truce/?as_of=2025-12-18"))


def test_sources_that_speak_for_one_another_count_once(truce: Agreement) -> None:
    north = factories.actor()
    duty = bridge(truce)
    reports = [{"originator": north}, {"originator": factories.actor(parent=north)}, {"originator": factories.actor()}]
    factories.event(truce, "2025-12-01", effects=[duty], reports=reports)
    assert "2 independent sources" in part(read("/agreements/truce/"), "obligation-bridge")


def test_a_row_says_what_it_waits_for_and_who_insists(truce: Agreement) -> None:
    north = factories.actor(name="North")
    mines = factories.obligation(truce, "mines", title="Mines are cleared")
    duty = bridge(truce)
    factories.condition(duty, mines, actor=north)
    factories.assessed(mines, "2025-10-20", 1)
    said = part(read("/agreements/truce/?as_of=2025-12-18"), "obligation-bridge")
    assert (
        "Waits for Mines are cleared (North insists; level 1 of 3 so far; since when they insist is not recorded)"
        in said
    )
    now = part(read("/agreements/truce/"), "obligation-bridge")
    assert "Waits for Mines are cleared (North insists; level 1 of 3 so far)" in now
    factories.assessed(mines, "2025-11-20", 3)
    assert "Waits for" not in part(read("/agreements/truce/?as_of=2025-12-18"), "obligation-bridge")


def test_duties_that_wait_for_one_another_are_called_out(truce: Agreement) -> None:
    first, second = bridge(truce), factories.obligation(truce, "mines")
    factories.condition(first, second, actor=factories.actor())
    factories.condition(second, first, actor=factories.actor())
    said = words(read("/agreements/truce/"))
    assert said.count("each waits for the other") == 2


# A phase


def test_declarations_stand_side_by_side_even_where_they_contradict(truce: Agreement) -> None:
    us, israel = factories.actor(name="United States"), factories.actor(name="Israel")
    witkoff = factories.actor(name="Steve Witkoff", kind="person", parent=us)
    bridge(truce)
    phase = factories.phase(truce)
    factories.declaration(phase, witkoff, "2026-01-14", "begun")
    factories.declaration(phase, israel, "2026-01-14", "not_begun")
    said = part(read("/agreements/truce/?as_of=2026-01-20"), "phase-1")
    assert "United States (Steve Witkoff): begun, 14 Jan 2026, Outlet" in said
    assert "Israel: not begun, 14 Jan 2026, Outlet" in said
    assert "The sides contradict one another." in said
    assert "Witkoff" not in words(read("/agreements/truce/?as_of=2026-01-13"))


def test_the_score_is_a_small_range_that_says_how_much_is_assessed(truce: Agreement) -> None:
    factories.assessed(bridge(truce), "2025-10-20", 3)
    factories.obligation(truce)
    response = read("/agreements/truce/?as_of=2025-12-18")
    assert "1 of 2 assessed, score 50 to 100 of 100." in part(response, "phase-1-note")
    assert 'href="/methodology/?as_of=2025-12-18#score"' in response.content.decode()
    assert "score" not in part(response, "standfirst")


def test_a_condition_of_the_text_takes_a_duty_out_of_the_score_and_that_of_a_party_does_not(truce: Agreement) -> None:
    gate = bridge(truce)
    factories.assessed(gate, "2025-10-20", 2)
    told = factories.obligation(truce, nature=Nature.CONDITIONAL)
    asked = factories.obligation(truce, nature=Nature.CONDITIONAL)
    for duty in (told, asked):
        factories.assessed(duty, "2025-10-20", 0)
    factories.condition(told, gate)
    factories.condition(asked, gate, actor=factories.actor(name="North"))
    assert "2 of 3 already bind, 2 of these assessed, score 33.3 of 100." in part(
        read("/agreements/truce/"), "phase-1-note"
    )


def test_without_any_assessment_there_is_no_score(truce: Agreement) -> None:
    bridge(truce)
    assert "score" not in words(read("/agreements/truce/"))


# The column


def test_open_conditions_of_a_phase_name_who_insists_and_admit_what_is_not_recorded(truce: Agreement) -> None:
    north = factories.actor(name="North")
    duty = bridge(truce)
    factories.assessed(duty, "2025-10-20", 2)
    factories.condition(factories.phase(truce, 2), duty, actor=north)
    past = part(read("/agreements/truce/?as_of=2025-12-18"), "context")
    assert "What phase two waits for The bridge is opened North insists · level 2 of 3 so far" in past
    assert past.count("Since when each insists is not recorded.") == 1
    assert "Since when each insists is not recorded." in part(read("/agreements/truce/"), "context")
    factories.assessed(duty, "2025-12-01", 3)
    assert "Every condition named for it is met." in part(read("/agreements/truce/"), "context")


def test_scheduled_meetings_name_the_delegations_until_their_outcome_is_known(truce: Agreement) -> None:
    qatar = factories.actor(name="Qatar")
    envoy = factories.actor(name="The prime minister", kind="person", parent=qatar)
    article = factories.article(published_on="2025-12-18")
    held = factories.event(truce, "2025-12-19", title="The mediators met")
    factories.event(
        truce,
        "2025-12-19",
        title="The mediators are to meet",
        state="scheduled",
        place="Miami",
        outcome=held,
        actors=[(envoy, "participant")],
        reports=[article],
    )
    before = part(read("/agreements/truce/?as_of=2025-12-18"), "context")
    assert "19 Dec 2025, Miami The mediators are to meet The prime minister (Qatar)" in before
    assert "are to meet" not in words(read("/agreements/truce/?as_of=2025-12-17"))
    assert "are to meet" not in words(read("/agreements/truce/?as_of=2025-12-20"))


def test_what_was_announced_and_never_reported_says_so(truce: Agreement) -> None:
    announced = factories.article(published_on="2025-12-01")
    factories.event(truce, "2025-12-15", title="Soldiers are to arrive", state="scheduled", reports=[announced])
    said = part(read("/agreements/truce/?as_of=2025-12-18"), "context")
    assert "announced for 15 Dec 2025 Soldiers are to arrive no report that it took place" in said


def test_latest_changes_say_old_new_why_and_evidence(truce: Agreement) -> None:
    duty = bridge(truce)
    seen = factories.event(truce, "2025-11-02", title="Engineers start work", effects=[duty])
    factories.assessed(duty, "2025-10-20", 0, reason="Nobody has come.")
    factories.assessed(duty, "2025-11-02", 1, reason="Work has begun.", evidence=[seen])
    factories.assessed(duty, "2025-11-05", 2, reason="More work.")
    said = part(read("/agreements/truce/?as_of=2025-12-18"), "context")
    assert "Not started became Under way Work has begun. Evidence: Engineers start work" in said
    assert "still Under way level 1 to 2 More work." in said


def test_changes_before_the_latest_can_be_unfolded(truce: Agreement) -> None:
    duty = bridge(truce)
    for day in range(1, 9):
        factories.assessed(duty, f"2025-11-{day:02}", day % 2, reason=f"Look number {day}.")
    said = part(read("/agreements/truce/?as_of=2025-12-18"), "context")
    latest, before = said.split("Changes before these")
    assert "Look number 3." in latest
    assert "Look number 2." not in latest
    assert "Look number 2." in before
    assert "Look number 1." in before
    assert "Changes before these" not in part(read("/agreements/truce/?as_of=2025-11-06"), "context")


def test_reports_that_nobody_assessed_yet_are_listed(truce: Agreement) -> None:
    duty = bridge(truce)
    factories.assessed(duty, "2025-11-02", 1)
    factories.event(truce, "2025-11-20", title="A pier collapses", effects=[(duty, "sets_back")])
    factories.event(truce, "2025-11-21", title="A minister speaks", effects=[(duty, "context")])
    said = part(read("/agreements/truce/?as_of=2025-12-18"), "context")
    assert "Reported, not yet assessed 20 Nov 2025 A pier collapses on: The bridge is opened" in said
    assert "A minister speaks" not in said


# The agreement itself


def test_the_texts_say_who_accepted_them_and_who_disputes_being_bound(truce: Agreement) -> None:
    north, south = factories.actor(name="North"), factories.actor(name="South")
    text = factories.instrument(truce, title="The plan", date="2025-10-01")
    text.accepted_by.set([north])
    text.disputed_by.set([south])
    factories.instrument(truce, title="A later resolution", date="2025-11-17")
    factories.party(truce, north)
    factories.party(truce, south)
    truce.external_ids = {"pax": [2849, 2848], "wikidata": "Q1"}
    truce.save()
    said = part(read("/agreements/truce/?as_of=2025-11-16"), "text")
    assert "Both sides hold fire." in said
    assert "The plan, 1 Oct 2025 accepted by North · South disputes being bound by it" in said
    assert "A later resolution" not in said
    assert "Signatories North, South" in said
    assert "PA-X 2849, 2848 · Wikidata Q1" in said


# Days on which there is little to say


def test_before_the_signature_it_says_so_and_tells_nothing_of_the_text(truce: Agreement) -> None:
    party = factories.actor(name="North")
    factories.party(truce, party)
    bridge(truce, obligors=[party])
    factories.event(truce, "2025-09-29", title="A plan is published")
    factories.event(truce, "2025-10-12", title="A convoy arrives")
    said = words(read("/agreements/truce/?as_of=2025-10-05"))
    assert "Nothing had been signed by 5 Oct 2025" in said
    assert "The record of this agreement begins with an event of 29 Sep 2025" in said
    assert "A plan is published" in said
    for later in ("Both sides hold fire", "bridge", "North", "convoy", "in force"):
        assert later not in said


def test_signed_and_not_in_force_shows_what_was_promised(truce: Agreement) -> None:
    bridge(truce, due_on="2025-10-13")
    said = words(read("/agreements/truce/?as_of=2025-10-09"))
    assert "signed 9 Oct 2025, not yet in force" in said
    assert "Signed on 9 Oct 2025; not yet in force." in said
    assert "day " not in said.split("The river truce")[0]
    assert "Due 13 Oct 2025 in 4 days" in said
    assert "In effect from" not in said


def test_without_obligations_it_says_what_comes_next(truce: Agreement) -> None:
    said = words(read("/agreements/truce/"))
    assert "What comes next" in said
    assert "none of its obligations had been recorded here" in said


def test_a_phase_without_obligations_says_so(truce: Agreement) -> None:
    bridge(truce)
    factories.phase(truce, 2, title="Rebuilding")
    assert "No obligations recorded for this phase yet" in part(read("/agreements/truce/"), "phase-2")


def test_before_it_was_recorded_it_says_nothing_but_that(truce: Agreement) -> None:
    bridge(truce)
    said = words(read(f"/agreements/truce/?known_on={days_ago(1)}"))
    assert f"On {factories_day(days_ago(1))} nothing about this agreement had been recorded here yet" in said
    assert f"recording began on {factories_day(today())}" in said
    assert "Both sides hold fire" not in said
    assert "bridge" not in said


def factories_day(day: dt.date) -> str:
    return f"{day.day} {day:%b %Y}"


def test_an_ended_agreement_says_since_when_and_counts_no_more_days() -> None:
    ended = factories.agreement("old", states=[("in_force", "2025-10-10"), ("lapsed", "2025-11-01")])
    factories.assessed(factories.obligation(ended), "2025-10-20", 1)
    said = words(read("/agreements/old/?as_of=2025-12-18"))
    assert "lapsed on 1 Nov 2025" in said
    assert "Lapsed on 1 Nov 2025." in said
    assert "day 6" not in said


# Who may change it


def controls(client: Client, url: str = "/agreements/truce/") -> bool:
    return "/desk/obligations/" in read(url, client).content.decode()


def test_only_those_who_may_see_the_controls_and_only_on_the_present(truce: Agreement) -> None:
    duty = bridge(truce)
    factories.assessed(duty, "2025-10-20", 1)
    assert not controls(Client())
    reader, researcher = Client(), Client()
    reader.force_login(people.reader())
    researcher.force_login(people.researcher())
    assert not controls(reader)
    assert controls(researcher)
    assert not controls(researcher, f"/agreements/truce/?as_of={days_ago(1)}")
    text = read("/agreements/truce/", researcher).content.decode()
    assert f'id="change-bridge" href="/desk/obligations/{duty.pk}/status/"' in text
    assert f'href="/desk/obligations/{duty.pk}/check/"' in text
    assert 'hx-target="#form-bridge"' in text
    assert '<div class="row-form" id="form-bridge"></div>' in text


def test_pages_of_those_who_are_signed_in_are_never_kept(truce: Agreement) -> None:
    furnished(truce)
    researcher = Client()
    researcher.force_login(people.researcher())
    assert read("/agreements/truce/", researcher).headers["Cache-Control"] == "private, no-store"
    same_number_of_queries(lambda agreement: agreement.get_absolute_url(), researcher)
