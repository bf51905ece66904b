"""Text as the database searches it: its words by stem, and as they are written.

The functions and the configuration ``tracker`` (English stems for Latin letters, Arabic ones for the other scripts,
which leave words of other languages as they are) are made by migration 0014.
"""

from typing import Any

from django.contrib.postgres.search import SearchQueryField, SearchVectorField
from django.db.models import BooleanField, F, FloatField, Func, Value


class Stems(Func):
    """The words of some columns by stem."""

    function = "tracker_stems"
    arg_joiner = " || ' ' || "
    output_field = SearchVectorField()


class Forms(Func):
    """The words of some columns as they are written, for prefixes."""

    function = "tracker_forms"
    arg_joiner = " || ' ' || "
    output_field = SearchVectorField()


class AsQuery(Func):
    template = "%(expressions)s::tsquery"
    output_field = SearchQueryField()

    def __init__(self, text: str, **extra: Any) -> None:
        super().__init__(Value(text), **extra)


class Has(Func):
    """Whether a vector satisfies a query."""

    template = "(%(expressions)s)"
    arg_joiner = " @@ "
    output_field = BooleanField()


class Weight(Func):
    """How much a vector has of a query."""

    function = "ts_rank"
    output_field = FloatField()


def joined(array: str) -> Func:
    """The texts of an array as one text. Not fit for an index: PostgreSQL does not promise that it never changes."""
    return Func(F(array), Value(" "), function="array_to_string")
