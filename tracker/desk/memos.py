"""Memos: how hard cases were coded, for the next case like them."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from tracker.codebook import Category
from tracker.models import Memo

from . import kept
from .access import Request, at_the_desk, is_signed_in, require
from .forms.rounds import MemoForm
from .loading import NO_RESEARCHER
from .outcomes import SeeOther
from .sheets import sent

SHOWN = 200


@require_safe
@at_the_desk()
def memos(request: Request) -> HttpResponse:
    """The newest first; searched by words and by kind of obligation."""
    require(request.user, "assess", NO_RESEARCHER)
    query = request.GET.get("q", "").replace("\0", "").strip()[:200]
    category = request.GET.get("category", "")
    rows: QuerySet[Memo] = Memo.objects.select_related("agreement", "obligation__agreement", "item")
    for word in query.split()[:8]:
        rows = rows.filter(Q(title__icontains=word) | Q(text__icontains=word) | Q(obligation__title__icontains=word))
    if category in Category.values:
        rows = rows.filter(category=category)
    found = list(rows[: SHOWN + 1])
    context = {
        "section": "desk",
        "memos": [(memo, label_of(memo.category)) for memo in found[:SHOWN]],
        "more": len(found) > SHOWN,
        "query": query,
        "category": category,
        "categories": Category.choices,
        "searched": bool(query or category),
    }
    return render(request, "desk/memos.html", context)


def label_of(category: str) -> str:
    return str(Category(category).label) if category else ""


class MemoPage:
    def __init__(self, request: Request) -> None:
        self.request = request
        signed_in = is_signed_in(request)
        initial = _asked_for(request) if signed_in else {}
        self.form = MemoForm(sent(request), unique=uuid.uuid5(uuid.NAMESPACE_URL, request.path).hex, initial=initial)

    def answer(self, status: int = 200, **outcome: Any) -> HttpResponse:
        request = self.request
        if status in (401, 403) or request.method != "POST":
            self.form.checked = False
        restored = request.method == "GET" and "kept" in request.GET and kept.recall(request) is not None
        context = {"section": "desk", "form": self.form, "unique": self.form.unique, "restored": restored, **outcome}
        return render(request, "desk/memo_new.html", context, status=status)


def _asked_for(request: Request) -> dict[str, Any]:
    """What the form starts from: another memo to write again (``?from=``), or what it is to be about."""
    try:
        memo = Memo.objects.filter(pk=uuid.UUID(request.GET.get("from", ""))).first()
    except ValueError:
        memo = None
    if memo is None:
        return {name: request.GET.get(name, "") for name in ("obligation", "category", "agreement")}
    return {
        "title": memo.title,
        "text": memo.text,
        "obligation": str(memo.obligation_id or ""),
        "category": "" if memo.obligation_id else memo.category,
        "agreement": "" if memo.obligation_id else str(memo.agreement_id or ""),
    }


def memo_page(request: Request) -> MemoPage:
    if is_signed_in(request):
        require(request.user, "assess", NO_RESEARCHER)
    return MemoPage(request)


@require_http_methods(["GET", "HEAD", "POST"])
@at_the_desk(memo_page)
def new(request: Request) -> HttpResponse:
    page = memo_page(request)
    if request.method != "POST":
        return page.answer()
    if not page.form.is_valid():
        return page.answer(422)
    try:
        memo = Memo.write(by=request.user, **page.form.about())
    except ValidationError as error:
        page.form.blame(error)
        return page.answer(422)
    kept.forget(request)
    messages.success(request, f"Kept: {memo.title}")
    return SeeOther(memo.get_absolute_url())
