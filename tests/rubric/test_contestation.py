"""Who contradicts whom, and who counts as one."""

from datetime import date, timedelta

import pytest

from tracker.codebook import Contestation, Stance
from tracker.rubric.contestation import contestation, independent
from tracker.rubric.facts import Said

SINCE = date(2025, 12, 18)
BEFORE = SINCE - timedelta(days=1)
LATER = SINCE + timedelta(days=1)

CASES: dict[str, tuple[list[Said], date | None, Contestation]] = {
    "without reports nothing is contested": ([], SINCE, Contestation.UNCONTESTED),
    "one report rests on one originator": (
        [Said(SINCE, Stance.ASSERTS, "a")],
        SINCE,
        Contestation.SINGLE_ORIGINATOR,
    ),
    "two independent originators bear one another out": (
        [Said(SINCE, Stance.ASSERTS, "a"), Said(LATER, Stance.ASSERTS, "b")],
        SINCE,
        Contestation.UNCONTESTED,
    ),
    "two reports of one originator are one voice": (
        [Said(SINCE, Stance.ASSERTS, "a"), Said(LATER, Stance.ASSERTS, "a")],
        SINCE,
        Contestation.SINGLE_ORIGINATOR,
    ),
    "one who relays counts as an originator of his own": (
        [Said(SINCE, Stance.ASSERTS, "a"), Said(SINCE, Stance.RELAYS, "b")],
        SINCE,
        Contestation.UNCONTESTED,
    ),
    "one who relays alone is a single originator": (
        [Said(SINCE, Stance.RELAYS, "a")],
        SINCE,
        Contestation.SINGLE_ORIGINATOR,
    ),
    "a denial disputes": (
        [Said(SINCE, Stance.ASSERTS, "a"), Said(SINCE, Stance.DENIES, "b")],
        SINCE,
        Contestation.DISPUTED,
    ),
    "another account disputes": (
        [Said(SINCE, Stance.ASSERTS, "a"), Said(SINCE, Stance.DISPUTES, "b")],
        SINCE,
        Contestation.DISPUTED,
    ),
    "a justification disputes": (
        [Said(SINCE, Stance.ASSERTS, "a"), Said(SINCE, Stance.JUSTIFIES, "b")],
        SINCE,
        Contestation.DISPUTED,
    ),
    "a revision of one's own account does not dispute": (
        [Said(SINCE, Stance.ASSERTS, "a"), Said(SINCE, Stance.REVISES, "b")],
        SINCE,
        Contestation.UNCONTESTED,
    ),
    "a denial by a single originator is disputed, not single": (
        [Said(SINCE, Stance.DENIES, "a")],
        SINCE,
        Contestation.DISPUTED,
    ),
    "one among many who denies is enough": (
        [*(Said(SINCE, Stance.ASSERTS, key) for key in "abcd"), Said(SINCE, Stance.DENIES, "e")],
        SINCE,
        Contestation.DISPUTED,
    ),
    "an event on the day the level changed counts": (
        [Said(SINCE, Stance.DENIES, "a")],
        SINCE,
        Contestation.DISPUTED,
    ),
    "a denial of an event the day before no longer counts": (
        [Said(BEFORE, Stance.DENIES, "a"), Said(SINCE, Stance.ASSERTS, "b"), Said(SINCE, Stance.ASSERTS, "c")],
        SINCE,
        Contestation.UNCONTESTED,
    ),
    "an originator on an event the day before no longer counts": (
        [Said(BEFORE, Stance.ASSERTS, "a"), Said(SINCE, Stance.ASSERTS, "b")],
        SINCE,
        Contestation.SINGLE_ORIGINATOR,
    ),
    "where only earlier events were reported nothing is contested": (
        [Said(BEFORE, Stance.DENIES, "a")],
        SINCE,
        Contestation.UNCONTESTED,
    ),
    "without an assessment all events count": (
        [Said(date(2020, 1, 1), Stance.DENIES, "a")],
        None,
        Contestation.DISPUTED,
    ),
}


@pytest.mark.parametrize(("said", "since", "expected"), CASES.values(), ids=CASES.keys())
def test_contestation(said: list[Said], since: date | None, expected: Contestation) -> None:
    assert contestation(said, since) == expected


@pytest.mark.parametrize(("said", "since", "expected"), CASES.values(), ids=CASES.keys())
def test_the_order_of_reports_does_not_matter(said: list[Said], since: date | None, expected: Contestation) -> None:
    assert contestation(iter(said[::-1]), since) == expected


def test_no_report_has_no_originator() -> None:
    assert independent([]) == 0


def test_a_key_counts_once_whatever_it_says() -> None:
    said = [Said(SINCE, stance, "a") for stance in Stance] + [Said(LATER, Stance.RELAYS, "b")]
    assert independent(said) == 2
