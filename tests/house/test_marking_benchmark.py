"""The hand-marked articles, how marks are compared with them, and that the docs state what comes out."""

from collections import Counter
from datetime import date

import pytest

from benchmarks.marking import report
from benchmarks.marking.corpus import Article, BadMarkup, articles, parse
from benchmarks.marking.measure import Result, compare, measure
from tracker.codebook import DatePrecision
from tracker.reading.marks import Mark, MarkKind

HEAD = "style: wire\npublished: 2025-12-18\nlanguage: en\nagreement: gaza\n---\n"


def marked(text: str) -> Article:
    return parse("here", HEAD + text)


def mark(article: Article, words: str, kind: MarkKind, ref: str = "", day: date | None = None) -> Mark:
    start = article.text.index(words)
    return Mark(start, start + len(words), kind, ref, words, day, day, DatePrecision.DAY if day else None)


def counts(result: Result, row: str) -> tuple[int, int, int, int]:
    """Wanted, found, made, right."""
    tally = result.rows[row]
    return tally.wanted, tally.found, tally.made, tally.right


def test_the_corpus_is_large_and_mixed() -> None:
    corpus = articles()
    assert len(corpus) >= 36
    assert len({article.style for article in corpus}) >= 20
    languages = Counter(article.language for article in corpus)
    assert languages["ar"] >= 4
    assert languages["he"] >= 3
    elsewhere = [article for article in corpus if article.agreement != "gaza"]
    assert len(elsewhere) >= 6
    assert len({article.agreement for article in elsewhere}) >= 2
    for kind in ("actor", "name", "date", "duty"):
        assert sum(bool(each.reading(kind)) for article in corpus for each in article.passages) > 80


def test_the_docs_state_what_the_script_computes() -> None:
    measured = [(article, measure(article)) for article in articles()]
    assert report.stated() == report.figures(measured), "run: python -m benchmarks.marking --write"


def test_the_figures_of_articles_kept_apart_stand_first() -> None:
    apart = [article for article in articles() if article.apart]
    assert len(apart) >= 16
    assert sum(article.agreement == "gaza" for article in apart) >= 11
    assert {article.language for article in apart} == {"en", "ar", "he"}
    tables = report.stated()
    words = sum(article.words for article in apart)
    assert tables.startswith(f"Kept apart, {len(apart)} articles, {words:,} words, ")
    assert tables.index("\nThe rest, ") < tables.index("\nAll together:")


def test_markup_is_taken_out_and_becomes_marks() -> None:
    article = marked(
        "[[actor:hamas|Hamas]] met [[name|Fatah]] [[date:2025-12|this month]].\n\n[[notice]]Join us[[/notice]]"
    )
    assert article.text == "Hamas met Fatah this month.\n\nJoin us"
    assert [(each.start, each.end) for each in article.passages] == [(0, 5), (10, 15), (16, 26)]
    assert article.passages[2].readings[0].whens[0].last == date(2025, 12, 31)
    assert [(each.start, each.end) for each in article.notices] == [(29, 36)]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[[actor:nobody|X]]", "'nobody' is not known"),
        ("[[duty:withdrawal/disarm|disarm]]", "no obligation of category withdrawal"),
        ("[[date:2025-13-01|X]]", "month must be"),
        ("[[date:w2025-12-19|X]]", "not a Monday"),
        ("[[notice]]Join", "never ends"),
        ("[[notice]][[name|X]][[/notice]]", "nothing inside a notice"),
        ("[[name| X]]", "space at its edge"),
        ("[[X]]", "not understood"),
    ],
)
def test_wrong_markup_is_refused_with_its_place(text: str, message: str) -> None:
    with pytest.raises(BadMarkup, match=message) as caught:
        marked(text)
    assert str(caught.value).startswith("here: ")


def test_the_wrong_day_is_found_but_not_rightly_resolved() -> None:
    article = marked("It meets [[date:2025-12-19|Friday]].")
    result = compare(article, [mark(article, "Friday", "date", day=date(2025, 12, 12))], [])
    assert counts(result, "date") == (1, 1, 1, 1)
    assert counts(result, "resolved") == (1, 0, 1, 0)


def test_the_wrong_actor_is_a_miss_and_a_false_alarm() -> None:
    article = marked("[[actor:saad|Saad]] died.")
    assert counts(compare(article, [mark(article, "Saad", "actor", "gvili")], []), "actor") == (1, 0, 1, 0)


def test_half_a_phrase_counts_but_not_to_the_letter() -> None:
    article = marked("[[duty:border_crossing/rafah|reopening of the Rafah crossing]]")
    result = compare(article, [mark(article, "Rafah crossing", "duty", "rafah")], [])
    assert counts(result, "category") == (1, 1, 1, 1)
    assert result.rows["category"].exact_f1 == 0
    assert (result.linked_wanted, result.linked) == (1, 1)


def test_what_is_open_counts_neither_way() -> None:
    article = marked("The ceasefire in [[open:actor|Israel]] holds.")
    result = compare(
        article, [mark(article, "ceasefire", "duty", "fire-il"), mark(article, "Israel", "actor", "israel")], []
    )
    assert counts(result, "duty") == (0, 0, 0, 0)
    assert counts(result, "actor") == (0, 0, 0, 0)


def test_either_kind_is_right_and_neither_is_missed_once() -> None:
    article = marked("The [[actor:bop+duty:interim_authority/bop|Board of Peace]] met.")
    as_duty = compare(article, [mark(article, "Board of Peace", "duty", "bop")], [])
    assert counts(as_duty, "duty") == (1, 1, 1, 1)
    assert counts(as_duty, "actor") == (0, 0, 0, 0)
    assert counts(compare(article, [], []), "actor") == (1, 0, 0, 0)
    assert counts(compare(article, [], []), "duty") == (0, 0, 0, 0)


def test_a_mark_inside_a_notice_is_a_false_alarm_and_counted() -> None:
    article = marked("News.\n\n[[notice]]The gift of Israel[[/notice]]")
    result = compare(article, [mark(article, "Israel", "actor", "israel")], [])
    assert counts(result, "actor") == (0, 0, 1, 0)
    assert result.inside_notices == 1
    assert counts(result, "notice") == (1, 0, 0, 0)
    assert counts(compare(article, [], article.notices), "notice") == (1, 1, 1, 1)
