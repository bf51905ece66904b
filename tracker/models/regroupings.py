"""Merging two records of the same thing, splitting one that was two, and taking either back."""

from django.conf import settings
from django.db import models

from .base import Record, RecordQuerySet


class Regrouping(Record):
    """A merge or a split, with everything that it moved, so that it can be taken back."""

    MERGE, SPLIT = "merge", "split"
    KINDS = [(MERGE, "Merged"), (SPLIT, "Split")]
    TABLES = [("actor", "Actor"), ("outlet", "Outlet"), ("article", "Article"), ("event", "Event")]

    kind = models.CharField(max_length=5, choices=KINDS)
    table = models.CharField(max_length=7, choices=TABLES)
    kept = models.UUIDField(help_text="The record that stays as it was.")
    other = models.UUIDField(help_text="The one merged into it, or the new one split from it.")
    moved = models.JSONField(default=list, help_text="[table, field, primary key] of every row that changed hands.")
    before = models.JSONField(default=dict, help_text="Fields of the two that changed, as they were.")
    reason = models.CharField(max_length=300)
    undoes = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="undone_by")
    byline = models.CharField(max_length=80, blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="regroupings"
    )

    objects = RecordQuerySet.as_manager()

    class Meta:
        ordering = ["-recorded_at", "-id"]
        indexes = [
            models.Index(fields=["table", "kept"], name="regrouping_kept"),
            models.Index(fields=["table", "other"], name="regrouping_other"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.reason}"
