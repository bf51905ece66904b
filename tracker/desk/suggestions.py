"""What readers propose to correct: reading one, and answering it in public."""

import uuid
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods, require_POST

from tracker.models import Reply, Suggestion
from tracker.models.suggestions import Settled

from . import kept
from .access import Request, at_the_desk, is_signed_in, require
from .forms.suggestions import AnswerForm
from .loading import NO_RESEARCHER
from .outcomes import SeeOther
from .sheets import sent


@dataclass
class Letter:
    """What a reader wrote, with the form that answers it. Whoever is signed out sees only what they typed."""

    request: Request
    suggestion: Suggestion

    def __post_init__(self) -> None:
        self.form = AnswerForm(sent(self.request), unique=self.suggestion.pk.hex, host=self.request.get_host())

    def answer(self, status: int = 200, *, theirs: Reply | None = None, **outcome: Any) -> HttpResponse:
        request = self.request
        if status in (401, 403) or request.method != "POST":
            self.form.checked = False
        may = is_signed_in(request) and request.user.has_perm("tracker.assess")
        context = {
            "section": "desk",
            "suggestion": self.suggestion if may else None,
            "reply": theirs or self.suggestion.answer,
            "theirs": theirs,
            "may_forget": may and request.user.has_perm("tracker.forget_senders"),
            "form": self.form,
            "unique": self.suggestion.pk.hex,
            "action": request.path,
            "restored": request.method == "GET" and "kept" in request.GET and kept.recall(request) is not None,
            **outcome,
        }
        return render(request, "desk/suggestion.html", context, status=status)

    def settle(self) -> HttpResponse:
        if not self.form.is_valid():
            return self.answer(422)
        try:
            self.suggestion.settle(by=self.request.user, **self.form.cleaned_data)
        except Settled as first:
            return self.answer(409, theirs=first.reply)
        except ValidationError as error:
            self.form.blame(error)
            return self.answer(422)
        kept.forget(self.request)
        messages.success(self.request, "Answered. Everybody can read it now.")
        return SeeOther(self.suggestion.get_absolute_url())


def letter(request: Request, pk: uuid.UUID) -> Letter:
    if is_signed_in(request):
        require(request.user, "assess", NO_RESEARCHER)
    return Letter(request, get_object_or_404(Suggestion.objects.select_related("reply"), pk=pk))


@require_http_methods(["GET", "HEAD", "POST"])
@at_the_desk(letter)
def answer(request: Request, pk: uuid.UUID) -> HttpResponse:
    found = letter(request, pk)
    return found.settle() if request.method == "POST" else found.answer()


@require_POST
@at_the_desk()
def forget(request: Request, pk: uuid.UUID) -> HttpResponse:
    """Erases who sent it."""
    suggestion = get_object_or_404(Suggestion, pk=pk)
    suggestion.forget_sender(by=request.user)
    messages.success(request, "Name and e-mail address are erased.")
    return SeeOther(f"/desk/suggestions/{pk}/")
