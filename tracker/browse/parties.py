"""The parties of an agreement: what each owes, is accused of and says, by one rule."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tracker.codebook import EffectKind, Verification
from tracker.errors import explains_bad_addresses
from tracker.models import Event
from tracker.models.parties import Side, parity
from tracker.models.standing import Board, Row, board, fetched

from .agreements import below, find, known_agreements, unrecorded
from .vantage import asked_vantage


@dataclass(frozen=True, slots=True)
class Breach:
    """An event with the obligations that it is said or shown to break."""

    event: Event
    rows: list[Row]


@dataclass(frozen=True, slots=True)
class Degree:
    """The breaches of a party that are verified to one degree."""

    verification: Verification
    breaches: list[Breach]


@dataclass(frozen=True, slots=True)
class Party:
    """A party with its breaches by verification, every degree of them, in the codebook's order."""

    side: Side
    degrees: list[Degree]
    justified: list[Breach]


@require_safe
@explains_bad_addresses
def detail(request: HttpRequest, slug: str) -> HttpResponse:
    vantage = asked_vantage(request)
    agreement = find(slug)
    if not known_agreements(vantage).filter(pk=agreement.pk).exists():
        return unrecorded(request, vantage, agreement)
    now = board(agreement, vantage)
    return render(request, "browse/parties.html", below(request, now, "parties") | about(now))


def about(now: Board) -> dict[str, Any]:
    """What the page says of the day."""
    found = parity(now)
    return {
        "parties": [_party(side, now) for side in found.sides],
        "strangers": [_breach(event, now) for event in found.strangers],
        "verifications": list(Verification),
    }


def _party(side: Side, now: Board) -> Party:
    return Party(
        side,
        [Degree(one, [_breach(event, now) for event in side.breaches[one]]) for one in Verification],
        [_breach(event, now) for event in side.justified],
    )


def _breach(event: Event, now: Board) -> Breach:
    broken = {one.obligation_id for one in fetched(event, "moves") if one.effect == EffectKind.BREACHES}
    return Breach(event, [row for row in now.rows if row.obligation.pk in broken])
