"""Charts: drawn on the server, on pages as part of them, and handed out as SVG and PNG files that stand alone.

To add a chart to a page:

1. Place what it shows with a ``Scale``, in shares of the width of its plot: one drawing fits a phone, a page, a file.
2. Draw the inside of the plot in a template under ``browse/charts/``: geometry in attributes, looks in classes. Include
   it on the page within ``<svg class="plot" width="100%" height="...">``, and in a template that extends
   ``browse/charts/file.svg`` within ``<svg x="..." y="..." width="..." height="...">``. A class needs a rule in
   ``site.css`` and one in ``browse/charts/style.css``, which knows no variables.
3. Answer with ``answer`` at the addresses that ``files`` gives, and include ``browse/charts/_downloads.html``.

Where the page is written from the right, time runs from the right as well: the reader begins there, and arrows, steps
and the strips of the phases turn the same way. ``Scale`` sees to that.
"""

import base64
import datetime as dt
import hashlib
import textwrap
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import resvg_py
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import URLPattern, path
from django.utils.csp import CSP
from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _
from django.views.decorators.csp import csp_override

from tracker import words
from tracker.exchange.xml import writable
from tracker.models import Vantage

from .citing import pinned_query

WIDTH = 1200
MARGIN = 40
TOP = 112
"""Where the drawing begins, below title and subtitle."""
BOTTOM = 88
"""What the credit takes below the drawing."""
SCALE = 2
"""Pixels of the PNG for one unit of the drawing; fewer where it would have more than ``MOST_PIXELS``."""
MOST_PIXELS = 12_000_000

FONTS = [str(settings.BASE_DIR / "static" / "fonts" / f"chart-{weight}.ttf") for weight in (400, 600)]
MOST_TICKS = 14
LAST_LABEL = 94
"""The share of the width after which the axis has no room for a label."""

type Drawer = Callable[..., HttpResponse]


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of the width, in percent: ``x`` is its left edge."""

    x: str
    width: str


@dataclass(frozen=True, slots=True)
class Tick:
    """A line of the axis. ``year`` is "" where it stands at an earlier one; without room both texts are."""

    x: str
    label: str
    year: str


@dataclass(frozen=True, slots=True)
class Scale:
    """Days from ``first`` to ``last``, both included, along the width of a plot. ``mirrored``: from right to left."""

    first: dt.date
    last: dt.date
    mirrored: bool

    @classmethod
    def here(cls, first: dt.date, last: dt.date) -> "Scale":
        """As the page's language reads."""
        return cls(first, last, mirrored=get_language_bidi())

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def anchor(self) -> str:
        """The text-anchor of what is written onwards from a point."""
        return "end" if self.mirrored else "start"

    @property
    def nudge(self) -> int:
        """What sets text apart from the line that it belongs to."""
        return -4 if self.mirrored else 4

    def shows(self, day: dt.date) -> bool:
        return self.first <= day <= self.last

    def share(self, day: dt.date) -> float:
        """How far the middle of the day is from where time begins, from 0 to 100."""
        return self._share((day - self.first).days + 0.5)

    def x(self, day: dt.date) -> str:
        """The middle of the day."""
        return self._placed(self.share(day))

    def edge(self, day: dt.date) -> str:
        """Where the day begins."""
        return self._placed(self._share((day - self.first).days))

    def span(self, start: dt.date, end: dt.date) -> Span | None:
        """From the beginning of one day to the end of another, as far as it is in sight."""
        start, end = max(start, self.first), min(end, self.last)
        if end < start:
            return None
        near, far = self._share((start - self.first).days), self._share((end - self.first).days + 1)
        return Span(_percent(100 - far if self.mirrored else near), _percent(far - near))

    def ticks(self, most: int = MOST_TICKS, last_label: float = LAST_LABEL) -> list[Tick]:
        """The axis: as fine as there is room for, from weeks to decades."""
        found, year = [], 0
        for day, label in self._labelled(most):
            far = self._share((day - self.first).days)
            if far > last_label:
                found.append(Tick(self._placed(far), "", ""))
                continue
            found.append(Tick(self._placed(far), label, "" if day.year == year else str(day.year)))
            year = day.year
        return found

    def _labelled(self, most: int) -> Iterator[tuple[dt.date, str]]:
        if self.days <= 7 * most:
            for number in range(self.days):
                day = self.first + dt.timedelta(days=number)
                if day.weekday() == 0 or self.days <= most:
                    yield day, words.day_of_year(day)
            return
        months = (self.last.year - self.first.year) * 12 + self.last.month - self.first.month
        step = next((step for step in (1, 3, 6, 12, 24, 60, 120) if months <= step * most), 240)
        for year in range(self.first.year, self.last.year + 1):
            for month in range(1, 13, min(step, 12)):
                day = dt.date(year, month, 1)
                if self.shows(day) and (step <= 12 or year % (step // 12) == 0):
                    yield day, words.month_of_year(day) if step < 12 else ""

    def _share(self, days: float) -> float:
        return days / self.days * 100

    def _placed(self, share: float) -> str:
        return _percent(100 - share if self.mirrored else share)


def _percent(share: float) -> str:
    return f"{share:.3f}".rstrip("0").rstrip(".") + "%"


# Files


@dataclass(frozen=True, slots=True)
class Sheet:
    """One chart as a file: ``template`` draws ``height`` units from ``TOP`` down, from what is in ``drawing``.

    ``name`` is the file's, without its ending; ``page`` is the path of the page that shows the chart.
    """

    name: str
    title: str
    subtitle: str
    page: str
    template: str
    height: int
    drawing: dict[str, Any]


def files(address: str, view: Drawer, name: str) -> list[URLPattern]:
    """The addresses of a chart: that of its page with an ending in place of the final slash."""
    styled = csp_override(_policy())(view)
    return [
        path(f"{address}.{ending}", styled, {"ending": ending}, name=f"{name}_{ending}") for ending in ("svg", "png")
    ]


def downloads(request: HttpRequest, **named: list[str]) -> dict[str, str]:
    """The addresses of the files of the chart on this page, for ``_downloads.html``.

    ``named`` are parts of the query that the page took for granted: a file goes on showing the same without it.
    """
    parts = request.GET.copy()
    for name, values in named.items():
        parts.setlist(name, values)
    stem, query = request.path.rstrip("/"), parts.urlencode()
    return {ending: f"{stem}.{ending}{f'?{query}' if query else ''}" for ending in ("svg", "png")}


def answer(request: HttpRequest, vantage: Vantage, sheet: Sheet, ending: str) -> HttpResponse:
    """The chart as a file, with its title and its credit."""
    svg = writable(render_to_string(f"browse/charts/{sheet.template}", _context(request, vantage, sheet)))
    body, kind = (png(svg, sheet.height), "image/png") if ending == "png" else (svg, "image/svg+xml; charset=utf-8")
    response = HttpResponse(body, content_type=kind)
    response.headers["Content-Disposition"] = f'inline; filename="{sheet.name}.{ending}"'
    return response


def png(svg: str, height: int) -> bytes:
    """``height`` is that of the drawing within the file."""
    scale = min(SCALE, (MOST_PIXELS / (WIDTH * (TOP + height + BOTTOM))) ** 0.5)
    return resvg_py.svg_to_bytes(svg_string=svg, skip_system_fonts=True, font_files=FONTS, zoom=scale)


def written(text: str) -> str:
    """A line of the page's own words, which a file without a direction of its own reads as the page does."""
    return f"\N{RIGHT-TO-LEFT ISOLATE}{text}\N{POP DIRECTIONAL ISOLATE}" if get_language_bidi() else text


def quoted(text: str) -> str:
    """Text from the record within a line or alone: it reads as its own first letter does."""
    return f"\N{FIRST STRONG ISOLATE}{text}\N{POP DIRECTIONAL ISOLATE}" if get_language_bidi() else text


def lines(text: str, width: float, size: float = 13, most: int = 3) -> list[str]:
    """The text broken to a width, at most so many lines; what is beyond ends in dots. Reckons with usual letters."""
    letters = max(int(width / (size * 0.54)), 8)
    return textwrap.wrap(text, letters, max_lines=most, placeholder=" …") or [""]


def _context(request: HttpRequest, vantage: Vantage, sheet: Sheet) -> dict[str, Any]:
    mirrored = get_language_bidi()
    address = request.build_absolute_uri(f"{sheet.page}?{pinned_query(request, vantage)}")
    known_on = vantage.known_on or vantage.today
    credit = _("Ceasefire Tracker, licence CC BY 4.0. As it stood on %(day)s, as recorded by %(known)s.") % {
        "day": words.written(vantage.as_of),
        "known": words.written(known_on),
    }
    height = TOP + sheet.height + BOTTOM
    return {
        "language": words.here(),
        "style": style(),
        "width": WIDTH,
        "height": height,
        "top": TOP,
        "near": WIDTH - MARGIN if mirrored else MARGIN,
        "anchor": "end" if mirrored else "start",
        "mirrored": mirrored,
        "title": sheet.title,
        "title_lines": [quoted(line) for line in lines(sheet.title, WIDTH - 2 * MARGIN, 24, most=1)],
        "subtitle": written(sheet.subtitle),
        "credit": written(credit),
        "credit_y": height - BOTTOM + 44,
        "address": address,
        "address_shown": textwrap.shorten(address, 170, placeholder="…") if " " in address else address[:170],
        "site": request.build_absolute_uri("/").rstrip("/"),
    } | sheet.drawing


@cache
def style() -> str:
    """What a file looks like. It carries its style, since nothing else goes with it."""
    return render_to_string("browse/charts/style.css")


@cache
def _policy() -> dict[str, Any]:
    """The site's policy, which lets pass this one style and no other."""
    digest = base64.b64encode(hashlib.sha256(style().encode()).digest()).decode()
    policy: dict[str, Any] = dict(settings.SECURE_CSP)
    return policy | {"style-src": [CSP.SELF, f"'sha256-{digest}'"]}


# What many charts need


@dataclass(frozen=True, slots=True)
class Key[T]:
    """One entry of a legend in a file: ``of`` says which sample is drawn at ``x``, the text from ``text_x``."""

    of: T
    label: str
    x: int
    y: int
    text_x: int


def legend[T](entries: Iterable[tuple[T, str]], sample: int = 30, size: float = 12) -> tuple[list[Key[T]], int]:
    """The entries (what, label) set in lines over the width of a file, and the height that they take."""
    found: list[Key[T]] = []
    x, y, mirrored = 0, 0, get_language_bidi()
    for of, label in entries:
        width = sample + 8 + int(len(label) * size * 0.56) + 20
        if x and x + width > WIDTH - 2 * MARGIN:
            x, y = 0, y + 22
        left = WIDTH - MARGIN - x - sample if mirrored else MARGIN + x
        found.append(Key(of, written(label), left, y, left - 8 if mirrored else left + sample + 8))
        x += width
    return found, y + 22 if found else 0
