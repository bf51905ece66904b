"""What changed between two days: of one agreement, and of all."""

import datetime as dt
from itertools import pairwise

import pytest

from tests import factories
from tests.browse.reading import (
    days_ago,
    furnished,
    nothing_loads_late,
    number_of_queries,
    part,
    read,
    same_number_of_queries,
    words,
)
from tracker.models import Agreement, Obligation, Vantage, today
from tracker.models.changes import Cause, Period, changes, status_on
from tracker.models.standing import board

pytestmark = pytest.mark.django_db

PAGE = "/agreements/truce/changes/"
DECEMBER = f"{PAGE}?since=2025-12-01&until=2025-12-18"


@pytest.fixture
def truce() -> Agreement:
    return factories.agreement("truce", title="The river truce")


@pytest.fixture
def bridge(truce: Agreement) -> Obligation:
    return factories.obligation(truce, "bridge", title="The bridge is opened")


def told(agreement: Agreement, since: str, until: str, known_on: str | None = None) -> list[tuple[str, str, str, str]]:
    """Every status that changed: the day, the word before, the word after, and the cause if it was a rule alone."""
    period = Period(dt.date.fromisoformat(since), dt.date.fromisoformat(until))
    vantage = Vantage(period.until, dt.date.fromisoformat(known_on) if known_on else None)
    [found] = changes([board(agreement, vantage)], period)
    return [(turn.day.isoformat(), turn.before.key, turn.after.key, str(turn.cause or "")) for turn in found.turns]


# By what happened


def test_it_says_what_became_what_why_on_what_evidence_and_who_says_so(truce: Agreement, bridge: Obligation) -> None:
    north = factories.actor("north", name="North")
    seen = factories.event(
        truce,
        "2025-12-07",
        title="Engineers start work",
        effects=[bridge],
        reports=[
            {
                "article": factories.article(outlet=factories.outlet("The Courier"), published_on=dt.date(2025, 12, 8)),
                "originator": north,
            }
        ],
    )
    factories.assessed(bridge, "2025-11-01", 0, reason="Nobody has come.")
    factories.assessed(bridge, "2025-12-07", 1, reason="Work has begun.", evidence=[seen], byline="Researcher 3")
    response = read(DECEMBER)
    said = words(response)
    assert (
        "1 to 18 Dec 2025. 1 of 1 obligations changed its status or level. 1 rose to a higher level. 1 new event."
        in said
    )
    assert (
        "7 Dec 2025 The bridge is opened Not started level 0 of 3 became Under way level 1 of 3 Work has begun."
    ) in part(response, "statuses")
    assert "7 Dec 2025 Engineers start work Said by: North · The Courier, 8 Dec 2025" in said
    assert "This judgement: The bridge is opened · Researcher 3" in said
    assert "From 30 Nov 2025 to 18 Dec 2025 The bridge is opened Not started" in said
    assert "Nobody has come." not in said


def test_the_status_before_is_that_of_the_eve(bridge: Obligation) -> None:
    agreement = bridge.agreement
    factories.assessed(bridge, "2025-11-01", 1)
    factories.assessed(bridge, "2025-12-01", 2)
    factories.assessed(bridge, "2025-12-05", 1, direction="reversing")
    period = Period(dt.date(2025, 12, 1), dt.date(2025, 12, 18))
    [found] = changes([board(agreement, Vantage(period.until))], period)
    [net] = found.net
    assert net.before
    assert (net.before.key, net.before.level, net.after.key, net.turns) == ("under_way", 1, "reversing", 2)
    eve = board(agreement, Vantage(period.eve)).rows[0]
    assert (net.before.key, net.before.level) == (eve.status.key, eve.status.level)


def test_what_was_assessed_for_the_first_time_stands_apart_from_what_changed(bridge: Obligation) -> None:
    factories.assessed(bridge, "2025-11-01", 0)
    factories.assessed(bridge, "2025-12-07", 1)
    factories.assessed(factories.obligation(bridge.agreement, title="The gate is opened"), "2025-12-08", 1)
    changed, first = part(read(DECEMBER), "in-short").split("Assessed for the first time")
    assert "The bridge is opened Not started" in changed
    assert first.strip().startswith("The gate is opened Under way")
    assert "became" not in first


def test_a_day_that_is_asked_for_belongs_to_the_period(bridge: Obligation) -> None:
    for day, level in [("2025-11-30", 0), ("2025-12-01", 1), ("2025-12-18", 2), ("2025-12-19", 3)]:
        factories.assessed(bridge, day, level)
    assert [day for day, *_ in told(bridge.agreement, "2025-12-01", "2025-12-18")] == ["2025-12-18", "2025-12-01"]


def test_words_that_a_rule_alone_changed_are_said_to_be_so(truce: Agreement) -> None:
    due = factories.obligation(truce, title="The gate is opened", due_on=dt.date(2025, 12, 9))
    later = factories.obligation(truce, title="Guards keep away", nature="continuing", due_on=dt.date(2025, 12, 12))
    first = factories.obligation(truce, "first")
    waits = factories.obligation(truce, title="Trade begins", nature="conditional")
    factories.condition(waits, first)
    for duty in (due, later, waits):
        factories.assessed(duty, "2025-11-01", 0)
    factories.assessed(first, "2025-12-15", 3)
    assert told(truce, "2025-12-01", "2025-12-18") == [
        ("2025-12-15", "not_assessed", "fulfilled", ""),
        ("2025-12-15", "waiting", "not_started", Cause.MET),
        ("2025-12-12", "not_yet_due", "not_kept", Cause.BINDS),
        ("2025-12-10", "not_yet_due", "overdue", Cause.DUE),
    ]
    said = words(read(DECEMBER))
    assert "3 words changed by a rule alone, without a new judgement." in said
    assert "its due date, 9 Dec 2025, had passed without its being done in full" in said
    assert "from this day on it binds" in said
    assert "what it waited for was reached" in said


def test_the_end_of_an_agreement_changes_words_by_a_rule() -> None:
    truce = factories.agreement("truce", states=[("in_force", "2025-10-10"), ("lapsed", "2025-12-10")])
    factories.assessed(factories.obligation(truce), "2025-11-01", 1)
    assert told(truce, "2025-12-01", "2025-12-18") == [("2025-12-10", "under_way", "lapsed", Cause.ENDED)]
    said = words(read(DECEMBER))
    assert "the agreement ended on this day" in said
    assert "10 Dec 2025 The agreement from this day on: Lapsed" in said


def test_every_word_of_the_eve_is_the_word_that_its_own_page_gives(truce: Agreement) -> None:
    """However it is put together, the board of the last day knows the words of every earlier day."""
    furnished(truce, times=2)
    for row in board(truce, Vantage.now()).rows:
        for ago in (62, 60, 55, 50, 46, 44, 31, 1):
            then = board(truce, Vantage(days_ago(ago))).row(row.obligation.code)
            assert then
            was = status_on(row, days_ago(ago))
            assert (was.key, was.level) == (then.status.key, then.status.level)


def test_judgements_that_only_confirm_stand_apart(bridge: Obligation) -> None:
    factories.assessed(bridge, "2025-11-01", 1)
    factories.assessed(bridge, "2025-12-07", 1, reason="Work goes on.")
    said = words(read(DECEMBER))
    assert "No status changed." in said
    assert "1 judgement confirmed a status" in said
    assert "Work goes on." in said
    assert "No status became another on these days" in said


def test_due_dates_declarations_texts_and_figures_of_the_period_are_told(truce: Agreement, bridge: Obligation) -> None:
    north = factories.actor(name="North")
    gate = factories.obligation(truce, title="The gate is opened", due_on=dt.date(2025, 12, 9))
    factories.declaration(factories.phase(truce), north, "2025-12-10", "not_begun")
    factories.declaration(factories.phase(truce), north, "2025-11-10", "begun")
    factories.instrument(truce, title="The second paper", date=dt.date(2025, 12, 3))
    factories.obligation(truce, title="Boats pass freely", agreed_on=dt.date(2025, 12, 3))
    measure = factories.measure(gate, label="Carts let through", target=10)
    for day, value in [("2025-11-20", 4), ("2025-12-11", 6)]:
        counted = factories.event(truce, day, effects=[gate])
        factories.observation(measure, counted, value, originator=north)
    said = words(read(DECEMBER))
    assert "1 declaration about a phase. 1 due date came." in said
    assert "due 9 Dec 2025 The gate is opened" in said
    assert "10 Dec 2025 North on phase 1: not begun" in said
    assert "10 Nov 2025" not in said
    assert "New text: The second paper" in said
    assert "1 new obligation Boats pass freely 3 Dec 2025" in said
    assert "Carts let through North 4 6 11 Dec 2025" in said.replace("  ", " ")


def test_events_stand_under_their_day_and_what_was_announced_under_the_day_of_its_first_report(
    truce: Agreement,
) -> None:
    factories.event(truce, "2025-12-05", title="Shots at the ford")
    factories.event(truce, "2025-12-25", title="Too late")
    factories.event(
        truce,
        "2025-12-30",
        title="The envoys meet",
        state="scheduled",
        reports=[factories.article(published_on=dt.date(2025, 12, 15))],
    )
    said = part(read(DECEMBER), "events")
    assert "15 Dec 2025 The envoys meet announced for 30 Dec 2025" in said
    assert "5 Dec 2025 Shots at the ford" in said
    assert "Too late" not in said


def test_an_event_of_which_the_day_is_not_known_stands_under_no_invented_day(truce: Agreement) -> None:
    factories.event(truce, "2025-11-01", date_precision=4, title="Talks in the valley")
    factories.event(truce, "2025-11-30", title="Shots at the ford")
    said = part(read("/agreements/truce/changes/?since=2025-10-30&until=2025-12-18"), "events")
    assert "Nov 2025 (day not known) Talks in the valley" in said
    assert "30 Nov 2025 Shots at the ford" in said
    assert said.count("30 Nov 2025") == 1


def test_a_figure_for_a_day_is_not_set_beside_one_for_a_span(truce: Agreement, bridge: Obligation) -> None:
    north = factories.actor(name="North")
    measure = factories.measure(bridge, label="Carts a day")
    counted = factories.event(truce, "2025-12-11", effects=[bridge])
    start = dt.date(2025, 11, 1)
    factories.observation(measure, counted, 9, "2025-11-20", originator=north)
    factories.observation(measure, counted, 6, "2025-12-11", originator=north, period_start=start)
    assert "Carts a day North none 6" in words(read(DECEMBER))
    factories.observation(measure, counted, 4, "2025-11-30", originator=north, period_start=start)
    assert "Carts a day North 4 6" in words(read(DECEMBER))


# The record day, and the other question


def recorded_late(truce: Agreement, bridge: Obligation) -> None:
    """A status true from 7 Dec, recorded on 5 Jan, corrected on 5 Feb; another one withdrawn on 6 Feb."""
    long_ago = factories.moment("2025-10-11")
    seen = factories.event(truce, "2025-12-07", effects=[bridge], recorded_at=long_ago)
    first = factories.assessed(
        bridge, "2025-12-07", 3, reason="It is open.", evidence=[seen], recorded_at=factories.moment("2026-01-05")
    )
    factories.assessed(
        bridge,
        "2025-12-07",
        1,
        reason="Half of it is.",
        evidence=[seen],
        supersedes=first,
        correction_reason="Wrong photograph.",
        recorded_at=factories.moment("2026-02-05"),
    )
    wrong = factories.assessed(
        bridge, "2025-12-09", 0, reason="Closed.", evidence=[seen], recorded_at=factories.moment("2026-01-06")
    )
    factories.retracted(wrong, "Another bridge.", recorded_at=factories.moment("2026-02-06"))


@pytest.fixture
def old() -> tuple[Agreement, Obligation]:
    """An agreement that was recorded when it was signed."""
    long_ago = factories.moment("2025-10-11")
    truce = factories.agreement("truce", title="The river truce", recorded_at=long_ago)
    phase = factories.phase(truce, recorded_at=long_ago)
    bridge = factories.obligation(truce, "bridge", title="The bridge is opened", phase=phase, recorded_at=long_ago)
    return truce, bridge


def test_the_record_day_decides_what_had_changed(old: tuple[Agreement, Obligation]) -> None:
    truce, bridge = old
    recorded_late(truce, bridge)
    assert told(truce, "2025-12-01", "2025-12-18", "2025-12-31") == []
    assert told(truce, "2025-12-01", "2025-12-08", "2026-01-31") == [("2025-12-07", "not_assessed", "fulfilled", "")]
    assert told(truce, "2025-12-01", "2025-12-18") == [("2025-12-07", "not_assessed", "under_way", "")]
    assert "as recorded by 31 Jan 2026" in words(read(f"{DECEMBER}&known_on=2026-01-31"))


def test_corrections_and_withdrawals_stand_apart_by_the_day_they_were_made(old: tuple[Agreement, Obligation]) -> None:
    recorded_late(*old)
    assert "Nothing was corrected or withdrawn on these days." in words(read(DECEMBER))
    said = part(read(f"{PAGE}?since=2026-02-01&until=2026-02-28"), "mended")
    assert "5 Feb 2026 Judgement corrected The bridge is opened It said true from 7 Dec 2025 Fulfilled" in said
    assert "Under way level 1 of 3 Half of it is. Why Wrong photograph." in said
    assert "6 Feb 2026 Judgement withdrawn The bridge is opened" in said
    assert "Another bridge." in said
    assert "Closed." not in said
    summary = part(read(f"{PAGE}?since=2026-02-01&until=2026-02-28"), "summary")
    assert "No status changed. No new event. 2 records were corrected or withdrawn." in summary


@pytest.mark.parametrize("known_on", ["2026-01-04", "2026-01-31", "2026-02-05", None])
def test_the_turns_are_what_comparing_each_day_with_the_day_before_gives(
    old: tuple[Agreement, Obligation], known_on: str | None
) -> None:
    truce, bridge = old
    long_ago = factories.moment("2025-10-12")
    gate = factories.obligation(truce, "gate", due_on=dt.date(2025, 12, 12), recorded_at=long_ago)
    trade = factories.obligation(truce, "trade", nature="conditional", recorded_at=long_ago)
    factories.condition(trade, bridge, 1, recorded_at=long_ago)
    for duty in (gate, trade):
        seen = factories.event(truce, "2025-12-03", effects=[duty], recorded_at=long_ago)
        factories.assessed(duty, "2025-12-03", 0, evidence=[seen], recorded_at=long_ago)
    recorded_late(truce, bridge)
    record_day = dt.date.fromisoformat(known_on) if known_on else None
    period = Period(dt.date(2025, 12, 1), dt.date(2025, 12, 18))

    def on(day: dt.date) -> dict[str, tuple[str, int | None]]:
        rows = board(truce, Vantage(day, record_day)).rows
        return {row.obligation.code: (row.status.key, row.status.level) for row in rows}

    expected = set()
    days = [period.eve + dt.timedelta(days=number) for number in range(period.days + 1)]
    for before, day in pairwise(days):
        was, now = on(before), on(day)
        expected |= {(day, code, was[code], now[code]) for code in now if was[code] != now[code]}
    [found] = changes([board(truce, Vantage(period.until, record_day))], period)
    assert expected
    assert expected == {
        (
            turn.day,
            turn.row.obligation.code,
            (turn.before.key, turn.before.level),
            (turn.after.key, turn.after.level),
        )
        for turn in found.turns
    }


def test_by_the_day_of_recording_it_tells_what_was_newly_entered(old: tuple[Agreement, Obligation]) -> None:
    truce, bridge = old
    recorded_late(truce, bridge)
    factories.assessed(bridge, "2025-12-11", 2, reason="Three quarters.", recorded_at=factories.moment("2026-02-07"))
    january = read(f"{PAGE}?since=2026-01-01&until=2026-01-31&by=recorded")
    assert "2 judgements were recorded." in words(january)
    assert "5 Jan 2026 The bridge is opened Not assessed became Fulfilled" in part(january, "statuses")
    assert "Became true: 7 Dec 2025" in words(january)
    february = part(read(f"{PAGE}?since=2026-02-01&until=2026-02-28&by=recorded"), "statuses")
    assert "7 Feb 2026 The bridge is opened Under way level 1 of 3 became Under way level 2 of 3" in february
    assert "Half of it is." not in february, "a correction is told among the corrections"
    nothing = words(read(f"{PAGE}?since=2025-12-01&until=2025-12-18&by=recorded"))
    assert "No judgement was recorded." in nothing


def test_each_list_explains_itself_and_leads_to_the_other(bridge: Obligation) -> None:
    response = read(DECEMBER)
    assert "This lists what became true on these days, whenever it was entered here." in words(response)
    assert (
        'href="/agreements/truce/changes/?since=2025-12-01&amp;until=2025-12-18&amp;by=recorded&amp;as_of=2025-12-18"'
        in (response.content.decode())
    )
    other = read(f"{PAGE}?since={days_ago(3)}&by=recorded")
    assert "This lists what was entered here on these days, whenever it happened." in words(other)


def test_before_recording_began_it_says_so(bridge: Obligation) -> None:
    assert "Nothing: recording began later" in words(read(DECEMBER))
    assert "nothing about this agreement had been recorded" in words(read(f"{DECEMBER}&known_on=2025-12-31"))


# Which days


def test_without_days_it_tells_of_the_last_thirty(bridge: Obligation) -> None:
    factories.assessed(bridge, days_ago(29), 1)
    factories.assessed(bridge, days_ago(40), 0)
    said = words(read(PAGE))
    assert "so it tells of the last 30 days" in said
    assert "level 0 of 3 became Under way level 1 of 3" in said


def test_where_nothing_changed_in_those_it_begins_with_the_last_change(bridge: Obligation) -> None:
    factories.assessed(bridge, "2025-12-07", 1, reason="Work has begun.")
    said = words(read(PAGE))
    assert "it begins with the last change, on 7 Dec 2025" in said
    assert "Work has begun." in said


def test_on_a_day_it_ends_with_that_day(bridge: Obligation) -> None:
    factories.assessed(bridge, "2025-12-07", 1, reason="Work has begun.")
    factories.assessed(bridge, "2025-12-27", 2, reason="More.")
    response = read(f"{PAGE}?as_of=2025-12-18")
    assert "19 Nov to 18 Dec 2025." in words(response)
    assert "Work has begun." in words(response)
    assert "More." not in words(response)
    assert 'href="/agreements/truce/obligations/bridge/?as_of=2025-12-18"' in response.content.decode()


@pytest.mark.parametrize(
    ("query", "help_"),
    [
        ("since=yesterday", "is not a day"),
        ("until=2025-02-30", "There is no day"),
        ("since=2999-01-01", "lies in the future"),
        ("since=2025-12-18&until=2025-12-01", "before it begins on 18 Dec 2025"),
        ("since=2025-12-18&as_of=2025-12-01", "before it begins"),
        ("until=2025-12-18&as_of=2025-12-01", "after the day that the page is about"),
        ("until=2025-12-18&known_on=2025-12-01&by=recorded", "after the day that the page is about"),
        ("by=hearsay", "by the day on which they happened"),
        ("since=%00", "is not a day"),
        ("as_of=soon", "is not a day"),
    ],
)
def test_impossible_days_are_explained(bridge: Obligation, query: str, help_: str) -> None:
    for page in (PAGE, "/changes/"):
        assert help_ in words(read(f"{page}?{query}", status=400))


def test_the_whole_of_time_can_be_asked_for(bridge: Obligation) -> None:
    read(f"{PAGE}?since=0001-01-01")
    read(f"{PAGE}?since=0001-01-01&until=0001-01-01")
    read(f"{PAGE}?until=0001-01-02")


def test_one_turns_to_the_days_before_and_after(bridge: Obligation) -> None:
    text = read(DECEMBER).content.decode()
    assert 'href="/agreements/truce/changes/?since=2025-11-13&amp;until=2025-11-30" rel="prev"' in text
    assert 'href="/agreements/truce/changes/?since=2025-12-19&amp;until=2026-01-05" rel="next"' in text
    assert 'rel="next"' not in read(PAGE).content.decode()
    assert f'href="{PAGE}">Today</a>' in text


def test_the_canonical_address_has_the_days_that_were_asked_for(bridge: Obligation) -> None:
    assert (
        'rel="canonical" href="http://testserver/agreements/truce/changes/?since=2025-12-01&amp;until=2025-12-18"'
        in (read(f"{DECEMBER}&unknown=1").content.decode())
    )
    assert f'rel="canonical" href="http://testserver{PAGE}"' in read(PAGE).content.decode()


def test_what_is_not_there_is_404() -> None:
    read("/agreements/nowhere/changes/", status=404)


# Of all agreements


def test_the_changes_of_all_agreements_are_one_list() -> None:
    for slug, day in [("river", "2025-12-07"), ("hill", "2025-12-09")]:
        agreement = factories.agreement(slug, title=f"The {slug} truce")
        factories.assessed(factories.obligation(agreement, title=f"Duty of the {slug}"), day, 1)
    said = part(read("/changes/?since=2025-12-01&until=2025-12-18"), "statuses")
    assert said.index("9 Dec 2025 Duty of the hill The hill truce") < said.index("7 Dec 2025 Duty of the river")


def test_without_an_agreement_it_says_what_will_be_here() -> None:
    assert "No status changed." in words(read("/changes/"))


def test_more_data_asks_no_more_questions(monkeypatch: pytest.MonkeyPatch) -> None:
    since = f"?since={days_ago(90)}"
    same_number_of_queries(lambda one: f"{one.get_absolute_url()}changes/{since}")
    same_number_of_queries(lambda one: f"{one.get_absolute_url()}changes/{since}&by=recorded")
    before = number_of_queries(f"/changes/{since}")
    furnished(factories.agreement(), times=2)
    assert number_of_queries(f"/changes/{since}") == before
    nothing_loads_late(monkeypatch)
    for query in (since, f"{since}&by=recorded", f"?as_of={days_ago(20)}", f"?known_on={today()}"):
        read(f"/changes/{query}")
