"""How the record is put into words: dates, names, figures, days late, and sources in the shape a citation takes."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import template
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from tracker import words
from tracker.browse import phrases
from tracker.browse.citations import Citation, cited, led
from tracker.codebook import (
    AgreementState,
    Conformity,
    Counting,
    DatePrecision,
    Movement,
    Nature,
    StatusWord,
    Timeliness,
)
from tracker.codebook import Direction as Side
from tracker.models import Actor, Assessment, Declaration, Event, Measure, Observation, Report, Vantage
from tracker.models.standing import Board, Figure, Row, Series, Voice, Wait, fetched
from tracker.rubric import standfirst
from tracker.rubric import status as rules
from tracker.words import written

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
        return "not checked yet"
    if days == 0:
        return "checked that day" if vantage.as_of != vantage.today else "checked today"
    ago = "ago" if vantage.as_of == vantage.today else "before"
    return f"checked {_days(days)} {ago}"


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
    names = [str(item) for item in items]
    return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))


@register.filter
def number(value: Decimal | int | None) -> str:
    """25,700 or 12.5."""
    return "" if value is None else words.number(Decimal(value))


@register.filter
def amount(observation: Observation) -> str:
    """A figure, or the range in which it lies, without its unit."""
    return phrases.amount(observation)


def _unit(measure: Measure) -> str:
    """The unit, where the label does not say it already."""
    first = measure.unit.split()[0].casefold() if measure.unit else ""
    return "" if not first or first in measure.label.casefold() else f" {measure.unit}"


def _owed(series: Series, unit: str = "") -> str:
    if series.target is None:
        return ""
    reached = highest(series)
    if series.measure.direction == Side.AT_LEAST and reached is not None and reached > series.target:
        # "700 of 600" would read as a slip.
        return f" ({number(series.target)}{unit} agreed)"
    if series.measure.direction == Side.AT_MOST:
        return f" (at most {number(series.target)}{unit} agreed)"
    return f" of {number(series.target)}{unit}"


def _how(figure: Figure) -> str:
    """What sort of figure it is, where it is not simply "so many by then"."""
    seen = figure.observation
    match seen.counts:
        case "" | Counting.CUMULATIVE:
            return ""
        case Counting.NEW:
            # "0 new" beside "crossings open" tells nobody anything; what matters is that the figure does not run on.
            return ", not a running total"
        case _:
            return f", {Counting(seen.counts).label}"


def _by(figure: Figure) -> SafeString:
    return format_html("{}, {}", figure.who, day(figure.observation.as_of))


@register.filter
def figure_line(series: Series) -> SafeString:
    """The newest figure of a measure in words, with who gives it; or what is owed where nobody gave one yet."""
    label, unit = series.measure.label, _unit(series.measure)
    latest = series.latest
    if latest is None:
        # Not "yet": the duty may be judged done on a figure for several duties together.
        if series.target is None or series.measure.direction == Side.AT_MOST:
            return format_html("{}: no figure on record{}", label, _owed(series, unit))
        return format_html("{}: no figure on record (target {}{})", label, number(series.target), unit)
    approximately = "about " if latest.observation.nature == "estimate" else ""
    return format_html(
        "{}: <b>{}{}{}</b>{}{} · {}",
        label,
        approximately,
        amount(latest.observation),
        "" if series.measure.direction == Side.AT_MOST else _owed(series),
        f"{unit}{_how(latest)}",
        _owed(series) if series.measure.direction == Side.AT_MOST else "",
        _by(latest),
    )


@register.filter
def other_figures(series: Series) -> SafeString:
    """The figures of other originators, at most four of them."""
    shown = series.others[:4]
    if not shown:
        return mark_safe("")  # a constant
    parts = format_html_join(
        " · ",
        "{} {} ({})",
        (
            (
                figure.who,
                format_html("<b>{}</b>{}", amount(figure.observation), _how(figure)),
                day(figure.observation.as_of),
            )
            for figure in shown
        ),
    )
    more = len(series.others) - len(shown)
    return format_html("{}{}", parts, f" · {more} more" if more else "")


def _of_the_day(series: Series) -> list[Observation]:
    """The figures for the newest day that anybody gives one for."""
    latest = series.latest
    return [one.observation for one in series.figures if latest and one.observation.as_of == latest.observation.as_of]


@register.filter
def lowest(series: Series) -> Decimal | None:
    """The lowest figure for the newest day: what a bar may show as reached without taking sides."""
    return min((one.value if one.low is None else one.low for one in _of_the_day(series)), default=None)


@register.filter
def highest(series: Series) -> Decimal | None:
    return max((one.value if one.high is None else one.high for one in _of_the_day(series)), default=None)


@register.filter
def shown_series(row: Row) -> list[Series]:
    """The measures worth a line in a list: those with a figure, and those of which so many are owed."""
    return [series for series in row.series if series.figures or series.target is not None]


@register.filter
def state_line(board: Board) -> str:
    """The agreement's state on the day: "in force since 10 Oct 2025"."""
    state = board.state
    signed_on = board.agreement.signed_on
    if state is None:
        return f"signed {written(signed_on)}" if board.signed and signed_on else "not signed by this day"
    match state.state:
        case AgreementState.SIGNED:
            return f"signed {written(state.since)}, not yet in force"
        case AgreementState.NEGOTIATION:
            return f"in negotiation since {written(state.since)}"
        case AgreementState.IN_FORCE | AgreementState.SUSPENDED:
            return f"{state.get_state_display().lower()} since {written(state.since)}"
        case _:
            return f"{state.get_state_display().lower()} on {written(state.since)}"


@register.filter
def voices_behind(event: Event) -> str:
    """Who stands behind an event, each once: "Hamas, Israel and Reuters; 3 independent sources". Needs ``told``."""
    names: dict[str, str] = {}
    for report in fetched(event, "told"):
        name = report.originator_name or str(report.relays or report.article.outlet)
        names.setdefault(report.independence_key, name)
    shown = list(names.values())[:4]
    if len(names) > len(shown):
        shown.append(f"{len(names) - len(shown)} more")
    if not names:
        return "no report on record"
    return f"{listed(shown)}; {phrases.counted(len(names), 'independent source', 'independent sources')}"


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
    by = f"due {written(duty.due_on)}" if duty.due_on else ""
    day_now = row.day
    match row.timeliness:
        case Timeliness.OVERDUE if duty.due_on:
            return Due(f"{_days((day_now - duty.due_on).days)} late", late=True, lines=(by,))
        case Timeliness.DONE_LATE if done and duty.due_on:
            late = f"{_days((done - duty.due_on).days)} late"
            return Due(late, late=True, lines=(f"done {written(done)}", by))
        case Timeliness.DONE_ON_TIME if done:
            return Due("On time", late=False, lines=(f"done {written(done)}", by))
        case Timeliness.IN_EFFECT if duty.starts_on:
            return Due("Continuing", late=False, lines=(f"since {written(duty.starts_on)}",))
        case Timeliness.NOT_DUE if duty.nature == Nature.CONTINUING and duty.starts_on:
            return Due(f"Binds from {written(duty.starts_on)}", late=False, lines=(_ahead(day_now, duty.starts_on),))
        case Timeliness.NOT_DUE if duty.due_on:
            return Due(f"Due {written(duty.due_on)}", late=False, lines=(_ahead(day_now, duty.due_on),))
    if duty.nature == Nature.CONTINUING:
        return Due("Continuing", late=False, lines=("no date in the text",))
    if done:
        return Due(f"Done {written(done)}", late=False, lines=("no date in the text",))
    return Due("No date in the text", late=False, lines=())


def _days(days: int) -> str:
    return phrases.counted(days, "day", "days")


def _ahead(now: dt.date, then: dt.date) -> str:
    return "that day" if then == now else f"in {_days((then - now).days)}"


@register.filter
def open_level(wait: Wait) -> str:
    """Where the duty that is waited for stands: "level 2 of 3 so far"."""
    level = wait.row.status.level
    return "not assessed" if level is None else f"level {level} of 3 so far"


@register.filter
def rule_of(row: Row) -> str:
    """The rule that gave the row its status word, in one plain sentence."""
    return str(dict(rules.RULES)[row.word])


@register.filter
def sentence(row: Row, board: Board) -> str:
    """Where the obligation stands in one sentence that can be quoted."""
    duty, day_number = row.obligation, board.day_number
    truce = f", day {day_number} of the agreement," if day_number is not None else ","
    level = "not assessed" if row.status.level is None else f"“{row.status.label}” at level {row.status.level} of 3"
    head = due(row)
    late = f", {head.head}" if head.late else ""
    disputed = "; this is disputed" if row.status.disputed else ""
    return (
        f"On {written(row.day)}{truce} “{duty.title}”, an obligation under “{board.agreement.title}” "
        f"owed by {listed(duty.obligors.all())}, was {level}{late}{disputed}."
    )


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


@register.filter
def opposed(declarations: Sequence[Declaration]) -> bool:
    """Whether the latest word of one side about a phase contradicts the latest word of another."""
    latest = {one.actor.root_id: one.says for one in declarations}
    return len(set(latest.values())) > 1
