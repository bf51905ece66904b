"""How people get in: accounts are made by administrators, everything else is django-allauth's."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import (
    ChangePasswordForm,
    LoginForm,
    ReauthenticateForm,
    ResetPasswordForm,
    ResetPasswordKeyForm,
)
from allauth.account.views import login
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as ReauthenticateByCodeForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from django import forms
from django.contrib.auth.decorators import login_required
from django.contrib.auth.password_validation import password_validators_help_texts
from django.core.exceptions import NON_FIELD_ERRORS
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from qrcode.image.svg import SvgPathFillImage
from qrcode.main import make


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "too_many_login_attempts": "Too many attempts to sign in with a wrong password. Wait five minutes, then try "
        "again, or set a new password.",
        "username_password_mismatch": "This name and password do not belong together.",
        "email_password_mismatch": "This address and password do not belong together.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        # Without a role there is nothing to do at the desk.
        return "/desk/" if request.user.is_staff else "/"


class SecondFactorAdapter(DefaultMFAAdapter):
    def build_totp_svg(self, url: str) -> str:
        """The QR code on a white ground: dark on dark, on a dark page, no phone could read it."""
        image = make(url, image_factory=SvgPathFillImage)
        return image.to_string(encoding="unicode")  # type: ignore[no-any-return]  # qrcode has no types


class Plain:
    """allauth's forms with labels above the fields only, and rules for passwords as running text."""

    labels: dict[str, str] = {}
    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.label = self.labels.get(name, field.label)
        if "password1" in self.fields:
            self.fields["password1"].help_text = " ".join(password_validators_help_texts())


class SignInForm(Plain, LoginForm):
    labels = {"login": "User name or e-mail address", "remember": "Stay signed in for two weeks"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].widget.attrs["autocomplete"] = "username"


class ChangeForm(Plain, ChangePasswordForm):
    labels = {
        "oldpassword": "Current password",
        "password1": "New password",
        "password2": "New password, once more",
    }


class ForgottenForm(Plain, ResetPasswordForm):
    labels = {"email": "E-mail address"}


class AnewForm(Plain, ResetPasswordKeyForm):
    labels = ChangeForm.labels


class AgainForm(Plain, ReauthenticateForm):
    pass


class CodeForm(Plain, AuthenticateForm):
    pass


class CodeAgainForm(Plain, ReauthenticateByCodeForm):
    pass


class SetUpForm(Plain, ActivateTOTPForm):
    labels = {"code": "The six digits"}


def sign_in(request: HttpRequest) -> Any:
    """allauth's page, with the status that tells programs, too, that somebody is guessing."""
    response: Any = login(request)
    form = (getattr(response, "context_data", None) or {}).get("form")
    if form is not None and form.has_error(NON_FIELD_ERRORS, "too_many_login_attempts"):
        response.status_code = 429
        response.headers["Retry-After"] = "300"
    return response


@login_required
def account(request: HttpRequest) -> HttpResponse:
    """Who somebody is here, and what they can do about their account."""
    return render(request, "account/home.html", {"section": "desk"})


def to_account(request: HttpRequest) -> HttpResponseRedirect:
    """Addresses are set by administrators; what allauth offers to change them leads here."""
    return HttpResponseRedirect("/accounts/")
