"""Pages for what we conclude: to be read, published and withdrawn here, by the one way each of that is done."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin import ActionLocation
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html, format_html_join

from tracker.codebook import Stage
from tracker.models import Assessment, Check, Conflict, Retraction

from .base import ReadOnly, RecordAdmin
from .reported import seen_by
from .site import site

EVERYWHERE = [ActionLocation.CHANGE_LIST, ActionLocation.CHANGE_FORM]


class Reason(forms.Form):
    reason = forms.CharField(
        label="Why this is withdrawn",
        help_text="Readers see it beside the withdrawn status, with your public name.",
        widget=forms.Textarea(attrs={"class": "vLargeTextField", "rows": 4}),
    )


@admin.register(Assessment, site=site)
class AssessmentAdmin(ReadOnly, RecordAdmin):
    agreement_path = "obligation__agreement"
    list_display = (
        "obligation",
        "effective_on",
        "level",
        "direction",
        "conformity",
        "stage",
        "byline",
        "recorded_at",
        "withdrawn",
        "agreement",
    )
    list_select_related = ("obligation__agreement", "retraction")
    list_filter = (
        "stage",
        "obligation__agreement",
        "level",
        "direction",
        "conformity",
        ("retraction", admin.EmptyFieldListFilter),
    )
    search_fields = ("obligation__title", "obligation__code", "reason", "byline")
    date_hierarchy = "effective_on"
    ordering = ("-effective_on", "-id")
    actions = ("publish", "retract")
    fieldsets = (
        (None, {"fields": ("obligation", "stage", "withdrawn_because")}),
        (
            "The judgement",
            {
                "fields": (
                    ("effective_on", "effective_precision"),
                    ("level", "direction", "conformity"),
                    "reason",
                    "rests_on",
                    "about",
                )
            },
        ),
        ("Correction", {"fields": ("supersedes", "correction_reason")}),
        ("Record", {"fields": (("byline", "reviewer_byline"), "recorded_at", "rubric")}),
    )
    readonly_fields = ("withdrawn_because", "rests_on", "about")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.readonly_fields

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).filter(seen_by(request))

    def choice_label(self, row: Any) -> str:
        return f"{row.obligation}: {row}"

    def view_on_site(self, obj: Any) -> str | None:
        return f"{obj.get_absolute_url()}" if obj.stage == Stage.PUBLISHED else None

    @admin.display(ordering="obligation__agreement")
    def agreement(self, row: Any) -> str:
        return str(row.obligation.agreement)

    @admin.display(description="withdrawn", boolean=True)
    def withdrawn(self, row: Any) -> bool:
        return row.withdrawn is not None

    @admin.display(description="withdrawn because")
    def withdrawn_because(self, row: Any) -> str:
        return row.withdrawn.reason if row.withdrawn else ""

    @admin.display(description="evidence")
    def rests_on(self, row: Any) -> str:
        links = [
            (reverse("admin:tracker_event_change", args=[event.pk]), event.date, event.title)
            for event in row.standing_evidence
        ]
        return format_html("<ul>{}</ul>", format_html_join("", '<li><a href="{}">{}: {}</a></li>', links))

    @admin.display(description="attributed to")
    def about(self, row: Any) -> str:
        return ", ".join(actor.name for actor in row.attributed_to.all())

    def has_publish_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("tracker.publish")

    def has_retract_permission(self, request: HttpRequest) -> bool:
        # Researchers may, where their own word is public without review; the model decides row by row.
        return request.user.has_perm("tracker.retract") or request.user.has_perm("tracker.assess")

    @admin.action(description="Publish what waits for review", permissions=["publish"], location=EVERYWHERE)
    def publish(self, request: HttpRequest, queryset: QuerySet[Assessment]) -> None:
        by: Any = request.user
        # Of each set one is enough: all that belongs to it is published with it.
        first = {row.proposal_id or row.pk: row for row in reversed(queryset.order_by("pk"))}
        done = self._one_by_one(request, list(first.values()), lambda row: row.publish(by))
        if done:
            for row in done:
                self.log_change(request, row, "Published.")
            self.message_user(request, f"Published: {len(done)}.", messages.SUCCESS)

    @admin.action(description="Withdraw, with a reason", permissions=["retract"], location=EVERYWHERE)
    def retract(self, request: HttpRequest, queryset: QuerySet[Assessment]) -> HttpResponse | None:
        rows = list(queryset.select_related("obligation__agreement", "retraction"))
        form = Reason(request.POST if "reason" in request.POST else None)
        if not form.is_valid():
            return self._ask_for_reason(request, rows, form)
        by: Any = request.user
        reason = form.cleaned_data["reason"]

        def withdraw(row: Assessment) -> None:
            seen = request.POST.get(f"seen-{row.pk}", "")
            # No version has so many digits; more of them are nobody's honest form, and no number that can be read.
            row.retract(reason, by=by, seen_version=int(seen[:10]) if seen.isdecimal() else None)

        done = self._one_by_one(request, rows, withdraw)
        if done:
            for row in done:
                self.log_change(request, row, f"Withdrawn: {reason}")
            self.message_user(request, f"Withdrawn: {len(done)}.", messages.SUCCESS)
        return None

    def _one_by_one(self, request: HttpRequest, rows: Any, act: Callable[[Assessment], None]) -> list[Assessment]:
        """Acts on every row by itself, and says of each that was refused why. Returns those that were not."""
        done = []
        for row in rows:
            try:
                with transaction.atomic():
                    act(row)
            except Conflict:
                problem = "its obligation's status was changed since; look at it again."
            except PermissionDenied as error:
                problem = str(error)
            except ValidationError as error:
                problem = " ".join(error.messages)
            except IntegrityError as error:
                problem = str(error).splitlines()[0]
            else:
                done.append(row)
                continue
            self.message_user(request, f"{self.choice_label(row)}: {problem}", messages.ERROR)
        return done

    def _ask_for_reason(self, request: HttpRequest, rows: list[Assessment], form: Reason) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": "Withdraw, with a reason",
            "opts": self.opts,
            "rows": rows,
            "form": form,
            "media": self.media,
            # The same form field that brought us here: on the list and on a row's page it has different names.
            "action_field": next((name for name in request.POST if name.endswith("-action")), "action"),
            "checkbox": ACTION_CHECKBOX_NAME,
        }
        return TemplateResponse(request, "admin/tracker/assessment/retract.html", context)


@admin.register(Retraction, site=site)
class RetractionAdmin(ReadOnly, RecordAdmin):
    list_display = ("recorded_at", "obligation", "assessment", "reason", "byline")
    list_display_links = ("recorded_at",)
    list_select_related = ("assessment__obligation",)
    list_filter = ("assessment__obligation__agreement",)
    search_fields = ("reason", "byline", "assessment__obligation__title")
    date_hierarchy = "recorded_at"
    fieldsets = ((None, {"fields": ("assessment", "reason", "byline", "recorded_at")}),)

    @admin.display(ordering="assessment__obligation")
    def obligation(self, row: Any) -> str:
        return str(row.assessment.obligation)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ()

    def view_on_site(self, obj: Any) -> str | None:
        return f"{obj.assessment.get_absolute_url()}"


@admin.register(Check, site=site)
class CheckAdmin(ReadOnly, RecordAdmin):
    list_display = ("date", "obligation", "where", "byline", "recorded_at")
    list_select_related = ("obligation",)
    list_filter = ("obligation__agreement",)
    search_fields = ("where", "byline", "obligation__title", "obligation__code")
    date_hierarchy = "date"
    fieldsets = ((None, {"fields": ("obligation", "date", "where", "byline", "recorded_at")}),)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ()

    def view_on_site(self, obj: Any) -> str | None:
        return f"{obj.obligation.get_absolute_url()}"
