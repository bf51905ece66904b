"""How changes are put into words."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

from django import template
from django.utils.safestring import SafeString

from tracker.browse.citations import Citation, cited
from tracker.models import Event, Report, Vantage
from tracker.models.standing import fetched

from .citing import voiced

register = template.Library()


@dataclass(slots=True)
class Said:
    """One originator with one stance, and where it was printed. ``who`` is "" where the outlet speaks for itself."""

    who: SafeString
    about: str
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
        who, about = voiced(one, linked=False), one.about if one.originator else ""
        found.setdefault((who, about), Said(who, about)).citations.append(one)
    return list(found.values())
