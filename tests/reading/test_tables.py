"""A pasted table becomes rows, figures and days."""

from datetime import date
from decimal import Decimal

import pytest

from tests.reading.case import THURSDAY
from tracker.reading.tables import Table, day, number, parse

ROWS = [["10 October", "173"], ["11 October", "1,300"]]


@pytest.mark.parametrize(
    "text",
    [
        "Day\tTrucks\n10 October\t173\n11 October\t1,300",
        "| Day | Trucks |\n|-----|--------|\n| 10 October | 173 |\n| 11 October | 1,300 |",
        'Day,Trucks\n10 October,173\n11 October,"1,300"\n',
        "Day;Trucks\r\n10 October;173\r\n11 October;1,300",
        "Day           Trucks\n10 October    173\n11 October    1,300",
    ],
)
def test_a_table_is_read_however_its_cells_are_parted(text: str) -> None:
    assert parse(text) == Table(["Day", "Trucks"], ROWS)


def test_a_table_without_header_keeps_all_its_rows() -> None:
    assert parse("10 October\t173\n11 October\t1,300") == Table([], ROWS)


def test_short_rows_are_filled_and_empty_columns_dropped() -> None:
    assert parse("a\t\tb\nc\t\n\t\td").rows == [["a", "b"], ["c", ""], ["", "d"]]


@pytest.mark.parametrize("text", ["", "\n\n", "Just a sentence without cells.", "one\ntwo\nthree"])
def test_what_is_no_table_has_no_rows(text: str) -> None:
    assert parse(text) == Table()


@pytest.mark.parametrize(
    ("cell", "wanted"),
    [
        ("1,234", "1234"),
        ("1 234", "1234"),
        ("1.234,5", "1234.5"),
        ("1.234.567", "1234567"),
        ("3,5", "3.5"),
        ("0.25", "0.25"),
        ("12%", "12"),
        ("3.5 million", "3500000.0"),
        ("600 trucks", "600"),
        ("-5", "-5"),
        ("(3)", "-3"),
        ("~300", "300"),
        ("about 1,300*", "1300"),
        ("١٢٣", "123"),
    ],
)
def test_figures(cell: str, wanted: str) -> None:
    assert number(cell) == Decimal(wanted)


@pytest.mark.parametrize("cell", ["", "-", "n/a", "abc", "13/12/2025", "12 Dec", "1-2-3", "x" * 1000, "1" * 1000])
def test_what_is_no_figure(cell: str) -> None:
    assert number(cell) is None


@pytest.mark.parametrize(
    ("cell", "wanted"),
    [
        ("10 October", date(2025, 10, 10)),
        ("Oct. 10", date(2025, 10, 10)),
        ("2025-10-10", date(2025, 10, 10)),
        ("10/10/2025", date(2025, 10, 10)),
        ("October", None),
        ("on 10 October they came", None),
        ("173", None),
        ("", None),
    ],
)
def test_days(cell: str, wanted: date | None) -> None:
    assert day(cell, THURSDAY) == wanted


def test_a_day_without_a_year_needs_the_day_of_publication() -> None:
    assert day("10 October", None) is None
    assert day("10 October 2025", None) == date(2025, 10, 10)
