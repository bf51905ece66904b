"""What a reader fills in to propose a correction."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tracker.models.suggestions import LONGEST


class SuggestionForm(forms.Form):
    about = forms.CharField(max_length=2000, widget=forms.HiddenInput)
    wrong = forms.CharField(
        label=gettext_lazy("What is wrong"),
        help_text=gettext_lazy("The words or the figure, and why they are wrong."),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    proposed = forms.CharField(
        label=gettext_lazy("What it should say"),
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    source = forms.URLField(
        label=gettext_lazy("A public source that shows it"),
        help_text=gettext_lazy("The address of an article or a text. Without one it is hard to change anything."),
        required=False,
        max_length=1000,
        assume_scheme="https",
    )
    name = forms.CharField(label=gettext_lazy("Your name"), required=False, max_length=80)
    email = forms.EmailField(
        label=gettext_lazy("Your e-mail address"),
        help_text=gettext_lazy("In case a researcher wants to ask you something. It is never shown to readers."),
        required=False,
    )
    named = forms.BooleanField(label=gettext_lazy("Show my name with what I propose"), required=False)
    # Nobody sees it; programs that fill in every field do.
    website = forms.CharField(
        label=gettext_lazy("Leave this empty"),
        required=False,
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )

    def clean_source(self) -> str:
        source: str = self.cleaned_data["source"]
        if source and not source.lower().startswith(("http://", "https://")):
            raise ValidationError(_("Give the address of a page on the web; it begins with https://."))
        return source

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.pop("website", ""):
            raise ValidationError(_("The last field is there to catch programs. Leave it empty, then send this again."))
        if given.get("named") and not given.get("name"):
            self.add_error("name", _("Write the name that you want to be shown, or take the tick away."))
        return given
