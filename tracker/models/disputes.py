"""Everything contested in an agreement on a day: who says what against whom, in their own words, and since when.

``disputes`` starts from the board of the day; the number of further queries does not depend on the data. What counts as
contested, and when a quarrel is over, is decided in ``rubric.quarrels``, alike for every side.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch
from django.utils.text import capfirst

from tracker.codebook import CONTESTING, FigureNature, Quarrel, Stance
from tracker.rubric import quarrels

from .actors import Actor, root_of
from .agreements import Declaration, Instrument
from .base import Vantage
from .evidence import Effect, Event, Observation, Report
from .standing import Board, Figure, PhaseBoard, Row, Series, Voice, Wait, fetched


@dataclass(frozen=True, slots=True)
class Said:
    """One report with the day by which it takes its place among the words of its side."""

    on: dt.date
    report: Report
    event: Event


@dataclass(slots=True)
class Side:
    """One independent voice and all that it said on a matter, oldest first. ``actor``: its topmost parent, if known.

    ``chosen``: on an obligation, what tells best where the side stands on it.
    """

    name: str
    actor: Actor | None
    said: list[Said] = field(default_factory=list)
    chosen: Said | None = None

    @property
    def others(self) -> list[Said]:
        """All but the one that is chosen."""
        return [said for said in self.said if said is not self.chosen]

    @property
    def first(self) -> Said:
        return self.said[0]

    @property
    def latest(self) -> Said | None:
        """The last word, where it is another than the first."""
        return self.said[-1] if len(self.said) > 1 else None

    @property
    def between(self) -> list[Said]:
        return self.said[1:-1]


@dataclass(frozen=True, slots=True)
class Contested:
    """An event that somebody denies, of which somebody gives another account, or which somebody justifies.

    ``others`` are reports that pass it on, or name nobody who says it: no side of the quarrel. ``kinds`` is empty where
    it is not recorded what the quarrel is about. ``rows`` are the obligations that it bears on.
    """

    event: Event
    kinds: tuple[Quarrel, ...]
    sides: list[Side]
    others: list[Report]
    ended_on: dt.date | None
    rows: list[Row]

    @property
    def anchor(self) -> str:
        return f"event-{self.event.ref}"


@dataclass(frozen=True, slots=True)
class Counted:
    """A measure for which independent voices give different figures.

    ``days`` are those for which they contradict one another, newest first; ``figures`` what each gave for the newest of
    them, and the newest of each, by name and day.
    """

    row: Row
    series: Series
    days: list[dt.date]
    figures: list[Figure]

    @property
    def anchor(self) -> str:
        return f"figures-{self.row.obligation.code}.{self.series.measure.code}"

    @property
    def voices(self) -> list[str]:
        """Those who contradict one another for the newest of the days; all, where one of them spoke for another day."""
        of_the_day = [figure for figure in self.figures if figure.observation.as_of == self.days[0]]
        if len({_voice_of(figure.observation) for figure in of_the_day}) < 2:
            of_the_day = self.figures
        return list(dict.fromkeys(figure.who for figure in of_the_day))


@dataclass(frozen=True, slots=True)
class Unbound:
    """A text by which somebody disputes being bound, with the obligations that come from it.

    ``words``: those who dispute it, by name, each with what they are quoted with on being bound, newest first.
    """

    text: Instrument
    rows: list[Row]
    words: list[tuple[Actor, list[Said]]]

    @property
    def anchor(self) -> str:
        return f"text-{self.text.code}"


@dataclass(frozen=True, slots=True)
class Holder:
    """A side and its declarations about a phase, oldest first."""

    name: str
    declarations: list[Declaration]


@dataclass(frozen=True, slots=True)
class Declared:
    """A phase of which one side says that it has begun and another that it has not. ``ended_on``: they agree since."""

    part: PhaseBoard
    sides: list[Holder]
    ended_on: dt.date | None

    @property
    def anchor(self) -> str:
        return f"phase-{self.part.phase.ordinal}"


@dataclass(frozen=True, slots=True)
class Insisted:
    """A phase, or an obligation, for which several parties each ask something first: who asks what."""

    part: PhaseBoard | None
    row: Row | None
    asks: list[tuple[Actor, list[Wait]]]


@dataclass(frozen=True, slots=True)
class Touched:
    """An obligation with everything contested about it, and what each side is quoted with, oldest first."""

    row: Row
    events: list[Contested]
    counts: list[Counted]
    texts: list[Unbound]
    sides: list[Side]

    @property
    def anchor(self) -> str:
        return f"about-{self.row.obligation.code}"

    @property
    def number(self) -> int:
        return len(self.events) + len(self.counts) + len(self.texts)

    @property
    def further(self) -> int:
        """How many quotations there are beside the chosen ones."""
        return sum(len(side.others) for side in self.sides)

    @property
    def only_by_text(self) -> bool:
        """Whether nothing is contested but the text that it comes from."""
        return not (self.events or self.counts or self.sides or self.row.status.disputed)


@dataclass
class Disputes:
    """Everything contested on the day: what goes on, and what has ended. Events stand newest first."""

    board: Board
    contested: list[Contested]
    counts: list[Counted]
    texts: list[Unbound]
    declared: list[Declared]
    insisted: list[Insisted]

    @cached_property
    def events(self) -> list[Contested]:
        return [one for one in self.contested if one.ended_on is None]

    @cached_property
    def ended(self) -> list[Contested]:
        return [one for one in self.contested if one.ended_on is not None]

    @cached_property
    def phases(self) -> list[Declared]:
        return [one for one in self.declared if one.ended_on is None]

    @cached_property
    def ended_phases(self) -> list[Declared]:
        return [one for one in self.declared if one.ended_on is not None]

    @cached_property
    def touched(self) -> list[Touched]:
        """The obligations that something open is about or that are marked disputed, in the order of the agreement."""
        found = []
        for row in self.board.rows:
            one = Touched(
                row=row,
                events=[event for event in self.events if row in event.rows],
                counts=[count for count in self.counts if count.row is row],
                texts=[text for text in self.texts if row in text.rows],
                sides=_positions(row),
            )
            if one.number or row.status.disputed:
                found.append(one)
        return found

    @property
    def marked(self) -> list[Row]:
        """The obligations whose status is marked disputed."""
        return [row for row in self.board.rows if row.status.disputed]

    @property
    def open(self) -> int:
        return len(self.events) + len(self.counts) + len(self.texts) + len(self.phases)

    @property
    def over(self) -> int:
        return len(self.ended) + len(self.ended_phases)


def disputes(board: Board) -> Disputes:
    return Disputes(
        board=board,
        contested=_contested(board),
        counts=_counted(board),
        texts=_unbound(board),
        declared=_declared(board),
        insisted=_insisted(board),
    )


# Events


def contested_events(board: Board) -> "list[Event]":
    """The agreement's events by the day that somebody contradicts, newest first, with their reports and effects."""
    vantage = board.vantage
    reports = Report.objects.known(vantage).select_related(
        "article__outlet", "article__same_text_as", "originator__root", "relays"
    )
    against = Report.objects.known(vantage).filter(event=OuterRef("pk"), stance__in=CONTESTING)
    events = Event.objects.reached(vantage).filter(Exists(against), agreement=board.agreement)
    events = events.prefetch_related(Prefetch("reports", reports.order_by("recorded_at", "id"), to_attr="told"))
    events = events.prefetch_related(Prefetch("effects", Effect.objects.known(vantage), to_attr="moves"))
    return list(events.order_by("-date", "-id"))


def _contested(board: Board) -> list[Contested]:
    rows = {row.obligation.pk: row for row in board.rows}
    found = []
    for event in contested_events(board):
        told: list[Report] = fetched(event, "told")
        words = [quarrels.Word(_day_of(report, event), report.stance, report.about) for report in told]
        moved = {effect.obligation_id for effect in fetched(event, "moves")}
        found.append(
            Contested(
                event=event,
                kinds=quarrels.kinds(words),
                sides=_sides(report for report in told if _speaks(report)),
                others=[report for report in told if not _speaks(report)],
                ended_on=quarrels.ended_on(words, board.vantage.as_of),
                rows=[row for pk, row in rows.items() if pk in moved],
            )
        )
    return found


def _day_of(report: Report, event: Event) -> dt.date:
    """When it was said as far as we know: the day of its article, else that of the event."""
    day: dt.date = report.article.published_on or fetched(event, "counts_from")
    return day


def _speaks(report: Report) -> bool:
    """Whether it gives somebody's own account.

    A newsroom takes no side by what it prints; somebody named as saying it does, and so does one that contradicts.
    """
    if report.stance in CONTESTING:
        return True
    return bool(report.originator_name) and report.stance != Stance.RELAYS


def _voice(report: Report) -> str:
    if report.originator:
        return (report.originator.root or report.originator).name
    return capfirst(report.originator_text) or (report.relays or report.article.outlet).name


def _sides(reports: Iterable[Report]) -> list[Side]:
    """One side for each independent voice, by name; what each says in the order in which it was published."""
    found: dict[str, Side] = {}
    for report in reports:
        actor = report.originator.root if report.originator else None
        side = found.setdefault(report.independence_key, Side(_voice(report), actor))
        side.said.append(Said(_day_of(report, report.event), report, report.event))
    return _ordered(found.values())


def _positions(row: Row) -> list[Side]:
    """What each side is quoted with about an obligation, in the order in which it happened."""
    found: dict[object, Side] = {}
    chosen = {voice.report.pk for voice in row.voices}
    for voice in row.words:
        side = found.setdefault(voice.side.pk, Side(voice.side.name, voice.side))
        said = _said(voice)
        side.said.append(said)
        if voice.report.pk in chosen:
            side.chosen = said
    return _ordered(found.values())


def _said(voice: Voice) -> Said:
    return Said(fetched(voice.event, "counts_from"), voice.report, voice.event)


def _ordered(sides: Iterable[Side]) -> list[Side]:
    """By name, which favours nobody; within a side the oldest first."""
    for side in sides:
        side.said.sort(key=lambda said: (said.on, _published(said), said.report.recorded_at, str(said.report.pk)))
    return sorted(sides, key=lambda side: side.name.casefold())


def _published(said: Said) -> dt.date:
    return said.report.article.published_on or said.on


# Figures


def _counted(board: Board) -> list[Counted]:
    found = []
    for row in board.rows:
        for series in row.series:
            days = quarrels.clashes([_count(figure) for figure in series.all], series.measure.kind)
            if days:
                found.append(Counted(row, series, days, _beside(series, days[0])))
    return found


def _beside(series: Series, day: dt.date) -> list[Figure]:
    """What each voice gave for the day, and the newest figure of each, by name and then by day."""
    actual = [figure for figure in series.all if figure.observation.nature != FigureNature.PLANNED]
    newest: dict[str, Figure] = {}
    for figure in actual:
        newest.setdefault(_voice_of(figure.observation), figure)
    kept = [figure for figure in actual if figure.observation.as_of == day]
    kept += [figure for figure in newest.values() if figure not in kept]
    return sorted(kept, key=lambda one: (one.who.casefold(), one.observation.as_of))


def _count(figure: Figure) -> quarrels.Count:
    seen = figure.observation
    return quarrels.Count(
        key=_voice_of(seen),
        as_of=seen.as_of,
        low=seen.value if seen.low is None else seen.low,
        high=seen.value if seen.high is None else seen.high,
        since=seen.period_start,
        nature=seen.nature,
        counting=seen.counts,
    )


def _voice_of(observation: Observation) -> str:
    """Whose count it is: those who speak for the same actor count as one voice."""
    if observation.originator:
        return f"actor:{observation.originator.root_id}"
    text = " ".join(observation.originator_text.casefold().split())
    return f"text:{text}" if text else f"outlet:{observation.article.outlet_id}"


# Texts, phases, conditions


def texts_by(board: Board) -> "list[Instrument]":
    """The texts that existed by the day, with who accepted them and who disputes being bound, by name."""
    vantage: Vantage = board.vantage
    by_name = Actor.objects.order_by("name", "slug")
    rows = Instrument.objects.known(vantage).filter(agreement=board.agreement).exclude(date__gt=vantage.as_of)
    return list(
        rows.prefetch_related(
            Prefetch("accepted_by", by_name, to_attr="accepting"), Prefetch("disputed_by", by_name, to_attr="disputing")
        )
    )


def _unbound(board: Board) -> list[Unbound]:
    found = []
    for text in texts_by(board):
        rows = [row for row in board.rows if row.obligation.instrument_id == text.pk]
        words = [(actor, _on_being_bound(actor, rows)) for actor in fetched(text, "disputing")]
        if words:
            found.append(Unbound(text, rows, words))
    return found


def _on_being_bound(actor: Actor, rows: Iterable[Row]) -> list[Said]:
    """What a side is quoted with on whether the text binds it, newest first."""
    top = root_of(actor)
    found = {
        voice.report.pk: _said(voice)
        for row in rows
        for voice in row.words
        if voice.side.pk == top and voice.report.about == Quarrel.BINDING
    }
    return sorted(found.values(), key=lambda said: (said.on, str(said.report.pk)), reverse=True)


def _declared(board: Board) -> list[Declared]:
    found = []
    for part in board.phases:
        words = words_of(part.declarations)
        if quarrels.ever_opposed(words):
            found.append(Declared(part, _holders(part.declarations), quarrels.agreed_on(words)))
    return found


def words_of(declarations: Iterable[Declaration]) -> list[quarrels.Declared]:
    """Declarations as the rules read them; those who speak for the same actor are one side."""
    return [quarrels.Declared(one.date, str(one.actor.root_id), one.says) for one in declarations]


def _holders(declarations: Sequence[Declaration]) -> list[Holder]:
    found: dict[Any, Holder] = {}
    for one in declarations:
        top = one.actor.root or one.actor
        found.setdefault(top.pk, Holder(top.name, [])).declarations.append(one)
    return sorted(found.values(), key=lambda holder: holder.name.casefold())


def _insisted(board: Board) -> list[Insisted]:
    found = [Insisted(part, None, _asks(part.open_waits)) for part in board.phases]
    found += [Insisted(None, row, _asks(row.open_waits)) for row in board.rows]
    return [one for one in found if len(one.asks) > 1]


def _asks(waits: Iterable[Wait]) -> list[tuple[Actor, list[Wait]]]:
    """Who insists on which open conditions, by name; what the text asks for is no quarrel."""
    found: dict[Any, tuple[Actor, list[Wait]]] = {}
    for wait in waits:
        if wait.condition.actor:
            found.setdefault(wait.condition.actor_id, (wait.condition.actor, []))[1].append(wait)
    return sorted(found.values(), key=lambda ask: ask[0].name.casefold())
