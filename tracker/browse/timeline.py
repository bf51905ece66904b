"""The timeline of an agreement: its obligations through time, as a chart, as files of it, and as tables."""

import calendar
import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from tracker import words
from tracker.codebook import AgreementState, EffectKind, Saying, StatusWord
from tracker.errors import BadAddress, explains_bad_addresses
from tracker.models import Agreement, Vantage
from tracker.models.standing import Board, PhaseBoard, Row, board
from tracker.models.timelines import Claim, Lane, Mark, PhaseLanes, Stood, Timeline, timeline
from tracker.rubric.runs import Run

from . import charts, phrases
from .agreements import below, find, known_agreements, unrecorded
from .charts import Scale, Span
from .citations import led
from .frame import steps
from .vantage import asked_day, asked_vantage, query_of

LONGEST = 100
"""The most years that one chart covers."""

ROOM = 7
"""Days left free after the day of the page, at least, so that its line stands apart from the edge."""

APART = 3.5
"""The share of the width within which marks of one obligation are drawn as one: fingers need 24 pixels each."""

DONE = frozenset({StatusWord.FULFILLED, StatusWord.FULFILLED_LATE, StatusWord.LAPSED})
"""Words that need no further look: nothing more is to come."""

ORDINARY = frozenset({AgreementState.SIGNED, AgreementState.IN_FORCE})
"""States that need no line of their own; the chart begins with them."""

GRAVEST_FIRST = (EffectKind.BREACHES, EffectKind.SETS_BACK, EffectKind.ADVANCES)
"""What an event means for an obligation, where that moves it; what is only context is left to the obligation's page."""


# The range


@dataclass(frozen=True, slots=True)
class Range:
    """The days from ``first`` to ``last`` that the chart shows; ``asked`` are the parts of the address that say so."""

    first: dt.date
    last: dt.date
    asked: dict[str, str]
    day: dt.date
    ahead: bool = False
    """Whether a day set by the text, or a scheduled event, lies in sight after ``day``, the one of the page."""

    @property
    def to(self) -> dt.date:
        """The last day to offer: without one asked for the page's own, unless something lies ahead."""
        return self.last if "to" in self.asked or self.ahead else min(self.last, self.day)


@dataclass(frozen=True, slots=True)
class Preset:
    label: str
    url: str
    current: bool


def asked_range(request: HttpRequest, drawn: Timeline) -> Range:
    """The range that the address asks for: all of it, without ``from`` and ``to``. Raises BadAddress."""
    day = drawn.last
    whole = Range(drawn.first, _later(day, max(ROOM, (day - drawn.first).days // 25)), {}, day)
    first, last = (asked_day(request, name, None) for name in ("from", "to"))
    asked = {name: given.isoformat() for name, given in (("from", first), ("to", last)) if given}
    if first is None and last is None:
        return replace(whole, ahead=_ahead(drawn, whole.last))
    found = Range(
        first or min(whole.first, last or whole.first),
        last or _later(day, max(2, (day - (first or day)).days // 25)),
        asked,
        day,
    )
    found = replace(found, ahead=_ahead(drawn, found.last))
    if found.first > day:
        raise BadAddress(
            _("The timeline would begin on %(first)s, after the day that the page is about, %(day)s.")
            % {"first": words.written(found.first), "day": words.written(day)},
            _("Choose a first day that is not later, for instance from=%(day)s.") % {"day": drawn.first.isoformat()},
        )
    if found.first > found.last:
        raise BadAddress(
            _("The timeline would begin on %(first)s, after its last day.") % {"first": words.written(found.first)},
            _("Choose a first day that is not later, for instance from=%(day)s.") % {"day": drawn.first.isoformat()},
        )
    if found.last < drawn.first:
        raise BadAddress(
            _("On %(last)s nothing had been agreed yet.") % {"last": words.written(found.last)},
            _("The agreement begins on %(day)s; choose a later last day, for instance to=%(until)s.")
            % {"day": words.written(drawn.first), "until": day.isoformat()},
        )
    if found.last.year - found.first.year > LONGEST:
        raise BadAddress(
            _("From %(first)s to %(last)s is more than a hundred years.")
            % {"first": words.written(found.first), "last": words.written(found.last)},
            _("Choose days that are nearer to each other, for instance from=%(day)s.")
            % {"day": drawn.first.isoformat()},
        )
    return found


def _ahead(drawn: Timeline, last: dt.date) -> bool:
    days = [row.obligation.due_on for row in drawn.board.due_next]
    days += [event.date for event in drawn.board.coming]
    return any(day and drawn.last < day <= last for day in days)


def presets(request: HttpRequest, drawn: Timeline, chosen: Range) -> list[Preset]:
    vantage, day = drawn.board.vantage, drawn.last
    offers: list[tuple[str, dict[str, str]]] = [(_("The whole agreement"), {})]
    for label, months in ((_("The last three months"), 3), (_("The last month"), 1)):
        first = _months_before(day, months)
        if first > drawn.first:
            offers.append((label, {"from": first.isoformat()}))
    ahead = [row.obligation.due_on for row in drawn.board.due_next if row.obligation.due_on]
    if ahead:
        last = _later(max(ahead), ROOM)
        offers.append((_("Up to the last day that is set"), {"to": last.isoformat()}))
    return [Preset(label, request.path + address_of(vantage, parts), chosen.asked == parts) for label, parts in offers]


def address_of(vantage: Vantage, parts: dict[str, str]) -> str:
    """The query of the timeline of that vantage and range."""
    q = query_of(vantage)
    if not parts:
        return q
    return f"{q}{'&' if q else '?'}{urlencode(parts)}"


def _later(day: dt.date, days: int) -> dt.date:
    return dt.date.fromordinal(min(day.toordinal() + days, dt.date.max.toordinal()))


def _months_before(day: dt.date, months: int) -> dt.date:
    month = day.year * 12 + day.month - 1 - months
    year, month = max(month // 12, 1), month % 12 + 1
    return dt.date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


# The drawing


@dataclass(frozen=True, slots=True)
class Bar:
    """A run of days as it is drawn. ``key`` chooses fill and pattern; ``title`` is said of it where a pointer rests."""

    span: Span
    key: str
    title: str
    label: str = ""
    unseen: bool = False
    """Whether nobody has looked at the obligation since before these days."""


@dataclass(frozen=True, slots=True)
class Dot:
    """One event, or several that are too near to one another to be told apart; then ``count`` says how many."""

    x: str
    kind: str
    url: str
    title: str
    count: int = 1


@dataclass(frozen=True, slots=True)
class Drawn:
    """One obligation as it is drawn. ``due`` is where its day is, "" where it has none in sight."""

    lane: Lane
    bars: list[Bar]
    dots: list[Dot]
    due: str
    due_title: str

    @property
    def row(self) -> Row:
        return self.lane.row

    @property
    def anchor(self) -> str:
        return anchor_of(self.lane)


@dataclass(frozen=True, slots=True)
class Spoken:
    """What one actor says of a phase, as it is drawn. ``who`` is the actor, with the one they speak for."""

    claim: Claim
    who: str
    bars: list[Bar]


@dataclass(frozen=True, slots=True)
class Part:
    """A phase as it is drawn."""

    lanes: PhaseLanes
    claims: list[Spoken]
    drawn: list[Drawn]

    @property
    def phase(self) -> Any:
        return self.lanes.part.phase


@dataclass(frozen=True, slots=True)
class Sample:
    """An entry of the legend. ``key`` is a status word's for ``kind`` "word"; else it chooses the mark or line."""

    kind: str
    key: str
    label: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """All that the chart shows, placed along ``scale``."""

    scale: Scale
    ticks: list[charts.Tick]
    now: str
    states: list[Bar]
    parts: list[Part]
    legend: list[Sample]


def drawing(drawn: Timeline, chosen: Range) -> Drawing:
    scale = Scale.here(chosen.first, chosen.last)
    q = query_of(drawn.board.vantage)
    parts = [
        Part(
            phase,
            [Spoken(claim, led(claim.actor), list(_said(claim, scale))) for claim in phase.claims],
            [_drawn(lane, scale, q) for lane in phase.lanes],
        )
        for phase in drawn.phases
    ]
    states = list(_states(drawn.states, scale))
    found = Drawing(scale, scale.ticks(), scale.x(drawn.last) if scale.shows(drawn.last) else "", states, parts, [])
    found.legend.extend(_legend(found))
    return found


def days_in_words(start: dt.date, end: dt.date, last: dt.date) -> str:
    """The days of a run; one that goes on has no last day."""
    if end == last and start != end:
        return _("since %(day)s") % {"day": words.written(start)}
    return words.span(start, end)


def _bars(lane: Lane, scale: Scale) -> Iterator[Bar]:
    """A bar for each run; one that goes on after the newest look is drawn as two, the second as not seen."""
    looked = lane.row.day - dt.timedelta(days=lane.row.checked) if lane.row.checked is not None else None
    for run in lane.runs:
        key = run.value.word.value
        old = looked is not None and looked < run.end and run.value.word not in DONE
        told = {"status": in_words(run.value), "days": days_in_words(run.start, run.end, lane.runs[-1].end)}
        seen_until = looked if looked is not None and old else run.end
        seen = scale.span(run.start, seen_until) if seen_until >= run.start else None
        if seen:
            yield Bar(seen, key, _("%(status)s: %(days)s") % told)
        if looked is None or not old:
            continue
        unseen = scale.span(max(run.start, looked + dt.timedelta(days=1)), run.end)
        if unseen:
            title = _("%(status)s: %(days)s. Not looked at since %(day)s.") % (told | {"day": words.written(looked)})
            yield Bar(unseen, key, title, unseen=True)


def in_words(stood: Stood) -> str:
    """The word with its level: "Under way, level 2 of 3"."""
    if stood.level is None:
        return str(stood.word.label)
    return _("%(word)s, level %(level)s of 3") % {"word": stood.word.label, "level": stood.level}


def _said(claim: Claim, scale: Scale) -> Iterator[Bar]:
    for run in claim.runs:
        span = scale.span(run.start, run.end)
        if span:
            saying = Saying(run.value.says)
            yield Bar(
                span,
                saying.value,
                _("%(saying)s, from %(day)s on") % {"saying": saying.label, "day": words.written(run.start)},
            )


def _states(states: Iterable[Run[AgreementState]], scale: Scale) -> Iterator[Bar]:
    """The states of the agreement, if any is out of the ordinary."""
    states = list(states)
    if all(run.value in ORDINARY for run in states):
        return
    for run in states:
        span = scale.span(run.start, run.end)
        if span:
            wide = float(span.width.rstrip("%")) > 9
            label = str(run.value.label)
            yield Bar(
                span,
                run.value.value,
                f"{label}: {days_in_words(run.start, run.end, states[-1].end)}",
                label if wide else "",
            )


def _drawn(lane: Lane, scale: Scale, q: str) -> Drawn:
    due_on = lane.obligation.due_on
    due = scale.x(due_on) if due_on and scale.shows(due_on) else ""
    title = due_words(lane.row) if due else ""
    return Drawn(lane, list(_bars(lane, scale)), list(_dots(lane, scale, q)), due, title)


def due_words(row: Row) -> str:
    """What the day of an obligation is: the last one in time, or the first on which it binds."""
    day = {"day": words.written(row.obligation.due_on)} if row.obligation.due_on else {}
    if not day:
        return ""
    return _("Binds from %(day)s") % day if row.duty.nature == "continuing" else _("Due %(day)s") % day


def moving(lane: Lane) -> list[Mark]:
    """The events that move the obligation, or would; those that are only context are left out."""
    return [mark for mark in lane.marks if mark.effect != EffectKind.CONTEXT]


def _dots(lane: Lane, scale: Scale, q: str) -> Iterator[Dot]:
    near: list[Mark] = []
    for mark in [mark for mark in moving(lane) if scale.shows(mark.day)]:
        if near and scale.share(mark.day) - scale.share(near[0].day) >= APART:
            yield _dot(near, lane, scale, q)
            near = []
        near.append(mark)
    if near:
        yield _dot(near, lane, scale, q)


def _dot(marks: list[Mark], lane: Lane, scale: Scale, q: str) -> Dot:
    x = scale.x(marks[0].day)
    told = [mark_in_words(mark) for mark in marks]
    if len(marks) == 1:
        [mark] = marks
        return Dot(x, kind_of(mark), mark.event.get_absolute_url() + q, told[0])
    kinds = {kind_of(mark) for mark in marks}
    kind = "many-breaches" if EffectKind.BREACHES in kinds else "many"
    head = ngettext("%(count)s event", "%(count)s events", len(marks)) % {"count": words.number(len(marks))}
    shown = [*told[:5], *(["…"] if len(told) > 5 else [])]
    return Dot(x, kind, f"#{anchor_of(lane)}", f"{head}: {' · '.join(shown)}", len(marks))


def anchor_of(lane: Lane) -> str:
    """Where the page lists the obligation's events."""
    return f"events-{lane.obligation.code}"


def kind_of(mark: Mark) -> str:
    return "scheduled" if mark.scheduled else mark.effect


def mark_in_words(mark: Mark) -> str:
    """The day, the event, and what it means: "13 Dec 2025: Strike kills ... (breaches)"."""
    meaning = _("scheduled") if mark.scheduled else meanings()[mark.effect]
    return _("%(day)s: %(event)s (%(meaning)s)") % {
        "day": phrases.when(mark.event),
        "event": mark.event.title,
        "meaning": meaning,
    }


def meanings() -> dict[str, str]:
    """What an event means for the obligation, within a sentence."""
    return {
        EffectKind.ADVANCES: _("brings it nearer"),
        EffectKind.SETS_BACK: _("sets it back"),
        EffectKind.BREACHES: _("said or shown to break it"),
        EffectKind.CONTEXT: _("bears on it"),
    }


def _legend(drawn: Drawing) -> Iterator[Sample]:
    """Exactly what occurs in the drawing."""
    lanes = [lane for part in drawn.parts for lane in part.drawn]
    seen = {bar.key for lane in lanes for bar in lane.bars}
    for word in StatusWord:
        if word.value in seen:
            yield Sample("word", word.value, str(word.label))
    if any(bar.unseen for lane in lanes for bar in lane.bars):
        yield Sample("unseen", "under_way", _("not looked at since"))
    if any(lane.due for lane in lanes):
        yield Sample("due", "due", _("day set by the text"))
    kinds = {dot.kind for lane in lanes for dot in lane.dots}
    labels = {
        "advances": _("event that brings it nearer"),
        "sets_back": _("event that sets it back"),
        "breaches": _("event said or shown to break it"),
        "scheduled": _("scheduled event"),
        "many": _("several events"),
        "many-breaches": _("several, among them one said or shown to break it"),
    }
    for kind, label in labels.items():
        if kind in kinds:
            yield Sample("event", kind, label)
    said = {bar.key for part in drawn.parts for claim in part.claims for bar in claim.bars}
    phase = {
        Saying.BEGUN: _("says that the phase has begun"),
        Saying.NOT_BEGUN: _("says that it has not begun"),
        Saying.ENDED: _("says that it has ended"),
    }
    for saying, label in phase.items():
        if saying.value in said:
            yield Sample("says", saying.value, label)
    if drawn.now:
        yield Sample("now", "now", _("the day of this page"))


# The tables


@dataclass(frozen=True, slots=True)
class Stretch:
    """A line of the tables: from when to when an obligation stood where. ``url`` is the judgement that began it."""

    start: dt.date
    days: str
    stood: Stood
    url: str


@dataclass(frozen=True, slots=True)
class Told:
    """An event of the tables."""

    mark: Mark
    url: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Table:
    """What the tables say of one obligation."""

    lane: Lane
    due: str
    stretches: list[Stretch]
    told: list[Told]


def table(lane: Lane, chosen: Range, q: str) -> Table:
    return Table(lane, due_words(lane.row), _stretches(lane, chosen, q), _told(lane, chosen, q))


def _stretches(lane: Lane, chosen: Range, q: str) -> list[Stretch]:
    begun = {one.effective_on: one.get_absolute_url() + q for one in lane.row.history}
    return [
        Stretch(run.start, days_in_words(run.start, run.end, lane.runs[-1].end), run.value, begun.get(run.start, ""))
        for run in lane.runs
        if run.end >= chosen.first and run.start <= chosen.last
    ]


def _told(lane: Lane, chosen: Range, q: str) -> list[Told]:
    return [
        Told(mark, mark.event.get_absolute_url() + q, _("scheduled") if mark.scheduled else meanings()[mark.effect])
        for mark in moving(lane)
        if chosen.first <= mark.day <= chosen.last
    ]


# The page and its files


def _at(request: HttpRequest, slug: str) -> tuple[Vantage, Agreement, Board | None]:
    """The agreement and its board; None where it had not been recorded by the record day."""
    vantage = asked_vantage(request)
    agreement = find(slug)
    if not known_agreements(vantage).filter(pk=agreement.pk).exists():
        return vantage, agreement, None
    return vantage, agreement, board(agreement, vantage)


@require_safe
@explains_bad_addresses
def detail(request: HttpRequest, slug: str) -> HttpResponse:
    vantage, agreement, now = _at(request, slug)
    if now is None:
        return unrecorded(request, vantage, agreement)
    drawn = timeline(now)
    chosen = asked_range(request, drawn) if drawn else None
    asked = chosen.asked if chosen else {}
    context = below(request, now, "timeline") | {
        "canonical_url": request.build_absolute_uri(request.path + address_of(vantage, asked)),
        "today_url": request.path + (f"?{urlencode(asked)}" if asked else ""),
        "keep": list(asked.items()),
        **steps(request, vantage, _steps_within(now, asked), asked.items()),
        "timeline": drawn,
        "range": chosen,
    }
    if drawn and chosen:
        q = context["q"]
        context |= {
            "chart": drawing(drawn, chosen),
            "presets": presets(request, drawn, chosen),
            "files": charts.downloads(request),
            "tables": [(phase, [table(lane, chosen, q) for lane in phase.lanes]) for phase in drawn.phases],
        }
    return render(request, "browse/timeline.html", context)


def _steps_within(now: Board, asked: dict[str, str]) -> list[dt.date]:
    """The days of change to which the range can be taken along: none before its first day."""
    return [day for day in now.change_days if day.isoformat() >= asked.get("from", "")]


PLOT = 810
"""The width of the plot within a file."""
LABELS = charts.WIDTH - 2 * charts.MARGIN - PLOT - 24
LANE, CLAIM, HEAD, LINE = 46, 20, 52, 15


@dataclass(frozen=True, slots=True)
class Laid:
    """A line of the file: ``y`` is its top; ``lines`` is what stands beside it, the first of them at ``line_y``."""

    kind: str
    of: Any
    y: int
    height: int
    lines: list[str]

    @property
    def line_y(self) -> int:
        base, highest = {"head": (36, 12), "claim": (13, 13)}.get(self.kind, (19, 13))
        return self.y + max(base - (15 if self.kind == "head" else 8) * (len(self.lines) - 1), highest)


@require_safe
@explains_bad_addresses
def picture(request: HttpRequest, slug: str, ending: str) -> HttpResponse:
    """The chart as a file."""
    vantage, agreement, now = _at(request, slug)
    drawn = timeline(now) if now else None
    if drawn is None:
        raise Http404(_("There is nothing to draw of this agreement on that day."))
    chosen = asked_range(request, drawn)
    chart = drawing(drawn, chosen)
    keys, used = charts.legend((one, one.label) for one in chart.legend)
    laid, height = _laid(chart, charts.TOP + used + 12)
    sheet = charts.Sheet(
        name=f"{slug}-timeline-{vantage.as_of.isoformat()}",
        title=_("%(agreement)s: timeline") % {"agreement": agreement.title},
        subtitle=_("How each obligation stood, %(span)s")
        % {"span": words.span(chosen.first, min(chosen.last, drawn.last))},
        page=reverse("agreement_timeline", args=[slug]),
        template="timeline.svg",
        height=height - charts.TOP,
        drawing={
            "chart": chart,
            "keys": keys,
            "laid": laid,
            "plot": PLOT,
            "plot_x": charts.MARGIN if chart.scale.mirrored else charts.WIDTH - charts.MARGIN - PLOT,
        },
    )
    return charts.answer(request, vantage, sheet, ending)


def _laid(chart: Drawing, y: int) -> tuple[list[Laid], int]:
    """The lines of the file from ``y`` down, and where they end."""
    found: list[Laid] = []

    def put(kind: str, height: int, text: list[str], of: Any) -> None:
        nonlocal y
        found.append(Laid(kind, of, y, height, text))
        y += height

    if chart.states:
        put("states", 30, [charts.written(_("The agreement"))], chart.states)
    for part in chart.parts:
        title = phase_title(part.lanes.part)
        head = [charts.quoted(line) for line in charts.lines(title, LABELS, 15, most=2)]
        put("head", HEAD, head, part)
        for spoken in part.claims:
            put(
                "claim",
                CLAIM,
                [charts.quoted(line) for line in charts.lines(claim_in_words(spoken), LABELS, 12, most=1)],
                spoken,
            )
        for lane in part.drawn:
            text = [charts.quoted(line) for line in charts.lines(lane.row.obligation.title, LABELS, 12)]
            put("lane", max(LANE, len(text) * LINE + 14), text, lane)
        y += 14
    return found, y


def phase_title(part: PhaseBoard) -> str:
    return _("Phase %(number)s: %(title)s") % {"number": part.phase.ordinal, "title": part.phase.title}


def claim_in_words(spoken: Spoken) -> str:
    """Who says what of the phase now: "Hamas: not begun"."""
    return _("%(actor)s: %(saying)s") % {"actor": spoken.who, "saying": spoken.claim.last.label}
