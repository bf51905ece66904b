"""How each obligation of an agreement stood, day after day, from the signature to the day of a board.

Made from a board without asking the database again: on every day the words are those that the board of that day would
give, as recorded by the same record day.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from tracker.codebook import AgreementState, Saying, StatusWord
from tracker.rubric.runs import Run, runs

from .actors import Actor
from .agreements import Declaration, Obligation
from .evidence import Effect, Event
from .standing import Board, PhaseBoard, Row, Status, fetched, plain_status


class Stood(NamedTuple):
    """How an obligation stands: its word, and its level or None."""

    word: StatusWord
    level: int | None

    @property
    def status(self) -> Status:
        return plain_status(self.word, self.level)


@dataclass(frozen=True, slots=True)
class Mark:
    """An event that bears on an obligation. ``effect`` is an ``EffectKind`` value; it counts from ``day`` on."""

    event: Event
    effect: str
    day: dt.date
    scheduled: bool


@dataclass(frozen=True, slots=True)
class Lane:
    """One obligation through time. ``marks`` are in order of days."""

    row: Row
    runs: list[Run[Stood]]
    marks: list[Mark]

    @property
    def obligation(self) -> Obligation:
        return self.row.obligation


@dataclass(frozen=True, slots=True)
class Claim:
    """What one actor says of a phase through time: each run holds until the same actor says something else."""

    actor: Actor
    runs: list[Run[Declaration]]

    @property
    def last(self) -> Saying:
        return Saying(self.runs[-1].value.says)


@dataclass(frozen=True, slots=True)
class PhaseLanes:
    part: PhaseBoard
    claims: list[Claim]
    lanes: list[Lane]


@dataclass(frozen=True, slots=True)
class Timeline:
    """An agreement from ``first`` to the day of the board, both included."""

    board: Board
    first: dt.date
    phases: list[PhaseLanes]
    states: list[Run[AgreementState]]

    @property
    def last(self) -> dt.date:
        return self.board.vantage.as_of

    @property
    def lanes(self) -> list[Lane]:
        return [lane for phase in self.phases for lane in phase.lanes]


def timeline(board: Board) -> Timeline | None:
    """The timeline up to the board's day; None where nothing had been promised by then."""
    if not board.rows:
        return None
    first, last = _first_day(board), board.vantage.as_of
    scheduled = _scheduled(board)
    phases = [
        PhaseLanes(
            part,
            list(_claims(part, last)),
            [_lane(row, part, board, first, scheduled[row.obligation.pk]) for row in part.rows],
        )
        for part in board.phases
    ]
    states = {state.since: AgreementState(state.state) for state in board.states}
    known = runs(min(states), last, states, lambda day: states[max(s for s in states if s <= day)]) if states else []
    return Timeline(board, first, phases, known)


def _begins(row: Row, part: PhaseBoard, board: Board) -> dt.date | None:
    """The first day on which a board shows the obligation: it and its phase were agreed. None: from ever on."""
    promised: dt.date | None = fetched(row.obligation, "promised_on")
    agreed = part.phase.agreed_on or board.agreement.signed_on
    return max((day for day in (promised, agreed) if day), default=None)


def _first_day(board: Board) -> dt.date:
    """The signature, or what was agreed before it; where no such day is recorded, the first day of anything else."""
    begins = {_begins(row, part, board) for part in board.phases for row in part.rows}
    days = {day for day in (*begins, board.agreement.signed_on) if day}
    if None in begins or not days:
        days |= {day for row in board.rows for day in row.change_days}
        days |= {state.since for state in board.states}
        days |= {fetched(event, "counts_from") for row in board.rows for event in row.events}
    return min((day for day in days if day <= board.vantage.as_of), default=board.vantage.as_of)


def _lane(row: Row, part: PhaseBoard, board: Board, first: dt.date, scheduled: list[Mark]) -> Lane:
    def stood(day: dt.date) -> Stood:
        level = next((one.level for one in reversed(row.judged) if one.effective_on <= day), None)
        return Stood(row.word_from(row.judged, day), level)

    happened = [
        Mark(event, _effect(event, row), fetched(event, "counts_from"), scheduled=False) for event in row.events
    ]
    marks = sorted([*happened, *scheduled], key=lambda mark: (mark.day, mark.event.date, str(mark.event.pk)))
    begins = _begins(row, part, board) or first
    return Lane(row, runs(begins, board.vantage.as_of, row.turn_days, stood), marks)


def _effect(event: Event, row: Row) -> str:
    effects: list[Effect] = fetched(event, "moves")
    return next(effect.effect for effect in effects if effect.obligation_id == row.obligation.pk)


def _scheduled(board: Board) -> dict[object, list[Mark]]:
    """What is or was scheduled and of which no outcome is on record, by the obligation that it bears on."""
    found: dict[object, list[Mark]] = defaultdict(list)
    for event in board.scheduled:
        for effect in fetched(event, "moves"):
            found[effect.obligation_id].append(Mark(event, effect.effect, event.date, scheduled=True))
    return found


def _claims(part: PhaseBoard, last: dt.date) -> Iterator[Claim]:
    """Who says what of the phase, in the order in which they first spoke."""
    by_actor: dict[object, list[Declaration]] = defaultdict(list)
    for one in sorted(part.declarations, key=lambda one: (one.date, one.pk)):
        by_actor[one.actor_id].append(one)
    for told in by_actor.values():
        said = {one.date: one for one in told}
        found = [
            Run(day, end, said[day])
            for day, end in zip(said, [*(day - dt.timedelta(days=1) for day in list(said)[1:]), last], strict=True)
        ]
        yield Claim(told[0].actor, found)
