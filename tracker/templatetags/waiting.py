"""Conditions in sentences, by rule: who waits for what, according to whom, and how far that has come."""

from collections.abc import Iterable

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from tracker import words
from tracker.browse.waiting import Said, Waiter
from tracker.codebook import Level
from tracker.models.standing import Wait
from tracker.templatetags.languages import content, told
from tracker.templatetags.record import open_level

register = template.Library()


@register.filter
def waiter_name(one: Waiter) -> SafeString:
    """ "Phase 2", or the obligation's title, with a link."""
    if one.phase is not None:
        return format_html('<a href="{}">{}</a>', one.url, _("Phase %(number)s") % {"number": one.phase})
    return told(_("“%(text)s”"), text=format_html('<a href="{}">{}</a>', one.url, content(one.title)))


def _duty(wait: Wait, q: str) -> SafeString:
    link = _link(wait, q)
    if wait.met:
        return link
    if wait.condition.level == Level.FULL:
        return told(_("%(duty)s (%(level)s)"), duty=link, level=open_level(wait))
    return told(
        _("%(duty)s (asks for level %(needed)s; %(level)s)"),
        duty=link,
        needed=wait.condition.level,
        level=open_level(wait),
    )


def _duties(waits: Iterable[Wait], q: str) -> SafeString:
    return SafeString(words.joined(_duty(wait, q) for wait in waits))


@register.simple_tag
def waits_sentences(one: Waiter, q: str) -> list[SafeString]:
    """What the phase or obligation waits for, one sentence for the text and for each party that stands alone.

    Two parties that each ask for what the other owes share a sentence.
    """
    told_of = [_alone(one, said, q) for said in one.alone]
    for first, second in one.against:
        told_of.append(
            told(
                _(
                    "%(waiter)s waits, %(first)s says, for %(firsts)s; %(second)s says, for %(seconds)s: "
                    "each waits for the other."
                ),
                waiter=waiter_name(one),
                first=_who(first),
                firsts=_duties(first.waits, q),
                second=_who(second),
                seconds=_duties(second.waits, q),
            )
        )
    told_of += [
        told(
            _("%(waiter)s and %(duty)s: each waits for the other."),
            waiter=waiter_name(one),
            duty=_link(wait, q),
        )
        for wait in one.open
        if wait.mutual
    ]
    return told_of


def _link(wait: Wait, q: str) -> SafeString:
    duty = wait.row.obligation
    link = format_html('<a href="{}{}">{}</a>', duty.get_absolute_url(), q, content(duty.title))
    return told(_("“%(text)s”"), text=link)


def _who(said: Said) -> SafeString:
    return content(said.by.name if said.by else "")


def _alone(one: Waiter, said: Said, q: str) -> SafeString:
    if said.by is None:
        return told(
            _("%(waiter)s waits, by the text, for %(duties)s."),
            waiter=waiter_name(one),
            duties=_duties(said.waits, q),
        )
    return told(
        _("%(waiter)s waits, %(party)s says, for %(duties)s."),
        waiter=waiter_name(one),
        party=_who(said),
        duties=_duties(said.waits, q),
    )


@register.simple_tag
def met_sentence(one: Waiter, wait: Wait, q: str) -> SafeString:
    """A condition that is met, and who named it."""
    if wait.condition.actor:
        return told(
            _("%(waiter)s was, %(party)s says, to wait for %(duty)s: met."),
            waiter=waiter_name(one),
            party=content(wait.condition.actor.name),
            duty=_link(wait, q),
        )
    return told(
        _("%(waiter)s was, by the text, to wait for %(duty)s: met."), waiter=waiter_name(one), duty=_link(wait, q)
    )
