"""What was done last, and taking it back."""

import datetime as dt
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from tracker.models.base import Overtaken
from tracker.models.undo import Change, Undo, recent, take_back, undo_of

from . import kept
from .access import Request, at_the_desk, is_signed_in, require
from .forms.base import DeskForm
from .loading import NO_RESEARCHER
from .outcomes import SeeOther
from .sheets import sent

SHOWN = 50


class UndoForm(DeskForm):
    reason = forms.CharField(
        label="Why",
        help_text="Readers see it where the change was public.",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Say why this is taken back."},
    )


@require_safe
@at_the_desk()
def changes(request: Request) -> HttpResponse:
    """What I, or everybody, did last; each with its undo."""
    require(request.user, "assess", NO_RESEARCHER)
    everybody = request.GET.get("by") == "everybody"
    context = {
        "section": "desk",
        "everybody": everybody,
        "changes": recent(None if everybody else request.user, SHOWN, viewer=request.user),
    }
    return render(request, "desk/changes.html", context)


class UndoSheet:
    """The question whether a change is to be taken back, with what that restores."""

    def __init__(self, request: Request, kind: str, pk: str) -> None:
        self.request = request
        self.undo = self._found(kind, pk)
        self.form = UndoForm(sent(request), unique=f"undo_{kind}_{pk}".replace("-", "_").ljust(32, "_")[:64])

    def _found(self, kind: str, pk: str) -> Undo:
        if not is_signed_in(self.request):
            # What was changed is for researchers; whoever is signed out gets what they typed alone.
            nothing = Change(dt.datetime.now(dt.UTC), kind, pk, byline="", title="", text="")
            return Undo(nothing, "", [], lambda _by, _reason: None)
        require(self.request.user, "assess", NO_RESEARCHER)
        try:
            return undo_of(kind, pk, self.request.user)
        except LookupError as error:
            raise Http404("There is no such change.") from error

    def answer(self, status: int = 200, **context: Any) -> HttpResponse:
        if status in (401, 403) or self.request.method != "POST":
            self.form.checked = False
        newer = context.pop("newer", self.undo.newer)
        shown = {"section": "desk", "undo": self.undo, "form": self.form, "newer": newer, "action": self.request.path}
        return render(self.request, "desk/undo.html", shown | context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@at_the_desk(UndoSheet)
def undo(request: Request, kind: str, pk: str) -> HttpResponse:
    """GET says what would be restored; POST does it. With newer work on top both say what that is."""
    sheet = UndoSheet(request, kind, pk)
    if request.method != "POST":
        return sheet.answer(409 if sheet.undo.newer else 200)
    if not sheet.form.is_valid():
        return sheet.answer(422)
    try:
        done = take_back(kind, pk, by=request.user, reason=sheet.form.cleaned_data["reason"])
    except Overtaken as overtaken:
        return sheet.answer(409, newer=overtaken.newer)
    except ValidationError as error:
        sheet.form.blame(error)
        return sheet.answer(422)
    kept.forget(request)
    messages.success(request, f"Taken back: {done.change.title}. {done.restores}")
    return SeeOther("/desk/changes/")
