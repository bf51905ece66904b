"""Answering what a reader proposes."""

from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.core.exceptions import ValidationError
from django.utils.http import url_has_allowed_host_and_scheme

from tracker.codebook import SuggestionOutcome
from tracker.models.suggestions import LONGEST

from .base import DeskForm, described


class AnswerForm(DeskForm):
    outcome = forms.ChoiceField(
        label="Your answer",
        choices=described(SuggestionOutcome),
        widget=forms.RadioSelect,
        error_messages={"required": "Say whether the record was corrected or stays as it is."},
    )
    correction = forms.CharField(
        label="Where the correction can be read",
        help_text="The address on this site of what you corrected, for instance of the new record or the event.",
        max_length=1900,
        required=False,
    )
    text = forms.CharField(
        label="Why",
        help_text="Readers see it with your public name. It cannot be changed later.",
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Say why; the reader and everybody else will see it."},
    )
    withheld = forms.BooleanField(
        label="Leave out what the reader wrote: it insults, or tells of private people",
        required=False,
    )

    def __init__(self, *args: Any, host: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.host = host

    def clean_correction(self) -> str:
        """The path on this site, whether or not the host was given with it."""
        given: str = self.cleaned_data["correction"].strip()
        if not given:
            return ""
        try:
            parts = urlsplit(given)
        except ValueError:
            parts = urlsplit("")
        elsewhere = (parts.scheme and parts.scheme not in ("http", "https")) or parts.netloc not in ("", self.host)
        path = parts._replace(scheme="", netloc="").geturl()
        # Browsers take a path that begins with two slashes, of either kind, for an address of another site.
        if elsewhere or not path.startswith("/") or not url_has_allowed_host_and_scheme(path, None):
            raise ValidationError("Give an address of this site, for instance the one of the corrected record.")
        return path

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        outcome = given.get("outcome")
        if outcome == SuggestionOutcome.ACCEPTED and not given.get("correction") and "correction" not in self.errors:
            self.add_error("correction", "Correct the record first, then give its address here.")
        if outcome == SuggestionOutcome.DECLINED:
            given["correction"] = ""
        return given
