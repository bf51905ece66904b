"""Merging two records of one thing, splitting one that was two, and taking either back.

The merged record stays in its table, with ``merged_into`` set, so that its address leads to its heir for ever. What
hung on it is moved row by row; which rows those are is read from the models, so that a table that comes later is not
forgotten. What stays behind stays for a reason that ``STAYS`` and ``FROZEN`` give; pages read it as the heir's.
A ``Regrouping`` keeps what moved and what the two said before, so that everything can be put back exactly.
"""

import datetime as dt
import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pghistory
from django.apps import apps
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, models, transaction
from django.db.models import Q
from pghistory.models import Event as Version

from tracker.codebook import Stage
from tracker.words import written

from .actors import Actor
from .anchors import refind
from .base import Overtaken, Vantage
from .evidence import Article, Event, Outlet, withdrawn
from .people import Person
from .regroupings import Regrouping

type Mergeable = Actor | Outlet | Article | Event

TABLES: dict[str, Any] = {"actor": Actor, "outlet": Outlet, "article": Article, "event": Event}

STAYS = {
    ("actor", "root"): "the database derives it from the parents",
    ("withdrawal", "event"): "a withdrawal is never changed, and what is withdrawn now is not merged",
    ("item", "event"): "what was coded is that very record, and the answers are about it",
    ("link", "article"): "it says whether that very address answers",
}
"""Relations, by table and field, whose rows stay with the merged record, and why."""

DERIVED = ("actor", "root")

FROZEN = {
    ("evidence", "event"): (
        Q(assessment__stage=Stage.PUBLISHED),
        "the evidence of a published status is never changed; it is read as the heir's",
    ),
    ("attribution", "actor"): (
        Q(assessment__stage=Stage.PUBLISHED),
        "whom a published status is about is never changed; it is read as the heir",
    ),
}
"""Relations of which some rows stay: which ones, and why."""

KEPT_NAMES = {"source"}
"""Tables whose rows stay where the heir has one already: they are names by which files go on calling the record."""

FILLED: dict[str, tuple[str, ...]] = {
    "actor": (),
    "outlet": ("domain", "country", "interest"),
    "article": (
        *("authors", "published_on", "date_basis", "accessed_on", "archive_url", "copy_of", "kept_sha256"),
        *("reliability", "same_text_as_id"),
    ),
    "event": ("summary", "place", "verification", "note", "outcome_id"),
}
"""Fields that the heir takes over where its own are empty."""

WORDS = {
    ("actor", "parent"): "actors that belong to it",
    ("actor", "merged_into"): "records merged into it before",
    ("instrument_accepted_by", "actor"): "texts it accepts",
    ("instrument_disputed_by", "actor"): "texts it disputes",
    ("party", "actor"): "roles in agreements",
    ("obligation_obligors", "actor"): "obligations it owes",
    ("obligation_beneficiaries", "actor"): "obligations owed to it",
    ("declaration", "actor"): "words of its on phases",
    ("condition", "actor"): "conditions it insists on",
    ("eventactor", "actor"): "parts in events",
    ("report", "originator"): "reports of what it says",
    ("observation", "originator"): "figures it gives",
    ("attribution", "actor"): "statuses that name it",
    ("outlet", "merged_into"): "records merged into it before",
    ("report", "relays"): "reports that pass it on",
    ("report", "article"): "reports it prints",
    ("report", "event"): "reports of it",
    ("observation", "article"): "figures it prints",
    ("observation", "event"): "figures that come with it",
    ("article", "same_text_as"): "reprints of its text",
    ("article", "merged_into"): "records merged into it before",
    ("declaration", "article"): "words on phases it prints",
    ("source", "article"): "names in case files",
    ("copy", "article"): "kept copies",
    ("candidate", "article"): "announcements in feeds",
    ("look", "article"): "looks at a bulletin",
    ("proposal", "article"): "sets of changes",
    ("event", "outcome"): "events it is the outcome of",
    ("event", "merged_into"): "records merged into it before",
    ("eventactor", "event"): "parts of actors in it",
    ("effect", "event"): "effects on obligations",
    ("evidence", "event"): "statuses that rest on it",
    ("withdrawal", "event"): "withdrawals in the past",
    ("item", "event"): "answers in coding rounds",
}
"""What the rows of a relation are called on pages; others go by the name of their table."""

BATCH = 5000


@dataclass(frozen=True, slots=True)
class Relation:
    """A foreign key that leads to one of the tables: ``column`` of the model ``table``."""

    table: Any
    column: Any

    @property
    def key(self) -> tuple[str, str]:
        return str(self.table._meta.model_name), str(self.column.name)

    @property
    def words(self) -> str:
        return WORDS.get(self.key, str(self.table._meta.verbose_name_plural))

    def rows(self, record: Any) -> models.QuerySet[Any]:
        return self.table._base_manager.filter(**{self.column.attname: record.pk})  # type: ignore[no-any-return]  # Any

    def uniques(self) -> Iterator[tuple[list[str], Q | None, bool]]:
        """The rules by which two rows cannot be alike: their other columns, a condition, whether NULLs may repeat."""
        name = self.column.name
        rules = [(one.fields, one.condition, one.nulls_distinct is not False) for one in self._constraints()]
        rules += [(together, None, True) for together in self.table._meta.unique_together if name in together]
        rules += [((name,), None, True)] if self.column.unique else []
        for names, condition, nulls_distinct in rules:
            yield [self.table._meta.get_field(one).attname for one in names if one != name], condition, nulls_distinct

    def _constraints(self) -> list[models.UniqueConstraint]:
        held = self.table._meta.constraints
        return [one for one in held if isinstance(one, models.UniqueConstraint) and self.column.name in one.fields]

    def clashing(self, record: Any, heir: Any) -> set[Any]:
        """The ids of the record's rows that could not be the heir's, because it has the same already."""
        found = set()
        for columns, condition, nulls_distinct in self.uniques():

            def keys(
                of: Any, columns: list[str] = columns, condition: Q | None = condition
            ) -> Iterable[tuple[Any, ...]]:
                rows = self.rows(of).filter(condition) if condition else self.rows(of)
                return rows.order_by().values_list("pk", *columns)

            taken = {tuple(key) for _, *key in keys(heir)}
            for pk, *key in keys(record):
                if tuple(key) in taken and not (nulls_distinct and None in key):
                    found.add(pk)
        return found

    def referred_to(self) -> bool:
        """Whether other rows point to this table's, so that none of them can be set aside."""
        pointing = [one for one in self.table._meta.get_fields(include_hidden=True) if _points(one)]
        return bool(pointing)


def _points(relation: Any) -> bool:
    return isinstance(relation, models.ManyToOneRel) and not issubclass(relation.related_model, Version)


def relations(table: Any) -> list[Relation]:
    """Every foreign key that leads to the table, those behind many-to-many fields too; former versions have none."""
    found = [one for one in table._meta.get_fields(include_hidden=True) if _points(one)]
    return [Relation(one.related_model, one.field) for one in found]


@dataclass(slots=True)
class Move:
    """What becomes of the rows of one relation. ``left`` rows stay because of ``why``.

    ``aside``: rows whose like the heir has already; they are taken out and kept for the way back.
    """

    relation: Relation
    moved: list[Any] = field(default_factory=list)
    aside: list[Any] = field(default_factory=list)
    left: int = 0
    why: str = ""

    @property
    def words(self) -> str:
        return self.relation.words

    @property
    def total(self) -> int:
        return len(self.moved) + len(self.aside) + self.left


def moves(record: Any, heir: Any) -> list[Move]:
    """What a merge of the record into the heir would do, relation by relation; those without rows are left out."""
    found = []
    for relation in relations(type(record)):
        rows = relation.rows(record)
        move = Move(relation)
        if relation.key == DERIVED:
            continue
        if relation.key in STAYS:
            move.left, move.why = rows.count(), STAYS[relation.key]
        else:
            if relation.key in FROZEN:
                frozen, move.why = FROZEN[relation.key]
                move.left = rows.filter(frozen).count()
                rows = rows.exclude(frozen)
            if relation.table is type(record):
                # What the heir says of the record itself is settled with its own fields.
                rows = rows.exclude(pk=heir.pk)
            clashing = relation.clashing(record, heir)
            pks = list(rows.order_by("pk").values_list("pk", flat=True))
            move.moved = [pk for pk in pks if pk not in clashing]
            stuck = [pk for pk in pks if pk in clashing]
            if stuck and (relation.key[0] in KEPT_NAMES or relation.referred_to()):
                move.left, move.why = move.left + len(stuck), "the other record has the same already"
            elif stuck:
                move.aside = list(relation.table._base_manager.filter(pk__in=stuck).order_by("pk"))
        if move.total:
            found.append(move)
    return found


def hanging(record: Any) -> dict[tuple[str, str], int]:
    """How many rows of each relation hang on the record."""
    counts = {relation.key: relation.rows(record).count() for relation in relations(type(record))}
    return {key: number for key, number in counts.items() if number and key != DERIVED}


def state_of(*records: Any) -> str:
    """What changes whenever one of the records, or the set of rows that hang on them, is changed."""
    told: list[Any] = []
    for record in sorted(records, key=lambda one: str(one.pk)):
        told.append(sorted(_kept(record).items()))
        for relation in relations(type(record)):
            pks = relation.rows(record).order_by("pk").values_list("pk", flat=True)
            told.append([*relation.key, *map(str, pks)])
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:32]


# Merging


def problems(record: Any, heir: Any) -> list[str]:
    """Why the record cannot be merged into the heir; empty where it can."""
    if type(record) is not type(heir):
        return ["Only records of the same kind can be merged."]
    if record.pk == heir.pk:
        return ["A record cannot be merged into itself. Choose another one."]
    if record.merged_into:
        return [f"“{record}” was merged into “{record.standing}” already."]
    if heir.merged_into:
        return [f"“{heir}” was merged into “{heir.standing}”. Merge into that one."]
    if not isinstance(record, Event):
        return []
    found = []
    if record.agreement_id != heir.agreement_id:
        found.append("The two events belong to different agreements. Only events of one agreement can be merged.")
    if record.state != heir.state:
        found.append(
            "One is scheduled and the other happened. They are two events: name the second as what came of the first."
        )
    for one in (record, heir):
        found += unready(one)
    return found


def unready(record: Any) -> list[str]:
    """Why a record can neither be merged nor split as it is now; only events have reasons of their own."""
    if not isinstance(record, Event):
        return []
    found = []
    if record.stage != Stage.PUBLISHED:
        found.append(f"“{record}” is not public yet. Hand in the set of changes it belongs to, or take it out of it.")
    if Event.with_merged.filter(pk=record.pk).filter(withdrawn(Vantage.now(), "event")).exists():
        found.append(f"“{record}” is withdrawn. Put it back first.")
    items = record.coding_items.filter(round__closed_at__isnull=True).select_related("round")
    found += [f"“{record}” is being coded in the round “{item.round}”. Wait until it is closed." for item in items]
    return found


def merge(record: Any, heir: Any, *, by: Person, reason: str, seen: str = "") -> Regrouping:
    """Merges the record into the heir: everything that hung on it is the heir's, and its address leads there.

    ``seen`` is the ``state_of`` both that the person saw. Raises PermissionDenied, ValidationError or Overtaken, and
    has then written nothing.
    """
    with _regrouping(by, reason):
        record, heir = _locked(record, heir)
        _refuse(problems(record, heir))
        if seen and seen != state_of(record, heir):
            raise Overtaken(["One of the two was changed since you opened the page."])
        return _merge(record, heir, by, reason)


def _merge(record: Any, heir: Any, by: Person, reason: str, undoes: Regrouping | None = None) -> Regrouping:
    """``undoes`` a split: then the heir gets back what it said before instead of taking anything over."""
    plain_undo = undoes is not None and undoes.undoes_id is None
    steps = moves(record, heir)
    before = {"other": _kept(record), "kept": _kept(heir)}
    if plain_undo and undoes:
        _put_back(heir, undoes)
    else:
        _change(heir, _gained(record, heir))
    after = _kept(heir)
    for step in steps:
        _delete(step.aside)
    for step in steps:
        _point(step.relation, step.moved, heir)
    last = {"merged_into_id": heir.pk}
    _change(record, last | {"parent_id": heir.pk} if isinstance(record, Actor) else last)
    _read_again(heir)
    return Regrouping.objects.create(
        kind=Regrouping.MERGE,
        table=record._meta.model_name,
        kept=heir.pk,
        other=record.pk,
        moved=[[*_named(step.relation), str(pk)] for step in steps for pk in step.moved],
        before={
            "other": before["other"],
            "kept": _differing(before["kept"], after),
            "after": _differing(after, before["kept"]),
            "aside": [[str(row._meta.model_name), _kept(row)] for step in steps for row in step.aside],
        },
        reason=reason.strip(),
        byline=by.public_name,
        author=by,
        undoes=undoes,
    )


def _gained(record: Any, heir: Any) -> dict[str, Any]:
    """What the heir says otherwise from now on."""
    # Both tell of one thing; it is on record since the earlier of the two was.
    gained: dict[str, Any] = {"recorded_at": min(record.recorded_at, heir.recorded_at)}
    for name in FILLED[str(heir._meta.model_name)]:
        own, value = getattr(heir, name), getattr(record, name)
        # What is said of the record itself is said of nobody else any more.
        if own in (None, "", record.pk):
            gained[name] = own if own == "" else None
            if value not in (None, "", heir.pk):
                gained[name] = value
    if isinstance(heir, Actor):
        known = {name.casefold() for name in (heir.name, *heir.aliases)}
        others = [name for name in (record.name, *record.aliases) if name.casefold() not in known]
        gained["aliases"] = [*heir.aliases, *dict.fromkeys(others)]
        if heir.pk in _below(record):
            gained["parent_id"] = record.parent_id
    return gained


def _below(actor: Actor) -> set[Any]:
    """The ids of all that belong to the actor."""
    children: dict[Any, list[Any]] = defaultdict(list)
    kin = Actor.with_merged.filter(root=actor.root_id, parent__isnull=False)
    for pk, parent in kin.order_by().values_list("pk", "parent"):
        children[parent].append(pk)
    found: set[Any] = set()
    left = list(children[actor.pk])
    while left:
        one = left.pop()
        if one not in found:
            found.add(one)
            left += children[one]
    return found


# Splitting


def pickable(relation: "Relation", record: Any, by: Any) -> Any:
    """The rows of a relation that the person may choose from: what others draft is left out, and stays where it is."""
    names = {column.name for column in relation.table._meta.concrete_fields}
    rows = relation.rows(record)
    for path in ("", "event__"):
        if ("event" if path else "stage") in names:
            mine = Q(**{f"{path}proposal__author": by.pk})
            rows = rows.filter(~Q(**{f"{path}stage": Stage.DRAFT}) | mine)
    return rows


@dataclass(frozen=True, slots=True)
class Pick:
    """Rows of one relation, by table and field, that go to the new record; ``copied`` ones are on both."""

    key: tuple[str, str]
    moved: Sequence[Any] = ()
    copied: Sequence[Any] = ()


PICKED: dict[str, list[tuple[str, str]]] = {
    "event": [("report", "event"), ("observation", "event"), ("eventactor", "event"), ("effect", "event")],
    "outlet": [("article", "outlet"), ("report", "relays"), ("feed", "outlet"), ("bulletin", "outlet")],
    "actor": [
        *(("report", "originator"), ("observation", "originator"), ("eventactor", "actor"), ("party", "actor")),
        *(("declaration", "actor"), ("condition", "actor"), ("obligation_obligors", "actor")),
        *(("obligation_beneficiaries", "actor"), ("instrument_accepted_by", "actor")),
        *(("instrument_disputed_by", "actor"), ("actor", "parent")),
    ],
    "article": [("report", "article"), ("observation", "article"), ("declaration", "article"), ("copy", "article")],
}
"""What can be chosen when a record is split, in the order of the page."""

COPIED = {("eventactor", "event"), ("effect", "event")}
"""Of these a row may also be on both: the same actor can have a part in both events."""


def split(
    record: Any,
    new: Any,
    picks: Sequence[Pick],
    *,
    by: Person,
    reason: str,
    aliases: Sequence[str] = (),
    seen: str = "",
) -> Regrouping:
    """Makes ``new``, not saved yet, a record of its own, and gives it the chosen rows and aliases of the record.

    Raises PermissionDenied, ValidationError keyed by field of the new record, or Overtaken; nothing is written then.
    """
    with _regrouping(by, reason):
        (record,) = _locked(record)
        if record.merged_into:
            raise Overtaken([f"“{record}” was merged into “{record.standing}” in the meantime. Split that one."])
        _refuse(unready(record))
        if seen and seen != state_of(record):
            raise Overtaken(["The record was changed since you opened the page."])
        chosen = _chosen(record, picks, by)
        if not any(moved or copied for _, moved, copied in chosen) and not aliases:
            raise ValidationError("Choose what goes to the new record.")
        new.recorded_at = record.recorded_at
        new.full_clean()
        new.save(force_insert=True)
        before = _kept(record)
        if isinstance(record, Actor) and aliases:
            _change(record, {"aliases": [name for name in record.aliases if name not in aliases]})
        copies = []
        for relation, moved, copied in chosen:
            _point(relation, moved, new)
            copies += [_copy(relation, row, new) for row in relation.rows(record).filter(pk__in=copied)]
        _read_again(record, new)
        after = _kept(record)
        return Regrouping.objects.create(
            kind=Regrouping.SPLIT,
            table=record._meta.model_name,
            kept=record.pk,
            other=new.pk,
            moved=[[*_named(relation), str(pk)] for relation, moved, _ in chosen for pk in moved],
            before={
                "kept": _differing(before, after),
                "after": _differing(after, before),
                "copied": [[str(row._meta.model_name), str(row.pk)] for row in copies],
            },
            reason=reason.strip(),
            byline=by.public_name,
            author=by,
        )


def _chosen(record: Any, picks: Sequence[Pick], by: Person) -> list[tuple[Relation, list[Any], list[Any]]]:
    """The relations with the ids, each checked to hang on the record still."""
    known = {relation.key: relation for relation in relations(type(record))}
    found = []
    for pick in picks:
        relation = known[pick.key]
        here = {str(pk): pk for pk in pickable(relation, record, by).values_list("pk", flat=True)}
        if not {str(pk) for pk in (*pick.moved, *pick.copied)} <= here.keys():
            raise Overtaken([f"Some of the {relation.words} that you chose are no longer here."])
        if pick.copied and pick.key not in COPIED:
            raise ValidationError(f"The {relation.words} cannot be on both.")
        found.append((relation, [here[str(pk)] for pk in pick.moved], [here[str(pk)] for pk in pick.copied]))
    return found


def _copy(relation: Relation, row: Any, new: Any) -> Any:
    row.pk = None
    row._state.adding = True
    setattr(row, relation.column.attname, new.pk)
    row.save(force_insert=True)
    return row


# Taking back


def newer(one: Regrouping) -> list[str]:
    """What stands on top of a merge or split, so that taking it back would lose it; with what to do about it."""
    undone = Regrouping.objects.filter(undoes=one).first()
    if undone:
        return [f"It was taken back already on {written(undone.recorded_at.date())} by {undone.byline}."]
    table = TABLES[one.table]
    kept, other = (
        table.with_merged.filter(pk=pk).select_related("merged_into").first() for pk in (one.kept, one.other)
    )
    if kept is None or other is None:
        return ["One of the two records is gone."]
    if kept.merged_into:
        return [f"“{kept}” was merged into “{kept.standing}” since. Take that back first."]
    if one.kind == Regrouping.SPLIT:
        if other.merged_into:
            return [f"“{other}” was merged into “{other.standing}” since. Take that back first."]
        return problems(other, kept)
    if other.merged_into_id != kept.pk:
        return [f"“{other}” no longer leads to “{kept}”."]
    told = []
    for relation, pks in _moved(one):
        away = relation.table._base_manager.filter(pk__in=pks).exclude(**{relation.column.attname: kept.pk})
        for row in away.select_related(relation.column.name)[:5]:
            now = getattr(row, relation.column.name)
            what = f"{relation.table._meta.verbose_name} “{row}”"
            told.append(
                f"The {what} came over with the merge and belongs to {f'“{now}”' if now else 'nobody'} by now. "
                f"Give it back to “{kept}”, or leave the merge and split “{kept}”."
            )
    return told


def gone(one: Regrouping) -> int:
    """How many of the rows that had moved were deleted since; these stay deleted."""
    number = 0
    for relation, pks in _moved(one):
        number += len(pks) - relation.table._base_manager.filter(pk__in=pks).count()
    return number


def undo(one: Regrouping, *, by: Person, reason: str = "") -> Regrouping:
    """Takes a merge or a split back, by a new one that says what it undoes.

    Raises PermissionDenied, or Overtaken where something newer would be lost; nothing is written then.
    """
    reason = reason.strip() or f"Taken back: {one.reason}"[:300]
    try:
        with _regrouping(by, reason):
            one = Regrouping.objects.select_for_update().get(pk=one.pk)
            table = TABLES[one.table]
            other, kept = _locked(table(pk=one.other), table(pk=one.kept))
            told = newer(one)
            if told:
                raise Overtaken(told)
            if one.kind == Regrouping.SPLIT:
                return _merge(other, kept, by, reason, undoes=one)
            return _unmerge(one, other, kept, by, reason)
    except ValidationError as error:
        raise Overtaken(error.messages) from error


def _unmerge(one: Regrouping, record: Any, heir: Any, by: Person, reason: str) -> Regrouping:
    before = _kept(heir)
    _change(record, _read(record, one.before["other"], {"merged_into_id", "parent_id"}))
    moved = []
    for relation, pks in _moved(one):
        here = list(relation.rows(heir).filter(pk__in=pks).values_list("pk", flat=True))
        _point(relation, here, record)
        moved += [[*_named(relation), str(pk)] for pk in here]
    for name, columns in one.before.get("aside", []):
        table = apps.get_model("tracker", name)
        table(**_read(table(), columns, set(columns))).save(force_insert=True)
    _put_back(heir, one)
    _read_again(heir, record)
    after = _kept(heir)
    return Regrouping.objects.create(
        kind=Regrouping.SPLIT,
        table=one.table,
        kept=heir.pk,
        other=record.pk,
        moved=moved,
        before={"kept": _differing(before, after), "after": _differing(after, before)},
        reason=reason,
        byline=by.public_name,
        author=by,
        undoes=one,
    )


def _put_back(heir: Any, one: Regrouping) -> None:
    """The heir's fields as they were, where nobody has changed them since; of lists only what came or went with it."""
    was = _read(heir, one.before.get("kept", {}), set(one.before.get("kept", {})))
    became = _read(heir, one.before.get("after", {}), set(one.before.get("after", {})))
    changes = {}
    for name, value in was.items():
        now = getattr(heir, name)
        if now == became[name]:
            changes[name] = value
        elif isinstance(now, list):
            kept = [item for item in now if item in value or item not in became[name]]
            changes[name] = kept + [item for item in value if item not in became[name] and item not in kept]
    _change(heir, changes)


def _moved(one: Regrouping) -> list[tuple[Relation, list[Any]]]:
    found: dict[tuple[str, str], list[Any]] = defaultdict(list)
    for name, column, pk in one.moved:
        found[name, column].append(pk)
    tables = {relation.key: relation for relation in relations(TABLES[one.table])}
    groups = [(tables[key], pks) for key, pks in found.items() if key in tables]
    return [(relation, [relation.table._meta.pk.to_python(pk) for pk in pks]) for relation, pks in groups]


# How rows are written


@contextmanager
def _regrouping(by: Person, reason: str) -> Iterator[None]:
    """All or nothing, with the reason beside every version; what the database refuses is said in words."""
    if not by.has_perm("tracker.regroup"):
        raise PermissionDenied("Only reviewers and administrators merge and split records.")
    if not reason.strip():
        raise ValidationError({"reason": "Say why; it stays beside the record."})
    if len(reason.strip()) > 300:  # the column's length
        raise ValidationError({"reason": "Say it in at most 300 characters."})
    try:
        with transaction.atomic(), pghistory.context(reason=reason.strip(), byline=by.public_name, user=by.pk):
            yield
            with connection.cursor() as cursor:
                # A breach has to be complete here, not only when everything is stored.
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
    except IntegrityError as error:
        raise ValidationError(str(error).splitlines()[0]) from error


def _locked(*records: Any) -> list[Any]:
    """The rows as they are now, held until the end; always in the same order, so that nobody waits in a circle."""
    table = type(records[0])
    if any(type(record) is not table for record in records):
        _refuse(["Only records of the same kind can be merged."])
    pks = sorted({record.pk for record in records}, key=str)
    held = table.with_merged.filter(pk__in=pks).order_by("pk").select_for_update(of=("self",))
    found = {row.pk: row for row in held.select_related("merged_into")}
    if len(found) < len(pks):
        raise Overtaken(["One of the records is gone."])
    return [found[record.pk] for record in records]


def _read_again(*records: Any) -> None:
    """Which copy of an article is the newest may be another one now; its quotes are looked for in that."""
    for record in records:
        if isinstance(record, Article):
            refind(record)


def _refuse(told: Sequence[str]) -> None:
    if told:
        raise ValidationError(list(told))


def _change(row: Any, values: dict[str, Any]) -> None:
    values = {name: value for name, value in values.items() if getattr(row, name) != value}
    if values:
        type(row)._base_manager.filter(pk=row.pk).update(**values)
        row.refresh_from_db()


def _point(relation: Relation, pks: Sequence[Any], to: Any) -> None:
    for start in range(0, len(pks), BATCH):
        rows = relation.table._base_manager.filter(pk__in=pks[start : start + BATCH])
        rows.update(**{relation.column.attname: to.pk})


def _delete(rows: Iterable[Any]) -> None:
    for row in rows:
        type(row)._base_manager.filter(pk=row.pk).delete()


def _named(relation: Relation) -> list[str]:
    return list(relation.key)


def _kept(row: Any) -> dict[str, Any]:
    """All stored columns as JSON keeps them exactly."""
    columns = [column for column in row._meta.concrete_fields if not column.generated]
    return {
        column.attname: None if getattr(row, column.attname) is None else column.value_to_string(row)
        for column in columns
    }


def _read(row: Any, kept: dict[str, Any], names: set[str]) -> dict[str, Any]:
    """Values of ``_kept`` again."""
    columns = {column.attname: column for column in row._meta.concrete_fields}
    return {
        name: None if value is None else columns[name].to_python(value)
        for name, value in kept.items()
        if name in names and name in columns
    }


def _differing(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    # The topmost parent is the database's.
    return {name: value for name, value in one.items() if other[name] != value and name != "root_id"}


# What became of a record


@dataclass(frozen=True, slots=True)
class Past:
    """A merge or split that a record had a part in. ``partner`` is the other record; ``undone``: it was taken back."""

    regrouping: Regrouping
    partner: Any
    is_kept: bool
    undone: bool


def past_of(record: Any) -> list[Past]:
    """All merges and splits of the record and of what was merged into it, newest first. Three queries."""
    table = type(record)
    pks = {record.pk, *table.with_merged.filter(merged_into=record.pk).values_list("pk", flat=True)}
    rows = Regrouping.objects.filter(Q(kept__in=pks) | Q(other__in=pks), table=record._meta.model_name)
    found = list(rows.select_related("undoes", "undone_by"))
    partners = table.with_merged.in_bulk({pk for one in found for pk in (one.kept, one.other)})
    told = []
    for one in found:
        # What was merged into this record had merges and splits of its own; they are told from its side.
        is_kept = one.other != record.pk
        partner = partners.get(one.other if is_kept else one.kept)
        if partner is not None:
            told.append(Past(one, partner, is_kept, getattr(one, "undone_by", None) is not None))
    return told


@dataclass(frozen=True, slots=True)
class Told:
    """What readers are told on a record's page. ``how``: merged, split_off (the partner came of it) or split_from."""

    how: str
    partner: Any
    on: dt.date
    reason: str


def told_of(record: Any, vantage: Vantage) -> list[Told]:
    """The merges and splits that stand, as recorded by the record day, newest first. Two queries, or three."""
    table = type(record)
    merged = {row.pk: row for row in table.with_merged.filter(merged_into=record.pk)}
    ours = Q(kind=Regrouping.SPLIT, undoes=None, undone_by=None) & (Q(kept=record.pk) | Q(other=record.pk))
    rows = Regrouping.objects.known(vantage).filter(
        Q(kind=Regrouping.MERGE, other__in=merged) | ours, table=record._meta.model_name
    )
    found, partners = [], {one.other if one.kept == record.pk else one.kept for one in rows if one.other not in merged}
    known = merged | (table.with_merged.in_bulk(partners) if partners else {})
    seen = set()
    for one in rows:
        # Of several merges of one record, one after the other, the last brought it here.
        if one.kind == Regrouping.MERGE and one.other not in seen:
            seen.add(one.other)
            found.append(Told("merged", known[one.other], one.recorded_at.date(), one.reason))
        elif one.kind == Regrouping.SPLIT:
            mine = one.kept == record.pk
            partner = known.get(one.other if mine else one.kept)
            if partner is not None:
                how = "split_off" if mine else "split_from"
                found.append(Told(how, partner, one.recorded_at.date(), one.reason))
    return found
