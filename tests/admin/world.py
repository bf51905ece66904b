"""A record with a row in every table, as often as asked for, all of it within one agreement."""

import datetime as dt
from dataclasses import dataclass

from tests import factories as make
from tests import people
from tracker.codebook import Review
from tracker.models import (
    Actor,
    Agreement,
    AgreementRelation,
    Article,
    Assessment,
    Bulletin,
    Event,
    Feed,
    Instrument,
    Obligation,
    Phase,
    Source,
)

DAY = dt.date(2025, 12, 1)


@dataclass
class World:
    agreement: Agreement
    instrument: Instrument
    phase: Phase
    obligation: Obligation
    event: Event
    article: Article
    actor: Actor
    assessment: Assessment
    waiting: Assessment
    feed: Feed
    bulletin: Bulletin


def world(times: int = 1, agreement: Agreement | None = None) -> World:
    """Everything ``times`` over: of each page's own parts, and of the rows in each list."""
    owner = agreement or make.agreement(review=Review.REQUIRED)
    proposer = people.researcher()
    for _ in range(times):
        one, other = make.actor(), make.actor(parent=make.actor())
        make.party(owner, one)
        number = owner.states.count()
        owner.states.create(state="suspended", since=DAY + dt.timedelta(days=number))
        AgreementRelation.objects.create(agreement=owner, to=make.agreement(), kind="implements")
        instrument = make.instrument(owner, date=DAY)
        instrument.accepted_by.set([one, other])
        instrument.disputed_by.set([other])
        clause = make.clause(instrument)
        phase = make.phase(owner, owner.phases.count() + 1)
        duty = make.obligation(owner, phase=phase, obligors=[one, other], instrument=instrument, clause=clause)
        article = make.article()
        Source.objects.create(agreement=owner, article=article, ref=f"source-{article.pk}")
        happened = make.event(
            owner, DAY, effects=[(duty, "breaches")], accused=[one], reports=[article, {"originator": other}]
        )
        make.observation(make.measure(duty), happened, 5, originator=one)
        assessment = make.assessed(duty, DAY, 0, evidence=[happened], attributed_to=[one])
        make.retracted(make.assessed(duty, DAY, 0))
        make.checked(duty, DAY)
        feed = Feed.objects.create(title="News", url=f"https://news.example/feed/{number}", outlet=article.outlet)
        bulletin = Bulletin.objects.create(
            agreement=owner, title="Weekly", rhythm="weekly", first_on=DAY, outlet=article.outlet
        )
        waiting = Assessment.record(duty, make.judgement(evidence=[happened]), by=proposer)
    first_phase, first_duty = owner.phases.all()[0], owner.obligations.all()[0]
    first_event, first_instrument = owner.events.all()[0], owner.instruments.all()[0]
    for _ in range(times):
        # Parts of one row each.
        make.declaration(first_phase, make.actor(), DAY)
        make.condition(first_phase, make.obligation(owner))
        make.condition(first_duty, make.obligation(owner), actor=make.actor())
        make.clause(first_instrument)
        measure = make.measure(first_duty)
        make.observation(measure, first_event, 3, article=make.article(), originator_text="an official")
        make.report(first_event, make.article(), relays=make.outlet())
        first_event.effects.create(obligation=make.obligation(owner), effect="context")
        first_event.actors.create(actor=make.actor(), role="speaker")
        Source.objects.create(agreement=make.agreement(), article=article, ref="elsewhere")
    return World(
        owner,
        first_instrument,
        first_phase,
        first_duty,
        first_event,
        article,
        other,
        assessment,
        waiting,
        feed,
        bulletin,
    )
