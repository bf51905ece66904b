"""The timeline in small: of each phase, how many of its obligations stood where, day by day."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import ngettext

from tracker import words
from tracker.codebook import StatusWord
from tracker.models.standing import Board
from tracker.models.timelines import PhaseLanes, timeline
from tracker.rubric.runs import Run, runs

from .charts import Scale, Span, Tick

FROM_THE_GROUND_UP = (
    StatusWord.FULFILLED,
    StatusWord.FULFILLED_LATE,
    StatusWord.KEPT,
    StatusWord.PARTLY_KEPT,
    StatusWord.UNDER_WAY,
    StatusWord.IN_TALKS,
    StatusWord.STALLED,
    StatusWord.REVERSING,
    StatusWord.OVERDUE,
    StatusWord.NOT_KEPT,
    StatusWord.BREACH_ALLEGED,
    StatusWord.BREACHED,
    StatusWord.WAITING,
    StatusWord.NOT_YET_DUE,
    StatusWord.NOT_STARTED,
    StatusWord.LAPSED,
    StatusWord.NOT_ASSESSED,
)
"""The words in the order in which they are piled up: what is done stands on the ground."""

HIGHEST = 44
"""How high a phase is drawn at most."""
THICKEST = 7
"""How high one obligation is drawn at most."""
MOST_TICKS = 6
LAST_LABEL = 88


@dataclass(frozen=True, slots=True)
class Layer:
    """So many obligations of which the same word held, for some days. ``y`` is its top."""

    span: Span
    y: str
    height: str
    key: str
    title: str


@dataclass(frozen=True, slots=True)
class Pile:
    """A phase: as high as it has obligations."""

    ordinal: int
    title: str
    height: int
    layers: list[Layer]


@dataclass(frozen=True, slots=True)
class OverTime:
    scale: Scale
    ticks: list[Tick]
    piles: list[Pile]


def over_time(now: Board) -> OverTime | None:
    """The drawing up to the board's day, without asking the database; None where there are not two days to compare."""
    drawn = timeline(now)
    if drawn is None or drawn.first == drawn.last:
        return None
    scale = Scale.here(drawn.first, drawn.last)
    most = max(len(phase.lanes) for phase in drawn.phases)
    thick = min(THICKEST, HIGHEST / most)
    piles = [
        Pile(
            phase.part.phase.ordinal,
            phase.part.phase.title,
            round(thick * len(phase.lanes)),
            list(_layers(phase, scale, thick)),
        )
        for phase in drawn.phases
        if phase.lanes
    ]
    return OverTime(scale, scale.ticks(MOST_TICKS, LAST_LABEL), piles)


def _layers(phase: PhaseLanes, scale: Scale, thick: float) -> Iterator[Layer]:
    ground = thick * len(phase.lanes)
    turns = {run.start for lane in phase.lanes for run in lane.runs}

    def counted(day: dt.date) -> Counter[StatusWord]:
        return Counter(run.value.word for lane in phase.lanes for run in lane.runs if run.covers(day))

    held = runs(scale.first, scale.last, turns, counted)
    for word in FROM_THE_GROUND_UP:
        for run in _places(word, held):
            below, count = run.value
            span = scale.span(run.start, run.end)
            if count and span:
                high = thick * count
                yield Layer(span, f"{ground - thick * below - high:.2f}", f"{high:.2f}", word.value, _title(word, run))


def _places(word: StatusWord, held: list[Run[Counter[StatusWord]]]) -> list[Run[tuple[int, int]]]:
    """Of the word: how many obligations lie below it, and how many it has, as long as both stay the same."""
    lower = FROM_THE_GROUND_UP[: FROM_THE_GROUND_UP.index(word)]
    places = {run.start: (sum(run.value[one] for one in lower), run.value[word]) for run in held}
    return runs(held[0].start, held[-1].end, places, places.__getitem__)


def _title(word: StatusWord, run: Run[tuple[int, int]]) -> str:
    count = run.value[1]
    text = ngettext("%(word)s: %(count)s obligation, %(days)s", "%(word)s: %(count)s obligations, %(days)s", count)
    return text % {"word": word.label, "count": words.number(count), "days": words.span(run.start, run.end)}
