"""Kept copies of articles, for researchers only: the file outside the public site, its text, and links that died.

A file lies under the SHA-256 of its content, so the same page is kept once however often it comes in. Its name is never
taken from anybody's form, nobody but the server reads it, and no address leads to it.
"""

import datetime as dt
import hashlib
import os
import re
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, models, transaction
from django.db.models import Q
from django.utils import timezone

from tracker.codebook import CopyOrigin
from tracker.reading.likeness import bands, contained, likeness, signature

from .agreements import Agreement
from .base import Record, Recorded, RecordQuerySet, values_constraint
from .evidence import Article, Report
from .people import Person

UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
"""What PostgreSQL and UTF-8 have no room for: NUL, and halves of characters."""

ALIKE = 0.8
"""From this share of the same four words in a row on, two texts are called the same."""
INSIDE = 0.9
"""The same for a short text inside a longer one, which has other notices around it."""
COMPARED = 12
"""So many texts are read in full to be compared; the likeliest by their signatures."""

FIRST_CHECK = dt.timedelta(days=1)
NEXT_CHECK = dt.timedelta(days=30)
SOON_AGAIN = dt.timedelta(days=1)
FAILURES_OF_THE_DEAD = 3


@dataclass(frozen=True, slots=True)
class Incoming:
    """A page, a file or a pasted text that came in, and what was read out of it.

    ``found`` holds texts under title, outlet, authors, published_on (YYYY-MM-DD), language, canonical_url, modified (a
    day) and candidate (the id of the announcement it was taken from), each only where there is one.
    """

    origin: str
    body: bytes
    media_type: str
    text: str
    address: str = ""
    found: Mapping[str, str] = field(default_factory=dict)
    notes: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Twin:
    """An article whose kept text is nearly the same. ``share`` is 0 to 1; ``inside``: one text holds the other."""

    article: Article
    share: float
    inside: bool

    @property
    def percent(self) -> int:
        """Not 100 unless nothing differs."""
        return int(self.share * 100)


def storable(text: str) -> str:
    """The text as the database can hold it; what it cannot hold becomes the sign for that, a NUL nothing."""
    return UNSTORABLE.sub(lambda found: "" if found[0] == "\0" else "\ufffd", text)


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

    @classmethod
    def keep(
        cls, incoming: Incoming, by: Person, agreement: Agreement | None = None, article: Article | None = None
    ) -> "Copy":
        """Stores the file and what was read out of it. With ``article`` it is another copy of that one.

        Raises PermissionDenied, and OSError where the folder of articles cannot be written.
        """
        may_bring(by)
        text = storable(incoming.text)
        marks = signature(text)
        digest = hashlib.sha256(incoming.body).hexdigest()
        with transaction.atomic():
            _hold(digest)
            put_away(digest, incoming.body)
            return cls.objects.create(
                article=article,
                agreement=agreement,
                origin=incoming.origin,
                address=storable(incoming.address)[:2000],
                media_type=storable(incoming.media_type)[:100],
                sha256=digest,
                size=len(incoming.body),
                text=text,
                found={name: storable(value) for name, value in incoming.found.items() if value},
                notes=[storable(note) for note in incoming.notes],
                signature=marks,
                bands=bands(marks),
                byline=by.public_name,
                author=by,
            )

    def drop(self, by: Person) -> None:
        """Deletes a copy that its owner never described, and its file unless another copy is the same file.

        Raises PermissionDenied, and ValidationError where it belongs to an article.
        """
        may_bring(by)
        if self.author_id != by.pk:
            raise PermissionDenied("Only the person who brought this in deletes it.")
        with transaction.atomic():
            _hold(self.sha256)
            held = Copy.objects.select_for_update().filter(pk=self.pk).first()
            if held is None:
                return
            if held.article_id:
                raise ValidationError("It has been described in the meantime and belongs to its article now.")
            held.delete()
            if not Copy.objects.filter(sha256=self.sha256).exists():
                # Last, so that nothing can go wrong after it.
                with suppress(FileNotFoundError):
                    place_of(self.sha256).unlink()

    def read(self) -> bytes:
        """The kept file. Raises FileNotFoundError where it is gone."""
        return place_of(self.sha256).read_bytes()

    def twins(self) -> list[Twin]:
        """Articles that print nearly the same text, the likeliest first: three queries."""
        if not self.bands:
            return []
        alike = Copy.objects.filter(bands__overlap=self.bands, article__isnull=False)
        if self.article_id:
            alike = alike.exclude(article=self.article_id)
        rows = alike.filter(article__merged_into=None).order_by("-recorded_at").values("pk", "article", "signature")
        shares: dict[object, tuple[int, object]] = {}
        for row in rows[:500]:
            common = sum(mine == theirs for mine, theirs in zip(self.signature, row["signature"], strict=False))
            # The newest copy of an article speaks for it.
            shares.setdefault(row["article"], (common, row["pk"]))
        likeliest = sorted(shares.values(), key=lambda share: -share[0])[:COMPARED]
        wanted = Copy.objects.filter(pk__in=[pk for _, pk in likeliest])
        found = []
        for other in wanted.select_related("article__outlet", "article__same_text_as__outlet"):
            share, inside = likeness(self.text, other.text), contained(self.text, other.text)
            if other.article and (share >= ALIKE or inside >= INSIDE):
                found.append(Twin(other.article, max(share, inside), share < ALIKE))
        return sorted(found, key=lambda twin: (twin.inside, -twin.share))


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

    @classmethod
    def watch(cls, article: Article) -> "Link":
        """Has the article's address looked at from a day after now; where that is so already, nothing changes."""
        return cls.objects.get_or_create(article=article, defaults={"due_at": timezone.now() + FIRST_CHECK})[0]

    def answered(self) -> None:
        """It leads to a page."""
        self._note("", 0, None, NEXT_CHECK)

    def failed(self, problem: str) -> None:
        """It leads nowhere this time. Dead after three times in a row, each a day or more after the last."""
        failures = self.failures + 1
        dead = self.dead_since or (timezone.now() if failures >= FAILURES_OF_THE_DEAD else None)
        self._note(storable(problem)[:300], failures, dead, NEXT_CHECK if dead else SOON_AGAIN)

    def not_now(self) -> None:
        """It could not be tried; it is the day after."""
        self.due_at = timezone.now() + SOON_AGAIN
        self.save(update_fields=["due_at"])

    def _note(self, problem: str, failures: int, dead: dt.datetime | None, pause: dt.timedelta) -> None:
        self.checked_at = timezone.now()
        self.due_at = self.checked_at + pause
        self.problem, self.failures, self.dead_since = problem, failures, dead
        self.save()


class BrokenAnchor(Recorded):
    """A quote that the newest kept text of its article no longer holds. It is reported, never dropped."""

    report = models.OneToOneField(Report, models.CASCADE, related_name="broken_anchor")
    copy = models.ForeignKey(Copy, models.CASCADE, related_name="broken_anchors")

    class Meta:
        ordering = ["recorded_at", "id"]

    def __str__(self) -> str:
        return self.report.quote


def may_bring(person: Person) -> None:
    """Raises PermissionDenied for people who bring no articles in."""
    if not person.has_perm("tracker.add_article"):
        raise PermissionDenied("Only researchers bring articles in.")


def place_of(digest: str) -> Path:
    """Where the file with this SHA-256 lies."""
    return Path(settings.MEDIA_ROOT) / digest[:2] / digest


def put_away(digest: str, body: bytes) -> None:
    """Writes the file, readable by the server alone, whole or not at all."""
    place = place_of(digest)
    if place.exists():
        return
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # A temporary file of this module is made with 0600.
    handle, name = tempfile.mkstemp(dir=place.parent, prefix=".coming-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(body)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(place)
    except BaseException:
        with suppress(FileNotFoundError):
            Path(name).unlink()
        raise


def _hold(digest: str) -> None:
    """Until the end of the transaction nobody else stores or deletes the file with this SHA-256."""
    key = int(digest[:15], 16)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [key])
