"""Actors: who they are, what they owe and are owed, what they said and did. One rule for every one of them.

An actor's page includes those who belong to it or speak for it, each under its own name: they count as one voice.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from tracker.codebook import ActorKind, EventRole
from tracker.errors import explains_bad_addresses
from tracker.models import (
    Actor,
    Agreement,
    Condition,
    Declaration,
    Event,
    EventActor,
    Instrument,
    Obligation,
    Observation,
    Party,
    Report,
    Vantage,
)
from tracker.models.merging import told_of
from tracker.models.standing import Board, Row, Wait, boards, fetched

from . import paging
from .absent import not_yet
from .citations import Citation, cited, sentence_case
from .events import Entry, entry, listed, parts
from .frame import frame, steps
from .moved import moved
from .vantage import asked_vantage, query_of

STATEMENTS = 20
EVENTS = 20

SEVERAL = {
    ActorKind.STATE: gettext_lazy("States"),
    ActorKind.GOVERNMENT_BODY: gettext_lazy("Government bodies"),
    ActorKind.ARMED_GROUP: gettext_lazy("Armed groups"),
    ActorKind.INTERGOVERNMENTAL: gettext_lazy("Intergovernmental bodies"),
    ActorKind.COALITION: gettext_lazy("Coalitions"),
    ActorKind.PERSON: gettext_lazy("Persons"),
    ActorKind.OTHER: gettext_lazy("Others"),
}
"""What several of one kind are called, where that is not the kind's own name."""


@dataclass(slots=True)
class Branch:
    """An actor with those who belong to it, in a tree that the page indents."""

    actor: Actor
    below: list["Branch"] = field(default_factory=list)

    @property
    def everybody(self) -> list["Branch"]:
        """All below it, nearest first within each line."""
        return [one for branch in self.below for one in (branch, *branch.everybody)]

    @property
    def kind(self) -> ActorKind:
        return ActorKind(self.actor.kind)

    @property
    def ids(self) -> set[UUID]:
        return {self.actor.pk, *(branch.actor.pk for branch in self.everybody)}


@dataclass(frozen=True, slots=True)
class Kin:
    """The topmost actors of one kind."""

    kind: ActorKind
    branches: list[Branch]

    @property
    def heading(self) -> str:
        return str(SEVERAL.get(self.kind, self.kind.label))


@dataclass(frozen=True, slots=True)
class Duties:
    """What somebody owes, or is owed, under one agreement."""

    agreement: Agreement
    rows: list[Row]


@dataclass(frozen=True, slots=True)
class Said:
    """Something that an article quotes somebody with."""

    report: Report
    citation: Citation


@dataclass(frozen=True, slots=True)
class Insistence:
    """A condition that a party insists on: ``what`` shall not begin before a duty reaches a level."""

    what: str
    url: str
    wait: Wait


def taking_part(vantage: Vantage) -> QuerySet[Actor]:
    """Actors of whom something had happened, been said or been agreed by the day.

    An actor has no day of its own, but a name can tell of later things: an office created next year has no page today.
    """
    me = OuterRef("pk")
    reached = Event.objects.reached(vantage).values("pk")
    agreed = Obligation.objects.agreed(vantage)
    signed = Q(agreement__signed_on__lte=vantage.as_of) | Q(agreement__signed_on__isnull=True)
    existing = Instrument.objects.known(vantage).exclude(date__gt=vantage.as_of)
    told_by_then = Q(article__published_on__lte=vantage.as_of) | Q(article__published_on__isnull=True)
    traces: list[QuerySet[Any]] = [
        EventActor.objects.known(vantage).filter(actor=me, event__in=reached),
        Report.objects.known(vantage).filter(told_by_then, originator=me, event__in=reached),
        Observation.objects.known(vantage).filter(originator=me, event__in=reached, as_of__lte=vantage.as_of),
        Declaration.objects.known(vantage).filter(actor=me, date__lte=vantage.as_of),
        Party.objects.known(vantage).filter(signed, actor=me),
        agreed.filter(obligors=me),
        agreed.filter(beneficiaries=me),
        existing.filter(accepted_by=me),
        existing.filter(disputed_by=me),
    ]
    any_trace = Q()
    for trace in traces:
        any_trace |= Q(Exists(trace))
    return Actor.objects.known(vantage).filter(any_trace)


def grown(actors: Iterable[Actor], shown: set[UUID]) -> list[Branch]:
    """The trees of the actors that are shown, or that somebody shown belongs to; siblings by name."""
    branches = {actor.pk: Branch(actor) for actor in sorted(actors, key=lambda one: (one.name.casefold(), one.slug))}
    alive = set()
    for key in shown & set(branches):
        above: UUID | None = key
        while above is not None and above not in alive:
            alive.add(above)
            above = branches[above].actor.parent_id if above in branches else None
    roots = []
    for key, branch in branches.items():
        if key not in alive:
            continue
        parent = branch.actor.parent_id
        if parent in branches:
            branches[parent].below.append(branch)
        else:
            roots.append(branch)
    return roots


@require_safe
@explains_bad_addresses
def index(request: HttpRequest) -> HttpResponse:
    vantage = asked_vantage(request)
    shown = set(taking_part(vantage).values_list("pk", flat=True))
    roots = grown(Actor.objects.known(vantage), shown)
    kin = [Kin(kind, [branch for branch in roots if branch.actor.kind == kind]) for kind in ActorKind]
    context = frame(request, vantage, "actors") | {"kin": [one for one in kin if one.branches]}
    context |= steps(request, vantage, Event.objects.days_beside(vantage))
    return render(request, "browse/actors.html", context)


@require_safe
@explains_bad_addresses
def detail(request: HttpRequest, slug: str) -> HttpResponse:
    vantage = asked_vantage(request)
    actor = get_object_or_404(Actor.with_merged.select_related("merged_into"), slug=slug)
    if actor.merged_into:
        return moved(request, actor)
    own = _branch(actor, vantage)
    if own is None:
        return _before(request, vantage, actor)
    branch, above = own
    family = branch.ids
    standing = boards(_concerned(family, vantage), vantage)
    said = _said(request, vantage, family)
    events = _events(request, vantage, family)
    q = query_of(vantage)
    took_part = Event.objects.filter(actors__actor__in=family)
    context = frame(request, vantage, "actors") | {
        **steps(request, vantage, took_part.days_beside(vantage)),
        "actor": branch.actor,
        "regrouped": told_of(branch.actor, vantage),
        "kind": ActorKind(actor.kind),
        "above": above,
        "below": branch.everybody,
        "parties": _parties(family, vantage),
        "owes": [_duties(one, family, "obligors") for one in standing],
        "is_owed": [_duties(one, family, "beneficiaries") for one in standing],
        "insists": [one for board in standing for one in _insists(board, family)],
        "declarations": [
            one for board in standing for phase in board.phases for one in phase.declarations if one.actor_id in family
        ],
        "accepts": _instruments(family, vantage, "accepted_by"),
        "disputes": _instruments(family, vantage, "disputed_by"),
        "said": [Said(report, cited(report, vantage, q)) for report in said.rows],
        "said_page": said,
        "events": [_took_part(event, vantage, branch.actor) for event in events.rows],
        "events_page": events,
        "trail": [(_("Actors"), reverse("actors") + q), *((one.name, one.get_absolute_url() + q) for one in above)],
    }
    context["owes"] = [one for one in context["owes"] if one.rows]
    context["is_owed"] = [one for one in context["is_owed"] if one.rows]
    return render(request, "browse/actor.html", context)


def _branch(actor: Actor, vantage: Vantage) -> tuple[Branch, list[Actor]] | None:
    """The actor with all below it, and those above it from the top; None where nothing of it was on record."""
    kin = list(Actor.objects.known(vantage).filter(root=actor.root_id))
    shown = set(taking_part(vantage).filter(root=actor.root_id).values_list("pk", flat=True))
    for root in grown(kin, shown):
        for branch in (root, *root.everybody):
            if branch.actor.pk == actor.pk:
                by_id = {one.pk: one for one in kin}
                above: list[Actor] = []
                parent = actor.parent_id
                while parent in by_id:
                    above.insert(0, by_id[parent])
                    parent = by_id[parent].parent_id
                return branch, above
    return None


def _before(request: HttpRequest, vantage: Vantage, actor: Actor) -> HttpResponse:
    """The answer for a day before anything of the actor. Raises Http404 where nothing public is on record today."""
    if _branch(actor, Vantage(vantage.today, today=vantage.today)) is None:
        raise Http404(_("Nothing public is on record of an actor of this address yet."))
    return not_yet(
        request,
        vantage,
        "actors",
        what=_("nothing of this actor was on record."),
        first_day=vantage.today,
        label=_("Go to what is on record today"),
        known=_branch(actor, Vantage(vantage.today, vantage.known_on, vantage.today)) is not None,
        trail=[(_("Actors"), reverse("actors") + query_of(vantage))],
    )


def _concerned(family: set[UUID], vantage: Vantage) -> QuerySet[Agreement]:
    """The agreements in which somebody of the family has a role, a duty, a right, a condition or a word on a phase."""
    obligations = Obligation.objects.filter(Q(obligors__in=family) | Q(beneficiaries__in=family))
    conditions = Condition.objects.filter(actor__in=family)
    return (
        Agreement.objects.known(vantage)
        .filter(
            Q(pk__in=Party.objects.filter(actor__in=family).values("agreement"))
            | Q(pk__in=obligations.values("agreement"))
            | Q(pk__in=conditions.values("phase__agreement"))
            | Q(pk__in=conditions.values("obligation__agreement"))
            | Q(pk__in=Declaration.objects.filter(actor__in=family).values("phase__agreement"))
        )
        .order_by("title", "slug")
    )


def _parties(family: set[UUID], vantage: Vantage) -> list[Party]:
    signed = Q(agreement__signed_on__lte=vantage.as_of) | Q(agreement__signed_on__isnull=True)
    rows = Party.objects.known(vantage).filter(signed, vantage.known("agreement__recorded_at"), actor__in=family)
    return list(rows.select_related("agreement", "actor").order_by("agreement__title", "agreement__slug", "role", "id"))


def _duties(board: Board, family: set[UUID], side: str) -> Duties:
    """``side`` is ``obligors`` or ``beneficiaries``, both fetched with the board."""
    rows = [row for row in board.rows if family & {one.pk for one in getattr(row.obligation, side).all()}]
    return Duties(board.agreement, rows)


def _insists(board: Board, family: set[UUID]) -> Iterable[Insistence]:
    q = query_of(board.vantage)
    home = board.agreement.get_absolute_url()
    for phase in board.phases:
        for wait in phase.waits:
            if wait.condition.actor_id in family:
                title = _("phase %(number)s, %(title)s") % {"number": phase.phase.ordinal, "title": phase.phase.title}
                yield Insistence(title, f"{home}{q}#phase-{phase.phase.ordinal}", wait)
    for row in board.rows:
        for wait in row.waits:
            if wait.condition.actor_id in family:
                yield Insistence(row.obligation.title, row.obligation.get_absolute_url() + q, wait)


def _instruments(family: set[UUID], vantage: Vantage, how: str) -> list[Instrument]:
    """``how`` is ``accepted_by`` or ``disputed_by``. Texts that existed by the day."""
    rows = Instrument.objects.known(vantage).exclude(date__gt=vantage.as_of)
    rows = rows.filter(vantage.known("agreement__recorded_at"), pk__in=_ids_of(how, family))
    who = Actor.objects.filter(pk__in=family).order_by("name")
    return list(rows.select_related("agreement").prefetch_related(Prefetch(how, who, to_attr="who")))


def _ids_of(how: str, family: set[UUID]) -> QuerySet[Any]:
    return Instrument.objects.filter(**{f"{how}__in": family}).order_by().values("pk")


def _said(request: HttpRequest, vantage: Vantage, family: set[UUID]) -> paging.Page[Report]:
    reports = Report.objects.known(vantage).filter(
        Q(article__published_on__lte=vantage.as_of) | Q(article__published_on__isnull=True),
        originator__in=family,
        event__in=Event.objects.reached(vantage).values("pk"),
    )
    return paging.turned(
        reports.select_related("event", "article__outlet", "article__same_text_as", "originator__root", "relays"),
        request,
        parts(vantage),
        day="article__published_on",
        nullable=True,
        prefix="said_",
        anchor="#said",
        size=STATEMENTS,
    )


def _events(request: HttpRequest, vantage: Vantage, family: set[UUID]) -> paging.Page[Event]:
    cast = EventActor.objects.known(vantage).filter(actor__in=family)
    events = Event.objects.on(vantage).filter(Exists(cast.filter(event=OuterRef("pk"))))
    played = Prefetch("actors", cast.select_related("actor").order_by("id"), to_attr="played")
    return paging.turned(
        listed(events, vantage).prefetch_related(played),
        request,
        parts(vantage),
        prefix="events_",
        anchor="#events",
        size=EVENTS,
    )


def _took_part(event: Event, vantage: Vantage, actor: Actor) -> Entry:
    """The event with the roles in it: those of the actor itself, and those of others under their names."""
    played: list[EventActor] = fetched(event, "played")
    roles = []
    for part in played:
        role = sentence_case(str(EventRole(part.role).label))
        roles.append(role if part.actor_id == actor.pk else f"{role}: {part.actor.name}")
    return entry(event, vantage, roles)
