"""Deciding about what was announced, and noting where somebody looked."""

from collections.abc import Sequence
from typing import Any

from django import forms

from tracker.models import Article, today

from .base import DayField, DeskForm
from .judgement import as_id

READY = ("Another subject", "Nothing new in it", "An opinion", "The same report as one on record")
"""Reasons to leave an article aside that need no typing."""


class IgnoreForm(DeskForm):
    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    reason = forms.CharField(
        label="Why it is left aside",
        max_length=300,
        help_text="For colleagues who wonder whether it was overlooked.",
        error_messages={"required": "Say why it is left aside."},
    )


class LookForm(DeskForm):
    date = DayField(label="Looked on", initial=today)
    article = forms.ChoiceField(label="What came of it", required=False)
    note = forms.CharField(
        max_length=300, required=False, help_text="For instance: this week's report is late; the site was down."
    )

    def __init__(self, articles: Sequence[Article], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.articles = {str(one.pk): one for one in articles}
        self["article"].field.choices = [  # type: ignore[attr-defined]  # it is a ChoiceField
            ("", "Nothing"),
            *((pk, f"Took “{one.title[:80]}”, {one.outlet}") for pk, one in self.articles.items()),
        ]

    @property
    def taken(self) -> Article | None:
        found = as_id(self.cleaned_data.get("article"))
        return self.articles.get(str(found)) if found else None
