"""Agreement between coders, against worked examples from the literature."""

import random
from fractions import Fraction

import pytest

from tracker.rubric.reliability import INTERVAL, METRICS, NOMINAL, ORDINAL, Reliability, reliability

NIL = None
"""A unit that a coder left out."""


def by_unit(*coders: list[object]) -> list[tuple[object, ...]]:
    """From one row for each coder, as the literature prints it, to one for each unit."""
    return list(zip(*coders, strict=True))


# Krippendorff, Computing Krippendorff's Alpha-Reliability (2011), A: two observers, binary, nothing missing.
BINARY = by_unit([0, 1, 0, 0, 0, 0, 0, 0, 1, 0], [1, 1, 1, 0, 0, 1, 0, 0, 0, 0])
# B: two observers, five categories.
FIVE = by_unit(list("aabbdcccedda"), list("babbbccceddd"))
# C and D: four observers, twelve units, some values missing.
FOUR = by_unit(
    [1, 2, 3, 3, 2, 1, 4, 1, 2, NIL, NIL, NIL],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, NIL, 3],
    [NIL, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, NIL],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, NIL],
)
# Three observers, fifteen units, many values missing: the example of the encyclopedias.
THREE = by_unit(
    [NIL, NIL, NIL, NIL, NIL, 3, 4, 1, 2, 1, 1, 3, 3, NIL, 3],
    [1, NIL, 2, 1, 3, 3, 4, 3, NIL, NIL, NIL, NIL, NIL, NIL, NIL],
    [NIL, NIL, 2, 1, 3, 4, 4, NIL, 2, 1, 1, 3, 3, NIL, 4],
)


def test_two_coders_with_yes_and_no() -> None:
    found = reliability(BINARY)
    assert found.alpha == pytest.approx(0.095, abs=0.0005)
    assert (found.units, found.values, found.coders) == (10, 20, 2)


def test_two_coders_with_five_categories() -> None:
    found = reliability(FIVE)
    assert found.alpha == pytest.approx(0.692, abs=0.0005)
    assert (found.units, found.values, found.coders) == (12, 24, 2)


@pytest.mark.parametrize(("metric", "alpha"), [(NOMINAL, 0.743), (ORDINAL, 0.815), (INTERVAL, 0.849)])
def test_four_coders_with_missing_values(metric: str, alpha: float) -> None:
    found = reliability(FOUR, metric)
    assert found.alpha == pytest.approx(alpha, abs=0.0005)
    # The twelfth unit was coded by one alone and pairs with nothing.
    assert (found.units, found.values, found.coders) == (11, 40, 4)


@pytest.mark.parametrize(("metric", "alpha"), [(NOMINAL, 0.691), (INTERVAL, 0.811)])
def test_three_coders_with_more_missing_than_given(metric: str, alpha: float) -> None:
    found = reliability(THREE, metric)
    assert found.alpha == pytest.approx(alpha, abs=0.0005)
    assert (found.units, found.values, found.coders) == (12, 26, 3)


@pytest.mark.parametrize("metric", METRICS)
def test_the_same_throughout_but_not_one_value_alone_is_one(metric: str) -> None:
    assert reliability([(0, 0), (3, 3), (1, 1, 1)], metric).alpha == 1


@pytest.mark.parametrize("metric", METRICS)
def test_it_is_undefined_where_everybody_gave_one_and_the_same_value(metric: str) -> None:
    assert reliability([(2, 2), (2, 2, NIL), (2, NIL)], metric) == Reliability(None, 2, 4, 2)


@pytest.mark.parametrize("units", [[], [()], [(NIL, NIL)], [(1, NIL), (NIL, 2)], [(1,), (2,)]])
def test_it_is_undefined_where_nothing_can_be_paired(units: list[tuple[int | None, ...]]) -> None:
    for metric in METRICS:
        assert reliability(units, metric) == Reliability(None, 0, 0, 0)


def test_constant_contradiction_is_worse_than_chance() -> None:
    # By hand: every pair differs, so Do = 1; of two values four times each, De = 2 * 4 * 4 / (8 * 7) = 4 / 7.
    assert reliability([(0, 1), (1, 0), (0, 1), (1, 0)]).alpha == pytest.approx(1 - 7 / 4)


def test_words_can_be_coded_and_ranked_by_their_order() -> None:
    words = reliability([("a", "b"), ("c", "c"), ("b", "b"), ("a", "a")], ORDINAL)
    numbers = reliability([(1, 20), (300, 300), (20, 20), (1, 1)], ORDINAL)
    assert words.alpha == numbers.alpha
    assert words.alpha is not None


def test_the_order_of_units_and_of_coders_does_not_matter() -> None:
    chance = random.Random(7)  # noqa: S311  # the same chance in every run
    expected = [reliability(FOUR, metric) for metric in METRICS]
    for _round in range(20):
        coders = chance.sample(range(4), 4)
        units = [tuple(unit[at] for at in coders) for unit in chance.sample(FOUR, len(FOUR))]
        assert [reliability(units, metric) for metric in METRICS] == expected


def test_two_values_make_all_three_metrics_one() -> None:
    # With two values there is only one distance, and it cancels out.
    alphas = {reliability(BINARY, metric).alpha for metric in METRICS}
    assert len(alphas) == 1


def test_it_agrees_with_the_definition_written_out() -> None:
    """All pairs of values within units against all pairs of values at large, one by one."""
    chance = random.Random(11)  # noqa: S311  # the same
    for _round in range(30):
        units = [tuple(chance.choice([0, 1, 2, 3, None]) for _coder in range(4)) for _unit in range(9)]
        kept = [[value for value in unit if value is not None] for unit in units]
        kept = [unit for unit in kept if len(unit) > 1]
        pool = [value for unit in kept for value in unit]
        size = len(pool)
        within = sum(
            Fraction((one - other) ** 2, len(unit) - 1)
            for unit in kept
            for at, one in enumerate(unit)
            for place, other in enumerate(unit)
            if at != place
        )
        at_large = sum(Fraction((one - other) ** 2, size - 1) for one in pool for other in pool)
        assert at_large
        assert reliability(units, INTERVAL).alpha == pytest.approx(float(1 - within / at_large))


def test_another_metric_is_refused() -> None:
    with pytest.raises(ValueError, match="No such metric: ratio"):
        reliability(BINARY, "ratio")
