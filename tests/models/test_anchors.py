"""Quotes looked for again in a new text of their article: kept as they are, reported where they broke, mended."""

import hashlib
from typing import Any

import pytest

from tests import factories
from tracker.codebook import CopyOrigin
from tracker.models import Article, BrokenAnchor, Copy, Report
from tracker.models.anchors import Refound, copy_to_read, place, refind

pytestmark = pytest.mark.django_db

TEXT = "The guns fell silent. A guard said that the guns fell silent at noon. Buses crossed the bridge."


@pytest.fixture
def article() -> Article:
    return factories.article()


def keep(article: Article, text: str) -> Copy:
    sha = hashlib.sha256(text.encode()).hexdigest()
    return Copy.objects.create(
        article=article, origin=CopyOrigin.PASTED, media_type="text/plain", sha256=sha, size=len(text), text=text
    )


def report(article: Article, quote: str, **fields: Any) -> Report:
    event = factories.event(factories.agreement(), reports=[{"article": article, "quote": quote} | fields])
    return event.reports.get()


def test_the_newest_copy_is_the_one_that_is_read(article: Article) -> None:
    assert copy_to_read(article) is None
    keep(article, "first")
    newest = keep(article, "second")
    assert copy_to_read(article) == newest


def test_a_quote_stands_where_its_surroundings_say(article: Article) -> None:
    one = report(article, "the guns fell silent", prefix="guard said that ", suffix=" at noon")
    start = TEXT.index("the guns")
    assert place(one, TEXT) == (start, start + len("the guns fell silent"))
    assert place(one, "Nothing of the sort.") is None


def test_nothing_kept_breaks_nothing(article: Article) -> None:
    report(article, "Buses crossed the bridge")
    assert refind(article) == Refound(0, 0, 0)
    assert BrokenAnchor.objects.count() == 0


def test_a_quote_that_is_still_there_stays_as_recorded(article: Article) -> None:
    one = report(article, "Buses crossed", prefix="silent at noon. ", suffix=" the bridge.")
    versions = one.versions.count()  # type: ignore[attr-defined]  # made by the history
    keep(article, "Preface, new today. " + TEXT.replace("crossed", "\ncrossed"))
    assert refind(article) == Refound(kept=1, broken=0, mended=0)
    assert one.versions.count() == versions  # type: ignore[attr-defined]  # the same
    assert BrokenAnchor.objects.count() == 0


def test_a_quote_that_is_gone_is_reported_once(article: Article) -> None:
    one = report(article, "Buses crossed the bridge")
    first = keep(article, "Trams crossed the bridge.")
    assert refind(article) == Refound(kept=0, broken=1, mended=0)
    broken = BrokenAnchor.objects.get()
    assert (broken.report, broken.copy) == (one, first)
    second = keep(article, "Trams crossed the other bridge.")
    assert refind(article).broken == 1
    again = BrokenAnchor.objects.get()
    assert (again.pk, again.recorded_at, again.copy) == (broken.pk, broken.recorded_at, second)
    assert Report.objects.get(pk=one.pk).quote == "Buses crossed the bridge"


def test_a_quote_that_is_there_again_is_no_longer_broken(article: Article) -> None:
    report(article, "Buses crossed the bridge")
    keep(article, "Trams crossed the bridge.")
    refind(article)
    keep(article, TEXT)
    assert refind(article) == Refound(kept=1, broken=0, mended=1)
    assert BrokenAnchor.objects.count() == 0


def test_a_translation_is_looked_for_by_what_stands_before_the_original(article: Article) -> None:
    one = report(article, "Les bus ont passé", translator="M. Aubry", prefix="silent at noon. ")
    anywhere = report(article, "Les armes se taisent", translator="M. Aubry")
    end = TEXT.index("Buses")
    keep(article, TEXT)
    assert place(one, TEXT) == (end, end)
    assert refind(article) == Refound(kept=2, broken=0, mended=0)
    keep(article, "Something else.")
    assert refind(article) == Refound(kept=1, broken=1, mended=0)
    assert BrokenAnchor.objects.get().report == one
    assert anywhere.quote


def test_reports_of_other_articles_and_without_quotes_are_left_alone(article: Article) -> None:
    report(factories.article(), "Buses crossed the bridge")
    report(article, "")
    keep(article, "Something else.")
    assert refind(article) == Refound(0, 0, 0)
