"""What recorded rows have in common: a public id, the moment of recording, the two dates they are looked at from."""

import datetime as dt
import re
import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

import pghistory
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import IntegrityError, connection, models, transaction
from django.db.models.functions import Now

SLUG_PATTERN = r"[a-z0-9]+(-[a-z0-9]+)*"
SLUG_REGEX = f"^{SLUG_PATTERN}$"
validate_slug = RegexValidator(
    re.compile(rf"^{SLUG_PATTERN}\Z"), "Use small Latin letters and digits, in groups joined by single hyphens."
)

PUBLIC_IDS = uuid.UUID("5b8f1a54-3c0e-5d0b-9d43-6f0c2b7f51a7")
"""The namespace of ids that are derived from a case file rather than drawn at random."""


def derived_id(*parts: str) -> uuid.UUID:
    """The same id for the same path, for instance ``derived_id("gaza-2025", "events", "miami")``."""
    return uuid.uuid5(PUBLIC_IDS, "/".join(parts))


def today() -> dt.date:
    """The current day in UTC, by which the whole site reckons."""
    return dt.datetime.now(dt.UTC).date()


def clock() -> dt.datetime:
    """The database's own time, by which everything recorded is stamped."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        moment: dt.datetime = cursor.fetchone()[0]
    return moment


def at_once[T](find_or_make: Callable[[], T]) -> T:
    """What somebody else may be making in the same moment: where they were first, theirs is found the second time."""
    try:
        with transaction.atomic():
            return find_or_make()
    except IntegrityError:
        return find_or_make()


def free_name(stem: str, taken: Callable[[str], bool]) -> str:
    """The stem, or the stem with the first number from 2 on under which it is not taken."""
    name, number = stem, 1
    while taken(name):
        number += 1
        name = f"{stem[:100].strip('-')}-{number}"
    return name


@dataclass(frozen=True, slots=True)
class Vantage:
    """The two dates a page is read from: what held on ``as_of``, as far as it was recorded by the end of ``known_on``.

    ``known_on`` is None for "by now". ``today`` is the day the question was asked.
    """

    as_of: dt.date
    known_on: dt.date | None = None
    today: dt.date = field(default_factory=today)

    @classmethod
    def now(cls) -> Self:
        return cls(as_of=today())

    @property
    def known_before(self) -> dt.datetime | None:
        """The first moment that is too late to count, or None when everything recorded so far counts."""
        if self.known_on is None:
            return None
        return dt.datetime.combine(self.known_on + dt.timedelta(days=1), dt.time(), tzinfo=dt.UTC)

    @property
    def is_past(self) -> bool:
        """Whether this is another day than today, or an earlier state of the record."""
        return self.as_of != self.today or self.known_on is not None

    def before(self, days: Iterable[dt.date]) -> dt.date | None:
        """The nearest of these days before the one asked about."""
        return max((day for day in days if day < self.as_of), default=None)

    def after(self, days: Iterable[dt.date]) -> dt.date | None:
        """The nearest of these days after the one asked about that has come."""
        return min((day for day in days if self.as_of < day <= self.today), default=None)

    def has_recorded(self, moment: dt.datetime) -> bool:
        """Whether what was recorded at that moment counts."""
        return self.known_before is None or moment < self.known_before

    def known(self, path: str = "recorded_at") -> models.Q:
        """A filter on the moment of recording, reached over ``path``."""
        return models.Q(**{f"{path}__lt": self.known_before}) if self.known_before else models.Q()


class Overtaken(Exception):
    """Newer work stands on top. ``newer`` says in sentences what it is."""

    def __init__(self, newer: Sequence[str]) -> None:
        super().__init__(" ".join(newer))
        self.newer = list(newer)


class RecordQuerySet[M: models.Model](models.QuerySet[M]):
    def known(self, vantage: Vantage) -> Self:
        """The rows that had been recorded by the vantage's record day."""
        return self.filter(vantage.known())


class Recorded(models.Model):
    """A row whose moment of recording counts when the past is asked about."""

    recorded_at = models.DateTimeField(
        db_default=Now(), editable=False, help_text="When this was entered into the tracker (UTC)."
    )

    class Meta:
        abstract = True


class Record(Recorded):
    """A recorded row with a public id that never changes."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)

    class Meta:
        abstract = True


class Mergeable(models.Model):
    """A record that can be merged into another one of its table, ``merged_into``.

    ``objects`` leaves merged records out, so that no list, count or choice offers them; ``with_merged`` has them all.
    ``merged_into`` always names the end: where several were merged one after the other, every one leads there at once.
    """

    merged_into = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="merged",
        help_text="The record that took this one's place; its address leads there.",
    )

    class Meta:
        abstract = True

    @property
    def standing(self) -> Self:
        """The record that stands for this one today: itself, or the one that it was merged into."""
        into: Any = self.merged_into  # of the table itself, which types do not know of a shared class
        return into or self

    def validate_unique(self, exclude: Any = None) -> None:
        """Also refuses the name or address of a merged record, which goes on leading to its heir."""
        super().validate_unique(exclude=exclude)
        table: Any = type(self)
        merged = table.with_merged.filter(merged_into__isnull=False).exclude(pk=self.pk).select_related("merged_into")
        errors = {}
        for column in self._meta.concrete_fields:
            if column.unique and not column.primary_key and column.name not in (exclude or ()):
                former = merged.filter(**{column.name: getattr(self, column.attname)}).first()
                if former:
                    errors[column.name] = f"This is taken by a record that was merged into “{former.standing}”."
        if errors:
            raise ValidationError(errors)


def slug_constraint(field_name: str, name: str) -> models.CheckConstraint:
    """Slugs and codes stand in addresses, so the database refuses any other shape."""
    return models.CheckConstraint(
        condition=models.Q(**{f"{field_name}__regex": SLUG_REGEX}),
        name=name,
        violation_error_message="Use small Latin letters and digits, in groups joined by single hyphens.",
    )


def values_constraint(field_name: str, choices: type[models.Choices], name: str) -> models.CheckConstraint:
    """Only the codebook's values can be stored, whatever way they come in; an empty text stands for "not given"."""
    values: list[Any] = list(choices.values)
    if issubclass(choices, models.TextChoices):
        values.append("")
    return models.CheckConstraint(
        condition=models.Q(**{f"{field_name}__in": values}) | models.Q(**{f"{field_name}__isnull": True}),
        name=name,
        violation_error_message="This is not one of the codebook's values.",
    )


def versioned(name: str, *, exclude: list[str] | None = None) -> Any:
    """Keep every version of a table's rows in a table called ``name``, by database trigger.

    Triggers see bulk and raw SQL writes too, and the versions survive the account that made them. ``exclude`` names
    columns that the database derives from others.
    """
    return pghistory.track(
        pghistory.InsertEvent(),
        pghistory.UpdateEvent(),
        pghistory.DeleteEvent(),
        model_name=name,
        exclude=exclude,
        obj_field=pghistory.ObjForeignKey(related_name="versions", related_query_name="versions"),
        append_only=True,
    )
