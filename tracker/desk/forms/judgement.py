"""The judgement itself: since when, which level, direction and fit, why, and on what evidence."""

import uuid
from typing import Any, cast

from django import forms

from tracker.codebook import Conformity, EffectKind, Level, Movement
from tracker.models import Actor, Event, Judgement, Obligation, today
from tracker.models.intake import breach_is_complete

from .base import DayField, DeskForm, described, how_exactly

LONGEST_REASON = 4000


def which_way() -> forms.ChoiceField:
    """The direction of a judgement, asked alike wherever somebody judges."""
    return forms.ChoiceField(
        label="Direction",
        choices=described(Movement, "Not given (level 0 only)"),
        widget=forms.RadioSelect,
        required=False,
    )


def how_it_fits() -> forms.ChoiceField:
    """How what was done fits the text, asked alike wherever somebody judges."""
    return forms.ChoiceField(
        label="How it fits the text",
        choices=described(Conformity, "Not given (level 0 only)"),
        widget=forms.RadioSelect,
        required=False,
    )


class JudgementForm(DeskForm):
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    effective_on = DayField(
        label="Became true on", help_text="The day it happened, not the day you noticed.", initial=today
    )
    effective_precision = how_exactly()
    level = forms.TypedChoiceField(
        label="Level",
        choices=described(Level, numbered=True),
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose a level from 0 to 3."},
    )
    direction = which_way()
    conformity = how_it_fits()
    attributed_to: forms.ModelMultipleChoiceField[Actor] = forms.ModelMultipleChoiceField(
        label="Whom this is about",
        help_text="Where it is not about everybody who owes this.",
        queryset=Actor.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    reason = forms.CharField(
        label="Why",
        help_text="Readers see it beside the status. One or two sentences: what happened, and which rule it meets.",
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say why; readers will see it beside the status."},
    )
    evidence: forms.ModelMultipleChoiceField[Event] = forms.ModelMultipleChoiceField(
        queryset=Event.objects.none(),
        required=False,
        error_messages={"invalid_choice": "One of the chosen events is no longer there; choose again."},
    )

    def __init__(self, obligation: Obligation, *args: Any, brings_evidence: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.obligation = obligation
        self.brings_evidence = brings_evidence
        self.effects: dict[Event, str] = {}
        owing = obligation.obligors.all()
        self.several_owe = len(owing) > 1
        if self.several_owe:
            self.attributed_to_field.queryset = owing
        else:
            del self.fields["attributed_to"]
        self.evidence_field.queryset = Event.objects.filter(agreement=obligation.agreement)

    @property
    def attributed_to_field(self) -> "forms.ModelMultipleChoiceField[Actor]":
        return cast("forms.ModelMultipleChoiceField[Actor]", self.fields["attributed_to"])

    @property
    def evidence_field(self) -> "forms.ModelMultipleChoiceField[Event]":
        return cast("forms.ModelMultipleChoiceField[Event]", self.fields["evidence"])

    @property
    def chosen(self) -> list[uuid.UUID]:
        """The ids of the events ticked so far, as far as they are ids."""
        values = self["evidence"].value() or []
        return [found for found in map(as_id, values) if found]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = self.cleaned_data
        level = cleaned.get("level")
        if level is not None and level > Level.NOT_INITIATED:
            if not cleaned.get("direction") and "direction" not in self.errors:
                self.add_error("direction", "Give the direction for every level above 0.")
            if not cleaned.get("conformity") and "conformity" not in self.errors:
                self.add_error("conformity", "Say how it fits the text for every level above 0.")
        if "evidence" not in self.errors:
            self._clean_effects(list(cleaned.get("evidence") or []))
        return cleaned

    def _clean_effects(self, events: list[Event]) -> None:
        """Every chosen event has an effect on the obligation, on record or stated here."""
        if not events and not self.brings_evidence:
            self.add_error("evidence", "Choose at least one event, or add an article with what it reports.")
        bearing = set(self.obligation.effects.filter(event__in=events).values_list("event", flat=True))
        for event in events:
            if event.pk in bearing:
                continue
            effect = self.data.get(effect_name(event.pk), "")
            if effect not in EffectKind.values:
                self.add_error("evidence", f"Say what “{event.title}” means for this obligation.")
            elif effect == EffectKind.BREACHES and not breach_is_complete(event):
                self.add_error(
                    "evidence",
                    f"“{event.title}” cannot break the obligation yet: it names nobody accused, or no verification. "
                    "Add both to the event first, then save here.",
                )
            else:
                self.effects[event] = effect

    def judgement(self) -> Judgement:
        """What a checked form says. Its evidence lacks the new event that the form may bring."""
        cleaned = self.cleaned_data
        return Judgement(
            effective_on=cleaned["effective_on"],
            level=cleaned["level"],
            reason=cleaned["reason"],
            evidence=list(cleaned["evidence"]),
            direction=cleaned["direction"],
            conformity=cleaned["conformity"],
            effective_precision=int(cleaned["effective_precision"]),
            attributed_to=list(cleaned.get("attributed_to") or []),
        )


class CorrectionForm(JudgementForm):
    correction_reason = forms.CharField(
        label="What was wrong",
        help_text="Readers see it beside the corrected record, which stays readable.",
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Say what was wrong with the earlier record."},
    )


def effect_name(event: uuid.UUID) -> str:
    """The name of the control that says what an event means for the obligation."""
    return f"effect-{event}"


def as_id(value: Any) -> uuid.UUID | None:
    try:
        return uuid.UUID(str(value))
    except ValueError:
        return None
