"""The score's formula, its range, and what enters it."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest

from tracker.codebook import Nature
from tracker.rubric.facts import Duty
from tracker.rubric.score import Score, Scored, binds, score

DAY = date(2025, 12, 18)
DONE = Scored(1, 3, binding=True)
HALF = Scored(1, 2, binding=True)
BEGUN = Scored(1, 1, binding=True)
NOTHING = Scored(1, 0, binding=True)
UNKNOWN = Scored(1, None, binding=True)
NOT_YET = Scored(1, 0, binding=False)


def exactly(value: str, assessed: int, binding: int) -> Score:
    return Score(Decimal(value), Decimal(value), assessed, binding)


SCORES: dict[str, tuple[list[Scored], Score | None]] = {
    "without obligations there is no score": ([], None),
    "where nothing binds there is no score": ([NOT_YET, Scored(1, None, binding=False)], None),
    "where nothing that binds has weight there is no score": ([Scored(0, 3, binding=True)], None),
    "all done is 100": ([DONE, DONE], exactly("100.0", 2, 2)),
    "nothing done is 0, not none": ([NOTHING, NOTHING], exactly("0.0", 2, 2)),
    "one of two done is 50": ([DONE, NOTHING], exactly("50.0", 2, 2)),
    "a third is rounded to one decimal": ([BEGUN], exactly("33.3", 1, 1)),
    "two thirds are rounded up": ([HALF], exactly("66.7", 1, 1)),
    "halves of a tenth are rounded up": (
        [Scored(3, 3, binding=True), Scored(1597, 0, binding=True), Scored(400, 0, binding=True)],
        exactly("0.2", 3, 3),
    ),
    "what does not bind yet is left out": ([DONE, NOT_YET], exactly("100.0", 1, 1)),
    "a weight counts as often as it says": (
        [Scored(3, 3, binding=True), Scored(1, 0, binding=True)],
        exactly("75.0", 2, 2),
    ),
    "weights may be decimals": (
        [Scored(Decimal("0.1"), 3, binding=True), Scored(Decimal("0.2"), 0, binding=True)],
        exactly("33.3", 2, 2),
    ),
    "weights may be fractions": (
        [Scored(Fraction(1, 3), 3, binding=True), Scored(Fraction(2, 3), 0, binding=True)],
        exactly("33.3", 2, 2),
    ),
    "nothing assessed is anything from 0 to 100": ([UNKNOWN], Score(Decimal("0.0"), Decimal("100.0"), 0, 1)),
    "half not assessed opens the range": ([DONE, UNKNOWN], Score(Decimal("50.0"), Decimal("100.0"), 1, 2)),
    "the range opens by the weight not assessed": (
        [Scored(3, 0, binding=True), Scored(1, None, binding=True)],
        Score(Decimal("0.0"), Decimal("25.0"), 1, 2),
    ),
    "7 of 12 assessed": (
        [DONE] * 4 + [HALF, BEGUN, NOTHING] + [UNKNOWN] * 5,
        Score(Decimal("41.7"), Decimal("83.3"), 7, 12),
    ),
}


@pytest.mark.parametrize(("rows", "expected"), SCORES.values(), ids=SCORES.keys())
def test_score(rows: list[Scored], expected: Score | None) -> None:
    assert score(iter(rows)) == expected


BINDING: dict[str, tuple[Duty, bool, bool]] = {
    "a deliverable binds before its due date": (Duty(Nature.DELIVERABLE, due_on=DAY + timedelta(1)), False, True),
    "a deliverable binds without a due date": (Duty(Nature.DELIVERABLE), False, True),
    "a deliverable binds while it waits for another": (Duty(Nature.DELIVERABLE), True, True),
    "a continuing duty binds on its first day": (Duty(Nature.CONTINUING, starts_on=DAY), False, True),
    "a continuing duty does not bind on the eve": (
        Duty(Nature.CONTINUING, starts_on=DAY + timedelta(1)),
        False,
        False,
    ),
    "a continuing duty without a known start does not bind": (Duty(Nature.CONTINUING), False, False),
    "a conditional duty binds once its conditions are met": (Duty(Nature.CONDITIONAL), False, True),
    "a conditional duty does not bind while one is open": (Duty(Nature.CONDITIONAL), True, False),
}


@pytest.mark.parametrize(("duty", "condition_unmet", "expected"), BINDING.values(), ids=BINDING.keys())
def test_binds(duty: Duty, condition_unmet: bool, expected: bool) -> None:
    assert binds(duty, DAY, condition_unmet=condition_unmet) is expected
