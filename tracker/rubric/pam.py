"""How far comprehensive peace accords were carried out, by the Peace Accords Matrix: a yardstick, no norm.

Madhav Joshi, Jason Michael Quinn and Patrick M. Regan, "Annualized implementation data on comprehensive intrastate
peace accords, 1989-2012", Journal of Peace Research 52 (4), 2015, 551-562, doi:10.1177/0022343314567486.
"""

from decimal import Decimal

MEAN = tuple(
    Decimal(value) for value in ("41.7", "53.4", "61.5", "65.9", "69.3", "72.1", "73.6", "74.8", "75.9", "76.3")
)
"""The mean aggregate score at the end of each of the first ten years, of 100."""

ACCORDS = 34
ADDRESS = "https://doi.org/10.1177/0022343314567486"
DAYS_OF_A_YEAR = Decimal("365.25")


def years(days: int) -> Decimal:
    """How many years so many days are."""
    return Decimal(days) / DAYS_OF_A_YEAR
