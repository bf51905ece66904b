"""Signing in and out, passwords and second factors, all by django-allauth. Nobody signs up by themselves."""

from django.urls import include, path

from . import accounts

urlpatterns = [
    path("", accounts.account, name="account"),
    path("login/", accounts.sign_in, name="account_login"),
    path("email/", accounts.to_account, name="account_email"),
    path("confirm-email/", accounts.to_account, name="account_email_verification_sent"),
    path("", include("allauth.urls")),
]
