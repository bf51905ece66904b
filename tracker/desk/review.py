"""Publishing what another person proposed."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods

from tracker.codebook import Stage
from tracker.models import Assessment, Conflict

from .access import Request, at_the_desk
from .loading import proposal
from .outcomes import SeeOther
from .sheets import Since


@require_http_methods(["GET", "HEAD", "POST"])
@at_the_desk()
def publish(request: Request, pk: uuid.UUID) -> HttpResponse:
    """GET shows the proposal beside what stands now; POST makes it public."""
    waiting = proposal(request, pk)
    if request.method != "POST":
        return _shown(request, waiting)
    try:
        waiting.publish(request.user)
    except Conflict:
        return _shown(request, waiting, 409, conflict=Since.version(waiting.obligation, waiting.seen_version))
    except ValidationError as error:
        return _shown(request, waiting, 422, problems=error.messages)
    if request.htmx:
        return render(request, "desk/_published.html", {"assessment": waiting})
    messages.success(request, f"Published: {waiting.obligation.title}.")
    return SeeOther("/desk/")


@at_the_desk()
@require_http_methods(["POST"])
def take_back(request: Request, pk: uuid.UUID) -> HttpResponse:
    """An author drops a proposal that was overtaken, or that was a slip."""
    own = get_object_or_404(Assessment.objects.select_related("obligation"), pk=pk, author=request.user)
    try:
        own.take_back(request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, f"Taken back: {own.obligation.title}.")
    return SeeOther("/desk/")


def _shown(request: Request, waiting: Assessment, status: int = 200, **outcome: Any) -> HttpResponse:
    context = {
        "section": "desk",
        "assessment": waiting,
        "obligation": waiting.obligation,
        "agreement": waiting.obligation.agreement,
        "current": Assessment.current(waiting.obligation),
        "is_waiting": waiting.stage == Stage.IN_REVIEW,
        "own": waiting.author_id == request.user.pk,
        "may_publish": request.user.has_perm("tracker.publish"),
        **outcome,
    }
    # A failed publication that started on a row of the desk goes back into that row.
    template = "desk/_proposal.html" if request.htmx else "desk/proposal.html"
    return render(request, template, context, status=status)
