"""Case files into the database."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from tracker.exchange.casefile import BrokenCase, Problem, load
from tracker.exchange.casefile.read import MAX_BYTES


class Command(BaseCommand):
    help = (
        "Loads case files (docs/case-file.md), all of them or none. What a file lacks is left alone; changed statuses "
        "become corrections. With an error in any file, every error is listed and nothing is written."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", metavar="FILE")
        parser.add_argument(
            "--keep-present",
            action="store_true",
            help="leave agreements alone that are there already, so that what was done on the site stays",
        )

    def handle(self, *args: Any, files: list[str], keep_present: bool, **options: Any) -> None:
        unreadable, problems = [], []
        contents = []
        for file in files:
            try:
                with Path(file).open("rb") as opened:
                    # One byte more shows that it is too large; the rest need not be read for that.
                    contents.append((file, opened.read(MAX_BYTES + 1)))
            except OSError as error:
                unreadable.append(Problem("", error.strerror or "cannot be read", file=file))
        try:
            summaries = load(contents, keep_present=keep_present, unreadable=unreadable)
        except BrokenCase as error:
            problems = list(error.problems)
        for problem in problems:
            self.stderr.write(f"{problem.file}: {problem}" if problem.file else str(problem), style_func=str)
        if problems:
            raise CommandError(f"Nothing was loaded: {len(problems)} error{'s' * (len(problems) > 1)}.")
        for summary in summaries:
            self.stdout.write(str(summary))
            for note in summary.notes:
                self.stdout.write(f"  {note}")
