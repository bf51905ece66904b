"""Pages for what was promised. An agreement is set up on one page; the text of each part is on the part's own."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Count, OuterRef, Q, Subquery
from django.http import HttpRequest

from tracker.models import (
    Agreement,
    AgreementRelation,
    Clause,
    Condition,
    DatedState,
    Declaration,
    Instrument,
    Measure,
    Obligation,
    Party,
    Phase,
)

from .base import Blocks, RecordAdmin, RecordForm, Rows
from .site import site


class AgreementForm(RecordForm):
    kept = ("slug",)


class InstrumentForm(RecordForm):
    kept = ("code",)
    bound = ("agreement",)


class ClauseForm(RecordForm):
    bound = ("instrument",)


class PhaseForm(RecordForm):
    bound = ("agreement",)


class ObligationForm(RecordForm):
    kept = ("code",)
    bound = ("agreement",)
    own = "agreement"
    same: ClassVar[dict[str, str]] = {
        "phase": "agreement",
        "instrument": "agreement",
        "clause": "instrument.agreement",
    }

    def clean(self) -> dict[str, Any] | None:
        values = super().clean() or {}
        clause, instrument = values.get("clause"), values.get("instrument")
        if clause and instrument and clause.instrument_id != instrument.pk:
            self.add_error("clause", f"This is a clause of another text: {clause.instrument}.")
        return values


class ObligationConditionForm(RecordForm):
    own = "obligation.agreement"
    same: ClassVar[dict[str, str]] = {"requires": "agreement", "clause": "instrument.agreement"}


class PhaseConditionForm(RecordForm):
    own = "phase.agreement"
    same: ClassVar[dict[str, str]] = {"requires": "agreement", "clause": "instrument.agreement"}


class ConditionForm(RecordForm):
    same: ClassVar[dict[str, str]] = {"requires": "agreement", "clause": "instrument.agreement"}

    def _own_agreement(self, values: dict[str, Any]) -> Any:
        waiting = values.get("phase") or values.get("obligation")
        return waiting.agreement if waiting else None


class MeasureForm(RecordForm):
    kept = ("code",)
    bound = ("obligation",)


class StateRows(Rows):
    model = DatedState
    fields = ("since", "state")


class PartyRows(Rows):
    model = Party
    fields = ("actor", "role")


class RelationRows(Rows):
    model = AgreementRelation
    fk_name = "agreement"
    fields = ("kind", "to")
    verbose_name_plural = "relations to other agreements"


class InstrumentRows(Rows):
    model = Instrument
    form = InstrumentForm
    fields = ("code", "title", "date")
    show_change_link = True


class PhaseRows(Rows):
    model = Phase
    form = PhaseForm
    fields = ("ordinal", "title", "agreed_on", "planned_start", "planned_end")
    show_change_link = True


class ObligationRows(Rows):
    """What decides where a duty appears; the rest is on its own page."""

    model = Obligation
    form = ObligationForm
    fields = ("code", "title", "phase", "category", "nature", "obligors", "due_on")
    parent_agreement = ""
    show_change_link = True

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("phase").prefetch_related("obligors")


class ClauseRows(Rows):
    model = Clause
    form = ClauseForm
    fields = ("number", "text", "language")


class DeclarationRows(Rows):
    model = Declaration
    fields = ("date", "actor", "says", "article")


class PhaseConditionRows(Rows):
    model = Condition
    form: Any = PhaseConditionForm
    fk_name = "phase"
    fields = ("requires", "level", "basis", "actor", "clause")
    parent_agreement = "agreement"
    verbose_name_plural = "conditions for the phase to begin"

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("requires", "actor", "clause")


class ObligationConditionRows(PhaseConditionRows):
    form = ObligationConditionForm
    fk_name = "obligation"
    verbose_name_plural = "conditions for the obligation to bind"


class MeasureBlocks(Blocks):
    model = Measure
    form = MeasureForm
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("code", "label", "unit"),
                    ("kind", "direction"),
                    ("target", "target_from"),
                    "target_basis",
                    ("counted", "not_counted"),
                )
            },
        ),
    )


def counted(model: Any, to: str, only: Q | None = None) -> Subquery:
    """The number of rows, or ``only`` of some of them, that point to each row over the foreign key ``to``."""
    rows = model.objects.filter(only or Q(), **{to: OuterRef("pk")}).order_by().values(to)
    return Subquery(rows.annotate(number=Count("pk")).values("number"))


@admin.register(Agreement, site=site)
class AgreementAdmin(RecordAdmin):
    form = AgreementForm
    list_display = ("title", "slug", "signed_on", "effective_on", "state", "obligation_count", "review")
    list_filter = ("review", "ceasefire_class")
    search_fields = ("title", "slug", "territory", "conflict")
    date_hierarchy = "signed_on"
    save_on_top = True
    history_parts = ("states", "instruments", "phases", "obligations")
    fieldsets = (
        (None, {"fields": ("title", "slug", ("territory", "conflict"), ("signed_on", "effective_on"), "summary")}),
        ("How a status becomes public", {"fields": ("review",)}),
        ("In other datasets", {"fields": (("stage", "ceasefire_class"), "external_ids")}),
    )

    def get_queryset(self, request: HttpRequest) -> Any:
        latest = DatedState.objects.filter(agreement=OuterRef("pk")).order_by("-since").values("state")[:1]
        rows = super().get_queryset(request)
        return rows.annotate(latest_state=Subquery(latest), obligation_count=counted(Obligation, "agreement"))

    def get_inlines(self, request: HttpRequest, obj: Any) -> Any:
        parts = [StateRows, PartyRows, InstrumentRows, PhaseRows]
        # An obligation names a phase, which has to be there before.
        return parts if obj is None else [*parts, ObligationRows, RelationRows]

    @admin.display(description="state", ordering="latest_state")
    def state(self, row: Any) -> str:
        return str(dict(DatedState._meta.get_field("state").flatchoices).get(row.latest_state, ""))

    @admin.display(description="obligations", ordering="obligation_count")
    def obligation_count(self, row: Any) -> int:
        return row.obligation_count or 0

    def agreement_of(self, row: Any) -> Any:
        return row and row.pk


@admin.register(Instrument, site=site)
class InstrumentAdmin(RecordAdmin):
    form = InstrumentForm
    agreement_path = "agreement"
    list_display = ("title", "code", "agreement", "date")
    list_select_related = ("agreement",)
    list_filter = ("agreement",)
    search_fields = ("title", "code", "agreement__title")
    date_hierarchy = "date"
    history_parts = ("clauses",)
    fieldsets = (
        (None, {"fields": ("agreement", "title", "code", "date", "url")}),
        ("Who is bound", {"fields": ("accepted_by", "disputed_by")}),
    )
    inlines = (ClauseRows,)

    def view_on_site(self, obj: Any) -> str | None:
        return f"{obj.agreement.get_absolute_url()}text/"


@admin.register(Clause, site=site)
class ClauseAdmin(RecordAdmin):
    form = ClauseForm
    agreement_path = "instrument__agreement"
    list_display = ("number", "text", "instrument", "agreement", "language")
    list_select_related = ("instrument__agreement",)
    list_filter = ("instrument__agreement", "language")
    search_fields = ("number", "text", "instrument__title")
    ordering = ("instrument", "number")

    @admin.display(ordering="instrument__agreement")
    def agreement(self, row: Any) -> str:
        return str(row.instrument.agreement)

    def choice_label(self, row: Any) -> str:
        return f"{row.instrument.code} {row}"

    def view_on_site(self, obj: Any) -> str | None:
        return f"{obj.instrument.agreement.get_absolute_url()}text/"


@admin.register(Phase, site=site)
class PhaseAdmin(RecordAdmin):
    form = PhaseForm
    agreement_path = "agreement"
    list_display = ("__str__", "agreement", "agreed_on", "planned_start", "planned_end")
    list_select_related = ("agreement",)
    list_filter = ("agreement",)
    search_fields = ("title", "agreement__title")
    ordering = ("agreement", "ordinal")
    history_parts = ("declarations", "conditions")
    fieldsets = (
        (
            None,
            {
                "fields": (
                    "agreement",
                    ("ordinal", "title"),
                    "summary",
                    "agreed_on",
                    ("planned_start", "planned_end"),
                )
            },
        ),
    )
    inlines = (PhaseConditionRows, DeclarationRows)

    def view_on_site(self, obj: Any) -> str | None:
        return f"{obj.agreement.get_absolute_url()}#phase-{obj.ordinal}"


@admin.register(Obligation, site=site)
class ObligationAdmin(RecordAdmin):
    form = ObligationForm
    agreement_path = "agreement"
    list_display = ("title", "code", "owed_by", "phase", "category", "nature", "due_on", "agreement")
    list_select_related = ("agreement", "phase")
    list_filter = ("agreement", "category", "nature", "specificity")
    search_fields = ("title", "code", "obligors__name", "agreement__title")
    date_hierarchy = "due_on"
    ordering = ("agreement", "phase__ordinal", "code")
    history_parts = ("conditions", "measures")
    save_on_top = True
    fieldsets = (
        (None, {"fields": ("agreement", "title", "code", "phase", ("category", "nature"))}),
        ("Who", {"fields": ("obligors", "beneficiaries")}),
        ("The text", {"fields": ("instrument", "clause", "agreed_on", ("due_on", "due_rule"))}),
        ("For the score", {"fields": (("specificity", "weight"),)}),
    )
    inlines = (ObligationConditionRows, MeasureBlocks)

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).prefetch_related("obligors")

    @admin.display(description="who owes it")
    def owed_by(self, row: Any) -> str:
        return ", ".join(actor.name for actor in row.obligors.all())

    def choice_label(self, row: Any) -> str:
        return f"{row.title} ({row.code})"


@admin.register(Condition, site=site)
class ConditionAdmin(RecordAdmin):
    form = ConditionForm
    agreement_path = "requires__agreement"
    list_display = ("waits", "requires", "level", "basis", "actor")
    list_select_related = ("phase", "obligation", "requires", "actor")
    list_filter = ("requires__agreement", "basis", "level")
    search_fields = ("phase__title", "obligation__title", "requires__title", "actor__name")
    ordering = ("id",)
    fieldsets = ((None, {"fields": (("phase", "obligation"), ("requires", "level"), ("basis", "actor"), "clause")}),)

    @admin.display(description="what waits")
    def waits(self, row: Any) -> str:
        return str(row.phase or row.obligation)

    def view_on_site(self, obj: Any) -> str | None:
        return f"{(obj.obligation or obj.phase.agreement).get_absolute_url()}"


@admin.register(Measure, site=site)
class MeasureAdmin(RecordAdmin):
    form = MeasureForm
    agreement_path = "obligation__agreement"
    list_display = ("label", "unit", "kind", "direction", "target", "obligation", "agreement")
    list_select_related = ("obligation__agreement",)
    list_filter = ("obligation__agreement", "kind", "direction")
    search_fields = ("label", "code", "unit", "obligation__title")
    ordering = ("obligation", "code")
    fieldsets = (
        (None, {"fields": ("obligation", ("code", "label", "unit"), ("kind", "direction"))}),
        ("What is owed", {"fields": (("target", "target_from"), "target_basis")}),
        ("What is counted", {"fields": ("counted", "not_counted")}),
    )

    @admin.display(ordering="obligation__agreement")
    def agreement(self, row: Any) -> str:
        return str(row.obligation.agreement)

    def choice_label(self, row: Any) -> str:
        return f"{row.label} ({row.unit}; {row.obligation.code})"

    def view_on_site(self, obj: Any) -> str | None:
        return f"{obj.obligation.get_absolute_url()}"
