"""Whether a file can be understood and its parts fit together. Needs no database.

Every error is found in one go. What a first look finds wrong is set aside, so that the rest can still be checked, and
nothing is complained about that only follows from something set aside.
"""

import datetime as dt
import difflib
import re
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, get_args

from pydantic import ValidationError

from tracker.codebook import Basis, EffectKind, EventRole, EventState, Level
from tracker.models import today

from . import schema
from .names import find_clause
from .problems import Problem
from .read import Row

ROUNDS = 3
"""How often the rest is looked at after something was set aside. Twice is the rule."""


class Understood:
    """A file in typed parts, with what is needed to check them against one another."""

    def __init__(self, case: schema.CaseFile, names: dict[str, set[str]], set_aside: set[str]) -> None:
        self.case = case
        self.names = names
        self.set_aside = set_aside

    def lost(self, place: str) -> bool:
        """Whether something at that place, or inside of it, was set aside."""
        return any(lost == place or lost.startswith((f"{place}.", f"{place}[")) for lost in self.set_aside)

    def without_echoes(self, problems: list[Problem]) -> list[Problem]:
        """Without what is only wrong with the values that took the place of those set aside."""
        heard: set[str] = set()
        kept = []
        for problem in problems:
            if problem.place not in heard:
                kept.append(problem)
            if problem.place in self.set_aside:
                heard.add(problem.place)
        return kept


def understand(root: Row, problems: list[Problem]) -> Understood | None:
    """The file's typed parts; what is wrong with single values goes to ``problems``."""
    names = {name: _names(root, name, key) for name, key in NAMED.items()}
    names["measures"] = {
        f"{_plain(duty.get('code'))}/{_plain(row.get('code'))}"
        for duty in _rows(root, "obligations")
        for row in _rows(duty, "measures")
    }
    set_aside: set[str] = set()
    for _ in range(ROUNDS):
        try:
            case = schema.CaseFile.model_validate(root)
        except ValidationError as error:
            _set_aside(root, error, set_aside, problems)
        else:
            return Understood(case, names, set_aside)
    return None


NAMED = {
    "instruments": "code",
    "clauses": "number",
    "actors": "ref",
    "phases": "ordinal",
    "obligations": "code",
    "sources": "ref",
    "events": "ref",
}
"""The lists whose rows are referred to, and the key that names a row."""


def _rows(row: Row, key: str) -> list[Row]:
    held = row.get(key)
    return [item for item in held if isinstance(item, Row)] if isinstance(held, list) else []


def _names(root: Row, name: str, key: str) -> set[str]:
    return {_plain(row.get(key)) for row in _rows(root, name)}


def _plain(value: Any) -> str:
    return str(value).strip() if isinstance(value, str) else ""


@dataclass(slots=True)
class _Spot:
    """Where an error lies: in which row, at which of its keys, and in which list where it is about one element."""

    row: Row
    key: str = ""
    item: tuple[list[Any], Any] | None = None


def _spot(root: Row, path: Sequence[str | int]) -> _Spot:
    spot = _Spot(root)
    current: Any = root
    for step in path:
        if isinstance(step, int):
            spot.item = (current, current[step])
            spot.key += f"[{step}]"
            current = current[step]
        else:
            if isinstance(current, Row):
                spot.row = current
            spot.key, spot.item = step, None
            current = current.get(step) if isinstance(current, Row) else None
    return spot


def _set_aside(root: Row, error: ValidationError, set_aside: set[str], problems: list[Problem]) -> None:
    """Notes each error at its place in the file; what it is about is taken out of the data or gets a stand-in."""
    doomed: list[tuple[list[Any], Any]] = []
    for detail in error.errors(include_url=False, include_input=False):
        spot = _spot(root, detail["loc"])
        row, key = spot.row, spot.key
        place = row.place_of(key)
        if place not in set_aside:
            problems.append(Problem(place, _message(detail, row), row.line_of(key)))
            set_aside.add(place)
        field = _part_at(row.place).model_fields.get(key)
        if spot.item:
            doomed.append(spot.item)
        elif row is root and key == "agreement":
            row[key] = _unknown_agreement(root)
        elif field and field.is_required():
            row[key] = _part_at(row.place).stand_in(key)
        else:
            row.pop(key, None)
    for held, item in doomed:
        held[:] = [other for other in held if other is not item]


def _unknown_agreement(root: Row) -> Row:
    row = Row("agreement", root.line)
    for key, field in schema.Agreement.model_fields.items():
        if field.is_required():
            row[key] = schema.Agreement.stand_in(key)
    return row


def _message(detail: Any, row: Row) -> str:
    match detail["type"]:
        case "missing":
            return "is missing"
        case "extra_forbidden":
            return _unknown_key(str(detail["loc"][-1]), row)
        case "list_type":
            return "should be a list"
        case "value_error":
            return str(detail["ctx"]["error"])
        case _:
            return str(detail["msg"])


def _unknown_key(key: str, row: Row) -> str:
    part = _part_at(row.place)
    close = difflib.get_close_matches(key, part.model_fields, n=1)
    hint = f'did you mean "{close[0]}"?' if close else f"known are {', '.join(part.model_fields)}"
    return f"there is no such key here; {hint}"


def _part_at(place: str) -> type[schema.Part]:
    """The kind of part that stands at a place, for instance ``schema.Report`` at ``events[12].reports[0]``."""
    part: type[schema.Part] = schema.CaseFile
    for key in filter(None, re.sub(r"\[\d+\]", "", place).split(".")):
        held = part.model_fields[key].annotation
        part = next(
            kind for kind in (held, *get_args(held)) if isinstance(kind, type) and issubclass(kind, schema.Part)
        )
    return part


# The parts together


def check(understood: Understood, problems: list[Problem]) -> None:
    """Adds to ``problems`` whatever contradicts something else in the file."""
    _Checker(understood, problems).run()


class _Checker:
    def __init__(self, understood: Understood, problems: list[Problem]) -> None:
        self.case = understood.case
        self.names = understood.names
        self.understood = understood
        self.problems = problems
        self.today = today()
        self.now = dt.datetime.now(dt.UTC)
        # Of two with the same name, the first one is meant.
        self.duties = {duty.code: duty for duty in reversed(self.case.obligations)}
        self.events = {event.ref: event for event in reversed(self.case.events)}
        self.clauses = [(clause.instrument, clause.number) for clause in self.case.clauses]

    def run(self) -> None:
        case = self.case
        self.agreement(case.agreement)
        self.each_once(case.instruments, lambda row: row.code, "code", "instrument")
        self.each_once(case.clauses, lambda row: (row.instrument, row.number), "number", "clause")
        self.each_once(case.actors, lambda row: row.ref, "ref", "actor")
        self.each_once(case.parties, lambda row: (row.actor, row.role), "actor", "party")
        self.each_once(case.phases, lambda row: row.ordinal, "ordinal", "phase")
        self.each_once(case.obligations, lambda row: row.code, "code", "obligation")
        self.each_once(case.outlets, lambda row: row.name, "name", "outlet")
        self.each_once(case.sources, lambda row: row.ref, "ref", "source")
        self.each_once(case.sources, lambda row: row.url, "url", "article")
        self.each_once(case.events, lambda row: row.ref, "ref", "event")
        self.each_once(case.checks, lambda row: (row.obligation, row.date, row.where, row.recorded_at), "date", "check")
        for instrument in case.instruments:
            self.actors(instrument, "accepted_by")
            self.actors(instrument, "disputed_by")
        for clause in case.clauses:
            self.named(clause, "instrument", "instruments", clause.instrument)
        for actor in case.actors:
            self.named(actor, "parent", "actors", actor.parent)
        self.no_circle(
            {actor.ref: [actor.parent] for actor in case.actors if actor.parent},
            {actor.ref: (actor, "parent") for actor in case.actors},
            "the parents form a circle",
        )
        for party in case.parties:
            self.named(party, "actor", "actors", party.actor)
        for phase in case.phases:
            self.phase(phase)
        for duty in case.obligations:
            self.obligation(duty)
        self.no_circle(*self.waiting(), "the conditions by the text form a circle")
        for event in case.events:
            self.event(event)
        for assessment in case.assessments:
            self.assessment(assessment)
        for check in case.checks:
            self.named(check, "obligation", "obligations", check.obligation)
            if check.date > self.today:
                self.say(check, "date", f"{check.date} lies in the future")
        self.ids_once()
        self.nothing_recorded_ahead()

    # What is promised

    def agreement(self, agreement: schema.Agreement) -> None:
        self.each_once(agreement.states, lambda row: row.since, "since", "state of that day")
        self.each_once(agreement.relations, lambda row: (row.to, row.kind), "to", "relation")
        for relation in agreement.relations:
            if relation.to == agreement.slug:
                self.say(relation, "to", "an agreement cannot relate to itself")

    def phase(self, phase: schema.Phase) -> None:
        if phase.planned_start and phase.planned_end and phase.planned_end < phase.planned_start:
            self.say(phase, "planned_end", f"{phase.planned_end} lies before the planned start, {phase.planned_start}")
        self.conditions(phase, None)
        self.each_once(phase.declarations, lambda row: (row.actor, row.date, row.says), "actor", "declaration")
        for declaration in phase.declarations:
            self.named(declaration, "actor", "actors", declaration.actor)
            self.named(declaration, "source", "sources", declaration.source)

    def obligation(self, duty: schema.Obligation) -> None:
        if str(duty.phase) not in self.names["phases"]:
            self.unknown(duty, "phase", "phases", f"no phase {duty.phase}")
        self.named(duty, "instrument", "instruments", duty.instrument)
        self.clause(duty, duty.clause, duty.instrument)
        self.actors(duty, "obligors")
        self.actors(duty, "beneficiaries")
        self.each_once(duty.measures, lambda row: row.code, "code", "measure")
        self.conditions(duty, duty)

    def conditions(self, holder: schema.Phase | schema.Obligation, duty: schema.Obligation | None) -> None:
        key = lambda row: (row.obligation, row.basis, row.actor)  # noqa: E731  # said once, as an argument would be
        self.each_once(holder.conditions, key, "obligation", "condition")
        for condition in holder.conditions:
            self.named(condition, "obligation", "obligations", condition.obligation)
            if duty is not None and condition.obligation == duty.code:
                self.say(condition, "obligation", "an obligation cannot wait for itself")
            self.named(condition, "actor", "actors", condition.actor)
            if condition.basis == Basis.PARTY and condition.actor is None:
                self.say(condition, "actor", "is missing: name the party that insists")
            if condition.basis == Basis.TEXT and condition.actor is not None and not self.lost(condition, "basis"):
                self.say(condition, "actor", "the text insists for itself; name an actor only with basis party")
            self.clause(condition, condition.clause, duty.instrument if duty else None)

    def clause(self, part: schema.Obligation | schema.Condition, name: str | None, instrument: str | None) -> None:
        if name is None or self.understood.lost("clauses") or self.lost(part, "instrument"):
            return
        found = find_clause(name, instrument, self.clauses)
        if not found:
            self.say(part, "clause", f'no clause "{name}"')
        elif len(found) > 1:
            choice = " or ".join(f"{code}/{number}" for code, number in found)
            self.say(part, "clause", f'"{name}" stands in several instruments; write {choice}')

    def waiting(self) -> tuple[dict[str, list[str]], dict[str, tuple[schema.Part, str]]]:
        """Who waits for whom by the text, and where that is written.

        A phase waits for its conditions, and what belongs to a phase waits for the phase.
        """
        edges: dict[str, list[str]] = {}
        places: dict[str, tuple[schema.Part, str]] = {}
        for phase in self.case.phases:
            name = f"phase {phase.ordinal}"
            edges[name] = self.by_text(phase)
            places[name] = (phase, "conditions")
        for duty in self.case.obligations:
            # To wait for oneself is an error of its own.
            edges[duty.code] = [code for code in self.by_text(duty) if code != duty.code]
            edges[duty.code].append(f"phase {duty.phase}")
            places[duty.code] = (duty, "conditions")
        return edges, places

    def by_text(self, holder: schema.Phase | schema.Obligation) -> list[str]:
        return [row.obligation for row in holder.conditions if row.basis == Basis.TEXT and not self.lost(row, "basis")]

    # What is reported

    def event(self, event: schema.Event) -> None:
        if event.date_end and event.date_end < event.date:
            self.say(event, "date_end", f"{event.date_end} lies before the date, {event.date}")
        if event.state == EventState.OCCURRED and event.date > self.today:
            self.say(event, "date", f"{event.date} lies in the future; what is to come is scheduled")
        for one, other in (("latitude", "longitude"), ("longitude", "latitude")):
            if getattr(event, one) is not None and getattr(event, other) is None:
                self.say(event, other, f"is missing: half a coordinate is no place (there is a {one})")
        if event.outcome is not None:
            self.named(event, "outcome", "events", event.outcome)
            if event.state != EventState.SCHEDULED:
                self.say(event, "outcome", "only a scheduled event has an outcome")
            if event.outcome == event.ref:
                self.say(event, "outcome", "an event cannot be its own outcome")
        self.each_once(event.actors, lambda row: (row.actor, row.role), "actor", "actor in that role")
        for actor in event.actors:
            self.named(actor, "actor", "actors", actor.actor)
        self.each_once(event.effects, lambda row: row.obligation, "obligation", "effect")
        for effect in event.effects:
            self.named(effect, "obligation", "obligations", effect.obligation)
            if effect.effect == EffectKind.BREACHES:
                self.breach(event, effect)
        for report in event.reports:
            self.named(report, "source", "sources", report.source)
            self.originator(report)
        for observation in event.observations:
            self.observation(observation)

    def breach(self, event: schema.Event, effect: schema.Effect) -> None:
        accused = any(actor.role == EventRole.ACCUSED for actor in event.actors)
        if not accused and not self.lost(event, "actors"):
            self.say(effect, "effect", "a breach needs an actor in the role accused")
        if not event.verification and not self.lost(event, "verification"):
            self.say(effect, "effect", "a breach needs the event's verification")

    def originator(self, part: schema.Report | schema.Observation) -> None:
        self.named(part, "originator", "actors", part.originator)
        if part.originator is not None and part.originator_text:
            self.say(part, "originator_text", "name who says it either as an actor or in words, not both")

    def observation(self, figure: schema.Observation) -> None:
        if self.named(figure, "obligation", "obligations", figure.obligation):
            measure = f"{figure.obligation}/{figure.measure}"
            duty = self.duties.get(figure.obligation)
            lost = duty is None or self.lost(duty, "measures")
            if measure not in self.names["measures"] and not lost:
                self.say(figure, "measure", f'no measure "{figure.measure}" of obligation "{figure.obligation}"')
        self.named(figure, "source", "sources", figure.source)
        self.originator(figure)
        if figure.low is not None and figure.high is not None and figure.low > figure.high:
            self.say(figure, "low", f"{figure.low.normalize():f} is above the high figure, {figure.high.normalize():f}")
        if figure.period_start and figure.period_start > figure.as_of and not self.lost(figure, "as_of"):
            self.say(figure, "period_start", f"{figure.period_start} lies after the period's end, {figure.as_of}")

    # What is concluded

    def assessment(self, judged: schema.Assessment) -> None:
        known = self.named(judged, "obligation", "obligations", judged.obligation)
        if judged.effective_on > self.today:
            self.say(judged, "effective_on", f"{judged.effective_on} lies in the future")
        if judged.level > Level.NOT_INITIATED and not self.lost(judged, "level"):
            for key in ("direction", "conformity"):
                if not getattr(judged, key):
                    self.say(judged, key, "is missing: every level above 0 needs it")
        if not judged.evidence and not self.lost(judged, "evidence"):
            self.say(judged, "evidence", "name at least one event")
        self.listed_once(judged, "evidence")
        for number, ref in enumerate(judged.evidence):
            if not self.named(judged, f"evidence[{number}]", "events", ref) or not known:
                continue
            event = self.events.get(ref)
            if event is None or self.lost(event, "effects"):
                continue
            if judged.obligation not in {effect.obligation for effect in event.effects}:
                message = f'event "{ref}" has no effect on obligation "{judged.obligation}"'
                self.say(judged, f"evidence[{number}]", message)
        self.listed_once(judged, "attributed_to")
        duty = self.duties.get(judged.obligation)
        for number, ref in enumerate(judged.attributed_to):
            known_actor = self.named(judged, f"attributed_to[{number}]", "actors", ref)
            if known_actor and duty and ref not in duty.obligors and not self.lost(duty, "obligors"):
                self.say(judged, f"attributed_to[{number}]", f'"{ref}" is not among those who owe "{duty.code}"')
        retracted = judged.retracted
        if retracted and judged.recorded_at and retracted.at.date() < judged.recorded_at.date():
            self.say(retracted, "at", "lies before the assessment was recorded")

    # Rules that hold for all

    def say(self, part: schema.Part, key: str, message: str) -> None:
        self.problems.append(Problem(part.row.place_of(key), message, part.row.line_of(key)))

    def lost(self, part: schema.Part, key: str) -> bool:
        return self.understood.lost(part.row.place_of(key))

    def unknown(self, part: schema.Part, key: str, listed: str, message: str) -> None:
        """Something refers to what the file lacks; unless the whole list could not be read."""
        if listed not in self.understood.set_aside:
            self.say(part, key, message)

    def named(self, part: schema.Part, key: str, listed: str, name: str | None) -> bool:
        """Whether a reference leads somewhere; a missing one does not, but is no error here."""
        if name is None or name in self.names[listed]:
            return name is not None
        self.unknown(part, key, listed, f'no {listed.removesuffix("s")} "{name}"')
        return False

    def actors(self, part: schema.Part, key: str) -> None:
        self.listed_once(part, key)
        for number, ref in enumerate(getattr(part, key)):
            self.named(part, f"{key}[{number}]", "actors", ref)

    def listed_once(self, part: schema.Part, key: str) -> None:
        seen: set[str] = set()
        for number, name in enumerate(getattr(part, key)):
            if name in seen:
                self.say(part, f"{key}[{number}]", f'"{name}" is listed twice')
            seen.add(name)

    def each_once[P: schema.Part](self, rows: Sequence[P], key: Callable[[P], Hashable], at: str, what: str) -> None:
        first: dict[Hashable, P] = {}
        for row in rows:
            name = key(row)
            if name in first:
                self.say(row, at, f"the same {what} as {first[name].row.place}")
            first.setdefault(name, row)

    def no_circle(self, edges: dict[str, list[str]], places: dict[str, tuple[schema.Part, str]], message: str) -> None:
        for circle in circles(edges):
            part, key = places[circle[0]]
            self.say(part, key, f"{message}: {' -> '.join([*circle, circle[0]])}")

    def ids_once(self) -> None:
        first: dict[Hashable, schema.Part] = {}
        for part in parts(self.case):
            given = getattr(part, "id", None)
            if given in first:
                self.say(part, "id", f"the same id as {first[given].row.place}")
            if given is not None:
                first.setdefault(given, part)

    def nothing_recorded_ahead(self) -> None:
        for part in parts(self.case):
            key = "at" if isinstance(part, schema.Retraction) else "recorded_at"
            moment = getattr(part, key, None)
            if moment is not None and moment > self.now:
                self.say(part, key, f"{moment:%Y-%m-%d %H:%M} UTC lies in the future")


def parts(part: schema.Part) -> Iterator[schema.Part]:
    """The part and all parts in it."""
    yield part
    for key in part.model_fields_set:
        held = getattr(part, key)
        if isinstance(held, schema.Part):
            yield from parts(held)
        elif isinstance(held, list):
            for item in held:
                if isinstance(item, schema.Part):
                    yield from parts(item)


def circles(edges: Mapping[str, Iterable[str]]) -> list[list[str]]:
    """The circles of a graph, one for each group of nodes that reach one another, from its first node on.

    ``edges`` leads from each node to the ones it waits for. Iterative, so that a long chain costs no stack.
    """
    found: list[list[str]] = []
    done: set[str] = set()
    for start in edges:
        if start in done:
            continue
        trail: list[str] = []
        open_at: dict[str, int] = {}
        stack: list[tuple[str, Iterator[str]]] = [(start, iter(edges[start]))]
        trail.append(start)
        open_at[start] = 0
        while stack:
            node, rest = stack[-1]
            step = next((other for other in rest if other in edges and other not in done), None)
            if step is None:
                stack.pop()
                trail.pop()
                del open_at[node]
                done.add(node)
            elif step in open_at:
                circle = trail[open_at[step] :]
                if not any(set(circle) & set(other) for other in found):
                    found.append(circle)
            else:
                open_at[step] = len(trail)
                trail.append(step)
                stack.append((step, iter(edges[step])))
    return found
