"""The sides from which a list of events or articles can be narrowed, and how many rows each of their values has.

A facet is a set of pairs (row, value). The same pairs filter the list and are counted, so that both agree.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import BooleanField, Case, ExpressionWrapper, F, Q, QuerySet, TextField, Value, When
from django.db.models.functions import Cast, Concat

from tracker.codebook import Stage

from .agreements import Obligation
from .base import Vantage
from .evidence import Article, Effect, Event, EventActor, Report
from .search import telling

COUNTED = 10_000
"""How many of the newest rows are counted by value."""

IN_WORDS = "text:"
"""Begins the value of an originator who is none of the actors."""

type Chosen = Mapping[str, Sequence[str]]
"""The values chosen of each facet; a row needs one of them."""


@dataclass(frozen=True, slots=True)
class Facet:
    """``pairs`` has ``of``, the id of a row, and ``value``, as seen from a vantage."""

    name: str
    pairs: Callable[[Vantage], QuerySet[Any]]

    def having(self, values: Sequence[str], vantage: Vantage) -> Q:
        """The rows with one of the values."""
        return Q(pk__in=self.pairs(vantage).filter(value__in=list(values)).values("of"))


def _pairs(rows: QuerySet[Any], of: str, value: Any) -> QuerySet[Any]:
    """Those of the rows that have a value."""
    text = Cast(F(value) if isinstance(value, str) else value, TextField())
    named = rows.order_by().annotate(of=F(of), value=text)
    found: QuerySet[Any] = named.exclude(value="").exclude(value=None).values("of", "value")
    return found


def _own(column: str) -> Callable[[Vantage], QuerySet[Any]]:
    return lambda _vantage: _pairs(Event.objects.filter(stage=Stage.PUBLISHED), "pk", column)


def _effects(column: str) -> Callable[[Vantage], QuerySet[Any]]:
    def pairs(vantage: Vantage) -> QuerySet[Any]:
        agreed = Obligation.objects.agreed(vantage).order_by().values("pk")
        return _pairs(Effect.objects.known(vantage).filter(obligation__in=agreed), "event", column)

    return pairs


def _reports(column: Any, of: str = "event") -> Callable[[Vantage], QuerySet[Any]]:
    return lambda vantage: _pairs(telling(vantage), of, column)


def _actors(vantage: Vantage) -> QuerySet[Any]:
    return _pairs(EventActor.objects.known(vantage), "event", "actor__root__slug")


ORIGINATOR = Case(
    When(originator__isnull=False, then=F("originator__root__slug")),
    When(originator_text="", then=Value("")),
    default=Concat(Value(IN_WORDS), F("originator_text")),
    output_field=TextField(),
)

OF_EVENTS: dict[str, Facet] = {
    facet.name: facet
    for facet in (
        Facet("agreement", _own("agreement__slug")),
        Facet("phase", _effects("obligation__phase__ordinal")),
        Facet("category", _effects("obligation__category")),
        Facet("kind", _own("kind")),
        Facet("actor", _actors),
        Facet("verification", _own("verification")),
        Facet("originator", _reports(ORIGINATOR)),
        Facet("outlet", _reports("article__outlet__slug")),
        Facet("interest", _reports("article__outlet__interest")),
        Facet("place", _own("place")),
        Facet("dated", _own("date_precision")),
    )
}


def _article(column: str) -> Callable[[Vantage], QuerySet[Any]]:
    return lambda _vantage: _pairs(Article.objects.all(), "pk", column)


def _reporting(column: Any) -> Callable[[Vantage], QuerySet[Any]]:
    """By the events that an article reports and that the day has reached."""

    def pairs(vantage: Vantage) -> QuerySet[Any]:
        reached = Event.objects.reached(vantage).order_by().values("pk")
        return _pairs(Report.objects.known(vantage).filter(event__in=reached), "article", column)

    return pairs


OF_ARTICLES: dict[str, Facet] = {
    facet.name: facet
    for facet in (
        Facet("agreement", _reporting("event__agreement__slug")),
        Facet("outlet", _article("outlet__slug")),
        Facet("interest", _article("outlet__interest")),
        Facet("language", _article("language")),
        Facet("originator", _reporting(ORIGINATOR)),
        Facet("reliability", _article("reliability")),
    )
}


@dataclass(frozen=True, slots=True)
class Counts:
    """How many rows have each value, under all filters but those of the value's own facet.

    ``without``: how many there are when one facet's filters are dropped. ``partial``: only the newest ``COUNTED`` rows
    were counted.
    """

    by_value: dict[str, dict[str, int]] = field(default_factory=dict)
    without: dict[str, int] = field(default_factory=dict)
    total: int = 0
    partial: bool = False


def narrowed[Q_: QuerySet[Any]](rows: Q_, facets: Mapping[str, Facet], chosen: Chosen, vantage: Vantage) -> Q_:
    """The rows that have a chosen value of every facet of which one was chosen."""
    for name, values in chosen.items():
        rows = rows.filter(facets[name].having(values, vantage))
    return rows


def counted(rows: QuerySet[Any], facets: Mapping[str, Facet], chosen: Chosen, vantage: Vantage) -> Counts:
    """Counts the values of all facets over ``rows`` (in their order, before any facet narrows them) in one query."""
    marks = {
        f"has_{name}": ExpressionWrapper(facets[name].having(values, vantage), output_field=BooleanField())
        for name, values in chosen.items()
    }
    try:
        base, params = _sql(rows.annotate(**marks).values_list("pk", *marks)[: COUNTED + 1])
    except EmptyResultSet:
        return Counts({name: {} for name in facets})
    parts: list[str] = []
    given = list(params)

    def others(name: str) -> str:
        return " AND ".join(["true", *(f"base.has_{other}" for other in chosen if other != name)])

    for name, facet in facets.items():
        pairs, params = _sql(facet.pairs(vantage).values_list("of", "value"))
        parts.append(
            f"SELECT '{name}', pair.value, count(DISTINCT base.id) FROM base JOIN ({pairs}) AS pair (id, value)"
            f" ON pair.id = base.id WHERE {others(name)} GROUP BY pair.value"
        )
        given += params
    parts += [f"SELECT '{name}', NULL, count(*) FROM base WHERE {others(name)}" for name in chosen]
    parts.append(f"SELECT NULL, NULL, count(*) FROM base WHERE {others('')}")
    parts.append("SELECT NULL, 'all', count(*) FROM base")
    columns = ", ".join(["id", *marks])
    counts: dict[str, dict[str, int]] = {name: {} for name in facets}
    without: dict[str, int] = {}
    total, partial = 0, False
    with connection.cursor() as cursor:
        cursor.execute(f"WITH base ({columns}) AS MATERIALIZED ({base}) {' UNION ALL '.join(parts)}", given)
        for name, value, number in cursor.fetchall():
            if name and value is not None:
                counts[name][value] = number
            elif name:
                without[name] = number
            elif value:
                partial = number > COUNTED
            else:
                total = number
    return Counts(counts, without, total, partial)


def _sql(rows: QuerySet[Any]) -> tuple[str, tuple[Any, ...]]:
    text, params = rows.query.sql_with_params()
    return text, params
