"""What was agreed: the texts clause by clause, who accepted which, and which obligations come from them."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tracker.codebook import PartyRole, RelationKind
from tracker.errors import explains_bad_addresses
from tracker.models import Actor, Agreement, AgreementRelation, Clause, Instrument, Party, Vantage
from tracker.models.disputes import texts_by
from tracker.models.standing import Board, PhaseBoard, Row, Wait, board, fetched

from .agreements import below, find, known_agreements, outside, unrecorded
from .vantage import asked_vantage


@dataclass(frozen=True, slots=True)
class Asked:
    """A condition that a clause lays down: what waits (a phase or an obligation), and for what."""

    wait: Wait
    row: Row | None = None
    part: PhaseBoard | None = None


@dataclass(frozen=True, slots=True)
class Passage:
    """A clause with the obligations and conditions that rest on it."""

    clause: Clause
    anchor: str
    rows: list[Row]
    asked: list[Asked]


@dataclass(frozen=True, slots=True)
class Text:
    """A text with its clauses; ``rows`` are its obligations of which no clause is recorded."""

    instrument: Instrument
    passages: list[Passage]
    rows: list[Row]

    @property
    def anchor(self) -> str:
        return text_anchor(self.instrument)


@dataclass(slots=True)
class Signer:
    """Somebody with a role or a duty in the agreement, or a word on its texts, and which they accepted or dispute."""

    actor: Actor
    roles: list[PartyRole] = field(default_factory=list)
    accepted: list[Instrument] = field(default_factory=list)
    disputed: list[Instrument] = field(default_factory=list)

    @property
    def told(self) -> bool:
        return bool(self.accepted or self.disputed)


@dataclass(frozen=True, slots=True)
class Related:
    """A relation to another agreement. ``ours``: it is said of this one, else of the other."""

    kind: RelationKind
    other: Agreement
    ours: bool


def text_anchor(instrument: Instrument) -> str:
    """The id of a text on the page; it never changes, as the code does not."""
    return f"text-{instrument.code}"


def clause_anchor(instrument: Instrument, clause: Clause) -> str:
    """The id of a clause on the page: the text's code and the clause's own number, which are unique together."""
    return f"clause-{instrument.code}.{'-'.join(clause.number.split())}"


def place_of(instrument: Instrument, clause: Clause | None) -> str:
    """The fragment of an address that leads to a clause, or to its text where none is given."""
    return "#" + quote(clause_anchor(instrument, clause) if clause else text_anchor(instrument))


@require_safe
@explains_bad_addresses
def detail(request: HttpRequest, slug: str) -> HttpResponse:
    vantage = asked_vantage(request)
    agreement = find(slug)
    if not known_agreements(vantage).filter(pk=agreement.pk).exists():
        return unrecorded(request, vantage, agreement)
    now = board(agreement, vantage)
    instruments = texts_by(now)
    shown = {one.pk for one in instruments}
    signers = signers_of(now, instruments)
    context = below(request, now, "text") | {
        "texts": texts(now, instruments),
        "textless": [row for row in now.rows if row.obligation.instrument_id not in shown],
        "signers": [one for one in signers if one.told],
        "silent": [one.actor for one in signers if not one.told],
        "roles": roles(signers),
        "related": related(agreement, vantage) if now.signed else [],
        "outside": outside(agreement) if now.signed else [],
    }
    return render(request, "browse/text.html", context)


def texts(now: Board, instruments: Sequence[Instrument]) -> list[Text]:
    """The texts by date with their clauses in the order of their numbers."""
    clauses: dict[Any, list[Clause]] = {}
    for clause in Clause.objects.known(now.vantage).filter(instrument__in=[one.pk for one in instruments]):
        clauses.setdefault(clause.instrument_id, []).append(clause)
    asked = list(_asked(now))
    found = []
    for instrument in instruments:
        passages = [
            Passage(
                clause,
                clause_anchor(instrument, clause),
                [row for row in now.rows if row.obligation.clause_id == clause.pk],
                [one for one in asked if one.wait.condition.clause_id == clause.pk],
            )
            for clause in sorted(clauses.get(instrument.pk, ()), key=in_order)
        ]
        placed = {passage.clause.pk for passage in passages}
        rows = [
            row
            for row in now.rows
            if row.obligation.instrument_id == instrument.pk and row.obligation.clause_id not in placed
        ]
        found.append(Text(instrument, passages, rows))
    return found


def in_order(clause: Clause) -> list[tuple[int, int, str]]:
    """Sorts clause 10 after clause 9, and "4 (a)" between 4 and 5."""
    parts = re.findall(r"\d+|[^\W\d]+", clause.number.casefold())
    return [(0, int(part), "") if part.isdecimal() else (1, 0, part) for part in parts]


def _asked(now: Board) -> Iterable[Asked]:
    for part in now.phases:
        yield from (Asked(wait, part=part) for wait in part.waits)
    for row in now.rows:
        yield from (Asked(wait, row=row) for wait in row.waits)


def signers_of(now: Board, instruments: Sequence[Instrument]) -> list[Signer]:
    """Those with a role, by role and name, then others who owe something, accepted a text or dispute one, by name.

    A role is part of the agreement, so on days before it was signed nobody has one.
    """
    found: dict[Any, Signer] = {}
    parties = list(Party.objects.known(now.vantage).filter(agreement=now.agreement).select_related("actor"))
    for role in PartyRole if now.signed else ():
        for party in parties:
            if party.role == role:
                found.setdefault(party.actor_id, Signer(party.actor)).roles.append(role)
    others: dict[Any, Signer] = {}
    for instrument in instruments:
        for relation, which in (("accepting", "accepted"), ("disputing", "disputed")):
            for actor in fetched(instrument, relation):
                signer = found.get(actor.pk) or others.setdefault(actor.pk, Signer(actor))
                getattr(signer, which).append(instrument)
    for actor in (actor for row in now.rows for actor in row.obligation.obligors.all()):
        if actor.pk not in found:
            others.setdefault(actor.pk, Signer(actor))
    return [*found.values(), *sorted(others.values(), key=lambda one: one.actor.name.casefold())]


def roles(signers: Iterable[Signer]) -> list[tuple[PartyRole, list[Actor]]]:
    """Who has which role, in the codebook's order."""
    signers = list(signers)
    by_role = [(role, [one.actor for one in signers if role in one.roles]) for role in PartyRole]
    return [(role, actors) for role, actors in by_role if actors]


def related(agreement: Agreement, vantage: Vantage) -> list[Related]:
    """The relations to agreements that had been signed by the day, as far as they were recorded."""
    rows = AgreementRelation.objects.filter(vantage.known()).select_related("agreement", "to")
    rows = rows.filter(Q(agreement=agreement) | Q(to=agreement)).order_by("kind", "id")
    found = []
    for row in rows:
        ours = row.agreement_id == agreement.pk
        other = row.to if ours else row.agreement
        begun = other.signed_on is None or other.signed_on <= vantage.as_of
        if begun and vantage.has_recorded(other.recorded_at):
            found.append(Related(RelationKind(row.kind), other, ours))
    return found
