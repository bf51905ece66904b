"""What is contested, about what, and until when."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from tracker.codebook import Counting, FigureNature, MeasureKind, Quarrel, Saying, Stance
from tracker.rubric import quarrels
from tracker.rubric.quarrels import Count, Declared, Word

DAY = date(2025, 12, 18)
EVE = DAY - timedelta(days=1)
NEXT = DAY + timedelta(days=1)


# Whether and about what


@pytest.mark.parametrize(
    ("stance", "against"),
    [
        (Stance.ASSERTS, False),
        (Stance.DENIES, True),
        (Stance.DISPUTES, True),
        (Stance.JUSTIFIES, True),
        (Stance.RELAYS, False),
        (Stance.REVISES, False),
    ],
)
def test_who_denies_disputes_or_justifies_contests(stance: str, against: bool) -> None:
    assert quarrels.contested([Word(DAY, Stance.ASSERTS), Word(DAY, stance)]) is against


def test_what_a_justification_leaves_in_dispute_is_whether_it_was_allowed() -> None:
    assert quarrels.about(Word(DAY, Stance.JUSTIFIES)) == Quarrel.LEGALITY
    assert quarrels.about(Word(DAY, Stance.JUSTIFIES, Quarrel.AMOUNT)) == Quarrel.AMOUNT


def test_what_is_not_recorded_is_not_guessed() -> None:
    assert quarrels.about(Word(DAY, Stance.DENIES)) is None
    assert quarrels.kinds([Word(DAY, Stance.DENIES), Word(DAY, Stance.DISPUTES)]) == ()


def test_the_kinds_stand_in_the_order_of_the_codebook_each_once() -> None:
    words = [
        Word(DAY, Stance.DISPUTES, Quarrel.AMOUNT),
        Word(DAY, Stance.JUSTIFIES),
        Word(DAY, Stance.DENIES, Quarrel.FACT),
        Word(DAY, Stance.DENIES, Quarrel.FACT),
    ]
    assert quarrels.kinds(words) == (Quarrel.FACT, Quarrel.LEGALITY, Quarrel.AMOUNT)


def test_what_somebody_asserts_is_no_quarrel() -> None:
    assert quarrels.kinds([Word(DAY, Stance.ASSERTS, Quarrel.FACT)]) == ()


# Until when

ENDED: dict[str, tuple[list[Word], date | None]] = {
    "nobody revised": ([Word(EVE, Stance.DENIES)], None),
    "a revision after the last contradiction": ([Word(EVE, Stance.DENIES), Word(DAY, Stance.REVISES)], DAY),
    "a contradiction on the same day": ([Word(DAY, Stance.DENIES), Word(DAY, Stance.REVISES)], None),
    "a contradiction after it": ([Word(EVE, Stance.REVISES), Word(DAY, Stance.DISPUTES)], None),
    "the first of two revisions counts": (
        [Word(EVE - timedelta(days=1), Stance.DENIES), Word(EVE, Stance.REVISES), Word(DAY, Stance.REVISES)],
        EVE,
    ),
    "an assertion after it starts nothing": (
        [Word(EVE - timedelta(days=1), Stance.DENIES), Word(EVE, Stance.REVISES), Word(DAY, Stance.ASSERTS)],
        EVE,
    ),
    "a revision that is yet to come": ([Word(DAY, Stance.DENIES), Word(NEXT, Stance.REVISES)], None),
    "a revision without a quarrel": ([Word(EVE, Stance.ASSERTS), Word(DAY, Stance.REVISES)], None),
}


@pytest.mark.parametrize(("words", "ended"), ENDED.values(), ids=ENDED)
def test_a_quarrel_ends_when_a_side_revises_and_nobody_contradicts_after(words: list[Word], ended: date | None) -> None:
    assert quarrels.ended_on(words, DAY) == ended
    assert quarrels.ended_on(reversed(words), DAY) == ended


# Phases


def test_the_latest_words_of_the_sides_decide_whether_they_are_opposed() -> None:
    begun, not_begun = Declared(EVE, "a", Saying.BEGUN), Declared(EVE, "b", Saying.NOT_BEGUN)
    assert not quarrels.opposed([])
    assert not quarrels.opposed([begun])
    assert quarrels.opposed([begun, not_begun])
    agreed = [begun, not_begun, Declared(DAY, "b", Saying.BEGUN)]
    assert not quarrels.opposed(agreed)
    assert quarrels.ever_opposed(agreed)
    assert quarrels.agreed_on(agreed) == DAY
    assert quarrels.agreed_on([begun, not_begun]) is None
    assert quarrels.agreed_on([*agreed, Declared(NEXT, "a", Saying.ENDED)]) is None


def test_not_begun_contradicts_nobody_who_says_only_later_that_it_has() -> None:
    early = [Declared(EVE, "b", Saying.NOT_BEGUN), Declared(DAY, "a", Saying.BEGUN)]
    assert not quarrels.opposed(early)
    assert quarrels.opposed([*early, Declared(NEXT, "b", Saying.NOT_BEGUN)])
    assert not quarrels.opposed([Declared(EVE, "a", Saying.NOT_BEGUN), *early])


def test_one_side_that_changes_its_mind_contradicts_nobody() -> None:
    changed = [Declared(EVE, "a", Saying.NOT_BEGUN), Declared(DAY, "a", Saying.BEGUN)]
    assert not quarrels.ever_opposed(changed)


# Figures


def count(key: str, value: int, as_of: date = DAY, **fields: object) -> Count:
    return Count(key, as_of, Decimal(value), Decimal(fields.pop("high", value)), **fields)  # type: ignore[arg-type]


TOTAL, RATE = MeasureKind.TOTAL, MeasureKind.PER_DAY

CLASHES: dict[str, tuple[list[Count], str, list[date]]] = {
    "nothing": ([], TOTAL, []),
    "the same figure": ([count("a", 5), count("b", 5)], TOTAL, []),
    "another figure for the same day": ([count("a", 5), count("b", 6)], TOTAL, [DAY]),
    "one voice may correct itself": ([count("a", 5), count("a", 6)], TOTAL, []),
    "ranges that overlap": ([count("a", 5, high=8), count("b", 7)], TOTAL, []),
    "ranges apart": ([count("a", 5, high=6), count("b", 7, high=9)], TOTAL, [DAY]),
    "a total grows": ([count("a", 5, EVE), count("b", 6)], TOTAL, []),
    "a later total that is lower": ([count("a", 5, EVE), count("b", 4)], TOTAL, [DAY]),
    "a later rate that is lower": ([count("a", 5, EVE), count("b", 4)], RATE, []),
    "a total and what was added": (
        [count("a", 5), count("b", 2, counting=Counting.NEW)],
        TOTAL,
        [],
    ),
    "totals since other days": ([count("a", 5, since=EVE), count("b", 9)], TOTAL, [DAY]),
    "a mean and a single day": ([count("a", 5, since=EVE), count("b", 9)], RATE, []),
    "two means": ([count("a", 5, since=EVE), count("b", 9, since=EVE)], RATE, [DAY]),
    "what is planned": ([count("a", 5), count("b", 9, nature=FigureNature.PLANNED)], TOTAL, []),
    "several days, newest first": (
        [count("a", 5, EVE), count("b", 6, EVE), count("a", 7), count("b", 9)],
        TOTAL,
        [DAY, EVE],
    ),
}


@pytest.mark.parametrize(("counts", "kind", "days"), CLASHES.values(), ids=CLASHES)
def test_figures_that_cannot_both_be_right(counts: list[Count], kind: str, days: list[date]) -> None:
    assert quarrels.clashes(counts, kind) == days
    assert quarrels.clashes(counts[::-1], kind) == days
