"""The short forms: withdraw, restore, and "looked, nothing new"."""

from django import forms

from tracker.models import today

from .base import DayField, DeskForm
from .judgement import LONGEST_REASON


class RetractForm(DeskForm):
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    reason = forms.CharField(
        label="Why it is withdrawn",
        help_text="Readers see it where the status stood. The record stays readable, struck out.",
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Say why this is withdrawn; readers will see it."},
    )


class RestoreForm(DeskForm):
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    reason = forms.CharField(
        label="Why it holds after all",
        help_text="The same content is recorded again, as a correction that says so.",
        initial="Withdrawn by mistake; the same content is recorded again.",
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Say why the withdrawn status holds after all."},
    )


class CheckForm(DeskForm):
    date = DayField(label="Looked on", initial=today)
    where = forms.CharField(
        label="Where",
        help_text="For instance: OCHA reports of the week, statements of both sides.",
        max_length=300,
        required=False,
    )
