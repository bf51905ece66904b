"""Double coding: several people code the same things blind, and what came of it.

Answers lie in a table of their own. Until a round is closed nobody but their author can see them, on no page, in no
file and in no history; ``Answer.objects`` therefore has only two ways in: ``by`` and ``of_closed``.
"""

from typing import Any

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from tracker.codebook import CodingKind, Conformity, EffectKind, Level, Movement, Verification

from .agreements import Agreement, Obligation
from .base import Record, Recorded, RecordQuerySet, values_constraint
from .evidence import Event


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

    objects = RecordQuerySet.as_manager()

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
    def by(self, person: Any) -> "AnswerQuerySet":
        return self.filter(coder__person=person)

    def of_closed(self) -> "AnswerQuerySet":
        return self.filter(item__round__closed_at__isnull=False)


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

    objects = AnswerQuerySet.as_manager()

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

    objects = RecordQuerySet.as_manager()

    class Meta:
        ordering = ["-recorded_at", "-id"]
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="memo_has_text")]

    def __str__(self) -> str:
        return self.title


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
