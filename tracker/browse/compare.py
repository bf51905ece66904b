"""Agreements side by side, each on the same day of its own life, beside the mean of many peace accords."""

import datetime as dt
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tracker import words
from tracker.codebook import Category, Timeliness
from tracker.errors import BadAddress, explains_bad_addresses
from tracker.models import Actor, Agreement, Vantage
from tracker.models.actors import root_of
from tracker.models.parties import KEPT
from tracker.models.standing import Board, Row, board, score_of
from tracker.rubric import pam
from tracker.rubric.score import Score

from . import charts
from .vantage import asked_vantage, query_of

MOST = 4
NUMBER = re.compile(r"\d{1,5}", re.ASCII)
LETTERS = "ABCD"

TOP, GROUND = 18, 190
HEIGHT = 216
APART = 9
"""Between the marks of two agreements, which all stand at the same day."""


@dataclass(frozen=True, slots=True)
class Cell:
    """Some duties of one agreement on its day: how many are kept and late, and their score as a range."""

    duties: int
    kept: int
    overdue: int
    score: Score | None

    @classmethod
    def of(cls, rows: Iterable[Row]) -> "Cell | None":
        """None where there are no duties."""
        rows = list(rows)
        if not rows:
            return None
        return cls(
            len(rows),
            sum(row.word in KEPT for row in rows),
            sum(row.timeliness == Timeliness.OVERDUE for row in rows),
            score_of(rows),
        )


@dataclass(frozen=True, slots=True)
class Column:
    """One agreement on its day; ``board`` is None where it has not been in force for so long."""

    letter: str
    agreement: Agreement
    day: dt.date | None
    board: Board | None
    url: str

    @property
    def whole(self) -> Cell | None:
        return Cell.of(self.board.rows) if self.board else None

    def cell(self, wanted: Callable[[Row], bool]) -> Cell | None:
        return Cell.of(row for row in self.board.rows if wanted(row)) if self.board else None


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the comparison: the same cut through every agreement."""

    label: str
    url: str
    cells: list[Cell | None]


@dataclass(frozen=True, slots=True)
class Mark:
    """The range of an agreement's score on the chart; ``shift`` sets it apart from others on the same day."""

    letter: str
    x: str
    shift: int
    high: int
    low: int
    title: str


@dataclass(frozen=True, slots=True)
class Dot:
    x: str
    y: int
    title: str


@dataclass(frozen=True, slots=True)
class Join:
    """A line from one dot to the next."""

    x1: str
    y1: int
    x2: str
    y2: int


@dataclass(frozen=True, slots=True)
class Tick:
    x: str
    label: str


@dataclass(frozen=True, slots=True)
class Level:
    y: int
    label: str


@dataclass(frozen=True, slots=True)
class Curve:
    """The mean of the accords year by year, and where the agreements lie."""

    dots: list[Dot]
    joins: list[Join]
    marks: list[Mark]
    ticks: list[Tick]
    levels: list[Level]
    mirrored: bool
    anchor: str
    height: int = HEIGHT
    ground: int = GROUND


@dataclass(frozen=True, slots=True)
class Comparison:
    """``day``: of the life of each agreement. ``alone``: there is nothing to compare the one with yet."""

    columns: list[Column]
    day: int
    categories: list[Line]
    parties: list[Line]
    curve: Curve
    alone: bool


def asked(request: HttpRequest, known: Sequence[Agreement]) -> list[Agreement]:
    """The agreements that the address names, each once; the only one there is where it names none.

    Raises BadAddress for more than ``MOST``, and for one that is not on record.
    """
    slugs = list(dict.fromkeys(request.GET.getlist("compare")))
    if len(slugs) > MOST:
        raise BadAddress(
            _("%(count)s agreements are too many to set side by side.") % {"count": words.number(len(slugs))},
            _("Choose %(most)s at most.") % {"most": words.number(MOST)},
        )
    by_slug = {one.slug: one for one in known}
    for slug in slugs:
        if slug not in by_slug:
            raise BadAddress(
                _("No agreement “%(name)s” is on record on this day.") % {"name": slug[:80]},
                _("Choose among those on the page of all agreements."),
            )
    if not slugs and len(known) == 1:
        return list(known)
    return [by_slug[slug] for slug in slugs]


def asked_day(request: HttpRequest, agreements: Iterable[Agreement], vantage: Vantage) -> int | None:
    """The day of their lives that the address asks for; the newest that all of them have reached by default.

    None where none of them was in force. Raises BadAddress for what is no number of days.
    """
    text = request.GET.get("day", "")
    if text and not NUMBER.fullmatch(text):
        raise BadAddress(
            _("“%(day)s” is no number of days.") % {"day": text[:40]},
            _("Write a whole number, for instance day=69, counted from the day on which each took effect (day 0)."),
        )
    ages = [
        (vantage.as_of - one.effective_on).days
        for one in agreements
        if one.effective_on and one.effective_on <= vantage.as_of
    ]
    if not ages:
        return None
    return int(text) if text else min(ages)


def comparison(request: HttpRequest, vantage: Vantage, known: Sequence[Agreement]) -> Comparison | None:
    """None where the address names no agreement, or none that was in force. The boards are asked for one by one."""
    chosen = asked(request, known)
    day = asked_day(request, chosen, vantage)
    if not chosen or day is None:
        return None
    columns = [_column(letter, one, day, vantage) for letter, one in zip(LETTERS, chosen, strict=False)]
    return Comparison(columns, day, _categories(columns), _parties(columns), _curve(columns, day), len(known) == 1)


def _column(letter: str, agreement: Agreement, day: int, vantage: Vantage) -> Column:
    home = agreement.get_absolute_url()
    since = agreement.effective_on
    then = since + dt.timedelta(days=day) if since and day <= (dt.date.max - since).days else None
    if then is None or then > vantage.as_of:
        return Column(letter, agreement, None, None, home + query_of(vantage))
    there = replace(vantage, as_of=then)
    return Column(letter, agreement, then, board(agreement, there), home + query_of(there))


def _categories(columns: Sequence[Column]) -> list[Line]:
    def about(category: Category) -> Callable[[Row], bool]:
        return lambda row: row.obligation.category == category

    lines = [Line(str(one.label), "", [column.cell(about(one)) for column in columns]) for one in Category]
    return [line for line in lines if any(line.cells)]


def _parties(columns: Sequence[Column]) -> list[Line]:
    """Every party that owes something in one of them; a duty of several counts for each."""
    owing: dict[UUID, None] = {}
    for column in columns:
        for row in column.board.rows if column.board else ():
            owing |= dict.fromkeys(root_of(actor) for actor in row.obligation.obligors.all())
    actors = Actor.objects.filter(pk__in=owing).order_by("name", "slug")

    def owed_by(actor: Actor) -> Callable[[Row], bool]:
        return lambda row: any(root_of(one) == actor.pk for one in row.obligation.obligors.all())

    return [
        Line(actor.name, actor.get_absolute_url(), [column.cell(owed_by(actor)) for column in columns])
        for actor in actors
    ]


# The curve


def _curve(columns: Sequence[Column], day: int) -> Curve:
    mirrored = get_language_bidi()

    def x(years: float) -> str:
        share = years / len(pam.MEAN) * 100
        return f"{100 - share if mirrored else share:.3f}%"

    def y(value: object) -> int:
        return GROUND - round((GROUND - TOP) * float(str(value)) / 100)

    dots = [
        Dot(
            x(year),
            y(mean),
            _("Year %(year)s: %(mean)s of 100") % {"year": words.number(year), "mean": words.number(mean)},
        )
        for year, mean in enumerate(pam.MEAN, 1)
    ]
    at = min(float(pam.years(day)), float(len(pam.MEAN)))
    marks = [
        Mark(
            column.letter,
            x(at),
            (-1 if mirrored else 1) * (4 + APART * number),
            y(scored.high),
            y(scored.low),
            _("%(title)s: %(range)s of 100")
            % {"title": column.agreement.title, "range": words.numbers(scored.low, scored.high)},
        )
        for number, column in enumerate(columns)
        if column.board and (scored := column.board.score)
    ]
    return Curve(
        dots,
        [Join(one.x, one.y, other.x, other.y) for one, other in pairwise(dots)],
        marks,
        [Tick(x(year), words.number(year)) for year in range(len(pam.MEAN) + 1)],
        [Level(y(value), words.number(value)) for value in (0, 50, 100)],
        mirrored,
        "end" if mirrored else "start",
    )


@require_safe
@explains_bad_addresses
def picture(request: HttpRequest, ending: str) -> HttpResponse:
    """The curve as a file."""
    vantage = asked_vantage(request)
    found = comparison(request, vantage, list(Agreement.objects.known(vantage)))
    if found is None:
        raise Http404(_("Nothing is compared here. Choose agreements on the page of all of them."))
    keys, legend = charts.legend(
        [
            ("", _("mean of %(count)s peace accords (Joshi, Quinn and Regan 2015)") % {"count": pam.ACCORDS}),
            *((column.letter, column.agreement.title) for column in found.columns if column.board),
        ]
    )
    sheet = charts.Sheet(
        name=f"compare-day-{found.day}",
        title=_("Agreements compared"),
        subtitle=_("How much is done on day %(day)s, from what is not assessed taken as nothing to taken as all")
        % {"day": words.number(found.day)},
        page=reverse("agreements"),
        template="compare.svg",
        height=legend + 24 + HEIGHT,
        drawing={"curve": found.curve, "keys": keys, "curve_y": charts.TOP + legend + 16},
    )
    return charts.answer(request, vantage, sheet, ending)
