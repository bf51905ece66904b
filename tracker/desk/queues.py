"""The lists of what waits, one page each."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tracker.codebook import CONTESTING
from tracker.models.queues import QUEUES, Queue, queues_for

from .access import Request, at_the_desk, require
from .loading import NO_RESEARCHER

SHOWN = 100


@require_safe
@at_the_desk()
def queue(request: Request, key: str) -> HttpResponse:
    """What waits in one queue, the oldest first."""
    require(request.user, "assess", NO_RESEARCHER)
    found = _named(key)
    if found not in queues_for(request.user):
        require(request.user, found.right, "This list is for people with another role.")
    rows = list(found.rows(request.user)[: SHOWN + 1])
    context: dict[str, Any] = {
        "section": "desk",
        "queue": found,
        "rows": rows[:SHOWN],
        "more": len(rows) > SHOWN,
        "template": f"desk/queues/_{found.about}.html",
        "contesting": [stance.value for stance in CONTESTING],
    }
    return render(request, "desk/queues/queue.html", context)


def _named(key: str) -> Queue:
    for queue in QUEUES:
        if queue.key == key:
            return queue
    raise Http404("There is no such list.")
