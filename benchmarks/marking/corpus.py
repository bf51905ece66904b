"""Reads the hand-marked articles: text without markup, what is marked in it, and what is known beforehand."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from tracker.codebook import ActorKind, Category

HERE = Path(__file__).parent
PROJECT = HERE.parent.parent

KINDS = ("actor", "name", "date", "duty")
"""What can be marked, in the order of the table."""

_MARKUP = re.compile(r"\[\[(?:(?P<edge>/?notice)\]\]|(?P<what>[^|\[\]]+)\|(?P<words>[^\[\]]+)\]\])")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_MONTH = re.compile(r"(\d{4})-(\d\d)")


class BadMarkup(ValueError):
    """An article that does not follow the README; says which, where, and what is wrong."""


@dataclass(frozen=True, slots=True)
class When:
    """What a date expression may be resolved to: exactly this, or loosely a part of it."""

    first: date
    last: date
    loose: bool = False

    def holds(self, first: date | None, last: date | None) -> bool:
        """Whether an interval that was found is right."""
        if first is None or last is None:
            return False
        if not self.loose:
            return (first, last) == (self.first, self.last)
        months = self.first.replace(day=1), _month_end(self.last)
        return months[0] <= first <= last <= months[1] and first <= self.last and last >= self.first


@dataclass(frozen=True, slots=True)
class Reading:
    """One right way to mark a passage: ``refs`` are actors or categories, ``code`` an obligation, ``whens`` dates."""

    kind: str
    refs: tuple[str, ...] = ()
    code: str = ""
    whens: tuple[When, ...] = ()


@dataclass(frozen=True, slots=True)
class Passage:
    """A marked passage, in code points of the text. The first reading counts as missed where none is found."""

    start: int
    end: int
    readings: tuple[Reading, ...]

    def reading(self, kind: str) -> Reading | None:
        """Its reading as this kind, if it has one."""
        return next((each for each in self.readings if each.kind == kind), None)


@dataclass(frozen=True, slots=True)
class Place:
    """A piece of a text, in code points."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Open:
    """A passage that may be marked as this kind or not."""

    start: int
    end: int
    kind: str


@dataclass(frozen=True, slots=True)
class Actor:
    """A known actor."""

    ref: str
    name: str
    kind: str
    aliases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Obligation:
    """A known obligation; the actors are those of the same agreement."""

    code: str
    title: str
    category: str
    obligors: tuple[str, ...]
    beneficiaries: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Agreement:
    """What is known before an article is read."""

    actors: tuple[Actor, ...]
    obligations: tuple[Obligation, ...]


@dataclass(frozen=True, slots=True)
class Article:
    """An article: its text as a researcher would paste it, and what a person marked in it.

    ``apart``: kept from those who wrote the marking code. ``notices`` are the parts that report nothing.
    """

    name: str
    style: str
    published_on: date
    language: str
    agreement: str
    apart: bool
    text: str
    passages: tuple[Passage, ...]
    open: tuple[Open, ...]
    notices: tuple[Place, ...]

    @property
    def words(self) -> int:
        """How long it is."""
        return len(self.text.split())


@cache
def agreement(slug: str) -> Agreement:
    """The known actors and obligations of an agreement, from ``agreements/SLUG.yaml`` or the case it names."""
    read = _read_yaml(HERE / "agreements" / f"{slug}.yaml")
    if "case" in read:
        read = _read_yaml(PROJECT / read["case"])
    actors = tuple(
        Actor(each["ref"], each["name"], ActorKind(each["kind"]).value, tuple(each.get("aliases", ())))
        for each in read["actors"]
    )
    obligations = tuple(
        Obligation(
            each["code"],
            each["title"],
            Category(each["category"]).value,
            tuple(each["obligors"]),
            tuple(each["beneficiaries"]),
        )
        for each in read["obligations"]
    )
    return Agreement(actors, obligations)


def articles() -> list[Article]:
    """The whole corpus in the order of its file names, those kept apart last.

    Raises ``BadMarkup`` for the first article that does not follow the README.
    """
    return [
        parse(path.stem, path.read_text(encoding="utf-8"), apart=folder == "apart")
        for folder in ("articles", "apart")
        for path in sorted((HERE / folder).glob("*.txt"))
    ]


def parse(name: str, source: str, *, apart: bool = False) -> Article:
    """One article from its file's content. Raises ``BadMarkup``."""
    head, rule, body = source.partition("\n---\n")
    if not rule:
        raise BadMarkup(f"{name}: no line --- after the header")
    header = dict(line.split(": ", 1) for line in head.splitlines())
    missing = {"style", "published", "language", "agreement"} - header.keys()
    if missing:
        raise BadMarkup(f"{name}: the header lacks {', '.join(sorted(missing))}")
    try:
        return _Reader(name, header, body.strip("\n")).article(apart)
    except (ValueError, KeyError) as error:
        raise error if isinstance(error, BadMarkup) else BadMarkup(f"{name}: {error}") from error


class _Reader:
    def __init__(self, name: str, header: dict[str, str], body: str) -> None:
        self.name, self.header, self.body = name, header, body
        known = agreement(header["agreement"])
        self.actors = {each.ref for each in known.actors}
        self.duties = {each.code: each.category for each in known.obligations}
        self.passages: list[Passage] = []
        self.open: list[Open] = []
        self.notices: list[Place] = []

    def article(self, apart: bool) -> Article:
        text, at, notice = "", 0, -1
        for found in _MARKUP.finditer(self.body):
            text += self.body[at : found.start()]
            at = found.end()
            if found["edge"]:
                if (found["edge"] == "notice") == (notice >= 0):
                    raise self.bad(found[0], "notices neither nest nor end before they begin")
                if notice >= 0:
                    self.notices.append(Place(notice, len(text)))
                notice = len(text) if found["edge"] == "notice" else -1
                continue
            if notice >= 0:
                raise self.bad(found[0], "nothing inside a notice is marked")
            start = len(text)
            text += found["words"]
            self.mark(start, len(text), found["what"], found["words"])
        text += self.body[at:]
        if notice >= 0:
            raise self.bad("[[notice]]", "never ends")
        if "[[" in text or "]]" in text:
            raise self.bad(text[max(0, text.find("[[") - 20) :][:60], "not understood")
        self.leave_open(text)
        return Article(
            self.name,
            self.header["style"],
            date.fromisoformat(self.header["published"]),
            self.header["language"],
            self.header["agreement"],
            apart,
            text,
            tuple(self.passages),
            tuple(self.open),
            tuple(self.notices),
        )

    def mark(self, start: int, end: int, what: str, words: str) -> None:
        if words != words.strip():
            raise self.bad(words, "space at its edge")
        if what == "open" or what.startswith("open:"):
            kinds = what[5:].split("+") if ":" in what else KINDS
            self.open += [Open(start, end, self.known(kind, KINDS, words)) for kind in kinds]
        else:
            self.passages.append(Passage(start, end, tuple(self.reading(each, words) for each in what.split("+"))))

    def reading(self, what: str, words: str) -> Reading:
        kind, _, refs = what.partition(":")
        if kind == "name" and not refs:
            return Reading("name")
        if kind == "actor" and refs:
            return Reading("actor", tuple(self.known(ref, self.actors, words) for ref in refs.split(",")))
        if kind == "date" and refs:
            return Reading("date", whens=tuple(when for each in refs.split(",") for when in _whens(each)))
        if kind == "duty" and refs:
            categories, _, code = refs.partition("/")
            if code and self.duties.get(code) != categories:
                raise self.bad(words, f"{code} is no obligation of category {categories}")
            return Reading("duty", tuple(Category(each).value for each in categories.split(",")), code)
        raise self.bad(words, f"{what!r} is no mark")

    def known(self, value: str, among: Any, words: str) -> str:
        if value not in among:
            raise self.bad(words, f"{value!r} is not known")
        return value

    def leave_open(self, text: str) -> None:
        taken = bytearray(len(text))
        for each in self.passages:
            taken[each.start : each.end] = b"1" * (each.end - each.start)
        for kind, patterns in _read_yaml(HERE / "open.yaml").items():
            for found in (match for pattern in patterns for match in re.finditer(pattern, text, re.IGNORECASE)):
                if not any(taken[found.start() : found.end()]):
                    self.open.append(Open(found.start(), found.end(), kind))

    def bad(self, words: str, why: str) -> BadMarkup:
        return BadMarkup(f"{self.name}: {words!r}: {why}")


def _whens(value: str) -> Iterator[When]:
    loose = value.startswith("~")
    value = value.removeprefix("~")
    if value.startswith("w"):
        monday = date.fromisoformat(value[1:])
        if monday.weekday():
            raise ValueError(f"{value}: not a Monday")
        yield When(monday, monday + timedelta(days=6))
        yield When(monday - timedelta(days=1), monday + timedelta(days=5))
    elif _DAY.fullmatch(value):
        yield When(date.fromisoformat(value), date.fromisoformat(value), loose)
    elif ".." in value:
        first, _, last = value.partition("..")
        if not first < last:
            raise ValueError(f"{value}: ends before it begins")
        yield When(date.fromisoformat(first), date.fromisoformat(last), loose)
    elif month := _MONTH.fullmatch(value):
        first_day = date(int(month[1]), int(month[2]), 1)
        yield When(first_day, _month_end(first_day))
    else:
        yield When(date(int(value), 1, 1), date(int(value), 12, 31))


def _month_end(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


@cache
def _read_yaml(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))
