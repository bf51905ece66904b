"""What a set of changes would change, laid out for whoever decides on it: the new beside what is on record."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q

from tracker.codebook import Stage
from tracker.reading.sentences import sentences

from .anchors import place
from .assessments import Assessment
from .base import Vantage
from .copies import Copy
from .evidence import Effect, Event, EventActor, Observation, Report
from .likely import AT_LEAST, OFFERED, WINDOW, Hint, Likely, weighed
from .proposals import Proposal

AROUND = 600
"""So many characters on either side of a quote its sentence is looked for in."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A quote in the sentence of the kept text that it stands in."""

    before: str
    words: str
    after: str


@dataclass(frozen=True, slots=True)
class Told:
    """A report of the set. ``passage`` is None where nothing is quoted, kept or found; ``lost``: it is not found."""

    report: Report
    passage: Passage | None
    lost: bool


@dataclass(slots=True)
class Group:
    """Everything in the set about one event, and what the record holds of it now.

    ``new``: the event itself comes with the set; ``alike`` are events on record that may be the same one.
    ``foreign``: it waits in another set, which has to be published first.
    """

    event: Event
    new: bool
    foreign: bool
    actors: list[EventActor] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)
    effects: list[Effect] = field(default_factory=list)
    figures: list[Observation] = field(default_factory=list)
    reports_now: list[Report] = field(default_factory=list)
    effects_now: list[Effect] = field(default_factory=list)
    alike: list[Likely] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Step:
    """A status of the set beside what it comes on top of: what stood on its day, or the record that it corrects.

    ``later`` is what stands now, where that is about a later day. ``overtaken``: somebody else changed the obligation
    since it was written.
    """

    assessment: Assessment
    before: Assessment | None
    later: Assessment | None
    overtaken: bool


@dataclass(frozen=True, slots=True)
class Contents:
    groups: list[Group]
    steps: list[Step]

    @property
    def in_words(self) -> list[str]:
        """What the set brings, for instance ["2 new events", "3 reports", "1 status"]."""
        counts = [
            (sum(group.new for group in self.groups), "new event", "new events"),
            (sum(len(group.told) for group in self.groups), "report", "reports"),
            (sum(len(group.figures) for group in self.groups), "figure", "figures"),
            (
                sum(len(group.effects) for group in self.groups if not group.new),
                "new effect of an event on record",
                "new effects of events on record",
            ),
            (len(self.steps), "status", "statuses"),
        ]
        return [f"{count} {one if count == 1 else several}" for count, one, several in counts if count]


def contents(proposal: Proposal) -> Contents:
    """The set as it is now. The number of queries does not depend on the data."""
    return Contents(_groups(proposal), _steps(proposal))


def _steps(proposal: Proposal) -> list[Step]:
    rows = proposal.assessments.select_related("obligation__agreement", "supersedes", "retraction")
    rows = rows.prefetch_related("evidence", "attributed_to").order_by("obligation__code", "effective_on", "id")
    mine = list(rows)
    standing = Assessment.objects.standing(Vantage.now()).filter(obligation__in=[one.obligation_id for one in mine])
    several: dict[Any, list[Assessment]] = defaultdict(list)
    for one in standing.select_related("retraction").prefetch_related("evidence"):
        several[one.obligation_id].append(one)
    late = overtaken(proposal, mine)
    steps = []
    for one in mine:
        others = [other for other in several[one.obligation_id] if other.pk != one.pk]
        earlier = [other for other in others if other.effective_on <= one.effective_on]
        now = others[-1] if others else None
        before = one.supersedes or (earlier[-1] if earlier else None)
        later = now if now and now.effective_on > one.effective_on and now != before else None
        steps.append(Step(one, before, later, one.pk in late))
    return steps


def overtaken(proposal: Proposal, statuses: Iterable[Assessment]) -> set[Any]:
    """The statuses of an unpublished set whose obligations somebody else changed since. Needs the obligations."""
    if not (proposal.is_open or proposal in Proposal.objects.waiting()):
        return set()
    several: dict[Any, list[Assessment]] = defaultdict(list)
    for one in statuses:
        several[one.obligation_id].append(one)
    late = set()
    for together in several.values():
        seen = sorted(one.seen_version for one in together)
        version = together[0].obligation.version
        # A draft was written about the current version; what was handed in took versions one after the other.
        last = [version] * len(seen) if proposal.is_open else list(range(version - len(seen) + 1, version + 1))
        if seen != last:
            late |= {one.pk for one in together}
    return late


def _groups(proposal: Proposal) -> list[Group]:
    now = Vantage.now()
    mine = {"proposal": proposal}
    told = list(
        Report.objects.filter(**mine)
        .select_related("article__outlet", "article__same_text_as", "originator__root", "relays")
        .order_by("recorded_at", "id")
    )
    effects = list(Effect.objects.filter(**mine).select_related("obligation").order_by("obligation__code"))
    figures = list(
        Observation.objects.filter(**mine)
        .select_related("measure__obligation", "article__outlet", "originator__root")
        .order_by("measure__code", "as_of", "id")
    )
    said: list[Any] = [*told, *effects, *figures]
    ids = {row.event_id for row in said}
    events = Event.objects.filter(Q(proposal=proposal) | Q(pk__in=ids)).select_related("agreement")
    groups = {
        event.pk: Group(
            event,
            new=event.proposal_id == proposal.pk,
            foreign=event.proposal_id != proposal.pk and event.stage != Stage.PUBLISHED,
        )
        for event in events.order_by("date", "recorded_at", "id")
    }
    texts = _texts(told)
    for report in told:
        groups[report.event_id].told.append(_told(report, texts))
    for effect in effects:
        groups[effect.event_id].effects.append(effect)
    for figure in figures:
        groups[figure.event_id].figures.append(figure)
    for actor in EventActor.objects.filter(event__in=groups).select_related("actor__root").order_by("id"):
        groups[actor.event_id].actors.append(actor)
    known = Report.objects.known(now).filter(event__in=groups).exclude(**mine)
    known = known.select_related("article__outlet", "article__same_text_as", "originator__root", "relays")
    for one in known.order_by("recorded_at", "id"):
        groups[one.event_id].reports_now.append(one)
    for bearing in Effect.objects.known(now).filter(event__in=groups).exclude(**mine).select_related("obligation"):
        groups[bearing.event_id].effects_now.append(bearing)
    if proposal.stage != Stage.PUBLISHED:
        _find_alike(proposal, [group for group in groups.values() if group.new])
    return list(groups.values())


def _texts(told: Sequence[Report]) -> Mapping[Any, str]:
    """The text that is read of each article: that of its newest copy."""
    copies = Copy.objects.filter(article__in={report.article_id for report in told})
    newest = copies.order_by("article_id", "-recorded_at", "-id").distinct("article_id")
    return dict(newest.values_list("article", "text"))


def _told(report: Report, texts: Mapping[Any, str]) -> Told:
    text = texts.get(report.article_id)
    if not report.quote or text is None or (report.translator and not report.prefix):
        return Told(report, None, lost=False)
    found = place(report, text)
    if found is None:
        return Told(report, None, lost=True)
    return Told(report, _passage(text, *found), lost=False)


def _passage(text: str, start: int, end: int) -> Passage:
    """The passage with the rest of the sentence, or sentences, that it stands in."""
    first, last = max(0, start - AROUND), min(len(text), end + AROUND)
    before, after = first, last
    for one in sentences(text[first:last]):
        if one.start + first <= start < one.end + first:
            before = one.start + first
        if one.start + first < end <= one.end + first:
            after = one.end + first
    return Passage(text[before:start], text[start:end], text[end:after])


def _find_alike(proposal: Proposal, groups: Sequence[Group]) -> None:
    """Puts beside each new event those that may be the same one: public, or waiting in another set. Three queries."""
    if not groups:
        return
    first = min(group.event.date for group in groups) - WINDOW
    last = max(group.event.interval_end for group in groups) + WINDOW
    rows = Event.objects.at_hand_of(None).filter(agreement=proposal.agreement_id, date__lte=last)
    rows = rows.filter(interval_end__gte=first).exclude(proposal=proposal)
    others = list(rows.prefetch_related("actors__actor", "effects").order_by("-date", "-id")[:500])
    for group in groups:
        event = group.event
        hint = Hint(
            kind=event.kind,
            place=event.place,
            actors=[one.actor for one in group.actors],
            obligations=[one.obligation for one in group.effects],
            text=f"{event.title} {event.summary}",
        )
        end: dt.date = event.interval_end
        found = [one for other in others if (one := weighed(other, hint, event.date, end)).score >= AT_LEAST]
        group.alike = sorted(found, key=lambda one: (-one.score, str(one.event.pk)))[:OFFERED]
