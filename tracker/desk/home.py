"""The desk's own pages: who I am, what I did, what waits, and an agreement's rows for editing."""

import uuid
from collections import defaultdict

from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from tracker.codebook import ProposalStage
from tracker.models import Agreement, Assessment, Vantage
from tracker.models.queues import waiting_for
from tracker.models.standing import board
from tracker.models.undo import recent

from .access import Request, at_the_desk, require
from .forms.base import DeskForm
from .loading import NO_RESEARCHER

RECENT = 10


@require_safe
@at_the_desk()
def home(request: Request) -> HttpResponse:
    person = request.user
    may_assess = person.has_perm("tracker.assess")
    waiting = waiting_for(person) if may_assess else []
    agreements = Agreement.objects.annotate(
        waiting=Count("proposals", filter=Q(proposals__stage=ProposalStage.IN_REVIEW))
    )
    context = {
        "section": "desk",
        "busy": [one for one in waiting if one.count],
        "idle": [one for one in waiting if not one.count],
        "changes": recent(person, RECENT) if may_assess else [],
        "agreements": agreements,
        "may_assess": may_assess,
        "may_publish": person.has_perm("tracker.publish"),
        "may_retract": person.has_perm("tracker.retract"),
    }
    return render(request, "desk/home.html", context)


@require_safe
@at_the_desk()
def agreement(request: Request, slug: str) -> HttpResponse:
    """Every obligation with its status, what waits for review, and the forms."""
    require(request.user, "assess", NO_RESEARCHER)
    found = get_object_or_404(Agreement, slug=slug)
    vantage = Vantage.now()
    waiting: dict[uuid.UUID, list[Assessment]] = defaultdict(list)
    for one in Assessment.objects.waiting().filter(obligation__agreement=found).order_by("-seen_version"):
        waiting[one.obligation_id].append(one)
    standing = board(found, vantage)
    phases = [(part, [(row, waiting[row.obligation.pk]) for row in part.rows]) for part in standing.phases]
    context = {
        "section": "desk",
        "agreement": found,
        "board": standing,
        "phases": phases,
        "vantage": vantage,
        "q": "",
        "can_assess": True,
    }
    return render(request, "desk/agreement.html", context)


@require_safe
@at_the_desk()
def signed_in(request: Request) -> HttpResponse:
    """Where signing in again in a second window ends: the form waits in the first one."""
    return render(request, "desk/signed_in.html", {"section": "desk"})


@require_safe
@at_the_desk()
def key(request: Request) -> HttpResponse:
    """A fresh key for a form that was kept open while its author signed in again in another window."""
    unique = request.GET.get("form", "")
    if not DeskForm.UNIQUE.fullmatch(unique):
        unique = ""
    return render(request, "desk/_key.html", {"unique": unique})
