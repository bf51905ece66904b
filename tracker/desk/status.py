"""The status form: a new judgement with its evidence, saved at once or handed to review."""

import uuid
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import HttpResponse, QueryDict
from django.views.decorators.http import require_http_methods

from tracker.codebook import EventState, Stage
from tracker.models import Assessment, Conflict, Event, Memo, Obligation, Vantage
from tracker.models.intake import record_with_evidence
from tracker.models.standing import board

from .access import Request, at_the_desk, is_signed_in
from .evidence import asked, choices
from .forms.base import DeskForm
from .forms.intake import IntakeForms
from .forms.judgement import LONGEST_REASON, CorrectionForm, JudgementForm, as_id
from .loading import obligation_to_assess, published_assessment
from .outcomes import saved
from .sheets import Sheet, Since, sent

MEMOS = 8
"""So many memos are offered beside the form."""

FIELDS = ("effective_on", "level", "direction", "conformity", "reason")
"""What an address can fill in."""


class StatusSheet(Sheet):
    """The form for a judgement, of which a correction is the same with one question more."""

    form: JudgementForm
    intake: IntakeForms
    corrects: Assessment | None

    @classmethod
    def fill(
        cls, request: Request, obligation: Obligation, corrects: Assessment | None = None, data: QueryDict | None = None
    ) -> "StatusSheet":
        data = sent(request) if data is None else data
        searching = data is not None and "search" in data
        unique = (corrects or obligation).pk.hex
        intake = IntakeForms(obligation, data, unique=unique, checked=not searching)
        kind = CorrectionForm if corrects else JudgementForm
        form = kind(
            obligation,
            data,
            unique=unique,
            initial={"version": obligation.version}
            | (content_of(corrects) if corrects else _asked_for(request, obligation)),
            checked=not searching,
            brings_evidence=intake.used,
        )
        query = asked(data) if data is not None else ""
        sheet = cls(
            request=request,
            obligation=obligation,
            template="desk/_status_form.html",
            title="Correct the record" if corrects else "Change the status",
            unique=unique,
        )
        sheet.form, sheet.intake, sheet.corrects = form, intake, corrects
        sheet.context = {
            "form": form,
            "intake": intake,
            "corrects": corrects,
            "searched": searching,
            "reviewed": obligation.agreement.review != "none",
            "memos": list(Memo.objects.like(obligation)[:MEMOS]) if is_signed_in(request) else [],
            "evidence": choices(
                obligation, query, form.chosen, data or {}, request.user if is_signed_in(request) else None
            ),
        }
        return sheet

    @property
    def forms(self) -> list[DeskForm]:
        return [self.form, *self.intake.parts]

    def is_valid(self) -> bool:
        # Both are to show their errors at once.
        valid = [self.form.is_valid(), self.intake.is_valid()]
        return all(valid)

    def answer(self, status: int = 200, **outcome: Any) -> HttpResponse:
        if not self.request.htmx and is_signed_in(self.request):
            outcome["row"] = board(self.obligation.agreement, Vantage.now()).row(self.obligation.code)
        return super().answer(status, **outcome)

    def save(self) -> HttpResponse:
        """Every outcome of a checked form."""
        request, form = self.request, self.form
        seen: int = form.cleaned_data["version"]
        try:
            assessment = record_with_evidence(
                self.obligation,
                form.judgement(),
                by=request.user,
                seen_version=seen,
                effects=form.effects,
                intake=self.intake.intake(),
                supersedes=self.corrects,
                correction_reason=form.cleaned_data.get("correction_reason", ""),
            )
        except Conflict:
            return self.conflict(seen)
        except ValidationError as error:
            if not self.intake.blame(error):
                form.blame(error)
            return self.answer(422)
        if assessment.stage != Stage.PUBLISHED:
            return saved(request, self.obligation, "waiting", assessment)
        return saved(request, self.obligation, "corrected" if self.corrects else "saved", assessment)

    def conflict(self, seen: int) -> HttpResponse:
        """My text, what the others wrote, and the version that is current now: saving again goes on top of theirs."""
        self.obligation.refresh_from_db(fields=["version"])
        data = self.request.POST.copy()
        data["version"] = str(self.obligation.version)
        again = self.fill(self.request, self.obligation, self.corrects, data)
        mine = self.form.judgement()
        shown = Assessment(
            effective_on=mine.effective_on,
            effective_precision=mine.effective_precision,
            level=mine.level,
            direction=mine.direction,
            conformity=mine.conformity,
            reason=mine.reason,
        )
        theirs = Since.version(self.obligation, seen)
        return again.answer(409, conflict=theirs, mine=shown, mine_evidence=mine.evidence)


def content_of(assessment: Assessment) -> dict[str, Any]:
    """A recorded judgement as the form's first content; of what was merged since, the heirs."""
    judged = assessment.as_judgement()
    return {
        "effective_on": assessment.effective_on,
        "effective_precision": assessment.effective_precision,
        "level": assessment.level,
        "direction": assessment.direction,
        "conformity": assessment.conformity,
        "reason": assessment.reason,
        "attributed_to": [actor.pk for actor in judged.attributed_to],
        "evidence": [event.pk for event in judged.evidence],
    }


def _asked_for(request: Request, obligation: Obligation) -> dict[str, Any]:
    """A proposal to start from (``?like=``), for people who may see proposals, or single fields, as from a round.

    ``?evidence=`` ticks an event, as after it was taken from an article; the status is then about its day.
    """
    if not is_signed_in(request):
        return {}
    try:
        like = uuid.UUID(request.GET.get("like", ""))
    except ValueError:
        given = {name: request.GET[name].replace("\0", "")[:LONGEST_REASON] for name in FIELDS if request.GET.get(name)}
        asked_for = as_id(request.GET.get("evidence", ""))
        event = (
            asked_for
            and Event.objects.at_hand_of(request.user)
            .filter(pk=asked_for, agreement=obligation.agreement, state=EventState.OCCURRED)
            .first()
        )
        return {"effective_on": event.date, "evidence": [event.pk]} | given if event else given
    # A draft is its author's alone.
    seen = Assessment.objects.filter(~Q(stage=Stage.DRAFT) | Q(author=request.user))
    found = seen.filter(pk=like).first()
    return content_of(found) if found else {}


def status_sheet(request: Request, pk: uuid.UUID) -> StatusSheet:
    return StatusSheet.fill(request, obligation_to_assess(request, pk))


@require_http_methods(["GET", "HEAD", "POST"])
@at_the_desk(status_sheet)
def status(request: Request, pk: uuid.UUID) -> HttpResponse:
    sheet = status_sheet(request, pk)
    if request.method != "POST" or "search" in request.POST:
        return sheet.answer()
    return sheet.save() if sheet.is_valid() else sheet.answer(422)


def correction_sheet(request: Request, pk: uuid.UUID) -> StatusSheet:
    assessment = published_assessment(request, pk)
    return StatusSheet.fill(request, assessment.obligation, assessment)


@require_http_methods(["GET", "HEAD", "POST"])
@at_the_desk(correction_sheet)
def correct(request: Request, pk: uuid.UUID) -> HttpResponse:
    sheet = correction_sheet(request, pk)
    if request.method != "POST" or "search" in request.POST:
        return sheet.answer()
    return sheet.save() if sheet.is_valid() else sheet.answer(422)
