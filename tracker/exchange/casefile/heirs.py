"""Names that belong to merged records: a file that still uses them means their heirs, and brings none of them back."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from tracker import models as tables

from . import schema


@dataclass(frozen=True, slots=True)
class Heirs:
    """Merged name -> the name of the record that stands for it: actors by ref, the agreement's events by ref."""

    actors: Mapping[str, str] = field(default_factory=dict)
    events: Mapping[str, str] = field(default_factory=dict)

    def actor(self, ref: str) -> str:
        return self.actors.get(ref, ref)

    def event(self, ref: str) -> str:
        return self.events.get(ref, ref)


def heirs_of(agreement: tables.Agreement | None) -> Heirs:
    """Two queries."""
    actors = tables.Actor.with_merged.filter(merged_into__isnull=False).order_by()
    events = tables.Event.with_merged.filter(merged_into__isnull=False, agreement=agreement).order_by()
    return Heirs(
        actors=dict(actors.values_list("slug", "merged_into__slug")),
        events=dict(events.values_list("ref", "merged_into__ref")),
    )


def parents(case: schema.CaseFile, heirs: Heirs) -> dict[str, str | None]:
    """The parent of each actor of the file that was not merged, by names that stand.

    An actor that took the place of one above it would be its own parent by the file; of such the file's word does not
    count, and they are left out.
    """
    told = {actor.ref: actor.parent and heirs.actor(actor.parent) for actor in case.actors}
    told = {ref: parent for ref, parent in told.items() if heirs.actor(ref) == ref}
    for ref in set(heirs.actors.values()) & told.keys():
        above, seen = told.get(ref), {ref}
        while above is not None and above not in seen:
            seen.add(above)
            above = told.get(above)
        if above == ref:
            del told[ref]
    return told
