"""Finds what a view is about, and lets only those go on who may: 404 and 403 come from here."""

import uuid

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404

from tracker.models import Agreement, Assessment, Obligation

from .access import Request, is_signed_in, require

NO_RESEARCHER = "Your account may not change a status. An administrator of this site can give you the role."


def agreement_named(slug: str) -> Agreement | None:
    """The agreement that an address or a form names, if there is one; the database knows no text with a NUL in it."""
    return Agreement.objects.filter(slug=slug).first() if slug and "\0" not in slug else None


def obligation_to_assess(request: Request, pk: uuid.UUID) -> Obligation:
    """For those who may assess. People who are signed out get that far too: their form is only shown, never saved."""
    if is_signed_in(request):
        require(request.user, "assess", NO_RESEARCHER)
    rows = Obligation.objects.select_related("agreement", "phase").prefetch_related("obligors", "beneficiaries")
    return get_object_or_404(rows, pk=pk)


def published_assessment(request: Request, pk: uuid.UUID) -> Assessment:
    """A published judgement, for those who may assess."""
    if is_signed_in(request):
        require(request.user, "assess", NO_RESEARCHER)
    rows = Assessment.objects.published().select_related("obligation__agreement", "obligation__phase", "retraction")
    rows = rows.prefetch_related("obligation__obligors", "obligation__beneficiaries")
    return get_object_or_404(rows, pk=pk)


def retractable_assessment(request: Request, pk: uuid.UUID) -> Assessment:
    assessment = published_assessment(request, pk)
    if is_signed_in(request) and not assessment.may_be_retracted_by(request.user):
        raise PermissionDenied("Here only reviewers withdraw a status. You can correct it instead.")
    return assessment
