"""Quotes in the text they were taken from: where a report's words stand, and which are no longer there."""

from dataclasses import dataclass

from django.db import transaction

from tracker.reading.anchors import Selector, find

from .copies import BrokenAnchor, Copy
from .evidence import Article, Report


def copy_to_read(article: Article) -> Copy | None:
    """The newest kept copy of an article: its text is the one that is read. None where nothing is kept."""
    return Copy.objects.filter(article=article).order_by("-recorded_at", "-id").first()


def place(report: Report, text: str) -> tuple[int, int] | None:
    """Where a report's quote stands in the text, in code points; None where it does not.

    The words of a translation are in no original. It stands where the words before it end: an empty span.
    """
    if not report.translator:
        return find(text, Selector(report.quote, report.prefix, report.suffix)) if report.quote else None
    before = find(text, Selector(report.prefix, "", "")) if report.prefix else None
    return (before[1], before[1]) if before else None


@dataclass(frozen=True, slots=True)
class Refound:
    """What looking for all quotes of an article again came to, as numbers of reports."""

    kept: int
    broken: int
    mended: int


def refind(article: Article) -> Refound:
    """Looks for every quote of the article in its newest text, after that text is a new one.

    A quote that is still there stays exactly as it is recorded. One that is not there is put on record as broken, once,
    whatever else happens to it; one that is there again is no longer broken.
    """
    with transaction.atomic():
        copy = copy_to_read(article)
        if copy is None:
            return Refound(0, 0, 0)
        kept = broken = mended = 0
        reports = Report.objects.filter(article=article).exclude(quote="").order_by("pk")
        for report in reports.select_for_update(of=("self",)):
            if stands(report, copy.text):
                kept += 1
                mended += BrokenAnchor.objects.filter(report=report).delete()[0]
            else:
                broken += 1
                BrokenAnchor.objects.update_or_create(report=report, defaults={"copy": copy})
    return Refound(kept, broken, mended)


def stands(report: Report, text: str) -> bool:
    """Whether the quote is in the text; of a translation that no words are recorded around nobody can say."""
    return place(report, text) is not None or bool(report.translator and not report.prefix)


def recheck(report: Report) -> None:
    """After a report's quote was changed: it is no longer broken if it stands in the text now."""
    copy = copy_to_read(report.article)
    if not report.quote or copy is None or stands(report, copy.text):
        BrokenAnchor.objects.filter(report=report).delete()
