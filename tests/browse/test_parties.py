"""The parties of an agreement: the parity tables against the raw rows, and what the record has by week."""

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from pytest_django import DjangoDbBlocker

from tests import factories
from tests.browse.reading import days_ago, nothing_loads_late, part, read, same_number_of_queries, words
from tests.browse.test_the_gaza_case import demo
from tracker.browse.rates import series
from tracker.codebook import Category, Stance, Verification
from tracker.exchange.casefile import load
from tracker.models import Actor, Agreement, Article, Event, Obligation, Observation, Report, Vantage, today
from tracker.models.parties import parity
from tracker.models.standing import board, fetched
from tracker.models.weekly import weekly
from tracker.rubric.rates import ENOUGH_EVENTS

pytestmark = pytest.mark.django_db

PAGE = "/agreements/truce/parties/"
RATES = "/agreements/truce/rates/"


@pytest.fixture
def truce() -> Agreement:
    return factories.agreement("truce", title="The river truce")


@pytest.fixture
def north() -> Actor:
    return factories.actor("north", name="North")


@pytest.fixture
def south() -> Actor:
    return factories.actor("south", name="South")


def row(response: Any, name: str, table: int = 0) -> list[str]:
    """The cells of a party's row in one of the two tables."""
    tables = re.findall(r"<table.*?</table>", response.content.decode(), re.DOTALL)
    for found in re.findall(r"<tr>.*?</tr>", tables[table], re.DOTALL):
        cells = [re.sub(r"<[^>]+>", "", cell).strip() for cell in re.findall(r"<t[hd].*?</t[hd]>", found, re.DOTALL)]
        if cells[0].split()[:1] == name.split()[:1]:
            return cells[1:]
    raise AssertionError(f"no row {name}")


def test_the_page_costs_the_same_queries_for_any_amount_of_data(monkeypatch: pytest.MonkeyPatch) -> None:
    same_number_of_queries(lambda agreement: f"{agreement.get_absolute_url()}parties/")
    nothing_loads_late(monkeypatch)
    for query in ("", f"?as_of={days_ago(10)}", "?as_of=2025-10-05", f"?known_on={days_ago(1)}"):
        read(f"{Agreement.objects.first().get_absolute_url()}parties/{query}")  # type: ignore[union-attr]  # made above


# The parity tables


def test_what_a_party_owes_is_counted_with_what_came_of_it(truce: Agreement, north: Actor, south: Actor) -> None:
    army = factories.actor(name="Army of the North", parent=north)
    late = factories.obligation(truce, "late", obligors=[north], due_on="2025-10-13")
    factories.measure(late)
    factories.assessed(late, "2025-10-20", 1)
    done = factories.obligation(truce, "done", obligors=[army], due_on="2025-10-13")
    factories.assessed(done, "2025-10-20", 3)
    factories.obligation(truce, "shared", obligors=[south, army])
    response = read(f"{PAGE}?as_of=2025-12-18")
    # Duties, with others, dated, measured, assessed, fulfilled or kept, overdue, done late.
    assert row(response, "North") == ["3", "1", "2", "1", "2", "1", "1", "1"]
    assert row(response, "South") == ["1", "1", "0", "0", "0", "0", "0", "0"]


def test_a_breach_counts_once_for_each_party_accused_whoever_acts_for_it(
    truce: Agreement, north: Actor, south: Actor
) -> None:
    army = factories.actor(name="Army of the North", parent=north)
    stranger = factories.actor(name="Stranger")
    guns = factories.obligation(truce, "guns", obligors=[north, south])
    gates = factories.obligation(truce, "gates", obligors=[north])
    both = [(guns, "breaches"), (gates, "breaches")]
    factories.event(truce, "2025-10-20", effects=both, accused=[army, north], reports=[{}, {}])
    factories.event(truce, "2025-10-21", effects=[(guns, "breaches")], accused=[north, south], verification="verified")
    factories.event(truce, "2025-10-22", effects=[(guns, "sets_back")], accused=[north])
    factories.event(truce, "2025-10-23", effects=[(guns, "breaches")], accused=[stranger], title="Not one of them")
    response = read(PAGE)
    # Alleged, admitted, observed, verified, refuted, undetermined, statements, accepted, disputed.
    assert row(response, "North", 1) == ["1", "0", "0", "1", "0", "0", "0", "0", "0"]
    assert row(response, "South", 1) == ["0", "0", "0", "1", "0", "0", "0", "0", "0"]
    assert "Not one of them" in part(response, "strangers")
    assert row(read(f"{PAGE}?as_of=2025-10-20"), "North", 1)[:4] == ["1", "0", "0", "0"]


def test_what_the_one_accused_justifies_is_counted_and_a_denial_or_anothers_defence_is_not(
    truce: Agreement, north: Actor, south: Actor
) -> None:
    army = factories.actor(name="Army of the North", parent=north)
    duty = factories.obligation(truce, "guns", obligors=[north, south])
    later = factories.article(published_on="2025-12-01")
    told: list[dict[str, Any]] = [
        {"originator": army, "stance": Stance.JUSTIFIES},
        {"originator": north, "stance": Stance.DENIES},
        {"originator": south, "stance": Stance.JUSTIFIES},
        {"originator": north, "stance": Stance.JUSTIFIES, "article": later},
    ]
    for number, report in enumerate(told):
        factories.event(
            truce,
            f"2025-10-2{number}",
            effects=[(duty, "breaches")],
            accused=[north],
            verification="admitted",
            reports=[report],
            title=f"Shot {number}",
        )
    before = read(f"{PAGE}?as_of=2025-11-20")
    said = part(before, "parity")
    assert "North is accused in 4 of these. Of them, justified by the one accused as allowed: 1." in said
    assert "None of them says that the act broke the text" in said
    assert 'href="#justified-north"' in before.content.decode()
    defended = re.split('id="justified-north"', before.content.decode())[1]
    assert "Shot 0" in defended
    assert "Shot 1" not in defended
    assert "justified by the one accused as allowed: 2." in part(read(PAGE), "parity")


def test_statements_are_quotations_in_the_partys_own_words(truce: Agreement, north: Actor) -> None:
    speaker = factories.actor(name="Speaker", parent=north, kind="person")
    duty = factories.obligation(truce, obligors=[north])
    told: list[Article | dict[str, Any]] = [
        {"originator": speaker, "quote": "we shall see"},
        {"originator": north, "quote": "they said so", "stance": Stance.RELAYS},
        {"originator": north},
        {"originator": factories.actor(), "quote": "not ours"},
        {"originator": north, "quote": "of later", "article": factories.article(published_on="2025-12-01")},
    ]
    factories.event(truce, "2025-10-20", effects=[duty], reports=told)
    assert row(read(f"{PAGE}?as_of=2025-11-01"), "North", 1)[6] == "1"
    now = read(PAGE)
    assert row(now, "North", 1)[6] == "2"
    assert "we shall see" in part(now, "party-north")
    assert "of later" not in words(read(f"{PAGE}?as_of=2025-11-01"))


def test_statements_stand_by_the_day_of_what_they_are_about(truce: Agreement, north: Actor) -> None:
    duty = factories.obligation(truce, obligors=[north])
    printed = [("2025-10-22", None), ("2025-10-20", "2025-10-30"), ("2025-10-24", "2025-10-24")]
    for day, published in printed:
        article = factories.article(published_on=published)
        told = {"originator": north, "quote": f"said on {day[-2:]}", "article": article}
        factories.event(truce, day, effects=[duty], reports=[told])
    said = part(read(PAGE), "party-north")
    assert said.index("said on 24") < said.index("said on 22") < said.index("said on 20")


def test_texts_accepted_and_disputed_and_roles(truce: Agreement, north: Actor, south: Actor) -> None:
    factories.party(truce, south, "guarantor")
    factories.obligation(truce, obligors=[north])
    text = factories.instrument(truce, title="The letter", date="2025-10-09")
    text.accepted_by.set([north])
    text.disputed_by.set([south])
    response = read(PAGE)
    assert row(response, "North", 1)[7:] == ["1", "0"]
    assert row(response, "South", 1)[7:] == ["0", "1"]
    assert "Disputes being bound by: The letter" in part(response, "party-south")
    said = part(response, "parity")
    assert said.index("South Guarantor") < said.index("North")


def test_whom_an_assessment_is_about_is_named_in_the_list(truce: Agreement, north: Actor, south: Actor) -> None:
    duty = factories.obligation(truce, obligors=[north, south], title="Roads are mended")
    factories.assessed(duty, "2025-10-20", 1, attributed_to=[south])
    assert "assessed of South" in part(read(PAGE), "party-north")


def test_every_number_leads_to_what_is_behind_it(truce: Agreement, north: Actor) -> None:
    duty = factories.obligation(truce, obligors=[north], due_on="2025-10-13")
    told = [{"originator": north, "quote": "we shall see"}]
    factories.event(truce, "2025-10-20", effects=[(duty, "breaches")], accused=[north], reports=told)
    page = read(PAGE).content.decode()
    aims = set(re.findall(r'<td class="num"><a href="#([^"]+)"', page))
    assert aims == {"duties-north", "breaches-north-alleged", "said-north"}
    assert all(f'id="{aim}"' in page for aim in aims)


def test_the_rule_stands_on_the_page(truce: Agreement, north: Actor) -> None:
    factories.obligation(truce, obligors=[north])
    said = words(read(PAGE))
    assert "The same rule runs for every party" in said
    assert "A duty that several owe together counts for each of them" in said


# By week


def hostile(truce: Agreement, north: Actor) -> Obligation:
    return factories.obligation(truce, "guns", obligors=[north], category=Category.HOSTILITIES, title="Guns are silent")


def test_violent_events_are_counted_by_week_and_bulletins_are_not(truce: Agreement, north: Actor) -> None:
    hostile(truce, north)
    for day in ("2025-12-18", "2025-12-01", "2025-12-02", "2025-11-18"):
        factories.event(truce, day, kind="strike")
    factories.event(truce, "2025-12-10", kind="attack", date_precision=3)
    factories.event(truce, "2025-12-10", kind="tally")
    factories.event(truce, "2025-10-01", kind="strike", title="Before the truce")
    said = part(read(f"{RATES}?as_of=2025-12-18"), "rate-strike")
    assert "In the four weeks to 18 Dec 2025: 4; in the four before: 1." in said
    assert "Higher than before" in said
    assert "Fewer events on record is not fewer events" in said
    assert "Before the truce" not in said
    address = "/agreements/truce/events/?as_of=2025-12-18&kind=strike&kind=attack&from=2025-10-10"
    assert address in read(f"{RATES}?as_of=2025-12-18").content.decode().replace("&amp;", "&")
    assert "5 events" in words(read(address))
    early = read(f"{RATES}?as_of=2025-12-14")
    assert "Too few to compare" in part(early, "rate-strike")
    assert ENOUGH_EVENTS == 5
    assert "Nor are events, where there are fewer than five in the eight weeks." in words(early)
    assert "19 Nov 2025" not in part(read(f"{RATES}?as_of=2025-11-18"), "rate-strike")


def test_strikes_stand_apart_by_who_is_accused(truce: Agreement, north: Actor, south: Actor) -> None:
    hostile(truce, north)
    army = factories.actor(name="Army of the North", parent=north)
    for day, accused in (("2025-12-18", [army, north]), ("2025-12-01", [north, south]), ("2025-12-02", [])):
        factories.event(truce, day, kind="strike", accused=accused)
    for _ in range(4):
        factories.event(truce, "2025-12-03", kind="strike", accused=[north, south])
    page = read(f"{RATES}?as_of=2025-12-18")
    ofs = {"rate-strike-north": "6", "rate-strike-south": "5", "rate-strike": "1"}
    for key, count in ofs.items():
        said = part(page, key)
        assert f"In the four weeks to 18 Dec 2025: {count}; in the four before: 0." in said
        assert "An event says nothing of its size." in said
    assert "Strikes and attacks on record, North accused" in part(page, "rate-strike-north")
    assert "Strikes and attacks on record, nobody accused" in part(page, "rate-strike")
    verdict = part(page, "verdict")
    assert "This compares the four weeks to 18 Dec 2025 with those before. Higher than before: Strikes" in verdict
    assert verdict.endswith("North accused; Strikes and attacks on record, South accused. None was lower.")
    before = read(f"{RATES}?as_of=2025-11-30").content.decode()
    assert "North accused" not in before
    assert 'id="rate-strike"' in before


def test_strikes_of_all_sides_are_drawn_to_one_scale(truce: Agreement, north: Actor, south: Actor) -> None:
    hostile(truce, north)
    for accused in (north, north, north, south):
        factories.event(truce, "2025-12-17", kind="strike", accused=[accused])
    day = dt.date(2025, 12, 18)
    found = weekly(board(truce, Vantage(day)))
    assert found
    charts = [one.chart for one in series(found, day, "") if one.key.startswith("rate-strike")]
    assert [[bar.height for bar in chart.bars] for chart in charts if chart] == [[102], [34]]


def test_totals_become_averages_that_say_so(truce: Agreement, north: Actor) -> None:
    deaths = factories.measure(
        hostile(truce, north), "deaths", label="Deaths", direction="at_most", counted="the dead of the valley"
    )
    office = factories.actor("office", name="Office")
    ministry = factories.actor("ministry", name="Ministry")
    bulletin = factories.event(truce, "2025-10-20", kind="tally")
    for day, value in (("2025-10-20", 10), ("2025-11-10", 40), ("2025-12-08", 60)):
        factories.observation(deaths, bulletin, value, day, counts="cumulative", originator=office)
    factories.observation(deaths, bulletin, 55, "2025-12-08", counts="cumulative", originator=ministry)
    response = read(f"{RATES}?as_of=2025-12-18")
    said = part(response, "rate-guns-deaths-office")
    assert "20 more from 10 Nov 2025 to 8 Dec 2025, 5 a week on average." in said
    assert "Before that: 30 more from 20 Oct 2025 to 10 Nov 2025, 10 a week on average." in said
    assert "Counted: the dead of the valley" in said
    assert "computed from two totals" in said
    assert "Lower than before" in said
    alone = part(response, "rate-guns-deaths-ministry")
    assert "One total only: 55 on 8 Dec 2025. A rate needs two of the same originator." in alone
    assert "Lower than before: Deaths (Office). None was higher." in part(response, "verdict")
    assert "3 counts that give no rate" in words(response)
    for late in range(11, 16):
        factories.event(truce, f"2026-01-{late}", kind="strike")
    old = part(read(f"{RATES}?as_of=2026-01-20"), "rate-guns-deaths-office")
    assert "The newest figure is of 8 Dec 2025; of the four weeks before 20 Jan 2026 it tells nothing." in old
    assert "No recent comparison" in old


def test_a_silent_record_is_not_called_calm_and_shows_its_last_comparison(truce: Agreement, north: Actor) -> None:
    hostile(truce, north)
    for day in ("2025-11-20", "2025-12-08", "2025-12-09", "2025-12-10", "2025-12-11"):
        factories.event(truce, day, kind="strike")
    said = "On violence and deaths the record is silent since 11 Dec 2025, which does not mean that it is calm."
    late = read(f"{RATES}?as_of=2026-01-20")
    verdict = part(late, "verdict")
    assert said in verdict
    assert "The last comparison was for the four weeks to 11 Dec 2025. Higher than before: Strikes" in verdict
    assert "In the four weeks to 11 Dec 2025: 5; in the four before: 0." in part(late, "rate-strike")
    assert said not in part(read(f"{RATES}?as_of=2026-01-07"), "verdict")


def test_spans_shorter_than_a_week_are_not_compared(truce: Agreement, north: Actor) -> None:
    deaths = factories.measure(hostile(truce, north), "deaths", label="Deaths", direction="at_most")
    office = factories.actor("office", name="Office")
    bulletin = factories.event(truce, "2025-10-20", kind="tally")
    for day, value in (("2025-11-20", 10), ("2025-12-08", 40), ("2025-12-10", 42)):
        factories.observation(deaths, bulletin, value, day, counts="cumulative", originator=office)
    said = part(read(f"{RATES}?as_of=2025-12-12"), "rate-guns-deaths-office")
    assert "One of the two spans is shorter than a week, so that they are not compared." in said
    assert "No recent comparison" in said


def test_the_page_of_rates_costs_the_same_queries_for_any_amount_of_data(monkeypatch: pytest.MonkeyPatch) -> None:
    same_number_of_queries(lambda agreement: f"{agreement.get_absolute_url()}rates/")
    nothing_loads_late(monkeypatch)
    for query in ("", f"?as_of={days_ago(10)}", "?as_of=2025-10-05", f"?known_on={days_ago(1)}"):
        read(f"{Agreement.objects.first().get_absolute_url()}rates/{query}")  # type: ignore[union-attr]  # made above


def test_figures_of_single_days_give_no_rate(truce: Agreement, north: Actor) -> None:
    deaths = factories.measure(hostile(truce, north), "deaths", label="Deaths", direction="at_most")
    office = factories.actor("office", name="Office")
    factories.observation(deaths, factories.event(truce, "2025-10-20"), 2, counts="new", originator=office)
    said = part(read(f"{RATES}?as_of=2025-12-18"), "rate-guns-deaths-office")
    assert "Given for single days: 2 on 20 Oct 2025. Other days are not on record" in said


def test_the_rates_are_files_too(truce: Agreement, north: Actor) -> None:
    hostile(truce, north)
    factories.event(truce, "2025-12-10", kind="strike")
    response = read("/agreements/truce/rates.svg?as_of=2025-12-18")
    assert response["Content-Type"].startswith("image/svg+xml")
    svg = response.content.decode()
    assert "Strikes and attacks on record" in svg
    assert "/agreements/truce/rates/?as_of=2025-12-18&amp;known_on=" in svg
    assert read("/agreements/truce/rates.png?as_of=2025-12-18").content.startswith(b"\x89PNG")
    read("/agreements/truce/rates.svg?as_of=2025-10-01", status=404)
    assert 'href="/agreements/truce/rates.svg?as_of=2025-12-18"' in read(f"{RATES}?as_of=2025-12-18").content.decode()


# Empty pages


def test_before_anything_was_agreed_nobody_owes_anything(truce: Agreement, north: Actor) -> None:
    factories.party(truce, north)
    factories.obligation(truce, title="Secret for now", obligors=[north])
    said = words(read(f"{PAGE}?as_of=2025-10-01"))
    assert "Nothing had been agreed by 1 Oct 2025, so nobody owed anything." in said
    assert "North" not in said
    assert "Secret for now" not in said


def test_before_it_was_recorded_it_tells_nothing(truce: Agreement, north: Actor) -> None:
    factories.obligation(truce, title="Secret for now", obligors=[north])
    assert "Secret for now" not in words(read(f"{PAGE}?known_on={days_ago(1)}"))


def test_an_unknown_agreement_is_404() -> None:
    read("/agreements/nowhere/parties/", status=404)


# Against the raw rows


@pytest.fixture(scope="module")
def gaza(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    with django_db_blocker.unblock(), transaction.atomic():
        load([demo()])
        with django_db_blocker.block():
            yield
        transaction.set_rollback(True)


@pytest.mark.parametrize("as_of", ["2025-10-09", "2025-11-20", "2025-12-18", "2026-02-01", None])
def test_the_tables_equal_an_independent_count_over_the_raw_rows(gaza: None, as_of: str | None) -> None:
    day = dt.date.fromisoformat(as_of) if as_of else today()
    agreement = Agreement.objects.get()
    found = parity(board(agreement, Vantage(day)))
    top = {one.pk: (one.root or one) for one in Actor.objects.select_related("root")}
    owed: Counter[str] = Counter()
    joint: Counter[str] = Counter()
    dated: Counter[str] = Counter()
    agreed = set()
    for duty in Obligation.objects.select_related("phase"):
        since = duty.agreed_on or duty.phase.agreed_on or agreement.signed_on
        if since and since > day:
            continue
        agreed.add(duty.pk)
        sides = {top[one.pk].slug for one in duty.obligors.all()}
        owed.update(sides)
        dated.update(sides if duty.due_on else ())
        joint.update(sides if len(sides) > 1 else ())
    breaches: Counter[tuple[str, str]] = Counter()
    said: Counter[str] = Counter()
    for event in Event.objects.placed(Vantage(day)):
        happened = event.state == "occurred" and fetched(event, "counts_from") <= day
        announced = event.state == "scheduled" and (fetched(event, "first_report") or event.date) <= day
        broken = [one for one in event.effects.all() if one.effect == "breaches" and one.obligation_id in agreed]
        if happened and broken:
            for side in {top[one.actor_id].slug for one in event.actors.all() if one.role == "accused"}:
                breaches[side, event.verification] += 1
        for report in Report.objects.filter(event=event).select_related("article") if happened or announced else ():
            own = report.quote and report.stance != Stance.RELAYS
            if own and report.originator_id and (report.article.published_on or day) <= day:
                said[top[report.originator_id].slug] += 1
    assert found.sides or not agreed
    assert {side.actor.slug for side in found.sides} >= set(owed)
    for party in found.sides:
        slug = party.actor.slug
        assert (party.owed, party.joint, party.dated) == (owed[slug], joint[slug], dated[slug]), slug
        assert party.statements == said[slug], slug
        for one in Verification:
            assert len(party.breaches[one]) == breaches[slug, one.value], (slug, one)


def test_every_figure_of_harm_in_the_case_is_behind_one_series(gaza: None) -> None:
    found = weekly(board(Agreement.objects.get(), Vantage.now()))
    harm = Observation.objects.filter(measure__obligation__category=Category.HOSTILITIES, measure__direction="at_most")
    assert found
    assert sum(len(one.figures) for one in found.told) == harm.count() > 0
    read("/agreements/gaza-2025/parties/")
    read("/agreements/gaza-2025/rates/")
