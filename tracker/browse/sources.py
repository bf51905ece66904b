"""Articles and the outlets that publish them, each with everything on record that rests on it."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Prefetch, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tracker import words
from tracker.codebook import Interest, Reliability
from tracker.errors import explains_bad_addresses
from tracker.models import Agreement, Article, Declaration, Event, Observation, Outlet, Report, Vantage
from tracker.models.evidence import ArticleQuerySet
from tracker.models.merging import told_of
from tracker.models.standing import boards

from . import paging
from .absent import not_yet
from .citations import Citation, cited
from .events import Entry, entry, figures_of, first_day, listed, parts, resting_on
from .frame import frame, steps
from .moved import heir, moved
from .vantage import asked_vantage, query_of

OUTLETS_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Listed:
    """An article in a list, with the number of events on record that it reports."""

    article: Article
    language: str
    events: int


@dataclass(frozen=True, slots=True)
class Told:
    """An event with what one article says about it."""

    entry: Entry
    citations: list[Citation]


def _listing(request: HttpRequest, vantage: Vantage, articles: ArticleQuerySet) -> dict[str, object]:
    """One page of the articles, newest first, with the undated ones last."""
    page = paging.turned(
        articles.select_related("outlet"),
        request,
        parts(vantage),
        day="published_on",
        downwards=False,
        nullable=True,
    )
    return {
        "articles": rows_of(page.rows, vantage),
        "page": page,
        "text": _("%(shown)s of %(total)s articles")
        % {"shown": words.number(len(page.rows)), "total": paging.how_many(articles)},
    }


def rows_of(articles: Sequence[Article], vantage: Vantage) -> list[Listed]:
    """The articles as a list shows them: one query."""
    reports = Report.objects.known(vantage).filter(
        article__in=articles, event__in=Event.objects.reached(vantage).values("pk")
    )
    events = dict(reports.order_by().values_list("article").annotate(events=Count("event", distinct=True)))
    return [
        Listed(one, "" if one.language == words.here() else words.language(one.language), events.get(one.pk, 0))
        for one in articles
    ]


@require_safe
@explains_bad_addresses
def detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    vantage = asked_vantage(request)
    shown = Article.objects.in_use(vantage).select_related("outlet", "same_text_as__outlet", "link")
    article = shown.filter(pk=pk).first()
    if article is None:
        return heir(request, Article, pk=pk) or _before(request, vantage, pk)

    q = query_of(vantage)
    mine = (
        Report.objects.known(vantage)
        .filter(article=article)
        .select_related("article__outlet", "article__same_text_as", "originator__root", "relays")
    )
    reached = Event.objects.reached(vantage).filter(pk__in=mine.values("event"))
    reached = listed(reached, vantage).prefetch_related(
        Prefetch("reports", mine.order_by("recorded_at", "id"), to_attr="here")
    )
    events = list(reached.order_by("-date", "-id"))
    declarations = list(
        Declaration.objects.known(vantage)
        .filter(article=article, date__lte=vantage.as_of)
        .select_related("actor__root", "phase__agreement")
        .order_by("date", "id")
    )
    figures = Observation.objects.filter(article=article, event__in=Event.objects.reached(vantage).values("pk"))
    concerned = Agreement.objects.filter(
        Q(pk__in={event.agreement_id for event in events})
        | Q(pk__in={one.phase.agreement_id for one in declarations})
        | Q(pk__in=figures.values("event__agreement"))
    )
    standing = boards(concerned.order_by("slug"), vantage)
    obligations = {row.obligation.pk for board in standing for row in board.rows}
    reported = Event.objects.filter(reports__article=article).days_beside(vantage)
    context = frame(request, vantage, "sources") | {
        **steps(request, vantage, [*reported, article.published_on]),
        "article": article,
        "regrouped": told_of(article, vantage),
        "language": words.language(article.language),
        "direction": words.direction(article.language),
        "interest": Interest(article.outlet.interest) if article.outlet.interest else None,
        "reliability": Reliability(article.reliability) if article.reliability else None,
        "told": [_told(event, vantage, q) for event in events],
        "figures": figures_of(figures, vantage, obligations),
        "declarations": declarations,
        "conclusions": resting_on(events, standing),
        "agreements": [board.agreement for board in standing],
        "trail": [(_("Sources"), reverse("sources") + q), (article.outlet.name, article.outlet.get_absolute_url() + q)],
    }
    return render(request, "browse/source.html", context)


def _told(event: Event, vantage: Vantage, q: str) -> Told:
    here: Sequence[Report] = getattr(event, "here")  # noqa: B009  # attached by the prefetch
    return Told(entry(event, vantage), [cited(report, vantage, q) for report in here])


def _before(request: HttpRequest, vantage: Vantage, pk: UUID) -> HttpResponse:
    """The answer for a day before the article. Raises Http404 where nothing public rests on it today."""
    now = Vantage(vantage.today, today=vantage.today)
    article = Article.objects.public(now).filter(pk=pk).first()
    if article is None:
        raise Http404(_("No article that anything public rests on has this address."))
    published = article.published_on
    early = published is not None and published > vantage.as_of
    return not_yet(
        request,
        vantage,
        "sources",
        what=_("the article at this address had not been published.")
        if early
        else _("nothing rested on this article here."),
        first_day=max(vantage.as_of, published or vantage.as_of, _first_use(article, now)),
        label=_("Go to the first day on which something here rests on it"),
        known=Article.objects.public(vantage).filter(pk=pk).exists(),
        trail=[(_("Sources"), reverse("sources") + query_of(vantage))],
    )


def _first_use(article: Article, now: Vantage) -> dt.date:
    """The first day on which something that rests on the article had happened, been announced or been declared."""
    resting = Q(reports__article=article) | Q(observations__article=article)
    events = Event.objects.public(now).filter(pk__in=Event.objects.filter(resting).values("pk")).placed(now)
    days = list(article.declarations.values_list("date", flat=True))
    return min([*days, *(first_day(event) for event in events)], default=now.as_of)


@require_safe
@explains_bad_addresses
def outlet(request: HttpRequest, slug: str) -> HttpResponse:
    vantage = asked_vantage(request)
    found = get_object_or_404(Outlet.with_merged.select_related("merged_into"), slug=slug)
    if found.merged_into:
        return moved(request, found)
    articles = Article.objects.in_use(vantage).filter(outlet=found)
    relayed = Report.objects.known(vantage).filter(relays=found, event__in=Event.objects.reached(vantage).values("pk"))
    relayed = relayed.exclude(article__outlet=found).filter(_by(vantage))
    by = list(
        Outlet.objects.filter(articles__reports__in=relayed.order_by().values("pk"))
        .annotate(count=Count("articles__reports", distinct=True))
        .order_by("-count", "name")
    )
    own = articles.exists()
    if not own and not by:
        return _outlet_before(request, vantage, found)
    q = query_of(vantage)
    context = frame(request, vantage, "sources") | _listing(request, vantage, articles)
    context |= steps(request, vantage, Article.objects.filter(outlet=found).days_beside(vantage))
    context |= {
        "outlet": found,
        "regrouped": told_of(found, vantage),
        "interest": Interest(found.interest) if found.interest else None,
        "relayed": sum(getattr(one, "count") for one in by),  # noqa: B009  # annotated above
        "relaying": len(by),
        "relayed_by": by[:OUTLETS_SHOWN],
        "trail": [(_("Sources"), reverse("sources") + q)],
    }
    return render(request, "browse/outlet.html", context)


def _by(vantage: Vantage) -> Q:
    return Q(article__published_on__lte=vantage.as_of) | Q(article__published_on__isnull=True)


def _outlet_before(request: HttpRequest, vantage: Vantage, found: Outlet) -> HttpResponse:
    """The answer for a day before anything of the outlet. Raises Http404 where nothing public rests on it today."""
    now = Vantage(vantage.today, today=vantage.today)
    relaying = Report.objects.filter(relays=found, event__in=Event.objects.public(now).values("pk"))
    its = Q(outlet=found) | Q(pk__in=relaying.values("article"))
    if not Article.objects.public(now).filter(its).exists():
        raise Http404(_("Nothing on record here comes from an outlet of this address."))
    return not_yet(
        request,
        vantage,
        "sources",
        what=_("nothing of this outlet was on record."),
        first_day=vantage.today,
        label=_("Go to what is on record today"),
        known=Article.objects.public(vantage).filter(its).exists(),
        trail=[(_("Sources"), reverse("sources") + query_of(vantage))],
    )
