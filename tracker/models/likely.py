"""Events on record that a passage may be about, so that one event is not entered twice."""

import datetime as dt
import re
from collections.abc import Collection
from dataclasses import dataclass, field

from django.db.models import Prefetch, Q

from tracker.codebook import EventKind, EventRole, Stage

from .actors import Actor
from .agreements import Agreement, Obligation
from .evidence import Effect, Event
from .intake import may_be_reported
from .proposals import Proposal

WINDOW = dt.timedelta(days=10)
OFFERED = 5
AT_LEAST = 3.0
SURE = 7.0
"""From here on an event is proposed as the one that is meant."""

WORD = re.compile(r"\w{5,}")


@dataclass(frozen=True, slots=True)
class Hint:
    """What is known of the event that a passage speaks of. ``first`` to ``last`` are the days it may have been on.

    ``dated``: the passage says so; otherwise they are the days before the article. ``speaker``: who makes a statement.
    """

    first: dt.date | None = None
    last: dt.date | None = None
    dated: bool = True
    speaker: Actor | None = None
    kind: str = ""
    place: str = ""
    actors: Collection[Actor] = ()
    obligations: Collection[Obligation] = ()
    text: str = ""


@dataclass(slots=True)
class Likely:
    """An event that may be meant. ``why`` are phrases such as "same day"; ``draft``: it is in the person's own set."""

    event: Event
    score: float = 0.0
    why: list[str] = field(default_factory=list)

    @property
    def draft(self) -> bool:
        return self.event.stage != Stage.PUBLISHED

    @property
    def sure(self) -> bool:
        return self.score >= SURE

    def count(self, points: float, why: str = "") -> None:
        self.score += points
        if why:
            self.why.append(why)


def likely(agreement: Agreement, proposal: Proposal | None, hint: Hint) -> list[Likely]:
    """The events of the agreement that fit best, best first; none without anything to go by. Three queries at most."""
    if hint.first is None:
        return []
    last = hint.last or hint.first
    near = Q(date__lte=last + WINDOW, interval_end__gte=hint.first - WINDOW)
    mine = Q(stage=Stage.PUBLISHED) | Q(proposal=proposal) if proposal else Q(stage=Stage.PUBLISHED)
    effects = Prefetch("effects", Effect.objects.filter(mine))
    events = may_be_reported(agreement, proposal).filter(near).prefetch_related("actors__actor", effects)
    found = [weighed(event, hint, hint.first, last) for event in events[:500]]
    found = [one for one in found if one.score >= AT_LEAST]
    return sorted(found, key=lambda one: (-one.score, -one.event.date.toordinal(), str(one.event.pk)))[:OFFERED]


def weighed(event: Event, hint: Hint, first: dt.date, last: dt.date) -> Likely:
    one = Likely(event)
    apart = max((event.date - last).days, (first - event.interval_end).days, 0)
    if not hint.dated:
        one.count(1 if apart == 0 else 0.25)
    elif apart == 0:
        exact = first == last == event.date == event.interval_end
        # Much happens on one day; alone it tells nothing.
        one.count(2.75, "same day") if exact else one.count(2, "same days")
    elif apart <= 2:
        one.count(1.5, f"{apart} day{'s' if apart > 1 else ''} apart")
    else:
        one.count(0.25)
    if event.kind == hint.kind and hint.kind != EventKind.OTHER:
        one.count(2, EventKind(hint.kind).label.casefold())
    speakers = {part.actor_id for part in event.actors.all() if part.role == EventRole.SPEAKER}
    if hint.kind == EventKind.STATEMENT and hint.speaker and hint.speaker.pk not in speakers:
        # What another one said is another statement, whoever it was about.
        one.count(-6)
    taking_part = {part.actor_id: part.actor.name for part in event.actors.all()}
    shared = [actor.name for actor in hint.actors if actor.pk in taking_part]
    if shared:
        one.count(min(len(shared), 3), " and ".join(shared[:2]) + (" and others" if len(shared) > 2 else ""))
    ours, theirs = hint.place.casefold().strip(), event.place.casefold().strip()
    if ours and theirs and (ours in theirs or theirs in ours):
        one.count(1.5, event.place)
    bearing = {effect.obligation_id for effect in event.effects.all()}
    if any(obligation.pk in bearing for obligation in hint.obligations):
        one.count(0.75, "same obligation")
    told = set(WORD.findall(event.title.casefold()))
    if told:
        one.count(1.5 * len(told & set(WORD.findall(hint.text.casefold()))) / len(told))
    return one
