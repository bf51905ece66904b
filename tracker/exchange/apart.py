"""Runs the reading of strangers' files in a process of its own, with little time, little memory and no secrets.

The libraries that take HTML and PDF apart are large, and a file can be made to keep them busy for hours, to fill the
memory or to crash them. Here that ends a child process and nothing else.
"""

import contextlib
import importlib
import json
import os
import resource
import subprocess
import sys
from pathlib import Path
from typing import Any, cast

ROOT = Path(__file__).resolve().parents[2]

SECONDS = 9.0
"""A page of usual size takes less than one."""

MEMORY = 1_500_000_000
"""Bytes of address space, of which the libraries themselves take about a fifth."""


class Unreadable(Exception):
    """A file that does not give what was hoped for. ``reason`` tells a researcher why, and what to do instead."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def apart(task: str, body: bytes, *, seconds: float = SECONDS, memory: int = MEMORY, **options: Any) -> Any:
    """What the task makes of the body.

    ``task`` is "module:function"; the function takes the body and the options and returns what JSON can hold.
    Raises Unreadable with the function's reason, or with one of its own when the child runs out of time or memory.
    """
    # The child gets none of the server's environment: what it reads was written by strangers.
    command = [sys.executable, "-P", "-m", __name__, task, str(seconds), str(memory)]
    try:
        done = subprocess.run(  # noqa: S603  # nothing of it was typed by anybody
            command,
            input=json.dumps(options).encode() + b"\n" + body,
            capture_output=True,
            timeout=seconds,
            env={"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"},
            check=False,
        )
        answer = json.loads(done.stdout)
    except (subprocess.TimeoutExpired, ValueError):
        answer = {}
    if "result" in answer:
        return answer["result"]
    raise Unreadable(
        answer.get("reason")
        or "The file could not be read: it is damaged, or takes too much to read. "
        "Open it yourself and paste the text you need."
    )


def main(task: str, seconds: str, memory: str) -> None:
    """The child: reads standard input, answers on standard output."""
    answers = os.fdopen(os.dup(1), "wb")
    # What the libraries print is no answer.
    os.dup2(2, 1)
    module, _, function = task.partition(":")
    work = getattr(importlib.import_module(module), function)
    for kind, limit in [
        (resource.RLIMIT_CPU, int(float(seconds)) + 1),
        (resource.RLIMIT_AS, int(memory)),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
    ]:
        # Not every system knows every limit; the clock of the parent holds in any case.
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(kind, (limit, limit))
    options, _, body = sys.stdin.buffer.read().partition(b"\n")
    try:
        answer = {"result": work(body, **cast("dict[str, Any]", json.loads(options)))}
    except Exception as error:  # noqa: BLE001  # whatever a library makes of a hostile file: the file is unreadable
        answer = {"reason": getattr(error, "reason", "")}
    with answers:
        answers.write(json.dumps(answer).encode())


if __name__ == "__main__":
    main(*sys.argv[1:])
