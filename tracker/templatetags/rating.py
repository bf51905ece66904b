"""Weekly rates in sentences."""

from collections.abc import Iterable

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from tracker import words
from tracker.browse.rates import Series

from .languages import content, told

register = template.Library()


@register.filter
def named(series: Iterable[Series]) -> SafeString:
    """What each rate counts and who says so, as a list within a sentence; each leads to its chart."""
    return SafeString(words.apart(_named(one) for one in series))


def _named(one: Series) -> SafeString:
    if one.told is None:
        name = format_html("{}", one.title)
    else:
        name = told(_("%(what)s (%(who)s)"), what=content(one.title), who=content(one.who))
    return format_html('<a href="#{}">{}</a>', one.key, name)
