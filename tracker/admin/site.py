"""The admin itself: who may enter, how its start page is ordered, what its search boxes offer."""

import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import admin
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

# The start page follows the chain from promise to conclusion, as the site does.
GROUPS = [
    (
        "What was promised",
        "promised",
        ["Agreement", "Instrument", "Clause", "Phase", "Obligation", "Condition", "Measure"],
    ),
    (
        "What was reported",
        "reported",
        ["Event", "Report", "Observation", "Declaration", "Article", "Outlet", "Actor"],
    ),
    ("What is watched", "watched", ["Feed", "Bulletin"]),
    ("What we conclude", "concluded", ["Assessment", "Retraction", "Check"]),
    ("Who works here", "people", ["Person"]),
]


class Choices(AutocompleteJsonView):
    """What a search box offers: only rows of the agreement that the form is about, under labels that tell them apart.

    ``?within=<id of an agreement>`` narrows, where the table belongs to an agreement.
    """

    def get_queryset(self) -> QuerySet[Model]:
        rows = super().get_queryset()
        path = getattr(self.model_admin, "agreement_path", "")
        within = self.request.GET.get("within", "")
        if path and within:
            try:
                rows = rows.filter(**{path: uuid.UUID(within)})
            except ValueError:
                rows = rows.none()
        return rows

    def serialize_result(self, obj: Model, to_field_name: str) -> dict[str, str]:
        return {"id": str(getattr(obj, to_field_name)), "text": choice_label(site, obj)}


def choice_label(site: admin.AdminSite, row: Model) -> str:
    """The row as a search box names it."""
    label: Callable[[Model], str] = getattr(site.get_model_admin(type(row)), "choice_label", str)
    return label(row)


class Site(admin.AdminSite):
    site_header = "Ceasefire Tracker"
    site_title = "Ceasefire Tracker"
    index_title = "The record"
    site_url = "/"

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        guarded = super().admin_view(view, cacheable)

        @wraps(guarded)
        def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            # Sending somebody who is signed in to the sign-in page would only send them back here.
            if request.user.is_authenticated and not self.has_permission(request):
                raise PermissionDenied("Your account has no role that works in the admin.")
            return guarded(request, *args, **kwargs)

        return inner

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """One door for everybody; where it leads afterwards is checked there."""
        return redirect_to_login(request.GET.get("next") or reverse("admin:index"), reverse("account_login"))

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        return redirect("account_change_password")

    def autocomplete_view(self, request: HttpRequest) -> Any:
        return Choices.as_view(admin_site=self)(request)

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        apps = self._build_app_dict(request, app_label)
        models = {entry["object_name"]: entry for entry in apps.get("tracker", {}).get("models", [])}
        groups = []
        for name, label, members in GROUPS:
            entries = [models[member] for member in members if member in models]
            if entries:
                groups.append(
                    {
                        "name": name,
                        "app_label": label,
                        "app_url": reverse("admin:app_list", args=["tracker"]),
                        "has_module_perms": True,
                        "models": entries,
                    }
                )
        return groups


site = Site()
