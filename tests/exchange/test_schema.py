"""The published JSON Schema is the code's."""

from io import StringIO
from pathlib import Path
from typing import Any

import yaml
from django.core.management import call_command

from tests.exchange.cases import RIVER
from tracker import codebook
from tracker.exchange.casefile import json_schema

PUBLISHED = Path("docs/case-file.schema.json")


def test_the_published_schema_is_current() -> None:
    told = StringIO()
    call_command("case_schema", stdout=told)
    hint = "run: TRACKER_DEBUG=1 .venv/bin/python manage.py case_schema > docs/case-file.schema.json"
    assert PUBLISHED.read_text(encoding="utf-8") == told.getvalue(), hint


def test_it_names_the_codebook_and_its_definitions() -> None:
    kind = json_schema()["$defs"]["Event"]["properties"]["kind"]
    assert kind["enum"] == codebook.EventKind.values
    assert codebook.EventKind.TALLY.definition in kind["description"]


def test_it_has_a_part_for_every_key_of_a_real_file() -> None:
    schema = json_schema()

    def part(described: Any) -> Any:
        for choice in described.get("anyOf", [described]):
            held = choice.get("items", choice)
            if "$ref" in held:
                return schema["$defs"][held["$ref"].rpartition("/")[2]]
        return {}

    def follow(data: Any, described: Any) -> None:
        if isinstance(data, list):
            for item in data:
                follow(item, described)
        elif isinstance(data, dict) and "properties" in described:
            assert set(described.get("required", [])) <= set(data)
            for key, value in data.items():
                follow(value, part(described["properties"][key]))

    follow(yaml.load(RIVER, Loader=yaml.CSafeLoader), schema)
