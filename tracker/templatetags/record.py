"""How the record is put into words: dates, names, figures, days late, and sources in the shape a citation takes."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import template
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tracker import words
from tracker.browse import phrases
from tracker.browse.citations import Citation, cited, led, stood_by
from tracker.codebook import (
    AgreementState,
    Conformity,
    Counting,
    DatePrecision,
    FigureNature,
    Movement,
    Nature,
    Stance,
    StatusWord,
    Timeliness,
)
from tracker.codebook import Direction as Side
from tracker.models import Actor, Assessment, Declaration, Event, Measure, Observation, Report, Vantage
from tracker.models.disputes import words_of
from tracker.models.standing import Board, Figure, Row, Series, Voice, Wait, fetched
from tracker.rubric import quarrels, standfirst
from tracker.rubric import status as rules
from tracker.words import written

from .languages import content, told

register = template.Library()


# Days


def _time(text: str, *days: dt.date) -> SafeString:
    """A single day marked up as such; a span stays plain text."""
    if len(days) == 1:
        return format_html('<time datetime="{}">{}</time>', days[0].isoformat(), text)
    return conditional_escape(text)


@register.filter
def day(value: dt.date | None) -> str:
    """18 Dec 2025."""
    return _time(written(value), value) if value else ""


@register.filter
def day_of_year(value: dt.date) -> str:
    """18 Dec, where the year stands beside it."""
    return _time(words.day_of_year(value), value)


@register.filter
def since_day(value: dt.date | dt.datetime | None) -> str:
    """The day of a day or of a moment."""
    return day(value.astimezone(dt.UTC).date() if isinstance(value, dt.datetime) else value)


@register.filter
def when(of: Event | Assessment) -> str:
    """The day of an event, or the day on which a judgement became true, as exactly as it is known."""
    if isinstance(of, Assessment):
        start, end, precision = of.effective_on, None, of.effective_precision
    else:
        start, end, precision = of.date, of.date_end, of.date_precision
    exact = precision == DatePrecision.DAY and end in (None, start)
    return _time(words.roughly(start, end, precision), *([start] if exact else []))


@register.filter
def moment(value: dt.datetime | None) -> str:
    """24 Nov 2026, 11:05 UTC."""
    if value is None:
        return ""
    # No fraction of a second: HTML allows three digits of it at most.
    at = value.astimezone(dt.UTC).isoformat(timespec="seconds")
    return format_html('<time datetime="{}">{}</time>', at, words.moment(value))


@register.filter
def days_ago(days: int | None, vantage: Vantage) -> str:
    """ "checked 2 days ago", counted from the day that the page is about."""
    if days is None:
        return _("not checked yet")
    past = vantage.as_of != vantage.today
    if days == 0:
        return _("checked that day") if past else _("checked today")
    if past:
        return ngettext("checked %(count)s day before", "checked %(count)s days before", days) % {"count": days}
    return ngettext("checked %(count)s day ago", "checked %(count)s days ago", days) % {"count": days}


# Names and numbers


@register.filter
def ordinal(number: int) -> str:
    """one, two, three; in figures above ten."""
    return standfirst.ordinal(number)


@register.filter
def named(actor: Actor) -> str:
    """The actor, with its topmost parent in brackets where it has one. Needs ``root`` to be loaded."""
    root = actor.root
    return actor.name if root is None or root.pk == actor.pk else f"{actor.name} ({root.name})"


register.filter("led", led)


@register.filter
def listed(items: Iterable[Any]) -> str:
    """Israel, Egypt and Qatar."""
    return words.joined(items)


@register.filter
def number(value: Decimal | int | None) -> str:
    """25,700 or 12.5."""
    return "" if value is None else words.number(Decimal(value))


@register.filter
def amount(observation: Observation) -> str:
    """A figure, or the range in which it lies, without its unit."""
    return phrases.amount(observation)


def _with_unit(figure: str, measure: Measure) -> SafeString:
    """The figure with its unit, where the label does not say that already."""
    first = measure.unit.split()[0].casefold() if measure.unit else ""
    if not first or first in measure.label.casefold():
        return conditional_escape(figure)
    return format_html("{} {}", figure, content(measure.unit))


def _how(figure: Figure, shown: SafeString) -> SafeString:
    """The figure with what sort of figure it is, where it is not simply "so many by then"."""
    match figure.observation.counts:
        case "" | Counting.CUMULATIVE:
            return shown
        case Counting.NEW:
            # "0 new" beside "crossings open" tells nobody anything; what matters is that the figure does not run on.
            return told(_("%(figure)s, not a running total"), figure=shown)
        case other:
            return told("%(figure)s%(comma)s%(how)s", figure=shown, comma=_(", "), how=Counting(other).label)


@register.filter
def figure_line(series: Series) -> SafeString:
    """The newest figure of a measure in words, with who gives it; or what is owed where nobody gave one yet."""
    latest, measure = series.latest, series.measure
    at_most = measure.direction == Side.AT_MOST
    target = "" if series.target is None else number(series.target)
    if latest is None:
        # Not "yet": the duty may be judged done on a figure for several duties together.
        text = _("%(label)s: no figure on record")
        if target:
            text = (
                _("%(label)s: no figure on record (at most %(target)s agreed)")
                if at_most
                else _("%(label)s: no figure on record (target %(target)s)")
            )
        return told(text, label=content(measure.label), target=_with_unit(target, measure))
    shown = amount(latest.observation)
    if latest.observation.nature == FigureNature.ESTIMATE:
        shown = _("about %(figure)s") % {"figure": shown}
    if target and not at_most:
        reached = highest(series)
        # "700 of 600" would read as a slip.
        beyond = reached is not None and series.target is not None and reached > series.target
        text = _("%(figure)s (%(target)s agreed)") if beyond else _("%(figure)s of %(target)s")
        shown = text % {"figure": shown, "target": target}
    line = _how(latest, _with_unit(format_html("<b>{}</b>", shown), measure))
    if target and at_most:
        line = told(_("%(figure)s (at most %(target)s agreed)"), figure=line, target=target)
    return told(
        _("%(label)s: %(figure)s · %(who)s, last known %(day)s")
        if series.last_known
        else _("%(label)s: %(figure)s · %(who)s, %(day)s"),
        label=content(measure.label),
        figure=line,
        who=content(latest.who),
        day=day(latest.observation.as_of),
    )


@register.filter
def other_figures(series: Series) -> SafeString:
    """The figures of other originators, at most four of them."""
    shown = series.others[:4]
    parts = [
        format_html(
            "{} {} ({})",
            content(figure.who),
            _how(figure, format_html("<b>{}</b>", amount(figure.observation))),
            day(figure.observation.as_of),
        )
        for figure in shown
    ]
    if len(series.others) > len(shown):
        parts.append(conditional_escape(_more(len(series.others) - len(shown))))
    return format_html_join(" · ", "{}", ((part,) for part in parts))


def _more(count: int) -> str:
    return ngettext("%(count)s more", "%(count)s more", count) % {"count": words.number(count)}


def _of_the_day(series: Series) -> list[Observation]:
    """The figure that leads and those that count alike for its day."""
    latest = series.latest
    if latest is None:
        return []
    alike = [one for one in series.others if one.cumulative == latest.cumulative]
    return [one.observation for one in (latest, *alike) if one.observation.as_of == latest.observation.as_of]


@register.filter
def lowest(series: Series) -> Decimal | None:
    """The lowest figure for the newest day: what a bar may show as reached without taking sides."""
    return min((one.value if one.low is None else one.low for one in _of_the_day(series)), default=None)


@register.filter
def highest(series: Series) -> Decimal | None:
    return max((one.value if one.high is None else one.high for one in _of_the_day(series)), default=None)


@register.filter
def shown_series(row: Row) -> list[Series]:
    """The measures worth a line in a list: those with a figure, after those of which so many are owed."""
    shown = [series for series in row.series if series.figures or series.target is not None]
    return sorted(shown, key=lambda series: series.target is None)


@register.filter
def state_line(board: Board) -> str:
    """The agreement's state on the day: "in force since 10 Oct 2025"."""
    state = board.state
    signed_on = board.agreement.signed_on
    if state is None:
        signed = board.signed and signed_on
        return (
            _("signed %(day)s") % {"day": written(signed_on)} if signed and signed_on else _("not signed by this day")
        )
    match state.state:
        case AgreementState.SIGNED:
            text = _("signed %(day)s, not yet in force")
        case AgreementState.NEGOTIATION:
            text = _("in negotiation since %(day)s")
        case AgreementState.IN_FORCE:
            text = _("in force since %(day)s")
        case AgreementState.SUSPENDED:
            text = _("suspended since %(day)s")
        case AgreementState.LAPSED:
            text = _("lapsed on %(day)s")
        case AgreementState.SUPERSEDED:
            text = _("superseded on %(day)s")
        case _other:
            text = _("completed on %(day)s")
    return text % {"day": written(state.since)}


@register.filter
def voices_behind(event: Event) -> SafeString:
    """Who stands behind an event, each once: "Hamas, Israel and Reuters; 3 independent sources". Needs ``told``."""
    names: dict[str, str] = {}
    for report in fetched(event, "told"):
        name = report.originator_name or str(report.relays or report.article.outlet)
        names.setdefault(report.independence_key, name)
    if not names:
        return conditional_escape(_("no report on record"))
    shown = [content(name) for name in list(names.values())[:4]]
    if len(names) > len(shown):
        shown.append(conditional_escape(_more(len(names) - len(shown))))
    text = ngettext("%(names)s; %(count)s independent source", "%(names)s; %(count)s independent sources", len(names))
    return told(text, names=SafeString(words.joined(shown)), count=words.number(len(names)))


# Due dates and levels


@dataclass(frozen=True, slots=True)
class Due:
    """How a duty stands to its day: the first line, whether it says that it is late, and the lines below."""

    head: str
    late: bool
    lines: tuple[str, ...]


@register.filter
def due(row: Row) -> Due:
    duty = row.duty
    done = rules.done_on(row.judged)
    by = _("due %(day)s") % {"day": written(duty.due_on)} if duty.due_on else ""
    done_by = _("done %(day)s") % {"day": written(done)} if done else ""
    day_now = row.day
    match row.timeliness:
        case Timeliness.OVERDUE if duty.due_on:
            return Due(_late((day_now - duty.due_on).days), late=True, lines=(by,))
        case Timeliness.DONE_LATE if done and duty.due_on:
            return Due(_late((done - duty.due_on).days), late=True, lines=(done_by, by))
        case Timeliness.DONE_ON_TIME if done:
            return Due(_("On time"), late=False, lines=(done_by, by))
        case Timeliness.IN_EFFECT if duty.starts_on:
            since = _("since %(day)s") % {"day": written(duty.starts_on)}
            return Due(_("Continuing"), late=False, lines=(since,))
        case Timeliness.NOT_DUE if duty.nature == Nature.CONTINUING and duty.starts_on:
            start = _("Binds from %(day)s") % {"day": written(duty.starts_on)}
            return Due(start, late=False, lines=(_ahead(day_now, duty.starts_on),))
        case Timeliness.NOT_DUE if duty.due_on:
            ahead = _("Due %(day)s") % {"day": written(duty.due_on)}
            return Due(ahead, late=False, lines=(_ahead(day_now, duty.due_on),))
    undated = _("no date in the text")
    if duty.nature == Nature.CONTINUING:
        return Due(_("Continuing"), late=False, lines=(undated,))
    if done:
        return Due(_("Done %(day)s") % {"day": written(done)}, late=False, lines=(undated,))
    return Due(_("No date in the text"), late=False, lines=())


def _late(days: int) -> str:
    return ngettext("%(count)s day late", "%(count)s days late", days) % {"count": words.number(days)}


def _ahead(now: dt.date, then: dt.date) -> str:
    days = (then - now).days
    if not days:
        return _("that day")
    return ngettext("in %(count)s day", "in %(count)s days", days) % {"count": words.number(days)}


@register.filter
def open_level(wait: Wait) -> str:
    """Where the duty that is waited for stands: "level 2 of 3 so far"."""
    level = wait.row.status.level
    return _("not assessed") if level is None else _("level %(level)s of 3 so far") % {"level": level}


@register.filter
def rule_of(row: Row) -> str:
    """The rule that gave the row its status word, in one plain sentence."""
    return str(dict(rules.RULES)[row.word])


@register.filter
def sentence(row: Row, board: Board) -> SafeString:
    """Where the obligation stands in one sentence that can be quoted."""
    duty, head = row.obligation, due(row)
    level = row.status.level
    if level is None:
        text = _(
            "On %(day)s, day %(number)s of the agreement, “%(duty)s”, an obligation under “%(agreement)s” "
            "owed by %(who)s, was not assessed"
        )
        undated = _("On %(day)s, “%(duty)s”, an obligation under “%(agreement)s” owed by %(who)s, was not assessed")
    else:
        text = _(
            "On %(day)s, day %(number)s of the agreement, “%(duty)s”, an obligation under “%(agreement)s” "
            "owed by %(who)s, was “%(status)s” at level %(level)s of 3"
        )
        undated = _(
            "On %(day)s, “%(duty)s”, an obligation under “%(agreement)s” owed by %(who)s, was “%(status)s” "
            "at level %(level)s of 3"
        )
    line = told(
        undated if board.day_number is None else text,
        day=written(row.day),
        number=board.day_number,
        duty=content(duty.title),
        agreement=content(board.agreement.title),
        who=SafeString(words.joined(content(one.name) for one in duty.obligors.all())),
        status=row.status.label,
        level=level,
    )
    if head.late:
        line = told(_("%(sentence)s, %(late)s"), sentence=line, late=head.head)
    if row.current and row.current.effective_on < row.day:
        line = told(_("%(sentence)s, as last judged on %(day)s"), sentence=line, day=written(row.current.effective_on))
    if row.status.disputed:
        line = told(_("%(sentence)s; this is disputed"), sentence=line)
    return format_html("{}.", line)


@register.filter
def meaning(row: Row) -> str:
    return row.word.definition


@register.filter
def movement(assessment: Assessment) -> str:
    return str(Movement(assessment.direction).label) if assessment.direction else ""


@register.filter
def fit(assessment: Assessment) -> str:
    """How it fits the text, in the codebook's words."""
    return str(Conformity(assessment.conformity).label) if assessment.conformity else ""


@register.simple_tag
def legend_of(rows: Iterable[Row] | None = None) -> list[dict[str, str]]:
    """The status words with their definitions: all of them, or those that occur."""
    wanted: Sequence[StatusWord] = list(StatusWord)
    if rows is not None:
        found = {row.word for row in rows}
        wanted = [word for word in StatusWord if word in found]
    return [{"key": word.value, "label": str(word.label), "definition": word.definition} for word in wanted]


# Sources


@register.simple_tag
def cite(report: Report, vantage: Vantage, q: str = "") -> Citation:
    """A report as a citation: who says it, how they stand to it, their words, where they were published."""
    return cited(report, vantage, q)


@register.filter
def speaker(voice: Voice) -> str:
    """Who speaks for the side, where that is somebody else than the side itself."""
    who = voice.report.originator
    return who.name if who and who.pk != voice.side.pk else ""


def attributed(side: str, speaks: str, report: Report) -> SafeString:
    """Whose words they are and how that side stands to the event; ``speaks``: who says it for the side, else ""."""
    who = format_html("<b>{}</b>", content(side))
    if speaks:
        who = told(_("%(side)s, %(speaker)s"), side=who, speaker=content(speaks))
    return who if report.stance == Stance.ASSERTS else told(stood_by(Stance(report.stance)), who=who)


@register.filter
def position(voice: Voice, q: str = "") -> SafeString:
    """What a side says in its own words and how it stands to the event: "Denied by: Hamas: “…”, 14 Dec 2025"."""
    report = voice.report
    language = format_html(' lang="{}"', report.quote_language) if report.quote_language else ""
    return told(
        _("%(who)s: %(quote)s, %(day)s"),
        who=attributed(voice.side.name, speaker(voice), report),
        quote=format_html('<q{} dir="auto">{}</q>', language, report.quote),
        day=format_html('<a href="{}{}">{}</a>', voice.event.get_absolute_url(), q, when(voice.event)),
    )


@register.filter
def opposed(declarations: Sequence[Declaration]) -> bool:
    """Whether the latest word of one side about a phase contradicts the latest word of another."""
    return quarrels.opposed(words_of(declarations))
