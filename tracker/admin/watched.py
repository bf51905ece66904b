"""Pages for what is looked at regularly: feeds, and sources that appear on known days."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from tracker.exchange.addresses import check_url
from tracker.models import Bulletin, Feed

from .base import RecordAdmin, RecordForm
from .site import site


class FeedForm(RecordForm):
    def clean_url(self) -> str:
        try:
            return check_url(self.cleaned_data["url"])
        except ValueError as error:
            raise ValidationError(f"{str(error)[:1].upper()}{str(error)[1:]}.") from error


@admin.register(Feed, site=site)
class FeedAdmin(RecordAdmin):
    form = FeedForm
    list_display = ("title", "outlet", "active", "every_minutes", "answered_at", "failures", "problem")
    list_select_related = ("outlet",)
    list_filter = ("active", "outlet__interest")
    search_fields = ("title", "url", "outlet__name")
    ordering = ("title", "id")
    fieldsets = ((None, {"fields": ("title", "url", "outlet", ("active", "every_minutes"))}),)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if change and "url" in form.changed_data:
            # What the old address said about itself does not hold for the new one, which is read at once.
            obj.etag = obj.modified = obj.problem = ""
            obj.failures, obj.due_at = 0, None
        super().save_model(request, obj, form, change)

    def view_on_site(self, obj: Any) -> str | None:
        return f"/desk/inbox/?feed={obj.pk}"


class BulletinForm(RecordForm):
    def clean(self) -> dict[str, Any] | None:
        values = super().clean() or {}
        first, end = values.get("first_on"), values.get("ended_on")
        if first and end and end < first:
            self.add_error("ended_on", "It cannot have ended before it first appeared.")
        return values


@admin.register(Bulletin, site=site)
class BulletinAdmin(RecordAdmin):
    form = BulletinForm
    agreement_path = "agreement"
    list_display = ("title", "agreement", "outlet", "rhythm", "first_on", "ended_on")
    list_select_related = ("agreement", "outlet")
    list_filter = ("agreement", "rhythm")
    search_fields = ("title", "url", "outlet__name")
    ordering = ("title", "id")
    fieldsets = ((None, {"fields": ("agreement", "title", "url", "outlet", "rhythm", ("first_on", "ended_on"))}),)

    def view_on_site(self, obj: Any) -> str | None:
        return f"/desk/bulletins/{obj.pk}/look/"
