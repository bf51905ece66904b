"""The implementation score: weighted levels as a share of full implementation, as a range for what is not assessed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from tracker.codebook import Level, Nature
from tracker.rubric.facts import Duty


@dataclass(frozen=True, slots=True)
class Scored:
    """One obligation: its weight, its level (None: not assessed), and whether it already binds."""

    weight: int | Decimal | Fraction
    level: int | None
    binding: bool


@dataclass(frozen=True, slots=True)
class Score:
    """A range from 0 to 100: ``low`` takes everything not assessed as level 0, ``high`` as level 3.

    Both are rounded to one decimal, once, at the very end. ``assessed`` of ``binding`` obligations were assessed; a
    page never shows the range without these two.
    """

    low: Decimal
    high: Decimal
    assessed: int
    binding: int


def binds(duty: Duty, day: date, *, condition_unmet: bool) -> bool:
    """Whether the duty already binds on ``day`` and so enters the score.

    What is to be done once binds as soon as it is agreed; a continuing duty from its first day (never while that is
    unknown); a conditional one once none of its conditions in the text is open. ``condition_unmet`` speaks of those
    only: what a party alone insists on takes no duty out of the score.
    """
    if duty.nature == Nature.CONTINUING:
        return duty.starts_on is not None and day >= duty.starts_on
    return duty.nature != Nature.CONDITIONAL or not condition_unmet


def score(rows: Iterable[Scored]) -> Score | None:
    """``100 * sum(weight * level) / (3 * sum(weight))`` over the binding rows.

    None where nothing binds or nothing that binds has weight.
    """
    binding = [row for row in rows if row.binding]
    whole = sum((Fraction(row.weight) for row in binding), Fraction())
    if not whole:
        return None
    low = sum((Fraction(row.weight) * (row.level or 0) for row in binding), Fraction())
    open_weight = sum((Fraction(row.weight) for row in binding if row.level is None), Fraction())
    full = int(Level.FULL)
    return Score(
        low=_tenths(100 * low / (full * whole)),
        high=_tenths(100 * (low + full * open_weight) / (full * whole)),
        assessed=sum(row.level is not None for row in binding),
        binding=len(binding),
    )


def _tenths(exact: Fraction) -> Decimal:
    """The number to one decimal, halves up, as readers round."""
    return (Decimal(exact.numerator) / Decimal(exact.denominator)).quantize(Decimal("0.1"), ROUND_HALF_UP)
