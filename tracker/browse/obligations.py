"""One obligation: what was promised, where it stands and why, what the parties say, who counts what."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tracker.codebook import EffectKind
from tracker.errors import explains_bad_addresses
from tracker.models import Actor, Agreement, Assessment, Check, Event, Instrument, Obligation, Vantage
from tracker.models.histories import history
from tracker.models.standing import Board, PhaseBoard, Row, Voice, Wait, board, fetched

from .absent import not_yet
from .agreements import find, instruments, may_assess, unrecorded
from .frame import frame, step, trail_to
from .vantage import asked_vantage, query_of

SHOWN_EVENTS = 40
"""How many events the page lists; the agreement's events page has all of them."""

SHOWN_CHECKS = 5


@dataclass(frozen=True, slots=True)
class Position:
    """What one side has said of the obligation, newest first."""

    side: Actor
    voices: list[Voice]


@dataclass(frozen=True, slots=True)
class Bearing:
    """An event and what it means for the obligation."""

    event: Event
    effect: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits for the obligation: another one, or a whole phase."""

    wait: Wait
    row: Row | None = None
    part: PhaseBoard | None = None


@require_safe
@explains_bad_addresses
def detail(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    vantage = asked_vantage(request)
    agreement = find(slug)
    duty = Obligation.objects.filter(agreement=agreement, code=code).select_related("phase").first()
    if duty is None:
        raise Http404(_("This agreement has no obligation with this address."))
    if not vantage.has_recorded(agreement.recorded_at):
        return unrecorded(request, vantage, agreement, title=agreement.title)
    now = board(agreement, vantage)
    row = now.row(code)
    if row is None:
        return _not_agreed(request, vantage, agreement, duty)
    context = frame(request, vantage, "agreements") | about(request, now, row)
    return render(request, "browse/obligation.html", context)


def about(request: HttpRequest, now: Board, row: Row) -> dict[str, Any]:
    """Everything that the page says of the obligation."""
    vantage, duty = now.vantage, row.obligation
    checks = Check.objects.known(vantage).filter(obligation=duty, date__lte=vantage.as_of).order_by("-date", "-id")
    texts: dict[object, Instrument] = {text.pk: text for text in instruments(now.agreement, vantage)}
    bearing = bearings(row)
    return {
        "board": now,
        "agreement": now.agreement,
        "row": row,
        "part": next(part for part in now.phases if part.phase.pk == duty.phase_id),
        "text": texts.get(duty.instrument_id),
        "history": history(now, row),
        "positions": positions(row),
        "waited_by": waited_by(now, row),
        "bearings": bearing[:SHOWN_EVENTS],
        "more_events": max(len(bearing) - SHOWN_EVENTS, 0),
        "checks": list(checks[:SHOWN_CHECKS]),
        "previous": step(request, vantage, vantage.before(row.change_days)),
        "next": step(request, vantage, vantage.after(row.change_days)),
        "permanent_url": request.build_absolute_uri(f"{request.path}{pinned(vantage)}"),
        "can_assess": may_assess(request, vantage),
        "may_retract": may_assess(request, vantage) and Assessment(obligation=duty).may_be_retracted_by(request.user),
        "trail": trail_to(now.agreement, query_of(vantage)),
    }


def pinned(vantage: Vantage) -> str:
    """The query string with both days written out, so that a quotation goes on showing what was quoted."""
    return f"?as_of={vantage.as_of}&known_on={vantage.known_on or vantage.today}"


def positions(row: Row) -> list[Position]:
    """The sides in the order in which they spoke last."""
    found: dict[object, Position] = {}
    for voice in row.words:
        found.setdefault(voice.side.pk, Position(voice.side, [])).voices.append(voice)
    return list(found.values())


def bearings(row: Row) -> list[Bearing]:
    return [
        Bearing(event, str(EffectKind(effect.effect).label))
        for event in row.events
        for effect in fetched(event, "moves")
        if effect.obligation_id == row.obligation.pk
    ]


def waited_by(now: Board, row: Row) -> list[Waiting]:
    duties = [Waiting(wait, row=one) for one in now.rows for wait in one.waits if wait.row is row]
    return duties + [Waiting(wait, part=part) for part in now.phases for wait in part.waits if wait.row is row]


def _not_agreed(request: HttpRequest, vantage: Vantage, agreement: Agreement, duty: Obligation) -> HttpResponse:
    """An obligation before it was agreed, or before it was recorded: a page without any of its words."""
    known = vantage.has_recorded(duty.recorded_at)
    what = _("this obligation had not been agreed.") if known else _("this obligation had not been recorded here.")
    q = query_of(vantage)
    return not_yet(
        request,
        vantage,
        "agreements",
        what=what,
        first_day=vantage.today,
        label=_("The same page as it stands today"),
        known=False,
        trail=[(_("Agreements"), reverse("agreements") + q), (agreement.title, f"{agreement.get_absolute_url()}{q}")],
    )
