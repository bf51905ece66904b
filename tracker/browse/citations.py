"""A report as a reader cites it: the words, who says them, where they were printed, and where to read them."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from tracker.codebook import Credibility, Quarrel, Reliability, Stance
from tracker.models import Actor, Article, Report, Vantage
from tracker.words import direction, strung


@dataclass(frozen=True, slots=True)
class Citation:
    """What components/citation.html draws. Addresses of our own pages carry the reader's two dates.

    ``published_later`` is set where the article appeared after the day asked about.
    """

    title: str
    url: str
    outlet: str = ""
    outlet_url: str = ""
    page_url: str = ""
    published_on: dt.date | None = None
    accessed_on: dt.date | None = None
    archive_url: str = ""
    copy_of: str = ""
    """Where ``url`` leads, if not to the outlet."""
    quote: str = ""
    quote_lang: str = ""
    quote_dir: str = ""
    originator: str = ""
    originator_url: str = ""
    stance: Stance | None = None
    about: str = ""
    relays: str = ""
    relays_url: str = ""
    translator: str = ""
    reliability_label: str = ""
    credibility_label: str = ""
    published_later: bool = False


@dataclass(frozen=True, slots=True)
class Telling:
    """Everybody who takes one stance towards an event."""

    stance: Stance
    citations: list[Citation]

    @property
    def heading(self) -> str:
        return stood(self.stance)


TOLD_IN_ORDER = (Stance.ASSERTS, Stance.DENIES, Stance.DISPUTES, Stance.JUSTIFIES, Stance.REVISES, Stance.RELAYS)


def cited(report: Report, vantage: Vantage, q: str, *, stance: bool = True) -> Citation:
    """One report. ``stance`` False leaves the stance to a heading."""
    article = report.article
    language = report.quote_language or article.language
    citation = Citation(
        title=article.title,
        url=article.url,
        outlet=article.outlet.name,
        outlet_url=article.outlet.get_absolute_url() + q,
        page_url=article.get_absolute_url() + q,
        published_on=article.published_on,
        archive_url=article.archive_url,
        copy_of=article.copy_of,
        quote=report.quote,
        quote_lang=language if report.quote else "",
        quote_dir=direction(language) if report.quote else "",
        originator=speaker(report.originator, report.originator_text),
        originator_url=report.originator.get_absolute_url() + q if report.originator else "",
        stance=Stance(report.stance) if stance and report.stance else None,
        about=str(Quarrel(report.about).label) if report.about else "",
        relays=report.relays.name if report.relays else "",
        relays_url=report.relays.get_absolute_url() + q if report.relays else "",
        translator=report.translator,
        reliability_label=_("source %(grade)s") % {"grade": Reliability(article.reliability).label}
        if article.reliability
        else "",
        credibility_label=_("report %(grade)s") % {"grade": Credibility(report.credibility).label}
        if report.credibility
        else "",
        published_later=later(article, vantage),
    )
    return _without_hindsight(citation)


def cited_article(article: Article, vantage: Vantage, q: str) -> Citation:
    """An article without a word about what it says."""
    citation = Citation(
        title=article.title,
        url=article.url,
        outlet=article.outlet.name,
        outlet_url=article.outlet.get_absolute_url() + q,
        page_url=article.get_absolute_url() + q,
        published_on=article.published_on,
        archive_url=article.archive_url,
        copy_of=article.copy_of,
        published_later=later(article, vantage),
    )
    return _without_hindsight(citation)


def _without_hindsight(citation: Citation) -> Citation:
    """Of an article that appeared after the day asked about, neither title nor words: they may tell what came later."""
    if not citation.published_later:
        return citation
    return replace(citation, title=_("an article published later"), quote="", url="", archive_url="")


def by_stance(reports: Iterable[Report], vantage: Vantage, q: str) -> list[Telling]:
    """The reports in groups: who says so, who denies it, and so on; within each the earliest first."""
    ordered = sorted(reports, key=lambda report: (report.article.published_on or dt.date.max, str(report.pk)))
    groups = (
        Telling(stance, [cited(report, vantage, q, stance=False) for report in ordered if report.stance == stance])
        for stance in TOLD_IN_ORDER
    )
    return [group for group in groups if group.citations]


def voices(reports: Sequence[Report]) -> list[str]:
    """The names of the independent originators: of those who speak for the same one, that one."""
    names: dict[str, str] = {}
    for report in reports:
        names.setdefault(report.independence_key, _voice(report))
    return sorted(names.values(), key=str.casefold)


def _voice(report: Report) -> str:
    if report.originator:
        return (report.originator.root or report.originator).name
    if report.originator_text:
        return report.originator_text
    return (report.relays or report.article.outlet).name


def stood(stance: Stance) -> str:
    """A stance as a label before whoever takes it. Without a verb, so that it fits one, several and unnamed people."""
    match stance:
        case Stance.DENIES:
            return pgettext("before names", "Denied by")
        case Stance.DISPUTES:
            return pgettext("before names", "Disputed by")
        case Stance.JUSTIFIES:
            return pgettext("before names", "Justified by")
        case Stance.REVISES:
            return pgettext("before names", "Account revised by")
        case Stance.RELAYS:
            return pgettext("before names", "Passed on by")
        case _asserts:
            return pgettext("before names", "Said by")


def stood_by(stance: Stance) -> str:
    """``stood`` with a place for the names: "Denied by: %(who)s"."""
    match stance:
        case Stance.DENIES:
            return _("Denied by: %(who)s")
        case Stance.DISPUTES:
            return _("Disputed by: %(who)s")
        case Stance.JUSTIFIES:
            return _("Justified by: %(who)s")
        case Stance.REVISES:
            return _("Account revised by: %(who)s")
        case Stance.RELAYS:
            return _("Passed on by: %(who)s")
        case _asserts:
            return _("Said by: %(who)s")


def speaker(actor: Actor | None, text: str) -> str:
    """Who says it, and for whom they speak, where that is somebody else."""
    if actor is None:
        return sentence_case(text)
    top = actor.root
    return _with(actor.name, top.name) if top and top.pk != actor.pk else actor.name


def led(actor: Actor) -> str:
    """The topmost parent, with the one who speaks for it in brackets."""
    top = actor.root
    return _with(top.name, actor.name) if top and top.pk != actor.pk else actor.name


def _with(name: str, other: str) -> str:
    """The other in brackets, but never brackets inside or beside brackets."""
    return strung([name, other]) if "(" in name + other else f"{name} ({other})"


def later(article: Article, vantage: Vantage) -> bool:
    return article.published_on is not None and article.published_on > vantage.as_of


def sentence_case(words: str) -> str:
    return words[:1].upper() + words[1:]
