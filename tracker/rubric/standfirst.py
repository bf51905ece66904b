"""The opening sentences of an agreement's page, written by rule from counts and figures, never from judgement."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from tracker.codebook import AgreementState, Category, Counting, FigureNature, MeasureKind, StatusWord
from tracker.codebook import Direction as Side
from tracker.words import written

# What goes in


@dataclass(frozen=True, slots=True)
class Deal:
    """The agreement as it stood on ``day``.

    ``state`` is the newest dated state by then and ``state_since`` its day; None where none was recorded.
    """

    day: date
    signed_on: date | None
    effective_on: date | None
    state: AgreementState | None = None
    state_since: date | None = None


@dataclass(frozen=True, slots=True)
class PhaseWords:
    """A phase and the status word of each of its obligations that existed on the day."""

    ordinal: int
    words: tuple[StatusWord, ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure for a measure: what ``key`` (who gives it) says had been reached by ``as_of``.

    ``low`` equals ``high`` unless a range was given. ``counting`` "" counts as cumulative: a total runs.
    """

    as_of: date
    low: int | Decimal
    high: int | Decimal
    key: str
    nature: FigureNature = FigureNature.ACTUAL
    counting: Counting | str = ""


@dataclass(frozen=True, slots=True)
class Measured:
    """A measure of an obligation, with its figures in the order of recording. ``target`` None: none set."""

    kind: MeasureKind
    direction: Side
    target: int | Decimal | None
    unit: str
    figures: tuple[Figure, ...] = ()

    @property
    def countable(self) -> bool:
        """Whether it says how many are owed in all."""
        return self.kind == MeasureKind.TOTAL and self.direction == Side.AT_LEAST and bool(self.target)


@dataclass(frozen=True, slots=True)
class Owed:
    """An obligation that existed on the day, with its measures."""

    category: Category
    measures: tuple[Measured, ...] = ()


# What comes out


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of a sentence; ``strong`` marks the figures that a reader looks for first."""

    text: str
    strong: bool = False


type Sentence = tuple[Run, ...]

ORDER: tuple[StatusWord, ...] = (
    StatusWord.PARTLY_KEPT,
    StatusWord.UNDER_WAY,
    StatusWord.IN_TALKS,
    StatusWord.NOT_YET_DUE,
    StatusWord.WAITING,
    StatusWord.NOT_STARTED,
    StatusWord.STALLED,
    StatusWord.REVERSING,
    StatusWord.OVERDUE,
    StatusWord.NOT_KEPT,
    StatusWord.BREACH_ALLEGED,
    StatusWord.BREACHED,
    StatusWord.LAPSED,
    StatusWord.NOT_ASSESSED,
)
"""The fixed order of the counts, after those fulfilled or kept: begun, not begun, in trouble, over, unknown."""

FULFILLED = frozenset({StatusWord.FULFILLED, StatusWord.FULFILLED_LATE})

ORDINALS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")

LEADS: dict[Category, tuple[str, str, str]] = {
    Category.HOSTAGE_RELEASE: ("hostage", "hostages", "returned"),
    Category.PRISONER_RELEASE: ("prisoner or detainee", "prisoners and detainees", "released"),
}
"""Categories whose figures open the page, with how to say them: one, several, what was done."""

REMAINS = frozenset({"bodies", "remains"})
"""Units that count the dead. They count as hostages returned, but nobody dead is a prisoner released."""


def standfirst(deal: Deal, phases: Iterable[PhaseWords], owed: Iterable[Owed]) -> list[Sentence]:
    """The sentences for ``deal.day``, at least one.

    First the agreement's own state where it is not plainly in force, then the lead figures, then one sentence for each
    phase in order, whose counts add up to the phase's obligations.
    """
    phases = sorted(phases, key=lambda phase: phase.ordinal)
    opening = _opening(deal)
    words = [word for phase in phases for word in phase.words]
    if not words:
        if opening == [NOT_SIGNED]:
            return opening
        return [*opening, (Run("No obligations recorded yet."),)]
    told = [*opening, *lead_figures(owed, deal.day)]
    if set(words) == {StatusWord.NOT_ASSESSED} and sum(bool(phase.words) for phase in phases) > 1:
        # One sentence instead of the same one for each phase.
        return [*told, (Run("None", strong=True), Run(f" of {len(words)} obligations assessed by this day."))]
    return told + [phase_sentence(phase) for phase in phases]


def plain(sentences: Iterable[Sentence]) -> str:
    """The sentences as one line of text, for descriptions and feeds."""
    return " ".join("".join(run.text for run in sentence) for sentence in sentences)


# The agreement

NOT_SIGNED: Sentence = (Run("Not signed by this day."),)


def _opening(deal: Deal) -> list[Sentence]:
    """What has to be said first about the agreement as a whole; nothing where it is in force."""
    since = f" on {written(deal.state_since)}" if deal.state_since else ""
    match deal.state:
        case AgreementState.LAPSED:
            return [(Run(f"Lapsed{since}."),)]
        case AgreementState.SUPERSEDED:
            return [(Run(f"Superseded by a later agreement{since}."),)]
        case AgreementState.COMPLETED:
            return [(Run(f"Ended{since}: its parties call it carried out."),)]
        case AgreementState.SUSPENDED:
            return [(Run(f"Suspended since {written(deal.state_since)}." if deal.state_since else "Suspended."),)]
        case AgreementState.IN_FORCE:
            return []
        case _:
            return _before_force(deal)


def _before_force(deal: Deal) -> list[Sentence]:
    """The same for an agreement with no state beyond its signature, told by its dates."""
    if deal.effective_on is not None and deal.effective_on <= deal.day:
        return []
    if deal.signed_on is not None and deal.signed_on <= deal.day:
        return [(Run(f"Signed on {written(deal.signed_on)}; not yet in force."),)]
    if deal.state == AgreementState.SIGNED:
        return [(Run("Signed; not yet in force."),)]
    return [NOT_SIGNED]


# The lead figures


def lead_figures(owed: Iterable[Owed], day: date) -> list[Sentence]:
    """How many were returned or released of how many owed, e.g. "47 of 48 hostages returned.".

    Said of a category only where each of its obligations has exactly one countable target and an actual figure by
    ``day``. For each obligation the figures of its newest day count; where those who give them differ, the sentence
    has the range.
    """
    owed = list(owed)
    told = []
    for category, wording in LEADS.items():
        inside = [
            [measure for measure in one.measures if measure.countable] for one in owed if one.category == category
        ]
        if category == Category.PRISONER_RELEASE:
            inside = [measures for measures in inside if not _of_remains(measures)]
        reached = [_reached(measures, day) for measures in inside]
        known = [one for one in reached if one is not None]
        if known and len(known) == len(reached):
            low, high, target = (sum(parts, Decimal()) for parts in zip(*known, strict=True))
            told.append(_lead(low, high, target, wording))
    return told


def _of_remains(measures: list[Measured]) -> bool:
    return bool(measures) and all(measure.unit.casefold() in REMAINS for measure in measures)


def _reached(measures: list[Measured], day: date) -> tuple[Decimal, Decimal, Decimal] | None:
    """Lowest and highest figure of the newest day, and the target; None where the measures give no one answer."""
    if len(measures) != 1 or measures[0].target is None:
        return None
    usable = [
        figure
        for figure in measures[0].figures
        if figure.as_of <= day and figure.nature == FigureNature.ACTUAL and figure.counting in ("", Counting.CUMULATIVE)
    ]
    if not usable:
        return None
    newest = max(figure.as_of for figure in usable)
    # A later figure of the same originator for the same day replaces the earlier one.
    latest = {figure.key: figure for figure in usable if figure.as_of == newest}.values()
    return (
        Decimal(min(figure.low for figure in latest)),
        Decimal(max(figure.high for figure in latest)),
        Decimal(measures[0].target),
    )


def _lead(low: Decimal, high: Decimal, target: Decimal, wording: tuple[str, str, str]) -> Sentence:
    one, several, done = wording
    span = _number(low) if low == high else f"{_number(low)}\N{EN DASH}{_number(high)}"
    if high > target:
        # "1,968 of 1,950" would read as a slip.
        return Run(span, strong=True), Run(f" {several} {done} ({_number(target)} agreed).")
    return Run(f"{span} of {_number(target)}", strong=True), Run(f" {one if target == 1 else several} {done}.")


def _number(value: Decimal) -> str:
    """The number with thousands separated and no empty decimals: 1,968 or 12.5."""
    return f"{int(value):,}" if value == value.to_integral_value() else f"{value.normalize():,f}"


# The phases


def phase_sentence(phase: PhaseWords) -> Sentence:
    """One phase: those fulfilled or kept of all, then a count for each other word that occurs, in ``ORDER``."""
    name = f"Phase {_ordinal(phase.ordinal)}: "
    count = Counter(phase.words)
    if not phase.words:
        return (Run(f"{name}no obligations recorded."),)
    if count[StatusWord.NOT_ASSESSED] == len(phase.words):
        return (Run(f"{name}not assessed."),)
    rest = [_counted(word, count[word]) for word in ORDER if count[word]]
    lead = _done(count, len(phase.words))
    if lead:
        return Run(name), *lead, Run("".join(f", {part}" for part in rest) + ".")
    return Run(name), Run(rest[0], strong=True), Run("".join(f", {part}" for part in rest[1:]) + ".")


def _done(count: Counter[StatusWord], total: int) -> Sentence:
    """ "5 of 13 obligations fulfilled or kept, 1 of them late"; empty where none is."""
    fulfilled = sum(count[word] for word in FULFILLED)
    kept = count[StatusWord.KEPT]
    late = count[StatusWord.FULFILLED_LATE]
    done = fulfilled + kept
    if not done:
        return ()
    what = " or ".join(word for word, number in (("fulfilled", fulfilled), ("kept", kept)) if number)
    if late == done:
        what += " late"
    elif late:
        what += f", {late} of them late"
    if total == 1:
        return Run("its only obligation", strong=True), Run(f" {what}")
    if done == total:
        return Run(f"all {total}", strong=True), Run(f" obligations {what}")
    return Run(f"{done} of {total}", strong=True), Run(f" obligations {what}")


def _counted(word: StatusWord, number: int) -> str:
    if word == StatusWord.BREACH_ALLEGED:
        # "3 breaches alleged" would count breaches; these are obligations.
        return f"{number} with a breach alleged"
    return f"{number} {word.label.lower()}"


def _ordinal(number: int) -> str:
    return ORDINALS[number - 1] if 1 <= number <= len(ORDINALS) else str(number)
