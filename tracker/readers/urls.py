"""Readers' own forms. Never cached; the only public pages that set a cookie, which guards the form."""

from django.urls import path

from . import suggesting

urlpatterns = [
    path("suggest/", suggesting.suggest, name="suggest"),
    path("suggest/<uuid:pk>/", suggesting.show, name="suggestion"),
]
