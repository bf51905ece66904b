"""Review: a set of changes beside what is on record, what was said about it, and every decision on it."""

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tracker.codebook import ProposalStage, Review
from tracker.models import Assessment, Conflict, Proposal, Vantage
from tracker.models.proposals import HandedInAgain
from tracker.models.reviewing import contents

from .access import Request, at_the_desk, require
from .loading import NO_RESEARCHER
from .outcomes import SeeOther
from .sheets import Since

PARTS = {
    "event": "events",
    "effect": "effects",
    "report": "reports",
    "figure": "observations",
    "status": "assessments",
}
"""The kinds of parts as they stand in addresses, each with where a set keeps them."""


def find(request: Request, pk: uuid.UUID) -> Proposal:
    """A set that the person may see; drafts of others are not there for them."""
    require(request.user, "assess", NO_RESEARCHER)
    rows = Proposal.objects.shown_to(request.user).select_related("agreement", "article__outlet", "author")
    return get_object_or_404(rows, pk=pk)


@require_safe
@at_the_desk()
def show(request: Request, pk: uuid.UUID) -> HttpResponse:
    return shown(request, find(request, pk))


def shown(request: Request, proposal: Proposal, status: int = 200, **outcome: Any) -> HttpResponse:
    """The page. ``outcome``: problems (sentences), conflict (a Conflict), again (handed in again), comment (typed)."""
    person = request.user
    own = proposal.author_id == person.pk
    waiting = proposal.stage == ProposalStage.IN_REVIEW
    decides = waiting and not own and person.has_perm("tracker.publish")
    context = {
        "section": "desk",
        "proposal": proposal,
        "agreement": proposal.agreement,
        "contents": contents(proposal),
        "remarks": list(proposal.remarks.all()),
        "own": own,
        "waiting": waiting,
        "decides": decides,
        "writes": own and proposal.is_open,
        "reviewed": proposal.agreement.review != Review.NONE,
        "dropped": proposal.stage == ProposalStage.DROPPED,
        "now": Vantage.now(),
        "seen": proposal.handed_in_at.isoformat() if proposal.handed_in_at else "",
        **outcome,
    }
    return render(request, "desk/proposal.html", context, status=status)


def decided(request: Request, proposal: Proposal, decide: Callable[[], Any], done: str, to: str) -> HttpResponse:
    """Carries a decision out; where that fails, the page again, with what was typed and why."""
    comment = request.POST.get("comment", "")
    try:
        decide()
    except Conflict as conflict:
        proposal.refresh_from_db()
        theirs = _since(proposal, conflict)
        return shown(request, proposal, 409, conflict=conflict, theirs=theirs, comment=comment)
    except HandedInAgain:
        proposal.refresh_from_db()
        return shown(request, proposal, 409, again=True, comment=comment)
    except ValidationError as error:
        proposal.refresh_from_db()
        return shown(request, proposal, 422, problems=error.messages, comment=comment)
    messages.success(request, done)
    return SeeOther(to)


@require_POST
@at_the_desk()
def publish(request: Request, pk: uuid.UUID) -> HttpResponse:
    proposal = find(request, pk)
    seen = _moment(request.POST.get("seen", ""))
    done = f"Published: {proposal}."
    return decided(request, proposal, lambda: proposal.publish(request.user, seen=seen), done, "/desk/")


@require_POST
@at_the_desk()
def hand_in(request: Request, pk: uuid.UUID) -> HttpResponse:
    proposal = find(request, pk)
    public = proposal.agreement.review == Review.NONE
    done = f"Published: {proposal}." if public else f"Handed in: {proposal}. Another person publishes it."
    return decided(request, proposal, lambda: proposal.hand_in(request.user), done, proposal.get_absolute_url())


@require_POST
@at_the_desk()
def send_back(request: Request, pk: uuid.UUID) -> HttpResponse:
    proposal = find(request, pk)
    comment = request.POST.get("comment", "")
    done = f"Sent back to {proposal.byline}: {proposal}."
    return decided(request, proposal, lambda: proposal.send_back(request.user, comment), done, "/desk/")


@require_POST
@at_the_desk()
def take_back(request: Request, pk: uuid.UUID) -> HttpResponse:
    proposal = find(request, pk)
    done = "Taken back: it is a draft again that only you see."
    return decided(request, proposal, lambda: proposal.take_back(request.user), done, proposal.get_absolute_url())


@require_POST
@at_the_desk()
def remark(request: Request, pk: uuid.UUID) -> HttpResponse:
    proposal = find(request, pk)
    comment = request.POST.get("comment", "")
    to = f"{proposal.get_absolute_url()}#remarks"
    return decided(request, proposal, lambda: proposal.remark(request.user, comment), "Remark added.", to)


@require_http_methods(["GET", "HEAD", "POST"])
@at_the_desk()
def drop(request: Request, pk: uuid.UUID) -> HttpResponse:
    """GET asks once more, because what is dropped is gone."""
    proposal = find(request, pk)
    if request.method != "POST":
        return _asked(request, proposal, f"Drop all of it: {proposal}")
    done = f"Dropped: {proposal}. Nothing of it was public."
    return decided(request, proposal, lambda: proposal.drop(request.user), done, "/desk/")


@require_http_methods(["GET", "HEAD", "POST"])
@at_the_desk()
def remove(request: Request, pk: uuid.UUID, kind: str, part: str) -> HttpResponse:
    """One part is taken out of a set that is still open; GET asks once more."""
    proposal = find(request, pk)
    row = _part(proposal, kind, part)
    if request.method != "POST":
        return _asked(request, proposal, f"Remove the {kind} “{_name(row)}”", kind=kind)
    done = f"Removed: {_name(row)}."
    return decided(request, proposal, lambda: proposal.remove(row, request.user), done, proposal.get_absolute_url())


def _since(proposal: Proposal, conflict: Conflict) -> list[Assessment]:
    """What others recorded or proposed about the obligation after the set was written; else what stands now."""
    seen = [one.seen_version for one in proposal.assessments.filter(obligation=conflict.obligation)]
    newer = Since.version(conflict.obligation, min(seen, default=0)).assessments
    others = [one for one in newer if one.proposal_id != proposal.pk]
    return others or ([conflict.current] if conflict.current else [])


def _asked(request: Request, proposal: Proposal, question: str, **context: Any) -> HttpResponse:
    context |= {"section": "desk", "proposal": proposal, "agreement": proposal.agreement, "question": question}
    return render(request, "desk/proposal_remove.html", context)


def _part(proposal: Proposal, kind: str, part: str) -> Any:
    if kind not in PARTS:
        raise Http404("There is no such kind of part.")
    try:
        row = getattr(proposal, PARTS[kind]).filter(pk=part).first()
    except (ValueError, ValidationError):
        row = None
    if row is None:
        raise Http404("This is no part of the proposal any more.")
    return row


def _name(row: Any) -> str:
    return str(getattr(row, "title", "") or getattr(row, "quote", "") or row)


def _moment(value: str) -> dt.datetime | None:
    try:
        moment = dt.datetime.fromisoformat(value)
    except ValueError:
        return None
    return moment if moment.tzinfo else None
