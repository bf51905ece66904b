"""What pages of double coding say of names and numbers."""

from urllib.parse import urlencode

from django import template

from tracker.models import Answer, Observation, Report
from tracker.models.coding import Coding
from tracker.reading.masking import Mask
from tracker.rubric.reliability import Reliability

register = template.Library()


@register.filter
def masked(text: object, mask: Mask) -> str:
    """The text without the names that a round hides."""
    return mask.hide(str(text))


@register.filter
def said_by(row: Report | Observation) -> str:
    """Who says it: the originator, else the outlet that is relayed, else the one that published it."""
    relayed = row.relays if isinstance(row, Report) else None
    return row.originator_name or str(relayed or row.article.outlet)


@register.filter
def alpha(found: Reliability) -> str:
    """0.81, with a true minus sign, or a dash where it is undefined."""
    return "\N{EN DASH}" if found.alpha is None else f"{found.alpha:.2f}".replace("-", "\N{MINUS SIGN}")


@register.filter
def as_status(answer: Answer, coding: Coding) -> str:
    """The address of the status form, filled in with an answer and with how the disagreement was settled."""
    fields = {
        "level": answer.level,
        "direction": answer.direction,
        "conformity": answer.conformity,
        "effective_on": coding.item.round.as_of.isoformat(),
        "reason": coding.settlement.text if coding.settlement else answer.reason,
    }
    return f"/desk/obligations/{coding.item.obligation_id}/status/?{urlencode(fields)}"
