"""Changing what is published: an event, a report or a figure, for a reason that readers see.

Drafts in a person's own open set are changed here too, without a reason, because nobody has read them yet.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import pghistory
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, models, transaction

from tracker.codebook import EffectKind, EventRole, Review, Stage
from tracker.reading.anchors import Selector, find, selector

from .actors import Actor
from .agreements import Obligation
from .anchors import copy_to_read, recheck
from .edits import SHOWN
from .evidence import Effect, Event, EventActor, Observation, Report, gone
from .people import Person
from .proposals import Proposal
from .versions import stamp

type Reported = Event | Report | Observation

FIELDS: dict[type[models.Model], tuple[str, ...]] = {
    Event: SHOWN[Event],
    Report: (*SHOWN[Report], "prefix", "suffix"),
    Observation: SHOWN[Observation],
}
"""What can be changed. What a row belongs to, when it was recorded and by whom stays."""


class Outdated(Exception):
    """Somebody else changed the row since it was opened."""


def stamp_of(row: Reported) -> str:
    """What changes whenever the row is written; with an event, whenever its actors or effects are."""
    return stamp(row, ("actors", "effects") if isinstance(row, Event) else ())


def amend(row: Report | Observation, values: Mapping[str, Any], *, by: Person, reason: str, seen: str = "") -> bool:
    """Changes a report or a figure; returns whether anything was to change.

    ``values`` are new contents of fields in ``FIELDS``; ``seen`` is the ``stamp_of`` of what the person read, "" for no
    guard. Raises PermissionDenied, Outdated, or ValidationError keyed by field; nothing is written then.
    """
    with _writing(row, by, reason, seen) as current:
        changed = _store(current, values)
        if isinstance(current, Report):
            recheck(current)
        return changed


def amend_event(
    event: Event,
    values: Mapping[str, Any],
    actors: Sequence[tuple[Actor, str]],
    effects: Sequence[tuple[Obligation, str]],
    *,
    by: Person,
    reason: str,
    seen: str = "",
) -> bool:
    """Changes an event with those who took part in it and what it means; as ``amend``.

    ``actors`` and ``effects`` are all that there are to be. Where the agreement asks for review, what a public event
    newly means waits for another person, in a set of its own.
    """
    with _writing(event, by, reason, seen) as current:
        _check_breach(values, actors, effects)
        changed = [
            _store(current, values),
            _recast(current, actors),
            _reassess(current, effects, by),
        ]
        return any(changed)


@contextmanager
def _writing(row: Any, by: Person, reason: str, seen: str) -> "Iterator[Any]":
    """Checks that the person may change the row now, and keeps the reason beside every version written inside."""
    name = row._meta.model_name
    if not by.has_perm(f"tracker.change_{name}"):
        raise PermissionDenied("Only researchers change what is reported.")
    public = row.stage == Stage.PUBLISHED
    if public and not reason.strip():
        raise ValidationError({"edit_reason": "Say why this is changed; readers will see it."})
    metadata = {"reason": reason.strip(), "byline": by.public_name} if public else {"byline": by.public_name}
    try:
        with transaction.atomic(), pghistory.context(**metadata):
            if not public and row.proposal:
                row.proposal.check_writable(by)
            current = type(row)._base_manager.select_for_update(of=("self",)).get(pk=row.pk)
            if seen and seen != stamp_of(current):
                raise Outdated
            if type(row)._base_manager.filter(gone(PARTS[name]), pk=row.pk).exists():
                raise ValidationError("This was withdrawn. Put it back first, then change it.")
            yield current
    except IntegrityError as error:
        # A trigger of the database refuses what no form foresees, for instance what is being coded blind.
        raise ValidationError(str(error).splitlines()[0]) from error


PARTS = {"event": "event", "report": "report", "observation": "observation"}


def _store(row: Any, values: Mapping[str, Any]) -> bool:
    changed = []
    for name in FIELDS[type(row)]:
        if name in values and getattr(row, name) != values[name]:
            setattr(row, name, values[name])
            changed.append(name)
    if changed:
        row.full_clean()
        row.save(update_fields=changed)
    return bool(changed)


def _recast(event: Event, actors: Sequence[tuple[Actor, str]]) -> bool:
    wanted = {(actor.pk, role) for actor, role in actors}
    there = {(row.actor_id, row.role): row for row in event.actors.all()}
    for key, row in there.items():
        if key not in wanted:
            row.delete()
    new = [pair for pair in dict.fromkeys(actors) if (pair[0].pk, pair[1]) not in there]
    for actor, role in new:
        EventActor.objects.create(event=event, actor=actor, role=role)
    return bool(new or set(there) - wanted)


def _reassess(event: Event, effects: Sequence[tuple[Obligation, str]], by: Person) -> bool:
    wanted = dict(effects)
    # What waits in other people's sets is theirs.
    mine = event.effects.filter(models.Q(stage=Stage.PUBLISHED) | models.Q(proposal=event.proposal))
    there = {row.obligation: row for row in mine.select_related("obligation")}
    changed = False
    for obligation, row in there.items():
        if obligation not in wanted:
            row.delete()
        elif row.effect != wanted[obligation]:
            row.effect = wanted[obligation]
            row.save(update_fields=["effect"])
        else:
            continue
        changed = True
    new = [(obligation, effect) for obligation, effect in wanted.items() if obligation not in there]
    if new:
        _add_effects(event, new, by)
    return changed or bool(new)


def _add_effects(event: Event, new: Iterable[tuple[Obligation, str]], by: Person) -> None:
    new = list(new)
    elsewhere = event.effects.filter(obligation__in=[obligation for obligation, _ in new]).select_related("obligation")
    for one in elsewhere:
        raise ValidationError({"effects": f"What it means for “{one.obligation.title}” waits in another proposal."})
    proposal, own = event.proposal if event.stage != Stage.PUBLISHED else None, False
    if event.stage == Stage.PUBLISHED and event.agreement.review != Review.NONE:
        proposal, own = Proposal.begin(event.agreement, by), True
    stage = proposal.row_stage if proposal else Stage.PUBLISHED
    for obligation, effect in new:
        Effect.objects.create(event=event, obligation=obligation, effect=effect, stage=stage, proposal=proposal)
    if own and proposal:
        proposal.hand_in(by)


def _check_breach(
    values: Mapping[str, Any], actors: Sequence[tuple[Actor, str]], effects: Sequence[tuple[Obligation, str]]
) -> None:
    if EffectKind.BREACHES not in {effect for _, effect in effects}:
        return
    errors = {}
    if EventRole.ACCUSED not in {role for _, role in actors}:
        errors["actors"] = "A breach needs somebody accused: name them among those involved."
    if not values.get("verification"):
        errors["verification"] = "Say how far the breach is borne out."
    if errors:
        raise ValidationError(errors)


def anchored(report: Report, quote: str, translator: str) -> dict[str, str]:
    """The words with those around them in the kept text of the article, for a quote that is to become another.

    Empty where it stays as it is or no text is kept. Raises ValidationError keyed "quote" where the text does not hold
    the words and nobody translated them.
    """
    copy = copy_to_read(report.article)
    if copy is None or not quote or (quote == report.quote and translator == report.translator):
        return {}
    found = find(copy.text, Selector(quote, report.prefix, report.suffix))
    if found is None and translator:
        return {}
    if found is None:
        raise ValidationError({"quote": "The kept text of the article does not hold these words."})
    here = selector(copy.text, *found)
    return {"prefix": here.prefix, "suffix": here.suffix}
