"""Small builders of what a test needs: every argument has a sensible default, and every row gets a name of its own.

``recorded_at`` may be given to any of them; without it a row is recorded now. They need the database.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from itertools import count
from typing import Any

from django.db import transaction

from tracker.codebook import (
    ActorKind,
    Basis,
    Category,
    EffectKind,
    EventKind,
    EventRole,
    EventState,
    MeasureKind,
    Nature,
    PartyRole,
    Review,
    Saying,
    Stance,
    Verification,
)
from tracker.models import (
    Actor,
    Agreement,
    Article,
    Assessment,
    Check,
    Clause,
    Condition,
    DatedState,
    Declaration,
    Effect,
    Event,
    EventActor,
    Instrument,
    Judgement,
    Measure,
    Obligation,
    Observation,
    Outlet,
    Party,
    Person,
    Phase,
    Report,
    keeping_times,
)

SIGNED = dt.date(2025, 10, 9)
IN_FORCE = dt.date(2025, 10, 10)

numbers = count(1)

type Day = dt.date | str
"""A date, or the same written YYYY-MM-DD."""


def day(value: Day) -> dt.date:
    return value if isinstance(value, dt.date) else dt.date.fromisoformat(value)


def actor(slug: str = "", **fields: Any) -> Actor:
    slug = slug or f"actor-{next(numbers)}"
    return Actor.objects.create(**{"slug": slug, "name": slug.capitalize(), "kind": ActorKind.STATE} | fields)


def agreement(slug: str = "", *, states: Sequence[tuple[str, Day]] | None = None, **fields: Any) -> Agreement:
    """An agreement without review, signed on ``SIGNED`` and in force from ``IN_FORCE`` unless told otherwise."""
    slug = slug or f"agreement-{next(numbers)}"
    defaults = {
        "slug": slug,
        "title": f"Agreement {slug}",
        "signed_on": SIGNED,
        "effective_on": IN_FORCE,
        "review": Review.NONE,
    }
    made = Agreement.objects.create(**defaults | fields)
    moment = _moment(fields)
    for name, since in [("signed", SIGNED), ("in_force", IN_FORCE)] if states is None else states:
        DatedState.objects.create(agreement=made, state=name, since=day(since), **moment)
    return made


def party(of: Agreement, who: Actor, role: str = PartyRole.SIGNATORY, **fields: Any) -> Party:
    return Party.objects.create(agreement=of, actor=who, role=role, **fields)


def instrument(of: Agreement, code: str = "", **fields: Any) -> Instrument:
    code = code or f"text-{next(numbers)}"
    return Instrument.objects.create(**{"agreement": of, "code": code, "title": f"The {code}"} | fields)


def clause(of: Instrument, number: str = "", **fields: Any) -> Clause:
    number = number or str(next(numbers))
    return Clause.objects.create(**{"instrument": of, "number": number, "text": "The sides hold their fire."} | fields)


def phase(of: Agreement, ordinal: int = 1, **fields: Any) -> Phase:
    """The phase of that number: the one there is, or a new one."""
    found = Phase.objects.filter(agreement=of, ordinal=ordinal).first()
    if found and not fields:
        return found
    return Phase.objects.create(**{"agreement": of, "ordinal": ordinal, "title": f"Step {ordinal}"} | fields)


def obligation(
    of: Agreement,
    code: str = "",
    *,
    obligors: Sequence[Actor] | None = None,
    beneficiaries: Sequence[Actor] = (),
    **fields: Any,
) -> Obligation:
    """Something to be done once, in the agreement's first phase, owed by a new actor unless told otherwise."""
    code = code or f"duty-{next(numbers)}"
    defaults: dict[str, Any] = {
        "agreement": of,
        "code": code,
        "title": f"Somebody does {code}",
        "category": Category.OTHER,
        "nature": Nature.DELIVERABLE,
        "agreed_on": SIGNED,
    }
    if "phase" not in fields:
        defaults["phase"] = phase(of)
    made = Obligation.objects.create(**defaults | fields)
    made.obligors.set([actor()] if obligors is None else obligors)
    made.beneficiaries.set(beneficiaries)
    return made


def condition(of: Obligation | Phase, requires: Obligation, level: int = 3, **fields: Any) -> Condition:
    """By the text, unless an ``actor`` who insists is given."""
    waiting = {"obligation": of} if isinstance(of, Obligation) else {"phase": of}
    basis = Basis.PARTY if "actor" in fields else Basis.TEXT
    return Condition.objects.create(**waiting | {"requires": requires, "level": level, "basis": basis} | fields)


def measure(of: Obligation, code: str = "", **fields: Any) -> Measure:
    code = code or f"measure-{next(numbers)}"
    defaults = {
        "obligation": of,
        "code": code,
        "label": f"Number of {code}",
        "unit": "items",
        "kind": MeasureKind.TOTAL,
    }
    return Measure.objects.create(**defaults | fields)


def outlet(name: str = "", **fields: Any) -> Outlet:
    made = Outlet.named(name or f"Outlet {next(numbers)}")
    for field, value in fields.items():
        setattr(made, field, value)
    if fields:
        made.save()
    return made


def article(**fields: Any) -> Article:
    """Published on the day the agreement took effect, by a new outlet, unless told otherwise."""
    number = next(numbers)
    defaults: dict[str, Any] = {
        "url": f"https://news.example/{number}",
        "title": f"Article {number}",
        "published_on": IN_FORCE,
    }
    if "outlet" not in fields:
        defaults["outlet"] = outlet()
    return Article.objects.create(**defaults | fields)


def report(on: Event, of: Article | None = None, **fields: Any) -> Report:
    """Without an article given, one published on the event's day."""
    source = of or article(published_on=on.date)
    return Report.objects.create(**{"event": on, "article": source, "stance": Stance.ASSERTS} | fields)


def declaration(of: Phase, who: Actor, on: Day, says: str = Saying.BEGUN, **fields: Any) -> Declaration:
    source = fields.pop("article", None) or article(published_on=day(on))
    return Declaration.objects.create(phase=of, actor=who, date=day(on), says=says, article=source, **fields)


def event(
    of: Agreement,
    date: Day = IN_FORCE,
    *,
    effects: Iterable[tuple[Obligation, str] | Obligation] = (),
    accused: Iterable[Actor] = (),
    actors: Iterable[tuple[Actor, str]] = (),
    reports: Iterable[Article | dict[str, Any]] | None = None,
    **fields: Any,
) -> Event:
    """Something that happened, with one report unless ``reports`` says otherwise.

    ``effects`` are obligations (which it advances) or (obligation, effect). With ``accused``, the verification is
    "alleged" unless given, so that effects may be breaches. ``reports`` are articles or fields of reports.
    """
    accused = list(accused)
    defaults: dict[str, Any] = {
        "agreement": of,
        "ref": f"event-{next(numbers)}",
        "date": day(date),
        "kind": EventKind.STATEMENT,
        "state": EventState.OCCURRED,
        "verification": Verification.ALLEGED if accused else "",
    }
    values = defaults | fields
    values.setdefault("title", f"What happened in {values['ref']}")
    moment = _moment(fields)
    with transaction.atomic():
        made = Event.objects.create(**values)
        roles = [(who, EventRole.ACCUSED.value) for who in accused] + list(actors)
        for who, role in roles:
            EventActor.objects.create(event=made, actor=who, role=role, **moment)
        for item in effects:
            duty, kind = item if isinstance(item, tuple) else (item, EffectKind.ADVANCES.value)
            Effect.objects.create(event=made, obligation=duty, effect=kind, **moment)
        for told in [{}] if reports is None else reports:
            if isinstance(told, Article):
                report(made, told, **moment)
            else:
                report(made, told.get("article"), **moment | {k: v for k, v in told.items() if k != "article"})
    return made


def observation(of: Measure, on: Event, value: float | str, as_of: Day | None = None, **fields: Any) -> Observation:
    source = fields.pop("article", None) or on.reports.all()[0].article
    return Observation.objects.create(
        measure=of, event=on, article=source, value=value, as_of=day(as_of) if as_of else on.date, **fields
    )


def assessed(
    of: Obligation,
    on: Day = IN_FORCE,
    level: int = 3,
    *,
    direction: str | None = None,
    conformity: str | None = None,
    reason: str = "The evidence says so.",
    evidence: Sequence[Event] | None = None,
    attributed_to: Sequence[Actor] = (),
    effective_precision: int = 1,
    by: Person | None = None,
    byline: str = "",
    supersedes: Assessment | None = None,
    correction_reason: str = "",
    recorded_at: dt.datetime | None = None,
) -> Assessment:
    """A published judgement, recorded at ``recorded_at`` (now, if not given).

    Above level 0 it holds and is as agreed, unless told otherwise. Without ``evidence`` a new event is made for it.
    """
    described = level > 0
    judgement = Judgement(
        effective_on=day(on),
        level=level,
        reason=reason,
        evidence=[event(of.agreement, on, effects=[of])] if evidence is None else evidence,
        direction=("holding" if described else "") if direction is None else direction,
        conformity=("as_agreed" if described else "") if conformity is None else conformity,
        effective_precision=effective_precision,
        attributed_to=attributed_to,
    )
    if supersedes and not correction_reason:
        correction_reason = "The earlier record was wrong."
    with transaction.atomic(), keeping_times():
        return Assessment.record(
            of,
            judgement,
            by=by,
            byline=byline,
            supersedes=supersedes,
            correction_reason=correction_reason,
            recorded_at=recorded_at,
        )


def retracted(
    what: Assessment, reason: str = "It was about another day.", *, recorded_at: dt.datetime | None = None
) -> None:
    with transaction.atomic(), keeping_times():
        what.retract(reason, recorded_at=recorded_at)


def checked(of: Obligation, on: Day, where: str = "", *, recorded_at: dt.datetime | None = None) -> Check:
    return Check.record(of, day(on), where, recorded_at=recorded_at)


def moment(value: str) -> dt.datetime:
    """The moment written "2025-12-18" (midnight) or "2025-12-18T12:30", in UTC."""
    return dt.datetime.fromisoformat(value).replace(tzinfo=dt.UTC)


def _moment(fields: dict[str, Any]) -> dict[str, Any]:
    return {"recorded_at": fields["recorded_at"]} if "recorded_at" in fields else {}


def judgement(**fields: Any) -> Judgement:
    """Nothing done yet on the day the agreement took effect, unless told otherwise; say which evidence."""
    defaults: dict[str, Any] = {"effective_on": IN_FORCE, "level": 0, "reason": "Nothing is reported.", "evidence": ()}
    return Judgement(**defaults | fields)
