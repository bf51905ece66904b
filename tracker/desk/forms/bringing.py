"""Bringing an article in: where it is, what it is, and when it was published."""

import uuid
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import ProhibitNullCharactersValidator
from django.utils.datastructures import MultiValueDict

from tracker.codebook import Reliability
from tracker.exchange.addresses import canonical_url
from tracker.exchange.incoming import LARGEST_FILE, LONGEST_PASTED
from tracker.models import Agreement, Article
from tracker.models.copies import Twin
from tracker.models.describing import Description

from .base import DayField, DeskForm, plain
from .intake import WHOLE_ADDRESS, ArticleForm

MEGABYTES = LARGEST_FILE // 1_000_000


class PastedField(forms.CharField):
    """Whatever the clipboard held; what cannot be stored of it is taken out when the text is read, and told."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(strip=False, **kwargs)
        self.validators = [one for one in self.validators if not isinstance(one, ProhibitNullCharactersValidator)]


class BringForm(DeskForm):
    """An address to read, or what somebody has in hand already: a text or a file, best with the address it is from."""

    agreement = forms.ChoiceField(label="For the agreement", error_messages={"required": "Choose the agreement."})
    address = forms.CharField(
        label="Address",
        help_text="The server reads the page. With a text or a file below nothing is fetched; give it all the same: "
        "readers find the article by it.",
        max_length=2000,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off", "spellcheck": "false"}),
    )
    text = PastedField(
        label="Or paste its text",
        help_text="For pages that want a login or a payment. Copy the headline, the date and the whole text.",
        max_length=LONGEST_PASTED,
        required=False,
        widget=forms.Textarea(attrs={"rows": 10, "dir": "auto"}),
        error_messages={
            "max_length": "This has %(show_value)s characters; %(limit_value)s can be pasted at once. Take the part "
            "that is about the agreement, or upload it as a text file."
        },
    )
    file = forms.FileField(
        label="Or choose a file",
        help_text=f"HTML, PDF or plain text, at most {MEGABYTES} MB.",
        required=False,
        widget=forms.FileInput(attrs={"accept": ".html,.htm,.pdf,.txt,text/html,text/plain,application/pdf"}),
        error_messages={"empty": "The file is empty. Check that you chose the right one, or paste the text."},
    )
    candidate = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, agreements: Sequence[Agreement], data: Any = None, files: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.files = files or MultiValueDict()
        self.by_slug = {one.slug: one for one in agreements}
        choices = [(one.slug, one.title) for one in agreements]
        if len(choices) != 1:
            choices.insert(0, ("", "Choose …"))
        self["agreement"].field.choices = choices  # type: ignore[attr-defined]  # it is a ChoiceField

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"]
        return text if text.strip() else ""

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file and file.size > LARGEST_FILE:
            size = file.size / 1_000_000
            raise ValidationError(
                f"This file has {size:,.1f} MB; at most {MEGABYTES} MB are taken. Paste the part you need instead."
            )
        return file

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        if self.errors:
            return given
        if given["text"] and given["file"]:
            self.add_error("file", "Paste the text or choose a file, not both.")
        elif not (given["address"] or given["text"] or given["file"]):
            self.add_error("address", "Give an address, paste a text, or choose a file.")
        elif given["address"] and (given["text"] or given["file"]):
            # What is fetched has its address judged by the fetcher.
            try:
                canonical_url(given["address"])
            except ValueError:
                self.add_error("address", WHOLE_ADDRESS)
        return given

    @property
    def chosen(self) -> Agreement:
        return self.by_slug[self.cleaned_data["agreement"]]


class DescribeForm(ArticleForm):
    """What the article is. Found by the server, corrected by the researcher."""

    reliability = forms.ChoiceField(
        label="Reliability of the source", choices=plain(Reliability, "Not judged"), required=False
    )
    copy_of = forms.CharField(
        label="Read elsewhere",
        max_length=300,
        required=False,
        help_text="Where it was read, if not at the outlet: on a site that copies other people's articles, in print.",
    )
    same_text_as = forms.ChoiceField(label="Is it the same text?", required=False, widget=forms.RadioSelect)

    def __init__(self, twins: Sequence[Twin], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.twins = {str(twin.article.pk): twin for twin in twins}
        if twins:
            self["same_text_as"].field.choices = [  # type: ignore[attr-defined]  # it is a ChoiceField
                *((pk, f"It prints the same text as this one: {said(twin)}") for pk, twin in self.twins.items()),
                ("", "It is a report of its own: it counts as another voice"),
            ]
        else:
            del self.fields["same_text_as"]
        self.fields["url"].help_text = "Of the article itself; needed, so that readers find it."
        self.fields["title"].required = self.fields["outlet"].required = True
        self.fields["title"].error_messages["required"] = "Give the title of the article."
        self.fields["outlet"].error_messages["required"] = "Say who published it."
        self.fields["title"].widget.attrs["dir"] = "auto"
        self.fields["published_on"].help_text = "Leave it empty where no day is to be found; you are asked for it next."
        self.fields["archive_url"].help_text = "For instance at web.archive.org."

    def clean_title(self) -> str:
        return " ".join(self.cleaned_data["title"].split())

    def clean_url(self) -> str:
        url = super().clean_url()
        if len(url) > 2000:
            raise ValidationError("An address has at most 2,000 characters.")
        return url

    def description(self) -> Description:
        given = self.cleaned_data
        twin = self.twins.get(given.get("same_text_as", ""))
        return Description(
            url=given["url"],
            title=given["title"],
            outlet=given["outlet"],
            authors=given["authors"],
            published_on=given["published_on"],
            language=given["language"],
            archive_url=given["archive_url"],
            copy_of=given["copy_of"],
            reliability=given["reliability"],
            same_text_as=twin.article if twin else None,
        )


class SameTextForm(DeskForm):
    """Whether an article is a report of its own or prints one that is on record."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    same_text_as = forms.ChoiceField(label="Whose text it is", required=False, widget=forms.RadioSelect)
    address = forms.CharField(
        label="Or the address of another source on record",
        max_length=2000,
        required=False,
        help_text="Where the texts are the same and were not found to be.",
    )

    def __init__(self, twins: Sequence[Twin], joined: Article | None, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.articles = {str(twin.article.pk): twin.article for twin in twins}
        choices = [(pk, said(twin)) for pk, twin in ((str(twin.article.pk), twin) for twin in twins)]
        if joined and str(joined.pk) not in self.articles:
            self.articles[str(joined.pk)] = joined
            choices.insert(0, (str(joined.pk), f"{joined.outlet}, “{joined.title}”"))
        self["same_text_as"].field.choices = [  # type: ignore[attr-defined]  # it is a ChoiceField
            ("", "A report of its own: it counts as another voice"),
            *choices,
        ]

    def clean_address(self) -> str:
        given: str = self.cleaned_data["address"].strip()
        if not given:
            return ""
        try:
            found = Article.objects.filter(url=canonical_url(given)).first()
        except ValueError as error:
            raise ValidationError(WHOLE_ADDRESS) from error
        if found is None:
            raise ValidationError("No source on record has this address. Bring the article in first.")
        self.articles[str(found.pk)] = found
        return str(found.pk)

    @property
    def chosen(self) -> Article | None:
        given = self.cleaned_data
        return self.articles.get(given["address"] or given["same_text_as"])


class DateForm(DeskForm):
    """The day, with what shows it; or where it was looked for in vain."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    day = DayField(label="Published on", required=False)
    basis = forms.CharField(
        label="What shows it",
        max_length=200,
        required=False,
        help_text="Readers see it beside the date. For instance: the paper's printed edition of that day.",
    )


def said(twin: Twin) -> str:
    """The twin in a line: outlet, day, title, how much is the same."""
    article: Article = twin.article
    day = f"{article.published_on:%-d %b %Y}" if article.published_on else "undated"
    share = f"one holds {twin.percent}% of the other" if twin.inside else f"{twin.percent}% the same"
    return f"{article.outlet}, {day}, “{article.title}” ({share})"


def as_uuid(value: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(value)
    except ValueError:
        return None
