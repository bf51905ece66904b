"""Which records may be of one and the same thing: similar names, the same day and actors, the same text or address."""

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any
from urllib.parse import urlsplit

from django.db.models import Count, Q, QuerySet

from tracker.codebook import Stage

from .actors import Actor
from .evidence import Article, Event, Outlet

LIKE = 0.8
SHOWN = 8
FOUND = 20
DAYS_APART = 3
LOOKED_AT = 500
"""So many events near in time are compared at most."""

SMALL_WORDS = {"the", "of", "and", "a", "an", "al", "el"}


@dataclass(frozen=True, slots=True)
class Twin:
    """A record that may be the same, and what speaks for it."""

    record: Any
    why: str
    weight: float


def likely(record: Any) -> list[Twin]:
    """The records most likely to be the same, the likeliest first. A fixed number of queries."""
    found: Iterable[Twin]
    match record:
        case Actor():
            found = _named_alike(record, [record.name, *record.aliases], Actor.objects.exclude(pk=record.pk))
        case Outlet():
            found = _outlets(record)
        case Article():
            found = _articles(record)
        case _:
            found = _events(record)
    return sorted(found, key=lambda twin: (-twin.weight, str(twin.record)))[:SHOWN]


def search(record: Any, words: str) -> list[Any]:
    """Records of the same table with all of these words in their names; events of the same agreement only."""
    rows: QuerySet[Any] = type(record).objects.exclude(pk=record.pk)
    paths = {
        "actor": ("name", "slug", "aliases"),
        "outlet": ("name", "slug", "domain"),
        "article": ("title", "url", "outlet__name"),
        "event": ("title", "ref", "place", "summary"),
    }[str(record._meta.model_name)]
    for word in words.replace("\0", "").split()[:8]:
        any_path = Q()
        for path in paths:
            any_path |= Q(**{f"{path}__icontains": word})
        rows = rows.filter(any_path)
    if isinstance(record, Event):
        # What is not public yet is nobody's to merge, and drafts are nobody else's to see.
        rows = rows.filter(agreement=record.agreement, stage=Stage.PUBLISHED)
    return list(described(rows)[:FOUND])


def described(rows: QuerySet[Any]) -> QuerySet[Any]:
    """With what a line about each of them reads."""
    if rows.model is Article:
        return rows.select_related("outlet")
    return rows.select_related("parent") if rows.model is Actor else rows


def plain(name: str) -> str:
    """A name without accents, case, punctuation and small words."""
    letters = unicodedata.normalize("NFKD", name.casefold())
    words = re.findall(r"\w+", "".join(one for one in letters if not unicodedata.combining(one)))
    return " ".join(word for word in words if word not in SMALL_WORDS) or " ".join(words)


def likeness(one: str, other: str) -> float:
    """From 0 to 1, of two plain names; the order of the words does not matter."""
    ours, theirs = set(one.split()), set(other.split())
    if ours and ours == theirs:
        return 1.0
    matcher = SequenceMatcher(None, one, other)
    if matcher.quick_ratio() < LIKE:
        return 0.0
    return matcher.ratio()


def _named_alike(record: Any, names: list[str], others: QuerySet[Any]) -> Iterable[Twin]:
    ours = {plain(name) for name in names}
    for other in described(others):
        theirs = {plain(name) for name in (other.name, *getattr(other, "aliases", []))}
        if ours & theirs:
            yield Twin(other, "goes by the same name", 1.0)
            continue
        best = max(likeness(one, another) for one in ours for another in theirs)
        if best >= LIKE:
            yield Twin(other, "has a similar name", best)


def _outlets(record: Outlet) -> Iterable[Twin]:
    others = Outlet.objects.exclude(pk=record.pk)
    found = {twin.record.pk: twin for twin in _named_alike(record, [record.name], others)}
    if record.domain:
        for other in others.filter(domain__iexact=record.domain):
            found[other.pk] = Twin(other, "has the same site", 1.0)
    return found.values()


def _articles(record: Article) -> Iterable[Twin]:
    parts = urlsplit(record.url)
    page = f"{(parts.hostname or '').removeprefix('www.')}{parts.path.rstrip('/')}"
    day = record.published_on
    near = Q(title__iexact=record.title) | Q(same_text_as=record) | Q(url__icontains=page)
    if record.same_text_as_id:
        near |= Q(pk=record.same_text_as_id) | Q(same_text_as=record.same_text_as_id)
    if day:
        span = (day - dt.timedelta(days=1), day + dt.timedelta(days=1))
        near |= Q(outlet=record.outlet_id, published_on__range=span)
    for other in described(Article.objects.exclude(pk=record.pk).filter(near))[:LOOKED_AT]:
        address = urlsplit(other.url)
        if f"{(address.hostname or '').removeprefix('www.')}{address.path.rstrip('/')}" == page:
            yield Twin(other, "has nearly the same address", 1.0)
        elif other.title.casefold() == record.title.casefold():
            yield Twin(other, "has the same title", 0.95 if other.outlet_id == record.outlet_id else 0.9)
        elif other.same_text_as_id == record.pk or record.same_text_as_id in (other.pk, other.same_text_as_id or "-"):
            yield Twin(other, "prints the same text", 0.85)
        elif (best := likeness(plain(record.title), plain(other.title))) >= LIKE:
            yield Twin(other, "has a similar title on about the same day", best)


def _events(record: Event) -> Iterable[Twin]:
    first = record.date - dt.timedelta(days=DAYS_APART)
    last = record.interval_end + dt.timedelta(days=DAYS_APART)
    near = Event.objects.filter(agreement=record.agreement_id, date__lte=last, interval_end__gte=first)
    near = near.filter(state=record.state, stage=Stage.PUBLISHED).exclude(pk=record.pk)
    cast = record.actors.order_by().values("actor")
    others: Any = near.annotate(shared=Count("actors__actor", filter=Q(actors__actor__in=cast), distinct=True))
    for other in others.order_by("-shared", "-date", "-pk")[:LOOKED_AT]:
        alike = likeness(plain(record.title), plain(other.title))
        apart = abs((other.date - record.date).days)
        weight = 0.2 * min(other.shared, 3) + alike + (0.3 if other.kind == record.kind else 0) - 0.1 * apart
        told = ["on the same day" if apart == 0 else f"{apart} day{'s' if apart > 1 else ''} apart"]
        if other.shared:
            told.append(f"{other.shared} actor{'s' if other.shared > 1 else ''} in common")
        if alike >= LIKE:
            told.append("a similar title")
        if other.kind == record.kind:
            told.append("of the same kind")
        if other.shared or alike >= LIKE:
            yield Twin(other, ", ".join(told), weight)
