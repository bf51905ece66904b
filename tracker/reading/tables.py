"""A table pasted as text: its rows, and the figures and days in its cells."""

# ruff: noqa: RUF001 - letters and marks of other scripts are what this is about

import csv
import io
import re
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation

from tracker.reading import dates
from tracker.reading.tokens import tokens

MOST_ROWS = 2000
MOST_CELLS = 100
_SPACES = re.compile(r"[ \u00a0]{2,}")
_RULE = re.compile(r"^[\s|+:=\-–—─┼│┃━]+$")
_EASTERN = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹٫٬", "01234567890123456789.,")
_NUMBER = re.compile(
    r"^(?P<sign>[-−–(]?)\s*(?P<about>[~≈<>≥≤]|about|around|approx\.?|over|at least)?\s*(?P<figure>\d[\d.,'’ "
    r"\u00a0\u202f]*)\s*"
    r"(?P<scale>k|m|bn|thousand|million|billion)?\s*(?P<unit>%|[^\W\d_][\w .]*)?\s*\)?[*†‡]*(?:\[\w+\])?$",
    re.IGNORECASE,
)
_SCALES = {"k": 1000, "thousand": 1000, "m": 10**6, "million": 10**6, "bn": 10**9, "billion": 10**9}


@dataclass(frozen=True, slots=True)
class Table:
    """A table: its header ([] if it has none) and its rows, all of the same length."""

    header: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)


def parse(text: str) -> Table:
    """Read a pasted table. Cells are parted by tabs, bars, commas or semicolons, or two and more spaces.

    The first row is the header if it holds no figure while a later one does. Empty for a text that is no table.
    """
    lines = [line.rstrip("\r") for line in text.split("\n")]
    lines = [line for line in lines if line.strip() and not _RULE.match(line)][:MOST_ROWS]
    if not lines:
        return Table()
    rows = _cells(lines)
    width = max(len(row) for row in rows)
    if width < 2:
        return Table()
    rows = [(row + [""] * width)[:width] for row in rows]
    filled = [at for at in range(width) if any(row[at] for row in rows)]
    rows = [[row[at] for at in filled] for row in rows]
    if len(rows) > 1 and _names(rows[0]) and any(not _names(row) for row in rows[1:]):
        return Table(rows[0], rows[1:])
    return Table([], rows)


def _cells(lines: list[str]) -> list[list[str]]:
    for mark in ("\t", "|"):
        if _most(lines, mark):
            rows = [[cell.strip() for cell in line.strip(" ").split(mark)] for line in lines]
            if mark == "|":
                rows = [row[1:] if row and not row[0] else row for row in rows]
                rows = [row[:-1] if row and not row[-1] else row for row in rows]
            return [row[:MOST_CELLS] for row in rows]
    for mark in (";", ","):
        if _most(lines, mark):
            read = _separated(lines, mark)
            if read is not None:
                return read
    return [[cell.strip() for cell in _SPACES.split(line.strip())][:MOST_CELLS] for line in lines]


def _most(lines: list[str], mark: str) -> bool:
    return sum(1 for line in lines if mark in line) >= max(1, len(lines) * 0.6)


def _separated(lines: list[str], mark: str) -> list[list[str]] | None:
    """Rows read as CSV, if most have as many cells; a comma inside figures alone makes no table."""
    try:
        rows = [
            [cell.strip() for cell in row][:MOST_CELLS]
            for row in csv.reader(io.StringIO("\n".join(lines)), delimiter=mark)
        ]
    except csv.Error:
        return None
    rows = [row for row in rows if row]
    if not rows:
        return None
    if mark == "," and all(_SPACES.search(line.strip()) for line in lines):
        return None
    usual = max((len(row) for row in rows), key=lambda width: sum(1 for row in rows if len(row) == width))
    even = sum(1 for row in rows if len(row) == usual)
    return rows if usual >= 2 and even * 2 >= len(rows) else None


def _names(row: list[str]) -> bool:
    """Whether the row names columns: no cell is a figure or a day, and something is written."""
    return any(row) and not any(number(cell) is not None or day(cell, None) is not None for cell in row if cell)


def number(cell: str) -> Decimal | None:
    """The figure in a cell, however its thousands are marked ("1,234", "1 234", "1.234,5", "3.5 million"), or None."""
    plain = cell.strip().translate(_EASTERN)
    if len(plain) > 60:
        return None
    found = _NUMBER.match(plain)
    if not found or _looks_like_a_day(plain):
        return None
    figure = re.sub(r"['’ \u00a0\u202f]", "", found["figure"]).rstrip(".,")
    figure = _with_point(figure)
    try:
        value = Decimal(figure)
    except InvalidOperation:
        return None
    if found["scale"]:
        value *= _SCALES[found["scale"].lower()]
    negative = found["sign"] in ("-", "−", "–") or (found["sign"] == "(" and plain.endswith(")"))
    return -value if negative else value


def _looks_like_a_day(cell: str) -> bool:
    return bool(re.match(r"^\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}$", cell)) or day(cell, date(2000, 1, 1)) is not None


def _with_point(figure: str) -> str:
    """The figure with a decimal point and no marks between thousands."""
    comma, point = figure.rfind(","), figure.rfind(".")
    if comma >= 0 and point >= 0:
        thousands, decimal = (",", ".") if point > comma else (".", ",")
        return figure.replace(thousands, "").replace(decimal, ".")
    mark = "," if comma >= 0 else "."
    if mark not in figure:
        return figure
    parts = figure.split(mark)
    if len(parts) > 2 or (len(parts[1]) == 3 and (mark == "," or len(parts[0]) <= 3) and parts[0] != "0"):
        return figure.replace(mark, "")
    return figure.replace(mark, ".")


def day(cell: str, published_on: date | None) -> date | None:
    """The day in a cell, if the cell is nothing but a day; one without a year needs ``published_on``."""
    plain = cell.strip()
    if not plain or len(plain) > 40:
        return None
    words = tokens(plain)
    found = dates.find(words, [0] * len(words), published_on)
    if len(found) != 1 or found[0].first != found[0].last:
        return None
    rest = (plain[: found[0].start] + plain[found[0].end :]).strip(" .,:()*")
    return found[0].first if not rest else None
