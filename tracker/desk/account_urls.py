"""Signing in and out, passwords and second factors, all by django-allauth. Nobody signs up by themselves."""

from django.urls import include, path

urlpatterns = [path("", include("allauth.urls"))]
