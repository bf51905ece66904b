"""Double coding: several people code the same things blind, and what came of it.

Answers lie in a table of their own. Until a round is closed nobody but their author can see them, on no page, in no
file and in no history: ``Answer.objects``, and whatever Django derives from it, has the answers of closed rounds only,
and ``Answer.objects.by`` gives people their own.
"""

import datetime as dt
import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pgtrigger
from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.db.models import Case, Count, OuterRef, Q, Subquery, Value, When

from tracker.codebook import (
    Category,
    CodingKind,
    Conformity,
    EffectKind,
    EventState,
    Level,
    Movement,
    Stage,
    Verification,
)

from .agreements import Agreement, Obligation
from .base import Record, Recorded, RecordQuerySet, today, values_constraint
from .evidence import Effect, Event
from .people import Person

type Pair = tuple[Obligation, Event | None]
"""What is coded: an obligation, or what an event means for it."""


class Closed(Exception):
    """The round was closed in the meantime; nothing was stored."""


@dataclass(frozen=True, slots=True)
class Coded:
    """What a coder says of one item. Empty and None are "not given"; with ``cannot_say`` only the reason counts."""

    reason: str
    level: int | None = None
    direction: str = ""
    conformity: str = ""
    effect: str = ""
    verification: str = ""
    cannot_say: bool = False

    def check(self, kind: str) -> None:
        """Raises ValidationError, keyed by field, unless this is a whole answer in a round of that kind."""
        errors: dict[str, str] = {}
        if not self.reason.strip():
            errors["reason"] = "Say why in a sentence; it is read when disagreements are settled."
        if not self.cannot_say and kind == CodingKind.STATUS:
            if self.level not in Level.values:
                errors["level"] = "Choose a level from 0 to 3, or say that you cannot say."
            elif self.level:
                if not self.direction:
                    errors["direction"] = "Give the direction for every level above 0."
                if not self.conformity:
                    errors["conformity"] = "Say how it fits the text for every level above 0."
        if not self.cannot_say and kind == CodingKind.EVENT:
            if not self.effect:
                errors["effect"] = "Choose what it means for the obligation, or say that you cannot say."
            elif self.effect == EffectKind.BREACHES and not self.verification:
                errors["verification"] = "Say how far the breach is borne out."
        if errors:
            raise ValidationError(errors)

    def values(self, kind: str) -> dict[str, Any]:
        """The columns of an answer. What belongs to the other kind of round, or to nothing, is left empty."""
        given = {"level": None, "direction": "", "conformity": "", "effect": "", "verification": ""}
        if not self.cannot_say:
            fields = ("level", "direction", "conformity") if kind == CodingKind.STATUS else ("effect", "verification")
            given |= {name: getattr(self, name) for name in fields}
        return given | {"reason": self.reason.strip(), "cannot_say": self.cannot_say}


class RoundQuerySet(RecordQuerySet["Round"]):
    def open(self) -> "RoundQuerySet":
        return self.filter(closed_at__isnull=True)

    def closed(self, before: dt.datetime | None = None) -> "RoundQuerySet":
        """Those that are closed, or were before that moment, the latest first."""
        rows = self.filter(closed_at__isnull=False)
        return (rows.filter(closed_at__lt=before) if before else rows).order_by("-closed_at", "-pk")

    def coded_by(self, person: Any) -> "RoundQuerySet":
        return self.filter(seats__person=person)


class Round(Record):
    """A coding round over chosen obligations (or events). Open while ``closed_at`` is empty."""

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="rounds")
    title = models.CharField(max_length=200)
    kind = models.CharField(max_length=6, choices=CodingKind)
    as_of = models.DateField(help_text="The day that is judged.")
    masked = models.BooleanField(default=False, help_text="Whether the coders see the parties' names.")
    coders = models.ManyToManyField(settings.AUTH_USER_MODEL, through="Coder", related_name="coding_rounds")
    byline = models.CharField(max_length=80, blank=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="rounds")
    closed_at = models.DateTimeField(null=True, editable=False)
    closed_early = models.BooleanField(default=False, editable=False)
    closed_byline = models.CharField(max_length=80, blank=True, editable=False)
    closed_reason = models.TextField(blank=True, editable=False, help_text="Why it was closed before all had answered.")

    objects = RoundQuerySet.as_manager()

    class Meta:
        ordering = ["-recorded_at", "-id"]
        constraints = [
            values_constraint("kind", CodingKind, "round_kind_known"),
            models.CheckConstraint(
                condition=Q(closed_early=False) | ~Q(closed_reason=""),
                name="round_closed_early_for_a_reason",
                violation_error_message="Say why it is closed early.",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return f"/desk/rounds/{self.pk}/"

    @property
    def refusal(self) -> str:
        """What somebody is told who wants to change what is being coded here."""
        return (
            f"Locked while the coding round “{self.title}” is open. It closes when everybody in it has answered; "
            "an administrator can close it early."
        )

    @classmethod
    def open_(
        cls,
        agreement: Agreement,
        title: str,
        kind: str,
        as_of: dt.date,
        pairs: Sequence[Pair],
        coders: Sequence[Person],
        *,
        by: Person,
        masked: bool = False,
    ) -> "Round":
        """Opens a round and locks what it codes. Raises PermissionDenied, or ValidationError keyed by field.

        The coders' numbers are drawn by lot, so that they do not tell who is who.
        """
        if not by.has_perm("tracker.lead_rounds"):
            raise PermissionDenied("Only administrators open coding rounds.")
        pairs, coders = list(dict.fromkeys(pairs)), list(dict.fromkeys(coders))
        errors: dict[str, str] = {}
        if not title.strip():
            errors["title"] = "Give the round a title."
        if kind not in CodingKind.values:
            errors["kind"] = "Choose what is coded."
        if as_of > today():
            errors["as_of"] = "A day in the future cannot be judged yet."
        if len(coders) < 2:
            errors["coders"] = "Choose two people or more."
        unfit = [
            person.public_name for person in coders if not (person.is_active and person.has_perm("tracker.assess"))
        ]
        if unfit:
            errors["coders"] = f"Only researchers can code: {', '.join(unfit)}."
        with transaction.atomic():
            # Whoever is changing one of these statuses is waited for, and whoever comes later finds the round.
            ids = sorted({duty.pk for duty, _ in pairs})
            len(Obligation.objects.filter(pk__in=ids).order_by("pk").select_for_update(of=("self",)))
            problem = cls._unfit(agreement, kind, pairs)
            if problem:
                errors["items"] = problem
            if errors:
                raise ValidationError(errors)
            made = cls(
                agreement=agreement,
                title=title.strip(),
                kind=kind,
                as_of=as_of,
                masked=masked,
                byline=by.public_name,
                author=by,
            )
            made.full_clean()
            made.save(force_insert=True)
            Item.objects.bulk_create(Item(round=made, obligation=duty, event=event) for duty, event in pairs)
            drawn = random.SystemRandom().sample(coders, len(coders))
            Coder.objects.bulk_create(
                Coder(round=made, person=person, number=number) for number, person in enumerate(drawn, 1)
            )
        return made

    @classmethod
    def _unfit(cls, agreement: Agreement, kind: str, pairs: Sequence[Pair]) -> str:
        """What is wrong with the chosen items, or ""."""
        if not pairs:
            return "Choose at least one thing to code."
        for duty, event in pairs:
            if duty.agreement_id != agreement.pk or (event and event.agreement_id != agreement.pk):
                return "Everything that is coded belongs to one agreement."
            if (event is None) == (kind == CodingKind.EVENT):
                return "Choose obligations, or events with the obligation they bear on, as the round's kind says."
            if event and (event.stage != Stage.PUBLISHED or event.state != EventState.OCCURRED):
                return f"Only what happened and is public can be coded: {event.title}"
        asked = Q(pk__in=[])
        for duty, event in pairs:
            asked |= Q(obligation=duty, event=event) if event else Q(obligation=duty, event__isnull=True)
        taken = Item.objects.filter(asked, round__closed_at__isnull=True).select_related("round", "obligation").first()
        return f"“{taken.obligation.title}” is being coded already, in “{taken.round.title}”." if taken else ""

    def seat_of(self, person: Person) -> "Coder | None":
        return self.seats.filter(person=person).first()

    def progress(self) -> dict[int, int]:
        """How many items each coder (by the id of the seat) has answered. All that is told before a round is closed."""
        rows = Answer._base_manager.filter(coder__round=self).order_by().values_list("coder").annotate(Count("pk"))
        return {seat.pk: 0 for seat in self.seats.all()} | dict(rows)

    def answer(self, item: "Item", coded: Coded, by: Person) -> "Answer":
        """Stores how somebody codes an item, in place of what they said before. The last answer closes the round.

        Raises PermissionDenied, Closed, or ValidationError keyed by field.
        """
        seat = self.seat_of(by)
        if seat is None or not by.has_perm("tracker.assess"):
            raise PermissionDenied("Only the coders of a round answer in it.")
        coded.check(self.kind)
        if item.round_id != self.pk:
            raise ValidationError("This belongs to another round.")
        with transaction.atomic():
            now = self._still_open()
            answer, _ = Answer._base_manager.update_or_create(
                item=item, coder=seat, defaults=coded.values(self.kind) | {"answered_at": dt.datetime.now(dt.UTC)}
            )
            missing = now.items.count() * now.seats.count() - Answer._base_manager.filter(item__round=now).count()
            if not missing:
                now._close()
        self.closed_at = now.closed_at
        return answer

    def close(self, reason: str, by: Person) -> None:
        """Closes the round before everybody has answered. Raises PermissionDenied, Closed, or ValidationError."""
        if not by.has_perm("tracker.lead_rounds"):
            raise PermissionDenied("Only administrators close a coding round early.")
        if not reason.strip():
            raise ValidationError({"reason": "Say why the round is closed before everybody has answered."})
        with transaction.atomic():
            self._still_open()._close(reason.strip(), by.public_name)
        self.refresh_from_db()

    def _still_open(self) -> "Round":
        """The round, locked against everybody else until the transaction ends."""
        now = Round.objects.select_for_update().get(pk=self.pk)
        if now.closed_at is not None:
            raise Closed
        return now

    def _close(self, reason: str = "", byline: str = "") -> None:
        self.closed_at = dt.datetime.now(dt.UTC)
        self.closed_early, self.closed_reason, self.closed_byline = bool(reason), reason, byline
        self.save(update_fields=["closed_at", "closed_early", "closed_reason", "closed_byline"])


def refuse_while_coded(obligation: Obligation) -> None:
    """Raises ValidationError, naming the round and who can close it, while one codes the obligation's status."""
    held = Round.objects.open().filter(kind=CodingKind.STATUS, items__obligation=obligation).first()
    if held:
        raise ValidationError(held.refusal)


def refuse_while_event_coded(event: Event, obligation: Obligation | None = None) -> None:
    """The same for the event's verification or, with an obligation, for what the event means for that one.

    The database refuses it as well; this says it in time for a form.
    """
    items = Item.objects.filter(event=event, round__closed_at__isnull=True, round__kind=CodingKind.EVENT)
    if obligation is not None:
        items = items.filter(obligation=obligation)
    held = items.select_related("round").first()
    if held:
        raise ValidationError(held.round.refusal)


def refusals(effects: "models.QuerySet[Effect]") -> list[str]:
    """Why some of these effects cannot become public now: an open round codes what their event means."""
    coded = Item.objects.filter(round__closed_at__isnull=True, round__kind=CodingKind.EVENT)
    coded = coded.filter(event=OuterRef("event"), obligation=OuterRef("obligation"))
    held = effects.annotate(held=Subquery(coded.values("round")[:1])).filter(held__isnull=False)
    return [one.refusal for one in Round.objects.filter(pk__in=held.values("held"))]


class Item(models.Model):
    """One thing to code: an obligation, or what an event means for an obligation."""

    round = models.ForeignKey(Round, models.CASCADE, related_name="items")
    obligation = models.ForeignKey(Obligation, models.PROTECT, related_name="coding_items")
    event = models.ForeignKey(Event, models.PROTECT, null=True, blank=True, related_name="coding_items")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["round", "obligation", "event"], nulls_distinct=False, name="item_once")
        ]

    def __str__(self) -> str:
        return f"{self.event or self.obligation}"

    def get_absolute_url(self) -> str:
        return f"/desk/rounds/{self.round_id}/items/{self.pk}/"

    def settle(self, text: str, by: Person, memo_title: str = "") -> "Settlement":
        """Says what came of a disagreement; with a title, also as a memo for the next case like it.

        Raises PermissionDenied, or ValidationError keyed by field.
        """
        may = by.has_perm("tracker.lead_rounds") or self.round.seat_of(by) is not None
        if not (may and by.has_perm("tracker.assess")):
            raise PermissionDenied("Only those who coded in a round, and administrators, settle its disagreements.")
        if self.round.closed_at is None:
            raise PermissionDenied("Disagreements are settled once the round is closed.")
        if not text.strip():
            raise ValidationError({"text": "Say how it was settled, and by which rule."})
        with transaction.atomic():
            Item.objects.select_for_update(of=("self",)).get(pk=self.pk)
            if Settlement.objects.filter(item=self).exists():
                raise ValidationError("This was settled already.")
            made = Settlement.objects.create(item=self, text=text.strip(), byline=by.public_name, author=by)
            if memo_title.strip():
                Memo.write(memo_title, text, by=by, obligation=self.obligation, item=self)
        return made


class Coder(models.Model):
    """Somebody who codes in a round. The account may go; the number stays."""

    round = models.ForeignKey(Round, models.CASCADE, related_name="seats")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="seats")
    number = models.PositiveSmallIntegerField(help_text="Coder 1, coder 2: how readers see them.")

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["round", "number"], name="coder_number_once"),
            models.UniqueConstraint(fields=["round", "person"], name="coder_once"),
        ]

    def __str__(self) -> str:
        return f"Coder {self.number}"


class AnswerQuerySet(models.QuerySet["Answer"]):
    def of_closed(self) -> "AnswerQuerySet":
        return self.filter(item__round__closed_at__isnull=False)


class AnswerManager(models.Manager["Answer"]):
    """Blind by default: what is related to an item or a coder goes through here too."""

    def get_queryset(self) -> AnswerQuerySet:
        return AnswerQuerySet(self.model, using=self._db).of_closed()

    def of_closed(self) -> AnswerQuerySet:
        return self.get_queryset()

    def by(self, person: Person) -> AnswerQuerySet:
        """What the person answered, in open rounds too. For that person's eyes only."""
        return AnswerQuerySet(self.model, using=self._db).filter(coder__person=person)


class Answer(models.Model):
    """How one coder coded one item; the values of the round's kind."""

    item = models.ForeignKey(Item, models.CASCADE, related_name="answers")
    coder = models.ForeignKey(Coder, models.CASCADE, related_name="answers")
    level = models.PositiveSmallIntegerField(choices=Level, null=True, blank=True)
    direction = models.CharField(max_length=10, choices=Movement, blank=True)
    conformity = models.CharField(max_length=16, choices=Conformity, blank=True)
    effect = models.CharField(max_length=10, choices=EffectKind, blank=True)
    verification = models.CharField(max_length=12, choices=Verification, blank=True)
    reason = models.TextField(blank=True)
    cannot_say = models.BooleanField(default=False, help_text="Left open on purpose; counts as missing.")
    answered_at = models.DateTimeField(auto_now=True)

    objects = AnswerManager()

    class Meta:
        ordering = ["id"]
        constraints = [
            values_constraint("level", Level, "answer_level_known"),
            values_constraint("direction", Movement, "answer_direction_known"),
            values_constraint("conformity", Conformity, "answer_conformity_known"),
            values_constraint("effect", EffectKind, "answer_effect_known"),
            values_constraint("verification", Verification, "answer_verification_known"),
            models.UniqueConstraint(fields=["item", "coder"], name="answer_once"),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="answers_until_closed",
                level=pgtrigger.Row,
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                func="""
                    IF EXISTS (
                        SELECT 1 FROM tracker_item item JOIN tracker_round coding ON coding.id = item.round_id
                        WHERE coding.closed_at IS NOT NULL
                            AND item.id = CASE WHEN TG_OP = 'INSERT' THEN NEW.item_id ELSE OLD.item_id END
                    ) THEN
                        RAISE EXCEPTION 'The answers of a closed round are never changed.'
                            USING ERRCODE = 'integrity_constraint_violation';
                    END IF;
                    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
                    RETURN NEW;
                """,
            )
        ]

    def __str__(self) -> str:
        return f"Answer {self.pk}"


class MemoQuerySet(RecordQuerySet["Memo"]):
    def like(self, obligation: Obligation) -> "MemoQuerySet":
        """Memos that may help with this obligation: its own first, then of its category, then of its agreement."""
        rank = Case(
            When(obligation=obligation, then=Value(0)),
            When(category=obligation.category, then=Value(1)),
            default=Value(2),
        )
        # A memo of the agreement alone is about all of its obligations.
        about = Q(obligation=obligation) | Q(category=obligation.category)
        about |= Q(agreement=obligation.agreement_id, obligation__isnull=True, category="")
        return self.filter(about).annotate(rank=rank).order_by("rank", "-recorded_at", "-pk")


class Memo(Record):
    """How a hard case was coded, so that the next one like it is coded alike."""

    agreement = models.ForeignKey(Agreement, models.PROTECT, null=True, blank=True, related_name="memos")
    obligation = models.ForeignKey(Obligation, models.PROTECT, null=True, blank=True, related_name="memos")
    category = models.CharField(max_length=20, blank=True, help_text="Duties of this kind, in whatever agreement.")
    item = models.OneToOneField(
        Item, models.SET_NULL, null=True, blank=True, related_name="memo", help_text="The disagreement it settles."
    )
    title = models.CharField(max_length=200)
    text = models.TextField()
    byline = models.CharField(max_length=80, blank=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="memos")

    objects = MemoQuerySet.as_manager()

    class Meta:
        ordering = ["-recorded_at", "-id"]
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="memo_has_text")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return f"/desk/memos/#memo-{self.pk}"

    @classmethod
    def write(
        cls,
        title: str,
        text: str,
        *,
        by: Person,
        agreement: Agreement | None = None,
        obligation: Obligation | None = None,
        category: str = "",
        item: Item | None = None,
    ) -> "Memo":
        """A memo on an obligation (and so on its category), on a category, or on an agreement.

        Memos are not rewritten: a better one is a new one. Raises PermissionDenied, or ValidationError keyed by field.
        """
        if not by.has_perm("tracker.assess"):
            raise PermissionDenied("Only researchers write memos.")
        errors: dict[str, str] = {}
        if not title.strip():
            errors["title"] = "Give the memo a title by which the case is found again."
        if not text.strip():
            errors["text"] = "Say how the case was coded, and why."
        if not (agreement or obligation or category):
            errors["obligation"] = "Say what it is about: an obligation, a category or an agreement."
        if category and category not in Category.values:
            errors["category"] = "This is not one of the codebook's values."
        if obligation and agreement and obligation.agreement_id != agreement.pk:
            errors["agreement"] = "The obligation belongs to another agreement."
        if errors:
            raise ValidationError(errors)
        memo = cls(
            agreement=obligation.agreement if obligation else agreement,
            obligation=obligation,
            category=obligation.category if obligation else category,
            item=item,
            title=title.strip(),
            text=text.strip(),
            byline=by.public_name,
            author=by,
        )
        memo.full_clean()
        memo.save(force_insert=True)
        return memo


class Settlement(Recorded):
    """What came of a disagreement after a round was closed."""

    item = models.OneToOneField(Item, models.CASCADE, related_name="settlement")
    text = models.TextField()
    byline = models.CharField(max_length=80, blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="settlements"
    )

    class Meta:
        ordering = ["recorded_at", "id"]

    def __str__(self) -> str:
        return self.text[:60]
