"""What a save answers: the new row with everything around it, or the way back to the page."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string

from tracker.models import Assessment, Obligation, Vantage
from tracker.models.histories import history
from tracker.models.standing import Board, Row, board

from . import kept
from .access import Request
from .sheets import DESK, OBLIGATION, address_of, origin_of, slot_of


class SeeOther(HttpResponseRedirect):
    """After a POST: look there, with GET."""

    status_code = 303


def saved(request: Request, obligation: Obligation, outcome: str, assessment: Assessment | None = None) -> HttpResponse:
    """Everything that changed on the page where the form was opened, and a message with the next steps.

    ``outcome`` is what happened in a word: saved, corrected, restored, waiting, withdrawn, checked.
    """
    kept.forget(request)
    origin, slot = origin_of(request, obligation), slot_of(request, obligation)
    context: dict[str, Any] = {
        "outcome": outcome,
        "obligation": obligation,
        "assessment": assessment,
        "may_retract": assessment is not None and assessment.may_be_retracted_by(request.user),
        "origin": origin,
        "slot": slot,
    }
    if not request.htmx:
        messages.success(request, render_to_string("desk/_said.html", context))
        return SeeOther(address_of(origin, obligation))
    vantage = Vantage.now()
    standing = board(obligation.agreement, vantage)
    row = standing.row(obligation.code)
    context |= {"board": standing, "row": row, "vantage": vantage, "q": "", "can_assess": True, "inline": True}
    if row is None:
        # Not agreed yet as of today, so on no list: only the form is closed.
        return render(request, "desk/_tell.html", context)
    context |= _around(request, standing, row) if origin == OBLIGATION else {}
    context |= {"waiting": waiting_for(obligation)} if origin == DESK else {}
    response = render(request, f"desk/_after_{origin}.html", context)
    if origin == OBLIGATION:
        # Everything there is put back by its id, the form's slot with it.
        response.headers["HX-Reswap"] = "none"
    else:
        response.headers["HX-Retarget"] = f"#obligation-{obligation.code}"
        response.headers["HX-Reswap"] = "outerHTML"
    return response


def _around(request: Request, standing: Board, row: Row) -> dict[str, Any]:
    """What an obligation's own page shows besides its status."""
    duty = row.obligation
    now = standing.vantage
    page = f"{duty.get_absolute_url()}?as_of={now.as_of}&known_on={now.today}"
    return {
        "history": history(standing, row),
        "may_retract_here": Assessment(obligation=duty).may_be_retracted_by(request.user),
        "known_on": now.today,
        "permanent_url": request.build_absolute_uri(page),
    }


def waiting_for(obligation: Obligation) -> list[Assessment]:
    return list(Assessment.objects.waiting().filter(obligation=obligation).order_by("-seen_version"))
