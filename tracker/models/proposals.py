"""Changes that one person brings and another publishes: as one set, with what was said about it.

A set is written as a draft, handed in, and published or sent back with a comment. Where the agreement asks for no
review, handing in publishes. Whatever belongs to a set carries its stage; ``Proposal``'s mutators alone move it on.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models import Q

from tracker.codebook import EffectKind, EventRole, ProposalStage, Review, Stage

from .agreements import Agreement
from .base import Record, Recorded, RecordQuerySet, clock, values_constraint
from .copies import storable
from .evidence import Article, Effect, Event, EventActor, Observation, Report, gone
from .people import Person
from .rounds import refusals
from .versions import versions_in

if TYPE_CHECKING:
    from .assessments import Assessment

OPEN = (ProposalStage.DRAFT, ProposalStage.SENT_BACK)

ROW_STAGES: dict[str, Stage] = {
    ProposalStage.DRAFT: Stage.DRAFT,
    ProposalStage.SENT_BACK: Stage.DRAFT,
    ProposalStage.IN_REVIEW: Stage.IN_REVIEW,
    ProposalStage.PUBLISHED: Stage.PUBLISHED,
}
"""The stage of what belongs to a set in that stage. Of a set that was dropped nothing is left."""

type Part = Event | Effect | Report | Observation | Assessment

REPORTED: tuple[type[Event] | type[Effect] | type[Report] | type[Observation], ...] = (
    Event,
    Effect,
    Report,
    Observation,
)


class HandedInAgain(Exception):
    """The set was taken back, perhaps changed, and handed in again since somebody read it."""


class ProposalQuerySet(RecordQuerySet["Proposal"]):
    def waiting(self) -> "ProposalQuerySet":
        return self.filter(stage=ProposalStage.IN_REVIEW)

    def waiting_for(self, person: Any) -> "ProposalQuerySet":
        """What the person may publish or send back, the oldest first."""
        if not person.has_perm("tracker.publish"):
            return self.none()
        return self.waiting().exclude(author=person).order_by("handed_in_at", "id")

    def open_by(self, person: Any) -> "ProposalQuerySet":
        """What the person has not handed in yet, or got back."""
        return self.filter(author=person, stage__in=OPEN)

    def sent_back_to(self, person: Any) -> "ProposalQuerySet":
        """What the person got back with a comment, the oldest first."""
        return self.filter(author=person, stage=ProposalStage.SENT_BACK).order_by("decided_at", "id")

    def shown_to(self, person: Any) -> "ProposalQuerySet":
        """A draft is its author's alone; what was handed in once, reviewers go on seeing."""
        shown = [ProposalStage.IN_REVIEW, ProposalStage.PUBLISHED]
        if person.has_perm("tracker.publish"):
            shown.append(ProposalStage.SENT_BACK)
        return self.filter(Q(author=person) | Q(stage__in=shown))


class Proposal(Record):
    """What one person wants to add at a stroke, mostly from one article: events, reports, figures, statuses.

    Its rows carry it as ``proposal``; none of them is public before it is published.
    """

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="proposals")
    article = models.ForeignKey(Article, models.PROTECT, null=True, blank=True, related_name="proposals")
    stage = models.CharField(max_length=10, choices=ProposalStage, default=ProposalStage.DRAFT)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="proposals"
    )
    byline = models.CharField(max_length=80, blank=True)
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="reviewed_proposals"
    )
    reviewer_byline = models.CharField(max_length=80, blank=True)
    handed_in_at = models.DateTimeField(null=True, editable=False)
    decided_at = models.DateTimeField(null=True, editable=False, help_text="When it was published or sent back last.")

    objects = ProposalQuerySet.as_manager()

    class Meta:
        ordering = ["-recorded_at", "-id"]
        constraints = [
            values_constraint("stage", ProposalStage, "proposal_stage_known"),
            # Whoever reads an article again goes on with the set that is open; nobody has two of one article.
            models.UniqueConstraint(
                fields=["agreement", "article", "author"],
                condition=Q(stage__in=[ProposalStage.DRAFT, ProposalStage.SENT_BACK]),
                name="proposal_open_once",
            ),
        ]
        # Serves the queue of what waits, oldest first.
        indexes = [models.Index(fields=["stage", "handed_in_at"], name="proposal_waiting")]

    def __str__(self) -> str:
        return str(self.article) if self.article else f"Proposal by {self.byline}"

    def get_absolute_url(self) -> str:
        return f"/desk/proposals/{self.pk}/"

    @property
    def is_open(self) -> bool:
        """Whether its author may go on writing in it."""
        return self.stage in OPEN

    @property
    def row_stage(self) -> Stage:
        """The stage in which a row enters the set now."""
        return ROW_STAGES[self.stage]

    # How a set comes about

    @classmethod
    def open_for(cls, agreement: Agreement, article: Article | None, by: Person) -> "Proposal":
        """The set in which the person goes on with the article, begun if there is none.

        Raises PermissionDenied.
        """
        if not by.has_perm("tracker.assess"):
            raise PermissionDenied("Only researchers bring changes.")
        mine = cls.objects.open_by(by).filter(agreement=agreement, article=article)
        found = mine.first()
        if found is None:
            try:
                with transaction.atomic():
                    found = cls.objects.create(agreement=agreement, article=article, author=by, byline=by.public_name)
            except IntegrityError:
                # Begun in the same moment in another window.
                found = mine.get()
        return found

    @classmethod
    def begin(cls, agreement: Agreement, by: Person) -> "Proposal":
        """A set of its own, beside whatever is open: what one form brings, handed in with it."""
        if not by.has_perm("tracker.assess"):
            raise PermissionDenied("Only researchers bring changes.")
        return cls.objects.create(agreement=agreement, author=by, byline=by.public_name)

    @classmethod
    def holding(cls, events: Iterable[Event], by: Person) -> "Proposal | None":
        """The person's open set to which one of the events, or something said of one, belongs."""
        of = Q(events__in=events) | Q(reports__event__in=events) | Q(effects__event__in=events)
        # An article's events are seldom spread over two sets; the newest then takes what rests on both.
        return cls.objects.open_by(by).filter(of).order_by("-recorded_at", "-id").first()

    # How it moves on

    def hand_in(self, by: Person) -> None:
        """Its author gives it to review; without review it is public at once, by the author alone.

        Raises PermissionDenied, ValidationError, or Conflict where an obligation's status changed since a status of
        the set was written; nothing is changed then.
        """
        if not by.has_perm("tracker.assess"):
            raise PermissionDenied("Only researchers bring changes.")
        with transaction.atomic():
            self._lock()
            self._only_author(by, "hands it in")
            if not self.is_open:
                raise ValidationError(f"This was handed in already: {self.get_stage_display().lower()}.")
            if not any(manager.exists() for manager in self._managers()):
                raise ValidationError("There is nothing in it yet. Add what the article reports, then hand it in.")
            reviewed = Agreement.objects.get(pk=self.agreement_id).review != Review.NONE
            self._check_whole(public=not reviewed)
            self.byline = by.public_name
            self.handed_in_at = clock()
            for several in self._by_obligation().values():
                # All were written about the same version; from now on they follow each other.
                version = several[0].seen_version
                if any(one.seen_version != version for one in several):
                    raise several[0].overtaken()
                for one in several:
                    version = one.claim_turn(version)
            if reviewed:
                self._move(ProposalStage.IN_REVIEW)
            else:
                self.reviewer, self.reviewer_byline = None, ""
                self._make_public()

    def publish(self, by: Person, *, seen: dt.datetime | None = None) -> None:
        """Another person makes all of it public, in one moment.

        ``seen`` is when the set that the person read was handed in; None skips that guard. Raises PermissionDenied,
        ValidationError, HandedInAgain, or Conflict where an obligation's status changed in the meantime; nothing is
        public then.
        """
        if not by.has_perm("tracker.publish"):
            raise PermissionDenied("Only reviewers publish what others propose.")
        with transaction.atomic():
            self._lock()
            self._not_own(by)
            if self.stage != ProposalStage.IN_REVIEW:
                raise ValidationError("This no longer waits for review.")
            if seen is not None and seen != self.handed_in_at:
                raise HandedInAgain
            self._check_whole(public=True)
            self.reviewer, self.reviewer_byline = by, by.public_name
            self._make_public()

    def send_back(self, by: Person, comment: str) -> None:
        """A reviewer returns it to its author and says what is to be mended.

        Raises PermissionDenied or ValidationError, keyed "comment" where there is none.
        """
        if not by.has_perm("tracker.publish"):
            raise PermissionDenied("Only reviewers send back what others propose.")
        if not storable(comment).strip():
            raise ValidationError({"comment": "Say what is to be mended; its author reads it."})
        with transaction.atomic():
            self._lock()
            if self._by_same_person(by):
                raise PermissionDenied("This is your own proposal: take it back instead.")
            if self.stage != ProposalStage.IN_REVIEW:
                raise ValidationError("This no longer waits for review.")
            self.reviewer, self.reviewer_byline = by, by.public_name
            self.decided_at = clock()
            self._say(by, comment)
            self._absorb()
            self._move(ProposalStage.SENT_BACK)

    def take_back(self, by: Person) -> None:
        """Its author goes on writing in it instead of waiting. Raises PermissionDenied or ValidationError."""
        with transaction.atomic():
            self._lock()
            self._only_author(by, "takes it back")
            if self.stage != ProposalStage.IN_REVIEW:
                raise ValidationError("This no longer waits for review.")
            self._absorb()
            self._move(ProposalStage.DRAFT)

    def drop(self, by: Person) -> None:
        """Its author gives it up. What others' sets rest on goes over to them; the rest is deleted.

        Raises PermissionDenied or ValidationError.
        """
        with transaction.atomic():
            self._lock()
            self._only_author(by, "drops it")
            if self.stage in (ProposalStage.PUBLISHED, ProposalStage.DROPPED):
                raise ValidationError(f"This can no longer be dropped: {self.get_stage_display().lower()}.")
            for assessment in self._statuses():
                assessment.discard()
            for effect in self.effects.exclude(event__proposal=self):
                self._let_go_of_effect(effect)
            for event in self.events.all():
                self._let_go_of_event(event)
            self.reports.all().delete()
            self.observations.all().delete()
            self.stage = ProposalStage.DROPPED
            self.save(update_fields=["stage"])

    def remark(self, by: Person, text: str) -> "Remark":
        """Author and reviewers write to each other. Raises PermissionDenied or ValidationError keyed "comment"."""
        if not by.has_perm("tracker.assess"):
            raise PermissionDenied("Only researchers take part in a review.")
        if not Proposal.objects.shown_to(by).filter(pk=self.pk).exists():
            raise PermissionDenied("This is somebody else's draft.")
        if not storable(text).strip():
            raise ValidationError({"comment": "There is nothing in it yet."})
        return self._say(by, text)

    def remove(self, row: "Part", by: Person) -> None:
        """Its author takes one part out of an open set. Raises PermissionDenied or ValidationError.

        What a status of the set rests on stays until the status is removed.
        """
        with transaction.atomic():
            self.check_writable(by)
            if row.proposal_id != self.pk or row.stage == Stage.PUBLISHED:
                raise ValidationError("This is no part of the proposal any more.")
            if isinstance(row, Event):
                self._refuse_if_rested_on(Q(evidence_links__event=row))
                self._let_go_of_event(row)
            elif isinstance(row, Effect):
                self._refuse_if_rested_on(Q(evidence_links__event=row.event_id, obligation=row.obligation_id))
                self._let_go_of_effect(row)
            elif isinstance(row, Report | Observation):
                row.delete()
            else:
                row.discard()

    def check_writable(self, by: Person) -> None:
        """Locks the set until the transaction ends. Raises unless the person may change its parts now.

        Whatever adds to a set or changes its parts calls this first: nothing changes under a reviewer's eyes.
        """
        self._lock()
        self._only_author(by, "changes it")
        if self.stage == ProposalStage.IN_REVIEW:
            raise ValidationError("This waits for review. Take it back first, then change it.")
        if not self.is_open:
            raise ValidationError(f"This can no longer be changed: {self.get_stage_display().lower()}.")

    # What these share

    def _lock(self) -> None:
        self.refresh_from_db(from_queryset=Proposal.objects.select_for_update(of=("self",)))

    def _managers(self) -> list[Any]:
        return [self.events, self.effects, self.reports, self.observations, self.assessments]

    def _statuses(self) -> "list[Assessment]":
        """In an order in which several transactions can claim obligations without waiting for each other in a ring."""
        rows = self.assessments.select_related("obligation__agreement").exclude(stage=Stage.PUBLISHED)
        return list(rows.order_by("obligation", "seen_version", "effective_on", "id"))

    def _say(self, by: Person, text: str) -> "Remark":
        return Remark.objects.create(proposal=self, text=storable(text).strip(), author=by, byline=by.public_name)

    def _by_same_person(self, by: Person) -> bool:
        """Whether the account, or another one with the same e-mail address, wrote any of it."""
        mine = Q(pk=by.pk)
        if by.email:
            mine |= Q(email__iexact=by.email)
        accounts = Person.objects.filter(mine)
        if accounts.filter(Q(pk=self.author_id) | Q(assessments__proposal=self)).exists():
            return True
        # What came over from a set that its author dropped is still that author's.
        for table in REPORTED:
            rows = table._default_manager.filter(proposal=self).values("pk")
            if versions_in(table).objects.filter(pgh_obj__in=rows, proposal__author__in=accounts).exists():
                return True
        return False

    def _not_own(self, by: Person) -> None:
        if self._by_same_person(by):
            raise PermissionDenied("Nobody publishes their own proposal.")

    def _only_author(self, by: Person, does: str) -> None:
        if by.pk != self.author_id:
            raise PermissionDenied(f"Only its author {does}.")

    def _by_obligation(self) -> "dict[Any, list[Assessment]]":
        found: dict[Any, list[Assessment]] = defaultdict(list)
        for one in self._statuses():
            found[one.obligation_id].append(one)
        return found

    def _move(self, stage: ProposalStage) -> None:
        """The set and all that belongs to it enter a stage before the public one."""
        self.stage = stage
        self.save()
        if self.is_open:
            for several in self._by_obligation().values():
                if _unbroken(several):
                    # Nobody came between them, so all of them know what the last one knows.
                    last = several[-1].seen_version
                    self.assessments.filter(pk__in=[one.pk for one in several]).update(seen_version=last)
        for manager in self._managers():
            manager.exclude(stage=Stage.PUBLISHED).update(stage=ROW_STAGES[stage])

    def _absorb(self) -> None:
        """Before the set is open again: what its author began from the same article in the meantime joins it."""
        rows = Proposal.objects.open_by(self.author).filter(agreement=self.agreement_id, article=self.article_id)
        for other in rows.exclude(pk=self.pk).select_for_update() if self.author_id and self.article_id else ():
            for manager in [*other._managers(), other.remarks]:
                manager.update(proposal=self)
            other.stage = ProposalStage.DROPPED
            other.save(update_fields=["stage"])

    def _make_public(self) -> None:
        statuses = []
        for several in self._by_obligation().values():
            # Several statuses of one obligation follow each other; in between, nobody else's may have come.
            if not _unbroken(several):
                raise several[0].overtaken()
            several[-1].claim_turn(several[-1].seen_version)
            statuses += several
        for one in statuses:
            one.go_public(self.reviewer, self.reviewer_byline)
        # What was not public was not known; its record begins now.
        moment = min((one.recorded_at for one in statuses if one.recorded_at), default=None) or clock()
        fresh = self.events.exclude(stage=Stage.PUBLISHED)
        EventActor.objects.filter(event__in=list(fresh.values_list("pk", flat=True))).update(recorded_at=moment)
        for table in REPORTED:
            rows = table._default_manager.filter(proposal=self).exclude(stage=Stage.PUBLISHED)
            rows.update(stage=Stage.PUBLISHED, recorded_at=moment)
        self.stage = ProposalStage.PUBLISHED
        self.decided_at = moment
        self.save()

    def _check_whole(self, *, public: bool) -> None:
        """Raises ValidationError unless all that the set rests on is there, and every breach is complete.

        There is what belongs to the set, what is public and, unless the set is to be ``public`` now, what waits.
        """
        problems: list[str] = []
        mine = Q(proposal=self) | Q(stage__in=[Stage.PUBLISHED] if public else [Stage.PUBLISHED, Stage.IN_REVIEW])
        events = Event.objects.filter(
            Q(reports__proposal=self)
            | Q(effects__proposal=self)
            | Q(observations__proposal=self)
            | Q(evidence_for__assessment__proposal=self)
        )
        problems += [
            f"“{event.title}” waits in another proposal, which comes first."
            for event in events.exclude(mine).distinct()
        ]
        problems += [
            f"“{event.title}” was withdrawn since. Leave out what is said of it."
            for event in events.filter(gone("event")).distinct()
        ]
        for one in self._statuses():
            problems.extend(one.lacks(mine))
        problems += refusals(self.effects.exclude(stage=Stage.PUBLISHED)) if public else []
        accused = EventActor.objects.filter(event=models.OuterRef("event"), role=EventRole.ACCUSED)
        breaches = self.effects.filter(effect=EffectKind.BREACHES).select_related("event")
        problems += [
            f"“{effect.event.title}” breaches an obligation, but accuses nobody or has no verification."
            for effect in breaches.exclude(models.Exists(accused), ~Q(event__verification=""))
        ]
        if problems:
            raise ValidationError(list(dict.fromkeys(problems)))

    def _refuse_if_rested_on(self, by: Q) -> None:
        if self.assessments.filter(by).exists():
            raise ValidationError("A status of this proposal rests on it. Remove the status first.")

    def _let_go_of_effect(self, effect: Effect) -> None:
        users = Proposal.objects.filter(
            assessments__obligation=effect.obligation_id, assessments__evidence_links__event=effect.event_id
        )
        heir = users.exclude(pk=self.pk).exclude(stage=ProposalStage.PUBLISHED).order_by("recorded_at", "id").first()
        if heir is None:
            effect.delete()
        else:
            Effect.objects.filter(pk=effect.pk).update(proposal=heir, stage=heir.row_stage)

    def _let_go_of_event(self, event: Event) -> None:
        """Deletes the event with all that is said of it, unless another set rests on it: that one goes on with it."""
        users = Proposal.objects.filter(
            Q(assessments__evidence_links__event=event)
            | Q(reports__event=event)
            | Q(effects__event=event)
            | Q(observations__event=event)
        )
        heir = users.exclude(pk=self.pk).exclude(stage=ProposalStage.PUBLISHED).order_by("recorded_at", "id").first()
        if heir is None:
            event.delete()
            return
        for table, path in ((Event, "pk"), (Effect, "event"), (Report, "event"), (Observation, "event")):
            rows = table._default_manager.filter(proposal=self, **{path: event.pk})
            rows.update(proposal=heir, stage=heir.row_stage)


def _unbroken(several: "Sequence[Assessment]") -> bool:
    """Whether statuses of one obligation took its versions one right after the other."""
    seen = [one.seen_version for one in several]
    return seen == list(range(seen[0], seen[0] + len(seen)))


class Remark(Recorded):
    """What author and reviewer wrote to each other about a proposal."""

    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="remarks")
    text = models.TextField()
    byline = models.CharField(max_length=80, blank=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="remarks")

    class Meta:
        ordering = ["recorded_at", "id"]

    def __str__(self) -> str:
        return self.text[:60]
