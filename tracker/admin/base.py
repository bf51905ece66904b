"""What the pages of the admin share: hints from the codebook, search boxes that cost no query, plain form errors."""

import datetime as dt
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import (
    AutocompleteMixin,
    AutocompleteSelect,
    AutocompleteSelectMultiple,
    RelatedFieldWidgetWrapper,
)
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError, models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.html import format_html, format_html_join

from tracker import codebook
from tracker.codebook import Grade, Term
from tracker.models.base import Mergeable
from tracker.models.versions import stamp

from .history import versions_of
from .site import choice_label, site

FIXED_AFTER = dt.timedelta(days=1)
"""For so long a slip in an address or a code can be mended; afterwards other people's links rely on it."""

LONG = 300
"""Texts of so many characters get a field that shows most of them."""

TERMS: dict[tuple[Any, ...], type[Term] | type[Grade]] = {
    tuple(found.choices): found
    for found in vars(codebook).values()
    if isinstance(found, type) and issubclass(found, Term | Grade) and len(found)
}
"""The codebook's lists of values, found by the choices that a field was given."""


def definitions(db_field: models.Field[Any, Any]) -> list[tuple[str, str]]:
    """(label, definition) of each value that the field may hold; empty if the codebook does not define them."""
    terms = TERMS.get(tuple(db_field.flatchoices))
    return [(str(member.label), member.definition) for member in terms] if terms else []


def hint(db_field: models.Field[Any, Any], *, folded: bool) -> str:
    """The field's help text with what its values mean: folded away on a page, plain lines in a table's heading."""
    values = definitions(db_field)
    if not values:
        return str(db_field.help_text)
    if not folded:
        lines = "\n".join(f"{label}: {definition}" for label, definition in values)
        return f"{db_field.help_text}\n{lines}".strip()
    entries = format_html_join("", "<li><b>{}</b>: {}</li>", values)
    folded_away = format_html("<details><summary>What the values mean</summary><ul>{}</ul></details>", entries)
    return format_html("{} {}", db_field.help_text, folded_away) if db_field.help_text else folded_away


class Remembering(AutocompleteMixin):
    """A search box that is told the labels of what is chosen, so that a page of many asks the database for none.

    ``within`` (the id of an agreement, or "") narrows what it offers.
    """

    known: Mapping[str, str] = {}
    within = ""
    # From the select element that it is mixed with.
    is_required: bool
    allow_multiple_selected: bool
    create_option: Callable[..., dict[str, Any]]

    def get_url(self) -> str:
        url = super().get_url()
        return f"{url}?within={self.within}" if self.within else url

    def optgroups(self, name: str, value: Sequence[str], attr: dict[str, Any] | None = None) -> list[Any]:
        chosen = [str(one) for one in value if one]
        if not set(chosen) <= self.known.keys():
            groups: list[Any] = super().optgroups(name, value, attr)
            return groups
        options = []
        if not self.is_required and not self.allow_multiple_selected:
            options.append(self.create_option(name, "", "", False, 0))
        options.extend(
            self.create_option(name, one, self.known[one], True, place)
            for place, one in enumerate(chosen, len(options))
        )
        return [(None, options, 0)]


class Choose(Remembering, AutocompleteSelect):
    pass


class ChooseSeveral(Remembering, AutocompleteSelectMultiple):
    pass


def search_box(field: forms.Field) -> Remembering | None:
    """The field's search box, unwrapped from the links beside it."""
    widget: Any = field.widget
    if isinstance(widget, RelatedFieldWidgetWrapper):
        widget = widget.widget
    return widget if isinstance(widget, Remembering) else None


def follow(start: Any, path: str) -> Any:
    """``start.a.b`` for "a.b"; None as soon as a step is missing."""
    for name in path.split("."):
        if start is None:
            return None
        start = getattr(start, name, None)
    return start


class Figure(forms.DecimalField):
    """A number without the empty decimals that the column keeps room for."""

    def prepare_value(self, value: Any) -> Any:
        return f"{value.normalize():f}" if isinstance(value, Decimal) else value


class RecordForm(forms.ModelForm[Any]):
    """Checks before saving what the database would refuse afterwards.

    ``kept``: fields that links rely on; fixed a day after the row was entered. ``bound``: where the row belongs; fixed
    at once, because its parts belong there too.
    ``own``: the path from this form to its agreement; ``same``: the paths from chosen rows to theirs. They must meet.
    """

    kept: ClassVar[tuple[str, ...]] = ()
    bound: ClassVar[tuple[str, ...]] = ()
    # Set for a form that was opened before somebody else's change was saved.
    overtaken: ClassVar[bool] = False
    own: ClassVar[str] = ""
    same: ClassVar[dict[str, str]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance._state.adding:
            return
        recorded = getattr(self.instance, "recorded_at", None)
        if recorded and timezone.now() - recorded > FIXED_AFTER:
            self._fix(self.kept, "Fixed since a day after it was entered: links rely on it.")
        self._fix(self.bound, "Fixed since it was entered: its parts belong there, too.")
        for name, field in self.fields.items():
            box = search_box(field)
            if box is not None and name in {column.name for column in self.instance._meta.get_fields()}:
                box.known = self._labels(name, box)

    def _fix(self, names: Iterable[str], why: str) -> None:
        for name in names:
            if name in self.fields:
                self.fields[name].disabled = True
                self.fields[name].help_text = why

    def _labels(self, name: str, box: Remembering) -> dict[str, str]:
        if isinstance(box, ChooseSeveral):
            chosen: Iterable[models.Model] = getattr(self.instance, name).all()
        elif getattr(self.instance, f"{name}_id") is None:
            chosen = []
        else:
            chosen = [getattr(self.instance, name)]
        return {str(row.pk): choice_label(site, row) for row in chosen}

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        values = self.cleaned_data if cleaned is None else cleaned
        if self.overtaken:
            self.add_error(
                None,
                "Somebody else changed this since you opened the page. What you wrote is still here; what they "
                "changed is in the history. Save again to put yours over it.",
            )
        ours = self._own_agreement(values)
        for name, path in self.same.items():
            chosen = values.get(name)
            theirs = follow(chosen, path)
            if chosen is not None and ours is not None and theirs is not None and theirs.pk != ours.pk:
                self.add_error(name, f"This belongs to another agreement: {theirs}.")
        return values

    def _own_agreement(self, values: dict[str, Any]) -> Any:
        if not self.own:
            return None
        first, _, rest = self.own.partition(".")
        start = values.get(first)
        if start is None and getattr(self.instance, f"{first}_id", None):
            start = getattr(self.instance, first)
        return follow(start, rest) if rest else start

    def validate_constraints(self) -> None:
        """Checks every constraint of the table, also those over fields that this form does not show."""
        wrong = {name for name in self.errors if name != NON_FIELD_ERRORS}
        try:
            self.instance.validate_constraints(exclude=wrong)
        except ValidationError as error:
            self._show(error)

    def _show(self, error: ValidationError) -> None:
        for name, problems in error.update_error_dict({}).items():
            self.add_error(name if name in self.fields else None, problems)


def narrow(form: Any, same: dict[str, str], agreement: uuid.UUID | None) -> None:
    """Lets a form class offer, and accept, only rows of the agreement."""
    if agreement is None:
        return
    for name, path in same.items():
        field = form.base_fields.get(name)
        if field is None:
            continue
        field.queryset = field.queryset.filter(**{path.replace(".", "__"): agreement})
        field.error_messages["invalid_choice"] = "Choose one that belongs to this agreement."
        box = search_box(field)
        if box is not None:
            box.within = str(agreement)


class Hinting:
    """Forms whose relations are search boxes and whose values are explained. For admins and inlines alike."""

    formfield_overrides: Any = {models.DecimalField: {"form_class": Figure}}
    folded = True
    fetch_mode: Any = models.FETCH_PEERS  # what one row needs is fetched for all rows of the page at once
    model: Any
    admin_site: Any
    opts: Any

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        rows: models.QuerySet[Any] = super().get_queryset(request)  # type: ignore[misc]  # mixed into an admin
        return rows.fetch_mode(self.fetch_mode)

    def get_autocomplete_fields(self, request: HttpRequest) -> list[str]:
        relations = [*self.opts.fields, *self.opts.many_to_many]
        return [
            field.name
            for field in relations
            if field.remote_field and field.editable and self.admin_site.is_registered(field.remote_field.model)
        ]

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", Choose(db_field, self.admin_site))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)  # type: ignore[misc]  # a mixin: ModelAdmin has it

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", ChooseSeveral(db_field, self.admin_site))
        return super().formfield_for_manytomany(db_field, request, **kwargs)  # type: ignore[misc]  # a mixin: ModelAdmin has it

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)  # type: ignore[misc]  # a mixin: ModelAdmin has it
        if field is not None and getattr(db_field, "choices", None):
            field.help_text = hint(db_field, folded=self.folded)
        if field is not None and isinstance(field.widget, RelatedFieldWidgetWrapper):
            # Adding what is missing without leaving the page is handy; deleting or renaming it from here is a trap.
            field.widget.can_delete_related = field.widget.can_change_related = field.widget.can_view_related = False
            field.widget.can_add_related = field.widget.can_add_related and self.folded
        if field is not None and isinstance(db_field, models.TextField | models.JSONField):
            field.widget.attrs["rows"] = 4 if self.folded else 2
        if (
            field is not None
            and self.folded
            and (db_field.max_length or 0) >= LONG
            and field.widget.input_type == "text"
        ):
            field.widget.attrs["class"] = "vLargeTextField"
        return field


class RecordAdmin(Hinting, admin.ModelAdmin[Any]):
    """A table of the record. ``agreement_path``: how its rows belong to an agreement, for narrowed search boxes."""

    form = RecordForm
    agreement_path = ""
    list_per_page = 50
    list_max_show_all = 200
    show_full_result_count = False
    # Names of reverse relations whose versions belong to the history of a row here.
    history_parts: tuple[str, ...] = ()

    def choice_label(self, row: Any) -> str:
        return str(row)

    def agreement_of(self, row: Any) -> uuid.UUID | None:
        """The agreement that a row belongs to; None while there is no row."""
        if row is None or not self.agreement_path:
            return None
        *steps, last = self.agreement_path.split("__")
        owner = follow(row, ".".join(steps)) if steps else row
        pk: uuid.UUID | None = getattr(owner, f"{last}_id", None)
        return pk

    def view_on_site(self, obj: Any) -> str | None:
        return obj.get_absolute_url() if hasattr(obj, "get_absolute_url") else None

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        fields = [*super().get_readonly_fields(request, obj)]
        if obj is not None and any(field.name == "recorded_at" for field in self.opts.fields):
            fields.append("recorded_at")
        return fields

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form: Any = super().get_form(request, obj, change, **kwargs)
        narrow(form, self.form.same, self.agreement_of(obj))
        seen = request.POST.get("seen")
        if obj is not None and seen and seen != stamp(obj, self.history_parts):
            form.overtaken = True
        return form

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        row = kwargs.get("obj")
        if row is not None:
            context["seen"] = stamp(row, self.history_parts)
        return super().render_change_form(request, context, *args, **kwargs)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        return refused_gracefully(
            self, request, lambda: super(RecordAdmin, self).changeform_view(request, object_id, form_url, extra_context)
        )

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return refused_gracefully(
            self, request, lambda: super(RecordAdmin, self).delete_view(request, object_id, extra_context)
        )

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return refused_gracefully(
            self, request, lambda: super(RecordAdmin, self).changelist_view(request, extra_context)
        )

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        row = self.get_object(request, object_id)
        versions = versions_of(row, self.history_parts, request.user) if row is not None else []
        # The same words stand in the addresses of the desk.
        plural = f"{self.opts.model_name}s" if issubclass(self.model, Mergeable) else ""
        context = {"versions": versions, "regroup_as": plural}
        return super().history_view(request, object_id, context | (extra_context or {}))


def refused_gracefully(
    page: admin.ModelAdmin[Any], request: HttpRequest, answer: Callable[[], HttpResponse]
) -> HttpResponse:
    """The answer; or, where a trigger of the database refuses what no form foresaw, its reason instead of a 500."""
    try:
        return answer()
    except IntegrityError as error:
        reason = str(error).splitlines()[0]
        page.message_user(request, f"Nothing was saved. The database says: {reason}", messages.ERROR)
        return HttpResponseRedirect(request.get_full_path())


class Part(Hinting):
    """Rows of another table, edited on the page of the row they belong to."""

    form: Any = RecordForm
    extra = 0
    # The path from the page's row to its agreement, "" where the row is the agreement itself.
    parent_agreement: str | None = None

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        formset = super().get_formset(request, obj, **kwargs)  # type: ignore[misc]  # a mixin: ModelAdmin has it
        if obj is not None and self.parent_agreement is not None:
            owner = follow(obj, self.parent_agreement) if self.parent_agreement else obj
            narrow(formset.form, self.form.same, owner.pk)
        return formset


class Rows(Part, admin.TabularInline[Any, Any]):
    folded = False


class Blocks(Part, admin.StackedInline[Any, Any]):
    pass


class ReadOnly:
    """Only to be looked at: written elsewhere, or in no way at all."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
