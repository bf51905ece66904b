"""The form beside an article: what one passage of it reports, as a new event or as another report of a known one."""

import datetime as dt
import re
import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import flatatt
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from tracker.codebook import (
    QUOTE_WORDS,
    ActorKind,
    Credibility,
    EffectKind,
    EventKind,
    EventRole,
    EventState,
    Quarrel,
    Stance,
    Verification,
    WherePrecision,
)
from tracker.models import Actor, Agreement, Obligation, today
from tracker.models.intake import NewEvent, NewReport
from tracker.words import written

from .base import DayField, DeskForm, how_exactly, plain
from .intake import Actors, ReportForm
from .judgement import as_id

MOST_ROWS = 40
ADDED_ROWS = 2
NEW = "new"
"""The value of the choice between a new event and one on record."""

type Groups = Sequence[tuple[str, Sequence[tuple[str, str]]]]


class Offered(forms.Select):
    """A select whose options were written out once for all the controls that offer the same ones."""

    def __init__(self, written_out: SafeString) -> None:
        self.written_out = written_out
        super().__init__()

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        given = f'value="{escape("" if value is None else value)}"'
        found = self.written_out.replace(given, f"{given} selected", 1)
        attributes = flatatt(self.build_attrs(self.attrs, (attrs or {}) | {"name": name}))
        return mark_safe(f"<select{attributes}>{found}</select>")  # noqa: S308  # every part was escaped


def options(empty: str, groups: Groups) -> SafeString:
    """The options of a select: the empty one, then the groups."""
    inner = [
        (name, format_html_join("", '<option value="{}">{}</option>', members)) for name, members in groups if members
    ]
    grouped = format_html_join("", '<optgroup label="{}">{}</optgroup>', inner)
    return format_html('<option value="">{}</option>{}', empty, grouped)


@dataclass
class Menu:
    """What can be chosen while reading an article, loaded once: actors and obligations."""

    actors: Sequence[Actor]
    obligations: Sequence[Obligation]
    near: Collection[uuid.UUID]
    """Actors of the agreement."""
    here: Collection[uuid.UUID] = ()
    """Actors that the text names; offered first."""
    by_id: dict[str, Any] = field(init=False)

    def __post_init__(self) -> None:
        self.by_id = {str(one.pk): one for one in (*self.actors, *self.obligations)}

    @classmethod
    def of(cls, agreement: Agreement, here: Collection[uuid.UUID] = ()) -> "Menu":
        obligations = agreement.obligations.select_related("phase").prefetch_related("obligors", "beneficiaries")
        duties = list(obligations.order_by("phase__ordinal", "code"))
        near = set(agreement.parties.values_list("actor", flat=True))
        near |= {actor.pk for duty in duties for actor in (*duty.obligors.all(), *duty.beneficiaries.all())}
        actors = Actor.objects.order_by("name", "slug")
        return cls(list(actors), duties, near, here)

    def actor(self, value: str) -> Actor | None:
        found = self.by_id.get(value)
        return found if isinstance(found, Actor) else None

    def obligation(self, value: str) -> Obligation | None:
        found = self.by_id.get(value)
        return found if isinstance(found, Obligation) else None

    @cached_property
    def actor_groups(self) -> Groups:
        here: list[tuple[str, str]] = []
        near: list[tuple[str, str]] = []
        others: list[tuple[str, str]] = []
        for actor in self.actors:
            group = here if actor.pk in self.here else near if actor.pk in self.near else others
            group.append((str(actor.pk), actor.name))
        return [("In this article", here), ("In this agreement", near), ("Others", others)]

    @cached_property
    def obligation_groups(self) -> Groups:
        groups: dict[str, list[tuple[str, str]]] = {}
        for duty in self.obligations:
            groups.setdefault(f"Phase {duty.phase.ordinal}: {duty.phase.title}", []).append((str(duty.pk), duty.title))
        return list(groups.items())

    @cached_property
    def cast(self) -> SafeString:
        return options("Nobody", self.actor_groups)

    @cached_property
    def voices(self) -> SafeString:
        return options("The article itself", self.actor_groups)

    @cached_property
    def parents(self) -> SafeString:
        return options("Nobody", self.actor_groups)

    @cached_property
    def duties(self) -> SafeString:
        return options("None", self.obligation_groups)


class Picked(forms.CharField):
    """The id of one of the offered actors or obligations; its cleaned value is the row itself, or None."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, **kwargs)

    def offer(self, rows: dict[str, Any], written_out: SafeString) -> None:
        self.rows, self.widget = rows, Offered(written_out)

    def clean(self, value: Any) -> Any:
        given = super().clean(value)
        if not given:
            return None
        if given not in self.rows:
            raise ValidationError("Select a valid choice. What you chose is no longer there.")
        return self.rows[given]


def offer(form: DeskForm, name: str, menu: Menu, written_out: SafeString) -> None:
    made: Any = form.fields[name]
    made.offer(menu.by_id, written_out)


class QuoteForm(DeskForm):
    """Which passage it is, its words, and whether they are about a new event."""

    agreement = forms.SlugField(max_length=80, widget=forms.HiddenInput)
    at = forms.CharField(max_length=40, widget=forms.HiddenInput, required=False)
    quote = forms.CharField(
        label="Quote",
        max_length=2000,
        strip=True,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto", "spellcheck": "false"}),
        error_messages={"required": "Choose the words that it rests on."},
    )
    target = forms.CharField(max_length=40, initial=NEW, required=False)

    def clean_quote(self) -> str:
        quote: str = self.cleaned_data["quote"]
        words = len(quote.split())
        if words > QUOTE_WORDS:
            raise ValidationError(f"This has {words} words. A quote has at most {QUOTE_WORDS}.")
        if len(quote) > 400:
            raise ValidationError("This is too long for a quote: at most 400 characters.")
        return quote

    @property
    def counted(self) -> int:
        return len(str(self["quote"].value() or "").split())


class HappeningForm(DeskForm):
    """The new event itself."""

    title = forms.CharField(
        label="What happened",
        max_length=300,
        help_text="One sentence, in your own words.",
        error_messages={"required": "Say what happened."},
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
    )
    kind = forms.ChoiceField(
        choices=plain(EventKind, "Choose …"), error_messages={"required": "Choose what sort of event it is."}
    )
    state = forms.ChoiceField(label="Happened?", choices=plain(EventState), initial=EventState.OCCURRED, required=False)
    date = DayField(
        label="On",
        ahead=True,
        error_messages={"required": "Give its day; where only the week or month is known, its first."},
    )
    date_end = DayField(label="Until", ahead=True, required=False)
    date_precision = how_exactly()
    place = forms.CharField(max_length=200, required=False, widget=forms.TextInput(attrs={"dir": "auto"}))
    where_precision = forms.TypedChoiceField(
        label="How exact the place is",
        choices=plain(WherePrecision, "Not given"),
        coerce=int,
        required=False,
        empty_value=None,
    )
    verification = forms.ChoiceField(
        label="How far it is borne out", choices=plain(Verification, "Not said"), required=False
    )
    summary = forms.CharField(
        label="More about it",
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
    )

    def __init__(self, *args: Any, published_on: dt.date | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.published_on = published_on

    def clean_title(self) -> str:
        return " ".join(self.cleaned_data["title"].split())

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = self.cleaned_data
        given["state"] = given.get("state") or EventState.OCCURRED.value
        day, end = given.get("date"), given.get("date_end")
        if day and given["state"] == EventState.OCCURRED:
            # Half the world is already in the next day when an article appears.
            latest = min(self.published_on + dt.timedelta(days=1), today()) if self.published_on else today()
            if day > latest:
                since = f" The article appeared on {written(self.published_on)}." if self.published_on else ""
                self.add_error(
                    "date", f"What happened cannot lie ahead.{since} Choose “Scheduled” for what is to come."
                )
        if day and end and end < day:
            self.add_error("date_end", "The last day lies before the first.")
        return given

    def event(self, actors: Sequence[tuple[Actor, str]]) -> NewEvent:
        given = self.cleaned_data
        return NewEvent(
            date=given["date"],
            title=given["title"],
            kind=given["kind"],
            state=given["state"],
            date_end=given["date_end"],
            date_precision=int(given["date_precision"]),
            summary=given["summary"],
            place=given["place"],
            where_precision=given["where_precision"] or None,
            verification=given["verification"],
            actors=actors,
        )


class CastRow(DeskForm):
    """One actor of the event and their part in it."""

    actor = Picked(label="Who is involved")
    role = forms.ChoiceField(label="Part", choices=plain(EventRole), initial=EventRole.PARTICIPANT, required=False)

    def pair(self) -> tuple[Actor, str] | None:
        actor = self.cleaned_data.get("actor")
        return (actor, self.cleaned_data.get("role") or EventRole.PARTICIPANT.value) if actor else None


class EffectRow(DeskForm):
    """One obligation that the event bears on, and how."""

    obligation = Picked(label="Obligation")
    effect = forms.ChoiceField(
        label="What it means for it", choices=plain(EffectKind), initial=EffectKind.CONTEXT, required=False
    )

    def pair(self) -> tuple[Obligation, str] | None:
        obligation = self.cleaned_data.get("obligation")
        return (obligation, self.cleaned_data.get("effect") or EffectKind.CONTEXT.value) if obligation else None


class TellingForm(ReportForm):
    """Who says so. The quote stands in a form of its own."""

    quote = None  # type: ignore[assignment]  # Django's way to leave a field of the parent out
    originator = Picked(label="Who says it")  # type: ignore[assignment]  # checked against rows loaded once
    about = forms.ChoiceField(label="What is contested", choices=plain(Quarrel, "Nothing"), required=False)
    credibility = forms.TypedChoiceField(
        label="How credible it is", choices=plain(Credibility, "Not said"), coerce=int, required=False, empty_value=None
    )
    quote_language = forms.CharField(
        label="Language of the quote",
        max_length=20,
        required=False,
        help_text="Where it is not the article's: its code, for instance ar.",
    )
    translator = forms.CharField(
        label="Translated by",
        max_length=100,
        required=False,
        help_text="Then the quote need not stand in the text word by word.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(Actors(near=(), others=()), *args, **kwargs)

    def report(self, quote: str, prefix: str, suffix: str) -> NewReport:
        given = self.cleaned_data
        return NewReport(
            stance=given["stance"] or Stance.ASSERTS,
            originator=given["originator"],
            originator_text=given["originator_text"],
            quote=quote,
            relays=given["relays"],
            prefix=prefix,
            suffix=suffix,
            about=given["about"],
            credibility=given["credibility"] or None,
            quote_language=given["quote_language"],
            translator=given["translator"],
        )


class NewActorForm(DeskForm):
    """An actor that the text names and the record lacks."""

    name = forms.CharField(
        max_length=200, error_messages={"required": "Give the name."}, widget=forms.TextInput(attrs={"dir": "auto"})
    )
    kind = forms.ChoiceField(
        choices=plain(ActorKind, "Choose …"), error_messages={"required": "Choose what sort of actor it is."}
    )
    parent = Picked(label="Belongs to", help_text="Whom they speak for. Both count as one voice.")


class RowsOfEvent:
    """The rows of a form for those who took part in an event and for what it means for obligations."""

    cast: "list[CastRow]"
    effects: "list[EffectRow]"

    def actors(self) -> list[tuple[Actor, str]]:
        return list(dict.fromkeys(pair for row in self.cast if (pair := row.pair())))

    def obligations(self) -> list[tuple[Obligation, str]]:
        """The first word on each obligation counts."""
        found: dict[Obligation, str] = {}
        for row in self.effects:
            pair = row.pair()
            if pair:
                found.setdefault(*pair)
        return list(found.items())


class PassageForms(RowsOfEvent):
    """All parts of the form beside a passage, with as many rows as the suggestion or the researcher needs."""

    def __init__(
        self,
        menu: Menu,
        data: Any = None,
        *,
        unique: str,
        initial: "Start",
        published_on: dt.date | None = None,
        checked: bool = True,
        adding: str = "",
        complete_actor: bool = False,
    ) -> None:
        shared: dict[str, Any] = {"unique": unique, "checked": checked, "use_required_attribute": False}
        self.passage = QuoteForm(data, initial=initial.passage, **shared)
        self.event = HappeningForm(data, prefix="event", initial=initial.event, published_on=published_on, **shared)
        self.report = TellingForm(data, prefix="report", initial=initial.report, **shared)
        offer(self.report, "originator", menu, menu.voices)
        self.cast = self._rows(CastRow, data, "cast", initial.cast, adding, shared)
        for row in self.cast:
            offer(row, "actor", menu, menu.cast)
        self.effects = self._rows(EffectRow, data, "effect", initial.effects, adding, shared)
        for meaning in self.effects:
            offer(meaning, "obligation", menu, menu.duties)
        self.actor = NewActorForm(data, prefix="actor", initial=initial.actor, **(shared | {"checked": complete_actor}))
        offer(self.actor, "parent", menu, menu.parents)
        if adding in ("cast", "effect"):
            # The keyboard goes on in the first of the new rows.
            rows, name = (self.cast, "actor") if adding == "cast" else (self.effects, "obligation")
            rows[-min(ADDED_ROWS, len(rows))].fields[name].widget.attrs["data-focus"] = True
        self.menu = menu
        self.initial = initial

    def _rows(
        self, kind: type[DeskForm], data: Any, prefix: str, initial: Sequence[dict[str, Any]], adding: str, shared: Any
    ) -> list[Any]:
        if data is None:
            number = len(initial) + 1
        else:
            given = re.compile(rf"{prefix}-(\d{{1,2}})-")
            numbers = [int(found[1]) for name in data if (found := given.match(name))]
            number = max(numbers, default=-1) + 1 + (ADDED_ROWS if adding == prefix else 0)
        number = min(number, MOST_ROWS)
        rows = [*initial, *({} for _ in range(number))][:number]
        return [kind(data, prefix=f"{prefix}-{at}", initial=start, **shared) for at, start in enumerate(rows)]

    @property
    def target(self) -> str:
        return str(self.passage["target"].value() or NEW)

    @property
    def is_new(self) -> bool:
        return as_id(self.target) is None

    @property
    def parts(self) -> list[DeskForm]:
        """What has to be right: with a known event chosen, nothing is asked about a new one."""
        own = [self.event, *self.cast] if self.is_new else []
        return [self.passage, *own, *self.effects, self.report]

    @property
    def details_open(self) -> bool:
        """Whether anything is written into the folded fields, or wrong with them."""
        folded = [
            *(self.event[name] for name in ("summary", "where_precision")),
            *(self.report[name] for name in ("about", "credibility", "quote_language", "translator")),
        ]
        return any(field.value() or field.errors for field in folded)

    def is_valid(self) -> bool:
        # Every part is to show its errors.
        valid = [part.is_valid() for part in self.parts]
        return self._breach_is_complete() and all(valid)

    def _breach_is_complete(self) -> bool:
        broken = [row for row in self.effects if (pair := row.pair()) and pair[1] == EffectKind.BREACHES]
        if not broken or not self.is_new:
            return True
        if EventRole.ACCUSED not in {role for _, role in self.actors()}:
            broken[0].add_error("effect", "A breach needs somebody accused: name them among those involved.")
        if "verification" in self.event.cleaned_data and not self.event.cleaned_data["verification"]:
            self.event.add_error("verification", "Say how far the breach is borne out.")
        return not self.event.errors and not broken[0].errors

    def blame(self, error: ValidationError) -> None:
        """Puts complaints keyed ``part.field`` in their places."""
        if not hasattr(error, "error_dict"):
            self.passage.add_error(None, error.messages)
            return
        named: dict[str, DeskForm] = {"event": self.event, "report": self.report}
        for key, problems in error.message_dict.items():
            part, _, name = key.partition(".")
            form = named.get(part, self.passage) if self.is_new or part == "report" else self.passage
            if key == "report.quote":
                form, name = self.passage, "quote"
            if part == "effects" and self.effects:
                form, name = self.effects[0], "effect"
            form.add_error(name if name in form.fields else None, problems)


@dataclass(frozen=True, slots=True)
class Start:
    """What the form says before anybody touched it."""

    passage: dict[str, Any] = field(default_factory=dict)
    event: dict[str, Any] = field(default_factory=dict)
    report: dict[str, Any] = field(default_factory=dict)
    cast: list[dict[str, Any]] = field(default_factory=list)
    effects: list[dict[str, Any]] = field(default_factory=list)
    actor: dict[str, Any] = field(default_factory=dict)
