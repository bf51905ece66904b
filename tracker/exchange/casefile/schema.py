"""The parts of a case file, key by key, in the order in which a dump writes them.

Each part knows its own keys, kinds of value and values of the codebook; whether parts fit together is ``check``'s
question. Text is read as it is written: an unquoted 2803 or no is text where text is due. Nothing is guessed.
"""

import datetime as dt
import re
import uuid
from decimal import Decimal
from typing import Annotated, Any, Self

from django.db.models import Field as Column
from django.db.models import IntegerChoices, Model
from pydantic import BaseModel, ConfigDict, GetJsonSchemaHandler, PrivateAttr, model_validator
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from tracker import codebook
from tracker import models as tables
from tracker.codebook import DEFAULT_LANGUAGE, QUOTE_WORDS, DatePrecision, Direction, FigureNature, Grade, Stance, Term
from tracker.exchange.addresses import canonical_url, check_url
from tracker.models.base import SLUG_PATTERN

from .read import Plain, Row
from .text import line, prose

FORMAT = 1

WHOLE = re.compile(r"-?(0|[1-9][0-9]*)\Z")
NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?\Z")
SLUG = re.compile(rf"{SLUG_PATTERN}\Z")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")
MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?(Z|[+-][0-9]{2}:[0-9]{2})?\Z"
)
LAST_YEAR = 2999

SHOWN = 60
"""How much of a wrong value a message repeats, in characters."""


def shown(value: str) -> str:
    text = value if len(value) <= SHOWN else f"{value[:SHOWN]}..."
    return f'"{text}"'


# Kinds of value. ``read`` raises ValueError with a message that goes after the place; ``describe`` is JSON Schema.


class Scalar:
    """A single value. Subclasses read its text."""

    def take(self, value: object) -> Any:
        if value is None:
            raise ValueError("is empty")
        if isinstance(value, dict | list):
            raise ValueError(f"should be {self.wanted}, not a {'group of keys' if isinstance(value, dict) else 'list'}")
        return self.read(str(value), quoted=not isinstance(value, Plain))

    wanted = "a single value"
    stand_in = "unknown"
    """A text that can be read: what takes the place of one that cannot, so that the rest can still be checked."""

    def read(self, text: str, *, quoted: bool) -> Any:
        raise NotImplementedError

    def describe(self) -> JsonSchemaValue:
        raise NotImplementedError

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(self.take)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return self.describe()


def room(table: type[Model], field: str) -> int | None:
    """How many characters the database keeps there."""
    column = table._meta.get_field(field)
    assert isinstance(column, Column)  # noqa: S101  # for the type checker
    return column.max_length


class Text(Scalar):
    """Text as long as its column. Where the column holds one line, line breaks become spaces."""

    wanted = "text"

    def __init__(self, table: type[Model] | None = None, field: str = "", *, longest: int | None = None) -> None:
        self.longest = room(table, field) if table else longest

    def read(self, text: str, *, quoted: bool) -> str:
        text = line(text) if self.longest else prose(text)
        if not text:
            raise ValueError("is empty")
        if self.longest and len(text) > self.longest:
            raise ValueError(f"has {len(text):,} characters; at most {self.longest:,} fit")
        return text

    def describe(self) -> JsonSchemaValue:
        return {"type": "string", "minLength": 1} | ({"maxLength": self.longest} if self.longest else {})


class Slug(Text):
    """A name by which other parts, addresses and other files refer to something."""

    def read(self, text: str, *, quoted: bool) -> str:
        text = super().read(text, quoted=quoted)
        if not SLUG.match(text):
            raise ValueError(
                f"{shown(text)} is no name: use small Latin letters and digits, in groups joined by single hyphens"
            )
        return text

    def describe(self) -> JsonSchemaValue:
        return super().describe() | {"pattern": f"^{SLUG_PATTERN}$"}


class Quote(Text):
    def read(self, text: str, *, quoted: bool) -> str:
        words = len(text.split())
        if words > QUOTE_WORDS:
            raise ValueError(f"has {words} words; a quote has at most {QUOTE_WORDS}")
        return super().read(text, quoted=quoted)

    def describe(self) -> JsonSchemaValue:
        return super().describe() | {"description": f"At most {QUOTE_WORDS} words."}


class OneOf(Scalar):
    """One of the codebook's words."""

    wanted = "one of the codebook's words"

    def __init__(self, words: type[Term]) -> None:
        self.words = words
        self.stand_in = str(words.values[0])

    def read(self, text: str, *, quoted: bool) -> str:
        if text not in self.words.values:
            raise ValueError(f"{shown(text)} is none of {', '.join(self.words.values)}")
        return text

    def describe(self) -> JsonSchemaValue:
        return {"enum": list(self.words.values), "description": _definitions(self.words)}


class Whole(Scalar):
    """A whole number within bounds."""

    wanted = "a whole number"

    def __init__(self, least: int, most: int) -> None:
        self.least = least
        self.most = most
        # Not the first of a list, which would be taken for the real one.
        self.stand_in = str(most)

    def read(self, text: str, *, quoted: bool) -> int:
        if quoted:
            raise ValueError(f"{shown(text)} is text; write a whole number without quotes")
        if not WHOLE.match(text):
            raise ValueError(f"{shown(text)} is no whole number")
        if len(text) > len(str(self.most)) + 1 or not self.least <= int(text) <= self.most:
            raise ValueError(f"{text[:SHOWN]} is outside of {self.least} to {self.most}")
        return int(text)

    def describe(self) -> JsonSchemaValue:
        return {"type": "integer", "minimum": self.least, "maximum": self.most}


class Step(Whole):
    """A step on one of the codebook's scales."""

    def __init__(self, scale: type[Grade] | type[IntegerChoices]) -> None:
        super().__init__(min(scale.values), max(scale.values))
        self.scale = scale

    def describe(self) -> JsonSchemaValue:
        return {"enum": list(self.scale.values), "description": _definitions(self.scale)}


class Number(Scalar):
    """A decimal number that fits its column. ``rounds`` is for what nobody means that exactly."""

    wanted = "a number"
    stand_in = "1"

    def __init__(
        self,
        table: type[Model],
        field: str,
        *,
        above: int | None = None,
        within: int | None = None,
        rounds: bool = False,
    ) -> None:
        column: Any = table._meta.get_field(field)
        self.digits: int = column.max_digits - column.decimal_places
        self.decimals: int = column.decimal_places
        self.above = above
        self.within = within
        self.rounds = rounds

    def read(self, text: str, *, quoted: bool) -> Decimal:
        if quoted:
            raise ValueError(f"{shown(text)} is text; write a number without quotes")
        if not NUMBER.match(text):
            raise ValueError(f"{shown(text)} is no number; write plain digits such as 1700 or 12.5")
        whole, _, decimals = text.lstrip("-").partition(".")
        if len(whole) > self.digits:
            raise ValueError(f"{text[:SHOWN]} is too large; at most {self.digits} digits before the point fit")
        if len(decimals.rstrip("0")) > self.decimals and not self.rounds:
            raise ValueError(f"{text[:SHOWN]} is too exact; at most {self.decimals} decimals fit")
        number = round(Decimal(text[: self.digits + self.decimals + 10]), self.decimals)
        if self.above is not None and number <= self.above:
            raise ValueError(f"{text[:SHOWN]} is not above {self.above}")
        if self.within is not None and abs(number) > self.within:
            raise ValueError(f"{text[:SHOWN]} is outside of -{self.within} to {self.within}")
        return number

    def describe(self) -> JsonSchemaValue:
        bounds: JsonSchemaValue = {"type": "number"}
        if self.above is not None:
            bounds["exclusiveMinimum"] = self.above
        if self.within is not None:
            bounds |= {"minimum": -self.within, "maximum": self.within}
        return bounds


class Day(Scalar):
    """A day, written YYYY-MM-DD."""

    wanted = "a day written YYYY-MM-DD"
    stand_in = "1000-01-01"

    def read(self, text: str, *, quoted: bool) -> dt.date:
        if not DAY.match(text):
            raise ValueError(f"{shown(text)} is no day; write YYYY-MM-DD, for instance 2025-10-09")
        try:
            day = dt.date.fromisoformat(text)
        except ValueError:
            raise ValueError(f"there is no {text} in the calendar") from None
        if day.year > LAST_YEAR:
            raise ValueError(f"{text} lies too far ahead")
        return day

    def describe(self) -> JsonSchemaValue:
        return {"type": "string", "format": "date"}


class Moment(Scalar):
    """An instant. Without a zone it is UTC, and a day alone is its first moment."""

    wanted = "a moment"
    stand_in = "1000-01-01"

    def read(self, text: str, *, quoted: bool) -> dt.datetime:
        if not (DAY.match(text) or MOMENT.match(text)):
            raise ValueError(f"{shown(text)} is no moment; write it like 2025-12-18T09:30:00Z")
        try:
            moment = dt.datetime.fromisoformat(text)
        except ValueError:
            raise ValueError(f"there is no {text} in the calendar") from None
        moment = moment.replace(tzinfo=dt.UTC) if moment.tzinfo is None else moment
        try:
            return moment.astimezone(dt.UTC)
        except OverflowError:
            raise ValueError(f"{text} lies outside of the calendar") from None

    def describe(self) -> JsonSchemaValue:
        return {
            "type": "string",
            "anyOf": [{"format": "date-time"}, {"format": "date"}],
            "description": "UTC where no zone is given; a day alone is its first moment.",
        }


class Link(Scalar):
    """An http or https address."""

    wanted = "an address"
    stand_in = "https://unknown.example/"

    def __init__(self, table: type[Model], field: str, *, canonical: bool = False) -> None:
        self.longest = room(table, field) or 0
        self.canonical = canonical

    def read(self, text: str, *, quoted: bool) -> str:
        address = canonical_url(text.strip()) if self.canonical else check_url(text.strip())
        # In bytes: addresses are kept in an index, which has a limit of its own.
        if len(address.encode()) > self.longest:
            raise ValueError(f"has {len(address.encode()):,} bytes; at most {self.longest:,} fit")
        return address

    def describe(self) -> JsonSchemaValue:
        return {"type": "string", "format": "uri", "pattern": "^https?://", "maxLength": self.longest}


class Id(Scalar):
    """A public id."""

    wanted = "an id"

    def read(self, text: str, *, quoted: bool) -> uuid.UUID:
        try:
            return uuid.UUID(text)
        except ValueError:
            raise ValueError(f"{shown(text)} is no UUID") from None

    def describe(self) -> JsonSchemaValue:
        return {"type": "string", "format": "uuid"}


class DayOrId(Scalar):
    """Which assessment is meant: the id it has, or the day on which another one of the same obligation became true."""

    wanted = "a day or an id"

    def read(self, text: str, *, quoted: bool) -> dt.date | uuid.UUID:
        if len(text) > len("2025-10-09"):
            return Id().read(text, quoted=quoted)
        return Day().read(text, quoted=quoted)

    def describe(self) -> JsonSchemaValue:
        return {"type": "string", "anyOf": [{"format": "date"}, {"format": "uuid"}], "description": self.__doc__}


class Edition(Scalar):
    wanted = "a number"
    stand_in = str(FORMAT)

    def read(self, text: str, *, quoted: bool) -> int:
        if text != str(FORMAT):
            raise ValueError(f"{shown(text)} is not known here; this tracker reads format {FORMAT}")
        return FORMAT

    def describe(self) -> JsonSchemaValue:
        return {"const": FORMAT}


class ForeignIds(Scalar):
    """Ids in other datasets: one or several under the dataset's name."""

    def take(self, value: object) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise ValueError("should be a group of keys such as {pax: [2849], wikidata: Q42}")
        return {
            line(name): [self._one(item) for item in held] if isinstance(held, list) else self._one(held)
            for name, held in sorted(value.items())
            if held is not None and held != []
        }

    def _one(self, value: object) -> int | str:
        if not isinstance(value, str):
            raise ValueError("should hold a number or text under each dataset's name, or a list of them")
        if isinstance(value, Plain) and WHOLE.match(value) and len(value) <= 15:  # exact in JSON
            return int(value)
        return line(value)

    def describe(self) -> JsonSchemaValue:
        one = {"type": ["integer", "string"]}
        return {"type": "object", "additionalProperties": {"anyOf": [one, {"type": "array", "items": one}]}}


def _definitions(values: type[Term] | type[Grade] | type[IntegerChoices]) -> str:
    return " ".join(f"{member.value}: {getattr(member, 'definition', member.label)}" for member in values)


Ref = Annotated[str, Slug(longest=80)]
"""A name given elsewhere in the file."""
OptionalId = Annotated[uuid.UUID | None, Id()]
Recorded = Annotated[dt.datetime | None, Moment()]
MaybeDay = Annotated[dt.date | None, Day()]
Language = Annotated[str, Text(tables.Article, "language")]
Level = Annotated[int, Step(codebook.Level)]
Precision = Annotated[int, Step(DatePrecision)]


class Part(BaseModel):
    """A group of keys. A key without a value counts as left out."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    _row: Row = PrivateAttr()

    @model_validator(mode="wrap")
    @classmethod
    def _keep_place(cls, data: Any, handler: Any) -> Self:
        if data is None:
            raise ValueError("is empty")
        if not isinstance(data, Row):
            keys = ", ".join(name for name, field in cls.model_fields.items() if field.is_required())
            raise ValueError(f"should be a group of keys ({keys}, ...)")
        made: Self = handler({key: value for key, value in data.items() if value is not None})
        made._row = data
        return made

    @property
    def row(self) -> Row:
        return self._row

    @classmethod
    def stand_in(cls, key: str) -> Any:
        """What can take the place of a required value that is missing or cannot be read."""
        kinds = [kind for kind in cls.model_fields[key].metadata if isinstance(kind, Scalar)]
        return Plain(kinds[0].stand_in) if kinds else []

    def gives(self, key: str) -> bool:
        """Whether the file says something there, be it the default."""
        return key in self.model_fields_set


# The agreement


class State(Part):
    state: Annotated[str, OneOf(codebook.AgreementState)]
    since: Annotated[dt.date, Day()]
    recorded_at: Recorded = None


class Relation(Part):
    to: Ref
    kind: Annotated[str, OneOf(codebook.RelationKind)]
    recorded_at: Recorded = None


class Agreement(Part):
    slug: Annotated[str, Slug(tables.Agreement, "slug")]
    id: OptionalId = None
    title: Annotated[str, Text(tables.Agreement, "title")]
    conflict: Annotated[str, Text(tables.Agreement, "conflict")] = ""
    territory: Annotated[str, Text(tables.Agreement, "territory")] = ""
    signed_on: MaybeDay = None
    effective_on: MaybeDay = None
    summary: Annotated[str, Text()] = ""
    states: list[State]
    stage: Annotated[str, Text(tables.Agreement, "stage")] = ""
    ceasefire_class: Annotated[str, OneOf(codebook.CeasefireClass)] = ""
    review: Annotated[str, OneOf(codebook.Review)] = codebook.Review.REQUIRED.value
    external_ids: Annotated[dict[str, Any], ForeignIds()] = {}
    relations: list[Relation] = []
    recorded_at: Recorded = None


class Instrument(Part):
    code: Annotated[str, Slug(tables.Instrument, "code")]
    id: OptionalId = None
    title: Annotated[str, Text(tables.Instrument, "title")]
    date: MaybeDay = None
    url: Annotated[str, Link(tables.Instrument, "url")] = ""
    accepted_by: list[Ref] = []
    disputed_by: list[Ref] = []
    recorded_at: Recorded = None


class Clause(Part):
    number: Annotated[str, Text(tables.Clause, "number")]
    id: OptionalId = None
    instrument: Ref
    text: Annotated[str, Text()]
    language: Language = DEFAULT_LANGUAGE
    recorded_at: Recorded = None


class Actor(Part):
    ref: Annotated[str, Slug(tables.Actor, "slug")]
    id: OptionalId = None
    name: Annotated[str, Text(tables.Actor, "name")]
    kind: Annotated[str, OneOf(codebook.ActorKind)]
    parent: Annotated[str | None, Slug(tables.Actor, "slug")] = None
    aliases: list[Annotated[str, Text(longest=200)]] = []
    recorded_at: Recorded = None


class Party(Part):
    actor: Ref
    role: Annotated[str, OneOf(codebook.PartyRole)]
    recorded_at: Recorded = None


class Condition(Part):
    obligation: Ref
    level: Level
    basis: Annotated[str, OneOf(codebook.Basis)]
    actor: Annotated[str | None, Slug(tables.Actor, "slug")] = None
    clause: Annotated[str | None, Text(longest=130)] = None
    recorded_at: Recorded = None


class Declaration(Part):
    actor: Ref
    date: Annotated[dt.date, Day()]
    says: Annotated[str, OneOf(codebook.Saying)]
    source: Ref
    recorded_at: Recorded = None


class Phase(Part):
    ordinal: Annotated[int, Whole(1, 32767)]
    id: OptionalId = None
    title: Annotated[str, Text(tables.Phase, "title")]
    summary: Annotated[str, Text()] = ""
    agreed_on: MaybeDay = None
    planned_start: MaybeDay = None
    planned_end: MaybeDay = None
    conditions: list[Condition] = []
    declarations: list[Declaration] = []
    recorded_at: Recorded = None


class Measure(Part):
    code: Annotated[str, Slug(tables.Measure, "code")]
    id: OptionalId = None
    label: Annotated[str, Text(tables.Measure, "label")]
    unit: Annotated[str, Text(tables.Measure, "unit")]
    kind: Annotated[str, OneOf(codebook.MeasureKind)]
    direction: Annotated[str, OneOf(Direction)] = Direction.AT_LEAST.value
    target: Annotated[Decimal | None, Number(tables.Measure, "target")] = None
    target_basis: Annotated[str, Text(tables.Measure, "target_basis")] = ""
    target_from: MaybeDay = None
    counted: Annotated[str, Text(tables.Measure, "counted")] = ""
    not_counted: Annotated[str, Text(tables.Measure, "not_counted")] = ""
    recorded_at: Recorded = None


class Obligation(Part):
    code: Annotated[str, Slug(tables.Obligation, "code")]
    id: OptionalId = None
    phase: Annotated[int, Whole(1, 32767)]
    category: Annotated[str, OneOf(codebook.Category)]
    nature: Annotated[str, OneOf(codebook.Nature)]
    title: Annotated[str, Text(tables.Obligation, "title")]
    instrument: Annotated[str | None, Slug(tables.Instrument, "code")] = None
    agreed_on: MaybeDay = None
    obligors: list[Ref]
    beneficiaries: list[Ref] = []
    clause: Annotated[str | None, Text(longest=130)] = None
    due_on: MaybeDay = None
    due_rule: Annotated[str, Text(tables.Obligation, "due_rule")] = ""
    specificity: Annotated[int | None, Step(codebook.Specificity)] = None
    weight: Annotated[Decimal, Number(tables.Obligation, "weight", above=0)] = Decimal(1)
    measures: list[Measure] = []
    conditions: list[Condition] = []
    recorded_at: Recorded = None


# What was reported


class Outlet(Part):
    name: Annotated[str, Text(tables.Outlet, "name")]
    id: OptionalId = None
    slug: Annotated[str, Slug(tables.Outlet, "slug")] = ""
    domain: Annotated[str, Text(tables.Outlet, "domain")] = ""
    country: Annotated[str, Text(tables.Outlet, "country")] = ""
    interest: Annotated[str, OneOf(codebook.Interest)] = ""
    recorded_at: Recorded = None


class Source(Part):
    ref: Annotated[str, Slug(tables.Source, "ref")]
    id: OptionalId = None
    outlet: Annotated[str, Text(tables.Outlet, "name")]
    title: Annotated[str, Text(tables.Article, "title")]
    url: Annotated[str, Link(tables.Article, "url", canonical=True)]
    language: Language = DEFAULT_LANGUAGE
    authors: Annotated[str, Text(tables.Article, "authors")] = ""
    published_on: MaybeDay = None
    accessed_on: MaybeDay = None
    archive_url: Annotated[str, Link(tables.Article, "archive_url")] = ""
    copy_of: Annotated[str, Text(tables.Article, "copy_of")] = ""
    reliability: Annotated[str, OneOf(codebook.Reliability)] = ""
    recorded_at: Recorded = None


class Retraction(Part):
    at: Annotated[dt.datetime, Moment()]
    reason: Annotated[str, Text()]
    byline: Annotated[str, Text(tables.Retraction, "byline")] = ""


class EventActor(Part):
    actor: Ref
    role: Annotated[str, OneOf(codebook.EventRole)]
    recorded_at: Recorded = None


class Effect(Part):
    obligation: Ref
    effect: Annotated[str, OneOf(codebook.EffectKind)]
    recorded_at: Recorded = None


class Report(Part):
    source: Ref
    id: OptionalId = None
    stance: Annotated[str, OneOf(Stance)] = Stance.ASSERTS.value
    about: Annotated[str, OneOf(codebook.Quarrel)] = ""
    originator: Annotated[str | None, Slug(tables.Actor, "slug")] = None
    originator_text: Annotated[str, Text(tables.Report, "originator_text")] = ""
    relays: Annotated[str | None, Text(tables.Outlet, "name")] = None
    credibility: Annotated[int | None, Step(codebook.Credibility)] = None
    quote: Annotated[str, Quote(tables.Report, "quote")] = ""
    prefix: Annotated[str, Text(tables.Report, "prefix")] = ""
    suffix: Annotated[str, Text(tables.Report, "suffix")] = ""
    quote_language: Annotated[str, Text(tables.Report, "quote_language")] = ""
    translator: Annotated[str, Text(tables.Report, "translator")] = ""
    recorded_at: Recorded = None
    withdrawn: Retraction | None = None


class Observation(Part):
    obligation: Ref
    measure: Annotated[str, Slug(tables.Measure, "code")]
    id: OptionalId = None
    value: Annotated[Decimal, Number(tables.Observation, "value")]
    low: Annotated[Decimal | None, Number(tables.Observation, "low")] = None
    high: Annotated[Decimal | None, Number(tables.Observation, "high")] = None
    as_of: Annotated[dt.date, Day()]
    period_start: MaybeDay = None
    nature: Annotated[str, OneOf(FigureNature)] = FigureNature.ACTUAL.value
    counts: Annotated[str, OneOf(codebook.Counting)] = ""
    source: Ref
    originator: Annotated[str | None, Slug(tables.Actor, "slug")] = None
    originator_text: Annotated[str, Text(tables.Observation, "originator_text")] = ""
    note: Annotated[str, Text(tables.Observation, "note")] = ""
    recorded_at: Recorded = None
    withdrawn: Retraction | None = None


class Event(Part):
    ref: Annotated[str, Slug(tables.Event, "ref")]
    id: OptionalId = None
    date: Annotated[dt.date, Day()]
    date_precision: Precision = DatePrecision.DAY.value
    date_end: MaybeDay = None
    state: Annotated[str, OneOf(codebook.EventState)]
    kind: Annotated[str, OneOf(codebook.EventKind)]
    title: Annotated[str, Text(tables.Event, "title")]
    summary: Annotated[str, Text()] = ""
    place: Annotated[str, Text(tables.Event, "place")] = ""
    latitude: Annotated[Decimal | None, Number(tables.Event, "latitude", within=90, rounds=True)] = None
    longitude: Annotated[Decimal | None, Number(tables.Event, "longitude", within=180, rounds=True)] = None
    where_precision: Annotated[int | None, Step(codebook.WherePrecision)] = None
    verification: Annotated[str, OneOf(codebook.Verification)] = ""
    note: Annotated[str, Text()] = ""
    outcome: Annotated[str | None, Slug(tables.Event, "ref")] = None
    actors: list[EventActor] = []
    effects: list[Effect] = []
    reports: list[Report]
    observations: list[Observation] = []
    recorded_at: Recorded = None
    withdrawn: Retraction | None = None


# What we conclude


class Assessment(Part):
    obligation: Ref
    id: OptionalId = None
    effective_on: Annotated[dt.date, Day()]
    effective_precision: Precision = DatePrecision.DAY.value
    level: Level
    direction: Annotated[str, OneOf(codebook.Movement)] = ""
    conformity: Annotated[str, OneOf(codebook.Conformity)] = ""
    reason: Annotated[str, Text()]
    evidence: list[Ref]
    attributed_to: list[Ref] = []
    byline: Annotated[str, Text(tables.Assessment, "byline")] = ""
    reviewer_byline: Annotated[str, Text(tables.Assessment, "reviewer_byline")] = ""
    rubric: Annotated[str, Text(tables.Assessment, "rubric")] = ""
    recorded_at: Recorded = None
    supersedes: Annotated[dt.date | uuid.UUID | None, DayOrId()] = None
    correction_reason: Annotated[str, Text()] = ""
    retracted: Retraction | None = None


class Check(Part):
    obligation: Ref
    date: Annotated[dt.date, Day()]
    where: Annotated[str, Text(tables.Check, "where")] = ""
    byline: Annotated[str, Text(tables.Check, "byline")] = ""
    recorded_at: Recorded = None


class CaseFile(Part):
    """One agreement: what was promised, what was reported, what is concluded."""

    format: Annotated[int, Edition()]
    agreement: Agreement
    instruments: list[Instrument] = []
    clauses: list[Clause] = []
    actors: list[Actor] = []
    parties: list[Party] = []
    phases: list[Phase] = []
    obligations: list[Obligation] = []
    outlets: list[Outlet] = []
    sources: list[Source] = []
    events: list[Event] = []
    assessments: list[Assessment] = []
    checks: list[Check] = []


def json_schema() -> dict[str, Any]:
    """The format as JSON Schema, for editors that check while one writes. It cannot say what ``check`` says."""
    schema = CaseFile.model_json_schema()
    for part in [schema, *schema["$defs"].values()]:
        required = part.get("required", [])
        for name, described in part.get("properties", {}).items():
            described.pop("title", None)
            if name not in required:
                # A key without a value counts as left out.
                default = {"default": described.pop("default")} if described.get("default") else {}
                described.pop("default", None)
                part["properties"][name] = {"anyOf": [described, {"type": "null"}]} | default
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": f"Case file, format {FORMAT}"}
    return head | {key: value for key, value in schema.items() if key not in head}
