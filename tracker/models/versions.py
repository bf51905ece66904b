"""Where the versions of rows lie, and how one tells that a row was written again."""

from collections.abc import Iterable
from functools import cache
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Max


def versions_in(table: type[models.Model]) -> Any:
    """The table of a table's versions, or None where none are kept."""
    for relation in table._meta.related_objects:
        if relation.get_accessor_name() == "versions":
            return relation.related_model
    return None


@cache
def tracked() -> dict[type[models.Model], Any]:
    """The tables whose versions are kept, each with the table of its versions; parents come before their parts."""
    tables = apps.get_app_config("tracker").get_models()
    return {table: kept for table in tables if (kept := versions_in(table)) is not None}


def versions_with(row: models.Model, parts: Iterable[str] = ()) -> list[models.QuerySet[Any]]:
    """The versions of the row, then those of its parts, one query each; ``parts`` are names of reverse foreign keys.

    Parts whose versions are not kept are left out.
    """
    wanted: list[tuple[Any, dict[str, Any]]] = [(type(row), {"pgh_obj_id": row.pk})]
    for name in parts:
        relation = row._meta.get_field(name)
        assert isinstance(relation, models.ManyToOneRel)  # noqa: S101  # named by our own code
        wanted.append((relation.related_model, {relation.field.attname: row.pk}))
    tables = [(versions_in(table), mine) for table, mine in wanted]
    return [kept.objects.filter(**mine) for kept, mine in tables if kept is not None]


def stamp(row: models.Model, parts: Iterable[str] = ()) -> str:
    """What changes whenever the row or one of these parts is written."""
    return "-".join(str(mine.aggregate(last=Max("pgh_id"))["last"] or 0) for mine in versions_with(row, parts))
