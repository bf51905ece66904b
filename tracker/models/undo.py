"""Taking back what somebody did: always by a new change that says what it restores, never by wiping out the old one.

Where newer work stands on top of a change, taking it back would lose that work; ``Overtaken`` then says what it is.
"""

import datetime as dt
import re
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pghistory
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, models, transaction
from django.db.models import ProtectedError, Q
from django.urls import reverse
from pghistory.models import Context

from tracker.codebook import ProposalStage, Stage
from tracker.words import written

from .assessments import Assessment, Check, Conflict, Reconsideration, Retraction
from .base import Overtaken, Vantage
from .evidence import Event, EventActor, Observation, Report, Withdrawal
from .merging import TABLES, newer
from .merging import undo as regroup_back
from .people import Person
from .proposals import Proposal
from .regroupings import Regrouping
from .versions import tracked

ENTRY = re.compile(
    r"^/admin/|^/desk/(events|reports|observations)/.*/edit/|^/desk/articles/.*/(date|same-text)/|^/desk/changes/edit/"
)
"""Pages whose writes are edits of single records. What other pages write has an undo of its own."""

KEPT_BY_THE_DATABASE = {"root", "interval_end"}
SHOWN = 30


@dataclass(slots=True)
class Change:
    """One thing that somebody did. ``kind`` and ``pk`` name it in addresses; ``url`` leads to what it is about."""

    at: dt.datetime
    kind: str
    pk: str
    byline: str
    title: str
    text: str
    url: str = ""
    reason: str = ""
    undone: bool = False

    @property
    def undo_url(self) -> str:
        """The page that takes it back."""
        return f"/desk/changes/{self.kind}/{self.pk}/undo/"


@dataclass(slots=True)
class Undo:
    """How a change can be taken back. ``newer`` is empty unless something stands on top of it.

    ``drafts`` are the sets, by id, to which rows belonged that were not public then.
    """

    change: Change
    restores: str
    newer: list[str]
    apply: Callable[[Person, str], None]
    drafts: frozenset[Any] = frozenset()


def undo_of(kind: str, pk: str, viewer: Person | None = None) -> Undo:
    """The undo of one change. Raises LookupError where there is no such change, or none that ``viewer`` may see.

    Without a viewer, whoever asks is trusted to see drafts.
    """
    finders: dict[str, Callable[[str], Undo]] = {
        "status": _undo_status,
        "retraction": _undo_retraction,
        "look": _undo_look,
        "withdrawal": _undo_withdrawal,
        "publication": _undo_publication,
        "confirmation": _undo_confirmation,
        "regrouping": _undo_regrouping,
        "edit": _undo_edit,
    }
    if kind not in finders:
        raise LookupError(kind)
    found = finders[kind](pk)
    if viewer is not None and found.drafts - _shown_to(viewer, found.drafts):
        raise LookupError(pk)
    return found


def take_back(kind: str, pk: str, *, by: Person, reason: str) -> Undo:
    """Undoes a change for a reason. Raises LookupError, Overtaken, PermissionDenied or ValidationError."""
    try:
        with transaction.atomic():
            found = undo_of(kind, pk, by)
            if found.newer:
                raise Overtaken(found.newer)
            found.apply(by, reason)
    except Conflict as conflict:
        raise Overtaken(["The status was changed in this moment."]) from conflict
    except IntegrityError as error:
        # A trigger of the database refuses it, for instance while a round codes what it would change.
        raise Overtaken([str(error).splitlines()[0]]) from error
    return found


def recent(person: Person | None = None, limit: int = SHOWN, *, viewer: Person | None = None) -> list[Change]:
    """What was done last, by the person or by anybody, newest first. The number of queries is fixed.

    What others draft is left out for the ``viewer``, who is the person unless named.
    """
    mine: dict[str, Any] = {"author": person} if person else {}
    statuses = Assessment.objects.published().filter(**mine).select_related("obligation__agreement", "retraction")
    withdrawn = Retraction.objects.filter(**mine).select_related("assessment__obligation__agreement")
    looks = Check.objects.filter(**mine).select_related("obligation__agreement").prefetch_related("withdrawals")
    taken = Withdrawal.objects.filter(**mine).select_related(
        "event", "report__event", "report__article__outlet", "observation__measure", "checked__obligation__agreement"
    )
    sets = Proposal.objects.filter(stage=ProposalStage.PUBLISHED).select_related("article", "agreement")
    if person:
        sets = sets.filter(Q(reviewer=person) | Q(reviewer=None, author=person))
    confirmed = Reconsideration.objects.filter(**mine).select_related("assessment__obligation__agreement")
    found = [_status(one) for one in statuses.order_by("-recorded_at")[:limit]]
    found += [_retraction(one) for one in withdrawn.order_by("-recorded_at")[:limit]]
    found += [_look(one) for one in looks.order_by("-recorded_at")[:limit]]
    found += [_withdrawal(one) for one in taken.order_by("-recorded_at")[:limit]]
    found += _regroupings(person, limit)
    found += [_publication(one) for one in sets.order_by("-decided_at")[:limit]]
    found += [_confirmation(one) for one in confirmed.order_by("-recorded_at")[:limit]]
    found += _edits(person, limit, viewer or person)
    return sorted(found, key=lambda change: change.at, reverse=True)[:limit]


# Statuses


def _level(one: Assessment | None) -> str:
    return f"level {one.level}, true from {written(one.effective_on)}" if one else "not assessed"


def _recorded(one: Assessment) -> dt.datetime:
    assert one.recorded_at is not None  # noqa: S101  # published
    return one.recorded_at


def _status(one: Assessment) -> Change:
    verb = "Corrected to" if one.supersedes_id else "Set to"
    return Change(
        at=_recorded(one),
        kind="status",
        pk=str(one.pk),
        byline=one.byline,
        title=one.obligation.title,
        text=f"{verb} {_level(one)}.",
        url=one.get_absolute_url(),
        reason=one.reason,
        undone=one.withdrawn is not None,
    )


def _undo_status(pk: str) -> Undo:
    one = _get(Assessment.objects.published().select_related("obligation__agreement", "retraction"), pk)
    newer = Assessment.objects.published().filter(obligation=one.obligation, seen_version__gt=one.seen_version)
    told = [
        f"{other.byline or 'A case file'} recorded {_level(other)} on {written(_recorded(other).date())}."
        for other in newer.order_by("seen_version")
    ]
    if one.withdrawn:
        told.append("It was withdrawn already.")
    live = Assessment.objects.exclude(pk=one.pk).filter(obligation=one.obligation).standing(Vantage.now())
    before = one.supersedes if one.supersedes_id else live.last()
    seen = one.obligation.version

    def apply(by: Person, reason: str) -> None:
        one.retract(reason, by=by, seen_version=seen)

    return Undo(
        _status(one), f"Withdraws this record, so that what stood before holds again: {_level(before)}.", told, apply
    )


def _retraction(one: Retraction) -> Change:
    return Change(
        at=one.recorded_at,
        kind="retraction",
        pk=str(one.pk),
        byline=one.byline,
        title=one.assessment.obligation.title,
        text=f"Withdrew {_level(one.assessment)}.",
        url=one.assessment.get_absolute_url(),
        reason=one.reason,
    )


def _undo_retraction(pk: str) -> Undo:
    one = _get(Retraction.objects.select_related("assessment__obligation__agreement"), pk)
    former = one.assessment
    later = Assessment.objects.published().filter(obligation=former.obligation, recorded_at__gt=one.recorded_at)
    told = [
        f"{other.byline or 'A case file'} recorded {_level(other)} since." for other in later.order_by("recorded_at")
    ]
    seen = former.obligation.version

    def apply(by: Person, reason: str) -> None:
        Assessment.record(
            former.obligation,
            former.as_judgement(),
            by=by,
            seen_version=seen,
            supersedes=former,
            correction_reason=reason,
        )

    return Undo(_retraction(one), f"Records the same again: {_level(former)}.", told, apply)


# Looks, and what was withdrawn


def _look(one: Check) -> Change:
    last = max(one.withdrawals.all(), key=lambda row: (row.recorded_at, row.pk), default=None)
    return Change(
        at=one.recorded_at,
        kind="look",
        pk=str(one.pk),
        byline=one.byline,
        title=one.obligation.title,
        text=f"Looked on {written(one.date)}, nothing new{f': {one.where}' if one.where else ''}.",
        url=one.obligation.get_absolute_url(),
        undone=bool(last and last.withdrawn),
    )


def _undo_look(pk: str) -> Undo:
    one = _get(Check.objects.select_related("obligation__agreement").prefetch_related("withdrawals"), pk)
    change = _look(one)
    told = ["It was withdrawn already."] if change.undone else []

    def apply(by: Person, reason: str) -> None:
        Withdrawal.record(one, withdrawn=True, reason=reason, by=by)

    return Undo(change, "The duty counts as last looked at on the day before this look.", told, apply)


def _thing(one: Withdrawal) -> Event | Report | Observation | Check:
    thing = one.event or one.report or one.observation or one.checked
    assert thing is not None  # noqa: S101  # a constraint of the table
    return thing


def _about(thing: Event | Report | Observation | Check) -> tuple[str, str]:
    """What a thing is called, and where it is found."""
    if isinstance(thing, Event):
        return f"the event “{thing.title}”", thing.get_absolute_url()
    if isinstance(thing, Report):
        return f"the report by {thing.article.outlet} on “{thing.event.title}”", thing.event.get_absolute_url()
    if isinstance(thing, Observation):
        return f"the figure {thing} of {thing.measure}", reverse("event", args=[thing.event_id])
    return f"the look of {written(thing.date)} at “{thing.obligation.title}”", thing.obligation.get_absolute_url()


def _withdrawal(one: Withdrawal) -> Change:
    name, url = _about(_thing(one))
    return Change(
        at=one.recorded_at,
        kind="withdrawal",
        pk=str(one.pk),
        byline=one.byline,
        title=name[0].upper() + name[1:],
        text="Withdrawn." if one.withdrawn else "Put back.",
        url=url,
        reason=one.reason,
    )


def _undo_withdrawal(pk: str) -> Undo:
    one = _get(Withdrawal.objects.all(), pk)
    thing = _thing(one)
    later = thing.withdrawals.filter(recorded_at__gte=one.recorded_at).exclude(pk=one.pk)
    told = [f"It was {'withdrawn' if other.withdrawn else 'put back'} since by {other.byline}." for other in later]

    def apply(by: Person, reason: str) -> None:
        Withdrawal.record(thing, withdrawn=not one.withdrawn, reason=reason, by=by)

    does = "Puts it back: readers see it again." if one.withdrawn else "Withdraws it again."
    return Undo(_withdrawal(one), does, told, apply)


# Merges and splits


def _regroupings(person: Person | None, limit: int) -> list[Change]:
    rows = Regrouping.objects.filter(author=person) if person else Regrouping.objects.all()
    found = list(rows.select_related("undone_by").order_by("-recorded_at")[:limit])
    records: dict[Any, Any] = {}
    for name, table in TABLES.items():
        records |= table.with_merged.in_bulk({pk for one in found if one.table == name for pk in (one.kept, one.other)})
    return [_regrouping(one, records) for one in found if one.kept in records and one.other in records]


def _regrouping(one: Regrouping, records: Mapping[Any, Any]) -> Change:
    kept, other = records[one.kept], records[one.other]
    merged = one.kind == Regrouping.MERGE
    return Change(
        at=one.recorded_at,
        kind="regrouping",
        pk=str(one.pk),
        byline=one.byline,
        title=str(kept),
        text=f"Merged “{other}” into it." if merged else f"Split “{other}” from it.",
        url=_in_the_admin(type(kept), kept.pk),
        reason=one.reason,
        undone=getattr(one, "undone_by", None) is not None,
    )


def _undo_regrouping(pk: str) -> Undo:
    one = _get(Regrouping.objects.select_related("undone_by"), pk)
    records = TABLES[one.table].with_merged.in_bulk([one.kept, one.other])
    if {one.kept, one.other} - records.keys():
        raise LookupError(pk)
    change = _regrouping(one, records)
    kept, other = records[one.kept], records[one.other]
    does = f"“{other}” is a record of its own again, with what it had." if one.kind == Regrouping.MERGE else ""

    def apply(by: Person, reason: str) -> None:
        regroup_back(one, by=by, reason=reason)

    return Undo(change, does or f"“{kept}” has back what went to “{other}”.", newer(one), apply)


# Sets that were published, judgements that were confirmed


def _publication(one: Proposal) -> Change:
    assert one.decided_at is not None  # noqa: S101  # published
    return Change(
        at=one.decided_at,
        kind="publication",
        pk=str(one.pk),
        byline=one.reviewer_byline or one.byline,
        title=str(one),
        text=f"Published what {one.byline} brought." if one.reviewer_byline else "Published.",
        url=one.get_absolute_url(),
    )


def _undo_publication(pk: str) -> Undo:
    """Everything that a set brought is withdrawn; what stood before it holds again."""
    one = _get(Proposal.objects.filter(stage=ProposalStage.PUBLISHED).select_related("article", "agreement"), pk)
    events = list(one.events.all())
    parts: list[Event | Report | Observation] = [*events]
    parts += one.reports.exclude(event__in=events)
    parts += one.observations.exclude(event__in=events)
    parts = [part for part in parts if not _is_withdrawn(part)]
    statuses = [status for status in one.assessments.select_related("obligation", "retraction") if not status.withdrawn]
    effects = one.effects.exclude(event__in=events)
    told = [] if parts or statuses else ["All of it was withdrawn already."]
    for status in statuses:
        later = Assessment.objects.published().filter(
            obligation=status.obligation, seen_version__gt=status.seen_version
        )
        if later.exclude(proposal=one).exists():
            told.append(f"The status of “{status.obligation.title}” was recorded anew since.")
    resting = Assessment.objects.published().filter(evidence_links__event__in=events, retraction=None)
    others = resting.exclude(proposal=one).select_related("obligation").distinct()
    told += [f"A later status of “{status.obligation.title}” rests on it." for status in others]

    def apply(by: Person, reason: str) -> None:
        for status in sorted(statuses, key=lambda status: status.seen_version, reverse=True):
            status.retract(reason, by=by)
        for part in parts:
            Withdrawal.record(part, withdrawn=True, reason=reason, by=by)
        with pghistory.context(reason=reason):
            effects.delete()

    does = f"Withdraws what the set brought: {_brought(parts, statuses)}."
    return Undo(_publication(one), f"{does} What stood before holds again.", told, apply)


def _brought(parts: Sequence[Event | Report | Observation], statuses: Sequence[Assessment]) -> str:
    """What there is of each, in words: "2 events with their reports and 1 status"; "nothing any more" where none."""
    kinds: list[tuple[Sequence[object], str, str]] = [
        ([one for one in parts if isinstance(one, Event)], "event with its reports", "events with their reports"),
        ([one for one in parts if isinstance(one, Report)], "report", "reports"),
        ([one for one in parts if isinstance(one, Observation)], "figure", "figures"),
        (statuses, "status", "statuses"),
    ]
    words = [f"{len(rows)} {one if len(rows) == 1 else several}" for rows, one, several in kinds if rows]
    return " and ".join(filter(None, [", ".join(words[:-1]), *words[-1:]])) or "nothing any more"


def _is_withdrawn(part: Event | Report | Observation) -> bool:
    last = part.withdrawals.order_by("recorded_at", "id").last()
    return bool(last and last.withdrawn)


def _confirmation(one: Reconsideration) -> Change:
    return Change(
        at=one.recorded_at,
        kind="confirmation",
        pk=str(one.pk),
        byline=one.byline,
        title=one.assessment.obligation.title,
        text="Looked again: the status stands." if one.stands else "Took back that the status stands.",
        url=one.assessment.get_absolute_url(),
        reason=one.reason,
    )


def _undo_confirmation(pk: str) -> Undo:
    one = _get(Reconsideration.objects.select_related("assessment__obligation__agreement"), pk)
    later = one.assessment.reconsiderations.filter(recorded_at__gte=one.recorded_at).exclude(pk=one.pk)
    told = [f"{other.byline} looked again on {written(other.recorded_at.date())}." for other in later]

    def apply(by: Person, reason: str) -> None:
        _require(by, "assess")
        Reconsideration.objects.create(
            assessment=one.assessment, stands=not one.stands, reason=reason, author=by, byline=by.public_name
        )

    does = "The status waits again to be looked at." if one.stands else "The status counts as looked at again."
    return Undo(_confirmation(one), does, told, apply)


# Edits of single records


@dataclass(slots=True)
class _Step:
    """What one change did to one row: its versions then, and the one before."""

    table: type[models.Model]
    pk: Any
    versions: list[Any]
    before: Any

    @property
    def made(self) -> bool:
        return bool(self.versions[0].pgh_label == "insert")

    @property
    def deleted(self) -> bool:
        return bool(self.versions[-1].pgh_label == "delete")

    @property
    def name(self) -> str:
        return f"{self.table._meta.verbose_name} {_label(self.versions[-1])}".strip()


def _label(version: Any) -> str:
    for name in ("title", "name", "label", "code", "quote", "effect"):
        value = getattr(version, name, "")
        if value:
            return f"“{value}”"
    return ""


def _steps(context: Any) -> list[_Step]:
    steps = []
    for table, kept in tracked().items():
        rows: dict[Any, list[Any]] = defaultdict(list)
        for version in kept.objects.filter(pgh_context=context).order_by("pgh_id"):
            rows[version.pgh_obj_id].append(version)
        for pk, versions in rows.items():
            before = kept.objects.filter(pgh_obj_id=pk, pgh_id__lt=versions[0].pgh_id).order_by("pgh_id").last()
            steps.append(_Step(table, pk, versions, before))
    return steps


def _newer(steps: Iterable[_Step]) -> list[str]:
    told = []
    for step in steps:
        kept = tracked()[step.table]
        later = kept.objects.filter(pgh_obj_id=step.pk, pgh_id__gt=step.versions[-1].pgh_id)
        last = later.select_related("pgh_context").order_by("pgh_id").last()
        if last:
            who = (last.pgh_context.metadata.get("byline") if last.pgh_context else "") or "somebody"
            told.append(f"The {step.name} was changed on {written(last.pgh_created_at.date())} by {who}.")
    return told


def _edit(context: Context, steps: Sequence[_Step]) -> Change:
    verbs = {True: "entered", False: "changed"}
    parts = [f"{step.name} {'removed' if step.deleted else verbs[step.made]}" for step in steps]
    first = steps[0]
    text = f"{'; '.join(parts[:6])}{' and more' if len(parts) > 6 else ''}."
    return Change(
        at=context.created_at,
        kind="edit",
        pk=str(context.pk),
        byline=context.metadata.get("byline", ""),
        title=_label(first.versions[-1]).strip("“”") or str(first.table._meta.verbose_name).capitalize(),
        text=text[0].upper() + text[1:],
        url=_address(first),
        reason=context.metadata.get("reason", ""),
    )


def _address(step: _Step) -> str:
    """Where the row, or the event that it is a part of, can be looked at, also while no reader sees it."""
    event = getattr(step.versions[-1], "event_id", None)
    if event:
        return _in_the_admin(Event, event)
    return _in_the_admin(step.table, step.pk) if hasattr(step.table, "get_absolute_url") else ""


def _in_the_admin(table: type[models.Model], pk: Any) -> str:
    return f"/admin/tracker/{table._meta.model_name}/{pk}/change/"


def _edits(person: Person | None, limit: int, viewer: Person | None) -> list[Change]:
    contexts = Context.objects.filter(Q(metadata__url__startswith="/admin/") | Q(metadata__url__startswith="/desk/"))
    if person:
        contexts = contexts.filter(metadata__user=person.pk)
    found = {one.pk: one for one in contexts.order_by("-created_at")[: limit * 3] if _is_edit(one)}
    steps: dict[Any, list[_Step]] = defaultdict(list)
    for table, kept in tracked().items():
        rows: dict[tuple[Any, Any], list[Any]] = defaultdict(list)
        for version in kept.objects.filter(pgh_context__in=found).order_by("pgh_id"):
            rows[version.pgh_context_id, version.pgh_obj_id].append(version)
        for (context, pk), versions in rows.items():
            steps[context].append(_Step(table, pk, versions, None))
    drafts = _drafts_of(steps)
    shown = _shown_to(viewer, set().union(*drafts.values()))
    return [_edit(found[context], mine) for context, mine in steps.items() if drafts[context] <= shown][:limit]


def _drafts_of(changes: Mapping[Any, Sequence[_Step]]) -> dict[Any, frozenset[Any]]:
    """For each change the sets to which rows belonged that were not public then. One query."""
    of_events: dict[Any, set[Any]] = defaultdict(set)
    found: dict[Any, set[Any]] = {change: set() for change in changes}
    for change, steps in changes.items():
        for step in steps:
            last = step.versions[-1]
            if step.table is EventActor:
                # Who took part has no stage of its own: it is as public as its event.
                of_events[last.event_id].add(change)
            elif getattr(last, "stage", Stage.PUBLISHED) != Stage.PUBLISHED:
                found[change].add(last.proposal_id)
    drafts = Event.with_merged.filter(pk__in=of_events).exclude(stage=Stage.PUBLISHED)
    for event, proposal in drafts.values_list("pk", "proposal"):
        for change in of_events[event]:
            found[change].add(proposal)
    return {change: frozenset(ids) for change, ids in found.items()}


def _shown_to(viewer: Person | None, drafts: Iterable[Any]) -> set[Any]:
    """Of these sets those that the viewer may see."""
    rows = Proposal.objects.shown_to(viewer) if viewer else Proposal.objects.none()
    return set(rows.filter(pk__in=[pk for pk in drafts if pk]).values_list("pk", flat=True))


def _is_edit(context: Context) -> bool:
    return bool(ENTRY.search(context.metadata.get("url", "")))


def _undo_edit(pk: str) -> Undo:
    context = _get(Context.objects.all(), pk)
    steps = _steps(context) if _is_edit(context) else []
    if not steps:
        raise LookupError(pk)
    change = _edit(context, steps)
    drafts = _drafts_of({context.pk: steps})[context.pk]

    def apply(by: Person, reason: str) -> None:
        for proposal in Proposal.objects.filter(pk__in=drafts).order_by("pk"):
            # Nothing changes under a reviewer's eyes, and drafts are their author's alone.
            proposal.check_writable(by)
        try:
            with pghistory.context(reason=reason, undoes=str(context.pk)), transaction.atomic():
                _restore(steps, by, reason)
                with connection.cursor() as cursor:
                    # A breach has to be complete here, not only when everything is stored.
                    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
        except ProtectedError as error:
            raise Overtaken(["Something entered since rests on it; merge or correct it instead."]) from error
        except IntegrityError as error:
            raise Overtaken([str(error).splitlines()[0]]) from error

    does = [f"the {step.name} as it was before" for step in steps if not step.made]
    does += [f"the {step.name} goes" for step in steps if step.made]
    return Undo(change, f"Restores: {'; '.join(does)}.", _newer(steps), apply, drafts)


def _restore(steps: Sequence[_Step], by: Person, reason: str) -> None:
    for step in steps:
        # Whoever may make such a change may take it back.
        _require(by, f"change_{step.table._meta.model_name}")
        if step.deleted and not step.made:
            _again(step).save(force_insert=True)
        elif not step.made:
            _as_before(step)
    for step in reversed(steps):
        if step.made and not step.deleted:
            _remove(step, by, reason)


def _columns(step: _Step) -> list[str]:
    theirs = {column.attname for column in step.versions[0]._meta.concrete_fields}
    own = [column for column in step.table._meta.concrete_fields if column.name not in KEPT_BY_THE_DATABASE]
    return [column.attname for column in own if column.attname in theirs]


def _again(step: _Step) -> models.Model:
    return step.table(**{name: getattr(step.versions[-1], name) for name in _columns(step)})


def _as_before(step: _Step) -> None:
    row = step.table._base_manager.select_for_update().get(pk=step.pk)
    now = step.versions[-1]
    for name in _columns(step):
        if getattr(now, name) != getattr(step.before, name):
            setattr(row, name, getattr(step.before, name))
    row.save(force_update=True)


def _remove(step: _Step, by: Person, reason: str) -> None:
    """What readers may have seen is withdrawn, what is only a part goes, and an address stays for ever."""
    row: Any = step.table._base_manager.get(pk=step.pk)
    if isinstance(row, Event | Report | Observation) and row.stage == Stage.PUBLISHED:
        Withdrawal.record(row, withdrawn=True, reason=reason, by=by)
    elif hasattr(row, "get_absolute_url") and not isinstance(row, Event):
        raise Overtaken([f"The {step.name} has an address by now, and addresses are for ever. Correct or merge it."])
    else:
        row.delete()


def _get(rows: models.QuerySet[Any], pk: str) -> Any:
    field = rows.model._meta.pk
    try:
        value = uuid.UUID(pk) if field.get_internal_type() == "UUIDField" else int(pk)
    except ValueError as error:
        raise LookupError(pk) from error
    found = rows.filter(pk=value).first()
    if found is None:
        raise LookupError(pk)
    return found


def _require(person: Person, permission: str) -> None:
    if not person.has_perm(f"tracker.{permission}"):
        raise PermissionDenied("Only people who may make such a change take it back.")
