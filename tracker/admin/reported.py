"""Pages for what was reported: an event is entered on one page, with who says it and what it means."""

from typing import Any, ClassVar

import pghistory
from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest
from django.utils.html import format_html

from tracker.codebook import EffectKind, EventRole, EventState, Review, Stage
from tracker.models import (
    Actor,
    Article,
    Declaration,
    Effect,
    Event,
    EventActor,
    Evidence,
    Observation,
    Outlet,
    Proposal,
    Report,
    Source,
)

from .base import Blocks, ReadOnly, RecordAdmin, RecordForm, Rows
from .promised import counted
from .site import site


class ActorForm(RecordForm):
    kept = ("slug",)

    def clean(self) -> dict[str, Any] | None:
        values = super().clean() or {}
        above = values.get("parent")
        seen = set()
        while above is not None and above.pk not in seen:
            if above.pk == self.instance.pk:
                self.add_error("parent", "This actor stands above that one already: the parents would form a circle.")
                break
            seen.add(above.pk)
            above = above.parent
        return values


class OutletForm(RecordForm):
    kept = ("slug",)


class EventForm(RecordForm):
    kept = ("ref",)
    bound = ("agreement",)
    own = "agreement"
    same: ClassVar[dict[str, str]] = {"outcome": "agreement"}

    edit_reason = forms.CharField(
        label="Why this is changed",
        max_length=300,
        help_text="A published status rests on this event. Readers will see what was changed and why.",
        widget=forms.TextInput(attrs={"class": "vLargeTextField"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "ref" in self.fields and not self.fields["ref"].disabled:
            self.fields["ref"].required = False
            self.fields["ref"].help_text = "Its name in case files; made from the date if left empty."

    def clean(self) -> dict[str, Any] | None:
        values = super().clean() or {}
        if not values.get("ref") and values.get("date"):
            values["ref"] = Event.new_ref(values["date"])
        return values


class EffectForm(RecordForm):
    own = "event.agreement"
    same: ClassVar[dict[str, str]] = {"obligation": "agreement"}


class ObservationForm(RecordForm):
    own = "event.agreement"
    same: ClassVar[dict[str, str]] = {"measure": "obligation.agreement"}


class EffectFormSet(BaseInlineFormSet[Any, Any, Any]):
    """Holds the one rule for every party: a breach names who is accused and how far it is verified."""

    beside: list[Any] = []

    def clean(self) -> None:
        super().clean()
        if not any(values.get("effect") == EffectKind.BREACHES for values in standing(self)):
            return
        missing = []
        actors = [values for formset in self.beside if formset.model is EventActor for values in standing(formset)]
        if not any(values.get("role") == EventRole.ACCUSED for values in actors):
            missing.append("name who is accused among the actors")
        if not self.instance.verification:
            missing.append("give the event's verification")
        if missing:
            raise ValidationError(f"An effect is a breach: {' and '.join(missing)}.")


def standing(formset: Any) -> list[dict[str, Any]]:
    """What the rows of a formset say that will be there after saving."""
    formset.is_valid() if formset.model is EventActor else None
    rows = []
    for form in formset.forms:
        values = getattr(form, "cleaned_data", {})
        if values and not values.get("DELETE") and (form.has_changed() or not form.instance._state.adding):
            rows.append(values)
    return rows


class ActorRows(Rows):
    model = EventActor
    fields = ("actor", "role")
    verbose_name = "actor"
    verbose_name_plural = "who took part, and who is accused"


class EffectRows(Rows):
    model = Effect
    form = EffectForm
    formset = EffectFormSet
    fields = ("obligation", "effect")
    parent_agreement = "agreement"
    verbose_name_plural = "what it means for obligations"

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).filter(changeable_by(request))


class ReportBlocks(Blocks):
    model = Report
    fieldsets = (
        (
            None,
            {"fields": ("article", ("originator", "originator_text"), ("stance", "about", "credibility"), "quote")},
        ),
        (
            "More about the quote, and the outlet relayed",
            {
                "fields": (("prefix", "suffix"), ("quote_language", "translator"), "relays"),
                "classes": ("collapse",),
            },
        ),
    )
    verbose_name_plural = "who reports it"

    def get_extra(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> int:
        return 1 if obj is None else 0  # without a report there is no event

    def get_queryset(self, request: HttpRequest) -> Any:
        rows = super().get_queryset(request).filter(changeable_by(request))
        return rows.select_related("article__outlet", "originator", "relays")


class ObservationBlocks(Blocks):
    model = Observation
    form = ObservationForm
    parent_agreement = "agreement"
    fieldsets = (
        (
            None,
            {
                "fields": (
                    "measure",
                    ("value", "low", "high"),
                    ("as_of", "period_start"),
                    ("nature", "counts"),
                    "article",
                    ("originator", "originator_text"),
                    "note",
                )
            },
        ),
    )
    verbose_name_plural = "figures it gives"

    def get_queryset(self, request: HttpRequest) -> Any:
        rows = super().get_queryset(request).filter(changeable_by(request))
        return rows.select_related("measure__obligation", "article__outlet", "originator")


class SourceRows(Rows):
    model = Source
    fields = ("agreement", "ref")
    verbose_name = "name in a case file"
    verbose_name_plural = "names in case files"


def article_label(row: Article) -> str:
    day = f"{row.published_on:%-d %b %Y}" if row.published_on else "no date"
    return f"{row.title} ({row.outlet}, {day})"


@admin.register(Event, site=site)
class EventAdmin(RecordAdmin):
    form = EventForm
    agreement_path = "agreement"
    list_display = ("date", "title", "kind_and_state", "verification", "report_count", "agreement_slug")
    list_display_links = ("title",)
    list_select_related = ("agreement",)
    list_filter = ("agreement", "kind", "state", "effects__effect", "verification", "stage")
    search_fields = ("title", "summary", "place", "ref")
    date_hierarchy = "date"
    ordering = ("-date", "-id")
    save_on_top = True
    history_parts = ("effects", "reports", "observations")
    inlines = (ActorRows, EffectRows, ReportBlocks, ObservationBlocks)

    def get_queryset(self, request: HttpRequest) -> Any:
        rows = super().get_queryset(request).filter(seen_by(request))
        return rows.annotate(report_count=counted(Report, "event", seen_by(request)))

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        """Every word stands in the event or in what is reported of it, drafts of others left out."""
        told = Report.objects.filter(seen_by(request))
        for word in search_term.replace("\0", "").split():
            here = Q(pk__in=told.filter(Q(quote__icontains=word) | Q(article__title__icontains=word)).values("event"))
            for name in self.search_fields:
                here |= Q(**{f"{name}__icontains": word})
            queryset = queryset.filter(here)
        return queryset, False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and not is_locked(request, obj)

    @admin.display(description="reports", ordering="report_count")
    def report_count(self, row: Any) -> int:
        return row.report_count or 0

    @admin.display(description="kind", ordering="kind")
    def kind_and_state(self, row: Any) -> str:
        kind = str(row.get_kind_display())
        return f"{kind}, {row.get_state_display().lower()}" if row.state == EventState.SCHEDULED else kind

    @admin.display(description="agreement", ordering="agreement")
    def agreement_slug(self, row: Any) -> str:
        return str(row.agreement.slug)

    def choice_label(self, row: Any) -> str:
        return f"{row.date:%-d %b %Y}: {row.title}"

    def view_on_site(self, obj: Any) -> str | None:
        return f"{obj.get_absolute_url()}" if obj.stage == Stage.PUBLISHED else None

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        why = ["edit_reason"] if needs_reason(obj) and self.has_change_permission(request, obj) else []
        return [
            (None, {"fields": [*why, "agreement", "title", "summary", ("kind", "state"), "verification"]}),
            ("When", {"fields": ["date", ("date_precision", "date_end")]}),
            ("Where", {"fields": ["place", ("latitude", "longitude"), "where_precision", "note"]}),
            ("What came of it", {"fields": ["outcome"]}),
            ("Record", {"fields": ["ref"] if obj is None else ["ref", "recorded_at"]}),
        ]

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change, **kwargs)
        if not needs_reason(obj):
            form.base_fields.pop("edit_reason", None)
        return form

    def _create_formsets(self, request: HttpRequest, obj: Any, change: bool) -> Any:
        formsets, inlines = super()._create_formsets(request, obj, change)  # type: ignore[misc]  # long stable
        for formset in formsets:
            # A breach is complete or not together with the actors beside it.
            formset.beside = formsets
        return formsets, inlines

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        reason = form.cleaned_data.get("edit_reason", "")
        if reason:
            # Kept beside every version that this request writes, those of the parts included.
            pghistory.context(reason=reason)
        if not change and obj.agreement.review != Review.NONE:
            obj.proposal = self._set_for(request, obj)
            obj.stage = Stage.DRAFT
        super().save_model(request, obj, form, change)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """What is new waits for another person where the agreement asks for it, as at the desk."""
        if formset.model in (Effect, Report, Observation):
            event = form.instance
            for row in formset.forms:
                new = row.instance._state.adding and row.has_changed() and not row.cleaned_data.get("DELETE")
                if new and (event.stage != Stage.PUBLISHED or event.agreement.review != Review.NONE):
                    row.instance.proposal = self._set_for(request, event)
                    row.instance.stage = Stage.DRAFT
        super().save_formset(request, form, formset, change)

    def _set_for(self, request: HttpRequest, event: Event) -> Proposal:
        """The draft that the event is in, else one set for all that this request brings."""
        own: Proposal | None = event.proposal if event.stage != Stage.PUBLISHED else None
        begun: Proposal | None = own or getattr(request, "begun", None)
        if begun is None:
            by: Any = request.user
            begun = Proposal.begin(event.agreement, by)
            setattr(request, "begun", begun)  # noqa: B010  # a request has no such attribute by itself
        return begun

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        begun: Proposal | None = getattr(request, "begun", None)
        if begun is None:
            return
        link = format_html('<a href="{}">{}</a>', begun.get_absolute_url(), "the proposal")
        by: Any = request.user
        try:
            begun.hand_in(by)
        except ValidationError as error:
            told = format_html("It is a draft, not handed in: {} Go on in {}.", " ".join(error.messages), link)
            self.message_user(request, told, messages.WARNING)
        else:
            told = format_html("What is new waits for review and is not public yet: another person publishes {}.", link)
            self.message_user(request, told, messages.WARNING)


def seen_by(request: HttpRequest, path: str = "") -> Q:
    """Leaves out what others draft. ``path`` leads to the row with a stage, for instance "event__"."""
    mine = Q(**{f"{path}proposal__author": request.user.pk})
    return ~Q(**{f"{path}stage": Stage.DRAFT}) | mine


def changeable_by(request: HttpRequest) -> Q:
    """What belongs to an event and may be changed with it: public rows, and those of one's own open sets.

    What waits for review stays as the reviewer reads it; on an event that waits itself everything is only shown.
    """
    mine = Q(proposal__author=request.user.pk, stage=Stage.DRAFT)
    return Q(stage=Stage.PUBLISHED) | mine | Q(event__stage=Stage.IN_REVIEW)


def is_locked(request: HttpRequest, event: Event | None) -> bool:
    """Whether nobody, or only somebody else, may change the event now: it waits for review, or is another's draft."""
    if event is None or event.stage == Stage.PUBLISHED or event.proposal is None:
        return False
    return not (event.proposal.is_open and event.proposal.author_id == request.user.pk)


def needs_reason(event: Event | None) -> bool:
    """Whether a published status rests on the event, so that a change has to be explained."""
    if event is None:
        return False
    return Evidence.objects.resting_on([event]).filter(assessment__stage=Stage.PUBLISHED).exists()


@admin.register(Report, site=site)
class ReportAdmin(ReadOnly, RecordAdmin):
    """A list to search in; reports are edited on their event's page."""

    agreement_path = "event__agreement"
    list_display = ("event", "originator_name", "stance", "about", "article", "credibility", "recorded_at")
    list_select_related = ("event", "originator", "article__outlet")
    list_filter = ("event__agreement", "stance", "about", "credibility")
    search_fields = ("quote", "originator__name", "originator_text", "event__title", "article__title")
    date_hierarchy = "event__date"
    ordering = ("-event__date", "id")

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).filter(seen_by(request))

    @admin.display(description="who said it", ordering="originator__name")
    def originator_name(self, row: Any) -> str:
        return row.originator_name or str(row.article.outlet)

    def view_on_site(self, obj: Any) -> str | None:
        public = obj.stage == obj.event.stage == Stage.PUBLISHED
        return f"{obj.event.get_absolute_url()}" if public else None


@admin.register(Observation, site=site)
class ObservationAdmin(ReadOnly, RecordAdmin):
    """A list to search in; figures are edited on their event's page."""

    agreement_path = "event__agreement"
    list_display = ("measure", "figure", "as_of", "originator_name", "nature", "counts", "event")
    list_select_related = ("measure__obligation", "event", "originator", "article__outlet")
    list_filter = ("event__agreement", "nature", "counts", "measure__kind")
    search_fields = ("measure__label", "originator__name", "originator_text", "event__title", "note")
    date_hierarchy = "as_of"
    ordering = ("-as_of", "id")

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).filter(seen_by(request))

    @admin.display(description="value", ordering="value")
    def figure(self, row: Any) -> str:
        return f"{row.value.normalize():f}"

    @admin.display(description="who said it", ordering="originator__name")
    def originator_name(self, row: Any) -> str:
        return row.originator_name or str(row.article.outlet)

    def view_on_site(self, obj: Any) -> str | None:
        public = obj.stage == obj.event.stage == Stage.PUBLISHED
        return f"{obj.event.get_absolute_url()}" if public else None


@admin.register(Declaration, site=site)
class DeclarationAdmin(RecordAdmin):
    agreement_path = "phase__agreement"
    list_display = ("date", "actor", "says", "phase", "agreement", "article")
    list_select_related = ("actor", "phase__agreement", "article")
    list_filter = ("phase__agreement", "says")
    search_fields = ("actor__name", "phase__title", "article__title")
    date_hierarchy = "date"
    ordering = ("-date", "id")
    fieldsets = ((None, {"fields": ("phase", ("actor", "says"), "date", "article")}),)

    @admin.display(ordering="phase__agreement")
    def agreement(self, row: Any) -> str:
        return str(row.phase.agreement)

    def view_on_site(self, obj: Any) -> str | None:
        return f"{obj.phase.agreement.get_absolute_url()}#phase-{obj.phase.ordinal}"


@admin.register(Article, site=site)
class ArticleAdmin(RecordAdmin):
    list_display = ("title", "outlet", "published_on", "language", "reliability", "report_count")
    list_select_related = ("outlet",)
    list_filter = ("reports__event__agreement", "language", "reliability", "outlet__interest")
    search_fields = ("title", "url", "outlet__name", "authors")
    date_hierarchy = "published_on"
    fieldsets = (
        (None, {"fields": ("url", "title", "outlet", "authors", ("published_on", "language"), "reliability")}),
        ("How it was read", {"fields": ("accessed_on", "archive_url", "copy_of", "kept_sha256")}),
    )
    inlines = (SourceRows,)

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).annotate(report_count=counted(Report, "article", seen_by(request)))

    @admin.display(description="reports", ordering="report_count")
    def report_count(self, row: Any) -> int:
        return row.report_count or 0

    def choice_label(self, row: Any) -> str:
        return article_label(row)


@admin.register(Outlet, site=site)
class OutletAdmin(RecordAdmin):
    form = OutletForm
    list_display = ("name", "domain", "country", "interest", "article_count")
    list_filter = ("interest", "country")
    search_fields = ("name", "domain", "slug")
    prepopulated_fields = {"slug": ("name",)}
    fieldsets = ((None, {"fields": ("name", "slug", ("domain", "country"), "interest")}),)

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).annotate(article_count=counted(Article, "outlet"))

    @admin.display(description="articles", ordering="article_count")
    def article_count(self, row: Any) -> int:
        return row.article_count or 0


@admin.register(Actor, site=site)
class ActorAdmin(RecordAdmin):
    form = ActorForm
    list_display = ("name", "slug", "kind", "parent", "root")
    list_select_related = ("parent", "root")
    list_filter = ("kind",)
    search_fields = ("name", "slug", "aliases")
    prepopulated_fields = {"slug": ("name",)}
    fieldsets = ((None, {"fields": ("name", "slug", "kind", "parent", "aliases")}),)
