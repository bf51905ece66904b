"""Dates written out and dates told relative to the day of publication."""

from datetime import date

import pytest

from tests.reading.case import THURSDAY, found, when
from tracker.codebook import DatePrecision

DAY, DAYS, WEEK, MONTH, YEAR = DatePrecision


def d(text: str) -> date:
    return date.fromisoformat(text)


CASES: list[tuple[str, str, str, str, int]] = [
    ("They will meet Friday in Miami.", "Friday", "2025-12-19", "2025-12-19", DAY),
    ("He was killed last weekend.", "last weekend", "2025-12-13", "2025-12-14", DAYS),
    ("The chief said Sunday that it was so.", "Sunday", "2025-12-14", "2025-12-14", DAY),
    ("They are expected to meet later this month.", "later this month", "2025-12-19", "2025-12-31", MONTH),
    ("It took effect in October, they say.", "October", "2025-10-01", "2025-10-31", MONTH),
    ("a strike on December 13, 2025, that", "December 13, 2025", "2025-12-13", "2025-12-13", DAY),
    ("the October 2023 attack", "October 2023", "2023-10-01", "2023-10-31", MONTH),
    ("on 13 Dec 2025", "13 Dec 2025", "2025-12-13", "2025-12-13", DAY),
    ("on Dec. 13 it", "Dec. 13", "2025-12-13", "2025-12-13", DAY),
    ("on the 13th of December", "13th of December", "2025-12-13", "2025-12-13", DAY),
    ("on 2025-12-13 at", "2025-12-13", "2025-12-13", "2025-12-13", DAY),
    ("on 13/12/2025 at", "13/12/2025", "2025-12-13", "2025-12-13", DAY),
    ("on 12/13/2025 at", "12/13/2025", "2025-12-13", "2025-12-13", DAY),
    ("on 13.12.2025 at", "13.12.2025", "2025-12-13", "2025-12-13", DAY),
    ("on 05/12/2025 at", "05/12/2025", "2025-12-05", "2025-12-05", DAY),
    ("December 13-14", "December 13-14", "2025-12-13", "2025-12-14", DAYS),
    ("December 30 to January 2, 2026", "December 30 to January 2, 2026", "2025-12-30", "2026-01-02", DAYS),
    ("Friday, December 19, 2025", "Friday, December 19, 2025", "2025-12-19", "2025-12-19", DAY),
    ("Since Sunday, Dec. 14, he", "Sunday, Dec. 14", "2025-12-14", "2025-12-14", DAY),
    ("by mid-December they had", "mid-December", "2025-12-11", "2025-12-21", MONTH),
    ("on the 10th he said", "the 10th", "2025-12-10", "2025-12-10", DAY),
    ("They met today.", "today", "2025-12-18", "2025-12-18", DAY),
    ("He spoke yesterday.", "yesterday", "2025-12-17", "2025-12-17", DAY),
    ("They arrive tomorrow", "tomorrow", "2025-12-19", "2025-12-19", DAY),
    ("struck overnight, it", "overnight", "2025-12-17", "2025-12-18", DAYS),
    ("He said on Thursday that", "Thursday", "2025-12-18", "2025-12-18", DAY),
    ("It happened last Friday.", "last Friday", "2025-12-12", "2025-12-12", DAY),
    ("It begins next Monday.", "next Monday", "2025-12-22", "2025-12-22", DAY),
    ("It will open on Monday, he said.", "Monday", "2025-12-22", "2025-12-22", DAY),
    ("On Monday, the minister said so.", "Monday", "2025-12-15", "2025-12-15", DAY),
    ("On Monday, the minister will say so.", "Monday", "2025-12-22", "2025-12-22", DAY),
    ("The body is to be handed over Saturday.", "Saturday", "2025-12-20", "2025-12-20", DAY),
    ("This week they met.", "This week", "2025-12-15", "2025-12-21", WEEK),
    ("They met last week.", "last week", "2025-12-08", "2025-12-14", WEEK),
    ("They meet next week.", "next week", "2025-12-22", "2025-12-28", WEEK),
    ("Earlier this week, they met.", "Earlier this week", "2025-12-15", "2025-12-17", WEEK),
    ("They met last month.", "last month", "2025-11-01", "2025-11-30", MONTH),
    ("earlier this month, they", "earlier this month", "2025-12-01", "2025-12-17", MONTH),
    ("It may come next year.", "next year", "2026-01-01", "2026-12-31", YEAR),
    ("He left two days ago.", "two days ago", "2025-12-16", "2025-12-16", DAY),
    ("He left three weeks ago.", "three weeks ago", "2025-11-24", "2025-11-30", WEEK),
    ("He left two months ago.", "two months ago", "2025-10-01", "2025-10-31", MONTH),
    ("Six died in the past 24 hours.", "the past 24 hours", "2025-12-17", "2025-12-18", DAYS),
    ("It will open in the coming days.", "the coming days", "2025-12-19", "2025-12-24", DAYS),
    ("They will meet in January.", "January", "2026-01-01", "2026-01-31", MONTH),
    ("They met in January.", "January", "2025-01-01", "2025-01-31", MONTH),
    ("They are to finish by January 15.", "January 15", "2026-01-15", "2026-01-15", DAY),
    ("It ended on January 19.", "January 19", "2025-01-19", "2025-01-19", DAY),
    ("since the October 7 attack", "October 7", "2023-10-07", "2023-10-07", DAY),
    ("In 2014 it began on 15 July.", "15 July", "2014-07-15", "2014-07-15", DAY),
    ("by the end of the year", "the end of the year", "2025-09-01", "2025-12-31", YEAR),
    ("He has been there since 2019.", "2019", "2019-01-01", "2019-12-31", YEAR),
    ("Over the weekend he said", "the weekend", "2025-12-13", "2025-12-14", DAYS),
    ("They will meet this weekend.", "this weekend", "2025-12-20", "2025-12-21", DAYS),
    ("on New Year's Eve", "New Year's Eve", "2025-12-31", "2025-12-31", DAY),
    ("Sunday week it opens", "Sunday week", "2025-12-28", "2025-12-28", DAY),
    ("in the last week of November", "the last week of November", "2025-11-24", "2025-11-30", WEEK),
    (
        "Mr Witkoff will sit down with many a minister of many a state in Miami on Friday.",
        "Friday",
        "2025-12-19",
        "2025-12-19",
        DAY,
    ),
]


@pytest.mark.parametrize(("text", "words", "first", "last", "precision"), CASES, ids=[case[0] for case in CASES])
def test_a_date_is_found_and_resolved(text: str, words: str, first: str, last: str, precision: int) -> None:
    marks = [mark for mark in when(text) if text[mark.start : mark.end] == words]
    assert [(mark.first, mark.last, mark.precision) for mark in marks] == [(d(first), d(last), precision)]


NONE = [
    "He may march on with might and sat in the sun.",
    "1,968 prisoners, 24/7, 1 in 3, 20 of 48.",
    "March on! May they win.",
    "Mar-a-Lago and Jan Example and a second point",
    "Resolution 2803 was meant to last six months.",
    "on 31/02/2025 and 2025-13-45",
    "within 72 hours of the deal",
    "the 2nd Battalion and the 20th point",
]


@pytest.mark.parametrize("text", NONE)
def test_what_only_looks_like_a_date_is_left_alone(text: str) -> None:
    assert found(text, "date") == []


def test_without_a_day_of_publication_only_whole_dates_are_found() -> None:
    text = "On Friday, last weekend, in October, on Dec. 13 and on 13 December 2025 and in May 2025."
    assert found(text, "date", published_on=None) == [("13 December 2025", ""), ("May 2025", "")]


def test_a_date_keeps_within_its_sentence() -> None:
    assert [words for words, _ in found("It is due before July. 3 men left in 2024. 15 trucks came.", "date")] == [
        "July",
        "2024",
    ]


def test_a_week_earlier_counts_from_the_day_just_named() -> None:
    marks = when("He died on 13 December 2025. A week earlier he had spoken.")
    assert [mark.first for mark in marks] == [date(2025, 12, 13), date(2025, 12, 6)]


ELSEWHERE = [
    ("أعلنت الحركة أمس أن", "ar", "أمس", "2025-12-17", "2025-12-17"),
    ("يوم الأحد الماضي", "ar", "يوم الأحد الماضي", "2025-12-14", "2025-12-14"),
    ("سيلتقي الوزير يوم الجمعة في", "ar", "يوم الجمعة", "2025-12-19", "2025-12-19"),
    ("في 13 ديسمبر 2025", "ar", "13 ديسمبر 2025", "2025-12-13", "2025-12-13"),
    ("في ١٣ كانون الأول ٢٠٢٥", "ar", "١٣ كانون الأول ٢٠٢٥", "2025-12-13", "2025-12-13"),
    ("منذ العاشر من أكتوبر", "ar", "العاشر من أكتوبر", "2025-10-10", "2025-10-10"),
    ("في أكتوبر/تشرين الأول 2025", "ar", "أكتوبر/تشرين الأول 2025", "2025-10-01", "2025-10-31"),
    ("הוא אמר אתמול כי", "he", "אתמול", "2025-12-17", "2025-12-17"),
    ("נפגשו ביום ראשון", "he", "יום ראשון", "2025-12-14", "2025-12-14"),
    ("צפוי להיפגש ביום שישי", "he", "יום שישי", "2025-12-19", "2025-12-19"),
    ("ב-13 בדצמבר 2025", "he", "13 בדצמבר 2025", "2025-12-13", "2025-12-13"),
    ("בשבוע שעבר", "he", "בשבוע שעבר", "2025-12-08", "2025-12-14"),
]


@pytest.mark.parametrize(("text", "language", "words", "first", "last"), ELSEWHERE, ids=[case[0] for case in ELSEWHERE])
def test_arabic_and_hebrew_dates(text: str, language: str, words: str, first: str, last: str) -> None:
    marks = when(text, language=language)
    assert [(text[mark.start : mark.end], mark.first, mark.last) for mark in marks] == [(words, d(first), d(last))]


def test_a_date_says_in_words_what_it_means() -> None:
    labels = [mark.label for mark in when("Last weekend, in October and on December 13, 2025, and next year.")]
    assert labels == ["13 to 14 Dec 2025", "Oct 2025", "13 Dec 2025", "2026"]


@pytest.mark.parametrize("published", [date.min, date.max, date(2024, 2, 29)])
def test_no_day_of_publication_is_too_odd(published: date) -> None:
    text = (
        "yesterday tomorrow last week next year two months ago 300 years ago this weekend last Friday in October "
        "on the 31st Dec. 31 in the coming days next month Sunday week New Year's Day the end of the month 29 February"
    )
    assert when(text, published) is not None


def test_thursday_is_the_day_these_tests_count_from() -> None:
    assert THURSDAY.strftime("%A") == "Thursday"


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("How it went\n\n30 Nov - The gate opens for people on foot.\n", "2025-11-30"),
        ("Members will recall that on 26 November he promised a force.", "2025-11-26"),
        ("The page was set up on 20 Oct and sells watches.", "2025-10-20"),
        ("The council will meet on 12 March.", "2026-03-12"),
        ("The week ahead\n\nMONDAY: Ministers speak in Ankara.\n", "2025-12-22"),
        ("The envoy comes to Doha on Monday with a plan.", "2025-12-22"),
        ("The visit comes a day after the raid on Monday.", "2025-12-15"),
        ("A first report is owed in March.", "2026-03-01"),
    ],
)
def test_words_around_a_day_say_which_way_it_lies(text: str, first: str) -> None:
    assert d(first) in [each.first for each in when(text)]
