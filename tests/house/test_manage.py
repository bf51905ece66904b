"""Who gets a database: commands that need one, and nobody who only reads the settings."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import manage
from tracker.database.embedded import PROJECT


@pytest.mark.parametrize("line", ["check", "migrate", "runserver 8111", "makemigrations --check", "shell"])
def test_commands_get_a_database(line: str) -> None:
    assert manage.needs_database(line.split())


@pytest.mark.parametrize("line", ["", "help", "migrate --help", "--version", "collectstatic --no-input"])
def test_commands_that_ask_nothing_of_it_do_not_wait_for_one(line: str) -> None:
    assert not manage.needs_database(line.split())


def run(*command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("DATABASE_URL")}
    return subprocess.run(
        [sys.executable, *command],
        cwd=PROJECT,
        env=kept | {"TRACKER_DATA": str(folder), "DJANGO_SETTINGS_MODULE": "tracker.settings"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_reading_the_settings_starts_nothing(tmp_path: Path) -> None:
    done = run("-c", "import django; django.setup()", folder=tmp_path / "data")
    assert (done.returncode, done.stderr) == (0, "")
    assert not (tmp_path / "data").exists()


def test_a_command_is_served_and_leaves_no_server_behind(tmp_path: Path) -> None:
    done = run("manage.py", "showmigrations", "tracker", folder=tmp_path / "data")
    assert "[ ] 0001_initial" in done.stdout, done.stderr
    assert (tmp_path / "data" / "postgres" / "PG_VERSION").exists()
    assert not (tmp_path / "data" / "postgres" / "postmaster.pid").exists()
