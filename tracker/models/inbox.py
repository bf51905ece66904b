"""What may be worth reading: feeds, the articles they announce, and sources that appear on known days."""

from django.conf import settings
from django.db import models

from tracker.codebook import CandidateState, Rhythm

from .agreements import Agreement
from .base import Record, Recorded, RecordQuerySet, values_constraint, versioned
from .evidence import Article, Outlet


@versioned("FeedVersion", exclude=["due_at", "tried_at", "answered_at", "failures", "problem", "etag", "modified"])
class Feed(Record):
    """An RSS or Atom feed of an outlet or of a search."""

    title = models.CharField(max_length=200)
    url = models.URLField("address", max_length=2000, unique=True)
    outlet = models.ForeignKey(Outlet, models.PROTECT, null=True, blank=True, related_name="feeds")
    active = models.BooleanField(default=True)
    every_minutes = models.PositiveIntegerField(default=30, help_text="How often it is read while it answers.")
    due_at = models.DateTimeField(null=True, editable=False)
    tried_at = models.DateTimeField(null=True, editable=False)
    answered_at = models.DateTimeField(null=True, editable=False)
    failures = models.PositiveIntegerField(default=0, editable=False, help_text="In a row; each doubles the wait.")
    problem = models.CharField(max_length=300, blank=True, editable=False)
    etag = models.CharField(max_length=300, blank=True, editable=False)
    modified = models.CharField(max_length=100, blank=True, editable=False)

    objects = RecordQuerySet.as_manager()

    class Meta:
        ordering = ["title", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(every_minutes__gte=5, every_minutes__lte=10080),
                name="feed_pace",
                violation_error_message="Between 5 minutes and a week (10080).",
            )
        ]
        indexes = [models.Index(fields=["due_at"], name="feed_due")]

    def __str__(self) -> str:
        return self.title


class Candidate(Record):
    """An article that a feed announced. ``recorded_at`` is when it was first seen."""

    feed = models.ForeignKey(Feed, models.CASCADE, related_name="candidates")
    url = models.CharField("address", max_length=2000, unique=True, help_text="Canonical.")
    title = models.CharField(max_length=500)
    summary = models.TextField(blank=True, help_text="As the feed gives it; for researchers only.")
    outlet = models.CharField(max_length=200, blank=True)
    published_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=10, choices=CandidateState, default=CandidateState.NEW)
    reason = models.CharField(max_length=300, blank=True, help_text="Why it was left aside.")
    article = models.ForeignKey(Article, models.SET_NULL, null=True, blank=True, related_name="candidates")
    decided_at = models.DateTimeField(null=True)
    byline = models.CharField(max_length=80, blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="candidates"
    )

    objects = RecordQuerySet.as_manager()

    class Meta:
        ordering = ["-published_at", "-id"]
        constraints = [values_constraint("state", CandidateState, "candidate_state_known")]
        indexes = [models.Index(fields=["state", "-published_at", "-id"], name="candidate_newest")]

    def __str__(self) -> str:
        return self.title


@versioned("BulletinVersion")
class Bulletin(Record):
    """A source that appears on known days: a weekly report, a daily bulletin."""

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="bulletins")
    title = models.CharField(max_length=200)
    url = models.URLField("address", max_length=2000, blank=True)
    outlet = models.ForeignKey(Outlet, models.PROTECT, null=True, blank=True, related_name="bulletins")
    rhythm = models.CharField(max_length=8, choices=Rhythm)
    first_on = models.DateField(help_text="A day on which it appeared or is to appear; the others follow from it.")
    ended_on = models.DateField(null=True, blank=True)

    objects = RecordQuerySet.as_manager()

    class Meta:
        ordering = ["title", "id"]
        constraints = [values_constraint("rhythm", Rhythm, "bulletin_rhythm_known")]

    def __str__(self) -> str:
        return self.title


class Look(Recorded):
    """Somebody looked at a source on a day: a recurring one, or a feed, and what came of it."""

    bulletin = models.ForeignKey(Bulletin, models.CASCADE, related_name="looks")
    date = models.DateField()
    article = models.ForeignKey(Article, models.SET_NULL, null=True, blank=True, related_name="looks")
    note = models.CharField(max_length=300, blank=True, help_text="Empty, without an article: nothing.")
    byline = models.CharField(max_length=80, blank=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="looks")

    class Meta:
        ordering = ["-date", "-id"]
        constraints = [models.UniqueConstraint(fields=["bulletin", "date"], name="look_once_a_day")]

    def __str__(self) -> str:
        return f"{self.bulletin}, {self.date}"
