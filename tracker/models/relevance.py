"""How much an announced article has to do with an agreement: PostgreSQL's full-text search over title and summary.

The question is made of what the agreement is about: its actors with their aliases, and the words of its obligations.
Whatever has one of them matches; the more and the rarer in title and summary, the higher it ranks.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.search import SearchHeadline, SearchQuery, SearchRank, SearchVector, SearchVectorExact
from django.db import models
from django.db.models import Case, F, FloatField, Q, Value, When
from django.db.models.functions import Coalesce, Round

from tracker.codebook import ActorKind

from .actors import Actor
from .agreements import Agreement
from .evidence import EventActor
from .inbox import Candidate

CONFIG = "english"
"""Finds "hostage" in "hostages"; what is not English is compared as it is written."""

RANKED = 1000
"""So many of the newest are ranked."""

TERMS = 400
START, STOP = "\x02", "\x03"
WORD = re.compile(r"[^\W\d_]{4,}")
MARKED = re.compile(f"{START}([^{START}{STOP}]+){STOP}")
BETWEEN = re.compile(rf"{STOP}(\s){START}")

COMMON = frozenset(
    re.findall(
        r"\w+",
        "about accept accordance according after agree agreed agreement allow also among area areas back based been "
        "before begin between both carry case complete completed days does each end ensure establish every first from "
        "full fully further give given gives have hold hours include including into keep later least lets long made "
        "make making months more move must needed number other over part parties party people period phase plan point "
        "points present progress provide reports return same second self shall side sides since stage start state stay "
        "such taken takes than that their them then there these they third this those through time under until upon "
        "weeks what when where which while will with within without work would year years",
    )
)
"""Words of obligations that say nothing about which agreement it is. "Return" is the verb of half of them."""

AMBIGUOUS = frozenset({"us", "it", "is", "in", "at", "no", "who", "may", "can", "will"})
"""Names that, in small letters, are words."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What to look for. ``names`` may be of several words, which then have to stand together."""

    names: tuple[str, ...]
    words: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.names or self.words)

    @property
    def query(self) -> SearchQuery:
        return self.of_names | self.of_words

    @property
    def of_names(self) -> SearchQuery:
        return _any_of(f'"{name}"' for name in self.names)

    @property
    def of_words(self) -> SearchQuery:
        return _any_of(self.words)


def _any_of(terms: Iterable[str]) -> SearchQuery:
    return SearchQuery(" or ".join(terms), config=CONFIG, search_type="websearch")


def _number(terms: Iterable[str]) -> float:
    """Of different words in these terms."""
    return float(len({word for term in terms for word in term.casefold().split()}))


def terms_of(agreement: Agreement) -> Terms:
    """The names and words of an agreement: three queries."""
    duties = list(agreement.obligations.prefetch_related("obligors", "beneficiaries"))
    actors: dict[object, Actor] = {}
    for duty in duties:
        actors |= {actor.pk: actor for actor in (*duty.obligors.all(), *duty.beneficiaries.all())}
    of_parties = Q(parties__agreement=agreement) | Q(root__parties__agreement=agreement)
    of_events = Q(pk__in=EventActor.objects.filter(event__agreement=agreement).values("actor"))
    actors |= {actor.pk: actor for actor in Actor.objects.filter(of_parties | of_events).distinct()}
    # Agencies sign whatever they report on.
    actors = {pk: actor for pk, actor in actors.items() if actor.kind != ActorKind.MEDIA}
    names = [name for actor in actors.values() for name in (actor.name, *actor.aliases)]
    # Headlines name people by the last of their names.
    people = [actor.name.split() for actor in actors.values() if actor.kind == ActorKind.PERSON]
    names += [name[-1] for name in people if len(name[-1]) > 3]
    words = [word for duty in duties for word in WORD.findall(duty.title.casefold())]
    if agreement.territory:
        names.append(agreement.territory)
    return Terms(names=_names(names), words=tuple(dict.fromkeys(word for word in words if word not in COMMON))[:TERMS])


def _names(names: Iterable[str]) -> tuple[str, ...]:
    """Each once and without what the search would take for a sign of its own."""
    found = (" ".join(re.sub(r'["\\\x00]', " ", name).split()) for name in names)
    fit = (name for name in found if len(name) > 1 and name.casefold() not in AMBIGUOUS)
    return tuple(dict.fromkeys(fit))[:TERMS]


class Match(SearchVectorExact):
    """Whether a text has one of the terms."""

    output_field = models.BooleanField()


def ranked(rows: "models.QuerySet[Candidate]", terms: Terms) -> Any:
    """Candidates, the newest of ``rows``, with ``rank`` (0 where nothing matches) and ``seen_at``; the best first."""
    newest = rows.order_by(F("published_at").desc(nulls_last=True), "-id").values("pk")[:RANKED]
    found: Any = Candidate.objects.filter(pk__in=newest)
    found = found.annotate(seen_at=Coalesce("published_at", "recorded_at"))
    if not terms:
        return found.annotate(rank=Value(0.0, FloatField())).order_by("-rank", "-seen_at", "-pk")
    vector = SearchVector("title", weight="A", config=CONFIG) + SearchVector("summary", weight="B", config=CONFIG)
    # PostgreSQL divides by the number of words asked for. In whole numbers, so that of articles that fit about as well
    # the newest comes first. A single word out of an obligation is no more than a coincidence.
    names = SearchRank(vector, terms.of_names) * Value(_number(terms.names))
    words = SearchRank(vector, terms.of_words) * Value(_number(terms.words) / 2)
    scaled = Round(names + words, output_field=FloatField())
    rank = Case(When(Q(Match(vector, terms.query)), then=scaled), default=Value(0.0), output_field=FloatField())
    return found.annotate(rank=rank).order_by("-rank", "-seen_at", "-pk")


def with_matches(rows: Any, terms: Terms) -> Any:
    """The same candidates with the passages in which matching words are marked, for ``matched``."""
    if not terms:
        return rows.annotate(marked_title=Value(""), marked_summary=Value(""))

    def marked(field: str) -> SearchHeadline:
        return SearchHeadline(field, terms.query, config=CONFIG, start_sel=START, stop_sel=STOP, highlight_all=True)

    return rows.annotate(marked_title=marked("title"), marked_summary=marked("summary"))


def matched(*marked: str) -> list[str]:
    """The words that were marked, each once, as they are written."""
    words = [found for text in marked for found in MARKED.findall(BETWEEN.sub(r"\1", text or ""))]
    return list({word.casefold(): word for word in reversed(words)}.values())[::-1]
