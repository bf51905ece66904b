"""The worker: puts into the queue what is due, and works it off."""

import logging
import os
import signal
import threading
import time
from argparse import ArgumentParser
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand
from django.db import OperationalError, close_old_connections
from django.utils.crypto import get_random_string
from django_tasks_db.management.commands.db_worker import Worker

from tracker.jobs import enqueue_due

logger = logging.getLogger(__name__)

PAUSE = 30.0
"""Seconds between two looks at what is due."""
GLANCE = 2.0
"""Seconds between two looks at the queue, into which others put things, too."""
STEP = 0.25
"""Seconds after which somebody who waits looks whether to stop."""


class Command(BaseCommand):
    help = "Reads feeds that are due and checks links, until it is asked to stop (SIGTERM or Ctrl-C)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="Do what is due now, then end.")
        parser.add_argument(
            "--with-parent", action="store_true", help="End when the process ends that started this one."
        )

    def handle(self, *, once: bool, with_parent: bool, **options: Any) -> None:
        stop = Stop()
        if not once:
            stop.on_signals()
        if with_parent:
            stop.with_parent()
        while not stop.asked:
            try:
                enqueue_due()
                self._work_off(stop)
            except OperationalError as error:
                if once:
                    raise
                # The database is being restarted, or has gone with the one who started both.
                if not stop.came_within(GLANCE):
                    logger.warning("The database does not answer; trying again: %s", str(error).splitlines()[0])
            if once:
                return
            self._rest(stop)

    def _rest(self, stop: "Stop") -> None:
        waited = 0.0
        while waited < PAUSE and not stop.came_within(GLANCE):
            waited += GLANCE
            try:
                self._work_off(stop)
            except OperationalError:
                return

    def _work_off(self, stop: "Stop") -> None:
        close_old_connections()
        worker = Worker(
            queue_names=["*"],
            interval=0,
            batch=True,
            backend_name="default",
            startup_delay=False,
            max_tasks=None,
            worker_id=get_random_string(32),
            excluded_queue_names=[],
        )
        stop.worker = worker
        worker.running = not stop.asked
        worker.run()


class Stop:
    """Being asked to end: what is being done is finished, nothing new is begun.

    A plain flag: what threads wait with may be locked by the very code that a signal interrupts.
    """

    def __init__(self) -> None:
        self.asked = False
        self.worker: Worker | None = None

    def on_signals(self) -> None:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._signalled)

    def with_parent(self) -> None:
        """Asks as soon as the parent is gone: a worker without its server has nothing to do."""
        parent = os.getppid()

        def watch() -> None:
            while os.getppid() == parent:
                time.sleep(STEP)
            self._ask()

        threading.Thread(target=watch, name="parent", daemon=True).start()

    def came_within(self, seconds: float) -> bool:
        """Waits so long, or until it is asked."""
        end = time.monotonic() + seconds
        while not self.asked and time.monotonic() < end:
            time.sleep(STEP)
        return self.asked

    def _signalled(self, number: int, frame: FrameType | None) -> None:
        self._ask()

    def _ask(self) -> None:
        self.asked = True
        if self.worker is not None:
            self.worker.running = False
