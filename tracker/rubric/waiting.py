"""Who waits for whom: conditions that close in on themselves, and parties that each ask for what the other owes."""

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Ask:
    """One open condition: ``waiter`` does not go ahead before ``needs`` is done.

    ``by`` is the party that insists on it, None where the text asks. ``owed_by``: the parties that owe ``needs``.
    Parties are topmost actors: who speaks for a side insists, and owes, as that side.
    """

    waiter: Hashable
    needs: Hashable
    by: Hashable | None = None
    owed_by: frozenset[Hashable] = frozenset()


def each_waits(asks: Iterable[Ask]) -> set[tuple[Hashable, Hashable]]:
    """The pairs (waiter, needs) in which what is needed waits, itself or over others, for the waiter."""
    asks = list(asks)
    ahead: dict[Hashable, list[Hashable]] = defaultdict(list)
    for ask in asks:
        ahead[ask.waiter].append(ask.needs)
    return {(ask.waiter, ask.needs) for ask in asks if ask.waiter in _reached(ask.needs, ahead)}


def _reached(start: Hashable, ahead: dict[Hashable, list[Hashable]]) -> Collection[Hashable]:
    """Everything that ``start`` waits for, itself included."""
    seen: set[Hashable] = set()
    coming = [start]
    while coming:
        one = coming.pop()
        if one not in seen:
            seen.add(one)
            coming += ahead.get(one, ())
    return seen


def standoffs(asks: Iterable[Ask]) -> list[tuple[Hashable, Hashable]]:
    """The pairs of parties of which each insists, for the same waiter, on something that the other owes.

    Something that both owe together sets neither against the other. In the order in which the first of them insists.
    """
    pairs: list[tuple[Hashable, Hashable]] = []
    against: set[tuple[Hashable, Hashable, Hashable]] = set()
    for ask in asks:
        if ask.by is None or ask.by in ask.owed_by:
            continue
        for other in ask.owed_by:
            against.add((ask.waiter, ask.by, other))
            if (ask.waiter, other, ask.by) in against and not {(ask.by, other), (other, ask.by)} & set(pairs):
                pairs.append((other, ask.by))
    return pairs
