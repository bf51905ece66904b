"""What each party owes, is accused of and says, counted by one rule for all of them.

A party is the topmost actor of somebody who owes something or has a role; whoever belongs to it or speaks for it counts
as it. ``parity`` starts from the board of the day and adds a fixed number of questions to its own.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from tracker.codebook import EffectKind, EventRole, PartyRole, Stance, StatusWord, Timeliness, Verification

from .actors import Actor, root_of
from .agreements import Instrument, Party
from .assessments import Attribution
from .evidence import Event, Report
from .standing import Board, Row, fetched

KEPT = frozenset({StatusWord.FULFILLED, StatusWord.FULFILLED_LATE, StatusWord.KEPT})

NEWEST = 8
"""How many of a party's statements are given; its own page has all of them."""


@dataclass(frozen=True, slots=True)
class Duty:
    """Something that a party owes. ``others``: the parties that owe it with this one.

    ``attributed``: whom among those that owe it the assessment in force names; empty where it names nobody.
    """

    row: Row
    others: list[Actor]
    attributed: list[Actor]

    @property
    def dated(self) -> bool:
        return self.row.obligation.due_on is not None

    @property
    def measured(self) -> bool:
        return bool(self.row.series)

    @property
    def assessed(self) -> bool:
        return self.row.current is not None

    @property
    def kept(self) -> bool:
        return self.row.word in KEPT

    @property
    def overdue(self) -> bool:
        return self.row.timeliness == Timeliness.OVERDUE

    @property
    def done_late(self) -> bool:
        return self.row.timeliness == Timeliness.DONE_LATE


@dataclass(slots=True)
class Side:
    """One party with the rows behind each of its numbers."""

    actor: Actor
    roles: list[PartyRole] = field(default_factory=list)
    duties: list[Duty] = field(default_factory=list)
    breaches: dict[Verification, list[Event]] = field(default_factory=lambda: {one: [] for one in Verification})
    justified: list[Event] = field(default_factory=list)
    """Those of its breaches which it defends as allowed, whatever came of checking them."""

    statements: int = 0
    newest: list[Report] = field(default_factory=list)
    accepts: list[Instrument] = field(default_factory=list)
    disputes: list[Instrument] = field(default_factory=list)

    def _count(self, what: str) -> int:
        return sum(getattr(duty, what) for duty in self.duties)

    @property
    def owed(self) -> int:
        return len(self.duties)

    @property
    def joint(self) -> int:
        return sum(bool(duty.others) for duty in self.duties)

    @property
    def dated(self) -> int:
        return self._count("dated")

    @property
    def measured(self) -> int:
        return self._count("measured")

    @property
    def assessed(self) -> int:
        return self._count("assessed")

    @property
    def kept(self) -> int:
        return self._count("kept")

    @property
    def overdue(self) -> int:
        return self._count("overdue")

    @property
    def done_late(self) -> int:
        return self._count("done_late")

    @property
    def accused(self) -> int:
        """In how many breaches it is the one accused, whatever came of checking them."""
        return sum(len(events) for events in self.breaches.values())


@dataclass(frozen=True, slots=True)
class Parity:
    """The parties, signatories first; ``strangers`` are breaches of which only others are accused."""

    sides: list[Side]
    strangers: list[Event]


def parity(now: Board) -> Parity:
    roles = _roles(now)
    owing = {root_of(actor) for row in now.rows for actor in row.obligation.obligors.all()}
    actors = {one.pk: one for one in Actor.objects.filter(pk__in=owing | set(roles))}
    sides = {key: Side(actor, roles.get(key, [])) for key, actor in actors.items()}
    _duties(now, sides)
    strangers = _breaches(now, sides)
    _texts(now, sides)
    _statements(now, sides)
    return Parity(sorted(sides.values(), key=_order), strangers)


def _order(side: Side) -> tuple[int, str, str]:
    """Those with a role first, in the codebook's order of roles; by name among equals."""
    order = list(PartyRole)
    first = min((order.index(role) for role in side.roles), default=len(order))
    return first, side.actor.name.casefold(), side.actor.slug


def _roles(now: Board) -> dict[UUID, list[PartyRole]]:
    found: dict[UUID, list[PartyRole]] = {}
    if not now.signed:
        return found
    for party in Party.objects.known(now.vantage).filter(agreement=now.agreement).select_related("actor"):
        known = found.setdefault(root_of(party.actor), [])
        if party.role not in known:
            known.append(PartyRole(party.role))
    return found


def _duties(now: Board, sides: dict[UUID, Side]) -> None:
    current = [row.current.pk for row in now.rows if row.current]
    shares: dict[object, list[Actor]] = {}
    for share in Attribution.objects.filter(assessment__in=current).select_related("actor__merged_into").order_by("id"):
        shares.setdefault(share.assessment_id, []).append(share.actor.standing)
    for row in now.rows:
        owing = list(dict.fromkeys(root_of(actor) for actor in row.obligation.obligors.all()))
        named = list(dict.fromkeys(shares.get(row.current.pk, []))) if row.current else []
        for key in owing:
            others = [sides[other].actor for other in owing if other != key]
            sides[key].duties.append(Duty(row, others, named))


def _breaches(now: Board, sides: dict[UUID, Side]) -> list[Event]:
    """Hands each breach once to every party accused in it; returns those in which no party is."""
    strangers = []
    for event in breaches(now):
        accused = {root_of(part.actor) for part in fetched(event, "cast") if part.role == EventRole.ACCUSED}
        justifying = _justifying(event, now)
        for key in accused & set(sides):
            sides[key].breaches[Verification(event.verification)].append(event)
            if key in justifying:
                sides[key].justified.append(event)
        if accused and not accused & set(sides):
            strangers.append(event)
    return strangers


def _justifying(event: Event, now: Board) -> set[UUID]:
    """Who had said in public by the day that the act was done and was allowed."""
    day = now.vantage.as_of
    return {
        root_of(report.originator)
        for report in fetched(event, "told")
        if report.originator and report.stance == Stance.JUSTIFIES
        if report.article.published_on is None or report.article.published_on <= day
    }


def breaches(now: Board) -> list[Event]:
    """The events that are said or shown to break an obligation, newest first, each once."""
    found: dict[Any, Event] = {}
    for row in now.rows:
        for event in row.events:
            effects = fetched(event, "moves")
            if any(one.effect == EffectKind.BREACHES and one.obligation_id == row.obligation.pk for one in effects):
                found[event.pk] = event
    return sorted(found.values(), key=lambda event: (event.date, str(event.pk)), reverse=True)


def _texts(now: Board, sides: dict[UUID, Side]) -> None:
    rows = Instrument.objects.known(now.vantage).filter(agreement=now.agreement).exclude(date__gt=now.vantage.as_of)
    for text in rows.prefetch_related("accepted_by", "disputed_by"):
        for who, kind in ((text.accepted_by, "accepts"), (text.disputed_by, "disputes")):
            for key in {root_of(actor) for actor in who.all()} & set(sides):
                getattr(sides[key], kind).append(text)


def statements(now: Board, roots: Iterable[UUID]) -> QuerySet[Report]:
    """What the parties are quoted with by the day, in their own words; not what they pass on."""
    vantage = now.vantage
    by_then = Q(article__published_on__lte=vantage.as_of) | Q(article__published_on__isnull=True)
    events = Event.objects.reached(vantage).filter(agreement=now.agreement).values("pk")
    reports = Report.objects.known(vantage).filter(by_then, event__in=events, originator__root__in=list(roots))
    return reports.exclude(quote="").exclude(stance=Stance.RELAYS)


def _statements(now: Board, sides: dict[UUID, Side]) -> None:
    said = statements(now, sides)
    counted = said.order_by().values_list("originator__root").annotate(n=Count("pk"))
    for key, number in counted:
        sides[key].statements = number
    newest = Window(
        RowNumber(),
        partition_by="originator__root",
        order_by=[
            F("event__date").desc(),
            F("article__published_on").desc(nulls_last=True),
            F("recorded_at").desc(),
            F("pk").desc(),
        ],
    )
    rows = said.annotate(place=newest).filter(place__lte=NEWEST).order_by("place")
    for report in rows.select_related(
        "event", "article__outlet", "article__same_text_as", "originator__root", "relays"
    ):
        if report.originator:
            sides[root_of(report.originator)].newest.append(report)
