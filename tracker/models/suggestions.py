"""Corrections that readers propose, and what they are answered. Neither is ever changed; a sender can be forgotten."""

from typing import Any, Self

import pgtrigger
from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from tracker.codebook import SuggestionOutcome

from .base import Record, Recorded, RecordQuerySet, Vantage, values_constraint
from .people import Person

LONGEST = 4000
"""So many characters may each of the two texts have."""

NEVER = "RAISE EXCEPTION '{}' USING ERRCODE = 'integrity_constraint_violation'"


class SuggestionQuerySet(RecordQuerySet["Suggestion"]):
    def waiting(self) -> Self:
        """Those nobody has answered, the oldest first."""
        return self.filter(reply__isnull=True).order_by("recorded_at", "id")

    def answered(self, vantage: Vantage) -> Self:
        """Those that had been answered by the record day, with the answer, the latest answer first."""
        rows = self.filter(vantage.known("reply__recorded_at"), reply__isnull=False).select_related("reply")
        return rows.order_by("-reply__recorded_at", "-id")


class Suggestion(Record):
    """What a reader says is wrong with a page. Written by strangers: nothing of it is public before it is answered."""

    about = models.CharField(max_length=2000, help_text="The address of the page, with both dates.")
    title = models.CharField(max_length=500, help_text="What the page was called.")
    wrong = models.TextField(max_length=LONGEST)
    proposed = models.TextField(max_length=LONGEST, blank=True)
    source = models.CharField(max_length=1000, blank=True)
    name = models.CharField(max_length=80, blank=True)
    email = models.EmailField(blank=True)
    named = models.BooleanField(default=False, help_text="The sender wants the name to be shown.")

    objects = SuggestionQuerySet.as_manager()

    class Meta:
        ordering = ["-recorded_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(wrong=""), name="suggestion_says_what"),
            models.CheckConstraint(condition=Q(about__startswith="/"), name="suggestion_about_own_page"),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="suggestion_immutable",
                level=pgtrigger.Row,
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                func=f"""
                    IF TG_OP = 'UPDATE' AND NEW.name = '' AND NEW.email = '' AND NOT NEW.named
                        AND to_jsonb(OLD) - '{{name,email,named}}'::text[]
                          = to_jsonb(NEW) - '{{name,email,named}}'::text[] THEN
                        RETURN NEW;
                    END IF;
                    {NEVER.format("What a reader proposed is never changed or deleted.")};
                """,
            )
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("suggestion", args=[self.pk])

    @classmethod
    def send(cls, **fields: Any) -> Self:
        """Keeps what a reader proposes. Raises ValidationError."""
        made = cls(**fields)
        made.full_clean()
        made.save()
        return made

    @property
    def answer(self) -> "Reply | None":
        return getattr(self, "reply", None)

    @property
    def shown_name(self) -> str:
        """The sender's name, where they want it to be shown."""
        return self.name if self.named else ""

    def settle(self, outcome: str, text: str, *, by: Person, correction: str = "", withheld: bool = False) -> "Reply":
        """Answers it, once and for all. Raises PermissionDenied, ValidationError, or Settled if somebody was first."""
        if not by.has_perm("tracker.assess"):
            raise PermissionDenied(_("Only researchers answer what readers propose."))
        reply = Reply(
            suggestion=self,
            outcome=outcome,
            text=text,
            correction=correction,
            withheld=withheld,
            byline=by.public_name,
            author=by,
        )
        with transaction.atomic():
            # Whoever comes second waits here, and then finds the answer.
            Suggestion.objects.select_for_update().get(pk=self.pk)
            first = Reply.objects.filter(suggestion=self).first()
            if first is not None:
                raise Settled(first)
            reply.full_clean()
            reply.save()
        return reply

    def forget_sender(self, *, by: Person) -> None:
        """Erases the name and the address for letters. Raises PermissionDenied."""
        if not by.has_perm("tracker.forget_senders"):
            raise PermissionDenied(_("Only administrators erase who sent something."))
        self.name, self.email, self.named = "", "", False
        self.save(update_fields=["name", "email", "named"])


class Settled(Exception):
    """Somebody else answered first; ``reply`` is theirs."""

    def __init__(self, reply: "Reply") -> None:
        super().__init__("Somebody else answered this in the meantime.")
        self.reply = reply


class Reply(Recorded):
    """The answer to a proposed correction, signed. Written by ``Suggestion.settle`` alone."""

    suggestion = models.OneToOneField(Suggestion, models.PROTECT, related_name="reply")
    outcome = models.CharField(max_length=20, choices=SuggestionOutcome.choices)
    text = models.TextField("reason", max_length=LONGEST)
    correction = models.CharField(max_length=2000, blank=True, help_text="The address of the correction on this site.")
    withheld = models.BooleanField(
        default=False, help_text="The reader's words stay hidden, for instance for what they say of a private person."
    )
    byline = models.CharField(max_length=80, blank=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="replies")

    class Meta:
        ordering = ["-recorded_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="reply_has_reason"),
            values_constraint("outcome", SuggestionOutcome, "reply_outcome"),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="reply_immutable",
                level=pgtrigger.Row,
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                func=f"""
                    IF TG_OP = 'UPDATE' AND NEW.author_id IS NULL
                        AND to_jsonb(OLD) - 'author_id' = to_jsonb(NEW) - 'author_id' THEN
                        RETURN NEW;
                    END IF;
                    {NEVER.format("An answer to a reader is never changed or deleted.")};
                """,
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_outcome_display()}: {self.text[:60]}"

    def clean(self) -> None:
        if self.outcome == SuggestionOutcome.ACCEPTED and not self.correction:
            raise ValidationError({"correction": _("Say where the correction can be read.")})

    @property
    def accepted(self) -> bool:
        return self.outcome == SuggestionOutcome.ACCEPTED
