"""Full-text search of events and articles, on a day and as recorded by a day.

An event is found by its own words (title, summary, place), by those of its reports (quotes, who said it, titles of
articles, outlets), by the names of its actors and by the titles of the obligations that it bears on. What is asked for
may be spread over all of them; a phrase stands in one of them. A report counts only where it was recorded by the record
day and its article published by the day, an obligation where it was agreed by then.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import F, FloatField, Max, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from tracker.reading.asking import LONGEST, MOST_TERMS, WORDS, Asked, Term, asked, cleaned, plain

from .actors import Actor
from .agreements import Obligation, ObligationQuerySet
from .base import Vantage
from .evidence import Article, ArticleQuerySet, Effect, Event, EventActor, EventQuerySet, Outlet, Report, ReportQuerySet
from .vectors import AsQuery, Forms, Has, Stems, Weight, joined

RANKED = 1000
"""How many of the newest events or articles found are put in order of relevance."""

SHOWN_BY_RELEVANCE = 200
"""How many of those can be paged through."""


@dataclass(frozen=True, slots=True)
class Sought:
    """Terms of which one is enough, as the database understands them: by stem, and by prefix. Either may be empty."""

    stems: str
    forms: str

    def within(self, *columns: Any) -> Q:
        """The rows that have one of the terms in these columns."""
        found = Q()
        if self.stems:
            found |= Q(Has(Stems(*columns), AsQuery(self.stems)))
        if self.forms:
            found |= Q(Has(Forms(*columns), AsQuery(self.forms)))
        return found

    def weight(self, *columns: Any) -> Any:
        """How much of the terms the columns have."""
        total: Any = Value(0.0, output_field=FloatField())
        if self.stems:
            total = total + Weight(Stems(*columns), AsQuery(self.stems))
        if self.forms:
            total = total + Weight(Forms(*columns), AsQuery(self.forms))
        return total


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked for. An empty one finds everything, one that is ``too_long`` nothing."""

    text: str = ""
    groups: tuple[Sought, ...] = ()
    excluded: tuple[Sought, ...] = ()
    too_common: tuple[str, ...] = ()
    stems: frozenset[str] = frozenset()
    prefixes: tuple[str, ...] = ()
    too_long: bool = False

    @property
    def is_empty(self) -> bool:
        return not (self.groups or self.excluded or self.too_long)

    @property
    def can_rank(self) -> bool:
        return bool(self.groups)

    @property
    def anything(self) -> Sought:
        """All that is looked for, of which one is enough."""
        return Sought(
            " | ".join(one.stems for one in self.groups if one.stems),
            " | ".join(one.forms for one in self.groups if one.forms),
        )


def understood(text: str) -> Question:
    """What was typed, as the database understands it: one query."""
    text = cleaned(text)
    if len(text) > LONGEST:
        return Question(text, too_long=True)
    question = asked(text)
    if len(question.terms) > MOST_TERMS:
        return Question(text, too_long=True)
    if not question.terms:
        return Question(text)
    stemmed = _stemmed([term.text for term in question.terms])
    common = {term for term in question.terms if not term.prefix and not stemmed[term.text][0]}
    sought = [term for group in question.groups for term in group if term not in common]
    return Question(
        text=text,
        groups=tuple(one for group in question.groups if (one := _sought(group, stemmed)) is not None),
        excluded=tuple(one for term in question.excluded if (one := _sought([term], stemmed)) is not None),
        too_common=tuple(term.text for term in _in_order(question) if term in common),
        stems=frozenset(stem for term in sought if not term.prefix for stem in stemmed[term.text][1]),
        prefixes=tuple(term.text.split()[-1].casefold() for term in sought if term.prefix),
    )


def _in_order(question: Asked) -> list[Term]:
    return list(dict.fromkeys(question.terms))


def _stemmed(texts: list[str]) -> dict[str, tuple[str, list[str]]]:
    """Each text as a query for its words in that order, and its words by stem."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT text, phraseto_tsquery('tracker', tracker_bare(text))::text,"
            " tsvector_to_array(tracker_stems(text)) FROM unnest(%s::text[]) AS text",
            [texts],
        )
        return {text: (query, stems) for text, query, stems in cursor.fetchall()}


def _sought(terms: Iterable[Term], stemmed: dict[str, tuple[str, list[str]]]) -> Sought | None:
    """The terms in the database's own notation; None where all of them are too common to look for."""
    stems, forms = [], []
    for term in terms:
        if term.prefix:
            # Letters and digits only, so nothing in it can be taken for notation.
            words = [f"'{word.lower()}'" for word in term.text.split()]
            forms.append(f"({' <-> '.join(words)}:*)")
        elif stemmed[term.text][0]:
            stems.append(f"({stemmed[term.text][0]})")
    return Sought(" | ".join(stems), " | ".join(forms)) if stems or forms else None


# Events


def telling(vantage: Vantage) -> ReportQuerySet:
    """Reports that had been recorded by the record day in articles published by the day; undated ones stay."""
    by_day = Q(article__published_on__lte=vantage.as_of) | Q(article__published_on__isnull=True)
    return Report.objects.known(vantage).filter(by_day)


def events_with(events: EventQuerySet, question: Question, vantage: Vantage) -> EventQuerySet:
    """Those of these events that the question finds."""
    if question.too_long:
        return events.none()
    for one in question.groups:
        events = events.filter(_events_having(one, vantage) | _events_bearing(one, vantage))
    for one in question.excluded:
        events = events.exclude(_events_having(one, vantage))
    return events


def _events_bearing(one: Sought, vantage: Vantage) -> Q:
    """The events that bear on an obligation with one of the terms in its title."""
    duties = Obligation.objects.agreed(vantage).filter(one.within("title")).order_by().values("pk")
    return Q(pk__in=Effect.objects.known(vantage).filter(obligation__in=duties).order_by().values("event"))


def obligations_with(question: Question, vantage: Vantage) -> ObligationQuerySet:
    """The obligations with all of this in their titles."""
    duties = Obligation.objects.agreed(vantage)
    if not question.can_rank:
        return duties.none()
    for one in question.groups:
        duties = duties.filter(one.within("title"))
    for one in question.excluded:
        duties = duties.exclude(one.within("title"))
    return duties


def _events_having(one: Sought, vantage: Vantage) -> Q:
    """The events with one of the terms. Each way is a query of its own, so that each is served by its index."""
    actors = Actor.objects.filter(one.within("name", joined("aliases"))).values("pk")
    outlets = Outlet.objects.filter(one.within("name")).values("pk")
    articles = Article.objects.filter(one.within("title", "authors")).values("pk")
    reports = telling(vantage).order_by()
    return (
        Q(pk__in=Event.with_merged.filter(one.within("title", "summary", "place")).order_by().values("pk"))
        | Q(pk__in=reports.filter(one.within("quote", "originator_text")).values("event"))
        | Q(pk__in=reports.filter(originator__in=actors).values("event"))
        | Q(pk__in=reports.filter(article__in=articles).values("event"))
        | Q(pk__in=reports.filter(article__outlet__in=outlets).values("event"))
        | Q(pk__in=reports.filter(relays__in=outlets).values("event"))
        | Q(pk__in=EventActor.objects.known(vantage).filter(actor__in=actors).order_by().values("event"))
    )


def events_by_relevance(events: EventQuerySet, question: Question, vantage: Vantage) -> list[UUID]:
    """The most relevant of the newest of these events: the title counts most, then its text, then what is said."""
    one = question.anything
    said = telling(vantage).filter(event=OuterRef("pk")).order_by()
    heard = one.weight("quote", "originator_text") + one.weight("article__title")
    best = said.values("event").annotate(best=Max(heard))
    newest = events.order_by("-date", "-id").values("pk")[:RANKED]
    rows = Event.objects.filter(pk__in=newest).annotate(
        weight=one.weight("title") * 4
        + one.weight("summary", "place") * 2
        + Coalesce(Subquery(best.values("best")), 0.0, output_field=FloatField())
    )
    return _first_of(rows.order_by("-weight", "-date", "-id"))


def _first_of(rows: QuerySet[Any]) -> list[UUID]:
    return list(rows.values_list("pk", flat=True)[:SHOWN_BY_RELEVANCE])


# Articles


def articles_with(articles: ArticleQuerySet, question: Question, vantage: Vantage) -> ArticleQuerySet:
    """Those of these articles that the question finds: by title, authors, outlet and what is taken from them."""
    if question.too_long:
        return articles.none()
    for one in question.groups:
        articles = articles.filter(_articles_having(one, vantage))
    for one in question.excluded:
        articles = articles.exclude(_articles_having(one, vantage))
    return articles


def _articles_having(one: Sought, vantage: Vantage) -> Q:
    actors = Actor.objects.filter(one.within("name", joined("aliases"))).values("pk")
    outlets = Outlet.objects.filter(one.within("name")).values("pk")
    reports = telling(vantage).filter(event__in=Event.objects.reached(vantage).order_by().values("pk")).order_by()
    return (
        Q(pk__in=Article.objects.filter(one.within("title", "authors")).order_by().values("pk"))
        | Q(outlet__in=outlets)
        | Q(pk__in=reports.filter(one.within("quote", "originator_text")).values("article"))
        | Q(pk__in=reports.filter(originator__in=actors).values("article"))
        | Q(pk__in=reports.filter(relays__in=outlets).values("article"))
    )


def articles_by_relevance(articles: ArticleQuerySet, question: Question, vantage: Vantage) -> list[UUID]:
    """The most relevant of the newest of these articles: the title counts most, then what is taken from it."""
    one = question.anything
    said = telling(vantage).filter(article=OuterRef("pk")).order_by()
    best = said.values("article").annotate(best=Max(one.weight("quote", "originator_text")))
    newest = articles.order_by(F("published_on").desc(nulls_last=True), "id").values("pk")[:RANKED]
    rows = Article.objects.filter(pk__in=newest).annotate(
        weight=one.weight("title") * 4
        + one.weight("authors")
        + Coalesce(Subquery(best.values("best")), 0.0, output_field=FloatField())
    )
    return _first_of(rows.order_by("-weight", F("published_on").desc(nulls_last=True), "id"))


# Where the words stand


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a text; ``hit`` where it is one of the words looked for."""

    text: str
    hit: bool


class Marker:
    """Finds the words looked for in texts of a page. Made with all of them, it asks the database once."""

    def __init__(self, question: Question, texts: Iterable[str]) -> None:
        self._question = question
        self._hits: frozenset[str] = frozenset()
        if question.stems:
            words = {word for text in texts for word in WORDS.findall(text)}
            self._hits = self._matching(sorted(words))

    def _matching(self, words: Sequence[str]) -> frozenset[str]:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT word FROM unnest(%s::text[]) AS word"
                " WHERE tsvector_to_array(tracker_stems(word)) && %s::text[]",
                [list(words), sorted(self._question.stems)],
            )
            return frozenset(word for (word,) in cursor.fetchall())

    def pieces(self, text: str) -> list[Piece]:
        """The text in parts, words looked for apart from the rest."""
        found: list[Piece] = []
        end = 0
        for word in WORDS.finditer(text):
            if self._hit(word[0]):
                if word.start() > end:
                    found.append(Piece(text[end : word.start()], hit=False))
                found.append(Piece(word[0], hit=True))
                end = word.end()
        if end < len(text):
            found.append(Piece(text[end:], hit=False))
        return found

    def finds(self, text: str) -> bool:
        return any(self._hit(word) for word in WORDS.findall(text))

    def _hit(self, word: str) -> bool:
        return word in self._hits or any(plain(word).casefold().startswith(one) for one in self._question.prefixes)


SENTENCE = re.compile(r"[^.!?؟]+[.!?؟]*\s*")


def passage(text: str, marker: Marker, longest: int = 320) -> str:
    """The sentences of a text from the first one with a word looked for on, up to ``longest`` characters.

    Empty where the text has none of the words.
    """
    sentences = SENTENCE.findall(text)
    first = next((number for number, one in enumerate(sentences) if marker.finds(one)), None)
    if first is None:
        return ""
    found = "".join(sentences[first:]).strip()
    cut = found if len(found) <= longest else found[:longest].rsplit(" ", 1)[0] + " …"
    return ("… " if first else "") + cut
