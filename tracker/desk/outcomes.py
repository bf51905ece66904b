"""What a save answers: the new row with everything around it, or the way back to the page."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string

from tracker.models import Assessment, Obligation, Vantage
from tracker.models.standing import board

from . import kept
from .access import Request
from .sheets import AGREEMENT, OBLIGATION, address_of, origin_of, slot_of


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
    context |= {
        "board": standing,
        "row": standing.row(obligation.code),
        "vantage": vantage,
        "q": "",
        "can_assess": True,
        "inline": True,
        "waiting": waiting_for(obligation) if origin not in (AGREEMENT, OBLIGATION) else [],
    }
    response = render(request, f"desk/_after_{origin}.html", context)
    # The row was not in the list (agreed later than today, say): then only the form is closed.
    if origin != OBLIGATION and context["row"] is not None:
        response.headers["HX-Retarget"] = f"#obligation-{obligation.code}"
        response.headers["HX-Reswap"] = "outerHTML"
    return response


def waiting_for(obligation: Obligation) -> list[Assessment]:
    return list(Assessment.objects.waiting().filter(obligation=obligation).order_by("-seen_version"))
