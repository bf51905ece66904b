"""The public ids that follow from a case file: the same file gives the same addresses everywhere.

Each is UUIDv5 of the path of its row. Rows that have no name of their own are numbered where they stand; the first
one goes without a number. A dump leaves out the ids that follow.
"""

import datetime as dt
import re
import uuid
from collections.abc import Iterable

from django.utils.text import slugify

from tracker.models import derived_id


def agreement_id(slug: str) -> uuid.UUID:
    return derived_id(slug)


def instrument_id(slug: str, code: str) -> uuid.UUID:
    return derived_id(slug, "instruments", code)


def clause_id(slug: str, instrument: str, number: str) -> uuid.UUID:
    return derived_id(slug, "clauses", instrument, number)


def phase_id(slug: str, ordinal: int) -> uuid.UUID:
    return derived_id(slug, "phases", str(ordinal))


def obligation_id(slug: str, code: str) -> uuid.UUID:
    return derived_id(slug, "obligations", code)


def measure_id(slug: str, obligation: str, code: str) -> uuid.UUID:
    return derived_id(slug, "measures", obligation, code)


def event_id(slug: str, ref: str) -> uuid.UUID:
    return derived_id(slug, "events", ref)


def report_id(slug: str, event: str, source: str, number: int) -> uuid.UUID:
    return derived_id(slug, "reports", event, source, *_number(number))


def observation_id(slug: str, event: str, obligation: str, measure: str, source: str, number: int) -> uuid.UUID:
    return derived_id(slug, "observations", event, obligation, measure, source, *_number(number))


def assessment_id(slug: str, obligation: str, effective_on: dt.date, number: int) -> uuid.UUID:
    return derived_id(slug, "assessments", obligation, effective_on.isoformat(), *_number(number))


# Shared by all agreements.


def actor_id(ref: str) -> uuid.UUID:
    return derived_id("actors", ref)


def outlet_id(name: str) -> uuid.UUID:
    return derived_id("outlets", name)


def article_id(url: str) -> uuid.UUID:
    return derived_id("articles", url)


def outlet_slug(name: str) -> str:
    """The part of an outlet's address that follows from its name."""
    slug = re.sub(r"[-_]+", "-", slugify(name))[:100].strip("-")
    # A name without Latin letters.
    return slug or f"outlet-{outlet_id(name).hex[:8]}"


def clause_name(instrument: str, number: str) -> str:
    """How a clause is named where its number alone would not do."""
    return f"{instrument}/{number}"


def find_clause(name: str, instrument: str | None, numbers: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """The clauses, as (instrument, number), that a reference may mean: one if it is clear, else none or several.

    A number means that clause of ``instrument`` (the obligation's own), else the one clause of that number in the
    whole agreement. ``instrument/number`` is always clear.
    """
    known = list(numbers)
    if instrument is not None and (instrument, name) in known:
        return [(instrument, name)]
    same = [clause for clause in known if clause[1] == name]
    return same or [clause for clause in known if clause_name(*clause) == name]


def _number(number: int) -> tuple[str, ...]:
    return () if number == 1 else (str(number),)
