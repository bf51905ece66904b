"""How what an article reports gets into the record: by the reading desk into a set of changes, or with a judgement.

Whoever reads an article adds events and reports to their own open set, which is published as a whole. Whoever changes a
status may bring an article and its event in the same form. Either everything is stored or nothing is.
"""

import datetime as dt
import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from decimal import Decimal

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, models, transaction
from django.utils.text import slugify

from tracker.codebook import (
    DEFAULT_LANGUAGE,
    DatePrecision,
    EffectKind,
    EventRole,
    EventState,
    FigureNature,
    Review,
    Stage,
    Stance,
)

from .actors import Actor
from .agreements import Agreement, Measure, Obligation
from .assessments import Assessment, Judgement
from .base import Vantage, at_once, free_name, today
from .evidence import Article, Effect, Event, EventActor, Observation, Outlet, Report
from .people import Person
from .proposals import Proposal
from .rounds import refuse_while_event_coded


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
    """Who says it in the article. ``relays`` is the name of an outlet whose report is passed on.

    ``quote``, ``prefix`` and ``suffix`` are a W3C TextQuoteSelector: the words, and those just before and after them.
    """

    stance: str = Stance.ASSERTS
    originator: Actor | None = None
    originator_text: str = ""
    quote: str = ""
    relays: str = ""
    prefix: str = ""
    suffix: str = ""
    about: str = ""
    credibility: int | None = None
    quote_language: str = ""
    translator: str = ""


@dataclass(frozen=True, slots=True)
class NewEvent:
    date: dt.date
    title: str
    kind: str
    state: str = EventState.OCCURRED
    date_end: dt.date | None = None
    date_precision: int = DatePrecision.DAY
    summary: str = ""
    place: str = ""
    where_precision: int | None = None
    verification: str = ""
    actors: Sequence[tuple[Actor, str]] = ()


@dataclass(frozen=True, slots=True)
class NewFigure:
    """One figure for one measure. ``value``, ``low`` and ``high`` are in the measure's unit."""

    measure: Measure
    value: Decimal
    as_of: dt.date
    low: Decimal | None = None
    high: Decimal | None = None
    period_start: dt.date | None = None
    nature: str = FigureNature.ACTUAL
    counts: str = ""
    originator: Actor | None = None
    originator_text: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Intake:
    """What one form brings beside its judgement. ``effect`` is what the event means for the judged obligation."""

    article: NewArticle
    event: NewEvent
    report: NewReport
    effect: str


type Effects = Sequence[tuple[Obligation, str]]
"""Obligations with what an event means for each, the value of an ``EffectKind``."""


def take_in(
    proposal: Proposal, article: Article, new: NewEvent, told: NewReport, effects: Effects, by: Person
) -> Event:
    """A new event as this article reports it, as a draft in the person's open set.

    Raises PermissionDenied, and ValidationError: keyed by part and field, for instance ``event.title``, or, where the
    set is no longer open, in words alone.
    """
    _may_add(by)
    with _explained(), transaction.atomic():
        proposal.check_writable(by)
        event = _new_event(proposal.agreement, new, effects, Stage.DRAFT, proposal)
        _new_report(event, article, told, Stage.DRAFT, proposal)
        for obligation, effect in effects:
            _store("effects", _effect(event, obligation, effect, Stage.DRAFT, proposal))
    return event


def add_report(
    proposal: Proposal, article: Article, event: Event, told: NewReport, effects: Effects, by: Person
) -> Report:
    """One more report of an event that is public or in the same set; raises what ``take_in`` raises.

    ``effects`` are added where the event says nothing about the obligation yet.
    """
    _may_add(by)
    with _explained(), transaction.atomic():
        proposal.check_writable(by)
        if not may_be_reported(proposal.agreement, proposal).filter(pk=event.pk).exists():
            raise ValidationError({"event": "This event is no longer open to reports. Choose another one."})
        report = _new_report(event, article, told, Stage.DRAFT, proposal)
        _add_effects(event, effects, proposal)
    return report


def add_figures(
    proposal: Proposal, article: Article, event: Event, figures: Sequence[NewFigure], by: Person
) -> list[Observation]:
    """Figures that the article gives, under an event that is public or in the same set; all of them or none.

    Raises what ``take_in`` raises; a ValidationError is keyed by row and field, for instance ``3.value``.
    """
    _may_add(by, "add_observation")
    with _explained(), transaction.atomic():
        proposal.check_writable(by)
        if not may_be_reported(proposal.agreement, proposal).filter(pk=event.pk).exists():
            raise ValidationError({"event": "This event is no longer open to figures. Choose another one."})
        stored = []
        for row, figure in enumerate(figures):
            if figure.measure.obligation.agreement_id != proposal.agreement_id:
                raise ValidationError({f"{row}.measure": "This measure belongs to another agreement."})
            observation = Observation(
                measure=figure.measure,
                event=event,
                article=article,
                value=figure.value,
                low=figure.low,
                high=figure.high,
                as_of=figure.as_of,
                period_start=figure.period_start,
                nature=figure.nature,
                counts=figure.counts,
                originator=figure.originator,
                originator_text=figure.originator_text,
                note=figure.note,
                stage=Stage.DRAFT,
                proposal=proposal,
            )
            _store(str(row), observation)
            stored.append(observation)
    return stored


def may_be_reported(agreement: Agreement, proposal: Proposal | None) -> "models.QuerySet[Event]":
    """The events that a report or a figure may be added to: public ones, and those of the set itself."""
    public = Event.objects.public(Vantage.now()).filter(agreement=agreement).values("pk")
    mine = models.Q(proposal=proposal, stage=Stage.DRAFT) if proposal else models.Q(pk__in=[])
    return Event.objects.filter(models.Q(pk__in=public) | mine, agreement=agreement)


def add_actor(name: str, kind: str, parent: Actor | None, by: Person) -> Actor:
    """A new actor under a name that nobody bears yet; its slug is the name's, numbered where taken.

    Raises PermissionDenied, and ValidationError keyed by field.
    """
    if not by.has_perm("tracker.add_actor"):
        raise PermissionDenied("Only researchers add actors.")
    name = " ".join(name.split())
    if Actor.objects.filter(name__iexact=name).exists():
        raise ValidationError({"name": f"“{name}” is an actor already."})
    stem = slugify(name)[:70].strip("-") or f"actor-{secrets.token_hex(4)}"
    slug = free_name(stem, lambda slug: Actor.with_merged.filter(slug=slug).exists())
    actor = Actor(name=name, kind=kind, parent=parent, slug=slug)
    actor.full_clean()
    actor.save(force_insert=True)
    return actor


@contextmanager
def _explained() -> Iterator[None]:
    """What the database refuses and no form foresees, for instance on an event that is being coded, as a complaint."""
    try:
        yield
    except IntegrityError as error:
        raise ValidationError(str(error).splitlines()[0]) from error


def _may_add(by: Person, *more: str) -> None:
    needed = ("add_event", "add_report", "add_effect", *more)
    if not by.has_perms([f"tracker.{codename}" for codename in needed]):
        raise PermissionDenied("Only researchers add what is reported.")


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
    the judgement's evidence. All of it joins the person's open set that holds some of the evidence, if there is one.
    Raises what ``Assessment.record`` raises; a ValidationError about the new event is keyed by part and field, for
    instance ``event.title``. Nothing is written then.
    """
    writes = (
        {"add_article", "add_event", "add_report", "add_effect"} if intake else {"add_effect"} if effects else set()
    )
    if not by.has_perms([f"tracker.{codename}" for codename in writes]):
        raise PermissionDenied("Only researchers add what is reported.")
    with transaction.atomic():
        proposal = Proposal.holding(judgement.evidence, by)
        alone = proposal is None and obligation.agreement.review != Review.NONE
        if alone:
            # What one form brings is a set of its own, and waits from the start.
            proposal = Proposal.begin(obligation.agreement, by)
        elif proposal:
            proposal.check_writable(by)
        stage = proposal.row_stage if proposal else Stage.PUBLISHED
        for event, stated in (effects or {}).items():
            state_effect(event, obligation, stated, proposal)
        evidence = list(judgement.evidence)
        if intake:
            article = at_once(lambda: _article(intake.article))
            event = _new_event(obligation.agreement, intake.event, [(obligation, intake.effect)], stage, proposal)
            _new_report(event, article, intake.report, stage, proposal)
            _store("event", _effect(event, obligation, intake.effect, stage, proposal))
            evidence.append(event)
        assessment = Assessment.record(
            obligation,
            replace(judgement, evidence=evidence),
            by=by,
            seen_version=seen_version,
            supersedes=supersedes,
            correction_reason=correction_reason,
            proposal=proposal,
        )
        if alone and proposal:
            proposal.hand_in(by)
            if intake:
                Proposal.objects.filter(pk=proposal.pk).update(article=article)
            assessment.refresh_from_db()
    return assessment


def state_effect(event: Event, obligation: Obligation, effect: str, proposal: Proposal | None = None) -> Effect:
    """Says what an event means for an obligation, unless that is on record already; in ``proposal``, or publicly.

    Raises ValidationError keyed "evidence" for a breach by nobody.
    """
    if effect == EffectKind.BREACHES and not breach_is_complete(event):
        raise ValidationError({"evidence": f"“{event.title}” names nobody accused or no verification yet."})
    stage = proposal.row_stage if proposal else Stage.PUBLISHED
    if stage == Stage.PUBLISHED and not event.effects.filter(obligation=obligation).exists():
        refuse_while_event_coded(event, obligation)
    found, _ = Effect.objects.get_or_create(
        event=event, obligation=obligation, defaults={"effect": effect, "stage": stage, "proposal": proposal}
    )
    return found


def breach_is_complete(event: Event) -> bool:
    """Whether somebody is accused and a verification is given, which every breach needs, whoever it is."""
    return bool(event.verification) and event.actors.filter(role=EventRole.ACCUSED).exists()


def _new_event(
    agreement: Agreement, new: NewEvent, effects: Effects, stage: str, proposal: Proposal | None = None
) -> Event:
    """The event and who took part in it. Its effects are only looked at: a breach needs an accused."""
    if EffectKind.BREACHES in {effect for _, effect in effects}:
        if EventRole.ACCUSED not in {role for _, role in new.actors}:
            raise ValidationError({"event.effect": "A breach needs somebody accused."})
        if not new.verification:
            raise ValidationError({"event.verification": "Say how far the breach is borne out."})
    event = Event(
        agreement=agreement,
        ref=Event.new_ref(new.date),
        title=new.title,
        summary=new.summary,
        date=new.date,
        date_end=new.date_end,
        date_precision=new.date_precision,
        place=new.place,
        where_precision=new.where_precision,
        kind=new.kind,
        state=new.state,
        verification=new.verification,
        stage=stage,
        proposal=proposal,
    )
    _store("event", event)
    # Each pair once, in the order given.
    for actor, role in dict.fromkeys(new.actors):
        _store("event", EventActor(event=event, actor=actor, role=role))
    return event


def _new_report(event: Event, article: Article, told: NewReport, stage: str, proposal: Proposal | None) -> Report:
    report = Report(
        event=event,
        article=article,
        stance=told.stance,
        about=told.about,
        originator=told.originator,
        originator_text=told.originator_text,
        relays=at_once(lambda: Outlet.named(told.relays)) if told.relays else None,
        credibility=told.credibility,
        quote=told.quote,
        prefix=told.prefix,
        suffix=told.suffix,
        quote_language=told.quote_language,
        translator=told.translator,
        stage=stage,
        proposal=proposal,
    )
    _store("report", report)
    return report


def _effect(event: Event, obligation: Obligation, effect: str, stage: str, proposal: Proposal | None = None) -> Effect:
    return Effect(event=event, obligation=obligation, effect=effect, stage=stage, proposal=proposal)


def _add_effects(event: Event, effects: Effects, proposal: Proposal) -> None:
    # What others draft of it is theirs: neither told here nor counted on.
    drafts = event.effects.filter(stage=Stage.DRAFT).exclude(proposal__author=proposal.author)
    elsewhere = set(drafts.values_list("obligation", flat=True))
    known = {one.obligation_id: one.effect for one in event.effects.all()}
    for obligation, effect in effects:
        if obligation.pk in elsewhere:
            problem = f"What it means for “{obligation.title}” waits in another proposal. Leave it out here."
            raise ValidationError({"effects": problem})
        if known.get(obligation.pk) == effect:
            continue
        if obligation.pk in known:
            on_record = EffectKind(known[obligation.pk]).label.casefold()
            problem = f"On record this event has another effect on “{obligation.title}”: {on_record}."
            raise ValidationError({"effects": problem})
        if effect == EffectKind.BREACHES and not breach_is_complete(event):
            raise ValidationError({"effects": f"“{event.title}” names nobody accused or no verification yet."})
        _store("effects", _effect(event, obligation, effect, Stage.DRAFT, proposal))
        known[obligation.pk] = effect


def _article(new: NewArticle) -> Article:
    known = Article.at(new.url)
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


def _store(part: str, row: models.Model) -> None:
    """Saves a row that holds by every rule; errors are keyed ``part.field``."""
    try:
        row.full_clean()
    except ValidationError as error:
        raise ValidationError(
            {part if name == "__all__" else f"{part}.{name}": told for name, told in error.message_dict.items()}
        ) from error
    row.save(force_insert=True)
