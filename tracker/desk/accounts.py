"""How people get in: accounts are made by administrators, everything else is django-allauth's."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import LoginForm
from allauth.account.views import login
from django.contrib.auth.decorators import login_required
from django.core.exceptions import NON_FIELD_ERRORS
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render


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


class SignInForm(LoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = "User name or e-mail address"
        self.fields["login"].widget.attrs["autocomplete"] = "username"
        self.fields["remember"].label = "Stay signed in for two weeks"
        for field in self.fields.values():
            # The label above says it, and does not vanish while one types.
            field.widget.attrs.pop("placeholder", None)


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
