"""Runs of days on which the same answer holds."""

import datetime as dt
import random
from itertools import pairwise

import pytest

from tracker.rubric.runs import Run, runs

FIRST = dt.date(2025, 1, 1)


def day(number: int) -> dt.date:
    return FIRST + dt.timedelta(days=number)


@pytest.mark.parametrize(
    ("turns", "answers", "expected"),
    [
        ([], {}, [(0, 9, "a")]),
        ([3], {3: "b"}, [(0, 2, "a"), (3, 9, "b")]),
        ([3, 5], {3: "b", 5: "b"}, [(0, 2, "a"), (3, 9, "b")]),
        ([3, 3, 9], {3: "b", 9: "c"}, [(0, 2, "a"), (3, 8, "b"), (9, 9, "c")]),
        ([3, 4], {3: "b", 4: "a"}, [(0, 2, "a"), (3, 3, "b"), (4, 9, "a")]),
        ([4], {}, [(0, 9, "a")]),
        # Turns before the first and after the last day are none of its business.
        ([-4, 0, 10], {0: "z", 10: "b"}, [(0, 9, "z")]),
    ],
)
def test_runs(turns: list[int], answers: dict[int, str], expected: list[tuple[int, int, str]]) -> None:
    found = runs(FIRST, day(9), map(day, turns), lambda on: answers.get((on - FIRST).days, "a"))
    assert found == [Run(day(start), day(end), value) for start, end, value in expected]


def test_there_are_none_where_the_last_day_comes_first() -> None:
    assert runs(day(1), day(0), [], lambda on: on) == []


def test_they_say_of_every_day_what_was_answered() -> None:
    dice = random.Random(4)  # noqa: S311  # not a secret
    for _ in range(50):
        turns = {day(dice.randrange(60)) for _ in range(6)}
        words: dict[dt.date, str] = {}
        word = "-"
        for number in range(60):
            word = dice.choice("abc") if day(number) in turns else word
            words[day(number)] = word
        found = runs(day(0), day(59), turns, words.__getitem__)
        assert {on: run.value for run in found for on in words if run.covers(on)} == words
        assert sum(run.days for run in found) == len(words)
        assert all(one.value != other.value for one, other in pairwise(found))
