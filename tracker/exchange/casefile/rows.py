"""Rows as a file wants them, compared and paired with the rows that are there."""

import datetime as dt
import uuid
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db.models import Model

from . import schema
from .text import line, prose


@dataclass(slots=True)
class Want:
    """A row as the file wants it: ``values`` of all columns, of which the file speaks of those in ``given``."""

    key: Hashable
    values: dict[str, Any]
    given: set[str]
    recorded_at: dt.datetime
    id: uuid.UUID | None = None
    inherited: bool = False
    """Told of a record that was merged since: added where the heir has nothing like it, and never changing anything."""
    withdrawn: schema.Retraction | None = None


PART_OF_COLUMN = {"article_id": "source", "requires_id": "obligation"}
"""The key of the file that a column comes from, where it is not the column's own name."""


def want(
    part: schema.Part, key: Hashable, recorded_at: dt.datetime, values: dict[str, Any], pk: uuid.UUID | None = None
) -> Want:
    given = {column for column in values if part.gives(PART_OF_COLUMN.get(column, column.removesuffix("_id")))}
    withdrawn = getattr(part, "withdrawn", None)
    return Want(key, values, given, recorded_at, getattr(part, "id", None) or pk, withdrawn=withdrawn)


def plain(part: schema.Part, *keys: str) -> dict[str, Any]:
    """The columns that are called in the file as they are in the table."""
    return {key: getattr(part, key) for key in keys}


type Groups = Sequence[tuple[str, ...]]
"""Columns that only make sense together: when the file changes one, those it does not speak of start afresh."""


def same(row: Model, column: str, value: Any) -> bool:
    """Whether the row says so already. Text is compared in the form that files have."""
    held = getattr(row, column)
    if isinstance(held, str) and isinstance(value, str):
        return held == value or _in_form(row, column, held) == value
    return bool(held == value)


def _in_form(row: Model, column: str, held: str) -> str:
    """The text of a column as a dump would write it."""
    return line(held) if getattr(row._meta.get_field(column), "max_length", None) else prose(held)


def bring_up(row: Model, item: Want, groups: Groups) -> set[str]:
    """Sets on the row what the file says otherwise; returns the columns that changed."""
    touched = {column for column in item.given if not same(row, column, item.values[column])}
    for group in groups:
        if touched & set(group):
            rest = (column for column in group if column not in item.given)
            touched |= {column for column in rest if getattr(row, column) != item.values[column]}
    for column in touched:
        setattr(row, column, item.values[column])
    return touched


type Reader = Callable[[str], Any]
type Passes = Sequence[tuple[Callable[[Reader], Hashable], bool]]
"""Ways of recognising a row, from the most to the least exact: what to compare, and whether only among loaded rows."""


def voice(of: Reader) -> Hashable:
    return (of("originator_id"), of("originator_text"))


def anything(of: Reader) -> Hashable:
    return None


def numbered(make: Callable[..., uuid.UUID], *path: str) -> Callable[[int], uuid.UUID]:
    return lambda number: make(*path, number)


def pair[M: Model](
    items: Sequence[Want], rows: Sequence[M], stem: Callable[[int], uuid.UUID], passes: Passes
) -> dict[int, M]:
    """Which row of the record each item (numbered from 1) is; the others are new.

    A given id decides, then the same content, then each of ``passes``. Rows that people made are only recognised by
    what they say; a loaded row may also be an item that changed altogether.
    """
    if not rows:
        return {}
    made_here = {stem(number) for number in range(1, len(rows) + len(items) + 1)}
    order = {stem(number): number for number in range(1, len(rows) + len(items) + 1)}
    free = sorted(rows, key=lambda row: order.get(row.pk, len(order) + 1))
    open_items = dict(enumerate(items, 1))
    paired: dict[int, M] = {}

    def settle(matches: Callable[[Want, M], bool]) -> None:
        for number, item in list(open_items.items()):
            row = next((row for row in free if matches(item, row)), None)
            if row is not None:
                paired[number] = row
                free.remove(row)
                del open_items[number]

    settle(lambda item, row: item.id == row.pk)
    settle(lambda item, row: all(same(row, column, value) for column, value in item.values.items()))
    for compared, only_loaded in passes:
        settle(partial(_recognise, compared, made_here if only_loaded else None))
    return paired


def _recognise(compared: Callable[[Reader], Hashable], within: set[uuid.UUID] | None, item: Want, row: Model) -> bool:
    if within is not None and row.pk not in within:
        return False
    return compared(item.values.__getitem__) == compared(partial(_formed, row))


def _formed(row: Model, column: str) -> Any:
    held = getattr(row, column)
    return _in_form(row, column, held) if isinstance(held, str) else held
