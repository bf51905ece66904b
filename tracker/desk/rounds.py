"""Double coding at the desk: rounds, the page on which one item is coded, and what comes of them.

Before a round is closed these pages know nobody's answers but those of the person who asks.
"""

import uuid
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tracker.codebook import CodingKind
from tracker.models import Agreement, Answer, Coder, Item, Round
from tracker.models.coding import Outcome, mask_of, outcomes, sheet
from tracker.models.rounds import Closed
from tracker.reading.masking import Mask

from . import kept
from .access import Request, at_the_desk, is_signed_in, require
from .forms.rounds import AnswerForm, CloseForm, RoundForm, SettleForm, unique_of
from .loading import NO_RESEARCHER
from .outcomes import SeeOther
from .sheets import sent

LATEST = 20
UNMASKED = Mask(())
NOT_A_CODER = "You are not among the coders of this round. What they answer is seen once it is closed."


@dataclass(frozen=True, slots=True)
class Part:
    """A round before it is closed. ``answered`` of ``size`` items are the person's own; None for no coder of it."""

    round: Round
    size: int
    answered: int | None

    @property
    def left(self) -> int:
        return self.size - (self.answered or 0)


@require_safe
@at_the_desk()
def rounds(request: Request) -> HttpResponse:
    require(request.user, "assess", NO_RESEARCHER)
    open_ = list(Round.objects.open().select_related("agreement").prefetch_related("items", "seats"))
    own = Answer.objects.by(request.user).filter(item__round__in=open_).values_list("item__round", flat=True)
    answered = list(own)
    parts = []
    for one in open_:
        seated = any(seat.person_id == request.user.pk for seat in one.seats.all())
        parts.append(Part(one, len(one.items.all()), answered.count(one.pk) if seated else None))
    context = {
        "section": "desk",
        "mine": [part for part in parts if part.answered is not None],
        "others": [part for part in parts if part.answered is None],
        "closed": outcomes(Round.objects.closed().select_related("agreement")[:LATEST]),
        "may_lead": request.user.has_perm("tracker.lead_rounds"),
    }
    return render(request, "desk/rounds.html", context)


# Opening and closing


@require_http_methods(["GET", "HEAD", "POST"])
@at_the_desk()
def new(request: Request) -> HttpResponse:
    """First which agreement and what kind; then who codes what, as of when."""
    require(request.user, "lead_rounds", "Only administrators open coding rounds.")
    kind = request.GET.get("kind", "")
    agreement = Agreement.objects.filter(slug=request.GET.get("agreement", "").replace("\0", "")).first()
    context: dict[str, Any] = {"section": "desk", "agreement": agreement, "kind": kind, "kinds": CodingKind.choices}
    if agreement is None or kind not in CodingKind.values:
        context["agreements"] = Agreement.objects.order_by("title")
        return render(request, "desk/rounds_new.html", context)
    words = request.GET.get("q", "").replace("\0", "").strip()[:200]
    form = RoundForm(agreement, kind, sent(request), unique=agreement.pk.hex, words=words)
    context |= {"form": form, "kind_label": CodingKind(kind).label}
    status = 200
    if request.method == "POST":
        if form.is_valid():
            given = form.cleaned_data
            try:
                made = Round.open_(
                    agreement,
                    given["title"],
                    kind,
                    given["as_of"],
                    form.chosen_pairs,
                    form.chosen_people,
                    masked=given["masked"],
                    by=request.user,
                )
            except ValidationError as error:
                form.blame(error)
            else:
                messages.success(request, "The round is open. What it codes is locked until it is closed.")
                return SeeOther(made.get_absolute_url())
        status = 422
    return render(request, "desk/rounds_new.html", context, status=status)


@require_safe
@at_the_desk()
def show(request: Request, pk: uuid.UUID) -> HttpResponse:
    """Open: what there is to code and how far everybody is. Closed: all answers side by side."""
    return _shown(request, _round(request, pk))


@require_POST
@at_the_desk()
def close(request: Request, pk: uuid.UUID) -> HttpResponse:
    found = _round(request, pk)
    require(request.user, "lead_rounds", "Only administrators close a coding round early.")
    form = CloseForm(request.POST, unique=unique_of(found, "close"))
    if not form.is_valid():
        return _shown(request, found, 422, closing=form)
    try:
        found.close(form.cleaned_data["reason"], by=request.user)
    except Closed:
        messages.info(request, "The round was closed already.")
    else:
        messages.success(request, "The round is closed. Everybody sees all answers now.")
    return SeeOther(found.get_absolute_url())


@require_POST
@at_the_desk()
def settle(request: Request, pk: uuid.UUID, number: int) -> HttpResponse:
    found = _round(request, pk)
    item = get_object_or_404(Item.objects.select_related("round", "obligation__agreement"), pk=number, round=found)
    form = SettleForm(request.POST, unique=unique_of(found, "settle", item.pk))
    try:
        if form.is_valid():
            item.settle(form.cleaned_data["text"], request.user, form.cleaned_data["memo_title"])
            messages.success(request, f"Settled: {item.obligation.title}")
            return SeeOther(f"{found.get_absolute_url()}#item-{item.pk}")
    except ValidationError as error:
        form.blame(error)
    return _shown(request, found, 422, settling=(item.pk, form))


def _round(request: Request, pk: uuid.UUID) -> Round:
    require(request.user, "assess", NO_RESEARCHER)
    return get_object_or_404(Round.objects.select_related("agreement"), pk=pk)


def _shown(
    request: Request,
    found: Round,
    status: int = 200,
    *,
    closing: CloseForm | None = None,
    settling: tuple[int, SettleForm] | None = None,
) -> HttpResponse:
    seat = found.seat_of(request.user)
    context: dict[str, Any] = {
        "section": "desk",
        "round": found,
        "seat": seat,
        "may_lead": request.user.has_perm("tracker.lead_rounds"),
    }
    if found.closed_at is None:
        context |= _before(request, found, seat, closing)
    else:
        outcome = outcomes([found])[0]
        context |= {
            "outcome": outcome,
            "may_settle": context["may_lead"] or seat is not None,
            "disagreements": _with_forms(found, outcome, settling),
        }
    template = "desk/rounds_open.html" if found.closed_at is None else "desk/rounds_closed.html"
    return render(request, template, context, status=status)


def _before(request: Request, found: Round, seat: Coder | None, closing: CloseForm | None) -> dict[str, Any]:
    items = list(_items(found))
    own = set(Answer.objects.by(request.user).filter(item__round=found).values_list("item", flat=True))
    counts = found.progress()
    people = [
        (one.person.public_name if one.person else "", counts[one.pk]) for one in found.seats.select_related("person")
    ]
    return {
        "items": [(item, item.pk in own) for item in items],
        "size": len(items),
        "answered": len(own),
        "next": next((item for item in items if item.pk not in own), None),
        # By name: their places in the round stay unknown.
        "progress": sorted(people),
        "mask": mask_of(found) if found.masked and seat else UNMASKED,
        "closing": closing or CloseForm(unique=unique_of(found, "close")),
    }


def _with_forms(
    found: Round, outcome: Outcome, settling: tuple[int, SettleForm] | None
) -> list[tuple[Any, SettleForm]]:
    """Each item to settle with its form, one of them perhaps as it was sent."""
    forms = []
    for one in outcome.disagreements:
        sent_here = settling is not None and settling[0] == one.item.pk
        blank = SettleForm(unique=unique_of(found, "settle", one.item.pk))
        forms.append((one, settling[1] if settling and sent_here else blank))
    return forms


def _items(found: Round) -> Any:
    return Item.objects.filter(round=found).select_related("obligation__phase", "event").order_by("pk")


# Coding


class CodingPage:
    """The page of one item: what there is to judge by, and the person's own answer."""

    def __init__(self, request: Request, item: Item, seat: Coder | None, data: QueryDict | None) -> None:
        self.request, self.item, self.seat = request, item, seat
        kind = item.round.kind
        own = Answer.objects.by(request.user).filter(item=item).first() if seat else None
        initial = {name: getattr(own, name) for name in AnswerForm.base_fields} if own else {}
        self.form = AnswerForm(kind, data, unique=unique_of(item.round, item.pk), initial=initial)

    def answer(self, status: int = 200, **outcome: Any) -> HttpResponse:
        request, item, coding = self.request, self.item, self.item.round
        if status in (401, 403) or request.method != "POST":
            self.form.checked = False
        context: dict[str, Any] = {
            "section": "desk",
            "round": coding,
            "item": item,
            "form": self.form,
            "unique": self.form.unique,
            "restored": request.method == "GET" and "kept" in request.GET and kept.recall(request) is not None,
            **outcome,
        }
        if self.seat is not None:
            items = list(_items(coding))
            place = next(place for place, one in enumerate(items) if one.pk == item.pk)
            own = set(Answer.objects.by(request.user).filter(item__round=coding).values_list("item", flat=True))
            context |= {
                "sheet": sheet(item),
                "mask": mask_of(coding) if coding.masked else UNMASKED,
                "place": place + 1,
                "size": len(items),
                "answered": len(own),
                "saved": item.pk in own,
                "previous": items[place - 1] if place else None,
                "following": items[place + 1] if place + 1 < len(items) else None,
                "wrong": self._wrong() if status == 422 else [],
            }
        return render(request, "desk/rounds_item.html", context, status=status)

    def _wrong(self) -> list[tuple[str, str]]:
        fields = [self.form[name] for name in self.form.errors if name in self.form.fields]
        return [(str(one.label), one.id_for_label or f"{one.auto_id}_0") for one in fields]


def coding_page(request: Request, pk: uuid.UUID, number: int) -> CodingPage:
    """For a coder of the round. Whoever is signed out gets the form alone, to keep what they wrote."""
    rows = Item.objects.select_related(
        "round__agreement", "obligation__phase", "obligation__clause__instrument", "event"
    )
    rows = rows.prefetch_related("obligation__obligors", "obligation__beneficiaries")
    item = get_object_or_404(rows, pk=number, round=pk)
    seat = None
    if is_signed_in(request):
        require(request.user, "assess", NO_RESEARCHER)
        seat = item.round.seat_of(request.user)
        if seat is None:
            raise PermissionDenied(NOT_A_CODER)
    return CodingPage(request, item, seat, sent(request))


@require_http_methods(["GET", "HEAD", "POST"])
@at_the_desk(coding_page)
def code(request: Request, pk: uuid.UUID, number: int) -> HttpResponse:
    page = coding_page(request, pk, number)
    item, coding, form = page.item, page.item.round, page.form
    if request.method != "POST":
        if coding.closed_at is not None:
            return SeeOther(f"{coding.get_absolute_url()}#item-{item.pk}")
        return page.answer()
    if not form.is_valid():
        return page.answer(422)
    try:
        coding.answer(item, form.coded(), request.user)
    except Closed:
        return page.answer(409, late=True)
    except ValidationError as error:
        form.blame(error)
        return page.answer(422)
    kept.forget(request)
    if coding.closed_at is not None:
        messages.success(request, "Saved. Everybody has answered: the round is closed, and all answers are shown.")
        return SeeOther(coding.get_absolute_url())
    own = set(Answer.objects.by(request.user).filter(item__round=coding).values_list("item", flat=True))
    left = [one for one in _items(coding) if one.pk not in own]
    if not left:
        messages.success(request, "Saved. You have answered everything; you can change it until the round is closed.")
        return SeeOther(coding.get_absolute_url())
    messages.success(request, "Saved.")
    return SeeOther(next((one for one in left if one.pk > item.pk), left[0]).get_absolute_url())
