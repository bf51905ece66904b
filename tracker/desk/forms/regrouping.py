"""What is typed to merge two records or to split one."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import slugify

from tracker.codebook import DEFAULT_LANGUAGE, ActorKind, Interest
from tracker.exchange.addresses import canonical_url
from tracker.models import Actor, Article, Event, Outlet
from tracker.models.base import validate_slug

from .base import DayField, DeskForm, plain

REASON = 300


def reason_field(help_text: str = "Readers see it on the page of the record.") -> forms.CharField:
    return forms.CharField(
        label="Why",
        max_length=REASON,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Say why; it stays beside the record."},
    )


class MergeForm(DeskForm):
    other = forms.UUIDField(widget=forms.HiddenInput)
    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    stays = forms.ChoiceField(
        label="Which one stays",
        help_text="The address of the other one leads there from then on.",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose which one stays."},
    )
    reason = reason_field()

    def __init__(self, pair: Sequence[Any], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self["stays"].field.choices = [(str(one.pk), str(one)) for one in pair]  # type: ignore[attr-defined]  # a ChoiceField


class UndoForm(DeskForm):
    reason = reason_field("Kept beside the record.")


class SplitForm(DeskForm):
    """What the new record says of itself; a subclass for each table makes the row, not yet saved, with ``made``."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def made(self, record: Any) -> Any:
        raise NotImplementedError


class Slugged(SplitForm):
    name = forms.CharField(max_length=200, error_messages={"required": "Give the new record a name."})
    slug = forms.CharField(
        label="In its address",
        max_length=80,
        required=False,
        validators=[validate_slug],
        help_text="Made from the name if left empty. It stays for ever.",
    )

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        if given.get("name") and "slug" in given and not given["slug"]:
            given["slug"] = slugify(given["name"])[:80].strip("-")
            if not given["slug"]:
                self.add_error("slug", "The name has no Latin letters; write what is to stand in the address.")
        return given


class ActorSplit(Slugged):
    kind = forms.ChoiceField(choices=plain(ActorKind))
    parent = forms.ModelChoiceField(Actor.objects.none(), label="Belongs to", required=False, empty_label="Nobody")
    aliases = forms.MultipleChoiceField(
        label="Other spellings that are the new one's", required=False, widget=forms.CheckboxSelectMultiple
    )
    reason = reason_field()

    def __init__(self, record: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self["parent"].field.queryset = Actor.objects.order_by("name", "slug")  # type: ignore[attr-defined]  # a ModelChoiceField
        self["aliases"].field.choices = [(name, name) for name in record.aliases]  # type: ignore[attr-defined]  # a ChoiceField
        if not record.aliases:
            del self.fields["aliases"]

    def made(self, record: Any) -> Actor:
        given = self.cleaned_data
        return Actor(
            name=given["name"],
            slug=given["slug"],
            kind=given["kind"],
            parent=given["parent"],
            aliases=given.get("aliases", []),
        )


class OutletSplit(Slugged):
    domain = forms.CharField(label="Site", max_length=200, required=False)
    country = forms.CharField(max_length=100, required=False)
    interest = forms.ChoiceField(choices=plain(Interest, "Not recorded"), required=False)
    reason = reason_field()

    def __init__(self, record: Outlet, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)

    def made(self, record: Any) -> Outlet:
        names = ("name", "slug", "domain", "country", "interest")
        return Outlet(**{name: self.cleaned_data[name] for name in names})


class ArticleSplit(SplitForm):
    url = forms.URLField(
        label="Address",
        max_length=2000,
        assume_scheme="https",
        error_messages={"required": "Give the address of the other article."},
    )
    title = forms.CharField(max_length=500, error_messages={"required": "Give its title."})
    outlet = forms.ModelChoiceField(Outlet.objects.none(), error_messages={"required": "Say who published it."})
    published_on = DayField(label="Published on", required=False)
    language = forms.CharField(max_length=20, required=False, help_text="Its code: en, ar, he, fr …")
    reason = reason_field()

    def __init__(self, record: Article, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self["outlet"].field.queryset = Outlet.objects.order_by("name")  # type: ignore[attr-defined]  # a ModelChoiceField

    def clean_url(self) -> str:
        try:
            return canonical_url(self.cleaned_data["url"])
        except ValueError as error:
            raise ValidationError(f"{str(error)[:1].upper()}{str(error)[1:]}.") from error

    def made(self, record: Any) -> Article:
        given = self.cleaned_data
        return Article(
            url=given["url"],
            title=given["title"],
            outlet=given["outlet"],
            published_on=given["published_on"],
            language=given["language"] or DEFAULT_LANGUAGE,
        )


class EventSplit(SplitForm):
    title = forms.CharField(
        label="What happened", max_length=300, error_messages={"required": "Say what the new event is."}
    )
    date = DayField(label="On", ahead=True, error_messages={"required": "Give its day."})
    place = forms.CharField(max_length=200, required=False)
    summary = forms.CharField(
        label="More about it", required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 3})
    )
    reason = reason_field()

    def __init__(self, record: Event, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)

    def made(self, record: Any) -> Event:
        """The same facts as the record's, but for what was written here. What only fits its own day is left out."""
        given = self.cleaned_data
        same_day, same_place = given["date"] == record.date, given["place"] == record.place
        return Event(
            agreement=record.agreement,
            ref=Event.new_ref(given["date"]),
            title=given["title"],
            summary=given["summary"],
            date=given["date"],
            date_end=record.date_end if same_day else None,
            date_precision=record.date_precision,
            place=given["place"],
            latitude=record.latitude if same_place else None,
            longitude=record.longitude if same_place else None,
            where_precision=record.where_precision if same_place else None,
            kind=record.kind,
            state=record.state,
            verification=record.verification,
            note=record.note if same_day and same_place else "",
        )


SPLITS: dict[str, Any] = {"actor": ActorSplit, "outlet": OutletSplit, "article": ArticleSplit, "event": EventSplit}


def start_of(record: Any) -> dict[str, Any]:
    """What the form of a split says before anybody has written into it."""
    match record:
        case Actor():
            return {"name": record.name, "kind": record.kind, "parent": record.parent_id}
        case Outlet():
            names: tuple[str, ...] = ("name", "domain", "country", "interest")
        case Article():
            found = {name: getattr(record, name) for name in ("title", "published_on", "language")}
            return found | {"outlet": record.outlet_id}
        case _:
            names = ("title", "date", "place", "summary")
    return {name: getattr(record, name) for name in names}
