"""Every version of a row, read from the tables that the database's triggers fill: who, when, and what changed."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import Q

from tracker.codebook import Stage
from tracker.models import Person, Proposal
from tracker.models.versions import versions_with

VERBS = {"insert": "entered", "update": "changed", "delete": "deleted"}


@dataclass(frozen=True, slots=True)
class Change:
    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Version:
    """One write. ``who`` is "" where nobody was signed in: a command, a file, the database itself."""

    at: dt.datetime
    who: str
    reason: str
    verb: str
    what: str
    changes: list[Change]


def versions_of(row: models.Model, parts: Iterable[str], viewer: Any) -> list[Version]:
    """All versions of the row and of the parts that belong to it, newest first.

    ``parts`` are names of reverse foreign keys. Deleted parts are among them: their versions outlive them. The number
    of queries grows with the number of parts' tables, not with the rows. What others draft is left out.
    """
    shown = Proposal.objects.shown_to(viewer).values("pk")
    found: list[tuple[Any, models.Model | None]] = []
    for mine in versions_with(row, parts):
        latest: dict[Any, Any] = {}
        if {"stage", "proposal"} <= {column.name for column in mine.model._meta.fields}:
            mine = mine.exclude(~Q(proposal__in=shown), stage=Stage.DRAFT)
        for event in mine.select_related("pgh_context").order_by("pgh_id"):
            found.append((event, latest.get(event.pgh_obj_id)))
            latest[event.pgh_obj_id] = event
    names = _names(event for event, _ in found)
    versions = [_version(event, before, names) for event, before in found]
    return sorted(versions, key=lambda version: version.at, reverse=True)


def _metadata(event: Any) -> dict[str, Any]:
    return event.pgh_context.metadata if event.pgh_context else {}


def _names(events: Iterable[Any]) -> dict[int, str]:
    ids: set[int] = {user for event in events if (user := _metadata(event).get("user"))}
    people = Person.objects.filter(pk__in=ids).prefetch_related("groups")
    return {person.pk: person.public_name for person in people}


def _version(event: Any, before: Any, names: dict[int, str]) -> Version:
    context = _metadata(event)
    table = event.pgh_tracked_model
    changes = []
    if event.pgh_label == "update" and before is not None:
        for field in table._meta.concrete_fields:
            old, new = (getattr(version, field.attname, None) for version in (before, event))
            if old != new:
                changes.append(Change(field.verbose_name, _shown(field, old), _shown(field, new)))
    label = _label(event, table)
    return Version(
        at=event.pgh_created_at,
        who=context.get("byline") or names.get(context.get("user") or 0, ""),
        reason=context.get("reason", ""),
        verb=VERBS.get(event.pgh_label, event.pgh_label),
        what=f"{table._meta.verbose_name} {label}".strip(),
        changes=changes,
    )


def _label(event: Any, table: Any) -> str:
    """What the version says of itself, without asking for other rows."""
    for name in ("title", "name", "label", "code", "quote", "stance", "effect", "state"):
        value = getattr(event, name, "")
        if value:
            field = table._meta.get_field(name)
            return f"“{_shown(field, value)}”"
    return ""


def _shown(field: Any, value: Any) -> str:
    if value is None or value == "":
        return "-"
    return str(dict(field.flatchoices).get(value, value))
