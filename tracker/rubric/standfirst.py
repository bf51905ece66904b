"""The opening sentences of an agreement's page, written by rule from counts and figures, never from judgement."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, ngettext_lazy, pgettext_lazy

from tracker.codebook import AgreementState, Category, Counting, FigureNature, MeasureKind, StatusWord
from tracker.codebook import Direction as Side
from tracker.words import number, strung, written

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

COUNTED: Mapping[StatusWord, Any] = {
    StatusWord.PARTLY_KEPT: ngettext_lazy("%(count)s partly kept", "%(count)s partly kept", "count"),
    StatusWord.UNDER_WAY: ngettext_lazy("%(count)s under way", "%(count)s under way", "count"),
    StatusWord.IN_TALKS: ngettext_lazy("%(count)s in talks", "%(count)s in talks", "count"),
    StatusWord.NOT_YET_DUE: ngettext_lazy("%(count)s not yet due", "%(count)s not yet due", "count"),
    StatusWord.WAITING: ngettext_lazy("%(count)s waiting", "%(count)s waiting", "count"),
    StatusWord.NOT_STARTED: ngettext_lazy("%(count)s not started", "%(count)s not started", "count"),
    StatusWord.STALLED: ngettext_lazy("%(count)s stalled", "%(count)s stalled", "count"),
    StatusWord.REVERSING: ngettext_lazy("%(count)s reversing", "%(count)s reversing", "count"),
    StatusWord.OVERDUE: ngettext_lazy("%(count)s overdue", "%(count)s overdue", "count"),
    StatusWord.NOT_KEPT: ngettext_lazy("%(count)s not kept", "%(count)s not kept", "count"),
    # "3 breaches alleged" would count breaches; these are obligations.
    StatusWord.BREACH_ALLEGED: ngettext_lazy(
        "%(count)s with a breach alleged", "%(count)s with a breach alleged", "count"
    ),
    StatusWord.BREACHED: ngettext_lazy("%(count)s breached", "%(count)s breached", "count"),
    StatusWord.LAPSED: ngettext_lazy("%(count)s lapsed", "%(count)s lapsed", "count"),
    StatusWord.NOT_ASSESSED: ngettext_lazy("%(count)s not assessed", "%(count)s not assessed", "count"),
}
"""So many obligations, by their status word."""

ORDER: tuple[StatusWord, ...] = tuple(COUNTED)
"""The fixed order of the counts, after those fulfilled or kept: begun, not begun, in trouble, over, unknown."""

FULFILLED = frozenset({StatusWord.FULFILLED, StatusWord.FULFILLED_LATE})

ORDINALS = (
    pgettext_lazy("number of a phase", "one"),
    pgettext_lazy("number of a phase", "two"),
    pgettext_lazy("number of a phase", "three"),
    pgettext_lazy("number of a phase", "four"),
    pgettext_lazy("number of a phase", "five"),
    pgettext_lazy("number of a phase", "six"),
    pgettext_lazy("number of a phase", "seven"),
    pgettext_lazy("number of a phase", "eight"),
    pgettext_lazy("number of a phase", "nine"),
    pgettext_lazy("number of a phase", "ten"),
)

LEADS: Mapping[Category, tuple[Any, Any]] = {
    Category.HOSTAGE_RELEASE: (
        ngettext_lazy(
            "**%(reached)s of %(target)s** hostage returned.",
            "**%(reached)s of %(target)s** hostages returned.",
            "count",
        ),
        gettext_lazy("**%(reached)s** hostages returned (%(target)s agreed)."),
    ),
    Category.PRISONER_RELEASE: (
        ngettext_lazy(
            "**%(reached)s of %(target)s** prisoner or detainee released.",
            "**%(reached)s of %(target)s** prisoners and detainees released.",
            "count",
        ),
        gettext_lazy("**%(reached)s** prisoners and detainees released (%(target)s agreed)."),
    ),
}
"""Categories whose figures open the page, with how to say them: so many of those agreed, and more than agreed."""

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
        return opening if _unsigned(deal) else [*opening, _sentence(_("No obligations recorded yet."))]
    told = [*opening, *lead_figures(owed, deal.day)]
    if set(words) == {StatusWord.NOT_ASSESSED} and sum(bool(phase.words) for phase in phases) > 1:
        # One sentence instead of the same one for each phase.
        none = ngettext(
            "**None** of %(count)s obligations assessed by this day.",
            "**None** of %(count)s obligations assessed by this day.",
            len(words),
        )
        return [*told, _sentence(none % {"count": len(words)})]
    return told + [phase_sentence(phase) for phase in phases]


def plain(sentences: Iterable[Sentence]) -> str:
    """The sentences as one line of text, for descriptions and feeds."""
    return " ".join("".join(run.text for run in sentence) for sentence in sentences)


def _sentence(text: str) -> Sentence:
    """The runs of a text in which what is strong stands between double asterisks."""
    return tuple(Run(part, strong=bool(place % 2)) for place, part in enumerate(text.split("**")) if part)


# The agreement


def _opening(deal: Deal) -> list[Sentence]:
    """What has to be said first about the agreement as a whole; nothing where it is in force."""
    day = {"day": written(deal.state_since)} if deal.state_since else None
    match deal.state:
        case AgreementState.LAPSED:
            told = _("Lapsed on %(day)s.") % day if day else _("Lapsed.")
        case AgreementState.SUPERSEDED:
            told = (
                _("Superseded by a later agreement on %(day)s.") % day if day else _("Superseded by a later agreement.")
            )
        case AgreementState.COMPLETED:
            told = (
                _("Ended on %(day)s: its parties call it carried out.") % day
                if day
                else _("Ended: its parties call it carried out.")
            )
        case AgreementState.SUSPENDED:
            told = _("Suspended since %(day)s.") % day if day else _("Suspended.")
        case AgreementState.IN_FORCE:
            return []
        case _other:
            told = _before_force(deal)
    return [_sentence(told)] if told else []


def _before_force(deal: Deal) -> str:
    """The same for an agreement with no state beyond its signature, told by its dates."""
    if deal.effective_on is not None and deal.effective_on <= deal.day:
        return ""
    if deal.signed_on is not None and deal.signed_on <= deal.day:
        return _("Signed on %(day)s; not yet in force.") % {"day": written(deal.signed_on)}
    if deal.state == AgreementState.SIGNED:
        return _("Signed; not yet in force.")
    return _("Not signed by this day.")


def _unsigned(deal: Deal) -> bool:
    """Whether nothing says that it was signed or took effect."""
    days = (deal.effective_on, deal.signed_on)
    return deal.state in (None, AgreementState.NEGOTIATION) and not any(day and day <= deal.day for day in days)


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
            told.append(_lead(low, high, target, *wording))
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


def _lead(low: Decimal, high: Decimal, target: Decimal, of: Any, beyond: Any) -> Sentence:
    span = number(low) if low == high else f"{number(low)}\N{EN DASH}{number(high)}"
    parts = {"reached": span, "target": number(target), "count": int(target)}
    return _sentence((beyond if high > target else of) % parts)


# The phases


def phase_sentence(phase: PhaseWords) -> Sentence:
    """One phase: those fulfilled or kept of all, then a count for each other word that occurs, in ``ORDER``."""
    name = {"number": ordinal(phase.ordinal)}
    count = Counter(phase.words)
    if not phase.words:
        return _sentence(_("Phase %(number)s: no obligations recorded.") % name)
    if count[StatusWord.NOT_ASSESSED] == len(phase.words):
        return _sentence(_("Phase %(number)s: not assessed.") % name)
    rest = [str(counted % {"count": count[word]}) for word, counted in COUNTED.items() if count[word]]
    parts = [*_done(count, len(phase.words)), *rest]
    if rest and parts[0] == rest[0]:
        parts[0] = f"**{parts[0]}**"
    return _sentence(_("Phase %(number)s: %(counts)s.") % (name | {"counts": strung(parts)}))


def _done(count: Counter[StatusWord], total: int) -> list[str]:
    """ "5 of 13 obligations fulfilled or kept", "1 of them late"; empty where none is."""
    fulfilled = sum(count[word] for word in FULFILLED)
    kept = count[StatusWord.KEPT]
    late = count[StatusWord.FULFILLED_LATE]
    done = fulfilled + kept
    if not done:
        return []
    if late == done:
        only, every, some = (
            _("**its only obligation** fulfilled late"),
            _("**all %(total)s** obligations fulfilled late"),
            _("**%(done)s of %(total)s** obligations fulfilled late"),
        )
    elif not kept:
        only, every, some = (
            _("**its only obligation** fulfilled"),
            _("**all %(total)s** obligations fulfilled"),
            _("**%(done)s of %(total)s** obligations fulfilled"),
        )
    elif not fulfilled:
        only, every, some = (
            _("**its only obligation** kept"),
            _("**all %(total)s** obligations kept"),
            _("**%(done)s of %(total)s** obligations kept"),
        )
    else:
        only, every, some = (
            "",
            _("**all %(total)s** obligations fulfilled or kept"),
            _("**%(done)s of %(total)s** obligations fulfilled or kept"),
        )
    told = only if total == 1 else every if done == total else some
    parts = [told % {"done": done, "total": total}]
    if 0 < late < done:
        parts.append(ngettext("%(count)s of them late", "%(count)s of them late", late) % {"count": late})
    return parts


def ordinal(number: int) -> str:
    """The number of a phase: one, two, three; in figures above ten."""
    return str(ORDINALS[number - 1]) if 1 <= number <= len(ORDINALS) else str(number)
