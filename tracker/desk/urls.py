"""Where researchers write. Everything here needs an account and is never kept by anybody in between."""

from django.urls import path

from . import (
    changes,
    dating,
    edits,
    evidence,
    figures,
    home,
    inbox,
    intake,
    memos,
    mending,
    passages,
    proposals,
    queues,
    reconsidering,
    regrouping,
    rounds,
    status,
    suggestions,
)

urlpatterns = [
    path("", home.home, name="desk"),
    path("agreements/<slug:slug>/", home.agreement),
    # What waits, what was done, and taking it back
    path("queues/<slug:key>/", queues.queue),
    path("changes/", changes.changes),
    path("changes/<slug:kind>/<slug:pk>/undo/", changes.undo),
    # Bringing articles in
    path("intake/", intake.intake),
    path("intake/<uuid:pk>/", intake.described),
    path("intake/<uuid:pk>/text/", intake.text),
    path("intake/<uuid:pk>/delete/", intake.drop),
    path("articles/<uuid:pk>/date/", dating.date),
    path("articles/<uuid:pk>/same-text/", dating.same_text),
    path("articles/<uuid:pk>/again/", intake.again),
    path("inbox/", inbox.inbox),
    path("inbox/<uuid:pk>/take/", inbox.take),
    path("inbox/<uuid:pk>/ignore/", inbox.ignore),
    path("inbox/<uuid:pk>/undo/", inbox.undo),
    path("feeds/<uuid:pk>/poll/", inbox.poll_now),
    path("bulletins/<uuid:pk>/look/", inbox.look),
    path("looks/<int:pk>/undo/", inbox.undo_look),
    # Reading an article
    path("articles/<uuid:pk>/", passages.read),
    path("articles/<uuid:pk>/passage/", passages.passage),
    path("articles/<uuid:pk>/undo/", passages.undo),
    path("articles/<uuid:pk>/figures/", figures.figures),
    # Merging and splitting records
    path("merge/<slug:table>/<uuid:pk>/", regrouping.merge_records),
    path("split/<slug:table>/<uuid:pk>/", regrouping.split_record),
    path("regroupings/<uuid:pk>/undo/", regrouping.undo_regrouping),
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
    path("assessments/<uuid:pk>/reconsider/", reconsidering.look),
    # Coding twice, and what is kept of hard cases
    path("rounds/", rounds.rounds),
    path("rounds/new/", rounds.new),
    path("rounds/<uuid:pk>/", rounds.show),
    path("rounds/<uuid:pk>/close/", rounds.close),
    path("rounds/<uuid:pk>/items/<int:number>/", rounds.code),
    path("rounds/<uuid:pk>/items/<int:number>/settle/", rounds.settle),
    path("memos/", memos.memos),
    path("memos/new/", memos.new),
    # Changing what is published
    *(path(f"{kind}/<uuid:pk>/edit/", edits.edit, {"kind": kind}) for kind in edits.KINDS),
    *(path(f"{kind}/<uuid:pk>/withdraw/", edits.withdraw, {"kind": kind}) for kind in edits.KINDS),
    *(path(f"{kind}/<uuid:pk>/restore/", edits.restore, {"kind": kind}) for kind in edits.KINDS),
    # What readers propose
    path("suggestions/<uuid:pk>/", suggestions.answer),
    path("suggestions/<uuid:pk>/forget/", suggestions.forget),
    # Review: a set of changes
    path("proposals/<uuid:pk>/", proposals.show),
    path("proposals/<uuid:pk>/hand-in/", proposals.hand_in),
    path("proposals/<uuid:pk>/publish/", proposals.publish),
    path("proposals/<uuid:pk>/send-back/", proposals.send_back),
    path("proposals/<uuid:pk>/take-back/", proposals.take_back),
    path("proposals/<uuid:pk>/remark/", proposals.remark),
    path("proposals/<uuid:pk>/drop/", proposals.drop),
    path("proposals/<uuid:pk>/parts/<slug:kind>/<str:part>/remove/", proposals.remove),
]
