"""Changes of an event that a published judgement rests on, with the reason that each of them needs."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.db import models

from tracker.rubric.dates import written

from .evidence import Effect, Event, Observation, Report

SHOWN = (
    "title",
    "summary",
    "date",
    "date_end",
    "date_precision",
    "place",
    "latitude",
    "longitude",
    "where_precision",
    "kind",
    "state",
    "verification",
    "note",
)
"""The fields of an event whose former content readers see."""

PARTS: tuple[tuple[type[models.Model], str, str], ...] = (
    (Report, "report", "reports"),
    (Effect, "effect on an obligation", "effects on obligations"),
    (Observation, "figure", "figures"),
)
VERBS = {"insert": "added", "update": "changed", "delete": "removed"}


@dataclass(frozen=True, slots=True)
class FieldEdit:
    """One field as it read before and after, in words."""

    label: str
    before: str
    after: str


@dataclass(slots=True)
class Edit:
    """Everything that was changed at a stroke. ``parts`` are sentences such as "1 report added"."""

    at: dt.datetime
    reason: str
    fields: list[FieldEdit] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)


def edits_of(event: Event) -> list[Edit]:
    """The explained changes of the event and of what belongs to it, newest first. Five queries at most."""
    found: dict[Any, Edit] = {}
    former: Any = None
    created_in: Any = None
    # All versions, because what a field read before is in the version before.
    for version in _versions(Event).filter(pgh_obj=event.pk).select_related("pgh_context").order_by("pgh_id"):
        reason = _reason(version)
        if former is None:
            created_in = version.pgh_context_id
        if reason and former is not None and version.pgh_label == "update":
            edit = found.setdefault(version.pgh_context_id, Edit(version.pgh_created_at, reason))
            edit.fields += _differences(former, version)
        former = version
    for table, one, several in PARTS:
        rows = _versions(table).filter(event=event.pk, pgh_context__metadata__has_key="reason")
        # What came together with the event is no change of it.
        rows = rows.exclude(pgh_context=created_in)
        counts: dict[tuple[Any, str], set[Any]] = defaultdict(set)
        for version in rows.select_related("pgh_context").order_by("pgh_id"):
            found.setdefault(version.pgh_context_id, Edit(version.pgh_created_at, _reason(version)))
            counts[version.pgh_context_id, VERBS[version.pgh_label]].add(version.pgh_obj_id)
        for (context, verb), ids in counts.items():
            found[context].parts.append(f"{len(ids)} {one if len(ids) == 1 else several} {verb}")
    return sorted(found.values(), key=lambda edit: edit.at, reverse=True)


def _versions(table: type[models.Model]) -> Any:
    model: Any = table._meta.get_field("versions").related_model
    return model.objects


def _reason(version: Any) -> str:
    context = version.pgh_context
    return str(context.metadata.get("reason", "")) if context else ""


def _differences(before: Any, after: Any) -> list[FieldEdit]:
    edits = []
    for name in SHOWN:
        old, new = getattr(before, name), getattr(after, name)
        if old != new:
            column: Any = Event._meta.get_field(name)
            edits.append(FieldEdit(str(column.verbose_name).capitalize(), _in_words(name, old), _in_words(name, new)))
    return edits


def _in_words(name: str, value: Any) -> str:
    if value in (None, ""):
        return "nothing"
    if isinstance(value, dt.date):
        return written(value)
    column: Any = Event._meta.get_field(name)
    choices = dict(column.flatchoices)
    return str(choices.get(value, value))
