"""The inbox: what feeds announce, ranked for an agreement, and recurring sources that are due."""

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from allauth.core.ratelimit import consume
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import F, Max, Q, QuerySet
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.utils.html import format_html
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tracker.codebook import CandidateState
from tracker.errors import BadAddress, explains_bad_addresses
from tracker.jobs import poll
from tracker.models import Agreement, Article, Bulletin, Candidate, Feed, Look, today
from tracker.models.inbox import Moved
from tracker.models.relevance import START, STOP, Terms, matched, ranked, terms_of, with_matches

from . import kept
from .access import Request, at_the_desk, is_signed_in, require
from .forms.bringing import BringForm
from .forms.watching import READY, IgnoreForm, LookForm
from .intake import TOO_MANY, Page, bring, intake_page, reading_address
from .loading import NO_RESEARCHER, agreement_named
from .outcomes import SeeOther
from .sheets import sent

SHOWN = 40
FEEDS_SHOWN = 200
LOOKS_SHOWN = 15
RECENT_ARTICLES = 25
COUNTED = 1000
OLDEST_DUE = dt.timedelta(days=120)
"""What was due longer ago is not asked for any more."""

BULLETIN_RIGHT = "change_bulletin"


@dataclass(frozen=True, slots=True)
class Announced:
    """A candidate as the list shows it. ``title`` and ``summary`` are pieces: the text, and whether it matches."""

    row: Candidate
    title: list[tuple[str, bool]]
    summary: list[tuple[str, bool]]
    words: list[str]
    fits: bool


@dataclass(frozen=True, slots=True)
class Due:
    """A recurring source whose days have come since somebody last looked: ``first`` to ``last``, ``number`` of them."""

    bulletin: Bulletin
    first: dt.date
    last: dt.date
    number: int
    looked: dt.date | None


@require_safe
@at_the_desk()
@explains_bad_addresses
def inbox(request: Request) -> HttpResponse:
    """What is new, for one agreement; what was taken or left aside; the feeds; what is due."""
    require(request.user, "add_article", NO_RESEARCHER)
    agreements = list(Agreement.objects.order_by("title", "pk"))
    agreement = chosen_agreement(request, agreements)
    state = request.GET.get("state", CandidateState.NEW)
    if state not in CandidateState.values:
        raise BadAddress("There is no such list in the inbox.", "The lists are: new, taken, ignored.")
    feeds = list(Feed.objects.select_related("outlet").order_by("title", "pk")[:FEEDS_SHOWN])
    feed = next((one for one in feeds if str(one.pk) == request.GET.get("feed", "")), None)
    terms = terms_of(agreement) if agreement else Terms((), ())
    rows = Candidate.objects.filter(state=state).select_related("feed__outlet", "article")
    if feed:
        rows = rows.filter(feed=feed)
    found, older = one_page(rows, state, terms, request.GET.get("after", ""))
    place = {"agreement": agreement.slug if agreement else "", "state": state, "feed": str(feed.pk) if feed else ""}
    due, coming = bulletins_of(agreement) if agreement else ([], [])
    looks = Look.objects.filter(bulletin__agreement=agreement).select_related("bulletin", "article")
    context = {
        "section": "desk",
        "agreements": agreements,
        "agreement": agreement,
        "state": state,
        "states": counted_states(place, feed),
        "feeds": feeds,
        "feed": feed,
        "rows": found,
        "ready": READY,
        "place": address_of(place),
        "older_url": f"{address_of(place)}&{urlencode({'after': older})}" if older else None,
        "newer_url": address_of(place) if "after" in request.GET else None,
        "due": due,
        "coming": coming,
        "looks": list(looks.order_by("-date", "-id")[:LOOKS_SHOWN]) if agreement else [],
        "today": today(),
    }
    return render(request, "desk/inbox.html", context)


def chosen_agreement(request: Request, agreements: list[Agreement]) -> Agreement | None:
    asked = request.GET.get("agreement", "")
    named = next((one for one in agreements if one.slug == asked), None)
    return named or (agreements[0] if agreements else None)


def counted_states(place: dict[str, str], feed: Feed | None) -> list[dict[str, Any]]:
    """The three lists with how many are in each, as far as it is worth counting."""
    counts = []
    for state in CandidateState:
        rows = Candidate.objects.filter(state=state, **({"feed": feed} if feed else {}))
        number = rows.order_by()[: COUNTED + 1].count()
        counts.append(
            {
                "label": state.label,
                "url": address_of(place | {"state": state.value}),
                "current": place["state"] == state,
                "count": f"{COUNTED:,}+" if number > COUNTED else number,
            }
        )
    return counts


def address_of(place: dict[str, str]) -> str:
    return f"/desk/inbox/?{urlencode({name: value for name, value in place.items() if value})}"


def one_page(rows: "QuerySet[Candidate]", state: str, terms: Terms, after: str) -> tuple[list[Announced], str]:
    """The rows after a place, and the place to go on from, "" at the end. Raises BadAddress for no place."""
    if state == CandidateState.NEW:
        ordered: Any = with_matches(ranked(rows, terms), terms).select_related("feed__outlet")
        if after:
            rank, moment, pk = _place(after, 3)
            further = Q(seen_at__lt=moment) | Q(seen_at=moment, pk__lt=pk)
            ordered = ordered.filter(Q(rank__lt=rank) | Q(Q(rank=rank) & further))
    else:
        ordered = rows.order_by(F("decided_at").desc(nulls_last=True), "-pk")
        if after:
            _, moment, pk = _place(after, 3)
            ordered = ordered.filter(Q(decided_at__lt=moment) | Q(decided_at=moment, pk__lt=pk))
    found: list[Any] = list(ordered[: SHOWN + 1])
    shown = [announced(one) for one in found[:SHOWN]]
    if len(found) <= SHOWN:
        return shown, ""
    last = found[SHOWN - 1]
    moment = last.seen_at if state == CandidateState.NEW else last.decided_at
    return shown, f"{getattr(last, 'rank', 0.0):g}~{moment.isoformat() if moment else ''}~{last.pk}"


def _place(after: str, parts: int) -> tuple[float, dt.datetime, uuid.UUID]:
    try:
        rank, moment, pk = after.split("~", parts - 1)
        found = float(rank), dt.datetime.fromisoformat(moment), uuid.UUID(pk)
        if found[1].tzinfo is None or found[0] != found[0]:
            raise ValueError(after)
    except ValueError as error:
        raise BadAddress("The list does not go on from there.", "Go back to its beginning.") from error
    return found


def announced(row: Any) -> Announced:
    """``row`` may carry ``rank`` and marked texts; without them nothing is marked."""
    fits = getattr(row, "rank", 0.0) > 0
    title = getattr(row, "marked_title", "") if fits else ""
    summary = getattr(row, "marked_summary", "") if fits else ""
    return Announced(
        row=row,
        title=pieces(title or row.title),
        summary=pieces(summary or row.summary),
        words=matched(title, summary),
        fits=fits,
    )


def pieces(marked: str) -> list[tuple[str, bool]]:
    """A text with marks, cut where they begin and end."""
    found = []
    for part in marked.split(START):
        inside, stop, outside = part.rpartition(STOP)
        found += [(inside, True), (outside, False)] if stop else [(part, False)]
    return [(text, is_match) for text, is_match in found if text]


def bulletins_of(agreement: Agreement) -> tuple[list[Due], list[tuple[dt.date, Bulletin]]]:
    """What is due, the longest waiting first; and when each of the others appears next."""
    now = today()
    due, coming = [], []
    rows = agreement.bulletins.select_related("outlet").annotate(looked=Max("looks__date"))
    for bulletin in rows.order_by("title", "pk"):
        looked: dt.date | None = bulletin.looked
        since = max(looked + dt.timedelta(days=1) if looked else bulletin.first_on, now - OLDEST_DUE)
        days = list(bulletin.days(since, now))
        if days:
            due.append(Due(bulletin, days[0], days[-1], len(days), looked))
        elif (ahead := bulletin.next_after(now)) is not None:
            coming.append((ahead, bulletin))
    return sorted(due, key=lambda one: one.first), sorted(coming, key=lambda one: (one[0], one[1].title))


# Deciding about one candidate


def candidate_to_decide(request: Request, pk: uuid.UUID) -> Candidate:
    if is_signed_in(request):
        require(request.user, "add_article", NO_RESEARCHER)
    return get_object_or_404(Candidate.objects.select_related("feed__outlet", "article"), pk=pk)


@require_POST
@at_the_desk()
def take(request: Request, pk: uuid.UUID) -> HttpResponse:
    """Fetches it and goes on to describing it. Nothing is decided before it is described."""
    candidate = candidate_to_decide(request, pk)
    agreement = agreement_named(request.POST.get("agreement", ""))
    known = Article.at(candidate.url)
    try:
        if candidate.state != CandidateState.NEW or request.POST.get("seen", "") != candidate.seen:
            raise Moved(candidate)
        if known:
            candidate.take(known, request.user, candidate.seen)
            messages.info(request, "This article is on record already; here it is.")
            return SeeOther(reading_address(known, agreement))
    except Moved as moved:
        return overtaken(request, moved.candidate)
    data = QueryDict(mutable=True)
    data["agreement"] = agreement.slug if agreement else ""
    data["address"] = candidate.url
    data["candidate"] = str(candidate.pk)
    page = intake_page(request)
    form = BringForm(list(Agreement.objects.order_by("title", "pk")), data, unique="intake")
    page.form, page.context["action"] = form, "/desk/intake/"
    if not form.is_valid():
        return page.answer(422)
    return bring(request, page, form, candidate)


def ignore_page(request: Request, pk: uuid.UUID) -> Page:
    candidate = candidate_to_decide(request, pk)
    form = IgnoreForm(sent(request), unique="ignore", initial={"seen": candidate.seen}, use_required_attribute=False)
    shown = {"one": announced(candidate) if is_signed_in(request) else None, "ready": READY, "back": _back(request)}
    return Page(request, "desk/ignore.html", form, shown | {"seen": candidate.seen})


@require_http_methods(["GET", "HEAD", "POST"])
@at_the_desk(ignore_page)
def ignore(request: Request, pk: uuid.UUID) -> HttpResponse:
    page = ignore_page(request, pk)
    if request.method != "POST":
        return page.answer()
    form, candidate = page.form, candidate_to_decide(request, pk)
    if not form.is_valid():
        return row(request, candidate, 422, form) if request.htmx else page.answer(422)
    try:
        candidate.ignore(form.cleaned_data["reason"], request.user, form.cleaned_data["seen"])
    except Moved as moved:
        return overtaken(request, moved.candidate)
    except ValidationError as error:
        form.blame(error)
        return row(request, candidate, 422, form) if request.htmx else page.answer(422)
    kept.forget(request)
    return decided(request, candidate, "Left aside")


@require_POST
@at_the_desk()
def undo(request: Request, pk: uuid.UUID) -> HttpResponse:
    """Puts it back among the new ones."""
    candidate = candidate_to_decide(request, pk)
    try:
        candidate.undo(request.user, request.POST.get("seen", ""))
    except Moved as moved:
        return overtaken(request, moved.candidate)
    return decided(request, candidate, "Back among the new ones")


def decided(request: Request, candidate: Candidate, what: str) -> HttpResponse:
    if request.htmx:
        return row(request, candidate, said=what)
    place = address_of({"agreement": request.POST.get("agreement", ""), "state": candidate.state})
    shown = format_html('{}: <a href="{}#candidate-{}">{}</a>', what, place, candidate.pk, candidate.title)
    messages.success(request, shown)
    return SeeOther(_back(request))


def overtaken(request: Request, candidate: Candidate) -> HttpResponse:
    """409: what was decided meanwhile, with what can be done about it now."""
    candidate = Candidate.objects.select_related("feed__outlet", "article").get(pk=candidate.pk)
    if request.htmx:
        return row(request, candidate, 409, moved=True)
    context = {"section": "desk", "one": announced(candidate), "ready": READY, "moved": True, "back": _back(request)}
    return render(request, "desk/candidate.html", context, status=409)


def row(request: Request, candidate: Candidate, status: int = 200, form: Any = None, **outcome: Any) -> HttpResponse:
    agreement = agreement_named(request.POST.get("agreement", ""))
    context = {"one": announced(candidate), "ready": READY, "agreement": agreement, "wrong_form": form, **outcome}
    return render(request, "desk/_candidate.html", context, status=status)


def _back(request: Request) -> str:
    """The list the person came from: only its own parts are taken from the form."""
    given = request.POST if request.method == "POST" else request.GET
    names = ("agreement", "feed")
    return address_of({name: given.get(name, "")[:200] for name in names} | {"state": _listed(given.get("list", ""))})


def _listed(state: str) -> str:
    return state if state in CandidateState.values else CandidateState.NEW.value


# Feeds and recurring sources


@require_POST
@at_the_desk()
def poll_now(request: Request, pk: uuid.UUID) -> HttpResponse:
    """Reads a feed at once, whenever the worker would."""
    require(request.user, "change_feed", NO_RESEARCHER)
    feed = get_object_or_404(Feed, pk=pk)
    if not consume(request, action="fetch_page"):
        messages.error(request, TOO_MANY.replace("Paste the text, or wait", "Wait"))
    else:
        outcome = poll(feed)
        level = messages.ERROR if feed.failures else messages.SUCCESS
        messages.add_message(request, level, f"{feed}: {outcome}")
    return SeeOther(f"{_back(request)}#feeds")


def look_page(request: Request, pk: uuid.UUID) -> Page:
    if is_signed_in(request):
        require(request.user, BULLETIN_RIGHT, NO_RESEARCHER)
    bulletin = get_object_or_404(Bulletin.objects.select_related("agreement", "outlet"), pk=pk)
    recent = Article.objects.filter(sources__agreement=bulletin.agreement_id)
    recent = recent.select_related("outlet").order_by("-recorded_at", "-pk")
    form = LookForm(
        list(recent[:RECENT_ARTICLES]),
        sent(request),
        unique="look",
        use_required_attribute=False,
    )
    looks = list(bulletin.looks.select_related("article")[:LOOKS_SHOWN]) if is_signed_in(request) else []
    back = address_of({"agreement": bulletin.agreement.slug})
    return Page(request, "desk/look.html", form, {"bulletin": bulletin, "looks": looks, "back": back})


@require_http_methods(["GET", "HEAD", "POST"])
@at_the_desk(look_page)
def look(request: Request, pk: uuid.UUID) -> HttpResponse:
    """Notes that somebody looked at a recurring source, and what came of it."""
    page = look_page(request, pk)
    form, bulletin = page.form, page.context["bulletin"]
    if request.method != "POST":
        return page.answer()
    if not isinstance(form, LookForm) or not form.is_valid():
        return page.answer(422)
    given = form.cleaned_data
    try:
        noted = bulletin.look(given["date"], request.user, article=form.taken, note=given["note"])
    except ValidationError as error:
        form.blame(error)
        return page.answer(422)
    kept.forget(request)
    messages.success(request, f"Noted: {bulletin}, {'took an article' if noted.article_id else 'nothing'}.")
    return SeeOther(f"{page.context['back']}#looks")


@require_POST
@at_the_desk()
def undo_look(request: Request, pk: int) -> HttpResponse:
    """Strikes a note out."""
    require(request.user, BULLETIN_RIGHT, NO_RESEARCHER)
    noted = Look.objects.select_related("bulletin__agreement").filter(pk=pk).first()
    if noted is None:
        messages.info(request, "This note was struck out already.")
        return SeeOther("/desk/inbox/#looks")
    noted.undo(request.user)
    messages.success(request, f"Struck out: {noted.bulletin}, {noted.date}.")
    return SeeOther(f"{address_of({'agreement': noted.bulletin.agreement.slug})}#looks")
