"""From an address, a text or a file to a source that can be read: bring in, describe, date, read again."""

import datetime as dt
import uuid
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urlsplit

from allauth.core.ratelimit import consume
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tracker.exchange import incoming
from tracker.exchange.addresses import canonical_url
from tracker.exchange.fetching import Refused
from tracker.models import Agreement, Article, Candidate, Copy, Outlet
from tracker.models.copies import Incoming
from tracker.models.describing import Described, add_copy, describe, read_anew

from . import kept
from .access import Request, at_the_desk, is_signed_in, require
from .forms.base import DeskForm
from .forms.bringing import BringForm, DescribeForm, as_uuid
from .forms.intake import OUTLETS_OFFERED
from .loading import NO_RESEARCHER, agreement_named
from .outcomes import SeeOther
from .sheets import sent

LISTED = 50
SHOWN = 40_000
"""Characters of a text beside the form that describes it; the rest is behind a link."""

TOO_MANY = "Many pages were fetched for you in the last hour. Paste the text, or wait a little."


@dataclass
class Page:
    """A form of the desk as a page of its own, with the outcome's status."""

    request: Request
    template: str
    form: DeskForm
    context: dict[str, Any] = field(default_factory=dict)

    def answer(self, status: int = 200, **outcome: Any) -> HttpResponse:
        """``outcome`` tells the template what happened: signed_out, stale, and what the view adds."""
        request = self.request
        if status in (401, 403) or request.method != "POST":
            # Nobody pressed the button here, or not as somebody who may: what was typed is shown as it is.
            self.form.checked = False
        restored = request.method == "GET" and "kept" in request.GET and kept.recall(request) is not None
        wrong = (
            [self.form[name] for name in self.form.errors if name in self.form.fields] if status in (422, 429) else []
        )
        context = {
            "section": "desk",
            "form": self.form,
            "unique": self.form.unique,
            "action": request.path,
            "inline": False,
            "restored": restored,
            "wrong": [(str(one.label), one.id_for_label or f"{one.auto_id}_0") for one in wrong],
        }
        return render(request, self.template, context | self.context | outcome, status=status)


# Bringing in


def intake_page(request: Request) -> Page:
    if is_signed_in(request):
        require(request.user, "add_article", NO_RESEARCHER)
    agreements = list(Agreement.objects.order_by("title", "pk"))
    asked = request.GET.get("agreement", "")
    chosen = next((one.slug for one in agreements if one.slug == asked), "")
    initial = {
        "agreement": chosen or (agreements[0].slug if len(agreements) == 1 else ""),
        "address": request.GET.get("address", "")[:2000],
        "candidate": as_uuid(request.GET.get("candidate", "")),
    }
    files = request.FILES if request.method == "POST" else None
    form = BringForm(agreements, sent(request), files, unique="intake", initial=initial)
    mine: list[Copy] = []
    if is_signed_in(request):
        waiting = Copy.objects.filter(article=None, author=request.user).select_related("agreement").defer("text")
        mine = list(waiting[: LISTED + 1])
    return Page(
        request,
        "desk/intake.html",
        form,
        {"mine": mine[:LISTED], "more": len(mine) > LISTED, "agreements": agreements},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@at_the_desk(intake_page)
def intake(request: Request) -> HttpResponse:
    """GET: the form, and what waits to be described. POST: reads what was given and goes on to describing it."""
    page = intake_page(request)
    form = page.form
    if request.method != "POST":
        return page.answer()
    if not isinstance(form, BringForm) or not form.is_valid():
        return page.answer(422)
    given = form.cleaned_data
    announced = Candidate.objects.filter(pk=given["candidate"]).first() if given["candidate"] else None
    return bring(request, page, form, announced)


def bring(request: Request, page: Page, form: BringForm, announced: Candidate | None) -> HttpResponse:
    """What a checked form gives, read and kept; or the form with the reason why not."""
    given = form.cleaned_data
    where = "text" if given["text"] else "file" if given["file"] else "address"
    if where == "address" and not consume(request, action="fetch_page"):
        form.add_error("address", TOO_MANY)
        return page.answer(429)
    try:
        if where == "text":
            came = incoming.from_paste(given["text"], given["address"])
        elif where == "file":
            came = incoming.from_file(given["file"].read(), given["address"])
        else:
            came = incoming.from_address(given["address"])
    except (Refused, incoming.NotAnArticle) as refusal:
        form.add_error(where, refusal.reason)
        return page.answer(422, refused=where == "address")
    copy = Copy.keep(with_announcement(came, announced), request.user, form.chosen)
    kept.forget(request)
    return SeeOther(f"/desk/intake/{copy.pk}/")


def with_announcement(came: Incoming, announced: Candidate | None) -> Incoming:
    """Where the page says nothing of itself, what the feed said of it."""
    if announced is None:
        return came
    day = announced.published_at.date().isoformat() if announced.published_at else ""
    said = {"title": announced.title, "outlet": announced.outlet, "published_on": day}
    found = {name: value for name, value in said.items() if value} | dict(came.found)
    return Incoming(
        origin=came.origin,
        body=came.body,
        media_type=came.media_type,
        text=came.text,
        address=came.address or announced.url,
        found=found | {"candidate": str(announced.pk)},
        notes=came.notes,
    )


# Describing


def describe_page(request: Request, pk: uuid.UUID) -> Page:
    if is_signed_in(request):
        require(request.user, "add_article", NO_RESEARCHER)
        copy = get_object_or_404(Copy.objects.select_related("agreement", "article"), pk=pk)
    else:
        # What somebody kept is for researchers; whoever is signed out gets the form alone.
        copy = Copy(pk=pk)
    twins = copy.twins()
    initial = found_in(copy)
    # The likeliest is chosen beforehand: an agency's report in two papers is one voice unless somebody says otherwise.
    initial["same_text_as"] = str(twins[0].article.pk) if twins and not twins[0].inside else ""
    form = DescribeForm(twins, sent(request), unique="describe", initial=initial, use_required_attribute=False)
    outlets = Outlet.objects.order_by("name").values_list("name", flat=True)
    known = known_article(copy)
    return Page(
        request,
        "desk/describe.html",
        form,
        {
            "copy": copy,
            "known": known,
            "twins": twins,
            "outlets": list(outlets[:OUTLETS_OFFERED]) if is_signed_in(request) else [],
            "paragraphs": paragraphs(copy.text[:SHOWN]),
            "cut": len(copy.text) > SHOWN,
            "characters": len(copy.text),
            "mine": is_signed_in(request) and copy.author_id == request.user.pk,
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@at_the_desk(describe_page)
def described(request: Request, pk: uuid.UUID) -> HttpResponse:
    """GET: what was found, to be corrected, beside the text. POST: the article; or a copy more of a known one."""
    page = describe_page(request, pk)
    copy: Copy = page.context["copy"]
    if copy.article is not None:
        return _there_already(request, copy.article, copy.agreement)
    if request.method != "POST":
        return page.answer()
    try:
        if "add_to" in request.POST:
            article = get_object_or_404(Article, pk=as_uuid(request.POST["add_to"]))
            add_copy(copy, article, request.user)
            messages.success(request, f"The copy was added to “{article.title}”, which was on record already.")
            return SeeOther(reading_address(article, copy.agreement))
        form = page.form
        if not isinstance(form, DescribeForm) or not form.is_valid():
            return page.answer(422)
        if form.known:
            form.add_error("url", "An article with this address is on record already: see above.")
            return page.answer(422, known=form.known)
        article = describe(copy, form.description(), request.user)
    except Described as first:
        return _there_already(request, first.article, copy.agreement)
    except ValidationError as error:
        page.form.blame(error)
        return page.answer(422)
    kept.forget(request)
    messages.success(request, f"“{article.title}” is a source now.")
    if article.published_on is None:
        messages.warning(request, "It has no date yet. Here is what may show it.")
        query = urlencode({"agreement": copy.agreement.slug}) if copy.agreement else ""
        return SeeOther(f"/desk/articles/{article.pk}/date/{'?' if query else ''}{query}")
    return SeeOther(reading_address(article, copy.agreement))


def known_article(copy: Copy) -> Article | None:
    """An article on record under the address that the page was read at, or that it names as its own."""
    urls = [url for url in (address_in(copy), canonical(copy.address)) if url]
    if not urls:
        return None
    rows = Article.with_merged.filter(url__in=urls).select_related("outlet", "merged_into__outlet")
    found = next(iter(rows.order_by("recorded_at")), None)
    return found.standing if found else None


def canonical(address: str) -> str:
    try:
        return canonical_url(address)
    except ValueError:
        return ""


def address_in(copy: Copy) -> str:
    return canonical(copy.found.get("canonical_url", "")) or canonical(copy.address)


def found_in(copy: Copy) -> dict[str, Any]:
    """What the form shows first: found in the page, else told by what is on record about its outlet."""
    told = copy.found
    url = address_in(copy)
    try:
        day = dt.date.fromisoformat(told.get("published_on", ""))
    except ValueError:
        day = None
    return {
        "url": url,
        "title": told.get("title", "")[:500],
        "outlet": outlet_at(urlsplit(url).hostname or "") or told.get("outlet", "")[:200],
        "authors": told.get("authors", "")[:300],
        "published_on": day,
        "language": told.get("language", "") or None,
    }


def outlet_at(host: str) -> str:
    """The name of the outlet on record under this host or the one above it, "" if there is none."""
    if not host:
        return ""
    parts = host.removeprefix("www.").split(".")
    names = [".".join(parts[at:]) for at in range(len(parts) - 1)]
    bare = Q(domain__in=names) | Q(domain__in=[f"www.{name}" for name in names])
    found = Outlet.objects.filter(bare).exclude(domain="").order_by("name")
    # The longest name is the nearest: of news.example and arabic.news.example the second.
    best = max(found, key=lambda outlet: len(outlet.domain), default=None)
    return best.name if best else ""


def paragraphs(text: str) -> list[str]:
    return [part for part in text.split("\n\n") if part.strip()]


def reading_address(article: Article, agreement: Agreement | None) -> str:
    query = f"?{urlencode({'agreement': agreement.slug})}" if agreement else ""
    return f"/desk/articles/{article.pk}/{query}"


def _there_already(request: Request, article: Article, agreement: Agreement | None) -> HttpResponse:
    messages.info(request, "This was described already; here is the article.")
    return SeeOther(reading_address(article, agreement))


@require_safe
@at_the_desk()
def text(request: Request, pk: uuid.UUID) -> HttpResponse:
    """The kept text as nothing but text, for researchers; no address gives the file itself."""
    require(request.user, "add_article", NO_RESEARCHER)
    copy = get_object_or_404(Copy, pk=pk)
    answer = HttpResponse(copy.text, content_type="text/plain; charset=utf-8")
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


@require_POST
@at_the_desk()
def drop(request: Request, pk: uuid.UUID) -> HttpResponse:
    """Deletes a copy of one's own that nobody described."""
    copy = get_object_or_404(Copy.objects.defer("text"), pk=pk)
    try:
        copy.drop(request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, "Deleted: the text and its file are gone.")
    return SeeOther("/desk/intake/")


@require_POST
@at_the_desk()
def again(request: Request, pk: uuid.UUID) -> HttpResponse:
    """Reads an article's kept file once more, or with ``from=address`` fetches it anew. Quotes are looked for again."""
    require(request.user, "add_article", NO_RESEARCHER)
    article = get_object_or_404(Article, pk=pk)
    agreement = agreement_named(request.POST.get("agreement", ""))
    back = SeeOther(reading_address(article, agreement))
    newest = Copy.objects.filter(article=article).first()
    fetching = request.POST.get("from") == "address" or newest is None
    if fetching and not consume(request, action="fetch_page"):
        messages.error(request, TOO_MANY)
        return back
    try:
        came = incoming.from_address(article.url) if fetching or newest is None else incoming.again(newest)
    except (Refused, incoming.NotAnArticle) as refusal:
        messages.error(request, f"Nothing was changed. {refusal.reason}")
        return back
    except FileNotFoundError:
        messages.error(request, "The kept file is no longer there. Fetch the page again.")
        return back
    if newest is not None and came.text == newest.text:
        messages.info(request, "The text is the same as before; nothing was changed.")
        return back
    copy = Copy.keep(came, request.user, agreement, article)
    read_anew(copy, request.user)
    messages.success(request, "Read again. Quotes that are no longer in the text are listed below.")
    return back
