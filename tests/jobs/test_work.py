"""The worker as a process: it does what is due, and ends when it is asked to, or when its server has ended."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from django.core.management import call_command
from django.db import connection

from tests.loopback import FEED, Web, item, rss, web
from tracker.database.embedded import PROJECT
from tracker.models import Candidate, Feed

__all__ = ["web"]


@pytest.mark.django_db(transaction=True)
def test_once_does_what_is_due_and_ends(web: Web) -> None:
    url = web.put("/feed.xml", rss(item("https://herald.example/1", "Ferries stop")), FEED)
    Feed.objects.create(title="The Lake Herald", url=url)
    call_command("work", once=True)
    assert Candidate.objects.get().title == "Ferries stop"
    call_command("work", once=True)
    assert len(web.asked) == 1


def environment() -> dict[str, str]:
    """The database of the tests, which the worker finds empty."""
    address = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
    given = {"DJANGO_SETTINGS_MODULE": "tests.settings", "TRACKER_DEBUG": "1", "PGAPPNAME": "the worker"}
    return os.environ | given | {"DATABASE_URL": address}


def eventually(holds: Callable[[], bool], seconds: float) -> bool:
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            return False
        time.sleep(0.1)
    return True


def at_work() -> bool:
    """Whether the worker has come as far as to ask the database what there is to do."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_stat_activity WHERE application_name = 'the worker'")
        return cursor.fetchone() is not None


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_when_it_is_asked_to(number: int) -> None:
    worker = subprocess.Popen(
        [sys.executable, "manage.py", "work"],
        cwd=PROJECT,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    try:
        assert eventually(lambda: at_work() or worker.poll() is not None, 60)
        assert worker.poll() is None, worker.communicate()[0]
        worker.send_signal(number)
        output = worker.communicate(timeout=60)[0]
    finally:
        worker.kill()
        worker.wait()
    assert (worker.returncode, output) == (0, b"")


@pytest.mark.django_db(transaction=True)
def test_it_ends_when_the_server_that_started_it_is_gone() -> None:
    """As `make run` starts it: in the background of a shell that then becomes the server."""
    line = '"$0" manage.py work --with-parent & echo $!; exec sleep 300'
    server = subprocess.Popen(
        ["sh", "-c", line, sys.executable], cwd=PROJECT, env=environment(), stdout=subprocess.PIPE, text=True
    )
    assert server.stdout is not None
    worker = int(server.stdout.readline())

    def runs() -> bool:
        try:
            # A worker whose parent is gone is waited for by the system, or by nobody: then it is a zombie.
            return (
                subprocess.run(
                    ["ps", "-o", "stat=", "-p", str(worker)], capture_output=True, text=True, check=True
                ).stdout.strip()[0]
                != "Z"
            )
        except subprocess.CalledProcessError:
            return False

    try:
        assert eventually(at_work, 60)
        assert runs()
        server.kill()
        server.wait()
        assert eventually(lambda: not runs(), 60)
    finally:
        server.stdout.close()
        if runs():
            os.kill(worker, signal.SIGKILL)
