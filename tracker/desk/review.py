"""One status that waits for review, at its own address: it is decided on with the set it belongs to."""

import uuid

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_http_methods, require_POST

from tracker.models import Assessment, Proposal

from . import proposals
from .access import Request, at_the_desk, require
from .loading import NO_RESEARCHER
from .outcomes import SeeOther


@require_http_methods(["GET", "HEAD", "POST"])
@at_the_desk()
def publish(request: Request, pk: uuid.UUID) -> HttpResponse:
    """GET leads to the set; POST makes all of it public."""
    proposal = _set_of(request, pk)
    if request.method != "POST":
        return SeeOther(proposal.get_absolute_url())
    return proposals.publish(request, proposal.pk)


@require_POST
@at_the_desk()
def take_back(request: Request, pk: uuid.UUID) -> HttpResponse:
    """An author drops a status that was overtaken, or that was a slip."""
    own = get_object_or_404(Assessment.objects.select_related("obligation", "proposal"), pk=pk, author=request.user)
    try:
        own.take_back(request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, f"Taken back: {own.obligation.title}.")
    return SeeOther("/desk/")


def _set_of(request: Request, pk: uuid.UUID) -> Proposal:
    require(request.user, "assess", NO_RESEARCHER)
    rows = Assessment.objects.select_related("proposal").exclude(proposal=None)
    found: Proposal | None = get_object_or_404(rows, pk=pk).proposal
    if found is None or not Proposal.objects.shown_to(request.user).filter(pk=found.pk).exists():
        raise Http404("No status that waits for review has this address.")
    return found
