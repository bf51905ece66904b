"""Withdrawing a published status, taking the withdrawal back, and noting that somebody looked."""

import uuid
from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpResponse, QueryDict
from django.views.decorators.http import require_http_methods

from tracker.codebook import Stage
from tracker.models import Assessment, Check, Conflict, Obligation

from .access import Request, at_the_desk
from .forms.base import DeskForm
from .forms.mending import CheckForm, RestoreForm, RetractForm
from .loading import obligation_to_assess, published_assessment, retractable_assessment
from .outcomes import saved
from .sheets import Sheet, Since, sent


class ShortSheet(Sheet):
    form: DeskForm
    assessment: Assessment | None

    @classmethod
    def fill(
        cls,
        request: Request,
        kind: type[DeskForm],
        words: dict[str, str],
        obligation: Obligation,
        assessment: Assessment | None = None,
        data: QueryDict | None = None,
    ) -> "ShortSheet":
        """``words``: title, button and danger (set where the button takes something away)."""
        unique = (assessment or obligation).pk.hex
        form = kind(
            sent(request) if data is None else data,
            unique=f"{kind.__name__.casefold()}_{unique}",
            initial={"version": obligation.version},
        )
        sheet = cls(
            request=request,
            obligation=obligation,
            template="desk/_short_form.html",
            title=words["title"],
            unique=form.unique,
            context={"form": form, "words": words, "assessment": assessment},
        )
        sheet.form, sheet.assessment = form, assessment
        return sheet

    def save(self, write: Callable[[dict[str, Any]], tuple[str, Assessment | None]]) -> HttpResponse:
        """``write`` does it and says the outcome. A form that is not right, or too late, comes back."""
        if not self.form.is_valid():
            return self.answer(422)
        try:
            outcome, assessment = write(self.form.cleaned_data)
        except Conflict:
            return self.conflict()
        except ValidationError as error:
            self.form.blame(error)
            return self.answer(422)
        return saved(self.request, self.obligation, outcome, assessment)

    def conflict(self) -> HttpResponse:
        seen: int = self.form.cleaned_data["version"]
        self.obligation.refresh_from_db(fields=["version"])
        data = self.request.POST.copy()
        data["version"] = str(self.obligation.version)
        again = self.fill(self.request, type(self.form), self.context["words"], self.obligation, self.assessment, data)
        return again.answer(409, conflict=Since.version(self.obligation, seen))


def retract_sheet(request: Request, pk: uuid.UUID) -> ShortSheet:
    assessment = retractable_assessment(request, pk)
    words = {"title": "Withdraw this status", "button": "Withdraw", "danger": "yes"}
    return ShortSheet.fill(request, RetractForm, words, assessment.obligation, assessment)


@require_http_methods(["GET", "HEAD", "POST"])
@at_the_desk(retract_sheet)
def retract(request: Request, pk: uuid.UUID) -> HttpResponse:
    sheet = retract_sheet(request, pk)
    assessment = sheet.assessment
    if request.method != "POST" or assessment is None:
        return sheet.answer()

    def write(given: dict[str, Any]) -> tuple[str, Assessment]:
        assessment.retract(given["reason"], by=request.user, seen_version=given["version"])
        return "withdrawn", assessment

    return sheet.save(write)


def restore_sheet(request: Request, pk: uuid.UUID) -> ShortSheet:
    assessment = published_assessment(request, pk)
    words = {"title": "Restore this withdrawn status", "button": "Restore"}
    return ShortSheet.fill(request, RestoreForm, words, assessment.obligation, assessment)


@require_http_methods(["GET", "HEAD", "POST"])
@at_the_desk(restore_sheet)
def restore(request: Request, pk: uuid.UUID) -> HttpResponse:
    sheet = restore_sheet(request, pk)
    assessment = sheet.assessment
    if request.method != "POST" or assessment is None:
        return sheet.answer()

    def write(given: dict[str, Any]) -> tuple[str, Assessment]:
        if assessment.withdrawn is None:
            raise ValidationError("This status is not withdrawn; there is nothing to restore.")
        again = Assessment.record(
            assessment.obligation,
            assessment.as_judgement(),
            by=request.user,
            seen_version=given["version"],
            supersedes=assessment,
            correction_reason=given["reason"],
        )
        return "restored" if again.stage == Stage.PUBLISHED else "waiting", again

    return sheet.save(write)


def check_sheet(request: Request, pk: uuid.UUID) -> ShortSheet:
    words = {"title": "Checked, nothing new", "button": "Save"}
    return ShortSheet.fill(request, CheckForm, words, obligation_to_assess(request, pk))


@require_http_methods(["GET", "HEAD", "POST"])
@at_the_desk(check_sheet)
def check(request: Request, pk: uuid.UUID) -> HttpResponse:
    sheet = check_sheet(request, pk)
    if request.method != "POST":
        return sheet.answer()

    def write(given: dict[str, Any]) -> tuple[str, None]:
        Check.record(sheet.obligation, given["date"], given["where"], by=request.user)
        return "checked", None

    return sheet.save(write)
