"""What may be worth reading: feeds, the articles they announce, and sources that appear on known days."""

import calendar
import datetime as dt
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models import Q
from django.utils import timezone

from tracker.codebook import CandidateState, Rhythm

from .agreements import Agreement
from .base import Record, Recorded, RecordQuerySet, today, values_constraint, versioned
from .copies import storable
from .evidence import Article, Outlet
from .people import Person

LONGEST_PAUSE = dt.timedelta(days=1)
"""However often a feed failed, it is tried again after so long."""


@dataclass(frozen=True, slots=True)
class Announcement:
    """An article as a feed announces it. ``url`` is canonical."""

    url: str
    title: str
    summary: str = ""
    outlet: str = ""
    published_at: dt.datetime | None = None


class Moved(Exception):
    """What was decided about an announced article is no longer what the person saw."""

    def __init__(self, candidate: "Candidate") -> None:
        super().__init__("Somebody else decided about this in the meantime.")
        self.candidate = candidate


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

    @property
    def pace(self) -> dt.timedelta:
        return dt.timedelta(minutes=self.every_minutes)

    def answered(self, announced: Iterable[Announcement] | None, etag: str, modified: str) -> int:
        """It answered; None where it says that there is nothing new. Gives the number of new candidates.

        An article that is on record, or was announced before, is no candidate.
        """
        now = timezone.now()
        with transaction.atomic():
            new = self._new(announced or [])
            self.tried_at = self.answered_at = now
            self.failures, self.problem = 0, ""
            self.due_at = now + self.pace
            self.etag, self.modified = etag[:300], modified[:100]
            self._keep_state()
        return new

    def failed(self, problem: str, retry_after: int = 0) -> None:
        """It did not answer, for this reason. The wait doubles each time, to a day; or is ``retry_after`` seconds."""
        self.tried_at = timezone.now()
        self.failures += 1
        # Kept small before it is doubled: after very many failures the number would be astronomic.
        pause = min(self.pace * 2 ** min(self.failures, 12), max(LONGEST_PAUSE, self.pace))
        self.due_at = self.tried_at + max(pause, dt.timedelta(seconds=retry_after))
        self.problem = storable(problem)[:300]
        self._keep_state()

    def _keep_state(self) -> None:
        names = ["tried_at", "answered_at", "failures", "problem", "due_at", "etag", "modified"]
        # Not ``save``: somebody may have changed the address meanwhile, and that stays as it is.
        Feed.objects.filter(pk=self.pk).update(**{name: getattr(self, name) for name in names})

    def _new(self, announced: Iterable[Announcement]) -> int:
        """Stores what is not known yet."""
        found = {one.url: one for one in announced if len(one.url) <= 2000}
        known = set(Article.with_merged.filter(url__in=found).values_list("url", flat=True))
        known |= set(Candidate.objects.filter(url__in=found).values_list("url", flat=True))
        rows = [
            Candidate(
                feed=self,
                url=one.url,
                title=storable(one.title)[:500] or one.url[:500],
                summary=storable(one.summary),
                outlet=storable(one.outlet)[:200],
                published_at=one.published_at,
            )
            for one in found.values()
            if one.url not in known
        ]
        # Two feeds may announce one article in the same moment.
        Candidate.objects.bulk_create(rows, ignore_conflicts=True)
        return len(rows)


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

    @property
    def seen(self) -> str:
        """What was decided so far, as a form carries it to tell whether somebody else was faster."""
        return f"{self.state}|{self.decided_at.isoformat() if self.decided_at else ''}"

    def ignore(self, reason: str, by: Person, seen: str) -> None:
        """Leaves it aside. Raises PermissionDenied, Moved, ValidationError."""
        reason = " ".join(storable(reason).split())
        if not reason:
            raise ValidationError({"reason": "Say why it is left aside."})
        if len(reason) > 300:
            raise ValidationError({"reason": f"At most 300 characters; these are {len(reason)}."})
        self._decide(CandidateState.IGNORED, by, seen, reason=reason)

    def undo(self, by: Person, seen: str) -> None:
        """Puts it back among the new ones; an article made from it stays. Raises PermissionDenied, Moved."""
        self._decide(CandidateState.NEW, by, seen)

    def take(self, article: Article, by: Person, seen: str) -> None:
        """It is this article, which is on record. Raises PermissionDenied, Moved."""
        self._decide(CandidateState.TAKEN, by, seen, article=article)

    @classmethod
    def settle(cls, pk: uuid.UUID | None, article: Article, by: Person | None) -> None:
        """The announcement with this id, and any of the same address, became this article."""
        same = Q(url=article.url) | Q(pk=pk) if pk else Q(url=article.url)
        cls.objects.filter(same).exclude(state=CandidateState.TAKEN, article=article).update(
            state=CandidateState.TAKEN,
            article=article,
            reason="",
            decided_at=timezone.now(),
            byline=by.public_name if by else "",
            author=by,
        )

    def _decide(self, state: str, by: Person, seen: str, *, reason: str = "", article: Article | None = None) -> None:
        if not by.has_perm("tracker.add_article"):
            raise PermissionDenied("Only researchers decide what is read.")
        with transaction.atomic():
            held = Candidate.objects.select_for_update().get(pk=self.pk)
            if held.seen != seen or held.state == state:
                raise Moved(held)
            self.state, self.reason, self.article = state, reason, article
            self.decided_at, self.byline, self.author = timezone.now(), by.public_name, by
            self.save(update_fields=["state", "reason", "article", "decided_at", "byline", "author"])


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

    def days(self, since: dt.date, until: dt.date) -> Iterator[dt.date]:
        """The days from ``since`` to ``until`` on which it appears."""
        until = min(until, self.ended_on) if self.ended_on else until
        if self.rhythm == Rhythm.MONTHLY:
            months = max(0, (since.year - self.first_on.year) * 12 + since.month - self.first_on.month - 1)
            while (day := _months_later(self.first_on, months)) <= until:
                if day >= since:
                    yield day
                months += 1
            return
        step = dt.timedelta(days=7 if self.rhythm == Rhythm.WEEKLY else 1)
        day = self.first_on + step * max(0, -((self.first_on - since) // step))
        while day <= until:
            yield day
            day += step

    def next_after(self, day: dt.date) -> dt.date | None:
        """The next day on which it appears, unless it has ended."""
        return next(self.days(day + dt.timedelta(days=1), max(day, self.first_on) + dt.timedelta(days=62)), None)

    def look(self, date: dt.date, by: Person, *, article: Article | None = None, note: str = "") -> "Look":
        """Somebody looked at it on that day and found the article, or nothing.

        Raises PermissionDenied, and ValidationError keyed by field.
        """
        if not by.has_perm("tracker.change_bulletin"):
            raise PermissionDenied("Only researchers note where they looked.")
        if date > today():
            raise ValidationError({"date": "This day lies in the future."})
        try:
            with transaction.atomic():
                return Look.objects.create(
                    bulletin=self,
                    date=date,
                    article=article,
                    note=" ".join(storable(note).split())[:300],
                    byline=by.public_name,
                    author=by,
                )
        except IntegrityError as error:
            known = Look.objects.filter(bulletin=self, date=date).first()
            who = f" by {known.byline}" if known and known.byline else ""
            raise ValidationError({"date": f"That somebody looked on this day is noted already{who}."}) from error


def _months_later(day: dt.date, months: int) -> dt.date:
    """The same day so many months later, or the last one of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


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

    def undo(self, by: Person) -> None:
        """Strikes the note out. Raises PermissionDenied."""
        if not by.has_perm("tracker.change_bulletin"):
            raise PermissionDenied("Only researchers note where they looked.")
        self.delete()
