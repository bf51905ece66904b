"""All articles on which something rests: found by words, narrowed by facets."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db.models import Count, F, Prefetch, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tracker.errors import explains_bad_addresses
from tracker.models import Article, Event, Outlet, Report, Vantage
from tracker.models.evidence import ArticleQuerySet
from tracker.models.facets import COUNTED, OF_ARTICLES, counted, narrowed
from tracker.models.search import Marker, Piece, articles_by_relevance, articles_with, telling
from tracker.words import number

from . import paging
from .explorer import SAID, bound_of, other_ways
from .frame import frame, steps
from .narrowing import Facets, Narrowing, asked_narrowing
from .sources import OUTLETS_SHOWN, Listed, rows_of
from .vantage import asked_vantage


@dataclass(frozen=True, slots=True)
class Quoted:
    """What an article reports, with a word looked for in it, in pieces."""

    report: Report
    quote: list[Piece]
    who: list[Piece]


@dataclass(frozen=True, slots=True)
class Found:
    """An article in the list, with where the words looked for stand in it."""

    listed: Listed
    title: list[Piece]
    outlet: list[Piece]
    authors: list[Piece] = field(default_factory=list)
    quoted: list[Quoted] = field(default_factory=list)


@require_safe
@explains_bad_addresses
def index(request: HttpRequest) -> HttpResponse:
    vantage = asked_vantage(request)
    narrowing = asked_narrowing(request, vantage, OF_ARTICLES)
    articles = Article.objects.in_use(vantage)
    asked = asked_articles(articles, narrowing, vantage)
    newest = asked.order_by(F("published_on").desc(nulls_last=True), "id")
    counts = counted(newest, OF_ARTICLES, narrowing.chosen, vantage)
    facets = Facets(narrowing, OF_ARTICLES, counts, vantage)
    found = narrowed(asked, OF_ARTICLES, narrowing.chosen, vantage)
    context = frame(request, vantage, "sources") | {
        **steps(request, vantage, Article.objects.days_beside(vantage), narrowing.pairs(leave_out=narrowing.dates)),
        "narrowing": narrowing,
        "kept": narrowing.pairs(leave_out=narrowing.dates),
        "today_url": narrowing.url(leave_out=narrowing.dates),
        "sides": facets.sides(),
        "chips": facets.chips(),
        "total": paging.how_many(found) if counts.partial else number(counts.total),
        "partial": number(COUNTED) if counts.partial else "",
        "outlets": _most_used(articles, vantage),
    }
    page = _page(request, narrowing, found, vantage)
    context |= {
        "page": page,
        "found": _found(page.rows, narrowing, vantage),
        "bound": bound_of(counts.total) if narrowing.by_relevance else "",
    }
    if not page.rows:
        context["ways"] = facets.ways() + other_ways(narrowing)
    return render(request, "browse/library.html", context)


def asked_articles(articles: ArticleQuerySet, narrowing: Narrowing, vantage: Vantage) -> ArticleQuerySet:
    """The articles that the words and the days leave, before any facet. One without a date is on no day."""
    if narrowing.since:
        articles = articles.filter(published_on__gte=narrowing.since)
    if narrowing.until:
        articles = articles.filter(published_on__lte=narrowing.until)
    return articles_with(articles, narrowing.question, vantage)


def _most_used(articles: ArticleQuerySet, vantage: Vantage) -> list[Outlet]:
    most = Count("articles", filter=Q(articles__in=articles.order_by().values("pk")))
    outlets = Outlet.objects.known(vantage).annotate(count=most).filter(count__gt=0)
    return list(outlets.order_by("-count", "name")[:OUTLETS_SHOWN])


def _page(request: HttpRequest, narrowing: Narrowing, found: ArticleQuerySet, vantage: Vantage) -> paging.Page[Article]:
    keep = narrowing.parts()
    if narrowing.by_relevance:
        ids = articles_by_relevance(found, narrowing.question, vantage)
        return paging.in_order(ids, request, keep, _rows(Article.objects.all(), narrowing, vantage))
    rows = _rows(found, narrowing, vantage)
    return paging.turned(rows, request, keep, day="published_on", downwards=False, nullable=True)


def _rows(articles: ArticleQuerySet, narrowing: Narrowing, vantage: Vantage) -> ArticleQuerySet:
    articles = articles.select_related("outlet")
    if narrowing.question.can_rank:
        reached = Event.objects.reached(vantage).order_by().values("pk")
        said = telling(vantage).filter(event__in=reached).select_related("originator", "event")
        articles = articles.prefetch_related(Prefetch("reports", said.order_by("recorded_at", "id"), to_attr="said"))
    return articles


def _found(articles: Sequence[Article], narrowing: Narrowing, vantage: Vantage) -> list[Found]:
    """The articles of a page with the words looked for marked."""
    listed = rows_of(articles, vantage)
    if not narrowing.question.can_rank:
        return [Found(one, _whole(one.article.title), _whole(one.article.outlet.name)) for one in listed]
    marker = Marker(narrowing.question, (text for one in articles for text in _texts(one)))
    return [
        Found(
            one,
            marker.pieces(one.article.title),
            marker.pieces(one.article.outlet.name),
            marker.pieces(one.article.authors) if marker.finds(one.article.authors) else [],
            _quoted(one.article, marker),
        )
        for one in listed
    ]


def _quoted(article: Article, marker: Marker) -> list[Quoted]:
    said = [
        Quoted(report, marker.pieces(report.quote), marker.pieces(report.originator_name))
        for report in _said(article)
        if marker.finds(report.quote) or marker.finds(report.originator_name)
    ]
    return said[:SAID]


def _whole(text: str) -> list[Piece]:
    return [Piece(text, hit=False)]


def _said(article: Article) -> list[Report]:
    reports: list[Report] = getattr(article, "said")  # noqa: B009  # attached by ``_rows``
    return reports


def _texts(article: Article) -> list[str]:
    texts = [article.title, article.outlet.name, article.authors]
    for report in _said(article):
        texts += [report.quote, report.originator_name]
    return texts
