"""The published record of an agreement as a case file."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from tracker.exchange.casefile import dump
from tracker.models import Agreement


class Command(BaseCommand):
    help = "Writes an agreement's published record to standard output, as a case file (docs/case-file.md)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", metavar="SLUG")

    def handle(self, *args: Any, slug: str, **options: Any) -> None:
        try:
            text = dump(slug)
        except Agreement.DoesNotExist:
            slugs = ", ".join(Agreement.objects.order_by("slug").values_list("slug", flat=True))
            raise CommandError(f'There is no agreement "{slug}". There are: {slugs or "none yet"}.') from None
        self.stdout.write(text, ending="")
