"""What a page says about itself at its end, and an event in sentences that can be quoted."""

from collections.abc import Sequence
from typing import Any

from django import template
from django.template.loader_tags import BLOCK_CONTEXT_KEY
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tracker import words
from tracker.browse.citations import TOLD_IN_ORDER, Citation, stood_by, voices
from tracker.browse.phrases import when
from tracker.codebook import EventState, Stance, Verification
from tracker.models import Event, Report
from tracker.templatetags.languages import content, told

register = template.Library()

NAMED = 4
"""So many of those who take one stance are named in a sentence; the page has all of them."""


@register.simple_tag(takes_context=True)
def page_title(context: Any) -> SafeString:
    """What stands in the block "title" of the page."""
    blocks = context.render_context.get(BLOCK_CONTEXT_KEY)
    block = blocks.get_block("title") if blocks else None
    title: SafeString = block.nodelist.render(context) if block else SafeString()
    return title


@register.simple_tag
def voiced(citation: Citation, *, linked: bool = True) -> SafeString:
    """Who says it and how they stand to it: "Denied by: the council". "" where an outlet speaks for itself."""
    if not citation.originator:
        return SafeString()
    who = content(citation.originator)
    if linked and citation.originator_url:
        who = format_html('<a href="{}">{}</a>', citation.originator_url, who)
    return told(stood_by(citation.stance), who=who) if citation.stance else who


@register.simple_tag
def voiced_by_the_article(citation: Citation) -> str:
    """The same of an article that speaks for itself."""
    return stood_by(citation.stance or Stance.ASSERTS) % {"who": _("the article itself")}


@register.simple_tag
def event_sentences(event: Event, reports: Sequence[Report]) -> list[SafeString]:
    """What happened when and where, who says so and who does not."""
    said = [report for report in reports if report.event_id == event.pk]
    sentences = [_happened(event, len(voices(said)))]
    for stance in TOLD_IN_ORDER:
        names = voices([report for report in said if report.stance == stance])
        if names:
            sentences.append(told(_("%(sentence)s."), sentence=told(stood_by(stance), who=_shortened(names))))
    if event.verification:
        sentences.append(told(_("Verification: %(word)s."), word=Verification(event.verification).label))
    return sentences


def _happened(event: Event, sources: int) -> SafeString:
    if event.state == EventState.SCHEDULED:
        text = ngettext(
            "“%(title)s”, announced for %(day)s by %(n)s independent source.",
            "“%(title)s”, announced for %(day)s by %(n)s independent sources.",
            sources,
        )
    else:
        text = ngettext(
            "“%(title)s”, %(day)s, reported by %(n)s independent source.",
            "“%(title)s”, %(day)s, reported by %(n)s independent sources.",
            sources,
        )
    day = told(_("%(day)s, %(place)s"), day=when(event), place=content(event.place)) if event.place else when(event)
    return told(text, title=content(event.title), day=day, n=sources)


def _shortened(names: Sequence[str]) -> SafeString:
    shown = [content(name) for name in names[:NAMED]]
    if len(names) > NAMED + 1:
        more = len(names) - NAMED
        shown.append(told(ngettext("%(n)s other", "%(n)s others", more), n=more))
    elif len(names) > NAMED:
        shown.append(content(names[NAMED]))
    return SafeString(words.joined(shown))
