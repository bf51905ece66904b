"""A pytest plugin (named in pyproject.toml): every run of the tests gets a database of its own.

Runs can then go on side by side, and beside `make run`. With DATABASE_URL set, the tests use that server instead.
"""

import os
from collections.abc import Generator

import pytest

from tracker.database.embedded import EmbeddedDatabaseError, hold_throwaway


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests() -> Generator[None]:
    """Set the environment before Django's settings are read, which happens inside the wrapped hook."""
    os.environ.pop("TRACKER_DEBUG", None)  # tests see what a real site does
    os.environ["SECRET_KEY"] = "a-key-for-tests-that-guards-nothing-" + "0" * 30
    if not os.environ.get("DATABASE_URL"):
        try:
            os.environ["DATABASE_URL"] = hold_throwaway()
        except EmbeddedDatabaseError as error:
            raise pytest.UsageError(str(error)) from error
    return (yield)
