"""The page of disputes: everything contested in an agreement, each side in its own words, and nothing else."""

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.db import transaction
from pytest_django import DjangoDbBlocker

from tests import factories
from tests.browse.reading import (
    days_ago,
    enclosed,
    nothing_loads_late,
    part,
    read,
    same_number_of_queries,
    words,
    words_of,
)
from tracker.browse.citations import stood
from tracker.codebook import Quarrel, Stance
from tracker.exchange.casefile import load
from tracker.models import Actor, Agreement, Event, Obligation, Report, today
from tracker.models.evidence import Withdrawal
from tracker.rubric import quarrels
from tracker.rubric.dates import interval_end

pytestmark = pytest.mark.django_db

DEMO = Path(__file__).parents[2] / "tracker" / "exchange" / "demo" / "gaza-2025.yaml"
GAZA = "/agreements/gaza-2025/disputes/"
PAGE = "/agreements/truce/disputes/"
AGAINST = {"denies", "disputes", "justifies"}


@pytest.fixture(scope="module", autouse=True)
def gaza(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Loads the case once for all tests of this file, inside a transaction around theirs."""
    with django_db_blocker.unblock(), transaction.atomic():
        load([(DEMO.name, DEMO.read_bytes())])
        with django_db_blocker.block():
            yield
        transaction.set_rollback(True)


@pytest.fixture
def truce() -> Agreement:
    return factories.agreement("truce", title="The river truce")


@pytest.fixture
def north() -> Actor:
    return factories.actor("north", name="North")


@pytest.fixture
def south() -> Actor:
    return factories.actor("south", name="South")


@pytest.fixture
def bridge(truce: Agreement, north: Actor) -> Obligation:
    return factories.obligation(truce, "bridge", title="The bridge is opened", obligors=[north])


def contested(bridge: Obligation, north: Actor, south: Actor, **fields: Any) -> Event:
    """South says that North shot at the bridge; North denies it."""
    reports = [
        {"originator": south, "quote": "they shot first"},
        {"originator": north, "stance": Stance.DENIES, "quote": "we never shot"} | fields,
    ]
    return factories.event(
        bridge.agreement, "2025-11-01", ref="shots", title="Shots at the bridge", effects=[bridge], reports=reports
    )


def folded(page: Any, anchor: str) -> str:
    """What somebody reads in the details of which the summary has that id."""
    text = page.content.decode()
    found = re.search(rf'<(details)[^>]*>\s*<summary id="{re.escape(anchor)}".*?</summary>', text, re.DOTALL)
    assert found, f"no summary #{anchor}"
    return words_of(f"<main>{enclosed(text, found)}</main>")


def ids(page: Any, *kinds: str) -> set[str]:
    return set(re.findall(rf'\bid="((?:{"|".join(kinds)})-[^"]+)"', page.content.decode()))


# The Gaza case against its file

CASE = yaml.safe_load(DEMO.read_text(encoding="utf-8"))
PUBLISHED: dict[str, dt.date | None] = {one["ref"]: one.get("published_on") for one in CASE["sources"]}
PARENTS: dict[str, str | None] = {one["ref"]: one.get("parent") for one in CASE["actors"]}
NAMES: dict[str, str] = {one["ref"]: one["name"] for one in CASE["actors"]}


def top(actor: str) -> str:
    while PARENTS[actor]:
        actor = str(PARENTS[actor])
    return actor


def placed(event: dict[str, Any]) -> dt.date:
    """The day from which an event counts, by plain reading of its entry in the file."""
    end = interval_end(event["date"], event.get("date_precision", 1), event.get("date_end"))
    dated = [PUBLISHED[report["source"]] for report in event["reports"]]
    reported = [day for day in dated if day and day >= event["date"]]
    if event.get("date_precision", 1) > 1 and not event.get("date_end"):
        return min([end, *reported])
    return end


def on_record(event: dict[str, Any], day: dt.date) -> bool:
    if event["state"] == "occurred":
        return placed(event) <= day
    dated = [told for report in event["reports"] if (told := PUBLISHED[report["source"]])]
    return min(dated, default=event["date"]) <= day


def figures(day: dt.date) -> dict[str, list[dict[str, Any]]]:
    """What was counted by the day and on record by then, by obligation and measure."""
    found = defaultdict(list)
    for event in CASE["events"]:
        for one in event.get("observations", ()):
            if on_record(event, day) and one["as_of"] <= day and one.get("nature") != "planned":
                found[f"{one['obligation']}.{one['measure']}"].append(one)
    return found


def voice(one: dict[str, Any]) -> str:
    if "originator" in one:
        return top(one["originator"])
    outlet = next(source["outlet"] for source in CASE["sources"] if source["ref"] == one["source"])
    return str(one.get("originator_text", outlet)).casefold()


def clash(one: dict[str, Any], other: dict[str, Any], kind: str) -> bool:
    totals = kind == "total" and {one.get("counts", "cumulative"), other.get("counts", "cumulative")} == {"cumulative"}
    one, other = sorted((one, other), key=lambda seen: seen["as_of"])
    spans = [(seen.get("low", seen["value"]), seen.get("high", seen["value"])) for seen in (one, other)]
    if voice(one) == voice(other):
        return False
    if one["as_of"] < other["as_of"]:
        return bool(totals and spans[1][1] < spans[0][0])
    alike = ("period_start" in one) == ("period_start" in other) and one.get("counts") == other.get("counts")
    return (totals or alike) and (spans[0][1] < spans[1][0] or spans[1][1] < spans[0][0])


def expected(day: dt.date) -> set[str]:
    """The ids of everything contested on the day, worked out from the file alone."""
    found = {
        f"event-{event['ref']}"
        for event in CASE["events"]
        if on_record(event, day) and AGAINST & {report["stance"] for report in event["reports"]}
    }
    found |= {f"text-{text['code']}" for text in CASE["instruments"] if text.get("disputed_by") and text["date"] <= day}
    for phase in CASE["phases"]:
        told = [one for one in phase.get("declarations", ()) if one["date"] <= day]
        latest = {top(one["actor"]): one["says"] for one in sorted(told, key=lambda one: one["date"])}
        if len(set(latest.values())) > 1:
            found.add(f"phase-{phase['ordinal']}")
    kinds = {
        f"{duty['code']}.{measure['code']}": measure["kind"]
        for duty in CASE["obligations"]
        for measure in duty.get("measures", ())
    }
    found |= {
        f"figures-{key}"
        for key, seen in figures(day).items()
        if any(clash(one, other, kinds[key]) for one, other in combinations(seen, 2))
    }
    return found


@pytest.mark.parametrize("day", [dt.date(2025, 10, 9), dt.date(2025, 12, 18), today()])
def test_everything_contested_in_the_file_is_on_the_page_and_nothing_else(day: dt.date) -> None:
    page = read(f"{GAZA}?as_of={day}")
    wanted = expected(day)
    assert ids(page, "event", "figures", "text", "phase") == wanted
    opening = re.search(r"\d+(?= matter)", words(page).replace("\N{NO-BREAK SPACE}", " "))
    assert opening
    assert int(opening[0]) == len(wanted)


@pytest.mark.parametrize("day", [dt.date(2025, 12, 18), today()])
def test_every_side_stands_there_with_its_stance_and_its_words(day: dt.date) -> None:
    page = read(f"{GAZA}?as_of={day}")
    for event in CASE["events"]:
        if f"event-{event['ref']}" not in expected(day):
            continue
        said = folded(page, f"event-{event['ref']}")
        for report in event["reports"]:
            name = NAMES[report["originator"]] if "originator" in report else report.get("originator_text", "")
            if name:
                assert name.casefold() in said.casefold(), (event["ref"], name)
            published = PUBLISHED[report["source"]]
            if "quote" in report and (published is None or published <= day):
                assert report["quote"] in said, event["ref"]
            if report["stance"] in AGAINST:
                assert f"{stood(Stance(report['stance']))}: " in said, event["ref"]


def test_every_event_stands_under_what_the_file_says_the_quarrel_is_about() -> None:
    page = read(GAZA)
    for event in CASE["events"]:
        if f"event-{event['ref']}" in expected(today()):
            against = [report for report in event["reports"] if report["stance"] in AGAINST]
            about = {one.get("about", "legality" if one["stance"] == "justifies" else None) for one in against}
            first = next((kind.value for kind in Quarrel if kind.value in about), "not-recorded")
            assert event["title"] in part(page, first), event["ref"]


def test_who_disputes_what_about_disarmament() -> None:
    on_the_day = part(read(f"{GAZA}?as_of=2025-12-18"), "about-disarm")
    assert "Hamas disputes being bound by the text it comes from. The dispute" in on_the_day
    seen, more = on_the_day.split("3 more quotations")
    assert "Hamas, Khalil al-Hayya: legitimate right 14 Dec 2025" in seen
    assert quarrels.ENOUGH_WORDS == 2
    assert "with more than one word before single ones" in words(read(GAZA))
    assert "Israel: will be disarmed Dec 2025 (day not known), The Times of Israel" in seen
    assert "strips it of its neutrality" not in seen
    assert "this weapon will be handed over to the state 6 Dec 2025" in more
    assert "legitimate right" in part(read("/agreements/gaza-2025/?as_of=2025-12-18"), "obligation-disarm"), (
        "one rule on both pages"
    )
    since = part(read(GAZA), "about-disarm")
    assert "Board of Peace report calls Hamas the main obstacle" in since
    assert "Said by: Board of Peace · Denied by: Hamas" in since


def test_every_mark_on_the_standing_page_leads_to_what_is_disputed() -> None:
    for query in ("?as_of=2025-12-18", ""):
        standing = read(f"/agreements/gaza-2025/{query}").content.decode()
        wanted = set(re.findall(r'href="/agreements/gaza-2025/disputes/[^"#]*#(about-[^"]+)"', standing))
        assert wanted
        assert wanted <= ids(read(f"{GAZA}{query}"), "about")


def test_whether_a_phase_has_begun_stands_with_who_says_what_when() -> None:
    said = part(read(GAZA), "phase-2")
    assert "Has phase 2 begun?" in said
    assert "Hamas not begun, 9 Dec 2025" in said
    assert "Israel not begun, 14 Jan 2026" in said
    assert "United States begun, 14 Jan 2026" in said


def test_figures_stand_beside_one_another_with_what_each_counts() -> None:
    said = folded(read(f"{GAZA}?as_of=2025-12-18"), "figures-aid.trucks-total")
    assert "They contradict one another for 7 Dec 2025" in said
    assert "Left out: each originator counts other goods and crossings." in said
    for who, figure in (("COGAT", "25,700"), ("Hamas", "7,333"), ("United Nations", "6,545")):
        assert re.search(rf"{who}[^0-9]* {figure}", said), who
    earlier = folded(read(f"{GAZA}?as_of=2025-12-18"), "figures-aid.trucks")
    assert "Before that, for 12 Oct 2025." in earlier


def test_parties_that_each_ask_for_something_first() -> None:
    said = part(read(f"{GAZA}?as_of=2025-12-18"), "first")
    assert "Hamas insists on" in said
    assert "Israel insists on" in said
    assert "Since when each insists is not recorded." in said


def test_the_page_of_a_contested_event_leads_to_its_dispute() -> None:
    event = Event.objects.get(ref="rafah-oct28")
    page = read(f"{event.get_absolute_url()}?as_of=2025-12-18").content.decode()
    assert f'href="{GAZA}?as_of=2025-12-18#event-rafah-oct28"' in page


def test_the_page_of_an_obligation_leads_to_what_is_disputed_about_it() -> None:
    page = read("/agreements/gaza-2025/obligations/disarm/?as_of=2025-12-18").content.decode()
    assert f'href="{GAZA}?as_of=2025-12-18#about-disarm"' in page


# What counts as a quarrel, and about what


@pytest.mark.parametrize(
    ("quarrel", "section"),
    [
        (Quarrel.FACT, "fact"),
        (Quarrel.AUTHOR, "author"),
        (Quarrel.LEGALITY, "legality"),
        (Quarrel.AMOUNT, "amount"),
        (Quarrel.BINDING, "binding"),
        ("", "not-recorded"),
    ],
)
def test_an_event_stands_under_what_the_quarrel_is_about(
    bridge: Obligation, north: Actor, south: Actor, quarrel: str, section: str
) -> None:
    contested(bridge, north, south, about=quarrel)
    page = read(PAGE)
    assert "Shots at the bridge" in part(page, section)
    assert page.content.decode().count('id="event-shots"') == 1
    assert "1 matter is contested." in words(page).replace("\N{NO-BREAK SPACE}", " ")


def test_a_justification_is_about_whether_it_was_allowed(bridge: Obligation, north: Actor, south: Actor) -> None:
    contested(bridge, north, south, stance=Stance.JUSTIFIES)
    assert "Shots at the bridge" in part(read(PAGE), "legality")


def test_an_event_contested_in_two_ways_is_told_once_and_named_twice(
    bridge: Obligation, north: Actor, south: Actor
) -> None:
    shots = contested(bridge, north, south, about=Quarrel.FACT)
    factories.report(shots, originator=south, stance=Stance.DISPUTES, about=Quarrel.AMOUNT)
    page = read(PAGE)
    assert "they shot first" in part(page, "fact")
    assert "told above: Shots at the bridge" in part(page, "amount")
    assert "they shot first" not in part(page, "amount")


def test_what_nobody_contradicts_is_not_there(truce: Agreement, bridge: Obligation, north: Actor) -> None:
    factories.event(truce, ref="calm", effects=[bridge], reports=[{"originator": north, "quote": "all is calm"}])
    page = read(PAGE)
    assert "Nothing is contested on record" in words(page)
    assert not ids(page, "event", "about")


def test_an_event_that_bears_on_no_obligation_is_there_too(truce: Agreement, north: Actor) -> None:
    factories.event(truce, ref="rumour", reports=[{"originator": north, "stance": Stance.DENIES}])
    assert ids(read(PAGE), "event") == {"event-rumour"}


# Sides


def test_sides_stand_by_name_each_with_everybody_who_speaks_for_it(
    truce: Agreement, bridge: Obligation, north: Actor, south: Actor
) -> None:
    shots = contested(bridge, north, south)
    factories.report(shots, originator=factories.actor(name="Army", parent=south), quote="we were hit")
    factories.report(shots, originator_text="a witness by the river")
    said = folded(read(PAGE), "event-shots")
    assert said.index("A witness by the river") < said.index("we never shot") < said.index("they shot first")
    assert "Said by: Army (South)" in said


def test_a_newsroom_that_prints_it_takes_no_side(bridge: Obligation, north: Actor, south: Actor) -> None:
    shots = contested(bridge, north, south)
    factories.report(shots, factories.article(outlet=factories.outlet("The Ferry"), published_on=shots.date))
    factories.report(
        shots,
        factories.article(outlet=factories.outlet("The Raft"), published_on=shots.date),
        originator=south,
        stance=Stance.RELAYS,
    )
    said = folded(read(PAGE), "event-shots")
    assert "Also reported, without taking a side, by The Ferry, The Raft" in said


def test_what_tells_best_where_a_side_stands_is_shown_and_the_rest_folded(
    truce: Agreement, bridge: Obligation, north: Actor, south: Actor
) -> None:
    contested(bridge, north, south, quote="it was not us, ever")
    gates = factories.obligation(truce, "gates", title="The gates open")
    for day, quote, effects in (
        ("2025-11-20", "we might have shot once", [bridge]),
        ("2025-12-01", "perhaps", [bridge]),
        ("2025-12-10", "the gates are what matters now", [(bridge, "context"), (gates, "context")]),
    ):
        factories.event(truce, day, effects=effects, reports=[{"originator": north, "quote": quote}])
    page = read(PAGE)
    shown, more = part(page, "about-bridge").split("3 more quotations")
    assert "North: we might have shot once 20 Nov 2025" in shown
    assert "South: they shot first 1 Nov 2025" in shown
    places = [more.index(one) for one in ("it was not us, ever", "perhaps", "the gates are what matters now")]
    assert places == sorted(places)
    assert "Denied by: North: it was not us, ever" in more
    before = words(read(f"{PAGE}?as_of=2025-11-19"))
    assert "we might have shot once" not in before


def test_what_is_contested_is_told_once_and_folded(bridge: Obligation, north: Actor, south: Actor) -> None:
    contested(bridge, north, south)
    page = read(PAGE)
    assert "Shots at the bridge 1 Nov 2025 · Said by: South · Denied by: North" in part(page, "about-bridge")
    assert words(page).count("Original") == 2, "each report is cited once"
    assert "<details open" not in page.content.decode()


def test_many_events_about_one_obligation_are_folded(bridge: Obligation, north: Actor, south: Actor) -> None:
    for number in range(5):
        reports: list[dict[str, Any]] = [{"originator": south}, {"originator": north, "stance": Stance.DENIES}]
        factories.event(bridge.agreement, f"2025-11-0{number + 1}", effects=[bridge], reports=reports)
    assert "2 older events: The bridge is opened" in part(read(PAGE), "about-bridge")


def test_who_disputes_being_bound_stands_with_its_words_on_that(
    truce: Agreement, bridge: Obligation, north: Actor, south: Actor
) -> None:
    text = factories.instrument(truce, code="charter", date="2025-10-10")
    text.disputed_by.set([north, south])
    Obligation.objects.filter(pk=bridge.pk).update(instrument=text)
    contested(bridge, north, south, about=Quarrel.BINDING, quote="we never signed that")
    page = read(PAGE)
    assert "Denied by: North: we never signed that" in part(page, "bound-charter-north")
    assert "No words of South on being bound by this text are on record." in part(page, "bound-charter-south")
    text_page = read("/agreements/truce/text/").content.decode()
    for party in ("north", "south"):
        assert f'href="{PAGE}#bound-charter-{party}"' in text_page


# The end of a dispute


def test_a_dispute_ends_when_a_side_revises_its_account(bridge: Obligation, north: Actor, south: Actor) -> None:
    shots = contested(bridge, north, south)
    later = factories.article(published_on="2025-11-20")
    factories.report(shots, later, originator=north, stance=Stance.REVISES, quote="it was a mistake")
    page = read(PAGE)
    assert "Ended on 20 Nov 2025: a side revised its account." in part(page, "ended")
    assert "1 dispute has ended." in words(page).replace("\N{NO-BREAK SPACE}", " ")
    before = read(f"{PAGE}?as_of=2025-11-19")
    assert ids(before, "event") == {"event-shots"}
    assert 'id="ended"' not in before.content.decode()
    assert "it was a mistake" not in words(before)


def test_sides_that_come_to_agree_on_a_phase_end_that_dispute(truce: Agreement, north: Actor, south: Actor) -> None:
    phase = factories.phase(truce, 1)
    factories.declaration(phase, north, "2025-11-01", "begun")
    factories.declaration(phase, south, "2025-11-02", "not_begun")
    factories.declaration(phase, south, "2025-11-10", "begun")
    assert "Ended on 10 Nov 2025" in part(read(PAGE), "ended")
    assert "Has phase 1 begun?" in part(read(f"{PAGE}?as_of=2025-11-09"), "fact")
    assert not ids(read(f"{PAGE}?as_of=2025-11-01"), "phase")


# The two dates


def test_it_tells_nothing_that_came_later_or_was_recorded_later(
    truce: Agreement, bridge: Obligation, north: Actor, south: Actor
) -> None:
    contested(bridge, north, south)
    assert "Shots at the bridge" not in words(read(f"{PAGE}?as_of=2025-10-31"))
    Agreement.objects.filter(pk=truce.pk).update(recorded_at=factories.moment("2025-10-01"))
    old = read(f"{PAGE}?known_on={days_ago(1)}")
    assert "Nothing is contested on record" in words(old)
    assert "nothing about this agreement had been recorded" in words(read(f"{PAGE}?known_on=2025-09-01"))


def test_words_printed_after_the_day_are_named_and_not_told(bridge: Obligation, north: Actor, south: Actor) -> None:
    shots = contested(bridge, north, south)
    printed = factories.article(published_on="2025-11-05", title="North gives in")
    factories.report(shots, printed, originator=north, stance=Stance.DISPUTES, quote="only one shot")
    said = folded(read(f"{PAGE}?as_of=2025-11-02"), "event-shots")
    assert "an article published later" in said
    assert "only one shot" not in said
    assert "North gives in" not in said


def test_a_denial_that_is_withdrawn_contests_nothing(bridge: Obligation, north: Actor, south: Actor) -> None:
    contested(bridge, north, south)
    Withdrawal.record(Report.objects.get(stance=Stance.DENIES, event__ref="shots"), withdrawn=True, reason="Misread.")
    assert not ids(read(PAGE), "event")


def test_before_the_signature_it_says_so_and_leads_to_today() -> None:
    page = read(f"{GAZA}?as_of=2025-01-09")
    assert "Nothing had been agreed by 9 Jan 2025" in words(page)
    assert f'href="{GAZA}"' in page.content.decode()


def test_an_unknown_agreement_and_a_bad_day_are_explained() -> None:
    read("/agreements/none/disputes/", status=404)
    read(f"{GAZA}?as_of=2025-02-30", status=400)


def test_the_page_costs_the_same_queries_for_any_amount_of_data(monkeypatch: pytest.MonkeyPatch) -> None:
    same_number_of_queries(lambda agreement: f"{agreement.get_absolute_url()}disputes/")
    nothing_loads_late(monkeypatch)
    read(GAZA)
