"""The site with the Gaza case, served as a deployed one is, and a browser, for tools that look at it from outside."""

import contextlib
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator

from tracker.database.embedded import PROJECT, hold_throwaway

CASE = PROJECT / "tracker" / "exchange" / "demo" / "gaza-2025.yaml"
PATIENCE = 60
"""Seconds that the server may take to answer for the first time."""


@contextlib.contextmanager
def running_site() -> Iterator[str]:
    """The site, on a throwaway database, while the block runs; yields its address, with a slash at the end."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    environment = {name: value for name, value in os.environ.items() if name != "TRACKER_DEBUG"}
    environment |= {"DATABASE_URL": hold_throwaway(), "SECRET_KEY": secrets.token_hex(32), "TRACKER_HTTPS": "0"}
    for command in (["migrate", "--verbosity", "0"], ["load_case", str(CASE)], ["collectstatic", "--no-input", "-v0"]):
        subprocess.run([sys.executable, "manage.py", *command], cwd=PROJECT, env=environment, check=True)
    granian = [sys.executable, "-m", "granian", "--interface", "wsgi", "--port", str(port), "tracker.wsgi:application"]
    server = subprocess.Popen(granian, cwd=PROJECT, env=environment, stdout=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}/"
    try:
        _wait_for(f"{url}healthz")
        yield url
    finally:
        server.terminate()
        server.wait()


def chromium() -> str:
    """The browser; `make` says which."""
    return os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome") or ""


def _wait_for(url: str) -> None:
    end = time.monotonic() + PATIENCE
    while True:
        with contextlib.suppress(OSError), urllib.request.urlopen(url):
            return
        if time.monotonic() > end:
            raise TimeoutError(f"{url} does not answer.")
        time.sleep(0.3)
