"""Agreements side by side, each on the same day of its own life."""

import datetime as dt
from typing import Any

import pytest

from tests import factories
from tests.browse.reading import furnished, nothing_loads_late, number_of_queries, part, read, words
from tracker.codebook import Category
from tracker.models import Agreement

pytestmark = pytest.mark.django_db


def made(slug: str, since: str, **fields: Any) -> Agreement:
    """In force from that day, signed on the day before."""
    day = dt.date.fromisoformat(since)
    eve = day - dt.timedelta(days=1)
    return factories.agreement(
        slug,
        title=f"The {slug} truce",
        signed_on=eve,
        effective_on=day,
        states=[("signed", eve), ("in_force", day)],
        **fields,
    )


@pytest.fixture
def river() -> Agreement:
    return made("river", "2025-10-10")


@pytest.fixture
def hill() -> Agreement:
    return made("hill", "2024-01-01")


def duty(of: Agreement, **fields: Any) -> Any:
    return factories.obligation(of, agreed_on=of.signed_on, **fields)


# What is asked


def test_one_alone_stands_beside_the_curve_and_says_what_comes(river: Agreement) -> None:
    factories.assessed(duty(river), "2025-10-20", 2)
    said = part(read("/agreements/?as_of=2025-12-18"), "compare")
    assert "There is one agreement on record. When there are more" in said
    assert "Each agreement on day 69" in said
    assert "1 of 1 already bind, 1 of these assessed, score 66.7 of 100" in said
    assert "The curve is the mean of 34 accords in the Peace Accords Matrix: Madhav Joshi" in said
    assert "1 41.7" in said
    assert "10 76.3" in said


def test_several_are_compared_only_where_asked(river: Agreement, hill: Agreement) -> None:
    said = part(read("/agreements/?as_of=2025-12-18"), "compare")
    assert "Choose two or more agreements" in said
    assert "Each agreement on day" not in said
    both = read("/agreements/?as_of=2025-12-18&compare=river&compare=hill")
    assert "Each agreement on day 69" in part(both, "compare")
    assert both.content.decode().count(" checked>") == 2


def test_each_is_looked_at_on_its_own_day(river: Agreement, hill: Agreement) -> None:
    factories.assessed(duty(river, category=Category.HOSTILITIES), "2025-10-20", 3)
    old = duty(hill, category=Category.HOSTILITIES)
    factories.assessed(old, "2024-01-05", 0)
    factories.assessed(old, "2024-02-01", 3)
    at = "/agreements/?as_of=2025-12-18&compare=river&compare=hill&day="
    early = part(read(f"{at}12"), "compare")
    assert "22 Oct 2025 in force since 10 Oct 2025 13 Jan 2024 in force since 1 Jan 2024" in early
    assert (
        "Hostilities 1 of 1 fulfilled or kept 1 of 1 already bind, 1 of these assessed, score 100 of 100 "
        "0 of 1 fulfilled or kept 1 of 1 already bind, 1 of these assessed, score 0 of 100" in early
    )
    late = part(read(f"{at}40"), "compare")
    now = "1 of 1 fulfilled or kept 1 of 1 already bind, 1 of these assessed, score 100 of 100"
    assert f"Hostilities {now} 1 of 1" in late


def test_parties_stand_in_one_list_and_joint_duties_count_for_each(river: Agreement, hill: Agreement) -> None:
    north, south = factories.actor(name="North"), factories.actor(name="South")
    army = factories.actor(name="Army", parent=north)
    duty(river, obligors=[army, south])
    factories.assessed(duty(hill, obligors=[north]), "2024-01-05", 2)
    said = part(read("/agreements/?as_of=2025-12-18&compare=river&compare=hill"), "compare")
    assert "North 0 of 1 fulfilled or kept 1 of 1 already bind, none of these assessed 0 of 1 fulfilled or kept" in said
    # The score judges no party.
    assert "score" not in said.split("By party")[1].split("Beside the mean")[0]
    assert "0 of 1 fulfilled or kept 1 of 1 already bind, 1 of these assessed South" in said
    assert "South 0 of 1 fulfilled or kept 1 of 1 already bind, none of these assessed no obligation" in said
    assert "Army" not in said


def test_one_that_is_younger_says_so(river: Agreement, hill: Agreement) -> None:
    duty(river)
    said = part(read("/agreements/?as_of=2025-12-18&compare=river&compare=hill&day=70"), "compare")
    assert "had not been in force for 70 days" in said
    assert "11 Mar 2024" in said


def test_one_of_which_no_day_is_known_says_so(river: Agreement) -> None:
    factories.agreement("lake", effective_on=None)
    said = part(read("/agreements/?as_of=2025-12-18&compare=river&compare=lake"), "compare")
    assert "since when it is in force is not recorded" in said


def test_before_it_was_in_force_there_is_nothing_to_compare(river: Agreement) -> None:
    said = part(read("/agreements/?as_of=2025-10-09"), "compare")
    assert "It was not in force by this day" in said


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("compare=a&compare=b&compare=c&compare=d&compare=e", "5 agreements are too many to set side by side."),
        ("compare=nowhere", "No agreement “nowhere” is on record on this day."),
        ("day=soon", "“soon” is no number of days."),
        ("day=-1", "“-1” is no number of days."),
        ("day=123456", "“123456” is no number of days."),
    ],
)
def test_what_cannot_be_compared_is_refused_in_words(river: Agreement, query: str, said: str) -> None:
    assert said in words(read(f"/agreements/?{query}", status=400))


def test_days_beyond_the_calendar_are_no_error(river: Agreement) -> None:
    assert "had not been in force for 99999 days" in part(read("/agreements/?day=99999"), "compare")


def test_an_agreement_named_twice_stands_once(river: Agreement, hill: Agreement) -> None:
    page = read("/agreements/?compare=river&compare=river").content.decode()
    assert page.count(">A: <a") == 1
    assert ">B: <a" not in page


def test_what_was_not_recorded_yet_is_not_offered(river: Agreement, hill: Agreement) -> None:
    read("/agreements/?known_on=2020-01-01&compare=river", status=400)


# What it costs, and the file


def test_only_the_number_of_agreements_compared_costs_queries(monkeypatch: pytest.MonkeyPatch) -> None:
    little, much = furnished(factories.agreement()), furnished(factories.agreement(), times=3)
    furnished(factories.agreement())

    def cost(*chosen: Agreement) -> int:
        return number_of_queries("/agreements/?" + "&".join(f"compare={one.slug}" for one in chosen))

    assert cost(little) == cost(much)
    nothing_loads_late(monkeypatch)
    assert cost(little, much) - cost(little) == cost(little) - (number_of_queries("/agreements/") + 1)


def test_the_curve_is_a_file_too(river: Agreement, hill: Agreement) -> None:
    factories.assessed(duty(river), "2025-10-20", 2)
    svg = read("/agreements.svg?as_of=2025-12-18&compare=river").content.decode()
    assert "A: The river truce" in svg or "The river truce: 66.7 of 100" in svg
    assert "Joshi, Quinn and Regan 2015" in svg
    assert svg.count('class="mean-dot"') == 11
    read("/agreements.svg?as_of=2025-12-18", status=404)
    read("/agreements.svg?day=x", status=400)
    assert read("/agreements.png?compare=river").content.startswith(b"\x89PNG")
