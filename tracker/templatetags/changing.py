"""How changes are put into words."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

from django import template

from tracker.browse.citations import Citation, cited
from tracker.models import Event, Report, Vantage
from tracker.models.standing import fetched

register = template.Library()


@dataclass(slots=True)
class Said:
    """One originator with one stance, and where it was printed. ``who`` is "" where the outlet speaks for itself."""

    who: str
    stance: str
    citations: list[Citation] = field(default_factory=list)

    @property
    def shown(self) -> Sequence[Citation]:
        return self.citations[:3]

    @property
    def more(self) -> int:
        return max(len(self.citations) - 3, 0)


@register.simple_tag
def said_of(event: Event, vantage: Vantage, q: str = "") -> list[Said]:
    """Everybody who reports the event, each once, the earliest first, with the outlets. Needs ``told``."""
    reports: list[Report] = fetched(event, "told")
    found: dict[tuple[str, str], Said] = {}
    for report in sorted(reports, key=lambda one: (one.article.published_on or dt.date.max, str(one.pk))):
        one = cited(report, vantage, q)
        stance = one.stance_label if one.originator else ""
        found.setdefault((one.originator, stance), Said(one.originator, stance)).citations.append(one)
    return list(found.values())
