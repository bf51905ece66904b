"""A pytest plugin (named in pyproject.toml): every run of the tests gets a database and an environment of its own.

Runs can then go on side by side, and beside `make run`. With DATABASE_URL set, the tests use that server instead.

Where a run is shared out among several processes (`pytest -n 2`), this happens once, in the process that starts the
others: they inherit the environment, and each makes a database of its own on the one server.
"""

import atexit
import os
import shutil
import tempfile
from collections.abc import Generator

import pytest

from tracker.database.embedded import EmbeddedDatabaseError, hold_throwaway

# What settings read from the environment: the tests must not pass or fail by what the caller's shell happens to hold.
OURS = ("ALLOWED_HOSTS", "CSRF_TRUSTED_ORIGINS", "DEFAULT_FROM_EMAIL", "SECRET_KEY", "TRUSTED_PROXIES")
OUR_PREFIXES = ("TRACKER_", "EMAIL_", "TRUST_")


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests() -> Generator[None]:
    """Set the environment before Django's settings are read, which the wrapped hook does."""
    if not os.environ.get("DATABASE_URL") and not os.environ.get("DATABASE_URL_FILE"):
        try:
            os.environ["DATABASE_URL"] = hold_throwaway()
        except EmbeddedDatabaseError as error:
            raise pytest.UsageError(str(error)) from error
    for name in list(os.environ):
        if name.removesuffix("_FILE") in OURS or name.startswith(OUR_PREFIXES):
            del os.environ[name]
    articles = tempfile.mkdtemp(prefix="tracker-articles-")
    atexit.register(shutil.rmtree, articles, ignore_errors=True)
    # No TRACKER_DEBUG: tests see what the visitors of a real site see, but over plain HTTP.
    os.environ["SECRET_KEY"] = "a-key-for-tests-that-guards-nothing-" + "0" * 30
    os.environ["TRACKER_HTTPS"] = "0"
    os.environ["TRACKER_ARTICLES"] = articles
    return (yield)
