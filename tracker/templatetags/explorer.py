"""Where the words looked for stand in a text."""

from collections.abc import Sequence

from django import template
from django.utils.html import escape, format_html_join
from django.utils.safestring import SafeString, mark_safe

from tracker.models.search import Piece

register = template.Library()


@register.filter
def marked(pieces: Sequence[Piece]) -> SafeString:
    """The text with the words looked for marked. Every piece is escaped."""
    marks = {True: (mark_safe("<mark>"), mark_safe("</mark>")), False: ("", "")}  # constants
    return format_html_join("", "{}{}{}", ((marks[one.hit][0], escape(one.text), marks[one.hit][1]) for one in pieces))


@register.filter
def has_mark(pieces: Sequence[Piece]) -> bool:
    return any(one.hit for one in pieces)
