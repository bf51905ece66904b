"""How far several people who coded the same things agree: Krippendorff's alpha.

1 is perfect agreement, 0 what chance alone would bring, below 0 less than that. Units that only one person coded say
nothing about agreement and are left out. The arithmetic is exact until the end.
"""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from typing import Any

NOMINAL, ORDINAL, INTERVAL = METRICS = ("nominal", "ordinal", "interval")


@dataclass(frozen=True, slots=True)
class Reliability:
    """``alpha`` is None where it is undefined: fewer than two units' worth of values, or one and the same throughout.

    ``units`` that two people or more coded, the ``values`` they gave there, and the ``coders`` who gave any of them.
    """

    alpha: float | None
    units: int
    values: int
    coders: int


def reliability(units: Iterable[Sequence[Hashable | None]], metric: str = NOMINAL) -> Reliability:
    """Krippendorff's alpha of ``units``: each holds one value for each coder in the same order, None where missing.

    ``nominal`` values are the same or not; ``ordinal`` ones are ranked by their order; ``interval`` ones are numbers
    whose differences count. Raises ValueError for another metric.
    """
    if metric not in METRICS:
        raise ValueError(f"No such metric: {metric}. There are {', '.join(METRICS)}.")
    coders: set[int] = set()
    coded: list[Counter[Any]] = []
    for unit in units:
        given = [place for place, value in enumerate(unit) if value is not None]
        if len(given) < 2:
            continue
        coders.update(given)
        coded.append(Counter(unit[place] for place in given))
    totals: Counter[Any] = sum(coded, Counter())
    values = totals.total()
    apart = _distance(metric, totals)
    expected = sum(totals[one] * totals[other] * apart(one, other) for one, other in combinations(totals, 2))
    if not expected:
        return Reliability(None, len(coded), values, len(coders))
    observed = sum(
        Fraction(counts[one] * counts[other], counts.total() - 1) * apart(one, other)
        for counts in coded
        for one, other in combinations(counts, 2)
    )
    return Reliability(float(1 - (values - 1) * observed / expected), len(coded), values, len(coders))


def _distance(metric: str, totals: Counter[Any]) -> Callable[[Any, Any], Fraction]:
    """The squared difference of two different values."""
    if metric == NOMINAL:
        return lambda _one, _other: Fraction(1)
    if metric == INTERVAL:
        return lambda one, other: (Fraction(one) - Fraction(other)) ** 2
    # How many values lie up to the middle of each rank: ranks differ by what lies between their middles.
    middles: dict[Any, Fraction] = {}
    below = 0
    for value in sorted(totals):
        middles[value] = below + Fraction(totals[value], 2)
        below += totals[value]
    return lambda one, other: (middles[one] - middles[other]) ** 2
