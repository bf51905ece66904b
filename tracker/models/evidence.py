"""What was reported: outlet, article, event, effect, report, observation."""

import datetime as dt
import secrets
from decimal import Decimal
from typing import Any, Self

import pgtrigger
from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.db.models import Case, Exists, F, Func, Min, OuterRef, Q, Subquery, When
from django.db.models.functions import Coalesce, Least
from django.db.models.lookups import Exact
from django.urls import reverse
from django.utils.text import slugify

from tracker.codebook import (
    DEFAULT_LANGUAGE,
    QUOTE_WORDS,
    Counting,
    Credibility,
    DatePrecision,
    EffectKind,
    EventKind,
    EventRole,
    EventState,
    FigureNature,
    Interest,
    Quarrel,
    Reliability,
    Review,
    Stage,
    Stance,
    Verification,
    WherePrecision,
)

from .actors import Actor
from .agreements import Agreement, Declaration, Measure, Obligation
from .base import (
    Mergeable,
    Record,
    Recorded,
    RecordQuerySet,
    Vantage,
    free_name,
    slug_constraint,
    validate_slug,
    values_constraint,
    versioned,
)
from .vectors import Forms, Stems


def words_index(name: str, *columns: str) -> GinIndex:
    """Serves the search for words in these columns, by stem and by prefix."""
    return GinIndex(Stems(*columns), Forms(*columns), name=name)


class OutletQuerySet(RecordQuerySet["Outlet"]):
    pass


OutletManager = models.Manager.from_queryset(OutletQuerySet)


class StandingOutlets(OutletManager["Outlet"]):
    def get_queryset(self) -> OutletQuerySet:
        return OutletQuerySet(self.model, using=self._db).filter(merged_into__isnull=True)


@versioned("OutletVersion")
class Outlet(Mergeable, Record):
    """Who published. A site that copies other people's articles is a way in, not an outlet."""

    slug = models.SlugField(max_length=120, unique=True, validators=[validate_slug], help_text="Part of its address.")
    name = models.CharField(max_length=200, unique=True)
    domain = models.CharField(max_length=200, blank=True)
    country = models.CharField(max_length=100, blank=True)
    interest = models.CharField(max_length=20, choices=Interest, blank=True)

    objects = StandingOutlets()
    with_merged = OutletQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            slug_constraint("slug", "outlet_slug_shape"),
            values_constraint("interest", Interest, "outlet_interest_known"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("outlet", args=[self.slug])

    @classmethod
    def named(cls, name: str) -> "Outlet":
        """The outlet of that name, made if there is none yet; its slug is the name's, numbered where taken.

        The name of one that was merged leads to its heir.
        """
        found = cls.with_merged.filter(name=name).select_related("merged_into").first()
        if found:
            return found.standing
        stem = slugify(name.replace("_", " "))[:100].strip("-") or f"outlet-{secrets.token_hex(4)}"
        slug = free_name(stem, lambda slug: cls.with_merged.filter(slug=slug).exists())
        return cls.objects.create(name=name, slug=slug)


class ArticleQuerySet(RecordQuerySet["Article"]):
    def public(self, vantage: Vantage) -> Self:
        """Articles that something public rests on: a report or a figure of a published event, or a declaration."""
        return self._under(vantage, Event.objects.public(vantage), Declaration.objects.known(vantage))

    def published_by(self, vantage: Vantage) -> Self:
        """Of these, the ones published by the day; an undated one cannot be placed and stays."""
        return self.filter(Q(published_on__lte=vantage.as_of) | Q(published_on__isnull=True))

    def in_use(self, vantage: Vantage) -> Self:
        """Articles published by the day on which something rests that was so by then.

        So an undated article about later events does not tell of them on an earlier day.
        """
        declared = Declaration.objects.known(vantage).filter(date__lte=vantage.as_of)
        return self.published_by(vantage)._under(vantage, Event.objects.reached(vantage), declared)

    def days_beside(self, vantage: Vantage) -> list[dt.date]:
        """The nearest days before and after the vantage's on which one of these was published. Two queries."""
        public = self.public(vantage)
        before = public.filter(published_on__lt=vantage.as_of).order_by("-published_on")
        after = public.filter(published_on__gt=vantage.as_of, published_on__lte=vantage.today).order_by("published_on")
        return [day for rows in (before, after) for day in rows.values_list("published_on", flat=True)[:1] if day]

    def _under(self, vantage: Vantage, events: "EventQuerySet", declarations: "models.QuerySet[Declaration]") -> Self:
        ids = events.order_by().values("pk")
        reports = Report.objects.known(vantage).filter(article=OuterRef("pk"), event__in=ids)
        figures = Observation.objects.known(vantage).filter(article=OuterRef("pk"), event__in=ids)
        declared = declarations.filter(article=OuterRef("pk"))
        return self.known(vantage).filter(Exists(reports) | Exists(figures) | Exists(declared))


ArticleManager = models.Manager.from_queryset(ArticleQuerySet)


class StandingArticles(ArticleManager["Article"]):
    def get_queryset(self) -> ArticleQuerySet:
        return ArticleQuerySet(self.model, using=self._db).filter(merged_into__isnull=True)


@versioned("ArticleVersion")
class Article(Mergeable, Record):
    url = models.URLField("address", max_length=2000, unique=True, help_text="The canonical address of the article.")
    title = models.CharField(max_length=500)
    outlet = models.ForeignKey(Outlet, models.PROTECT, related_name="articles")
    authors = models.CharField(max_length=300, blank=True)
    published_on = models.DateField(null=True, blank=True)
    language = models.CharField(max_length=20, default=DEFAULT_LANGUAGE)
    accessed_on = models.DateField(null=True, blank=True)
    archive_url = models.URLField("archived copy", max_length=2000, blank=True)
    copy_of = models.CharField(max_length=300, blank=True, help_text="Where it was read, if not at the outlet.")
    kept_sha256 = models.CharField("SHA-256 of the kept copy", max_length=64, blank=True)
    reliability = models.CharField(max_length=1, choices=Reliability, blank=True)
    date_basis = models.CharField(
        "how its date was found",
        max_length=200,
        blank=True,
        help_text="Where the article itself prints none; or where it was looked for in vain.",
    )
    same_text_as = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="reprints",
        help_text="The article whose text this one prints again. Both are one voice.",
    )

    objects = StandingArticles()
    with_merged = ArticleQuerySet.as_manager()

    class Meta:
        ordering = [F("published_on").desc(nulls_last=True), "id"]
        constraints = [
            values_constraint("reliability", Reliability, "article_reliability_known"),
            models.CheckConstraint(
                condition=Q(kept_sha256="") | Q(kept_sha256__regex="^[0-9a-f]{64}$"), name="article_hash_shape"
            ),
        ]
        indexes = [
            # Serves the list of sources, newest first.
            models.Index(F("published_on").desc(nulls_last=True), "id", name="article_newest"),
            words_index("article_words", "title", "authors"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("source", args=[self.pk])

    @classmethod
    def at(cls, url: str) -> "Article | None":
        """The article of that canonical address, or the one that it was merged into."""
        rows = cls.with_merged.select_related("outlet", "merged_into__outlet")
        found = rows.filter(url=url).first()
        return found.standing if found else None

    @property
    def publisher_id(self) -> object:
        """The outlet whose text it is: a reprint speaks with the voice of what it reprints. Needs ``same_text_as``."""
        return self.same_text_as.outlet_id if self.same_text_as else self.outlet_id


class Source(Recorded):
    """An article as one agreement's case file names it."""

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="sources")
    article = models.ForeignKey(Article, models.PROTECT, related_name="sources")
    ref = models.CharField(max_length=60, validators=[validate_slug])

    class Meta:
        ordering = ["agreement", "ref"]
        constraints = [
            slug_constraint("ref", "source_ref_shape"),
            models.UniqueConstraint(fields=["agreement", "ref"], name="source_ref_once"),
            models.UniqueConstraint(fields=["agreement", "article"], name="source_article_once"),
        ]

    def __str__(self) -> str:
        return self.ref


def proposal_key() -> "models.ForeignKey[Any, Any]":
    """The set of changes in which a row first came; empty for what came from files or needed no review."""
    return models.ForeignKey(
        "Proposal", models.PROTECT, null=True, blank=True, editable=False, related_name="%(class)ss"
    )


def withdrawn(vantage: Vantage, part: str) -> Q:
    """Whether the latest word on a row, known by the record day, is that it was withdrawn.

    ``part`` is ``event``, ``report``, ``observation`` or ``checked``.
    """
    last = Withdrawal.objects.known(vantage).filter(**{part: OuterRef("pk")}).order_by("-recorded_at", "-id")
    return Q(Exact(Coalesce(Subquery(last.values("withdrawn")[:1]), False), True))


def gone(part: str) -> Q:
    """Whether a row is withdrawn now; ``part`` as for ``withdrawn``."""
    return withdrawn(Vantage.now(), part)


def of_one(*names: str) -> Q:
    """Exactly one of these foreign keys is set."""
    found = Q()
    for one in names:
        found |= Q(**{f"{name}__isnull": name != one for name in names})
    return found


class Withdrawal(Recorded):
    """Something reported, or a look, is taken out of the record, or put back, for a reason; by its mutators alone.

    The latest row about a thing decides; none is ever changed.
    """

    event = models.ForeignKey("Event", models.PROTECT, null=True, blank=True, related_name="withdrawals")
    report = models.ForeignKey("Report", models.PROTECT, null=True, blank=True, related_name="withdrawals")
    observation = models.ForeignKey("Observation", models.PROTECT, null=True, blank=True, related_name="withdrawals")
    checked = models.ForeignKey("Check", models.PROTECT, null=True, blank=True, related_name="withdrawals")
    withdrawn = models.BooleanField(default=True, help_text="No: it was put back.")
    reason = models.TextField()
    byline = models.CharField(max_length=80, blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="withdrawals"
    )

    objects = RecordQuerySet.as_manager()

    class Meta:
        ordering = ["-recorded_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=of_one("event", "report", "observation", "checked"),
                name="withdrawal_of_one_thing",
            ),
            models.CheckConstraint(
                condition=~Q(reason=""), name="withdrawal_has_reason", violation_error_message="Say why."
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="withdrawal_immutable",
                level=pgtrigger.Row,
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                func="""
                    IF TG_OP = 'DELETE' THEN
                        RAISE EXCEPTION 'A withdrawal is never deleted; put the record back instead.'
                            USING ERRCODE = 'integrity_constraint_violation';
                    END IF;
                    IF TG_OP = 'UPDATE' THEN
                        -- Accounts may be erased; the byline stays.
                        IF NEW.author_id IS NULL AND (to_jsonb(OLD) - 'author_id') = (to_jsonb(NEW) - 'author_id') THEN
                            RETURN NEW;
                        END IF;
                        RAISE EXCEPTION 'A withdrawal is never changed.'
                            USING ERRCODE = 'integrity_constraint_violation';
                    END IF;
                    IF coalesce(current_setting('tracker.restoring', true), '') <> 'on'
                        OR NEW.recorded_at > clock_timestamp() THEN
                        NEW.recorded_at := clock_timestamp();
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{'Withdrawn' if self.withdrawn else 'Put back'}: {self.reason[:60]}"

    @classmethod
    def record(
        cls,
        thing: Any,
        *,
        withdrawn: bool,
        reason: str,
        by: Any = None,
        byline: str = "",
        recorded_at: dt.datetime | None = None,
    ) -> "Withdrawal":
        """Takes a published event, report or figure, or a look, out of the record, or puts it back.

        Reviewers may do so everywhere; researchers where their word is public without review, and with every look.
        Raises PermissionDenied, or ValidationError where nothing would change or no reason is given.
        """
        part = PARTS[thing._meta.model_name]
        if by is not None and not may_withdraw(by, thing):
            raise PermissionDenied("Only reviewers withdraw this, or put it back.")
        if not reason.strip():
            raise ValidationError({"reason": "Say why; readers will see it."})
        if getattr(thing, "stage", Stage.PUBLISHED) != Stage.PUBLISHED:
            raise ValidationError("This is not public yet; its author can remove it.")
        with transaction.atomic():
            # Of two that withdraw it at once, the second finds it done.
            type(thing)._base_manager.select_for_update(of=("self",)).get(pk=thing.pk)
            last = cls.objects.filter(**{part: thing}).order_by("recorded_at", "id").last()
            if (last.withdrawn if last else False) == withdrawn:
                raise ValidationError("This was withdrawn already." if withdrawn else "This is not withdrawn.")
            row = cls(
                **{part: thing},
                withdrawn=withdrawn,
                reason=reason.strip(),
                byline=byline or (by.public_name if by else ""),
                author=by,
                recorded_at=recorded_at or dt.datetime.now(dt.UTC),
            )
            row.save(force_insert=True)
            row.refresh_from_db(fields=["recorded_at"])
        return row


PARTS = {"event": "event", "report": "report", "observation": "observation", "check": "checked"}
"""The kinds of rows that can be withdrawn, each with its column in ``Withdrawal``."""


def may_withdraw(person: Any, thing: Any) -> bool:
    """Whether the person may take the event, report, figure or look out of the record."""
    if person.has_perm("tracker.retract"):
        return True
    kind = thing._meta.model_name
    if kind == "check":
        return bool(person.has_perm("tracker.assess"))
    event = thing if kind == "event" else thing.event
    return bool(person.has_perm("tracker.assess") and event.agreement.review == Review.NONE)


def coded_blind(name: str, pairs: str, when: str, operation: Any) -> pgtrigger.Trigger:
    """Refuses to change what people are coding in an open round. ``pairs`` picks the round's items, in SQL."""
    return pgtrigger.Trigger(
        name=name,
        level=pgtrigger.Row,
        when=pgtrigger.Before,
        operation=operation,
        declare=[("held", "text")],
        func=f"""
            IF {when} THEN
                SELECT coding.title INTO held
                FROM tracker_item item JOIN tracker_round coding ON coding.id = item.round_id
                WHERE coding.closed_at IS NULL AND coding.kind = 'event' AND ({pairs}) LIMIT 1;
                IF held IS NOT NULL THEN
                    RAISE EXCEPTION 'Locked while the coding round "%" is open; an administrator can close it.', held
                        USING ERRCODE = 'integrity_constraint_violation';
                END IF;
            END IF;
            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
            RETURN NEW;
        """,
    )


def end_of(field: str) -> Case:
    """The last day of an event's interval, in SQL; ``rubric.dates.interval_end`` says the same in Python."""

    def last_day(unit: str) -> Func:
        template = f"(date_trunc('{unit}', %(expressions)s::timestamp) + interval '1 {unit}' - interval '1 day')::date"
        return Func(F(field), template=template, output_field=models.DateField())

    a_few_days = Func(F(field), template="(%(expressions)s + 5)", output_field=models.DateField())

    return Case(
        When(date_end__isnull=False, then=F("date_end")),
        When(date_precision=DatePrecision.DAYS, then=a_few_days),
        When(date_precision=DatePrecision.WEEK, then=last_day("week")),
        When(date_precision=DatePrecision.MONTH, then=last_day("month")),
        When(date_precision=DatePrecision.YEAR, then=last_day("year")),
        default=F(field),
        output_field=models.DateField(),
    )


def earliest_publication(reports: "models.QuerySet[Report]") -> Subquery:
    """The first publication day among an event's reports, as a correlated subquery."""
    days = reports.order_by().values("event").annotate(day=Min("article__published_on")).values("day")
    return Subquery(days, output_field=models.DateField())


class EventQuerySet(RecordQuerySet["Event"]):
    def public(self, vantage: Vantage) -> Self:
        """What is public, had been recorded by the record day, was not withdrawn by then and stands for itself."""
        return self.once_public(vantage).exclude(withdrawn(vantage, "event"))

    def once_public(self, vantage: Vantage) -> Self:
        """The same with what was withdrawn: its address, and judgements that rest on it, go on telling of it."""
        return self.known(vantage).filter(stage=Stage.PUBLISHED, merged_into__isnull=True)

    def at_hand_of(self, person: Any) -> Self:
        """What the person may work with at the desk: what is public or waits for review, and their own drafts.

        For nobody in particular (None) it is without anybody's drafts.
        """
        seen = Q(stage__in=[Stage.PUBLISHED, Stage.IN_REVIEW])
        if person is not None:
            seen |= Q(proposal__author=person)
        return self.filter(seen, merged_into__isnull=True).exclude(gone("event"))

    def placed(self, vantage: Vantage) -> Self:
        """Annotates the two days by which an event is placed in time.

        ``first_report``: earliest known publication day of an article that reports it, or None.
        ``counts_from``: the day from which it counts. An imprecise one counts from the end of its interval, and that
        ends at the latest on the day when an article reports it as having happened.
        """
        dated = Report.objects.known(vantage).filter(event=OuterRef("pk"), article__published_on__isnull=False)
        after = dated.filter(article__published_on__gte=OuterRef("date"))
        return self.annotate(
            first_report=earliest_publication(dated),
            counts_from=Case(
                When(
                    Q(date_precision__gt=DatePrecision.DAY, date_end__isnull=True),
                    then=Least(F("interval_end"), earliest_publication(after)),
                ),
                default=F("interval_end"),
                output_field=models.DateField(),
            ),
        )

    def happened(self, vantage: Vantage) -> Self:
        """What had occurred by the day, as far as it was recorded by the record day."""
        return self.public(vantage).by_day(vantage)

    def by_day(self, vantage: Vantage) -> Self:
        """Those of these events that had occurred by the day."""
        return self.placed(vantage).filter(state=EventState.OCCURRED, counts_from__lte=vantage.as_of)

    def days_beside(self, vantage: Vantage) -> list[dt.date]:
        """The nearest days before and after the vantage's on which one of these happened. Two queries."""
        exact = self.public(vantage).filter(
            state=EventState.OCCURRED, date_precision=DatePrecision.DAY, date_end__isnull=True
        )
        before = exact.filter(date__lt=vantage.as_of).order_by("-date")
        after = exact.filter(date__gt=vantage.as_of, date__lte=vantage.today).order_by("date")
        return [day for rows in (before, after) for day in rows.values_list("date", flat=True)[:1]]

    def announced(self, vantage: Vantage) -> Self:
        """Scheduled events that had been announced by the day, whatever came of them."""
        told = Q(first_report__lte=vantage.as_of) | Q(first_report__isnull=True, date__lte=vantage.as_of)
        return self.public(vantage).placed(vantage).filter(told, state=EventState.SCHEDULED)

    def pending(self, vantage: Vantage) -> Self:
        """Scheduled events that had been announced by the day and of which no outcome is on record by then."""
        outcome = Event.objects.happened(vantage).filter(pk=OuterRef("outcome"))
        return self.announced(vantage).exclude(Exists(outcome))

    def reached(self, vantage: Vantage) -> Self:
        """Whatever a record of its own can be shown of: also scheduled events whose outcome is on record."""
        happened = Event.objects.happened(vantage).values("pk")
        announced = Event.objects.announced(vantage).values("pk")
        return self.placed(vantage).filter(Q(pk__in=happened) | Q(pk__in=announced))

    def on(self, vantage: Vantage) -> Self:
        """Everything that a page about the day shows: what had happened and what was scheduled."""
        happened = Event.objects.happened(vantage).values("pk")
        pending = Event.objects.pending(vantage).values("pk")
        return self.placed(vantage).filter(Q(pk__in=happened) | Q(pk__in=pending))


EventManager = models.Manager.from_queryset(EventQuerySet)


class StandingEvents(EventManager["Event"]):
    def get_queryset(self) -> EventQuerySet:
        return EventQuerySet(self.model, using=self._db).filter(merged_into__isnull=True)


@versioned("EventVersion", exclude=["interval_end"])
class Event(Mergeable, Record):
    """One thing that happened, or is to happen, with everybody who reports it."""

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="events")
    ref = models.CharField(max_length=60, validators=[validate_slug], help_text="Its name in case files; keep it.")
    title = models.CharField(max_length=300)
    summary = models.TextField(blank=True)
    date = models.DateField()
    date_end = models.DateField(null=True, blank=True)
    date_precision = models.PositiveSmallIntegerField(choices=DatePrecision, default=DatePrecision.DAY)
    interval_end = models.GeneratedField(expression=end_of("date"), output_field=models.DateField(), db_persist=True)
    place = models.CharField(max_length=200, blank=True)
    latitude = models.DecimalField(max_digits=9, decimal_places=6, null=True, blank=True)
    longitude = models.DecimalField(max_digits=9, decimal_places=6, null=True, blank=True)
    where_precision = models.PositiveSmallIntegerField(choices=WherePrecision, null=True, blank=True)
    kind = models.CharField(max_length=20, choices=EventKind)
    state = models.CharField(max_length=10, choices=EventState, default=EventState.OCCURRED)
    verification = models.CharField(max_length=12, choices=Verification, blank=True)
    outcome = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="planned_as",
        help_text="For a scheduled event: the event that shows what came of it.",
    )
    note = models.TextField(blank=True, help_text="How the date or the place was found, for readers.")
    stage = models.CharField(max_length=10, choices=Stage, default=Stage.PUBLISHED, editable=False)
    proposal = proposal_key()

    objects = StandingEvents()
    with_merged = EventQuerySet.as_manager()

    class Meta:
        ordering = ["-date", "-id"]
        constraints = [
            slug_constraint("ref", "event_ref_shape"),
            values_constraint("date_precision", DatePrecision, "event_date_precision_known"),
            values_constraint("where_precision", WherePrecision, "event_where_precision_known"),
            values_constraint("kind", EventKind, "event_kind_known"),
            values_constraint("state", EventState, "event_state_known"),
            values_constraint("verification", Verification, "event_verification_known"),
            values_constraint("stage", Stage, "event_stage_known"),
            models.UniqueConstraint(fields=["agreement", "ref"], name="event_ref_once"),
            models.CheckConstraint(
                condition=Q(date_end__isnull=True) | Q(date_end__gte=F("date")),
                name="event_ends_after_start",
                violation_error_message="The end date lies before the date.",
            ),
            # Half a coordinate is no place. Both are named as given, because a check lets pass what is unknown.
            models.CheckConstraint(
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(
                    latitude__isnull=False,
                    longitude__isnull=False,
                    latitude__gte=-90,
                    latitude__lte=90,
                    longitude__gte=-180,
                    longitude__lte=180,
                ),
                name="event_coordinates_whole",
                violation_error_message="Give latitude (-90 to 90) and longitude (-180 to 180) together.",
            ),
            # Only what was announced can have an outcome.
            models.CheckConstraint(
                condition=Q(outcome__isnull=True) | Q(state=EventState.SCHEDULED),
                name="event_outcome_of_scheduled",
                violation_error_message="Only a scheduled event has an outcome.",
            ),
        ]
        indexes = [
            # Serves the lists of an agreement's events by day, newest first.
            models.Index(fields=["agreement", "-date", "-id"], name="event_by_day"),
            words_index("event_words", "title", "summary", "place"),
        ]
        triggers = [
            coded_blind(
                "verification_coded_blind",
                "item.event_id = NEW.id",
                "NEW.verification <> OLD.verification",
                pgtrigger.UpdateOf("verification"),
            )
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("event", args=[self.pk])

    @staticmethod
    def new_ref(date: dt.date) -> str:
        """A ref for an event that no case file named."""
        return f"{date.isoformat()}-{secrets.token_hex(4)}"


@versioned("EventActorVersion")
class EventActor(Recorded):
    event = models.ForeignKey(Event, models.CASCADE, related_name="actors")
    actor = models.ForeignKey(Actor, models.PROTECT, related_name="events")
    role = models.CharField(max_length=12, choices=EventRole)

    objects = RecordQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            values_constraint("role", EventRole, "event_role_known"),
            models.UniqueConstraint(fields=["event", "actor", "role"], name="event_role_once"),
        ]

    def __str__(self) -> str:
        return f"{self.actor} ({self.get_role_display()})"


class EffectQuerySet(RecordQuerySet["Effect"]):
    def known(self, vantage: Vantage) -> Self:
        """What had been recorded by the record day and is public: a proposal's effects wait with it."""
        return super().known(vantage).filter(stage=Stage.PUBLISHED)


@versioned("EffectVersion")
class Effect(Recorded):
    """What an event means for an obligation."""

    event = models.ForeignKey(Event, models.CASCADE, related_name="effects")
    obligation = models.ForeignKey(Obligation, models.PROTECT, related_name="effects")
    effect = models.CharField(max_length=10, choices=EffectKind)
    stage = models.CharField(max_length=10, choices=Stage, default=Stage.PUBLISHED, editable=False)
    proposal = proposal_key()

    objects = EffectQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            values_constraint("effect", EffectKind, "effect_known"),
            values_constraint("stage", Stage, "effect_stage_known"),
            models.UniqueConstraint(fields=["event", "obligation"], name="effect_once"),
        ]
        triggers = [
            coded_blind(
                "effect_coded_blind",
                # A new row has no former values, a deleted one no new ones; comparing with what is unset says nothing.
                "TG_OP <> 'INSERT' AND item.event_id = OLD.event_id AND item.obligation_id = OLD.obligation_id"
                " OR TG_OP <> 'DELETE' AND item.event_id = NEW.event_id AND item.obligation_id = NEW.obligation_id",
                # What is only proposed may be written and handed on; it cannot become public.
                "(OLD.stage = 'published' OR NEW.stage = 'published')"
                " AND (NEW.effect, NEW.stage, NEW.event_id, NEW.obligation_id)"
                " IS DISTINCT FROM (OLD.effect, OLD.stage, OLD.event_id, OLD.obligation_id)",
                pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
            ),
            # One rule for every party: a breach needs somebody accused and a verification. Deferred to the end of the
            # transaction, because the event's actors are stored after the event.
            pgtrigger.Trigger(
                name="breach_is_complete",
                level=pgtrigger.Row,
                when=pgtrigger.After,
                operation=pgtrigger.Insert | pgtrigger.Update,
                timing=pgtrigger.Deferred,
                func="""
                    IF NEW.effect = 'breaches' AND NOT EXISTS (
                        SELECT 1 FROM tracker_event event JOIN tracker_eventactor actor ON actor.event_id = event.id
                        WHERE event.id = NEW.event_id AND event.verification <> '' AND actor.role = 'accused'
                    ) AND EXISTS (SELECT 1 FROM tracker_effect WHERE id = NEW.id AND effect = 'breaches') THEN
                        RAISE EXCEPTION 'A breach needs an accused actor and a verification.'
                            USING ERRCODE = 'integrity_constraint_violation';
                    END IF;
                    RETURN NULL;
                """,
            ),
            pgtrigger.Trigger(
                name="effect_within_agreement",
                level=pgtrigger.Row,
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func="""
                    IF (SELECT agreement_id FROM tracker_event WHERE id = NEW.event_id)
                        <> (SELECT agreement_id FROM tracker_obligation WHERE id = NEW.obligation_id) THEN
                        RAISE EXCEPTION 'The event and the obligation belong to different agreements.'
                            USING ERRCODE = 'integrity_constraint_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_effect_display()}: {self.obligation}"


class Attributed(models.Model):
    """Somebody who says something: an actor we know, or a description such as "White House official"."""

    originator = models.ForeignKey(
        Actor, models.PROTECT, null=True, blank=True, related_name="%(class)ss", verbose_name="who said it"
    )
    originator_text = models.CharField(
        "who said it, in words", max_length=200, blank=True, help_text="Where it is none of the actors."
    )

    class Meta:
        abstract = True

    @property
    def originator_name(self) -> str:
        return self.originator.name if self.originator else self.originator_text


def one_originator(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=Q(originator__isnull=True) | Q(originator_text=""),
        name=name,
        violation_error_message="Name who said it either as an actor or in words, not both.",
    )


class ReportQuerySet(RecordQuerySet["Report"]):
    def known(self, vantage: Vantage) -> Self:
        """What is public, had been recorded by the record day and was not withdrawn by then."""
        return super().known(vantage).filter(stage=Stage.PUBLISHED).exclude(withdrawn(vantage, "report"))


class ObservationQuerySet(RecordQuerySet["Observation"]):
    def known(self, vantage: Vantage) -> Self:
        """What is public, had been recorded by the record day and was not withdrawn by then."""
        return super().known(vantage).filter(stage=Stage.PUBLISHED).exclude(withdrawn(vantage, "observation"))


@versioned("ReportVersion")
class Report(Record, Attributed):
    """One article on one event: who says it there, and how they stand to it."""

    event = models.ForeignKey(Event, models.CASCADE, related_name="reports")
    article = models.ForeignKey(Article, models.PROTECT, related_name="reports")
    stance = models.CharField(max_length=10, choices=Stance, default=Stance.ASSERTS)
    about = models.CharField(max_length=10, choices=Quarrel, blank=True, help_text="What is contested, if anything.")
    relays = models.ForeignKey(
        Outlet, models.PROTECT, null=True, blank=True, related_name="relayed", verbose_name="outlet relayed"
    )
    credibility = models.PositiveSmallIntegerField(choices=Credibility, null=True, blank=True)
    quote = models.CharField(
        max_length=400, blank=True, help_text=f"The words as printed, at most {QUOTE_WORDS} of them."
    )
    prefix = models.CharField(max_length=200, blank=True, help_text="The words just before the quote.")
    suffix = models.CharField(max_length=200, blank=True, help_text="The words just after it.")
    quote_language = models.CharField(max_length=20, blank=True, help_text="Where it is not the article's language.")
    translator = models.CharField(max_length=100, blank=True)
    stage = models.CharField(max_length=10, choices=Stage, default=Stage.PUBLISHED, editable=False)
    proposal = proposal_key()

    objects = ReportQuerySet.as_manager()

    class Meta:
        ordering = ["recorded_at", "id"]
        constraints = [
            values_constraint("stance", Stance, "report_stance_known"),
            values_constraint("about", Quarrel, "report_about_known"),
            values_constraint("credibility", Credibility, "report_credibility_known"),
            values_constraint("stage", Stage, "report_stage_known"),
            one_originator("report_one_originator"),
            # Citation, not republication.
            models.CheckConstraint(
                condition=Q(quote__regex=rf"^\s*(\S+\s+){{0,{QUOTE_WORDS - 1}}}\S*\s*$"),
                name="report_quote_short",
                violation_error_message=f"A quote has at most {QUOTE_WORDS} words.",
            ),
        ]
        indexes = [words_index("report_words", "quote", "originator_text")]

    def __str__(self) -> str:
        return f"{self.originator_name or self.article.outlet} {self.get_stance_display()}"

    @property
    def independence_key(self) -> str:
        """Whose voice this is: one key counts once.

        The actor's topmost parent, else the text, else the relayed outlet, else the publisher, of a reprint that of
        the first print. Needs ``originator`` and ``article.same_text_as`` to be loaded.
        """
        if self.originator:
            return f"actor:{self.originator.root_id}"
        if self.originator_text:
            return f"text:{' '.join(self.originator_text.casefold().split())}"
        return f"outlet:{self.relays_id or self.article.publisher_id}"


@versioned("ObservationVersion")
class Observation(Record, Attributed):
    """One figure for one measure, as somebody gives it."""

    measure = models.ForeignKey(Measure, models.PROTECT, related_name="observations")
    event = models.ForeignKey(Event, models.CASCADE, related_name="observations")
    article = models.ForeignKey(Article, models.PROTECT, related_name="observations")
    value = models.DecimalField(max_digits=18, decimal_places=4)
    low = models.DecimalField(max_digits=18, decimal_places=4, null=True, blank=True)
    high = models.DecimalField(max_digits=18, decimal_places=4, null=True, blank=True)
    as_of = models.DateField()
    period_start = models.DateField(null=True, blank=True)
    nature = models.CharField(max_length=8, choices=FigureNature, default=FigureNature.ACTUAL)
    counts = models.CharField(max_length=11, choices=Counting, blank=True, help_text="For totals.")
    note = models.CharField(max_length=1000, blank=True)
    stage = models.CharField(max_length=10, choices=Stage, default=Stage.PUBLISHED, editable=False)
    proposal = proposal_key()

    objects = ObservationQuerySet.as_manager()

    class Meta:
        ordering = ["-as_of", "-recorded_at", "id"]
        constraints = [
            values_constraint("nature", FigureNature, "observation_nature_known"),
            values_constraint("counts", Counting, "observation_counts_known"),
            values_constraint("stage", Stage, "observation_stage_known"),
            one_originator("observation_one_originator"),
            models.CheckConstraint(
                condition=Q(low__isnull=True) | Q(high__isnull=True) | Q(high__gte=F("low")),
                name="observation_range_in_order",
                violation_error_message="The low figure is above the high one.",
            ),
            models.CheckConstraint(
                condition=Q(period_start__isnull=True) | Q(as_of__gte=F("period_start")),
                name="observation_period_in_order",
                violation_error_message="The period starts after its end.",
            ),
        ]
        # Serves the latest figure of each measure and originator.
        indexes = [models.Index(fields=["measure", "-as_of"], name="observation_latest")]

    def __str__(self) -> str:
        return f"{Decimal(self.value).normalize():f} {self.measure.unit}"
