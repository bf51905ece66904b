"""The public addresses: a contract that links, bars and other people's scripts rely on.

Each is served in English as it stands here and in the other languages below their codes; ``reverse`` writes it in the
language of the page.
"""

from django.urls import path, re_path

from . import (
    actors,
    agreements,
    assessments,
    brief,
    changes,
    charts,
    citing,
    compare,
    corrections,
    disputes,
    due_calendar,
    events,
    explorer,
    feeds,
    home,
    library,
    obligations,
    pages,
    parties,
    sources,
    terms,
    text,
    timeline,
    waiting,
    weekly,
)

urlpatterns = [
    path("", home.home, name="home"),
    path("agreements/", agreements.index, name="agreements"),
    *charts.files("agreements", compare.picture, "compare"),
    path("agreements/<slug:slug>/", agreements.standing, name="agreement"),
    path("agreements/<slug:slug>/timeline/", timeline.detail, name="agreement_timeline"),
    *charts.files("agreements/<slug:slug>/timeline", timeline.picture, "agreement_timeline"),
    path("agreements/<slug:slug>/text/", text.detail, name="agreement_text"),
    path("agreements/<slug:slug>/changes/", changes.of_agreement, name="agreement_changes"),
    path("agreements/<slug:slug>/calendar.ics", due_calendar.of_agreement, name="agreement_calendar"),
    path("agreements/<slug:slug>/feed.atom", feeds.of_agreement, name="agreement_feed"),
    path("agreements/<slug:slug>/obligations/<slug:code>/feed.atom", feeds.of_obligation, name="obligation_feed"),
    path("agreements/<slug:slug>/disputes/", disputes.detail, name="agreement_disputes"),
    path("agreements/<slug:slug>/parties/", parties.detail, name="agreement_parties"),
    path("agreements/<slug:slug>/rates/", weekly.detail, name="agreement_rates_page"),
    *charts.files("agreements/<slug:slug>/rates", weekly.picture, "agreement_rates"),
    path("agreements/<slug:slug>/waiting/", waiting.detail, name="agreement_waiting"),
    *charts.files("agreements/<slug:slug>/waiting", waiting.file, "agreement_waiting"),
    path("agreements/<slug:slug>/events/", explorer.of_agreement, name="agreement_events"),
    *charts.files("agreements/<slug:slug>/events/map", explorer.map_file, "agreement_events_map"),
    path("agreements/<slug:slug>/brief/", brief.detail, name="agreement_brief"),
    path("agreements/<slug:slug>/obligations/<slug:code>/", obligations.detail, name="obligation"),
    path("assessments/<uuid:pk>/", assessments.detail, name="assessment"),
    path("changes/", changes.index, name="changes"),
    path("changes.atom", feeds.of_all, name="changes_feed"),
    path("corrections/", corrections.index, name="corrections"),
    path("events/", explorer.index, name="events"),
    *charts.files("events/map", explorer.map_file, "events_map"),
    path("events/<uuid:pk>/", events.detail, name="event"),
    path("sources/", library.index, name="sources"),
    path("sources/<uuid:pk>/", sources.detail, name="source"),
    path("outlets/<slug:slug>/", sources.outlet, name="outlet"),
    path("actors/", actors.index, name="actors"),
    path("actors/<slug:slug>/", actors.detail, name="actor"),
    path("methodology/", pages.methodology, name="methodology"),
    path("about/", pages.about, name="about"),
    path("terms/", terms.terms, name="terms"),
    # For reference managers: the address of a page, with an ending in place of its final slash.
    # One that begins with a second slash is none: browsers would take it for the address of another site.
    re_path(r"^[^/\\].*\.(?P<ending>bib|ris|csl\.json)$", citing.download),
]
