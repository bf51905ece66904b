"""The opening sentences: counts and figures in plain English, and nothing else."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from tracker.codebook import AgreementState, Category, Counting, FigureNature, MeasureKind, StatusWord
from tracker.codebook import Direction as Side
from tracker.rubric.standfirst import (
    FULFILLED,
    ORDER,
    Deal,
    Figure,
    Measured,
    Owed,
    PhaseWords,
    Run,
    lead_figures,
    plain,
    standfirst,
)

DAY = date(2025, 12, 18)
YESTERDAY = DAY - timedelta(days=1)
TOMORROW = DAY + timedelta(days=1)
IN_FORCE = Deal(DAY, date(2025, 10, 9), date(2025, 10, 10), AgreementState.IN_FORCE, date(2025, 10, 10))

Word = StatusWord


def phase(ordinal: int, **counts: int) -> PhaseWords:
    """A phase from the number of each word: ``phase(1, kept=2)``."""
    return PhaseWords(ordinal, tuple(word for word in Word for _ in range(counts.get(word, 0))))


def figure(value: int, as_of: date = YESTERDAY, key: str = "a", *, high: int | None = None) -> Figure:
    return Figure(as_of, value, value if high is None else high, key)


def total(target: int | None, *figures: Figure, unit: str = "hostages") -> Measured:
    return Measured(MeasureKind.TOTAL, Side.AT_LEAST, target, unit, figures)


def hostages(*measures: Measured) -> Owed:
    return Owed(Category.HOSTAGE_RELEASE, measures)


def prisoners(*measures: Measured) -> Owed:
    return Owed(Category.PRISONER_RELEASE, measures)


# The whole

GAZA = [
    phase(1, fulfilled=4, kept=1, overdue=1, breached=1, breach_alleged=3, stalled=1, under_way=1, not_assessed=1),
    phase(2, not_started=4, stalled=1, not_assessed=6),
    phase(3, not_assessed=2),
]
GAZA_HOSTAGES = [
    hostages(total(20, figure(20, date(2025, 10, 13)))),
    hostages(total(28, figure(27, date(2025, 12, 3)), figure(24, date(2025, 11, 9)), unit="bodies")),
]


def test_an_agreement_in_force_opens_with_its_figures_and_goes_phase_by_phase() -> None:
    assert plain(standfirst(IN_FORCE, GAZA, GAZA_HOSTAGES)) == (
        "47 of 48 hostages returned. "
        "Phase one: 5 of 13 obligations fulfilled or kept, 1 under way, 1 stalled, 1 overdue, "
        "3 with a breach alleged, 1 breached, 1 not assessed. "
        "Phase two: 4 not started, 1 stalled, 6 not assessed. "
        "Phase three: not assessed."
    )


def test_the_key_figures_are_strong() -> None:
    strong = [run.text for sentence in standfirst(IN_FORCE, GAZA, GAZA_HOSTAGES) for run in sentence if run.strong]
    assert strong == ["47 of 48", "5 of 13", "4 not started"]


def test_phases_come_in_their_own_order() -> None:
    phases = [phase(2, kept=1, stalled=1), phase(1, lapsed=1)]
    assert plain(standfirst(IN_FORCE, phases, [])) == (
        "Phase one: 1 lapsed. Phase two: 1 of 2 obligations kept, 1 stalled."
    )


def test_where_nothing_is_assessed_one_sentence_says_so_for_all_phases() -> None:
    phases = [phase(1, not_assessed=13), phase(2, not_assessed=11), phase(3)]
    sentences = standfirst(IN_FORCE, phases, [])
    assert sentences == [(Run("None", strong=True), Run(" of 24 obligations assessed by this day."))]


def test_a_single_phase_with_nothing_assessed_keeps_its_sentence() -> None:
    assert plain(standfirst(IN_FORCE, [phase(1, not_assessed=2), phase(2)], [])) == (
        "Phase one: not assessed. Phase two: no obligations recorded."
    )


# One phase

PHASES: dict[str, tuple[PhaseWords, str]] = {
    "nothing recorded": (phase(4), "Phase four: no obligations recorded."),
    "nothing assessed": (phase(3, not_assessed=2), "Phase three: not assessed."),
    "some fulfilled": (phase(1, fulfilled=1, under_way=1), "Phase one: 1 of 2 obligations fulfilled, 1 under way."),
    "some kept": (phase(1, kept=1, partly_kept=2), "Phase one: 1 of 3 obligations kept, 2 partly kept."),
    "some fulfilled and some kept": (
        phase(1, fulfilled=2, kept=1, reversing=1),
        "Phase one: 3 of 4 obligations fulfilled or kept, 1 reversing.",
    ),
    "all fulfilled": (phase(1, fulfilled=3), "Phase one: all 3 obligations fulfilled."),
    "all fulfilled or kept": (phase(1, fulfilled=1, kept=1), "Phase one: all 2 obligations fulfilled or kept."),
    "the only one fulfilled": (phase(1, fulfilled=1), "Phase one: its only obligation fulfilled."),
    "the only one kept": (phase(1, kept=1), "Phase one: its only obligation kept."),
    "the only one fulfilled late": (phase(1, fulfilled_late=1), "Phase one: its only obligation fulfilled late."),
    "all those fulfilled were late": (
        phase(1, fulfilled_late=2, overdue=1),
        "Phase one: 2 of 3 obligations fulfilled late, 1 overdue.",
    ),
    "one of those fulfilled was late": (
        phase(1, fulfilled=1, fulfilled_late=1, overdue=1),
        "Phase one: 2 of 3 obligations fulfilled, 1 of them late, 1 overdue.",
    ),
    "one fulfilled late beside one kept": (
        phase(1, fulfilled_late=1, kept=1, overdue=1),
        "Phase one: 2 of 3 obligations fulfilled or kept, 1 of them late, 1 overdue.",
    ),
    "all done and one of them late": (
        phase(1, fulfilled=1, fulfilled_late=1),
        "Phase one: all 2 obligations fulfilled, 1 of them late.",
    ),
    "none fulfilled": (phase(2, waiting=2, in_talks=1), "Phase two: 1 in talks, 2 waiting."),
    "the only one not kept": (phase(2, not_kept=1), "Phase two: 1 not kept."),
    "breaches alleged count obligations, not breaches": (
        phase(1, breach_alleged=2, not_yet_due=1),
        "Phase one: 1 not yet due, 2 with a breach alleged.",
    ),
    "the tenth phase in words": (phase(10, lapsed=1), "Phase ten: 1 lapsed."),
    "the eleventh in digits": (phase(11, lapsed=1), "Phase 11: 1 lapsed."),
    "a phase before the first in digits": (phase(0, lapsed=1), "Phase 0: 1 lapsed."),
}


@pytest.mark.parametrize(("one", "expected"), PHASES.values(), ids=PHASES.keys())
def test_phase(one: PhaseWords, expected: str) -> None:
    other = phase(99, stalled=1)
    assert plain(standfirst(IN_FORCE, [one, other], [])) == f"{expected} Phase 99: 1 stalled."


def test_every_status_word_is_told() -> None:
    assert {*ORDER, *FULFILLED, Word.KEPT} == set(Word)
    assert len(ORDER) == len(set(ORDER))


def test_the_counts_come_in_one_fixed_order() -> None:
    one = PhaseWords(1, tuple(reversed(Word)))
    assert plain(standfirst(IN_FORCE, [one], [])) == (
        "Phase one: 3 of 17 obligations fulfilled or kept, 1 of them late, 1 partly kept, 1 under way, 1 in talks, "
        "1 not yet due, 1 waiting, 1 not started, 1 stalled, 1 reversing, 1 overdue, 1 not kept, "
        "1 with a breach alleged, 1 breached, 1 lapsed, 1 not assessed."
    )


# The agreement as a whole

S = AgreementState
OPENINGS: dict[str, tuple[Deal, str]] = {
    "in force by its state": (IN_FORCE, ""),
    "in force by its dates": (Deal(DAY, YESTERDAY, YESTERDAY), ""),
    "in force from today": (Deal(DAY, YESTERDAY, DAY, S.SIGNED, YESTERDAY), ""),
    "signed, in force from tomorrow": (
        Deal(DAY, YESTERDAY, TOMORROW, S.SIGNED, YESTERDAY),
        "Signed on 17 Dec 2025; not yet in force. ",
    ),
    "signed today": (Deal(DAY, DAY, TOMORROW), "Signed on 18 Dec 2025; not yet in force. "),
    "signed, no day of taking effect known": (
        Deal(DAY, YESTERDAY, None, S.SIGNED, YESTERDAY),
        "Signed on 17 Dec 2025; not yet in force. ",
    ),
    "signed on a day unknown": (Deal(DAY, None, None, S.SIGNED, YESTERDAY), "Signed; not yet in force. "),
    "signed tomorrow": (Deal(DAY, TOMORROW, TOMORROW, S.NEGOTIATION, YESTERDAY), "Not signed by this day. "),
    "in negotiation": (Deal(DAY, None, None, S.NEGOTIATION, YESTERDAY), "Not signed by this day. "),
    "nothing recorded about it": (Deal(DAY, None, None), "Not signed by this day. "),
    "suspended": (Deal(DAY, YESTERDAY, YESTERDAY, S.SUSPENDED, DAY), "Suspended since 18 Dec 2025. "),
    "lapsed": (Deal(DAY, YESTERDAY, YESTERDAY, S.LAPSED, DAY), "Lapsed on 18 Dec 2025. "),
    "lapsed on a day unknown": (Deal(DAY, YESTERDAY, YESTERDAY, S.LAPSED), "Lapsed. "),
    "superseded": (
        Deal(DAY, YESTERDAY, YESTERDAY, S.SUPERSEDED, DAY),
        "Superseded by a later agreement on 18 Dec 2025. ",
    ),
    "completed": (
        Deal(DAY, YESTERDAY, YESTERDAY, S.COMPLETED, DAY),
        "Ended on 18 Dec 2025: its parties call it carried out. ",
    ),
}


@pytest.mark.parametrize(("deal", "opening"), OPENINGS.values(), ids=OPENINGS.keys())
def test_opening(deal: Deal, opening: str) -> None:
    assert plain(standfirst(deal, [phase(1, lapsed=2)], [])) == f"{opening}Phase one: 2 lapsed."


def test_before_the_signature_no_obligations_are_missed() -> None:
    assert plain(standfirst(Deal(DAY, TOMORROW, TOMORROW), [phase(1)], [])) == "Not signed by this day."


def test_after_the_signature_missing_obligations_are_said() -> None:
    deal = Deal(DAY, YESTERDAY, TOMORROW)
    assert plain(standfirst(deal, [], [])) == "Signed on 17 Dec 2025; not yet in force. No obligations recorded yet."


def test_in_force_without_obligations() -> None:
    assert plain(standfirst(IN_FORCE, [phase(1), phase(2)], [])) == "No obligations recorded yet."


# The lead figures

FIGURES: dict[str, tuple[list[Owed], str]] = {
    "no such obligation": ([Owed(Category.WITHDRAWAL, (total(9, figure(9)),))], ""),
    "one obligation": ([hostages(total(48, figure(47)))], "47 of 48 hostages returned."),
    "all returned": ([hostages(total(48, figure(48)))], "48 of 48 hostages returned."),
    "none returned": ([hostages(total(48, figure(0)))], "0 of 48 hostages returned."),
    "a single one owed": ([hostages(total(1, figure(0)))], "0 of 1 hostage returned."),
    "several obligations are added up": (GAZA_HOSTAGES, "47 of 48 hostages returned."),
    "one of several without a target silences the category": (
        [hostages(total(20, figure(20))), hostages(total(None, figure(27)))],
        "",
    ),
    "a target of nothing is no target": ([hostages(total(0, figure(0)))], ""),
    "one of several without a figure silences the category": (
        [hostages(total(20, figure(20))), hostages(total(28))],
        "",
    ),
    "two targets in one obligation silence the category": (
        [hostages(total(20, figure(20)), total(28, figure(27)))],
        "",
    ),
    "a measure without a target beside one with a target does no harm": (
        [hostages(total(28, figure(27)), total(None, figure(99)))],
        "27 of 28 hostages returned.",
    ),
    "a rate is no total": (
        [hostages(Measured(MeasureKind.PER_DAY, Side.AT_LEAST, 3, "hostages", (figure(3),)))],
        "",
    ),
    "a ceiling is no target": (
        [hostages(Measured(MeasureKind.TOTAL, Side.AT_MOST, 3, "hostages", (figure(3),)))],
        "",
    ),
    "the newest day counts": (
        [hostages(total(28, figure(27, YESTERDAY), figure(20, YESTERDAY - timedelta(days=9))))],
        "27 of 28 hostages returned.",
    ),
    "a figure as of today counts": ([hostages(total(28, figure(28, DAY)))], "28 of 28 hostages returned."),
    "a figure as of tomorrow does not": (
        [hostages(total(28, figure(28, TOMORROW), figure(27)))],
        "27 of 28 hostages returned.",
    ),
    "two originators who agree need no range": (
        [hostages(total(28, figure(27, key="a"), figure(27, key="b")))],
        "27 of 28 hostages returned.",
    ),
    "two originators who differ give a range": (
        [hostages(total(28, figure(27, key="a"), figure(26, key="b")))],
        "26\N{EN DASH}27 of 28 hostages returned.",
    ),
    "originators who differ on an older day give none": (
        [hostages(total(28, figure(25, YESTERDAY, "a"), figure(27, DAY, "b")))],
        "27 of 28 hostages returned.",
    ),
    "one originator's later figure for the day replaces the earlier": (
        [hostages(total(28, figure(26, key="a"), figure(27, key="a")))],
        "27 of 28 hostages returned.",
    ),
    "one originator's own range is kept": (
        [hostages(total(28, figure(25, high=27)))],
        "25\N{EN DASH}27 of 28 hostages returned.",
    ),
    "ranges are added up end by end": (
        [hostages(total(20, figure(20))), hostages(total(28, figure(24, key="a"), figure(25, key="b")))],
        "44\N{EN DASH}45 of 48 hostages returned.",
    ),
    "a plan is no figure": (
        [hostages(total(28, Figure(YESTERDAY, 28, 28, "a", FigureNature.PLANNED)))],
        "",
    ),
    "an estimate is no figure": (
        [hostages(total(28, Figure(YESTERDAY, 28, 28, "a", FigureNature.ESTIMATE)))],
        "",
    ),
    "what was new that day is no total": (
        [hostages(total(28, Figure(YESTERDAY, 2, 2, "a", counting=Counting.NEW)))],
        "",
    ),
    "what was added for earlier days is no total": (
        [hostages(total(28, Figure(YESTERDAY, 2, 2, "a", counting=Counting.RETROACTIVE)))],
        "",
    ),
    "a cumulative figure is a total": (
        [hostages(total(28, Figure(YESTERDAY, 27, 27, "a", counting=Counting.CUMULATIVE)))],
        "27 of 28 hostages returned.",
    ),
    "prisoners": (
        [prisoners(total(250, figure(200))), prisoners(total(1700, figure(1500)))],
        "1,700 of 1,950 prisoners and detainees released.",
    ),
    "more than agreed does not read as a slip": (
        [prisoners(total(250, figure(250))), prisoners(total(1700, figure(1718)))],
        "1,968 prisoners and detainees released (1,950 agreed).",
    ),
    "decimals of the database show no empty places": (
        [hostages(total(48, Figure(YESTERDAY, Decimal("47.00"), Decimal("47.00"), "a")))],
        "47 of 48 hostages returned.",
    ),
    "a fraction is kept as it was given": (
        [hostages(total(48, Figure(YESTERDAY, Decimal("12.50"), Decimal("12.50"), "a")))],
        "12.5 of 48 hostages returned.",
    ),
    "a range that ends above what was agreed": (
        [prisoners(total(250, figure(249, high=251)))],
        "249\N{EN DASH}251 prisoners and detainees released (250 agreed).",
    ),
    "the dead are no prisoners released": (
        [prisoners(total(250, figure(250), unit="prisoners")), prisoners(total(360, figure(150), unit="bodies"))],
        "250 of 250 prisoners and detainees released.",
    ),
    "where only the dead are owed nothing is said": ([prisoners(total(360, figure(150), unit="Bodies"))], ""),
    "hostages come before prisoners": (
        [prisoners(total(250, figure(250))), hostages(total(48, figure(47)))],
        "47 of 48 hostages returned. 250 of 250 prisoners and detainees released.",
    ),
}


@pytest.mark.parametrize(("owed", "expected"), FIGURES.values(), ids=FIGURES.keys())
def test_lead_figures(owed: list[Owed], expected: str) -> None:
    assert plain(lead_figures(iter(owed), DAY)) == expected
