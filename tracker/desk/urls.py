"""Where researchers write. Everything here needs an account and is never kept by anybody in between."""

from django.urls import path

from . import changes, evidence, home, mending, queues, review, status

urlpatterns = [
    path("", home.home, name="desk"),
    path("agreements/<slug:slug>/", home.agreement),
    # What waits, what was done, and taking it back
    path("queues/<slug:key>/", queues.queue),
    path("changes/", changes.changes),
    path("changes/<slug:kind>/<slug:pk>/undo/", changes.undo),
    # A form that outlived its session
    path("signed-in/", home.signed_in, name="desk_signed_in"),
    path("key/", home.key, name="desk_key"),
    # One obligation
    path("obligations/<uuid:pk>/status/", status.status),
    path("obligations/<uuid:pk>/evidence/", evidence.search),
    path("obligations/<uuid:pk>/article/", evidence.article),
    path("obligations/<uuid:pk>/check/", mending.check),
    # One judgement
    path("assessments/<uuid:pk>/correct/", status.correct),
    path("assessments/<uuid:pk>/retract/", mending.retract),
    path("assessments/<uuid:pk>/restore/", mending.restore),
    path("assessments/<uuid:pk>/publish/", review.publish),
    path("assessments/<uuid:pk>/take-back/", review.take_back),
]
