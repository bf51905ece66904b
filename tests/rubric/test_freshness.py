"""When somebody last looked, and what was coded long after the fact."""

from datetime import date, timedelta

import pytest

from tracker.codebook import RETROSPECT_AFTER_DAYS, STALE_AFTER_DAYS, Nature
from tracker.rubric.facts import Duty
from tracker.rubric.freshness import in_retrospect, is_last_known, last_checked

DAY = date(2025, 12, 18)


def ago(days: int) -> date:
    return DAY - timedelta(days=days)


LOOKS: dict[str, tuple[date | None, date | None, int | None]] = {
    "never looked at": (None, None, None),
    "assessed today": (ago(0), None, 0),
    "assessed yesterday": (ago(1), None, 1),
    "checked after the assessment": (ago(9), ago(2), 2),
    "assessed after the check": (ago(2), ago(9), 2),
    "assessed and checked on one day": (ago(5), ago(5), 5),
    "checked but never assessed": (None, ago(3), 3),
    "a check of tomorrow has not happened": (ago(4), ago(-1), 4),
    "an assessment true from tomorrow is not one yet": (ago(-1), None, None),
}


@pytest.mark.parametrize(("assessed", "checked", "expected"), LOOKS.values(), ids=LOOKS.keys())
def test_last_checked(assessed: date | None, checked: date | None, expected: int | None) -> None:
    assert last_checked(DAY, assessed, checked) == expected


LAST_KNOWN: dict[str, tuple[Nature, int | None, bool, bool]] = {
    "a continuing duty unchecked for 59 days is current": (Nature.CONTINUING, 59, True, False),
    "a continuing duty unchecked for 60 days is last known": (Nature.CONTINUING, 60, True, True),
    "a continuing duty unchecked for 61 days is last known": (Nature.CONTINUING, 61, True, True),
    "one never looked at is not assessed, not last known": (Nature.CONTINUING, None, True, False),
    "one checked long ago and never assessed has no status to be last known": (Nature.CONTINUING, 60, False, False),
    "what is done once does not grow stale": (Nature.DELIVERABLE, 600, True, False),
    "a conditional duty does not grow stale": (Nature.CONDITIONAL, 600, True, False),
}


@pytest.mark.parametrize(("nature", "days", "assessed", "expected"), LAST_KNOWN.values(), ids=LAST_KNOWN.keys())
def test_is_last_known(nature: Nature, days: int | None, assessed: bool, expected: bool) -> None:
    assert STALE_AFTER_DAYS == 60
    assert is_last_known(Duty(nature), days, assessed=assessed) is expected


RETROSPECT = {
    "recorded on the day": (0, False),
    "recorded 30 days later": (30, False),
    "recorded 31 days later": (31, True),
    "recorded the day before it becomes true": (-1, False),
}


@pytest.mark.parametrize(("days", "expected"), RETROSPECT.values(), ids=RETROSPECT.keys())
def test_in_retrospect(days: int, expected: bool) -> None:
    assert RETROSPECT_AFTER_DAYS == 30
    assert in_retrospect(DAY, DAY + timedelta(days=days)) is expected
