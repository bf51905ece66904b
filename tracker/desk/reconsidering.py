"""Looking again at a published judgement whose evidence changed, or before which something was entered late."""

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from tracker.models import Assessment
from tracker.models.undermined import Doubt, reconsider, undermined

from . import kept
from .access import Request, at_the_desk, is_signed_in
from .forms.amending import StandsForm
from .loading import published_assessment
from .outcomes import SeeOther
from .sheets import sent


@dataclass
class LookSheet:
    """The form that says why a judgement stands all the same."""

    request: Request
    assessment: Assessment
    doubt: Doubt | None

    def __post_init__(self) -> None:
        self.form = StandsForm(sent(self.request), unique=self.assessment.pk.hex, initial={"seen": self.last})

    @property
    def last(self) -> str:
        """The newest of what moved, so that nobody settles what they have not read."""
        return self.doubt.grounds[-1].at.isoformat() if self.doubt else ""

    def answer(self, status: int = 200, **outcome: Any) -> HttpResponse:
        if status in (401, 403) or self.request.method != "POST":
            self.form.checked = False
        one = self.assessment
        context = {
            "section": "desk",
            "assessment": one,
            "obligation": one.obligation,
            "agreement": one.obligation.agreement,
            "doubt": self.doubt,
            "looks": list(one.reconsiderations.all()),
            "may_retract": is_signed_in(self.request) and one.may_be_retracted_by(self.request.user),
            "form": self.form,
            "unique": one.pk.hex,
            "action": self.request.path,
            "restored": self.request.method == "GET" and kept.recall(self.request) is not None,
            **outcome,
        }
        return render(self.request, "desk/reconsider.html", context, status=status)

    def save(self) -> HttpResponse:
        if not self.form.is_valid():
            return self.answer(422)
        if self.doubt and _moment(self.form.cleaned_data["seen"]) != self.doubt.grounds[-1].at:
            data = self.request.POST.copy()
            data["seen"] = self.last
            self.form = StandsForm(data, unique=self.assessment.pk.hex)
            return self.answer(409, moved=True)
        try:
            reconsider(self.assessment, self.form.cleaned_data["reason"], by=self.request.user)
        except ValidationError as error:
            self.form.blame(error)
            return self.answer(422)
        kept.forget(self.request)
        messages.success(self.request, f"It stands: {self.assessment.obligation.title}.")
        return SeeOther("/desk/")


def look_sheet(request: Request, pk: uuid.UUID) -> LookSheet:
    assessment = published_assessment(request, pk)
    doubts = undermined(only=[pk])
    return LookSheet(request, assessment, doubts[0] if doubts else None)


@require_http_methods(["GET", "HEAD", "POST"])
@at_the_desk(look_sheet)
def look(request: Request, pk: uuid.UUID) -> HttpResponse:
    sheet = look_sheet(request, pk)
    return sheet.save() if request.method == "POST" else sheet.answer()


def _moment(value: str) -> dt.datetime | None:
    try:
        return dt.datetime.fromisoformat(value)
    except ValueError:
        return None
