"""How the record is put into words: dates, names, figures, days late, and sources in the shape a citation takes."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import template
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from tracker.codebook import (
    AgreementState,
    Conformity,
    Counting,
    DatePrecision,
    MeasureKind,
    Movement,
    Nature,
    StatusWord,
    Timeliness,
)
from tracker.codebook import Direction as Side
from tracker.models import Actor, Article, Assessment, Declaration, Event, Measure, Observation, Report, Vantage
from tracker.models.standing import Board, Figure, Row, Series, Status, Voice, Wait, fetched
from tracker.rubric import status as rules
from tracker.rubric.dates import MONTHS, written
from tracker.rubric.standfirst import ORDINALS

register = template.Library()

RIGHT_TO_LEFT = frozenset({"ar", "he", "fa", "ur", "yi"})


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


def roughly(value: dt.date, precision: int, end: dt.date | None = None) -> str:
    """A date no more exact than it is known: 18 Dec 2025, 13-14 Dec 2025, week of 15 Dec 2025, Dec 2025, 2025."""
    if end is not None and end != value:
        return _span(value, end)
    match precision:
        case DatePrecision.DAYS:
            return f"a few days from {written(value)}"
        case DatePrecision.WEEK:
            return f"week of {written(value - dt.timedelta(days=value.weekday()))}"
        case DatePrecision.MONTH:
            return f"{MONTHS[value.month - 1]} {value.year}"
        case DatePrecision.YEAR:
            return str(value.year)
        case _:
            return written(value)


def _span(start: dt.date, end: dt.date) -> str:
    if (start.year, start.month) == (end.year, end.month):
        return f"{start.day}\N{EN DASH}{written(end)}"
    if start.year == end.year:
        return f"{start.day} {MONTHS[start.month - 1]} \N{EN DASH} {written(end)}"
    return f"{written(start)} \N{EN DASH} {written(end)}"


@register.filter
def when(of: Event | Assessment) -> str:
    """The day of an event, or the day on which a judgement became true, as exactly as it is known."""
    if isinstance(of, Assessment):
        exact, text = of.effective_precision == DatePrecision.DAY, roughly(of.effective_on, of.effective_precision)
        return _time(text, *([of.effective_on] if exact else []))
    exact = of.date_precision == DatePrecision.DAY and of.date_end in (None, of.date)
    return _time(roughly(of.date, of.date_precision, of.date_end), *([of.date] if exact else []))


@register.filter
def days_ago(days: int | None, vantage: Vantage) -> str:
    """ "checked 2 days ago", counted from the day that the page is about."""
    if days is None:
        return "not checked yet"
    if days == 0:
        return "checked that day" if vantage.as_of != vantage.today else "checked today"
    ago = "ago" if vantage.as_of == vantage.today else "before"
    return f"checked {days:,} day{'' if days == 1 else 's'} {ago}"


# Names and numbers


@register.filter
def ordinal(number: int) -> str:
    """one, two, three; in figures above ten."""
    return ORDINALS[number - 1] if 1 <= number <= len(ORDINALS) else str(number)


@register.filter
def named(actor: Actor) -> str:
    """The actor, with its topmost parent in brackets where it has one. Needs ``root`` to be loaded."""
    root = actor.root
    return actor.name if root is None or root.pk == actor.pk else f"{actor.name} ({root.name})"


@register.filter
def led(actor: Actor) -> str:
    """The topmost parent, with the one who speaks for it in brackets."""
    root = actor.root
    return actor.name if root is None or root.pk == actor.pk else f"{root.name} ({actor.name})"


@register.filter
def listed(items: Iterable[Any]) -> str:
    """Israel, Egypt and Qatar."""
    names = [str(item) for item in items]
    return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))


@register.filter
def number(value: Decimal | int | None) -> str:
    """25,700 or 12.5."""
    if value is None:
        return ""
    exact = Decimal(value)
    return f"{int(exact):,}" if exact == exact.to_integral_value() else f"{exact.normalize():,f}"


@register.filter
def amount(observation: Observation) -> str:
    """A figure, or the range in which it lies."""
    low, high = observation.low, observation.high
    if low is not None and high is not None and low != high:
        return f"{number(low)}\N{EN DASH}{number(high)}"
    if low is not None and high is None and low != observation.value:
        return f"{number(observation.value)} (at least {number(low)})"
    return number(observation.value)


def _unit(measure: Measure) -> str:
    """The unit, where the label does not say it already."""
    first = measure.unit.split()[0].casefold() if measure.unit else ""
    return "" if not first or first in measure.label.casefold() else f" {measure.unit}"


def _owed(series: Series) -> str:
    if series.target is None:
        return ""
    if series.measure.direction == Side.AT_MOST:
        return f" (at most {number(series.target)} agreed)"
    return f" of {number(series.target)}"


def _how(figure: Figure) -> str:
    """What sort of figure it is, where it is not simply "so many by then"."""
    seen = figure.observation
    return f", {Counting(seen.counts).label}" if not figure.cumulative and seen.counts else ""


def _by(figure: Figure) -> SafeString:
    return format_html("{}, {}", figure.who, day(figure.observation.as_of))


@register.filter
def figure_line(series: Series) -> SafeString:
    """The newest figure of a measure in words, with who gives it; or what is owed where nobody gave one yet."""
    label, unit = series.measure.label, _unit(series.measure)
    latest = series.latest
    if latest is None:
        return format_html("{}: no figure yet{}{}", label, _owed(series), unit)
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
    return f"{listed(shown)}; {len(names)} independent source{'' if len(names) == 1 else 's'}"


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
            return Due(_days((day_now - duty.due_on).days, "late"), late=True, lines=(by,))
        case Timeliness.DONE_LATE if done and duty.due_on:
            late = _days((done - duty.due_on).days, "late")
            return Due(late, late=True, lines=(f"done {written(done)}", by))
        case Timeliness.DONE_ON_TIME if done:
            return Due("On time", late=False, lines=(f"done {written(done)}", by))
        case Timeliness.IN_EFFECT if duty.starts_on:
            return Due("Continuing", late=False, lines=(f"binds since {written(duty.starts_on)}",))
        case Timeliness.NOT_DUE if duty.nature == Nature.CONTINUING and duty.starts_on:
            return Due(f"Binds from {written(duty.starts_on)}", late=False, lines=(_ahead(day_now, duty.starts_on),))
        case Timeliness.NOT_DUE if duty.due_on:
            return Due(f"Due {written(duty.due_on)}", late=False, lines=(_ahead(day_now, duty.due_on),))
    if duty.nature == Nature.CONTINUING:
        return Due("Continuing", late=False, lines=("no date in the text",))
    if done:
        return Due(f"Done {written(done)}", late=False, lines=("no date in the text",))
    return Due("No date", late=False, lines=("in the text",))


def _days(days: int, what: str) -> str:
    return f"{days:,} day{'' if days == 1 else 's'} {what}"


def _ahead(now: dt.date, then: dt.date) -> str:
    return "that day" if then == now else f"in {_days((then - now).days, '').strip()}"


@register.filter
def open_level(wait: Wait) -> str:
    """Where the duty that is waited for stands: "level 2 of 3 so far"."""
    level = wait.row.status.level
    return "not assessed" if level is None else f"level {level} of 3 so far"


@register.filter
def mutual(wait: Wait, row: Row) -> bool:
    """Whether the duty that ``row`` waits for waits, itself or over others, for ``row``."""
    seen: set[object] = set()
    ahead = [wait.row]
    while ahead:
        one = ahead.pop()
        if one.obligation.pk == row.obligation.pk:
            return True
        if one.obligation.pk not in seen:
            seen.add(one.obligation.pk)
            ahead += [further.row for further in one.waits]
    return False


@register.filter
def rule_of(row: Row) -> str:
    """The rule that gave the row its status word, in one plain sentence."""
    return dict(rules.RULES)[row.word]


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


@register.filter
def is_rate(series: Series) -> bool:
    return series.measure.kind != MeasureKind.TOTAL


# Sources


@dataclass(frozen=True, slots=True)
class Citation:
    """A source in the shape that components/citation.html draws."""

    title: str
    url: str
    outlet: str
    outlet_url: str
    page_url: str
    published_on: dt.date | None
    accessed_on: dt.date | None
    archive_url: str
    quote: str = ""
    quote_lang: str = ""
    quote_dir: str = ""
    originator: str = ""
    stance_label: str = ""
    translator: str = ""


def _article(article: Article, q: str, **more: str) -> Citation:
    return Citation(
        title=article.title,
        url=article.url,
        outlet=article.outlet.name,
        outlet_url=f"{article.outlet.get_absolute_url()}{q}",
        page_url=f"{article.get_absolute_url()}{q}",
        published_on=article.published_on,
        accessed_on=article.accessed_on,
        archive_url=article.archive_url,
        **more,
    )


@register.simple_tag
def cite(report: Report, q: str = "", quote: bool = True) -> Citation:
    """A report as a citation: who says it, how they stand to it, their words, where they were published."""
    language = report.quote_language or report.article.language
    return _article(
        report.article,
        q,
        quote=report.quote if quote else "",
        quote_lang=language,
        quote_dir="rtl" if language.split("-")[0] in RIGHT_TO_LEFT else "",
        originator=named(report.originator) if report.originator else report.originator_text,
        stance_label=report.get_stance_display(),
        translator=report.translator,
    )


@register.simple_tag
def cite_article(article: Article, q: str = "") -> Citation:
    return _article(article, q)


@register.filter
def speaker(voice: Voice) -> str:
    """Who speaks for the side, where that is somebody else than the side itself."""
    who = voice.report.originator
    return who.name if who and who.pk != voice.side.pk else ""


@register.filter
def brief_status(word: StatusWord) -> Status:
    return Status(key=word.value, label=str(word.label), level=None)


@register.filter
def opposed(declarations: Sequence[Declaration]) -> bool:
    """Whether the latest word of one side about a phase contradicts the latest word of another."""
    latest = {one.actor.root_id: one.says for one in declarations}
    return len(set(latest.values())) > 1
