"""The page of one obligation."""

import pytest
from django.template.loader import render_to_string
from django.test import Client

from tests import factories, people
from tests.browse.reading import (
    days_ago,
    furnished,
    nothing_loads_late,
    number_of_queries,
    part,
    read,
    words,
)
from tracker.codebook import Review, Stance
from tracker.models import Agreement, Assessment, Obligation, Vantage, today
from tracker.models.histories import history
from tracker.models.standing import board

pytestmark = pytest.mark.django_db

PAGE = "/agreements/truce/obligations/bridge/"


@pytest.fixture
def truce() -> Agreement:
    return factories.agreement("truce", title="The river truce")


@pytest.fixture
def bridge(truce: Agreement) -> Obligation:
    return factories.obligation(
        truce,
        "bridge",
        title="The bridge is opened",
        obligors=[factories.actor(name="North")],
        beneficiaries=[factories.actor(name="South")],
    )


def test_an_unknown_obligation_is_404_in_the_design(truce: Agreement) -> None:
    assert "no obligation with this address" in words(read("/agreements/truce/obligations/none/", status=404))
    read("/agreements/none/obligations/bridge/", status=404)


def test_the_page_costs_the_same_queries_for_any_amount_of_data(monkeypatch: pytest.MonkeyPatch) -> None:
    little, much = furnished(factories.agreement()), furnished(factories.agreement(), times=3)
    first, second = little.obligations.first(), much.obligations.first()
    assert first
    assert second
    for _ in range(3):
        furnished_more(second)
    for query in ("", f"?as_of={days_ago(10)}"):
        few, many = (number_of_queries(f"{duty.get_absolute_url()}{query}") for duty in (first, second))
        assert few == many
    nothing_loads_late(monkeypatch)
    read(second.get_absolute_url())


def furnished_more(duty: Obligation) -> None:
    event = factories.event(
        duty.agreement, days_ago(20), effects=[duty], reports=[{"quote": "so", "originator": factories.actor()}]
    )
    factories.assessed(duty, days_ago(20), 2, evidence=[event])
    factories.checked(duty, days_ago(10))


# What was agreed


def test_it_shows_the_clause_the_text_and_who_disputes_being_bound(truce: Agreement, bridge: Obligation) -> None:
    text = factories.instrument(truce, title="The plan", date="2025-10-01")
    text.disputed_by.set([factories.actor(name="South Wing")])
    bridge.instrument, bridge.clause = text, factories.clause(text, "4", text="The bridge opens to all.")
    bridge.due_on, bridge.due_rule = "2025-10-13", "within three days"
    bridge.save()
    said = part(read(PAGE), "promised")
    assert "4 The bridge opens to all." in said
    assert "The plan, 1 Oct 2025 South Wing disputes being bound by it" in said
    assert "Who owes it North" in said
    assert "To whom South" in said
    assert "By when 13 Oct 2025; within three days" in said
    assert "Done once" in said


def test_without_a_date_it_says_that_the_text_has_none(bridge: Obligation) -> None:
    assert "By when no date in the text" in part(read(PAGE), "promised")


# Where it stands


def test_it_says_where_it_stands_and_by_which_rule(truce: Agreement, bridge: Obligation) -> None:
    bridge.due_on = "2025-10-13"
    bridge.save()
    factories.assessed(bridge, "2025-10-20", 2, reason="Half of it is open.")
    said = part(read(f"{PAGE}?as_of=2025-12-18"), "status-now")
    assert "Overdue level 2 of 3" in said
    assert "last judged 20 Oct 2025 · 66 days late, due 13 Oct 2025" in said
    assert "Half of it is open." in said
    assert "Why “Overdue”: Its due date has passed and it is not done in full (level 3)" in said


def test_what_was_reported_since_stands_beside_the_status(truce: Agreement, bridge: Obligation) -> None:
    factories.assessed(bridge, "2025-10-20", 2)
    assert "not assessed yet" not in part(read(PAGE), "status-now")
    factories.event(truce, "2025-11-02", title="The bridge is closed", effects=[bridge])
    said = part(read(PAGE), "status-now")
    assert "1 newer event bears on it and is not assessed yet · The bridge is closed · 2 Nov 2025" in said
    assert "The bridge is closed" in part(read(PAGE), "unassessed")


def test_not_assessed_is_said_not_to_mean_that_nothing_was_done(bridge: Obligation) -> None:
    said = part(read(PAGE), "status-now")
    assert "Not assessed" in said
    assert "This does not mean that nothing was done." in said


def test_its_title_says_how_it_stood_so_that_no_citation_reads_as_if_it_was_done(bridge: Obligation) -> None:
    factories.assessed(bridge, "2025-10-20", 0, direction="stalled")
    assert "<title>The bridge is opened: Stalled, 18 Dec 2025 · " in read(f"{PAGE}?as_of=2025-12-18").content.decode()
    assert "<title>The bridge is opened: Stalled · " in read(PAGE).content.decode()


def test_it_offers_a_sentence_to_quote_with_both_dates(truce: Agreement, bridge: Obligation) -> None:
    factories.assessed(bridge, "2025-10-20", 2)
    said = part(read(f"{PAGE}?as_of=2025-12-18"), "quote")
    assert "On 18 Dec 2025, day 69 of the agreement, “The bridge is opened”, an obligation under" in said
    assert "“The river truce” owed by North, was “Under way” at level 2 of 3, as last judged on 20 Oct 2025." in said
    assert "judged on" not in part(read(f"{PAGE}?as_of=2025-10-20"), "quote")
    assert f"{PAGE}?as_of=2025-12-18&known_on={today()}" in said
    assert f"{PAGE}?as_of={today()}&known_on={today()}" in part(read(PAGE), "quote")


# How it came about


def test_the_history_says_old_new_the_three_dates_who_why_and_on_what_evidence(
    truce: Agreement, bridge: Obligation
) -> None:
    article = factories.article(
        title="Work on the bridge",
        published_on="2025-11-03",
        outlet=factories.outlet("River News"),
        archive_url="https://archive.example/1",
    )
    engineer = factories.actor(name="The engineer", parent=factories.actor(name="North Works"))
    seen = factories.event(
        truce,
        "2025-11-02",
        title="Engineers start work",
        effects=[bridge],
        reports=[{"article": article, "originator": engineer, "quote": "we have begun"}],
    )
    factories.assessed(bridge, "2025-10-20", 0)
    judged = factories.assessed(
        bridge, "2025-11-02", 1, direction="advancing", reason="Work has begun.", evidence=[seen], byline="Researcher 3"
    )
    response = read(PAGE)
    said = part(response, f"assessment-{judged.pk}")
    assert "Not started became Under way level 1 of 3" in said
    assert "Work has begun." in said
    assert "Became true 2 Nov 2025" in said
    assert "Earliest report of its evidence 3 Nov 2025" in said
    assert f"Recorded {today().day} {today():%b %Y}" in said
    assert "UTC, coded in retrospect" in said
    assert "By Researcher 3" in said
    assert "Direction Advancing" in said
    assert "How it fits As agreed" in said
    assert "Engineers start work 2 Nov 2025 · advances" in said
    assert "we have begun" in said
    assert "Said by: The engineer (North Works) · River News, Work on the bridge, published 3 Nov 2025" in said
    text = response.content.decode()
    assert f'href="{article.url}"' in text
    assert 'href="https://archive.example/1"' in text


def test_what_was_recorded_soon_is_not_called_retrospective(bridge: Obligation) -> None:
    factories.assessed(bridge, days_ago(5), 1)
    assert "retrospect" not in words(read(PAGE))


def test_a_correction_shows_both_records_and_what_was_wrong(bridge: Obligation) -> None:
    first = factories.assessed(bridge, "2025-10-20", 3, reason="It is open.")
    second = factories.assessed(
        bridge,
        "2025-10-20",
        1,
        reason="One lane is open.",
        supersedes=first,
        correction_reason="The photo was older.",
    )
    response = read(PAGE)
    earlier, later = (part(response, f"assessment-{one.pk}") for one in (first, second))
    assert "This record was corrected. What counts is the record entered on" in earlier
    assert "The photo was older." in earlier
    assert "Corrects the record entered on" in later
    assert "The photo was older." in later
    assert "Under way" in part(response, "status-now")
    assert f'<li class="history-item withdrawn" id="assessment-{first.pk}">' in response.content.decode()
    assert f'<li class="history-item" id="assessment-{second.pk}">' in response.content.decode()


def test_a_withdrawn_record_stays_visible_with_its_reason_and_counts_for_nothing(bridge: Obligation) -> None:
    factories.assessed(bridge, "2025-10-20", 1)
    wrong = factories.assessed(bridge, "2025-11-20", 3)
    wrong.retract("It was another bridge.", byline="Reviewer 1")
    response = read(PAGE)
    assert "It was another bridge. (Reviewer 1)" in part(response, f"assessment-{wrong.pk}")
    assert "Under way" in part(response, "status-now")


def test_a_withdrawn_correction_leaves_the_earlier_record_standing(bridge: Obligation) -> None:
    first = factories.assessed(bridge, "2025-10-20", 1)
    second = factories.assessed(bridge, "2025-10-20", 3, supersedes=first)
    factories.retracted(second)
    response = read(PAGE)
    assert "was corrected" not in part(response, f"assessment-{first.pk}")
    assert "In its place counts the record entered on" in part(response, f"assessment-{second.pk}")
    assert "Under way" in part(response, "status-now")


def test_what_was_corrected_or_withdrawn_later_stands_untouched_on_the_earlier_record_day(
    truce: Agreement,
) -> None:
    early, late = factories.moment("2026-01-05"), factories.moment("2026-02-05")
    old = factories.agreement("old", recorded_at=early)
    duty = factories.obligation(
        old, "bridge", recorded_at=early, phase=factories.phase(old, recorded_at=early), obligors=[factories.actor()]
    )
    seen = factories.event(old, "2025-10-20", effects=[duty], recorded_at=early)
    first = factories.assessed(duty, "2025-10-20", 3, evidence=[seen], recorded_at=early)
    second = factories.assessed(duty, "2025-10-20", 1, evidence=[seen], supersedes=first, recorded_at=late)
    page = duty.get_absolute_url()
    then = read(f"{page}?known_on=2026-01-10")
    assert "Fulfilled" in part(then, "status-now")
    assert "corrected" not in words(then)
    assert str(second.pk) not in then.content.decode()
    assert "Under way" in part(read(f"{page}?known_on=2026-02-10"), "status-now")


def test_evidence_that_came_after_the_day_is_not_shown_on_it(truce: Agreement, bridge: Obligation) -> None:
    later = factories.event(truce, "2026-01-10", title="An inquiry reports", effects=[bridge])
    factories.assessed(bridge, "2025-11-20", 1, evidence=[later])
    assert "An inquiry reports" in words(read(PAGE))
    said = words(read(f"{PAGE}?as_of=2025-12-18"))
    assert "An inquiry reports" not in said
    assert "Its evidence is dated after this day." in said


def test_of_an_article_that_appeared_after_the_day_neither_title_nor_words_are_shown(
    truce: Agreement, bridge: Obligation
) -> None:
    hindsight = factories.article(title="How it all ended", published_on="2026-01-26")
    report = {"article": hindsight, "quote": "in the end"}
    seen = factories.event(truce, "2025-11-20", effects=[bridge], reports=[{}, report])
    factories.assessed(bridge, "2025-11-20", 1, evidence=[seen])
    text = read(f"{PAGE}?as_of=2025-12-18").content.decode()
    assert "How it all ended" not in text
    assert "in the end" not in text
    assert "an article published later" in text
    assert "How it all ended" in read(PAGE).content.decode()


def test_what_is_not_published_is_nowhere(truce: Agreement, bridge: Obligation) -> None:
    truce.review = Review.REQUIRED
    truce.save()
    bridge.agreement = truce
    seen = factories.event(truce, "2025-11-20", effects=[bridge])
    factories.assessed(bridge, "2025-11-20", 2, reason="A proposal.", evidence=[seen], by=people.researcher())
    response = read(PAGE)
    assert "A proposal." not in response.content.decode()
    assert "Not assessed" in part(response, "status-now")


# Who says what


def test_positions_are_told_side_by_side_in_their_own_words_over_time(truce: Agreement, bridge: Obligation) -> None:
    north, south = factories.actor(name="Northern Council"), factories.actor(name="Southern Council")
    envoy = factories.actor(name="The envoy", parent=north)
    for day, who, quote in (
        ("2025-11-01", north, "never"),
        ("2025-12-01", envoy, "perhaps"),
        ("2025-12-05", south, "at once"),
    ):
        factories.event(truce, day, effects=[(bridge, "context")], reports=[{"originator": who, "quote": quote}])
    said = part(read(f"{PAGE}?as_of=2025-12-18"), "positions")
    assert said.index("Southern Council") < said.index("at once") < said.index("Northern Council")
    assert said.index("perhaps") < said.index("never")
    assert "Said by: The envoy (Northern Council)" in said
    assert "perhaps" not in words(read(f"{PAGE}?as_of=2025-11-30"))


def test_every_figure_is_in_the_table_with_who_gives_it_and_what_is_owed(truce: Agreement, bridge: Obligation) -> None:
    planks = factories.measure(
        bridge, label="Planks laid", unit="planks", target=100, target_basis="the plan, point 5", not_counted="rails"
    )
    seen = factories.event(truce, "2025-11-01", effects=[bridge])
    factories.observation(planks, seen, 40, originator=factories.actor(name="North Works"), low=38, high=42)
    factories.observation(planks, seen, 90, originator_text="officials", nature="planned", counts="new", note="by May")
    said = part(read(PAGE), "figures")
    assert "Planks laid; 100 planks owed (the plan, point 5). Left out: rails" in said
    assert "North Works 38 to 42 1 Nov 2025 Actual" in said
    assert "officials 90 1 Nov 2025 Planned, new; by May" in said


def test_events_say_what_they_mean_for_it_and_who_stands_behind_them(truce: Agreement, bridge: Obligation) -> None:
    north = factories.actor(name="North Army")
    factories.event(
        truce,
        "2025-11-20",
        title="A shell hits the bridge",
        effects=[(bridge, "breaches")],
        accused=[north],
        reports=[{"originator": factories.actor(name="South Army")}, {"originator": north, "stance": Stance.DENIES}],
    )
    late = factories.article(published_on="2026-01-20")
    factories.event(truce, "2025-11-25", title="A secret meeting", effects=[(bridge, "context")], reports=[late])
    said = part(read(f"{PAGE}?as_of=2025-12-18"), "events")
    assert "A shell hits the bridge Breaches, alleged · South Army and North Army; 2 independent sources" in said
    assert "25 Nov 2025 reported later A secret meeting" in said
    assert "reported later" not in part(read(PAGE), "events")


def test_it_says_what_waits_for_what(truce: Agreement, bridge: Obligation) -> None:
    mines = factories.obligation(truce, "mines", title="Mines are cleared")
    factories.condition(bridge, mines)
    factories.condition(factories.phase(truce, 2, title="Rebuilding"), bridge, actor=factories.actor(name="South Wing"))
    said = words(read(PAGE))
    assert "What it waits for Mines are cleared by the text · asks for level 3, not assessed" in said
    assert "What waits for it Phase 2: Rebuilding South Wing insists · asks for level 3" in said
    factories.condition(bridge, factories.obligation(truce, title="Tolls end"), actor=factories.actor(name="East"))
    assert "Tolls end East insists · asks for level 3, not assessed No words of East on this" in words(read(PAGE))
    assert "What waits for it The bridge is opened by the text" in words(read("/agreements/truce/obligations/mines/"))


def test_looks_that_found_nothing_new_are_told(bridge: Obligation) -> None:
    factories.assessed(bridge, "2025-10-20", 1)
    factories.checked(bridge, "2025-12-01", "the usual places")
    said = words(read(f"{PAGE}?as_of=2025-12-18"))
    assert "Looked at 1 Dec 2025 nothing new, the usual places" in said
    assert "checked 17 days before" in said
    assert "the usual places" not in words(read(f"{PAGE}?as_of=2025-11-18"))


# Other days


def test_before_it_was_agreed_the_page_has_none_of_its_words(truce: Agreement) -> None:
    factories.obligation(truce, "later", title="Reports are sent", agreed_on="2025-11-17")
    said = words(read("/agreements/truce/obligations/later/?as_of=2025-11-16"))
    assert "this obligation had not been agreed" in said
    assert "Reports are sent" not in said
    assert "Reports are sent" in words(read("/agreements/truce/obligations/later/?as_of=2025-11-17"))


def test_before_the_agreement_was_recorded_nothing_is_said(bridge: Obligation) -> None:
    said = words(read(f"{PAGE}?known_on={days_ago(1)}"))
    assert "nothing about this agreement had been recorded here yet" in said
    assert "bridge" not in said


# Who may change it


def test_controls_are_for_those_who_may_and_for_what_counts(truce: Agreement, bridge: Obligation) -> None:
    first = factories.assessed(bridge, "2025-10-20", 3)
    second = factories.assessed(bridge, "2025-10-20", 1, supersedes=first)
    researcher, reader = Client(), Client()
    researcher.force_login(people.researcher())
    reader.force_login(people.reader())
    text = read(PAGE, researcher).content.decode()
    assert f'id="change-bridge" href="/desk/obligations/{bridge.pk}/status/"' in text
    assert f'href="/desk/assessments/{second.pk}/correct/"' in text
    assert f'href="/desk/assessments/{second.pk}/retract/"' in text
    assert f"/desk/assessments/{first.pk}/" not in text
    assert f'<div class="history-form" id="form-{second.pk}"></div>' in text
    assert "/desk/obligations/" not in read(PAGE, reader).content.decode()
    assert "/desk/obligations/" not in read(PAGE).content.decode()
    assert "/desk/assessments/" not in read(f"{PAGE}?as_of={days_ago(1)}", researcher).content.decode()


def test_where_review_is_required_only_reviewers_are_offered_to_withdraw(truce: Agreement, bridge: Obligation) -> None:
    judged = factories.assessed(bridge, "2025-10-20", 1)
    truce.review = Review.REQUIRED
    truce.save()
    researcher, reviewer = Client(), Client()
    researcher.force_login(people.researcher())
    reviewer.force_login(people.reviewer())
    assert f"/desk/assessments/{judged.pk}/retract/" not in read(PAGE, researcher).content.decode()
    assert f"/desk/assessments/{judged.pk}/retract/" in read(PAGE, reviewer).content.decode()


def test_the_parts_that_an_inline_change_replaces_render_on_their_own(truce: Agreement, bridge: Obligation) -> None:
    factories.assessed(bridge, "2025-10-20", 1)
    vantage = Vantage.now()
    standing = board(truce, vantage)
    row = standing.row("bridge")
    assert row
    shared = {"row": row, "board": standing, "q": "", "vantage": vantage, "known_on": vantage.today, "can_assess": True}
    entries = history(standing, row)
    for template, root in (
        ("_row", '<li class="row" id="obligation-bridge" hx-swap-oob="true">'),
        ("_status_now", '<div class="status-now" id="status-now" hx-swap-oob="true">'),
        ("_history", '<ol class="history" id="history" hx-swap-oob="true">'),
        ("_quote", '<p class="copy-line" id="quote" hx-swap-oob="true">'),
    ):
        drawn = render_to_string(f"browse/{template}.html", shared | {"history": entries, "oob": True}).strip()
        assert drawn.startswith(root)
        assert drawn.endswith(f"</{root[1:].split()[0]}>")
    counts = render_to_string("browse/_counts.html", shared)
    for part_id in ("standfirst", "phase-1-head", "phase-1-note", "context"):
        assert f'id="{part_id}"' in counts
    assert counts.count('hx-swap-oob="true"') == 4
    assert Assessment.objects.count() == 1
