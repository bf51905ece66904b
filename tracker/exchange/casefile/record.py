"""Whether a file fits what the database holds: shared actors, ids, other agreements, what earlier loads left."""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from django.db.models import Model

from tracker import models as tables
from tracker.codebook import Basis

from . import schema
from .check import Understood, circles, parts
from .heirs import Heirs
from .heirs import parents as parents_of
from .problems import Problem
from .text import line

ID_HOLDERS: dict[type[schema.Part], type[Model]] = {
    schema.Agreement: tables.Agreement,
    schema.Instrument: tables.Instrument,
    schema.Clause: tables.Clause,
    schema.Actor: tables.Actor,
    schema.Phase: tables.Phase,
    schema.Obligation: tables.Obligation,
    schema.Measure: tables.Measure,
    schema.Outlet: tables.Outlet,
    schema.Source: tables.Article,
    schema.Event: tables.Event,
    schema.Report: tables.Report,
    schema.Observation: tables.Observation,
    schema.Assessment: tables.Assessment,
}
"""Which table's public id a part may give."""

ACTOR_FIELDS = ("name", "kind", "parent")
"""What files that name the same actor must agree on. Other spellings are collected."""


@dataclass(slots=True)
class Described:
    """An actor as far as it is described, and by whom."""

    fields: dict[str, Any]
    by: str
    ours: bool = False
    """Whether only the agreement at hand uses it, so that its file may change it."""


@dataclass(slots=True)
class Others:
    """What the files before this one, in the same load, bring along."""

    slugs: dict[str, str] = field(default_factory=dict)
    """Agreement -> its file."""
    actors: dict[str, Described] = field(default_factory=dict)

    def add(self, case: schema.CaseFile, file: str) -> None:
        self.slugs.setdefault(case.agreement.slug, file)
        for actor in case.actors:
            told = {name: getattr(actor, name) for name in ACTOR_FIELDS if actor.gives(name)}
            known = self.actors.setdefault(actor.ref, Described({}, file))
            known.fields = told | known.fields


def check_record(
    understood: Understood,
    agreement: tables.Agreement | None,
    others: Others,
    slugs: set[str],
    heirs: Heirs,
    problems: list[Problem],
) -> None:
    """Adds to ``problems`` where the file contradicts the database or a file before it.

    ``agreement`` is the one that the file is about, where it is there already; ``slugs`` are those of all files.
    """
    case = understood.case

    def say(part: schema.Part, key: str, message: str) -> None:
        problems.append(Problem(part.row.place_of(key), message, part.row.line_of(key)))

    if case.agreement.slug in others.slugs:
        say(case.agreement, "slug", f"{others.slugs[case.agreement.slug]} holds this agreement too")
    wanted = {relation.to for relation in case.agreement.relations} - slugs
    found = set(tables.Agreement.objects.filter(slug__in=wanted).values_list("slug", flat=True))
    for relation in case.agreement.relations:
        if relation.to in wanted - found and relation.to != case.agreement.slug:
            say(relation, "to", f'no agreement "{relation.to}" here; load its file before this one or together with it')
    _check_actors(case, agreement, others, heirs, say)
    if agreement:
        _check_waiting(case, agreement, say)
    _check_ids(case, agreement, say)


def _check_actors(
    case: schema.CaseFile, agreement: tables.Agreement | None, others: Others, heirs: Heirs, say: Any
) -> None:
    refs = [actor.ref for actor in case.actors]
    rows = {row.slug: row for row in tables.Actor.objects.filter(slug__in=refs).select_related("parent")}
    above = parents_of(case, heirs)
    differing = []
    for actor in case.actors:
        if actor.ref in heirs.actors:
            continue
        row = rows.get(actor.ref)
        known = others.actors.get(actor.ref)
        # A parent that was merged since is the same parent by another name, and no actor is its own.
        renamed = actor.parent in heirs.actors and row is not None and row.parent is not None
        renamed = renamed and heirs.actor(actor.parent or "") == (row.parent.slug if row and row.parent else "")
        settled = actor.ref in heirs.actors.values() and actor.ref not in above
        if row:
            fields = {"name": row.name, "kind": row.kind, "parent": row.parent.slug if row.parent else None}
            if known:
                known = Described(fields | known.fields, known.by)
            else:
                known = Described(fields, "the record", ours=agreement is not None)
        differing += [
            (actor, row, name, known)
            for name in ACTOR_FIELDS
            if not (name == "parent" and (renamed or settled))
            if known and actor.gives(name) and known.fields.get(name, getattr(actor, name)) != getattr(actor, name)
        ]
    used = used_by_others(agreement) if any(known.ours for *_, known in differing) else set()
    for actor, row, name, known in differing:
        if known.ours and row and row.pk not in used:
            continue
        told = f'"{known.fields[name]}"' if known.fields[name] else "none"
        message = f'{known.by} has {told} as the {name} of "{actor.ref}"; files that name the same actor must agree'
        say(actor, name, message)
    # Parents in the file lie on top of those in the record.
    parents = dict(tables.Actor.objects.exclude(parent=None).values_list("slug", "parent__slug"))
    given = {actor.ref: actor for actor in case.actors if above.get(actor.ref)}
    merged = parents | {ref: parent for ref, parent in above.items() if parent}
    within = circles({ref: [parent] for ref, parent in above.items() if parent})
    for circle in circles({ref: [parent] for ref, parent in merged.items() if parent}):
        first = next((ref for ref in circle if ref in given), None)
        if first and not any(set(circle) & set(other) for other in within):
            at = circle.index(first)
            names = [*circle[at:], *circle[:at], first]
            say(given[first], "parent", f"the parents form a circle with those of the record: {' -> '.join(names)}")


def used_by_others(agreement: tables.Agreement | None) -> set[uuid.UUID]:
    """The actors on whom another agreement relies, themselves or as somebody's parent."""

    def users(model: type[Model], path: str, actor: str) -> Iterable[uuid.UUID]:
        rows = model._default_manager.all()
        if agreement:
            rows = rows.exclude(**{path: agreement})
        return rows.order_by().exclude(**{actor: None}).values_list(actor, flat=True).distinct()

    direct = set(
        chain(
            users(tables.Party, "agreement", "actor"),
            users(tables.Obligation, "agreement", "obligors"),
            users(tables.Obligation, "agreement", "beneficiaries"),
            users(tables.Instrument, "agreement", "accepted_by"),
            users(tables.Instrument, "agreement", "disputed_by"),
            users(tables.Condition, "requires__agreement", "actor"),
            users(tables.Declaration, "phase__agreement", "actor"),
            users(tables.EventActor, "event__agreement", "actor"),
            users(tables.Report, "event__agreement", "originator"),
            users(tables.Observation, "event__agreement", "originator"),
            users(tables.Attribution, "assessment__obligation__agreement", "actor"),
            users(tables.Attribution, "assessment__obligation__agreement", "actor__merged_into"),
        )
    )
    parents: Mapping[uuid.UUID, uuid.UUID | None] = dict(tables.Actor.objects.values_list("pk", "parent"))
    used = set(direct)
    for actor in direct:
        parent = parents.get(actor)
        while parent and parent not in used:
            used.add(parent)
            parent = parents.get(parent)
    return used


def _check_waiting(case: schema.CaseFile, agreement: tables.Agreement, say: Any) -> None:
    """Conditions by the text form no circle together with those that are on record and not in the file."""
    edges: dict[str, set[str]] = defaultdict(set)
    rows = tables.Condition.objects.filter(requires__agreement=agreement, basis=Basis.TEXT)
    for row in rows.select_related("phase", "obligation", "requires"):
        waiting = f"phase {row.phase.ordinal}" if row.phase else row.obligation.code if row.obligation else ""
        edges[waiting].add(row.requires.code)
    for code, ordinal in tables.Obligation.objects.filter(agreement=agreement).values_list("code", "phase__ordinal"):
        edges[code].add(f"phase {ordinal}")
    own: dict[str, list[str]] = {}
    places: dict[str, schema.Part] = {}
    for phase in case.phases:
        name = f"phase {phase.ordinal}"
        own[name], places[name] = _by_text(phase.conditions), phase
    for duty in case.obligations:
        own[duty.code] = [*_by_text(duty.conditions), f"phase {duty.phase}"]
        places[duty.code] = duty
        # It may move to another phase.
        edges[duty.code] = {node for node in edges[duty.code] if not node.startswith("phase ")}
    for name, waits in own.items():
        edges[name] |= set(waits)
    within = circles(own)
    for circle in circles({node: sorted(waits) for node, waits in edges.items()}):
        first = next((node for node in circle if node in places), None)
        if first and not any(set(circle) & set(other) for other in within):
            at = circle.index(first)
            names = [*circle[at:], *circle[:at], first]
            say(places[first], "conditions", f"with those on record, they form a circle: {' -> '.join(names)}")


def _by_text(conditions: Iterable[schema.Condition]) -> list[str]:
    return [condition.obligation for condition in conditions if condition.basis == Basis.TEXT]


def _check_ids(case: schema.CaseFile, agreement: tables.Agreement | None, say: Any) -> None:
    """A given id names a new row, or the same one; never another row's."""
    given: dict[type[Model], list[schema.Part]] = defaultdict(list)
    for part in parts(case):
        if getattr(part, "id", None) is not None:
            given[ID_HOLDERS[type(part)]].append(part)
    # A source keeps its article when its address is mended.
    own = set(tables.Source.objects.filter(agreement=agreement).values_list("ref", "article")) if agreement else set()
    for table, holders in given.items():
        paths = OWN_NAME[table]
        ids = [getattr(part, "id", None) for part in holders]
        names = {row[0]: row[1:] for row in table._base_manager.filter(pk__in=ids).values_list("pk", *paths)}
        for part in holders:
            name = names.get(getattr(part, "id", None))
            if isinstance(part, schema.Source) and (part.ref, part.id) in own:
                continue
            if name is not None and name != _own_name(part, case.agreement.slug, name):
                say(part, "id", "another record has this id already")


OWN_NAME: dict[type[Model], tuple[str, ...]] = {
    tables.Agreement: ("slug",),
    tables.Instrument: ("agreement__slug", "code"),
    tables.Clause: ("instrument__agreement__slug", "instrument__code", "number"),
    tables.Actor: ("slug",),
    tables.Phase: ("agreement__slug", "ordinal"),
    tables.Obligation: ("agreement__slug", "code"),
    tables.Measure: ("obligation__agreement__slug", "code"),
    tables.Outlet: ("name",),
    tables.Article: ("url",),
    tables.Event: ("agreement__slug", "ref"),
    tables.Report: ("event__agreement__slug",),
    tables.Observation: ("event__agreement__slug",),
    tables.Assessment: ("obligation__agreement__slug",),
}
"""By what a row with a given id is recognised as the one the file means."""


def _own_name(part: schema.Part, slug: str, held: tuple[Any, ...]) -> tuple[Any, ...]:
    match part:
        case schema.Agreement():
            return (slug,)
        case schema.Instrument() | schema.Obligation() | schema.Measure():
            return (slug, part.code)
        case schema.Clause():
            return (slug, part.instrument, part.number)
        case schema.Actor():
            return (part.ref,)
        case schema.Phase():
            return (slug, part.ordinal)
        case schema.Outlet():
            return (part.name if line(held[0]) == part.name else "",)
        case schema.Source():
            return (part.url,)
        case schema.Event():
            return (slug, part.ref)
        case _:
            return (slug,)
