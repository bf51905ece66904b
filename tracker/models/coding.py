"""What coders get to see of an item, and what came out of closed rounds: agreement, and the items they differ on."""

import datetime as dt
import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from string import ascii_uppercase
from typing import Any

from django.db.models import Prefetch, Q
from django.utils.translation import gettext_lazy

from tracker.codebook import ActorKind, CodingKind, Stage
from tracker.reading.masking import Mask
from tracker.reading.names import Known
from tracker.rubric.reliability import NOMINAL, ORDINAL, Reliability, reliability

from .actors import Actor, root_of
from .agreements import Agreement, Measure
from .base import Vantage
from .evidence import Event, EventActor, Observation, Report
from .rounds import Answer, Coder, Item, Memo, Round, Settlement


@dataclass(frozen=True, slots=True)
class Variable:
    """One thing that is coded, as a column of answers and in words; ``metric`` is how far apart two values are."""

    name: str
    words: Any
    metric: str

    @property
    def label(self) -> str:
        return str(self.words)


VARIABLES: dict[str, tuple[Variable, ...]] = {
    CodingKind.STATUS: (
        Variable("level", gettext_lazy("level"), ORDINAL),
        Variable("direction", gettext_lazy("direction"), NOMINAL),
        Variable("conformity", gettext_lazy("fit with the text"), NOMINAL),
    ),
    CodingKind.EVENT: (
        Variable("effect", gettext_lazy("effect on the obligation"), NOMINAL),
        Variable("verification", gettext_lazy("verification"), NOMINAL),
    ),
}


# What a coder sees


@dataclass(frozen=True, slots=True)
class Sheet:
    """Everything there is to judge by, as it was when the round was opened.

    ``events`` have ``told`` (reports) and ``cast`` (who took part), the newest first; ``measures`` have ``given``.
    """

    events: list[Event]
    measures: list[Measure]


def sheet(item: Item) -> Sheet:
    """The evidence of an item, the same for every coder. Six queries at most."""
    coding = item.round
    vantage = Vantage(as_of=coding.as_of)
    # What was entered since the round was opened would be seen by those only who code late.
    before = Q(recorded_at__lte=coding.recorded_at)
    reports = Report.objects.known(vantage).filter(before).select_related("article__outlet", "originator", "relays")
    cast = EventActor.objects.filter(before).select_related("actor").order_by("role", "id")
    bearing = Q(effects__obligation=item.obligation, effects__stage=Stage.PUBLISHED)
    if item.event_id:
        found = Event.objects.public(vantage).filter(before, pk=item.event_id)
    else:
        found = Event.objects.happened(vantage).filter(before, bearing)
    reports = reports.order_by("article__published_on", "recorded_at", "id")
    parts: list[Any] = [Prefetch("reports", reports, to_attr="told"), Prefetch("actors", cast, to_attr="cast")]
    events = found.order_by("-date", "-id").prefetch_related(*parts)
    figures = Observation.objects.known(vantage).filter(before, as_of__lte=coding.as_of)
    figures = figures.select_related("measure", "originator", "article__outlet").order_by(
        "-as_of", "-recorded_at", "id"
    )
    owed = Measure.objects.filter(obligation=item.obligation).order_by("code")
    measures = owed.prefetch_related(Prefetch("observations", figures, to_attr="given"))
    return Sheet(list(events), list(measures))


def mask_of(coding: Round) -> Mask:
    """Hides the names of whoever is a party, owes or is owed in the round's agreement, and of all who speak for them.

    The same letter stands for the same side throughout a round; letters and numbers follow no order that tells
    anything.
    """
    return _mask(coding.agreement_id, str(coding.pk))


def hides_names(agreement: Agreement, text: str) -> bool:
    """Whether a text that coders are to read names none of the sides."""
    return _mask(agreement.pk, "").hide(text) == text


def _mask(agreement: object, seed: str) -> Mask:
    sides = Q(parties__agreement=agreement) | Q(owes__agreement=agreement) | Q(is_owed__agreement=agreement)
    roots = set(Actor.objects.filter(sides).values_list("root", flat=True))
    actors = list(Actor.objects.filter(root__in=roots))
    actors.sort(key=lambda actor: hashlib.sha256(f"{seed} {actor.pk}".encode()).digest())
    letters = {actor.pk: _letters(place) for place, actor in enumerate(a for a in actors if a.pk in roots)}
    counts: dict[tuple[str, str], int] = defaultdict(int)
    parties = []
    for actor in actors:
        label = f"Party {letters[root_of(actor)]}"
        if actor.pk not in letters:
            kind = "Person" if actor.kind == ActorKind.PERSON else "Body"
            counts[kind, label] += 1
            label = f"{kind} {counts[kind, label]} of {label}"
        parties.append((Known(str(actor.pk), actor.name, tuple(actor.aliases), actor.kind), label))
    return Mask(parties)


def _letters(place: int) -> str:
    """A to Z, then AA, AB and so on."""
    letter = ascii_uppercase[place % 26]
    return letter if place < 26 else _letters(place // 26 - 1) + letter


# What came out


@dataclass(frozen=True, slots=True)
class Measured:
    """How far the coders of a round agree on one variable."""

    variable: Variable
    reliability: Reliability


@dataclass(frozen=True, slots=True)
class Coding:
    """One item of a closed round with all answers in the order of the coders' numbers, None where there is none.

    ``differing`` names the variables on which answers differ.
    """

    item: Item
    answers: list[tuple[Coder, Answer | None]]
    differing: list[str]
    settlement: Settlement | None
    memo: Memo | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """A closed round: its items, and the agreement of its coders by variable."""

    round: Round
    coders: list[Coder]
    codings: list[Coding]
    measured: list[Measured]

    @property
    def disagreements(self) -> list[Coding]:
        """The items to settle, those first that are still open."""
        return sorted((one for one in self.codings if one.differing), key=lambda one: one.settlement is not None)

    @property
    def unsettled(self) -> int:
        return sum(1 for one in self.disagreements if one.settlement is None)


def outcomes(rounds: Iterable[Round]) -> list[Outcome]:
    """What came out of closed rounds, in the order given. Three queries, however many there are."""
    wanted = [one for one in rounds if one.closed_at is not None]
    seats: dict[Any, list[Coder]] = defaultdict(list)
    for seat in Coder.objects.filter(round__in=wanted).order_by("number"):
        seats[seat.round_id].append(seat)
    items: dict[Any, list[Item]] = defaultdict(list)
    rows = Item.objects.filter(round__in=wanted).select_related("obligation__agreement", "event", "settlement", "memo")
    for item in rows.order_by("event__date", "obligation__phase__ordinal", "obligation__code", "id"):
        items[item.round_id].append(item)
    answers: dict[tuple[int, int], Answer] = {
        (answer.item_id, answer.coder_id): answer for answer in Answer.objects.filter(item__round__in=wanted)
    }
    return [_outcome(one, seats[one.pk], items[one.pk], answers) for one in wanted]


def _outcome(coding: Round, seats: list[Coder], items: list[Item], answers: dict[tuple[int, int], Answer]) -> Outcome:
    variables = VARIABLES[coding.kind]
    codings = []
    units: dict[str, list[list[Any]]] = {variable.name: [] for variable in variables}
    for item in items:
        item.round = coding
        given = [(seat, answers.get((item.pk, seat.pk))) for seat in seats]
        differing = []
        for variable in variables:
            values = [_value(answer, variable) for _, answer in given]
            units[variable.name].append(values)
            if len({value for value in values if value is not None}) > 1:
                differing.append(variable.label)
        codings.append(Coding(item, given, differing, getattr(item, "settlement", None), getattr(item, "memo", None)))
    measured = [Measured(one, reliability(units[one.name], one.metric)) for one in variables]
    return Outcome(coding, seats, codings, measured)


def _value(answer: Answer | None, variable: Variable) -> Any:
    """What is compared: what was left open, or does not apply at level 0, counts as missing."""
    if answer is None:
        return None
    value = getattr(answer, variable.name)
    return None if value == "" else value


def closed_rounds(vantage: Vantage, limit: int) -> Sequence[Outcome]:
    """The latest rounds that had been closed by the day, and by the record day. Four queries."""
    days = [vantage.as_of, *([vantage.known_on] if vantage.known_on else [])]
    end = dt.datetime.combine(min(days) + dt.timedelta(days=1), dt.time(), tzinfo=dt.UTC)
    return outcomes(Round.objects.closed(before=end).select_related("agreement")[:limit])
