"""Filling in the admin's forms without a browser."""

from typing import Any

from django.db import models
from django.test import Client
from django.urls import reverse

from tracker.models import Person


def client_of(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def page(table: type[models.Model], kind: str, *arguments: Any) -> str:
    return reverse(f"admin:{table._meta.app_label}_{table._meta.model_name}_{kind}", args=arguments)


def filled(response: Any) -> dict[str, Any]:
    """What a browser would send of the form on an admin page, if nothing was changed."""
    context = response.context
    data: dict[str, Any] = {}
    forms = [context["adminform"].form]
    for inline in context["inline_admin_formsets"]:
        formset = inline.formset
        forms += [formset.management_form, *formset.forms]
    for form in forms:
        for bound in form:
            if bound.field.disabled:
                continue
            value = bound.value()
            if isinstance(value, bool):
                if value:
                    data[bound.html_name] = "on"
            elif isinstance(value, list):
                data[bound.html_name] = [str(getattr(one, "pk", one)) for one in value]
            elif value is not None:
                data[bound.html_name] = bound.field.prepare_value(value)
                if isinstance(bound.field.widget, object) and hasattr(bound.field.widget, "format_value"):
                    data[bound.html_name] = bound.field.widget.format_value(data[bound.html_name])
                    if isinstance(data[bound.html_name], list):
                        data[bound.html_name] = data[bound.html_name][0]
    return {name: value for name, value in data.items() if value is not None}


def added(data: dict[str, Any], prefix: str, **fields: Any) -> dict[str, Any]:
    """The same with one more row in the part of that prefix."""
    number = int(data[f"{prefix}-TOTAL_FORMS"])
    more = {f"{prefix}-{number}-{name}": str(value) for name, value in fields.items()}
    return data | {f"{prefix}-TOTAL_FORMS": str(number + 1)} | more


def problems(response: Any) -> str:
    """All that an admin page says is wrong, in one text."""
    assert response.status_code == 200, response.status_code
    return " ".join(str(error) for error in response.context["errors"])
