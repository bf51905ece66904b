"""What waits for what, as sentences and as a small graph; what falls due next, what is late, what is announced."""

import datetime as dt
import textwrap
from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tracker import words
from tracker.codebook import Timeliness
from tracker.errors import explains_bad_addresses
from tracker.models import Actor, Declaration
from tracker.models.actors import root_of
from tracker.models.standing import Board, PhaseBoard, Row, Wait, board
from tracker.rubric.waiting import Ask, standoffs

from . import charts, graph
from .agreements import below, find, known_agreements, unrecorded
from .vantage import asked_vantage, query_of

AT_MOST = 60
"""How many boxes a graph may have; beyond that only the sentences are readable."""

LINE = 30
"""Letters in a line of a box."""

LONGEST_NAME = 15
"""Letters of a party's name beside a line of the graph; the sentences have all of it."""

LINE_HEIGHT = 17
PADDING = 11
MARK = 14


@dataclass(frozen=True, slots=True)
class Said:
    """What one party, or the text (``by`` is None), has something wait for."""

    by: Actor | None
    waits: list[Wait]


@dataclass(frozen=True, slots=True)
class Waiter:
    """A phase or an obligation with conditions."""

    key: Hashable
    title: str
    url: str
    waits: list[Wait]
    phase: int | None = None
    """Its number, where it is a phase."""
    declarations: Sequence[Declaration] = ()
    """Who says of it that it began, or did not."""

    @property
    def open(self) -> list[Wait]:
        return [wait for wait in self.waits if not wait.met]

    @property
    def met(self) -> list[Wait]:
        return [wait for wait in self.waits if wait.met]

    @property
    def said(self) -> list[Said]:
        """The open conditions by who names them: the text first, then each party."""
        found: dict[object, Said] = {}
        for wait in sorted(self.open, key=lambda wait: wait.condition.actor is not None):
            actor = wait.condition.actor
            found.setdefault(actor.pk if actor else None, Said(actor, [])).waits.append(wait)
        return list(found.values())

    @property
    def against(self) -> list[tuple[Said, Said]]:
        """The parties of which each insists on what the other owes."""
        sides: dict[Hashable, Said] = {root_of(said.by): said for said in self.said if said.by}
        asks = [
            Ask(self.key, wait.condition.requires_id, root_of(said.by) if said.by else None, owing(wait.row))
            for said in self.said
            for wait in said.waits
        ]
        return [(sides[one], sides[other]) for one, other in standoffs(asks)]

    @property
    def alone(self) -> list[Said]:
        """Those of ``said`` that stand against nobody."""
        paired = [one for pair in self.against for one in pair]
        return [said for said in self.said if said not in paired]

    @property
    def insisted(self) -> bool:
        return any(wait.condition.actor for wait in self.open)


def owing(row: Row) -> frozenset[Hashable]:
    return frozenset(root_of(actor) for actor in row.obligation.obligors.all())


@require_safe
@explains_bad_addresses
def detail(request: HttpRequest, slug: str) -> HttpResponse:
    vantage = asked_vantage(request)
    agreement = find(slug)
    if not known_agreements(vantage).filter(pk=agreement.pk).exists():
        return unrecorded(request, vantage, agreement)
    now = board(agreement, vantage)
    context = below(request, now, "waiting") | about(now) | {"files": charts.downloads(request)}
    return render(request, "browse/waiting.html", context)


@require_safe
@explains_bad_addresses
def file(request: HttpRequest, slug: str, ending: str) -> HttpResponse:
    """The graph as a file."""
    vantage = asked_vantage(request)
    agreement = find(slug)
    drawn = None
    if known_agreements(vantage).filter(pk=agreement.pk).exists():
        now = board(agreement, vantage)
        drawn = picture(waiters(now), now)
    if drawn is None:
        raise Http404(_("There is no graph of conditions on this day."))
    room = charts.WIDTH - 2 * charts.MARGIN
    width = min(drawn.width + 8, room)
    height = (drawn.height + 8) * width // (drawn.width + 8)
    keys, legend = charts.legend(
        [
            ("", _("waits for, by the text")),
            ("wire-party", _("waits for, says the party named at the line")),
            ("wire-met", _("met")),
        ]
    )
    sheet = charts.Sheet(
        name=f"{slug}-waiting-{vantage.as_of}",
        title=agreement.title,
        subtitle=_("What waits for what on %(day)s") % {"day": words.written(vantage.as_of)},
        page=reverse("agreement_waiting", args=[slug]),
        template="waiting.svg",
        height=legend + 32 + height,
        drawing={
            "graph": drawn,
            "drawn_x": charts.MARGIN if drawn.anchor == "start" else charts.WIDTH - charts.MARGIN - width,
            "drawn_y": charts.TOP + legend + 16,
            "drawn_width": width,
            "drawn_height": height,
            "keys": keys,
        },
    )
    return charts.answer(request, vantage, sheet, ending)


def about(now: Board) -> dict[str, Any]:
    """What the page says of the day."""
    found = waiters(now)
    return {
        "waiters": [one for one in found if one.open],
        "fulfilled": [(one, wait) for one in found for wait in one.met],
        "graph": picture(found, now),
        "open": sum(len(one.open) for one in found),
        "met": sum(len(one.met) for one in found),
        "due": now.due_next,
        "overdue": overdue(now),
    }


def waiters(now: Board) -> list[Waiter]:
    """The phases with conditions, then the obligations with conditions, in the order of the agreement's page."""
    q, home = query_of(now.vantage), now.agreement.get_absolute_url()
    phases = [
        Waiter(
            part.phase.pk,
            part.phase.title,
            f"{home}{q}#phase-{part.phase.ordinal}",
            part.waits,
            part.phase.ordinal,
            part.declarations,
        )
        for part in now.phases
        if part.waits
    ]
    return phases + [
        Waiter(row.obligation.pk, row.obligation.title, row.obligation.get_absolute_url() + q, row.waits)
        for row in now.rows
        if row.waits
    ]


def overdue(now: Board) -> list[Row]:
    """The obligations whose day has passed and that are not done, the latest first."""
    late = [row for row in now.rows if row.timeliness == Timeliness.OVERDUE]
    return sorted(late, key=lambda row: (row.obligation.due_on or dt.date.max, row.obligation.code))


# The graph


@dataclass(frozen=True, slots=True)
class Node:
    """A box with its lines of text, each with its height on the page; ``row`` is None for a phase."""

    box: graph.Box
    head: str
    lines: list[tuple[int, str]]
    text_x: int
    mark_x: int
    status_x: int
    foot_y: int
    row: Row | None


@dataclass(frozen=True, slots=True)
class Arrow:
    """A line of the graph with its tip, and the name of who insists beside it."""

    path: str
    tip: str
    wait: Wait
    label: str
    label_x: int
    label_y: int
    anchor: str


@dataclass(frozen=True, slots=True)
class Picture:
    nodes: list[Node]
    arrows: list[Arrow]
    width: int
    height: int
    anchor: str
    """The text-anchor of what is written onwards from the near edge of a box."""


def picture(found: Sequence[Waiter], now: Board) -> Picture | None:
    """The conditions as a graph; None where there are none, or too many to see anything."""
    rows: dict[Hashable, Row] = {row.obligation.pk: row for row in now.rows}
    phases: dict[Hashable, PhaseBoard] = {part.phase.pk: part for part in now.phases}
    waits = [(one.key, wait) for one in found for wait in one.waits]
    keys = list(dict.fromkeys(end for key, wait in waits for end in (key, wait.row.obligation.pk)))
    if not keys or len(keys) > AT_MOST:
        return None
    comes: Counter[Hashable] = Counter(wait.row.obligation.pk for _key, wait in waits)
    texts = {key: _lines(rows[key].obligation.title if key in rows else phases[key].phase.title) for key in keys}
    heights = {
        key: max(2 * PADDING + LINE_HEIGHT * (len(texts[key]) + 1), LINE_HEIGHT * (comes[key] + 1)) for key in keys
    }
    mirrored = words.direction(words.here()) == "rtl"
    drawing = graph.drawn(heights, [(key, wait.row.obligation.pk) for key, wait in waits], mirrored=mirrored)
    return Picture(
        [_node(drawing.boxes[key], texts[key], rows.get(key), phases.get(key), mirrored=mirrored) for key in keys],
        [_arrow(line, wait) for line, (_key, wait) in zip(drawing.lines, waits, strict=True)],
        drawing.width,
        drawing.height,
        "end" if mirrored else "start",
    )


def _lines(text: str) -> list[str]:
    return textwrap.wrap(text, LINE, max_lines=4, placeholder=" …")


def _node(box: graph.Box, text: Sequence[str], row: Row | None, part: PhaseBoard | None, *, mirrored: bool) -> Node:
    """A phase says its number above its title, an obligation its status below."""
    top = box.y + (box.height - LINE_HEIGHT * (len(text) + 1)) // 2 + LINE_HEIGHT - 4
    first = top + LINE_HEIGHT if part else top
    return Node(
        box=box,
        head=_("Phase %(number)s") % {"number": part.phase.ordinal} if part else "",
        lines=[(first + LINE_HEIGHT * number, line) for number, line in enumerate(text)],
        text_x=box.end - PADDING if mirrored else box.x + PADDING,
        mark_x=box.end - PADDING - MARK if mirrored else box.x + PADDING,
        status_x=box.end - PADDING - MARK - 5 if mirrored else box.x + PADDING + MARK + 5,
        foot_y=top if part else top + LINE_HEIGHT * len(text),
        row=row,
    )


def _arrow(line: graph.Line, wait: Wait) -> Arrow:
    x, y, inward = line.x, line.y, line.inward
    actor = wait.condition.actor
    name = textwrap.shorten(actor.name, LONGEST_NAME, placeholder="…") if actor else ""
    label = name
    if wait.met:
        label = _("%(party)s: met") % {"party": name} if name else _("met")
        tip = f"M{x - 13 * inward} {y - 1}l4 4 6 -8"
    else:
        tip = f"M{x - 9 * inward} {y - 4}L{x} {y}L{x - 9 * inward} {y + 4}z"
    return Arrow(line.path, tip, wait, label, x - 16 * inward, y - 5, "end" if inward > 0 else "start")
