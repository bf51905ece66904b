"""What is contested, what the quarrel is about, and whether it is over: rules that are the same for every side."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import combinations

from tracker.codebook import CONTESTING, Counting, FigureNature, MeasureKind, Quarrel, Saying, Stance


@dataclass(frozen=True, slots=True)
class Word:
    """One report's word on a matter: the day it was published (else that of the matter), a stance, what it is about.

    ``stance`` is a ``Stance`` value and ``about`` a ``Quarrel`` value, "" where it is not recorded.
    """

    on: date
    stance: str
    about: str = ""


@dataclass(frozen=True, slots=True)
class Declared:
    """What one side (``key``) said of a phase on a day; ``says`` is a ``Saying`` value."""

    on: date
    key: str
    says: str


@dataclass(frozen=True, slots=True)
class Count:
    """One figure for a measure: who gives it (``key``), for which day, from when on, and from where to where it lies.

    ``counting`` "" counts as cumulative: a total runs.
    """

    key: str
    as_of: date
    low: Decimal
    high: Decimal
    since: date | None = None
    nature: str = FigureNature.ACTUAL
    counting: str = ""

    @property
    def cumulative(self) -> bool:
        return self.counting in ("", Counting.CUMULATIVE)


ENOUGH_WORDS = 2
"""A single word rarely says where somebody stands."""


def telling(quote: str, on: date, *, direct: bool) -> tuple[bool, bool, date]:
    """How well a quotation tells where its side stands on an obligation: the greatest of them is shown first.

    ``direct``: the event bears on the obligation itself, and not as mere context. The newest of several such.
    """
    return direct, len(quote.split()) >= ENOUGH_WORDS, on


def contested(words: Iterable[Word]) -> bool:
    """Whether anybody contradicts: one denial, dispute or justification is enough."""
    return any(word.stance in CONTESTING for word in words)


def about(word: Word) -> Quarrel | None:
    """What a report contests; None where that is not recorded.

    Whoever justifies an act accepts that it was done: unless recorded otherwise, what is left is whether it was
    allowed.
    """
    if word.about:
        return Quarrel(word.about)
    return Quarrel.LEGALITY if word.stance == Stance.JUSTIFIES else None


def kinds(words: Iterable[Word]) -> tuple[Quarrel, ...]:
    """What those who contradict quarrel about, in the codebook's order; empty where none of it is recorded."""
    found = {about(word) for word in words if word.stance in CONTESTING}
    return tuple(kind for kind in Quarrel if kind in found)


def ended_on(words: Iterable[Word], day: date) -> date | None:
    """The day on which a quarrel ended: a side revised its account, and nobody contradicted on that day or later.

    Only what had been published by ``day`` ends anything. None while it goes on.
    """
    words = list(words)
    revised = [word.on for word in words if word.stance == Stance.REVISES and word.on <= day]
    against = [word.on for word in words if word.stance in CONTESTING]
    if not revised or not against or max(revised) <= max(against):
        return None
    return min(on for on in revised if on > max(against))


def opposed(words: Iterable[Declared]) -> bool:
    """Whether the latest words of the sides about a phase contradict, e.g. one says begun and another not begun.

    That it has not begun contradicts nobody who says only later that it has.
    """
    words = sorted(words, key=lambda word: word.on)
    latest = {word.key: word for word in words}
    others = {word.says for word in latest.values()} - {Saying.NOT_BEGUN}
    held = [word for word in words if Saying.NOT_BEGUN not in (word.says, latest[word.key].says)]
    begun = held[0].on if held else date.max
    denied = any(word.says == Saying.NOT_BEGUN and word.on >= begun for word in latest.values())
    return len(others) > 1 or denied


def ever_opposed(words: Iterable[Declared]) -> bool:
    """Whether they contradicted one another on any day."""
    return any(opposed(part) for part in _day_by_day(words).values())


def agreed_on(words: Iterable[Declared]) -> date | None:
    """The day since which the sides no longer contradict one another about a phase; None while they do."""
    since = None
    for day, part in _day_by_day(words).items():
        if opposed(part):
            since = None
        elif since is None:
            since = day
    return since


def _day_by_day(words: Iterable[Declared]) -> dict[date, list[Declared]]:
    """For each day on which somebody declared something, all that had been declared by then."""
    words = sorted(words, key=lambda word: word.on)
    return {day: [word for word in words if word.on <= day] for day in sorted({word.on for word in words})}


def clashes(counts: Sequence[Count], kind: str) -> list[date]:
    """The days for which independent voices give figures that cannot both be right, newest first.

    Figures are compared for the same day where they count alike (a running total with another, the mean of a period
    with another, a single day with another), and running totals also where a later one is lower than an earlier one.
    Ranges that overlap agree; what is planned is no count.
    """
    days = set()
    for one, other in combinations([count for count in counts if count.nature != FigureNature.PLANNED], 2):
        if one.key != other.key and _contradict(one, other, kind):
            days.add(max(one.as_of, other.as_of))
    return sorted(days, reverse=True)


def _contradict(one: Count, other: Count, kind: str) -> bool:
    totals = kind == MeasureKind.TOTAL and one.cumulative and other.cumulative
    if one.as_of == other.as_of:
        alike = totals or (one.counting == other.counting and (one.since is None) == (other.since is None))
        return alike and (one.high < other.low or other.high < one.low)
    earlier, later = sorted((one, other), key=lambda count: count.as_of)
    return totals and later.high < earlier.low
