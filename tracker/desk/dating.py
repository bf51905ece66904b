"""What is mended about a source: its day, with every clue a button, and whose text it prints."""

import datetime as dt
import re
import uuid
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Max, Min
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_http_methods

from tracker.codebook import CopyOrigin, DatePrecision, EventState
from tracker.models import Article, Candidate, Copy, Event, Report, today
from tracker.models.anchors import copy_to_read
from tracker.models.describing import Redated, Rejoined, dated, no_day, set_day, set_same_text
from tracker.reading.dates import MONTHS, find
from tracker.reading.tokens import tokens
from tracker.words import written

from .access import Request, at_the_desk, is_signed_in, require
from .forms.bringing import DateForm, SameTextForm
from .intake import Page, reading_address
from .loading import NO_RESEARCHER, agreement_named
from .outcomes import SeeOther
from .sheets import sent

FIRST_WEB_PAGE = dt.date(1991, 8, 6)
TOP = 600
"""Characters of a text in which a date, if there is one, is that of the article."""

IN_A_PATH = [
    re.compile(r"(?<!\d)(?P<y>(?:19|20)\d\d)[/_-](?P<m>0?[1-9]|1[0-2])[/_-](?P<d>0?[1-9]|[12]\d|3[01])(?!\d)"),
    re.compile(r"(?<!\d)(?P<y>(?:19|20)\d\d)(?P<m>0[1-9]|1[0-2])(?P<d>0[1-9]|[12]\d|3[01])(?!\d)"),
    re.compile(r"(?<!\d)(?P<d>0?[1-9]|[12]\d|3[01])[/_-](?P<m>0?[1-9]|1[0-2])[/_-](?P<y>(?:19|20)\d\d)(?!\d)"),
    re.compile(r"(?<!\d)(?P<d>0?[1-9]|[12]\d|3[01])-(?P<n>[a-z]{3})[a-z]{0,6}-(?P<y>(?:19|20)\d\d)(?!\d)"),
    re.compile(r"(?<![a-z])(?P<n>[a-z]{3})[a-z]{0,6}-(?P<d>0?[1-9]|[12]\d|3[01])-(?P<y>(?:19|20)\d\d)(?!\d)"),
]
ARCHIVED = re.compile(r"//(?:web\.archive\.org/web|archive\.(?:ph|today|is|li|md|vn|fo))/(?P<stamp>\d{8})\d*")


@dataclass(frozen=True, slots=True)
class Clue:
    """A day and what speaks for it. ``basis`` is what readers will see; ``bound`` is "", "earliest" or "latest"."""

    day: dt.date
    says: str
    basis: str
    bound: str = ""


def date_page(request: Request, pk: uuid.UUID) -> Page:
    if is_signed_in(request):
        require(request.user, "change_article", NO_RESEARCHER)
    article = get_object_or_404(Article.objects.select_related("outlet"), pk=pk)
    seen = dated(article)
    form = DateForm(
        sent(request),
        unique="date",
        initial={"seen": seen, "day": article.published_on, "basis": article.date_basis},
        use_required_attribute=False,
    )
    found = clues(article) if is_signed_in(request) else []
    agreement = agreement_named(request.GET.get("agreement", ""))
    context = {
        "article": article,
        "agreement": agreement,
        "back": reading_address(article, agreement),
        "clues": found,
        "looked_at": looked_at(article, found),
        "seen": seen,
    }
    return Page(request, "desk/date.html", form, context)


@require_http_methods(["GET", "HEAD", "POST"])
@at_the_desk(date_page)
def date(request: Request, pk: uuid.UUID) -> HttpResponse:
    """GET: the clues. POST: one of them, a day of one's own, or that none was found."""
    page = date_page(request, pk)
    article: Article = page.context["article"]
    form = page.form
    if request.method != "POST":
        return page.answer()
    if not form.is_valid():
        return page.answer(422)
    given = form.cleaned_data
    nothing = "none" in request.POST
    if not nothing and given["day"] is None:
        form.add_error("day", "Give the day, or press “Looked, none found”.")
        return page.answer(422)
    try:
        if nothing:
            no_day(article, given["basis"], request.user, given["seen"])
        else:
            set_day(article, given["day"], given["basis"], request.user, given["seen"])
    except Redated as first:
        newer = first.article
        return page.answer(409, theirs=newer, seen=dated(newer))
    except ValidationError as error:
        form.blame(error)
        return page.answer(422)
    if nothing:
        messages.success(request, "Noted where it was looked for. It stays undated.")
    else:
        messages.success(request, f"Dated {written(given['day'])}.")
    return SeeOther(page.context["back"])


def same_text_page(request: Request, pk: uuid.UUID) -> Page:
    if is_signed_in(request):
        require(request.user, "change_article", NO_RESEARCHER)
    article = get_object_or_404(Article.objects.select_related("outlet", "same_text_as__outlet"), pk=pk)
    copy = copy_to_read(article) if is_signed_in(request) else None
    joined = article.same_text_as
    seen = str(joined.pk) if joined else ""
    form = SameTextForm(
        copy.twins() if copy else [],
        joined,
        sent(request),
        unique="same",
        initial={"seen": seen, "same_text_as": seen},
        use_required_attribute=False,
    )
    agreement = agreement_named(request.GET.get("agreement", ""))
    context = {"article": article, "agreement": agreement, "back": reading_address(article, agreement), "seen": seen}
    return Page(request, "desk/same_text.html", form, context)


@require_http_methods(["GET", "HEAD", "POST"])
@at_the_desk(same_text_page)
def same_text(request: Request, pk: uuid.UUID) -> HttpResponse:
    """Joins an article to the one whose text it prints again, or parts them."""
    page = same_text_page(request, pk)
    form, article = page.form, page.context["article"]
    if request.method != "POST":
        return page.answer()
    if not isinstance(form, SameTextForm) or not form.is_valid():
        return page.answer(422)
    try:
        set_same_text(article, form.chosen, request.user, form.cleaned_data["seen"])
    except Rejoined as first:
        joined = first.article.same_text_as
        return page.answer(409, theirs=first.article, seen=str(joined.pk) if joined else "")
    except ValidationError as error:
        form.blame(error)
        return page.answer(422)
    messages.success(request, "Both count as one voice now." if form.chosen else "It counts as a voice of its own now.")
    return SeeOther(page.context["back"])


def clues(article: Article) -> list[Clue]:
    """Everything on record that may show the day, the plainest first; each day and basis once."""
    found = [
        *in_the_address(article.url),
        *in_the_text(copy_to_read(article), article.language),
        *told_by_the_page(article),
        *announced(article),
        *in_the_archive(article.archive_url),
        *reported_by(article),
    ]
    latest = today()
    return list(dict.fromkeys(clue for clue in found if FIRST_WEB_PAGE <= clue.day <= latest))


def in_the_address(url: str) -> Iterator[Clue]:
    parts = urlsplit(url.lower())
    for pattern in IN_A_PATH:
        for match in pattern.finditer(f"{parts.path}?{parts.query}"):
            groups = match.groupdict()
            month = MONTHS.get(groups["n"]) if groups.get("n") else int(groups["m"])
            try:
                day = dt.date(int(groups["y"]), month or 0, int(groups["d"]))
            except ValueError:
                continue
            yield Clue(day, f"Its address has “{match[0]}” in it.", "its address carries the day")


def in_the_text(copy: Copy | None, language: str) -> Iterator[Clue]:
    """Whole dates near the top, with the words around them."""
    if copy is None:
        return
    top = copy.text[:TOP]
    words = tokens(top)
    for when in find(words, [0] * len(words), None, language):
        if when.precision == DatePrecision.DAY and when.end < TOP:
            around = " ".join(top[max(0, when.start - 40) : when.end + 40].split())
            yield Clue(when.first, f"Near the top of its text: “{around}”.", "printed near the top of its text")


def told_by_the_page(article: Article) -> Iterator[Clue]:
    """What the page said of itself and how its server dated it, in any kept copy that is the page itself."""
    pages = Copy.objects.filter(article=article).exclude(origin=CopyOrigin.PASTED)
    for told in pages.values_list("found", flat=True)[:10]:
        with suppress(ValueError):
            yield Clue(
                dt.date.fromisoformat(told.get("published_on", "")),
                "The page gives this day in its description of itself.",
                "given in the page's description of itself",
            )
        try:
            changed = parsedate_to_datetime(told.get("modified", "")).date()
        except (ValueError, TypeError, IndexError):
            continue
        says = "Its server says that the page was last changed on this day."
        yield Clue(changed, says, "last changed on this day, its server says; published then at the latest", "latest")


def announced(article: Article) -> Iterator[Clue]:
    for one in Candidate.objects.filter(article=article, published_at__isnull=False).select_related("feed"):
        if one.published_at:
            says = f"The feed “{one.feed}” announced it with this day."
            yield Clue(one.published_at.date(), says, f"announced with this day by the feed {one.feed}"[:200])


def in_the_archive(url: str) -> Iterator[Clue]:
    match = ARCHIVED.search(url)
    if match is None:
        return
    stamp = match["stamp"]
    try:
        day = dt.date(int(stamp[:4]), int(stamp[4:6]), int(stamp[6:8]))
    except ValueError:
        return
    basis = "archived on this day; published then at the latest"
    yield Clue(day, "The archived copy was made on this day.", basis, "latest")


def reported_by(article: Article) -> Iterator[Clue]:
    """The span of what it reports as having happened: it cannot be older than the last of it."""
    ids = Report.objects.filter(article=article).values("event")
    days = Event.objects.filter(pk__in=ids, state=EventState.OCCURRED).aggregate(first=Min("date"), last=Max("date"))
    first, last = days["first"], days["last"]
    if last is None:
        return
    if first < last:
        yield Clue(first, "The first event it reports.", "reports events from this day on", "earliest")
    basis = "reports events up to this day; published then at the earliest"
    yield Clue(last, "The last event it reports. It was not published before.", basis, "earliest")


def looked_at(article: Article, found: list[Clue]) -> str:
    """Where nothing was to be found, as a first draft of the note."""
    places = ["its address", "its text", "the page's description of itself"]
    if article.archive_url:
        places.append("the archived copy")
    return f"Looked at {', '.join(places[:-1])} and {places[-1]}"
