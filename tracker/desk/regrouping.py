"""Merging two records of one thing, splitting one that was two, and taking either back."""

import uuid
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.html import format_html
from django.views.decorators.http import require_http_methods

from tracker.codebook import ActorKind, EventKind, EventState, Interest, Reliability, Stage
from tracker.codebook import Verification as Borne
from tracker.models import Actor, Article, Event, Outlet, Regrouping
from tracker.models.base import Overtaken
from tracker.models.merging import (
    COPIED,
    PICKED,
    TABLES,
    Move,
    Pick,
    Relation,
    gone,
    hanging,
    merge,
    moves,
    newer,
    past_of,
    pickable,
    problems,
    relations,
    split,
    state_of,
    undo,
    unready,
)
from tracker.models.twins import likely, search
from tracker.words import written

from . import kept
from .access import Request, at_the_desk, is_signed_in, require
from .forms.judgement import as_id
from .forms.regrouping import SPLITS, MergeForm, SplitForm, UndoForm, start_of
from .intake import Page
from .outcomes import SeeOther
from .sheets import sent

NO_REGROUPER = "Only reviewers and administrators merge and split records. Ask one of them."
KINDS = {"actors": "actor", "outlets": "outlet", "articles": "article", "events": "event"}
PATHS = {kind: path for path, kind in KINDS.items()}
ROWS_SHOWN = 300


def desk_address(what: str, record: Any) -> str:
    """``what`` is ``merge`` or ``split``."""
    return f"/desk/{what}/{PATHS[str(record._meta.model_name)]}/{record.pk}/"


def _found(request: Request, path: str, pk: uuid.UUID) -> Any:
    if is_signed_in(request):
        require(request.user, "regroup", NO_REGROUPER)
    if path not in KINDS:
        raise Http404("Actors, outlets, articles and events can be merged and split.")
    return get_object_or_404(_seen_by(request, KINDS[path]), pk=pk)


def _seen_by(request: Request, name: str) -> Any:
    """The records of a table, merged ones too, without the events that others draft."""
    rows = TABLES[name].with_merged.select_related("merged_into")
    if name == "event":
        mine = Q(proposal__author=request.user) if is_signed_in(request) else Q(pk__in=[])
        rows = rows.filter(~Q(stage=Stage.DRAFT) | mine)
    return rows


# Merging


@dataclass(frozen=True, slots=True)
class Fact:
    """What the two say of one thing, in words."""

    label: str
    ours: str
    theirs: str

    @property
    def same(self) -> bool:
        return self.ours == self.theirs


@dataclass(frozen=True, slots=True)
class Count:
    """How many rows of one kind hang on each of the two."""

    words: str
    ours: int
    theirs: int


@dataclass(frozen=True, slots=True)
class Direction:
    """What a merge would do if ``heir`` stayed: how many rows come over, and which do not, each with the reason."""

    heir: Any
    moved: int
    kept_back: list[tuple[int, str, str]]
    aside: list[str]


def facts(record: Any) -> list[tuple[str, str]]:
    """(label, words) of what tells one record from another."""
    match record:
        case Actor():
            return [
                ("Name", record.name),
                ("Other spellings", ", ".join(record.aliases)),
                ("Kind", str(ActorKind(record.kind).label)),
                ("Belongs to", str(record.parent or "")),
                ("Address", record.get_absolute_url()),
            ]
        case Outlet():
            return [
                ("Name", record.name),
                ("Site", record.domain),
                ("Country", record.country),
                ("Interest", str(Interest(record.interest).label) if record.interest else ""),
                ("Address", record.get_absolute_url()),
            ]
        case Article():
            return [
                ("Title", record.title),
                ("Outlet", record.outlet.name),
                ("Published", written(record.published_on) if record.published_on else ""),
                ("By", record.authors),
                ("Language", record.language),
                ("Original", record.url),
                ("Archived copy", record.archive_url),
                ("Reliability", str(Reliability(record.reliability).label) if record.reliability else ""),
            ]
        case _:
            return _facts_of_event(record)


def _facts_of_event(event: Event) -> list[tuple[str, str]]:
    cast = [f"{part.actor} ({part.get_role_display()})" for part in event.actors.select_related("actor").order_by("id")]
    effects = event.effects.select_related("obligation").order_by("obligation__code")
    return [
        ("Title", event.title),
        ("Day", written(event.date) + (f" to {written(event.date_end)}" if event.date_end else "")),
        ("Kind", f"{EventKind(event.kind).label}, {str(EventState(event.state).label).lower()}"),
        ("Place", event.place),
        ("Verification", str(Borne(event.verification).label) if event.verification else ""),
        ("Who is involved", "; ".join(cast)),
        ("Effects", "; ".join(f"{one.obligation}: {str(one.get_effect_display()).lower()}" for one in effects)),
        ("More", event.summary),
    ]


def _direction(record: Any, heir: Any) -> Direction:
    steps: list[Move] = moves(record, heir)
    kept_back = [(step.left, step.words, step.why) for step in steps if step.left]
    aside = []
    for step in steps:
        if step.aside:
            rows = _described(
                step.relation, step.relation.table._base_manager.filter(pk__in=[row.pk for row in step.aside])
            )
            labels = [
                f"{label} ({hint})" if hint else label for label, hint in (_label(step.relation, row) for row in rows)
            ]
            aside.append(f"{step.words}: {', '.join(labels)}")
    return Direction(heir, sum(len(step.moved) for step in steps), kept_back, aside)


class MergePage(Page):
    """The page on which another record is looked for and compared. ``pair`` is empty until one is chosen."""

    record: Any
    pair: list[Any]
    form: MergeForm

    @classmethod
    def of(cls, request: Request, table: str, pk: uuid.UUID, data: Any = None) -> "MergePage":
        record = _found(request, table, pk)
        data = sent(request) if data is None else data
        asked = as_id((data or {}).get("other", "") or request.GET.get("other", ""))
        other = _seen_by(request, KINDS[table]).filter(pk=asked).first() if asked else None
        if other:
            other = other.standing
        pair = [record, other] if other else []
        seen = state_of(*pair) if pair else ""
        form = MergeForm(
            pair,
            data,
            unique=f"merge_{record.pk.hex}",
            initial={"other": other and other.pk, "seen": seen},
        )
        page = cls(request, "desk/merge.html", form, {"record": record, "path": table, "seen": seen})
        page.record, page.pair = record, pair
        if is_signed_in(request):
            page.context |= page._shown(asked is not None and other is None)
        return page

    def _shown(self, lost: bool) -> dict[str, Any]:
        record = self.record
        shown: dict[str, Any] = {
            "past": past_of(record),
            "kind": str(record._meta.verbose_name),
            "table": str(record._meta.model_name),
            "lost": lost,
            "not_ready": unready(record),
        }
        if not self.pair:
            query = self.request.GET.get("q", "").strip()[:200]
            return shown | {"query": query, "found": search(record, query) if query else [], "twins": likely(record)}
        other = self.pair[1]
        return shown | {
            "other": other,
            "problems": problems(record, other),
            "facts": [Fact(a, one, two) for (a, one), (_, two) in zip(facts(record), facts(other), strict=True)],
            "counts": _counts(record, other),
            "directions": [_direction(other, record), _direction(record, other)] if record.pk != other.pk else [],
        }


def _counts(record: Any, other: Any) -> list[Count]:
    ours, theirs = hanging(record), hanging(other)
    known = {relation.key: relation.words for relation in relations(type(record))}
    return [
        Count(words, ours.get(key, 0), theirs.get(key, 0))
        for key, words in known.items()
        if key in ours or key in theirs
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@at_the_desk(MergePage.of)
def merge_records(request: Request, table: str, pk: uuid.UUID) -> HttpResponse:
    """GET: likely twins, a search, or two records side by side. POST: one goes into the other."""
    page = MergePage.of(request, table, pk)
    record = page.record
    if request.method != "POST":
        if record.merged_into:
            messages.info(request, f"“{record}” was merged into this one.")
            return redirect(desk_address("merge", record.standing))
        return page.answer()
    if not page.form.is_valid() or not page.pair:
        return page.answer(422)
    given = page.form.cleaned_data
    heir = next(one for one in page.pair if str(one.pk) == given["stays"])
    loser = next(one for one in page.pair if one is not heir)
    try:
        one = merge(loser, heir, by=request.user, reason=given["reason"], seen=given["seen"])
    except Overtaken as overtaken:
        data = request.POST.copy()
        data["seen"] = page.context["seen"]
        return MergePage.of(request, table, pk, data).answer(409, newer=overtaken.newer)
    except ValidationError as error:
        page.form.blame(error)
        return page.answer(422)
    kept.forget(request)
    _tell(request, one, format_html("Merged “{}” into “{}”.", loser, heir))
    return SeeOther(desk_address("merge", heir))


def _tell(request: Request, one: Regrouping, what: str) -> None:
    messages.success(request, format_html('{} <a href="/desk/regroupings/{}/undo/">Undo</a>', what, one.pk))


# Splitting


@dataclass(frozen=True, slots=True)
class Choice:
    """A row that may go to the new record. ``goes`` is "", "moves" or "both"."""

    name: str
    value: str
    label: str
    hint: str
    goes: str


@dataclass(slots=True)
class Group:
    """The rows of one relation. ``both``: each may also be on both records."""

    key: tuple[str, str]
    heading: str
    both: bool
    choices: list[Choice] = field(default_factory=list)
    more: bool = False


RELATED = {
    ("report", "event"): ("article__outlet", "originator"),
    ("report", "originator"): ("article__outlet", "event", "originator"),
    ("report", "relays"): ("article__outlet", "event", "originator"),
    ("report", "article"): ("article__outlet", "event", "originator"),
    ("observation", "event"): ("measure",),
    ("observation", "originator"): ("measure",),
    ("observation", "article"): ("measure",),
    ("eventactor", "event"): ("actor",),
    ("eventactor", "actor"): ("event",),
    ("effect", "event"): ("obligation",),
    ("evidence", "event"): ("event",),
    ("attribution", "actor"): ("actor",),
    ("party", "actor"): ("agreement",),
    ("declaration", "actor"): ("phase",),
    ("declaration", "article"): ("phase", "actor"),
    ("condition", "actor"): ("requires", "phase", "obligation"),
    ("obligation_obligors", "actor"): ("obligation__agreement",),
    ("obligation_beneficiaries", "actor"): ("obligation__agreement",),
    ("instrument_accepted_by", "actor"): ("instrument__agreement",),
    ("instrument_disputed_by", "actor"): ("instrument__agreement",),
}
"""What a line about a row reads besides the row itself."""


def _label(relation: Relation, row: Any) -> tuple[str, str]:
    """A line that tells one row from another, and a second, smaller one."""
    table, column = relation.key
    match table:
        case "report":
            who = (row.originator.name if row.originator_id else row.originator_text) or str(row.article.outlet)
            line = f"{who}: “{row.quote}”" if row.quote else f"{who} {str(row.get_stance_display()).lower()}"
            day = written(row.article.published_on) if row.article.published_on else "no date"
            hint = "" if column == "event" else f"{row.event.title} · "
            return line, f"{hint}{row.article.outlet}, {day}"
        case "observation":
            return f"{row.value.normalize():f} {row.measure.unit}", f"{row.measure.label}, {written(row.as_of)}"
        case "eventactor":
            role = str(row.get_role_display())
            if column == "event":
                return row.actor.name, role
            return row.event.title, f"{role}, {written(row.event.date)}"
        case "effect":
            return row.obligation.title, str(row.get_effect_display()).lower()
        case "article":
            return row.title, written(row.published_on) if row.published_on else "no date"
        case "party":
            return row.agreement.title, str(row.get_role_display())
        case "declaration":
            said = f"phase {row.phase.ordinal} {row.get_says_display()}"
            return (f"{row.actor.name}: {said}" if column == "article" else said), written(row.date)
        case "condition":
            return row.requires.title, f"before {row.obligation or row.phase}"
        case "obligation_obligors" | "obligation_beneficiaries":
            return row.obligation.title, row.obligation.agreement.title
        case "instrument_accepted_by" | "instrument_disputed_by":
            return row.instrument.title, row.instrument.agreement.title
        case _:
            return str(row), ""


def _described(relation: Relation, rows: QuerySet[Any]) -> QuerySet[Any]:
    """With everything that ``_label`` reads."""
    related = RELATED.get(relation.key, ())
    return rows.select_related(*related) if related else rows


def _groups(record: Any, data: Any, by: Any) -> list[Group]:
    known = {relation.key: relation for relation in relations(type(record))}
    found = []
    for key in PICKED[str(record._meta.model_name)]:
        relation = known[key]
        rows = _described(relation, pickable(relation, record, by))
        rows = rows.order_by("-recorded_at", "-pk") if _has(relation, "recorded_at") else rows.order_by("-pk")
        shown = list(rows[: ROWS_SHOWN + 1])
        if not shown:
            continue
        group = Group(key, relation.words, key in COPIED, more=len(shown) > ROWS_SHOWN)
        ticked = set(data.getlist(_name(key))) if data else set()
        for row in shown[:ROWS_SHOWN]:
            label, hint = _label(relation, row)
            name = f"{_name(key)}-{row.pk}" if group.both else _name(key)
            goes = (data.get(name, "") if data else "") if group.both else ("moves" if str(row.pk) in ticked else "")
            group.choices.append(Choice(name, str(row.pk), label, hint, goes if goes in ("moves", "both") else ""))
        found.append(group)
    return found


def _has(relation: Relation, name: str) -> bool:
    return any(column.name == name for column in relation.table._meta.concrete_fields)


def _name(key: tuple[str, str]) -> str:
    return f"rows-{key[0]}-{key[1]}"


def _picks(record: Any, data: Any) -> list[Pick]:
    """What was ticked, also what is not shown any more because somebody else moved it."""
    picks = []
    for key in PICKED[str(record._meta.model_name)]:
        name = _name(key)
        if key in COPIED:
            prefix = f"{name}-"
            goes = {part.removeprefix(prefix): data.get(part) for part in data if part.startswith(prefix)}
            moved = [pk for pk, where in goes.items() if where == "moves"]
            copied = [pk for pk, where in goes.items() if where == "both"]
        else:
            moved, copied = data.getlist(name), []
        if moved or copied:
            picks.append(Pick(key, moved, copied))
    return picks


class SplitPage(Page):
    record: Any
    groups: list[Group]
    new: SplitForm

    @classmethod
    def of(cls, request: Request, table: str, pk: uuid.UUID, data: Any = None) -> "SplitPage":
        record = _found(request, table, pk)
        data = sent(request) if data is None else data
        seen = state_of(record)
        form = SPLITS[KINDS[table]](
            record, data, unique=f"split_{record.pk.hex}", initial=start_of(record) | {"seen": seen}
        )
        page = cls(request, "desk/split.html", form, {"record": record, "path": table, "seen": seen})
        page.record, page.new = record, form
        page.groups = _groups(record, data, request.user) if is_signed_in(request) else []
        page.context |= {
            "groups": page.groups,
            "kind": str(record._meta.verbose_name),
            "not_ready": unready(record) if is_signed_in(request) else [],
        }
        return page


@require_http_methods(["GET", "HEAD", "POST"])
@at_the_desk(SplitPage.of)
def split_record(request: Request, table: str, pk: uuid.UUID) -> HttpResponse:
    """GET: what hangs on the record, to choose from. POST: the chosen part becomes a record of its own."""
    page = SplitPage.of(request, table, pk)
    record = page.record
    if request.method != "POST":
        if record.merged_into:
            messages.info(request, f"“{record}” was merged into this one.")
            return redirect(desk_address("split", record.standing))
        return page.answer()
    if not page.form.is_valid():
        return page.answer(422)
    given = page.form.cleaned_data
    new = page.new.made(record)
    try:
        one = split(
            record,
            new,
            _picks(record, request.POST),
            by=request.user,
            reason=given["reason"],
            aliases=given.get("aliases", []),
            seen=given["seen"],
        )
    except Overtaken as overtaken:
        data = request.POST.copy()
        data["seen"] = page.context["seen"]
        return SplitPage.of(request, table, pk, data).answer(409, newer=overtaken.newer)
    except ValidationError as error:
        page.form.blame(error)
        return page.answer(422)
    kept.forget(request)
    _tell(request, one, format_html("Split “{}” from “{}”.", new, record))
    return SeeOther(desk_address("merge", new))


# Taking back


class UndoPage(Page):
    one: Regrouping
    kept: Any

    @classmethod
    def of(cls, request: Request, pk: uuid.UUID) -> "UndoPage":
        if is_signed_in(request):
            require(request.user, "regroup", NO_REGROUPER)
        one = get_object_or_404(Regrouping, pk=pk)
        rows = TABLES[one.table].with_merged.in_bulk([one.kept, one.other])
        if len(rows) < len({one.kept, one.other}):
            raise Http404("One of the two records is gone.")
        record = rows[one.kept]
        form = UndoForm(
            sent(request), unique=f"undo_{one.pk.hex}", initial={"reason": f"Taken back: {one.reason}"[:300]}
        )
        page = cls(
            request,
            "desk/regrouping_undo.html",
            form,
            {"one": one, "record": record, "other": rows[one.other], "back": desk_address("merge", record.standing)},
        )
        page.one, page.kept = one, record
        if is_signed_in(request):
            page.context |= {"newer": newer(one), "gone": gone(one)}
        return page


@require_http_methods(["GET", "HEAD", "POST"])
@at_the_desk(UndoPage.of)
def undo_regrouping(request: Request, pk: uuid.UUID) -> HttpResponse:
    """GET says what would be restored; POST does it. With newer work on top both say what that is."""
    page = UndoPage.of(request, pk)
    if request.method != "POST":
        return page.answer(409 if page.context["newer"] else 200)
    if not page.form.is_valid():
        return page.answer(422)
    try:
        back = undo(page.one, by=request.user, reason=page.form.cleaned_data["reason"])
    except Overtaken as overtaken:
        return page.answer(409, newer=overtaken.newer)
    kept.forget(request)
    what = "“{}” and “{}” are two records again." if page.one.kind == Regrouping.MERGE else "“{}” has “{}” back."
    _tell(request, back, format_html(what, page.kept, page.context["other"]))
    return SeeOther(desk_address("merge", page.kept))
