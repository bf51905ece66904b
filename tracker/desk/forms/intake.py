"""A new article and what it reports, written in the same form as the judgement that rests on it."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import cached_property

from tracker.codebook import DEFAULT_LANGUAGE, QUOTE_WORDS, EffectKind, EventKind, EventRole, Stance
from tracker.codebook import Verification as Borne
from tracker.exchange.addresses import canonical_url, check_url
from tracker.models import Actor, Article, Obligation, Outlet
from tracker.models.intake import Intake, NewArticle, NewEvent, NewReport

from .base import DayField, DeskForm, how_exactly, plain
from .judgement import as_id

CAST_ROWS = 3
OUTLETS_OFFERED = 1000
WHOLE_ADDRESS = "Write the whole address, for instance https://news.example/report."

type Groups = list[tuple[str, list[tuple[str, str]]]]


@dataclass(frozen=True)
class Actors:
    """The actors that can be named, those of the agreement first; loaded once for all the controls that offer them."""

    near: Sequence[Actor]
    others: Sequence[Actor]
    by_id: dict[uuid.UUID, Actor] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_id", {actor.pk: actor for actor in (*self.near, *self.others)})

    @classmethod
    def around(cls, obligation: Obligation) -> "Actors":
        agreement = obligation.agreement
        near = set(agreement.parties.values_list("actor", flat=True))
        near |= {actor.pk for actor in (*obligation.obligors.all(), *obligation.beneficiaries.all())}
        everybody = list(Actor.objects.order_by("name", "slug"))
        return cls(
            near=[actor for actor in everybody if actor.pk in near],
            others=[actor for actor in everybody if actor.pk not in near],
        )

    def choices(self, empty: str) -> list[Any]:
        groups: Groups = [
            ("In this agreement", [(str(actor.pk), actor.name) for actor in self.near]),
            ("Others", [(str(actor.pk), actor.name) for actor in self.others]),
        ]
        return [("", empty), *((name, members) for name, members in groups if members)]

    def named(self, value: str) -> Actor | None:
        found = as_id(value)
        return self.by_id.get(found) if found else None


class ArticleForm(DeskForm):
    url = forms.URLField(
        label="Address",
        help_text="Of the article itself. One already known is used again; then nothing else is needed here.",
        max_length=2000,
        assume_scheme="https",
        widget=forms.URLInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Give the address of the article.", "invalid": WHOLE_ADDRESS},
    )
    title = forms.CharField(max_length=500, required=False)
    outlet = forms.CharField(max_length=200, required=False, help_text="Who published it.")
    published_on = DayField(label="Published on", required=False)
    language = forms.CharField(
        max_length=20, initial=DEFAULT_LANGUAGE, required=False, help_text="Its code: en, ar, he, fr …"
    )
    authors = forms.CharField(max_length=300, required=False)
    archive_url = forms.URLField(
        label="Archived copy",
        max_length=2000,
        required=False,
        assume_scheme="https",
        error_messages={"invalid": WHOLE_ADDRESS},
    )

    def clean_url(self) -> str:
        try:
            return canonical_url(self.cleaned_data["url"])
        except ValueError as error:
            raise ValidationError(f"{str(error)[:1].upper()}{str(error)[1:]}.") from error

    def clean_archive_url(self) -> str:
        given: str = self.cleaned_data["archive_url"]
        try:
            return check_url(given) if given else ""
        except ValueError as error:
            raise ValidationError(f"{str(error)[:1].upper()}{str(error)[1:]}.") from error

    @cached_property
    def known(self) -> Article | None:
        url = self.cleaned_data.get("url")
        return Article.at(url) if url else None

    def clean_title(self) -> str:
        return self._needed_when_new("title", "Give the title of the article.")

    def clean_outlet(self) -> str:
        name = self._needed_when_new("outlet", "Say who published it.")
        return _outlet_spelt_as_known(name)

    def clean_language(self) -> str:
        return self.cleaned_data["language"] or DEFAULT_LANGUAGE

    def _needed_when_new(self, name: str, otherwise: str) -> str:
        value: str = self.cleaned_data[name]
        if not value and "url" in self.cleaned_data and not self.known:
            raise ValidationError(otherwise)
        return value


class EventForm(DeskForm):
    title = forms.CharField(
        label="What happened",
        max_length=300,
        help_text="One sentence, in your own words.",
        error_messages={"required": "Say what happened."},
    )
    date = DayField(
        label="On", error_messages={"required": "Give its day; where only the week or month is known, its first."}
    )
    date_precision = how_exactly()
    kind = forms.ChoiceField(
        choices=plain(EventKind, "Choose …"), error_messages={"required": "Choose what sort of event it is."}
    )
    place = forms.CharField(max_length=200, required=False)
    effect = forms.ChoiceField(
        label="What it means for this obligation",
        choices=plain(EffectKind, "Choose …"),
        help_text="“Breaches” needs somebody accused, and how far it is borne out.",
        error_messages={"required": "Say what it means for this obligation."},
    )
    verification = forms.ChoiceField(
        label="How far it is borne out", choices=plain(Borne, "Not a breach"), required=False
    )
    summary = forms.CharField(
        label="More about it", required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 2})
    )


class CastForm(DeskForm):
    """One actor of the event and their part in it."""

    actor = forms.ChoiceField(label="Who is involved", required=False)
    role = forms.ChoiceField(label="Part", choices=plain(EventRole), initial=EventRole.PARTICIPANT, required=False)

    def __init__(self, actors: Actors, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actors = actors
        self["actor"].field.choices = actors.choices("Nobody")  # type: ignore[attr-defined]  # a ChoiceField

    def pair(self) -> tuple[Actor, str] | None:
        actor = self.actors.named(self.cleaned_data.get("actor", ""))
        return (actor, self.cleaned_data.get("role") or EventRole.PARTICIPANT.value) if actor else None


class ReportForm(DeskForm):
    originator = forms.ChoiceField(label="Who says it", required=False)
    originator_text = forms.CharField(
        label="Or in words", max_length=200, required=False, help_text="For instance: a White House official."
    )
    stance = forms.ChoiceField(
        label="How they stand to it", choices=plain(Stance), initial=Stance.ASSERTS, required=False
    )
    relays = forms.CharField(
        label="Outlet relayed",
        max_length=200,
        required=False,
        help_text="Where the article passes on another's report.",
    )
    quote = forms.CharField(
        max_length=400, required=False, help_text=f"The words as printed, at most {QUOTE_WORDS} of them."
    )

    def __init__(self, actors: Actors, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actors = actors
        self["originator"].field.choices = actors.choices("The article itself")  # type: ignore[attr-defined]  # the same

    def clean_quote(self) -> str:
        quote: str = self.cleaned_data["quote"]
        words = len(quote.split())
        if words > QUOTE_WORDS:
            raise ValidationError(f"This has {words} words. A quote has at most {QUOTE_WORDS}.")
        return quote

    def clean_relays(self) -> str:
        return _outlet_spelt_as_known(self.cleaned_data["relays"])

    def clean(self) -> dict[str, Any]:
        if self.cleaned_data.get("originator") and self.cleaned_data.get("originator_text"):
            self.add_error("originator_text", "Name who said it either above or in words, not both.")
        return self.cleaned_data


class IntakeForms:
    """The article, the event, who took part and who says so: one part of the form, used as a whole or not at all."""

    def __init__(self, obligation: Obligation, data: Any = None, *, unique: str, checked: bool = True) -> None:
        actors = Actors.around(obligation)
        shared: dict[str, Any] = {"unique": unique, "checked": checked, "empty_permitted": True}
        shared["use_required_attribute"] = False
        self.article = ArticleForm(data, prefix="article", **shared)
        self.event = EventForm(data, prefix="event", **shared)
        self.cast = [CastForm(actors, data, prefix=f"cast-{row}", **shared) for row in range(CAST_ROWS)]
        self.report = ReportForm(actors, data, prefix="report", **shared)
        self.article.fields["url"].widget.attrs |= {
            "hx-get": f"/desk/obligations/{obligation.pk}/article/",
            "hx-trigger": "input changed delay:500ms",
            "hx-target": f"#known-{unique}",
            "hx-swap": "innerHTML",
            "hx-sync": "this:replace",
        }
        self.outlets_id = f"outlets-{unique}"
        for control in (self.article.fields["outlet"], self.report.fields["relays"]):
            control.widget.attrs["list"] = self.outlets_id
        self.parts: list[DeskForm] = [self.article, self.event, *self.cast, self.report]
        # Whoever writes into one field means to bring an article; then the rest is asked for too.
        self.used = any(part.has_changed() for part in self.parts)
        for part in self.parts:
            part.empty_permitted = not self.used

    @property
    def outlets(self) -> list[str]:
        """The names to choose from while typing."""
        return list(Outlet.objects.order_by("name").values_list("name", flat=True)[:OUTLETS_OFFERED])

    def is_valid(self) -> bool:
        if not self.used:
            return True
        # Every part is to show its errors, so none is left out because an earlier one has some.
        valid = [part.is_valid() for part in self.parts]
        return self._breach_is_complete() and all(valid)

    def _breach_is_complete(self) -> bool:
        given = self.event.cleaned_data
        if given.get("effect") != EffectKind.BREACHES:
            return True
        roles = {pair[1] for form in self.cast if (pair := form.pair())}
        if EventRole.ACCUSED not in roles:
            self.event.add_error("effect", "A breach needs somebody accused: name them below.")
        if "verification" in given and not given["verification"]:
            self.event.add_error("verification", "Say how far the breach is borne out.")
        return not self.event.errors

    def blame(self, error: ValidationError) -> bool:
        """Puts complaints keyed ``part.field`` in their places; says whether the error was about this part."""
        told = error.message_dict if hasattr(error, "error_dict") else {}
        named: dict[str, DeskForm] = {"article": self.article, "event": self.event, "report": self.report}
        for key, problems in told.items():
            part, _, name = key.partition(".")
            if part in named:
                named[part].add_error(name if name in named[part].fields else None, problems)
        return bool(told) and all(key.partition(".")[0] in named for key in told)

    def intake(self) -> Intake | None:
        """What checked forms say, or None where nothing was written into them."""
        if not self.used:
            return None
        article, event, report = self.article.cleaned_data, self.event.cleaned_data, self.report.cleaned_data
        return Intake(
            article=NewArticle(
                url=article["url"],
                title=article["title"],
                outlet=article["outlet"],
                published_on=article["published_on"],
                language=article["language"],
                authors=article["authors"],
                archive_url=article["archive_url"],
            ),
            event=NewEvent(
                date=event["date"],
                title=event["title"],
                kind=event["kind"],
                date_precision=int(event["date_precision"]),
                summary=event["summary"],
                place=event["place"],
                verification=event["verification"],
                actors=[pair for form in self.cast if (pair := form.pair())],
            ),
            report=NewReport(
                stance=report["stance"] or Stance.ASSERTS,
                originator=self.report.actors.named(report["originator"]),
                originator_text=report["originator_text"],
                quote=report["quote"],
                relays=report["relays"],
            ),
            effect=event["effect"],
        )


def _outlet_spelt_as_known(name: str) -> str:
    """The name of the outlet as it is on record, where only the case differs."""
    name = " ".join(name.split())
    known = Outlet.with_merged.filter(name__iexact=name).order_by("name").first() if name else None
    return known.name if known else name
