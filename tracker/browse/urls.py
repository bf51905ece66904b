"""The public addresses: a contract that links, bars and other people's scripts rely on."""

from django.urls import path

from . import actors, agreements, assessments, events, health, home, obligations, pages, sources

urlpatterns = [
    path("", home.home),
    path("healthz", health.healthz),
    path("readyz", health.readyz),
    path("agreements/", agreements.index),
    path("agreements/<slug:slug>/", agreements.standing),
    path("agreements/<slug:slug>/events/", events.of_agreement),
    path("agreements/<slug:slug>/obligations/<slug:code>/", obligations.detail),
    path("assessments/<uuid:pk>/", assessments.detail),
    path("events/", events.index),
    path("events/<uuid:pk>/", events.detail),
    path("sources/", sources.index),
    path("sources/<uuid:pk>/", sources.detail),
    path("outlets/<slug:slug>/", sources.outlet),
    path("actors/", actors.index),
    path("actors/<slug:slug>/", actors.detail),
    path("methodology/", pages.methodology),
    path("about/", pages.about),
]
