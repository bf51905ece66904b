"""Conditions in sentences, by rule: who waits for what, according to whom, and how far that has come."""

from collections.abc import Iterable, Sequence

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tracker import words
from tracker.browse.citations import led
from tracker.browse.insisting import latest_of, satisfied, words_on
from tracker.browse.waiting import Said, Waiter
from tracker.codebook import Level
from tracker.models import Actor, Declaration
from tracker.models.standing import Wait
from tracker.templatetags.languages import content, told
from tracker.templatetags.quarrels import worded
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


@register.simple_tag
def insisted_words(wait: Wait, q: str, declarations: Sequence[Declaration] = ()) -> SafeString:
    """What the party that insists on a condition is quoted with; "" where the text asks for it."""
    party = wait.condition.actor
    if party is None:
        return SafeString()
    return _heard(party, wait, declarations, q) or told(
        _("No words of %(party)s on this are on record; that it insists is how the record was coded."),
        party=content(party.name),
    )


@register.simple_tag
def all_insisted_words(one: Waiter, q: str) -> list[SafeString]:
    """The same of every open condition of a phase or an obligation, each quotation once."""
    lines: list[SafeString] = []
    for said in one.said:
        if said.by is None:
            continue
        heard = [(wait, _heard(said.by, wait, one.declarations, q)) for wait in said.waits]
        lines += dict.fromkeys(line for _wait, line in heard if line)
        silent = [wait for wait, line in heard if not line]
        if silent:
            lines.append(
                told(
                    _("No words of %(who)s on %(duties)s are on record; that it insists is how the record was coded."),
                    who=_who(said),
                    duties=SafeString(words.joined(_link(wait, q) for wait in silent)),
                )
            )
    return lines


def _heard(party: Actor, wait: Wait, declarations: Sequence[Declaration], q: str) -> SafeString:
    voice = words_on(wait, declarations)
    if voice:
        return worded(voice.side.name, voice.report, voice.event, q)
    latest = latest_of(party, declarations)
    return _declared(latest, q) if latest else SafeString()


def _declared(one: Declaration, q: str) -> SafeString:
    article = format_html('<a href="{}{}">{}</a>', one.article.get_absolute_url(), q, content(one.article.outlet.name))
    return told(
        _("%(who)s on whether it has begun: %(says)s, %(day)s, %(outlet)s"),
        who=format_html("<b>{}</b>", content(led(one.actor))),
        says=one.get_says_display(),
        day=words.written(one.date),
        outlet=article,
    )


@register.simple_tag
def satisfied_sentences(waits: Sequence[Wait], declarations: Sequence[Declaration], q: str) -> list[SafeString]:
    """Whose recorded conditions are all met, and what they last said of the phase."""
    lines = []
    for one in satisfied(waits, declarations):
        met = told(
            ngettext(
                "The recorded condition of %(party)s is met.",
                "All %(n)s recorded conditions of %(party)s are met.",
                one.number,
            ),
            n=one.number,
            party=content(one.party.name),
        )
        lines.append(format_html("{} {}", met, _declared(one.latest, q)) if one.latest else met)
    return lines


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
