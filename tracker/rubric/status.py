"""The status word and the timeliness of one obligation.

A *history* is the sequence of standing assessments with ``effective_on`` on or before the day asked about, ordered by
``effective_on``, then by when each was recorded. The last one is current; an empty history means "not assessed".
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from tracker.codebook import Conformity, Level, Movement, Nature, StatusWord, Timeliness
from tracker.rubric.facts import Duty, Judged

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

type History = Sequence[Judged]


def run_start(history: History, pick: Callable[[Judged], object]) -> date | None:
    """The first day of the current unbroken run in which ``pick`` gives the same answer; None without assessments."""
    if not history:
        return None
    now = pick(history[-1])
    start = history[-1].effective_on
    for judged in reversed(history):
        if pick(judged) != now:
            break
        start = judged.effective_on
    return start


def level_since(history: History) -> date | None:
    """The day from which the current level has held; None without assessments."""
    return run_start(history, lambda judged: judged.level)


def done_on(history: History) -> date | None:
    """The first day of the current unbroken run at level 3; None while the level is lower or nothing is assessed."""
    return level_since(history) if history and history[-1].level == Level.FULL else None


def as_modified(history: History) -> bool:
    """Whether the current assessment says "carried out in another way than the text says"."""
    return bool(history) and history[-1].conformity == Conformity.MODIFIED


def condition_met(level_now: int | None, level_needed: int) -> bool:
    """Whether an obligation (None: not assessed) has reached the level that another one waits for."""
    return level_now is not None and level_now >= level_needed


def timeliness(duty: Duty, history: History, day: date) -> Timeliness:
    """How the duty stands towards its day. Due today is not overdue; a duty done again after a relapse counts anew."""
    if duty.nature == Nature.CONTINUING:
        if duty.starts_on is None:
            return Timeliness.NO_DEADLINE
        return Timeliness.IN_EFFECT if day >= duty.starts_on else Timeliness.NOT_DUE
    if duty.due_on is None:
        return Timeliness.NO_DEADLINE
    done = done_on(history)
    if done is not None:
        return Timeliness.DONE_ON_TIME if done <= duty.due_on else Timeliness.DONE_LATE
    return Timeliness.NOT_DUE if day <= duty.due_on else Timeliness.OVERDUE


@dataclass(frozen=True, slots=True)
class _Standing:
    """Everything that the rules below ask about. ``level`` is None where nothing is assessed."""

    level: int | None
    direction: str
    conformity: str
    nature: Nature
    timeliness: Timeliness
    ended: bool
    condition_unmet: bool

    @property
    def continuing(self) -> bool:
        return self.nature == Nature.CONTINUING

    @property
    def done_once(self) -> bool:
        """Done in full and finished with; a continuing duty never is."""
        return self.level == Level.FULL and not self.continuing

    @property
    def nothing_done(self) -> bool:
        return self.level == Level.NOT_INITIATED


type _Rule = tuple[StatusWord, "_StrPromise", Callable[[_Standing], bool]]

# One list drives both the function and the methodology page, so that what is published is what is computed.
_RULES: tuple[_Rule, ...] = (
    (
        StatusWord.NOT_ASSESSED,
        _("No assessment was published for it by that day."),
        lambda it: it.level is None,
    ),
    (
        StatusWord.FULFILLED,
        _("It is to be done once and is done in full (level 3), since its due date or earlier, or it has no due date."),
        lambda it: it.done_once and it.timeliness != Timeliness.DONE_LATE,
    ),
    (
        StatusWord.FULFILLED_LATE,
        _("It is to be done once and is done in full (level 3), but only, or only again, after its due date."),
        lambda it: it.done_once,
    ),
    (
        StatusWord.LAPSED,
        _("The agreement had ended by that day, and this is not a fulfilled duty."),
        lambda it: it.ended,
    ),
    (
        StatusWord.BREACHED,
        _("The act is admitted, observed or verified, and a researcher judged it contrary to the text."),
        lambda it: it.conformity == Conformity.CONTRARY,
    ),
    (
        StatusWord.BREACH_ALLEGED,
        _("A breach is alleged by one and denied by another."),
        lambda it: it.conformity == Conformity.CONTRARY_ALLEGED,
    ),
    (
        StatusWord.KEPT,
        _("It is a continuing duty and is kept in full (level 3)."),
        lambda it: it.continuing and it.level == Level.FULL,
    ),
    (
        StatusWord.REVERSING,
        _("It is moving away from being carried out."),
        lambda it: it.direction == Movement.REVERSING,
    ),
    (
        StatusWord.STALLED,
        _("It is blocked: it neither moves towards being carried out nor away from it."),
        lambda it: it.direction == Movement.STALLED,
    ),
    (
        StatusWord.OVERDUE,
        _("Its due date has passed and it is not done in full (level 3); due today is not overdue."),
        lambda it: it.timeliness == Timeliness.OVERDUE,
    ),
    (
        StatusWord.NOT_KEPT,
        _("It is a continuing duty that already binds, and nothing of it is kept (level 0)."),
        lambda it: it.nothing_done and it.continuing and it.timeliness == Timeliness.IN_EFFECT,
    ),
    (
        StatusWord.IN_TALKS,
        _("Nothing is done yet (level 0), but it is moving towards being carried out."),
        lambda it: it.nothing_done and it.direction == Movement.ADVANCING,
    ),
    (
        StatusWord.NOT_YET_DUE,
        _("Nothing is done yet (level 0), and its due date, or the first day on which it binds, has not passed."),
        lambda it: it.nothing_done and it.timeliness == Timeliness.NOT_DUE,
    ),
    (
        StatusWord.WAITING,
        _("Nothing is done yet (level 0); it binds only under conditions, and one of them is not met."),
        lambda it: it.nothing_done and it.nature == Nature.CONDITIONAL and it.condition_unmet,
    ),
    (
        StatusWord.NOT_STARTED,
        _("Nothing is done yet (level 0), and no rule above holds."),
        lambda it: it.nothing_done,
    ),
    (
        StatusWord.PARTLY_KEPT,
        _("It is a continuing duty that is kept in part (level 1 or 2), and no rule above holds."),
        lambda it: it.continuing,
    ),
    (
        StatusWord.UNDER_WAY,
        _("Some of it is done (level 1 or 2), and no rule above holds."),
        lambda it: it.level is not None,
    ),
)

RULES: tuple[tuple[StatusWord, "_StrPromise"], ...] = tuple((word, rule) for word, rule, _holds in _RULES)
"""Every status word with its rule in one plain sentence, in the order of trying: the first to hold wins."""


def status_word(duty: Duty, history: History, day: date, *, ended: bool, condition_unmet: bool) -> StatusWord:
    """The word for where the duty stands on ``day``: the first of ``RULES`` that holds.

    ``ended``: the agreement had lapsed, been superseded or been completed by then.
    ``condition_unmet``: at least one of the conditions that it waits for was not met on that day.
    """
    now = history[-1] if history else None
    standing = _Standing(
        level=now.level if now else None,
        direction=now.direction if now else "",
        conformity=now.conformity if now else "",
        nature=duty.nature,
        timeliness=timeliness(duty, history, day),
        ended=ended,
        condition_unmet=condition_unmet,
    )
    return next(word for word, _rule, holds in _RULES if holds(standing))
