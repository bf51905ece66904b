"""Forms for what is on record: an event with those who took part and what it means, a report, a figure."""

from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError

from tracker.codebook import QUOTE_WORDS, Counting, FigureNature
from tracker.models import Event, Measure, Observation, Outlet, Report
from tracker.models.edits import SHOWN

from .base import DayField, DeskForm, plain
from .reading import ADDED_ROWS, CastRow, EffectRow, HappeningForm, Menu, Picked, RowsOfEvent, TellingForm, offer


def plain_fields(table: type[Event | Report | Observation]) -> tuple[str, ...]:
    """What readers see of a row and a form shows as it is stored; relations have menus of their own."""
    return tuple(name for name in SHOWN[table] if not table._meta.get_field(name).is_relation)


EVENT_FIELDS, REPORT_FIELDS, FIGURE_FIELDS = (plain_fields(table) for table in (Event, Report, Observation))

MOST_ROWS = 60
OUTCOMES = 100

REASON = {
    "label": "Why this is changed",
    "help_text": "Readers see it beside what was changed, with your public name.",
    "max_length": 300,
    "error_messages": {"required": "Say why this is changed; readers will see it."},
    "widget": forms.Textarea(attrs={"rows": 2}),
}


class Reasoned(DeskForm):
    """``edit_reason`` is asked for where readers have seen the row; ``seen`` is the stamp of what was opened."""

    seen = forms.CharField(max_length=80, required=False, widget=forms.HiddenInput)
    edit_reason = forms.CharField(**REASON)  # type: ignore[arg-type]  # each of its own kind

    def __init__(self, *args: Any, public: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not public:
            del self.fields["edit_reason"]

    @property
    def reason(self) -> str:
        return str(self.cleaned_data.get("edit_reason", ""))


class EventForm(Reasoned, HappeningForm):
    latitude = forms.DecimalField(required=False, max_digits=9, decimal_places=6, min_value=-90, max_value=90)
    longitude = forms.DecimalField(required=False, max_digits=9, decimal_places=6, min_value=-180, max_value=180)
    note = forms.CharField(
        label="How the date or the place was found",
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
    )
    outcome: forms.ModelChoiceField[Event] = forms.ModelChoiceField(
        label="What came of it",
        help_text="For a scheduled event: the event that shows it.",
        queryset=Event.objects.none(),
        required=False,
        empty_label="Not on record",
    )

    def __init__(self, event: Event, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        near = Event.objects.filter(agreement=event.agreement, state="occurred").exclude(pk=event.pk)
        near = near.filter(stage="published", interval_end__gte=event.date).order_by("date", "pk")
        outcome = cast("forms.ModelChoiceField[Event]", self.fields["outcome"])
        chosen = near.values("pk")[:OUTCOMES]
        outcome.queryset = Event.objects.filter(pk__in=[*chosen.values_list("pk", flat=True), event.outcome_id])
        outcome.label_from_instance = lambda obj: f"{obj.date:%-d %b %Y}: {obj.title}"  # type: ignore[method-assign]

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        if (given.get("latitude") is None) != (given.get("longitude") is None):
            self.add_error("longitude", "Give latitude and longitude together, or neither.")
        if given.get("outcome") and given.get("state") != "scheduled":
            self.add_error("outcome", "Only a scheduled event has an outcome.")
        return given

    def values(self) -> dict[str, Any]:
        found = {name: self.cleaned_data[name] for name in (*EVENT_FIELDS, "outcome")}
        return found | {
            "date_precision": int(found["date_precision"]),
            "where_precision": found["where_precision"] or None,
        }


class EventForms(RowsOfEvent):
    """The event's own form and rows for those who took part and for what it means."""

    def __init__(
        self, menu: Menu, event: Event, data: Any, *, public: bool, seen: str, unique: str, checked: bool = True
    ) -> None:
        shared: dict[str, Any] = {"unique": unique, "checked": checked, "use_required_attribute": False}
        initial = {name: getattr(event, name) for name in EVENT_FIELDS}
        self.event = EventForm(
            event, data, public=public, initial=initial | {"outcome": event.outcome_id, "seen": seen}, **shared
        )
        parts = event.actors.select_related("actor").order_by("id")
        cast_rows = [{"actor": str(one.actor_id), "role": one.role} for one in parts]
        effects = event.effects.filter(stage="published") if public else event.effects.all()
        effect_rows = [
            {"obligation": str(one.obligation_id), "effect": one.effect} for one in effects.order_by("obligation__code")
        ]
        adding = data.get("add", "") if data else ""
        self.cast = _rows(CastRow, data, "cast", cast_rows, adding, shared)
        for row in self.cast:
            offer(row, "actor", menu, menu.cast)
        self.effects = _rows(EffectRow, data, "effect", effect_rows, adding, shared)
        for meaning in self.effects:
            offer(meaning, "obligation", menu, menu.duties)

    @property
    def main(self) -> EventForm:
        return self.event

    @property
    def parts(self) -> list[DeskForm]:
        return [self.event, *self.cast, *self.effects]

    def is_valid(self) -> bool:
        # Every part is to show its errors.
        valid = [part.is_valid() for part in self.parts]
        return all(valid)

    def blame(self, error: ValidationError) -> None:
        told = error.message_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error.messages}
        for name, problems in told.items():
            if name == "actors" and self.cast:
                self.cast[0].add_error("actor", problems)
            elif name == "effects" and self.effects:
                self.effects[0].add_error("effect", problems)
            else:
                self.event.add_error(name if name in self.event.fields else None, problems)


def _rows(
    kind: type[Any], data: Any, prefix: str, initial: Sequence[dict[str, Any]], adding: str, shared: dict[str, Any]
) -> list[Any]:
    """As many rows as were sent, or as there are and some more; ``adding`` names the rows that more are wanted of."""
    if data is None:
        number = len(initial) + ADDED_ROWS
    else:
        keys = [name.split("-")[1] for name in data if name.startswith(f"{prefix}-")]
        sent = [int(key) for key in keys if key.isascii() and key.isdecimal() and len(key) < 3]
        number = max(sent, default=-1) + 1 + (ADDED_ROWS if adding == prefix else 0)
    number = min(number, MOST_ROWS)
    rows = [*initial, *({} for _ in range(number))][:number]
    return [kind(data, prefix=f"{prefix}-{at}", initial=start, **shared) for at, start in enumerate(rows)]


class TellForm(Reasoned, TellingForm):
    """A report: who says it, how they stand to it, and the words."""

    quote = forms.CharField(  # type: ignore[assignment]  # the parent leaves it out
        max_length=400,
        required=False,
        help_text=f"The words as printed, at most {QUOTE_WORDS} of them.",
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
    )

    def __init__(self, menu: Menu, report: Report, *args: Any, **kwargs: Any) -> None:
        initial = {name: getattr(report, name) for name in REPORT_FIELDS}
        relayed = report.relays.name if report.relays else ""
        initial |= {"originator": str(report.originator_id or ""), "relays": relayed}
        super().__init__(*args, **kwargs | {"initial": initial | kwargs.get("initial", {})})
        offer(self, "originator", menu, menu.voices)

    def clean_quote(self) -> str:
        quote = " ".join(self.cleaned_data["quote"].split())
        if len(quote.split()) > QUOTE_WORDS:
            raise ValidationError(f"This has {len(quote.split())} words. A quote has at most {QUOTE_WORDS}.")
        return quote

    def values(self) -> dict[str, Any]:
        given = self.cleaned_data
        return {
            "stance": given["stance"] or self["stance"].initial,
            "about": given["about"],
            "credibility": given["credibility"] or None,
            "quote": given["quote"],
            "quote_language": given["quote_language"],
            "translator": given["translator"],
            "originator": given["originator"],
            "originator_text": given["originator_text"],
            "relays": Outlet.named(given["relays"]) if given["relays"] else None,
        }


class FigureForm(Reasoned):
    measure: forms.ModelChoiceField[Measure] = forms.ModelChoiceField(
        label="What is counted", queryset=Measure.objects.none()
    )
    value = forms.DecimalField(label="Figure", max_digits=18, decimal_places=4)
    low = forms.DecimalField(label="At least", max_digits=18, decimal_places=4, required=False)
    high = forms.DecimalField(label="At most", max_digits=18, decimal_places=4, required=False)
    as_of = DayField(label="As of", ahead=True)
    period_start = DayField(label="Counted from", ahead=True, required=False)
    nature = forms.ChoiceField(label="What sort of figure", choices=plain(FigureNature))
    counts = forms.ChoiceField(label="What it counts", choices=plain(Counting, "Not given"), required=False)
    originator = Picked(label="Who gives it")
    originator_text = forms.CharField(label="Or in words", max_length=200, required=False)
    note = forms.CharField(max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}))

    def __init__(self, menu: Menu, figure: Observation, *args: Any, **kwargs: Any) -> None:
        initial = {name: getattr(figure, name) for name in FIGURE_FIELDS}
        for name in ("value", "low", "high"):
            initial[name] = None if initial[name] is None else f"{initial[name].normalize():f}"
        initial |= {"measure": figure.measure_id, "originator": str(figure.originator_id or "")}
        super().__init__(*args, **kwargs | {"initial": initial | kwargs.get("initial", {})})
        measure = cast("forms.ModelChoiceField[Measure]", self.fields["measure"])
        measure.queryset = Measure.objects.filter(
            obligation__agreement=figure.measure.obligation.agreement_id
        ).select_related("obligation")
        measure.label_from_instance = lambda obj: f"{obj.obligation.code}: {obj.label}"  # type: ignore[method-assign]
        offer(self, "originator", menu, menu.voices)

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = self.cleaned_data
        if given.get("originator") and given.get("originator_text"):
            self.add_error("originator_text", "Name who gives it either above or in words, not both.")
        return given

    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in (*FIGURE_FIELDS, "measure", "originator")}


class WithdrawForm(DeskForm):
    reason = forms.CharField(
        label="Why",
        help_text="Readers see it with your public name, at the address of the record.",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Say why; readers will see it."},
    )


class StandsForm(DeskForm):
    seen = forms.CharField(max_length=40, required=False, widget=forms.HiddenInput)
    reason = forms.CharField(
        label="Why it stands all the same",
        help_text="Readers see it at the judgement, with your public name.",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Say why it stands all the same; readers see it."},
    )
