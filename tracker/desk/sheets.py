"""One form of the desk on its way out: a fragment for htmx, a page for everybody else, with its outcome's status."""

import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme

from tracker.codebook import Stage
from tracker.models import Agreement, Assessment, Obligation, Retraction

from . import kept
from .access import Request
from .forms.base import DeskForm

SLOT = re.compile(r"[A-Za-z][A-Za-z0-9_-]*", re.ASCII)
AGREEMENT, OBLIGATION, DESK = ORIGINS = ("agreement", "obligation", "desk")


@dataclass
class Sheet:
    """A form about an obligation. ``template`` is the fragment; ``unique`` sets its ids apart on the page."""

    request: Request
    obligation: Obligation
    template: str
    title: str
    unique: str
    context: dict[str, Any] = field(default_factory=dict)

    @property
    def forms(self) -> list[DeskForm]:
        return [self.context["form"]]

    def answer(self, status: int = 200, **outcome: Any) -> HttpResponse:
        """``outcome`` tells the template what happened: signed_out, stale, conflict."""
        request = self.request
        if status in (401, 403) or request.method != "POST":
            # Nobody pressed "save" here, or not as somebody who may: what was typed is shown as it is.
            for form in self.forms:
                form.checked = False
        origin = origin_of(request, self.obligation)
        slot = slot_of(request, self.obligation)
        # On a page of its own, and right under the title of the obligation's page, the form is the next heading.
        second = not request.htmx or (origin == OBLIGATION and slot == f"form-{self.obligation.code}")
        context = {
            "obligation": self.obligation,
            "agreement": self.obligation.agreement,
            "title": self.title,
            "unique": self.unique,
            "action": request.path,
            "inline": bool(request.htmx),
            "slot": slot,
            "heading": "h2" if second else "h3",
            "subheading": "h3" if second else "h4",
            "origin": origin,
            "back": address_of(origin, self.obligation),
            "section": "desk",
            "restored": request.method == "GET" and "kept" in request.GET and kept.recall(request) is not None,
            **self.context,
            **outcome,
        }
        if not request.htmx:
            context |= {"fragment": self.template, "wrong": self._wrong() if status == 422 else []}
            return render(request, "desk/sheet.html", context, status=status)
        response = render(request, self.template, context, status=status)
        if status != 200:
            # The form goes back to where it stood, wherever the request said its answer should go.
            response.headers["HX-Retarget"] = f"#{context['slot']}"
            response.headers["HX-Reswap"] = "innerHTML"
        return response

    def _wrong(self) -> list[tuple[str, str]]:
        """Label and id of every control with a complaint, for a page on which no script moves the focus there."""
        fields = [form[name] for form in self.forms for name in form.errors if name in form.fields]
        return [(str(one.label), one.id_for_label or f"{one.auto_id}_0") for one in fields]


def sent(request: HttpRequest) -> QueryDict | None:
    """What was typed: just now, or before signing in again. None for an empty form."""
    return request.POST if request.method == "POST" else kept.recall(request)


def origin_of(request: Request, obligation: Obligation) -> str:
    """The page from which the form was opened, so that the right thing is put back."""
    named = request.POST.get("from") or request.GET.get("from")
    if named in ORIGINS:
        return named
    opened_on = request.htmx.current_url_abs_path if request.htmx else _referring_path(request)
    path = urlsplit(opened_on or "").path
    if path.startswith("/desk/"):
        return DESK
    return OBLIGATION if path == obligation.get_absolute_url() else AGREEMENT


def _referring_path(request: HttpRequest) -> str:
    referrer = request.headers.get("Referer", "")
    ours = url_has_allowed_host_and_scheme(referrer, {request.get_host()}, require_https=request.is_secure())
    return urlsplit(referrer).path if ours else ""


def address_of(origin: str, obligation: Obligation) -> str:
    """The address to go back to, at the obligation."""
    agreement: Agreement = obligation.agreement
    page = {
        AGREEMENT: agreement.get_absolute_url(),
        OBLIGATION: obligation.get_absolute_url(),
        DESK: f"/desk/agreements/{agreement.slug}/",
    }[origin]
    return f"{page}#obligation-{obligation.code}"


def slot_of(request: Request, obligation: Obligation) -> str:
    """The id of the element that the form is shown in; htmx names it with every request."""
    target = request.htmx.target or ""
    return target if SLOT.fullmatch(target) else f"form-{obligation.code}"


@dataclass(frozen=True, slots=True)
class Since:
    """What others did to an obligation's status since somebody opened a form about it."""

    assessments: list[Assessment]
    withdrawn: Retraction | None

    @classmethod
    def version(cls, obligation: Obligation, seen: int) -> "Since":
        # Drafts count no version up, and are nobody else's business.
        newer = Assessment.objects.exclude(stage=Stage.DRAFT).filter(obligation=obligation, seen_version__gt=seen)
        newer = newer.order_by("-seen_version")
        found = list(newer.select_related("retraction").prefetch_related("evidence", "attributed_to")[:5])
        # A withdrawal counts the version up without leaving its number anywhere.
        withdrawn = Retraction.objects.filter(assessment__obligation=obligation).order_by("recorded_at").last()
        return cls(found, None if found else withdrawn)
