"""What became of a published event since: changes of it and of what belongs to it, out of the versions that are kept.

Readers see those that were explained, which is every change of what a published judgement rests on.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from tracker.codebook import Stage
from tracker.words import apart, strung, written

from .evidence import Effect, Event, EventActor, Observation, Report
from .versions import versions_in

SHOWN: dict[type[models.Model], tuple[str, ...]] = {
    Event: (
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
        "outcome",
        "note",
    ),
    EventActor: ("actor", "role"),
    Effect: ("effect",),
    Report: (
        "article",
        "originator",
        "originator_text",
        "stance",
        "about",
        "relays",
        "credibility",
        "quote",
        "quote_language",
        "translator",
    ),
    Observation: (
        "measure",
        "value",
        "low",
        "high",
        "as_of",
        "period_start",
        "nature",
        "counts",
        "originator",
        "originator_text",
        "article",
        "note",
    ),
}
"""The fields of each table whose former content readers see. Where nothing else changed, nothing did."""

FIELDS: dict[str, Any] = {
    "title": gettext_lazy("title"),
    "summary": gettext_lazy("summary"),
    "date": gettext_lazy("date"),
    "date_end": gettext_lazy("date end"),
    "date_precision": gettext_lazy("date precision"),
    "place": gettext_lazy("place"),
    "latitude": gettext_lazy("latitude"),
    "longitude": gettext_lazy("longitude"),
    "where_precision": gettext_lazy("where precision"),
    "kind": gettext_lazy("kind"),
    "state": gettext_lazy("state"),
    "verification": gettext_lazy("verification"),
    "outcome": gettext_lazy("outcome"),
    "note": gettext_lazy("note"),
    "actor": gettext_lazy("actor"),
    "role": gettext_lazy("role"),
    "effect": gettext_lazy("effect"),
    "article": gettext_lazy("article"),
    "originator": gettext_lazy("who said it"),
    "originator_text": gettext_lazy("who said it, in words"),
    "stance": gettext_lazy("stance"),
    "about": gettext_lazy("about"),
    "relays": gettext_lazy("outlet relayed"),
    "credibility": gettext_lazy("credibility"),
    "quote": gettext_lazy("quote"),
    "quote_language": gettext_lazy("quote language"),
    "translator": gettext_lazy("translator"),
    "measure": gettext_lazy("measure"),
    "value": gettext_lazy("value"),
    "low": gettext_lazy("low"),
    "high": gettext_lazy("high"),
    "as_of": gettext_lazy("as of"),
    "period_start": gettext_lazy("period start"),
    "nature": gettext_lazy("nature"),
    "counts": gettext_lazy("counts"),
}

ROWS: dict[type[models.Model], Any] = {
    EventActor: gettext_lazy("role of an actor"),
    Effect: gettext_lazy("effect on an obligation"),
    Report: gettext_lazy("report"),
    Observation: gettext_lazy("figure"),
}

ADDED, CHANGED, REMOVED = "added", "changed", "removed"

COUNTED: dict[tuple[type[models.Model], str], Any] = {
    (EventActor, ADDED): ngettext_lazy("%(count)s role of an actor added", "%(count)s roles of actors added", "count"),
    (EventActor, REMOVED): ngettext_lazy(
        "%(count)s role of an actor removed", "%(count)s roles of actors removed", "count"
    ),
    (Effect, ADDED): ngettext_lazy(
        "%(count)s effect on an obligation added", "%(count)s effects on obligations added", "count"
    ),
    (Effect, REMOVED): ngettext_lazy(
        "%(count)s effect on an obligation removed", "%(count)s effects on obligations removed", "count"
    ),
    (Report, ADDED): ngettext_lazy("%(count)s report added", "%(count)s reports added", "count"),
    (Report, REMOVED): ngettext_lazy("%(count)s report removed", "%(count)s reports removed", "count"),
    (Observation, ADDED): ngettext_lazy("%(count)s figure added", "%(count)s figures added", "count"),
    (Observation, REMOVED): ngettext_lazy("%(count)s figure removed", "%(count)s figures removed", "count"),
    (Event, ADDED): ngettext_lazy("%(count)s event added", "%(count)s events added", "count"),
    (Event, REMOVED): ngettext_lazy("%(count)s event removed", "%(count)s events removed", "count"),
}


@dataclass(frozen=True, slots=True)
class Touch:
    """One content change of one public row. ``former`` is None where it was added, ``later`` where it was removed.

    ``fields`` are the names of those that changed. Both are rows of the table's versions.
    """

    table: type[models.Model]
    event: UUID
    at: dt.datetime
    context: Any
    reason: str
    byline: str
    former: Any
    later: Any
    fields: tuple[str, ...]

    @property
    def verb(self) -> str:
        return ADDED if self.former is None else REMOVED if self.later is None else CHANGED

    @property
    def row(self) -> Any:
        """The newer of the two versions that there are."""
        return self.later or self.former


def touches(events: Iterable[Any]) -> list[Touch]:
    """All content changes of these events and of what belongs to them since they became public, in order of time.

    ``events`` are primary keys. Five queries.
    """
    ids = list(events)
    since: dict[Any, Any] = {}
    found: list[Touch] = []
    for table in SHOWN:
        key = "pgh_obj" if table is Event else "event"
        rows = versions_in(table).objects.filter(**{f"{key}__in": ids})
        latest: dict[Any, Any] = {}
        for version in rows.select_related("pgh_context").order_by("pgh_id"):
            former = latest.get(version.pgh_obj_id)
            latest[version.pgh_obj_id] = version
            event = version.pgh_obj_id if table is Event else version.event_id
            if table is Event and event not in since and version.stage == Stage.PUBLISHED:
                since[event] = version
            elif event in since and _is_later(version, since[event]):
                touch = _touch(table, event, former, version)
                if touch:
                    found.append(touch)
    return sorted(found, key=lambda touch: touch.at)


def _is_later(version: Any, public: Any) -> bool:
    """Whether it was written after the event became public, and not together with that."""
    context = version.pgh_context_id
    if version.pgh_label == "insert" and context is None:
        # Outside of requests nothing tells what was written together; what an event came with is no change of it.
        return False
    return context is None or bool(context != public.pgh_context_id)


def _touch(table: type[models.Model], event: UUID, former: Any, version: Any) -> Touch | None:
    was = former is not None and _is_public(former)
    gone = version.pgh_label == "delete"
    changed: tuple[str, ...] = ()
    if not _is_public(version) and (gone or not was):
        return None
    if gone:
        former, later = version, None
    elif was:
        later = version
        changed = tuple(name for name in SHOWN[table] if _value(former, name) != _value(version, name))
        if not changed:
            return None
    else:
        former, later = None, version
    metadata = version.pgh_context.metadata if version.pgh_context else {}
    return Touch(
        table=table,
        event=event,
        at=version.pgh_created_at,
        context=version.pgh_context_id,
        reason=str(metadata.get("reason", "")),
        byline=str(metadata.get("byline", "")),
        former=former,
        later=later,
        fields=changed,
    )


def _is_public(version: Any) -> bool:
    return getattr(version, "stage", Stage.PUBLISHED) == Stage.PUBLISHED


def _value(version: Any, name: str) -> Any:
    return getattr(version, f"{name}_id", None) if hasattr(version, f"{name}_id") else getattr(version, name)


# For readers


@dataclass(frozen=True, slots=True)
class FieldEdit:
    """One field as it read before and after, in words: the record's own, or those of the page where ``ours`` is set."""

    label: str
    before: str
    after: str
    ours: bool


@dataclass(slots=True)
class Edit:
    """Everything that was changed at a stroke. ``parts`` are sentences such as "1 report added"."""

    at: dt.datetime
    reason: str
    byline: str = ""
    fields: list[FieldEdit] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)


def edits_of(event: Event) -> list[Edit]:
    """The explained changes of the event and of what belongs to it, newest first. The number of queries is fixed."""
    return sorted(edits_in([event.pk]).values(), key=lambda edit: edit.at, reverse=True)


def edits_in(events: Iterable[Any]) -> dict[tuple[UUID, Any], Edit]:
    """The explained changes of these events (primary keys), each under its event and its context.

    The number of queries is fixed.
    """
    found: dict[tuple[UUID, Any], Edit] = {}
    counts: dict[tuple[UUID, Any, type[models.Model], str], list[Touch]] = defaultdict(list)
    found_touches = [touch for touch in touches(events) if touch.reason]
    names = _names(found_touches)
    for touch in found_touches:
        edit = found.setdefault((touch.event, touch.context), Edit(touch.at, touch.reason, touch.byline))
        if touch.verb == CHANGED:
            edit.fields += [_field_edit(touch, name, names) for name in touch.fields]
        else:
            counts[touch.event, touch.context, touch.table, touch.verb].append(touch)
    for (event, context, table, verb), several in counts.items():
        told = [text for text in (_called(touch, names) for touch in several) if text]
        count = str(COUNTED[table, verb] % {"count": len(several)})
        found[event, context].parts.append(f"{count}: {apart(told)}" if told else count)
    return found


type Place = tuple[dt.datetime, UUID, UUID]
"""An explained change in the order of time: when, in which context, of which event."""


def explained(events: Any, known_before: dt.datetime | None, size: int, after: Place | None = None) -> list[Place]:
    """The newest explained changes of these events (a query of ids), or those that come ``after`` a place. One query.

    ``known_before`` leaves out what was changed then and later.
    """
    parts = []
    for table in SHOWN:
        key = "pgh_obj_id" if table is Event else "event_id"
        rows = versions_in(table).objects.filter(
            **{f"{key}__in": events}, pgh_context__isnull=False, pgh_context__metadata__has_key="reason"
        )
        # A file gives a reason for all that it writes; what an event came with is no change of it.
        came_with = versions_in(Event).objects.filter(
            pgh_label="insert", pgh_obj_id=models.OuterRef(key), pgh_context=models.OuterRef("pgh_context")
        )
        rows = rows.exclude(pgh_context__metadata__reason="").exclude(models.Exists(came_with))
        if known_before is not None:
            rows = rows.filter(pgh_context__created_at__lt=known_before)
        if after is not None:
            at, context, event = after
            then = models.Q(pgh_context__created_at=at)
            rows = rows.filter(
                models.Q(pgh_context__created_at__lt=at)
                | then & models.Q(pgh_context_id__lt=context)
                | then & models.Q(**{"pgh_context_id": context, f"{key}__lt": event})
            )
        named = rows.order_by().annotate(
            at=models.F("pgh_context__created_at"), context=models.F("pgh_context_id"), touched=models.F(key)
        )
        parts.append(named.values_list("at", "context", "touched"))
    return list(parts[0].union(*parts[1:]).order_by("-at", "-context", "-touched")[:size])


def _field_edit(touch: Touch, name: str, names: dict[tuple[type[models.Model], Any], str]) -> FieldEdit:
    column: Any = touch.table._meta.get_field(name)
    label = str(FIELDS[name])
    if touch.table is not Event:
        called = _called(touch, names)
        label = strung([f"{ROWS[touch.table]} ({called})" if called else str(ROWS[touch.table]), label])
    before, after = (_in_words(touch.table, name, _value(row, name), names) for row in (touch.former, touch.later))
    ours = bool(column.flatchoices) or isinstance(column, models.DateField | models.DecimalField)
    return FieldEdit(label[:1].upper() + label[1:], before, after, ours)


def _called(touch: Touch, names: dict[tuple[type[models.Model], Any], str]) -> str:
    """What the row is about, so that readers know which of several it was."""
    row = touch.former or touch.later
    if touch.table is EventActor:
        return strung([_name(EventActor, "actor", row, names), _in_words(EventActor, "role", row.role, names)])
    if touch.table is Effect:
        return strung([_name(Effect, "obligation", row, names), _in_words(Effect, "effect", row.effect, names)])
    if touch.table is Observation:
        return strung([_name(Observation, "measure", row, names), written(row.as_of)])
    if touch.table is Report:
        return _name(Report, "originator", row, names) or row.originator_text or _name(Report, "article", row, names)
    return ""


def _name(table: type[models.Model], name: str, row: Any, names: dict[tuple[type[models.Model], Any], str]) -> str:
    column: Any = table._meta.get_field(name)
    return names.get((column.related_model, getattr(row, column.attname)), "")


def _names(found: Sequence[Touch]) -> dict[tuple[type[models.Model], Any], str]:
    """What the rows are called that versions point to, in one query for each table at most."""
    wanted: dict[type[models.Model], set[Any]] = defaultdict(set)
    for touch in found:
        for name in (*SHOWN[touch.table], *(["obligation"] if touch.table is Effect else [])):
            column: Any = touch.table._meta.get_field(name)
            if column.related_model:
                rows = [row for row in (touch.former, touch.later) if row is not None]
                wanted[column.related_model] |= {getattr(row, column.attname) for row in rows} - {None}
    return {
        (table, pk): str(row)
        for table, pks in wanted.items()
        for pk, row in table._base_manager.in_bulk(pks).items()
        if pks
    }


def _in_words(
    table: type[models.Model], name: str, value: Any, names: dict[tuple[type[models.Model], Any], str]
) -> str:
    if value in (None, ""):
        return _("nothing")
    column: Any = table._meta.get_field(name)
    if column.related_model:
        return names.get((column.related_model, value), _("a record that is gone"))
    if isinstance(value, dt.date):
        return written(value)
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return str(dict(column.flatchoices).get(value, value))
