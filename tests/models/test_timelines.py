"""The words of a timeline are those of the pages of its days."""

import datetime as dt
import random
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import factories
from tracker.codebook import AgreementState, Conformity, Movement, Nature, Saying, StatusWord
from tracker.exchange.casefile import load
from tracker.models import Agreement, Assessment, Obligation, Vantage
from tracker.models.standing import board
from tracker.models.timelines import Timeline, timeline

pytestmark = pytest.mark.django_db

DEMO = Path(__file__).parents[2] / "tracker" / "exchange" / "demo" / "gaza-2025.yaml"
START = dt.date(2025, 1, 1)
DAYS = 240


def day(number: int) -> dt.date:
    return START + dt.timedelta(days=number)


def promised(of: Agreement, code: str = "", **fields: Any) -> Obligation:
    """An obligation without a day of its own on which it was agreed."""
    return factories.obligation(of, code, **{"agreed_on": None} | fields)


def drawn(of: Agreement, last: dt.date, known_on: dt.date | None = None) -> Timeline:
    found = timeline(board(of, Vantage(last, known_on)))
    assert found is not None
    return found


def by_timeline(found: Timeline, on: dt.date) -> dict[str, tuple[str, int | None]]:
    return {
        lane.obligation.code: (run.value.word.value, run.value.level)
        for lane in found.lanes
        for run in lane.runs
        if run.covers(on)
    }


def by_page(of: Agreement, on: dt.date, known_on: dt.date | None) -> dict[str, tuple[str, int | None]]:
    """What "where it stands" says on that day."""
    return {row.obligation.code: (row.status.key, row.status.level) for row in board(of, Vantage(on, known_on)).rows}


def agree(of: Agreement, found: Timeline, on: dt.date, known_on: dt.date | None) -> None:
    assert by_timeline(found, on) == by_page(of, on, known_on), f"on {on} as recorded by {known_on}"


def muddled(dice: random.Random) -> Agreement:
    """An agreement with everything that can change a word, corrected and withdrawn on and on."""
    of = factories.agreement(
        signed_on=day(10),
        effective_on=day(12),
        recorded_at=factories.moment("2025-01-02"),
        states=[
            ("signed", day(10)),
            ("in_force", day(12)),
            ("suspended", day(120)),
            ("in_force", day(140)),
            ("lapsed", day(210)),
        ],
    )
    recorded = {"recorded_at": factories.moment("2025-01-02")}
    phases = [
        factories.phase(of, 1, **recorded),
        factories.phase(of, 2, agreed_on=day(60), **recorded),
        factories.phase(of, 3, agreed_on=day(5), **recorded),
    ]
    duties = [
        promised(
            of,
            f"duty-{number}",
            phase=phases[number % 3],
            nature=list(Nature)[number % len(Nature)],
            due_on=day(dice.randrange(15, 200)) if number % 2 else None,
            agreed_on=day(dice.randrange(80)) if number % 4 == 0 else None,
            **recorded,
        )
        for number in range(9)
    ]
    event = factories.event(of, day(11), effects=duties, recorded_at=factories.moment("2025-01-12"))
    for duty in duties[1:]:
        factories.condition(duty, dice.choice([one for one in duties if one != duty]), dice.randrange(1, 4), **recorded)
    for duty in duties:
        told: list[Assessment] = []
        for _ in range(dice.randrange(6)):
            level, moment = dice.randrange(4), dt.datetime.combine(day(dice.randrange(15, 230)), dt.time(9), dt.UTC)
            moment = max([moment, *(one.recorded_at for one in told if one.recorded_at)]) + dt.timedelta(hours=1)
            told.append(
                factories.assessed(
                    duty,
                    day(dice.randrange(12, 200)),
                    level,
                    direction=dice.choice(Movement.values),
                    conformity=dice.choice([*Conformity.values, *[Conformity.AS_AGREED.value] * 4]),
                    evidence=[event],
                    supersedes=dice.choice([None, None, *told]),
                    recorded_at=moment,
                )
            )
        for one in told:
            if dice.random() < 0.25 and one.recorded_at:
                factories.retracted(one, recorded_at=one.recorded_at + dt.timedelta(days=dice.randrange(1, 40)))
    return of


@pytest.mark.parametrize("seed", [1, 2])
def test_every_day_says_what_the_page_of_that_day_says(seed: int) -> None:
    dice = random.Random(seed)  # noqa: S311  # not a secret
    of = muddled(dice)
    seen = set()
    for known_on in (None, day(70), day(160)):
        found = drawn(of, day(DAYS), known_on)
        assert found.first == day(5)
        for number in sorted(dice.sample(range(5, DAYS), 14)):
            agree(of, found, day(number), known_on)
        seen |= {run.value.word for lane in found.lanes for run in lane.runs}
    assert len(seen) > 8, "too few words to tell anything"


def test_it_does_so_over_the_gaza_case() -> None:
    load([(DEMO.name, DEMO.read_bytes())])
    of = Agreement.objects.get()
    last = dt.date(2026, 11, 1)
    found = drawn(of, last)
    assert found.first == dt.date(2025, 10, 9)
    dice = random.Random(5)  # noqa: S311  # not a secret
    span = (last - found.first).days
    for number in [0, 1, 2, 5, *dice.sample(range(span), 10), span]:
        agree(of, found, found.first + dt.timedelta(days=number), None)


def test_the_days_between_two_turns_are_all_alike() -> None:
    """Every single day of a short agreement, so that no turn is forgotten."""
    of = factories.agreement(signed_on=day(0), effective_on=day(1))
    list_ = promised(of, "list", due_on=day(6))
    bridge = promised(of, "bridge", nature=Nature.CONDITIONAL)
    calm = promised(of, "calm", nature=Nature.CONTINUING, due_on=day(4))
    factories.condition(bridge, list_, 2)
    factories.assessed(list_, day(2), 0)
    factories.assessed(list_, day(9), 2)
    factories.assessed(list_, day(12), 3)
    factories.assessed(bridge, day(3), 0)
    factories.assessed(calm, day(2), 0)
    found = drawn(of, day(15))
    for number in range(16):
        agree(of, found, day(number), None)
    words = {lane.obligation.code: [(run.start, run.value.word) for run in lane.runs] for lane in found.lanes}
    assert words["list"] == [
        (day(0), StatusWord.NOT_ASSESSED),
        (day(2), StatusWord.NOT_YET_DUE),
        (day(7), StatusWord.OVERDUE),
        (day(9), StatusWord.OVERDUE),  # at another level
        (day(12), StatusWord.FULFILLED_LATE),
    ]
    assert words["bridge"] == [
        (day(0), StatusWord.NOT_ASSESSED),
        (day(3), StatusWord.WAITING),
        (day(9), StatusWord.NOT_STARTED),
    ]
    assert words["calm"] == [
        (day(0), StatusWord.NOT_ASSESSED),
        (day(2), StatusWord.NOT_YET_DUE),
        (day(4), StatusWord.NOT_KEPT),
    ]


def test_nothing_later_than_the_day_is_told() -> None:
    of = factories.agreement(signed_on=day(0), states=[("in_force", day(0)), ("lapsed", day(50))])
    duty = promised(of)
    factories.event(of, day(5), effects=[(duty, "advances")])
    factories.event(of, day(40), effects=[(duty, "breaches")], accused=[factories.actor()])
    factories.assessed(duty, day(45), 1)
    found = drawn(of, day(30))
    [lane] = found.lanes
    assert [(run.start, run.end, run.value.word) for run in lane.runs] == [(day(0), day(30), StatusWord.NOT_ASSESSED)]
    assert [(mark.day, mark.effect) for mark in lane.marks] == [(day(5), "advances")]
    assert [run.value for run in found.states] == [AgreementState.IN_FORCE]


def test_what_is_scheduled_is_marked_on_its_day_until_something_came_of_it() -> None:
    of = factories.agreement(signed_on=day(0))
    duty = promised(of)
    factories.event(
        of, day(60), effects=[(duty, "advances")], state="scheduled", reports=[factories.article(published_on=day(3))]
    )
    [lane] = drawn(of, day(30)).lanes
    assert [(mark.day, mark.scheduled) for mark in lane.marks] == [(day(60), True)]


def test_each_actor_has_a_line_of_what_it_says_of_a_phase() -> None:
    of = factories.agreement(signed_on=day(0))
    promised(of)
    phase = factories.phase(of, 1)
    north, south = factories.actor(name="North"), factories.actor(name="South")
    factories.declaration(phase, north, day(10), Saying.BEGUN)
    factories.declaration(phase, south, day(12), Saying.NOT_BEGUN)
    factories.declaration(phase, south, day(20), Saying.BEGUN)
    factories.declaration(phase, north, day(40), Saying.ENDED)
    [part] = drawn(of, day(30)).phases
    assert [(claim.actor, [(run.start, run.end, run.value.says) for run in claim.runs]) for claim in part.claims] == [
        (north, [(day(10), day(30), "begun")]),
        (south, [(day(12), day(19), "not_begun"), (day(20), day(30), "begun")]),
    ]


def test_without_a_signature_it_begins_with_the_first_day_of_anything() -> None:
    of = factories.agreement(signed_on=None, effective_on=None, states=[])
    duty = promised(of)
    factories.event(of, day(7), effects=[duty])
    factories.assessed(duty, day(9), 1, evidence=[factories.event(of, day(8), effects=[duty])])
    assert drawn(of, day(30)).first == day(7)


def test_nothing_promised_has_no_timeline() -> None:
    assert timeline(board(factories.agreement(), Vantage(day(30)))) is None


def test_it_asks_the_database_nothing_more() -> None:
    of = muddled(random.Random(3))  # noqa: S311  # not a secret
    now = board(of, Vantage(day(DAYS)))
    with CaptureQueriesContext(connection) as seen:
        timeline(now)
    assert len(seen) == 0
