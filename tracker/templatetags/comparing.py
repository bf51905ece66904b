"""A comparison in words: what is kept of how much, how much of it is assessed, and never a score without that.

A party gets no score: the score judges none.
"""

from collections.abc import Callable

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from tracker import words
from tracker.browse.compare import Cell
from tracker.rubric import pam
from tracker.templatetags.languages import told

register = template.Library()


@register.filter
def compared(cell: Cell | None) -> SafeString:
    """ "2 of 3 fulfilled or kept", and below it how much is assessed and the range."""
    return _compared(cell, scored)


@register.filter
def compared_of_party(cell: Cell | None) -> SafeString:
    """The same without the range."""
    return _compared(cell, assessed)


def _compared(cell: Cell | None, below: Callable[[Cell], str]) -> SafeString:
    if cell is None:
        return format_html('<span class="soft">{}</span>', _("no obligation"))
    kept = _("%(kept)s of %(all)s fulfilled or kept") % {
        "kept": words.number(cell.kept),
        "all": words.number(cell.duties),
    }
    late = _("%(count)s overdue") % {"count": words.number(cell.overdue)} if cell.overdue else ""
    return format_html(
        '{} <span class="soft block">{}</span>{}',
        kept,
        below(cell),
        format_html(' <span class="soft block">{}</span>', late) if late else "",
    )


@register.filter
def scored(cell: Cell) -> str:
    """ "12 of 13 already bind, 7 of these assessed, score 41.7 to 58.3 of 100"."""
    if cell.score is None or not cell.score.assessed:
        return assessed(cell)
    return _("%(binding)s of %(all)s already bind, %(assessed)s of these assessed, score %(range)s of 100") % {
        "all": words.number(cell.duties),
        "assessed": words.number(cell.score.assessed),
        "binding": words.number(cell.score.binding),
        "range": words.numbers(cell.score.low, cell.score.high),
    }


def assessed(cell: Cell) -> str:
    """ "12 of 13 already bind, 7 of these assessed"."""
    if cell.score is None:
        return _("none binds yet")
    parts = {
        "all": words.number(cell.duties),
        "assessed": words.number(cell.score.assessed),
        "binding": words.number(cell.score.binding),
    }
    if not cell.score.assessed:
        return _("%(binding)s of %(all)s already bind, none of these assessed") % parts
    return _("%(binding)s of %(all)s already bind, %(assessed)s of these assessed") % parts


@register.simple_tag
def pam_source() -> SafeString:
    """Where the curve comes from."""
    source = format_html(
        '<a class="out" href="{}" rel="external">{}</a>',
        pam.ADDRESS,
        "Madhav Joshi, Jason Michael Quinn and Patrick M. Regan, “Annualized implementation data on comprehensive "
        "intrastate peace accords, 1989\N{EN DASH}2012”, Journal of Peace Research 52 (4), 2015",
    )
    return told(
        _("The curve is the mean of %(count)s accords in the Peace Accords Matrix: %(source)s."),
        count=words.number(pam.ACCORDS),
        source=source,
    )


@register.simple_tag
def pam_means() -> list[tuple[int, object]]:
    """The years with their means."""
    return list(enumerate(pam.MEAN, 1))
