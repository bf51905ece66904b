"""The text of an agreement in words: where a clause stands on its page, how an agreement relates to others."""

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from tracker.browse.text import Related, place_of
from tracker.codebook import RelationKind
from tracker.models import Obligation

from .languages import content

register = template.Library()


@register.simple_tag
def text_url(duty: Obligation, q: str = "") -> str:
    """Where the text page shows the clause that an obligation comes from, or its text; "" where neither is known."""
    if duty.instrument is None:
        return ""
    return reverse("agreement_text", args=[duty.agreement.slug]) + q + place_of(duty.instrument, duty.clause)


@register.simple_tag
def relation(related: Related, q: str = "") -> SafeString:
    """One sentence on how this agreement relates to another."""
    other = format_html('<a href="{}{}">{}</a>', related.other.get_absolute_url(), q, content(related.other.title))
    return format_html(_relation(related.kind, ours=related.ours), other=other)


def _relation(kind: RelationKind, *, ours: bool) -> str:
    match kind:
        case RelationKind.IMPLEMENTS:
            return _("It implements {other}.") if ours else _("{other} implements it.")
        case RelationKind.AMENDS:
            return _("It amends {other}.") if ours else _("{other} amends it.")
        case RelationKind.EXTENDS:
            return _("It extends {other}.") if ours else _("{other} extends it.")
        case RelationKind.RENEWS:
            return _("It renews {other}.") if ours else _("{other} renews it.")
        case RelationKind.SUPERSEDES:
            return _("It takes the place of {other}.") if ours else _("{other} takes its place.")
