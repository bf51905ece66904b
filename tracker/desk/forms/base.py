"""What the forms of the desk have in common."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import Choices
from django.forms.utils import ErrorDict
from django.utils import translation
from django.utils.html import format_html

from tracker.codebook import DatePrecision
from tracker.models import today


class DeskForm(forms.Form):
    """A form whose ids are its own even beside forms of the same kind, and that can be shown again without judging it.

    ``unique`` sets its ids apart from those of other rows. With ``checked=False`` everything typed is kept and nothing
    is complained about, as after a search inside the form.
    """

    UNIQUE = re.compile(r"[a-z0-9_]{32,64}", re.ASCII)

    def __init__(
        self,
        data: Any = None,
        *,
        unique: str,
        checked: bool = True,
        prefix: str | None = None,
        initial: dict[str, Any] | None = None,
        empty_permitted: bool = False,
        use_required_attribute: bool | None = None,
    ) -> None:
        self.unique = unique
        self.checked = checked
        super().__init__(
            data,
            auto_id=f"id_{unique}_%s",
            prefix=prefix,
            initial=initial,
            empty_permitted=empty_permitted,
            use_required_attribute=use_required_attribute,
        )

    def full_clean(self) -> None:
        if self.checked:
            super().full_clean()
        else:
            self._errors = ErrorDict(renderer=self.renderer)
            self.cleaned_data: dict[str, Any] = {}

    def has_changed(self) -> bool:
        """Whether anything was put into it. What a control says by itself does not count, nor does a missing one."""
        given = {name: self[name].data for name in self.fields} if self.is_bound else {}
        return any(value and str(value).strip() != str(self[name].initial or "") for name, value in given.items())

    def blame(self, error: ValidationError) -> None:
        """Puts a mutator's complaints beside the fields they are about."""
        told: Mapping[str, Iterable[str]] = (
            error.message_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error.messages}
        )
        for name, problems in told.items():
            self.add_error(name if name in self.fields else None, list(problems))


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d", attrs={"max": "9999-12-31"})


class DayField(forms.DateField):
    """A day of the calendar, not after today unless ``ahead``."""

    def __init__(self, *, ahead: bool = False, **kwargs: Any) -> None:
        self.ahead = ahead
        super().__init__(widget=DayInput(), input_formats=["%Y-%m-%d"], **kwargs)
        self.error_messages["invalid"] = "Write a day of the calendar as year-month-day, for instance 2025-12-18."

    def clean(self, value: Any) -> Any:
        day = super().clean(value)
        if day is not None and not self.ahead and day > today():
            raise ValidationError("This day lies in the future.")
        return day


def how_exactly() -> forms.TypedChoiceField:
    """How exactly a day is known; left alone, to the day."""
    return forms.TypedChoiceField(
        label="How exactly known",
        choices=plain(DatePrecision),
        coerce=int,
        initial=DatePrecision.DAY,
        required=False,
        empty_value=str(DatePrecision.DAY.value),
    )


def described(choices: type[Choices], empty: str | None = None, *, numbered: bool = False) -> list[tuple[Any, str]]:
    """The codebook's values with their definitions under them, for radio buttons. ``empty`` labels "not given".

    Forms are made when the first page is asked for, in whatever language that is; those of the desk are in English.
    """
    found: list[tuple[Any, str]] = []
    with translation.override(settings.LANGUAGE_CODE):
        for member in choices:
            label = f"{member.value} {member.label}" if numbered else str(member.label)
            definition = getattr(member, "definition", "")
            found.append((member.value, format_html('<span>{} <span class="hint">{}</span></span>', label, definition)))
    if empty is not None:
        found.append(("", format_html("<span>{}</span>", empty)))
    return found


def plain(choices: type[Choices], empty: str | None = None) -> list[tuple[Any, str]]:
    """The codebook's values for a select, in English; ``empty`` is the first, unchosen line."""
    with translation.override(settings.LANGUAGE_CODE):
        return ([("", empty)] if empty is not None else []) + [(member.value, str(member.label)) for member in choices]
