"""One page to print about an agreement on a day: where it stands, what changed, what comes next, what is disputed."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tracker.errors import BadAddress, explains_bad_addresses
from tracker.models import Article, Event, Report, Vantage
from tracker.models.changes import Changes, Period, Turn, changes
from tracker.models.disputes import Disputes, disputes
from tracker.models.standing import Board, Change, Row, Voice, board, fetched
from tracker.words import written

from .agreements import below, find, known_agreements, unrecorded
from .changes import USUAL_DAYS
from .citations import Citation, cited_article, later
from .vantage import asked_day, asked_vantage, query_of
from .waiting import waiters

CITED = 3
"""So many articles are named for one status; the obligation's page has all of them."""

TOLD = 12
"""So many changes are told one by one; the page of changes has all of them."""


@dataclass
class Sources:
    """The articles that the brief names, numbered in the order in which it names them."""

    vantage: Vantage
    articles: list[Article] = field(default_factory=list)

    def number(self, article: Article) -> int:
        known = [one.pk for one in self.articles]
        if article.pk not in known:
            self.articles.append(article)
            return len(self.articles)
        return known.index(article.pk) + 1

    def behind(self, events: Iterable[Event]) -> list[int]:
        """Of what these events rest on, the earliest article of each independent voice. Needs ``told``."""
        reports: list[Report] = [report for event in events for report in fetched(event, "told")]
        readable = [report for report in reports if not later(report.article, self.vantage)]
        readable.sort(key=lambda report: (report.article.published_on or dt.date.max, str(report.pk)))
        voices: dict[str, Article] = {}
        for report in readable:
            voices.setdefault(report.independence_key, report.article)
        articles = {article.pk: article for article in voices.values()}
        return sorted(self.number(article) for article in list(articles.values())[:CITED])

    @property
    def cited(self) -> list[Citation]:
        q = query_of(self.vantage)
        return [cited_article(article, self.vantage, q) for article in self.articles]


@dataclass(frozen=True, slots=True)
class Line:
    """An obligation in the table of a phase, with the numbers of the sources of its status."""

    row: Row
    sources: list[int]


@dataclass(frozen=True, slots=True)
class Turned:
    """A status that became another, with the numbers of its sources."""

    turn: Turn
    sources: list[int]


@dataclass(frozen=True, slots=True)
class Quarrel:
    """An obligation whose status is disputed, with the words that tell best where each side stands."""

    row: Row
    voices: list[tuple[Voice, int]]


@require_safe
@explains_bad_addresses
def detail(request: HttpRequest, slug: str) -> HttpResponse:
    vantage = asked_vantage(request)
    since = asked_since(request, vantage)
    agreement = find(slug)
    if not known_agreements(vantage).filter(pk=agreement.pk).exists():
        return unrecorded(request, vantage, agreement)
    now = board(agreement, vantage)
    keep = {"since": since.isoformat()} if request.GET.get("since") else {}
    context = below(request, now, "brief") | about(now, since) | {"keep": list(keep.items())}
    return render(request, "browse/brief.html", context)


def asked_since(request: HttpRequest, vantage: Vantage) -> dt.date:
    """The first day of which changes are told: thirty days, unless the address names another. Raises BadAddress."""
    since = asked_day(request, "since", vantage.today)
    if since is None:
        return dt.date.fromordinal(max(vantage.as_of.toordinal() - USUAL_DAYS + 1, 1))
    if since > vantage.as_of:
        raise BadAddress(
            _("The changes would begin on %(since)s, after the day that the page is about, %(day)s.")
            % {"since": written(since), "day": written(vantage.as_of)},
            _("Choose a first day that is not later."),
        )
    return since


def about(now: Board, since: dt.date) -> dict[str, Any]:
    """What the brief says. The sources are numbered in the order of the page."""
    sources = Sources(now.vantage)
    found = changes([now], Period(since, now.vantage.as_of))[0]
    contested = disputes(now)
    current = {change.assessment.pk: change for change in now.changes}
    return {
        "since": since,
        "phases": [(part, [_line(row, current, sources) for row in part.rows]) for part in now.phases],
        "turned": _turned(found, sources),
        "more_turns": max(len(found.turns) - TOLD, 0),
        "confirmed": len({turn.row.obligation.pk for turn in found.confirmed}),
        "declared": found.declarations,
        "waiters": [one for one in waiters(now) if one.open],
        "contested": contested,
        "quarrels": _quarrels(contested, sources),
        "sources": sources.cited,
    }


def _line(row: Row, current: dict[Any, Change], sources: Sources) -> Line:
    change = current.get(row.current.pk) if row.current else None
    return Line(row, sources.behind(change.events) if change else [])


def _turned(found: Changes, sources: Sources) -> list[Turned]:
    turns: Sequence[Turn] = found.turns[:TOLD]
    return [Turned(turn, sources.behind(turn.change.events) if turn.change else []) for turn in turns]


def _quarrels(contested: Disputes, sources: Sources) -> list[Quarrel]:
    return [
        Quarrel(row, [(voice, sources.number(voice.report.article)) for voice in row.voices])
        for row in contested.marked
        if row.voices
    ]
