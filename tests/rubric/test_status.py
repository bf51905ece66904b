"""The status word: every rule, its border, and the rule that beats it."""

from datetime import date, timedelta
from itertools import product

import pytest

from tracker.codebook import Conformity, Level, Movement, Nature, StatusWord, Timeliness
from tracker.rubric.facts import Duty, Judged
from tracker.rubric.status import (
    RULES,
    as_modified,
    condition_met,
    done_on,
    level_since,
    run_start,
    status_word,
    timeliness,
)

DAY = date(2025, 12, 18)
YESTERDAY = DAY - timedelta(days=1)
TOMORROW = DAY + timedelta(days=1)

ADVANCING, HOLDING, STALLED, REVERSING = Movement
AS_AGREED = Conformity.AS_AGREED
MODIFIED = Conformity.MODIFIED
ALLEGED = Conformity.CONTRARY_ALLEGED
CONTRARY = Conformity.CONTRARY
UNCLEAR = Conformity.UNCLEAR_TEXT

DATELESS = Duty(Nature.DELIVERABLE)
DUE_YESTERDAY = Duty(Nature.DELIVERABLE, due_on=YESTERDAY)
DUE_TODAY = Duty(Nature.DELIVERABLE, due_on=DAY)
DUE_TOMORROW = Duty(Nature.DELIVERABLE, due_on=TOMORROW)
BINDING = Duty(Nature.CONTINUING, starts_on=YESTERDAY)
FROM_TODAY = Duty(Nature.CONTINUING, starts_on=DAY)
FROM_TOMORROW = Duty(Nature.CONTINUING, starts_on=TOMORROW)
NO_START = Duty(Nature.CONTINUING)
CONDITIONAL = Duty(Nature.CONDITIONAL)
CONDITIONAL_DUE_YESTERDAY = Duty(Nature.CONDITIONAL, due_on=YESTERDAY)
CONDITIONAL_DUE_TOMORROW = Duty(Nature.CONDITIONAL, due_on=TOMORROW)


def on(day: date, level: int, direction: str = "", conformity: str = "") -> Judged:
    return Judged(day, day, level, direction, conformity)


def back(days: int, level: int) -> Judged:
    return on(DAY - timedelta(days=days), level)


def now(level: int, direction: str = "", conformity: str = "") -> list[Judged]:
    """A history of one assessment, made ten days before the day asked about."""
    return [on(DAY - timedelta(days=10), level, direction, conformity)]


# Runs

RUNS: dict[str, tuple[list[Judged], date | None, date | None]] = {
    "nothing assessed: no run": ([], None, None),
    "one assessment at level 3 starts its run": ([back(9, 3)], DAY - timedelta(9), DAY - timedelta(9)),
    "a lower level has a start but is not done": ([back(9, 2)], DAY - timedelta(9), None),
    "the same level again keeps the first day": (
        [back(9, 3), back(5, 3), back(2, 3)],
        DAY - timedelta(9),
        DAY - timedelta(9),
    ),
    "a rise starts a run on the day of the rise": (
        [back(9, 1), back(5, 2), back(2, 3)],
        DAY - timedelta(2),
        DAY - timedelta(2),
    ),
    "a fall ends being done": ([back(9, 3), back(5, 2)], DAY - timedelta(5), None),
    "a run broken and resumed counts from the resumption": (
        [back(9, 3), back(5, 2), back(2, 3)],
        DAY - timedelta(2),
        DAY - timedelta(2),
    ),
    "an assessment recorded later for the same day replaces the level of that day": (
        [back(9, 3), back(5, 2), back(5, 3)],
        DAY - timedelta(5),
        DAY - timedelta(5),
    ),
    "a fall and a rise on one day break the run all the same": (
        [back(9, 3), back(9, 2), back(9, 3)],
        DAY - timedelta(9),
        DAY - timedelta(9),
    ),
}


@pytest.mark.parametrize(("history", "since", "done"), RUNS.values(), ids=RUNS.keys())
def test_level_since_and_done_on(history: list[Judged], since: date | None, done: date | None) -> None:
    assert level_since(history) == since
    assert done_on(history) == done


def test_a_run_follows_whatever_is_picked() -> None:
    history = [
        on(date(2025, 12, 1), 1, ADVANCING),
        on(date(2025, 12, 5), 1, STALLED),
        on(date(2025, 12, 9), 2, STALLED),
    ]
    assert run_start(history, lambda judged: judged.direction) == date(2025, 12, 5)
    assert run_start(history, lambda judged: judged.level) == date(2025, 12, 9)
    assert run_start([], lambda judged: judged.level) is None


MODIFICATIONS: dict[str, tuple[list[Judged], bool]] = {
    "nothing assessed": ([], False),
    "carried out in another way": (now(3, HOLDING, MODIFIED), True),
    "carried out as agreed": (now(3, HOLDING, AS_AGREED), False),
    "in another way first, as agreed now": (
        [on(YESTERDAY, 3, HOLDING, MODIFIED), on(DAY, 3, HOLDING, AS_AGREED)],
        False,
    ),
}


@pytest.mark.parametrize(("history", "expected"), MODIFICATIONS.values(), ids=MODIFICATIONS.keys())
def test_as_modified(history: list[Judged], expected: bool) -> None:
    assert as_modified(history) is expected


CONDITIONS = {
    "not assessed meets nothing": (None, 1, False),
    "not assessed does not even meet level 0": (None, 0, False),
    "below the level": (2, 3, False),
    "at the level": (2, 2, True),
    "above the level": (3, 2, True),
}


@pytest.mark.parametrize(("level_now", "level_needed", "expected"), CONDITIONS.values(), ids=CONDITIONS.keys())
def test_condition_met(level_now: int | None, level_needed: int, expected: bool) -> None:
    assert condition_met(level_now, level_needed) is expected


# Timeliness

TIMES: dict[str, tuple[Duty, list[Judged], Timeliness]] = {
    "no due date": (DATELESS, now(1), Timeliness.NO_DEADLINE),
    "no due date and done": (DATELESS, now(3), Timeliness.NO_DEADLINE),
    "no due date and not assessed": (DATELESS, [], Timeliness.NO_DEADLINE),
    "due tomorrow": (DUE_TOMORROW, now(1), Timeliness.NOT_DUE),
    "due today is not overdue": (DUE_TODAY, now(2), Timeliness.NOT_DUE),
    "the day after the due date is overdue": (DUE_YESTERDAY, now(2), Timeliness.OVERDUE),
    "past due and not assessed is overdue": (DUE_YESTERDAY, [], Timeliness.OVERDUE),
    "done before the due date": (DUE_TODAY, [on(YESTERDAY, 3)], Timeliness.DONE_ON_TIME),
    "done on the due date": (DUE_YESTERDAY, [on(YESTERDAY, 3)], Timeliness.DONE_ON_TIME),
    "done the day after the due date": (DUE_YESTERDAY, [on(DAY, 3)], Timeliness.DONE_LATE),
    "done early while the due date lies ahead": (DUE_TOMORROW, now(3), Timeliness.DONE_ON_TIME),
    "done in time and confirmed after the due date": (
        DUE_YESTERDAY,
        [on(YESTERDAY, 3), on(DAY, 3)],
        Timeliness.DONE_ON_TIME,
    ),
    "done in time, undone, and done again after the due date": (
        DUE_YESTERDAY,
        [back(9, 3), back(5, 2), on(DAY, 3)],
        Timeliness.DONE_LATE,
    ),
    "done in time and undone since": (DUE_YESTERDAY, [back(9, 3), on(DAY, 2)], Timeliness.OVERDUE),
    "done in time, undone and done again in time": (
        DUE_TODAY,
        [back(9, 3), back(5, 2), on(DAY, 3)],
        Timeliness.DONE_ON_TIME,
    ),
    "a conditional duty without a due date": (CONDITIONAL, now(3), Timeliness.NO_DEADLINE),
    "a conditional duty past its due date": (CONDITIONAL_DUE_YESTERDAY, now(1), Timeliness.OVERDUE),
    "a conditional duty done late": (CONDITIONAL_DUE_YESTERDAY, [on(DAY, 3)], Timeliness.DONE_LATE),
    "a continuing duty before its start": (FROM_TOMORROW, now(3), Timeliness.NOT_DUE),
    "a continuing duty on its first day": (FROM_TODAY, now(3), Timeliness.IN_EFFECT),
    "a continuing duty after its start": (BINDING, [], Timeliness.IN_EFFECT),
    "a continuing duty without a known start": (NO_START, now(3), Timeliness.NO_DEADLINE),
    "a continuing duty's own day is its start and no deadline": (
        Duty(Nature.CONTINUING, due_on=YESTERDAY, starts_on=YESTERDAY),
        now(0),
        Timeliness.IN_EFFECT,
    ),
}


@pytest.mark.parametrize(("duty", "history", "expected"), TIMES.values(), ids=TIMES.keys())
def test_timeliness(duty: Duty, history: list[Judged], expected: Timeliness) -> None:
    assert timeliness(duty, history, DAY) == expected


# Status words. A row: the duty, its history, the word. Agreements have not ended and conditions are met unless said.

WORDS: dict[str, tuple[Duty, list[Judged], StatusWord]] = {
    # Not assessed
    "no assessment": (DATELESS, [], StatusWord.NOT_ASSESSED),
    "no assessment and past due is not called overdue": (DUE_YESTERDAY, [], StatusWord.NOT_ASSESSED),
    "a continuing duty without assessment": (BINDING, [], StatusWord.NOT_ASSESSED),
    # Fulfilled
    "a deliverable at level 3 without a due date": (DATELESS, now(3), StatusWord.FULFILLED),
    "a deliverable at level 3 before its due date": (DUE_TOMORROW, now(3), StatusWord.FULFILLED),
    "a deliverable done on its due date": (DUE_YESTERDAY, [on(YESTERDAY, 3)], StatusWord.FULFILLED),
    "a deliverable done the day after": (DUE_YESTERDAY, [on(DAY, 3)], StatusWord.FULFILLED_LATE),
    "a deliverable done in time, undone and done again too late": (
        DUE_YESTERDAY,
        [back(9, 3), back(5, 2), on(DAY, 3)],
        StatusWord.FULFILLED_LATE,
    ),
    "a conditional duty at level 3": (CONDITIONAL, now(3), StatusWord.FULFILLED),
    "a conditional duty done late": (CONDITIONAL_DUE_YESTERDAY, [on(DAY, 3)], StatusWord.FULFILLED_LATE),
    "a deliverable done in another way is fulfilled": (DATELESS, now(3, HOLDING, MODIFIED), StatusWord.FULFILLED),
    "done beats a breach": (DATELESS, now(3, HOLDING, CONTRARY), StatusWord.FULFILLED),
    "done late beats an alleged breach": (
        DUE_YESTERDAY,
        [on(DAY, 3, HOLDING, ALLEGED)],
        StatusWord.FULFILLED_LATE,
    ),
    "done beats stalled": (DATELESS, now(3, STALLED), StatusWord.FULFILLED),
    # Breached
    "contrary to the text": (DATELESS, now(1, HOLDING, CONTRARY), StatusWord.BREACHED),
    "contrary beats stalled": (DATELESS, now(1, STALLED, CONTRARY), StatusWord.BREACHED),
    "contrary beats reversing": (BINDING, now(1, REVERSING, CONTRARY), StatusWord.BREACHED),
    "contrary beats overdue": (DUE_YESTERDAY, now(1, HOLDING, CONTRARY), StatusWord.BREACHED),
    "contrary beats kept": (BINDING, now(3, HOLDING, CONTRARY), StatusWord.BREACHED),
    "contrary beats not kept": (BINDING, now(0, HOLDING, CONTRARY), StatusWord.BREACHED),
    "contrary at level 0": (DATELESS, now(0, "", CONTRARY), StatusWord.BREACHED),
    "a breach of the past does not stick": (
        BINDING,
        [on(YESTERDAY, 1, HOLDING, CONTRARY), on(DAY, 2, ADVANCING, AS_AGREED)],
        StatusWord.PARTLY_KEPT,
    ),
    # Breach alleged
    "a breach alleged": (BINDING, now(2, HOLDING, ALLEGED), StatusWord.BREACH_ALLEGED),
    "a breach alleged beats kept": (BINDING, now(3, HOLDING, ALLEGED), StatusWord.BREACH_ALLEGED),
    "a breach alleged beats stalled": (DATELESS, now(1, STALLED, ALLEGED), StatusWord.BREACH_ALLEGED),
    "a breach alleged beats overdue": (DUE_YESTERDAY, now(1, HOLDING, ALLEGED), StatusWord.BREACH_ALLEGED),
    # Kept
    "a continuing duty at level 3": (BINDING, now(3, HOLDING, AS_AGREED), StatusWord.KEPT),
    "a continuing duty at level 3 before its start": (FROM_TOMORROW, now(3), StatusWord.KEPT),
    "a continuing duty at level 3 without a known start": (NO_START, now(3), StatusWord.KEPT),
    "kept beats reversing": (BINDING, now(3, REVERSING), StatusWord.KEPT),
    "kept beats stalled": (BINDING, now(3, STALLED), StatusWord.KEPT),
    "kept in another way is kept": (BINDING, now(3, HOLDING, MODIFIED), StatusWord.KEPT),
    "kept where the text is unclear is kept": (BINDING, now(3, HOLDING, UNCLEAR), StatusWord.KEPT),
    # Reversing and stalled
    "reversing": (BINDING, now(2, REVERSING, AS_AGREED), StatusWord.REVERSING),
    "reversing at level 0": (DATELESS, now(0, REVERSING), StatusWord.REVERSING),
    "reversing beats overdue": (DUE_YESTERDAY, now(1, REVERSING), StatusWord.REVERSING),
    "reversing beats not kept": (BINDING, now(0, REVERSING), StatusWord.REVERSING),
    "stalled": (DATELESS, now(1, STALLED, AS_AGREED), StatusWord.STALLED),
    "stalled at level 0": (DATELESS, now(0, STALLED), StatusWord.STALLED),
    "stalled beats overdue": (DUE_YESTERDAY, now(2, STALLED), StatusWord.STALLED),
    "stalled beats not kept": (BINDING, now(0, STALLED), StatusWord.STALLED),
    "stalled beats partly kept": (BINDING, now(2, STALLED), StatusWord.STALLED),
    "stalled beats not yet due": (DUE_TOMORROW, now(0, STALLED), StatusWord.STALLED),
    # Overdue
    "due today and half done is under way": (DUE_TODAY, now(2, HOLDING), StatusWord.UNDER_WAY),
    "the day after and half done is overdue": (DUE_YESTERDAY, now(2, HOLDING), StatusWord.OVERDUE),
    "overdue at level 0": (DUE_YESTERDAY, now(0), StatusWord.OVERDUE),
    "overdue beats talks": (DUE_YESTERDAY, now(0, ADVANCING), StatusWord.OVERDUE),
    "overdue while advancing": (DUE_YESTERDAY, now(2, ADVANCING), StatusWord.OVERDUE),
    "done in time and undone since is overdue": (
        DUE_YESTERDAY,
        [back(9, 3), on(DAY, 2)],
        StatusWord.OVERDUE,
    ),
    "a conditional duty past its due date": (CONDITIONAL_DUE_YESTERDAY, now(0), StatusWord.OVERDUE),
    # Level 0
    "a continuing duty at level 0 on its first day": (FROM_TODAY, now(0), StatusWord.NOT_KEPT),
    "a continuing duty at level 0 on the eve": (FROM_TOMORROW, now(0), StatusWord.NOT_YET_DUE),
    "a continuing duty at level 0 on the eve, in talks": (FROM_TOMORROW, now(0, ADVANCING), StatusWord.IN_TALKS),
    "a continuing duty at level 0 without a known start": (NO_START, now(0), StatusWord.NOT_STARTED),
    "a continuing duty at level 0 without a known start, in talks": (
        NO_START,
        now(0, ADVANCING),
        StatusWord.IN_TALKS,
    ),
    "not kept beats talks": (BINDING, now(0, ADVANCING), StatusWord.NOT_KEPT),
    "not kept while holding": (BINDING, now(0, HOLDING), StatusWord.NOT_KEPT),
    "level 0 and advancing": (DATELESS, now(0, ADVANCING), StatusWord.IN_TALKS),
    "talks beat a due date ahead": (DUE_TOMORROW, now(0, ADVANCING), StatusWord.IN_TALKS),
    "level 0 and due tomorrow": (DUE_TOMORROW, now(0), StatusWord.NOT_YET_DUE),
    "level 0 and due today": (DUE_TODAY, now(0), StatusWord.NOT_YET_DUE),
    "level 0 without a due date": (DATELESS, now(0), StatusWord.NOT_STARTED),
    "level 0, holding, without a due date": (DATELESS, now(0, HOLDING), StatusWord.NOT_STARTED),
    "a conditional duty at level 0 with its conditions met": (CONDITIONAL, now(0), StatusWord.NOT_STARTED),
    # Between
    "a continuing duty at level 1": (BINDING, now(1, HOLDING, AS_AGREED), StatusWord.PARTLY_KEPT),
    "a continuing duty at level 2": (BINDING, now(2, ADVANCING), StatusWord.PARTLY_KEPT),
    "a continuing duty at level 2 before its start": (FROM_TOMORROW, now(2), StatusWord.PARTLY_KEPT),
    "a deliverable at level 1": (DATELESS, now(1, ADVANCING), StatusWord.UNDER_WAY),
    "a deliverable at level 2 without direction": (DATELESS, now(2), StatusWord.UNDER_WAY),
    "a deliverable at level 2 in another way": (DATELESS, now(2, ADVANCING, MODIFIED), StatusWord.UNDER_WAY),
    "a conditional duty at level 1": (CONDITIONAL, now(1, HOLDING), StatusWord.UNDER_WAY),
}


@pytest.mark.parametrize(("duty", "history", "expected"), WORDS.values(), ids=WORDS.keys())
def test_status_word(duty: Duty, history: list[Judged], expected: StatusWord) -> None:
    assert status_word(duty, history, DAY, ended=False, condition_unmet=False) == expected


WAITING: dict[str, tuple[Duty, list[Judged], StatusWord]] = {
    "a conditional duty at level 0 waits": (CONDITIONAL, now(0), StatusWord.WAITING),
    "a conditional duty at level 0, holding, waits": (CONDITIONAL, now(0, HOLDING), StatusWord.WAITING),
    "talks beat waiting": (CONDITIONAL, now(0, ADVANCING), StatusWord.IN_TALKS),
    "stalled beats waiting": (CONDITIONAL, now(0, STALLED), StatusWord.STALLED),
    "a due date ahead beats waiting": (CONDITIONAL_DUE_TOMORROW, now(0), StatusWord.NOT_YET_DUE),
    "overdue beats waiting": (CONDITIONAL_DUE_YESTERDAY, now(0), StatusWord.OVERDUE),
    "one begun before its condition is under way": (CONDITIONAL, now(1), StatusWord.UNDER_WAY),
    "one done before its condition is fulfilled": (CONDITIONAL, now(3), StatusWord.FULFILLED),
    "one not assessed does not wait": (CONDITIONAL, [], StatusWord.NOT_ASSESSED),
    "a deliverable does not wait": (DATELESS, now(0), StatusWord.NOT_STARTED),
    "a continuing duty that binds does not wait": (BINDING, now(0), StatusWord.NOT_KEPT),
    "a continuing duty without a known start does not wait": (NO_START, now(0), StatusWord.NOT_STARTED),
}


@pytest.mark.parametrize(("duty", "history", "expected"), WAITING.values(), ids=WAITING.keys())
def test_status_word_while_a_condition_is_unmet(duty: Duty, history: list[Judged], expected: StatusWord) -> None:
    assert status_word(duty, history, DAY, ended=False, condition_unmet=True) == expected


ENDED: dict[str, tuple[Duty, list[Judged], StatusWord]] = {
    "what was never assessed stays so": (DATELESS, [], StatusWord.NOT_ASSESSED),
    "a fulfilled deliverable stays fulfilled": (DATELESS, now(3), StatusWord.FULFILLED),
    "a fulfilled conditional duty stays fulfilled": (CONDITIONAL, now(3), StatusWord.FULFILLED),
    "one fulfilled late stays so": (DUE_YESTERDAY, [on(DAY, 3)], StatusWord.FULFILLED_LATE),
    "a deliverable under way lapses": (DATELESS, now(2), StatusWord.LAPSED),
    "an overdue deliverable lapses": (DUE_YESTERDAY, now(2), StatusWord.LAPSED),
    "a continuing duty that was kept lapses": (BINDING, now(3), StatusWord.LAPSED),
    "lapsed beats a breach": (BINDING, now(1, HOLDING, CONTRARY), StatusWord.LAPSED),
    "lapsed beats stalled": (DATELESS, now(0, STALLED), StatusWord.LAPSED),
    "lapsed beats waiting": (CONDITIONAL, now(0), StatusWord.LAPSED),
}


@pytest.mark.parametrize(("duty", "history", "expected"), ENDED.values(), ids=ENDED.keys())
def test_status_word_after_the_agreement_ended(duty: Duty, history: list[Judged], expected: StatusWord) -> None:
    assert status_word(duty, history, DAY, ended=True, condition_unmet=True) == expected


# The list of rules and the function are one

DUTIES = [
    Duty(nature, due_on, starts_on)
    for nature in Nature
    for due_on in (None, YESTERDAY, DAY, TOMORROW)
    for starts_on in (None, YESTERDAY, DAY, TOMORROW)
]
HISTORIES: list[list[Judged]] = [
    [],
    *(
        [on(day, level, direction, conformity)]
        for day, level, direction, conformity in product((YESTERDAY, DAY), Level, ("", *Movement), ("", *Conformity))
    ),
]


def as_the_codebook_reads(duty: Duty, history: list[Judged], *, ended: bool, condition_unmet: bool) -> list[StatusWord]:
    """All words whose rule holds by itself, in the codebook's order, written apart from the code under test."""
    if not history:
        return [StatusWord.NOT_ASSESSED]
    judged = history[-1]
    continuing = duty.nature == "continuing"
    finished = judged.level == 3 and not continuing
    dated = duty.due_on is not None and not continuing
    late = dated and duty.due_on is not None and judged.effective_on > duty.due_on
    begun = continuing and duty.starts_on is not None and duty.starts_on <= DAY
    ahead = (continuing and duty.starts_on == TOMORROW) or (dated and duty.due_on in (DAY, TOMORROW))
    zero = judged.level == 0
    holds = {
        StatusWord.FULFILLED: finished and not late,
        StatusWord.FULFILLED_LATE: finished and late,
        StatusWord.LAPSED: ended and not finished,
        StatusWord.BREACHED: judged.conformity == "contrary",
        StatusWord.BREACH_ALLEGED: judged.conformity == "contrary_alleged",
        StatusWord.KEPT: continuing and judged.level == 3,
        StatusWord.REVERSING: judged.direction == "reversing",
        StatusWord.STALLED: judged.direction == "stalled",
        StatusWord.OVERDUE: dated and duty.due_on == YESTERDAY and judged.level < 3,
        StatusWord.NOT_KEPT: zero and begun,
        StatusWord.IN_TALKS: zero and judged.direction == "advancing",
        StatusWord.NOT_YET_DUE: zero and ahead,
        StatusWord.WAITING: zero and duty.nature == "conditional" and condition_unmet,
        StatusWord.NOT_STARTED: zero,
        StatusWord.PARTLY_KEPT: continuing and judged.level in (1, 2),
        StatusWord.UNDER_WAY: not continuing and judged.level in (1, 2),
    }
    return [word for word, held in holds.items() if held]


def test_the_list_of_rules_names_every_status_word_once() -> None:
    assert [word for word, _ in RULES] == list(StatusWord)


def test_every_rule_is_one_sentence_of_its_own() -> None:
    rules = [rule for _, rule in RULES]
    assert len(set(rules)) == len(rules)
    for rule in rules:
        assert rule[0].isupper()
        assert rule.endswith(".")
        assert rule.count(".") == 1


def test_the_function_tries_the_rules_in_the_order_of_the_list() -> None:
    order = [word for word, _ in RULES]
    seen = set()
    for duty, history, ended, condition_unmet in product(DUTIES, HISTORIES, (False, True), (False, True)):
        word = status_word(duty, history, DAY, ended=ended, condition_unmet=condition_unmet)
        candidates = as_the_codebook_reads(duty, history, ended=ended, condition_unmet=condition_unmet)
        assert word == min(candidates, key=order.index), (duty, history, ended, condition_unmet)
        seen.add(word)
    assert seen == set(StatusWord)
