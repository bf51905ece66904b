"""What a file's assessments mean for the record: which ones are known, which are new, which correct another.

Published assessments never change, so each one of the file is compared with the record of the same obligation and day:
the same content is nothing new, other content is a correction. The plan is made, and its errors are found, before
anything is written.
"""

import datetime as dt
import uuid
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import count

from django.db.models.functions import Coalesce

from tracker.models import Agreement, Assessment, Attribution, Evidence, Retraction

from . import schema
from .check import Understood, circles
from .heirs import Heirs
from .names import assessment_id
from .problems import Problem
from .text import prose

OTHER_ACCOUNT = "The case file gives a different account."

type Key = tuple[str, dt.date]
type Content = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Known:
    """A published assessment of the record, in the file's terms."""

    id: uuid.UUID
    obligation: str
    effective_on: dt.date
    content: Content
    chain: uuid.UUID
    position: int
    withdrawn: bool

    @property
    def key(self) -> Key:
        return (self.obligation, self.effective_on)


@dataclass(frozen=True, slots=True)
class Step:
    """An assessment to record, perhaps as a correction, perhaps to be withdrawn at once."""

    entry: schema.Assessment
    id: uuid.UUID
    supersedes: uuid.UUID | None
    correction_reason: str


@dataclass(slots=True)
class Plan:
    steps: list[Step] = field(default_factory=list)
    """In an order in which each one comes after what it supersedes."""
    withdrawals: list[tuple[uuid.UUID, schema.Retraction]] = field(default_factory=list)
    kept: int = 0
    """How many say what they said before, while a person has corrected the record since."""


def content(entry: schema.Assessment, heirs: Heirs) -> Content:
    return (
        entry.effective_on,
        entry.effective_precision,
        entry.level,
        entry.direction,
        entry.conformity,
        entry.reason,
        frozenset(heirs.event(ref) for ref in entry.evidence),
        frozenset(heirs.actor(ref) for ref in entry.attributed_to),
    )


def known_assessments(agreement: Agreement) -> list[Known]:
    """The agreement's published assessments, with the heirs of what was merged since. Four queries."""
    rows = Assessment.objects.published().filter(obligation__agreement=agreement).select_related("obligation")
    evidence: dict[uuid.UUID, set[str]] = defaultdict(set)
    links = Evidence.objects.filter(assessment__in=rows)
    for pk, ref in links.order_by().values_list("assessment", Coalesce("event__merged_into__ref", "event__ref")):
        evidence[pk].add(ref)
    attributed: dict[uuid.UUID, set[str]] = defaultdict(set)
    shares = Attribution.objects.filter(assessment__in=rows).order_by()
    for pk, slug in shares.values_list("assessment", Coalesce("actor__merged_into__slug", "actor__slug")):
        attributed[pk].add(slug)
    withdrawn = set(Retraction.objects.filter(assessment__in=rows).values_list("assessment", flat=True))
    return [
        Known(
            id=row.pk,
            obligation=row.obligation.code,
            effective_on=row.effective_on,
            content=(
                row.effective_on,
                row.effective_precision,
                row.level,
                row.direction,
                row.conformity,
                prose(row.reason),
                frozenset(evidence[row.pk]),
                frozenset(attributed[row.pk]),
            ),
            chain=row.chain,
            position=row.position,
            withdrawn=row.pk in withdrawn,
        )
        for row in rows
    ]


def plan(understood: Understood, known: Sequence[Known], heirs: Heirs, problems: list[Problem]) -> Plan:
    """What is to be recorded and withdrawn so that the record says what the file says."""
    return _Planner(understood, known, heirs, problems).make()


class _Planner:
    def __init__(self, understood: Understood, known: Sequence[Known], heirs: Heirs, problems: list[Problem]) -> None:
        self.heirs = heirs
        self.entries = understood.case.assessments
        self.slug = understood.case.agreement.slug
        self.understood = understood
        self.problems = problems
        self.before = len(problems)
        self.known = {row.id: row for row in known}
        self.chains: dict[uuid.UUID, list[Known]] = defaultdict(list)
        self.at: dict[Key, list[Known]] = defaultdict(list)
        for row in sorted(known, key=lambda row: (row.position, row.id)):
            self.chains[row.chain].append(row)
            self.at[row.key].append(row)
        self.keys = [(entry.obligation, entry.effective_on) for entry in self.entries]
        self.ids = self.name()
        # What each entry supersedes: another entry, by its number, or a row of the record.
        self.targets: list[int | Known | None] = [self.target(number) for number in range(len(self.entries))]
        self.superseded = {target for target in self.targets if isinstance(target, int)}
        self.matched: dict[int, Known] = {}
        self.made: dict[int, uuid.UUID] = {}
        self.plan = Plan()

    def make(self) -> Plan:
        self.check()
        if len(self.problems) > self.before or self.understood.set_aside:
            return self.plan
        self.match()
        for number in self.order():
            self.decide(number)
        return self.plan

    def say(self, number: int, key: str, message: str) -> None:
        row = self.entries[number].row
        self.problems.append(Problem(row.place_of(key) if key else row.place, message, row.line_of(key)))

    def content(self, entry: schema.Assessment) -> Content:
        return content(entry, self.heirs)

    # Within the file

    def name(self) -> list[uuid.UUID]:
        """The ids: as given, or following from obligation, day and number among those of that day."""
        numbers: Counter[Key] = Counter()
        ids = []
        for entry, key in zip(self.entries, self.keys, strict=True):
            numbers[key] += 1
            ids.append(entry.id or assessment_id(self.slug, *key, numbers[key]))
        return ids

    def target(self, number: int) -> int | Known | None:
        wanted = self.entries[number].supersedes
        if wanted is None:
            return None
        obligation = self.entries[number].obligation
        if isinstance(wanted, uuid.UUID):
            if wanted in self.ids:
                found: int | Known | None = self.ids.index(wanted)
                other = self.entries[self.ids.index(wanted)].obligation
            else:
                found = self.known.get(wanted)
                other = found.obligation if found else ""
            if found is None:
                self.say(number, "supersedes", f"no assessment with the id {wanted}")
            elif other != obligation:
                self.say(number, "supersedes", f'that is an assessment of another obligation, "{other}"')
                return None
            if found == number:
                self.say(number, "supersedes", "an assessment cannot supersede itself")
                return None
            return found
        # By day: the nearest one before it in the file, else one after it, else one of the record.
        same = [other for other, key in enumerate(self.keys) if key == (obligation, wanted) and other != number]
        if same:
            before = [other for other in same if other < number]
            return before[-1] if before else same[0]
        rows = self.at[obligation, wanted]
        if not rows:
            message = f'no assessment of "{obligation}" that became true on {wanted}'
            # One that could not be read is an error already.
            if not any(place.startswith("assessments[") for place in self.understood.set_aside):
                self.say(number, "supersedes", message)
            return None
        return next((row for row in rows if self.is_live(row)), rows[-1])

    def check(self) -> None:
        """Corrections form lines, and of the rest there is one for each obligation and day."""
        first: dict[int | uuid.UUID, int] = {}
        for number, target in enumerate(self.targets):
            if target is None:
                continue
            name = target if isinstance(target, int) else target.id
            if name in first:
                other = self.entries[first[name]].row.place
                self.say(number, "supersedes", f"{other} supersedes the same one; a correction corrects the latest one")
            first.setdefault(name, number)
            if isinstance(target, int):
                earlier, later = self.entries[target].recorded_at, self.entries[number].recorded_at
                if earlier and later and later < earlier:
                    self.say(number, "recorded_at", "lies before the record that this one supersedes")
        edges = {str(number): [str(t)] for number, t in enumerate(self.targets) if isinstance(t, int)}
        for circle in circles({str(n): edges.get(str(n), []) for n in range(len(self.entries))}):
            places = " -> ".join(self.entries[int(n)].row.place for n in [*circle, circle[0]])
            self.say(int(circle[0]), "supersedes", f"these supersede one another: {places}")
        free: dict[Key, int] = {}
        for number, (entry, key) in enumerate(zip(self.entries, self.keys, strict=True)):
            linked = self.targets[number] is not None or number in self.superseded or entry.supersedes is not None
            if entry.id or linked or entry.retracted:
                continue
            if key in free:
                message = "the same obligation and day as {}; say which one supersedes the other"
                self.say(number, "effective_on", message.format(self.entries[free[key]].row.place))
            free.setdefault(key, number)
        counts = Counter(self.ids)
        for number, (entry, name) in enumerate(zip(self.entries, self.ids, strict=True)):
            # Two given ids that are the same were found before.
            if counts[name] > 1 and entry.id is None:
                self.say(number, "id", f"its id would be {name}, which another one has")

    def order(self) -> list[int]:
        """The entries, each after the one it supersedes."""
        ordered: dict[int, None] = {}
        for start in range(len(self.entries)):
            trail: list[int] = []
            number: int | Known | None = start
            while isinstance(number, int) and number not in ordered:
                trail.append(number)
                number = self.targets[number]
            ordered |= dict.fromkeys(reversed(trail))
        return list(ordered)

    # Against the record

    def is_live(self, row: Known) -> bool:
        standing = [other for other in self.chains[row.chain] if not other.withdrawn]
        return bool(standing) and standing[-1] is row

    def made_here(self, row: Known) -> bool:
        """Whether a load made it: then its id follows from a file. What a person made has an id drawn at random."""
        numbers = range(1, len(self.at[row.key]) + 2)
        return row.id in {assessment_id(self.slug, *row.key, number) for number in numbers}

    def match(self) -> None:
        """Finds the rows that say the same."""
        taken: set[uuid.UUID] = set()
        for number, entry in enumerate(self.entries):
            row = self.known.get(entry.id) if entry.id else None
            if row is None:
                continue
            if row.obligation != entry.obligation:
                self.say(number, "id", f'belongs to an assessment of another obligation, "{row.obligation}"')
            elif row.content == self.content(entry):
                self.matched[number] = row
                taken.add(row.id)
        for number, entry in enumerate(self.entries):
            if number in self.matched or (entry.id and entry.id in self.known):
                continue
            same = [
                row for row in self.at[self.keys[number]] if row.id not in taken and row.content == self.content(entry)
            ]
            if same:
                last = number not in self.superseded and entry.retracted is None
                row = min(same, key=lambda row: (self.is_live(row) != last, row.id != self.ids[number]))
                self.matched[number] = row
                taken.add(row.id)

    def decide(self, number: int) -> None:
        entry, row = self.entries[number], self.matched.get(number)
        if row is not None:
            self.decide_known(number, row)
            return
        taken = {row.id for row in self.matched.values()}
        here = [row for row in self.at[self.keys[number]] if row.id not in taken]
        if number in self.superseded:
            if here:
                self.say(
                    number, "", "a published record is never changed, and this one is superseded in this very file"
                )
            else:
                self.record(number, self.origin(number))
        elif entry.retracted:
            if here:
                self.say(
                    number, "retracted", "to withdraw a published record, leave the rest of it as it was published"
                )
            else:
                self.record(number, self.origin(number))
        elif entry.id and entry.id in self.known:
            chain = self.chains[self.known[entry.id].chain]
            if not any(self.is_live(other) and other.content == self.content(entry) for other in chain):
                self.record(number, chain[-1].id)
        elif self.targets[number] is not None:
            self.record(number, self.origin(number))
        else:
            live = [other for other in here if self.is_live(other)]
            live.sort(key=lambda other: other.id == self.ids[number])
            withdrawn = [other for other in here if other.withdrawn and other is self.chains[other.chain][-1]]
            corrected = live[-1:] or withdrawn[-1:]
            self.record(number, corrected[0].id if corrected else None)

    def decide_known(self, number: int, row: Known) -> None:
        entry = self.entries[number]
        if entry.retracted:
            if not row.withdrawn:
                self.plan.withdrawals.append((row.id, entry.retracted))
            return
        if number in self.superseded or row.withdrawn or self.is_live(row):
            return
        # The record has moved on. Where another file moved it, this one moves it back; a person's correction stays.
        others = {other.id for other in self.matched.values()}
        live = [other for other in self.at[row.key] if self.is_live(other) and other.id not in others]
        if live and all(self.made_here(other) for other in live):
            self.record(number, live[-1].id)
        else:
            self.plan.kept += 1

    def origin(self, number: int) -> uuid.UUID | None:
        """The id of what an entry supersedes."""
        target = self.targets[number]
        if isinstance(target, int):
            return self.matched[target].id if target in self.matched else self.made.get(target)
        return target.id if target else None

    def record(self, number: int, supersedes: uuid.UUID | None) -> None:
        entry, key = self.entries[number], self.keys[number]
        name = self.ids[number]
        taken = set(self.known) | set(self.made.values()) | {n for i, n in enumerate(self.ids) if i != number}
        if name in self.known:
            name = next(new for n in count(1) if (new := assessment_id(self.slug, *key, n)) not in taken)
        self.made[number] = name
        reason = (entry.correction_reason or OTHER_ACCOUNT) if supersedes else ""
        self.plan.steps.append(Step(entry, name, supersedes, reason))
        if entry.retracted:
            self.plan.withdrawals.append((name, entry.retracted))
