"""``make words``: bring the catalogues of translations in line with what the pages say."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from tracker import catalogues


class Command(BaseCommand):
    help = "Brings the catalogues of translations in line with what the pages say, and tells what is untranslated."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--all", action="store_true", help="list every untranslated message, not the first few")

    def handle(self, *args: Any, **options: Any) -> None:
        said = catalogues.said()
        for language in catalogues.languages():
            path = catalogues.catalogue_of(language)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(catalogues.renewed(language, said), "utf-8")
            missing = catalogues.untranslated(language)
            print(f"{path}: {len(said)} messages, {len(missing)} of them untranslated")
            for message in missing if options["all"] else missing[:10]:
                print(f"    {message.id!r}")
            for message in catalogues.unlike(language):
                if all(catalogues.forms_of(message)):
                    print(f"    places or marks differ: {message.id!r}")
        catalogues.compile_stale()
