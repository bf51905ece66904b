"""Pages for those who work here. A role decides what somebody may do; nothing finer is handed out by hand."""

from typing import Any

from allauth.mfa.models import Authenticator
from django import forms
from django.contrib import admin, messages
from django.contrib.admin import ActionLocation
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.contrib.auth.models import Group
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html

from tracker.models import Person
from tracker.models.people import ROLES

from .concluded import EVERYWHERE
from .site import site


class RoleField(forms.ModelMultipleChoiceField[Group]):
    def __init__(self) -> None:
        super().__init__(
            Group.objects.filter(name__in=ROLES),
            label="Roles",
            required=False,
            widget=forms.CheckboxSelectMultiple,
            help_text="Researchers propose a status, reviewers publish what others propose, administrators set up "
            "agreements and people. Somebody without a role can sign in and read.",
        )


def unused_address(email: str, person: Person) -> str:
    """The address, unless somebody else has it: people sign in with it."""
    if email and Person.objects.filter(email__iexact=email).exclude(pk=person.pk).exists():
        raise forms.ValidationError("Somebody else has this address.")
    return email


class PersonForm(UserChangeForm[Person]):
    groups = RoleField()

    class Meta(UserChangeForm.Meta):
        model = Person

    def clean_email(self) -> str:
        return unused_address(self.cleaned_data["email"], self.instance)


class NewPersonForm(AdminUserCreationForm[Person]):
    groups = RoleField()

    class Meta(AdminUserCreationForm.Meta):
        model = Person

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice: Any = self.fields["usable_password"]
        choice.label = "First password"
        choice.choices = [
            ("true", "Set here, and handed over"),
            ("false", "None: it is set by the link on the sign-in page, which comes by e-mail"),
        ]
        choice.help_text = ""

    def clean_email(self) -> str:
        return unused_address(self.cleaned_data["email"], self.instance)


@admin.register(Person, site=site)
class PersonAdmin(UserAdmin[Person]):
    form = PersonForm
    add_form = NewPersonForm
    list_display = ("username", "byline", "role", "is_active", "second_factor", "last_login")
    list_filter = ("groups", "is_active")
    search_fields = ("username", "byline", "email")
    ordering = ("username",)
    filter_horizontal = ()
    actions = ("take_away_second_factor",)
    readonly_fields = ("set_password", "second_factor", "last_login", "date_joined")
    view_on_site = False
    fieldsets = (
        (None, {"fields": ("username", "byline", "email")}),
        ("What they may do", {"fields": ("is_active", "groups")}),
        ("Signing in", {"fields": ("set_password", "second_factor", "last_login", "date_joined")}),
    )
    add_fieldsets = (
        (None, {"fields": ("username", "byline", "email", "groups", "usable_password", "password1", "password2")}),
    )

    def get_queryset(self, request: HttpRequest) -> Any:
        factor = Authenticator.objects.filter(user=OuterRef("pk"), type=Authenticator.Type.TOTP)
        return super().get_queryset(request).prefetch_related("groups").annotate(has_second_factor=Exists(factor))

    @admin.display(description="second factor", boolean=True, ordering="has_second_factor")
    def second_factor(self, person: Any) -> bool:
        return bool(getattr(person, "has_second_factor", False))

    @admin.display(description="password")
    def set_password(self, person: Any) -> str:
        # What is stored of it is nobody's business.
        return format_html('<a href="{}">Set another one</a>', "../password/")

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        fieldsets = super().get_fieldsets(request, obj)
        if obj is not None and request.user.is_superuser:
            return [*fieldsets, ("Operator of the installation", {"fields": ("is_superuser",)})]
        return fieldsets

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        fields = super().get_readonly_fields(request, obj)
        if obj is not None and obj == request.user:
            # Nobody locks themselves out, and somebody is always left who can let people in.
            return [*fields, "is_active", "groups", "is_superuser"]
        return fields

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and within_reach(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and within_reach(request, obj) and obj != request.user

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        if "groups" in form.cleaned_data:
            form.instance.give_roles(group.name for group in form.cleaned_data["groups"])

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None) -> Any:
        return super().delete_view(request, object_id, {"title": "Erase an account"} | (extra_context or {}))

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        obj.erase()

    def get_actions(self, request: HttpRequest, action_location: ActionLocation = ActionLocation.CHANGE_LIST) -> Any:
        actions = super().get_actions(request, action_location=action_location)
        # Accounts are erased one at a time, from their own page.
        actions.pop("delete_selected", None)
        return actions

    @admin.action(description="Take away the second factor (device lost)", permissions=["change"], location=EVERYWHERE)
    def take_away_second_factor(self, request: HttpRequest, queryset: QuerySet[Person]) -> None:
        people = [person for person in queryset if self.has_change_permission(request, person)]
        Authenticator.objects.filter(user__in=people).delete()
        for person in people:
            self.log_change(request, person, "Second factor taken away.")
        self.message_user(request, f"Second factor taken away: {len(people)}.", messages.SUCCESS)


def within_reach(request: HttpRequest, person: Person | None) -> bool:
    """Only an operator touches an operator's account."""
    return person is None or not person.is_superuser or bool(request.user.is_superuser)
