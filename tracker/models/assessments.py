"""What we conclude, and the only ways in which a conclusion comes about, is corrected or is withdrawn.

A published assessment, its evidence and its retraction are never changed again; triggers hold that against every
way of writing. A correction is a new row at the end of the same chain. What counts is the last member of a chain that
was not withdrawn.
"""

import datetime as dt
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Self

import pgtrigger
from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, models, transaction
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.urls import reverse

from tracker.codebook import RUBRIC_VERSION, Conformity, DatePrecision, Level, Movement, Review, Stage

from .actors import Actor
from .agreements import Obligation
from .base import Record, Recorded, RecordQuerySet, Vantage, today, values_constraint
from .evidence import Effect, Event, gone, proposal_key, withdrawn
from .people import Person
from .proposals import Proposal
from .rounds import refuse_while_coded

IMMUTABLE = "RAISE EXCEPTION '{}' USING ERRCODE = 'integrity_constraint_violation'"


class Conflict(Exception):
    """Somebody else changed the obligation's status since the form was opened. ``current`` is what stands now."""

    def __init__(self, obligation: Obligation, current: "Assessment | None") -> None:
        super().__init__("Somebody else changed this status in the meantime.")
        self.obligation = obligation
        self.current = current


@dataclass(frozen=True, slots=True)
class Judgement:
    """The content of an assessment, as a person or a file gives it. Empty text stands for "not given"."""

    effective_on: dt.date
    level: int
    reason: str
    evidence: Sequence[Event]
    direction: str = ""
    conformity: str = ""
    effective_precision: int = DatePrecision.DAY
    attributed_to: Sequence[Actor] = ()


class AssessmentQuerySet(models.QuerySet["Assessment"]):
    def published(self, vantage: Vantage | None = None) -> Self:
        rows = self.filter(stage=Stage.PUBLISHED)
        return rows.filter(vantage.known()) if vantage else rows

    def live(self, vantage: Vantage) -> Self:
        """Of each chain of corrections the last member that was not withdrawn, as recorded by the record day."""
        withdrawn = Retraction.objects.filter(vantage.known()).values("assessment")
        rows = Assessment.objects.published(vantage).exclude(pk__in=withdrawn)
        last = rows.order_by("chain", "-position").distinct("chain").values("pk")
        return self.filter(pk__in=last)

    def standing(self, vantage: Vantage) -> Self:
        """The live assessments that had become true by the day, oldest first within each obligation.

        The last one of an obligation is its current assessment; the order is total.
        """
        rows = self.live(vantage).filter(effective_on__lte=vantage.as_of)
        return rows.order_by("obligation", "effective_on", "recorded_at", "id")

    def waiting(self) -> Self:
        return self.filter(stage=Stage.IN_REVIEW)


class Assessment(Record):
    """One judgement of one obligation. Written by ``Assessment.record`` and ``publish`` alone."""

    obligation = models.ForeignKey(Obligation, models.PROTECT, related_name="assessments")
    effective_on = models.DateField("became true on", help_text="When it became true, not when we noticed.")
    effective_precision = models.PositiveSmallIntegerField(choices=DatePrecision, default=DatePrecision.DAY)
    level = models.PositiveSmallIntegerField(choices=Level)
    direction = models.CharField(max_length=10, choices=Movement, blank=True)
    conformity = models.CharField(max_length=16, choices=Conformity, blank=True)
    reason = models.TextField()
    evidence = models.ManyToManyField(Event, through="Evidence", related_name="assessments")
    attributed_to = models.ManyToManyField(Actor, through="Attribution", related_name="attributed_assessments")
    stage = models.CharField(max_length=10, choices=Stage, default=Stage.DRAFT)
    byline = models.CharField(max_length=80, blank=True)
    reviewer_byline = models.CharField(max_length=80, blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="assessments"
    )
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="reviewed_assessments"
    )
    rubric = models.CharField(max_length=20, default=RUBRIC_VERSION)
    proposal = proposal_key()
    supersedes = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="superseded_by")
    correction_reason = models.TextField(blank=True, help_text="Why the earlier record was wrong.")
    chain = models.UUIDField(help_text="The id of the first record of a chain of corrections.")
    position = models.PositiveIntegerField(default=0, help_text="The place in that chain, from 0.")
    seen_version = models.PositiveIntegerField(default=0, help_text="The obligation's version after this was saved.")
    recorded_at = models.DateTimeField(  # type: ignore[assignment]  # unlike other records, empty until published
        null=True, editable=False, help_text="The moment of publication, set by the database."
    )

    objects = AssessmentQuerySet.as_manager()

    class Meta:
        ordering = ["-effective_on", "-recorded_at", "-id"]
        constraints = [
            values_constraint("level", Level, "assessment_level_known"),
            values_constraint("direction", Movement, "assessment_direction_known"),
            values_constraint("conformity", Conformity, "assessment_conformity_known"),
            values_constraint("effective_precision", DatePrecision, "assessment_precision_known"),
            values_constraint("stage", Stage, "assessment_stage_known"),
            # Nothing done has neither to move nor to conform; anything above does.
            models.CheckConstraint(
                condition=Q(level=Level.NOT_INITIATED) | (~Q(direction="") & ~Q(conformity="")),
                name="assessment_described_above_zero",
                violation_error_message="Give direction and conformity for every level above 0.",
            ),
            models.CheckConstraint(
                condition=Q(stage=Stage.PUBLISHED, recorded_at__isnull=False)
                | (~Q(stage=Stage.PUBLISHED) & Q(recorded_at__isnull=True)),
                name="assessment_recorded_when_published",
            ),
            # A correction says what was wrong.
            models.CheckConstraint(
                condition=Q(supersedes__isnull=True) | ~Q(correction_reason=""),
                name="assessment_correction_has_reason",
                violation_error_message="Say what was wrong with the earlier record.",
            ),
            # Corrections form a line, never a tree.
            models.UniqueConstraint(
                fields=["supersedes"], condition=Q(stage=Stage.PUBLISHED), name="assessment_superseded_once"
            ),
            models.UniqueConstraint(
                fields=["chain", "position"], condition=Q(stage=Stage.PUBLISHED), name="assessment_chain_in_line"
            ),
        ]
        indexes = [
            # Serves ``live``: the last published member of each chain.
            models.Index(
                fields=["chain", "-position"], condition=Q(stage=Stage.PUBLISHED), name="assessment_chain_end"
            ),
            # Serves ``standing``: an obligation's assessments in order of becoming true.
            models.Index(
                fields=["obligation", "effective_on", "recorded_at", "id"],
                condition=Q(stage=Stage.PUBLISHED),
                name="assessment_standing",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="assessment_immutable",
                level=pgtrigger.Row,
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                declare=[("earlier", "tracker_assessment%ROWTYPE")],
                func=f"""
                    IF TG_OP = 'INSERT' THEN
                        IF NEW.stage = 'published' THEN
                            {IMMUTABLE.format("An assessment is stored with its evidence first and published then.")};
                        END IF;
                        NEW.recorded_at := NULL;
                        RETURN NEW;
                    END IF;
                    IF OLD.stage = 'published' THEN
                        IF TG_OP = 'DELETE' THEN
                            {IMMUTABLE.format("A published assessment is never deleted; retract it with a reason.")};
                        END IF;
                        -- Accounts may be erased; the bylines, and everything else, stay.
                        IF (to_jsonb(OLD) - 'author_id' - 'reviewer_id') = (to_jsonb(NEW) - 'author_id' - 'reviewer_id')
                            AND (NEW.author_id IS NULL OR NEW.author_id IS NOT DISTINCT FROM OLD.author_id)
                            AND (NEW.reviewer_id IS NULL OR NEW.reviewer_id IS NOT DISTINCT FROM OLD.reviewer_id) THEN
                            RETURN NEW;
                        END IF;
                        {IMMUTABLE.format("A published assessment is never changed; correct it with a new one.")};
                    END IF;
                    IF TG_OP = 'DELETE' THEN
                        RETURN OLD;
                    END IF;
                    IF NEW.stage <> 'published' THEN
                        NEW.recorded_at := NULL;
                        RETURN NEW;
                    END IF;
                    IF NOT EXISTS (SELECT 1 FROM tracker_evidence WHERE assessment_id = NEW.id) THEN
                        {IMMUTABLE.format("An assessment needs evidence before it is published.")};
                    END IF;
                    IF NEW.supersedes_id IS NOT NULL THEN
                        SELECT * INTO earlier FROM tracker_assessment WHERE id = NEW.supersedes_id;
                        IF earlier.obligation_id <> NEW.obligation_id OR earlier.chain <> NEW.chain
                            OR earlier.stage <> 'published' OR NEW.position <> earlier.position + 1 THEN
                            {IMMUTABLE.format("A correction continues the chain of a published record of the duty.")};
                        END IF;
                    ELSIF NEW.chain <> NEW.id OR NEW.position <> 0 THEN
                        {IMMUTABLE.format("A first record starts a chain of its own.")};
                    END IF;
                    -- Only an archive coming home brings its times along.
                    IF coalesce(current_setting('tracker.restoring', true), '') <> 'on'
                        OR NEW.recorded_at IS NULL OR NEW.recorded_at > clock_timestamp() THEN
                        NEW.recorded_at := clock_timestamp();
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"Level {self.level} from {self.effective_on}"

    def get_absolute_url(self) -> str:
        return reverse("assessment", args=[self.pk])

    @property
    def withdrawn(self) -> "Retraction | None":
        return getattr(self, "retraction", None)

    def as_judgement(self) -> Judgement:
        """The same content again, for a correction that starts from it or an undo that restores it."""
        return Judgement(
            effective_on=self.effective_on,
            level=self.level,
            reason=self.reason,
            evidence=self.standing_evidence,
            direction=self.direction,
            conformity=self.conformity,
            effective_precision=self.effective_precision,
            attributed_to=list(dict.fromkeys(link.actor.standing for link in self._shares())),
        )

    @property
    def standing_evidence(self) -> list[Event]:
        """The events it rests on, each once; of one that was merged since, the heir."""
        links = self.evidence_links.select_related("event__merged_into").order_by("event__date", "id")
        return list(dict.fromkeys(link.event.standing for link in links))

    def _shares(self) -> "models.QuerySet[Attribution]":
        return self.attributions.select_related("actor__merged_into").order_by("actor__name", "id")

    @classmethod
    def current(cls, obligation: Obligation, vantage: Vantage | None = None) -> "Assessment | None":
        return cls.objects.filter(obligation=obligation).standing(vantage or Vantage.now()).last()

    @classmethod
    def record(
        cls,
        obligation: Obligation,
        judgement: Judgement,
        *,
        by: Person | None = None,
        seen_version: int | None = None,
        byline: str = "",
        reviewer_byline: str = "",
        supersedes: "Assessment | None" = None,
        correction_reason: str = "",
        rubric: str = RUBRIC_VERSION,
        pk: uuid.UUID | None = None,
        recorded_at: dt.datetime | None = None,
        proposal: Proposal | None = None,
    ) -> "Assessment":
        """The one way in which a status comes about: check, write, then publish or hand to review.

        By a person, the agreement's review decides whether it is public at once. Without one (a case file) it is.
        It joins ``proposal``, an open set of the person's, or the one that its evidence belongs to, and goes its way.
        ``seen_version`` is the obligation's version that the person saw; None skips that guard. ``recorded_at`` counts
        only inside ``keeping_times``. A correction continues the chain of ``supersedes``, at its end.
        Raises ValidationError keyed by field, Conflict or PermissionDenied, and has then written nothing.
        """
        if by is not None and not by.has_perm("tracker.assess"):
            raise PermissionDenied("Only researchers record a status.")
        check_judgement(obligation, judgement, supersedes, correction_reason)
        if by is not None:
            proposal = proposal or Proposal.holding(judgement.evidence, by)
            check_reach(judgement.evidence, by, reviewed=obligation.agreement.review != Review.NONE)
        with transaction.atomic():
            own = None
            if proposal is None and by is not None and obligation.agreement.review != Review.NONE:
                proposal = own = Proposal.begin(obligation.agreement, by)
            if proposal is None or by is None:
                version = claim(obligation, seen_version)
            else:
                # Its turn is claimed when the set is handed in: what only its author sees, overtakes nobody.
                proposal.check_writable(by)
                version = look_at(obligation, seen_version)
            identity = pk or uuid.uuid4()
            tail = supersedes and cls.objects.published().filter(chain=supersedes.chain).order_by("position").last()
            assessment = cls(
                pk=identity,
                obligation=obligation,
                effective_on=judgement.effective_on,
                effective_precision=judgement.effective_precision,
                level=judgement.level,
                direction=judgement.direction,
                conformity=judgement.conformity,
                reason=judgement.reason.strip(),
                byline=byline or (by.public_name if by else ""),
                reviewer_byline=reviewer_byline,
                author=by,
                rubric=rubric,
                supersedes=tail,
                correction_reason=correction_reason.strip(),
                chain=tail.chain if tail else identity,
                position=tail.position + 1 if tail else 0,
                seen_version=version,
                stage=Stage.DRAFT,
                proposal=proposal,
            )
            assessment.save(force_insert=True)
            Evidence.objects.bulk_create(Evidence(assessment=assessment, event=event) for event in judgement.evidence)
            Attribution.objects.bulk_create(
                Attribution(assessment=assessment, actor=actor) for actor in judgement.attributed_to
            )
            if proposal is None:
                assessment._publish(recorded_at)
            elif own is not None and by is not None:
                own.hand_in(by)
                assessment.refresh_from_db()
        return assessment

    def publish(self, by: Person) -> None:
        """Another person publishes the set to which this belongs, all of it.

        Raises PermissionDenied, Conflict or ValidationError.
        """
        if self.proposal is None or self.stage == Stage.PUBLISHED:
            raise ValidationError("This no longer waits for review.")
        self.proposal.publish(by)
        self.refresh_from_db()

    # What a proposal does with the statuses in it

    def claim_turn(self, seen: int) -> int:
        """Counts the obligation's version up, if it is still ``seen``, and keeps the new one. Raises Conflict."""
        self.seen_version = claim(self.obligation, seen)
        Assessment.objects.filter(pk=self.pk).update(seen_version=self.seen_version)
        return self.seen_version

    def overtaken(self) -> Conflict:
        return Conflict(self.obligation, Assessment.current(self.obligation))

    def lacks(self, there: Q) -> list[str]:
        """What is missing for it to be published, in sentences; ``there`` says which rows of others can be used."""
        events = list(self.evidence.all())
        if not events:
            return [f"The status of “{self.obligation.title}” has no evidence."]
        effects = Effect.objects.filter(there, obligation=self.obligation, event__in=events)
        bearing = set(effects.values_list("event", flat=True))
        return [
            f"What “{event.title}” means for “{self.obligation.title}” is not recorded, or waits in another proposal."
            for event in events
            if event.pk not in bearing
        ]

    def go_public(self, reviewer: Person | None, reviewer_byline: str) -> None:
        """Becomes part of the record, signed by both; its evidence follows with the rest of the set."""
        if self.supersedes is not None:
            # Others may have corrected the same record while this waited.
            tail = Assessment.objects.published().filter(chain=self.chain).order_by("position").last()
            self.supersedes, self.position = tail, tail.position + 1 if tail else 0
        self.reviewer, self.reviewer_byline = reviewer, reviewer_byline
        self._publish(None)

    def discard(self) -> None:
        """Deletes it while it is not public. The database refuses it afterwards."""
        self.evidence_links.all().delete()
        self.attributions.all().delete()
        self.delete()

    def _publish(self, recorded_at: dt.datetime | None) -> None:
        """Makes it part of the record."""
        self.recorded_at = recorded_at
        self.stage = Stage.PUBLISHED
        self.save(force_update=True)
        self.refresh_from_db(fields=["recorded_at"])

    def may_be_retracted_by(self, person: Any) -> bool:
        """Reviewers may withdraw anything; researchers where their own word is public without review."""
        if person.has_perm("tracker.retract"):
            return True
        return bool(person.has_perm("tracker.assess") and self.obligation.agreement.review == Review.NONE)

    def retract(
        self,
        reason: str,
        *,
        by: Person | None = None,
        byline: str = "",
        seen_version: int | None = None,
        recorded_at: dt.datetime | None = None,
    ) -> "Retraction":
        """Withdraws a published assessment for a reason; the record keeps both.

        Raises ValidationError, PermissionDenied or Conflict. Undo it by recording the same content again as a
        correction of this one.
        """
        if by is not None and not self.may_be_retracted_by(by):
            raise PermissionDenied("Only reviewers withdraw a status here.")
        if not reason.strip():
            raise ValidationError({"reason": "Say why this is withdrawn; readers will see it."})
        if self.stage != Stage.PUBLISHED:
            raise ValidationError("Only a published status can be withdrawn.")
        with transaction.atomic():
            claim(self.obligation, seen_version)
            if Retraction.objects.filter(assessment=self).exists():
                raise ValidationError("This was withdrawn already.")
            retraction = Retraction(
                assessment=self,
                reason=reason.strip(),
                byline=byline or (by.public_name if by else ""),
                author=by,
                recorded_at=recorded_at or dt.datetime.now(dt.UTC),
            )
            retraction.save(force_insert=True)
            retraction.refresh_from_db(fields=["recorded_at"])
        return retraction


# Evidence and attributions may be written while the assessment is a proposal, and never afterwards.
def frozen_with_assessment(name: str) -> pgtrigger.Trigger:
    return pgtrigger.Trigger(
        name=name,
        level=pgtrigger.Row,
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        func=f"""
            IF TG_OP <> 'INSERT' AND EXISTS (
                SELECT 1 FROM tracker_assessment WHERE id = OLD.assessment_id AND stage = 'published'
            ) OR TG_OP <> 'DELETE' AND EXISTS (
                SELECT 1 FROM tracker_assessment WHERE id = NEW.assessment_id AND stage = 'published'
            ) THEN
                {IMMUTABLE.format("The evidence of a published assessment is never changed.")};
            END IF;
            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
            RETURN NEW;
        """,
    )


class EvidenceQuerySet(models.QuerySet["Evidence"]):
    def standing(self) -> Self:
        """Annotates ``stands``, the id of the event that is read here: of one that was merged since, the heir's."""
        return self.annotate(stands=Coalesce("event__merged_into", "event"))

    def resting_on(self, events: Any) -> Self:
        """Links to these events (rows, ids or a query of ids) or to events that were merged into them."""
        return self.filter(Q(event__in=events) | Q(event__merged_into__in=events))


class Evidence(models.Model):
    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="evidence_links")
    event = models.ForeignKey(Event, models.PROTECT, related_name="evidence_for")

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "evidence"
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["assessment", "event"], name="evidence_once")]
        triggers = [frozen_with_assessment("evidence_immutable")]

    def __str__(self) -> str:
        return str(self.event)


class Attribution(models.Model):
    """Who, among several that owe, an assessment is about."""

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="attributions")
    actor = models.ForeignKey(Actor, models.PROTECT, related_name="attributions")

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["assessment", "actor"], name="attribution_once")]
        triggers = [frozen_with_assessment("attribution_immutable")]

    def __str__(self) -> str:
        return str(self.actor)


class Retraction(Recorded):
    """The withdrawal of a published assessment, with its reason. Written by ``Assessment.retract`` alone."""

    assessment = models.OneToOneField(Assessment, models.PROTECT, related_name="retraction")
    reason = models.TextField()
    byline = models.CharField(max_length=80, blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="retractions"
    )

    objects = RecordQuerySet.as_manager()

    class Meta:
        ordering = ["-recorded_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="retraction_has_reason",
                violation_error_message="Say why this is withdrawn.",
            )
        ]
        triggers = [
            pgtrigger.Trigger(
                name="retraction_immutable",
                level=pgtrigger.Row,
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                func=f"""
                    IF TG_OP = 'DELETE' THEN
                        {IMMUTABLE.format("A withdrawal is never deleted; record the status again instead.")};
                    END IF;
                    IF TG_OP = 'UPDATE' THEN
                        IF NEW.author_id IS NULL AND (to_jsonb(OLD) - 'author_id') = (to_jsonb(NEW) - 'author_id') THEN
                            RETURN NEW;
                        END IF;
                        {IMMUTABLE.format("A withdrawal is never changed.")};
                    END IF;
                    IF NOT EXISTS (
                        SELECT 1 FROM tracker_assessment WHERE id = NEW.assessment_id AND stage = 'published'
                    ) THEN
                        {IMMUTABLE.format("Only a published assessment can be withdrawn.")};
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
        return f"Withdrawn: {self.reason[:60]}"


class Reconsideration(Recorded):
    """Somebody looked again at a published judgement whose evidence had changed, and left it as it is."""

    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="reconsiderations")
    stands = models.BooleanField(default=True, help_text="No: an earlier look was taken back.")
    reason = models.TextField()
    byline = models.CharField(max_length=80, blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="reconsiderations"
    )

    objects = RecordQuerySet.as_manager()

    class Meta:
        ordering = ["-recorded_at", "-id"]

    def __str__(self) -> str:
        return f"Looked at again: {self.reason[:60]}"


class CheckQuerySet(RecordQuerySet["Check"]):
    def known(self, vantage: Vantage) -> Self:
        """What had been recorded by the record day and was not withdrawn by then."""
        return super().known(vantage).exclude(withdrawn(vantage, "checked"))


class Check(Recorded):
    """Somebody looked on a day and found nothing new."""

    obligation = models.ForeignKey(Obligation, models.PROTECT, related_name="checks")
    date = models.DateField()
    where = models.CharField("where you looked", max_length=300, blank=True)
    byline = models.CharField(max_length=80, blank=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="checks")

    objects = CheckQuerySet.as_manager()

    class Meta:
        ordering = ["-date", "-id"]
        indexes = [models.Index(fields=["obligation", "-date"], name="check_newest")]

    def __str__(self) -> str:
        return f"Checked on {self.date}"

    @classmethod
    def record(
        cls,
        obligation: Obligation,
        date: dt.date,
        where: str,
        *,
        by: Person | None = None,
        byline: str = "",
        recorded_at: dt.datetime | None = None,
    ) -> "Check":
        """Notes that somebody looked. Raises PermissionDenied, or ValidationError keyed by field."""
        if by is not None and not by.has_perm("tracker.assess"):
            raise PermissionDenied("Only researchers record a check.")
        if date > today():
            raise ValidationError({"date": "A check cannot lie in the future."})
        moment = {"recorded_at": recorded_at} if recorded_at else {}
        check = cls(
            obligation=obligation,
            date=date,
            where=where.strip(),
            byline=byline or (by.public_name if by else ""),
            author=by,
            **moment,
        )
        check.full_clean()
        check.save(force_insert=True)
        return check


def claim(obligation: Obligation, seen_version: int | None) -> int:
    """Counts the obligation's version up, if it is still the one seen; the loser of a race gets Conflict.

    The conditional UPDATE locks the row until the transaction ends, so of two that saw the same version only one
    finds it unchanged. Returns the new version. Raises ValidationError while the status is being coded blind.
    """
    rows = Obligation.objects.filter(pk=obligation.pk)
    if seen_version is not None:
        rows = rows.filter(version=seen_version)
    if not rows.update(version=F("version") + 1):
        raise Conflict(obligation, Assessment.current(obligation))
    refuse_while_coded(obligation)
    version: int = Obligation.objects.values_list("version", flat=True).get(pk=obligation.pk)
    obligation.version = version
    return version


def look_at(obligation: Obligation, seen_version: int | None) -> int:
    """The obligation's version, if it is still the one seen; else Conflict. Counts nothing."""
    version: int = Obligation.objects.values_list("version", flat=True).get(pk=obligation.pk)
    if seen_version is not None and seen_version != version:
        raise Conflict(obligation, Assessment.current(obligation))
    refuse_while_coded(obligation)
    return version


def check_reach(events: Sequence[Event], by: Person, *, reviewed: bool) -> None:
    """Raises ValidationError unless the person may rest a judgement on the events.

    What others only draft is not there for it; what waits for review is, where the judgement waits too.
    """
    rows = Event.objects.filter(pk__in=[event.pk for event in events])
    unseen = rows.exclude(stage=Stage.PUBLISHED).exclude(proposal__author=by)
    if reviewed:
        unseen = unseen.exclude(stage=Stage.IN_REVIEW)
    problems = [f"“{event.title}” is not public yet." for event in unseen]
    problems += [f"“{event.title}” was withdrawn; leave it out." for event in rows.filter(gone("event"))]
    if problems:
        raise ValidationError({"evidence": problems})


def check_judgement(
    obligation: Obligation, judgement: Judgement, supersedes: Assessment | None, correction_reason: str
) -> None:
    """Raises ValidationError, keyed by field, unless the judgement may be recorded of the obligation."""
    errors: dict[str, str] = {}
    if judgement.effective_on > today():
        errors["effective_on"] = "A status cannot become true in the future."
    if judgement.level not in Level.values:
        errors["level"] = "Choose a level from 0 to 3."
    elif judgement.level > Level.NOT_INITIATED:
        if not judgement.direction:
            errors["direction"] = "Give the direction for every level above 0."
        if not judgement.conformity:
            errors["conformity"] = "Say how it fits the text for every level above 0."
    if not judgement.reason.strip():
        errors["reason"] = "Say why; readers will see it beside the status."
    if supersedes is not None:
        if supersedes.obligation_id != obligation.pk:
            errors["supersedes"] = "A correction belongs to the same obligation."
        if not correction_reason.strip():
            errors["correction_reason"] = "Say what was wrong with the earlier record."
    owing = set(obligation.obligors.values_list("pk", flat=True)) if judgement.attributed_to else set()
    strangers = [actor.name for actor in judgement.attributed_to if actor.pk not in owing]
    if strangers:
        errors["attributed_to"] = f"Not among those who owe this: {', '.join(strangers)}."
    try:
        check_evidence(obligation, judgement.evidence)
    except ValidationError as error:
        errors["evidence"] = " ".join(error.messages)
    if errors:
        raise ValidationError(errors)


def check_evidence(obligation: Obligation, events: Sequence[Event]) -> None:
    """Raises ValidationError unless there is evidence and each event has an effect on the obligation."""
    if not events:
        raise ValidationError("Choose at least one event as evidence.")
    bearing = set(Effect.objects.filter(obligation=obligation, event__in=events).values_list("event", flat=True))
    stray = [event.title for event in events if event.pk not in bearing]
    if stray:
        raise ValidationError(f"No effect on this obligation is recorded for: {'; '.join(stray)}.")


@contextmanager
def keeping_times() -> Iterator[None]:
    """Inside, recording times given by an archive are kept. Needs a transaction; ends with it at the latest."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('tracker.restoring', 'on', true)")
        try:
            yield
        finally:
            if not connection.needs_rollback:
                cursor.execute("SELECT set_config('tracker.restoring', 'off', true)")
