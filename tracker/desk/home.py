"""The desk's own pages: who I am, what I did, what waits, and an agreement's rows for editing."""

import datetime as dt
import uuid
from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from tracker.codebook import Stage
from tracker.models import Agreement, Assessment, Check, Retraction, Vantage
from tracker.models.standing import board

from .access import Request, at_the_desk, require
from .forms.base import DeskForm
from .loading import NO_RESEARCHER

RECENT = 20
WAITING = 50


@dataclass(frozen=True, slots=True)
class Done:
    """One thing a person did: a status recorded or corrected, a withdrawal, a check."""

    at: dt.datetime
    assessment: Assessment | None = None
    retraction: Retraction | None = None
    check: Check | None = None


@require_safe
@at_the_desk()
def home(request: Request) -> HttpResponse:
    person = request.user
    waiting = _with_evidence(Assessment.objects.waiting()).order_by("-effective_on", "-id")
    agreements = Agreement.objects.annotate(
        waiting=Count("obligations__assessments", filter=Q(obligations__assessments__stage=Stage.IN_REVIEW))
    )
    context = {
        "section": "desk",
        "done": done_by(request),
        "to_review": list(waiting.exclude(author=person)[:WAITING]) if person.has_perm("tracker.publish") else [],
        "mine": list(waiting.filter(author=person)[:WAITING]),
        "agreements": agreements,
        "may_assess": person.has_perm("tracker.assess"),
        "may_publish": person.has_perm("tracker.publish"),
        "may_retract": person.has_perm("tracker.retract"),
    }
    return render(request, "desk/home.html", context)


def done_by(request: Request) -> list[Done]:
    """The person's newest published statuses, withdrawals and checks, newest first."""
    person = request.user
    path = "obligation__agreement"
    statuses = Assessment.objects.published().filter(author=person).select_related(path, "retraction", "supersedes")
    statuses = statuses.annotate(corrected=Count("superseded_by", filter=Q(superseded_by__stage=Stage.PUBLISHED)))
    retractions = Retraction.objects.filter(author=person).select_related(f"assessment__{path}")
    checks = Check.objects.filter(author=person).select_related(path)
    newest = statuses.order_by("-recorded_at")[:RECENT]
    found = [Done(one.recorded_at, assessment=one) for one in newest if one.recorded_at]
    found += [Done(one.recorded_at, retraction=one) for one in retractions.order_by("-recorded_at")[:RECENT]]
    found += [Done(one.recorded_at, check=one) for one in checks.order_by("-recorded_at")[:RECENT]]
    return sorted(found, key=lambda one: one.at, reverse=True)[:RECENT]


def _with_evidence(rows: QuerySet[Assessment]) -> QuerySet[Assessment]:
    return rows.select_related("obligation__agreement", "supersedes").prefetch_related(
        "evidence__reports__article__outlet", "evidence__reports__originator", "attributed_to"
    )


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
