"""Corrections, corrections of corrections, withdrawals and their undo: what was said on which day."""

import datetime as dt
from dataclasses import dataclass, field

import pytest

from tests import factories
from tracker.models import Assessment, Obligation, Vantage

pytestmark = pytest.mark.django_db

TODAY = dt.date(2026, 6, 1)


@dataclass
class Story:
    """Steps on record days, then what counted on a day as recorded by a day: a level, or None for not assessed."""

    steps: list[tuple[str, str, dict[str, object]]]
    said: list[tuple[str, str, int | None]] = field(default_factory=list)


STORIES = {
    "a first record": Story(
        [("2026-01-05", "record", {"name": "a", "on": "2026-01-01", "level": 1})],
        [
            ("2026-01-10", "2026-01-04", None),
            ("2026-01-10", "2026-01-05", 1),
            ("2025-12-31", "2026-01-10", None),
            ("2026-01-01", "2026-01-10", 1),
        ],
    ),
    "a later development is no correction": Story(
        [
            ("2026-01-05", "record", {"name": "a", "on": "2026-01-01", "level": 1}),
            ("2026-02-05", "record", {"name": "b", "on": "2026-02-01", "level": 2}),
        ],
        [("2026-01-15", "2026-03-01", 1), ("2026-02-01", "2026-03-01", 2), ("2026-02-10", "2026-02-04", 1)],
    ),
    "a back-dated record comes before the later one": Story(
        [
            ("2026-02-05", "record", {"name": "b", "on": "2026-02-01", "level": 2}),
            ("2026-03-05", "record", {"name": "a", "on": "2026-01-01", "level": 1}),
        ],
        [
            ("2026-01-15", "2026-03-04", None),
            ("2026-01-15", "2026-03-05", 1),
            ("2026-02-15", "2026-03-05", 2),
        ],
    ),
    "a correction": Story(
        [
            ("2026-01-05", "record", {"name": "a", "on": "2026-01-01", "level": 1}),
            ("2026-01-20", "correct", {"name": "b", "of": "a", "on": "2026-01-01", "level": 2}),
        ],
        [("2026-01-10", "2026-01-19", 1), ("2026-01-10", "2026-01-20", 2), ("2026-05-01", "2026-05-01", 2)],
    ),
    "a correction that moves the day": Story(
        [
            ("2026-01-05", "record", {"name": "a", "on": "2026-01-01", "level": 1}),
            ("2026-01-20", "correct", {"name": "b", "of": "a", "on": "2026-01-15", "level": 1}),
        ],
        [("2026-01-10", "2026-01-19", 1), ("2026-01-10", "2026-01-20", None), ("2026-01-15", "2026-01-20", 1)],
    ),
    "a correction of a correction": Story(
        [
            ("2026-01-05", "record", {"name": "a", "on": "2026-01-01", "level": 1}),
            ("2026-01-20", "correct", {"name": "b", "of": "a", "on": "2026-01-01", "level": 2}),
            ("2026-02-10", "correct", {"name": "c", "of": "b", "on": "2026-01-01", "level": 3}),
        ],
        [("2026-01-10", "2026-01-19", 1), ("2026-01-10", "2026-02-09", 2), ("2026-01-10", "2026-02-10", 3)],
    ),
    "a correction of the first record when it was corrected before goes to the end of the chain": Story(
        [
            ("2026-01-05", "record", {"name": "a", "on": "2026-01-01", "level": 1}),
            ("2026-01-20", "correct", {"name": "b", "of": "a", "on": "2026-01-01", "level": 2}),
            ("2026-02-10", "correct", {"name": "c", "of": "a", "on": "2026-01-01", "level": 0}),
        ],
        [("2026-01-10", "2026-02-09", 2), ("2026-01-10", "2026-02-10", 0)],
    ),
    "a withdrawal": Story(
        [
            ("2026-01-05", "record", {"name": "a", "on": "2026-01-01", "level": 1}),
            ("2026-01-25", "retract", {"of": "a"}),
        ],
        [("2026-01-10", "2026-01-24", 1), ("2026-01-10", "2026-01-25", None)],
    ),
    "a withdrawal brings back what stood before": Story(
        [
            ("2026-01-05", "record", {"name": "a", "on": "2026-01-01", "level": 1}),
            ("2026-01-15", "record", {"name": "b", "on": "2026-01-10", "level": 3}),
            ("2026-01-25", "retract", {"of": "b"}),
        ],
        [("2026-01-20", "2026-01-24", 3), ("2026-01-20", "2026-01-25", 1)],
    ),
    "the undo of a withdrawal": Story(
        [
            ("2026-01-05", "record", {"name": "a", "on": "2026-01-01", "level": 1}),
            ("2026-01-25", "retract", {"of": "a"}),
            ("2026-02-02", "restore", {"name": "b", "of": "a"}),
        ],
        [("2026-01-10", "2026-01-24", 1), ("2026-01-10", "2026-02-01", None), ("2026-01-10", "2026-02-02", 1)],
    ),
    "the undo of a correction": Story(
        [
            ("2026-01-05", "record", {"name": "a", "on": "2026-01-01", "level": 1}),
            ("2026-01-20", "correct", {"name": "b", "of": "a", "on": "2026-01-01", "level": 2}),
            ("2026-01-25", "retract", {"of": "b"}),
        ],
        [("2026-01-10", "2026-01-19", 1), ("2026-01-10", "2026-01-24", 2), ("2026-01-10", "2026-01-25", 1)],
    ),
    "both members of a chain withdrawn": Story(
        [
            ("2026-01-05", "record", {"name": "a", "on": "2026-01-01", "level": 1}),
            ("2026-01-20", "correct", {"name": "b", "of": "a", "on": "2026-01-01", "level": 2}),
            ("2026-01-25", "retract", {"of": "a"}),
            ("2026-02-02", "retract", {"of": "b"}),
        ],
        [("2026-01-10", "2026-01-26", 2), ("2026-01-10", "2026-02-02", None), ("2026-01-10", "2026-01-06", 1)],
    ),
    "a withdrawal of the middle of a chain changes nothing": Story(
        [
            ("2026-01-05", "record", {"name": "a", "on": "2026-01-01", "level": 1}),
            ("2026-01-20", "correct", {"name": "b", "of": "a", "on": "2026-01-01", "level": 2}),
            ("2026-01-25", "correct", {"name": "c", "of": "b", "on": "2026-01-01", "level": 3}),
            ("2026-02-02", "retract", {"of": "b"}),
            ("2026-02-12", "retract", {"of": "c"}),
        ],
        [("2026-01-10", "2026-02-03", 3), ("2026-01-10", "2026-02-12", 1)],
    ),
    "two of the same day: the later record counts": Story(
        [
            ("2026-01-05", "record", {"name": "a", "on": "2026-01-01", "level": 1}),
            ("2026-01-06", "record", {"name": "b", "on": "2026-01-01", "level": 2}),
        ],
        [("2026-01-01", "2026-01-05", 1), ("2026-01-01", "2026-01-06", 2)],
    ),
}


def tell(story: Story, duty: Obligation) -> None:
    made: dict[str, Assessment] = {}
    for recorded_on, step, said in story.steps:
        moment = factories.moment(f"{recorded_on}T12:00")
        of = made.get(str(said.get("of", "")))
        if step == "retract":
            assert of is not None
            factories.retracted(of, recorded_at=moment)
            continue
        if step == "restore":
            assert of is not None
            said = {"on": of.effective_on.isoformat(), "level": of.level, **said}
        made[str(said["name"])] = factories.assessed(
            duty, str(said["on"]), int(str(said["level"])), supersedes=of, recorded_at=moment
        )


@pytest.mark.parametrize("story", STORIES.values(), ids=STORIES.keys())
def test_each_record_day_gives_what_was_said_then(story: Story) -> None:
    duty = factories.obligation(factories.agreement())
    tell(story, duty)
    for as_of, known_on, level in story.said:
        vantage = Vantage(dt.date.fromisoformat(as_of), dt.date.fromisoformat(known_on), TODAY)
        current = Assessment.current(duty, vantage)
        assert (current.level if current else None) == level, f"on {as_of} as recorded by {known_on}"
