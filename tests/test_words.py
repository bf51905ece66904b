"""Days, numbers and lists in the three languages of the site."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.utils import translation

from tracker import words
from tracker.codebook import DatePrecision

EVE = date(2025, 10, 9)


def test_a_day_is_written_without_a_leading_zero() -> None:
    assert words.written(EVE) == "9 Oct 2025"


def test_months_are_written_short_in_english() -> None:
    months = [words.written(date(2026, month, 18)).split()[1] for month in range(1, 13)]
    assert months == ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


@pytest.mark.parametrize(
    ("language", "written"), [("en", "9 Oct 2025"), ("ar", "9 أكتوبر 2025"), ("he", "9 באוקטובר 2025")]
)
def test_a_day_is_written_in_the_language_of_the_page(language: str, written: str) -> None:
    with translation.override(language):
        assert words.written(EVE) == written


@pytest.mark.parametrize("language", ["en", "ar", "he"])
def test_numbers_keep_the_digits_of_the_newspapers(language: str) -> None:
    with translation.override(language):
        assert words.number(25700) == "25,700"
        assert words.number(Decimal("12.50")) == "12.5"
        assert words.number(Decimal("1E+3")) == "1,000"
        assert words.number(0) == "0"


@pytest.mark.parametrize(
    ("language", "written"),
    [("en", "Israel and Qatar"), ("ar", "Israel وQatar"), ("he", "Israel \N{HEBREW LETTER VAV}-Qatar")],
)
def test_a_list_is_joined_in_the_language_of_the_page(language: str, written: str) -> None:
    with translation.override(language):
        assert words.joined(["Israel", "Qatar"]) == written


def test_a_list_in_english_has_no_comma_before_its_last_member() -> None:
    assert words.joined(["Israel", "Egypt", "Qatar"]) == "Israel, Egypt and Qatar"


@pytest.mark.parametrize(
    ("write", "written"),
    [
        (lambda: words.span(EVE, EVE), "9 Oct 2025"),
        (lambda: words.span(EVE, date(2025, 10, 12)), "9 to 12 Oct 2025"),
        (lambda: words.span(EVE, date(2025, 12, 1)), "9 Oct to 1 Dec 2025"),
        (lambda: words.span(EVE, date(2026, 1, 1)), "9 Oct 2025 to 1 Jan 2026"),
        (lambda: words.roughly(EVE, None, DatePrecision.MONTH), "Oct 2025 (day not known)"),
        (lambda: words.roughly(EVE, None, DatePrecision.YEAR), "2025 (month not known)"),
        (lambda: words.roughly(EVE, date(2025, 10, 12), DatePrecision.WEEK), "some time from 9 to 12 Oct 2025"),
        (lambda: words.moment(datetime(2026, 11, 24, 11, 5, tzinfo=UTC)), "24 Nov 2026, 11:05 UTC"),
        (lambda: words.numbers(24, 26), "24 to 26"),
        (lambda: words.numbers(24, 24), "24"),
        (lambda: words.joined([]), ""),
        (lambda: words.joined(["Israel"]), "Israel"),
    ],
)
def test_it_is_written_as_exactly_as_it_is_known(write: Callable[[], str], written: str) -> None:
    assert write() == written


def test_languages_are_named_in_the_language_of_the_page() -> None:
    assert words.language("ar") == "Arabic"
    with translation.override("he"):
        assert words.language("ar") == "ערבית"
    assert words.language("tlh") == "tlh"


def test_scripts_that_run_from_the_right_are_known() -> None:
    assert [words.direction(code) for code in ("ar", "he-IL", "en")] == ["rtl", "rtl", ""]
