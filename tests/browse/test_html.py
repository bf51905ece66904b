"""Every kind of page in every language is sound HTML."""

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import transaction
from django.test import Client
from pytest_django import DjangoDbBlocker

from tests import kinds
from tracker.database.embedded import PROJECT
from tracker.exchange.casefile import load

DEMO = PROJECT / "tracker" / "exchange" / "demo" / "gaza-2025.yaml"
CHECKER = PROJECT / "tools" / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def gaza(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Loads the case once for all tests of this file, inside a transaction around theirs."""
    with django_db_blocker.unblock(), transaction.atomic():
        load([("gaza-2025.yaml", DEMO.read_bytes())])
        with django_db_blocker.block():
            yield
        transaction.set_rollback(True)


def answers(language: str) -> dict[str, bytes]:
    """The pages by the name of their kind."""
    client = Client()
    found = {}
    for kind, address in (kinds.pages(language) | kinds.states(language)).items():
        response = client.get(address)
        assert response.status_code == kinds.STATUS.get(kind, 200), address
        found[kind] = response.content
    return found


@pytest.mark.skipif(
    not CHECKER.exists() or not shutil.which("java"), reason="needs Java, and the checker that `make test` installs"
)
def test_the_html_checker_finds_nothing(tmp_path: Path) -> None:
    for language in kinds.LANGUAGES:
        for kind, content in answers(language).items():
            (tmp_path / f"{language} {kind}.html").write_bytes(content)
    done = subprocess.run(
        ["java", "-jar", str(CHECKER), "--stdout", "--exit-zero-always", "--format", "json", str(tmp_path)],
        capture_output=True,
        text=True,
        check=True,
    )
    said = {
        f"{Path(one['url'].removeprefix('file:')).name}:{one['lastLine']} {one['message']} {one.get('extract', '')}"
        for one in json.loads(done.stdout)["messages"]
        if one["type"] == "error"
    }
    assert said == set()
