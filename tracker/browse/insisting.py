"""What a party that insists on a condition is quoted with, and whose conditions are all met."""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass

from tracker.models import Actor, Declaration
from tracker.models.actors import root_of
from tracker.models.standing import Voice, Wait, fetched


@dataclass(frozen=True, slots=True)
class Satisfied:
    """A party of which every recorded condition is met, and the last that it said of the phase."""

    party: Actor
    number: int
    latest: Declaration | None


def words_on(wait: Wait, declarations: Iterable[Declaration]) -> Voice | None:
    """The newest words of who insists: from where it speaks of the phase, else on the obligation that it asks for."""
    party = wait.condition.actor
    if party is None:
        return None
    words = [voice for voice in wait.row.words if voice.side.pk == root_of(party)]
    declared_in = {one.article_id for one in declarations if root_of(one.actor) == root_of(party)}
    of_phase = (
        voice for voice in words if declared_in & {report.article_id for report in fetched(voice.event, "told")}
    )
    return next(of_phase, words[0] if words else None)


def latest_of(party: Actor, declarations: Iterable[Declaration]) -> Declaration | None:
    own = [one for one in declarations if root_of(one.actor) == root_of(party)]
    return max(own, key=lambda one: (one.date, str(one.pk)), default=None)


def satisfied(waits: Iterable[Wait], declarations: Sequence[Declaration]) -> list[Satisfied]:
    """The parties that named conditions of which none is open, in the order of the conditions."""
    asked: dict[Hashable, list[tuple[Actor, bool]]] = {}
    for wait in waits:
        if wait.condition.actor:
            asked.setdefault(root_of(wait.condition.actor), []).append((wait.condition.actor, wait.met))
    return [
        Satisfied(found[0][0], len(found), latest_of(found[0][0], declarations))
        for found in asked.values()
        if all(met for _, met in found)
    ]
