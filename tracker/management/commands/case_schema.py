"""The format of case files as JSON Schema."""

import json
from typing import Any

from django.core.management.base import BaseCommand

from tracker.exchange.casefile import json_schema


class Command(BaseCommand):
    help = "Writes the JSON Schema of case files to standard output; docs/case-file.schema.json is its copy."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(json.dumps(json_schema(), indent=2, ensure_ascii=False))
