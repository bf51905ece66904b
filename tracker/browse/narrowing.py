"""What a list is narrowed to, as its address says: words looked for, values of facets, days, order and view.

A facet may be repeated: of its values one is enough, of several facets every one has to fit.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.db.models import Choices
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from tracker.codebook import Category, DatePrecision, EventKind, Interest, Reliability, Verification
from tracker.errors import BadAddress
from tracker.models import Actor, Agreement, Outlet, Phase, Vantage
from tracker.models.facets import COUNTED, IN_WORDS, Counts, Facet
from tracker.models.search import Question, understood
from tracker.reading.asking import cleaned
from tracker.words import language, number, span, written

from .events import parts
from .vantage import DAY

SHOWN = 6
"""How many values of a facet are in sight; the others unfold."""

MOST = 60
"""How many values of a facet a page has at most."""

MOST_CHOSEN = 20
"""How many values of a facet can be chosen at once."""

LABELS = {
    "agreement": gettext_lazy("Agreement"),
    "phase": gettext_lazy("Phase"),
    "category": gettext_lazy("Subject"),
    "kind": gettext_lazy("Kind of event"),
    "actor": gettext_lazy("Who is involved"),
    "verification": gettext_lazy("How far it is borne out"),
    "originator": gettext_lazy("Who says so"),
    "outlet": gettext_lazy("Outlet"),
    "interest": gettext_lazy("Whose outlet"),
    "place": gettext_lazy("Place"),
    "dated": gettext_lazy("How exactly it is dated"),
    "language": gettext_lazy("Language"),
    "reliability": gettext_lazy("Reliability of the source"),
}

CODED: dict[str, type[Choices]] = {
    "category": Category,
    "kind": EventKind,
    "verification": Verification,
    "interest": Interest,
    "dated": DatePrecision,
    "reliability": Reliability,
}
"""Facets whose values are the codebook's."""

OPEN = frozenset({"kind", "category", "actor", "outlet"})
"""Facets that are unfolded from the start."""

ORDERS = ("relevance", "date")


@dataclass(frozen=True, slots=True)
class Narrowing:
    """What the address asks for. ``dates`` are the two dates of the page, in the form of an address."""

    path: str
    dates: Mapping[str, str]
    question: Question
    chosen: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    since: dt.date | None = None
    until: dt.date | None = None
    order: str = ""
    view: str = ""

    @property
    def by_relevance(self) -> bool:
        return self.question.can_rank and self.order != "date"

    @property
    def is_any(self) -> bool:
        """Whether the list is narrowed at all."""
        return bool(self.chosen or self.since or self.until or not self.question.is_empty)

    @property
    def days(self) -> str:
        """The range of days in words; "" where there is none."""
        if self.since and self.until:
            return span(self.since, self.until)
        if self.since:
            return _("from %(day)s on") % {"day": written(self.since)}
        return _("up to %(day)s") % {"day": written(self.until)} if self.until else ""

    def parts(self, *, leave_out: Iterable[str] = ()) -> dict[str, Any]:
        """The parts of the address, without those of these names."""
        every: dict[str, Any] = {
            **self.dates,
            "q": self.question.text,
            **{name: list(values) for name, values in self.chosen.items()},
            "from": self.since.isoformat() if self.since else "",
            "to": self.until.isoformat() if self.until else "",
            "sort": self.order,
            "view": self.view,
        }
        return {name: value for name, value in every.items() if value and name not in leave_out}

    def pairs(self, *, leave_out: Iterable[str] = ()) -> list[tuple[str, str]]:
        """The same, every value by itself."""
        return [
            (name, one)
            for name, value in self.parts(leave_out=leave_out).items()
            for one in ([value] if isinstance(value, str) else value)
        ]

    def url(self, *, leave_out: Iterable[str] = (), **others: Any) -> str:
        """The address with other parts in place of its own; None takes a part out."""
        asked = self.parts(leave_out=leave_out) | others
        query = urlencode({name: value for name, value in asked.items() if value}, doseq=True)
        return f"{self.path}?{query}" if query else self.path

    def without(self, name: str, value: str) -> str:
        """The address without one value of a facet."""
        return self.url(**{name: [one for one in self.chosen[name] if one != value]})

    def bare(self) -> str:
        """The address of the whole list in the same view."""
        return self.url(leave_out={"q", "from", "to", "sort", *self.chosen})


def asked_narrowing(
    request: HttpRequest, vantage: Vantage, facets: Mapping[str, Facet], views: Sequence[str] = ()
) -> Narrowing:
    """Raises BadAddress for a day, an order, a view or a codebook's value that there is none of."""
    get = request.GET
    chosen = {name: values for name in facets if (values := tuple(dict.fromkeys(filter(None, get.getlist(name)))))}
    for name, values in chosen.items():
        _refuse_impossible(name, values)
    since, until = _day(get.get("from", ""), "from"), _day(get.get("to", ""), "to")
    if since and until and since > until:
        raise BadAddress(
            _("%(first)s is after %(last)s.") % {"first": written(since), "last": written(until)},
            _("Write the earlier day under “from”."),
        )
    return Narrowing(
        path=request.path,
        dates=parts(vantage),
        question=understood(get.get("q", "")),
        chosen=_of_today(chosen),
        since=since,
        until=until,
        order=_one_of(get.get("sort", ""), "sort", ORDERS),
        view=_one_of(get.get("view", ""), "view", views),
    )


def _refuse_impossible(name: str, values: Sequence[str]) -> None:
    if len(values) > MOST_CHOSEN:
        raise BadAddress(
            _("Too many values of “%(facet)s” are chosen.") % {"facet": LABELS[name]},
            _("Choose at most %(number)s of them.") % {"number": number(MOST_CHOSEN)},
        )
    for value in values:
        if value not in map(str, CODED[name].values) if name in CODED else cleaned(value) != value:
            raise unknown(name, value)


def unknown(name: str, value: str) -> BadAddress:
    shown = _shown(value)
    if name == "kind":
        problem = _("There is no such kind of event: “%(value)s”.") % {"value": shown}
    else:
        problem = _("There is no “%(value)s” under “%(facet)s”.") % {"value": shown, "facet": LABELS[name]}
    if name in CODED:
        values = ", ".join(map(str, CODED[name].values))
        return BadAddress(problem, _("The values are: %(values)s.") % {"values": values})
    return BadAddress(problem, _("Leave this part of the address out and choose from the list of the page instead."))


def _shown(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:40]}…"


def _one_of(text: str, name: str, values: Sequence[str]) -> str:
    if text and text not in values:
        raise BadAddress(
            _("“%(value)s” is nothing that “%(name)s” can be.") % {"value": _shown(text), "name": name},
            _("The values are: %(values)s.") % {"values": ", ".join(values)},
        )
    return text


def _day(text: str, name: str) -> dt.date | None:
    """A real day, also one to come: meetings are announced."""
    if not text:
        return None
    mend = _("Write a day as year-month-day, for instance %(example)s.") % {"example": f"{name}=2025-12-18"}
    if not DAY.fullmatch(text):
        raise BadAddress(_("“%(text)s” is not a day.") % {"text": _shown(text)}, mend)
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise BadAddress(_("There is no day %(text)s in the calendar.") % {"text": text}, mend) from None


def _of_today(chosen: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """The same with the heirs of merged actors and outlets, whose addresses go on."""
    found = dict(chosen)
    for name, table in (("actor", Actor), ("originator", Actor), ("outlet", Outlet)):
        if values := found.get(name):
            merged = table.with_merged.filter(slug__in=values, merged_into__isnull=False)
            heirs = dict(merged.values_list("slug", "merged_into__slug"))
            found[name] = tuple(dict.fromkeys(heirs.get(one, one) for one in found[name]))
    return found


# For the page


@dataclass(frozen=True, slots=True)
class Option:
    """A value of a facet, with how many rows have it under the other filters."""

    value: str
    label: str
    count: str
    chosen: bool
    from_record: bool


@dataclass(frozen=True, slots=True)
class Side:
    """A facet with its values, most frequent first."""

    name: str
    label: str
    options: list[Option]
    more: list[Option]
    open: bool
    chosen: int


@dataclass(frozen=True, slots=True)
class Chip:
    """One filter, and the address without it."""

    facet: str
    label: str
    url: str
    from_record: bool = False


@dataclass(frozen=True, slots=True)
class Way:
    """A way out of an empty list: the address without one filter, and what is found there."""

    label: str
    url: str


class Facets:
    """The facets of a page in words. Asks for the names of agreements, actors and outlets: three queries."""

    def __init__(
        self,
        narrowing: Narrowing,
        facets: Mapping[str, Facet],
        counts: Counts,
        vantage: Vantage,
        phases: Sequence[Phase] | None = None,
    ) -> None:
        """``phases`` are those of the agreement that the page is about. Raises BadAddress for an unknown value."""
        self._narrowing = narrowing
        self._facets = facets
        self._counts = counts
        self._phases = None if phases is None else {str(one.ordinal): one.title for one in phases}
        self._names = self._named(vantage)
        self._refuse_unknown(vantage)

    def sides(self, *, hide: Iterable[str] = ()) -> list[Side]:
        """The facets that have something to choose."""
        return [side for name in self._facets if name not in hide and (side := self._side(name)) is not None]

    def chips(self) -> list[Chip]:
        narrowing = self._narrowing
        chips = []
        if not narrowing.question.is_empty:
            label = _("“%(text)s”") % {"text": _shown(narrowing.question.text)}
            chips.append(Chip(_("Words"), label, narrowing.url(leave_out=["q", "sort"])))
        for name, values in narrowing.chosen.items():
            chips += [
                Chip(str(LABELS[name]), self.label(name, one), narrowing.without(name, one), name not in CODED)
                for one in values
            ]
        if narrowing.days:
            chips.append(Chip(_("Days"), narrowing.days, narrowing.url(leave_out=["from", "to"])))
        return chips

    def ways(self) -> list[Way]:
        """The facets without which something is found, for an empty list."""
        return [
            Way(
                ngettext("Without “%(facet)s”: %(count)s found", "Without “%(facet)s”: %(count)s found", count)
                % {"facet": LABELS[name], "count": number(count)},
                self._narrowing.url(leave_out=[name]),
            )
            for name, count in self._counts.without.items()
            if count
        ]

    def label(self, name: str, value: str) -> str:
        if name in CODED:
            return str(CODED[name](int(value) if value.isdigit() else value).label)
        match name:
            case "phase":
                title = (self._phases or {}).get(value)
                if title:
                    return _("Phase %(number)s: %(title)s") % {"number": value, "title": title}
                return _("Phase %(number)s") % {"number": value}
            case "language":
                return language(value)
            case "originator" if value.startswith(IN_WORDS):
                return value.removeprefix(IN_WORDS)
            case "agreement" | "actor" | "originator" | "outlet":
                return self._names[name][value]
            case _other:
                return value

    def _side(self, name: str) -> Side | None:
        chosen = self._narrowing.chosen.get(name, ())
        counts = self._counts.by_value[name]
        values = sorted({*counts, *chosen}, key=lambda value: (-counts.get(value, 0), value))
        if name in ("phase", "dated", "reliability"):
            values.sort()
        if not values or (len(values) == 1 and not chosen):
            return None
        values = [value for number, value in enumerate(values) if number < MOST or value in chosen]
        options = [
            Option(value, self.label(name, value), count_of(counts.get(value, 0)), value in chosen, name not in CODED)
            for value in values
        ]
        first = [one for number, one in enumerate(options) if number < SHOWN or one.chosen]
        more = [one for one in options if one not in first]
        return Side(name, str(LABELS[name]), first, more, bool(chosen) or name in OPEN, len(chosen))

    def _named(self, vantage: Vantage) -> dict[str, dict[str, str]]:
        def values(*names: str) -> set[str]:
            found: set[str] = set()
            for name in names:
                found |= {*self._counts.by_value.get(name, ()), *self._narrowing.chosen.get(name, ())}
            return {one for one in found if not one.startswith(IN_WORDS)}

        agreements = Agreement.objects.known(vantage).filter(slug__in=values("agreement"))
        actors = dict(
            Actor.objects.order_by().filter(slug__in=values("actor", "originator")).values_list("slug", "name")
        )
        outlets = Outlet.objects.order_by().filter(slug__in=values("outlet"))
        return {
            "agreement": dict(agreements.order_by().values_list("slug", "title")),
            "actor": actors,
            "originator": actors,
            "outlet": dict(outlets.values_list("slug", "name")),
        }

    def _refuse_unknown(self, vantage: Vantage) -> None:
        now = Vantage(vantage.today, today=vantage.today)
        for name, values in self._narrowing.chosen.items():
            if name in CODED:
                continue
            known = set(self._counts.by_value[name])
            if name in self._names:
                known |= set(self._names[name])
            if name == "phase" and self._phases is not None:
                known |= set(self._phases)
            missing = [one for one in values if one not in known]
            if missing and (name not in self._names or name == "originator"):
                found = self._facets[name].pairs(now).filter(value__in=missing)
                known |= set(found.values_list("value", flat=True))
            for one in missing:
                if one not in known:
                    raise unknown(name, one)


def count_of(count: int) -> str:
    """1,204; counts end at 10,000+."""
    return f"{number(COUNTED)}+" if count > COUNTED else number(count)
