"""Changing, withdrawing and putting back what is reported: events, reports, figures. Each for a reason."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from tracker.codebook import Stage
from tracker.models import Event, Evidence, Observation, Report, Withdrawal
from tracker.models.amending import Outdated, amend, amend_event, anchored, stamp_of
from tracker.models.evidence import gone, may_withdraw

from . import kept
from .access import Request, at_the_desk, is_signed_in, require
from .forms.amending import EventForms, FigureForm, TellForm, WithdrawForm
from .forms.base import DeskForm
from .forms.reading import Menu
from .loading import NO_RESEARCHER
from .outcomes import SeeOther
from .sheets import sent

type Row = Event | Report | Observation

KINDS: dict[str, tuple[type[Event] | type[Report] | type[Observation], str]] = {
    "events": (Event, "event"),
    "reports": (Report, "report"),
    "observations": (Observation, "figure"),
}
"""The kinds of rows by their place in addresses, each with what people call it."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One control in which the text sent differs from what is on record now."""

    label: str
    mine: str
    theirs: str


@dataclass
class EditSheet:
    """The form about one row on its way out, with its outcome."""

    request: Request
    kind: str
    row: Any
    seen: str
    forms: Any

    @classmethod
    def fill(cls, request: Request, kind: str, pk: uuid.UUID, *, fresh: bool = False, seen: str = "") -> "EditSheet":
        """``fresh`` leaves out what was sent; ``seen`` takes the place of the stamp that was sent."""
        row = find(request, kind, pk)
        data = None if fresh else sent(request)
        if data is not None and seen:
            data = data.copy()
            data["seen"] = seen
        stamped = stamp_of(row)
        public = row.stage == Stage.PUBLISHED
        menu = Menu.of(event_of(row).agreement)
        adding = bool(data and data.get("add"))
        shared: dict[str, Any] = {"public": public, "unique": row.pk.hex, "checked": not adding}
        if isinstance(row, Event):
            return cls(request, kind, row, stamped, EventForms(menu, row, data, seen=stamped, **shared))
        shared |= {"initial": {"seen": stamped}, "use_required_attribute": False}
        form = TellForm(menu, row, data, **shared) if isinstance(row, Report) else FigureForm(menu, row, data, **shared)
        return cls(request, kind, row, stamped, Single(form))

    def answer(self, status: int = 200, **outcome: Any) -> HttpResponse:
        request, row = self.request, self.row
        if status in (401, 403) or request.method != "POST":
            for part in self.forms.parts:
                part.checked = False
        fields = [form[name] for form in self.forms.parts for name in form.errors if name in form.fields]
        wrong = [(str(one.label), one.id_for_label) for one in fields]
        context = {
            "section": "desk",
            "kind": self.kind,
            "called": KINDS[self.kind][1],
            "row": row,
            "event": event_of(row),
            "agreement": event_of(row).agreement,
            "forms": self.forms,
            "form": self.forms.main,
            "public": row.stage == Stage.PUBLISHED,
            "rests": rests_on(event_of(row)),
            "may_withdraw": is_signed_in(request) and may_withdraw(request.user, row),
            "conflict": None,
            "unique": row.pk.hex,
            "action": request.path,
            "back": back(row),
            "wrong": wrong if status == 422 else [],
            "restored": request.method == "GET" and "kept" in request.GET and kept.recall(request) is not None,
            **outcome,
        }
        return render(request, "desk/edit.html", context, status=status)

    def save(self) -> HttpResponse:
        if not self.forms.is_valid():
            return self.answer(422)
        row, by = self.row, self.request.user
        form = self.forms.main
        guard = {"by": by, "reason": form.reason, "seen": form.cleaned_data["seen"] or "none"}
        try:
            if isinstance(row, Event):
                changed = amend_event(row, form.values(), self.forms.actors(), self.forms.obligations(), **guard)
            else:
                values = form.values()
                if isinstance(row, Report):
                    values |= anchored(row, values["quote"], values["translator"])
                changed = amend(row, values, **guard)
        except Outdated:
            return self.conflict()
        except ValidationError as error:
            self.forms.blame(error)
            return self.answer(422)
        kept.forget(self.request)
        if changed:
            messages.success(self.request, f"Changed: {name_of(row)}.")
        else:
            messages.info(self.request, "Nothing was different, so nothing was changed.")
        return SeeOther(back(row))

    def conflict(self) -> HttpResponse:
        """My text stays in the form; what is on record now stands beside it. Saving again goes on top of theirs."""
        theirs = EditSheet.fill(self.request, self.kind, self.row.pk, fresh=True)
        again = EditSheet.fill(self.request, self.kind, self.row.pk, seen=theirs.seen)
        return again.answer(409, conflict=differences(again.forms.parts, theirs.forms.parts))


class Single:
    """One form, seen as a set of them."""

    def __init__(self, form: Any) -> None:
        self.main = form
        self.parts = [form]

    def is_valid(self) -> bool:
        return bool(self.main.is_valid())

    def blame(self, error: ValidationError) -> None:
        self.main.blame(error)


def differences(mine: list[DeskForm], theirs: list[DeskForm]) -> list[Difference]:
    found = []
    others = {form.prefix: form for form in theirs}
    for form in mine:
        other = others.get(form.prefix)
        for name in form.fields:
            if name in ("seen", "edit_reason"):
                continue
            here, there = _words(form, name), _words(other, name) if other else ""
            if here != there:
                found.append(Difference(str(form[name].label), here or "nothing", there or "nothing"))
    return found


def _words(form: DeskForm, name: str) -> str:
    value = form[name].value()
    value = "" if value is None else str(value)
    control: Any = form.fields[name]
    rows = getattr(control, "rows", None)
    if rows is not None:
        return str(rows.get(value, ""))
    choices = {str(key): str(label) for key, label in getattr(control, "choices", [])}
    return choices.get(value, value)


def event_of(row: Any) -> Event:
    event: Event = row if isinstance(row, Event) else row.event
    return event


def name_of(row: Row) -> str:
    if isinstance(row, Event):
        return row.title
    if isinstance(row, Report):
        return f"the report by {row.originator_name or row.article.outlet} on “{row.event.title}”"
    return f"{row.measure.label}: {row}"


def back(row: Any) -> str:
    """Where somebody goes on after a change: the public page, or the set that the draft belongs to."""
    return event_of(row).get_absolute_url() if row.stage == Stage.PUBLISHED else row.proposal.get_absolute_url()


def rests_on(event: Event) -> int:
    """How many published judgements rest on the event."""
    return Evidence.objects.resting_on([event]).filter(assessment__stage=Stage.PUBLISHED).count()


def find(request: Request, kind: str, pk: uuid.UUID, *, withdrawn: bool = False) -> Any:
    """A published row, or a draft of the person's own; ``withdrawn`` ones only where they are asked for, too.

    Raises Http404, and PermissionDenied for people without the role.
    """
    if kind not in KINDS:
        raise Http404("There is no such kind of record.")
    table, called = KINDS[kind]
    mine = Q(stage=Stage.PUBLISHED)
    if is_signed_in(request):
        require(request.user, "assess", NO_RESEARCHER)
        mine |= Q(proposal__author=request.user) & ~Q(stage=Stage.PUBLISHED)
    part = "event" if table is Event else f"{table._meta.model_name}"
    rows: QuerySet[Any] = table._base_manager.filter(mine)
    rows = rows if withdrawn else rows.exclude(gone(part))
    if table is Event:
        rows = rows.filter(merged_into__isnull=True).select_related("agreement", "proposal", "outcome")
    elif table is Report:
        rows = rows.select_related("event__agreement", "proposal", "article__outlet", "originator", "relays")
    else:
        rows = rows.select_related("event__agreement", "proposal", "measure__obligation", "article__outlet")
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404(f"No published {called} has this address.")
    return found


def edit_sheet(request: Request, kind: str, pk: uuid.UUID) -> EditSheet:
    return EditSheet.fill(request, kind, pk)


@require_http_methods(["GET", "HEAD", "POST"])
@at_the_desk(edit_sheet)
def edit(request: Request, kind: str, pk: uuid.UUID) -> HttpResponse:
    sheet = edit_sheet(request, kind, pk)
    if request.method != "POST" or "add" in request.POST:
        return sheet.answer()
    return sheet.save()


@dataclass
class ReasonSheet:
    """The form that asks why something is withdrawn, or put back."""

    request: Request
    kind: str
    row: Any
    restores: bool

    def __post_init__(self) -> None:
        self.form = WithdrawForm(sent(self.request), unique=self.row.pk.hex)
        table = type(self.row)
        self.is_gone = table._base_manager.filter(gone(str(table._meta.model_name)), pk=self.row.pk).exists()

    def answer(self, status: int = 200, **outcome: Any) -> HttpResponse:
        if status in (401, 403) or self.request.method != "POST":
            self.form.checked = False
        context = {
            "section": "desk",
            "called": KINDS[self.kind][1],
            "name": name_of(self.row),
            "row": self.row,
            "event": event_of(self.row),
            "agreement": event_of(self.row).agreement,
            "form": self.form,
            "restores": self.restores,
            "idle": self.is_gone != self.restores,
            "rests": rests_on(event_of(self.row)),
            "unique": self.row.pk.hex,
            "action": self.request.path,
            "restored": self.request.method == "GET" and kept.recall(self.request) is not None,
            **outcome,
        }
        return render(self.request, "desk/withdraw.html", context, status=status)

    def save(self) -> HttpResponse:
        if not self.form.is_valid():
            return self.answer(422)
        reason = self.form.cleaned_data["reason"]
        try:
            Withdrawal.record(self.row, withdrawn=not self.restores, reason=reason, by=self.request.user)
        except ValidationError as error:
            self.form.blame(error)
            return self.answer(422)
        kept.forget(self.request)
        done = "Put back" if self.restores else "Withdrawn"
        messages.success(self.request, f"{done}: {name_of(self.row)}.")
        page = event_of(self.row).get_absolute_url()
        return SeeOther(page)


def _reason_sheet(restores: bool) -> Callable[..., ReasonSheet]:
    def sheet(request: Request, kind: str, pk: uuid.UUID) -> ReasonSheet:
        row = find(request, kind, pk, withdrawn=True)
        if is_signed_in(request) and not may_withdraw(request.user, row):
            raise PermissionDenied("Here only reviewers withdraw this, or put it back. You can edit it instead.")
        if row.stage != Stage.PUBLISHED:
            raise Http404("This is not public yet; it is removed from its proposal.")
        return ReasonSheet(request, kind, row, restores)

    return sheet


withdraw_sheet, restore_sheet = _reason_sheet(restores=False), _reason_sheet(restores=True)


@require_http_methods(["GET", "HEAD", "POST"])
@at_the_desk(withdraw_sheet)
def withdraw(request: Request, kind: str, pk: uuid.UUID) -> HttpResponse:
    sheet = withdraw_sheet(request, kind, pk)
    return sheet.save() if request.method == "POST" else sheet.answer()


@require_http_methods(["GET", "HEAD", "POST"])
@at_the_desk(restore_sheet)
def restore(request: Request, kind: str, pk: uuid.UUID) -> HttpResponse:
    sheet = restore_sheet(request, kind, pk)
    return sheet.save() if request.method == "POST" else sheet.answer()
