"""Choosing evidence: the agreement's events, searched by words, each with what it already means for the obligation."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count, Exists, F, OuterRef, Q, Subquery
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tracker.codebook import EffectKind, EventState, Stage
from tracker.exchange.addresses import canonical_url
from tracker.models import Article, Effect, Event, Obligation, Person, Vantage

from .access import Request, at_the_desk
from .forms.base import DeskForm, plain
from .forms.judgement import as_id, effect_name
from .loading import obligation_to_assess

SHOWN = 20
SHOWN_AT_FIRST = 8


@dataclass(frozen=True, slots=True)
class Choice:
    """One event in the list. ``effect`` is what is on record, ``stated`` what was chosen here so far."""

    event: Event
    reports: int
    effect: str
    stated: str
    chosen: bool

    @property
    def effect_label(self) -> str:
        return str(EffectKind(self.effect).label).casefold() if self.effect else ""

    @property
    def effect_name(self) -> str:
        return effect_name(self.event.pk)

    @property
    def waiting(self) -> bool:
        return self.event.stage != Stage.PUBLISHED


@dataclass(frozen=True, slots=True)
class Choices:
    chosen: list[Choice]
    found: list[Choice]
    query: str
    more: bool

    @property
    def in_words(self) -> str:
        """What the search found, for the live region; nothing before anybody searched."""
        if not self.query:
            return ""
        if not self.found:
            return "No other event has these words."
        return f"{len(self.found)}{' or more' if self.more else ''} found."

    effects = plain(EffectKind)


def choices(
    obligation: Obligation,
    query: str,
    chosen: Sequence[uuid.UUID],
    stated: Mapping[str, str],
    person: Person | None,
) -> Choices:
    """The events ticked so far, then what the words find; without words the newest that bear on the obligation.

    ``stated`` holds the form's fields. People who are signed out (None) see only what is public.
    """
    effects = Effect.objects.filter(event=OuterRef("pk"), obligation=obligation)
    if person is None:
        happened = Event.objects.public(Vantage.now())
        effects = effects.filter(stage=Stage.PUBLISHED)
    else:
        happened = Event.objects.at_hand_of(person)
        effects = effects.filter(~Q(stage=Stage.DRAFT) | Q(proposal__author=person))
    happened = happened.filter(agreement=obligation.agreement, state=EventState.OCCURRED)
    events = happened.annotate(told=Count("reports"), bears=Subquery(effects.values("effect")))
    ticked = list(events.filter(pk__in=chosen).order_by("-date", "-pk"))
    others = events.exclude(pk__in=chosen).order_by(F("date").desc(), "-pk")
    words = query.split()
    if words:
        for word in words[:8]:
            others = others.filter(Q(title__icontains=word) | Q(summary__icontains=word) | Q(place__icontains=word))
        limit = SHOWN
    else:
        others, limit = others.filter(Exists(effects)), SHOWN_AT_FIRST
    found = list(others[: limit + 1])
    return Choices(
        chosen=[_choice(event, stated, chosen=True) for event in ticked],
        found=[_choice(event, stated, chosen=False) for event in found[:limit]],
        query=query,
        more=len(found) > limit,
    )


def asked(data: Mapping[str, str]) -> str:
    """The words to search for. The database knows no text with a NUL in it."""
    return data.get("q", "").replace("\0", "").strip()[:200]


def _choice(event: Event, stated: Mapping[str, str], *, chosen: bool) -> Choice:
    return Choice(
        event=event,
        reports=getattr(event, "told"),  # noqa: B009  # an annotation
        effect=getattr(event, "bears") or "",  # noqa: B009  # the same
        stated=stated.get(effect_name(event.pk), ""),
        chosen=chosen,
    )


@require_safe
@at_the_desk()
def article(request: Request, pk: uuid.UUID) -> HttpResponse:
    """Whether an address is known already, and which events of the agreement were taken from it."""
    obligation = obligation_to_assess(request, pk)
    try:
        url = canonical_url(request.GET.get("article-url", "").replace("\0", "").strip())
    except ValueError:
        url = ""
    known = Article.at(url) if url else None
    seen = Event.objects.at_hand_of(request.user)
    events = seen.filter(agreement=obligation.agreement, reports__article=known).distinct() if known else None
    context = {"known": known, "events": events.order_by("-date", "-pk")[:SHOWN_AT_FIRST] if events else []}
    return render(request, "desk/_known_article.html", context)


@require_safe
@at_the_desk()
def search(request: Request, pk: uuid.UUID) -> HttpResponse:
    """The list for what has been typed so far; events ticked already stay, with what was said of them."""
    obligation = obligation_to_assess(request, pk)
    ticked = [found for found in map(as_id, request.GET.getlist("evidence")) if found]
    unique = request.GET.get("form", "")
    if not DeskForm.UNIQUE.fullmatch(unique):
        unique = obligation.pk.hex
    listed = choices(obligation, asked(request.GET), ticked, request.GET, request.user)
    context = {"evidence": listed, "unique": unique, "obligation": obligation, "announce": True}
    if not request.htmx:
        return render(request, "desk/evidence.html", context)
    return render(request, "desk/_evidence_list.html", context)
