"""Kept copies of articles, for researchers only: the file outside the public site, its text, and links that died."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from tracker.codebook import CopyOrigin

from .agreements import Agreement
from .base import Record, Recorded, RecordQuerySet, values_constraint
from .evidence import Article, Report


class Copy(Record):
    """One file as it came in, kept under its SHA-256, and the text extracted from it.

    Without an article it is still being described. The newest copy of an article is the one that is read.
    """

    article = models.ForeignKey(Article, models.PROTECT, null=True, blank=True, related_name="copies")
    agreement = models.ForeignKey(
        Agreement,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="copies",
        help_text="For which it was brought in.",
    )
    origin = models.CharField(max_length=10, choices=CopyOrigin)
    address = models.CharField(max_length=2000, blank=True, help_text="Where it was read in the end, or as given.")
    media_type = models.CharField(max_length=100)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField(help_text="In bytes.")
    text = models.TextField(blank=True)
    found = models.JSONField(default=dict, help_text="What the extraction found: title, outlet, authors, published_on.")
    notes = models.JSONField(default=list, help_text="Sentences about what was odd in it.")
    signature = ArrayField(models.IntegerField(), default=list, help_text="64 minhashes of the text.")
    bands = ArrayField(
        models.IntegerField(), default=list, help_text="16 of them: equal in one, perhaps the same text."
    )
    byline = models.CharField(max_length=80, blank=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="copies")

    objects = RecordQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "copies"
        ordering = ["-recorded_at", "-id"]
        constraints = [
            values_constraint("origin", CopyOrigin, "copy_origin_known"),
            models.CheckConstraint(condition=Q(sha256__regex="^[0-9a-f]{64}$"), name="copy_hash_shape"),
        ]
        indexes = [
            # Serves the newest copy of an article.
            models.Index(fields=["article", "-recorded_at"], name="copy_newest"),
            # Serves the search for texts that may be the same.
            GinIndex(fields=["bands"], name="copy_bands"),
        ]

    def __str__(self) -> str:
        return f"{self.get_origin_display()}, {self.size} bytes"


class Link(models.Model):
    """Whether an article's address still answers, as a task found last."""

    article = models.OneToOneField(Article, models.CASCADE, related_name="link")
    checked_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(help_text="When it is to be tried next.")
    problem = models.CharField(max_length=300, blank=True)
    failures = models.PositiveIntegerField(default=0, help_text="In a row.")
    dead_since = models.DateTimeField(null=True, help_text="Set after several failures in a row.")

    class Meta:
        indexes = [models.Index(fields=["due_at"], name="link_due")]

    def __str__(self) -> str:
        return self.problem or "answers"


class BrokenAnchor(Recorded):
    """A quote that the newest kept text of its article no longer holds. It is reported, never dropped."""

    report = models.OneToOneField(Report, models.CASCADE, related_name="broken_anchor")
    copy = models.ForeignKey(Copy, models.CASCADE, related_name="broken_anchors")

    class Meta:
        ordering = ["recorded_at", "id"]

    def __str__(self) -> str:
        return self.report.quote
