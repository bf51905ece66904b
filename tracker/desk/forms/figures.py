"""Figures from a pasted table: what each column holds, and every cell read accordingly, with what is wrong with it."""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django import forms

from tracker.codebook import Counting, FigureNature
from tracker.models import Actor, Measure, today
from tracker.models.intake import NewFigure
from tracker.reading.tables import Table, day, number, parse

from .base import DayField, DeskForm, plain
from .reading import NEW, Menu, Picked, offer, options

MOST_FIGURES = 500
LONGEST_TABLE = 200_000
LARGEST = Decimal(10) ** 13

ROLES = [
    ("", "leave out"),
    ("value", "figure"),
    ("low", "lowest"),
    ("high", "highest"),
    ("day", "day"),
    ("measure", "what is counted"),
    ("originator", "who gives it"),
    ("note", "remark"),
]
"""What a column may hold, besides the figures of one measure."""

OF = "of-"
"""Before the id of the measure whose figures a column holds."""


class FiguresForm(DeskForm):
    """The pasted table, and what holds for every figure in it unless a column says otherwise."""

    agreement = forms.SlugField(max_length=80, widget=forms.HiddenInput)
    at = forms.CharField(max_length=40, widget=forms.HiddenInput, required=False)
    table = forms.CharField(
        label="The table",
        max_length=LONGEST_TABLE,
        help_text="Copy it from the page and paste it; or write in each line a figure, two spaces and what it is.",
        widget=forms.Textarea(attrs={"rows": 6, "dir": "auto", "spellcheck": "false"}),
        error_messages={"required": "Paste a table, or write at least one figure."},
    )
    measure = Picked(label="What is counted", help_text="Where no column says so.")
    as_of = DayField(label="As of", required=False, help_text="Where no column gives the day.")
    nature = forms.ChoiceField(choices=plain(FigureNature), initial=FigureNature.ACTUAL, required=False)
    counts = forms.ChoiceField(label="How it counts", choices=plain(Counting, "Not a total"), required=False)
    originator = Picked(label="Who gives the figures")
    originator_text = forms.CharField(
        label="Or in words", max_length=200, required=False, help_text="For instance: a hospital director."
    )
    target = forms.CharField(max_length=40, initial=NEW, required=False)
    title = forms.CharField(
        label="Title of the tally",
        max_length=300,
        required=False,
        help_text="In your own words, for instance: Weekly figures on aid trucks.",
    )
    date = DayField(label="Given on", required=False)
    quote = forms.CharField(
        label="Quote",
        max_length=400,
        required=False,
        help_text="At most 15 words of the article that introduce the figures.",
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto", "spellcheck": "false"}),
    )

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = self.cleaned_data
        if given.get("originator") and given.get("originator_text"):
            self.add_error("originator_text", "Name who gives them either above or in words, not both.")
        if given.get("target") in ("", NEW, None):
            if not given.get("title"):
                self.add_error("title", "Say what the figures are, in one line.")
            if not given.get("date") and "date" not in self.errors:
                self.add_error("date", "Give the day on which the figures were given.")
        if len((given.get("quote") or "").split()) > 15:
            self.add_error("quote", "A quote has at most 15 words.")
        return given


@dataclass(slots=True)
class Cell:
    """A cell as it was pasted, how it was read, and what is wrong with it."""

    text: str
    read: str = ""
    wrong: str = ""


@dataclass(slots=True)
class Column:
    """``name`` is the control that says what the column holds."""

    name: str
    title: str
    role: str


@dataclass
class Sheet:
    """A table read as figures. ``rows`` are its cells, ``figures`` what came of them, ``wrong`` how many cells are."""

    columns: list[Column] = field(default_factory=list)
    rows: list[list[Cell]] = field(default_factory=list)
    figures: list[NewFigure] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    @property
    def wrong(self) -> int:
        return sum(1 for row in self.rows for cell in row if cell.wrong) + len(self.problems)


@dataclass(frozen=True, slots=True)
class Common:
    """What holds for every figure unless a column says otherwise."""

    measure: Measure | None = None
    as_of: dt.date | None = None
    nature: str = FigureNature.ACTUAL
    counts: str = ""
    originator: Actor | None = None
    originator_text: str = ""
    published_on: dt.date | None = None


def roles(measures: Sequence[Measure]) -> list[tuple[str, str]]:
    labels = Counter(one.label for one in measures)
    # Two duties may count the same thing, each for its own side.
    names = {
        one.pk: f"{one.label} ({one.obligation.title})" if labels[one.label] > 1 else one.label for one in measures
    }
    return [*ROLES, *((f"{OF}{one.pk}", f"figures: {names[one.pk]}") for one in measures)]


def read_table(text: str, data: Any, common: Common, measures: Sequence[Measure], actors: Sequence[Actor]) -> Sheet:
    """The table with a role for each column, as ``data`` says or guessed, and every cell read.

    ``data`` holds ``column-0`` and so on.
    """
    table = _table(text)
    if not table.rows:
        return Sheet()
    reader = _Reader(table, common, measures, actors)
    allowed = {value for value, _ in roles(measures)}
    sheet = Sheet()
    for at in range(len(table.rows[0])):
        name = f"column-{at}"
        title = table.header[at] if table.header else f"Column {at + 1}"
        chosen = data.get(name) if data is not None else None
        sheet.columns.append(Column(name, title, chosen if chosen in allowed else ""))
        if chosen is None:
            sheet.columns[-1].role = reader.guess(at, [one.role for one in sheet.columns])
    for row in table.rows[:MOST_FIGURES]:
        cells = [Cell(one) for one in row]
        sheet.rows.append(cells)
        sheet.figures += reader.figures(cells, sheet.columns)
    if len(table.rows) > MOST_FIGURES:
        sheet.problems.append(f"At most {MOST_FIGURES} rows at a time; this has {len(table.rows)}.")
    if not any(one.role == "value" or one.role.startswith(OF) for one in sheet.columns):
        sheet.problems.append("No column holds figures yet. Choose one above the table.")
    elif not sheet.figures and not sheet.wrong:
        sheet.problems.append("The chosen columns hold no figure.")
    return sheet


def _table(text: str) -> Table:
    found = parse(text)
    if found.rows:
        return found
    # A single column of figures is no table to the parser, but it is to whoever wrote it.
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return Table([], [[line] for line in lines])


class _Reader:
    def __init__(self, table: Table, common: Common, measures: Sequence[Measure], actors: Sequence[Actor]) -> None:
        self.table, self.common, self.measures = table, common, measures
        self.by_label = {_key(word): one for one in measures for word in (one.code, one.label)}
        self.by_name = {_key(name): actor for actor in actors for name in (*actor.aliases, actor.name)}

    def guess(self, at: int, so_far: Sequence[str]) -> str:
        cells = [row[at] for row in self.table.rows if row[at]]
        title = self.table.header[at] if self.table.header else ""
        if not cells:
            return ""
        named = self._measure(title)
        if named and all(number(cell) is not None for cell in cells):
            return f"{OF}{named.pk}"
        if "day" not in so_far and all(day(cell, self.common.published_on) for cell in cells):
            return "day"
        if "measure" not in so_far and all(self._measure(cell) for cell in cells):
            return "measure"
        if "originator" not in so_far and all(_key(cell) in self.by_name for cell in cells):
            return "originator"
        # Beside a column that names what it counts, another one counts something else: tonnes are no trucks.
        if any(self._measure(word) for word in self.table.header or ()):
            return ""
        if "value" not in so_far and sum(number(cell) is not None for cell in cells) * 2 >= len(cells):
            return "value"
        return ""

    def _measure(self, words: str) -> Measure | None:
        wanted = _key(words)
        if not wanted:
            return None
        exact = self.by_label.get(wanted)
        if exact:
            return exact
        close = [
            one for label, one in self.by_label.items() if len(wanted) > 3 and (wanted in label or label in wanted)
        ]
        return close[0] if len({one.pk for one in close}) == 1 else None

    def figures(self, cells: list[Cell], columns: Sequence[Column]) -> list[NewFigure]:
        """The figures of one row; what is wrong is said in the cells."""
        by_role: dict[str, Cell] = {}
        for column, cell in zip(columns, cells, strict=True):
            if column.role and not column.role.startswith(OF):
                by_role.setdefault(column.role, cell)
        values = [
            (column, cell) for column, cell in zip(columns, cells, strict=True) if self._holds_figure(column, cell)
        ]
        if not values:
            return []
        as_of = self._day(by_role.get("day")) or self.common.as_of
        measure = self._named(by_role.get("measure")) or self.common.measure
        low, high = self._number(by_role.get("low")), self._number(by_role.get("high"))
        actor, words = self._voice(by_role.get("originator"))
        note = by_role["note"].text[:1000] if "note" in by_role else ""
        found = []
        for column, cell in values:
            value = self._number(cell)
            own = self._of(column.role)
            counted = own or measure
            if value is None:
                continue
            if counted is None:
                cell.wrong = "Say what is counted: above, or in a column."
            elif as_of is None:
                cell.wrong = "Say as of which day: above, or in a column."
            elif as_of > today():
                cell.wrong = "Its day lies in the future."
            elif low is not None and high is not None and low > high and own is None:
                cell.wrong = "The lowest figure is above the highest."
            else:
                found.append(
                    NewFigure(
                        measure=counted,
                        value=value,
                        as_of=as_of,
                        low=None if own else low,
                        high=None if own else high,
                        nature=self.common.nature or FigureNature.ACTUAL,
                        counts=self.common.counts,
                        originator=actor,
                        originator_text=words,
                        note=note,
                    )
                )
                cell.read = f"{value.normalize():f} · {counted.label}"
        return found

    def _holds_figure(self, column: Column, cell: Cell) -> bool:
        return bool(cell.text) and (column.role == "value" or column.role.startswith(OF))

    def _of(self, role: str) -> Measure | None:
        return next((one for one in self.measures if role == f"{OF}{one.pk}"), None)

    def _number(self, cell: Cell | None) -> Decimal | None:
        if cell is None or not cell.text:
            return None
        value = number(cell.text)
        if value is None:
            cell.wrong = "This is no figure."
        elif abs(value) >= LARGEST:
            cell.wrong, value = "This figure is too large to be kept.", None
        elif value != round(value, 4):
            cell.wrong, value = "At most four digits after the point.", None
        else:
            cell.read = f"{value.normalize():f}"
        return value

    def _day(self, cell: Cell | None) -> dt.date | None:
        if cell is None or not cell.text:
            return None
        found = day(cell.text, self.common.published_on)
        if found is None:
            cell.wrong = "This is no day of the calendar."
        else:
            cell.read = found.isoformat()
        return found

    def _named(self, cell: Cell | None) -> Measure | None:
        if cell is None or not cell.text:
            return None
        found = self._measure(cell.text)
        if found is None:
            cell.wrong = "No measure of the agreement is called so."
        else:
            cell.read = found.label
        return found

    def _voice(self, cell: Cell | None) -> tuple[Actor | None, str]:
        if cell is None or not cell.text:
            return self.common.originator, self.common.originator_text
        actor = self.by_name.get(_key(cell.text))
        cell.read = actor.name if actor else "in words"
        return (actor, "") if actor else (None, cell.text[:200])


def _key(words: str) -> str:
    return " ".join(words.casefold().replace("_", " ").replace("-", " ").split())


def offer_figures(form: FiguresForm, menu: Menu, measures: Sequence[Measure]) -> None:
    """Fills the selects of the form."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for one in measures:
        groups.setdefault(one.obligation.title, []).append((str(one.pk), one.label))
    chosen: Any = form.fields["measure"]
    chosen.offer({str(one.pk): one for one in measures}, options("A column says so", list(groups.items())))
    offer(form, "originator", menu, menu.voices)
