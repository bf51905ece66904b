"""What waits at the desk: each queue with its rows, since when each of them waits, and why it matters.

A queue is asked for its count and oldest day in one query, whatever it holds. The rules that pages for readers draw as
well (what no status rests on yet, who was not looked at for long) are the same here; a test compares them.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import Count, Exists, F, Max, Min, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, Greatest, TruncDate

from tracker.codebook import (
    CONTESTING,
    ENDED_STATES,
    RUBRIC_VERSION,
    STALE_AFTER_DAYS,
    EffectKind,
    Level,
    Nature,
    ProposalStage,
)

from .agreements import DatedState, Obligation
from .assessments import Assessment, Check, Evidence
from .base import Vantage
from .copies import BrokenAnchor, Link
from .evidence import Article, Effect, Event, Report
from .people import Person
from .proposals import Proposal
from .rounds import Coder, Item
from .suggestions import Suggestion
from .undermined import doubted

type Rows = models.QuerySet[Any]


@dataclass(frozen=True, slots=True)
class Queue:
    """``rows`` gives what waits for a person, each annotated with ``since``, the day or moment it waits from.

    ``about`` is what a row is: its template under desk/queues/ is called so. ``right`` is needed to be shown it.
    """

    key: str
    title: str
    why: str
    next_step: str
    about: str
    rows: Callable[[Person], Rows]
    right: str = "assess"

    def counted(self, person: Person) -> "Waiting":
        found = self.rows(person).aggregate(n=Count("pk", distinct=True), oldest=Min("since"))
        oldest = found["oldest"]
        return Waiting(self, found["n"], oldest.date() if isinstance(oldest, dt.datetime) else oldest)


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many wait in a queue, and from which day the oldest."""

    queue: Queue
    count: int
    oldest: dt.date | None

    @property
    def days(self) -> int | None:
        """The age of the oldest."""
        return (dt.datetime.now(dt.UTC).date() - self.oldest).days if self.oldest else None


def queues_for(person: Person) -> list[Queue]:
    """The queues that the person may work on."""
    return [queue for queue in QUEUES if person.has_perm(f"tracker.{queue.right}")]


def waiting_for(person: Person) -> list[Waiting]:
    """Every queue of the person with its count and oldest: one query each."""
    return [queue.counted(person) for queue in queues_for(person)]


def _current(field: str, obligation: str = "pk") -> Subquery:
    """A field of an obligation's current assessment, as ``Assessment.current`` finds it."""
    now = Vantage.now()
    live = Assessment.objects.live(now).filter(obligation=OuterRef(obligation), effective_on__lte=now.as_of)
    return Subquery(live.order_by("-effective_on", "-recorded_at", "-id").values(field)[:1])


def _binding() -> Rows:
    """Obligations agreed by now, of agreements that have not ended."""
    now = Vantage.now()
    last = DatedState.objects.known(now).filter(agreement=OuterRef("agreement"), since__lte=now.as_of)
    state = Subquery(last.order_by("-since", "-id").values("state")[:1])
    rows: Rows = Obligation.objects.agreed(now).annotate(state_now=state)
    ended = [state.value for state in ENDED_STATES]
    rows = rows.filter(Q(state_now__isnull=True) | ~Q(state_now__in=ended))
    return rows.select_related("agreement", "phase")


def overdue(person: Person) -> Rows:
    """Past their day, not done, and nobody has assessed or looked since that day."""
    now = Vantage.now()
    assessed = Assessment.objects.live(now).filter(obligation=OuterRef("pk"))
    assessed = assessed.filter(Q(effective_on__gt=OuterRef("due_on")) | Q(recorded_at__date__gt=OuterRef("due_on")))
    checked = Check.objects.known(now).filter(obligation=OuterRef("pk"), date__gt=OuterRef("due_on"))
    rows: Rows = _binding().exclude(nature=Nature.CONTINUING).filter(due_on__lt=now.as_of)
    rows = rows.annotate(level_now=_current("level"), since=F("due_on"))
    rows = rows.filter(Q(level_now__isnull=True) | Q(level_now__lt=Level.FULL))
    return rows.exclude(Exists(assessed)).exclude(Exists(checked)).order_by("since", "pk")


def unassessed(person: Person) -> Rows:
    """Effects of events that happened after an obligation's current status, which does not rest on them."""
    now = Vantage.now()
    happened: Rows = Event.objects.happened(now).filter(pk=OuterRef("event"))
    links: Rows = Evidence.objects.standing()
    used = links.filter(stands=OuterRef("event"), assessment=OuterRef("assessment_now"))
    rows: Rows = Effect.objects.known(now).exclude(effect=EffectKind.CONTEXT)
    rows = rows.annotate(
        counts_from=Subquery(happened.values("counts_from")[:1]),
        assessment_now=_current("pk", "obligation"),
        effective_now=_current("effective_on", "obligation"),
        since=F("event__recorded_at"),
    )
    rows = rows.filter(counts_from__isnull=False)
    rows = rows.filter(Q(effective_now__isnull=True) | Q(counts_from__gt=F("effective_now"))).exclude(Exists(used))
    return rows.select_related("event", "obligation__agreement").order_by("since", "pk")


def unsourced(person: Person) -> Rows:
    """Public events that no report stands behind."""
    now = Vantage.now()
    told = Report.objects.known(now).filter(event=OuterRef("pk"))
    rows: Rows = Event.objects.public(now).exclude(Exists(told)).annotate(since=F("recorded_at"))
    return rows.select_related("agreement").order_by("since", "pk")


def unchecked(person: Person) -> Rows:
    """Continuing duties that nobody looked at for 60 days, counted from the last look or from the day they bind."""
    now = Vantage.now()
    looked = Check.objects.known(now).filter(obligation=OuterRef("pk"), date__lte=now.as_of).order_by()
    last = Subquery(looked.values("obligation").annotate(last=Max("date")).values("last"))
    rows: Rows = _binding().filter(nature=Nature.CONTINUING)
    start = Coalesce("due_on", "agreement__effective_on", "promised_on")
    rows = rows.annotate(since=Coalesce(Greatest(_current("effective_on"), last), start))
    return rows.filter(since__lte=now.as_of - dt.timedelta(days=STALE_AFTER_DAYS)).order_by("since", "pk")


def conflicting(person: Person) -> Rows:
    """Obligations of whose events some contradict what others say, reported after the current status was recorded."""
    now = Vantage.now()
    happened = Event.objects.happened(now).order_by().values("pk")
    effects = Effect.objects.known(now).filter(obligation=OuterRef(OuterRef("pk")), event__in=happened)
    against = Report.objects.known(now).filter(stance__in=[stance.value for stance in CONTESTING])
    against = against.filter(event__in=effects.values("event")).order_by()
    newest = Subquery(against.order_by("-recorded_at").values("recorded_at")[:1])
    rows: Rows = Obligation.objects.known(now).annotate(since=newest, recorded_now=_current("recorded_at"))
    rows = rows.filter(since__isnull=False).filter(Q(recorded_now__isnull=True) | Q(since__gt=F("recorded_now")))
    return rows.select_related("agreement", "phase").order_by("since", "pk")


def broken(person: Person) -> Rows:
    """Quotes that the kept text of their article no longer holds."""
    rows: Rows = BrokenAnchor.objects.annotate(since=F("recorded_at"))
    return rows.select_related("report__event__agreement", "report__article__outlet").order_by("since", "pk")


def dead(person: Person) -> Rows:
    """Articles in use whose address stopped answering and of which no archived copy is named."""
    rows: Rows = Link.objects.filter(
        dead_since__isnull=False, article__merged_into__isnull=True, article__archive_url=""
    )
    rows = rows.annotate(since=F("dead_since")).select_related("article__outlet")
    return rows.order_by("since", "pk")


def undated(person: Person) -> Rows:
    """Articles in use without a day of publication, for which nobody has looked yet."""
    rows: Rows = Article.objects.public(Vantage.now()).filter(published_on__isnull=True, date_basis="")
    rows = rows.annotate(since=F("recorded_at"))
    return rows.select_related("outlet").order_by("since", "pk")


def to_review(person: Person) -> Rows:
    """What colleagues handed in."""
    rows: Rows = Proposal.objects.waiting().exclude(author=person).annotate(since=F("handed_in_at"))
    return rows.select_related("agreement", "article__outlet").order_by("since", "pk")


def sent_back(person: Person) -> Rows:
    rows: Rows = Proposal.objects.filter(author=person, stage=ProposalStage.SENT_BACK).annotate(since=F("decided_at"))
    return rows.select_related("agreement", "article__outlet").prefetch_related("remarks").order_by("since", "pk")


def unfinished(person: Person) -> Rows:
    """Sets that the person has begun and not handed in."""
    rows: Rows = Proposal.objects.filter(author=person, stage=ProposalStage.DRAFT).annotate(since=F("recorded_at"))
    return rows.select_related("agreement", "article__outlet").order_by("since", "pk")


def proposed(person: Person) -> Rows:
    """What readers want to see corrected."""
    return Suggestion.objects.waiting().annotate(since=F("recorded_at"))


def moved(person: Person) -> Rows:
    """Published statuses whose evidence changed since, or that something older was entered under."""
    return doubted()


def older_rubric(person: Person) -> Rows:
    """Current statuses that were judged by an earlier edition of the rules."""
    now = Vantage.now()
    rows: Rows = Assessment.objects.live(now).filter(effective_on__lte=now.as_of).exclude(rubric=RUBRIC_VERSION)
    rows = rows.annotate(now=_current("pk", "obligation"), since=TruncDate("recorded_at")).filter(pk=F("now"))
    return rows.select_related("obligation__agreement").order_by("since", "pk")


def to_code(person: Person) -> Rows:
    """Open coding rounds in which the person has something left to answer."""
    answered = Item.objects.filter(round=OuterRef("round"), answers__coder=OuterRef("pk")).order_by()
    rows: Rows = Coder.objects.filter(person=person, round__closed_at__isnull=True)
    left = Item.objects.filter(round=OuterRef("round")).exclude(pk__in=answered.values("pk"))
    rows = rows.filter(Exists(left)).annotate(since=F("round__recorded_at"))
    return rows.select_related("round__agreement").order_by("since", "pk")


QUEUES = [
    Queue(
        "sent-back",
        "Sent back to you",
        "A reviewer asks for something before this can be public.",
        "Read the comment, mend it, hand it in again",
        "proposal",
        sent_back,
    ),
    Queue(
        "review",
        "Waiting for your review",
        "What colleagues propose stays hidden from readers until another person publishes it.",
        "Compare with the quotes, then publish or send back",
        "proposal",
        to_review,
        "publish",
    ),
    Queue(
        "unfinished",
        "Your open sets",
        "Begun from an article and not handed in: nobody else sees it.",
        "Go on reading, then hand it in",
        "proposal",
        unfinished,
    ),
    Queue(
        "coding",
        "Rounds you code in",
        "The chosen obligations are locked until everybody has answered.",
        "Answer what is left",
        "coder",
        to_code,
    ),
    Queue(
        "proposed",
        "Proposed by readers",
        "Somebody says that a page is wrong, and was promised an answer that everybody can read.",
        "Compare with the sources, correct the record if it is wrong, then answer",
        "suggestion",
        proposed,
    ),
    Queue(
        "overdue",
        "Overdue and not looked at since",
        "Their day has passed, and nobody has assessed or checked them after it.",
        "Look, then change the status or note that there is nothing new",
        "obligation",
        overdue,
    ),
    Queue(
        "unassessed",
        "Reports without a status",
        "Something was reported that moves an obligation, and no status rests on it.",
        "Change the status, or confirm it with the report as evidence",
        "effect",
        unassessed,
    ),
    Queue(
        "conflicting",
        "Conflicting reports",
        "Since the status was recorded, somebody denies, disputes or justifies what others say.",
        "Read both sides, then confirm or change the status",
        "obligation",
        conflicting,
    ),
    Queue(
        "moved",
        "Evidence changed since",
        "Events behind a published status were changed or withdrawn, or something older was entered after it.",
        "Look again, then confirm, correct or withdraw the status",
        "doubt",
        moved,
    ),
    Queue(
        "unchecked",
        f"Not looked at for {STALE_AFTER_DAYS} days",
        "Continuing duties whose status readers see as “last known” only.",
        "Look, then change the status or note that there is nothing new",
        "obligation",
        unchecked,
    ),
    Queue(
        "unsourced",
        "Events without a source",
        "Readers see them without anybody who says so.",
        "Add a report, or withdraw the event",
        "event",
        unsourced,
    ),
    Queue(
        "anchors",
        "Quotes not found any more",
        "The kept text of the article no longer holds these words.",
        "Choose the passage again",
        "anchor",
        broken,
    ),
    Queue(
        "links",
        "Dead links",
        "The address stopped answering, and no archived copy is named.",
        "Name an archived copy",
        "link",
        dead,
    ),
    Queue(
        "undated",
        "Sources without a date",
        "What they report cannot be placed in time.",
        "Find the day, or note where you looked",
        "article",
        undated,
    ),
    Queue(
        "rubric",
        "Judged by older rules",
        f"The rules are now edition {RUBRIC_VERSION}.",
        "Judge again, or confirm",
        "assessment",
        older_rubric,
    ),
]
"""In the order of the desk: first what others wait for, then what readers would miss, then repairs."""
