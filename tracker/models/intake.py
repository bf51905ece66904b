"""A judgement together with what it rests on, written at a stroke: an article, what it reports, and its effect.

A researcher who has just read an article writes all of it in one form. Either everything is stored or nothing is, and
where the agreement asks for review nothing of it is public before the judgement is.
"""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, models, transaction

from tracker.codebook import (
    DEFAULT_LANGUAGE,
    DatePrecision,
    EffectKind,
    EventRole,
    EventState,
    Review,
    Stage,
    Stance,
)

from .actors import Actor
from .agreements import Obligation
from .assessments import Assessment, Judgement
from .base import today
from .evidence import Article, Effect, Event, EventActor, Outlet, Report
from .people import Person


@dataclass(frozen=True, slots=True)
class NewArticle:
    """``url`` is canonical. An article already known by it is used as it is, and the rest is ignored."""

    url: str
    title: str = ""
    outlet: str = ""
    published_on: dt.date | None = None
    language: str = DEFAULT_LANGUAGE
    authors: str = ""
    archive_url: str = ""


@dataclass(frozen=True, slots=True)
class NewReport:
    """Who says it in the article. ``relays`` is the name of an outlet whose report is passed on."""

    stance: str = Stance.ASSERTS
    originator: Actor | None = None
    originator_text: str = ""
    quote: str = ""
    relays: str = ""


@dataclass(frozen=True, slots=True)
class NewEvent:
    date: dt.date
    title: str
    kind: str
    effect: str
    date_precision: int = DatePrecision.DAY
    summary: str = ""
    place: str = ""
    verification: str = ""
    actors: Sequence[tuple[Actor, str]] = ()


@dataclass(frozen=True, slots=True)
class Intake:
    article: NewArticle
    event: NewEvent
    report: NewReport


def record_with_evidence(
    obligation: Obligation,
    judgement: Judgement,
    *,
    by: Person,
    seen_version: int | None,
    effects: Mapping[Event, str] | None = None,
    intake: Intake | None = None,
    supersedes: Assessment | None = None,
    correction_reason: str = "",
) -> Assessment:
    """``Assessment.record``, after storing the effects and the new event that its evidence consists of.

    ``effects`` says what chosen events without an effect on the obligation mean for it; ``intake`` adds a new event to
    the judgement's evidence. Raises what ``Assessment.record`` raises; a ValidationError about the new event is keyed
    by part and field, for instance ``event.title``. Nothing is written then.
    """
    writes = (
        {"add_article", "add_event", "add_report", "add_effect"} if intake else {"add_effect"} if effects else set()
    )
    if not by.has_perms([f"tracker.{codename}" for codename in writes]):
        raise PermissionDenied("Only researchers add what is reported.")
    reviewed = obligation.agreement.review != Review.NONE
    stage = Stage.IN_REVIEW if reviewed else Stage.PUBLISHED
    with transaction.atomic():
        for event, effect in (effects or {}).items():
            state_effect(event, obligation, effect, stage)
        evidence = list(judgement.evidence)
        if intake:
            evidence.append(_take_in(obligation, intake, stage))
        judged = Judgement(
            effective_on=judgement.effective_on,
            level=judgement.level,
            reason=judgement.reason,
            evidence=evidence,
            direction=judgement.direction,
            conformity=judgement.conformity,
            effective_precision=judgement.effective_precision,
            attributed_to=judgement.attributed_to,
        )
        return Assessment.record(
            obligation,
            judged,
            by=by,
            seen_version=seen_version,
            supersedes=supersedes,
            correction_reason=correction_reason,
        )


def state_effect(event: Event, obligation: Obligation, effect: str, stage: str = Stage.PUBLISHED) -> Effect:
    """Says what an event means for an obligation, unless that is on record already.

    Raises ValidationError keyed "evidence" for a breach by nobody.
    """
    if effect == EffectKind.BREACHES and not breach_is_complete(event):
        raise ValidationError({"evidence": f"“{event.title}” names nobody accused or no verification yet."})
    found, _ = Effect.objects.get_or_create(
        event=event, obligation=obligation, defaults={"effect": effect, "stage": stage}
    )
    return found


def breach_is_complete(event: Event) -> bool:
    """Whether somebody is accused and a verification is given, which every breach needs, whoever it is."""
    return bool(event.verification) and event.actors.filter(role=EventRole.ACCUSED).exists()


def _take_in(obligation: Obligation, intake: Intake, stage: str) -> Event:
    new, told = intake.event, intake.report
    roles = {role for _, role in new.actors}
    if new.effect == EffectKind.BREACHES and EventRole.ACCUSED not in roles:
        raise ValidationError({"event.effect": "A breach needs somebody accused."})
    if new.effect == EffectKind.BREACHES and not new.verification:
        raise ValidationError({"event.verification": "Say how far the breach is borne out."})
    article = _at_once(lambda: _article(intake.article))
    event = Event(
        agreement=obligation.agreement,
        ref=Event.new_ref(new.date),
        title=new.title,
        summary=new.summary,
        date=new.date,
        date_precision=new.date_precision,
        place=new.place,
        kind=new.kind,
        state=EventState.OCCURRED,
        verification=new.verification,
        stage=stage,
    )
    _store("event", event)
    # Each pair once, in the order given.
    for actor, role in dict.fromkeys(new.actors):
        _store("event", EventActor(event=event, actor=actor, role=role))
    _store(
        "report",
        Report(
            event=event,
            article=article,
            stance=told.stance,
            originator=told.originator,
            originator_text=told.originator_text,
            quote=told.quote,
            relays=_at_once(lambda: Outlet.named(told.relays)) if told.relays else None,
        ),
    )
    _store("event", Effect(event=event, obligation=obligation, effect=new.effect, stage=stage))
    return event


def _article(new: NewArticle) -> Article:
    known = Article.objects.filter(url=new.url).first()
    if known:
        return known
    missing = {f"article.{name}": "Needed for a new article." for name in ("title", "outlet") if not getattr(new, name)}
    if missing:
        raise ValidationError(missing)
    article = Article(
        url=new.url,
        title=new.title,
        outlet=Outlet.named(new.outlet),
        published_on=new.published_on,
        language=new.language,
        authors=new.authors,
        accessed_on=today(),
        archive_url=new.archive_url,
    )
    _store("article", article)
    return article


def _at_once[T](find_or_make: Callable[[], T]) -> T:
    """What somebody else may be making in the same moment: where they were first, theirs is found the second time."""
    try:
        with transaction.atomic():
            return find_or_make()
    except IntegrityError:
        return find_or_make()


def _store(part: str, row: models.Model) -> None:
    """Saves a row that holds by every rule; errors are keyed ``part.field``."""
    try:
        row.full_clean()
    except ValidationError as error:
        raise ValidationError(
            {part if name == "__all__" else f"{part}.{name}": told for name, told in error.message_dict.items()}
        ) from error
    row.save(force_insert=True)
