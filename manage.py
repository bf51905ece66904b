#!/usr/bin/env python
"""Django's command line, with a database: the embedded one is started where DATABASE_URL names no other."""

import os
import signal
import sys

# Commands that never ask the database, and so need not wait for one. All others get it: `check` and `makemigrations`
# too, which ask what it can do and what has been applied.
WITHOUT_DATABASE = frozenset({"collectstatic", "compilemessages", "diffsettings", "help", "makemessages", "words"})


def needs_database(arguments: list[str]) -> bool:
    """Tell whether the command line, given without the program's name, is one that may ask the database."""
    if not arguments or {"--help", "-h", "--version"} & set(arguments):
        return False
    return arguments[0] not in WITHOUT_DATABASE


def main() -> None:
    """Run the command line."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tracker.settings")
    try:
        from django.core.management import execute_from_command_line
    except ImportError as error:
        raise SystemExit(
            f"{error}. The packages are in .venv: run `make env`, then .venv/bin/python manage.py"
        ) from None
    named = os.environ.get("DATABASE_URL") or os.environ.get("DATABASE_URL_FILE")
    if not named and needs_database(sys.argv[1:]):
        from tracker.database.embedded import EmbeddedDatabaseError, hold

        try:
            os.environ["DATABASE_URL"] = hold()
        except EmbeddedDatabaseError as error:
            raise SystemExit(str(error)) from error
        # Being asked to end should run what is to be done at the end: stopping the server.
        signal.signal(signal.SIGTERM, lambda _number, _frame: sys.exit(143))
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
